"""Forecasting, chapter 9: series in units of the past, the simple forecasts that a network must beat, and errors
that are too large."""

import numpy as np


def standardise(train, test):
    """Both parts in units of the training part, equation (standardise): there the mean becomes 0, the deviation 1.

    train (T, D), test (T_test, D)  ->  scaled_train (T, D), scaled_test (T_test, D), mean (D,), std (D,)
    The statistics are those of train alone. A column that is constant in train has no unit of its own: its std is
    given as 1. With 1e-8 added to another column's std it is as right.
    """
    if not (len(train) and np.isfinite(train).all()):
        raise ValueError("the training part must hold a row at least, of finite numbers: fill or drop gaps.")
    mean = train.mean(axis=0)
    constant = train.max(axis=0) == train.min(axis=0)
    std = np.where(constant, 1, train.std(axis=0))
    scaled_train = (train - mean) / std
    scaled_test = (test - mean) / std
    return scaled_train, scaled_test, mean, std


def seasonal_naive(series, period, horizon):
    """The last season once more, again and again, equation (seasonal-naive); with a period of 1, the last
    value: persistence.

    series (T,), integers period and horizon  ->  forecasts (horizon,)
    """
    if not 1 <= period <= len(series):
        raise ValueError(
            f"a season must have been seen whole: the period is {period}, the series has {len(series)} values.")
    season = series[len(series) - period :]
    places = np.arange(horizon) % period
    forecasts = season[places]
    return forecasts


def fit_autoregression(series, p):
    """The weights of the last p values and an intercept, by least squares, equation (autoregression).  Yule 1927.

    series (T,), integer p >= 1  ->  coefficients (p,), intercept ()
    coefficients[0] belongs to the value just before, coefficients[1] to the one before that, and so on.
    """
    T = len(series)
    if p < 1 or T < 2 * p + 1 or not np.isfinite(series).all():
        raise ValueError(
            f"{p + 1} unknowns need a p of at least 1 and {2 * p + 1} values, all of them finite: the series has {T}.")
    lags = [series[p - i : T - i] for i in range(1, p + 1)]      # the newest first
    targets = series[p:]
    X = np.stack([*lags, np.ones_like(targets)], axis=1)
    solution = np.linalg.lstsq(X, targets, rcond=None)[0]
    coefficients = solution[:p]
    intercept = solution[p]
    return coefficients, intercept


def forecast_closed_loop(series, coefficients, intercept, horizon):
    """Forecasts of an autoregression after the end of series, equation (closed-loop): each is an input of the next.

    series (T,), coefficients (p,) the newest first, number intercept, integer horizon  ->  forecasts (horizon,)
    """
    p = len(coefficients)
    if len(series) < p:
        raise ValueError(f"an autoregression of order {p} starts from as many values: the series has {len(series)}.")
    recent = series[len(series) - p :][::-1]        # the newest first
    forecasts = []
    for _ in range(horizon):
        forecast = coefficients @ recent + intercept
        forecasts.append(forecast)
        recent = np.concatenate([[forecast], recent[:-1]])
    return np.array(forecasts)


def anomaly_scores(errors, n):
    """How unusual each error is, equation (anomaly-score): its distance from the usual mean in usual deviations.

    errors (T,), integer n >= 2 of errors on a stretch without anomalies  ->  scores (T,)
    """
    normal = errors[:n]
    if not np.ptp(normal) > 0:
        raise ValueError(f"the first {len(normal)} errors must be finite and differ: they say what is usual.")
    mean = normal.mean()
    std = normal.std()
    scores = np.abs(errors - mean) / std
    return scores
