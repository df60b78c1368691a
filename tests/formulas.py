"""What a line of code computes, whatever its names and its way of saying it: by the values that it takes.

A formula's variables stand for arrays of one shape, of which any two are set apart from the others in turn. The
sorted results are the same for `n + z * (h - n)` and `leak * old + (1 - leak) * new`, and for a product by
`tensordot` and by `einsum`.
"""

import ast
import copy
import hashlib
import inspect
import textwrap
import warnings
from itertools import permutations

import numpy as np

from unrolled.reference import sigmoid, softmax

EDGE = 2            # of the arrays, and of every size
SIZES = dict.fromkeys("TNDHOVUKL", EDGE)
KNOWN = {"np": np, "sigmoid": sigmoid, "softmax": softmax, "len": len} | SIZES
CALLS = {
    *"sigmoid softmax len abs arctan cumsum dot einsum exp eye log logaddexp matmul maximum mean minimum multiply ones_like outer".split(),
    *"reshape sign sqrt square sum swapaxes tanh tensordot transpose where zeros_like".split(),
}
MANY = 6            # variables at most: each pair of them is tried
GREAT, FEW, OTHER = np.random.default_rng(0).uniform(0.2, 0.9, size=(3, EDGE, EDGE, EDGE))


def formulas_in(source, smallest):
    """(fingerprint, text) of each expression in a text of Python that has at least so many operations,
    of its parts too."""
    found = ((fingerprint(node), node) for node in ast.walk(_parsed(source)) if operations(node) >= smallest)
    return [(value, ast.unparse(node)) for value, node in found if value]


def formulas_of(function, smallest):
    """The same of what a function assigns or returns, whole."""
    statements = [node.value for node in ast.walk(_parsed(inspect.getsource(function))) if isinstance(node, (ast.Assign, ast.Return))]
    parts = [part for value in statements for part in (value.elts if isinstance(value, ast.Tuple) else [value])]
    found = ((fingerprint(node), node) for node in parts if operations(node) >= smallest)
    return [(value, ast.unparse(node)) for value, node in found if value]


def operations(node):
    """How many operations an expression has, 0 if it is none of arrays; a sum of products, which has a name of its
    own, is several."""
    if not isinstance(node, (ast.BinOp, ast.Call)) or not _is_arithmetic(node):
        return 0
    return sum(isinstance(part, (ast.BinOp, ast.Call)) + (_attribute(part) in {"T", "einsum", "tensordot"}) for part in _parts(node))


def _parts(node):
    """An expression and its parts; what picks an entry of an array is none."""
    yield node
    if not isinstance(node, ast.Subscript):
        for child in ast.iter_child_nodes(node):
            yield from _parts(child)


def fingerprint(node):
    """A digest of the values that an expression takes; None where arrays cannot be put into it."""
    variables = {}
    code = ast.fix_missing_locations(ast.Expression(_Named(variables).visit(copy.deepcopy(node))))
    if not 2 <= len(variables) <= MANY:
        return None
    code, names = compile(code, "formula", "eval"), list(variables.values())
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            values = [_value(code, names, pair) for pair in permutations(names, 2)]
    except Exception:       # shapes or kinds that do not fit
        return None
    if any(array.dtype.kind != "f" or array.size < EDGE for array in values):
        return None
    texts = sorted(f"{array.shape}{np.round(array, 9).tolist()}" for array in values)
    return hashlib.sha256("".join([str(len(names)), *texts]).encode()).hexdigest()


def _value(code, names, pair):
    given = dict.fromkeys(names, OTHER) | dict(zip(pair, (GREAT, FEW), strict=True))
    return np.asarray(eval(code, KNOWN | given))


def _parsed(source):
    try:
        return ast.parse(textwrap.dedent(source))
    except SyntaxError:
        return ast.parse("")


class _Named(ast.NodeTransformer):
    """Puts one name in the place of each variable, and collects them."""

    def __init__(self, variables):
        self.variables = variables

    def visit_Name(self, node):
        return node if node.id in KNOWN else self.named(node)

    def visit_Subscript(self, node):
        return ast.Constant(EDGE) if _attribute(node.value) == "shape" else self.named(node)

    def visit_keyword(self, node):
        return None if node.arg in {"dtype", "out"} else self.generic_visit(node)

    def visit_Attribute(self, node):
        if node.attr in CALLS | {"T"}:
            return self.generic_visit(node)
        return self.named(node)

    def named(self, node):
        name = self.variables.setdefault(ast.unparse(node), f"v{len(self.variables)}")
        return ast.Name(name, ast.Load())


def _is_arithmetic(node):
    """Whether an expression is made of variables, numbers, and calls that are known."""
    if isinstance(node, (ast.Subscript, ast.Name, ast.Constant, ast.operator, ast.unaryop, ast.expr_context)):
        return True
    if isinstance(node, ast.Call) and getattr(node.func, "id", _attribute(node.func)) not in CALLS:
        return False
    kinds = ast.BinOp, ast.UnaryOp, ast.Call, ast.Attribute, ast.keyword, ast.Tuple, ast.List
    return isinstance(node, kinds) and all(map(_is_arithmetic, ast.iter_child_nodes(node)))


def _attribute(node):
    return getattr(node, "attr", None)
