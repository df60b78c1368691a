"""Of shapes that do not fit: arrays that are calculated with, joined, filled, reshaped."""

import math
import re

from unrolled.findings.words.broadcasting import DIAGONAL, EMPTY, tell_shapes

SUMMED = {"T": "the steps", "N": "the batch"}


def _tell_product(match, line, _):
    """Which lengths do not fit in a matrix product, and what an empty array may have to do with it."""
    right, left = match.groups()
    help_ = ""
    if "0" in (left, right):
        help_ = f": {EMPTY}, and `a[k:]` cuts rows, `a[:, k:]` columns"
    elif "np.diag(" in line:
        help_ = f": {DIAGONAL}"
    return f"in `left @ right` the rows of left are {left} long and the columns of right {right}{help_}"


def _tell_joined(match, _, letters):
    """What is said of arrays that are joined along one axis and differ in length on another: where both lengths have
    letters, and are not of time, that may be what is meant, else one is cut short."""
    axis, *lengths = match.groups()
    along = f"join them along that one, `np.concatenate(..., axis={axis})`, if all others are alike"
    cut = "does a slice begin or end too early in one of them, or is one made too long?"
    if "0" in lengths:
        help_ = EMPTY
    elif axis != "0" and (letters is None or all(_has_letter(int(length), letters) for length in lengths)):
        help_ = f"{along}; arrays that differ on several axes stay in a list"
    else:
        help_ = cut
    return (
        "arrays that are joined along one axis have the same length on every other, "
        f"and on axis {axis} these have {lengths[0]} and {lengths[1]}: {help_}"
    )


def _has_letter(length, letters):
    """Whether a length has a letter, or is so many blocks of one that has."""
    return bool(letters.get(length)) or any(
        re.fullmatch("[A-Z]", name)
        for blocks in (2, 3, 4)
        for name in (letters.get(length // blocks, []) if length % blocks == 0 else ())
    )


def _tell_in_place(match, line, letters):
    """Which sum may be missing where an array is changed in place and more than it comes of it; or that a function was
    given a place for its result."""
    into = re.search(r"(np\.\w+)\(.*,", line)
    if into and not re.search(r"[-+*/@]=", line):
        return (
            f"`{into[1]}` puts its result into the last array that it is given, which is ({match[1]}), and the result "
            f"is ({match[2]}): does a term belong inside the bracket, with its sign, where a comma stands?"
        )
    held, comes = (tuple(map(int, re.findall(r"\d+", shape))) for shape in match.groups())
    said = f"the array on the left of `+=`, or its like, is ({match[1]}), and what comes of it is ({match[2]})"
    more = len(comes) - len(held)
    if not (0 < more and comes[more:] == held and not {*held} & {*comes[:more]}):
        return f"{said}: the array keeps its shape, `a = a + b` makes a new one"
    names = {name for length in comes[:more] for name in (letters or {}).get(length, [])}
    over = " and ".join(words for name, words in SUMMED.items() if name in names) or (
        "axis 0" if more == 1 else f"the first {more} axes"
    )
    return f"{said}: is a sum over {over} missing?"


def _tell_reshape(match, *_):
    """How many numbers a reshaped array has, and how many its new shape asks for."""
    count, shape = match[1], match[2].rstrip(",").replace("newaxis", "-1").split(",")
    asked = math.prod(int(length) for length in shape if length != "-1")
    bracket = f"({', '.join(shape)}{',' * (len(shape) == 1)})"
    asks = (
        f"is no multiple of {asked}, as {bracket} needs"
        if "-1" in shape
        else f"does not fill {bracket}, which holds {asked}"
    )
    return f"`reshape` keeps all numbers of an array: this one has {count}, and that {asks}"


def _tell_axis(match, *_):
    """Which axes an array has that is asked for another."""
    axis, count = match.groups()
    if count == "0":
        return f"a single number has no axes, so there is no axis {axis}"
    has = (
        "one axis, which is axis 0" if count == "1" else f"{count} axes, and the last of them is axis {int(count) - 1}"
    )
    return f"there is no axis {axis}: this array has {has}"


IN_WORDS = (
    (
        r"shapes \((\d+),\) and \((\d+),\) not aligned: .*",
        r"in `np.dot(a, b)` two arrays with one axis, or lists, are equally long, and these have \1 and \2 places",
    ),
    (
        r"shapes \S+ and \S+ not aligned: (\d+) \(dim \d\) != (\d+) \(dim \d\)",
        r"in `np.dot(left, right)` the rows of left are \1 long and the columns of right \2",
    ),
    (
        r"operands could not be broadcast together with shapes \(([\d,]*)\) \(([\d,]*)\)(?: \([\d,]*\))*\s*",
        tell_shapes,
    ),
    (r"matmul: .*\(size (\d+) is different from (\d+)\)", _tell_product),
    (
        r"solve1?: Input operand 1 .*\(size (\d+) is different from (\d+)\)",
        lambda match, *_: (
            f"in `np.linalg.solve(A, b)` b has as many rows as A, and here it has {match[1]} and A {match[2]}"
            + (f": {EMPTY}" if match[1] == "0" else "")
        ),
    ),
    (
        r"shape-mismatch for sum",
        "in `np.tensordot` the axes that are summed over are equally long in both arrays: `axes=2` takes the "
        "last two of one and the first two of the other, `axes=([0, 1], [0, 1])` those that are named; "
        "and is no array empty, as a slice `a[:-0]` is?",
    ),
    (
        r"Incompatible dimensions",
        "in `np.linalg.lstsq(A, b)` A has one row for each number of b, and here it has more, or fewer",
    ),
    (
        r"matmul: Input operand \d does not have enough dimensions.*",
        "`@` multiplies arrays; `*` multiplies by a single number",
    ),
    (
        r"Improper number of dimensions to norm\.",
        "an `ord` tells `np.linalg.norm` of a vector or a matrix: without one it takes all entries of any array, "
        "and with `axis=(1, 2)` each matrix of a stack",
    ),
    (
        r"setting an array element with a sequence\. The requested array has an inhomogeneous shape.*",
        "arrays of different shapes do not fit into one array: does a function give several results, of which one is "
        "meant, or does one stand in a list that belongs elsewhere? Else take them one by one, and mind that "
        "`[[]] * 3` and `a = b = []` make one list with several names",
    ),
    (
        r"setting an array element with a sequence\.",
        "a place for a single number is given a whole array: does a name stand for all of an array where one entry is "
        "meant, or is a sum missing?",
    ),
    (
        r"operands could not be broadcast together with remapped shapes \[original->remapped\]: "
        r"\(([\d,]*)\)->\S+ \(([\d,]*)\)->\S+",
        r"in `np.einsum` one letter stands for two lengths: the arrays are (\1) and (\2)",
    ),
    (
        r"operands could not be broadcast together with remapped shapes \[original->remapped\]: "
        r"\(([\d,]*)\)->\S+newaxis\S+ \(([\d,]*)\)->\S+newaxis\S+ .*",
        r"`left @ right` multiplies the matrices of two stacks one by one, on the last two axes, "
        r"and these are stacks (\1) and (\2): the axes before the last two must be alike",
    ),
    (
        r"Last 2 dimensions of the array must be square",
        "the equations need a square matrix, with as many rows as columns: "
        "are both made in loops over the same number?",
    ),
    (
        r"Singular matrix",
        "the matrix has no inverse, so the equations have no single solution: some of its rows are made of others, "
        "as all are in a product of two vectors",
    ),
    (
        r"all the input array dimensions except for the concatenation axis must match exactly, "
        r"but along dimension (\d+), the array at index \d+ has size (\d+) "
        r"and the array at index \d+ has size (\d+)",
        _tell_joined,
    ),
    (
        r"all input arrays must have the same shape",
        "`np.stack` takes arrays of one shape, and these have several: does one stand among them that belongs "
        "elsewhere, as the 0 of a sum of nothing, or should they be "
        "joined by `np.concatenate` along the axis on which they differ, one after another with `axis=0`, "
        "side by side with `axis=-1`?",
    ),
    (
        r"need at least one array to (?:stack|concatenate)",
        "there is nothing to join: the list is empty, so does the loop run at all, or over a slice that is empty, "
        "as `xs[-1:2]` is, which begins at the last place? Or is there a case with nothing to join, "
        "as with one layer alone there is none above it?",
    ),
    (
        r"array split does not result in an equal division",
        lambda match, line, _: (
            "the axis has not the length for so many equal parts: "
            + (
                "how many blocks are there?"
                if "axis" in line
                else "how many blocks are there? `np.split(a, n)` makes n equal parts along axis 0, `axis=-1` splits "
                "blocks that stand side by side, and `[n]` cuts at place n"
            )
        ),
    ),
    (
        r"could not broadcast input array from shape \(([\d,]*)\) into shape \(([\d,]*)\)",
        lambda match, line, _: (
            f"an array ({match[1]}) is put into a place for one of ({match[2]})"
            + (
                ": a slice ends before its second number, so one that goes back to `0` leaves out place 0, and "
                "`[k::-1]` goes from place k to the beginning"
                if ":0:-1" in line
                else ""
            )
        ),
    ),
    (
        r"non-broadcastable output operand with shape \(([\d,]*)\) doesn't match the broadcast shape \(([\d,]*)\)",
        _tell_in_place,
    ),
    (
        r"cannot reshape array of size (\d{1,9}) into shape \(((?:\d{1,9}|newaxis)(?:,(?:\d{1,9}|newaxis))*),?\)",
        _tell_reshape,
    ),
    (
        r"all the input array(?:s must have same number of dimensions| dimensions), "
        r"but the array at index \d+ has (\d+) dimension\(s\) and the array at index \d+ has (\d+) "
        r"dimension\(s\)",
        r"arrays that are joined have equally many axes, and here one has \1 and another \2: "
        r"`.ravel()` lays all numbers of an array in one row, `[None]` adds an axis in front",
    ),
    (
        r"zero-dimensional arrays cannot be concatenated",
        "`np.concatenate` joins arrays, and a single number stands among these: "
        "`np.array` or `np.stack` makes an array of numbers; or does a sum lack its `axis=0`?",
    ),
    (r"(?:axis\w*: )?axis (-?\d{1,9}) is out of bounds for array of dimension (\d{1,9})", _tell_axis),
    (
        r"axes don't match array",
        "`transpose` is given the place of each axis once, and this array has more axes than that, or fewer: "
        "`.swapaxes(a, b)` exchanges two of them",
    ),
    (
        r"cannot select an axis to squeeze out which has size not equal to one",
        "`np.squeeze` takes away an axis of length 1, and this one is longer: is an entry to be picked on it, "
        "or a sum to be taken over it?",
    ),
    (
        r"shape mismatch: value array of shape \(([\d,]*)\) could not be broadcast to indexing result of shape "
        r"\(([\d,]*)\)",
        r"an array (\1) is put into a place for one of (\2)",
    ),
    (
        r"NumPy boolean array indexing assignment (?:requires a 0 or 1-dimensional input.*|cannot assign \d+ input "
        r"values to the \d+ output values where the mask is true)",
        "on the left a mask picks entries, and on the right stand more or fewer than it picks: pick there too, "
        "as in `s[mask] = a[mask]`, or let `np.where` choose",
    ),
    (
        r"operand has more dimensions than subscripts given in einstein sum.*|einstein sum subscripts string contains "
        r"too many subscripts for operand \d+",
        "in `np.einsum` each axis of an array has its letter, and here an array has more axes than letters, or fewer",
    ),
    (
        r"einstein sum subscripts string included output subscript '(\w)' which never appeared in an input",
        r"in `np.einsum` the letter \1 stands behind the arrow, and before it nowhere",
    ),
    (
        r"(?:more|fewer) operands provided to einstein sum function than specified in the subscripts string",
        "`np.einsum` takes one array for each group of letters before the arrow, "
        "and here there are more arrays than groups, or fewer",
    ),
    (
        r"zero-size array to reduction operation \w+ which has no identity|attempt to get arg(?:max|min) of an empty "
        r"sequence",
        f"the largest or smallest of nothing is asked for: {EMPTY}",
    ),
    (
        r"(\d)-dimensional array given\. Array must be (?:at least )?two-dimensional"
        r"|diag requires an array of at least two dimensions|Input must be 1- or 2-d\.",
        lambda match, line, _: (
            "this takes a matrix, an array with two axes, and is given an array with more, or fewer"
            + (": `np.linalg.lstsq(A, b)` takes the matrix first" if "lstsq(" in line else "")
        ),
    ),
    (
        r"object too deep for desired array",
        lambda match, line, _: (
            "`np.bincount` takes one weight for each number: rows of several columns are added up by `np.add.at`"
            if "bincount" in line
            else "this takes an array with one axis, and is given one with more: take one row at a time"
        ),
    ),
    (
        r"`indices` and `arr` must have the same number of dimensions",
        "the indices that are taken along an axis need as many axes as the array: "
        "`[:, None]` or `[..., None]` adds one",
    ),
)
