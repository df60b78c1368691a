"""A function of this package as a student could have typed it: source that needs NumPy and nothing else."""

import ast
import builtins
import functools
import inspect
import textwrap
import types
from collections.abc import Callable
from pathlib import Path

import numpy as np


def standalone(function: Callable, name: str) -> str:
    """Python source that defines `name` as function does, all that it uses of this package in front of it."""
    writer = _Writer()
    writer.define(function, name)
    return "\n\n".join(writer.pieces)


class _Writer:
    """Collects definitions, each once and after those that it needs."""

    def __init__(self):
        self.pieces = []
        self.names = {}  # by identity of the value: a closure's step is another in each closure

    def define(self, function, name):
        self.names[id(function)] = name
        # a mistake's own, made of the reference's
        source = getattr(function, "source", None) or inspect.getsource(function)
        tree = next(node for node in ast.walk(ast.parse(textwrap.dedent(source))) if isinstance(node, ast.FunctionDef))
        tree.name, tree.decorator_list = name, []
        self._settle(tree, function)
        self.pieces.append(ast.unparse(tree) + "\n")

    def expression(self, value, name):
        """An expression for value, which the package calls name; what it needs is defined first."""
        if isinstance(value, types.FunctionType) and value.__name__ == "<lambda>":
            tree = _lambda_source(value.__code__)
            self._settle(tree, value)
            return f"({ast.unparse(tree)})"
        if isinstance(value, types.FunctionType) and value.__module__.startswith("unrolled"):
            if id(value) not in self.names:
                self.define(value, self._free(f"_{value.__name__}"))
            return self.names[id(value)]
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key!r}: {self.expression(entry, name)}" for key, entry in value.items()) + "}"
        if value is types.SimpleNamespace:
            return "__import__('types').SimpleNamespace"
        called = getattr(value, "__name__", None)
        if called and getattr(np, called, None) is value:
            return f"np.{called}"
        if called and getattr(builtins, called, None) is value:
            return called
        if value is np:
            return "np"
        return repr(value)

    def _settle(self, tree, function):
        """Give a new name to whatever a function's tree takes from outside of it, and define that first."""
        outside = function.__globals__ | inspect.getclosurevars(function).nonlocals
        inside = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        inside |= {
            node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id not in inside and node.id in outside and node.id != "np":
                node.id = self._name_of(outside[node.id], node.id)

    def _name_of(self, value, name):
        if id(value) not in self.names:
            expression = self.expression(value, name)
            if expression.isidentifier():
                return expression
            self.names[id(value)] = self._free(f"_{name}")
            self.pieces.append(f"{self.names[id(value)]} = {expression}\n")
        return self.names[id(value)]

    def _free(self, name):
        taken = set(self.names.values())
        return name if name not in taken else next(new for k in range(2, 1000) if (new := f"{name}_{k}") not in taken)


def _lambda_source(code):
    """The tree of a lambda: the innermost that holds the place of the last instruction that has one."""
    line, column = [(line, start) for line, _, start, end in code.co_positions() if end][-1]
    holding = [
        node
        for node in _lambdas(code.co_filename)
        if (node.lineno, node.col_offset) <= (line, column) < (node.end_lineno, node.end_col_offset)
    ]
    innermost = max(holding, key=lambda node: (node.lineno, node.col_offset))
    return ast.parse(ast.unparse(innermost), mode="eval").body


@functools.cache
def _lambdas(path):
    return [
        node for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf8"))) if isinstance(node, ast.Lambda)
    ]
