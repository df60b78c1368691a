"""Ctrl-C in a real terminal, where it goes to the whole process group:
one sentence, the cursor back, nothing left behind."""

import os
import re
import shutil
import signal
import sqlite3
import sys
import time
import uuid
from pathlib import Path

import psutil
import pytest

from tests.grading.classroom import (
    ASSIGNMENT,
    RELEASE,
    answers,
    environment,
    grade,
    new_course,
    scores,
    small_class,
    snapshot,
    unrolled,
)
from tests.grading.terminal import CTRL_C, Terminal
from unrolled.cli import SHOW_CURSOR, STOPPED
from unrolled.grading.course.gradebook import open_record

pytestmark = pytest.mark.xdist_group("driver")

HIDE_CURSOR = "\x1b[?25l"
MARK = "UNROLLED_TEST"


@pytest.fixture
def start():
    """start(course, "grade", "02-rnn") is the command on a Terminal, once it answers signals;
    in the end none of its processes is left."""
    mark, terminals = str(uuid.uuid4()), []

    def run(course, *arguments):
        command = [str(Path(sys.executable).with_name("unrolled")), *arguments]
        terminals.append(Terminal(command, course.root, environment() | {MARK: mark}))
        wait_until(lambda: answers_signals(terminals[-1].pid))
        return terminals[-1]

    yield run
    for terminal in terminals:
        terminal.__exit__()
    wait_until(lambda: not [process for process in psutil.process_iter() if has_mark(process, mark)])


def wait_until(holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


def has_mark(process, mark):
    try:
        return process.environ().get(MARK) == mark
    except psutil.Error:
        return False


def answers_signals(pid):
    """Whether the command has come to answer signals: Python by itself does not catch SIGTERM."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (caught,) = (int(line.split()[1], 16) for line in lines if line.startswith("SigCgt"))
    return caught >> (signal.SIGTERM - 1) & 1


def assert_stopped(terminal):
    code, shown = terminal.end(seconds=10)
    assert code == 130, shown
    before, sentence, after = shown.partition(STOPPED)
    assert sentence and after.replace("^C", "") == "\r\n"        # the terminal itself echoes keys
    assert before.rfind(SHOW_CURSOR) > before.rfind(HIDE_CURSOR)
    for trouble in ("Traceback", "Error", "Aborted", "Exception", "leaked"):
        assert trouble not in before


def children(terminal):
    return psutil.Process(terminal.pid).children(recursive=True)


MOMENTS = {
    "at the start": lambda terminal: None,
    "while libraries are loaded": lambda terminal: terminal.read(0.2),
    "while the gradebook is made": lambda terminal: wait_until(lambda: Path(f"/proc/{terminal.pid}/cwd/gradebook.db").exists()),
    "while processes start": lambda terminal: wait_until(lambda: children(terminal)),
    "while sandboxes start": lambda terminal: wait_until(lambda: any(child.name() == "bwrap" for child in children(terminal))),
    "when the bar is first drawn": lambda terminal: terminal.read(60, until=b"0/6"),
    "when some are graded": lambda terminal: terminal.read(60, until=b"3/6"),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = new_course(tmp_path_factory.mktemp("graded"), small_class())
    grade(course)
    return course


@pytest.fixture
def stopped(graded, tmp_path):
    """The same class in another folder, which has no gradebook yet."""
    course = new_course(tmp_path / "stopped", small_class())
    course.private.mkdir()
    shutil.copy(graded.private / "secret", course.private)
    (course.root / "gradebook.db").unlink()
    return course


@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_while_a_class_is_graded(start, stopped, moment):
    terminal = start(stopped, "grade", ASSIGNMENT, "--jobs", "2")
    MOMENTS[moment](terminal)
    terminal.press(CTRL_C)
    assert_stopped(terminal)


def test_after_ctrl_c_the_same_command_goes_on(start, stopped, graded):
    terminal = start(stopped, "grade", ASSIGNMENT, "--jobs", "2")
    MOMENTS["when some are graded"](terminal)
    terminal.press(CTRL_C)
    assert_stopped(terminal)
    done = unrolled(stopped.root, "grade", ASSIGNMENT)
    assert done.returncode == 0 and re.search("; [345] were graded before", done.stdout), done.stdout
    assert snapshot(stopped) == snapshot(graded)


def test_ctrl_c_at_the_very_end_is_answered_or_comes_too_late(start, graded):
    terminal = start(graded, "grade", ASSIGNMENT)
    terminal.read(60, until=b"20 points")
    terminal.press(CTRL_C)
    code, shown = terminal.end()
    assert (code, STOPPED in shown) in [(0, False), (130, True)] and "Traceback" not in shown


@pytest.mark.parametrize("pause", [0, 0.001, 0.01, 0.1])
def test_a_second_ctrl_c_adds_nothing(start, tmp_path, pause):
    terminal = start(new_course(tmp_path, small_class()), "grade", ASSIGNMENT)
    terminal.read(60, until=b"0/6")
    terminal.press(CTRL_C)
    time.sleep(pause)
    terminal.press(CTRL_C * 3)
    assert_stopped(terminal)


@pytest.mark.parametrize("pause", [0, 0.3])
@pytest.mark.parametrize(
    "arguments",
    [["release"], ["collect", ASSIGNMENT, "none.zip"], ["feedback", ASSIGNMENT], ["marks", ASSIGNMENT], ["demo"], ["--help"]],
    ids=lambda arguments: arguments[0],
)
def test_ctrl_c_ends_every_command(start, graded, arguments, pause):
    terminal = start(graded, *arguments)
    terminal.read(pause)
    terminal.press(CTRL_C)
    if pause and terminal.read(10) is False and STOPPED.encode() not in terminal.shown:     # it was done before
        assert terminal.end()[0] in (0, 1)
    else:
        assert_stopped(terminal)


def test_ctrl_c_is_answered_while_somebody_else_holds_the_gradebook(start, tmp_path):
    course = new_course(tmp_path, {"ada": RELEASE})
    open_record(course, ASSIGNMENT).__exit__()
    with sqlite3.connect(tmp_path / "gradebook.db") as holder:
        holder.execute("BEGIN EXCLUSIVE")
        terminal = start(course, "grade", ASSIGNMENT)
        terminal.read(3)
        assert not children(terminal)
        terminal.press(CTRL_C)
        assert_stopped(terminal)


def test_a_request_to_end_is_answered_like_ctrl_c(start, tmp_path):
    terminal = start(new_course(tmp_path, small_class()), "grade", ASSIGNMENT)
    terminal.read(60, until=b"0/6")
    os.kill(terminal.pid, signal.SIGTERM)
    code, shown = terminal.end()
    assert code == 128 + signal.SIGTERM and shown.endswith(STOPPED + "\r\n")


def test_what_is_ignored_stays_ignored(tmp_path):
    course = new_course(tmp_path, {"ada": answers()})
    ignoring = f"import os, signal; signal.signal(signal.SIGINT, signal.SIG_IGN); os.execv({str(Path(sys.executable).with_name('unrolled'))!r}, ['unrolled', 'grade', '{ASSIGNMENT}'])"
    with Terminal([sys.executable, "-c", ignoring], tmp_path, environment()) as terminal:
        wait_until(lambda: answers_signals(terminal.pid))
        terminal.press(CTRL_C)
        assert terminal.end()[0] == 0
    assert scores(course) == {"ada": 20}
