"""Reading in both directions, layers on layers, and dropout between them: the functions of chapter 7."""

import numpy as np

from unrolled.reference.rnn import rnn_backward, rnn_forward


def reverse_padded(xs, mask):
    """Each sequence of a batch turned round by itself, equation (padded-reverse); its padding stays at the end.

    xs (T, N, D), mask (T, N), for each sequence ones and then zeros  ->  ys (T, N, D)
    """
    lengths = mask.sum(axis=0).astype(int)
    ys = xs.copy()
    for n, length in enumerate(lengths):
        ys[:length, n] = xs[:length, n][::-1]
    return ys


def bidirectional_forward(xs, mask, W_x, W_h, b):
    """One network reads from the left, one from the right, equations (bidirectional-forward) and (bidirectional-join).

    xs (T, N, D), mask (T, N), W_x (2, D, H), W_h (2, H, H), b (2, H)  ->  hs (T, N, 2H)
    Place 0 of the weights is the direction that reads forward, place 1 the reverse one; both start from zeros. A
    step's state is the two side by side, in this order, and zeros where there is padding.  Schuster & Paliwal 1997.
    """
    h0 = np.zeros((xs.shape[1], W_h.shape[-1]), W_h.dtype)
    hs_fwd = rnn_forward(xs, h0, W_x[0], W_h[0], b[0])
    xs_rev = reverse_padded(xs, mask)
    hs_rev = rnn_forward(xs_rev, h0, W_x[1], W_h[1], b[1])
    hs_rev = reverse_padded(hs_rev, mask)       # in the order of time again
    hs = np.concatenate([hs_fwd, hs_rev], axis=-1)
    hs = np.where(mask[..., None], hs, 0)
    return hs


def bidirectional_backward(dhs, xs, mask, hs, W_x, W_h):
    """Each direction by its own way back, equation (bidirectional-backward); the inputs get the sum of both.

    dhs (T, N, 2H) arrives at every step's output; xs (T, N, D), mask (T, N), hs (T, N, 2H),
    W_x (2, D, H), W_h (2, H, H)
    ->  dxs (T, N, D), dW_x (2, D, H), dW_h (2, H, H), db (2, H)
    hs is what bidirectional_forward returned. What arrives at padding does not count.
    """
    h0 = np.zeros((xs.shape[1], W_h.shape[-1]), W_h.dtype)
    dhs = np.where(mask[..., None], dhs, 0)
    dhs_fwd, dhs_rev = np.split(dhs, 2, axis=-1)
    hs_fwd, hs_rev = np.split(hs, 2, axis=-1)
    dhs_rev = reverse_padded(dhs_rev, mask)     # in the order in which this direction read
    hs_rev = reverse_padded(hs_rev, mask)
    xs_rev = reverse_padded(xs, mask)
    dxs_fwd, _, dW_x_fwd, dW_h_fwd, db_fwd = rnn_backward(dhs_fwd, xs, h0, hs_fwd, W_x[0], W_h[0])
    dxs_rev, _, dW_x_rev, dW_h_rev, db_rev = rnn_backward(dhs_rev, xs_rev, h0, hs_rev, W_x[1], W_h[1])
    dxs_rev = reverse_padded(dxs_rev, mask)
    dxs = dxs_fwd + dxs_rev
    dW_x = np.stack([dW_x_fwd, dW_x_rev])
    dW_h = np.stack([dW_h_fwd, dW_h_rev])
    db = np.stack([db_fwd, db_rev])
    return dxs, dW_x, dW_h, db


def stacked_forward(xs, h0s, W_in, W_up, W_h, b):
    """Layer upon layer, equation (stacked-layer): each reads the states of the one below it; the lowest reads xs.

    xs (T, N, D), h0s (L, N, H), W_in (D, H), W_up (L-1, H, H), W_h (L, H, H), b (L, H)  ->  hs (L, T, N, H)
    W_in leads from the input into layer 0, W_up[l - 1] from layer l - 1 into layer l.
    """
    hs = [rnn_forward(xs, h0s[0], W_in, W_h[0], b[0])]
    for layer in range(1, len(W_h)):
        below = hs[layer - 1]
        h0 = h0s[layer]
        W_x = W_up[layer - 1]
        hs.append(rnn_forward(below, h0, W_x, W_h[layer], b[layer]))
    return np.stack(hs)


def stacked_backward(dhs, xs, h0s, hs, W_in, W_up, W_h):
    """From the top layer down, equation (stacked-backward): a layer's dxs are the dhs of the layer below it.

    dhs (T, N, H) arrives at the top layer; xs (T, N, D), h0s (L, N, H), hs (L, T, N, H), W_in (D, H),
    W_up (L-1, H, H), W_h (L, H, H)
    ->  dxs (T, N, D), dh0s (L, N, H), dW_in (D, H), dW_up (L-1, H, H), dW_h (L, H, H), db (L, H)
    """
    dh0s = np.zeros_like(h0s, hs.dtype)
    dW_up = np.zeros_like(W_up, hs.dtype)
    dW_h = np.zeros_like(W_h, hs.dtype)
    db = np.zeros_like(W_h[:, 0], hs.dtype)
    for layer in reversed(range(1, len(W_h))):
        below = hs[layer - 1]
        h0 = h0s[layer]
        W_x = W_up[layer - 1]
        dhs, dh0s[layer], dW_x, dW_h[layer], db[layer] = rnn_backward(dhs, below, h0, hs[layer], W_x, W_h[layer])
        dW_up[layer - 1] = dW_x
    dxs, dh0s[0], dW_in, dW_h[0], db[0] = rnn_backward(dhs, xs, h0s[0], hs[0], W_in, W_h[0])
    return dxs, dh0s, dW_in, dW_up, dW_h, db


def dropout_mask(u, keep):
    """Inverted dropout, equation (dropout): a unit is kept with probability keep, and then divided by it.

    u (...) uniform draws in [0, 1), 0 < keep <= 1  ->  mask (...)
    The mean of the mask is 1, so nothing changes when it is left out after training.  Srivastava et al. 2014.
    """
    kept = (u < keep).astype(u.dtype)
    mask = kept / keep
    return mask
