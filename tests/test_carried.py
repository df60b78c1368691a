"""A state that is carried: the pieces follow each other, reading in pieces is reading on, and gradients are right."""

import numpy as np
import pytest

from unrolled.carried import beside, bits_read, carried_loss, learn_language, pieces_in_order
from unrolled.cells import bits, lstm_cell
from unrolled.reference import numerical_gradient
from unrolled.training import initial_parameters, one_hot

V, H = 5, 4


@pytest.fixture
def parameters(rng):
    return initial_parameters(rng, V, H, V, 4, dtype=float)


def test_stretches_stand_side_by_side_and_each_target_comes_next():
    inputs, targets = beside(np.arange(14), 3)
    np.testing.assert_array_equal(inputs.T, [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]])
    np.testing.assert_array_equal(targets, inputs + 1)


def test_pieces_follow_each_other_and_say_where_they_begin_anew():
    pieces = list(pieces_in_order(np.arange(21), T=3, N=2, updates=5))
    assert [int(inputs[0, 0]) for inputs, _, _ in pieces] == [0, 3, 6, 0, 3]
    assert [anew for *_, anew in pieces] == [True, False, False, True, False]


def test_two_pieces_with_the_state_carried_are_one_reading(parameters, rng):
    inputs, targets = rng.integers(V, size=(2, 8, 3))
    whole, _, last = carried_loss(parameters, inputs, targets)
    first, _, state = carried_loss(parameters, inputs[:5], targets[:5])
    second, _, end = carried_loss(parameters, inputs[5:], targets[5:], state)
    assert first + second == pytest.approx(whole)
    np.testing.assert_allclose(end, last)


def test_gradients_are_right_from_a_state_that_was_carried(parameters, rng):
    inputs, targets = rng.integers(V, size=(2, 4, 2))
    state = tuple(rng.normal(size=(2, 2, H)))
    _, gradients, _ = carried_loss(parameters, inputs, targets, state)
    for name, gradient in gradients.items():
        wanted = numerical_gradient(lambda value, name=name: carried_loss(parameters | {name: value}, inputs, targets, state)[0], parameters[name], 1e-6)
        np.testing.assert_allclose(gradient, wanted, atol=1e-7)


@pytest.mark.parametrize("begin_anew, same", [([True], True), ([True, False], False), ([True, True], True)])
def test_only_a_piece_that_follows_another_is_learned_otherwise_with_the_state_carried(begin_anew, same, parameters, rng):
    pieces, learned = [(*rng.integers(V, size=(2, 3, 2)), anew) for anew in begin_anew], []
    for carried in (True, False):
        copy = {name: value.copy() for name, value in parameters.items()}
        learn_language(copy, pieces, lambda step: 0.01, carried)
        learned.append(copy["W_h"])
    assert np.array_equal(*learned) is same


def test_reading_in_pieces_of_the_whole_text_is_reading_from_zeros(parameters, rng):
    tokens = rng.integers(V, size=41)
    carried, reset = bits_read(parameters, tokens, T=10, N=1)
    assert carried[0] != pytest.approx(reset[0], abs=1e-3)
    inputs, targets = beside(tokens, 1)
    assert carried.mean() == pytest.approx(bits(lstm_cell, parameters, one_hot(inputs, V, float), targets))
    pieces = inputs.reshape(4, 10).T, targets.reshape(4, 10).T
    assert reset.mean() == pytest.approx(bits(lstm_cell, parameters, one_hot(pieces[0], V, float), pieces[1]))
