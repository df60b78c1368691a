"""The corpus, and the models that count: English prose, and n-grams measured on it.

The text is Python's language reference, as one version of Python has it: what one page has measured on it can stand
beside what another measures, and does on any machine.
"""

import functools
import re
from pathlib import Path

import numpy as np

# read by its place: where a notebook is graded, this file of data is there and no other
_REFERENCE = Path(__file__).parent / "data" / "language_reference.txt"

ALPHABET = " abcdefghijklmnopqrstuvwxyz.,"
LETTERS = ALPHABET[1:27]


@functools.cache
def corpus():
    """Python's language reference as one string of the 29 symbols, topics in order of name, each paragraph once.

    The reference repeats whole paragraphs under several topics. Kept, they would stand in the text that a model
    is tested on after it was trained on them.
    """
    return " ".join(_REFERENCE.read_text(encoding="ascii").splitlines())


def clean(text):
    """text in the 29 symbols of ALPHABET: lower case, quotes dropped, anything else a space, single spaces.

    A full stop or comma follows its word directly, and a space follows it. The text ends in a full stop, unless
    nothing is left of it.
    """
    text = re.sub(r"[\"'`‘’“”]", "", text.lower())
    text = re.sub(r"[^a-z.,]+", " ", text)
    text = re.sub(r" ?([.,])[., ]*", r"\1 ", text).strip(" .,")
    return text + "." if text else ""


def encode(text):
    """The places of text's characters in ALPHABET, integers (T,). Raises ValueError for any other character."""
    foreign = sorted(set(text) - set(ALPHABET))
    if foreign:
        raise ValueError(f"not in the alphabet: {' '.join(map(repr, foreign))}; clean(text) first")
    return np.array([ALPHABET.index(character) for character in text], dtype=int)


def decode(tokens):
    """The text of integer tokens (T,)."""
    return "".join(ALPHABET[token] for token in tokens)


def unspaced(text):
    """The letters of text without what stands between its words, as tokens (T,), and ends (T,): 1 where a word ends.

    A letter's token is its place in LETTERS. Anything that is no letter ends a word.
    """
    words = re.findall("[a-z]+", text.lower())
    ends = np.zeros(sum(map(len, words)), dtype=int)
    ends[np.cumsum([len(word) for word in words], dtype=int) - 1] = 1
    return np.array([LETTERS.index(letter) for letter in "".join(words)], dtype=int), ends


def split(tokens, held_out=0.1):
    """tokens (T,) as a first part to learn from and a last part, the fraction held_out, to be tested on."""
    end = round(len(tokens) * (1 - held_out))
    return tokens[:end], tokens[end:]


def ngram_model(tokens, n, V=len(ALPHABET), trust=5.0):
    """Probabilities p (V, ..., V) with n axes: of the last symbol, given the n - 1 before it, counted in tokens (T,).

    Where a context was seldom seen, the model one symbol shorter speaks for it, as if it had been seen `trust` times
    more.  MacKay & Peto 1995.
    """
    if n == 0:
        return np.array(1 / V)
    windows = np.lib.stride_tricks.sliding_window_view(tokens, n)
    codes = windows @ V ** np.arange(n)[::-1]
    counts = np.bincount(codes, minlength=V**n).reshape((V,) * n)
    return (counts + trust * ngram_model(tokens, n - 1, V, trust)) / (counts.sum(axis=-1, keepdims=True) + trust)


def ngram_bits(p, tokens):
    """Mean bits a character that the n-gram model p needs for tokens (T,), from the n-th on."""
    windows = np.lib.stride_tricks.sliding_window_view(tokens, p.ndim)
    return float(-np.log2(p[tuple(windows.T)]).mean())


def ngram_ladder(learn, text, most, V=len(ALPHABET), trust=5.0):
    """Bits a character that `ngram_model` of n = 1, ..., most, counted in learn (T,), needs for text, from its
    most-th character on.

    The table of all contexts, V**n numbers, is never made: only what stands in text is counted.
    """
    p = np.full(len(text) - most + 1, 1 / V)
    bits = []
    for n in range(1, most + 1):
        seen, asked = (
            np.lib.stride_tricks.sliding_window_view(tokens, n) @ V ** np.arange(n, dtype=np.int64)[::-1]
            for tokens in (learn, text)
        )
        asked = asked[most - n :]
        p = (_occurrences(seen, asked) + trust * p) / (_occurrences(seen // V, asked // V) + trust)
        bits.append(float(-np.log2(p).mean()))
    return bits


def _occurrences(seen, asked):
    """How often each number of asked stands in seen."""
    seen = np.sort(seen)
    return np.searchsorted(seen, asked, side="right") - np.searchsorted(seen, asked, side="left")


def sample_ngram(p, first, u):
    """Tokens (n,) that the bigram model p (V, V) writes after the token first, by uniform draws u (n,)."""
    cumulative = p.cumsum(axis=-1)
    tokens = []
    for draw in u:
        row = cumulative[tokens[-1] if tokens else first]
        tokens.append(min(int(np.searchsorted(row, draw, side="right")), len(row) - 1))
    return np.array(tokens, dtype=int)


def character_network():
    """A plain recurrent network that was trained on the corpus: a dict of W_x (V, H), W_h (H, H), b (H,), W_y (H, V),
    b_y (V,) in float64, with V = 29 and H = 64.

    The file holds whole numbers of 8 bits and one scale an array; `python -m unrolled.widgets.train_unroll` made it.
    """
    with np.load(Path(__file__).with_name("character_network.npz")) as file:
        return {name: file[name] * float(file[f"{name}_scale"]) for name in ("W_x", "W_h", "b", "W_y", "b_y")}
