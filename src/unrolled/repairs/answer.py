"""A student's function as a tree that can be changed in place and run, and the shapes of what its expressions gave."""

import ast
import copy
import inspect
import linecache
import sys
import textwrap
import time
import types
import warnings
from typing import NamedTuple

import numpy as np

from unrolled.recording import plain

TIMES = 20  # as long as the function takes by itself, a changed one may take, and a little more
MORE = 0.05  # seconds
TURN, SEE, SEE_ALL = "_turn_of_a_loop_", "_see_", "_see_all_"

COMPUTING = (
    "__main__",
    "builtins",
    "collections",
    "copy",
    "functools",
    "itertools",
    "math",
    "numpy",
    "operator",
    "unrolled",
)
OUTSIDE = {
    "open",
    "input",
    "exec",
    "eval",
    "exit",
    "quit",
    "display",
    "__import__",
    "save",
    "savez",
    "savetxt",
    "tofile",
}
NUMBERS = np.ndarray, np.generic, int, float


class Endless(BaseException):  # which no `except Exception` of a student's stops
    """A changed loop does not end, or makes more and more of something."""


class Seen(NamedTuple):
    """Of a value its shape, and whether it is one whole number, as sizes and places are."""

    shape: tuple
    whole: bool = False

    @classmethod
    def of(cls, value):
        return cls(np.shape(value), isinstance(value, (int, np.integer)))


class Answer:
    """The tree of a function, without docstring, and what it needs to run."""

    def __init__(self, fn, tree):
        self.fn, self.tree = fn, tree
        self.invalid, self.seconds = "ignore", MORE
        for loop in list(ast.walk(tree)):
            if isinstance(loop, (ast.For, ast.While)):
                turn = ast.Expr(ast.Call(ast.Name(TURN, ast.Load()), [], []))
                loop.body.insert(0, ast.fix_missing_locations(ast.copy_location(turn, loop)))

    @classmethod
    def of(cls, fn):
        """The Answer of a function whose source is at hand; None where it is not, or is no plain `def`."""
        if type(fn) is not types.FunctionType or fn.__code__.co_freevars:
            return None
        try:
            (tree,) = ast.parse(textwrap.dedent(inspect.getsource(fn))).body
        except (OSError, TypeError, ValueError, SyntaxError):
            return None
        plain = isinstance(tree, ast.FunctionDef) and not tree.decorator_list and tree.name == fn.__name__
        if not plain or not _only_computes(tree, fn.__globals__):
            return None
        if ast.get_docstring(tree) is not None:
            del tree.body[0]
        return cls(fn, ast.increment_lineno(tree, fn.__code__.co_firstlineno - 1)) if tree.body else None

    def settle(self, case):
        """See how long a case takes as the student has it, so that a change which takes much longer is left."""
        start = time.process_time()
        self.seconds = np.inf
        # a change by which nan arises ends before LAPACK complains aloud of it, unless nan arises anyway
        asks_lapack = any(getattr(node, "attr", "") == "linalg" for node in ast.walk(self.tree))
        self.invalid = "raise" if asks_lapack else "ignore"
        if self.value(case) is None:
            self.invalid = "ignore"
        self.seconds = TIMES * (time.process_time() - start) + MORE

    def line(self, number):
        """A line of the function's file or cell."""
        return linecache.getline(self.fn.__code__.co_filename, number).strip()

    def value(self, case, tree=None, **names):
        """What the function as its tree is now gives for a case; None where it is none, raises or does not end."""
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore", invalid=self.invalid):
                warnings.simplefilter("ignore")
                function = self._compiled(tree or self.tree, names)
                return plain(function(*copy.deepcopy(list(case.values()))))
        except (Exception, SystemExit, Endless):
            return None

    def _compiled(self, tree, names):
        until = time.process_time() + self.seconds

        def turn():
            if time.process_time() > until:
                raise Endless

        code = compile(ast.fix_missing_locations(ast.Module([tree], [])), self.fn.__code__.co_filename, "exec")
        (body,) = (constant for constant in code.co_consts if isinstance(constant, types.CodeType))
        known = self.fn.__globals__ | {TURN: turn, "print": lambda *args, **words: None} | names
        function = types.FunctionType(body, known, self.fn.__name__, self.fn.__defaults__)
        function.__kwdefaults__ = self.fn.__kwdefaults__
        return function

    def watch(self, case):
        """What expressions gave last, by node, and the variables at the end, by name, each as Seen; numbers and arrays alone."""
        seen, variables = {}, {}

        def see(place, value):
            if isinstance(value, NUMBERS):
                seen[place] = Seen.of(value)
            return value

        def see_all(values):
            variables.update((name, Seen.of(value)) for name, value in values.items() if isinstance(value, NUMBERS))

        twin = copy.deepcopy(self.tree)
        places = {id(node): place for place, node in enumerate(ast.walk(twin))}
        self.value(case, _Watched(places).visit(twin), **{SEE: see, SEE_ALL: see_all})
        return {node: seen[place] for place, node in enumerate(ast.walk(self.tree)) if place in seen}, variables


def is_turn(statement):
    """Whether a statement is not the student's, but counts the turns of a loop."""
    call = getattr(statement, "value", None)
    return isinstance(call, ast.Call) and getattr(call.func, "id", None) == TURN


def _only_computes(tree, known):
    """Whether a function may be run a thousand times: it draws no figure, opens no file, asks nothing and leaves no name behind."""
    if any(isinstance(node, (ast.Global, ast.Import, ast.ImportFrom)) for node in ast.walk(tree)):
        return False
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    values = [known[name] for name in names if name in known]
    modules = [
        value.__name__ if isinstance(value, types.ModuleType) else str(getattr(value, "__module__", ""))
        for value in values
    ]
    computing = {*COMPUTING, str(known.get("__name__")).split(".")[0]}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return (
        OUTSIDE.isdisjoint(names | attributes)
        and {name.split(".")[0] for name in modules} & sys.modules.keys() <= computing
    )


class _Watched(ast.NodeTransformer):
    """Each expression that has a value hands it on through a function that sees it; before a return all variables are seen."""

    def __init__(self, places):
        self.places = places

    def visit_Call(self, node):
        place = self.places.get(id(node))
        if isinstance(node.func, ast.Attribute):  # a method is no value here, but what it belongs to is
            node.func.value = self.visit(node.func.value)
        node.args = [self.visit(part) for part in node.args]
        node.keywords = [self.visit(part) for part in node.keywords]
        return self._seen(place, node)

    def visit_Return(self, node):
        self.generic_visit(node)
        variables = ast.Call(ast.Name("locals", ast.Load()), [], [])
        return [ast.Expr(ast.Call(ast.Name(SEE_ALL, ast.Load()), [variables], [])), node]

    def _of_value(self, node):
        place = self.places.get(id(node))
        self.generic_visit(node)
        return self._seen(place, node) if isinstance(getattr(node, "ctx", ast.Load()), ast.Load) else node

    visit_BinOp = visit_Name = visit_Attribute = visit_Subscript = visit_UnaryOp = _of_value

    @staticmethod
    def _seen(place, node):
        """What a change has put in two places is seen once."""
        if place is None:
            return node
        return ast.Call(ast.Name(SEE, ast.Load()), [ast.Constant(place), node], [])
