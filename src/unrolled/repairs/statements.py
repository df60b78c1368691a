"""What may stand in the place of a statement, and where else a statement may stand."""

import ast
import copy
from itertools import combinations

from unrolled.repairs.answer import is_turn
from unrolled.repairs.expressions import SUMS, parsed, replaced

NEAR = 3  # lines away at most


def of_turns(part, node, known):
    """A loop that goes on where it should end, or ends where it should go on."""
    if isinstance(part, (ast.Break, ast.Continue)):
        yield ast.copy_location(ast.Continue() if isinstance(part, ast.Break) else ast.Break(), part)


def of_statements(part, node, known):
    """A statement of another kind; a condition turned round; a name that stands in it several times is another, or
    two are exchanged."""
    if not isinstance(part, ast.stmt):
        return
    if isinstance(part, ast.AugAssign):
        yield ast.copy_location(ast.Assign([part.target], part.value), part)
        new = ast.BinOp(parsed(ast.unparse(part.target)), part.op, part.value)
        yield ast.copy_location(ast.Assign([part.target], new), part)
        if isinstance(part.target, ast.Name):  # dxs[t] += ..., for dxs += ...
            for turn in known.turns:
                place = parsed(f"{part.target.id}[{turn}]")
                yield replaced(part, target=replaced(place, ctx=ast.Store()))
    elif isinstance(part, ast.Assign) and len(part.targets) == 1 and not isinstance(part.targets[0], ast.Tuple):
        for operation in (ast.Add, ast.Mult) if not _is_nothing(part.value) else ():
            yield ast.copy_location(ast.AugAssign(part.targets[0], operation(), part.value), part)
    elif isinstance(part, (ast.If, ast.While)):
        yield replaced(part, test=ast.UnaryOp(ast.Not(), part.test))
    if isinstance(part, (ast.Assign, ast.AugAssign, ast.Return)) and part.value:
        for names in _renamings(part.value, known):
            yield replaced(part, value=_Renamed(names).visit(copy.deepcopy(part.value)))
        for old, new in _steps_away(part.value):
            yield replaced(part, value=_Moved(old, new).visit(copy.deepcopy(part.value)))


def _is_nothing(value):
    """Whether a value is zeros, or empty, which changes nothing where it is added."""
    return ast.unparse(value) in ("0", "0.0", "[]", "()", "{}", "''", "list()") or ast.unparse(value).startswith(
        "np.zeros"
    )


def _renamings(value, known):
    """Other texts by name: for a name that stands several times, for two that have the same shape, for a share
    and what it leaves."""
    used = [node.id for node in ast.walk(value) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    names = {name: known.texts[name] for name in used if name in known.texts}
    for name, seen in names.items():
        if used.count(name) > 1:
            yield from (
                {name: other}
                for other, its in known.texts.items()
                if its == seen and other != name and other.isidentifier()
            )
        if f"1 - {name}" in known.products:
            yield {name: f"(1 - {name})"}
    for one, other in combinations(names, 2):
        if names[one] == names[other]:
            yield {one: other, other: one}


def _steps_away(value):
    """Texts of an index that stands several times, and of the one before it or after it."""
    indices = [node.slice for node in ast.walk(value) if isinstance(node, ast.Subscript)]
    texts = [ast.unparse(index) for index in indices]
    for text, index in dict(zip(texts, indices, strict=True)).items():
        if texts.count(text) < 2:
            continue
        if isinstance(index, ast.BinOp) and isinstance(index.op, SUMS) and ast.unparse(index.right) == "1":
            yield text, ast.unparse(index.left)
        elif isinstance(index, ast.Name):
            yield from ((text, f"{text} - 1"), (text, f"{text} + 1"))


class _Moved(ast.NodeTransformer):
    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit_Subscript(self, node):
        self.generic_visit(node)
        return replaced(node, slice=parsed(self.new)) if ast.unparse(node.slice) == self.old else node


class _Renamed(ast.NodeTransformer):
    def __init__(self, names):
        self.texts = names

    def visit_Name(self, node):
        return parsed(self.texts[node.id]) if node.id in self.texts else node

    def visit_BinOp(self, node):
        """What a share leaves is the share where the share becomes what it leaves."""
        for name, text in self.texts.items():
            if text == f"({ast.unparse(node)})":
                return ast.Name(name, ast.Load())
        return self.generic_visit(node)


def moved(block):
    """(another block, the statement that goes elsewhere, the words for it): left out, a few lines away, out of a
    loop or into it."""
    for place, statement in enumerate(block):
        if not is_turn(statement):
            yield from _elsewhere(block, place, statement)
    for place, loop in enumerate(block):
        if isinstance(loop, ast.For):
            yield from _beside(block, place, loop)


def _elsewhere(block, place, statement):
    """A line is left out, or stands a few lines before or after."""
    rest = [*block[:place], *block[place + 1 :]]
    if not all(map(is_turn, rest)):
        yield rest, statement, "this line is one too many"
    for k in {*range(max(0, place - NEAR), min(place + NEAR, len(rest)) + 1)} - {place}:
        beside = rest[k] if k < place else rest[k - 1]
        if not is_turn(beside):
            words = f"this line belongs {'before' if k < place else 'after'} `{ast.unparse(beside).splitlines()[0]}`"
            yield [*rest[:k], statement, *rest[k:]], statement, words


def _beside(block, place, loop):
    """A line goes into a loop from before it or after it, or out of it; or the loop ends where a condition is met."""
    turn, *body = loop.body
    before, after = block[:place], block[place + 1 :]
    for k, inner in enumerate(body, 1):
        if isinstance(inner, ast.If) and not isinstance(inner.body[-1], (ast.Break, ast.Continue, ast.Return)):
            found = replaced(inner, body=[*inner.body, ast.copy_location(ast.Break(), inner.body[-1])])
            ended = replaced(loop, body=[*loop.body[:k], found, *loop.body[k + 1 :]])
            yield (
                [*before, ended, *after],
                inner,
                "`break` is missing at the end of this `if`: the loop goes on after it",
            )
    if before and not is_turn(before[-1]):
        inside = replaced(loop, body=[turn, before[-1], *body])
        yield [*before[:-1], inside, *after], before[-1], "this line belongs inside the loop after it"
    if after and not isinstance(after[0], ast.Return):
        inside = replaced(loop, body=[*loop.body, after[0]])
        yield [*before, inside, *after[1:]], after[0], "this line belongs inside the loop before it"
    if len(body) > 1:
        first, last = body[0], body[-1]
        yield (
            [*before, replaced(loop, body=loop.body[:-1]), last, *after],
            last,
            "this line belongs after the loop, not inside it",
        )
        yield (
            [*before, first, replaced(loop, body=[turn, *body[1:]]), *after],
            first,
            "this line belongs before the loop, not inside it",
        )
