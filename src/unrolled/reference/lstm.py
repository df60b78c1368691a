"""The LSTM of chapter 5: the logistic function, a step, the loop over it, and the way back through both."""

import numpy as np


def sigmoid(a):
    """The logistic function 1 / (1 + exp(-a)), equation (sigmoid); right for a of any size.

    a (...)  ->  s (...)
    """
    e = np.exp(-np.abs(a))  # at most 1
    return np.where(a < 0, e, 1) / (1 + e)


def lstm_step_forward(x, h_prev, c_prev, W_x, W_h, b):
    """One LSTM step, equations (lstm-gates) to (lstm-output).

    x (N, D), h_prev (N, H), c_prev (N, H), W_x (D, 4H), W_h (H, 4H), b (4H,)  ->  h (N, H), c (N, H), gates (N, 4H)
    gates holds the activated blocks i|f|g|o, which lstm_step_backward takes.  Hochreiter & Schmidhuber 1997; Gers et al. 2000.
    """
    i, f, g, o = np.split(x @ W_x + h_prev @ W_h + b, 4, axis=-1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    c = f * c_prev + i * g      # keep, then write
    h = o * np.tanh(c)          # show
    return h, c, np.concatenate([i, f, g, o], axis=-1)


def lstm_forward(xs, h0, c0, W_x, W_h, b):
    """The step applied to a whole sequence, equation (lstm-unrolled).

    xs (T, N, D), h0 (N, H), c0 (N, H), W_x (D, 4H), W_h (H, 4H), b (4H,)
    ->  hs (T, N, H), cs (T, N, H), gates (T, N, 4H)
    sigmoid(a) = tanh(a / 2) / 2 + 1 / 2: with the blocks i, f, o of the weights halved, one tanh serves all four blocks.
    """
    T, N, D = xs.shape
    half = np.repeat(np.array([0.5, 0.5, 1, 0.5], W_h.dtype), h0.shape[1])
    rest = 1 - half
    # the inputs wait for no state: one product serves all steps
    gates = xs.reshape(T * N, D) @ (W_x * half) + b * half
    gates, W_h = gates.reshape(T, N, -1), W_h * half
    i, f, g, o = np.split(gates, 4, axis=-1)    # views of gates
    hs, cs = np.empty((2, T, *h0.shape), gates.dtype)
    h, c = h0, c0
    for t, a in enumerate(gates):
        a += h @ W_h
        np.tanh(a, out=a)
        a *= half
        a += rest
        c = cs[t] = f[t] * c + i[t] * g[t]
        h = hs[t] = o[t] * np.tanh(c)
    return hs, cs, gates


def lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h):
    """Gradients through one step, equations (lstm-dc) to (lstm-dW); sigmoid' = s (1 - s), tanh' = 1 - tanh^2.

    dh (N, H), dc (N, H), x (N, D), h_prev (N, H), c_prev (N, H), c (N, H), gates (N, 4H), W_x (D, 4H), W_h (H, 4H)
    ->  dx (N, D), dh_prev (N, H), dc_prev (N, H), dW_x (D, 4H), dW_h (H, 4H), db (4H,)
    """
    i, f, g, o = np.split(gates, 4, axis=-1)
    tanh_c = np.tanh(c)
    dc = dc + dh * o * (1 - tanh_c**2)  # c was used twice
    da = np.concatenate([
        dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2), dh * tanh_c * o * (1 - o),
    ], axis=-1)
    return da @ W_x.T, da @ W_h.T, dc * f, x.T @ da, h_prev.T @ da, da.sum(axis=0)


def lstm_backward(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    """Back-propagation through time, equation (lstm-bptt): the step's gradients from the last step to the first.

    dhs (T, N, H) arrives at every step's output; xs (T, N, D), h0 (N, H), c0 (N, H), hs (T, N, H), cs (T, N, H),
    gates (T, N, 4H), W_x (D, 4H), W_h (H, 4H)
    ->  dxs (T, N, D), dh0 (N, H), dc0 (N, H), dW_x (D, 4H), dW_h (H, 4H), db (4H,)
    """
    T, N, H = hs.shape
    i, f, g, o = np.split(gates, 4, axis=-1)
    tanh_slope = np.repeat(np.array([0, 0, 1, 0], gates.dtype), H)
    W_hT = W_h.T.copy()         # laid out once for the product of every step
    das = np.empty_like(gates)
    dh, dc = np.zeros_like(h0), np.zeros_like(c0)
    for t in reversed(range(T)):
        c_prev, tanh_c = cs[t - 1] if t else c0, np.tanh(cs[t])
        dh = dh + dhs[t]        # from the step after, and from this step's output
        dc = dc + dh * o[t] * (1 - tanh_c**2)
        dgates = np.concatenate([dc * g[t], dc * c_prev, dc * i[t], dh * tanh_c], axis=-1)
        das[t] = dgates * (gates[t] + tanh_slope) * (1 - gates[t])
        dh, dc = das[t] @ W_hT, dc * f[t]
    # shared weights: their gradient is one sum over all steps, so one product
    das = das.reshape(T * N, 4 * H)
    h_prevs = np.concatenate([h0[None], hs[:-1]]).reshape(T * N, H)
    dxs = (das @ W_x.T).reshape(xs.shape)
    return dxs, dh, dc, xs.reshape(T * N, -1).T @ das, h_prevs.T @ das, das.sum(axis=0)


def init_lstm(D, H, A, forget_bias):
    """Weights from given Gaussian numbers, equation (lstm-init): each gate sums D + H products, so the fan-in is D + H.

    A (D + H, 4H) standard normal, W_x made of its first D rows; the block f of b is forget_bias, the others 0
    ->  W_x (D, 4H), W_h (H, 4H), b (4H,)
    A forget bias of 1 or 2 opens the gate from the start: Gers et al. 2000; Jozefowicz et al. 2015.
    """
    W_x, W_h = np.split(A / np.sqrt(D + H, dtype=A.dtype), [D])
    b = np.zeros(4 * H, A.dtype)
    b[H : 2 * H] = forget_bias
    return W_x, W_h, b
