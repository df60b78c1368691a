"""What stands in solutions/ and exercises/: one source of each fact, no answer in the release."""

import ast
import inspect
import os
import re
import subprocess
import sys

import nbformat
import pytest

from unrolled import CheckFailed, fast
from unrolled.exercises import ASSIGNMENTS, CHECKED, asked_of
from unrolled.exercises.exercise import documented_shapes
from unrolled.grading.course.course import CourseError
from unrolled.grading.course.release import NO_ANSWER, read_source, release, sources


def cells_with(notebook, kind="code", **flags):
    marks = [(cell, cell.metadata.get("nbgrader", {})) for cell in notebook.cells if cell.cell_type == kind]
    return [cell for cell, mark in marks if all(mark.get(name, False) == flag for name, flag in flags.items())]


def function_in(source):
    """The only function that a solution cell defines at its top level."""
    (function,) = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return function


def body_of(function):
    """A function's statements without its docstring."""
    return [ast.dump(node) for node in function.body[1:]]


def shapes_of(function):
    """The documented shapes of a function's parameters and results."""
    inputs, results = documented_shapes(function)
    return {name: inputs[name] for name in inspect.signature(function).parameters if name in inputs}, results


def stripped_lines(text):
    """The lines of a text wherever they are indented: an answer stands inside its function."""
    return {line.strip() for line in text.splitlines()}


def code_of(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def test_every_source_is_an_assignment(course):
    assert set(sources(course)) == set(ASSIGNMENTS)


def test_graded_cells_are_the_checks_of_the_exercises(assignment, source):
    graded = cells_with(source, grade=True, solution=False)
    assert [cell.metadata.nbgrader.grade_id for cell in graded] == [exercise.name for exercise in asked_of(assignment)]
    for cell in graded:
        mark = cell.metadata.nbgrader
        assert cell.source == f"check({mark.grade_id})"
        assert mark.locked and mark.points > 0


def test_each_function_has_its_cell_whose_answer_is_the_reference(source):
    answers = cells_with(source, grade=False, solution=True)
    for cell in answers:
        function = function_in(cell.source)
        assert cell.metadata.nbgrader.grade_id == f"{function.name}-code"
        reference = CHECKED[function.name].reference
        assert body_of(function) == body_of(function_in(inspect.getsource(reference)))
    assert len(answers) == len(cells_with(source, grade=True, solution=False))


def test_what_a_notebook_is_given_is_the_courses_own(source):
    """A locked cell may give the functions of an earlier assignment, in their fast form."""
    for cell in cells_with(source, locked=True, grade=False):
        for function in (node for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef)):
            assert ast.unparse(function) == ast.unparse(function_in(inspect.getsource(getattr(fast, function.name))))


def test_no_source_holds_an_answer_of_its_own(course, assignment):
    (text,) = (course.solutions / assignment).glob("*.py")
    assert text.read_text(encoding="utf8").count(NO_ANSWER) == len(asked_of(assignment))


def test_a_cell_that_the_reference_cannot_answer_is_named(tmp_path):
    cell = '# %% nbgrader={"grade_id": "leaky_step-code", "solution": true}\ndef leaky_step(h_prev):\n'
    (tmp_path / "rnn.py").write_text(cell + NO_ANSWER)
    with pytest.raises(CourseError, match="leaky_step-code has no answer"):
        read_source(tmp_path / "rnn.py")


def test_the_docstring_that_students_see_gives_the_shapes_of_the_reference(source):
    for cell in cells_with(source, grade=False, solution=True):
        scope = {}
        exec(cell.source.partition("### BEGIN SOLUTION")[0] + "pass", scope)
        name = cell.metadata.nbgrader.grade_id.removesuffix("-code")
        assert shapes_of(scope[name]) == shapes_of(CHECKED[name].reference)


def test_each_exercise_has_one_hint(source):
    hints = sum(cell.source.count("*Hint: ") for cell in source.cells if cell.cell_type == "markdown")
    assert hints == len(cells_with(source, grade=True, solution=False))


def test_the_hint_of_what_nobody_has_printed_is_folded_away(source):
    text = "\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown")
    graded = [cell.metadata.nbgrader.grade_id for cell in cells_with(source, grade=True, solution=False)]
    unprinted = [name for name in graded if not CHECKED[name].printed]
    assert re.findall(r"<details><summary>A hint for <code>(\w+)</code></summary>\n\n\*Hint: [^<]*\*\n\n</details>", text) == unprinted


def test_the_release_is_what_is_generated(course, assignment, tmp_path):
    release(course, assignment, into=tmp_path)
    made = {path.name: path.read_bytes() for path in (tmp_path / assignment).iterdir()}
    committed = {path.name: path.read_bytes() for path in (course.releases / assignment).iterdir()}
    assert made.keys() == committed.keys()
    assert made == committed, f"exercises/{assignment} is not what its source makes: run `unrolled release {assignment}`"


def test_no_answer_is_in_the_release(course, assignment, source):
    ((_, content),) = course.release_notebooks(assignment).items()
    released = nbformat.reads(content.decode(), as_version=4)
    text = "\n".join(cell.source for cell in released.cells)
    shown = stripped_lines(text)
    for cell in cells_with(source, solution=True):
        answer = cell.source.partition("### BEGIN SOLUTION")[2].partition("### END SOLUTION")[0]
        assert not {line for line in stripped_lines(answer) & shown if len(line) > 12}     # T = len(xs) is no answer
    assert "SOLUTION" not in text and "jupytext" not in content.decode() and not any(cell.get("outputs") for cell in released.cells)
    for cell in cells_with(released, solution=True):
        assert re.search(r"# YOUR CODE HERE\n *raise NotImplementedError\(\)$", cell.source)


@pytest.mark.parametrize("kind, blank", [("markdown", r"YOUR ANSWER HERE"), ("code", r"(import .*\n)+\n# YOUR CODE HERE\nraise NotImplementedError\(\)")])
def test_what_a_person_marks_is_open_and_its_rubric_is_in_the_solution_alone(course, assignment, source, kind, blank):
    """A written question is a text, a figure is code with its sentences as comments."""
    ((_, content),) = course.release_notebooks(assignment).items()
    released = nbformat.reads(content.decode(), as_version=4)
    asked, left = (cells_with(notebook, kind, grade=True, solution=True) for notebook in (source, released))
    for cell, released_cell in zip(asked, left, strict=True):
        mark = cell.metadata.nbgrader
        assert not mark.locked and mark.points > 0 and mark.grade_id not in CHECKED
        assert "point each" in cell.source and re.fullmatch(blank, released_cell.source)


def test_a_third_of_the_points_is_for_what_nobody_has_printed(assignment, source):
    marks = [cell.metadata.nbgrader for kind in ("code", "markdown") for cell in cells_with(source, kind, grade=True)]
    unprinted = {exercise.name for exercise in asked_of(assignment) if not exercise.printed}
    assert sum(mark.points for mark in marks if mark.grade_id in unprinted) >= sum(mark.points for mark in marks) / 3


def test_the_solution_passes_at_home_to_its_last_cell(source):
    one_thread = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    home = subprocess.run([sys.executable, "-"], input="\n".join(code_of(source)), env=one_thread, capture_output=True, text=True)
    assert home.returncode == 0, home.stderr
    for cell in cells_with(source, grade=True, solution=False):
        assert f"{cell.metadata.nbgrader.grade_id} is right" in home.stdout


def test_the_untouched_release_says_that_nothing_is_written_yet(course, assignment):
    ((_, content),) = course.release_notebooks(assignment).items()
    scope, said = {}, []
    for code in code_of(nbformat.reads(content.decode(), as_version=4)):
        try:
            exec(code, scope)
        except (CheckFailed, NotImplementedError) as error:
            said.append(str(error))
    for exercise in asked_of(assignment):
        assert any(f"{exercise.name}: this function is not written yet." in message for message in said)


@pytest.mark.parametrize("text", ["### BEGIN SOLUTION", "### END SOLUTION"])
def test_solution_marks_stand_in_solution_cells_only(source, text):
    for cell in source.cells:
        inside = cell.metadata.get("nbgrader", {}).get("solution", False)
        assert cell.source.count(text) == (1 if inside else 0)
