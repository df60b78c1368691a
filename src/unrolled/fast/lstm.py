"""Chapter 5's LSTM through time: one tanh serves all four blocks of a step."""

import numpy as np


def lstm_forward(xs, h0, c0, W_x, W_h, b):
    """With the blocks i, f, o of the weights halved, one tanh serves all four: sigmoid(a) = tanh(a / 2) / 2 + 1 / 2."""
    T, N, D = xs.shape
    half = np.repeat(np.array([0.5, 0.5, 1, 0.5], W_h.dtype), h0.shape[1])
    rest = 1 - half
    # the inputs wait for no state: one product serves all steps
    gates = xs.reshape(T * N, D) @ (W_x * half)
    gates += b * half
    gates, W_h = gates.reshape(T, N, -1), W_h * half
    i, f, g, o = np.split(gates, 4, axis=-1)    # views of gates
    hs, cs = np.empty((2, T, *h0.shape), gates.dtype)
    product = np.empty_like(gates[0])
    h, c = h0, c0
    for t, a in enumerate(gates):
        a += np.matmul(h, W_h, out=product)
        np.tanh(a, out=a)
        a *= half
        a += rest
        c = np.multiply(f[t], c, out=cs[t])
        c += i[t] * g[t]
        h = np.multiply(o[t], np.tanh(c), out=hs[t])
    return hs, cs, gates


def lstm_backward(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    """One formula gives the slopes of all four blocks, s (1 - s) and (1 + g) (1 - g)."""
    T, N, H = hs.shape
    i, f, g, o = np.split(gates, 4, axis=-1)
    tanh_slope = np.repeat(np.array([0, 0, 1, 0], gates.dtype), H)
    W_hT = W_h.T.copy()         # laid out once for the product of every step
    das = np.empty_like(gates)
    di, df, dg, do = np.split(das, 4, axis=-1)      # views of das: first gradients of the gates, then those of their sums
    dh, dc = np.zeros((2, *h0.shape), gates.dtype)
    factor = np.empty_like(gates[0])
    for t in reversed(range(T)):
        c_prev, tanh_c, da = cs[t - 1] if t else c0, np.tanh(cs[t]), das[t]
        dh += dhs[t]            # from the step after, and from this step's output
        dc += dh * o[t] * (1 - tanh_c**2)
        np.multiply(dc, g[t], out=di[t])
        np.multiply(dc, c_prev, out=df[t])
        np.multiply(dc, i[t], out=dg[t])
        np.multiply(dh, tanh_c, out=do[t])
        da *= np.add(gates[t], tanh_slope, out=factor)
        da *= np.subtract(1, gates[t], out=factor)
        np.matmul(da, W_hT, out=dh)
        dc *= f[t]
    # shared weights: their gradient is one sum over all steps, so one product
    das = das.reshape(T * N, 4 * H)
    h_prevs = np.concatenate([h0[None], hs[:-1]]).reshape(T * N, H)
    dxs = (das @ W_x.T).reshape(xs.shape)
    return dxs, dh, dc, xs.reshape(T * N, -1).T @ das, h_prevs.T @ das, das.sum(axis=0)
