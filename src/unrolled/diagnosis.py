"""Why results are wrong: the known mistake that gives just these, or two at once, or what the values look like."""

from itertools import combinations, islice

import numpy as np

from unrolled.exercises.ruler import is_numeric
from unrolled.mistakes import both
from unrolled.patterns import describe_pattern
from unrolled.patterns.arrays import same_in_every_row, zeroed_inputs, zeroed_singly
from unrolled.recording import value_of

MAX_PAIRS = 5000        # of mistakes that are tried together: more would be waited for


def explain(exercise, cases, expected, outcomes, max_pairs=MAX_PAIRS):
    """What the results show, in words, and the sentences of the known mistakes in it; what says least is looked at last."""
    values = [outcome.value for outcome in outcomes]
    for roughly in (False, True):
        mistake, where = find_mistake(exercise, cases, expected, outcomes, any_result=roughly)
        if mistake and not where:
            return mistake, (mistake,)
        pair = None if roughly else find_pair(exercise, cases, expected, values, max_pairs)
        if pair:
            return "two mistakes at once give exactly this:\n1. {}.\n2. {}".format(*pair), pair
        if mistake:
            return f"{where}: {mistake}", (mistake,)
        pattern = describe_pattern(exercise.results, cases, expected, values, roughly)
        if pattern:
            return pattern, ()
    words, mistake = _find_apart(exercise, cases, expected, values)
    return words, (mistake,) if mistake else ()


def find_mistake(exercise, cases, expected, outcomes, any_result=False):
    """The sentence of a known mistake and where it holds: (sentence, None) when its results equal the student's in every case.

    When none explains everything, one that explains the first wrong result by itself is taken ("as for your db"), or with
    any_result a later one, if it explains half of what is wrong and no other does it equally well; else the one mistake that explains
    most cases, more than half, those where all sizes differ among them: a second fault shows in the others ("in 3 of 4 cases").
    A result that is zero everywhere shows nothing: too many mistakes leave a zero.
    """
    values = [outcome.value for outcome in outcomes]
    names, right = list(exercise.results), right_results(exercise, expected, outcomes)
    wrong = [i for i, name in enumerate(names) if name not in right]
    telling = [i for i in wrong if not all(_is_zero(exercise.part(value, i)) for value in values)]
    by_part, by_cases = {}, {}
    for mistake in exercise.mistakes if wrong else ():
        rows = _explained_results(exercise, mistake, wrong, cases, values)
        whole = [len(row) == len(names) for row in rows]
        if all(whole):
            return mistake.sentence, None
        parts = [i for i in telling if all(i in row for row in rows)]
        if wrong[0] in parts or (any_result and 2 * len(parts) >= len(wrong)):
            by_part.setdefault(len(set.intersection(*rows)), {}).setdefault(mistake.sentence, f"as for your {names[parts[0]]}")
        elif all(whole[:2]) and telling and not any(map(exercise.same, values[:2], expected)):
            by_cases.setdefault(sum(whole), set()).add(mistake.sentence)
    best = by_part.get(max(by_part, default=0), {})
    if best:
        return best.popitem() if len(best) == 1 else (None, None)
    most = max(by_cases, default=0)
    if 2 * most > len(cases) and len(by_cases[most]) == 1:
        return by_cases[most].pop(), f"in {most} of {len(cases)} cases"
    return None, None


def find_pair(exercise, cases, expected, values, max_pairs=MAX_PAIRS):
    """The sentences of the only two mistakes that together give the student's results in every case, the more basic first; or None.

    On the first case and the smallest, each mistake alone shows which results it changes. Two come into question when together they
    change just those that are wrong, and a result that only one of them changes is as that one alone makes it. No more than
    max_pairs are tried, each on the smallest case first. Results that are all zeros show nothing.
    """
    if not all(is_numeric(exercise.part(values[0], i)) for i in range(len(exercise.results))):
        return None
    rows = list(zip(cases, expected, values, strict=True))
    looked_at = [rows[0], min(rows, key=lambda row: _size(row[0].values()))]
    wrong = _differing(exercise, [value for _, _, value in looked_at], [wanted for _, wanted, _ in looked_at])
    if all(_is_zero(exercise.part(values[0], i)) for place, i in wrong if place == 0):
        return None
    alone = []
    for mistake in exercise.mistakes:
        effect = _effect(exercise, mistake, looked_at) if mistake.edits else None
        if effect and effect.keys() <= wrong:
            alone.append((mistake, effect))
    fitting = set()
    for first, second in islice(_candidates(alone, wrong), max_pairs):
        made = both(first, second)
        if made and all(exercise.same(value_of(made, case), value) for case, _, value in (looked_at[1], *rows)):
            fitting.add((first.sentence, second.sentence))
    return fitting.pop() if len(fitting) == 1 else None


def _size(inputs):
    """How many numbers inputs have in all."""
    return sum(_size(value) if isinstance(value, (tuple, list)) else np.size(value) for value in inputs)


def _differing(exercise, some, others):
    """Where two rows of values differ, as pairs of the value's place in its row and the result's in the value."""
    results = range(len(exercise.results))
    pairs = list(zip(some, others, strict=True))
    return {(k, i) for k, (a, b) in enumerate(pairs) for i in results if not exercise.same(exercise.part(a, i), exercise.part(b, i))}


def _effect(exercise, mistake, rows):
    """What a mistake alone changes in rows of (case, expected, value), by place, each with whether it is then as the student's."""
    made = [value_of(mistake.wrong, case) for case, _, _ in rows]
    changed = _differing(exercise, made, [expected for _, expected, _ in rows])
    unlike = _differing(exercise, made, [value for _, _, value in rows])
    return {place: place not in unlike for place in changed}


def _candidates(alone, wrong):
    """Pairs of mistakes that together change all that is wrong, and each by itself what only it changes."""
    for (first, changed), (second, also) in combinations(alone, 2):
        one, other = changed.keys() - also.keys(), also.keys() - changed.keys()
        if changed.keys() | also.keys() == wrong and all(changed[i] for i in one) and all(also[i] for i in other):
            yield first, second


def _find_apart(exercise, cases, expected, values):
    """Two mistakes at once, each where zeros hide the other: (words, sentence), "with zeros for b: W_h is transposed".

    There all results are those of one known mistake and of no other. Zeros that leave a result the same in every row show nothing.
    """
    found = {}
    for case, wanted, value in zip(cases, expected, values, strict=True) if zeroed_singly(cases) else ():
        zeroed, parts = zeroed_inputs(case), wanted if isinstance(wanted, tuple) else (wanted,)
        if zeroed and not exercise.same(value, wanted) and not any(map(same_in_every_row, parts)):
            whole = set(range(len(exercise.results)))
            sentences = {mistake.sentence for mistake in exercise.mistakes if exercise.explained(mistake, case, value) == whole}
            if len(sentences) == 1:
                found.setdefault(sentences.pop(), []).extend(zeroed)
    if not 0 < len(found) <= 2:
        return None, None
    return "; ".join(f"with zeros for {' or '.join(names)}: {sentence}" for sentence, names in found.items()), next(iter(found))


def _explained_results(exercise, mistake, wrong, cases, values):
    """For each case, which results the mistake gives as the student does; none at all when it gives no wrong one in the first."""
    rows = []
    for case, value in zip(cases, values, strict=True):
        rows.append(exercise.explained(mistake, case, value))
        if rows[0].isdisjoint(wrong):
            return [set()]
    return rows


def right_results(exercise, expected, outcomes):
    """Names of the results that are right in every case."""
    values = [outcome.value for outcome in outcomes]
    return [name for i, name in enumerate(exercise.results) if _same_part(exercise, i, values, expected)]


def _same_part(exercise, i, some, others):
    return all(exercise.same(exercise.part(a, i), exercise.part(b, i)) for a, b in zip(some, others, strict=True))


def _is_zero(value):
    return is_numeric(value) and not np.any(value)
