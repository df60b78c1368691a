"""Train the two networks of the widget "Two dials": `python -m unrolled.widgets.train_two_dials`.

A GRU and an LSTM that learn the same number of parameters read a number and a flag at each step, and say at every step
the last number that came with its flag raised. The file that this writes stands beside the widget.
"""

from pathlib import Path

import numpy as np

from unrolled.cells import every_state_loss, gru_cell, lstm_cell
from unrolled.reference import parameter_count
from unrolled.training import initial_parameters, train

FILE = Path(__file__).with_name("two_dials_networks.npz")
T, GRU_UNITS, LSTM_UNITS = 36, 21, 18
STEPS, ROWS = 1500, 64
assert parameter_count("gru", 2, GRU_UNITS) == parameter_count("lstm", 2, LSTM_UNITS)


def last_number(rng, T, N):
    """xs (T, N, 2): a number in [-1, 1) and a flag; where the flag is 0, so is the number.

    In a quarter of the rows the flag is always up and the numbers are a wave. Targets (T, N, 1): the last number whose
    flag was up, and 0 before the first.
    """
    flags = (rng.random((T, N)) < 0.12).astype(float)
    values = rng.uniform(-1, 1, size=(T, N)) * flags
    waves = N // 4
    phase, period = rng.uniform(0, 2 * np.pi, size=waves), rng.uniform(8, 24, size=waves)
    flags[:, :waves] = 1
    values[:, :waves] = 0.8 * np.sin(phase + 2 * np.pi * np.arange(T)[:, None] / period)
    last = np.maximum.accumulate(np.where(flags == 1, np.arange(T)[:, None], 0))
    targets = np.take_along_axis(values, last, axis=0)
    return np.stack([values, flags], axis=-1).astype(np.float32), targets[..., None].astype(np.float32)


def train_network(cell, blocks, H, keep):
    """Trained parameters by name. The gate that keeps, update or forget, is the second block; its
    bias starts at keep."""
    rng = np.random.default_rng(0)
    parameters = initial_parameters(rng, D=2, H=H, O=1, k=blocks)
    parameters["b"][H : 2 * H] = keep
    batches = (last_number(rng, T, ROWS) for _ in range(STEPS))
    loss = every_state_loss(cell, max_norm=1.0)
    train(parameters, loss, batches, rate=lambda step: 0.01 * (1 - step / STEPS))
    error, _ = loss(parameters, *last_number(np.random.default_rng(1), T, 1000))
    print(f"{cell.__name__}: mean squared error {error:.5f}")
    return {name: value.round(4) for name, value in parameters.items()}


def main():
    networks = {"gru": train_network(gru_cell, 3, GRU_UNITS, 3), "lstm": train_network(lstm_cell, 4, LSTM_UNITS, 1)}
    np.savez_compressed(
        FILE, **{f"{cell}/{name}": value for cell, network in networks.items() for name, value in network.items()}
    )


if __name__ == "__main__":
    main()
