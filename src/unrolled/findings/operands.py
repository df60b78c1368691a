"""What stood in the operation that raised, with the letters of its lengths."""

import itertools

from unrolled.findings.letters import listed
from unrolled.quoting import quoted_code

MOST_TOLD = 6  # operands
MOST_AXES = 8
KINDS = {
    "float": "a float",
    "bool": "a truth value",
    "NoneType": "None",
    "str": "a text",
    "dict": "a dictionary",
    "set": "a set",
}


def shape_of(operand):
    """The shape of an array among the operands that a process told of, or None: whatever it is, it may be anything."""
    shape = operand.get("shape") if type(operand) is dict else None
    return shape if _are_lengths(shape, tuple) else None


def count_of(operand):
    """How many entries a list or a tuple among the operands has, or None."""
    entries = operand.get("entries") if type(operand) is dict else None
    return entries if type(entries) is int else None


def _are_lengths(value, kind):
    return type(value) is kind and len(value) <= MOST_AXES and all(type(length) is int for length in value)


def describe_operands(operands, letters, as_index=False):
    """What a process told of the operands, as far as it has the form: There `x` is (3, 4) and `l` is 2; "" of none.

    Of what stands as an index, behind what is picked from, also the least and the most of whole numbers, and that
    others are floats.
    """
    told = []
    for place, (source, operand) in enumerate(operands.items()):
        words = _in_words(source, operand, letters, as_index and place > 0)
        told += [f"{quoted_code(source, 80)} is {words}"] if words else []
    *others, last = told[:MOST_TOLD] or [""]
    return f"There {', '.join(others)} and {last}" if others else last and f"There {last}"


def is_time_for_batch(operands, letters):
    """Whether one operand has T where another has N."""
    shapes = [letters.of(source, shape_of(operand) or ()) for source, operand in operands.items()]
    pairs = [
        pair for one, other in itertools.combinations(shapes, 2) for pair in zip(one[::-1], other[::-1], strict=False)
    ]
    return {"N", "T"} in map(set, pairs)


def shapes_told(operands, letters):
    """The letters of the shapes that stand with letters in describe_operands, by shape."""
    shapes = {source: shape_of(operand) for source, operand in operands.items()}
    return {shape: axes for source, shape in shapes.items() if shape and (axes := letters.of(source, shape))}


def _in_words(source, operand, letters, as_index):
    """What an operand is, where it is as `operation_at` tells it; else None."""
    shape = shape_of(operand)
    if shape is not None:
        axes = letters.of(source, shape)
        words = (bracket(shape) + (f" = ({listed(axes)})" if axes else "")) if shape else "a single number"
        least, most = operand.get("least"), operand.get("most")
        if as_index and shape and type(least) is type(most) is int:
            return f"{words}, from {least} to {most}"
        return f"{words} of floats" if as_index and operand.get("kind") == "f" else words
    if type(operand) is int:
        return str(operand)
    if count_of(operand) is not None:
        return _list_in_words(**operand)
    return KINDS.get(operand) if type(operand) is str else None


def _list_in_words(entries, shapes=(), numbers=(), kind="", **_):
    """How long a list or a tuple is, and the shapes of the arrays in it, or the whole numbers."""
    if numbers and _are_lengths(numbers, list):
        return bracket(numbers)
    told = [bracket(shape) for shape in shapes if _are_lengths(shape, tuple)] if type(shapes) is list else []
    what = "tuple" if kind == "tuple" else "list"
    if len(told) == 1:
        return f"a {what} of {entries}, {'all ' if entries > 1 else ''}{told[0]}"
    return f"a {what} of {entries}{': ' if told else ''}{', '.join(told)}"


def bracket(shape):
    """(3, 4)"""
    return f"({listed([*map(str, shape)])})"
