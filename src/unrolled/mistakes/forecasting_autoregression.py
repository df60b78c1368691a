"""Known mistakes of assignment 09-forecasting: autoregression, its fit and its forecasts."""

import numpy as np

from unrolled.mistakes.edits import edit, mistake, variants
from unrolled.reference.forecasting import fit_autoregression, forecast_closed_loop

LAGS = "lags = [series[p - i : T - i] for i in range(1, p + 1)]"
TARGETS = "targets = series[p:]"
X = "X = np.stack([*lags, np.ones_like(targets)], axis=1)"
SOLUTION = "solution = np.linalg.lstsq(X, targets, rcond=None)[0]"
COEFFICIENTS, INTERCEPT = "coefficients = solution[:p]", "intercept = solution[p]"

variants(fit_autoregression, COEFFICIENTS, {
    "coefficients = solution[:p][::-1]":
        "the coefficients stand oldest first: `coefficients[0]` belongs to the value just before, "
        "so turn the lags round",
    "coefficients = solution[1:]":
        "the intercept stands among the coefficients: its column of ones comes last, so they are the first p",
    "coefficients = solution": "the intercept stands among the coefficients too: they are p numbers, one a lag",
})
edit(
    fit_autoregression, COEFFICIENTS, "coefficients = solution[1:]", INTERCEPT, "intercept = solution[0]",
    "the intercept and the coefficients have changed places: with a column of ones at the end the intercept is the "
    "last, `solution[p]`",
)
variants(fit_autoregression, X, {
    "X = np.stack([*lags, np.zeros_like(targets)], axis=1)":
        "there is no intercept: a column of ones beside the lags gives the fit one",
    "X = np.stack([np.ones_like(targets), *lags], axis=1)":
        "the intercept and a coefficient have changed places: which number of the solution belongs to the column of "
        "ones, the first or the last?",
})
variants(fit_autoregression, LAGS, {
    "lags = [series[p - i : T - i] for i in range(p)]":
        "the present value is among its own lags: the newest that may be known is the one before, `series[t - 1]`",
    "lags = [series[p - 1 : T - 1]] * p": "every lag is the value just before: lag i is i steps before the target",
})
edit(
    fit_autoregression, LAGS, "lags = [series[p - i : T - i - 1] for i in range(1, p + 1)]", TARGETS,
    "targets = series[p + 1 :]",
    "the target is two steps after the newest value: it is the very next one",
)
edit(
    fit_autoregression, LAGS, "lags = [series[p - i : T - i - 1] for i in range(1, p + 1)]", TARGETS,
    "targets = series[p : T - 1]",
    "the last value is not used: the targets are `series[p:]`, to the end",
)
edit(
    fit_autoregression, LAGS, "lags = [series[p - i + 1 : T - i] for i in range(1, p + 1)]", TARGETS,
    "targets = series[p + 1 :]",
    "the first target is not used: the series can be forecast from its value number p on, `series[p:]`",
)
edit(
    fit_autoregression, LAGS, "lags = [series[i : T - p + i] for i in range(1, p + 1)]", TARGETS,
    "targets = series[: T - p]",
    "the past is predicted from the future: a value is explained by those before it, "
    "so the lags of `series[t]` are `series[t - 1]` and so on",
)
edit(
    fit_autoregression, LAGS, "lags = [np.roll(series, i) for i in range(1, p + 1)]", TARGETS, "targets = series",
    "the lags wrap round: `np.roll` puts the last values before the first, so leave the first p targets out",
)
edit(
    fit_autoregression, LAGS,
    "padded = np.concatenate([np.zeros(p), series])\nlags = [padded[p - i : T + p - i] for i in range(1, p + 1)]",
    TARGETS, "targets = series",
    "zeros stand for the values before the first: only targets whose p lags were seen count, `series[p:]`",
)
edit(
    fit_autoregression, LAGS, f"level = series.mean()\nseries = series - level\n{LAGS}", INTERCEPT,
    "intercept = level",
    "the mean of the series is given as the intercept: the intercept is what stands beside the coefficients when the "
    "values are taken as they are",
)
edit(
    fit_autoregression, LAGS, f"series = series - series.mean()\n{LAGS}",
    "the mean is taken away first: then the intercept is that of another series, so fit the values as they are",
)
edit(
    fit_autoregression, LAGS, f"series = (series - series.mean()) / series.std()\n{LAGS}",
    "the series is standardised first: then the intercept is that of another series, so fit the values as they are",
)
edit(
    fit_autoregression, LAGS, f"series = np.diff(series)\nT = T - 1\n{LAGS}",
    "the differences are fitted: fit the values themselves",
)
edit(
    fit_autoregression, SOLUTION, "solution = np.linalg.lstsq(X[::p], targets[::p], rcond=None)[0]",
    "only every p-th value is a target: each value that has p before it is one, so their windows overlap",
)
MEAN_OF_ALL = "series.mean()"
edit(
    fit_autoregression, TARGETS, "targets = series[: T - p]",
    "the value that is explained is among its own lags, the oldest of them: the targets are `series[p:]`, "
    "the values after the lags", name="target_among_its_lags",
)
edit(
    fit_autoregression, TARGETS, "targets = series[p:] - series[p - 1 : T - 1]",
    "the targets are changes from the value before: they are the values themselves, `series[p:]`",
)
edit(
    fit_autoregression, LAGS, "lags = [np.roll(series, i + 1)[p:] for i in range(1, p + 1)]",
    "the newest lag is two steps before the target: it is the value just before, `series[t - 1]`",
)
variants(fit_autoregression, INTERCEPT, {
    f"intercept = solution[p] - {MEAN_OF_ALL}":
        "the mean is taken away from the targets and not given back: fit the values as they are, "
        "or add what was taken away to the intercept",
    "intercept = solution[p] - targets.mean()":
        "the mean of the targets is taken away from them and not given back: fit the values as they are, "
        "or add it to the intercept",
    f"intercept = solution[p] + coefficients.sum() * {MEAN_OF_ALL}":
        "the mean is taken away from the lags and not given back: fit the values as they are, "
        "or take its share out of the intercept",
    f"intercept = {MEAN_OF_ALL} * (1 - coefficients.sum())":
        "the intercept is made of the mean of the whole series: that of the targets and those of the lags differ a "
        "little, so fit the values with a column of ones",
    "intercept = targets.mean() * (1 - coefficients.sum())":
        "the intercept is made of the mean of the targets alone: those of the lags differ a little, "
        "so fit the values with a column of ones",
})
CENTRED = f"solution = np.linalg.lstsq(X[:, :p] - {MEAN_OF_ALL}, targets - {MEAN_OF_ALL}, rcond=None)[0]"
for _name, _intercept in {
    "of_the_means": "targets.mean() - np.mean(lags, axis=1) @ coefficients",
    "of_one_mean": f"{MEAN_OF_ALL} * (1 - coefficients.sum())", "of_none": "0.0",
}.items():
    edit(
        fit_autoregression, SOLUTION, CENTRED, INTERCEPT, f"intercept = {_intercept}",
        "the mean of the whole series is taken away before the fit, with no column of ones: "
        "the means of targets and lags differ a little, so fit the values as they are, with the ones",
        name=f"centred_by_one_mean_{_name}",
    )
for _name, _new in {"": "np.arange(len(targets))", "_from_p": "np.arange(p, T)",
    "_from_1": "np.arange(1, len(targets) + 1)"}.items():
    edit(
        fit_autoregression, X, f"X = np.stack([*lags, 1.0 * {_new}], axis=1)",
        "a trend stands where the column of ones belongs: the intercept is the same for all targets",
        name=f"trend_for_the_intercept{_name}",
    )
edit(
    fit_autoregression, SOLUTION, "solution = np.linalg.lstsq(X, targets, rcond=None)[0] / len(targets)",
    "the solution is divided by the number of targets: least squares gives the weights as they are",
)
edit(
    fit_autoregression, INTERCEPT, "intercept = targets.mean()",
    "the intercept is the mean of the targets: it is the weight of the column of ones",
)
edit(
    fit_autoregression, INTERCEPT, "intercept = 0.0",
    "the intercept is given as 0: it is the weight of the column of ones, the solution's last number",
)
for _name, _new in {"sums": "solution = X.T @ targets", "means": "solution = X.T @ targets / len(targets)"}.items():
    edit(
        fit_autoregression, SOLUTION, _new,
        "the products of the lags with the targets are no solution yet: least squares solves `X.T @ X` times the "
        "solution = `X.T @ targets`, as `np.linalg.lstsq` does",
        name=f"products_with_the_targets_as_{_name}",
    )
for _ridge in ("1e-3", "1e-2", "0.1", "1.0"):
    edit(
        fit_autoregression, SOLUTION, f"solution = np.linalg.solve(X.T @ X + {_ridge} * np.eye(p + 1), X.T @ targets)",
        "a ridge is added to the diagonal, which draws the weights to 0: plain least squares is asked for",
        name=f"a_ridge_of_{_ridge}",
    )


@mistake(
    fit_autoregression,
    "these are the coefficients of the Yule-Walker equations, made of autocorrelations: "
    "here least squares is asked for, over the targets `series[p:]`",
)
def yule_walker(series, p):
    """Autocorrelations divide by T and fill the ends with nothing, so that they differ a little."""
    T, mean = len(series), series.mean()
    gap = series - mean
    r = np.array([gap[: T - lag] @ gap[lag:] / T for lag in range(p + 1)])
    R = r[np.abs(np.subtract.outer(np.arange(p), np.arange(p)))]
    coefficients = np.linalg.solve(R, r[1:])
    return coefficients, mean * (1 - coefficients.sum())


@mistake(
    fit_autoregression,
    "these are the coefficients of the Yule-Walker equations, made of autocorrelations: "
    "here least squares is asked for, over the targets `series[p:]`",
    name="yule_walker_of_means",
)
def yule_walker_of_means(series, p):
    """Each autocorrelation is a mean over as many products as there are."""
    gap = series - series.mean()
    r = np.array([(gap[: len(gap) - lag] * gap[lag:]).mean() for lag in range(p + 1)])
    coefficients = np.linalg.solve(r[np.abs(np.subtract.outer(np.arange(p), np.arange(p)))], r[1:])
    return coefficients, series.mean() * (1 - coefficients.sum())


# Forecasts that feed on themselves.

RECENT = "recent = series[len(series) - p :][::-1]"
STEP = "forecast = coefficients @ recent + intercept"
NEXT = "recent = np.concatenate([[forecast], recent[:-1]])"
KEPT = "forecasts.append(forecast)"
RETURN = "return np.array(forecasts)"

variants(forecast_closed_loop, NEXT, {
    "recent = np.concatenate([recent[:-1], [forecast]])":
        "the forecast takes the place of the oldest value, at the end: it is the newest, so it comes first, "
        "and the others move on by one place",
    "recent = np.roll(recent, 1)\nrecent[-1] = forecast":
        "after `np.roll` the forecast is put at the wrong end: `np.roll` carries the oldest value round to the end "
        "where the newest stands, and the forecast takes its place there",
    "recent = np.roll(recent, -1)\nrecent[0] = forecast":
        "the values are rolled the wrong way: all move one place away from the end at which the forecast comes in, "
        "and the oldest falls out at the other",
    "recent = np.roll([forecast, *recent[1:]], 1)":
        "the forecast is written over the newest value, and all move on after that: let them move on first, "
        "so that the oldest falls out, and put the forecast in front",
    "recent = np.concatenate([[forecast], np.full(p - 1, recent[0])])":
        "the newest value is copied into every place behind it: a loop that moves the values on one by one begins at "
        "the oldest, or reads what it has just written",
    "recent = np.roll(recent, 1)":
        "the values go round in a circle, and no forecast comes in: each is the newest value of the next step",
    "": "the last p values never move on: each forecast is an input of the next, in the place of a value that is not "
        "known yet",
    "recent = np.concatenate([recent[1:], [forecast]])":
        "the forecast is put in as the oldest: it is now the newest value, which `coefficients[0]` multiplies",
    "recent = np.concatenate([[forecast], recent[1:]])":
        "the newest value is overwritten: the others move on by one place, and it is the oldest that falls out",
    "recent = np.concatenate([[forecast - intercept], recent[:-1]])":
        "what is fed back lacks the intercept: the whole forecast is the next step's input",
    "recent = np.full(p, forecast)":
        "the forecast stands for all p values: it is the newest of them, and the others move on by one place",
    "recent = np.concatenate([[0.0], recent[:-1]])":
        "zeros are fed back: what is not known yet is replaced by its forecast",
    "recent = np.concatenate([[series[-1]], recent[:-1]])":
        "the last known value is fed back again and again: the forecast itself is the next step's input",
    "recent = np.concatenate([[series.mean()], recent[:-1]])":
        "the mean is fed back: what is not known yet is replaced by its forecast",
})
variants(forecast_closed_loop, STEP, {
    "forecast = coefficients @ recent + p * intercept":
        "the intercept is added once for every lag: it is added once, outside their sum",
    "forecast = coefficients @ recent + (p + 1) * intercept":
        "the intercept is added once more for every lag: it is added once, outside their sum",
    "forecast = coefficients[1:] @ recent[1:] + intercept":
        "the newest value is left out of the sum: it counts too, times `coefficients[0]`",
    "forecast = coefficients @ recent + intercept if forecasts else 0.0":
        "the first forecast is not made, and the others go on from the 0 in its place: "
        "the loop begins with the step after the series",
    "forecast = coefficients.sum() * recent[0] + intercept":
        "every coefficient multiplies the newest value: `coefficients[1]` belongs to the one before it, and so on",
    "forecast = intercept * (1 + coefficients[0]) + coefficients[1:] @ recent[:-1]":
        "`values[i - j]` is read for coefficient j, with j = 0 the forecast itself, which is still being made: "
        "it is `values[i - 1 - j]`, the value before it first",
    "forecast = coefficients @ recent / p + intercept":
        "a mean stands where the sum over the lags belongs: each value times its coefficient, added up",
})
variants(forecast_closed_loop, RECENT, {
    "recent = series[len(series) - p :]":
        "`recent` stands oldest first: `coefficients[0]` belongs to the newest value, so turn it round with `[::-1]`",
    "recent = series[:p][::-1]":
        "the forecasts start from the beginning of the series: they go on after its end, from its last p values",
    "recent = series[:p]":
        "the forecasts start from the first p values: they go on after the end, from the last p, the newest first",
    "recent = series[len(series) - p - 1 : -1][::-1]":
        "the last value is not used: the first forecast is for the step after it, and `coefficients[0]` multiplies it",
    "recent = np.zeros(p)": "the forecasts start from zeros: they go on from the last p values of the series",
})
edit(
    forecast_closed_loop, RECENT, "recent = series[len(series) - p - 1 :][::-1]", STEP,
    "forecast = coefficients @ recent[1:] + intercept",
    "the newest value is passed over at each step: `coefficients[0]` multiplies the value just before, "
    "the last one that is known or forecast",
)
edit(
    forecast_closed_loop, RECENT, "recent = series[len(series) - p :]", NEXT,
    "recent = np.concatenate([recent[1:], [forecast]])",
    "the values stand oldest first, the coefficients newest first: turn one of them round",
)
edit(
    forecast_closed_loop, RECENT, "values = series", STEP,
    "forecast = coefficients @ values[-np.arange(p)] + intercept",
    NEXT, "values = np.append(values, forecast)",
    "`values[-j]` is read for coefficient j: counted from the end the newest is `values[-1]`, "
    "so it is `values[-1 - j]`, and `values[-0]` is the first of all",
)
variants(forecast_closed_loop, STEP, {
    "forecast = coefficients[-1] * recent[-1]":
        "the last of the products is the whole forecast: add up all p of them, and the intercept, with `+=`",
    "forecast = coefficients @ (recent + intercept)":
        "the intercept is added to the values: it is added once, to the sum of the products",
    "forecast = coefficients[1:] @ recent[:-1] + intercept":
        "the window is one step too late, as in `values[t - p + 1 : t + 1]`: "
        "its newest place is the one that is forecast, so `coefficients[0]` has nothing to multiply and the oldest "
        "value is left out",
    "forecast = coefficients @ recent": "the intercept is left out: add it to every forecast",
    "forecast = coefficients @ recent + (forecasts[-1] if forecasts else intercept)":
        "a forecast goes on from the sum of the one before: each begins anew, with the intercept, "
        "and adds its p products to it",
    "forecast = coefficients @ recent + (0 if forecasts else intercept)":
        "the intercept is added to the first forecast alone: it belongs to each",
    "forecast = coefficients[:-1] @ recent[:-1] + intercept":
        "the oldest of the p values is left out: each has its coefficient",
    "forecast = coefficients @ recent - intercept": "the intercept is taken away: it is added",
    "forecast = coefficients @ (recent - intercept) + intercept":
        "the intercept is taken for a mean: it is not taken away from the values, it is added to their weighted sum",
    "forecast = series[-1] + coefficients @ recent + intercept":
        "the last known value is added to each forecast: the weighted sum is the value itself, not a change",
    "forecast = recent[0] + coefficients @ recent + intercept":
        "the newest value is added: the weighted sum is the value itself, not a change",
})
variants(forecast_closed_loop, KEPT, {
    "forecasts.append(recent[0])":
        "the forecasts come one step too late: the first is made from the last p values, not the last value itself",
    "forecasts.append(forecast - intercept)":
        "what is kept lacks the intercept: each forecast is kept whole, as it is fed back",
})
variants(forecast_closed_loop, RETURN, {
    "recent = np.concatenate([forecasts[p:], [coefficients @ recent + intercept]])\n"
    "return np.array([*forecasts[1:], recent[-1]])":
        "the first forecast is missing: the first step after the series belongs to the result",
    "return np.array([*forecasts[:-1], 0.0])":
        "the last forecast is not made, and its place is empty: the loop makes `horizon` of them",
    "return np.concatenate([series[-1:], forecasts])":
        "the last known value stands before the forecasts: the `horizon` values after it alone are asked for",
    "return np.concatenate([series, forecasts])[:horizon]":
        "what is returned are the first values of the series: the forecasts come after it, from place len(series) on",
    "return np.concatenate([series, forecasts])":
        "the series stands before its forecasts: return the `horizon` forecasts alone",
    "return np.array(forecasts[-1])": "the last forecast alone is returned: all `horizon` of them are asked for",
    "return np.array(forecasts[::-1])": "the forecasts stand in reverse: the first step after the series comes first",
    "return np.cumsum(forecasts)": "the forecasts are added up: each is a value, not a change",
})
edit(
    forecast_closed_loop, RETURN, "return np.array(forecasts[-1:])",
    "the last forecast alone is returned: all `horizon` of them are asked for",
    name="the_last_forecast_alone_in_an_array",
)
