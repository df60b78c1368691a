"""Chapter 2's network through time: inputs and weights' gradients in one product each."""

import numpy as np


def rnn_forward(xs, h0, W_x, W_h, b):
    """The inputs wait for no state, so one product serves all steps; the states are made in place."""
    hs = xs @ W_x + b       # the inputs do not wait for the state: one product serves all steps
    h = h0
    for t in range(len(xs)):
        hs[t] += h @ W_h
        h = np.tanh(hs[t], out=hs[t])
    return hs


def rnn_backward(dhs, xs, h0, hs, W_x, W_h):
    """The weights are shared, so their gradients are one product over all steps and rows."""
    T, N, H = hs.shape
    das = 1 - hs**2
    dh = np.zeros_like(h0)
    for t in reversed(range(T)):
        das[t] *= dhs[t] + dh       # from this step's output, and from the step after
        dh = das[t] @ W_h.T
    flat = das.reshape(T * N, H)    # shared weights: their gradient is one sum over all steps, so one product
    h_prevs = np.concatenate([h0[None], hs[:-1]]).reshape(T * N, H)
    return das @ W_x.T, dh, xs.reshape(T * N, -1).T @ flat, h_prevs.T @ flat, flat.sum(axis=0)
