"""Assignment 07-deep-bidirectional: sequences read from both ends, layers on layers, dropout between them."""

import numpy as np

from unrolled import withheld
from unrolled.exercises.exercise import Exercise, draw_array, draw_inputs
from unrolled.reference import deep_bidirectional, dropout_mask, rnn_forward


def draw_padded(rng, sizes, function):
    """Sequences so long that one turned round differs in more than its ends, of all lengths from a third of T on.

    A single one does not fill all steps; of three or more, the first is neither the longest nor the shortest.
    """
    N, T = sizes["N"], sizes["T"] if sizes["T"] == 1 else sizes["T"] + 6
    lengths = np.roll(np.linspace((T + 2) // 3, T, N).astype(int), -1)
    mask = np.arange(T)[:, None] < lengths
    return draw_inputs(rng, sizes | {"T": T}, function, {"mask": mask.astype(float)})


def _draw_reverse(rng, sizes):
    return draw_padded(rng, sizes, deep_bidirectional.reverse_padded)


def _draw_bidirectional(rng, sizes):
    return draw_padded(rng, sizes, deep_bidirectional.bidirectional_forward)


def _draw_bidirectional_backward(rng, sizes):
    inputs = _draw_bidirectional(rng, sizes)
    hs = deep_bidirectional.bidirectional_forward(**inputs)
    return inputs | {"hs": hs, "dhs": draw_array(rng, "dhs", hs.shape)}


def with_layers(sizes):
    """At least three layers, a number that is no other input's size; and once one alone, whose W_up
    has nothing in it."""
    return sizes | {"L": 1 if sizes["case"] == 1 else max(sizes["O"], sizes["V"])}


def _draw_stacked(rng, sizes):
    return draw_inputs(rng, with_layers(sizes), deep_bidirectional.stacked_forward)


def _draw_stacked_backward(rng, sizes):
    inputs = _draw_stacked(rng, sizes)
    return inputs | {"hs": deep_bidirectional.stacked_forward(**inputs)}


def _draw_dropout(rng, sizes):
    """Shares far from a half, where what is kept and what is left out would look alike, once below and once above."""
    keep = rng.uniform(0.25, 0.4) + 0.35 * (sizes["case"] % 2)
    return {"u": rng.random((sizes["T"] + 4, sizes["N"], sizes["H"] + 4)), "keep": keep}


def _draw_deep_bidirectional(rng, sizes):
    return draw_padded(rng, with_layers(sizes), withheld.deep_bidirectional_forward)


def _draw_stacked_dropout(rng, sizes):
    """What a forward pass made whose upper layers read what dropout left of the states below."""
    given = draw_inputs(rng, with_layers(sizes), deep_bidirectional.stacked_forward)
    xs, h0s, W_in, W_up, W_h, b = given.values()
    masks = dropout_mask(rng.random((len(W_up), len(xs), *h0s[0].shape)), float(rng.uniform(0.5, 0.8)))
    hs = [rnn_forward(xs, h0s[0], W_in, W_h[0], b[0])]
    for mask, h0, *weights in zip(masks, h0s[1:], W_up, W_h[1:], b[1:], strict=True):
        hs.append(rnn_forward(mask * hs[-1], h0, *weights))
    return given | {"hs": np.stack(hs), "masks": masks, "dhs": draw_array(rng, "dhs", hs[-1].shape)}


EXERCISES = (
    Exercise(deep_bidirectional.reverse_padded, _draw_reverse, may_alias=True),
    Exercise(deep_bidirectional.bidirectional_forward, _draw_bidirectional),
    Exercise(deep_bidirectional.bidirectional_backward, _draw_bidirectional_backward),
    Exercise(deep_bidirectional.stacked_forward, _draw_stacked),
    Exercise(deep_bidirectional.stacked_backward, _draw_stacked_backward),
    Exercise(deep_bidirectional.dropout_mask, _draw_dropout),
    Exercise.unprinted("deep_bidirectional_forward", _draw_deep_bidirectional),
    Exercise.unprinted("stacked_dropout_backward", _draw_stacked_dropout),
)
