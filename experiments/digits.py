"""Handwritten digits, read row by row by a plain network, an LSTM and a GRU of as many parameters: how many
examples does each need?

1,797 digits of 8 by 8 pixels: 500 are kept for the test, 297 for choosing the rate; of the other 1,000 a network sees
50, 200 or all. 400 batches of 50, Adam at a rate that falls steadily to 0, gradients clipped to norm 1.
"""

import numpy as np
from sklearn.datasets import load_digits

from unrolled.cells import gru_cell, last_state_cross_entropy, lstm_cell, tanh_cell
from unrolled.training import initial_parameters, train

# cell, blocks, units: about 3,900 parameters
NETWORKS = {"tanh": (tanh_cell, 1, 58), "LSTM": (lstm_cell, 4, 27), "GRU": (gru_cell, 3, 32)}
STEPS, N = 400, 50
SETTINGS = [
    {"network": network, "examples": examples, "rate": rate, "seed": seed}
    for examples in (50, 200, 1000) for network in NETWORKS for rate in (0.003, 0.01, 0.03) for seed in range(8)
]


def parts():
    """images (8, 1797, 8), a row a step, labels (1797,), and the places of those to learn from, to
    choose by, to test on."""
    digits = load_digits()
    images = (digits.images / 16).astype(np.float32).transpose(1, 0, 2)
    return images, digits.target, np.split(np.random.default_rng(0).permutation(len(digits.target)), [1000, 1297])


def measure(network, examples, rate, seed):
    """validation: the share of digits that are read wrongly; test: the share of others that are read correctly."""
    cell, blocks, H = NETWORKS[network]
    images, labels, (learn, validation, test) = parts()
    known = np.random.default_rng([seed, examples]).permutation(learn)[:examples]       # the same for all networks
    rng = np.random.default_rng(seed)
    parameters = initial_parameters(rng, D=8, H=H, O=10, k=blocks)
    if network == "LSTM":
        parameters["b"][H : 2 * H] = 1
    chosen = (rng.choice(known, size=N, replace=False) for _ in range(STEPS))
    batches = ((images[:, rows], labels[rows]) for rows in chosen)
    train(parameters, last_state_cross_entropy(cell, max_norm=1.0), batches, lambda step: rate * (1 - step / STEPS))

    def right(rows):
        logits = cell(parameters, images[:, rows])[0][-1] @ parameters["W_y"] + parameters["b_y"]
        return float(np.mean(logits.argmax(axis=-1) == labels[rows]))

    return {"validation": round(1 - right(validation), 4), "test": round(right(test), 4)}
