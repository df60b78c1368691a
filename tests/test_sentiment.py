"""Sentences as bags and as tokens: what is counted, who is kept apart, and gradients that are right."""

import numpy as np
import pytest

from unrolled.reference import numerical_gradient
from unrolled.sentiment import (
    bag_loss,
    bag_scores,
    bags,
    grams,
    initial_bag,
    initial_reader,
    judged_sentences,
    negation_quadruples,
    padded_tokens,
    reader_loss,
    reader_scores,
    same_words_pairs,
    three_parts,
    vocabulary,
    words,
)


def test_what_an_apostrophe_joins_is_one_word():
    assert words("It's NOT bad -- I don't mind, 2 of 3!") == ["it's", "not", "bad", "i", "don't", "mind", "of"]
    assert words("!!! 42") == []


def test_no_sentence_is_empty_and_both_kinds_are_there():
    sentences, positive, review = judged_sentences()
    assert len(sentences) == len(positive) == len(review) > 2500
    assert all(sentences) and set(positive) == {0, 1}


def test_no_review_is_in_two_parts(rng):
    review = np.repeat(np.arange(20), 3)
    parts = three_parts(rng, review)
    assert sorted(np.concatenate(parts)) == list(range(60))
    assert [len(np.unique(review[part])) for part in parts] == [12, 4, 4]
    assert sum(len(np.unique(review[part])) for part in parts) == 20


def test_a_bag_holds_words_and_pairs_that_have_a_place():
    assert grams(["not", "so", "bad"], 2) == ["not", "so", "bad", "not so", "so bad"]
    places = vocabulary([["not", "bad"], ["not", "bad", "bad"], ["good"]], n=2)
    assert set(places) == {"not", "bad", "not bad"} and set(places.values()) == {1, 2, 3}
    np.testing.assert_array_equal(bags([["bad", "not"], ["good"]], places, 2)[:, 1:].sum(axis=1), [2, 0])


def test_a_bag_gives_the_same_words_the_same_score(rng):
    pair = same_words_pairs()[0]
    places = vocabulary(pair, least=1)
    scores = bag_scores({"w": rng.normal(size=1 + len(places)), "b": np.zeros(1)}, bags(pair, places))
    assert scores[0] == scores[1]


def test_no_bag_has_a_whole_quadruple_right(rng):
    quadruple = negation_quadruples()[0]
    there = bags(quadruple, vocabulary(quadruple, least=1))
    scores = np.array([bag_scores({"w": rng.normal(size=there.shape[1]), "b": rng.normal(size=1)}, there) for _ in range(2000)])
    assert ((scores > 0) == [True, False, False, True]).sum(axis=1).max() == 3


def test_the_pairs_have_the_same_words_and_the_quadruples_differ_by_not():
    assert all(sorted(first) == sorted(second) and first != second for first, second in same_words_pairs())
    for good, not_good, bad, not_bad in negation_quadruples():
        assert sorted([*good, "not"]) == sorted(not_good) and sorted([*bad, "not"]) == sorted(not_bad)


def test_the_gradients_of_a_bag_are_right(rng):
    there, positive = (rng.random((6, 5)) < 0.5).astype(float), np.array([0, 1, 1, 0, 1, 1])
    parameters = {name: rng.normal(size=value.shape) for name, value in initial_bag(5).items()}
    _, gradients = bag_loss(parameters, there, positive)
    for name, gradient in gradients.items():
        wanted = numerical_gradient(lambda value, name=name: bag_loss(parameters | {name: value}, there, positive)[0], parameters[name], 1e-6)
        np.testing.assert_allclose(gradient, wanted, atol=1e-6)     # the scores' gradient is in float32


@pytest.mark.parametrize("name", ["GRU", "LSTM"])
def test_the_gradients_of_a_reader_are_right_and_padding_has_none(name, rng):
    tokens, lengths = padded_tokens([["a", "b", "a"], ["b"], ["c", "a"]], {"a": 1, "b": 2})
    parameters = {key: value.astype(float) for key, value in initial_reader(rng, name, 4, 3, 2).items()}
    loss, positive = reader_loss(name), np.array([1, 0, 0])
    _, gradients = loss(parameters, tokens, lengths, positive)
    for key, gradient in gradients.items():
        wanted = numerical_gradient(lambda value, key=key: loss(parameters | {key: value}, tokens, lengths, positive)[0], parameters[key], 1e-6)
        np.testing.assert_allclose(gradient, wanted, atol=1e-7)


@pytest.mark.parametrize("name", ["GRU", "LSTM"])
def test_a_sentence_is_judged_alike_alone_and_beside_a_longer_one(name, rng):
    parameters = initial_reader(rng, name, 4, 3, 5)
    alone, beside = ([["b", "a"]], [["b", "a"], ["a", "b", "b", "b"]])
    scores = [reader_scores(name, parameters, *padded_tokens(sentences, {"a": 1, "b": 2}))[0] for sentences in (alone, beside)]
    np.testing.assert_allclose(*scores, rtol=1e-5)
