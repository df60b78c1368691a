"""Terms and factors: left out, taken twice, the other way round, in another bracket, transposed or not."""

import ast
from itertools import combinations

from unrolled.mistakes.slips.shared import CONFUSED, OPPOSITE, is_function, parsed, stands, with_field


def operation(node, target, shapes):
    """Terms or factors left out, taken twice or the other way round; what is not transposed, or should
    not be; no square."""
    kind = type(node.op)
    if kind in CONFUSED:
        yield stands(with_field(node, "op", CONFUSED[kind]()), node, target)
    if kind in OPPOSITE:
        yield from _bracketed(node, target)
        yield from _drawn_in(node, target)
        yield from _parts(node, "term" if kind in (ast.Add, ast.Sub) else "factor", target)
    elif kind is ast.MatMult:
        yield from _other_factors(node, target, shapes)
        if _is_square(node.right, shapes):
            yield stands(node.left, node, target)
        for field in ("left", "right"):
            part = getattr(node, field)
            turned = (part.value if isinstance(part, ast.Attribute)
                and part.attr == "T" else ast.Attribute(part, "T", ast.Load()))
            yield with_field(node, field, turned), _turned(part, node, target)
    elif kind is ast.Pow:
        yield stands(node.left, node, target)
        yield stands(with_field(node, "op", ast.Mult()), node, target)


def _turned(part, product, target):
    """What is said of a factor that is transposed or not: true too where all vectors are columns, and every
    factor the other way."""
    name = ast.unparse(part.value if isinstance(part, ast.Attribute) and part.attr == "T" else part)
    return f"in {target}, `{name}` is the wrong way round: for arrays as they are given it is `{ast.unparse(product)}`"


def _is_square(node, shapes):
    """Whether a factor, transposed or not, is a square matrix: without it a product keeps its shape."""
    shape = shapes.get(getattr(getattr(node, "value", node), "id", None), ())
    return len(shape) == 2 and shape[0] == shape[1]


def _other_factors(node, target, shapes):
    """In `x.T @ da` another array of as many rows for x, or another gradient for da; the result may
    have another shape."""
    left, right = getattr(node.left, "value", None), node.right
    if not (isinstance(left, ast.Name) and isinstance(right, ast.Name) and len(shapes.get(left.id, ())) == 2):
        return
    for other, shape in shapes.items():
        if len(shape) == 2 and shape[0] == shapes[left.id][0] and other.isidentifier() and other not in (left.id,
            right.id):
            if not other.startswith("d"):
                yield with_field(node, "left", parsed(f"{other}.T")), stands(parsed(f"{other}.T"), node.left,
                    target)[1]
            elif len(other) == 2:
                yield with_field(node, "right", parsed(other)), stands(parsed(other), right, target)[1]


def _parts(node, word, target):
    """The slips of a sum or a product as a whole: not of one that is a part of it."""
    parts = flat(node)
    for count in range(1, len(parts)):
        for kept in combinations(parts, count):
            lost = [pair for pair in parts if not any(pair[1] is other for _, other in kept)]
            yield _joined(kept), _lacks(target, word, lost, node)
            if type(kept[0][0]) in (ast.Sub, ast.Div):      # the first that is left had its sign, or was divided by
                yield stands(_joined([(OPPOSITE[type(kept[0][0])](), kept[0][1]), *kept[1:]]), node, target)
    for place, (op, part) in reversed(list(enumerate(parts))):     # a minus in front is what nobody writes first
        yield _joined([*parts, (op, part)]), f"{target} has the {word} `{ast.unparse(part)}` twice"
        turned = [*parts[:place], (OPPOSITE[type(op)](), part), *parts[place + 1 :]]
        yield stands(_joined(turned), node, target)
    yield stands(_joined([(OPPOSITE[type(op)](), part) for op, part in parts]), node, target)
    yield from _other_slopes(parts, node, target)


def _lacks(target, word, lost, node):
    """What is said of terms or factors that are left out; what is added to and left out itself holds what
    came last alone."""
    texts = [ast.unparse(part) for _, part in lost]
    if word == "term" and f"`{texts[0]}`" == target and len(lost) == 1:
        return (
            f"{target} holds one step's part alone: add each step's to it, inside the loop, "
            f"`{texts[0]} = {ast.unparse(node)}`"
        )
    if all(isinstance(op, ast.Div) for op, _ in lost):
        return f"{target} is not divided by {' and '.join(f'`{text}`' for text in texts)}"
    if all(isinstance(op, ast.Sub) for op, _ in lost):
        return (
            f"in {target}, {' and '.join(f'`{text}`' for text in texts)} {'are' if len(lost) > 1 else 'is'} not taken "
            "away"
        )
    return f"{target} lacks the {word}{'s' if len(lost) > 1 else ''} {' and '.join(f'`{text}`' for text in texts)}"


def _other_slopes(parts, node, target):
    """The slope of tanh, `1 - s ** 2`, stands where that of sigmoid belongs, `s * (1 - s)`, or the other way round."""
    texts = [ast.unparse(part) for _, part in parts]
    for place, text in enumerate(texts):
        if f"1 - {text}" in texts[place + 1 :]:
            rest = texts.index(f"1 - {text}", place + 1)
            others = [(ast.Mult(), parsed(f"1 - ({text}) ** 2")) if i == place else pair
                for i, pair in enumerate(parts) if i != rest]
            yield stands(_joined(others), node, target)
        if text.startswith("1 - ") and text.endswith(" ** 2"):
            state = text[4:-5]
            slope = [(ast.Mult(), parsed(state)), (ast.Mult(), parsed(f"1 - {state}"))]
            yield stands(_joined([*parts[:place], *slope, *parts[place + 1 :]]), node, target)


def flat(node):
    """The terms of a sum or the factors of a product, each with the operation by which it is joined."""
    like = (ast.Add, ast.Sub) if isinstance(node.op, (ast.Add, ast.Sub)) else (ast.Mult, ast.Div)
    left, right = node.left, node.right
    joined = isinstance(left, ast.BinOp) and isinstance(left.op, like)
    return [*(flat(left) if joined else [(like[0](), left)]), (node.op, right)]


def _joined(parts):
    """The sum or product of parts; one that is subtracted or divided by stands so in front too."""
    (op, whole), *rest = parts
    if isinstance(op, ast.Sub):
        whole = ast.UnaryOp(ast.USub(), whole)
    elif isinstance(op, ast.Div):
        whole = ast.BinOp(ast.Constant(1), op, whole)
    for op, part in rest:
        whole = ast.BinOp(whole, op, part)
    return whole


def _bracketed(node, target):
    """A bracket that should not be there, `a * (b + c)` for `a * b + c`, or is missing."""
    sums = isinstance(node.op, (ast.Add, ast.Sub))
    for near, far in (("left", "right"), ("right", "left")):
        part = getattr(node, near)
        if isinstance(part, ast.BinOp) and type(part.op) in OPPOSITE and sums != isinstance(part.op,
            (ast.Add, ast.Sub)):
            yield stands(with_field(part, far, with_field(node, near, getattr(part, far))), node, target)
            yield stands(with_field(part, near, with_field(node, near, getattr(part, near))), node, target)
    if sums and isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Pow):
        yield stands(with_field(node.right, "left", with_field(node, "right", node.right.left)), node, target)


def _drawn_in(node, target):
    """What stands beside a function's value stands inside: `np.tanh(o * c)` for `o * np.tanh(c)`."""
    for field in ("left", "right"):
        part = getattr(node, field)
        if is_function(part):
            yield stands(with_field(part, "args", [with_field(node, field, part.args[0])]), node, target)


def foreign_factors(value, target, factors):
    """In a gradient, a product of one, a factor from another line: one too many, or in the place of the only one."""
    if not (isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult) and target.startswith("`d")):
        return
    parts = flat(value)
    own = [ast.unparse(part) for _, part in parts]
    for text in factors:
        if text in own:
            continue
        yield ast.BinOp(value, ast.Mult(), parsed(text)), f"{target} has a factor too many, `{text}`"
        if len(parts) == 2 and own[0].startswith("d") and "*" not in text:
            yield _joined(
                [parts[0], (ast.Mult(), parsed(text))]), f"in {target}, `{text}` stands where `{own[1]}` belongs"
