"""Gates that see the cell, and one that writes where it forgets: against differences, the plain LSTM, and PyTorch."""

import numpy as np
from hypothesis import given, settings

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import seeds, sizes
from tests.reference.finite_differences import assert_gradients
from unrolled.exercises.exercise import draw_inputs
from unrolled.reference import lstm_step_backward, lstm_step_forward, sigmoid
from unrolled.unprinted.lstm import coupled_lstm_step_backward, peephole_lstm_step_backward, peephole_lstm_step_forward

PEEPHOLE = ["x", "h_prev", "c_prev", "W_x", "W_h", "b", "p"]


def draw_peephole(seed, N, D, H):
    rng = np.random.default_rng(seed)
    return rng, draw_inputs(rng, {"N": N, "D": D, "H": H}, peephole_lstm_step_forward)


def peephole_backward(dh, dc, step, c, gates):
    arrays = {name: array for name, array in step.items() if name != "b"}
    gradients = peephole_lstm_step_backward(dh, dc, c=c, gates=gates, **arrays)
    return dict(zip([f"d{name}" for name in PEEPHOLE], gradients, strict=True))


def coupled_forward(x, h_prev, c_prev, W_x, W_h, b):
    """The LSTM's own step, whose input gate has the forget gate's weights with the other sign."""
    W_x, W_h, b = (np.concatenate([-W[..., : c_prev.shape[1]], W], axis=-1) for W in (W_x, W_h, b))
    h, c, gates = lstm_step_forward(x, h_prev, c_prev, W_x, W_h, b)
    return h, c, gates[:, c_prev.shape[1] :]


def draw_coupled(seed, N, D, H):
    rng = np.random.default_rng(seed)
    shapes = {"x": (N, D), "h_prev": (N, H), "c_prev": (N, H), "W_x": (D, 3 * H), "W_h": (H, 3 * H), "b": (3 * H,)}
    return rng, {name: rng.normal(size=shape) for name, shape in shapes.items()}


def coupled_backward(dh, dc, step, c, gates):
    arrays = {name: array for name, array in step.items() if name != "b"}
    gradients = coupled_lstm_step_backward(dh, dc, c=c, gates=gates, **arrays)
    return dict(zip([f"d{name}" for name in step], gradients, strict=True))


def assert_way_back(rng, step, forward, backward):
    h, c, gates = forward(**step)
    dh, dc = rng.normal(size=(2, *h.shape))
    gradients = backward(dh, dc, step, c, gates)

    def loss():
        h, c, _ = forward(**step)
        return (dh * h).sum() + (dc * c).sum()

    assert_gradients(loss, step, {name: gradients[f"d{name}"] for name in step})


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_the_way_back_through_peepholes_equals_central_differences(seed, N, D, H):
    assert_way_back(*draw_peephole(seed, N, D, H), peephole_lstm_step_forward, peephole_backward)


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_the_way_back_through_a_coupled_gate_equals_central_differences(seed, N, D, H):
    assert_way_back(*draw_coupled(seed, N, D, H), coupled_forward, coupled_backward)


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_without_peephole_weights_it_is_the_plain_lstm(seed, N, D, H):
    rng, step = draw_peephole(seed, N, D, H)
    step["p"][:] = 0
    plain = {name: step[name] for name in PEEPHOLE[:-1]}
    made = lstm_step_forward(**plain)
    for one, other in zip(peephole_lstm_step_forward(**step), made, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)
    dh, dc = rng.normal(size=(2, N, H))
    own = lstm_step_backward(dh, dc, *(step[name] for name in PEEPHOLE[:3]), *made[1:], step["W_x"], step["W_h"])
    *gradients, _ = peephole_backward(dh, dc, step, *made[1:]).values()
    for one, other in zip(gradients, own, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


def test_the_output_gate_sees_what_has_just_been_written():
    """A cell that counts, and a unit that speaks from the third count on: no gate hears of its hidden state."""
    big, H = 1e3, 1
    b, p = np.array([big, big, big, -2.5 * big]), np.array([0.0, 0.0, big])
    h, c, shown = np.zeros((1, H)), np.zeros((1, H)), []
    for _ in range(4):
        h, c, _ = peephole_lstm_step_forward(np.zeros((1, 1)), h, c, np.zeros((1, 4)), np.zeros((1, 4)), b, p)
        shown.append(h.item())
    np.testing.assert_allclose(shown, [0, 0, np.tanh(3), np.tanh(4)], atol=1e-12)


@given(seeds, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_a_coupled_cell_that_is_kept_hands_its_gradient_back_whole(seed, N, H):
    rng = np.random.default_rng(seed)
    c_prev, g, o = np.tanh(rng.normal(size=(3, N, H)))
    gates = np.concatenate([np.ones((N, H)), g, sigmoid(o)], axis=1)
    dc, nothing = rng.normal(size=(N, H)), np.zeros((N, H))
    W = np.ones((H, 3 * H))
    _, _, dc_prev, dW_x, *_ = coupled_lstm_step_backward(nothing, dc, c_prev, c_prev, c_prev, c_prev, gates, W, W)
    np.testing.assert_array_equal(dc_prev, dc)
    assert not dW_x.any()


def test_peepholes_equal_pytorch():
    def replay(case):
        step = {name: case[name] for name in PEEPHOLE}
        h, c, gates = peephole_lstm_step_forward(**step)
        return {"h": h, "c": c, "gates": gates} | peephole_backward(case["dh"], case["dc"], step, c, gates)

    assert_equals_oracle("peephole_lstm_step", replay)


def test_a_coupled_gate_equals_pytorch():
    def replay(case):
        step = {name: case[name] for name in PEEPHOLE[:-1]}
        return coupled_backward(case["dh"], case["dc"], step, case["c"], case["gates"])

    assert_equals_oracle("coupled_lstm_step", replay)
