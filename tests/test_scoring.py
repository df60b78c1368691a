"""A task that is scored by what it reaches: the part of the points, what is missing, and what is wrong with
what was returned."""

import re
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from tests.pairs import pairs
from unrolled import CheckFailed, check, examine, withheld
from unrolled.comparison import compare, examine_function
from unrolled.digest import PACKAGE
from unrolled.exercises import CHECKED, SCORED, TASKS, exercises_of
from unrolled.exercises.language_model import bits_a_character, unseen_text
from unrolled.recording import call_all
from unrolled.text import ALPHABET, corpus

TASK = TASKS["train_language_model"]


def returning(change):
    """A function that returns the network of pairs, changed."""

    def train_language_model(tokens, V, seed):
        parameters = pairs()(tokens, V, seed)
        return change(parameters) or parameters

    return train_language_model


def test_a_part_of_the_points_is_given_and_what_is_missing_is_said(capsys):
    report = examine(pairs())
    assert not report.passed and report.score == 0.25
    assert "bits a character on data that it has not seen: 1 of 4 parts of the points. The next part is given at 3.0" in report.message
    check(pairs())      # which raises nothing
    assert report.message.splitlines()[0] in capsys.readouterr().out


def test_nothing_learned_has_no_points():
    fn = returning(lambda parameters: parameters | {"W_y": np.zeros_like(parameters["W_y"])})
    with pytest.raises(CheckFailed, match=r"reaches 4.86 bits a character .*: no points yet. The next part is given at 3.4\d, 1.4\d less"):
        check(fn)


FAULTS = {
    "it must return a dict of 5 arrays": lambda p: list(p.values()),
    "its dict lacks b, W_y: it must hold W_x, W_h, b, W_y, b_y": lambda p: {name: p[name] for name in ("W_x", "W_h", "b_y")},
    "its dict holds 6 values": lambda p: p | {"more": 1.0},
    "b must be a NumPy array of floating-point numbers, not list": lambda p: p | {"b": [0.0] * 29},
    "b must be .* not an array of int64": lambda p: p | {"b": np.zeros(29, int)},
    "b must be .* not an array of complex128": lambda p: p | {"b": np.zeros(29, complex)},
    "b must be .* not ndarray of object": lambda p: p | {"b": np.array([None] * 29)},
    r"W_y has shape \(29, 30\), it must be \(29, 29\), that is \(H, V\)": lambda p: p | {"W_y": np.zeros((29, 30))},
    r"W_h has shape \(29,\), it must be": lambda p: p | {"W_h": np.zeros(29)},
    r"W_h has shape \(\), it must be": lambda p: p | {"W_h": np.array(1.0)},
    r"W_h has shape \(0, 0\), it must be": lambda p: p | {"W_h": np.zeros((0, 0))},
    "with H at most 256": lambda p: {n: np.zeros({"W_x": (29, 300), "W_h": (300, 300), "b": 300, "W_y": (300, 29), "b_y": 29}[n]) for n in p},
    "W_h is nan or infinite in some places": lambda p: p | {"W_h": np.full((29, 29), np.nan)},
    "the network computes nan or infinity": lambda p: p | {"W_y": 1e308 * np.eye(29)},
    "it raised": lambda p: p["no"],
}


@pytest.mark.parametrize("words", FAULTS)
def test_a_fault_is_told_in_words_and_has_no_points(words):
    report = examine(returning(FAULTS[words]))
    assert report.score == 0
    assert re.search(words, report.message), report.message


@pytest.mark.parametrize("k", [1, 3, 4])
def test_a_network_of_any_kind_is_measured(k):
    """One that looks at nothing needs the bits that the letters' shares need."""
    ((case,), H) = TASK.known_cases(np.random.default_rng(0)), 5
    V, tokens = case["given"]["V"], case["given"]["tokens"]
    share = np.bincount(tokens, minlength=V) / len(tokens)
    shapes = {"W_x": (V, k * H), "W_h": (H, k * H), "b": (k * H,), "W_y": (H, V)}
    parameters = {name: np.zeros(shape) for name, shape in shapes.items()} | {"b_y": np.log(share)}
    assert {name: shape for name, (shape, _) in TASK.shapes(case["given"], parameters).items()} == shapes | {"b_y": (V,)}
    wanted = -np.log2(share[case["held out"][1:]]).mean()
    np.testing.assert_allclose(bits_a_character(parameters, case["held out"]), wanted)


def test_what_was_learned_of_one_text_is_worth_nothing_in_another():
    """The numbers of the letters are drawn anew."""
    (case,) = TASK.known_cases(np.random.default_rng(1))
    learned = pairs()(**TASK.given(case))

    def train_language_model(tokens, V, seed):
        return learned

    assert examine(train_language_model, 1).score == 0.25
    assert examine(train_language_model, 2).score == 0


@pytest.mark.parametrize("draw", [TASK.known_cases, TASK.cases], ids=["at home", "in grading"])
def test_what_is_held_out_is_neither_given_nor_in_what_is_given(draw):
    (case,) = draw(np.random.default_rng(0))
    assert list(TASK.given(case)) == ["tokens", "V", "seed"]
    text = case["given"]["tokens"].astype(np.uint8).tobytes()
    assert not any(piece.astype(np.uint8).tobytes() in text for piece in case["held out"].T)


@pytest.mark.parametrize("draw", [TASK.known_cases, TASK.cases], ids=["at home", "in grading"])
@pytest.mark.parametrize("seed", range(2))
def test_thresholds_mean_the_same_in_every_text(draw, seed):
    """Counting pairs reaches the first and no more; the model answer reaches all of them, not by a hair,
    and has all points."""
    (case,) = draw(np.random.default_rng(seed))
    thresholds = case["thresholds"]
    assert list(thresholds) == sorted(thresholds, reverse=True)
    assert thresholds[1] < TASK.measured(pairs()(**TASK.given(case)), case) < thresholds[0]
    outcomes = call_all(withheld.train_language_model, [TASK.given(case)])
    assert TASK.measured(outcomes[0].value, case) < thresholds[-1] - 0.05
    report = compare(TASK, [case], outcomes)
    assert report.passed and report.score == 1.0 and "train_language_model is right: it reaches 2." in report.message


def test_grading_draws_from_a_text_that_no_student_has():
    unseen = unseen_text()
    assert len(unseen) > 300_000 and set(unseen) <= set(ALPHABET)
    (case,) = TASK.cases(np.random.default_rng(0))
    # so nobody is asked for letters that never occur
    assert case["given"]["V"] == len(set(unseen)) < len(ALPHABET)
    windows = {unseen[start : start + 30] for start in range(0, len(unseen), 30)}
    assert not any(window in corpus() for window in windows)


OWN = """
from unrolled import exercises
from unrolled.exercises.language_model import unseen_text
from unrolled.exercises.recorded import ReferenceMissing
try:
    print(unseen_text()[:40])
except ReferenceMissing as short:
    print(short)
"""


def test_a_course_may_lay_a_text_of_its_own_beside_it(tmp_path):
    """In a copy of the package, in a process of its own."""
    package = shutil.copytree(PACKAGE, tmp_path / "unrolled", ignore=shutil.ignore_patterns("__pycache__", "book"))
    told = {}
    for times in (10, 10_000):
        (package / "unprinted" / "text.txt").write_text("Été, naïve façade. " * times, encoding="utf8")
        run = subprocess.run([sys.executable, "-c", OWN], env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True)
        told[times] = run.stdout
    assert told[10_000] == "ete, naive facade. ete, naive facade. et\n", run.stderr
    assert told[10] == (
        "unprinted/text.txt has 189 letters of the Latin alphabet, and the task needs 100,000: take a longer text.\n"
    )


def test_what_takes_too_long_has_no_points():
    report = examine_function(replace(TASK, seconds=0.0), pairs(), np.random.default_rng(0))
    assert report.score == 0
    assert "seconds of a processor, and it has 0: let it stop earlier.\nOtherwise: " in report.message


def test_every_task_is_checked_by_its_name_and_asked_for_by_its_assignment():
    for assignment, tasks in SCORED.items():
        assert set(tasks) <= set(exercises_of(assignment)) and all(CHECKED[task.name] is task for task in tasks)
