"""What students really get wrong: each mistake is an edit of a reference function and the sentence that names it.

Every module in this folder is a part of the catalogue. They are found, not listed, so none can be left out. So are the
mistakes in what nobody has printed, where that is not withheld.
"""

import functools
import importlib
import pkgutil

from unrolled import withheld
from unrolled.mistakes.dataflow import reached
from unrolled.mistakes.edits import CatalogueError, Mistake, both, registered
from unrolled.mistakes.misreadings import misreadings
from unrolled.mistakes.slips import slips

__all__ = ["CatalogueError", "Mistake", "both", "known_mistakes", "misreadings", "reached", "slips"]


def known_mistakes(of):
    """The known mistakes of a reference function, in the order in which they are tried."""
    _load()
    return registered(of)


@functools.cache
def _load():
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)
    withheld.load_mistakes()
