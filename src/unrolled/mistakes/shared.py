"""Known mistakes that every cell shares: of the loop over a step, and of the way back through it.

The loops of the reference have their lines in common, so each mistake is written once.
"""

from unrolled.mistakes.edits import edit, last_line, variants
from unrolled.reference.bptt import truncated_rnn_backward
from unrolled.reference.gru import gru_backward, gru_forward
from unrolled.reference.lstm import lstm_backward, lstm_forward
from unrolled.reference.rnn import rnn_backward, rnn_forward

# A forward loop, and what it keeps of every step, by the list that holds it.
FORWARD = {
    rnn_forward: {"hs": "h"},
    gru_forward: {"hs": "h", "gates": "gates_t"},
    lstm_forward: {"hs": "h", "cs": "c", "gates": "gates_t"},
}
# What stands in such a list where no step was made.
ZERO = {"hs": "np.zeros_like(h0)", "cs": "np.zeros_like(c0)", "gates": "np.zeros((len(h0), len(b)))"}
START = ZERO | {"hs": "h0", "cs": "c0"}
# What may stand in the place of dhs[t], by what it is read from; a careful student adds nothing where there
# is no such step.
OTHER_STEPS = {
    "dhs[t + 1]": ("(dhs[t + 1] if t + 1 < len(dhs) else 0)", "dhs[(t + 1) % len(dhs)]"),
    "dhs[t - 1]": ("(dhs[t - 1] if t > 0 else 0)", "dhs[t - 1]"),
    "dhs[T - 1 - t]": ("dhs[len(dhs) - 1 - t]",),
    "dhs[-1]": ("dhs[-1]",),
    "dhs[0]": ("dhs[0]",),
}
BACKWARD = (rnn_backward, truncated_rnn_backward, gru_backward, lstm_backward)


def in_return(loop, *changes):
    """The return line of a loop, old and new: changes are parts of it, each followed by what takes its place."""
    old = new = last_line(loop)
    for part, other in zip(changes[::2], changes[1::2], strict=True):
        new = new.replace(part, other)
    return old, new



def of_forward_loop(_loop, _kept):
    """The mistakes of a loop forward in time, which keeps h and others of each step in lists."""
    edit(
        _loop, "h = h0", "h = np.zeros_like(h0)",
        "`h0` is ignored: the first step's h_prev is the h0 that is given, not zeros",
    )
    edit(
        _loop, "for x in xs:", "for x in xs:\n    h = h0",
        "`h` is never carried: every step starts from h0 again; let h be the next step's h_prev",
    )
    edit(
        _loop, "for x in xs:", "for x in xs:\n    h = np.zeros_like(h0)",
        "the old state plays no part: is it read from a place that is still empty, as `hs[t]` is before step t, "
        "or is `h_prev @ W_h` left out?",
    )
    edit(
        _loop, "for x in xs:", "for x in xs:\n    h = np.zeros_like(h0) if hs else h0",
        "after the first step the old state is zeros: is `hs[t]` read, which is still empty at step t? "
        "The state before it is `hs[t - 1]`",
    )
    edit(
        _loop, "for x in xs:", "for x in [xs[-t] for t in range(len(xs))]:",
        "after the first step the inputs are read from the end: `xs[-t]` counts backwards, step t reads `xs[t]`",
    )
    edit(
        _loop, "hs.append(h)", "hs.append(h0)",
        "every place of `hs` holds h0: what belongs there is the new state, which the step has just made",
    )
    edit(
        _loop, "for x in xs:", "for x in xs:\n    h = hs[0] if hs else h0",
        "every step goes on from the first state, `hs[0]`: let it go on from the one before it, `hs[t - 1]`",
    )
    for _name, _empty in {"a_list": "hs[-1]", "an_array": "0 * h0"}.items():
        edit(
            _loop, "for x in xs:",
            f"for t, x in enumerate(xs):\n    h = hs[t - 2] if t > 1 else {_empty} if t == 1 else h0",
            "step t goes on from `hs[t - 2]`: the state before it is the one that step t - 1 made, `hs[t - 1]`",
            name=f"two_states_back_in_{_name}",
        )
    edit(
        _loop, "for x in xs:", "for x in [xs[0]] * len(xs):",
        "every step reads the first input: step t reads `xs[t]`",
    )
    edit(
        _loop, "for x in xs:", "for x in xs[::-1]:",
        "the sequence is read backwards: start with xs[0]",
    )
    edit(
        _loop, "for x in xs:", "for x in xs[::-1]:",
        *(line for name, one in _kept.items() for line in (f"{name}.append({one})", f"{name}.insert(0, {one})")),
        "the sequence is read backwards: start with xs[0]", name="read_backwards_and_stored_in_order",
    )
    edit(
        _loop,
        *in_return(_loop, *(part for name in _kept for part in (f"np.stack({name})", f"np.stack({name}, axis=1)"))),
        "the results come batch first: time is axis 0, as in hs (T, N, H)",
    )
    edit(
        _loop, *in_return(_loop, *(part for name in _kept for part in (f"np.stack({name})", f"{name}[-1]"))),
        "only the last step is returned: all T steps are wanted, as in hs (T, N, H)",
    )
    edit(
        _loop, *in_return(_loop, *(part for name in _kept for part in (f"np.stack({name})", f"{name}[0]"))),
        "only the first step is returned, where all T steps are wanted: is the `return` inside the loop?",
    )
    edit(
        _loop, *in_return(_loop, *(part for name in _kept
            for part in (f"np.stack({name})", f"np.stack([{name}[0]] + [{ZERO[name]}] * (len(xs) - 1))"))),
        "only the first step is filled in, and the places of the others are empty: is the `return` inside the loop?",
    )
    edit(
        _loop, *in_return(_loop,
            *(part for name in _kept for part in (f"np.stack({name})", f"np.stack([*{name}[:-1], {ZERO[name]}])"))),
        "the last step is missing, and its place is empty: the loop runs over all T steps",
    )
    edit(
        _loop,
        *in_return(_loop, *(part for name in _kept for part in (f"np.stack({name})", f"np.stack({name}[::-1])"))),
        "the steps are returned in reverse order of time: the first belongs to xs[0]",
    )
    edit(
        _loop, *in_return(_loop, "np.stack(hs)", "np.stack([h0, *hs[:-1]])"),
        "`h0` is returned as if it were the first step's state: hs[0] is the state after the first input",
    )
    edit(
        _loop, *in_return(_loop, "np.stack(hs)", "np.stack([h0, *hs])"),
        "`h0` stands in front of the states: hs has T states, the first of them after the first input",
    )
    edit(
        _loop, *in_return(_loop, "np.stack(hs)", "np.stack([*hs, h0])"),
        "`h0` stands behind the states: with h0 as the last of T + 1, hs[-1] is the state before the first step, "
        "but return the first T alone",
    )
    edit(
        _loop, "for x in xs:", "for x in xs[1:]:",
        *(line for name in _kept for line in (f"{name} = []", f"{name} = [{ZERO[name]}]")),
        "the first input is never read: the loop starts at t = 0", name="loop_from_1",
    )
    edit(
        _loop, "for x in xs:", "for x in xs[1:]:",
        *(line for name in _kept for line in (f"{name} = []", f"{name} = [{START[name]}]")),
        "the first input is never read: `hs[0]` is not h0, it follows from h0 and xs[0]", name="loop_from_1_behind_h0",
    )
    for _rest, _said in {"xs[1:]": "the first input is never read: the loop starts at t = 0",
        "xs[:-1]": "the last input is never read: the loop ends with t = T - 1"}.items():
        edit(
            _loop, "for x in xs:", f"for x in {_rest}:",
            *in_return(_loop, *(part for name in _kept for part in (f"np.stack({name})", f"np.array({name})"))),
            f"{_said}, and hs has T states", name=f"loop_over_{_rest}",
        )
    edit(
        _loop, "h = h0", "states = [h0]", "for x in xs:", "for t, x in enumerate(xs):\n    h = states[t - 1]",
        "hs.append(h)", "hs.append(h)\nstates.append(h)",
        "the state before a step is read one place too early: step t goes on from what step t - 1 made, "
        "which is the last in the list when step t begins",
    )
    edit(
        _loop, "h = h0", "states = [h0]", "for x in xs:",
        "for t, x in enumerate(xs):\n    h = states[t - 1] if t > 0 else np.zeros_like(h0)",
        "hs.append(h)", "hs.append(h)\nstates.append(h)",
        "the state before a step is read one place too early: in an array of T + 1 states that begins with h0, "
        "step t goes on from place t; at the first step place t - 1 is place -1, the empty end",
        name="read_one_place_too_early_in_an_array",
    )


for _loop, _kept in FORWARD.items():
    of_forward_loop(_loop, _kept)

for _loop in (rnn_backward, gru_backward, lstm_backward):
    for _name, _changes in {"alone": (),
        "and_zeros": ("np.stack(dxs)", "np.stack([*([0 * dx] * (len(xs) - 1)), dx])")}.items():
        edit(
            _loop, "for t in reversed(range(len(xs))):", "for t in [len(xs) - 1]:",
            *(in_return(_loop, *_changes) if _changes else ()),
            "only the last step is gone back through: is the `return` inside the loop? It belongs after it, "
            "when all steps are done",
            name=f"the_last_step_{_name}", loop=False,
        )

for _loop in (rnn_backward, truncated_rnn_backward):
    edit(
        _loop, "dh = dh + dhs[t]", "dh = dh + dhs[t] / (1 - hs[t]**2)",
        "brackets are missing around the sum: tanh's slope multiplies the whole gradient, "
        "`(dhs[t] + dh) * (1 - hs[t]**2)`, not only the part that comes back in time",
    )


def of_backward_loop(_loop, limits=(1, 5, 10), other_steps=OTHER_STEPS):
    """The mistakes of a loop back through time, which hands dh from step to step.

    limits are those at which dh may be clipped, other_steps what may stand in the place of dhs[t].
    """
    edit(
        _loop, "for t in reversed(range(len(xs))):", "for t in reversed(range(len(xs))):\n    dh = np.zeros_like(h0)",
        "`dh` is not handed back: add the dh_prev of step t + 1 to dhs[t] before you go through step t",
    )
    edit(
        _loop, "for t in reversed(range(len(xs))):", "for t in reversed(range(len(xs))):\n    dh = np.zeros_like(h0)",
        *in_return(_loop, "dxs), dh,", "dxs), np.zeros_like(h0),"),
        "`dh` is not handed back: add the dh_prev of step t + 1 to dhs[t] before you go through step t",
        name="never_handed_back_and_no_dh0",
    )
    edit(
        _loop, "for t in reversed(range(len(xs))):", "for t in range(len(xs)):", "dxs.insert(0, dx)", "dxs.append(dx)",
        "the loop runs forward in time: start at the last step, whose gradients the step before needs",
    )
    edit(
        _loop, "for t in reversed(range(len(xs))):", "for t in reversed(range(1, len(xs))):",
        *in_return(_loop, "np.stack(dxs)", "np.stack([np.zeros_like(xs[0]), *dxs])"),
        "the loop stops before step 0: it is `range(T - 1, -1, -1)`, or `reversed(range(T))`",
        loop="each window stops before its first step, `max(end - k2, 0)`: a `range` leaves out its end, "
             "so one that runs backwards down to step a ends with a - 1",
    )
    edit(
        _loop, "for t in reversed(range(len(xs))):", "for t in reversed(range(len(xs) - 1)):",
        *in_return(_loop, "np.stack(dxs)", "np.stack([*dxs, np.zeros_like(xs[0])])"),
        "the last step is left out: the loop starts at T - 1, with `dhs[T - 1]`",
        loop="each window's last step is left out: the way back through it starts at step `end - 1`, "
             "with `dhs[end - 1]`",
    )
    edit(
        _loop, "dxs.insert(0, dx)", "dxs.append(dx)",
        "`dxs` is in reverse order of time: the loop makes the last step's dx first, so turn the list round",
        loop="the dxs of each window are in reverse order of time: the loop makes the last step's dx first, "
             "so turn them round",
    )
    edit(
        _loop, "dh = np.zeros_like(h0)", "dh = dhs[-1]", "dh = dh + dhs[t]", "",
        "only the last step's gradient counts: every step has an output of its own, "
        "so add its dhs[t] in every round of the loop, and overwrite nothing",
        loop=False,     # where windows take several losses, this is to take the last alone
    )
    variants(_loop, "dh = np.zeros_like(h0)", {
        "dh = dhs[-1]":
            "the last step's gradient counts twice: where dhs[t] is added in every round of the loop, "
            "dh starts with zeros",
        "dh = np.ones_like(h0)":
            "the loop starts with a dh of ones: nothing comes from beyond the last step, so it starts with zeros",
    })
    variants(_loop, "dh = np.zeros_like(h0)", {
        "dh = h0": "`dh` starts as h0, a state and no gradient: nothing comes from beyond the last step, "
                   "so it starts with zeros",
        "dh = hs[-1]": "`dh` starts as the last state, which is no gradient: nothing comes from beyond the last step, "
                       "so it starts with zeros",
    }, loop=False)
    for _other, _given in ((other, given) for other, ways in other_steps.items() for given in ways):
        edit(
            _loop, "dh = dh + dhs[t]", f"dh = dh + {_given}",
            f"step t is given another step's gradient, `{_other}`: what arrives at h_t is `dhs[t]`",
            name=f"given_{_given}", loop=False,
        )
    edit(
        _loop, "dh = dh + dhs[t]", "", "dxs.insert(0, dx)", "dxs.insert(0, dx)\ndh = dh + dhs[t]",
        "`dhs[t]` is added too late, after the way back through step t: it arrives at h_t, so add it before",
    )
    for _limit in limits:
        variants(_loop, "dxs.insert(0, dx)", {
            f"dxs.insert(0, dx)\ndh = np.clip(dh, -{_limit}, {_limit})":
                "`dh` is clipped in the loop: what a step hands back goes on whole; clip the gradients at the end, "
                "when all is added up",
        }, name=f"what_goes_back_clipped_at_{_limit}")
        variants(_loop, "dh = dh + dhs[t]", {
            f"dh = np.clip(dh + dhs[t], -{_limit}, {_limit})":
                "`dh` is clipped in the loop: the step takes dh + dhs[t] whole; clip the gradients at the end, "
                "when all is added up",
        }, name=f"what_comes_clipped_at_{_limit}")
    edit(
        _loop, "dh = dh + dhs[t]", "pile = dh\ndh = dh + dhs[t]", "dxs.insert(0, dx)",
        "dxs.insert(0, dx)\ndh = pile + dh",
        "what the steps hand back is piled up: the next dh_prev replaces the old one, so it is `dh = dh_prev`, "
        "not `+=`",
    )
    edit(
        _loop, "dh = dh + dhs[t]", "dh = dh + dhs[t]\nold = dh", "dxs.insert(0, dx)",
        "dxs.insert(0, dx)\ndh = old + dh",
        "what a step hands back is added to the gradient that it was given: the next dh_prev replaces it, "
        "`dh = dh_prev`",
    )
    variants(_loop, "h_prev = hs[t - 1] if t > 0 else h0", {
        "h_prev = hs[t] if t > 0 else h0":
            "after the first step, step t is given hs[t] as its old state: that is its new one, "
            "the old one is hs[t - 1]",
        "h_prev = hs[t - 1]":
            "at the first step hs[t - 1] is hs[-1], the last state: the state before step 0 is h0",
        "h_prev = hs[t + 1] if t < len(xs) - 1 else h0":
            "step t is given the state after it, hs[t + 1]: the one before it is hs[t - 1], and h0 before step 0",
        "h_prev = hs[t] if t < len(xs) - 1 else h0":
            "`h0` stands behind the states, not in front of them: the state before step t is hs[t - 1], "
            "and h0 before step 0",
        "h_prev = hs[t - 2] if t > 1 else h0 if t == 1 else hs[-1]":
            "the state before a step is read one place too early: where the states begin with h0, "
            "step t's old one stands at place t",
        "h_prev = h0":
            "every step is given h0 as its old state: after the first step it is hs[t - 1]",
        "h_prev = hs[t - 1] if t > 0 else np.zeros_like(h0)":
            "`h0` is taken for zeros on the way back: the state before step 0 is the h0 that is given",
    }, loop=False)      # a window has a state before it that is not h0
    edit(
        _loop, "dxs.insert(0, dx)", "dxs.insert(0, dx)\ndh = dh / len(dh)",
        "what a step hands back is divided by the batch size N, once more at each step: "
        "that division belongs to the loss, and dhs carry it already", loop=False,
    )
    edit(
        _loop, "dh = dh + dhs[t]", "dh = dh + dhs[t]\ndh0 = dh", *in_return(_loop, "dxs), dh,", "dxs), dh0,"),
        "`dh0` is one step late: this is the gradient at hs[0]; it still has to go back through step 0",
    )
    edit(
        _loop, *in_return(_loop, "dxs), dh,", "dxs), np.zeros_like(h0),"),
        "`dh0` stays zero: it is what step 0 hands back, the last dh_prev of the loop",
        loop="`dh0` stays zero: it is what step 0 hands back, added up over all windows that reach it",
    )


for _loop in BACKWARD:
    of_backward_loop(_loop)
    edit(
        _loop, "dW_x = dW_x + dW_x_t", "dW_x = dW_x_t", "dW_h = dW_h + dW_h_t", "dW_h = dW_h_t", "db = db + db_t",
        "db = db_t",
        "the weights' gradients hold one step's part alone: the same weights serve all steps, so add each step's, "
        "with `+=` and inside the loop",
    )
    edit(
        _loop, *in_return(_loop, "dW_x, dW_h, db", "dW_x / len(xs), dW_h / len(xs), db / len(xs)"),
        "the weights' gradients are averaged over time: the same weights serve all steps, "
        "so their gradient is the sum",
        loop=False,
    )
    for _one, _other, _sentence in [
        ("dW_h", "db", "`dW_h` and db hold one step's part alone"),
        ("dW_x", "db", "`dW_x` and db hold one step's part alone"),
        ("dW_x", "dW_h", "`dW_x` and dW_h hold one step's part alone"),
    ]:
        edit(
            _loop,
            *(line for name in (_one, _other) for line in (f"{name} = {name} + {name}_t", f"{name} = {name}_t")),
            f"{_sentence}: the same weights serve all steps, so add each step's, with `+=` and inside the loop",
            loop=False,
        )
