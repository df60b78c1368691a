"""Real data, small and vendored, so that nothing is downloaded. `NOTICE.md` says where each file comes from,
and its licence."""

from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent


def sunspots():
    """How many spots the sun had, on average, in each year from 1700 to 2008.

    ->  integer years (309,), numbers (309,)
    """
    years, numbers = np.loadtxt(FOLDER / "sunspots.csv", delimiter=",", skiprows=1, unpack=True)
    return years.astype(int), numbers


def heartbeats():
    """An electrocardiogram of 26 beats, 360 values a second, and where somebody who knows has marked a beat that
    comes too early.

    ->  millivolts (7500,), booleans unusual (7500,): one stretch near the end
    """
    millivolts, label = np.loadtxt(FOLDER / "heartbeats.csv", delimiter=",", skiprows=1, unpack=True)
    return millivolts, label == 1


def reviews():
    """Sentences of customers' reviews of five products, in lower case, each with the mean of twenty or more
    people's ratings.

    ->  a list of 3708 sentences, ratings (3708,) from -4, very negative, to 4, very positive, integers review (3708,)
    Sentences of one review have one number in review: whoever splits them apart tests on what was half
    read in training.
    """
    lines = (FOLDER / "reviews.tsv").read_text(encoding="utf8").splitlines()
    places, ratings, sentences = zip(*(line.split("\t") for line in lines), strict=True)
    review = np.array([int(place.partition("_")[0]) for place in places])
    return list(sentences), np.array(ratings, dtype=float), review
