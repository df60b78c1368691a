"""What the checker says of right answers and of known mistakes. This file runs here and in the page."""

import importlib
import pkgutil

import tests.exercises
from tests.exercises.correct import CORRECT
from unrolled import examine
from unrolled.exercises import ASSIGNMENTS

for module in pkgutil.iter_modules(tests.exercises.__path__, "tests.exercises."):
    if ".correct_" in module.name:
        importlib.import_module(module.name)


def verdicts(assignment, every):
    """[passed, mistake] of all right answers of an assignment and of each `every`-th known mistake, by
    exercise, place and name."""
    found = {}
    for exercise in ASSIGNMENTS[assignment]:
        # what nobody has printed, the page cannot make wrong
        known = exercise.mistakes[::every] if exercise.printed else ()
        wrong = [(mistake.name, mistake.wrong) for mistake in known]
        for place, (name, fn) in enumerate([(fn.__name__, fn) for fn in CORRECT[exercise.name]] + wrong):
            report = examine(named(exercise.name, fn))
            found[f"{exercise.name} {place} {name}"] = [report.passed, report.mistake]
    return found


def named(name, fn):
    """fn under the name that check looks up, as a student's function would be."""

    def student(*inputs):
        return fn(*inputs)

    student.__name__ = name
    return student
