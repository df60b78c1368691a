"""The whole way through nbgrader's exchange, by a teacher and students who are different users of one machine."""

import os
import re
import sys
import tempfile
from pathlib import Path

import pytest

from tests.grading.classroom import ASSIGNMENT, NOTEBOOK, answers, new_course
from tests.ordinary_user import run_as_ordinary_user

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can become one user after another"),
    pytest.mark.xdist_group("exchange"),        # the way is walked once
]
STUDENTS = {"ada": answers(), "bob": answers(softmax="softmax = None"), "eve": answers()}


class Machine:
    """A folder with a home for everybody, the course in the teacher's, and the exchange."""

    def __init__(self, place):
        self.place, self.exchange = place, place / "exchange"
        self.exchange.mkdir()
        self.exchange.chmod(0o777)
        self.course = new_course(place / "teacher" / "course", settings=f"c.Exchange.root = {str(self.exchange)!r}")
        for student in STUDENTS:
            (place / student / ".jupyter").mkdir(parents=True)
            (place / student / ".jupyter" / "nbgrader_config.py").write_text(
                f"c = get_config()\nc.Exchange.root = {str(self.exchange)!r}\nc.CourseDirectory.course_id = 'unrolled'\n"
            )

    def run(self, name, program, *arguments, where="."):
        """What a person's command says; it must succeed."""
        home = self.place / name
        command = Path(sys.executable).with_name(program)
        done = run_as_ordinary_user(home, command, *arguments, name=name, cwd=home / where, timeout=600)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def teach(self, program, *arguments):
        return self.run("teacher", program, *arguments, where="course")


@pytest.fixture(scope="module")
def machine():
    """A machine on which all have handed in and everything went back."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        machine = Machine(Path(place))
        machine.teach("nbgrader", "release_assignment", ASSIGNMENT)
        for student, notebook in STUDENTS.items():
            machine.run(student, "nbgrader", "fetch_assignment", ASSIGNMENT)
            (machine.place / student / ASSIGNMENT / f"{NOTEBOOK}.ipynb").write_bytes(notebook)
        work = machine.place / "eve" / ASSIGNMENT
        (work / f"{NOTEBOOK}.ipynb").rename(work / f"{NOTEBOOK} (1).ipynb")
        for student in STUDENTS:
            machine.run(student, "nbgrader", "submit", ASSIGNMENT)
        forged = machine.exchange / "unrolled" / "inbound" / f"ada+{ASSIGNMENT}+2099-01-01 00:00:00 UTC+x"
        machine.run("eve", "python", "-c", f"import os; os.mkdir({str(forged)!r})")
        machine.collected = machine.teach("nbgrader", "collect", ASSIGNMENT)
        (machine.course.folder("submitted", "bob", ASSIGNMENT) / "timestamp.txt").unlink()
        sent = machine.course.folder("submitted", "by mail", ASSIGNMENT)
        sent.mkdir(parents=True)
        (sent / f"{NOTEBOOK}.ipynb").write_bytes(answers())
        machine.graded = machine.teach("unrolled", "grade", ASSIGNMENT)
        machine.teach("unrolled", "feedback", ASSIGNMENT)
        machine.released = machine.teach("nbgrader", "release_feedback", ASSIGNMENT)
        for student in STUDENTS:
            machine.run(student, "nbgrader", "fetch_feedback", ASSIGNMENT)
        yield machine


def test_everybody_who_handed_in_is_graded(machine):
    assert "Graded 4 in" in machine.graded


@pytest.mark.parametrize("student, says", [("ada", "softmax is right"), ("bob", "softmax: "), ("eve", "softmax is right")])
def test_each_students_own_page_comes_back_also_of_a_renamed_notebook_and_without_a_date(machine, student, says):
    (page,) = (machine.place / student / ASSIGNMENT / "feedback").rglob("*.html")
    assert page.stem == (f"{NOTEBOOK} (1)" if student == "eve" else NOTEBOOK)
    assert says in page.read_text() and student in page.read_text()


def test_a_folder_in_anothers_name_does_not_take_the_place_of_their_own(machine):
    assert re.search(f"ada.{ASSIGNMENT}.2099-01-01.*left out, since another user made it", machine.collected)
    assert (machine.course.folder("submitted", "ada", ASSIGNMENT) / f"{NOTEBOOK}.ipynb").exists()


def test_who_did_not_hand_in_through_the_exchange_stops_nobodys_feedback(machine):
    assert "by mail/02-rnn: nothing is released, since it did not come by the exchange" in machine.released


def test_a_link_for_a_secret_stops_nobodys_feedback(machine):
    folders = [machine.course.folder("feedback", student, ASSIGNMENT) for student in ("ada", "by link")]
    folders[1].mkdir(parents=True)
    (folders[1] / f"{NOTEBOOK}.html").touch()
    (folders[1] / "submission_secret.txt").symlink_to(folders[0] / "submission_secret.txt")
    assert "by link/02-rnn: nothing is released, since it did not come by the exchange" in machine.teach("nbgrader", "release_feedback", ASSIGNMENT)


def test_a_student_finds_the_checker_where_the_package_is_installed(machine):
    code = "from unrolled import check; from unrolled.reference import softmax; check(softmax)"
    assert "softmax is right" in machine.run("ada", "python", "-c", code)
