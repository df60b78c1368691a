"""Slips: what the rules make of the reference's lines, and that each is told in words that are true of it."""

import ast
import cProfile
import sys

import numpy as np
import pytest

from unrolled import examine
from unrolled.diagnosis.single import ALIKE
from unrolled.exercises import EXERCISES
from unrolled.mistakes.slips import slips
from unrolled.recording import value_of
from unrolled.reference import (
    attention_backward,
    gru_step_forward,
    lstm_step_backward,
    lstm_step_forward,
    numerical_gradient,
    rnn_backward,
    rnn_forward,
    rnn_step_backward,
    rnn_step_forward,
    softmax,
    standardise,
)


def slips_of(function):
    """{sentence: slip} of an exercise's reference."""
    exercise = EXERCISES[function.__name__]
    return {slip.sentence: slip for slip in slips(function, exercise.cases(np.random.default_rng(0))[0])}


@pytest.mark.parametrize(
    "function, sentence, line",
    [
        (rnn_step_forward, "`a` lacks the term `b`", "a = x @ W_x + h_prev @ W_h"),
        (standardise, "in `scaled_test`, `mean` is not taken away", "scaled_test = test / std"),
        (rnn_step_forward, "`a` has the term `b` twice", "a = x @ W_x + h_prev @ W_h + b + b"),
        (rnn_step_forward, "in `h`, `a` stands where `np.tanh(a)` belongs", "h = a"),
        (rnn_step_forward, "in `h`, `sigmoid(a)` stands where `np.tanh(a)` belongs", "h = sigmoid(a)"),
        (rnn_step_forward, "in `a`, `W_h` is the wrong way round: for arrays as they are given it is `h_prev @ W_h`", "a = x @ W_x + h_prev @ W_h.T + b"),
        (lstm_step_backward, "`da_f` lacks the factors `f` and `1 - f`", "da_f = df"),
        (lstm_step_backward, "in `da_g`, `dg / (1 - g ** 2)` stands where `dg * (1 - g ** 2)` belongs", "da_g = dg / (1 - g ** 2)"),
        (lstm_step_backward, "in `da_i`, `f` stands where `i` belongs", "da_i = di * f * (1 - f)"),
        (lstm_step_backward, "in `db`, `da.mean(axis=0)` stands where `da.sum(axis=0)` belongs", "db = da.mean(axis=0)"),
        (lstm_step_backward, "in `di`, `dc` and `g` stand in each other's places", "di = g * dc"),
        (lstm_step_backward, "in `da_i`, `di * (1 - i ** 2)` stands where `di * i * (1 - i)` belongs", "da_i = di * (1 - i**2)"),
        (lstm_step_backward, "in `da_g`, `dg * g * (1 - g)` stands where `dg * (1 - g ** 2)` belongs", "da_g = dg * g * (1 - g)"),
        (lstm_step_backward, "in `da_g`, `dg + (1 - g ** 2)` stands where `dg * (1 - g ** 2)` belongs", "da_g = dg + (1 - g**2)"),
        (lstm_step_forward, "in `h`, `np.tanh(o * c)` stands where `o * np.tanh(c)` belongs", "h = np.tanh(o * c)"),
        (lstm_step_forward, "in `c`, `f * (c_prev + i * g)` stands where `f * c_prev + i * g` belongs", "c = f * (c_prev + i * g)"),
        (lstm_step_backward, "in `da_g`, `dg * 1 - g ** 2` stands where `dg * (1 - g ** 2)` belongs", "da_g = dg * 1 - g**2"),
        (softmax, "in `e`, `np.exp(a) - a.max(axis=-1, keepdims=True)` stands where `np.exp(a - a.max(axis=-1, keepdims=True))` belongs", "e = np.exp(a) - a.max(axis=-1, keepdims=True)"),
        (rnn_backward, "`dW_h` holds one step's part alone: add each step's to it, inside the loop, `dW_h = dW_h + dW_h_t`", "dW_h = dW_h_t"),
        (gru_step_forward, "in `h`, `1 - z` stands where `z` belongs", "h = (1 - z) * h_prev + (1 - z) * n"),
        (softmax, "in `p`, a sum is taken along the wrong axis: for arrays as they are given it is `axis=-1`", "p = e / e.sum(axis=1, keepdims=True)"),
        (softmax, "in `e`, `np.exp2(a - a.max(axis=-1, keepdims=True))` stands where `np.exp(a - a.max(axis=-1, keepdims=True))` belongs", "e = np.exp2(a - a.max(axis=-1, keepdims=True))"),
        (
            attention_backward,
            "in `dweights`, an axis that both arrays share is summed in each by itself, as where it has two letters: it is "
            "`np.einsum('uno,tno->unt', dcontexts, values)`",
            "dweights = np.einsum('uno,tnz->unt', dcontexts, values)",
        ),
        (rnn_step_backward, "in `da`, `h * 2` stands where `h ** 2` belongs", "da = dh * (1 - h * 2)"),
        (rnn_step_backward, "in `dW_h`, `h.T` stands where `h_prev.T` belongs", "dW_h = h.T @ da"),
        (rnn_step_backward, "in `dW_x`, `dh` stands where `da` belongs", "dW_x = x.T @ dh"),
        (rnn_step_backward, "in `dh_prev`, `da` stands where `da @ W_h.T` belongs", "dh_prev = da"),
        (rnn_step_backward, "in `da`, `(1 - h) ** 2` stands where `1 - h ** 2` belongs", "da = dh * (1 - h) ** 2"),
        (rnn_step_backward, "in `da`, `1 - dh * h ** 2` stands where `dh * (1 - h ** 2)` belongs", "da = 1 - dh * h**2"),
        (lstm_step_backward, "`dc_prev` has a factor too many, `f * (1 - f)`", "dc_prev = dc * f * (f * (1 - f))"),
        (lstm_step_backward, "`dg` has a factor too many, `1 - i`", "dg = dc * i * (1 - i)"),
        (lstm_step_backward, "in `df`, `tanh_c` stands where `c_prev` belongs", "df = dc * tanh_c"),
        (rnn_step_forward, "in `h`, `np.tan(a)` stands where `np.tanh(a)` belongs", "h = np.tan(a)"),
        (numerical_gradient, "`gradient[place]` is not divided by `eps`", "gradient[place] = gain / 2"),
    ],
)
def test_a_rule_changes_one_line_and_says_how(function, sentence, line):
    (edit,) = slips_of(function)[sentence].edits
    assert edit.of is function
    assert ast.dump(ast.parse(edit.new[0].strip())) == ast.dump(ast.parse(line))


def test_a_name_is_taken_for_one_that_looks_like_it_and_has_its_shape():
    told = slips_of(lstm_step_backward)
    assert "in `df`, `c` stands where `c_prev` belongs" in told
    assert not any("`x` stands where `h_prev` belongs" in sentence for sentence in told), "x is (N, D)"


def test_a_loop_makes_its_steps_slips_too():
    assert "`a` lacks the term `b`" in slips_of(rnn_forward)


def test_whoever_follows_a_program_step_by_step_goes_on_following():
    """Shapes are found by a debugger's hook, which somebody may use."""
    before = sys.gettrace()
    sys.settrace(hook := lambda *event: None)
    try:
        slips(softmax, {"a": np.zeros((2, 3))})
        assert sys.gettrace() is hook
    finally:
        sys.settrace(before)


def test_a_check_is_profiled_to_its_end():
    def last():
        pass

    with cProfile.Profile() as profile:
        assert slips(softmax, {"a": np.zeros((2, 3))})
        last()
    assert last.__code__ in [entry.code for entry in profile.getstats()]


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
def test_a_slip_or_misreading_that_changes_a_result_never_passes_and_is_told_truly(exercise):
    """By its own sentence, or by another mistake's that gives the same results; nearly every one is told at all."""
    cases = exercise.cases(np.random.default_rng(5))
    right, told = [value_of(exercise.reference, case) for case in cases], []
    for slip in (*exercise.slips, *exercise.misreadings)[::30]:
        made = [value_of(slip.wrong, case) for case in cases]
        if any(value is None for value in made) or all(map(exercise.same, made, right)):
            continue
        report = examine(named(exercise, slip.wrong), 5)
        assert not report.passed
        told.append(len(report.mistakes) == 1)
        assert not told[-1] or all(made_by(exercise, report.mistakes[0], cases, made)), (slip.sentence, report.message)
    assert sum(told) >= 0.8 * len(told) - 1     # what leaves nothing but zeros is not told


def made_by(exercise, sentence, cases, made):
    """Whether some mistake of that sentence makes these values, or those that it is told of."""
    alike = [one for one in (*exercise.mistakes, *exercise.slips, *exercise.misreadings) if one.sentence in sentence.split(ALIKE)]
    for case, value in zip(cases, made, strict=True):
        results = range(len(exercise.results))
        others = [value_of(one.wrong, case) for one in alike]
        yield any(exercise.same(exercise.part(value, i), exercise.part(other, i)) for other in others for i in results)


def named(exercise, fn):
    def student(*inputs):
        return fn(*inputs)

    student.__name__ = exercise.name
    return student
