"""A task that is scored by what it reaches: what the student's function returns is measured on data that it has not seen."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from unrolled import withheld
from unrolled.exercises.recorded import missing


@dataclass(frozen=True)
class Scored:
    """What a function is given, what it must return, how that is measured, and what each threshold is worth.

    data(rng) -> what the function is given, by name, and what is held out. shapes(given, parameters) -> for the parameters that it
    must return, its names, the shape that each must have and the same in letters. measure(parameters, held_out) -> a number,
    the less the better. Each threshold that it reaches gives an equal part of the points; the first is the easiest.
    """

    name: str
    names: tuple[str, ...]
    data: Callable[[np.random.Generator], tuple[dict, object]]
    shapes: Callable[[dict, dict], dict]
    measure: Callable[[dict, object], float]
    unit: str
    thresholds: tuple[float, ...]
    seconds: float              # at home; where answers are graded, a cell has its limit
    mistakes = ()
    printed = False

    @property
    def reference(self):
        """A model answer, which no student has."""
        return withheld.functions().get(self.name) or missing(self.name)

    @property
    def verdict_stands_on(self):
        """The values and the functions with which a verdict may change."""
        return (self.name, self.unit, self.thresholds), (self.data, self.shapes, self.measure)

    def cases(self, rng):
        """One case: the function is called once."""
        given, held_out = self.data(rng)
        return [{"given": given, "held out": held_out}]

    known_cases = cases

    def given(self, case):
        """Of a case, what the function is given."""
        return case["given"]

    def measured(self, parameters, case):
        """What is reached on what was held out; nan where that cannot be computed."""
        with np.errstate(all="ignore"):
            return float(self.measure(parameters, case["held out"]))
