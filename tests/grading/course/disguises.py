"""What somebody does to another's answer so that it looks like their own.
Each takes a source and gives one that computes the same."""

import ast
import builtins
import copy
from collections import Counter
from itertools import pairwise

WORDS = [f"{word}{end}" for word in "alpha beta val tmp res cur out arr mat vec".split() for end in ("", "1", "2", "_x", "_y", "_new")]


def disguise(source, *ways, rng):
    """A source after one way upon the other."""
    for way in ways:
        tree = ast.parse(source)
        way(tree, rng)
        source = ast.unparse(ast.fix_missing_locations(tree))
    return source


def rename(tree, rng):
    """Other names for all that the functions bind, arguments included."""
    bound = sorted({node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)} | _names(tree, ast.Store))
    new = dict(zip(bound, rng.sample(WORDS, len(bound)), strict=True))
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.arg = new[node.arg]
        elif isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)
        elif isinstance(node, ast.Nonlocal):
            node.names = [new[name] for name in node.names]


def comment(tree, rng):
    """Docstrings and annotations of one's own; comments go when a tree is written."""
    for function in _functions(tree):
        if ast.get_docstring(function) is not None:
            del function.body[0]
        function.body.insert(0, ast.Expr(ast.Constant("My own solution, which I wrote alone.")))
        for argument in function.args.args:
            argument.annotation = ast.parse("np.ndarray", mode="eval").body


def respell(tree, rng):
    """Whole numbers in quotients and powers as floats, products the other way round, a[t] += b as a[t] = a[t] + b."""
    for node in list(ast.walk(tree)):
        match node:
            case ast.BinOp(op=ast.Div() | ast.Pow(), right=ast.Constant(value=int() as value)):
                node.right = ast.Constant(float(value))
            case ast.BinOp(op=ast.Mult(), left=left, right=right) if rng.random() < 0.5:
                node.left, node.right = right, left
    for _, body in _bodies(tree):
        for place, node in enumerate(body):
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript):
                read = copy.deepcopy(node.target)
                read.ctx = ast.Load()
                body[place] = ast.Assign([node.target], ast.BinOp(read, node.op, node.value))


def reorder(tree, rng):
    """Statements side by side that do not need each other change places."""
    for _, body in _bodies(tree):
        for _ in range(3):
            for place, (one, two) in enumerate(pairwise(body)):
                if one is body[place] and _independent(one, two) and rng.random() < 0.6:
                    body[place : place + 2] = [two, one]


def split(tree, rng):
    """Parts of a formula get a name and a line of their own, and a, b = c, d becomes two lines."""
    count = 0
    for _, body in list(_bodies(tree)):
        for statement in list(body):
            place = body.index(statement)
            if _side_by_side(statement) and not _written(statement) & _names(statement.value, ast.Load):
                both = zip(statement.targets[0].elts, statement.value.elts, strict=True)
                body[place : place + 1] = [ast.Assign([target], value) for target, value in both]
            elif isinstance(statement, ast.Assign | ast.Return) and (parts := _parts(statement.value)) and rng.random() < 0.8:
                name, count = f"part{count}", count + 1
                part = rng.choice(parts)
                statement.value = _replaced(statement.value, part, ast.Name(name, ast.Load()))
                body.insert(place, ast.Assign([ast.Name(name, ast.Store())], part))


def merge(tree, rng):
    """A value that is named and used once, in the next line, is put where it is used."""
    counts = [Counter(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, kind)) for kind in (ast.Load, ast.Store)]
    for _, body in list(_bodies(tree)):
        for one, two in list(pairwise(body)):
            match one:
                case ast.Assign(targets=[ast.Name(id=name)]) if isinstance(two, ast.Assign | ast.Return) and all(count[name] == 1 for count in counts):
                    uses = [node for node in ast.walk(two.value) if isinstance(node, ast.Name) and node.id == name] if two.value else []
                    if uses:
                        two.value = _replaced(two.value, uses[0], one.value)
                        body.remove(one)


def wrap(tree, rng):
    """The answer becomes a helper that the answer calls."""
    function = tree.body[-1]
    arguments = ", ".join(argument.arg for argument in function.args.args)
    name, function.name = function.name, "_helper"
    tree.body += ast.parse(f"def {name}({arguments}):\n    result = _helper({arguments})\n    return result").body


def pad(tree, rng):
    """Lines that do nothing."""
    for _, body in list(_bodies(tree)):
        for place in range(len(body) - 1, 0, -1):
            if rng.random() < 0.35:
                body.insert(place, ast.parse(rng.choice(["unused = 0", "assert True", "debug = []", "_ = None"])).body[0])


DISGUISES = {way.__name__: (way,) for way in (rename, comment, respell, reorder, split, merge, wrap, pad)}
DISGUISES |= {"everything": (comment, respell, split, reorder, pad, wrap, rename), "nothing": ()}


def _functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _bodies(tree):
    return [(node, node.body) for node in ast.walk(tree) if isinstance(getattr(node, "body", None), list)]


def _names(tree, kind):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, kind)}


def _written(statement):
    """The names that a statement may change: what it binds, sets a part of, or calls a method of."""
    changed = _names(statement, ast.Store)
    for node in ast.walk(statement):
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store) or isinstance(node, ast.Call):
            changed |= _names(node.func if isinstance(node, ast.Call) else node.value, ast.Load)
    return changed - {"np", *dir(builtins)}


def _independent(one, two):
    if not all(isinstance(statement, ast.Assign | ast.Expr) for statement in (one, two)):
        return False
    touched = [_written(statement) | _names(statement, ast.Load) for statement in (one, two)]
    return not (_written(one) & touched[1] or _written(two) & touched[0])


def _side_by_side(statement):
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            return len(targets) == len(values) and not any(isinstance(node, ast.Starred) for node in [*targets, *values])
    return False


def _parts(value):
    """Formulas inside a value that can be computed in front of it."""
    if value is None or any(isinstance(node, ast.Lambda | ast.comprehension | ast.IfExp | ast.BoolOp | ast.NamedExpr) for node in ast.walk(value)):
        return []
    return [node for node in ast.walk(value) if isinstance(node, ast.BinOp) and node is not value]


def _replaced(tree, old, new):
    class Replace(ast.NodeTransformer):
        def visit(self, node):
            return new if node is old else self.generic_visit(node)

    return Replace().visit(tree)
