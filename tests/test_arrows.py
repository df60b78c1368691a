"""The house's arrows run one way: which part of the package may import which."""

import ast
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "unrolled"

# Each part, and the parts that it may import. A part is a folder or a module of the package.
ARROWS = {
    "operands": set(),
    "recording": {"operands"},
    "quoting": set(),
    "digest": set(),
    "dataflow": set(),
    "es_modules": set(),
    "palette": set(),
    "tables": set(),
    "text": set(),
    "data": set(),
    "tasks": set(),
    "patterns": set(),
    "pytorch": set(),
    "reference": set(),
    "fast": {"reference"},
    "withheld": set(),      # which finds `unprinted` where it is, and names it in a text alone
    "mistakes": {"dataflow", "reference", "withheld"},
    "exercises": {"dataflow", "mistakes", "reference", "recording", "text", "withheld"},
    "scoring": {"findings", "quoting", "recording"},
    "unprinted": {"exercises", "fast", "mistakes", "reference"},
    "findings": {"exercises", "quoting", "recording"},
    "repairs": {"dataflow", "quoting", "recording"},
    "own_lines": {"dataflow", "exercises", "findings", "patterns", "recording", "repairs"},
    "diagnosis": {"exercises", "mistakes", "own_lines", "patterns", "recording"},
    "comparison": {"diagnosis", "exercises", "findings", "recording", "scoring"},
    "check": {"comparison", "exercises", "findings", "operands"},
    "training": {"fast", "reference"},
    "cells": {"fast", "reference"},
    "adding": {"cells", "reference", "tasks", "training"},
    "measuring": {"cells", "fast", "training"},
    "boundaries": {"cells", "reference", "text", "training"},
    "series": {"cells", "reference", "training"},
    "heartbeat_alarms": {"data", "reference"},
    "carried": {"fast", "reference", "training"},
    "sentiment": {"data", "fast", "reference", "training"},
    "dates": set(),
    "encoder_decoder": {"fast", "reference", "training"},
    "plots": {"palette"},
    "diagrams": {"plots"},
    "widgets": {
        "reference", "fast", "training", "cells", "boundaries", "data", "dates", "encoder_decoder", "tasks", "text", "plots", "palette",
        "es_modules",
    },
    "page": {"es_modules"},
    "book": {"digest", "es_modules", "widgets", "page", "exercises", "reference", "plots", "palette", "adding", "text"},
    "grading": {"comparison", "digest", "exercises", "quoting", "recording", "doctor"},
    "doctor": {"examine", "reference"},      # examine, of the package itself
    "cli": {"doctor", "grading"},
}
# The rooms of grading, in which its commands do not count: they stand above all of them.
ROOMS = {
    "notebook": set(),
    "course": {"notebook"},
    "run": {"course", "notebook"},
}
A_CLASS = {"nbgrader", "sqlalchemy", "alembic", "sqlite3"}      # what one submission is graded without
NUMPY_ALONE = [
    "reference", "fast", "withheld", "mistakes", "unprinted", "recording", "quoting", "digest", "dataflow", "patterns", "exercises", "findings", "repairs", "own_lines",
    "diagnosis", "scoring", "comparison", "check", "text", "data", "tasks", "training", "cells", "adding", "boundaries",
    "encoder_decoder", "series", "heartbeat_alarms", "carried", "sentiment", "measuring",
    "pytorch", "palette", "tables",
]


def imports(part):
    """The modules that the part's sources import, dotted."""
    files = [PACKAGE / f"{part}.py"] if (PACKAGE / f"{part}.py").exists() else sorted((PACKAGE / part).rglob("*.py"))
    assert files, part
    for file in files:
        yield from imports_of(file)


def imports_of(file):
    """The modules, or what of them, that one file imports, dotted."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("part", ARROWS)
def test_a_part_imports_only_what_it_may(part):
    inner = {name.split(".")[1] for name in imports(part) if name.startswith("unrolled.")}
    assert inner - {part} <= ARROWS[part]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_of_grading_imports_only_what_stands_below_it(room):
    inner = {name.split(".")[2] for name in imports(f"grading/{room}") if name.startswith("unrolled.grading.")}
    assert inner - {room} <= ROOMS[room]


def test_one_submission_is_graded_without_nbgrader_and_without_a_database():
    assert not {name.split(".")[0] for name in imports("grading/notebook")} & A_CLASS


def test_the_gradebook_is_asked_in_one_place():
    harmless = {"sqlalchemy.engine.make_url", "sqlalchemy.exc.SQLAlchemyError"}        # an address, and an error
    files = {file: set(imports_of(file)) - harmless for file in (PACKAGE / "grading").rglob("*.py")}
    asking = {file.parent for file, names in files.items() if any(name.startswith("sqlalchemy.") for name in names)}
    assert asking == {PACKAGE / "grading" / "course" / "gradebook"}


def test_no_arrow_leads_back():
    known = {part: {other for other in others if other in ARROWS} for part, others in ARROWS.items()}
    assert list(TopologicalSorter(known).static_order())       # a circle raises CycleError


@pytest.mark.parametrize("part", NUMPY_ALONE)
def test_what_computes_needs_only_numpy_and_the_standard_library(part):
    outer = {name.split(".")[0] for name in imports(part)} - {"unrolled"} - set(sys.stdlib_module_names)
    assert outer <= {"numpy"}


def test_every_part_has_its_arrows():
    assert set(ARROWS) == {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()} - {"__init__"}
    assert set(ROOMS) == {path.parent.name for path in (PACKAGE / "grading").glob("*/__init__.py")}


@pytest.mark.parametrize("part", ARROWS)
def test_nothing_imports_tests_chapters_or_solutions(part):
    assert not {name.split(".")[0] for name in imports(part)} & {"tests", "chapters", "solutions", "benchmarks"}
