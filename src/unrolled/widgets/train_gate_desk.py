"""Train the network of the widget "Gate desk": `python -m unrolled.widgets.train_gate_desk`.

A single LSTM unit learns to remember and recall: hold the number last marked "store", say it at every "recall". With
one unit each gate is one number a step, and what it learned to do can be read off. About half of all random starts
get stuck where the unit says nothing; the seed below is one that does not. The file that this writes stands beside
the widget.
"""

from pathlib import Path

import numpy as np

from unrolled.cells import every_state_loss, lstm_cell
from unrolled.tasks import draws, remember_and_recall
from unrolled.training import initial_parameters, train

FILE = Path(__file__).with_name("gate_desk_network.npz")
H, T, N, STEPS, RATE = 1, 40, 128, 3000, 0.02
SEED, TRAINED_FORGET_BIAS = 1, 2.0


def load():
    """The trained parameters W_x (3, 4), W_h (1, 4), b (4,), W_y (1, 1), b_y (1,) by name."""
    with np.load(FILE) as stored:
        return {name: stored[name].astype(float) for name in ("W_x", "W_h", "b", "W_y", "b_y")}


def recall_error(parameters):
    """Root mean squared error at the recalls of 2,000 fresh sequences of T steps; always saying 0 costs about 0.58."""
    xs, targets = remember_and_recall(np.random.default_rng(99), T, 2000)
    recalls = xs[..., 2] == 1
    ys = outputs(parameters, xs)
    return float(np.sqrt(np.mean((ys - targets)[recalls] ** 2)))


def outputs(parameters, xs):
    """What the network says, ys (T, N, 1)."""
    hs, _ = lstm_cell(parameters, xs)
    return hs @ parameters["W_y"] + parameters["b_y"]


def main():
    rng = np.random.default_rng(SEED)
    parameters = initial_parameters(rng, D=3, H=H, O=1, k=4)
    parameters["b"][H : 2 * H] = TRAINED_FORGET_BIAS
    loss = every_state_loss(lstm_cell, max_norm=1.0)
    train(parameters, loss, draws(remember_and_recall, rng, STEPS, T, N), rate=lambda step: RATE * (1 - step / STEPS))
    rounded = {name: value.astype(float).round(2) for name, value in parameters.items()}
    np.savez(FILE, **rounded)
    print({name: value.tolist() for name, value in rounded.items()})
    print(f"error at the recalls: {recall_error(load()):.3f}")


if __name__ == "__main__":
    main()
