"""The plain network of chapter 2 guesses the next character: six starts at each of three rates.

128 units, 1,500 batches of 32 pieces of 50 characters, each read from a zero state, Adam at a rate that falls steadily
to 0. The corpus in three parts: learned from, validation (the rate is chosen by it), test. `again` is a stretch of the
text that was learned from, as long as the test part.
"""

import numpy as np

from unrolled.cells import bits, tanh_cell
from unrolled.text import ALPHABET, corpus, encode, split
from unrolled.training import initial_parameters, next_token_loss, one_hot, text_windows, train

V, H, T, N, STEPS = len(ALPHABET), 128, 50, 32, 1500
SETTINGS = [{"rate": rate, "seed": seed} for rate in (0.016, 0.008, 0.032) for seed in range(6)]


def of_a_text(parameters, tokens):
    """Bits a character over a text, read in 50 pieces side by side."""
    columns = np.stack(np.array_split(tokens[: len(tokens) // 50 * 50], 50), axis=1)
    return round(bits(tanh_cell, parameters, one_hot(columns[:-1], V), columns[1:]), 4)


def measure(rate, seed):
    """validation, test and again: bits a character."""
    learn, test = split(encode(corpus()))
    learn, validation = split(learn, 1 / 9)
    rng = np.random.default_rng(seed)
    parameters = initial_parameters(rng, D=V, H=H, O=V)
    train(parameters, next_token_loss, text_windows(rng, learn, T, N, STEPS), lambda step: rate * (1 - step / STEPS))
    scores = {part: of_a_text(parameters, tokens)
        for part, tokens in (("validation", validation), ("test", test), ("again", learn[: len(test)]))}
    return scores | {"parameters": sum(value.size for value in parameters.values())}
