"""What does a longer window buy? Nets with one hidden layer guess the next character from the last k,
with two budgets.

Windows of 4 and of 8 characters, the latter with as many parameters (9,400) and with as many units (64), each with
1,200 and with 9,375 batches of 256 places of the text, which are 1.3 and 10 passes over it; 9,375 of them are as
many guesses as in `characters`. Shorter windows, and nets that get only the sum of their window, with the small
budget. Adam at a rate that falls steadily to 0. The corpus in three parts: learned from, validation (the rate is
chosen by it), test.
"""

import numpy as np

from unrolled.reference import cross_entropy, make_windows, mlp_backward, mlp_forward
from unrolled.text import ALPHABET, corpus, encode, split
from unrolled.training import minibatches, one_hot, train

V, N = len(ALPHABET), 256
RATES, FEW, MANY = (0.012, 0.024, 0.048), 1200, 9375
RACE = [("window", k, H) for k, H in ((4, 64), (8, 36), (8, 64))]
OTHERS = [("window", 1, 64), ("window", 2, 64), ("bag", 4, 64), ("bag", 8, 64)]
SETTINGS = [
    {"kind": kind, "k": k, "H": H, "batches": batches, "rate": rate, "seed": seed}
    for nets, budgets in ((RACE, (FEW, MANY)), (OTHERS, (FEW,))) for kind, k, H in nets
    for batches in budgets for rate in RATES for seed in range(5)
]


def places(tokens, k):
    """The k tokens before each token (M, k), and that token (M,)."""
    return make_windows(tokens[:-1, None, None], k)[:, 0], tokens[k:]


def features(before, kind):
    """The one-hot rows of a window side by side (M, kV), or for a bag their sum (M, V)."""
    rows = one_hot(before, V)
    return rows.sum(axis=1) if kind == "bag" else rows.reshape(len(rows), -1)


def random_net(rng, kind, k, H):
    """Random weights: k ones among the inputs make sums of about size 1."""
    D = V if kind == "bag" else k * V
    net = {"W1": rng.normal(size=(D, H)) / np.sqrt(k), "b1": np.zeros(H), "W2": rng.normal(size=(H, V)) / np.sqrt(H),
        "b2": np.zeros(V)}
    return {name: value.astype(np.float32) for name, value in net.items()}


def loss_and_gradients(net, before, target, kind):
    x = features(before, kind)
    logits, hidden = mlp_forward(x, **net)
    loss, dlogits = cross_entropy(logits[None], target[None], np.ones((1, len(target))))
    _, *gradients = mlp_backward(dlogits[0], x, hidden, net["W1"], net["W2"])
    return loss, dict(zip(net, gradients, strict=True))


def measure(kind, k, H, batches, rate, seed):
    """validation, test and, at each test place in a random order of its window, shuffled: bits a character."""
    learn, test = split(encode(corpus()))
    learn, validation = split(learn, 1 / 9)
    rng = np.random.default_rng(seed)
    net = random_net(rng, kind, k, H)
    train(
        net, lambda net, before, target: loss_and_gradients(net, before, target, kind),
        minibatches(rng, N, batches, *places(learn, k)), lambda step: rate * (1 - step / batches),
    )

    def bits(before, target):
        return round(float(loss_and_gradients(net, before, target, kind)[0] / np.log(2)), 4)

    before, target = places(test, k)
    return {
        "validation": bits(*places(validation, k)), "test": bits(before, target),
        "shuffled": bits(rng.permuted(before, axis=1), target),
        "parameters": sum(value.size for value in net.values()),
    }
