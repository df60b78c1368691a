"""Of two shapes that do not go together entry by entry: what may be meant."""

import math
import re
from typing import NamedTuple

DIAGONAL = "`np.diag` takes the diagonal out of a matrix, and makes a matrix of a vector alone"
EMPTY = (
    "an array with an axis of length 0 is empty, as a slice is that ends where it begins, or before, "
    "or that begins at the axis' end"
)


class Shapes(NamedTuple):
    """Two shapes, the line in which they meet, and the letters of lengths, where they are known."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    line: str
    letters: dict | None

    @property
    def short(self):
        return min(self.left, self.right, key=len)

    @property
    def long(self):
        return max(self.right, self.left, key=len)

    @property
    def alike(self):
        """Whether they have equally many axes."""
        return len(self.left) == len(self.right)

    @property
    def apart(self):
        """The axes on which they differ, where they have equally many."""
        pairs = zip(self.left, self.right, strict=True)
        return [place for place, pair in enumerate(pairs) if len(set(pair)) > 1] if self.alike else []


def tell_shapes(match, line, letters):
    """What NumPy says of two shapes, and the first help that suits them."""
    shapes = Shapes(*(tuple(map(int, re.findall(r"\d+", shape))) for shape in match.groups()), line, letters)
    help_ = next(filter(None, (suits(shapes) for suits in HELPS)), "")
    return f"{match[0].replace(' ()', '').rstrip()}{help_ and f': {help_}'}"


def _empty(shapes):
    return EMPTY if 0 in shapes.left + shapes.right else ""


def _joined(shapes):
    if re.search(r"(?<![\w\])])\[[^\[\]]*\] \+|\+ \[", shapes.line):
        return "a list and an array are added entry by entry: `[a, *b]` joins them"
    return ""


def _stacked(shapes):
    if re.search(r"\b[hv]stack\b", shapes.line) and len(shapes.long) > 2:
        return (
            "`np.hstack` joins such arrays along axis 1 and `np.vstack` along axis 0, "
            "`np.concatenate(..., axis=-1)` along the last"
        )
    return ""


def _in_blocks(shapes):
    times = _times_as_wide(*shapes)
    if times:
        return (
            f"one is {times} times as wide as the other, so do blocks stand side by side in it, "
            "and is the other a single block?"
        )
    return ""


def _times_as_wide(left, right, _, letters):
    """How often the narrower of two shapes with equal rows goes into the wider, where blocks may stand so: 2, 3
    or 4 times; or 0.

    Where letters are known, they must say so too: 4H and H.
    """
    if not (left and right) or left[:-1] != right[:-1]:
        return 0
    narrow, wide = sorted((left[-1], right[-1]))
    times = wide // narrow if narrow > 1 and wide % narrow == 0 else 0
    if letters is not None and times:
        blocks = {f"{times}{letter}" for letter in letters.get(narrow, [])}
        times = times if blocks & {*letters.get(wide, [])} else 0
    return times if times in (2, 3, 4) else 0


def _summed(shapes):
    left_out = [
        place for place in range(len(shapes.long)) if shapes.long[:place] + shapes.long[place + 1 :] == shapes.short
    ]
    if len(left_out) == 1 and re.search(r"sum|mean|max|min|norm|std|var", shapes.line):
        (place,) = left_out
        last = place == len(shapes.long) - 1
        added = ", `[..., None]` adds one at the end" if last else ""
        return (
            f"{'the last axis' if last else f'axis {place}'} is not in both; `keepdims=True` keeps one that is summed "
            f"over{added}, if it is the right axis that was summed over"
        )
    return ""


def _misplaced(shapes):
    """A number for each row, made to stand on another axis than the one that a sum leaves."""
    if not shapes.alike or [shapes.left.count(1), shapes.right.count(1)] not in ([0, 1], [1, 0]):
        return ""
    ones, full = sorted((shapes.left, shapes.right), key=lambda shape: 1 not in shape)
    stands, others = ones.index(1), tuple(length for length in ones if length > 1)
    fits = [place for place in range(len(full)) if full[:place] + full[place + 1 :] == others]
    if len(full) < 3 or len(fits) != 1:
        return ""
    return (
        f"the axis of length 1 is axis {stands}, and the two go together where it is axis {fits[0]}, "
        "as `keepdims=True` leaves it"
    )


def _repeated(shapes):
    if not shapes.alike or 1 not in shapes.left + shapes.right:
        return ""
    one, other = shapes.left[-2:], shapes.right[-2:]
    if (other == (one[-1], 1)) or (one == (other[-1], 1)):
        return (
            "a number for each column stands in a row, and `[:, None]`, `keepdims` or `reshape` makes a column of it; "
            "if a sum over the columns is meant, that is `@`"
        )
    apart = [(place, shapes.left[place], shapes.right[place]) for place in shapes.apart]
    told = [
        f", and on axis {place} these have {one} and {other}" for place, one, other in apart if 1 not in (one, other)
    ]
    return f"an axis of length 1 is repeated, all others must have the same length in both{''.join(told[:1])}"


def _turned(shapes):
    if len(shapes.short) > 1 and shapes.short == shapes.long[-2:][::-1] and len(set(shapes.short)) > 1:
        return "the last two axes of one stand the other way round in the other, so does one of them need `.T`?"
    return ""


def _exchanged(shapes):
    """Two axes of one shape that stand the other way round in another."""
    apart = [place for place in shapes.apart if 1 not in (shapes.left[place], shapes.right[place])]
    lengths = [sorted(shape[place] for place in apart) for shape in (shapes.left, shapes.right)]
    if len(shapes.long) < 3 or len(apart) != 2 or lengths[0] != lengths[1]:
        return ""
    first, second = apart
    return (
        f"axes {first} and {second} of one stand the other way round in the other: `.swapaxes({first}, {second})` "
        "exchanges them, or are they laid out otherwise where it is made?"
    )


def _without_last(shapes):
    if shapes.short != shapes.long[:-1]:
        return ""
    if len(shapes.short) == 1 and "@" in shapes.line:
        return "`@` sums over the last axis of what stands left of it; what goes entry by entry is `*`"
    if len(shapes.short) == 1:
        return (
            "the last axes are held together first; "
            "a vector with a number for each row is made a column by `[:, None]`"
        )
    return "the last axes are held together first; `[..., None]` adds one at the end"


def _sliced(shapes):
    if len(shapes.left) == len(shapes.right) == 1 and re.search(r"\[[^\]]*:", shapes.line):
        return (
            "two slices that go together are equally long, as `a[k:]` and `a[:-k]` are, "
            "and one that reaches over the end of an array is cut short there"
        )
    return ""


def _laid_out(shapes):
    if len(shapes.short) == 1 < len(shapes.long) and shapes.short[0] == math.prod(shapes.long):
        return "one has all numbers of the other in a row, so does it lack `.reshape`, or the other `.ravel()`?"
    return ""


def _diagonal(shapes):
    return DIAGONAL if "np.diag(" in shapes.line and "np.sign(" not in shapes.line else ""


def _longer_by_one(shapes):
    """Of two lengths with letters it is by chance that they differ by one."""
    if len(shapes.apart) != 1:
        return ""
    (place,) = shapes.apart
    short, long = sorted((shapes.left[place], shapes.right[place]))
    by_chance = shapes.letters is not None and shapes.letters.get(short) and shapes.letters.get(long)
    if short < 2 or long - short > 1 or by_chance:
        return ""
    return (
        f"on axis {place} one is longer by one, so is there a step too many in it, or was one left out of the other, "
        "at its beginning or its end?"
    )


def _signs(shapes):
    if len(shapes.left) == len(shapes.right) == 2 and "np.sign(" in shapes.line:
        return "signs of which each belongs to a column are a vector, as those of a diagonal, `np.diag(R)`, are"
    return ""


def _left_to_right(shapes):
    if re.search(r"\*\s*[\w.]+(\[[^\]]*\])?\s*@", shapes.line):
        return "`*` and `@` are done from left to right: `a * (b @ c)` needs its brackets"
    return ""


def _product(shapes):
    if len(shapes.left) == len(shapes.right) == 2 and shapes.left[1] == shapes.right[0] and "*" in shapes.line:
        return "`*`, `+` and their like go entry by entry; if a matrix product is meant, that is `@`"
    return ""


# What may be meant, the surest first.
HELPS = (
    _empty,
    _joined,
    _stacked,
    _in_blocks,
    _summed,
    _exchanged,
    _misplaced,
    _repeated,
    _turned,
    _without_last,
    _sliced,
    _laid_out,
    _signs,
    _left_to_right,
    _product,
    _diagonal,
    _longer_by_one,
)
