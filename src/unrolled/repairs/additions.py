"""What may stand around an expression, or beside it: a function, a sign, a place of it, a factor, a term
or a matrix more."""

import ast

from unrolled.repairs.expressions import PRODUCTS, SUMS, is_value, parsed

SCALED = ("1 - ({})", "2 * ({})", "({}) / 2", "1 / ({})", "({}) - 1", "({}) + 1")
SLOPES = ("{}", "(1 - {})", "(1 - {} ** 2)", "{} * (1 - {})")
OF_ONE_SIGN = ("softmax", "sigmoid", "np.exp", "np.sqrt", "np.square", "np.abs")


def wrapped(part, node, known):
    """A function, a sign or a factor 2 more; or a name of another shape, or a place of it."""
    if isinstance(part, ast.Constant) and type(part.value) in (int, float):
        numbers = {name: seen for name, seen in known.texts.items() if seen.shape == () and name.isidentifier()}
        names = [name for name, seen in numbers.items() if seen.whole == isinstance(part.value, int)]
        yield from map(parsed, names)
        if isinstance(node, ast.Slice) and part.value > 1:  # a[:, H : 2 * H], for a[:, H : 2]
            yield from (parsed(f"{part.value} * {name}") for name in names)
    if isinstance(part, ast.Name) and known.is_whole(part) and isinstance(node, ast.Call):
        yield from map(parsed, known.lengths())
    if not _is_measured(part, node, known):
        return
    text = ast.unparse(part)
    if _is_gone_through(part, node) and known.shape(part):
        yield from (parsed(f"{text}[{steps}]") for steps in (":-1", "1:"))
    if isinstance(part, (ast.Name, ast.Attribute)):
        yield from map(parsed, known.near(part))
        places = [*known.turns, 0, 1] if known.shape(part) else []  # as the two directions have
        yield from (parsed(f"{text}[{place}]") for place in places)
    held_to_0 = isinstance(node, ast.Compare) and any(map(_is_zero, (node.left, *node.comparators)))
    for form in known.functions + SCALED:
        if held_to_0 and form.startswith(OF_ONE_SIGN):
            continue
        if (
            form.startswith("np.abs") and known.shape(part) == ()
        ):  # of Python's numbers it makes NumPy's, which divide by 0
            continue
        if not form.startswith("softmax") or known.shape(part)[-1:] > (1,):  # of one score alone it is always 1
            yield parsed(form.format(text))


def _is_gone_through(part, node):
    """Whether a loop goes through a part, `xs` in `for t, x in enumerate(xs)`."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", None) in ("enumerate", "zip", "reversed") and part in node.args
    return isinstance(node, ast.For) and part is node.iter


def _is_zero(node):
    return isinstance(node, ast.Constant) and node.value == 0


def joined(part, node, known):
    """A factor, a term or a matrix more."""
    if not _is_measured(part, node, known):
        return
    operation = type(node.op) if isinstance(node, ast.BinOp) else None
    if operation not in PRODUCTS:
        yield from _multiplied(part, known)
    if operation not in SUMS:
        for other in known.fitting(part, products=True):
            yield ast.BinOp(part, ast.Add(), parsed(other))
            yield ast.BinOp(part, ast.Sub(), parsed(other))
    if operation is not ast.MatMult and not _is_made_empty(part):
        yield from (ast.BinOp(part, ast.MatMult(), parsed(matrix)) for matrix in known.matrices(part))


def _is_made_empty(part):
    """Whether a part makes room for numbers: of a product with it the shape alone would be right."""
    return ast.unparse(part).startswith(("np.zeros", "np.empty"))


def _is_measured(part, node, known):
    """Whether a part gave an array or a number from which something may be made: not what is written into,
    `hs` in `hs[t] = h`."""
    written = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and part is node.value
    return is_value(part) and not written and not isinstance(part, ast.Constant) and known.shape(part) is not None


def _multiplied(part, known):
    """A factor more: an array or a number, what a share leaves, a slope; or divided by one."""
    for other in known.fitting(part):
        for slope in SLOPES if known.texts[other].shape == known.shape(part) else SLOPES[:1]:
            yield ast.BinOp(part, ast.Mult(), parsed(slope.format(other, other)))
        yield ast.BinOp(part, ast.Div(), parsed(other))
        if f"1 - {other}" in known.products:
            yield ast.BinOp(part, ast.Div(), parsed(f"1 - {other}"))
        if known.texts[other].shape == known.shape(part):
            yield ast.BinOp(parsed(other), ast.Div(), part)
