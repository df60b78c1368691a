"""What a function has names for, and what it gave: what may stand in each other's places."""

import ast

import numpy as np

from unrolled.repairs.answer import Seen

WRAPPED = (
    "-({})",
    "np.tanh({})",
    "softmax({})",
    "sigmoid({})",
    "np.exp({})",
    "np.log({})",
    "np.sqrt({})",
    "np.square({})",
    "({}).copy()",
    "np.abs({})",
)


class Known:
    """What a function has names for, by text, as it was Seen; sums and products apart."""

    def __init__(self, tree, seen, variables, functions):
        self.seen, self.texts, self.products = seen, dict(variables), {}
        nodes = list(ast.walk(tree))
        for node in nodes:
            if node in seen and isinstance(node, (ast.Name, ast.Subscript)):
                self.texts.setdefault(ast.unparse(node), seen[node])
            elif node in seen and isinstance(node, ast.BinOp):
                self.products.setdefault(ast.unparse(node), seen[node])
        self.slices = {ast.unparse(node): node for node in nodes if isinstance(node, ast.Slice)}
        self.functions = tuple(
            form for form in WRAPPED if form.startswith(("np.", "(", "-")) or form.split("(")[0] in functions
        )
        turns = [inner for node in nodes if isinstance(node, ast.For) for inner in ast.walk(node.target)]
        turns = dict.fromkeys(node.id for node in turns if isinstance(node, ast.Name))
        self.turns = [name for name in turns if name not in variables or variables[name].whole]
        steps = {getattr(node.slice, "id", None) for node in nodes if isinstance(node, ast.Subscript)} - {None}
        for name, (shape, _) in variables.items():
            for step in sorted(steps) if len(shape) == 3 else ():
                self.texts.setdefault(f"{name}[{step}]", Seen(shape[1:]))

    def shape(self, node):
        """Of the array or the number that a node gave, not of a whole one; else None."""
        return self.seen[node].shape if node in self.seen and not self.is_whole(node) else None

    def is_numeric(self, node):
        """Whether a node gave an array or a number."""
        return node in self.seen

    def is_whole(self, node):
        """Whether a node gave one whole number, as sizes and places are."""
        return node in self.seen and self.seen[node].whole

    def sizes(self, node):
        """Names of whole numbers that do not stand in a node."""
        own = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        return [name for name, seen in self.texts.items() if seen.whole and name.isidentifier() and name not in own]

    def lengths(self):
        """Texts of the lengths of vectors and matrices."""
        arrays = {name: seen.shape for name, seen in self.texts.items() if name.isidentifier() and seen.shape}
        return [
            f"len({name})" if axis == 0 else f"{name}.shape[{axis}]"
            for name, shape in arrays.items()
            if len(shape) < 3
            for axis in range(len(shape))
        ]

    def alike(self, node):
        """Texts of what has the shape of a node, other than its own."""
        own = ast.unparse(node)
        return [text for text, other in self.texts.items() if other == self.seen.get(node) and text != own]

    def near(self, node):
        """Names of as many axes as a node, and another shape; transposed where it is."""
        shape = self.shape(node)
        others = {name: other.shape for name, other in self.texts.items() if name.isidentifier()}
        names = [name for name, other in others.items() if len(other) == len(shape) > 1 and other != shape]
        return [f"{name}.T" if getattr(node, "attr", None) == "T" else name for name in names]

    def matrices(self, node):
        """Names by which the last axis of a node may be multiplied, and transposed ones."""
        last = (self.shape(node) or (None,))[-1]
        others = {
            name: other.shape for name, other in self.texts.items() if name.isidentifier() and len(other.shape) == 2
        }
        along = [name for name, shape in others.items() if shape[0] == last]
        return along + [f"{name}.T" for name, shape in others.items() if shape[1] == last]

    def fitting(self, node, products=False):
        """Texts that keep a node's shape where they are multiplied by it or added to it."""
        shape = self.shape(node)
        texts = self.texts | (self.products if products else {})
        return [text for text, other in texts.items() if shape and _keeps(shape, other.shape)]


def _keeps(shape, other):
    """Whether what has this shape still has it after an operation with another: not only a number, and not larger."""
    try:
        return np.broadcast_shapes(shape, other) == shape
    except ValueError:
        return False
