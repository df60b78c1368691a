"""What students wrote for a person to read: in answer cells that a person marks, and in cells of their
own under a task."""

from nbformat import NotebookNode
from nbformat.v4 import reads_json
from nbgrader import utils

from unrolled.grading.course.gradebook import Record
from unrolled.grading.notebook.release import is_added


def is_for_person(cell: NotebookNode) -> bool:
    """Whether a graded cell is one that a person marks."""
    return utils.is_task(cell) or utils.is_grade(cell) and utils.is_solution(cell)


def groups(notebook: NotebookNode) -> list[tuple[NotebookNode, list[NotebookNode]]]:
    """Each cell of a graded notebook that has points, with the student's cells that these are for."""
    found: list[tuple[NotebookNode, list[NotebookNode]]] = []
    answers: list[NotebookNode] = []
    under: list[NotebookNode] | None = None
    for cell in notebook.cells:
        if under is not None and is_added(cell):
            under.append(cell)
            continue
        under = None
        if utils.is_task(cell):
            under = []
            found.append((cell, under))
        elif utils.is_grade(cell):
            found.append((cell, [cell] if utils.is_solution(cell) else answers))
            answers = answers if utils.is_solution(cell) else []
        elif utils.is_solution(cell):
            answers.append(cell)
    return found


def written_answers(record: Record) -> dict[tuple[str, str], str]:
    """What students wrote, by student and grade_id; what was left as it was released is nothing."""
    found = {}
    for student, notebook in record.entries():
        path = record.course.folder("autograded", student, record.assignment) / f"{notebook}.ipynb"
        for cell, answers in groups(reads_json(path.read_text(encoding="utf-8"))) if path.exists() else ():
            if (
                is_for_person(cell)
                and cell.metadata.nbgrader.get("checksum") != utils.compute_checksum(cell)
                or utils.is_task(cell)
            ):
                found[student, cell.metadata.nbgrader.grade_id] = "\n\n".join(answer.source for answer in answers)
    return found
