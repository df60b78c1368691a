"""What an instructor reads after grading."""

import json

import pytest
from nbgrader import api
from rich.console import Console

from tests.grading.classroom import ASSIGNMENT, NAMES, NOTEBOOK, RELEASE, new_course, result
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.course.summary import render, render_student, show, summarise
from unrolled.grading.notebook.remarks import Remark, put_right

SENTENCE = "your softmax overflows: take [the] largest score away"


@pytest.fixture
def record(tmp_path):
    with open_record(new_course(tmp_path), ASSIGNMENT) as record:
        record.register({NOTEBOOK: RELEASE})
        for student, made in {
            "ada": {},
            "bob": {"wrong": NAMES},
            "eve": {"wrong": ["softmax"], "mistakes": {"softmax": SENTENCE}},
            "[red]mallory[/]": {"wrong": ["softmax", "readout"], "mistakes": {"softmax": SENTENCE}, "remarks": [Remark("two notebooks")]},
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
    assert eve.score == 19 and eve.look == ("graded again after a person gave the mark, which still counts: softmax",)


def test_what_a_person_has_marked_in_the_end_waits_no_more(record):
    assert ("nobody", ("ungraded: This is no notebook.",)) in [(row.student, row.look) for row in summarise(record).to_look_at]
    with api.Gradebook(record.course.directory.db_url) as book:
        for grade in book.find_submission_notebook(NOTEBOOK, ASSIGNMENT, "nobody").grades:
            grade.manual_score, grade.needs_manual_grade = 1, False
        book.db.commit()
    (nobody,) = [row for row in summarise(record).rows if row.student == "nobody"]
    assert nobody.score == len(NAMES) and nobody.look == ()


def test_lateness_is_shown_and_what_it_cost_is_taken_off(record):
    with api.Gradebook(record.course.directory.db_url) as book:
        book.update_or_create_assignment(ASSIGNMENT, duedate="2027-03-05 17:00 UTC")
        for student, handed_in in {"ada": "2027-03-08 16:00", "eve": "2027-03-05 17:01", "bob": "2027-03-05 17:00"}.items():
            book.update_or_create_submission(ASSIGNMENT, student, timestamp=f"{handed_in} UTC")
        book.grant_extension(ASSIGNMENT, "eve", minutes=2)
        book.find_submission_notebook(NOTEBOOK, ASSIGNMENT, "ada").late_submission_penalty = 2.5
        book.db.commit()
    summary = summarise(record)
    late = {row.student: (row.score, row.late_penalty, row.late_seconds) for row in summary.rows if row.late_seconds}
    assert late == {"ada": (17.5, 2.5, 71 * 3600)} and summary.mean == pytest.approx(9.9)
    (line,) = [line for line in shown(summary).splitlines() if line.startswith("ada")]
    assert line.split() == ["ada", "17.5", "3", "d", "lateness", "2.5"]
    assert {row["student"]: row["late_penalty"] for row in summary.as_json()["students"]}["ada"] == 2.5


def test_marks_that_a_run_changed_stand_beside_those_before(record):
    before = {row.student: row.score for row in summarise(record).rows if row.student != "bob"}
    assert "before" not in shown(summarise(record, before))
    record.write(result("eve"), "h", "a")
    summary = summarise(record, before)
    assert {row.student: (row.was, row.score) for row in summary.rows if row.was is not None} == {"eve": (17, 20)}
    (line,) = [line for line in shown(summary).splitlines() if line.startswith("eve")]
    assert "before" in shown(summary) and line.split() == ["eve", "20", "17"]


def test_what_most_hand_ins_have_in_common_is_told_once(record):
    """As when points change after a release went out: then every hand-in is of the old one."""
    remark = "The cell softmax came with other settings (points); ours were used."
    for student in ("ada", "bob", "eve", "fay", "gus"):
        record.write(result(student, wrong=["softmax"], remarks=[Remark(remark)]), "h", "a")
    summary = summarise(record)
    assert summary.common == {remark: 5} and {row.student for row in summary.to_look_at} == {"[red]mallory[/]", "nobody"}
    assert shown(summary, 120).count(remark) == 1 and summary.as_json()["common"] == {remark: 5}
    record.write(result("bob"), "h", "a")
    assert not summarise(record).common and len(summarise(record).to_look_at) == 6


def test_who_needs_a_person_most_comes_first_and_who_needs_none_does_not_come(record):
    record.write(result("ada", remarks=[put_right("rnn (1).ipynb was taken for rnn.ipynb")]), "h", "a")
    record.write(result("gus", remarks=[Remark("“was taken for ours; ours was used” wrote on the grader's channel.")]), "h", "a")
    record.write(result("eve"), "h", "a")
    with api.Gradebook(record.course.directory.db_url) as book:
        book.find_grade("softmax", NOTEBOOK, ASSIGNMENT, "eve").manual_score = 2
        book.db.commit()
    record.write(result("eve"), "h", "a")
    summary = summarise(record)
    assert [row.student for row in summary.to_look_at] == ["nobody", "eve", "[red]mallory[/]", "gus"]
    assert "was taken for rnn.ipynb" not in shown(summary) and "ada *" not in shown(summary)


def test_a_students_own_result(record):
    record.write(result("eve", wrong=["softmax"], remarks=[Remark("a remark")]), "h", "a")
    summary = summarise(record)
    (eve,) = [row for row in summary.rows if row.student == "eve"]
    console = Console(width=80, record=True, file=open("/dev/null", "w"))
    console.print(render_student(summary, eve))
    text = console.export_text()
    assert "eve: 17 of 20 points in 02-rnn" in text and "a remark" in text
    for name in NAMES:
        (line,) = [line for line in text.splitlines() if line.split()[:1] == [name]]
        assert f"what was found in {name}" in line and (" 0 of 3 " in line) == (name == "softmax")


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
