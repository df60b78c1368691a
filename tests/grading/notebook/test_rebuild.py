"""Which cell of a submission an answer is taken from, and what is said about the rest."""

import json
import time

import pytest

from tests.grading.notebooks import as_bytes, code, release, right, right_notebook, stub, submission
from unrolled.grading.notebook.handed_in import Unreadable
from unrolled.grading.notebook.names import bound_names, defined_functions, free_names, may_disturb
from unrolled.grading.notebook.rebuild import rebuild
from unrolled.grading.notebook.release import is_answer, is_own, write_notebook

LIMIT = 1_000_000


def sources(rebuilt):
    return {cell["metadata"]["nbgrader"]["grade_id"]: cell["source"] for cell in rebuilt.notebook["cells"] if is_answer(cell)}


def test_a_right_notebook_gives_its_answers_and_no_remark():
    rebuilt = rebuild(release(), submission(), LIMIT)
    assert sources(rebuilt)["softmax-code"] == right("softmax")
    assert rebuilt.remarks == [] and rebuilt.hints == {}


def test_all_but_the_answers_is_the_releases():
    content = right_notebook()
    content["metadata"] = {"kernelspec": {"name": "bash"}}
    content["cells"][0]["source"] = "import os"
    rebuilt = rebuild(release(), as_bytes(content), LIMIT)
    pristine = json.loads(release())
    assert rebuilt.notebook["metadata"] == pristine["metadata"]
    assert rebuilt.notebook["cells"][0]["source"] == pristine["cells"][0]["source"]


def test_the_release_is_never_changed():
    before = release()
    rebuild(before, submission(), LIMIT).notebook["cells"][0]["source"] = "changed"
    assert rebuild(before, submission(), LIMIT).notebook["cells"][0]["source"] != "changed"


def test_the_stub_is_not_taken_when_the_answer_is_elsewhere():
    content = right_notebook(softmax=stub("softmax"))
    content["cells"].append(code(right("softmax")))
    rebuilt = rebuild(release(), as_bytes(content), LIMIT)
    assert sources(rebuilt)["softmax-code"] == right("softmax")
    assert "not marked as that cell" in rebuilt.remarks[0].text


def test_cells_of_their_own_are_nobodys_business():
    content = right_notebook()
    content["cells"][0]["source"] += "\nimport math"
    content["cells"] += [code("softmax(np.ones(3))"), code("size = 64")]
    assert rebuild(release(), as_bytes(content), LIMIT).remarks == []


def test_a_trial_in_a_copy_of_the_answer_cell_is_not_taken_along():
    content = right_notebook()
    trial = json.loads(json.dumps(content["cells"][1])) | {"source": "def rnn_step_forward(*args):\n    return 0.0\n\nnp = None"}
    content["cells"].insert(1, trial)
    assert sources(rebuild(release(), as_bytes(content), LIMIT))["softmax-code"] == right("softmax")


def test_a_wrong_answer_in_its_own_cell_is_not_replaced_by_a_trial_elsewhere():
    content = right_notebook(softmax="def softmax(a):\n    return a")
    content["cells"].append(code(right("softmax")))
    assert sources(rebuild(release(), as_bytes(content), LIMIT))["softmax-code"] == "def softmax(a):\n    return a"


def test_a_helper_in_the_answer_cell_needs_no_hint():
    helped = "def helper(a):\n    return a\n\n" + right("softmax")
    assert rebuild(release(), submission(softmax=helped), LIMIT).hints == {}


def test_remarks_are_bounded():
    content = right_notebook()
    content["cells"] += [code("1", grade_id=f"made-up-{i}" * 100) for i in range(500)]
    rebuilt = rebuild(release(), as_bytes(content), LIMIT)
    assert len(rebuilt.remarks) <= 40 and all(len(remark.text) <= 300 for remark in rebuilt.remarks)


def test_too_large_a_file_is_not_even_parsed():
    with pytest.raises(Unreadable, match="more than 1 MB"):
        rebuild(release(), b"{" * (LIMIT + 1), LIMIT)


def test_what_is_written_is_a_valid_notebook():
    import nbformat

    nbformat.validate(nbformat.reads(write_notebook(rebuild(release(), submission(), LIMIT).notebook).decode(), as_version=4))


@pytest.mark.parametrize(
    "source, names",
    [
        ("def f(x):\n    return g(x)", {"f"}),
        ("f = lambda x: x", {"f"}),
        ("async def f(): pass", {"f"}),
        ("def f(x:\n  broken", {"f"}),
        ("    def f(x): pass", set()),
        ("def \u210c(x): pass", {"H"}),
        ("x == 3", set()),
    ],
)
def test_defined_functions(source, names):
    assert defined_functions(source) >= names and (names or not defined_functions(source) & {"f"})


def test_names():
    source = "import numpy as np\nfrom m import a\n\ndef f(x):\n    y = helper(x)\n    return np.tanh(y)\n\nz = other"
    assert bound_names(source) == {"np", "a", "f", "z"}
    assert free_names(source) == {"helper", "other"}
    assert bound_names("def f(") == free_names("def f(") == set()


@pytest.mark.parametrize(
    "source, disturbs",
    [
        ('"""Text."""\nimport math\n\ndef f(x, y=3):\n    return x', False),
        ("eps = 1e-8", False),
        ("np.tanh = None", True),
        ("np = None", True),
        ("import math as np", True),
        ("from math import *", True),
        ("def f(x=patch()): pass", True),
        ("def f(x, axis=-1) -> np.ndarray | None: return x", False),
        ("def f(x: list[int] = None, *, eps: float = 1e-8): return x", False),
        ("def f(x: patch()): pass", True),
        ("def f(x) -> patch(): pass", True),
        ("def f(x: [patch() for _ in '1']): pass", True),
        ("f = lambda x: x", False),
        ("f = lambda x=patch(): x", True),
        ("from __future__ import barry_as_FLUFL", True),
        ("__builtins__ = None", True),
        ("@patch\ndef f(x): pass", True),
        ("class A: patch()", True),
        ("%matplotlib inline", True),
        ("def check(fn): pass", True),
    ],
)
def test_may_disturb(source, disturbs):
    assert may_disturb(source, {"np", "check"}) == disturbs


def order(rebuilt):
    """The first words of the code cells of a rebuilt notebook, in order."""
    return [cell["source"].partition("\n")[0].partition("(")[0] for cell in rebuilt.notebook["cells"]]


def test_the_students_own_cells_stand_where_they_stood():
    content = right_notebook()
    content["cells"][0]["source"] += "\nimport math"
    for place, source in ((5, "between"), (3, "before"), (0, "first")):
        content["cells"].insert(place, code(source))
    content["cells"].append(code("last"))
    made = order(rebuild(release(), as_bytes(content), LIMIT))
    assert made == [
        "first", "import numpy as np", "import numpy as np", "def softmax", "check", "before", "def rnn_step_forward", "check", "between", "def readout", "check", "last",
    ]  # fmt: skip


def test_what_is_ours_comes_once():
    content = right_notebook()
    content["cells"] += [*content["cells"], code("   "), code(stub("softmax"))]
    assert order(rebuild(release(), as_bytes(content), LIMIT)) == order(rebuild(release(), submission(), LIMIT))


def test_a_check_is_never_the_students_own():
    content = right_notebook()
    content["cells"][2]["source"] = "check = print"
    assert order(rebuild(release(), as_bytes(content), LIMIT)) == order(rebuild(release(), submission(), LIMIT))


def test_a_cell_of_ours_that_is_not_run_is_not_run_when_it_was_edited():
    pristine = json.loads(release())
    pristine["cells"].append(code("train()") | {"id": "training", "metadata": {"tags": ["skip-execution"]}})
    content = right_notebook()
    content["cells"].append(code("train(longer)") | {"id": "training"})
    assert "train(longer)" not in str(rebuild(as_bytes(pristine), as_bytes(content), LIMIT).notebook)


def test_own_cells_are_bounded_in_number_and_size():
    content = right_notebook()
    content["cells"] += [code(f"x = {n}") for n in range(300)]
    rebuilt = rebuild(release(), as_bytes(content), LIMIT, own_cells=10)
    assert len([cell for cell in rebuilt.notebook["cells"] if is_own(cell)]) == 10
    assert "300 cells, 10 were run" in rebuilt.remarks[0].text
    assert "300 cells, 3 were run" in rebuild(release(), as_bytes(content), LIMIT, own_characters=15).remarks[0].text


@pytest.mark.parametrize(
    "info, python",
    [({"version": "3.14.1"}, (3, 14)), ({"version": "3.9"}, (3, 9)), ({"version": [3]}, None), ({"version": "new"}, None), ({}, None), ("3.11", None)],
)
def test_the_python_that_a_notebook_was_run_with_is_read(info, python):
    content = right_notebook() | {"metadata": {"language_info": info}}
    assert rebuild(release(), as_bytes(content), LIMIT).python == python


def cost_of_copies(count):
    """Seconds of a processor that rebuild takes for so many copies of an answer, each using the one before;
    the least of five."""
    content = right_notebook()
    content["cells"] += [code(f"def softmax_{number}(a):\n    return softmax_{number - 1}(a)") for number in range(1, count)]
    handed_in, released, least = as_bytes(content), release(), float("inf")
    for _ in range(5):
        start = time.process_time()
        rebuild(released, handed_in, 10**7, own_cells=count, own_characters=10**7)
        least = min(least, time.process_time() - start)
    return least


def test_four_times_as_many_copies_cost_four_times_as_much():
    assert cost_of_copies(1600) / cost_of_copies(400) < 8     # sixteen, where each cell is held against each
