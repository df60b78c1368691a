"""From text to notebook."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.grading.classroom import ROOT, new_course
from unrolled.grading.course import CourseError
from unrolled.grading.release import make_notebooks, read_source, release, sources, write_whole

TEXT = """\
# %% [markdown]
# # A title

# %%
import numpy as np

from unrolled import check

# %% nbgrader={"grade": false, "grade_id": "softmax-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(a):
    ### BEGIN SOLUTION
    return a - a
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "softmax", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(softmax)
"""


@pytest.fixture
def course(tmp_path):
    course = new_course(tmp_path)
    folder = tmp_path / "solutions" / "99-small"
    folder.mkdir(parents=True)
    (folder / "small.py").write_text(TEXT)
    return course


def test_a_source_gives_the_same_notebook_each_time(course):
    text = course.solutions / "99-small" / "small.py"
    assert read_source(text) == read_source(text)
    assert [cell.id for cell in read_source(text).cells] == ["cell-0", "cell-1", "softmax-code", "softmax"]
    assert read_source(text).metadata.keys() == {"kernelspec", "language_info"}
    assert all(cell.metadata.keys() <= {"nbgrader", "tags"} for cell in read_source(text).cells)


def test_only_what_differs_is_written(course):
    (made,) = make_notebooks(course.solutions)
    assert made.name == "small.ipynb" and not make_notebooks(course.solutions)
    (course.solutions / "99-small" / "small.py").write_text(TEXT.replace("A title", "Another title"))
    assert make_notebooks(course.solutions) == [made]


def test_a_release_holds_no_answer_and_no_text_file(course, tmp_path):
    assert sources(course) == ["99-small"]
    release(course, "99-small", into=tmp_path / "elsewhere")
    assert not (course.releases / "99-small").exists()
    release(course, "99-small")
    (path,) = (course.releases / "99-small").iterdir()
    assert path.read_bytes() == (tmp_path / "elsewhere" / "99-small" / "small.ipynb").read_bytes()
    assert b"return a - a" not in path.read_bytes() and b"raise NotImplementedError()" in path.read_bytes()
    release(course, "99-small")
    assert path.read_bytes() == (tmp_path / "elsewhere" / "99-small" / "small.ipynb").read_bytes()


def nbgrader(root, *arguments):
    command = [str(Path(sys.executable).with_name("nbgrader")), *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_nbgraders_own_commands_release_and_validate(course, tmp_path):
    release(course, "99-small", into=tmp_path / "elsewhere")
    nbgrader(course.root, "generate_assignment", "99-small")
    (path,) = (course.releases / "99-small").iterdir()
    assert path.read_bytes() == (tmp_path / "elsewhere" / "99-small" / "small.ipynb").read_bytes()
    assert "this function is not written yet" in nbgrader(course.root, "validate", str(path))


def test_what_cannot_be_released_is_said(course):
    with pytest.raises(CourseError, match="has no assignment '98-none'; it has 99-small"):
        release(course, "98-none")
    (course.solutions / "99-small" / "small.py").write_text(TEXT.replace("    ### END SOLUTION\n", ""))
    with pytest.raises(CourseError, match="nbgrader could not release 99-small"):
        release(course, "99-small")


def test_a_file_is_never_seen_half_written(tmp_path):
    path, seen, stop = tmp_path / "deep" / "file", set(), threading.Event()

    def watch():
        while not stop.is_set():
            if path.exists():
                seen.add(path.read_bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    contents = [bytes([65 + i]) * 100_000 for i in range(20)]
    for content in contents:
        write_whole(path, content, mode=0o444)
    stop.set()
    watcher.join()
    assert seen <= set(contents) and path.read_bytes() == contents[-1]
    assert [found.name for found in path.parent.iterdir()] == ["file"] and path.stat().st_mode & 0o777 == 0o444


def test_the_committed_notebooks_are_small_and_clean():
    for path in ROOT.glob("exercises/*/*.ipynb"):
        notebook = json.loads(path.read_text())
        assert path.stat().st_size < 60_000
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook["cells"])
