"""What one mistake says of one result, and where it cannot be told."""

import numpy as np
import pytest

from tests.mistakes.told import graded, written
from unrolled.exercises import EXERCISES
from unrolled.exercises.recorded import RecordedExercise
from unrolled.recording import call

BEAMS = """
def beam_search(log_start, log_next, width, T):
    V = len(log_start)
    first = np.argsort(-log_start, kind="stable")[:width]
    beams, scores = [[token] for token in first], log_start[first]
    for _ in range(T - 1):
        options = np.concatenate([score + log_next[:, beam[-1]] for score, beam in zip(scores, beams)])
        best = np.argsort(-options, kind="stable")[:width]
        beams, scores = [beams[k // V] + [k % V] for k in best], scores[best // V]
    return np.array(beams[0]), scores[0]
"""


@pytest.mark.parametrize("seed", range(12))
def test_a_mistake_that_makes_a_result_longer_is_not_told_where_that_is_as_long_as_it_should_be(seed):
    """Where old beams stay, the best of them is one token long, and has the score that is returned here."""
    assert "stay among the continuations" not in graded(written("beam_search", BEAMS), seed).message


def test_which_results_a_mistake_reshapes_is_known_of_what_is_recorded_too():
    drawn, recorded = EXERCISES["windows_backward"], RecordedExercise("windows_backward")
    case, *_ = cases = recorded.known_cases(np.random.default_rng(0))
    right = recorded.expected(case)
    known = {mistake.sentence: mistake for mistake in recorded.mistakes}
    for mistake in drawn.mistakes:
        shaped = {i for i in [0] if np.shape(made := call(mistake.wrong, case).value) != np.shape(right) and made is not None}
        assert recorded.reshaped(known[mistake.sentence], case, right) == shaped == drawn.reshaped(mistake, case, right)
    assert len(cases) > 1
