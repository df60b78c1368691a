"""Dates as people write them, in four languages and seven forms, and as machines want them: what chapter 8 translates.

The names of months and days, and the order in which a language puts them, are those of the Unicode CLDR,
by way of Babel.
"""

import datetime

import numpy as np

LANGUAGES = ("en", "de", "fr", "es")
FORMS = ("medium", "long", "full", "d MMM yyyy", "MMMM d, yyyy", "EEE d. MMM yyyy", "yyyy, d MMMM")
FIRST, LAST = (datetime.date(*day).toordinal() for day in ((1970, 1, 1), (2069, 12, 31)))
DIGITS = "0123456789-"
LETTERS = " ,.0123456789abcdefghijklmnopqrstuvwxyzáäéû"


def write(day, language, form):
    """A date as a person writes it, in lower case: "28 févr. 2069"."""
    from babel.dates import format_date  # the book has it; nobody else need wait for it

    return (
        format_date(day, form, locale=language)
        .lower()
        .replace("\N{NO-BREAK SPACE}", " ")
        .replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    )


def draw_dates(rng, N, forms=FORMS):
    """N dates, each in a language and a form of its own: (sources, targets), lists of texts, the targets
    like "2069-02-28"."""
    days = [datetime.date.fromordinal(day) for day in rng.integers(FIRST, LAST + 1, size=N).tolist()]
    ways = zip(rng.integers(len(LANGUAGES), size=N), rng.integers(len(forms), size=N), strict=True)
    return [write(day, LANGUAGES[i], forms[j]) for day, (i, j) in zip(days, ways, strict=True)], [
        day.isoformat() for day in days
    ]


def encode(texts, letters=LETTERS):
    """Texts as integer tokens (T, N), the places of their characters in letters, and mask (T, N), 1 where a text
    has a character.

    Raises ValueError for any other character.
    """
    foreign = sorted(set("".join(texts)) - set(letters))
    if foreign:
        raise ValueError(f"not in the alphabet: {' '.join(map(repr, foreign))}")
    T = max(map(len, texts))
    tokens = np.array([[letters.index(letter) for letter in text.ljust(T, letters[0])] for text in texts]).T
    mask = (np.arange(T)[:, None] < [len(text) for text in texts]) * 1.0
    return tokens, mask


def decode(tokens):
    """The texts of integer tokens (T, N) of targets."""
    return ["".join(DIGITS[token] for token in column) for column in np.asarray(tokens).T]
