"""The gated recurrent unit of chapter 6: a step, the loop over it, both gradients, PyTorch's variant, and its size."""

import numpy as np

from unrolled.reference.lstm import sigmoid


def gru_step_forward(x, h_prev, W_x, W_h, b):
    """One step, equations (gru-reset), (gru-update), (gru-candidate) and (gru-state): z near 1 keeps the old state.

    x (N, D), h_prev (N, H), W_x (D, 3H), W_h (H, 3H), b (3H,)  ->  h (N, H), gates (N, 3H)
    The blocks of W_x, W_h, b and gates are r|z|n; gates holds them activated, as gru_step_backward takes them.
    Cho et al. 2014.
    """
    W_xr, W_xz, W_xn = np.split(W_x, 3, axis=-1)
    W_hr, W_hz, W_hn = np.split(W_h, 3, axis=-1)
    b_r, b_z, b_n = np.split(b, 3)
    a_r = x @ W_xr + h_prev @ W_hr + b_r
    a_z = x @ W_xz + h_prev @ W_hz + b_z
    r = sigmoid(a_r)
    z = sigmoid(a_z)
    a_n = x @ W_xn + (r * h_prev) @ W_hn + b_n      # reset first, then weigh
    n = np.tanh(a_n)
    h = z * h_prev + (1 - z) * n
    gates = np.concatenate([r, z, n], axis=-1)
    return h, gates


def gru_forward(xs, h0, W_x, W_h, b):
    """The step applied to a whole sequence, equation (gru-unrolled): the same W_x, W_h, b at every step.

    xs (T, N, D), h0 (N, H), W_x (D, 3H), W_h (H, 3H), b (3H,)  ->  hs (T, N, H), gates (T, N, 3H)
    """
    h = h0
    hs = []
    gates = []
    for x in xs:
        h, gates_t = gru_step_forward(x, h, W_x, W_h, b)
        hs.append(h)
        gates.append(gates_t)
    return np.stack(hs), np.stack(gates)


def gru_step_backward(dh, x, h_prev, gates, W_x, W_h):
    """Gradients through one step, equations (gru-da-n), (gru-da-z), (gru-da-r), (gru-dh-prev) and (gru-dW).

    dh (N, H), x (N, D), h_prev (N, H), gates (N, 3H), W_x (D, 3H), W_h (H, 3H)
    ->  dx (N, D), dh_prev (N, H), dW_x (D, 3H), dW_h (H, 3H), db (3H,)
    Four ways lead back to the old state.
    """
    r, z, n = np.split(gates, 3, axis=-1)
    W_hr, W_hz, W_hn = np.split(W_h, 3, axis=-1)
    dn = dh * (1 - z)
    dz = dh * (h_prev - n)
    da_n = dn * (1 - n**2)
    da_z = dz * z * (1 - z)
    d_reset = da_n @ W_hn.T     # the gradient of r * h_prev
    dr = d_reset * h_prev
    da_r = dr * r * (1 - r)
    da = np.concatenate([da_r, da_z, da_n], axis=-1)
    dx = da @ W_x.T
    dh_prev = dh * z + d_reset * r + da_r @ W_hr.T + da_z @ W_hz.T
    dW_x = x.T @ da
    dW_hr = h_prev.T @ da_r
    dW_hz = h_prev.T @ da_z
    dW_hn = (r * h_prev).T @ da_n
    dW_h = np.concatenate([dW_hr, dW_hz, dW_hn], axis=-1)
    db = da.sum(axis=0)
    return dx, dh_prev, dW_x, dW_h, db


def gru_backward(dhs, xs, h0, hs, gates, W_x, W_h):
    """Back-propagation through time, equation (gru-bptt): the step's gradients from the last step to the first.

    dhs (T, N, H) arrives at every step's output; xs (T, N, D), h0 (N, H), hs (T, N, H), gates (T, N, 3H),
    W_x (D, 3H), W_h (H, 3H)  ->  dxs (T, N, D), dh0 (N, H), dW_x (D, 3H), dW_h (H, 3H), db (3H,)
    """
    dh = np.zeros_like(h0)
    dxs = []
    dW_x = np.zeros_like(W_x)
    dW_h = np.zeros_like(W_h)
    db = np.zeros_like(W_h[0])
    for t in reversed(range(len(xs))):
        h_prev = hs[t - 1] if t > 0 else h0
        dh = dh + dhs[t]        # from the step after, and from this step's output
        dx, dh, dW_x_t, dW_h_t, db_t = gru_step_backward(dh, xs[t], h_prev, gates[t], W_x, W_h)
        dxs.insert(0, dx)
        dW_x = dW_x + dW_x_t
        dW_h = dW_h + dW_h_t
        db = db + db_t
    return np.stack(dxs), dh, dW_x, dW_h, db


def gru_reset_after_step_forward(x, h_prev, W_x, W_h, b, b_hn):
    """PyTorch's variant of one step, equation (gru-reset-after): the state is weighed first, then reset.

    x (N, D), h_prev (N, H), W_x (D, 3H), W_h (H, 3H), b (3H,), b_hn (H,)  ->  h (N, H), gates (N, 3H)
    b_hn is a second bias for n, inside the reset. All three blocks of h_prev @ W_h are now one product.
    """
    x_r, x_z, x_n = np.split(x @ W_x + b, 3, axis=-1)
    h_r, h_z, h_n = np.split(h_prev @ W_h, 3, axis=-1)
    r = sigmoid(x_r + h_r)
    z = sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + b_hn))
    h = z * h_prev + (1 - z) * n
    gates = np.concatenate([r, z, n], axis=-1)
    return h, gates


def parameter_count(cell, D, H):
    """Numbers that a cell learns, equation (gru-parameters): W_x (D, kH), W_h (H, kH) and one bias b (kH,).

    cell is "rnn", "gru" or "lstm", with k = 1, 3 or 4 blocks side by side; integers D, H  ->  count ()
    Raises KeyError for any other cell.
    """
    blocks = {"rnn": 1, "gru": 3, "lstm": 4}
    k = blocks[cell]
    count = k * H * (D + H + 1)
    return count
