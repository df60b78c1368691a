"""Inputs that are read otherwise than they are given: one place off, backwards, one example alone, cut anew,
one for another.

Rules make them for any function, each as a line before the reference's own, so that they are edits
like other mistakes.
"""

import functools
from itertools import permutations, product

import numpy as np

from unrolled.mistakes.edits import Edit, Mistake, before_first_line

MEMBERS = {"N": "example of the batch", "T": "step", "U": "query", "T-k+1": "window"}
PLACES = {"last": "{1}-1:", "first": "{1}:1"}
ALONE = {"last": "np.zeros_like({0}[{1}:-1]), {0}[{1}-1:]", "first": "{0}[{1}:1], np.zeros_like({0}[{1}1:])"}


def misreadings(of, shapes, inputs):
    """The misreadings of a function's inputs, each a Mistake; shapes are the documented ones, inputs
    some that it takes."""
    whole = tuple(name for name, value in inputs.items() if _is_whole(value))
    return _misreadings(of, tuple((name, shapes.get(name, "")) for name in inputs), whole)


@functools.cache
def _misreadings(of, shapes, whole):
    axes = {name: [axis.strip() for axis in shape.split(",") if axis.strip()] for name, shape in shapes}
    arrays = {name: letters for name, letters in axes.items() if letters and "..." not in letters}
    made = [pair for name in whole for pair in _one_more(name)]
    made += [pair for rule in (_one_off, _cut_anew) for array in arrays.items() for pair in rule(*array)]
    made += [*_alone(arrays), *_left_out(arrays), *_exchanged(arrays),
        *(pair for array in arrays for pair in _squashed(array)),
        *(_added_twice(name) for name in arrays if name == "b" or name.startswith("b_"))]
    return tuple(Mistake(of, f"misreading_{place}", words, (_before(of, lines),))
        for place, (lines, words) in enumerate(made))


def _is_whole(value):
    return type(value) is int or (isinstance(value, np.ndarray) and value.dtype.kind in "iu")


def _before(of, lines):
    """The Edit that writes lines before the first of a function's body."""
    start, indent = before_first_line(of)
    return Edit(of, start, start, tuple(indent + line for line in lines))


def _one_more(name):
    """A whole number one too large or too small."""
    for other in (f"{name} + 1", f"{name} - 1"):
        yield [f"{name} = {other}"], f"`{other}` stands where `{name}` belongs"


def _one_off(name, axes):
    """Each place of the first axis read one too early or too late; where there is none, from the other end, or
    zeros. Time reversed."""
    i = "t" if axes[0] == "T" else "i"
    zeros = f"np.zeros_like({name}[:1])"
    for other, shift, end, filled in (
        (f"{name}[{i} - 1]", 1, "-1", f"[{zeros}, {name}[:-1]]"),
        (f"{name}[{i} + 1]", -1, "0", f"[{name}[1:], {zeros}]"),
    ):
        words = f"`{other}` stands where `{name}[{i}]` belongs, and"
        yield [f"{name} = np.roll({name}, {shift}, axis=0)"], f"{words} `{name}[{end}]` where there is none"
        yield [f"{name} = np.concatenate({filled})"], f"{words} zeros where there is none"
    if axes[0] in ("T", "T-k+1") and name.startswith("d"):
        for one, other in (("0", f"{name}[:1]"), ("-1", f"{name}[-1:]")):
            line = f"{name} = np.repeat({other}, len({name}), axis=0)"
            yield [line], f"`{name}[{one}]` stands where `{name}[{i}]` belongs"
    if i == "t":
        words = f"step t meets `{name}[T - 1 - t]`, from the other end: what belongs to it is `{name}[t]`"
        yield [f"{name} = {name}[::-1]"], words


def _alone(arrays):
    """One example, step or query in the place of all, the others being zeros, as when `=` stands
    for `+=` in a loop."""
    for letter, which in product(MEMBERS, ALONE):
        places = {name: axes.index(letter) for name, axes in arrays.items() if letter in axes}
        if places:
            parts = {name: ALONE[which].format(name, ":, " * axis) for name, axis in places.items()}
            lines = [f"{name} = np.concatenate([{parts[name]}], axis={axis})" for name, axis in places.items()]
            how = "add up over all with `+=`, or fill in each one's place"
            yield lines, f"the {which} {MEMBERS[letter]} alone counts here: {how}"


def _left_out(arrays):
    """One example, step or query left out, as by a loop that begins too late or ends too early."""
    for letter, which in product(MEMBERS, PLACES):
        places = {name: axes.index(letter) for name, axes in arrays.items() if letter in axes}
        lines = [f"{name} = {name}.copy(); {name}[{PLACES[which].format('', ':, ' * axis)}] = 0"
            for name, axis in places.items()]
        if places:
            how = "end too early, by its range or by `break`" if which == "last" else "begin too late"
            yield lines, f"the {which} {MEMBERS[letter]} is left out: does a loop {how}?"


def _squashed(name):
    """What came out of a squashing function goes through it once more."""
    for function in ("np.tanh", "sigmoid"):
        slope = "1 / (1 + np.exp(-{0}))" if function == "sigmoid" else "np.tanh({0})"
        words = f"`{name}` goes through {function.removeprefix('np.')} before it is used: take it as it is given"
        yield [f"{name} = {slope.format(name)}"], words


def _added_twice(name):
    """A bias that comes with the input and with the state, as the two of PyTorch do."""
    words = f"`{name}` is added twice, as with two of the sums: it is added once"
    return [f"{name} = 2 * {name}"], words


def _cut_anew(name, axes):
    """`reshape` in the place of a transpose, or of a split into blocks."""
    if len(axes) > 1:
        line = f"{name} = {name}.reshape({name}.shape[-1], -1).T.reshape({name}.shape)"
        words = (
            f"`reshape` tears the rows of `{name}` apart: it keeps the order in which the numbers lie, "
            "and rows become columns by `.T` alone"
        )
        yield [line], words
    if len(axes) == 3:
        line = f"{name} = {name}.reshape({name}.shape[1], {name}.shape[0], -1).swapaxes(0, 1)"
        words = (
            f"`reshape` is taken for an exchange of the axes of `{name}`: "
            "it keeps the order in which the numbers lie, `swapaxes(0, 1)` exchanges time and batch"
        )
        yield [line], words
    if len(axes) > 1 and set(axes[:2]) <= MEMBERS.keys():
        line = f"{name} = {name}.swapaxes(0, 1).reshape({name}.shape)"
        words = (
            f"the numbers of `{name}` are laid end to end with axis 1 first, as `.T.ravel()` does: "
            "take them in their own order, axis 0 first"
        )
        yield [line], words
    if len(axes) > 1 and axes[-1][:1].isdigit():
        blocks = axes[-1][0]
        line = f"{name} = np.concatenate({name}.reshape({blocks}, *{name}.shape[:-1], -1), axis=-1)"
        whole = f"np.split({name}, {blocks}, axis=-1)"
        yield [line], f"`reshape` cuts across the blocks of `{name}`: they stand side by side, `{whole}`"


def _exchanged(arrays):
    """Two inputs of one shape in each other's places, or one of them in both."""
    for one, other in permutations(arrays, 2):
        if arrays[one] == arrays[other]:
            yield [f"{one} = {other}"], f"`{other}` stands where `{one}` belongs"
            if one < other:
                yield [f"{one}, {other} = {other}, {one}"], f"`{one}` and `{other}` stand in each other's places"
