"""Lengths by the letters of the notation page."""

import numpy as np


def letters_of(exercise, case, wanted):
    """The sizes that each length is in a case, by the documented shapes of what goes in and comes out; no length that is many."""
    results = dict(zip(exercise.results, wanted if isinstance(wanted, tuple) else (wanted,), strict=False))
    found = {}
    for shapes, arrays in ((exercise.inputs, case), (exercise.results, results)):
        for name, shape in shapes.items():
            axes = [axis.strip() for axis in shape.split(",") if axis.strip()]
            array = arrays.get(name)
            if isinstance(array, np.ndarray) and len(axes) == array.ndim:
                for letter, length in zip(axes, array.shape, strict=True):
                    found.setdefault(length, {}).setdefault(letter)
    return {length: list(letters) for length, letters in found.items() if len(letters) < 3}
