"""Train the two networks of the widget "Alignment", with attention and without: `python -m
unrolled.widgets.train_alignment`.

Both learn to translate dates, see `unrolled.dates`, from the same batches. The file that this writes stands beside the
widget; it holds whole numbers of 8 bits and one scale an array.
"""

from pathlib import Path

import numpy as np

from unrolled.dates import DIGITS, LETTERS, draw_dates, encode
from unrolled.encoder_decoder import initial_pair, token_loss, write_greedily
from unrolled.training import one_hot, train

FILE = Path(__file__).with_name("alignment_networks.npz")
NAMES = ("W_x_enc", "W_h_enc", "b_enc", "W_x_dec", "W_h_dec", "b_dec", "W_y", "b_y")
SIZES = {"attention": 20, "vector": 28}  # units: the one that cannot look back has half as many weights again
N, STEPS, RATE = 64, 4000, 0.01


def load(kind):
    """The trained parameters of "attention" or "vector", by name, in float64."""
    with np.load(FILE) as stored:
        return {name: stored[f"{kind}_{name}"] * float(stored[f"{kind}_{name}_scale"]) for name in NAMES}


def batch(rng, size, **options):
    """xs (T, N, D), mask (T, N), targets (10, N)."""
    sources, targets = draw_dates(rng, size, **options)
    tokens, mask = encode(sources)
    return one_hot(tokens, len(LETTERS)), mask.astype(np.float32), encode(targets, DIGITS)[0]


def share_right(parameters, seed=99, size=2000, **options):
    """The share of fresh dates that the network writes without a fault."""
    xs, mask, targets = batch(np.random.default_rng(seed), size, **options)
    return float((write_greedily(parameters, xs, mask, len(targets))[0] == targets).all(axis=0).mean())


def train_network(kind):
    rng = np.random.default_rng(0)
    parameters = initial_pair(rng, len(LETTERS), SIZES[kind], len(DIGITS), attention=kind == "attention")
    train(parameters, token_loss, (batch(rng, N) for _ in range(STEPS)), lambda step: RATE * (1 - step / STEPS))
    return parameters


def main():
    stored = {}
    for kind in SIZES:
        for name, value in train_network(kind).items():
            scale = np.abs(value).max() / 127
            stored |= {
                f"{kind}_{name}": np.round(value / scale).astype(np.int8),
                f"{kind}_{name}_scale": np.float32(scale),
            }
    np.savez_compressed(FILE, **stored)
    for kind in SIZES:
        print(f"{kind}: {share_right(load(kind)):.3f} of whole dates right")


if __name__ == "__main__":
    main()
