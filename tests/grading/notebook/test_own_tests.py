"""Tests of an instructor's own: they run in the sandbox as nbgrader would run them, and what they
hide stays hidden."""

import json

import pytest

from tests.grading.notebooks import answer, as_bytes, code, graded, notebook, right, stub
from unrolled.grading.notebook.task import Grader, Task

pytestmark = pytest.mark.xdist_group("own_tests")
HELPERS = "def double(x):\n    return 2 * x"


@pytest.fixture(scope="module")
def grader():
    with Grader() as grader:
        yield grader


def made(test, double, softmax, points=2):
    """A notebook with one function that is checked and one that is tested."""
    content = notebook({"softmax": softmax})
    tested = code(test, grade=True, grade_id="test-double", locked=True, solution=False, points=points)
    content["cells"] += [answer("double", double) | {"id": "d"}, tested | {"id": "t"}]
    return as_bytes(content)


def grade(grader, test, double=HELPERS, hidden=None, softmax=None, points=2):
    release = made(test, "def double(x):\n    raise NotImplementedError()", stub("softmax"), points)
    submission = made(test, double, softmax or right("softmax"), points)
    return grader.grade(Task("02-rnn", "ada", "rnn", release, submission, b"s" * 32, hidden={"test-double": hidden} if hidden else {}))


@pytest.mark.parametrize(
    "test, share",
    [
        ("assert double(2) == 4", 1),
        ("assert double(2) == 5", 0),
        ("double(2)", 1),                                   # more than its points
        ("double(0.5)", 0.5),
        ("double(-1)", 0),
        ("float('nan') * double(1)", 0),
        ("'all is well'", 1),
        ("import warnings\nwarnings.warn('well')\nassert double(2) == 4", 1),
        ("assert undefined", 0),
        ("for x in range(3):\n    assert double(x) == 2 * x\nprint(double(3))", 1),
    ],
)
def test_tests_give_what_nbgrader_gives(grader, test, share):
    result = grade(grader, test)
    assert result.marks == {"softmax": 1, "test-double": share}


def test_what_failed_is_shown_and_what_is_hidden_is_not(grader):
    shown = "assert double(2) == 4, 'twice two'"
    hidden = f"{shown}\n### BEGIN HIDDEN TESTS\nassert double(-3) == -6, 'minus six'\n### END HIDDEN TESTS"
    wrong = "def double(x):\n    return 2 * abs(x)"
    assert grade(grader, shown, wrong).marks["test-double"] == 1
    result = grade(grader, shown, wrong, hidden)
    assert result.marks["test-double"] == 0
    assert result.messages["test-double"] == "test-double: a hidden test failed (“AssertionError”)."
    result = grade(grader, shown, "def double(x):\n    return x", hidden)
    assert "the test `assert double(2) == 4, 'twice two'` failed: AssertionError: “twice two”" in result.messages["test-double"]


def test_a_cell_that_stopped_is_told_and_not_the_test_that_could_not_run(grader):
    result = grade(grader, "assert double(2) == 4", "def double(x)\n    return 2 * x")
    assert "its cell stopped: SyntaxError" in result.messages["test-double"]


@pytest.mark.parametrize(
    "double",
    [
        "def double(x):\n    raise SystemExit",
        "def double(x):\n    import os\n    os._exit(0)",
        "def double(x):\n    import unrolled.recording, sys\n    sys.modules['__main__'].__dict__.clear()\n    return 2 * x",
    ],
)
def test_whatever_happens_in_a_test_costs_no_other_function(grader, double):
    assert grade(grader, "assert double(2) == 4; assert double(3) == 6", double).marks["softmax"] == 1


def test_what_another_cell_has_disturbed_is_tested_by_itself(grader):
    disturbing = right("softmax") + "\n\ndouble.__code__ = (lambda x: 0).__code__"
    content = notebook({"softmax": disturbing})
    tested = code("assert double(2) == 4", grade=True, grade_id="test-double", locked=True, solution=False, points=2)
    cells = [answer("double", HELPERS) | {"id": "d"}, *content["cells"][1:], tested | {"id": "t"}]
    content["cells"][1:] = cells
    submission = as_bytes(content)
    for cell in content["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if meta.get("solution"):
            cell["source"] = stub("softmax") if meta["grade_id"] == "softmax-code" else "def double(x):\n    raise NotImplementedError()"
    result = grader.grade(Task("02-rnn", "ada", "rnn", as_bytes(content), submission, b"s" * 32))
    assert result.marks == {"softmax": 1, "test-double": 1}


def test_a_check_of_what_is_no_exercise_gives_nothing(grader):
    content = notebook({"softmax": right("softmax")})
    content["cells"] += [answer("double", HELPERS) | {"id": "d"}, graded("double") | {"id": "t"}]
    result = grader.grade(Task("02-rnn", "ada", "rnn", as_bytes(content), as_bytes(content), b"s" * 32))
    assert result.marks == {"softmax": 1, "double": 0}
    assert json.loads(result.graded)["cells"][-1]["outputs"][0]["data"]["text/plain"] == "double is no exercise of this assignment."


def test_a_record_that_nobody_asked_for_is_misuse(grader):
    double = "def double(x):\n    import os, struct\n    for fd in range(3, 30):\n        try: os.write(fd, struct.pack('<cI', b'R', 0))\n        except OSError: pass\n    return 2 * x"
    result = grade(grader, "assert double(2) == 4", double)
    assert result.marks == {"softmax": 1, "test-double": 0}
