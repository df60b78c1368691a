"""Digests of the package: what the notebooks' results and the pages depend on, beside their own text."""

import hashlib
import platform
from importlib.metadata import version
from pathlib import Path

from unrolled.digest import PACKAGE, files_of

LIBRARIES = ("numpy", "matplotlib")     # what draws and computes
NO_RESULTS = ("book", "grading")        # parts that no notebook of the book imports ...
MEASURED = Path("book", "measured.py")  # ... but for this


def package_digest(package=PACKAGE, without=NO_RESULTS):
    """A digest that changes whenever a module that a chapter may use does, or data beside it, or a library, or Python.

    Python counts, since the corpus is part of it. `without` names the parts that do not count.
    """
    digest = hashlib.sha256("".join([platform.python_version(), *map(version, LIBRARIES)]).encode())
    for part, content in files_of(package):
        if part.parts[0] not in without or part == MEASURED:
            digest.update(str(part).encode() + content)
    return digest.hexdigest()[:16]
