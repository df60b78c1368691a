"""The student's zip on a machine with Python only: its own how-to, line by line, in a new environment."""

import html
import os
import re
import subprocess
import sys
import zipfile

import pytest

from tests.conftest import ROOT

ANSWER = '''
import numpy as np
from unrolled import check

def readout(hs, W_y, b_y):
    return hs @ W_y + b_y

check(readout)
'''


@pytest.fixture(scope="module")
def desk(site, tmp_path_factory):
    """The unpacked zip of assignment 02-rnn."""
    folder = tmp_path_factory.mktemp("desk")
    zipfile.ZipFile(site / "downloads" / "02-rnn.zip").extractall(folder)
    return folder / "02-rnn"


def test_the_how_to_works_line_by_line(desk):
    how_to = (desk / "START-HERE.html").read_text(encoding="utf8")
    lines = html.unescape(re.search(r"<pre><code>(.*?)</code></pre>", how_to, re.DOTALL)[1])
    create, activate, install, open_lab = lines.strip().splitlines()
    assert create == "python -m venv desk"
    subprocess.run([sys.executable, *create.split()[1:]], cwd=desk, check=True)
    begin = f"set -e; {activate.replace('source', '.')}; "
    # pip's constraints make the versions those of this run; a student's machine takes the newest
    environment = os.environ | {"PIP_CONSTRAINT": str(ROOT / "constraints.txt"), "PIP_NO_COMPILE": "1", "PIP_QUIET": "1"}
    subprocess.run(["sh", "-c", f"{begin}{install}"], cwd=desk, check=True, env=environment)
    shown = subprocess.run(["sh", "-c", f"{begin}{open_lab} --version"], cwd=desk, capture_output=True, text=True, check=True)
    assert re.match(r"\d+\.\d+", shown.stdout)
    (desk / "answer.py").write_text(ANSWER)
    checked = subprocess.run(["sh", "-c", f"{begin}python answer.py"], cwd=desk, capture_output=True, text=True, check=True)
    assert "readout is right" in checked.stdout
    missing = subprocess.run(["sh", "-c", f"{begin}python -c 'import nbgrader'"], cwd=desk, capture_output=True)
    assert missing.returncode != 0, "a student never needs nbgrader"
