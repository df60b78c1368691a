"""All changes of a function, each of one place in its tree: what stands there, and what does instead."""

import ast
import contextlib
from dataclasses import dataclass

from unrolled.quoting import quoted_code
from unrolled.repairs.answer import is_turn
from unrolled.repairs.expressions import Known, joined, lesser, wrapped
from unrolled.repairs.statements import moved, of_statements, of_turns

SPEAKING = ast.BinOp, ast.Call, ast.Name, ast.Attribute, ast.Subscript, ast.UnaryOp, ast.Compare, ast.IfExp, ast.stmt


@dataclass(frozen=True)
class Change:
    """In one field of a node, or one place of a list there, something new stands for what is old.

    It is told by the smallest expression around it that says something by itself, `whole`, or by its statement; where a statement
    goes elsewhere, by what is said of it.
    """

    statement: ast.stmt
    whole: ast.AST
    node: ast.AST
    field: str
    place: int | None
    new: object
    said: str | None = None

    @property
    def old(self):
        """What stands in the tree now."""
        value = getattr(self.node, self.field)
        return value if self.place is None else value[self.place]

    @contextlib.contextmanager
    def made(self):
        """The tree is changed until the end of the `with`."""
        old = self.old
        self._put(self.new)
        try:
            yield
        finally:
            self._put(old)

    def _put(self, value):
        if self.place is None:
            setattr(self.node, self.field, value)
        else:
            getattr(self.node, self.field)[self.place] = value

    def meets(self, made):
        """Whether it is of a part of what a change has made, or of what holds that."""
        inside, around = (list(ast.walk(part)) if isinstance(part, ast.AST) else [] for part in (made.new, self.old))
        return any(node is self.node for node in inside) or any(node is made.node for node in around)

    def tell(self):
        """What stands where what belongs, in words."""
        if self.said:
            return self.said
        old, new = self.old, self.new
        if isinstance(old, SPEAKING) and isinstance(new, SPEAKING) and not self._is_called:
            texts = ast.unparse(old), ast.unparse(new)
            if ast.unparse(self.statement).count(texts[0]) == 1:
                return _stands(*texts)
        before = ast.unparse(self.whole)
        with self.made():
            return _stands(before, ast.unparse(self.whole))

    @property
    def line(self):
        """The number of its line: of several that a statement has, the one where the old part begins."""
        return max(self.statement.lineno, 0 if self.said else getattr(self.old, "lineno", 0))

    @property
    def _is_called(self):
        return isinstance(self.node, ast.Call) and self.field == "func"


def _stands(old, new):
    return f"{quoted_code(old)} stands where {quoted_code(new)} belongs"


def changes(tree, seen, variables, functions):
    """All changes of a function's tree, the least first.

    seen is what its nodes gave, variables what it has names for, and functions are the names of what it may call.
    """
    known = Known(tree, seen, variables, functions)
    places = list(_places(tree))
    for rules in (of_turns, lesser, of_statements, wrapped):
        yield from _by(rules, places, known)
    for node, field, block in list(_blocks(tree)):
        for new, statement, words in moved(block):
            yield Change(statement, statement, node, field, None, new, words)
    yield from _by(joined, places, known)


def _by(rules, places, known):
    """The changes that rules make in all places."""
    for statement, whole, node, field, place, part in places:
        for new in rules(part, node, known):
            change = Change(statement, whole, node, field, place, new)
            if not _says_nothing(change):
                yield change


def _says_nothing(change):
    """Whether both sides of an operation become the same, as in `dh - dh`: nobody means that."""
    node, new = change.node, change.new
    if (
        isinstance(node, ast.BinOp)
        and change.field in ("left", "right")
        and not isinstance(node.op, (ast.Mult, ast.MatMult))
    ):
        other = node.right if change.field == "left" else node.left
        return ast.unparse(other) == ast.unparse(new)
    return (
        isinstance(new, ast.BinOp)
        and not isinstance(new.op, ast.Mult)
        and ast.unparse(new.left) == ast.unparse(new.right)
    )


def _places(tree):
    """Each part of the body's nodes as (statement, what speaks around it, node, field, place in a list, part), line by line."""
    waiting = [(statement, statement, tree, "body", place) for place, statement in enumerate(tree.body)]
    for statement, whole, node, field, place in waiting:  # which grows on the way
        part = getattr(node, field) if place is None else getattr(node, field)[place]
        if not isinstance(part, ast.AST) or is_turn(part):
            continue
        statement = part if isinstance(part, ast.stmt) else statement
        yield statement, whole, node, field, place, part
        whole = part if isinstance(part, SPEAKING) else whole
        for inner, value in ast.iter_fields(part):
            places = range(len(value)) if isinstance(value, list) else [None]
            waiting += [(statement, whole, part, inner, k) for k in places]


def _blocks(tree):
    """Each list of statements as (node, field, list)."""
    for node in ast.walk(tree):
        for field in ("body", "orelse"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block:
                yield node, field, block
