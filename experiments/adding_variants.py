"""Two networks of the adding problem with one thing changed, at 100 steps: is it the clipping, and is it the size of the inputs?

"ReLU, identity, unclipped" is the identity network of unrolled.adding without clipping; "tanh, orthogonal, small inputs" has input weights a
tenth as large, as the identity network has them. What is measured, and what "learned" means, is as in experiments/adding.py.
"""

from unrolled.adding import initial_network, learn_to_add

T = 100
NETWORKS = ("ReLU, identity, unclipped", "tanh, orthogonal, small inputs")
SETTINGS = [{"network": network, "rate": rate, "seed": seed} for network in NETWORKS for rate in (0.001, 0.003, 0.01) for seed in range(5)]


def small_inputs(network, rng):
    """The same untrained network, its input weights a tenth as large."""
    parameters = initial_network(network, rng)
    parameters["W_x"] *= 0.1
    return parameters


def measure(network, rate, seed):
    """validation and test: the batches until these sequences' error was low enough, LIMIT where it never was."""
    if network.endswith("unclipped"):
        _, _, needed = learn_to_add("ReLU, identity", T, rate, seed, max_norm=None)
    else:
        _, _, needed = learn_to_add("tanh, orthogonal", T, rate, seed, start=small_inputs)
    return needed
