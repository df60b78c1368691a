"""One mistake that gives what the student returned: known, a slip, a misreading; or one for each result."""

import functools
import re
from dataclasses import dataclass

import numpy as np

from unrolled.diagnosis.wrong import (
    all_numeric,
    is_comparable,
    is_nowhere,
    is_telling,
    overflows_only,
    shows_nothing,
    wrong_results,
)
from unrolled.exercises.ruler import shapes_of
from unrolled.patterns.arrays import listed

ALIKE = "; or, what gives the same, "


@dataclass(frozen=True)
class Found:
    """A known mistake by its sentence, and where its results are the student's: everywhere, in one result,
    or in some cases."""

    sentence: str
    result: str | None = None
    in_cases: str | None = None

    @property
    def everywhere(self):
        return not (self.result or self.in_cases)

    @property
    def words(self):
        named = self.result and self.sentence.startswith((f"`{self.result}`", f"the {self.result} "))
        where = None if named else f"as for your {self.result}" if self.result else self.in_cases
        return f"{where}: {self.sentence}" if where else self.sentence


def find_mistake(exercise, cases, expected, outcomes, any_result=False):
    """The known mistake whose results equal the student's in every case, as Found, or None.

    When none explains everything, one that explains the first wrong result by itself is taken ("as for your db"), or
    with any_result a later one, if it explains half of what is wrong and no other does it equally well; else the one
    mistake that explains most cases, more than half, those where all sizes differ among them: a second fault shows in
    the others ("in 3 of 4 cases"). A result that is zero everywhere shows nothing: too many mistakes leave a zero.
    """
    values = [outcome.value for outcome in outcomes]
    names, wrong = list(exercise.results), wrong_results(exercise, expected, values)
    telling = [
        i for i in wrong if is_telling(exercise, values, i) and not overflows_only(exercise, expected, values, i)
    ]
    to_compare = any(is_comparable(exercise, exercise.part(values[0], i)) for i in wrong)
    by_part, by_cases = {}, {}
    for mistake in exercise.mistakes if to_compare else ():
        rows = _explained_results(exercise, mistake, wrong, cases, values)
        whole = [len(row) == len(names) for row in rows]
        if all(whole):
            return Found(mistake.sentence)
        parts = [i for i in telling if all(i in row for row in rows)]
        if parts and _contradicts(exercise, mistake, wrong, cases[0], expected[0], values[0]):
            continue
        if wrong[0] in parts or (any_result and 2 * len(parts) >= len(wrong)):
            by_part.setdefault(len(set.intersection(*rows)), {}).setdefault(mistake.sentence, names[parts[0]])
        elif (
            all(whole[:2])
            and telling
            and not any(map(functools.partial(shows_nothing, exercise), expected, values[:2]))
        ):
            by_cases.setdefault(sum(whole), set()).add(mistake.sentence)
    best = by_part.get(max(by_part, default=0), {})
    if best:
        return Found(*best.popitem()) if len(best) == 1 else None
    most = max(by_cases, default=0)
    if 2 * most > len(cases) and len(by_cases[most]) == 1:
        return Found(by_cases[most].pop(), in_cases=f"in {most} of {len(cases)} cases")
    return None


def find_slip(exercise, cases, expected, values):
    """The slip in one line of the reference that gives the student's results in every case, as Found, or None."""
    rows = list(zip(cases, values, strict=True))
    if not all_numeric(exercise, values[0]) or shows_nothing(exercise, expected[0], values[0]):
        return None
    if is_nowhere(np.isfinite, exercise, expected, values):  # too much ends in infinity
        return None
    for slip in exercise.slips:
        if all(exercise.same(exercise.made(slip, case), value) for case, value in rows):
            return Found(slip.sentence)
    return None


def find_misreading(exercise, cases, expected, values):
    """What explains all that is wrong by an input that is read otherwise, as Found, or None.

    Results that are right may stay so: an example that alone counts in one sum need not do so in another.
    """
    names, wrong = list(exercise.results), wrong_results(exercise, expected, values)
    if not wrong or not all(is_telling(exercise, values, i) for i in wrong):
        return None
    fitting = {}
    for misreading in exercise.misreadings:
        parts = _explained_parts(exercise, misreading, wrong, cases, values)
        if parts.issuperset(wrong):
            fitting.setdefault(len(parts), []).append(misreading.sentence)
    most = max(fitting, default=0)
    if not 0 < len(fitting.get(most, ())) <= 2:
        return None
    return Found(ALIKE.join(fitting[most]), None if most == len(names) else listed([names[i] for i in wrong]))


def find_for_each(exercise, cases, expected, values):
    """For each wrong result the only mistake that explains it, known or made by rule, as Found; none where
    the first has none.

    Of those that explain a result, the one that explains most others too is its own.
    """
    names, wrong = list(exercise.results), wrong_results(exercise, expected, values)

    @functools.cache
    def explaining(catalogue):
        found = []
        for mistake in getattr(exercise, catalogue):
            parts = _explained_parts(exercise, mistake, wrong, cases, values)
            if parts and not _contradicts(
                exercise, mistake, wrong, cases[0], expected[0], values[0], catalogue == "slips"
            ):
                found.append((mistake.sentence, parts))
        return found

    found, seen = [], set()
    for i in wrong:
        if i in seen:
            continue
        sentence, parts = _only_one(explaining, i) if is_telling(exercise, values, i) else (None, set())
        if not sentence and not found:
            return []
        found += [Found(sentence, names[i])] if sentence else []
        seen |= parts
    return found


def _only_one(explaining, i):
    """The sentence that alone explains result number i, and most other results, with these; of the first
    catalogue that has any."""
    for catalogue in ("mistakes", "misreadings", "slips"):
        fitting = [(len(parts), sentence, parts) for sentence, parts in explaining(catalogue) if i in parts]
        most = max((count for count, _, _ in fitting), default=0)
        best = {sentence: parts for count, sentence, parts in fitting if count == most}
        if best:
            return best.popitem() if len(best) == 1 else (None, set())
    return None, set()


def _explained_results(exercise, mistake, wrong, cases, values):
    """For each case, which results the mistake gives as the student does; none at all when it gives no wrong
    one in the first."""
    rows = []
    for case, value in zip(cases, values, strict=True):
        rows.append(exercise.explained(mistake, case, value))
        if rows[0].isdisjoint(wrong):
            return [set()]
    return rows


def _explained_parts(exercise, mistake, wrong, cases, values):
    """Which results the mistake gives as the student does in every case."""
    return set.intersection(*_explained_results(exercise, mistake, wrong, cases, values))


def _contradicts(exercise, mistake, wrong, case, wanted, value, is_slip=False):
    """Whether a mistake cannot be told of a result by itself, since it changes another that is right here, or the
    shape of one whose shape is.

    A slip would be in a line that is right. What is known may have been made for one result alone, by whoever computes
    each by itself, unless its sentence speaks of the right one too.
    """
    in_shape = {i for i in wrong if shapes_of(exercise.part(value, i)) == shapes_of(exercise.part(wanted, i))}
    if in_shape & exercise.reshaped(mistake, case, value):
        return True
    kept = exercise.explained(mistake, case, wanted)
    changed = [name for i, name in enumerate(exercise.results) if i not in wrong and i not in kept]
    return bool(changed) and (is_slip or any(re.search(rf"\b{name}\b", mistake.sentence) for name in changed))
