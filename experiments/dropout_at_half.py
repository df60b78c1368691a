"""Half of the units left out: smaller rates than those of `dropout`, for the three places where they can be."""

from experiments.dropout import PLACES, measure  # noqa: F401

SETTINGS = [
    {"place": place, "keep": 0.5, "rate": rate, "seed": seed}
    for place in PLACES for rate in (0.00125, 0.0025) for seed in range(5)
]
