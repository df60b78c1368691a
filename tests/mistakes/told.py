"""What the tables of students' answers share: a function made of its source, that source edited, and what
must be said of it."""

import linecache

import numpy as np
import pytest

from unrolled import examine, reference
from unrolled.comparison import compare
from unrolled.exercises import CHECKED
from unrolled.recording import call_all

REPAIRED = "all results right"  # by one change or by two: which are found depends on the time that there is


def written(name, source):
    """The function that a student's source defines; errors point into it, as in a notebook's cell."""
    file = f"<a student's {name} {hash(source)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    scope = {other: getattr(reference, other) for other in reference.__all__} | {"np": reference.rnn.np}
    exec(compile(source, file, "exec"), scope)
    return scope[name]


def edited(name, source, pairs):
    """The function of a source in which other texts stand; pairs holds old and new by turns."""
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in source
        source = source.replace(old, new)
    return written(name, source)


def each(rows):
    """A test for each row of a table: the function's name, how it is written, and the words that
    must be said of it."""
    return pytest.mark.parametrize("name, how, words", rows, ids=[f"{name}-{words[:30]}" for name, _, words in rows])


def graded(function, seed=0):
    """The Report on a function by its results alone, as grading has it: none of its lines is at hand there."""
    exercise = CHECKED[function.__name__]
    cases = exercise.known_cases(np.random.default_rng(seed))
    return compare(exercise, cases, call_all(function, cases))


def assert_told(function, words, seeds=1):
    """The words are said where results alone tell it; where the student is, they are, or what to change
    in a line instead.

    At home it is asked once: to change the lines of a function takes a second, and does not depend on
    the numbers drawn.
    """
    for seed in range(seeds):
        report = graded(function, seed)
        assert not report.passed
        assert words in report.message, report.message
    at_home = examine(function)
    assert not at_home.passed
    assert words in at_home.message or REPAIRED in at_home.message, at_home.message
