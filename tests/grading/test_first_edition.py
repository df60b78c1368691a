"""What was released in the first edition goes on being graded: its points stay, and what it does not have is said.

tests/grading/first_edition holds the notebooks of 02-rnn and 04-vanishing-gradients as version 1.0.0 gave
them to students.
"""

import json

from tests.grading.classroom import (
    ASSIGNMENT,
    NAMES,
    NOTEBOOK,
    RELEASE,
    RELEASED,
    RIGHT,
    ROOT,
    answers,
    grade,
    new_course,
    scores,
    unrolled,
)
from unrolled.exercises import CHECKED
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.notebook.release import graded_names
from unrolled.grading.notebook.task import Task
from unrolled.grading.notebook.task import grade as grade_task
from unrolled.grading.run.demo import fill
from unrolled.grading.run.driver import Run
from unrolled.grading.run.standalone import standalone

SECOND = ROOT / "exercises" / ASSIGNMENT
NEW = (SECOND / f"{NOTEBOOK}.ipynb").read_bytes()
GAINED = [name for name in graded_names(NEW) if name not in NAMES]


def points_of(release):
    marks = [cell["metadata"].get("nbgrader", {}) for cell in json.loads(release)["cells"]]
    return {mark["grade_id"]: mark["points"] for mark in marks if mark.get("grade")}


def plan(course):
    with open_record(course, ASSIGNMENT) as record:
        return Run(course, record, ASSIGNMENT).plan()


def test_a_notebook_of_the_first_edition_has_all_of_its_points():
    graded = grade_task(Task(ASSIGNMENT, "ada", NOTEBOOK, RELEASE, answers(), b"secret"))
    assert graded.marks == dict.fromkeys(NAMES, 1.0) and sum(points_of(RELEASE).values()) == 20
    assert not graded.remarks and graded.ungraded is None


def test_handed_in_to_the_second_edition_it_is_said_which_tasks_it_does_not_have():
    graded = grade_task(Task(ASSIGNMENT, "ada", NOTEBOOK, NEW, answers(), b"secret"))
    assert graded.marks == dict.fromkeys(NAMES, 1.0) | dict.fromkeys(GAINED, 0.0)
    said = {remark.text for remark in graded.remarks}
    for name in GAINED:
        assert f"The answer cell {name}-code is missing; the function counts as not written." in said
        assert "is not written yet" in graded.messages[name]
    for name in ("two-beginnings", "the-state-or-the-answer"):
        assert f"The answer cell {name} is missing; it counts as not written." in said


def test_a_function_that_is_wrong_is_told_as_in_the_first_edition():
    submission = answers(readout=RIGHT["readout"].replace("+ b_y", ""))
    for release in (RELEASE, NEW):
        graded = grade_task(Task(ASSIGNMENT, "ada", NOTEBOOK, release, submission, b"secret"))
        assert graded.marks["readout"] == 0 and graded.mistakes["readout"] == "the bias b_y is left out"


def test_grades_of_before_stay_as_they_are_and_are_called_stale_once_the_points_have_changed(tmp_path):
    course = new_course(tmp_path, {"ada": answers()})
    grade(course)
    assert scores(course) == {"ada": 20} and not plan(course).stale
    release = course.releases / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    changed = json.loads(RELEASE)
    for cell in changed["cells"]:
        mark = cell["metadata"].get("nbgrader", {})
        if mark.get("grade"):
            mark["points"] = points_of(NEW)[mark["grade_id"]]
    release.write_text(json.dumps(changed))
    found = plan(course)
    assert found.stale == [("ada", NOTEBOOK)] and not found.todo
    assert scores(course) == {"ada": 20}
    done = unrolled(tmp_path, "grade", ASSIGNMENT)
    assert "has changed since these were graded: ada" in done.stdout and "--again" in done.stdout


def test_the_second_edition_does_not_take_the_place_of_what_was_graded(tmp_path):
    course = new_course(tmp_path, {"ada": answers()})
    grade(course)
    (course.releases / ASSIGNMENT / f"{NOTEBOOK}.ipynb").write_bytes(NEW)
    done = unrolled(tmp_path, "grade", ASSIGNMENT)
    assert done.returncode == 1 and all(name in done.stderr for name in GAINED) and "since it was first graded" in done.stderr
    assert scores(course) == {"ada": 20}


def test_a_function_that_is_asked_no_more_keeps_its_points_where_it_was_asked():
    name = "04-vanishing-gradients"
    (path,) = (RELEASED.parent / name).glob("*.ipynb")
    first, second = path.read_bytes(), (ROOT / "exercises" / name / path.name).read_bytes()
    right = {asked: standalone(CHECKED[asked].reference, asked) for asked in graded_names(first)}
    handed_in = fill(first, right)
    graded = grade_task(Task(name, "ada", path.stem, first, handed_in, b"secret"))
    assert graded.marks == dict.fromkeys(right, 1.0) and "identity_init" in graded.marks
    graded = grade_task(Task(name, "ada", path.stem, second, handed_in, b"secret"))
    assert graded.marks == {asked: float(asked in right) for asked in graded_names(second)} and "identity_init" not in graded.marks
