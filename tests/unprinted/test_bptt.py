"""Overlapping windows and a gradient by distance: against what they are made of, central differences, and PyTorch."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import seeds, sizes
from tests.reference.finite_differences import central_difference, relative_error
from tests.reference.test_bptt import assert_same, draw_backward
from unrolled.reference import rnn_backward, rnn_forward, truncated_rnn_backward
from unrolled.unprinted.bptt import overlapping_rnn_backward, recurrent_gradient_by_distance

steps = st.integers(1, 5)


def by_distance(inputs):
    dhs, _, h0, hs, _, W_h = inputs
    return recurrent_gradient_by_distance(dhs, h0, hs, W_h)


@given(seeds, sizes, sizes, sizes, sizes, steps, steps)
@settings(max_examples=50, deadline=None)
def test_a_window_equals_central_differences_of_its_losses_from_the_state_before_it(seed, T, N, D, H, k1, more):
    """What a window leaves out is what came before it: started there from a state that is given, its
    gradient is whole."""
    net, inputs = draw_backward(seed, T, N, D, H)
    dhs, xs, h0, hs, W_x, W_h = inputs
    dW_h = 0
    for begin in range(0, T, k1):
        end = min(begin + k1, T)
        first = max(end - k1 - more, 0)
        start = hs[first - 1].copy() if first else h0
        heard = slice(begin - first, None)

        def loss(first=first, end=end, start=start, begin=begin, heard=heard):
            return (dhs[begin:end] * rnn_forward(xs[first:end], start, W_x, W_h, net["b"])[heard]).sum()

        dW_h = dW_h + central_difference(loss, W_h)
    assert relative_error(overlapping_rnn_backward(*inputs, k1, k1 + more)[3], dW_h) < 1e-7


@given(seeds, sizes, sizes, steps)
@settings(max_examples=25, deadline=None)
def test_windows_that_reach_far_enough_give_the_whole_gradient(seed, T, N, k1):
    _, inputs = draw_backward(seed, T, N)
    assert_same(overlapping_rnn_backward(*inputs, k1, T + k1), rnn_backward(*inputs))


@given(seeds, sizes, steps, steps)
@settings(max_examples=25, deadline=None)
def test_windows_that_do_not_overlap_are_chunks(seed, N, k, chunks):
    _, inputs = draw_backward(seed, k * chunks, N)
    assert_same(overlapping_rnn_backward(*inputs, k, k), truncated_rnn_backward(*inputs, k))


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_all_distances_together_are_the_whole_gradient_and_the_near_ones_a_windows(seed, T, N, H):
    _, inputs = draw_backward(seed, T, N, H=H)
    parts = by_distance(inputs)
    assert parts.shape == (T, H, H)
    assert_same([parts.sum(axis=0)], [rnn_backward(*inputs)[3]])
    for k2 in range(1, T + 1):
        assert_same([parts[:k2].sum(axis=0)], [overlapping_rnn_backward(*inputs, 1, k2)[3]])


def test_a_single_loss_has_each_step_at_its_distance():
    _, (dhs, xs, h0, hs, W_x, W_h) = draw_backward(0, 5)
    dhs[[0, 1, 2, 4]] = 0
    parts = by_distance((dhs, xs, h0, hs, W_x, W_h))
    np.testing.assert_allclose(parts[0], hs[2].T @ (dhs[3] * (1 - hs[3] ** 2)))
    assert all(part.any() for part in parts[:4]) and not parts[4].any()


def test_windows_and_distances_equal_pytorch():
    def replay(case):
        inputs = [case[name] for name in ("dhs", "xs", "h0", "hs", "W_x", "W_h")]
        windows = overlapping_rnn_backward(*inputs, int(case["k1"]), int(case["k2"]))
        return dict(zip(("dxs", "dh0", "dW_x", "dW_h", "db"), windows, strict=True)) | {"dW_hs": by_distance(inputs)}

    assert_equals_oracle("windowed_rnn", replay)
