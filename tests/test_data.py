"""The vendored data: the bytes that NOTICE.md speaks of, and what the loaders promise."""

import hashlib

import numpy as np
import pytest

from unrolled.data import FOLDER, heartbeats, reviews, sunspots

DIGESTS = {
    "heartbeats.csv": "d4f2539a5e85e1ac1e7f8bba152b5e60a02356282463a8a1c97848ad3e1bb386",
    "language_reference.txt": "08a1cb39f15773b692c443b7029576ee56398e313dc12d9c8b598777e2d38739",
    "reviews.tsv": "11a9807a0974a2506a2d3b4851eaf69b3d6d20688ce4923adda2312a4f6dd6c2",
    "sunspots.csv": "f67889b1d9002cd5227f0e0ef54e35b419cdd85a31279adef6f73fb41e5c0a9b",
}


@pytest.mark.parametrize("name", DIGESTS)
def test_a_file_is_the_one_that_was_measured(name):
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == DIGESTS[name]


def test_every_file_has_a_digest_and_a_notice():
    files = {path.name for path in FOLDER.iterdir() if path.suffix in (".csv", ".tsv", ".txt")}
    assert files == set(DIGESTS)
    assert all(f"`{name}`" in (FOLDER / "NOTICE.md").read_text(encoding="utf8") for name in files)


def test_sunspots_are_one_number_a_year():
    years, numbers = sunspots()
    assert years.tolist() == list(range(1700, 2009))
    assert numbers.shape == years.shape and (numbers >= 0).all()
    assert numbers[years == 1957] == 190.2         # the highest


def test_heartbeats_hold_one_unusual_stretch_near_the_end():
    millivolts, unusual = heartbeats()
    assert millivolts.shape == unusual.shape == (7500,) and np.isfinite(millivolts).all()
    (start, end) = np.flatnonzero(np.diff(unusual)) + 1
    assert unusual.sum() == end - start == 352 and start > 6500


def test_reviews_are_sentences_with_a_rating_and_a_review():
    sentences, ratings, review = reviews()
    assert len(sentences) == len(ratings) == len(review) == 3708
    assert all(sentence and sentence == sentence.lower() for sentence in sentences)
    assert -4 <= ratings.min() < -3 and 3 < ratings.max() <= 4
    assert len(np.unique(review)) == 300
