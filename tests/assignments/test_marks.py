"""Every assignment's own solution has all points, its untouched release none; stock nbgrader agrees
(see tests/grading)."""

import nbformat
import pytest

from unrolled.grading.notebook.limits import Limits
from unrolled.grading.notebook.task import Grader, Task

LIMITS = Limits(cell_seconds=60, seconds=200)       # a machine that tests is busy


@pytest.fixture(scope="module")
def grader():
    with Grader() as grader:
        yield grader


@pytest.mark.xdist_group("assignments")
def test_the_solution_has_all_points_and_the_release_none(course, assignment, source, grader):
    ((name, release),) = course.release_notebooks(assignment).items()
    task = Task(assignment, "ada", name, release, nbformat.writes(source).encode(), b"secret", LIMITS)
    right = grader.grade(task)
    assert set(right.marks.values()) == {1.0}, right.messages
    assert not right.remarks and right.ungraded is None
    blank = grader.grade(Task(assignment, "bob", name, release, release, b"secret", LIMITS))
    assert set(blank.marks.values()) == {0.0}
    assert all("is not written yet" in message for message in blank.messages.values())
