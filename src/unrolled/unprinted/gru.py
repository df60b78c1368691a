"""Of assignment 06-gru, what no page prints: the way back through PyTorch's variant, and a unit with one gate."""

import numpy as np

from unrolled.reference import sigmoid


def gru_reset_after_step_backward(dh, x, h_prev, gates, W_x, W_h, b_hn):
    """Gradients through one step of PyTorch's GRU, whose reset comes after the matrix product.

    dh (N, H), x (N, D), h_prev (N, H), gates (N, 3H), W_x (D, 3H), W_h (H, 3H), b_hn (H,)
    ->  dx (N, D), dh_prev (N, H), dW_x (D, 3H), dW_h (H, 3H), db (3H,), db_hn (H,)
    gates holds the activated blocks r|z|n.
    """
    r, z, n = np.split(gates, 3, axis=-1)
    W_hr, W_hz, W_hn = np.split(W_h, 3, axis=-1)
    weighed = h_prev @ W_hn + b_hn      # what r scaled
    dn = dh * (1 - z)
    dz = dh * (h_prev - n)
    da_n = dn * (1 - n**2)
    da_z = dz * z * (1 - z)
    dweighed = da_n * r
    dr = da_n * weighed
    da_r = dr * r * (1 - r)
    da = np.concatenate([da_r, da_z, da_n], axis=-1)            # the gradient of what came from the input
    da_h = np.concatenate([da_r, da_z, dweighed], axis=-1)      # and what came from the state this
    dx = da @ W_x.T
    dh_prev = dh * z + da_h @ W_h.T
    dW_x = x.T @ da
    dW_h = h_prev.T @ da_h
    db = da.sum(axis=0)
    db_hn = dweighed.sum(axis=0)
    return dx, dh_prev, dW_x, dW_h, db, db_hn


def mgu_step_forward(x, h_prev, W_x, W_h, b):
    """One step of a minimal gated unit, whose one gate f both resets and updates: h = (1 - f) * h_prev + f * n.

    x (N, D), h_prev (N, H), W_x (D, 2H), W_h (H, 2H), b (2H,)  ->  h (N, H), gates (N, 2H)
    The blocks of W_x, W_h, b and gates are f|n; gates holds them activated.  Zhou et al. 2016.
    """
    W_xf, W_xn = np.split(W_x, 2, axis=-1)
    W_hf, W_hn = np.split(W_h, 2, axis=-1)
    b_f, b_n = np.split(b, 2)
    a_f = x @ W_xf + h_prev @ W_hf + b_f
    f = sigmoid(a_f)
    a_n = x @ W_xn + (f * h_prev) @ W_hn + b_n
    n = np.tanh(a_n)
    h = h_prev + f * (n - h_prev)       # the share f of the way to n
    gates = np.concatenate([f, n], axis=-1)
    return h, gates


def mgu_step_backward(dh, x, h_prev, gates, W_x, W_h):
    """Gradients through one step of a minimal gated unit, h = (1 - f) * h_prev + f * n.

    dh (N, H), x (N, D), h_prev (N, H), gates (N, 2H), W_x (D, 2H), W_h (H, 2H)
    ->  dx (N, D), dh_prev (N, H), dW_x (D, 2H), dW_h (H, 2H), db (2H,)
    """
    f, n = np.split(gates, 2, axis=-1)
    W_hf, W_hn = np.split(W_h, 2, axis=-1)
    dn = dh * f
    da_n = dn * (1 - n**2)
    dseen = da_n @ W_hn.T       # the gradient of f * h_prev
    df = dh * (n - h_prev) + dseen * h_prev     # f does two jobs
    da_f = df * f * (1 - f)
    da = np.concatenate([da_f, da_n], axis=-1)
    dx = da @ W_x.T
    dh_prev = dh * (1 - f) + dseen * f + da_f @ W_hf.T
    dW_x = x.T @ da
    dW_hf = h_prev.T @ da_f
    dW_hn = (f * h_prev).T @ da_n
    dW_h = np.concatenate([dW_hf, dW_hn], axis=-1)
    db = da.sum(axis=0)
    return dx, dh_prev, dW_x, dW_h, db
