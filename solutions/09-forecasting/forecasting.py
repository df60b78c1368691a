# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Is it better than the simple thing?
#
# A network that forecasts is worth its trouble where it is better than a line of arithmetic, on values that nobody looked at before. Here you write what that
# takes: scaling that does not look ahead, the two simple forecasts that are hard to beat, and a score that says which errors are unusual. At
# the end the sun's spots are forecast for 79 years that your functions have not seen.
#
# ## How to work
#
# 1. Run the first code cell: click into it and press Shift+Enter. If it does not find the module `unrolled`, follow START-HERE.html,
#    which came with this notebook.
# 2. In each function, put your own lines in the place of `raise NotImplementedError()`. Keep the function's name and
#    its arguments, and leave the arrays that it is given as they are: `a = a + b` makes a new array, `a += b` changes the caller's.
# 3. Run the cell below it, `check(...)`, as often as you like: it costs nothing. When the function is right, it prints one
#    line. Otherwise it says what it saw, the most basic fault first: an error, a wrong shape, then wrong values and
#    their places. When your values are those of a mistake that others have made before you, it names the mistake.
# 4. When you are done, choose *Restart Kernel and Run All Cells* from the menu *Kernel*, save, and hand in this file under the name it has.
#    A check that fails stops that run; you can hand in all the same, and what is right has its points.
#
# ## How it is graded
#
# Each function is graded on its own, on inputs drawn for you: all its points when its results are right, none when they are
# not; the card at the end of chapter 9 says how many points that is. `check` draws its inputs in the same way, so a function that passes
# here passes there. A function may call those that you have written above it, and is then right only when they are. The figure and the
# written question at the end are read by a person.
#
# The whole notebook is run, your own cells too: an import, a constant or a helper function counts wherever you put it. What takes long in a
# cell of your own is stopped, and what it shows decides nothing. Grading knows Python's own library, NumPy and Matplotlib, and no other.
#
# ## Letters
#
# A series is one array with time on axis 0: `series (T,)`, the oldest value first. Where several features are measured at each step, they are columns: `train (T, D)`.
# `horizon` is the number of steps that are forecast, `period` the length of a season, `p` the order of an autoregression: how many past values it looks at.

# %%
import numpy as np

from unrolled import check

# %% [markdown]
# ## 1. In units of the past
#
# Networks learn more easily from numbers around 0 with a size around 1. Each column has its mean taken away and is divided by its standard deviation:
#
# $$\mu = \frac{1}{T}\sum_{t=1}^{T} x_t, \qquad \sigma^2 = \frac{1}{T}\sum_{t=1}^{T} (x_t - \mu)^2, \qquad x_t \leftarrow \frac{x_t - \mu}{\sigma}$$
#
# Both sums run over the **training part alone**, and what they give is used for both parts: on the day when the forecast is made, nobody knows the mean of what is to come. A
# column that never changed in training has no unit of its own; its $\sigma$ is given as 1. To other
# columns' $\sigma$ you may add 1e-8, as many do.
#
# `train (T, D)`, `test (T_test, D)` → `scaled_train (T, D)`, `scaled_test (T_test, D)`, `mean (D,)`, `std (D,)`. Mean and std are returned so that a forecast can be
# brought back to the old units.
#
# *Hint: `np.std` divides by T, as the formula does; pandas divides by T − 1. `np.where` chooses between two values, entry by entry.*

# %% nbgrader={"grade": false, "grade_id": "standardise-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def standardise(train, test):
    """Both parts in units of the training part: there the mean becomes 0, the deviation 1.
    
    train (T, D), test (T_test, D)  ->  scaled_train (T, D), scaled_test (T_test, D), mean (D,), std (D,)
    A column that is constant in train has the std 1.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "standardise", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(standardise)

# %% [markdown]
# ## 2. As it was last time
#
# The simplest forecast of a series with a season, a year of months or a day of hours, is the last season once more. With $S$ for the period, and $i = 1, 2, \dots$ for the steps
# after the end:
#
# $$\hat{x}_{T+i} = x_{T - S + 1 + ((i - 1) \bmod S)}$$
#
# After one season it begins again. With a period of 1 this is **persistence**: all will stay as it is now.
#
# `series (T,)`, integers `period` and `horizon` → `forecasts (horizon,)`.
#
# *Hint: cut the last season out, then write down its places 0, 1, ..., period − 1, 0, 1, ... for as many steps as are asked for; `%` is the remainder.*

# %% nbgrader={"grade": false, "grade_id": "seasonal_naive-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def seasonal_naive(series, period, horizon):
    """The last season once more, again and again.
    
    series (T,), integers period and horizon  ->  forecasts (horizon,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "seasonal_naive", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(seasonal_naive)

# %% [markdown]
# ## 3. A weighted sum of the last values
#
# Yule forecast the sun's spots in 1927 with a weighted sum of the last two years' numbers. An **autoregression** of order $p$ has a weight for each of the last $p$ values and an intercept $\phi_0$:
#
# $$\hat{x}_t = \phi_0 + \phi_1 x_{t-1} + \phi_2 x_{t-2} + \dots + \phi_p x_{t-p}$$
#
# Choose the weights that make the sum of $(x_t - \hat{x}_t)^2$ least over all values whose $p$ predecessors are known: all but the first $p$.
#
# `series (T,)`, integer `p` → `coefficients (p,)`, `intercept ()`. `coefficients[0]` is $\phi_1$, the weight of the value **just before**; `coefficients[p - 1]` belongs to the oldest.
#
# *Hint: each target gives a row of a table X: its lags, the newest first, and a 1 for the intercept. `np.linalg.lstsq(X, targets, rcond=None)[0]` finds the weights. The lag $i$ of
# all targets is one slice of the series.*

# %% nbgrader={"grade": false, "grade_id": "fit_autoregression-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fit_autoregression(series, p):
    """The weights of the last p values and an intercept, by least squares.
    
    series (T,), integer p >= 1  ->  coefficients (p,), intercept ()
    coefficients[0] belongs to the value just before, coefficients[1] to the one before that, and so on.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "fit_autoregression", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(fit_autoregression)

# %% [markdown]
# ## 4. Further than one step
#
# To look further ahead, let the model read its own forecasts: what is not known yet is replaced by what was forecast for it. This is how a network writes text, too.
#
# $$\hat{x}_{T+i} = \phi_0 + \sum_{j=1}^{p} \phi_j\,\tilde{x}_{T+i-j}, \qquad \tilde{x}_t = \begin{cases} x_t & t \le T \\ \hat{x}_t & t > T \end{cases}$$
#
# `series (T,)`, `coefficients (p,)` as above, a number `intercept`, an integer `horizon` → `forecasts (horizon,)` for the steps after the end of the series.
#
# *Hint: keep the last p values at hand, newest first. After each step the forecast moves in at one end, and the oldest value falls out at the other.*

# %% nbgrader={"grade": false, "grade_id": "forecast_closed_loop-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def forecast_closed_loop(series, coefficients, intercept, horizon):
    """Forecasts of an autoregression after the end of series: each is an input of the next.
    
    series (T,), coefficients (p,) the newest first, number intercept, integer horizon  ->  forecasts (horizon,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "forecast_closed_loop", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(forecast_closed_loop)

# %% [markdown]
# ## 5. How unusual is an error?
#
# A model that forecasts well is surprised when something unusual happens. How large an error must be to be unusual is said by a stretch where nothing was: the first $n$ of the errors $\varepsilon_t$. With their mean $\mu$
# and standard deviation $\sigma$, as above,
#
# $$s_t = \frac{|\varepsilon_t - \mu|}{\sigma}$$
#
# Every error gets its score, the first $n$ too. Errors that are far too high and errors that are far too low are unusual alike.
#
# `errors (T,)`, integer `n` → `scores (T,)`.
#
# *Hint: were the unusual errors among those that μ and σ are made of, they would hide themselves.*

# %% nbgrader={"grade": false, "grade_id": "anomaly_scores-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def anomaly_scores(errors, n):
    """How unusual each error is: its distance from the usual mean in usual deviations.
    
    errors (T,), integer n >= 2 of errors on a stretch without anomalies  ->  scores (T,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "anomaly_scores", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(anomaly_scores)

# %% [markdown]
# ## 6. A gate that nobody trained
#
# No page of the book prints the next three functions; what it taught is enough. In the 1950s Brown and Holt forecast sales by a **level**, which is a GRU's state with one unit, no weights, the value itself for its candidate, and an update gate that is held at $z$. It starts as the first value. With each value that comes, it keeps the
# share $z$ of itself and takes the rest from that value. The forecast for a step is the level just before its value is known.
#
# `series (T,)`, number `z` from 0 to 1 → `forecasts (T,)`, of which the first is `series[0]`.
#
# <details><summary>A hint for <code>smoothed_forecasts</code></summary>
#
# *Hint: a forecast is written down first, and the level moves afterwards; `forecasts[1]` is `series[0]` too.*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "smoothed_forecasts-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def smoothed_forecasts(series, z):
    """Each value forecast by a level that keeps the share z of itself and takes the rest from every value that comes.
    
    series (T,), number z from 0 to 1  ->  forecasts (T,)
    forecasts[t] is made before series[t] is known; forecasts[0] is given as series[0].
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "smoothed_forecasts", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(smoothed_forecasts)

# %% [markdown]
# ## 7. Better than the simple thing?
#
# An error of 18 spots says nothing to somebody who does not know the sun, and nothing can be compared with an error in degrees. Hyndman and Koehler (2006) divide it by the simple thing's error. Above the line is the mean absolute error of your forecasts. Below it is that
# of the seasonal naive forecast **in training**: there each value is forecast by the one that came a period before it. A result below 1 is better than the simple thing was.
#
# `train (T,)`, `actual (horizon,)`, `forecasts (horizon,)`, integer `period` → one number.
#
# <details><summary>A hint for <code>scaled_error</code></summary>
#
# *Hint: `train[period:]` and `train[:-period]` lie beside each other, each value next to the one that came a period before it.*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "scaled_error-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def scaled_error(train, actual, forecasts, period):
    """The mean absolute error of forecasts, in that of the seasonal naive forecast in training: below 1 is better than that.
    
    train (T,), actual (horizon,), forecasts (horizon,), integer period  ->  error ()
    In training each value is forecast by the one a period before it.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "scaled_error", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(scaled_error)

# %% [markdown]
# ## 8. A fair test
#
# One split of a series is one throw of the dice. A fairer test looks ahead from many places, one after the other. At **origin** $t$ the first $t$ values are known. The autoregression is fitted to them, anew, and forecasts the next `horizon` values in a closed loop. The first origin is `start`, and it moves on by
# one step until the last, from which exactly `horizon` values are left to be forecast.
#
# The errors of one year ahead are smaller than those of five years ahead, so each step ahead has a number of its own: the root of the mean squared error over all origins.
#
# `series (T,)`, integers `p`, `start`, `horizon` → `rmse (horizon,)`.
#
# <details><summary>A hint for <code>rolling_origin_rmse</code></summary>
#
# *Hint: the last origin is one of them, so count the origins of a short series on your fingers. `fit_autoregression` and `forecast_closed_loop` do the rest; a row of errors for each origin makes a table.*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "rolling_origin_rmse-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rolling_origin_rmse(series, p, start, horizon):
    """The root mean squared error of an autoregression for each step ahead, fitted anew at every origin from start on.
    
    series (T,), integers p, start and horizon  ->  rmse (horizon,)
    At origin t the first t values are known, and the horizon values after them are forecast; the last origin is T - horizon.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "rolling_origin_rmse", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(rolling_origin_rmse)

# %% [markdown]
# ## How far ahead?
#
# A figure, which a person reads. Make a series that swings in cycles of about eleven steps and loses its phase bit by bit: each value $x_t$ is $2\rho\cos(2\pi/11)\,x_{t-1} - \rho^2 x_{t-2}$ with $\rho = 0.95$, and noise, normal with variance 1, from zeros on.
# Drop the first 100 steps. The next 300 are known, the 100 after them are still to come; `standardise` brings both into units of the known part.
#
# Measure the root mean squared error 1 to 22 steps ahead, which is two cycles, over all origins from 300 on: that of the autoregression of order 2, by `rolling_origin_rmse`; that of `seasonal_naive` with a period of 11; and that of the known part's mean, said every time.
# Draw the first two as shares of the third, for eight draws of the series, every draw and not a mean alone. In a second panel show for one draw what all three say at step 300 of the next 22 steps, and what came. Then say in two sentences, as comments at the end of the
# cell, how far ahead the autoregression and the seasonal naive forecast are each worth more than the mean, and why.

# %% nbgrader={"grade": true, "grade_id": "how-far-ahead", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
import matplotlib.pyplot as plt

### BEGIN SOLUTION
rng = np.random.default_rng(9)
known, length, cycle, horizon, rho = 300, 400, 11, 22, 0.95
origins = range(known, length - horizon + 1)


def swings():
    """A series in units of its known part: cycles of about eleven steps, whose phase is lost bit by bit."""
    x = np.zeros(length + 100)
    for t in range(2, len(x)):
        x[t] = 2 * rho * np.cos(2 * np.pi / cycle) * x[t - 1] - rho**2 * x[t - 2] + rng.normal()
    x = x[100:, None]
    past, future, _, _ = standardise(x[:known], x[known:])
    return np.concatenate([past, future])[:, 0]


def rmse_of(forecast, series):
    """The error of forecast(past) at each step ahead, over all origins."""
    errors = [forecast(series[:t]) - series[t : t + horizon] for t in origins]
    return np.sqrt(np.mean(np.square(errors), axis=0))


figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
steps = np.arange(1, horizon + 1)
for draw in range(8):
    series = swings()
    by_mean = rmse_of(lambda past: np.zeros(horizon), series)
    errors = {
        "autoregression, order 2": rolling_origin_rmse(series, 2, known, horizon),
        "seasonal naive": rmse_of(lambda past: seasonal_naive(past, cycle, horizon), series),
    }
    for (name, values), colour in zip(errors.items(), ("C0", "C1"), strict=True):
        left.plot(steps, values / by_mean, color=colour, alpha=0.5, label=None if draw else name)
left.axhline(1, color="C2", label="the mean")
past = series[:known]
right.plot(steps, series[known : known + horizon], "k.-", label="what came")
right.plot(steps, forecast_closed_loop(past, *fit_autoregression(past, 2), horizon), color="C0")
right.plot(steps, seasonal_naive(past, cycle, horizon), color="C1")
right.axhline(0, color="C2")
left.set(xlabel="steps ahead", ylabel="error, as a share of the mean's", ylim=(0, None), title="Eight draws")
right.set(xlabel="steps ahead", ylabel="value", title=f"One draw, seen from step {known}")
left.legend(fontsize="small")
right.legend(fontsize="small")
plt.show()
# The autoregression is worth much for a few steps, and after about a cycle hardly more than the mean, to whose error its own rises without going far beyond it: what is left of the phase
# fades, its swings fade with it, and in the end it says the mean.
# The seasonal naive forecast is about as good as the mean for one cycle, with about the same error at each step, and from step 12 on it is worse: it swings as high as ever when nothing is known of the phase
# any more, so its own swings are added to the error.
#
# One point each. The figure: both shares at 22 steps, all of the same origins, eight draws, a second panel with what came, axes that say what they are. The sentences: an error that rises to
# the mean's for the one, about equal within a cycle and then above the mean's for the other, and a reason that speaks of the lost phase or of swings that fade or do not.
### END SOLUTION

# %% [markdown]
# ## The sun, seen from 1929
#
# All are right? Then forecast. The years up to 1929 are there to learn from; each of the 79 years after them is forecast from the years before it, and what is drawn are the errors. The second figure
# looks from 1929 straight to 1949.
#
# This cell is not graded. Change what you like: the order `p`, the season's length, the year from which you look.

# %% tags=["skip-execution"]
import matplotlib.pyplot as plt

from unrolled.data import sunspots

years, numbers = sunspots()
split, p = 230, 10
coefficients, intercept = fit_autoregression(numbers[:split], p)
forecasters = {
    "the last value": lambda past, steps: seasonal_naive(past, 1, steps),
    "the value 11 years ago": lambda past, steps: seasonal_naive(past, 11, steps),
    f"autoregression, order {p}": lambda past, steps: forecast_closed_loop(past, coefficients, intercept, steps),
}
fig, (near, far) = plt.subplots(2, 1, figsize=(8, 6), sharey=True)
near.plot(years[split:], numbers[split:], "k.-", label="what came")
far.plot(years[split - 20 : split + 20], numbers[split - 20 : split + 20], "k.-", label="what came")
for name, forecast in forecasters.items():
    one_step = np.array([forecast(numbers[:t], 1)[0] for t in range(split, len(numbers))])
    rmse = np.sqrt(np.mean((one_step - numbers[split:]) ** 2))
    near.plot(years[split:], one_step, label=f"{name}: root mean squared error {rmse:.1f}", linewidth=1)
    far.plot(years[split : split + 20], forecast(numbers[:split], 20), label=name, linewidth=1)
near.set_title("One year ahead")
far.set_title("Twenty years ahead, in a closed loop")
near.set(ylim=(-10, 290))
near.legend(fontsize="small", ncols=2, loc="upper left")
plt.tight_layout()
plt.show()

# %% [markdown]
# ## One split is one throw
#
# Count in the cell above, which is not graded, with `rolling_origin_rmse(numbers, 10, 230, 5)` and a few lines of your own. Then answer in the cell below, in two or three sentences each; a person reads it.
#
# 1. Your function fits anew at every origin. Make the same forecasts with weights that are fitted once, to the first 230 years. What are the errors one and five years ahead, in both ways? Give one reason for the difference, and one
#    reason why somebody might fit once all the same.
# 2. How many origins are there? Two neighbouring origins: how many of the years that they forecast do they share? What follows for somebody who takes the errors five years ahead for as many throws of the dice?
# 3. Somebody draws a band of 95 % around a forecast of the next five years, and takes 1.96 times the error one year ahead for all of them. What is wrong with it? How do you get a better one from the errors at your origins, and how do you
#    test it without looking ahead?

# %% [markdown] nbgrader={"grade": true, "grade_id": "one-split-is-one-throw", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. Fitted anew it is 18.3 spots one year ahead and 33.2 five years ahead, fitted once 18.6 and 35.0. Later origins have more years to learn from, and the cycles after 1929 are higher than those before. To fit once is cheaper, which counts where a fit takes hours, and
#    it tests one fixed model, the one that will be used.
# 2. From 230 to 304: 75 origins. Neighbours share four of their five years, and one unusual year is in the errors of five origins. So the errors belong together, and there are far fewer independent throws than 75; whoever treats them as 75 is too sure. Whole blocks
#    should be drawn, of a cycle at least.
# 3. The errors grow with the steps ahead, from 18 to 33 spots, so the band is too narrow for the later years. Each step ahead needs a width of its own: 1.96 times its own error, or the range that holds 95 % of the errors at that step. It is taken from early
#    origins, and what share of the values it covers is counted at later ones.
#
# *One point each. 1: both pairs of numbers, to within rounding, and a sound reason for each side. 2: 75, four, and that the errors are not independent. 3: a width for each step ahead, and other origins to test it on than those it was made from.*
# ### END SOLUTION
