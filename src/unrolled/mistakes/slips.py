"""Slips that nobody had to list: in one line of the reference a term, a factor, a sign, a name or a function is another.

A rule makes them from the line itself, and their sentence too: "in `dz`, `n` stands where `h_prev - n` belongs". Each is an edit
like a known mistake, and is tried after all of these: what students get wrong often has a sentence of its own, which says why.
"""

import ast
import copy
import functools
import re
import sys
from itertools import combinations

import numpy as np

from unrolled.mistakes.edits import Edit, Mistake, tree_of, with_called

# The functions of one argument that may be left out, taken twice, or taken for each other.
FUNCTIONS = ("np.tanh", "sigmoid", "np.exp", "np.log", "np.sqrt", "np.square", "np.abs", "softmax")
REDUCTIONS = ("sum", "mean", "max", "min")
ON_AXES = {"sum": "a sum is taken", "mean": "a mean is taken", "max": "the largest is taken", "concatenate": "arrays are joined", "stack": "arrays are joined", "split": "an array is split"}
COMPARISONS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OPPOSITE = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
CONFUSED = {ast.Add: ast.Mult, ast.Mult: ast.Add}
MEASURES = ("np.square", "np.abs")
NAMESAKES = {"np.exp": ("np.exp2",), "np.log": ("np.log2", "np.log10"), "np.tanh": ("np.tan",)}
NUMBERS = np.ndarray, np.generic, int, float


def slips(of, inputs):
    """The slips of a reference function and of what it calls, which many write out, each a Mistake; inputs are some that it takes.

    A name is taken for another that looks like it and has a value of the same shape: in the inputs all sizes should differ.
    """
    return _slips(of, tuple(_shapes(of, inputs).items()))


@functools.cache
def _slips(of, shapes):
    found, sentences = {}, set()
    for function, names in shapes:
        names = dict(names)
        names |= _rests(tree_of(function), names)
        factors = _factors(tree_of(function))
        unfinished = _unfinished(tree_of(function))
        for statement in ast.walk(tree_of(function)):
            if isinstance(statement, (ast.Assign, ast.Return)) and not isinstance(statement.value, ast.Tuple):
                for new, sentence in _changed(statement, names, factors):
                    if unfinished & (_variables(new) - _variables(statement.value)) or _says_nothing(new):
                        continue
                    edit = _edit(function, statement, new)
                    if edit not in found and sentence in sentences and "wrong axis" not in sentence:    # of a name that stands there several times
                        sentence = sentence.replace("in ", "in one place of ", 1)
                    if function is not of:
                        sentence = sentence.replace("in the result", f"in the result of `{function.__name__}`")
                    sentences.add(sentence)
                    found.setdefault(edit, Mistake(of, f"slip_{len(found)}", sentence, (edit,)))
    return tuple(found.values())


def _rests(tree, shapes):
    """What shares leave, where a function uses it: {"1 - z": the shape of z}."""
    texts = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.BinOp)]
    return {f"1 - {name}": shape for name, shape in shapes.items() if f"1 - {name}" in texts}


def _unfinished(tree):
    """Gradients of weights that begin at zeros, to be added up: nobody takes them for something else before they are made."""
    return {
        ast.unparse(node.targets[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node).startswith("dW") and "np.zeros" in ast.unparse(node.value)
    }


def _factors(tree):
    """What a function that has gates multiplies by, entry by entry, other than gradients: gates, states, slopes `f * (1 - f)`."""
    products = [_flat(node) for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)]
    blocks = [node.targets[0].elts for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple)]
    texts = dict.fromkeys(name.id for names in blocks for name in names if getattr(name, "id", "W").islower())
    texts |= dict.fromkeys(ast.unparse(part) for parts in products for op, part in parts if isinstance(op, ast.Mult))
    factors = [text for text in texts if not text.startswith(("d", "np.")) and "@" not in text and not text.isdigit()]
    slopes = [f"{text} * (1 - {text})" for text in factors if f"1 - {text}" in factors]
    return factors + slopes if slopes else []


def _says_nothing(tree):
    """Whether something is compared with itself there, which nobody writes."""
    return any(isinstance(node, ast.Compare) and ast.unparse(node.left) == ast.unparse(node.comparators[0]) for node in ast.walk(tree))


def _variables(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _shapes(of, inputs):
    """By function, the names and shapes of its variables at its end, of `of` and what it calls."""
    functions = {function.__code__: function for function in with_called(of)}
    shapes = {}

    def look(frame, event, value):
        if event == "return" and frame.f_code in functions:
            names = frame.f_locals.items()
            shapes[functions[frame.f_code]] = tuple((name, np.shape(value)) for name, value in names if isinstance(value, NUMBERS))

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        of(*copy.deepcopy(list(inputs.values())))
    finally:
        sys.setprofile(before)
    return shapes


def _edit(function, statement, new):
    """The Edit that writes another value into a statement."""
    other = copy.copy(statement)
    other.value = new
    line = " " * statement.col_offset + ast.unparse(ast.fix_missing_locations(other))
    return Edit(function, statement.lineno - 1, statement.end_lineno, (line,))


def _changed(statement, shapes, factors):
    """(another value, what is wrong with it) for each slip in a statement."""
    target = f"`{ast.unparse(statement.targets[0])}`" if isinstance(statement, ast.Assign) else "the result"
    if isinstance(statement.value, ast.Call) and isinstance(statement.value.func, ast.Name) and "," in target:     # what is changed is handed over
        target = f"the call of `{ast.unparse(statement.value.func)}`"
    yield from _foreign_factors(statement.value, target, factors)
    yield from _everywhere(statement.value, target, shapes)
    yield from _anywhere(statement.value, target, shapes)
    yield from _exchanged(statement.value, target, shapes)


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
                    whole = _with(node, field, [*parts[:place], new, *parts[place + 1 :]] if parts is part else new)
                    yield whole, _stands(whole, node, target)[1] if isinstance(node, (ast.Subscript, ast.Compare)) else words  # a number by itself says little


def _with(node, field, value):
    """A copy of a node with another value in one field."""
    new = copy.copy(node)
    setattr(new, field, value)
    return new


def _stands(new, old, target):
    """The slip that new stands in the place of old."""
    return new, f"in {target}, `{ast.unparse(new)}` stands where `{ast.unparse(old)}` belongs"


def _everywhere(value, target, shapes):
    """A name that stands several times is another each time."""
    used = _used(value, shapes)
    for name in dict.fromkeys(used):
        for other in filter(str.isidentifier, _alike(name, shapes)) if used.count(name) > 1 else ():
            yield _renamed(value, {name: other}), f"in {target}, `{other}` stands where `{name}` belongs"


def _exchanged(value, target, shapes):
    """Two names stand in each other's places."""
    for one, other in combinations(dict.fromkeys(_used(value, shapes)), 2):
        if shapes[one] == shapes[other]:
            yield _renamed(value, {one: other, other: one}), f"in {target}, `{one}` and `{other}` stand in each other's places"


def _used(value, shapes):
    """The variables in a value, as often as they stand there."""
    return [node.id for node in ast.walk(value) if isinstance(node, ast.Name) and node.id in shapes]


def _renamed(value, names):
    new = copy.deepcopy(value)
    for node in ast.walk(new):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
    return new


def _alike(name, shapes):
    """Names of the same shape that begin or end as this one does, or differ from it in one letter."""
    return [other for other in shapes if other != name and shapes[other] == shapes.get(name) and _look_alike(name, other)]


def _look_alike(one, other):
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(short, long, strict=True)) == 1 or _before_ending(one) == _before_ending(other) != ""
    return long.startswith(short) or long.endswith(short)


def _before_ending(name):
    """What stands before the last underscore of a name: `dW_x` of `dW_x_fwd`."""
    return name.rpartition("_")[0]


def _name(node, target, shapes):
    """Another name that looks like it, or what a share leaves; 1 for a number."""
    others = _alike(node.id, shapes) + ["1"] * (shapes.get(node.id) == ())
    for other in others:
        yield _stands(_parsed(other), node, target)


def _parsed(text):
    return ast.parse(text, mode="eval").body


def _operation(node, target, shapes):
    """Terms or factors left out, taken twice or the other way round; what is not transposed, or should not be; no square."""
    kind = type(node.op)
    if kind in CONFUSED:
        yield _stands(_with(node, "op", CONFUSED[kind]()), node, target)
    if kind in OPPOSITE:
        yield from _bracketed(node, target)
        yield from _drawn_in(node, target)
        yield from _parts(node, "term" if kind in (ast.Add, ast.Sub) else "factor", target)
    elif kind is ast.MatMult:
        yield from _other_factors(node, target, shapes)
        if _is_square(node.right, shapes):
            yield _stands(node.left, node, target)
        for field in ("left", "right"):
            part = getattr(node, field)
            turned = part.value if isinstance(part, ast.Attribute) and part.attr == "T" else ast.Attribute(part, "T", ast.Load())
            yield _with(node, field, turned), _turned(part, node, target)
    elif kind is ast.Pow:
        yield _stands(node.left, node, target)


def _turned(part, product, target):
    """What is said of a factor that is transposed or not: true too where all vectors are columns, and every factor the other way."""
    name = ast.unparse(part.value if isinstance(part, ast.Attribute) and part.attr == "T" else part)
    return f"in {target}, `{name}` is the wrong way round: for arrays as they are given it is `{ast.unparse(product)}`"


def _is_square(node, shapes):
    """Whether a factor, transposed or not, is a square matrix: without it a product keeps its shape."""
    shape = shapes.get(getattr(getattr(node, "value", node), "id", None), ())
    return len(shape) == 2 and shape[0] == shape[1]


def _other_factors(node, target, shapes):
    """In `x.T @ da` another array of as many rows for x, or another gradient for da; the result may have another shape."""
    left, right = getattr(node.left, "value", None), node.right
    if not (isinstance(left, ast.Name) and isinstance(right, ast.Name) and len(shapes.get(left.id, ())) == 2):
        return
    for other, shape in shapes.items():
        if len(shape) == 2 and shape[0] == shapes[left.id][0] and other.isidentifier() and other not in (left.id, right.id):
            if not other.startswith("d"):
                yield _with(node, "left", _parsed(f"{other}.T")), _stands(_parsed(f"{other}.T"), node.left, target)[1]
            elif len(other) == 2:
                yield _with(node, "right", _parsed(other)), _stands(_parsed(other), right, target)[1]


def _parts(node, word, target):
    """The slips of a sum or a product as a whole: not of one that is a part of it."""
    parts = _flat(node)
    for count in range(1, len(parts)):
        for kept in combinations(parts, count):
            lost = [pair for pair in parts if not any(pair[1] is other for _, other in kept)]
            yield _joined(kept), _lacks(target, word, lost, node)
            if type(kept[0][0]) in (ast.Sub, ast.Div):      # the first that is left had its sign, or was divided by
                yield _stands(_joined([(OPPOSITE[type(kept[0][0])](), kept[0][1]), *kept[1:]]), node, target)
    for place, (op, part) in reversed(list(enumerate(parts))):     # a minus in front is what nobody writes first
        yield _joined([*parts, (op, part)]), f"{target} has the {word} `{ast.unparse(part)}` twice"
        turned = [*parts[:place], (OPPOSITE[type(op)](), part), *parts[place + 1 :]]
        yield _stands(_joined(turned), node, target)
    yield _stands(_joined([(OPPOSITE[type(op)](), part) for op, part in parts]), node, target)
    yield from _other_slopes(parts, node, target)


def _lacks(target, word, lost, node):
    """What is said of terms or factors that are left out; what is added to and left out itself holds what came last alone."""
    texts = [ast.unparse(part) for _, part in lost]
    if word == "term" and f"`{texts[0]}`" == target and len(lost) == 1:
        return f"{target} holds one step's part alone: add each step's to it, inside the loop, `{texts[0]} = {ast.unparse(node)}`"
    if all(isinstance(op, ast.Div) for op, _ in lost):
        return f"{target} is not divided by {' and '.join(f'`{text}`' for text in texts)}"
    if all(isinstance(op, ast.Sub) for op, _ in lost):
        return f"in {target}, {' and '.join(f'`{text}`' for text in texts)} {'are' if len(lost) > 1 else 'is'} not taken away"
    return f"{target} lacks the {word}{'s' if len(lost) > 1 else ''} {' and '.join(f'`{text}`' for text in texts)}"


def _other_slopes(parts, node, target):
    """The slope of tanh, `1 - s ** 2`, stands where that of sigmoid belongs, `s * (1 - s)`, or the other way round."""
    texts = [ast.unparse(part) for _, part in parts]
    for place, text in enumerate(texts):
        if f"1 - {text}" in texts[place + 1 :]:
            rest = texts.index(f"1 - {text}", place + 1)
            others = [(ast.Mult(), _parsed(f"1 - ({text}) ** 2")) if i == place else pair for i, pair in enumerate(parts) if i != rest]
            yield _stands(_joined(others), node, target)
        if text.startswith("1 - ") and text.endswith(" ** 2"):
            state = text[4:-5]
            slope = [(ast.Mult(), _parsed(state)), (ast.Mult(), _parsed(f"1 - {state}"))]
            yield _stands(_joined([*parts[:place], *slope, *parts[place + 1 :]]), node, target)


def _flat(node):
    """The terms of a sum or the factors of a product, each with the operation by which it is joined."""
    like = (ast.Add, ast.Sub) if isinstance(node.op, (ast.Add, ast.Sub)) else (ast.Mult, ast.Div)
    left, right = node.left, node.right
    joined = isinstance(left, ast.BinOp) and isinstance(left.op, like)
    return [*(_flat(left) if joined else [(like[0](), left)]), (node.op, right)]


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
        if isinstance(part, ast.BinOp) and type(part.op) in OPPOSITE and sums != isinstance(part.op, (ast.Add, ast.Sub)):
            yield _stands(_with(part, far, _with(node, near, getattr(part, far))), node, target)
            yield _stands(_with(part, near, _with(node, near, getattr(part, near))), node, target)
    if sums and isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Pow):
        yield _stands(_with(node.right, "left", _with(node, "right", node.right.left)), node, target)


def _drawn_in(node, target):
    """What stands beside a function's value stands inside: `np.tanh(o * c)` for `o * np.tanh(c)`."""
    for field in ("left", "right"):
        part = getattr(node, field)
        if _is_function(part):
            yield _stands(_with(part, "args", [_with(node, field, part.args[0])]), node, target)


def _drawn_out(node, target):
    """What stands inside a function's brackets stands outside: `np.tanh(c) * o` for `np.tanh(c * o)`."""
    (inside,) = node.args
    if isinstance(inside, ast.BinOp) and type(inside.op) in OPPOSITE:
        for field in ("left", "right") if type(inside.op) in CONFUSED else ("left",):
            yield _stands(_with(inside, field, _with(node, "args", [getattr(inside, field)])), node, target)


def _is_function(node):
    return isinstance(node, ast.Call) and ast.unparse(node.func) in FUNCTIONS and len(node.args) == 1 and not node.keywords


def _call(node, target, shapes):
    """A function left out, taken twice, or another in its place, or its bracket elsewhere; a mean for a sum, one for all."""
    name = ast.unparse(node.func)
    if _is_function(node):
        yield from _drawn_out(node, target)
        yield _stands(node.args[0], node, target)
        for other in FUNCTIONS:
            if other == name:
                yield _stands(_with(node, "args", [node]), node, target)
            elif other in ("np.tanh", "sigmoid") or {other, name} == set(MEASURES):
                yield _stands(_with(node, "func", _parsed(other)), node, target)
        for other in NAMESAKES.get(name, ()):
            yield _stands(_with(node, "func", _parsed(other)), node, target)
    elif isinstance(node.func, ast.Attribute) and node.func.attr in REDUCTIONS:
        for other in REDUCTIONS:
            if other != node.func.attr:
                yield _stands(_with(node, "func", _with(node.func, "attr", other)), node, target)
        if any(word.arg == "axis" for word in node.keywords):
            whole = _with(node, "keywords", [])
            yield _in_shape(whole, node), _stands(whole, node, target)[1]
    if name == "np.einsum":
        yield from _other_arguments(node, target, shapes)
    yield from _axis(node, target)


def _other_arguments(node, target, shapes):
    """In the place of an array that is summed over, another of its shape; what looks like it is tried as any name is."""
    for place, part in enumerate(node.args):
        own = getattr(part, "id", None)
        for other in shapes if own else ():
            if other != own and shapes[other] == shapes.get(own) and other.isidentifier() and not _look_alike(own, other):
                yield _with(node, "args", [*node.args[:place], _parsed(other), *node.args[place + 1 :]]), _stands(_parsed(other), part, target)[1]


def _in_shape(whole, like):
    """One number for all, in the shape of what it stands for."""
    return _parsed(f"0 * {ast.unparse(like)} + {ast.unparse(whole)}")


def _number(node, target, shapes):
    """One more, or one less."""
    if type(node.value) is int:
        for other in (node.value - 1, node.value + 1):
            yield _stands(_parsed(str(other)), node, target)


def _place(node, target, shapes):
    """The first place, or the one before, for the place that a loop has come to."""
    if isinstance(node.slice, ast.Name) and isinstance(node.value, ast.Name):
        for other in ("0", f"{node.slice.id} - 1"):
            yield _stands(_with(node, "slice", _parsed(other)), node, target)


def _comparison(node, target, shapes):
    """The bound itself counts, or does not."""
    if type(node.ops[0]) in COMPARISONS:
        yield _stands(_with(node, "ops", [COMPARISONS[type(node.ops[0])](), *node.ops[1:]]), node, target)


def _choice(node, target, shapes):
    """One side of a choice whatever the condition says."""
    for side in (node.body, node.orelse):
        yield _stands(side, node, target)


def _foreign_factors(value, target, factors):
    """In a gradient, a product of one, a factor from another line: one too many, or in the place of the only one."""
    if not (isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult) and target.startswith("`d")):
        return
    parts = _flat(value)
    own = [ast.unparse(part) for _, part in parts]
    for text in factors:
        if text in own:
            continue
        yield ast.BinOp(value, ast.Mult(), _parsed(text)), f"{target} has a factor too many, `{text}`"
        if len(parts) == 2 and own[0].startswith("d") and "*" not in text:
            yield _joined([parts[0], (ast.Mult(), _parsed(text))]), f"in {target}, `{text}` stands where `{own[1]}` belongs"


def _sign(node, target, shapes):
    """No minus."""
    if isinstance(node.op, ast.USub):
        yield _stands(node.operand, node, target)


def _axis(node, target):
    """Another axis; its number is not said to stand there, since it is another where all arrays are transposed."""
    what = ON_AXES.get(getattr(node.func, "attr", ""), f"`{ast.unparse(node.func)}` is taken")
    for place, word in enumerate(node.keywords):
        for other in ("0", "1", "-1") if word.arg == "axis" else ():
            if other != ast.unparse(word.value):
                words = [*node.keywords[:place], ast.keyword("axis", _parsed(other)), *node.keywords[place + 1 :]]
                right = f"for arrays as they are given it is `axis={ast.unparse(word.value)}`"
                yield _with(node, "keywords", words), f"in {target}, {what} along the wrong axis: {right}"


RULES = {
    ast.Name: _name, ast.BinOp: _operation, ast.Call: _call, ast.Constant: _number,
    ast.Subscript: _place, ast.Compare: _comparison, ast.IfExp: _choice, ast.UnaryOp: _sign,
}
