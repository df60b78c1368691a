"""Known mistakes of assignment 08-attention in the search for a likely sequence."""

import numpy as np

from unrolled.mistakes.edits import edit, mistake, variants
from unrolled.reference.attention import beam_search

FIRST = 'best = np.argsort(-log_start, kind="stable")[:width]'
SCORES = "scores = log_start[best]"
STEPS = "for _ in range(T - 1):"
GROWN = "grown = scores[:, None] + log_next[beams[:, -1]]"
BEST = 'best = np.argsort(-grown, axis=None, kind="stable")[:width]'
BEAMS = "beams = np.concatenate([beams[rows], tokens[:, None]], axis=-1)"
CHOSEN = "scores = grown[rows, tokens]"
RETURN = "return beams[0], scores[0]"

# Which beginnings are kept.

for _name, _lines in {
    "greedy": [FIRST, FIRST.replace("width", "1"), BEST, BEST.replace("width", "1")],
    "best_alone_grown": [GROWN, "grown = scores[:1, None] + log_next[beams[:1, -1]]"],
}.items():
    edit(
        beam_search, *_lines,
        "this is what the greedy search finds: of all continuations of all beginnings together the best `width` are "
        "kept, not the best one alone or one for each beginning",
        name=_name,
    )
edit(
    beam_search, FIRST, FIRST.replace("[:width]", ""),
    "the first step keeps every token: it too keeps only the best `width` beginnings", name="all_first_tokens",
)
edit(
    beam_search, FIRST, FIRST.replace("width", "1"),
    "the search starts from the best first token alone: keep the best `width` of them from the first step on",
    name="one_first_token",
)
for _name, _new, _sentence in [
    ("one_after_the_first_step", BEST.replace("width", "1"),
     "after the first step only the best beginning is kept: keep the best `width` of all continuations at every step"),
    ("each_by_itself", "best = np.argmax(grown, axis=1) + np.arange(len(grown)) * grown.shape[1]\n"
                       "best = best[np.argsort(-grown.ravel()[best])]",
     "each beam is continued with its best token alone: a good beam may deserve two places, "
     "so compare all continuations of all beams"),
]:
    edit(beam_search, BEST, _new, _sentence, name=_name)
edit(
    beam_search, FIRST, "best = np.arange(min(width, len(log_start)))", SCORES,
    "scores = np.zeros_like(log_start[best])",
    "`log_start` is not used: a beginning of one token has the score `log_start[i]`",
)
edit(
    beam_search, BEST, BEST.replace("width", "width + 1"),
    "one beginning too many is kept after the first step: after each step there are `width` of them",
)
edit(
    beam_search, STEPS, "for _ in range(T):",
    "there is one token too many: the first is chosen before the loop, so T - 1 more are added in it",
)
edit(
    beam_search, STEPS, "for _ in range(T - 2):",
    "there is one token too few: after the first, which is chosen before the loop, T - 1 more are added in it",
)
edit(
    beam_search, GROWN, f"beams, scores = beams[-1:], scores[-1:]\n{GROWN}",
    "only the last of the beams is continued: is the list of continuations begun anew for each? "
    "Begin it before the loop over them",
)
edit(beam_search, RETURN, "return beams, scores",
    "all beams are returned: the best one's tokens and its score are asked for")
edit(
    beam_search, FIRST, FIRST.replace("width", "width + 1"), BEST, BEST.replace("width", "width + 1"),
    "one beginning too many is kept: after each step there are `width` of them", name="one_too_many",
)
edit(
    beam_search, FIRST, "best = np.arange(min(width, len(log_start)))",
    "the first tokens are not sorted: the best `width` of them are kept, not the first",
)
edit(
    beam_search, BEST, "best = np.arange(min(width, grown.size))",
    "the continuations are not sorted: of all of them together the best `width` are kept, not the first",
)
edit(
    beam_search, BEST, "best = np.arange(min(width, grown.size))", RETURN,
    "best = scores.argmax()\nreturn beams[best], scores[best]",
    "the continuations are not sorted: of all of them together the best `width` are kept, not the first",
    name="not_sorted_and_the_best_of_them_returned",
)
edit(
    beam_search, BEST, BEST.replace("-grown", "grown"),
    "the least probable continuations are kept: sorting puts the smallest first, so sort the scores with a minus, "
    "or take the end",
)
edit(
    beam_search, FIRST, FIRST.replace("-log_start", "log_start"), BEST, BEST.replace("-grown", "grown"),
    "the search keeps what is least probable: sorting puts the smallest first, so sort the scores with a minus, "
    "or take the end",
)
edit(
    beam_search, FIRST, FIRST.replace("-log_start", "log_start"),
    "the least probable first tokens are kept: sorting puts the smallest first, so sort the scores with a minus, "
    "or take the end",
)

# How they are grown and compared.

variants(beam_search, GROWN, {
    "grown = scores[:, None] * log_next[beams[:, -1]]":
        "logarithms are multiplied: probabilities multiply, and their logarithms add up",
    "grown = scores[:, None] + np.exp(log_next[beams[:, -1]])":
        "a probability is added to a logarithm: log_next holds logarithms already, so add them as they are",
    "grown = np.exp(scores)[:, None] + np.exp(log_next[beams[:, -1]])":
        "probabilities are added: along a sequence they multiply, and their logarithms add up",
    "grown = scores[:, None] + log_next[:, beams[:, -1]].T":
        "`log_next` is read by columns: its row i is for what follows token i",
    "grown = scores[:, None] + log_next[beams[:, 0]]":
        "each beam is continued from its first token: what comes next depends on the last one, `beams[:, -1]`",
    "grown = scores[:, None] + log_start":
        "`log_start` is used at every step: it is for the first token alone, "
        "then row i of log_next is for what follows token i",
    "grown = (scores[:, None] + log_next[beams[:, -1]]) / (beams.shape[1] + 1)":
        "the score is divided by the length at every step, so what came early is divided again and again: "
        "all beams are equally long, so compare their sums",
    "grown = scores[:, None] - log_next[beams[:, -1]]":
        "the logarithm of the next token's probability is taken away: it is added",
})
edit(
    beam_search, SCORES, "scores = np.zeros_like(log_start[best])",
    "the first token's probability is left out of the score: it starts with `log_start` of that token",
)
edit(
    beam_search, BEAMS,
    "beams = np.concatenate([beams[np.minimum(np.arange(len(rows)), len(beams) - 1)], tokens[:, None]], axis=-1)",
    "a token is added to the beam that stands in its place: it belongs to the one that it continues, `beams[rows]`",
)
edit(
    beam_search, BEAMS, "beams = np.concatenate([beams[: len(rows)] if len(rows) <= len(beams) else beams[rows], "
                        "tokens[:, None]], axis=-1)",
    "a token is added to the beam that stands in its place: it belongs to the one that it continues, `beams[rows]`",
    name="a_token_behind_the_beam_in_its_place_where_there_is_one",
)
PARTED = "rows, tokens = np.unravel_index(best, grown.shape)"
edit(
    beam_search, PARTED, f"{PARTED}\nchosen = grown[rows, tokens]\n"
                         "rows, tokens = best % len(beams), best // len(beams)", CHOSEN, "scores = chosen",
    "a place among all continuations is divided by the number of beams: each beam has V continuations, "
    "so the beam is `place // V` and the token `place % V`",
)
edit(
    beam_search, PARTED, f"{PARTED}\nchosen = grown[rows, tokens]\nrows, tokens = tokens % len(beams), rows", CHOSEN,
    "scores = chosen",
    "beam and token have changed places: rows are beams and columns are tokens, "
    "so `np.unravel_index` gives the beam first",
)
edit(
    beam_search, GROWN, f"{GROWN}\ngrown = np.where(np.arange(len(log_start)) == beams[:, -1:], -np.inf, grown)",
    "no token follows itself: nothing forbids it, and log_next says how probable it is",
)
edit(
    beam_search, BEST, 'best = np.argsort(-log_next[beams[:, -1]], axis=None, kind="stable")[:width]', RETURN,
    "best = scores.argmax()\nreturn beams[best], scores[best]",
    "the continuations are sorted by the last step alone: sort them by the sum of all steps",
    name="sorted_by_the_last_step_and_the_best_returned",
)
edit(
    beam_search, BEST, 'best = np.argsort(-log_next[beams[:, -1]], axis=None, kind="stable")[:width]',
    "the continuations are sorted by the last step alone: sort them by the sum of all steps",
    name="sorted_by_the_last_step",
)
edit(
    beam_search, CHOSEN, "scores = scores[rows]",
    "a beam's score stays what it was at its first token: after each step it takes in that of its new one, "
    "`grown[rows, tokens]`",
)

for _name, _lines in {
    "returned": [RETURN, "return beams[0], log_next[beams[0, -2], beams[0, -1]]"],
    "kept": [CHOSEN, "scores = log_next[beams[:, -2], tokens]"],
    "compared": [GROWN, "grown = log_next[beams[:, -1]]"],
}.items():
    edit(
        beam_search, *_lines,
        "the score of the last step takes the place of the sum: a beam's score is that of all its steps",
        name=f"last_score_{_name}",
    )

# What is returned.

edit(
    beam_search, FIRST, FIRST.replace("-log_start", "log_start"), BEST, BEST.replace("-grown", "grown"),
    RETURN, "best = scores.argmax()\nreturn beams[best], scores[best]",
    "the search keeps what is least probable: sorting puts the smallest first, so sort the scores with a minus, "
    "or take the end",
    name="least_probable_kept_and_the_best_of_them_returned",
)
variants(beam_search, RETURN, {
    "last = np.lexsort(beams.T[::-1])[-1]\nreturn beams[last], scores[last]":
        "the beam with the largest tokens is returned: return the one with the largest score, "
        "as `max` finds it with a `key=`",
    "return beams[-1], scores[-1]":
        "a beam is returned that is not the most probable: the most probable one comes first when the best come "
        "first, and `scores.argmax()` finds it in any order",
    "return beams[0], np.exp(scores[0])":
        "the probability is returned: log_probability is its logarithm, the sum of the steps'",
    "return beams[0], -scores[0]":
        "the log-probability has the wrong sign: the logarithm of a probability is at most 0",
    "return beams[0], scores[0] / T":
        "the log-probability is a mean over the steps: it is their sum, the logarithm of the whole sequence's "
        "probability",
    "return beams[0], scores[0] / np.log(2)":
        "the log-probability is in bits: it is the sum of the logarithms as they are given",
    "return beams[0][::-1].copy(), scores[0]": "the tokens stand in reverse order: the first of them comes first",
    "return beams[0], scores.sum()":
        "the scores of all beams are added: log_probability is that of the sequence that is returned",
    "return beams[0], scores[0] - np.log(np.exp(scores).sum())":
        "the probability is a share among the beams: it is the sequence's own, the sum of its steps' logarithms",
    "return beams[0] + 1, scores[0]": "the tokens are counted from 1: they are the places in log_start, from 0",
})


@mistake(beam_search, "this is the most probable of all sequences: a search of this width drops beginnings, "
                      "and with them sometimes the best")
def exhaustive(log_start, log_next, width, T):
    """By dynamic programming, as Viterbi does it."""
    score, before = log_start, []
    for _ in range(T - 1):
        grown = score[:, None] + log_next
        before.append(grown.argmax(axis=0))
        score = grown.max(axis=0)
    tokens = [score.argmax()]
    for pointers in reversed(before):
        tokens.insert(0, pointers[tokens[0]])
    return np.array(tokens), score.max()


@mistake(beam_search, "each beam keeps `width` continuations of its own, and none is dropped after that: "
                      "cut to `width` what all beams have together")
def none_dropped(log_start, log_next, width, T):
    """The most probable of all in which each token is among the `width` likeliest after the one before it."""
    likely = (np.where(logs >= np.sort(logs)[..., -width:][..., :1], logs, -np.inf) for logs in (log_start, log_next))
    return exhaustive(*likely, width, T)


@mistake(
    beam_search,
    "the beams of the step before stay among the continuations: a shorter one has a larger score, "
    "so begin each step with an empty list",
    name="old_beams_stay",
)
def old_beams_stay(log_start, log_next, width, T):
    beams = sorted(((score, (i,)) for i, score in enumerate(log_start)), reverse=True)[:width]
    for _ in range(T - 1):
        grown = [(score + step, (*tokens, i)) for score, tokens in beams
            for i, step in enumerate(log_next[tokens[-1]])]
        beams = sorted(beams + grown, reverse=True)[:width]
    return np.array(beams[0][1]), beams[0][0]


@mistake(beam_search, "every step takes the most probable token by itself: "
                      "what may follow depends on the token before, row i of log_next")
def each_step_alone(log_start, log_next, width, T):
    p, tokens, log_probability = np.exp(log_start), [], 0.0
    for _ in range(T):
        tokens.append(int(p.argmax()))
        log_probability += float(np.log(p.max()))
        p = p @ np.exp(log_next)
    return np.array(tokens), log_probability


@mistake(beam_search, "beams that end in the same token are merged: each beginning is a beam of its own, "
                      "though what may follow is the same", name="merged")
def one_beam_a_token(log_start, log_next, width, T):
    tokens = np.argsort(-log_start)[:width]
    beams, scores = tokens[:, None], log_start[tokens]
    for _ in range(T - 1):
        grown = scores[:, None] + log_next[beams[:, -1]]
        rows = grown.argmax(axis=0)
        tokens = np.argsort(-grown.max(axis=0))[:width]
        beams, scores = np.concatenate([beams[rows[tokens]], tokens[:, None]], axis=1), grown.max(axis=0)[tokens]
    return beams[0], scores[0]


@mistake(
    beam_search,
    "the beams share one list of tokens: `append` changes the list of the beam that is continued, "
    "and of all that come of it, so make a new one, `tokens + [i]`",
)
def one_list_for_all_that_come_of_a_beam(log_start, log_next, width, T):
    beams = [([int(i)], log_start[i]) for i in np.argsort(-log_start)[:width]]
    for _ in range(T - 1):
        rows = np.array([score + log_next[tokens[-1]] for tokens, score in beams])
        parents, beams = beams, []
        for place in np.argsort(-rows, axis=None, kind="stable")[:width]:
            row, token = divmod(int(place), len(log_start))
            parents[row][0].append(token)
            beams.append((parents[row][0], rows[row, token]))
    return np.array(beams[0][0]), beams[0][1]


def sorted_by_tokens(first, best):
    """As Python sorts tuples, from the front; first is the key of the first sort, and best says which beam is
    returned, with its score."""

    def search(log_start, log_next, width, T):
        beams = sorted((((i,), score) for i, score in enumerate(log_start)), key=first, reverse=True)[:width]
        for _ in range(T - 1):
            grown = [((*tokens, i), score + step) for tokens, score in beams
                for i, step in enumerate(log_next[tokens[-1]])]
            beams = sorted(grown, reverse=True)[:width]
        tokens, score = best(beams)
        return np.array(tokens), score

    return search


def score_of(beam):
    return beam[1]


for _name, _first, _best in [
    ("and_the_first_returned", None, lambda beams: beams[0]),
    ("and_the_best_returned", None, lambda beams: max(beams, key=score_of)),
    ("after_the_first_step", score_of, lambda beams: beams[0]),
]:
    mistake(
        beam_search,
        "the beginnings are sorted by their tokens, and not by their scores: Python compares tuples from the front, "
        "so name the score, `key=`",
        name=f"sorted_by_tokens_{_name}",
    )(sorted_by_tokens(_first, _best))
