"""From a solution's text to the notebook that students receive.

`solutions/NN-topic/<notebook>.py` is the single source. nbgrader reads notebooks, so each text is written beside
itself as `.ipynb` (never committed) whenever it differs, and nbgrader's own `generate_assignment` does the rest.
"""

import json
import os
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory

from unrolled.grading.course import CourseError

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}


def read_source(path):
    """The notebook that a solution's py:percent text describes, the same for the same text.

    A cell's id is its grade_id, or its place; nothing of jupytext stays in the metadata.
    """
    import jupytext

    notebook = jupytext.read(path, fmt="py:percent")
    for place, cell in enumerate(notebook.cells):
        cell.id = cell.metadata.get("nbgrader", {}).get("grade_id", f"cell-{place}")
        cell.metadata.pop("lines_to_next_cell", None)
    only_tasks(notebook)
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def only_tasks(notebook):
    """Cells that are tasks are no graded cells besides: nbgrader would count their points twice."""
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("task"):
            cell.metadata.nbgrader["grade"] = False


def make_notebooks(solutions):
    """Write each text in the folders of solutions as the notebook beside it, where that differs. Returns those written."""
    written = []
    for text in sorted(Path(solutions).glob("*/*.py")):
        notebook = text.with_suffix(".ipynb")
        content = json.dumps(read_source(text), indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        if not notebook.exists() or notebook.read_bytes() != content:
            write_whole(notebook, content)
            written.append(notebook)
    return written


def write_whole(path, content, mode=0o644):
    """Write bytes so that whoever reads path, even after a crash, finds the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.chmod(mode)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def sources(course):
    """Names of the assignments that have a source, in order."""
    return sorted({text.parent.name for text in course.solutions.glob("*/*.py")})


def release(course, assignment, into=None):
    """Generate an assignment's release with nbgrader: into the course and its gradebook, or only into the folder `into`.

    Raises CourseError when there is no such source, or when nbgrader refuses it.
    """
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException

    if assignment not in sources(course):
        listed = ", ".join(sources(course)) or "none"
        raise CourseError(f"{course.directory.source_directory}/ has no assignment {assignment!r}; it has {listed}.")
    make_notebooks(course.solutions)
    config, places = course.config.copy(), {}
    if into is not None:
        config.SaveCells.enabled = False
        places = {"release_directory": str(into)}
    directory = CourseDirectory(root=str(course.root), assignment_id=assignment, config=config, **places)
    converter = GenerateAssignment(coursedir=directory, config=config, force=True, no_database=into is not None)
    try:
        converter.start()
    except NbGraderException as error:
        raise CourseError(f"nbgrader could not release {assignment}: {error}") from error
