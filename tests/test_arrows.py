"""The house's arrows run one way: which part of the package may import which."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "unrolled"

# Each part, and the parts that it may import. A part is a folder or a module of the package.
ARROWS = {
    "reference": set(),
    "recording": set(),
    "palette": set(),
    "text": set(),
    "exercises": {"reference", "recording"},
    "patterns": set(),
    "comparison": {"exercises", "patterns", "recording"},
    "check": {"comparison"},
}
THIRD_PARTY = {"reference": {"numpy"}, "recording": {"numpy"}, "comparison": {"numpy"}, "check": {"numpy"}, "exercises": {"numpy"}}


def imports(part):
    """The modules that the part's sources import, dotted."""
    files = [PACKAGE / f"{part}.py"] if (PACKAGE / f"{part}.py").exists() else sorted((PACKAGE / part).rglob("*.py"))
    assert files, part
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{file}: imports are absolute"
                yield from [node.module] if node.module != "unrolled" else (f"unrolled.{a.name}" for a in node.names)


@pytest.mark.parametrize("part", ARROWS)
def test_a_part_imports_only_what_it_may(part):
    inner = {name.split(".")[1] for name in imports(part) if name.startswith("unrolled.")}
    assert inner - {part} <= ARROWS[part]


@pytest.mark.parametrize("part", THIRD_PARTY)
def test_the_core_needs_only_numpy_and_the_standard_library(part):
    import sys

    outer = {name.split(".")[0] for name in imports(part)} - {"unrolled"} - set(sys.stdlib_module_names)
    assert outer <= THIRD_PARTY[part]


# What an instructor's or a student's terminal starts; everything else stands below the grading.
COMMANDS = {"grading", "cli", "doctor"}
BELOW = sorted({path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()} - COMMANDS - {"__init__"})


@pytest.mark.parametrize("part", BELOW)
def test_nothing_but_the_commands_imports_grading(part):
    assert not [name for name in imports(part) if name.startswith("unrolled.grading")]


def test_nothing_imports_tests_chapters_or_solutions():
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.module.split(".")[0] not in {"tests", "chapters", "solutions", "benchmarks"}, file
