"""Chapter 5's LSTM through time: one tanh serves all four gates of a step, and what waits for no gradient is not
computed step by step.

Inside, a sequence stands in a column, not in a row: (T, 4H, N). So each block of a step is one piece of memory, where
the same work costs a third less; what comes in and goes out is the page's (T, N, 4H), as a view.
"""

import numpy as np

from unrolled.fast.chunks import from_the_end


def lstm_forward(xs, h0, c0, W_x, W_h, b):
    """With the blocks i, f, o of the weights halved, one tanh serves all four: sigmoid(a) =
    tanh(a / 2) / 2 + 1 / 2."""
    N, H = h0.shape
    half = np.repeat(np.array([0.5, 0.5, 1, 0.5], W_h.dtype), H)[:, None]
    # the inputs wait for no state
    gates = np.matmul(W_x.T * half, xs.swapaxes(1, 2))
    gates += b[:, None] * half
    W_hT = W_h.T * half
    hs, cs = np.empty((2, len(xs), H, N), gates.dtype)
    product, part = np.empty((4 * H, N), gates.dtype), np.empty((H, N), gates.dtype)
    h_prev, c_prev = h0.T, c0.T
    # i, f, g, o and what i and f are together are views of a
    for a, i_f, i, f, g, o, c, h in zip(gates, gates[:, : 2 * H], *np.split(gates, 4, axis=1), cs, hs, strict=True):
        a += np.matmul(W_hT, h_prev, out=product)
        np.tanh(a, out=a)
        for gate in (i_f, o):
            gate *= 0.5
            gate += 0.5
        np.multiply(f, c_prev, out=c)
        c += np.multiply(i, g, out=part)
        np.multiply(o, np.tanh(c, out=part), out=h)
        h_prev, c_prev = h, c
    return hs.swapaxes(1, 2), cs.swapaxes(1, 2), gates.swapaxes(1, 2)


def lstm_backward(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    """Step by step go only the gradients of the sums and of the states; the rest is one product each."""
    T, N, H = hs.shape
    das, dh0, dc0 = _through_time(dhs, c0, cs, gates, W_h)
    h_prevs = np.concatenate([h0[None], hs[:-1]]).reshape(T * N, H)
    dxs = (das @ W_x.T).reshape(xs.shape)
    # shared weights: their gradient is one sum over all steps, so one product
    return dxs, dh0, dc0, xs.reshape(T * N, -1).T @ das, h_prevs.T @ das, das.sum(axis=0)


def _through_time(dhs, c0, cs, gates, W_h):
    """The gradients of all sums (T N, 4H) and of the first states, from the last step to the first.

    Each gradient of a step is dh or dc times a factor that is known beforehand: the factors come first, for as many
    steps as the cache holds, then the loop.
    """
    dhs, cs, gates = (values.swapaxes(1, 2) for values in (dhs, cs, gates))
    T, H, N = cs.shape
    das = np.empty((T, 4 * H, N), gates.dtype)
    rows = das.reshape(T, N, 4 * H)  # the same memory; a step is turned round when it is through
    dh, dc, part = np.zeros((3, H, N), gates.dtype)
    for chunk, c_prevs in from_the_end(cs, c0.T, 4 * H):
        das_here = das[chunk]
        to_c = _factors(gates[chunk], cs[chunk], c_prevs, out=das_here)
        blocks = das_here.reshape(-1, 4, H, N)  # a view, i|f|g|o along its second axis
        parts = dhs[chunk].copy(), gates[chunk, H : 2 * H], to_c, blocks[:, :3], blocks[:, 3], das_here
        for dh_here, f, dc_dh, of_c, of_h, da in zip(*(values[::-1] for values in parts), strict=True):
            dh += dh_here  # from the step after, and from this step's output
            dc += np.multiply(dh, dc_dh, out=part)
            of_c *= dc
            of_h *= dh
            np.matmul(W_h, da, out=dh)
            dc *= f
        rows[chunk] = das_here.swapaxes(1, 2)
    return rows.reshape(T * N, 4 * H), dh.T, dc.T


def _factors(gates, cs, c_prevs, out):
    """What dc is multiplied by for the sums of i, f and g, and dh for that of o, go to out; what dh is multiplied
    by for dc is returned."""
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_cs = np.tanh(cs)
    np.subtract(1, gates, out=out)
    out *= gates  # the slope of three gates
    di, df, dg, do = np.split(out, 4, axis=1)  # views of out
    np.subtract(1, np.multiply(g, g, out=dg), out=dg)
    di *= g
    df *= c_prevs
    dg *= i
    do *= tanh_cs
    return o * (1 - tanh_cs**2)
