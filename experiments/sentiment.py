"""Does a network that reads words in order judge a sentence better than a bag of its words, or of its pairs of words?

Each seed draws anew which reviews are learned from, chosen by and reported on, the same for all contestants. All train
with batches of at most 32 sentences and Adam; the rate, and after how many passes to stop, are chosen on validation
reviews. Negations made by hand, and test sentences with their words shuffled, say what is made of the order.
"""

import numpy as np

from unrolled.sentiment import (
    bag_loss,
    bag_scores,
    bags,
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
)
from unrolled.training import looked_at, train

PASSES, N, D, H = (1, 2, 4, 8), 32, 16, {"GRU": 24, "LSTM": 20}
SETTINGS = [
    {"contestant": contestant, "rate": rate, "seed": seed}
    for contestant in ("bag", "pairs", "GRU", "LSTM") for rate in (0.003, 0.01, 0.03) for seed in range(8)
]


def measure(contestant, rate, seed):
    """validation: the least share of wrong sentences over the passes; the rest is measured after as many."""
    rng = np.random.default_rng(seed)
    sentences, kind, review = judged_sentences()
    parts = three_parts(rng, review)
    learn, validation, test = ([sentences[place] for place in part] for part in parts)
    kind_learn, kind_validation, kind_test = (kind[part] for part in parts)
    parameters, loss, batch, says_kind = made(contestant, learn, kind_learn, rng)
    shuffled = [rng.permutation(sentence).tolist() for sentence in test]
    curve, results = [], []

    def look():
        texts = (learn, kind_learn), (validation, kind_validation), (test, kind_test)
        wrong = [float(np.mean(says_kind(part) != truth)) for part, truth in texts]
        results.append({"passes": PASSES[len(curve)], "validation": wrong[1], "test": 1 - wrong[2]}
            | negation(says_kind))
        results[-1]["shuffled"] = float(np.mean(says_kind(shuffled) == kind_test))
        curve.append([round(share, 4) for share in wrong])

    a_pass = -(-len(learn) // N)
    batches = (batch(rows) for _ in range(max(PASSES)) for rows in np.array_split(rng.permutation(len(learn)), a_pass))
    train(parameters, loss, looked_at(batches, [a_pass * passes for passes in PASSES], look), rate)
    best = min(results, key=lambda result: result["validation"])
    return {key: round(value, 4) for key, value in best.items()} | {
        "curve": curve, "commonest": round(float(max(kind_test.mean(), 1 - kind_test.mean())), 4),
        "parameters": sum(value.size for value in parameters.values()),
    }


def made(contestant, learn, kind, rng):
    """Fresh parameters, their loss, the batch of some rows of what is learned from, and what says which
    sentences are kind."""
    if contestant in ("bag", "pairs"):
        n = 1 if contestant == "bag" else 2
        places = vocabulary(learn, n)
        parameters, there = initial_bag(1 + len(places)), bags(learn, places, n)

        def says_kind(sentences):
            return (bag_scores(parameters, bags(sentences, places, n)) > 0).astype(int)

        return parameters, bag_loss, lambda rows: (there[rows], kind[rows]), says_kind
    places = vocabulary(learn)
    parameters = initial_reader(rng, contestant, 1 + len(places), D, H[contestant])

    def batch(rows):
        return *padded_tokens([learn[row] for row in rows], places), kind[rows]

    def says_kind(sentences):
        return reader_scores(contestant, parameters, *padded_tokens(sentences, places)).argmax(axis=1)

    return parameters, reader_loss(contestant), batch, says_kind


def negation(says_kind):
    """Shares that are right: of each kind of sentence, of whole quadruples, of whole pairs of the same words."""
    quadruples = np.array([says_kind(list(column)) for column in zip(*negation_quadruples(), strict=True)])
    pairs = np.array([says_kind(list(column)) for column in zip(*same_words_pairs(), strict=True)])
    right = quadruples == np.array([1, 0, 0, 1])[:, None]
    names = ("good", "not good", "bad", "not bad")
    return {name: float(row.mean()) for name, row in zip(names, right, strict=True)} | {
        "quadruples": float(right.all(axis=0).mean()),
        "same words": float((pairs == np.array([1, 0])[:, None]).all(axis=0).mean()),
    }
