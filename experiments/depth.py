"""Does depth help, and how are two directions joined best? The task, the training and the size are those of
`where_words_end`.

Its runs are the other side of both comparisons: one layer that answers three letters late, and two
directions side by side.
"""

import numpy as np

from experiments.where_words_end import EACH_WAY
from unrolled.boundaries import V, boundary_scores, learn_boundaries
from unrolled.cells import stacked_cell, summed_cell
from unrolled.training import bidirectional_parameters, stacked_parameters

NETWORKS = {            # cell, letters late, and fresh parameters
    "two layers": (stacked_cell, 3, lambda rng: stacked_parameters(rng, V, 55, 2, L=2)),
    "three layers": (stacked_cell, 3, lambda rng: stacked_parameters(rng, V, 43, 2, L=3)),
    "summed": (summed_cell, 0, lambda rng: bidirectional_parameters(rng, V, EACH_WAY, 2, joined=1)),
}
CHOSEN_BY = ("missed",)
SETTINGS = [{"network": network, "rate": rate, "seed": seed} for network in NETWORKS for rate in (0.005, 0.01, 0.02)
    for seed in range(5)]


def measure(network, rate, seed):
    rng = np.random.default_rng(seed)
    cell, late, fresh = NETWORKS[network]
    parameters = fresh(rng)
    losses = learn_boundaries(cell, parameters, rng, rate, late)
    validation, test = boundary_scores(cell, parameters, late)
    return {
        "missed": 1 - validation, "f1": test, "loss": float(np.mean(losses[-50:])),
        "parameters": sum(value.size for value in parameters.values()),
    }
