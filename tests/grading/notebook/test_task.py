"""Bytes in, bytes out: the grading of one notebook as a driver sees it."""

import dataclasses
import json
import pickle
import time
from concurrent.futures import ThreadPoolExecutor

import nbformat
import numpy as np
import psutil
import pytest

import unrolled.grading.notebook.task as task_module
from tests.grading.notebooks import FUNCTIONS, as_bytes, code, release, right, right_notebook, submission
from tests.hostile.test_attacks import LIMITS
from unrolled.exercises import EXERCISES
from unrolled.grading.notebook.task import Grader, Task, inputs_generator

TASK = Task("02-rnn", "ada", "rnn", release(), submission(), b"a secret", LIMITS)


@pytest.fixture(scope="module")
def grader():
    with Grader() as grader:
        yield grader


def grade(grader, **answers):
    return grader.grade(dataclasses.replace(TASK, submission=submission(**answers)))


def test_task_and_result_cross_processes(grader):
    assert pickle.loads(pickle.dumps(TASK)) == TASK
    result = grader.grade(TASK)
    assert pickle.loads(pickle.dumps(result)) == result


def test_right_answers_get_full_marks_and_blank_ones_none(grader):
    right_result = grade(grader)
    assert right_result.marks == dict.fromkeys(FUNCTIONS, 1.0) and right_result.remarks == ()
    blank = grader.grade(dataclasses.replace(TASK, submission=TASK.release))
    assert blank.marks == dict.fromkeys(FUNCTIONS, 0.0)
    assert all("not written yet" in message for message in blank.messages.values())


def test_the_known_mistake_is_named(grader):
    result = grade(grader, readout="def readout(hs, W_y, b_y):\n    return hs @ W_y")
    assert result.marks["readout"] == 0 and "bias b_y is left out" in result.mistakes["readout"]
    assert "bias b_y is left out" in json.dumps(json.loads(result.graded))


def test_a_regrade_says_the_same(grader):
    first, again = (grade(grader, softmax="def softmax(a):\n    return a * 1.0") for _ in range(2))
    assert (first.marks, first.messages, first.graded) == (again.marks, again.messages, again.graded)


def test_inputs_differ_by_student_exercise_answers_and_secret():
    tasks = [TASK, *(dataclasses.replace(TASK, **change) for change in [{"student": "bob"}, {"secret": b"other"}, {"notebook": "n"}])]
    draws = [inputs_generator(task, "softmax").normal() for task in tasks]
    draws += [inputs_generator(TASK, "readout").normal(), inputs_generator(TASK, "softmax", "other answers").normal()]
    assert len(set(draws)) == len(draws)
    assert inputs_generator(TASK, "softmax").normal() == draws[0]


def test_no_exercise_gets_inputs_in_which_another_finds_its_answer():
    seen = {}
    for name, exercise in EXERCISES.items():
        for case in exercise.cases(inputs_generator(TASK, name)):
            for value in case.values():
                for number in np.ravel(value) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else ():
                    if np.isfinite(number) and number % 1:
                        assert seen.setdefault(float(number), name) == name


def test_the_graded_notebook_is_valid_and_keeps_the_students_code(grader):
    result = grade(grader, softmax=right("softmax") + "\nprint('mine')")
    notebook = nbformat.reads(result.graded.decode(), as_version=4)
    nbformat.validate(notebook)
    answer = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "softmax-code")
    assert "print('mine')" in answer.source and answer.outputs[0].text == "mine\n"


def test_a_function_may_use_another_of_the_students(grader):
    result = grade(grader, readout="def readout(hs, W_y, b_y):\n    softmax(hs)\n    return hs @ W_y + b_y")
    assert result.marks == dict.fromkeys(FUNCTIONS, 1.0)


def test_the_function_to_mend_first_is_named(grader):
    wrong = {"softmax": "def softmax(a):\n    return 1 / 0", "readout": "def readout(hs, W_y, b_y):\n    return softmax(hs @ W_y)"}
    assert "mend softmax first" in grade(grader, **wrong).messages["readout"]


def test_a_function_that_is_asked_nowhere_is_not_said_to_fail(grader):
    names = "softmax", "attention_forward"
    source = "def attention_forward(queries, keys, values, mask):\n    return softmax(queries)"
    task = Task("08-attention", "ada", "attention", release(names), submission(names, attention_forward=source), b"secret", LIMITS)
    result = grader.grade(task)
    assert result.messages["softmax"] == "softmax is no exercise of this assignment."
    assert "mend softmax first" not in result.messages["attention_forward"]


def test_magics_and_figures_do_no_harm(grader):
    answer = "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\n!echo hello\n" + right("softmax")
    assert grade(grader, softmax=answer).marks["softmax"] == 1.0


def test_a_fault_of_the_grader_is_the_instructors_to_see(grader, monkeypatch):
    def broken(*args):
        raise ValueError("something of ours")

    monkeypatch.setattr(task_module, "write_verdicts", broken)
    result = grader.grade(TASK)
    assert result.ungraded and "something of ours" in result.remarks[0].text


def test_the_whole_notebook_has_a_time(grader):
    slow = {name: f"import time; time.sleep(1.5)\n{right(name)}" for name in FUNCTIONS}
    limits = dataclasses.replace(LIMITS, seconds=2.5)
    result = grader.grade(dataclasses.replace(TASK, submission=submission(**slow), limits=limits))
    assert result.marks["softmax"] == 1.0 and result.marks["rnn_step_forward"] == 0.0
    assert any("longer than 2.5 seconds" in remark.text for remark in result.remarks)
    assert result.seconds < 8


def test_time_that_another_function_used_up_costs_only_that_one(grader):
    endless = {name: f"def {name}(*inputs):\n    while True:\n        pass" for name in ("softmax", "rnn_step_forward")}
    limits = dataclasses.replace(LIMITS, seconds=3)
    result = grader.grade(dataclasses.replace(TASK, submission=submission(**endless), limits=limits))
    assert result.marks == {"softmax": 0.0, "rnn_step_forward": 0.0, "readout": 1.0}, result.messages


@pytest.mark.parametrize("extra", ["def len(thing):\n    return 0", "def softmax(a):\n    return None", "class range:\n    pass"])
def test_a_name_defined_in_another_functions_cell_costs_only_that_one(grader, extra):
    uses = "def readout(hs, W_y, b_y):\n    assert len(hs) and list(range(2)) and softmax(hs) is not None\n    return hs @ W_y + b_y"
    result = grade(grader, rnn_step_forward=f"{extra}\ndef rnn_step_forward(*inputs):\n    return 0", readout=uses)
    assert result.marks == {"softmax": 1.0, "rnn_step_forward": 0.0, "readout": 1.0}, result.messages


def test_a_notebook_may_import_all_that_a_student_has(grader):
    assert grade(grader, softmax="from unrolled import check, examine\n" + right("softmax") + "\nexamine(softmax)").marks["softmax"] == 1.0


def test_without_a_sandbox_the_marks_are_the_same(grader):
    result = grader.grade(dataclasses.replace(TASK, unsafe_no_sandbox=True))
    assert result.marks == dict.fromkeys(FUNCTIONS, 1.0)


@pytest.mark.parametrize("which", ["the kernel", "the keeper", "the warm process", "bubblewrap", "a check"])
def test_a_process_killed_from_outside_costs_nobody_marks(which):
    """The processes of a sandbox, from the outermost: bubblewrap, its first process,
    the warm one, the keeper, the kernel."""
    sleeper = "import time\ntime.sleep({})\n".format(0 if which == "a check" else 1.5) + right("softmax")
    slow = sleeper.replace("    return", "    time.sleep(0.3)\n    return") if which == "a check" else sleeper
    depth = {"bubblewrap": 0, "the warm process": 2, "the keeper": 3, "the kernel": 4, "a check": 5}[which]
    killed = []

    def kill():
        while not killed:
            for bubblewrap in psutil.Process().children():
                chain = [bubblewrap]
                while children := chain[-1].children():     # asked once: the last may just have ended
                    chain.append(children[-1])
                if len(chain) > max(depth, 4):
                    chain[depth].kill()
                    killed.append(chain[depth])
            time.sleep(0.02)

    with Grader() as grader, ThreadPoolExecutor() as pool:
        grader.grade(TASK)
        task = dataclasses.replace(TASK, submission=submission(softmax=slow))
        future = pool.submit(kill)
        result = grader.grade(task)
        future.result()
        assert killed and result.marks == dict.fromkeys(FUNCTIONS, 1.0), result


def newer_notebook(**answers):
    content = right_notebook(**answers)
    content["metadata"]["language_info"] = {"version": "3.99.1"}
    return as_bytes(content)


def test_what_only_a_newer_python_knows_is_told_to_both(grader):
    newer = "def softmax(a):\n    return a unless a\n"
    result = grader.grade(dataclasses.replace(TASK, submission=newer_notebook(softmax=newer)))
    assert "Your notebook was run with Python 3.99, and answers are graded with Python 3." in result.messages["softmax"]
    assert any("softmax may use what only the later one knows" in remark.text for remark in result.remarks)
    assert grader.grade(dataclasses.replace(TASK, submission=newer_notebook())).remarks == ()


@pytest.mark.parametrize(("version", "told"), [(None, True), ("3.8.1", False)])
def test_where_a_notebook_does_not_say_its_python_an_error_of_syntax_may_be_a_later_ones(grader, version, told):
    content = right_notebook(softmax="def softmax(a):\n    return f'{'", readout="def readout(*arguments):\n    raise ValueError('SyntaxError: ')")
    content["metadata"]["language_info"] = {"version": version}
    result = grader.grade(dataclasses.replace(TASK, submission=as_bytes(content)))
    assert ("what only a later one allows" in result.messages["softmax"]) == told
    assert "what only a later one allows" not in result.messages["readout"] and result.remarks == ()


def test_a_helper_that_stopped_is_told(grader):
    content = right_notebook(softmax="def softmax(a):\n    return normalise(np.exp(a))")
    content["cells"].insert(1, code("1 / 0\ndef normalise(e):\n    return e"))
    message = grader.grade(dataclasses.replace(TASK, submission=as_bytes(content))).messages["softmax"]
    assert "A cell of your own that it uses stopped: ZeroDivisionError: “division by zero”." in message


def test_what_own_cells_show_stands_under_them(grader):
    content = right_notebook()
    content["cells"].insert(1, code("print('hello')\ncheck(len)"))
    result = grader.grade(dataclasses.replace(TASK, submission=as_bytes(content)))
    notebook = nbformat.reads(result.graded.decode(), as_version=4)
    nbformat.validate(notebook)
    assert notebook.cells[1].outputs[0].text.startswith("hello\n") and result.marks == dict.fromkeys(FUNCTIONS, 1.0)


def test_inputs_change_with_the_students_own_cells(grader):
    """What a function told of its inputs is of no use in a cell that is handed in with it next time."""
    told = "def softmax(a):\n    raise ValueError(str(a.shape))"
    seen = set()
    for n in range(6):
        content = right_notebook(softmax=told)
        content["cells"].insert(1, code(f"n = {n}"))
        seen.add(grader.grade(dataclasses.replace(TASK, submission=as_bytes(content))).messages["softmax"])
    assert len(seen) > 1
