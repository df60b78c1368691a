"""What runs cells in the page, here in an ordinary Python: it is the same file."""

import pytest

from unrolled.page.runner import LAST, MOST, Desk

GIVEN = ["cell 2", "import numpy as np\nfrom unrolled import check"]
RIGHT = ["sigmoid", "def sigmoid(a):\n    e = np.exp(-np.abs(a))\n    return np.where(a < 0, e, 1) / (1 + e)"]


@pytest.fixture
def run():
    """run(*cells, check=None) -> what came of it, and what was printed."""
    desk = Desk()

    def run(*cells, check=None):
        printed = []
        return desk.run([list(cell) for cell in cells], check, printed.append), "".join(printed)

    return run


def test_a_right_function_is_told_in_the_checkers_words(run):
    result, printed = run(GIVEN, RIGHT, check="check(sigmoid)")
    assert result == {"error": None, "cell": None, "line": None}
    assert printed.startswith("sigmoid is right")


def test_a_mistake_is_told_without_a_traceback_and_with_the_students_line(run):
    result, printed = run(GIVEN, ["sigmoid", "def sigmoid(a):\n    return 1 / (1 + np.exp(-b))"], check="check(sigmoid)")
    assert "at line 2:\n    `return 1 / (1 + np.exp(-b))`" in result["error"]
    assert "Traceback" not in result["error"] and not printed


def test_a_function_that_is_never_awaited_is_told_so_and_nothing_is_printed(run):
    result, printed = run(GIVEN, ["sigmoid", f"async {RIGHT[1]}"], check="check(sigmoid)")
    assert "write `def` alone" in result["error"] and not printed


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("x = 1\ndef f(:\n    pass", 2, "SyntaxError: invalid syntax"),
        ("x = 1\n  y = 2", 2, "IndentationError: unexpected indent"),
        ("x = [1]\n\nx[3]", 3, "IndexError: list index out of range"),
        ("def f(n):\n    return f(n)\nf(1)", 2, "called itself again and again"),
        ("np.ones(2) @ np.ones(3)", 1, "ValueError: matmul"),
        ("x = 1\n%timeit x", 2, "Jupyter's own"),
        ("!ls", 1, "Jupyter's own"),
        ("import numpi", 1, "no numpi"),
        ("import sklearn_of_ours.tree as tree", 1, "no sklearn_of_ours"),
        ("x = 1\ninput('name? ')", 2, "input() has nobody to ask here"),
        ("exit(3)", 1, "SystemExit"),
        ("raise KeyboardInterrupt", 1, "the code interrupted itself"),
    ],
)
def test_an_error_is_one_sentence_and_the_students_own_line(run, source, line, words):
    result, _ = run(GIVEN, ["your own cell 1", source])
    assert words in result["error"]
    assert "Traceback" not in result["error"]
    assert (result["cell"], result["line"]) == ("your own cell 1", line)
    assert f"line {line} of your own cell 1" in result["error"]


def test_an_error_inside_a_function_above_points_there(run):
    result, _ = run(GIVEN, ["half", "def half(a):\n    return a / nothing"], ["your own cell 1", "half(2)"])
    assert (result["cell"], result["line"]) == ("half", 2)


def test_the_last_value_is_shown_and_none_is_not(run):
    assert run(["a", "1 + 1"])[1] == "2\n"
    assert run(["a", "None"])[1] == ""
    assert run(["a", "x = 3"])[1] == ""


def test_what_runs_sees_what_stands_above_and_nothing_else(run):
    assert run(["a", "x = 1"], ["b", "x"])[1] == "1\n"
    result, _ = run(["b", "x"])
    assert "NameError" in result["error"], "what was deleted hides nowhere"


def test_what_has_run_already_does_not_run_again_until_something_above_changes(run):
    ones = ["a", "import itertools\ncount = itertools.count()"], ["b", "n = next(count)"]
    assert run(*ones, check="print(n)")[1] == "0\n"
    assert run(*ones, check="print(n)")[1] == "0\n"
    assert run(*ones, ["c", "print(n + 1)"])[1] == "1\n"
    assert run(["a", "import itertools\ncount = itertools.count(5)"], ones[1], check="print(n)")[1] == "5\n"


ABOVE = ["a", "values = [0]\ndef first():\n    return values[0]"]


def test_a_last_cell_that_is_changed_finds_what_stands_above_as_it_was_and_not_run_again():
    desk, printed = Desk(), []
    desk.run([ABOVE, ["b", "values.append(7)\nvalues[0] = 5\nprint(values, first())"]], None, printed.append)
    once = desk.names["first"]
    for _ in range(2):
        desk.run([ABOVE, ["b", "values.append(8)\nmine = 1\nprint(values, first())"]], None, printed.append)
    result = desk.run([ABOVE, ["b", "mine"]], None, printed.append)
    assert printed == ["[5, 7] 5\n", "[0, 8] 0\n", "[0, 8] 0\n"]
    assert desk.names["first"] is once
    assert "NameError" in result["error"], "what was deleted hides nowhere"


def test_where_a_value_cannot_be_copied_all_runs_again(run):
    opened = ["a", "import sys\nvalues, lines = [], (line for line in 'ab')"]
    assert run(opened, ["b", "values.append(next(lines))\nprint(values)"])[1] == "['a']\n"
    assert run(opened, ["b", "values.append(next(lines) * 2)\nprint(values)"])[1] == "['aa']\n"


def test_a_last_cell_that_failed_is_forgotten_when_it_is_changed(run):
    assert run(ABOVE, ["b", "values.append(1)\n1 / 0"])[0]["error"]
    assert run(ABOVE, ["b", "print(values)"]) == ({"error": None, "cell": None, "line": None}, "[0]\n")


def test_a_cell_on_its_own_runs_again_when_asked(run):
    assert run(["a", "print('hello')"])[1] == "hello\n"
    assert run(["a", "print('hello')"])[1] == "hello\n"


def test_a_broken_cell_above_does_not_stop_the_check_and_is_named_when_that_fails(run):
    broken = ["tanh", "def tanh(:"]
    assert run(GIVEN, broken, RIGHT, check="check(sigmoid)")[0]["error"] is None
    result, _ = run(GIVEN, broken, ["sigmoid", "def sigmoid(a):\n    return tanh(a)"], check="check(sigmoid)")
    assert "name 'tanh' is not defined" in result["error"]
    assert "Above, tanh did not run either. SyntaxError" in result["error"]


def test_an_answer_that_does_not_run_is_told_again_at_the_next_check(run):
    broken = ["sigmoid", "def sigmoid(:"]
    first, _ = run(GIVEN, broken, check="check(sigmoid)")
    assert "SyntaxError" in first["error"]
    assert run(GIVEN, broken, check="check(sigmoid)")[0] == first


def test_much_output_is_cut_and_said_to_be(run):
    _, printed = run(["a", "for i in range(1_000_000): print(i)"])
    assert len(printed) < MOST + LAST + 100
    assert printed.startswith("0\n1\n2\n") and "more was printed than a page can show" in printed
    assert printed.endswith("\n999998\n999999\n"), "the last lines are shown, as a check's verdict"


def test_output_comes_while_a_cell_still_runs():
    came = []
    Desk().run([["a", "import time\nprint('now')\ntime.sleep(0.2)\nprint('then')\nprint('done')"]], None, came.append)
    assert len(came) > 1 and "".join(came) == "now\nthen\ndone\n"


def test_what_a_cell_puts_in_the_place_of_the_output_does_not_outlive_it(run):
    run(["a", "import sys, builtins\nsys.stdout = None\nbuiltins.input = None"])
    assert run(["a", "print('heard')"])[1] == "heard\n"
