"""A task of chapter 9: is a sentence of a review positive or not? Sentences as bags and as tokens, and
networks that read them.

A positive sentence is 1, a negative one 0. Sentences are lists of words.
"""

import re
from collections import Counter

import numpy as np

from unrolled.data import reviews
from unrolled.fast import gru_backward, gru_forward, lstm_backward, lstm_forward
from unrolled.reference import cross_entropy, embedding_backward, embedding_forward
from unrolled.training import initial_parameters

BLOCKS = {"GRU": 3, "LSTM": 4}
LONGEST = 40  # words of a sentence; what comes after them is not read


def words(sentence):
    """The words of a sentence, in lower case; what the apostrophe joins is one word."""
    return re.findall(r"[a-z]+(?:'[a-z]+)*", sentence.lower())


def judged_sentences(least=0.5):
    """Sentences that people found positive or negative by more than `least`.

    ->  a list of n lists of words, positive (n,), review (n,): sentences of one review have one number
    """
    sentences, ratings, review = reviews()
    clear = np.flatnonzero(np.abs(ratings) > least)
    split = [words(sentences[place])[:LONGEST] for place in clear]
    some = [row for row, found in enumerate(split) if found]  # a sentence without a word says nothing
    return [split[row] for row in some], (ratings[clear] > 0).astype(int)[some], review[clear][some]


def three_parts(rng, review):
    """Places (n,) to learn from, to choose by and to report on, about three fifths and two fifths halved; no review
    is in two of them."""
    names = rng.permutation(np.unique(review))
    first, second = round(0.6 * len(names)), round(0.8 * len(names))
    return [np.flatnonzero(np.isin(review, part)) for part in np.split(names, [first, second])]


def grams(sentence, n):
    """All runs of 1 to n words."""
    return [" ".join(sentence[start : start + k]) for k in range(1, n + 1) for start in range(len(sentence) - k + 1)]


def vocabulary(sentences, n=1, least=2):
    """A place for each run of 1 to n words that stands in at least `least` sentences, from 1 on; 0
    is for all others."""
    counts = Counter(gram for sentence in sentences for gram in set(grams(sentence, n)))
    return {
        gram: place for place, gram in enumerate((gram for gram, count in counts.items() if count >= least), start=1)
    }


def bags(sentences, places, n=1):
    """Which runs of words stand in each sentence: (N, V) of zeros and ones. Those without a place are left out."""
    there = np.zeros((len(sentences), 1 + len(places)), np.float32)
    for row, sentence in enumerate(sentences):
        there[row, [places.get(gram, 0) for gram in grams(sentence, n)]] = 1
    there[:, 0] = 0
    return there


def padded_tokens(sentences, places):
    """tokens (T, N) and lengths (N,); a stranger is 0, and so is padding, which nobody looks at."""
    lengths = np.array([len(sentence) for sentence in sentences])
    tokens = np.zeros((max(lengths), len(sentences)), int)
    for n, sentence in enumerate(sentences):
        tokens[: len(sentence), n] = [places.get(word, 0) for word in sentence]
    return tokens, lengths


def initial_bag(V):
    """A weight for each run of words, and one for the sentence; all 0."""
    return {"w": np.zeros(V, np.float32), "b": np.zeros(1, np.float32)}


def bag_scores(parameters, there):
    """Above 0 where a sentence of there (N, V) is thought positive."""
    return there @ parameters["w"] + parameters["b"]


def bag_loss(parameters, there, positive):
    """Cross-entropy of the bags, and its gradients: chapter 1's readout with two classes, of which one
    score is enough."""
    scores = bag_scores(parameters, there)
    loss = np.logaddexp(0, np.where(positive, -scores, scores)).mean()
    dscores = ((1 / (1 + np.exp(-scores)) - positive) / len(positive)).astype(np.float32)
    return loss, {"w": there.T @ dscores, "b": dscores.sum(keepdims=True)}


def initial_reader(rng, name, V, D, H):
    """A table E (V, D) and a GRU or LSTM of H units that reads its rows, with one readout of two classes."""
    return {"E": rng.normal(size=(V, D)).astype(np.float32)} | initial_parameters(rng, D, H, 2, BLOCKS[name])


def reader_scores(name, parameters, tokens, lengths):
    """Scores (N, 2), read out of the state after each sentence's own last word."""
    hs, _ = _read(name, parameters, embedding_forward(tokens, parameters["E"]))
    return hs[lengths - 1, np.arange(len(lengths))] @ parameters["W_y"] + parameters["b_y"]


def reader_loss(name):
    """loss_and_gradients(parameters, tokens, lengths, positive) for `training.train`."""

    def loss_and_gradients(parameters, tokens, lengths, positive):
        hs, backward = _read(name, parameters, embedding_forward(tokens, parameters["E"]))
        ends = lengths - 1, np.arange(len(lengths))
        last = hs[ends]
        loss, dlogits = cross_entropy(
            (last @ parameters["W_y"] + parameters["b_y"])[None], positive[None], np.ones((1, len(positive)))
        )
        dhs = np.zeros_like(hs)
        dhs[ends] = dlogits[0] @ parameters["W_y"].T
        dxs, dW_x, dW_h, db = backward(dhs)
        dE = embedding_backward(dxs, tokens, len(parameters["E"]))
        return loss, {
            "E": dE,
            "W_x": dW_x,
            "W_h": dW_h,
            "b": db,
            "W_y": last.T @ dlogits[0],
            "b_y": dlogits[0].sum(axis=0),
        }

    return loss_and_gradients


def _read(name, parameters, xs):
    """hs (T, N, H), and backward(dhs) -> dxs, dW_x, dW_h, db"""
    W_x, W_h, b = (parameters[weight] for weight in ("W_x", "W_h", "b"))
    h0 = np.zeros((xs.shape[1], len(W_h)), W_h.dtype)
    if name == "GRU":
        hs, gates = gru_forward(xs, h0, W_x, W_h, b)

        def backward(dhs):
            dxs, _, dW_x, dW_h, db = gru_backward(dhs, xs, h0, hs, gates, W_x, W_h)
            return dxs, dW_x, dW_h, db

        return hs, backward
    hs, cs, gates = lstm_forward(xs, h0, h0, W_x, W_h, b)

    def backward(dhs):
        dxs, _, _, dW_x, dW_h, db = lstm_backward(dhs, xs, h0, h0, hs, cs, gates, W_x, W_h)
        return dxs, dW_x, dW_h, db

    return hs, backward


def negation_quadruples():
    """Sentences made by hand, each with its opposite: good, not good, bad, not bad.

    ->  a list of n tuples of four lists of words; a first and a fourth are positive, the others not
    """
    frames = ("the {} is {}", "this {} is {}", "i think the {} is {}")
    things = ("picture", "sound", "quality", "software", "battery", "phone", "camera", "player")
    opposites = (("good", "bad"), ("great", "terrible"), ("easy", "difficult"), ("excellent", "poor"))
    return [
        tuple(words(frame.format(thing, said)) for said in (good, f"not {good}", bad, f"not {bad}"))
        for frame in frames
        for thing in things
        for good, bad in opposites
    ]


def same_words_pairs():
    """Pairs of sentences of the very same words, the first positive, the second not: good, not bad; bad, not good."""
    return [
        (good[:-1] + [good[-1], *bad[-2:]], bad[:-2] + [bad[-1], "not", good[-1]])
        for good, _, _, bad in negation_quadruples()
    ]
