"""Attention, the recurrent weighted average and beam search: finite differences, their own properties, and PyTorch."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import draw_mask, seeds, sizes
from tests.reference.finite_differences import assert_gradients
from unrolled.exercises.exercise import draw_inputs
from unrolled.reference import (
    attention_backward,
    attention_forward,
    beam_search,
    rwa_backward,
    rwa_forward,
    rwa_step_backward,
    rwa_step_forward,
)

# Attention.

letters = st.fixed_dictionaries(dict.fromkeys("UTNDHO", sizes))
# a gradient of one entry may be as good as 0
several = st.fixed_dictionaries(dict.fromkeys("UTNDHO", st.integers(2, 5)))


def draw_attention(seed, letters):
    rng = np.random.default_rng(seed)
    return rng, draw_inputs(rng, letters, attention_forward, {"mask": draw_mask(rng, letters["T"], letters["N"])})


@given(seeds, several)
@settings(max_examples=25, deadline=None)
def test_attention_backward_equals_central_differences(seed, letters):
    rng, given = draw_attention(seed, letters)
    contexts, weights = attention_forward(**given)
    dcontexts = rng.normal(size=contexts.shape)
    arrays = {name: given[name] for name in ("queries", "keys", "values")}
    gradients = dict(zip(arrays, attention_backward(dcontexts, **arrays, weights=weights), strict=True))
    assert_gradients(lambda: (dcontexts * attention_forward(**given)[0]).sum(), arrays, gradients)


@given(seeds, letters)
@settings(max_examples=25, deadline=None)
def test_weights_are_shares_and_exactly_0_where_the_mask_is(seed, letters):
    _, given = draw_attention(seed, letters)
    _, weights = attention_forward(**given)
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-12)
    assert (weights >= 0).all()
    assert not weights[np.broadcast_to(given["mask"].T == 0, weights.shape)].any()


@given(seeds, letters, st.integers(1, 3))
@settings(max_examples=25, deadline=None)
def test_padding_is_as_if_it_were_not_there(seed, letters, more):
    rng, given = draw_attention(seed, letters)
    padded = dict(given)
    for name in ("keys", "values", "mask"):
        noise = 1e3 * rng.normal(size=(more, *given[name].shape[1:]))
        padded[name] = np.concatenate([given[name], 0 * noise if name == "mask" else noise])
    contexts, weights = attention_forward(**given)
    again, wider = attention_forward(**padded)
    np.testing.assert_allclose(again, contexts, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(wider[..., : letters["T"]], weights, rtol=1e-12, atol=1e-12)
    dcontexts = rng.normal(size=contexts.shape)
    _, dkeys, dvalues = attention_backward(dcontexts, padded["queries"], padded["keys"], padded["values"], wider)
    assert not dkeys[letters["T"] :].any() and not dvalues[letters["T"] :].any()


@given(seeds, letters)
@settings(max_examples=25, deadline=None)
def test_attention_knows_no_order_and_no_other_sequence(seed, letters):
    rng, given = draw_attention(seed, letters)
    contexts, weights = attention_forward(**given)
    order = rng.permutation(letters["T"])
    shuffled = attention_forward(given["queries"], given["keys"][order], given["values"][order], given["mask"][order])
    np.testing.assert_allclose(shuffled[0], contexts, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(shuffled[1], weights[..., order], rtol=1e-12, atol=1e-12)
    row = attention_forward(**{name: array[:, :1] for name, array in given.items()})
    np.testing.assert_allclose(row[0], contexts[:, :1], rtol=1e-12, atol=1e-12)


@given(seeds, letters)
@settings(max_examples=25, deadline=None)
def test_what_is_added_to_every_key_is_not_seen(seed, letters):
    """It moves all scores of a query by the same number; so the gradients of the keys add up to 0."""
    rng, given = draw_attention(seed, letters)
    contexts, weights = attention_forward(**given)
    moved, _ = attention_forward(**given | {"keys": given["keys"] + rng.normal(size=given["keys"].shape[1:])})
    np.testing.assert_allclose(moved, contexts, rtol=1e-9, atol=1e-9)
    dcontexts = rng.normal(size=contexts.shape)
    _, dkeys, _ = attention_backward(dcontexts, given["queries"], given["keys"], given["values"], weights)
    np.testing.assert_allclose(dkeys.sum(axis=0), 0, atol=1e-10)


def test_one_step_is_all_that_there_is_to_attend_to(rng):
    queries, keys, values = rng.normal(size=(3, 2, 5)), rng.normal(size=(1, 2, 5)), rng.normal(size=(1, 2, 4))
    contexts, weights = attention_forward(queries, keys, values, np.ones((1, 2)))
    assert (weights == 1).all()
    np.testing.assert_array_equal(contexts, np.broadcast_to(values, contexts.shape))
    dqueries, dkeys, _ = attention_backward(contexts, queries, keys, values, weights)
    assert not dqueries.any() and not dkeys.any()


@pytest.mark.parametrize("scale", [1e5, -1e5])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_huge_scores_give_all_the_weight_to_one_step(scale, dtype, rng):
    queries, keys, values = (rng.normal(size=size).astype(dtype) for size in [(3, 2, 4), (5, 2, 4), (5, 2, 6)])
    contexts, weights = attention_forward(dtype(scale) * queries, keys, values, np.ones((5, 2)))
    assert np.isfinite(contexts).all()
    np.testing.assert_allclose(np.sort(weights), np.broadcast_to([0, 0, 0, 0, 1], weights.shape), atol=1e-6)


def test_a_mask_of_booleans_or_whole_numbers_is_as_good(rng):
    _, given = draw_attention(0, {"U": 2, "T": 5, "N": 3, "H": 4, "O": 6})
    given = {name: array.astype(np.float32) for name, array in given.items()}
    for kind in (bool, int):
        contexts, weights = attention_forward(**given | {"mask": given["mask"].astype(kind)})
        assert contexts.dtype == weights.dtype == np.float32
        np.testing.assert_array_equal(contexts, attention_forward(**given)[0])


def test_attention_equals_pytorch():
    def replay(case):
        queries, keys, values, mask = (case[name] for name in ("queries", "keys", "values", "mask"))
        contexts, weights = attention_forward(queries, keys, values, mask)
        gradients = attention_backward(case["dcontexts"], queries, keys, values, weights)
        return {"contexts": contexts} | dict(zip(["dqueries", "dkeys", "dvalues"], gradients, strict=True))

    assert_equals_oracle("attention", replay)


# The recurrent weighted average.


def draw_rwa(seed, T, N, D, H):
    rng = np.random.default_rng(seed)
    return rng, draw_inputs(rng, {"T": T, "N": N, "D": D, "H": H}, rwa_forward)


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_rwa_backward_equals_central_differences(seed, T, N, D, H):
    rng, net = draw_rwa(seed, T, N, D, H)
    states = rwa_forward(**net)
    dhs = rng.normal(size=states[0].shape)
    results = rwa_backward(dhs, net["xs"], net["h0"], *states, net["W_x"], net["W_h"], net["b"])
    gradients = dict(zip(net, results, strict=True))
    assert_gradients(lambda: (dhs * rwa_forward(**net)[0]).sum(), net, gradients)


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_rwa_step_backward_equals_central_differences_where_the_unit_of_the_sums_is_fixed(seed, T, N, D, H):
    """What moves the peak moves the unit in which num and den are told, and not what they stand for."""
    rng, net = draw_rwa(seed, T, N, D, H)
    *_, nums, dens, peaks = rwa_forward(**net)
    weights = {name: net[name] for name in ("W_x", "W_h", "b")}
    x, h_prev, peak_prev = rng.normal(size=(N, D)), rng.normal(size=(N, H)), peaks[-1]
    given = {"x": x, "h_prev": h_prev, "num_prev": nums[-1], "den_prev": dens[-1], **weights}
    h, num, den, peak = rwa_step_forward(**given, peak_prev=peak_prev)
    dh, dnum, dden = rng.normal(size=(3, N, H))

    def loss():
        h, num, den, moved = rwa_step_forward(**given, peak_prev=peak_prev)
        unit = np.exp(moved - peak)
        return (dh * h + dnum * num * unit + dden * den * unit).sum()

    results = rwa_step_backward(dh, dnum, dden, x, h_prev, peak_prev, h, num, den, peak, *weights.values())
    gradients = dict(zip(given, results, strict=True))
    assert_gradients(loss, given, gradients)


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_the_state_is_tanh_of_the_mean_of_all_contents_weighted_by_their_scores(seed, T, N, D, H):
    """The definition, in one sum over everything that was read, without a peak."""
    _, net = draw_rwa(seed, T, N, D, H)
    hs, *_ = rwa_forward(**net)
    h_prevs = np.concatenate([net["h0"][None], hs[:-1]])
    u, x_g, x_a = np.split(net["xs"] @ net["W_x"], 3, axis=-1)
    h_g, h_a = np.split(h_prevs @ net["W_h"], 2, axis=-1)
    contents = (u + net["b"][:H]) * np.tanh(x_g + h_g + net["b"][H:])
    weights = np.exp(x_a + h_a)
    wanted = np.tanh((weights * contents).cumsum(axis=0) / weights.cumsum(axis=0))
    np.testing.assert_allclose(hs, wanted, rtol=1e-10, atol=1e-12)


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_a_sequence_is_its_steps_and_the_peak_is_the_largest_score(seed, T, N, D, H):
    _, net = draw_rwa(seed, T, N, D, H)
    xs, h = net.pop("xs"), net.pop("h0")
    states = rwa_forward(xs, h, **net)
    step = h, 0 * h, 0 * h, np.full_like(h, -np.inf)
    for t, x in enumerate(xs):
        step = rwa_step_forward(x, *step, **net)
        for one, sequence in zip(step, states, strict=True):
            np.testing.assert_array_equal(one, sequence[t])
    _, _, dens, peaks = states
    assert (np.diff(peaks, axis=0) >= 0).all() and (dens >= 1).all()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_scores_of_any_size_leave_everything_finite(dtype, rng):
    """The scores rise and fall by thousands: exp of them is infinite, or 0."""
    net = draw_inputs(rng, {"T": 6, "N": 3, "D": 2, "H": 4}, rwa_forward)
    net = {name: array.astype(dtype) for name, array in net.items()}
    net["xs"] *= 1e4
    states = rwa_forward(**net)
    gradients = rwa_backward(np.ones_like(states[0]), net["xs"], net["h0"], *states, net["W_x"], net["W_h"], net["b"])
    for array in (*states, *gradients):
        assert array.dtype == dtype and np.isfinite(array).all()


@given(seeds, st.floats(-500, 500))
@settings(max_examples=25, deadline=None)
def test_a_number_added_to_all_scores_changes_no_state(seed, shift):
    """So the score needs no bias. It is added here by an input that is always 1."""
    _, net = draw_rwa(seed, 5, 3, 2, 4)
    net["xs"][..., 0] = 1
    hs, *_ = rwa_forward(**net)
    net["W_x"][0, 8:] += shift
    np.testing.assert_allclose(rwa_forward(**net)[0], hs, rtol=1e-9, atol=1e-9)


def test_rwa_equals_pytorch():
    def replay(case):
        given = [case[name] for name in ("xs", "h0", "W_x", "W_h", "b")]
        states = rwa_forward(*given)
        gradients = rwa_backward(case["dhs"], *given[:2], *states, *given[2:])
        return {"hs": states[0]} | dict(zip(["dxs", "dh0", "dW_x", "dW_h", "db"], gradients, strict=True))

    assert_equals_oracle("rwa", replay)


# Beam search.


def draw_chain(seed, V):
    rng = np.random.default_rng(seed)
    return np.log(rng.dirichlet(np.ones(V))), np.log(rng.dirichlet(np.ones(V), size=V))


def log_probability_of(tokens, log_start, log_next):
    return log_start[tokens[0]] + sum(log_next[pair] for pair in pairwise(tokens))


@example(seed=1797, V=2, T=4)
@given(seeds, st.integers(1, 4), st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_a_width_that_drops_nothing_finds_the_most_probable_of_all(seed, V, T):
    chain = draw_chain(seed, V)
    every = {tokens: log_probability_of(tokens, *chain) for tokens in product(range(V), repeat=T)}
    most = max(every.values())
    # 1, 1, 0, 1 and 1, 0, 1, 1 are made of the same factors: which of them is larger is a matter of rounding
    best = [tokens for tokens, found in every.items() if np.isclose(found, most, rtol=1e-12, atol=0)]
    for width in (V ** (T - 1), V**T, V**T + 5):
        tokens, log_probability = beam_search(*chain, width, T)
        assert tuple(tokens) in best
        np.testing.assert_allclose(log_probability, most, rtol=1e-12)


@given(seeds, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_width_1_takes_the_best_token_at_every_step(seed, V, T):
    log_start, log_next = draw_chain(seed, V)
    tokens, _ = beam_search(log_start, log_next, 1, T)
    assert tokens[0] == log_start.argmax()
    assert all(token == log_next[before].argmax() for before, token in pairwise(tokens))


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_the_log_probability_is_that_of_the_tokens(seed, V, T, width):
    chain = draw_chain(seed, V)
    tokens, log_probability = beam_search(*chain, width, T)
    assert tokens.shape == (T,) and tokens.dtype.kind == "i"
    np.testing.assert_allclose(log_probability, log_probability_of(tokens, *chain), rtol=1e-12)


def test_a_beginning_that_looks_worse_is_followed():
    """The likelier first token leads nowhere in particular; the other is sure of what comes next."""
    log_start = np.log([0.6, 0.4])
    log_next = np.log([[0.5, 0.5], [0.1, 0.9]])
    greedy, _ = beam_search(log_start, log_next, 1, 2)
    tokens, log_probability = beam_search(log_start, log_next, 2, 2)
    np.testing.assert_array_equal(greedy, [0, 0])
    np.testing.assert_array_equal(tokens, [1, 1])
    np.testing.assert_allclose(np.exp(log_probability), 0.36)


def test_a_wider_beam_may_find_less():
    """Nothing promises more to a wider beam: a beginning that it lets in can push out the one that would have won."""
    found = []
    for seed in range(2000):
        chain = draw_chain(seed, 5)
        found.append(beam_search(*chain, 3, 6)[1] < beam_search(*chain, 2, 6)[1])
    assert any(found) and np.mean(found) < 0.1


def test_what_is_impossible_is_never_chosen_while_anything_is_possible():
    log_start = np.array([0.0, -np.inf, -np.inf])
    log_next = np.array([[-np.inf, 0.0, -np.inf], [-np.inf, -np.inf, 0.0], [0.0, -np.inf, -np.inf]])
    for width in (1, 2, 9):
        tokens, log_probability = beam_search(log_start, log_next, width, 5)
        np.testing.assert_array_equal(tokens, [0, 1, 2, 0, 1])
        assert log_probability == 0


def test_equals_keep_the_order_in_which_they_were_found():
    tokens, _ = beam_search(np.zeros(3), np.zeros((3, 3)), 4, 3)
    np.testing.assert_array_equal(tokens, [0, 0, 0])
