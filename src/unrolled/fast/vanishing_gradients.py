"""Chapter 4's network with max(0, a) in the place of tanh."""

import numpy as np


def relu_rnn_forward(xs, h0, W_x, W_h, b):
    """As rnn_forward, with max(0, a)."""
    hs = xs @ W_x + b
    h = h0
    for t in range(len(xs)):
        hs[t] += h @ W_h
        h = np.maximum(hs[t], 0, out=hs[t])
    return hs


def relu_rnn_backward(dhs, xs, h0, hs, W_x, W_h):
    """As rnn_backward, with the slopes of max(0, a)."""
    T, N, H = hs.shape
    das = (hs > 0).astype(hs.dtype)
    dh = np.zeros_like(h0)
    for t in reversed(range(T)):
        das[t] *= dhs[t] + dh
        dh = das[t] @ W_h.T
    flat = das.reshape(T * N, H)
    h_prevs = np.concatenate([h0[None], hs[:-1]]).reshape(T * N, H)
    return das @ W_x.T, dh, xs.reshape(T * N, -1).T @ flat, h_prevs.T @ flat, flat.sum(axis=0)
