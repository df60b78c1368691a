"""What several chapters show in the same way."""

import numpy as np
import pytest

from experiments import kettle
from unrolled import plots
from unrolled.adding import NETWORKS
from unrolled.book.cells import (
    BACK,
    LOOKS,
    SENTENCE,
    adding_in_words,
    at_kettle,
    draw_batches,
    draw_reach,
    in_words,
    looks_back,
    tables_that_count,
)


@pytest.mark.parametrize(
    "batches, words",
    [([400, 325, 375, 350, 500], "375 (325–500)"), ([400, 1500, 375, 1500, 500], "3 of 5"), ([1500] * 5, "0 of 5")],
)
def test_runs_in_words(batches, words):
    assert in_words(batches) == words


def test_the_table_of_the_adding_problem_has_no_rate_where_none_was_chosen():
    words = adding_in_words()
    assert words["GRU", 100] == "75 (75–75), rate 0.09"
    assert words["tanh, default", 50] == "1 of 20 runs, over all rates" and words["tanh, default", 100] == "none of 20 runs, over all rates"


@pytest.mark.parametrize(
    "text, trust",
    [(np.arange(600) % 3, 1), (np.random.default_rng(0).integers(29, size=600), 80)],
    ids=["what repeats is trusted", "what is chance is not"],
)
def test_a_table_that_counts_has_the_trust_that_is_best_on_validation(text, trust):
    trust_of, bits = tables_that_count(*np.split(text, 3), most=3, trusts=(1, 80))
    assert trust_of[3] == trust and list(bits) == [1, 2, 3] and 0 < bits[3] < 6


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
