"""What a student should change in lines of their own, found by changing them: the results alone say less."""

import functools
from typing import NamedTuple

import numpy as np

from unrolled.dataflow import values_read
from unrolled.exercises.ruler import is_numeric, print_of
from unrolled.findings import place_of
from unrolled.patterns.arrays import listed
from unrolled.recording import numbers_in
from unrolled.repairs import Answer, find_repairs

ANEW = 20_260_101  # the seed of cases that no check draws


class OwnLines(NamedTuple):
    """What changes of a student's lines explain, as (words, sentences): all that is wrong, or a part where a known
    mistake is the rest."""

    mended: tuple | None = None
    half_mended: tuple | None = None


def explain_own_lines(fn, exercise, cases, expected, outcomes):
    """The OwnLines of a student's function: the one change that makes all results right, or the two, or one and
    what is left then.

    Changes are tried first in the case that hides least of those where most is wrong. A second one is looked for where
    a first makes more results right, or leaves a known mistake or a slip; not where all that is wrong are whole
    numbers. Where after one that makes more results right no change mends the rest, and a known mistake gives it
    everywhere, that is told by its sentence.
    """
    if fn is None:
        return OwnLines()
    count, values = len(exercise.results), [outcome.value for outcome in outcomes]

    def wrong(value, wanted):
        shares = {i: exercise.share_wrong(exercise.part(value, i), exercise.part(wanted, i)) for i in range(count)}
        return {i: share for i, share in shares.items() if share}

    rows = list(zip(cases, expected, values, strict=True))
    rows.sort(key=lambda row: (-len(wrong(row[2], row[1])), *hiding(row[0])))
    case, wanted, value = rows[0]
    rows += _drawn_anew(exercise, cases)
    before = wrong(value, wanted)
    if not before:  # what is wrong is no result: an input that is changed, or a view of one
        return OwnLines()

    @functools.cache
    def made():
        mistakes = [*(one for one in exercise.mistakes if one.edits), *exercise.slips]
        return {print_of(exercise.made(one, case)) for one in mistakes}

    # of two changes one may make good what the other does wrong, where whole numbers are all there is
    parts = [exercise.part(wanted, i) for i in before]
    counted = all(is_numeric(part) and np.asarray(part).dtype.kind in "biu" for part in parts)
    by_row = [case for case, _, _ in rows]
    try:
        repairs = find_repairs(
            fn,
            rows,
            count,
            lambda value, row: wrong(value, row[1]),
            None if counted else lambda value: print_of(value) in made(),
            lambda values: _known_everywhere(exercise, by_row, values),
        )
    except Exception:  # syntax that no rule expects: what the results say is told all the same
        return OwnLines()
    raised_at = next((outcome.line for outcome in outcomes if outcome.error), None)
    told = _told_repairs(exercise, by_row, repairs, raised_at) if repairs else None
    return OwnLines(told) if all(one.line for one in repairs) else OwnLines(half_mended=told)


def describe_unread(fn, exercise, case):
    """What is said of inputs whose values a function never reads, though the reference does; None where there are
    none, or its source is not at hand."""
    answer = Answer.of(fn)
    if not answer:
        return None
    names = [arg.arg for arg in (*answer.tree.args.posonlyargs, *answer.tree.args.args)]
    read = values_read(answer.tree)
    unread = [
        f"`{name}`" for name, given in zip(names, case, strict=False) if given in exercise.reads and name not in read
    ]
    if not unread or read & {"locals", "vars"}:
        return None
    return f"the values of {listed(unread)} are never read in it, and the results depend on them"


def hiding(case):
    """By which cases are sorted: one step, or a batch of one, hides most; then a large one, which takes long."""
    arrays = [one for value in case.values() for one in (value if isinstance(value, list) else [value])]
    return any(1 in np.shape(one) for one in arrays), numbers_in(case)


def _drawn_anew(exercise, cases):
    """Rows as explain_own_lines has them of other cases: what is right in the given ones may be so by chance."""
    others = exercise.known_cases(np.random.default_rng(ANEW))
    return [(case, exercise.expected(case), None) for case in others if not any(case is one for one in cases)]


def _told_repairs(exercise, cases, repairs, raised_at):
    """Where to change what in the student's own lines, and why where that is known; and the sentences.

    The line at which the function raised is told already.
    """
    told, sentences = [], []
    for one in repairs:
        known = len(repairs) > 1 and one.alone and _known_everywhere(exercise, cases, one.alone)
        why = f". {known[0].upper()}{known[1:]}" if known and one.line else ""
        line = one.line and f"line {one.number}: {one.line}"
        place = f"{place_of(line)[1:]}\n" if line and (len(repairs) > 1 or line != raised_at) else ""
        told.append(f"{place}{one.words}{why}")
        sentences.append(known or one.words)
    if len(told) == 1:
        return f"{told[0]}: this change makes all results right", tuple(sentences)
    numbered = ".\n".join(f"{i}. {one[0].upper()}{one[1:]}" for i, one in enumerate(told, 1))
    mended = ", and these two changes make all results right" if all(one.line for one in repairs) else ""
    return f"two mistakes at once{mended}:\n{numbered}", tuple(sentences)


def _known_everywhere(exercise, cases, values):
    """The sentence of the known mistake that gives these values in all cases, or None."""
    whole = set(range(len(exercise.results)))
    for mistake in exercise.mistakes:
        if all(exercise.explained(mistake, case, value) == whole for case, value in zip(cases, values, strict=True)):
            return mistake.sentence
    return None
