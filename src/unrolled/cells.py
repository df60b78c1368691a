"""Recurrent layers in one shape, and the losses of their readouts, so that one training loop serves every cell.

A cell is a function of its parameters and a sequence: cell(parameters, xs (T, N, D)) -> hs (T, N, H), backward,
where backward(dhs (T, N, H)) gives the gradients of the cell's own parameters W_x, W_h and b by name. It starts
from a zero state. The readout's W_y (H, O) and b_y (O,) stand in the same dict.
"""

from functools import partial

import numpy as np

from unrolled.fast import (
    bidirectional_backward,
    bidirectional_forward,
    gru_backward,
    gru_forward,
    lstm_backward,
    lstm_forward,
    relu_rnn_backward,
    relu_rnn_forward,
    rnn_backward,
    rnn_forward,
    rwa_backward,
    rwa_forward,
    stacked_backward,
    stacked_forward,
    truncated_rnn_backward,
)
from unrolled.reference import clip_by_global_norm, cross_entropy, readout, readout_backward


def tanh_cell(parameters, xs):
    """The plain recurrent network of chapter 2."""
    return _plain(rnn_forward, rnn_backward, parameters, xs)


def truncated_cell(k):
    """The plain network whose way back is cut into chunks of k steps (chapter 3)."""
    return partial(_plain, rnn_forward, partial(truncated_rnn_backward, k=k))


def relu_cell(parameters, xs):
    """The same network with max(0, a) in the place of tanh (chapter 4)."""
    return _plain(relu_rnn_forward, relu_rnn_backward, parameters, xs)


def lstm_cell(parameters, xs):
    """The LSTM of chapter 5."""
    W_x, W_h, b, h0 = _weights_and_zeros(parameters, xs)
    hs, cs, gates = lstm_forward(xs, h0, h0, W_x, W_h, b)

    def backward(dhs):
        _, _, _, dW_x, dW_h, db = lstm_backward(dhs, xs, h0, h0, hs, cs, gates, W_x, W_h)
        return {"W_x": dW_x, "W_h": dW_h, "b": db}

    return hs, backward


def gru_cell(parameters, xs):
    """The GRU of chapter 6."""
    W_x, W_h, b, h0 = _weights_and_zeros(parameters, xs)
    hs, gates = gru_forward(xs, h0, W_x, W_h, b)

    def backward(dhs):
        _, _, dW_x, dW_h, db = gru_backward(dhs, xs, h0, hs, gates, W_x, W_h)
        return {"W_x": dW_x, "W_h": dW_h, "b": db}

    return hs, backward


def bidirectional_cell(parameters, xs):
    """Two plain networks that read in opposite directions (chapter 7): hs (T, N, 2H), W_x (2, D, H),
    W_h (2, H, H), b (2, H)."""
    W_x, W_h, b = (parameters[name] for name in ("W_x", "W_h", "b"))
    mask = np.ones(xs.shape[:2], W_h.dtype)
    hs = bidirectional_forward(xs, mask, W_x, W_h, b)

    def backward(dhs):
        _, dW_x, dW_h, db = bidirectional_backward(dhs, xs, mask, hs, W_x, W_h)
        return {"W_x": dW_x, "W_h": dW_h, "b": db}

    return hs, backward


def summed_cell(parameters, xs):
    """The same two, their states added and not set side by side: hs (T, N, H)."""
    hs, backward = bidirectional_cell(parameters, xs)
    return sum(np.split(hs, 2, axis=-1)), lambda dhs: backward(np.concatenate([dhs, dhs], axis=-1))


def stacked_cell(parameters, xs):
    """The top layer of a stack of plain networks (chapter 7), with W_in (D, H), W_up (L-1, H, H),
    W_h (L, H, H), b (L, H)."""
    W_in, W_up, W_h, b = (parameters[name] for name in ("W_in", "W_up", "W_h", "b"))
    h0s = np.zeros((len(W_h), xs.shape[1], W_h.shape[-1]), W_h.dtype)
    hs = stacked_forward(xs, h0s, W_in, W_up, W_h, b)

    def backward(dhs):
        _, _, dW_in, dW_up, dW_h, db = stacked_backward(dhs, xs, h0s, hs, W_in, W_up, W_h)
        return {"W_in": dW_in, "W_up": dW_up, "W_h": dW_h, "b": db}

    return hs[-1], backward


def rwa_cell(parameters, xs):
    """The recurrent weighted average of chapter 8: W_x (D, 3H), W_h (H, 2H), b (2H,)."""
    W_x, W_h, b, h0 = _weights_and_zeros(parameters, xs)
    states = rwa_forward(xs, h0, W_x, W_h, b)

    def backward(dhs):
        _, _, dW_x, dW_h, db = rwa_backward(dhs, xs, h0, *states, W_x, W_h, b)
        return {"W_x": dW_x, "W_h": dW_h, "b": db}

    return states[0], backward


def _plain(forward, through_time, parameters, xs):
    W_x, W_h, b, h0 = _weights_and_zeros(parameters, xs)
    hs = forward(xs, h0, W_x, W_h, b)

    def backward(dhs):
        _, _, dW_x, dW_h, db = through_time(dhs, xs, h0, hs, W_x, W_h)
        return {"W_x": dW_x, "W_h": dW_h, "b": db}

    return hs, backward


def _weights_and_zeros(parameters, xs):
    """W_x, W_h, b and a zero state for the batch."""
    W_x, W_h, b = (parameters[name] for name in ("W_x", "W_h", "b"))
    return W_x, W_h, b, np.zeros((xs.shape[1], len(W_h)), W_h.dtype)


def last_state_loss(cell, max_norm=None):
    """loss_and_gradients(parameters, xs, targets (N, O)) for `training.train`: mean squared error of the last
    state's readout.

    Where max_norm is given, the gradients are clipped to this global norm.
    """
    return _loss(cell, slice(-1, None), _squared_error, max_norm)


def every_state_loss(cell, max_norm=None):
    """The same for targets (T, N, O), one for every state."""
    return _loss(cell, slice(None), _squared_error, max_norm)


def last_state_cross_entropy(cell, max_norm=None):
    """The same for integer targets (N,): the cross-entropy of the last state's readout, in nats."""

    def judge(logits, targets):
        return cross_entropy(logits, targets[None], np.ones((1, len(targets))))

    return _loss(cell, slice(-1, None), judge, max_norm)


def every_state_cross_entropy(cell, max_norm=None, late=0):
    """The same for integer targets (T, N), one for every state; the answer about a step is read
    `late` steps after it."""

    def judge(logits, targets):
        asked = np.ones(targets.shape)
        asked[:late] = 0  # nothing has been read yet that they could answer
        return cross_entropy(logits, np.roll(targets, late, axis=0), asked)

    return _loss(cell, slice(None), judge, max_norm)


def bits(cell, parameters, xs, targets):
    """Mean bits a token that the cell's readout needs for integer targets (T, N), read from a zero
    state.  xs (T, N, D)"""
    hs, _ = cell(parameters, xs)
    loss, _ = cross_entropy(readout(hs, parameters["W_y"], parameters["b_y"]), targets, np.ones(targets.shape))
    return float(loss / len(targets) / np.log(2))


def _squared_error(ys, targets):
    gap = ys - targets
    return np.mean(gap**2), 2 * gap / gap.size


def _loss(cell, steps, judge, max_norm):
    """judge(ys, targets) -> loss, dys looks at the readout of the states hs[steps]."""

    def loss_and_gradients(parameters, xs, targets):
        hs, backward = cell(parameters, xs)
        read = hs[steps]
        loss, dys = judge(readout(read, parameters["W_y"], parameters["b_y"]), targets)
        dhs = np.zeros_like(hs)
        dhs[steps], dW_y, db_y = readout_backward(dys, read, parameters["W_y"])
        gradients = backward(dhs) | {"W_y": dW_y, "b_y": db_y}
        if max_norm is not None:
            gradients = dict(zip(gradients, clip_by_global_norm(list(gradients.values()), max_norm), strict=True))
        return loss, gradients

    return loss_and_gradients
