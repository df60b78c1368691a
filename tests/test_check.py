"""What a student reads: one fault at a time, the most basic first, in words."""

import functools
import itertools
import math
import re
import subprocess
import sys
from collections import namedtuple

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from unrolled import CheckFailed, check, examine
from unrolled.check import UnknownExercise
from unrolled.comparison import compare
from unrolled.exercises import EXERCISES
from unrolled.recording import call_all
from unrolled.reference import rnn_forward as reference_forward
from unrolled.reference import rnn_step_forward as reference_step


def student(name):
    """Decorator: the function below under an exercise's name."""

    def rename(fn):
        fn.__name__ = name
        return fn

    return rename


def message(fn):
    return examine(fn).message


def test_a_right_function_prints_one_line(capsys):
    check(reference_step)
    assert capsys.readouterr().out.count("\n") == 1


def test_a_wrong_function_raises_an_assertion_error():
    @student("rnn_step_forward")
    def fn(x, h_prev, W_x, W_h, b):
        return np.tanh(x @ W_x + h_prev @ W_h)

    with pytest.raises(CheckFailed, match="[Tt]he bias b is left out") as failure:
        check(fn)
    assert isinstance(failure.value, AssertionError)


def test_an_unwritten_function_is_called_unwritten():
    @student("rnn_step_forward")
    def fn(x, h_prev, W_x, W_h, b):
        raise NotImplementedError()

    assert "not written yet" in message(fn)


def test_an_exception_is_told_with_the_students_own_line():
    @student("rnn_step_forward")
    def fn(x, h_prev, W_x, W_h, b):
        return np.tanh(x @ W_x.T)

    assert "ValueError" in message(fn)
    assert "return np.tanh(x @ W_x.T)" in message(fn)


def test_a_check_that_is_stopped_says_at_which_of_the_students_lines():
    def softmax(a):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as stop:
        check(softmax)
    assert re.fullmatch(r"softmax was stopped at line \d+:\n    `raise KeyboardInterrupt`", str(stop.value))
    assert stop.value._render_traceback_() == str(stop.value).splitlines(), "no traceback of ours in a notebook"


@pytest.mark.filterwarnings("error")
def test_a_function_that_is_never_awaited_is_told_so():
    async def softmax(a):
        return a

    async def lstm_step_forward(*inputs):
        yield inputs

    for fn in (softmax, lstm_step_forward):
        assert "write `def` alone" in examine(fn).message


def test_a_function_that_ends_python_is_told_no_none():
    def softmax(a):
        raise SystemExit(None)

    assert "it raised SystemExit at line" in examine(softmax).message


def test_a_function_that_takes_other_inputs_is_told_its_first_line():
    @student("rnn_step_forward")
    def without_bias(x, h_prev, W_x, W_h):
        return np.tanh(x @ W_x)

    @student("rnn_step_forward")
    def with_size(x, h_prev, W_x, W_h, b, H):
        return np.tanh(x @ W_x)

    @student("rnn_step_forward")
    def calls_another(x, h_prev, W_x, W_h, b):
        return without_bias(x, h_prev, W_x, W_h, b)

    for fn in (without_bias, with_size):
        assert "its first line is `def rnn_step_forward(x, h_prev, W_x, W_h, b):`" in message(fn)
    assert "first line" not in message(calls_another) and "TypeError" in message(calls_another)


def test_shapes_that_do_not_fit_are_told_in_rows_and_columns():
    """NumPy's own words are "Input operand 1 has a mismatch in its core dimension 0"."""

    @student("rnn_step_forward")
    def fn(x, h_prev, W_x, W_h, b):
        return np.tanh(np.ones((2, 3)) @ np.ones((4, 5)))

    assert "in `left @ right` the rows of left are 3 long and the columns of right 4" in message(fn)
    assert "core dimension" not in message(fn)


def test_a_number_given_to_the_matrix_product_is_told_in_words():
    @student("rnn_step_forward")
    def fn(x, h_prev, W_x, W_h, b):
        return np.tanh(x @ x.sum())

    assert "it raised ValueError: `@` multiplies arrays; `*` multiplies by a single number at" in message(fn)


@pytest.mark.parametrize(
    "wrong, words",
    [
        (lambda h: h - h ^ 2, "it raised TypeError: `^` is no power in Python: write `**`"),
        (lambda h: 2.0 ^ 2, "it raised TypeError: `^` is no power in Python: write `**`"),
        (lambda h: math.exp(h), "`np.exp` takes arrays, `math.exp` does not"),
    ],
    ids=["array", "number", "math"],
)
def test_an_operator_or_a_function_of_another_kind_is_told_in_words(wrong, words):
    @student("rnn_step_forward")
    def fn(*inputs):
        return wrong(reference_step(*inputs))

    told, _, line = message(fn).partition(" at line ")     # which holds these words as well
    assert words in told
    assert line


def test_shapes_that_do_not_fit_np_dot_are_told_in_rows_and_columns():
    @student("rnn_step_forward")
    def fn(x, h_prev, W_x, W_h, b):
        return np.tanh(np.dot(np.ones((2, 3)), np.ones((4, 5))))

    assert "in `np.dot(left, right)` the rows of left are 3 long and the columns of right 4 at" in message(fn)


@pytest.mark.parametrize(
    "wrong, told",
    [
        (lambda a: a - a.max(axis=-1), True),
        (lambda a: a.sum(axis=-1) * a, True),
        (lambda a: a - np.zeros((*a.shape[:-1], 9)), False),
        (lambda a: a - a[:, 0], False),
    ],
    ids=["maximum", "sum", "longer", "other-axis"],
)
def test_an_axis_that_a_sum_has_lost_is_told_with_what_keeps_it(wrong, told):
    @student("softmax")
    def fn(a):
        return wrong(a)

    assert "could not be broadcast" in message(fn)
    assert ("`keepdims=True`" in message(fn)) == told


@pytest.mark.parametrize(
    "wrong, words",
    [
        (lambda a: a if a > 0 else -a, "an array stands where one truth value must, as in `if`, `min` or `max`"),
        (lambda a: np.array([np.ones((2, 3)), np.ones(3)]), "arrays of different shapes do not fit into one array"),
        (lambda a: np.ones((5, 7)) * np.ones((7, 4)), "go entry by entry; if a matrix product is meant, that is `@`"),
        (lambda a: np.concatenate([np.ones((7, 6)), np.ones((5, 6))], axis=1), "on axis 0 these have 7 and 5: does a slice begin or end too early in one of them"),
        (lambda a: np.stack([np.ones((4, 6)), np.ones((2, 6))]), "joined by `np.concatenate` along the axis on which they differ, one after another with `axis=0`"),
        (lambda a: np.linalg.norm(np.ones((2, 3, 4)), 2), "without one it takes all entries of any array"),
        (lambda a: np.linalg.inv(np.ones((2, 2))), "the matrix has no inverse"),
        (lambda a: np.einsum("ij,j->i", np.ones((2, 3)), np.ones(4)), "in `np.einsum` one letter stands for two lengths: the arrays are (2,3) and (4,)"),
        (lambda a: np.ones(3)[3], "axis 0 has no place 3, its 3 places end with 2: does a range go on too long"),
        (lambda a: np.ones(0)[-1], "axis 0 has no place -1, it is empty"),
        (lambda a: np.zeros(3).__setitem__(0, np.ones(2)), "a place for a single number is given a whole array"),
        (lambda a: [].__setitem__(0, a), "a list takes a new entry by `append`"),
        (lambda a: np.stack([]), "or over a slice that is empty"),
    ],
    ids=["truth", "shapes", "product", "joined", "stacked", "norm", "singular", "letters", "place", "empty", "entry", "list", "nothing"],
)
def test_what_arrays_cannot_do_is_told_in_words(wrong, words):
    @student("softmax")
    def fn(a):
        return wrong(a)

    assert words in message(fn).partition(" at line ")[0]      # what follows is the line itself


def test_a_name_without_a_value_is_told():
    @student("softmax")
    def fn(a):
        if a.ndim > 9:
            total = 0
        return total + a

    assert "`total` is read here before this function has given it a value" in message(fn)


def test_lengths_that_do_not_fit_are_told_by_their_letters():
    @student("rnn_forward")
    def fn(xs, h0, W_x, W_h, b):
        N, T, D = xs.shape
        hs = np.zeros((T, N, len(b)))
        hs[0] = h0
        return hs

    words = r"In this case \d is N, \d is H, \d is T; time is axis 0, the batch axis 1; hs must be \(\d, \d, \d\), that is \(T, N, H\)\."
    assert re.search(words, message(fn))


def test_the_length_of_what_is_joined_may_be_twice_another():
    @student("bidirectional_forward")
    def fn(xs, mask, W_x, W_h, b):
        h0 = np.zeros((xs.shape[1], b.shape[1]))
        both = [reference_forward(xs, h0, W_x[i], W_h[i], b[i]) for i in range(2)]
        return np.hstack(both) * mask[:, :, None]

    assert re.search(r"In this case .*\d+ is (\w or )?2N", message(fn))


def test_a_length_counted_from_the_largest_token_is_told_so():
    @student("embedding_backward")
    def fn(dxs, tokens, V):
        dE = np.zeros((tokens.max() + 1, dxs.shape[-1]))
        np.add.at(dE, tokens, dxs)
        return dE + np.zeros((V, 1))

    assert re.search(r"In this case .*\d+ is 1 \+ the largest of tokens", message(fn))


def test_a_number_where_a_loop_adds_nothing_is_told():
    @student("readout_backward")
    def fn(dys, hs, W_y):
        return dys @ W_y.T, 0, dys.sum(axis=(0, 1))

    assert "dW_y must be a NumPy array, not int: where a loop adds nothing to the 0 that it begins with" in message(fn)


def test_gates_that_are_not_joined_are_told_how():
    @student("lstm_step_forward")
    def fn(*inputs):
        h, c, gates = EXERCISES["lstm_step_forward"].reference(*inputs)
        return h, c, np.split(gates, 4, axis=-1)

    assert "not list: `np.concatenate` along the last axis makes one of its 4." in message(fn)


def test_a_long_error_is_told_by_its_first_line():
    words = "no attribute 'float'.\nIt was deprecated long ago:\n  see there"

    @student("rnn_step_forward")
    def fn(x, h_prev, W_x, W_h, b):
        raise AttributeError(words)

    assert "it raised AttributeError: “no attribute 'float'.” at line" in message(fn)
    assert "deprecated" not in message(fn)


@pytest.mark.parametrize(
    "wrong, words",
    [
        (lambda h: None, "returned None"),
        (lambda h: (h, h), "must be a NumPy array, not tuple"),
        (lambda h: h.tolist(), "must be a NumPy array, not list"),
        (lambda h: h[None], "has shape (1, "),
        (lambda h: h.T, "has shape"),
        (lambda h: h[:1], "has shape (1, "),        # would broadcast
        (lambda h: h.astype(np.float32), "dtype float32"),
        (lambda h: h.astype(complex), "dtype complex128"),
        (lambda h: h.astype(object), "not ndarray of object"),
        (lambda h: np.matrix(h), "not matrix: `np.asarray` makes one of it"),
        (lambda h: np.ma.array(h), "not MaskedArray: `np.asarray`"),
        (lambda h: {"h": h}, "not dict: collect its arrays in a list"),
        (lambda h: (row for row in h), "not generator: collect what it yields"),
        (lambda h: np.where(h > 0, np.nan, h), "nan or infinite in"),
        (lambda h: h + 0.01, "wrong in"),
    ],
    ids=["none", "pair", "list", "axis", "transposed", "broadcast", "float32", "complex", "object", "matrix", "masked",
         "dict", "generator", "nan", "values"],
)
def test_each_kind_of_fault_is_named(wrong, words):
    @student("rnn_step_forward")
    def fn(*inputs):
        return wrong(reference_step(*inputs))

    assert not examine(fn).passed
    assert words in message(fn)


def test_the_number_of_results_is_checked_and_the_results_are_named():
    @student("cross_entropy")
    def fn(logits, targets, mask):
        return 0.5

    assert "must return 2 results (loss, dlogits), not one float" in message(fn)


def test_a_number_of_numpys_is_called_a_number():
    @student("cross_entropy")
    def fn(*inputs):
        return EXERCISES["cross_entropy"].reference(*inputs)[0]

    assert "must return 2 results (loss, dlogits), not one number." in message(fn)


def test_the_most_basic_fault_comes_first():
    """Wrong values in the first case, an exception for one step only: the exception is told."""

    @student("rnn_forward")
    def fn(xs, h0, W_x, W_h, b):
        if len(xs) == 1:
            raise RuntimeError("one step is too short")
        return reference_forward(xs, h0, W_x, W_h, b) + 1

    assert "one step is too short" in message(fn)


def test_a_changed_input_is_told():
    @student("rnn_step_forward")
    def fn(x, h_prev, W_x, W_h, b):
        h = reference_step(x, h_prev, W_x, W_h, b)
        h_prev *= 2
        return h

    assert "changed its input h_prev: `+=`" in message(fn)


def test_a_view_of_an_input_is_told():
    @student("rnn_step_forward")
    def fn(x, h_prev, W_x, W_h, b):
        h_prev[:] = reference_step(x, h_prev, W_x, W_h, b)
        kept = h_prev.copy()
        view, h_prev[:] = h_prev[:], kept
        return view

    assert not examine(fn).passed


def test_wrong_values_are_told_by_output_place_and_size():
    @student("cross_entropy")
    def fn(logits, targets, mask):
        from unrolled.reference import cross_entropy

        loss, dlogits = cross_entropy(logits, targets, mask)
        dlogits[-1, -1, 0] += 0.25
        return loss, dlogits

    report = examine(fn)
    assert report.mistake is None
    assert "dlogits is wrong in 1 of" in report.message
    assert "0.25, at dlogits[" in report.message


def test_what_to_mend_is_told_before_the_numbers():
    @student("rnn_step_forward")
    def fn(x, h_prev, W_x, W_h, b):
        return np.tanh(x @ W_x + h_prev @ W_h)

    report = examine(fn)
    lines = report.message.splitlines()
    assert report.mistake.lower() in lines[0].lower()
    assert lines[1].startswith("h is wrong in") and lines[2].startswith("Seen with x")


def test_an_error_is_told_in_pythons_words_first():
    @student("softmax")
    def fn(a):
        numerator = np.exp(a - a.max())
        return numerator / numerator.sum(axis=-1)

    assert examine(fn).message.startswith("softmax: it raised ValueError")


class Cell:
    """The same function as a method, and as an object that can be called."""

    __name__ = "rnn_step_forward"

    def rnn_step_forward(self, x, h_prev, W_x, W_h, b):
        return reference_step(x, h_prev, W_x, W_h, b)

    __call__ = rnn_step_forward


def logged(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        print("called with", len(args), "arguments")
        return fn(*args, **kwargs)

    return wrapper


@pytest.mark.parametrize(
    "fn",
    [
        logged(reference_step),
        Cell(),
        Cell().rnn_step_forward,
        student("rnn_step_forward")(lambda *inputs: reference_step(*inputs)),
        student("rnn_step_forward")(lambda x, h_prev, W_x, W_h, b, act=np.tanh, *, verbose=False: act(x @ W_x + h_prev @ W_h + b)),
    ],
    ids=["decorated", "object", "method", "star-arguments", "more-arguments"],
)
def test_whatever_can_be_called_with_the_inputs_is_a_function(fn):
    assert examine(fn).passed


@pytest.mark.parametrize("layout", [np.asfortranarray, lambda h: h[::-1].copy()[::-1], lambda h: h.astype(">f8")], ids=["columns", "backwards", "big-endian"])
def test_how_an_array_lies_in_memory_does_not_matter(layout):
    @student("rnn_step_forward")
    def fn(*inputs):
        return layout(reference_step(*inputs))

    assert examine(fn).passed


@pytest.mark.parametrize("name", ["relative_error", "numerical_gradient"])
def test_parameters_may_have_names_of_their_own(name):
    """Those of earlier editions, say: inputs are handed over by their places, at home and where answers are graded."""
    reference = EXERCISES[name].reference
    earlier = {"relative_error": lambda a, b: reference(a, b), "numerical_gradient": lambda f, x, eps: reference(f, x, eps)}
    fn = student(name)(earlier[name])
    cases = EXERCISES[name].cases(np.random.default_rng(0))
    assert examine(fn).passed
    assert compare(EXERCISES[name], cases, call_all(fn, cases)).passed


def test_results_may_come_with_names():
    Gradients = namedtuple("Gradients", "dx dh_prev dW_x dW_h db")

    @student("rnn_step_backward")
    def fn(*inputs):
        return Gradients(*EXERCISES["rnn_step_backward"].reference(*inputs))

    assert examine(fn).passed


def test_a_result_that_was_never_made_is_told_and_taken_for_no_mistake():
    """One gradient is None for a sequence of one step; no known mistake does that."""

    @student("rnn_backward")
    def fn(dhs, *inputs):
        dxs, dh0, *weights = EXERCISES["rnn_backward"].reference(dhs, *inputs)
        return dxs, dh0 if len(dhs) > 1 else None, *weights

    report = examine(fn)
    assert report.mistake is None
    assert "dh0 must be a NumPy array, not None." in report.message


def test_the_results_that_are_right_already_are_named():
    @student("cross_entropy")
    def fn(*inputs):
        from unrolled.reference import cross_entropy

        loss, dlogits = cross_entropy(*inputs)
        return loss, dlogits + 1

    assert "Right in every case: loss." in message(fn)


def test_the_inputs_are_shown_numbers_and_zeros_too():
    @student("echo_error_floor")
    def fn(k, delay, variance):
        return variance

    assert re.search(r"Seen with k = \d, delay = \d, variance = \d\.\d+; 2 of 4 cases fail\.", message(fn))


def test_a_slip_that_makes_one_result_wrong_is_told_before_a_mistake_that_makes_several_so():
    @student("rnn_step_backward")
    def fn(dh, *inputs):
        dx, dh_prev, dW_x, dW_h, db = EXERCISES["rnn_step_backward"].reference(dh, *inputs)
        return dx, dh_prev, dW_x, dW_h, dh.sum(axis=0)

    assert "In `db`, `dh` stands where `da` belongs." in message(fn)


def test_a_mistake_of_several_results_is_told_of_the_one_in_which_it_was_made():
    @student("mlp_backward")
    def fn(dy, x, hidden, W1, W2):
        dx, *others = EXERCISES["mlp_backward"].reference(dy, x, hidden, W1, W2)
        return dy @ W2.T @ W1.T, *others

    assert "As for your dx: the slope of tanh is left out" in message(fn)


def test_a_mistake_that_explains_a_later_result_is_told_when_the_first_shows_nothing():
    @student("rnn_step_backward")
    def fn(dh, x, *inputs):
        dx, dh_prev, dW_x, dW_h, db = EXERCISES["rnn_step_backward"].reference(dh, x, *inputs)
        return dx**2 + x, dh_prev, dW_x, dW_h, dh.sum(axis=0)

    report = examine(fn)
    assert "As for your db: tanh is left out on the way back" in report.message
    assert report.mistake.startswith("tanh is left out")


def test_a_mistake_that_explains_little_of_what_is_wrong_is_not_told():
    """dh0 alone shows where the first cut lies: one after T // k steps does not yet make k chunks."""

    @student("truncated_rnn_backward")
    def fn(dhs, xs, h0, hs, W_x, W_h, k):
        backward = EXERCISES["rnn_backward"].reference
        bounds = [0, len(xs) // k, len(xs)] if len(xs) > k else [0, len(xs)]
        parts = [
            backward(dhs[i:j], xs[i:j], hs[i - 1] if i else h0, hs[i:j], W_x, W_h) for i, j in itertools.pairwise(bounds)
        ]
        dxs, dh0s, *weights = zip(*parts, strict=True)
        return np.concatenate(dxs), dh0s[0], *map(sum, weights)

    for seed in range(3):
        assert examine(fn, seed).mistake is None


def test_a_mistake_in_each_of_two_results_is_told_of_both():
    """CS231n has the batch first, and takes the logarithm of a probability."""

    @student("cross_entropy")
    def fn(logits, targets, mask):
        _, dlogits = EXERCISES["cross_entropy"].reference(logits, targets, mask)
        p = np.take_along_axis(EXERCISES["softmax"].reference(logits), targets[..., None], axis=-1)[..., 0]
        return -np.sum(mask * np.log(p)) / len(mask), dlogits * mask.shape[1] / len(mask)

    assert "1. your loss becomes infinite: has a probability become 0" in message(fn)
    assert "2. you divide by the number of steps T" in message(fn)


def test_a_mistake_is_told_beside_a_second_fault_that_shows_in_some_cases_alone():
    @student("rnn_forward")
    def fn(xs, h0, W_x, W_h, b):
        if len(xs) == 1:
            raise IndexError("too short")
        return reference_forward(xs, h0, W_x, W_h, 0 * b)

    report = examine(fn)
    assert "too short" in report.message
    assert "In 8 of 9 cases: the bias b is left out." in report.message


def test_two_mistakes_that_explain_as_many_cases_are_not_chosen_between():
    """Where a is the longer array, the larger norm is that of a."""

    @student("relative_error")
    def fn(a, b):
        return float(np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b))) if a.any() else 7.0

    assert examine(fn).mistake is None


def test_two_mistakes_at_once_are_told_where_zeros_hide_one_of_them():
    @student("rnn_step_forward")
    def fn(x, h_prev, W_x, W_h, b):
        return np.tanh(x @ W_x + np.sin(h_prev) @ W_h)

    for seed in range(5):
        report = examine(fn, seed)
        # without W_h nothing tells a bias that is left out from one that goes through W_h
        assert "With zeros for h_prev: the bias b is left out" in report.message
        assert report.mistake == "the bias b is left out"


def test_two_mistakes_in_neighbouring_words_of_one_line_are_both_told():
    @student("rnn_step_forward")
    def fn(x, h_prev, W_x, W_h, b):
        return np.tanh(x @ W_x + h_prev @ W_h.T)

    report = examine(fn)
    assert report.mistakes == ("the bias b is left out", "W_h is transposed: with row vectors it is `h_prev @ W_h`")


def test_zeros_that_leave_the_same_in_every_row_show_no_mistake():
    """Without W_y, the largest over time is the last state's readout too."""

    @student("readout")
    def fn(hs, W_y, b_y):
        return hs.max(axis=0) @ W_y + b_y

    assert examine(fn).mistake is None


@pytest.mark.parametrize("right", range(10))
def test_nan_after_some_right_calls_is_told(right):
    calls = itertools.count()

    @student("rnn_step_forward")
    def fn(*inputs):
        return EXERCISES["rnn_step_forward"].reference(*inputs) * (1 if next(calls) < right else np.nan)

    report = examine(fn)
    assert not report.passed and "nan" in report.message


def test_two_mistakes_that_explain_the_same_result_are_not_chosen_between():
    """What comes back to c_prev is the same in the orders i|f|o|g and g|f|o|i."""

    @student("lstm_step_backward")
    def fn(*inputs):
        backward = EXERCISES["lstm_step_backward"].reference
        *given, gates, W_x, W_h = inputs
        i, f, g, o = np.split(gates, 4, axis=-1)
        dx, dh_prev, _, dW_x, dW_h, db = backward(*inputs)
        return dx, dh_prev, backward(*given, np.hstack([i, f, o, g]), W_x, W_h)[2], dW_x, dW_h, db

    report = examine(fn)
    assert report.mistake is None
    assert "order" not in report.message


def test_a_mistake_that_explains_half_of_the_cases_is_not_told():
    """Where a cell has one block, a bias too few is a bias left out."""

    @student("parameter_count")
    def fn(cell, D, H):
        return EXERCISES["parameter_count"].reference(cell, D, H) - H

    assert examine(fn).mistake is None


def test_what_fails_in_some_cases_alone_is_no_mistake_elsewhere():
    """The other cases are right, so no mistake shows in them."""

    @student("rnn_forward")
    def fn(xs, *inputs):
        return reference_forward(xs, *inputs) if len(xs) > 1 else None

    assert examine(fn).mistake is None


def test_an_array_of_integers_is_told_as_such_and_not_by_what_has_become_of_its_values():
    """A forget bias of 1.6 has become 1 there, as if it were always 1."""

    @student("init_lstm")
    def fn(*inputs):
        W_x, W_h, b = EXERCISES["init_lstm"].reference(*inputs)
        return W_x, W_h, b.astype(int)

    for seed in range(5):
        report = examine(fn, seed)
        assert "b has dtype int64" in report.message
        assert report.mistake.startswith("`b` is an array of integers")


def test_tokens_in_an_array_of_floats_are_told_with_what_makes_them_whole():
    @student("sample_tokens")
    def fn(*inputs):
        return EXERCISES["sample_tokens"].reference(*inputs) + 0.0

    assert "tokens must hold integers, not float64: `dtype=int` makes an array of them." in message(fn)


def test_a_list_that_grows_from_call_to_call_is_told():
    kept = []

    @student("rnn_forward")
    def fn(*inputs):
        kept.extend(reference_forward(*inputs))
        return np.array(kept)

    assert "keep something from the call before" in message(fn)


def test_the_first_wrong_token_is_shown():
    @student("sample_tokens")
    def fn(*inputs):
        tokens = EXERCISES["sample_tokens"].reference(*inputs)
        tokens[7] += 1
        tokens[15] += 2
        return tokens

    assert "tokens is wrong in 2 of 100 places; the first is tokens[7] (yours" in message(fn)


def test_a_wrong_shape_is_told_in_letters_too():
    @student("rnn_step_forward")
    def fn(*inputs):
        return reference_step(*inputs)[:, :1]

    assert "that is (N, H)" in message(fn)


STRANGE = [{}, "text", 1j, True, [], [[1], [2, 3]], [None], np.array([]), np.nan, object()]


@pytest.mark.parametrize("name", EXERCISES)
def test_strange_results_get_a_report_whatever_they_are(name):
    """Strange values alone, and in the place of each result beside right ones: a third of them for each
    function, in turn."""
    exercise = EXERCISES[name]

    def returns(strange, place):
        def fn(*inputs):
            value = exercise.reference(*inputs)
            return strange if place is None else (*value[:place], strange, *value[place + 1 :])

        return student(name)(fn)

    for strange in STRANGE[list(EXERCISES).index(name) % 3 :: 3]:
        for place in (None, 0, 1)[: 3 if len(exercise.results) > 1 else 1]:
            assert not examine(returns(strange, place)).passed


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float16, np.longdouble, complex, object])
@pytest.mark.parametrize("name", ["rnn_forward", "clip_by_value", "lstm_backward", "relative_error", "parameter_count"])
def test_no_dtype_breaks_the_report(name, dtype):
    def convert(value):
        return type(value)(map(convert, value)) if isinstance(value, (tuple, list)) else np.asarray(value).astype(dtype)

    @student(name)
    def fn(*inputs):
        return convert(EXERCISES[name].reference(*inputs))

    assert fn.__name__ in message(fn)


def test_results_of_ragged_lists_are_a_fault_of_type():
    @student("cross_entropy")
    def fn(*inputs):
        return (np.zeros(2), [np.zeros(3)]), np.zeros(3)

    assert "loss must be a number" in message(fn)


def test_the_function_to_mend_first_is_named():
    scope = {"np": np}
    exec(
        "def rnn_step_forward(x, h_prev, W_x, W_h, b):\n    return np.tanh(x @ W_x + h_prev @ W_h)\n"
        "def rnn_forward(xs, h0, W_x, W_h, b):\n    hs, h = [], h0\n    for x in xs:\n"
        "        h = rnn_step_forward(x, h, W_x, W_h, b)\n        hs.append(h)\n    return np.array(hs)\n",
        scope,
    )
    assert "mend rnn_step_forward first" in message(scope["rnn_forward"])
    assert "mend" not in message(scope["rnn_step_forward"])


def test_warnings_and_a_strict_errstate_cost_nothing():
    @student("softmax")
    def fn(a):
        import warnings

        warnings.warn("look at me", stacklevel=1)
        np.float64(1) / np.float64(0)
        e = np.exp(a - a.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    with np.errstate(all="raise"):
        assert examine(fn).passed


@pytest.mark.parametrize(
    "wrong, words",
    [
        (student("rnn_forwards")(lambda: 0), "did you mean rnn_forward?"),
        (lambda: 0, "write the function with `def`"),
        (np.zeros(3), "takes the function itself"),
        ("softmax", "takes the function itself"),
    ],
    ids=["misspelt", "lambda", "array", "text"],
)
def test_what_is_no_exercise_gets_one_clear_sentence(wrong, words):
    with pytest.raises(UnknownExercise, match="^[^\n]*$") as failure:
        check(wrong)
    assert words in str(failure.value)


def test_a_notebook_shows_the_message_and_no_traceback_of_ours():
    cells = [
        "import numpy as np\nfrom unrolled import check",
        "def rnn_step_forward(x, h_prev, W_x, W_h, b):\n    return x @ W_x + h_prev @ W_h + b",
        "check(rnn_step_forward)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    NotebookClient(notebook, allow_errors=True, kernel_name="python3").execute()
    (output,) = notebook.cells[2].outputs
    assert output.output_type == "error"
    shown = "\n".join(output.traceback)
    assert "tanh is left out" in shown.lower()
    assert "Traceback" not in shown
    assert "unrolled/" not in shown


def test_importing_the_package_is_light():
    """Nothing of the book, the grading or the figures comes with `import unrolled`."""
    heavy = ["sphinx", "nbgrader", "matplotlib", "ipywidgets", "anywidget", "distributed", "IPython"]
    code = f"import sys, unrolled; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def counted(reference):
    """Right for its first four calls, one for each size."""
    calls = []

    def fn(*inputs):
        calls.append(1)
        return reference(*inputs) if len(calls) <= 4 else reference(*inputs) * 1.5

    return fn


def remembering(key):
    """Keeps each result under a key of its first input, and hands it out again."""

    def make(reference):
        kept = {}

        def fn(*inputs):
            return kept.setdefault(key(inputs[0]), reference(*inputs))

        return fn

    return make


def wrong_where_seen(reference):
    seen = set()

    def fn(*inputs):
        known = inputs[0].tobytes() in seen
        seen.add(inputs[0].tobytes())
        return reference(*inputs) * (2 if known else 1)

    return fn


def accumulating(reference):
    kept = []

    def fn(*inputs, before=kept):
        before.append(inputs[0].tobytes())
        return reference(*inputs) + before[:-1].count(before[-1])

    return fn


@pytest.mark.parametrize("name", ["softmax", "rnn_forward"])
@pytest.mark.parametrize(
    "make",
    [counted, remembering(np.shape), remembering(id), wrong_where_seen, accumulating],
    ids=["counts", "by shape", "by identity", "seen before", "default argument"],
)
def test_an_answer_holds_whatever_was_called_before(name, make):
    assert not examine(student(name)(make(EXERCISES[name].reference))).passed


def test_what_is_right_at_first_alone_is_told():
    told = message(student("softmax")(wrong_where_seen(EXERCISES["softmax"].reference)))
    assert "it is right when it is first called, not when it is called again with a (" in told
    assert "keep something from an earlier one" in told


def test_a_known_mistake_that_shows_with_the_last_inputs_alone_is_named_and_not_called_forgetful(rng):
    """Their arrays were never asked before, so nothing says that the function keeps something."""
    exercise = EXERCISES["rnn_step_forward"]
    *cases, last = exercise.known_cases(rng)
    cases = [case | {"b": 0 * case["b"]} for case in cases]
    report = compare(exercise, [*cases, last], call_all(lambda x, h_prev, W_x, W_h, b: np.tanh(x @ W_x + h_prev @ W_h), [*cases, last]))
    assert not report.passed and "bias b is left out" in report.message and "called again" not in report.message
    assert report.message.endswith(f"1 of {len(cases) + 1} cases fail.")



def test_what_keeps_right_results_is_right():
    kept = {}

    @student("rnn_forward")
    def fn(*inputs):
        return kept.setdefault(b"".join(map(np.ndarray.tobytes, inputs)), reference_forward(*inputs))

    assert examine(fn).passed and examine(fn, seed=1).passed
