"""Which hand-ins share what few others have: within a class, with earlier terms, and with what the book prints.

A right softmax has few ways to be written, so what is looked at are the fingerprints of an answer (`fingerprints`)
that neither the release nor the book holds, and each counts by how rare it is among the hand-ins. A score says which
share of an answer's rare fingerprints is found in another hand-in, with FURTHER more counted as not found: what is
short cannot stand out. It is no probability, and no verdict: a person looks at both, side by side.
"""

import inspect
import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Set
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from unrolled.exercises import EXERCISES
from unrolled.grading.course.course import Course, CourseError
from unrolled.grading.course.feedback import template
from unrolled.grading.course.files import write_whole
from unrolled.grading.course.fingerprints import Places, fingerprints, mark
from unrolled.grading.course.submission import read_submission
from unrolled.grading.course.summary import show
from unrolled.grading.notebook.handed_in import Unreadable, read_cells
from unrolled.grading.notebook.limits import limits_from
from unrolled.grading.notebook.names import MAX_SOURCE
from unrolled.grading.notebook.outputs import clean_text
from unrolled.grading.notebook.rebuild import rebuild
from unrolled.grading.notebook.release import is_answer, read_release

FURTHER = 8  # so an answer with fewer rare fingerprints than these stays below a half, even when it shares them all
# right answers in other words stay below, disguised copies come above: tests/grading/course/test_similarity.py
STANDS_OUT = 0.5
SMALL_CLASS = 30  # in a smaller class nobody knows what is rare, so everything counts less
MOST = 50  # pages that are written of a kind, and lines that are printed
BOOK, OTHER_CELLS, WHOLE = "the book", "other cells", "all together"
_CODE_CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(?::[^\n]*\n)*(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """One answer: its source, and the places of its fingerprints, those of the release left out."""

    source: str
    found: Places


@dataclass(frozen=True)
class HandIn:
    """What one student wrote, by function; what stands outside of the answers is a part of its own.
    The book is a hand-in, too."""

    who: str
    parts: dict[str, Answer]
    of_class: bool = True

    @cached_property
    def found(self) -> frozenset[bytes]:
        """The fingerprints of all parts."""
        return frozenset().union(*(part.found for part in self.parts.values()))


@dataclass(frozen=True)
class Pair:
    """Two hand-ins, how much of one is in the other at most,
    the functions in which that stands out, and the fingerprints."""

    first: HandIn
    second: HandIn
    score: float
    functions: tuple[str, ...]
    shared: frozenset[bytes]

    @property
    def percent(self) -> int:
        return round(100 * self.score)

    @property
    def where(self) -> str:
        return ", ".join(self.functions) or WHOLE

    @property
    def with_book(self) -> bool:
        return self.second.who == BOOK and not self.second.of_class


@dataclass
class Similarity:
    """What was found in an assignment: pairs, then who writes as the book does, both with the highest scores first."""

    assignment: str
    compared: int = 0
    earlier: int = 0
    pairs: list[Pair] = field(default_factory=list)
    book: list[Pair] = field(default_factory=list)
    # who, and what of theirs could not be compared, and why
    unread: list[tuple[str, str]] = field(default_factory=list)


def compare_class(
    course: Course,
    assignment: str,
    also: Iterable[Path] = (),
    least: float = STANDS_OUT,
    on_read: Callable[[int], object] = lambda total: None,
) -> Similarity:
    """The Similarity of an assignment's hand-ins, and of folders like submitted/ from earlier terms,
    from a score of least on."""
    releases, similarity = course.release_notebooks(assignment), Similarity(assignment)
    places = [
        (show(student), course.folder("submitted", student, assignment), True)
        for student in course.students("submitted", assignment)
    ]
    for folder in also:
        places += _earlier(Path(folder), assignment)
    scaffold, limit, handins = _scaffold(releases), limits_from(course.config).submission_bytes, []
    for who, folder, of_class in places:
        parts, why = _read_parts(folder, releases, limit, scaffold)
        if parts:
            handins.append(HandIn(who, parts, of_class))
        similarity.unread += [(who, reason) for reason in why]
        on_read(len(places))
    similarity.compared = sum(handin.of_class for handin in handins)
    similarity.earlier = len(handins) - similarity.compared
    book = read_book(course.root / "chapters", scaffold)
    similarity.pairs = find_pairs(handins, book.found, least)
    similarity.book = find_in_book(handins, book, least)
    return similarity


def _earlier(folder, assignment):
    """The hand-ins of a folder of an earlier term, as (who, folder, False). Raises CourseError when there is none."""
    found = [path for path in sorted(folder.glob(f"*/{assignment}")) if path.is_dir()]
    if not found:
        raise CourseError(
            f"{folder} has no hand-in of {assignment}: it should hold STUDENT/{assignment}/, as submitted/ does."
        )
    return [(f"{show(path.parent.name)} in {show(str(folder))}", path, False) for path in found]


def _scaffold(releases):
    """The fingerprints of the code that students received."""
    cells = (
        cell for release in releases.values() for cell in read_release(release)["cells"] if cell["cell_type"] == "code"
    )
    return frozenset().union(*(fingerprints(cell["source"]) or () for cell in cells))


def _read_parts(folder, releases, limit, scaffold):
    """A hand-in's Parts by function, and what of it could not be read."""
    sources: dict[str, str] = {}
    why: list[str] = []
    for notebook, release in releases.items():
        handed_in = read_submission(folder, notebook, limit)
        try:
            if handed_in.unusable:
                raise Unreadable(handed_in.unusable)
            sources |= _sources(release, handed_in.content, limit)
        except Unreadable as reason:
            why.append(clean_text(reason, 300))
    parts = {}
    for name, source in sources.items():
        found = fingerprints(source)
        if found is None:
            why.append(f"{name} cannot be read as Python, so it was not compared.")
        else:
            parts[name] = _part(source, found, scaffold)
    return parts, why


def _part(source, found, scaffold):
    return Answer(
        source, {fingerprint: places for fingerprint, places in found.items() if fingerprint not in scaffold}
    )


def _sources(release, content, limit):
    """The sources of a notebook's answers by function, and of all cells of the student's own together."""
    answers = [
        cell
        for cell in rebuild(release, content, limit).notebook["cells"]
        if is_answer(cell) and cell["cell_type"] == "code"
    ]
    sources = {cell["metadata"]["nbgrader"]["grade_id"].removesuffix("-code"): cell["source"] for cell in answers}
    known = {cell["source"].strip() for cell in read_release(release)["cells"]}
    own = [
        cell.source
        for cell in read_cells(content, limit)[0]
        if cell.kind == "code" and cell.source.strip() not in known
    ]
    own = [source for source in own if not any(source.strip() in answer for answer in sources.values())]
    sizes = itertools.accumulate(len(source) + 2 for source in own)
    own = [source for source, size in zip(own, sizes, strict=True) if size <= MAX_SOURCE and fingerprints(source)]
    return sources | ({OTHER_CELLS: "\n\n".join(own).encode("utf-8", "replace").decode()} if own else {})


def read_book(chapters: Path, scaffold: Set[bytes] = frozenset()) -> HandIn:
    """What the book prints, as a HandIn: the reference functions, and each chapter's own code."""
    sources = {name: inspect.getsource(exercise.reference) for name, exercise in EXERCISES.items() if exercise.printed}
    for chapter in sorted(chapters.glob("*.md")):
        cells = _CODE_CELL.findall(chapter.read_text(encoding="utf8"))
        sources[f"chapter {chapter.stem}"] = "\n".join(cell for cell in cells if fingerprints(cell))
    return HandIn(
        BOOK,
        {name: _part(source, fingerprints(source) or {}, scaffold) for name, source in sources.items()},
        of_class=False,
    )


def find_pairs(handins: list[HandIn], printed: Set[bytes] = frozenset(), least: float = STANDS_OUT) -> list[Pair]:
    """Pairs of hand-ins, one of this class at least, that share rare fingerprints which are not printed;
    the highest score first."""
    weights = rarity(handins, printed)
    holders = defaultdict(list)
    for place, handin in enumerate(handins):
        for fingerprint in handin.found & weights.keys():
            holders[fingerprint].append(place)
    shared: defaultdict[tuple[int, int], float] = defaultdict(float)
    for fingerprint, places in holders.items():
        for couple in itertools.combinations(places, 2):
            shared[couple] += weights[fingerprint]
    enough = least * FURTHER / (1 - least)  # whoever shares less cannot reach the score
    couples = [
        (handins[a], handins[b])
        for (a, b), weight in shared.items()
        if weight >= enough and (handins[a].of_class or handins[b].of_class)
    ]
    pairs = [compare(first, second, weights, least) for first, second in couples]
    return sorted(
        (pair for pair in pairs if pair.score >= least),
        key=lambda pair: (-pair.score, pair.first.who, pair.second.who),
    )


def rarity(handins: list[HandIn], printed: Set[bytes] = frozenset()) -> dict[bytes, float]:
    """How much each fingerprint counts, 0 to 1, by how many hand-ins hold it:
    all where two alone do, nothing above the root of all."""
    count = len(handins)
    held = Counter(itertools.chain.from_iterable(handin.found for handin in handins))
    return {
        fingerprint: math.log(count / max(holders - 1, 1)) / math.log(max(count, SMALL_CLASS))
        for fingerprint, holders in held.items()
        if holders - 1 <= math.sqrt(count) and fingerprint not in printed
    }


def find_in_book(handins: list[HandIn], book: HandIn, least: float = STANDS_OUT) -> list[Pair]:
    """Pairs of a hand-in of this class and the book. Nothing is rare here: it is told how many write so."""
    weights = dict.fromkeys(book.found.union(*(handin.found for handin in handins)), 1.0)
    pairs = [compare(handin, book, weights, least, handin.parts) for handin in handins if handin.of_class]
    return sorted((pair for pair in pairs if pair.score >= least), key=lambda pair: (-pair.score, pair.first.who))


def compare(
    first: HandIn,
    second: HandIn,
    weights: dict[bytes, float],
    least: float = STANDS_OUT,
    only: Collection[str] | None = None,
) -> Pair:
    """The Pair of two hand-ins, by each function and as a whole, or `only` by some functions.

    A function is looked for in all of the other, so it is found where it was moved to, too.
    """
    scores: defaultdict[str, float] = defaultdict(float)
    for one, other in ((first, second), (second, first)):
        mine = {name: part.found for name, part in one.parts.items() if only is None or name in only}
        for name, found in (mine | ({WHOLE: one.found} if only is None else {})).items():
            scores[name] = max(scores[name], _share(found, other.found, weights))
    functions = tuple(name for name, score in scores.items() if name != WHOLE and score >= least)
    return Pair(
        first, second, max(scores.values(), default=0.0), functions, first.found & second.found & weights.keys()
    )


def _share(own, others, weights):
    """Which share of what is rare in one's own is among another's."""
    counted = {fingerprint: weights[fingerprint] for fingerprint in own if fingerprint in weights}
    return sum(weight for fingerprint, weight in counted.items() if fingerprint in others) / (
        sum(counted.values()) + FURTHER
    )


def write_pages(similarity: Similarity, folder: Path) -> Path:
    """Write a page that lists what stands out, and one for each pair, side by side; pages of an earlier run go."""
    for old in folder.glob("*.html"):
        old.unlink()
    for kind, pairs in (("pair", similarity.pairs), ("book", similarity.book)):
        for number, pair in enumerate(pairs[:MOST], 1):
            _write(
                folder / f"{kind}-{number}.html",
                "similar-pair.html.j2",
                similarity=similarity,
                pair=pair,
                rows=side_by_side(pair),
            )
    _write(
        folder / "index.html",
        "similar.html.j2",
        similarity=similarity,
        most=MOST,
        further=FURTHER,
        common=common_in_book(similarity),
    )
    return folder / "index.html"


def _write(path, name, **values):
    write_whole(path, template(name).render(values).encode("utf-8", "replace"))


def side_by_side(pair: Pair) -> list[tuple]:
    """(function, pieces of the first's source, pieces of the second's) for what holds a shared fingerprint;
    a piece is (text, marked)."""
    names = [*pair.first.parts, *(name for name in pair.second.parts if name not in pair.first.parts)]
    sides = {
        name: [_pieces(handin.parts.get(name), pair.shared) for handin in (pair.first, pair.second)] for name in names
    }
    return [(name, *both) for name, both in sides.items() if any(marked for side in both for _, marked in side)]


def _pieces(part, shared):
    return mark(part.source, part.found, shared) if part else []


def common_in_book(similarity: Similarity) -> Counter[str]:
    """How many of the class write each function as the book does."""
    return Counter(name for pair in similarity.book for name in pair.functions)


def render(similarity: Similarity) -> Group:
    """What stands out, for a terminal. Nothing that a student named is read as markup."""
    earlier = f" and {similarity.earlier} of earlier terms" if similarity.earlier else ""
    title = f"{similarity.assignment}: {similarity.compared} hand-ins{earlier} compared"
    parts = [
        _table(
            title,
            ["score", "who", "and who", "in"],
            [[str(p.percent), p.first.who, p.second.who, p.where] for p in similarity.pairs],
        )
    ]
    if not similarity.pairs:
        parts = [Text(f"{title}. No pair stands out.")]
    if similarity.book:
        rows = [[name, str(count)] for name, count in common_in_book(similarity).most_common()]
        parts += [
            Text(),
            _table(
                "Written much as in the book; where many do, it may be the natural way", ["function", "students"], rows
            ),
        ]
    if similarity.unread:
        parts += [Text(), _table("Not compared", ["who", "why"], similarity.unread)]
    said = (
        "A score is the share, of 100, of what is rare in one's answer that the other has too. It is no verdict: "
        "look at both."
    )
    return Group(*parts, Text(), Text(said))


def _table(title, columns, rows):
    table = Table(
        title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, show_edge=False, pad_edge=False
    )
    for column in columns:
        numbers = column in ("score", "students")
        table.add_column(column, justify="right" if numbers else "left", overflow="fold")
    for row in rows[:MOST]:
        table.add_row(*(Text(show(cell)) for cell in row))
    if len(rows) > MOST:
        table.caption = f"{len(rows) - MOST} more have a lower score."
    return table
