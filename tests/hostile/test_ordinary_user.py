"""Whoever grades without root has the same walls: what is tried in the other files is
tried here by a real other user."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ordinary_user import ROOT, run_as_ordinary_user

# a notebook is rebuilt by anybody alike
EDITS = pytest.param("tests/hostile/test_edits.py", marks=pytest.mark.soak)
TRIED = ["tests/hostile/test_attacks.py", EDITS, "tests/hostile/test_files.py", "tests/grading/notebook/test_sandbox.py"]


root_only = pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs these tests already")
WITHOUT_RIGHTS = ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"]


@root_only
@pytest.mark.parametrize("tests", TRIED)
def test_the_walls_hold_when_an_ordinary_user_grades(tests, tmp_path):
    done = run_as_ordinary_user(tmp_path, sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", tests, timeout=1500)
    assert done.returncode == 0, done.stdout


@root_only
def test_the_walls_hold_when_a_containers_root_grades_who_may_mount_nothing(tmp_path):
    tests = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "tests/grading/notebook/test_sandbox.py"]
    done = subprocess.run([*WITHOUT_RIGHTS, *tests], cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout


@root_only
def test_where_no_sandbox_can_be_had_the_doctor_says_what_to_do(tmp_path):
    """As in a container: parts of /proc are covered, so nobody but its maker may mount a fresh one."""
    ordinary = f"{sys.executable} -m tests.ordinary_user ordinary {tmp_path} {Path(sys.executable).with_name('unrolled')} doctor --grading"
    covered = f"mount --make-rprivate / && mount --bind /dev/null /proc/keys && exec {ordinary}"
    done = subprocess.run(["unshare", "--mount", "sh", "-c", covered], cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 1, done.stderr
    assert "MEND the sandbox does not start on this machine: bwrap: Can't mount proc" in done.stdout
