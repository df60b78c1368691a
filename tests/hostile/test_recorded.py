"""What is recorded for `check` at home is no answer where grading draws its inputs."""

import base64

import numpy as np
import pytest

from tests.grading.notebooks import release, submission
from unrolled.comparison import examine_function
from unrolled.exercises import EXERCISES
from unrolled.exercises.recorded import RECORDED, RecordedExercise
from unrolled.grading.notebook.task import Grader, Task

UNPRINTED = [name for name, exercise in EXERCISES.items() if not exercise.printed]
LOOKED_UP = '''
import base64, io
import numpy as np
from unrolled.recording import unpack
with np.load(io.BytesIO(base64.b64decode("{record}"))) as file:
    cases, expected = (unpack(file[name].tobytes()) for name in ("cases", "expected"))

def far(case, given):
    """How unlike the inputs of a case are, first in their shapes, then in their values."""
    pairs = [(np.asarray(one, float), np.asarray(other, float)) for one, other in zip(case.values(), given)]
    unlike = sum(one.shape != other.shape for one, other in pairs)
    return unlike, 0 if unlike else sum(float(np.abs(one - other).sum()) for one, other in pairs)

def {name}(*given):
    nearest = min(range(len(cases)), key=lambda place: far(cases[place], given))
    return expected[nearest]
'''


@pytest.mark.parametrize("name", UNPRINTED)
def test_recorded_results_pass_at_home_and_have_no_points(name):
    source = LOOKED_UP.format(name=name, record=base64.b64encode((RECORDED / f"{name}.npz").read_bytes()).decode())
    scope = {}
    exec(source, scope)
    assert examine_function(RecordedExercise(name), scope[name], np.random.default_rng(0)).passed     # so the attack is a real one
    with Grader() as grader:
        handed_in = grader.grade(Task("02-rnn", "eve", "rnn", release([name]), submission([name], **{name: source}), secret=b"of this test"))
        honest = grader.grade(Task("02-rnn", "ada", "rnn", release([name]), submission([name]), secret=b"of this test"))
    assert handed_in.marks == {name: 0.0} and "wrong" in handed_in.messages[name] or "shape" in handed_in.messages[name]
    assert honest.marks == {name: 1.0}
