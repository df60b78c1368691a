"""Both directions, layers on layers and dropout against finite differences, their own properties, and PyTorch."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import seeds, sizes
from tests.reference.finite_differences import assert_gradients
from unrolled.reference import (
    bidirectional_backward,
    bidirectional_forward,
    dropout_mask,
    reverse_padded,
    rnn_backward,
    rnn_forward,
    stacked_backward,
    stacked_forward,
)

layers = st.integers(1, 4)


def draw_mask(rng, T, N):
    """Lengths from nothing to all T steps."""
    return (np.arange(T)[:, None] < rng.integers(0, T + 1, size=N)).astype(float)


def draw_bidirectional(rng, T, N, D, H):
    shapes = {"xs": (T, N, D), "W_x": (2, D, H), "W_h": (2, H, H), "b": (2, H)}
    return {name: 0.7 * rng.normal(size=shape) for name, shape in shapes.items()} | {"mask": draw_mask(rng, T, N)}


def draw_stack(rng, L, T, N, D, H):
    shapes = {"xs": (T, N, D), "h0s": (L, N, H), "W_in": (D, H), "W_up": (L - 1, H, H), "W_h": (L, H, H), "b": (L, H)}
    return {name: 0.7 * rng.normal(size=shape) for name, shape in shapes.items()}


@given(seeds, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_every_sequence_is_reversed_as_if_it_were_alone(seed, T, N):
    rng = np.random.default_rng(seed)
    xs, mask = rng.normal(size=(T, N, 3)), draw_mask(rng, T, N)
    ys = reverse_padded(xs, mask)
    for n, length in enumerate(mask.sum(axis=0).astype(int)):
        np.testing.assert_array_equal(ys[:length, n], xs[:length, n][::-1])
        np.testing.assert_array_equal(ys[length:, n], xs[length:, n])


@given(seeds, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_reversed_twice_is_as_it_was(seed, T, N):
    rng = np.random.default_rng(seed)
    xs, mask = rng.normal(size=(T, N, 3)), draw_mask(rng, T, N)
    np.testing.assert_array_equal(reverse_padded(reverse_padded(xs, mask), mask), xs)


@pytest.mark.parametrize("kind", [bool, int, np.float32])
def test_a_mask_may_be_of_any_kind_of_number_and_does_not_change_the_dtype(kind, rng):
    net = {name: array.astype(np.float32) for name, array in draw_bidirectional(rng, 5, 3, 2, 4).items()}
    wanted = bidirectional_forward(**net)
    hs = bidirectional_forward(**net | {"mask": net["mask"].astype(kind)})
    assert hs.dtype == np.float32
    np.testing.assert_array_equal(hs, wanted)
    dhs = rng.normal(size=hs.shape).astype(np.float32)
    results = bidirectional_backward(dhs, net["xs"], net["mask"].astype(kind), hs, net["W_x"], net["W_h"])
    assert {result.dtype for result in results} == {np.dtype(np.float32)}


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_bidirectional_backward_equals_central_differences(seed, T, N, D, H):
    rng = np.random.default_rng(seed)
    net = draw_bidirectional(rng, T, N, D, H)
    dhs, mask = rng.normal(size=(T, N, 2 * H)), net.pop("mask")
    hs = bidirectional_forward(mask=mask, **net)
    results = bidirectional_backward(dhs, net["xs"], mask, hs, net["W_x"], net["W_h"])
    gradients = dict(zip(["xs", "W_x", "W_h", "b"], results, strict=True))
    assert_gradients(lambda: (dhs * bidirectional_forward(mask=mask, **net)).sum(), net, gradients)


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_a_padded_batch_is_its_sequences_each_alone_and_unpadded(seed, T, N, D, H):
    net = draw_bidirectional(np.random.default_rng(seed), T, N, D, H)
    xs, mask, *weights = (net[name] for name in ["xs", "mask", "W_x", "W_h", "b"])
    hs = bidirectional_forward(xs, mask, *weights)
    for n, length in enumerate(mask.sum(axis=0).astype(int)):
        if length:
            alone = bidirectional_forward(xs[:length, [n]], mask[:length, [n]], *weights)
            np.testing.assert_allclose(hs[:length, [n]], alone, rtol=1e-12, atol=1e-14)
        assert not hs[length:, n].any()


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_a_reversed_sequence_with_its_directions_swapped_gives_reversed_states(seed, T, N, D, H):
    net = draw_bidirectional(np.random.default_rng(seed), T, N, D, H)
    hs_fwd, hs_rev = np.split(bidirectional_forward(**net), 2, axis=-1)
    swapped = {name: net[name][::-1] for name in ["W_x", "W_h", "b"]}
    again = bidirectional_forward(reverse_padded(net["xs"], net["mask"]), net["mask"], **swapped)
    turned = reverse_padded(np.concatenate([hs_rev, hs_fwd], axis=-1), net["mask"])
    np.testing.assert_allclose(again, turned, rtol=1e-12, atol=1e-14)


def test_padding_changes_nothing_whatever_stands_there(rng):
    net = draw_bidirectional(rng, 6, 4, 3, 2)
    net["mask"] = (np.arange(6)[:, None] < [6, 4, 1, 3]).astype(float)
    padding = net["mask"] == 0
    hs, dhs = bidirectional_forward(**net), rng.normal(size=(6, 4, 4))
    results = bidirectional_backward(dhs, net["xs"], net["mask"], hs, net["W_x"], net["W_h"])
    net["xs"][padding], dhs[padding] = 1e3, 1e3
    np.testing.assert_array_equal(bidirectional_forward(**net), hs)
    again = bidirectional_backward(dhs, net["xs"], net["mask"], hs, net["W_x"], net["W_h"])
    for one, other in zip(again, results, strict=True):
        np.testing.assert_array_equal(one, other)
    assert not results[0][padding].any()


def test_every_output_hears_every_input(rng):
    """Each direction hears its own side of a step alone; together they hear all."""
    T, H = 5, 3
    net = draw_bidirectional(rng, T, 1, 2, H)
    net["mask"] = np.ones((T, 1))
    hs = bidirectional_forward(**net)
    for t in range(T):
        for half, heard in enumerate([range(t + 1), range(t, T)]):
            dhs = np.zeros_like(hs)
            dhs[t, :, half * H : (half + 1) * H] = 1
            dxs, *_ = bidirectional_backward(dhs, net["xs"], net["mask"], hs, net["W_x"], net["W_h"])
            assert np.flatnonzero(dxs.any(axis=(1, 2))).tolist() == list(heard)


@given(seeds, layers, sizes, sizes, sizes, sizes)
@example(14, 3, 6, 6, 6, 5)     # so curved that the error of a plain central difference is larger than what is allowed
@settings(max_examples=25, deadline=None)
def test_stacked_backward_equals_central_differences(seed, L, T, N, D, H):
    rng = np.random.default_rng(seed)
    net = draw_stack(rng, L, T, N, D, H)
    dhs, hs = rng.normal(size=(T, N, H)), stacked_forward(**net)
    results = stacked_backward(dhs, net["xs"], net["h0s"], hs, net["W_in"], net["W_up"], net["W_h"])
    assert_gradients(lambda: (dhs * stacked_forward(**net)[-1]).sum(), net, dict(zip(net, results, strict=True)))


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_a_stack_of_one_layer_is_the_plain_network(seed, T, N, D, H):
    rng = np.random.default_rng(seed)
    net = draw_stack(rng, 1, T, N, D, H)
    xs, h0, W_x, _, W_h, b = (array if name in ("xs", "W_in", "W_up") else array[0] for name, array in net.items())
    hs, dhs = rnn_forward(xs, h0, W_x, W_h, b), rng.normal(size=(T, N, H))
    np.testing.assert_array_equal(stacked_forward(**net), hs[None])
    stacked = stacked_backward(dhs, xs, net["h0s"], hs[None], W_x, net["W_up"], net["W_h"])
    dxs, (dh0,), dW_in, dW_up, (dW_h,), (db,) = stacked
    for result, wanted in zip([dxs, dh0, dW_in, dW_h, db], rnn_backward(dhs, xs, h0, hs, W_x, W_h), strict=True):
        np.testing.assert_array_equal(result, wanted)
    assert dW_up.shape == (0, H, H)


@given(seeds, layers, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_a_stack_is_its_lower_layers_and_its_upper_ones(seed, L, T, N, D, H):
    net = draw_stack(np.random.default_rng(seed), L + 1, T, N, D, H)
    xs, h0s, W_in, W_up, W_h, b = net.values()
    hs = stacked_forward(**net)
    for cut in range(1, L + 1):
        lower = stacked_forward(xs, h0s[:cut], W_in, W_up[: cut - 1], W_h[:cut], b[:cut])
        upper = stacked_forward(lower[-1], h0s[cut:], W_up[cut - 1], W_up[cut:], W_h[cut:], b[cut:])
        np.testing.assert_allclose(np.concatenate([lower, upper]), hs, rtol=1e-12, atol=1e-14)


@given(seeds, st.floats(0.05, 1))
@settings(max_examples=25, deadline=None)
def test_a_dropout_mask_is_zero_or_one_over_keep_and_one_in_the_mean(seed, keep):
    u = np.random.default_rng(seed).random((100, 200))
    mask = dropout_mask(u, keep)
    assert set(np.unique(mask)) <= {0, 1 / keep}
    np.testing.assert_array_equal(mask > 0, u < keep)
    assert abs(mask.mean() - 1) < 6 * np.sqrt((1 / keep - 1) / u.size) + 1e-12


def test_of_evenly_spread_draws_just_the_share_that_is_to_be_kept_is_kept():
    for kept in range(1, 9):
        assert (dropout_mask(np.arange(8) / 8, kept / 8) > 0).tolist() == [i < kept for i in range(8)]


def test_with_keep_one_nothing_is_dropped():
    assert (dropout_mask(np.array([0, 0.5, np.nextafter(1, 0)]), 1) == 1).all()


def test_bidirectional_equals_pytorch():
    def replay(case):
        hs = bidirectional_forward(case["xs"], case["mask"], case["W_x"], case["W_h"], case["b"])
        results = bidirectional_backward(case["dhs"], case["xs"], case["mask"], hs, case["W_x"], case["W_h"])
        return {"hs": hs, **dict(zip(["dxs", "dW_x", "dW_h", "db"], results, strict=True))}

    assert_equals_oracle("bidirectional_rnn", replay)


def test_stacked_equals_pytorch():
    def replay(case):
        xs, h0s, W_in, W_up, W_h, b = (case[name] for name in ["xs", "h0s", "W_in", "W_up", "W_h", "b"])
        hs = stacked_forward(xs, h0s, W_in, W_up, W_h, b)
        results = stacked_backward(case["dhs"], xs, h0s, hs, W_in, W_up, W_h)
        names = ["dxs", "dh0s", "dW_in", "dW_up", "dW_h", "db"]
        return {"top": hs[-1], "last": hs[:, -1], **dict(zip(names, results, strict=True))}

    assert_equals_oracle("stacked_rnn", replay)
