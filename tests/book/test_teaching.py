"""The teaching guide keeps its word: every command on the page runs, and its worked example works."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tests.grading.classroom import ASSIGNMENT, RELEASE, answers, new_course, scores

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "chapters" / "teaching.md").read_text(encoding="utf8")
COMMANDS = [
    command
    for language, block in re.findall(r"```(sh|python)\n(.*?)```", PAGE, re.DOTALL)
    for command in ([[sys.executable, "-c", block]] if language == "python" else map(shlex.split, block.strip().split("\n")))
]
EXAMPLE = re.findall(r"```\{code-block\} python\n:caption: at the end of (\S+)\n\n(.*?)```", PAGE, re.DOTALL)
ENVIRONMENT = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "200"}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with a class: one has handed in by the exchange, and by Git, one by an LMS's zip."""
    folder = tmp_path_factory.mktemp("course")
    opened = new_course(folder, {"ada": answers()})
    shutil.copytree(ROOT / "solutions" / ASSIGNMENT, folder / "solutions" / ASSIGNMENT, ignore=shutil.ignore_patterns("*.ipynb"))
    with zipfile.ZipFile(folder / "downloads.zip", "w") as archive:
        archive.writestr("lovelaceada_12345_67890_rnn.ipynb", RELEASE)
    (folder / "clones" / "ada" / ".git").mkdir(parents=True)
    (folder / "clones" / "ada" / "rnn.ipynb").write_bytes(answers())
    (folder / "roster.csv").write_text('Student,ID,SIS User ID,SIS Login ID,Section\n"Hopper, Grace",12345,,grace,Section A\n')
    (folder / "more-time.csv").write_text("student,days\n12345,2\n")
    return opened


@pytest.fixture
def background():
    """Start a command that goes on running; it is ended with the test."""
    started = []
    yield lambda command, folder: started.append(
        subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    )
    for process in reversed(started):
        process.terminate()
        process.wait(timeout=30)


def wait_for_port(port, seconds=60):
    for _ in range(seconds * 10):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")


def test_every_command_on_the_page_runs_in_the_order_of_the_page(course, background):
    assert len(COMMANDS) > 10
    for command in COMMANDS:
        if command[:2] == ["unrolled", "demo"]:
            continue        # a class of its own, which tests/grading/test_cli.py has graded
        if command[0] == "dask":
            background(command, course.root)
            if "scheduler" in command:
                wait_for_port(8786)
            continue
        done = subprocess.run(command, cwd=course.root, env=ENVIRONMENT, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}\n{done.stderr}"
    files = ["summary.json", "marks.csv", "canvas.csv", "section-a.csv", "moodle.csv", "pages.zip", "grades.csv"]
    for made in [*files, f"similar/{ASSIGNMENT}/index.html"]:
        assert (course.root / made).stat().st_size > 100, made
    total = scores(course)
    assert total["12345"] == 0 < total["ada"]


def test_the_worked_example_passes_the_tests_that_all_exercises_share(tmp_path):
    for folder in ["src", "solutions", "exercises", "tests/exercises"]:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ["nbgrader_config.py", "pyproject.toml", "tests/__init__.py"]:
        shutil.copy(ROOT / name, tmp_path / name)
    assert len(EXAMPLE) == 5
    for name, code in EXAMPLE:
        with open(tmp_path / name, "a", encoding="utf8") as file:
            file.write("\n" + code)

    environment = ENVIRONMENT | {"PYTHONPATH": f"{tmp_path / 'src'}{os.pathsep}{tmp_path}"}
    script = "import sys, unrolled.grading.commands as c; c.app(sys.argv[1:])"
    released = subprocess.run([sys.executable, "-c", script, "release", ASSIGNMENT], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert released.returncode == 0, released.stderr
    notebook = (tmp_path / "exercises" / ASSIGNMENT / "rnn.ipynb").read_text()
    assert "check(adding_step)" in notebook and "h = h_prev + rate * n\\n" not in notebook

    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/exercises", "-k", "adding_step"],
        cwd=tmp_path, env=environment, capture_output=True, text=True,
    )
    assert tested.returncode == 0, tested.stdout
    assert int(re.search(r"(\d+) passed", tested.stdout)[1]) > 8, tested.stdout
