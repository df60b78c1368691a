"""What assignment 02-rnn asks beyond the page: against finite differences, its own properties, and PyTorch."""

import numpy as np
from hypothesis import given, settings

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import seeds, sizes
from tests.reference.finite_differences import assert_gradients
from unrolled.exercises.exercise import draw_inputs
from unrolled.reference import readout, rnn_forward
from unrolled.unprinted.rnn import jordan_forward, jordan_step_backward, readout_backward


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_readout_backward_equals_central_differences(seed, T, N, H, V):
    rng = np.random.default_rng(seed)
    layer = {"hs": rng.normal(size=(T, N, H)), "W_y": rng.normal(size=(H, V)), "b_y": rng.normal(size=V)}
    dys = rng.normal(size=(T, N, V))
    gradients = dict(zip(layer, readout_backward(dys, layer["hs"], layer["W_y"]), strict=True))
    assert_gradients(lambda: (dys * readout(**layer)).sum(), layer, gradients)


def test_readout_backward_equals_pytorch():
    def replay(case):
        gradients = readout_backward(case["dys"], case["hs"], case["W_y"])
        return dict(zip(("dhs", "dW_y", "db_y"), gradients, strict=True))

    assert_equals_oracle("readout", replay)


def draw_jordan(seed, T, N, D, H, O):  # noqa: E741  the notation's letter
    rng = np.random.default_rng(seed)
    return rng, draw_inputs(rng, {"T": T, "N": N, "D": D, "H": H, "O": O}, jordan_forward)


@given(seeds, sizes, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_one_step_backward_equals_central_differences(seed, T, N, D, H, O):  # noqa: E741
    rng, net = draw_jordan(seed, 1, N, D, H, O)
    dy, (_, hs) = rng.normal(size=(N, O)), jordan_forward(**net)
    results = jordan_step_backward(dy, net["xs"][0], net["y0"], hs[0], net["W_x"], net["W_o"], net["W_y"])
    gradients = dict(zip(net, [results[0][None], *results[1:]], strict=True))
    assert_gradients(lambda: (dy * jordan_forward(**net)[0][0]).sum(), net, gradients)


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_whose_output_is_its_state_is_the_network_of_the_chapter(seed, T, N, D, H):
    _, net = draw_jordan(seed, T, N, D, H, H)
    ys, hs = jordan_forward(**net | {"W_y": np.eye(H), "b_y": np.zeros(H)})
    np.testing.assert_allclose(ys, hs)
    np.testing.assert_allclose(hs, rnn_forward(net["xs"], net["y0"], net["W_x"], net["W_o"], net["b"]))


def test_a_network_that_is_fed_its_outputs_equals_pytorch():
    """Step by step from the last one, what arrives at y_{t-1} is its own gradient and what step t hands back."""

    def replay(case):
        xs, y0, W_x, W_o, b, W_y, b_y, dys = (case[name] for name in ("xs", "y0", "W_x", "W_o", "b", "W_y", "b_y", "dys"))
        ys, hs = jordan_forward(xs, y0, W_x, W_o, b, W_y, b_y)
        dy, dxs, weights = np.zeros_like(y0), [], []
        for t in reversed(range(len(xs))):
            y_prev = ys[t - 1] if t > 0 else y0
            dx, dy, *dweights = jordan_step_backward(dys[t] + dy, xs[t], y_prev, hs[t], W_x, W_o, W_y)
            dxs.insert(0, dx)
            weights.append(dweights)
        sums = map(sum, zip(*weights, strict=True))
        return {"ys": ys, "dxs": np.stack(dxs), "dy0": dy, **dict(zip(("dW_x", "dW_o", "db", "dW_y", "db_y"), sums, strict=True))}

    assert_equals_oracle("jordan", replay)
