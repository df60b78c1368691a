"""Facts about the project that must stand in several files, and say the same in each: Python's versions,
the dependencies."""

import itertools
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions, packages_distributions, requires

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.test_arrows import PACKAGE, imports
from unrolled import doctor
from unrolled.book import desk


def read(name):
    return (ROOT / name).read_text(encoding="utf8")


PYPROJECT = read("pyproject.toml")
SETTINGS = tomllib.loads(PYPROJECT)
PROJECT = SETTINGS["project"]
REQUIREMENTS = [*PROJECT["dependencies"], *itertools.chain(*PROJECT["optional-dependencies"].values())]
PINS = {canonicalize_name(name): version for name, version in (line.split("==") for line in read("constraints.txt").splitlines())}
SUPPORTED = SpecifierSet(PROJECT["requires-python"])
PYTHONS = [f"3.{minor}" for minor in range(100) if f"3.{minor}" in SUPPORTED]


@pytest.mark.parametrize("file", ["README.md", "Makefile", "chapters/teaching.md"])
def test_a_reader_is_told_the_pythons_of_the_metadata(file):
    assert set(re.findall(r"(3\.\d+) to (3\.\d+)", read(file))) == {(PYTHONS[0], PYTHONS[-1])}


def test_the_workflow_binder_and_the_doctor_know_the_same_pythons():
    assert [name.rpartition(" ")[2] for name in PROJECT["classifiers"] if "Python :: 3" in name] == PYTHONS
    matrix = re.search(r"python: (\[.*\])", read(".github/workflows/book.yml"))[1]
    assert json.loads(matrix) == PYTHONS
    assert read("binder/runtime.txt").strip().removeprefix("python-") in PYTHONS
    assert [f"{major}.{minor}" for major, minor in (doctor.OLDEST, doctor.NEWEST)] == [PYTHONS[0], PYTHONS[-1]]


def test_make_takes_the_same_pythons():
    oldest, beyond = re.search(r"\((3, \d+)\) <= sys.version_info < \((3, \d+)\)", read("Makefile")).groups()
    assert SpecifierSet(f">={oldest.replace(', ', '.')},<{beyond.replace(', ', '.')}") == SUPPORTED


def test_a_student_takes_home_the_same_pythons():
    assert desk.PYTHONS == f"{', '.join(PYTHONS[:-1])} or {PYTHONS[-1]}"
    assert set(re.findall(r"3\.\d+", desk.HOW_TO)) == {PYTHONS[-1]}


@pytest.mark.parametrize("text", REQUIREMENTS)
def test_each_requirement_has_a_pin_that_it_allows_and_says_what_it_is_for(text):
    requirement = Requirement(text)
    assert PINS[canonicalize_name(requirement.name)] in requirement.specifier
    lines = [line for line in PYPROJECT.splitlines() if f'"{text}"' in line]
    assert lines and all("#" in line for line in lines), f"no reason beside {text}"


@pytest.mark.parametrize(("part", "extras"), [("widgets", []), ("plots", []), ("book", ["book"]), ("grading", ["grading", "cluster"])])
def test_what_a_part_imports_is_declared(part, extras):
    """Nothing comes along by chance, with another library that might stop to bring it."""
    declared = [*PROJECT["dependencies"], *itertools.chain(*(PROJECT["optional-dependencies"][extra] for extra in extras))]
    declared = {canonicalize_name(Requirement(text).name) for text in declared}
    # modules of the sandbox, by their bare names
    inside = {path.stem for path in (PACKAGE / "grading" / "notebook" / "inside").glob("*.py")}
    modules = {name.partition(".")[0] for name in imports(part)} - {"unrolled", *sys.stdlib_module_names} - inside
    brought = packages_distributions()
    missing = {module for module in modules if not declared & set(map(canonicalize_name, brought[module]))}
    assert modules and not missing


def test_the_edition_is_said_alike():
    cited = yaml.safe_load(read("CITATION.cff"))
    assert (cited["version"], cited["license"]) == (PROJECT["version"], PROJECT["license"])
    assert re.search(r"^## (\d\S*)", read("CHANGELOG.md"), re.MULTILINE)[1] == PROJECT["version"]


def test_the_guide_names_the_versions_that_are_tried_on_a_hub():
    guide = read("chapters/teaching.md")
    assert set(re.findall(r"JupyterHub (\d+\.\d+)", guide)) == {PINS["jupyterhub"].rpartition(".")[0]}
    assert set(re.findall(r"nbgrader==([\d.]+)", guide)) == {PINS["nbgrader"]}


def test_make_check_runs_tests_that_are_there_and_need_no_more_than_it_installs():
    """An empty list would run them all, and a name that is gone none."""
    named = subprocess.run(["make", "--dry-run", "check"], cwd=ROOT, capture_output=True, text=True).stdout
    paths = re.findall(r"(?<= )tests/\S+", named.rpartition("pytest")[2])
    assert len(paths) > 5 and all((ROOT / path).exists() for path in paths)
    absent = sorted(only_elsewhere(PROJECT["optional-dependencies"]["test"]))
    assert "playwright" in absent
    code = f"import sys, pytest; sys.modules.update(dict.fromkeys({absent})); sys.exit(pytest.main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "--collect-only", "-q", "-n0", "-p", "no:cacheprovider", *paths]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]


def test_mypy_knows_which_of_gradings_imports_make_lint_has_not():
    (skipped,) = (one["module"] for one in SETTINGS["tool"]["mypy"]["overrides"] if "nbgrader.*" in one["module"])
    imported = {name.partition(".")[0] for name in imports("grading")} & only_elsewhere(REQUIREMENTS)
    assert imported and imported <= {name.removesuffix(".*") for name in skipped}


def only_elsewhere(required):
    """The modules of what is required and `make check` does not install."""
    here = names_of([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["check"]])
    for name in (waiting := sorted(here & packages())):     # and what those bring along that are here
        new = names_of(text for text in requires(name) or () if "extra ==" not in text) & packages() - here
        here |= new
        waiting += new
    elsewhere = names_of(required) - here
    return {module for module, brought in packages_distributions().items() if names_of(brought) <= elsewhere}


def names_of(requirements):
    return {canonicalize_name(Requirement(text).name) for text in requirements}


def packages():
    """What is installed, by name."""
    return {canonicalize_name(package.name) for package in distributions()}


@pytest.mark.parametrize("path", [*(ROOT / ".github").rglob("*.yml"), ROOT / ".pre-commit-config.yaml"], ids=lambda path: path.name)
def test_what_github_and_git_read_can_be_read(path):
    assert isinstance(yaml.safe_load(path.read_text(encoding="utf8")), dict)


def test_the_pins_name_no_address():
    assert all(re.fullmatch(r"[\w.]+", version) for version in PINS.values())
