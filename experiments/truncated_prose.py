"""Does it matter for prose how far the gradient goes back? The character network of chapter 2, its way back in chunks of k steps.

The text, its three parts, the batches and the falling rate are those of experiments/kettle.py: 128 units, 2,000 batches of 32 pieces of 50
characters, gradients clipped to norm 5. With k = 50 nothing is cut. Networks of one seed have the same start and see the same batches.
"""

import numpy as np

from experiments.kettle import STEPS, N, T, V, of_a_text, parts
from unrolled.cells import every_state_cross_entropy, tanh_cell, truncated_cell
from unrolled.training import initial_parameters, one_hot, text_windows, train

H = 128
SETTINGS = [{"k": k, "rate": rate, "seed": seed} for k in (1, 4, 8, T) for rate in (0.004, 0.008, 0.016) for seed in range(5)]


def measure(k, rate, seed):
    """validation and test: bits a character."""
    learn, validation, test = parts()
    rng = np.random.default_rng(seed)
    parameters = initial_parameters(rng, D=V, H=H, O=V)
    batches = ((one_hot(inputs, V), targets) for inputs, targets in text_windows(rng, learn, T, N, STEPS))
    loss = every_state_cross_entropy(truncated_cell(k), max_norm=5.0)
    train(parameters, loss, batches, lambda step: rate * (1 - step / STEPS))
    return {part: of_a_text(tanh_cell, parameters, tokens) for part, tokens in (("validation", validation), ("test", test))}
