"""What a student's source defines, what it uses and what it may disturb, read without running any of it."""

import ast
import re
import symtable
import unicodedata
import warnings
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import TypeVar

Parsed = TypeVar("Parsed")
MAX_SOURCE = 50_000  # characters that are looked into: a parser can be kept busy with more

_DEF = re.compile(r"^(?:async[ \t]+)?def[ \t]+(\w+)|^(\w+)[ \t]*=", re.MULTILINE)


def defined_functions(source: str) -> frozenset[str]:
    """Names that a source defines or sets at its outermost level, also when it has errors of syntax."""
    # as Python reads names
    return frozenset(unicodedata.normalize("NFKC", a or b) for a, b in _DEF.findall(source[:MAX_SOURCE]))


def bound_names(source: str) -> frozenset[str]:
    """Names that a source binds at its outermost level; none when it cannot be compiled."""
    return _names(source)[0]


def free_names(source: str) -> frozenset[str]:
    """Names that a source, functions in it included, looks up in the notebook."""
    return _names(source)[1]


@lru_cache(maxsize=1024)
def _names(source):
    """The bound names and the free names of a source."""
    table = looked_into(symtable.symtable, source, "cell", "exec")
    if table is None:
        return frozenset(), frozenset()
    bound = frozenset(s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported())
    names, wanted = set(), [table]
    while wanted:
        scope = wanted.pop()
        wanted += scope.get_children()
        names |= {s.get_name() for s in scope.get_symbols() if s.is_referenced() and (s.is_global() or scope is table)}
    return bound, names - bound


def looked_into(parse: Callable[..., Parsed], source: str, *arguments: str) -> Parsed | None:
    """What parse makes of a student's source, or None when it cannot be parsed."""
    if len(source) > MAX_SOURCE:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return parse(source, *arguments)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def may_disturb(source: str, protected: Collection[str]) -> bool:
    """Whether running a source may change something for other cells:
    it does more than define, or defines a protected name."""
    return not _only_defines(source) or any(name in protected or name.startswith("__") for name in bound_names(source))


@lru_cache(maxsize=1024)
def binds_unseen(source: str) -> bool:
    """Whether a source may bind names that do not stand in it: by `import *`, or by IPython's own syntax."""
    tree = looked_into(ast.parse, source)
    return tree is None or any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in tree.body)


@lru_cache(maxsize=1024)
def _only_defines(source):
    tree = looked_into(ast.parse, source)
    return tree is not None and all(map(_defines, tree.body))  # what is None may be IPython's own syntax


def _defines(statement):
    match statement:
        case ast.FunctionDef(decorator_list=[], args=arguments, returns=returns):
            return _only_names(arguments) and (returns is None or _only_names(returns))
        case ast.Import() | ast.Expr(ast.Constant()):
            return True
        case ast.ImportFrom(module=module, names=names):
            return module != "__future__" and all(name.name != "*" for name in names)
        case ast.Assign(targets=[ast.Name()], value=ast.Lambda(args=arguments)):
            return _only_names(arguments)
        case ast.Assign(targets=[ast.Name()], value=ast.Constant()):
            return True
    return False


_NAMING = (
    ast.arguments,
    ast.arg,
    ast.Constant,
    ast.Name,
    ast.Attribute,
    ast.Subscript,
    ast.Tuple,
    ast.List,
    ast.BinOp,
    ast.BitOr,
    ast.UnaryOp,
    ast.USub,
    ast.Load,
)


def _only_names(signature):
    """Whether defaults and annotations, which run when a function is defined, call nothing."""
    return all(isinstance(node, _NAMING) for node in ast.walk(signature))
