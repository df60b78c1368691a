"""What of a chapter's code runs with NumPy alone, and what each cell needs of the code above it.

A notebook is read statement by statement: which names a statement reads, which it binds, which it may change in
place. What stands on a module that the page's Python has not (Matplotlib, the widgets, what hands numbers to the
text) is left out, and whatever stands on that. Of the rest, a cell needs what binds or changes the names that it
reads, and so on upwards.
"""

import ast
import symtable
from collections.abc import Callable
from dataclasses import dataclass

from unrolled.page.carries import origin

IN_PLACE = ("train",)  # functions that give something back, and change their first argument, too
COMPOUND = (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.Match)  # these may or may not bind a name


@dataclass(frozen=True)
class Statement:
    """A statement and the comments above it; `cell` is its cell's place in the notebook, `node` None where its
    text does not run."""

    cell: int
    text: str
    node: ast.stmt
    reads: frozenset = frozenset()
    binds: frozenset = frozenset()
    changes: frozenset = frozenset()
    runs: bool = True

    @property
    def makes(self):
        return self.binds | self.changes


def read_notebook(sources, carries: Callable[[str], bool]):
    """The statements of code cells, a dict from place to source, in their order."""
    reader = _Reader(carries)
    return [reader.read(cell, text, node) for cell, source in sources.items() for text, node in split(source)]


def split(source):
    """The statements of a source as (text, node): a text begins where the one before it ends, and all texts, by
    lines, are the source."""
    lines, start, parts = source.rstrip().split("\n"), 0, []
    for node in ast.parse(source).body:
        parts.append(["\n".join(lines[start : node.end_lineno]), node])
        start = node.end_lineno
    if parts and start < len(lines):
        parts[-1][0] += "\n" + "\n".join(lines[start:])
    return [tuple(part) for part in parts]


def needed(statements, cell):
    """The places of the statements above a cell that what runs of it needs."""
    names, taken = set(), []
    for place in reversed(range(len(statements))):
        statement = statements[place]
        if statement.cell > cell or not statement.runs or (statement.cell < cell and not statement.makes & names):
            continue
        if statement.cell < cell:
            taken.append(place)
        names = (names - statement.binds) | statement.reads
    return taken[::-1]


def is_import(statement):
    """Whether a statement is an import."""
    return isinstance(statement.node, ast.Import | ast.ImportFrom)


def prints(statement):
    """Whether a statement prints, or makes something that does."""
    return any(isinstance(node, ast.Name) and node.id == "print" for node in ast.walk(statement.node))


class _Reader:
    """Reads statements in their order, and keeps what is known of the names bound so far."""

    def __init__(self, carries):
        self.carries = carries
        self.missing = set()  # names that the page has not
        self.inside = {}  # what the functions and classes read when they are called
        self.generators = set()  # whoever draws from one changes it

    def read(self, cell, text, node):
        if isinstance(node, ast.Import | ast.ImportFrom):
            return self._read_import(cell, text, node)
        reads, binds, inside = names_of(text)
        reads = self._with_what_is_called(reads)
        left_out = bool(reads & self.missing)
        changes = self._changed(node) | (reads & self.generators)
        if isinstance(node, COMPOUND):
            binds, changes = set(), changes | binds
        self._note(node, binds, changes, inside, left_out)
        return Statement(cell, text, node, *map(frozenset, (reads, binds, changes)), not left_out)

    def _read_import(self, cell, text, node):
        here = [alias for alias in node.names if self.carries(origin(node, alias))]
        names = {alias: alias.asname or alias.name.split(".")[0] for alias in node.names}
        binds = {names[alias] for alias in here}
        self.missing = (self.missing - binds) | {name for alias, name in names.items() if alias not in here}
        if here and len(here) < len(node.names):
            node.names = here
            text = ast.unparse(node)
        return Statement(cell, text, node, frozenset(), frozenset(binds), frozenset(), bool(here))

    def _with_what_is_called(self, reads):
        due, all_reads = list(reads), set(reads)
        while due:
            more = self.inside.get(due.pop(), set()) - all_reads
            all_reads |= more
            due += more
        return all_reads

    def _note(self, node, binds, changes, inside, left_out):
        for name in binds:
            self.inside.pop(name, None)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            self.inside[node.name] = inside
        self.generators -= binds
        if isinstance(node, ast.Assign) and any(_name_of_call(part) == "default_rng" for part in ast.walk(node.value)):
            self.generators |= binds
        self.missing = self.missing | binds | changes if left_out else self.missing - binds

    def _changed(self, node):
        """The names whose values a statement may change: it sets a part, adds to it, or is a call, which stands
        there for what it does."""
        found = set()
        for part in _outside_functions(node):
            if isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name):
                found.add(part.target.id)
            elif isinstance(part, ast.Subscript | ast.Attribute) and not isinstance(part.ctx, ast.Load):
                found.add(_root(part))
            elif isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
                found |= self._changed_by(part.value, part.value.args)
            elif isinstance(part, ast.Call) and _name_of_call(part) in IN_PLACE:
                found |= self._changed_by(part, part.args[:1])
        return found - {None}

    def _changed_by(self, call, given):
        """What a call is made on, and what it is given; what is not there draws or tells, and changes nothing else."""
        root = _root(call.func)
        if root in self.missing:
            return {root}
        return {root, *map(_root, given)} - self.inside.keys() if root != "print" else set()


def names_of(text):
    """The names that a statement reads, at once or in what it defines; those that it binds; those that only
    its functions read."""
    table = symtable.symtable(text, "cell", "exec")
    top = table.get_symbols()
    binds = {
        symbol.get_name() for symbol in top if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
    }
    inside = set().union(*map(_read_globals, table.get_children()))
    return {symbol.get_name() for symbol in top if symbol.is_referenced()} | inside, binds, inside


def _read_globals(table):
    own = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global() and symbol.is_referenced()}
    return own.union(*map(_read_globals, table.get_children()))


def _outside_functions(node):
    """The parts of a statement that run when it does."""
    yield node
    if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
        for child in ast.iter_child_nodes(node):
            yield from _outside_functions(child)


def _root(node):
    """The name that `name.part[0].other` begins with; None where it begins with something else."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Starred):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _name_of_call(node):
    if not isinstance(node, ast.Call):
        return None
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
