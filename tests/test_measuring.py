"""How far a gradient reaches and how long a pass takes, as chapters 5 and 6 measure them."""

import numpy as np
import pytest

from unrolled.cells import gru_cell, lstm_cell, tanh_cell
from unrolled.measuring import BLOCKS, PASSES, gradient_left, of_size_1, pass_times
from unrolled.reference import sigmoid
from unrolled.training import initial_parameters

T, N, D, H = 9, 4, 3, 5


@pytest.fixture(params=PASSES, ids=lambda cell: cell.__name__)
def cell(request):
    return request.param


def parameters_of(cell, rng):
    parameters = initial_parameters(rng, D, H, 1, k=BLOCKS.get(cell, 1), dtype=float)
    return parameters | {"b": rng.normal(size=parameters["b"].shape)}      # away from relu's corner


def test_what_arrives_is_the_derivative_with_respect_to_the_state_so_many_steps_before(cell, rng):
    parameters, xs, dh, lag = parameters_of(cell, rng), rng.normal(size=(T, N, D)), rng.normal(size=(N, H)), 3
    forward, _, count = PASSES[cell]
    W_x, W_h, b = (parameters[name] for name in ("W_x", "W_h", "b"))

    def first(results):
        return results if isinstance(results, tuple) else (results,)

    before = [states[-1] for states in first(forward(xs[:-lag], *[np.zeros((N, H))] * count, W_x, W_h, b))[:count]]
    squares, step = np.zeros(N), 1e-6
    for place in range(count):
        for unit in range(H):
            ends = []
            for sign in (1, -1):
                moved = [state.copy() for state in before]
                moved[place][:, unit] += sign * step
                ends.append((first(forward(xs[-lag:], *moved, W_x, W_h, b))[0][-1] * dh).sum(axis=1))
            squares += ((ends[0] - ends[1]) / (2 * step)) ** 2
    assert gradient_left(cell, parameters, xs, dh, [lag])[0] == pytest.approx(np.sqrt(squares), rel=1e-5, abs=1e-9)


def test_with_the_slip_roads_closed_the_forget_gates_alone_are_left(rng):
    parameters = {"W_x": np.zeros((D, 4 * H)), "W_h": rng.normal(size=(H, 4 * H)), "b": np.zeros(4 * H)}
    parameters["W_h"][:, H : 2 * H] = 0     # so that all forget gates are what their bias says
    parameters["b"][H : 2 * H] = 2
    dh, xs = of_size_1(rng.normal(size=(N, H))), rng.normal(size=(T, N, D))
    one, five = gradient_left(lstm_cell, parameters, xs, dh, [1, 5], roads=0)
    assert five / one == pytest.approx(sigmoid(np.array(2.0)) ** 4)
    assert (gradient_left(lstm_cell, parameters, xs, dh, [5])[0] > 1.01 * five).any()


def test_gradients_of_size_1(rng):
    assert np.linalg.norm(of_size_1(rng.normal(size=(N, H))), axis=1) == pytest.approx(1)


def test_every_cell_is_timed_so_many_times():
    times = pass_times({tanh_cell: 4, lstm_cell: 3, gru_cell: 2}, T=3, N=2, D=2, rounds=2)
    assert {cell: values.shape for cell, values in times.items()} == {tanh_cell: (2,), lstm_cell: (2,), gru_cell: (2,)}
    assert all((values > 0).all() for values in times.values())
