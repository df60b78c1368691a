"""What a student should change in lines of their own, found by changing them: the results alone say less."""

import functools

import numpy as np

from unrolled.exercises.ruler import is_numeric, print_of
from unrolled.quoting import quoted_code
from unrolled.recording import value_of
from unrolled.repairs import find_repairs, numbers_in


def explain_own_lines(fn, exercise, cases, expected, values):
    """In words, the one change of a student's function that makes all results right, or the two, and the sentences; or None.

    Changes are tried first in the smallest case of those where most is wrong. A second one is looked for where a first makes
    more results right, or leaves a known mistake or a slip; not where all that is wrong are whole numbers.
    """
    if fn is None:
        return None
    count = len(exercise.results)

    def wrong(value, wanted):
        return {i for i in range(count) if not exercise.same(exercise.part(value, i), exercise.part(wanted, i))}

    rows = list(zip(cases, expected, values, strict=True))
    rows.sort(key=lambda row: (-len(wrong(row[2], row[1])), numbers_in(row[0])))
    case, wanted, value = rows[0]
    before = wrong(value, wanted)
    if not before:  # what is wrong is no result: an input that is changed, or a view of one
        return None

    @functools.cache
    def made():
        mistakes = [*(one for one in exercise.mistakes if one.edits), *exercise.slips]
        return {print_of(value_of(one.wrong, case)) for one in mistakes}

    def helps(value):
        return not counted and (wrong(value, wanted) < before or print_of(value) in made())

    # of two changes one may make good what the other does wrong, where whole numbers are all there is
    parts = [exercise.part(wanted, i) for i in before]
    counted = all(is_numeric(part) and np.asarray(part).dtype.kind in "biu" for part in parts)
    try:
        repairs = find_repairs(fn, rows, lambda value, row: exercise.same(value, row[1]), helps)
    except Exception:  # syntax that no rule expects: what the results say is told all the same
        return None
    return _told_repairs(exercise, [case for case, _, _ in rows], repairs) if repairs else None


def _told_repairs(exercise, cases, repairs):
    """Where to change what in the student's own lines, and why where that is known; and the sentences."""
    told, sentences = [], []
    for one in repairs:
        known = len(repairs) > 1 and _known_everywhere(exercise, cases, one.alone)
        why = f". {known[0].upper()}{known[1:]}" if known else ""
        told.append(f"at line {one.number}:\n    {quoted_code(one.line)}\n{one.words}{why}")
        sentences.append(known or one.words)
    if len(told) == 1:
        return f"{told[0]}: this change makes all results right", tuple(sentences)
    numbered = ".\n".join(f"{i}. {one[0].upper()}{one[1:]}" for i, one in enumerate(told, 1))
    return f"two mistakes at once, and these two changes make all results right:\n{numbered}", tuple(sentences)


def _known_everywhere(exercise, cases, values):
    """The sentence of the known mistake that gives these values in all cases, or None."""
    whole = set(range(len(exercise.results)))
    for mistake in exercise.mistakes:
        if all(exercise.explained(mistake, case, value) == whole for case, value in zip(cases, values, strict=True)):
            return mistake.sentence
    return None
