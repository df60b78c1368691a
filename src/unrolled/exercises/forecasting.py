"""Assignment 09-forecasting: a series in its own past's units, simple forecasts, and errors that are too large."""

import numpy as np

from unrolled.exercises.exercise import Exercise
from unrolled.reference import forecasting


def _draw_parts(rng, sizes):
    """Columns of different units, one of them smaller than 1, the test part somewhere else; the last is mostly
    constant in training.

    Where it is not, the smallest unit is far below 1: whoever takes a small deviation for none is wrong.
    """
    T, n, D = 4 + sizes["T"], 5 + sizes["N"], 1 + sizes["D"]
    center, spread = rng.integers(3, 9, size=D), rng.uniform(2, 5, size=D)
    spread[0] /= 1000 if sizes["case"] == 1 else 10
    train, test = (center + spread * rng.normal(size=(rows, D)) for rows in (T, n))
    if sizes["case"] != 1:
        train[:, -1] = center[-1]
    return {"train": train, "test": test + spread}


def _draw_season(rng, sizes):
    """Whole seasons and a part of one, once of a single season; the forecasts go on for longer than a season,
    and once for less."""
    period = 2 + sizes["D"]
    least = 2 if sizes["case"] == 0 else 1  # steps beyond whole seasons: who is one step off is in another place
    T = (3, 1, 3, 4)[sizes["case"]] * period + int(rng.integers(least, period - least, endpoint=True))
    horizon = period - 2 if sizes["case"] == 1 else 2 * period + 1
    return {"series": 5 + rng.normal(size=T), "period": period, "horizon": horizon}


def _draw_series(rng, sizes):
    """A wave that drifts and is disturbed, so that every lag tells something of its own; p is 1 once."""
    p = (2, 3, 1, 4)[sizes["case"]]
    steps = np.arange(30 + 2 * sizes["T"])
    return {"series": 3 + np.sin(steps) + 0.1 * steps + rng.normal(size=len(steps)), "p": p}


def _draw_loop(rng, sizes):
    p = (2, 3, 1, 4)[sizes["case"]]
    coefficients = rng.uniform(0.2, 0.9, size=p) * rng.choice([-1, 1], size=p)
    return {
        "series": 2 + rng.normal(size=p + 3 + sizes["N"]),
        "coefficients": coefficients,
        "intercept": float(rng.uniform(0.5, 1.5)),
        "horizon": p + 2 + sizes["D"],
    }


def _draw_errors(rng, sizes):
    """Errors that are a little off 0 on average, larger after the first n, on both sides."""
    n = 4 + sizes["T"]
    errors = 0.7 + rng.normal(size=n + 6 + sizes["N"])
    errors[n:] *= 4
    return {"errors": errors, "n": n}


def _draw_smoothing(rng, sizes):
    """A share far from a half, where what is kept and what is taken would look alike; once all is kept,
    and once nothing."""
    z = float(rng.choice([rng.uniform(0.2, 0.4), rng.uniform(0.6, 0.8)]))
    z = {2: 1.0, 3: 0.0}.get(sizes["case"], z)
    return {"series": 4 + rng.normal(size=4 + sizes["T"]), "z": z}


def _draw_scaled(rng, sizes):
    """Forecasts that are a little too high; more than one season is forecast, and a part of one. The first series
    falls from season to season, so that a mean of differences has another sign than a mean of sizes."""
    period = 2 + sizes["D"]
    train = 5 + rng.normal(size=3 * period + int(rng.integers(1, period)))
    if sizes["case"] == 0 and (train[period:] - train[:-period]).sum() > 0:
        train = 10 - train
    actual = 6 + 2 * rng.normal(size=2 * period + 1)
    return {
        "train": train,
        "actual": actual,
        "forecasts": actual + 0.4 + rng.normal(size=len(actual)),
        "period": period,
    }


def _draw_origins(rng, sizes):
    """An even number of origins: of an odd number of squares the median is that of one error."""
    drawn = _draw_series(rng, sizes)
    horizon = 1 if sizes["case"] == 3 else 3 + sizes["case"]
    start = 20 + 2 * int(rng.integers(2)) + (horizon + 1) % 2
    return drawn | {"start": start, "horizon": horizon}


EXERCISES = (
    Exercise(forecasting.standardise, _draw_parts, rtol=3e-5),  # 1e-8 may be added to a std
    Exercise(forecasting.seasonal_naive, _draw_season),
    Exercise(forecasting.fit_autoregression, _draw_series),
    Exercise(forecasting.forecast_closed_loop, _draw_loop),
    Exercise(forecasting.anomaly_scores, _draw_errors),
    Exercise.unprinted("smoothed_forecasts", _draw_smoothing),
    Exercise.unprinted("scaled_error", _draw_scaled),
    Exercise.unprinted("rolling_origin_rmse", _draw_origins),
)
