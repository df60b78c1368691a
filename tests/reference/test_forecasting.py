"""Scaling, simple forecasts and scores: what they must mean, and what they say to data that cannot be used."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference.drawing import seeds, sizes
from unrolled.data import sunspots
from unrolled.reference import anomaly_scores, fit_autoregression, forecast_closed_loop, seasonal_naive, standardise


@given(seeds, st.integers(2, 9), sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_training_part_has_mean_0_and_deviation_1_and_both_come_back(seed, T, n, D):
    rng = np.random.default_rng(seed)
    train, test = 5 + 3 * rng.normal(size=(T, D)), 7 + rng.normal(size=(n, D))
    scaled_train, scaled_test, mean, std = standardise(train, test)
    np.testing.assert_allclose(scaled_train.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(scaled_train.std(axis=0), 1)
    np.testing.assert_allclose(scaled_train * std + mean, train)
    np.testing.assert_allclose(scaled_test * std + mean, test)


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_the_training_part_does_not_know_the_test_part(seed):
    rng = np.random.default_rng(seed)
    train = rng.normal(size=(6, 2))
    seen = [standardise(train, test) for test in rng.normal(size=(2, 4, 2)) * [[[1]], [[1000]]]]
    for i in (0, 2, 3):
        np.testing.assert_array_equal(seen[0][i], seen[1][i])


@pytest.mark.parametrize("value", [0, 3, 0.1, -1e9])
def test_a_column_that_is_constant_in_training_becomes_0_and_is_not_blown_up(value):
    """0.1 is not exact, so its computed deviation need not be 0."""
    scaled_train, scaled_test, _, std = standardise(np.full((7, 1), value), np.array([[value + 2.0]]))
    np.testing.assert_allclose(scaled_train, 0, atol=1e-6)
    np.testing.assert_allclose(scaled_test, 2)
    assert std == 1


@given(seeds, st.integers(1, 8), st.integers(0, 20), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_a_seasonal_series_is_forecast_without_error(seed, period, horizon, more):
    season = np.random.default_rng(seed).normal(size=period)
    series = np.resize(season, period + more + horizon)
    np.testing.assert_array_equal(seasonal_naive(series[: period + more], period, horizon), series[period + more :])


def test_a_period_of_1_is_persistence():
    assert seasonal_naive(np.array([1.0, 5.0, 4.0]), 1, 3).tolist() == [4, 4, 4]


@given(seeds, st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_an_autoregression_is_found_again_and_goes_on_as_the_series_does(seed, p):
    rng = np.random.default_rng(seed)
    coefficients, intercept = rng.uniform(-1, 1, size=p) / p, rng.normal()
    start = rng.normal(size=p)
    series = np.concatenate([start, forecast_closed_loop(start, coefficients, intercept, 3 * p + 2)])
    fitted, constant = fit_autoregression(series, p)
    recent = series[-p:]
    for _ in range(3):      # what is fitted may be another that says the same, where the series has come to rest
        following = coefficients @ recent[::-1] + intercept
        np.testing.assert_allclose(forecast_closed_loop(recent, fitted, constant, 1), [following], rtol=1e-5, atol=1e-7)
        recent = np.append(recent[1:], following)


@given(seeds, st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_no_other_weights_have_less_squared_error(seed, p):
    rng = np.random.default_rng(seed)
    series = rng.normal(size=3 * p + 10)
    coefficients, intercept = fit_autoregression(series, p)

    def squared_error(coefficients, intercept):
        forecasts = [forecast_closed_loop(series[:t], coefficients, intercept, 1)[0] for t in range(p, len(series))]
        return ((series[p:] - forecasts) ** 2).sum()

    least = squared_error(coefficients, intercept)
    for _ in range(10):
        assert squared_error(coefficients + 0.01 * rng.normal(size=p), intercept + 0.01 * rng.normal()) >= least


def test_coefficients_0_belongs_to_the_value_just_before():
    series = np.array([1.0, 2.0])
    assert forecast_closed_loop(series, np.array([10.0, 1.0]), 0.5, 2).tolist() == [21.5, 217.5]


@given(seeds, st.integers(1, 3), st.integers(1, 5), st.integers(1, 5))
@settings(max_examples=25, deadline=None)
def test_forecasting_twice_is_forecasting_further(seed, p, first, second):
    rng = np.random.default_rng(seed)
    series, coefficients, intercept = rng.normal(size=p + 2), rng.normal(size=p), rng.normal()
    near = forecast_closed_loop(series, coefficients, intercept, first)
    far = forecast_closed_loop(np.concatenate([series, near]), coefficients, intercept, second)
    np.testing.assert_allclose(forecast_closed_loop(series, coefficients, intercept, first + second), [*near, *far])


def test_sunspots_are_better_forecast_by_autoregression_than_by_the_last_value():
    """Yule's series: a lag of one year pulls up, a lag of two pulls down."""
    _, numbers = sunspots()
    (first, second), _ = fit_autoregression(numbers[:230], 2)
    assert 1.2 < first < 1.5 and -0.8 < second < -0.5

    def rmse(forecast):
        return np.sqrt(np.mean([(forecast(numbers[:t])[0] - numbers[t]) ** 2 for t in range(230, 309)]))

    fitted = fit_autoregression(numbers[:230], 9)
    assert rmse(lambda past: forecast_closed_loop(past, *fitted, 1)) < 0.7 * rmse(lambda past: seasonal_naive(past, 1, 1))


@given(seeds, st.floats(-50, 50), st.floats(0.1, 50))
@settings(max_examples=25, deadline=None)
def test_scores_do_not_depend_on_the_errors_unit_and_offset(seed, offset, unit):
    errors = np.random.default_rng(seed).normal(size=12)
    np.testing.assert_allclose(anomaly_scores(offset + unit * errors, 8), anomaly_scores(errors, 8), rtol=1e-6, atol=1e-6)


def test_an_anomaly_after_the_first_n_does_not_hide_itself(rng):
    errors = rng.normal(size=40)
    before = anomaly_scores(errors, 30)
    errors[35] = -1000
    after = anomaly_scores(errors, 30)
    assert after[35] > 500 and after.argmax() == 35
    np.testing.assert_array_equal(np.delete(before, 35), np.delete(after, 35))


GOOD = np.arange(6.0)
GAP = np.array([1.0, np.nan, 2.0, 4.0, 3.0])


@pytest.mark.parametrize("call, told", [
    (lambda: standardise(GAP[:, None], GOOD[:, None]), "finite"),
    (lambda: standardise(np.empty((0, 2)), np.ones((3, 2))), "a row at least"),
    (lambda: seasonal_naive(GOOD, 7, 2), "period is 7, the series has 6"),
    (lambda: seasonal_naive(GOOD, 0, 2), "period is 0"),
    (lambda: fit_autoregression(GOOD, 3), "7 values.*has 6"),
    (lambda: fit_autoregression(GAP, 1), "finite"),
    (lambda: fit_autoregression(GOOD, 0), "at least 1"),
    (lambda: forecast_closed_loop(GOOD[:1], np.ones(2), 0.0, 3), "order 2.*has 1"),
    (lambda: anomaly_scores(np.ones(5), 3), "first 3 errors must.*differ"),
    (lambda: anomaly_scores(GAP, 4), "finite"),
])
def test_data_that_cannot_be_used_are_refused_in_a_sentence(call, told):
    with pytest.raises(ValueError, match=told) as caught:
        call()
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")


def test_a_constant_series_is_forecast_as_that_constant():
    series = np.full(9, 4.0)
    np.testing.assert_allclose(forecast_closed_loop(series, *fit_autoregression(series, 2), 5), 4)
