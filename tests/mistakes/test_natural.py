"""Mistakes as students make them, no copies of the catalogue's: each is told in words that are true of it,
whatever the seed."""

import inspect
import textwrap

import pytest

from tests.mistakes.told import assert_told, each, edited, graded, written
from unrolled import examine, reference, withheld

DH = "dh = dh + dhs[t]"
FACTOR = "float(max_norm / max(norm, max_norm))"
UNDIVIDED = "next((v for v in range(len(p)) if cumulative[v] > draw), len(p) - 1)"
DRAWN = 'np.searchsorted(cumulative, draw * cumulative[-1], side="right")'
ONE_BY_ONE = "for x_n, da_n in zip(x, da):\n        dW1 = np.outer(x_n, da_n)"
CLIP_NOTHING = "your list holds the arrays that were given"

# The function, what stands in it (a whole body, or old and new line by turns), and what the message must say.
EDITED = [
    ("rnn_step_backward", ["da = dh * (1 - h**2)", "da = 1 - h**2 * dh"], "Brackets are missing around the slope"),
    ("rnn_step_backward", ["da = dh * (1 - h**2)", "da = (1 - h)**2 * dh"], "The square stands outside the bracket"),
    ("gru_step_backward", ["da_n = dn * (1 - n**2)", "da_n = dn * (1 - n)**2"], "The square stands outside the bracket"),
    ("lstm_step_forward", ["h = o * np.tanh(c)", "h = o * -np.tanh(c)"], "Your h has the wrong sign"),
    ("lstm_step_forward", ["c = f * c_prev + i * g", "c = np.tanh(f * c_prev + i * g)"], "and h is made of that: only h takes `tanh(c)`, once"),
    ("lstm_step_forward", ["c = f * c_prev + i * g", "c = f * c_prev + i * np.tanh(g)"], "The candidate goes through tanh once more"),
    ("gru_reset_after_step_forward", ["h_prev @ W_h, 3", "h_prev @ W_h + b, 3"], "`b` is added to both products"),
    ("gru_step_backward", ["dx = da @ W_x.T", "dx = np.concatenate([da_z, da_r, da_n], axis=-1) @ W_x.T"], "meet the blocks of W_x in the order z|r|n"),
    ("stacked_backward", ["rnn_backward(dhs, xs, h0s[0]", "rnn_backward(top, xs, h0s[0]", "dh0s = np", "top = dhs\n    dh0s = np"], "The lowest layer is given what arrives at the top"),
    ("dropout_mask", ["mask = kept / keep", "mask = np.where(kept > 0, 1 / keep, 1)"], "What is dropped stays 1"),
    ("lstm_backward", ["dh = np.zeros_like(h0)", "dh = h0", "dc = np.zeros_like(c0)", "dc = c0"], "start as h0 and c0, states and no gradients"),
    ("gru_backward", ["dh = np.zeros_like(h0)", "dh = hs[-1]"], "starts as the last state, which is no gradient"),
    ("lstm_step_backward", ["dc_prev = dc * f", "dc_prev = dc * f * (1 - f)"], "`dc_prev` has a factor too many, `1 - f`"),
    ("gru_step_backward", ["dr = d_reset * h_prev", "dr = d_reset * n"], "`dr` takes the candidate: r multiplied h_prev"),
    ("lstm_backward", ["dx, dh, dc, dW_x_t", "dx, dh, _, dW_x_t"], "Nothing comes back from cell to cell"),
    ("lstm_backward", ["lstm_step_backward(dh, dc,", "lstm_step_backward(dc, dh,"], "handed to the step in each other's places"),
    ("lstm_backward", ["dx, dh, dc, dW_x_t", "dx, dc, dh, dW_x_t"], "`dh` and dc change places on their way back"),
    ("lstm_step_backward", ["dh * o * (1 - tanh_c**2)", "dh * o / np.cosh(c)"], "`cosh(c)` lacks its square"),
    ("gru_step_backward", ["da_n @ W_hn.T", "dn @ W_hn.T"], "Tanh's slope is skipped on the way through W_hn"),
    ("gru_backward", [DH, f"{DH}\n        whole = dh", "dxs.insert(0, dx)", "dxs.insert(0, dx)\n        dh = dh - (whole - dhs[t]) * gates[t][:, len(W_h) : -len(W_h)]"], "takes dhs[t] alone"),
    ("rnn_backward", [DH, "pass"], "is it ever filled in, and is `dhs` used?"),
    ("rnn_backward", ["return np.stack(dxs), dh,", "return np.stack(dxs), dhs[0],"], "dh0 is dhs[0], as it was given"),
    ("gru_backward", ["return np.stack(dxs), dh,", "return np.stack(dxs), dhs[0],"], "What you return as dh0 is dhs[0], as it was given"),
    ("rnn_backward", [DH, "dh = dh + (dhs[t - 1] if t > 0 else 0)"], "another step's gradient, `dhs[t - 1]`"),
    ("lstm_backward", [DH, "dh = dh + (dhs[t + 1] if t + 1 < len(xs) else 0)"], "another step's gradient, `dhs[t + 1]`"),
    ("gru_backward", ["dxs.insert(0, dx)", "dxs.insert(0, dx)\n        dh = np.clip(dh, -5, 5)"], "`dh` is clipped in the loop"),
    ("lstm_step_backward", ["db = da.sum(axis=0)", "db = np.concatenate([da_f, da_i, da_g, da_o], axis=-1).sum(axis=0)"], "in the order f|i|g|o"),
    ("lstm_step_backward", ["db = da.sum(axis=0)", "db = np.tile(da_o.sum(axis=0), 4)"], "the block of o is right, the blocks of i, f and g are wrong"),
    ("init_lstm", ["b[H : 2 * H] = forget_bias", "b[3 * H :] = forget_bias"], "`forget_bias` stands in the block of the output gate"),
    ("cross_entropy", ["weight = mask[..., None].astype(logits.dtype) / N", "weight = np.ones((T, N, 1)) / T / N"], "The mask is ignored, and you average over time"),
    ("lstm_step_forward", ["np.tanh(c)", "np.tanh(np.tanh(c))"], "In `h`, `np.tanh(np.tanh(c))` stands where `np.tanh(c)` belongs"),
    ("lstm_step_forward", ["g = np.tanh(a_g)", "g = a_g"], "In `g`, `a_g` stands where `np.tanh(a_g)` belongs"),
    ("lstm_step_backward", ["da_f = df * f * (1 - f)", "da_f = df"], "The slope of the gate f is forgotten"),
    ("lstm_step_backward", ["da_g = dg * (1 - g**2)", "da_g = dg / (1 - g**2)"], "In `da_g`, `dg / (1 - g ** 2)` stands where"),
    ("gru_step_backward", ["dz = dh * (h_prev - n)", "dz = dh * n"], "In `dz`, `n` stands where `h_prev - n` belongs"),
    ("gru_step_forward", ["h_prev @ W_hz + b_z", "h_prev @ W_hz + b_r"], "In `a_z`, `b_r` stands where `b_z` belongs"),
    ("gru_step_forward", ["h_prev @ W_hr + b_r", "h_prev @ W_hr + b_r + b_r"], "`a_r` has the term `b_r` twice"),
    ("mlp_backward", ["dy @ W2.T", "dy @ dW2.T"], "In `dhidden`, `dW2` stands where `W2` belongs"),
    ("gru_step_backward", ["+ da_z @ W_hz.T", "+ np.tanh(da_z @ W_hz.T)"], "Look at `dh_prev`: what goes wrong there reaches just the results"),
    ("sample_tokens", ["token = first", "token = 0"], "`first` is ignored"),
    ("relative_error", ["first - second", "first + second"], "The arrays are added"),
    ("relative_error", ["size != 0", "size > 1e-8"], "Small arrays are taken for equal"),
    ("relative_error", ["else 0.0", "else 1.0"], "Two arrays of zeros are given the error 1"),
    ("relative_error", ["np.linalg.norm(first - second)", "np.abs(first - second).max()"], "The distance is the largest difference of a single entry"),
    ("relative_error", ["np.linalg.norm(first) + np.linalg.norm(second)", "min(np.linalg.norm(first), np.linalg.norm(second))"], "You divide by the smaller norm"),
    ("relative_error", ["np.linalg.norm(first) + np.linalg.norm(second)", "max(np.linalg.norm(first), np.linalg.norm(second)) + 1e-8", "gap / size if size != 0 else 0.0", "gap / size"], "You divide by the larger norm, and a number is added"),
    ("relative_error", ["np.linalg.norm(first - second)", "np.sqrt(np.sum(first**2 - second**2))"], "Each array is squared before the difference is taken"),
    ("relative_error", ["gap / size if", "np.mean(np.abs(first - second) / (np.abs(first) + np.abs(second))) if"], "This is the mean of the entries' own relative errors"),
    ("make_windows", ["T - k + 1 + i]", "T - k + i]", "return windows", "return np.concatenate([windows, 0 * windows[:1]])"], "The last window is left empty"),
    ("make_windows", ["windows = np", "pieces[0] = 0 * pieces[0]\n    windows = np"], "The first place of each window is left empty"),
    ("make_windows", ["xs[i : T - k + 1 + i]", "xs[[i] * (T - k + 1)]"], "Every window is the first one"),
    ("make_windows", ["windows = np", "pieces[:-1] = [0 * piece for piece in pieces[:-1]]\n    windows = np"], "The last place of each window alone is filled"),
    ("gru_backward", ["dxs.insert(0, dx)", "dxs.insert(0, dx)\n        dh = dh / len(h0)"], "What a step hands back is divided by the batch size N"),
    ("relative_error", ["np.linalg.norm(first) + np.linalg.norm(second)", "np.abs(first).sum() + np.abs(second).sum()"], "The sizes add up absolute values"),
    ("readout_backward", ["dhs = dys @ W_y.T", "dhs = dys @ W_y.T * hs.shape[1] ** 2"], "Your dhs is N * N times too large"),
    ("mlp_backward", ["(1 - hidden**2)", "hidden"], "`hidden` itself stands where the slope of tanh belongs"),
    ("sample_tokens", [DRAWN, "0 if cumulative[0] < draw else len(p) - 1"], "The comparison with u[t] is turned round"),
    ("sample_tokens", [DRAWN, "next((v for v in range(len(p)) if p[v] > draw), len(p) - 1)"], "You compare each token's own probability with u[t]"),
    ("cross_entropy", ["log_p = shifted", "log_p = logits"], "The largest logit is taken away inside the log of the sum and not put back"),
    ("rnn_forward", ["h = h0", "h = h0 @ W_h"], "`h0` goes through W_h before the first step"),
    ("rnn_backward", ["dW_x = dW_x + dW_x_t", "dW_x = dW_x + xs[t].T @ dhs[t]"], "`dW_x` is taken from dhs alone"),
    ("rnn_backward", ["h_prev, hs[t]", "h_prev, hs[t - 1]"], "The slope of tanh is taken at hs[t - 1]"),
    ("rnn_backward", ["hs[t - 1] if t > 0 else h0", "hs[t + 1] if t < len(xs) - 1 else h0"], "Step t is given the state after it, hs[t + 1]"),
    ("gru_forward", ["h = h0", "h, first = h0, True", "h, gates_t = gru_step_forward(x, h,", "h, gates_t = gru_step_forward(x, h if first else 0 * h,", "hs.append(h)", "hs.append(h); first = False"], "After the first step the old state is zeros"),
    ("truncated_rnn_backward", ["dh = np.zeros_like(dh)", "dxs = [*np.zeros_like(xs[: t + 1]), *dxs]; break"], "Only the last chunk is gone through"),
    ("truncated_rnn_backward", ["dh = np.zeros_like(dh)", "dxs.insert(0, 0 * xs[t]); continue"], "A chunk's last step is skipped, as by `continue`"),
    ("truncated_rnn_backward", ["(t + 1) % k == 0", "(t + 1) // k == 0"], "`//` counts whole chunks where `%` belongs"),
    ("truncated_rnn_backward", [DH, "dh = dh + dhs[t % k]"], "Each chunk is given the gradients of the first"),
    ("numerical_gradient", ["gain / (2 * eps)", "gain / eps**2"], "The difference is divided by eps twice"),
    ("jordan_step_backward", ["dx = da @ W_x.T", "both = da @ np.concatenate([W_o, W_x]).T; dx = both[:, : x.shape[1]]", "dy_prev = da @ W_o.T", "dy_prev = both[:, x.shape[1] :]"], "come from weights that are stacked in another order"),
    ("jordan_step_backward", ["dW_x = x.T @ da", "both = np.concatenate([y_prev, x], axis=1).T @ da; dW_x = both[: x.shape[1]]", "dW_o = y_prev.T @ da", "dW_o = both[x.shape[1] :]"], "come from inputs that stand side by side in another order"),
    ("jordan_forward", ["return np.stack(ys), np.stack(hs)", "return np.stack(hs), np.tanh(np.stack(ys))"], "and your hs that of ys: are they in the order ys, hs?"),
    ("smoothed_cross_entropy", ["loss = -(weight[..., None] * wanted", "loss = -(weight[..., None] * np.exp(log_p)"], "The loss is the entropy of what the network gives"),
    ("readout_backward", ["dhs = dys @ W_y.T", "dhs = dys @ W_y.T * hs.shape[1] / len(hs)"], "Your dhs is the right one times N / T"),
    ("sample_tokens", ["draw * cumulative", "u[0] * cumulative"], "Every token is drawn with u[0]"),
    ("sample_tokens", [DRAWN, "min(np.searchsorted(cumulative, 1 - draw), len(p) - 1)"], "You compare with `1 - u[t]`"),
    ("sample_tokens", [DRAWN, "min(np.searchsorted(p, draw, side='right'), len(p) - 1)"], "among the probabilities themselves"),
    ("sample_tokens", ["p = softmax(logits / temperature)", "p = np.exp((logits - logits.max()) / temperature)", DRAWN, UNDIVIDED], "The exponentials are not divided"),
    ("clip_by_global_norm", [FACTOR, "max(1.0, max_norm / (norm + 1e-6))"], "The condition is the wrong way round"),
    ("clip_by_global_norm", [FACTOR, "max_norm / (norm + 1e-6) if norm < max_norm else 1"], "The condition is the wrong way round"),
    ("clip_by_global_norm", [FACTOR, "max_norm / norm if norm > max_norm else 0"], "What is small enough becomes 0"),
    ("clip_by_global_norm", [FACTOR, "min(norm, max_norm)"], "is taken for the factor itself"),
    ("sample_tokens", [DRAWN, "np.searchsorted(cumulative, draw)"], "A token whose cumulative probability only equals u[t] is taken"),
    ("sample_tokens", ["W_x[token]", "np.zeros(len(W_x)) @ W_x"], "The tokens are never read"),
    ("sample_tokens", ["W_x[token]", "(p if tokens else np.eye(len(W_x))[first]) @ W_x"], "The probabilities are fed back"),
    ("make_windows", ["range(k)]", "range(k)]\n    T = T - 2", "T - k + 1 + i", "T - k - 1 + i"], "The last two windows are missing"),
    ("state_gradient_norms", ["ord=2, axis=(1, 2))", "axis=2).max(axis=1)"], "This is the length of the longest row"),
    ("state_gradient_norms", ["ord=2", "ord=1"], "This is the largest sum of absolute values in a column of dh_T/dh_t, its 1-norm"),
    ("clip_by_global_norm", ["np.square(g, dtype=float)", "np.square(np.square(g, dtype=float))"], "The squares are squared again"),
    ("parameter_count", ["(D + H + 1)", "(D + H + 1) + (3 * H if cell == 'gru' else 0)"], "as Keras' `reset_after` has them"),
    ("parameter_count", ["(D + H + 1)", "(D + H + 1) + (3 * H if cell == 'lstm' else 0)"], "peepholes are counted"),
    ("lstm_step_forward", ["o * np.tanh(c)", "o @ np.tanh(c)"], "What goes entry by entry is `*`"),
    ("rnn_step_forward", ["a = x @ W_x + h_prev @ W_h", "a = np.concatenate((h_prev, x)) @ np.vstack((W_h, W_x))"], "join them along that one, `np.concatenate(..., axis=1)`"),
    ("rnn_step_forward", ["a = x @ W_x + h_prev @ W_h", "a = np.vstack((h_prev, x)) @ np.vstack((W_h, W_x))"], "join them along that one, `np.concatenate(..., axis=1)`"),
    ("lstm_step_forward", ["a = x @ W_x", "a = np.concatenate(x, h_prev)"], "`np.concatenate([a, b], axis=-1)`"),
    ("rnn_forward", ["hs = []", "hs = np.zeros(len(xs), *h0.shape)"], "a shape is one bracket"),
    ("gru_step_forward", ["np.split(W_x, 3, axis=-1)", "np.split(W_x, len(W_x) + 1)"], "`axis=-1` splits blocks"),
    ("clip_by_global_norm", ["[factor * g for g in grads]", "grads * factor"], "a list or a tuple is not multiplied by a number"),
    ("gru_step_forward", ["np.split(W_x, 3, axis=-1)", "np.split(W_x, 50, axis=-1)"], "the axis has not the length for so many equal parts"),
    ("rnn_backward", ["return np.stack(dxs), dh,", "return dhs @ W_x.T, dh,"], "`dxs` are taken from dhs alone"),
    ("relative_error", ["return error", "return error**2"], "This is the square of the relative error"),
    ("clip_by_value", ["[np.clip(g, -limit, limit) for g in grads]", "grads * [limit]"], "“can't multiply sequence by non-int of type 'list'”"),
    ("clip_by_value", ["[np.clip(g, -limit, limit) for g in grads]", "grads.clip(limit)"], "“'list' object has no attribute 'clip'”"),
    ("clip_by_global_norm", ["[factor * g for g in grads]", "grads.sum()"], "a list or a tuple has no `.sum`, an array has"),
    ("orthogonal_init", ["Q, R = np.linalg.qr(A)", "Q = np.linalg.qr(A)", "Q = Q * np.sign(np.diag(R))", ""], "as `np.linalg.qr` does, gives a tuple"),
    ("rnn_step_backward", ["dh_prev = da @ W_h.T", "dh_prev = np.hstack((da @ W_x.T, da @ W_h.T))"], "as many as x: do two arrays stand side by side?"),
    ("lstm_step_forward", ["h = o * np.tanh(c)", "h = np.tanh(o * c)"], "In `h`, `np.tanh(o * c)` stands where `o * np.tanh(c)` belongs"),
    ("lstm_step_forward", ["f * c_prev + i * g", "f * (c_prev + i * g)"], "In `c`, `f * (c_prev + i * g)` stands where `f * c_prev + i * g` belongs"),
    ("gru_step_backward", ["da_r = dr * r * (1 - r)", "da_r = dr * (1 - r**2)"], "The slope of the reset gate is that of tanh: r is a sigmoid"),
    ("gru_step_backward", ["r, z, n = np.split(gates, 3, axis=-1)", "r, z, n = gates.reshape(3, *dh.shape)"], "`reshape` cuts across the blocks of `gates`"),
    ("window_parameter_count", ["k * D * H", "(k + D) * H"], "In `hidden_layer`, `k + D` stands where `k * D` belongs"),
    ("window_parameter_count", ["k * D * H + H", "k * D * H + 1"], "In one place of `hidden_layer`, `1` stands where `H` belongs"),
    ("standardise", ["mean = train.mean(axis=0)", "mean = np.full(train.shape[1], train.mean())"], "One mean serves all columns"),
    ("standardise", ["np.where(constant, 1, train.std(axis=0))", "train.std(axis=0, ddof=1)"], "is constant in train is divided by 0: where all its values are equal, std"),
    ("mlp_backward", ["dW1 = x.T @ da", ONE_BY_ONE], "As for your dW1: the last example of the batch alone counts here: add up"),
    ("mlp_backward", ["dW1 = x.T @ da", ONE_BY_ONE, "dx = da @ W1.T", "dx = dhidden @ W1.T"], "left out: multiply by `1 - hidden**2` on the way through the hidden layer.\nAs for your dW1: the last"),
    ("embedding_forward", ["E[tokens]", "(tokens[..., None] == np.arange(1, len(E) + 1)) @ E"], "`E[i - 1]` stands where `E[i]` belongs, and zeros where there is none"),
    ("sigmoid", ["return s", "return np.clip(s, 1e-7, 1 - 1e-7)"], "Your s is the right one, but cut off at 1e-07"),
    ("softmax", ["return p", "return np.clip(p, 1e-7, 1)"], "cut off at 1e-07: what is smaller becomes that"),
    ("attention_forward", ["-np.inf", "np.nan"], "Where there is padding all becomes nan"),
    ("attention_forward", ["scores, -np.inf", "scores, -1e4"], "A padded step gets a finite score"),
    ("rwa_step_forward", ["np.maximum(peak_prev, s)", "np.maximum(peak_prev, s.max())"], "One peak serves all units and sequences"),
    ("attention_forward", ["scores = np.where", "all_scores = scores\n    scores = np.where", "weights = softmax(scores)", "e = np.exp(scores - all_scores.max(axis=-1, keepdims=True))\n    weights = e / e.sum(axis=-1, keepdims=True)"], "A padded step's score is among those whose largest is taken away"),
    ("additive_attention_backward", ["dqueries = to_queries @", "dqueries = da[:, -1] @"], "As for your dqueries: a query takes the last step alone"),
    ("additive_attention_backward", ["dW_k = np.einsum(\"tnd,tnk->dk\", keys, to_keys)", "dW_k = np.outer(keys[-1, -1], da[-1, -1, -1])"], "`dW_k` is overwritten in each round"),
    ("reverse_padded", ["ys[:length, n] = xs[:length, n][::-1]", "ys[: length // 2, n] = xs[:length, n][::-1][: length // 2]"], "is it not filled, since a loop ends in the middle"),
    ("tied_embedding_backward", ["dhs = dlogits @ E", "dhs = dlogits @ E / E.shape[1] ** 0.5"], "divided by the root of D"),
    ("mixed_bits", ["np.log(share) + log_p", "np.log(share) + np.maximum(log_p, -5000)"], "bits is off by"),
    ("smoothed_forecasts", ["np.array(forecasts)", "np.array(forecasts[::-1])"], "Your forecasts is in reverse order"),
    ("stacked_backward", ["dW_up[layer - 1] = dW_x", "dW_up[layer - 1] = dW_x.T"], "Each matrix in your dW_up is transposed"),
    ("stacked_backward", ["return dxs", "dW_in, dW_h = np.stack([dW_in, *dW_h]), dW_h\n    return dxs"], "does one stand among them that belongs elsewhere"),
]
WRITTEN = [
    ("lstm_step_forward", """
        H = h_prev.shape[1]
        a = x @ W_x + h_prev @ W_h + b
        gates = np.zeros_like(a)
        gates[:, : 2 * H], gates[:, 3 * H :] = sigmoid(a[:, : 2 * H]), np.tanh(a[:, 2 * H : 3 * H])
        gates[:, 3 * H :] = sigmoid(a[:, 3 * H :])
        i, f, g, o = np.split(gates, 4, axis=-1)
        c = f * c_prev + i * g
        return o * np.tanh(c), c, gates
        """, "Your gates is right except where it is zero: is every part of it filled in, each in its own place?"),
    ("clip_by_value", """
        for g in grads:
            np.clip(g, -limit, limit)
        return grads
        """, CLIP_NOTHING),
    ("clip_by_value", """
        clipped = []
        for g in grads:
            clipped.append(np.clip(g, -limit, limit))
        return grads
        """, CLIP_NOTHING),
    ("clip_by_global_norm", """
        norm = np.sqrt(sum((g**2).sum() for g in grads))
        if norm < 0:
            grads = [g * max_norm / norm for g in grads]
        return [g.copy() for g in grads]
        """, CLIP_NOTHING),
    ("rnn_forward", """
        hs = np.zeros((*xs.shape[:2], h0.shape[1]))
        for t in range(len(xs)):
            hs[t] = np.tanh(hs[t] @ W_h + xs[t] @ W_x + b)
        return hs
        """, "is it read from a place that is still empty, as `hs[t]` is before step t"),
    ("make_windows", """
        return np.stack([np.hstack([xs[t - i - 1] for i in reversed(range(k))]) for t in range(k - 1, len(xs))])
        """, "`xs[t - 1]` stands where `xs[t]` belongs, and `xs[-1]` where there is none"),
    ("seasonal_naive", """
        known = list(series)
        for _ in range(horizon):
            known.append(known[-period - 1])
        return np.array(known[len(series):])
        """, "`period + 1` stands where `period` belongs"),
    ("readout", """
        T, N, H = hs.shape
        return (hs.reshape(H, T * N).T @ W_y + b_y).reshape(T, N, -1)
        """, "`reshape` tears the rows of `hs` apart"),
    ("make_windows", """
        return np.stack([np.concatenate(xs[t : t + k]) for t in range(len(xs) - k + 1)])
        """, "The steps of a window stand one below another, along the batch"),
    ("rnn_forward", """
        hs = np.zeros((len(xs), *h0.shape))
        for t in range(len(xs) - 1):
            hs[t] = np.tanh(xs[t] @ W_x + (hs[t - 1] if t > 0 else h0) @ W_h + b)
        return hs
        """, "The last step is missing, and its place is empty"),
    ("rnn_forward", """
        hs, h = [], h0
        for x in xs:
            h = np.tanh(x @ W_x + h @ W_h + b)
            hs.insert(0, h)
        return np.array(hs)
        """, "The steps are returned in reverse order of time"),
    ("truncated_rnn_backward", """
        dxs, dW_x, dW_h, db, dh = [], 0, 0, 0, 0 * h0
        for t in reversed(range(len(xs))):
            if (len(xs) - t) % k == 0:
                dh = 0 * h0
            da = (dhs[t] + dh) * (1 - hs[t] ** 2)
            dh = da @ W_h.T
            dxs.insert(0, da @ W_x.T)
            dW_x, dW_h, db = dW_x + xs[t].T @ da, dW_h + (hs[t - 1] if t else h0).T @ da, db + da.sum(axis=0)
        return np.array(dxs), dh, dW_x, dW_h, db
        """, "The chunks are counted from the end, and cut after their first step"),
    ("truncated_rnn_backward", """
        dxs, dh, *sums = rnn_backward(dhs, xs, h0, hs, W_x, W_h)
        for start in range(0, len(xs), k):
            dh_of_chunk = 0 * h0
        return dxs, dh, *sums
        """, "Nothing is cut: the gradient goes back through the whole sequence"),
    ("bidirectional_forward", """
        hs, h = np.zeros((*xs.shape[:2], 2 * W_h.shape[-1])), np.zeros((xs.shape[1], W_h.shape[-1]))
        steps = range(len(xs))
        for place, order in enumerate((steps, reversed(steps))):
            for t in order:
                h = np.tanh(xs[t] @ W_x[place] + h @ W_h[place] + b[place]) * mask[t, :, None]
                hs[t, :, place * h.shape[1] : (place + 1) * h.shape[1]] = h
        return hs
        """, "The reverse direction starts in the state in which the forward one ends"),
    ("forecast_closed_loop", """
        known = list(series)
        for _ in range(horizon):
            known.append(intercept + sum(c * known[-1 - j] for j, c in enumerate(coefficients)))
        return np.array(known[-1:])
        """, "The last forecast alone is returned"),
    ("clip_by_value", """
        return np.concatenate([np.clip(g, -limit, limit).ravel() for g in grads])
        """, "clipped must be a list of 3 arrays, not one ndarray"),
    ("sample_tokens", """
        h, k, tokens = h0, first, []
        for r in u:
            h = np.tanh(W_x[k] + h @ W_h + b)
            total = 0.0
            for v, share in enumerate(softmax((h @ W_y + b_y)[0] / temperature)):
                total += share
                if total > r:
                    k = v
            tokens.append(k)
        return np.array(tokens)
        """, "Every token is V - 1, the last one: does a loop over the tokens go on"),
    ("sample_tokens", """
        h, k, tokens = h0, first, []
        for r in u:
            h = np.tanh(W_x[k] + h @ W_h + b)
            drawn = np.searchsorted(np.cumsum(softmax((h @ W_y + b_y)[0] / temperature)), r)
            tokens.append(k)
        return np.array(tokens)
        """, "Every token is `first`: is what is drawn kept"),
    ("rnn_backward", """
        dh, das = 0 * h0, 0 * hs
        for t in reversed(range(len(xs))):
            das[t] = (dhs[t] + dh) * (1 - hs[t]**2)
            dh = das[t] @ W_h.T
        befores = np.concatenate([h0[None], hs[:-1]])
        dW_x, dW_h = np.einsum("tnd,tnh->dh", xs, das), np.einsum("tng,tnh->gh", befores, das)
        return das @ W_x.T, (das[1] @ W_h.T if len(xs) > 1 else 0 * h0), dW_x, dW_h, das.sum((0, 1))
        """, "`dh0` is what step 1 hands back"),
    ("truncated_rnn_backward", """
        dh, dxs, dW_x, dW_h, db = 0 * h0, 0 * xs, 0 * W_x, 0 * W_h, 0 * W_h[0]
        for t in reversed(range(len(xs))):
            if (t + 1) % k != 0:
                dh = 0 * h0
            dxs[t], dh, a, c, e = rnn_step_backward(dhs[t] + dh, xs[t], hs[t - 1] if t else h0, hs[t], W_x, W_h)
            dW_x, dW_h, db = dW_x + a, dW_h + c, db + e
        return dxs, dh, dW_x, dW_h, db
        """, "The condition of the cut is turned round"),
    ("truncated_rnn_backward", """
        dh, dxs, dW_x, dW_h, db = 0 * h0, 0 * xs, 0 * W_x, 0 * W_h, 0 * W_h[0]
        for t in reversed(range(len(xs))):
            if t + 1 == k:
                dh = 0 * h0
            dxs[t], dh, a, c, e = rnn_step_backward(dhs[t] + dh, xs[t], hs[t - 1] if t else h0, hs[t], W_x, W_h)
            dW_x, dW_h, db = dW_x + a, dW_h + c, db + e
        return dxs, dh, dW_x, dW_h, db
        """, "There is only one cut: a chunk ends after every k steps"),
    ("truncated_rnn_backward", """
        dh, dxs, dW_x, dW_h, db = 0 * h0, 0 * xs, 0 * W_x, 0 * W_h, 0 * W_h[0]
        for t in reversed(range(len(xs))):
            if (t + 1) % k == 0:
                dh = dhs[t]
            dxs[t], dh, a, c, e = rnn_step_backward(dhs[t] + dh, xs[t], hs[t - 1] if t else h0, hs[t], W_x, W_h)
            dW_x, dW_h, db = dW_x + a, dW_h + c, db + e
        return dxs, dh, dW_x, dW_h, db
        """, "The loss at a chunk's end counts twice"),
    ("anomaly_scores", """
        mean = errors.mean()
        std = np.sqrt(((errors[:n] - mean) ** 2).mean())
        return np.abs(errors - mean) / std
        """, "The mean is that of all errors, and the std is taken around it"),
    ("softmax", """
        p = np.empty_like(a)
        p += np.exp(a - a.max(axis=-1, keepdims=True))
        return p / p.sum(axis=-1, keepdims=True)
        """, "is a part of `np.empty` read or returned before it is filled"),
    ("rnn_forward", """
        hs, h = np.empty((len(xs), *h0.shape)), h0
        for t in range(len(xs) - 1):
            hs[t] = h = np.tanh(xs[t] @ W_x + h @ W_h + b)
        return hs
        """, "is a part of `np.empty` read or returned before it is filled"),
    ("stacked_forward", """
        layers = []
        for h, W_x, W, c in zip(h0s, [W_in, *W_up], W_h, b):
            states = []
            for x in layers[-1] if layers else xs:
                h = np.maximum(0, x @ W_x + h @ W + c)
                states.append(h)
            layers.append(states)
        return np.array(layers)
        """, "This is ReLU"),
    ("bidirectional_forward", """
        hs = np.zeros((*xs.shape[:2], 2 * W_h.shape[-1]))
        for place, order in enumerate((range(len(xs)), reversed(range(len(xs))))):
            h = np.zeros((xs.shape[1], W_h.shape[-1]))
            for t in order:
                h = (np.tanh(xs[t] @ W_x[place] + h @ W_h[place]) + b[place]) * mask[t, :, None]
                hs[t, :, place * h.shape[1] : (place + 1) * h.shape[1]] = h
        return hs
        """, "The bias b is added after tanh"),
    ("stacked_backward", """
        dW_in, dW_up, dW_h, db, dh0s = 0 * W_in, 0 * W_up, 0 * W_h, 0 * W_h[:, 0], 0 * h0s
        for layer in reversed(range(len(W_h))):
            dh, dbelow = np.zeros_like(h0s[0]), []
            for t in reversed(range(len(xs))):
                h_prev = hs[layer, t - 1] if t else h0s[layer]
                da = (dhs[t] + dh) * (1 - hs[layer, t]) ** 2
                dW, x = (dW_up[layer - 1], hs[layer - 1, t]) if layer else (dW_in, xs[t])
                dW += x.T @ da
                dW_h[layer], db[layer] = dW_h[layer] + h_prev.T @ da, db[layer] + da.sum(axis=0)
                dh, dbelow = da @ W_h[layer].T, [da @ (W_up[layer - 1] if layer else W_in).T, *dbelow]
            dh0s[layer], dhs = dh, np.array(dbelow)
        return dhs, dh0s, dW_in, dW_up, dW_h, db
        """, "The square stands outside the bracket"),
]


# What results alone must not be told to be.
NOT_GRADED_AS = [
    ("rolling_origin_rmse", ["errors.append(forecasts", "errors = [*(0 * one for one in errors), (forecasts", "t + horizon])", "t + horizon])]", "np.mean(np.square(errors), axis=0)", "np.sum(np.square(errors), axis=0) / max(1, len(errors) - 1)"], "The first origin is left out"),
    ("mixed_bits", ["np.logaddexp(np.log(share)", "np.minimum(np.log(share)"], "added"),
    ("anomaly_scores", ["np.abs(errors - mean) / std", "np.abs(errors - mean) / std / np.sqrt(n)"], "are not divided by n:"),
    ("attention_forward", ["weights = softmax(scores)", "weights = softmax(scores) + 1e-8\n    weights = weights / weights.sum(axis=-1, keepdims=True)"], "Look at"),
    ("rwa_step_forward", ["np.maximum(peak_prev, s)", "np.maximum(peak_prev, s.max(axis=0))"], "cut off at"),
    ("perplexity", ["weight * losses", "np.where(mask > 0, losses, np.inf)"], "stands where"),
    ("rwa_step_forward", ["np.maximum(peak_prev, s)", "np.minimum(peak_prev, s)", "v * g * gain", "v + g * gain"], "divided by 0"),
    ("rwa_step_backward", ["dmean * num / den**2", "dmean / den"], "`den` stands where `num` belongs"),
    ("forecast_closed_loop", ["coefficients @ recent", "coefficients[1:] @ recent[:-1]"], "`coefficients[i + 1]` stands where"),
]  # fmt: skip


def with_edits(name, pairs):
    function = getattr(reference, name, None) or withheld.functions()[name]
    return edited(name, inspect.getsource(function), pairs)


def with_body(name, body):
    head = f"def {name}({', '.join(inspect.signature(getattr(reference, name)).parameters)}):\n"
    return written(name, head + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n")


@each(EDITED)
def test_a_natural_mistake_is_told_truly(name, how, words):
    assert_told(with_edits(name, how), words, seeds=4)


@pytest.mark.parametrize("name, how, never", NOT_GRADED_AS, ids=[name for name, *_ in NOT_GRADED_AS])
def test_what_is_not_so_is_not_said(name, how, never):
    assert all(never not in graded(with_edits(name, how), seed).message for seed in range(4))


@each(WRITTEN)
def test_a_mistake_of_another_build_is_told_truly(name, how, words):
    assert_told(with_body(name, how), words, seeds=4)


def test_results_that_are_right_need_no_change_of_a_line():
    message = examine(with_edits("softmax", ["e = np.exp(a - a", "a -= a", "keepdims=True))", "keepdims=True)\n    e = np.exp(a)"])).message
    assert "it changed its input a" in message and "this change" not in message


def test_a_line_of_the_students_stands_on_a_line_of_its_own():
    message = examine(with_edits("rnn_step_forward", ["np.tanh(a)", "np.tanh(a, b, W_x)"])).message
    assert message.splitlines()[1].startswith("    `h = np.tanh(a, b, W_x)")
