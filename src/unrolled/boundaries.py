"""Where words end, in text whose spaces are gone: the task of chapter 7, how a network learns it, and
how it is scored."""

from functools import cache

import numpy as np

from unrolled.cells import bidirectional_cell, every_state_cross_entropy
from unrolled.reference import readout
from unrolled.text import LETTERS, corpus, unspaced
from unrolled.training import one_hot, train

V = len(LETTERS)
T, N, STEPS = 60, 32, 1000  # how it is learned: pieces of T letters, N of them in a batch, and how many batches
MARGIN = 12  # letters at both ends of a piece that are read and not scored: nobody lacks context there


@cache
def boundary_texts():
    """The corpus without spaces as three pieces to learn from, to choose by and to report on: pairs of
    tokens (T,) and ends (T,)."""
    tokens, ends = unspaced(corpus())
    cuts = [round(0.8 * len(tokens)), round(0.9 * len(tokens))]
    return tuple(zip(np.split(tokens, cuts), np.split(ends, cuts), strict=True))


def pieces(rng, tokens, ends, T, N, steps):
    """`steps` batches of N random pieces: xs (T, N, V), one letter a step, and targets (T, N), 1 where a word ends."""
    for _ in range(steps):
        places = rng.integers(len(tokens) - T, size=N) + np.arange(T)[:, None]
        yield one_hot(tokens[places], V), ends[places]


def learn_boundaries(cell, parameters, rng, rate, late=0, steps=STEPS):
    """Train `parameters` in place on the first piece of the corpus, Adam's rate falling to 0; returns the losses."""
    batches = pieces(rng, *boundary_texts()[0], T, N, steps)
    loss = every_state_cross_entropy(cell, max_norm=T, late=late)
    return train(parameters, loss, batches, rate=lambda step: rate * (1 - step / steps))


def rows(tokens, ends, T=124):
    """A text as sequences of T letters side by side, tokens (T, N) and ends (T, N); what is left over is dropped."""
    N = len(tokens) // T
    return tokens[: T * N].reshape(N, T).T, ends[: T * N].reshape(N, T).T


def said_ends(cell, parameters, tokens, late=0):
    """For each letter of tokens (T, N) 1 where the network says that a word ends; the last `late` are
    not answered, 0."""
    hs, _ = cell(parameters, one_hot(tokens, V))
    said = readout(hs, parameters["W_y"], parameters["b_y"]).argmax(axis=-1)
    return np.concatenate([said[late:], np.zeros_like(said[:late])])


def f1(said, ends):
    """The harmonic mean of two shares: of the ends that are said, those that are right, and of the right ones,
    those that are said.

    said (T, N) and ends (T, N); the first and last MARGIN steps are not scored.
    """
    said, ends = said[MARGIN:-MARGIN], ends[MARGIN:-MARGIN]
    return float(2 * (said * ends).sum() / (said.sum() + ends.sum()))


def boundary_scores(cell, parameters, late=0):
    """F1 on the text to choose by and on the text to report on."""
    _, *held_out = boundary_texts()
    return [f1(said_ends(cell, parameters, tokens, late), ends) for tokens, ends in (rows(*text) for text in held_out)]


def states_with_cut_future(parameters, xs, ahead):
    """What `bidirectional_cell` would make of each step if the text ended `ahead` steps after it: hs (T, N, 2H).

    xs (T, N, D). The reverse direction of each step starts from zeros at most `ahead` steps after it.
    """
    W_x, W_h, b = (parameters[name] for name in ("W_x", "W_h", "b"))
    hs, _ = bidirectional_cell(parameters, xs)
    fwd, _ = np.split(hs, 2, axis=-1)
    rev = np.zeros_like(fwd)
    for step in reversed(range(min(ahead + 1, len(xs)))):
        there = len(xs) - step  # only these steps have one so far ahead
        rev[:there] = np.tanh(xs[step:] @ W_x[1] + rev[:there] @ W_h[1] + b[1])
    return np.concatenate([fwd, rev], axis=-1)


def cut_cell(ahead):
    """`bidirectional_cell` as it is when it may look `ahead` steps ahead and no further; it has no way back."""
    return lambda parameters, xs: (states_with_cut_future(parameters, xs, ahead), None)
