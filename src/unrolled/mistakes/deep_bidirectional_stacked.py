"""Known mistakes of assignment 07-deep-bidirectional: layers on each other, and dropout's mask."""

import numpy as np

# rnn and shared: whose mistakes a loop of one's own makes in every layer
from unrolled.mistakes import rnn, shared  # noqa: F401
from unrolled.mistakes.deep_bidirectional import OF_THE_WHOLE
from unrolled.mistakes.edits import edit, inherit, last_line, mistake, variants
from unrolled.reference.deep_bidirectional import dropout_mask, stacked_forward
from unrolled.reference.rnn import rnn_forward

LOWEST = "hs = [rnn_forward(xs, h0s[0], W_in, W_h[0], b[0])]"
BELOW = "below = hs[layer - 1]"
H0 = "h0 = h0s[layer]"
W_X = "W_x = W_up[layer - 1]"
LAYER = "hs.append(rnn_forward(below, h0, W_x, W_h[layer], b[layer]))"

edit(
    stacked_forward, LOWEST, LOWEST.replace("b[0]", "0 * b[0]"), LAYER, LAYER.replace("b[layer]", "0 * b[layer]"),
    "the bias is left out: layer l adds `b[l]`",
)
edit(stacked_forward, LAYER, LAYER.replace("b[layer]", "0 * b[layer]"),
    "the upper layers' bias is left out: layer l adds `b[l]`")
variants(stacked_forward, BELOW, {
    "below = hs[0]": "every layer reads the lowest one's states: layer l reads those of layer l - 1",
    "below = sum(hs)":
        "every layer reads the sum of all layers below it: layer l reads the states of layer l - 1 alone",
    "below = np.concatenate([np.zeros_like(h0s[[0]]), hs[layer - 1][:-1]])":
        "a layer reads what the one below it held a step before, and zeros at the first: "
        "at step t it reads the state of step t",
    "below = hs[layer - 1][::-1]":
        "a layer reads the one below from the end: both go through the sequence in the order of time",
    "below = np.tanh(hs[layer - 1])":
        "tanh is taken once more between the layers: states have been through it already",
    "below = np.concatenate([h0s[[layer - 1]], hs[layer - 1][:-1]])":
        "a layer reads what the one below it held a step before: at step t it reads the state of step t, "
        "so go through the layers from below within a step",
    "below = np.repeat(hs[layer - 1][-1:], len(xs), axis=0)":
        "a layer reads the last state of the one below at every step: at step t it reads the state of step t",
})
edit(
    stacked_forward, BELOW,
    "below = np.concatenate([np.zeros_like(h0s[[0]]), hs[layer - 1][:-1]]) if len(xs) > 1 else hs[layer - 1]",
    "a layer reads what the one below it held a step before: at step t it reads the state of step t",
    name="read_a_step_late_from_an_array_of_zeros",
)
variants(stacked_forward, H0, {
    "h0 = h0s[0]": "every layer starts in the lowest one's state: layer l starts in `h0s[l]`",
    "h0 = h0s[layer - 1]": "a layer starts where the one below it started: layer l starts in `h0s[l]`",
    "h0 = np.zeros_like(h0s[layer])": "the upper layers start from zeros: layer l starts in `h0s[l]`",
    "h0 = hs[layer - 1][-1]": "a layer starts in the last state of the one below it: layer l starts in `h0s[l]`",
    "h0 = hs[layer - 1][0]": "a layer starts in the first state of the one below it: layer l starts in `h0s[l]`",
})
edit(
    stacked_forward, LOWEST, LOWEST.replace("h0s[0]", "0 * h0s[0]"),
    H0, "h0 = np.zeros_like(h0s[layer])",
    "`h0s` is ignored: layer l starts in `h0s[l]`, not in zeros",
)
variants(stacked_forward, W_X, {
    "W_x = W_up[0]": "one matrix leads into every upper layer: `W_up[l - 1]` leads into layer l",
    "W_x = W_up[layer - 2]":
        "`W_up` is read one place too early, where `[-1]` is its last: `W_up[l - 1]` leads into layer l",
    "W_x = W_up[-layer]": "`W_up` is read from its end: `W_up[l - 1]` leads into layer l",
    "W_x = W_up[layer - 1].T": "`W_up` is transposed: with row vectors it is `below @ W_up[l - 1]`",
    "W_x = W_h[layer]": "W_h stands in the place of W_up: what comes from below goes through `W_up[l - 1]`, "
                        "what comes from the step before through `W_h[l]`",
})
variants(stacked_forward, LAYER, {
    LAYER.replace("layer]", "0]"): "every layer uses the lowest one's W_h and b: layer l has `W_h[l]` and `b[l]`",
    LAYER.replace("W_h[layer]", "W_h[0]"): "every layer uses the lowest one's W_h: layer l has `W_h[l]`",
    LAYER.replace("b[layer]", "b[0]"): "every layer uses the lowest one's b: layer l has `b[l]`",
    LAYER.replace("layer]", "layer - 1]"):
        "a layer uses W_h and b of the one below it: layer l has `W_h[l]` and `b[l]`",
    LAYER.replace("W_h[layer]", "W_h[layer - 1]"): "a layer uses W_h of the one below it: layer l has `W_h[l]`",
    LAYER.replace("b[layer]", "b[layer - 1]"): "a layer uses b of the one below it: layer l has `b[l]`",
})
edit(
    stacked_forward, W_X, "W_x = W_up[0]", LAYER, LAYER.replace("layer]", "0]"),
    "all upper layers use the first places of W_up, W_h and b: layer l has `W_up[l - 1]`, `W_h[l]` and `b[l]`",
)
edit(
    stacked_forward, LOWEST, "hs = [np.tanh(xs @ W_in + h0s[0] @ W_h[0] + b[0])]", LAYER,
    "hs.append(np.tanh(below @ W_x + h0 @ W_h[layer] + b[layer]))",
    "no layer carries its state on: every step starts from h0s[l] again, where the state of the step before belongs",
)
edit(
    stacked_forward, LOWEST, LOWEST.replace("W_h[0]", "W_h[0].T"), LAYER, LAYER.replace("W_h[layer]", "W_h[layer].T"),
    "W_h is transposed: with row vectors it is `h @ W_h[l]`",
)
variants(stacked_forward, last_line(stacked_forward), {
    "return np.stack(hs[::-1])": "the layers come from the top down: hs[0] is the lowest one, which reads xs",
    "return np.stack(hs, axis=1)": "time is axis 0 of the results: axis 0 is the layer, hs (L, T, N, H)",
    "return hs[-1]": "only the top layer's states are returned: hs holds those of all L layers",
    "return np.concatenate(hs)": "the layers come one after the other in time: each has a place of its own on axis 0, "
                                 "hs (L, T, N, H), which `np.stack` makes",
    "return np.concatenate(hs, axis=-1)":
        "the layers stand side by side on the last axis: each has a place of its own on axis 0, hs (L, T, N, H), "
        "which `np.stack` makes",
})

BESIDE = "hs.append(np.tanh(below @ W_x + below @ W_h[layer] + b[layer]))"
for _name, _lines in {"in_the_upper_layers": [],
    "and_none_in_the_lowest": [LOWEST, "hs = [np.tanh(xs @ W_in + b[0])]"]}.items():
    edit(
        stacked_forward, *_lines, LAYER, BESIDE,
        "the state of the layer below stands where a layer's own old state belongs: "
        "W_h[l] multiplies what layer l held at the step before",
        name=f"state_of_the_layer_below_{_name}",
    )
edit(
    stacked_forward, last_line(stacked_forward),
    "return np.stack([np.repeat(one[-1:], len(one), axis=0) for one in hs])",
    "every step holds the states of the last: is one list, or one array, stored again and again and changed in place? "
    "Store a copy of it at each step",
)
edit(
    stacked_forward, LAYER, "hs.append(rnn_forward(0 * below, h0, W_x, W_x + W_h[layer], b[layer]))",
    "W_up multiplies a layer's own old state: it multiplies what comes from the layer below at the same step, "
    "`h[l - 1] @ W_up[l - 1]`",
)
edit(
    stacked_forward, last_line(stacked_forward),
    "return np.stack([hs[0], *(one + below for one, below in zip(hs[1:], hs))])",
    "what a layer reads is added to the states that are returned: hs[l] holds only what layer l makes",
)
edit(
    stacked_forward, LAYER, f"{LAYER}\nhs[layer] = below + hs[layer]",
    "what a layer reads is added to what it makes, as in a residual network: here its states are only what it makes",
)


@mistake(stacked_forward,
    "all layers share one state: each carries its own from step to step, so keep a list of L states")
def one_state_for_all_layers(xs, h0s, W_in, W_up, W_h, b):
    h, W_x = h0s[0], [W_in, *W_up]
    hs = []
    for x in xs:
        layers = []
        for layer in range(len(W_h)):
            h = np.tanh(x @ W_x[layer] + h @ W_h[layer] + b[layer])
            x = h
            layers.append(h)
        hs.append(layers)
    return np.array(hs).transpose(1, 0, 2, 3)
# Who writes the loop anew instead of calling rnn_forward.
inherit(stacked_forward, rnn_forward, but=("the bias b is left out", *OF_THE_WHOLE))

# Dropout: which entries are kept, and what they are divided by.

KEPT = "kept = (u < keep).astype(u.dtype)"
SCALED = "mask = kept / keep"
OTHER_SIDE = "kept = (u >= keep).astype(u.dtype)"
COMPLEMENT = "kept = (u < 1 - keep).astype(u.dtype)"

variants(dropout_mask, SCALED, {
    "mask = kept": "what is kept is not scaled: divide by keep, so that the mean stays what it was without dropout",
    "mask = kept * keep":
        "what is kept is multiplied by keep: divide by it, so that the mean stays what it was without dropout",
    "mask = kept / (1 - keep)": "what is kept is divided by 1 - keep: divide by keep, the share that is kept",
    "mask = kept * (1 - keep)": "what is kept is multiplied by 1 - keep: divide by keep, the share that is kept",
    "mask = kept / kept.mean()":
        "what is kept is divided by the share that happens to have been kept: divide by keep, "
        "so that the mask of one entry does not depend on the others",
    "mask = np.where(kept > 0, 1 / keep, 1)": "what is dropped stays 1: a dropped entry is 0, so begin with zeros",
    "mask = kept + (1 - kept) / keep":
        "the entries that are dropped are scaled: they are 0, and those that are kept are 1 / keep",
    "mask = kept // keep":
        "what is kept is 1 / keep without what comes after the point: `//` rounds down, so divide with `/`",
    "mask = np.where(kept > 0, 1 / keep, u)": "the draws stay where an entry is dropped: there the mask is 0",
    "mask = np.where(kept > 0, 1, u)":
        "the draws stay where an entry is dropped, and what is kept is not scaled: the mask is 0 or 1 / keep",
    "mask = 0 * kept":
        "the mask is 0 everywhere: is it never filled, or asked again after it was, "
        "where 1 / keep is no longer below keep? Ask u alone, `np.where(u < keep, 1 / keep, 0)`",
})
edit(
    dropout_mask, KEPT, OTHER_SIDE,
    "you keep where u is above keep: an entry is kept where `u < keep`, which has the probability keep",
)
edit(
    dropout_mask, KEPT, OTHER_SIDE, SCALED, "mask = kept",
    "you keep where u is above keep, and do not scale: it is `(u < keep) / keep`",
)
for _name, _kept in {"above": OTHER_SIDE, "below": COMPLEMENT}.items():
    edit(
        dropout_mask, KEPT, _kept, SCALED, "mask = kept / (1 - keep)",
        "`keep` is taken for the share that is dropped, as in PyTorch's Dropout(p): "
        "here it is the share that is kept, `(u < keep) / keep`",
        name=f"share_that_is_dropped_and_kept_{_name}",
    )
edit(
    dropout_mask, KEPT, COMPLEMENT,
    "you keep where u is below 1 - keep: an entry is kept where `u < keep`, which has the probability keep",
)
edit(
    dropout_mask, KEPT, "kept = (u < 0.5).astype(u.dtype)",
    "half of the entries are kept whatever keep is: an entry is kept where `u < keep`",
)
edit(
    dropout_mask, KEPT, "kept = (u[:1] < keep) * np.ones_like(u)",
    "the first axis shares one draw: each entry has its own, the u in its place",
)
edit(
    dropout_mask, KEPT, "kept = (u[..., :1] < keep) * np.ones_like(u)",
    "all entries of a row share one draw: each entry has its own, the u in its place",
)
edit(
    dropout_mask, KEPT, "kept = np.where(u < keep, u, 0)",
    "the draws themselves are kept: u only decides, and the mask is 0 or 1 / keep",
)
edit(
    dropout_mask, KEPT, "kept = (u >= 1 - keep).astype(u.dtype)",
    "the draws are kept from the other end: that is as probable, but here an entry is kept where `u < keep`",
)
