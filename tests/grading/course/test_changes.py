"""The log of marks: what changed whose mark, when, by whom."""

import os
import pwd
from datetime import UTC, datetime, timedelta

import pytest
from nbgrader import api

from tests.grading.classroom import ASSIGNMENT, NOTEBOOK, RELEASE, new_course, result, unrolled
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.course.gradebook.changes import Change, who


@pytest.fixture
def record(tmp_path):
    with open_record(new_course(tmp_path), ASSIGNMENT) as record:
        record.register({NOTEBOOK: RELEASE})
        for student in ("ada", "bob"):
            record.write(result(student, wrong=["softmax"]), "h", "a")
        yield record


def by_hand(record, score, comment=None):
    """What formgrader does when a person types."""
    with api.Gradebook(record.course.directory.db_url) as book:
        book.find_grade("softmax", NOTEBOOK, ASSIGNMENT, "ada").manual_score = score
        book.find_comment("softmax-code", NOTEBOOK, ASSIGNMENT, "ada").manual_comment = comment
        book.db.commit()


def said(record, student=""):
    return [(one.student, one.cell, one.what, one.before, one.after) for one in record.changes(student)]


def test_first_marks_are_no_change(record):
    assert said(record) == []


def test_who_is_the_account_by_name_or_by_number_where_it_has_none(monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "noether")
    assert who() == "noether"
    for name in ("JUPYTERHUB_USER", "LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    names = {entry.pw_uid: entry.pw_name for entry in pwd.getpwall()}
    assert who() == names.get(os.getuid(), str(os.getuid()))
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    assert who() == "54321", "as in a container that runs under any number"


def test_a_persons_marks_and_comments_are_logged_each_time(record):
    start = datetime.now(UTC).replace(tzinfo=None)
    by_hand(record, 2.0, "Nearly.")
    by_hand(record, 2.5, "Nearly.")
    by_hand(record, None, "Nearly.")
    first = [("ada", "softmax", "points by hand", None, "2"), ("ada", "softmax-code", "comment", None, "Nearly.")]
    assert sorted(said(record)[:2]) == first       # of one moment
    assert said(record)[2:] == [("ada", "softmax", "points by hand", "2", "2.5"), ("ada", "softmax", "points by hand", "2.5", None)]
    assert {one.by for one in record.changes()} == {who()}
    assert all(timedelta() <= one.at - start < timedelta(minutes=5) for one in record.changes())


def test_a_regrade_is_logged_where_it_changes_something(record):
    record.write(result("ada"), "h2", "a")
    record.write(result("bob", wrong=["softmax"]), "h2", "a")
    assert said(record) == [("ada", "softmax", "points by grading", "0", "3")]
    assert said(record, "bob") == []


def test_what_is_not_written_in_the_end_is_not_logged(record):
    with api.Gradebook(record.course.directory.db_url) as book:
        book.find_grade("softmax", NOTEBOOK, ASSIGNMENT, "ada").manual_score = 1
        book.db.flush()
        book.db.rollback()
    assert said(record) == []


def test_a_gradebook_of_before_gets_its_log_with_the_first_change(record):
    Change.__table__.drop(record.engine)
    by_hand(record, 1.0)
    assert said(record) == [("ada", "softmax", "points by hand", None, "1")]


def test_the_command_says_it(record):
    assert unrolled(record.course.root, "history", ASSIGNMENT).stdout.startswith("Nothing has changed in 02-rnn")
    by_hand(record, 2.5, "two\nlines")
    shown = unrolled(record.course.root, "history", ASSIGNMENT, "--student", "ada").stdout
    assert f"ada, softmax: points by hand none -> 2.5, by {who()} (formgrader)" in shown
    assert r"ada, softmax-code: comment none -> two\nlines, by" in shown
    assert unrolled(record.course.root, "history", ASSIGNMENT, "--student", "bob").stdout.startswith("Nothing has changed")
