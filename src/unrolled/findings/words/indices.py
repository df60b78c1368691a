"""Of indices: places that an array does not have, and what is no index."""

import math
import re

_WHOLE = (
    "`/` makes none, and neither does a sum of floats, as those of a mask; `//`, `int(...)` or `.astype(int)` does"
)
_ARRAY_INDEX = (
    "an array stands where one whole number must, an index or an axis: arrays to be joined stand in one bracket, "
    "`np.concatenate([a, b], axis=-1)`, and the larger of two arrays, entry by entry, is `np.maximum(a, b)`"
)


def _tell_last_place(index, axis, size):
    """Where an index lies that an axis does not have."""
    ends = f"its {size} places end with {size - 1}" if size > 1 else "its only place is 0" if size else "it is empty"
    asks = (
        "does a range go on too long or over another axis, is a `- 1` missing or a `+ 1` too many, "
        "or is the array made too short?"
    )
    return f"axis {axis} has no place {index}, {ends}{f': {asks}' if index >= size > 0 else ''}"


def _tell_lists(shapes):
    """What lists of indices lack that pick places together."""
    lengths = [[int(length) for length in re.findall(r"\d+", shape)] for shape in shapes]
    said = f"lists of indices that pick places together have one shape, and these are {', '.join(shapes)}"
    if len(lengths) == 2 and {len(shape) for shape in lengths} == {1, 2} and len(set(map(math.prod, lengths))) == 1:
        return f"{said}: one has all places of the other in a row, as `.reshape(-1)` lays them"
    return f"{said}: each place of one meets each of another where one goes down, by `[:, None]`, and the other across"


IN_WORDS = (
    (
        r"index (\d+) is out of bounds for array with size (\d+)",
        r"`np.unravel_index` takes the shape of the array in which the place was counted, "
        r"and one of that shape has \2 places, none with the number \1",
    ),
    (
        r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)",
        lambda match, *_: _tell_last_place(*map(int, match.groups())),
    ),
    (
        r"tuple index out of range",
        "a tuple has no such place: has an array's shape fewer axes than are asked for, "
        "or does a function give several results, of which one is meant?",
    ),
    (
        r"list index out of range",
        "a list has no such place: does a range, or what the index is reckoned from, go too far, "
        "or has nothing been appended yet?",
    ),
    (
        r"list assignment index out of range",
        "a list takes a new entry by `append`, at its end: a place that it does not have cannot be given a value",
    ),
    (
        r"only integer scalar arrays can be converted to a scalar index",
        lambda match, line, _: (
            _ARRAY_INDEX
            if not line or re.search(r"(stack|concatenate|append|max|min|maximum|minimum)\(", line)
            else "an array stands where one whole number must: a list is indexed by one number at a time, "
            "`[items[i] for i in places]`, and an array takes an array of places, `np.array(items)[places]`"
            if re.search(r"\w\[", line)
            else "an array stands where one whole number must, as in `range`, a shape or an axis"
        ),
    ),
    (
        r"list indices must be integers or slices, not tuple",
        "a list takes one index at a time: `np.stack` or `np.array` makes an array of it, which takes several",
    ),
    (
        r"slice indices must be integers or None or have an __index__ method",
        f"the bounds of a slice must be whole numbers: {_WHOLE}",
    ),
    (
        r"arrays used as indices must be of integer \(or boolean\) type",
        lambda match, line, _: (
            "`np.add.at(a, places, b)` takes the array that is added to, then the places, then what is added"
            if ".at(" in line
            else "an array in square brackets holds truth values, which pick entries, or whole numbers, which are "
            "places: `mask == 1` makes truth values of a mask, and `.astype(int)` makes places whole numbers"
        ),
    ),
    (
        r"only integers, slices \(.*valid indices|"
        r"(?:list|tuple) indices must be integers or slices, not (?:numpy\.)?float\d*",
        f"what stands in square brackets must be whole numbers, slices or truth values: {_WHOLE}",
    ),
    (
        r"too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed",
        r"an array has an index for each of its axes at most, and this one has \1 of them and is given \2 indices",
    ),
    (
        r"boolean index did not match indexed array along axis (\d+); size of axis is (\d+) but size of corresponding "
        r"boolean axis is (\d+)",
        r"a mask is as long as what it picks from, and on axis \1 these have \3 and \2",
    ),
    (
        r"shape mismatch: indexing arrays could not be broadcast together with shapes "
        r"(\([\d,]*\)(?: \([\d,]*\))+)\s*",
        lambda match, *_: _tell_lists(match[1].split()),
    ),
    (
        r"invalid index to scalar variable\.|'(?:int|float|bool|numpy\.(?:float|int)\d+)' object (?:is not "
        r"subscriptable|does not support item assignment)",
        "square brackets stand behind a single number, which has no places: is this the array that is meant, "
        "or one entry of it, or a sum over all?",
    ),
    (
        r"'tuple' object does not support item assignment",
        "the entries of a tuple cannot be changed: a list's can, and what a function returns may be put together at "
        "its end",
    ),
    (
        r"'(?:function|method|builtin_function_or_method)' object is not subscriptable|'numpy\.ufunc' object is not "
        r"subscriptable",
        "a function is called with round brackets, and here square ones stand behind its name",
    ),
    (
        r"kth\(=(-?\d+)\) out of bounds \((\d+)\)",
        r"there is no place \1 among \2: places are counted from 0, and no more are to be had than there are",
    ),
)
