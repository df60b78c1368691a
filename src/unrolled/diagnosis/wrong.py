"""Which results are wrong, and whether what came in their place tells anything: zeros and infinities tell nothing."""

import numpy as np

from unrolled.exercises.ruler import is_numeric

ROUNDING = 1e-12


def right_results(exercise, expected, outcomes):
    """Names of the results that are right in every case."""
    wrong = wrong_results(exercise, expected, [outcome.value for outcome in outcomes])
    return [name for i, name in enumerate(exercise.results) if i not in wrong]


def wrong_results(exercise, expected, values):
    """The places of the results that are wrong in some case."""
    rows = list(zip(values, expected, strict=True))
    return [
        i
        for i in range(len(exercise.results))
        if not all(exercise.same(exercise.part(a, i), exercise.part(b, i)) for a, b in rows)
    ]


def is_telling(exercise, values, i):
    """Whether a result can be compared and is not zero everywhere, as too many mistakes leave it, nor one of several
    that is made of a few integers."""
    parts = [exercise.part(value, i) for value in values]
    if not is_comparable(exercise, parts[0]):
        return False
    whole = len(exercise.results) > 1 and all(
        np.asarray(part).dtype.kind in "biu" for part in parts if is_numeric(part)
    )
    return not whole and not all(map(is_zero, parts))


def is_comparable(exercise, result):
    """Whether any result could agree with this one: what raised, or is no number, agrees not even with itself."""
    return exercise.same(result, result)


def shows_nothing(exercise, wanted, value):
    """Whether all that is wrong in a value is zero, as too many mistakes make it, or nothing is."""
    parts = [(exercise.part(wanted, i), exercise.part(value, i)) for i in range(len(exercise.results))]
    return all(is_zero(got) for right, got in parts if not exercise.same(right, got))


def overflows_only(exercise, expected, values, i):
    """Whether a result is wrong only where it is not finite, as too many mistakes make it."""
    pairs = [(exercise.part(right, i), exercise.part(got, i)) for right, got in zip(expected, values, strict=True)]
    if not all(is_numeric(right) and is_numeric(got) and np.asarray(got).dtype.kind in "fiu" for right, got in pairs):
        return False
    pairs = [(np.asarray(right), np.asarray(got)) for right, got in pairs]
    return all(
        right.shape == got.shape and np.all(~np.isfinite(got) | exercise.near(got, right)) for right, got in pairs
    )


def all_numeric(exercise, value):
    """Whether each result is made of numbers, as those of an edited line are."""
    return all(is_numeric(exercise.part(value, i)) for i in range(len(exercise.results)))


def are_tokens(exercise, value):
    """Whether all results are integers, of which too many slips give the same."""
    return all(np.asarray(exercise.part(value, i)).dtype.kind in "biu" for i in range(len(exercise.results)))


def is_one_token(exercise, value):
    """Whether all that came is one integer again and again, as too many mistakes make it."""
    parts = [np.asarray(exercise.part(value, i)) for i in range(len(exercise.results))]
    return are_tokens(exercise, value) and all(part.size > 1 and len(np.unique(part)) == 1 for part in parts)


def is_nowhere(holds, exercise, expected, values):
    """Whether in every case something is wrong, and what is wrong holds nowhere what an array of truth values says."""
    for wanted, value in zip(expected, values, strict=True):
        pairs = [(exercise.part(wanted, i), exercise.part(value, i)) for i in range(len(exercise.results))]
        wrong = [got for right, got in pairs if not exercise.same(right, got)]
        if not wrong or not all(is_numeric(got) and np.size(got) and not np.any(holds(got)) for got in wrong):
            return False
    return True


def is_number(value):
    return ~np.isnan(value)


def is_zero(value):
    """Whether a result is zero everywhere, but for rounding."""
    return is_numeric(value) and bool(np.all(np.abs(value) < ROUNDING))
