"""Known mistakes of assignment 07-deep-bidirectional on the ways back: through both directions, and down
through the layers."""

import numpy as np

# rnn and shared: whose mistakes a loop of one's own makes in every layer and direction
from unrolled.mistakes import rnn, shared  # noqa: F401
from unrolled.mistakes.edits import edit, inherit, inherit_in_one_call, last_line, mistake, variants
from unrolled.reference.deep_bidirectional import bidirectional_backward, stacked_backward
from unrolled.reference.rnn import rnn_backward

MASKED = "dhs = np.where(mask[..., None], dhs, 0)"
DHS = "dhs_fwd, dhs_rev = np.split(dhs, 2, axis=-1)"
HS = "hs_fwd, hs_rev = np.split(hs, 2, axis=-1)"
DHS_REV = "dhs_rev = reverse_padded(dhs_rev, mask)"
HS_REV = "hs_rev = reverse_padded(hs_rev, mask)"
XS_REV = "xs_rev = reverse_padded(xs, mask)"
FORWARD = "dxs_fwd, _, dW_x_fwd, dW_h_fwd, db_fwd = rnn_backward(dhs_fwd, xs, h0, hs_fwd, W_x[0], W_h[0])"
REVERSE = "dxs_rev, _, dW_x_rev, dW_h_rev, db_rev = rnn_backward(dhs_rev, xs_rev, h0, hs_rev, W_x[1], W_h[1])"
DXS_REV = "dxs_rev = reverse_padded(dxs_rev, mask)"
DXS = "dxs = dxs_fwd + dxs_rev"
STACKED = {name: f"{name} = np.stack([{name}_fwd, {name}_rev])" for name in ("dW_x", "dW_h", "db")}

variants(bidirectional_backward, MASKED, {
    "": "gradients that arrive at padding are taken in: hs is 0 there whatever the weights are, "
        "so take dhs as 0 where the mask is 0",
    "dhs = np.where(mask[..., None], 0, dhs)": "the mask is inverted: dhs counts where it is 1",
})
edit(
    bidirectional_backward, MASKED, "", DXS, "dxs = np.where(mask[..., None], dxs_fwd + dxs_rev, 0)",
    "the mask is applied to dxs alone: what arrives at padding has gone into the weights' gradients by then, "
    "so apply it to dhs",
)
for _old, _name, _what in [(DHS, "dhs", "the gradients that arrive"), (HS, "hs", "the states")]:
    _fwd, _rev = f"{_name}_fwd", f"{_name}_rev"
    variants(bidirectional_backward, _old, {
        f"{_rev}, {_fwd} = np.split({_name}, 2, axis=-1)":
            f"the halves of {_what} are swapped: the first belongs to the forward direction, "
            "the second to the reverse one",
        f"{_fwd}, {_rev} = {_name}[..., ::2], {_name}[..., 1::2]":
            f"every other unit is taken for a direction in {_what}: the directions stand side by side, "
            "so the first H belong to the forward one",
    })
edit(
    bidirectional_backward, HS_REV, "hs_rev = reverse_padded(hs_fwd, mask)",
    "the reverse direction goes back through the forward one's states: its own are the second half of hs",
)
edit(
    bidirectional_backward, DHS_REV, "dhs_rev = reverse_padded(dhs_fwd, mask)",
    "the reverse direction is given what arrives at the forward one: its own is the second half of dhs",
)
edit(
    bidirectional_backward, DHS, "dhs_rev, dhs_fwd = np.split(dhs, 2, axis=-1)", HS,
    "hs_rev, hs_fwd = np.split(hs, 2, axis=-1)",
    "the halves of dhs and hs are swapped: the first belongs to the forward direction, the second to the reverse one",
)
for _first, _second, _sentence in [
    ("dhs_rev", "hs_rev", "both directions are given the reverse one's dhs and hs: each has its own half"),
    ("dhs_fwd", "hs_fwd", "both directions are given the forward one's dhs and hs: each has its own half"),
]:
    edit(
        bidirectional_backward,
        DHS, f"{DHS}\ndhs_fwd = dhs_rev = {_first}", HS, f"{HS}\nhs_fwd = hs_rev = {_second}",
        _sentence,
    )

for _place, _way, _line in [(0, "forward", FORWARD), (1, "reverse", REVERSE)]:
    _part = "fwd" if _place == 0 else "rev"
    edit(
        bidirectional_backward, MASKED, f"given = np.split(dhs, 2, axis=-1)\n{MASKED}", DHS,
        f"{DHS}\ndhs_{_part} = given[{_place}]",
        f"what arrives at padding is taken in by the {_way} direction: both take dhs as 0 where the mask is 0",
    )
    edit(
        bidirectional_backward, _line, _line.replace(f"W_h[{_place}])", f"W_h[{_place}].T)"),
        f"W_h of the {_way} direction is the wrong way round on the way back: "
        f"for arrays as they are given it is `da @ W_h[{_place}].T`",
    )
edit(
    bidirectional_backward, MASKED, f"given = np.split(dhs, 2, axis=-1)\n{MASKED}", DHS, f"{DHS}\ndhs_rev = given[1]",
    DHS_REV, "dhs_rev = dhs_rev[::-1]", HS_REV, "hs_rev = hs_rev[::-1]", XS_REV, "xs_rev = xs[::-1]", DXS_REV,
    "dxs_rev = dxs_rev[::-1]",
    "the reverse direction goes back through the padding too: what arrives there does not count, "
    "and nothing goes on into it, so multiply its da by the mask",
)
edit(
    bidirectional_backward, FORWARD, FORWARD.replace("_, ", "dh, ", 1),
    REVERSE, f"dhs_rev = reverse_padded(dhs_rev, mask)\ndhs_rev[0] = dhs_rev[0] + dh\n{DHS_REV}\n{REVERSE}",
    "the reverse direction's way back begins with what the forward one has left in dh: "
    "each direction begins with zeros",
)
for _name, _old in STACKED.items():
    variants(bidirectional_backward, _old, {
        f"{_name} = np.stack([{_name}_fwd, {_name}_fwd])":
            f"the forward direction's part stands in both places of `{_name}`: "
            f"`{_name}[1]` belongs to the reverse one",
        f"{_name} = np.stack([{_name}_rev, {_name}_rev])":
            f"the reverse direction's part stands in both places of `{_name}`: "
            f"`{_name}[0]` belongs to the forward one",
        f"{_name} = np.stack([{_name}_fwd + {_name}_rev, 0 * {_name}_rev])":
            f"both directions' parts are added up in the first place of `{_name}`: "
            f"the reverse one's belongs in `{_name}[1]`",
        f"{_name} = np.stack([{_name}_rev, 0 * {_name}_rev])":
            f"the reverse direction's part is written over the forward one's in `{_name}`: it belongs in `{_name}[1]`",
    })

IN_ORDER = ("_, dW_x_{0}, dW_h_{0}, db_{0} =", "dW_x_{0}, dW_h_{0}, db_{0}, _ =")
edit(
    bidirectional_backward, *(text for line, way in [(FORWARD, "fwd"), (REVERSE, "rev")]
        for text in (line, line.replace(*(one.format(way) for one in IN_ORDER)))),
    "what rnn_backward returns is taken in another order: it is dxs, dh0, dW_x, dW_h, db",
)

# The order of time in which the reverse direction read.

variants(bidirectional_backward, DHS_REV, {
    "": "what arrives at the reverse direction is not turned round: it read the last step first, "
        "so its way back takes `reverse_padded(dhs, mask)`",
    "dhs_rev = dhs_rev[::-1]":
        "what arrives at the reverse direction is turned round with its padding: "
        "turn round only the steps that count, `reverse_padded(dhs, mask)`",
})
variants(bidirectional_backward, HS_REV, {
    "": "the states of the reverse direction are not turned round: hs holds them in the order of time, "
        "and its way back needs the order in which it read",
    "hs_rev = hs_rev[::-1]":
        "the states of the reverse direction are turned round with their padding: "
        "turn round only the steps that count, `reverse_padded(hs, mask)`",
})
variants(bidirectional_backward, XS_REV, {
    "xs_rev = xs":
        "the reverse direction is given its inputs in the order of time: it read `reverse_padded(xs, mask)`",
    "xs_rev = xs[::-1]":
        "the inputs of the reverse direction are turned round with their padding: "
        "turn round only the steps that count, `reverse_padded(xs, mask)`",
})
variants(bidirectional_backward, DXS_REV, {
    "": "the reverse direction's dxs is not turned back: its first step is the last one in time, "
        "so call `reverse_padded` once more before the sum",
    "dxs_rev = dxs_rev[::-1]":
        "the reverse direction's dxs is turned back with its padding: turn round only the steps that count, "
        "`reverse_padded(dxs, mask)`",
})
edit(
    bidirectional_backward, DHS_REV, "", HS_REV, "", XS_REV, "xs_rev = xs", DXS_REV, "",
    "the reverse direction goes back as if it had read forward: turn round its dhs, hs and xs before, "
    "and its dxs after",
)
edit(
    bidirectional_backward, DHS_REV, "", HS_REV, "", XS_REV, "xs_rev = xs",
    "nothing is turned round for the reverse direction but its dxs: it needs dhs, "
    "hs and xs in the order in which it read",
)
edit(
    bidirectional_backward, DHS_REV, "", HS_REV, "",
    "of what the reverse direction's way back takes, xs alone is turned round: "
    "dhs and hs are in the order of time too",
)
edit(
    bidirectional_backward,
    DHS_REV, "dhs_rev = dhs_rev[::-1]", HS_REV, "hs_rev = hs_rev[::-1]", XS_REV, "xs_rev = xs[::-1]", DXS_REV,
    "dxs_rev = dxs_rev[::-1]",
    "the padding is turned round with the sequences: turn round only the steps that count, `reverse_padded`",
)


@mistake(
    bidirectional_backward,
    "the reverse direction's W_h is taken to have met the state of the step before in time: it read from the right, "
    "so its old state at step t is that of step t + 1",
)
def old_state_on_the_wrong_side(dhs, xs, mask, hs, W_x, W_h):
    dxs, dW_x, dW_h, db = bidirectional_backward(dhs, xs, mask, hs, W_x, W_h)
    dhs_rev, hs_rev = (np.split(array * mask[..., None], 2, axis=-1)[1] for array in (dhs, hs))
    before = np.concatenate([np.zeros_like(hs_rev[:1]), hs_rev[:-1]])
    da, dW_h_rev = np.zeros_like(hs_rev[0]), np.zeros_like(W_h[1])
    for t in range(len(xs)):
        da = (dhs_rev[t] + da @ W_h[1].T) * (1 - hs_rev[t] ** 2) * mask[t, :, None]
        dW_h_rev += before[t].T @ da
    return dxs, dW_x, np.stack([dW_h[0], dW_h_rev]), db


# The weights, and what becomes of the two directions' gradients.

edit(
    bidirectional_backward, FORWARD, FORWARD.replace("[0]", "[1]"), REVERSE, REVERSE.replace("[1]", "[0]"),
    "the weights of the directions are swapped: place 0 is the forward one, place 1 the reverse one",
)
edit(
    bidirectional_backward, REVERSE, REVERSE.replace("[1]", "[0]"),
    "both directions go back through the forward one's weights: the reverse one has its own, in place 1",
)
for _name in ("W_x", "W_h"):
    edit(
        bidirectional_backward, REVERSE, REVERSE.replace(f"{_name}[1]", f"{_name}[0]"),
        f"the reverse direction goes back through the forward one's {_name}: its own is `{_name}[1]`",
    )
variants(bidirectional_backward, DXS, {
    "dxs = dxs_fwd":
        "`dxs` holds the forward direction's share alone: both directions read each input, so add the two",
    "dxs = dxs_rev":
        "`dxs` holds the reverse direction's share alone: both directions read each input, so add the two",
    "dxs = (dxs_fwd + dxs_rev) / 2":
        "`dxs` is the mean of the two directions: both read each input, so it is their sum",
    "dxs = dxs_fwd - dxs_rev":
        "the reverse direction's share is subtracted from `dxs`: both read each input, so add the two",
})
edit(
    bidirectional_backward,
    *(line for name, old in STACKED.items() for line in (old, f"{name} = np.stack([{name}_rev, {name}_fwd])")),
    "the weights' gradients of the two directions are swapped: place 0 is the forward one, place 1 the reverse one",
)
edit(
    bidirectional_backward,
    *(line for name, old in STACKED.items() for line in (old, f"{name} = np.stack([{name}_fwd + {name}_rev] * 2)")),
    "the weights' gradients of the two directions are added: each direction has weights of its own, "
    "and only dxs is a sum",
)
edit(
    bidirectional_backward,
    *(line for name, old in STACKED.items() for line in (old, f"{name} = np.stack([{name}_fwd, {name}_fwd])")),
    "the forward direction's gradients stand in both places: place 1 of dW_x, dW_h and db belongs to the reverse one",
)

# From the top layer down.

LAYERS = "for layer in reversed(range(1, len(W_h))):"
BELOW = "below = hs[layer - 1]"
H0 = "h0 = h0s[layer]"
LOWEST_BACK = "dxs, dh0s[0], dW_in, dW_h[0], db[0] = rnn_backward(dhs, xs, h0s[0], hs[0], W_in, W_h[0])"
W_X = "W_x = W_up[layer - 1]"
BACK = "dhs, dh0s[layer], dW_x, dW_h[layer], db[layer] = rnn_backward(dhs, below, h0, hs[layer], W_x, W_h[layer])"
DW_UP = "dW_up[layer - 1] = dW_x"

edit(
    stacked_backward, LAYERS, f"top = dhs\n{LAYERS}", LOWEST_BACK, LOWEST_BACK.replace("(dhs,", "(top,"),
    "the lowest layer is given what arrives at the top: its dhs are the dxs of the layer above it, "
    "as for every other layer",
)
edit(
    stacked_backward, "dh0s = np.zeros_like(h0s, hs.dtype)",
    "top = dhs\ndhs = top + dhs\ndh0s = np.zeros_like(h0s, hs.dtype)", BACK, f"{BACK}\ndhs = top + dhs",
    "what arrives at the top is added in every layer, the top one too, where it counts twice: "
    "only the top layer is read out, the others take what is handed down",
)
variants(stacked_backward, BACK, {
    BACK.replace("dhs,", "_,", 1):
        "every layer is given what arrives at the top: a layer's dxs are the dhs of the layer below it, "
        "so hand them down",
    f"arrived = dhs if layer == len(W_h) - 1 else arrived\n{BACK}\ndhs = arrived + dhs":
        "what arrives at the top is added at every layer: only the top layer is read out, "
        "so the layers below take only what is handed down",
    f"top = dhs\n{BACK}\ndhs = top + dhs":
        "what a layer was given is added to what it hands down: only the top layer is read out, "
        "so the layer below takes its dxs alone",
    f"{BACK}\ndhs = dhs * (1 - hs[layer - 1]**2)":
        "the slope of tanh is taken twice between the layers: the way back through the layer below begins with it "
        "already",
    f"{BACK}\ndhs[:-1] = 0":
        "only the last step's gradient goes down to the layer below: it is read at every step, "
        "so each step's dxs goes down",
    f"{BACK}\ndhs = np.concatenate([dhs[1:], 0 * dhs[:1]])":
        "what comes down from the layer above is read one step too late, at t + 1: "
        "step t takes what that layer hands down at step t",
    f"{BACK}\ndhs = np.concatenate([0 * dhs[:1], dhs[:-1]])":
        "what comes down from the layer above is read one step too early, at t - 1: "
        "step t takes what that layer hands down at step t",
    BACK.replace("(dhs,", "(top,", 1).join(["top = dhs if layer == len(W_h) - 1 else top\n", ""]):
        "every layer above the lowest is given what arrives at the top: a layer's dxs are the dhs of the layer below "
        "it, so hand them down",
    BACK.replace("dW_h[layer],", "dW_h[layer - 1],"):
        "`dW_h` is filled one place too early: the gradient of W_h[l] belongs in `dW_h[l]`",
    BACK.replace("db[layer]", "db[layer - 1]"):
        "`db` is filled one place too early: the gradient of b[l] belongs in `db[l]`",
    BACK.replace("dh0s[layer],", "dh0s[layer - 1],"):
        "`dh0s` is filled one place too early: the gradient of h0s[l] belongs in `dh0s[l]`",
    BACK.replace("hs[layer]", "hs[-1]"):
        "every layer goes back through the top layer's states: layer l made `hs[l]`",
    BACK.replace("hs[layer]", "hs[layer - 1]"):
        "a layer goes back through the states of the one below it: layer l made `hs[l]`, and read `hs[l - 1]`",
    BACK.replace("W_h[layer])", "W_h[0])"): "every layer goes back through the lowest one's W_h: layer l has `W_h[l]`",
    BACK.replace("W_h[layer])", "W_h[layer - 1])"):
        "a layer goes back through W_h of the one below it: layer l has `W_h[l]`",
})
edit(
    stacked_backward, BACK, BACK.replace("(dhs,", "(dhs * (1 - hs[layer]**2),"), LOWEST_BACK,
    LOWEST_BACK.replace("(dhs,", "(dhs * (1 - hs[0]**2),"),
    "the slope of tanh is taken before the way back through each layer: rnn_backward begins with it, "
    "so hand it dhs as it is",
)
CARRIED = (
    "the way back of each layer goes on from the dh that the layer above has left: "
    "each begins with zeros at its last step"
)
CARRIED_BACK = f"if layer < len(W_h) - 1:\n    dhs[-1] += dh0s[layer + 1]\n{BACK}"
CARRIED_LOWEST = f"if len(W_h) > 1:\n    dhs[-1] += dh0s[1]\n{LOWEST_BACK}"
edit(stacked_backward, BACK, CARRIED_BACK, LOWEST_BACK, CARRIED_LOWEST, CARRIED)
edit(
    stacked_backward, LAYERS, "for layer in range(1, len(W_h)):",
    "the layers are taken from the bottom up: begin at the top, where dhs arrives",
)
variants(stacked_backward, BELOW, {
    "below = hs[layer]": "a layer's own states are taken for what it read: layer l read `hs[l - 1]`",
    "below = hs[0]": "every layer is taken to have read the lowest one's states: layer l read `hs[l - 1]`",
    "below = np.roll(hs[layer - 1], 1, axis=0)":
        "`dW_up` takes the layer below one step too early, the last one before the first: "
        "at step t layer l read `hs[l - 1, t]`",
    "below = np.concatenate([0 * hs[layer - 1][:1], hs[layer - 1][:-1]])":
        "`dW_up` takes the layer below one step too early: at step t layer l read `hs[l - 1, t]`",
    "below = hs[layer - 2]":
        "what a layer read is looked for one layer too low, where `[-1]` is the top: layer l read `hs[l - 1]`",
})
variants(stacked_backward, H0, {
    "h0 = h0s[0]": "every layer is taken to have started in the lowest one's state: layer l started in `h0s[l]`",
    "h0 = h0s[layer - 1]": "a layer is taken to have started where the one below it did: layer l started in `h0s[l]`",
    "h0 = np.zeros_like(h0s[layer])":
        "the upper layers are taken to have started from zeros: layer l started in `h0s[l]`",
    "h0 = hs[layer - 1][-1]":
        "a layer is taken to have started in the last state of the one below it: layer l started in `h0s[l]`",
})
edit(
    stacked_backward, H0, "h0 = np.zeros_like(h0s[layer])", LOWEST_BACK,
    LOWEST_BACK.replace("h0s[0], hs", "np.zeros_like(h0s[0]), hs"),
    "all layers are taken to have started from zeros: layer l started in `h0s[l]`",
)
variants(stacked_backward, W_X, {
    "W_x = W_up[0]":
        "one matrix leads down from every upper layer: what layer l hands down goes through `W_up[l - 1]`",
    "W_x = W_up[layer - 2]": "`W_up` is read one place too early, where `[-1]` is its last: "
                             "what layer l hands down goes through `W_up[l - 1]`",
    "W_x = W_up[-layer]": "`W_up` is read from its end: what layer l hands down goes through `W_up[l - 1]`",
    "W_x = W_up[layer - 1].T":
        "`W_up` is the wrong way round: what goes down is `da @ W_up[l - 1].T`, and rnn_backward, "
        "which transposes it itself, takes it as the way forward did",
    "W_x = W_h[layer]": "W_h stands in the place of W_up: what a layer hands down goes through `W_up[l - 1]`, "
                        "what it hands back in time through `W_h[l]`",
})
variants(stacked_backward, DW_UP, {
    "dW_up[layer - 2] = dW_x": "`dW_up` is filled one place too early, where `[-1]` is its last: "
                               "the gradient of W_up[l - 1] belongs in `dW_up[l - 1]`",
    "dW_up[:] = dW_x":
        "all of `dW_up` is overwritten at each layer: the gradient of W_up[l - 1] belongs in `dW_up[l - 1]`",
    "dW_up += dW_x": "the gradients of all upper layers are added: each has weights of its own, "
                     "so the gradient of W_up[l - 1] belongs in `dW_up[l - 1]`",
})
RESULTS = ("dh0s", "dW_up", "dW_h", "db")
for _turned in [RESULTS, *((name,) for name in RESULTS)]:
    _new = last_line(stacked_backward)
    for _name in _turned:
        _new = _new.replace(f" {_name}", f" {_name}[::-1]")
    edit(
        stacked_backward, last_line(stacked_backward), _new,
        f"{'the gradients stand' if len(_turned) > 1 else f'`{_turned[0]}` stands'} from the top layer down: "
        "the way back makes the top one first, so turn the list round",
    )
edit(
    stacked_backward, last_line(stacked_backward),
    last_line(stacked_backward).replace("dh0s", "np.stack([dh0s[0]] * len(dh0s))"),
    "`dh0s` is the lowest layer's in every place: each layer's way back gives a dh0 of its own, `dh0s[layer]`",
)

for _who, _rest in {"top": "[:-1]", "lowest": "[1:]"}.items():
    edit(
        stacked_backward, last_line(stacked_backward), f"dh0s{_rest} = 0\n{last_line(stacked_backward)}",
        f"`dh0s` holds the {_who} layer's alone: the way back of each layer gives a dh0, which belongs in `dh0s[l]`",
    )

# Who writes the loop anew instead of calling rnn_backward. Of two directions each has its own order, and both
# start from zeros.

inherit(stacked_backward, rnn_backward, but=("`h0` is taken for zeros", "only the last step is gone back through"))
NOT_OF_DIRECTIONS = (
    "`dh0`", "`h0`", "`dh` starts as h0", "every step is given h0", "at the first step", "the loop",
    "`dxs` is in reverse", "step t is given",
    "`dhs[t]` is added", "the last step", "only the last step",
)
inherit(bidirectional_backward, rnn_backward, but=NOT_OF_DIRECTIONS)
for _way, _line in {"forward": FORWARD, "reverse": REVERSE}.items():
    inherit_in_one_call(
        bidirectional_backward, rnn_backward, _line, f"in the {_way} direction alone",
        but=("`dh` is clipped", "W_h is not transposed", "the weights' gradients are averaged", *NOT_OF_DIRECTIONS),
        backwards=_way == "reverse",
    )
