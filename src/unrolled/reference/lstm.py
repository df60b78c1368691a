"""The LSTM of chapter 5: the logistic function, a step, the loop over it, and the way back through both."""

import numpy as np


def sigmoid(a):
    """The logistic function 1 / (1 + exp(-a)), equation (sigmoid); right for a of any size.

    a (...)  ->  s (...)
    """
    e = np.exp(-np.abs(a))  # at most 1
    s = np.where(a < 0, e, 1) / (1 + e)
    return s


def lstm_step_forward(x, h_prev, c_prev, W_x, W_h, b):
    """One LSTM step, equations (lstm-gates), (lstm-squash), (lstm-cell) and (lstm-output).

    x (N, D), h_prev (N, H), c_prev (N, H), W_x (D, 4H), W_h (H, 4H), b (4H,)  ->  h (N, H), c (N, H), gates (N, 4H)
    gates holds the activated blocks i|f|g|o, which lstm_step_backward takes.
    Hochreiter & Schmidhuber 1997; Gers et al. 2000.
    """
    a = x @ W_x + h_prev @ W_h + b
    a_i, a_f, a_g, a_o = np.split(a, 4, axis=-1)
    i = sigmoid(a_i)
    f = sigmoid(a_f)
    g = np.tanh(a_g)
    o = sigmoid(a_o)
    c = f * c_prev + i * g      # keep, then write
    h = o * np.tanh(c)          # show
    gates = np.concatenate([i, f, g, o], axis=-1)
    return h, c, gates


def lstm_forward(xs, h0, c0, W_x, W_h, b):
    """The step applied to a whole sequence, equation (lstm-unrolled).

    xs (T, N, D), h0 (N, H), c0 (N, H), W_x (D, 4H), W_h (H, 4H), b (4H,)
    ->  hs (T, N, H), cs (T, N, H), gates (T, N, 4H)
    """
    h = h0
    c = c0
    hs = []
    cs = []
    gates = []
    for x in xs:
        h, c, gates_t = lstm_step_forward(x, h, c, W_x, W_h, b)
        hs.append(h)
        cs.append(c)
        gates.append(gates_t)
    return np.stack(hs), np.stack(cs), np.stack(gates)


def lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h):
    """Gradients through one step, equations (lstm-dc), (lstm-da), (lstm-da-o), (lstm-dc-prev) and (lstm-dW).

    dh (N, H), dc (N, H), x (N, D), h_prev (N, H), c_prev (N, H), c (N, H), gates (N, 4H), W_x (D, 4H), W_h (H, 4H)
    ->  dx (N, D), dh_prev (N, H), dc_prev (N, H), dW_x (D, 4H), dW_h (H, 4H), db (4H,)
    sigmoid' = s (1 - s), tanh' = 1 - tanh^2.
    """
    i, f, g, o = np.split(gates, 4, axis=-1)
    tanh_c = np.tanh(c)
    dc = dc + dh * o * (1 - tanh_c**2)      # c was used twice
    di = dc * g
    df = dc * c_prev
    dg = dc * i
    do = dh * tanh_c
    da_i = di * i * (1 - i)
    da_f = df * f * (1 - f)
    da_g = dg * (1 - g**2)
    da_o = do * o * (1 - o)
    da = np.concatenate([da_i, da_f, da_g, da_o], axis=-1)
    dx = da @ W_x.T
    dh_prev = da @ W_h.T
    dc_prev = dc * f
    dW_x = x.T @ da
    dW_h = h_prev.T @ da
    db = da.sum(axis=0)
    return dx, dh_prev, dc_prev, dW_x, dW_h, db


def lstm_backward(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    """Back-propagation through time, equation (lstm-bptt): the step's gradients from the last step to the first.

    dhs (T, N, H) arrives at every step's output; xs (T, N, D), h0 (N, H), c0 (N, H), hs (T, N, H), cs (T, N, H),
    gates (T, N, 4H), W_x (D, 4H), W_h (H, 4H)
    ->  dxs (T, N, D), dh0 (N, H), dc0 (N, H), dW_x (D, 4H), dW_h (H, 4H), db (4H,)
    """
    dh = np.zeros_like(h0)
    dc = np.zeros_like(c0)
    dxs = []
    dW_x = np.zeros_like(W_x)
    dW_h = np.zeros_like(W_h)
    db = np.zeros_like(W_h[0])
    for t in reversed(range(len(xs))):
        h_prev = hs[t - 1] if t > 0 else h0
        c_prev = cs[t - 1] if t > 0 else c0
        dh = dh + dhs[t]        # from the step after, and from this step's output
        dx, dh, dc, dW_x_t, dW_h_t, db_t = lstm_step_backward(dh, dc, xs[t], h_prev, c_prev, cs[t], gates[t], W_x, W_h)
        dxs.insert(0, dx)
        dW_x = dW_x + dW_x_t
        dW_h = dW_h + dW_h_t
        db = db + db_t
    return np.stack(dxs), dh, dc, dW_x, dW_h, db


def init_lstm(D, H, A, forget_bias):
    """Weights from given Gaussian numbers, equation (lstm-init): each gate sums D + H products, so the
    fan-in is D + H.

    A (D + H, 4H) standard normal, W_x made of its first D rows; the block f of b is forget_bias, the others 0
    ->  W_x (D, 4H), W_h (H, 4H), b (4H,)
    A forget bias of 1 or 2 opens the gate from the start: Gers et al. 2000; Jozefowicz et al. 2015.
    """
    W = A / np.sqrt(D + H, dtype=A.dtype)
    W_x = W[:D]
    W_h = W[D:]
    b = np.zeros(4 * H, A.dtype)
    b[H : 2 * H] = forget_bias
    return W_x, W_h, b
