"""Recurrent layers in one shape, so that one training loop serves every cell.

A cell is a function of its parameters and a sequence: cell(parameters, xs (T, N, D)) -> hs (T, N, H), backward,
where backward(dhs (T, N, H)) gives the gradients of the cell's own parameters W_x, W_h and b by name. It starts
from a zero state. The readout's W_y (H, O) and b_y (O,) stand in the same dict.
"""

import numpy as np

from unrolled.reference import clip_by_global_norm, relu_rnn_backward, relu_rnn_forward, rnn_backward, rnn_forward


def tanh_cell(parameters, xs):
    """The plain recurrent network of chapter 2."""
    return _plain(rnn_forward, rnn_backward, parameters, xs)


def relu_cell(parameters, xs):
    """The same network with max(0, a) in the place of tanh (chapter 4)."""
    return _plain(relu_rnn_forward, relu_rnn_backward, parameters, xs)


def _plain(forward, through_time, parameters, xs):
    W_x, W_h, b = (parameters[name] for name in ("W_x", "W_h", "b"))
    h0 = np.zeros((xs.shape[1], len(W_h)), W_h.dtype)
    hs = forward(xs, h0, W_x, W_h, b)

    def backward(dhs):
        _, _, dW_x, dW_h, db = through_time(dhs, xs, h0, hs, W_x, W_h)
        return {"W_x": dW_x, "W_h": dW_h, "b": db}

    return hs, backward


def last_state_loss(cell, max_norm=None):
    """loss_and_gradients(parameters, xs, targets (N, O)) for `training.train`: mean squared error of the last state's readout.

    Where max_norm is given, the gradients are clipped to this global norm.
    """

    def loss_and_gradients(parameters, xs, targets):
        hs, backward = cell(parameters, xs)
        W_y, b_y = parameters["W_y"], parameters["b_y"]
        gap = hs[-1] @ W_y + b_y - targets
        dy = 2 * gap / gap.size
        dhs = np.zeros_like(hs)
        dhs[-1] = dy @ W_y.T        # the loss looks at the last state only
        gradients = backward(dhs) | {"W_y": hs[-1].T @ dy, "b_y": dy.sum(axis=0)}
        if max_norm is not None:
            gradients = dict(zip(gradients, clip_by_global_norm(list(gradients.values()), max_norm), strict=True))
        return np.mean(gap**2), gradients

    return loss_and_gradients
