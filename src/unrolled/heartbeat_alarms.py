"""A task of chapter 9: to notice what is unusual in an electrocardiogram.

Its stretches, unusual beats made by hand, and when an alarm is right.
"""

import numpy as np

from unrolled.data import heartbeats
from unrolled.reference import anomaly_scores

RATE = 90  # values a second: the mean of every four that were recorded
LEARN, USUAL, CHOOSE = 720, 1080, 1400  # where the stretches to learn from, to say what is usual and to choose by end
CLEAN = 1725  # the stretch to report on ends here, before the beat that somebody has marked
KINDS = ("spike", "early", "missing", "upside down")
LATE = 18  # values after an event in which an alarm still counts for it: a fifth of a second


def slow_heartbeats():
    """Millivolts (1875,), RATE values a second, and which of them lie in the marked beat."""
    millivolts, unusual = heartbeats()
    return millivolts.reshape(-1, 4).mean(axis=1), unusual.reshape(-1, 4).any(axis=1)


def peaks(series, least=0.5):
    """Where a beat has its highest value."""
    middle = series[1:-1]
    return 1 + np.flatnonzero((middle > least) & (middle >= series[:-2]) & (middle > series[2:]))


def spoiled(rng, series, kind, start, end):
    """A copy of series (n,) with something unusual of that kind between start and end, and where that begins and ends.

    spike: two values are .4 mV too high; early: a beat comes .2 s too soon; missing: a beat is left out; upside
    down: it is mirrored.
    """
    series = series.copy()
    beats = peaks(series)
    peak = int(rng.choice(beats[(beats > start + 40) & (beats < end - 60)]))
    if kind == "spike":
        place = int(rng.integers(start + 40, end - 60))
        series[place : place + 2] += 0.4
        return series, place, place + 1
    if kind == "early":
        cut = peak - 34 + int(rng.integers(4))  # in the calm before the beat
        series[cut:-18] = series[cut + 18 :]
        return series, cut, peak - 18
    around = slice(peak - 8, peak + 9)
    calm = np.linspace(series[peak - 9], series[peak + 9], 17)
    series[around] = calm if kind == "missing" else 2 * calm - series[around]
    return series, peak - 8, peak + 8


def moving_z(series, n):
    """Each value's distance from the mean of the n values before it, in their deviations; 0 while there
    are not so many.

    series (T,), integer n >= 2  ->  scores (T,)
    """
    scores = np.zeros_like(series)
    before = np.lib.stride_tricks.sliding_window_view(series, n)[:-1]
    deviations = np.maximum(before.std(axis=1), 1e-3)  # a thousandth of a millivolt: nothing is measured finer
    scores[n:] = np.abs(series[n:] - before.mean(axis=1)) / deviations
    return scores


def error_scores(errors):
    """Scores (T,) of a forecaster's errors (T,), in units of those on the usual stretch; what it learned from
    is not scored, 0."""
    scores = np.zeros_like(errors)
    scores[LEARN:] = anomaly_scores(errors[LEARN:], USUAL - LEARN)
    return scores


def alarms(scores_of, series, rng, start, end, each):
    """What a detector finds between start and end, where its alarm goes off above the highest score of
    the usual stretch.

    scores_of(series) -> scores (T,); of each kind, `each` unusual beats are made, one at a time. An alarm finds one
    when it sounds there, and none would have sounded there without it.
    ->  a dict from kind to the share that is found, and the number of false alarms between start and end
    where nothing is unusual
    """
    clean = scores_of(series)
    threshold = clean[LEARN:USUAL].max()

    def finds(other, first, last):
        there = slice(first, last + LATE)
        return scores_of(other)[there].max() > threshold >= clean[there].max()

    found = {
        kind: float(np.mean([finds(*spoiled(rng, series, kind, start, end)) for _ in range(each)])) for kind in KINDS
    }
    above = clean[start:end] > threshold
    return found, int((above & ~np.concatenate([[False], above[:-1]])).sum())
