"""Embedding and perplexity against finite differences, one-hot products, what they must mean, and PyTorch."""

import numpy as np
import pytest
from hypothesis import given, settings

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import seeds, sizes
from tests.reference.finite_differences import assert_gradients
from unrolled.reference import cross_entropy, embedding_backward, embedding_forward, perplexity


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_embedding_backward_equals_central_differences(seed, T, N, D, V):
    rng = np.random.default_rng(seed)
    tokens, E, dxs = rng.integers(V, size=(T, N)), rng.normal(size=(V, D)), rng.normal(size=(T, N, D))
    loss = lambda: (dxs * embedding_forward(tokens, E)).sum()  # noqa: E731
    assert_gradients(loss, {"E": E}, {"E": embedding_backward(dxs, tokens, V)})


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_embedding_is_a_product_with_one_hot_rows_there_and_back(seed, T, N, D, V):
    rng = np.random.default_rng(seed)
    tokens, E, dxs = rng.integers(V, size=(T, N)), rng.normal(size=(V, D)), rng.normal(size=(T, N, D))
    one_hot = np.eye(V)[tokens]
    np.testing.assert_allclose(embedding_forward(tokens, E), one_hot @ E, rtol=1e-12)
    np.testing.assert_allclose(embedding_backward(dxs, tokens, V), np.einsum("tnv,tnd->vd", one_hot, dxs), rtol=1e-12, atol=1e-14)


def test_a_symbol_that_did_not_come_has_no_gradient(rng):
    tokens = np.array([[0, 2], [2, 2]])
    dE = embedding_backward(np.ones((2, 2, 3)), tokens, 4)
    assert dE.tolist() == [[1] * 3, [0] * 3, [3] * 3, [0] * 3]


def test_embedding_equals_pytorch():
    def replay(case):
        tokens, E = case["tokens"], case["E"]
        return {"xs": embedding_forward(tokens, E), "dE": embedding_backward(case["dxs"], tokens, len(E))}

    assert_equals_oracle("embedding", replay)


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_who_knows_nothing_is_in_doubt_among_all_symbols(seed, T, N, V):
    """And that is what the loss of equal scores says too."""
    rng = np.random.default_rng(seed)
    mask = (rng.random((T, N)) < 0.7).astype(float)
    mask[0, 0] = 1
    np.testing.assert_allclose(perplexity(np.full((T, N), np.log(V)), mask), V)
    loss, _ = cross_entropy(np.zeros((T, N, V)), rng.integers(V, size=(T, N)), mask)
    np.testing.assert_allclose(np.exp(loss * N / mask.sum()), V)


def test_who_is_always_right_and_sure_has_perplexity_1():
    assert perplexity(np.zeros((3, 2)), np.ones((3, 2))) == 1


def test_padding_does_not_change_perplexity(rng):
    losses, mask = rng.exponential(size=(4, 3)), np.ones((4, 3))
    mask[2:, 1] = 0
    before = perplexity(losses, mask)
    losses[2:, 1] = 1e6
    assert perplexity(losses, mask) == before
    assert perplexity(losses, mask.astype(bool)) == before


@pytest.mark.parametrize("shape", [(0, 1), (3, 2)])
def test_an_empty_text_has_no_perplexity(shape):
    with pytest.raises(ValueError, match="no step counts"):
        perplexity(np.zeros(shape), np.zeros(shape))
