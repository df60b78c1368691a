"""Two mistakes at once: both are told when no other pair gives the same, and never where one would do."""

from itertools import islice

import numpy as np
import pytest

from tests.mistakes.told import written
from unrolled import examine
from unrolled.comparison import compare, examine_function
from unrolled.diagnosis import pairs
from unrolled.diagnosis.single import ALIKE
from unrolled.exercises import EXERCISES
from unrolled.grading.notebook import verify
from unrolled.mistakes import both
from unrolled.recording import call_all
from unrolled.reference import sigmoid

# Natural slips, in lines apart: the exercise, and what each mistake's sentence begins with.
PAIRS = [
    ("rnn_forward", "the bias b is left out", "`h0` is ignored"),
    ("rnn_backward", "the slope of tanh is taken twice", "`db` is averaged"),
    ("lstm_step_forward", "the bias b is left out", "the output gate is left out"),
    ("lstm_step_forward", "the candidate g goes through sigmoid", "the forget gate is left out"),
    ("lstm_step_forward", "the forget gate is left out", "the cell state is shown without tanh"),
    ("lstm_forward", "the forget gate is left out", "`h0` is ignored"),
    ("lstm_step_backward", "the slope of the gate f is forgotten", "`dc_prev` goes back without the forget gate"),
    ("gru_step_forward", "the candidate's tanh is left out", "the bias b is left out"),
    ("bidirectional_forward", "the states of the reverse direction are not turned back", "padded steps keep a state"),
    ("bidirectional_backward", "`dxs` holds the forward direction's share alone", "gradients that arrive at padding are taken in"),
    ("stacked_forward", "every layer starts in the lowest one's state", "a layer uses b of the one below it"),
    ("stacked_backward", "a layer's own states are taken for what it read", "the slope of tanh is taken twice"),
    ("stacked_dropout_backward", "the mask is missing in what goes down", "one mask serves every layer in what it read"),
    ("leaky_rnn_backward", "the slope of tanh is forgotten", "`dz` has the wrong sign"),
    ("orthogonality_penalty", "`penalty` is a mean", "`dW` is half of what it should be"),
    ("peephole_lstm_step_backward", "`dc_prev` misses the input gate's peephole", "`dp` is averaged over the batch"),
    ("coupled_lstm_step_backward", "the forget gate's gradient misses the candidate", "`db` is averaged over the batch"),
    ("gru_reset_after_step_backward", "`db_hn` is the same as b_n's", "`dh_prev` misses the direct way"),
    ("mgu_step_backward", "`df` misses the candidate's part", "`dh_prev` misses the direct way"),
    ("attention_forward", "the scores are not scaled", "the mask is not used"),
    ("attention_backward", "the scale is forgotten on the way back", "`dvalues` is averaged over the queries"),
    ("rwa_step_forward", "the gate's bias is left out", "the denominator counts the steps"),
    ("rwa_step_backward", "the slope of the gate's tanh is forgotten", "`db` is averaged over the batch"),
    ("beam_search", "`log_next` is read by columns", "the log-probability has the wrong sign"),
]


def made_known(exercise, words):
    """The exercise's first mistake whose sentence begins with these words."""
    return next(mistake for mistake in exercise.mistakes if mistake.sentence.startswith(words) and mistake.edits)


@pytest.mark.parametrize("name, first, second", PAIRS)
def test_two_mistakes_at_once_are_both_told(name, first, second):
    exercise = EXERCISES[name]
    mistakes = [made_known(exercise, words) for words in (first, second)]
    for seed in range(2):
        report = examine_function(exercise, both(*mistakes), np.random.default_rng(seed))
        assert set(report.mistakes) == {mistake.sentence for mistake in mistakes}, report.message
        assert f"Two mistakes at once give exactly these results:\n1. {report.mistakes[0]}.\n2. {report.mistakes[1]}." in report.message


@pytest.mark.parametrize("name", [
    "rnn_forward", "lstm_step_forward", "gru_step_forward", "lstm_step_backward",
    "bidirectional_forward", "bidirectional_backward", "stacked_forward", "stacked_backward",
    "attention_forward", "attention_backward", "rwa_step_forward", "rwa_step_backward",
])
def test_a_pair_that_is_told_is_the_one_that_was_made(name):
    """Of pairs from all over the catalogue, none is taken for another, and four of five are told."""
    exercise = EXERCISES[name]
    told = []
    for first, second, report in islice(reports_on_pairs(exercise), 10):
        if len(report.mistakes) == 2:
            assert all(any(one in told for told in report.mistakes) for one in (first.sentence, second.sentence)), report.message
        told.append(len(report.mistakes) == 2)
    assert np.mean(told) >= 0.8


@pytest.mark.parametrize(
    "name, known, slip",
    [
        ("lstm_step_forward", "the forget gate is left out", "in `h`, `np.tanh(np.tanh(c))` stands where `np.tanh(c)` belongs"),
        ("gru_step_backward", "`dh_prev` misses the way through the update gate", "in `dz`, `n` stands where `h_prev - n` belongs"),
    ],
)
def test_a_known_mistake_and_a_slip_at_once_are_both_told(name, known, slip):
    exercise = EXERCISES[name]
    (other,) = (one for one in exercise.slips if one.sentence == slip)
    first = made_known(exercise, known)
    for seed in range(3):
        report = examine_function(exercise, both(first, other), np.random.default_rng(seed))
        assert set(report.mistakes) == {first.sentence, slip}, report.message


def test_where_two_pairs_fit_what_they_share_is_told_and_either_of_the_rest():
    exercise = EXERCISES["forecast_closed_loop"]
    mistakes = [made_known(exercise, words) for words in ("the last p values never move on", "the intercept is left out")]
    report = examine_function(exercise, both(*mistakes), np.random.default_rng(0))
    assert report.mistakes[0] == mistakes[0].sentence
    assert report.mistakes[1].split(ALIKE)[0] == mistakes[1].sentence
    assert len(report.mistakes[1].split(ALIKE)) == 2


def test_two_slips_in_one_line_are_not_told_as_two():
    """Twice `i`, one of them another name, would be said of `f * (i * g)`."""
    exercise = EXERCISES["lstm_step_forward"]
    lines = {slip.sentence: slip for slip in exercise.slips}
    twice, other = lines["`c` has the factor `i` twice"], lines["in `c`, `f` stands where `i` belongs"]
    if wrong := both(twice, other):
        assert "Two mistakes" not in examine_function(exercise, wrong, np.random.default_rng(0)).message
    assert twice.meets(other)


def test_slips_are_tried_in_a_quarter_of_the_pairs():
    exercise = EXERCISES["gru_step_backward"]
    (slip,) = (one for one in exercise.slips if one.sentence == "in `dz`, `n` stands where `h_prev - n` belongs")
    wrong = both(made_known(exercise, "`dh_prev` misses the way through the update gate"), slip)
    cases = exercise.cases(np.random.default_rng(0))
    told = lambda max_pairs: "Two mistakes at once" in compare(exercise, cases, call_all(wrong, cases), max_pairs=max_pairs).message
    assert told(pairs.MAX_PAIRS) and told(verify.PAIRS) and not told(3) and not told(0)


def test_the_more_steps_a_call_has_the_fewer_pairs_are_tried(monkeypatch):
    exercise = EXERCISES["mlp_forward"]
    wrong = both(*(one for one in exercise.mistakes if one.sentence.startswith(("the bias b2 is left out", "the hidden layer uses ReLU"))))
    cases = exercise.cases(np.random.default_rng(0))
    assert "Two mistakes at once" in compare(exercise, cases, call_all(wrong, cases)).message
    monkeypatch.setattr(pairs, "MANY_STEPS", 0)
    assert "Two mistakes at once" not in compare(exercise, cases, call_all(wrong, cases)).message


def reports_on_pairs(exercise):
    """(mistake, mistake, the Report on both): of some that change different lines, and that no single one explains."""
    mistakes = [mistake for mistake in exercise.mistakes if mistake.edits]
    for step in range(5, len(mistakes)):
        for first, second in zip(mistakes, mistakes[step:], strict=False):
            if wrong := both(first, second):
                report = examine_function(exercise, wrong, np.random.default_rng(1))
                if not (report.passed or len(report.mistakes) == 1 or report.raised):
                    yield first, second, report


def test_a_second_mistake_that_only_zeros_show_is_told_too():
    def relative_error(a, b):
        return float(np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b)))

    report = examine_function(EXERCISES["relative_error"], relative_error, np.random.default_rng(0))
    assert [sentence[:30] for sentence in report.mistakes] == ["two arrays of zeros give 0 / 0", "you divide by the larger norm:"]


def test_each_wrong_result_is_told_its_own_mistake():
    """Here one is known, the other is an example that stands for all; neither explains everything, nor
    would two known ones."""
    exercise = EXERCISES["mlp_backward"]

    def mlp_backward(dy, x, hidden, W1, W2):
        dx, dW1, db1, _, db2 = exercise.reference(dy, x, hidden, W1, W2)
        return dy @ W2.T @ W1.T, dW1, db1, np.outer(hidden[0], dy[0]), db2

    for seed in range(3):
        report = examine_function(exercise, mlp_backward, np.random.default_rng(seed))
        assert [sentence[:31] for sentence in report.mistakes] == ["the slope of tanh is left out: ", "the first example of the batch "]
        assert ": As for your dx: the slope of tanh" in report.message and "hidden layer.\nAs for your dW2: the first" in report.message


def test_results_are_not_told_their_own_mistakes_where_the_first_has_none():
    exercise = EXERCISES["mlp_backward"]

    def mlp_backward(dy, x, hidden, W1, W2):
        dx, dW1, db1, dW2, db2 = exercise.reference(dy, x, hidden, W1, W2)
        return dx**3, dW1, db1, np.outer(hidden[0], dy[0]), db2

    assert not examine_function(exercise, mlp_backward, np.random.default_rng(0)).mistakes


def test_one_token_for_all_shows_no_pair(monkeypatch):
    """Whatever pair gives it does so by chance."""
    exercise = EXERCISES["sample_tokens"]
    cases = exercise.cases(np.random.default_rng(5))
    expected = [exercise.expected(case) for case in cases]
    monkeypatch.setattr(pairs, "_only_pair", lambda *_: ("one", "other"))
    assert pairs.find_pair(exercise, cases, expected, [1 - tokens for tokens in expected])
    assert not pairs.find_pair(exercise, cases, expected, [0 * tokens + 1 for tokens in expected])


def test_some_cases_that_are_zero_show_no_mistake():
    exercise = EXERCISES["linear_echo_floor"]
    cases = exercise.cases(np.random.default_rng(5))
    values = [0.0, 0.0, 0.0, *(exercise.expected(case) + 1 for case in cases[3:])]
    assert "In 3 of" not in compare(exercise, cases, call_all(lambda *inputs: values.pop(0) if values else 1.0, cases)).message


def test_results_that_are_all_zeros_show_no_pair():
    """Many a pair leaves nothing but zeros."""
    exercise = EXERCISES["lstm_backward"]
    wrong = both(made_known(exercise, "only the last step's gradient"), made_known(exercise, "nothing is handed back in time"))
    assert len(examine_function(exercise, wrong, np.random.default_rng(0)).mistakes) < 2


def test_a_mistake_that_explains_all_is_told_alone():
    exercise = EXERCISES["lstm_step_forward"]
    for mistake in exercise.mistakes[::5]:
        assert examine_function(exercise, mistake.wrong, np.random.default_rng(2)).mistakes == (mistake.sentence,)


def test_gates_that_are_swapped_in_the_cell_alone_are_told_whichever_line_swaps_them():
    """The letters may be swapped in the cell's line, or where the blocks are taken apart and again where they
    are put together."""

    def lstm_step_forward(x, h_prev, c_prev, W_x, W_h, b):
        f, i, g, o = np.split(x @ W_x + h_prev @ W_h + b, 4, axis=-1)
        f, i, g, o = sigmoid(f), sigmoid(i), np.tanh(g), sigmoid(o)
        c = f * c_prev + i * g
        return o * np.tanh(c), c, np.concatenate([f, i, g, o], axis=-1)

    exercise = EXERCISES["lstm_step_forward"]
    known = made_known(exercise, "the cell is kept by i and written by f")
    for wrong in (known.wrong, lstm_step_forward):
        for seed in range(5):
            assert examine_function(exercise, wrong, np.random.default_rng(seed)).mistakes == (known.sentence,)


def test_one_explanation_goes_before_two_changes_that_mend_as_well():
    source = """
def readout(hs, W_y, b_y):
    T, N, H = hs.shape
    scores = hs.reshape(T * N, H) @ W_y + b_y
    return scores.reshape(N, T, -1).transpose(1, 0, 2)
"""
    message = examine(written("readout", source)).message
    assert "`reshape` is taken for an exchange of the axes of `hs`" in message and "mistakes at once" not in message
