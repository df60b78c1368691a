"""Does the identity network need its clipping? The adding problem over 100 steps, learned without it.

What is measured, and what "learned" means, is as in experiments/adding.py, which has the same network with its
gradients clipped to norm 1.
"""

from unrolled.adding import learn_to_add

SETTINGS = [{"rate": rate, "seed": seed} for rate in (0.001, 0.003, 0.01) for seed in range(5)]


def measure(rate, seed):
    """validation and test: the batches until these sequences' error was low enough, LIMIT where it never was."""
    _, _, needed = learn_to_add("ReLU, identity", 100, rate, seed, max_norm=None)
    return needed
