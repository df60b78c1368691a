"""An LSTM's forget gate: which bias to start from, and what becomes of the network without the gate.

Three tasks: to say the first of T numbers when all were read (16 units, batches of 32), to add two marked numbers (32
units, batches of 64), and to say the number that was stored last wherever it is asked for (8 units, batches of 32).
Adam, gradients clipped to norm 1. Learned means what it means in unrolled.adding: of 256 sequences that no batch has,
the squared error is below 0.01; asked every 25 batches.
"""

import numpy as np

from unrolled.cells import every_state_loss, last_state_loss, lstm_cell
from unrolled.reference import readout
from unrolled.tasks import adding_problem, draws, remember_and_recall
from unrolled.training import adam, initial_parameters

EVERY, LEARNED, HELD_OUT = 25, 0.01, 256
RULES = ("0", "1", "ln T", "drawn")
RATES, SEEDS = (0.01, 0.03), range(5)


def say_the_first(rng, T, N):
    """xs (T, N, 1), numbers in [-1, 1), and the first of them (N, 1), wanted after the last."""
    xs = rng.uniform(-1, 1, size=(T, N, 1)).astype(np.float32)
    return xs, xs[0]


TASKS = {       # the task, its features, the network's units, the size of a batch, the loss, batches at most
    "first": (say_the_first, 1, 16, 32, last_state_loss, 600),
    "adding": (adding_problem, 2, 32, 64, last_state_loss, 1000),
    "recall": (remember_and_recall, 3, 8, 32, every_state_loss, 600),
}
ASKED = [("first", T, rule) for T in (10, 20, 50) for rule in RULES]
ASKED += [("adding", 100, rule) for rule in RULES]
ASKED += [(task, T, rule) for task, T in (("adding", 50), ("recall", 40)) for rule in ("1", "no gate")]
SETTINGS = [
    {"task": task, "T": T, "rule": rule, "rate": rate, "seed": seed}
    for task, T, rule in ASKED for rate in RATES for seed in SEEDS
]


def set_biases(b, rule, T, rng):
    """Set the biases of an untrained LSTM, i|f|g|o, by a rule.

    drawn: a length of 1 to T - 1 is drawn for each unit, b_f is its logarithm and b_i is -b_f.  Tallec & Ollivier
        2018.
    no gate: at 50 the gate is 1, and its slope so small that it stays there.
    """
    i, f, _, _ = np.split(b, 4)     # views
    if rule == "drawn":
        f[:] = np.log(rng.uniform(1, T - 1, size=f.shape))
        i[:] = -f
    else:
        f[:] = {"0": 0, "1": 1, "ln T": np.log(T), "no gate": 50}[rule]


def measure(task, T, rule, rate, seed):
    """validation and test: the batches until these sequences' error was low enough, the limit where it never
    was; the last error."""
    draw, D, H, N, loss_of, limit = TASKS[task]
    rng = np.random.default_rng(seed)
    parameters = initial_parameters(rng, D=D, H=H, O=1, k=4)
    set_biases(parameters["b"], rule, T, np.random.default_rng([seed, T]))
    kept_apart = {part: draw(np.random.default_rng([seed, T, place]), T, HELD_OUT)
        for place, part in enumerate(("validation", "test"))}
    loss_and_gradients, update = loss_of(lstm_cell, max_norm=1.0), adam(parameters)
    needed = dict.fromkeys(kept_apart, limit)
    for count, batch in enumerate(draws(draw, rng, limit, T, N), start=1):
        update(loss_and_gradients(parameters, *batch)[1], rate)
        if count % EVERY == 0:
            errors = {part: squared_error(parameters, *sequences) for part, sequences in kept_apart.items()}
            needed |= {part: min(needed[part], count) for part in errors if errors[part] < LEARNED}
            if max(needed.values()) <= count:
                break
    return needed | {"error": round(errors["test"], 5)}


def squared_error(parameters, xs, targets):
    """Of the last state where one answer is wanted, of all states where there is one for each."""
    hs, _ = lstm_cell(parameters, xs)
    read = hs if targets.ndim == 3 else hs[-1:]
    return float(np.mean((readout(read, parameters["W_y"], parameters["b_y"]) - targets) ** 2))
