"""Why results are wrong: the mistake that gives just these, two at once, one for each, or what the
values look like."""

import functools
import time

import numpy as np

from unrolled.diagnosis.pairs import MAX_PAIRS, find_apart, find_pair
from unrolled.diagnosis.single import find_for_each, find_misreading, find_mistake, find_slip
from unrolled.diagnosis.wrong import is_nowhere, is_number, wrong_results
from unrolled.exercises.ruler import is_numeric
from unrolled.own_lines import describe_unread, explain_own_lines
from unrolled.patterns import describe_empty_block, describe_order, describe_pattern
from unrolled.patterns.arrays import listed

MOST_LINES = 4  # that a reader would go through
SECONDS = 1.9  # of a processor, after which a student who waits is told what is found


def explain(exercise, cases, expected, outcomes, max_pairs=MAX_PAIRS, fn=None):
    """What the results show, in words, and the sentences of the mistakes in it; what says least is looked at last.

    fn is the student's function, where it may be changed and run.
    """
    until = time.process_time() + SECONDS if fn else np.inf
    values = [outcome.value for outcome in outcomes]
    by_own_lines = functools.partial(explain_own_lines, fn if max_pairs else None, exercise, cases, expected, outcomes)
    if is_nowhere(is_number, exercise, expected, values):  # too many mistakes end in nan
        return by_own_lines().mended or (describe_pattern(exercise.results, cases, expected, values), ())
    mistake = find_mistake(exercise, cases, expected, outcomes)
    if mistake and mistake.everywhere:
        return mistake.words, (mistake.sentence,)
    order = describe_order(list(exercise.results), expected, values)
    if order:
        return order, ()
    own_lines = by_own_lines()
    in_one_line = own_lines.mended and len(own_lines.mended[1]) == 1
    return (
        (in_one_line and _with_reason(own_lines.mended, mistake, wrong_results(exercise, expected, values)))
        or _explain_by_one(exercise, cases, expected, values, mistake)
        or own_lines.mended
        or _explain_by_two(exercise, cases, expected, values, max_pairs, until)
        or own_lines.half_mended
        or _explain_by_result(exercise, cases, expected, values, mistake)
        or _explain_by_inputs(exercise, cases[0], fn if max_pairs else None)
        or _explain_roughly(exercise, cases, expected, outcomes, values)
    )


def _with_reason(mended, mistake, wrong):
    """What to change in one line, and why: what is known of the only wrong result."""
    if not (mistake and mistake.result and len(wrong) == 1):
        return mended
    words, _ = mended
    return f"{words}.\n{mistake.words[0].upper()}{mistake.words[1:]}", (mistake.sentence,)


def _explain_by_one(exercise, cases, expected, values, mistake):
    """As explain, by a slip or a misreading that gives all results; None where there is none."""
    alone = mistake and mistake.result and len(wrong_results(exercise, expected, values)) == 1
    # a known mistake of one result makes others wrong that are right here: a slip that does not says more
    slip = find_slip(exercise, cases, expected, values) or (mistake if alone else None)
    slip = slip or find_misreading(exercise, cases, expected, values)
    return (slip.words, (slip.sentence,)) if slip else None


def _explain_by_two(exercise, cases, expected, values, max_pairs, until):
    """As explain, by two mistakes that give all results; None where there are none."""
    pair = find_pair(exercise, cases, expected, values, max_pairs, until)
    if not pair:
        return None
    numbered = _ended(f"{i}. {one}" for i, one in enumerate(pair, 1))
    return "two mistakes at once give exactly these results:\n" + "\n".join(numbered), pair


def _explain_by_inputs(exercise, case, fn):
    """As explain, by inputs that the student's function leaves unread; None where there are none, or its lines
    are not at hand."""
    unread = describe_unread(fn, exercise, case)
    return (unread, ()) if unread else None


def _explain_by_result(exercise, cases, expected, values, mistake):
    """As explain, by what gives one result, or by what the values look like; None where they look like nothing."""
    empty = describe_empty_block(list(exercise.results), expected, values)
    if empty:
        return empty, ()
    for_each = find_for_each(exercise, cases, expected, values)
    if for_each:
        return "\n".join(_ended(f"{one.words[0].upper()}{one.words[1:]}" for one in for_each)), tuple(
            found.sentence for found in for_each
        )
    if mistake:
        return mistake.words, (mistake.sentence,)
    pattern = describe_pattern(exercise.results, cases, expected, values)
    return (pattern, ()) if pattern else None


def _ended(lines):
    """Lines, each but the last with the mark at its end."""
    *lines, last = lines
    return [*(line if line.endswith("?") else f"{line}." for line in lines), last]


def _explain_roughly(exercise, cases, expected, outcomes, values):
    """As explain, by what explains a part of what is wrong, or says where it is."""
    mistake = find_mistake(exercise, cases, expected, outcomes, any_result=True)
    if mistake:
        return mistake.words, (mistake.sentence,)
    pattern = describe_pattern(exercise.results, cases, expected, values, roughly=True)
    if pattern:
        return pattern, ()
    words, mistake = find_apart(exercise, cases, expected, values)
    return words or _where_to_look(exercise, expected, values), (mistake,) if mistake else ()


def _where_to_look(exercise, expected, values):
    """The lines of the reference from which an error reaches all results that are wrong and none that is
    right; else None."""
    wrong = set(wrong_results(exercise, expected, values))
    names = [f"`{name}`" for name, places in exercise.reached.items() if places == wrong]
    first, wanted = (exercise.part(value, min(wrong, default=0)) for value in (values[0], expected[0]))
    if (
        not wrong
        or len(wrong) == len(exercise.results)
        or not 0 < len(names) <= MOST_LINES
        or not is_numeric(first)
        or np.shape(first) != np.shape(wanted)
        or np.all(np.abs(np.subtract(first, wanted)) < 1e-4)  # so little that what is called right may be wrong, too
    ):
        return None
    return f"look at {listed(names)}: what goes wrong there reaches just the results that are wrong"
