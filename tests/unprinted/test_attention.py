"""Attention whose scores a small net gives: against central differences, its own properties, and PyTorch."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import draw_mask, seeds, sizes
from tests.reference.finite_differences import assert_gradients
from unrolled.exercises.exercise import draw_inputs
from unrolled.unprinted.attention import additive_attention_backward, additive_attention_forward

letters = st.fixed_dictionaries(dict.fromkeys("UTNDHOK", sizes))
# a gradient of one entry may be as good as 0
several = st.fixed_dictionaries(dict.fromkeys("UTNDHOK", st.integers(2, 5)))


def draw_additive(seed, letters):
    rng = np.random.default_rng(seed)
    mask = draw_mask(rng, letters["T"], letters["N"])
    return rng, draw_inputs(rng, letters, additive_attention_forward, {"mask": mask})


@given(seeds, several)
@settings(max_examples=25, deadline=None)
def test_additive_attention_backward_equals_central_differences(seed, letters):
    rng, given = draw_additive(seed, letters)
    contexts, weights = additive_attention_forward(**given)
    dcontexts = rng.normal(size=contexts.shape)
    arrays = {name: array for name, array in given.items() if name != "mask"}
    gradients = dict(zip(arrays, additive_attention_backward(dcontexts, weights=weights, **arrays), strict=True))
    assert_gradients(lambda: (dcontexts * additive_attention_forward(**given)[0]).sum(), arrays, gradients)


@given(seeds, letters)
@settings(max_examples=25, deadline=None)
def test_additive_weights_are_shares_and_exactly_0_where_the_mask_is(seed, letters):
    _, given = draw_additive(seed, letters)
    _, weights = additive_attention_forward(**given)
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-12)
    assert not weights[np.broadcast_to(given["mask"].T == 0, weights.shape)].any()


def test_additive_attention_equals_pytorch():
    def replay(case):
        arrays = {name: case[name] for name in ("queries", "keys", "values", "W_q", "W_k", "w")}
        contexts, weights = additive_attention_forward(mask=case["mask"], **arrays)
        gradients = additive_attention_backward(case["dcontexts"], weights=weights, **arrays)
        return {"contexts": contexts} | {f"d{name}": gradient for name, gradient in zip(arrays, gradients, strict=True)}

    assert_equals_oracle("additive_attention", replay)


@given(seeds, letters)
@settings(max_examples=25, deadline=None)
def test_without_tanh_a_query_would_make_no_difference(seed, letters):
    """Near 0 tanh is a straight line: there all queries get nearly the same weights, and in the limit the same."""
    _, given = draw_additive(seed, letters)
    small = {name: 1e-4 * given[name] for name in ("W_q", "W_k")}
    _, weights = additive_attention_forward(**given | small | {"w": 1e4 * given["w"]})
    np.testing.assert_allclose(weights, np.broadcast_to(weights[:1], weights.shape), atol=1e-3)
