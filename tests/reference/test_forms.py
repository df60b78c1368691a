"""Every function of the reference, whatever its arrays look like in memory: the same results, in the same dtype,
nothing overwritten."""

import numpy as np
import pytest

from tests.reference.drawing import draw_layer
from unrolled import reference, withheld
from unrolled.exercises import EXERCISES, TASKS
from unrolled.exercises.exercise import Exercise, draw_inputs
from unrolled.reference import (
    beam_search,
    cross_entropy,
    gru_forward,
    lstm_forward,
    relu_rnn_backward,
    relu_rnn_forward,
    rnn_forward,
    rwa_backward,
    rwa_forward,
    sample_tokens,
)


def after_rwa_forward(rng, sizes):
    given = draw_inputs(rng, sizes, rwa_forward)
    return given | dict(zip(["hs", "nums", "dens", "peaks"], rwa_forward(**given), strict=True))


# A function, and the exercise whose inputs it takes: its own, or for those that nobody writes another's or
# one made here.
FUNCTIONS = [(exercise.reference, exercise) for exercise in EXERCISES.values()]
FUNCTIONS += [(relu_rnn_forward, EXERCISES["rnn_forward"]), (relu_rnn_backward, EXERCISES["rnn_backward"])]
FUNCTIONS += [(rwa_forward, Exercise(rwa_forward)), (rwa_backward, Exercise(rwa_backward, after_rwa_forward))]
every_function = pytest.mark.parametrize("fn, exercise", FUNCTIONS, ids=[fn.__name__ for fn, _ in FUNCTIONS])


def spread(array):
    """The same values with others between them, which spoil every result that they get into."""
    wide = np.full([2 * size for size in array.shape], np.nan if array.dtype.kind == "f" else -1, array.dtype)
    view = wide[tuple(slice(None, None, 2) for _ in array.shape)]
    view[...] = array
    return view


LAYOUTS = {"by columns": np.asfortranarray, "with gaps": spread, "backwards": lambda array: np.flip(np.flip(array).copy())}


def each_array(value, change):
    """An argument with its arrays changed; what is no array, nor a list of them, stays."""
    if isinstance(value, list):
        return [each_array(item, change) for item in value]
    return change(value) if isinstance(value, np.ndarray) else value


def read_only(array):
    array.flags.writeable = False
    return array


def as_float32(array):
    return array.astype(np.float32) if array.dtype.kind == "f" else array


def arrays(results):
    """One result or several as a flat list."""
    return [array for item in results for array in arrays(item)] if isinstance(results, (tuple, list)) else [results]


def test_no_function_is_left_out():
    assert {fn.__name__ for fn, _ in FUNCTIONS} >= {*reference.__all__, *withheld.functions()} - set(TASKS)


@pytest.mark.parametrize("layout", LAYOUTS)
@every_function
def test_layout_makes_no_difference_and_inputs_are_only_read(fn, exercise, layout, rng):
    for case in exercise.cases(rng):
        given = {name: each_array(value, lambda array: read_only(LAYOUTS[layout](array.copy()))) for name, value in case.items()}
        for result, wanted in zip(arrays(fn(**given)), arrays(fn(**case)), strict=True):
            np.testing.assert_allclose(result, wanted, rtol=1e-10, atol=1e-12)


@every_function
def test_no_result_shares_memory_with_an_input(fn, exercise, rng):
    for case in exercise.cases(rng):
        results, given = arrays(fn(**case)), arrays(list(case.values()))
        assert not any(np.may_share_memory(result, value) for result in results for value in given)


@every_function
def test_float32_stays_float32(fn, exercise, rng):
    case = {name: each_array(value, as_float32) for name, value in exercise.cases(rng)[0].items()}
    results = arrays(fn(**case))
    if fn in (sample_tokens, beam_search):
        assert results.pop(0).dtype == int      # the tokens
    # the others count, or take numbers
    if any(isinstance(value, np.ndarray) for value in arrays(list(case.values()))):
        assert {result.dtype for result in results} <= {np.dtype(np.float32)}


def test_a_mask_of_booleans_does_not_change_the_dtype(rng):
    logits, mask = rng.normal(size=(4, 3, 5)).astype(np.float32), rng.random((4, 3)) < 0.5
    loss, dlogits = cross_entropy(logits, np.zeros((4, 3), int), mask)
    assert loss.dtype == dlogits.dtype == np.float32


@pytest.mark.parametrize(
    "forward, blocks, states", [(rnn_forward, 1, ["h0"]), (lstm_forward, 4, ["h0", "c0"]), (gru_forward, 3, ["h0"])]
)
def test_whole_numbers_are_as_good_as_others_and_nothing_is_rounded(forward, blocks, states, rng):
    whole = {name: array.astype(int) for name, array in draw_layer(rng, 3, 2, 4, 5, blocks, states, scale=3).items()}
    given = arrays(forward(**whole))
    wanted = arrays(forward(**{name: array.astype(float) for name, array in whole.items()}))
    for result, other in zip(given, wanted, strict=True):
        np.testing.assert_allclose(result, other, rtol=1e-12)
