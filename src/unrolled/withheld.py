"""What students do not have: functions that nobody has printed, the mistakes in them, and a text, from
`unrolled.unprinted`.

On their machines, in the page and in the sandbox that package is missing, and nothing is found here. Where it is, a
function is an attribute of this module, as in `withheld.jordan_forward`.
"""

import functools
import gzip
import importlib
import pkgutil
from importlib.util import find_spec
from pathlib import Path
from types import FunctionType

PACKAGE = "unrolled.unprinted"


@functools.cache
def functions():
    """The functions that nobody has printed, by name."""
    modules = [importlib.import_module(name) for name in _modules_in(PACKAGE)]
    named = ((module, name, value) for module in modules for name, value in vars(module).items())
    return {name: value for module, name, value in named if _is_written_in(module, name, value)}


def load_mistakes():
    """Make their mistakes known."""
    for name in _modules_in(f"{PACKAGE}.mistakes") if functions() else ():
        importlib.import_module(name)


def text():
    """The text that tasks are graded on, a course's own text.txt or else the one that is kept; None
    where students are."""
    folders = _folders_of(PACKAGE)
    if not folders:
        return None
    own, kept = (Path(folders[0], name) for name in ("text.txt", "text.txt.gz"))
    content = own.read_bytes() if own.exists() else gzip.decompress(kept.read_bytes())
    return content.decode("utf8", "replace")


def _folders_of(package):
    """Where a package lies: nowhere, if it is missing."""
    spec = find_spec(package)
    return spec.submodule_search_locations if spec else ()


def _modules_in(package):
    """The names of the modules in a package, of none where it is missing."""
    found = pkgutil.iter_modules(_folders_of(package), f"{package}.")
    return [module.name for module in found if not module.ispkg and not module.name.endswith("__main__")]


def _is_written_in(module, name, value):
    return isinstance(value, FunctionType) and value.__module__ == module.__name__ and not name.startswith("_")


def __getattr__(name):
    if name.startswith("_") or name not in functions():
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return functions()[name]
