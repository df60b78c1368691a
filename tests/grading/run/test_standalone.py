"""Answers of the made-up class: each does what the function does that it was written from."""

import numpy as np
import pytest

from unrolled.exercises import EXERCISES
from unrolled.grading.run.standalone import standalone
from unrolled.recording import call


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
def test_references_and_mistakes_stand_on_their_own(exercise):
    case = exercise.cases(np.random.default_rng(0))[0]
    for function in (exercise.reference, *(mistake.wrong for mistake in exercise.mistakes)):
        namespace = {"np": np}
        exec(standalone(function, exercise.name), namespace)
        ours, theirs = call(function, case), call(namespace[exercise.name], case)
        assert type(theirs.error) is type(ours.error), (function.__name__, theirs.error)
        np.testing.assert_equal(theirs.value, ours.value, err_msg=function.__name__)


def test_a_function_may_use_a_none_from_outside():
    nothing = None

    def is_nothing(value):
        return value is nothing

    namespace = {}
    exec(standalone(is_nothing, "answer"), namespace)
    assert namespace["answer"](None) and not namespace["answer"](0)
