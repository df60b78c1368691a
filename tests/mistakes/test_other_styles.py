"""Mistakes in answers that are written otherwise than the reference: each is told in words that are true of it."""

import pytest

from tests.mistakes.told import assert_told, each, edited
from unrolled import examine

# Right answers, as students write them, by the function and what is particular.
RIGHT = {
    "make_windows": """
def make_windows(xs, k):
    return np.concatenate([xs[i:len(xs) - k + 1 + i] for i in range(k)], axis=-1)
""",
    "windows_backward": """
def windows_backward(dwindows, k):
    M, N, kD = dwindows.shape
    D = kD // k
    dxs = np.zeros((M + k - 1, N, D), dtype=dwindows.dtype)
    for t in range(M):
        for i in range(k):
            dxs[t + i] += dwindows[t, :, i * D:(i + 1) * D]
    return dxs
""",
    "mlp_forward": """
def mlp_forward(x, W1, b1, W2, b2):
    z1 = np.dot(x, W1) + b1
    a1 = np.tanh(z1)
    return np.dot(a1, W2) + b2, a1
""",
    "window_parameter_count": """
def window_parameter_count(k, D, H, O):
    return k * D * H + H + H * O + O
""",
    "softmax": """
def softmax(a):
    ex = np.exp(a - np.max(a, axis=-1, keepdims=True))
    return ex / np.sum(ex, axis=-1, keepdims=True)
""",
    "readout": """
def readout(hs, W_y, b_y):
    return np.einsum("tnh,hv->tnv", hs, W_y) + b_y
""",
    "readout_backward": """
def readout_backward(dys, hs, W_y):
    dW, db, dhs = np.zeros_like(W_y), np.zeros_like(W_y[0]), np.zeros_like(hs)
    for t in range(len(dys)):
        dhs[t] = dys[t] @ W_y.T
        dW += hs[t].T @ dys[t]
        db += dys[t].sum(axis=0)
    return dhs, dW, db
""",
    "rnn_step_forward": """
def rnn_step_forward(x, h_prev, W_x, W_h, b):
    return np.tanh(np.concatenate([x, h_prev], axis=1) @ np.concatenate([W_x, W_h]) + b)
""",
    "sample_tokens": """
def sample_tokens(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    h, tok, result = h0, first, []
    for i in range(len(u)):
        h = np.tanh(np.eye(len(W_x))[[tok]] @ W_x + h @ W_h + b)
        p = softmax((h @ W_y + b_y) / temperature).ravel()
        tok = min(int(np.searchsorted(np.cumsum(p), u[i], side="right")), len(p) - 1)
        result.append(tok)
    return np.array(result)
""",
    "jordan_step_backward": """
def jordan_step_backward(dy, x, y_prev, h, W_x, W_o, W_y):
    dz = (1.0 - h * h) * (dy @ W_y.T)
    return dz @ W_x.T, dz @ W_o.T, x.T @ dz, y_prev.T @ dz, dz.sum(0), h.T @ dy, dy.sum(0)
""",
    "recurrent_gradient_by_distance": """
def recurrent_gradient_by_distance(dhs, h0, hs, W_h):
    T, N, H = hs.shape
    prev = [h0, *hs[:-1]]
    out = np.zeros((T, H, H), dtype=W_h.dtype)
    for s in range(T):
        g = dhs[s]
        for d in range(s + 1):
            da = g * (1 - hs[s - d] ** 2)
            out[d] += prev[s - d].T @ da
            g = da @ W_h.T
    return out
""",
    "orthogonal_init": """
def orthogonal_init(shape, gain, A):
    q, r = np.linalg.qr(A)
    q = q * np.sign(np.diagonal(r))[None, :]
    return gain * (q.T if shape[0] < shape[1] else q)
""",
    "leaky_rnn_forward": """
def leaky_rnn_forward(xs, h0, W_x, W_h, b, z):
    h, out = h0, []
    for x in xs:
        new = np.tanh(x @ W_x + h @ W_h + b)
        h = z * h + (1 - z) * new
        out.append(h)
    return np.array(out)
""",
    "sigmoid": """
def sigmoid(a):
    z = np.exp(-np.abs(a))
    return np.where(a >= 0, 1 / (1 + z), z / (1 + z))
""",
    "lstm_step_forward": """
def lstm_step_forward(x, h_prev, c_prev, W_x, W_h, b):
    i, f, g, o = np.hsplit(np.dot(x, W_x) + np.dot(h_prev, W_h) + b, 4)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    c = f * c_prev + i * g
    return o * np.tanh(c), c, np.hstack([i, f, g, o])
""",
    "lstm_forward": """
def lstm_forward(xs, h0, c0, W_x, W_h, b):
    hs, cs, gates = [], [], []
    h, c = h0, c0
    for x in xs:
        h, c, g = lstm_step_forward(x, h, c, W_x, W_h, b)
        hs.append(h)
        cs.append(c)
        gates.append(g)
    return np.array(hs), np.array(cs), np.array(gates)
""",
    "peephole_lstm_step_backward": """
def peephole_lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h, p):
    i, f, g, o = np.hsplit(gates, 4)
    pi, pf, po = p.reshape(3, -1)
    t = np.tanh(c)
    dao = dh * t * o * (1 - o)
    dct = dc + dh * o * (1 - t ** 2) + dao * po
    dai, daf, dag = dct * g * i * (1 - i), dct * c_prev * f * (1 - f), dct * i * (1 - g ** 2)
    da = np.hstack([dai, daf, dag, dao])
    dp = np.hstack([(dai * c_prev).sum(0), (daf * c_prev).sum(0), (dao * c).sum(0)])
    return da @ W_x.T, da @ W_h.T, dct * f + dai * pi + daf * pf, x.T @ da, h_prev.T @ da, da.sum(0), dp
""",
    "gru_forward": """
def gru_forward(xs, h0, W_x, W_h, b):
    hs, gs = [], []
    for t in range(xs.shape[0]):
        h, g = gru_step_forward(xs[t], hs[-1] if hs else h0, W_x, W_h, b)
        hs.append(h)
        gs.append(g)
    return np.array(hs), np.array(gs)
""",
    "parameter_count": """
def parameter_count(cell, D, H):
    return {"rnn": 1, "gru": 3, "lstm": 4}[cell] * (D * H + H * H + H)
""",
    "reverse_padded": """
def reverse_padded(xs, mask):
    out = np.array(xs)
    for n in range(xs.shape[1]):
        L = int(mask[:, n].sum())
        for t in range(L):
            out[t, n] = xs[L - 1 - t, n]
    return out
""",
    "stacked_backward": """
def stacked_backward(dhs, xs, h0s, hs, W_in, W_up, W_h):
    L = len(W_h)
    dh0s, dW_ups, dW_hs, dbs = [None] * L, [None] * (L - 1), [None] * L, [None] * L
    d = dhs
    for l in range(L - 1, 0, -1):
        d, dh0s[l], dW_ups[l - 1], dW_hs[l], dbs[l] = rnn_backward(d, hs[l - 1], h0s[l], hs[l], W_up[l - 1], W_h[l])
    d, dh0s[0], dW_in, dW_hs[0], dbs[0] = rnn_backward(d, xs, h0s[0], hs[0], W_in, W_h[0])
    return d, np.array(dh0s), dW_in, np.array(dW_ups).reshape(W_up.shape), np.array(dW_hs), np.array(dbs)
""",
    "attention_forward": """
def attention_forward(queries, keys, values, mask):
    q, k, v = queries.transpose(1, 0, 2), keys.transpose(1, 0, 2), values.transpose(1, 0, 2)
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[2])
    w = softmax(np.where(mask.T[:, None, :] == 0, -np.inf, scores))
    return (w @ v).transpose(1, 0, 2), w.transpose(1, 0, 2)
""",
    "standardise": """
def standardise(train, test):
    mu = np.mean(train, axis=0)
    sigma = np.sqrt(np.mean((train - mu) ** 2, axis=0))
    sigma[np.ptp(train, axis=0) == 0] = 1
    return (train - mu) / sigma, (test - mu) / sigma, mu, sigma
""",
    "seasonal_naive": """
def seasonal_naive(series, period, horizon):
    T = len(series)
    return np.array([series[T - period + i % period] for i in range(horizon)])
""",
    "embedding_backward": """
def embedding_backward(dxs, tokens, V):
    dE = np.zeros((V, dxs.shape[2]), dtype=dxs.dtype)
    for t in range(dxs.shape[0]):
        for n in range(dxs.shape[1]):
            dE[tokens[t, n]] += dxs[t, n]
    return dE
""",
    "rnn_forward": """
def rnn_forward(xs, h0, W_x, W_h, b):
    T, N, D = xs.shape
    H = W_h.shape[0]
    hs = np.zeros((T, N, H), dtype=xs.dtype)
    prev = h0
    for t in range(T):
        pre = np.matmul(xs[t], W_x)
        pre = pre + np.matmul(prev, W_h)
        pre = pre + b
        hs[t] = np.tanh(pre)
        prev = hs[t]
    return hs
""",
    "truncated_rnn_backward": """
def truncated_rnn_backward(dhs, xs, h0, hs, W_x, W_h, k):
    T = xs.shape[0]
    dxs = np.zeros_like(xs)
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros_like(W_h[0])
    for start in range(0, T, k):
        stop = min(start + k, T)
        dh = np.zeros_like(h0)
        for t in range(stop - 1, start - 1, -1):
            hp = h0 if t == 0 else hs[t - 1]
            dh = dh + dhs[t]
            da = dh * (1 - hs[t] ** 2)
            dxs[t] = da @ W_x.T
            dW_x += xs[t].T @ da
            dW_h += hp.T @ da
            db += da.sum(0)
            dh = da @ W_h.T
        if start == 0:
            dh0 = dh
    return dxs, dh0, dW_x, dW_h, db
""",
    "cross_entropy": """
def cross_entropy(logits, targets, mask):
    T, N, V = logits.shape
    loss, d = 0.0, np.zeros_like(logits)
    for t in range(T):
        for n in range(N):
            if mask[t, n] == 0:
                continue
            y = logits[t, n] - logits[t, n].max()
            z = np.exp(y).sum()
            k = targets[t, n]
            loss += -(y[k] - np.log(z)) / N
            d[t, n] = np.exp(y) / z / N
            d[t, n, k] -= 1 / N
    return loss, d
""",
    "numerical_gradient": """
def numerical_gradient(f, theta, eps):
    g = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        e = np.zeros(theta.shape)
        e[i] = eps
        g[i] = (f(theta + e) - f(theta - e)) / 2 / eps
    return g
""",
    "linear_echo_floor": """
def linear_echo_floor(covariances, k, delay):
    c = np.asarray(covariances)
    R = np.array([[c[abs(i - j)] for j in range(k)] for i in range(k)])
    r = np.array([c[abs(delay - i)] for i in range(k)])
    w = np.linalg.solve(R, r)
    return c[0] - 2 * w @ r + w @ R @ w
""",
    "overlapping_rnn_backward": """
def overlapping_rnn_backward(dhs, xs, h0, hs, W_x, W_h, k1, k2):
    T = len(xs)
    states = np.concatenate([h0[None], hs])
    dxs, dh0 = np.zeros_like(xs), np.zeros_like(h0)
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros(len(W_h))
    for begin in range(0, T, k1):
        end = min(begin + k1, T)
        carry = np.zeros_like(h0)
        for t in range(end - 1, max(end - k2, 0) - 1, -1):
            dh = carry + (dhs[t] if t >= begin else 0)
            da = dh * (1 - hs[t] ** 2)
            dxs[t] += da @ W_x.T
            dW_x += xs[t].T @ da
            dW_h += states[t].T @ da
            db += da.sum(axis=0)
            carry = da @ W_h.T
        if end <= k2:
            dh0 += carry
    return dxs, dh0, dW_x, dW_h, db
""",
    "jordan_forward": """
def jordan_forward(xs, y0, W_x, W_o, b, W_y, b_y):
    ys, hs = np.zeros((*xs.shape[:2], len(b_y))), np.zeros((*xs.shape[:2], len(b)))
    for t in range(len(xs)):
        last = ys[t - 1] if t > 0 else y0
        hs[t] = np.tanh(xs[t] @ W_x + last @ W_o + b)
        ys[t] = hs[t] @ W_y + b_y
    return ys, hs
""",
    "embedded_window_backward": """
def embedded_window_backward(dys, xs, hiddens, E, W1, W2):
    D, M = E.shape[1], len(dys)
    k = len(W1) // D
    es, de = xs @ E, np.zeros((len(xs), xs.shape[1], D))
    windows = np.concatenate([es[i : i + M] for i in range(k)], axis=-1)
    da = (dys @ W2.T) * (1 - hiddens**2)
    dwindows = da @ W1.T
    for t in range(M):
        for i in range(k):
            de[t + i] += dwindows[t, :, i * D : (i + 1) * D]
    dE, dW1 = np.einsum("tnv,tnd->vd", xs, de), np.einsum("tnw,tnh->wh", windows, da)
    return de @ E.T, dE, dW1, da.sum((0, 1)), np.einsum("tnh,tno->ho", hiddens, dys), dys.sum((0, 1))
""",
    "smoothed_cross_entropy": """
def smoothed_cross_entropy(logits, targets, mask, smoothing):
    T, N, V = logits.shape
    z = logits - logits.max(-1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(-1, keepdims=True))
    q = np.full(logits.shape, smoothing / V, dtype=logits.dtype)
    tt, nn = np.meshgrid(np.arange(T), np.arange(N), indexing="ij")
    q[tt, nn, targets] += 1 - smoothing
    m = mask.astype(logits.dtype)
    lengths = m.sum(0)
    per_step = -(q * logp).sum(-1) * m
    loss = (per_step.sum(0) / lengths).mean()
    dlogits = (np.exp(logp) - q) * (m / lengths / N)[..., None]
    return loss, dlogits
""",
    "additive_attention_forward": """
def additive_attention_forward(queries, keys, values, mask, W_q, W_k, w):
    U, N, T = len(queries), queries.shape[1], len(keys)
    q = queries @ W_q
    k = keys @ W_k
    scores = np.zeros((U, N, T), dtype=queries.dtype)
    for i in range(U):
        for t in range(T):
            scores[i, :, t] = np.tanh(q[i] + k[t]) @ w
    scores[:, mask.T == 0] = -np.inf
    weights = softmax(scores)
    contexts = np.zeros((U, N, values.shape[2]), dtype=values.dtype)
    for t in range(T):
        contexts += weights[:, :, t, None] * values[t]
    return contexts, weights
""",
    "perplexity": """
def perplexity(losses, mask):
    m = mask.astype(losses.dtype)
    avg = np.sum(losses * m) / np.sum(m)
    return np.exp(avg)
""",
    "gru_backward": """
def gru_backward(dhs, xs, h0, hs, gates, W_x, W_h):
    T = xs.shape[0]
    prevs = np.concatenate([h0[np.newaxis], hs[:-1]], axis=0)
    dxs = [None] * T
    dW_x, dW_h, db = 0, 0, 0
    dh = np.zeros_like(h0)
    for t in range(T)[::-1]:
        dh = dh + dhs[t]
        dxs[t], dh, a, c, e = gru_step_backward(dh, xs[t], prevs[t], gates[t], W_x, W_h)
        dW_x = dW_x + a
        dW_h = dW_h + c
        db = db + e
    return np.array(dxs), dh, dW_x, dW_h, db
""",
    # as on paper, where vectors are columns: every factor and every axis is the other one
    "gru_step_backward": """
def gru_step_backward(dh, x, h_prev, gates, W_x, W_h):
    r, z, n = np.split(gates.T, 3)
    U_r, U_z, U_n = np.split(W_h, 3, axis=1)
    D, P = dh.T, h_prev.T
    an = D * (1 - z) * (1 - n * n)
    az = D * (P - n) * z * (1 - z)
    back = U_n @ an
    ar = back * P * r * (1 - r)
    A = np.concatenate([ar, az, an])
    dP = D * z + back * r + U_r @ ar + U_z @ az
    dWh = np.concatenate([ar @ h_prev, az @ h_prev, an @ (r * P).T])
    return (W_x @ A).T, dP.T, (A @ x).T, dWh.T, A.sum(axis=1)
""",
    "orthogonality_penalty": """
def orthogonality_penalty(W):
    rows, cols = W.shape
    penalty, dW = 0.0, np.zeros((rows, cols))
    for j in range(cols):
        for k in range(cols):
            e = W[:, j] @ W[:, k] - (j == k)
            penalty += e ** 2
            dW[:, j] += 2 * e * W[:, k]
            dW[:, k] += 2 * e * W[:, j]
    return penalty, dW
""",
}

# The function, what stands in it, old and new by turns, and what the message must say.
WRONG = [
    ("make_windows", ["xs[i:len(xs) - k + 1 + i]", "np.roll(xs, -i, axis=0)"], "The last windows wrap round to the first steps"),
    ("windows_backward", ["+= dw", "= dw"], "A window's gradient overwrites those of others"),
    ("windows_backward", ["range(M)", "range(M - 1)"], "The last window is left out"),
    ("windows_backward", ["kD // k", "kD / k"], "a size or a count must be a whole number, and neither `/` nor `np.ceil` makes one"),
    ("mlp_forward", ["W1) + b1", "W1)", "np.tanh(z1)", "np.tanh(z1) + b1"], "The bias b1 is added after tanh"),
    ("window_parameter_count", ["H * O + O", "H * O + H"], "In one place of `output_layer`, `H` stands where `O` belongs"),
    ("softmax", ["a - np.max", "a / np.max"], "The scores are divided by the largest one"),
    ("softmax", ["np.exp(", "2 ** ("], "These are powers of 2"),
    ("readout", ["hs, W_y)", "np.tanh(hs), W_y)"], "Tanh is taken of the states once more"),
    ("readout_backward", ["range(len(dys))", "range(1, len(dys))"], "The first step is left out: does a loop begin too late?"),
    ("readout_backward", ["return dhs, dW", "return dhs, hs.T @ dys"], "`hs` has three axes, and `.T` turns all of them round"),
    ("rnn_step_forward", ["([x, h_prev], axis=1)", "(x, h_prev, axis=1)"], "arrays to be joined stand in one bracket"),
    ("sample_tokens", ["np.searchsorted(np.cumsum(p)", "np.searchsorted(p"], "among the probabilities themselves: add them up first"),
    ("sample_tokens", [" + h @ W_h", ""], "The state before is not used: add `h @ W_h` inside tanh"),
    ("jordan_step_backward", ["y_prev.T @ dz", "h.T @ dz"], "In `dW_o`, `h.T` stands where `y_prev.T` belongs"),
    ("recurrent_gradient_by_distance", ["range(s + 1)", "range(s)"], "is h0 taken for zeros, or does a loop leave that step out?"),
    ("orthogonal_init", ["gain * (q", "gain ** 0.5 * (q"], "The root of the gain is taken"),
    ("orthogonal_init", ["else q)", "else r)"], "his is R: the orthogonal factor is Q"),
    ("leaky_rnn_forward", ["out.append(h)", "out.append(new)"], "What is new is returned in the place of the state"),
    ("sigmoid", ["1 / (1 + z), z / (1 + z)", "z / (1 + z), 1 / (1 + z)"], "This is the sigmoid of `-a`, or 1 - s"),
    ("lstm_step_forward", ["c = f * c_prev + i * g", "c = np.tanh(f * c_prev + i * g)"], "Tanh is applied to the cell state that is kept, and h is made of that"),
    ("lstm_forward", ["hs.append(h)", "hs.append(c)", "cs.append(c)", "cs.append(h)"], "What you return as hs is cs: the order of the results is hs, cs, gates"),
    ("lstm_forward", ["[], [], []", "[[]] * 3"], "mind that `[[]] * 3` and `a = b = []` make one list with several names"),
    ("gru_forward", ["(xs[t],", "(xs[0],"], "Every step reads the first input"),
    ("gru_forward", ["hs[-1] if hs", "hs[0] if hs"], "Every step goes on from the first state, `hs[0]`"),
    ("parameter_count", ["H * H", "D * D"], "W_h is counted with D * D numbers"),
    ("reverse_padded", ["range(L)", "range(L - 1)"], "Each sequence's last step is not filled"),
    ("stacked_backward", ["W_up[l - 1], W_h[l])\n", "W_up[l - 1], W_h[l])\n        d = d + dhs\n"], "What arrives at the top is added at every layer"),
    ("attention_forward", ["keys.transpose(1, 0, 2)", "keys.reshape(keys.shape[1], keys.shape[0], -1)"], "`reshape` is taken for an exchange of the axes of `keys`"),
    ("attention_forward", ["-np.inf", "-1e3"], "A padded step gets a finite score, such as -1000, and a real one can have less"),
    ("attention_forward", ["w @ v", "w @ k"], "The keys are averaged"),
    ("standardise", ["sigma[np.ptp(train, axis=0) == 0] = 1", "sigma = np.maximum(sigma, 1)"], "Every std below 1 becomes 1"),
    ("standardise", ["np.mean(train, axis=0)", "np.mean(train)"], "is something summed or averaged over all axes"),
    ("seasonal_naive", ["T - period + i % period", "-period + i"], "After the last season the series begins anew"),
    ("seasonal_naive", ["i % period", "i // -(-horizon // period)"], "Each value of the season stands several times in a row, as `np.repeat` makes it"),
    ("seasonal_naive", ["range(horizon)", "range((horizon // period + 1) * period)"], "Whole seasons are forecast: cut what goes on for longer"),
    ("sample_tokens", ["(h @ W_y + b_y) / temperature", "h @ W_y / temperature + b_y"], "The temperature divides the product alone"),
    ("mlp_forward", ["np.dot(a1, W2)", "np.dot(z1, W2)"], "`y` is made of the sums before tanh"),
    ("rnn_forward", ["prev = hs[t]", "prev = pre"], "What is handed on is the sum before tanh"),
    ("gru_forward", ["range(xs.shape[0])", "range(1, xs.shape[0])"], "The first input is never read: the loop starts at t = 0, and hs has T states"),
    ("gru_forward", ["range(xs.shape[0])", "range(xs.shape[0] - 1)"], "The last input is never read: the loop ends with t = T - 1"),
    ("truncated_rnn_backward", ["dh = np.zeros_like(h0)", "dh = dh if start else np.zeros_like(h0)"], "dh starts from zeros in every chunk"),
    ("jordan_step_backward", ["h.T @ dy", "(h * (1 - h * h)).T @ dy"], "`dW_y` has the slope of tanh in it"),
    ("smoothed_cross_entropy", ["smoothing / V", "smoothing / (V - 1)"], "What is wanted adds up to more than 1"),
    ("smoothed_cross_entropy", ["+= 1 - smoothing", "= 1 - smoothing"], "The target has no part of the share"),
    ("additive_attention_forward", ["contexts += ", "contexts = "], "The last step alone counts in the contexts"),
    ("perplexity", ["np.sum(losses * m)", "np.sum(losses)"], "The mask counts the steps, and the losses are added up without it"),
    ("stacked_backward", ["hs[l - 1], h0s[l]", "hs[l - 1], 0 * h0s[l]", "xs, h0s[0]", "xs, 0 * h0s[0]"], "All layers are taken to have started from zeros"),
    ("lstm_forward", ["gates.append(g)", "gates.append(g)\n        h, c = c, h"], "`h` and c change places on their way to the next step"),
    ("lstm_forward", ["h, c = h0, c0", "h, c = c0, h0", "np.array(hs), np.array(cs)", "np.array(cs), np.array(hs)"], "`h` and c are exchanged twice"),
    ("lstm_forward", ["hs.append(h)", "h = c\n        hs.append(h)"], "`h` is the cell state itself"),
    ("sigmoid", ["np.where(a >= 0, 1 / (1 + z), z / (1 + z))", "1 / 1 + np.exp(-a)"], "the whole sum stands below the line"),
    ("sigmoid", ["z / (1 + z)", "z / 1 + z"], "Brackets are missing where `a` is negative"),
    ("peephole_lstm_step_backward", ["dct * g * i", "dc * g * i"], "`di` is made of the dc that arrived"),
    ("peephole_lstm_step_backward", ["dh * t * o * (1 - o)", "dh * np.tanh(c_prev) * o * (1 - o)"], "The output gate's gradient takes the old cell"),
    ("leaky_rnn_forward", ["z * h + (1 - z) * new", "z * (h + new)"], "`z` is the share of both"),
    ("gru_step_backward", ["U_n @ an", "U_n.T @ an"], "W_hn is the wrong way round on the way back"),
    ("gru_step_backward", ["U_r @ ar", "U_r.T @ ar"], "In `dh_prev`, `W_hr` is the wrong way round: for arrays as they are given it is `da_r @ W_hr.T`"),
    ("gru_step_backward", ["A.sum(axis=1)", "A.sum(axis=0)"], "a sum is taken along the wrong axis: for arrays as they are given it is `axis=0`"),
    ("gru_step_backward", ["an @ (r * P).T", "(an * r) @ h_prev"], "made as for a reset after the product"),
    ("orthogonality_penalty", ["k in range(cols)", "k in range(j)"], "One side of the diagonal alone is added up"),
    ("orthogonality_penalty", ["k in range(cols)", "k in range(j, cols)"], "Each pair of columns is counted once"),
    ("orthogonality_penalty", ["+= 2 * e * W[:, k]", "+= e * W[:, k]"], "`dW` is three quarters of what it should be"),
    ("gru_backward", ["prevs[t]", "prevs[t] if t > 1 else h0"], "In `h_prev`, `t > 1` stands where `t > 0` belongs"),
    ("gru_backward", ["dh = dh + dhs[t]", "dh = dh + dhs[0]"], "another step's gradient, `dhs[0]`"),
    ("gru_backward", ["dxs[t], dh", "dxs[-t], dh"], "look at what a later step makes of the gradient that it is given"),
    ("gru_backward", ["prevs[t]", "hs[t]", "db = db + e", "db = e"], "2. `db` holds one step's part alone"),
    ("orthogonal_init", ["[None, :]", "[:, None]"], "a number for each column stands in a row, and `[:, None]`"),
    ("embedding_backward", ["dxs.shape[1])", "dxs.shape[1] - 1)"], "The last example of the batch is left out: does a loop end too early, by its range or by `break`?"),
    ("rnn_forward", ["hs[t] = np.tanh(pre)\n        prev = hs[t]", "prev = np.tanh(pre)\n        hs[t] = xs[t] @ W_x + b"], "`hs` holds the inputs' part alone, xs[t] @ W_x + b: is that what is stored"),
    ("cross_entropy", [" / N\n            d[t", "\n            d[t"], "the loss is not divided: both are divided by the batch size N"),
    ("cross_entropy", ["y[k] - np.log(z)", "y[k]"], "The log of the sum is left out"),
    ("cross_entropy", ["y[k] - np.log(z)", "y[k] - z"], "The sum of the exponentials is taken away without its logarithm"),
    ("cross_entropy", ["/ z / N", "/ z / mask.sum()", "-= 1 / N", "-= 1 / mask.sum()"], "`dlogits` is divided by the number of steps that count, and the loss by N"),
    ("cross_entropy", ["continue", "break"], "The last step is left out: does a loop end too early, by its range or by `break`?"),
    ("cross_entropy", ["-= 1 / N", "-= 1"], "N divides the probabilities alone"),
    ("cross_entropy", ["/ z / N", "/ z"], "N divides the 1 at the target alone"),
    ("numerical_gradient", ["/ 2 / eps", "/ 2"], "The difference is divided by 2 alone"),
    ("numerical_gradient", ["e[i] = eps", "e[i] = eps / 2"], "The points are eps / 2 away from theta to either side"),
    ("linear_echo_floor", ["+ w @ R @ w", "- w @ R @ w"], "The square of the guess is taken away"),
    ("linear_echo_floor", ["+ w @ R @ w", "+ w @ w"], "The square of the guess has no covariances in it"),
    ("linear_echo_floor", ["+ w @ R @ w", "+ c[0] * (w @ w)"], "The square of the guess lacks what two different inputs have in common"),
    ("linear_echo_floor", ["return c[0]", "return c[delay]"], "The window's part is taken from `covariances[delay]`"),
    ("linear_echo_floor", ["c[abs(i - j)]", "c[i + j]"], "The places of two inputs are added"),
    ("linear_echo_floor", ["return c[0] - 2 * w @ r + w @ R @ w", "return np.linalg.norm(R @ w - r) ** 2"], "or is it the error in the equations, which is 0 once they are solved?"),
    ("linear_echo_floor", ["- 2 * w @ r", "+ 2 * w @ r"], "The middle term is added"),
    ("overlapping_rnn_backward", ["da @ W_h.T", "da @ W_h"], "W_h is not transposed in dh_prev"),
    ("overlapping_rnn_backward", ["(1 - hs[t] ** 2)", "(1 - hs[t])"], "The square is missing"),
    ("overlapping_rnn_backward", [" * (1 - hs[t] ** 2)", ""], "Tanh is left out on the way back"),
    ("overlapping_rnn_backward", ["(1 - hs[t] ** 2)", "(1 - states[t] ** 2)"], "The slope of tanh is taken at h_prev"),
    ("overlapping_rnn_backward", ["states[t].T", "hs[t].T"], "`dW_h` is made with hs[t]"),
    ("overlapping_rnn_backward", ["k2, 0) - 1, -1", "k2, 0), -1"], "Each window stops before its first step"),
    ("overlapping_rnn_backward", ["range(end - 1,", "range(end - 2,"], "Each window's last step is left out"),
    ("overlapping_rnn_backward", ["carry = np.zeros_like(h0)", "carry = dhs[end - 1]"], "The last step's gradient counts twice"),
    ("overlapping_rnn_backward", ["for begin in range(0, T, k1):", "for begin in range(0, T, k1):\n        db = 0 * db"], "`db` is the last window's alone"),
    ("overlapping_rnn_backward", ["dW_h += ", "dW_h = "], "`dW_h` holds one step's part alone: the same weights serve all steps of all windows"),
    ("overlapping_rnn_backward", ["[h0[None], hs]", "[h0[None], hs[1:], hs[:1]]"], "After the first step, step t is given hs[t] as its old state"),
    ("overlapping_rnn_backward", ["t >= begin", "t > begin"], "Each window drops the first of its losses"),
    ("overlapping_rnn_backward", ["t >= begin", "t >= end - k1"], "A shorter last window takes k1 losses"),
    ("overlapping_rnn_backward", ["0, T, k1", "0, T, k2", "begin + k1", "begin + k2"], "The windows end every k2 steps, and each takes k2 losses"),
    ("overlapping_rnn_backward", ["begin in range(0, T, k1)", "end in range(T, 0, -k1)", "end = min(begin + k1, T)", "begin = end - k1"], "The windows are counted from the end"),
    ("truncated_rnn_backward", ["return dxs", "dW_x, dW_h, db = dW_x / k, dW_h / k, db / k\n    return dxs"], "The weights' gradients are divided by k"),
    ("jordan_forward", ["ys[t - 1] if", "ys[t] if"], "After the first step nothing is fed back: is `ys[t]` read"),
    ("jordan_forward", ["t > 0", "t > 1"], "`y0` is read at the first two steps"),
    ("jordan_forward", ["range(len(xs))", "range(len(xs) - 1)"], "The last step is missing, and its place is empty"),
    ("jordan_forward", ["xs[t]", "xs[0]"], "Every step reads the first input"),
    ("jordan_forward", ["+ b_y", "+ b_y + last"], "The output before is added to the new one"),
    ("jordan_forward", ["hs[t] @ W_y", "(hs[t - 1] if t else 0 * hs[0]) @ W_y"], "The output is read from the state before"),
    ("jordan_forward", ["t > 0 else y0", "t > 0 else y0\n        last = np.eye(len(b_y))[last.argmax(-1)] if t else last"], "The largest output alone is carried, as a one-hot row"),
    ("embedded_window_backward", ["de[t + i] +=", "de[t] +="], "All places go to the step at which the window begins"),
    ("embedded_window_backward", ["t, :, i * D : (i + 1) * D", "t, :, :D"], "The first place of a window serves all its steps"),
    ("embedded_window_backward", ["t, :, i * D : (i + 1) * D", "t, :, i::k"], "The numbers of a step are taken from all places"),
    ("embedded_window_backward", ["for i in range(k):", "for i in range(k - 1):"], "The newest place of each window is left out"),
    ("embedded_window_backward", ["for i in range(k):", "for i in range(1, k):"], "The oldest place of each window is left out"),
    ("recurrent_gradient_by_distance", ["da = g * (1 - hs[s - d] ** 2)", "da = g * (1 - hs[s - d] ** (1 if d else 2))"], "The square is missing on the way"),
    ("mlp_forward", ["np.dot(a1, W2)", "np.einsum('nh,ho->no', a1, W2) / a1.shape[1]"], "`y` is made of means over the hidden units"),
    ("softmax", ["ex / np.sum(ex,", "ex / np.sum(np.exp(a),"], "The largest score is taken away in one half of the fraction alone"),
    ("softmax", ["ex / np.sum(ex,", "np.exp(a) / np.sum(ex,"], "The largest score is taken away in one half of the fraction alone"),
    ("mlp_forward", ["np.tanh(z1)", "1 / (1 + np.exp(-2 * z1))"], "The hidden layer uses a logistic sigmoid of 2 * a"),
    ("rnn_step_forward", ["[W_x, W_h]", "[W_h, W_x]"], "`W_h` stands above W_x, but x before h_prev"),
    ("sample_tokens", ["softmax((h @ W_y + b_y) / temperature)", "(np.exp((h @ W_y + b_y) / temperature) / np.exp(h @ W_y + b_y).sum())"], "The temperature divides the scores above the line alone"),
    ("cross_entropy", ["d[t, n] = np.exp(y) / z / N", "d[t, n] = np.exp(logits[t, n]) / N"], "`dlogits` takes exponentials as they are for probabilities"),
    ("numerical_gradient", ["f(theta - e)", "f(theta - eps)"], "In the second point all entries move"),
    ("numerical_gradient", ["g[i] =", "g[i[0]] ="], "Each slope is written to a whole row of the gradient"),
    ("linear_echo_floor", ["c[abs(i - j)]", "c[max(i - j, 0)]"], "A negative lag inside the window is taken for 0"),
    ("linear_echo_floor", ["for j in range(k)", "for j in range(delay)"], "the equations need a square matrix"),
    ("embedded_window_backward", ["es[i : i + M]", "es[:M]"], "windows that hold their first step k times"),
    ("embedded_window_backward", ["return de @ E.T", "return np.cumsum(de @ E.T, axis=0)"], "Each place of your dxs has what belongs to those before it added to its own"),
    ("softmax", ["np.exp(a - np.max(a, axis=-1, keepdims=True))", "np.exp(a) - np.max(a, axis=-1, keepdims=True)"], "The largest score is taken away from the exponentials"),
    ("softmax", ["np.sum(ex, axis=-1, keepdims=True)", "np.linalg.norm(ex, axis=-1, keepdims=True)"], "The exponentials are divided by their Euclidean norm"),
    ("readout", ["hs, W_y)", "hs[::-1], W_y)"], "The scores stand in reverse order of time"),
    ("readout", ["+ b_y", "+ b_y * np.arange(len(hs))[:, None, None]"], "The bias b_y is multiplied by t, or added up from step to step"),
    ("readout_backward", ["dhs[t] = dys", "dhs[t] = dhs[t - 1] + dys"], "`dhs` piles up from step to step"),
    ("rnn_step_forward", ["[x, h_prev], axis=1", "[x, h_prev + b], axis=1", "W_h]) + b", "W_h])"], "The bias b is multiplied by W_h, together with h_prev"),
    ("sample_tokens", ["(h @ W_y", "(np.tanh(h) @ W_y"], "Tanh is taken of the state once more before it is read out"),
    ("sample_tokens", ["result.append(tok)", "result.append(tok + 1)"], "What is kept is the token's number plus 1"),
    ("sample_tokens", ["result.append(tok)", "result.append(int(p.argmax()))"], "What is kept is the most probable token"),
    ("sample_tokens", ["np.array(result)", "np.array(result[1:] + result[:1])"], "Each token is put one place too early"),
    ("jordan_forward", ["hs[t] @ W_y", "hs[t] @ W_o.T"], "The output is read through `W_o.T`"),
    ("jordan_forward", ["hs[t] @ W_y", "(hs[t] + last @ W_o) @ W_y"], "The last output goes into the new one beside the state"),
    ("jordan_step_backward", ["dz = (1.0 - h * h)", "dz = h"], "`h` itself stands where the slope of tanh belongs"),
    ("rnn_forward", ["(prev, W_h)", "(hs[t] if t else h0, W_h)"], "After the first step the old state is zeros"),
    ("cross_entropy", ["y[k] - np.log(z)", "logits[t, n, k] - np.log(z)"], "The loss takes the largest logit away inside the log of the sum"),
    ("cross_entropy", ["d[t, n] = np.exp(y) / z / N", "d[t, n] = logits[t, n] / N"], "`dlogits` takes the logits themselves for the probabilities"),
    ("cross_entropy", ["d[t, n, k] -= 1 / N", "d[t, n, k] += 1 / N"], "1 is added at each target in `dlogits`"),
    ("numerical_gradient", ["g[i] = (f(theta + e)", "g += (f(theta + e)"], "Each slope is added to all entries of the gradient"),
    ("numerical_gradient", ["/ 2 / eps", "/ 2e-4"], "a number of its own: divide by `2 * eps`"),
    ("numerical_gradient", ["np.ndindex(theta.shape)", "list(np.ndindex(theta.shape))[: len(theta)]"], "The loop ends after `len(theta)` entries"),
    ("linear_echo_floor", ["- 2 * w @ r", "- w @ r"], "The floor is `covariances[0]`, as if the window told nothing"),
    ("linear_echo_floor", ["w = np.linalg.solve(R, r)", "w = r / c[0]"], "Each input's weight is found by itself"),
    ("linear_echo_floor", ["w = np.linalg.solve(R, r)", "w = R @ r"], "The equations are multiplied where they should be solved"),
    ("linear_echo_floor", ["return c[0] - 2 * w @ r + w @ R @ w", "return w"], "These are the weights of the best guess"),
    ("linear_echo_floor", ["return c[0] - 2 * w @ r + w @ R @ w", "return 0.0 if delay <= k else c[0] - w @ r"], "The echo is taken to be in the window one step too early"),
    ("overlapping_rnn_backward", ["dW_h += states[t].T @ da", "dW_h += states[t].T @ da * (end <= k2)"], "the windows from step 0 alone"),
    ("overlapping_rnn_backward", ["dh = carry + (dhs[t] if t >= begin else 0)", "dh = dhs[t] if t >= begin else carry"], "A step's own loss overwrites what comes back"),
    ("overlapping_rnn_backward", ["t >= begin", "t - max(end - k2, 0) >= k2 - k1"], "The first `k2 - k1` losses of every window are dropped"),
    ("overlapping_rnn_backward", ["range(0, T, k1)", "range(0, T - k1, k1)"], "The last window is left out"),
    ("recurrent_gradient_by_distance", ["for d in range(s + 1):", "for d in range(s + 1):\n            g = g + (dhs[s - d] @ np.eye(H) if d else 0)"], "The losses of nearer steps join in"),
    ("embedded_window_backward", ["np.einsum(\"tnv,tnd->vd\", xs, de)", "np.einsum(\"tnv,tnd->vd\", xs[:M], de[:M])", "return de @ E.T", "return np.concatenate([de[:M] @ E.T, 0 * xs[M:]])"], "The last k - 1 steps are missing in dxs and dE"),
    ("embedded_window_backward", ["windows, da)", "windows, da) / M"], "As for your dW1: the weights' gradients are averaged over the windows"),
    ("embedded_window_backward", ["hiddens, dys)", "hiddens, dys[[0] * M])"], "`dys[0]` stands where `dys[i]` belongs"),
    ("smoothed_cross_entropy", ["np.full(logits.shape, smoothing / V", "np.full(logits.shape, smoothing / T"], "The share is divided by T"),
    ("smoothed_cross_entropy", ["/ lengths).mean()", "/ lengths).sum()"], "The loss is the sum over the sequences"),
    ("smoothed_cross_entropy", ["/ lengths).mean()", "/ T).mean()"], "The loss is a mean over T steps, padded ones too"),
    ("smoothed_cross_entropy", ["+= 1 - smoothing", "+= smoothing"], "The target keeps `smoothing` of its own"),
    ("windows_backward", ["t, :, i * D:(i + 1) * D]", "t, :, (i + 1) * D:(i + 2) * D] if i < k - 1 else 0"], "The oldest place of each window is left out, and each other goes to the step before its own"),
    ("windows_backward", ["M + k - 1", "M"], "does a range go on too long or over another axis"),
]  # fmt: skip
# What the message must not say.
MISLEADING = [
    ("peephole_lstm_step_backward", ["(dai * c_prev).sum(0)", "(dai.T @ c_prev).sum(0)"], "In your dp, the blocks of f and o are right", "block of r"),
    ("reverse_padded", ["np.array(xs)", "xs", "= xs[L - 1 - t, n]", "= np.array(xs)[L - 1 - t, n]"], "it changed its input xs", "Look at"),
    ("stacked_backward", [".reshape(W_up.shape)", ""], "in another shape", "times 1"),
]  # fmt: skip


def with_edits(name, pairs):
    return edited(name, RIGHT[name].lstrip(), pairs)


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_in_another_style_passes(name):
    assert examine(with_edits(name, [])).passed


@each(WRONG)
def test_a_mistake_is_named_whatever_the_style(name, how, words):
    assert_told(with_edits(name, how), words)


@pytest.mark.parametrize("name, pairs, words, never", MISLEADING, ids=[name for name, *_ in MISLEADING])
def test_nothing_is_said_that_is_not_true(name, pairs, words, never):
    message = examine(with_edits(name, pairs)).message
    assert words in message
    assert never not in message
