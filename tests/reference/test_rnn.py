"""The recurrent network against finite differences, its own properties, and PyTorch."""

import numpy as np
import pytest
from hypothesis import given, settings

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import draw_layer, seeds, sizes
from tests.reference.finite_differences import assert_gradients
from unrolled.reference import (
    cross_entropy,
    readout,
    readout_backward,
    rnn_backward,
    rnn_forward,
    rnn_step_backward,
    rnn_step_forward,
    sample_tokens,
    softmax,
)


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_backward_equals_central_differences(seed, T, N, D, H):
    rng = np.random.default_rng(seed)
    net = draw_layer(rng, T, N, D, H)
    dhs = rng.normal(size=(T, N, H))
    hs = rnn_forward(**net)
    results = rnn_backward(dhs, net["xs"], net["h0"], hs, net["W_x"], net["W_h"])
    gradients = dict(zip(["xs", "h0", "W_x", "W_h", "b"], results, strict=True))
    assert_gradients(lambda: (dhs * rnn_forward(**net)).sum(), net, gradients)


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_step_backward_equals_central_differences(seed, N, D, H):
    rng = np.random.default_rng(seed)
    net = draw_layer(rng, 1, N, D, H)
    net = {"x": net.pop("xs")[0], "h_prev": net.pop("h0"), **net}
    dh = rng.normal(size=(N, H))
    h = rnn_step_forward(**net)
    results = rnn_step_backward(dh, net["x"], net["h_prev"], h, net["W_x"], net["W_h"])
    gradients = dict(zip(["x", "h_prev", "W_x", "W_h", "b"], results, strict=True))
    assert_gradients(lambda: (dh * rnn_step_forward(**net)).sum(), net, gradients)


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_cross_entropy_gradient_equals_central_differences(seed, T, N, V):
    rng = np.random.default_rng(seed)
    logits, targets = rng.normal(size=(T, N, V)), rng.integers(V, size=(T, N))
    mask = (rng.random((T, N)) < 0.7).astype(float)
    _, dlogits = cross_entropy(logits, targets, mask)
    loss = lambda: cross_entropy(logits, targets, mask)[0]  # noqa: E731
    assert_gradients(loss, {"logits": logits}, {"logits": dlogits})


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_sequence_is_its_steps(seed, T, N, D, H):
    net = draw_layer(np.random.default_rng(seed), T, N, D, H)
    hs, h = rnn_forward(**net), net["h0"]
    for t in range(T):
        h = rnn_step_forward(net["xs"][t], h, net["W_x"], net["W_h"], net["b"])
        np.testing.assert_allclose(hs[t], h, rtol=1e-12, atol=1e-14)


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_batch_is_its_rows(seed, T, D, H):
    net = draw_layer(np.random.default_rng(seed), T, 4, D, H)
    hs = rnn_forward(**net)
    for n in range(4):
        row = {**net, "xs": net["xs"][:, n : n + 1], "h0": net["h0"][n : n + 1]}
        np.testing.assert_allclose(rnn_forward(**row), hs[:, n : n + 1], rtol=1e-12, atol=1e-14)


@given(seeds, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_sequence_is_its_halves_chained(seed, first, second):
    net = draw_layer(np.random.default_rng(seed), first + second, 3, 2, 5)
    whole = rnn_forward(**net)
    left = rnn_forward(**{**net, "xs": net["xs"][:first]})
    right = rnn_forward(**{**net, "xs": net["xs"][first:], "h0": left[-1]})
    np.testing.assert_allclose(np.concatenate([left, right]), whole, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("scale", [1e4, -1e4])
def test_softmax_and_cross_entropy_are_right_for_huge_scores(scale):
    logits = np.array([[[0.0, 1.0, 2.0]]]) * scale
    p = softmax(logits)
    np.testing.assert_allclose(p.sum(axis=-1), 1)
    loss, dlogits = cross_entropy(logits, np.array([[1]]), np.ones((1, 1)))
    np.testing.assert_allclose(loss, 1e4)
    np.testing.assert_allclose(dlogits, p - [[[0, 1, 0]]])


def test_a_masked_step_changes_nothing(rng):
    logits, targets, mask = rng.normal(size=(3, 2, 4)), np.zeros((3, 2), int), np.ones((3, 2))
    mask[2, 1] = 0
    loss, dlogits = cross_entropy(logits, targets, mask)
    logits[2, 1] += 5
    again, _ = cross_entropy(logits, targets, mask)
    assert loss == again
    assert not dlogits[2, 1].any()


def test_sampled_frequencies_are_the_softmax(rng):
    h0, W_x, W_h, b = np.zeros((1, 4)), np.zeros((3, 4)), np.zeros((4, 4)), np.zeros(4)
    b_y = np.array([0.0, 1.0, 2.0])
    tokens = sample_tokens(h0, 0, rng.random(20_000), W_x, W_h, b, np.zeros((4, 3)), b_y, 0.5)
    np.testing.assert_allclose(np.bincount(tokens) / 20_000, softmax(b_y / 0.5), atol=0.015)


def test_a_low_temperature_takes_the_most_probable_token(rng):
    net = draw_layer(rng, 1, 1, 5, 4)
    W_y, b_y = rng.normal(size=(4, 5)), rng.normal(size=5)
    tokens = sample_tokens(net["h0"], 2, rng.random(6), net["W_x"], net["W_h"], net["b"], W_y, b_y, 1e-6)
    h, token = net["h0"], 2
    for drawn in tokens:
        h = rnn_step_forward(np.eye(5)[[token]], h, net["W_x"], net["W_h"], net["b"])
        token = int(np.argmax(readout(h[None], W_y, b_y)))
        assert drawn == token


def test_rnn_equals_pytorch():
    def replay(case):
        hs = rnn_forward(case["xs"], case["h0"], case["W_x"], case["W_h"], case["b"])
        names = ["dxs", "dh0", "dW_x", "dW_h", "db"]
        results = rnn_backward(case["dhs"], case["xs"], case["h0"], hs, case["W_x"], case["W_h"])
        return {"hs": hs, **dict(zip(names, results, strict=True))}

    assert_equals_oracle("rnn", replay)


def test_cross_entropy_equals_pytorch():
    def replay(case):
        loss, dlogits = cross_entropy(case["logits"], case["targets"], case["mask"])
        return {"loss": loss, "dlogits": dlogits}

    assert_equals_oracle("cross_entropy", replay)


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
