"""Mistakes as students make them in chapters 1 to 3: windows, the loss, the loop, and the way back that is cut or
put to the test."""

import inspect

from tests.mistakes.told import assert_told, each, edited
from unrolled import reference, withheld

# The way back through windows, written out.
BY_PLACES = """dembedded = np.zeros_like(embedded)
    D = E.shape[1]
    for i in range(k):
        dembedded[i : i + len(das)] += dwindows[:, :, i * D : (i + 1) * D]"""
CALLED = "dembedded = windows_backward(dwindows, k)"
RETURN = "    return np.stack(hs)"
ONE_HOT = "one_hot = np.eye(V, dtype=logits.dtype)[targets]"
DLOGITS = "weight * (np.exp(log_p) - one_hot)"
WANTED = "weight[..., None] * (np.exp(log_p) - wanted)"
OVERFLOWS = "loss = (mask * (np.log(np.exp(logits).sum(axis=-1)) - (one_hot * logits).sum(axis=-1))).sum()"
LOSS = "loss = -(weight * one_hot * log_p).sum()"
CLEARED = """if (t + 1) % k == 0:
            dh = np.zeros_like(dh)      # a chunk ends here: no gradient comes from after it
        dh = dh + dhs[t]        # from the step after, and from this step's output"""
TAKEN = "taken[: begin - first] = 0      # these losses have gone back with the windows before"
NORMS = "size = np.linalg.norm(first) + np.linalg.norm(second)"
ERROR = "error = gap / size if size != 0 else 0.0    # not size > 0: a NaN must not pass for equal"

# The function, old and new line by turns, what the message must say.
EDITED = [
    ("make_windows", ["windows = np.concatenate(pieces, axis=-1)", "D = xs.shape[2]\n    windows = np.zeros((T - k + 1, xs.shape[1], k * D))\n    for i in range(k):\n        windows[:, :, i : i + D] = pieces[i]"], "at the numbers `i : i + D`"),
    ("make_windows", ["[xs[i : T - k + 1 + i] for i in range(k)]", "[xs[i : T - k + 1 + i : k] for i in range(k)]", "np.concatenate(pieces, axis=-1)", "np.stack(pieces, axis=-1).reshape(len(pieces[0]), xs.shape[1], -1)"], "2. the values of a feature stand together"),
    ("mlp_forward", ["y = hidden @ W2", "y = np.tanh(hidden) @ W2"], "Tanh is taken of hidden once more before the output"),
    ("mlp_forward", ["np.tanh(a)", "np.tanh(np.tanh(a))"], "Tanh is taken twice in the hidden layer"),
    ("mlp_backward", ["dW1 = x.T @ da", "dW1 = (x.T @ da).T", "dW2 = hidden.T @ dy", "dW2 = (hidden.T @ dy).T"], "Your dW1 is transposed. The same holds for your dW2."),
    ("rnn_step_forward", ["x @ W_x", "W_x @ x"], "= (N, D). `x @ W_x` fits."),
    ("readout", ["hs @ W_y", "hs[0] @ W_y.T"], "= (V, H). `hs[0] @ W_y` fits."),
    ("cross_entropy", [LOSS, LOSS.replace("weight", "1 / N"), DLOGITS, DLOGITS + " * N"], "1. the mask is applied to `dlogits` but not to the loss.\n2. `dlogits` is not divided: both are divided by the batch size N."),
    ("mlp_backward", ["dW2 = hidden.T @ dy", "slope = 1 - hidden**2\n    dW2 = slope.T @ dy"], "`dW2` takes the slope of tanh where it needs the hidden values"),
    ("windows_backward", ["i * D : (i + 1) * D", "i : i + D"], "Place i is read from the numbers `i : i + D`"),
    ("windows_backward", ["dwindows[..., i * D : (i + 1) * D]", "dwindows.reshape(count, k, N, D)[:, i]"], "`reshape` mixes places and sequences"),
    ("windows_backward", ["dxs[i : i + count] += part", "for t in range(count):\n            dxs[t - i] += part[t]"], "Place i goes to the step i before the start of its window"),
    ("windows_backward", ["i * D : (i + 1) * D", "i : i + D", "range(k)", "range(k - 1)"], "1. place i is read from the numbers `i : i + D`"),
    ("linear_echo_floor", ["covariances[lags]", "np.triu(covariances[lags])"], "The matrix is filled on one side of its diagonal alone"),
    ("linear_echo_floor", ["covariances[lags]", "covariances[lags] + 1e-3 * np.eye(k)"], "A small number is added to the diagonal"),
    ("linear_echo_floor", ["lags = ", "k = k + 1\n    lags = "], "The window holds k + 1 inputs"),
    ("embedded_window_backward", [CALLED, BY_PLACES.replace("i * D : (i + 1) * D", "i : i + D")], "Place i is read from the numbers `i : i + D`"),
    ("embedded_window_backward", [CALLED, BY_PLACES, "xs, dembedded)", "xs, dembedded @ E.T)"], "`dE` is made with dxs, which has gone back through E"),
    ("embedded_window_backward", [CALLED, BY_PLACES, "xs, dembedded)", "xs @ E, dembedded)"], "`dE` is made with xs @ E"),
    ("embedded_window_backward", [CALLED, BY_PLACES, 'np.einsum("tnv,tnd->vd", xs, dembedded)', "xs.sum(axis=0).T @ dembedded.sum(axis=0)"], "`dE` mixes the steps"),
    ("softmax", ["a - a.max(axis=-1, keepdims=True)", "np.clip(a, -500, 500)"], "The scores are cut off before `exp`"),
    ("softmax", ["a.max(axis=-1, keepdims=True)", "a.max()", "e.sum(", "e.max("], "and divide by the largest exponential"),
    ("cross_entropy", [ONE_HOT, "one_hot = np.zeros((T, N, V))\n    one_hot[:-1] = np.eye(V)[targets[1:]]"], "Step t is compared with the target of step t + 1"),
    ("cross_entropy", [ONE_HOT, "one_hot = np.eye(V)[np.roll(targets, -1, axis=0)]"], "Step t is compared with the target of step t + 1"),
    ("cross_entropy", [DLOGITS, "weight * np.exp(log_p) - one_hot"], "1 is taken away at each target after the mask and the division by N"),
    ("cross_entropy", ["logits - logits.max(axis=-1, keepdims=True)", "logits"], "Your loss does not bear large logits"),
    ("cross_entropy", [LOSS, OVERFLOWS + " / N"], "Your loss becomes infinite: has a probability become 0"),
    ("cross_entropy", [LOSS, OVERFLOWS], "is not divided by the batch size N"),
    ("cross_entropy", [LOSS, LOSS + " * N / mask.sum()"], "The loss is divided by the number of steps that count: it is divided by the batch size N alone"),
    ("smoothed_cross_entropy", ["logits - logits.max(axis=-1, keepdims=True)", "logits"], "Your loss does not bear large logits"),
    ("smoothed_cross_entropy", ["counted.sum(axis=0)", "counted.sum(axis=1, keepdims=True)"], "The steps are counted along axis 1, the batch"),
    ("smoothed_cross_entropy", [WANTED, "weight[..., None] * ((1 - smoothing) * (np.exp(log_p) - one_hot) - smoothing / V)"], "`dlogits` has the probabilities times 1 - smoothing"),
    ("smoothed_cross_entropy", [WANTED, "weight[..., None] * (np.exp(log_p) - (1 - smoothing) * one_hot)"], "`dlogits` forgets the share that goes to all symbols"),
    ("smoothed_cross_entropy", [WANTED, "weight[..., None] * np.exp(log_p) - wanted"], "What is wanted is taken away after the division and the mask"),
    ("rnn_forward", [RETURN, "    return np.stack([hs[0]] + [0 * h0] * (len(xs) - 1))"], "Only the first step is filled in"),
    ("rnn_forward", ["h = rnn_step_forward(x, h, W_x, W_h, b)", "h = np.tanh(x @ W_x + h @ W_h)", RETURN, RETURN + " + b"], "The bias b is added to the states when all are made"),
    ("gru_forward", ["np.stack(hs), np.stack(gates)", "np.stack(hs) * (np.arange(len(xs)) < 1)[:, None, None], np.stack(gates) * (np.arange(len(xs)) < 1)[:, None, None]"], "Only the first step is filled in"),
    ("readout", ["+ b_y", "- b_y"], "The bias b_y is taken away"),
    ("readout", ["    return logits", "    logits[-1] = 0\n    return logits"], "The last step's scores are left empty"),
    ("readout", ["+ b_y", "- b_y", "    return logits", "    logits[-1] = 0\n    return logits"], "1. the bias b_y is taken away"),
    ("jordan_forward", ["y = h @ W_y", "y = np.tanh(h) @ W_y"], "Tanh is taken of the state once more before the output"),
    ("jordan_forward", ["    return np.stack(ys), np.stack(hs)", "        return np.stack(ys), np.stack(hs)"], "is the `return` inside the loop"),
    ("jordan_step_backward", ["dW_y = h.T", "dy = dy * (1 - y_prev**2)\n    dW_y = h.T"], "`dy` is multiplied by a slope of tanh, 1 - y_prev**2"),
    ("jordan_step_backward", ["dx = da @ W_x.T", "O = y_prev.shape[1]; both = da @ np.concatenate([W_x, W_o]).T; dx = both[:, O:]", "dy_prev = da @ W_o.T", "dy_prev = both[:, :O]", "dW_x = x.T @ da", "dW = np.concatenate([x, y_prev], axis=1).T @ da; dW_x = dW[O:]", "dW_o = y_prev.T @ da", "dW_o = dW[:O]"], "is taken apart as if y_prev came first"),
    ("jordan_step_backward", ["dx = da @ W_x.T", "O = y_prev.shape[1]; both = da @ np.concatenate([W_x, W_o]).T; dx = both[:, O:]", "dy_prev = da @ W_o.T", "dy_prev = both[:, :O]"], "is taken apart as if y_prev came first"),
    ("recurrent_gradient_by_distance", ["(das[1:] @ W_h.T)", "(das[1:] @ W_h.T + dhs[d + 1 :])"], "The losses join in once more at each step back"),
    ("rnn_backward", ["    return np.stack(dxs), dh", "        return np.stack([*np.zeros_like(xs[1:]), *dxs]), dh"], "is the `return` inside the loop"),
    ("truncated_rnn_backward", [CLEARED, "if (t + 1) % k == 0 or t == len(xs) - 1:\n            dh = dhs[t]"], "Only the loss of a chunk's last step counts"),
    ("truncated_rnn_backward", ["(t + 1) % k == 0", "t in [steps[-1] for steps in np.array_split(np.arange(len(xs)), -(-len(xs) // k))]"], "The chunks are made as equal as can be"),
    ("numerical_gradient", ["f(theta + step) - f(theta - step)", "f(theta[place] + eps) - f(theta[place] - eps)"], "`f` is given one entry alone"),
    ("numerical_gradient", ["f(theta + step) - f(theta - step)", "f(theta) - f(theta)"], "is it a copy that moves, as `theta.flatten()` is"),
    ("numerical_gradient", ["step[place] = eps", "step[place] = eps * abs(theta[place])"], "The step is eps times the size of the entry"),
    ("relative_error", [ERROR, "error = gap / np.linalg.norm(first) + np.linalg.norm(second)"], "Brackets are missing below the line"),
    ("relative_error", ["norm(first - second)", "norm(first - second, axis=-1)", NORMS, "size = np.linalg.norm(first, axis=-1) + np.linalg.norm(second, axis=-1)", ERROR, "error = np.mean(np.divide(gap, size, out=np.zeros_like(gap), where=size > 0))"], "The norms are taken along one axis"),
    ("relative_error", ["np.linalg.norm(first - second)", "np.sum((first - second) ** 2)", NORMS, "size = np.sum(first**2) + np.sum(second**2) + 1e-12"], "These are squares, and small ones count for nothing"),
    ("relative_error", ["np.linalg.norm(first - second)", "abs(np.linalg.norm(first) - np.linalg.norm(second))", "gap / size", "gap / np.linalg.norm(first)"], "divide by the norm of `first` alone, which may be zero"),
    ("overlapping_rnn_backward", [TAKEN, "taken = np.zeros_like(taken)\n        taken[: end - begin] = dhs[begin:end]"], "The losses that a window takes stand at its beginning"),
    ("overlapping_rnn_backward", ["end = min(begin + k1, len(xs))", "end = min(begin + k2, len(xs))", "first = max(end - k2, 0)", "first = begin", TAKEN, "taken[: (k2 - k1) * (begin > 0)] = 0"], "Each window begins k1 steps after the one before"),
]  # fmt: skip


@each(EDITED)
def test_a_mistake_of_chapters_1_to_3_is_told_truly(name, how, words):
    source = inspect.getsource(getattr(reference, name, None) or withheld.functions()[name])
    assert_told(edited(name, source, how), words)
