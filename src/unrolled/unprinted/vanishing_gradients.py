"""Of assignment 04-vanishing-gradients, what no page prints: leaky units, and a penalty that holds a scale."""

import numpy as np


def leaky_rnn_forward(xs, h0, W_x, W_h, b, z):
    """A network of leaky units: each keeps a fixed share z of its state, and takes the rest from what is new.

    xs (T, N, D), h0 (N, H), W_x (D, H), W_h (H, H), b (H,), z (H,) between 0 and 1  ->  hs (T, N, H)
    Jaeger et al. 2007.
    """
    h = h0
    hs = []
    for x in xs:
        n = np.tanh(x @ W_x + h @ W_h + b)
        h = n + z * (h - n)      # the share that is kept, and for the rest what is new
        hs.append(h)
    return np.stack(hs)


def leaky_rnn_backward(dhs, xs, h0, hs, W_x, W_h, b, z):
    """Back-propagation through time for a network of leaky units, whose shares z learn too.

    dhs (T, N, H) arrives at every step's output; xs (T, N, D), h0 (N, H), hs (T, N, H), W_x (D, H), W_h (H, H),
    b (H,), z (H,)
    ->  dxs (T, N, D), dh0 (N, H), dW_x (D, H), dW_h (H, H), db (H,), dz (H,)
    """
    dh = np.zeros_like(h0)
    dxs = []
    dW_x = np.zeros_like(W_x)
    dW_h = np.zeros_like(W_h)
    db = np.zeros_like(b)
    dz = np.zeros_like(z)
    for t in reversed(range(len(xs))):
        h_prev = hs[t - 1] if t > 0 else h0
        n = np.tanh(xs[t] @ W_x + h_prev @ W_h + b)     # the states are mixtures: tanh's value is made again
        dh = dh + dhs[t]
        dn = dh * (1 - z)
        da = dn * (1 - n**2)
        share = dh * (h_prev - n)
        dx = da @ W_x.T
        dW_x = dW_x + xs[t].T @ da
        dW_h = dW_h + h_prev.T @ da
        db = db + da.sum(axis=0)
        dz = dz + share.sum(axis=0)
        dh = dh * z + da @ W_h.T      # two ways lead back
        dxs.insert(0, dx)
    return np.stack(dxs), dh, dW_x, dW_h, db, dz


def orthogonality_penalty(W):
    """How far the columns of W are from length 1 and right angles, the squares of W^T W - I added up;
    and its gradient.

    W (rows, columns)  ->  penalty (), dW (rows, columns)
    """
    excess = W.T @ W - np.eye(W.shape[1], dtype=W.dtype)
    penalty = np.sum(excess**2)
    dW = 4 * W @ excess         # each entry of W stands in two factors of a square
    return penalty, dW
