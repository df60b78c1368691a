"""The widget "Honest test": simple forecasts and trained networks on values that they have not seen, and leaks
that let them peep."""

import numpy as np
import traitlets

from unrolled import plots
from unrolled.reference import fit_autoregression, forecast_closed_loop, seasonal_naive
from unrolled.widgets.base import Widget, control, data, pack
from unrolled.widgets.train_honest_test import LEAKS, SEEDS, SERIES, SPLITS, load, predict, prepared, series_of

PERIOD = 11  # years that the sun's cycle takes, nearly
LARGEST = 30  # order
NAMES = {
    "persistence": "persistence",
    "seasonal": "seasonal naive",
    "autoregression": "autoregression",
    "network": "networks",
}


class HonestTest(Widget):
    """One series, split into training and test; four forecasters; three ways in which the future leaks
    into the training."""

    title = "Honest test: is it better than the simple thing?"
    tries = (
        "Drag the split. Wherever it stands, an autoregression of order 2 makes 0.70 of persistence's error or less "
        "in the years after it, and no network halves that error.",
        "Smooth before splitting, and more than a third of the autoregression's error is gone. "
        "Then take the random walk (under More), which nobody can forecast: honestly the "
        "autoregression is no better there than persistence, and with the leak it seems to err little more than half "
        "as much.",
        "Scale before splitting. On the sunspots the autoregression gains nothing, to the last digit, "
        "and the networks nothing that another seed would not bring. On the "
        "random walk the leak takes away more than half of the networks' error, "
        "and what remains is still five times persistence's.",
        "Go back to where nothing leaks, and move the order until the autoregression's error is smallest. "
        "You have chosen on the test part, by hand. The last leak picks the order "
        "that you have found, and says which one the training part alone would have picked.",
    )

    series = control(traitlets.Enum(list(SERIES), "sunspots"))
    split = control(traitlets.Int(210, min=SPLITS[0], max=SPLITS[-1]))  # how many values are for training
    order = control(traitlets.Int(2, min=1, max=LARGEST))
    shown = control(traitlets.Enum(list(NAMES), "autoregression"))
    leak = control(traitlets.Enum([*LEAKS, "order"], "none"))
    values = data(traitlets.Dict())
    first = data(traitlets.Dict({"sunspots": 1700, "walk": 1}))
    splits = data(traitlets.List(list(SPLITS)))  # where networks were trained; between them, that of the split before
    networks = data(traitlets.Dict())

    @traitlets.default("values")
    def _series(self):
        return {name: series_of(name).tolist() for name in SERIES}

    @traitlets.default("networks")
    def _pack(self):
        return {
            name: {leak: {weights: pack(value) for weights, value in load(name, leak).items()} for leak in LEAKS}
            for name in SERIES
        }

    def picture(self):
        series = series_of(self.series)
        years = self.first[self.series] + np.arange(len(series))
        runs = {kind: forecasts(kind, self.series, self.split, "none", self.order) for kind in NAMES}
        errors = {NAMES[kind]: [rmse(run, series[self.split :]) for run in of] for kind, of in runs.items()}
        figure, (above, below) = plots.new_figure(4.6, rows=2)
        above.plot(years, series, color=plots.colour("muted"), linewidth=1)
        above.plot(years[self.split :], runs[self.shown][0], color=plots.colour("positive"), linewidth=1.2)
        above.axvline(years[self.split] - 0.5, color=plots.colour("ink"))
        plots.label(above, "year", "sunspots", "Forecast one year ahead, from the line on")
        plots.every_run(below, errors, dict.fromkeys(errors, "positive"))
        below.set_ylim(0)
        plots.label(below, "", "error (RMSE)", "What each errs by over the test part")
        said = ", ".join(f"{kind} {np.median(of):.1f}" for kind, of in errors.items())
        return plots.Picture(
            figure,
            (
                f"The yearly numbers of sunspots from 1700 to 2008. From {years[self.split]} on they are forecast a "
                f"year ahead by an autoregression of order {self.order}, whose curve follows "
                f"them closely but at the peaks. Below, the errors of four forecasters over that part: {said}."
            ),
        )


def rmse(forecast, target):
    return float(np.sqrt(np.mean((np.asarray(forecast) - target) ** 2)))


def forecasts(kind, name, split, leak, order):
    """Forecasts of the values from `split` on, each from those before it: a list of runs (T - split,), one,
    or one a network.

    kind  one of NAMES; leak  one of LEAKS, which says what it is given: see `prepared`
    """
    series = series_of(name)
    if kind == "network":
        place = sum(known <= split for known in SPLITS) - 1
        xs, mean, std = prepared(series, SPLITS[place], leak)
        networks = load(name, leak)
        runs = [
            predict({weights: value[place, seed] for weights, value in networks.items()}, xs)[split - 1 :]
            for seed in range(SEEDS)
        ]
    else:
        xs, mean, std = prepared(series, split, leak)
        say = one_ahead(kind, xs[:split], order)
        runs = [np.array([say(xs[:t]) for t in range(split, len(xs))])]
    return [run * std + mean for run in runs]


def one_ahead(kind, train, order):
    """A function from a series to a forecast of the value after its end, fitted to train where there is
    something to fit."""
    if kind == "autoregression":
        coefficients, intercept = fit_autoregression(train, order)
        return lambda past: forecast_closed_loop(past, coefficients, intercept, 1)[0]
    period = 1 if kind == "persistence" else PERIOD
    return lambda past: seasonal_naive(past, period, 1)[0]


def best_order(series, fitted, judged):
    """The order whose autoregression, fitted to the first `fitted` values, errs least from there to `judged`."""
    says = [one_ahead("autoregression", series[:fitted], order) for order in range(1, LARGEST + 1)]
    errors = [rmse([say(series[:t]) for t in range(fitted, judged)], series[fitted:judged]) for say in says]
    return int(np.argmin(errors)) + 1
