"""The training loop: Adam by hand, gradients by central differences, batches, and that it learns."""

import numpy as np
import pytest

from tests.reference.finite_differences import assert_gradients
from unrolled.training import (
    adam,
    initial_parameters,
    looked_at,
    minibatches,
    next_token_bits,
    next_token_loss,
    one_hot,
    text_windows,
    train,
)


def test_initial_parameters_have_the_notations_shapes(rng):
    shapes = {name: value.shape for name, value in initial_parameters(rng, D=3, H=5, O=2, k=4).items()}
    assert shapes == {"W_x": (3, 20), "W_h": (5, 20), "b": (20,), "W_y": (5, 2), "b_y": (2,)}


def test_adams_first_step_is_the_rate_against_the_sign():
    parameters = {"w": np.array([1.0, -2.0, 3.0])}
    adam(parameters)({"w": np.array([10.0, -0.1, 0.0])}, rate=0.01)
    assert np.allclose(parameters["w"], [0.99, -1.99, 3.0])


def test_adam_as_in_the_paper(rng):
    theta, m, v = rng.normal(size=4), np.zeros(4), np.zeros(4)
    parameters = {"w": theta.copy()}
    update = adam(parameters, betas=(0.8, 0.95), eps=1e-6)
    for t in range(1, 6):
        g = rng.normal(size=4)
        m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g**2
        theta = theta - 0.1 * (m / (1 - 0.8**t)) / (np.sqrt(v / (1 - 0.95**t)) + 1e-6)
        update({"w": g}, rate=0.1)
    assert np.allclose(parameters["w"], theta, rtol=1e-12)


def test_float32_parameters_stay_float32():
    parameters = {"w": np.ones(3, np.float32)}
    adam(parameters)({"w": np.ones(3)}, rate=np.float64(0.1))
    assert parameters["w"].dtype == np.float32


def test_train_reaches_a_minimum_and_hands_the_place_to_the_rate():
    parameters, places = {"w": np.array([5.0])}, []

    def rate(place):
        places.append(place)
        return 0.1

    losses = train(parameters, lambda p, target: (((p["w"] - target) ** 2).sum(), {"w": 2 * (p["w"] - target)}), [(2.0,)] * 300, rate)
    assert abs(parameters["w"][0] - 2) < 1e-2 and losses[-1] < 1e-3 < losses[0]
    assert places == list(range(300))


def test_a_look_comes_when_so_many_updates_are_made():
    parameters, seen = {"w": np.array([5.0])}, []
    batches = looked_at([(2.0,)] * 5, (1, 2, 5), lambda: seen.append(parameters["w"][0]))
    watched = [5 - 0.1 * count for count in (1, 2, 5)]
    train(parameters, lambda p, target: (0.0, {"w": np.ones(1)}), batches, 0.1)
    np.testing.assert_allclose(seen, watched)


def test_minibatches_keep_examples_together(rng):
    xs, labels = np.arange(12).reshape(2, 6), np.arange(6)
    batches = list(minibatches(rng, 4, 3, xs, labels[None], axis=1))
    assert len(batches) == 3
    for x, label in batches:
        assert x.shape == (2, 4) and np.array_equal(x[0], label[0]) and np.array_equal(x[1], label[0] + 6)


def test_text_windows_target_is_the_next_token(rng):
    for inputs, targets in text_windows(rng, np.arange(50), T=7, N=3, steps=20):
        assert inputs.shape == targets.shape == (7, 3)
        assert np.array_equal(targets, inputs + 1)
        assert targets.max() < 50


def test_one_hot_has_its_one_in_the_tokens_place():
    assert np.array_equal(one_hot(np.array([[2, 0]]), 3), [[[0, 0, 1], [1, 0, 0]]])


def test_next_token_gradients_equal_central_differences(rng):
    parameters = initial_parameters(rng, D=5, H=4, O=5, dtype=float)
    parameters["b"] += rng.normal(size=4)
    inputs, targets = rng.integers(5, size=(2, 6, 3))
    _, gradients = next_token_loss(parameters, inputs, targets)
    assert_gradients(lambda: next_token_loss(parameters, inputs, targets)[0], parameters, gradients)


def test_bits_of_a_network_that_knows_nothing(rng):
    zero = {name: 0 * value for name, value in initial_parameters(rng, 8, 4, 8).items()}
    assert next_token_bits(zero, np.arange(8).repeat(3)) == pytest.approx(3.0)      # log2 of 8 symbols


def test_the_network_learns_a_text_that_needs_memory(rng):
    tokens = np.tile([0, 0, 1, 1], 50)      # after a 0 comes 0 or 1: only the state can tell
    parameters = initial_parameters(rng, D=2, H=8, O=2)
    train(parameters, next_token_loss, text_windows(rng, tokens, T=12, N=8, steps=200), rate=0.02)
    assert next_token_bits(parameters, tokens) < 0.1
