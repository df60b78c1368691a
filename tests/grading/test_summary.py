"""What an instructor reads after grading."""

import json

import pytest
from nbgrader import api
from rich.console import Console

from tests.grading.classroom import ASSIGNMENT, NAMES, NOTEBOOK, RELEASE, new_course, result
from unrolled.grading.gradebook import open_record
from unrolled.grading.summary import render, show, summarise

SENTENCE = "your softmax overflows: take [the] largest score away"


@pytest.fixture
def record(tmp_path):
    with open_record(new_course(tmp_path), ASSIGNMENT) as record:
        record.register({NOTEBOOK: RELEASE})
        for student, made in {
            "ada": {},
            "bob": {"wrong": NAMES},
            "eve": {"wrong": ["softmax"], "mistakes": {"softmax": SENTENCE}},
            "[red]mallory[/]": {"wrong": ["softmax", "readout"], "mistakes": {"softmax": SENTENCE}, "remarks": ["two notebooks"]},
            "nobody": {"wrong": NAMES, "ungraded": "This is no notebook."},
        }.items():
            record.write(result(student, **made), "h", "a")
        yield record


def shown(summary, width=80):
    console = Console(width=width, record=True, file=open("/dev/null", "w"))
    console.print(render(summary))
    return console.export_text()


def test_numbers(record):
    summary = summarise(record)
    assert summary.scores == [15, 20, 0, 17, 0]
    assert summary.mean == pytest.approx(10.4) and summary.spread == pytest.approx((373.2 / 5) ** 0.5)
    assert list(summary.points) == list(NAMES) and summary.full == 20
    assert summary.solved["softmax"] == 1 and summary.solved["cross_entropy"] == 3
    assert summary.mistakes == {("softmax", SENTENCE): 2}
    assert {row.student: row.look for row in summary.to_look_at} == {
        "[red]mallory[/]": ("two notebooks",),
        "nobody": ("ungraded: This is no notebook.",),
    }


def test_the_terminal_shows_it_all_and_reads_no_markup(record):
    text = shown(summarise(record))
    for part in ("[red]mallory[/] *", "Mean 10.40 of 20", "softmax, readout", "everything", "two notebooks", "take [the] largest"):
        assert part in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_person_marked_what_is_graded_again(record):
    with api.Gradebook(record.course.directory.db_url) as book:
        book.find_grade("softmax", NOTEBOOK, ASSIGNMENT, "eve").manual_score = 2
        book.db.commit()
    record.write(result("eve"), "h", "a")
    (eve,) = [row for row in summarise(record).rows if row.student == "eve"]
    assert eve.score == 19 and eve.look == ("waits for a person's mark: softmax",)


def test_json_holds_the_same(record):
    found = json.loads(json.dumps(summarise(record).as_json()))
    assert found["mistakes"] == [{"function": "softmax", "sentence": SENTENCE, "students": 2}]
    assert {row["student"]: row["score"] for row in found["students"]}["eve"] == 17
    assert found["mean"] == pytest.approx(10.4) and found["points"]["cross_entropy"] == 4


def test_nothing_graded_yet(tmp_path):
    with open_record(new_course(tmp_path), ASSIGNMENT) as record:
        record.register({NOTEBOOK: RELEASE})
        assert "No marks yet." in shown(summarise(record))


def test_control_characters_are_spelled_out():
    assert show("a\x1b[31mb\nc") == "a\\x1b[31mb\\nc"
    assert show("Ōe 名前 ñ") == "Ōe 名前 ñ"
