"""Character models of the kettle's sentence: the plain network of chapter 2, an LSTM and a GRU of as many
parameters, trained alike.

The corpus in three parts: learned from, validation (the rate is chosen by it), test. Each network sees 2,000 batches
of 32 pieces of 50 characters, with Adam at a rate that falls steadily to 0, gradients clipped to norm 5.
"""

import numpy as np

from unrolled.cells import bits, every_state_cross_entropy, gru_cell, lstm_cell, tanh_cell
from unrolled.fast import gru_backward, gru_forward, lstm_backward, lstm_forward, rnn_backward, rnn_forward
from unrolled.text import ALPHABET, corpus, encode, split
from unrolled.training import initial_parameters, one_hot, text_windows, train

V, T, N, STEPS = len(ALPHABET), 50, 32, 2000
SENTENCE = "nadia filled the kettle, found a clean cup, and while the water heated she looked for the "
# cell, blocks, units: 24,000 parameters
NETWORKS = {"tanh": (tanh_cell, 1, 128), "LSTM": (lstm_cell, 4, 61), "GRU": (gru_cell, 3, 71)}
SETTINGS = [
    {"network": network, "rate": rate, "seed": seed} for network in NETWORKS
    for rate in (0.004, 0.008, 0.016, 0.032, 0.064) for seed in range(5)
]


def parts():
    """The corpus as tokens: 80 % to learn from, then 10 % and 10 %."""
    learn, test = split(encode(corpus()))
    learn, validation = split(learn, 1 / 9)
    return learn, validation, test


def of_a_text(cell, parameters, tokens):
    """Bits a character over a text, read in 50 pieces side by side."""
    columns = np.stack(np.array_split(tokens[: len(tokens) // 50 * 50], 50), axis=1)
    return round(bits(cell, parameters, one_hot(columns[:-1], V), columns[1:]), 4)


def back_to_inputs(network, parameters, xs, dhs):
    """dxs (T, N, D): what arrives at every input of the gradients that are put on the states."""
    W_x, W_h, b = (parameters[name] for name in ("W_x", "W_h", "b"))
    zeros = np.zeros(dhs.shape[1:])
    if network == "tanh":
        return rnn_backward(dhs, xs, zeros, rnn_forward(xs, zeros, W_x, W_h, b), W_x, W_h)[0]
    if network == "LSTM":
        hs, cs, gates = lstm_forward(xs, zeros, zeros, W_x, W_h, b)
        return lstm_backward(dhs, xs, zeros, zeros, hs, cs, gates, W_x, W_h)[0]
    hs, gates = gru_forward(xs, zeros, W_x, W_h, b)
    return gru_backward(dhs, xs, zeros, hs, gates, W_x, W_h)[0]


def reach(network, parameters):
    """How strongly what is said after the sentence depends on each of its characters: norms of the
    gradient, 1 for the last.

    The median over the 29 symbols that might be said.
    """
    parameters = {name: value.astype(float) for name, value in parameters.items()}
    xs = np.repeat(one_hot(encode(SENTENCE), V, float)[:, None], V, axis=1)
    dhs = np.zeros((*xs.shape[:2], len(parameters["W_h"])))
    dhs[-1] = parameters["W_y"].T
    norms = np.linalg.norm(back_to_inputs(network, parameters, xs, dhs), axis=-1)
    return [float(f"{norm:.3g}") for norm in np.median(norms / norms[-1], axis=1)]


def measure(network, rate, seed):
    """validation and test: bits a character; reach: a number a character of the sentence."""
    cell, blocks, H = NETWORKS[network]
    learn, validation, test = parts()
    rng = np.random.default_rng(seed)
    parameters = initial_parameters(rng, D=V, H=H, O=V, k=blocks)
    if network == "LSTM":
        parameters["b"][H : 2 * H] = 1
    batches = ((one_hot(inputs, V), targets) for inputs, targets in text_windows(rng, learn, T, N, STEPS))
    train(parameters, every_state_cross_entropy(cell, max_norm=5.0), batches, lambda step: rate * (1 - step / STEPS))
    scores = {part: of_a_text(cell, parameters, tokens)
        for part, tokens in (("validation", validation), ("test", test))}
    return scores | {"reach": reach(network, parameters)}
