"""Searches that drop no beam: they keep as many as there are sequences, so what is drawn has few enough."""

import numpy as np
import pytest

from tests.mistakes.told import assert_told, edited
from unrolled.exercises import EXERCISES

IN_LISTS = """def beam_search(log_start, log_next, width, T):
    beams = sorted(((score, [v]) for v, score in enumerate(log_start)), reverse=True)[:width]
    for t in range(1, T):
        grown = []
        for score, tokens in beams:
            after = np.argsort(-log_next[tokens[-1]])
            for v in after:
                grown.append((score + log_next[tokens[-1], v], tokens + [int(v)]))
        beams = sorted(grown, reverse=True)[:width]
    score, tokens = beams[0]
    return np.array(tokens), score
"""


@pytest.mark.parametrize(
    "changes, words",
    [
        (["for v in after", "for v in after[:width]", "reverse=True)[:width]\n    score", "reverse=True)\n    score"],
            "Each beam keeps `width` continuations of its own, and none is dropped after that"),
        (["[:width]", ""], "This is the most probable of all sequences"),
    ],
    ids=["after the first step", "ever"],
)  # fmt: skip
def test_a_search_that_drops_no_beam_is_told_so(changes, words):
    """It keeps V**T beams: the fewer tokens and steps are drawn, the sooner it ends."""
    for case in EXERCISES["beam_search"].cases(np.random.default_rng(0)):
        assert len(case["log_start"]) ** case["T"] < 50_000
    assert_told(edited("beam_search", IN_LISTS, changes), words)
