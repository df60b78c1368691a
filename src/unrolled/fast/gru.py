"""Chapter 6's GRU through time: both gates of a step in one product."""

import numpy as np


def gru_forward(xs, h0, W_x, W_h, b):
    """One product and one tanh serve both gates: sigmoid(a) = tanh(a / 2) / 2 + 1 / 2."""
    H = h0.shape[-1]
    W_hrz, W_hn = np.split(W_h, [2 * H], axis=-1)
    gates = xs @ W_x + b        # the inputs do not wait for the state: one product serves all steps
    rzs, ns = np.split(gates, [2 * H], axis=-1)
    rs, zs = np.split(rzs, 2, axis=-1)
    hs = np.empty_like(ns)
    h = h0
    for t in range(len(xs)):
        # sigmoid(a) = tanh(a / 2) / 2 + 1 / 2, for both gates at once
        rzs[t] = np.tanh((rzs[t] + h @ W_hrz) / 2) / 2 + 0.5
        n = np.tanh(ns[t] + (rs[t] * h) @ W_hn, out=ns[t])
        h = np.add(n, zs[t] * (h - n), out=hs[t])               # z * h + (1 - z) * n
    return hs, gates


def gru_backward(dhs, xs, h0, hs, gates, W_x, W_h):
    """The weights are laid out once for the products of every step; their own gradients are one product a block."""
    T, N, H = hs.shape
    W_hrzT, W_hnT = np.split(W_h.T.copy(), [2 * H])     # laid out once for the products of every step
    rs, zs, ns = np.split(gates, 3, axis=-1)
    h_prevs = np.concatenate([h0[None], hs[:-1]])
    resets = rs * h_prevs                       # what W_hn met at every step
    das = np.empty_like(gates)
    da_rs, da_zs, da_ns = np.split(das, 3, axis=-1)
    dh = np.zeros_like(h0)
    for t in reversed(range(T)):
        dh = dh + dhs[t]                        # from the step after, and from this step's output
        da_ns[t] = dh * (1 - zs[t]) * (1 - ns[t] ** 2)
        da_zs[t] = dh * (1 - zs[t]) * zs[t] * (h_prevs[t] - ns[t])
        d_reset = da_ns[t] @ W_hnT
        da_rs[t] = d_reset * resets[t] * (1 - rs[t])
        dh = dh * zs[t] + d_reset * rs[t] + das[t, :, : 2 * H] @ W_hrzT
    # shared weights: their gradient is one sum over all steps, so one product
    flat = das.reshape(T * N, 3 * H)
    dW_hrz = h_prevs.reshape(T * N, H).T @ flat[:, : 2 * H]
    dW_hn = resets.reshape(T * N, H).T @ flat[:, 2 * H :]
    dW_h = np.concatenate([dW_hrz, dW_hn], axis=-1)
    dxs = (flat @ W_x.T).reshape(xs.shape)
    return dxs, dh, xs.reshape(T * N, -1).T @ flat, dW_h, flat.sum(axis=0)
