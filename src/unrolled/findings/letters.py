"""Lengths by the letters of the notation page."""

import re

import numpy as np

LAID = ("T", "N"), ("U", "N"), ("U", "T")  # axes that may be laid into one
FEATURES = ("D", "H", "K", "O", "V")  # which stand on the last two axes alone: elsewhere a length is so by chance
TIMES = (2, 3, 4)  # as often as a length may be there, where arrays are joined or blocks split


def axes_of(shape):
    """["N", "4H"] of a documented shape, "N, 4H"."""
    return [axis.strip() for axis in shape.split(",") if axis.strip()]


def listed(axes):
    """The same as it is written in brackets: "N, 4H", or "N," where it is one axis."""
    return ", ".join(axes) + "," * (len(axes) == 1)


def is_turned(source):
    """Whether the source of an operand is that of an array with `.T` behind it, which binds more than any sign."""
    return source.endswith(".T") and not is_compound(source)


def is_compound(source):
    """Whether signs stand in the source of an operand, outside of brackets: in a product it is put in brackets."""
    return " " in re.sub(r"\[[^\]]*\]|\([^)]*\)", "", source)


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


class Letters:
    """The letters by which the lengths of an operand are told, in one case of an exercise."""

    def __init__(self, exercise, case, known):
        self.exercise, self.case, self.known = exercise, case, known
        shapes = [axes_of(shape) for shapes in (exercise.inputs, exercise.results) for shape in shapes.values()]
        self.documented = {axis for shape in shapes for axis in shape}
        self.in_blocks = {axis[1:] for axis in self.documented if re.fullmatch("[2-4][A-Z]", axis)}
        self.twice = {axis for shape in shapes for axis in shape if shape.count(axis) > 1}

    def of(self, source, shape):
        """The letters of a shape, a number where a length has none; [] where there are none at all."""
        if given := self._of_input(source, shape):
            return given
        axes = [self._of_length(length, source) for length in shape]
        axes = [axis if self._is_cut(axis, axes) else None for axis in axes]
        axes[:-2] = [None if axis in FEATURES else axis for axis in axes[:-2]]
        axes[1:] = [None if re.fullmatch("[234]N", axis or "") else axis for axis in axes[1:]]  # rows alone are joined
        axes = [axis if axes.count(axis) == 1 or axis in self.twice or len(axis or "") > 4 else None for axis in axes]
        return [axis or str(length) for axis, length in zip(axes, shape, strict=True)] if any(axes) else []

    def inputs_of(self, shape):
        """The names of the inputs that are arrays of this shape."""
        return [name for name, value in self.case.items() if isinstance(value, np.ndarray) and value.shape == shape]

    @staticmethod
    def _is_cut(axis, axes):
        """Whether it is no part of an axis, H/3, or blocks are cut in so many there: (H/3, 3H), (N, 2H/3)."""
        part = re.fullmatch("([234]?)[A-Z]/([234])", axis or "")
        return not part or bool(part[1]) or any(re.fullmatch(f"{part[2]}[A-Z]", other or "") for other in axes)

    def _of_input(self, source, shape):
        """The documented axes of an input that is as it was given, or transposed; [] of anything else."""
        name = source.removesuffix(".T")
        axes, array = axes_of(self.exercise.inputs.get(name, "")), self.case.get(name)
        if not isinstance(array, np.ndarray) or array.ndim != len(axes):
            return []
        turn = -1 if name != source else 1
        return axes[::turn] if array.shape[::turn] == shape else []

    def _of_length(self, length, source):
        """The only letter of a length; else the only one of which it is two, three or four times as much, or one more
        or less, or a part of blocks; None where there is none, or are several."""
        stands = [name for name in self._names(length) if re.search(rf"\b{re.escape(name)}\b", source)]
        known = [name for name in self._names(length) if name in self.documented or name in stands]
        if length < 2 or str(length) in self.documented or (not known and self._names(length)):
            return None
        for names in (known, self._flat(length) or self._times(length), self._beside(length), self._parts(length)):
            if names:
                return names[0] if len(names) == 1 else None
        return None

    def _names(self, length):
        return self.known.get(length, [])

    def _flat(self, length):
        """T*N is told where two axes are laid into one."""
        lengths = {name: its for its, names in self.known.items() for name in names}
        return [f"{one}*{other}" for one, other in LAID if 0 < length == lengths.get(one, 0) * lengths.get(other, 0)]

    def _times(self, length):
        return [
            f"{times}{name}"
            for times in TIMES
            for name in (self._names(length // times) if length % times == 0 else ())
            if name == "N" or name in self.in_blocks
        ]

    def _beside(self, length):
        """T - 1 is told where it is a length: the steps but one; and so L - 1."""
        return [
            f"{name}{sign}1"
            for sign, other in (("-", length + 1), ("+", length - 1))
            for name in self._names(other)
            if name in ("T", "L")
        ]

    def _parts(self, length):
        """2H/3 is told where two blocks are split in three, and H/3 where rows are."""
        return [
            f"{name}/{parts}"
            for parts in TIMES
            for name in self._names(length * parts)
            if re.fullmatch("[234]?[A-Z]", name)
        ]
