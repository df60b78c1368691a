"""Counting: after n times a, is this the n-th b? An LSTM and a GRU learn it from short words, and are asked
about longer ones.

About as many parameters for both; words of 1 to 20 a and as many b, 1,500 batches of 32, Adam at a rate that falls
steadily to 0, gradients clipped to norm 1. A word is read correctly when the network says "not yet" at every letter
but the last, and "complete" there.
"""

import numpy as np

from unrolled.cells import every_state_cross_entropy, gru_cell, lstm_cell
from unrolled.reference import readout
from unrolled.training import initial_parameters, one_hot, train

NETWORKS = {"LSTM": (lstm_cell, 4, 10), "GRU": (gru_cell, 3, 12)}       # cell, blocks, units: 560 and 576 parameters
LONGEST, N, STEPS, ASKED = 20, 32, 1500, 200
SETTINGS = [{"network": network, "rate": rate, "seed": seed} for network in NETWORKS for rate in (0.003, 0.01, 0.03)
    for seed in range(8)]


def words(counts, T):
    """xs (T, N, 3), one-hot a, b or nothing, as it is behind a word, and targets (T, N): 1 where a word is
    complete, else 0."""
    t = np.arange(T)[:, None]
    letters = np.where(t < counts, 0, np.where(t < 2 * counts, 1, 2))
    return one_hot(letters, 3), (t == 2 * counts - 1).astype(int)


def read_correctly(cell, parameters, counts):
    """Whether each word (N,) of so many a is read correctly, and the mean cross-entropy of its letters in nats."""
    xs, targets = words(counts, 2 * max(counts))
    logits = readout(cell(parameters, xs)[0], parameters["W_y"], parameters["b_y"])
    within = xs[..., 2] == 0
    right = ((logits.argmax(axis=-1) == targets) | ~within).all(axis=0)
    margin = np.where(targets == 1, logits[..., 1] - logits[..., 0], logits[..., 0] - logits[..., 1])
    return right, float(np.logaddexp(0, -margin)[within].mean())


def measure(network, rate, seed):
    """validation: the cross-entropy of words as in training; right: how many n up to ASKED are read correctly;
    up_to: where all are."""
    cell, blocks, H = NETWORKS[network]
    rng = np.random.default_rng(seed)
    parameters = initial_parameters(rng, D=3, H=H, O=2, k=blocks)
    if network == "LSTM":
        parameters["b"][H : 2 * H] = 1
    batches = (words(rng.integers(1, LONGEST + 1, size=N), 2 * LONGEST) for _ in range(STEPS))
    train(parameters, every_state_cross_entropy(cell, max_norm=1.0), batches, lambda step: rate * (1 - step / STEPS))
    _, loss = read_correctly(cell, parameters, np.arange(1, LONGEST + 1))
    right, _ = read_correctly(cell, parameters, np.arange(1, ASKED + 1))
    return {"validation": round(loss, 6), "right": int(right.sum()), "up_to": int(np.argmin(np.append(right, False)))}
