"""What NumPy and Python say of an error, in words that help: most of it is told in letters that only their makers use."""

import re

from unrolled.quoting import quoted


def error_in_words(text, line="", letters=None):
    """What an error at a line says, in our words where it is NumPy's; else quoted, for it may say anything.

    letters are those of the lengths in this case, where they are known.
    """
    for pattern, words in _IN_WORDS:
        if match := re.fullmatch(pattern, text, re.ASCII):
            return words(match, line, letters) if callable(words) else match.expand(words)
    return quoted(text)


def _tell_missing_axis(match, line, letters):
    """What NumPy says of two shapes, and what helps: one lacks the other's last axis, or they fit a matrix product.

    An empty array is a slice that ends before it begins; one that is several times as wide holds blocks side by side.
    """
    left, right = (shape.rstrip(",").split(",") for shape in match.groups())
    short, long = sorted((left, right), key=len)
    help_ = ""
    if "0" in short + long:
        help_ = ": an array with an axis of length 0 is empty, as a slice is that ends where it begins, or before"
    elif _times_as_wide(left, right, letters):
        help_ = f": one is {_times_as_wide(left, right, letters)} times as wide as the other, so do blocks stand side by side in it, and is the other a single block?"
    elif short == long[:-1] and re.search(r"sum|mean|max|min|norm|std|var", line):
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
    elif short == long[:-1]:
        help_ = ": the last axes are held together first; `[:, None]` makes a column of a vector"
    elif len(left) == len(right) == 1:
        help_ = ": two slices that go together are equally long, as `a[k:]` and `a[:-k]` are"
    elif len(left) == len(right) == 2 and left[1] == right[0] and "*" in line:
        help_ = ": `*`, `+` and their like go entry by entry, a matrix product is `@`"
    return f"{match[0].rstrip()}{help_}"


def _times_as_wide(left, right, letters):
    """How often the narrower of two shapes with equal rows goes into the wider, where blocks may stand so: 2, 3 or 4 times; or 0.

    Where letters are known, they must say so too: 4H and H.
    """
    (*rows, width), (*other_rows, other_width) = left, right
    narrow, wide = sorted(map(int, (width or 0, other_width or 0)))
    times = wide // narrow if narrow > 1 and wide % narrow == 0 else 0
    if letters is not None and times:
        blocks = [f"{times}{letter}" for letter in letters.get(narrow, [])]
        times = times if set(blocks) & set(letters.get(wide, [])) else 0
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
        r"in `left @ right` the rows of left are \2 long and the columns of right \1",
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
        r"operands could not be broadcast together with remapped shapes \[original->remapped\]: \(([\d,]*)\)->\S+newaxis\S+ \(([\d,]*)\)->\S+newaxis\S+ .*",
        r"`left @ right` multiplies the matrices of two stacks one by one, on the last two axes, and these are stacks (\1) and (\2): the axes before the last two must be alike",
    ),
    (
        r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)",
        lambda match, *_: _tell_last_place(*map(int, match.groups())),
    ),
    (
        r"tuple index out of range",
        "a tuple has no such place: has an array's shape fewer axes than are asked for, or does a function give several results, of which one is meant?",
    ),
    (
        r"list index out of range",
        "a list has no such place: does a range go on too long, or has nothing been appended yet?",
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
        lambda match, *_: (
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
        lambda match, line, _: (
            "the axis has not the length for so many equal parts: "
            + (
                "how many blocks are there?"
                if "axis" in line
                else "how many blocks are there? `np.split` takes axis 0 unless it is told another, and blocks that stand side by side are split with `axis=-1`"
            )
        ),
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
        lambda match, *_: (
            f"one side of `{match[1] or match[2]}` is None: does a function that you call here return nothing?"
        ),
    ),
    (
        r"only (0-dimensional|length-1|size-1) arrays can be converted to Python scalars",
        "an array stands where a single number must: `np.exp` takes arrays, `math.exp` does not",
    ),
)
