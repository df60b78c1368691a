"""Of assignment 09-forecasting, what no page prints: a gate that nobody trained, an error in the simple thing's
units, and a fair test."""

import numpy as np

from unrolled.reference import fit_autoregression, forecast_closed_loop


def smoothed_forecasts(series, z):
    """Each value forecast by a level that keeps the share z of itself and takes the rest from every value that
    comes.  Holt 1957.

    series (T,), number z from 0 to 1  ->  forecasts (T,)
    forecasts[t] is made before series[t] is known; forecasts[0] is given as series[0].
    """
    level = series[0]
    forecasts = []
    for x in series:
        forecasts.append(level)
        level = z * level + (1 - z) * x
    return np.array(forecasts)


def scaled_error(train, actual, forecasts, period):
    """The mean absolute error of forecasts, in that of the seasonal naive forecast in training: below 1 is
    better than that.

    train (T,), actual (horizon,), forecasts (horizon,), integer period  ->  error ()
    In training each value is forecast by the one a period before it.  Hyndman & Koehler 2006.
    """
    simple = np.abs(train[period:] - train[: len(train) - period]).mean()
    own = np.abs(actual - forecasts).mean()
    error = own / simple
    return error


def rolling_origin_rmse(series, p, start, horizon):
    """The root mean squared error of an autoregression for each step ahead, fitted anew at every origin from start on.

    series (T,), integers p, start and horizon  ->  rmse (horizon,)
    At origin t the first t values are known, and the horizon values after them are forecast; the last
    origin is T - horizon.
    """
    errors = []
    for t in range(start, len(series) - horizon + 1):
        past = series[:t]
        coefficients, intercept = fit_autoregression(past, p)
        forecasts = forecast_closed_loop(past, coefficients, intercept, horizon)
        errors.append(forecasts - series[t : t + horizon])
    rmse = np.sqrt(np.mean(np.square(errors), axis=0))
    return rmse
