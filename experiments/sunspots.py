"""Does a network forecast the sun's spots better than an autoregression does?

Three cells with about as many parameters learn from 1700 to 1889, and the years 1890 to 1929 say after how many
updates to stop, and which rate is best. With that a second network of the same start learns from all years up to 1929,
and is measured on 1930 to 2008, a year ahead.
"""

import numpy as np

from unrolled.cells import gru_cell, lstm_cell, tanh_cell
from unrolled.data import sunspots
from unrolled.reference import standardise
from unrolled.series import learn_series, one_step, rmse, series_windows
from unrolled.training import initial_parameters, looked_at

CELLS = {"tanh": (tanh_cell, 16, 1), "GRU": (gru_cell, 9, 3), "LSTM": (lstm_cell, 8, 4)}
LEARN, KNOWN, CYCLE = 190, 230, 11                  # years
LOOKS = (6, 12, 25, 50, 100, 200, 400, 800)         # after so many updates
CHOSEN_BY = ()       # the page chooses the rate and the updates together, among these alone
# eight starts, and three times eight others: do they choose alike?
SETTINGS = [{"cell": cell, "rate": rate, "seed": seed} for cell in CELLS for rate in (0.003, 0.01, 0.03, 0.09, 0.27)
    for seed in range(32)]


def measure(cell, rate, seed):
    """validation: the least of its error's curve; the others are measured at that look, in spots."""
    _, series = sunspots()
    choosing, _ = learned(cell, rate, seed, series, LEARN, KNOWN)
    testing, parameters = learned(cell, rate, seed, series, KNOWN, len(series))
    best = int(np.argmin([errors["after"] for errors in choosing]))
    return {
        "looks": LOOKS, "validation": choosing[best]["after"], "updates": LOOKS[best], "test": testing[best]["after"],
        "curve learn": [errors["before"] for errors in choosing],
        "curve validation": [errors["after"] for errors in choosing],
        "curve test": [errors["after"] for errors in testing],
        "parameters": sum(value.size for value in parameters.values()),
    }


def learned(name, rate, seed, series, first, end):
    """At each look the error on the first years and on those after them; and the parameters."""
    cell, H, k = CELLS[name]
    rng = np.random.default_rng(seed)
    parameters = initial_parameters(rng, 1, H, 1, k)
    known, scaled, std = units_of(series, first)
    found = []

    def look():
        errors = (one_step(cell, parameters, scaled) - scaled) * std
        found.append(
            {"before": round(float(rmse(errors[CYCLE:first])), 2), "after": round(float(rmse(errors[first:end])), 2)})

    learn_series(cell, parameters, looked_at(series_windows(rng, known, max(LOOKS)), LOOKS, look), rate)
    return found, parameters


def units_of(series, first):
    """The first years and all years, in units of the first ones, and this unit."""
    known, rest, _, std = standardise(series[:first, None], series[first:, None])
    return known[:, 0], np.concatenate([known, rest])[:, 0], float(std[0])
