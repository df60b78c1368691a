"""Small made-up tasks that ask a network for memory and for nothing else, drawn anew for every batch.

The inputs xs are (T, N, D), time first. Everything random takes a generator, so that a figure is the same every
time the book is built.
"""

import numpy as np

ADDING_FLOOR = 1 / 6  # variance of the sum of two uniform numbers: the error of the best constant answer, 1


def adding_problem(rng, T, N, dtype=np.float32):
    """Add the two marked numbers of a sequence.  Hochreiter & Schmidhuber 1997; in this form Arjovsky et al. 2016.

    ->  xs (T, N, 2): a number in [0, 1) and a mark, 1 once in the first half and once in the second, else 0;
    targets (N, 1): the sum of the two marked numbers, wanted after the last step. T is at least 2.
    """
    values, marks = rng.random((T, N)), np.zeros((T, N))
    rows = np.arange(N)
    first, second = rng.integers(T // 2, size=N), rng.integers(T // 2, T, size=N)
    marks[first, rows] = marks[second, rows] = 1
    targets = values[first, rows] + values[second, rows]
    return np.stack([values, marks], axis=-1).astype(dtype), targets[:, None].astype(dtype)


def remember_and_recall(rng, T, N, store=0.1, recall=0.2, dtype=np.float32):
    """Hold the number last marked "store", say it at every "recall", and nothing in between.

    ->  xs (T, N, 3): a number in [-1, 1), a store flag and a recall flag, raised with the given probabilities at
    each step, never both, store always at the first step; targets (T, N, 1): the number held where recall
    is raised, else 0.
    """
    values, draws = rng.uniform(-1, 1, size=(T, N)), rng.random((T, N))
    stores, recalls = draws < store, draws > 1 - recall
    stores[0], recalls[0] = True, False
    last = np.maximum.accumulate(np.where(stores, np.arange(T)[:, None], 0))  # the step of the last store
    held = np.take_along_axis(values, last, axis=0)
    xs = np.stack([values, stores, recalls], axis=-1)
    return xs.astype(dtype), (recalls * held)[..., None].astype(dtype)


def echo(rng, T, N, delay, dtype=np.float32):
    """Say every input again, delay steps later.

    ->  xs (T, N, 1), standard normal; targets (T, N, 1) with targets[t] = xs[t - delay];
    mask (T, N), 0 for the first delay steps, whose targets are 0.
    """
    xs = rng.normal(size=(T, N, 1)).astype(dtype)
    targets, mask = np.zeros_like(xs), np.ones((T, N), dtype)
    targets[delay:], mask[:delay] = xs[: T - delay], 0
    return xs, targets, mask


def draws(task, rng, steps, *sizes, **options):
    """`steps` batches of a task, each drawn anew: draws(adding_problem, rng, 1000, T, N)."""
    for _ in range(steps):
        yield task(rng, *sizes, **options)
