"""What wrong values look like when no listed mistake fits: a sign, a factor, an order, a step that is right.

A pattern is only named when it holds in every case, so it describes what was seen and guesses nothing. numbers.py and
places.py look at a result as a whole, axes.py along its axes, blocks.py at gates that stand side by side; a pattern is
a function from the results' name, the cases, what was wanted and what came to a sentence, or None.
"""

import re
from itertools import compress

import numpy as np

from unrolled.patterns.arrays import (
    is_wrong_in_most_rows,
    listed,
    near,
    same_in_every_row,
    zeroed_inputs,
    zeroed_singly,
)
from unrolled.patterns.axes import describe_ones, describe_padding, patterns_along, split_at_first_step
from unrolled.patterns.blocks import describe_blocks
from unrolled.patterns.numbers import (
    describe_changing_factor,
    describe_changing_summand,
    describe_cut,
    describe_digits,
    describe_factor,
    describe_function,
    describe_input,
    describe_large,
    describe_line,
    describe_signs,
    describe_slope,
)
from unrolled.patterns.places import (
    describe_at_zeros,
    describe_nan,
    describe_places,
    describe_reshaped,
    describe_stacked,
    describe_transposed,
    describe_unfilled,
    describe_zeros,
)

OF_THE_WHOLE = (  # in the order in which they are tried
    describe_zeros,
    describe_large,
    describe_function,
    describe_unfilled,
    describe_factor,
    describe_line,
    describe_signs,
    describe_input,
    describe_slope,
    describe_nan,
    describe_transposed,
    describe_stacked,
    describe_reshaped,
)


@np.errstate(all="ignore")  # whatever was returned: nan and infinity too
def describe_pattern(shapes, cases, expected, values, roughly=False):
    """A sentence on the first wrong result that shows a pattern, or None.

    shapes are the results' documented shapes by name; expected and values hold what each case returned. A pattern that
    is looked for roughly says little: only where something is right.
    """
    names = list(shapes)
    if len(names) > 1:
        if any(not isinstance(value, (tuple, list)) or len(value) != len(names) for value in values):
            return None
        columns = [(name, [e[i] for e in expected], [v[i] for v in values]) for i, name in enumerate(names)]
    else:
        columns = [(names[0], expected, values)]
    numeric = []
    for name, wanted, got in columns:
        pairs = [_as_arrays(w, g) for w, g in zip(wanted, got, strict=True)]
        if all(pairs):
            numeric.append((name, shapes[name], cases, *map(list, zip(*pairs, strict=True))))
    wrong = [column for column in numeric if not all(map(near, column[-1], column[-2]))]
    right_at_first, wrong_at_first = split_at_first_step(numeric)
    if wrong_at_first:  # what is right there and wrong later follows from it
        wrong = [column for column in wrong if column[0] not in right_at_first]
    whole = [len(numeric) == len(columns) and all(map(near, *pair)) for pair in _by_case(numeric, len(cases))]
    right = [column[0] for column in numeric if all(map(near, column[-1], column[-2]))]
    if roughly:
        return next(filter(None, (_describe_roughly(*column, whole) for column in wrong)), None)
    found = [_find_zeroed(*column[2:]) for column in wrong]
    closely = {}
    for column, zeroed in zip(wrong, found, strict=True):
        if told := _describe_closely(*column, zeroed, right):
            closely[column[0]] = told
    if closely:
        return _with_the_like(closely)
    zeroed = next(
        (f"your {name} is {zeroed}" for (name, *_), zeroed in zip(wrong, found, strict=True) if zeroed), None
    )
    return zeroed or _describe_first_step(right_at_first, wrong_at_first)


def _with_the_like(told):
    """The sentence on the first of some results, by name, and which of the others it holds for as well."""
    (first, sentence), *others = told.items()
    like = [f"your {name}" for name, other in others if other == re.sub(rf"\b{first}\b", name, sentence)]
    return f"{sentence}{'' if sentence.endswith('?') else '.'} The same holds for {listed(like)}" if like else sentence


def _describe_first_step(right, wrong):
    """What to look at where, given the same start, a step makes some results rightly and others not."""
    if right and wrong:
        return (
            f"at step 0 there is nothing wrong in your {listed(right)}, but in your {listed(wrong)}: "
            f"look at how a step makes {listed(wrong)}"
        )
    return None


def _describe_closely(name, shape, cases, wanted, got, zeroed, right):
    drawn = _drawn(cases, wanted, got)
    if all(map(near, drawn[2], drawn[1])):  # what is right is cut off nowhere, nor is it some times the right one
        return describe_at_zeros(name, cases, wanted, got)
    found = describe_cut(name, *drawn) or describe_padding(name, *drawn)
    found = found or describe_digits(name, cases, wanted, got) or describe_at_zeros(name, cases, wanted, got)
    found = found or next(
        filter(None, (describe(name, *drawn) for describe in OF_THE_WHOLE + patterns_along(shape, right))), None
    )
    blocks = None if found else describe_blocks(name, shape, *drawn)
    if blocks and zeroed:
        return f"{blocks}; all of it is {zeroed}"
    return found or blocks or describe_places(name, *drawn)


def _describe_roughly(name, shape, cases, wanted, got, whole):
    *drawn, whole = _drawn(cases, wanted, got, whole)
    return (
        describe_changing_factor(name, *drawn)
        or describe_changing_summand(name, *drawn)
        or describe_ones(name, *drawn, whole)
    )


def _by_case(numeric, count):
    """For each case, what came of all results and what was wanted, as two lists."""
    return [([column[-1][i] for column in numeric], [column[-2][i] for column in numeric]) for i in range(count)]


def _drawn(cases, *results):
    """The cases in which no input is zero, and the results that belong to them."""
    full = [not zeroed_inputs(case) for case in cases]
    return [list(compress(rows, full)) for rows in (cases, *results)]


def _as_arrays(wanted, got):
    """A result and what was returned for it as two arrays of real numbers, a list of arrays end to end.

    None when they are of two kinds: a list and an array, or an array of integers where 0.5 would have become 0.
    """
    if isinstance(wanted, list) != isinstance(got, list | tuple):
        return None
    pair = _one_array(wanted), _one_array(got)
    if any(array is None for array in pair) or (
        pair[0].ndim and (pair[0].dtype.kind == "f") != (pair[1].dtype.kind == "f")
    ):
        return None
    return pair


def _one_array(value):
    if isinstance(value, list | tuple) and value and all(isinstance(part, np.ndarray) for part in value):
        value = np.concatenate([part.ravel() for part in value])
    array = np.asarray(value) if isinstance(value, np.ndarray | int | float) else None
    return array if array is not None and array.dtype.kind in "iuf" else None


@np.errstate(all="ignore")
def describe_order(names, expected, values):
    """Results that are right but stand in each other's places, or one of them in two."""
    if len(names) < 2 or any(not isinstance(value, (tuple, list)) or len(value) != len(names) for value in values):
        return None
    for i, name in enumerate(names):
        if all(near(v[i], e[i]) for v, e in zip(values, expected, strict=True)):
            continue
        for j, other in enumerate(names):
            if i != j and all(near(v[i], e[j]) for v, e in zip(values, expected, strict=True)):
                again = " once more" if all(near(v[j], e[j]) for v, e in zip(values, expected, strict=True)) else ""
                return f"what you return as {name} is {other}{again}: the order of the results is {', '.join(names)}"
        return None
    return None


@np.errstate(all="ignore")
def describe_empty_block(names, expected, values):
    """A result that is right but for columns that nothing was written to; what is wrong beside it may
    follow from that."""
    if len(names) < 2 or any(not isinstance(value, (tuple, list)) or len(value) != len(names) for value in values):
        return None
    for i, name in enumerate(names):
        pairs = [_as_arrays(e[i], v[i]) for e, v in zip(expected, values, strict=True)]
        if all(pairs) and all(map(_is_right_but_for_empty_columns, *zip(*pairs, strict=True))):
            return (
                f"your {name} is right except where it is zero: is every part of it filled in, each in its own place?"
            )
    return None


def _is_right_but_for_empty_columns(wanted, got):
    if wanted.ndim < 2 or wanted.shape != got.shape or near(got, wanted):
        return False
    empty = np.all(got == 0, axis=tuple(range(got.ndim - 1)))
    return bool(np.any(empty)) and not np.all(empty) and near(got[..., ~empty], wanted[..., ~empty])


def _find_zeroed(cases, wanted, got):
    """Wrong wherever all inputs are drawn, right once one of them is all zeros: it is that input's part that is wrong.

    Only told where each input is zero by itself in some case: two zeros together make too much right. Zeros that leave
    nothing but zeros or a bias, the same in every row, make anything right. And where a few rows alone are wrong, it
    may be by chance that none is in the one case with these zeros.
    """
    if not zeroed_singly(cases):
        return None
    right = {}
    for case, w, g in zip(cases, wanted, got, strict=True):
        zeroed = zeroed_inputs(case)
        if not zeroed and not is_wrong_in_most_rows(g, w):
            return None
        if zeroed and near(g, w) and not same_in_every_row(w):
            right.update(dict.fromkeys(zeroed))
    if right:
        listed = " or ".join(right)
        met = " and at what it is multiplied by" if all(name.startswith("W") for name in right) else ""
        return f"right as soon as {listed} is all zeros: look at the part that {listed} plays{met}"
    return None
