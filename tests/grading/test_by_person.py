"""What a person marks: a figure is drawn where answers are graded, and waits, as words do; what was left blank
waits for nobody."""

import json

import pytest

from tests.grading.classroom import ASSIGNMENT, NOTEBOOK, ROOT, grade, new_course, unrolled
from unrolled.exercises import ASSIGNMENTS
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.run.demo import fill
from unrolled.grading.run.standalone import standalone

pytestmark = pytest.mark.xdist_group("by_person")
RELEASED = ROOT / "exercises" / ASSIGNMENT
RELEASE = (RELEASED / f"{NOTEBOOK}.ipynb").read_bytes()
FIGURE, QUESTION = "two-beginnings", "the-state-or-the-answer"
DRAWN = "import matplotlib.pyplot as plt\n\nplt.plot(rnn_forward(np.ones((5, 1, 2)), np.zeros((1, 3)), np.ones((2, 3)), np.eye(3), np.zeros(3))[:, 0])\nplt.show()"
RIGHT = {exercise.name: standalone(exercise.reference, exercise.name) for exercise in ASSIGNMENTS[ASSIGNMENT]}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Ada has done all, Bob nothing, Eve's figure stops with an error."""
    ada = RIGHT | {FIGURE: DRAWN, QUESTION: "Its weights are of rank O at most."}
    class_ = {"ada": fill(RELEASE, ada), "bob": RELEASE, "eve": fill(RELEASE, ada | {FIGURE: "plt.plot(undrawn)"})}
    course = new_course(tmp_path_factory.mktemp("course"), class_, released=RELEASED)
    grade(course)
    return course


def marks(course, student):
    with open_record(course, ASSIGNMENT) as record:
        return {mark.name: mark for mark in record.marks() if mark.student == student}


def test_a_figure_and_words_wait_for_a_person_and_all_else_has_its_marks(course):
    found = marks(course, "ada")
    assert {name for name, mark in found.items() if mark.needs_person} == {FIGURE, QUESTION}
    assert all(mark.score == mark.points for name, mark in found.items() if name in RIGHT)
    done = unrolled(course.root, "marks", ASSIGNMENT)
    assert done.returncode == 1 and "waiting for a person's mark: ada" in done.stderr.lower()


def test_what_was_left_as_it_was_released_has_no_points_and_waits_for_nobody(course):
    found = marks(course, "bob")
    assert not any(mark.needs_person for mark in found.values()) and sum(mark.score for mark in found.values()) == 0


@pytest.mark.parametrize("student, kind", [("ada", "image/png"), ("eve", "NameError")])
def test_the_person_sees_what_was_drawn_or_why_nothing_was(course, student, kind):
    notebook = json.loads((course.folder("autograded", student, ASSIGNMENT) / f"{NOTEBOOK}.ipynb").read_text())
    (cell,) = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == FIGURE]
    assert kind in json.dumps(cell["outputs"])
