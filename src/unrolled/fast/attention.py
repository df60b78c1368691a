"""Chapter 8's attention with one matrix product a sequence, and the recurrent weighted average through time."""

import numpy as np

from unrolled.reference import softmax


def attention_forward(queries, keys, values, mask):
    """While the products are made the batch stands first: then they are matrix products."""
    q, k, v = (array.swapaxes(0, 1) for array in (queries, keys, values))
    scores = q @ k.swapaxes(1, 2)
    scores /= queries.shape[-1] ** 0.5
    np.copyto(scores, -np.inf, where=mask.T[:, None] == 0)
    weights = softmax(scores)
    return (weights @ v).swapaxes(0, 1), weights.swapaxes(0, 1)


def attention_backward(dcontexts, queries, keys, values, weights):
    """The same four products, batch first."""
    d, q, k, v, w = (array.swapaxes(0, 1) for array in (dcontexts, queries, keys, values, weights))
    dscores = d @ v.swapaxes(1, 2)
    dscores -= (w * dscores).sum(axis=-1, keepdims=True)
    dscores *= w
    dscores /= queries.shape[-1] ** 0.5
    gradients = dscores @ k, dscores.swapaxes(1, 2) @ q, w.swapaxes(1, 2) @ d
    return tuple(gradient.swapaxes(0, 1) for gradient in gradients)


def rwa_forward(xs, h0, W_x, W_h, b):
    """The value v waits for no state; of the gate and the score, only the state's part does."""
    T, H = len(xs), h0.shape[-1]
    sums = xs @ W_x
    sums[..., : 2 * H] += b
    vs, rest = np.split(sums, [H], axis=-1)
    hs, nums, dens, peaks = np.empty((4, T, *h0.shape), sums.dtype)
    h, num, den, peak = h0, 0, 0, np.full_like(h0, -np.inf)
    for t in range(T):
        g, s = np.split(rest[t] + h @ W_h, 2, axis=-1)
        peak_prev, peak = peak, np.maximum(peak, s, out=peaks[t])
        keep, gain = np.exp(peak_prev - peak), np.exp(s - peak)
        num = nums[t] = num * keep + vs[t] * np.tanh(g) * gain
        den = dens[t] = den * keep + gain
        h = np.tanh(num / den, out=hs[t])
    return hs, nums, dens, peaks


def rwa_backward(dhs, xs, h0, hs, nums, dens, peaks, W_x, W_h, b):
    """All states are known, so v, g and s of every step are two products; weights' gradients are one product each."""
    T, N, H = hs.shape
    h_prevs = np.concatenate([h0[None], hs[:-1]])
    peak_prevs = np.concatenate([np.full_like(peaks[:1], -np.inf), peaks[:-1]])
    sums = xs @ W_x
    sums[..., H:] += h_prevs @ W_h
    sums[..., : 2 * H] += b
    vs, gs, scores = np.split(sums, 3, axis=-1)
    gs = np.tanh(gs)
    gated, keeps, gains = vs * gs, np.exp(peak_prevs - peaks), np.exp(scores - peaks)
    into_vs, into_gs = gs * gains, vs * gains * (1 - gs**2)
    means, slopes = nums / dens, (1 - hs**2) / dens
    dsums = np.empty_like(sums)
    dvs, dgs, dscores = np.split(dsums, 3, axis=-1)
    W_hT = W_h.T.copy()         # laid out once for the product of every step
    dh, dnum, dden = np.zeros((3, *h0.shape), sums.dtype)
    for t in reversed(range(T)):
        dmean = (dh + dhs[t]) * slopes[t]       # from the step after, and from this step's output
        dnum, dden = dnum + dmean, dden - dmean * means[t]
        dvs[t], dgs[t] = dnum * into_vs[t], dnum * into_gs[t]
        dscores[t] = (dnum * gated[t] + dden) * gains[t]
        dh = dsums[t, :, H:] @ W_hT
        dnum, dden = dnum * keeps[t], dden * keeps[t]
    flat = dsums.reshape(T * N, 3 * H)      # shared weights: their gradient is one sum over all steps, so one product
    dxs = (flat @ W_x.T).reshape(xs.shape)
    dW_x, dW_h = xs.reshape(T * N, -1).T @ flat, h_prevs.reshape(T * N, H).T @ flat[:, H:]
    return dxs, dh, dW_x, dW_h, flat[:, : 2 * H].sum(axis=0)
