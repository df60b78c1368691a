"""What chapters 5 and 6 show of several networks in the same way."""

import numpy as np
import pytest

from experiments import kettle
from unrolled import plots
from unrolled.adding import NETWORKS
from unrolled.book.cells import BACK, LOOKS, SENTENCE, at_kettle, draw_batches, draw_reach, in_words, looks_back


@pytest.mark.parametrize(
    "batches, words",
    [([400, 325, 375, 350, 500], "375 (325–500)"), ([400, 1500, 375, 1500, 500], "3 of 5"), ([1500] * 5, "0 of 5")],
)
def test_runs_in_words(batches, words):
    assert in_words(batches) == words


def test_every_run_that_was_made_is_a_dot():
    figure, ax = plots.new_figure()
    draw_batches(ax, {"LSTM": {20: [100, 125, 150], 50: [200, 225]}, "GRU": {20: [75], 50: [1500]}})
    dots = [line for line in ax.lines if line.get_marker() in "so"]
    assert sorted(np.concatenate([line.get_ydata() for line in dots])) == [75, 100, 125, 150, 200, 225, 1500]
    assert [text.get_text() for text in ax.get_xticklabels()] == ["T = 20", "T = 50"]


def test_the_curve_ends_at_the_last_character():
    figure, ax = plots.new_figure()
    draw_reach(ax, {"LSTM": [{"reach": [0.01, 0.1, 1]}, {"reach": [0.03, 0.3, 1]}]})
    *runs, median = ax.lines
    assert len(runs) == 2 and list(median.get_xdata()) == [2, 1, 0] and list(median.get_ydata()) == pytest.approx([0.02, 0.2, 1])


def test_so_far_does_a_network_look_back():
    assert looks_back({"LSTM": [{"reach": [0.001, 0.02, 0.005, 0.5, 1]}] * 3}) == {"LSTM": 2}


def test_the_sentence_is_the_one_that_was_read():
    assert SENTENCE == kettle.SENTENCE
    marks = list(range(len(SENTENCE)))
    (place,) = at_kettle({"LSTM": [{"reach": marks}]})["LSTM"]
    assert SENTENCE[place:].startswith("kettle") and SENTENCE[-1 - BACK :].startswith("kettle")


def test_networks_are_told_apart_without_their_hue():
    looks = [LOOKS[network] for network in NETWORKS]
    assert len({marker for _, marker, _ in looks}) == len({str(line) for *_, line in looks}) == len(looks)
