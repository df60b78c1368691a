"""A task that is scored by what it reaches, graded for real: parts of the points, and what is tried to have more."""

import json

import numpy as np
import pytest

from tests.grading.notebooks import release, submission
from tests.pairs import PAIRS
from unrolled import withheld
from unrolled.exercises import TASKS
from unrolled.grading.notebook.task import Grader, Limits, Task

NAME = "train_language_model"
HEAD = f"def {NAME}(tokens, V, seed):\n    import numpy as np\n"


@pytest.fixture(scope="module")
def grader():
    with Grader() as grader:
        yield grader


def grade(grader, source, student="eve", seconds=15.0):
    content = submission([NAME], **{NAME: source})
    return grader.grade(Task("term", student, "language", release([NAME]), content, b"secret", Limits(cell_seconds=seconds, record_bytes=2_000_000)))


def test_a_part_of_what_is_asked_has_its_part_of_the_points(grader):
    result = grade(grader, PAIRS)
    assert result.marks == {NAME: 0.25}
    assert "1 of 4 parts of the points. The next part is given at 2.8" in result.messages[NAME]
    (score,) = (output["data"]["text/plain"] for cell in json.loads(result.graded)["cells"] for output in cell.get("outputs", ()) if output["output_type"] == "execute_result")
    assert float(score) == 1.0      # of 4 points


def test_the_model_answer_has_all_points(grader):
    source = submission([NAME])
    result = grader.grade(Task("term", "ada", "language", release([NAME]), source, b"secret", Limits(cell_seconds=60, seconds=200)))
    assert result.marks == {NAME: 1.0}, result.messages
    assert "is right: it reaches 2." in result.messages[NAME]


@pytest.fixture(scope="module")
def brought_along():
    """The source of a hand-in whose network was trained at home, as numbers of eight bits."""
    (case,) = TASKS[NAME].cases(np.random.default_rng(0))
    lines = ["    parameters = {}"]
    for name, value in withheld.train_language_model(**case["given"]).items():
        scale = float(np.abs(value).max()) / 127 or 1.0
        hexed = np.round(value / scale).astype(np.int8).tobytes().hex()
        lines.append(f"    parameters[{name!r}] = np.frombuffer(bytes.fromhex('{hexed}'), np.int8).reshape({value.shape}) * {scale!r}")
    return "\n".join([HEAD.rstrip(), *lines, "    return parameters"])


def test_parameters_that_were_trained_at_home_have_no_points(grader, brought_along):
    scope = {}
    exec(brought_along, scope)
    (case,) = TASKS[NAME].cases(np.random.default_rng(0))
    assert TASKS[NAME].measured(scope[NAME](**case["given"]), case) < 2.5        # where they were trained, they would be worth something
    assert len(brought_along) < 200_000
    result = grade(grader, brought_along)
    assert result.marks == {NAME: 0.0}, result.messages


ATTACKS = {
    "what is held out is not in the process": (
        HEAD + "    import gc\n"
        "    found = [a for a in gc.get_objects() if type(a) is np.ndarray and a.ndim == 2 and a.dtype.kind in 'iu' and a.size > 1000]\n"
        "    assert found, 'nothing is held here'\n",
        "nothing is held here",
    ),
    "the exercise is not in the sandbox": (HEAD + "    from unrolled.exercises.language_model import draw_text\n", "unrolled.exercises"),
    "a dict that claims a better score": (
        HEAD + "    class Good(dict):\n        def __getitem__(self, name): return 0.0\n    return Good(W_x=1)\n", "it must return a dict of 5 arrays",
    ),
    "arrays that are too large": (HEAD + "    return {n: np.zeros((29, 3000)) for n in ('W_x', 'W_h', 'b', 'W_y', 'b_y')}\n", "with H at most 256"),
    "more than can be kept": (HEAD + "    return {n: np.zeros((300, 300)) for n in ('W_x', 'W_h', 'b', 'W_y', 'b_y')}\n", "more than can be kept"),
    "objects for numbers": (HEAD + "    return {n: np.array([print] * V) for n in ('W_x', 'W_h', 'b', 'W_y', 'b_y')}\n", "must be a NumPy array"),
    "nothing written": (f"def {NAME}(tokens, V, seed):\n    raise NotImplementedError()\n", "not written yet"),
    "training without end": (HEAD + "    while True:\n        tokens = tokens[::-1]\n", "it took longer than 3 seconds"),
}


@pytest.mark.parametrize("title", ATTACKS)
def test_an_attack_has_no_points_and_harms_nobody(grader, title):
    source, says = ATTACKS[title]
    result = grade(grader, source, seconds=3.0)
    assert result.marks == {NAME: 0.0} and result.ungraded is None
    assert says in result.messages[NAME], result.messages
    assert grade(grader, PAIRS, "ada").marks == {NAME: 0.25}
