"""A function of the course that a student calls: what it takes and gives, where something else is asked of it."""

import ast
import contextlib
import re

from unrolled.exercises import EXERCISES
from unrolled.findings.letters import axes_of, listed
from unrolled.findings.operands import bracket, count_of, shape_of
from unrolled.quoting import quoted_code


def describe_signature(operation, error):
    """What a function of the course gives, where it is unpacked into another number of names, or its first line, where
    it is called with other arguments; "" where nothing of that kind is amiss, or none is called."""
    name, sources = call_in(operation)
    if name and "values to unpack" in error:
        return f"`{name}` gives {', '.join(EXERCISES[name].results)}"
    if name and re.search(r"TypeError: .*\b(argument|arguments)\b", error):
        line = f"The first line of `{name}` is `def {name}({', '.join(EXERCISES[name].inputs)}):`"
        missing = _left_out([*EXERCISES[name].inputs], sources)
        return f"{line}, and no {missing} is given" if missing else line
    return ""


def _left_out(inputs, sources):
    """The input without which all others are most like what is given, by their names; "" where several are that."""
    if len(sources) + 1 != len(inputs):
        return ""

    def likeness(missing):
        pairs = zip(inputs[:missing] + inputs[missing + 1 :], sources, strict=True)
        return sum(
            2 * (name == source) + (name.startswith(source) or source.startswith(name)) for name, source in pairs
        )

    best = max(map(likeness, range(len(inputs))))
    left_out = [name for place, name in enumerate(inputs) if likeness(place) == best]
    return left_out[0] if len(left_out) == 1 else ""


def describe_unfitting(operation, operands):
    """What a function of the course takes, where it is given an array with other axes, or a letter would be two
    lengths; "" where all fits, or none is called."""
    name, sources = call_in(operation)
    inputs = EXERCISES[name].inputs if name else {}
    lengths = {}
    for (given, documented), source in zip(inputs.items(), sources, strict=False):
        axes, shape = axes_of(documented), shape_of(operands.get(source))
        entries = count_of(operands.get(source))
        if entries is not None and axes:
            return (
                f"`{name}` takes {given} ({listed(axes)}), and {quoted_code(source, 60)} is a list or a tuple of "
                f"{entries}: are they several results of a function, of which one is meant?"
            )
        if shape is None or not axes or "..." in axes:
            continue
        if len(shape) != len(axes):
            return f"`{name}` takes {given} ({listed(axes)}), and {quoted_code(source, 60)} is {bracket(shape)}"
        for axis, length in zip(axes, shape, strict=True):
            letter, length = _of_one(axis, length)
            if letter:
                lengths.setdefault(letter, {}).setdefault(length, (given, axes, source))
    return next((_two_lengths(name, letter, its) for letter, its in lengths.items() if len(its) > 1), "")


def call_in(operation):
    """The function of the course whose call an operation is, and the sources of what it is given in order; None and
    nothing where it is something else."""
    with contextlib.suppress(SyntaxError, ValueError, RecursionError):
        call = ast.parse(operation or "", mode="eval").body
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in EXERCISES:
            return call.func.id, [ast.unparse(part) for part in call.args]
    return None, []


def _of_one(axis, length):
    """("H", 4) of the axis "4H" that is 16 long; None where the length cannot be so, or the axis is no letter's."""
    match = re.fullmatch(r"([234]?)([A-Z])", axis)
    times = int(match[1] or 1) if match else 0
    return (match[2], length // times) if match and length % times == 0 else (None, length)


def _two_lengths(name, letter, its):
    (one, first), (other, second) = list(its.items())[:2]
    told = [f"{given} ({listed(axes)})" for given, axes, _ in (first, second)]
    return (
        f"`{name}` takes {' and '.join(told)}, and {letter} would be {one} in {quoted_code(first[2], 60)} "
        f"and {other} in {quoted_code(second[2], 60)}"
    )
