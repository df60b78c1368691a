"""What assignment 09-language asks beyond the page: against central differences and its own properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reference.drawing import seeds
from tests.reference.finite_differences import assert_gradients
from unrolled.unprinted.language import mixed_bits, tied_embedding_backward


@given(seeds)
def test_a_tied_tables_gradient_equals_central_differences(seed):
    rng = np.random.default_rng(seed)
    tokens, E, W = rng.integers(4, size=(3, 2)), rng.normal(size=(5, 3)), rng.normal(size=(3, 3))
    hs = np.tanh(E[tokens] @ W)
    dlogits = rng.normal(size=(3, 2, 5))
    _, dhs = tied_embedding_backward(dlogits, np.zeros_like(hs), hs, tokens, E)
    dxs = (dhs * (1 - hs**2)) @ W.T
    dE, _ = tied_embedding_backward(dlogits, dxs, hs, tokens, E)
    assert_gradients(lambda: (dlogits * (np.tanh(E[tokens] @ W) @ E.T)).sum(), {"E": E}, {"E": dE})


@given(seeds, st.floats(0.01, 0.99))
def test_a_mixture_is_between_its_parts_step_by_step_and_never_worse_than_its_share_allows(seed, share):
    log_p, log_q = -np.random.default_rng(seed).exponential(size=(2, 4, 3))
    mask = np.ones((4, 3))
    mixed = mixed_bits(log_p, log_q, share, mask)
    assert mixed <= -(log_p.mean()) / np.log(2) - np.log2(share) + 1e-12
    assert mixed >= -np.maximum(log_p, log_q).mean() / np.log(2) - 1e-12


def test_a_mixture_by_hand():
    """A half of 1/2 and a half of 1/8 are 5/16."""
    assert mixed_bits(np.log([[0.5]]), np.log([[0.125]]), 0.5, np.ones((1, 1))) == pytest.approx(-np.log2(5 / 16))


def test_what_no_computer_holds_as_a_probability_has_finite_bits():
    assert mixed_bits(np.full((1, 1), -1e4), np.full((1, 1), -1e4), 0.3, np.ones((1, 1))) == pytest.approx(1e4 / np.log(2))
