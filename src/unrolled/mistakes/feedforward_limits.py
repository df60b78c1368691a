"""Known mistakes of assignment 01-feedforward-limits."""

from unrolled.mistakes.edits import edit, variants
from unrolled.reference.feedforward_limits import (
    echo_error_floor,
    make_windows,
    mlp_backward,
    mlp_forward,
    window_parameter_count,
)

PIECES = "pieces = [xs[i : T - k + 1 + i] for i in range(k)]"
WINDOWS = "windows = np.concatenate(pieces, axis=-1)"
ALONG_THE_BATCH = ["T = len(xs)", "xs = xs.swapaxes(0, 1)\nT = len(xs)\nk = min(k, T)"]

variants(make_windows, PIECES, {
    "pieces = [xs[i : T - k + 1 + i] for i in reversed(range(k))]":
        "each window stands newest first: the oldest input comes first",
    "pieces = [xs[i : T - k + i] for i in range(k)]":
        "the last window is missing: T steps hold T - k + 1 windows, so the last start is T - k",
    "pieces = [xs[i : T - k - 1 + i] for i in range(k)]":
        "the last two windows are missing: T steps hold T - k + 1 windows, so the last start is T - k",
    "pieces = [xs[i : T - k + 1 + i : k] for i in range(k)]":
        "your windows do not overlap: each starts one step after the one before, not k",
    "pieces = [np.roll(xs, -i, axis=0) for i in range(k)]":
        "the last windows wrap round to the first steps, as `np.roll` does: only whole windows count, "
        "so there are T - k + 1 of them",
    "pieces = [np.roll(xs, i, axis=0) for i in range(k)]":
        "the first windows wrap round to the last steps, as `np.roll` does, and each stands newest first: "
        "only whole windows count, and the oldest input comes first",
    "pieces = [np.roll(xs, i, axis=0)[: T - k + 1] for i in range(k)]":
        "a window looks back, and wraps round to the last steps, as with a negative index or `np.roll`: "
        "its parts are xs[t], xs[t + 1] and so on, up to xs[t + k - 1]",
    "pieces = [np.roll(xs, k - 1 - i, axis=0) for i in range(k)]":
        "the windows that begin before the start wrap round to the last steps: only whole windows count, "
        "so there are T - k + 1 of them",
    "pieces = [xs[i + 1 : T - k + 1 + i] for i in range(k)]": "the first window is missing: it starts at xs[0]",
    "pieces = [np.repeat(xs[i : i + 1], T - k + 1, axis=0) for i in range(k)]":
        "every window is the first one: window t holds the steps from xs[t] on, `xs[t + i]` at place i",
    "pieces = [xs[k - 1 :]] * k":
        "each window holds its last step k times: its parts are xs[t], xs[t + 1] and so on, up to xs[t + k - 1]",
    "pieces = [xs[: T - k + 1]] * k":
        "each window holds one step k times: its parts are xs[t], xs[t + 1] and so on, up to xs[t + k - 1]",
    "pieces = [xs[i : T - k + i] for i in range(k + 1)]":
        "each window holds k + 1 steps: `xs[t : t + k]` holds k, since a slice ends before its second number",
})
edit(
    make_windows, "T = len(xs)", "xs = np.concatenate([np.zeros((k - 1, *xs.shape[1:])), xs])\nT = len(xs)",
    "the start is padded with zeros: only whole windows count, so there are T - k + 1 of them",
)
edit(
    make_windows, *ALONG_THE_BATCH, WINDOWS, "windows = np.concatenate(pieces, axis=-1).swapaxes(0, 1)",
    "the window runs along the batch: axis 0 of xs is time",
)
edit(make_windows, *ALONG_THE_BATCH, "the window runs along axis 1, the batch: axis 0 of xs is time")
variants(make_windows, WINDOWS, {
    "windows = np.stack(pieces, axis=-1).reshape(len(pieces[0]), xs.shape[1], -1)":
        "the values of a feature stand together: put whole steps side by side, "
        "all D features of the oldest step first",
    "windows = np.concatenate(pieces)":
        "the steps of a window stand one below another: `np.concatenate` joins on axis 0 unless it is told `axis=-1`",
    "windows = np.concatenate(pieces, axis=1)":
        "the steps of a window stand one below another, along the batch: they stand side by side on the last axis, "
        "`axis=-1`",
    "windows = np.stack([xs[t : t + k].ravel() for t in range(T - k + 1)])":
        "all sequences of the batch are put into one window: each has a row of its own, so a window is (N, kD)",
    "windows = sum(pieces) / k": "the steps of a window are averaged: lay them side by side, or their order is lost",
    "windows = sum(pieces)": "the steps of a window are added up: lay them side by side, or their order is lost",
    "windows = np.stack([xs[t : t + k].reshape(xs.shape[1], -1) for t in range(T - k + 1)])":
        "`reshape` alone mixes the sequences of a batch: time comes first in `xs[t : t + k]`, "
        "so bring each row's steps together first, as `transpose(1, 0, 2)` does",
})
variants(make_windows, WINDOWS, {
    "windows = np.concatenate([np.zeros_like(pieces[0]), *pieces[1:]], axis=-1)":
        "the first place of each window is left empty: the loop over its k places begins with 0, as `range(k)` does",
    "windows = np.concatenate([*pieces[:-1], np.zeros_like(pieces[-1])], axis=-1)":
        "the last place of each window is left empty: the loop over its k places ends with k - 1, as `range(k)` does",
    "windows = np.concatenate([pieces[0]] + [np.zeros_like(pieces[0])] * (k - 1), axis=-1)":
        "the first place of each window alone is filled: step t + i belongs in place i, "
        "the numbers `i * D : (i + 1) * D`",
    "windows = np.concatenate([np.zeros_like(pieces[0])] * (k - 1) + [pieces[-1]], axis=-1)":
        "the last place of each window alone is filled: step t + i belongs in place i, "
        "the numbers `i * D : (i + 1) * D`",
})
edit(
    make_windows, WINDOWS,
    "D = xs.shape[2]\nwindows = np.zeros((len(pieces[0]), xs.shape[1], k * D))\nfor i, piece in enumerate(pieces):\n"
    "    windows[..., i : i + D] = piece",
    "the steps of a window are written over each other, at the numbers `i : i + D`: each has D numbers of its own, "
    "`i * D : (i + 1) * D`",
)
edit(
    make_windows, "return windows", "windows[np.arange(len(windows)) % k > 0] = 0\nreturn windows",
    "only every k-th window is filled: each starts one step after the one before, not k",
)
for _name, _kept in {"last": "windows[:-1], 0 * windows[-1:]", "first": "0 * windows[:1], windows[1:]"}.items():
    edit(
        make_windows, "return windows", f"return np.concatenate([{_kept}])",
        f"the {_name} window is left empty: there are T - k + 1 of them, so the loop over them is `range(T - k + 1)`",
    )
for _axis in (1, 2, 3):
    edit(
        make_windows, WINDOWS, f"windows = np.stack(pieces, axis={_axis})",
        "the steps of a window are kept on an axis of their own: lay them side by side on the last axis, kD long",
        name=f"steps_kept_on_axis_{_axis}",
    )

HIDDEN, Y = "hidden = np.tanh(a)", "y = hidden @ W2 + b2"

variants(mlp_forward, HIDDEN, {
    "hidden = a": "tanh is left out: without it two layers are one",
    "hidden = np.maximum(a, 0)": "the hidden layer uses ReLU: here it is tanh",
    "hidden = 1 / (1 + np.exp(-a))": "the hidden layer uses the logistic sigmoid: here it is tanh",
    "hidden = 1 / (1 + np.exp(-2 * a))":
        "the hidden layer uses a logistic sigmoid of 2 * a: tanh(a) is twice that, less 1, or simply `np.tanh(a)`",
    "hidden = np.tanh(np.tanh(a))": "tanh is taken twice in the hidden layer: it is tanh of the sums, `np.tanh(a)`",
    "hidden = np.arctan(a)": "the hidden layer uses the arc tangent: here it is the hyperbolic tangent, `np.tanh`",
    "hidden = np.tanh(a / 2)":
        "`hidden` is tanh of half of what it should be: tanh(a) is 2 * sigmoid(2 * a) - 1, or simply `np.tanh(a)`",
})
edit(mlp_forward, "a = x @ W1 + b1", "a = x @ W1", "the bias b1 is left out")
for _which, _rest, _end in [("first", "1:", "begins with 0"), ("last", ":-1", "goes on to the last")]:
    edit(
        mlp_forward, "a = x @ W1 + b1", f"a = x[:, {_rest}] @ W1[{_rest}] + b1",
        f"the {_which} of the D inputs is left out: a loop over them {_end}",
    )
    edit(
        mlp_forward, Y, f"y = hidden[:, {_rest}] @ W2[{_rest}] + b2",
        f"the {_which} hidden unit is left out of `y`: a loop over them {_end}",
    )
edit(
    mlp_forward, "a = x @ W1 + b1", "a = x @ W1", HIDDEN, "hidden = np.tanh(a) + b1",
    "the bias b1 is added after tanh: it belongs inside, `np.tanh(x @ W1 + b1)`",
)
variants(mlp_forward, Y, {
    "y = a @ W2 + b2": "`y` is made of the sums before tanh: it is made of hidden, `hidden @ W2 + b2`",
    "y = np.tanh(hidden) @ W2 + b2":
        "tanh is taken of hidden once more before the output: hidden comes out of tanh already, "
        "so y is `hidden @ W2 + b2`",
    "y = hidden @ W2": "the bias b2 is left out",
    "y = hidden @ W2 / len(W2) + b2":
        "`y` is made of means over the hidden units: `hidden @ W2` adds up, over all H of them",
    "y = np.tanh(hidden @ W2 + b2)": "tanh is taken of the output too: y is `hidden @ W2 + b2`",
    "y = 1 / (1 + np.exp(-(hidden @ W2 + b2)))":
        "the output goes through the logistic sigmoid: y is `hidden @ W2 + b2` as it stands",
    "y = np.exp(hidden @ W2 + b2)\ny = y / y.sum(axis=-1, keepdims=True)":
        "the output goes through softmax: y is `hidden @ W2 + b2` as it stands",
})
edit(
    mlp_forward, "return y, hidden", "return y, a",
    "what you return as hidden is before tanh: return the activations, which the backward pass needs",
)

DA = "da = dhidden * (1 - hidden**2)"

variants(mlp_backward, DA, {
    "da = dhidden":
        "the slope of tanh is left out: multiply by `1 - hidden**2` on the way through the hidden layer",
    "da = dhidden * hidden": "`hidden` itself stands where the slope of tanh belongs: multiply by 1 - hidden**2",
    "da = dhidden * hidden**2": "`hidden**2` stands where the slope of tanh belongs: multiply by 1 - hidden**2",
    "da = dhidden * hidden * (1 - hidden)":
        "this is the slope of the logistic sigmoid, hidden * (1 - hidden): the slope of tanh is 1 - hidden**2",
    "da = dhidden * (1 - np.tanh(hidden)**2)":
        "tanh is taken of hidden once more: hidden is already the tanh, its slope is 1 - hidden**2",
    "da = dhidden * (1 - np.tanh(x @ W1)**2)":
        "the slope is that of a hidden layer made again without its bias: hidden is given, so take 1 - hidden**2",
    "da = dhidden * (1 - hidden)": "the slope of tanh is 1 - hidden**2: the square is missing",
    "da = dhidden * (1 - hidden)**2":
        "the square stands outside the bracket: the slope of tanh is 1 - hidden**2, not (1 - hidden)**2",
    "da = dhidden * (1 - hidden * 2)":
        "`hidden` is doubled where it should be squared: the slope of tanh is 1 - hidden**2, with two stars",
    "da = dhidden * 1 - hidden**2":
        "brackets are missing: `a * 1 - hidden**2` multiplies by 1 and then takes hidden**2 away, "
        "so write `a * (1 - hidden**2)`",
    "da = dhidden * (1 - hidden**2)**2": "the slope of tanh is taken twice: multiply by 1 - hidden**2 once",
    "da = dhidden * (hidden > 0)": "this is the slope of ReLU: the hidden layer is tanh, its slope is 1 - hidden**2",
})
edit(
    mlp_backward, "dW2 = hidden.T @ dy", "dW2 = (hidden * (1 - hidden**2)).T @ dy",
    "`dW2` has the slope of tanh in it: y is `hidden @ W2 + b2`, and no tanh stands between",
)
edit(
    mlp_backward, "dW2 = hidden.T @ dy", "dW2 = (1 - hidden**2).T @ dy",
    "`dW2` takes the slope of tanh where it needs the hidden values: W2 was multiplied by hidden",
)


def biases(old, new):
    """The lines of both biases' gradients, with the sum replaced."""
    lines = ("db1 = da.sum(axis=0)", "db2 = dy.sum(axis=0)")
    return [part for line in lines for part in (line, line.replace(old, new))]


edit(
    mlp_backward, "dW1 = x.T @ da", "dW1 = x.T @ da / len(x)", "dW2 = hidden.T @ dy", "dW2 = hidden.T @ dy / len(x)",
    *biases("sum", "mean"),
    "the weights' gradients are divided by N: the mean over the batch belongs to the loss, and dy carries it already",
)
edit(
    mlp_backward, *biases("sum", "mean"),
    "the biases' gradients are means over the batch: they are sums, since b is added in every row",
)
edit(
    mlp_backward, *biases("axis=0", "axis=1"),
    "the biases' gradients are summed over axis 1, the units: each unit keeps its own, so sum over the batch, "
    "`axis=0`",
)
edit(
    mlp_backward, *biases(".sum(axis=0)", ""),
    "the biases' gradients are not summed over the batch: b is shared by all rows, so add them up",
)

FIRST, SECOND, COUNT = (
    "hidden_layer = k * D * H + H", "output_layer = H * O + O", "count = hidden_layer + output_layer",
)

for _first, _second, _sentence in [
    ("k * D * H", "H * O", "the biases are not counted: there are H of them in the hidden layer and O in the output"),
    ("k * D * H + 1", "H * O + 1",
        "one bias is counted for each layer: a layer has one for each of its units, so H and O of them"),
    ("D * H", "H * O", "neither the window nor the biases are counted: W1 is (kD, H), and there are H + O biases"),
    ("k * D * H + k * D", "H * O + H",
        "a bias is counted for each number that a layer reads: it has one for each of its own units, so H and O"),
    ("k * D + H", "O",
        "these are the units: what is learned is the weights between them, W1 (kD, H) and W2 (H, O), and the biases"),
]:
    edit(window_parameter_count, FIRST, f"hidden_layer = {_first}", SECOND, f"output_layer = {_second}", _sentence)
variants(window_parameter_count, FIRST, {
    "hidden_layer = k * D * H": "the hidden layer's bias is not counted: it has H numbers",
    "hidden_layer = D * H + H": "the window is not counted: the first layer reads k D numbers, so W1 is (kD, H)",
    "hidden_layer = k * D * H + H * H + H":
        "weights from state to state are counted, H of them for each unit: this net has no state, and no such weights",
    "hidden_layer = k * (D * H + H)":
        "a bias is counted for every step of the window: the hidden layer has H biases in all",
})
variants(window_parameter_count, SECOND, {
    "output_layer = H * O": "the output's bias is not counted: it has O numbers",
    "output_layer = k * H * O + O": "`W2` is counted k times too: a longer window only makes W1 taller",
})
edit(
    window_parameter_count, COUNT, "count = k * (D * H + H + H * O + O)",
    "everything is counted k times: a longer window only makes W1 taller",
)

variants(echo_error_floor, "return 0.0 if k > delay else float(variance)", {
    "return 0.0 if k >= delay else variance":
        "off by one: a window of k inputs reaches back k - 1 steps, so the echo is inside only when k > delay",
    "return 0.0 if 1 <= delay <= k else variance":
        "the echo is taken to be inside for a delay from 1 to k: a window of k inputs reaches back 0 to k - 1 steps",
    "return 0.0 if k > delay + 1 else variance":
        "the window is asked to be one step longer than it must be: a window of delay + 1 inputs does hold the echo",
    "return 0.0 if k > delay else variance**0.5":
        "this is the standard deviation: the mean squared error of guessing the mean is the variance",
    "return 0.0 if k > delay else variance**2":
        "the variance is squared: it is a mean of squares already, the mean squared error of guessing the mean",
    "return variance":
        "the error is the variance whatever k is: a window that holds the echo can copy it, and then it is 0",
    "return 0.0":
        "the error is 0 whatever k is: when the echo is outside the window, "
        "nothing in the window tells anything about it",
    "return variance if k > delay else 0.0":
        "the two cases are exchanged: the error is 0 when the window holds the echo",
    "return 0.0 if k > delay else variance * (delay - k + 1)":
        "the floor does not grow with the steps that are missing: outside the window the echo is independent of it, "
        "however far, and the error is the variance",
    "return variance * max(0.0, 1 - k / (delay + 1))":
        "the floor does not fall bit by bit with k: a window that misses the echo by one step knows as little as one "
        "that misses it by ten",
})
