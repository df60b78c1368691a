"""Right answers to assignment 05-lstm, as students write them."""

import math

import numpy as np

from tests.exercises.correct import correct
from unrolled.reference import init_lstm, lstm_backward, lstm_forward, lstm_step_backward, lstm_step_forward, sigmoid
from unrolled.withheld import coupled_lstm_step_backward, peephole_lstm_step_backward, peephole_lstm_step_forward


@correct(sigmoid)
def sigmoid_as_in_the_formula(a):
    return 1 / (1 + np.exp(-a))        # warns where exp overflows, and is right there all the same


@correct(sigmoid)
def sigmoid_by_tanh(a):
    return 0.5 * (1 + np.tanh(a / 2))


@correct(sigmoid)
def sigmoid_by_where(a):
    """np.where computes both branches: the overflow of the one that is not taken does no harm."""
    return np.where(a >= 0, 1 / (1 + np.exp(-a)), np.exp(a) / (1 + np.exp(a)))


@correct(sigmoid)
@np.vectorize
def sigmoid_one_by_one(value):
    return 1 / (1 + math.exp(-value)) if value > 0 else math.exp(value) / (1 + math.exp(value))


@correct(sigmoid)
def sigmoid_in_longer_numbers(a):
    return (1 / (1 + np.exp(-a.astype(np.longdouble)))).astype(float)


@correct(sigmoid)
def sigmoid_by_masks(a):
    positive = a >= 0
    z = np.zeros_like(a)
    z[positive] = np.exp(-a[positive])
    z[~positive] = np.exp(a[~positive])
    top = np.ones_like(a)
    top[~positive] = z[~positive]
    return top / (1 + z)


@correct(sigmoid)
def sigmoid_by_logarithms(a):
    return np.exp(-np.logaddexp(0, -a))


@correct(sigmoid)
def sigmoid_clipped_far_out(a):
    return 1 / (1 + np.exp(-np.clip(a, -500, 500)))


@correct(lstm_step_forward)
def step_in_slices(x, h_prev, c_prev, W_x, W_h, b):
    H = h_prev.shape[1]
    a = np.dot(x, W_x) + np.dot(h_prev, W_h) + b
    i = sigmoid_as_in_the_formula(a[:, 0:H])
    f = sigmoid_as_in_the_formula(a[:, H : 2 * H])
    g = np.tanh(a[:, 2 * H : 3 * H])
    o = sigmoid_as_in_the_formula(a[:, 3 * H : 4 * H])
    next_c = c_prev * f + g * i
    next_h = o * np.tanh(next_c)
    return next_h, next_c, np.hstack((i, f, g, o))


@correct(lstm_step_forward)
def step_in_columns_with_a_matrix_a_gate(x, h_prev, c_prev, W_x, W_h, b):
    """One matrix a gate, acting on the column [a_prev; xt], as in Coursera's exercise."""
    H = h_prev.shape[1]
    concat = np.concatenate((h_prev.T, x.T), axis=0)
    weights = [np.concatenate((W_h[:, k * H : (k + 1) * H], W_x[:, k * H : (k + 1) * H])).T for k in range(4)]
    biases = [b[k * H : (k + 1) * H].reshape(-1, 1) for k in range(4)]
    Wi, Wf, Wc, Wo = weights
    bi, bf, bc, bo = biases
    ft = sigmoid_by_tanh(Wf @ concat + bf)
    it = sigmoid_by_tanh(Wi @ concat + bi)
    cct = np.tanh(Wc @ concat + bc)
    c_next = ft * c_prev.T + it * cct
    ot = sigmoid_by_tanh(Wo @ concat + bo)
    a_next = ot * np.tanh(c_next)
    return a_next.T, c_next.T, np.concatenate((it, ft, cct, ot)).T


@correct(lstm_step_forward)
def step_by_einsum_and_reshape(x, h_prev, c_prev, W_x, W_h, b):
    N, H = h_prev.shape
    a = (np.einsum("nd,dk->nk", x, W_x) + np.einsum("nh,hk->nk", h_prev, W_h) + b).reshape(N, 4, H)
    gates = 1 / (1 + np.exp(-a))
    gates[:, 2] = np.tanh(a[:, 2])
    c = gates[:, 1] * c_prev + gates[:, 0] * gates[:, 2]
    return gates[:, 3] * np.tanh(c), c, gates.reshape(N, 4 * H)


@correct(lstm_step_forward)
def step_with_types_and_a_helper(
    x: np.ndarray, h_prev: np.ndarray, c_prev: np.ndarray, W_x: np.ndarray, W_h: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As language models write it: types, defensive conversions, a nested helper, buffers that are filled."""
    x, h_prev, c_prev = (np.asarray(array, dtype=np.float64) for array in (x, h_prev, c_prev))

    def _sigmoid(z: np.ndarray) -> np.ndarray:
        return np.where(z >= 0, 1.0 / (1.0 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1.0 + np.exp(-np.abs(z))))

    N, H = h_prev.shape
    z = np.matmul(x, W_x)
    np.add(z, np.matmul(h_prev, W_h), out=z)
    z += b.reshape(1, 4 * H)
    gates = np.empty_like(z)
    gates[:, : 2 * H], gates[:, 2 * H : 3 * H], gates[:, 3 * H :] = _sigmoid(z[:, : 2 * H]), np.tanh(z[:, 2 * H : 3 * H]), _sigmoid(z[:, 3 * H :])
    i, f, g, o = (gates[:, k * H : (k + 1) * H] for k in range(4))
    c = f * c_prev + i * g
    return o * np.tanh(c), c, gates


@correct(lstm_step_forward)
def step_row_by_row(x, h_prev, c_prev, W_x, W_h, b):
    h, c, gates = np.zeros_like(h_prev), np.zeros_like(c_prev), []
    for n in range(x.shape[0]):
        i, f, g, o = np.split(x[n] @ W_x + h_prev[n] @ W_h + b, 4)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c[n] = f * c_prev[n] + i * g
        h[n] = o * np.tanh(c[n])
        gates.append(np.concatenate([i, f, g, o]))
    return h, c, np.array(gates)


@correct(lstm_forward)
def forward_by_stacking(xs, h0, c0, W_x, W_h, b):
    h, c = h0, c0
    hs, cs, gates = [], [], []
    for x in xs:
        h, c, gate = step_in_slices(x, h, c, W_x, W_h, b)
        hs.append(h)
        cs.append(c)
        gates.append(gate)
    return np.stack(hs), np.stack(cs), np.stack(gates)


@correct(lstm_forward)
def forward_into_zeros(xs, h0, c0, W_x, W_h, b):
    T, N, _ = xs.shape
    H = h0.shape[1]
    hs, cs, gates = np.zeros((T, N, H)), np.zeros((T, N, H)), np.zeros((T, N, 4 * H))
    h, c = h0.copy(), c0.copy()
    for t in range(T):
        h, c, gates[t] = step_by_einsum_and_reshape(xs[t], h, c, W_x, W_h, b)
        hs[t], cs[t] = h, c
    return [hs, cs, gates]


@correct(lstm_forward)
def forward_with_the_start_in_front_and_cut_off(xs, h0, c0, W_x, W_h, b):
    """Arrays of T + 1 states and one weight matrix, as in Karpathy's batched LSTM."""
    T, N, _ = xs.shape
    H = h0.shape[1]
    WLSTM = np.vstack([b[None], W_x, W_h])
    Hout, C = np.zeros((T + 1, N, H)), np.zeros((T + 1, N, H))
    Hout[0], C[0] = h0, c0
    IFGOf = np.zeros((T, N, 4 * H))
    for t in range(T):
        Hin = np.hstack([np.ones((N, 1)), xs[t], Hout[t]])
        IFGO = Hin.dot(WLSTM)
        IFGOf[t] = 1 / (1 + np.exp(-IFGO))
        IFGOf[t, :, 2 * H : 3 * H] = np.tanh(IFGO[:, 2 * H : 3 * H])
        C[t + 1] = IFGOf[t, :, :H] * IFGOf[t, :, 2 * H : 3 * H] + IFGOf[t, :, H : 2 * H] * C[t]
        Hout[t + 1] = IFGOf[t, :, 3 * H :] * np.tanh(C[t + 1])
    return Hout[1:], C[1:], IFGOf


@correct(lstm_forward)
def forward_with_products_in_front_of_the_loop(xs, h0, c0, W_x, W_h, b):
    H = h0.shape[-1]
    a_x = np.tensordot(xs, W_x, axes=1)
    hs, cs = np.empty(xs.shape[:2] + (H,)), np.empty(xs.shape[:2] + (H,))
    gates = np.empty(a_x.shape)
    for t in range(xs.shape[0]):
        h, c = (h0, c0) if t == 0 else (hs[t - 1], cs[t - 1])
        a = a_x[t] + h @ W_h + b
        gates[t] = np.where(np.arange(4 * H) // H == 2, np.tanh(a), sigmoid_by_tanh(a))
        i, f, g, o = (gates[t][:, k * H : (k + 1) * H] for k in range(4))
        cs[t] = f * c + i * g
        hs[t] = o * np.tanh(cs[t])
    return hs, cs, gates


@correct(lstm_step_backward)
def step_backward_with_named_parts(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h):
    """As in CS231n: the gradient of each gate first, then of what went into it."""
    H = dh.shape[1]
    i, f, g, o = gates[:, :H], gates[:, H : 2 * H], gates[:, 2 * H : 3 * H], gates[:, 3 * H :]
    next_c_t = np.tanh(c)
    do = next_c_t * dh
    dnext_c = dc + o * (1 - next_c_t * next_c_t) * dh
    df = c_prev * dnext_c
    dprev_c = f * dnext_c
    di = g * dnext_c
    dg = i * dnext_c
    dai = i * (1 - i) * di
    daf = f * (1 - f) * df
    dag = (1 - g * g) * dg
    dao = o * (1 - o) * do
    da = np.hstack((dai, daf, dag, dao))
    return da.dot(W_x.T), da.dot(W_h.T), dprev_c, x.T.dot(da), h_prev.T.dot(da), np.sum(da, axis=0)


@correct(lstm_step_backward)
def step_backward_in_columns(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h):
    """One matrix a gate and sums over columns, as in Coursera's exercise."""
    H = dh.shape[1]
    it, ft, cct, ot = np.split(gates.T, 4)
    da_next, dc_next, tanh_c = dh.T, dc.T, np.tanh(c.T)
    dot = da_next * tanh_c * ot * (1 - ot)
    dcct = (dc_next * it + ot * (1 - np.square(tanh_c)) * it * da_next) * (1 - np.square(cct))
    dit = (dc_next * cct + ot * (1 - np.square(tanh_c)) * cct * da_next) * it * (1 - it)
    dft = (dc_next * c_prev.T + ot * (1 - np.square(tanh_c)) * c_prev.T * da_next) * ft * (1 - ft)
    concat = np.concatenate((h_prev.T, x.T), axis=0)
    dW = [np.dot(d, concat.T).T for d in (dit, dft, dcct, dot)]
    db = [np.sum(d, axis=1) for d in (dit, dft, dcct, dot)]
    da_prev = sum(W_h[:, k * H : (k + 1) * H] @ d for k, d in enumerate((dit, dft, dcct, dot)))
    dxt = sum(W_x[:, k * H : (k + 1) * H] @ d for k, d in enumerate((dit, dft, dcct, dot)))
    dc_prev = dc_next * ft + ot * (1 - np.square(tanh_c)) * ft * da_next
    dW = np.concatenate(dW, axis=1)
    return dxt.T, da_prev.T, dc_prev.T, dW[H:], dW[:H], np.concatenate(db)


@correct(lstm_step_backward)
def step_backward_row_by_row(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h):
    N, H = dh.shape
    dx, dh_prev, dc_prev = np.zeros_like(x), np.zeros_like(h_prev), np.zeros_like(c_prev)
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros(4 * H)
    for n in range(N):
        i, f, g, o = np.split(gates[n], 4)
        total = dc[n] + dh[n] * o / np.cosh(c[n]) ** 2
        da = np.r_[
            total * g * (i - i**2), total * c_prev[n] * (f - f**2), total * i * (1 - g) * (1 + g),
            dh[n] * np.tanh(c[n]) * (o - o**2),
        ]
        dx[n], dh_prev[n], dc_prev[n] = W_x @ da, W_h @ da, total * f
        dW_x += np.outer(x[n], da)
        dW_h += np.outer(h_prev[n], da)
        db += da
    return dx, dh_prev, dc_prev, dW_x, dW_h, db


@correct(lstm_step_backward)
def step_backward_rebuilding_the_cell(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h):
    i, f, g, o = gates.reshape(len(gates), 4, -1).transpose(1, 0, 2)
    tanh_c = np.tanh(f * c_prev + i * g)
    dc = dc + dh * o * (1 - tanh_c**2)
    blocks = np.stack([dc * g, dc * c_prev, dc * i, dh * tanh_c], axis=1)
    slopes = np.stack([i * (1 - i), f * (1 - f), 1 - g**2, o * (1 - o)], axis=1)
    da = (blocks * slopes).reshape(gates.shape)
    dW_h = np.einsum("nh,nk->hk", h_prev, da)
    return da @ W_x.T, np.einsum("nk,hk->nh", da, W_h), dc * f, np.einsum("nd,nk->dk", x, da), dW_h, np.ones(len(da)) @ da


@correct(lstm_backward)
def backward_adding_up(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    dxs = np.zeros_like(xs)
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros(W_h.shape[1])
    dh_prev, dc_prev = np.zeros_like(h0), np.zeros_like(c0)
    for t in range(len(xs) - 1, -1, -1):
        h_prev, c_prev = (h0, c0) if t == 0 else (hs[t - 1], cs[t - 1])
        dxs[t], dh_prev, dc_prev, dW_x_t, dW_h_t, db_t = step_backward_with_named_parts(
            dhs[t] + dh_prev, dc_prev, xs[t], h_prev, c_prev, cs[t], gates[t], W_x, W_h
        )
        dW_x += dW_x_t
        dW_h += dW_h_t
        db += db_t
    return dxs, dh_prev, dc_prev, dW_x, dW_h, db


@correct(lstm_backward)
def backward_with_lists(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    states, cells = [h0, *hs], [c0, *cs]
    dh, dc, das = 0, 0, []
    for t in reversed(range(len(xs))):
        i, f, g, o = np.hsplit(gates[t], 4)
        total = dhs[t] + dh
        tanh_c = np.tanh(cells[t + 1])
        dc = dc + total * o * (1 - tanh_c**2)
        da = np.hstack([dc * g * i * (1 - i), dc * cells[t] * f * (1 - f), dc * i * (1 - g**2), total * tanh_c * o * (1 - o)])
        das.append(da)
        dh, dc = da @ W_h.T, dc * f
    das = das[::-1]
    dW_x = sum(x.T @ da for x, da in zip(xs, das, strict=True))
    dW_h = sum(h.T @ da for h, da in zip(states[:-1], das, strict=True))
    return np.stack([da @ W_x.T for da in das]), dh, dc, dW_x, dW_h, np.sum(das, axis=(0, 1))


@correct(lstm_backward)
def backward_with_one_product_at_the_end(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    das = np.zeros_like(gates)
    h_prevs, c_prevs = np.concatenate([h0[None], hs[:-1]]), np.concatenate([c0[None], cs[:-1]])
    dhs = dhs.copy()
    dcs = np.zeros_like(cs)
    i, f, g, o = np.split(gates, 4, axis=2)
    for t in reversed(range(len(xs))):
        dcs[t] += dhs[t] * o[t] * (1 - np.tanh(cs[t]) ** 2)
        das[t] = np.concatenate(
            [
                dcs[t] * g[t] * i[t] * (1 - i[t]),
                dcs[t] * c_prevs[t] * f[t] * (1 - f[t]),
                dcs[t] * i[t] * (1 - g[t] ** 2),
                dhs[t] * np.tanh(cs[t]) * o[t] * (1 - o[t]),
            ],
            axis=1,
        )
        dh_prev, dc_prev = das[t] @ W_h.T, dcs[t] * f[t]
        if t:
            dhs[t - 1] += dh_prev
            dcs[t - 1] += dc_prev
    dW_x, dW_h = np.einsum("tnd,tnk->dk", xs, das), np.einsum("tnh,tnk->hk", h_prevs, das)
    return das @ W_x.T, dh_prev, dc_prev, dW_x, dW_h, das.sum((0, 1))


@correct(init_lstm)
def init_in_two_parts(D, H, A, forget_bias):
    scale = 1 / np.sqrt(D + H)
    b = np.concatenate([np.zeros(H), forget_bias * np.ones(H), np.zeros(2 * H)])
    return scale * A[:D], scale * A[D:], b


@correct(init_lstm)
def init_by_the_rows_of_A(D, H, A, forget_bias):
    W = A * len(A) ** -0.5
    b = np.zeros((4, H))
    b[1] = forget_bias
    return W[:D, :], W[D:, :], b.ravel()


@correct(init_lstm)
def init_by_split(D, H, A, forget_bias):
    W_x, W_h = np.vsplit(A / np.sqrt(A.shape[0]), [D])
    return W_x.copy(), W_h.copy(), np.repeat([0.0, forget_bias, 0.0, 0.0], H)


@correct(lstm_forward)
def forward_with_the_start_at_the_last_place(xs, h0, c0, W_x, W_h, b):
    """Index -1 holds the start, as in lists of states that are longer by one."""
    T = len(xs)
    hs, cs, gates = np.empty((T + 1, *h0.shape)), np.empty((T + 1, *c0.shape)), np.empty((T, len(h0), b.size))
    hs[-1], cs[-1] = h0, c0
    for t in range(T):
        hs[t], cs[t], gates[t] = step_in_slices(xs[t], hs[t - 1], cs[t - 1], W_x, W_h, b)
    return hs[:T], cs[:T], gates


@correct(lstm_step_backward)
def step_backward_multiplied_out(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h):
    """Both parts of dc in each formula, within brackets, as in Coursera's hints."""
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dit = (dc * g + o * (1 - tanh_c**2) * g * dh) * i * (1 - i)
    dft = (dc * c_prev + o * (1 - tanh_c**2) * c_prev * dh) * f * (1 - f)
    dgt = (dc * i + o * (1 - tanh_c**2) * i * dh) * (1 - g**2)
    dot = dh * tanh_c * o * (1 - o)
    da = np.concatenate([dit, dft, dgt, dot], axis=1)
    dc_prev = dc * f + o * (1 - tanh_c**2) * f * dh
    return da @ W_x.T, da @ W_h.T, dc_prev, x.T @ da, h_prev.T @ da, da.sum(axis=0)


@correct(lstm_step_backward)
def step_backward_from_the_sums(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h):
    """The sums inside the gates, found again, and derivatives that take sums."""
    i, f, g, o = np.split(gates, 4, axis=1)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    slopes = [sigmoid(a) * (1 - sigmoid(a)) for a in (np.log(gate / (1 - gate)) for gate in (i, f, o))]
    slopes.insert(2, 1 - np.tanh(np.arctanh(g)) ** 2)
    da = np.hstack([part * slope for part, slope in zip([dc * g, dc * c_prev, dc * i, dh * np.tanh(c)], slopes, strict=True)])
    return da @ W_x.T, da @ W_h.T, dc * f, x.T @ da, h_prev.T @ da, da.sum(0)


@correct(lstm_backward)
def backward_one_output_after_another(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    """Each output's gradient goes all the way back by itself."""
    totals = [np.zeros_like(array) for array in (xs, h0, c0, W_x, W_h, W_h[0])]
    for last in range(len(xs)):
        dh, dc = dhs[last], np.zeros_like(c0)
        for t in range(last, -1, -1):
            h_prev, c_prev = (hs[t - 1], cs[t - 1]) if t else (h0, c0)
            dx, dh, dc, *weights = step_backward_with_named_parts(dh, dc, xs[t], h_prev, c_prev, cs[t], gates[t], W_x, W_h)
            totals[0][t] += dx
            for total, part in zip(totals[3:], weights, strict=True):
                total += part
        totals[1] += dh
        totals[2] += dc
    return totals


@correct(peephole_lstm_step_forward)
def peephole_in_slices(x, h_prev, c_prev, W_x, W_h, b, p):
    H = c_prev.shape[1]
    z = x.dot(W_x) + h_prev.dot(W_h) + b
    it = sigmoid_by_tanh(z[:, :H] + c_prev * p[:H])
    ft = sigmoid_by_tanh(z[:, H : 2 * H] + c_prev * p[H : 2 * H])
    ct = ft * c_prev + it * np.tanh(z[:, 2 * H : 3 * H])
    ot = sigmoid_by_tanh(z[:, 3 * H :] + ct * p[2 * H :])
    return ot * np.tanh(ct), ct, np.hstack([it, ft, np.tanh(z[:, 2 * H : 3 * H]), ot])


@correct(peephole_lstm_step_forward)
def peephole_as_diagonal_matrices(x, h_prev, c_prev, W_x, W_h, b, p):
    """Each gate's peephole as the diagonal matrix that papers write."""
    P_i, P_f, P_o = map(np.diag, p.reshape(3, -1))
    i, f, g, o = np.moveaxis((x @ W_x + h_prev @ W_h + b).reshape(len(x), 4, -1), 1, 0)
    i, f, g = sigmoid(i + c_prev @ P_i), sigmoid(f + c_prev @ P_f), np.tanh(g)
    c = i * g + f * c_prev
    o = sigmoid(o + c @ P_o)
    return np.tanh(c) * o, c, np.concatenate([i, f, g, o], axis=1)


@correct(peephole_lstm_step_backward)
def peephole_backward_in_slices(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h, p):
    H = c.shape[1]
    i, f, g, o = (gates[:, k * H : (k + 1) * H] for k in range(4))
    dao = dh * np.tanh(c) * (o - o**2)
    total = dc + dh * o / np.cosh(c) ** 2 + p[2 * H :] * dao
    dai, daf, dag = total * g * (i - i**2), total * c_prev * (f - f**2), total * i * (1 - g) * (1 + g)
    das = np.hstack([dai, daf, dag, dao])
    dp = np.hstack([np.einsum("nh,nh->h", d, seen) for d, seen in [(dai, c_prev), (daf, c_prev), (dao, c)]])
    return das @ W_x.T, das @ W_h.T, total * f + p[:H] * dai + p[H : 2 * H] * daf, x.T @ das, h_prev.T @ das, das.sum(0), dp


@correct(peephole_lstm_step_backward)
def peephole_backward_row_by_row(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h, p):
    """The cell as one more input of the gates, with a diagonal matrix for its weights."""
    P_i, P_f, P_o = (np.diag(part) for part in np.split(p, 3))
    dx, dh_prev, dc_prev = np.zeros_like(x), np.zeros_like(h_prev), np.zeros_like(c_prev)
    dW_x, dW_h, db, dP = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros(W_h.shape[1]), np.zeros((3, *P_i.shape))
    for n in range(len(x)):
        i, f, g, o = np.split(gates[n], 4)
        da_o = dh[n] * np.tanh(c[n]) * o * (1 - o)
        arrives = dc[n] + dh[n] * o * (1 - np.tanh(c[n]) ** 2) + P_o @ da_o
        da_i, da_f = arrives * g * i * (1 - i), arrives * c_prev[n] * f * (1 - f)
        da = np.r_[da_i, da_f, arrives * i * (1 - g**2), da_o]
        dx[n], dh_prev[n], dc_prev[n] = W_x @ da, W_h @ da, f * arrives + P_i @ da_i + P_f @ da_f
        dW_x += np.outer(x[n], da)
        dW_h += np.outer(h_prev[n], da)
        db += da
        dP += np.outer(c_prev[n], da_i), np.outer(c_prev[n], da_f), np.outer(c[n], da_o)
    return dx, dh_prev, dc_prev, dW_x, dW_h, db, np.concatenate([np.diag(part) for part in dP])


@correct(peephole_lstm_step_backward)
def peephole_backward_by_the_plain_step(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h, p):
    """The LSTM's own step does the work once dc has the output gate's part; then the peepholes' parts are added."""
    p_i, p_f, p_o = p.reshape(3, -1)
    *_, o = np.split(gates, 4, axis=1)
    dc = dc + dh * np.tanh(c) * o * (1 - o) * p_o
    dx, dh_prev, dc_prev, dW_x, dW_h, db = lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h)
    one = np.eye(len(x))[:, :, None]
    rows = [lstm_step_backward(dh * n, dc * n, x, h_prev, c_prev, c, gates, W_x, W_h)[5] for n in one]
    i_, f_, _, o_ = np.split(np.array(rows), 4, axis=1)
    return dx, dh_prev, dc_prev + i_ * p_i + f_ * p_f, dW_x, dW_h, db, np.r_[(i_ * c_prev).sum(0), (f_ * c_prev).sum(0), (o_ * c).sum(0)]


@correct(coupled_lstm_step_backward)
def coupled_by_the_mirrored_lstm(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h):
    """1 - sigmoid(a) is sigmoid(-a): an LSTM whose input gate has the forget gate's weights with the other sign."""
    f, g, o = np.split(gates, 3, axis=1)

    def mirrored(W):
        return np.concatenate([-W[:, : f.shape[1]], W], axis=1)

    full = lstm_step_backward(dh, dc, x, h_prev, c_prev, c, np.hstack([1 - f, f, g, o]), mirrored(W_x), mirrored(W_h))
    dx, dh_prev, dc_prev, *parts = full
    tied = []
    for part in parts:
        of_i, of_f, *others = np.split(part, 4, axis=-1)
        tied.append(np.concatenate([of_f - of_i, *others], axis=-1))
    return dx, dh_prev, dc_prev, *tied


@correct(coupled_lstm_step_backward)
def coupled_in_slices(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h):
    H = c.shape[1]
    f, g, o = gates[:, :H], gates[:, H : 2 * H], gates[:, 2 * H :]
    total = dc + dh * o / np.cosh(c) ** 2
    da = np.empty_like(gates)
    da[:, :H] = (total * c_prev - total * g) * (f - f * f)
    da[:, H : 2 * H] = total * (1 - f) * (1 - g) * (1 + g)
    da[:, 2 * H :] = dh * np.tanh(c) * (o - o * o)
    return np.dot(da, W_x.T), np.dot(da, W_h.T), f * total, np.einsum("nd,nk->dk", x, da), np.einsum("nh,nk->hk", h_prev, da), da.sum(0)
