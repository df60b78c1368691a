"""Due dates in local time, extensions before and after a hand-in, and late rules of the course's own."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from nbgrader import api

from tests.grading.classroom import (
    ASSIGNMENT,
    NOTEBOOK,
    RELEASE,
    answers,
    environment,
    hand_in,
    new_course,
    result,
    unrolled,
)
from unrolled.grading.course.course import CourseError, open_course
from unrolled.grading.course.deadlines import extend, extension, read_extensions, read_time, say_time, set_due_date
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.course.marks import mark_rows
from unrolled.grading.run.driver import Run

DUE = datetime(2027, 3, 5, 16, tzinfo=UTC)
RULE = """
from nbgrader.plugins import BasePlugin


class PointsADay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {}
"""
NAMED = "c.AssignLatePenalties.plugin_class = 'our_rule.PointsADay'"


@pytest.fixture
def zurich(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Zurich")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2027-03-05 17:00", "2027-03-05 16:00"),
        ("2027-07-05T17:00", "2027-07-05 15:00"),
        ("2027-03-05 17:00 UTC", "2027-03-05 17:00"),
        ("2027-03-05T17:00:00Z", "2027-03-05 17:00"),
        ("2027-03-05 17:00 -05:30", "2027-03-05 22:30"),
        ("2027-03-05 17:00 America/New_York", "2027-03-05 22:00"),
    ],
)
def test_a_time_is_local_unless_it_says_its_zone(zurich, text, utc):
    assert f"{read_time(text).astimezone(UTC):%Y-%m-%d %H:%M}" == utc


@pytest.mark.parametrize("text", ["", "tomorrow", "2027-13-05 17:00", "2027-03-05", "2027-03-05 25:00", "2027-03-05 17:00 ../../etc/passwd", "2027-03-05 17:00 Europe/Zuerich", "9" * 300, "2027-03-05 17:00 +99:00", "٢٠٢٧-03-05 17:00"])
def test_what_is_no_time_is_said(text):
    with pytest.raises(CourseError, match="is no time: write it as 2027-03-05 17:00"):
        read_time(text)


def test_a_time_that_the_clocks_pass_over_is_said(zurich):
    with pytest.raises(CourseError, match="does not exist: the clocks go forward"):
        read_time("2027-03-28 02:30")
    assert read_time("2027-03-28 03:30").astimezone(UTC).hour == 1


def test_a_time_is_said_with_its_zone(zurich):
    assert say_time(datetime(2027, 3, 5, 16)) == "Friday 5 March 2027, 17:00 CET"
    assert say_time(datetime(2027, 7, 5, 15)) == "Monday 5 July 2027, 17:00 CEST"


@pytest.fixture
def course(tmp_path):
    (tmp_path / "our_rule.py").write_text(RULE.format("2 * total_seconds_late / 86400"))
    return new_course(tmp_path, settings=NAMED)


@pytest.fixture
def record(course):
    with open_record(course, ASSIGNMENT) as record:
        record.register({NOTEBOOK: RELEASE})
        yield record


def write(record, student, days_late):
    record.write(result(student), "h", "a", (DUE + timedelta(days=days_late)).replace(tzinfo=None))


def penalties(record):
    return {row["student_id"]: row["late_submission_penalty"] for row in mark_rows(record)}


def test_a_rule_of_the_courses_own_is_found_in_its_folder(record):
    set_due_date(record, DUE)
    for student, days in {"ada": -1, "bob": 3, "eve": 30}.items():
        write(record, student, days)
    assert penalties(record) == {"ada": 0, "bob": 6, "eve": 20}


def test_a_due_date_and_an_extension_count_at_once_for_what_is_graded(record, course):
    write(record, "bob", 3)
    assert penalties(record) == {"bob": 0}
    set_due_date(record, DUE)
    assert penalties(record) == {"bob": 6}
    extend(course, record, {"bob": timedelta(days=2)})
    assert penalties(record) == {"bob": 2} and record.lateness()["bob"].seconds == 86400
    extend(course, record, {"bob": timedelta()})
    assert penalties(record) == {"bob": 6}
    extend(course, record, {"bob": timedelta(days=2)})
    set_due_date(record, None)
    write(record, "bob", 3)
    assert penalties(record) == {"bob": 0}
    set_due_date(record, DUE)       # what was granted holds for the new date, too
    assert penalties(record) == {"bob": 2}


def test_an_extension_by_nbgraders_own_means_stays(record, course):
    set_due_date(record, DUE)
    write(record, "ada", 3)
    with api.Gradebook(course.directory.db_url) as book:
        book.grant_extension(ASSIGNMENT, "ada", days=1)
    extend(course, record, {"bob": timedelta(days=2)})
    assert penalties(record) == {"ada": 4}
    set_due_date(record, DUE + timedelta(days=1))
    assert penalties(record) == {"ada": 2}


def test_an_extension_without_a_due_date_waits_for_one(record, course):
    extend(course, record, {"bob": timedelta(days=2)})
    write(record, "bob", 3)
    set_due_date(record, DUE)
    assert penalties(record) == {"bob": 2}


def test_an_extension_before_the_hand_in_waits_for_it(record, course):
    set_due_date(record, DUE)
    extend(course, record, {"bob": timedelta(days=2), "eve": timedelta(days=1)})
    assert not record.entries()
    for student in ("ada", "bob", "eve"):
        write(record, student, 3)
    assert penalties(record) == {"ada": 6, "bob": 2, "eve": 4}


def test_nbgraders_own_command_gives_the_same_price(record, course):
    set_due_date(record, DUE)
    extend(course, record, {"bob": timedelta(days=1)})
    for student in ("ada", "bob"):
        path = hand_in(course.root, student, answers())
        path.with_name("timestamp.txt").write_text("2027-03-08 16:00:00 UTC")
    command = ["nbgrader", "autograde", ASSIGNMENT]
    with_tools = environment() | {"PATH": f"{sys.prefix}/bin:{environment()['PATH']}"}
    done = subprocess.run(command, cwd=course.root, env=with_tools, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    by_nbgrader = penalties(record)
    assert by_nbgrader == {"ada": 6, "bob": 4}
    assert unrolled(course.root, "grade", ASSIGNMENT, "--again").returncode == 0
    assert penalties(record) == by_nbgrader


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("1 / 0", "the late rule PointsADay fails: ZeroDivisionError"),
        ("'much'", "the late rule PointsADay fails: ValueError"),
        ("float('nan')", "gives no number of points for bob"),
    ],
)
def test_a_rule_that_fails_is_one_sentence(tmp_path, rule, said):
    name = f"rule_{abs(hash(rule))}"
    (tmp_path / f"{name}.py").write_text(RULE.format(rule))
    course = new_course(tmp_path, settings=f"c.AssignLatePenalties.plugin_class = '{name}.PointsADay'")
    with open_record(course, ASSIGNMENT) as record:
        record.register({NOTEBOOK: RELEASE})
        set_due_date(record, DUE)
        with pytest.raises(CourseError, match=said):
            write(record, "bob", 3)
        assert not record.entries()


def test_a_rule_that_is_not_there_is_said_before_anything_is_graded(tmp_path):
    course = new_course(tmp_path, {"ada": RELEASE}, settings="c.AssignLatePenalties.plugin_class = 'nowhere.Rule'")
    with open_record(course, ASSIGNMENT) as record, pytest.raises(CourseError, match="plugin_class, 'nowhere.Rule', cannot be used"):
        Run(course, record, ASSIGNMENT)


def test_extensions_for_many_from_a_file(tmp_path):
    path = tmp_path / "more.csv"
    path.write_text("student,days,hours\nada,2,\nbob,,12\neve,,\n", encoding="utf-8-sig")
    assert read_extensions(path, timedelta(days=1)) == {"ada": timedelta(days=2), "bob": timedelta(hours=12), "eve": timedelta(days=1)}
    with pytest.raises(CourseError, match="line 4: a student and a number of days or hours are needed; nothing was granted"):
        read_extensions(path, None)
    for text in ("", "who\nada\n", "student,days\nada,many\n", "student,days\nada,-1\n", "student,days\nada,nan\n", "student,days\nada,1e99\n"):
        path.write_text(text)
        with pytest.raises(CourseError):
            read_extensions(path, timedelta(days=1))


@pytest.mark.parametrize("days", [-1, 367, 1e9, 1e300, float("inf"), float("nan")])
def test_an_extension_has_an_end(days):
    with pytest.raises(CourseError, match="between none and 366 days; nothing was granted"):
        extension(days, 0)


def test_the_commands(course, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Zurich")
    done = unrolled(course.root, "due", ASSIGNMENT, "2027-03-05 17:00")
    assert (done.returncode, done.stdout) == (0, "02-rnn is due on Friday 5 March 2027, 17:00 CET (2027-03-05 16:00 UTC).\n")
    assert unrolled(course.root, "due", ASSIGNMENT).stdout == done.stdout
    done = unrolled(course.root, "extend", "ada", ASSIGNMENT, "--days", "2")
    assert (done.returncode, done.stdout) == (0, "ada may hand in 02-rnn until Sunday 7 March 2027, 17:00 CET.\n")
    assert "Not known in this course yet: ada." in done.stderr
    assert unrolled(course.root, "extend", "ada", ASSIGNMENT).stderr == "say how much more: --days 2, or --hours 12.\n"
    with open_record(open_course(course.root), ASSIGNMENT) as record:
        write(record, "ada", 2)
        assert penalties(record) == {"ada": 0}
    assert unrolled(course.root, "due", ASSIGNMENT, "none").stdout == "02-rnn has no due date.\n"
