"""An LSTM language model with the course's functions."""

import numpy as np

from unrolled.reference import embedding_forward, lstm_forward, readout


def initial_parameters(rng, V, D, H):
    """A table of V rows, an LSTM and a readout."""
    lstm = {"W_x": (D, 4 * H), "W_h": (H, 4 * H), "b": (4 * H,)}
    shapes = {"E": (V, D)} | lstm | {"W_y": (H, V), "b_y": (V,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def language_model(tokens, E, W_x, W_h, b, W_y, b_y):
    """Scores of every next token: tokens (T, N) in, (T, N, V) out."""
    zeros = np.zeros((tokens.shape[1], len(W_h)))
    xs = embedding_forward(tokens, E)
    hs, _, _ = lstm_forward(xs, zeros, zeros, W_x, W_h, b)
    return readout(hs, W_y, b_y)


def with_weights(parameters):
    return lambda tokens: language_model(tokens, **parameters)
