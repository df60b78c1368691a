"""The gated recurrent unit against finite differences, its own properties, and PyTorch."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import draw_layer, seeds, sizes
from tests.reference.finite_differences import assert_gradients
from unrolled.reference import (
    gru_backward,
    gru_forward,
    gru_reset_after_step_forward,
    gru_step_backward,
    gru_step_forward,
    lstm_forward,
    parameter_count,
    rnn_forward,
)

draw_gru = partial(draw_layer, blocks=3)
WEIGHTS = ["W_x", "W_h", "b"]
LARGE = 50.0        # sigmoid(50) is 1 to the last bit


def as_step(net):
    """The same weights, with the first input and h0, as the step functions name them."""
    return {"x": net["xs"][0], "h_prev": net["h0"], **{name: net[name] for name in WEIGHTS}}


def with_dials(net, reset, update):
    """net with both gates held at 0 or 1 by their biases alone."""
    H = net["h0"].shape[1]
    W_x, W_h, b = (net[name].copy() for name in WEIGHTS)
    W_x[:, : 2 * H] = 0
    W_h[:, : 2 * H] = 0
    b[:H], b[H : 2 * H] = LARGE * (2 * reset - 1), LARGE * (2 * update - 1)
    return {**net, "W_x": W_x, "W_h": W_h, "b": b}


def candidate_weights(net):
    H = net["h0"].shape[1]
    return [net[name][..., 2 * H :] for name in WEIGHTS]


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_backward_equals_central_differences(seed, T, N, D, H):
    rng = np.random.default_rng(seed)
    net = draw_gru(rng, T, N, D, H)
    dhs = rng.normal(size=(T, N, H))
    hs, gates = gru_forward(**net)
    results = gru_backward(dhs, net["xs"], net["h0"], hs, gates, net["W_x"], net["W_h"])
    gradients = dict(zip(["xs", "h0", *WEIGHTS], results, strict=True))
    assert_gradients(lambda: (dhs * gru_forward(**net)[0]).sum(), net, gradients)


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_step_backward_equals_central_differences(seed, N, D, H):
    rng = np.random.default_rng(seed)
    net = as_step(draw_gru(rng, 1, N, D, H))
    dh = rng.normal(size=(N, H))
    _, gates = gru_step_forward(**net)
    results = gru_step_backward(dh, net["x"], net["h_prev"], gates, net["W_x"], net["W_h"])
    gradients = dict(zip(["x", "h_prev", *WEIGHTS], results, strict=True))
    assert_gradients(lambda: (dh * gru_step_forward(**net)[0]).sum(), net, gradients)


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_sequence_is_its_steps(seed, T, N, D, H):
    net = draw_gru(np.random.default_rng(seed), T, N, D, H)
    hs, gates = gru_forward(**net)
    h = net["h0"]
    for t in range(T):
        h, step_gates = gru_step_forward(net["xs"][t], h, *(net[name] for name in WEIGHTS))
        np.testing.assert_allclose(hs[t], h, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(gates[t], step_gates, rtol=1e-12, atol=1e-14)


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_backward_is_its_steps_chained(seed, T, D, H):
    rng = np.random.default_rng(seed)
    net = draw_gru(rng, T, 3, D, H)
    dhs = rng.normal(size=(T, 3, H))
    hs, gates = gru_forward(**net)
    W_x, W_h = net["W_x"], net["W_h"]
    dxs, dh0, *weights = gru_backward(dhs, net["xs"], net["h0"], hs, gates, W_x, W_h)
    dh, totals = np.zeros_like(net["h0"]), [0, 0, 0]
    for t in reversed(range(T)):
        h_prev = hs[t - 1] if t else net["h0"]
        dx, dh, *parts = gru_step_backward(dhs[t] + dh, net["xs"][t], h_prev, gates[t], W_x, W_h)
        totals = [total + part for total, part in zip(totals, parts, strict=True)]
        np.testing.assert_allclose(dxs[t], dx, rtol=1e-10, atol=1e-12)
    for whole, sum_of_steps in zip([dh0, *weights], [dh, *totals], strict=True):
        np.testing.assert_allclose(whole, sum_of_steps, rtol=1e-10, atol=1e-12)


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_batch_is_its_rows(seed, T, D, H):
    net = draw_gru(np.random.default_rng(seed), T, 4, D, H)
    hs, _ = gru_forward(**net)
    for n in range(4):
        row = {**net, "xs": net["xs"][:, n : n + 1], "h0": net["h0"][n : n + 1]}
        np.testing.assert_allclose(gru_forward(**row)[0], hs[:, n : n + 1], rtol=1e-12, atol=1e-14)


@given(seeds, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_sequence_is_its_halves_chained(seed, first, second):
    net = draw_gru(np.random.default_rng(seed), first + second, 3, 2, 5)
    whole, _ = gru_forward(**net)
    left, _ = gru_forward(**{**net, "xs": net["xs"][:first]})
    right, _ = gru_forward(**{**net, "xs": net["xs"][first:], "h0": left[-1]})
    np.testing.assert_allclose(np.concatenate([left, right]), whole, rtol=1e-12, atol=1e-14)


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_reset_one_and_update_zero_is_the_plain_network(seed, T, N, D, H):
    net = with_dials(draw_gru(np.random.default_rng(seed), T, N, D, H), reset=1, update=0)
    plain = rnn_forward(net["xs"], net["h0"], *candidate_weights(net))
    np.testing.assert_allclose(gru_forward(**net)[0], plain, rtol=1e-12, atol=1e-14)


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_reset_zero_and_update_zero_is_feedforward(seed, T, N, D, H):
    net = with_dials(draw_gru(np.random.default_rng(seed), T, N, D, H), reset=0, update=0)
    W, _, b = candidate_weights(net)
    np.testing.assert_allclose(gru_forward(**net)[0], np.tanh(net["xs"] @ W + b), rtol=1e-12, atol=1e-14)


@given(seeds, sizes, sizes, sizes, st.sampled_from([0, 1]))
@settings(max_examples=25, deadline=None)
def test_update_one_copies_the_state(seed, T, N, H, reset):
    net = with_dials(draw_gru(np.random.default_rng(seed), T, N, 3, H), reset, update=1)
    np.testing.assert_allclose(gru_forward(**net)[0], np.broadcast_to(net["h0"], (T, N, H)), rtol=1e-12)


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_the_order_of_reset_matters_only_through_the_candidates_weights(seed, N, D, H):
    """With a diagonal W_hn, reset before and after the product are the same network; otherwise they differ."""
    rng = np.random.default_rng(seed)
    net = as_step(draw_gru(rng, 1, N, D, H))
    net["W_h"][:, 2 * H :] = np.diag(rng.normal(size=H))
    before, gates = gru_step_forward(**net)
    after, gates_after = gru_reset_after_step_forward(**net, b_hn=np.zeros(H))
    np.testing.assert_allclose(after, before, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(gates_after, gates, rtol=1e-12, atol=1e-14)


def test_the_order_of_reset_matters(rng):
    net = as_step(draw_gru(rng, 1, 2, 3, 4))
    assert not np.allclose(gru_step_forward(**net)[0], gru_reset_after_step_forward(**net, b_hn=np.zeros(4))[0])


def test_gates_saturate_without_overflow(rng):
    net = draw_gru(rng, 3, 2, 2, 4)
    with np.errstate(over="raise", invalid="raise"):
        hs, gates = gru_forward(**{**net, "b": np.repeat([1e4, -1e4, 0.0], 4)})
    assert np.isfinite(hs).all()
    np.testing.assert_array_equal(gates[..., :8], np.broadcast_to(np.repeat([1.0, 0.0], 4), (3, 2, 8)))


@pytest.mark.parametrize("cell, blocks", [("rnn", 1), ("gru", 3), ("lstm", 4)])
def test_parameter_count_is_the_number_of_weights_that_the_functions_take(cell, blocks, rng):
    D, H = 3, 5
    weights = [rng.normal(size=shape) for shape in [(D, blocks * H), (H, blocks * H), (blocks * H,)]]
    states = [np.zeros((2, H))] * (2 if cell == "lstm" else 1)
    {"rnn": rnn_forward, "gru": gru_forward, "lstm": lstm_forward}[cell](rng.normal(size=(4, 2, D)), *states, *weights)
    assert parameter_count(cell, D, H) == sum(weight.size for weight in weights)


def test_parameter_count_refuses_a_cell_that_it_does_not_know():
    with pytest.raises(KeyError, match="transformer"):
        parameter_count("transformer", 3, 5)


def test_gru_equals_pytorchs_autograd_on_its_equations():
    def replay(case):
        hs, gates = gru_forward(*(case[name] for name in ["xs", "h0", *WEIGHTS]))
        names = ["dxs", "dh0", "dW_x", "dW_h", "db"]
        results = gru_backward(case["dhs"], case["xs"], case["h0"], hs, gates, case["W_x"], case["W_h"])
        return {"hs": hs, **dict(zip(names, results, strict=True))}

    assert_equals_oracle("gru", replay)


def test_reset_after_equals_torch_gru():
    def replay(case):
        h, hs = case["h0"], []
        for x in case["xs"]:
            h, _ = gru_reset_after_step_forward(x, h, *(case[name] for name in [*WEIGHTS, "b_hn"]))
            hs.append(h)
        return {"hs": np.stack(hs)}

    assert_equals_oracle("gru_reset_after", replay)
