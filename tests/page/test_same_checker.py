"""The checker in the page says what it says outside: of right answers and known mistakes the same verdict and
the same mistake."""

import pytest

from tests.conftest import ROOT
from tests.page.verdicts import verdicts
from unrolled import withheld
from unrolled.exercises import ASSIGNMENTS

pytestmark = pytest.mark.xdist_group("page_checker")
PATHS = [*sorted((ROOT / "tests" / "exercises").glob("correct*.py")), ROOT / "tests" / "page" / "verdicts.py"]
FILES = {str(path.relative_to(ROOT)): path.read_text(encoding="utf8") for path in PATHS}
GIVEN = f"""
import pathlib, sys, types
from unrolled import withheld
for name in {sorted(withheld.functions())!r}:       # which the page has not; to a right answer they are names
    setattr(withheld, name, types.SimpleNamespace(__name__=name))
for name, text in {FILES!r}.items():
    path = pathlib.Path("/outside", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
sys.path.insert(0, "/outside")
from tests.page.verdicts import verdicts

def compare(found, expected):
    for name in found.keys() | expected.keys():
        if found.get(name) != expected.get(name):
            print(f"{{name}}: {{found.get(name)}}, outside {{expected.get(name)}}")
    print("compared:", len(found))
"""


def check_all(python, assignment, every):
    expected = verdicts(assignment, every)
    assert {passed for passed, _ in expected.values()} == {True, False}
    result, printed = python(GIVEN, f"compare(verdicts({assignment!r}, {every}), {expected!r})")
    assert result["error"] is None, result["error"]
    assert printed == f"compared: {len(expected)}\n"


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_verdicts_and_mistakes_are_the_same_in_the_page_and_outside(python, assignment):
    check_all(python, assignment, every=12)


@pytest.mark.soak
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_all_verdicts_and_mistakes_are_the_same_in_the_page_and_outside(python, assignment):
    check_all(python, assignment, every=1)


def test_a_difference_would_be_seen(python):
    expected = verdicts("05-lstm", 30)
    name = next(name for name in expected if not expected[name][0])
    expected[name][1] += "!"
    result, printed = python(GIVEN, f"compare(verdicts('05-lstm', 30), {expected!r})")
    assert result["error"] is None
    assert printed.startswith(f"{name}: [False, ")
