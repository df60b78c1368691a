"""What has a button "Run it here", and what that runs; tests/page presses it."""

import re
from types import SimpleNamespace

import pytest
from myst_nb.core.read import myst_nb_reader_plugin

from tests.conftest import ROOT
from unrolled import reference
from unrolled.book import run_here
from unrolled.book.listed import listed_files
from unrolled.exercises.example import example
from unrolled.page.runner import Desk

CHAPTERS = [path for path in listed_files(ROOT) if "```{reference}" in path.read_text(encoding="utf8")]
SHOWN = [name for path in CHAPTERS for name in re.findall(r"^```\{reference\} (\w+)$", path.read_text(encoding="utf8"), re.MULTILINE)]
TYPICAL = "def {name}(x):\n    return {value}\n\n\nprint({name}(1))"


def notebook(*cells):
    """A notebook of code cells, each its source or (source, tag)."""
    pairs = [cell if isinstance(cell, tuple) else (cell, None) for cell in cells]
    return SimpleNamespace(cells=[
        SimpleNamespace(cell_type="code", source=source, metadata={"tags": [tag]} if tag else {}) for source, tag in pairs
    ])


def added(*cells):
    """What has a button of a notebook."""
    code = run_here.Code()
    code.add_cells(notebook(*cells), dict.fromkeys(range(len(cells)), "A heading"))
    return code


def run(code, name, change=lambda text: text):
    """What a press on the button of that name runs: the result and what is printed, here in an ordinary Python."""
    cell, printed = code.cells[name], []
    above = [["above", "\n".join(code.statements[place][1] for place in cell["above"])]]
    result = Desk().run([*above, [cell["title"], change(cell["text"])]], cell.get("check"), printed.append)
    return result, "".join(printed)


@pytest.mark.parametrize("name", SHOWN)
def test_a_reference_function_runs_with_a_call_that_shows_each_of_its_results_and_is_found_right(name):
    code = run_here.Code()
    code.add_reference(getattr(reference, name))
    result, printed = run(code, name)
    assert result["error"] is None
    for shown in re.findall(r"(\w+)=", code.cells[name]["text"].split("\nshow(")[1]):
        assert re.search(rf"^{shown} (\(|= )", printed, re.MULTILINE)
    assert len(printed.splitlines()) <= 90, "what is shown can be looked over"
    assert ("check" in code.cells[name]) is (f"{name} is right" in printed)


def test_a_line_that_is_changed_is_told_by_the_check():
    code = run_here.Code()
    code.add_reference(reference.rnn_step_forward)
    result, _ = run(code, "rnn_step_forward", lambda text: text.replace("np.tanh(a)", "a"))
    assert "tanh" in result["error"]


def test_the_arrays_are_small_and_the_same_each_time():
    first, second = example("lstm_step_forward"), example("lstm_step_forward")
    assert list(first) == ["x", "h_prev", "c_prev", "W_x", "W_h", "b"]
    assert all((first[name] == second[name]).all() and first[name].size < 150 for name in first)


def test_a_cell_that_needs_numpy_alone_has_a_button_with_what_it_needs():
    code = added(("import numpy as np\nfrom unrolled import plots\nunused, n = 1, 3", "remove-cell"), "print(np.ones(n))")
    assert list(code.cells) == ["1"]
    assert [text for _, text in code.statements] == ["import numpy as np", "unused, n = 1, 3"]
    assert run(code, "1") == ({"error": None, "cell": None, "line": None}, "[1. 1. 1.]\n")


def test_the_statements_stand_in_the_pages_order_whoever_needs_them_first():
    code = added(("a = 1\nb = a + 1\nc = 5", "remove-cell"), "print(c)", "print(b)")
    assert [text for _, text in code.statements] == ["a = 1", "b = a + 1", "c = 5"]
    assert run(code, "2")[1] == "2\n"


@pytest.mark.parametrize("source", [
    "from unrolled import plots\nfigure, ax = plots.new_figure()\nax.plot([1])", "from sklearn import datasets\nprint(datasets)",
    "from unrolled.book.measured import tell\ntell(a=1)\nx = 1",
])
def test_a_cell_of_which_nothing_to_be_seen_runs_has_none(source):
    assert not added(source).cells


def test_a_figure_is_left_out_and_a_sentence_says_so():
    code = added("from unrolled import plots\nx = [1]\nprint(x)\n# its figure\nplots.new_figure(2)\ny = 1")
    assert code.cells["0"]["text"] == "x = [1]\nprint(x)\ny = 1"
    assert code.cells["0"]["note"] == run_here.LEFT_OUT
    assert added("print(1)").cells["0"]["note"] == ""


def test_what_is_hidden_has_none():
    assert not added(("print(1)", "remove-cell"), ("print(1)", "remove-input")).cells


def test_a_cell_that_prints_nothing_and_ends_in_no_value_has_none():
    assert not added("x = 1\ny = x", "def f():\n    return 1").cells
    assert list(added("x = 1\nx + 1").cells) == ["0"]


def test_what_is_slow_has_none_nor_what_needs_it():
    code = added(("x = 1\nprint(x)", "slow"), "print(x)", "print(2)", "y = 3\nprint(y)")
    assert list(code.cells) == ["2", "3"]


@pytest.mark.parametrize(("chapter", "titles"), [
    ("02-rnn", ["the code below “-”"]),
    ("03-bptt", ["loss_with", "through_a_layer", "the code below “-”"]),
    ("05-lstm", ["reorder", "the code below “-”"]),
])
def test_these_cells_of_a_chapter_have_a_button_whatever_machine_builds_it(chapter, titles):
    code = run_here.Code()
    cells = myst_nb_reader_plugin(str(ROOT / "chapters" / f"{chapter}.md"))
    code.add_cells(cells, dict.fromkeys(run_here.sources_of(cells), "-"))
    assert [cell["title"] for cell in code.cells.values()] == titles


def test_the_name_of_a_button_says_what_it_runs():
    code = added(TYPICAL.format(name="double", value="2 * x"), "print(1)", "print(2)")
    assert [cell["title"] for cell in code.cells.values()] == ["double", "the code below “A heading”", "the code below “A heading” (2)"]
    assert 'aria-label="Run it here: the &lt;code&gt;"' in run_here.button("page", "0", "the <code>").astext()
