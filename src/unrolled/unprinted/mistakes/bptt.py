"""Known mistakes of assignment 03-bptt in what no page prints."""


from unrolled.mistakes.edits import edit, last_line, mistake, variants
from unrolled.reference import truncated_rnn_backward
from unrolled.unprinted.bptt import overlapping_rnn_backward, recurrent_gradient_by_distance

LOOP = "for begin in range(0, len(xs), k1):"
END = "end = min(begin + k1, len(xs))"
FIRST = "first = max(end - k2, 0)"
TAKEN = "taken[: begin - first] = 0"
FROM_STATE = "from_state = hs[first - 1] if first > 0 else h0"
DXS = "dxs[first:end] += dxs_i"
DH0 = "dh0 = dh0 + dh0_i * (first == 0)"
SUMMED = ("dW_x", "dW_h", "db")

# Which steps a window goes back through, and whose losses it takes.

variants(overlapping_rnn_backward, FIRST, {
    "first = begin": "the windows do not overlap: each begins k2 steps before its end, not k1",
    "first = 0": "every window goes back to the first step: it begins k2 steps before its end",
    "first = max(begin + k1 - k2, 0)":
        "the last window goes back through fewer steps where k1 does not divide T: "
        "it takes the last k2 steps before its own end, `end - k2`",
    "first = max(begin - k2, 0)":
        "the windows are too long: a window has k2 steps in all, of which the last k1 are those whose losses it takes",
    "first = max(end - k1, 0)":
        "the windows go back k1 steps: k1 is how many losses they take, k2 how far they go back",
    "first = max(end - k1 - k2, 0)": "the windows go back k1 + k2 steps: k2 steps in all, the last k1 among them",
    "first = max(end - k2 - 1, 0)": "each window is one step too long: from step `end - k2` on it has k2 steps",
    "first = max(end - k2 + 1, 0)": "each window is one step too short: from step `end - k2` on it has k2 steps",
})
variants(overlapping_rnn_backward, TAKEN, {
    "": "a loss goes back with every window that it lies in: a window takes its last k1 losses alone, "
        "those before have gone back already",
    "taken[: k2 - k1] = 0":
        "the first `k2 - k1` losses of every window are dropped: at either end windows are shorter, "
        "so drop all but the losses since the window before",
    "taken[: max(begin // k1 * k2 - first, 0)] = 0":
        "the losses that have gone back are counted by k2: each window takes k1 new ones",
    "taken[begin - first :] = 0":
        "the windows take the losses that have gone back before: each takes its last k1 losses",
    "taken[:-1] = 0": "a window takes its last loss alone: it takes all k1 losses since the window before",
    "taken[: begin - first] = 0\ntaken[begin - first + 1 :] = 0":
        "a window takes the first of its losses alone: it takes all k1 losses since the window before",
})
variants(overlapping_rnn_backward, TAKEN, {
    "taken[: max(end - k1 - first, 0)] = 0":
        "a shorter last window takes k1 losses: some of them have gone back with the window before, "
        "so it takes only those that are left",
    "taken[: begin - first + 1] = 0":
        "each window drops the first of its losses: it takes all k1 losses since the window before",
})
edit(
    overlapping_rnn_backward, TAKEN, "taken[:] = 0\ntaken[: end - begin] = dhs[begin:end]",
    "the losses that a window takes stand at its beginning: they are those of its last steps, from `begin` on, "
    "and stand at its end",
)
edit(
    overlapping_rnn_backward, END, "end = min(begin + k2, len(xs))", FIRST, "first = begin",
    TAKEN, "taken[: begin and max(k2 - k1, 0)] = 0",
    "each window begins k1 steps after the one before, and runs on for k2: one ends after every k1 steps, "
    "and begins k2 steps before its end",
)
variants(overlapping_rnn_backward, FROM_STATE, {
    "from_state = np.zeros_like(h0) if first > 0 else h0":
        "the state before a window is taken for zeros: its first step was made from the state before it, "
        "`hs[first - 1]`",
})
variants(overlapping_rnn_backward, LOOP, {
    "for begin in range(0, len(xs) - k1 + 1, k1):":
        "the losses left over after the last whole k1 steps are dropped: they have a window too, which takes fewer",
    "for begin in range(0, len(xs) - k1, k1):":
        "the last window is left out: `range(k1, T, k1)` ends before T, and one window ends with T",
    "for begin in range(0, len(xs), k2):": "the windows end every k2 steps: one ends after every k1 steps",
})
edit(
    overlapping_rnn_backward, LOOP, "for begin in range(0, len(xs), k2):", END, "end = min(begin + k2, len(xs))",
    "the windows end every k2 steps, and each takes k2 losses: one ends after every k1 steps, "
    "and takes the losses of these",
)
edit(
    overlapping_rnn_backward, LOOP, "for end in range(len(xs), 0, -k1):", END, "begin = max(end - k1, 0)",
    "the windows are counted from the end: the first ends after k1 steps, and a shorter one comes last",
)


@mistake(overlapping_rnn_backward,
    "these are chunks of k2 steps: a chunk ends where the next begins, and windows overlap, one for every k1 steps")
def chunks_of_k2(dhs, xs, h0, hs, W_x, W_h, k1, k2):
    return truncated_rnn_backward(dhs, xs, h0, hs, W_x, W_h, k2)


@mistake(overlapping_rnn_backward,
    "every loss has a window of its own: the losses of k1 steps go back together, from the last of these steps")
def a_window_for_each_loss(dhs, xs, h0, hs, W_x, W_h, k1, k2):
    return overlapping_rnn_backward(dhs, xs, h0, hs, W_x, W_h, 1, k2)


edit(
    overlapping_rnn_backward, "dh = dh + dhs[t]", "dh = dhs[t] if dhs[t].any() else dh",
    "a step's own loss overwrites what comes back from the steps after it: add it, `dh = dh + dhs[t]`",
)

# What a window starts from, and what is put together.

variants(overlapping_rnn_backward, FROM_STATE, {
    "from_state = h0": "each window starts from h0 in dW_h: one that begins later starts from the state before its "
                       "first step, hs[first - 1]",
    "from_state = np.zeros_like(h0)":
        "each window starts from zeros in dW_h: the state before its first step is hs[first - 1], "
        "and h0 before step 0",
    "from_state = hs[first - 1] if first > 0 else np.zeros_like(h0)":
        "`h0` is ignored in dW_h: the state before step 0 is the h0 that is given, not zeros",
    "from_state = hs[first] if first > 0 else h0":
        "each window starts from its own first state in dW_h: the state before it is hs[first - 1]",
    "from_state = hs[begin - 1] if begin > 0 else h0":
        "each window starts from the state before its losses in dW_h: it is the state before its first step",
    "from_state = hs[first - 1]":
        "a window that begins at step 0 starts from `hs[-1]` in dW_h, the last state: before step 0 stands h0",
})
edit(
    overlapping_rnn_backward, DXS, "dxs[first:end] = dxs_i",
    "each window's dxs overwrite those of the one before: a step that lies in several windows gets the sum of theirs",
)
edit(
    overlapping_rnn_backward, DXS, "dxs[begin:end] = dxs_i[begin - first :]",
    "`dxs` are kept at the last k1 steps of a window alone: the losses reach its earlier steps too, "
    "so add their gradients there",
)
variants(overlapping_rnn_backward, DH0, {
    "dh0 = dh0 + dh0_i": "`dh0` is a sum over all windows: only those that reach back to step 0 give h0 a gradient",
    "dh0 = dh0 + dh0_i * (begin == 0)":
        "`dh0` takes the first window alone: every window that reaches back to step 0 gives h0 a gradient, "
        "and they add up",
    "dh0 = dh0_i if first == 0 else dh0":
        "`dh0` is the last window's that reaches back to step 0: all that reach it give h0 a gradient, so add up",
    "dh0 = dh0_i":
        "`dh0` is the last window's: only those that reach back to step 0 give h0 a gradient, and these add up",
})
edit(
    overlapping_rnn_backward,
    *(part for name in SUMMED for part in (f"{name} = {name} + {name}_i", f"{name} = {name}_i")),
    "each window's weight gradients overwrite the ones before: the same weights serve all windows, so add them up",
)
edit(
    overlapping_rnn_backward, last_line(overlapping_rnn_backward),
    "windows = -(-len(xs) // k1)\nreturn dxs, dh0, dW_x / windows, dW_h / windows, db / windows",
    "the weights' gradients are averaged over the windows: the same weights serve all of them, "
    "so their gradient is the sum",
)

edit(
    overlapping_rnn_backward, *(part for name in SUMMED
        for part in (f"{name} = {name} + {name}_i", f"{name} = {name} + {name}_i * (first == 0)")),
    "the weights' gradients have the windows from step 0 alone: the same weights serve all windows, "
    "and only dh0 depends on where one begins",
)
for _name in SUMMED:
    edit(
        overlapping_rnn_backward, f"{_name} = {_name} + {_name}_i", f"{_name} = {_name}_i",
        f"`{_name}` is the last window's alone: the same weights serve all windows, so add up with `+=`",
    )
    edit(
        overlapping_rnn_backward, f"{_name} = {_name} + {_name}_t", f"{_name} = {_name}_t",
        f"{_name} = {_name} + {_name}_i", f"{_name} = {_name}_i",
        f"`{_name}` holds one step's part alone: the same weights serve all steps of all windows, so add up with `+=`",
    )
edit(
    overlapping_rnn_backward, "h_prev = hs[t - 1] if t > 0 else h0", "h_prev = hs[t] if t > 0 else h0",
    FROM_STATE, "from_state = hs[first] if first > 0 else h0",
    "after the first step, step t is given hs[t] as its old state: that is its new one, the old one is hs[t - 1]",
)

# By distance.

USED = "used = h_prevs[: len(hs) - d]"
H_PREVS = "h_prevs = np.concatenate([h0[None], hs[:-1]])"
SLOPES = "slopes = 1 - hs**2"
DAS = "das = dhs * slopes"
PLACE = 'dW_hs.append(np.einsum("tnm,tnj->mj", used, das))'
BACK = "das = (das[1:] @ W_h.T) * slopes[: len(hs) - d - 1]"

variants(recurrent_gradient_by_distance, USED, {
    "used = h_prevs[d:]":
        "the states are those before the losses' own steps: d steps earlier, W_h was multiplied by the state before "
        "that step",
    "used = hs[: len(hs) - d]":
        "the states are those after the steps: at step t, W_h was multiplied by the state before, hs[t - 1]",
})
variants(recurrent_gradient_by_distance, H_PREVS, {
    "h_prevs = np.concatenate([np.zeros_like(h0)[None], hs[:-1]])":
        "the use of W_h at the first step is not counted: there it was multiplied by h0, which is given; "
        "is h0 taken for zeros, or does a loop leave that step out?",
    "h_prevs = np.roll(hs, 1, axis=0)": "the state before step 0 is read as `hs[-1]`, the last one: it is h0",
})
variants(recurrent_gradient_by_distance, SLOPES, {
    "slopes = np.ones_like(hs)":
        "the slopes of tanh are left out: a gradient that passes step t is multiplied by 1 - hs[t]**2",
    "slopes = 1 - np.tanh(hs)**2": "`hs` are tanh(a) already: the slope is 1 - hs**2, not 1 - np.tanh(hs)**2",
    "slopes = 1 - hs": "the square is missing: the slope of tanh is 1 - hs**2",
    "slopes = hs * (1 - hs)": "these are slopes of the logistic sigmoid: that of tanh is 1 - hs**2",
})
variants(recurrent_gradient_by_distance, DAS, {
    "das = dhs":
        "the slope at the loss's own step is left out: what arrives at h_t passes its tanh before it reaches W_h",
    "das = np.concatenate([0 * dhs[:-1], dhs[-1:]]) * slopes":
        "the last loss alone counts: every step has one, and each place adds up over all that lie d steps apart",
})
variants(recurrent_gradient_by_distance, BACK, {
    BACK.replace("W_h.T", "W_h"):
        "W_h is not transposed on the way back: forward it was `h_prev @ W_h`, so back it is `da @ W_h.T`",
    "das = (das[1:] @ W_h.T) * (1 - hs[: len(hs) - d - 1])":
        "the square is missing on the way: the slope of tanh is 1 - hs**2 at each step back",
    "das = das[1:] @ W_h.T":
        "the slope of tanh is left out on the way: each step back is through W_h and then through that step's tanh",
    "das = (das[1:] @ W_h.T) * slopes[1 : len(hs) - d]":
        "the slope is that of the step after: where the gradient arrives, it passes the tanh of that step",
    "das = (das[1:] @ W_h.T) * slopes[d + 1 :]":
        "the slope is that of the loss's own step all the way: each step back passes the tanh of the step at which "
        "the gradient arrives",
    "das = (das[:-1] @ W_h.T) * slopes[: len(hs) - d - 1]":
        "the gradients do not move: what arrives at step t comes from step t + 1, so drop the first, not the last",
    "das = dhs[d + 1 :] * slopes[: len(hs) - d - 1]":
        "the losses' gradients are multiplied by the slopes of earlier steps without being carried there: "
        "each step back goes through `W_h.T` and then that step's slope",
    "das = ((das[1:] + dhs[: len(hs) - d - 1]) @ W_h.T) * slopes[: len(hs) - d - 1]":
        "other losses join in on the way back: place d takes the losses that lie d steps away, no others, "
        "so nothing is added there",
    "das = das[1:] * slopes[: len(hs) - d - 1]":
        "W_h is left out on the way back: the way from a state to the one before is `da @ W_h.T`",
    "das = (das[1:] @ W_h.T + dhs[: len(hs) - d - 1]) * slopes[: len(hs) - d - 1]":
        "the losses of nearer steps join in on the way: place d takes the losses that lie d steps away, no others",
    "das = (das[1:] @ W_h.T + dhs[d + 1 :]) * slopes[: len(hs) - d - 1]":
        "the losses join in once more at each step back: a loss counts once in place d, carried back d steps",
})
variants(recurrent_gradient_by_distance, PLACE, {
    PLACE.replace("->mj", "->jm"):
        "the matrices are transposed: rows are for the state before, columns for da, as in W_h",
    PLACE[:-1] + " / used.shape[1])":
        "each place is divided by the batch size: that division belongs to the loss, and dhs carry it already",
    PLACE[:-1] + " / (len(hs) - d))": "each place is a mean over the pairs of steps: it is their sum",
})
variants(recurrent_gradient_by_distance, last_line(recurrent_gradient_by_distance), {
    "return np.stack(dW_hs)[::-1]":
        "the largest distance comes first: place 0 has the uses of W_h at the losses' own steps",
    "return np.cumsum(dW_hs, axis=0)":
        "each place has the nearer distances in it too: place d has those uses alone that lie d steps before their "
        "losses",
    "return np.sum(dW_hs, axis=0)": "this is the whole gradient: it is to be taken apart, a matrix for each distance",
})
for _order, _place in {"": "{}", "_last_first": "len(hs) - 1 - ({})"}.items():
    for _which, _at in (("at which W_h was used", "t"), ("of the loss", "t + d")):
        _kept = _place.format(_at)
        edit(
            recurrent_gradient_by_distance, "dW_hs = []", "dW_hs = list(np.zeros((len(hs), *W_h.shape)))",
            PLACE, f"for t in range(len(used)):\n    dW_hs[{_kept}] = dW_hs[{_kept}] + used[t].T @ das[t]",
            f"the gradient is taken apart by the step {_which}: place d has all uses that lie d steps before their "
            "losses",
            name=f"taken_apart_by_the_step_{_which.replace(' ', '_')}{_order}",
        )
edit(
    recurrent_gradient_by_distance, USED, "used = h_prevs", BACK, "das = np.roll(das @ W_h.T, -1, axis=0) * slopes",
    "what goes back past step 0 comes in again at the last step: a gradient that falls off the beginning is gone, "
    "so each distance has one step fewer",
)
