"""How time is shared between the functions of one notebook, and what a killed kernel costs."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from tests.grading.notebooks import release, right, submission
from unrolled.grading.notebook.execute import ATTEMPTS, Runner
from unrolled.grading.notebook.sandbox import Sandbox
from unrolled.grading.notebook.task import Grader, Limits, Task, grade

NAMES = ("softmax", "rnn_step_forward", "readout", "rnn_forward")
*OTHERS, HONEST = NAMES
VICTIM = "victim"
# under this name it is killed from outside
WAIT = f"\nimport ctypes, time\nctypes.CDLL(None).prctl(15, b'{VICTIM}', 0, 0, 0)\ntime.sleep(60)"


def task(limits, **answers):
    return Task("02-rnn", "ada", "rnn", release(NAMES), submission(NAMES, **answers), b"a secret", limits)


def test_endless_cells_leave_an_honest_function_its_time(monkeypatch):
    endless = {name: right(name) + "\nwhile True: pass" for name in OTHERS}
    left, run_alone = {}, Runner.run_alone

    def noted(runner, place, seconds):
        left[runner.cells[place]["metadata"]["nbgrader"]["grade_id"]] = seconds
        return run_alone(runner, place, seconds)

    monkeypatch.setattr(Runner, "run_alone", noted)
    result = grade(task(Limits(seconds=6, cell_seconds=2), **endless))
    assert result.marks == dict.fromkeys(NAMES, 0.0) | {HONEST: 1.0}
    assert left[HONEST] > 1 and list(result.marks) == list(NAMES)


@pytest.mark.parametrize("honest", [NAMES[0], *(pytest.param(name, marks=pytest.mark.soak) for name in NAMES[1:-1]), NAMES[-1]])
def test_what_sleeps_where_it_is_defined_and_checked_leaves_a_slow_function_its_time(honest):
    asleep = "import time\ntime.sleep(1.5)\ndef {}(*inputs):\n    time.sleep(1.8)\n"
    answers = {name: asleep.format(name) for name in NAMES} | {honest: f"import time\ntime.sleep(0.4)\n{right(honest)}"}
    result = grade(task(Limits(seconds=5, cell_seconds=2), **answers))
    assert result.marks == dict.fromkeys(NAMES, 0.0) | {honest: 1.0}, result.messages
    assert not any("1 seconds" in message for message in result.messages.values())


def test_being_asked_again_costs_a_slow_function_nothing():
    slow = right("softmax").replace("    return", "    import time\n    time.sleep(0.35)\n    return")
    assert "sleep" in slow
    result = grade(task(Limits(seconds=20, cell_seconds=2), softmax=slow))
    assert result.marks == dict.fromkeys(NAMES, 1.0), result.messages


def test_whose_kernels_are_killed_again_and_again_is_found_after_a_few_of_them(monkeypatch):
    started, kernel, over = [], Sandbox.kernel, threading.Event()

    def counted(*args):
        started.append(args)
        return kernel(*args)

    def kill():
        while not over.wait(0.02):
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    if process.name() == VICTIM:
                        process.kill()

    monkeypatch.setattr(Sandbox, "kernel", counted)
    with Grader() as grader, ThreadPoolExecutor() as pool:
        killer = pool.submit(kill)
        try:
            result = grader.grade(task(Limits(seconds=20, cell_seconds=5), **{name: right(name) + WAIT for name in OTHERS}))
        finally:
            over.set()
        killer.result()
    assert result.marks == dict.fromkeys(NAMES, 0.0) | {HONEST: 1.0}, result.messages
    assert any("was killed" in remark.text and "short of memory" in remark.text for remark in result.remarks)
    assert len(started) <= 1 + ATTEMPTS + len(OTHERS) + 2 * len(OTHERS) + 1


def test_what_stood_in_an_operation_that_raised_comes_out_of_the_sandbox_in_letters():
    wrong = "def rnn_step_forward(x, h_prev, W_x, W_h, b):\n    a = x @ W_x.T\n    return np.tanh(a)\n"
    result = grade(task(Limits(seconds=30, cell_seconds=10), rnn_step_forward=wrong))
    assert result.marks["rnn_step_forward"] == 0
    said = " ".join(result.messages["rnn_step_forward"].split())
    assert "`x @ W_x` fits." in said and "= (N, D) and `W_x.T` is" in said, said
