"""The rules by the kind of a node, and how a whole statement is changed by them."""

import ast
import re

from unrolled.mistakes.slips.calls import call
from unrolled.mistakes.slips.names import everywhere, exchanged, name
from unrolled.mistakes.slips.shared import parsed, stands, with_field
from unrolled.mistakes.slips.sums import foreign_factors, operation

COMPARISONS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}


def changed(statement, shapes, factors):
    """(another value, what is wrong with it) for each slip in a statement."""
    target = f"`{ast.unparse(statement.targets[0])}`" if isinstance(statement, ast.Assign) else "the result"
    # what is changed is handed over
    if isinstance(statement.value, ast.Call) and isinstance(statement.value.func, ast.Name) and "," in target:
        target = f"the call of `{ast.unparse(statement.value.func)}`"
    yield from foreign_factors(statement.value, target, factors)
    yield from everywhere(statement.value, target, shapes)
    yield from _anywhere(statement.value, target, shapes)
    yield from exchanged(statement.value, target, shapes)


def _anywhere(node, target, shapes):
    """A node changed by the rules for its kind, or in one of its parts."""
    if type(node) in RULES:
        yield from RULES[type(node)](node, target, shapes)
    for field, part in ast.iter_fields(node) if not isinstance(node, ast.keyword) else ():
        parts = part if isinstance(part, list) else [part]
        for place, child in enumerate(parts):
            if isinstance(child, (ast.expr, ast.keyword)):
                for new, words in _anywhere(child, target, shapes):
                    if isinstance(getattr(node, "op", None), ast.Div) and field == "right":
                        words = re.sub(r" lacks the factors? ", " is not divided by ", words)
                    whole = with_field(node, field,
                        [*parts[:place], new, *parts[place + 1 :]] if parts is part else new)
                    # a number by itself says little
                    yield whole, stands(whole, node, target)[1] if isinstance(node,
                        (ast.Subscript, ast.Compare)) else words


def _number(node, target, shapes):
    """One more, or one less."""
    if type(node.value) is int:
        for other in (node.value - 1, node.value + 1):
            yield stands(parsed(str(other)), node, target)


def _place(node, target, shapes):
    """The first place, or the one before, for the place that a loop has come to."""
    if isinstance(node.slice, ast.Name) and isinstance(node.value, ast.Name):
        for other in ("0", f"{node.slice.id} - 1"):
            yield stands(with_field(node, "slice", parsed(other)), node, target)


def _comparison(node, target, shapes):
    """The bound itself counts, or does not."""
    if type(node.ops[0]) in COMPARISONS:
        yield stands(with_field(node, "ops", [COMPARISONS[type(node.ops[0])](), *node.ops[1:]]), node, target)


def _choice(node, target, shapes):
    """One side of a choice whatever the condition says."""
    for side in (node.body, node.orelse):
        yield stands(side, node, target)


def _sign(node, target, shapes):
    """No minus."""
    if isinstance(node.op, ast.USub):
        yield stands(node.operand, node, target)


RULES = {
    ast.Name: name, ast.BinOp: operation, ast.Call: call, ast.Constant: _number,
    ast.Subscript: _place, ast.Compare: _comparison, ast.IfExp: _choice, ast.UnaryOp: _sign,
}
