"""The adding problem of chapters 4 to 6, one table for all: after how many batches has a network learned it?

What is measured, and what "learned" means, is said in unrolled.adding. The rate is chosen by the validation sequences,
the test sequences are reported.
"""

from unrolled.adding import NETWORKS, held_out, learn_to_add, squared_error

SETTINGS = [
    {"network": network, "T": T, "rate": rate, "seed": seed}
    for T in (20, 50, 100) for network in NETWORKS for rate in (0.001, 0.003, 0.01, 0.03) for seed in range(5)
]


def measure(network, T, rate, seed):
    """validation and test: the batches until these sequences' error was low enough, LIMIT where it never
    was; the last error."""
    parameters, _, needed = learn_to_add(network, T, rate, seed)
    return needed | {"error": round(squared_error(network, parameters, *held_out(seed, T, "test")), 5)}
