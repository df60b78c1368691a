"""How time is shared between the functions of one notebook."""

from tests.grading.notebooks import release, right, submission
from unrolled.grading.execute import Runner
from unrolled.grading.task import Limits, Task, grade

NAMES = ("softmax", "rnn_step_forward", "readout", "rnn_forward")


def test_endless_cells_leave_an_honest_function_its_time(monkeypatch):
    *others, honest = NAMES
    endless = {name: right(name) + "\nwhile True: pass" for name in others}
    left, run_alone = {}, Runner.run_alone

    def noted(runner, place):
        left[runner.cells[place]["metadata"]["nbgrader"]["grade_id"]] = runner._seconds_left()
        return run_alone(runner, place)

    monkeypatch.setattr(Runner, "run_alone", noted)
    limits = Limits(seconds=3, cell_seconds=1)
    result = grade(Task("02-rnn", "ada", "rnn", release(NAMES), submission(NAMES, **endless), b"a secret", limits))
    assert result.marks == dict.fromkeys(NAMES, 0.0) | {honest: 1.0}
    assert left[honest] > 2 and list(result.marks) == list(NAMES)
