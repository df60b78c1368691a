"""Known mistakes of assignment 03-bptt: the way back that is cut into chunks. Those of any way back stand in `bptt`
and in `shared`."""

import numpy as np

from unrolled.mistakes.edits import edit, mistake, variants
from unrolled.reference.bptt import truncated_rnn_backward
from unrolled.reference.rnn import rnn_backward

CUT = "if (t + 1) % k == 0:"
CLEARED = "dh = np.zeros_like(dh)"
HEARD = "dh = dh + dhs[t]"
H_PREV = "h_prev = hs[t - 1] if t > 0 else h0"
LOOP = "for t in reversed(range(len(xs))):"
RETURN = "return np.stack(dxs), dh, dW_x, dW_h, db"

# Where the cuts lie.

edit(
    truncated_rnn_backward, f"{CUT}\n{CLEARED}", "",
    "nothing is cut: the gradient goes back through the whole sequence; at a chunk's end, where `(t + 1) % k == 0`, "
    "`dh` is set to zeros before dhs[t] is added",
)
variants(truncated_rnn_backward, CUT, {
    "if (len(xs) - 1 - t) % k == 0:":
        "the chunks are counted from the end: the first chunk starts at step 0, and a shorter one comes last",
    "if (len(xs) - t) % k == 0:":
        "the chunks are counted from the end, and cut after their first step: they are counted from the first step, "
        "and `dh` is cleared where `(t + 1) % k == 0`",
    "if (t + 2) % k == 0:":
        "the cuts are one step too early: the first chunk is steps 0 to k - 1, so the gradient still goes from step k "
        "- 1 back to step k - 2",
    "if (t - 1) % k == 0:":
        "the cuts are two steps too late: a chunk's last step is the one where `(t + 1) % k == 0`",
    "if (t + 1) % k != 0:":
        "the condition of the cut is turned round: `dh` is set to zeros where `(t + 1) % k == 0`, "
        "and goes on everywhere else",
    "if (t + 1) // k == 0:":
        "`//` counts whole chunks where `%` belongs, which gives the remainder: a chunk ends where `(t + 1) % k == 0`",
    "if t // k == 0:": "`//` counts whole chunks where `%` belongs, and the test comes one step late: "
                       "a chunk ends where `(t + 1) % k == 0`",
    "if t + 1 == k:": "there is only one cut: a chunk ends after every k steps, where `(t + 1) % k == 0`",
    "if t == k:":
        "there is only one cut, and one step too late: a chunk ends after every k steps, where `(t + 1) % k == 0`",
    "if (t + 1) % (k + 1) == 0:":
        "each chunk is one step too long: a chunk has k steps, and the gradient crosses only k - 1 links",
    "if (t + 1) % (k - 1) == 0:":
        "each chunk is one step too short: a chunk has k steps, and the gradient crosses the k - 1 links between them",
})
for _name, _new, _why in [
    ("from_step_0", "if t % k == 0:",
        "the first chunk is steps 0 to k - 1, so no gradient goes from step k back to step k - 1"),
    ("from_step_k", "if t % k == 0 and t > 0:",
     "`t % k == 0` is true at a chunk's first step, and the cut lies before its last, where `(t + 1) % k == 0`"),
]:
    edit(truncated_rnn_backward, CUT, _new, f"the cuts are one step too late: {_why}", name=f"one_step_late_{_name}")
for _name, _new in {
    "array_split": "if t in [steps[-1] for steps in np.array_split(np.arange(len(xs)), min(k, len(xs)))]:",
    "a_kth": "if (t + 1) % max(len(xs) // k, 1) == 0:",
}.items():
    edit(
        truncated_rnn_backward, CUT, _new,
        "`k` is taken for the number of chunks: it is the number of steps in a chunk",
        name=f"k_chunks_by_{_name}",
    )
for _name, _count in {"ceiling": "-(-len(xs) // k)", "floor": "max(len(xs) // k, 1)"}.items():
    edit(
        truncated_rnn_backward, CUT, f"if t in [steps[-1] for steps in np.array_split(np.arange(len(xs)), {_count})]:",
        "the chunks are made as equal as can be, as by `np.array_split`: each has k steps, "
        "and the last one what is left over",
        name=f"chunks_made_equal_{_name}",
    )
for _name, _last in {"and_the_sequence": "(t + 1) % k == 0 or t == len(xs) - 1",
    "of_k_steps": "(t + 1) % k == 0"}.items():
    edit(
        truncated_rnn_backward, HEARD, f"{HEARD} * ({_last})",
        "only the loss of a chunk's last step counts: every step has an output of its own, "
        "so its dhs[t] is added at each step",
        name=f"last_loss_of_a_chunk_{_name}",
    )
edit(
    truncated_rnn_backward, CLEARED, "dh = dhs[t]",
    "the loss at a chunk's end counts twice: there `dh` is set to zeros, since dhs[t] is added at every step",
)
edit(
    truncated_rnn_backward, HEARD, f"{HEARD} * ((t + 1) % k != 0)",
    "the last step of each chunk plays no part: its own dhs[t] counts there, and only what comes from the step after "
    "is set to zero",
)
edit(
    truncated_rnn_backward, HEARD, f"{HEARD} * ((t + 1) % k != 0)",
    RETURN, "return np.stack([dx for t, dx in enumerate(dxs) if (t + 1) % k != 0]), dh, dW_x, dW_h, db",
    "each chunk lacks its last step, or is one step too short: it is the k steps from `start` on, `start : start + k`",
)

edit(
    truncated_rnn_backward, f"{CUT}\n{CLEARED}", f"{CUT}\n    dxs.insert(0, np.zeros_like(xs[t]))\n    continue",
    "a chunk's last step is skipped, as by `continue`, and what comes from the step after passes over it: "
    "there `dh` is set to zeros, and the step is gone through as any other",
)
edit(
    truncated_rnn_backward, HEARD, "dh = dh + dhs[t % k]",
    "each chunk is given the gradients of the first, `dhs[: stop - start]`: "
    "those of its own steps are `dhs[start:stop]`",
)

# Which steps are gone through.

edit(
    truncated_rnn_backward, HEARD, f"{HEARD} * (t < len(xs) // k * k)",
    "the steps left over after the last whole chunk are dropped: they are a chunk too, a shorter one",
)
edit(
    truncated_rnn_backward, HEARD, f"{HEARD} * (t < len(xs) // k * k)",
    RETURN, "return np.stack(dxs)[:len(xs) // k * k], dh, dW_x, dW_h, db",
    "the steps left over after the last whole chunk are missing: they are a chunk too, a shorter one",
)
edit(
    truncated_rnn_backward, LOOP, "for t in reversed(range(max(len(xs) - k, 0), len(xs))):", f"{CUT}\n{CLEARED}", "",
    RETURN, "return np.stack([*np.zeros_like(xs[len(dxs):]), *dxs]), dh, dW_x, dW_h, db",
    "only the last k steps are gone through: every chunk has its turn, and their gradients are added",
)

_LAST = "for t in reversed(range((len(xs) - 1) // k * k, len(xs))):"
for _name, _new_return in {
    "zeros_before": "return np.stack([*np.zeros_like(xs[len(dxs):]), *dxs]), dh, dW_x, dW_h, db",
    "nothing_before": RETURN,
}.items():
    edit(
        truncated_rnn_backward, LOOP, _LAST, f"{CUT}\n{CLEARED}", "",
        *((RETURN, _new_return) if _new_return != RETURN else ()),
        "only the last chunk is gone through: does the loop end at the first cut, as by `break`? It goes on there, "
        "with `dh` set to zeros",
        name=f"the_last_chunk_alone_{_name}",
    )

# What a chunk starts from in dW_h.

variants(truncated_rnn_backward, H_PREV, {
    "h_prev = hs[t - 1] if t % k > 0 else h0":
        "each chunk starts from h0 in dW_h: only the first does, the others start from the last state of the chunk "
        "before",
    "h_prev = hs[t - 1] if t % k > 0 else hs[t] if t > 0 else h0":
        "each chunk starts from its own first state, hs[start], in dW_h: the state before it is hs[start - 1]",
    "h_prev = hs[t - 1] if t % k > 0 else hs[min(t + k, len(xs)) - 1]":
        "each chunk wraps round in dW_h: hs[start - 1] is the state before a chunk, not the chunk's own last one",
})
for _name, _new, _why in [
    ("but_the_first", "h_prev = hs[t - 1] if t % k > 0 else np.zeros_like(h0) if t > 0 else h0",
     "the state is carried, so a chunk starts from the last state of the chunk before"),
    ("the_first_too", "h_prev = hs[t - 1] if t % k > 0 else np.zeros_like(h0)",
     "the first starts from h0, the others from the last state of the chunk before"),
]:
    edit(truncated_rnn_backward, H_PREV, _new, f"each chunk starts from zeros in dW_h: {_why}",
        name=f"chunks_from_zeros_{_name}")

# What is put together.


def sums_of(share):
    """The lines that add up the weights' gradients, and their new form: only some steps count."""
    names = {"dW_x": "dW_x_t", "dW_h": "dW_h_t", "db": "db_t"}
    return [line for name, part in names.items()
        for line in (f"{name} = {name} + {part}", f"{name} = {name} + {part} * ({share})")]


edit(
    truncated_rnn_backward, *sums_of("t >= (len(xs) - 1) // k * k"),
    "each chunk's weight gradients overwrite the ones before: the same weights serve all chunks, so add them up",
)
edit(
    truncated_rnn_backward, *sums_of("t < k"),
    "each chunk's weight gradients overwrite the ones before, until the first chunk's are left: "
    "the same weights serve all chunks, so add them up",
)
edit(
    truncated_rnn_backward, RETURN,
    "chunks = -(-len(xs) // k)\nreturn np.stack(dxs), dh, dW_x / chunks, dW_h / chunks, db / chunks",
    "the weights' gradients are averaged over the chunks: the same weights serve all chunks, "
    "so their gradient is the sum",
)
edit(
    truncated_rnn_backward, RETURN, "return np.stack(dxs), dh, dW_x / k, dW_h / k, db / k",
    "the weights' gradients are divided by k: the same weights serve all steps, so their gradient is the sum",
)
edit(
    truncated_rnn_backward, "dxs = []", "dxs = []\ndh0 = dh", "dxs.insert(0, dx)",
    "dxs.insert(0, dx)\ndh0 = dh0 + dh * (t % k == 0)",
    RETURN, "return np.stack(dxs), dh0, dW_x, dW_h, db",
    "`dh0` is a sum over the chunks: only the first chunk starts from h0, so its dh_prev is the one to return",
)
edit(
    truncated_rnn_backward, "dxs = []", "dxs = []\ndh0 = dh", "dxs.insert(0, dx)",
    "dxs.insert(0, dx)\ndh0 = dh0 + dh * (t == (len(xs) - 1) // k * k)", RETURN,
    "return np.stack(dxs), dh0, dW_x, dW_h, db",
    "`dh0` is the last chunk's: only the first chunk starts from h0, so its dh_prev is the one to return",
)
edit(
    truncated_rnn_backward, RETURN,
    "chunks = [dxs[start : start + k] for start in range(0, len(xs), k)]\n"
    "return np.concatenate(chunks[::-1]), dh, dW_x, dW_h, db",
    "the chunks of dxs are in reverse order of time: the first chunk comes first",
)


def _handed_on(dhs, xs, h0, hs, W_x, W_h, k):
    """Chunks from the first to the last, with one dh for all of them; the dh0 of every chunk."""
    heard, dh0s, results = dhs.copy(), [], []
    for start in range(0, len(xs), k):
        chunk = slice(start, start + k)
        heard[chunk][-1] += dh0s[-1] if dh0s else 0
        dxs, dh0, *weights = rnn_backward(heard[chunk], xs[chunk], hs[start - 1] if start else h0, hs[chunk], W_x, W_h)
        dh0s.append(dh0)
        results.append((dxs, *weights))
    dxs, *weights = zip(*results, strict=True)
    return np.concatenate(dxs), dh0s, *map(sum, weights)


_FROM_ZEROS = (
    "what a chunk hands back is carried into the chunk that is taken after it: dh starts from zeros in every chunk"
)


@mistake(truncated_rnn_backward, _FROM_ZEROS)
def never_cleared_and_the_first_dh0(dhs, xs, h0, hs, W_x, W_h, k):
    dxs, dh0s, *weights = _handed_on(dhs, xs, h0, hs, W_x, W_h, k)
    return dxs, dh0s[0], *weights


@mistake(truncated_rnn_backward, _FROM_ZEROS)
def never_cleared_and_the_last_dh0(dhs, xs, h0, hs, W_x, W_h, k):
    dxs, dh0s, *weights = _handed_on(dhs, xs, h0, hs, W_x, W_h, k)
    return dxs, dh0s[-1], *weights


@mistake(truncated_rnn_backward,
    "each chunk is one step too long, and its last step is the first of the next: it ends with `start + k`, "
    "which a slice leaves out")
def chunks_that_share_a_step(dhs, xs, h0, hs, W_x, W_h, k):
    chunks = [slice(start, start + k + 1) for start in range(0, len(xs), k)]
    results = [rnn_backward(dhs[one], xs[one], hs[one.start - 1] if one.start else h0, hs[one], W_x, W_h)
        for one in chunks]
    dxs, dh0s, *weights = zip(*results, strict=True)
    return np.concatenate(dxs), dh0s[0], *map(sum, weights)


def _window_for_each_loss(dhs, xs, h0, hs, W_x, W_h, k):
    results = []
    for t in range(len(xs)):
        i = max(t + 1 - k, 0)
        window, dxs = slice(i, t + 1), np.zeros_like(xs)
        only = np.concatenate([0 * dhs[i:t], dhs[t : t + 1]])
        dxs[window], dh0, *weights = rnn_backward(only, xs[window], hs[i - 1] if i else h0, hs[window], W_x, W_h)
        results.append((dxs, dh0 if i == 0 else np.zeros_like(h0), *weights))
    return tuple(map(sum, zip(*results, strict=True)))


_CHUNKS = (
    "here the sequence is cut into chunks, and a step gets the gradients of its own loss and of all later ones in its "
    "chunk, no more"
)


@mistake(truncated_rnn_backward, f"each loss goes back over k steps of its own: {_CHUNKS}")
def window_for_each_loss(dhs, xs, h0, hs, W_x, W_h, k):
    return _window_for_each_loss(dhs, xs, h0, hs, W_x, W_h, k)


@mistake(truncated_rnn_backward, f"each loss goes back over k + 1 steps of its own, its own and k before: {_CHUNKS}")
def longer_window_for_each_loss(dhs, xs, h0, hs, W_x, W_h, k):
    return _window_for_each_loss(dhs, xs, h0, hs, W_x, W_h, k + 1)
