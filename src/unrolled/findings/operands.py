"""What stood in the operation that raised, with the letters of its lengths."""

import itertools
import re

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


def _are_lengths(value, kind):
    return type(value) is kind and len(value) <= MOST_AXES and all(type(length) is int for length in value)


def describe_operands(operands, letters, as_index=False):
    """Sentences on what a process told of the operands, as far as it has the form: `x` is (3, 4) and `l` is 2.

    Of what stands as an index, behind what is picked from, also the least and the most of whole numbers, and that
    others are floats.
    """
    told = []
    for place, (source, operand) in enumerate(operands.items()):
        words = _in_words(source, operand, letters, as_index and place > 0)
        told += [f"{quoted_code(source, 80)} is {words}"] if words else []
    if not told:
        return []
    *others, last = told[:MOST_TOLD]
    there = f"There {', '.join(others)} and {last}" if others else f"There {last}"
    return [there, *_remarks(operands, letters)]


def _remarks(operands, letters):
    """What the letters of a shape show: blocks that stand under one another, or are split in too many."""
    for source, operand in operands.items():
        axes = letters.of(source, shape_of(operand) or ())
        if len(axes) > 1 and re.fullmatch("[234]N", axes[0]):
            return [
                f"Arrays that are joined along axis 0 stand under one another, {axes[0]} rows: with `axis=-1` they "
                "stand side by side"
            ]
        if blocks := re.fullmatch(r"([234])([A-Z])/([234])", axes[-1] if axes else ""):
            return [f"{blocks[0]} is the width where {blocks[1]} blocks are split in {blocks[3]} parts"]
        if operand == -1 and source.endswith(" - 1"):
            return ["Place -1 is the last one"]
    return []


def is_time_for_batch(operands, letters):
    """Whether one operand has T where another has N."""
    shapes = [letters.of(source, shape_of(operand) or ()) for source, operand in operands.items()]
    pairs = [
        pair for one, other in itertools.combinations(shapes, 2) for pair in zip(one[::-1], other[::-1], strict=False)
    ]
    return {"N", "T"} in map(set, pairs)


def describe_fewer(operands, letters):
    """What an index stands behind that is an input with one entry fewer than there are layers; "" of others."""
    for source, operand in operands.items():
        axes = letters.of(source, shape_of(operand) or ())
        if axes and axes[0] == "L-1" and operand["shape"][0] in operands.values():
            return f"{quoted_code(source, 60)} has L-1 entries, one fewer than there are layers: which layer has none?"
    return ""


def shapes_told(operands, letters):
    """The shapes that stand with letters in describe_operands."""
    shapes = {source: shape_of(operand) for source, operand in operands.items()}
    return {shape for source, shape in shapes.items() if shape and letters.of(source, shape)}


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
    if type(operand) is dict and type(operand.get("entries")) is int:
        return _list_in_words(**operand)
    return KINDS.get(operand) if type(operand) is str else None


def _list_in_words(entries, shapes=(), numbers=(), **_):
    """How long a list is, and the shapes of the arrays in it, or the whole numbers."""
    if numbers and _are_lengths(numbers, list):
        return bracket(numbers)
    told = [bracket(shape) for shape in shapes if _are_lengths(shape, tuple)] if type(shapes) is list else []
    if len(told) == 1:
        return f"a list of {entries}, {'all ' if entries > 1 else ''}{told[0]}"
    return f"a list of {entries}{': ' if told else ''}{', '.join(told)}"


def bracket(shape):
    """(3, 4)"""
    return f"({listed([*map(str, shape)])})"
