"""From a solution's text to the notebook that students receive.

`solutions/NN-topic/<notebook>.py` is the single source, but for the answers: between the two marks of a solution comes
the body of the reference function. nbgrader reads notebooks, so each text is written beside itself as `.ipynb` (never
committed) whenever it differs, and nbgrader's own `generate_assignment` does the rest.
"""

import ast
import glob
import inspect
import json
import logging
import logging.handlers
import sys
import tempfile
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory
from traitlets.log import get_logger

from unrolled.grading.course.course import Course, CourseError
from unrolled.grading.course.files import write_whole
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.course.hidden import keep_hidden_tests
from unrolled.grading.course.source import fault_of_release, fault_of_source, gives_points, only_tasks

NO_ANSWER = "    ### BEGIN SOLUTION\n    ### END SOLUTION"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}


def read_source(path: Path) -> nbformat.NotebookNode:
    """The notebook that a solution's py:percent text describes, with the reference's answers,
    the same for the same text.

    A cell's id is its grade_id, or its place; nothing of jupytext stays in the metadata.
    Raises CourseError for a text that describes none.
    """
    import jupytext

    try:
        notebook = jupytext.read(path, fmt="py:percent")
    except Exception as error:  # of YAML and of nbformat, too, and of what else the text is read by
        said = str(error).strip().partition("\n")[0] or type(error).__name__
        raise CourseError(
            f"{path} cannot be read: {said}. Nothing was released, and what was released before stays."
        ) from error
    for place, cell in enumerate(notebook.cells):
        mark = cell.metadata.get("nbgrader")
        mark = mark if isinstance(mark, dict) else {}
        cell.id = str(mark.get("grade_id", f"cell-{place}"))
        if mark.get("solution") and NO_ANSWER in cell.source:
            cell.source = cell.source.replace(NO_ANSWER, NO_ANSWER.replace("\n", f"\n{_answer_to(cell.id)}\n"))
        cell.metadata.pop("lines_to_next_cell", None)
    only_tasks(notebook)
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def _answer_to(grade_id):
    """The body of the reference function that a solution cell is named after, without its docstring."""
    from unrolled.exercises import CHECKED  # with NumPy and all references, which few commands need
    from unrolled.exercises.recorded import ReferenceMissing

    name = grade_id.removesuffix("-code")
    if name not in CHECKED:
        raise CourseError(
            f"the cell {grade_id} has no answer between its marks, and the reference has no function {name}."
        )
    try:
        source = inspect.getsource(CHECKED[name].reference)
    except ReferenceMissing as missing:
        raise CourseError(str(missing)) from None
    docstring = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)).body[0]
    return "\n".join(source.splitlines()[docstring.end_lineno :])


def make_notebooks(solutions: str | Path, assignment: str = "*") -> list[Path]:
    """Write each text of an assignment, or of all, as the notebook beside it, where that differs.
    Returns those written.

    Raises CourseError where that cannot be done.
    """
    written = []
    for text in sorted(Path(solutions).glob(f"{assignment}/*.py")):
        notebook = text.with_suffix(".ipynb")
        content = json.dumps(read_source(text), indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        try:
            if not notebook.exists() or notebook.read_bytes() != content:
                write_whole(notebook, content)
                written.append(notebook)
        except OSError as error:
            raise CourseError(
                f"{notebook}, in which nbgrader reads the source, cannot be written: {error.strerror}."
            ) from error
    return written


def keep_notebooks(solutions: str | Path) -> None:
    """The same whenever the settings are read: what cannot be done is a warning then, since only a
    release needs it."""
    for folder in sorted(Path(solutions).glob("*/")):
        try:
            make_notebooks(solutions, glob.escape(folder.name))
        except CourseError as error:
            get_logger().warning("%s", error)


def sources(course: Course) -> list[str]:
    """Names of the assignments that have a source, in order."""
    return sorted({text.parent.name for text in course.solutions.glob("*/*.py")})


def release(course: Course, assignment: str, into: Path | None = None) -> None:
    """Generate an assignment's release with nbgrader: into the course and its gradebook,
    or only into the folder `into`.

    The release before stays as it is until all of the new one is there. Raises CourseError when there is no such
    source, when something is wrong with it, or when nbgrader refuses it.
    """
    if assignment not in sources(course):
        listed = ", ".join(sources(course)) or "none"
        raise CourseError(f"{course.directory.source_directory}/ has no assignment {assignment!r}; it has {listed}.")
    with tempfile.TemporaryDirectory() as place:
        made = try_release(course, assignment, Path(place, "tried"), keep=into is None)
        if into is None:
            made = _generate(course, assignment, Path(place, "made"), keep=True)
        _take_the_place(made, (course.releases if into is None else Path(into)) / assignment)
    if into is None:
        keep_hidden_tests(course, assignment)


def try_release(course: Course, assignment: str, place: Path, keep: bool = True) -> Path:
    """The folder, in `place`, of what would be released; with keep, the gradebook could know it.
    Changes neither. Raises CourseError as release does."""
    for text in sorted((course.solutions / assignment).glob("*.py")):
        _refuse(course, text, fault_of_source(read_source(text)))
    make_notebooks(course.solutions, glob.escape(assignment))
    made = _generate(course, assignment, place)
    released = {path.stem: path.read_bytes() for path in sorted(made.glob("*.ipynb"))}
    notebooks = {name: nbformat.reads(content.decode(), as_version=4) for name, content in released.items()}
    for name, notebook in notebooks.items():
        _refuse(course, course.solutions / assignment / f"{name}.py", fault_of_release(notebook))
    if not any(map(gives_points, notebooks.values())):
        _refuse(course, course.solutions / assignment, "no cell gives points")
    if keep:
        with open_record(course, assignment) as record:
            record.refuse_other_cells(released)
    return made


def _refuse(course, text, fault):
    if fault:
        raise CourseError(
            f"{text.relative_to(course.root)}: {fault}. Nothing was released, and what was released before stays."
        )


def _generate(course, assignment, place, keep=False):
    """The folder in `place` with what nbgrader makes of an assignment's source;
    with keep, the gradebook knows it then."""
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException

    config = course.config.copy()
    config.SaveCells.enabled = keep
    directory = CourseDirectory(
        root=str(course.root), assignment_id=assignment, config=config, release_directory=str(place)
    )
    log = logging.Logger("release")  # nobody's but ours: what nbgrader says in many lines is said here in one
    said = logging.handlers.BufferingHandler(sys.maxsize)
    said.setLevel(logging.ERROR)
    log.addHandler(said)
    try:
        generator = GenerateAssignment(coursedir=directory, config=config, force=True, no_database=not keep, log=log)
        inspect.unwrap(GenerateAssignment.start)(generator)  # also where guard() has put a trial before it
    except NbGraderException as error:
        texts = [entry.getMessage() for entry in said.buffer]
        traces = [text.strip().splitlines()[-1] for text in texts if text.startswith("Traceback")]
        raise CourseError(f"nbgrader could not release {assignment}: {(traces or [str(error)])[0]}") from error
    return place / assignment


def _take_the_place(made, target):
    """Let the files of a new folder take the place of those in target, each at one moment."""
    names = {path.relative_to(made) for path in made.rglob("*") if path.is_file()}
    for name in sorted(names):
        write_whole(target / name, (made / name).read_bytes(), mode=(made / name).stat().st_mode & 0o777)
    for path in sorted(target.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(target) not in names:
            path.unlink()
