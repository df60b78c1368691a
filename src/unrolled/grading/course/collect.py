"""From what an LMS or Git gives to submitted/: nbgrader's `zip_collect`, with bounds on archives and the names that
`sources` knows."""

import gzip
import json
import logging
import os
import re
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import chain, count
from pathlib import Path, PurePosixPath

from nbgrader.apps import ZipCollectApp
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from traitlets import Integer

from unrolled.grading.course.course import Course, CourseError
from unrolled.grading.course.downloads import Download, clones_in, lay_clone, read_name
from unrolled.grading.course.files import listed, write_whole
from unrolled.grading.course.gradebook import Record, Student
from unrolled.grading.course.submission import EXCHANGE_FILES, NOTEBOOK
from unrolled.grading.course.summary import show

ARCHIVES = (".zip", ".tar", ".gz", ".tgz")
CHUNK = 1 << 20


class BadArchive(Exception):
    """An archive that is not opened; the message says why."""


@dataclass
class Allowance:
    """What may still be written while one download is opened."""

    files: int
    bytes: int

    def take_file(self) -> None:
        self.files -= 1
        if self.files < 0:
            raise BadArchive("it holds too many files")

    def take_bytes(self, count: int) -> None:
        self.bytes -= count
        if self.bytes < 0:
            raise BadArchive("it unpacks to more than is allowed")

    @contextmanager
    def part(self, share: int) -> Iterator["Allowance"]:
        """An Allowance of one part in so many. What is taken of it counts, unless an error ends it:
        then nothing stays."""
        given = Allowance(self.files // share, self.bytes // share)
        left = replace(given)
        yield left
        self.files -= given.files - left.files
        self.bytes -= given.bytes - left.bytes


class BoundedExtractor(ExtractorPlugin):
    """nbgrader's extractor with bounds: nothing outside the folder, no links, no devices, no bombs."""

    max_files = Integer(20_000, help="Files that one download may hold, archives inside it included.").tag(config=True)
    max_bytes = Integer(2_000_000_000, help="Bytes that one download may unpack to.").tag(config=True)
    max_depth = Integer(
        3,
        help="Archives inside archives that are opened: the download itself, what a student zipped, "
        "and a zip in that.",
    ).tag(config=True)
    share = Integer(
        20,
        help="An archive inside the download may take up one part in so many of what is left, "
        "so nobody uses up the others' room.",
    ).tag(config=True)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.said = []

    def _warn(self, text, *values):
        self.said.append(text % tuple(map(show, values)))
        self.log.warning(self.said[-1])

    def extract(self, archive_path, extracted_path):
        """Unpack all that lies in archive_path into extracted_path. What is refused is logged and left out."""
        for path in sorted(Path(archive_path).rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            target = Path(extracted_path) / path.relative_to(archive_path)
            if path.name.lower().endswith(ARCHIVES):
                self._open(
                    path, path.name, target.with_name(stem_of(path.name)), Allowance(self.max_files, self.max_bytes)
                )
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)

    def _open(self, path, name, folder, allowance, depth=1):
        try:
            with allowance.part(self.share if depth > 1 else 1) as part:
                unpack(path, folder, part, lambda text, *values: self._warn(f"In %s: {text}", name, *values))
        except Exception as error:  # whatever is wrong with an archive, the others are opened
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)  # its name still says whose it is
            self._warn("%s was not opened: %s.", name, str(error))
            return
        for inner in [
            found for found in sorted(folder.rglob("*")) if found.name.lower().endswith(ARCHIVES) and found.is_file()
        ]:
            name = inner.relative_to(folder).as_posix()
            if depth < self.max_depth:
                self._open(inner, name, _new_folder(inner), allowance, depth + 1)
                inner.unlink()
            else:
                self._warn("%s was not opened: it lies too deep in other archives.", name)


def _new_folder(archive):
    """A folder beside an archive, for what it holds, that does not exist."""
    folder = archive.with_name(stem_of(archive.name) + "_")
    while folder.exists():
        folder = folder.with_name(folder.name + "_")
    return folder


def unpack(path, folder, allowance, warn):
    """The ordinary files of a zip or tar under folder. Entries that point elsewhere are left out and warned of."""
    if zipfile.is_zipfile(path):
        _unpack_zip(path, folder, allowance, warn)
    else:
        with tempfile.TemporaryDirectory() as place:
            _unpack_tar(_without_gzip(path, Path(place, "plain.tar"), allowance.bytes), folder, allowance, warn)


def _without_gzip(path, plain, limit):
    """The tar file itself: of a compressed one, tarfile would read a header of any length into memory."""
    with open(path, "rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return path
    with gzip.open(path) as source:
        _write(source, plain, Allowance(1, limit))
    return plain


def _unpack_zip(path, folder, allowance, warn):
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            allowance.take_file()
            if entry.is_dir():
                continue
            ordinary = entry.external_attr >> 28 in (0, 8)  # the file type of Unix: not said, or a regular file
            target = _target(folder, entry.filename, ordinary and not entry.flag_bits & 1, warn)
            if target:
                with archive.open(entry) as source:
                    _write(source, target, allowance)


def _unpack_tar(path, folder, allowance, warn):
    try:
        archive = tarfile.open(path, "r:")
    except tarfile.ReadError:
        raise BadArchive("it is neither a zip nor a tar file") from None
    with archive:
        for entry in archive:
            allowance.take_file()
            target = _target(folder, entry.name, entry.isfile() or entry.isdir(), warn)
            if target and entry.isfile():
                _write(archive.extractfile(entry), target, allowance)


def _target(folder, name, ordinary, warn):
    """Where an entry belongs, or None for one that is to be left out."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not ordinary or not parts or name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name:
        warn("left out %s (a link, encrypted, or outside the folder)", name)
        return None
    if parts[0] == "__MACOSX" or any(part.startswith(".") for part in parts):
        return None
    if len(parts) > 20 or max(len(os.fsencode(part)) for part in parts) > 200:
        warn("left out %s (too long a name)", name)
        return None
    target = folder.joinpath(*parts)
    notebook = NOTEBOOK.fullmatch(target.name)
    plain = target.with_name(f"{notebook[1]}.ipynb") if notebook else target
    return target if plain.exists() else plain


def _write(source, target, allowance):
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "wb") as file:
        while chunk := source.read(CHUNK):
            allowance.take_bytes(len(chunk))
            file.write(chunk)


def stem_of(name: str) -> str:
    """An archive's name without its ending: work.tar.gz, work.zip -> work."""
    return re.sub(r"(\.tar)?\.(zip|tar|gz|tgz)$", "", name, flags=re.IGNORECASE)


class LmsCollector(FileNameCollectorPlugin):
    """nbgrader's collector for the names of all sources.

    Of several files by one student for one notebook, that of the last hand-in counts where the source tells its time,
    then that with the notebook's very name, and of these the one that lies least deep, else the first in order. The
    others are laid beside it, where grading finds and reports them: which one was meant, a person has to say. Of a
    student without any notebook, the other files are taken, so that grading tells of them.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.said, self.nobodys = [], []

    @cached_property
    def found(self):
        """By path in the unpacked downloads: (the Download, the name that the file gets),
        for all that are to be taken."""
        directory = self.parent.coursedir
        released = Path(directory.format_path(directory.release_directory, ".", directory.assignment_id))
        known = {path.stem for path in released.glob("*.ipynb")}
        of_one: dict[tuple[str, str], list[tuple[str, Download]]] = {}
        rest: list[tuple[str, Download]] = []
        for path in sorted(
            path.relative_to(self._unpacked).as_posix() for path in self._unpacked.rglob("*") if path.is_file()
        ):
            download = read_name(path, known)
            if download and download.notebook:
                of_one.setdefault((download.student, download.notebook), []).append((path, download))
            elif download:
                rest.append((path, download))
            elif not path.endswith("/index.html"):  # Brightspace's own list of what is in its zip
                self.nobodys.append(path)
        return self._notebooks(of_one) | _others(rest, {student for student, _ in of_one})

    def _notebooks(self, of_one):
        found, taken = {}, set(of_one)
        for (student, notebook), files in of_one.items():
            files.sort(
                key=lambda file: (
                    datetime.max - file[1].time,
                    not file[0].endswith((f"/{notebook}.ipynb", f"_{notebook}.ipynb")),
                    file[0].count("/"),
                )
            )
            for path, download in files:
                name = notebook
                if path != files[0][0]:
                    name = next(
                        other for place in count(2) if (student, other := f"{notebook} ({place})") not in taken
                    )
                    taken.add((student, name))
                    who, what = f"{show(download.name)} ({student})", show(path.partition("/")[2])
                    self._warn(
                        f"{who} handed in several: {what} does not count; "
                        f"it lies beside the other as {show(name)}.ipynb."
                    )
                found[path] = download, f"{name}.ipynb"
        return found

    @property
    def _unpacked(self):
        return Path(self.parent._format_collect_path(self.parent.extracted_directory))

    def _warn(self, text):
        self.said.append(text)
        self.log.warning(text)

    def collect(self, submitted_file):
        """What nbgrader asks of each unpacked file: the student's id and the notebook's name, or None to skip it."""
        download, name = self.found.get(Path(submitted_file).relative_to(self._unpacked).as_posix(), (None, None))
        return download and {"student_id": download.student, "file_id": name}


def _others(files, with_notebook):
    """What is taken of those who handed in no notebook: (the Download, a name of its own) by path."""
    found, taken = {}, set()
    for path, download in files:
        own = PurePosixPath(path).name.removeprefix(download.way_back)
        # when it was handed in is not the student's to say
        if download.student in with_notebook or own in EXCHANGE_FILES:
            continue
        stem, ending = os.path.splitext(own)
        names = chain([own], (f"{stem} ({place}){ending}" for place in count(2)))
        name = next(name for name in names if (download.student, name) not in taken)
        taken.add((download.student, name))
        found[path] = download, name
    return found


@dataclass(frozen=True)
class Collected:
    """What came of some archives: notebooks that are in submitted/, a Download for each student without one,
    what a person should know."""

    notebooks: list[Download]
    without: list[Download]
    warnings: list[str]


def collect(course: Course, assignment: str, archives: list[Path]) -> Collected:
    """Put the notebooks of downloaded archives, and of folders of Git clones, into submitted/; returns
    what was Collected.

    A student's earlier files for the assignment are replaced. Raises CourseError when nothing can be collected.
    """
    course.release_notebooks(assignment)
    for path in archives:
        if not path.is_file() and not clones_in(path):
            raise CourseError(
                f"{path} is a folder without Git clones: name the zip that the LMS gave you, "
                "or the folder in which the clones lie."
                if path.is_dir()
                else f"there is no file {path}."
            )
    directory = CourseDirectory(root=str(course.root), assignment_id=assignment, config=course.config)
    app = ZipCollectApp(config=course.config, coursedir=directory, force=True)
    app.log_level = logging.ERROR  # several lines a file, in which no warning would be seen
    app.collector_plugin, app.extractor_plugin = LmsCollector, BoundedExtractor
    app.init_plugins()
    waiting, unpacked = (
        Path(app._format_collect_path(step)) for step in (app.archive_directory, app.extracted_directory)
    )
    if waiting.exists():
        shutil.rmtree(waiting)
    waiting.mkdir(parents=True)
    for place, path in enumerate(path for path in archives if path.is_file()):
        (waiting / f"{place:03}").mkdir()  # two may have one name
        shutil.copyfile(path, waiting / f"{place:03}" / path.name)
    app.extract_archive_files()
    for clone in chain.from_iterable(clones_in(path) for path in archives if path.is_dir()):
        lay_clone(clone, unpacked)
    app.process_extracted_files()
    warnings = app.extractor_plugin_inst.said + app.collector_plugin_inst.said
    found = [download for download, _ in app.collector_plugin_inst.found.values() if download.notebook]
    everybody = {
        seen.student: seen
        for path in unpacked.rglob("*")
        if (seen := read_name(path.relative_to(unpacked).as_posix()))
    }
    if not everybody:
        raise CourseError(" ".join([
            *warnings, "No notebook in these archives has a name as an LMS gives it; see `unrolled collect --help`.",
        ]))  # fmt: skip
    without = everybody.keys() - {download.student for download in found}
    for student in without:  # also one whose archive was not opened is in every table
        course.folder("submitted", student, assignment).mkdir(parents=True, exist_ok=True)
    if nobodys := [path.split("/", 2)[-1] for path in app.collector_plugin_inst.nobodys]:
        warnings.append(f"Left out, since no name as an LMS gives it says whose it is: {show(listed(nobodys))}.")
    _keep_ways_back(course, assignment, [*found, *(everybody[student] for student in without)])
    return Collected(
        sorted(found, key=_by_number), sorted((everybody[student] for student in without), key=_by_number), warnings
    )


def _by_number(download):
    """In order of number; who is graded without a name has none, and comes after."""
    return (0, int(download.student), "") if download.student.isdecimal() else (1, 0, download.student)


def ways_back(course: Course, assignment: str) -> dict[str, str]:
    """What an LMS put before the names of the files that were collected, by student:
    before a page's name, it takes the page there."""
    path = _ways_back(course, assignment)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _keep_ways_back(course, assignment, found):
    course.private.mkdir(mode=0o700, exist_ok=True)
    kept = ways_back(course, assignment) | {
        download.student: download.way_back
        for download in sorted(found, key=lambda download: download.time)
        if download.way_back
    }
    write_whole(_ways_back(course, assignment), json.dumps(kept, indent=1, ensure_ascii=False).encode())


def _ways_back(course, assignment):
    return course.private / f"{assignment}.lms.json"


def keep_names(record: Record, downloads: Iterable[Download]) -> None:
    """Give the gradebook the names that the downloads carry, for students who have none there yet."""
    known = {student.id: student for student in record.students()}
    named: dict[str, Student] = {}
    for download in downloads:
        student = known.get(download.student, Student(download.student))
        if not student.name and download.name != student.id:
            first, _, last = download.name.rpartition(" ")
            named.setdefault(student.id, replace(student, first=first or None, last=last))
    record.enter_students(named.values())
