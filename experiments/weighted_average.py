"""The recurrent weighted average against LSTM and GRU: where old values add up, where they are
overwritten, and on text.

At nearly equal parameters; Adam, gradients clipped to norm 1; the rate is chosen by held-out data of its own.
"""

import numpy as np

from unrolled.cells import (
    bits,
    every_state_cross_entropy,
    every_state_loss,
    gru_cell,
    last_state_loss,
    lstm_cell,
    rwa_cell,
)
from unrolled.reference import readout
from unrolled.tasks import adding_problem, draws, remember_and_recall
from unrolled.text import ALPHABET, corpus, encode, split
from unrolled.training import adam, initial_parameters, one_hot, text_windows, train

CELLS = {"RWA": rwa_cell, "LSTM": lstm_cell, "GRU": gru_cell}
UNITS = {       # for each task, about equal parameters
    "adding": {"RWA": 32, "LSTM": 23, "GRU": 26},
    "overwriting": {"RWA": 20, "LSTM": 14, "GRU": 16},
    "text": {"RWA": 82, "LSTM": 61, "GRU": 71},
}
SETTINGS = [
    {"task": task, "cell": cell, "rate": rate, "seed": seed}
    for task in UNITS for cell in CELLS for rate in (0.003, 0.01, 0.03) for seed in range(5)
]
BLOCKS = {"LSTM": 4, "GRU": 3}
LEARNED, EVERY, LIMIT = 0.01, 25, 1000      # of the adding problem, as in `adding`


def start(cell, rng, D, H, O):  # noqa: E741
    """The parameters of an untrained cell and its readout."""
    parameters = initial_parameters(rng, D, H, O, k=BLOCKS.get(cell, 3))
    if cell == "LSTM":
        parameters["b"][H : 2 * H] = 1
    if cell == "RWA":       # W_h has the blocks g and a, b has u and g
        parameters |= {"W_h": parameters["W_h"][:, : 2 * H], "b": parameters["b"][: 2 * H]}
    return parameters


def measure(task, cell, rate, seed):
    """validation and test: batches until the adding problem is learned, the squared error of overwriting, bits a
    character of text."""
    return {"adding": add, "overwriting": overwrite, "text": read_on}[task](cell, UNITS[task][cell], rate,
        np.random.default_rng(seed), seed)


def add(cell, H, rate, rng, seed):
    parameters, run = start(cell, rng, 2, H, 1), CELLS[cell]
    loss_and_gradients, update = last_state_loss(run, max_norm=1.0), adam(parameters)
    held_out = {part: adding_problem(np.random.default_rng([seed, place]), 100, 256)
        for place, part in enumerate(("validation", "test"))}
    needed = dict.fromkeys(held_out, LIMIT)
    for count, batch in enumerate(draws(adding_problem, rng, LIMIT, 100, 64), start=1):
        update(loss_and_gradients(parameters, *batch)[1], rate)
        if count % EVERY == 0:
            for part, (xs, targets) in held_out.items():
                said = readout(run(parameters, xs)[0][-1:], parameters["W_y"], parameters["b_y"])[0]
                needed[part] = min(needed[part], count) if np.mean((said - targets) ** 2) < LEARNED else needed[part]
            if max(needed.values()) < LIMIT:
                break
    return needed


def overwrite(cell, H, rate, rng, seed, steps=600, T=40):
    parameters, run = start(cell, rng, 3, H, 1), CELLS[cell]
    train(parameters, every_state_loss(run, max_norm=1.0), draws(remember_and_recall, rng, steps, T, 64), rate)
    loss = every_state_loss(run)
    return {
        part: round(float(loss(parameters, *remember_and_recall(np.random.default_rng([seed, place]), T, 500))[0]), 6)
        for place, part in enumerate(("validation", "test"))
    }


def read_on(cell, H, rate, rng, seed, steps=1200, T=50, N=32):
    V, run = len(ALPHABET), CELLS[cell]
    learn, test = split(encode(corpus()))
    learn, validation = split(learn, 1 / 9)
    parameters = start(cell, rng, V, H, V)
    batches = ((one_hot(inputs, V), targets) for inputs, targets in text_windows(rng, learn, T, N, steps))
    train(parameters, every_state_cross_entropy(run, max_norm=5.0), batches, lambda step: rate * (1 - step / steps))
    return {part: of_a_text(run, parameters, tokens, V)
        for part, tokens in (("validation", validation), ("test", test))}


def of_a_text(run, parameters, tokens, V, T=50):
    """Bits a character over pieces of as many characters as in training."""
    columns = tokens[: (len(tokens) - 1) // T * T].reshape(-1, T).T
    after = tokens[1 : columns.size + 1].reshape(-1, T).T
    return round(bits(run, parameters, one_hot(columns, V), after), 4)
