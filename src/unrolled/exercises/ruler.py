"""How near is right: by what results of one exercise are compared."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Ruler:
    """An exercise's tolerance. Whoever has it says in `results` what a call returns, shapes by name."""

    rtol: float = 1e-6
    atol: float = 1e-8
    may_alias: bool = False  # a right answer may hand an input back, as clipping does when there is nothing to clip

    def given(self, case):
        """Of a case, what the function is given: all of it."""
        return case

    def near(self, got, wanted):
        """Where two arrays of one shape agree within the tolerance, as an array of truth values."""
        if np.array_equal(got, wanted):  # an input left as it was, above all: quickly seen
            return np.True_
        largest = np.abs(wanted).max(initial=1.0)
        # nearly always, and the same in a third of the time
        if got.dtype.kind == wanted.dtype.kind == "f" and largest < np.inf:
            return np.abs(got - wanted) <= self.rtol * np.abs(wanted) + self.atol * largest
        finite = np.abs(wanted[np.isfinite(wanted)])
        scale = max(1.0, finite.max(initial=0.0))
        return np.isclose(got, wanted, rtol=self.rtol, atol=self.atol * scale, equal_nan=True)

    def same(self, a, b):
        """Whether two results agree: numbers, arrays of one shape and kind, or lists of such. Calls that raised
        agree with nothing."""
        if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
            return len(a) == len(b) and all(self.same(x, y) for x, y in zip(a, b, strict=True))
        return _are_of_one_form(a, b) and bool(np.all(self.near(np.asarray(a), np.asarray(b))))

    def share_wrong(self, a, b):
        """In which share of its places, or of its arrays, a result does not agree with another; 1 where it
        has another form."""
        if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)) and len(a) == len(b):
            return float(np.mean([self.share_wrong(x, y) for x, y in zip(a, b, strict=True)])) if a else 0.0
        if not _are_of_one_form(a, b):
            return 1.0
        near = self.near(np.asarray(a), np.asarray(b))
        return 0.0 if near.all() else 1 - np.count_nonzero(near) / near.size

    def part(self, value, i):
        """Result number i of what a call returned, or None where there are not as many."""
        count = len(self.results)
        if count == 1:
            return value
        return value[i] if isinstance(value, (tuple, list)) and len(value) == count else None


def shapes_of(result):
    """The shape of a result, of a list those of what is in it; None of what is no array and no number."""
    if isinstance(result, (tuple, list)):
        return [shapes_of(one) for one in result]
    return np.shape(result) if is_numeric(result) else None


def is_numeric(value):
    """Whether a result is an array or a number."""
    return isinstance(value, np.ndarray) or type(value) in (int, float, bool)


def _are_of_one_form(a, b):
    """Whether two results are numbers, or arrays of one shape and kind: in an array of integers every mistake
    becomes another."""
    if not (is_numeric(a) and is_numeric(b)) or np.shape(a) != np.shape(b):
        return False
    return not np.shape(a) or (np.asarray(a).dtype.kind in "biu") == (np.asarray(b).dtype.kind in "biu")


@np.errstate(over="ignore")
def print_of(made):
    """Of values that agree but for rounding, nearly always the same."""
    if isinstance(made, (tuple, list)):
        return tuple(map(print_of, made))
    return np.shape(made), np.asarray(made, np.complex64).tobytes() if is_numeric(made) else None
