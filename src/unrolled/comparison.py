"""Results held against the reference: a verdict, a finding, a mistake, in words.

Faults are reported most basic first: an exception, the wrong number or type of results, a wrong shape, a
wrong dtype or a value that is not finite, a changed or returned input, and only then wrong values.
"""

import re
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from unrolled.exercises import EXERCISES
from unrolled.patterns import describe_pattern
from unrolled.recording import Opaque, Outcome, call, call_all

# NumPy tells these in letters that only its makers use.
_IN_WORDS = (
    (r"matmul: .*\(size (\d+) is different from (\d+)\)", r"in `left @ right` the rows of left are \2 long and the columns of right \1"),
    (r"matmul: Input operand \d does not have enough dimensions.*", "`@` multiplies arrays; `*` multiplies by a single number"),
)

_UNSTEADY = (
    "Called twice with the same inputs, it gives two different results: does it draw random numbers of its own, keep something "
    "from the call before, or leave a part of `np.empty` unfilled?"
)

FAULTS = ("raised", "type", "shape", "dtype", "not finite", "changed", "view", "values")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong in one call: which kind of fault, said in words."""

    fault: str
    text: str

    @property
    def rank(self):
        return FAULTS.index(self.fault)


@dataclass(frozen=True)
class Report:
    """The verdict on one function. mistake is the sentence of the known mistake that its results equal, if any."""

    name: str
    passed: bool
    message: str
    mistake: str | None = None

    @property
    def score(self):
        return 1.0 if self.passed else 0.0

    def mend_first(self, name):
        """The same report, naming another function of the student's that should be mended before this one."""
        note = f"{self.name} calls your {name}, which fails its own check: mend {name} first."
        return replace(self, message=f"{self.message}\n{note}")


def compare(exercise, cases, outcomes, reveal=True):
    """The Report on the outcomes of call_all; reveal allows single expected values to stand in the message."""
    *outcomes, again = outcomes
    expected = [call(exercise.reference, case).value for case in cases]
    findings = []
    for case, wanted, outcome in zip(cases, expected, outcomes, strict=True):
        finding = examine_call(exercise, case, wanted, outcome, reveal)
        if finding:
            findings.append((finding.rank, len(findings), finding, case))
    if not findings:
        return Report(exercise.name, True, f"{exercise.name} is right: {len(cases)} cases, all results as the reference's.")
    _, _, finding, case = min(findings, key=lambda row: row[:2])
    mistake, part = find_mistake(exercise, cases, expected, outcomes)
    hint = f"as for your {part}: {mistake}" if part else mistake
    hint = hint or describe_pattern(exercise.results, cases, expected, [o.value for o in outcomes])
    message = f"{exercise.name}: {finding.text}"
    right = right_results(exercise, expected, outcomes)
    if right and finding.fault != "dtype":      # "wrong dtype" beside "right" would be read as a contradiction
        message += f"\nRight in every case: {', '.join(right)}."
    message += f"\nSeen with {describe_inputs(case)}; {len(findings)} of {len(cases)} cases fail."
    if hint:
        message += f"\n{hint[0].upper()}{hint[1:]}{'' if hint.endswith('?') else '.'}"
    if not _repeats(exercise, outcomes[0].value, again.value):
        message += f"\n{_UNSTEADY}"
    return Report(exercise.name, False, message, mistake)


def examine_call(exercise, case, wanted, outcome, reveal=True):
    """The most basic Finding of one call, or None when everything is right."""
    if outcome.error:
        return _finding_of_error(outcome)
    shapes = exercise.results
    pairs, finding = _pair_results(list(shapes), wanted, outcome.value)
    for check in (_check_type, partial(_check_shape, shapes), _check_dtype, _check_finite):
        finding = finding or next(filter(None, (check(*pair) for pair in pairs)), None)
    finding = finding or _check_inputs(exercise, case, outcome)
    return finding or next(filter(None, (_check_values(exercise, *pair, reveal) for pair in pairs)), None)


def find_mistake(exercise, cases, expected, outcomes):
    """The sentence of the first known mistake whose results equal the student's in every case, and None.

    When none explains all the results, one that explains the first wrong result by itself is taken, and that result's
    name comes with it; unless the result is zero everywhere: too many mistakes leave a zero. (None, None) without any.
    """
    values = [outcome.value for outcome in outcomes]
    names, right = list(exercise.results), right_results(exercise, expected, outcomes)
    wrong = next((i for i, name in enumerate(names) if name not in right), None)
    if wrong is None:
        return None, None
    found = None, None
    zero = all(_is_zero(_part(value, wrong, len(names))) for value in values)
    for mistake in exercise.mistakes:
        explained = _explained_results(exercise, mistake, wrong, cases, values)
        if len(explained) == len(names):
            return mistake.sentence, None
        if explained and not zero and found == (None, None):
            found = mistake.sentence, names[wrong]
    return found


def _explained_results(exercise, mistake, wrong, cases, values):
    """Which results the mistake gives as the student does, in every case; none as soon as the wrong one differs."""
    count = len(exercise.results)
    same = set(range(count))
    for case, value in zip(cases, values, strict=True):
        variant = call(mistake.wrong, case).value
        same = {i for i in same if _same(exercise, _part(value, i, count), _part(variant, i, count))}
        if wrong not in same:
            return set()
    return same


def right_results(exercise, expected, outcomes):
    """Names of the results that are right in every case."""
    values = [outcome.value for outcome in outcomes]
    return [name for i, name in enumerate(exercise.results) if _same_part(exercise, i, values, expected)]


def describe_inputs(case):
    """What the function was given: "xs (5, 3, 4), h0 (3, 6) of zeros, k = 2"."""
    return ", ".join(filter(None, (_describe_input(name, value) for name, value in case.items())))


def _describe_input(name, value):
    if isinstance(value, np.ndarray):
        return f"{name} {value.shape}{'' if value.any() else ' of zeros'}"
    if isinstance(value, list):
        return f"{name} {', '.join(str(array.shape) for array in value)}{'' if any(map(np.any, value)) else ' of zeros'}"
    if isinstance(value, (int, float, str, tuple)):
        return f"{name} = {value:.4g}" if isinstance(value, float) else f"{name} = {value}"


def _same_part(exercise, i, some, others):
    count = len(exercise.results)
    return all(_same(exercise, _part(a, i, count), _part(b, i, count)) for a, b in zip(some, others, strict=True))


def _part(value, i, count):
    if count == 1:
        return value
    return value[i] if isinstance(value, (tuple, list)) and len(value) == count else None


def _same(exercise, a, b):
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
        return len(a) == len(b) and all(_same(exercise, x, y) for x, y in zip(a, b, strict=True))
    if not (_is_numeric(a) and _is_numeric(b)):
        return False        # calls that raise, and what is no number, show nothing
    return np.shape(a) == np.shape(b) and bool(np.all(_is_near(exercise, np.asarray(a), np.asarray(b))))


def _is_near(exercise, got, wanted):
    finite = np.abs(wanted[np.isfinite(wanted)])
    scale = max(1.0, finite.max(initial=0.0))
    return np.isclose(got, wanted, rtol=exercise.rtol, atol=exercise.atol * scale, equal_nan=True)


def _is_numeric(value):
    return isinstance(value, np.ndarray) or type(value) in (int, float, bool)


def _is_zero(value):
    return _is_numeric(value) and not np.any(value)


def _finding_of_error(outcome):
    if outcome.error.startswith("NotImplementedError"):
        return Finding("raised", "this function is not written yet.")
    place = f" at {outcome.line}" if outcome.line else ""
    error = outcome.error.partition("\n")[0]
    for pattern, words in _IN_WORDS:
        error = re.sub(pattern, words, error)
    return Finding("raised", f"it raised {error}{place}")


def _pair_results(names, wanted, got):
    """The results as (name, wanted, got) triples, lists taken apart; or a Finding when they do not pair up."""
    if got is None:
        return [], Finding("type", "it returned None: is the `return` missing, or skipped?")
    if len(names) == 1:
        return _pair_items(names[0], wanted, got)
    listed = ", ".join(names)
    if not isinstance(got, (tuple, list)):
        return [], Finding("type", f"it must return {len(names)} results ({listed}), not one {_type_of(got)}.")
    if len(got) != len(names):
        return [], Finding("type", f"it must return {len(names)} results ({listed}), not {len(got)}.")
    pairs = []
    for name, one, other in zip(names, wanted, got, strict=True):
        items, finding = _pair_items(name, one, other)
        if finding:
            return [], finding
        pairs += items
    return pairs, None


def _pair_items(name, wanted, got):
    if not isinstance(wanted, (tuple, list)):
        return [(name, wanted, got)], None
    if not isinstance(got, (tuple, list)):
        return [], Finding("type", f"{name} must be a list of {len(wanted)} arrays, not one {_type_of(got)}.")
    if len(got) != len(wanted):
        return [], Finding("type", f"{name} must hold {len(wanted)} arrays, not {len(got)}.")
    return [(f"{name}[{i}]", a, b) for i, (a, b) in enumerate(zip(wanted, got, strict=True))], None


def _check_type(name, wanted, got):
    if not isinstance(got, np.ndarray) and not (np.ndim(wanted) == 0 and type(got) in (int, float)):
        kind = "a number" if np.ndim(wanted) == 0 else "a NumPy array"
        advice = {"list": ": `np.array` makes one of it", "tuple": ": one array alone"}.get(_type_of(got), "")
        return Finding("type", f"{name} must be {kind}, not {_type_of(got)}{advice if np.ndim(wanted) else ''}.")


def _check_shape(shapes, name, wanted, got):
    if np.shape(got) != np.shape(wanted):
        letters = f", that is ({shapes[name]})" if shapes.get(name, "...") not in ("", "...") else ""
        return Finding("shape", f"{name} has shape {np.shape(got)}, it must be {np.shape(wanted)}{letters}.")


def _check_dtype(name, wanted, got):
    got, wanted = np.asarray(got), np.asarray(wanted)
    whole = got.dtype.kind == "f" and got.ndim == 0 and got == np.round(got)
    if wanted.dtype.kind in "iu" and not (got.dtype.kind in "iu" or whole):
        return Finding("dtype", f"{name} must hold integers, not {got.dtype}.")
    # a whole-numbered loss may come as an integer; an array of states may not
    if wanted.dtype.kind == "f" and got.dtype != wanted.dtype and not (got.ndim == 0 and got.dtype.kind in "iuf"):
        return Finding("dtype", f"{name} has dtype {got.dtype}, it must be {wanted.dtype}.")


def _check_finite(name, wanted, got):
    bad = ~np.isfinite(got) & np.isfinite(wanted)
    if np.any(bad):
        return Finding("not finite", f"{name} is nan or infinite {_count_places(bad)}.")


def _check_inputs(exercise, case, outcome):
    for name, before in case.items():
        after = outcome.inputs.get(name, before)
        if isinstance(before, (np.ndarray, list, tuple)) and not _same(exercise, after, before):
            return Finding("changed", f"it changed its input {name}: `+=`, `[...] =` and `out=` write into the array that was given; work on a copy.")
    if outcome.shared and not exercise.may_alias:
        return Finding("view", f"it returned a view of its input {outcome.shared[0]}: return a new array, for example a copy.")


def _check_values(exercise, name, wanted, got, reveal):
    got, wanted = np.asarray(got), np.asarray(wanted)
    bad = ~_is_near(exercise, got, wanted)
    if not np.any(bad):
        return None
    gap = np.where(bad, np.abs(got - wanted), 0)
    whole = wanted.dtype.kind in "iu"       # tokens have no distance: the first wrong one is of more use
    place = np.unravel_index(np.argmax(bad if whole else gap), gap.shape)
    label = f"{name}[{', '.join(map(str, place))}]"
    values = f" (yours {got[place]:.6g}, expected {wanted[place]:.6g})" if reveal else ""
    if not place:
        return Finding("values", f"{name} is off by {gap[place]:{'.6g' if whole else '.3g'}}{values}.")
    where = f"the first is {label}" if whole else f"the largest difference is {gap[place]:.3g}, at {label}"
    return Finding("values", f"{name} is wrong {_count_places(bad)}; {where}{values}.")


def _count_places(bad):
    return f"in {int(np.sum(bad))} of {np.size(bad)} places" if np.ndim(bad) else "here"


def _type_of(value):
    if value is None:
        return "None"
    return value.type_name if isinstance(value, Opaque) else type(value).__name__


def _repeats(exercise, first, again):
    pairs, finding = _pair_results(list(exercise.results), first, again)
    return bool(finding) or all(_same(exercise, a, b) for _, a, b in pairs if _is_numeric(a))


def examine_function(exercise, fn, rng, reveal=True):
    """The Report on fn, run here on cases drawn from rng."""
    cases = exercise.cases(rng)
    return compare(exercise, cases, call_all(fn, cases), reveal)


__all__ = ["EXERCISES", "Finding", "Outcome", "Report", "compare", "examine_call", "examine_function", "find_mistake"]
