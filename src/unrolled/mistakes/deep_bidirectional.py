"""Known mistakes of assignment 07-deep-bidirectional: reversing what is padded, and the way forward in
both directions."""

# rnn and shared: whose mistakes a loop of one's own makes in every layer and direction
from unrolled.mistakes import rnn, shared  # noqa: F401
from unrolled.mistakes.edits import edit, inherit, inherit_in_one_call, variants
from unrolled.reference.deep_bidirectional import bidirectional_forward, reverse_padded
from unrolled.reference.rnn import rnn_forward

LENGTHS = "lengths = mask.sum(axis=0).astype(int)"
COPY = "ys = xs.copy()"
REVERSED = "ys[:length, n] = xs[:length, n][::-1]"

for _name, _new in {
    "with_the_sequence": "ys[:, n] = xs[::-1, n]",
    "of_zeros": "ys[:, n] = (xs * mask[..., None])[::-1, n]",
    "and_masked": "ys[:, n] = xs[::-1, n] * mask[:, n, None]",
}.items():
    edit(
        reverse_padded, REVERSED, _new,
        "the padding is turned round with the sequence, and comes to stand before it: "
        "turn round only each row's own steps, `ys[:length, n] = xs[:length, n][::-1]`",
        name=f"padding_turned_round_{_name}",
    )
variants(reverse_padded, LENGTHS, {
    "lengths = np.full(xs.shape[1], mask.sum(axis=0).max().astype(int))":
        "every row is turned round over the length of the longest: each has a length of its own, "
        "the sum of its column of the mask",
    "lengths = np.full(xs.shape[1], mask.sum(axis=0)[0].astype(int))":
        "every row is turned round over the length of the first: each has a length of its own, "
        "the sum of its column of the mask",
    "lengths = np.full(xs.shape[1], mask.sum(axis=0).min().astype(int))":
        "every row is turned round over the length of the shortest: each has a length of its own, "
        "the sum of its column of the mask",
    "lengths = (mask == 0).argmax(axis=0)":
        "a sequence without padding is not turned round: its mask has no 0, and whoever looks for one by `argmax` "
        "gets place 0, so count the ones, `mask.sum(axis=0)`",
    "lengths = (1 - mask).sum(axis=0).astype(int)":
        "the mask is inverted: it is 1 where a step counts, so a row's length is the sum of its column",
})
edit(
    reverse_padded, COPY, "ys = np.zeros_like(xs)",
    "the padding is replaced by zeros: it stays as it is, where it is",
)
variants(reverse_padded, REVERSED, {
    "ys[:length, n] = xs[length::-1, n][:length]":
        "each row is read from its first step of padding on: the slice `[length::-1]` begins one step too late, "
        "so take `xs[:length, n][::-1]`",
    "ys[len(xs) - length :, n] = xs[:length, n][::-1]":
        "each sequence is put at the end of the array: it stays at the beginning, `ys[:length, n]`, "
        "with its padding after it",
    f"{REVERSED}\nif length < len(xs):\n    ys[length, n] = xs[-1, n]":
        "one step of padding is taken for the sequence's: the steps that count are those before `length`, "
        "`t < length`",
    "ys[:length, n] = xs[::-1, n][:length]":
        "each row is read from the end of its padding on: turn round only its own steps, `xs[:length, n][::-1]`",
    "ys[:length, n] = xs[[(length - t) % len(xs) for t in range(length)], n]":
        "step t is given `xs[length - t]`: the last of `length` steps is `xs[length - 1]`, "
        "so it is `xs[length - 1 - t]`",
    "ys[:length, n] = xs[[length - 2 - t for t in range(length)], n]":
        "step t is given `xs[length - 2 - t]`: the last of `length` steps is `xs[length - 1]`, "
        "so it is `xs[length - 1 - t]`",
    "ys[: length - 1, n] = xs[:length, n][:0:-1]":
        "each sequence's last step is not filled: its place takes `xs[0]`, so the loop runs over all `length` steps",
    "ys[1:length, n] = xs[: max(length - 1, 0), n][::-1]":
        "each sequence's first step is not filled: its place takes the last step, so the loop begins at 0",
    "ys[:length, n] = xs[:length, n][::-1, ::-1]":
        "the features are turned round too, as `np.flip` does with all axes: only time is turned, `[::-1]`",
    "ys[:length, n] = xs[len(xs) - length :, n]":
        "step t is given `xs[t - length]`, which counts from the end of the array: it is `xs[length - 1 - t]`",
    "ys[:length, n] = xs[:length, 0][::-1]":
        "every row is filled from the first sequence: row n takes `xs[length - 1 - t, n]`",
    f"{REVERSED}\nys[length:, n] = xs[::-1, n][length:]":
        "the padding is filled from `xs[T - 1 - t]`: where t is not below `length` it stays as it is, `xs[t]`",
    f"{REVERSED}\nys[length:, n] = xs[0, n]":
        "the padding is filled with the first step: where t is not below `length` it stays as it is, `xs[t]`",
    f"{REVERSED}\nys[length:, n] = xs[-1, n]":
        "the padding is filled with the last step of the array: where t is not below `length` it stays as it is, "
        "`xs[t]`",
    f"{REVERSED}\nys[length:, n] = xs[length:, n][::-1]":
        "the padding is turned round by itself: where t is not below `length` it stays as it is, `xs[t]`",
    "ys[:, n] = np.concatenate([xs[length:, n], xs[:length, n][::-1]])":
        "the padding comes to stand before the sequence: the steps that count come first, and the padding after them",
    f"if n == 0:\n    {REVERSED}":
        "only the first sequence is turned round: is the `return` inside the loop, "
        "or does the loop not run over the whole batch?",
    "ys[:length, n] = xs[:length, n]":
        "nothing is turned round: is the `[::-1]` missing, or are steps swapped twice, "
        "in a loop that goes on beyond the middle?",
    "ys[:length, n] = xs[:length, n, ::-1]":
        "the features are turned round, not the steps: axis 0 is time",
    "ys[:length, n] = xs[:length, -1 - n][::-1]":
        "the batch is turned round as well: every sequence keeps its place on axis 1",
    "for t in range(length):\n    ys[t, n] = ys[length - 1 - t, n]":
        "the second half holds what it held before: is it not filled, since a loop ends in the middle, "
        "or read from what has been overwritten already? Every step t takes `xs[length - 1 - t]`, "
        "into an array of its own",
    "if length > 1:\n    ys[: length - 1, n] = xs[: length - 1, n][::-1]":
        "the last step of each sequence stays in its place: the slice `[:length]` ends before `length`, "
        "so nothing has to be taken off",
    "if length > 1:\n    ys[1:length, n] = xs[1:length, n][::-1]":
        "the first step of each sequence stays in its place: step t takes step `length - 1 - t`, "
        "the last one for t = 0",
})

edit(
    reverse_padded, REVERSED, "ys[:length, n] = xs[np.minimum(length - np.arange(length), len(xs) - 1), n]",
    "step t is given `xs[length - t]`: the last of `length` steps is `xs[length - 1]`, so it is `xs[length - 1 - t]`",
    name="step_t_is_given_xs_length_t_and_never_beyond_the_end",
)

# Both directions. Turned round without a thought for the padding is what most do at first.

XS_REV = "xs_rev = reverse_padded(xs, mask)"
FORWARD = "hs_fwd = rnn_forward(xs, h0, W_x[0], W_h[0], b[0])"
REVERSE = "hs_rev = rnn_forward(xs_rev, h0, W_x[1], W_h[1], b[1])"
TURNED = "hs_rev = reverse_padded(hs_rev, mask)"
JOINED = "hs = np.concatenate([hs_fwd, hs_rev], axis=-1)"
MASKED = "hs = np.where(mask[..., None], hs, 0)"

for _name, _lines in {"and_back": [TURNED, "hs_rev = hs_rev[::-1]"], "alone": []}.items():
    edit(
        bidirectional_forward, XS_REV, "xs_rev = xs[::-1]", *_lines,
        "the reverse direction reads the padding first, before each sequence's last step: "
        "turn round only the steps that count, `reverse_padded(xs, mask)`",
        name=f"padding_turned_round_{_name}",
    )
edit(
    bidirectional_forward, XS_REV, "xs_rev = (xs * mask[..., None])[::-1]", TURNED, "hs_rev = hs_rev[::-1]",
    "the reverse direction reads the padding first, as zeros, and the bias makes a state of them: "
    "turn round only the steps that count, `reverse_padded(xs, mask)`",
)
edit(
    bidirectional_forward, XS_REV, "xs_rev = xs[::-1]", TURNED, "",
    "the states of the reverse direction stand in the order in which they were made, those of the padding first: "
    "it begins at the end of each sequence, and its first state belongs to that step",
)
edit(
    bidirectional_forward, TURNED, "", JOINED, f"{JOINED}\nhs = reverse_padded(hs, mask)",
    "both directions' states are turned round: those of the forward one are in the order of time already, "
    "so turn the reverse one's alone, before they are joined",
)
for _name, _end in {
    "whole": "hs_fwd[-1]",
    "masked": "np.where(mask[..., None], hs_fwd, 0)[-1]",
    "carried": "hs_fwd[mask.sum(axis=0).astype(int) - 1, range(mask.shape[1])]",
}.items():
    edit(
        bidirectional_forward, REVERSE, f"hs_rev = np.tanh(xs_rev @ W_x[1] + {_end} @ W_h[1] + b[1])",
        "the reverse direction takes the state in which the forward one ends for its old state at every step: "
        "it carries its own, from each step to the one before it",
        name=f"forward_end_at_every_step_{_name}",
    )
edit(
    bidirectional_forward, XS_REV, "xs_rev = xs[::-1]", TURNED, "hs_rev = hs_rev[::-1]", MASKED, "",
    "`mask` is not used: turn round only the steps that count, and let the states of padded steps be 0",
)
variants(bidirectional_forward, TURNED, {
    "": "the states of the reverse direction are not turned back: the first it made belongs to the last step, "
        "so call `reverse_padded` once more",
    "hs_rev = hs_rev[::-1]":
        "the states of the reverse direction are turned back with their padding: "
        "turn round only the steps that count, `reverse_padded(hs_rev, mask)`",
    f"{TURNED}\nhs_rev = np.concatenate([hs_rev[1:], h0[None]])":
        "the reverse direction is one step behind: at step t it has read xs[t] too, so both directions see it",
    "hs_rev = np.repeat(reverse_padded(hs_rev, mask)[:1], len(xs), axis=0)":
        "every step is given the state in which the reverse direction ends: each step has its own",
})
edit(
    bidirectional_forward, TURNED, f"{TURNED}\nhs_rev = np.where(mask[..., None], hs_rev, 0)[::-1]",
    "the states of the reverse direction stand from the last step to the first: hs is in the order of time, "
    "so a list that was filled from the last step on has to be turned round",
    name="list_of_the_reverse_direction_not_turned_back",
)
edit(
    bidirectional_forward, TURNED, f"{TURNED}\nhs_rev = np.where(mask[..., None], hs_rev, 0)[::-1]", JOINED,
    f"hs_fwd = np.where(mask[..., None], hs_fwd, 0)\n{JOINED}", MASKED, "",
    "the states of the reverse direction stand from the last step to the first: hs is in the order of time, "
    "so a list that was filled from the last step on has to be turned round",
    name="list_of_masked_states_not_turned_back",
)
edit(
    bidirectional_forward, XS_REV, "xs_rev = xs", TURNED, "",
    "both directions read forward: the second reads `reverse_padded(xs, mask)`",
)
edit(
    bidirectional_forward, XS_REV, "xs_rev = xs",
    "the reverse direction reads forward, and only its states are turned round: "
    "its inputs are `reverse_padded(xs, mask)`",
)
variants(bidirectional_forward, JOINED, {
    "hs = np.concatenate([hs_rev, hs_fwd], axis=-1)":
        "the halves of the states are swapped: first what the forward direction made, then the reverse one",
    "hs = np.stack([hs_fwd, hs_rev], axis=-1).reshape(*xs.shape[:2], -1)":
        "the units of the two directions alternate: they stand side by side, `np.concatenate` along the last axis",
    "hs = np.concatenate([hs_fwd, hs_fwd], axis=-1)":
        "the forward direction stands in both halves: the second belongs to the reverse one",
})
variants(bidirectional_forward, JOINED, {
    "hs = hs_fwd + hs_rev":
        "the two directions are added: they stand side by side, `np.concatenate` along the last axis",
    "hs = np.stack([hs_fwd, hs_rev])":
        "the two directions have an axis of their own: they stand side by side, `np.concatenate` along the last axis",
}, loop=False)      # what has another width is nothing that a further layer reads
edit(
    bidirectional_forward, JOINED, "hs = np.concatenate([hs_fwd, hs_rev], axis=1)", MASKED, "",
    "the directions are joined along the batch: they stand side by side on the last axis, `axis=-1`", loop=False,
)
edit(
    bidirectional_forward, JOINED, "hs = np.concatenate([hs_fwd, hs_rev])", MASKED, "",
    "the two directions come one after the other in time: they stand side by side, "
    "`np.concatenate` along the last axis", loop=False,
)
MASKED_FIRST = "hs_fwd, hs_rev = (np.where(mask[..., None], one, 0) for one in (hs_fwd, hs_rev))"
for _name, _axis, _sentence in [
    ("batch", ", axis=1",
        "the directions are joined along the batch: they stand side by side on the last axis, `axis=-1`"),
    ("time", "", "the two directions come one after the other in time: they stand side by side, "
                 "`np.concatenate` along the last axis"),
]:
    edit(
        bidirectional_forward, JOINED, f"{MASKED_FIRST}\nhs = np.concatenate([hs_fwd, hs_rev]{_axis})", MASKED, "",
        _sentence,
        loop=False, name=f"masked_directions_joined_along_{_name}",
    )
variants(bidirectional_forward, MASKED, {
    "": "padded steps keep a state: where the mask is 0, hs is 0",
    "hs = np.where(mask[..., None], 0, hs)": "the mask is inverted: hs is 0 where the mask is 0, not where it is 1",
    "last = hs_fwd[mask.sum(axis=0).astype(int) - 1, np.arange(mask.shape[1])]\n"
    "hs = np.where(mask[..., None], hs, np.concatenate([last, 0 * last], axis=-1))":
        "padded steps keep the last state of their sequence in the half of the forward direction: "
        "where the mask is 0, both halves of hs are 0",
})
edit(
    bidirectional_forward,
    FORWARD, "xs = xs * mask[..., None]\nhs_fwd = rnn_forward(xs, h0, W_x[0], W_h[0], b[0])", MASKED, "",
    "the mask is applied to the inputs: the states run on over the padding, so apply it to hs",
)
edit(
    bidirectional_forward, FORWARD, FORWARD.replace("0]", "1]"), REVERSE, REVERSE.replace("1]", "0]"),
    "the weights of the directions are swapped: place 0 is the forward one, place 1 the reverse one",
)
edit(
    bidirectional_forward, REVERSE, REVERSE.replace("1]", "0]"),
    "both directions use the forward one's weights: the reverse one has its own, in place 1 of W_x, W_h and b",
)
for _name in ("W_x", "W_h", "b"):
    edit(
        bidirectional_forward, REVERSE, REVERSE.replace(f"{_name}[1]", f"{_name}[0]"),
        f"the reverse direction takes the forward one's {_name}: its own is `{_name}[1]`",
        loop=f"the reverse direction takes the forward one's {_name}: that of layer l has its own, `{_name}[l, 1]`"
        if _name != "W_x" else "the reverse direction takes the forward one's W_x: its own stands in place 1, "
                               "`W_in[1]` in the lowest layer and `W_up[l - 1, 1]` above it",
    )
for _name, _end in {
    "whole": "hs_fwd[-1]",
    "masked": "np.where(mask[..., None], hs_fwd, 0)[-1]",
    "carried": "hs_fwd[mask.sum(axis=0).astype(int) - 1, range(mask.shape[1])]",
}.items():
    edit(
        bidirectional_forward, REVERSE, REVERSE.replace("h0", _end),
        "the reverse direction starts in the state in which the forward one ends: both start from zeros",
        name=f"reverse_starts_in_the_{_name}_end",
    )

edit(
    bidirectional_forward, REVERSE, "hs_rev = np.tanh(xs @ W_x[1] + hs_fwd @ W_h[1] + b[1])", TURNED, "",
    "the reverse direction goes on from the forward one's states: it carries its own, "
    "from each step to the one before it",
)
for _place, _way, _line in [(0, "forward", FORWARD), (1, "reverse", REVERSE)]:
    _other = 1 - _place
    variants(bidirectional_forward, _line, {
        _line.replace(f"W_h[{_place}]", f"W_h[{_place}].T"):
            f"W_h of the {_way} direction is transposed: with row vectors it is `h @ W_h[{_place}]`",
        _line.replace(f"W_h[{_place}]", f"0 * W_h[{_place}]"):
            f"the {_way} direction does not carry its state on: `h @ W_h[{_place}]` belongs inside its tanh, "
            "with the state of the step that it read before",
        _line.replace(f"b[{_place}]", f"0 * b[{_place}]"):
            f"the bias of the {_way} direction is left out: it adds `b[{_place}]`",
    }, loop=False)
    edit(
        bidirectional_forward, MASKED,
        f"hs[..., {'hs.shape[-1] // 2 :' if _place == 0 else ': hs.shape[-1] // 2'}] *= mask[..., None]",
        f"padded steps keep a state in the half of the {_way} direction: where the mask is 0, both halves of hs are 0",
    )
for _name in ("W_x", "W_h", "b"):
    edit(
        bidirectional_forward, FORWARD, FORWARD.replace(f"{_name}[0]", f"{_name}[1]"),
        f"the forward direction takes the reverse one's {_name}: its own is `{_name}[0]`", loop=False,
    )
edit(
    bidirectional_forward, FORWARD, FORWARD.replace("[0], b[0]", "[1], b[0]").replace("W_x[0]", "W_x[1]"),
    "the forward direction takes the reverse one's W_x and W_h: its own stand in place 0", loop=False,
)
edit(
    bidirectional_forward, XS_REV, "xs_rev = xs[::-1]", TURNED, "hs_rev = hs_rev[::-1]", MASKED,
    "hs[..., : hs.shape[-1] // 2] *= mask[..., None]",
    "the reverse direction goes on from what the padding made: it meets the padding first, "
    "so set its state to 0 where the mask is 0, before the next step reads it",
    loop=False,
)
variants(bidirectional_forward, XS_REV, {
    "xs_rev = reverse_padded(xs[::-1], mask)":
        "the reverse direction meets `xs[T - 1 - t]` at step t: it goes through the steps from the last to the first, "
        "and reads `xs[t]` at each",
}, loop=False)
variants(bidirectional_forward, TURNED, {
    f"{TURNED}\nhs_rev[0] = 0":
        "the reverse direction stops before step 0: it is `range(T - 1, -1, -1)`, or `reversed(range(T))`",
}, loop=False)
edit(
    bidirectional_forward, XS_REV,
    "rest = mask * (np.arange(len(mask)) < len(mask) - 1)[:, None]\nxs_rev = reverse_padded(xs, rest)",
    TURNED, "hs_rev = reverse_padded(hs_rev, rest) * rest[..., None]",
    "the reverse direction leaves the last step out: it begins at t = T - 1", loop=False,
)
variants(bidirectional_forward, FORWARD, {
    f"{FORWARD}\nhs_fwd[-1] = 0": "the forward direction stops before the last step: its loop ends with t = T - 1",
    "hs_fwd = np.concatenate([h0[None], rnn_forward(xs[1:], h0, W_x[0], W_h[0], b[0])]) if len(xs) > 1 else h0[None]":
        "the forward direction leaves step 0 out: its loop begins at t = 0",
}, loop=False)
variants(bidirectional_forward, JOINED, {
    "hs = np.concatenate([hs_fwd + hs_rev, 0 * hs_rev], axis=-1)":
        "both directions are added up in the first half: the reverse one has the second half, `[..., H:]`",
    "hs = np.concatenate([hs_rev, 0 * hs_rev], axis=-1)":
        "the reverse direction is written over the forward one: it has the second half, `[..., H:]`",
}, loop=False)
edit(
    bidirectional_forward, FORWARD, FORWARD.replace("W_h[0]", "W_h[0].T"), REVERSE,
    REVERSE.replace("W_h[1]", "W_h[1].T"),
    "W_h is transposed: with row vectors it is `h @ W_h`",
)

# Who writes the loop anew instead of calling rnn_forward; what is said otherwise above, or of a whole sequence, is
# left out.

OF_THE_WHOLE = (
    "W_h is transposed", "`h0`", "`h` is never", "the sequence", "the results come", "only the",
    "the steps are returned", "the last step is missing", "the first input", "the last input",
)
# Where a direction starts from zeros, some give what others do.
FROM_ZEROS = (
    "after the first step the old state is zeros", "the state before a step is read one place too early: in an array",
    "step t goes on from `hs[t - 2]`", *OF_THE_WHOLE,
)
inherit(bidirectional_forward, rnn_forward, but=FROM_ZEROS)
for _way, _line in {"forward": FORWARD, "reverse": REVERSE}.items():
    inherit_in_one_call(
        bidirectional_forward, rnn_forward, _line, f"in the {_way} direction alone",
        but=("the bias b is left out", "the old state plays no", *FROM_ZEROS), backwards=_way == "reverse",
    )
