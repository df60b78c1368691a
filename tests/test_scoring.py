"""A task that is scored by what it reaches: the part of the points, what is missing, and what is wrong with what was returned."""

import re
from dataclasses import replace

import numpy as np
import pytest

from tests.pairs import pairs
from unrolled import CheckFailed, check, examine, withheld
from unrolled.comparison import examine_function
from unrolled.exercises import CHECKED, SCORED, TASKS, exercises_of
from unrolled.exercises.language_model import bits_a_character

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
    assert "bits a character on data that it has not seen: 1 of 4 parts of the points. The next part is given at 2.8" in report.message
    check(pairs())      # which raises nothing
    assert report.message.splitlines()[0] in capsys.readouterr().out


def test_nothing_learned_has_no_points():
    fn = returning(lambda parameters: parameters | {"W_y": np.zeros_like(parameters["W_y"])})
    with pytest.raises(CheckFailed, match=r"reaches 4.86 bits a character .*: no points yet. The next part is given at 3.5, 1.36 less"):
        check(fn)


@pytest.mark.parametrize("seed", range(2))
def test_the_model_answer_has_all_points(seed):
    report = examine(withheld.train_language_model, seed)
    assert report.passed and report.score == 1.0, report.message
    assert "train_language_model is right: it reaches 2." in report.message


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
    ((case,), H) = TASK.cases(np.random.default_rng(0)), 5
    V, tokens = case["given"]["V"], case["given"]["tokens"]
    share = np.bincount(tokens, minlength=V) / len(tokens)
    shapes = {"W_x": (V, k * H), "W_h": (H, k * H), "b": (k * H,), "W_y": (H, V)}
    parameters = {name: np.zeros(shape) for name, shape in shapes.items()} | {"b_y": np.log(share)}
    assert {name: shape for name, (shape, _) in TASK.shapes(case["given"], parameters).items()} == shapes | {"b_y": (V,)}
    wanted = -np.log2(share[case["held out"][1:]]).mean()
    np.testing.assert_allclose(bits_a_character(parameters, case["held out"]), wanted)


def test_what_was_learned_of_one_text_is_worth_nothing_in_another():
    """The numbers of the letters are drawn anew."""
    (case,) = TASK.cases(np.random.default_rng(1))
    learned = pairs()(**TASK.given(case))

    def train_language_model(tokens, V, seed):
        return learned

    assert examine(train_language_model, 1).score == 0.25
    assert examine(train_language_model, 2).score == 0


def test_what_is_held_out_is_neither_given_nor_in_what_is_given():
    (case,) = TASK.cases(np.random.default_rng(0))
    assert list(TASK.given(case)) == ["tokens", "V", "seed"]
    text = case["given"]["tokens"].astype(np.uint8).tobytes()
    assert not any(piece.astype(np.uint8).tobytes() in text for piece in case["held out"].T)


def test_what_takes_too_long_has_no_points():
    report = examine_function(replace(TASK, seconds=0.0), pairs(), np.random.default_rng(0))
    assert report.score == 0
    assert "seconds of a processor, and it has 0: let it stop earlier.\nOtherwise: " in report.message


def test_every_task_is_checked_by_its_name_and_asked_for_by_its_assignment():
    for assignment, tasks in SCORED.items():
        assert set(tasks) <= set(exercises_of(assignment)) and all(CHECKED[task.name] is task for task in tasks)


def test_thresholds_go_from_easy_to_hard():
    assert all(list(task.thresholds) == sorted(task.thresholds, reverse=True) for task in TASKS.values())
