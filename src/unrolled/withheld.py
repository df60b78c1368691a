"""What students do not have: functions that nobody has printed, and the mistakes in them, from `unrolled.unprinted`.

On their machines, in the page and in the sandbox that package is missing, and nothing is found here. Where it is, a function
is an attribute of this module, as in `withheld.readout_backward`.
"""

import functools
import importlib
import pkgutil
from importlib.util import find_spec
from types import FunctionType

PACKAGE = "unrolled.unprinted"


@functools.cache
def functions():
    """The functions that nobody has printed, by name."""
    modules = [importlib.import_module(name) for name in _modules_in(PACKAGE)]
    return {name: value for module in modules for name, value in vars(module).items() if _is_written_in(module, name, value)}


def load_mistakes():
    """Make their mistakes known."""
    for name in _modules_in(f"{PACKAGE}.mistakes") if functions() else ():
        importlib.import_module(name)


def _modules_in(package):
    """The names of the modules in a package, of none where it is missing."""
    spec = find_spec(package)
    found = pkgutil.iter_modules(spec.submodule_search_locations, f"{package}.") if spec else ()
    return [module.name for module in found if not module.ispkg and not module.name.endswith("__main__")]


def _is_written_in(module, name, value):
    return isinstance(value, FunctionType) and value.__module__ == module.__name__ and not name.startswith("_")


def __getattr__(name):
    if name.startswith("_") or name not in functions():
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return functions()[name]
