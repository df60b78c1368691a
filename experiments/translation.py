"""Dates to ISO: an encoder and a decoder with attention, without, and without but reading the source backwards.

At equal parameters (17,300 to 17,700), 1,500 batches of 64 dates and, without attention, also 4,500; Adam at a rate
that falls steadily to 0, gradients clipped to norm 1. Reported is the share of whole dates that are right when the
network writes freely, and when it is forced: given the right tokens before each.
"""

import numpy as np

from unrolled.dates import DIGITS, LETTERS, draw_dates, encode
from unrolled.encoder_decoder import forced, initial_pair, token_loss, write_by_beams, write_greedily
from unrolled.training import one_hot, train

V, N, HELD_OUT, WIDTH = len(DIGITS), 64, 1000, 4
# attention, units
NETWORKS = {"attention": (True, 40), "one vector": (False, 41), "one vector, reversed": (False, 41)}
LENGTHS = {"up to 12": (0, 12), "13 to 20": (13, 20), "over 20": (21, 99)}
SETTINGS = [
    {"network": network, "batches": batches, "rate": rate, "seed": seed}
    for network in NETWORKS for batches in (1500, 4500) if batches == 1500 or network != "attention"
    for rate in (0.003, 0.01, 0.03) for seed in range(5)
]


def batch(rng, size, backwards):
    """xs (T, N, D), mask (T, N), targets (10, N), and the sources."""
    sources, targets = draw_dates(rng, size)
    tokens, mask = encode([source[::-1] for source in sources] if backwards else sources)
    return one_hot(tokens, len(LETTERS)), mask.astype(np.float32), encode(targets, DIGITS)[0], sources


def measure(network, batches, rate, seed):
    """Shares of whole dates that are right: validation and free (greedy), beams, forced; and free by the
    length of the source."""
    attention, H = NETWORKS[network]
    backwards = network.endswith("reversed")
    rng = np.random.default_rng(seed)
    parameters = initial_pair(rng, len(LETTERS), H, V, attention)
    train(
        parameters, token_loss, (batch(rng, N, backwards)[:3] for _ in range(batches)),
        lambda step: rate * (1 - step / batches),
    )
    validation, test = (batch(np.random.default_rng([seed, part]), HELD_OUT, backwards) for part in (1, 2))
    xs, mask, targets, sources = test
    free = (write_greedily(parameters, xs, mask, len(targets))[0] == targets).all(axis=0)
    sizes = np.array([len(source) for source in sources])
    return {
        "validation": 1 - share(write_greedily(parameters, *validation[:2], len(targets))[0], validation[2]),
        "free": share(free[None], True),
        "beams": share(write_by_beams(parameters, xs, mask, len(targets), WIDTH), targets),
        "forced": share(forced(parameters, xs, mask, targets), True),
        **{name: share(free[None, (low <= sizes) & (sizes <= high)], True) for name, (low, high) in LENGTHS.items()},
    }


def share(tokens, wanted):
    """The share of columns in which all is as wanted."""
    return round(float((tokens == wanted).all(axis=0).mean()), 4)
