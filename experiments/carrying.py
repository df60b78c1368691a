"""How much can one vector carry? Digits are read and written again: with attention, from the last state alone, and
from it, read backwards.

32 or 33 units (9,000 to 9,150 parameters), 1,500 batches of 64 strings, Adam at a rate that falls steadily
to 0, gradients clipped to norm 1. Reported is the share of strings that come out without a fault when the
network writes freely.
"""

import numpy as np

from unrolled.encoder_decoder import initial_pair, token_loss, write_greedily
from unrolled.training import one_hot, train

V, N, STEPS, HELD_OUT = 10, 64, 1500, 1000
NETWORKS = {"attention": (True, 32), "one vector": (False, 33), "one vector, reversed": (False, 33)}
SETTINGS = [
    {"network": network, "length": length, "rate": rate, "seed": seed}
    for length in (4, 8, 12, 16, 20) for network in NETWORKS for rate in (0.01, 0.03, 0.09) for seed in range(5)
]


def batch(rng, size, length, backwards):
    """xs (T, N, 10), mask (T, N) of ones, and the digits (T, N) that are wanted."""
    digits = rng.integers(V, size=(length, size))
    return one_hot(digits[::-1] if backwards else digits, V), np.ones((length, size), np.float32), digits


def measure(network, length, rate, seed):
    """validation: the share of strings that are wrong; free: the share of others that are right."""
    attention, H = NETWORKS[network]
    backwards = network.endswith("reversed")
    rng = np.random.default_rng(seed)
    parameters = initial_pair(rng, V, H, V, attention)
    batches = (batch(rng, N, length, backwards) for _ in range(STEPS))
    train(parameters, token_loss, batches, lambda step: rate * (1 - step / STEPS))
    right = []
    for part in (1, 2):
        xs, mask, digits = batch(np.random.default_rng([seed, part]), HELD_OUT, length, backwards)
        right.append(round(float((write_greedily(parameters, xs, mask, length)[0] == digits).all(axis=0).mean()), 4))
    return {"validation": round(1 - right[0], 4), "free": right[1]}
