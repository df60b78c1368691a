"""What of this package goes into the page: all that its notebooks import, found by reading, and enough to run
without the rest."""

import ast
import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from unrolled.book import write_here
from unrolled.exercises.recorded import RECORDED
from unrolled.page import supply


@pytest.fixture(scope="module")
def files():
    return supply.packed_modules(write_here.code_of(ROOT))


def test_the_modules_that_go_are_enough_for_every_notebooks_imports(files, tmp_path):
    (tmp_path / "unrolled.zip").write_bytes(supply.zipped(files))
    nodes = [node for source in write_here.code_of(ROOT) for node in ast.parse(source).body]
    imports = [line for node in nodes if (line := ast.unparse(node)).startswith(("from unrolled", "import unrolled"))]
    assert len(imports) > 6
    script = "\n".join(["import sys", f"sys.path.insert(0, {str(tmp_path / 'unrolled.zip')!r})", *imports, f"import {supply.RUNNER}", "print(sys.modules['unrolled'].__file__)"])
    # -S leaves out site-packages, in which the whole package stands; NumPy is put back alone
    numpy = subprocess.run([sys.executable, "-c", "import numpy; print(numpy.__path__[0])"], capture_output=True, text=True, check=True).stdout.strip()
    (tmp_path / "numpy").symlink_to(numpy)
    (tmp_path / "numpy.libs").symlink_to(f"{numpy}.libs")
    result = subprocess.run([sys.executable, "-S", "-E", "-c", script], capture_output=True, text=True, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "unrolled.zip" in result.stdout


def test_nothing_goes_that_no_notebook_needs(files):
    rooms = {name.split("/")[1].removesuffix(".py") for name in files if name.startswith("unrolled/")}
    assert {"check", "reference", "exercises", "comparison", "recording", "page"} <= rooms
    assert not rooms & {"book", "grading", "widgets", "cli", "doctor", "plots"}
    assert [name for name in files if "/page/" in name] == ["unrolled/page/runner.py", "unrolled/page/__init__.py"]


def test_of_a_package_that_is_imported_whole_every_module_goes(files):
    for room in ("reference", "mistakes", "exercises", "patterns"):
        assert {f"unrolled/{path.relative_to(supply.PACKAGE)}" for path in (supply.PACKAGE / room).rglob("*.py")} <= files.keys()


def test_data_go_with_the_module_that_names_them(files):
    assert "unrolled/character_network.npz" in files
    assert "unrolled/data/language_reference.txt" in files, "the corpus"
    assert not [name for name in files if name.endswith((".csv", ".tsv"))], "nothing in the page reads these"
    recorded = {f"unrolled/recorded/{path.name}" for path in RECORDED.glob("*.npz")}
    assert recorded and recorded <= files.keys()


def test_what_nobody_has_printed_stays_out_of_the_page(files):
    assert not [name for name in files if "unprinted" in name]


def test_what_is_packed_is_unpacked_again(rng):
    content = rng.bytes(2_000_000)
    pieces = supply.scripts("part", content)
    assert len(pieces) == 3 and max(map(len, pieces.values())) < 1_500_000
    assert supply.content_of(pieces.values()) == content


def test_a_page_is_told_every_script_and_its_size():
    told, unrolled = supply.python_scripts(write_here.code_of(ROOT))
    files = [file for part in told["parts"].values() for file in part]
    assert sorted(files) == sorted(told["sizes"])
    assert set(unrolled) == set(told["parts"]["unrolled"])
    assert json.loads(json.dumps(told)) == told
