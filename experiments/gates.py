"""What each gate of a GRU is for: networks without one of them, on a long task and on two short ones, of which one
asks for forgetting.

long: add two of 50 numbers. short: say each number again, three steps later. forgetting: the sum of the numbers since
the last mark, which comes every five steps on average. 32 units, 300 batches of 64, Adam at a rate that falls steadily
to 0, gradients clipped to norm 1.
"""

import numpy as np

from unrolled.cells import every_state_loss, gru_cell, last_state_loss
from unrolled.tasks import adding_problem, draws, echo
from unrolled.training import initial_parameters, train
from unrolled.widgets.two_dials import set_dials

H, N, STEPS, HELD_OUT = 32, 64, 300, 500
HELD = {"both gates": {}, "no reset gate": {"reset": 1}, "no update gate": {"update": 0},
    "neither": {"reset": 1, "update": 0}}


def three_steps_later(rng, T, N):
    """xs (T, N, 1) and what was read three steps before (T, N, 1), 0 at first."""
    xs, targets, _ = echo(rng, T, N, 3)
    return xs, targets


def sum_since_mark(rng, T, N):
    """xs (T, N, 2): a number in [-1, 1) and a mark; targets (T, N, 1): the sum of the numbers since the last mark."""
    values, marks = rng.uniform(-1, 1, size=(T, N)), rng.random((T, N)) < 0.2
    totals = np.cumsum(values, axis=0)
    before = np.vstack([np.zeros(N), totals[:-1]])
    last = np.maximum.accumulate(np.where(marks, np.arange(T)[:, None], 0))
    targets = totals - np.take_along_axis(before, last, axis=0)
    return np.stack([values, marks], axis=-1).astype(np.float32), targets[..., None].astype(np.float32)


TASKS = {       # the task, its steps, its features, the loss
    "long": (adding_problem, 50, 2, last_state_loss),
    "short": (three_steps_later, 20, 1, every_state_loss),
    "forgetting": (sum_since_mark, 30, 2, every_state_loss),
}
SETTINGS = [
    {"task": task, "network": network, "rate": rate, "seed": seed}
    for task in TASKS for network in HELD for rate in (0.01, 0.03) for seed in range(5)
]


def without(dials):
    """A GRU cell whose gates are held at the dials; what is held has no gradient."""

    def cell(parameters, xs):
        W_x, W_h, b = set_dials(parameters["W_x"], parameters["W_h"], parameters["b"], **dials)
        return gru_cell({"W_x": W_x, "W_h": W_h, "b": b}, xs)

    return cell


def measure(task, network, rate, seed):
    """validation and test: the squared error of sequences that no batch has."""
    draw, T, D, loss_of = TASKS[task]
    cell, rng = without(HELD[network]), np.random.default_rng(seed)
    parameters = initial_parameters(rng, D=D, H=H, O=1, k=3)
    train(parameters, loss_of(cell, max_norm=1.0), draws(draw, rng, STEPS, T, N),
        lambda step: rate * (1 - step / STEPS))
    return {
        part: round(float(loss_of(cell)(parameters, *draw(np.random.default_rng([seed, place]), T, HELD_OUT))[0]), 6)
        for place, part in enumerate(("validation", "test"))
    }
