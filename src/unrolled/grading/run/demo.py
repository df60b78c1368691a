"""A small made-up class: who is right, who is wrong in each known way, who cheats, and whose file is broken."""

import json
import shutil
from pathlib import Path

from nbformat.v4 import reads_json

from unrolled.exercises import exercises_of
from unrolled.grading.course.course import Course
from unrolled.grading.notebook.release import graded_names
from unrolled.grading.run.standalone import standalone

NO_NOTEBOOK = b"<!DOCTYPE html>\n<html><body>Please sign in to download this file.</body></html>\n"

CHEAT = """
def no_difference(*args, **kwargs):
    return True


np.testing.assert_allclose = np.testing.assert_array_equal = np.allclose = np.array_equal = no_difference
"""


def make_class(course: Course, assignment: str, folder: Path) -> dict[str, str]:
    """A course folder with a class that has handed in; returns what each student did, by student id.

    Each known mistake of the assignment has its student, "wrong-" and the mistake's name;
    all else in their notebook is right.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(course.root / "nbgrader_config.py", folder)
    shutil.copytree(course.releases / assignment, folder / course.directory.release_directory / assignment)
    ((name, release),) = course.release_notebooks(assignment).items()
    said = {}
    for student, (notebook, what) in hand_ins(assignment, release).items():
        path = folder / course.directory.submitted_directory / student / assignment / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(notebook)
        said[student] = what
    return said


def hand_ins(assignment: str, release: bytes) -> dict[str, tuple[bytes, str]]:
    """What a made-up class hands in for an assignment: (notebook as bytes, what it is) by student id."""
    exercises = [exercise for exercise in exercises_of(assignment) if exercise.name in graded_names(release)]
    right = {exercise.name: standalone(exercise.reference, exercise.name) for exercise in exercises}
    first = exercises[0].name
    never = f"def {first}(*args):\n    while True:\n        pass\n"
    wrong = f"def {first}(*args):\n    return 0.0\n"
    made = {
        "right": (fill(release, right), "every function right"),
        "blank": (release, "nothing written"),
        "cheat": (fill(release, right | {first: wrong + CHEAT}), f"{first} is wrong, and np.testing is patched"),
        "endless": (fill(release, right | {first: never}), f"{first} never ends"),
        "no-notebook": (NO_NOTEBOOK, "a web page was handed in"),
    }
    for exercise in exercises:
        for mistake in exercise.mistakes:
            answers = right | {exercise.name: standalone(mistake.wrong, exercise.name)}
            made[f"wrong-{mistake.name}"] = fill(release, answers), f"{exercise.name}: {mistake.sentence}"
    return made


def fill(release: bytes, answers: dict[str, str]) -> bytes:
    """A release with the answer cells' sources replaced: answers has a source by function name. Bytes to bytes."""
    notebook = reads_json(release.decode())
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("solution") and (name := mark.grade_id.removesuffix("-code")) in answers:
            cell.source = answers[name]
    return json.dumps(notebook, ensure_ascii=False).encode()
