"""Small made-up arrays on which a reference function can be tried, and a look at what comes back."""

import numpy as np

from unrolled import reference
from unrolled.exercises import EXERCISES
from unrolled.exercises.exercise import draw_inputs

SIZES = {"N": 2, "T": 4, "D": 3, "H": 5, "O": 6, "V": 7, "case": 1}  # as in the cases of `check`, no two alike
LONG = 100  # numbers of an array; of a longer one the middle is left out


def example(name):
    """The arguments of a reference function by name, drawn as `check` draws them, and small."""
    rng, exercise = np.random.default_rng(0), EXERCISES.get(name)
    return exercise.drawn(rng, SIZES) if exercise else draw_inputs(rng, SIZES, getattr(reference, name))


def show(**results):
    """Print results under their names, with their shapes."""
    with np.printoptions(precision=3, suppress=True, threshold=LONG, edgeitems=2):
        for name, value in results.items():
            print(f"{name} {value.shape}\n{value}" if isinstance(value, np.ndarray) else f"{name} = {value}")
