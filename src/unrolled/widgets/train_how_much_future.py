"""Train the networks of the widget "How much future", one for each place of its slider: `python -m
unrolled.widgets.train_how_much_future`.

All have the same number of parameters but for eight. They learn where words end in the corpus without its spaces; the
file that this writes stands beside the widget, every array as integers from -127 to 127 and one scale.
"""

from pathlib import Path

import numpy as np

from unrolled.boundaries import V, boundary_scores, learn_boundaries
from unrolled.cells import bidirectional_cell, tanh_cell
from unrolled.training import bidirectional_parameters, initial_parameters

FILE = Path(__file__).with_name("how_much_future_networks.npz")
LATEST = 6  # places 0 to LATEST answer so many letters late; the next one reads both ways
BOTH = LATEST + 1
FORWARD, EACH_WAY = 32, 20  # units
RATE, STEPS, SEED = 0.01, 1500, 0


def load():
    """The networks by their place on the slider: dicts of W_x, W_h, b, W_y, b_y."""
    with np.load(FILE) as file:
        return [
            {
                name: file[f"{place}_{name}"] * float(file[f"{place}_{name}_scale"])
                for name in ("W_x", "W_h", "b", "W_y", "b_y")
            }
            for place in range(BOTH + 1)
        ]


def cell_of(place):
    return bidirectional_cell if place == BOTH else tanh_cell


def late_of(place):
    return 0 if place == BOTH else place


def main():
    stored = {}
    for place in range(BOTH + 1):
        rng = np.random.default_rng(SEED)
        parameters = (
            bidirectional_parameters(rng, V, EACH_WAY, 2) if place == BOTH else initial_parameters(rng, V, FORWARD, 2)
        )
        learn_boundaries(cell_of(place), parameters, rng, RATE, late_of(place), steps=STEPS)
        for name, value in parameters.items():
            scale = np.abs(value).max() / 127
            stored |= {
                f"{place}_{name}": np.round(value / scale).astype(np.int8),
                f"{place}_{name}_scale": np.float64(scale),
            }
    np.savez_compressed(FILE, **stored)
    for place, parameters in enumerate(load()):
        _, test = boundary_scores(cell_of(place), parameters, late_of(place))
        print(f"place {place}: {sum(value.size for value in parameters.values())} parameters, F1 {test:.3f}")


if __name__ == "__main__":
    main()
