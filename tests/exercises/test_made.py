"""What wrong functions gave for the cases at hand."""

import numpy as np

from unrolled.exercises.made import AT_HAND, Made


def counted():
    """A wrong function, and the inputs that it was called with."""
    calls = []

    def wrong(x):
        calls.append(x)
        return 2 * x

    return wrong, calls


def test_a_function_is_called_once_for_a_case():
    made, case, (wrong, calls) = Made(), {"x": np.ones(2)}, counted()
    assert made.value(wrong, case) is made.value(wrong, case)
    assert len(calls) == 1


def test_a_case_is_known_by_itself_and_not_by_what_is_in_it():
    made, (wrong, calls) = Made(), counted()
    cases = [{"x": np.full(2, value)} for value in (1.0, 1.0, 3.0)]
    assert [made.value(wrong, case).tolist() for case in cases] == [[2, 2], [2, 2], [6, 6]]
    assert len(calls) == 3


def test_cases_that_were_met_long_ago_are_forgotten():
    made, (wrong, calls) = Made(), counted()
    cases = [{"x": np.ones(1)} for _ in range(AT_HAND + 1)]
    for case in [*cases, cases[-1], cases[0]]:
        made.value(wrong, case)
    assert len(calls) == AT_HAND + 2


def test_what_raises_gives_none_and_is_not_asked_again():
    made, case, calls = Made(), {"x": 1}, []
    assert made.value(lambda x: calls.append(x) or x.no_such, case) is None
    assert len(calls) == 1
