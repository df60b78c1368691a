"""A function of the course that a student calls: what it takes and gives, where something else is asked of it."""

import ast
import contextlib
import re

from unrolled.exercises import EXERCISES
from unrolled.findings.letters import axes_of, listed
from unrolled.findings.operands import bracket, shape_of
from unrolled.quoting import quoted_code


def describe_call(line, operands, error):
    """What a function of the course gives or takes, where that is not what a line asks of it or gives it: as many
    results or inputs, arrays with as many axes, one length a letter; "" where nothing is amiss, or none is called."""
    name, sources = _call_in(line)
    if not name:
        return ""
    if "values to unpack" in error:
        return f"`{name}` gives {', '.join(EXERCISES[name].results)}"
    inputs = EXERCISES[name].inputs
    if re.search(r"TypeError: .*\b(argument|arguments)\b", error):
        return f"The first line of `{name}` is `def {name}({', '.join(inputs)}):`"
    return _unfitting(name, inputs, [shape_of(operands.get(source)) for source in sources], sources)


def _unfitting(name, inputs, shapes, sources):
    """What a function takes, where an array has other axes, or a letter would be two lengths; "" where all fits."""
    lengths = {}
    for given, shape, source in zip(inputs, shapes, sources, strict=False):
        axes = axes_of(inputs[given])
        if shape is None or not axes or "..." in axes:
            continue
        if len(shape) != len(axes):
            return f"`{name}` takes {given} ({listed(axes)}), and {quoted_code(source, 60)} is {bracket(shape)}"
        for axis, length in zip(axes, shape, strict=True):
            letter, length = _of_one(axis, length)
            if letter:
                lengths.setdefault(letter, {}).setdefault(length, (given, axes, source))
    return next((_two_lengths(name, letter, its) for letter, its in lengths.items() if len(its) > 1), "")


def _call_in(line):
    """The function of the course that is called in a line, and the sources of what it is given in order; None and
    nothing where there is none, or the line does not end there."""
    source = re.sub(r"^line \d+: ", "", line)
    with contextlib.suppress(SyntaxError, ValueError, RecursionError):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EXERCISES:
                return node.func.id, [ast.unparse(part) for part in node.args]
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
