"""Where hand-ins come from, and what each source calls them: an adapter each, of which `collect` knows no more.

Canvas       lovelaceada_LATE_12345_67890_rnn-1.ipynb                         name, user, attachment, file
             smith_jonesanna_106_9_rnn.ipynb, group_3_106_9_rnn.ipynb         names with underscores
             anon_Ab3Xz_67890_rnn.ipynb                                       graded without names
             lovelaceada_12345_link.html, lovelaceada_12345_text.html         an address or a text instead of a file
             lovelaceada12345_question_678_67890_rnn.ipynb                    from a quiz
Moodle       Ada Lovelace_657737_assignsubmission_file_/rnn.ipynb             name, participant, file
             Ada Lovelace_657737_assignsubmission_onlinetext_/onlinetext.html
Brightspace  12345-67890 - Ada Lovelace - Nov 3, 2026 1105 AM/rnn.ipynb       user, folder of hand-ins, name, time
             12345-67890 - Ada Lovelace - 3 November, 2026 11:05 - rnn.ipynb  without folders, and as other
             countries write it
Blackboard   RNN_ada_attempt_2026-11-03-11-05-22_rnn.ipynb                    assignment, user, time, file
Git          ada/.git, ada/work/rnn.ipynb                                     a folder of clones, each
called by its student

The number, at Blackboard the user name, is the student's id in the course. `unrolled marks` writes it where the LMS
looks for it, and what stands before the file's own name is kept: by it an LMS knows whose a page of feedback is.
"""

import os
import re
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from unrolled.grading.course.files import DEEP, Obstacle, read_regular
from unrolled.grading.course.submission import NOTEBOOK
from unrolled.grading.notebook.slim import LARGEST

COPY_MARK = re.compile(r"(?: ?\(\d+\)|-\d+)$")  # what a browser and Canvas add to the second file of one name
CLONES = "clones"  # the folder where clones are laid, ...
CLONE = " (Git clone)"  # ... and what follows a student's name there
MANY = 100  # notebooks of one clone that are taken


@dataclass(frozen=True)
class Download:
    """A file of a source: whose it is, and the name of the notebook in it, if it is one.

    way_back is what the LMS puts before a page's name that goes back to the student, if it takes one; of several
    hand-ins whose time the source tells, the later counts.
    """

    student: str
    name: str
    way_back: str
    notebook: str | None = None
    late: bool = False
    time: datetime = datetime.min


@dataclass(frozen=True)
class Source:
    """One form of names: it fits a part of a path, in groups student, name and rest, late and time
    where they are told."""

    form: re.Pattern
    way_back: Callable[[re.Match, str], str] = lambda found, before: before

    def read(self, part: str) -> tuple[re.Match, Download] | None:
        """What a part of a path says, or None where it is none of this source's."""
        found = self.form.fullmatch(part)
        if not found:
            return None
        told = found.groupdict()
        return found, Download(
            found["student"], found["name"], self.way_back(found, part.removesuffix(found["rest"])),
            late=bool(told.get("late")), time=_time(told.get("time")),
        )  # fmt: skip


DAYS, CLOCKS = ("%b %d", "%B %d", "%d %b", "%d %B"), ("%I%M %p", "%H%M")
TIMES = ("%Y-%m-%d-%H-%M-%S", *(f"{day} %Y {clock}" for day in DAYS for clock in CLOCKS))


def _time(text):
    """When a source says that something was handed in; the earliest of times where nothing, or no English, says it."""
    plain = re.sub(r" (\d{3})(?= |$)", r" 0\1", re.sub("[,.:]", "", text or ""))  # 905 is five past nine
    for form in TIMES:
        with suppress(ValueError):
            return datetime.strptime(plain, form)
    return datetime.min


def _form(pattern):
    return re.compile(pattern, re.ASCII)


def _by_moodle(found, before):
    return f"{found['name']}_{found['student']}_assignsubmission_file_/"


def _nowhere(found, before):
    return ""


DATE = r"(?:[^\W\d_]+\.? \d{1,2}|\d{1,2} [^\W\d_]+\.?),? \d{4} \d{1,2}:?\d{2}(?: ?[AP]M)?"

SOURCES = (
    # first, since an assignment's name may hold numbers; a user's may hold underscores, and no two become one
    Source(
        _form(r"[^/_]*_(?P<name>(?P<student>[^\W_][^/]*?))_attempt_(?P<time>\d{4}(?:-\d\d){5})_?(?P<rest>[^/]+)"),
        _nowhere,
    ),
    Source(_form(r"(?P<name>[^/]*?)(?P<late>_LATE)?_?(?P<student>\d+)_question_\d+_\d+_(?P<rest>[^/]+)"), _nowhere),
    Source(_form(r"(?P<name>group_\d+|[^/]*?)_(?P<late>LATE_)?(?P<student>\d+)_\d+_(?P<rest>[^/]+)")),
    Source(_form(r"(?P<name>anon)_(?P<late>LATE_)?(?P<student>[A-Za-z0-9]{5})_\d+_(?P<rest>[^/]+)")),
    Source(_form(r"(?P<name>[^/]*?)_(?P<late>LATE_)?(?P<student>\d+)_(?P<rest>(?:link|text)\.html)"), _nowhere),
    Source(_form(r"(?P<name>[^/]*?)_(?P<student>\d+)_assignsubmission_[a-z]+_?(?P<rest>[^/]*)"), _by_moodle),
    Source(
        # months are words of any language
        re.compile(
            rf"(?P<student>[0-9]+)-[0-9]+ ?- (?P<name>[^/]*?) ?- (?P<time>{DATE})(?: - (?=.)|\Z)(?P<rest>[^/]*)"
        ),
        lambda found, before: f"{before.removesuffix(' - ')}/",
    ),
)
# only among the clones that we laid
GIT = Source(_form(rf"(?P<name>(?P<student>.+)){re.escape(CLONE)}(?P<rest>)"), _nowhere)


def read_name(path: str, known: Collection[str] = ()) -> Download | None:
    """The Download that a path in an unpacked zip stands for, or None when it has no name as a source gives it.

    A mark of a second copy, "rnn (1)" or "rnn-1", is taken off when that gives a known notebook's name.
    """
    whole = PurePosixPath(path)
    sources = (GIT,) if whole.parts[0] == CLONES else SOURCES
    for place, part in enumerate(whole.parts):
        fits = [fit for source in sources if (fit := source.read(part))]
        if fits:
            # what follows the number is the student's to name
            found, download = min(fits, key=lambda fit: fit[0].start("student"))
            if whole.suffix != ".ipynb":
                return download
            stem = PurePosixPath(found["rest"] if place == len(whole.parts) - 1 else whole.name).stem
            plain = COPY_MARK.sub("", stem)
            return replace(download, notebook=plain if plain in known else stem)
    return None


def clones_in(folder: Path) -> list[Path]:
    """The Git clones that lie in a folder, by name."""
    return sorted(path.parent for path in folder.glob("*/.git") if not path.parent.is_symlink())


def lay_clone(clone: Path, unpacked: Path) -> None:
    """Copy the notebooks of a clone, ordinary files alone, to where read_name knows whose they are.

    No git is started, since a student decides what it would run, and no date is taken, which is theirs to set.
    """
    place, left = unpacked / CLONES / f"{clone.name}{CLONE}", MANY
    place.mkdir(parents=True, exist_ok=True)
    # neither follows a link nor is led through one that is made meanwhile
    for inside, folders, names, descriptor in os.fwalk(clone):
        depth = Path(inside).relative_to(clone)
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if len(depth.parts) < DEEP else []
        for name in sorted(name for name in names if NOTEBOOK.fullmatch(name)):
            content = read_regular(Path(inside, name), LARGEST, descriptor, refuse_larger=True)
            if left and not isinstance(content, Obstacle):
                left -= 1
                (place / depth).mkdir(parents=True, exist_ok=True)
                (place / depth / name).write_bytes(content)
