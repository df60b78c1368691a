"""The made-up tasks: what they ask is what they say, and their floors are true."""

import numpy as np
import pytest

from unrolled.cells import last_state_loss, tanh_cell
from unrolled.tasks import ADDING_FLOOR, adding_problem, draws, echo, remember_and_recall
from unrolled.training import initial_parameters, train


def test_the_adding_problem_marks_one_number_in_each_half_and_wants_their_sum(rng):
    xs, targets = adding_problem(rng, 9, 50)
    values, marks = xs[..., 0], xs[..., 1]
    assert xs.shape == (9, 50, 2)
    assert targets.shape == (50, 1)
    assert (marks[:4].sum(axis=0) == 1).all()
    assert (marks[4:].sum(axis=0) == 1).all()
    np.testing.assert_allclose((values * marks).sum(axis=0), targets[:, 0], rtol=1e-6)


def test_the_best_constant_answer_to_the_adding_problem_errs_by_its_floor(rng):
    _, targets = adding_problem(rng, 10, 100_000)
    assert np.mean((targets - 1) ** 2) == pytest.approx(ADDING_FLOOR, rel=0.02)


def test_remember_and_recall_wants_the_number_stored_last(rng):
    xs, targets = remember_and_recall(rng, 40, 5, store=0.2, recall=0.3)
    assert targets.shape == (40, 5, 1)
    for n in range(5):
        held = None         # the first step always stores
        for t in range(40):
            number, store, recall = xs[t, n]
            held = number if store else held
            assert targets[t, n, 0] == (held if recall else 0)
            assert not (store and recall)


def test_an_echo_comes_delay_steps_later(rng):
    xs, targets, mask = echo(rng, 7, 3, delay=2)
    np.testing.assert_array_equal(targets[2:], xs[:-2])
    np.testing.assert_array_equal(mask, [[0] * 3] * 2 + [[1] * 3] * 5)
    assert not targets[:2].any()


@pytest.mark.parametrize("task", [adding_problem, remember_and_recall])
def test_draws_differ_from_batch_to_batch_and_are_float32(rng, task):
    (first, _), (second, targets) = draws(task, rng, 2, 8, 4)
    assert not np.array_equal(first, second)
    assert first.dtype == targets.dtype == np.float32


def test_a_small_network_learns_to_add_over_a_few_steps(rng):
    parameters = initial_parameters(rng, 2, 16, 1)
    losses = train(parameters, last_state_loss(tanh_cell, max_norm=1.0), draws(adding_problem, rng, 600, 5, 32), 0.01)
    assert np.mean(losses[-50:]) < ADDING_FLOOR / 5
