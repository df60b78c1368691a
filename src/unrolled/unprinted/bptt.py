"""Of assignment 03-bptt, what no page prints: windows that overlap on the way back, and a gradient taken
apart by distance."""

import numpy as np

from unrolled.reference import rnn_backward


def overlapping_rnn_backward(dhs, xs, h0, hs, W_x, W_h, k1, k2):
    """Truncated back-propagation whose windows overlap: the losses of each k1 steps go back through k2 steps together.

    dhs (T, N, H), xs (T, N, D), h0 (N, H), hs (T, N, H), W_x (D, H), W_h (H, H), integers k1 >= 1 and k2 >= k1
    ->  dxs (T, N, D), dh0 (N, H), dW_x (D, H), dW_h (H, H), db (H,)
    BPTT(k2; k1) of Williams & Peng 1990.
    """
    dxs = np.zeros_like(xs)
    dh0 = np.zeros_like(h0)
    dW_x = np.zeros_like(W_x)
    dW_h = np.zeros_like(W_h)
    db = np.zeros_like(W_h[0])
    for begin in range(0, len(xs), k1):
        end = min(begin + k1, len(xs))
        first = max(end - k2, 0)
        taken = dhs[first:end].copy()
        taken[: begin - first] = 0      # these losses have gone back with the windows before
        from_state = hs[first - 1] if first > 0 else h0
        dxs_i, dh0_i, dW_x_i, dW_h_i, db_i = rnn_backward(taken, xs[first:end], from_state, hs[first:end], W_x, W_h)
        dxs[first:end] += dxs_i
        dh0 = dh0 + dh0_i * (first == 0)
        dW_x = dW_x + dW_x_i
        dW_h = dW_h + dW_h_i
        db = db + db_i
    return dxs, dh0, dW_x, dW_h, db


def recurrent_gradient_by_distance(dhs, h0, hs, W_h):
    """The gradient of W_h taken apart: place d has the losses' gradients by the uses of W_h that lie d
    steps before them.

    dhs (T, N, H), h0 (N, H), hs (T, N, H), W_h (H, H)  ->  dW_hs (T, H, H)
    """
    h_prevs = np.concatenate([h0[None], hs[:-1]])
    slopes = 1 - hs**2
    das = dhs * slopes
    dW_hs = []
    for d in range(len(hs)):
        used = h_prevs[: len(hs) - d]
        dW_hs.append(np.einsum("tnm,tnj->mj", used, das))
        das = (das[1:] @ W_h.T) * slopes[: len(hs) - d - 1]       # every loss goes one step further back
    return np.stack(dW_hs)
