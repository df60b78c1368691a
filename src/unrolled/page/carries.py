"""Which modules the page's Python has, or may be given: the library's, NumPy's, and those of this package that
need nothing else."""

import ast
import sys

from unrolled.page.pack import NO_USE
from unrolled.page.supply import PACKAGE, files_of

NOT_PACKED = ("book", "data")  # what serves the pages alone, and data that no pack carries
_known = {}


def carries(name):
    """Whether `import name` works in the page, once the package's own modules that it needs are packed."""
    if name not in _known:
        _known[name] = True  # what it imports may import it
        _known[name] = _carries(name)
    return _known[name]


def _carries(name):
    first, *inner = name.split(".")
    if first != "unrolled":
        return first == "numpy" or first in sys.stdlib_module_names - NO_USE
    if inner and inner[0] in NOT_PACKED:
        return False
    own = [path for path in files_of(name) if path != PACKAGE / "__init__.py"]
    return all(carries(needed) for path in own for needed in needs(path.read_text(encoding="utf8")))


def needs(source):
    """The modules that a source imports, also those that a function imports when it is called."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (origin(node, alias) for alias in node.names)


def origin(node, alias):
    """The module that a name of an import comes from: `from unrolled import text` brings in unrolled.text."""
    if isinstance(node, ast.Import):
        return alias.name
    inner = f"{node.module}.{alias.name}"
    return inner if node.module.split(".")[0] == "unrolled" and files_of(inner) else node.module
