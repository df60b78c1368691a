"""Is what was learned at one place known at another? Nets learn to notice the word "the" where it begins at places 0
to 2 of 8 characters.

A window net, which reads all eight at once, and a plain recurrent network, which is asked after the last character or
after every one. Each has 64 units and sees 600 batches of 128 pieces of the text, half of which hold the word, with
Adam at a fixed rate. Reported is, of pieces of the test part that hold the word, the share in which it is noticed
after the last character, by the word's place; and the false alarms. The rate is chosen on the validation part, at the
places that were learned.
"""

import numpy as np

from unrolled.cells import every_state_cross_entropy, last_state_cross_entropy, tanh_cell
from unrolled.reference import cross_entropy, mlp_backward, mlp_forward, readout
from unrolled.text import ALPHABET, corpus, encode, split
from unrolled.training import initial_parameters, minibatches, one_hot, train

V, H, N, STEPS, LENGTH = len(ALPHABET), 64, 128, 600, 8
WORD, LEARNED, PLACES = encode("the"), (0, 1, 2), range(6)
SETTINGS = [
    {"net": net, "rate": rate, "seed": seed}
    for net in ("window", "asked at the end", "asked at every step") for rate in (0.0025, 0.005, 0.01)
    for seed in range(10)
]


def pieces_with_word(tokens, places, rng, size):
    """Pieces of text (LENGTH, size) where the word begins once, at one of these places; with -1, nowhere."""
    pieces = np.lib.stride_tricks.sliding_window_view(tokens, LENGTH)
    begins = (np.lib.stride_tricks.sliding_window_view(pieces, len(WORD), axis=1) == WORD).all(axis=2)
    place = np.where(begins.any(axis=1), begins.argmax(axis=1), -1)
    fit = np.flatnonzero(np.isin(place, places) & (begins.sum(axis=1) <= 1))
    return pieces[rng.choice(fit, size)].T


def has_come(pieces):
    """The right answers (LENGTH, size): 1 from the step on that completes the word."""
    complete = np.zeros(pieces.shape, int)
    complete[2:] = (pieces[:-2] == WORD[0]) & (pieces[1:-1] == WORD[1]) & (pieces[2:] == WORD[2])
    return np.maximum.accumulate(complete, axis=0)


def window_rows(pieces):
    """The one-hot rows of each piece side by side (size, LENGTH V)."""
    return one_hot(pieces.T, V).reshape(pieces.shape[1], -1)


def window_loss(net, pieces, answers):
    x = window_rows(pieces)
    y, hidden = mlp_forward(x, **net)
    loss, dy = cross_entropy(y[None], answers[-1:], np.ones((1, len(y))))
    _, *gradients = mlp_backward(dy[0], x, hidden, net["W1"], net["W2"])
    return loss, dict(zip(net, gradients, strict=True))


def recurrent_loss(at_every_step):
    loss = every_state_cross_entropy(tanh_cell) if at_every_step else last_state_cross_entropy(tanh_cell)
    return lambda net, pieces, answers: loss(net, one_hot(pieces, V), answers if at_every_step else answers[-1])


def start(net, rng):
    if net != "window":
        return initial_parameters(rng, D=V, H=H, O=2)
    weights = {"W1": rng.normal(size=(LENGTH * V, H)) / np.sqrt(LENGTH), "b1": np.zeros(H),
        "W2": rng.normal(size=(H, 2)) / np.sqrt(H), "b2": np.zeros(2)}
    return {name: value.astype(np.float32) for name, value in weights.items()}


def noticed(net, parameters, pieces):
    """The share of pieces in which the net says, after the last character, that the word has come."""
    if net == "window":
        answers, _ = mlp_forward(window_rows(pieces), **parameters)
    else:
        hs, _ = tanh_cell(parameters, one_hot(pieces, V))
        answers = readout(hs[-1], parameters["W_y"], parameters["b_y"])
    return float(answers.argmax(axis=1).mean())


def trained(net, rate, seed, learn):
    """A net's parameters after its 600 batches."""
    rng = np.random.default_rng(seed)
    examples = np.concatenate([pieces_with_word(learn, places, rng, 6000) for places in (LEARNED, [-1])], axis=1)
    parameters = start(net, rng)
    loss = window_loss if net == "window" else recurrent_loss(net == "asked at every step")
    train(parameters, loss, minibatches(rng, N, STEPS, examples, has_come(examples), axis=1), rate)
    return parameters


def measure(net, rate, seed):
    """validation: the share that is wrong at the learned places and where there is no word; noticed: a share for
    each place; alarms."""
    learn, test = split(encode(corpus()))
    learn, validation = split(learn, 1 / 9)
    parameters = trained(net, rate, seed, learn)
    rng = np.random.default_rng([seed, 1])
    missed = 1 - noticed(net, parameters, pieces_with_word(validation, LEARNED, rng, 1000))
    wrong = (missed + noticed(net, parameters, pieces_with_word(validation, [-1], rng, 1000))) / 2
    by_place = [noticed(net, parameters, pieces_with_word(test, [place], rng, 500)) for place in PLACES]
    alarms = noticed(net, parameters, pieces_with_word(test, [-1], rng, 1000))
    return {"validation": round(wrong, 4), "noticed": [round(share, 4) for share in by_place],
        "alarms": round(alarms, 4)}
