"""Mistakes as students make them in chapters 7 to 9, where many write out in one loop what the reference calls
another function for."""

import inspect

import pytest

from tests.mistakes.told import assert_told, each, edited, graded
from unrolled import examine, reference, withheld
from unrolled.exercises import EXERCISES

# Both directions in two loops of one's own.
TWO_LOOPS = """def bidirectional_forward(xs, mask, W_x, W_h, b):
    T, N, H = *mask.shape, W_h.shape[-1]
    out = np.zeros((T, N, 2 * H))
    h = np.zeros((N, H))
    for t in range(T):
        h = np.tanh(xs[t] @ W_x[0] + h @ W_h[0] + b[0])
        out[t, :, :H] = h * mask[t, :, None]
    h = np.zeros((N, H))
    for t in reversed(range(T)):
        h = np.tanh(xs[t] @ W_x[1] + h @ W_h[1] + b[1]) * mask[t, :, None]
        out[t, :, H:] = h
    return out
"""
IN_TWO_LOOPS = [
    ("bidirectional_forward", ["out[t, :, :H] = h * mask[t, :, None]", "out[t, :, :H] = h"], "keep a state in the half of the forward direction"),
    ("bidirectional_forward", [" * mask[t, :, None]\n        out[t, :, H:] = h", "\n        out[t, :, H:] = h * mask[t, :, None]"], "The reverse direction reads the padding first"),
    ("bidirectional_forward", [") * mask[t, :, None]\n        out[t, :, H:]", ")\n        out[t, :, H:]"], "goes on from what the padding made"),
    ("bidirectional_forward", ["in reversed(range(T))", "in range(T - 1, 0, -1)"], "The reverse direction stops before step 0"),
    ("bidirectional_forward", ["reversed(range(T))", "reversed(range(T - 1))"], "The reverse direction leaves the last step out"),
    ("bidirectional_forward", ["t in range(T)", "t in range(1, T)"], "The forward direction leaves step 0 out"),
    ("bidirectional_forward", ["t in range(T)", "t in range(T - 1)"], "The forward direction stops before the last step"),
    ("bidirectional_forward", ["W_h[1] +", "W_h[1].T +"], "W_h of the reverse direction is transposed"),
    ("bidirectional_forward", ["h @ W_h[0] + ", ""], "The forward direction does not carry its state on"),
    ("bidirectional_forward", [" + b[1]", ""], "The bias of the reverse direction is left out"),
    ("bidirectional_forward", ["xs[t] @ W_x[0] + h @ W_h[0]", "xs[t] @ W_x[1] + h @ W_h[1]"], "takes the reverse one's W_x and W_h"),
    ("bidirectional_forward", ["xs[t] @ W_x[1]", "xs[T - 1 - t] @ W_x[1]"], "The reverse direction meets `xs[T - 1 - t]` at step t"),
    ("bidirectional_forward", ["h = np.tanh(xs[t] @ W_x[1] + h @ W_h[1] + b[1])", "h = (xs[t] @ W_x[1] + h @ W_h[1] + b[1])"], "In the reverse direction alone: tanh is left out"),
    ("bidirectional_forward", ["np.tanh(xs[t] @ W_x[0] + h @ W_h[0] + b[0])", "np.tanh(xs[t] @ W_x[0] + h @ W_h[0]) + b[0]"], "In the forward direction alone: the bias b is added after tanh"),
    ("bidirectional_forward", ["out[t, :, H:] = h", "out[t, :, :H] += h"], "Both directions are added up in the first half"),
    ("bidirectional_forward", ["out[t, :, H:] = h", "out[t, :, :H] = h"], "The reverse direction is written over the forward one"),
]  # fmt: skip

# The function, old and new line by turns, what the message must say.
EDITED = [
    ("reverse_padded", ["xs[:length, n][::-1]", "xs[:length, n][::-1]\n        ys[length:, n] = xs[::-1, n][length:]"], "The padding is filled from `xs[T - 1 - t]`"),
    ("reverse_padded", ["[::-1]", "[::-1]\n        ys[length:, n] = xs[0, n]"], "The padding is filled with the first step"),
    ("reverse_padded", ["xs[:length, n][::-1]", "xs[len(xs) - length :, n]"], "Step t is given `xs[t - length]`"),
    ("reverse_padded", ["    return ys", "        return ys"], "Only the first sequence is turned round: is the `return` inside the loop"),
    ("reverse_padded", ["sum(axis=0)", "sum(axis=1)"], "axis 1 has no place 5, its 5 places end with 4: does a range go on too long or over another axis"),
    ("reverse_padded", ["xs[:length, n][::-1]", "xs[:length, n][::-1]\n        ys[length:, n] = xs[length:, n][::-1]"], "The padding is turned round by itself"),
    ("bidirectional_backward", ["hs_fwd, W_x[0], W_h[0])", "hs_fwd, W_x[0], W_h[0].T)"], "W_h of the forward direction is the wrong way round on the way back"),
    ("bidirectional_backward", ["np.stack([db_fwd, db_rev])", "np.stack([db_fwd, db_fwd])"], "The forward direction's part stands in both places of `db`"),
    ("bidirectional_backward", ["np.stack([dW_x_fwd, dW_x_rev])", "np.stack([dW_x_fwd + dW_x_rev, 0 * dW_x_rev])"], "are added up in the first place of `dW_x`"),
    ("bidirectional_backward", ["np.stack([dW_h_fwd, dW_h_rev])", "np.stack([dW_h_rev, 0 * dW_h_rev])"], "is written over the forward one's in `dW_h`"),
    ("deep_bidirectional_forward", ["below = hs[layer - 1]", "fwd, rev = np.split(hs[layer - 1], 2, axis=-1); below = np.concatenate([fwd, reverse_padded(rev, mask)], axis=-1)"], "are turned back for the result alone"),
    ("stacked_forward", ["h0 = h0s[layer]", "h0 = hs[layer - 1][0]"], "A layer starts in the first state of the one below it"),
    ("stacked_forward", ["rnn_forward(below, h0, W_x, W_h[layer], b[layer])", "np.tanh(below @ W_x + below @ W_h[layer] + b[layer])"], "The state of the layer below stands where a layer's own old state belongs"),
    ("stacked_forward", ["return np.stack(hs)", "return np.stack([hs[0], *(np.array(hs[1:]) + np.array(hs[:-1]))])"], "is added to the states that are returned"),
    ("stacked_backward", ["rnn_backward(dhs, below", "rnn_backward(top, below", "dh0s = np", "top = dhs\n    dh0s = np"], "Every layer above the lowest is given what arrives at the top"),
    ("stacked_backward", ["W_x, W_h[layer])", "W_x.T, W_h[layer])"], "`W_up` is the wrong way round"),
    ("stacked_backward", ["dW_x, dW_h[layer],", "dW_x, dW_h[layer - 1],"], "`dW_h` is filled one place too early"),
    ("stacked_backward", ["below = hs[layer - 1]", "below = np.roll(hs[layer - 1], 1, axis=0)"], "`dW_up` takes the layer below one step too early"),
    ("stacked_backward", ["(dhs, below", "(dhs * (1 - hs[layer] ** 2), below", "(dhs, xs, h0s[0]", "(dhs * (1 - hs[0] ** 2), xs, h0s[0]"], "The slope of tanh is taken before the way back through each layer"),
    ("stacked_forward", ["return np.stack(hs)", "return np.stack([np.repeat(one[-1:], len(one), axis=0) for one in hs])"], "Every step holds the states of the last: is one list, or one array, stored again"),
    ("deep_bidirectional_forward", ["below = hs[layer - 1]", "below = reverse_padded(hs[layer - 1], mask)"], "The states are turned round between the layers"),
    ("stacked_dropout_backward", ["hs[layer], W_x, W_h[layer])", "hs[layer], W_x, W_h[0])"], "In the call of `rnn_backward`, `W_h[0]` stands where `W_h[layer]` belongs"),
    ("stacked_dropout_backward", ["* dbelow", "* dbelow + top", "dh0s = np", "top = dhs\n    dh0s = np"], "What arrives at the top is added at every layer"),
    ("attention_forward", ["weights = softmax(scores)", "e = np.exp(scores - scores.max(axis=-1, keepdims=True))\n    weights = e / len(keys)"], "The exponentials are divided by T"),
    ("attention_forward", ["weights = softmax(scores)", "e = np.exp(scores - scores.mean(axis=-1, keepdims=True))\n    weights = e / e.sum(axis=-1, keepdims=True)"], "The mean of the scores is taken away before `exp`"),
    ("attention_forward", ["weights = softmax(scores)", "e = 2 ** (scores - scores.max(axis=-1, keepdims=True))\n    weights = e / e.sum(axis=-1, keepdims=True)"], "In `e`, `np.exp2(a - a.max(axis=-1, keepdims=True))` stands where"),
    ("attention_forward", ["tno->uno", "tno->tno"], "that is (U, N, O), and not (T, N, O)"),
    ("attention_backward", ['"unt,unh->tnh", dproducts', '"unt,unh->tnh", dweights'], "In `dkeys`, `dweights` stands where `dproducts` belongs"),
    ("attention_backward", ["dcontexts, values)", "dcontexts, values) * weights"], "`dweights` is multiplied by the weights before the way back through softmax"),
    ("rwa_step_forward", ["den_prev * keep + gain", "den_prev * keep + np.exp(s)"], "What is added to den is not in units of the peak"),
    ("rwa_step_forward", ["np.maximum(peak_prev, s)", "np.maximum(peak_prev, np.abs(s))"], "The peak is made of scores without their signs"),
    ("attention_forward", ["softmax(scores)", "np.exp(scores - scores.max(axis=-1, keepdims=True))\n    weights = weights / np.linalg.norm(weights, axis=-1, keepdims=True)"], "are divided by the root of the sum of their squares"),
    ("attention_backward", ['"unt,tnh->unh", dproducts, keys)', '"unt,tnh->unh", weights, keys) / H**0.5'], "`dqueries` takes the weights, divided by `np.sqrt(H)`"),
    ("rolling_origin_rmse", ["errors.append(forecasts -", "errors.append(forecasts[::-1] -"], "The forecasts are turned round before they are compared"),
    ("beam_search", ["range(T - 1)", "range(T)"], "There is one token too many"),
    ("beam_search", ["grown = scores", "beams, scores = beams[-1:], scores[-1:]\n        grown = scores"], "Only the last of the beams is continued"),
    ("standardise", ["(test - mean) / std", "test / std", "(train - mean) / std", "train / std"], "both parts are scaled as `(x - mean) / std`"),
    ("standardise", ["train.std(axis=0)", "np.sqrt(np.mean(train - mean, axis=0) ** 2).round() + 1"], "`std` is 1 in every column"),
    ("standardise", ["train.std(axis=0)", "np.sqrt(((train - mean) ** 2).sum(axis=0))"], "The squared distances are added up and not divided by T"),
    ("seasonal_naive", ["np.arange(horizon) % period", "np.arange(horizon // period * period) % period"], "`horizon // period` rounds down"),
    ("seasonal_naive", ["season[places]", "season[places] + series[-1] - series[-1 - period]"], "What the last season gained on the one before it is added"),
    ("fit_autoregression", ["rcond=None)[0]", "rcond=None)", "solution[p]", "solution[-1]"], "not tuple: one array alone, so take out of it what is meant"),
    ("fit_autoregression", ["rcond=None)[0]", "rcond=None)[0] / len(targets)"], "The solution is divided by the number of targets"),
    ("fit_autoregression", ["targets = series[p:]", "targets = series[: T - p]"], "is among its own lags, the oldest of them"),
    ("fit_autoregression", ["np.linalg.lstsq(X, targets,", "np.linalg.lstsq(X, targets - series.mean(),"], "The mean is taken away from the targets and not given back"),
    ("fit_autoregression", ["np.ones_like(targets)", "np.arange(p, T)"], "A trend stands where the column of ones belongs"),
    ("forecast_closed_loop", ["np.concatenate([[forecast], recent[:-1]])", "np.roll(recent, 1)\n        recent[-1] = forecast"], "the forecast is put at the wrong end"),
    ("forecast_closed_loop", ["coefficients @ recent", "coefficients[1:] @ recent[1:]"], "The newest value is left out of the sum"),
    ("anomaly_scores", ["np.abs(errors - mean)", "np.abs(np.abs(errors) - np.abs(normal).mean())"], "The distance is that of the errors without their signs"),
    ("smoothed_forecasts", ["z * level + (1 - z) * x", "z * x + (1 - z) * x"], "which is persistence: the level is carried on"),
    ("smoothed_forecasts", ["(1 - z) * x", "(1 - z) * forecasts[-1]"], "The level never moves"),
    ("scaled_error", ["train[: len(train) - period]", "train[np.arange(period, len(train)) % period]"], "is compared with the first season"),
    ("scaled_error", ["train[period:] - train[: len(train) - period]", "train[period:-1] - train[: len(train) - period - 1]"], "The last error in training is left out"),
    ("rolling_origin_rmse", ["forecast_closed_loop(past,", "forecast_closed_loop(series,"], "The forecasts go on from the end of the whole series"),
    ("rolling_origin_rmse", ["- series[t : t + horizon]", "- series[t]"], "All steps are compared with the value of the first"),
    ("rolling_origin_rmse", ["np.sqrt(np.mean(np.square(errors), axis=0))", "np.mean(np.square(errors), axis=0) ** 2"], "The mean is squared once more"),
    ("embedding_forward", ["E[tokens]", "E[tokens[:, :1] + 0 * tokens]"], "All sequences have the first one's tokens"),
    ("embedding_backward", ["return dE", "return dE / np.bincount(tokens.ravel(), minlength=V)[:, None]"], "where it did not come that is 0 / 0"),
    ("perplexity", ["np.exp(mean)", "np.exp(np.sqrt((weight * losses**2).sum() / weight.sum()))"], "The root mean square of the losses is taken"),
    ("tied_embedding_backward", ["dxs)", "dxs * E[tokens])"], "`dxs` is multiplied by the rows that were read"),
    ("mixed_bits", ["-(weight * log_mixed)", "-(weight * np.log(-log_mixed))"], "A logarithm is taken of each logarithm"),
    ("additive_attention_backward", ['"unt,k->utnk", dscores', '"unt,k->utnk", weights'], "In `dhidden`, `weights` stands where `dscores` belongs"),
    ("reverse_padded", ["ys[:length, n] = xs[:length, n][::-1]", "for t in range(length):\n            ys[t, n] = xs[min(length - t, len(xs) - 1), n]"], "Step t is given `xs[length - t]`"),
    ("bidirectional_forward", ["xs_rev = reverse_padded(xs, mask)", "xs_rev = (xs * mask[..., None])[::-1]", "hs_rev = reverse_padded(hs_rev, mask)", "hs_rev = hs_rev[::-1]"], "The reverse direction reads the padding first, as zeros"),
    ("bidirectional_forward", ["hs_rev = reverse_padded(hs_rev, mask)", "hs_rev = hs_rev", "axis=-1)", "axis=-1)\n    hs = reverse_padded(hs, mask)"], "Both directions' states are turned round"),
    ("bidirectional_forward", ["xs_rev = reverse_padded(xs, mask)", "xs_rev = xs[::-1]", "hs_rev = reverse_padded(hs_rev, mask)", "hs_rev = hs_rev"], "in the order in which they were made, those of the padding first"),
    ("embedding_backward", ["np.add.at(dE, tokens, dxs)", "np.add.at(dE, tokens[:, -1], dxs[:, -1])"], "The last sequence alone is counted"),
    ("bidirectional_forward", ["hs_rev], axis=-1)", "hs_rev], axis=1)", "mask[..., None], hs, 0", "np.concatenate([mask, mask], axis=1)[..., None], hs, 0"], "The directions are joined along the batch"),
    ("bidirectional_backward", ["np.stack([dW_h_fwd, dW_h_rev])", "np.stack([dW_h_rev] * 2)"], "The reverse direction's part stands in both places of `dW_h`"),
    ("bidirectional_backward", ["_, dW_x_rev, dW_h_rev, db_rev =", "dW_x_rev, dW_h_rev, db_rev, _ =", "_, dW_x_fwd, dW_h_fwd, db_fwd =", "dW_x_fwd, dW_h_fwd, db_fwd, _ ="], "What rnn_backward returns is taken in another order"),
    ("stacked_forward", ["np.stack(hs)", "np.concatenate(hs)"], "The layers come one after the other in time"),
    ("stacked_backward", ["return dxs,", "dh0s[:-1] = 0\n    return dxs,"], "`dh0s` holds the top layer's alone"),
    ("stacked_backward", ["return dxs,", "dh0s[1:] = 0\n    return dxs,"], "`dh0s` holds the lowest layer's alone"),
    ("stacked_backward", ["dW_up[layer - 1] = dW_x", "dW_up[layer - 1] = dW_x\n        dhs[:-1], dhs[-1] = dhs[1:].copy(), 0"], "What comes down from the layer above is read one step too late"),
    ("stacked_backward", ["dW_up[layer - 1] = dW_x", "dW_up[layer - 1] = dW_x\n        dhs[-1] += dh0s[layer]"], "The way back of each layer goes on from the dh that the layer above has left"),
    ("dropout_mask", ["mask = kept / keep", "mask = u.copy()\n    mask[mask < keep] = 1 / keep\n    mask[mask >= keep] = 0"], "The mask is 0 everywhere: is it never filled, or asked again"),
    ("dropout_mask", ["kept / keep", "(u < keep) // keep"], "`//` rounds down"),
    ("dropout_mask", ["mask = kept / keep", "mask = u.copy()\n    mask[u < keep] = 1 / keep"], "The draws stay where an entry is dropped"),
    ("deep_bidirectional_forward", ["hs.append(bidirectional_forward(below, mask, W_x, W_h[layer], b[layer]))", "hs.append(below + bidirectional_forward(below, mask, W_x, W_h[layer], b[layer]))"], "as in a residual network"),
    ("stacked_dropout_backward", ["W_x = W_up[layer - 1]", "W_x = W_up[layer - 1].T"], "`W_up` is the wrong way round"),
    ("attention_forward", ["unt,tno->uno", "unt,tmo->uno"], "The values of all sequences are added up in each context"),
    ("attention_backward", [".sum(axis=-1, keepdims=True)", ".sum(axis=(1, 2), keepdims=True)"], "runs over the batch too"),
    ("additive_attention_forward", ['np.einsum("utnk,k->unt", hidden, w)', "(hidden @ w).reshape(len(queries), queries.shape[1], -1)"], "The axes of time and batch are exchanged by `reshape`"),
    ("additive_attention_backward", ["to_queries @ W_q.T", "to_queries"], "`dqueries` ends at the hidden layer, with its K units"),
    ("rwa_step_forward", ["v = x_v + b_v", "v = x_v + h_g + b_v", "x_g + h_g + b_g", "x_g + h_s + b_g", "s = x_s + h_s", "s = x_s"], "The state goes into value and gate"),
    ("rwa_step_forward", ["num_prev * keep", "np.where(s > peak_prev, 0, num_prev)", "den_prev * keep", "np.where(s > peak_prev, 0, den_prev)"], "The old sums are thrown away where the peak rises"),
    ("rwa_step_backward", ["dh_prev = dsums_h @", "dh_prev = dsums_x[:, : dsums_h.shape[1]] @"], "`dh_prev` takes the gradients of value and gate"),
    ("rwa_step_backward", ["dsums_h = np.concatenate([da_g, ds], axis=-1)", "dsums_h = np.concatenate([dv, da_g], axis=-1)"], "`dh_prev` and dW_h take the gradients of value and gate"),
    ("rwa_step_backward", ["np.exp(s - peak)", "np.exp(s - peak_prev)"], "This step's weight is in units of the old peak"),
    ("rwa_step_backward", ["(dnum * v * g + dden) * gain", "(dnum * v * g + dden) * gain * (1 - np.tanh(s) ** 2)"], "The score's gradient has the slope of a tanh, `1 - np.tanh(s)**2`"),
    ("beam_search", ["rows, tokens = np.unravel_index(best, grown.shape)", "tokens, rows = np.unravel_index(best, grown.shape)\n        rows, chosen = rows % len(beams), grown.ravel()[best]", "grown[rows, tokens]", "chosen"], "Beam and token have changed places"),
    ("beam_search", ["rows, tokens = np.unravel_index(best, grown.shape)", "tokens, rows = np.divmod(best, len(beams))\n        chosen = grown.ravel()[best]", "grown[rows, tokens]", "chosen"], "is divided by the number of beams"),
    ("beam_search", ["return beams[0], scores[0]", "return beams[-1], scores[-1]"], "A beam is returned that is not the most probable"),
    ("beam_search", ["np.argsort(-grown, axis=None", "np.argsort(-log_next[beams[:, -1]], axis=None", "return beams[0], scores[0]", "return max(zip(beams, scores), key=lambda beam: beam[1])"], "The continuations are sorted by the last step alone"),
    ("embedding_forward", ["E[tokens]", "np.take(E, tokens)"], "Single numbers of the table are taken"),
    ("embedding_forward", ["E[tokens]", "np.stack([E[row[0]] for row in tokens])"], "The rows of the first sequence alone are returned"),
    ("perplexity", ["mean = total / weight.sum()", "mean = np.mean([np.mean(row[one == 1]) for row, one in zip(losses, mask) if one.any()])"], "Each step counts the same, however few sequences go so far"),
    ("mixed_bits", ["np.logaddexp(np.log(share) + log_p, np.log(1 - share) + log_q)", "log_p + np.log(share + (1 - share) * np.exp(log_q - log_p))"], "overflows where log_p is far below the other"),
    ("mixed_bits", ["np.logaddexp(np.log(share) + log_p, np.log(1 - share) + log_q)", "log_q + np.log(share * np.exp(log_p - log_q) + 1 - share)"], "overflows where log_q is far below the other"),
    ("mixed_bits", ["np.logaddexp(np.log(share) + log_p, np.log(1 - share) + log_q)", "share * np.exp(log_p) + (1 - share) * np.exp(log_q)\n    log_mixed = np.where(log_mixed > 0, np.log(log_mixed), log_p)"], "Where both probabilities become 0 in the computer log_p alone is taken"),
    ("mixed_bits", ["np.log(share) + log_p, np.log(1 - share) + log_q", "np.log(share) + np.clip(log_p, -700, 0), np.log(1 - share) + np.clip(log_q, -700, 0)"], "The logarithms are cut from below"),
    ("mixed_bits", ["np.log(share) + log_p, np.log(1 - share)", "np.log2(share) + log_p, np.log2(1 - share)"], "The shares have logarithms to base 2"),
    ("standardise", ["std = np.where(constant, 1, train.std(axis=0))", "std = train.std(axis=0)\n    std[std < 1e-2] = 1"], "A column of small deviation is taken for a constant one"),
    ("standardise", ["train.mean(axis=0)", "train.mean(axis=0, keepdims=True)", "train.std(axis=0)", "train.std(axis=0, keepdims=True)"], "`mean` and std have an axis too many"),
    ("seasonal_naive", ["season[places]", "season[:horizon]"], "The forecasts end after one season"),
    ("seasonal_naive", ["season[places]", "np.tile(season, 2)[:horizon]"], "The forecasts end after two seasons"),
    ("fit_autoregression", ["np.linalg.lstsq(X, targets,", "np.linalg.lstsq(X[::p], targets[::p],"], "Only every p-th value is a target"),
    ("forecast_closed_loop", ["np.concatenate([[forecast], recent[:-1]])", "recent.copy()\n        recent[0] = forecast\n        recent = np.roll(recent, 1)"], "The forecast is written over the newest value, and all move on after that"),
    ("forecast_closed_loop", ["coefficients @ recent + intercept", "coefficients @ recent + (forecasts[-1] if forecasts else intercept)"], "A forecast goes on from the sum of the one before"),
    ("smoothed_forecasts", ["level = series[0]", "level = series.mean()", "forecasts.append(level)", "forecasts.append(level if forecasts else series[0])"], "The level starts from the mean of the series"),
    ("smoothed_forecasts", ["level = series[0]", "level = 0.0", "forecasts.append(level)", "forecasts.append(level if forecasts else series[0])"], "The first value has no share but that of every other"),
    ("smoothed_forecasts", ["return np.array(forecasts)", "shares = (1 - z) * series / z ** np.arange(1, len(series) + 1)\n    return np.array([series[0], *(z ** np.arange(1, len(series)) * (series[0] + np.cumsum(shares)[:-1]))])"], "Where z is 0 the forecasts become nan"),
    ("scaled_error", ["train[period:] - train[: len(train) - period]", "train[-period:] - train[-2 * period : -period]"], "Only the last season of train is compared"),
    ("scaled_error", ["np.abs(actual - forecasts)", "np.square(actual - forecasts)"], "The errors in the numerator are squared"),
    ("rolling_origin_rmse", ["np.sqrt(np.mean(np.square(errors), axis=0))", "np.sqrt(np.sum(np.square(errors), axis=0) / (len(series) - start))"], "The squares are divided by T - start"),
]  # fmt: skip


def with_edits(name, pairs):
    return edited(name, inspect.getsource(getattr(reference, name, None) or withheld.functions()[name]), pairs)


@each(EDITED)
def test_a_mistake_of_chapters_7_to_9_is_told_truly(name, how, words):
    assert_told(with_edits(name, how), words)


@each(IN_TWO_LOOPS)
def test_what_goes_wrong_in_one_direction_is_told_of_it(name, how, words):
    assert_told(edited(name, TWO_LOOPS, how), words)


def test_the_step_before_is_the_one_after_it_where_a_direction_reads_backwards():
    sentences = [mistake.sentence for mistake in EXERCISES["bidirectional_backward"].mistakes]
    assert any(
        one.startswith("in the reverse direction alone: `dh` is not handed back: add the dh_prev of step t - 1")
        for one in sentences
    )


PADDED_BELOW_THE_LEAST = "np.where(mask.T > 0, scores, scores.min() - 10)"


@pytest.mark.parametrize("name", ["attention_forward", "additive_attention_forward"])
def test_a_padded_step_whose_score_is_a_little_below_the_others_is_seen_whatever_the_seed(name):
    low = with_edits(name, ["np.where(mask.T > 0, scores, -np.inf)", PADDED_BELOW_THE_LEAST])
    assert all("a score a little below the least of all" in graded(low, seed).message for seed in range(30))


def test_both_directions_in_two_loops_are_right():
    assert examine(edited("bidirectional_forward", TWO_LOOPS, [])).passed


def test_nothing_is_said_to_be_compared_with_itself():
    assert all("train.min(axis=0) == train.min(axis=0)" not in slip.sentence for slip in EXERCISES["standardise"].slips)


def test_one_number_that_is_added_to_all_is_said():
    shifted = with_edits("attention_forward", ["return contexts,", "return contexts + queries.mean(),"])
    assert "the right one but for one number that is added to all of it" in graded(shifted).message


def test_a_factor_of_two_lengths_is_told():
    longer = with_edits("standardise", ["train.mean(axis=0)", "train.sum(axis=0) / len(test)"])
    assert "Your mean is the right one times len(train) / len(test)" in graded(longer).message
    scaled = with_edits("anomaly_scores", ["/ std", "/ std * len(errors) / (len(errors) - n)"])
    assert "the right one times len(errors) / (len(errors) - n)" in graded(scaled).message
