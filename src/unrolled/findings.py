"""What is wrong in one call, in words: an error, the type, number or shape of the results, a changed input, a wrong value."""

import re
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from unrolled.quoting import quoted, quoted_code, quoted_error, quoted_type
from unrolled.recording import Opaque


def _tell_missing_axis(match):
    """What NumPy says of two shapes, and what helps: one lacks the other's last axis, or they fit a matrix product.

    An empty array is a slice that ends before it begins; one that is several times as wide holds blocks side by side.
    """
    left, right = (shape.rstrip(",").split(",") for shape in match.groups())
    short, long = sorted((left, right), key=len)
    help_ = ""
    if "0" in short + long:
        help_ = ": an array with an axis of length 0 is empty, as a slice is that ends where it begins, or before"
    elif _times_as_wide(left, right):
        help_ = f": one is {_times_as_wide(left, right)} times as wide as the other, so do blocks stand side by side in it, and is the other a single block?"
    elif short == long[:-1]:
        help_ = (
            ": the last axis is not in both; `keepdims=True` keeps one that is summed over, `[..., None]` adds one at the "
            "end, if it is the right axis that was summed over"
        )
    elif len(left) == len(right) and "1" in short + long:
        apart = [
            place for place, pair in enumerate(zip(left, right, strict=True)) if len(set(pair)) == 2 and "1" not in pair
        ]
        help_ = ": an axis of length 1 is repeated, all others must have the same length in both"
        help_ += "".join(f", and on axis {place} these have {left[place]} and {right[place]}" for place in apart[:1])
    elif len(left) == len(right) == 1:
        help_ = ": a slice that goes on beyond the end of an array is shorter, as is one that leaves places out"
    elif len(left) == len(right) == 2 and left[1] == right[0]:
        help_ = ": `*`, `+` and their like go entry by entry, a matrix product is `@`"
    return f"{match[0].rstrip()}{help_}"


def _times_as_wide(left, right):
    """How often the narrower of two shapes with equal rows goes into the wider, where blocks may stand so: 2, 3 or 4 times; or 0."""
    (*rows, width), (*other_rows, other_width) = left, right
    narrow, wide = sorted(map(int, (width or 0, other_width or 0)))
    times = wide // narrow if narrow > 1 and wide % narrow == 0 else 0
    return times if rows == other_rows and times in (2, 3, 4) else 0


def _tell_last_place(index, axis, size):
    """Where an index lies that an axis does not have."""
    ends = f"its {size} places end with {size - 1}" if size else "it is empty"
    asks = "does a range go on too long or over another axis, is a `- 1` missing, or is the array made too short?"
    return f"axis {axis} has no place {index}, {ends}{f': {asks}' if index >= size > 0 else ''}"


# What an array has, and a list has not.
_OF_ARRAYS = (
    "T",
    "argmax",
    "astype",
    "dot",
    "dtype",
    "flatten",
    "max",
    "mean",
    "min",
    "ndim",
    "ravel",
    "reshape",
    "shape",
    "size",
    "std",
    "sum",
    "swapaxes",
    "transpose",
)

# NumPy tells these in letters that only its makers use.
_IN_WORDS = (
    (
        r"shapes \S+ and \S+ not aligned: (\d+) \(dim \d\) != (\d+) \(dim \d\)",
        r"in `np.dot(left, right)` the rows of left are \1 long and the columns of right \2",
    ),
    (
        r"operands could not be broadcast together with shapes \(([\d,]*)\) \(([\d,]*)\)(?: \([\d,]*\))*\s*",
        _tell_missing_axis,
    ),
    (
        r"matmul: .*\(size (\d+) is different from (\d+)\)",
        r"in `left @ right` the rows of left are \2 long and the columns of right \1; what goes entry by entry is `*`",
    ),
    (
        r"matmul: Input operand \d does not have enough dimensions.*",
        "`@` multiplies arrays; `*` multiplies by a single number",
    ),
    (
        r"(?:ufunc 'bitwise_xor' not supported|unsupported operand type\(s\) for \^:).*",
        "`^` is no power in Python: write `**`",
    ),
    (
        r"The truth value of an array with more than one element is ambiguous.*",
        "an array stands where one truth value must, as in `if`, `min` or `max`: `np.where`, `np.minimum` and `np.maximum` go entry by entry",
    ),
    (
        r"Improper number of dimensions to norm\.",
        "an `ord` tells `np.linalg.norm` of a vector or a matrix: without one it takes all entries of any array, and with `axis=(1, 2)` each matrix of a stack",
    ),
    (
        r"setting an array element with a sequence\. The requested array has an inhomogeneous shape.*",
        "arrays of different shapes do not fit into one array: does one stand in the list that belongs elsewhere? Else take them one by "
        "one, and mind that `[[]] * 3` and `a = b = []` make one list with several names",
    ),
    (
        r"setting an array element with a sequence\.",
        "a place for a single number is given a whole array: does a name stand for all of an array where one entry is meant, or is a sum missing?",
    ),
    (
        r"operands could not be broadcast together with remapped shapes \[original->remapped\]: \(([\d,]*)\)->\S+ \(([\d,]*)\)->\S+",
        r"in `np.einsum` one letter stands for two lengths: the arrays are (\1) and (\2)",
    ),
    (
        r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)",
        lambda match: _tell_last_place(*map(int, match.groups())),
    ),
    (
        r"list assignment index out of range",
        "a list takes a new entry by `append`, at its end: a place that it does not have cannot be given a value",
    ),
    (
        r"Last 2 dimensions of the array must be square",
        "the equations need a square matrix, with as many rows as columns: are both made in loops over the same number?",
    ),
    (
        r"Singular matrix",
        "the matrix has no inverse, so the equations have no single solution: some of its rows are made of others, as all are in a product of two vectors",
    ),
    (
        r"(?:cannot access local variable '(\w+)' where it is not associated with a value|local variable '(\w+)' referenced before assignment)",
        lambda match: (
            f"`{match[1] or match[2]}` is read here before this function has given it a value: does it need one before the loop, or outside of an `if`?"
        ),
    ),
    (
        r"all the input array dimensions except for the concatenation axis must match exactly, but along dimension (\d+), the array at index \d+ has size (\d+) "
        r"and the array at index \d+ has size (\d+)",
        r"arrays that are joined along one axis have the same length on every other, and on axis \1 these have \2 and \3: "
        r"join them along that one, `np.concatenate(..., axis=\1)`, or cut them to one length there",
    ),
    (
        r"all input arrays must have the same shape",
        "`np.stack` takes arrays of one shape, and these have several: does one stand among them that belongs elsewhere, as the 0 of a sum of nothing, or should they be "
        "joined by `np.concatenate` along the axis on which they differ, one after another with `axis=0`, side by side with `axis=-1`?",
    ),
    (
        r"need at least one array to (?:stack|concatenate)",
        "there is nothing to join: the list is empty, so does the loop run at all, or over a slice that is empty, as `xs[-1:2]` is, which begins at the last place?",
    ),
    (
        r"only integer scalar arrays can be converted to a scalar index",
        "an array stands where one whole number must, an index or an axis: arrays to be joined stand in one bracket, "
        "`np.concatenate([a, b], axis=-1)`, and the larger of two arrays, entry by entry, is `np.maximum(a, b)`",
    ),
    (
        r"(?:Cannot interpret '\d+' as a data type|data type not understood|Field elements must be 2- or 3-tuples, got '\d+')",
        "a shape is one bracket, `np.zeros((T, N, H))`: the second argument of `np.zeros` is its dtype",
    ),
    (
        r"concatenate\(\) got multiple values for argument 'axis'",
        "arrays to be joined stand in one bracket, `np.concatenate([a, b], axis=-1)`: the second argument of `np.concatenate` is the axis",
    ),
    (
        r"'(?:numpy\.)?float\d*' object cannot be interpreted as an integer",
        "a size or a count must be a whole number, and `/` makes none: write `//`",
    ),
    (
        r"array split does not result in an equal division",
        "the axis has not the length for so many equal parts: `np.split` takes axis 0, the batch, unless it is told another, and blocks "
        "that stand side by side are split with `axis=-1`",
    ),
    (
        r"can't multiply sequence by non-int of type '(?:numpy\.)?float\d*'",
        "a list or a tuple is not multiplied by a number: multiply each array in it; what returns several results, as `np.linalg.qr` does, gives a tuple",
    ),
    (
        r"could not broadcast input array from shape \(([\d,]*)\) into shape \(([\d,]*)\)",
        r"an array (\1) is put into a place for one of (\2)",
    ),
    (
        r"non-broadcastable output operand with shape \(([\d,]*)\) doesn't match the broadcast shape \(([\d,]*)\)",
        r"the array on the left of `+=`, or its like, is (\1), and what comes of it is (\2): is a sum over the batch missing?",
    ),
    (
        r"Cannot cast ufunc '\w+' output from dtype\('float64'\) to dtype\('int64'\) with casting rule 'same_kind'",
        "an array of whole numbers takes no fractions: begin with one of floats, as `np.zeros` makes",
    ),
    (
        rf"'(?:list|tuple)' object has no attribute '({'|'.join(_OF_ARRAYS)})'",
        r"a list or a tuple has no `.\1`, an array has: `np.array` makes one of it",
    ),
    (
        r"list indices must be integers or slices, not tuple",
        "a list takes one index at a time: `np.stack` or `np.array` makes an array of it, which takes several",
    ),
    (
        r"unsupported operand type\(s\) for (\S+): '[\w.]+' and 'NoneType'|unsupported operand type\(s\) for (\S+): 'NoneType' and '[\w.]+'",
        lambda match: (
            f"one side of `{match[1] or match[2]}` is None: does a function that you call here return nothing?"
        ),
    ),
    (
        r"only (0-dimensional|length-1|size-1) arrays can be converted to Python scalars",
        "an array stands where a single number must: `np.exp` takes arrays, `math.exp` does not",
    ),
)

# How what is no array, or no list, becomes one, by the name of its type.
_TO_ARRAY = {
    "list": "`np.array` makes one of it",
    "tuple": "one array alone",
    "int": "where a loop adds nothing to the 0 that it begins with, the 0 remains, so begin with `np.zeros`",
    "dict": "collect its arrays in a list, and `np.array` makes one of it",
    "generator": "collect what it yields in a list, and `np.array` makes one of it",
    "matrix": "`np.asarray` makes one of it",
    "MaskedArray": "`np.asarray` makes one of it",
    "Tensor": "`.numpy()` makes one of it",
}
_UNAWAITED = ("coroutine", "async_generator")
_TO_LIST = dict.fromkeys(("generator", "map", "ndarray of object"), "`list` makes one of it")

# The most basic first.
FAULTS = ("raised", "type", "shape", "dtype", "not finite", "changed", "values", "view")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong in one call: which kind of fault, said in words, and the types of the errors that it tells."""

    fault: str
    text: str
    raised: tuple[str, ...] = ()

    @property
    def rank(self):
        return FAULTS.index(self.fault)


def examine_call(exercise, case, wanted, outcome, reveal=True):
    """The most basic Finding of one call, or None when everything is right."""
    if outcome.error:
        return _other_inputs(exercise, case, outcome) or _with_sizes(
            exercise, case, wanted, finding_of_error(outcome, case)
        )
    shapes = exercise.results
    pairs, finding = pair_results(list(shapes), wanted, outcome.value)
    of_shape = partial(_check_shape, exercise, case, wanted, pairs)
    for check in (_check_type, of_shape, _check_dtype, _check_finite):
        finding = finding or next(filter(None, (check(*pair) for pair in pairs)), None)
    finding = finding or _check_inputs(exercise, case, outcome)
    finding = finding or next(filter(None, (_check_values(exercise, *pair, reveal) for pair in pairs)), None)
    return finding or _check_views(exercise, case, outcome)


def _other_inputs(exercise, case, outcome):
    """The Finding of a function that could not be called, since it takes other inputs than the assignment's; or None."""
    if outcome.raised == "TypeError" and not outcome.line and re.search(r"\(\) (takes|missing) ", outcome.error):
        given = f"def {exercise.name}({', '.join(case)}):"
        return Finding(
            "raised", f"it does not take the inputs that it is given; its first line is `{given}`.", (outcome.raised,)
        )
    return None


def finding_of_error(outcome, case=None):
    """The Finding of a call that raised, with these inputs where they are known."""
    if outcome.raised == "NotImplementedError":
        return Finding("raised", "this function is not written yet.", (outcome.raised,))
    error = quoted_error(outcome.error.partition("\n")[0], in_words=_error_in_words)
    return Finding(
        "raised", f"it raised {error}{place_of(outcome.line)}{_turned(outcome.line, case or {})}", (outcome.raised,)
    )


# What NumPy says of lengths that do not fit.
_OF_LENGTHS = r"broadcast|out of bounds|not aligned|matmul|`left @ right`|`np.dot|`np.einsum`|put into a place|joined along one axis|on the left of|has no place"


def _with_sizes(exercise, case, wanted, finding):
    """The Finding of an error that is about lengths, with the letters of those that are a size in this case."""
    said, _, line = finding.text.partition(" at line ")
    if not re.search(_OF_LENGTHS, said):
        return finding
    shapes = re.findall(r"\(([\d, ]+)\)", said)
    lengths = map(int, re.findall(r"\d+", " ".join(shapes + re.findall(r"its (\d+) places", said))))
    letters = _letters(exercise, case, wanted)
    known = [length for length in dict.fromkeys(lengths) if length in letters]
    told = [", ".join(f"{length} is {' or '.join(letters[length])}" for length in known)] if known else []
    if {"N", "T"} <= {letter for length in known for letter in letters[length]}:
        told.append("time is axis 0, the batch axis 1")
    if len(exercise.results) == 1 and np.ndim(wanted):
        ((name, shape),) = exercise.results.items()
        told.append(f"{name} must be {np.shape(wanted)}, that is ({shape})")
    return replace(finding, text=f"{finding.text}\nIn this case {'; '.join(told)}.") if told else finding


def _letters(exercise, case, wanted):
    """The sizes that each length is in a case, by the documented shapes of what goes in and comes out; no length that is many."""
    results = dict(zip(exercise.results, wanted if isinstance(wanted, tuple) else (wanted,), strict=False))
    found = {}
    for shapes, arrays in ((exercise.inputs, case), (exercise.results, results)):
        for name, shape in shapes.items():
            axes = [axis.strip() for axis in shape.split(",") if axis.strip()]
            array = arrays.get(name)
            if isinstance(array, np.ndarray) and len(axes) == array.ndim:
                for letter, length in zip(axes, array.shape, strict=True):
                    found.setdefault(length, {}).setdefault(letter)
    return {length: list(letters) for length, letters in found.items() if len(letters) < 3}


def _turned(line, case):
    """What is said of a line that transposes an input of three axes."""
    names = [name for name in re.findall(r"(\w+)\.T\b", line or "") if np.ndim(case.get(name)) == 3]
    return (
        f"\n`{names[0]}` has three axes, and `.T` turns all of them round: take one step at a time, or `np.einsum`."
        if names
        else ""
    )


def _error_in_words(text):
    """What an error says, in our words where it is NumPy's; else quoted, for it may say anything."""
    for pattern, words in _IN_WORDS:
        if match := re.fullmatch(pattern, text, re.ASCII):
            return words(match) if callable(words) else match.expand(words)
    return quoted(text)


def place_of(line):
    """at line 3, and the line itself on one of its own"""
    match = re.fullmatch(r"line (\d{1,6})(?:: (.*))?", line or "", re.ASCII | re.DOTALL)
    return "" if not match else f" at line {match[1]}" + (f":\n    {quoted_code(match[2])}" if match[2] else "")


def pair_results(names, wanted, got):
    """The results as (name, wanted, got) triples, lists taken apart; or a Finding when they do not pair up."""
    if _type_of(got) in _UNAWAITED:
        return [], Finding(
            "type", "it returned what `async def` makes, which has computed nothing yet: write `def` alone."
        )
    if got is None:
        return [], Finding("type", "it returned None: is the `return` missing, or skipped?")
    if len(names) == 1:
        return _pair_items(names[0], wanted, got)
    listed = ", ".join(names)
    if not isinstance(got, (tuple, list)):
        return [], Finding("type", f"it must return {len(names)} results ({listed}), not one {_type_of(got)}.")
    if len(got) != len(names):
        return [], Finding("type", f"it must return {len(names)} results ({listed}), not {len(got)}.")
    pairs = []
    for name, one, other in zip(names, wanted, got, strict=True):
        items, finding = _pair_items(name, one, other)
        if finding:
            return [], finding
        pairs += items
    return pairs, None


def _pair_items(name, wanted, got):
    if not isinstance(wanted, (tuple, list)):
        return [(name, wanted, got)], None
    if not isinstance(got, (tuple, list)):
        return [], Finding(
            "type", f"{name} must be a list of {len(wanted)} arrays, not one {_type_of(got)}{_advice(_TO_LIST, got)}."
        )
    if isinstance(got, tuple) and any(isinstance(part, (tuple, list)) for part in got):
        return [], Finding(
            "type", f"{name} must be returned alone, a list of {len(wanted)} arrays and nothing beside it."
        )
    if len(got) != len(wanted):
        return [], Finding("type", f"{name} must hold {len(wanted)} arrays, not {len(got)}.")
    return [(f"{name}[{i}]", a, b) for i, (a, b) in enumerate(zip(wanted, got, strict=True))], None


def _check_type(name, wanted, got):
    if not isinstance(got, np.ndarray) and not (np.ndim(wanted) == 0 and type(got) in (int, float)):
        if np.ndim(wanted) == 0:
            return Finding("type", f"{name} must be a number, not {_type_of(got)}.")
        kind = "a NumPy array of numbers" if _type_of(got).startswith("ndarray of") else "a NumPy array"
        joined = f": `np.concatenate` along the last axis makes one of its {len(got)}" if _joins_to(wanted, got) else ""
        return Finding("type", f"{name} must be {kind}, not {_type_of(got)}{joined or _advice(_TO_ARRAY, got)}.")


def _joins_to(wanted, got):
    """Whether got is a list of arrays, such as gates, that stand side by side in wanted."""
    parts = (
        isinstance(got, (tuple, list))
        and len(got) > 1
        and all(isinstance(part, np.ndarray) and part.ndim == wanted.ndim for part in got)
    )
    return parts and np.shape(wanted) == (*got[0].shape[:-1], sum(part.shape[-1] for part in got))


def _advice(ways, got):
    return f": {ways[_type_of(got)]}" if _type_of(got) in ways else ""


def _check_shape(exercise, case, whole, pairs, name, wanted, got):
    if np.shape(got) != np.shape(wanted):
        shapes, letters_of = exercise.results, _letters(exercise, case, whole)
        letters = f", that is ({shapes[name]})" if shapes.get(name, "...") not in ("", "...") else ""
        own = [letters_of.get(size, []) for size in np.shape(got)]
        if letters and len(own) > 1 and all(len(those) == 1 for those in own):
            letters += f", and not ({', '.join(those[0] for those in own)})"
        return Finding(
            "shape",
            f"{name} has shape {np.shape(got)}, it must be {np.shape(wanted)}{letters}{_exchanged(pairs, name) or _beside(case, wanted, got) or _summed(wanted, got)}",
        )


def _exchanged(pairs, name):
    """What it says when two results have each other's shapes."""
    ((wanted, got),) = ((w, g) for other, w, g in pairs if other == name)
    for other, w, g in pairs:
        if np.shape(got) == np.shape(w) != np.shape(wanted) == np.shape(g):
            order = ", ".join(one for one, _, _ in pairs)
            return (
                f"; it has the shape of {other}, and your {other} that of {name}: the order of the results is {order}."
            )
    return ""


def _beside(case, wanted, got):
    """What it says when a result is longer by just as much as an input has on its last axis: something is joined to it."""
    (*rows, width), (*right_rows, right_width) = (np.shape(array) or (0,) for array in (got, wanted))
    like = [
        name
        for name, value in case.items()
        if rows == right_rows and getattr(value, "shape", ()) == (*rows, width - right_width)
    ]
    return (
        f"; it has {width - right_width} {'columns' if rows else 'entries'} more, as many as {like[0]}: do two arrays stand side by side?"
        if like
        else ""
    )


def _summed(wanted, got):
    """What it says when one number came for an array, or an array for one number."""
    if np.ndim(wanted) and not np.ndim(got):
        return ": is something summed or averaged over all axes, where `axis=` should name one?"
    if np.ndim(got) and not np.ndim(wanted):
        return ": is something not added up, or over one axis alone?"
    return "."


def _check_dtype(name, wanted, got):
    got, wanted = np.asarray(got), np.asarray(wanted)
    whole = got.dtype.kind == "f" and got.ndim == 0 and got == np.round(got)
    if wanted.dtype.kind in "iu" and not (got.dtype.kind in "iu" or whole):
        help_ = ": `dtype=int` makes an array of them" if got.ndim else ""
        return Finding("dtype", f"{name} must hold integers, not {got.dtype}{help_}.")
    # a whole-numbered loss may come as an integer; an array of states may not
    if wanted.dtype.kind == "f" and got.dtype != wanted.dtype and not (got.ndim == 0 and got.dtype.kind in "iuf"):
        return Finding("dtype", f"{name} has dtype {got.dtype}, it must be {wanted.dtype}.")


def _check_finite(name, wanted, got):
    bad = ~np.isfinite(got) & np.isfinite(wanted)
    if np.any(bad):
        return Finding("not finite", f"{name} is nan or infinite {_count_places(bad)}.")


def _check_inputs(exercise, case, outcome):
    for name, before in case.items():
        after = outcome.inputs.get(name, before)
        if isinstance(before, (np.ndarray, list, tuple)) and not exercise.same(after, before):
            return Finding(
                "changed",
                f"it changed its input {name}: `+=`, `[...] =` and `out=` write into the array that was given; work on a copy.",
            )


def _check_views(exercise, case, outcome):
    shared = [name for name in case if name in outcome.shared]
    if shared and not exercise.may_alias:
        return Finding("view", f"it returned a view of its input {shared[0]}: return a new array, for example a copy.")


def _check_values(exercise, name, wanted, got, reveal):
    got, wanted = np.asarray(got), np.asarray(wanted)
    bad = ~exercise.near(got, wanted)
    if not np.any(bad):
        return None
    gap = np.where(bad, np.abs(got - wanted), 0)
    whole = wanted.dtype.kind in "iu"  # tokens have no distance: the first wrong one is of more use
    place = np.unravel_index(np.argmax(bad if whole else gap), gap.shape)
    label = f"{name}[{', '.join(map(str, place))}]"
    digits = ".12g" if whole else ".6g"
    values = f" (yours {got[place]:{digits}}, expected {wanted[place]:{digits}})" if reveal else ""
    if not place:
        return Finding("values", f"{name} is off by {gap[place]:{digits if whole else '.3g'}}{values}.")
    where = f"the first is {label}" if whole else f"the largest difference is {gap[place]:.3g}, at {label}"
    return Finding("values", f"{name} is wrong {_count_places(bad)}; {where}{values}.")


def _count_places(bad):
    return f"in {int(np.sum(bad))} of {np.size(bad)} places" if np.ndim(bad) else "here"


def _type_of(value):
    if value is None:
        return "None"
    if isinstance(value, np.ndarray) and not value.ndim:
        return "number"
    return quoted_type(value.type_name) if isinstance(value, Opaque) else type(value).__name__
