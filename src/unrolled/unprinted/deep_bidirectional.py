"""Of assignment 07-deep-bidirectional, what no page prints: layers that read both ways, and dropout
on the way back."""

import numpy as np

from unrolled.reference import bidirectional_forward, rnn_backward


def deep_bidirectional_forward(xs, mask, W_in, W_up, W_h, b):
    """Bidirectional layers on each other: each reads, in both directions, both halves of the states of
    the one below it.

    xs (T, N, D), mask (T, N), W_in (2, D, H), W_up (L-1, 2, 2H, H), W_h (L, 2, H, H), b (L, 2, H)
    ->  hs (L, T, N, 2H)
    Graves et al. 2013.
    """
    hs = [bidirectional_forward(xs, mask, W_in, W_h[0], b[0])]
    for layer in range(1, len(W_h)):
        below = hs[layer - 1]
        W_x = W_up[layer - 1]
        hs.append(bidirectional_forward(below, mask, W_x, W_h[layer], b[layer]))
    return np.stack(hs)


def stacked_dropout_backward(dhs, xs, h0s, hs, masks, W_in, W_up, W_h):
    """From the top layer down where layer l read masks[l - 1] * hs[l - 1]: stacked_backward with dropout
    between the layers.

    dhs (T, N, H) arrives at the top layer; xs (T, N, D), h0s (L, N, H), hs (L, T, N, H), masks (L-1, T, N, H),
    W_in (D, H), W_up (L-1, H, H), W_h (L, H, H)
    ->  dxs (T, N, D), dh0s (L, N, H), dW_in (D, H), dW_up (L-1, H, H), dW_h (L, H, H), db (L, H)
    hs holds the states as the layers made them, before their masks; the inputs and the recurrent way have none.
    Zaremba et al. 2014.
    """
    dh0s = np.zeros_like(h0s, hs.dtype)
    dW_up = np.zeros_like(W_up, hs.dtype)
    dW_h = np.zeros_like(W_h, hs.dtype)
    db = np.zeros_like(W_h[:, 0], hs.dtype)
    for layer in reversed(range(1, len(W_h))):
        below = masks[layer - 1] * hs[layer - 1]
        h0 = h0s[layer]
        W_x = W_up[layer - 1]
        dbelow, dh0s[layer], dW_x, dW_h[layer], db[layer] = rnn_backward(dhs, below, h0, hs[layer], W_x, W_h[layer])
        dW_up[layer - 1] = dW_x
        dhs = masks[layer - 1] * dbelow
    dxs, dh0s[0], dW_in, dW_h[0], db[0] = rnn_backward(dhs, xs, h0s[0], hs[0], W_in, W_h[0])
    return dxs, dh0s, dW_in, dW_up, dW_h, db
