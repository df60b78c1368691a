"""The gated recurrent unit of chapter 6: a step, the loop over it, both gradients, PyTorch's variant, and its size."""

import numpy as np

from unrolled.reference.lstm import sigmoid


def gru_step_forward(x, h_prev, W_x, W_h, b):
    """One step, equations (gru-reset) to (gru-state): z near 1 keeps the old state.  Cho et al. 2014.

    x (N, D), h_prev (N, H), W_x (D, 3H), W_h (H, 3H), b (3H,)  ->  h (N, H), gates (N, 3H)
    The blocks of W_x, W_h, b and gates are r|z|n; gates holds them activated, as gru_step_backward takes them.
    """
    W_xr, W_xz, W_xn = np.split(W_x, 3, axis=-1)
    W_hr, W_hz, W_hn = np.split(W_h, 3, axis=-1)
    b_r, b_z, b_n = np.split(b, 3)
    r = sigmoid(x @ W_xr + h_prev @ W_hr + b_r)
    z = sigmoid(x @ W_xz + h_prev @ W_hz + b_z)
    n = np.tanh(x @ W_xn + (r * h_prev) @ W_hn + b_n)       # reset first, then weigh
    h = z * h_prev + (1 - z) * n
    return h, np.concatenate([r, z, n], axis=-1)


def gru_forward(xs, h0, W_x, W_h, b):
    """The step applied to a whole sequence, equation (gru-unrolled): the same W_x, W_h, b at every step.

    xs (T, N, D), h0 (N, H), W_x (D, 3H), W_h (H, 3H), b (3H,)  ->  hs (T, N, H), gates (T, N, 3H)
    """
    H = h0.shape[-1]
    W_hrz, W_hn = np.split(W_h, [2 * H], axis=-1)
    gates = xs @ W_x + b        # the inputs do not wait for the state: one product serves all steps
    rzs, ns = np.split(gates, [2 * H], axis=-1)
    rs, zs = np.split(rzs, 2, axis=-1)
    hs = np.empty_like(ns)
    h = h0
    for t in range(len(xs)):
        rzs[t] = np.tanh((rzs[t] + h @ W_hrz) / 2) / 2 + 0.5    # sigmoid(a) = tanh(a / 2) / 2 + 1 / 2, for both gates at once
        n = np.tanh(ns[t] + (rs[t] * h) @ W_hn, out=ns[t])
        h = np.add(n, zs[t] * (h - n), out=hs[t])               # z * h + (1 - z) * n
    return hs, gates


def gru_step_backward(dh, x, h_prev, gates, W_x, W_h):
    """Gradients through one step, equations (gru-da-n) to (gru-dW): four ways lead back to the old state.

    dh (N, H), x (N, D), h_prev (N, H), gates (N, 3H), W_x (D, 3H), W_h (H, 3H)
    ->  dx (N, D), dh_prev (N, H), dW_x (D, 3H), dW_h (H, 3H), db (3H,)
    """
    r, z, n = np.split(gates, 3, axis=-1)
    W_hr, W_hz, W_hn = np.split(W_h, 3, axis=-1)
    da_n = dh * (1 - z) * (1 - n**2)
    da_z = dh * (h_prev - n) * z * (1 - z)
    d_reset = da_n @ W_hn.T                                 # the gradient of r * h_prev
    da_r = d_reset * h_prev * r * (1 - r)
    dh_prev = dh * z + d_reset * r + da_r @ W_hr.T + da_z @ W_hz.T
    da = np.concatenate([da_r, da_z, da_n], axis=-1)
    dW_h = np.concatenate([h_prev.T @ da_r, h_prev.T @ da_z, (r * h_prev).T @ da_n], axis=-1)
    return da @ W_x.T, dh_prev, x.T @ da, dW_h, da.sum(axis=0)


def gru_backward(dhs, xs, h0, hs, gates, W_x, W_h):
    """Back-propagation through time, equation (gru-bptt): the step's gradients from the last step to the first.

    dhs (T, N, H) arrives at every step's output; xs (T, N, D), h0 (N, H), hs (T, N, H), gates (T, N, 3H),
    W_x (D, 3H), W_h (H, 3H)  ->  dxs (T, N, D), dh0 (N, H), dW_x (D, 3H), dW_h (H, 3H), db (3H,)
    """
    T, N, H = hs.shape
    W_hrzT, W_hnT = np.split(W_h.T.copy(), [2 * H])     # laid out once for the products of every step
    rs, zs, ns = np.split(gates, 3, axis=-1)
    h_prevs = np.concatenate([h0[None], hs[:-1]])
    resets = rs * h_prevs                       # what W_hn met at every step
    das = np.empty_like(gates)
    da_rs, da_zs, da_ns = np.split(das, 3, axis=-1)
    dh = np.zeros_like(h0)
    for t in reversed(range(T)):
        dh = dh + dhs[t]                        # from the step after, and from this step's output
        da_ns[t] = dh * (1 - zs[t]) * (1 - ns[t] ** 2)
        da_zs[t] = dh * (1 - zs[t]) * zs[t] * (h_prevs[t] - ns[t])
        d_reset = da_ns[t] @ W_hnT
        da_rs[t] = d_reset * resets[t] * (1 - rs[t])
        dh = dh * zs[t] + d_reset * rs[t] + das[t, :, : 2 * H] @ W_hrzT
    flat = das.reshape(T * N, 3 * H)            # shared weights: their gradient is one sum over all steps, so one product
    dW_hrz = h_prevs.reshape(T * N, H).T @ flat[:, : 2 * H]
    dW_hn = resets.reshape(T * N, H).T @ flat[:, 2 * H :]
    dW_h = np.concatenate([dW_hrz, dW_hn], axis=-1)
    dxs = (flat @ W_x.T).reshape(xs.shape)
    return dxs, dh, xs.reshape(T * N, -1).T @ flat, dW_h, flat.sum(axis=0)


def gru_reset_after_step_forward(x, h_prev, W_x, W_h, b, b_hn):
    """PyTorch's variant of one step, equation (gru-reset-after): the state is weighed first, then reset.

    x (N, D), h_prev (N, H), W_x (D, 3H), W_h (H, 3H), b (3H,), b_hn (H,)  ->  h (N, H), gates (N, 3H)
    b_hn is a second bias for n, inside the reset. All three blocks of h_prev @ W_h are now one product.
    """
    H = h_prev.shape[-1]
    from_x, from_h = x @ W_x + b, h_prev @ W_h
    r, z = np.split(sigmoid(from_x[:, : 2 * H] + from_h[:, : 2 * H]), 2, axis=-1)
    n = np.tanh(from_x[:, 2 * H :] + r * (from_h[:, 2 * H :] + b_hn))
    h = z * h_prev + (1 - z) * n
    return h, np.concatenate([r, z, n], axis=-1)


def parameter_count(cell, D, H):
    """Numbers that a cell learns: W_x (D, kH), W_h (H, kH) and one bias b (kH,), with k blocks side by side.

    cell is "rnn", "gru" or "lstm", with k = 1, 3 or 4; integers D, H  ->  count ()
    Raises KeyError for any other cell.
    """
    blocks = {"rnn": 1, "gru": 3, "lstm": 4}[cell]
    return blocks * H * (D + H + 1)
