"""Train the two networks of the widget "Two dials": `python -m unrolled.widgets.train_two_dials`.

A GRU and an LSTM that learn the same number of parameters read one number a step, and say at every step the last one
that was not 0. The file that this writes stands beside the widget.
"""

from pathlib import Path

import numpy as np

from unrolled.cells import every_state_loss, gru_cell, lstm_cell
from unrolled.reference import parameter_count
from unrolled.training import initial_parameters, train

FILE = Path(__file__).with_name("two_dials_networks.npz")
T, GRU_UNITS, LSTM_UNITS = 36, 14, 12
STEPS, ROWS = 5000, 64
assert parameter_count("gru", 1, GRU_UNITS) == parameter_count("lstm", 1, LSTM_UNITS)


def last_number(rng, T, N):
    """xs (T, N, 1): mostly 0, now and then a number of size 0.25 to 1; in a quarter of the rows a wave that never rests.

    Targets (T, N, 1): the last number that was not 0, and 0 before the first.
    """
    xs = rng.uniform(0.25, 1, size=(T, N)) * rng.choice([-1, 1], size=(T, N)) * (rng.random((T, N)) < 0.12)
    waves = N // 4
    phase, period = rng.uniform(0, 2 * np.pi, size=waves), rng.uniform(8, 24, size=waves)
    xs[:, :waves] = 0.8 * np.sin(phase + 2 * np.pi * np.arange(T)[:, None] / period)
    last = np.maximum.accumulate(np.where(xs != 0, np.arange(T)[:, None], 0))
    targets = np.take_along_axis(xs, last, axis=0)
    return xs[..., None].astype(np.float32), targets[..., None].astype(np.float32)


def train_network(cell, blocks, H):
    rng = np.random.default_rng(0)
    parameters = initial_parameters(rng, D=1, H=H, O=1, k=blocks)
    batches = (last_number(rng, T, ROWS) for _ in range(STEPS))
    loss = every_state_loss(cell, max_norm=1.0)
    train(parameters, loss, batches, rate=lambda step: 0.01 * (1 - step / STEPS))
    error, _ = loss(parameters, *last_number(np.random.default_rng(1), T, 1000))
    print(f"{cell.__name__}: mean squared error {error:.5f}")
    return {name: value.round(4) for name, value in parameters.items()}


def main():
    networks = {"gru": train_network(gru_cell, 3, GRU_UNITS), "lstm": train_network(lstm_cell, 4, LSTM_UNITS)}
    np.savez_compressed(FILE, **{f"{cell}/{name}": value for cell, network in networks.items() for name, value in network.items()})


if __name__ == "__main__":
    main()
