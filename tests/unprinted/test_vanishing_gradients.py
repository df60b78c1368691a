"""Leaky units, and a penalty that holds a scale: against differences, the plain network, and PyTorch."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import draw_layer, seeds, sizes
from tests.reference.finite_differences import assert_gradients
from unrolled.reference import orthogonal_init, rnn_backward, rnn_forward
from unrolled.unprinted.vanishing_gradients import leaky_rnn_backward, leaky_rnn_forward, orthogonality_penalty


def draw_leaky(seed, T, N, D, H):
    rng = np.random.default_rng(seed)
    return rng, draw_layer(rng, T, N, D, H) | {"z": rng.uniform(0.05, 0.95, size=H)}


def way_back(dhs, net, hs):
    weights = (net[name] for name in ("W_x", "W_h", "b", "z"))
    return dict(zip(net, leaky_rnn_backward(dhs, net["xs"], net["h0"], hs, *weights), strict=True))


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_the_way_back_through_leaky_units_equals_central_differences(seed, T, N, D, H):
    rng, net = draw_leaky(seed, T, N, D, H)
    dhs = rng.normal(size=(T, N, H))
    assert_gradients(lambda: (dhs * leaky_rnn_forward(**net)).sum(), net, way_back(dhs, net, leaky_rnn_forward(**net)))


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_units_that_keep_nothing_are_the_plain_network(seed, T, N, D, H):
    rng, net = draw_leaky(seed, T, N, D, H)
    net["z"][:] = 0
    plain = {name: net[name] for name in ("xs", "h0", "W_x", "W_h", "b")}
    hs, dhs = rnn_forward(**plain), rng.normal(size=(T, N, H))
    np.testing.assert_allclose(leaky_rnn_forward(**net), hs, rtol=1e-12, atol=1e-14)
    own = rnn_backward(dhs, net["xs"], net["h0"], hs, net["W_x"], net["W_h"])
    *results, _ = way_back(dhs, net, hs).values()
    for result, wanted in zip(results, own, strict=True):
        np.testing.assert_allclose(result, wanted, rtol=1e-9, atol=1e-12)


def test_units_that_keep_all_hand_every_gradient_back_whole():
    rng, net = draw_leaky(0, 50, 3, 2, 4)
    net["z"][:] = 1
    hs, dhs = leaky_rnn_forward(**net), rng.normal(size=(50, 3, 4))
    np.testing.assert_allclose(hs, np.broadcast_to(net["h0"], hs.shape), rtol=1e-12)
    gradients = way_back(dhs, net, hs)
    np.testing.assert_allclose(gradients["h0"], dhs.sum(axis=0))
    assert not gradients["W_h"].any()


@given(seeds, st.integers(1, 6), st.integers(1, 6))
@settings(max_examples=25, deadline=None)
def test_the_penaltys_gradient_equals_central_differences(seed, m, n):
    W = np.random.default_rng(seed).normal(size=(m, n))
    assert_gradients(lambda: orthogonality_penalty(W)[0], {"W": W}, {"W": orthogonality_penalty(W)[1]})


@given(seeds, st.integers(1, 6))
def test_the_penalty_is_zero_for_orthonormal_columns_and_known_for_their_multiples(seed, n):
    Q = orthogonal_init((n + 2, n), 1.0, np.random.default_rng(seed).normal(size=(n + 2, n)))
    penalty, dW = orthogonality_penalty(Q)
    assert penalty < 1e-25 and np.abs(dW).max() < 1e-13
    np.testing.assert_allclose(orthogonality_penalty(2 * Q)[0], 9 * n)


def test_leaky_units_equal_pytorch():
    def replay(case):
        net = {name: case[name] for name in ("xs", "h0", "W_x", "W_h", "b", "z")}
        hs = leaky_rnn_forward(**net)
        gradients = way_back(case["dhs"], net, hs)
        return {"hs": hs} | {f"d{name}": gradient for name, gradient in gradients.items()}

    assert_equals_oracle("leaky_rnn", replay)


def test_the_penalty_equals_pytorch():
    def replay(case):
        return dict(zip(["penalty", "dW"], orthogonality_penalty(case["W"]), strict=True))

    assert_equals_oracle("orthogonality_penalty", replay)
