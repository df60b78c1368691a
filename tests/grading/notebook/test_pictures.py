"""Pictures that were pasted into an answer are shown; nothing else is that lies there."""

import json

import pytest

from tests.grading.notebooks import as_bytes, release, right_notebook
from unrolled.grading.course.feedback import render
from unrolled.grading.notebook.pictures import ROOM, addresses, read_pictures
from unrolled.grading.notebook.rebuild import rebuild
from unrolled.grading.notebook.release import read_release, write_notebook

PNG, GIF, JPEG = "iVBORw0KGgoAAAAN", "R0lGODlhAQABAIAA", "/9j/4AAQSkZJRgAB"
WORDS = {"grade": True, "grade_id": "why", "locked": False, "points": 1, "schema_version": 3, "solution": True, "task": False}


def with_question(content, **more):
    """A notebook as bytes, with a question at its end."""
    cell = {"cell_type": "markdown", "id": "why", "metadata": {"nbgrader": WORDS}, "source": "Here: ![a](attachment:a.png)"}
    return as_bytes(content | {"cells": [*content["cells"], cell | more]})


@pytest.mark.parametrize(("kind", "data"), [("png", PNG), ("gif", GIF), ("jpeg", JPEG), ("png", "\n".join([PNG, PNG]))])
def test_a_picture_is_shown_to_grader_and_student(kind, data):
    released = with_question(json.loads(release()), source="Why?")
    handed_in = with_question(right_notebook(), attachments={"a.png": {f"image/{kind}": data}})
    rebuilt = rebuild(released, handed_in, 1_000_000)
    assert rebuilt.remarks == []
    notebook = read_release(write_notebook(rebuilt.notebook))
    ((name, address),) = addresses(notebook["cells"][-1])
    assert (name, address) == ("a.png", f"data:image/{kind};base64,{''.join(data.split())}")
    assert f'<img alt="a.png" src="{address}">' in render(notebook, "02-rnn", "ada", 0, 1)


@pytest.mark.parametrize(
    "attachments",
    [
        {"a": {"image/svg+xml": PNG}}, {"a": {"image/png": "PHN2ZyBvbmxvYWQ9"}}, {"a": {"image/png": PNG + '" onerror="x'}}, {"a": {"image/png": 1}},
        {"a": {"image/png": ""}}, {"a": None}, {"a": []}, {"a\ud800": {"image/png": PNG}}, {"a" * 201: {"image/png": PNG}},
        {"a": {"image/png": PNG * (ROOM // len(PNG) + 1)}}, {"a": {"image/png": "iVBO="}}, {"a": {"image/png": "é" * 16}},
    ],
)  # fmt: skip
def test_what_is_no_picture_or_too_large_is_left_out_and_named(attachments):
    assert read_pictures(attachments, ROOM) == ({}, 1)
    released = with_question(json.loads(release()), source="Why?")
    rebuilt = rebuild(released, with_question(right_notebook(), attachments=attachments), 10_000_000)
    assert "attachments" not in rebuilt.notebook["cells"][-1] and "1 of 1 are left out" in rebuilt.remarks[0].text


@pytest.mark.parametrize("attachments", [None, [], "x", {}])
def test_nothing_pasted_is_nothing(attachments):
    assert read_pictures(attachments, ROOM) == ({}, 0)


def test_all_pictures_share_one_room():
    found, others = read_pictures({str(number): {"image/png": PNG * 100} for number in range(10)}, 350 * len(PNG))
    assert (len(found), others) == (3, 7)
