"""Where words end: the text, the score, and what a network may look at."""

import numpy as np
import pytest

from unrolled.boundaries import (
    MARGIN,
    V,
    boundary_scores,
    boundary_texts,
    cut_cell,
    f1,
    learn_boundaries,
    pieces,
    rows,
    said_ends,
)
from unrolled.cells import bidirectional_cell, tanh_cell
from unrolled.training import bidirectional_parameters, initial_parameters, one_hot


def scored(*values):
    """Those values in one sequence, with as much on both sides as is not scored."""
    margin = np.ones(MARGIN, int)
    return np.concatenate([margin, values, margin])[:, None]


@pytest.mark.parametrize("said, ends, score", [([1, 0, 1, 0], [1, 0, 1, 0], 1), ([0, 1, 0, 1], [1, 0, 1, 0], 0), ([1, 1, 1, 1], [1, 0, 0, 0], 2 / 5)])
def test_f1_is_the_harmonic_mean_of_two_shares_and_the_margins_count_for_nothing(said, ends, score):
    assert f1(scored(*said), scored(*ends)) == pytest.approx(score)


def test_the_texts_follow_each_other_and_share_no_letter():
    texts = boundary_texts()
    assert [len(tokens) == len(ends) for tokens, ends in texts] == [True] * 3
    shares = np.array([len(tokens) for tokens, _ in texts]) / sum(len(tokens) for tokens, _ in texts)
    np.testing.assert_allclose(shares, [0.8, 0.1, 0.1], atol=1e-4)
    assert all(0.15 < ends.mean() < 0.25 for _, ends in texts)


def test_pieces_and_rows_keep_letters_and_ends_together(rng):
    tokens = np.arange(26).repeat(4)
    for xs, ends in pieces(rng, tokens, tokens, T=7, N=3, steps=5):
        np.testing.assert_array_equal(xs.argmax(axis=-1), ends)
    beside, ends = rows(tokens, tokens, T=10)
    assert beside.shape == (10, 10)
    np.testing.assert_array_equal(beside.T.ravel(), tokens[:100])
    np.testing.assert_array_equal(ends, beside)


@pytest.mark.parametrize("late", [0, 3])
def test_a_late_answer_is_told_at_the_letter_that_it_is_about(late, rng):
    parameters, tokens = initial_parameters(rng, V, 9, 2), rng.integers(V, size=(20, 2))
    prompt = said_ends(tanh_cell, parameters, tokens)
    np.testing.assert_array_equal(said_ends(tanh_cell, parameters, tokens, late)[: 20 - late], prompt[late:])


@pytest.mark.parametrize("ahead", [0, 2, 19, 40])
def test_with_a_cut_future_each_state_is_that_of_the_text_cut_there(ahead, rng):
    parameters = bidirectional_parameters(rng, V, 6, 2, dtype=float)
    xs = one_hot(rng.integers(V, size=(20, 3)), V, float)
    hs, _ = cut_cell(ahead)(parameters, xs)
    for t in range(20):
        whole, _ = bidirectional_cell(parameters, xs[: t + ahead + 1])
        np.testing.assert_allclose(hs[t], whole[t], rtol=1e-12)


def test_a_network_learns_where_words_end():
    rng = np.random.default_rng(0)
    parameters = initial_parameters(rng, V, 16, 2)
    before = boundary_scores(tanh_cell, parameters, late=2)
    learn_boundaries(tanh_cell, parameters, rng, 0.02, late=2, steps=150)
    assert min(boundary_scores(tanh_cell, parameters, late=2)) > 0.6 > max(before)
