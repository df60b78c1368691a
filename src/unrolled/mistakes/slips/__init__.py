"""Slips that nobody had to list: in one line of the reference a term, a factor, a sign, a name or a
function is another.

A rule makes them from the line itself, and their sentence too: "in `dz`, `n` stands where `h_prev - n` belongs". Each
is an edit like a known mistake, and is tried after all of these: what students get wrong often has a sentence of its
own, which says why.
"""

import ast
import copy
import functools
import sys

import numpy as np

from unrolled.mistakes.edits import Edit, Mistake, tree_of, with_called
from unrolled.mistakes.slips.rules import changed
from unrolled.mistakes.slips.sums import flat

NUMBERS = np.ndarray, np.generic, int, float


def slips(of, inputs):
    """The slips of a reference function and of what it calls, which many write out, each a Mistake; inputs are
    some that it takes.

    A name is taken for another that looks like it and has a value of the same shape: in the inputs all
    sizes should differ.
    """
    return _slips(of, tuple(_shapes(of, inputs).items()))


@functools.cache
def _slips(of, shapes):
    found, sentences = {}, set()
    for function, names in shapes:
        names = dict(names)
        names |= _rests(tree_of(function), names)
        factors = _factors(tree_of(function))
        unfinished = _unfinished(tree_of(function))
        for statement in ast.walk(tree_of(function)):
            if isinstance(statement, (ast.Assign, ast.Return)) and not isinstance(statement.value, ast.Tuple):
                for new, sentence in changed(statement, names, factors):
                    if unfinished & (_variables(new) - _variables(statement.value)) or _says_nothing(new):
                        continue
                    edit = _edit(function, statement, new)
                    # of a name that stands there several times
                    if edit not in found and sentence in sentences and "wrong axis" not in sentence:
                        sentence = sentence.replace("in ", "in one place of ", 1)
                    if function is not of:
                        sentence = sentence.replace("in the result", f"in the result of `{function.__name__}`")
                    sentences.add(sentence)
                    found.setdefault(edit, Mistake(of, f"slip_{len(found)}", sentence, (edit,)))
    return tuple(found.values())


def _rests(tree, shapes):
    """What shares leave, where a function uses it: {"1 - z": the shape of z}."""
    texts = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.BinOp)]
    return {f"1 - {name}": shape for name, shape in shapes.items() if f"1 - {name}" in texts}


def _unfinished(tree):
    """Gradients of weights that begin at zeros, to be added up: nobody takes them for something else
    before they are made."""
    return {
        ast.unparse(node.targets[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node).startswith("dW")
        and "np.zeros" in ast.unparse(node.value)
    }


def _factors(tree):
    """What a function that has gates multiplies by, entry by entry, other than gradients: gates, states,
    slopes `f * (1 - f)`."""
    products = [flat(node) for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)]
    blocks = [node.targets[0].elts for node in tree.body if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Tuple)]
    texts = dict.fromkeys(name.id for names in blocks for name in names if getattr(name, "id", "W").islower())
    texts |= dict.fromkeys(ast.unparse(part) for parts in products for op, part in parts if isinstance(op, ast.Mult))
    factors = [text for text in texts if not text.startswith(("d", "np.")) and "@" not in text and not text.isdigit()]
    slopes = [f"{text} * (1 - {text})" for text in factors if f"1 - {text}" in factors]
    return factors + slopes if slopes else []


def _says_nothing(tree):
    """Whether something is compared with itself there, which nobody writes."""
    return any(isinstance(node, ast.Compare) and ast.unparse(node.left) == ast.unparse(node.comparators[0])
        for node in ast.walk(tree))


def _variables(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _shapes(of, inputs):
    """By function, the names and shapes of its variables at its end, of `of` and what it calls."""
    functions = {function.__code__: function for function in with_called(of)}
    shapes = {}

    def look(frame, event, value):
        if frame.f_code not in functions:
            return None
        if event == "return":
            names = frame.f_locals.items()
            shapes[functions[frame.f_code]] = tuple((name, np.shape(value)) for name, value in names
                if isinstance(value, NUMBERS))
        frame.f_trace_lines = False
        return look

    # not the profiler's hook: cProfile cannot be put back there
    before = sys.gettrace()
    sys.settrace(look)
    try:
        of(*copy.deepcopy(list(inputs.values())))
    finally:
        sys.settrace(before)
    return shapes


def _edit(function, statement, new):
    """The Edit that writes another value into a statement."""
    other = copy.copy(statement)
    other.value = new
    line = " " * statement.col_offset + ast.unparse(ast.fix_missing_locations(other))
    return Edit(function, statement.lineno - 1, statement.end_lineno, (line,))
