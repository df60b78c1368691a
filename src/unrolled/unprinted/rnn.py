"""Of assignment 02-rnn, what no page prints: the way back through the readout, and a network that is fed its last output."""

import numpy as np


def readout_backward(dys, hs, W_y):
    """Gradients through the readout, y_t = h_t W_y + b_y, of what went into it.

    dys (T, N, V) arrives at every step's scores; hs (T, N, H), W_y (H, V)
    ->  dhs (T, N, H), dW_y (H, V), db_y (V,)
    """
    dhs = dys @ W_y.T
    dW_y = np.einsum("tnh,tnv->hv", hs, dys)
    db_y = dys.sum(axis=(0, 1))
    return dhs, dW_y, db_y


def jordan_forward(xs, y0, W_x, W_o, b, W_y, b_y):
    """A network that reads its last output in the place of its last state: h_t = tanh(x_t W_x + y_{t-1} W_o + b).  Jordan 1986.

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
