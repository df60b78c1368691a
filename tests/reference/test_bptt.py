"""Truncated back-propagation and the gradient check: against the full gradient, finite differences and
known gradients."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import draw_layer, seeds, sizes
from tests.reference.finite_differences import assert_gradients
from unrolled.recording import Probe
from unrolled.reference import (
    numerical_gradient,
    relative_error,
    rnn_backward,
    rnn_forward,
    rnn_step_backward,
    truncated_rnn_backward,
)

chunks = st.integers(1, 9)


def draw_backward(seed, T, N=2, D=3, H=4):
    """A drawn network and the arguments that its backward pass takes."""
    rng = np.random.default_rng(seed)
    net = draw_layer(rng, T, N, D, H)
    dhs = rng.normal(size=(T, N, H))
    return net, (dhs, net["xs"], net["h0"], rnn_forward(**net), net["W_x"], net["W_h"])


def assert_same(results, wanted):
    for result, other in zip(results, wanted, strict=True):
        np.testing.assert_allclose(result, other, rtol=1e-12, atol=1e-12)


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_the_sequence_goes_back_step_by_step(seed, T, N, D, H):
    """rnn_backward is rnn_step_backward in a loop."""
    _, inputs = draw_backward(seed, T, N, D, H)
    dhs, xs, h0, hs, W_x, W_h = inputs
    dxs, carried, sums = [], 0, 0
    for t in reversed(range(T)):
        h_prev = hs[t - 1] if t else h0
        dx, carried, *weights = rnn_step_backward(dhs[t] + carried, xs[t], h_prev, hs[t], W_x, W_h)
        dxs.insert(0, dx)
        sums = [s + w for s, w in zip(sums, weights, strict=True)] if sums else weights
    assert_same(rnn_backward(*inputs), (np.stack(dxs), carried, *sums))


@given(seeds, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_gradients_are_linear_in_what_arrives(seed, T, N):
    _, (dhs, *rest) = draw_backward(seed, T, N)
    other = dhs[::-1] ** 2
    sums = [2 * a - 3 * b for a, b in zip(rnn_backward(dhs, *rest), rnn_backward(other, *rest), strict=True)]
    assert_same(rnn_backward(2 * dhs - 3 * other, *rest), sums)


@given(seeds, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_nothing_goes_back_before_the_loss_or_beyond_its_step(seed, T, N):
    """With the loss at one step only, the inputs after it get no gradient."""
    _, (dhs, *rest) = draw_backward(seed, T, N)
    dhs[1:] = 0
    dxs, *_ = rnn_backward(dhs, *rest)
    assert dxs[0].any()
    assert not dxs[1:].any()


@given(seeds, sizes, chunks)
@settings(max_examples=50, deadline=None)
def test_truncated_is_each_chunk_by_itself(seed, T, k):
    _, inputs = draw_backward(seed, T)
    dhs, xs, h0, hs, W_x, W_h = inputs
    parts = []
    for start in range(0, T, k):
        part, before = slice(start, start + k), hs[start - 1] if start else h0
        parts.append(rnn_backward(dhs[part], xs[part], before, hs[part], W_x, W_h))
    dxs, dh0s, *weights = zip(*parts, strict=True)
    assert_same(truncated_rnn_backward(*inputs, k), (np.concatenate(dxs), dh0s[0], *map(sum, weights)))


@given(seeds, sizes, st.integers(0, 3))
@settings(max_examples=25, deadline=None)
def test_a_chunk_as_long_as_the_sequence_cuts_nothing(seed, T, more):
    _, inputs = draw_backward(seed, T)
    assert_same(truncated_rnn_backward(*inputs, T + more), rnn_backward(*inputs))


@given(seeds, sizes, sizes, st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_truncated_is_the_gradient_of_a_net_whose_state_is_handed_on_as_a_number(seed, T, N, k):
    """Finite differences with the states at the cuts held fixed: what truncation computes is exactly that."""
    net, (dhs, *rest) = draw_backward(seed, T, N)
    frozen = rnn_forward(**net)

    def loss():
        parts = []
        for start in range(0, T, k):
            h = net["h0"] if start == 0 else frozen[start - 1]
            parts.append(rnn_forward(net["xs"][start : start + k], h, net["W_x"], net["W_h"], net["b"]))
        return (dhs * np.concatenate(parts)).sum()

    results = truncated_rnn_backward(dhs, *rest, k)
    assert_gradients(loss, net, dict(zip(["xs", "h0", "W_x", "W_h", "b"], results, strict=True)))


def test_truncated_equals_pytorch_with_its_state_detached():
    def replay(case):
        inputs = (case[name] for name in ("dhs", "xs", "h0", "hs", "W_x", "W_h"))
        results = truncated_rnn_backward(*inputs, int(case["k"]))
        return dict(zip(["dxs", "dh0", "dW_x", "dW_h", "db"], results, strict=True))

    assert_equals_oracle("truncated_rnn", replay)


@given(seeds, st.lists(st.integers(1, 4), min_size=0, max_size=4))
@settings(max_examples=50, deadline=None)
def test_numerical_gradient_is_exact_for_a_parabola(seed, shape):
    """Central differences have no error where the third derivative is zero, however long the step."""
    rng = np.random.default_rng(seed)
    x, a, b = rng.normal(size=(3, *shape))
    np.testing.assert_allclose(numerical_gradient(lambda x: (a * x**2 + b * x).sum(), x, 0.5), 2 * a * x + b, atol=1e-10)


def test_numerical_gradient_comes_nearer_with_the_square_of_the_step(rng):
    x, a = rng.normal(size=(2, 3, 4))
    exact = a * (np.cos(a * x) + np.cos((a * x).sum()))
    errors = [np.abs(numerical_gradient(Probe(a), x, eps) - exact).max() for eps in (1e-1, 1e-2, 1e-3)]
    assert errors[0] / errors[1] == pytest.approx(100, rel=0.05)
    assert errors[1] / errors[2] == pytest.approx(100, rel=0.05)


def test_numerical_gradient_of_whole_numbers_is_that_of_the_same_floats():
    gradient = numerical_gradient(lambda x: (x**2).sum(), np.array([1, -2, 3]), 1e-3)
    np.testing.assert_allclose(gradient, [2, -4, 6])


def test_the_gradient_check_passes_what_is_right_and_stops_what_is_not():
    """The chapter's use: rnn_backward is told from one with a transposed matrix."""
    net, (dhs, *rest) = draw_backward(1, 5)
    loss = lambda W_h: (dhs * rnn_forward(**{**net, "W_h": W_h})).sum()  # noqa: E731
    dW_h = rnn_backward(dhs, *rest)[3]
    numeric = numerical_gradient(loss, net["W_h"], 1e-5)
    assert relative_error(dW_h, numeric) < 1e-7
    assert relative_error(dW_h.T, numeric) > 1e-2


@given(seeds, st.lists(st.integers(1, 4), min_size=1, max_size=3), st.floats(1e-6, 1e6))
@settings(max_examples=50, deadline=None)
def test_relative_error_is_a_symmetric_share(seed, shape, factor):
    a, b = np.random.default_rng(seed).normal(size=(2, *shape))
    error = relative_error(a, b)
    assert 0 <= error <= 1 + 1e-12
    assert error == relative_error(b, a)
    assert relative_error(factor * a, factor * b) == pytest.approx(error, rel=1e-9)
    assert relative_error(a, 3 * a) == pytest.approx(0.5)
    assert relative_error(a, -a) == pytest.approx(1)
    assert relative_error(a, a) == 0


def test_relative_error_of_zeros():
    zero, one = np.zeros((2, 3)), np.ones((2, 3))
    assert relative_error(zero, zero) == 0
    assert relative_error(zero, one) == relative_error(one, zero) == 1


def test_a_gradient_that_is_not_a_number_does_not_pass_for_right():
    good, bad = np.ones(3), np.array([1, np.nan, 1])
    assert np.isnan(relative_error(good, bad)) and np.isnan(relative_error(bad, bad))
