"""The corpus, the models that count, and the network that was trained on it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.text import (
    ALPHABET,
    LETTERS,
    character_network,
    clean,
    corpus,
    decode,
    encode,
    ngram_bits,
    ngram_ladder,
    ngram_model,
    sample_ngram,
    split,
    unspaced,
)
from unrolled.training import next_token_bits

V = len(ALPHABET)


def test_clean_keeps_words_and_marks():
    assert clean('  An "if" statement (see PEP 8) , isn’t\n  new . It is old') == "an if statement see pep, isnt new. it is old."


@pytest.mark.parametrize("text, letters, ends", [
    ("a list, or none.", "alistornone", [1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1]), ("Re-Use", "reuse", [0, 1, 0, 0, 1]), ("", "", []), ("42!", "", []),
])
def test_unspaced_keeps_the_letters_and_marks_each_words_last(text, letters, ends):
    tokens, found = unspaced(text)
    assert "".join(LETTERS[token] for token in tokens) == letters and found.tolist() == ends


@pytest.mark.parametrize("text", ["", "  ", "***", ". , .", "123"])
def test_clean_of_nothing_is_nothing(text):
    assert clean(text) == ""


@given(st.text())
def test_clean_text_is_made_of_the_alphabet_and_stays_as_it_is(text):
    cleaned = clean(text)
    assert set(cleaned) <= set(ALPHABET)
    assert "  " not in cleaned and " ." not in cleaned and " ," not in cleaned
    assert clean(cleaned) == cleaned


def test_corpus_is_long_clean_and_repeats_no_paragraph():
    text = corpus()
    assert len(text) == 305_253
    assert clean(text) == text
    assert text.count("assert statements are a convenient way to insert debugging assertions into a program") == 1


def test_encode_and_decode_are_inverse():
    assert encode(ALPHABET).tolist() == list(range(V))
    assert decode(encode("to be, or not.")) == "to be, or not."
    assert encode("").shape == (0,) and decode([]) == ""


def test_encode_names_what_it_cannot_say():
    with pytest.raises(ValueError, match="'B'.*clean"):
        encode("aBc")


def test_split_takes_the_end_and_loses_nothing():
    learn, test = split(np.arange(100), held_out=0.2)
    assert (len(learn), len(test)) == (80, 20)
    assert np.array_equal(np.concatenate([learn, test]), np.arange(100))


def test_ngram_probabilities_add_up_to_one_and_follow_the_counts():
    tokens = encode("abababac")
    for n in (1, 2, 3):
        assert ngram_model(tokens, n).shape == (V,) * n
        assert np.allclose(ngram_model(tokens, n).sum(axis=-1), 1)
    a, b, c = encode("abc")
    sure = ngram_model(tokens, 2, trust=1e-9)
    assert np.allclose(sure[a, [b, c]], [3 / 4, 1 / 4])     # after a: b three times, c once
    assert np.allclose(sure[b, a], 1)
    assert np.isclose(ngram_model(tokens, 2)[c, a], ngram_model(tokens, 1)[a])      # c was never followed by anything


def test_ngram_bits_of_a_fair_choice_and_of_a_certain_text():
    assert np.isclose(ngram_bits(np.full(V, 1 / V), encode("any text.")), np.log2(V))
    assert ngram_bits(ngram_model(encode("ab" * 50), 2, trust=1e-9), encode("ababab")) < 1e-6


def test_each_longer_context_helps_on_held_out_text():
    learn, test = split(encode(corpus()))
    bits = [ngram_bits(ngram_model(learn, n), test) for n in (1, 2, 3)]
    assert 4.0 < bits[0] < 4.4 and 3.2 < bits[1] < 3.6 and 2.4 < bits[2] < 2.9


def test_a_ladder_of_ngrams_needs_the_bits_of_each_without_their_tables():
    learn, test = split(encode(corpus()[:20_000]))
    ladder = ngram_ladder(learn, test, 7, trust=3.0)
    wanted = [ngram_bits(ngram_model(learn, n, trust=3.0), test[7 - n :]) for n in (1, 2, 3)]
    np.testing.assert_allclose(ladder[:3], wanted)
    assert len(ladder) == 7


def test_sampling_from_a_bigram_model_follows_it():
    cycle = np.roll(np.eye(V), 1, axis=1)       # every symbol is followed by the next in the alphabet
    assert decode(sample_ngram(cycle, 0, np.full(5, 0.5))) == "abcde"
    p = ngram_model(encode(corpus()[:20_000]), 2)
    tokens = sample_ngram(p, 0, np.random.default_rng(0).random(20_000))
    after_t = np.bincount(tokens[1:][tokens[:-1] == encode("t")[0]], minlength=V)
    assert np.allclose(after_t / after_t.sum(), p[encode("t")[0]], atol=0.03)


def test_the_committed_network_is_better_than_the_models_that_count():
    network = character_network()
    assert {name: value.shape for name, value in network.items()} == {
        "W_x": (V, 64), "W_h": (64, 64), "b": (64,), "W_y": (64, V), "b_y": (V,),
    }
    learn, test = split(encode(corpus()))
    bits = next_token_bits(network, test)
    assert abs(bits - 2.023) < 0.002        # what train_unroll measured
    assert bits < ngram_bits(ngram_model(learn, 3), test) - 0.3
    without_memory = network | {"W_h": 0 * network["W_h"]}
    assert next_token_bits(without_memory, test) > ngram_bits(ngram_model(learn, 2), test)
