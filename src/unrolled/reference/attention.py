"""Attention and the recurrent weighted average of chapter 8, forward and back, and the search for a
likely sequence."""

import numpy as np

from unrolled.reference.rnn import softmax


def attention_forward(queries, keys, values, mask):
    """A mean of the values for every query, equations (attention-scores), (attention-weights) and (attention-context).

    queries (U, N, H), keys (T, N, H), values (T, N, O), mask (T, N), 1 where a step counts and 0 where it is padding
    ->  contexts (U, N, O), weights (U, N, T)
    A query's weights add up to 1, and are exactly 0 where the mask is 0. Each sequence has a step that counts.
    Bahdanau et al. 2015; Luong et al. 2015; scaled as by Vaswani et al. 2017.
    """
    H = queries.shape[-1]
    products = np.einsum("unh,tnh->unt", queries, keys)
    scores = products / H**0.5
    scores = np.where(mask.T > 0, scores, -np.inf)      # its exponential is exactly 0
    weights = softmax(scores)
    contexts = np.einsum("unt,tno->uno", weights, values)
    return contexts, weights


def attention_backward(dcontexts, queries, keys, values, weights):
    """Gradients of all that was compared and averaged, equation (attention-backward).

    dcontexts (U, N, O), queries (U, N, H), keys (T, N, H), values (T, N, O), weights (U, N, T)
    ->  dqueries (U, N, H), dkeys (T, N, H), dvalues (T, N, O)
    A weight that is 0 hands nothing back, so the mask is not needed.
    """
    H = queries.shape[-1]
    dvalues = np.einsum("unt,uno->tno", weights, dcontexts)
    dweights = np.einsum("uno,tno->unt", dcontexts, values)
    mean = (weights * dweights).sum(axis=-1, keepdims=True)     # one weight can only grow at the others' cost
    dscores = weights * (dweights - mean)
    dproducts = dscores / H**0.5
    dqueries = np.einsum("unt,tnh->unh", dproducts, keys)
    dkeys = np.einsum("unt,unh->tnh", dproducts, queries)
    return dqueries, dkeys, dvalues


def rwa_step_forward(x, h_prev, num_prev, den_prev, peak_prev, W_x, W_h, b):
    """One step of the recurrent weighted average, equations (rwa-step) and (rwa-running): h = tanh(num / den).

    x (N, D), h_prev (N, H), num_prev (N, H), den_prev (N, H), peak_prev (N, H), W_x (D, 3H), W_h (H, 2H), b (2H,)
    ->  h (N, H), num (N, H), den (N, H), peak (N, H)
    The blocks of W_x are v|g|s: value, its gate, its score. W_h has g|s, b has v|g: a bias of the score would cancel.
    Both sums are in units of exp(peak), the largest score so far, so none overflows; before the first step they are 0
    and the peak is -inf.  Ostmeyer & Cowell 2017.
    """
    x_v, x_g, x_s = np.split(x @ W_x, 3, axis=-1)
    h_g, h_s = np.split(h_prev @ W_h, 2, axis=-1)
    b_v, b_g = np.split(b, 2)
    v = x_v + b_v
    g = np.tanh(x_g + h_g + b_g)
    s = x_s + h_s
    peak = np.maximum(peak_prev, s)
    keep = np.exp(peak_prev - peak)     # the old sums in the new unit
    gain = np.exp(s - peak)
    num = num_prev * keep + v * g * gain
    den = den_prev * keep + gain
    h = np.tanh(num / den)
    return h, num, den, peak


def rwa_forward(xs, h0, W_x, W_h, b):
    """The step applied to a whole sequence, from sums of nothing: num and den 0, peak -inf.

    xs (T, N, D), h0 (N, H), W_x (D, 3H), W_h (H, 2H), b (2H,)
    ->  hs (T, N, H), nums (T, N, H), dens (T, N, H), peaks (T, N, H)
    """
    h = h0
    num = np.zeros_like(h0)
    den = np.zeros_like(h0)
    peak = np.full_like(h0, -np.inf)
    hs = []
    nums = []
    dens = []
    peaks = []
    for x in xs:
        h, num, den, peak = rwa_step_forward(x, h, num, den, peak, W_x, W_h, b)
        hs.append(h)
        nums.append(num)
        dens.append(den)
        peaks.append(peak)
    return np.stack(hs), np.stack(nums), np.stack(dens), np.stack(peaks)


def rwa_step_backward(dh, dnum, dden, x, h_prev, peak_prev, h, num, den, peak, W_x, W_h, b):
    """Gradients through one step, equation (rwa-backward); what v, g and s were is computed again.

    dh (N, H), dnum (N, H), dden (N, H), x (N, D), h_prev (N, H), peak_prev (N, H), h (N, H), num (N, H), den (N, H),
    peak (N, H), W_x (D, 3H), W_h (H, 2H), b (2H,)
    ->  dx (N, D), dh_prev (N, H), dnum_prev (N, H), dden_prev (N, H), dW_x (D, 3H), dW_h (H, 2H), db (2H,)
    The peak is a unit of measure and cancels in num / den: it is taken for a constant, and has no gradient.
    """
    x_v, x_g, x_s = np.split(x @ W_x, 3, axis=-1)
    h_g, h_s = np.split(h_prev @ W_h, 2, axis=-1)
    b_v, b_g = np.split(b, 2)
    v = x_v + b_v
    g = np.tanh(x_g + h_g + b_g)
    s = x_s + h_s
    keep = np.exp(peak_prev - peak)
    gain = np.exp(s - peak)
    dmean = dh * (1 - h**2)             # h is tanh of the mean num / den
    dnum = dnum + dmean / den           # both sums were used twice
    dden = dden - dmean * num / den**2
    dnum_prev = dnum * keep
    dden_prev = dden * keep
    dv = dnum * g * gain
    da_g = dnum * v * gain * (1 - g**2)
    ds = (dnum * v * g + dden) * gain
    dsums_x = np.concatenate([dv, da_g, ds], axis=-1)
    dsums_h = np.concatenate([da_g, ds], axis=-1)
    dx = dsums_x @ W_x.T
    dh_prev = dsums_h @ W_h.T
    dW_x = x.T @ dsums_x
    dW_h = h_prev.T @ dsums_h
    db = np.concatenate([dv, da_g], axis=-1).sum(axis=0)
    return dx, dh_prev, dnum_prev, dden_prev, dW_x, dW_h, db


def rwa_backward(dhs, xs, h0, hs, nums, dens, peaks, W_x, W_h, b):
    """Back-propagation through rwa_forward: the step's gradients from the last step to the first.

    dhs (T, N, H) arrives at every step's output; xs (T, N, D), h0 (N, H), hs (T, N, H), nums (T, N, H),
    dens (T, N, H), peaks (T, N, H), W_x (D, 3H), W_h (H, 2H), b (2H,)
    ->  dxs (T, N, D), dh0 (N, H), dW_x (D, 3H), dW_h (H, 2H), db (2H,)
    """
    dh = np.zeros_like(h0)
    dnum = np.zeros_like(h0)
    dden = np.zeros_like(h0)
    dxs = []
    dW_x = np.zeros_like(W_x)
    dW_h = np.zeros_like(W_h)
    db = np.zeros_like(b)
    for t in reversed(range(len(xs))):
        h_prev = hs[t - 1] if t > 0 else h0
        peak_prev = peaks[t - 1] if t > 0 else np.full_like(h0, -np.inf)
        dh = dh + dhs[t]        # from the step after, and from this step's output
        dx, dh, dnum, dden, dW_x_t, dW_h_t, db_t = rwa_step_backward(
            dh, dnum, dden, xs[t], h_prev, peak_prev, hs[t], nums[t], dens[t], peaks[t], W_x, W_h, b
        )
        dxs.insert(0, dx)
        dW_x = dW_x + dW_x_t
        dW_h = dW_h + dW_h_t
        db = db + db_t
    return np.stack(dxs), dh, dW_x, dW_h, db


def beam_search(log_start, log_next, width, T):
    """A likely sequence of T tokens, equation (beam-search): after each step, the best `width` beginnings are kept.

    log_start (V,) of the first token; log_next (V, V), whose row i is for what follows token i; integers width, T >= 1
    ->  integer tokens (T,), log_probability ()
    Width 1 is the greedy search. With V**T no beginning is ever dropped, and the sequence is the most probable of all.
    Among equals, what continues the better beam comes first, then the smaller token.
    """
    best = np.argsort(-log_start, kind="stable")[:width]
    beams = best[:, None]
    scores = log_start[best]
    for _ in range(T - 1):
        grown = scores[:, None] + log_next[beams[:, -1]]        # every beam, with every token after it
        best = np.argsort(-grown, axis=None, kind="stable")[:width]
        rows, tokens = np.unravel_index(best, grown.shape)
        beams = np.concatenate([beams[rows], tokens[:, None]], axis=-1)
        scores = grown[rows, tokens]
    return beams[0], scores[0]
