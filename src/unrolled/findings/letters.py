"""Lengths by the letters of the notation page."""

import re

import numpy as np


def axes_of(shape):
    """["N", "4H"] of a documented shape, "N, 4H"."""
    return [axis.strip() for axis in shape.split(",") if axis.strip()]


def listed(axes):
    """The same as it is written in brackets: "N, 4H", or "N," where it is one axis."""
    return ", ".join(axes) + "," * (len(axes) == 1)


def letters_of(exercise, case, wanted):
    """The sizes that each length is in a case, by the documented shapes of what goes in and comes out; no
    length that is many.

    A whole number that is given is a length by its name; what it leaves of a series is not told as the
    length of another.
    """
    results = dict(zip(exercise.results, wanted if isinstance(wanted, tuple) else (wanted,), strict=False))
    found, series = {}, set()
    for shapes, arrays in ((exercise.inputs, case), (exercise.results, results)):
        for name, shape in shapes.items():
            axes, array = axes_of(shape), arrays.get(name)
            if isinstance(array, np.ndarray) and len(axes) == array.ndim:
                series |= {*array.shape} if array.ndim == 1 else set()
                for letter, length in zip(axes, array.shape, strict=True):
                    found.setdefault(length, {}).setdefault(letter)
    given = {name: value for name, value in case.items() if isinstance(value, int) and value > 1}
    by_chance = {length - value for length in series for value in given.values()} & series
    for name, value in given.items():
        found.setdefault(value, {}).setdefault(name)
    return {
        length: [letter for letter in letters if not letter.isdigit()]
        for length, letters in found.items()
        if len(letters) < 3 and length not in by_chance
    }


def letters_of_shape(exercise, name, got, wanted, known):
    """The letters of a result's shape that is not the documented one, ["N", "3H"]; [] where one is not known, or
    is so by chance.

    The last axis is told as blocks of the documented ones' width. One letter stands twice where a documented
    shape has it twice.
    """
    documented = axes_of(exercise.results[name])
    letters = [known.get(size, []) for size in got]
    blocks = re.fullmatch(r"(\d+)([A-Z])", documented[-1])
    width = wanted[-1] // int(blocks[1]) if blocks else 0
    if width > 1 and got[-1] and got[-1] % width == 0:
        letters[-1] = [f"{got[-1] // width}{blocks[2]}" if got[-1] > width else blocks[2]]
    if not all(len(those) == 1 for those in letters):
        return []
    told = [those[0] for those in letters]
    repeated = [letter for letter in told if told.count(letter) > 1]
    shapes = [axes_of(shape) for shapes in (exercise.inputs, exercise.results) for shape in shapes.values()]
    return told if all(any(shape.count(letter) > 1 for shape in shapes) for letter in repeated) else []
