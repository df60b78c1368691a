"""Where does dropout belong, and how much of it? Two layers that answer late learn from a text that they
could learn by heart.

A unit is left out of what goes up, from a layer to the next and to the readout, or out of what goes on to the next
step, with a mask drawn anew at each step or with one mask for the whole sequence. Scored is what was learned, with
every unit in its place.
"""

import numpy as np

from unrolled.boundaries import V, boundary_scores, boundary_texts, f1, pieces, rows, said_ends
from unrolled.cells import every_state_cross_entropy, stacked_cell
from unrolled.reference import dropout_mask
from unrolled.training import stacked_parameters, train

LENGTH, T, N, STEPS, H, L, LATE = 10_000, 60, 32, 400, 64, 2, 3
PLACES = ("between layers", "recurrent, anew", "recurrent, held")
DROPOUTS = [("nowhere", 1.0)] + [(place, keep) for place in PLACES for keep in (0.9, 0.75, 0.5)]
CHOSEN_BY = ("missed",)
SETTINGS = [
    {"place": place, "keep": keep, "rate": rate, "seed": seed}
    for place, keep in DROPOUTS for rate in (0.005, 0.01, 0.02) for seed in range(5)
]


def measure(place, keep, rate, seed):
    """missed: 1 - F1 on the text to choose by; f1 on the text to report on; f1 learned: on the text that
    was learned from."""
    rng = np.random.default_rng(seed)
    parameters = stacked_parameters(rng, V, H, 2, L)
    tokens, ends = (array[:LENGTH] for array in boundary_texts()[0])
    loss = every_state_cross_entropy(dropped_out(place, keep, rng), max_norm=T, late=LATE)
    train(parameters, loss, pieces(rng, tokens, ends, T, N, STEPS), rate=lambda step: rate * (1 - step / STEPS))
    validation, test = boundary_scores(stacked_cell, parameters, LATE)
    learned, truth = rows(tokens, ends)
    return {
        "missed": 1 - validation, "f1": test,
        "f1 learned": f1(said_ends(stacked_cell, parameters, learned, LATE), truth),
        "letters": LENGTH, "units": H, "batches": STEPS,
    }


def dropped_out(place, keep, rng):
    """`stacked_cell` with units left out at one place, in training; what it learned is used without."""

    def masks(T, N, where):
        if place != where and not (where == "recurrent" and place.startswith(where)):
            return np.ones((T, 1, 1), np.float32)
        drawn = rng.random((1 if place == "recurrent, held" else T, N, H), np.float32)
        return np.broadcast_to(dropout_mask(drawn, keep).astype(np.float32), (T, N, H))

    def cell(parameters, xs):
        T, N, _ = xs.shape
        W_xs, layers, below = [parameters["W_in"], *parameters["W_up"]], [], xs
        for W_x, W_h, b in zip(W_xs, parameters["W_h"], parameters["b"], strict=True):
            up, on = masks(T, N, "between layers"), masks(T, N, "recurrent")
            hs = masked_forward(below, on, W_x, W_h, b)
            layers.append((below, hs, up, on, W_x, W_h))
            below = hs * up

        def backward(dhs):
            found = []
            for below, hs, up, on, W_x, W_h in reversed(layers):
                dhs, *gradients = masked_backward(dhs * up, below, hs, on, W_x, W_h)
                found.insert(0, gradients)
            dW_xs, dW_h, db = zip(*found, strict=True)
            return {"W_in": dW_xs[0], "W_up": np.stack(dW_xs[1:]), "W_h": np.stack(dW_h), "b": np.stack(db)}

        return below, backward

    return cell


def masked_forward(xs, on, W_x, W_h, b):
    """A plain network whose state is multiplied by on[t] (N, H) on its way to step t; it starts from zeros."""
    hs = xs @ W_x + b
    h = np.zeros_like(hs[0])
    for t in range(len(xs)):
        h = hs[t] = np.tanh(hs[t] + (h * on[t]) @ W_h)
    return hs


def masked_backward(dhs, xs, hs, on, W_x, W_h):
    """->  dxs, dW_x, dW_h, db"""
    das = 1 - hs**2
    dh = np.zeros_like(hs[0])
    for t in reversed(range(len(xs))):
        das[t] *= dhs[t] + dh
        dh = (das[t] @ W_h.T) * on[t]
    heard = np.concatenate([np.zeros_like(hs[:1]), hs[:-1]]) * on
    over = ([0, 1], [0, 1])
    return das @ W_x.T, np.tensordot(xs, das, over), np.tensordot(heard, das, over), das.sum(axis=(0, 1))
