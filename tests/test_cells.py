"""Every cell and every loss that the chapters train with, against central differences."""

import numpy as np
import pytest

from tests.reference.finite_differences import assert_gradients
from unrolled.cells import (
    every_state_loss,
    gru_cell,
    last_state_cross_entropy,
    last_state_loss,
    lstm_cell,
    relu_cell,
    rwa_cell,
    tanh_cell,
    truncated_cell,
)
from unrolled.fast import truncated_rnn_backward
from unrolled.training import initial_parameters

CELLS = {tanh_cell: 1, relu_cell: 1, gru_cell: 3, lstm_cell: 4, rwa_cell: 3}
T, N, D, H, O = 4, 3, 2, 5, 3  # noqa: E741


def targets_of(loss, rng):
    if loss is last_state_cross_entropy:
        return rng.integers(O, size=N)
    return rng.normal(size=(T, N, O) if loss is every_state_loss else (N, O))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("loss", [last_state_loss, every_state_loss, last_state_cross_entropy])
def test_gradients_equal_central_differences(cell, loss, rng):
    parameters = initial_parameters(rng, D, H, O, k=CELLS[cell], dtype=float)
    parameters["b"] += rng.normal(size=parameters["b"].shape)      # away from relu's corner
    if cell is rwa_cell:
        parameters |= {"W_h": parameters["W_h"][:, H:], "b": parameters["b"][: 2 * H]}
    xs, targets = rng.normal(size=(T, N, D)), targets_of(loss, rng)
    _, gradients = loss(cell)(parameters, xs, targets)
    assert_gradients(lambda: loss(cell)(parameters, xs, targets)[0], parameters, gradients)


def test_the_truncated_cell_runs_as_the_tanh_cell_and_goes_back_in_chunks(rng):
    parameters = initial_parameters(rng, D, H, O, dtype=float)
    xs, dhs, h0 = rng.normal(size=(T, N, D)), rng.normal(size=(T, N, H)), np.zeros((N, H))
    hs, backward = truncated_cell(3)(parameters, xs)
    np.testing.assert_array_equal(hs, tanh_cell(parameters, xs)[0])
    _, _, *weights = truncated_rnn_backward(dhs, xs, h0, hs, parameters["W_x"], parameters["W_h"], 3)
    for gradient, wanted in zip(backward(dhs).values(), weights, strict=True):
        np.testing.assert_array_equal(gradient, wanted)


def test_clipping_bounds_the_global_norm_and_nothing_else(rng):
    parameters = initial_parameters(rng, D, H, 1, k=3, dtype=float)
    xs, targets = rng.normal(size=(T, N, D)), 50 + rng.normal(size=(N, 1))
    free_loss, free = last_state_loss(gru_cell)(parameters, xs, targets)
    loss, clipped = last_state_loss(gru_cell, max_norm=1.0)(parameters, xs, targets)
    norm = np.sqrt(sum((gradient**2).sum() for gradient in free.values()))
    assert norm > 1 and loss == free_loss
    for name, gradient in clipped.items():
        np.testing.assert_allclose(gradient, free[name] / norm)
