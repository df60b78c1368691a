"""What of a page's code runs with NumPy alone, and what a cell needs of the code above it."""

import pytest

from unrolled.book.slices import needed, read_notebook, split


def carries(module):
    return module.split(".")[0] in ("numpy", "itertools", "text")


def read(*sources):
    return read_notebook(dict(enumerate(sources)), carries)


def runs(*sources):
    """The texts that run of the last of some cells."""
    return [statement.text.strip() for statement in read(*sources) if statement.runs and statement.cell == len(sources) - 1]


def above(*sources):
    """The texts that the last of some cells needs of those above it."""
    statements = read(*sources)
    return [statements[place].text.strip() for place in needed(statements, len(sources) - 1)]


def test_the_texts_of_the_statements_are_the_source():
    source = "# first\nx = 1\n\n\n# what follows\ndef f(n):\n    return n\n\n\nf(\n    x\n)\n# the end"
    assert "\n".join(text for text, _ in split(source)) == source
    assert [text.strip().split("\n")[0] for text, _ in split(source)] == ["# first", "# what follows", "f("]


def test_what_stands_on_a_missing_module_is_left_out_and_what_stands_on_that():
    assert runs("import plots\nfigure = plots.new()\nax = figure.ax\nax.plot([1])\nx = 1\nprint(x)") == ["x = 1", "print(x)"]
    assert runs("from plots import label\nfor i in range(3):\n    label(i)\nprint('done')") == ["print('done')"]
    assert runs("from plots import label\ndef draw(x):\n    label(x)\ndraw(1)\nx = 2") == ["x = 2"]
    assert runs("from plots import f\nx = f(1)\nx = 2\ny = x") == ["x = 2", "y = x"], "a name that is bound anew is there again"


def test_an_import_keeps_what_is_there():
    assert runs("from itertools import count\nimport plots, numpy as np") == ["from itertools import count", "import numpy as np"]


def test_what_is_left_out_leaves_out_what_it_changed_and_nothing_else():
    assert runs("import plots\nx, y = [], []\nfor i in range(3):\n    x.append(plots.size(i))\nprint(x)\nprint(y)") == ["x, y = [], []", "print(y)"]
    assert runs("import plots\nx = [1]\nplots.draw(x)\nprint(x)") == ["x = [1]", "print(x)"], "what draws changes nothing"
    assert runs("import plots\nx = {}\nx[plots] = 1\nprint(x)") == ["x = {}"]


def test_a_cell_needs_what_binds_its_names_and_nothing_else():
    assert above("x = 1\ny = 2\nz = x", "y") == ["y = 2"]
    assert above("x = 1\ny = x + 1", "y") == ["x = 1", "y = x + 1"]
    assert above("x = 1\nx = 2", "x") == ["x = 2"]
    assert above("x = 1", "x = 2\nx") == []


def test_a_cell_needs_what_its_functions_read_when_they_are_called():
    assert above("def f():\n    return g() + a\ndef g():\n    return b\na = 1\nb = 2\nc = 3", "f()") == [
        "def f():\n    return g() + a", "def g():\n    return b", "a = 1", "b = 2",
    ]


@pytest.mark.parametrize(
    "change", ["x.append(1)", "x[0] = 1", "x += [1]", "for i in x:\n    x.append(i)", "shuffle(x)", "losses = train(x, 3)", "if x:\n    x = [2]"]
)
def test_a_cell_needs_what_changes_its_values_in_place(change):
    given = "def train(x, n):\n    pass\ndef shuffle(x):\n    pass"
    assert above(f"{given}\nx = [0]\n{change}\ny = len(x)", "x")[-1] == change


def test_whoever_draws_from_a_generator_changes_it():
    source = "import numpy as np\nrng = np.random.default_rng(0)\na = rng.normal()\nn = 3"
    assert above(source, "rng.normal()") == source.split("\n")[:3]
    assert above(source, "n") == ["n = 3"]
