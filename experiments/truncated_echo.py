"""What do cuts cost where the causes lie eight steps back? The echo, with a way back in chunks of k steps.

A plain network of 16 or 64 units, 600 batches of 16 sequences of 40 steps, Adam at a steady rate. With k = 40 nothing
is cut; k = 0 means that the readout alone is trained and the recurrent weights stay as they were drawn. The error is a
mean over the steps whose echo exists: always saying 0 has an error of 1. 64 units that are cut after every step have a
delay of 4, too.
"""

import numpy as np

from unrolled.cells import every_state_loss, tanh_cell, truncated_cell
from unrolled.reference import readout
from unrolled.tasks import draws, echo
from unrolled.training import initial_parameters, train

T, N, STEPS, HELD_OUT = 40, 16, 600, 500
PLACES = [(H, k, 8) for H in (16, 64) for k in (0, 1, 2, 4, 6, 7, 8, 9, 10, 12, 20, T)] + [(64, 0, 4), (64, 1, 4)]
SETTINGS = [
    {"H": H, "k": k, "delay": delay, "rate": rate, "seed": seed}
    for H, k, delay in PLACES for rate in (0.00027, 0.0009, 0.003, 0.01, 0.03) for seed in range(8)
]


def readout_alone(loss_and_gradients):
    """The same loss, with the gradients of the readout and no others."""

    def of_readout(parameters, xs, targets):
        loss, gradients = loss_and_gradients(parameters, xs, targets)
        return loss, {name: gradients[name] for name in ("W_y", "b_y")}

    return of_readout


def error(parameters, rng, delay):
    """Mean squared error on sequences drawn anew, over the steps that have an echo."""
    xs, targets, mask = echo(rng, T, HELD_OUT, delay)
    hs, _ = tanh_cell(parameters, xs)
    gaps = readout(hs, parameters["W_y"], parameters["b_y"]) - targets
    return round(float(np.mean(gaps[mask == 1] ** 2)), 5)


def measure(H, k, delay, rate, seed):
    """validation and test: the mean squared error, 1 for always saying 0."""
    rng = np.random.default_rng(seed)
    parameters = initial_parameters(rng, D=1, H=H, O=1)
    loss = every_state_loss(truncated_cell(k)) if k else readout_alone(every_state_loss(tanh_cell))
    batches = ((xs, targets) for xs, targets, _ in draws(echo, rng, STEPS, T, N, delay))
    train(parameters, loss, batches, rate)
    parts = enumerate(("validation", "test"))
    return {part: error(parameters, np.random.default_rng([seed, place]), delay) for place, part in parts}
