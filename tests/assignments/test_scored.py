"""A source with a task that is scored by what it reaches: released, its answer filled in, graded."""

import re

import nbformat
import numpy as np
import pytest

from tests.conftest import ROOT
from tests.grading.classroom import new_course
from unrolled import fast
from unrolled.exercises.language_model import counting_thresholds, draw_text
from unrolled.grading.course.release import read_source, release
from unrolled.grading.notebook.limits import Limits
from unrolled.grading.notebook.task import Task, grade
from unrolled.grading.run.standalone import standalone
from unrolled.text import corpus

SOURCE = """\
# %% [markdown]
# # A language model

# %%
import numpy as np

from unrolled import check

# %% nbgrader={"grade": false, "grade_id": "given", "locked": true, "schema_version": 3, "solution": false, "task": false}
GIVEN

# %% [markdown]
# ## A network that you train
#
# Here nothing is compared with a reference. Your function is given a text as integers and trains a network; what counts is how well that network predicts
# text that it has not seen. `tokens (T,)` are the places of letters in an alphabet of `V`, some 300,000 of them, numbered in an order that is drawn anew each time. `check` takes
# the book's corpus; where answers are graded, the text is another, in another language, so nothing that was learned before is of use. Draw whatever you draw from `np.random.default_rng(seed)`. The network is a tanh network, a GRU or an LSTM with its readout, of up
# to 256 units, and what you return is the dict of its parameters: with k = 1, 3 or 4 blocks
#
# `W_x (V, kH)`, `W_h (H, kH)`, `b (kH,)`, `W_y (H, V)`, `b_y (V,)`.
#
# It is measured in bits a character, every piece of the unseen text read from a zero state. Each of four thresholds gives a quarter of the points: what counting pairs of
# letters reaches, half of the way from there to counting triples, triples, and a quarter of that way more. `check` says what that is in numbers. You have ten seconds. Where answers are graded a cell is stopped after 15, so leave some of them unused.
#
# *Hint: 32 pieces of 32 letters in a batch, Adam, and a rate that falls to almost nothing by the last update. float32 is twice as fast as float64.*

# %% nbgrader={"grade": false, "grade_id": "train_language_model-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_language_model(tokens, V, seed):
    \"\"\"Train a recurrent network to predict each next token of a text, within ten seconds.

    integer tokens (T,), integers V and seed
    ->  a dict of W_x (V, kH), W_h (H, kH), b (kH,), W_y (H, V), b_y (V,); H up to 256, k = 1 (tanh), 3 (GRU) or 4 (LSTM)
    \"\"\"
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "train_language_model", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(train_language_model)
"""


def test_a_source_with_such_a_task_is_released_and_its_own_answer_has_all_points(tmp_path):
    course = new_course(tmp_path)
    text = tmp_path / "solutions" / "99-language" / "language.py"
    text.parent.mkdir(parents=True)
    given = "\n\n".join(standalone(getattr(fast, name), name) for name in ("rnn_forward", "rnn_backward"))
    text.write_text(SOURCE.replace("GIVEN", given), encoding="utf8")
    release(course, "99-language")
    ((name, released),) = course.release_notebooks("99-language").items()
    assert b"means[name]" not in released and b"raise NotImplementedError()" in released
    limits = Limits(cell_seconds=60, seconds=200)       # a machine that tests is busy
    solution = nbformat.writes(read_source(text)).encode()
    right = grade(Task("99-language", "ada", name, released, solution, b"secret", limits))
    assert right.marks == {"train_language_model": 1.0}, right.messages
    blank = grade(Task("99-language", "bob", name, released, released, b"secret", limits))
    assert blank.marks == {"train_language_model": 0.0} and "not written yet" in blank.messages["train_language_model"]


def test_the_notebook_names_the_marks_of_the_text_at_home():
    source = (ROOT / "solutions" / "09-language" / "language.py").read_text(encoding="utf8")
    said = [float(mark) for mark in re.findall(r"\*\*(\d\.\d)\*\*", source)]
    given, held_out = draw_text(np.random.default_rng(0), corpus())
    assert said == pytest.approx(counting_thresholds(given, held_out), abs=0.07)
