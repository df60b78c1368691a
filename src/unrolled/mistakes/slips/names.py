"""A name is taken for another that looks like it and has a value of the same shape."""

import ast
import copy
from itertools import combinations

from unrolled.mistakes.slips.shared import parsed, stands


def everywhere(value, target, shapes):
    """A name that stands several times is another each time."""
    used = _used(value, shapes)
    for name in dict.fromkeys(used):
        for other in filter(str.isidentifier, _alike(name, shapes)) if used.count(name) > 1 else ():
            yield _renamed(value, {name: other}), f"in {target}, `{other}` stands where `{name}` belongs"


def exchanged(value, target, shapes):
    """Two names stand in each other's places."""
    for one, other in combinations(dict.fromkeys(_used(value, shapes)), 2):
        if shapes[one] == shapes[other]:
            yield _renamed(value,
                {one: other, other: one}), f"in {target}, `{one}` and `{other}` stand in each other's places"


def _used(value, shapes):
    """The variables in a value, as often as they stand there."""
    return [node.id for node in ast.walk(value) if isinstance(node, ast.Name) and node.id in shapes]


def _renamed(value, names):
    new = copy.deepcopy(value)
    for node in ast.walk(new):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
    return new


def _alike(name, shapes):
    """Names of the same shape that begin or end as this one does, or differ from it in one letter."""
    return [other for other in shapes if other != name and shapes[other] == shapes.get(name)
        and look_alike(name, other)]


def look_alike(one, other):
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return (sum(a != b for a, b in zip(short, long, strict=True)) == 1
                or _before_ending(one) == _before_ending(other) != "")
    return long.startswith(short) or long.endswith(short)


def _before_ending(name):
    """What stands before the last underscore of a name: `dW_x` of `dW_x_fwd`."""
    return name.rpartition("_")[0]


def name(node, target, shapes):
    """Another name that looks like it, or what a share leaves; 1 for a number."""
    others = _alike(node.id, shapes) + ["1"] * (shapes.get(node.id) == ())
    for other in others:
        yield stands(parsed(other), node, target)
