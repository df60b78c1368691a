"""Chapter 6's GRU through time: both gates of a step in one product, and what waits for no gradient is not computed
step by step.

Inside, a sequence stands in a column, (T, 3H, N), as in the fast LSTM.
"""

import numpy as np

from unrolled.fast.chunks import from_the_end


def gru_forward(xs, h0, W_x, W_h, b):
    """With the blocks r and z of the weights halved, one tanh serves both: sigmoid(a) = tanh(a / 2) / 2 + 1 / 2."""
    N, H = h0.shape
    half = np.repeat(np.array([0.5, 0.5, 1], W_h.dtype), H)[:, None]
    # the inputs wait for no state
    gates = np.matmul(W_x.T * half, xs.swapaxes(1, 2))
    gates += b[:, None] * half
    W_hrzT, W_hnT = np.split(W_h.T * half, [2 * H])
    hs = np.empty((len(xs), H, N), gates.dtype)
    product, reset, part = np.empty((2 * H, N), gates.dtype), *np.empty((2, H, N), gates.dtype)
    h_prev = h0.T
    # r, z, n and what r and z are together are views of a step's gates
    for rz, r, z, n, h in zip(gates[:, : 2 * H], *np.split(gates, 3, axis=1), hs, strict=True):
        rz += np.matmul(W_hrzT, h_prev, out=product)
        np.tanh(rz, out=rz)
        rz *= 0.5
        rz += 0.5
        n += np.matmul(W_hnT, np.multiply(r, h_prev, out=reset), out=part)
        np.tanh(n, out=n)
        np.subtract(h_prev, n, out=h)  # z * h_prev + (1 - z) * n
        h *= z
        h += n
        h_prev = h
    return hs.swapaxes(1, 2), gates.swapaxes(1, 2)


def gru_backward(dhs, xs, h0, hs, gates, W_x, W_h):
    """Step by step go only the gradients of the sums and of the states; the rest is one product each."""
    T, N, H = hs.shape
    das, dh0 = _through_time(dhs, h0, hs, gates, W_h)
    h_prevs = np.concatenate([h0[None], hs[:-1]]).reshape(T * N, H)
    resets = gates[:, :, :H].reshape(T * N, H) * h_prevs  # what W_hn met at every step
    # shared weights: their gradient is one sum over all steps, so one product
    dW_h = np.concatenate([h_prevs.T @ das[:, : 2 * H], resets.T @ das[:, 2 * H :]], axis=-1)
    dxs = (das @ W_x.T).reshape(xs.shape)
    return dxs, dh0, xs.reshape(T * N, -1).T @ das, dW_h, das.sum(axis=0)


def _through_time(dhs, h0, hs, gates, W_h):
    """The gradients of all sums (T N, 3H) and of the first state, from the last step to the first.

    Each gradient of a step is one that arrives times a factor that is known beforehand: the factors come first, for as
    many steps as the cache holds, then the loop.
    """
    dhs, hs, gates = (values.swapaxes(1, 2) for values in (dhs, hs, gates))
    T, H, N = hs.shape
    W_hrz, W_hn = (block.copy() for block in np.split(W_h, [2 * H], axis=-1))
    das = np.empty((T, 3 * H, N), gates.dtype)
    rows = das.reshape(T, N, 3 * H)  # the same memory; a step is turned round when it is through
    dh, dreset, part = np.zeros((3, H, N), gates.dtype)
    for chunk, h_prevs in from_the_end(hs, h0.T, 3 * H):
        das_here = das[chunk]
        _factors(gates[chunk], h_prevs, out=das_here)
        blocks = das_here.reshape(-1, 3, H, N)  # a view, r|z|n along its second axis
        r, z = (gates[chunk, place * H : (place + 1) * H] for place in (0, 1))
        parts = dhs[chunk].copy(), r, z, blocks[:, 0], blocks[:, 1:], das_here[:, : 2 * H], das_here[:, 2 * H :]
        for dh_here, r, z, of_reset, of_h, da_rz, da_n in zip(*(values[::-1] for values in parts), strict=True):
            dh += dh_here  # from the step after, and from this step's output
            of_h *= dh
            np.matmul(W_hn, da_n, out=dreset)
            of_reset *= dreset
            dh *= z
            dh += np.multiply(dreset, r, out=dreset)
            dh += np.matmul(W_hrz, da_rz, out=part)
        rows[chunk] = das_here.swapaxes(1, 2)
    return rows.reshape(T * N, 3 * H), dh.T


def _factors(gates, h_prevs, out):
    """What the gradient of r * h_prev is multiplied by for the sum of r, and dh for those of z and n, go to out."""
    r, z, n = np.split(gates, 3, axis=1)
    dr, dz, dn = np.split(out, 3, axis=1)  # views of out
    np.subtract(1, gates, out=out)
    dr *= r
    dr *= h_prevs
    np.multiply(dz, 1 - n * n, out=dn)
    dz *= z
    dz *= h_prevs - n
