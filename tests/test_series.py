"""Series in windows, and a network's forecasts of them: nothing is known before it was."""

import numpy as np
import pytest

from unrolled.cells import gru_cell, tanh_cell
from unrolled.reference import readout
from unrolled.series import closed_loop, learn_series, one_step, pasts_at, rmse, series_windows
from unrolled.training import initial_parameters


def test_each_target_of_a_window_is_the_value_that_comes_next(rng):
    for inputs, targets in series_windows(rng, np.arange(40.0), updates=5, T=7, N=3):
        assert inputs.shape == targets.shape == (7, 3, 1)
        np.testing.assert_array_equal(targets, inputs + 1)


def test_the_last_value_of_the_series_is_a_target_too(rng):
    seen = {float(value) for _, targets in series_windows(rng, np.arange(10.0), updates=50, T=3, N=4) for value in targets.ravel()}
    assert seen == set(range(1, 10))


@pytest.mark.parametrize("place", [0, 5, 11])
def test_a_forecast_knows_no_value_from_its_own_step_on(place, rng):
    parameters, series = initial_parameters(rng, 1, 6, 1), rng.normal(size=12)
    other = series.copy()
    other[place:] += 1
    forecasts, others = (one_step(tanh_cell, parameters, values) for values in (series, other))
    np.testing.assert_array_equal(forecasts[: place + 1], others[: place + 1])
    assert len(forecasts) == len(series) and (forecasts[place + 1 :] != others[place + 1 :]).all()


def test_a_closed_loop_reads_each_forecast_as_if_it_were_a_value(rng):
    parameters, pasts = initial_parameters(rng, 1, 5, 1, 3), rng.normal(size=(9, 4))
    forecasts = closed_loop(gru_cell, parameters, pasts, horizon=3)
    read = pasts.astype(np.float32)
    for forecast in forecasts:
        hs, _ = gru_cell(parameters, read[..., None])
        np.testing.assert_allclose(forecast, readout(hs[-1:], parameters["W_y"], parameters["b_y"])[0, :, 0], rtol=1e-5)
        read = np.concatenate([read, forecast[None]])


def test_pasts_end_just_before_their_origins():
    np.testing.assert_array_equal(pasts_at(np.arange(10), [4, 7], T=3), [[1, 4], [2, 5], [3, 6]])


def test_training_makes_a_wave_foreseeable(rng):
    wave, parameters = np.sin(np.arange(120) / 2), initial_parameters(rng, 1, 8, 1)
    before = rmse((one_step(tanh_cell, parameters, wave) - wave)[20:])
    learn_series(tanh_cell, parameters, series_windows(rng, wave, updates=150, T=20, N=8), 0.01)
    assert rmse((one_step(tanh_cell, parameters, wave) - wave)[20:]) < before / 4
