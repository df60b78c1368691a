"""Which results each part of a function reaches, by the names that are set on the way: what is right was not made
by what is wrong."""

import ast
from collections import Counter, defaultdict

BLOCKS = ast.For, ast.While, ast.If, ast.With, ast.Try
SIZED = (
    "len",
    "np.shape",
    "np.size",
    "np.zeros_like",
    "np.ones_like",
    "np.empty_like",
)  # what reads an array's size alone


def reached(tree, count):
    """The numbers of the results that a statement of a function, or a place in its returned tuple, reaches: sets
    by id of the node.

    A `break` reaches what its loop does, and is not among them. Nothing where the function does not return `count`
    results as a tuple at its end, or the only one.
    """
    last = tree.body[-1]
    returned = getattr(last, "value", None)
    elements = [returned] if count == 1 else getattr(returned, "elts", [])
    if not isinstance(last, ast.Return) or len(elements) != count:
        return {}
    needs = defaultdict(set)
    _gather(tree.body, set(), needs)
    names = [_closed(_read(element), needs) for element in elements]
    found = {id(element): {i} for i, element in enumerate(elements)}
    _look_up(tree.body, lambda own: {i for i, made_of in enumerate(names) if own & made_of}, found)
    return found | {id(last): set(range(count))}


def values_read(tree):
    """The names in a function's tree that stand for more there than their length or shape, or turns to be counted."""
    used = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    read = Counter(used)
    for node in ast.walk(tree):
        sized = node.args[0] if isinstance(node, ast.Call) and ast.unparse(node.func) in SIZED and node.args else None
        if isinstance(node, ast.Attribute) and node.attr in ("shape", "size", "ndim", "dtype"):
            sized = node.value
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name) and node.target.id not in used:
            sized = node.iter
        if isinstance(sized, ast.Name):
            read[sized.id] -= 1
    return {name for name, count in read.items() if count > 0}


def _gather(block, around, needs):
    """For each name that a block sets, those that it is made of, or on which it depends whether or how
    often it is made."""
    for statement in block:
        for one in _one_by_one(statement):
            for name in _set(one) - {None}:
                needs[name] |= around | _read(one)
                needs[name.partition("[")[0]].add(name)  # a dictionary is made of its values
        if isinstance(statement, BLOCKS):
            for inner in _inner(statement):
                _gather(inner, around | _read(statement), needs)


def _one_by_one(statement):
    """An assignment for each of several that stand in one, as in `a, b = c, d`; any other statement as it is."""
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(targets) == len(
            values
        ):
            return [ast.Assign([target], value) for target, value in zip(targets, values, strict=True)]
    return [statement]


def _look_up(block, results_of, found):
    """Put into found what each statement of a block reaches; one with a block of its own reaches what that does.

    Of a loop, whose variable other loops may have, too, the variable counts where nothing else is made.
    """
    for statement in block:
        if isinstance(statement, (ast.Break, ast.Continue, ast.Pass)):
            continue
        own, by_name = set(), results_of(_set(statement))
        for inner in _inner(statement):
            _look_up(
                inner,
                (lambda _, by_name=by_name: by_name) if isinstance(statement, ast.FunctionDef) else results_of,
                found,
            )
            own = own.union(*(found[id(one)] for one in inner if id(one) in found))
        found[id(statement)] = own or by_name if isinstance(statement, ast.For) else own | by_name


def _inner(statement):
    for field in ("body", "orelse", "finalbody"):
        block = getattr(statement, field, None)
        if isinstance(block, list):
            yield block


def _set(statement):
    """The names that a statement sets or writes into."""
    if isinstance(statement, ast.FunctionDef):
        return {statement.name}
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        func, args = statement.value.func, statement.value.args
        owner = _root(func)  # hs.append(h), or np.add.at(dE, tokens, dxs)
        return {_root(args[0]) if owner == "np" and args else owner}
    targets = getattr(statement, "targets", [getattr(statement, "target", None)])
    places = [part for target in targets if target for part in _parts(target)]
    return {_root(place) for place in places}


def _parts(target):
    if isinstance(target, (ast.Tuple, ast.List)):
        return [part for inner in target.elts for part in _parts(inner)]
    return [target.value if isinstance(target, ast.Starred) else target]


def _root(node):
    """The name of what a place is a part of; of a dictionary's value its own, `grads['W_h']`."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call, ast.Starred)) and not _is_entry(node):
        node = node.func if isinstance(node, ast.Call) else node.value
    return ast.unparse(node) if _is_entry(node) else getattr(node, "id", None)


def _is_entry(node):
    entry = (
        isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and isinstance(node.slice, ast.Constant)
    )
    return entry and isinstance(node.slice.value, str)


def _read(node):
    """The names in a node that are read: of an assignment those of its value and of places; of one with a block
    those before it."""
    parts = [node]
    if isinstance(node, BLOCKS):
        parts = [getattr(node, field, None) for field in ("iter", "test")]
    elif isinstance(node, ast.Assign):
        targets = [part for target in node.targets for part in ast.walk(target)]
        parts = [node.value, *(part.slice for part in targets if isinstance(part, ast.Subscript))]
    return set().union(*(_names(part) for part in parts if part))


def _names(node):
    if _is_entry(node):
        return {ast.unparse(node)}
    own = {node.id} if isinstance(node, ast.Name) else set()
    return own.union(*map(_names, ast.iter_child_nodes(node)))


def _closed(names, needs):
    """Names, and all that they are made of."""
    waiting, seen = set(names), set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting |= needs[name] - seen
    return seen
