"""What a source computes, as fingerprints that renaming, reformatting and reordering leave as they are.

Each statement's syntax tree is read as a row of signs, which holds no comment, docstring, annotation, bracket or
spelling of a number. A value that is named to be used once stands where it is used, `a += b` is `a = a + b`,
`np.sum(a)` is `a.sum()`, `a @ b` is `a.dot(b)`, and the longer side of a sum or a product comes first. Names of one's
own are numbered within a gram as they appear (Baker 1995). Of the grams of a row, winnowing (Schleimer, Wilkerson &
Aiken 2003) keeps at least one in every WINDOW that follow each other, the same ones wherever they stand.
"""

import ast
import builtins
import hashlib
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Set
from dataclasses import dataclass

from unrolled.grading.notebook.names import looked_into

GRAM = 6  # signs that must agree; what is shorter is a figure of speech
WINDOW = 3  # any GRAM + WINDOW - 1 signs in a row that two sources share leave a common fingerprint
COMMON = frozenset(dir(builtins)) | {"np"}  # names that say what is computed
SAME = {"matmul": ".dot", "amax": ".max", "absolute": ".abs", "hstack": ".concatenate", "vstack": ".concatenate"}
Places = dict[bytes, set[tuple[int, int]]]  # by fingerprint, where it stands in a source's bytes
_BETWEEN = re.compile(rb"[^\w\n\x80-\xff]*")


@dataclass(frozen=True)
class Sign:
    """A node of the tree: what it is, whether that is a name of one's own,
    and where it stands in the source's bytes, if anywhere."""

    text: str
    own: bool = False
    place: tuple[int, int] | None = None


def fingerprints(source: str) -> Places | None:
    """The places of each fingerprint in a source, as pairs of byte offsets;
    None when it is too long or deep, or no Python."""
    return looked_into(_fingerprints, source)


def _fingerprints(source):
    found: defaultdict[bytes, set[tuple[int, int]]] = defaultdict(set)
    for row in _Reader(source).rows:
        grams = [row[start : start + GRAM] for start in range(len(row) - GRAM + 1)]
        for place in _winnow(hashes := list(map(_hash, grams))):
            found[hashes[place]].update(sign.place for sign in grams[place] if sign.place)
    return dict(found)


def _winnow(hashes):
    """Places of the hashes that are kept: the smallest of each window, the last of equal ones."""
    windows = range(max(1, len(hashes) - WINDOW + 1)) if hashes else ()
    return {
        min(range(start, min(start + WINDOW, len(hashes))), key=lambda place: (hashes[place], -place))
        for start in windows
    }


def _hash(gram):
    numbers: dict[str, int] = {}
    signs = (f"={numbers.setdefault(sign.text, len(numbers))}" if sign.own else sign.text for sign in gram)
    return hashlib.blake2b("\0".join(signs).encode(), digest_size=8).digest()


def mark(source: str, found: Places, shared: Set[bytes]) -> list[tuple[str, bool]]:
    """A source in pieces, (text, whether it is part of a shared fingerprint); found is what
    `fingerprints` returned."""
    data, end = source.encode(), 0
    pieces: list[tuple[str, bool]] = []
    for start, stop in _joined(data, sorted({place for print_ in shared & found.keys() for place in found[print_]})):
        pieces += [(data[end:start].decode(), False), (data[start:stop].decode(), True)]
        end = stop
    return [piece for piece in [*pieces, (data[end:].decode(), False)] if piece[0]]


def _joined(data, places):
    """Places of signs, those together that only brackets, operators and blanks part."""
    joined: list[list[int]] = []
    for start, stop in places:
        if joined and _BETWEEN.fullmatch(data, joined[-1][1], max(start, joined[-1][1])):
            joined[-1][1] = max(stop, joined[-1][1])
        else:
            joined.append([start, stop])
    return joined


class _Reader:
    """A source's rows of signs, one a simple statement or head of a compound one."""

    def __init__(self, source):
        tree = ast.parse(source)
        nodes = list(ast.walk(tree))
        self._starts = [0]
        for line in source.encode().split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        names = [node for node in nodes if isinstance(node, ast.Name)]
        read = Counter(name.id for name in names if isinstance(name.ctx, ast.Load))
        bound = Counter(name.id for name in names if isinstance(name.ctx, ast.Store)) + Counter(
            node.arg for node in nodes if isinstance(node, ast.arg)
        )
        self._own = bound.keys()
        self._temporaries = {
            target.id: value
            for node in nodes
            for target, value in _assignments(node)
            if isinstance(target, ast.Name)
            and read[target.id] == bound[target.id] == 1
            and not _reads(value, target.id)
        }
        self._inlined = frozenset(self._temporaries)
        self.rows = []
        for statement in tree.body:
            self._read(statement)

    def _read(self, node):
        """The rows of a statement, a handler of exceptions or a case, and of what stands in it."""
        if assignments := _assignments(node):
            for target, value in assignments:
                if not (isinstance(target, ast.Name) and target.id in self._inlined):
                    self._finish("=", value, target)
        elif isinstance(node, ast.AugAssign):
            self._finish("=", ast.BinOp(node.target, node.op, node.value), node.target)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not _is_text(node):
            self._finish(
                type(node).__name__, *(child for child in ast.iter_child_nodes(node) if not _holds_statements(child))
            )
        for child in ast.iter_child_nodes(node):
            if _holds_statements(child):
                self._read(child)

    def _finish(self, text, *nodes):
        """A row of a sign and the signs of nodes."""
        self.rows.append([Sign(text), *self._signs_of_all(nodes)])

    def _signs_of_all(self, nodes):
        return list(itertools.chain.from_iterable(map(self._signs, nodes)))

    def _signs(self, node):
        """The signs of an expression, from the outside in."""
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if name in self._temporaries:
                return self._signs(self._temporaries.pop(name))  # popped: values that need each other end here
            case ast.Name(id=name):
                return [Sign(name, name in self._own or name not in COMMON, self._place(node))]
            case ast.Constant(value=int() | float() | complex() as value):
                return [Sign(_number(value), place=self._place(node))]
            case ast.Constant() | ast.JoinedStr():
                return [Sign("text", place=self._place(node))]
            case ast.Attribute(value=ast.Name(id="np"), attr=attribute):
                return [Sign(SAME.get(attribute, f".{attribute}"), place=self._place(node))]
            case ast.Attribute(value=value, attr=attribute):
                place = self._place(value)[1], self._place(node)[1]
                return [Sign(SAME.get(attribute, f".{attribute}"), place=place), *self._signs(value)]
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                return [Sign("Call"), Sign(".dot"), *self._signs(left), *self._signs(right)]
            case ast.BinOp(left=left, op=op, right=right):
                sides = [self._signs(left), self._signs(right)]
                if isinstance(op, ast.Add | ast.Mult):
                    sides.sort(key=_longer_first)
                return [Sign(type(op).__name__), *sides[0], *sides[1]]
            case ast.expr_context() | ast.arguments():
                return []
        text = f"{node.arg}=" if isinstance(node, ast.keyword) else type(node).__name__
        return [Sign(text), *self._signs_of_all(ast.iter_child_nodes(node))]

    def _place(self, node):
        return self._starts[node.lineno - 1] + node.col_offset, self._starts[node.end_lineno - 1] + node.end_col_offset


def _assignments(node):
    """What a statement assigns, as (target, value); side by side, `a, b = c, d` is two.
    `a = b = c` is a statement like others."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(targets) == len(
            values
        ):
            return list(zip(targets, values, strict=True))
        case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
            return [(target, value)]
    return []


def _longer_first(signs):
    return -len(signs), ["" if sign.own else sign.text for sign in signs[:GRAM]]


def _reads(value, name):
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(value))


def _is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _holds_statements(node):
    return isinstance(node, ast.stmt | ast.excepthandler | ast.match_case)


def _number(value):
    """A number's sign, the same for 1, 1.0 and True."""
    try:
        return repr(complex(value))
    except OverflowError:
        return "a large number"
