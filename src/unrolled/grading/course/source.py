"""What is wrong with the source of an assignment, in one sentence: nbgrader would refuse it in many, or not at all."""

import ast
import math
import re

from nbformat import NotebookNode, ValidationError
from nbgrader.nbgraderformat import MetadataValidator

from unrolled.grading.notebook.names import defined_functions, looked_into
from unrolled.grading.notebook.release import USES_CHECK, is_graded

NEEDED = ("grade", "grade_id", "locked", "schema_version", "solution")
GRADE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # a cell's id, too, so what nbformat allows
REGIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
CHECK = re.compile(r"^check\((\w+)\)", re.MULTILINE)


def fault_of_source(notebook: NotebookNode) -> str | None:
    """The first fault of a source's cells, or None: "the cell softmax has no points"."""
    seen: set[str] = set()
    for cell in notebook.cells:
        name = _mark(cell).get("grade_id")
        if (
            fault := _fault_of_metadata(cell)
            or _fault_of_regions(cell)
            or _fault_of_code(cell)
            or (f"has the grade_id of another cell, {name}" if name in seen else None)
        ):
            return f"{_called(cell)} {fault}"
        seen |= {name} - {None}
    return None


def fault_of_release(notebook: NotebookNode) -> str | None:
    """The first fault that shows once the solutions are taken out, or None:
    a cell checks what does not exist or is nowhere written."""
    from unrolled.exercises import CHECKED  # with NumPy and all references, which few commands need

    answers = [cell for cell in notebook.cells if _mark(cell).get("solution")]
    written = {name for cell in answers for name in defined_functions(cell.source)}
    for cell in notebook.cells:
        for function in CHECK.findall(cell.source) if _mark(cell).get("grade") else ():
            if function not in CHECKED:
                return f"{_called(cell)} checks {function}, and there is no exercise of that name"
            if function not in written:
                return (
                    f"{_called(cell)} checks {function}, which no answer cell defines once the solution is taken out"
                )
            if function != _mark(cell)["grade_id"]:
                return (
                    f"{_called(cell)} checks {function}, so {function} has to be its grade_id: "
                    "by that grading finds the exercise"
                )
        if is_graded(cell) and USES_CHECK.search(cell.source) and not _only_checks(cell.source):
            return (
                f"{_called(cell)} does more than `check(...)`, which alone decides there: "
                "tests of your own belong into a cell of their own"
            )
    return None


def _only_checks(source):
    """Whether a source is one call of `check`."""
    tree = looked_into(ast.parse, source)
    match tree and tree.body:
        case [ast.Expr(ast.Call(func=ast.Name("check")))]:
            return True
    return False


def gives_points(notebook: NotebookNode) -> bool:
    """Whether there is anything in a notebook that a grader or a person marks."""
    return any(_mark(cell).get("grade") or _mark(cell).get("task") for cell in notebook.cells)


def only_tasks(notebook: NotebookNode) -> None:
    """Cells that are tasks are no graded cells besides: nbgrader would count their points twice."""
    for cell in notebook.cells:
        if _mark(cell).get("task"):
            cell.metadata.nbgrader["grade"] = False


def _mark(cell):
    """nbgrader's metadata of a cell, empty where it has none that can be read."""
    mark = cell.metadata.get("nbgrader")
    return mark if isinstance(mark, dict) else {}


def _called(cell):
    """How a sentence names a cell."""
    name = _mark(cell).get("grade_id")
    first = (cell.source.strip().splitlines() or [""])[0]
    return f"the cell {name}" if name else f"the cell that begins with `{first[:60]}`"


def _fault_of_metadata(cell):
    if "incorrectly_encoded_metadata" in cell.metadata or not isinstance(cell.metadata.get("nbgrader", {}), dict):
        return "has metadata that cannot be read: look at the line above it"
    if "nbgrader" not in cell.metadata:
        return None
    mark = cell.metadata.nbgrader
    missing = [key for key in NEEDED if key not in mark]
    if missing:
        return f"has no {', no '.join(missing)}"
    if not isinstance(mark["grade_id"], str) or not GRADE_ID.fullmatch(mark["grade_id"]):
        return f"has the grade_id {mark['grade_id']!r}: up to 64 letters, digits, - and _ make one"
    if mark["grade"] or mark.get("task"):
        points = mark.get("points")
        if points is None:
            return "has no points"
        if (
            isinstance(points, bool)
            or not isinstance(points, int | float)
            or not (math.isfinite(points) and points >= 0)
        ):
            return f"has {points!r} as points, which is no number of points"
    return _refused_by_nbgrader(cell)


def _refused_by_nbgrader(cell):
    try:
        MetadataValidator().validate_cell(cell)
    except ValidationError as error:
        return f"is refused by nbgrader: of its metadata, {'.'.join(map(str, error.path))}: {error.message}"
    except Exception as error:  # its own, and whatever else comes of metadata that it did not expect
        return f"is refused by nbgrader: {' '.join(str(error).split()) or type(error).__name__}"
    return None


def _fault_of_code(cell):
    """Why a cell that grades would stop for everybody, whatever they have written."""
    if not is_graded(cell):
        return None
    from IPython.core.inputtransformer2 import TransformerManager  # its import takes longer than most commands

    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT  # as in a notebook, which has magics, too
    try:
        compile(TransformerManager().transform_cell(cell.source), "cell", "exec", flags)
    except (SyntaxError, ValueError) as error:
        line = f" in line {error.lineno}" if isinstance(error, SyntaxError) else ""
        return f"is no Python{line}: {getattr(error, 'msg', error)}"
    return None


def _fault_of_regions(cell):
    """What is wrong with the markers between which something is taken out of the release."""
    inside = None
    for line in cell.source.splitlines():
        for region in REGIONS:
            if f"BEGIN {region}" in line:
                if inside:
                    return f"has ### BEGIN {region} before the ### END {inside} that belongs to the one above"
                inside = region
            elif f"END {region}" in line:
                if inside != region:
                    return f"has ### END {region} without ### BEGIN {region}"
                inside = None
    if inside:
        return f"has ### BEGIN {inside} without ### END {inside}"
    if "BEGIN SOLUTION" in cell.source and not _mark(cell).get("solution"):
        return "has a solution in it, but its metadata do not say so"
    return None
