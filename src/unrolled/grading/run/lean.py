"""A quick start for programs of ours: what libraries load in passing, and our commands do not use, stays away."""

import importlib
import importlib.util
import sys
import types

_lean = False


def is_lean() -> bool:
    """Whether this process is one of our own programs, and not nbgrader's."""
    return _lean


def start_lean() -> None:
    """To be called before any library is imported that is not Python's own; where one is not installed, nothing
    changes.

    The package `nbgrader` loads its extensions of Jupyter's server, and with them the server and all of its own
    commands: 0.6 s; its modules are there as ever, without what the package itself does for a server. For `unzip` it
    loads setuptools: 0.2 s.
    """
    global _lean
    _lean = True
    if "nbgrader" not in sys.modules and (spec := importlib.util.find_spec("nbgrader")):
        package = sys.modules["nbgrader"] = importlib.util.module_from_spec(spec)
        vars(package)["__version__"] = importlib.import_module("nbgrader._version").__version__
    sys.modules.setdefault("setuptools.archive_util", _Later("setuptools.archive_util"))


class _Later(types.ModuleType):
    """A module that is imported when one of its functions is called."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*args, **kwargs):
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
            return getattr(importlib.import_module(self.__name__), name)(*args, **kwargs)

        return call
