"""The encoder and the decoder of chapter 8: their gradients, padding that changes nothing, ways to write that agree
where they must."""

import itertools

import numpy as np
import pytest

from unrolled.encoder_decoder import forced, initial_pair, read, token_loss, write_by_beams, write_greedily, write_step
from unrolled.training import one_hot

D, H, V, U, T = 4, 5, 3, 4, 6
LENGTHS = [6, 1, 3]
ATTENTION = pytest.mark.parametrize("attention", [True, False], ids=["attention", "one vector"])


@pytest.fixture
def drawn(rng):
    """drawn(attention): parameters, xs (T, N, D), mask (T, N) and targets (U, N), in float64; others at each call."""

    def draw(attention):
        parameters = {name: rng.normal(size=value.shape) for name, value in initial_pair(rng, D, H, V, attention).items()}
        mask = (np.arange(T)[:, None] < LENGTHS) * 1.0
        return parameters, rng.normal(size=(T, len(LENGTHS), D)), mask, rng.integers(V, size=(U, len(LENGTHS)))

    return draw


def log_probabilities(parameters, xs, mask, tokens):
    """(U, N, V), of each token given those before it: step by step, as a writer goes."""
    hs, _, h = read(parameters, xs, mask)
    before, said = np.full(xs.shape[1], V), []
    for token in tokens:
        row, h, _ = write_step(parameters, before, h, hs, mask)
        said.append(row)
        before = token
    return np.stack(said)


def of_the_tokens(parameters, xs, mask, tokens):
    """The log-probability (N,) of the whole of tokens (U, N)."""
    rows = log_probabilities(parameters, xs, mask, tokens)
    return np.take_along_axis(rows, tokens[..., None], axis=-1)[..., 0].sum(axis=0)


@ATTENTION
def test_gradients_are_those_of_finite_differences(drawn, attention, eps=1e-6):
    parameters, *batch = drawn(attention)
    _, gradients = token_loss(parameters, *batch, max_norm=1e9)
    assert gradients.keys() == parameters.keys()
    for name, value in parameters.items():
        for place in np.ndindex(value.shape):
            bumped = [token_loss(parameters | {name: value + sign * eps * _one(value, place)}, *batch)[0] for sign in (1, -1)]
            assert np.isclose(gradients[name][place], (bumped[0] - bumped[1]) / (2 * eps), atol=1e-7), (name, place)


def _one(value, place):
    one = np.zeros_like(value)
    one[place] = 1
    return one


@ATTENTION
def test_the_loss_is_the_surprise_at_the_tokens_written_one_by_one(drawn, attention):
    parameters, xs, mask, targets = drawn(attention)
    assert np.isclose(token_loss(parameters, xs, mask, targets)[0], -of_the_tokens(parameters, xs, mask, targets).mean())


@ATTENTION
def test_gradients_are_clipped_to_the_norm(drawn, attention):
    _, gradients = token_loss(*drawn(attention), max_norm=0.01)
    assert np.isclose(np.sqrt(sum((gradient**2).sum() for gradient in gradients.values())), 0.01)


@ATTENTION
def test_what_stands_in_the_padding_means_nothing(drawn, attention):
    parameters, xs, mask, targets = drawn(attention)
    other = xs + 7 * (1 - mask[..., None])
    assert not np.array_equal(other, xs)
    (loss, gradients), (again, others) = (token_loss(parameters, read_, mask, targets) for read_ in (xs, other))
    assert loss == again
    for name in gradients:
        np.testing.assert_array_equal(gradients[name], others[name])
    np.testing.assert_array_equal(write_greedily(parameters, xs, mask, U)[0], write_greedily(parameters, other, mask, U)[0])


def test_with_attention_the_decoder_starts_from_nothing_and_without_from_each_last_state(drawn):
    parameters, xs, mask, _ = drawn(True)
    assert not read(parameters, xs, mask)[2].any()
    parameters, xs, mask, _ = drawn(False)
    hs, _, start = read(parameters, xs, mask)
    np.testing.assert_array_equal(start, [hs[length - 1, n] for n, length in enumerate(LENGTHS)])


@ATTENTION
def test_a_beam_of_one_is_greedy(drawn, attention):
    parameters, xs, mask, _ = drawn(attention)
    np.testing.assert_array_equal(write_by_beams(parameters, xs, mask, U, width=1), write_greedily(parameters, xs, mask, U)[0])


@ATTENTION
def test_with_as_many_beams_as_there_are_sequences_the_best_of_all_is_found(drawn, attention):
    every = [np.repeat(np.array(tokens)[:, None], len(LENGTHS), axis=1) for tokens in itertools.product(range(V), repeat=U)]
    for _ in range(5):
        parameters, xs, mask, _ = drawn(attention)
        best = np.argmax([of_the_tokens(parameters, xs, mask, tokens) for tokens in every], axis=0)
        found = write_by_beams(parameters, xs, mask, U, width=V**U)
        np.testing.assert_array_equal(found, np.stack([every[place][:, n] for n, place in enumerate(best)], axis=1))


@ATTENTION
def test_forced_or_free_a_whole_sequence_is_right_or_wrong_alike(drawn, attention):
    parameters, xs, mask, targets = drawn(attention)
    written, _ = write_greedily(parameters, xs, mask, U)
    for wanted in (written, targets, np.where(np.arange(len(LENGTHS)) == 1, written, targets)):
        np.testing.assert_array_equal(forced(parameters, xs, mask, wanted).all(axis=0), (written == wanted).all(axis=0))
    assert forced(parameters, xs, mask, written).all()


def test_a_hidden_step_gets_no_weight_and_the_others_share_it(drawn):
    parameters, xs, mask, _ = drawn(True)
    hs, _, h = read(parameters, xs, mask)
    hidden = one_hot(np.array([2, 5, 0]), T, float)         # of the second sequence a step that is padding
    _, _, weights = write_step(parameters, np.full(len(LENGTHS), V), h, hs, mask, hidden)
    assert not weights[hidden > 0].any()
    np.testing.assert_allclose(weights.sum(axis=-1), 1)


@ATTENTION
def test_parameters_start_in_single_precision_and_gradients_stay_in_it(rng, drawn, attention):
    _, xs, mask, targets = drawn(attention)
    parameters = initial_pair(rng, D, H, V, attention)
    _, gradients = token_loss(parameters, xs.astype(np.float32), mask.astype(np.float32), targets)
    assert {value.dtype for value in (*parameters.values(), *gradients.values())} == {np.dtype(np.float32)}
