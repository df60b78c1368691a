"""Mistakes as students make them in chapters 4 to 6: each is told in words that are true of it, by its
results alone too."""

import inspect

import pytest

from tests.mistakes.told import assert_told, each, edited, graded
from unrolled import examine, reference, withheld

SIGMOID = "np.where(a < 0, e, 1) / (1 + e)"
GLOBAL_NORM = "np.sqrt(sum(np.sum(np.square(g, dtype=float)) for g in grads))"
FACTOR = "float(max_norm / max(norm, max_norm))"
SPECTRAL = "np.linalg.norm(P, ord=2, axis=(1, 2))"
RESET_AFTER = "r * (h_n + b_hn)"
GATE = "gates[t][:, len(W_h) : 2 * len(W_h)]"
BEFORE = "hs[t - 1] if t > 0 else h0"
IN_LOOP = ["db = db + db_t\n    return", "db = db + db_t\n        return"]

# The function, old and new line by turns, what the message must say.
EDITED = [
    ("sigmoid", [SIGMOID, "np.where(a >= 0, 1, 0) / (1 + e)"], "Where `a` is negative, your s is 0"),
    ("sigmoid", [SIGMOID, "np.where(a < 0, e, 0) / (1 + e)"], "Where `a` is not negative, your s is 0"),
    ("sigmoid", [SIGMOID, "np.exp(a - np.max(a)) / (1 + np.exp(a - np.max(a)))"], "The largest value is taken away from all, as for softmax"),
    ("clip_by_global_norm", [GLOBAL_NORM, "sum(np.sum(g ** 2) for g in grads)", FACTOR, "max_norm / norm if norm < max_norm else 1"], "The square root is missing, and the condition is the wrong way round"),
    ("clip_by_global_norm", [f"norm = {GLOBAL_NORM}", "norm = 0.0\n    for g in grads:\n        norm = np.sqrt(norm + np.sum(g ** 2))"], "A root is taken after each array"),
    ("state_gradient_norms", [f"= {SPECTRAL}", "= np.linalg.norm(np.ones(H) @ P, axis=1) if t < T - 1 else 1"], "sent back from a row of ones, but for the last"),
    ("state_gradient_norms", [f"= {SPECTRAL}", f"= {SPECTRAL} if t < T - 1 else np.sqrt(H)"], "The last norm is the Frobenius norm of the identity"),
    ("state_gradient_norms", [f"norms[t] = {SPECTRAL}", f"norms[-1 - t] = {SPECTRAL}", "P = P * (1 - hs[t][:, None] ** 2)", "pass"], "The slope of tanh is left out, and the norms are in reverse"),
    ("orthogonal_init", ["np.diag(R)", "R[:, -1]"], "The signs are those of R's last column"),
    ("orthogonal_init", ["np.diag(R)", "R[:, 0]"], "The signs are those of R's first column"),
    ("orthogonal_init", ["Q, R = np", "R, Q = np"], "Q and R are taken in each other's places"),
    ("orthogonal_init", ["gain * W", "gain ** 2 * W"], "The gain is squared"),
    ("leaky_rnn_forward", ["n + z * (h - n)", "z * (h if hs else 0) + (1 - z) * n"], "Zeros are kept at the first step"),
    ("leaky_rnn_forward", ["h @ W_h", "(h if hs else 0 * h) @ W_h"], "What is new sees zeros at the first step"),
    ("leaky_rnn_forward", ["np.tanh(", "np.maximum(0, "], "What is new goes through ReLU"),
    ("leaky_rnn_forward", ["h = h0", "h = h0\n    z = np.mean(z)"], "`z` is averaged over the units"),
    ("leaky_rnn_forward", ["n + z * (h - n)", "(1 - z) * h + (1 - z) * n"], "The old state has the share of what is new"),
    ("leaky_rnn_forward", ["h = h0", "h = plain = h0", "h @ W_h", "plain @ W_h", "hs.append(h)", "hs.append(h); plain = n"], "The plain network runs by itself"),
    ("leaky_rnn_backward", ["dh = dh * z", "dh = (dh - dhs[t]) * z"], "This step's own gradient does not take the direct way"),
    ("leaky_rnn_backward", ["da @ W_x.T", "(da * (1 - z)) @ W_x.T"], "The share 1 - z stands twice in `dxs`"),
    ("orthogonality_penalty", ["4 * W @ excess", "2 * W @ excess / np.sqrt(penalty)"], "`dW` is the gradient of the norm"),
    ("lstm_step_forward", ["np.concatenate([i, f, g, o], axis=-1)", "np.stack([i, f, g, o])"], "The 4 blocks of your gates are stacked along an axis of their own"),
    ("lstm_step_forward", ["o * np.tanh(c)", "o * np.maximum(c, 0)"], "The cell state goes through ReLU"),
    ("lstm_step_forward", ["np.tanh(a_g)", "np.maximum(a_g, 0)"], "The candidate g goes through ReLU"),
    ("init_lstm", ["b[H : 2 * H]", "b[1::4]"], "`forget_bias` stands at every fourth place of b"),
    ("init_lstm", ["np.zeros(4 * H, A.dtype)", "np.zeros(3 * H)"], "`b` has 3 blocks of H numbers"),
    ("init_lstm", ["np.zeros(4 * H, A.dtype)", "np.array([0] * 4 * H)"], "`b` is an array of integers"),
    ("init_lstm", ["W[:D]", "W[:, :D]", "W[D:]", "W[:, D:]"], "A is cut between columns"),
    ("init_lstm", ["W[:D]", "W[:H]", "W[D:]", "W[H:]"], "A is cut after H rows"),
    ("lstm_step_backward", ["di = dc * g", "di = dc * c_prev", "df = dc * c_prev", "df = dc * g"], "The factors of di and df have changed places"),
    ("lstm_step_backward", ["dg * (1 - g**2)", "dg * (1 - tanh_c**2)"], "The candidate takes the slope of `tanh(c)`"),
    ("lstm_step_backward", ["da @ W_h.T", "da @ W_h.T + dh"], "`dh` goes straight back to dh_prev too"),
    ("lstm_step_backward", ["do * o * (1 - o)", "do * (1 - o**2)"], "The slope of the gate o is that of tanh"),
    ("lstm_step_backward", ["df * f * (1 - f)", "df * f"], "The slope of the gate f lacks its factor 1 - f"),
    ("lstm_step_backward", ["h_prev.T @ da", "dh.T @ da"], "`dW_h` takes dh, a gradient"),
    ("lstm_backward", IN_LOOP, "Only the last step is gone back through"),
    ("gru_backward", IN_LOOP, "Only the last step is gone back through"),
    ("rnn_backward", ["in reversed(range(len(xs)))", "in [len(xs) - 1]", "np.stack(dxs)", "np.concatenate([np.zeros_like(xs[1:]), dxs])"], "Only the last step is gone back through"),
    ("lstm_backward", ["dc = np.zeros_like(c0)", "dc = dhs[-1]"], "`dc` starts as dhs[-1], which arrives at h"),
    ("lstm_backward", ["dxs.insert(0, dx)", f"dc = dc / {GATE} * {GATE.replace('[t]', '[t - 1]')}\n        dxs.insert(0, dx)"], "dc is multiplied by the forget gate of step t - 1"),
    ("lstm_backward", ["dh = dh + dhs[t] ", "dh = late = dh + dhs[t]\n        late_c = dc + dh * gates[t][:, -len(W_h):] * (1 - np.tanh(cs[t]) ** 2) ", "dxs), dh, dc", "dxs), late, late_c"], "`dh0` and dc0 are one step late"),
    ("lstm_backward", [BEFORE, "np.array([h0, *hs])[t - 1]", BEFORE.replace("h", "c"), "np.array([c0, *cs])[t - 1]"], "The states before a step are read one place too early"),
    ("gru_backward", [BEFORE, "np.array([h0, *hs])[t - 1]"], "The state before a step is read one place too early"),
    ("gru_backward", ["dW_h = dW_h + ", "dW_h = ", "db = db + ", "db = "], "`dW_h` and db hold one step's part alone"),
    ("coupled_lstm_step_backward", ["dc * (c_prev - g)", "dc * (c_prev - (1 - f) * g)"], "`df` keeps the factor 1 - f at the candidate"),
    ("coupled_lstm_step_backward", ["dc * (c_prev - g)", "dc * (f * c_prev - g)"], "`df` keeps the factor f at the old cell"),
    ("coupled_lstm_step_backward", ["dc = dc", "given = dc\n    dc = dc", "dc * (c_prev - g)", "dc * c_prev - given * g"], "The part of g in df takes the dc that arrived alone"),
    ("coupled_lstm_step_backward", ["df * f * (1 - f)", "dc * c_prev * f * (1 - f) - dc * g"], "The slope of f misses the part of g in df"),
    ("coupled_lstm_step_backward", ["dg * (1 - g**2)", "dg * (1 - tanh_c**2)"], "The candidate takes the slope of `tanh(c)`"),
    ("coupled_lstm_step_backward", ["da @ W_h.T", "da @ W_h.T + dh * o"], "`dh * o` goes straight back to dh_prev too"),
    ("coupled_lstm_step_backward", ["dc_prev = dc * f", "dc_prev = dc * (2 * f - 1)"], "`dc_prev` has the share of the candidate taken away"),
    ("peephole_lstm_step_backward", ["(da_i * c_prev)", "(da_i * p_i)", "(da_f * c_prev)", "(da_f * p_f)", "(da_o * c)", "(da_o * p_o)"], "`dp` takes p itself"),
    ("peephole_lstm_step_backward", ["+ da_i * p_i + da_f * p_f", "+ da_i * c_prev + da_f * c_prev"], "The peepholes' parts of dc_prev have the cell in them"),
    ("peephole_lstm_step_backward", ["+ da_f * p_f", "+ da_f * p_f + da_g * p_o"], "The candidate's gradient comes back by a peephole too"),
    ("peephole_lstm_step_backward", ["[dp_i, dp_f, dp_o]", "[dp_i, dp_f, np.sum(da_g * c_prev, axis=0), dp_o]"], "`dp` has a block for the candidate too"),
    ("gru_step_forward", ["np.tanh(a_n)", "np.tanh(r * (x @ W_xn + h_prev @ W_hn) + b_n)"], "The reset multiplies both products"),
    ("gru_step_forward", ["h_prev @ W_hz + b_z", "h_prev @ W_hz"], "The update gate's part of the bias b is left out"),
    ("gru_forward", ["hs.append(h)", "hs.append(gates_t[:, -len(W_h) :])"], "The candidate is returned in the place of the state"),
    ("gru_forward", ["hs.append(h)", "hs.append(h)\n        h = gates_t[:, -len(W_h) :]"], "The candidate goes on to the next step in the place of the state"),
    ("gru_forward", ["for x in xs:", "for t, x in enumerate(xs):\n        h = hs[t - 2] if t else h0"], "Step t goes on from `hs[t - 2]`"),
    ("gru_step_backward", ["dh * (h_prev - n)", "dh * (h_prev - (1 - z) * n)"], "`dz` keeps the factor 1 - z at the candidate"),
    ("gru_step_backward", ["dz * z * (1 - z)", "dh * h_prev - dh * n * z * (1 - z)"], "Brackets are missing in da_z"),
    ("gru_reset_after_step_forward", ["z = sigmoid(x_z + h_z)", "z = sigmoid(x_z + h_z + b_hn)", "sigmoid(x_r + h_r)", "sigmoid(x_r + h_r + b_hn)"], "`b_hn` is added in the sums of both gates too"),
    ("gru_reset_after_step_forward", [RESET_AFTER, "z * (h_n + b_hn)"], "The candidate uses the update gate"),
    ("gru_reset_after_step_backward", ["da_n * weighed", "da_n"], "`dr` lacks what r multiplied"),
    ("mgu_step_forward", ["np.tanh(a_n)", "np.tanh(f * (x @ W_xn + h_prev @ W_hn + b_n))"], "The reset multiplies the input as well"),
    ("mgu_step_forward", ["sigmoid(a_f)", "a_f"], "The gate is used without its sigmoid"),
    ("mgu_step_forward", ["[f, n]", "[f, f, n]"], "`gates` holds f twice"),
    ("mgu_step_forward", ["h_prev + f * (n - h_prev)", "f * h_prev + f * n"], "The old state has the share of the candidate"),
    ("mgu_step_backward", ["df * f * (1 - f)", "df * f"], "The slope of the gate f lacks its factor 1 - f"),
]  # fmt: skip

# Two at once, told by their results alone; each of the two sentences.
TWO = [
    ("sigmoid", ["np.abs(a)", "np.abs(np.clip(a, -5, 5))", SIGMOID, "np.where(a < 0, 1, e) / (1 + e)"], ("this is the sigmoid of `-a`", "`a` is cut off before `exp`")),
    ("leaky_rnn_forward", ["h = h0", "h = h0\n    z = z.mean()", "n + z * (h - n)", "(1 - z) * h + z * n"], ("`z` is the other way round", "`z` is averaged over the units")),
    ("lstm_step_backward", ["df * f * (1 - f)", "df * f", "h_prev.T @ da", "dh.T @ da"], ("the slope of the gate f lacks its factor 1 - f", "`dW_h` takes dh")),
    ("lstm_step_backward", ["dc * g", "dc * c_prev", "do * o * (1 - o)", "do * (1 - o**2)"], ("`di` takes the old cell", "the slope of the gate o is that of tanh")),
    ("gru_step_forward", ["(r * h_prev) @ W_hn", "h_prev @ W_hn", "x @ W_xn", "r * (x @ W_xn)", "W_hz + b_z", "W_hz"], ("the reset multiplies the input's part", "the update gate's part of the bias b is left out")),
    ("gru_reset_after_step_forward", [RESET_AFTER, "z * h_n + b_hn"], ("`b_hn` stands outside the reset", "the candidate uses the update gate")),
    ("gru_reset_after_step_forward", [RESET_AFTER, "z * h_n"], ("`b_hn` is left out", "the candidate uses the update gate")),
    ("state_gradient_norms", [f"= {SPECTRAL}", f"= {SPECTRAL} if t < T - 1 else np.linalg.norm(P, axis=(1, 2))", "[:, None] ** 2", "[:, None]"], ("the last norm is the Frobenius norm", "the slope of tanh is `1 - h**2`, not `1 - h`")),
]  # fmt: skip


def source_of(name):
    function = withheld.functions().get(name) or getattr(reference, name)
    return inspect.getsource(function)


@each(EDITED)
def test_an_edited_line_is_named(name, how, words):
    assert_told(edited(name, source_of(name), how), words)


@pytest.mark.parametrize("name, how, both", TWO, ids=[f"{name}-{both[1][:30]}" for name, _, both in TWO])
def test_two_at_once_are_named_in_grading(name, how, both):
    message = graded(edited(name, source_of(name), how)).message
    assert all(sentence in message for sentence in both), message


def test_no_repair_that_works_by_chance_stands_before_what_is_known():
    message = examine(
        edited("init_lstm", source_of("init_lstm"), ["np.zeros(4 * H, A.dtype)", "np.array([0] * 4 * H)"])
    ).message
    assert "`b` is an array of integers" in message and "/ 2" not in message
