"""The thermometer, the clips and the initial weights against what they promise, finite differences, and PyTorch."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import draw_layer, seeds, sizes
from tests.reference.finite_differences import assert_gradients, central_difference
from unrolled.reference import (
    clip_by_global_norm,
    clip_by_value,
    identity_init,
    orthogonal_init,
    relu_rnn_backward,
    relu_rnn_forward,
    rnn_backward,
    rnn_forward,
    spectral_radius,
    state_gradient_norms,
)


def global_norm(grads):
    return np.sqrt(sum(np.sum(g**2) for g in grads))


@given(seeds, sizes)
@settings(max_examples=25, deadline=None)
def test_powers_grow_at_the_rate_of_the_spectral_radius(seed, H):
    """Gelfand's formula, with W scaled to a radius near 1 so that its powers stay in range."""
    W = np.random.default_rng(seed).normal(size=(H, H))
    W = W / spectral_radius(W)
    power = np.linalg.matrix_power(W, 2**20)
    assert np.linalg.norm(power) ** 2.0**-20 == pytest.approx(1, rel=1e-3)


@pytest.mark.parametrize(
    "W, radius",
    [([[0.0, -2.0], [2.0, 0.0]], 2), ([[-3.0, 0.0], [5.0, 1.0]], 3), ([[0.0, 9.0], [0.0, 0.0]], 0), ([[0.5]], 0.5)],
    ids=["a turn", "a negative eigenvalue", "nilpotent", "one unit"],
)
def test_spectral_radius_of_matrices_known_by_hand(W, radius):
    assert spectral_radius(np.array(W)) == pytest.approx(radius)


@given(seeds, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_state_gradient_norms_are_those_of_central_differences(seed, T, H):
    rng = np.random.default_rng(seed)
    net = draw_layer(rng, T, 1, 2, H)
    hs = rnn_forward(**net)
    norms = state_gradient_norms(hs, net["W_h"])
    for t in range(T - 1):
        start = hs[t].copy()
        rest = lambda: rnn_forward(net["xs"][t + 1 :], start, net["W_x"], net["W_h"], net["b"])[-1]  # noqa: B023, E731
        J = np.stack([central_difference(lambda: rest()[0, k], start)[0] for k in range(H)])  # noqa: B023
        assert norms[t, 0] == pytest.approx(np.linalg.norm(J, 2), rel=1e-6, abs=1e-9)
    assert norms[-1, 0] == 1


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_no_gradient_grows_more_than_its_norm_says(seed, T, N, H):
    rng = np.random.default_rng(seed)
    net = draw_layer(rng, T + 1, N, 2, H)
    hs = rnn_forward(**net)
    dhs = np.zeros_like(hs)
    dhs[-1] = rng.normal(size=(N, H))
    _, dh, *_ = rnn_backward(dhs[1:], net["xs"][1:], hs[0], hs[1:], net["W_x"], net["W_h"])
    lengths = np.linalg.norm(dhs[-1], axis=1)
    assert (np.linalg.norm(dh, axis=1) <= state_gradient_norms(hs, net["W_h"])[0] * lengths * (1 + 1e-9)).all()


def test_state_gradient_norms_of_a_batch_are_those_of_its_rows(rng):
    net = draw_layer(rng, 5, 3, 2, 4)
    hs = rnn_forward(**net)
    norms = state_gradient_norms(hs, net["W_h"])
    for n in range(3):
        np.testing.assert_allclose(state_gradient_norms(hs[:, n : n + 1], net["W_h"])[:, 0], norms[:, n], rtol=1e-12)


def test_silent_orthogonal_states_keep_every_gradient(rng):
    W_h = orthogonal_init((5, 5), 1.0, rng.normal(size=(5, 5)))
    np.testing.assert_allclose(state_gradient_norms(np.zeros((50, 2, 5)), W_h), 1, rtol=1e-12)


@given(seeds, sizes, sizes, st.floats(0.01, 10))
@settings(max_examples=25, deadline=None)
def test_clipping_by_value_changes_only_what_is_beyond_the_limit(seed, D, H, limit):
    rng = np.random.default_rng(seed)
    grads = [rng.normal(size=(D, H)), rng.normal(size=H)]
    for g, clipped in zip(grads, clip_by_value(grads, limit), strict=True):
        assert (np.abs(clipped) <= limit).all()
        np.testing.assert_array_equal(np.where(np.abs(g) <= limit, g, np.sign(g) * limit), clipped)


@given(seeds, sizes, sizes, st.floats(0.01, 10))
@settings(max_examples=25, deadline=None)
def test_clipping_by_norm_keeps_the_direction_and_bounds_the_norm(seed, D, H, max_norm):
    rng = np.random.default_rng(seed)
    grads = [rng.normal(size=(D, H)), rng.normal(size=H)]
    clipped, norm = clip_by_global_norm(grads, max_norm), global_norm(grads)
    assert global_norm(clipped) == pytest.approx(min(norm, max_norm))
    for g, c in zip(grads, clipped, strict=True):
        np.testing.assert_allclose(c * norm, g * min(norm, max_norm), rtol=1e-9, atol=1e-12)


def test_zero_gradients_stay_zero():
    clipped = clip_by_global_norm([np.zeros((2, 3)), np.zeros(3)], 1.0)
    assert not any(g.any() for g in clipped)


def test_an_exploded_float32_gradient_is_clipped_and_not_lost():
    clipped = clip_by_global_norm([np.full((2, 2), 1e30, np.float32)], 1.0)
    np.testing.assert_allclose(clipped[0], 0.5, rtol=1e-6)
    assert clipped[0].dtype == np.float32


@given(seeds, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_orthogonal_init_is_orthogonal_and_rebuilds_A(seed, rows, columns):
    A = np.random.default_rng(seed).normal(size=(max(rows, columns), min(rows, columns)))
    W = orthogonal_init((rows, columns), 2.0, A)
    assert W.shape == (rows, columns)
    Q = W / 2 if rows >= columns else W.T / 2
    np.testing.assert_allclose(Q.T @ Q, np.eye(min(rows, columns)), atol=1e-12)
    R = Q.T @ A
    np.testing.assert_allclose(R, np.triu(R), atol=1e-12)
    assert (np.diag(R) > 0).all()


def test_identity_init_keeps_and_scales():
    np.testing.assert_array_equal(identity_init(3, 0.5), [[0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]])


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_relu_backward_equals_central_differences(seed, T, N, D, H):
    rng = np.random.default_rng(seed)
    net = draw_layer(rng, T, N, D, H)
    dhs = rng.normal(size=(T, N, H))
    hs = relu_rnn_forward(**net)
    results = relu_rnn_backward(dhs, net["xs"], net["h0"], hs, net["W_x"], net["W_h"])
    gradients = dict(zip(["xs", "h0", "W_x", "W_h", "b"], results, strict=True))
    assume(_is_far_from_the_kink(net, hs))
    assert_gradients(lambda: (dhs * relu_rnn_forward(**net)).sum(), net, gradients)


def _is_far_from_the_kink(net, hs):
    """Whether a small step changes the sign of no pre-activation: there a central difference is no gradient."""
    h_prevs = np.concatenate([net["h0"][None], hs[:-1]])
    return np.abs(net["xs"] @ net["W_x"] + h_prevs @ net["W_h"] + net["b"]).min() > 1e-3


def test_relu_rnn_equals_pytorch():
    def replay(case):
        hs = relu_rnn_forward(case["xs"], case["h0"], case["W_x"], case["W_h"], case["b"])
        names = ["dxs", "dh0", "dW_x", "dW_h", "db"]
        results = relu_rnn_backward(case["dhs"], case["xs"], case["h0"], hs, case["W_x"], case["W_h"])
        return {"hs": hs, **dict(zip(names, results, strict=True))}

    assert_equals_oracle("relu_rnn", replay)


def test_state_gradient_norms_equal_pytorchs_jacobians():
    assert_equals_oracle("state_gradient_norms", lambda case: {"norms": state_gradient_norms(case["hs"], case["W_h"])})


def test_orthogonal_init_and_clipping_by_value_equal_pytorch():
    def replay(case):
        value0, value1 = clip_by_value([case["g0"], case["g1"]], 0.5)
        return {"W": orthogonal_init(case["g0"].shape, 1.5, case["A"]), "value0": value0, "value1": value1}

    assert_equals_oracle("remedies", replay)


def test_clipping_by_norm_equals_pytorch_but_for_the_millionth_that_it_adds_to_the_norm():
    def replay(case):
        norm0, norm1 = clip_by_global_norm([case["g0"], case["g1"]], 0.5)
        return {"norm0": norm0, "norm1": norm1}

    assert_equals_oracle("remedies", replay, tolerance=2e-6)
