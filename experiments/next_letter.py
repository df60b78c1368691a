"""Can a network that reads both ways write? It is trained to say the next letter, which it has read already.

Two figures for each, in bits a letter: with the text that follows before it, and with nothing after the letter just
read, as it is when one writes. Each has a figure of its own kind on other text, to choose the rate by.
"""

import numpy as np

from unrolled.boundaries import MARGIN, cut_cell
from unrolled.cells import bidirectional_cell, every_state_cross_entropy, tanh_cell
from unrolled.reference import cross_entropy, readout
from unrolled.text import ALPHABET, corpus, encode, split
from unrolled.training import bidirectional_parameters, initial_parameters, one_hot, text_windows, train

V, T, N, STEPS = len(ALPHABET), 60, 32, 500
FORWARD, EACH_WAY = 64, 40      # units: 7,901 and 7,949 parameters
CHOSEN_BY = ("validation", "validation when writing")
SETTINGS = [
    {"reader": reader, "rate": rate, "seed": seed}
    for reader in ("forward", "both ways") for rate in (0.005, 0.01, 0.02) for seed in range(5)
]


def measure(reader, rate, seed):
    rng = np.random.default_rng(seed)
    both = reader == "both ways"
    cell = bidirectional_cell if both else tanh_cell
    parameters = bidirectional_parameters(rng, V, EACH_WAY, V) if both else initial_parameters(rng, V, FORWARD, V)
    learn, test = split(encode(corpus()))
    learn, validation = split(learn)
    loss = every_state_cross_entropy(cell, max_norm=T)
    windows = ((one_hot(inputs, V), targets) for inputs, targets in text_windows(rng, learn, T, N, STEPS))
    train(parameters, loss, windows, rate=lambda step: rate * (1 - step / STEPS))
    writing = cut_cell(0) if both else cell
    return {
        "validation": bits(cell, parameters, validation), "bits": bits(cell, parameters, test),
        "validation when writing": bits(writing, parameters, validation),
        "bits when writing": bits(writing, parameters, test),
        "batches": STEPS, "parameters": sum(value.size for value in parameters.values()),
    }


def bits(cell, parameters, tokens, T=124):
    """Mean bits a letter over pieces of T letters, without the first and the last MARGIN of them."""
    rows = tokens[: len(tokens) // (T + 1) * (T + 1)].reshape(-1, T + 1).T
    hs, _ = cell(parameters, one_hot(rows[:-1], V))
    logits, targets = (array[MARGIN:-MARGIN]
        for array in (readout(hs, parameters["W_y"], parameters["b_y"]), rows[1:]))
    loss, _ = cross_entropy(logits, targets, np.ones(targets.shape))
    return float(loss) / len(targets) / np.log(2)
