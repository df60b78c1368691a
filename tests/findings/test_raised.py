"""What is told of a call that raised, whatever the exercise."""

import numpy as np
import pytest

from tests.mistakes.told import written
from unrolled.comparison import compare
from unrolled.exercises import EXERCISES
from unrolled.recording import call_all

# What NumPy says of lengths that do not fit.
OF_LENGTHS = [
    "operands could not be broadcast together with shapes (3,4) (5,) ",
    "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?) "
    "(size 4 is different from 3)",
    "all the input array dimensions except for the concatenation axis must match exactly, but along dimension 1, "
    "the array at index 0 has size 4 and the array at index 1 has size 6",
    "cannot reshape array of size 30 into shape (7,)",
    "index 5 is out of bounds for axis 0 with size 5",
]


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
def test_lengths_that_do_not_fit_are_told_whatever_is_asked(exercise):
    """The line in which it happens has all inputs in it, each of them transposed; some are lists, or numbers."""
    cases = exercise.known_cases(np.random.default_rng(0))
    line = " @ ".join(f"{name}.T" for name in cases[0])
    for text in OF_LENGTHS:
        source = f"def {exercise.name}({', '.join(cases[0])}):\n    raise ValueError({text!r})        # {line}\n"
        report = compare(exercise, cases, call_all(written(exercise.name, source), cases))
        assert f"{exercise.name}: it raised ValueError: " in report.message
