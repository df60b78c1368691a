"""What the checker says of wrong values that no listed mistake explains."""

import inspect

import numpy as np
import pytest

from tests.mistakes.told import graded
from tests.test_check import message, student
from unrolled import examine
from unrolled.exercises import EXERCISES
from unrolled.reference import (
    attention_backward,
    beam_search,
    bidirectional_backward,
    init_lstm,
    lstm_forward,
    lstm_step_forward,
    make_windows,
    rwa_step_backward,
)
from unrolled.reference import rnn_forward as reference_forward


@pytest.mark.parametrize(
    "wrong, words",
    [
        (lambda hs: -hs, "wrong sign"),
        (lambda hs: 0 * hs, "zero everywhere"),
        (lambda hs: 3 * hs, "the right one times 3"),
        (lambda hs: hs * len(hs), "T times too large"),
        (lambda hs: hs / hs.shape[1], "N times too small"),
        (lambda hs: hs / hs.size, "T * N * H times too small"),
        (lambda hs: 2 * hs / hs.shape[1], "hs is the right one times 2 / N"),
        (lambda hs: hs * len(hs) / 2, "hs is the right one times 0.5 * T"),
        (lambda hs: np.arctanh(hs), "`np.tanh` of your hs would be right"),
        (lambda hs: np.exp(hs), "hs is `np.exp` of the right one"),
        (lambda hs: 1 - hs, "1 minus your hs would be right"),
        (lambda hs: hs + np.arange(len(hs))[:, None, None], "right at step 0 and wrong from step 1 on"),
        (lambda hs: hs + np.arange(len(hs))[::-1, None, None], "right at the last step and wrong before it"),
        (lambda hs: hs + (hs.shape[1] > 1), "right for a batch of one"),
        (lambda hs: np.where(np.arange(len(hs))[:, None, None] < 1, 0, hs), "zero in the first place of its first axis"),
        (lambda hs: np.where(hs > 0, 0, hs), "right except where it is zero"),
        (lambda hs: np.broadcast_to(hs[-1], hs.shape), "the same at every step"),
        (lambda hs: np.clip(hs, -0.25, 0.25), "cut off at 0.25 and -0.25"),
        (lambda hs: hs.round(4), "right to about 4 digits"),
        (lambda hs: np.maximum(0, hs), "hs is right except where it must be negative: there it is 0"),
        (lambda hs: np.arctanh(hs + 2), "hs holds nan in every case"),
        (lambda hs: hs[:1], "hs is right as far as it goes, but ends too early: is the `return` inside the loop?"),
        (lambda hs: hs[: -(-len(hs) // 2)], "hs is right as far as it goes, but ends too early."),
        (lambda hs: hs[len(hs) // 2 :], "hs lacks its beginning"),
        (lambda hs: hs.sum(axis=1), "hs is the right one, but added up over axis 1"),
        (lambda hs: np.stack([hs / 2, hs / 2]), "The sum of your hs over axis 0 would be right"),
        (lambda hs: 1 / hs, "1 divided by your hs would be right"),
        (lambda hs: 2 * hs - 1, "the right one times 2, minus 1"),
        (lambda hs: hs + 0.5, "the right one plus 0.5"),
        (lambda hs: np.clip(hs, -0.25, 0.125), "cut off at -0.25 and 0.125"),
        (lambda hs: hs * np.where(np.arange(hs.shape[2]) < 1, -1, 1), "right but for the signs of some of its values"),
        (lambda hs: hs / np.linalg.norm(hs), "the right one but for a factor, which runs from"),
        (lambda hs: np.concatenate([hs[:1] * 0.3, hs[:-1]]), "place of your hs holds what belongs to the one before it, hs[i - 1] in hs[i]"),
        (lambda hs: np.concatenate([hs[1:], hs[-1:] * 0.3]), "place of your hs holds what belongs to the one after it, hs[i + 1] in hs[i]"),
        (lambda hs: hs * hs.shape[1] ** 0.5, "the right one, but multiplied by the root of N"),
        (lambda hs: hs / hs.shape[1] ** 0.5, "the right one, but divided by the root of N"),
        (lambda hs: hs * np.cos(np.arange(hs.shape[1]))[:, None], "right for the first example of the batch and wrong for others"),
        (lambda hs: np.concatenate(hs, axis=1), "in another shape and other places: is it transposed, joined along another axis, or reshaped?"),
    ],
    ids=["sign", "zeros", "factor", "T", "N", "all-sizes", "two-by-N", "half-T", "step-missing", "step-too-many", "one-minus", "first", "last", "batch-of-one", "unfilled", "unfilled-here-and-there", "same-steps", "cut", "digits",
         "relu", "nan", "first-alone", "half", "second-half", "summed", "not-summed",
         "one-over", "line", "more", "cut-unevenly", "signs", "factor-of-each-case", "late", "early", "root-of-N", "by-root-of-N", "first-example", "joined"],
)
def test_an_unlisted_mistake_is_described_by_its_pattern(wrong, words):
    @student("rnn_forward")
    def fn(*inputs):
        return wrong(reference_forward(*inputs))

    report = examine(fn)
    assert report.mistake is None
    assert words in report.message


@pytest.mark.parametrize(
    "wrong, words",
    [
        (lambda hs: hs.reshape(-1, hs.shape[-1]), "Your hs holds the right values, in another shape: should its first axis be made by `np.stack`, not by `np.concatenate`?"),
        (lambda hs: hs.transpose(1, 2, 0), "The axes of your hs stand in another order"),
        (lambda hs: list(hs), "`np.array` makes one of it."),
    ],
    ids=["reshaped", "axes", "list"],
)
def test_right_values_in_a_wrong_form_are_told(wrong, words):
    @student("rnn_forward")
    def fn(*inputs):
        return wrong(reference_forward(*inputs))

    assert words in message(fn)
    assert message(fn).count("right values") == words.count("right values")


@pytest.mark.parametrize("slope, words", [(lambda x: 1 - x**2, "1 - x**2"), (lambda x: x, "x"), (lambda x: x * (1 - x), "x * (1 - x)")])
def test_a_result_that_is_multiplied_by_an_input_or_its_slope_is_told_by_which(slope, words):
    @student("mlp_backward")
    def fn(dy, x, *others):
        dx, *rest = EXERCISES["mlp_backward"].reference(dy, x, *others)
        return dx * slope(x), *rest

    assert f"Your dx is the right one times `{words}`: what is multiplied there?" in message(fn)


def test_a_division_by_the_number_of_entries_is_told():
    @student("numerical_gradient")
    def fn(f, x, eps):
        return EXERCISES["numerical_gradient"].reference(f, x, eps) / x.size

    assert "the right one times 1 / theta.size" in message(fn)


def test_steps_in_reverse_order_are_told():
    @student("bidirectional_backward")
    def fn(*inputs):
        dxs, *others = bidirectional_backward(*inputs)
        return dxs[::-1].copy(), *others

    assert "Your dxs is in reverse order of time." in message(fn)


def test_what_steps_hand_back_is_not_blamed_where_it_is_right():
    @student("rnn_backward")
    def fn(dhs, *inputs):
        dxs, *others = EXERCISES["rnn_backward"].reference(dhs, *inputs)
        return dxs * (1 + 0.3 * np.arange(len(dxs))[::-1, None, None] ** 2), *others

    assert "and what the steps hand back is right, since dh0 is: look at how each step's part is put into dxs" in message(fn)
    assert "look at what a step hands back" not in message(fn)


def test_a_batch_of_one_in_which_another_result_is_wrong_is_no_pattern():
    """What makes that one wrong may have faded on the way to this."""

    @student("rnn_backward")
    def fn(dhs, *inputs):
        dxs, dh0, *others = EXERCISES["rnn_backward"].reference(dhs, *inputs)
        return dxs + 0.3 * dxs**2, dh0 + 0.3 * (len(dh0) > 1) * dh0**2, *others

    assert "batch of one" not in message(fn)


def test_a_sequence_of_one_step_whose_scores_are_large_is_no_pattern():
    @student("cross_entropy")
    def fn(logits, targets, mask):
        loss, dlogits = EXERCISES["cross_entropy"].reference(logits, targets, mask)
        return loss, dlogits + 0.3 * (len(logits) > 1) * dlogits**2 + 0.3 * (len(logits) > 1)

    assert "one step" not in message(fn)


def test_what_is_wrong_at_step_0_is_told_though_zeros_hide_it():
    @student("jordan_forward")
    def fn(xs, y0, W_x, W_o, b, W_y, b_y):
        y, ys, hs = y0, [], []
        for x in xs:
            h = np.tanh(x @ W_x + y @ W_o + b)
            y = (h + 0.1 * h**3) @ W_y + b_y
            ys.append(y)
            hs.append(h)
        return np.stack(ys), np.stack(hs)

    assert "At step 0 there is nothing wrong in your hs, but in your ys" in graded(fn).message


def test_a_few_wrong_places_are_no_pattern_of_a_batch_of_one():
    """They may be missing there by chance, for it is one case alone."""

    @student("cross_entropy")
    def fn(logits, targets, mask):
        loss, dlogits = EXERCISES["cross_entropy"].reference(logits, targets, mask)
        dlogits[0, :, 0] += 0.3 * (len(targets[0]) > 1)
        return loss, dlogits

    for seed in range(3):
        assert "dlogits is wrong in" in examine(fn, seed).message and "batch of one" not in examine(fn, seed).message


def test_one_case_alone_is_no_pattern_of_large_inputs():
    """Of several cases with large scores one is wrong, the only one without is right."""

    @student("attention_forward")
    def fn(queries, keys, values, mask):
        contexts, weights = EXERCISES["attention_forward"].reference(queries, keys, values, mask)
        return contexts + 0.3 * (mask.shape[1] == 1) * queries.sum(), weights

    for seed in range(3):
        assert "contexts is wrong in" in examine(fn, seed).message and "very large" not in examine(fn, seed).message


def test_a_product_that_zeros_make_right_says_nothing_of_its_factors():
    @student("readout_backward")
    def fn(dys, hs, W_y):
        dhs, dW_y, db_y = EXERCISES["readout_backward"].reference(dys, hs, W_y)
        return dhs, np.sin(dW_y), db_y

    assert "all zeros" not in message(fn)


def test_what_is_wrong_in_short_sequences_is_told_of_results_without_an_axis_of_time_and_before_their_digits():
    @student("attention_forward")
    def fn(queries, keys, values, mask):
        contexts, weights = EXERCISES["attention_forward"].reference(queries, keys, values, mask)
        return contexts * (1 + 1e-5 * (mask.sum(axis=0) < len(mask)))[:, None], weights

    told = [examine(fn, seed).message for seed in range(5)]
    assert any("Your contexts is right for each sequence that fills all steps, and wrong for shorter ones" in one for one in told)

def test_the_first_sequences_mask_for_all_is_told_by_that_one():
    @student("attention_forward")
    def fn(queries, keys, values, mask):
        return EXERCISES["attention_forward"].reference(queries, keys, values, np.broadcast_to(mask[:, :1], mask.shape))

    for seed in range(8):
        assert "right for the first example of the batch and wrong for others" in examine(fn, seed).message


def test_short_sequences_of_which_one_is_right_are_not_called_wrong():
    @student("bidirectional_forward")
    def fn(xs, mask, *weights):
        short = mask.sum(axis=0) < len(mask)
        return EXERCISES["bidirectional_forward"].reference(xs, mask, *weights) + (short & (np.cumsum(short) > 1))[:, None]

    assert "wrong for shorter ones" not in message(fn)


def test_an_array_of_integers_is_not_called_zero():
    @student("rnn_forward")
    def fn(*inputs):
        return reference_forward(*inputs).astype(int)

    assert "dtype int64" in message(fn)
    assert "zero" not in message(fn)


@pytest.mark.parametrize(
    "wrong, words",
    [
        (lambda a, b: np.linalg.norm(a - b) / np.hypot(np.linalg.norm(a), 1.1 * np.linalg.norm(b)), "not finite with zeros for first and second: is something divided by 0, or a root taken"),
        (lambda a, b: EXERCISES["relative_error"].reference(a, b) if a.any() or b.any() else 0.3, "wrong only with zeros for first and second."),
        (lambda a, b: EXERCISES["relative_error"].reference(a, b) if a.any() else 7.0, "wrong only with zeros for first."),
    ],
    ids=["divided-by-zero", "both-zero", "one-zero"],
)
def test_what_goes_wrong_with_zeros_alone_is_told(wrong, words):
    @student("relative_error")
    def fn(a, b):
        return float(wrong(a, b))

    assert words in message(fn)
    assert "of zeros" in message(fn)


@pytest.mark.parametrize("wrong", [lambda floor: min(floor, 1.0), lambda floor: int(floor)], ids=["one", "whole"])
def test_one_number_for_all_is_not_called_cut_off(wrong):
    @student("echo_error_floor")
    def fn(*inputs):
        return wrong(EXERCISES["echo_error_floor"].reference(*inputs))

    for seed in range(5):
        assert not examine(fn, seed).passed
        assert "cut off" not in examine(fn, seed).message


@pytest.mark.parametrize("place, words", [(-1, "zero in the last place of its first axis"), (0, "zero in the first place of its first axis")])
def test_of_examples_of_which_one_at_an_end_is_never_filled_it_is_said_which(place, words):
    @student("mlp_forward")
    def fn(*inputs):
        y, hidden = EXERCISES["mlp_forward"].reference(*inputs)
        y[place] = 0
        return y, hidden

    assert words in message(fn)


def test_a_result_that_is_returned_twice_is_not_called_an_order():
    @student("mlp_forward")
    def fn(*inputs):
        y, hidden = EXERCISES["mlp_forward"].reference(*inputs)
        return y, y

    assert "What you return as hidden is y once more" in message(fn)


def test_a_factor_is_seen_beside_a_loss_that_is_0():
    @student("cross_entropy")
    def fn(*inputs):
        loss, dlogits = EXERCISES["cross_entropy"].reference(*inputs)
        return 3 * loss, dlogits

    seen = 0
    for seed in range(20):
        seen += any(EXERCISES["cross_entropy"].reference(**case)[0] == 0 for case in EXERCISES["cross_entropy"].cases(np.random.default_rng(seed)))
        assert "Your loss is the right one times 3." in examine(fn, seed).message
    assert seen


def test_an_input_whose_zeros_hide_another_wrong_result_is_not_blamed():
    """Without W2 nothing is left of hidden in y."""

    @student("mlp_forward")
    def fn(x, W1, b1, W2, b2):
        hidden = np.arctan(x @ W1 + b1)
        return hidden @ W2 + b2, hidden

    assert "W2 plays" not in message(fn)


def test_one_large_value_that_is_too_small_is_not_called_cut_off():
    @student("relative_error")
    def fn(a, b):
        return np.linalg.norm(a - b) / max(1, np.linalg.norm(a) + np.linalg.norm(b))

    assert not examine(fn).passed
    assert "cut off" not in message(fn)


def test_an_overflow_that_is_mended_with_zeros_is_told_as_an_overflow():
    @student("softmax")
    def fn(a):
        e = np.exp(a)
        return np.nan_to_num(e / e.sum(axis=-1, keepdims=True))

    for seed in range(5):       # in some, not every case of large scores overflows
        assert "wrong for very large ones: does something overflow" in examine(fn, seed).message


@pytest.mark.parametrize(
    "wrong, words",
    [
        (lambda dh, dh_prev: dh.copy(), "What you return as dh_prev is dh, as it was given"),
        (lambda dh, dh_prev: dh_prev + 3 * dh, "Your dh_prev is the right one plus 3 times dh"),
        (lambda dh, dh_prev: dh_prev + dh, "`dh` itself is added to dh_prev"),      # what a mistake says better
    ],
    ids=["given", "added", "known"],
)
def test_an_input_among_the_results_is_named(wrong, words):
    @student("rnn_step_backward")
    def fn(dh, *inputs):
        dx, dh_prev, *weights = EXERCISES["rnn_step_backward"].reference(dh, *inputs)
        return dx, wrong(dh, dh_prev), *weights

    assert words in message(fn)


def test_what_is_nan_is_no_input_with_a_share_of_nan():
    @student("numerical_gradient")
    def fn(f, x, eps):
        return np.full_like(x, np.nan)

    assert "nan times" not in message(fn)
    assert "Your gradient holds nan in every case" in message(fn)


def test_a_step_of_an_input_is_named_too():
    """`dhs[t - 1]` at step 0 is the last one."""

    @student("rnn_backward")
    def fn(dhs, *inputs):
        dxs, dh0, *weights = EXERCISES["rnn_backward"].reference(dhs, *inputs)
        return dxs, dh0 + dhs[-1], *weights

    assert "Your dh0 is the right one plus dhs[-1]: what is added there?" in message(fn)


def test_right_values_in_other_places_are_told():
    @student("gru_forward")
    def fn(*inputs):
        hs, gates = EXERCISES["gru_forward"].reference(*inputs)
        return hs, np.stack(np.split(gates, 3, axis=-1), axis=-1).reshape(gates.shape)

    assert "Your gates holds the right values, in other places" in message(fn)


def test_blocks_that_are_right_in_a_sequence_of_one_step_have_no_other_order():
    @student("lstm_backward")
    def fn(dhs, *inputs):
        dxs, dh0, dc0, dW_x, dW_h, db = EXERCISES["lstm_backward"].reference(dhs, *inputs)
        noise = 0 if len(dhs) == 1 else 0.5
        return dxs + noise * dxs**2, dh0, dc0, dW_x + noise * dW_x**2, dW_h, db

    assert "in the order" not in message(fn)
    assert "right for a sequence of one step" in message(fn)


def test_what_is_nearly_right_is_not_called_the_right_one_times_1():
    @student("rnn_forward")
    def fn(*inputs):
        return reference_forward(*inputs) * (1 + 3e-6)

    assert "right to about 5 digits" in message(fn)


def test_zeros_that_are_right_show_no_size():
    """Where one step is all there is and every target has won, `dlogits` is 0 whatever is done to it."""

    @student("cross_entropy")
    def fn(*inputs):
        loss, dlogits = EXERCISES["cross_entropy"].reference(*inputs)
        return loss, dlogits**2

    seen = 0
    for seed in range(200):
        *_, one_step, _ = EXERCISES["cross_entropy"].cases(np.random.default_rng(seed))
        if not EXERCISES["cross_entropy"].reference(**one_step)[1].any():
            seen += 1
            assert "one step" not in examine(fn, seed).message
    assert seen


def test_what_is_wrong_for_large_inputs_only_is_told():
    @student("softmax")
    def fn(a):
        e = np.exp(a - a.max(axis=-1, keepdims=True))
        return np.where(np.abs(a) > 20, 0.5, e / e.sum(axis=-1, keepdims=True))

    assert "right for inputs of ordinary size and wrong for very large ones" in message(fn)


@pytest.mark.parametrize(
    "wrong, words",
    [
        (lambda grads: np.concatenate([g.ravel() for g in grads]), "must be a list of 3 arrays, not one ndarray"),
        (lambda grads: [g.T for g in grads], "has shape"),
        (lambda grads: [np.clip(g, -0.1, 0.1) for g in grads], "cut off at 0.1 and -0.1"),
        (lambda grads: [[g] for g in grads], "must be a NumPy array, not list"),
        (lambda grads: (grads, 1.0), "must be returned alone, a list of 3 arrays and nothing beside it"),
        (lambda grads: (g for g in grads), "not one generator: `list` makes one of it"),
    ],
    ids=["one-array", "transposed", "cut", "nested", "norm-beside", "generator"],
)
def test_a_list_of_arrays_is_described_too(wrong, words):
    @student("clip_by_value")
    def fn(grads, limit):
        return wrong(grads)

    assert words in message(fn)


@pytest.mark.parametrize(
    "wrong, words",
    [
        (lambda hs, mask: hs + 3 * (1 - mask[..., None]), "Your hs is right where the mask is 1, and wrong where there is padding."),
        (lambda hs, mask: hs + (mask.sum(axis=0) < len(mask))[:, None], "right for each sequence that fills all steps, and wrong for shorter ones"),
    ],
    ids=["padded-steps", "short-sequences"],
)
def test_what_is_wrong_in_padding_alone_is_told(wrong, words):
    @student("bidirectional_forward")
    def fn(xs, mask, *weights):
        return wrong(EXERCISES["bidirectional_forward"].reference(xs, mask, *weights), mask)

    assert words in message(fn)


@pytest.mark.parametrize(
    "wrong, words",
    [
        (1, "Your hs is right for the forward direction, its first half, and wrong for the reverse one."),
        (0, "Your hs is right for the reverse direction, its second half, and wrong for the forward one."),
    ],
    ids=["reverse-wrong", "forward-wrong"],
)
def test_of_two_directions_the_one_that_is_right_is_told(wrong, words):
    @student("bidirectional_forward")
    def fn(*inputs):
        halves = np.split(EXERCISES["bidirectional_forward"].reference(*inputs), 2, axis=-1)
        halves[wrong] = np.sin(9 * halves[wrong])
        return np.concatenate(halves, axis=-1)

    assert words in message(fn)


@pytest.mark.parametrize(
    "wrong, words",
    [
        (lambda dW_h: dW_h + (np.arange(len(dW_h)) > 0)[:, None, None], "Your dW_h is right in place [0] of its first axis, and wrong in every other."),
        (lambda dW_h: dW_h + (np.arange(len(dW_h)) == len(dW_h) - 1)[:, None, None], "Your dW_h is wrong in place [-1] of its first axis alone."),
    ],
    ids=["lowest-right", "top-wrong"],
)
def test_of_layers_the_one_that_is_right_or_wrong_is_told_and_nothing_is_said_of_steps(wrong, words):
    @student("stacked_backward")
    def fn(*inputs):
        *results, dW_h, db = EXERCISES["stacked_backward"].reference(*inputs)
        return *results, wrong(dW_h) if len(dW_h) > 1 else dW_h, db

    assert words in message(fn)


def test_the_width_of_two_directions_is_not_called_H():
    @student("bidirectional_backward")
    def fn(dhs, *inputs):
        dxs, *weights = EXERCISES["bidirectional_backward"].reference(dhs, *inputs)
        return dxs / dhs.shape[-1], *weights

    assert "H times" not in message(fn)
    assert "dxs is the right one but for a factor" in message(fn)


def test_what_is_right_for_one_layer_alone_is_told():
    @student("stacked_forward")
    def fn(xs, h0s, *weights):
        hs = EXERCISES["stacked_forward"].reference(xs, h0s, *weights)
        return hs if len(hs) == 1 else hs**3

    assert "Your hs is right for a stack of one layer and wrong otherwise" in message(fn)


def test_results_that_differ_from_call_to_call_are_told():
    @student("orthogonal_init")
    def fn(shape, gain, A):
        return gain * np.linalg.qr(np.random.default_rng().normal(size=A.shape))[0].reshape(shape)

    assert "two different results" in message(fn)


def test_the_input_whose_part_is_wrong_is_named():
    @student("rnn_step_forward")
    def fn(x, h_prev, W_x, W_h, b):
        return np.tanh(x @ W_x + h_prev @ W_h + 1.5 * b)

    report = examine(fn)
    assert report.mistake is None
    assert "right as soon as b is all zeros" in report.message


def test_the_gate_whose_block_is_wrong_is_named():
    @student("lstm_step_forward")
    def fn(*inputs):
        from unrolled.reference import lstm_step_forward

        h, c, gates = lstm_step_forward(*inputs)
        gates[:, 2 * h.shape[1] : 3 * h.shape[1]] *= 0.9
        return h, c, gates

    report = examine(fn)
    assert report.mistake is None
    assert "Right in every case: h, c." in report.message
    assert "the blocks of i, f and o are right, the block of g is wrong" in report.message


@pytest.mark.parametrize(
    "wrong, words",
    [
        (lambda i, f, g, o: (logit(i), logit(f), g, logit(o)), "In your gates, i, f and o are without their sigmoid."),
        (lambda i, f, g, o: (i, f, np.arctanh(g), o), "In your gates, g is without its tanh."),
        (lambda i, f, g, o: (i, np.tanh(logit(f)), g, o), "In your gates, f goes through tanh, where sigmoid belongs."),
        (lambda i, f, g, o: (i, f, np.tanh(logit(o)), o), "In your gates, g is made of the columns of o."),
        (lambda i, f, g, o: (i, f, g**3, logit(o)), "In your gates, o is without its sigmoid; g is wrong too."),
    ],
    ids=["bare", "bare-candidate", "tanh", "columns", "one-of-two"],
)
def test_what_a_gate_is_made_of_is_told(wrong, words):
    @student("lstm_step_forward")
    def fn(*inputs):
        h, c, gates = EXERCISES["lstm_step_forward"].reference(*inputs)
        return h + h**2, c, np.hstack(wrong(*np.split(gates, 4, axis=-1)))

    assert words in message(fn)


def logit(s):
    return np.log(s / (1 - s))


def test_a_wrong_gate_and_the_input_that_shows_it_are_told_together():
    @student("lstm_step_forward")
    def fn(x, h_prev, c_prev, W_x, W_h, b):
        i, f, g, o = np.split(x @ W_x + h_prev @ W_h + b, 4, axis=-1)
        i, f, g, o = 1 / (1 + np.exp(-i - 2 * c_prev)), 1 / (1 + np.exp(-f)), np.tanh(g), 1 / (1 + np.exp(-o))
        c = f * c_prev + i * g
        return o * np.tanh(c), c, np.hstack([i, f, g, o])

    assert "the block of i is wrong; all of it is right as soon as c_prev is all zeros" in message(fn)


def test_values_that_are_not_finite_bring_no_warning_of_ours(recwarn):
    @student("sigmoid")
    def fn(a):
        return np.log(1 + np.exp(a))

    for seed in range(3):
        assert not examine(fn, seed).passed
    assert not recwarn.list


def test_gate_blocks_in_each_others_places_are_told():
    @student("lstm_step_forward")
    def fn(*inputs):
        from unrolled.reference import lstm_step_forward

        h, c, gates = lstm_step_forward(*inputs)
        i, f, g, o = np.split(gates, 4, axis=-1)
        return h, c, np.hstack([o, i, f, g])

    assert "The blocks of your gates stand in the order o|i|f|g: here it is i|f|g|o." in message(fn)


def test_a_sequence_of_one_step_shows_which_gate_is_wrong():
    """In longer ones a wrong gate spoils what every other gate hears."""

    @student("gru_backward")
    def fn(dhs, xs, h0, hs, gates, W_x, W_h):
        das, dh = np.zeros_like(gates), np.zeros_like(h0)
        W_hr, W_hz, W_hn = np.split(W_h, 3, axis=-1)
        h_prevs = np.concatenate([h0[None], hs[:-1]])
        for t in reversed(range(len(xs))):
            dh = dh + dhs[t]
            r, z, n = np.split(gates[t], 3, axis=-1)
            da_n = dh * (1 - z) * (1 - n**2)
            da_z = dh * (h_prevs[t] - 0.9 * n) * z * (1 - z)      # should be h_prevs[t] - n
            d_reset = da_n @ W_hn.T
            da_r = d_reset * h_prevs[t] * r * (1 - r)
            dh = dh * z + d_reset * r + da_r @ W_hr.T + da_z @ W_hz.T
            das[t] = np.hstack([da_r, da_z, da_n])
        return das @ W_x.T, dh, np.einsum("tnd,tnk->dk", xs, das), np.einsum("tnh,tnk->hk", h_prevs, das), das.sum((0, 1))

    assert "In your dW_x, the blocks of r and n are right, the block of z is wrong, even in a sequence of one step" in message(fn)


def test_the_blocks_of_a_weighted_average_have_letters_of_their_own():
    """Three blocks side by side are not always a GRU's."""

    def with_wrong(part, block, blocks):
        @student("rwa_step_backward")
        def fn(*given):
            results = list(rwa_step_backward(*given))
            pieces = np.split(results[part], blocks, axis=-1)
            pieces[block] = pieces[block] ** 2
            results[part] = np.concatenate(pieces, axis=-1)
            return results

        return message(fn)

    assert "In your dW_x, the blocks of v and g are right, the block of s is wrong" in with_wrong(4, 2, 3)
    assert "In your dW_h, the block of s is right, the block of g is wrong" in with_wrong(5, 0, 2)
    assert "In your db, the block of v is right, the block of g is wrong" in with_wrong(6, 1, 2)


def test_what_cancels_is_called_no_factor():
    """A sum of dscores alone: over the steps they add up to 0."""

    @student("attention_backward")
    def fn(dcontexts, queries, keys, values, weights):
        _, dkeys, dvalues = attention_backward(dcontexts, queries, keys, values, weights)
        dweights = np.einsum("uno,tno->unt", dcontexts, values)
        dscores = weights * (dweights - (weights * dweights).sum(axis=-1, keepdims=True))
        return np.einsum("unt,unh->unh", dscores, queries), dkeys, dvalues

    assert "Your dqueries is 0 but for rounding" in message(fn)


def test_zeros_are_taken_for_no_mistake_but_for_zeros():
    @student("lstm_backward")
    def fn(*inputs):
        from unrolled.reference import lstm_backward

        dxs, dh0, dc0, *weights = lstm_backward(*inputs)
        return dxs, dh0, 0 * dc0, *weights

    report = examine(fn)
    assert report.mistake is None
    assert "Your dc0 is zero everywhere" in report.message


def test_a_single_number_that_is_right_once_is_no_pattern():
    """It may be right by chance, in a batch of one or beside large numbers."""

    @student("cross_entropy")
    def fn(logits, targets, mask):
        loss, dlogits = EXERCISES["cross_entropy"].reference(logits, targets, mask)
        return loss + 0.3 * (len(targets[0]) > 1), dlogits

    for seed in range(3):
        assert "loss is off by" in examine(fn, seed).message and "batch of one" not in examine(fn, seed).message


def test_what_is_wrong_in_a_few_rows_is_not_laid_on_an_input():
    """They may be missing by chance in the one case in which that input is zero."""

    @student("rnn_forward")
    def fn(xs, h0, W_x, W_h, b):
        hs = reference_forward(xs, h0, W_x, W_h, b)
        hs[-1, 0] += 0.3 * W_h.any()
        return hs

    assert "all zeros" not in message(fn)


def test_one_wrong_place_beside_large_ones_is_not_called_right_to_some_digits():
    @student("readout_backward")
    def fn(dys, hs, W_y):
        dhs, dW_y, db_y = EXERCISES["readout_backward"].reference(dys, hs, W_y)
        dW_y[0, 0] *= 1 + 3e-4
        return dhs, dW_y, db_y

    assert "digits" not in message(fn)


def test_one_place_of_the_first_axis_alone_is_named():
    @student("make_windows")
    def fn(xs, k):
        return make_windows(xs, k)[0]

    assert "is the right windows[0] alone" in examine(fn).message


def test_blocks_that_are_alike_are_right_in_their_own_places():
    """Three of the four blocks of b are zeros."""

    @student("init_lstm")
    def fn(D, H, A, forget_bias):
        W_x, W_h, b = init_lstm(D, H, A, forget_bias)
        return W_x, W_h, b + b**2

    assert "the blocks of i, g and o are right, the block of f is wrong" in examine(fn).message


def test_what_a_step_makes_wrongly_is_told_before_what_follows_from_it():
    """The state is wrong at once, the cell from the second step on, since it follows from the state."""

    @student("lstm_forward")
    def fn(xs, h0, c0, W_x, W_h, b):
        hs, cs, gates, h, c = [], [], [], h0, c0
        for x in xs:
            h, c, gates_t = lstm_step_forward(x, h, c, W_x, W_h, b)
            h = np.sin(3 * h) + 0.1
            hs, cs, gates = [*hs, h], [*cs, c], [*gates, gates_t]
        return np.stack(hs), np.stack(cs), np.stack(gates)

    words = message(fn)
    assert "At step 0 there is nothing wrong in your cs and gates, but in your hs: look at how a step makes hs" in words
    assert "what is handed to step 1" not in words


def test_a_padded_sequence_by_itself_is_no_pattern_of_a_batch_of_one():
    """The last state stands for the zeros before the first step: where there is padding, it is zeros."""

    @student("bidirectional_backward")
    def fn(dhs, xs, mask, hs, W_x, W_h):
        dxs, dW_x, dW_h, db = bidirectional_backward(dhs, xs, mask, hs, W_x, W_h)
        return dxs, dW_x, dW_h + (np.abs(hs[-1]).max() if hs.shape[1] > 1 else 0), db

    assert "a batch of one" not in message(fn)


@pytest.mark.parametrize(
    "name, line, other, never",
    [
        ("attention_forward", "mask.T > 0, scores, -np.inf", "mask.T < 2, -np.inf, scores", "a mask is multiplied by infinity"),
        ("init_lstm", "W_x = W[:D]", "W_x = W[-D:]", "W_h takes the first rows"),
        ("lstm_step_forward", "h = o * np.tanh(c)", "h = o * np.tanh(-c) * 0.9", "in `c`"),
        ("mlp_forward", "y = hidden @ W2", "y = np.tanh(hidden) @ W2", "in `hidden`"),
    ],
)
def test_what_contradicts_a_right_result_or_is_nowhere_a_number_is_not_told(name, line, other, never):
    source = inspect.getsource(EXERCISES[name].reference)
    assert source.count(line) == 1
    space = dict(EXERCISES[name].reference.__globals__)
    exec(source.replace(line, other), space)
    for seed in range(3):
        report = examine(space[name], seed)
        assert not report.passed and never not in report.message


def test_a_token_that_is_never_chosen_is_wrong_and_no_memory_between_calls():
    @student("beam_search")
    def fn(log_start, log_next, width, T):
        log_next = log_next.copy()
        log_next[:, 0] = -np.inf
        return beam_search(log_start, log_next, width, T)

    for seed in range(5):
        report = examine(fn, seed)
        assert not report.passed and "count its calls" not in report.message


def test_a_result_of_another_shape_is_not_said_to_be_wrong_at_its_first_step():
    """The states before the first step stand in front."""

    @student("lstm_forward")
    def fn(xs, h0, c0, W_x, W_h, b):
        hs, cs, gates = lstm_forward(xs, h0, c0, W_x, W_h, b)
        return hs, np.concatenate([c0[None], cs]), gates

    assert "At step 0" not in message(fn)
