"""Whoever grades without root has the same walls: what is tried in the other files is tried here by a real other user."""

import os
import sys

import pytest

from tests.ordinary_user import run_as_ordinary_user

TRIED = ["tests/hostile/test_attacks.py", "tests/hostile/test_edits.py", "tests/hostile/test_files.py", "tests/grading/test_sandbox.py"]


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs these tests already")
@pytest.mark.parametrize("tests", TRIED)
def test_the_walls_hold_when_an_ordinary_user_grades(tests, tmp_path):
    done = run_as_ordinary_user(tmp_path, sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", tests, timeout=1500)
    assert done.returncode == 0, done.stdout
