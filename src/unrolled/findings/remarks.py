"""What the operands of what raised show of where it comes from: blocks, sums, places, in one sentence."""

import itertools
import re

from unrolled.findings.operands import shape_of
from unrolled.quoting import quoted_code


def describe_remark(outcome, letters):
    """The first of what the operands show, the surest first; "" where they show nothing."""
    axes = {source: letters.of(source, shape_of(operand) or ()) for source, operand in outcome.operands.items()}
    is_product = re.search("matmul|not aligned", outcome.error)
    is_entrywise = "could not be broadcast together with shapes" in outcome.error
    remarks = [
        *map(_blocks_in_rows, axes.values()),
        *map(_blocks_in_parts, axes.values()),
        _last_place(outcome.operands),
        _empty(outcome.operands) if is_product else "",
    ]
    if is_entrywise:
        meeting = {
            source: its for source, its in axes.items() if _is_said(shape_of(outcome.operands[source]), outcome)
        }
        remarks += [_summed_away(meeting, letters), _all_pairs(meeting), _blocks_meet(axes, is_product)]
        remarks += [_other_input(outcome.operands, meeting, letters)]
    if "einsum" in outcome.error or "remapped" in outcome.error:
        remarks += [_letter_of_two_lengths(outcome.operation, outcome.operands)]
    if is_product:
        remarks += [_blocks_meet(axes, is_product)]
    if "values to unpack" in outcome.error:
        remarks += [_blocks_unpacked(outcome.operation, axes)]
    if outcome.raised == "IndexError":
        remarks += [_fewer(outcome.operands, axes), _other_axis(outcome)]
    return next(filter(None, remarks), "")


def _is_said(shape, outcome):
    """Whether an error says a shape, (3,4) as NumPy writes it."""
    return shape is not None and f"({','.join(map(str, shape))}{',' * (len(shape) == 1)})" in outcome.error


def _blocks_in_rows(axes):
    """Blocks that stand under one another, or were cut along the rows."""
    if len(axes) < 2:
        return ""
    if re.fullmatch("[234]N", axes[0]):
        return (
            f"There are {axes[0]} rows where blocks stand under one another, by `np.concatenate` along axis 0 or by "
            "`reshape`: side by side they stand with `axis=-1`"
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
    return blocks and f"{blocks[0]} is the width of {blocks[1]} blocks, divided by {blocks[3]}"


def _last_place(operands):
    before = any(operand == -1 and source.endswith(" - 1") for source, operand in operands.items())
    return "Place -1 is the last one" if before else ""


def _empty(operands):
    """What is empty by its other axis: the error is not about its length."""
    for source, operand in operands.items():
        if 0 in (shape_of(operand) or ()):
            return f"{quoted_code(source, 60)} is empty: `a[k:]` cuts rows, `a[:, k:]` columns"
    return ""


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
    if (
        "0" in itertools.chain(*arrays)
        or not all(blocks)
        or blocks[0][2] != blocks[1][2]
        or blocks[0][1] == blocks[1][1]
    ):
        return ""
    more, fewer = sorted((int(match[1] or 1) for match in blocks), reverse=True)
    return f"{more} blocks of {blocks[0][2]} meet {fewer} there: is one too many in the one, or left out of the other?"


def _other_input(operands, meeting, letters):
    """The only input that fits, where one with one axis meets a longer or a shorter one."""
    for source, other in itertools.permutations(meeting, 2):
        (*_, wanted), shape = shape_of(operands[other]) or (0,), shape_of(operands[source])
        fitting = letters.inputs_of((wanted,))
        if source in letters.case and len(shape) == 1 and shape != (wanted,) and len(fitting) == 1:
            return f"Of the inputs, {quoted_code(fitting[0], 60)} fits there"
    return ""


def _letter_of_two_lengths(operation, operands):
    """The first letter of `np.einsum` that stands for two lengths."""
    letters, *sources = re.findall(r"'([\w,]+)->\w*'|(?<=, )(\w+)(?=[,)])", operation or "") or [("", "")]
    lengths = {}
    for axes, (_, source) in zip(letters[0].split(","), sources, strict=False):
        shape = shape_of(operands.get(source)) or ()
        for letter, length in zip(axes, shape, strict=False):
            first, where = lengths.setdefault(letter, (length, source))
            if length != first:
                return f"The letter {letter} is {first} in {quoted_code(where)} and {length} in {quoted_code(source)}"
    return ""


def _all_pairs(axes):
    """Queries that meet steps entry by entry."""
    if any(
        {one[:1], other[:1]} == {("T",), ("U",)} and len(one) == len(other)
        for one, other in itertools.combinations(map(tuple, axes.values()), 2)
    ):
        return "Each query meets each step where a new axis stands between: `a[:, None] + b`"
    return ""


def _blocks_unpacked(operation, axes):
    """How the blocks of an array are taken apart that is unpacked as it is."""
    blocks = re.fullmatch("([234])[A-Z]", (axes.get(operation) or [""])[-1])
    if blocks:
        return f"The blocks of {quoted_code(operation, 60)} are taken apart by `np.split(..., {blocks[1]}, axis=-1)`"
    return ""


def _other_axis(outcome):
    """The only axis that has all the places which an array of them asks of another."""
    place = re.search(r"for axis (\d{1,9}) with size", outcome.error)
    (source, first), *indices = [*outcome.operands.items()] or [("", None)]
    asked = [index["most"] for _, index in indices if type(index) is dict and type(index.get("most")) is int]
    if not place or len(asked) != 1:
        return ""
    shape = shape_of(first) or ()
    others = [axis for axis, length in enumerate(shape) if length > asked[0] and axis != int(place[1])]
    if len(others) != 1:
        return ""
    return f"Axis {others[0]} of {quoted_code(source, 60)} has all these places: is it the one that is meant?"


def _fewer(operands, axes):
    """An index behind an input with one entry fewer than there are layers."""
    for source, its in axes.items():
        if its[:1] == ["L-1"] and shape_of(operands[source])[0] in operands.values():
            return f"{quoted_code(source, 60)} has L-1 entries, one fewer than there are layers: which layer has none?"
    return ""
