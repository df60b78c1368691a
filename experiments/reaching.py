"""Does training change how far a gradient reaches? Chapter 5's LSTM and its orthogonal tanh network, on 50 steps to
add over.

Before and after BATCHES batches it is measured how much of the readout's gradient is left 50 steps back: the median of
16 sequences, of the whole gradient and, for an LSTM, of what comes by the cell's line alone.
"""

import numpy as np

from unrolled.adding import NETWORKS, N, initial_network
from unrolled.cells import last_state_loss, lstm_cell
from unrolled.measuring import gradient_left, of_size_1
from unrolled.tasks import adding_problem, draws
from unrolled.training import train

T, BATCHES, MEASURED = 50, 600, 16
CHOSEN_BY = ()       # each rate is looked at
SETTINGS = [
    {"network": network, "rate": rate, "seed": seed}
    for network in ("LSTM", "tanh, orthogonal") for rate in (0.001, 0.003, 0.01, 0.03) for seed in range(5)
]


def left(cell, parameters):
    """The readout's gradient T steps back, as a share: "whole", and an LSTM's "line", the way back without W_h."""
    xs, _ = adding_problem(np.random.default_rng(1), T + 1, MEASURED, dtype=float)
    dh = of_size_1(np.tile(parameters["W_y"].T.astype(float), (MEASURED, 1)))
    ways = {"whole": 1, "line": 0} if cell is lstm_cell else {"whole": 1}
    shares = {way: np.median(gradient_left(cell, parameters, xs, dh, [T], roads)) for way, roads in ways.items()}
    return {way: float(f"{share:.4g}") for way, share in shares.items()}


def measure(network, rate, seed):
    """before and after training: what is left, by its way."""
    cell = NETWORKS[network][0]
    parameters = initial_network(network, np.random.default_rng(seed))
    before = left(cell, parameters)
    batches = draws(adding_problem, np.random.default_rng([seed, T]), BATCHES, T, N)
    train(parameters, last_state_loss(cell, max_norm=1.0), batches, rate)
    return {"before": before, "after": left(cell, parameters)}
