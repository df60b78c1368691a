"""The fast functions do what the reference's do: the same values in the same dtype, whatever the sizes."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference.drawing import draw_layer, draw_mask, seeds, sizes
from unrolled import fast, reference
from unrolled.exercises.exercise import draw_inputs
from unrolled.fast import chunks

every_function = pytest.mark.parametrize("name", fast.__all__)

# What a backward function is handed of the way forward: the function that makes it, and its results by name.
FORWARD = {
    "rnn_backward": ("rnn_forward", ["hs"]),
    "truncated_rnn_backward": ("rnn_forward", ["hs"]),
    "relu_rnn_backward": ("relu_rnn_forward", ["hs"]),
    "lstm_backward": ("lstm_forward", ["hs", "cs", "gates"]),
    "gru_backward": ("gru_forward", ["hs", "gates"]),
    "bidirectional_backward": ("bidirectional_forward", ["hs"]),
    "stacked_backward": ("stacked_forward", ["hs"]),
    "attention_backward": ("attention_forward", ["contexts", "weights"]),
    "rwa_backward": ("rwa_forward", ["hs", "nums", "dens", "peaks"]),
}


def results_of(function, inputs):
    results = function(**inputs)
    return results if isinstance(results, tuple) else (results,)


def draw(name, rng, letters, dtype):
    """Inputs of a function; those of a backward one come from its own way forward."""
    function = getattr(reference, name)
    if name not in FORWARD:
        mask = {"mask": draw_mask(rng, letters["T"], letters["N"])}
        return {key: value.astype(dtype) for key, value in draw_inputs(rng, letters, function, mask).items()}
    forward, made = FORWARD[name]
    before = draw(forward, rng, letters, dtype)
    given = before | dict(zip(made, results_of(getattr(reference, forward), before), strict=True))
    # in a stack it arrives at the top layer alone
    given[f"d{made[0]}"] = rng.normal(size=given[made[0]].shape[-3:]).astype(dtype)
    given["k"] = int(rng.integers(1, letters["T"] + 2))
    return {key: given[key] for key in inspect.signature(function).parameters}


@every_function
@pytest.mark.parametrize("dtype, digits", [(np.float64, 1e-10), (np.float32, 1e-3)])
@given(seed=seeds, sizes=st.fixed_dictionaries(dict.fromkeys("LTNDHOU", sizes)))
@settings(max_examples=20, deadline=None)
def test_fast_is_the_reference(name, dtype, digits, seed, sizes):
    inputs = draw(name, np.random.default_rng(seed), sizes, dtype)
    quick, plain = (results_of(getattr(module, name), inputs) for module in (fast, reference))
    for one, other in zip(quick, plain, strict=True):
        assert one.dtype == other.dtype == dtype and one.shape == other.shape
        np.testing.assert_allclose(one, other, rtol=digits, atol=digits * np.abs(other).max(initial=1) / 10)


@pytest.mark.parametrize("name", ["lstm_backward", "gru_backward"])
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_long_sequence_goes_back_in_pieces_to_the_same_gradients(name, steps, rng, monkeypatch):
    letters = {"T": 7, "N": 2, "D": 3, "H": 4}
    inputs = draw(name, rng, letters, np.float64)
    whole = getattr(fast, name)(**inputs)
    monkeypatch.setattr(chunks, "CHUNK", steps * inputs["gates"][0].size)
    for one, other in zip(getattr(fast, name)(**inputs), whole, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


def test_what_is_made_of_the_plain_network_is_made_of_the_fast_one():
    made = [fast.bidirectional_forward, fast.bidirectional_backward, fast.stacked_forward, fast.stacked_backward]
    for function in made:
        calls = {name for name in function.__code__.co_names if name in ("rnn_forward", "rnn_backward")}
        assert calls and all(function.__globals__[name] is getattr(fast, name) for name in calls)


@pytest.mark.parametrize(
    "forward, blocks, states", [("rnn_forward", 1, ["h0"]), ("lstm_forward", 4, ["h0", "c0"]), ("gru_forward", 3, ["h0"])]
)
def test_a_network_of_whole_numbers_alone_is_refused_and_not_rounded(forward, blocks, states, rng):
    net = draw_layer(rng, 3, 2, 4, 5, blocks, states)
    getattr(fast, forward)(**net | {"xs": net["xs"].astype(int)})       # whole inputs are as good as others
    with pytest.raises(TypeError):
        getattr(fast, forward)(**{name: array.astype(int) for name, array in net.items()})


@pytest.mark.parametrize(
    "forward, blocks, states", [("rnn_forward", 1, ["h0"]), ("lstm_forward", 4, ["h0", "c0"]), ("gru_forward", 3, ["h0"])]
)
def test_a_sequence_without_steps_makes_no_states(forward, blocks, states, rng):
    """As the text is on which a model that writes has not begun."""
    results = getattr(fast, forward)(**draw_layer(rng, 0, 2, 4, 5, blocks, states))
    hs = results[0] if isinstance(results, tuple) else results
    assert hs.shape == (0, 2, 5)


@every_function
def test_fast_takes_the_references_arguments(name):
    assert inspect.signature(getattr(fast, name)) == inspect.signature(getattr(reference, name))


@every_function
@given(seed=seeds, dtype=st.sampled_from([np.float32, np.float64]))
@settings(max_examples=5, deadline=None)
def test_fast_only_reads_its_inputs_and_returns_arrays_of_its_own(name, seed, dtype):
    inputs = draw(name, np.random.default_rng(seed), {"L": 3, "T": 4, "N": 3, "D": 2, "H": 5, "O": 6, "U": 7}, dtype)
    arrays = [value for value in inputs.values() if isinstance(value, np.ndarray)]
    for array in arrays:
        array.flags.writeable = False
    for result in results_of(getattr(fast, name), inputs):
        assert not any(np.may_share_memory(result, array) for array in arrays)
