"""Known mistakes of assignment 01-feedforward-limits in what no page prints."""

from unrolled.mistakes.edits import edit, last_line, variants
from unrolled.unprinted.feedforward_limits import embedded_window_backward, linear_echo_floor, windows_backward

LAGS, AMONG = "lags = np.abs(np.arange(k) - np.arange(k)[:, None])", "among = covariances[lags]"
WITH_ECHO, SOLVED = (
    "with_echo = covariances[np.abs(delay - np.arange(k))]", "weights = np.linalg.solve(among, with_echo)",
)
FLOOR = "floor = covariances[0] - with_echo @ weights"

OVERWRITTEN = (
    "a window's gradient overwrites those of others: a step lies in up to k windows, and their gradients add up; "
    "`+=` adds a slice, and `np.add.at` a list of places, of which `dxs[places] += ...` adds each one once"
)

edit(
    linear_echo_floor, LAGS, "lags = np.arange(k) - np.arange(k)[:, None]",
    "a lag inside the window is negative, and Python counts it from the end: only the distance of two inputs counts, "
    "`np.abs`",
)
edit(
    linear_echo_floor, LAGS, "lags = np.arange(k) + np.arange(k)[:, None]",
    "the places of two inputs are added: what counts is how far they lie apart, `np.abs(i - j)`",
)
edit(
    linear_echo_floor, LAGS, "lags = np.maximum(np.arange(k) - np.arange(k)[:, None], 0)",
    "a negative lag inside the window is taken for 0: the distance of two inputs counts, whichever is older, `np.abs`",
)
for _inputs, _sentence in {
    "k + 1": "the window holds k + 1 inputs: with this step's among them, k inputs reach back k - 1 steps",
    "k - 1": "the window holds k - 1 inputs: there are k, this step's among them",
}.items():
    edit(
        linear_echo_floor, LAGS, LAGS.replace("arange(k)", f"arange({_inputs})"), WITH_ECHO,
        WITH_ECHO.replace("arange(k)", f"arange({_inputs})"), _sentence,
        name=f"window_of_{_inputs}",
    )
edit(
    linear_echo_floor, AMONG, "among = np.triu(covariances[lags])",
    "the matrix is filled on one side of its diagonal alone: two inputs have the same covariance whichever is the "
    "older, so it is symmetric",
)
for _ridge in ("1e-1", "1e-2", "1e-3", "1e-4"):
    edit(
        linear_echo_floor, AMONG, f"among = covariances[lags] + {_ridge} * np.eye(k)",
        "a small number is added to the diagonal, as if there were noise on the inputs: "
        "solve the equations with the covariances as they are",
        name=f"diagonal_and_{_ridge}",
    )
edit(
    linear_echo_floor, AMONG, "among = covariances[0] * np.eye(k)",
    "the inputs of the window are taken for independent of each other: their weights solve one system of k equations, "
    "with all their covariances in it",
)
variants(linear_echo_floor, WITH_ECHO, {
    "with_echo = covariances[delay - np.arange(k)]":
        "a lag between window and echo is negative, and Python counts it from the end: "
        "only the distance of two inputs counts, `np.abs`",
    "with_echo = covariances[np.abs(delay - 1 - np.arange(k))]":
        "the window ends one step too early: its newest input is this step's, `delay` steps after the echo",
    "with_echo = covariances[np.abs(delay + 1 - np.arange(k))]":
        "the window ends one step too late: its newest input is this step's, `delay` steps after the echo",
    "with_echo = covariances[np.maximum(delay - np.arange(k), 0)]":
        "a negative lag is taken for 0: inputs after the echo lie as far from it as those before, "
        "so take the distance, `np.abs`",
    "with_echo = covariances[delay + np.arange(k)]":
        "the window is laid on the wrong side of this step: the input of i steps ago is `delay - i` steps from the "
        "echo, not `delay + i`",
    "with_echo = covariances[:k]":
        "the error is 0 whatever k and delay are: is this step's own input guessed, which the window holds, "
        "or is it the error in the equations, which is 0 once they are solved? "
        "What is wanted is the error of the best guess at the input of `delay` steps ago",
})
variants(linear_echo_floor, SOLVED, {
    "weights = among @ with_echo":
        "the equations are multiplied where they should be solved: `among @ weights = with_echo`",
    "weights = with_echo":
        "the covariances with the echo are taken for the weights: these solve `among @ weights = with_echo`",
})
WHOLE_SQUARE = "floor = covariances[0] - 2 * (with_echo @ weights) + weights @ among @ weights"
for _weights, _sentence in {
    "with_echo / covariances[0]": "each input's weight is found by itself, as if they were independent: "
                                  "the weights solve one system of k equations, `among @ weights = with_echo`",
    "among @ with_echo": "the equations are multiplied where they should be solved: `among @ weights = with_echo`",
    "with_echo": "the covariances with the echo are taken for the weights: these solve `among @ weights = with_echo`",
    "np.full(k, 1 / k)":
        "the weights are all the same, a plain mean of the window: the best ones solve `among @ weights = with_echo`",
}.items():
    edit(
        linear_echo_floor, SOLVED, f"weights = {_weights}", FLOOR, WHOLE_SQUARE,
        _sentence, name=f"whole_square_of_{_weights}",
    )
variants(linear_echo_floor, FLOOR, {
    "floor = with_echo @ weights":
        "this is how much the window explains: what is left is the variance, `covariances[0]`, without it",
    "floor = covariances[0] + with_echo @ weights":
        "a sign is wrong: the window takes from the variance what it explains",
    "floor = covariances[0] - 2 * (with_echo @ weights)":
        "the square of the guess is left out: (x - guess)**2 has three terms, and at the best weights the last gives "
        "half of the second back",
    "floor = covariances[0]":
        "the floor is `covariances[0]`, as if the window told nothing: is its part not taken away, "
        "or is the 2 missing before the middle term of (x - guess)**2?",
    "floor = weights": "these are the weights of the best guess: what is wanted is its mean squared error, one number",
    "floor = covariances[0] - weights @ weights":
        "the weights are multiplied by themselves: what the window explains is the weights times their covariances "
        "with the echo, `with_echo @ weights`",
    "floor = covariances[0] - covariances[0] * (weights @ weights)":
        "the squares of the weights are taken away: what the window explains is the weights times their covariances "
        "with the echo, `with_echo @ weights`",
    "floor = covariances[0] if k > delay else covariances[0] - with_echo @ weights":
        "where the window holds the echo, you return `covariances[0]`: there the floor is 0, "
        "since one of the inputs is the echo itself",
    "floor = 0.0 if k >= delay else covariances[0] - with_echo @ weights":
        "the echo is taken to be in the window one step too early: k inputs reach back k - 1 steps, "
        "so it is inside where `delay < k`, and there alone the floor is 0",
    "floor = covariances[0] + 3 * (with_echo @ weights)":
        "the middle term is added: (x - guess)**2 is x**2 - 2 * x * guess + guess**2",
    "floor = covariances[0] - 3 * (with_echo @ weights)":
        "the square of the guess is taken away: (x - guess)**2 is x**2 - 2 * x * guess + guess**2",
    "floor = covariances[0] - 2 * (with_echo @ weights) + weights @ weights":
        "the square of the guess has no covariances in it: its mean is `weights @ among @ weights`",
    "floor = covariances[0] - 2 * (with_echo @ weights) + covariances[0] * (weights @ weights)":
        "the square of the guess lacks what two different inputs have in common: "
        "its mean is `weights @ among @ weights`",
    "floor = covariances[delay] - with_echo @ weights":
        "the window's part is taken from `covariances[delay]`: the variance of what is wanted is `covariances[0]`",
    "floor = 1 - with_echo @ weights": "the variance is taken for 1: it is `covariances[0]`",
    "floor = 1 - with_echo @ weights / covariances[0]": "this is a share of the variance: the error itself is wanted",
    "floor = max(covariances[0] - with_echo @ weights, 0.0)**0.5":
        "this is the root of the mean squared error: the mean of the squares is wanted",
    "floor = 0.0 if k > delay else covariances[0]":
        "the inputs are taken for independent, whose echo falls off a cliff: "
        "here what is in the window tells something about what is not",
})
edit(
    linear_echo_floor, FLOOR, "floor = np.sqrt(np.abs(covariances[0] - with_echo @ weights))",
    "this is the root of the mean squared error: the mean of the squares is wanted",
    name="root_of_what_is_0_but_for_rounding",
)
edit(
    linear_echo_floor, FLOOR, "floor = np.sqrt(covariances[0] - with_echo @ weights)",
    "this is the root of the mean squared error: the mean of the squares is wanted",
    name="root_of_what_may_be_below_0",
)
edit(
    linear_echo_floor, FLOOR,
    "nearest = covariances[max(delay - k + 1, 0)]\nfloor = covariances[0] - nearest**2 / covariances[0]",
    "only the input nearest to the echo is used: that is enough where each input depends on the last one alone, "
    "and not in general",
)

STEPS = "T = count + k - 1"
PLACES = "for i in range(k):"
PART = "part = dwindows[..., i * D : (i + 1) * D]"
ADDED = "dxs[i : i + count] += part"

variants(windows_backward, PART, {
    "part = dwindows[..., i : i + D]":
        "place i is read from the numbers `i : i + D`: each place has D numbers of its own, `i * D : (i + 1) * D`",
    "part = dwindows.reshape(count, k, N, D)[:, i]":
        "`reshape` mixes places and sequences: the k places of a window stand on the last axis, "
        "so cut that one alone, `reshape(count, N, k, D)`",
    "part = dwindows[..., i::k]": "the numbers of a step are taken from all places: "
                                  "a step's D numbers stand side by side in a window, the oldest step first",
    "part = dwindows[..., (k - 1 - i) * D : (k - i) * D]":
        "the windows are read newest first: the oldest step of a window comes first",
    "part = dwindows[..., :D]":
        "the first place of a window serves all its steps: place i is `dwindows[..., i * D : (i + 1) * D]`",
    "part = dwindows.reshape(count, N, k, D).sum(axis=2)":
        "every step gets the gradients of all places of its windows: in each window it stood at one place, "
        "and gets that one's",
})
variants(windows_backward, ADDED, {
    "dxs[i : i + count] = part":
        OVERWRITTEN,
    "dxs[np.arange(count) - i] += part":
        "place i goes to the step i before the start of its window, and round to the last steps: "
        "it goes to the step i after it, `t + i`",
    "dxs[:count] += part": "all places go to the step at which the window begins: place i goes to the step i after it",
    "dxs[i : i + count] += part / k": "the gradients are divided by k: those of all windows add up",
    "dxs[i : i + count] += part[::-1]": "place i takes the windows in the reverse order: window t gives to step t + i",
})
variants(windows_backward, PLACES, {
    "for i in range(1):": "only the oldest place of each window counts: all k places are steps",
    "for i in range(k - 1, k):": "only the newest place of each window counts: all k places are steps",
    "for i in range(k - 1):": "the newest place of each window is left out: the loop runs over all k",
    "for i in range(1, k):": "the oldest place of each window is left out: the loop starts at place 0",
})
edit(
    windows_backward, PLACES, "for i in reversed(range(k)):", ADDED, "dxs[i : i + count] = part",
    OVERWRITTEN,
    name="overwritten_window_by_window",
)
edit(
    windows_backward, PLACES, "for i in range(k - 1):", PART, "part = dwindows[..., (i + 1) * D : (i + 2) * D]",
    "the oldest place of each window is left out, and each other goes to the step before its own: "
    "place i goes to step t + i, from place 0 on",
)
edit(
    windows_backward, PLACES, "for i in range(1, k):", PART, "part = dwindows[..., (i - 1) * D : i * D]",
    "each place goes to the step after its own, and the newest is left out: place i goes to step t + i, "
    "from place 0 on",
)
for _name, _line in {"last": "part[-1:] = 0", "first": "part[:1] = 0"}.items():
    edit(
        windows_backward, PART, f"part = dwindows[..., i * D : (i + 1) * D].copy()\n{_line}",
        f"the {_name} window is left out: there are T - k + 1 of them, as many as `len(dwindows)`",
    )
edit(
    windows_backward, STEPS, "T = count", ADDED, "dxs[i:] += part[: count - i]",
    "there are as many steps as windows: windows of k steps overlap by k - 1, so T is `len(dwindows) + k - 1`",
)
edit(windows_backward, STEPS, "T = count + k",
    "there is a step too many: windows of k steps overlap by k - 1, so T is `len(dwindows) + k - 1`")
edit(
    windows_backward, last_line(windows_backward),
    "ends = np.minimum(np.arange(T) + 1, np.arange(T)[::-1] + 1)\n"
    "return dxs / np.minimum(ends, min(k, count))[:, None, None]",
    "each step gets the mean of its windows' gradients: it gets their sum",
)

EMBEDDED, WINDOWS = "embedded = xs @ E", "windows = make_windows(embedded, k)"
DAS, DW1, DB1 = (
    "das = dhiddens * (1 - hiddens**2)", 'dW1 = np.einsum("mnw,mnh->wh", windows, das)', "db1 = das.sum(axis=(0, 1))",
)
DW2, DB2 = 'dW2 = np.einsum("mnh,mno->ho", hiddens, dys)', "db2 = dys.sum(axis=(0, 1))"
DWINDOWS, DEMBEDDED = "dwindows = das @ W1.T", "dembedded = windows_backward(dwindows, k)"
DE, DXS = 'dE = np.einsum("tnv,tnd->vd", xs, dembedded)', "dxs = dembedded @ E.T"

variants(embedded_window_backward, DAS, {
    "das = dhiddens": "tanh is left out on the way back: its slope is 1 - hiddens**2",
    "das = dhiddens * (1 - np.tanh(hiddens)**2)": "`hiddens` are tanh(a) already: the slope is 1 - hiddens**2",
    "das = dhiddens * hiddens": "`hiddens` themselves stand where the slope of tanh belongs: it is 1 - hiddens**2",
    "das = dhiddens * (1 - hiddens)": "the square is missing: the slope of tanh is 1 - hiddens**2",
    "das = dhiddens * hiddens * (1 - hiddens)":
        "this is the slope of the logistic sigmoid: that of tanh is 1 - hiddens**2",
})
variants(embedded_window_backward, DEMBEDDED, {
    "dembedded = np.zeros_like(embedded)\ndembedded[: len(das)] = dwindows[..., : E.shape[1]]":
        "the table takes the oldest place of each window alone: it served all k places, so their gradients add up",
    "dembedded = np.zeros_like(embedded)\ndembedded[k - 1 :] = dwindows[..., -E.shape[1] :]":
        "the table takes the newest place of each window alone: it served all k places, so their gradients add up",
    "dembedded = windows_backward(dwindows.reshape(*dwindows.shape[:2], k, -1)[:, :, ::-1].reshape(dwindows.shape), "
    "k)":
        "the places of a window are gone through from the newest: place 0 is the oldest step",
    "dembedded = windows_backward(dwindows.reshape(len(das), k, -1, E.shape[1]).swapaxes(1, "
    "2).reshape(dwindows.shape), k)":
        "`reshape` mixes places and sequences: the k places of a window stand on the last axis, "
        "so cut that one alone, (M, N, k, D)",
    "dembedded = windows_backward(dwindows, k) / k":
        "the places' gradients are averaged: the table served all of them, so they add up",
    "dembedded = windows_backward(dwindows, k) * (1 - embedded**2)":
        "the table is given a tanh that it does not have: what is read is xs @ E as it is",
})
_OVERWRITTEN = (
    "dembedded = np.zeros_like(embedded)\nfor i in {}:\n"
    "    dembedded[i : i + len(das)] = dwindows[..., i * E.shape[1] : (i + 1) * E.shape[1]]"
)
for _name, _places in {"place_by_place": "range(k)", "window_by_window": "reversed(range(k))"}.items():
    edit(
        embedded_window_backward, DEMBEDDED, _OVERWRITTEN.format(_places),
        OVERWRITTEN,
        name=f"overwritten_{_name}",
    )
for _places, _steps, _numbers, _sentence in [
    ("range(k)", ":M", "i * D : (i + 1) * D",
        "all places go to the step at which the window begins: place i goes to the step i after it"),
    ("range(k)", "i : i + M", ":D",
        "the first place of a window serves all its steps: place i is `dwindows[..., i * D : (i + 1) * D]`"),
    ("range(k)", "i : i + M", "i : i + D",
        "place i is read from the numbers `i : i + D`: each place has D numbers of its own, `i * D : (i + 1) * D`"),
    ("range(k)", "np.arange(M) - i", "i * D : (i + 1) * D",
     "place i goes to the step i before the start of its window, and round to the last steps: "
     "it goes to the step i after it, `t + i`"),
    ("range(k)", "i : i + M", "i::k",
        "the numbers of a step are taken from all places: a step's D numbers stand side by side in a window, "
        "the oldest step first"),
    ("range(k - 1)", "i : i + M", "i * D : (i + 1) * D",
        "the newest place of each window is left out: the loop runs over all k"),
    ("range(1, k)", "i : i + M", "i * D : (i + 1) * D",
        "the oldest place of each window is left out: the loop starts at place 0"),
]:
    edit(
        embedded_window_backward, DEMBEDDED,
        f"dembedded = np.zeros_like(embedded)\nD, M = E.shape[1], len(das)\nfor i in {_places}:\n"
        f"    dembedded[{_steps}] += dwindows[..., {_numbers}]",
        _sentence,
    )
edit(
    embedded_window_backward, DWINDOWS, "dwindows = dhiddens @ W1.T",
    "what goes back to the windows has not passed tanh: it is `das @ W1.T`",
)
variants(embedded_window_backward, WINDOWS, {
    "windows = make_windows(xs, k)": "the windows are those of xs: what W1 was multiplied by is windows of xs @ E",
    "windows = np.concatenate([embedded[: len(dys)]] * k, axis=-1)":
        "`dW1` is made with windows that hold their first step k times: place i of window t is step t + i",
    "windows = make_windows(embedded[::-1], k)[::-1]":
        "the windows stand newest first: the oldest step comes first, as make_windows lays them",
})
variants(embedded_window_backward, DE, {
    'dE = np.einsum("tnv,tnd->dv", xs, dembedded)':
        "`dE` is transposed: it has the shape of E, a row for each number of the input",
    'dE = np.einsum("tnv,tnd->vd", xs, dembedded @ E.T)':
        "`dE` is made with dxs, which has gone back through E: take what arrives at xs @ E, "
        "so that dE has the shape of E",
    'dE = np.einsum("tnv,tnd->vd", embedded, dembedded)':
        "`dE` is made with xs @ E: what E was multiplied with is xs, so that dE has the shape of E",
    "dE = xs.sum(axis=0).T @ dembedded.sum(axis=0)":
        "`dE` mixes the steps: multiply each one's input by its own gradient, then add up",
    "dE = xs.sum(axis=1).T @ dembedded.sum(axis=1)":
        "`dE` mixes the sequences of a batch: multiply each one's input by its own gradient, then add up",
    'dE = np.einsum("tnv,tnd->vd", xs[k - 1 :], dembedded[k - 1 :])':
        "the first k - 1 steps are missing in dE: no window ends there, but windows hold them",
    'dE = np.einsum("tnv,tnd->vd", xs[: len(das)], dembedded[: len(das)])':
        "the last k - 1 steps are missing in dE: no window begins there, but windows hold them",
    f"{DE} / len(xs)": "`dE` is averaged over time: the table served every step, so the gradients of all steps add up",
    f"{DE} / xs.shape[1]": "`dE` is averaged over the batch: the loss has already settled that, here it is a sum",
})
_REST = f"{DXS}\ndxs[len(das) :] = 0"
edit(
    embedded_window_backward, DXS, _REST, DE, 'dE = np.einsum("tnv,tnd->vd", xs[: len(das)], dembedded[: len(das)])',
    "the last k - 1 steps are missing in dxs and dE: a loop over all T steps, not over the windows, "
    "takes the gradients back through the table",
)
edit(embedded_window_backward, DXS, _REST,
    "`dxs` lacks the last k - 1 steps: no window begins there, but windows hold them, so loop over all T steps")
variants(embedded_window_backward, DW1, {
    'dW1 = np.einsum("mnw,mnh->hw", windows, das)':
        "`dW1` is transposed: it has the shape of W1, a row for each number of the window",
    'dW1 = np.einsum("mnw,mnh->wh", windows, dhiddens)':
        "`dW1` is taken from what arrives at the hidden values: it has to pass tanh first, das",
    "dW1 = windows.sum(axis=0).T @ das.sum(axis=0)":
        "`dW1` mixes the windows of a sequence: multiply each one by its own gradient, then add up",
    "dW1 = windows.sum(axis=1).T @ das.sum(axis=1)":
        "`dW1` mixes the sequences of a batch: multiply each one's window by its own gradient, then add up",
    "dW1 = windows[-1].T @ das[-1]":
        "`dW1` takes the last window alone: W1 served all of them, so their gradients add up",
})
variants(embedded_window_backward, DB1, {
    "db1 = das.sum(axis=0)": "`db1` is not summed over the batch: it has the shape of b1",
    "db1 = das.sum(axis=1)": "`db1` is not summed over the windows: it has the shape of b1",
    "db1 = dhiddens.sum(axis=(0, 1))":
        "`db1` is taken from what arrives at the hidden values: b1 was added before tanh, so it is the sum of das",
})
edit(
    embedded_window_backward, DW2, 'dW2 = np.einsum("mnh,mno->ho", 1 - hiddens**2, dys)',
    "`dW2` takes the slope of tanh where it needs the hidden values: W2 was multiplied by them",
)
edit(
    embedded_window_backward, DW2, 'dW2 = np.einsum("mnh,mno->ho", hiddens * (1 - hiddens**2), dys)',
    "`dW2` has the slope of tanh in it: y is `hiddens @ W2 + b2`, and no tanh stands between",
)
edit(
    embedded_window_backward, DE, f"{DE} / xs.shape[1]", DW1, f"{DW1} / xs.shape[1]", DB1, f"{DB1} / xs.shape[1]",
    DW2, f"{DW2} / xs.shape[1]", DB2, f"{DB2} / xs.shape[1]",
    "the weights' gradients are divided by the batch size: that division belongs to the loss, "
    "and dys carry it already",
)
edit(
    embedded_window_backward, DW1, f"{DW1} / len(das)", DB1, f"{DB1} / len(das)", DW2, f"{DW2} / len(dys)", DB2,
    f"{DB2} / len(dys)",
    "the weights' gradients are averaged over the windows: the same weights serve all of them, "
    "so their gradients add up",
)
edit(
    embedded_window_backward, DXS, "dxs = dembedded",
    "`dxs` stop at the table: what arrives at xs @ E goes back through it, `@ E.T`",
)
edit(
    embedded_window_backward, last_line(embedded_window_backward), "return dxs, dW1, db1, dW2, db2, dE",
    "`dE` comes too late: the order is dxs, dE, dW1, db1, dW2, db2",
)
