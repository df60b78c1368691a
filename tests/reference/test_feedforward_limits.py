"""The window and the net that reads it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import seeds, sizes
from tests.reference.finite_differences import assert_gradients
from unrolled.reference import echo_error_floor, make_windows, mlp_backward, mlp_forward, window_parameter_count


def draw_mlp(rng, N, D, H, O):  # noqa: E741
    shapes = {"x": (N, D), "W1": (D, H), "b1": (H,), "W2": (H, O), "b2": (O,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


@given(seeds, st.integers(0, 5), sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_a_window_is_its_steps_side_by_side(seed, more, k, N, D):
    xs = np.random.default_rng(seed).normal(size=(k + more, N, D))
    windows = make_windows(xs, k)
    assert windows.shape == (more + 1, N, k * D)
    for t in range(more + 1):
        np.testing.assert_array_equal(windows[t], np.hstack(list(xs[t : t + k])))


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_backward_equals_central_differences(seed, N, D, H, O):  # noqa: E741
    rng = np.random.default_rng(seed)
    net, dy = draw_mlp(rng, N, D, H, O), rng.normal(size=(N, O))
    _, hidden = mlp_forward(**net)
    results = mlp_backward(dy, net["x"], hidden, net["W1"], net["W2"])
    gradients = dict(zip(["x", "W1", "b1", "W2", "b2"], results, strict=True))
    assert_gradients(lambda: (dy * mlp_forward(**net)[0]).sum(), net, gradients)


def test_mlp_equals_pytorch():
    def replay(case):
        y, hidden = mlp_forward(case["x"], case["W1"], case["b1"], case["W2"], case["b2"])
        names = ["dx", "dW1", "db1", "dW2", "db2"]
        results = mlp_backward(case["dy"], case["x"], hidden, case["W1"], case["W2"])
        return {"y": y, **dict(zip(names, results, strict=True))}

    assert_equals_oracle("mlp", replay)


@given(sizes, sizes, sizes, sizes)
def test_the_count_is_the_size_of_the_arrays(k, D, H, O):  # noqa: E741
    net = draw_mlp(np.random.default_rng(0), 1, k * D, H, O)
    assert window_parameter_count(k, D, H, O) == sum(a.size for name, a in net.items() if name != "x")


@pytest.mark.parametrize("k, delay", [(1, 0), (3, 2), (3, 3), (2, 5)])
def test_the_floor_is_what_least_squares_reaches(k, delay, rng):
    """On Gaussian inputs no function beats the linear one; fit it on many windows and look."""
    xs = rng.normal(scale=1.5, size=(60_000, 1, 1))
    targets = np.concatenate([np.zeros((delay, 1, 1)), xs])[: len(xs)][k - 1 :, 0, 0]
    windows = make_windows(xs, k)[:, 0]
    windows, targets = windows[delay:], targets[delay:]
    weights, *_ = np.linalg.lstsq(windows, targets)
    error = np.mean((windows @ weights - targets) ** 2)
    assert error == pytest.approx(echo_error_floor(k, delay, 1.5**2), rel=0.03, abs=1e-12)
