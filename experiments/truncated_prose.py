"""Does it matter for prose how far the gradient goes back? The character network of chapter 2, cut into
chunks of k steps.

Everything else is as in experiments/characters.py, whose networks go back through all 50 characters of a piece: 128
units, 1,500 batches of 32 pieces, a rate that falls steadily to 0. Networks of one seed have the same start and see
the same batches.
"""

import numpy as np

from experiments.kettle import N, T, V, of_a_text, parts
from unrolled.cells import every_state_cross_entropy, tanh_cell, truncated_cell
from unrolled.training import initial_parameters, one_hot, text_windows, train

H, STEPS = 128, 1500
SETTINGS = [{"k": k, "rate": rate, "seed": seed} for k in (1, 4) for rate in (0.008, 0.016, 0.032)
    for seed in range(6)]


def measure(k, rate, seed):
    """validation and test: bits a character."""
    learn, validation, test = parts()
    rng = np.random.default_rng(seed)
    parameters = initial_parameters(rng, D=V, H=H, O=V)
    batches = ((one_hot(inputs, V), targets) for inputs, targets in text_windows(rng, learn, T, N, STEPS))
    train(parameters, every_state_cross_entropy(truncated_cell(k)), batches, lambda step: rate * (1 - step / STEPS))
    texts = {"validation": validation, "test": test}
    return {part: of_a_text(tanh_cell, parameters, tokens) for part, tokens in texts.items()}
