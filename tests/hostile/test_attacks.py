"""Every cheat and fault is graded for real, in the sandbox, and so is an honest neighbour right after it."""

import json
import re
from ast import PyCF_ALLOW_TOP_LEVEL_AWAIT
from dataclasses import replace

import pytest

from tests.grading.notebooks import FUNCTIONS, release, submission
from tests.hostile.cheats import CHEATS
from tests.hostile.faults import FAULTS
from tests.hostile.walls import WALLS
from unrolled.grading.notebook.task import Grader, Limits, Task

LIMITS = Limits(seconds=20, cell_seconds=2, memory_mb=512, processes=16, output_bytes=500_000)
PATIENT = replace(LIMITS, cell_seconds=15)  # what is right keeps its points, however busy the machine that tests


@pytest.fixture(scope="module")
def grader():
    with Grader() as grader:
        yield grader


def grade(grader, content, student="eve", limits=PATIENT):
    return grader.grade(Task("02-rnn", student, "rnn", release(), content, secret=b"of this test", limits=limits))


@pytest.mark.parametrize("attack", [*CHEATS, *WALLS, *FAULTS], ids=str)
def test_an_attack_costs_its_own_function_and_nothing_else(grader, attack):
    content = submission(**{attack.function: attack.source})
    result = grade(grader, content, limits=PATIENT if attack.marks else LIMITS)
    assert result.ungraded is None
    assert result.marks == dict.fromkeys(FUNCTIONS, 1.0) | {attack.function: attack.marks}, result.messages
    assert attack.says in result.messages[attack.function]
    neighbour = grade(grader, submission(), student="ada")
    assert neighbour.marks == dict.fromkeys(FUNCTIONS, 1.0)
    assert neighbour.remarks == ()
    assert_harmless(result.graded)


@pytest.mark.parametrize("attack", [a for a in [*CHEATS, *WALLS, *FAULTS] if a.number not in ("37", "al")], ids=str)
def test_an_attack_is_python(attack):
    compile(attack.source, str(attack), "exec", flags=PyCF_ALLOW_TOP_LEVEL_AWAIT)


def assert_harmless(graded):
    """Nothing in a graded notebook's outputs can run in a browser, and it is small."""
    assert len(graded) < 5_000_000
    for cell in json.loads(graded)["cells"]:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            assert set(data) <= {"text/plain", "text/html", "image/png", "image/jpeg"}
            page = data.get("text/html", "").lower()
            assert not re.search(r"<script|<[^>]*\bon\w+\s*=", page)
