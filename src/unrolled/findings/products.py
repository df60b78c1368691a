"""A matrix product whose lengths do not fit: in which way they would, and what `.T` does to more than two axes."""

import re
from itertools import product

from unrolled.findings.operands import bracket, shape_of
from unrolled.quoting import quoted_code


def describe_product(line, operands):
    """What would fit in the place of a product in a line: its operands in the only other order or turned round, or
    entry by entry; "" where neither is so."""
    code = line.replace(" ", "")
    for left, right in product(operands, repeat=2):
        shapes = shape_of(operands[left]), shape_of(operands[right])
        if f"{left}@{right}".replace(" ", "") in code and None not in shapes:
            fitting = _fitting(left, right, *shapes)
            if len(fitting) == 1:
                return f"{quoted_code(fitting[0], 80)} fits"
            if shapes[0] == shapes[1]:
                return "What goes entry by entry is `*`"
    return ""


def _fitting(left, right, left_shape, right_shape):
    """The products of two matrices in any order, one of them turned round or none, that fit."""
    if not len(left_shape) == len(right_shape) == 2:
        return []
    turned = {_turned(source): shape[::-1] for source, shape in ((left, left_shape), (right, right_shape))}
    shapes = {left: left_shape, right: right_shape} | turned
    return [
        f"{one} @ {other}"
        for first, second in ((left, right), (right, left))
        for one, other in ((first, second), (first, _turned(second)), (_turned(first), second))
        if shapes[one][1] == shapes[other][0]
    ]


def _turned(source):
    return source.removesuffix(".T") if source.endswith(".T") else f"{source}.T"


def describe_turned(operands):
    """What `.T` does to an operand of more than two axes; "" where there is none."""
    for source, operand in operands.items():
        shape = shape_of(operand)
        if source.endswith(".T") and shape and len(shape) > 2 and re.fullmatch(r"[\w\[\].:, ]+", source):
            return (
                f"{quoted_code(source.removesuffix('.T'), 60)} is {bracket(shape[::-1])}, and `.T` turns all of its "
                "axes round: `.swapaxes(-1, -2)` exchanges the last two; or take one step at a time, or `np.einsum`"
            )
    return ""
