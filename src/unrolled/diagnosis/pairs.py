"""Two mistakes that together give what the student returned, and two of which zeros hide one at a time."""

import functools
import time
from dataclasses import dataclass
from itertools import chain, combinations, product, takewhile
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from unrolled.diagnosis.single import ALIKE
from unrolled.diagnosis.wrong import all_numeric, are_tokens, is_comparable, is_nowhere, is_one_token, is_zero
from unrolled.exercises.ruler import print_of
from unrolled.mistakes import Mistake, both
from unrolled.patterns.arrays import same_in_every_row, zeroed_inputs, zeroed_singly
from unrolled.recording import numbers_in, value_of

MAX_PAIRS = 5000  # of mistakes that are tried together: more would be waited for
MANY_STEPS = 25  # in the smallest case: where there are more, a call takes longer, and fewer pairs are tried


def find_pair(exercise, cases, expected, values, max_pairs=MAX_PAIRS, until=np.inf):
    """The sentences of the only two mistakes that together give the student's results in every case, the more
    basic first; or None.

    On the first case and the smallest, each mistake alone shows which results it changes. Two come into question when
    together they change just those that are wrong, and a result that only one of them changes is as that one alone
    makes it. No more than max_pairs known ones are tried together, and where none is told a quarter as many with a
    slip in another line, then with a misreading: on the smallest case first, fewer where it has many steps, and none
    after `until`, by the processor's clock. Results that are all zeros show nothing, nor one token for all.
    """
    if not all_numeric(exercise, values[0]) or is_nowhere(np.isfinite, exercise, expected, values):
        return None
    if is_one_token(exercise, values[0]):
        return None
    rows = list(zip(cases, expected, values, strict=True))
    looked_at = [rows[0], min(rows, key=lambda row: numbers_in(row[0]))]
    wrong = _differing(exercise, [value for _, _, value in looked_at], [wanted for _, wanted, _ in looked_at])
    if all(is_zero(exercise.part(values[0], i)) for place, i in wrong if place == 0):
        return None
    known = _effects(exercise, exercise.mistakes, looked_at, wrong, until)
    with_slips = exercise.slips and max_pairs and not are_tokens(exercise, values[0])
    max_pairs = max_pairs * MANY_STEPS // max(MANY_STEPS, _steps(looked_at[1][0].values()))
    tried_first = looked_at[1], *rows
    pair = _only_pair(exercise, combinations(known, 2), wrong, tried_first, max_pairs, until)
    if pair or not with_slips:
        return pair
    slips = _unlike(known, _effects(exercise, exercise.slips, looked_at, wrong, until))
    pairs = chain(product(known, slips), combinations(slips, 2))
    # in one line neither would be as it is told
    apart = (pair for pair in pairs if not pair[0].mistake.meets(pair[1].mistake))
    pair = _only_pair(exercise, apart, wrong, tried_first, max_pairs // 4, until)
    if pair or time.process_time() > until:
        return pair
    misread = _unlike([*known, *slips], _effects(exercise, exercise.misreadings, looked_at, wrong, until))
    return _only_pair(exercise, product(known, misread), wrong, tried_first, max_pairs // 4, until)


def _only_pair(exercise, pairs, wrong, rows, max_pairs, until):
    """The sentences of the only pair that gives what the student returned in all rows; None where there is
    none, or several.

    Two mistakes that share no result are tried first; where some fit, others are not looked at. Two pairs that have
    one mistake in common are told as that one and either of the others.
    """
    in_time = _while_there_is_time(range(max_pairs), until)
    for candidates in _candidates(_while_there_is_time(pairs, until), wrong):
        # the count comes second, so that none is lost where the candidates end
        fitting = (pair for pair, _ in zip(candidates, in_time, strict=False) if _gives(exercise, *pair, rows))
        told = list(dict.fromkeys((one.sentence, other.sentence) for one, other in fitting))
        shared = set.intersection(*map(set, told)) if len(told) == 2 else set()
        if len(shared) == 1:
            return *shared, ALIKE.join(sentence for pair in told for sentence in pair if sentence not in shared)
        if told:
            return told[0] if len(told) == 1 else None
    return None


def _while_there_is_time(items, until):
    """The items, as long as the processor's clock is not past `until`."""
    return takewhile(lambda _: time.process_time() < until, items)


def _gives(exercise, one, other, rows):
    """Whether two mistakes together give what the student returned in all rows."""
    made = both(one, other)
    return made and all(exercise.same(value_of(made, case), value) for case, _, value in rows)


def _steps(inputs):
    """The length of the longest input."""
    return max((len(value) for value in inputs if isinstance(value, np.ndarray) and value.ndim), default=0)


def _differing(exercise, some, others):
    """Where two rows of values differ, as pairs of the value's place in its row and the result's in the value."""
    results = range(len(exercise.results))
    pairs = list(zip(some, others, strict=True))
    return {
        (k, i)
        for k, (a, b) in enumerate(pairs)
        for i in results
        if not exercise.same(exercise.part(a, i), exercise.part(b, i))
    }


class _Effect(NamedTuple):
    """The places of the results that a mistake changes by itself, and of these the ones that are then
    as the student's."""

    changed: frozenset
    explained: frozenset


@dataclass(frozen=True)
class _Alone:
    """What a mistake by itself does in some rows of (case, expected, value)."""

    mistake: Mistake
    effect: _Effect
    far: float  # in which share of their numbers its results are not the student's
    made: tuple  # by which its results are known again, but for rounding


def _effects(exercise, mistakes, rows, wrong, until):
    """What each of some mistakes does by itself, of those that change something and nothing that is right."""
    found = []
    for mistake in _while_there_is_time(mistakes, until):
        made = [exercise.made(mistake, case) for case, _, _ in rows] if mistake.edits else None
        changed = _differing(exercise, made, [expected for _, expected, _ in rows]) if made else set()
        if changed and changed <= wrong:
            unlike = _differing(exercise, made, [value for _, _, value in rows])
            effect = _Effect(frozenset(changed), frozenset(changed - unlike))
            far = sum(exercise.share_wrong(one, value) for one, (_, _, value) in zip(made, rows, strict=True))
            found.append(_Alone(mistake, effect, far, print_of(made)))
    return found


def _unlike(known, slips):
    """The slips that give what no known mistake gives, and none before them."""
    seen = {one.made for one in known}
    return [one for one in slips if one.made not in seen and not seen.add(one.made)]


def _candidates(pairs, wrong):
    """Of pairs of what mistakes do alone, those that come into question: that share no result, and that share some.

    What explains most by itself comes first.
    """
    apart, sharing = [], []
    fits = functools.cache(functools.partial(_fits, wrong))
    for one, other in pairs:
        if fits(one.effect, other.effect):
            some = apart if one.effect.changed.isdisjoint(other.effect.changed) else sharing
            some.append((one.far + other.far, one.mistake, other.mistake))
    return [[pair for _, *pair in sorted(some, key=itemgetter(0))] for some in (apart, sharing)]


def _fits(wrong, one, other):
    """Whether two effects together change all that is wrong, and each by itself makes as the student's what
    only it changes."""
    return (
        one.changed | other.changed == wrong
        and one.changed - other.changed <= one.explained
        and other.changed - one.changed <= other.explained
    )


def find_apart(exercise, cases, expected, values):
    """Two mistakes at once, each where zeros hide the other: (words, sentence), "with zeros for b: W_h is transposed".

    There all results are those of one known mistake and of no other. Zeros that leave a result the same in every
    row show nothing.
    """
    found = {}
    for case, wanted, value in zip(cases, expected, values, strict=True) if zeroed_singly(cases) else ():
        zeroed, parts = zeroed_inputs(case), wanted if isinstance(wanted, tuple) else (wanted,)
        shown = zeroed and not any(map(same_in_every_row, parts))
        if shown and is_comparable(exercise, value) and not exercise.same(value, wanted):
            whole = set(range(len(exercise.results)))
            fitting = (mistake for mistake in exercise.mistakes if exercise.explained(mistake, case, value) == whole)
            sentences = {mistake.sentence for mistake in fitting}
            if len(sentences) == 1:
                found.setdefault(sentences.pop(), []).extend(zeroed)
    if not 0 < len(found) <= 2:
        return None, None
    return "; ".join(f"with zeros for {' or '.join(names)}: {sentence}" for sentence, names in found.items()), next(
        iter(found)
    )
