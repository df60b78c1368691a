"""Functions: left out, taken twice or for each other, a mean for a sum, another axis, another array."""

import ast

from unrolled.mistakes.slips.names import look_alike
from unrolled.mistakes.slips.shared import CONFUSED, FUNCTIONS, OPPOSITE, is_function, parsed, stands, with_field

REDUCTIONS = ("sum", "mean", "max", "min")
ON_AXES = {"sum": "a sum is taken", "mean": "a mean is taken", "max": "the largest is taken",
    "concatenate": "arrays are joined", "stack": "arrays are joined", "split": "an array is split"}
MEASURES = ("np.square", "np.abs")
NAMESAKES = {"np.exp": ("np.exp2",), "np.log": ("np.log2", "np.log10"), "np.tanh": ("np.tan",)}


def call(node, target, shapes):
    """A function left out, taken twice, or another in its place, or its bracket elsewhere; a mean for a
    sum, one for all."""
    name = ast.unparse(node.func)
    if is_function(node):
        yield from _drawn_out(node, target)
        yield stands(node.args[0], node, target)
        for other in FUNCTIONS:
            if other == name:
                yield stands(with_field(node, "args", [node]), node, target)
            elif other in ("np.tanh", "sigmoid") or {other, name} == set(MEASURES):
                yield stands(with_field(node, "func", parsed(other)), node, target)
        for other in NAMESAKES.get(name, ()):
            yield stands(with_field(node, "func", parsed(other)), node, target)
    elif isinstance(node.func, ast.Attribute) and node.func.attr in REDUCTIONS:
        for other in REDUCTIONS:
            if other != node.func.attr:
                yield stands(with_field(node, "func", with_field(node.func, "attr", other)), node, target)
        if any(word.arg == "axis" for word in node.keywords):
            whole = with_field(node, "keywords", [])
            yield _in_shape(whole, node), stands(whole, node, target)[1]
    if name == "np.einsum":
        yield from _other_arguments(node, target, shapes)
        yield from _letters_apart(node, target)
    yield from _axis(node, target)


def _drawn_out(node, target):
    """What stands inside a function's brackets stands outside: `np.tanh(c) * o` for `np.tanh(c * o)`."""
    (inside,) = node.args
    if isinstance(inside, ast.BinOp) and type(inside.op) in OPPOSITE:
        for field in ("left", "right") if type(inside.op) in CONFUSED else ("left",):
            yield stands(with_field(inside, field, with_field(node, "args", [getattr(inside, field)])), node, target)


def _other_arguments(node, target, shapes):
    """In the place of an array that is summed over, another of its shape; what looks like it is
    tried as any name is."""
    for place, part in enumerate(node.args):
        own = getattr(part, "id", None)
        for other in shapes if own else ():
            if other != own and shapes[other] == shapes.get(own) and other.isidentifier() and not look_alike(own,
                other):
                yield with_field(node, "args", [*node.args[:place], parsed(other), *node.args[place + 1 :]]), stands(
                    parsed(other), part, target)[1]


def _letters_apart(node, target):
    """An axis that is summed over has another letter in each of two arrays."""
    letters, *arrays = node.args
    given, result = letters.value.split("->")
    first, *others = given.split(",")
    for letter in set(first) - set(result):
        if len(others) == 1 and letter in others[0]:
            apart = f"{first},{others[0].replace(letter, 'z')}->{result}"
            yield with_field(node, "args", [ast.Constant(apart), *arrays]), (
                f"in {target}, an axis that both arrays share is summed in each by itself, as where it has two "
                f"letters: it is `{ast.unparse(node)}`"
            )


def _in_shape(whole, like):
    """One number for all, in the shape of what it stands for."""
    return parsed(f"0 * {ast.unparse(like)} + {ast.unparse(whole)}")


def _axis(node, target):
    """Another axis; its number is not said to stand there, since it is another where all arrays are transposed."""
    what = ON_AXES.get(getattr(node.func, "attr", ""), f"`{ast.unparse(node.func)}` is taken")
    for place, word in enumerate(node.keywords):
        for other in ("0", "1", "-1") if word.arg == "axis" else ():
            if other != ast.unparse(word.value):
                words = [*node.keywords[:place], ast.keyword("axis", parsed(other)), *node.keywords[place + 1 :]]
                right = f"for arrays as they are given it is `axis={ast.unparse(word.value)}`"
                yield with_field(node, "keywords", words), f"in {target}, {what} along the wrong axis: {right}"
