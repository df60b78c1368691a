"""Of assignment 09-language, the task that is scored: a network that is trained to predict the next
symbol of a text."""

import functools
import re
import unicodedata

import numpy as np

from unrolled import withheld
from unrolled.exercises.recorded import ReferenceMissing
from unrolled.exercises.scored import Scored
from unrolled.reference import cross_entropy, gru_forward, lstm_forward, readout, rnn_forward
from unrolled.text import clean, corpus, encode, ngram_bits, ngram_model

MOST_UNITS = 256
FORWARD = {1: rnn_forward, 3: gru_forward, 4: lstm_forward}  # by the number of blocks
HELD_OUT, STEPS = 80, 250  # pieces, and their length
LEAST = 100_000  # letters of a text
WAY, SLACK = (0, 0.5, 1, 1.25), 0.05


@functools.cache
def unseen_text():
    """The text that no student has, in the symbols of ALPHABET, accents dropped; None where students are."""
    text = withheld.text()
    if text is None:
        return None
    text = clean(re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text)))
    if len(text) < LEAST:
        found = f"unprinted/text.txt has {len(text):,} letters of the Latin alphabet"
        raise ReferenceMissing(f"{found}, and the task needs {LEAST:,}: take a longer text.")
    return text


def draw_text(rng, text):
    """A text without some pieces from all over it, and these; which number stands for which letter is drawn too.

    What is left is shuffled, piece by piece. The V symbols are those that stand in the text.
    """
    symbols, tokens = np.unique(encode(text), return_inverse=True)
    V = len(symbols)
    tokens = rng.permutation(V)[tokens]
    pieces = rng.permutation(tokens[: len(tokens) // STEPS * STEPS].reshape(-1, STEPS))
    given = {"tokens": pieces[HELD_OUT:].ravel(), "V": V, "seed": int(rng.integers(2**31))}
    return given, pieces[:HELD_OUT].T


def counting_thresholds(given, held_out):
    """Bits a character that counting pairs of letters needs, then on the way from there to counting
    triples, and beyond.

    The same task is as hard in every text by this measure. The slack is for what a network loses at the first letter.
    """
    models = (ngram_model(given["tokens"], n, given["V"]) for n in (2, 3))
    pairs, triples = (ngram_bits(model, held_out.T.ravel()) for model in models)
    return tuple(round(pairs - part * (pairs - triples) + SLACK, 2) for part in WAY)


def network_shapes(given, parameters):
    """The shapes of a recurrent network and its readout, of up to MOST_UNITS units, with one block, three or four.

    W_h says how many of each, so it is looked at first.
    """
    V, W_h = given["V"], np.atleast_2d(parameters["W_h"])
    H = min(max(len(W_h), 1), MOST_UNITS)
    k = W_h.shape[-1] // H if W_h.shape[-1] // H in FORWARD else 1
    return {
        "W_h": ((H, k * H), f"(H, kH) with H at most {MOST_UNITS}, k = 1, 3 or 4"),
        "W_x": ((V, k * H), "(V, kH)"),
        "b": ((k * H,), "(kH,)"),
        "W_y": ((H, V), "(H, V)"),
        "b_y": ((V,), "(V,)"),
    }


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
        material_at_home=corpus,
        material=unseen_text,
        data=draw_text,
        shapes=network_shapes,
        measure=bits_a_character,
        unit="bits a character",
        thresholds=counting_thresholds,
        seconds=10,
    ),
)
