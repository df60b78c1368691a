"""Of assignment 05-lstm, what no page prints: gates that see the cell, and one that writes where it forgets."""

import numpy as np

from unrolled.reference import sigmoid


def peephole_lstm_step_forward(x, h_prev, c_prev, W_x, W_h, b, p):
    """One step of an LSTM whose gates see the cell: i and f the old one, o the new one.

    x (N, D), h_prev (N, H), c_prev (N, H), W_x (D, 4H), W_h (H, 4H), b (4H,), p (3H,)
    ->  h (N, H), c (N, H), gates (N, 4H)
    p holds a weight for each unit's own cell in the blocks i|f|o, gates the activated blocks i|f|g|o.
    Gers et al. 2002.
    """
    a = x @ W_x + h_prev @ W_h + b
    a_i, a_f, a_g, a_o = np.split(a, 4, axis=-1)
    p_i, p_f, p_o = np.split(p, 3)
    i = sigmoid(a_i + p_i * c_prev)
    f = sigmoid(a_f + p_f * c_prev)
    g = np.tanh(a_g)
    c = f * c_prev + i * g
    o = sigmoid(a_o + p_o * c)      # decides about the new cell, so it sees that one
    h = o * np.tanh(c)
    gates = np.concatenate([i, f, g, o], axis=-1)
    return h, c, gates


def peephole_lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h, p):
    """Gradients through one step of an LSTM whose gates see the cell, of its peephole weights p too.

    dh (N, H), dc (N, H), x (N, D), h_prev (N, H), c_prev (N, H), c (N, H), gates (N, 4H), W_x (D, 4H),
    W_h (H, 4H), p (3H,)
    ->  dx (N, D), dh_prev (N, H), dc_prev (N, H), dW_x (D, 4H), dW_h (H, 4H), db (4H,), dp (3H,)
    """
    p_i, p_f, p_o = np.split(p, 3)
    i, f, g, o = np.split(gates, 4, axis=-1)
    tanh_c = np.tanh(c)
    do = dh * tanh_c
    da_o = do * o * (1 - o)
    dc = dc + dh * o * (1 - tanh_c**2) + da_o * p_o     # c was used three times
    di = dc * g
    df = dc * c_prev
    dg = dc * i
    da_i = di * i * (1 - i)
    da_f = df * f * (1 - f)
    da_g = dg * (1 - g**2)
    da = np.concatenate([da_i, da_f, da_g, da_o], axis=-1)
    dx = da @ W_x.T
    dh_prev = da @ W_h.T
    dc_prev = dc * f + da_i * p_i + da_f * p_f          # and c_prev too
    dW_x = x.T @ da
    dW_h = h_prev.T @ da
    db = da.sum(axis=0)
    dp_i = (da_i * c_prev).sum(axis=0)
    dp_f = (da_f * c_prev).sum(axis=0)
    dp_o = (da_o * c).sum(axis=0)
    dp = np.concatenate([dp_i, dp_f, dp_o])
    return dx, dh_prev, dc_prev, dW_x, dW_h, db, dp


def coupled_lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h):
    """Gradients through one step of an LSTM that writes where it forgets: c = f * c_prev + (1 - f) * g.

    dh (N, H), dc (N, H), x (N, D), h_prev (N, H), c_prev (N, H), c (N, H), gates (N, 3H), W_x (D, 3H), W_h (H, 3H)
    ->  dx (N, D), dh_prev (N, H), dc_prev (N, H), dW_x (D, 3H), dW_h (H, 3H), db (3H,)
    h = o * tanh(c), and gates holds the activated blocks f|g|o.  Greff et al. 2017.
    """
    f, g, o = np.split(gates, 3, axis=-1)
    tanh_c = np.tanh(c)
    dc = dc + dh * o * (1 - tanh_c**2)
    df = dc * (c_prev - g)          # what f gives to the old it takes from the new
    dg = dc * (1 - f)
    do = dh * tanh_c
    da_f = df * f * (1 - f)
    da_g = dg * (1 - g**2)
    da_o = do * o * (1 - o)
    da = np.concatenate([da_f, da_g, da_o], axis=-1)
    dx = da @ W_x.T
    dh_prev = da @ W_h.T
    dc_prev = dc * f
    dW_x = x.T @ da
    dW_h = h_prev.T @ da
    db = da.sum(axis=0)
    return dx, dh_prev, dc_prev, dW_x, dW_h, db
