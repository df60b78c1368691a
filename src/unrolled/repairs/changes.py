"""All changes of a function, each of one place in its tree: what stands there, and what does instead."""

import ast
import contextlib
import re
from dataclasses import dataclass, replace

from unrolled.quoting import quoted_code
from unrolled.repairs.additions import joined, wrapped
from unrolled.repairs.answer import is_turn
from unrolled.repairs.expressions import SUMS, lesser
from unrolled.repairs.known import Known
from unrolled.repairs.statements import moved, of_statements, of_turns

SPEAKING = ast.BinOp, ast.Call, ast.Name, ast.Attribute, ast.Subscript, ast.UnaryOp, ast.Compare, ast.IfExp, ast.stmt
BOUND = r"(np\.)?(clip|min|max|minimum|maximum)"
SIZE = r"(len\(\w+\)|\w+\.shape(\[-?\d+\])?)"
SIZES = rf"\(?{SIZE}(, {SIZE})*\)?"


@dataclass(frozen=True)
class Change:
    """In one field of a node, or one place of a list there, something new stands for what is old.

    It is told by the smallest expression around it that says something by itself, `whole`, or by its statement; where
    a statement goes elsewhere, by what is said of it.
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
        for part in self.new if isinstance(self.new, list) else [self.new]:
            ast.fix_missing_locations(part)  # the whole tree, each time, takes longer than to run it
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
        """Whether it is of the place that a change has made, of a part of that, or of what holds it."""
        if self.node is made.node and (self.field, self.place) == (made.field, made.place):
            return True
        inside, around = (list(ast.walk(part)) if isinstance(part, ast.AST) else [] for part in (made.new, self.old))
        return any(node is self.node for node in inside) or any(node is made.node for node in around)

    def tell(self):
        """What stands where what belongs, in words."""
        if self.said:
            return self.said
        old, new = self.old, self.new
        if isinstance(old, SPEAKING) and isinstance(new, SPEAKING):
            texts = ast.unparse(old), ast.unparse(new)
            if ast.unparse(self.statement).count(texts[0]) == 1:
                return _stands(texts[0], self._in_place(texts[1]))
            if isinstance(self.statement, ast.Return) and self.node is self.statement.value and self.place is not None:
                return f"in place {self.place + 1} of what is returned, {_stands(*texts)}"
        whole, term = self._told_by(), self._signed_term()
        before = ast.unparse(whole)
        once = term and len(re.findall(rf"{re.escape(term)}(?![\w.\[(])", ast.unparse(self.statement))) == 1
        with self.made():
            return _stands(term, self._signed_term()) if once else _stands(before, ast.unparse(whole))

    def _told_by(self):
        """What speaks around it and stands once in its statement; where nothing does, the statement."""
        text = ast.unparse(self.statement)
        around = [node for node in ast.walk(self.statement) if any(part is self.whole for part in ast.walk(node))]
        speaking = (node for node in reversed(around) if isinstance(node, SPEAKING))
        return next((node for node in speaking if text.count(ast.unparse(node)) == 1), self.statement)

    def is_alike(self, other):
        """Whether another change puts the same in the place of the same, elsewhere in the statement."""
        parts = [self.old, self.new, other.old, other.new]
        if self.statement is not other.statement or not all(isinstance(part, ast.expr) for part in parts):
            return False
        old, new, its_old, its_new = map(ast.unparse, parts)
        return (old, new) == (its_old, its_new)

    def in_one_of_several(self):
        """The same change, told without the place, for others like it are as right."""
        return replace(self, said=f"in one place {_stands(ast.unparse(self.old), ast.unparse(self.new))}")

    def _in_place(self, text):
        """The text of what is new, in the brackets that it has where it stands."""
        with self.made():
            return f"({text})" if f"({text})" in _without_calls(ast.unparse(self.statement)) else text

    def _signed_term(self):
        """What stands behind the left side of a sum, as `- b`, where its sign is changed."""
        if not (isinstance(self.node, ast.BinOp) and isinstance(self.old, SUMS) and isinstance(self.new, SUMS)):
            return None
        return ast.unparse(self.node).removeprefix(ast.unparse(self.node.left)).strip()

    @property
    def longer(self):
        """By how many characters the function grows; less than 0 where it shrinks."""
        texts = [ast.unparse(part) for part in (self.new, self.old) if isinstance(part, ast.AST) and not self.said]
        lengths = [len(re.sub(r"\B-(?=\d)", "", text)) for text in texts]  # axis=-1 is no longer than axis=2
        return lengths[0] - lengths[1] if len(texts) == 2 else 0

    @property
    def doubt(self):
        """How likely something else is wrong: 2 in a bound, that a wrong number is held to; 1 where a size gets its
        name, `p = len(coefficients)`, a list is put in another order, or a slope is turned, `z - 1`; else 0."""
        value, bounds = getattr(self.statement, "value", None), _bounds_in(self.statement)
        inside = any(part is self.node or part is self.old for bound in bounds for part in ast.walk(bound))
        dropped = len(_bounds_in(self.old)) > len(_bounds_in(self.new))
        moved = self.said and (bounds or re.search(rf"after `.*= {BOUND}\(", self.said))
        if inside or dropped or moved:
            return 2
        if re.fullmatch(r"\w+ - 1", ast.unparse(self.new) if isinstance(self.new, ast.BinOp) else ""):
            return int(isinstance(self.old, ast.BinOp) and ast.unparse(self.old.left) == "1")
        if not isinstance(self.statement, ast.Assign):
            return 0
        if re.fullmatch(SIZES, ast.unparse(value)):  # which is no product of several
            return 2 if getattr(self.new, "attr", "") == "size" else 1
        return int(isinstance(value, ast.List) and self.old is value)

    @property
    def renames_sizes(self):
        """Whether it calls the sizes of an array otherwise, as `N, T, H = hs.shape` does."""
        value = getattr(self.statement, "value", None)
        return isinstance(value, ast.Attribute) and value.attr == "shape" and isinstance(self.old, ast.Tuple)

    @property
    def line(self):
        """The number of its line: of several that a statement has, the one where the old part begins."""
        return max(self.statement.lineno, 0 if self.said else getattr(self.old, "lineno", 0))


def _bounds_in(part):
    """The calls of `min`, `np.clip` and their like in a part, or in a list of them."""
    inner = [
        node
        for one in (part if isinstance(part, list) else [part])
        if isinstance(one, ast.AST)
        for node in ast.walk(one)
    ]
    return [node for node in inner if isinstance(node, ast.Call) and re.fullmatch(BOUND, ast.unparse(node.func))]


def _without_calls(text):
    """A text in which no bracket that opens behind a name is left, as that of a call does."""
    return re.sub(r"(?<=\w)\(", " ", text)


def _stands(old, new):
    return f"{quoted_code(old)} stands where {quoted_code(new)} belongs"


def changes(tree, seen, variables, functions, ranks=lambda node: None):
    """All changes of a function's tree in groups, in each those of one kind; the least first.

    seen is what its nodes gave, variables what it has names for, and functions are the names of what it may call.
    Changes in nodes of a lower rank come before all others; a node without a rank has that of what it stands in.
    """
    known = Known(tree, seen, variables, functions)
    places = list(_places(tree, ranks))
    moves = [
        Change(statement, statement, node, field, None, new, words)
        for node, field, block in _blocks(tree)
        for new, statement, words in moved(block)
    ]
    for rank in sorted({place[-1] for place in places}):
        here = [place[:-1] for place in places if place[-1] == rank]
        yield from (_by(rules, here, known) for rules in (of_turns, lesser, of_statements, wrapped))
        yield [move for move in moves if (ranks(move.statement) or 0) == rank]
        yield _by(joined, here, known)


def _by(rules, places, known):
    """The changes that rules make in all places."""
    for statement, whole, node, field, place, part in places:
        for new in rules(part, node, known):
            change = Change(statement, whole, node, field, place, new)
            if not _says_nothing(change) and not _takes_other_sizes(change, known):
                yield change


def _says_nothing(change):
    """Whether both sides of an operation, or two things in a row, become the same, as in `dh - dh`, or a result is
    worked out for its shape alone: nobody means that."""
    node, new = change.node, change.new
    if isinstance(node, ast.Attribute) and node.attr == "shape":
        return isinstance(new, (ast.BinOp, ast.UnaryOp, ast.Call))
    if isinstance(node, (ast.Tuple, ast.List)) and isinstance(new, ast.Name):
        return ast.unparse(new) in map(ast.unparse, node.elts)
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


def _takes_other_sizes(change, known):
    """Whether several sizes are taken from another array, none of which is as it was: `T, N = E.shape`."""
    several = isinstance(change.statement, ast.Assign) and isinstance(change.statement.targets[0], ast.Tuple)
    if not (several and isinstance(change.node, ast.Attribute) and change.node.attr == "shape"):
        return False
    shapes = known.shape(change.old), getattr(known.texts.get(ast.unparse(change.new)), "shape", None)
    return all(shapes) and not any(one == other for one, other in zip(*shapes, strict=False))


def _places(tree, ranks):
    """Each part of the body's nodes as (statement, what speaks around it, node, field, place in a list, part,
    rank), line by line."""
    waiting = [(statement, statement, tree, "body", place, 0) for place, statement in enumerate(tree.body)]
    for statement, whole, node, field, place, rank in waiting:  # which grows on the way
        part = getattr(node, field) if place is None else getattr(node, field)[place]
        if not isinstance(part, ast.AST) or is_turn(part):
            continue
        statement = part if isinstance(part, ast.stmt) else statement
        rank = rank if ranks(part) is None else ranks(part)
        yield statement, whole, node, field, place, part, rank
        whole = part if isinstance(part, SPEAKING) else whole
        for inner, value in ast.iter_fields(part):
            places = range(len(value)) if isinstance(value, list) else [None]
            waiting += [(statement, whole, part, inner, k, rank) for k in places]


def _blocks(tree):
    """Each list of statements as (node, field, list)."""
    for node in ast.walk(tree):
        for field in ("body", "orelse"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block:
                yield node, field, block
