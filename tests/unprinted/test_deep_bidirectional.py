"""Bidirectional layers on each other, dropout on the way back: against differences, their parts, and PyTorch."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import seeds, sizes
from tests.reference.finite_differences import assert_gradients
from tests.reference.test_deep_bidirectional import draw_mask, draw_stack
from unrolled.reference import bidirectional_forward, dropout_mask, rnn_forward, stacked_backward
from unrolled.unprinted.deep_bidirectional import deep_bidirectional_forward, stacked_dropout_backward

layers = st.integers(1, 4)


def draw_deep(rng, L, T, N, D, H):
    shapes = {"xs": (T, N, D), "W_in": (2, D, H), "W_up": (L - 1, 2, 2 * H, H), "W_h": (L, 2, H, H), "b": (L, 2, H)}
    return {name: 0.7 * rng.normal(size=shape) for name, shape in shapes.items()} | {"mask": draw_mask(rng, T, N)}


def forward_with_dropout(xs, h0s, masks, W_in, W_up, W_h, b):
    """The states of a stack whose upper layers read what is left of those below."""
    hs = [rnn_forward(xs, h0s[0], W_in, W_h[0], b[0])]
    for layer, mask in enumerate(masks, start=1):
        hs.append(rnn_forward(mask * hs[-1], h0s[layer], W_up[layer - 1], W_h[layer], b[layer]))
    return np.stack(hs)


@given(seeds, layers, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_each_layer_is_a_bidirectional_one_over_all_that_the_layer_below_says(seed, L, T, N, D, H):
    net = draw_deep(np.random.default_rng(seed), L, T, N, D, H)
    hs = deep_bidirectional_forward(**net)
    assert hs.shape == (L, T, N, 2 * H)
    for layer in range(L):
        below, W_x = (hs[layer - 1], net["W_up"][layer - 1]) if layer else (net["xs"], net["W_in"])
        alone = bidirectional_forward(below, net["mask"], W_x, net["W_h"][layer], net["b"][layer])
        np.testing.assert_array_equal(hs[layer], alone)


def test_padding_changes_nothing_in_any_layer(rng):
    net = draw_deep(rng, 3, 6, 4, 2, 3)
    hs = deep_bidirectional_forward(**net)
    net["xs"][net["mask"] == 0] = 1e3
    np.testing.assert_array_equal(deep_bidirectional_forward(**net), hs)
    assert not hs[:, net["mask"] == 0].any()


@given(seeds, layers, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_the_way_back_with_dropout_equals_central_differences(seed, L, T, N, D, H):
    rng = np.random.default_rng(seed)
    net = draw_stack(rng, L, T, N, D, H)
    masks, dhs = dropout_mask(rng.random((L - 1, T, N, H)), 0.7), rng.normal(size=(T, N, H))
    hs = forward_with_dropout(masks=masks, **net)
    results = stacked_dropout_backward(dhs, net["xs"], net["h0s"], hs, masks, net["W_in"], net["W_up"], net["W_h"])
    loss = lambda: (dhs * forward_with_dropout(masks=masks, **net)[-1]).sum()  # noqa: E731
    assert_gradients(loss, net, dict(zip(net, results, strict=True)))


def test_where_nothing_is_dropped_it_is_the_stacks_own_way_back(rng):
    net = draw_stack(rng, 3, 5, 2, 4, 6)
    masks, dhs = np.ones((2, 5, 2, 6)), rng.normal(size=(5, 2, 6))
    hs = forward_with_dropout(masks=masks, **net)
    given = dhs, net["xs"], net["h0s"], hs
    weights = net["W_in"], net["W_up"], net["W_h"]
    wanted = stacked_backward(*given, *weights)
    for result, own in zip(stacked_dropout_backward(*given, masks, *weights), wanted, strict=True):
        np.testing.assert_array_equal(result, own)


def test_where_all_is_dropped_nothing_goes_down(rng):
    net = draw_stack(rng, 2, 5, 2, 4, 6)
    masks, dhs = np.zeros((1, 5, 2, 6)), rng.normal(size=(5, 2, 6))
    hs = forward_with_dropout(masks=masks, **net)
    weights = net["W_in"], net["W_up"], net["W_h"]
    dxs, dh0s, dW_in, dW_up, dW_h, db = stacked_dropout_backward(dhs, net["xs"], net["h0s"], hs, masks, *weights)
    assert not any(np.any(nothing) for nothing in (dxs, dh0s[0], dW_in, dW_up, dW_h[0], db[0]))
    assert all(np.all(something) for something in (dh0s[1], dW_h[1], db[1]))


def test_deep_bidirectional_equals_pytorch():
    def replay(case):
        hs = deep_bidirectional_forward(case["xs"], case["mask"], case["W_in"], case["W_up"], case["W_h"], case["b"])
        return {"top": hs[-1]}

    assert_equals_oracle("deep_bidirectional_rnn", replay)


def test_dropout_on_the_way_back_equals_pytorch():
    def replay(case):
        xs, h0s, masks, W_in, W_up, W_h, b = (case[name] for name in ["xs", "h0s", "masks", "W_in", "W_up", "W_h", "b"])
        hs = forward_with_dropout(xs, h0s, masks, W_in, W_up, W_h, b)
        results = stacked_dropout_backward(case["dhs"], xs, h0s, hs, masks, W_in, W_up, W_h)
        return {"hs": hs, **dict(zip(["dxs", "dh0s", "dW_in", "dW_up", "dW_h", "db"], results, strict=True))}

    assert_equals_oracle("stacked_dropout_rnn", replay)
