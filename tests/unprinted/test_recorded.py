"""What `check` knows at home of functions that nobody has printed: as much as where the reference is,
and no line of it."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hatchling.builders.sdist import SdistBuilder

from tests.exercises.test_exercises import CORRECT, named
from tests.grading.notebooks import release, submission
from tests.leaks import files_in, formula_leaks_in, leaks_in
from unrolled import withheld
from unrolled.book import desk
from unrolled.comparison import examine_function
from unrolled.digest import PACKAGE
from unrolled.exercises import EXERCISES, TASKS
from unrolled.exercises.recorded import (
    RECORDED,
    Record,
    RecordedExercise,
    ReferenceMissing,
    make_record,
    read_record,
    sketch,
    write_record,
)
from unrolled.grading.notebook.bubblewrap import student_files

ROOT = Path(__file__).parents[2]
UNPRINTED = {name: exercise for name, exercise in EXERCISES.items() if not exercise.printed}

by_exercise = pytest.mark.parametrize("exercise", UNPRINTED.values(), ids=list(UNPRINTED))


def at_home(exercise):
    """The exercise as a student's machine has it."""
    return RecordedExercise(exercise.name, rtol=exercise.rtol, atol=exercise.atol, may_alias=exercise.may_alias)


def report_at_home(exercise, fn, seed=0):
    return examine_function(at_home(exercise), named(exercise, fn), np.random.default_rng(seed))


def test_every_function_that_nobody_has_printed_is_an_exercise_and_has_its_record():
    assert set(UNPRINTED) == set(withheld.functions()) - set(TASKS) == {path.stem for path in RECORDED.iterdir()}


@by_exercise
def test_what_is_recorded_is_what_the_source_gives(exercise):
    """After a change of reference, inputs or mistakes: `make records`."""
    kept, made = at_home(exercise).record, make_record(exercise)
    assert (kept.inputs, kept.results, kept.reads) == (made.inputs, made.results, made.reads)
    assert [mistake.sentence for mistake in kept.mistakes] == [mistake.sentence for mistake in made.mistakes]
    for one, other in zip([*kept.cases, *kept.expected], [*made.cases, *made.expected], strict=True):
        assert_all_close(one, other)
    for one, other in zip(kept.mistakes, made.mistakes, strict=True):
        np.testing.assert_allclose(one.sketches, other.sketches, rtol=1e-8, atol=1e-8 * np.nanmax(np.abs(other.sketches[..., 1:])))


def assert_all_close(one, other):
    if isinstance(one, dict):
        assert list(one) == list(other)
        one, other = list(one.values()), list(other.values())
    if isinstance(one, (list, tuple)):
        for pair in zip(one, other, strict=True):
            assert_all_close(*pair)
    else:
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-11)


@by_exercise
def test_right_answers_pass_at_home(exercise):
    for fn in (exercise.reference, *CORRECT[exercise.name]):
        assert report_at_home(exercise, fn).passed, report_at_home(exercise, fn).message


@by_exercise
def test_each_known_mistake_is_told_at_home_by_its_own_sentence(exercise):
    for mistake in exercise.mistakes:
        report = report_at_home(exercise, mistake.wrong)
        assert not report.passed, mistake.name
        assert report.mistake == mistake.sentence, report.message


def test_values_shapes_and_patterns_are_told_at_home():
    exercise = UNPRINTED["tied_embedding_backward"]
    right = exercise.reference
    wrong = {
        r"dE is wrong in \d+ of \d+ places; the largest difference is .* \(yours .*, expected .*\)": lambda *given: scaled(right(*given), 3),
        "Your dE is the right one times 3": lambda *given: scaled(right(*given), 3),
        r"it must return 2 results \(dE, dhs\), not 1": lambda *given: right(*given)[:1],
        r"dE has shape .*, that is \(V, D\)": lambda *given: (right(*given)[0][None], right(*given)[1]),
        "dhs has dtype complex128": lambda *given: (right(*given)[0], right(*given)[1] + 1j),
        "it changed its input hs": lambda dlogits, dxs, hs, tokens, E: (right(dlogits, dxs, hs, tokens, E), hs.fill(0))[0],
        "dhs is nan or infinite": lambda *given: (right(*given)[0], np.full_like(right(*given)[1], np.nan)),
    }
    for words, fn in wrong.items():
        report = report_at_home(exercise, fn)
        assert not report.passed and re.search(words, report.message), report.message


def test_an_error_is_told_at_home_in_the_letters_of_the_notation():
    def mgu_step_backward(dh, x, h_prev, gates, W_x, W_h):
        da = np.concatenate([dh, dh])
        return da @ W_x.T

    home = at_home(UNPRINTED["mgu_step_backward"])
    words = r"There `da` is \(\d+, \d+\) = \(2N, H\) and `W_x\.T` is \(\d+, \d+\) = \(2H, D\)\."
    assert re.search(words, examine_function(home, mgu_step_backward, np.random.default_rng(0)).message)


def test_inputs_that_are_never_read_are_told_at_home():
    def mgu_step_forward(x, h_prev, W_x, W_h, b):
        h = np.tanh(x @ W_x[:, : h_prev.shape[1]])
        return h, np.hstack([h, h])

    home = at_home(UNPRINTED["mgu_step_forward"])
    assert "`W_h` and `b` are never read in it" in examine_function(home, mgu_step_forward, np.random.default_rng(0)).message


def scaled(results, factor):
    dE, dhs = results
    return factor * dE, dhs


@by_exercise
def test_cases_at_home_are_the_recorded_ones_and_no_others_are_drawn(exercise):
    home = at_home(exercise)
    assert home.known_cases(np.random.default_rng(1)) is home.known_cases(np.random.default_rng(2))
    with pytest.raises(ReferenceMissing, match=f"reference of {exercise.name} is not in this installation"):
        home.cases(np.random.default_rng(1))


def test_a_sketch_knows_its_result_again_and_no_other(rng):
    array = rng.normal(size=(4, 5))
    np.testing.assert_array_equal(sketch(array), sketch(np.asfortranarray(array)))
    others = [array.T, array[::-1], array + np.eye(4, 5) * 1e-3, np.where(array > 1, np.nan, array), [array], array.astype(int), None, "no"]
    assert not any(np.allclose(sketch(array), sketch(other), rtol=1e-6) for other in others[:4] + others[5:])
    # lists are told apart by their number of arrays
    np.testing.assert_array_equal(sketch([array]), sketch(array))
    assert not np.allclose(sketch([array, array]), sketch(array))
    assert np.isnan(sketch("no")).all() and np.isnan(sketch(array + 1j)).all()
    holes = np.where(array > 1, np.inf, array)
    np.testing.assert_array_equal(sketch(holes), sketch(holes.copy()))


def test_a_record_is_read_as_it_was_written_and_its_file_is_the_same_each_time(tmp_path):
    record = make_record(UNPRINTED["jordan_step_backward"])
    for name in ("one.npz", "other.npz"):
        write_record(record, tmp_path / name)
    read = read_record(tmp_path / "one.npz")
    assert isinstance(read, Record) and read.results == record.results
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "other.npz").read_bytes()
    np.testing.assert_array_equal(read.mistakes[3].sketches, record.mistakes[3].sketches)
    np.testing.assert_array_equal(read.expected[1][0], record.expected[1][0])


# Where the reference must not be.


@pytest.fixture(scope="module")
def zips(tmp_path_factory):
    """The zips that students take home."""
    return desk.write_desks(ROOT, tmp_path_factory.mktemp("zips"))


@pytest.fixture(scope="module")
def home(zips, tmp_path_factory):
    """A folder with the package as students have it."""
    folder = tmp_path_factory.mktemp("home")
    (wheel,) = zips[0].parent.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def run_at_home(home, script):
    return subprocess.run([sys.executable, "-c", script], env={"PYTHONPATH": str(home)}, capture_output=True, text=True)


def leaks(*paths):
    return [leak for path in paths for leak in leaks_in(path.name, path.read_bytes())]


@pytest.mark.xdist_group("zips")
def test_no_zip_and_no_package_that_is_built_holds_the_source(zips, tmp_path):
    (sdist,) = SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    names = [name for name, _ in files_in(sdist, Path(sdist).read_bytes())]
    assert any(name.endswith("src/unrolled/withheld.py") for name in names)
    assert not any("/solutions/" in name or "/tests/" in name for name in names)       # which hold right answers
    assert leaks(*zips, *zips[0].parent.glob("*.whl"), Path(sdist)) == []


def test_no_page_no_notebook_and_no_record_holds_the_source():
    assert leaks(*ROOT.glob("chapters/*.md"), *ROOT.glob("exercises/*/*.ipynb"), *ROOT.glob("solutions/*/*.py")) == []
    assert leaks(*RECORDED.iterdir()) == []


def test_no_page_no_notebook_and_no_module_computes_under_other_names_what_nobody_has_printed():
    given = [*ROOT.glob("chapters/*.md"), *ROOT.glob("exercises/*/*.ipynb"), *(path for path in PACKAGE.rglob("*.py") if "unprinted" not in path.parts)]
    assert [leak for path in given for leak in formula_leaks_in(str(path.relative_to(ROOT)), path.read_text(encoding="utf8"))] == []


RENAMED = [
    # in lstm.py: dc_prev = dc * f + da_i * p_i + da_f * p_f
    "f * grad + w_f * d_f + w_i * d_i",
    "grad + slope * o * (1 - t * t) + d_out * peep",            # dc = dc + dh * o * (1 - tanh_c**2) + da_o * p_o
    # in rnn.py: wanted = (1 - smoothing) * one_hot + smoothing / V
    "hot + q * (1 / V - hot)",
    "np.log(np.exp(np.log(w) + p) + np.exp(np.log(1 - w) + r))",        # in language.py, by np.logaddexp
]


@pytest.mark.parametrize("code", RENAMED)
def test_a_renamed_copy_in_other_words_is_found(code):
    notebook = json.dumps({"cells": [{"cell_type": "code", "source": [f"result = {code}\n"]}]})
    pages = {"a.py": f"def fn():\n    return {code}\n", "a.md": f"Text.\n\n```{{code-cell}} ipython3\n:tags: [x]\nfirst({code})\n```\n", "a.ipynb": notebook}
    for name, content in pages.items():
        assert len(list(formula_leaks_in(name, content))) == 1
        assert not list(formula_leaks_in(name, content.replace(code, "x @ W_x + h_prev @ W_h + b")))


def test_the_sandbox_has_neither_source_nor_records():
    parts = {path.relative_to(PACKAGE).parts[0] for path in student_files().values()}
    assert not parts & {"unprinted", "recorded", "withheld.py", "exercises"}


@pytest.mark.xdist_group("zips")
def test_at_home_check_works_without_the_reference(home):
    """With the package of the zip, in a process of its own."""
    script = """
import sys
import numpy as np
import unrolled
from unrolled import check, examine

def jordan_forward(xs, y0, W_x, W_o, b, W_y, b_y):
    y, ys, hs = y0, [], []
    for x in xs:
        hs.append(np.tanh(x @ W_x + y @ W_o + b))
        y = hs[-1] @ W_y + b_y
        ys.append(y)
    return np.array(ys), np.array(hs)

check(jordan_forward)
right = jordan_forward

def jordan_forward(xs, y0, W_x, W_o, b, W_y, b_y):
    return right(xs, 0 * y0, W_x, W_o, b, W_y, b_y)

print(examine(jordan_forward).message)
print(unrolled.__file__, *(name for name in sys.modules if "unprinted" in name))
"""
    run = run_at_home(home, script)
    assert run.stdout.splitlines()[0] == "jordan_forward is right: 11 cases, all results as the reference's.", run.stderr
    assert "`y0` is ignored" in run.stdout
    assert run.stdout.splitlines()[-1] == str(home / "unrolled/__init__.py")


@pytest.mark.xdist_group("zips")
def test_nothing_is_graded_where_the_reference_is_not(home, tmp_path):
    for name, content in {"release": release(["jordan_forward"]), "submission": submission(["jordan_forward"])}.items():
        (tmp_path / name).write_bytes(content)
    script = f"""
from pathlib import Path
from unrolled.grading.notebook.task import SandboxError, Task, grade
release, submission = (Path({str(tmp_path)!r}, name).read_bytes() for name in ("release", "submission"))
try:
    print(grade(Task("02-rnn", "ada", "rnn", release, submission, b"secret")))
except SandboxError as error:
    print(error)
"""
    run = run_at_home(home, script)
    assert run.stdout == "the reference of jordan_forward is not in this installation: use the folder of the course.\n", run.stderr
