"""Do the weights stop changing where gradients vanish? The default tanh network, and 100 steps to add over, which
it cannot learn.

Before its training and after 100 and 500 batches, dW_h is measured over 100 fresh batches of 64 sequences: of one
batch (the median of their norms), and of the mean gradient, the whole and what the last ten steps and the first half
contribute to it.
"""

import numpy as np

from unrolled.adding import NETWORKS, N, initial_network
from unrolled.cells import last_state_loss
from unrolled.fast import rnn_backward, rnn_forward
from unrolled.reference import readout
from unrolled.tasks import adding_problem, draws
from unrolled.training import adam

NETWORK, T, FRESH = "tanh, default", 100, 100
CHOSEN_BY = ()       # each rate is looked at
SETTINGS = [{"rate": rate, "seed": seed} for rate in (0.001, 0.003, 0.01) for seed in range(5)]


def contributions(parameters, xs, targets):
    """dW_h of the squared error as a sum over its steps: of all, of the last ten, of the first half.  ->  (3, H, H)"""
    W_x, W_h, b, W_y, b_y = (value.astype(float) for value in parameters.values())
    h0 = np.zeros((xs.shape[1], len(W_h)))
    hs = rnn_forward(xs, h0, W_x, W_h, b)
    dhs = np.zeros_like(hs)
    dhs[-1] = 2 / targets.size * (readout(hs[-1:], W_y, b_y)[0] - targets) @ W_y.T
    parts = []
    for first in (0, T // 2, T - 10):       # from here to the end: a sequence whose initial state is a constant
        before = hs[first - 1] if first else h0
        parts.append(rnn_backward(dhs[first:], xs[first:], before, hs[first:], W_x, W_h)[3])
    whole, second_half, last_ten = parts
    return np.array([whole, last_ten, whole - second_half])


def look(parameters, seed):
    """Norms of dW_h: of a batch, of the mean over the batches, of the parts of that mean."""
    batches = draws(adding_problem, np.random.default_rng([seed, 1]), FRESH, T, N)
    each = np.array([contributions(parameters, *batch) for batch in batches])
    whole, last_ten, first_half = np.linalg.norm(each.mean(axis=0), axis=(1, 2))
    one = np.median(np.linalg.norm(each[:, 0], axis=(1, 2)))
    norms = {"one batch": one, "mean": whole, "last ten": last_ten, "first half": first_half}
    return {name: float(f"{value:.3g}") for name, value in norms.items()}


def measure(rate, seed):
    """after 0, 100 and 500 batches: the norms, and by how much W_h moves in the next 50, relative to its own norm."""
    parameters = initial_network(NETWORK, np.random.default_rng(seed))
    loss, update = last_state_loss(NETWORKS[NETWORK][0], max_norm=1.0), adam(parameters)
    kept, seen = {}, {}
    for place, batch in enumerate(draws(adding_problem, np.random.default_rng([seed, T]), 551, T, N)):
        if place in (0, 100, 500):
            seen[place], kept[place] = look(parameters, seed), parameters["W_h"].copy()
        if place - 50 in kept:
            before = kept[place - 50]
            moved = np.linalg.norm(parameters["W_h"] - before) / np.linalg.norm(before)
            seen[place - 50]["moved"] = round(float(moved), 4)
        update(loss(parameters, *batch)[1], rate)
    return {str(place): values for place, values in seen.items()}
