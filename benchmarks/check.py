"""How long a student waits for `check`, where one mistake was made, and where two were made at once.

The wrong functions are made of the catalogue and typed as a student would, so that changes of their lines are tried
too. Time is processor time, which other work on the machine disturbs least.
"""

import random
import statistics
import time
from itertools import combinations, islice

from benchmarks.report import report
from tests.mistakes.told import written
from unrolled import examine
from unrolled.exercises import CHECKED
from unrolled.grading.run.standalone import standalone
from unrolled.mistakes import both

EACH = 4  # functions of each exercise, of one mistake and of two
LIMITS = {"median": 1.0, "slowest": 2.5}  # seconds


def main():
    made = {"one": one_mistake, "two at once": two_mistakes}
    report("check", [row(name, functions) for name, functions in made.items()])


def row(name, functions):
    """The seconds of the checks of all exercises with the mistakes that functions(exercise) makes."""
    seconds = [
        timed(exercise.name, wrong) for exercise in CHECKED.values() for wrong in islice(functions(exercise), EACH)
    ]
    spent = {"median": statistics.median(seconds), "slowest": max(seconds)}
    limits = {f"{what} at most": limit for what, limit in LIMITS.items()}
    return {"mistakes": name, "functions": len(seconds)} | spent | limits


def one_mistake(exercise):
    """The exercise's functions with one known mistake, in an order that is the same in each run."""
    return (mistake.wrong for mistake in shuffled(known(exercise)))


def two_mistakes(exercise):
    """As one_mistake, with two known ones in different lines."""
    pairs = [pair for pair in combinations(known(exercise), 2) if not pair[0].meets(pair[1])]
    return filter(None, (both(*pair) for pair in shuffled(pairs)))


def known(exercise):
    """The known mistakes that are edits; a task that is scored by what it reaches has none."""
    return [mistake for mistake in getattr(exercise, "mistakes", ()) if mistake.edits]


def shuffled(items):
    random.Random(0).shuffle(items)
    return items


def timed(name, wrong):
    """The seconds of a processor that a check of a function takes."""
    function = written(name, standalone(wrong, name))
    start = time.process_time()
    examine(function)
    return time.process_time() - start


if __name__ == "__main__":
    main()
