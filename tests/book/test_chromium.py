"""Which of the programs that are there prints the course: the lighter one first."""

import re

import pytest

from tests.conftest import ROOT
from unrolled.book.chromium import PROGRAMS, chromium


@pytest.mark.parametrize("there", [PROGRAMS, PROGRAMS[1:], ()])
def test_the_first_that_is_there_is_taken(tmp_path, monkeypatch, there):
    for name in there:
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium() == (str(tmp_path / there[0]) if there else None)


def test_the_set_up_installs_the_first_and_is_content_with_either():
    require = (ROOT / "tools" / "require").read_text()
    assert f"chromium) echo {PROGRAMS[0]} " in require
    assert tuple(re.findall(r"command -v (chromium\S*)", require)) == PROGRAMS
