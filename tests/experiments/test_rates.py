"""A contestant's rate is not taken from the end of its grid: there a further one may be better."""

import math

import pytest

from experiments.rates import further


def runs(**scores):
    """Three seeds of one network at rates .01, .02 and .04, whose medians are the scores."""
    return [
        {"setting": {"network": name, "rate": rate, "seed": seed}, "result": {"validation": score + seed - 1}}
        for name, row in scores.items() for rate, score in zip((0.01, 0.02, 0.04), row, strict=True) for seed in range(3)
    ]


def asked(scores, by=("validation",)):
    return {(setting["network"], setting["rate"]) for setting in further(runs(**scores), by)}


@pytest.mark.parametrize(
    ("scores", "rates"),
    [
        ((3, 2, 1), {0.08}), ((1, 2, 3), {0.005}), ((2, 1, 2), set()), ((1, 1, 2), set()), ((2, 1, 1), set()), ((1, 1, 1), set()),
        ((1, math.nan, math.nan), {0.005}), ((2, 1, math.nan), set()), ((math.nan,) * 3, set()),
    ],
)
def test_the_next_rate_is_asked_for_where_the_best_is_at_an_end_and_by_something(scores, rates):
    assert asked({"lstm": scores}) == {("lstm", rate) for rate in rates}


def test_each_contestant_has_its_own_rates_and_keeps_its_seeds():
    assert asked({"lstm": (3, 2, 1), "gru": (2, 1, 2)}) == {("lstm", 0.08)}
    assert [setting["seed"] for setting in further(runs(lstm=(3, 2, 1)), ("validation",))] == [0, 1, 2]


def test_the_best_is_the_median_over_the_seeds_and_not_a_lucky_one():
    lucky = runs(lstm=(3, 1, 2))
    lucky[-1]["result"]["validation"] = -9          # one of three seeds of the highest rate
    assert not further(lucky, ("validation",))


def test_each_name_by_which_a_page_chooses_asks_for_its_own():
    both = runs(lstm=(3, 2, 1))
    for run in both:
        run["result"]["when writing"] = run["setting"]["rate"]
    assert {setting["rate"] for setting in further(both, ("validation", "when writing"))} == {0.08, 0.005}
    assert not further(both, ())
