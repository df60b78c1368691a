"""Train the network that the widget "Unroll" runs, and write it to `unrolled/character_network.npz`.

    python -m unrolled.widgets.train_unroll

Some minutes on one core. The file is committed: a reader's page must not depend on how long a build may take.
"""

from pathlib import Path

import numpy as np

import unrolled
from unrolled.fast import rnn_forward
from unrolled.text import ALPHABET, character_network, corpus, encode, split
from unrolled.training import initial_parameters, next_token_bits, next_token_loss, one_hot, text_windows, train

V, H = len(ALPHABET), 64
T, N, STEPS, RATE = 60, 64, 40_000, 0.006


def main():
    learn, test = split(encode(corpus()))
    rng = np.random.default_rng(2)
    parameters = initial_parameters(rng, V, H, V)
    batches = text_windows(rng, learn, T, N, STEPS)
    train(parameters, next_token_loss, batches, rate=lambda step: RATE * (1 - step / STEPS))
    save(slowest_first(parameters, test))
    # 2.014 and 2.023
    print(
        f"held out: {next_token_bits(parameters, test):.3f} bits a character, "
        f"{next_token_bits(character_network(), test):.3f} as stored in 8 bits"
    )


def slowest_first(parameters, tokens):
    """The same network with its hidden units in order of how long each keeps its value: the heat-map reads better."""
    W_x, W_h, b, W_y, b_y = parameters.values()
    hs = rnn_forward(one_hot(tokens[:, None], V), np.zeros((1, H), np.float32), W_x, W_h, b)[:, 0]
    hs = hs - hs.mean(axis=0)
    kept = (hs[1:] * hs[:-1]).sum(axis=0) / (hs**2).sum(axis=0)
    order = np.argsort(-kept)
    return {"W_x": W_x[:, order], "W_h": W_h[np.ix_(order, order)], "b": b[order], "W_y": W_y[order], "b_y": b_y}


def save(parameters):
    """Every array as integers from -127 to 127 and one scale."""
    stored = {}
    for name, value in parameters.items():
        scale = np.abs(value).max() / 127
        stored |= {name: np.round(value / scale).astype(np.int8), f"{name}_scale": np.float64(scale)}
    np.savez_compressed(Path(unrolled.__file__).with_name("character_network.npz"), **stored)


if __name__ == "__main__":
    main()
