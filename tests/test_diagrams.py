"""The drawings of networks say what they are asked to say."""

import numpy as np
import pytest
from matplotlib.text import Annotation

from unrolled import diagrams, plots
from unrolled.plots import colour


def texts(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def test_every_moment_has_its_state_and_what_goes_in_and_out():
    _, ax = plots.new_figure()
    diagrams.draw_unrolled(ax, ["a", "b", None], [None, "y", "z"])
    assert texts(ax) == ["$h_{1}$", "a", "$h_{2}$", "b", "y", "$h_{3}$", "z"]


def test_each_place_of_a_window_has_lines_of_its_own_to_every_unit():
    _, ax = plots.new_figure()
    diagrams.draw_window_net(ax, ["a", "b", "c"], 4, ["y", "z"])
    below = {}
    for line in ax.lines:
        (x, _), (start, _) = line.get_data()
        if start < -1:
            below.setdefault(x, []).append(line.get_linestyle())
    assert [len(styles) for styles in below.values()] == [4, 4, 4]
    assert all(len(set(styles)) == 1 for styles in below.values()) and len({styles[0] for styles in below.values()}) == 3
    assert {"a", "b", "c", "y", "z", "$W_1$", "$W_2$"} <= set(texts(ax))


def test_with_feedback_each_output_is_the_next_input():
    _, ax = plots.new_figure()
    diagrams.draw_unrolled(ax, ["t", None, None], ["h", "e", "s"], feedback=True)
    below = [text.get_text() for text in ax.texts if text.get_position()[1] == -diagrams.RISE]
    assert below == ["t", "h", "e"]
    assert len(ax.patches) - 3 == 2     # three boxes, two arrows back


def arrows(ax):
    """Where each arrow starts and ends."""
    return {(text.xyann, text.xy) for text in ax.texts if isinstance(text, Annotation)}


def test_on_the_way_back_every_arrow_is_turned_round():
    _, (forward, backward) = plots.new_figure(rows=2)
    diagrams.draw_unrolled(forward, ["a", "b"], ["b", "c"])
    diagrams.draw_backward(backward, ["a", "b"], ["b", "c"])
    assert len(arrows(forward)) == 6
    assert arrows(backward) == {(end, start) for start, end in arrows(forward)}
    assert texts(backward) == ["$h_{1}$", "a", "b", "$h_{2}$", "b", "c"]


def test_both_ways_each_row_has_its_own_direction_and_its_own_end():
    _, ax = plots.new_figure()
    diagrams.draw_both_ways(ax, ["a", "b", "c"], ["x", "y", "z"])
    level = {start[1]: [] for start, end in arrows(ax) if start[1] == end[1]}
    for start, end in arrows(ax):
        if start[1] == end[1]:
            level[start[1]].append(end[0] - start[0])
    assert len(level) == 2 and [len(steps) for steps in level.values()] == [3, 3]
    assert all(step > 0 for step in level[0]) and all(step < 0 for step in level[diagrams.RISE])
    assert texts(ax).count(r"$\overrightarrow{h}_{2}$") == texts(ax).count(r"$\overleftarrow{h}_{2}$") == 1


def test_in_a_stack_each_layer_reads_the_one_below_it():
    _, ax = plots.new_figure()
    diagrams.draw_stack(ax, ["a", "b"], layers=3)
    assert texts(ax) == ["$h^{0}_{1}$", "$h^{1}_{1}$", "$h^{2}_{1}$", "a", "$h^{0}_{2}$", "$h^{1}_{2}$", "$h^{2}_{2}$", "b"]
    up = [(start, end) for start, end in arrows(ax) if start[0] == end[0]]
    assert len(up) == 6 and all(start[1] < end[1] for start, end in up)


@pytest.mark.parametrize("active", ["cfigohx", "cfx", "cigx", "cohx"])
def test_the_lstms_active_parts_stand_in_their_own_colours_and_the_others_step_back(active):
    _, ax = plots.new_figure()
    diagrams.draw_lstm(ax, active)
    hues = {text.get_text(): text.get_color() for text in ax.texts}
    for part, name in {"f": "$f$", "i": "$i$", "g": "$g$", "o": "$o$", "c": "$c_t$", "h": "$h_t$", "x": "$x_t$"}.items():
        assert hues[name] == colour(part if part in active else "line")


def test_the_weights_have_one_name_at_every_step():
    unrolled = diagrams.loop_and_unrolled(list("abcd"), list("bcde")).axes[1]
    for name in ("$W_x$", "$W_h$", "$W_y$"):
        assert texts(unrolled).count(name) == 4


def test_inputs_and_outputs_must_have_the_same_length():
    _, ax = plots.new_figure()
    with pytest.raises(ValueError):
        diagrams.draw_unrolled(ax, ["a", "b"], ["c"])


def test_a_decoder_starts_in_the_last_state_and_is_given_what_it_wrote():
    _, ax = plots.new_figure()
    diagrams.draw_encoder_decoder(ax, ["m", "a", "i"], ["0", "5"])
    assert texts(ax) == ["$h_{1}$", "m", "$h_{2}$", "a", "$h_{3}$", "i", "$q_{1}$", "start", "$q_{2}$", "0", "0", "5"]
    assert sum(start[1] == end[1] for start, end in arrows(ax)) == 5


def test_with_attention_no_arrow_joins_the_two_and_a_line_is_as_wide_as_its_weight():
    _, ax = plots.new_figure()
    diagrams.draw_encoder_decoder(ax, ["m", "a", "i"], ["0", "5"], weights=[[0.1, 0.2, 0.7], [0.6, 0.3, 0.1]])
    assert sum(start[1] == end[1] for start, end in arrows(ax)) == 4
    widths = [line.get_linewidth() for line in ax.lines]
    assert len(widths) == 6 and np.allclose(np.argsort(widths)[-2:], [3, 2]) and np.isclose(widths[0], widths[5])
    assert {"$c_{1}$", "$c_{2}$"} < set(texts(ax))
