"""Verdicts: each contestant at its own best, and words that the data allow."""

import pytest

from unrolled.book.experiments import against, chosen, compared, measured, p_value, paired


def runs(cell, rate, validation, test):
    return [{"cell": cell, "rate": rate, "seed": seed, "validation": v, "test": t} for seed, (v, t) in enumerate(zip(validation, test, strict=True))]


def test_the_rate_is_chosen_by_validation_and_never_by_what_is_reported():
    all_runs = runs("lstm", 0.1, [3, 3, 3], [1, 1, 1]) + runs("lstm", 0.01, [2, 2, 9], [4, 4, 4])
    assert [run["rate"] for run in chosen(all_runs, "cell", among="rate", by="validation")["lstm"]] == [0.01] * 3


def test_several_names_tell_contestants_apart():
    all_runs = [{"cell": cell, "H": H, "rate": 1, "seed": 0, "validation": 0} for cell in "ab" for H in (1, 2)]
    assert set(chosen(all_runs, ("cell", "H"), among="rate", by="validation")) == {("a", 1), ("a", 2), ("b", 1), ("b", 2)}


def test_five_against_five_that_never_overlap_are_one_split_in_126():
    assert p_value([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]) == pytest.approx(2 / 252)


@pytest.mark.parametrize("level", [1e3, 1e6, -1e6])
def test_a_split_counts_as_far_apart_as_itself_however_small_the_gap_is_beside_the_values(level):
    first, second = ([level + step * 1e-3 for step in steps] for steps in ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]))
    assert p_value(first, second) == pytest.approx(2 / 252)
    assert p_value([level] * 3, [level] * 4) == 1


def test_equal_groups_are_as_far_apart_as_any_split():
    assert p_value([1, 1, 1], [1, 1, 1]) == 1


@pytest.mark.parametrize(
    "first, second, better, words",
    [
        ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10], min, "ahead"),
        ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10], max, "behind"),
        ([1, 2, 3, 4, 9], [2, 3, 4, 5, 6], min, "no difference that we can see"),
    ],
)
def test_the_words_follow_the_data(first, second, better, words):
    assert compared(first, second, better) == words


@pytest.mark.parametrize(
    "values, better, words",
    [
        ([1] * 8, min, "ahead"),
        ([1] * 8, max, "behind"),
        ([1] * 7 + [3], min, "no difference that we can see"),
        ([1] * 5, min, "no difference that we can see"),
        ([1] * 6 + [2] * 2, min, "ahead"),      # what is equal is on no side
        ([2] * 8, min, "no difference that we can see"),
    ],
)
def test_against_one_number_the_signs_decide(values, better, words):
    assert against(values, 2, better) == words


@pytest.mark.parametrize(
    "gaps, better, words",
    [
        ([1, 1, 1, 1, 1, 1, 1, 1], max, "ahead"),
        ([1, 2, 3, 4, 5, 6, 7, -1], min, "behind"),
        ([1, 1, 1, 1, -1, -1, -1, 1], max, "no difference that we can see"),
        ([1, 2, 3, 4, 5], max, "no difference that we can see"),        # 2 ways of 32
        ([0] * 8, max, "no difference that we can see"),
    ],
)
def test_pairs_are_compared_by_their_differences_however_much_the_data_differ(gaps, better, words):
    second = [100.0 * deal for deal in range(len(gaps))]
    assert paired([value + gap for value, gap in zip(second, gaps, strict=True)], second, better) == words


def test_what_was_not_measured_names_the_command():
    with pytest.raises(FileNotFoundError, match="make experiments"):
        measured("what nobody asked")
