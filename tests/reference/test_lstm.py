"""The LSTM against finite differences, its own properties, and PyTorch."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import draw_layer, seeds, sizes
from tests.reference.finite_differences import assert_gradients
from unrolled.reference import init_lstm, lstm_backward, lstm_forward, lstm_step_backward, lstm_step_forward, sigmoid

draw_lstm = partial(draw_layer, blocks=4, states=("h0", "c0"))
GRADIENTS = ["dxs", "dh0", "dc0", "dW_x", "dW_h", "db"]


def backward(dhs, net, results):
    return lstm_backward(dhs, net["xs"], net["h0"], net["c0"], *results, net["W_x"], net["W_h"])


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_backward_equals_central_differences(seed, T, N, D, H):
    rng = np.random.default_rng(seed)
    net = draw_lstm(rng, T, N, D, H)
    dhs = rng.normal(size=(T, N, H))
    gradients = dict(zip(net, backward(dhs, net, lstm_forward(**net)), strict=True))
    assert_gradients(lambda: (dhs * lstm_forward(**net)[0]).sum(), net, gradients)


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_step_backward_equals_central_differences(seed, N, D, H):
    rng = np.random.default_rng(seed)
    net = draw_lstm(rng, 1, N, D, H)
    net = {"x": net.pop("xs")[0], "h_prev": net.pop("h0"), "c_prev": net.pop("c0"), **net}
    dh, dc = rng.normal(size=(2, N, H))
    _, c, gates = lstm_step_forward(**net)
    results = lstm_step_backward(dh, dc, net["x"], net["h_prev"], net["c_prev"], c, gates, net["W_x"], net["W_h"])

    def loss():
        h, c, _ = lstm_step_forward(**net)
        return (dh * h).sum() + (dc * c).sum()

    assert_gradients(loss, net, dict(zip(net, results, strict=True)))


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_sequence_is_its_steps(seed, T, N, D, H):
    net = draw_lstm(np.random.default_rng(seed), T, N, D, H)
    results, h, c = lstm_forward(**net), net["h0"], net["c0"]
    for t in range(T):
        h, c, gates = lstm_step_forward(net["xs"][t], h, c, net["W_x"], net["W_h"], net["b"])
        for whole, step in zip(results, (h, c, gates), strict=True):
            np.testing.assert_allclose(whole[t], step, rtol=1e-11, atol=1e-14)


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_backward_is_its_steps(seed, T, N, D, H):
    rng = np.random.default_rng(seed)
    net = draw_lstm(rng, T, N, D, H)
    dhs = rng.normal(size=(T, N, H))
    hs, cs, gates = lstm_forward(**net)
    dxs, dh, dc, *weights = backward(dhs, net, (hs, cs, gates))
    carried_h, carried_c, sums = np.zeros((N, H)), np.zeros((N, H)), [0, 0, 0]
    for t in reversed(range(T)):
        h_prev, c_prev = (hs[t - 1], cs[t - 1]) if t else (net["h0"], net["c0"])
        dx, carried_h, carried_c, *parts = lstm_step_backward(
            dhs[t] + carried_h, carried_c, net["xs"][t], h_prev, c_prev, cs[t], gates[t], net["W_x"], net["W_h"]
        )
        sums = [total + part for total, part in zip(sums, parts, strict=True)]
        np.testing.assert_allclose(dxs[t], dx, rtol=1e-10, atol=1e-12)
    for whole, steps in zip([dh, dc, *weights], [carried_h, carried_c, *sums], strict=True):
        np.testing.assert_allclose(whole, steps, rtol=1e-10, atol=1e-12)


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_batch_is_its_rows(seed, T, D, H):
    net = draw_lstm(np.random.default_rng(seed), T, 4, D, H)
    results = lstm_forward(**net)
    for n in range(4):
        rows = slice(n, n + 1)
        row = {**net, "xs": net["xs"][:, rows], "h0": net["h0"][rows], "c0": net["c0"][rows]}
        for alone, together in zip(lstm_forward(**row), results, strict=True):
            np.testing.assert_allclose(alone, together[:, rows], rtol=1e-11, atol=1e-14)


@given(seeds, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_sequence_is_its_halves_chained(seed, first, second):
    net = draw_lstm(np.random.default_rng(seed), first + second, 3, 2, 5)
    whole = lstm_forward(**net)
    left = lstm_forward(**{**net, "xs": net["xs"][:first]})
    right = lstm_forward(**{**net, "xs": net["xs"][first:], "h0": left[0][-1], "c0": left[1][-1]})
    for parts in zip(whole, left, right, strict=True):
        np.testing.assert_allclose(np.concatenate(parts[1:]), parts[0], rtol=1e-11, atol=1e-14)


def test_an_open_forget_gate_and_a_shut_input_gate_keep_the_cell(rng):
    net = draw_lstm(rng, 50, 3, 2, 4)
    net["b"] = np.repeat([-1e4, 1e4, 0, 0], 4).astype(float)
    _, cs, _ = lstm_forward(**net)
    np.testing.assert_array_equal(cs, np.broadcast_to(net["c0"], cs.shape))


def test_a_shut_output_gate_hides_the_cell(rng):
    net = draw_lstm(rng, 5, 3, 2, 4)
    net["b"] = np.repeat([0, 0, 0, -1e4], 4).astype(float)
    hs, cs, _ = lstm_forward(**net)
    assert not hs.any()
    assert cs.all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_is_right_for_huge_scores(dtype):
    a = np.array([-1e4, -30, -1, 0, 1, 30, 1e4], dtype)
    with np.errstate(all="raise", under="ignore"):
        s = sigmoid(a)
    np.testing.assert_allclose(s, [0, 9.357622968839e-14, 0.2689414213700, 0.5, 0.7310585786300, 1 - 9.3576e-14, 1], rtol=1e-6)
    assert s.dtype == dtype


@given(st.floats(-1e4, 1e4))
def test_sigmoid_of_minus_a_is_the_rest(a):
    np.testing.assert_allclose(sigmoid(np.array(a)) + sigmoid(np.array(-a)), 1, rtol=1e-15)


def test_initial_weights_keep_the_scale_of_what_they_sum(rng):
    D, H = 300, 200
    W_x, W_h, b = init_lstm(D, H, rng.normal(size=(D + H, 4 * H)), 1.5)
    a = rng.normal(size=(50, D)) @ W_x + rng.normal(size=(50, H)) @ W_h
    np.testing.assert_allclose(a.std(), 1, atol=0.02)
    np.testing.assert_array_equal(b, np.repeat([0, 1.5, 0, 0], H))


def test_lstm_equals_pytorch():
    def replay(case):
        results = lstm_forward(*(case[name] for name in ("xs", "h0", "c0", "W_x", "W_h", "b")))
        gradients = backward(case["dhs"], case, results)
        return dict(zip(["hs", "cs_last", *GRADIENTS], [results[0], results[1][-1], *gradients], strict=True))

    assert_equals_oracle("lstm", replay)
