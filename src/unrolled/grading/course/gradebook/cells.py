"""The cells of an assignment: those of its release, and those that the gradebook knows."""

from nbformat.v4 import reads_json
from nbgrader import api
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from unrolled.grading.course.course import Course, CourseError
from unrolled.grading.course.source import only_tasks

RENAME = "Give the changed assignment a new name, or take its submissions out of the gradebook."


def known_cells(engine: Engine, assignment: str) -> dict[tuple[str, str], str | None]:
    """The checksum by (notebook, cell) of what the gradebook knows of an assignment."""
    query = (
        select(api.Notebook.name, api.SourceCell.name, api.SourceCell.checksum)
        .join(api.SourceCell, api.SourceCell.notebook_id == api.Notebook.id)
        .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
        .where(api.Assignment.name == assignment)
    )
    with Session(engine) as session:
        return {(notebook, cell): checksum for notebook, cell, checksum in session.execute(query)}


def cells_of(releases: dict[str, bytes]) -> dict[tuple[str, str], str | None]:
    """The checksum by (notebook, cell) of every cell that nbgrader keeps of releases (bytes by name)."""
    cells = [
        (name, cell)
        for name, content in releases.items()
        for cell in reads_json(content.decode()).cells
        if "nbgrader" in cell.metadata
    ]
    return {(name, cell.metadata.nbgrader.grade_id): cell.metadata.nbgrader.get("checksum") for name, cell in cells}


def save_cells(course: Course, assignment: str, releases: dict[str, bytes]) -> None:
    """Make the gradebook know the cells of releases (bytes by name).
    Raises CourseError where one was of another kind when something was graded."""
    from nbgrader.preprocessors import SaveCells  # which comes with much that is seldom needed

    url = course.directory.db_url
    with api.Gradebook(url, course.directory.course_id) as gradebook:
        gradebook.update_or_create_assignment(assignment)
    for name, content in releases.items():
        notebook, place = reads_json(content.decode()), {"notebook": name, "assignment": assignment, "db_url": url}
        only_tasks(notebook)
        try:
            SaveCells(config=course.config).preprocess(notebook, {"nbgrader": place})
        except RuntimeError as error:
            raise CourseError(
                f"cells of {assignment} are of another kind than when it was first graded: {error}. {RENAME}"
            ) from error
