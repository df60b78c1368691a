"""Chapter 5's LSTM through time: one tanh serves all four gates of a step, and what waits for no gradient is not
computed step by step."""

import numpy as np

# so many numbers of the gates are worked on together on the way back: they stay in the processor's cache
CHUNK = 2**16


def lstm_forward(xs, h0, c0, W_x, W_h, b):
    """With the blocks i, f, o of the weights halved, one tanh serves all four: sigmoid(a) =
    tanh(a / 2) / 2 + 1 / 2."""
    T, N, D = xs.shape
    half = np.repeat(np.array([0.5, 0.5, 1, 0.5], W_h.dtype), h0.shape[1])
    rest = 1 - half
    # the inputs wait for no state: one product serves all steps
    gates = xs.reshape(T * N, D) @ (W_x * half)
    gates += b * half
    gates, W_h = gates.reshape(T, N, -1), W_h * half
    hs, cs = np.empty((2, T, *h0.shape), gates.dtype)
    product, part = np.empty_like(gates[0]), np.empty_like(hs[0])
    h_prev, c_prev = h0, c0
    # i, f, g, o are views of a
    for a, i, f, g, o, c, h in zip(gates, *np.split(gates, 4, axis=-1), cs, hs, strict=True):
        a += np.matmul(h_prev, W_h, out=product)
        np.tanh(a, out=a)
        a *= half
        a += rest
        np.multiply(f, c_prev, out=c)
        c += np.multiply(i, g, out=part)
        np.multiply(o, np.tanh(c, out=part), out=h)
        h_prev, c_prev = h, c
    return hs, cs, gates


def lstm_backward(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    """Each gradient of a step is dh or dc times a factor that is known beforehand: the factors come
    first, then the loop."""
    T, N, H = hs.shape
    W_hT = W_h.T.copy()  # laid out once for the product of every step
    das = np.empty_like(gates)
    dh, dc = np.zeros((2, *h0.shape), gates.dtype)
    part = np.empty_like(dh)
    steps = max(1, CHUNK // gates[0].size)
    for end in range(T, 0, -steps):
        start = max(0, end - steps)
        chunk = slice(start, end)
        c_prevs = cs[start - 1 : end - 1] if start else np.concatenate([c0[None], cs[: end - 1]])
        to_c = _factors(gates[chunk], cs[chunk], c_prevs, out=das[chunk])
        blocks = das[chunk].reshape(-1, N, 4, H)  # a view, i|f|g|o along its third axis
        parts = dhs[chunk], gates[chunk, :, H : 2 * H], to_c, blocks[:, :, :3], blocks[:, :, 3], das[chunk]
        for dh_here, f, dc_dh, of_c, of_h, da in zip(*(values[::-1] for values in parts), strict=True):
            dh += dh_here  # from the step after, and from this step's output
            dc += np.multiply(dh, dc_dh, out=part)
            of_c *= dc[:, None]
            of_h *= dh
            np.matmul(da, W_hT, out=dh)
            dc *= f
    # shared weights: their gradient is one sum over all steps, so one product
    das = das.reshape(T * N, 4 * H)
    h_prevs = np.concatenate([h0[None], hs[:-1]]).reshape(T * N, H)
    dxs = (das @ W_x.T).reshape(xs.shape)
    return dxs, dh, dc, xs.reshape(T * N, -1).T @ das, h_prevs.T @ das, das.sum(axis=0)


def _factors(gates, cs, c_prevs, out):
    """What dc is multiplied by for the sums of i, f and g, and dh for that of o, go to out; what dh is multiplied
    by for dc is returned."""
    i, f, g, o = np.split(gates, 4, axis=-1)
    tanh_cs = np.tanh(cs)
    np.subtract(1, gates, out=out)
    out *= gates  # the slope of three gates
    di, df, dg, do = np.split(out, 4, axis=-1)  # views of out
    np.subtract(1, np.multiply(g, g, out=dg), out=dg)
    di *= g
    df *= c_prevs
    dg *= i
    do *= tanh_cs
    return o * (1 - tanh_cs**2)
