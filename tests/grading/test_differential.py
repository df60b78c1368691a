"""On honest notebooks this grading and stock nbgrader give the same scores, for every assignment and known mistake."""

import json
import os
import shutil
import sys
from itertools import zip_longest
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from unrolled.exercises import ASSIGNMENTS, CHECKED
from unrolled.grading.course.release import read_source
from unrolled.grading.notebook.release import write_notebook
from unrolled.grading.notebook.task import Grader, Task
from unrolled.grading.run.demo import fill
from unrolled.grading.run.standalone import standalone

ROOT = Path(__file__).parents[2]
RELEASES = sorted((ROOT / "exercises").glob("*/*.ipynb"))
# of the first, the largest, and one with a task that is scored by what it reaches; soak has all
SOME = ("rnn", "lstm", "language")


@pytest.fixture(autouse=True)
def commands(monkeypatch):
    """nbgrader calls alembic by its name, also where the environment is not activated."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)


def honest_notebooks(assignment, release):
    """Hand-ins by student: right, blank, and the k-th known mistake of every function at once."""
    exercises = ASSIGNMENTS[assignment]
    right = {exercise.name: standalone(exercise.reference, exercise.name) for exercise in exercises}
    made = {"right": fill(release, right), "blank": release}
    for place, mistakes in enumerate(zip_longest(*(exercise.mistakes for exercise in exercises))):
        wrong = {e.name: standalone(m.wrong, e.name) for e, m in zip(exercises, mistakes, strict=True) if m}
        made[f"mistakes-{place}"] = fill(release, right | wrong)
    return made


def stock_scores(folder, assignment, notebook, hand_ins):
    """Scores by student and function that nbgrader as it comes gives to hand-ins."""
    config = Config()
    config.CourseDirectory.root = str(folder)
    config.CourseDirectory.source_directory, config.CourseDirectory.release_directory = "solutions", "exercises"
    source = folder / "solutions" / assignment / f"{notebook}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_bytes(write_notebook(read_source(ROOT / "solutions" / assignment / f"{notebook}.py")))
    course = CourseDirectory(root=str(folder), config=config)
    api = NbGraderAPI(course, config=config)
    assert api.generate_assignment(assignment)["success"]
    for student, content in hand_ins.items():
        path = folder / "submitted" / student / assignment / f"{notebook}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        graded = api.autograde(assignment, student)
        assert graded["success"], graded["log"]
    with Gradebook(course.db_url) as gradebook:
        notebooks = {student: gradebook.find_submission_notebook(notebook, assignment, student) for student in hand_ins}
        return {    # what is drawn or written is a person's to grade
            student: {grade.name: grade.auto_score for grade in one.grades if grade.name in CHECKED} for student, one in notebooks.items()
        }


def our_scores(assignment, notebook, release, hand_ins):
    """The same scores as this grading gives them."""
    points = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["metadata"]["nbgrader"]["points"]
        for cell in json.loads(release)["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade")
    }
    with Grader() as grader:
        results = {student: grader.grade(Task(assignment, student, notebook, release, content, b"s")) for student, content in hand_ins.items()}
    return {student: {name: mark * points[name] for name, mark in result.marks.items()} for student, result in results.items()}


def compare(folder, release_path, choose):
    assignment, notebook, release = release_path.parent.name, release_path.stem, release_path.read_bytes()
    hand_ins = honest_notebooks(assignment, release)
    hand_ins = {student: hand_ins[student] for student in choose(list(hand_ins))}
    stock = stock_scores(folder, assignment, notebook, hand_ins)
    assert our_scores(assignment, notebook, release, hand_ins) == stock
    assert set(stock["right"].values()) != {0.0}
    shutil.rmtree(folder)


@pytest.mark.parametrize("release", [path for path in RELEASES if path.stem in SOME], ids=lambda path: path.stem)
def test_a_few_notebooks_get_the_same_scores(tmp_path, release):
    compare(tmp_path, release, lambda students: ["right", students[-1]])


@pytest.mark.soak
@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_every_known_mistake_gets_the_same_scores(tmp_path, release):
    compare(tmp_path, release, lambda students: students)
