"""What a student meets: check(fn) says what is wrong, examine(fn) returns it."""

import difflib
import types

import numpy as np

from unrolled.comparison import Report, examine_function
from unrolled.exercises import CHECKED
from unrolled.findings import place_of
from unrolled.operands import line_at, own_step

__all__ = ["CheckFailed", "Interrupted", "Report", "UnknownExercise", "check", "examine"]


class _Spoken:
    """An exception that a notebook shows as its message alone, without a traceback of ours."""

    def _render_traceback_(self):
        return str(self).splitlines()


class CheckFailed(_Spoken, AssertionError):
    """A function's results differ from the reference's; the message says how."""


class UnknownExercise(_Spoken, LookupError):
    """check was given something that is no exercise of this course."""


class Interrupted(_Spoken, KeyboardInterrupt):
    """A check was stopped, as an endless loop must be; the message says at which line."""


def check(fn, seed=0):
    """Compare fn with the reference on several drawn cases; print one line when it is right.

    Raises CheckFailed when it is not, UnknownExercise when no exercise has the function's name. A task that is scored
    by what it reaches is measured instead; where that is a part of its points, what is missing is printed.
    """
    try:
        report = examine(fn, seed)
    except KeyboardInterrupt as stop:
        step = own_step(stop.__traceback__, fn)
        raise Interrupted(f"{fn.__name__} was stopped{place_of(step and line_at(step)) or '.'}") from None
    if not report.score:
        raise CheckFailed(report.message)
    print(report.message)


def examine(fn, seed=0):
    """The same comparison as a Report with passed, score (0..1), message and mistake; raises only UnknownExercise."""
    exercise = _exercise_of(fn)
    report = examine_function(exercise, fn, np.random.default_rng(seed))
    if not report.score:
        for name, helper in _called_exercises(fn):
            if not examine(helper, seed).passed:
                return report.mend_first(name)
    return report


def _exercise_of(fn):
    if not callable(fn):
        raise UnknownExercise(
            f"check takes the function itself, as in check(softmax), not a value of type {type(fn).__name__}."
        )
    name = getattr(fn, "__name__", type(fn).__name__)
    if name == "<lambda>":
        raise UnknownExercise(
            "a lambda has no name to find its exercise by: write the function with `def`, under its exercise's name."
        )
    if name not in CHECKED:
        near = difflib.get_close_matches(name, CHECKED, n=1)
        hint = f"did you mean {near[0]}?" if near else f"the exercises are {', '.join(CHECKED)}."
        raise UnknownExercise(f"no exercise is called {name}: {hint}")
    return CHECKED[name]


def _called_exercises(fn):
    """The student's own functions that fn calls and that are exercises too."""
    code = getattr(fn, "__code__", None)
    for name in code.co_names if code else ():
        helper = fn.__globals__.get(name)
        own = isinstance(helper, types.FunctionType) and helper.__globals__ is fn.__globals__
        if own and name in CHECKED and helper is not fn and helper.__name__ == name:
            yield name, helper
