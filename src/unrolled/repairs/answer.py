"""A student's function as a tree that can be changed in place and run, and the shapes of what its expressions gave."""

import ast
import contextlib
import copy
import inspect
import linecache
import re
import signal
import sys
import textwrap
import threading
import time
import types
import warnings
from typing import NamedTuple

import numpy as np

from unrolled.recording import pack, plain

TIMES = 20  # as long as the function takes by itself, a changed one may take, and a little more
MORE = 0.05  # seconds
LEAST = 0.25  # seconds that any run may take, though the search is at its end
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
CHANGEABLE = (
    dict,
    list,
    set,
    np.ndarray,
    np.random.Generator,
)  # what a function may write into, though it is not given to it


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
        self.seconds = MORE
        self.until = np.inf  # by the processor's clock: the search's end, at which runs end too
        # LAPACK complains aloud of nan, and may not come back from what is infinite
        self.errors = dict.fromkeys(
            ("invalid", "divide", "over"), "raise" if _asks_lapack(tree, fn.__globals__) else "ignore"
        )
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & fn.__globals__.keys()
        self.kept = {name: fn.__globals__[name] for name in used if isinstance(fn.__globals__[name], CHANGEABLE)}
        for loop in list(ast.walk(tree)):
            if isinstance(loop, (ast.For, ast.While, ast.FunctionDef)):  # for a function may call itself
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
        self.seconds = LEAST
        self.value(case)
        taken = time.process_time() - start
        self.seconds = TIMES * taken + MORE if taken < LEAST else LEAST

    def line(self, number):
        """A line of the function's file or cell."""
        return linecache.getline(self.fn.__code__.co_filename, number).strip()

    def value(self, case, tree=None, **names):
        """What the function as its tree is now gives for a case; None where it is none, raises or does not end."""
        return self._called(copy.deepcopy(case), tree or self.tree, names)

    def leaves_alone(self, case):
        """Whether the function as its tree is now does not write into its inputs, in a case that it takes."""
        inputs = copy.deepcopy(case)
        self._called(inputs, self.tree, {})
        return pack(list(inputs.values())) == pack(list(case.values()))

    def _called(self, inputs, tree, names):
        try:
            with warnings.catch_warnings(), np.errstate(under="ignore", **self.errors):
                warnings.simplefilter("ignore")
                function = self._compiled(tree, names)
                with _ending_after(self._limit()):
                    return plain(function(*inputs.values()))
        except (Exception, SystemExit, Endless):
            return None

    def _limit(self):
        """The seconds that a run may take now."""
        return min(self.seconds, max(self.until - time.process_time(), LEAST))

    def _compiled(self, tree, names):
        until = time.process_time() + self._limit()

        def turn():
            if time.process_time() > until:
                raise Endless

        code = compile(ast.Module([tree], []), self.fn.__code__.co_filename, "exec")
        (body,) = (constant for constant in code.co_consts if isinstance(constant, types.CodeType))
        ours = {TURN: turn, "print": lambda *args, **words: None}
        known = self.fn.__globals__ | copy.deepcopy(self.kept) | ours | names
        function = known[self.fn.__name__] = types.FunctionType(body, known, self.fn.__name__, self.fn.__defaults__)
        function.__kwdefaults__ = self.fn.__kwdefaults__
        return function

    def watch(self, case):
        """What expressions gave last, by node, and the variables at the end, by name, each as Seen; numbers
        and arrays alone."""
        seen, variables = {}, {}

        def see(place, value):
            if isinstance(value, NUMBERS):
                seen[place] = Seen.of(value)
            return value

        def see_all(values):
            variables.update((name, Seen.of(value)) for name, value in values.items() if isinstance(value, NUMBERS))

        twin = copy.deepcopy(self.tree)
        places = {id(node): place for place, node in enumerate(ast.walk(twin))}
        watched = ast.fix_missing_locations(_Watched(places).visit(twin))
        self.value(case, watched, **{SEE: see, SEE_ALL: see_all})
        return {node: seen[place] for place, node in enumerate(ast.walk(self.tree)) if place in seen}, variables


@contextlib.contextmanager
def _ending_after(seconds):
    """Endless is raised after so many seconds of the processor, where a signal can: a loop inside NumPy or `sum`
    has no turns to count."""
    here = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not here:
        yield
        return
    before = signal.signal(signal.SIGPROF, _end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _end(number, frame):
    raise Endless


def is_turn(statement):
    """Whether a statement is not the student's, but counts the turns of a loop or the calls of a function."""
    call = getattr(statement, "value", None)
    return isinstance(call, ast.Call) and getattr(call.func, "id", None) == TURN


def _asks_lapack(tree, known):
    """Whether a function calls anything of `numpy.linalg` but the Euclidean norm."""
    if any(module.startswith("numpy.linalg") for module in _modules(tree, known)):
        return True
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    norms = [call.func for call in calls if len(call.args) == 1 and all(word.arg != "ord" for word in call.keywords)]
    used = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return any(
        re.search(r"\blinalg$", ast.unparse(one.value)) and not (one.attr == "norm" and one in norms) for one in used
    )


def _modules(tree, known):
    """Which modules what a function uses comes from, as far as it is no variable of its own."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    values = [known[name] for name in names if name in known]
    return [
        value.__name__ if isinstance(value, types.ModuleType) else str(getattr(value, "__module__", ""))
        for value in values
    ]


def _only_computes(tree, known):
    """Whether a function may be run a thousand times: it draws no figure, opens no file, asks nothing and
    leaves no name behind."""
    if any(isinstance(node, (ast.Global, ast.Import, ast.ImportFrom)) for node in ast.walk(tree)):
        return False
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    computing = {*COMPUTING, str(known.get("__name__")).split(".")[0]}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return (
        OUTSIDE.isdisjoint(names | attributes)
        and {module.split(".")[0] for module in _modules(tree, known)} & sys.modules.keys() <= computing
    )


class _Watched(ast.NodeTransformer):
    """Each expression that has a value hands it on through a function that sees it; before a return all
    variables are seen."""

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
