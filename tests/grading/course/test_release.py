"""From text to notebook."""

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.grading.classroom import (
    ASSIGNMENT,
    NOTEBOOK,
    RELEASE,
    ROOT,
    answers,
    bound_by_modes,
    grade,
    hand_in,
    new_course,
    scores,
    unrolled,
)
from unrolled.grading.course.course import CourseError, open_course
from unrolled.grading.course.files import write_whole
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.course.gradebook.cells import known_cells
from unrolled.grading.course.hidden import hidden_tests
from unrolled.grading.course.release import make_notebooks, read_source, release, sources

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


GRADED = '"grade_id": "softmax", "locked": true, "points": 2,'
FAULTS = [
    (GRADED, '"grade_id": "softmax", "locked": true,', "the cell softmax has no points"),
    ('"points": 2', '"points": "two"', "the cell softmax has 'two' as points"),
    ('"points": 2', '"points": NaN', "the cell softmax has nan as points"),
    (GRADED, '"grade_id": "softmax-code", "locked": true, "points": 2,', "the cell softmax-code has the grade_id of another cell, softmax-code"),
    (GRADED, '"grade_id": "soft max", "locked": true, "points": 2,', "the cell soft max has the grade_id 'soft max'"),
    (GRADED, '"locked": true, "points": 2,', "the cell that begins with `check(softmax)` has no grade_id"),
    ('"points": 2, "schema_version": 3', '"points": 2, "schema_version": 1', "the cell softmax is refused by nbgrader"),
    ('"points": 2, "schema_version": 3', '"points": 2 "schema_version": 3', "the cell that begins with `check(softmax)` has metadata that cannot be read"),
    ("    ### END SOLUTION\n", "", "the cell softmax-code has ### BEGIN SOLUTION without ### END SOLUTION"),
    ("END SOLUTION", "END SOLUTON", "the cell softmax-code has ### BEGIN SOLUTION without ### END SOLUTION"),
    ("BEGIN SOLUTION", "BEGIN SOLUTON", "the cell softmax-code has ### END SOLUTION without ### BEGIN SOLUTION"),
    (" SOLUTION", " SOLUTON", "the cell softmax checks softmax, which no answer cell defines once the solution is taken out"),
    ('"solution": true', '"solution": false', "the cell softmax-code has a solution in it, but its metadata do not say so"),
    ("softmax)", "my_own)", "the cell softmax checks my_own, and there is no exercise of that name"),
    (GRADED, '"grade_id": "softmax-test", "locked": true, "points": 2,', "the cell softmax-test checks softmax, so softmax has to be its grade_id"),
    ("    ### BEGIN", "    ### BEGIN HIDDEN TESTS\n    ### BEGIN", "the cell softmax-code has ### BEGIN SOLUTION before the ### END HIDDEN TESTS"),
    ("# # A title", "# # A title\n\n# %% nbgrader=true\nx = 1", "the cell that begins with `x = 1` has metadata that cannot be read"),
    (GRADED, '"grade_id": "softmax", "locked": "yes", "points": 2,', "refused by nbgrader: of its metadata, locked: 'yes' is not of type 'boolean'. "),
    ("check(softmax)", "assert (softmax", "the cell softmax is no Python in line 1: "),
    ("check(softmax)", "### BEGIN HIDDEN TESTS\nassert 1 =! 1\n### END HIDDEN TESTS", "the cell softmax is no Python in line 2: "),
    ("# %%\nimport", "# %% nbgrader={\"grade\": true}\nimport", "the cell that begins with `import numpy as np` has no grade_id, no locked"),
]


@pytest.mark.parametrize(("old", "new", "said"), FAULTS)
def test_a_fault_is_named_with_its_cell_and_the_release_before_stays(course, old, new, said):
    release(course, "99-small")
    before = everything(course)
    assert old in TEXT
    (course.solutions / "99-small" / "small.py").write_text(TEXT.replace(old, new))
    with pytest.raises(CourseError) as caught:
        release(course, "99-small")
    assert said in str(caught.value) and str(caught.value).startswith("solutions/99-small/small.py: the cell ")
    assert everything(course) == before and "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{}", TEXT.replace('"grade": true', '"grade": false')])
def test_where_no_cell_gives_points_the_release_before_stays(course, text):
    release(course, "99-small")
    before = everything(course)
    (course.solutions / "99-small" / "small.py").write_text(text)
    with pytest.raises(CourseError, match="^solutions/99-small: no cell gives points. Nothing was released"):
        release(course, "99-small")
    assert everything(course) == before


@pytest.mark.parametrize("text", [b"\xff\xfe\0", TEXT.replace("nbgrader=", "tags=").encode()])
def test_a_text_that_cannot_be_read_stops_its_release_alone(course, text):
    hand_in(course.root, "ada", answers())
    (course.solutions / "99-small" / "small.py").write_bytes(text)
    with pytest.raises(CourseError, match="small.py cannot be read: .*Nothing was released, and what was released before stays.$"):
        release(course, "99-small")
    assert grade(open_course(course.root)) == 1


def test_a_cell_that_grades_may_hold_what_a_notebook_understands(course):
    (course.solutions / "99-small" / "small.py").write_text(TEXT.replace("check(softmax)", "# %time x = 1\nawait softmax(1)\nx = !ls"))
    release(course, "99-small")


def everything(course):
    """The released files, and what the gradebook knows of the assignment."""
    with open_record(course, "99-small") as record:
        cells = known_cells(record.engine, record.assignment)
    return cells, {path: path.read_bytes() for path in course.releases.rglob("*") if path.is_file()}


def test_nbgraders_own_command_keeps_the_release_before_too(course):
    release(course, "99-small")
    before = everything(course)
    (course.solutions / "99-small" / "small.py").write_text(TEXT.replace("END SOLUTION", "END SOLUTON"))
    command = [str(Path(sys.executable).with_name("nbgrader")), "generate_assignment", "99-small", "--force"]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1 and "the cell softmax-code has ### BEGIN SOLUTION without ### END SOLUTION" in done.stderr
    assert everything(course) == before and "Traceback" not in done.stderr


def test_what_only_nbgrader_refuses_is_said_in_one_sentence_and_the_release_before_stays(course):
    release(course, "99-small")
    before = everything(course)
    (course.solutions / "99-small" / "small.py").write_text(TEXT.replace("check(softmax)", "### AUTOTEST softmax"))
    with pytest.raises(CourseError, match="nbgrader could not release 99-small: [A-Z][A-Za-z]+") as caught:
        release(course, "99-small")
    assert everything(course) == before and "\n" not in str(caught.value)


def test_a_function_that_a_new_edition_brings_after_grading_is_named_and_the_release_before_stays(tmp_path):
    course = new_course(tmp_path, {"ada": answers()})
    shutil.copytree(ROOT / "solutions" / ASSIGNMENT, tmp_path / "solutions" / ASSIGNMENT)
    grade(course)
    before = (course.releases / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_bytes()
    done = unrolled(tmp_path, "release", ASSIGNMENT)
    assert done.returncode == 1 and done.stderr.startswith("02-rnn has gained jordan_forward, jordan_forward-code, jordan_step_backward, ")
    assert " since it was first graded. Give " in done.stderr
    assert (course.releases / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_bytes() == before and scores(course) == {"ada": 20}


def test_an_assignment_under_a_name_of_its_own_keeps_its_exercises(tmp_path):
    new_course(tmp_path)
    (tmp_path / "solutions" / "02-rnn-2027").mkdir(parents=True)
    (tmp_path / "solutions" / "02-rnn-2027" / f"{NOTEBOOK}.py").write_text(TEXT)
    assert unrolled(tmp_path, "release", "02-rnn-2027").returncode == 0
    path = tmp_path / "submitted" / "ada" / "02-rnn-2027" / f"{NOTEBOOK}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(answers())
    done = unrolled(tmp_path, "grade", "02-rnn-2027", "--json", "summary.json")
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert [row["score"] for row in summary["students"]] == [2] and list(summary["points"]) == ["softmax"], done.stderr
    assert unrolled(tmp_path, "marks", "02-rnn-2027").stdout.splitlines()[0].endswith(",softmax")


def test_where_the_notebook_of_a_source_cannot_be_written_only_a_release_stops(course):
    (course.solutions / "99-small" / "small.ipynb").mkdir()
    done = unrolled(course.root, "release", "99-small")
    assert done.returncode == 1 and "in which nbgrader reads the source, cannot be written: " in done.stderr and len(done.stderr.splitlines()) == 1
    hand_in(course.root, "ada", answers())
    assert unrolled(course.root, "grade", ASSIGNMENT).returncode == 0


def test_a_read_only_source_stops_only_a_release(course):
    hand_in(course.root, "ada", RELEASE)
    (course.solutions / "99-small").chmod(0o555)
    for arguments, code in [(["grade", ASSIGNMENT], 0), (["release", "99-small"], 1)]:
        command = bound_by_modes([str(Path(sys.executable).with_name("unrolled")), *arguments])
        done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, timeout=300)
        assert done.returncode == code, done.stderr
    assert "cannot be written: Permission denied." in done.stderr and len(done.stderr.splitlines()) == 1
    assert not list(course.releases.glob("99-small"))


def test_files_that_are_gone_from_the_source_are_gone_from_the_release(course):
    data = course.solutions / "99-small" / "data"
    data.mkdir()
    (data / "a.csv").write_text("1")
    release(course, "99-small")
    assert (course.releases / "99-small" / "data" / "a.csv").read_text() == "1"
    shutil.rmtree(data)
    release(course, "99-small")
    assert [path.name for path in (course.releases / "99-small").iterdir()] == ["small.ipynb"]


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


TESTED = TEXT + '''
# %% nbgrader={"grade": true, "grade_id": "test-softmax", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert softmax(np.zeros((1, 2))).shape == (1, 2)
### BEGIN HIDDEN TESTS
assert softmax(np.zeros((1, 2)))[0, 0] == 0.5
### END HIDDEN TESTS
'''


def test_hidden_tests_are_not_released_and_are_found_for_grading(course):
    source = course.solutions / "99-small" / "small.py"
    source.write_text(TESTED)
    release(course, "99-small")
    (path,) = (course.releases / "99-small").iterdir()
    assert "HIDDEN" not in path.read_text() and ".shape == (1, 2)" in path.read_text()
    assert hidden_tests(course, "99-small")["small"]["test-softmax"].endswith("[0, 0] == 0.5\n### END HIDDEN TESTS")
    source.write_text(TESTED.replace("shape == (1, 2)", "ndim == 2"))
    with pytest.raises(CourseError, match="the cell test-softmax with hidden tests has changed since it was released: run `unrolled release 99-small`"):
        hidden_tests(course, "99-small")


@pytest.mark.parametrize("besides", ["check(softmax)\nassert True", "for _ in range(2):\n    check(softmax)"])
def test_a_check_and_tests_of_ones_own_do_not_share_a_cell(course, besides):
    (course.solutions / "99-small" / "small.py").write_text(TEXT.replace("check(softmax)", besides))
    with pytest.raises(CourseError, match=r"the cell softmax does more than `check\(\.\.\.\)`"):
        release(course, "99-small")
