"""nbgrader's own commands read of a student's folder what `unrolled grade` reads, and no more."""

import os
from datetime import datetime

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from tests.grading.classroom import ASSIGNMENT, NOTEBOOK, answers, hand_in, new_course
from tests.grading.run.test_exporter import autograde
from tests.hostile.test_files import BROKEN_TIMESTAMPS
from unrolled.grading.course.files import DEEP
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.course.submission import SMALL
from unrolled.grading.run.driver import Run

HOLE = 3 * 10**9


def lay_beside(folder, timestamp=b"2026-03-01 10:00:00 UTC"):
    """A notebook, and beside it what nobody asked for."""
    folder.mkdir(parents=True)
    (folder / f"{NOTEBOOK}.ipynb").write_bytes(answers())
    (folder / "timestamp.txt").write_bytes(timestamp)
    (folder / "passwd").symlink_to("/etc/passwd")
    (folder / "etc").symlink_to("/etc")
    os.mkfifo(folder / "pipe")
    os.truncate(os.open(folder / "hole", os.O_CREAT | os.O_WRONLY), HOLE)
    (folder / "data").mkdir()
    (folder / "data" / "more.csv").write_text("1, 2")


def files_in(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def register(course):
    with open_record(course, ASSIGNMENT) as record:
        Run(course, record, ASSIGNMENT)


def timestamps(course):
    with Gradebook(course.directory.db_url) as gradebook:
        return {s.student.id: s.timestamp for s in gradebook.assignment_submissions(ASSIGNMENT)}


def test_autograde_takes_ordinary_small_files_and_no_text_stops_it(tmp_path):
    course = new_course(tmp_path / "course")
    lay_beside(tmp_path / "course" / "submitted" / "ada" / ASSIGNMENT)
    for name, content in BROKEN_TIMESTAMPS.items():
        hand_in(course.root, name, answers())
        hand_in(course.root, name, content, "timestamp.txt")
    os.mkfifo(hand_in(course.root, "pipe", answers()).with_name("timestamp.txt"))
    register(course)
    ran = autograde(course)
    assert ran.returncode == 0, ran.stderr
    assert timestamps(course) == {"ada": datetime(2026, 3, 1, 10)} | dict.fromkeys([*BROKEN_TIMESTAMPS, "pipe"])
    assert files_in(course.folder("autograded", "ada", ASSIGNMENT)) == {f"{NOTEBOOK}.ipynb", "timestamp.txt"}
    assert all(path.stat().st_size <= SMALL + 1 for path in (course.root / "autograded").rglob("timestamp.txt"))
    assert "memory/02-rnn: timestamp.txt holds no date" in ran.stderr


def test_formgraders_list_reads_dates_as_grading_does(tmp_path):
    course = new_course(tmp_path)
    for name, content in {"ada": b"2026-03-01 10:00:00 Europe/Berlin", "eve": b"2026-03-01 10:00:00 ../x"}.items():
        hand_in(course.root, name, content, "timestamp.txt")
    desk = NbGraderAPI(course.directory)
    assert [desk.get_submitted_timestamp(ASSIGNMENT, name) for name in ("ada", "eve", "nobody")] == [datetime(2026, 3, 1, 9), None, None]
    assert CourseDirectory(root=str(tmp_path)).get_existing_timestamp(str(course.folder("submitted", "eve", ASSIGNMENT))) is None


@pytest.fixture
def exchange(tmp_path):
    """A course, and the folder in its exchange into which students hand in."""
    course = new_course(tmp_path / "course", settings=f"c.Exchange.root = {str(tmp_path / 'exchange')!r}\nc.CourseDirectory.max_dir_size = 1000")
    inbound = tmp_path / "exchange" / "unrolled" / "inbound"
    inbound.mkdir(parents=True)
    (tmp_path / "exchange").chmod(0o777)
    return course, inbound


def test_collecting_from_the_exchange_takes_ordinary_files_and_no_folder_stops_it(exchange):
    course, inbound = exchange
    lay_beside(inbound / f"ada+{ASSIGNMENT}+2026-03-01 10:00:00 UTC+x")
    lay_beside(inbound / f"ada+{ASSIGNMENT}+yesterday+y")
    lay_beside(inbound / f"eve+{ASSIGNMENT}+9999-12-31 00:00:00 x{'y' * 100}+x", b"9" * 30 + b"36m")
    (inbound / f"link+{ASSIGNMENT}+2026-03-01 10:00:00 UTC+x").symlink_to("/etc")
    (inbound / f"file+{ASSIGNMENT}+2026-03-01 10:00:00 UTC+x").write_bytes(b"")
    for nobody in ("", ".", ".."):
        lay_beside(inbound / f"{nobody}+{ASSIGNMENT}+2026-03-01 10:00:00 UTC+x")
    deep = inbound / f"deep+{ASSIGNMENT}+2026-03-01 10:00:00 UTC+x"
    lay_beside(deep)
    deep.joinpath(*"a" * DEEP).mkdir(parents=True)
    deep.joinpath(*"a" * DEEP, "below").write_text("")
    ran = autograde(course, "collect")
    assert ran.returncode == 0, ran.stderr
    assert {path.name for path in (course.root / "submitted").iterdir()} == {"ada", "eve", "deep", "link", "file"}
    assert not (course.root / ASSIGNMENT).exists() and "left out, since its name is nobody's" in ran.stderr
    for student in ("ada", "eve", "deep"):
        assert files_in(course.folder("submitted", student, ASSIGNMENT)) == {f"{NOTEBOOK}.ipynb", "timestamp.txt", "data/more.csv"}, student
    for student in ("link", "file"):
        assert files_in(course.folder("submitted", student, ASSIGNMENT)) == set()
    assert "left out hole" in ran.stderr and "left out passwd" in ran.stderr
