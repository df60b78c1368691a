"""How much future is needed? Networks of equal size say where words end: reading forward and answering late, or
reading both ways.

Of the one that reads both ways it is also measured what is left of it where the text ends some letters after the one
it is asked about.
"""

import numpy as np

from unrolled.boundaries import V, boundary_scores, cut_cell, learn_boundaries
from unrolled.cells import bidirectional_cell, tanh_cell
from unrolled.training import bidirectional_parameters, initial_parameters

READERS = [("forward", 0), ("forward", 1), ("forward", 2), ("forward", 3), ("forward", 6), ("both ways", 0)]
CHOSEN_BY = ("missed",)
SETTINGS = [
    {"reader": reader, "late": late, "rate": rate, "seed": seed}
    for reader, late in READERS for rate in (0.005, 0.01, 0.02) for seed in range(5)
]
FORWARD, EACH_WAY = 90, 60      # units: 10,712 and 10,682 parameters
AHEAD = (0, 1, 2, 3, 6)


def measure(reader, late, rate, seed):
    rng = np.random.default_rng(seed)
    both = reader == "both ways"
    cell = bidirectional_cell if both else tanh_cell
    parameters = bidirectional_parameters(rng, V, EACH_WAY, 2) if both else initial_parameters(rng, V, FORWARD, 2)
    losses = learn_boundaries(cell, parameters, rng, rate, late)
    validation, test = boundary_scores(cell, parameters, late)
    result = {
        "missed": 1 - validation, "f1": test, "loss": float(np.mean(losses[-50:])),
        "parameters": sum(value.size for value in parameters.values()),
    }
    if both:
        result["cut"] = {str(ahead): boundary_scores(cut_cell(ahead), parameters)[1] for ahead in AHEAD}
    return result
