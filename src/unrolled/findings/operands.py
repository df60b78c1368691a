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


def count_of(operand):
    """How many entries a list or a tuple among the operands has, or None."""
    entries = operand.get("entries") if type(operand) is dict else None
    return entries if type(entries) is int else None


def _are_lengths(value, kind):
    return type(value) is kind and len(value) <= MOST_AXES and all(type(length) is int for length in value)


def describe_operands(operands, letters, as_index=False, is_product=False):
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
    return [there, *_remarks(operands, letters, is_product)]


def _remarks(operands, letters, is_product):
    """What the letters of the operands show of where they come from, in one sentence; [] where they show nothing."""
    axes = {source: letters.of(source, shape_of(operand) or ()) for source, operand in operands.items()}
    of_one = (_blocks_in_rows(its) or _blocks_in_parts(its) for its in axes.values())
    remarks = (
        *of_one,
        _last_place(operands),
        _summed_away(axes, letters),
        _all_pairs(axes),
        _blocks_meet(axes, is_product),
    )
    return [*filter(None, remarks)][:1]


def _blocks_in_rows(axes):
    """Blocks that stand under one another, or were cut along the rows."""
    if len(axes) < 2:
        return ""
    if re.fullmatch("[234]N", axes[0]):
        return (
            f"Arrays that are joined along axis 0 stand under one another, {axes[0]} rows: with `axis=-1` they "
            "stand side by side"
        )
    cut, blocks = re.fullmatch("([A-Z])/([234])", axes[0]), re.fullmatch("([234])[A-Z]", axes[1])
    if cut and blocks and cut[2] == blocks[1]:
        return (
            f"{cut[1]} rows are cut in {cut[2]} there: `np.split` takes axis 0, and the blocks' columns with `axis=-1`"
        )
    return ""


def _blocks_in_parts(axes):
    """Blocks that are split in too many."""
    blocks = re.fullmatch("([234])([A-Z])/([234])", axes[-1] if axes else "")
    return blocks and f"{blocks[0]} is the width where {blocks[1]} blocks are split in {blocks[3]} parts"


def _last_place(operands):
    before = any(operand == -1 and source.endswith(" - 1") for source, operand in operands.items())
    return "Place -1 is the last one" if before else ""


def _summed_away(axes, letters):
    """A number for each step where there should be one for each example, or the other way round."""
    for (source, its), (_, other) in itertools.permutations(axes.items(), 2):
        if len(its) == 1 and {its[0], *other[-1:]} == {"N", "T"} and source not in letters.case:
            each, wanted = ("step", "example") if its == ["T"] else ("example", "step")
            number = f"{quoted_code(source, 60)} has a number for each {each}, not for each {wanted}"
            return f"{number}: is a sum taken along the other axis?"
    return ""


def _blocks_meet(axes, is_product):
    """Blocks of which one of two arrays has more than the other, where their lengths must be the same."""
    arrays = [its for its in axes.values() if its]
    if len(arrays) != 2:
        return ""
    (*_, left), right = arrays
    pair = left, right[-2:][0] if is_product else right[-1]
    blocks = [re.fullmatch("([234]?)([A-Z])", axis) for axis in pair]
    if not all(blocks) or blocks[0][2] != blocks[1][2] or blocks[0][1] == blocks[1][1]:
        return ""
    more, fewer = sorted((int(match[1] or 1) for match in blocks), reverse=True)
    return f"{more} blocks of {blocks[0][2]} meet {fewer} there: which of them has no part in it?"


def _all_pairs(axes):
    """Queries that meet steps entry by entry."""
    if any(
        {one[:1], other[:1]} == {("T",), ("U",)} for one, other in itertools.combinations(map(tuple, axes.values()), 2)
    ):
        return "Each query meets each step where a new axis stands between: `a[:, None] + b`"
    return ""


def is_time_for_batch(operands, letters):
    """Whether one operand has T where another has N."""
    shapes = [letters.of(source, shape_of(operand) or ()) for source, operand in operands.items()]
    pairs = [
        pair for one, other in itertools.combinations(shapes, 2) for pair in zip(one[::-1], other[::-1], strict=False)
    ]
    return {"N", "T"} in map(set, pairs)


def describe_unpacked(operands, letters):
    """How blocks are taken apart, where an array that holds some is unpacked, or what it came from; "" of others."""
    for source, operand in operands.items():
        blocks = re.fullmatch("([234])[A-Z]", (letters.of(source, shape_of(operand) or ()) or [""])[-1])
        if blocks:
            return f"The blocks of {quoted_code(source, 60)} are taken apart by `np.split(..., {blocks[1]}, axis=-1)`"
    return ""


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
    if count_of(operand) is not None:
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
