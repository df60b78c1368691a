"""Where a function raised, and what stood in the operation that did: shapes of arrays, values of whole numbers.

Like `recording`, which asks for it, this module enters the grading sandbox: it knows no answer.
"""

import ast
import contextlib
import itertools
import linecache
import types
import warnings
from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

MOST = 12  # operands that are seen
MOST_LINES = 8  # of what is unpacked into names
MAX_LINE, MAX_SOURCE = 500, 300
MOST_ENTRIES = 1_000  # of a list that is looked at
MOST_SHAPES = 4  # of those in it, and whole numbers
MOST_PLACES = 10_000  # of an array of whole numbers, the ends of which are told
# What gives a value without a call: it is worked out once more, and changes nothing.
_WITHOUT_CALLS = (
    ast.Name,
    ast.Attribute,
    ast.Subscript,
    ast.Slice,
    ast.Tuple,
    ast.Constant,
    ast.UnaryOp,
    ast.BinOp,
    ast.operator,
    ast.unaryop,
    ast.expr_context,
)
_OF_ARRAYS = ("T", "shape", "size", "ndim")


def own_step(step, fn):
    """The last step of a traceback that is in the file or cell that fn comes from; None where none is."""
    own_file = fn.__code__.co_filename if type(fn) is types.FunctionType else None
    last = None
    while step is not None:
        if step.tb_frame.f_code.co_filename == own_file:
            last = step
        step = step.tb_next
    return last


def line_at(step):
    """The line of a step of a traceback, "line 3: h = x @ W_x"."""
    source = linecache.getline(step.tb_frame.f_code.co_filename, step.tb_lineno).strip()[:MAX_LINE]
    return f"line {step.tb_lineno}: {source}" if source else f"line {step.tb_lineno}"


def operation_at(step: types.TracebackType) -> tuple[str | None, dict[str, Any]]:
    """The source of the operation that raised at a step of a traceback, and by its source each of its operands.

    Of an array the shape, the kind and, of whole numbers, the least and the most; a whole number; of a list how many
    entries it has, and what they are; of others a type. (None, {}) where the source is not at hand, or it is no
    operation.
    """
    found: dict[str, Any] = {}
    try:
        frame, operation = step.tb_frame, _tree_at(step)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            for part in _parts_of(operation) if operation else ():
                _collect(part, ChainMap(frame.f_locals, frame.f_globals), found)
        return operation and ast.unparse(operation)[:MAX_SOURCE], dict(itertools.islice(found.items(), MOST))
    except BaseException:  # what a hostile operand raises tells nothing
        return None, {}


def _tree_at(step):
    """The tree of the expression, or of the statement with a sign like `+=`, that raised; of what is unpacked into
    names what stands on the right; else None."""
    code = step.tb_frame.f_code
    positions = next(itertools.islice(code.co_positions(), step.tb_lasti // 2, None), None)
    if not positions or None in positions:
        return None
    first, last, start, end = positions
    lines = [linecache.getline(code.co_filename, number).encode() for number in range(first, last + 1)]
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    source = b"".join(lines).decode()
    try:
        tree = ast.parse(f"({source})", mode="eval").body
    except SyntaxError:
        (statement,) = ast.parse(source).body
        return statement if isinstance(statement, ast.AugAssign) else None
    return _right_side(code.co_filename, first, start) if isinstance(tree, (ast.Tuple, ast.Name)) else tree


def _right_side(file, number, start):
    """What stands on the right of the names that begin at a place of a file; None where nothing is assigned there."""
    source = linecache.getline(file, number).encode()[start:].decode()
    for following in range(number + 1, number + MOST_LINES):
        with contextlib.suppress(SyntaxError):
            (statement,) = ast.parse(source).body
            return statement.value if isinstance(statement, ast.Assign) else None
        source += linecache.getline(file, following)
    return None


def _parts_of(node) -> Iterator[ast.expr]:
    """What an operation is done with."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            yield node.func.value
        yield from node.args
        yield from (word.value for word in node.keywords)
    elif isinstance(node, ast.Name):
        yield node
    elif isinstance(node, ast.Subscript):
        yield node.value
        yield from _parts_of(node.slice) if isinstance(node.slice, (ast.Tuple, ast.Slice)) else [node.slice]
    else:
        yield from (part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))


def _collect(node, scope: Mapping, found: dict) -> None:
    """Put what an expression gave into found; where it cannot be worked out again, what stands in it."""
    if isinstance(node, (ast.Lambda, ast.ListComp, ast.GeneratorExp)) or _is_constant(node):
        return
    seen = _seen(_value(node, scope)) if _gives_again(node) else None
    if seen is not None:
        found.setdefault(ast.unparse(node), seen)
        for part in _reckoned_in(node):
            if type(value := _seen(_value(part, scope))) is int:
                found.setdefault(ast.unparse(part), value)
    elif not isinstance(node, ast.Name):
        for part in _parts_of(node):
            _collect(part, scope, found)


def _reckoned_in(node) -> Iterator[ast.expr]:
    """Of whole numbers that are reckoned with, as in `hs[t - 1]`, the result and the names."""
    indices = [part.slice for part in ast.walk(node) if isinstance(part, ast.Subscript)]
    for reckoned in (part for index in (node, *indices) for part in ast.walk(index) if isinstance(part, ast.BinOp)):
        yield reckoned
        yield from (part for part in ast.walk(reckoned) if isinstance(part, ast.Name))


def _is_constant(node):
    """Whether an expression is a number as it stands, with a sign or without."""
    return isinstance(node, ast.Constant) or (isinstance(node, ast.UnaryOp) and _is_constant(node.operand))


def _gives_again(node):
    """Whether an expression may be worked out once more."""
    return not isinstance(node, (ast.Tuple, ast.Slice)) and all(
        isinstance(part, _WITHOUT_CALLS) and getattr(part, "attr", "T") in _OF_ARRAYS for part in ast.walk(node)
    )


def _value(node, scope):
    try:
        return eval(ast.unparse(node), {"__builtins__": {}}, scope)
    except Exception:
        return _Unseen


class _Unseen:
    """Of what cannot be worked out."""


def _seen(value):
    """What is told of a value; None of a function, a module and what else has no place here."""
    kind = type(value)
    if issubclass(kind, np.ndarray):
        return _array_seen(value)
    if issubclass(kind, np.integer) or (kind is int and value.bit_length() < 64):
        return int(value)
    if issubclass(kind, np.generic):
        return "bool" if kind is np.bool_ else "float"
    for of in (list, tuple):  # also what several results of `np.linalg.eig` stand in
        if issubclass(kind, of) and of.__len__(value) <= MOST_ENTRIES:
            return _list_seen([*of.__iter__(value)]) | {"kind": of.__name__}
    return kind.__name__ if kind in (float, bool, str, dict, set, type(None)) else None


def _list_seen(entries):
    """How many entries a list has, and the shapes that are among them, each once, if all are arrays; or the numbers,
    if all are whole and few."""
    seen = [_seen(entry) for entry in entries]
    if entries and all(type(one) is int for one in seen):
        return {"entries": len(entries)} | ({"numbers": seen} if len(entries) <= MOST_SHAPES else {})
    if all(type(one) is dict and "shape" in one for one in seen):
        return {"entries": len(entries), "shapes": list(dict.fromkeys(one["shape"] for one in seen))[:MOST_SHAPES]}
    return {"entries": len(entries)}


def _array_seen(array):
    """The shape and the kind of an array, and the least and the most of whole numbers."""
    kind = str(np.ndarray.dtype.__get__(array).kind)
    seen = {"shape": tuple(np.ndarray.shape.__get__(array)), "kind": kind}
    if type(array) is np.ndarray and kind in "iu" and 0 < array.size <= MOST_PLACES:
        return seen | {"least": int(array.min()), "most": int(array.max())}
    return seen
