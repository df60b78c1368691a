"""The same LSTM language model in Keras: batch first, and weights as ours are."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")     # read when Keras is imported

import keras  # noqa: E402


def language_model(V, D, H):
    """Scores of every next token: tokens (N, T) in, (N, T, V) out."""
    return keras.Sequential([
        keras.layers.Embedding(V, D, dtype="float64"),
        keras.layers.LSTM(H, return_sequences=True, dtype="float64"),
        keras.layers.Dense(V, dtype="float64"),
    ])  # fmt: skip


def with_weights(parameters):
    (V, D), H = parameters["E"].shape, len(parameters["W_h"])
    model = language_model(V, D, H)
    model.build((None, None))
    names = "E", "W_x", "W_h", "b", "W_y", "b_y"
    model.set_weights([parameters[name] for name in names])
    return lambda tokens: keras.ops.convert_to_numpy(model(tokens.T)).swapaxes(0, 1)
