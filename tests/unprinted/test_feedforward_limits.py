"""What a window can see, and the ways back through windows and a shared table: against projections, differences,
counts, and PyTorch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import seeds, sizes
from tests.reference.finite_differences import assert_gradients
from unrolled.reference import echo_error_floor, make_windows, mlp_backward
from unrolled.unprinted.feedforward_limits import embedded_window_backward, linear_echo_floor, windows_backward

windows = st.integers(1, 4)


delays = st.integers(0, 6)


@given(seeds, windows, delays)
@settings(max_examples=50, deadline=None)
def test_the_floor_is_what_a_projection_leaves_of_the_echo(seed, k, delay):
    """Inputs that are sums of independent noise are vectors of their weights, and their covariances inner products."""
    noise = np.random.default_rng(seed).normal(size=5)
    steps = np.array([np.pad(noise, (back, 10 - back)) for back in range(11)])
    window, echo = steps[:k], steps[delay]
    left = echo - np.linalg.lstsq(window.T, echo, rcond=None)[0] @ window
    covariances = np.array([steps[0] @ step for step in steps])
    np.testing.assert_allclose(linear_echo_floor(covariances, k, delay), left @ left, atol=1e-9)


@given(windows, delays, st.floats(0.1, 10))
def test_of_independent_inputs_the_floor_is_the_chapters_cliff(k, delay, variance):
    covariances = np.array([variance, *np.zeros(10)])
    assert linear_echo_floor(covariances, k, delay) == pytest.approx(echo_error_floor(k, delay, variance), abs=1e-12)


@given(windows, delays, st.floats(-0.9, 0.9))
def test_where_an_input_depends_on_the_last_alone_the_nearest_in_the_window_decides(k, delay, share):
    """Chapter 1's second question: 0.9, a delay of 3, a window of 2, and 0.34 is left."""
    missing = max(delay - k + 1, 0)
    assert linear_echo_floor(share ** np.arange(11), k, delay) == pytest.approx(1 - share ** (2 * missing), abs=1e-9)


def draw_embedded(seed, k, more, N, V, D, H, O):  # noqa: E741  the notation's letter
    rng = np.random.default_rng(seed)
    shapes = {"xs": (k + more, N, V), "E": (V, D), "W1": (k * D, H), "b1": (H,), "W2": (H, O), "b2": (O,)}
    return rng, {name: 0.7 * rng.normal(size=shape) for name, shape in shapes.items()}


def forward(k, xs, E, W1, b1, W2, b2):
    hiddens = np.tanh(make_windows(xs @ E, k) @ W1 + b1)
    return hiddens, hiddens @ W2 + b2


@given(seeds, windows, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_the_way_back_through_windows_equals_central_differences(seed, k, more, N, D):
    rng = np.random.default_rng(seed)
    xs = rng.normal(size=(k + more, N, D))
    dwindows = rng.normal(size=(more + 1, N, k * D))
    assert_gradients(lambda: (dwindows * make_windows(xs, k)).sum(), {"xs": xs}, {"xs": windows_backward(dwindows, k)})


@given(windows, sizes)
@settings(max_examples=25, deadline=None)
def test_where_every_place_says_1_a_step_hears_in_how_many_windows_it_lies(k, more):
    T = k + more
    heard = windows_backward(np.ones((more + 1, 1, k)), k)[:, 0, 0]
    np.testing.assert_array_equal(heard, [sum(begin <= t < begin + k for begin in range(T - k + 1)) for t in range(T)])


@given(seeds, windows, sizes, sizes, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_the_shared_tables_net_equals_central_differences(seed, k, more, N, V, D, H, O):  # noqa: E741
    rng, net = draw_embedded(seed, k, more, N, V, D, H, O)
    hiddens, ys = forward(k, **net)
    dys = rng.normal(size=ys.shape)
    gradients = dict(zip(net, embedded_window_backward(dys, net["xs"], hiddens, net["E"], net["W1"], net["W2"]), strict=True))
    assert_gradients(lambda: (dys * forward(k, **net)[1]).sum(), net, gradients)


def test_with_windows_of_one_step_and_a_table_that_changes_nothing_it_is_the_chapters_net(rng):
    xs, W1, W2 = rng.normal(size=(4, 2, 3)), rng.normal(size=(3, 5)), rng.normal(size=(5, 6))
    hiddens, _ = forward(1, xs, np.eye(3), W1, np.zeros(5), W2, np.zeros(6))
    dys = rng.normal(size=(4, 2, 6))
    dxs, _, *weights = embedded_window_backward(dys, xs, hiddens, np.eye(3), W1, W2)
    dx, *wanted = mlp_backward(dys.reshape(8, 6), xs.reshape(8, 3), hiddens.reshape(8, 5), W1, W2)
    for result, other in zip([dxs.reshape(8, 3), *weights], [dx, *wanted], strict=True):
        np.testing.assert_allclose(result, other, rtol=1e-12, atol=1e-12)


def test_windows_and_the_shared_table_equal_pytorch():
    def replay(case):
        k = int(case["k"])
        net = [case[name] for name in ("xs", "E", "W1", "b1", "W2", "b2")]
        hiddens, ys = forward(k, *net)
        gradients = embedded_window_backward(case["dys"], case["xs"], hiddens, case["E"], case["W1"], case["W2"])
        return {"ys": ys, **dict(zip(("dxs", "dE", "dW1", "db1", "dW2", "db2"), gradients, strict=True))}

    assert_equals_oracle("embedded_window", replay)
