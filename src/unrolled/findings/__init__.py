"""What is wrong in one call, in words: an error, the type, number or shape of the results, a changed
input, a wrong value."""

from functools import partial

import numpy as np

from unrolled.findings.finding import Finding
from unrolled.findings.raised import describe_raised, finding_of_error, place_of
from unrolled.findings.results import check_dtype, check_shape, check_type, pair_results
from unrolled.findings.values import check_finite, check_values

__all__ = ["Finding", "examine_call", "finding_of_error", "pair_results", "place_of"]


def examine_call(exercise, case, wanted, outcome, reveal=True):
    """The most basic Finding of one call, or None when everything is right."""
    if outcome.error:
        return describe_raised(exercise, case, wanted, outcome)
    shapes = exercise.results
    pairs, finding = pair_results(list(shapes), wanted, outcome.value)
    of_shape = partial(check_shape, exercise, case, wanted, pairs)
    for check in (check_type, of_shape, check_dtype, check_finite):
        finding = finding or next(filter(None, (check(*pair) for pair in pairs)), None)
    finding = finding or _check_inputs(exercise, case, outcome)
    finding = finding or next(filter(None, (check_values(exercise, *pair, reveal) for pair in pairs)), None)
    return finding or _check_views(exercise, case, outcome)


def _check_inputs(exercise, case, outcome):
    for name, before in case.items():
        after = outcome.inputs.get(name, before)
        if isinstance(before, (np.ndarray, list, tuple)) and not exercise.same(after, before):
            return Finding(
                "changed",
                f"it changed its input {name}: `+=`, `[...] =` and `out=` write into the array that was given; "
                "work on a copy.",
            )


def _check_views(exercise, case, outcome):
    shared = [name for name in case if name in outcome.shared]
    if shared and not exercise.may_alias:
        return Finding("view", f"it returned a view of its input {shared[0]}: return a new array, for example a copy.")
