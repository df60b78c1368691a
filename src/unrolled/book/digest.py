"""Digests of the package: what the notebooks' results and the pages depend on, beside their own text."""

import hashlib
import platform
from importlib.metadata import version
from pathlib import Path

from unrolled.book.experiments import RESULTS
from unrolled.digest import PACKAGE, files_of

LIBRARIES = ("numpy", "matplotlib")  # what draws and computes
NO_RESULTS = ("book", "page", "grading")  # parts that no notebook of the book imports ...
MEASURED = tuple(Path("book", f"{name}.py") for name in ("cells", "experiments", "measured"))  # ... but for these


def package_digest(package=PACKAGE, without=NO_RESULTS, results=RESULTS):
    """A digest that changes whenever a module that a chapter may use does, or data beside it, or a library, or Python.

    Python counts, since the corpus is part of it, and so does what experiments found, in `results`. `without` names
    the parts that do not count.
    """
    digest = hashlib.sha256("".join([platform.python_version(), *map(version, LIBRARIES)]).encode())
    for part, content in files_of(package):
        if part.parts[0] not in without or part in MEASURED:
            digest.update(str(part).encode() + content)
    for path in sorted(results.glob("*.json")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]
