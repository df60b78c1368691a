"""An exercise: one function that a student writes, and all that anybody needs to know of it."""

import functools
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from unrolled.mistakes import known_mistakes

SIZES = "NTDHOV"
_ARRAY = re.compile(r"(\w+) \(([^()]*)\)")


def draw_nothing_special(rng, sizes):
    """No input needs more than its documented shape."""
    return {}


@dataclass(frozen=True)
class Exercise:
    """The reference, how to draw its inputs, how near is right; its mistakes are found by the reference.

    Shapes stand once, in the reference's docstring: `x (N, D), h_prev (N, H) -> h (N, H)`. An input that
    `draw` leaves out is standard normal in its documented shape (weights scaled so that tanh stays awake).
    """

    reference: Callable
    draw: Callable[[np.random.Generator, dict], dict] = draw_nothing_special
    rtol: float = 1e-6
    atol: float = 1e-8
    may_alias: bool = False     # a right answer may hand an input back, as clipping does when there is nothing to clip

    @property
    def name(self):
        return self.reference.__name__

    @property
    def mistakes(self):
        return known_mistakes(self.reference)

    @property
    def results(self):
        """Documented shapes of the results by name, {"h": "N, H", "c": "N, H"}."""
        return documented_shapes(self.reference)[1]

    def cases(self, rng):
        """Inputs for several calls, each a dict in the order of the signature.

        In a case all sizes differ, so that no axis can be taken for another; there is a batch of one and a
        sequence of one step. Where the inputs are independent of each other, each of them is also once all zeros:
        a wrong answer that is right there is wrong in how it uses that input. The last case has the first one's sizes
        and values of its own: what a function kept from the first is wrong there.
        """
        drawn, first = [], None
        for sizes in draw_sizes(rng):
            first = first or sizes
            drawn.append(self._draw_case(rng, sizes))
        zeroed = self._zeroed(drawn[0]) if self.draw is draw_nothing_special else []
        return [*drawn, *zeroed, self._draw_case(rng, first)]

    def near(self, got, wanted):
        """Where two arrays of one shape agree within the tolerance, as an array of truth values."""
        if np.array_equal(got, wanted):     # an input left as it was, above all: quickly seen
            return np.True_
        finite = np.abs(wanted[np.isfinite(wanted)])
        scale = max(1.0, finite.max(initial=0.0))
        return np.isclose(got, wanted, rtol=self.rtol, atol=self.atol * scale, equal_nan=True)

    def same(self, a, b):
        """Whether two results agree: numbers, arrays of one shape and kind, or lists of such. Calls that raised agree with nothing."""
        if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
            return len(a) == len(b) and all(self.same(x, y) for x, y in zip(a, b, strict=True))
        if not (is_numeric(a) and is_numeric(b)):
            return False
        a, b = np.asarray(a), np.asarray(b)
        if a.shape != b.shape or (a.ndim and (a.dtype.kind in "biu") != (b.dtype.kind in "biu")):
            return False        # in an array of integers every mistake becomes another
        return bool(np.all(self.near(a, b)))

    def part(self, value, i):
        """Result number i of what a call returned, or None where there are not as many."""
        count = len(self.results)
        if count == 1:
            return value
        return value[i] if isinstance(value, (tuple, list)) and len(value) == count else None

    def _zeroed(self, case):
        return [case | {name: np.zeros_like(value)} for name, value in case.items()]

    def _draw_case(self, rng, sizes):
        return draw_inputs(rng, sizes, self.reference, self.draw(rng, sizes))


def is_numeric(value):
    """Whether a result is an array or a number."""
    return isinstance(value, np.ndarray) or type(value) in (int, float, bool)


@functools.cache
def documented_shapes(fn):
    """The shapes that fn's docstring gives, as two dicts by name: inputs before `->`, results after it, to the
    end of a line that no comma carries on."""
    inputs, _, rest = inspect.getdoc(fn).partition("->")
    results = re.split(r"(?<!,)\n", rest)[0]
    return MappingProxyType(dict(_ARRAY.findall(inputs))), MappingProxyType(dict(_ARRAY.findall(results)))


def array_shape(text, sizes):
    """A documented shape in numbers: ("N, 4H", sizes) -> (3, 20). A product is written without a sign: 4H, kD."""
    product = re.sub(r"(?<=\w)(?=[A-Z])", "*", text)
    return tuple(eval(size, {"__builtins__": {}}, dict(sizes)) for size in product.split(",") if size.strip())


def draw_sizes(rng):
    """Sizes for each case, {"N": 3, "T": 5, ...}: all different; then with N = 1; then with T = 1.

    "case" is the case's number, for an exercise whose inputs are not drawn by size.
    """
    for case, ones in enumerate([(), (), ("N",), ("T",)]):
        values = rng.permutation(np.arange(2, 2 + len(SIZES))).tolist()
        sizes = {size: 1 if size in ones else value for size, value in zip(SIZES, values, strict=True)}
        yield {**sizes, "case": case}


def draw_inputs(rng, sizes, fn, given=MappingProxyType({})):
    """The arguments of fn by name: those given, and arrays drawn in their documented shapes for the others."""
    shapes = documented_shapes(fn)[0]
    return {
        name: given[name] if name in given else draw_array(rng, name, array_shape(shapes[name], sizes))
        for name in inspect.signature(fn).parameters
    }


def draw_array(rng, name, shape):
    """Normal values of size 1; a weight matrix W_* is scaled by its fan-in, and dhs is so large that clipping it shows."""
    scale = 1 / np.sqrt(shape[0]) if name.startswith("W") else 20.0 if name == "dhs" else 1.0
    return rng.normal(scale=scale, size=shape)
