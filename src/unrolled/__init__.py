"""Unrolled: a course on recurrent neural networks."""

import sys
import types

__all__ = ["CheckFailed", "Report", "check", "examine"]


def _of_check(name):
    """A name of `unrolled.check`, fetched when it is first asked for: until then nobody waits for NumPy,
    least of all Ctrl-C."""

    def fetch(package):
        from importlib import import_module

        return getattr(import_module("unrolled.check"), name)

    # what sets it is the import system, which would put the module `check` in the function's place
    return property(fetch, lambda package, module: None)


class _Package(types.ModuleType):
    CheckFailed, Report, check, examine = map(_of_check, __all__)

    def __dir__(self):
        return [*super().__dir__(), *__all__]


sys.modules[__name__].__class__ = _Package
