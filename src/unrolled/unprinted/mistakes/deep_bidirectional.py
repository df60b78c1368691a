"""Known mistakes in what assignment 07-deep-bidirectional asks beyond the page; each of its layers has
bidirectional_forward's too."""

import numpy as np

from unrolled.mistakes.deep_bidirectional import FROM_ZEROS
from unrolled.mistakes.edits import edit, inherit, last_line, mistake, variants
from unrolled.reference import bidirectional_forward, reverse_padded, rnn_backward, rnn_forward
from unrolled.unprinted.deep_bidirectional import deep_bidirectional_forward, stacked_dropout_backward

BELOW = "below = hs[layer - 1]"
W_X = "W_x = W_up[layer - 1]"
LAYER = "hs.append(bidirectional_forward(below, mask, W_x, W_h[layer], b[layer]))"
LOWEST = "hs = [bidirectional_forward(xs, mask, W_in, W_h[0], b[0])]"

variants(deep_bidirectional_forward, BELOW, {
    "below = hs[0]": "every layer reads the lowest one's states: layer l reads those of layer l - 1",
    "below = np.roll(hs[layer - 1], W_h.shape[-1], axis=-1)":
        "a layer is given the halves of the one below it in each other's places: first the forward direction's, "
        "then the reverse one's",
    "below = np.concatenate([hs[layer - 1][..., : W_h.shape[-1]]] * 2, axis=-1)":
        "a layer reads the forward half of the one below it twice: it reads both halves, all 2H states of a step",
    "below = np.concatenate([hs[layer - 1][..., W_h.shape[-1] :]] * 2, axis=-1)":
        "a layer reads the reverse half of the one below it twice: it reads both halves, all 2H states of a step",
    "below = np.tanh(hs[layer - 1])":
        "tanh is taken once more between the layers: states have been through it already",
    "below = hs[layer - 1] + (hs[layer - 2] if layer > 1 else 0)":
        "the states of the layer two below are added to what a layer reads, as in a residual network: "
        "layer l reads those of layer l - 1 alone",
    "below = hs[layer - 1][::-1]":
        "what a layer reads is turned round before both of its directions: the states below are in the order of time, "
        "and its own reverse direction turns them",
    "below = hs[layer - 1] + hs[0]":
        "the lowest layer's states are added to what a layer reads: layer l reads the states of layer l - 1 alone",
    "below = sum(hs)":
        "every layer reads the sum of all layers below it: layer l reads the states of layer l - 1 alone",
})
HALVES = "H = W_h.shape[-1]\nW_x = W_up[layer - 1].copy()\nW_x[0, H:], W_x[1, :H] = 0, 0"
variants(deep_bidirectional_forward, W_X, {
    "W_x = W_up[layer - 1, [0, 0]]":
        "both directions of an upper layer read through the forward one's W_up: the reverse one's is `W_up[l - 1, 1]`",
    "W_x = W_up[layer - 1].copy()\nW_x[:, W_h.shape[-1] :] = 0":
        "an upper layer reads the forward half of the one below it alone: it reads both halves, "
        "all 2H states of a step",
    HALVES: "each direction reads its own half of the layer below alone, as in two stacks side by side: "
            "both directions read both halves, all 2H states of a step",
    "W_x = W_up[0]": "one pair of matrices leads into every upper layer: `W_up[l - 1]` leads into layer l",
    "W_x = W_up[layer - 2]":
        "`W_up` is read one place too early, where `[-1]` is its last: `W_up[l - 1]` leads into layer l",
    "W_x = W_up[-layer]": "`W_up` is read from its end: `W_up[l - 1]` leads into layer l",
    "W_x = W_up[layer - 1, ::-1]":
        "the directions of W_up are swapped: place 0 of its second axis is the forward one, place 1 the reverse one",
})
variants(deep_bidirectional_forward, LAYER, {
    LAYER.replace("layer]", "0]"): "every layer uses the lowest one's W_h and b: layer l has `W_h[l]` and `b[l]`",
    LAYER.replace("layer]", "layer - 1]"):
        "a layer uses W_h and b of the one below it: layer l has `W_h[l]` and `b[l]`",
    LAYER.replace("W_h[layer]", "W_h[0]"): "every layer uses the lowest one's W_h: layer l has `W_h[l]`",
    LAYER.replace("W_h[layer]", "W_h[layer - 1]"): "a layer uses W_h of the one below it: layer l has `W_h[l]`",
    LAYER.replace("b[layer]", "b[layer - 1]"): "a layer uses b of the one below it: layer l has `b[l]`",
    LAYER.replace("b[layer]", "b[0]"): "every layer uses the lowest one's b: layer l has `b[l]`",
    LAYER.replace("mask", "np.ones_like(mask)"):
        "the upper layers are not given the mask: their reverse direction begins in the padding, "
        "where even zeros make states, by the bias",
})
variants(deep_bidirectional_forward, last_line(deep_bidirectional_forward), {
    "return np.stack(hs[::-1])": "the layers come from the top down: hs[0] is the lowest one, which reads xs",
    "return np.stack(hs, axis=1)": "time is axis 0 of the results: axis 0 is the layer, hs (L, T, N, 2H)",
    "return hs[-1]": "only the top layer's states are returned: hs holds those of all L layers",
    "return np.stack([hs[0], *(one + below for one, below in zip(hs[1:], hs))])":
        "what a layer reads is added to the states that are returned: hs[l] holds what layer l makes alone",
})
edit(
    deep_bidirectional_forward, LAYER, f"{LAYER}\nhs[layer] = below + hs[layer]",
    "what a layer reads is added to what it makes, as in a residual network: here its states are those that it makes "
    "alone",
)


@mistake(
    deep_bidirectional_forward,
    "padded steps keep a state in the upper layers: where the mask is 0, hs is 0 in every layer, "
    "not in the lowest one alone",
)
def masked_in_the_lowest_layer_alone(xs, mask, W_in, W_up, W_h, b):
    hs = [bidirectional_forward(xs, mask, W_in, W_h[0], b[0])]
    h0 = np.zeros((xs.shape[1], W_h.shape[-1]))
    for W_x, U, c in zip(W_up, W_h[1:], b[1:], strict=True):
        fwd = rnn_forward(hs[-1], h0, W_x[0], U[0], c[0])
        rev = rnn_forward(reverse_padded(hs[-1], mask), h0, W_x[1], U[1], c[1])
        hs.append(np.concatenate([fwd, reverse_padded(rev, mask)], axis=-1))
    return np.stack(hs)


def carried_from_layer_to_layer(in_padding):
    """Each direction's last state is where the next layer's begins; in_padding says what becomes of the
    forward one there."""

    def wrong(xs, mask, W_in, W_up, W_h, b):
        below, hs = xs, []
        fwd = rev = np.zeros((xs.shape[1], W_h.shape[-1]))
        for W_x, U, c in zip([W_in, *W_up], W_h, b, strict=True):
            states = np.zeros((2, *mask.shape, W_h.shape[-1]))
            for t, counts in enumerate(mask[..., None]):
                fwd = np.tanh(below[t] @ W_x[0] + fwd @ U[0] + c[0])
                states[0, t] = fwd * counts
                fwd = states[0, t] if in_padding == "masked" else fwd
            for t in reversed(range(len(xs))):
                rev = np.tanh(below[t] @ W_x[1] + rev @ U[1] + c[1]) * mask[t, :, None]
                states[1, t] = rev
            below = np.concatenate(list(states), axis=-1)
            hs.append(below)
        return np.stack(hs)

    return wrong


for _name in ("masked", "whole"):
    mistake(
        deep_bidirectional_forward,
        "the states are carried over from each layer to the next: in every layer both directions start from zeros",
        name=f"{_name}_states_carried_from_layer_to_layer",
    )(carried_from_layer_to_layer(_name))


@mistake(
    deep_bidirectional_forward,
    "the states are turned round between the layers: they stand in the order of time, "
    "and the reverse direction of each layer turns round what it reads itself",
)
def turned_round_between_the_layers(xs, mask, W_in, W_up, W_h, b):
    hs = [bidirectional_forward(xs, mask, W_in, W_h[0], b[0])]
    for W_x, *weights in zip(W_up, W_h[1:], b[1:], strict=True):
        hs.append(bidirectional_forward(reverse_padded(hs[-1], mask), mask, W_x, *weights))
    return np.stack(hs)


@mistake(
    deep_bidirectional_forward,
    "the reverse states of a layer are turned back for the result alone, and not for the layer above: "
    "it reads both halves of the same step",
)
def turned_back_for_the_result_alone(xs, mask, W_in, W_up, W_h, b):
    hs = [bidirectional_forward(xs, mask, W_in, W_h[0], b[0])]
    for W_x, *weights in zip(W_up, W_h[1:], b[1:], strict=True):
        fwd, rev = np.split(hs[-1], 2, axis=-1)
        below = np.concatenate([fwd, reverse_padded(rev, mask)], axis=-1)
        hs.append(bidirectional_forward(below, mask, W_x, *weights))
    return np.stack(hs)


# Dropout between the layers, on the way back.

READ = "below = masks[layer - 1] * hs[layer - 1]"
BACK = "dbelow, dh0s[layer], dW_x, dW_h[layer], db[layer] = rnn_backward(dhs, below, h0, hs[layer], W_x, W_h[layer])"
DOWN = "dhs = masks[layer - 1] * dbelow"

edit(
    stacked_dropout_backward, READ, "below = hs[layer - 1]", DOWN, "dhs = dbelow",
    "`masks` are not used: layer l read `masks[l - 1] * hs[l - 1]`, so the mask stands in its inputs, "
    "and in what goes down from it",
)
variants(stacked_dropout_backward, READ, {
    "below = hs[layer - 1]":
        "the mask is missing in what a layer read: dW_up takes `masks[l - 1] * hs[l - 1]`, the states after dropout",
    "below = hs[layer - 1] * (masks[layer - 1] > 0)":
        "what a layer read is cut by the mask but not scaled: it read `masks[l - 1] * hs[l - 1]`, "
        "and the mask holds 1 / keep",
    "below = masks[layer - 1] * hs[layer]":
        "a layer's own states are taken for what it read: layer l read `masks[l - 1] * hs[l - 1]`",
    "below = masks[0] * hs[layer - 1]":
        "one mask serves every layer in what it read: layer l read `masks[l - 1] * hs[l - 1]`",
    "below = masks[layer - 2] * hs[layer - 1]":
        "the mask in what a layer read is taken one place too early, where `[-1]` is the last: "
        "layer l read `masks[l - 1] * hs[l - 1]`",
})
variants(stacked_dropout_backward, DOWN, {
    "dhs = dbelow":
        "the mask is missing in what goes down: a state that was dropped changes nothing, "
        "and one that was kept counts 1 / keep times, `masks[l - 1] * dxs`",
    "dhs = (masks[layer - 1] > 0) * dbelow":
        "what goes down is cut by the mask but not scaled: a state that was kept went up 1 / keep times, "
        "so its gradient comes down 1 / keep times",
    "dhs = masks[0] * dbelow":
        "one mask serves every layer on the way down: between layers l and l - 1 stands `masks[l - 1]`",
    "dhs = masks[layer - 2] * dbelow":
        "the mask on the way down is taken one place too early, where `[-1]` is the last: "
        "between layers l and l - 1 stands `masks[l - 1]`",
    "dhs = masks[layer - 1] ** 2 * dbelow":
        "the mask is applied twice to what goes down: once is its slope, `masks[l - 1] * dxs`",
    "dhs = np.divide(dbelow, masks[layer - 1], out=np.zeros_like(dbelow), where=masks[layer - 1] > 0)":
        "what goes down is divided by the mask: the slope of `mask * h` is the mask, so multiply",
})
for _mask, _what in {
    "masks[0]": "one mask serves every layer", "masks[-layer]": "the masks are counted from the last one",
    "masks[layer - 1][:1]": "the first step's mask serves all steps",
    "masks[layer - 2]": "the masks are taken one place too early, where `[-1]` is the last",
}.items():
    edit(
        stacked_dropout_backward, READ, f"below = {_mask} * hs[layer - 1]", DOWN, f"dhs = {_mask} * dbelow",
        f"{_what}: between layers l and l - 1 stands `masks[l - 1]`",
    )
edit(
    stacked_dropout_backward, BACK, f"dhs = masks[layer - 1] * dhs\n{BACK}", DOWN, "dhs = dbelow",
    "the mask is applied to what arrives at a layer, not to what goes down from it: "
    "`masks[l - 1]` stands below layer l",
)
edit(
    stacked_dropout_backward, "dh0s = np.zeros_like(h0s, hs.dtype)",
    "dhs = masks[-1] * dhs if len(masks) else dhs\ndh0s = np.zeros_like(h0s, hs.dtype)",
    "what arrives at the top is masked too: no mask stands above the top layer, `masks[l - 1]` lies below layer l",
    name="top_masked",
)
edit(
    stacked_dropout_backward, BACK,
    BACK.replace("hs[layer],", "(masks[layer] if layer < len(masks) else 1) * hs[layer],"),
    "a layer goes back through its states after dropout: what it carried from step to step, and tanh's slope, "
    "are those before it, `hs[l]`",
)
edit(
    stacked_dropout_backward, BACK, BACK.replace("hs[layer],", "masks[layer - 1] * hs[layer],"),
    "a layer's own states are masked with what lies below it: `masks[l - 1]` stands on what layer l read, "
    "and its own states are `hs[l]` as they were made",
)
edit(
    stacked_dropout_backward, DOWN, "dhs = masks[layer - 1] * dbelow * (1 - hs[layer - 1]**2)",
    "the slope of tanh is taken twice between the layers: the way back through the layer below begins with it already",
)
edit(
    stacked_dropout_backward, BACK, f"top = dhs if layer == len(W_h) - 1 else top\n{BACK}", DOWN, f"{DOWN} + top",
    "what arrives at the top is added at every layer: only the top layer is read out, "
    "so the layers below take only what is handed down",
)
edit(
    stacked_dropout_backward, DOWN, "dhs = dbelow / np.where(masks[layer - 1] > 0, masks[layer - 1], 1)",
    "what goes down is divided by the mask where it kept something, and goes whole where it dropped: "
    "the slope of `mask * h` is the mask, so multiply",
)
edit(
    stacked_dropout_backward, DOWN, "",
    "every layer is given what arrives at the top: what goes down from layer l is its dxs times `masks[l - 1]`",
)
variants(stacked_dropout_backward, "dW_up[layer - 1] = dW_x", {
    "dW_up[layer - 2] = dW_x": "`dW_up` is filled one place too early, where `[-1]` is its last: "
                               "the gradient of W_up[l - 1] belongs in `dW_up[l - 1]`",
    "dW_up[-layer] = dW_x": "`dW_up` is filled from its end: the gradient of W_up[l - 1] belongs in `dW_up[l - 1]`",
})
variants(stacked_dropout_backward, "h0 = h0s[layer]", {
    "h0 = h0s[0]": "every layer is taken to have started in the lowest one's state: layer l started in `h0s[l]`",
    "h0 = np.zeros_like(h0s[layer])":
        "the upper layers are taken to have started from zeros: layer l started in `h0s[l]`",
})
variants(stacked_dropout_backward, W_X, {
    "W_x = W_up[layer - 1].T":
        "`W_up` is the wrong way round: what goes down is `da @ W_up[l - 1].T`, and rnn_backward, "
        "which transposes it itself, takes it as the way forward did",
    "W_x = W_up[0]":
        "one matrix leads down from every upper layer: what layer l hands down goes through `W_up[l - 1]`",
    "W_x = W_up[layer - 2]": "`W_up` is read one place too early, where `[-1]` is its last: "
                             "what layer l hands down goes through `W_up[l - 1]`",
})



def dropped_elsewhere(below=lambda mask, da, W: mask * (da @ W.T), read=lambda mask, h, da: (mask * h).T @ da, slope=1,
    old=1, back=1):
    """A way back whose masks stand elsewhere: as below and read have them, and on a layer's own slope, old state or
    way back in time."""

    def wrong(dhs, xs, h0s, hs, masks, W_in, W_up, W_h):
        dh0s, dW_up, dW_h, db = np.zeros_like(h0s), np.zeros_like(W_up), np.zeros_like(W_h), np.zeros_like(W_h[:, 0])
        dxs, dW_in = np.zeros_like(xs), np.zeros_like(W_in)
        ones = np.ones_like(hs[0])
        for layer in reversed(range(len(W_h))):
            own = masks[layer] if layer < len(masks) else ones
            dh, down = np.zeros_like(h0s[0]), np.zeros_like(dhs)
            for t in reversed(range(len(xs))):
                h_prev = hs[layer, t - 1] * own[t - 1] ** old if t > 0 else h0s[layer]
                da = (dhs[t] + dh) * (1 - (hs[layer, t] * own[t] ** slope) ** 2)
                dh = da @ W_h[layer].T * (own[t - 1] ** back if t > 0 else 1)
                dW_h[layer] += h_prev.T @ da
                db[layer] += da.sum(axis=0)
                if layer > 0:
                    mask = masks[layer - 1, t]
                    dW_up[layer - 1] += read(mask, hs[layer - 1, t], da)
                    down[t] = below(mask, da, W_up[layer - 1])
                else:
                    dW_in += xs[t].T @ da
                    dxs[t] = da @ W_in.T
            dh0s[layer], dhs = dh, down
        return dxs, dh0s, dW_in, dW_up, dW_h, db

    return wrong


for _name, _options, _sentence in [
    ("slope", {"slope": 1, "old": 0, "back": 0},
        "the slope of tanh is taken at the states after dropout: it is that of the states as they were made, "
        "`1 - hs[l, t]**2`"),
    ("old_state", {"slope": 0, "old": 1, "back": 0},
        "`dW_h` takes the states after dropout: the recurrent way has no mask, "
        "so it takes `hs[l, t - 1]` as it was made"),
    ("way_back", {"slope": 0, "old": 0, "back": 1},
        "what goes back in time is masked: the recurrent way has no mask, so it is `da @ W_h[l].T` as it is"),
    ("da_going_down", {"slope": 0, "old": 0, "back": 0, "below": lambda mask, da, W: (mask * da) @ W.T},
     "what goes down is masked before `W_up[l - 1]`: the mask stands on the states of layer l - 1, "
     "so multiply after the product, `masks[l - 1] * (da @ W_up[l - 1].T)`"),
    ("da_in_dW_up", {"slope": 0, "old": 0, "back": 0, "read": lambda mask, h, da: h.T @ (mask * da)},
     "the mask stands on da in `dW_up`: it stood on what the layer read, "
     "so it is `(masks[l - 1] * hs[l - 1]).T @ da`"),
]:
    mistake(stacked_dropout_backward, _sentence, name=f"mask_on_{_name}")(dropped_elsewhere(**_options))

LOWEST_BACK = "dxs, dh0s[0], dW_in, dW_h[0], db[0] = rnn_backward(dhs, xs, h0s[0], hs[0], W_in, W_h[0])"
edit(
    stacked_dropout_backward, "h0 = h0s[layer]", "h0 = np.zeros_like(h0s[layer])", LOWEST_BACK,
    LOWEST_BACK.replace("h0s[0], hs", "np.zeros_like(h0s[0]), hs"),
    "all layers are taken to have started from zeros: layer l started in `h0s[l]`",
)
edit(
    stacked_dropout_backward, LOWEST_BACK,
    LOWEST_BACK.replace("hs[0], W_in", "hs[0] * masks[0] if len(masks) else hs[0], W_in"),
    "the lowest layer's own states are masked: a mask is on what the layer above reads, "
    "and the recurrent way has none",
)

# Who writes the loop anew.

inherit(deep_bidirectional_forward, rnn_forward, but=FROM_ZEROS)
# The record of this one has to stay small, so what is rare is left out too.
inherit(
    stacked_dropout_backward, rnn_backward,
    but=(
        "`dW_x` is taken", "`dW_h` is taken", "`db` is taken", "the weights' gradients are taken from",
        "what a step hands back is divided",
        "`h0`", "`dh` is clipped", "`dh` starts", "`dh` is divided", "`dhs", "`dxs`", "`h` is doubled",
        "`dW_h` is made with dh_prev", "step t is given",
        "the loop", "the slope is that of a state", "the slope of tanh is taken at", "this is the slope of ReLU",
        "brackets are missing: ", "the last step",
        "only the last step", "every step is given",
    ),
)
