"""Students' functions with one thing or two wrong, and what is found to change in them."""

import inspect

import numpy as np

from tests.mistakes.told import edited
from unrolled import reference
from unrolled.exercises import EXERCISES
from unrolled.own_lines import hiding
from unrolled.repairs import find_repairs


def source_of(name):
    return inspect.getsource(getattr(reference, name))


def with_edits(name, *pairs):
    """The function of a reference's source in which other texts stand; pairs holds old and new by turns."""
    return edited(name, source_of(name), pairs)


# seconds, many times what a student waits: which changes there are does not depend on how busy the machine is
PATIENT = 5


def repairs_of(function, seconds=PATIENT, **options):
    """What find_repairs finds in a student's function."""
    exercise = EXERCISES[function.__name__]
    cases = exercise.cases(np.random.default_rng(0))
    rows = [(case, exercise.expected(case)) for case in sorted(cases, key=hiding)]
    count = len(exercise.results)

    def wrong_in(value, row):
        shares = {i: exercise.share_wrong(exercise.part(value, i), exercise.part(row[1], i)) for i in range(count)}
        return {i: share for i, share in shares.items() if share}

    return find_repairs(function, rows, count, wrong_in, seconds=seconds, **options)
