"""One change makes a function right, or two do; and what is run so often does no harm."""

import functools
import time

import numpy as np
import pytest

from tests.mistakes.told import written
from tests.repairs.students import PATIENT, repairs_of, with_edits
from unrolled import examine, own_lines
from unrolled.repairs import find_repairs
from unrolled.repairs.answer import Answer

BEAMS = """
def beam_search(log_start, log_next, width, T):
    V = len(log_start)
    paths = {(): 0.0}
    for t in range(T):
        new = {}
        for path, s in paths.items():
            step = log_start if t == 0 else log_next[path[-1]]
            for k in range(V):
                new[path + (k,)] = s + step[k]
        keep = sorted(new, key=lambda q: new[q] / len(q) if t else new[q] * 0, reverse=True)[:width]
        paths = {path: new[path] for path in keep}
    best = min(paths, key=paths.get)
    return np.array(best), paths[best]
"""
TWO_SLIPS = "np.tanh(a)", "np.sin(a) * 0 + np.cosh(a)", "h_prev @ W_h", "h_prev - W_h"


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """What `examine` finds does not depend on how busy the machine is either."""
    monkeypatch.setattr(own_lines, "find_repairs", functools.partial(find_repairs, seconds=PATIENT))


def test_a_repair_tells_the_line_by_its_number_and_its_text():
    (repair,) = repairs_of(with_edits("rnn_step_forward", "+ b", "- b"))
    assert repair.line == "a = x @ W_x + h_prev @ W_h - b"
    assert with_edits("rnn_step_forward", "+ b", "- b").__code__.co_firstlineno < repair.number


def test_where_two_lines_are_wrong_both_are_told_from_the_top_down():
    function = with_edits("rnn_step_backward", "da @ W_h.T", "da @ W_h", "da.sum(axis=0)", "da.mean(axis=0)")
    for seed in range(3):
        lines = examine(function, seed).message.splitlines()
        assert lines[0] == "rnn_step_backward: Two mistakes at once, and these two changes make all results right:"
        assert [line[:10] for line in lines if "At line" in line] == ["1. At line", "2. At line"]
        assert [line for line in lines if "stands where" in line and "dh_prev" in line or "axis" in line]


def test_of_two_mistakes_each_is_told_by_its_known_sentence_too():
    function = with_edits("rnn_step_backward", "da @ W_h.T", "da @ W_h", "da.sum(axis=0)", "da.mean(axis=0)")
    report = examine(function)
    assert len(report.mistakes) == 2
    assert all(f"belongs. {sentence[0].upper()}{sentence[1:]}" in report.message for sentence in report.mistakes)


def test_of_two_mistakes_in_one_line_each_is_told_as_it_stands_there():
    message = examine(with_edits("rnn_step_forward", "h_prev @ W_h + b", "h_prev @ W_h.T - b")).message
    assert "`- b` stands where `+ b` belongs" in message
    assert "`W_h.T` stands where `W_h` belongs" in message


def test_a_line_at_which_the_function_raised_is_told_once():
    message = examine(with_edits("readout_backward", "sum(axis=(0, 1))", "sum(axis=3)")).message
    assert "`dys.sum(axis=3)` stands where" in message
    assert message.count("at line") == message.count("db_y = dys.sum(axis=3)") == 1
    assert "At line" not in message


def test_two_changes_that_each_make_other_results_right_are_told_together():
    told = repairs_of(with_edits("rnn_step_backward", "h_prev.T @ da", "h.T @ da", "da.sum(axis=0)", "dh.sum(axis=0)"), is_known=lambda value: False)
    assert [repair.words for repair in told] == ["`h.T` stands where `h_prev.T` belongs", "`dh` stands where `da` belongs"]


@pytest.mark.parametrize(
    "name, lines, words",
    [
        ("readout", ["ys = []", "for t in range(len(hs)):", "    ys.append(hs[len(hs) - 1 - t] @ W_y + b_y)", "return np.array(ys)"], "`len(hs) - 1 - t` stands where `t` belongs"),
        ("orthogonal_init", ["rows, cols = shape", "Q, R = np.linalg.qr(A)", "Q = Q * np.sign(np.diag(R))", "return gain * (Q.T if rows <= cols else Q)"], "`rows <= cols` stands where `rows < cols` belongs"),
    ],
)
def test_of_changes_that_come_out_right_the_one_is_told_that_adds_least(name, lines, words):
    arguments = {"readout": "hs, W_y, b_y", "orthogonal_init": "shape, gain, A"}[name]
    (repair,) = repairs_of(written(name, f"def {name}({arguments}):\n    " + "\n    ".join(lines)))
    assert repair.words == words


def test_a_change_after_which_a_function_writes_into_its_inputs_is_none():
    source = """
def reverse_padded(xs, mask):
    ys = np.zeros_like(xs)
    for n in range(xs.shape[1]):
        length = int(mask[:, n].sum())
        ys[:length, n] = xs[:length, n][::-1].copy()
    return ys
"""
    repairs = repairs_of(written("reverse_padded", source))
    assert [repair.words for repair in repairs if "where `xs` belongs" in repair.words] == []


def test_what_is_right_in_the_cases_of_one_draw_by_chance_is_no_repair():
    """`D - t` would do for `T - t` wherever k divides both."""
    source = """
def truncated_rnn_backward(dhs, xs, h0, hs, W_x, W_h, k):
    T, N, D = xs.shape
    dxs, dh = np.zeros(xs.shape), np.zeros(h0.shape)
    dW_x, dW_h, db = np.zeros(W_x.shape), np.zeros(W_h.shape), np.zeros(len(W_h))
    for t in reversed(range(T)):
        if (T - t) % k == 0:
            dh = np.zeros(h0.shape)
        h_prev = h0 if t % k == 0 else hs[t - 1]
        dxs[t], dh, x, h, b = rnn_step_backward(dhs[t] + dh, xs[t], h_prev, hs[t], W_x, W_h)
        dW_x, dW_h, db = dW_x + x, dW_h + h, db + b
    return dxs, dh, dW_x, dW_h, db
"""
    assert "`D` belongs" not in examine(written("truncated_rnn_backward", source)).message


def test_nothing_is_told_that_makes_two_things_in_a_row_the_same():
    source = """
def standardise(train, test):
    mean, std = np.concatenate([train, test]).mean(axis=0), train.std(axis=0)
    std = np.where(train.max(axis=0) == train.min(axis=0), 1.0, std)
    return (train - mean) / std, (test - mean) / std, mean, std
"""
    assert not any("`test`" in repair.words for repair in repairs_of(written("standardise", source)))


def test_a_known_mistake_that_is_left_is_told_where_no_change_of_a_line_mends_it():
    function = with_edits("rnn_step_backward", "da.sum(axis=0)", "dh.sum(axis=0)", "da @ W_h.T", "np.zeros_like(dh)")

    def alone(values):
        return "nothing comes back" if not any(np.any(dh_prev) for _, dh_prev, *_ in values) else None

    one, other = repairs_of(function, is_known=lambda value: False, sentence_of=alone)
    assert one.words == "`dh` stands where `da` belongs" and one.number
    assert other.words == "nothing comes back" and other.number is None


def test_nothing_is_found_where_more_is_wrong_than_two_changes_mend():
    assert repairs_of(with_edits("rnn_step_forward", *TWO_SLIPS)) == ()


def test_a_right_function_has_the_source_that_it_had_after_many_changes():
    function = with_edits("rnn_step_forward", "np.tanh(a)", "np.cosh(a) - 3")
    assert repairs_of(function) == ()
    assert repairs_of(with_edits("rnn_step_forward", "np.tanh(a)", "np.exp(a)"))


def test_what_a_student_prints_is_printed_by_the_student_alone(capfd):
    function = with_edits("rnn_step_forward", "+ b\n", "- b\n    print('here', flush=True)\n")
    assert repairs_of(function)
    assert capfd.readouterr() == ("", "")


def test_a_change_after_which_it_would_not_end_is_left_when_a_second_one_is_looked_for_too():
    """Without `[:width]` there are more and more beams."""
    start = time.process_time()
    assert "most probable one" in examine(written("beam_search", BEAMS), seed=1).message
    assert time.process_time() - start < 10


def test_a_function_that_does_more_than_compute_is_not_run_again_and_again(tmp_path):
    for deed in (f"open({str(tmp_path / 'log')!r}, 'a').write('x')", "import os", "global seen; seen = 1", "__import__('os')"):
        assert repairs_of(with_edits("rnn_step_forward", "+ b\n", f"- b\n    {deed}\n")) == ()
    assert list(tmp_path.iterdir()) == []


def test_what_a_function_keeps_outside_is_as_the_student_left_it():
    function = with_edits("rnn_step_forward", "+ b\n", "- b\n    kept.append(a)\n    table[0] += 1\n")
    kept, table = function.__globals__["kept"], function.__globals__["table"] = [], np.zeros(1)
    assert repairs_of(function)
    assert kept == [] and table == 0


def test_a_function_that_calls_itself_calls_itself_as_it_is_changed():
    source = """
def rnn_forward(xs, h0, W_x, W_h, b):
    if len(xs) == 0:
        return np.zeros((0, *h0.shape))
    h = np.tanh(xs[0] @ W_x - h0 @ W_h + b)
    return np.concatenate([h[None], rnn_forward(xs[1:], h, W_x, W_h, b)])
"""
    (repair,) = repairs_of(written("rnn_forward", source))
    assert repair.words == "`- h0 @ W_h` stands where `+ h0 @ W_h` belongs"


def test_a_function_whose_source_is_not_at_hand_is_left_alone():
    scope = {"np": np}
    exec("def rnn_step_forward(x, h_prev, W_x, W_h, b):\n    return np.tanh(x @ W_x + h_prev @ W_h - b)", scope)
    assert repairs_of(scope["rnn_step_forward"]) == ()


def test_a_loop_inside_numpy_that_does_not_end_is_left():
    """`np.c_` without its brackets gives something for each number."""
    function = written("softmax", "def softmax(a):\n    return sum(1 for _ in np.c_)")
    answer = Answer.of(function)
    assert answer.value({"a": np.eye(2)}) is None


@pytest.mark.parametrize("asked", ["np.linalg.inv(1 / a)", "la.inv(1 / a)", "inv(1 / a)", "np.linalg.norm(1 / a, 2)", "la.norm(1 / a, ord=-2)"])
def test_nothing_infinite_reaches_lapack_which_might_not_come_back(asked):
    source = f"""
def softmax(a):
    return {asked}
"""
    function = written("softmax", source)
    function.__globals__.update(la=np.linalg, inv=np.linalg.inv)
    assert Answer.of(function).value({"a": np.eye(2) + 1}) is not None
    assert Answer.of(function).value({"a": np.eye(2)}) is None


def test_a_changed_loop_that_does_not_end_is_left():
    source = """
def rnn_forward(xs, h0, W_x, W_h, b):
    hs, t = [h0], 0
    while t < len(xs):
        hs.append(np.tanh(xs[t] @ W_x - hs[-1] @ W_h + b))
        t += 1
    return np.stack(hs[1:])
"""
    start = time.process_time()
    (repair,) = repairs_of(written("rnn_forward", source))
    assert "- hs[-1] @ W_h" in repair.words.split("stands")[0]
    assert time.process_time() - start < 30


def test_a_function_that_takes_long_by_itself_is_not_waited_for_with_each_change():
    """By itself it takes half a minute; the changed ones would take as long each."""
    function = with_edits("rnn_step_forward", "+ b\n", "- b\n    for _ in range(20_000_000):\n        a = a + 0 * b\n")
    start = time.process_time()
    assert repairs_of(function, seconds=1) == ()
    assert time.process_time() - start < 5


def test_changes_are_tried_no_longer_than_a_student_waits():
    start = time.process_time()
    assert repairs_of(with_edits("lstm_step_backward", "da @ W_h.T", "np.sinh(da) @ np.cosh(W_h.T)"), seconds=0.1) == ()
    assert time.process_time() - start < 5


def test_a_second_change_is_looked_for_after_one_that_leaves_fewer_places_wrong():
    """Each of the two alone leaves the only result wrong, in one of its halves."""
    source = """
def bidirectional_forward(xs, mask, W_x, W_h, b):
    T, N, D = xs.shape
    H = b.shape[1]
    hs = np.zeros((T, N, 2 * H))
    h = np.zeros((N, H))
    for t in range(T):
        h = np.tanh(xs[t] @ W_x[0] + h @ W_h[0] - b[0]) * mask[t][:, None]
        hs[t, :, :H] = h
    h = np.zeros((N, H))
    for t in range(T):
        h = np.tanh(xs[t] @ W_x[1] + h @ W_h[1] + b[1]) * mask[t][:, None]
        hs[t, :, H:] = h
    return hs
"""
    told = repairs_of(written("bidirectional_forward", source), is_known=lambda value: False)
    assert [repair.words for repair in told] == ["`- b[0]` stands where `+ b[0]` belongs", "`range(T)` stands where `reversed(range(T))` belongs"]


def test_what_is_held_to_0_is_not_made_into_what_is_never_negative():
    """With `np.exp(a) > 0` for a mask all results would be right, and nobody means that."""
    source = """
def sigmoid(a):
    s = np.zeros(np.shape(a))
    positive, negative = a > 0, a < 0
    s[positive] = 1 / (1 + np.exp(-a[positive]))
    s[negative] = 1 / (1 + np.exp(a[negative]))
    return s
"""
    for seed in range(4):
        message = examine(written("sigmoid", source), seed).message
        assert "`a > 0` stands where `a >= 0` belongs" in message
        assert "At line 6" in message and "Where `a` is negative, your s is that of `-a`" in message
        assert "`a[negative]` stands where `-a[negative]` belongs" in message, "the least of several that do the same"


def test_an_input_whose_values_are_never_read_is_named_where_nothing_explains_the_results():
    """It draws numbers of its own, the same each time; of `u` it takes the length alone."""
    source = """
def sample_tokens(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    rng = np.random.default_rng(0)
    h, token, tokens = h0, first, []
    for _ in u:
        h = np.tanh(W_x[token] + h @ W_h + b)
        token = rng.choice(len(b_y), p=softmax((h @ W_y + b_y) / temperature)[0])
        tokens.append(token)
    return np.array(tokens)
"""
    assert "The values of `u` are never read in it, and the results depend on them." in examine(written("sample_tokens", source)).message
