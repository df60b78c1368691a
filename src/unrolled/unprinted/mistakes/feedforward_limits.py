"""Known mistakes of assignment 01-feedforward-limits in what no page prints."""

from unrolled.mistakes.edits import edit, last_line, variants
from unrolled.unprinted.feedforward_limits import embedded_window_backward, windows_backward

STEPS = "T = count + k - 1"
PLACES = "for i in range(k):"
PART = "part = dwindows[..., i * D : (i + 1) * D]"
ADDED = "dxs[i : i + count] += part"

variants(windows_backward, PART, {
    "part = dwindows[..., i::k]": "the numbers of a step are taken from all places: a step's D numbers stand side by side in a window, the oldest step first",
    "part = dwindows[..., (k - 1 - i) * D : (k - i) * D]": "the windows are read newest first: the oldest step of a window comes first",
    "part = dwindows[..., :D]": "the first place of a window serves all its steps: place i is `dwindows[..., i * D : (i + 1) * D]`",
    "part = dwindows.reshape(count, N, k, D).sum(axis=2)": "every step hears all places of its windows: in each window it stood at one place, and hears that one",
})
variants(windows_backward, ADDED, {
    "dxs[i : i + count] = part": "what a window says overwrites what others have said: a step lies in up to k windows, and what they say adds up",
    "dxs[:count] += part": "all places go to the step at which the window begins: place i goes to the step i after it",
    "dxs[i : i + count] += part / k": "the gradients are divided by k: what the windows say adds up",
    "dxs[i : i + count] += part[::-1]": "place i hears the windows in the reverse order: window t gives to step t + i",
})
variants(windows_backward, PLACES, {
    "for i in range(1):": "only the oldest place of each window is heard: all k places are steps",
    "for i in range(k - 1, k):": "only the newest place of each window is heard: all k places are steps",
    "for i in range(k - 1):": "the newest place of each window is left out: the loop runs over all k",
    "for i in range(1, k):": "the oldest place of each window is left out: the loop starts at place 0",
})
edit(
    windows_backward, PLACES, "for i in reversed(range(k)):", ADDED, "dxs[i : i + count] = part",
    "what a window says overwrites what others have said: a step lies in up to k windows, and what they say adds up", name="overwritten_window_by_window",
)
for _name, _line in {"last": "part[-1:] = 0", "first": "part[:1] = 0"}.items():
    edit(
        windows_backward, PART, f"part = dwindows[..., i * D : (i + 1) * D].copy()\n{_line}",
        f"the {_name} window is not heard: there are T - k + 1 of them, as many as `len(dwindows)`",
    )
edit(
    windows_backward, STEPS, "T = count", ADDED, "dxs[i:] += part[: count - i]",
    "there are as many steps as windows: windows of k steps overlap by k - 1, so T is `count + k - 1`",
)
edit(windows_backward, STEPS, "T = count + k", "there is a step too many: the last of `count` windows ends at step `count + k - 1`")
edit(
    windows_backward, last_line(windows_backward),
    "ends = np.minimum(np.arange(T) + 1, np.arange(T)[::-1] + 1)\nreturn dxs / np.minimum(ends, min(k, count))[:, None, None]",
    "each step gets the mean of what its windows say: it gets their sum",
)

EMBEDDED, WINDOWS = "embedded = xs @ E", "windows = make_windows(embedded, k)"
DAS, DW1, DB1 = "das = dhiddens * (1 - hiddens**2)", 'dW1 = np.einsum("mnw,mnh->wh", windows, das)', "db1 = das.sum(axis=(0, 1))"
DW2, DB2 = 'dW2 = np.einsum("mnh,mno->ho", hiddens, dys)', "db2 = dys.sum(axis=(0, 1))"
DWINDOWS, DEMBEDDED = "dwindows = das @ W1.T", "dembedded = windows_backward(dwindows, k)"
DE, DXS = 'dE = np.einsum("tnv,tnd->vd", xs, dembedded)', "dxs = dembedded @ E.T"

variants(embedded_window_backward, DAS, {
    "das = dhiddens": "tanh is left out on the way back: its slope is 1 - hiddens**2",
    "das = dhiddens * (1 - np.tanh(hiddens)**2)": "`hiddens` are tanh(a) already: the slope is 1 - hiddens**2",
    "das = dhiddens * (1 - hiddens)": "the square is missing: the slope of tanh is 1 - hiddens**2",
    "das = dhiddens * hiddens * (1 - hiddens)": "this is the slope of the logistic sigmoid: that of tanh is 1 - hiddens**2",
})
variants(embedded_window_backward, DEMBEDDED, {
    "dembedded = np.zeros_like(embedded)\ndembedded[: len(das)] = dwindows[..., : E.shape[1]]":
        "the table hears the oldest place of each window alone: it served all k places, so what they say adds up",
    "dembedded = np.zeros_like(embedded)\ndembedded[k - 1 :] = dwindows[..., -E.shape[1] :]":
        "the table hears the newest place of each window alone: it served all k places, so what they say adds up",
    "dembedded = windows_backward(dwindows.reshape(*dwindows.shape[:2], k, -1)[:, :, ::-1].reshape(dwindows.shape), k)":
        "the places of a window are gone through from the newest: place 0 is the oldest step",
    "dembedded = windows_backward(dwindows, k) / k": "what the places say is averaged: the table served all of them, so it adds up",
    "dembedded = windows_backward(dwindows, k) * (1 - embedded**2)": "the table is given a tanh that it does not have: what is read is xs @ E as it is",
})
_OVERWRITTEN = "dembedded = np.zeros_like(embedded)\nfor i in {}:\n    dembedded[i : i + len(das)] = dwindows[..., i * E.shape[1] : (i + 1) * E.shape[1]]"
for _name, _places in {"place_by_place": "range(k)", "window_by_window": "reversed(range(k))"}.items():
    edit(
        embedded_window_backward, DEMBEDDED, _OVERWRITTEN.format(_places),
        "what a window says to a step overwrites what others have said: a step lies in up to k windows, and what they say adds up",
        name=f"overwritten_{_name}",
    )
edit(
    embedded_window_backward, DWINDOWS, "dwindows = dhiddens @ W1.T",
    "what goes back to the windows has not passed tanh: it is `das @ W1.T`",
)
variants(embedded_window_backward, WINDOWS, {
    "windows = make_windows(xs, k)": "the windows are those of xs: what W1 was multiplied with are windows of xs @ E",
    "windows = make_windows(embedded[::-1], k)[::-1]": "the windows stand newest first: the oldest step comes first, as make_windows lays them",
})
variants(embedded_window_backward, DE, {
    'dE = np.einsum("tnv,tnd->dv", xs, dembedded)': "`dE` is transposed: it has the shape of E, a row for each number of the input",
    'dE = np.einsum("tnv,tnd->vd", xs[k - 1 :], dembedded[k - 1 :])':
        "the first k - 1 steps are missing in dE: no window ends there, but windows hold them",
    'dE = np.einsum("tnv,tnd->vd", xs[: len(das)], dembedded[: len(das)])':
        "the last k - 1 steps are missing in dE: no window begins there, but windows hold them",
    f"{DE} / len(xs)": "`dE` is averaged over time: the table served every step, so what they say adds up",
    f"{DE} / xs.shape[1]": "`dE` is averaged over the batch: the loss has already settled that, here it is a sum",
})
variants(embedded_window_backward, DW1, {
    'dW1 = np.einsum("mnw,mnh->hw", windows, das)': "`dW1` is transposed: it has the shape of W1, a row for each number of the window",
    'dW1 = np.einsum("mnw,mnh->wh", windows, dhiddens)': "`dW1` is taken from what arrives at the hidden values: it has to pass tanh first, das",
    "dW1 = windows[-1].T @ das[-1]": "`dW1` hears the last window alone: W1 served all of them, so what each says adds up",
})
variants(embedded_window_backward, DB1, {
    "db1 = das.sum(axis=0)": "`db1` is not summed over the batch: it has the shape of b1",
    "db1 = das.sum(axis=1)": "`db1` is not summed over the windows: it has the shape of b1",
    "db1 = dhiddens.sum(axis=(0, 1))": "`db1` is taken from what arrives at the hidden values: b1 was added before tanh, so it is the sum of das",
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
    "the weights' gradients are divided by the batch size: that division belongs to the loss, and dys carry it already",
)
edit(
    embedded_window_backward, DXS, "dxs = dembedded",
    "`dxs` stop at the table: what arrives at xs @ E goes back through it, `@ E.T`",
)
edit(
    embedded_window_backward, last_line(embedded_window_backward), "return dxs, dW1, db1, dW2, db2, dE",
    "`dE` comes too late: the order is dxs, dE, dW1, db1, dW2, db2",
)
