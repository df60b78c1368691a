"""The notebook that is graded: ours, with only the sources of the answer cells taken from the submission.

Whatever else was handed in (metadata, test cells, points, tags, further cells) is left where it is, and a remark
tells the instructor where it differs.
"""

import ast
import builtins
import codecs
import copy
import itertools
import json
import re
import symtable
import unicodedata
import warnings
from dataclasses import dataclass, field
from functools import lru_cache

from nbformat import from_dict

from unrolled.grading.outputs import clean_text

MAX_REMARKS = 40
MAX_CELLS = 2_000
MAX_SOURCE = 50_000     # characters of a cell: more is no answer, but a way to keep the grader busy


class Unreadable(Exception):
    """A submission that is no notebook; the message says why, in one sentence for student and instructor."""


@dataclass
class Rebuilt:
    """A notebook ready to run. hints has a sentence for the student by the grade_id of an answer cell."""

    notebook: dict
    remarks: list[str] = field(default_factory=list)
    hints: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HandedIn:
    """A cell of a submission: its place, kind, source, the grade_id that it claims, and what its source defines."""

    place: int
    kind: str
    source: str
    grade_id: str | None
    meta: dict
    defines: frozenset


def rebuild(release, submission, limit):
    """The Rebuilt notebook of a release (bytes) and a submission (bytes). Raises Unreadable when that is no notebook."""
    cells, remarks = read_cells(submission, limit)
    notebook = read_release(release)
    rebuilt = Rebuilt(notebook, remarks)
    answers = [cell for cell in notebook["cells"] if is_answer(cell)]
    taken = {}
    for cell in answers:
        grade_id = cell["metadata"]["nbgrader"]["grade_id"]
        found = taken[grade_id] = _find_answer(cell, cells, notebook, remarks)
        if found and len(found.source) > MAX_SOURCE:
            why = f"it has {len(found.source):,} characters, and a cell of more than {MAX_SOURCE:,} is not run"
            remarks.append(f"The answer cell {grade_id} was left out: {why}.")
            cell["source"] = f'raise ValueError("{why}")\n\n{cell["source"]}'
        elif found:
            cell["source"] = _clean_source(found.source, grade_id, remarks)
    _remark_differences(notebook, cells, taken, remarks)
    _hint_at_lost_helpers(notebook, cells, taken, rebuilt)
    rebuilt.remarks = [clean_text(remark, 300) for remark in remarks[:MAX_REMARKS]]
    return rebuilt


def read_release(release):
    """A fresh copy of a pristine notebook, from its bytes."""
    return from_dict(copy.deepcopy(_parse_release(release)))


@lru_cache(maxsize=32)
def _parse_release(release):
    notebook = json.loads(release)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])    # a file may hold it as a list of lines
    return notebook


def write_notebook(notebook):
    """A notebook as the bytes of its file."""
    return (json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def is_answer(cell):
    """Whether a cell of a release is the student's to write."""
    return bool(cell["metadata"].get("nbgrader", {}).get("solution"))


def is_graded(cell):
    """Whether a cell of a release is a check that the grader runs."""
    meta = cell["metadata"].get("nbgrader", {})
    return bool(meta.get("grade")) and not meta.get("solution") and cell["cell_type"] == "code"


def read_cells(data, limit):
    """The cells of a handed-in file as HandedIn, and remarks on what had to be overlooked. Raises Unreadable."""
    if data is None:
        raise Unreadable("No notebook was handed in.")
    if len(data) > limit:
        raise Unreadable(f"The file has {len(data) / 1e6:.0f} MB; at most {limit / 1e6:.0f} MB are read. Clear all outputs and hand in again.")
    text, remarks = _decode(data)
    content = _parse(text)
    groups = content.get("worksheets")
    if isinstance(groups, list):
        remarks.append("The notebook is in an old format (nbformat 3 or before).")
        raw = [cell for group in groups if isinstance(group, dict) for cell in _list(group.get("cells"))]
    else:
        raw = _list(content.get("cells"))
    if len(raw) > MAX_CELLS:
        raise Unreadable(f"The notebook has {len(raw)} cells; at most {MAX_CELLS} are read.")
    cells = [_read_cell(place, cell) for place, cell in enumerate(raw) if isinstance(cell, dict)]
    if not cells:
        raise Unreadable("The notebook has no cells.")
    return cells, remarks


def _decode(data):
    start = data.lstrip()[:200].lower()
    if not data.strip(b" \t\r\n\0"):
        raise Unreadable("The file is empty.")
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")):
        raise Unreadable("The file is a web page, not a notebook: download the notebook itself, as .ipynb.")
    if start.startswith((b"pk\x03\x04", b"\x1f\x8b", b"rar!", b"7z")):
        raise Unreadable("The file is an archive, not a notebook: hand in the notebook itself.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace"), ["The file was in UTF-16 instead of UTF-8."]
    if data[:1] == b"{" and data[1:2] == b"\0":
        return data.decode("utf-16-le", errors="replace"), ["The file was in UTF-16 instead of UTF-8."]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return data.decode("latin-1"), ["The file was not in UTF-8; it was read as Latin-1."]


def _parse(text):
    if "\0" in text[:100]:
        raise Unreadable("The file is no notebook: it begins with binary data.")
    try:
        content = json.loads(text, parse_int=_small_int)
    except json.JSONDecodeError as error:
        raise Unreadable(f"The file is no complete notebook: its JSON breaks off or is damaged in line {error.lineno}.") from None
    except (ValueError, RecursionError):
        raise Unreadable("The file is no notebook: its JSON cannot be read.") from None
    if not isinstance(content, dict) or not isinstance(content.get("cells", content.get("worksheets")), list):
        raise Unreadable("The file is JSON, but no notebook: it has no list of cells.")
    return content


def _small_int(digits):
    return int(digits) if len(digits) < 20 else 0


def _list(value):
    return value if isinstance(value, list) else []


def _read_cell(place, cell):
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    meta = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    ours = meta.get("nbgrader") if isinstance(meta.get("nbgrader"), dict) else {}
    grade_id = ours.get("grade_id") if isinstance(ours.get("grade_id"), str) else None
    source = re.sub("\r\n?", "\n", source) if isinstance(source, str) else ""
    kind = cell.get("cell_type")
    return HandedIn(place, kind if isinstance(kind, str) else "", source, grade_id, ours | {"tags": meta.get("tags")}, defined_functions(source))


def _find_answer(answer, cells, notebook, remarks):
    """The handed-in cell whose source belongs into an answer cell, or None when there is none.

    A cell has a better claim when it defines the function, then when it differs from what was released, then when it has
    the right grade_id; among equals the last wins, since it is the one that counts when the notebook is run.
    """
    grade_id = answer["metadata"]["nbgrader"]["grade_id"]
    names = defined_functions(answer["source"])
    named = [cell for cell in cells if cell.grade_id == grade_id]
    if not names or answer["cell_type"] != "code":
        candidates = named
    else:
        others = {_grade_id(cell) for cell in notebook["cells"]} - {grade_id, None}
        definers = [cell for cell in cells if cell.kind != "raw" or cell.grade_id == grade_id]
        definers = [cell for cell in definers if cell.kind == "code" or cell.grade_id == grade_id]
        definers = [cell for cell in definers if names & cell.defines]
        candidates = definers or named
        pristine = answer["source"].strip()
        candidates = max(
            ([c for c in candidates if c.source.strip() != pristine and c.grade_id not in others], candidates), key=bool
        )
        candidates = [cell for cell in candidates if cell.grade_id == grade_id] or candidates
    if not candidates:
        remarks.append(f"The answer cell {grade_id} is missing; the function counts as not written.")
        return None
    chosen = candidates[-1]
    if len(named) > 1:
        remarks.append(f"The answer cell {grade_id} is there {len(named)} times; cell {chosen.place + 1} was taken.")
    elif chosen.grade_id != grade_id:
        remarks.append(f"The answer for {grade_id} was found in cell {chosen.place + 1}, which is not marked as that cell.")
    elif chosen.kind != answer["cell_type"]:
        remarks.append(f"The answer cell {grade_id} was turned into a {clean_text(chosen.kind, 20)} cell; it was run as code.")
    return chosen


_DEF = re.compile(r"^(?:async[ \t]+)?def[ \t]+(\w+)|^(\w+)[ \t]*=", re.MULTILINE)


def defined_functions(source):
    """Names that a source defines or sets at its outermost level, also when it has errors of syntax."""
    return frozenset(unicodedata.normalize("NFKC", a or b) for a, b in _DEF.findall(source[:MAX_SOURCE]))     # as Python reads names


def _grade_id(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def _clean_source(source, grade_id, remarks):
    cleaned = source.encode("utf-8", "replace").decode()
    if cleaned != source:
        remarks.append(f"The answer cell {grade_id} holds characters that are none (lone surrogates); they became question marks.")
    return cleaned


def _remark_differences(notebook, cells, taken, remarks):
    """Say where the submission's other cells differ from ours. All of that is ignored."""
    used = {cell.place for cell in taken.values() if cell is not None}
    claims = {}
    for cell in cells:
        claims.setdefault(cell.grade_id, []).append(cell)
    ids = [_grade_id(cell) for cell in notebook["cells"]]
    for cell in notebook["cells"]:
        grade_id = _grade_id(cell)
        if grade_id is None or is_answer(cell):
            continue
        copies = claims.get(grade_id, [])
        if not copies:
            remarks.append(f"The cell {grade_id} was deleted; ours was used.")
        elif len(copies) > 1:
            remarks.append(f"The cell {grade_id} is there {len(copies)} times; ours was used.")
        elif copies[0].source.strip() != cell["source"].strip() or copies[0].kind != cell["cell_type"]:
            remarks.append(f"The cell {grade_id} was changed; ours was used.")
    for cell in notebook["cells"]:
        for copied in claims.get(_grade_id(cell), []) if _grade_id(cell) else []:
            ours = cell["metadata"]["nbgrader"]
            changed = [key for key in ("points", "grade", "solution", "locked", "task") if key in copied.meta and copied.meta[key] != ours.get(key)]
            if changed:
                remarks.append(f"The cell {_grade_id(cell)} came with other settings ({', '.join(changed)}); ours were used.")
            if copied.meta.get("tags") and copied.meta["tags"] != cell["metadata"].get("tags"):
                remarks.append(f"The cell {_grade_id(cell)} came with tags; they were ignored.")
    for grade_id in claims:
        if grade_id is not None and grade_id not in ids:
            remarks.append(f"A cell calls itself {clean_text(grade_id, 60)!r}, which the release does not have; it was ignored.")
    own = _own_cells(notebook, cells, used)
    if own:
        remarks.append(f"{len(own)} code cell{'s' if len(own) > 1 else ''} of the student's own {'were' if len(own) > 1 else 'was'} not run.")


def _own_cells(notebook, cells, used):
    """Code cells of the submission that are neither ours nor taken."""
    ours = {cell["source"].strip() for cell in notebook["cells"]}
    ids = {_grade_id(cell) for cell in notebook["cells"]} - {None}
    return [c for c in cells if c.kind == "code" and c.place not in used and c.grade_id not in ids and c.source.strip() not in ours | {""}]


def _hint_at_lost_helpers(notebook, cells, taken, rebuilt):
    """Where an answer uses a name that only a cell of the student's own defines, tell both why it is not there."""
    used = {cell.place for cell in taken.values() if cell is not None}
    own = [cell.source for cell in _own_cells(notebook, cells, used)]
    sizes = itertools.accumulate(map(len, own))
    lost = set().union(*(bound_names(source) for source, size in zip(own, sizes, strict=True) if size <= MAX_SOURCE))
    known = set(dir(builtins)).union(*(bound_names(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"))
    for cell in notebook["cells"]:
        if lost and is_answer(cell) and cell["cell_type"] == "code":
            missing = sorted(free_names(cell["source"]) & (lost - known))
            if missing:
                listed = ", ".join(missing)
                rebuilt.hints[_grade_id(cell)] = (
                    f"You use {listed} from a cell of your own. Only the answer cells are run: move it into the cell that uses it."
                )
                rebuilt.remarks.append(f"The answer cell {_grade_id(cell)} uses {listed}, which a cell of the student's own defines.")


def bound_names(source):
    """Names that a source binds at its outermost level; none when it cannot be compiled."""
    return _names(source)[0]


def free_names(source):
    """Names that a source, functions in it included, looks up in the notebook."""
    return _names(source)[1]


@lru_cache(maxsize=256)
def _names(source):
    """The bound names and the free names of a source."""
    table = _looked_into(symtable.symtable, source, "cell", "exec")
    if table is None:
        return frozenset(), frozenset()
    bound = frozenset(s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported())
    names, wanted = set(), [table]
    while wanted:
        scope = wanted.pop()
        wanted += scope.get_children()
        names |= {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (s.is_global() or scope is table)}
    return bound, names - bound


def _looked_into(parse, source, *arguments):
    """What parse makes of a student's source, or None when it cannot be parsed."""
    if len(source) > MAX_SOURCE:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return parse(source, *arguments)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def may_disturb(source, protected):
    """Whether running a source may change something for other cells: it does more than define, or defines a protected name."""
    return not _only_defines(source) or bool(bound_names(source) & protected)


@lru_cache(maxsize=256)
def _only_defines(source):
    tree = _looked_into(ast.parse, source)
    return tree is not None and all(map(_defines, tree.body))      # what is None may be IPython's own syntax


def _defines(statement):
    match statement:
        case ast.FunctionDef(decorator_list=[], args=arguments):
            return all(isinstance(value, ast.Constant) for value in [*arguments.defaults, *arguments.kw_defaults] if value)
        case ast.Import() | ast.Expr(ast.Constant()):
            return True
        case ast.ImportFrom(names=names):
            return all(name.name != "*" for name in names)
        case ast.Assign(targets=[ast.Name()], value=ast.Constant() | ast.Lambda()):
            return True
    return False
