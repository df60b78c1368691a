"""Of assignment 02-rnn, what no page prints: a loss whose targets are not quite certain, and a network that is fed
its last output."""

import numpy as np


def smoothed_cross_entropy(logits, targets, mask, smoothing):
    """Loss against targets that are not quite certain, and its gradient: the share smoothing of each goes to
    all symbols alike.

    logits (T, N, V), integer targets (T, N), mask (T, N), 1 where a step counts and 0 where it is padding,
    number smoothing
    ->  loss (), dlogits (T, N, V)
    Each sequence has the mean over its own steps, and the batch the mean over its sequences.  Szegedy et al. 2016.
    """
    N, V = logits.shape[1:]
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    one_hot = np.eye(V, dtype=logits.dtype)[targets]
    wanted = (1 - smoothing) * one_hot + smoothing / V
    counted = mask.astype(logits.dtype)
    weight = counted / counted.sum(axis=0) / N      # a step of a long sequence is worth less
    loss = -(weight[..., None] * wanted * log_p).sum()
    dlogits = weight[..., None] * (np.exp(log_p) - wanted)
    return loss, dlogits


def jordan_forward(xs, y0, W_x, W_o, b, W_y, b_y):
    """A network that reads its last output in the place of its last state: h_t = tanh(x_t W_x + y_{t-1}
    W_o + b).  Jordan 1986.

    xs (T, N, D), y0 (N, O), W_x (D, H), W_o (O, H), b (H,), W_y (H, O), b_y (O,)  ->  ys (T, N, O), hs (T, N, H)
    """
    y = y0
    ys = []
    hs = []
    for x in xs:
        a = x @ W_x + y @ W_o + b
        h = np.tanh(a)
        y = h @ W_y + b_y
        ys.append(y)
        hs.append(h)
    return np.stack(ys), np.stack(hs)


def jordan_step_backward(dy, x, y_prev, h, W_x, W_o, W_y):
    """Gradients through one step of jordan_forward, of all that went into it.

    dy (N, O) arrives at the step's output; x (N, D), y_prev (N, O), h (N, H), W_x (D, H), W_o (O, H), W_y (H, O)
    ->  dx (N, D), dy_prev (N, O), dW_x (D, H), dW_o (O, H), db (H,), dW_y (H, O), db_y (O,)
    """
    dW_y = h.T @ dy
    db_y = dy.sum(axis=0)
    dh = dy @ W_y.T
    da = dh * (1 - h**2)
    dx = da @ W_x.T
    dy_prev = da @ W_o.T
    dW_x = x.T @ da
    dW_o = y_prev.T @ da
    db = da.sum(axis=0)
    return dx, dy_prev, dW_x, dW_o, db, dW_y, db_y
