"""Of assignment 09-language, the task that is scored: a network that is trained to predict the next symbol of a text."""

import numpy as np

from unrolled.exercises.scored import Scored
from unrolled.reference import cross_entropy, gru_forward, lstm_forward, readout, rnn_forward
from unrolled.text import ALPHABET, corpus, encode

MOST_UNITS = 256
FORWARD = {1: rnn_forward, 3: gru_forward, 4: lstm_forward}     # by the number of blocks
HELD_OUT, STEPS = 80, 250     # pieces, and their length


def draw_text(rng):
    """The corpus without some pieces from all over it, and these pieces; which number stands for which letter is drawn too.

    So parameters that were trained beforehand are worth nothing.
    """
    V = len(ALPHABET)
    tokens = rng.permutation(V)[encode(corpus())]
    pieces = tokens[: len(tokens) // STEPS * STEPS].reshape(-1, STEPS)
    order = rng.permutation(len(pieces))
    learn, held_out = np.sort(order[HELD_OUT:]), order[:HELD_OUT]
    return {"tokens": pieces[learn].ravel(), "V": V, "seed": int(rng.integers(2**31))}, pieces[held_out].T


def network_shapes(given, parameters):
    """The shapes of a recurrent network and its readout: of any number of units up to the most, with one block, three or four.

    W_h says how many, so it is looked at first.
    """
    V, W_h = given["V"], np.atleast_2d(parameters["W_h"])
    H = min(max(len(W_h), 1), MOST_UNITS)
    k = W_h.shape[-1] // H if W_h.shape[-1] // H in FORWARD else 1
    letters = {"W_x": "(V, kH)", "W_h": f"(H, kH) with H at most {MOST_UNITS}, k = 1, 3 or 4", "b": "(kH,)", "W_y": "(H, V)", "b_y": "(V,)"}
    shapes = {"W_h": (H, k * H), "W_x": (V, k * H), "b": (k * H,), "W_y": (H, V), "b_y": (V,)}
    return {name: (shape, letters[name]) for name, shape in shapes.items()}


def bits_a_character(parameters, tokens):
    """Mean bits that the network needs for each symbol of tokens (T, N), every sequence read from a zero state."""
    W_x, W_h, b, W_y, b_y = (parameters[name].astype(float) for name in ("W_x", "W_h", "b", "W_y", "b_y"))
    (T, N), (H, width) = tokens[:-1].shape, W_h.shape
    xs, zeros = np.eye(len(W_x))[tokens[:-1]], np.zeros((N, H))
    states = (zeros, zeros) if width == 4 * H else (zeros,)
    made = FORWARD[width // H](xs, *states, W_x, W_h, b)
    hs = made if width == H else made[0]
    loss, _ = cross_entropy(readout(hs, W_y, b_y), tokens[1:], np.ones((T, N)))
    return loss / T / np.log(2)


TASKS = (
    Scored(
        name="train_language_model",
        names=("W_x", "W_h", "b", "W_y", "b_y"),
        data=draw_text,
        shapes=network_shapes,
        measure=bits_a_character,
        unit="bits a character",
        thresholds=(3.5, 2.8, 2.5, 2.3),        # the first is what counting pairs of letters gives
        seconds=10,
    ),
)
