"""The house's arrows run one way: which part of the package may import which."""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "unrolled"

# Each part, and the parts that it may import. A part is a folder or a module of the package.
ARROWS = {
    "recording": set(),
    "quoting": set(),
    "palette": set(),
    "text": set(),
    "data": set(),
    "tasks": set(),
    "patterns": set(),
    "pytorch": set(),
    "reference": set(),
    "fast": {"reference"},
    "mistakes": {"reference"},
    "exercises": {"mistakes", "reference", "recording"},
    "findings": {"quoting", "recording"},
    "diagnosis": {"exercises", "mistakes", "patterns", "recording"},
    "comparison": {"diagnosis", "exercises", "findings", "recording"},
    "check": {"comparison", "exercises"},
    "training": {"fast", "reference"},
    "cells": {"fast", "reference"},
    "plots": {"palette"},
    "diagrams": {"plots"},
    "widgets": {"reference", "fast", "training", "cells", "tasks", "text", "plots", "palette"},
    "book": {"widgets", "exercises", "reference", "plots", "palette"},
    "grading": {"comparison", "exercises", "quoting", "recording", "doctor"},
    "doctor": {"examine", "reference", "grading"},      # examine, of the package itself; grading only for the instructor's part
    "cli": {"doctor", "grading"},
}
NUMPY_ALONE = ["reference", "fast", "mistakes", "recording", "quoting", "patterns", "exercises", "findings", "diagnosis", "comparison", "check", "text", "data", "tasks", "training", "cells", "pytorch", "palette"]


def imports(part):
    """The modules that the part's sources import, dotted."""
    files = [PACKAGE / f"{part}.py"] if (PACKAGE / f"{part}.py").exists() else sorted((PACKAGE / part).rglob("*.py"))
    assert files, part
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{file}: imports are absolute"
                yield from [node.module] if node.module != "unrolled" else (f"unrolled.{a.name}" for a in node.names)


@pytest.mark.parametrize("part", ARROWS)
def test_a_part_imports_only_what_it_may(part):
    inner = {name.split(".")[1] for name in imports(part) if name.startswith("unrolled.")}
    assert inner - {part} <= ARROWS[part]


@pytest.mark.parametrize("part", NUMPY_ALONE)
def test_what_computes_needs_only_numpy_and_the_standard_library(part):
    outer = {name.split(".")[0] for name in imports(part)} - {"unrolled"} - set(sys.stdlib_module_names)
    assert outer <= {"numpy"}


def test_every_part_has_its_arrows():
    assert set(ARROWS) == {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()} - {"__init__"}


@pytest.mark.parametrize("part", ARROWS)
def test_nothing_imports_tests_chapters_or_solutions(part):
    assert not {name.split(".")[0] for name in imports(part)} & {"tests", "chapters", "solutions", "benchmarks"}
