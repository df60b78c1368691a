"""The notebook that is graded: ours, with the sources of the answer cells taken from the submission,
and the student's own
code cells in their place between ours.

Whatever else was handed in (metadata, test cells, points, tags) is left where it is, and a remark tells the instructor
where it differs.
"""

import copy
import json
import re
from dataclasses import dataclass, field
from functools import lru_cache

from nbformat import from_dict

from unrolled.grading.notebook import pictures
from unrolled.grading.notebook.limits import Limits
from unrolled.grading.notebook.names import MAX_SOURCE, defined_functions
from unrolled.grading.notebook.remarks import Remark, put_right
from unrolled.quoting import quoted

MAX_REMARKS = 40
MAX_CELLS = 2_000
USES_CHECK = re.compile(r"\bcheck\s*\(")


class Unreadable(Exception):
    """A submission that is no notebook; the message says why, in one sentence for student and instructor."""


@dataclass
class Rebuilt:
    """A notebook ready to run. hints has a sentence for the student by the grade_id of an answer cell."""

    notebook: dict
    remarks: list[Remark] = field(default_factory=list)
    hints: dict[str, str] = field(default_factory=dict)
    python: tuple[int, int] | None = None  # with which it was last run


@dataclass(frozen=True)
class HandedInCell:
    """A cell of a submission: its place, kind, source, the id and grade_id that it claims,
    and what its source defines."""

    place: int
    kind: str
    source: str
    grade_id: str | None
    id: object
    meta: dict
    defines: frozenset[str]
    attachments: object = None


def rebuild(
    release: bytes,
    submission: bytes | None,
    limit: int,
    own_cells: int = Limits.own_cells,
    own_characters: int = Limits.own_characters,
) -> Rebuilt:
    """The Rebuilt notebook of a release (bytes) and a submission (bytes).
    Raises Unreadable when that is no notebook."""
    cells, remarks, python = read_cells(submission, limit)
    notebook = read_release(release)
    rebuilt = Rebuilt(notebook, remarks, python=python)
    answers = [cell for cell in notebook["cells"] if is_answer(cell)]
    marked = any(cell.grade_id for cell in cells)
    if not marked:
        remarks.append(
            put_right(
                "Its cells are without nbgrader's metadata, as some editors leave them: the answers were found by the functions' names."
            )
        )
    taken = {_grade_id(cell): _find_answer(cell, cells, notebook, marked, remarks) for cell in answers}
    if not any(taken.values()):
        raise Unreadable(
            "None of this assignment's functions is in the notebook: is it another assignment's, or an empty one?"
        )
    if marked:
        _hint_at_other_versions(answers, taken, cells, rebuilt)
    own = _find_own(cells, notebook["cells"], taken, own_cells, own_characters, remarks)
    if marked:
        _remark_differences(notebook, cells, remarks)
    places = _places_of_own(own, cells, taken, notebook["cells"])
    for cell in answers:
        _set_in(cell, taken[_grade_id(cell)], remarks)
    filled = [(cell, found) for cell in answers if (found := taken[_grade_id(cell)])]
    _take_pictures([*filled, *_insert_own(own, places, notebook)], remarks)
    rebuilt.remarks = [remark.on_one_line() for remark in remarks[:MAX_REMARKS]]
    return rebuilt


def read_release(release: bytes) -> dict:
    """A fresh copy of a pristine notebook, from its bytes."""
    return from_dict(copy.deepcopy(_parse_release(release)))


@lru_cache(maxsize=32)
def _parse_release(release):
    notebook = json.loads(release)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])  # a file may hold it as a list of lines
    return notebook


def graded_names(release: bytes) -> list[str]:
    """The names of the cells of a release, as bytes, that the grader runs."""
    return [cell["metadata"]["nbgrader"]["grade_id"] for cell in _parse_release(release)["cells"] if is_graded(cell)]


def write_notebook(notebook: dict) -> bytes:
    """A notebook as the bytes of its file."""
    return (json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def is_answer(cell: dict) -> bool:
    """Whether a cell of a release is the student's to write."""
    return bool(cell["metadata"].get("nbgrader", {}).get("solution"))


def is_own(cell: dict) -> bool:
    """Whether a cell of a rebuilt notebook is code that the student added."""
    return is_added(cell) and cell["cell_type"] == "code"


def is_added(cell: dict) -> bool:
    """Whether a cell of a rebuilt notebook is one that the student added: code, or words under a task."""
    return cell["metadata"].get("unrolled") == "own"


def is_graded(cell: dict) -> bool:
    """Whether a cell of a release is a check that the grader runs."""
    meta = cell["metadata"].get("nbgrader", {})
    return bool(meta.get("grade")) and not meta.get("solution") and cell["cell_type"] == "code"


def is_test(cell: dict) -> bool:
    """Whether a graded cell holds an instructor's own tests, which decide where a student's code can reach them,
    and no `check`, which decides outside."""
    return is_graded(cell) and not USES_CHECK.search(cell["source"])


def read_cells(data: bytes | None, limit: int) -> tuple[list[HandedInCell], list[Remark], tuple[int, int] | None]:
    """The cells of a handed-in file as HandedInCells, remarks on what had to be overlooked, and its Python.
    Raises Unreadable."""
    if data is None:
        raise Unreadable("No notebook was handed in.")
    if len(data) > limit:
        raise Unreadable(
            f"Without its outputs, the notebook has more than {limit / 1e6:g} MB, and no more are read: what else is in it?"
        )
    text, remarks = _decode(data)
    content = _parse(text)
    raw = content.get("cells")
    if not isinstance(raw, list):
        remarks.append(put_right("The notebook is in an old format (nbformat 3 or before)."))
        raw = [cell for group in content["worksheets"] if isinstance(group, dict) for cell in _list(group.get("cells"))]
    if len(raw) > MAX_CELLS:
        raise Unreadable(f"The notebook has {len(raw)} cells; at most {MAX_CELLS} are read.")
    cells = [_read_cell(place, cell) for place, cell in enumerate(raw) if isinstance(cell, dict)]
    if not cells:
        raise Unreadable("The notebook has no cells.")
    return cells, remarks, _python_of(content)


def _python_of(content):
    """The version of Python that a notebook says it was last run with, or None."""
    for key in ("metadata", "language_info", "version"):
        content = content.get(key) if isinstance(content, dict) else None
    match = re.match(r"(\d)\.(\d{1,2})\b", content, re.ASCII) if isinstance(content, str) else None
    return match and (int(match[1]), int(match[2]))


_FILES = {
    (
        "<!doctype",
        "<html",
        "<?xml",
        "<head",
        "<!--",
    ): "a web page, not a notebook: download the notebook itself, as .ipynb",
    ("pk\x03\x04", "\x1f\x8b", "rar!", "7z"): "an archive, not a notebook: hand in the notebook itself",
    ("%pdf",): "a PDF, not a notebook: hand in the notebook itself, the .ipynb",
}


def _decode(data):
    if not data.strip(b" \t\r\n\0"):
        raise Unreadable("The file is empty.")
    encoding, remarks = json.detect_encoding(data), []
    if encoding.startswith(("utf-16", "utf-32")):
        text, remarks = (
            data.decode(encoding, errors="replace"),
            [put_right(f"The file was in {encoding[:6].upper()} instead of UTF-8.")],
        )
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text, remarks = data.decode("latin-1"), [Remark("The file was not in UTF-8; it was read as Latin-1.")]
    start = text[:1000].lstrip()[:20].lower()
    for beginnings, what in _FILES.items():
        if start.startswith(beginnings):
            raise Unreadable(f"The file is {what}.")
    if not start.startswith(("{", "[")):
        raise Unreadable(
            "The file is no notebook, though its name says so: hand in the one that Jupyter saves, the .ipynb."
        )
    return text, remarks


def _parse(text):
    try:
        content = json.loads(text, parse_int=_small_int)
    except json.JSONDecodeError as error:
        if re.search("^<{7} ", text, re.MULTILINE):
            raise Unreadable(
                "The file holds the marks of a merge that git left open (<<<<<<<): close it, and look at the notebook in Jupyter."
            ) from None
        raise Unreadable(
            f"The file is no complete notebook: its JSON breaks off or is damaged in line {error.lineno}."
        ) from None
    except (ValueError, RecursionError):
        raise Unreadable("The file is no notebook: its JSON cannot be read.") from None
    if not isinstance(content, dict) or not any(isinstance(content.get(key), list) for key in ("cells", "worksheets")):
        raise Unreadable("The file is JSON, but no notebook: it has no list of cells.")
    return content


def _small_int(digits):
    return int(digits) if len(digits) < 20 else 0


def _list(value):
    return value if isinstance(value, list) else []


def _dict(value):
    return value if isinstance(value, dict) else {}


def _read_cell(place, cell):
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    meta = _dict(cell.get("metadata"))
    ours = _dict(meta.get("nbgrader"))
    grade_id = ours.get("grade_id") if isinstance(ours.get("grade_id"), str) else None
    source = re.sub("\r\n?", "\n", source) if isinstance(source, str) else ""
    kind = cell.get("cell_type")
    return HandedInCell(
        place,
        kind if isinstance(kind, str) else "",
        source,
        grade_id,
        cell.get("id"),
        ours | {"tags": meta.get("tags")},
        defined_functions(source),
        cell.get("attachments"),
    )


def _find_answer(answer, cells, notebook, marked, remarks):
    """The handed-in cell whose source belongs into an answer cell, or None when there is none.

    A cell has a better claim when it defines the function, then when it differs from what was released, then when it
    has the right grade_id; among equals the last wins, since it is the one that counts when the notebook is run.
    """
    grade_id, names = _grade_id(answer), defined_functions(answer["source"])
    named = [cell for cell in cells if cell.grade_id == grade_id]
    candidates = named
    if names and answer["cell_type"] == "code":
        definers = [
            cell for cell in cells if names & cell.defines and (cell.kind == "code" or cell.grade_id == grade_id)
        ]
        candidates = definers or named
        others = {_grade_id(cell) for cell in notebook["cells"]} - {grade_id, None} - names  # its own check may hold it
        pristine = answer["source"].strip()
        candidates = [
            cell for cell in candidates if cell.source.strip() != pristine and cell.grade_id not in others
        ] or candidates
        candidates = [cell for cell in candidates if cell.grade_id == grade_id] or candidates
    if not candidates:
        remarks.append(
            Remark(f"The answer cell {grade_id} is missing; {'the function' if names else 'it'} counts as not written.")
        )
        return None
    chosen = candidates[-1]
    if len(named) > 1:
        remarks.append(
            put_right(f"The answer cell {grade_id} is there {len(named)} times; cell {chosen.place + 1} was taken.")
        )
    elif chosen.grade_id != grade_id and marked:
        remarks.append(
            put_right(
                f"The answer for {grade_id} was found in cell {chosen.place + 1}, which is not marked as that cell."
            )
        )
    elif chosen.grade_id == grade_id and chosen.kind != answer["cell_type"]:
        remarks.append(
            put_right(
                f"The answer cell {grade_id} was turned into a {quoted(chosen.kind, 20)} cell; it was run as code."
            )
        )
    return chosen


def _hint_at_other_versions(answers, taken, cells, rebuilt):
    """Where a function is written again in a cell outside the answers, tell the student:
    at home, that one may have been checked."""
    for cell in answers:
        chosen = taken[_grade_id(cell)]
        others = [
            other.defines for other in cells if other.kind == "code" and not other.grade_id and other is not chosen
        ]
        again = defined_functions(cell["source"]).intersection(set().union(*others))
        if chosen and again:
            rebuilt.hints[_grade_id(cell)] = (
                f"You define {', '.join(sorted(again))} again in a cell of your own: the version that stands last above its check is checked. "
                "Move the one that counts into the answer cell."
            )


def _grade_id(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


_SURROGATES = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"^[^\S\n]+$", re.MULTILINE)  # who colours code takes quadratic time for spaces in them


def _set_in(answer, found, remarks):
    """Set the source of the handed-in cell that was found into an answer cell of ours."""
    if found is None:
        return
    grade_id, source = _grade_id(answer), _printable(found.source)
    if len(source) > MAX_SOURCE:
        why = f"it has {len(source):,} characters, and a cell of more than {MAX_SOURCE:,} is not run"
        remarks.append(Remark(f"The answer cell {grade_id} was left out: {why}."))
        answer["source"] = f'raise ValueError("{why}")\n\n{answer["source"]}'
        return
    answer["source"] = source
    if "\ufffd" in source and "\ufffd" not in found.source:
        remarks.append(
            Remark(f"The answer cell {grade_id} holds characters that are none (lone surrogates); they were replaced.")
        )


def _printable(source):
    """A source that every file can hold and that is coloured in no time."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", _BLANK_LINES.sub("", source))


def _find_own(cells, ours, taken, count, characters, remarks):
    """The code cells that the student added to ours, or made of a cell of ours that nobody grades; and words under a task."""
    sources = (
        {cell["source"].strip() for cell in ours} | {cell.source.strip() for cell in taken.values() if cell} | {""}
    )
    graded = {_grade_id(cell) for cell in ours if is_graded(cell)}
    words = _words_under_tasks(cells, ours)
    skipped = {cell.get("id") for cell in ours if "skip-execution" in cell["metadata"].get("tags", ())}
    added = [
        cell
        for cell in cells
        if (cell.kind == "code" or cell.place in words)
        and cell.source.strip() not in sources
        and cell.grade_id not in graded
        and not (type(cell.id) is str and cell.id in skipped)
    ]
    own: list[HandedInCell] = []
    left = characters
    for cell in added:
        left -= len(cell.source)
        if len(own) < count and left >= 0 and len(cell.source) <= MAX_SOURCE:
            own.append(cell)
    if len(own) < len(added):
        remarks.append(
            Remark(f"Of the student's own {len(added)} cells, {len(own)} were run: they are too many or too long.")
        )
    return own


def _words_under_tasks(cells, ours):
    """Places of the handed-in Markdown cells between a task and what is ours again."""
    tasks = {_grade_id(cell) for cell in ours if cell["metadata"].get("nbgrader", {}).get("task")}
    known = {_grade_id(cell) for cell in ours} - {None}
    sources, under, found = {cell["source"].strip() for cell in ours}, False, set()
    for cell in cells:
        if cell.grade_id in known or cell.source.strip() in sources:
            under = cell.grade_id in tasks
        elif under and cell.kind == "markdown":
            found.add(cell.place)
    return found


def _places_of_own(own, cells, taken, ours):
    """By its place in the submission, each own cell's place in ours: that of the cell after which it comes, or -1."""
    by_grade_id = {_grade_id(cell): place for place, cell in enumerate(ours) if _grade_id(cell)}
    by_id = {cell.get("id"): place for place, cell in enumerate(ours) if cell.get("id")}
    by_source = {cell["source"].strip(): place for place, cell in enumerate(ours)}
    chosen = {cell.place: by_grade_id[grade_id] for grade_id, cell in taken.items() if cell}
    added, places, last = {cell.place for cell in own}, {}, -1
    for cell in cells:
        known = chosen.get(cell.place, by_grade_id.get(cell.grade_id))
        if known is None and cell.place not in added:
            known = by_source.get(cell.source.strip())
        if known is None and type(cell.id) is str:
            known = by_id.get(cell.id)
        last = known if known is not None else last
        if cell.place in added:
            places[cell.place] = last
    return places


def _insert_own(own, places, notebook):
    """Set the student's own cells between ours. Returns each as it was made, and as it was handed in."""
    after: dict[int, list[dict]] = {}
    pairs = []
    for cell in own:
        made: dict = {
            "cell_type": cell.kind,
            "id": f"own-{cell.place}",
            "metadata": {"unrolled": "own"},
            "source": _printable(cell.source),
        }
        made |= {"execution_count": None, "outputs": []} if cell.kind == "code" else {}
        pairs.append((from_dict(made), cell))
        after.setdefault(places[cell.place], []).append(pairs[-1][0])
    ours = [[cell, *after.get(place, ())] for place, cell in enumerate(notebook["cells"])]
    notebook["cells"] = sum(ours, after.get(-1, []))
    return pairs


def _take_pictures(pairs, remarks):
    """Set the pictures that were pasted into handed-in cells into those of our notebook that show their words."""
    room = pictures.ROOM
    for ours, cell in pairs:
        if ours["cell_type"] != "markdown" or not cell.attachments:
            continue
        shown, others = pictures.read_pictures(cell.attachments, room)
        room -= sum(len(data) for kinds in shown.values() for data in kinds.values())
        if shown:
            ours["attachments"] = from_dict(shown)
        if others:
            why = f"what is shown is PNG, JPEG and GIF, of {pictures.ROOM / 1e6:g} MB in all"
            remarks.append(
                Remark(
                    f"Of what was pasted into cell {cell.place + 1}, {others} of {others + len(shown)} are left out: {why}."
                )
            )


def _remark_differences(notebook, cells, remarks):
    """Say where the submission's cells differ from ours in more than their answers. All of that is ignored."""
    claims: dict[str | None, list[HandedInCell]] = {}
    for cell in cells:
        claims.setdefault(cell.grade_id, []).append(cell)
    ours = {_grade_id(cell): cell for cell in notebook["cells"] if _grade_id(cell)}
    for grade_id, cell in ours.items():
        copies = claims.get(grade_id, [])
        if is_answer(cell):
            continue
        if not copies:
            remarks.append(put_right(f"The cell {grade_id} was deleted; ours was used."))
        elif len(copies) > 1:
            remarks.append(put_right(f"The cell {grade_id} is there {len(copies)} times; ours was used."))
        elif copies[0].source.strip() != cell["source"].strip() or copies[0].kind != cell["cell_type"]:
            remarks.append(put_right(f"The cell {grade_id} was changed; ours was used."))
    for grade_id, cell in ours.items():
        meta = cell["metadata"]["nbgrader"]
        for copied in claims.get(grade_id, []):
            changed = [
                key
                for key in ("points", "grade", "solution", "locked", "task")
                if key in copied.meta and copied.meta[key] != meta.get(key)
            ]
            if changed:
                remarks.append(
                    put_right(f"The cell {grade_id} came with other settings ({', '.join(changed)}); ours were used.")
                )
            if copied.meta.get("tags") and copied.meta["tags"] != cell["metadata"].get("tags"):
                remarks.append(put_right(f"The cell {grade_id} came with tags; they were ignored."))
    for grade_id in claims:
        if grade_id is not None and grade_id not in ours:
            remarks.append(
                put_right(
                    f"A cell calls itself {quoted(grade_id, 60)}, which the release does not have; it was taken for one of the student's own."
                )
            )
