"""What all rules share: a node with another part, and the sentence that one thing stands where another belongs."""

import ast
import copy

OPPOSITE = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
CONFUSED = {ast.Add: ast.Mult, ast.Mult: ast.Add}
FUNCTIONS = ("np.tanh", "sigmoid", "np.exp", "np.log", "np.sqrt", "np.square", "np.abs", "softmax")


def is_function(node):
    return (isinstance(node, ast.Call) and ast.unparse(node.func) in FUNCTIONS and len(node.args) == 1
            and not node.keywords)


def with_field(node, field, value):
    """A copy of a node with another value in one field."""
    new = copy.copy(node)
    setattr(new, field, value)
    return new


def parsed(text):
    return ast.parse(text, mode="eval").body


def stands(new, old, target):
    """The slip that new stands in the place of old."""
    return new, f"in {target}, `{ast.unparse(new)}` stands where `{ast.unparse(old)}` belongs"
