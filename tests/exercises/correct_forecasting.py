"""Right answers to assignment 09-forecasting, as students write them."""

from collections import deque

import numpy as np

from tests.exercises.correct import correct
from unrolled.reference import anomaly_scores, fit_autoregression, forecast_closed_loop, seasonal_naive, standardise
from unrolled.withheld import rolling_origin_rmse, scaled_error, smoothed_forecasts


@correct(standardise)
def standardise_by_condition(train, test):
    mean, std = np.mean(train, axis=0), np.std(train, axis=0)
    std[std == 0] = 1.0
    return (train - mean) / std, (test - mean) / std, mean, std


@correct(standardise)
def standardise_column_by_column(train, test):
    scaled_train, scaled_test = np.empty_like(train), np.empty_like(test)
    mean, std = np.zeros(train.shape[1]), np.zeros(train.shape[1])
    for d in range(train.shape[1]):
        mean[d] = sum(train[:, d]) / len(train)
        std[d] = (sum((train[:, d] - mean[d]) ** 2) / len(train)) ** 0.5
        if std[d] < 1e-9:
            std[d] = 1
        scaled_train[:, d] = (train[:, d] - mean[d]) / std[d]
        scaled_test[:, d] = (test[:, d] - mean[d]) / std[d]
    return scaled_train, scaled_test, mean, std


@correct(standardise)
def standardise_by_the_second_moment(train, test):
    mean = train.mean(0)
    variance = np.maximum((train**2).mean(0) - mean**2, 0)
    std = np.sqrt(np.where(variance < 1e-10, 1, variance))
    return [np.divide(part - mean, std) for part in (train, test)] + [mean, std]


@correct(seasonal_naive)
def naive_one_by_one(series, period, horizon):
    return np.array([series[len(series) - period + i % period] for i in range(horizon)])


@correct(seasonal_naive)
def naive_by_appending(series, period, horizon):
    longer = list(series)
    for _ in range(horizon):
        longer.append(longer[-period])
    return np.array(longer[len(series) :])


@correct(seasonal_naive)
def naive_by_tiles(series, period, horizon):
    return np.tile(series[-period:], horizon // period + 1)[:horizon]


@correct(seasonal_naive)
def naive_by_resize(series, period, horizon):
    return np.resize(series[-period:], horizon)


@correct(fit_autoregression)
def fit_by_normal_equations(series, p):
    rows = np.array([[*series[t - p : t][::-1], 1.0] for t in range(p, len(series))])
    solution = np.linalg.solve(rows.T @ rows, rows.T @ series[p:])
    return solution[:-1], solution[-1]


@correct(fit_autoregression)
def fit_by_a_sliding_view(series, p):
    past = np.lib.stride_tricks.sliding_window_view(series, p)[:-1, ::-1]
    X = np.hstack([np.ones((len(past), 1)), past])
    solution = np.linalg.pinv(X) @ series[p:]
    return solution[1:], float(solution[0])


@correct(fit_autoregression)
def fit_by_centred_columns(series, p):
    """The intercept comes out of the means afterwards."""
    X = np.column_stack([series[p - 1 - i : len(series) - 1 - i] for i in range(p)])
    y = series[p:]
    coefficients, *_ = np.linalg.lstsq(X - X.mean(axis=0), y - y.mean(), rcond=None)
    return coefficients, y.mean() - X.mean(axis=0) @ coefficients


@correct(fit_autoregression)
def fit_by_qr(series, p):
    T = len(series)
    X = np.ones((T - p, p + 1))
    for lag in range(1, p + 1):
        X[:, lag - 1] = series[p - lag : T - lag]
    Q, R = np.linalg.qr(X)
    solution = np.linalg.solve(R, Q.T @ series[p:])
    return solution[:p].copy(), solution[p]


@correct(forecast_closed_loop)
def loop_by_appending(series, coefficients, intercept, horizon):
    values = list(series)
    for _ in range(horizon):
        values.append(intercept + sum(a * values[-i] for i, a in enumerate(coefficients, start=1)))
    return np.array(values[len(series) :])


@correct(forecast_closed_loop)
def loop_with_a_queue(series, coefficients, intercept, horizon):
    p = len(coefficients)
    queue = deque(series[-p:], maxlen=p)
    forecasts = np.zeros(horizon)
    for i in range(horizon):
        forecasts[i] = np.dot(coefficients[::-1], queue) + intercept
        queue.append(forecasts[i])
    return forecasts


@correct(forecast_closed_loop)
def loop_into_one_array(series, coefficients, intercept, horizon):
    p, T = len(coefficients), len(series)
    everything = np.concatenate([series, np.empty(horizon)])
    for t in range(T, T + horizon):
        everything[t] = intercept + coefficients @ everything[t - p : t][::-1]
    return everything[T:]


@correct(forecast_closed_loop)
def loop_by_rolling(series, coefficients, intercept, horizon):
    recent = series[-len(coefficients) :][::-1].copy()
    forecasts = []
    for _ in range(horizon):
        forecasts += [(coefficients * recent).sum() + intercept]
        recent = np.roll(recent, 1)
        recent[0] = forecasts[-1]
    return np.asarray(forecasts)


@correct(anomaly_scores)
def scores_of_the_distance(errors, n):
    usual = errors[:n]
    distance = np.abs(errors - np.mean(usual))
    return distance / np.sqrt(np.mean(distance[:n] ** 2))


@correct(anomaly_scores)
def scores_in_a_loop(errors, n):
    mean = sum(errors[:n]) / n
    variance = sum((e - mean) ** 2 for e in errors[:n]) / n
    return np.array([abs(e - mean) / variance**0.5 for e in errors])


@correct(anomaly_scores)
def scores_of_z(errors, n):
    z = (errors - errors[:n].mean()) / errors[:n].std(ddof=0)
    return np.where(z < 0, -z, z)


@correct(smoothed_forecasts)
def smoothed_by_the_error(series, z):
    forecasts = np.empty(len(series))
    forecasts[0] = series[0]
    for t in range(1, len(series)):
        error = series[t - 1] - forecasts[t - 1]
        forecasts[t] = forecasts[t - 1] + (1 - z) * error
    return forecasts


@correct(smoothed_forecasts)
def smoothed_by_weights(series, z):
    """The level written out: every past value by its weight."""
    forecasts = [series[0]]
    for t in range(1, len(series)):
        weights = (1 - z) * z ** np.arange(t)[::-1]
        forecasts.append(z**t * series[0] + weights @ series[:t])
    return np.array(forecasts)


@correct(scaled_error)
def scaled_by_shifting(train, actual, forecasts, period):
    naive = [abs(train[t] - train[t - period]) for t in range(period, len(train))]
    return np.mean(np.abs(forecasts - actual)) / np.mean(naive)


@correct(scaled_error)
def scaled_error_by_error(train, actual, forecasts, period):
    unit = np.mean(np.abs(train[:-period] - train[period:]))
    return float(np.mean(np.abs((actual - forecasts) / unit)))


@correct(rolling_origin_rmse)
def rolling_by_own_squares(series, p, start, horizon):
    squares, count = np.zeros(horizon), 0
    for t in range(start, len(series) - horizon + 1):
        rows = np.array([[*series[s - p : s][::-1], 1.0] for s in range(p, t)])
        weights = np.linalg.lstsq(rows, series[p:t], rcond=None)[0]
        known = list(series[:t])
        for i in range(horizon):
            known.append(float(np.dot(known[: -p - 1 : -1], weights[:-1]) + weights[-1]))
            squares[i] += (known[-1] - series[t + i]) ** 2
        count += 1
    return np.sqrt(squares / count)


@correct(rolling_origin_rmse)
def rolling_in_a_table(series, p, start, horizon):
    origins = np.arange(start, len(series) - horizon + 1)
    forecasts = np.array([forecast_closed_loop(series[:t], *fit_autoregression(series[:t], p), horizon) for t in origins])
    wanted = np.lib.stride_tricks.sliding_window_view(series[start:], horizon)
    return np.sqrt(((forecasts - wanted) ** 2).mean(0))
