"""Dates in four languages: written as the Unicode CLDR has them, drawn with what they mean, and turned into
tokens and back."""

import datetime

import numpy as np
import pytest

from unrolled.dates import DIGITS, FIRST, FORMS, LANGUAGES, LAST, LETTERS, decode, draw_dates, encode, write


@pytest.mark.parametrize(
    ("language", "form", "text"),
    [
        ("en", "full", "thursday, february 28, 2069"),
        ("de", "medium", "28.02.2069"),
        ("fr", "medium", "28 févr. 2069"),
        ("es", "long", "28 de febrero de 2069"),
        ("de", "EEE d. MMM yyyy", "do. 28. feb. 2069"),
    ],
)
def test_a_date_is_written_as_the_language_has_it(language, form, text):
    assert write(datetime.date(2069, 2, 28), language, form) == text


def test_source_and_target_are_the_same_day(rng):
    for source, target in zip(*draw_dates(rng, 300), strict=True):
        day = datetime.date.fromisoformat(target)
        assert source in {write(day, language, form) for language in LANGUAGES for form in FORMS}
        assert FIRST <= day.toordinal() <= LAST


def test_what_is_drawn_follows_from_the_generator_and_may_keep_to_some_forms():
    once, again = (draw_dates(np.random.default_rng(3), 20, forms=("yyyy, d MMMM",)) for _ in range(2))
    assert once == again
    assert all(source.startswith(target[:4]) for source, target in zip(*once, strict=True))


def test_the_alphabet_has_every_letter_that_occurs_and_no_other():
    days = [datetime.date(2024, 1, 1) + datetime.timedelta(days) for days in range(366)]
    assert set("".join(write(day, language, form) for day in days for language in LANGUAGES for form in FORMS)) <= set(LETTERS)


def test_texts_of_different_lengths_are_padded_and_the_mask_says_where():
    tokens, mask = encode(["12", "1-", "2069-02"], DIGITS)
    assert tokens.shape == mask.shape == (7, 3)
    assert mask.sum(axis=0).tolist() == [2, 2, 7]
    assert decode(tokens)[2] == "2069-02" and decode(tokens[:2])[:2] == ["12", "1-"]


def test_a_foreign_letter_is_named():
    with pytest.raises(ValueError, match="not in the alphabet: '§' 'ß'"):
        encode(["5 ß", "§"])
