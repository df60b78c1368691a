"""A digest of the package: what the notebooks' results depend on, beside their own code."""

import hashlib
import platform
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
LIBRARIES = ("numpy", "matplotlib")     # what draws and computes
NO_RESULTS = ("book", "grading")        # parts that no notebook of the book imports ...
MEASURED = Path("book", "measured.py")  # ... but for this


def package_digest(package=PACKAGE):
    """A digest that changes whenever a module that a chapter may use does, or data beside it, or a library, or Python.

    Python counts, since the corpus is part of it.
    """
    digest = hashlib.sha256("".join([platform.python_version(), *map(version, LIBRARIES)]).encode())
    for path in sorted(package.rglob("*")):
        part = path.relative_to(package)
        if path.suffix in (".py", ".npz", ".txt", ".json") and (part.parts[0] not in NO_RESULTS or part == MEASURED):
            digest.update(str(part).encode() + path.read_bytes())
    return digest.hexdigest()[:16]
