"""What is recorded for `check` at home is no answer where grading draws its inputs."""

import base64
import re
from textwrap import wrap

import numpy as np
import pytest

from tests.grading.notebooks import as_bytes, code, release, right_notebook, submission
from unrolled.comparison import examine_function
from unrolled.exercises import EXERCISES
from unrolled.exercises.recorded import RECORDED, RecordedExercise
from unrolled.grading.notebook.task import Grader, Task

UNPRINTED = [name for name, exercise in EXERCISES.items() if not exercise.printed]
LOOKED_UP = """
import base64, io
import numpy as np
from unrolled.recording import unpack
with np.load(io.BytesIO(base64.b64decode(record))) as file:
    cases, expected = (unpack(file[name].tobytes()) for name in ("cases", "expected"))

def far(case, given):
    '''How unlike the inputs of a case are, first in their shapes, then in their values.'''
    pairs = [(np.asarray(one, float), np.asarray(other, float)) for one, other in zip(case.values(), given)]
    unlike = sum(one.shape != other.shape for one, other in pairs)
    return unlike, 0 if unlike else sum(float(np.abs(one - other).sum()) for one, other in pairs)

def {name}(*given):
    nearest = min(range(len(cases)), key=lambda place: far(cases[place], given))
    return expected[nearest]
"""


def with_record(name):
    """The cells of a hand-in that brings the record along and looks answers up in it."""
    content = base64.b64encode((RECORDED / f"{name}.npz").read_bytes()).decode()
    pieces = [f"{'record = ' if not place else 'record += '}'{piece}'" for place, piece in enumerate(wrap(content, 40_000))]
    return [*pieces, LOOKED_UP.replace("{name}", name)]


@pytest.mark.parametrize("name", UNPRINTED)
def test_recorded_results_pass_at_home_and_have_no_points(name):
    *pieces, answer = with_record(name)
    scope = {}
    exec("\n".join([*pieces, answer]), scope)
    # so the attack is a real one
    assert examine_function(RecordedExercise(name), scope[name], np.random.default_rng(0)).passed
    notebook = right_notebook([name], **{name: answer})
    notebook["cells"][1:1] = [code(piece) | {"id": f"piece-{place}"} for place, piece in enumerate(pieces)]
    with Grader() as grader:    # of an assignment with a name of its own, which may ask for any exercise
        cheat = grader.grade(Task("term", "eve", "rnn", release([name]), as_bytes(notebook), secret=b"of this test"))
        honest = grader.grade(Task("term", "ada", "rnn", release([name]), submission([name]), secret=b"of this test"))
    assert cheat.marks == {name: 0.0}
    assert re.search(r"is wrong in|is off by|has shape|must hold \d+ arrays", cheat.messages[name]), cheat.messages
    assert honest.marks == {name: 1.0}
