"""Known mistakes of assignment 09-forecasting: scaling, simple forecasts, and scores of errors."""

from unrolled.mistakes.edits import edit, variants
from unrolled.reference.forecasting import anomaly_scores, seasonal_naive, standardise

MEAN, STD = "mean = train.mean(axis=0)", "std = np.where(constant, 1, train.std(axis=0))"
SCALED_TRAIN, SCALED_TEST = "scaled_train = (train - mean) / std", "scaled_test = (test - mean) / std"
OF_ALL = "series = np.concatenate([train, test])"

edit(
    standardise, MEAN, f"{OF_ALL}\nmean = series.mean(axis=0)", STD, "std = series.std(axis=0)",
    "`mean` and std are those of the whole series: what training sees must not know the test part, "
    "so take both from train alone",
)
edit(
    standardise, MEAN, f"{OF_ALL}\nmean = series.mean(axis=0)", STD, "std = np.where(constant, 1, series.std(axis=0))",
    "`mean` and std are those of the whole series: take both from train alone, "
    "which must not know what comes after it",
    name="of_the_whole_series_but_for_constants",
)
edit(
    standardise, MEAN, f"{OF_ALL}\nmean = series.mean(axis=0)",
    "`mean` is that of the whole series: the test part is not known yet, so take it from train alone",
)
edit(
    standardise, STD, f"{OF_ALL}\nstd = np.where(constant, 1, series.std(axis=0))",
    "`std` is that of the whole series: the test part is not known yet, so take it from train alone",
)
variants(standardise, SCALED_TEST, {
    "scaled_test = (test - test.mean(axis=0)) / np.where(test.std(axis=0) > 0, test.std(axis=0), 1)":
        "the test part is scaled by its own mean and std: both parts take those of train, "
        "or a shift between them is wiped out",
    "scaled_test = (test - test.mean(axis=0)) / std":
        "the test part's own mean is taken away: both parts take the mean of train, "
        "or a shift between them is wiped out",
    "scaled_test = (test - mean) / test.std(axis=0)":
        "the test part is divided by its own std: both parts are divided by that of train",
    "scaled_test = test.copy()": "the test part is not scaled: it takes the same mean and std as train",
})
variants(standardise, STD, {
    "std = np.where(constant, 1, train.std(axis=0, ddof=1))":
        "the squared distances are divided by T - 1, as with `ddof=1` and in pandas: here they are divided by T, "
        "as `np.std` does",
    "std = np.where(train.std(axis=0) < 1e-2, 1, train.std(axis=0))":
        "a column of small deviation is taken for a constant one: std is given as 1 only where all values of train "
        "are equal",
    "std = np.maximum(train.std(axis=0), 1)":
        "every std below 1 becomes 1: only a column that is constant in train has no unit of its own",
    "std = np.where(constant, 1, train.var(axis=0))":
        "this is the variance: the standard deviation is its root, `np.std`",
    "std = np.where(constant.any(), 1, train.std(axis=0))":
        "where one column is constant, every std becomes 1: only that column's does, as `np.where` chooses for each",
    "std = train.std(axis=0)":
        "a column that is constant in train is divided by 0: where all its values are equal, std is given as 1",
    "std = np.where(constant, 1, np.sqrt((train**2).mean(axis=0)))":
        "`std` is the root mean square of the values: it is that of their distances from the mean",
    "std = np.where(constant, 1, np.sqrt(((train - mean) ** 2).sum(axis=0)) / len(train))":
        "the division by T stands outside the root: `std` is the root of the mean of the squared distances",
    "std = np.where(constant, 1, np.abs(train - mean).mean(axis=0))":
        "`std` is the mean absolute distance from the mean: here it is the root of the mean squared distance, "
        "`np.std`",
    "std = np.where(constant, 1, np.sqrt(((train - mean) ** 2).sum(axis=0)))":
        "the squared distances are added up and not divided by T: `std` is the root of their mean",
    "std = np.ones(train.shape[1])":
        "`std` is 1 in every column: is the mean taken before the square, where what is left cancels, "
        "or does the condition for constant columns hold in all?",
    "std = np.where(constant, 1, np.sqrt(np.abs(train - mean).mean(axis=0)))":
        "the distances are not squared under the root: `std` is the root of the mean of their squares",
    "std = np.where(constant, 1, np.abs(train).max(axis=0))":
        "this is the largest value without its sign: `std` is the standard deviation of each column, `np.std`",
    "std = np.where(constant, 1, np.ptp(train, axis=0))":
        "this is the range, the largest less the least: `std` is the standard deviation of each column, `np.std`",
    "std = np.where(constant, 1, test.std(axis=0))": "`std` is that of the test part: take it from train, as the mean",
    "std = np.full(train.shape[1], train.std())":
        "one std serves all columns: each has a unit of its own, so `axis=0`",
})
for _eps in ("1e-8", "1e-7", "1e-6", "1e-10", "1e-12"):
    edit(
        standardise, STD, f"std = train.std(axis=0) + {_eps}",
        "a small number is added to every std: a column that is constant in train is then divided by almost nothing, "
        "so give its std as 1",
        name=f"kept_from_zero_by_{_eps}",
    )
for _name, _std in {"": "np.where(constant, 1, train.std(axis=0, keepdims=True))",
    "_and_0": "train.std(axis=0, keepdims=True)"}.items():
    edit(
        standardise, MEAN, "mean = train.mean(axis=0, keepdims=True)", STD, f"std = {_std}",
        "`mean` and std have an axis too many, as `keepdims=True` leaves one: they are (D,), a number for each column",
        name=f"axis_too_many{_name}",
    )
edit(
    standardise, MEAN, "mean = np.full(train.shape[1], train.mean())", STD,
    "std = np.full(train.shape[1], train.std())",
    "one mean and one std serve all columns: each column has its own, `axis=0`",
)
edit(
    standardise, MEAN, "mean = np.median(train, axis=0)",
    "this is the median: here the mean is taken away, `train.mean(axis=0)`",
)
edit(
    standardise, SCALED_TRAIN, "scaled_train = train / std", SCALED_TEST, "scaled_test = test / std",
    "the mean is not taken away: both parts are scaled as `(x - mean) / std`",
)
edit(
    standardise, SCALED_TRAIN, "scaled_train = train - mean", SCALED_TEST, "scaled_test = test - mean",
    "nothing is divided by std: both parts are scaled as `(x - mean) / std`",
)
edit(
    standardise, SCALED_TRAIN, "scaled_train = (train - mean) / train.std(axis=0)",
    SCALED_TEST, "scaled_test = (test - mean) / train.std(axis=0)",
    "what is divided by has a 0 in it for a constant column, though the std that is returned has none: "
    "it becomes 1 before anything is divided",
)
edit(
    standardise, SCALED_TRAIN, "scaled_train = train - mean / std", SCALED_TEST, "scaled_test = test - mean / std",
    "brackets are missing: only the mean is divided by std, so write `(x - mean) / std`",
)
edit(
    standardise, SCALED_TRAIN, "scaled_train = train / std - mean", SCALED_TEST, "scaled_test = test / std - mean",
    "the mean is taken away after the division: first `x - mean`, then divided by std",
)
edit(
    standardise, MEAN, "mean = np.full(train.shape[1], train.mean())",
    "one mean serves all columns: each has its own, `axis=0`",
)
edit(
    standardise, MEAN, "mean = train.min(axis=0)", STD, "std = np.where(constant, 1, np.ptp(train, axis=0))",
    "train is brought to between 0 and 1 by its least and its largest value: here it is the mean that is taken away, "
    "and std that divides",
)
for _first, _who in {"[0]": "first", "[-1]": "last"}.items():
    edit(standardise, MEAN, f"mean = train{_first}",
        f"the {_who} row of train is taken away: it is the mean of each column, `train.mean(axis=0)`")
for _name, _distance, _words in [
    ("root_mean_square", "np.sqrt(((train - mean) ** 2).mean(axis=0))",
        "the median is taken away, and the deviation is that from the median: both are taken of the mean"),
    ("mean_absolute", "np.abs(train - mean).mean(axis=0)",
        "median and mean absolute distance stand where mean and standard deviation belong: "
        "`train.mean(axis=0)` and `train.std(axis=0)`"),
    ("median_absolute", "np.median(np.abs(train - mean), axis=0)",
        "median and median distance stand where mean and standard deviation belong: "
        "`train.mean(axis=0)` and `train.std(axis=0)`"),
]:
    edit(
        standardise, MEAN, "mean = np.median(train, axis=0)", STD,
        f"std = {_distance}\nstd = np.where(constant, 1, std)", _words,
        name=f"median_and_{_name}",
    )
edit(
    standardise, SCALED_TRAIN, "scaled_train = (train - train.min(axis=0)) / np.ptp(train, axis=0)",
    SCALED_TEST, "scaled_test = (test - train.min(axis=0)) / np.ptp(train, axis=0)",
    "min-max scaling brings train to between 0 and 1, and a constant column is divided by 0: "
    "here the mean is taken away, and std divides",
)
LEAST, RANGE = "train.min(axis=0)", "np.where(constant, 1, np.ptp(train, axis=0))"
edit(
    standardise, SCALED_TRAIN, f"scaled_train = (train - {LEAST}) / {RANGE}", SCALED_TEST,
    f"scaled_test = (test - {LEAST}) / {RANGE}",
    "min-max scaling brings train to between 0 and 1: here the mean is taken away, and std divides",
    name="scaled_by_the_range_alone",
)
edit(
    standardise, MEAN, "mean = test.mean(axis=0)", STD, "std = test.std(axis=0)",
    "`mean` and std are those of the test part: take both from train",
)

SEASON, PLACES, FORECASTS = (
    "season = series[len(series) - period :]", "places = np.arange(horizon) % period", "forecasts = season[places]",
)

edit(
    seasonal_naive, FORECASTS, "forecasts = np.concatenate([series, season[places]])",
    "the series stands in front of the forecasts: the `horizon` values after it alone are asked for",
)
edit(
    seasonal_naive, SEASON, "season = series[len(series) - period : -1]", PLACES,
    "places = np.arange(horizon) % (period - 1)",
    "the last value is lost: a slice to `-1` ends before it, and the season is `series[-period:]`, to the end",
)
edit(
    seasonal_naive, SEASON, "season = series[:period]", PLACES, "places = (np.arange(horizon) + len(series)) % period",
    "the season is taken from the start of the series, `series[(T + i) % period]`: what is repeated is the last one, "
    "`series[T - period + i % period]`",
)
variants(seasonal_naive, SEASON, {
    "season = series[:period]":
        "the season is taken from the start of the series: what is repeated is the last one, `series[-period:]`",
    "season = series[len(series) - period :][::-1]":
        "the season runs backwards: the forecast for the first step is the value one period before it",
    "season = series[len(series) - period - 1 : -1]":
        "the season begins one step too early: it is the last `period` values, the very last among them",
    "season = series[(len(series) // period - 1) * period :][:period]":
        "seasons are counted from the start of the series: what is repeated are its last `period` values, "
        "wherever they begin",
    "season = np.array([series[len(series) - period + i :: -period].mean() for i in range(period)])":
        "each place of the season is a mean over all seasons: the naive forecast takes the last one alone",
    "season = np.full(period, series[-1])":
        "the last value alone is repeated: that is persistence, and here it is the whole last season that comes again",
    "season = np.full(period, series[len(series) - period])":
        "one value of the last season is repeated: each step takes the value one period before it, "
        "`season[i % period]`",
    "season = np.full(period, series.mean())": "the mean of the series is forecast: here the last season is repeated",
    "season = np.full(period, series[len(series) - period :].mean())":
        "the mean of the last season is forecast: here its values are repeated, one after another",
})
variants(seasonal_naive, PLACES, {
    "places = (np.arange(horizon) + len(series)) % period":
        "the place in the season is counted from the start of the series: the last season's first value comes first, "
        "`i % period`",
    "places = np.arange(1, horizon + 1) % period":
        "the forecasts are one step ahead of the season: the first step after the series takes the season's first "
        "value",
    "places = np.arange(horizon) // -(-horizon // period)":
        "each value of the season stands several times in a row, as `np.repeat` makes it: "
        "the whole season comes again and again, `i % period`",
    "places = np.arange(-(-horizon // period) * period) % period":
        "whole seasons are forecast: cut what goes on for longer than `horizon` steps",
    "places = np.arange(horizon) // period":
        "each value of the season is kept for a whole period: step i takes place `i % period`, the remainder",
    "places = np.minimum(np.arange(horizon), period - 1)":
        "after one season the last value stands still: the season begins again, with `i % period`",
    "places = np.arange(period)": "one season is forecast, whatever the horizon: "
                                  "go on with the season's first value until there are `horizon` steps",
    "places = np.arange(horizon // period * period) % period":
        "only whole seasons are forecast: `horizon // period` rounds down, so repeat the season once more, "
        "and cut at `horizon`",
    "places = np.arange(min(horizon, period))":
        "the forecasts end after one season: it begins again, with `i % period`, until there are `horizon` steps",
    "places = np.arange(min(horizon, 2 * period)) % period":
        "the forecasts end after two seasons: the season comes again, with `i % period`, "
        "until there are `horizon` steps",
    "places = np.arange(horizon + 1) % period": "there is one forecast too many: `horizon` steps are asked for",
})
variants(seasonal_naive, FORECASTS, {
    "forecasts = np.full(horizon, series[period])":
        "`series[period]`, counted from the front, is repeated: one season back from the end is `series[-period]`, "
        "with a minus",
    "forecasts = series[len(series) - horizon :]":
        "the last `horizon` values are taken: it is the last `period` values that come again, with `i % period`",
    "forecasts = np.tile(season, -(-horizon // period))[-horizon:]":
        "the repeated seasons are cut at their beginning: the first forecast is the season's first value, "
        "so cut what is too much at the end, `[:horizon]`",
    "forecasts = series[np.arange(len(series) - period, len(series) - period + horizon) % len(series)]":
        "after the last season the series begins anew: it is its last season that comes again, `i % period`",
    "forecasts = np.concatenate([season, np.zeros(horizon)])[:horizon]":
        "after one season the forecasts are 0: the season begins again, with `i % period`",
    "forecasts = np.concatenate([series[-1:], season[places]])[:horizon]":
        "the last known value is the first forecast: the forecasts begin one step after it, "
        "with the season's first value",
    "forecasts = season[places] + series[-1] - series[-1 - period]":
        "what the last season gained on the one before it is added: the seasonal naive forecast repeats the last "
        "season as it was",
    "forecasts = season[places] + series[-1] - season.mean()":
        "the season is shifted to the level of the last value: the seasonal naive forecast repeats the last season as "
        "it was",
    "forecasts = season[places] + (series[-1] - series[0]) / (len(series) - 1) * np.arange(1, horizon + 1)":
        "a drift is added: the seasonal naive forecast repeats the last season as it was",
    "known = list(series)\nfor _ in range(horizon):\n    known.append(np.mean(known[-period:]))\n"
    "forecasts = np.array(known[len(series) :])":
        "each forecast is the mean of the `period` values before it: it is the value one period before it",
    "forecasts = np.concatenate([np.tile(season, horizon // period), season[period - horizon % period :]])":
        "what is left after whole seasons is taken from the season's end: the season begins again with its first "
        "value",
})

NORMAL, USUAL, DEVIATION, SCORES = (
    "normal = errors[:n]", "mean = normal.mean()", "std = normal.std()", "scores = np.abs(errors - mean) / std",
)

variants(anomaly_scores, NORMAL, {
    "normal = errors[1:n]": "the first error is left out: the first n are `errors[:n]`, from place 0 on",
    "normal = errors":
        "mean and std are those of all errors, the unusual ones among them: only the first n say what is usual",
    "normal = errors[n:]": "mean and std are those of the errors after the first n: the first n say what is usual",
    "normal = errors[-n:]": "mean and std are those of the last n errors: the first n say what is usual",
    "normal = errors[: n - 1]":
        "one error is left out: the first n are `errors[:n]`, since a slice ends before its second number",
    "normal = errors[: n + 1]": "one error too many says what is usual: the first n are `errors[:n]`, "
                                "since a slice ends before its second number",
    "normal = np.sort(errors)[:n]":
        "the n least errors say what is usual: it is the first n in time that do, `errors[:n]`",
    "normal = np.abs(errors[:n])":
        "mean and std are those of absolute values: take them of the first n errors as they are",
    "errors = np.abs(errors)\nnormal = errors[:n]":
        "the absolute value is taken before mean and std: take the distance from the mean first, "
        "then its absolute value",
    "errors = errors**2\nnormal = errors[:n]":
        "the errors are squared before mean and std: they are taken as they come, with their signs",
})
variants(anomaly_scores, USUAL, {
    "mean = errors[n:].mean()": "the mean is that of the errors after the first n: the first n say what is usual",
    "mean = errors.mean()": "the mean is that of all errors: both mean and std come from the first n",
    "mean = 0":
        "the mean is not taken away: a forecaster may always be off by the same amount, and that is not unusual",
    "mean = errors[0]": "the first error stands where the mean should: it is `errors[:n].mean()`",
    "mean = np.median(normal)": "the median stands where the mean should: it is `errors[:n].mean()`",
})
variants(anomaly_scores, DEVIATION, {
    "std = np.sqrt(((normal - mean) ** 2).sum())":
        "what you divide by is `sqrt(n)` times too large: are the squared distances added up and not divided by n, "
        "or is there a root of n too many?",
    "std = np.sqrt(((normal - mean) ** 2).sum() / len(errors))":
        "the squared distances are divided by T: they are those of the first n errors, so divide by n",
    "std = errors.std()": "the std is that of all errors: both mean and std come from the first n",
    "std = normal.std(ddof=1)":
        "the squared distances are divided by n - 1, as with `ddof=1` and in pandas: here they are divided by n, "
        "as `np.std` does",
    "std = normal.var()": "the distance is divided by the variance: divide by its root, the standard deviation",
    "std = 1": "the distance is not divided by anything: a score counts standard deviations",
    "std = np.sqrt((normal**2).mean())":
        "what you divide by is the root mean square of the errors: it is that of their distances from the mean",
    "std = np.ptp(normal)": "what you divide by is the range of the errors: it is the standard deviation, `np.std`",
    "std = np.abs(normal - mean).mean()":
        "what you divide by is the mean absolute distance: it is the standard deviation, `np.std`",
    "std = normal.std() / np.sqrt(n)":
        "this is the standard error of a mean, `std / sqrt(n)`: a single error is measured by std itself",
})
variants(anomaly_scores, SCORES, {
    "scores = np.abs(np.abs(errors) - mean) / std":
        "the absolute value is taken of the errors before their mean is taken away: it is the distance from the mean, "
        "`np.abs(errors - mean) / std`",
    "scores = (errors - mean) / std":
        "the scores keep their sign: what is far too low is as unusual as what is far too high, "
        "so take the absolute value",
    "scores = ((errors - mean) / std) ** 2":
        "the scores are squared: they count standard deviations, so take the absolute value",
    "scores = np.abs(errors - mean) / std > 3":
        "these are verdicts, above or below a limit: the scores themselves are asked for",
    "scores = np.abs(errors[n:] - mean) / std": "the first n have no score: every error gets one, `scores (T,)`",
    "scores = np.abs(errors - mean) / std\nscores = scores / scores.max()":
        "the scores are divided by their largest: that one lies in the future of all others, "
        "and a score counts standard deviations",
    "scores = np.abs(errors - mean / std)":
        "brackets are missing around the difference: `np.abs(errors - mean) / std`",
    "scores = np.abs(errors / std - mean)":
        "brackets are missing: take the mean away first, `np.abs(errors - mean) / std`",
})
variants(anomaly_scores, SCORES, {
    "scores = np.abs(np.abs(errors) - np.abs(normal).mean()) / std":
        "the distance is that of the errors without their signs: take the mean away from the errors as they are, "
        "then the absolute value",
    "scores = np.maximum(errors - mean, 0) / std":
        "errors below the mean get the score 0: what is far too low is as unusual as what is far too high, "
        "so take the absolute value",
    "scores = np.abs(errors - mean) / std / mean":
        "the distance is divided by the mean too: a score counts standard deviations",
})
edit(
    anomaly_scores, USUAL, "mean = errors[n:].mean()", DEVIATION, "std = np.sqrt(((normal - mean) ** 2).mean())",
    "the mean is that of the errors after the first n, and the std is taken around it: "
    "both come from the first n alone",
)
edit(
    anomaly_scores, DEVIATION, "std = np.sqrt(np.abs(normal - mean).mean())",
    "the distances are not squared under the root: the standard deviation is the root of the mean of their squares",
)
edit(
    anomaly_scores, USUAL, "mean = np.median(normal)", DEVIATION, "std = np.sqrt(((normal - mean) ** 2).mean())",
    "the median is taken for the mean, in the std too: it is `errors[:n].mean()`",
)
edit(
    anomaly_scores, USUAL, "mean = errors.mean()", DEVIATION, "std = np.sqrt(np.mean((normal - mean) ** 2))",
    "the mean is that of all errors, and the std is taken around it: both come from the first n alone",
)
for _name, _lines in {"": [], "_and_in_std": [DEVIATION, "std = np.sqrt(((normal - mean) ** 2).mean())"]}.items():
    edit(
        anomaly_scores, USUAL, "mean = errors[: n - 1].mean()", *_lines,
        "the mean is that of n - 1 errors: the first n are `errors[:n]`, since a slice ends before its second number",
        name=f"mean_of_one_less{_name}",
    )
    edit(
        anomaly_scores, USUAL, "mean = normal.sum() / len(errors)", *_lines,
        "the mean of the first n errors is divided by T: their sum is divided by n", name=f"mean_divided_by_T{_name}",
    )
    edit(
        anomaly_scores, USUAL, "mean = normal.sum()", *_lines,
        "the sum of the first n errors stands where their mean should: divide it by n",
        name=f"mean_not_divided{_name}",
    )
edit(
    anomaly_scores, USUAL, "mean = np.median(normal)", DEVIATION, "std = np.median(np.abs(normal - mean))",
    "this is the distance from the median in median distances: here mean and standard deviation are asked for",
)
edit(
    anomaly_scores, USUAL, "mean = normal.min()", DEVIATION, "std = np.ptp(normal)",
    "the errors are scaled by their least and their largest: here mean and standard deviation are asked for",
)
