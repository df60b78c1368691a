"""Train the networks of the widget "Honest test": `python -m unrolled.widgets.train_honest_test`.

Each forecasts the next value of a series, and was trained on the values before a split, prepared honestly or with one
of two leaks. Five seeds each, since one alone says little. The file that this writes stands beside the widget: the
random walk, and every array of weights as integers from -127 to 127 and one scale.
"""

from pathlib import Path

import numpy as np

from unrolled.cells import every_state_loss, tanh_cell
from unrolled.data import sunspots
from unrolled.reference import readout, standardise
from unrolled.training import adam, initial_parameters

FILE = Path(__file__).with_name("honest_test_networks.npz")
SERIES = ("sunspots", "walk")
LEAKS = ("none", "scale", "smooth")  # what changes the values that a network is given
SPLITS = range(150, 291, 20)  # how many values it was trained on
SEEDS = 5
H, RATE, STEPS, PAUSE = 6, 0.01, 600, 20
T, N = 40, 32
NAMES = ("W_x", "W_h", "b", "W_y", "b_y")


def series_of(name):
    """The values (309,) of a series: "sunspots" or "walk"."""
    if name == "sunspots":
        return sunspots()[1]
    with np.load(FILE) as file:
        return file["walk"]


def load(name, leak):
    """The networks of a series and a leak as one dict of arrays (places in SPLITS, SEEDS, ...)."""
    with np.load(FILE) as file:
        key = f"{name}_{leak}"
        return {weights: file[f"{key}_{weights}"] * float(file[f"{key}_{weights}_scale"]) for weights in NAMES}


def smoothed(series):
    """Each value the mean of itself and its neighbours: of three, and of two at the ends."""
    total = np.convolve(series, np.ones(3), "same")
    return total / np.convolve(np.ones(len(series)), np.ones(3), "same")


def prepared(series, split, leak):
    """The whole series as forecasters are given it, in units of the training part: honest, or with a leak.

    ->  xs (T,), mean, std
    """
    values = smoothed(series) if leak == "smooth" else series
    known = values if leak == "scale" else values[:split]
    _, xs, mean, std = standardise(known[:, None], values[:, None])
    return xs[:, 0], mean[0], std[0]


def predict(network, xs):
    """What a network says of the values xs[1:], each from those before it."""
    hs, _ = tanh_cell(network, xs[:-1, None, None])
    return readout(hs, network["W_y"], network["b_y"])[:, 0, 0]


def train_network(xs, seed):
    """Trained on the first four fifths of xs, kept as it was when it erred least over the last fifth."""
    rng = np.random.default_rng(seed)
    network = initial_parameters(rng, 1, H, 1, dtype=float)
    loss, update = every_state_loss(tanh_cell, max_norm=1.0), adam(network)
    known = len(xs) * 4 // 5
    best, kept = np.inf, network
    for step in range(1, STEPS + 1):
        places = rng.integers(known - T, size=N) + np.arange(T + 1)[:, None]
        windows = xs[places][..., None]
        update(loss(network, windows[:-1], windows[1:])[1], RATE)
        if step % PAUSE == 0:
            error = np.mean((predict(network, xs) - xs[1:])[known - 1 :] ** 2)
            if error < best:
                best, kept = error, {name: value.copy() for name, value in network.items()}
    return kept


def quantised(key, value):
    """A value under its key as 8-bit integers, and their scale."""
    scale = np.abs(value).max() / 127
    return {key: np.round(value / scale).astype(np.int8), f"{key}_scale": np.float64(scale)}


def main():
    _, spots = sunspots()
    walk = np.random.default_rng(4).normal(size=len(spots)).cumsum().round(2)
    stored = {"walk": walk}
    for name, series in zip(SERIES, (spots, walk), strict=True):
        for leak in LEAKS:
            networks = [
                train_network(prepared(series, split, leak)[0][:split], seed)
                for split in SPLITS
                for seed in range(SEEDS)
            ]
            for weights in NAMES:
                value = np.array([network[weights] for network in networks])
                stored |= quantised(f"{name}_{leak}_{weights}", value.reshape(len(SPLITS), SEEDS, *value.shape[1:]))
    np.savez_compressed(FILE, **stored)


if __name__ == "__main__":
    main()
