"""What may stand in the place of an expression, or of a part of one: another name, sign, axis, index,
bracket or order."""

import ast
import copy
from itertools import combinations

OPERATIONS = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.MatMult, ast.Div, ast.Add, ast.Pow),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Mod,),
    ast.Mod: (ast.FloorDiv,),
}
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE),
    ast.LtE: (ast.Lt, ast.GtE, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE),
    ast.GtE: (ast.Gt, ast.LtE, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
NAMESAKES = (
    ("sum", "mean", "max", "min"),
    ("std", "var"),
    ("argmax", "argmin"),
    ("tanh", "sigmoid", "exp"),
    ("exp", "exp2", "expm1"),
    ("log", "log2", "log10", "log1p"),
    ("maximum", "minimum"),
    ("max", "min"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("ones", "eye"),
    ("repeat", "tile"),
    ("hstack", "vstack", "stack"),
    ("concatenate", "stack"),
    ("floor", "ceil", "round"),
    ("any", "all"),
    ("multiply", "matmul"),
    ("abs", "sign"),
)
ALONG_AN_AXIS = frozenset("sum mean max min std argmax concatenate stack softmax cumsum split repeat any all".split())
SYMBOLS = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.MatMult: "@",
    ast.Pow: "**",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
PRODUCTS, SUMS = (ast.Mult, ast.Div), (ast.Add, ast.Sub)


def parsed(text):
    """The tree of an expression's text."""
    return ast.parse(text, mode="eval").body


def replaced(node, **fields):
    """A node as it is but for some fields."""
    new = copy.copy(node)
    for field, value in fields.items():
        setattr(new, field, value)
    return new


def is_value(part):
    """Whether a part is an expression that is read, not written into."""
    return isinstance(part, ast.expr) and isinstance(getattr(part, "ctx", ast.Load()), ast.Load)


def lesser(part, node, known):
    """One sign, name, number, function, axis or bracket is another, or something is left out."""
    if isinstance(part, (ast.operator, ast.cmpop)):
        raises = known.shape(getattr(node, "left", None))  # a power of a size may be as large as no memory is
        others = {**OPERATIONS, **COMPARISONS}.get(type(part), ())
        yield from (other() for other in others if other is not ast.Pow or raises)
    elif isinstance(part, (ast.Tuple, ast.List)):
        yield from (replaced(part, elts=elts) for elts in _reordered(part.elts))
    elif isinstance(part, ast.keyword):
        yield from _keywords(part)
    elif isinstance(part, ast.Slice):
        yield from _slices(part)
        yield from (other for text, other in known.slices.items() if text != ast.unparse(part))
    elif is_value(part) and type(part) in RULES:
        yield from RULES[type(part)](part, node, known)


def _reordered(items):
    """Two of some items in each other's places."""
    for i, j in combinations(range(len(items)), 2):
        new = list(items)
        new[i], new[j] = new[j], new[i]
        yield new


def _keywords(part):
    if part.arg == "axis":
        for other in ("0", "1", "-1", "None", "(0, 1)"):
            if other != ast.unparse(part.value):
                yield replaced(part, value=parsed(other))
    elif isinstance(part.value, ast.Constant) and isinstance(part.value.value, bool):
        yield replaced(part, value=ast.Constant(not part.value.value))


def _slices(part):
    texts = {"lower": ("1", None), "upper": ("-1", None), "step": ("-1", None)}
    for field, others in texts.items():
        own = getattr(part, field)
        for other in others:
            if (own and ast.unparse(own)) != other:
                yield replaced(part, **{field: other and parsed(other)})
    if part.lower and part.upper:
        yield from (replaced(part, lower=_moved(part.lower, by), upper=_moved(part.upper, by)) for by in (1, -1))
    if part.step and ast.unparse(part.step) == "-1":
        if part.lower and ast.unparse(part.upper or ast.Constant(0)) == "0":  # a[k - 1 :: -1], for a[k : 0 : -1]
            yield replaced(part, lower=_moved(part.lower, -1), upper=None)
        if part.upper:
            yield from (replaced(part, upper=_moved(part.upper, by)) for by in (1, -1))
    if part.step is None:
        yield replaced(part, lower=part.upper, upper=part.lower)
        if part.lower is None and part.upper is None:
            yield ast.Slice(None, parsed("-1"), None)


def _moved(bound, by):
    """A bound of a slice one further, or one less; None where that is the end."""
    if ast.unparse(bound) == "-1" and by == 1:
        return None
    back = ast.Sub if by > 0 else ast.Add
    if isinstance(bound, ast.BinOp) and isinstance(bound.op, back) and ast.unparse(bound.right) == "1":
        return bound.left
    return parsed(f"{ast.unparse(bound)} {'+' if by > 0 else '-'} 1")


def _names(part, node, known):
    if isinstance(node, ast.Call) and part is node.func:
        return
    for text in known.alike(part):
        yield parsed(text)
    if isinstance(node, ast.Assign) and known.shape(part) is not None:  # a sum that begins with what was summed before
        yield parsed(f"np.zeros_like({part.id})" if known.shape(part) else "0")
    if known.is_whole(part) and not (isinstance(node, ast.BinOp) and isinstance(node.op, SUMS)):
        yield parsed(f"{part.id} - 1")
        yield parsed(f"{part.id} + 1")
    if len(known.shape(part) or ()) >= 2:
        yield parsed(f"{part.id}.T")


def _namesakes(name):
    return dict.fromkeys(other for kind in NAMESAKES if name in kind for other in kind if other != name)


def _attributes(part, node, known):
    if part.attr == "T":
        yield part.value
        for text in known.alike(part.value):
            yield parsed(f"{text}.T")


def _subscripts(part, node, known):
    for text in known.alike(part):
        yield parsed(text)
    if known.is_numeric(part.value):  # `np.c_` without its brackets has no end
        yield part.value
    if isinstance(part.slice, ast.BinOp) and isinstance(part.slice.op, SUMS):
        yield replaced(part, slice=part.slice.left)
    if len(known.shape(part) or ()) == 2:
        yield ast.Attribute(part, "T", ast.Load())
    yield from _starts(part, known)


def _starts(part, known):
    """Something else at the first step, where `hs[t - 1]` is the last."""
    for inner in ast.walk(part.slice):
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub) and ast.unparse(inner.right) == "1":
            yield from (ast.IfExp(inner.left, part, parsed(text)) for text in known.alike(part))


def _numbers(part, node, known):
    value = part.value
    if type(value) is int:
        near = (value - 1, value + 1) if value else (1, -1)
        others = (*near, -value, *((1 / value,) if value > 1 else ()))
    elif type(value) is float:
        others = (0, 1, *((1 / value, 1 - value) if value else ()))
    elif type(value) is bool:
        others = (not value,)
    else:
        return
    for other in others:
        if other != value and not (other == 0 and isinstance(node, ast.UnaryOp)):
            yield parsed(repr(other))


def _operations(part, node, known):
    yield part.left
    yield part.right
    if known.is_whole(part) and not isinstance(node, ast.BinOp):
        yield ast.BinOp(part, ast.Add(), ast.Constant(1))
        yield ast.BinOp(part, ast.Sub(), ast.Constant(1))
    if known.is_whole(part) and isinstance(part.op, ast.Add):  # where a last piece is shorter than the others
        yield from (parsed(f"min({ast.unparse(part)}, {size})") for size in known.sizes(part))
    if isinstance(part.op, ast.Pow) and ast.unparse(part.right) == "2":
        yield parsed(f"np.abs({ast.unparse(part.left)})")
    if not isinstance(part.op, (ast.Add, ast.Mult)):
        yield replaced(part, left=part.right, right=part.left)
    if type(part.op) in SYMBOLS:
        yield from _bracketed(part)
    for field in ("left", "right"):
        inner = getattr(part, field)
        # np.tanh(o * c), for o * np.tanh(c)
        if isinstance(inner, ast.Call) and len(inner.args) == 1 and not inner.keywords:
            yield replaced(inner, args=[replaced(part, **{field: inner.args[0]})])
        if isinstance(inner, ast.BinOp) and _strength(inner) == _strength(part):  # two factors or terms less
            yield inner.left if field == "left" else inner.right


def _strength(node):
    """How closely an operation holds its sides together; that of none that is listed is in brackets where it
    stands beside one."""
    kinds = (SUMS, (*PRODUCTS, ast.MatMult, ast.FloorDiv, ast.Mod), (ast.Pow,))
    return next((place for place, kind in enumerate(kinds, 1) if isinstance(node.op, kind)), 0)


def _in_a_row(node):
    """Operands and operations as they stand in a line, what is in brackets as one operand."""
    left, right = node.left, node.right
    opens = isinstance(left, ast.BinOp) and 3 > _strength(left) >= _strength(node)
    goes_on = isinstance(right, ast.BinOp) and _strength(right) > _strength(node)
    return [*(_in_a_row(left) if opens else [left]), node.op, *(_in_a_row(right) if goes_on else [right])]


def _bracketed(node):
    """A pair of brackets more, or one less."""
    row = _in_a_row(node)
    texts = [SYMBOLS[type(item)] if isinstance(item, ast.operator) else _in_brackets(item) for item in row]
    for start, stop in combinations(range(0, len(row), 2), 2):
        if (start, stop) != (0, len(row) - 1):
            yield parsed(" ".join([*texts[:start], "(", *texts[start : stop + 1], ")", *texts[stop + 1 :]]))
    right = node.right
    # dh * (1 - h), for dh * 1 - h
    if isinstance(node.op, SUMS) and isinstance(right, ast.BinOp) and isinstance(right.op, ast.Mult):
        yield ast.BinOp(right.left, ast.Mult(), replaced(node, right=right.right))
    for place, item in enumerate(row):
        if isinstance(item, ast.BinOp):
            yield parsed(" ".join([*texts[:place], ast.unparse(item), *texts[place + 1 :]]))


def _in_brackets(node):
    text = ast.unparse(node)
    return text if isinstance(node, (ast.Name, ast.Constant, ast.Call, ast.Subscript, ast.Attribute)) else f"({text})"


def _signs(part, node, known):
    yield part.operand
    if isinstance(part.operand, ast.Constant):  # hs[0], for hs[-1]
        yield ast.Constant(0)


def _functions(func):
    """Other functions of the same kind in the place of one that is called."""
    if isinstance(func, ast.Name):
        yield from (parsed(f"np.{other}" if func.id == "sigmoid" else other) for other in _namesakes(func.id))
    elif isinstance(func, ast.Attribute):
        for other in _namesakes(func.attr):
            of_ours = other == "sigmoid" and ast.unparse(func.value) == "np"
            yield parsed(other) if of_ours else replaced(func, attr=other)


def _calls(part, node, known):
    yield from (replaced(part, func=func) for func in _functions(part.func))
    of = [part.func.value] if isinstance(part.func, ast.Attribute) else []
    for value in [*part.args, *of]:
        if ast.unparse(value) not in ("np", "math"):
            yield value
    yield from (replaced(part, args=args) for args in _reordered(part.args))
    for place, _ in enumerate(part.keywords):
        yield replaced(part, keywords=[*part.keywords[:place], *part.keywords[place + 1 :]])
    if known.is_whole(part) and not isinstance(node, ast.BinOp):
        yield ast.BinOp(part, ast.Sub(), ast.Constant(1))
        yield ast.BinOp(part, ast.Add(), ast.Constant(1))
    name = getattr(part.func, "attr", getattr(part.func, "id", ""))
    yield from (replaced(part, keywords=[*part.keywords, *map(_keyword, words)]) for words in _words_more(part, name))
    if name == "range":
        yield from _ranges(part)
    if name in ("zeros", "zeros_like"):  # where something is given to begin with
        yield from (parsed(form.format(text)) for form in ("{}", "{}.copy()") for text in known.alike(part))
    if name == "len" and len(part.args) == 1:
        yield from (parsed(f"{ast.unparse(part.args[0])}.{size}") for size in ("size", "shape[1]"))
    # np.tanh(x) + b, for np.tanh(x + b), is of operations
    if len(part.args) == 1 and isinstance(part.args[0], ast.BinOp):
        inner = part.args[0]
        yield replaced(inner, left=replaced(part, args=[inner.left]))
        yield replaced(inner, right=replaced(part, args=[inner.right]))


def _words_more(part, name):
    """An axis for a function that has none yet, or that its axes be kept."""
    given = {word.arg for word in part.keywords}
    for axis in ("axis=0", "axis=1", "axis=-1") if name in ALONG_AN_AXIS and "axis" not in given else ():
        yield [axis]
        if name in ("sum", "mean", "max"):
            yield [axis, "keepdims=True"]
    if name in ("sum", "mean", "max", "min", "std") and "keepdims" not in given:
        yield ["keepdims=True"]


def _keyword(text):
    return parsed(f"f({text})").keywords[0]


def _ranges(part):
    bounds = [ast.unparse(value) for value in part.args]
    yield parsed(f"reversed({ast.unparse(part)})")
    if len(bounds) == 1:
        yield parsed(f"range(1, {bounds[0]})")
        yield parsed(f"range(1, {bounds[0]} + 1)")
        yield parsed(f"range({bounds[0]} - 1)")
        if not bounds[0].endswith("- 1"):  # without which it is tried anyway
            yield parsed(f"range({bounds[0]} + 1)")


def _thresholds(part, node, known):
    """Zero itself, for less than something small."""
    small = getattr(part.comparators[0], "value", None)
    if type(small) is float and small > 0 and isinstance(part.ops[0], (ast.Lt, ast.LtE)):
        yield replaced(part, ops=[ast.Eq()], comparators=[ast.Constant(0), *part.comparators[1:]])


def _choices(part, node, known):
    yield part.body
    yield part.orelse
    yield replaced(part, body=part.orelse, orelse=part.body)


RULES = {
    ast.Name: _names,
    ast.Attribute: _attributes,
    ast.Subscript: _subscripts,
    ast.Constant: _numbers,
    ast.BinOp: _operations,
    ast.UnaryOp: _signs,
    ast.Call: _calls,
    ast.Compare: _thresholds,
    ast.IfExp: _choices,
}
