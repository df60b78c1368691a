"""An exercise: one function that a student writes, and all that anybody needs to know of it."""

import functools
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from unrolled import withheld
from unrolled.dataflow import values_read
from unrolled.exercises.made import Made
from unrolled.exercises.recorded import RecordedExercise
from unrolled.exercises.ruler import Ruler, shapes_of
from unrolled.mistakes import known_mistakes, misreadings, reached, slips
from unrolled.mistakes.edits import tree_of
from unrolled.recording import call

SIZES = "NTDHOV"
_ARRAY = re.compile(r"(\w+) \(([^()]*)\)")
_made = Made()


def draw_nothing_special(rng, sizes):
    """No input needs more than its documented shape."""
    return {}


@dataclass(frozen=True)
class Exercise(Ruler):
    """The reference, how to draw its inputs, how near is right; its mistakes are found by the reference.

    Shapes stand once, in the reference's docstring: `x (N, D), h_prev (N, H) -> h (N, H)`. An input that
    `draw` leaves out is standard normal in its documented shape (weights scaled so that tanh stays awake).
    """

    reference: Callable
    draw: Callable[[np.random.Generator, dict], dict] = draw_nothing_special

    @classmethod
    def unprinted(cls, name, draw=draw_nothing_special, **ruler):
        """The exercise of a function that nobody has printed; where its reference is not, its record
        takes the place."""
        reference = withheld.functions().get(name)
        return cls(reference, draw, **ruler) if reference else RecordedExercise(name, **ruler)

    @property
    def printed(self):
        """Whether students have the reference."""
        return self.name not in withheld.functions()

    @property
    def name(self):
        return self.reference.__name__

    @property
    def mistakes(self):
        return known_mistakes(self.reference)

    @functools.cached_property
    def slips(self):
        """What else may be wrong in one line of the reference, as mistakes; made when they are first asked for.

        Where two give the same, the line that reaches fewer results is tried first: it is nearer to what is seen.
        """
        return sorted(
            slips(self.reference, self._some_inputs), key=lambda slip: len(self.reached.get(slip.target, self.results))
        )

    @functools.cached_property
    def misreadings(self):
        """What becomes of inputs that are read otherwise than they are given, as mistakes."""
        return misreadings(self.reference, documented_shapes(self.reference)[0], self._some_inputs)

    @property
    def _some_inputs(self):
        return self.cases(np.random.default_rng(0))[0]

    @property
    def reached(self):
        """By name, the places of the results that a line of the reference reaches."""
        return reached(self.reference)

    @property
    def inputs(self):
        """Documented shapes of the inputs by name, in their order, as of the results; "" of what is no array."""
        shapes = documented_shapes(self.reference)[0]
        return {name: shapes.get(name, "") for name in inspect.signature(self.reference).parameters}

    @property
    def results(self):
        """Documented shapes of the results by name, {"h": "N, H", "c": "N, H"}."""
        return documented_shapes(self.reference)[1]

    @functools.cached_property
    def reads(self):
        """The names of the inputs whose values the reference reads."""
        return values_read(tree_of(self.reference)) & self.inputs.keys()

    @property
    def verdict_stands_on(self):
        """The values and the functions with which a verdict may change."""
        values = self.name, self.rtol, self.atol, self.may_alias, [mistake.sentence for mistake in self.mistakes]
        wrong = [mistake.wrong for mistake in self.mistakes]
        return values, (Exercise.cases, Exercise.same, self.reference, self.draw, *wrong)

    def known_cases(self, rng):
        """Inputs of which the right results are known, wherever the student is."""
        return self.cases(rng)

    def cases(self, rng):
        """Inputs for several calls, each a dict in the order of the signature, and nobody's before they are drawn.

        In a case all sizes differ, so that no axis can be taken for another; there is a batch of one and a
        sequence of one step. Where the inputs are independent of each other, each of them is also once all zeros:
        a wrong answer that is right there is wrong in how it uses that input. The last case has the first one's sizes
        and values of its own: what a function kept from the first is wrong there.
        """
        drawn, first = [], None
        for sizes in draw_sizes(rng):
            first = first or sizes
            drawn.append(self.drawn(rng, sizes))
        zeroed = self._zeroed(drawn[0]) if self.draw is draw_nothing_special else []
        return [*drawn, *zeroed, self.drawn(rng, first)]

    def expected(self, case):
        """What is right for the inputs of a case."""
        return call(self.reference, case).value

    def made(self, mistake, case):
        """What a mistake gives for the inputs of a case, or None where it raises; for cases at hand computed once."""
        return _made.value(mistake.wrong, case)

    def explained(self, mistake, case, value):
        """Which results of a value are as a known mistake makes them, by place."""
        made = self.made(mistake, case)
        return {i for i in range(len(self.results)) if self.same(self.part(value, i), self.part(made, i))}

    def reshaped(self, mistake, case, value):
        """Which results a known mistake makes in another shape than a value has, by place; none where it raises."""
        made = self.made(mistake, case)
        parts = ((i, self.part(made, i), self.part(value, i)) for i in range(len(self.results)))
        return {i for i, one, other in parts if made is not None and shapes_of(one) != shapes_of(other)}

    def _zeroed(self, case):
        return [case | {name: np.zeros_like(value)} for name, value in case.items()]

    def drawn(self, rng, sizes):
        """Inputs of these sizes, by name in the order of the signature."""
        return draw_inputs(rng, sizes, self.reference, self.draw(rng, sizes))


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
    """Sizes for each case, {"N": 3, "T": 5, ...}: all different; then others; then with N = 1; then with T = 1.

    "case" is the case's number, for an exercise whose inputs are not drawn by size. The first has four steps at least,
    for in fewer the first state is one of the last two; and five or seven sequences, which cannot be cut in two, three
    or four blocks, so that who splits along the batch hears of it.
    The second has no size of the first: a number that happens to be a size is none there.
    """
    first = _sizes_such_that(rng, lambda sizes: sizes["T"] > 3 and sizes["N"] in (5, 7))
    yield first | {"case": 0}
    yield _sizes_such_that(rng, lambda sizes: sizes.items().isdisjoint(first.items())) | {"case": 1}
    for case, one in ((2, "N"), (3, "T")):
        yield _sizes_such_that(rng, lambda sizes: True) | {one: 1, "case": case}


def _sizes_such_that(rng, is_so):
    """Sizes from 2 on, no two alike, drawn until it is so."""
    while True:
        sizes = dict(zip(SIZES, rng.permutation(np.arange(2, 2 + len(SIZES))).tolist(), strict=True))
        if is_so(sizes):
            return sizes


def draw_inputs(rng, sizes, fn, given=MappingProxyType({})):
    """The arguments of fn by name: those given, and arrays drawn in their documented shapes for the others."""
    shapes = documented_shapes(fn)[0]
    return {
        name: given[name] if name in given else draw_array(rng, name, array_shape(shapes[name], sizes))
        for name in inspect.signature(fn).parameters
    }


def draw_array(rng, name, shape):
    """Normal values of size 1; a weight matrix W_* is scaled by its fan-in, and dhs or dys is so large that
    clipping it shows."""
    scale = 1 / np.sqrt(shape[-2]) if name.startswith("W") else 20.0 if name in ("dhs", "dys") else 1.0
    return rng.normal(scale=scale, size=shape)
