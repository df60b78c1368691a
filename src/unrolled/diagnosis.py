"""Why results are wrong: the mistake that gives just these, two at once, one for each, or what the values look like."""

import functools
import re
from dataclasses import dataclass
from itertools import chain, combinations, islice, product

import numpy as np

from unrolled.exercises.ruler import is_numeric, print_of
from unrolled.mistakes import Mistake, both
from unrolled.own_lines import describe_unread, explain_own_lines
from unrolled.patterns import describe_empty_block, describe_order, describe_pattern
from unrolled.patterns.arrays import listed, same_in_every_row, zeroed_inputs, zeroed_singly
from unrolled.recording import numbers_in, value_of

MAX_PAIRS = 5000  # of mistakes that are tried together: more would be waited for
MANY_STEPS = 25  # in the smallest case: where there are more, a call takes longer, and fewer pairs are tried
MOST_LINES = 4  # that a reader would go through
ROUNDING = 1e-12
ALIKE = "; or, what gives the same, "


def explain(exercise, cases, expected, outcomes, max_pairs=MAX_PAIRS, fn=None):
    """What the results show, in words, and the sentences of the mistakes in it; what says least is looked at last.

    fn is the student's function, where it may be changed and run.
    """
    values = [outcome.value for outcome in outcomes]
    by_own_lines = functools.partial(explain_own_lines, fn if max_pairs else None, exercise, cases, expected, outcomes)
    if _is_nowhere(_is_number, exercise, expected, values):  # too many mistakes end in nan
        return by_own_lines().mended or (describe_pattern(exercise.results, cases, expected, values), ())
    mistake = find_mistake(exercise, cases, expected, outcomes)
    if mistake and mistake.everywhere:
        return mistake.words, (mistake.sentence,)
    order = describe_order(list(exercise.results), expected, values)
    if order:
        return order, ()
    own_lines = by_own_lines()
    return (
        _with_reason(own_lines.mended, mistake, _wrong_results(exercise, expected, values))
        or _explain_wholly(exercise, cases, expected, values, mistake, max_pairs)
        or own_lines.half_mended
        or _explain_by_result(exercise, cases, expected, values, mistake)
        or _explain_by_inputs(exercise, cases[0], fn if max_pairs else None)
        or _explain_roughly(exercise, cases, expected, outcomes, values)
    )


def _with_reason(mended, mistake, wrong):
    """What to change in one line, and why: what is known of the only wrong result."""
    if not (mended and len(mended[1]) == 1 and mistake and mistake.result and len(wrong) == 1):
        return mended
    words, _ = mended
    return f"{words}.\n{mistake.words[0].upper()}{mistake.words[1:]}", (mistake.sentence,)


def _explain_wholly(exercise, cases, expected, values, mistake, max_pairs):
    """As explain, by what gives all results: a slip, a misreading, or two mistakes; None where there is none."""
    alone = mistake and mistake.result and len(_wrong_results(exercise, expected, values)) == 1
    # a known mistake of one result makes others wrong that are right here: a slip that does not says more
    slip = find_slip(exercise, cases, expected, values) or (mistake if alone else None)
    slip = slip or find_misreading(exercise, cases, expected, values)
    if slip:
        return slip.words, (slip.sentence,)
    pair = find_pair(exercise, cases, expected, values, max_pairs)
    if pair:
        return "two mistakes at once give exactly these results:\n" + "\n".join(
            _ended(f"{i}. {one}" for i, one in enumerate(pair, 1))
        ), pair
    return None


def _explain_by_inputs(exercise, case, fn):
    """As explain, by inputs that the student's function leaves unread; None where there are none, or its lines are not at hand."""
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
    words, mistake = _find_apart(exercise, cases, expected, values)
    return words or _where_to_look(exercise, expected, values), (mistake,) if mistake else ()


@dataclass(frozen=True)
class Found:
    """A known mistake by its sentence, and where its results are the student's: everywhere, in one result, or in some cases."""

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

    When none explains everything, one that explains the first wrong result by itself is taken ("as for your db"), or with
    any_result a later one, if it explains half of what is wrong and no other does it equally well; else the one mistake that explains
    most cases, more than half, those where all sizes differ among them: a second fault shows in the others ("in 3 of 4 cases").
    A result that is zero everywhere shows nothing: too many mistakes leave a zero.
    """
    values = [outcome.value for outcome in outcomes]
    names, wrong = list(exercise.results), _wrong_results(exercise, expected, values)
    telling = [
        i for i in wrong if _is_telling(exercise, values, i) and not _overflows_only(exercise, expected, values, i)
    ]
    by_part, by_cases = {}, {}
    for mistake in exercise.mistakes if wrong else ():
        rows = _explained_results(exercise, mistake, wrong, cases, values)
        whole = [len(row) == len(names) for row in rows]
        if all(whole):
            return Found(mistake.sentence)
        parts = [i for i in telling if all(i in row for row in rows)]
        if parts and _contradicts(exercise, mistake, wrong, cases[0], expected[0]):
            continue
        if wrong[0] in parts or (any_result and 2 * len(parts) >= len(wrong)):
            by_part.setdefault(len(set.intersection(*rows)), {}).setdefault(mistake.sentence, names[parts[0]])
        elif (
            all(whole[:2])
            and telling
            and not any(map(functools.partial(_shows_nothing, exercise), expected, values[:2]))
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
    if not _all_numeric(exercise, values[0]) or _shows_nothing(exercise, expected[0], values[0]):
        return None
    if _is_nowhere(np.isfinite, exercise, expected, values):  # too much ends in infinity
        return None
    for slip in exercise.slips:
        if all(exercise.same(value_of(slip.wrong, case), value) for case, value in rows):
            return Found(slip.sentence)
    return None


def find_misreading(exercise, cases, expected, values):
    """What explains all that is wrong by an input that is read otherwise, as Found, or None.

    Results that are right may stay so: an example that alone counts in one sum need not do so in another.
    """
    names, wrong = list(exercise.results), _wrong_results(exercise, expected, values)
    if not wrong or not all(_is_telling(exercise, values, i) for i in wrong):
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
    """For each wrong result the only mistake that explains it, known or made by rule, as Found; none where the first has none.

    Of those that explain a result, the one that explains most others too is its own.
    """
    names, wrong = list(exercise.results), _wrong_results(exercise, expected, values)

    @functools.cache
    def explaining(catalogue):
        found = []
        for mistake in getattr(exercise, catalogue):
            parts = _explained_parts(exercise, mistake, wrong, cases, values)
            if parts and not _contradicts(exercise, mistake, wrong, cases[0], expected[0], catalogue == "slips"):
                found.append((mistake.sentence, parts))
        return found

    found, seen = [], set()
    for i in wrong:
        if i in seen:
            continue
        sentence, parts = _only_one(explaining, i) if _is_telling(exercise, values, i) else (None, set())
        if not sentence and not found:
            return []
        found += [Found(sentence, names[i])] if sentence else []
        seen |= parts
    return found


def _only_one(explaining, i):
    """The sentence that alone explains result number i, and most other results, with these; of the first catalogue that has any."""
    for catalogue in ("mistakes", "misreadings", "slips"):
        fitting = [(len(parts), sentence, parts) for sentence, parts in explaining(catalogue) if i in parts]
        most = max((count for count, _, _ in fitting), default=0)
        best = {sentence: parts for count, sentence, parts in fitting if count == most}
        if best:
            return best.popitem() if len(best) == 1 else (None, set())
    return None, set()


def _all_numeric(exercise, value):
    """Whether each result is made of numbers, as those of an edited line are."""
    return all(is_numeric(exercise.part(value, i)) for i in range(len(exercise.results)))


def _are_tokens(exercise, value):
    """Whether all results are integers, of which too many slips give the same."""
    return all(np.asarray(exercise.part(value, i)).dtype.kind in "biu" for i in range(len(exercise.results)))


def _is_one_token(exercise, value):
    """Whether all that came is one integer again and again, as too many mistakes make it."""
    parts = [np.asarray(exercise.part(value, i)) for i in range(len(exercise.results))]
    return _are_tokens(exercise, value) and all(part.size > 1 and len(np.unique(part)) == 1 for part in parts)


def _shows_nothing(exercise, wanted, value):
    """Whether all that is wrong in a value is zero, as too many mistakes make it, or nothing is."""
    parts = [(exercise.part(wanted, i), exercise.part(value, i)) for i in range(len(exercise.results))]
    return all(_is_zero(got) for right, got in parts if not exercise.same(right, got))


def find_pair(exercise, cases, expected, values, max_pairs=MAX_PAIRS):
    """The sentences of the only two mistakes that together give the student's results in every case, the more basic first; or None.

    On the first case and the smallest, each mistake alone shows which results it changes. Two come into question when together they
    change just those that are wrong, and a result that only one of them changes is as that one alone makes it. Known mistakes are
    tried together first, then with a slip in another line, where there is time for it. No more than max_pairs are tried, on the
    smallest case first, and fewer where it has many steps. Results that are all zeros show nothing, nor one token for all.
    """
    if not _all_numeric(exercise, values[0]) or _is_nowhere(np.isfinite, exercise, expected, values):
        return None
    if _is_one_token(exercise, values[0]):
        return None
    rows = list(zip(cases, expected, values, strict=True))
    looked_at = [rows[0], min(rows, key=lambda row: numbers_in(row[0]))]
    wrong = _differing(exercise, [value for _, _, value in looked_at], [wanted for _, wanted, _ in looked_at])
    if all(_is_zero(exercise.part(values[0], i)) for place, i in wrong if place == 0):
        return None
    known = _effects(exercise, exercise.mistakes, looked_at, wrong)
    with_slips = exercise.slips and max_pairs >= MAX_PAIRS and not _are_tokens(exercise, values[0])
    max_pairs = max_pairs * MANY_STEPS // max(MANY_STEPS, _steps(looked_at[1][0].values()))
    pair = _only_pair(exercise, combinations(known, 2), wrong, (looked_at[1], *rows), max_pairs)
    if pair or not with_slips:
        return pair
    slips = _unlike(known, _effects(exercise, exercise.slips, looked_at, wrong))
    likely = sorted(known, key=lambda one: -sum(one.effect.values()))  # what explains most by itself is tried first
    pairs = chain(product(likely, slips), combinations(slips, 2))
    # in one line neither would be as it is told
    apart = (pair for pair in pairs if not pair[0].mistake.meets(pair[1].mistake))
    return _only_pair(exercise, apart, wrong, (looked_at[1], *rows), max_pairs // 4)


def _only_pair(exercise, pairs, wrong, rows, max_pairs):
    """The sentences of the only pair that gives what the student returned in all rows; None where there is none, or several."""
    fitting = set()
    for first, second in islice(_candidates(pairs, wrong), max_pairs):
        made = both(first, second)
        if made and all(exercise.same(value_of(made, case), value) for case, _, value in rows):
            fitting.add((first.sentence, second.sentence))
    return fitting.pop() if len(fitting) == 1 else None


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


@dataclass(frozen=True)
class _Alone:
    """What a mistake by itself does in some rows of (case, expected, value)."""

    mistake: Mistake
    effect: dict  # by place, each result that it changes, with whether that is then as the student's
    made: tuple  # by which its results are known again, but for rounding


def _effects(exercise, mistakes, rows, wrong):
    """What each of some mistakes does by itself, of those that change something and nothing that is right."""
    found = []
    for mistake in mistakes:
        made = [value_of(mistake.wrong, case) for case, _, _ in rows] if mistake.edits else None
        changed = _differing(exercise, made, [expected for _, expected, _ in rows]) if made else set()
        if changed and changed <= wrong:
            unlike = _differing(exercise, made, [value for _, _, value in rows])
            found.append(_Alone(mistake, {place: place not in unlike for place in changed}, print_of(made)))
    return found


def _unlike(known, slips):
    """The slips that give what no known mistake gives, and none before them."""
    seen = {one.made for one in known}
    return [one for one in slips if one.made not in seen and not seen.add(one.made)]


def _candidates(pairs, wrong):
    """Of pairs of what mistakes do alone, the mistakes that together change all that is wrong, and each by itself what only it changes."""
    for first, second in pairs:
        changed, also = first.effect, second.effect
        one, other = changed.keys() - also.keys(), also.keys() - changed.keys()
        if changed.keys() | also.keys() == wrong and all(changed[i] for i in one) and all(also[i] for i in other):
            yield first.mistake, second.mistake


def _find_apart(exercise, cases, expected, values):
    """Two mistakes at once, each where zeros hide the other: (words, sentence), "with zeros for b: W_h is transposed".

    There all results are those of one known mistake and of no other. Zeros that leave a result the same in every row show nothing.
    """
    found = {}
    for case, wanted, value in zip(cases, expected, values, strict=True) if zeroed_singly(cases) else ():
        zeroed, parts = zeroed_inputs(case), wanted if isinstance(wanted, tuple) else (wanted,)
        if zeroed and not exercise.same(value, wanted) and not any(map(same_in_every_row, parts)):
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


def _explained_results(exercise, mistake, wrong, cases, values):
    """For each case, which results the mistake gives as the student does; none at all when it gives no wrong one in the first."""
    rows = []
    for case, value in zip(cases, values, strict=True):
        rows.append(exercise.explained(mistake, case, value))
        if rows[0].isdisjoint(wrong):
            return [set()]
    return rows


def _explained_parts(exercise, mistake, wrong, cases, values):
    """Which results the mistake gives as the student does in every case."""
    return set.intersection(*_explained_results(exercise, mistake, wrong, cases, values))


def _contradicts(exercise, mistake, wrong, case, wanted, is_slip=False):
    """Whether a mistake cannot be told of a result by itself, since it changes another that is right here.

    A slip would be in a line that is right. What is known may have been made for one result alone, by whoever computes each by
    itself, unless its sentence speaks of the right one too.
    """
    kept = exercise.explained(mistake, case, wanted)
    changed = [name for i, name in enumerate(exercise.results) if i not in wrong and i not in kept]
    return bool(changed) and (is_slip or any(re.search(rf"\b{name}\b", mistake.sentence) for name in changed))


def _where_to_look(exercise, expected, values):
    """The lines of the reference from which an error reaches all results that are wrong and none that is right; else None."""
    wrong = set(_wrong_results(exercise, expected, values))
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


def right_results(exercise, expected, outcomes):
    """Names of the results that are right in every case."""
    wrong = _wrong_results(exercise, expected, [outcome.value for outcome in outcomes])
    return [name for i, name in enumerate(exercise.results) if i not in wrong]


def _wrong_results(exercise, expected, values):
    """The places of the results that are wrong in some case."""
    rows = list(zip(values, expected, strict=True))
    return [
        i
        for i in range(len(exercise.results))
        if not all(exercise.same(exercise.part(a, i), exercise.part(b, i)) for a, b in rows)
    ]


def _is_telling(exercise, values, i):
    """Whether a result is not zero everywhere, as too many mistakes leave it, nor one of several that is made of a few integers."""
    parts = [exercise.part(value, i) for value in values]
    whole = len(exercise.results) > 1 and all(
        np.asarray(part).dtype.kind in "biu" for part in parts if is_numeric(part)
    )
    return not whole and not all(map(_is_zero, parts))


def _overflows_only(exercise, expected, values, i):
    """Whether a result is wrong only where it is not finite, as too many mistakes make it."""
    pairs = [(exercise.part(right, i), exercise.part(got, i)) for right, got in zip(expected, values, strict=True)]
    if not all(is_numeric(right) and is_numeric(got) and np.asarray(got).dtype.kind in "fiu" for right, got in pairs):
        return False
    pairs = [(np.asarray(right), np.asarray(got)) for right, got in pairs]
    return all(
        right.shape == got.shape and np.all(~np.isfinite(got) | exercise.near(got, right)) for right, got in pairs
    )


def _is_zero(value):
    """Whether a result is zero everywhere, but for rounding."""
    return is_numeric(value) and bool(np.all(np.abs(value) < ROUNDING))


def _is_number(value):
    return ~np.isnan(value)


def _is_nowhere(holds, exercise, expected, values):
    """Whether in every case something is wrong, and what is wrong holds nowhere what an array of truth values says."""
    for wanted, value in zip(expected, values, strict=True):
        pairs = [(exercise.part(wanted, i), exercise.part(value, i)) for i in range(len(exercise.results))]
        wrong = [got for right, got in pairs if not exercise.same(right, got)]
        if not wrong or not all(is_numeric(got) and np.size(got) and not np.any(holds(got)) for got in wrong):
            return False
    return True
