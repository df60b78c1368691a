"""What is told of the operands of what raised: their letters, what the letters show, what a called function takes."""

import re
import textwrap

import numpy as np
import pytest

from tests.mistakes.told import written
from unrolled.comparison import compare
from unrolled.exercises import EXERCISES
from unrolled.findings import examine_call
from unrolled.operands import MOST
from unrolled.recording import Outcome, call_all

STEP = """
def lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h):
    H = dh.shape[1]
    da = {da}
    return da @ W_x.T
"""


def told(name, source, seed=0):
    """What grading says of an answer, in one line."""
    exercise = EXERCISES[name]
    cases = exercise.known_cases(np.random.default_rng(seed))
    return " ".join(compare(exercise, cases, call_all(written(name, source), cases)).message.split())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Wx", "Is `W_x` meant?"),
        ("tanh", "NumPy's function is `np.tanh`."),
        ("H", "`H` is no input, but a length: it is `h_prev.shape[1]`."),
        ("torch", "PyTorch is not used in this course"),
        ("math", "`import math` is missing"),
        ("softmax", "`softmax` is a function of this course"),
        ("zzz", "“name 'zzz' is not defined” at line 3"),
    ],
)
def test_a_name_that_is_not_defined_says_what_may_be_meant(name, words):
    source = f"def rnn_step_forward(x, h_prev, W_x, W_h, b):\n    if len(x):\n        return x @ {name}\n"
    outcome = Outcome(error=f"NameError: name '{name}' is not defined", raised="NameError", line=f"line 3: return x @ {name}")
    exercise = EXERCISES["rnn_step_forward"]
    case, *_ = exercise.known_cases(np.random.default_rng(0))
    assert words in examine_call(exercise, case, exercise.expected(case), outcome, True).text
    if name not in EXERCISES:
        assert words in told("rnn_step_forward", source)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("da", "words"),
    [
        ("np.concatenate([dh, dh, dh, dh])", r"`da` is \(\d+, \d+\) = \(4N, H\) and `W_x.T` is .* = \(4H, D\)\. There are 4N rows"),
        ("dh", r"`da` is \(\d+, \d+\) = \(N, H\)"),
        ("np.split(gates, 5, axis=-1)[0]", r"`gates` is \(\d+, \d+\) = \(N, 4H\)"),
    ],
)
def test_lengths_have_their_letters_whatever_the_sizes(da, words, seed):
    assert re.search(words, told("lstm_step_backward", STEP.format(da=da), seed))


def test_blocks_split_in_too_many_are_told_by_their_width():
    source = "def mgu_step_backward(dh, x, h_prev, gates, W_x, W_h):\n    f, n, o = np.split(gates, 3, axis=-1)\n    return dh * f\n"
    assert any("= (N, 2H/3). 2H/3 is the width of 2 blocks, divided by 3." in told("mgu_step_backward", source, seed) for seed in range(9))


def test_two_axes_that_are_laid_into_one_are_not_taken_for_blocks():
    source = "def readout(hs, W_y, b_y):\n    flat = hs.reshape(-1, hs.shape[-1])\n    return flat @ W_y.T\n"
    for seed in range(9):
        message = told("readout", source, seed)
        assert "under one another" not in message
        assert re.search(r"`flat` is \(\d+, \d+\) = \(T\*N, H\)", message)


GRU = "def gru_step_forward(x, h_prev, W_x, W_h, b):\n    {}\n"


def test_blocks_that_are_cut_along_the_rows_are_told():
    message = told("gru_step_forward", GRU.format("W_hr, W_hz, W_hn = np.split(W_h, 3); return h_prev @ W_hr"))
    assert "= (H/3, 3H). H rows are cut in 3 there: `np.split` takes axis 0" in message


def test_more_blocks_than_the_other_array_has_are_counted():
    assert "3 blocks of H meet 1 there" in told("gru_step_forward", GRU.format("return (x @ W_x) @ W_h[:, :1]"))
    added = told("gru_reset_after_step_forward", "def gru_reset_after_step_forward(x, h_prev, W_x, W_h, b, b_hn):\n    return x @ W_x + b_hn\n")
    assert "3 blocks of H meet 1 there: is one too many in the one, or left out of the other?" in added


def test_blocks_that_are_unpacked_are_told_how_to_be_taken_apart():
    source = "def gru_step_backward(dh, x, h_prev, gates, W_x, W_h):\n    r, z, n = gates\n"
    assert "The blocks of `gates` are taken apart by `np.split(..., 3, axis=-1)`." in told("gru_step_backward", source)


def test_a_sum_along_the_other_axis_is_told():
    source = "def smoothed_cross_entropy(logits, targets, mask, smoothing):\n    lengths = mask.sum(axis=1)\n    return mask.sum(axis=0) / lengths + mask / lengths\n"
    assert "`lengths` has a number for each step, not for each example: is a sum" in told("smoothed_cross_entropy", source.replace("mask.sum(axis=0) / lengths + ", ""))


def test_queries_that_meet_steps_entry_by_entry_are_told_of_a_new_axis():
    source = "def additive_attention_forward(queries, keys, values, mask, W_q, W_k, w):\n    q = queries @ W_q\n    return q + keys @ W_k\n"
    assert "Each query meets each step where a new axis stands between" in told("additive_attention_forward", source)
    masked = "def attention_forward(queries, keys, values, mask):\n    return np.where(mask, np.einsum('unh,tnh->unt', queries, keys), 0)\n"
    assert "Each query meets each step" not in told("attention_forward", masked)


def test_an_axis_of_length_1_has_no_letter():
    source = "def attention_forward(queries, keys, values, mask):\n    s = np.einsum('unh,tnh->utn', queries, keys)\n    return np.where(mask.T[None], s, 0)\n"
    for seed in range(9):
        message = told("attention_forward", source, seed)
        assert re.search(r"`mask.T\[None\]` is \(1, \d+, \d+\) = \(1, N, T\)", message)
        assert "axes 1 and 2 of one stand the other way round" in message


def test_the_step_of_a_loop_that_is_called_without_one_input_says_which():
    source = "def lstm_forward(xs, h0, c0, W_x, W_h, b):\n    h = h0\n    return lstm_step_forward(xs[0], {}, W_x, W_h, b)\n"
    assert "def lstm_step_forward(x, h_prev, c_prev, W_x, W_h, b):`, and no c_prev is given." in told("lstm_forward", source.format("h"))
    assert told("lstm_forward", source.format("h, c0, xs")).count("is given.") == 0


def test_several_results_that_are_given_as_one_are_told():
    source = "def gru_forward(xs, h0, W_x, W_h, b):\n    h = gru_step_forward(xs[0], h0, W_x, W_h, b)\n    return gru_step_forward(xs[0], h, W_x, W_h, b)\n"
    assert "`gru_step_forward` takes h_prev (N, H), and `h` is a list or a tuple of 2" in told("gru_forward", source)


def test_a_turned_array_in_a_longer_expression_is_not_taken_for_one_of_three_axes():
    source = "def rnn_backward(dhs, xs, h0, hs, W_x, W_h):\n    return (dhs[1:] @ W_h.T) * (1 - hs**2)\n"
    assert "turns all of them" not in told("rnn_backward", source)


def test_a_function_of_the_course_that_is_given_something_else_says_what_it_takes():
    inputs = "xs, y0, W_x, W_o, b, W_y, b_y"
    jordan = f"def jordan_forward({inputs}):\n    return rnn_forward(xs, y0, W_x, W_o, b)\n"
    words = r"`rnn_forward` takes h0 \(N, H\) and W_x \(D, H\), and H would be \d+ in `y0` and \d+ in `W_x`\."
    assert re.search(words, told("jordan_forward", jordan))
    steps = f"def jordan_forward({inputs}):\n    return gru_step_forward(xs, y0, W_x, W_o, b)\n"
    assert re.search(r"`gru_step_forward` takes x \(N, D\), and `xs` is \(\d+, \d+, \d+\)\.", told("jordan_forward", steps))


def test_a_function_of_the_course_that_gives_more_or_less_says_what_it_gives():
    source = "def jordan_forward(xs, y0, W_x, W_o, b, W_y, b_y):\n    hs, h = lstm_step_forward(xs[0], y0, y0, W_x, W_o, b)\n"
    assert "lstm_step_forward" in told("jordan_forward", source)
    source = "def rnn_backward(dhs, xs, h0, hs, W_x, W_h):\n    dx, dh = rnn_step_backward(dhs[0], xs[0], h0, hs[0], W_x, W_h)\n"
    assert "`rnn_step_backward` gives dx, dh_prev, dW_x, dW_h, db." in told("rnn_backward", source)
    source = "def attention_forward(queries, keys, values, mask):\n    return softmax(queries, dim=-1)\n"
    assert "The first line of `softmax` is `def softmax(a):`." in told("attention_forward", source)


def test_a_product_that_fits_in_one_other_way_says_which():
    source = "def gru_step_forward(x, h_prev, W_x, W_h, b):\n    return W_x @ x\n"
    assert "`x @ W_x` fits." in told("gru_step_forward", source)
    source = "def gru_step_forward(x, h_prev, W_x, W_h, b):\n    return h_prev @ h_prev\n"
    assert "What goes entry by entry is `*`." in told("gru_step_forward", source)


def test_a_product_that_fits_is_told_with_the_batch_first_however_it_is_written():
    lines = "W2 @ dy", "np.dot(W2, dy)", "np.matmul(W2, dy)", "W2.dot(dy)"
    for line in lines:
        assert "`dy @ W2.T` fits." in told("mlp_backward", f"def mlp_backward(dy, x, hidden, W1, W2):\n    return {line}\n")


def test_a_product_with_another_input_says_which_would_fit():
    step = "def rnn_step_forward(x, h_prev, W_x, W_h, b):\n    return {}\n"
    assert "`x @ W_x` and `h_prev @ W_h` fit." in told("rnn_step_forward", step.format("x @ W_h"))
    assert "`h_prev @ W_h` and `x @ W_x` fit." in told("rnn_step_forward", step.format("h_prev @ W_x"))
    jordan = "def jordan_forward(xs, y0, W_x, W_o, b, W_y, b_y):\n    y = 1 * y0\n    return y @ W_x\n"
    assert "`y @ W_o` fits." in told("jordan_forward", jordan)
    assert "Of the inputs, `b_y` fits there." in told("jordan_forward", jordan.replace("y @ W_x", "xs[0] @ W_x @ W_y + b"))


def test_a_product_of_more_than_two_axes_says_which_would_fit():
    assert "`dys @ W_y.T` fits." in told("readout_backward", "def readout_backward(dys, hs, W_y):\n    return dys @ W_y\n")


def test_of_an_input_with_one_axis_nothing_is_asked_that_it_is_given_with():
    source = "def leaky_rnn_forward(xs, h0, W_x, W_h, b, z):\n    return np.dot(z, h0)\n"
    assert "A product sums over an axis, and `z` has one alone: what goes entry by entry is `*`." in told("leaky_rnn_forward", source)


def test_who_splits_along_the_batch_hears_of_the_axis_whatever_the_sizes():
    for seed in range(20):
        assert "`axis=-1` splits blocks that stand side by side" in told("gru_step_forward", GRU.format("r, z, n = np.split(x @ W_x, 3)"), seed)


def test_blocks_that_are_joined_along_the_rows_are_told_along_which_axis():
    source = "def gru_step_forward(x, h_prev, W_x, W_h, b):\n    a = x @ W_x\n    H = len(b) // 3\n    return np.concatenate((a[:, : 2 * H], h_prev))\n"
    for seed in range(9):
        assert "join them along that one, `np.concatenate(..., axis=1)`" in told("gru_step_forward", source, seed)


def test_a_letter_that_stands_for_two_lengths_is_named():
    source = "def attention_backward(dcontexts, queries, keys, values, weights):\n    return np.einsum('utn,tnh->unh', weights, keys)\n"
    assert re.search(r"The letter t is \d+ in `weights` and \d+ in `keys`\.", told("attention_backward", source))


def test_places_of_another_axis_are_told():
    message = told("embedding_forward", "def embedding_forward(tokens, E):\n    return E[:, 1 * tokens]\n", seed=1)
    assert "Axis 0 of `E` has all these places: is it the one that is meant?" in message


def test_what_stands_in_front_of_two_axes_has_no_letter_of_a_feature():
    source = "def embedded_window_backward(dys, xs, hiddens, E, W1, W2):\n    w = np.zeros((E.shape[0], xs.shape[1], 90))\n    return w @ W1\n"
    for seed in range(9):
        assert "`w` is (" in told("embedded_window_backward", source, seed)
        assert "= (V, " not in told("embedded_window_backward", source, seed).split("`w` is")[1].split("`W1`")[0]


def test_a_list_that_is_multiplied_is_not_said_to_go_entry_by_entry():
    source = "def forecast_closed_loop(series, coefficients, intercept, horizon):\n    lags = list(series[-3:])\n    return np.dot(coefficients, lags)\n"
    assert "entry by entry" not in told("forecast_closed_loop", source)


def test_a_part_of_a_length_is_no_letter_but_where_blocks_are_cut():
    source = "def embedding_forward(tokens, E):\n    return np.eye(tokens.max() + 1)[tokens] @ E[1:]\n"
    for seed in range(20):
        assert "/2" not in told("embedding_forward", source, seed)


def test_what_fits_no_other_way_is_told_what_an_input_takes():
    step = "    h = np.tanh(xs[0] @ W_x + y0 @ W_o + b)\n    return np.tanh(xs[1] @ W_x + h @ W_o + b)\n"
    message = told("jordan_forward", f"def jordan_forward(xs, y0, W_x, W_o, b, W_y, b_y):\n{step}")
    assert "`W_o` takes what is O wide, as `y0` and `ys` are." in message


def test_a_product_with_the_wrong_thing_in_it_is_not_said_to_fit():
    step = "    h = np.tanh(xs[0] @ W_x + y0 @ W_o + b)\n    return np.tanh(xs[1] @ W_x + h @ W_o + b)\n"
    message = told("jordan_forward", f"def jordan_forward(xs, y0, W_x, W_o, b, W_y, b_y):\n{step}")
    assert re.search(r"`h` is \(\d+, \d+\) = \(N, H\) and `W_o` is \(\d+, \d+\) = \(O, H\)", message)
    assert "fits" not in message


def test_on_the_way_back_a_missing_transposition_is_told():
    source = "def readout_backward(dys, hs, W_y):\n    dy = dys[0]\n    return dy @ W_y\n"
    assert "`dy @ W_y.T` fits." in told("readout_backward", source)


def test_a_product_with_one_axis_says_so():
    source = "def rnn_step_backward(dh, x, h_prev, h, W_x, W_h):\n    {}\n"
    summed = told("rnn_step_backward", source.format("da = dh.sum(axis=0); return x.T @ da"))
    assert "`da` has one axis alone: is a sum in it that belongs elsewhere" in summed
    rows = told("rnn_step_backward", source.format("return x[0].T @ dh[0]"))
    assert "what makes a matrix of them is `np.outer(a, b)`" in rows


def test_an_index_that_is_reckoned_says_what_it_was():
    source = "def stacked_dropout_backward(dhs, xs, h0s, hs, masks, W_in, W_up, W_h):\n    l = 0; return xs * masks[l - 1]\n"
    message = told("stacked_dropout_backward", source)
    assert "`l - 1` is -1 and `l` is 0. Place -1 is the last one." in message


def test_time_in_the_place_of_the_batch_is_told_and_not_where_they_are_in_order():
    source = "def rnn_forward(xs, h0, W_x, W_h, b):\n    {}\n"
    words = "time is axis 0, the batch axis 1"
    assert words in told("rnn_forward", source.format("return xs[:, 0] @ W_x + h0 @ W_h"))
    assert words not in told("rnn_forward", source.format("return xs[0] @ W_x.T + h0 @ W_h"))


def test_an_error_inside_a_function_of_the_course_is_not_told_in_words_about_its_lines():
    source = """
    def lstm_backward(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
        return lstm_step_backward(
            dhs[0], c0, xs[0], h0, c0, gates[0], cs[0], W_x, W_h
        )
    """
    message = told("lstm_backward", textwrap.dedent(source))
    assert "it raised ValueError inside of `lstm_step_backward` at line 3" in message and "np.split" not in message
    assert re.search(r"takes dh \(N, H\) and c \(N, H\), and H would be \d+ in `dhs\[0\]` and \d+ in `gates\[0\]`\.", message)


def test_three_axes_turned_round_are_told():
    source = "def readout_backward(dys, hs, W_y):\n    return hs.T @ dys\n"
    assert "`hs` has three axes, and `.T` turns all of them round" in told("readout_backward", source)


def test_an_index_says_what_stands_in_it():
    source = "def stacked_forward(xs, h0s, W_in, W_up, W_h, b):\n    l = len(W_up)\n    return W_up[l]\n"
    words = r"= \(L-1, H, H\) and `l` is \d\. `W_up` has L-1 entries, one fewer than there are layers: which layer has none\?"
    assert re.search(words, told("stacked_forward", source))
    source = "def perplexity(losses, mask):\n    return losses[mask]\n"
    assert re.search(r"`mask` is \(\d+, \d+\) = \(T, N\) of floats\.", told("perplexity", source))


HOSTILE = [
    {"`x` is right. `y`": {"shape": (3, 4)}},
    {"x": {"shape": (3, "4")}, "y": {"shape": [3]}, "z": {}, "W.T": {"shape": (-1, 10**30, 2)}},
    {"x": [{"shape": 1}, [[]]], "y": "you passed", "z": 10**30},
    {"x": {"shape": (3, 4), "least": "1", "most": [2], "kind": ()}, "softmax(x)": None},
    {f"{'x' * i}@": {"shape": (1,) * i} for i in range(MOST)},
]


@pytest.mark.parametrize("operands", HOSTILE)
@pytest.mark.parametrize("error", ["IndexError: index 5 is out of bounds for axis 0 with size 5", "ValueError: no"])
def test_whatever_a_process_says_of_operands_it_says_no_words_of_its_own(operands, error):
    exercise = EXERCISES["gru_step_forward"]
    case = exercise.known_cases(np.random.default_rng(0))[0]
    outcome = Outcome(error=error, raised=error.partition(":")[0], line="line 1: softmax(x) @ y", operation="softmax(x) @ y", operands=operands)
    text = examine_call(exercise, case, exercise.expected(case), outcome).text
    assert "you passed" not in text and "`x` is right" not in text


def test_the_name_of_an_error_inside_a_function_of_the_course_is_quoted_where_it_is_none():
    exercise = EXERCISES["gru_forward"]
    case = exercise.known_cases(np.random.default_rng(0))[0]
    operands = {"x": {"shape": (3, 4, 5), "kind": "f"}}
    outcome = Outcome(error="no", raised="nothing: all is right", line="line 1: f(x)", operation="gru_step_forward(x)", operands=operands)
    text = examine_call(exercise, case, exercise.expected(case), outcome).text
    assert "it raised “nothing: all is right” inside of `gru_step_forward`" in text
