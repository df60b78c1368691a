"""A task that is scored by what it reaches, graded for real: parts of the points, and what is tried to have more."""

import json

import numpy as np
import pytest

from tests.grading.notebooks import release, submission
from tests.pairs import PAIRS
from unrolled import withheld
from unrolled.exercises import TASKS
from unrolled.exercises.language_model import unseen_text
from unrolled.grading.notebook.task import Grader, Limits, Task
from unrolled.text import ALPHABET, corpus, encode

NAME = "train_language_model"
TASK = TASKS[NAME]
HEAD = f"def {NAME}(tokens, V, seed):\n    import numpy as np\n"


@pytest.fixture(scope="module")
def grader():
    with Grader() as grader:
        yield grader


def grade(grader, source, student="eve", seconds=15.0):
    content = submission([NAME], **{NAME: source})
    return grader.grade(Task("term", student, "language", release([NAME]), content, b"secret", Limits(cell_seconds=seconds, record_bytes=4_000_000)))


def test_a_part_of_what_is_asked_has_its_part_of_the_points(grader):
    result = grade(grader, PAIRS)
    assert result.marks == {NAME: 0.25}
    assert "1 of 4 parts of the points. The next part is given at 3.1" in result.messages[NAME]
    (score,) = (output["data"]["text/plain"] for cell in json.loads(result.graded)["cells"] for output in cell.get("outputs", ()) if output["output_type"] == "execute_result")
    assert float(score) == 1.0      # of 4 points


def test_the_model_answer_has_all_points(grader):
    source = submission([NAME])
    result = grader.grade(Task("term", "ada", "language", release([NAME]), source, b"secret", Limits(cell_seconds=60, seconds=200)))
    assert result.marks == {NAME: 1.0}, result.messages
    assert "is right: it reaches 2." in result.messages[NAME]


# What a hand-in takes each number for: place[number] = its letter's place in the alphabet.
NUMBERINGS = {
    "as they were at home": "    place = np.arange(V)\n",
    "by the pattern of repeats in pieces of the corpus": """
    def form(piece):
        seen = {}
        return tuple(seen.setdefault(token, len(seen)) for token in piece)
    pieces = encode(corpus())[: len(corpus()) // 250 * 250].reshape(-1, 250).tolist()
    known = {form(piece): piece for piece in pieces}
    place = np.full(V, -1)
    for piece in tokens.reshape(-1, 250).tolist():
        if form(piece) in known:
            place[piece] = known[form(piece)]
    place[place < 0] = np.setdiff1d(np.arange(29), place)[: (place < 0).sum()]
""",
    "by how often letters and pairs of them stand in the text": """
    def pairs(tokens):
        return np.bincount(tokens[:-1] * 29 + tokens[1:], minlength=29 * 29).reshape(29, 29)
    home, here = pairs(encode(corpus())), pairs(tokens)[:V, :V]
    log_p = np.log((home + 0.1) / (home + 0.1).sum(axis=1, keepdims=True))
    place = np.empty(V, int)
    place[np.argsort(-here.sum(axis=1))] = np.argsort(-home.sum(axis=1))[:V]
    rng, best = np.random.default_rng(seed), -np.inf
    for a, b in [(0, 0), *rng.integers(V, size=(10_000, 2))]:
        place[[a, b]] = place[[b, a]]
        fits = (here * log_p[np.ix_(place, place)]).sum()
        if fits < best:
            place[[a, b]] = place[[b, a]]
        best = max(best, fits)
""",
}
RENUMBERED = """
    return net | {"W_x": net["W_x"][place], "W_y": net["W_y"][:, place], "b_y": net["b_y"][place]}
"""


@pytest.fixture(scope="module")
def brought_along():
    """The lines of a hand-in that hold a network, trained at home on all of the corpus, as numbers of eight bits."""
    lines = ["    from unrolled.text import corpus, encode", "    net = {}"]
    for name, value in withheld.train_language_model(encode(corpus()), len(ALPHABET), 0).items():
        scale = float(np.abs(value).max()) / 127 or 1.0
        hexed = np.round(value / scale).astype(np.int8).tobytes().hex()
        array = f"np.frombuffer(bytes.fromhex('{hexed}'), np.int8).reshape({value.shape})"
        lines.append(f"    net[{name!r}] = {array} * {scale!r}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("numbering", NUMBERINGS)
def test_a_network_that_was_trained_at_home_has_no_points(grader, brought_along, numbering):
    source, scope = HEAD + brought_along + NUMBERINGS[numbering] + RENUMBERED, {}
    exec(source, scope)
    assert len(source) < 200_000
    (case,) = TASK.known_cases(np.random.default_rng(1))
    reached = TASK.measured(scope[NAME](**TASK.given(case)), case)
    assert (reached <= case["thresholds"][-1]) == numbering.startswith("by")    # at home it would be worth all points
    result = grade(grader, source)
    assert result.marks == {NAME: 0.0}, result.messages
    assert "no points yet" in result.messages[NAME], result.messages


def test_a_network_of_another_language_has_no_points_whatever_numbering_is_found(brought_along):
    """Not with the right one, nor when it is made less sure of what it learned."""
    scope = {}
    exec(f"{HEAD}{brought_along}    return net\n", scope)
    (case,) = TASK.cases(np.random.default_rng(0))
    place = np.unique(encode(unseen_text()))[np.argsort(np.random.default_rng(0).permutation(case["given"]["V"]))]
    net = scope[NAME](**TASK.given(case))
    shares = [np.bincount(tokens, minlength=29) / tokens.size for tokens in (place[case["given"]["tokens"]], encode(unseen_text()))]
    np.testing.assert_allclose(*shares, atol=0.001)      # so these are the right ones
    for sure in (0.1, 0.3, 0.5, 1):
        tempered = net | {"W_x": net["W_x"][place], "W_y": sure * net["W_y"][:, place], "b_y": sure * net["b_y"][place]}
        assert TASK.measured(tempered, case) > case["thresholds"][0] + 0.4


ATTACKS = {
    "what is held out is not in the process": (
        HEAD + "    import gc\n"
        "    found = [a for a in gc.get_objects() if type(a) is np.ndarray and a.ndim == 2 and a.dtype.kind in 'iu' and a.size > 1000]\n"
        "    assert found, 'nothing is held here'\n",
        "nothing is held here",
    ),
    "the exercise is not in the sandbox": (HEAD + "    from unrolled.exercises.language_model import draw_text\n", "unrolled.exercises"),
    "the text is not in the sandbox": (HEAD + "    from unrolled import withheld\n    withheld.text()\n", "withheld"),
    "a dict that claims a better score": (
        HEAD + "    class Good(dict):\n        def __getitem__(self, name): return 0.0\n    return Good(W_x=1)\n", "it must return a dict of 5 arrays",
    ),
    "arrays that are too wide": (HEAD + "    return {n: np.zeros((29, 300)) for n in ('W_x', 'W_h', 'b', 'W_y', 'b_y')}\n", "with H at most 256"),
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
