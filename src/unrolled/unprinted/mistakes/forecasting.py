"""Known mistakes in what assignment 09-forecasting asks beyond the page."""

from unrolled.mistakes.edits import edit, variants
from unrolled.unprinted.forecasting import rolling_origin_rmse, scaled_error, smoothed_forecasts

START, FIRST, LOOP, KEPT = "level = series[0]", "forecasts = []", "for x in series:", "forecasts.append(level)"
LEVEL = "level = z * level + (1 - z) * x"

edit(
    smoothed_forecasts, "return np.array(forecasts)", "return np.array([*forecasts[1:], level])",
    "each forecast knows the value that it is for: what is forecast for step t is the level before `series[t]` has "
    "come in",
)
variants(smoothed_forecasts, LEVEL, {
    "level = (1 - z) * x": "the old level plays no part: is `z * level` left out, "
                           "or read from a place that is still empty, as `forecasts[t]` is before step t?",
    "level = z * level + (1 - z) * (x - level)":
        "two forms of one formula are mixed: it is `z * level + (1 - z) * series[t]`, "
        "or `level + (1 - z) * (series[t] - level)`",
    "level = z * level + (1 - z) * np.tanh(x)":
        "the new value goes through tanh, as a GRU's candidate does: here it comes in as it is",
    "level = (1 - z) * level + z * x":
        "`z` is the other way round: the level keeps the share z of itself and takes `1 - z` of the new value",
    "level = level + (1 - z) * (level - x)":
        "the difference has the wrong sign: the level moves towards the new value, "
        "`level + (1 - z) * (series[t] - level)`",
    "level = z * level + x": "the new value comes in whole: its share is what the level leaves, `1 - z`",
    "level = z * level": "the values never come in: add `(1 - z) * series[t]`",
    "level = x": "each forecast is the value just before, which is persistence: the level is carried on and keeps the "
                 "share z of itself, `z * level + (1 - z) * series[t]`",
    "": "the level never moves: the new value comes in at each step, `(1 - z) * series[t]`, "
        "not a forecast that was made of the level itself",
    "level = z * level + (1 - z) * series[: len(forecasts)].mean()":
        "the mean of all values so far comes in: it is the new value alone, `(1 - z) * series[t]`",
    "share = z ** np.arange(len(forecasts))[::-1]\nlevel = (share * series[: len(forecasts)]).sum() / share.sum()":
        "the shares of the values are divided by their sum, as pandas does with `adjust=True`: "
        "the level starts as the first value, which keeps all that the later ones leave",
    "level = (level + x) / 2":
        "`z` is not used: the level and the new value count the same, where the level keeps the share z of itself",
    "level = (z * level + (1 - z) * x) / 2":
        "the level is halved at each step: the shares z and `1 - z` add up to 1, so it is a mean already",
    "level = z * x": "the level is not carried on: it is `z * level + (1 - z) * series[t]`",
    "level = series[: len(forecasts)].mean()":
        "the level is the plain mean of all values so far: it keeps the share z of itself, so that old values fade",
    "level = z * series[0] + (1 - z) * x":
        "the level always starts again from the first value: it is carried on from step to step",
})
edit(
    smoothed_forecasts, LEVEL, f"{LEVEL} if len(forecasts) > 1 else 0.0 * x",
    "the second forecast stays 0: where `forecasts[0]` is given, the loop over the others begins with 1",
)
variants(smoothed_forecasts, START, {
    "level = 0.0": "the level starts at 0: before anything is known it is `series[0]`",
    "level = series.mean()":
        "the level starts from the mean of the series, most of which is not known yet: it starts from `series[0]`",
    "level = (1 - z) * series[0]":
        "the first value comes in with the share 1 - z: the level starts as `series[0]`, all of it",
})
for _name, _start, _sentence in [
    ("zero", "0.0", "the first value has no share but that of every other, as from a level of 0: "
                    "the level starts as `series[0]`, which keeps all that the later ones leave"),
    ("mean", "series.mean()",
        "the level starts from the mean of the series, most of which is not known yet: it starts from `series[0]`"),
]:
    edit(
        smoothed_forecasts, START, f"level = {_start}", KEPT, "forecasts.append(level if forecasts else series[0])",
        _sentence,
        name=f"first_value_given_and_level_from_{_name}",
    )
for _z, _share in {"0": "z", "1": "1 - z"}.items():
    edit(
        smoothed_forecasts, "return np.array(forecasts)",
        f"return np.array([*forecasts[:1], *(np.array(forecasts[1:]) * np.divide({_share}, {_share}))])",
        f"where z is {_z} the forecasts become nan, a 0 divided by 0: nothing has to be divided, "
        "let the level go on from step to step",
    )
for _name, _before in {"": "series[0]", "_from_the_end_on": "series[-1]"}.items():
    edit(
        smoothed_forecasts, START, f"{START}\nbefore = {_before}", LEVEL,
        "level = z * before + (1 - z) * x\nbefore = x",
        "each forecast is made of the last two values: the level, not the value before, is what keeps the share z",
        name=f"made_of_two_values{_name}",
    )
for _name, _before in {"": "series[0]", "_from_the_end_on": "series[-1]"}.items():
    edit(
        smoothed_forecasts, START, f"{START}\nbefore = {_before}", LEVEL,
        "level = z * level + (1 - z) * before\nbefore = x",
        "each value comes in one step too late: what is forecast for step t knows `series[t - 1]`",
        name=f"value_a_step_late{_name}",
    )
edit(
    smoothed_forecasts, "return np.array(forecasts)", "return np.array([*forecasts, level])",
    "there is a forecast for the step after the series too: one for each value of the series is asked for",
)
edit(
    smoothed_forecasts, "return np.array(forecasts)", "return np.array(forecasts[1:])",
    "the first value has no forecast: it is given as `series[0]`, so that there are T of them",
)
edit(
    smoothed_forecasts, KEPT, "forecasts.append(x)", LEVEL, "",
    "these are the values themselves: each is forecast by the level before it",
)

SIMPLE, OWN, ERROR = (
    "simple = np.abs(train[period:] - train[: len(train) - period]).mean()", "own = np.abs(actual - forecasts).mean()",
    "error = own / simple",
)

variants(scaled_error, SIMPLE, {
    "simple = np.abs(np.diff(train)).mean()":
        "the season is left out: in training each value is forecast by the one `period` steps before it",
    "simple = np.abs(train[1:] - train[: len(train) - 1]).sum() / (len(train) - period)":
        "the season is left out, and its length is only in the mean: in training each value is forecast by the one "
        "`period` steps before it",
    "simple = np.abs(train[period:] - train[period - 1 : -1]).mean()":
        "each training value is forecast by its neighbour: its forecast is the value `period` steps before it",
    "simple = np.abs(train - np.roll(train, period)).mean()":
        "the first `period` values are compared with the last ones, round the end: they have no forecast, "
        "so leave them out",
    "simple = np.abs(actual[period:] - actual[: len(actual) - period]).mean()":
        "the simple forecast is measured on the test part: its error in training is the unit, "
        "so that a short test part does not decide it",
    "simple = np.abs(actual - train[len(train) - period :][np.arange(len(actual)) % period]).mean()":
        "the unit is the seasonal naive forecast's error on the test part: it is its error in training, "
        "one period back each",
    "simple = np.abs(train[period:] - train[: len(train) - period]).sum() / len(train)":
        "the mean in training is over all T values: the first `period` have no forecast, "
        "so there are T - period errors",
    "simple = np.abs(train - train.mean()).mean()":
        "the mean is taken for the simple forecast: it is the value one period before",
    "simple = train.std()": "the error is divided by the standard deviation of train: "
                            "its unit is the seasonal naive forecast's mean absolute error there",
    "simple = np.abs(train).mean()":
        "the error is divided by the mean size of train: its unit is the seasonal naive forecast's mean absolute "
        "error there",
    "simple = (train[period:] - train[: len(train) - period]).mean()":
        "the absolute value is left out in the denominator: errors of both signs cancel each other",
    "simple = np.sqrt(((train[period:] - train[: len(train) - period]) ** 2).mean())":
        "the denominator is a root mean square: both errors are means of absolute values",
    "simple = np.abs(train[period + 1 :] - train[1 : len(train) - period]).mean()":
        "the first error in training is left out: the value number `period` is the first that has a forecast",
    "simple = np.abs((train[period:] - train[: len(train) - period]).mean())":
        "in the denominator the absolute value is taken of the mean: errors of both signs cancel, "
        "so take it of each error",
    "simple = np.abs(train[period + 1 :] - train[: len(train) - period - 1]).mean()":
        "the simple forecast looks back one step too far: it is the value `period` steps before",
    "simple = np.abs(np.diff(train, n=period)).mean()":
        "differences are taken of differences, `period` times over, as `np.diff(..., n=period)` does: "
        "it is one difference, with the value a period before",
    "simple = np.median(np.abs(train[period:] - train[: len(train) - period]))":
        "the denominator is a median: both errors are means",
    "simple = np.abs(train[-period:] - train[-2 * period : -period]).mean()":
        "only the last season of train is compared with the one before: every value of train has a forecast but the "
        "first `period`",
    "simple = np.abs(train - train[len(train) - period :][np.arange(len(train)) % period]).mean()":
        "each training value is compared with the last season, which comes after it: "
        "it is forecast by the one `period` steps before it",
    "simple = np.square(train[period:] - train[: len(train) - period]).mean()":
        "the errors in the denominator are squared: both errors are means of absolute values",
    "simple = np.abs((train[period:] - train[: len(train) - period]) / train[period:]).mean()":
        "in the denominator the errors are shares of the values: take those of the seasonal naive forecast as they "
        "are",
})
for _name, _before, _sentence in [
    ("first_season", "train[np.arange(period, len(train)) % period]",
        "each training value is compared with the first season: it is forecast by the one `period` steps before it"),
    ("sign_in_the_place", "train[period - np.arange(period, len(train))]",
        "`train[period - t]` stands where `train[t - period]` belongs: it counts from the end of train"),
    ("one_value_first", "train[period]",
        "each training value is compared with `train[period]`: it is forecast by the one `period` steps before it, "
        "`train[t - period]`"),
    ("one_value_before", "train[0]",
        "each training value is compared with the first: it is forecast by the one `period` steps before it, "
        "`train[t - period]`"),
    ("too_new", "train[1 : len(train) - period + 1]",
        "the simple forecast looks back one step too little: it is the value `period` steps before, "
        "`train[t - period]`"),
]:
    edit(scaled_error, SIMPLE, f"simple = np.abs(train[period:] - {_before}).mean()", _sentence,
        name=f"compared_with_{_name}")
variants(scaled_error, SIMPLE, {
    "simple = np.abs(train[period:-1] - train[: len(train) - period - 1]).mean()":
        "the last error in training is left out: the values go on to the end of train, `train[period:]`",
    "simple = np.abs(actual - train[len(train) - period]).mean()":
        "the unit is the error of one value of the last season on the test part: "
        "it is the seasonal naive forecast's error in training",
    "simple = np.abs(actual).mean()":
        "the error is divided by the mean size of the test part: its unit is the seasonal naive forecast's mean "
        "absolute error in training",
    "simple = np.abs(actual - train[-1]).mean()":
        "the unit is the error of the last value on the test part: it is the seasonal naive forecast's error in "
        "training",
})
edit(
    scaled_error, SIMPLE,
    "simple = np.abs(train[period:-1] - train[: len(train) - period - 1]).sum() / (len(train) - period)",
    "the last error in training is left out: the values go on to the end of train, `train[period:]`",
    name="last_error_lost_from_the_sum",
)
variants(scaled_error, OWN, {
    "own = np.abs(actual - train[-1]).mean()":
        "the forecasts are not used in the numerator: their errors are `actual - forecasts`, "
        "not those of the last value",
    "own = np.abs(actual - forecasts[0]).mean()":
        "all values are compared with the first forecast: each has its own, `forecasts[i]`",
    "own = np.abs(actual[:-1] - forecasts[:-1]).mean()":
        "the last forecast is left out in the numerator: the mean is over the whole horizon",
    "own = np.abs(actual[:-1] - forecasts[:-1]).sum() / len(actual)":
        "the last forecast is not added up in the numerator: the mean is over the whole horizon",
    "own = np.abs(actual[1:] - forecasts[1:]).sum() / len(actual)":
        "the first forecast is not added up in the numerator: the mean is over the whole horizon",
})
edit(
    scaled_error, SIMPLE, "simple = np.abs(train - np.roll(train, period)).sum() / (len(train) - period)",
    "the first `period` values are compared with the last ones, round the end: they have no forecast, "
    "so leave them out",
    name="round_the_end_and_divided_by_their_number",
)
for _name, _simple, _sentence in [
    ("first_error_lost_from_the_sum",
        "np.abs(train[period + 1 :] - train[1 : len(train) - period]).sum() / (len(train) - period)",
     "the first error in training is left out: the value number `period` is the first that has a forecast"),
    ("divided_by_one_less", "np.abs(train[period:] - train[: len(train) - period]).sum() / (len(train) - 1)",
     "the mean in training is over T - 1 values: the first `period` have no forecast, so there are T - period errors"),
    ("period_taken_from_the_mean", "np.abs(train[period:] - train[: len(train) - period]).sum() / len(train) - period",
     "brackets are missing in the denominator: `sum / T - period` takes period away from the quotient, "
     "so write `sum / (T - period)`"),
    ("deviation_of_the_errors", "(train[period:] - train[: len(train) - period]).std()",
     "the denominator is the errors' deviation from their mean: both errors are means of absolute values"),
]:
    edit(scaled_error, SIMPLE, f"simple = {_simple}", _sentence, name=_name)
variants(scaled_error, OWN, {
    "own = np.abs(actual - forecasts).sum() / len(train)":
        "in the numerator the errors are divided by the length of train: their mean is over the horizon",
    "own = np.abs((actual - forecasts).mean())":
        "in the numerator the absolute value is taken of the mean: errors of both signs cancel, "
        "so take it of each error",
    "own = (actual - forecasts).mean()":
        "the absolute value is left out in the numerator: errors of both signs cancel each other",
    "own = np.median(np.abs(actual - forecasts))": "the numerator is a median: both errors are means",
    "own = np.sqrt(((actual - forecasts) ** 2).mean())":
        "the numerator is a root mean square: both errors are means of absolute values",
    "own = np.abs(actual - forecasts).sum()": "in the numerator the errors are added up: both are means",
    "own = np.abs((actual - forecasts) / actual).mean()":
        "in the numerator the errors are shares of the values: take them as they are, their unit is the denominator",
    "own = np.square(actual - forecasts).mean()":
        "the errors in the numerator are squared: both errors are means of absolute values",
})
edit(
    scaled_error, SIMPLE, "simple = ((train[period:] - train[: len(train) - period]) ** 2).mean()", OWN,
    "own = ((actual - forecasts) ** 2).mean()",
    "both errors are squared: they are means of absolute values",
)
edit(
    scaled_error, SIMPLE, "simple = np.sqrt(((train[period:] - train[: len(train) - period]) ** 2).mean())",
    OWN, "own = np.sqrt(((actual - forecasts) ** 2).mean())",
    "both errors are root mean squares: they are means of absolute values",
)
edit(
    scaled_error, SIMPLE, "simple = np.abs(train[period:] - train[: len(train) - period]).sum()", OWN,
    "own = np.abs(actual - forecasts).sum()",
    "both errors are sums: they are means, each over its own number of values",
)
variants(scaled_error, ERROR, {
    "error = own / (simple * (len(train) - period) ** 2)":
        "brackets are missing around the denominator: `own / sum / count` divides by both, "
        "so write `own / (sum / count)`",
    "error = simple / own": "the division is the other way round: the forecasts' own error is the numerator",
    "error = own": "the error is not divided by anything: its unit is the seasonal naive forecast's error in training",
    "error = 100 * own / simple": "this is a percentage: the error is a plain ratio",
    "error = own - simple": "this is a difference: the error is a ratio, which has no unit",
    "error = 1 - own / simple": "this is what is gained: the error itself is the ratio",
})

ORIGINS, PAST = "for t in range(start, len(series) - horizon + 1):", "past = series[:t]"
FIT = "coefficients, intercept = fit_autoregression(past, p)"
FORECAST = "forecasts = forecast_closed_loop(past, coefficients, intercept, horizon)"
ERRORS, RMSE = (
    "errors.append(forecasts - series[t : t + horizon])", "rmse = np.sqrt(np.mean(np.square(errors), axis=0))",
)

variants(rolling_origin_rmse, ORIGINS, {
    "for t in range(start, len(series) - horizon):":
        "the last origin is left out: from T - horizon the last `horizon` values can be forecast, "
        "and a range ends before its second number",
    "for t in range(start + 1, len(series) - horizon + 1):":
        "the first origin is left out: at `start` the first `start` values are known",
    "for t in range(start, len(series) - horizon + 1, horizon):":
        "the origins lie a horizon apart: the origin moves on by one step each time",
    "for t in range(start, len(series) - horizon - 1):":
        "the last two origins are left out: a range ends before its second number, so the bound is `T - horizon + 1`",
    "for t in range(start, len(series) - horizon + 1, 2):":
        "every other origin is left out: the origin moves on by one step each time",
    "for t in [start]:": "there is one origin alone: it moves on from `start` to T - horizon, step by step",
    "for t in range(start - 1, len(series) - horizon + 1):":
        "the first origin is one step too early: at origin `start` the first `start` values are known",
})
variants(rolling_origin_rmse, FIT, {
    "coefficients, intercept = fit_autoregression(past, horizon)":
        "the horizon is taken for the number of lags: the model's order is `p`",
    "coefficients, intercept = fit_autoregression(series, p)":
        "the model is fitted to the whole series, which holds what it is to forecast: "
        "fit it to `series[:t]` at each origin",
    "coefficients, intercept = fit_autoregression(series[:start], p)":
        "the model is fitted once, before `start`: it is fitted anew at every origin, to all that is known there",
    "coefficients, intercept = fit_autoregression(series[t - start : t], p)":
        "the model is fitted to the last `start` values: all that is known at the origin counts, `series[:t]`",
    "coefficients, intercept = fit_autoregression(series[: t + horizon], p)":
        "the model is fitted to the values that it is to forecast too: at origin t the first t are known",
    "coefficients, intercept = fit_autoregression(series[: t + 1], p)":
        "the model is fitted to one value too many: at origin t the first t values are known, `series[:t]`",
})
variants(rolling_origin_rmse, PAST, {
    "past = series[: t + 1]": "one value too many is known: at origin t the first t values are, `series[:t]`",
    "past = series[: t - 1]": "one value too few is known: at origin t the first t values are, `series[:t]`",
})
variants(rolling_origin_rmse, FORECAST, {
    "forecasts = forecast_closed_loop(past, coefficients, 0.0, horizon)":
        "the intercept that was fitted is not handed on: the forecasts are made with it",
    "forecasts = forecast_closed_loop(series[: t - 1], coefficients, intercept, horizon)":
        "the forecasts go on from one value too few: at origin t the first t values are known, `series[:t]`",
    "forecasts = forecast_closed_loop(series, coefficients, intercept, horizon)":
        "the forecasts go on from the end of the whole series: at origin t they go on from `series[:t]`",
    "forecasts = forecast_closed_loop(series[:start], coefficients, intercept, horizon)":
        "the forecasts of every origin go on from the first one: at origin t they go on from `series[:t]`",
    "forecasts = forecast_closed_loop(past, coefficients[::-1], intercept, horizon)":
        "the coefficients are turned round between fit and forecast: both have the newest lag first",
    "forecasts = forecast_closed_loop(series[: t + 1], coefficients, intercept, horizon)":
        "the forecasts go on from one value too many: at origin t the first t values are known, `series[:t]`",
    "forecasts = np.array([forecast_closed_loop(series[: t + i], coefficients, intercept, "
    "1)[0] for i in range(horizon)])":
        "each step is forecast from true values that are not known yet: from origin t on the forecasts feed on "
        "themselves",
    "forecasts = np.full(horizon, forecast_closed_loop(past, coefficients, intercept, 1)[0])":
        "the forecast for the first step serves all: look `horizon` steps ahead in a closed loop",
})
variants(rolling_origin_rmse, ERRORS, {
    "errors.append((forecasts - series[t : t + horizon]) / series[t : t + horizon])":
        "the errors are shares of the values: take them as they are, in the series' own unit",
    "errors.append(forecasts - series[start : start + horizon])":
        "the forecasts of every origin are compared with the values after the first one: "
        "at origin t they are for `series[t : t + horizon]`",
    "errors = [*(0 * one for one in errors), forecasts - series[t : t + horizon]]":
        "the last origin alone counts: add up the squares of all with `+=`",
    "errors.append(forecasts - series[t - 1 : t - 1 + horizon])":
        "the forecasts are compared with values one step too early: the first is for `series[t]`",
    "errors.append(forecasts - series[t - horizon : t])":
        "the forecasts are compared with the values before the origin: they are for those after it, "
        "`series[t : t + horizon]`",
    "errors.append(forecasts[::-1] - series[t : t + horizon])":
        "the forecasts are turned round before they are compared: step i belongs to `series[t + i]`",
    "errors.append(forecasts - series[t])":
        "all steps are compared with the value of the first: step i of the forecast belongs to `series[t + i]`",
    "errors.append(forecasts - (series[t + 1 : t + 1 + horizon] if t + horizon < len(series) else series[t : "
    "t + horizon]))":
        "the forecasts are compared with values one step too late: the first is for `series[t]`",
    "errors.append(forecasts - np.roll(series, -1)[t : t + horizon])":
        "the forecasts are compared with values one step too late, and the last with the first: "
        "step 0 is for `series[t]`",
    "errors.append(forecasts - series[t + horizon - 1])":
        "all steps are compared with the last value of the horizon: step i of the forecast belongs to `series[t + i]`",
})
variants(rolling_origin_rmse, RMSE, {
    "rmse = np.sqrt(np.sum(np.square(errors), axis=0) / horizon)":
        "the squares are divided by the horizon: each step's mean is over the origins, "
        "of which there are T - horizon - start + 1",
    "rmse = np.square(np.mean(np.square(errors), axis=0))":
        "the mean is squared once more: at the end stands its root, `** 0.5`",
    "rmse = np.mean(np.square(errors), axis=0)": "the root is missing: these are mean squared errors",
    "rmse = np.sqrt(np.sum(np.square(errors), axis=0) / max(1, len(errors) - 1))":
        "the squares are divided by one less than there are origins: here the mean of the squares is taken, `np.mean`",
    "rmse = np.mean(np.abs(errors), axis=0)":
        "these are mean absolute errors: square them, take the mean and then the root",
    "rmse = np.sqrt(np.sum(np.square(errors), axis=0)) / len(errors)":
        "the division by the number of origins stands outside the root: take the mean of the squares, "
        "and its root last",
    "rmse = np.sqrt(np.mean(np.abs(errors), axis=0))":
        "the errors are not squared: the root is that of their mean square",
    "rmse = np.sqrt(np.sum(np.square(errors), axis=0) / len(series))":
        "the squares are divided by T: the mean is over the origins, of which there are T - horizon - start + 1",
    "rmse = np.abs(np.mean(errors, axis=0))": "the errors are averaged with their signs: square them before the mean",
    "rmse = np.sqrt(np.sum(np.square(errors), axis=0))": "the squares are added up: take their mean over the origins",
    "rmse = np.sqrt(np.mean(np.square(errors)))":
        "one number stands for all steps ahead: each step has its own, so the mean is over the origins alone, "
        "`axis=0`",
    "rmse = np.sqrt(np.mean(np.square(errors), axis=1))":
        "the mean is over the steps ahead: it is over the origins, so that each step has a number of its own, "
        "`axis=0`",
    "rmse = np.std(errors, axis=0)":
        "this is the errors' deviation from their own mean: a forecast that is always too high is not right for that",
    "rmse = np.sqrt(np.cumsum(np.mean(np.square(errors), axis=0)) / np.arange(1, horizon + 1))":
        "each number is a mean over all steps up to its own: step i has the errors of step i alone",
    "rmse = np.sqrt(np.median(np.square(errors), axis=0))": "this is the median of the squares: take their mean",
    "rmse = np.median(np.abs(errors), axis=0)":
        "these are medians of the errors without their signs: take the mean of their squares, and then the root",
})
edit(
    rolling_origin_rmse, ORIGINS, ORIGINS.replace(" + 1", ""), ERRORS,
    "errors.append(forecasts - series[t + 1 : t + 1 + horizon])",
    "the forecasts are compared with values one step too late, and the last origin is left out for it: "
    "the first is for `series[t]`",
)
edit(
    rolling_origin_rmse, RMSE, "rmse = np.sqrt(np.sum(np.square(errors), axis=0) / (len(series) - start))",
    "the squares are divided by T - start: the mean is over the origins, of which there are T - horizon - start + 1",
)
edit(
    rolling_origin_rmse, RMSE, "rmse = np.sqrt(-np.mean(errors, axis=0))",
    "the errors keep their signs under the root: square each, take the mean, and its root last",
)
edit(
    rolling_origin_rmse, RMSE, "rmse = np.mean(np.square(errors), axis=0) / 2",
    "the mean of the squares is halved: a power comes before a division, so `**1/2` is half of `**1`; "
    "the root is `**0.5`, or `np.sqrt`",
)
