"""Tampered and damaged notebooks are graded on the pristine one, or say in one sentence why not."""

import json
from dataclasses import replace

import pytest
from nbformat import from_dict
from nbgrader.utils import determine_grade, is_grade

from tests.grading.notebooks import FUNCTIONS, POINTS, release
from tests.hostile.cheats import CHEATS
from tests.hostile.edits import EDITS
from tests.hostile.faults import FAULTS
from tests.hostile.test_attacks import LIMITS
from tests.hostile.test_files import NUMBERS
from unrolled.grading.notebook.task import Grader, Task


@pytest.fixture(scope="module")
def grader():
    with Grader() as grader:
        yield grader


def grade(grader, content, student="eve"):
    limits = replace(LIMITS, submission_bytes=4_000_000)
    return grader.grade(Task("02-rnn", student, "rnn", release(), content, secret=b"of this test", limits=limits))


def nbgrader_scores(graded):
    """The scores that nbgrader itself reads from a graded notebook, by grade_id."""
    cells = [from_dict(cell) for cell in json.loads(graded)["cells"]]
    return {cell.metadata.nbgrader.grade_id: determine_grade(cell) for cell in cells if is_grade(cell)}


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_a_tampered_notebook_is_graded_on_the_pristine_one(grader, edit):
    result = grade(grader, edit.content)
    if edit.ungraded:
        assert edit.ungraded in result.ungraded and result.marks == {}
        expected = dict.fromkeys(FUNCTIONS, (0.0, POINTS))
    else:
        assert result.ungraded is None, result.remarks
        assert result.marks == dict.fromkeys(FUNCTIONS, 1.0) | (edit.marks or {}), (result.messages, result.remarks)
        assert any(edit.remark in remark.text for remark in result.remarks) or not edit.remark, result.remarks
        expected = {name: (mark * POINTS, POINTS) for name, mark in result.marks.items()}
    assert nbgrader_scores(result.graded) == expected


def test_the_newer_version_that_was_not_checked_is_explained_to_the_student(grader):
    (edit,) = (edit for edit in EDITS if edit.number == "L")
    assert "You define softmax again in a cell of your own: the version that stands last above its check is checked" in grade(grader, edit.content).messages["softmax"]


def test_nothing_handed_in(grader):
    assert "No notebook" in grade(grader, None).ungraded


def test_every_number_of_the_catalogue_has_a_case():
    numbers = {case.number for case in [*CHEATS, *FAULTS, *EDITS]} | NUMBERS
    assert {str(number) for number in range(1, 54)} <= numbers
