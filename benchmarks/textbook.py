"""The plain textbook way, as a yardstick: a step at a time, activations in lists of tuples, every product
inside the loop.

It computes what `unrolled.fast` computes, in the same layout. What it does not think of is what such code usually does
not think of: `np.zeros` makes float64, so from the first step on everything is float64, whatever was given
(`dtype=np.float32` keeps it out, to see how much that alone costs); sigmoid picks its two cases by masks; the input's
product and the weights' gradients are computed step by step, each gate of the GRU by itself.
"""

import numpy as np


def sigmoid(a):
    s = np.zeros_like(a)
    positive = a >= 0
    s[positive] = 1 / (1 + np.exp(-a[positive]))
    e = np.exp(a[~positive])
    s[~positive] = e / (1 + e)
    return s


def unroll(step, xs, states, weights, dtype):
    """step(x, *states, *weights) -> states, cache; every state starts at zero."""
    H = weights[1].shape[0]
    states = [np.zeros((xs.shape[1], H), dtype) for _ in range(states)]
    hs, caches = [], []
    for x in xs:
        states, cache = step(x, *states, *weights)
        hs.append(states[0])
        caches.append(cache)
    return np.stack(hs), caches


def unroll_back(step, dhs, caches, states, weights, dtype):
    """step(*dstates, cache, W_x, W_h) -> dx, dstates, gradients of the weights; the gradients are added up."""
    gradients = [np.zeros(weight.shape, dtype) for weight in weights]
    dstates = [np.zeros(dhs[0].shape, dtype) for _ in range(states)]
    dxs = []
    for dh, cache in zip(dhs[::-1], caches[::-1], strict=True):
        dx, dstates, parts = step(dh + dstates[0], *dstates[1:], cache, *weights[:2])
        dxs.append(dx)
        for gradient, part in zip(gradients, parts, strict=True):
            gradient += part
    return np.stack(dxs[::-1]), *dstates, *gradients


def rnn_step(x, h_prev, W_x, W_h, b):
    h = np.tanh(x @ W_x + h_prev @ W_h + b)
    return [h], (x, h_prev, h)


def rnn_step_back(dh, cache, W_x, W_h):
    x, h_prev, h = cache
    da = dh * (1 - h**2)
    return da @ W_x.T, [da @ W_h.T], (x.T @ da, h_prev.T @ da, da.sum(axis=0))


def lstm_step(x, h_prev, c_prev, W_x, W_h, b):
    a_i, a_f, a_g, a_o = np.split(x @ W_x + h_prev @ W_h + b, 4, axis=1)
    i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return [h, c], (x, h_prev, c_prev, c, i, f, g, o)


def lstm_step_back(dh, dc, cache, W_x, W_h):
    x, h_prev, c_prev, c, i, f, g, o = cache
    do = dh * np.tanh(c)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    di, df, dg = dc * g, dc * c_prev, dc * i
    da = np.hstack([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)])
    return da @ W_x.T, [da @ W_h.T, dc * f], (x.T @ da, h_prev.T @ da, da.sum(axis=0))


def gru_step(x, h_prev, W_x, W_h, b):
    W_xr, W_xz, W_xn = np.split(W_x, 3, axis=1)
    W_hr, W_hz, W_hn = np.split(W_h, 3, axis=1)
    b_r, b_z, b_n = np.split(b, 3)
    r = sigmoid(x @ W_xr + h_prev @ W_hr + b_r)
    z = sigmoid(x @ W_xz + h_prev @ W_hz + b_z)
    n = np.tanh(x @ W_xn + (r * h_prev) @ W_hn + b_n)
    return [z * h_prev + (1 - z) * n], (x, h_prev, r, z, n)


def gru_step_back(dh, cache, W_x, W_h):
    x, h_prev, r, z, n = cache
    W_hr, W_hz, W_hn = np.split(W_h, 3, axis=1)
    da_n = dh * (1 - z) * (1 - n**2)
    da_z = dh * (h_prev - n) * z * (1 - z)
    d_reset = da_n @ W_hn.T
    da_r = d_reset * h_prev * r * (1 - r)
    da = np.hstack([da_r, da_z, da_n])
    dh_prev = dh * z + d_reset * r + da_r @ W_hr.T + da_z @ W_hz.T
    dW_h = np.hstack([h_prev.T @ da_r, h_prev.T @ da_z, (r * h_prev).T @ da_n])
    return da @ W_x.T, [dh_prev], (x.T @ da, dW_h, da.sum(axis=0))


STEPS = {
    "rnn": (rnn_step, rnn_step_back, 1),
    "lstm": (lstm_step, lstm_step_back, 2),
    "gru": (gru_step, gru_step_back, 1),
}


def run(cell, xs, dhs, weights, dtype=float):
    """Forward and backward over a sequence: hs, dxs, the gradients of the starting states, dW_x, dW_h, db."""
    step, step_back, states = STEPS[cell]
    hs, caches = unroll(step, xs, states, weights, dtype)
    return hs, *unroll_back(step_back, dhs, caches, states, weights, dtype)
