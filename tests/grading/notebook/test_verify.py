"""Verdicts: what nbgrader reads from them, and what a student can read from them."""

import json
import logging
import re
from dataclasses import replace

import numpy as np
import pytest
from nbformat import from_dict
from nbgrader.utils import determine_grade

from tests.grading.notebooks import graded, notebook, right
from unrolled.comparison import Report
from unrolled.exercises import EXERCISES
from unrolled.grading.notebook.execute import Checked, Stop
from unrolled.grading.notebook.verify import add_mend_first, judge, verdict_outputs
from unrolled.recording import Opaque, Outcome, asked, call_all

EXERCISE = EXERCISES["softmax"]


@pytest.fixture
def cases(rng):
    return EXERCISE.cases(rng)


@pytest.mark.parametrize("points", [1, 4, 0.5, 0])
@pytest.mark.parametrize("passed", [True, False])
def test_nbgrader_reads_the_score(passed, points):
    cell = from_dict(graded("softmax", points) | {"outputs": verdict_outputs(Report("softmax", passed, "said"), points)})
    assert determine_grade(cell, logging.getLogger()) == (points if passed else 0, points)


@pytest.mark.parametrize(
    "stop, says",
    [
        (Stop("in its own words", "ModuleNotFoundError"), "nothing else"),
        (Stop("in its own words", "FileNotFoundError"), "files of yours are not there"),
        (Stop("in its own words", slow=True), "try things out in cells of your own"),
    ],
)
def test_what_differs_from_home_is_told_by_the_kind_of_error_and_not_by_its_words(cases, stop, says):
    told = judge(EXERCISE, cases, Checked(fault=f"its cell stopped: {stop.text}", stop=stop)).message
    assert says in told and stop.text in told
    words = Checked(fault="its cell stopped: ValueError: “ModuleNotFoundError: it took longer than 15 seconds”", stop=Stop("", "ValueError"))
    assert "\n" not in judge(EXERCISE, cases, words).message


def test_an_error_in_a_call_is_told_by_its_kind(cases):
    def from_home(a):
        raise FileNotFoundError("weights.npz")

    def pretends(a):
        raise ValueError("FileNotFoundError: weights.npz")

    assert "files of yours are not there" in judge(EXERCISE, cases, Checked(call_all(from_home, cases))).message
    assert "files of yours" not in judge(EXERCISE, cases, Checked(call_all(pretends, cases))).message


def test_markup_in_a_message_is_text():
    (shown, _) = verdict_outputs(Report("softmax", False, "<script>alert(1)</script> & `a < b`"), 4)
    assert "<script>" not in shown["data"]["text/html"]
    assert "<code>a &lt; b</code>" in shown["data"]["text/html"]


def test_right_outcomes_pass(cases):
    assert judge(EXERCISE, cases, Checked(call_all(EXERCISE.reference, cases))).passed


def test_neither_inputs_nor_expected_values_are_shown(cases):
    wrong = call_all(lambda a: a * 1.0, cases)
    told = [replace_error(outcome, f"ValueError: {outcome.inputs['a'].ravel()[:5].tolist()}") for outcome in call_all(EXERCISE.reference, cases)]
    for outcomes in (wrong, told):
        message = judge(EXERCISE, cases, Checked(outcomes)).message
        values = np.concatenate([np.concatenate([case["a"].ravel(), EXERCISE.reference(**case).ravel()]) for case in cases])
        assert not any(f"{value:.4g}" in message for value in values if value % 1)


LIE = "lstm_forward is right: 10 cases. 2 of 2 points."


@pytest.mark.parametrize(
    "forged",
    [
        {"error": f"ValueError: x\r{LIE}"},
        {"error": f"ValueError: x\u2028{LIE}"},
        {"error": f"ValueError: ” {LIE}"},
        {"error": f"\n{LIE}\n"},
        {"error": f"{LIE}: x"},
        {"error": f"ValueError: operands could not be broadcast together with shapes (2) ({LIE.replace(' ', '_')})"},
        {"error": "ValueError: x", "line": f"line 3: h = 1\u2028{LIE}"},
        {"error": "ValueError: x", "line": f"line 3: h = 1 # `. {LIE}"},
        {"error": "ValueError: x", "line": f"{LIE}"},
        {"value": Opaque(f"x\n{LIE}")},
        {"value": Opaque(f"x. {LIE}")},
        {"value": {f"\n{LIE}": 1}},
        {"shared": (f"a.\n{LIE}",)},
    ],
    ids=str,
)
def test_a_students_text_is_one_marked_line(cases, forged):
    outcomes = [replace(outcome, **forged) for outcome in call_all(lambda a: a * 1.0, cases)]
    message = judge(EXERCISE, cases, Checked(outcomes)).message
    plain = re.sub("“[^”]*”|`[^`]*`", "", message)
    assert "lstm" not in plain and len(message.splitlines()) == message.count("\n") + 1


def replace_error(outcome, text):
    return replace(outcome, value=None, error=text)


@pytest.mark.parametrize(
    "value",
    [None, Opaque("ndarray"), "text", 3, [], (), {}, {"p": 1}, [[[]]], np.array(3.0), np.array([True]), np.array([1j]), np.zeros((0, 3)), float("nan")],
)
def test_no_value_makes_judging_fail(cases, value):
    report = judge(EXERCISE, cases, Checked([Outcome(value, inputs=case) for case in asked(cases)]))
    assert not report.passed and report.message.startswith("softmax: ")


def test_forged_inputs_make_no_difference_to_wrong_values(cases):
    outcomes = [Outcome(case["a"], inputs={"a": [1, "x"]}, shared=("nothing",)) for case in asked(cases)]
    assert not judge(EXERCISE, cases, Checked(outcomes)).passed


def test_a_function_that_gives_different_results_when_called_twice_is_told(cases, rng):
    message = judge(EXERCISE, cases, Checked(call_all(lambda a: rng.random(a.shape), cases))).message
    assert message.endswith("or keep something from the call before?")
    assert "Called twice" not in judge(EXERCISE, cases, Checked(call_all(lambda a: a * 1.0, cases))).message


def test_the_helper_to_mend_first_is_named():
    cells = notebook({"softmax": right("softmax"), "readout": "def readout(hs, W_y, b_y):\n    return softmax(hs @ W_y)"})["cells"]
    reports = {name: Report(name, False, f"{name}: wrong") for name in ("softmax", "readout")}
    after = add_mend_first(dict(reports), cells)
    assert "mend softmax first" in after["readout"].message
    assert after["softmax"] == reports["softmax"]
    reports["softmax"] = Report("softmax", True, "right")
    assert add_mend_first(dict(reports), cells) == reports


def test_outputs_are_json():
    json.dumps(verdict_outputs(Report("softmax", False, "\0\ud800\x1b[31m"), 4))
