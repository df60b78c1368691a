"""Inputs that are read otherwise than they are given: what the rules make of any function, by what its
docstring says of them."""

import numpy as np
import pytest

from tests.mistakes.told import graded
from unrolled import examine
from unrolled.diagnosis.single import ALIKE
from unrolled.exercises import EXERCISES
from unrolled.mistakes import both
from unrolled.recording import value_of

RIGHT = {name: exercise.reference for name, exercise in EXERCISES.items()}


def drawn(name):
    return EXERCISES[name].cases(np.random.default_rng(1))[0]


def made(name, words):
    """What the only misreading gives whose sentence begins so."""
    (found,) = (one for one in EXERCISES[name].misreadings if one.sentence.startswith(words))
    return value_of(found.wrong, drawn(name))


@pytest.mark.parametrize(
    "words, shifted",
    [
        ("`hs[t - 1]` stands where `hs[t]` belongs, and `hs[-1]`", lambda hs: hs[[-1, *range(len(hs) - 1)]]),
        ("`hs[t + 1]` stands where `hs[t]` belongs, and `hs[0]`", lambda hs: hs[[*range(1, len(hs)), 0]]),
        ("`hs[t - 1]` stands where `hs[t]` belongs, and zeros", lambda hs: np.concatenate([0 * hs[:1], hs[:-1]])),
        ("`hs[t + 1]` stands where `hs[t]` belongs, and zeros", lambda hs: np.concatenate([hs[1:], 0 * hs[:1]])),
        ("step t meets `hs[T - 1 - t]`", lambda hs: hs[::-1]),
        ("`reshape` tears the rows of `hs`", lambda hs: hs.reshape(hs.shape[2], -1).T.reshape(hs.shape)),
    ],
)
def test_an_input_is_read_one_place_off_or_cut_anew(words, shifted):
    case = drawn("readout")
    np.testing.assert_array_equal(made("readout", words), RIGHT["readout"](shifted(case["hs"]), case["W_y"], case["b_y"]))


@pytest.mark.parametrize("which, part", [("last", slice(-1, None)), ("first", slice(0, 1))])
def test_one_example_stands_for_all_in_every_input_that_has_them(which, part):
    case = drawn("mlp_backward")
    alone = [case[name][part] for name in ("dy", "x", "hidden")]
    dx, *sums = made("mlp_backward", f"the {which} example of the batch alone")
    right_dx, *right_sums = RIGHT["mlp_backward"](*alone, case["W1"], case["W2"])
    np.testing.assert_array_almost_equal(dx[part], right_dx)
    assert np.count_nonzero(dx.any(axis=1)) == 1, "each example's place but one holds zeros"
    for one, right in zip(sums, right_sums, strict=True):
        np.testing.assert_array_almost_equal(one, right)


def test_a_window_stands_for_all_in_every_input_that_has_windows():
    case = drawn("windows_backward")
    dxs = made("windows_backward", "the last window alone")
    alone = np.zeros_like(case["dwindows"])
    alone[-1] = case["dwindows"][-1]
    np.testing.assert_array_equal(dxs, EXERCISES["windows_backward"].reference(alone, case["k"]))


def test_a_step_is_left_out_in_every_input_that_has_steps():
    case = drawn("readout_backward")
    dhs, dW_y, db_y = made("readout_backward", "the first step is left out")
    right_dhs, *rights = RIGHT["readout_backward"](case["dys"][1:], case["hs"][1:], case["W_y"])
    np.testing.assert_array_equal(dhs, [0 * dhs[0], *right_dhs])
    for one, right in zip((dW_y, db_y), rights, strict=True):
        np.testing.assert_array_almost_equal(one, right)


@pytest.mark.parametrize(
    "words, turned",
    [
        ("`reshape` is taken for an exchange of the axes of `hs`", lambda hs: hs.reshape(hs.shape[1], len(hs), -1).swapaxes(0, 1)),
        ("`hs` goes through tanh before it is used", np.tanh),
        ("`hs` goes through sigmoid before it is used", RIGHT["sigmoid"]),
    ],
)
def test_an_input_is_changed_before_it_is_used(words, turned):
    case = drawn("readout")
    np.testing.assert_array_almost_equal(made("readout", words), RIGHT["readout"](turned(case["hs"]), case["W_y"], case["b_y"]))


def test_blocks_are_cut_across_by_reshape():
    case = drawn("gru_step_backward")
    r, z, n = case["gates"].reshape(3, *case["dh"].shape)
    wanted = RIGHT["gru_step_backward"](**case | {"gates": np.hstack([r, z, n])})
    np.testing.assert_array_equal(made("gru_step_backward", "`reshape` cuts across the blocks of `gates`")[0], wanted[0])


def test_a_whole_number_is_one_off_and_a_fraction_is_not():
    case = drawn("make_windows")
    np.testing.assert_array_equal(made("make_windows", "`k + 1`"), RIGHT["make_windows"](case["xs"], case["k"] + 1))
    assert not any("`limit" in one.sentence for one in EXERCISES["clip_by_value"].misreadings)


def test_two_inputs_of_one_shape_are_exchanged_or_taken_for_each_other_and_no_two_others():
    case = drawn("lstm_forward")
    for one, other in zip(made("lstm_forward", "`c0` and `h0`"), RIGHT["lstm_forward"](**case | {"h0": case["c0"], "c0": case["h0"]}), strict=True):
        np.testing.assert_array_equal(one, other)
    told = {one.sentence for one in EXERCISES["lstm_forward"].misreadings}
    assert {"`c0` stands where `h0` belongs", "`h0` stands where `c0` belongs", "`c0` and `h0` stand in each other's places"} <= told
    assert not any("`W_x` and" in sentence for sentence in told)


def test_a_misreading_comes_together_with_a_known_mistake():
    exercise = EXERCISES["readout"]
    first = next(one for one in exercise.mistakes if one.edits)
    assert all(both(first, one) for one in exercise.misreadings)


def test_a_known_mistake_and_a_misreading_are_told_together():
    def embedding_backward(dxs, tokens, V):
        dE = np.zeros((V, dxs.shape[-1]))
        for t in range(len(tokens) - 1):
            dE[tokens[t]] += dxs[t]
        return dE

    for seed in range(3):
        message = graded(embedding_backward, seed).message
        assert "two sequences that have a token at the same step keep one gradient" in message
        assert "the last step is left out" in message


def test_what_may_as_well_be_another_misreading_is_told_as_both():
    def embedding_backward(dxs, tokens, V):
        return RIGHT["embedding_backward"](dxs, np.roll(tokens, 1, axis=0), V)

    for seed in range(3):
        assert sorted(graded(embedding_backward, seed).mistake.split(ALIKE)) == [
            "`dxs[t + 1]` stands where `dxs[t]` belongs, and `dxs[0]` where there is none",
            "`tokens[t - 1]` stands where `tokens[t]` belongs, and `tokens[-1]` where there is none",
        ]


def test_the_misreading_that_leaves_right_what_is_right_is_told_alone():
    """In dW_y alone, `dys[t + 1]` with `hs[t]` would give the same; but then dhs would be wrong."""
    exercise = EXERCISES["readout_backward"]

    def readout_backward(dys, hs, W_y):
        return exercise.reference(dys, np.roll(hs, 1, axis=0), W_y)

    assert examine(readout_backward).mistake == "`hs[t - 1]` stands where `hs[t]` belongs, and `hs[-1]` where there is none"


def test_a_bias_that_is_added_twice_is_told_so():
    def gru_step_forward(x, h_prev, W_x, W_h, b):
        return RIGHT["gru_step_forward"](x, h_prev, W_x, W_h, 2 * b)

    assert "`b` is added twice, as with two of the sums: it is added once." in graded(gru_step_forward).message
