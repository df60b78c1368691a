"""Does a forecaster find what is unusual in a heartbeat better than a moving z-score does?

Each detector's setting (the z-score's window, the autoregression's order, a network's rate) is chosen by what goes
wrong on one stretch, events that are missed and false alarms, and reported is what it finds on the next one. A seed
draws the unusual beats, the same for all detectors, and a network's start.
"""

import numpy as np

from unrolled.cells import lstm_cell, tanh_cell
from unrolled.heartbeat_alarms import (
    CHOOSE,
    CLEAN,
    LEARN,
    USUAL,
    alarms,
    error_scores,
    moving_z,
    peaks,
    slow_heartbeats,
)
from unrolled.reference import fit_autoregression
from unrolled.series import learn_series, one_step, series_windows
from unrolled.training import initial_parameters

CELLS = {"tanh": (tanh_cell, 24, 1), "LSTM": (lstm_cell, 12, 4)}        # 649 and 685 parameters
UPDATES, EACH, T = 200, 10, 75
GRIDS = {"moving z": (9, 18, 36, 72, 144), "autoregression": (2, 4, 9, 18, 36)} | dict.fromkeys(
    CELLS, (0.001, 0.003, 0.01, 0.03))
SETTINGS = [
    {"detector": detector, "setting": setting, "seed": seed}
    for detector, grid in GRIDS.items() for setting in grid for seed in range(8)
]


def measure(detector, setting, seed):
    """validation: of made events where one chooses, the share that is missed, and 1 for each false alarm; found: of
    others, that found.

    marked: the highest score in the beat that was marked in the record, in units of the threshold; at beats: of the
    twenty highest scores on the usual stretch, how many lie within three values of a beat's peak.
    """
    series, unusual = slow_heartbeats()
    scores_of = detectors(series, detector, setting, seed)
    chosen, alarmed = alarms(scores_of, series, np.random.default_rng([seed, 0]), USUAL, CHOOSE, EACH)
    found, false = alarms(scores_of, series, np.random.default_rng([seed, 1]), CHOOSE, CLEAN, EACH)
    scores = scores_of(series)
    highest = LEARN + np.argsort(scores[LEARN:USUAL])[-20:]
    from_peak = np.abs(highest[:, None] - peaks(series)).min(axis=1)
    return {
        "validation": round(1 - float(np.mean(list(chosen.values()))) + alarmed, 4),
        "found": round(float(np.mean(list(found.values()))), 4),
        "by kind": found, "false": false, "marked": round(float(scores[unusual].max() / scores[LEARN:USUAL].max()), 3),
        "at beats": int((from_peak <= 3).sum()),
    }


def detectors(series, detector, setting, seed):
    """What gives every value of a series its score."""
    if detector == "moving z":
        return lambda other: moving_z(other, setting)
    forecasts = autoregression(series, setting) if detector == "autoregression" else network(
        series, detector, setting, seed)
    return lambda other: error_scores(other - forecasts(other))


def autoregression(series, p):
    coefficients, intercept = fit_autoregression(series[:LEARN], p)

    def forecasts(other):
        lags = np.lib.stride_tricks.sliding_window_view(other, p)[:-1, ::-1]      # the newest first
        return np.concatenate([other[:p], lags @ coefficients + intercept])

    return forecasts


def network(series, name, rate, seed):
    cell, H, k = CELLS[name]
    rng = np.random.default_rng(seed)
    parameters = initial_parameters(rng, 1, H, 1, k)
    mean, std = series[:LEARN].mean(), series[:LEARN].std()
    learn_series(cell, parameters, series_windows(rng, (series[:LEARN] - mean) / std, UPDATES, T), rate)
    return lambda other: one_step(cell, parameters, (other - mean) / std) * std + mean
