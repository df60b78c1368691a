"""What if the decoder is given the one vector at every step? Dates to ISO, and digits written again,
without attention.

The encoder's last state is the decoder's first one and, beside the token before, an input of each of its steps. At
about the parameters of the networks that are given it once (17,406 for dates, 9,278 for digits), and with the same
1,500 batches of 64; Adam at a rate that falls steadily to 0, gradients clipped to norm 1. Reported is the share of
whole sequences that are right when the network writes freely.
"""

import numpy as np

from unrolled.dates import DIGITS, LETTERS, draw_dates, encode
from unrolled.fast import gru_backward, gru_forward
from unrolled.reference import clip_by_global_norm, cross_entropy, gru_step_forward, readout
from unrolled.training import initial_parameters, one_hot, train

N, STEPS, HELD_OUT = 64, 1500, 1000
UNITS = {"dates": 35, "digits": 28}
SETTINGS = [
    {"task": "dates", "length": 10, "rate": rate, "seed": seed} for rate in (0.003, 0.01, 0.03) for seed in range(5)
] + [
    {"task": "digits", "length": length, "rate": rate, "seed": seed} for length in (12, 20)
    for rate in (0.01, 0.03, 0.09) for seed in range(5)
]


def batch(rng, size, task, length):
    """xs (T, N, D), mask (T, N) and what is to be written, tokens (U, N)."""
    if task == "digits":
        digits = rng.integers(10, size=(length, size))
        return one_hot(digits, 10), np.ones((length, size), np.float32), digits
    sources, targets = draw_dates(rng, size)
    tokens, mask = encode(sources)
    return one_hot(tokens, len(LETTERS)), mask.astype(np.float32), encode(targets, DIGITS)[0]


def measure(task, length, rate, seed):
    """validation: the share of sequences that are wrong; free: the share of others that are right."""
    D, V = (10, 10) if task == "digits" else (len(LETTERS), len(DIGITS))
    rng = np.random.default_rng(seed)
    parameters = initial(rng, D, UNITS[task], V)
    train(parameters, token_loss, (batch(rng, N, task, length) for _ in range(STEPS)),
        lambda step: rate * (1 - step / STEPS))
    right = []
    for part in (1, 2):
        xs, mask, targets = batch(np.random.default_rng([seed, part]), HELD_OUT, task, length)
        right.append(round(float((written(parameters, xs, mask, length) == targets).all(axis=0).mean()), 4))
    return {"validation": round(1 - right[0], 4), "free": right[1],
        "parameters": sum(value.size for value in parameters.values())}


def initial(rng, D, H, V):
    """An untrained encoder, and a decoder that reads V + 1 tokens and H numbers."""
    encoder, decoder = (initial_parameters(rng, size, H, V, k=3) for size in (D, V + 1 + H))
    named = {f"{name}_{part}": drawn[name] for part, drawn in (("enc", encoder), ("dec", decoder))
        for name in ("W_x", "W_h", "b")}
    return named | {"W_y": decoder["W_y"], "b_y": decoder["b_y"]}


def weights_of(parameters, part):
    return tuple(parameters[f"{name}_{part}"] for name in ("W_x", "W_h", "b"))


def read(parameters, xs, mask):
    """The encoder's states hs (T, N, H), its gates, and where each sequence has its last state."""
    h0 = np.zeros((xs.shape[1], len(parameters["W_h_enc"])), xs.dtype)
    hs, gates = gru_forward(xs, h0, *weights_of(parameters, "enc"))
    return hs, gates, (mask.sum(axis=0).astype(int) - 1, np.arange(xs.shape[1]))


def token_loss(parameters, xs, mask, targets):
    """Cross-entropy of targets (U, N) in nats, each token given those before it, and its clipped gradients by name."""
    V = len(parameters["b_y"])
    hs, gates_enc, last = read(parameters, xs, mask)
    before = np.concatenate([np.full_like(targets[:1], V), targets[:-1]])
    ys = np.concatenate([one_hot(before, V + 1, xs.dtype), np.broadcast_to(hs[last], (len(targets), *hs[last].shape))],
        axis=-1)
    states, gates_dec = gru_forward(ys, hs[last], *weights_of(parameters, "dec"))
    loss, dlogits = cross_entropy(readout(states, parameters["W_y"], parameters["b_y"]), targets,
        np.ones(targets.shape))
    dlogits = dlogits.astype(xs.dtype)
    dys, dstart, *decoder = gru_backward(dlogits @ parameters["W_y"].T, ys, hs[last], states, gates_dec,
        *weights_of(parameters, "dec")[:2])
    dhs = np.zeros_like(hs)
    dhs[last] = dstart + dys[..., V + 1 :].sum(axis=0)      # the first state, and an input of every step
    _, _, *encoder = gru_backward(dhs, xs, np.zeros_like(dstart), hs, gates_enc, *weights_of(parameters, "enc")[:2])
    gradients = {f"{name}_{part}": g for part, made in (("enc", encoder), ("dec", decoder))
        for name, g in zip(("W_x", "W_h", "b"), made, strict=True)}
    gradients |= {"W_y": np.tensordot(states, dlogits, axes=([0, 1], [0, 1])), "b_y": dlogits.sum(axis=(0, 1))}
    return loss, dict(zip(gradients, clip_by_global_norm(list(gradients.values()), 1.0), strict=True))


def written(parameters, xs, mask, U):
    """The tokens (U, N) that are likeliest one by one, each given those that were written before it."""
    V = len(parameters["b_y"])
    hs, _, last = read(parameters, xs, mask)
    h, tokens = hs[last], [np.full(xs.shape[1], V)]
    for _ in range(U):
        y = np.concatenate([one_hot(tokens[-1], V + 1, xs.dtype), hs[last]], axis=-1)
        h, _ = gru_step_forward(y, h, *weights_of(parameters, "dec"))
        tokens.append(readout(h[None], parameters["W_y"], parameters["b_y"])[0].argmax(axis=-1))
    return np.stack(tokens[1:])
