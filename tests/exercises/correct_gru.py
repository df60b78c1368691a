"""Right answers to assignment 06-gru, as students write them."""

import numpy as np

from tests.exercises.correct import correct
from unrolled.reference import (
    gru_backward,
    gru_forward,
    gru_reset_after_step_forward,
    gru_step_backward,
    gru_step_forward,
    parameter_count,
)
from unrolled.withheld import gru_reset_after_step_backward, mgu_step_backward, mgu_step_forward


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def sigmoid_by_tanh(a):
    return 0.5 * (1 + np.tanh(0.5 * a))


@correct(gru_step_forward)
def step_by_slices(x, h_prev, W_x, W_h, b):
    H = h_prev.shape[1]
    a = x @ W_x + b
    a[:, : 2 * H] += h_prev @ W_h[:, : 2 * H]
    gates = np.zeros((len(x), 3 * H))
    gates[:, : 2 * H] = sigmoid(a[:, : 2 * H])
    r, z = gates[:, :H], gates[:, H : 2 * H]
    gates[:, 2 * H :] = np.tanh(a[:, 2 * H :] + np.dot(r * h_prev, W_h[:, 2 * H :]))
    n = gates[:, 2 * H :]
    return n + z * (h_prev - n), gates


@correct(gru_step_forward)
def step_by_concatenated_weights(x, h_prev, W_x, W_h, b):
    W_r, W_z, W_n = np.hsplit(np.vstack([W_h, W_x]), 3)
    b_r, b_z, b_n = b.reshape(3, -1)
    concat = np.hstack([h_prev, x])
    r = sigmoid_by_tanh(concat @ W_r + b_r)
    z = sigmoid_by_tanh(concat @ W_z + b_z)
    n = np.tanh(np.hstack([r * h_prev, x]) @ W_n + b_n)
    return (1 - z) * n + z * h_prev, np.hstack([r, z, n])


@correct(gru_step_forward)
def step_in_columns_over_the_batch(x, h_prev, W_x, W_h, b):
    U_r, U_z, U_n = np.split(W_h.T, 3)
    V_r, V_z, V_n = np.split(W_x.T, 3)
    b_r, b_z, b_n = np.split(b[:, None], 3)
    hs, gates = [], []
    for i in range(x.shape[0]):
        xt, ht = x[i][:, None], h_prev[i][:, None]
        r = sigmoid(V_r @ xt + U_r @ ht + b_r)
        z = sigmoid(V_z @ xt + U_z @ ht + b_z)
        n = np.tanh(V_n @ xt + U_n @ (r * ht) + b_n)
        hs.append((z * ht + (1 - z) * n)[:, 0])
        gates.append(np.concatenate([r, z, n])[:, 0])
    return np.array(hs), np.array(gates)


@correct(gru_step_forward)
def step_by_einsum(x, h_prev, W_x, W_h, b):
    D, H = W_x.shape[0], h_prev.shape[1]
    W, U = W_x.reshape(D, 3, H), W_h.reshape(H, 3, H)
    a = np.einsum("nd,dkh->knh", x, W) + b.reshape(3, 1, H)
    r = sigmoid(a[0] + np.einsum("nj,jh->nh", h_prev, U[:, 0]))
    z = sigmoid(a[1] + np.einsum("nj,jh->nh", h_prev, U[:, 1]))
    n = np.tanh(a[2] + np.einsum("nj,nj,jh->nh", r, h_prev, U[:, 2]))
    return h_prev - (1 - z) * (h_prev - n), np.concatenate((r, z, n), axis=1)


@correct(gru_forward)
def forward_by_stacking(xs, h0, W_x, W_h, b):
    hs, gates, h = [], [], h0
    for x in xs:
        h, g = step_by_slices(x, h, W_x, W_h, b)
        hs.append(h)
        gates.append(g)
    return np.stack(hs), np.stack(gates)


@correct(gru_forward)
def forward_into_zeros(xs, h0, W_x, W_h, b):
    T, N, _ = xs.shape
    H = h0.shape[1]
    hs, gates = np.zeros((T + 1, N, H)), np.zeros((T, N, 3 * H))
    hs[0] = h0
    for t in range(T):
        hs[t + 1], gates[t] = step_by_concatenated_weights(xs[t], hs[t], W_x, W_h, b)
    return hs[1:], gates


@correct(gru_forward)
def forward_batch_first_and_back(xs, h0, W_x, W_h, b):
    by_row = np.transpose(xs, (1, 0, 2))
    hs = np.empty((*by_row.shape[:2], h0.shape[1]))
    gates = np.empty((*by_row.shape[:2], b.size))
    for i in range(len(by_row)):
        h = h0[i : i + 1]
        for t in range(by_row.shape[1]):
            h, gates[i, t] = step_in_columns_over_the_batch(by_row[i, t][None], h, W_x, W_h, b)
            hs[i, t] = h
    return hs.swapaxes(0, 1), gates.swapaxes(0, 1)


@correct(gru_forward)
def forward_with_one_input_product(xs, h0, W_x, W_h, b):
    H = h0.shape[-1]
    a, h, hs = xs @ W_x + b, h0.copy(), []
    for t in range(xs.shape[0]):
        a[t, :, :H] = sigmoid(a[t, :, :H] + h @ W_h[:, :H])
        a[t, :, H : 2 * H] = sigmoid(a[t, :, H : 2 * H] + h @ W_h[:, H : 2 * H])
        r, z = a[t, :, :H], a[t, :, H : 2 * H]
        a[t, :, 2 * H :] = np.tanh(a[t, :, 2 * H :] + (h * r) @ W_h[:, 2 * H :])
        h = z * h + a[t, :, 2 * H :] - z * a[t, :, 2 * H :]
        hs.append(h)
    return np.array(hs), a


@correct(gru_step_backward)
def step_back_block_by_block(dh, x, h_prev, gates, W_x, W_h):
    H = h_prev.shape[1]
    r, z, n = gates[:, :H], gates[:, H : 2 * H], gates[:, 2 * H :]
    dx, dh_prev = np.zeros_like(x), dh * z
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros(3 * H)

    def through(block, da, state):
        part = slice(block * H, (block + 1) * H)
        dW_x[:, part] += x.T @ da
        dW_h[:, part] += state.T @ da
        db[part] += da.sum(0)
        return da @ W_x[:, part].T, da @ W_h[:, part].T

    from_x, from_reset = through(2, dh * (1 - z) * (1 - n * n), r * h_prev)
    dx += from_x
    dh_prev += from_reset * r
    for block, da in [(0, from_reset * h_prev * r * (1 - r)), (1, (dh * h_prev - dh * n) * z * (1 - z))]:
        from_x, from_h = through(block, da, h_prev)
        dx += from_x
        dh_prev += from_h
    return dx, dh_prev, dW_x, dW_h, db


@correct(gru_step_backward)
def step_back_by_einsum(dh, x, h_prev, gates, W_x, W_h):
    N, H = h_prev.shape
    r, z, n = gates.reshape(N, 3, H).transpose(1, 0, 2)
    U = W_h.reshape(H, 3, H)
    da = np.empty((N, 3, H))
    da[:, 2] = dh * (1 - z) * (1 - n**2)
    da[:, 1] = dh * (h_prev - n) * (z - z**2)
    d_reset = np.einsum("nk,hk->nh", da[:, 2], U[:, 2])
    da[:, 0] = d_reset * h_prev * (r - r**2)
    states = np.stack([h_prev, h_prev, r * h_prev], axis=1)
    dh_prev = dh * z + d_reset * r + np.einsum("ngk,hgk->nh", da[:, :2], U[:, :2])
    dW_h = np.einsum("ngh,ngk->hgk", states, da).reshape(H, 3 * H)
    flat = da.reshape(N, 3 * H)
    return [np.einsum("nk,dk->nd", flat, W_x), dh_prev, np.einsum("nd,nk->dk", x, flat), dW_h, np.einsum("nk->k", flat)]


@correct(gru_step_backward)
def step_back_in_columns_over_the_batch(dh, x, h_prev, gates, W_x, W_h):
    dx, dh_prev = np.zeros_like(x), np.zeros_like(h_prev)
    dW, dU, db = np.zeros_like(W_x.T), np.zeros_like(W_h.T), np.zeros(W_x.shape[1])
    U_r, U_z, U_n = np.split(W_h.T, 3)
    for i in range(len(x)):
        r, z, n = np.split(gates[i], 3)
        dn = (1 - z) * dh[i]
        dz = (h_prev[i] - n) * dh[i]
        an, az = (1 - n**2) * dn, z * (1 - z) * dz
        s = U_n.T @ an
        ar = r * (1 - r) * (s * h_prev[i])
        a = np.concatenate([ar, az, an])
        dx[i] = W_x @ a
        dh_prev[i] = z * dh[i] + r * s + U_r.T @ ar + U_z.T @ az
        dW += np.outer(a, x[i])
        dU += np.vstack([np.outer(ar, h_prev[i]), np.outer(az, h_prev[i]), np.outer(an, r * h_prev[i])])
        db += a
    return dx, dh_prev, dW.T, dU.T, db


@correct(gru_step_backward)
def step_back_by_outer_products(dh, x, h_prev, gates, W_x, W_h):
    """One row after another with vectors, as in homework whose cell knows no batch."""
    H = h_prev.shape[1]
    dx, dh_prev, dW_x, dW_h = (np.zeros_like(array) for array in (x, h_prev, W_x, W_h))
    db = np.zeros(3 * H)
    for row in range(len(x)):
        r, z, n = gates[row].reshape(3, H)
        dh_prev[row] += z * dh[row]
        da = np.empty((3, H))
        da[2] = (dh[row] - dh[row] * z) * (1 - n * n)
        inner = W_h[:, 2 * H :] @ da[2]
        dh_prev[row] += inner * r
        da[0] = inner * h_prev[row] * (r - r * r)
        da[1] = dh[row] * (h_prev[row] - n) * (z - z * z)
        for gate, state in enumerate([h_prev[row], h_prev[row], r * h_prev[row]]):
            part = slice(gate * H, gate * H + H)
            dW_x[:, part] += np.outer(x[row], da[gate])
            dW_h[:, part] += np.outer(state, da[gate])
            dx[row] += W_x[:, part] @ da[gate]
            if gate < 2:
                dh_prev[row] += W_h[:, part] @ da[gate]
        db += da.ravel()
    return dx, dh_prev, dW_x, dW_h, db


def back_by_steps(step, dhs, xs, h0, hs, gates, W_x, W_h):
    dxs, dh = np.zeros_like(xs), np.zeros_like(h0)
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros(W_x.shape[1])
    for t in range(len(xs) - 1, -1, -1):
        h_prev = h0 if t == 0 else hs[t - 1]
        dxs[t], dh, dW_x_t, dW_h_t, db_t = step(dhs[t] + dh, xs[t], h_prev, gates[t], W_x, W_h)
        dW_x += dW_x_t
        dW_h += dW_h_t
        db += db_t
    return dxs, dh, dW_x, dW_h, db


@correct(gru_backward)
def back_block_by_block(dhs, xs, h0, hs, gates, W_x, W_h):
    return back_by_steps(step_back_block_by_block, dhs, xs, h0, hs, gates, W_x, W_h)


@correct(gru_backward)
def back_by_einsum(dhs, xs, h0, hs, gates, W_x, W_h):
    return back_by_steps(step_back_by_einsum, dhs, xs, h0, hs, gates, W_x, W_h)


@correct(gru_backward)
def back_with_lists_and_products_after_the_loop(dhs, xs, h0, hs, gates, W_x, W_h):
    H = h0.shape[1]
    h_prevs = np.vstack([h0[None], hs[:-1]])
    das, dh = [], 0
    for dh_out, h_prev, g in zip(dhs[::-1], h_prevs[::-1], gates[::-1], strict=True):
        dh = dh + dh_out
        _, dh_prev, _, _, _ = step_back_by_einsum(dh, h_prev, h_prev, g, W_h, W_h)
        r, z, n = np.split(g, 3, axis=1)
        da_n = dh * (1 - z) * (1 - n) * (1 + n)
        da_r = (da_n @ W_h[:, 2 * H :].T) * h_prev * r * (1 - r)
        das.append(np.hstack([da_r, dh * (h_prev - n) * z * (1 - z), da_n]))
        dh = dh_prev
    das = np.array(das[::-1])
    dW_h = np.einsum("tnh,tnk->hk", h_prevs, das)
    dW_h[:, 2 * H :] = np.tensordot(gates[:, :, :H] * h_prevs, das[:, :, 2 * H :], axes=([0, 1], [0, 1]))
    return das @ W_x.T, dh, np.tensordot(xs, das, ((0, 1), (0, 1))), dW_h, das.sum((0, 1))


@correct(gru_backward)
def back_in_columns_over_the_batch(dhs, xs, h0, hs, gates, W_x, W_h):
    return back_by_steps(step_back_in_columns_over_the_batch, dhs, xs, h0, hs, gates, W_x, W_h)


@correct(gru_reset_after_step_forward)
def reset_after_by_pytorchs_biases(x, h_prev, W_x, W_h, b, b_hn):
    H = len(b_hn)
    gi = x @ W_x + b
    gh = h_prev @ W_h + np.concatenate([np.zeros(2 * H), b_hn])
    i_r, i_z, i_n = np.split(gi, 3, 1)
    h_r, h_z, h_n = np.split(gh, 3, 1)
    r, z = sigmoid(i_r + h_r), sigmoid(i_z + h_z)
    n = np.tanh(i_n + r * h_n)
    return n + z * (h_prev - n), np.hstack((r, z, n))


@correct(gru_reset_after_step_forward)
def reset_after_in_columns(x, h_prev, W_x, W_h, b, b_hn):
    X, S = x.T, h_prev.T
    W_r, W_z, W_n = np.vsplit(W_x.T, 3)
    U_r, U_z, U_n = np.vsplit(W_h.T, 3)
    b_r, b_z, b_n = b.reshape(3, -1, 1)
    R, Z = sigmoid_by_tanh(W_r @ X + U_r @ S + b_r), sigmoid_by_tanh(W_z @ X + U_z @ S + b_z)
    C = np.tanh(W_n @ X + b_n + R * (U_n @ S) + R * b_hn[:, None])
    return ((1 - Z) * C + Z * S).T, np.vstack([R, Z, C]).T


@correct(gru_reset_after_step_forward)
def reset_after_over_the_batch(x, h_prev, W_x, W_h, b, b_hn):
    H = W_h.shape[0]
    hs, gates = np.zeros_like(h_prev), np.zeros((len(x), 3 * H))
    for i, (row, state) in enumerate(zip(x, h_prev, strict=True)):
        for j in range(H):
            r = sigmoid(row @ W_x[:, j] + state @ W_h[:, j] + b[j])
            z = sigmoid(row @ W_x[:, H + j] + state @ W_h[:, H + j] + b[H + j])
            n = np.tanh(row @ W_x[:, 2 * H + j] + b[2 * H + j] + r * (state @ W_h[:, 2 * H + j] + b_hn[j]))
            gates[i, [j, H + j, 2 * H + j]] = r, z, n
            hs[i, j] = z * state[j] + (1 - z) * n
    return hs, gates


@correct(parameter_count)
def count_by_shapes(cell, D, H):
    k = 1
    if cell == "gru":
        k = 3
    elif cell == "lstm":
        k = 4
    return sum(np.prod(shape) for shape in [(D, k * H), (H, k * H), (k * H,)])


@correct(parameter_count)
def count_by_arrays(cell, D, H):
    k = ["rnn", "", "gru", "lstm"].index(cell) + 1
    return np.zeros((D, k * H)).size + np.zeros((H, k * H)).size + np.zeros(k * H).size


@correct(parameter_count)
def count_as_a_float(cell, D, H):
    return {"rnn": 1.0, "gru": 3.0, "lstm": 4.0}[cell] * (H * H + H * D + H)


@correct(gru_step_backward)
def step_back_from_the_new_state(dh, x, h_prev, gates, W_x, W_h):
    """h - n is z * (h_prev - n), so the update gate's gradient needs no other z."""
    H = h_prev.shape[1]
    r, z, n = np.split(gates, 3, axis=1)
    h = z * h_prev + (1 - z) * n
    da_n, da_z = dh * (1 - z) * (1 - n**2), dh * (h - n) * (1 - z)
    d_reset = da_n @ W_h[:, 2 * H :].T
    da_rz = np.hstack([d_reset * (h_prev * r) * (1 - r), da_z])
    dh_prev = da_rz @ W_h[:, : 2 * H].T
    dh_prev += d_reset * r
    dh_prev += dh * z
    da = np.hstack([da_rz, da_n])
    return da @ W_x.T, dh_prev, x.T @ da, np.hstack([h_prev.T @ da_rz, (r * h_prev).T @ da_n]), da.sum(axis=0)


@correct(gru_backward)
def back_one_output_after_another(dhs, xs, h0, hs, gates, W_x, W_h):
    """Each output's gradient goes all the way back by itself."""
    totals = [np.zeros_like(array) for array in (xs, h0, W_x, W_h, W_h[0])]
    for last in range(len(xs)):
        dh = dhs[last]
        for t in range(last, -1, -1):
            dx, dh, *weights = step_back_by_einsum(dh, xs[t], hs[t - 1] if t else h0, gates[t], W_x, W_h)
            totals[0][t] += dx
            for total, part in zip(totals[2:], weights, strict=True):
                total += part
        totals[1] += dh
    return totals


@correct(gru_reset_after_step_backward)
def reset_after_backward_in_slices(dh, x, h_prev, gates, W_x, W_h, b_hn):
    H = h_prev.shape[1]
    r, z, n = gates[:, :H], gates[:, H : 2 * H], gates[:, 2 * H :]
    d = np.zeros_like(gates)
    d[:, 2 * H :] = dh * (1 - z) * (1 - n * n)
    d[:, H : 2 * H] = dh * (h_prev - n) * (z - z * z)
    d[:, :H] = d[:, 2 * H :] * (h_prev.dot(W_h[:, 2 * H :]) + b_hn) * (r - r * r)
    recurrent = d.copy()
    recurrent[:, 2 * H :] *= r
    return d.dot(W_x.T), z * dh + recurrent.dot(W_h.T), x.T.dot(d), h_prev.T.dot(recurrent), d.sum(0), recurrent[:, 2 * H :].sum(0)


@correct(gru_reset_after_step_backward)
def reset_after_backward_gate_by_gate(dh, x, h_prev, gates, W_x, W_h, b_hn):
    """Each matrix by itself, with the gradients added as the formulas are gone through."""
    reset, update, new = np.hsplit(gates, 3)
    U, V = np.hsplit(W_x, 3), np.hsplit(W_h, 3)
    back = dh * update
    inner = dh * (1 - update) / np.cosh(np.arctanh(new)) ** 2
    parts = [
        inner * (h_prev @ V[2] + b_hn) * reset * (1 - reset),
        (dh * h_prev - dh * new) * update * (1 - update),
        inner * reset,
    ]
    for part, matrix in zip(parts, V, strict=True):
        back = back + part @ matrix.T
    outer = [parts[0], parts[1], inner]
    dx = sum(part @ matrix.T for part, matrix in zip(outer, U, strict=True))
    dW_x = np.hstack([np.einsum("nd,nh->dh", x, part) for part in outer])
    return dx, back, dW_x, np.hstack([h_prev.T @ part for part in parts]), np.hstack([np.sum(part, axis=0) for part in outer]), parts[2].sum(axis=0)


@correct(mgu_step_forward)
def mgu_by_slices(x, h_prev, W_x, W_h, b):
    H = h_prev.shape[1]
    share = sigmoid_by_tanh(x @ W_x[:, :H] + h_prev @ W_h[:, :H] + b[:H])
    new = np.tanh(x @ W_x[:, H:] + (h_prev * share) @ W_h[:, H:] + b[H:])
    return h_prev + share * (new - h_prev), np.hstack([share, new])


@correct(mgu_step_forward)
def mgu_by_the_gru(x, h_prev, W_x, W_h, b):
    """A GRU whose reset gate is f, and whose update gate, with the other sign in its sum, is 1 - f."""

    def three_blocks(W):
        of_f, of_n = np.split(W, 2, axis=-1)
        return np.concatenate([of_f, -of_f, of_n], axis=-1)

    h, gates = gru_step_forward(x, h_prev, three_blocks(W_x), three_blocks(W_h), three_blocks(b))
    r, _, n = np.split(gates, 3, axis=-1)
    return h, np.concatenate([r, n], axis=-1)


@correct(mgu_step_backward)
def mgu_backward_by_the_gru(dh, x, h_prev, gates, W_x, W_h):
    """The GRU's own way back; where the weights of f stand twice, so do their gradients."""
    f, n = np.split(gates, 2, axis=-1)

    def three_blocks(W):
        of_f, of_n = np.split(W, 2, axis=-1)
        return np.concatenate([of_f, -of_f, of_n], axis=-1)

    def tied(dW):
        of_r, of_z, of_n = np.split(dW, 3, axis=-1)
        return np.concatenate([of_r - of_z, of_n], axis=-1)

    dx, dh_prev, *weights = gru_step_backward(dh, x, h_prev, np.concatenate([f, 1 - f, n], axis=-1), three_blocks(W_x), three_blocks(W_h))
    return dx, dh_prev, *map(tied, weights)


@correct(mgu_step_backward)
def mgu_backward_row_by_row(dh, x, h_prev, gates, W_x, W_h):
    H = h_prev.shape[1]
    dx, dh_prev, dW_x, dW_h, db = np.zeros_like(x), np.zeros_like(h_prev), np.zeros_like(W_x), np.zeros_like(W_h), np.zeros(2 * H)
    for k, (d, share, new, old) in enumerate(zip(dh, gates[:, :H], gates[:, H:], h_prev, strict=True)):
        to_new = d * share * (1 - new) * (1 + new)
        to_seen = W_h[:, H:] @ to_new
        to_share = (d * new - d * old + to_seen * old) * (share - share**2)
        both = np.r_[to_share, to_new]
        dx[k] = W_x @ both
        dh_prev[k] = d - d * share + to_seen * share + W_h[:, :H] @ to_share
        dW_x += np.outer(x[k], both)
        dW_h[:, :H] += np.outer(old, to_share)
        dW_h[:, H:] += np.outer(share * old, to_new)
        db += both
    return dx, dh_prev, dW_x, dW_h, db
