"""Unusual beats made by hand: what is changed and what is not, and which alarms are right."""

import numpy as np
import pytest

from unrolled.heartbeat_alarms import (
    CHOOSE,
    CLEAN,
    KINDS,
    LEARN,
    USUAL,
    alarms,
    error_scores,
    moving_z,
    peaks,
    slow_heartbeats,
    spoiled,
)


@pytest.fixture
def heart():
    return slow_heartbeats()[0]


def test_the_marked_beat_lies_behind_all_that_is_used(heart):
    _, marked = slow_heartbeats()
    assert len(heart) == 1875 and np.flatnonzero(marked)[0] > CLEAN
    assert len(peaks(heart)) == 26


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("start, end", [(USUAL, CHOOSE), (CHOOSE, CLEAN)])
def test_an_event_lies_in_its_stretch_and_nothing_before_it_changes(kind, start, end, heart, rng):
    other, first, last = spoiled(rng, heart, kind, start, end)
    changed = np.flatnonzero(other != heart)
    assert start <= first <= changed[0] and last < end
    if kind != "early":         # after which all comes earlier
        assert changed[-1] <= last


def test_events_are_what_they_are_called(heart, rng):
    made = {kind: spoiled(rng, heart, kind, CHOOSE, CLEAN) for kind in KINDS}
    beats = peaks(heart[CHOOSE:CLEAN])
    missing, first, last = made["missing"]
    assert len(peaks(missing[CHOOSE:CLEAN])) == len(beats) - 1 and missing[first : last + 1].max() < 0
    turned, first, last = made["upside down"]
    assert turned[first : last + 1].min() < heart.min() - 0.3
    early, _, last = made["early"]
    assert np.diff(peaks(early[:CLEAN])).min() == np.diff(peaks(heart[:CLEAN]))[list(peaks(early[:CLEAN])).index(last) - 1] - 18


def test_a_moving_z_score_compares_with_the_values_before():
    np.testing.assert_allclose(moving_z(np.array([1.0, 3, 6, 0]), 2), [0, 0, 4, 4.5 / 1.5])


def test_what_was_learned_from_has_no_score():
    scores = error_scores(np.random.default_rng(0).normal(size=CLEAN))
    assert not scores[:LEARN].any() and scores[LEARN:].all()


def test_alarms_count_what_is_over_the_usual(heart):
    def knows_everything(values):
        return (values != heart).astype(float)

    found, false = alarms(knows_everything, heart, np.random.default_rng(0), CHOOSE, CLEAN, each=3)
    assert found == dict.fromkeys(KINDS, 1.0) and false == 0

    def cries_at_each_beat(values):
        return np.isin(np.arange(len(values)), peaks(heart)) * (np.arange(len(values)) >= USUAL).astype(float)

    found, false = alarms(cries_at_each_beat, heart, np.random.default_rng(0), CHOOSE, CLEAN, each=3)
    assert found == dict.fromkeys(KINDS, 0.0) and false == len(peaks(heart[CHOOSE:CLEAN]))
