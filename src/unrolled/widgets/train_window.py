"""Train the small nets of the widget "Window", one for each delay and window:
`python -m unrolled.widgets.train_window`.

Every net has one hidden layer of H tanh units and learns the echo task from fresh Gaussian inputs. The ones called
"bag" see the sum of the window's inputs in the place of the window. The file that this writes stands
beside the widget.
"""

from pathlib import Path

import numpy as np

from unrolled.reference import make_windows, mlp_backward, mlp_forward
from unrolled.training import train

FILE = Path(__file__).with_name("window_networks.npz")
KINDS, DELAYS, WINDOWS, H = ("window", "bag"), range(9), range(1, 9), 4  # the longest delay defeats the longest window
STEPS, ROWS = 1200, 256


def batch(rng, k, delay, rows, bag):
    """Windows of k independent inputs (rows, k), or their sums (rows, 1), and the input `delay` steps before
    each window's last."""
    reach = max(k, delay + 1)
    xs = rng.normal(size=(reach, rows, 1))
    x = make_windows(xs, k)[-1]
    return x.sum(axis=1, keepdims=True) if bag else x, xs[reach - 1 - delay]


def squared_error(parameters, x, target):
    """Mean squared error of the net on x (N, D), target (N, 1), and its gradients by name."""
    y, hidden = mlp_forward(x, **parameters)
    gap = y - target
    _, *gradients = mlp_backward(2 * gap / len(x), x, hidden, parameters["W1"], parameters["W2"])
    return np.mean(gap**2), dict(zip(parameters, gradients, strict=True))


def train_network(rng, k, delay, bag):
    D = 1 if bag else k
    parameters = {
        "W1": rng.normal(size=(D, H)) / np.sqrt(D),
        "b1": np.zeros(H),
        "W2": rng.normal(size=(H, 1)) / np.sqrt(H),
        "b2": np.zeros(1),
    }
    batches = (batch(rng, k, delay, ROWS, bag) for _ in range(STEPS))
    train(parameters, squared_error, batches, rate=lambda step: 0.02 * (1 - step / STEPS))
    return parameters


def main():
    rng = np.random.default_rng(0)
    shape = (len(KINDS), len(DELAYS), len(WINDOWS))
    stored = {
        "W1": np.zeros((*shape, max(WINDOWS), H), np.float32),
        "b1": np.zeros((*shape, H), np.float32),
        "W2": np.zeros((*shape, H, 1), np.float32),
        "b2": np.zeros((*shape, 1), np.float32),
    }
    for place in np.ndindex(shape):
        kind, delay, k = (values[i] for values, i in zip((KINDS, DELAYS, WINDOWS), place, strict=True))
        parameters = train_network(rng, k, delay, kind == "bag")
        for name, value in parameters.items():
            stored[name][place][: len(value)] = value  # a first layer shorter than the longest is padded with zeros
        error, _ = squared_error(parameters, *batch(np.random.default_rng(1), k, delay, 10_000, kind == "bag"))
        print(f"{kind}, delay {delay}, k = {k}: mean squared error {error:.4f}")
    np.savez_compressed(FILE, **stored)


if __name__ == "__main__":
    main()
