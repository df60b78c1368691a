"""What the run of the tests itself stands on."""

import re
import subprocess
import sys

from tests.conftest import ROOT

TESTS = """
import pytest

@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("words", ["plain", "with: signs", "a@b"])
def test_member(words):
    pass

@pytest.mark.parametrize("number", range(3))
def test_other(number):
    pass
"""


def test_what_is_of_one_group_runs_in_one_process(tmp_path):
    """Each group shares something dear, such as a class that is graded; where the mark is overlooked, every
    process makes its own."""
    (tmp_path / "test_groups.py").write_text(TESTS)
    parallel = re.search(r"^PARALLEL = -n \$\(JOBS\) (.*)", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)[1].split()
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-n", "2", *parallel, "."]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300).stdout
    assert "6 passed" in said, said
    assert len(set(re.findall(r"\[(gw\d)\].* PASSED .*test_member", said))) == 1, said
    assert len(set(re.findall(r"\[(gw\d)\].* PASSED ", said))) == 2, said
