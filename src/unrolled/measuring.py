"""What chapters 5 and 6 measure of several cells: how far a gradient reaches, and how long a pass takes."""

import time

import numpy as np

from unrolled.cells import gru_cell, lstm_cell, relu_cell, tanh_cell
from unrolled.fast import (
    gru_backward,
    gru_forward,
    lstm_backward,
    lstm_forward,
    relu_rnn_backward,
    relu_rnn_forward,
    rnn_backward,
    rnn_forward,
)
from unrolled.training import initial_parameters

PASSES = {  # forward, backward, and how many states a step hands on
    tanh_cell: (rnn_forward, rnn_backward, 1),
    relu_cell: (relu_rnn_forward, relu_rnn_backward, 1),
    lstm_cell: (lstm_forward, lstm_backward, 2),
    gru_cell: (gru_forward, gru_backward, 1),
}
BLOCKS = {tanh_cell: 1, lstm_cell: 4, gru_cell: 3}


def gradient_left(cell, parameters, xs, dh, lags, roads=1):
    """How much of a gradient dh (N, H) at the last hidden state arrives at the state so many steps before:
    norms (lags, N).

    An LSTM's state is h and c together. With roads=0, W_h is left out on the way back: what arrives
    came along the cell.
    """
    forward, backward, count = PASSES[cell]
    W_x, W_h, b = (parameters[name].astype(float) for name in ("W_x", "W_h", "b"))
    results = forward(xs, *[np.zeros_like(dh)] * count, W_x, W_h, b)
    results = results if isinstance(results, tuple) else (results,)
    norms = []
    for lag in lags:  # the last `lag` steps are a sequence that starts in the state before them
        starts = [states[-lag - 1] for states in results[:count]]
        tails = [array[-lag:] for array in results]
        dhs = np.zeros((lag, *dh.shape))
        dhs[-1] = dh
        gradients = backward(dhs, xs[-lag:], *starts, *tails, W_x, roads * W_h)[1 : 1 + count]
        norms.append(np.linalg.norm(np.concatenate(gradients, axis=1), axis=1))
    return np.array(norms)


def of_size_1(dh):
    """Gradients (N, H), each with a norm of 1."""
    return dh / np.linalg.norm(dh, axis=-1, keepdims=True)


def pass_times(units, T=50, N=32, D=8, rounds=7):
    """Seconds of one processor that a pass forward and back takes, by cell: `rounds` of them, taken in turn.

    units  a dict from a cell to its number of units; xs (T, N, D) are the same for all
    """
    rng = np.random.default_rng(0)
    xs = rng.normal(size=(T, N, D)).astype(np.float32)
    parameters = {cell: initial_parameters(rng, D, H, 1, BLOCKS[cell]) for cell, H in units.items()}
    seconds = {cell: [] for cell in units}
    for counted in [False, *[True] * rounds]:  # the first round warms up
        for cell, own in parameters.items():
            start = time.thread_time()
            hs, backward = cell(own, xs)
            backward(np.ones_like(hs))
            if counted:
                seconds[cell].append(time.thread_time() - start)
    return {cell: np.array(values) for cell, values in seconds.items()}
