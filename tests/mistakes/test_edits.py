"""A mistake is made of the reference's own lines: what an edit makes, what it refuses, how two come together."""

import pkgutil
import subprocess
import sys

import numpy as np
import pytest

import unrolled.mistakes
from unrolled import reference, withheld
from unrolled.exercises import EXERCISES
from unrolled.mistakes import CatalogueError, both, edits, known_mistakes
from unrolled.mistakes.edits import edit, inherit, mistake, registered, variants
from unrolled.reference import (
    lstm_forward,
    lstm_step_forward,
    rnn_forward,
    rnn_step_backward,
    rnn_step_forward,
    truncated_rnn_backward,
)

SUM = "a = x @ W_x + h_prev @ W_h + b"
CELL = "c = f * c_prev + i * g"
SHOW = "h = o * np.tanh(c)"


@pytest.fixture(autouse=True)
def catalogue(monkeypatch):
    """An empty catalogue for a test to fill."""
    known_mistakes(rnn_forward)     # so that the real one is not loaded into it
    monkeypatch.setattr(edits, "_KNOWN", {})


def draw(name, seed=0):
    return EXERCISES[name].cases(np.random.default_rng(seed))[0].values()


def only(function, sentence=""):
    (found,) = (one for one in registered(function) if one.sentence.startswith(sentence))
    return found


def test_an_edit_puts_a_line_in_the_place_of_another():
    edit(lstm_step_forward, CELL, "c = c_prev + i * g", "the forget gate is left out: `c = f * c_prev + i * g`")
    x, h_prev, c_prev, W_x, W_h, b = draw("lstm_step_forward")
    i, _, g, o = np.split(lstm_step_forward(x, h_prev, c_prev, W_x, W_h, b)[2], 4, axis=-1)
    h, c, _ = only(lstm_step_forward).wrong(x, h_prev, c_prev, W_x, W_h, b)
    np.testing.assert_allclose(c, c_prev + i * g)
    np.testing.assert_allclose(h, o * np.tanh(c))


def test_the_reference_stays_as_it_is():
    before = rnn_step_forward(*draw("rnn_step_forward"))
    edit(rnn_step_forward, "h = np.tanh(a)", "h = a", "tanh is left out")
    only(rnn_step_forward).wrong(*draw("rnn_step_forward"))
    np.testing.assert_array_equal(rnn_step_forward(*draw("rnn_step_forward")), before)
    assert reference.rnn.rnn_step_forward is rnn_step_forward


def test_several_lines_are_edited_and_a_line_may_become_several_or_none():
    edit(rnn_step_forward, SUM, "a = x @ W_x\na = a + b", "h = np.tanh(a)", "h = a", "two lines: wrong")
    edit(rnn_step_forward, f"{SUM}\nh = np.tanh(a)", "h = np.tanh(b)", "two in one: wrong")
    edit(lstm_step_forward, CELL, "c = c_prev", SHOW, "h = c", "gates = np.concatenate([i, f, g, o], axis=-1)", "gates = c", "c_prev: wrong")
    first, second = (one.wrong for one in registered(rnn_step_forward))
    x, _, W_x, _, b = draw("rnn_step_forward")
    np.testing.assert_array_equal(first(*draw("rnn_step_forward")), x @ W_x + b)
    np.testing.assert_array_equal(second(*draw("rnn_step_forward")), np.tanh(b))
    for result in only(lstm_step_forward).wrong(*draw("lstm_step_forward")):
        np.testing.assert_array_equal(result, list(draw("lstm_step_forward"))[2])


def test_a_loop_makes_its_steps_mistake_by_the_same_sentence():
    edit(lstm_step_forward, CELL, "c = i * g", "the old cell state is left out")
    found = only(lstm_forward)
    xs, h0, c0, W_x, W_h, b = draw("lstm_forward")
    assert found.sentence == "the old cell state is left out"
    np.testing.assert_array_equal(found.wrong(xs, h0, c0, W_x, W_h, b)[1], found.wrong(xs, h0, c0 + 1, W_x, W_h, b)[1])


def test_every_loop_over_a_step_makes_its_mistakes():
    overlapping = withheld.overlapping_rnn_backward
    assert set(edits.loops_over(rnn_step_backward)) == {reference.rnn_backward, truncated_rnn_backward, overlapping}
    assert edits.loops_over(reference.rnn_backward) == (overlapping,)
    steps = [name for name in reference.__all__ if "_step_" in name and "reset_after" not in name]
    assert all(edits.loops_over(getattr(reference, name)) for name in steps)


def test_a_mistake_of_a_step_is_made_in_what_calls_the_loop_over_it():
    edit(rnn_step_backward, "da = dh * (1 - h**2)", "da = 0 * dh", "nothing goes back")
    assert only(withheld.overlapping_rnn_backward).sentence == "nothing goes back"
    assert not any(map(np.any, only(withheld.overlapping_rnn_backward).wrong(*draw("overlapping_rnn_backward"))))


def own_loop(xs, h0, W_x, W_h, b):
    """One that nobody has printed."""
    h = h0
    for x in xs:
        h = rnn_step_forward(x, h, W_x, W_h, b)
    return h


def test_a_loop_that_nobody_has_printed_makes_its_steps_mistakes_too(monkeypatch):
    monkeypatch.setattr(edits.withheld, "functions", lambda: {"own_loop": own_loop})
    edits.loops_over.cache_clear()
    edit(rnn_step_forward, "h = np.tanh(a)", "h = b + 0 * a", "the bias alone")
    edits.loops_over.cache_clear()
    xs, h0, W_x, W_h, b = draw("rnn_forward")
    np.testing.assert_array_equal(only(own_loop).wrong(xs, h0, W_x, W_h, b), np.broadcast_to(b, h0.shape))


def test_a_function_inherits_the_mistakes_of_what_it_calls_and_of_what_that_calls():
    edit(rnn_step_forward, "h = np.tanh(a)", "h = a", "tanh is left out")
    edit(rnn_step_forward, SUM, "a = x @ W_x", "two are left out")
    inherit(reference.stacked_forward, rnn_forward, but=("two are",))
    xs, h0s, W_in, W_up, W_h, b = draw("stacked_forward")
    lowest = only(rnn_forward, "tanh").wrong(xs, h0s[0], W_in, W_h[0], b[0])
    np.testing.assert_array_equal(only(reference.stacked_forward).wrong(xs, h0s, W_in, W_up, W_h, b)[0], lowest)


def test_a_loop_may_have_a_sentence_of_its_own_or_none():
    edit(rnn_step_forward, "h = np.tanh(a)", "h = a", "tanh is left out", loop="tanh is left out in the loop")
    edit(lstm_step_forward, CELL, "c = i * g", "the old cell state is left out", loop=False)
    assert only(rnn_forward).sentence == "tanh is left out in the loop"
    assert not registered(lstm_forward)


def test_an_edit_of_a_loop_may_change_its_step_too():
    edit(lstm_forward, "c = c0", "c = np.zeros_like(c0)", CELL, "c = c_prev", "two at once")
    _, cs, _ = only(lstm_forward).wrong(*draw("lstm_forward"))
    assert not cs.any() and not registered(lstm_step_forward)


def test_variants_are_an_edit_each():
    variants(rnn_step_forward, "h = np.tanh(a)", {"h = a": "tanh is left out", "h = np.tanh(b)": "b alone"})
    assert [one.sentence for one in registered(rnn_step_forward)] == ["tanh is left out", "b alone"]


@pytest.mark.parametrize("line", ["h = tanh(a)", "h_prev (N, H)", "return h, c"])
def test_a_line_that_the_reference_has_not_is_refused(line):
    with pytest.raises(CatalogueError, match="stands nowhere in rnn_step_forward"):
        edit(rnn_step_forward, line, "h = a", "wrong")
    assert not registered(rnn_step_forward)


def test_an_edit_that_changes_nothing_is_refused():
    with pytest.raises(CatalogueError, match="becomes itself"):
        edit(rnn_step_forward, "h = np.tanh(a)", "h = np.tanh(a)    # as it was", "wrong")


@pytest.mark.parametrize(
    "lines, words",
    [
        (["h = np.tanh(a)", "h = a", "h = np.tanh(a)", "h = 2 * a", "wrong"], "changes one line twice"),
        (["h = np.tanh(a)", "h = a"], "lines in pairs"),
        (["wrong"], "lines in pairs"),
    ],
)
def test_an_edit_that_is_not_made_of_pairs_or_contradicts_itself_is_refused(lines, words):
    with pytest.raises(CatalogueError, match=words):
        edit(rnn_step_forward, *lines)


def says_it_twice(x):
    """x = 2 * x"""
    x = 2 * x
    x = 2 * x   # once more
    return x


def test_a_line_that_the_reference_has_twice_is_refused_unless_its_neighbour_tells_which():
    with pytest.raises(CatalogueError, match="stands 2 times in says_it_twice"):
        edit(says_it_twice, "x = 2 * x", "x = 3 * x", "wrong")
    edit(says_it_twice, "x = 2 * x\nreturn x", "return x", "once is missing")
    assert only(says_it_twice).wrong(5) == 10


def test_two_mistakes_of_one_name_are_refused_until_one_is_named():
    edit(rnn_step_forward, "h = np.tanh(a)", "h = a", "tanh is left out: h = tanh(...)")
    again = (rnn_step_forward, "h = np.tanh(a)", "h = 1 * a", "tanh is left out: add it")
    with pytest.raises(CatalogueError, match="two mistakes called tanh_is_left_out: give one another name"):
        edit(*again)
    edit(*again, name="again")
    with pytest.raises(CatalogueError, match="two mistakes called again"):
        mistake(rnn_step_forward, "another", name="again")(lambda *inputs: None)


def test_two_mistakes_on_different_lines_are_made_at_once():
    edit(lstm_step_forward, CELL, "c = c_prev + i * g", "no forget gate")
    edit(lstm_step_forward, SHOW, "h = o * c", "no tanh")
    for function in (lstm_step_forward, lstm_forward):
        first, second = registered(function)
        one, other = both(first, second)(*draw(function.__name__)), both(second, first)(*draw(function.__name__))
        for together, again in zip(one, other, strict=True):
            np.testing.assert_array_equal(together, again)
    x, h_prev, c_prev, W_x, W_h, b = draw("lstm_step_forward")
    i, _, g, o = np.split(lstm_step_forward(x, h_prev, c_prev, W_x, W_h, b)[2], 4, axis=-1)
    h, c, _ = both(*registered(lstm_step_forward))(x, h_prev, c_prev, W_x, W_h, b)
    np.testing.assert_allclose(c, c_prev + i * g)
    np.testing.assert_allclose(h, o * c)


def test_a_loops_mistake_comes_together_with_its_steps():
    edit(lstm_step_forward, CELL, "c = c_prev", "nothing is written")
    edit(lstm_forward, "c = c0", "c = np.ones_like(c0)", "c0 is ignored")
    _, cs, _ = both(*registered(lstm_forward))(*draw("lstm_forward"))
    np.testing.assert_array_equal(cs, np.ones_like(cs))


def test_two_mistakes_on_one_line_are_made_at_once_where_they_change_parts_apart():
    variants(lstm_step_forward, CELL, {"c = f * c_prev + f * g": "one", "c = i * c_prev + i * g": "other", "c = f * c_prev": "third"})
    one, other, third = registered(lstm_step_forward)
    assert "c = i * c_prev + f * g" in both(one, other).source and "c = i * c_prev\n" in both(other, third).source
    assert both(one, third) is None, "what one changes is what the other leaves out"


def test_two_mistakes_that_make_no_line_of_python_are_not_made_at_once():
    variants(rnn_step_forward, "h = np.tanh(a)", {"h = np.tanh(a": "one", "h = sin(a)": "other"})
    assert both(*registered(rnn_step_forward)) is None


def test_two_mistakes_do_not_come_together_on_one_part_of_a_line_or_in_two_functions_or_without_edits():
    variants(lstm_step_forward, CELL, {"c = c_prev": "one", "c = i * g": "other"})
    edit(rnn_step_forward, "h = np.tanh(a)", "h = a", "tanh is left out")
    function = mistake(lstm_step_forward, "a function")(lambda *inputs: inputs)
    one, other, third = registered(lstm_step_forward)
    assert third.wrong is function
    assert both(one, other) is None
    assert both(one, only(rnn_step_forward)) is None
    assert both(one, third) is None


def test_every_module_of_the_catalogue_is_loaded():
    """In a process of its own: here other tests may have imported one."""
    script = "import sys, unrolled.mistakes\nunrolled.mistakes.known_mistakes(None)\nprint(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    modules = {module.name for module in pkgutil.iter_modules(unrolled.mistakes.__path__, "unrolled.mistakes.")}
    assert modules <= set(loaded) and len(modules) > 10


def test_no_two_mistakes_of_the_course_have_one_name(monkeypatch):
    monkeypatch.undo()
    names = [one.name for exercise in EXERCISES.values() for one in exercise.mistakes]
    assert len(names) == len(set(names)) > 900
