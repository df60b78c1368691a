"""Of assignment 02-rnn, what no page prints: the way back through the readout."""

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
