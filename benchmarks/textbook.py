"""The plain textbook way, as a yardstick: activations in lists of tuples, every product inside the loop.

Same mathematics and same layout as `unrolled.reference`, step after step, each array a new one.
"""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def rnn(xs, h, W_x, W_h, b):
    hs, cache = [], []
    for x in xs:
        h_prev = h
        h = np.tanh(x @ W_x + h_prev @ W_h + b)
        hs.append(h)
        cache.append((x, h_prev, h))
    return np.stack(hs), cache


def rnn_gradients(dhs, cache, W_x, W_h):
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros_like(W_h[0])
    dxs, dh_prev = [], np.zeros_like(dhs[0])
    for dh, (x, h_prev, h) in zip(dhs[::-1], cache[::-1], strict=True):
        da = (dh + dh_prev) * (1 - h**2)
        dxs.append(da @ W_x.T)
        dh_prev = da @ W_h.T
        dW_x += x.T @ da
        dW_h += h_prev.T @ da
        db += da.sum(axis=0)
    return np.stack(dxs[::-1]), dh_prev, dW_x, dW_h, db


def lstm(xs, h, c, W_x, W_h, b):
    hs, cache = [], []
    for x in xs:
        h_prev, c_prev = h, c
        a = x @ W_x + h_prev @ W_h + b
        a_i, a_f, a_g, a_o = np.split(a, 4, axis=1)
        i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
        c = f * c_prev + i * g
        h = o * np.tanh(c)
        hs.append(h)
        cache.append((x, h_prev, c_prev, c, i, f, g, o))
    return np.stack(hs), cache


def lstm_gradients(dhs, cache, W_x, W_h):
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros_like(W_h[0])
    dxs, dh_prev, dc_prev = [], np.zeros_like(dhs[0]), np.zeros_like(dhs[0])
    for dh, (x, h_prev, c_prev, c, i, f, g, o) in zip(dhs[::-1], cache[::-1], strict=True):
        dh = dh + dh_prev
        do = dh * np.tanh(c)
        dc = dc_prev + dh * o * (1 - np.tanh(c) ** 2)
        di, df, dg, dc_prev = dc * g, dc * c_prev, dc * i, dc * f
        da = np.hstack([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)])
        dxs.append(da @ W_x.T)
        dh_prev = da @ W_h.T
        dW_x += x.T @ da
        dW_h += h_prev.T @ da
        db += da.sum(axis=0)
    return np.stack(dxs[::-1]), dh_prev, dc_prev, dW_x, dW_h, db


def gru(xs, h, W_x, W_h, b):
    hs, cache, H = [], [], h.shape[1]
    for x in xs:
        h_prev = h
        r = sigmoid(x @ W_x[:, :H] + h_prev @ W_h[:, :H] + b[:H])
        z = sigmoid(x @ W_x[:, H : 2 * H] + h_prev @ W_h[:, H : 2 * H] + b[H : 2 * H])
        n = np.tanh(x @ W_x[:, 2 * H :] + (r * h_prev) @ W_h[:, 2 * H :] + b[2 * H :])
        h = z * h_prev + (1 - z) * n
        hs.append(h)
        cache.append((x, h_prev, r, z, n))
    return np.stack(hs), cache


def gru_gradients(dhs, cache, W_x, W_h):
    H = dhs.shape[2]
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros_like(W_h[0])
    dxs, dh_prev = [], np.zeros_like(dhs[0])
    for dh, (x, h_prev, r, z, n) in zip(dhs[::-1], cache[::-1], strict=True):
        dh = dh + dh_prev
        da_n = dh * (1 - z) * (1 - n**2)
        da_z = dh * (h_prev - n) * z * (1 - z)
        d_reset = da_n @ W_h[:, 2 * H :].T
        da_r = d_reset * h_prev * r * (1 - r)
        da = np.hstack([da_r, da_z, da_n])
        dxs.append(da @ W_x.T)
        dh_prev = dh * z + d_reset * r + np.hstack([da_r, da_z]) @ W_h[:, : 2 * H].T
        dW_x += x.T @ da
        dW_h[:, : 2 * H] += h_prev.T @ da[:, : 2 * H]
        dW_h[:, 2 * H :] += (r * h_prev).T @ da_n
        db += da.sum(axis=0)
    return np.stack(dxs[::-1]), dh_prev, dW_x, dW_h, db
