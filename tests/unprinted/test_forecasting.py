"""What assignment 09-forecasting asks beyond the page: against hand calculation and its own properties."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.reference.drawing import seeds
from unrolled.reference import forecast_closed_loop, seasonal_naive
from unrolled.unprinted.forecasting import rolling_origin_rmse, scaled_error, smoothed_forecasts


def test_a_level_by_hand():
    np.testing.assert_allclose(smoothed_forecasts(np.array([4.0, 8.0, 0.0]), 0.75), [4, 4, 5])


@given(seeds)
def test_a_level_that_keeps_nothing_is_persistence_and_one_that_keeps_all_stays(seed):
    series = np.random.default_rng(seed).normal(size=9)
    np.testing.assert_allclose(smoothed_forecasts(series, 0.0)[1:], series[:-1])
    np.testing.assert_allclose(smoothed_forecasts(series, 1.0), series[0])


@given(seeds, st.integers(1, 6), st.floats(0.1, 10))
def test_a_scaled_error_has_no_unit(seed, period, unit):
    rng = np.random.default_rng(seed)
    train, actual, forecasts = rng.normal(size=(3, 20))
    np.testing.assert_allclose(scaled_error(train, actual, forecasts, period), scaled_error(unit * train, unit * actual, unit * forecasts, period))


def test_the_seasonal_naive_forecast_of_a_season_that_goes_on_as_in_training_has_the_error_1():
    train = np.array([0.0, 10, 1, 11, 2, 12])
    assert scaled_error(train, np.array([3.0, 13]), seasonal_naive(train, 2, 2), 2) == 1


def test_a_series_that_an_autoregression_made_is_forecast_without_error():
    series = np.array([1.0, 2.0])
    series = np.concatenate([series, forecast_closed_loop(series, np.array([0.5, -0.9]), 1.0, 28)])
    np.testing.assert_allclose(rolling_origin_rmse(series, 2, 12, 4), 0, atol=1e-9)


@given(seeds)
def test_the_errors_of_each_step_ahead_are_those_of_its_own_horizon(seed):
    """A longer horizon has fewer origins; up to these, its first steps are a shorter horizon's."""
    series = np.random.default_rng(seed).normal(size=30)
    np.testing.assert_allclose(rolling_origin_rmse(series, 2, 15, 4)[:2], rolling_origin_rmse(series[:-2], 2, 15, 2))
