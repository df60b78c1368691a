"""What one change of a line may be: of each kind a student's function that needs it, and what is said to belong."""

import ast
from itertools import chain

import numpy as np
import pytest

from tests.mistakes.told import each, written
from tests.repairs.students import repairs_of, with_edits
from unrolled.exercises import EXERCISES
from unrolled.repairs.answer import Answer
from unrolled.repairs.changes import changes

A, N = "x @ W_x + h_prev @ W_h + b", "rnn_step_forward"
SQUASHED = f"np.tanh({A})"
IN_ONE_LINE = [
    ("bidirectional_forward", ["W_h[0], b[0])", "W_h[0], b)"], "`b` stands where `b[0]` belongs"),
    ("orthogonal_init", ["np.sign(np.diag(R))", "np.abs(np.diag(R))"], "`np.abs(np.diag(R))` stands where `np.sign(np.diag(R))` belongs"),
    ("anomaly_scores", ["np.abs(errors - mean)", "(errors - mean) ** 2"], "`(errors - mean) ** 2` stands where `np.abs(errors - mean)` belongs"),
    (N, [A, f"{A} - W_h[0]"], f"`{A} - W_h[0]` stands where `{A}` belongs"),
    (N, [A, "x @ W_x - h_prev @ W_h + b"], "`- h_prev @ W_h` stands where `+ h_prev @ W_h` belongs"),
    (N, [A, "x @ W_x + h_prev @ W_h"], f"`x @ W_x + h_prev @ W_h` stands where `{A}` belongs"),
    (N, ["h_prev @ W_h", "h_prev @ W_h.T"], "`W_h.T` stands where `W_h` belongs"),
    (N, [A, f"2 * ({A})"], f"`2 * ({A})` stands where `{A}` belongs"),
    (N, ["np.tanh(a)", "np.tanh(np.tanh(a))"], "`np.tanh(np.tanh(a))` stands where `np.tanh(a)` belongs"),
    (N, ["np.tanh(a)", "np.exp(a)"], "`np.exp(a)` stands where `np.tanh(a)` belongs"),
    (N, ["np.tanh(a)", "a"], f"`{A}` stands where `{SQUASHED}` belongs"),
    ("rnn_step_backward", ["da @ W_h.T", "da @ W_h"], "`W_h` stands where `W_h.T` belongs"),
    ("rnn_step_backward", ["dh * (1 - h**2)", "dh * 1 - h**2"], "`dh * 1 - h ** 2` stands where `dh * (1 - h ** 2)` belongs"),
    ("rnn_step_backward", ["(1 - h**2)", "(1 - h)**2"], "`(1 - h) ** 2` stands where `(1 - h ** 2)` belongs"),
    ("rnn_step_backward", ["dh * (1 - h**2)", "dh"], "`dh` stands where `dh * (1 - h ** 2)` belongs"),
    ("rnn_step_backward", ["da.sum(axis=0)", "da.mean(axis=0)"], "`da.mean(axis=0)` stands where `da.sum(axis=0)` belongs"),
    ("rnn_step_backward", ["da.sum(axis=0)", "da.sum()"], "`da.sum()` stands where `da.sum(axis=0)` belongs"),
    ("rnn_step_backward", ["h_prev.T @ da", "h.T @ da"], "`h.T` stands where `h_prev.T` belongs"),
    ("readout_backward", ["sum(axis=(0, 1))", "sum(axis=1)"], "`dys.sum(axis=1)` stands where `dys.sum(axis=(0, 1))` belongs"),
    ("lstm_step_forward", ["f * c_prev + i * g", "f * (c_prev + i * g)"], "`f * (c_prev + i * g)` stands where `f * c_prev + i * g` belongs"),
    ("lstm_step_forward", ["o * np.tanh(c)", "np.tanh(o * c)"], "`np.tanh(o * c)` stands where `o * np.tanh(c)` belongs"),
    (
        "gru_step_forward",
        ["z * h_prev + (1 - z) * n", "(1 - z) * h_prev + z * n"],
        "`h = (1 - z) * h_prev + z * n` stands where `h = z * h_prev + (1 - z) * n` belongs",
    ),
    ("clip_by_global_norm", ["max(norm, max_norm)", "min(norm, max_norm)"], "`min(norm, max_norm)` stands where `max(norm, max_norm)` belongs"),
    ("orthogonal_init", ["Q if shape[0] >= shape[1] else Q.T", "Q.T if shape[0] >= shape[1] else Q"], "`Q.T if shape[0] >= shape[1] else Q` stands where"),
    ("init_lstm", ["b[H : 2 * H]", "b[H : 2]"], "`b[H:2]` stands where `b[H:2 * H]` belongs"),
    ("orthogonal_init", [">=", "<"], "`Q if shape[0] < shape[1] else Q.T` stands where `Q.T if shape[0] < shape[1] else Q` belongs"),
]
FORWARD = """
def rnn_forward(xs, h0, W_x, W_h, b):
    T, N, D = xs.shape
    hs = np.zeros((T, N, len(b)))
    h = h0
    for t in range(T):
        h = np.tanh(xs[t] @ W_x + h @ W_h + b)
        hs[t] = h
    return hs
"""
BACKWARD = """
def readout_backward(dys, hs, W_y):
    dhs = np.zeros_like(hs)
    dW_y = np.zeros_like(W_y)
    db_y = np.zeros(W_y.shape[1])
    for t in reversed(range(len(dys))):
        dhs[t] = dys[t] @ W_y.T
        dW_y += hs[t].T @ dys[t]
        db_y += dys[t].sum(axis=0)
    return dhs, dW_y, db_y
"""
WINDOWS = """
def make_windows(xs, k):
    T, N, D = xs.shape
    windows = np.zeros((T - k + 1, N, k * D))
    for t in range(T - k + 1):
        for i in range(k):
            windows[t, :, i * D : (i + 1) * D] = xs[t + i]
    return windows
"""
IN_LOOPS = [
    (FORWARD, ["range(T)", "range(T - 1)"], "`T - 1` stands where `T` belongs"),
    (WINDOWS, ["np.zeros((T - k + 1,", "np.zeros((T - k,"], "`T - k` stands where `T - k + 1` belongs"),
    (FORWARD, ["hs[t] = h", "hs[t - 1] = h"], "`t - 1` stands where `t` belongs"),
    (FORWARD, ["        hs[t] = h", "    hs[t] = h"], "this line belongs inside the loop before it"),
    (FORWARD, ["    return hs", "        return hs"], "this line belongs after the loop, not inside it"),
    (FORWARD, ["    h = h0\n", "    h = np.zeros((N, len(b)))\n"], "`np.zeros((N, len(b)))` stands where `h0` belongs"),
    (FORWARD, ["    h = h0\n", "", "in range(T):\n", "in range(T):\n        h = h0\n"], "this line belongs before the loop, not inside it"),
    (FORWARD, ["        hs[t] = h\n", "", "        h = np", "        hs[t] = h\n        h = np"], "this line belongs after `h = np.tanh(xs[t] @ W_x + h @ W_h + b)`"),
    (FORWARD, ["hs[t] = h\n", "hs[t] = h\n        hs[0] = np.sin(b)\n"], "this line is one too many"),
    (BACKWARD, ["dW_y += ", "dW_y = "], "`dW_y = hs[t].T @ dys[t]` stands where `dW_y += hs[t].T @ dys[t]` belongs"),
    (BACKWARD, ["dW_y += hs[t].T @ dys[t]", "dW_y = 0.5 * 2 * hs[t].T @ dys[t]"], "`dW_y = 0.5 * 2 * hs[t].T @ dys[t]` stands where `dW_y += 0.5 * 2 * hs[t].T @ dys[t]` belongs"),
    (BACKWARD, ["dys[t].sum", "dys[-1].sum"], "`dys[-1]` stands where `dys[t]` belongs"),
    (BACKWARD, ["range(len(dys))", "range(-1, len(dys))"], "`range(-1, len(dys))` stands where `range(0, len(dys))` belongs"),
    (BACKWARD, ["return dhs, dW_y, db_y", "return dhs, db_y, dW_y"], "`return (dhs, db_y, dW_y)` stands where `return (dhs, dW_y, db_y)` belongs"),
]
SEARCHED = """
def sample_tokens(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    h, k, tokens = h0, first, []
    for r in u:
        h = np.tanh(W_x[k] + h @ W_h + b)
        total = 0.0
        for v, share in enumerate(softmax((h @ W_y + b_y)[0] / temperature)):
            total += share
            if total > r:
                k = v
                break
        tokens.append(k)
    return np.array(tokens)
"""
SMOOTHED = """
def smoothed_forecasts(series, z):
    level = series[0]
    forecasts = np.full(len(series), level)
    for t, value in enumerate(series[:-1]):
        level = z * level + (1 - z) * value
        forecasts[t + 1] = level
    return forecasts
"""
PIECES = """
def truncated_rnn_backward(dhs, xs, h0, hs, W_x, W_h, k):
    T, N, D = xs.shape
    dxs, dh0 = np.zeros_like(xs), None
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros(len(W_h))
    for start in range(0, T, k):
        dh = np.zeros_like(h0)
        for t in range(min(start + k, T) - 1, start - 1, -1):
            da = (dh + dhs[t]) * (1 - hs[t] ** 2)
            dxs[t] = da @ W_x.T
            dW_x += xs[t].T @ da
            dW_h += (hs[t - 1] if t else h0).T @ da
            db += da.sum(axis=0)
            dh = da @ W_h.T
        if start == 0:
            dh0 = dh
    return dxs, dh0, dW_x, dW_h, db
"""
CUT = """
def forecast_closed_loop(series, coefficients, intercept, horizon):
    p = len(coefficients)
    history = list(series)
    for t in range(horizon):
        lags = history[-1 : -p - 1 : -1]
        history.append(np.dot(coefficients, lags) + intercept)
    return np.array(history[len(series):])
"""
TURNED = """
def reverse_padded(xs, mask):
    ys = xs.copy()
    for n in range(xs.shape[1]):
        L = int(mask[:, n].sum())
        ys[:L, n] = xs[L - 1 :: -1, n]
    return ys
"""
COUNTED = """
def window_parameter_count(k, D, H, O):
    sizes = [k * D, H, O]
    count = 0
    for inputs, units in zip(sizes[:-1], sizes[1:]):
        count += inputs * units + units
    return count
"""
READ = """
def readout(hs, W_y, b_y):
    T, N, H = hs.shape
    flat = hs.reshape(-1, H)
    return (flat @ W_y + b_y).reshape(T, N, -1)
"""
CUT_IN_TWO = """
def rnn_step_backward(dh, x, h_prev, h, W_x, W_h):
    D, H = x.shape[1], h.shape[1]
    da = dh * (1 - h ** 2)
    dW = np.concatenate([x, h_prev], axis=1).T @ da
    dW_x, dW_h = dW[:D], dW[D:]
    return da @ W_x.T, da @ W_h.T, dW_x, dW_h, da.sum(axis=0)
"""
HELD = """
def sample_tokens(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    V = W_y.shape[1]
    h, token, tokens = h0, first, []
    for draw in u:
        h = np.tanh(W_x[token] + h @ W_h + b)
        p = softmax((h @ W_y + b_y)[0] / temperature)
        token = min(np.searchsorted(np.cumsum(p), draw, side="right"), V - 1)
        tokens.append(token)
    return np.array(tokens)
"""
PEEPED = """
def peephole_lstm_step_forward(x, h_prev, c_prev, W_x, W_h, b, p):
    H = h_prev.shape[1]
    blocks = [slice(k * H, (k + 1) * H) for k in range(4)]
    a = x @ W_x + h_prev @ W_h + b
    i = sigmoid(a[:, blocks[0]] + p[blocks[0]] * c_prev)
    f = sigmoid(a[:, blocks[1]] + p[blocks[1]] * c_prev)
    g = np.tanh(a[:, blocks[2]])
    c = f * c_prev + i * g
    o = sigmoid(a[:, blocks[3]] + p[blocks[2]] * c)
    return o * np.tanh(c), c, np.concatenate([i, f, g, o], axis=1)
"""
ONE_HOT = """
def embedding_forward(tokens, E):
    T, N = tokens.shape
    one_hot = np.eye(len(E))[tokens]
    return one_hot @ E
"""
TURNED_SIGN = """
def gru_step_backward(dh, x, h_prev, gates, W_x, W_h):
    H = dh.shape[1]
    r, z, n = np.split(gates, 3, axis=1)
    da_z = dh * (h_prev - n) * z * (1 - z)
    da_n = dh * (1 - z) * (1 - n ** 2)
    d_reset = da_n @ W_h[:, 2 * H :].T
    da_r = d_reset * h_prev * r * (1 - r)
    da = np.concatenate([da_r, da_z, da_n], axis=1)
    dh_prev = dh * z + d_reset * r + da[:, : 2 * H] @ W_h[:, : 2 * H].T
    dW_h = np.concatenate([h_prev.T @ da[:, : 2 * H], (r * h_prev).T @ da_n], axis=1)
    return da @ W_x.T, dh_prev, x.T @ da, dW_h, da.sum(axis=0)
"""
LISTED = """
def window_parameter_count(k, D, H, O):
    shapes = [(k * D, H), (H,), (H, O), (O,)]
    return int(sum(np.prod(shape) for shape in shapes))
"""
DROPPED = """
def dropout_mask(u, keep):
    mask = u < keep
    mask = mask / keep
    return mask
"""
IN_LOOPS += [
    (CUT, ["[-1 : -p - 1 : -1]", "[-1 : -p : -1]"], "`history[-1:-p:-1]` stands where `history[-1:-p - 1:-1]` belongs"),
    (TURNED, ["[L - 1 :: -1, n]", "[L : 0 : -1, n]"], "`xs[L:0:-1, n]` stands where `xs[L - 1::-1, n]` belongs"),
    (CUT_IN_TWO, ["dW[:D], dW[D:]", "dW[:H], dW[H:]"], "`dW_x, dW_h = (dW[:H], dW[H:])` stands where `dW_x, dW_h = (dW[:D], dW[D:])` belongs"),
    (HELD, ["W_y.shape[1]", "W_y.shape[0]"], "`W_y.shape[0]` stands where `W_y.shape[1]` belongs"),
    (PEEPED, ["p[blocks[2]]", "p[blocks[3]]"], "`p[blocks[3]]` stands where `p[blocks[2]]` belongs"),
    (ONE_HOT, ["np.eye(len(E))", "np.eye(T)"], "`T` stands where `len(E)` belongs"),
    (TURNED_SIGN, ["(h_prev - n) * z * (1 - z)", "(n - h_prev) * z * (1 - z)"], "`n - h_prev` stands where `(h_prev - n)` belongs"),
    (LISTED, ["(O,)]", "(H,)]"], "in one place `H` stands where `O` belongs"),
    (COUNTED, ["+ units", "+ inputs"], "`inputs * units + inputs` stands where `inputs * units + units` belongs"),
    (READ, [".reshape(-1, H)", ".transpose(1, 0, 2).reshape(-1, H)"], "`hs.transpose(1, 0, 2)` stands where `hs` belongs"),
    (PIECES, ["min(start + k, T)", "start + k"], "`start + k` stands where `min(start + k, T)` belongs"),
    (SMOOTHED, ["series[:-1]", "series"], "`series` stands where `series[:-1]` belongs"),
    (DROPPED, ["mask = mask / keep", "mask /= keep"], "`mask /= keep` stands where `mask = mask / keep` belongs"),
    (SEARCHED, ["                break\n", ""], "`break` is missing at the end of this `if`: the loop goes on after it"),
    (SEARCHED, ["                break\n", "                continue\n"], "`continue` stands where `break` belongs"),
]

BY_PLACES = """
def numerical_gradient(f, theta, eps):
    gradient = np.zeros_like(theta)
    for place in np.ndindex(theta.shape):
        old = theta[place]
        theta[place] = old + eps
        up = f(theta)
        theta[place] = old - eps
        gradient[place] += (up - f(theta)) / (2 * eps)
        theta[place] = old
    return gradient
"""
FLAT = """
def numerical_gradient(f, theta, eps):
    gradient = np.zeros(theta.size)
    for i in range(theta.size):
        near = np.zeros(theta.size)
        near[i] = eps
        near = near.reshape(theta.shape)
        gradient[i] = (f(theta + near) - f(theta - near)) / (2 * eps)
    return gradient.reshape(theta.shape)
"""
SUMMED = """
def cross_entropy(logits, targets, mask):
    T, N, V = logits.shape
    p = softmax(logits)
    dlogits = (p - np.eye(V)[targets]) * mask[..., None] / N
    logs = logits - logits.max(axis=-1, keepdims=True)
    logs = logs - np.log(np.exp(logs).sum(axis=-1, keepdims=True))
    loss = 0.0
    for n in range(N):
        total = 0
        for t in range(T):
            total -= mask[t, n] * logs[t, n, targets[t, n]]
        loss += total
    return loss / N, dlogits
"""
KEPT = """
def lstm_forward(xs, h0, c0, W_x, W_h, b):
    T, N, D = xs.shape
    hs, cs = np.zeros((T + 1, *h0.shape)), np.zeros((T + 1, *c0.shape))
    hs[0], cs[0] = h0, c0
    gates = []
    for t in range(T):
        step = lstm_step_forward(xs[t], hs[t], cs[t], W_x, W_h, b)
        hs[t + 1], cs[t + 1] = step[0], step[1]
        gates.append(step[2])
    return hs[1:], cs[1:], np.array(gates)
"""
SEASONAL = """
def seasonal_naive(series, period, horizon):
    past = list(series)
    for i in range(horizon):
        past.append(past[-period])
    return np.array(past[-horizon:])
"""
IN_LOOPS += [
    (BACKWARD, ["dW_y += ", "dW_y -= "], "`dW_y -= hs[t].T @ dys[t]` stands where `dW_y += hs[t].T @ dys[t]` belongs"),
    (BY_PLACES, ["gradient[place] +=", "gradient +="], "`gradient += (up - f(theta)) / (2 * eps)` stands where `gradient[place] += (up - f(theta)) / (2 * eps)` belongs"),
    (BY_PLACES, ["= theta[place]", "= theta"], "`theta` stands where `theta[place]` belongs"),
    (BY_PLACES, ["2 * eps", "2 * 0.5"], "`2 * 0.5` stands where `2 * eps` belongs"),
    (SUMMED, ["total = 0\n", "total = loss\n"], "`total = loss` stands where `total = 0` belongs"),
    (KEPT, ["(xs[t], hs[t], cs[t], W", "(xs[t], hs[t - 1], cs[t - 1], W"], "`step = lstm_step_forward(xs[t], hs[t - 1], cs[t - 1], W_x, W_h, b)` stands where `step = lstm_step_forward(xs[t], hs[t], cs[t], W_x, W_h, b)` belongs"),
    (FLAT, ["range(theta.size)", "range(len(theta))"], "`len(theta)` stands where `theta.size` belongs"),
    (SEASONAL, ["past[-horizon:]", "past[-horizon - 1:-1]"], "`past[-horizon - 1:-1]` stands where `past[-horizon:]` belongs"),
]

FOLDED = """
def readout(hs, W_y, b_y):
    T, N, H = hs.shape
    out = hs.reshape(T * N, H) @ W_y + b_y
    return out.reshape(N, T, -1)
"""
MASKED = """
def readout(hs, W_y, b_y):
    T, N, H = hs.shape
    wanted = (np.arange(T) >= 0) & (np.arange(T) < T) | (np.arange(T) == 1)
    ys = np.zeros((T, N, len(b_y)))
    ys[wanted] = hs[wanted] @ W_y - b_y
    ys *= 1
    return ys
"""


@each(IN_ONE_LINE)
def test_what_belongs_in_a_line_is_found(name, how, words):
    (repair,) = repairs_of(with_edits(name, *how))
    assert repair.words.startswith(words)


def test_where_a_size_stands_in_a_wrong_place_its_name_is_not_called_wrong():
    (repair,) = repairs_of(written("readout", FOLDED))
    assert repair.words == "`out.reshape(N, T, -1)` stands where `out.reshape(T, N, -1)` belongs"


def test_a_function_may_use_operations_of_which_no_change_is_known():
    (repair,) = repairs_of(written("readout", MASKED))
    assert repair.words == "`- b_y` stands where `+ b_y` belongs"


@pytest.mark.parametrize("name", ["lstm_step_backward", "beam_search", "bidirectional_backward", "cross_entropy", "make_windows", "orthogonal_init"])
def test_each_change_is_taken_back_before_the_next(name):
    answer, case = Answer.of(EXERCISES[name].reference), EXERCISES[name].cases(np.random.default_rng(0))[0]
    before, count = ast.dump(answer.tree), 0
    for change in chain.from_iterable(changes(answer.tree, *answer.watch(case), {"np", "softmax"})):
        with change.made():
            count += 1
        assert change.tell()
    assert ast.dump(answer.tree) == before and count > 200


@pytest.mark.parametrize("source, how, words", IN_LOOPS, ids=[words for _, _, words in IN_LOOPS])
def test_what_belongs_in_a_loop_is_found(source, how, words):
    for old, new in zip(how[::2], how[1::2], strict=True):
        assert source.count(old) == 1
        source = source.replace(old, new)
    (repair,) = repairs_of(written(source.split("(")[0].split()[-1], source))
    assert repair.words == words
