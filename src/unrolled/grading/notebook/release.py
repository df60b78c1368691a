"""A released notebook and its cells: which of them are the student's to write, which are graded, and how."""

import copy
import json
import re
from functools import lru_cache

from nbformat import from_dict

USES_CHECK = re.compile(r"\bcheck\s*\(")


def read_release(release: bytes) -> dict:
    """A fresh copy of a pristine notebook, from its bytes."""
    return from_dict(copy.deepcopy(_parse_release(release)))


@lru_cache(maxsize=32)
def _parse_release(release):
    notebook = json.loads(release)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])  # a file may hold it as a list of lines
    return notebook


def graded_names(release: bytes) -> list[str]:
    """The names of the cells of a release, as bytes, that the grader runs."""
    return [cell["metadata"]["nbgrader"]["grade_id"] for cell in _parse_release(release)["cells"] if is_graded(cell)]


def write_notebook(notebook: dict) -> bytes:
    """A notebook as the bytes of its file."""
    return (json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def is_answer(cell: dict) -> bool:
    """Whether a cell of a release is the student's to write."""
    return bool(cell["metadata"].get("nbgrader", {}).get("solution"))


def is_own(cell: dict) -> bool:
    """Whether a cell of a rebuilt notebook is code that the student added."""
    return is_added(cell) and cell["cell_type"] == "code"


def is_added(cell: dict) -> bool:
    """Whether a cell of a rebuilt notebook is one that the student added: code, or words under a task."""
    return cell["metadata"].get("unrolled") == "own"


def is_graded(cell: dict) -> bool:
    """Whether a cell of a release is a check that the grader runs."""
    meta = cell["metadata"].get("nbgrader", {})
    return bool(meta.get("grade")) and not meta.get("solution") and cell["cell_type"] == "code"


def is_test(cell: dict) -> bool:
    """Whether a graded cell holds an instructor's own tests, which decide where a student's code can reach them,
    and no `check`, which decides outside."""
    return is_graded(cell) and not USES_CHECK.search(cell["source"])


def grade_id_of(cell: dict) -> str | None:
    """The name that nbgrader has for a cell of a release, or None where it is none of nbgrader's."""
    return cell["metadata"].get("nbgrader", {}).get("grade_id")
