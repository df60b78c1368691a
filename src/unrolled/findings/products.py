"""A matrix product whose lengths do not fit: in which way they would, and what `.T` does to more than two axes."""

from itertools import product

from unrolled.findings.letters import axes_of, is_compound, is_turned
from unrolled.findings.operands import shape_of
from unrolled.quoting import quoted_code

_BRACKETS = str.maketrans(dict.fromkeys("()"))
ENTRYWISE = "What goes entry by entry is `*`"
COUNTS = {3: "three", 4: "four"}


def describe_product(operation, operands, letters):
    """What would fit in the place of a product: its operands in the only other way, or entry by entry; "" where
    neither is so.

    What is no input may be the wrong thing there. A `.T` of it may be one too many, and is missing on the way back
    alone: on the way forward no weights are turned round.
    """
    shapes = {source: shape for source, operand in operands.items() if (shape := shape_of(operand))}
    for left, right in product(shapes, repeat=2):
        if (operation or "").translate(_BRACKETS) in _written(left, right):
            if 1 in map(len, (shapes[left], shapes[right])):
                return _of_one_axis(left, right, shapes, letters.case)
            if shapes[left] == shapes[right]:
                return ENTRYWISE
            fitting = _fitting(left, right, shapes[left], shapes[right], letters.known)
            given = {left.removesuffix(".T"), right.removesuffix(".T")} <= {*letters.case}
            fewer = any(way.count(".T") < f"{left} {right}".count(".T") for way in fitting)
            others = (
                [] if fewer or f"{right} @ {left}" in fitting else _with_other_inputs(left, right, shapes, letters)
            )
            if others and "backward" not in letters.exercise.name:
                fitting, fewer = others, True
            told = " and ".join(quoted_code(way, 80) for way in fitting)
            if len(fitting) == 1 and (given or fewer or "backward" in letters.exercise.name):
                return f"{told} fits"
            if len(fitting) == 2:
                return f"{told} fit"
            return _of_width(right, letters)
    return ENTRYWISE if len(shapes) == 2 and len(set(shapes.values())) == 1 else ""


def _of_one_axis(left, right, shapes, case):
    """What is said of a product with an array that has one axis, as an input may have."""
    one, *more = (source for source in (left, right) if len(shapes[source]) == 1)
    if more:
        return (
            "Two arrays with one axis are equally long in a product: what makes a matrix of them is `np.outer(a, b)`, "
            "for `.T` turns none of them"
        )
    if one in case:
        return (
            f"A product sums over an axis, and {quoted_code(one, 60)} has one alone: what goes entry by entry is `*`"
        )
    return (
        f"{quoted_code(one, 60)} has one axis alone: is a sum in it that belongs elsewhere, an index too many, or "
        "`np.diag` of a matrix?"
    )


def _written(left, right):
    """How a product of two sources may be written, without brackets."""
    ways = f"{left} @ {right}", f"np.dot({left}, {right})", f"np.matmul({left}, {right})", f"{left}.dot({right})"
    return [way.translate(_BRACKETS) for way in ways]


def _fitting(left, right, left_shape, right_shape, known):
    """The products of two matrices, one of them turned round or in the other order, that fit; the batch first, where
    it would come second."""
    if len(right_shape) != 2:
        return []
    (*_, rows, inner), (other_inner, columns) = left_shape, right_shape
    left, right = (f"({source})" if is_compound(source) else source for source in (left, right))
    if len(left_shape) > 2:
        return [f"{left} @ {_turned(right)}"] if inner == columns else []

    def comes_second(first, second):
        return "N" in known.get(second, []) and "N" not in known.get(first, [])

    by_rows = f"{right} @ {_turned(left)}" if comes_second(rows, other_inner) else f"{left} @ {_turned(right)}"
    by_columns = f"{_turned(right)} @ {left}" if comes_second(inner, columns) else f"{_turned(left)} @ {right}"
    ways = {by_rows: inner == columns, by_columns: rows == other_inner, f"{right} @ {left}": columns == rows}
    return [way for way, fits in ways.items() if fits]


def _of_width(right, letters):
    """What is as wide as an input on the right of a product has rows, by the documented shapes: `W_o` takes what is O
    wide, as ys are."""
    rows, exercise = axes_of(letters.exercise.inputs.get(right, ""))[:1], letters.exercise
    shapes = {**exercise.inputs, **exercise.results}
    names = [name for name, shape in shapes.items() if axes_of(shape)[-2:] == ["N", *rows]]
    if not rows or not names or "backward" in exercise.name:
        return ""
    told = " and ".join(f"`{name}`" for name in names)
    return f"`{right}` takes what is {rows[0]} wide, as {told} {'are' if len(names) > 1 else 'is'}"


def _with_other_inputs(left, right, shapes, letters):
    """The products of matrices that fit with the only other input in the place of one that is."""
    if not len(shapes[left]) == len(shapes[right]) == 2:
        return []
    (rows, inner), (other_inner, columns) = shapes[left], shapes[right]
    instead_of_right = letters.inputs_of((inner, columns)) if right in letters.case else []
    instead_of_left = letters.inputs_of((rows, other_inner)) if left in letters.case else []
    return [
        *(f"{left} @ {name}" for name in instead_of_right if len(instead_of_right) == 1),
        *(f"{name} @ {right}" for name in instead_of_left if len(instead_of_left) == 1),
    ]


def _turned(source):
    return source.removesuffix(".T") if source.endswith(".T") else f"{source}.T"


def describe_turned(operands):
    """What `.T` does to an operand of more than two axes; "" where there is none."""
    for source, operand in operands.items():
        count = len(shape_of(operand) or ())
        if is_turned(source) and count > 2:
            return (
                f"{quoted_code(source.removesuffix('.T'), 60)} has {COUNTS.get(count, count)} axes, and `.T` turns "
                "all of them round: `np.einsum` names those that are summed over, one step at a time has two, and "
                "`.swapaxes(-1, -2)` exchanges the last two alone"
            )
    return ""
