"""The committed packs: what they are made of, held to their digests, and to the recipe that makes them."""

import hashlib
import shutil
import subprocess

import pytest

from unrolled.page import pack, supply

LARGEST = 1_500_000     # bytes of one file, for any host and for the bar that shows the loading
PARTS = {part["name"]: part for part in supply.packs()["parts"]}


def content(name):
    return supply.content_of([(supply.PACKS / file).read_text() for file in PARTS[name]["files"]])


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_what_its_digest_says_and_its_scripts_are_named_by_it(name):
    digest = hashlib.sha256(content(name)).hexdigest()
    assert digest == PARTS[name]["sha256"]
    assert all(file.startswith(f"{name}-{digest[:12]}-") for file in PARTS[name]["files"])


def test_the_folder_holds_what_is_listed_and_no_more():
    listed = {file for part in PARTS.values() for file in part["files"]}
    assert {path.name for path in supply.PACKS.iterdir()} == listed | {"packs.json", "licences"}
    assert max((supply.PACKS / file).stat().st_size for file in listed) < LARGEST


def test_every_licence_is_shipped_and_the_page_is_told_where_the_source_is():
    texts = {path.name: path.read_text(encoding="utf8") for path in (supply.PACKS / "licences").iterdir()}
    assert "Mozilla Public License Version 2.0" in texts["Pyodide (MPL-2.0).txt"]
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in texts["CPython (PSF-2.0).txt"]
    assert "NumPy Developers" in texts["NumPy (BSD-3-Clause).txt"]
    assert texts["CodeMirror (MIT).txt"].count("MIT License") >= 5
    assert "https://github.com/pyodide/pyodide" in texts["NOTICE.txt"]
    assert all(name in texts["NOTICE.txt"] for name in ("Pyodide 0.29.0", "CPython 3.13.2", "NumPy 2.2.5", "CodeMirror"))


def test_no_address_of_a_registry_stands_in_the_recipe():
    texts = [path.read_text(encoding="utf8") for path in pack.RECIPE.glob("*.*")]
    assert texts and not any("resolved" in text or "registry" in text for text in texts)


@pytest.mark.soak
@pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="the recipe needs Node with npm")
def test_the_recipe_makes_these_packs(tmp_path):
    """Held by their content: how it is compressed differs from one Python to the next."""
    try:
        pack.write_packs(pack.make_parts(tmp_path / "work"), tmp_path / "packs")
    except subprocess.CalledProcessError as error:
        if {"npm", "pip"} & set(error.cmd):
            pytest.skip(f"a registry does not have the parts: {' '.join(map(str, error.cmd[-3:]))}")
        raise
    made = {part["name"]: part["sha256"] for part in supply.packs(tmp_path / "packs")["parts"]}
    assert made == {name: part["sha256"] for name, part in PARTS.items()}
