"""A task that is scored by what it reaches: what the student's function returns is measured on data that
it has not seen."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from unrolled import withheld
from unrolled.exercises.recorded import missing


@dataclass(frozen=True)
class Scored:
    """What a function is given, what it must return, how that is measured, and what each threshold is worth.

    material() is what data are drawn from: at home one that everybody has, in grading another that no student
    has, so that nothing that was learned beforehand is of use. data(rng, material) -> what the function is given, by
    name, and what is held out. It must return a dict of arrays, its names. shapes(given, parameters) -> by name, the
    shape that each must have and the same in letters. measure(parameters, held_out) -> a number, the less the better.
    thresholds(given, held_out) -> such numbers, the easiest first; each that is reached gives an equal part of the
    points.
    """

    name: str
    names: tuple[str, ...]
    material_at_home: Callable[[], object]
    material: Callable[[], object]  # None where students are
    data: Callable[[np.random.Generator, object], tuple[dict, object]]
    shapes: Callable[[dict, dict], dict]
    measure: Callable[[dict, object], float]
    unit: str
    thresholds: Callable[[dict, object], tuple[float, ...]]
    seconds: float  # at home; where answers are graded, a cell has its limit
    mistakes = ()
    printed = False

    @property
    def reference(self):
        """A model answer, which no student has."""
        return withheld.functions().get(self.name) or missing(self.name)

    @property
    def verdict_stands_on(self):
        """The values and the functions with which a verdict may change."""
        return (self.name, self.unit, self.material()), (self.data, self.shapes, self.measure, self.thresholds)

    def cases(self, rng):
        """One case, drawn from what no student has: the function is called once."""
        return self._drawn(rng, self.material() or missing(self.name))

    def known_cases(self, rng):
        """One case, drawn from what everybody has."""
        return self._drawn(rng, self.material_at_home())

    def _drawn(self, rng, material):
        given, held_out = self.data(rng, material)
        return [{"given": given, "held out": held_out, "thresholds": self.thresholds(given, held_out)}]

    def given(self, case):
        """Of a case, what the function is given."""
        return case["given"]

    def measured(self, parameters, case):
        """What is reached on what was held out; nan where that cannot be computed."""
        with np.errstate(all="ignore"):
            return float(self.measure(parameters, case["held out"]))
