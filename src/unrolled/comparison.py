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
from unrolled.patterns.arrays import same_in_every_row, zeroed_inputs, zeroed_singly
from unrolled.quoting import quoted, quoted_code, quoted_error, quoted_type
from unrolled.recording import Opaque, Outcome, call, call_all


def _tell_missing_axis(match):
    """What NumPy says of two shapes, and what helps: one lacks the other's last axis, or they fit a matrix product."""
    left, right = (shape.rstrip(",").split(",") for shape in match.groups())
    short, long = sorted((left, right), key=len)
    help_ = ""
    if short == long[:-1]:
        help_ = ": `keepdims=True` keeps an axis that is summed over, `[..., None]` adds one at the end"
    elif len(left) == len(right) == 2 and left[1] == right[0]:
        help_ = ": `*` goes entry by entry, `@` is the matrix product"
    return f"{match[0].rstrip()}{help_}"


# NumPy tells these in letters that only its makers use.
_IN_WORDS = (
    (r"shapes \S+ and \S+ not aligned: (\d+) \(dim \d\) != (\d+) \(dim \d\)", r"in `np.dot(left, right)` the rows of left are \1 long and the columns of right \2"),
    (r"operands could not be broadcast together with shapes \(([\d,]*)\) \(([\d,]*)\)(?: \([\d,]*\))*\s*", _tell_missing_axis),
    (r"matmul: .*\(size (\d+) is different from (\d+)\)", r"in `left @ right` the rows of left are \2 long and the columns of right \1"),
    (r"matmul: Input operand \d does not have enough dimensions.*", "`@` multiplies arrays; `*` multiplies by a single number"),
    (r"(?:ufunc 'bitwise_xor' not supported|unsupported operand type\(s\) for \^:).*", "`^` is no power in Python: write `**`"),
    (
        r"The truth value of an array with more than one element is ambiguous.*",
        "an array stands where one truth value must, as in `if`, `min` or `max`: `np.where`, `np.minimum` and `np.maximum` go entry by entry",
    ),
    (r"Improper number of dimensions to norm\.", "`np.linalg.norm` needs `axis=(1, 2)` for a stack of matrices"),
    (r"setting an array element with a sequence\. The requested array has an inhomogeneous shape.*", "arrays of different shapes do not fit into one array: take them one by one"),
    (r"only (0-dimensional|length-1|size-1) arrays can be converted to Python scalars", "an array stands where a single number must: `np.exp` takes arrays, `math.exp` does not"),
)

_UNSTEADY = (
    "Called twice with the same inputs, it gives two different results: does it draw random numbers of its own, keep something "
    "from the call before, or leave a part of `np.empty` unfilled?"
)

_KEPT = (
    "Its results must follow from its inputs alone, whatever was called before: does it count its calls, or keep something from an earlier "
    "one, in a global variable, a default argument or a cache?"
)

# How what is no array, or no list, becomes one, by the name of its type.
_TO_ARRAY = {
    "list": "`np.array` makes one of it",
    "tuple": "one array alone",
    "dict": "collect its arrays in a list, and `np.array` makes one of it",
    "generator": "collect what it yields in a list, and `np.array` makes one of it",
    "matrix": "`np.asarray` makes one of it",
    "MaskedArray": "`np.asarray` makes one of it",
    "Tensor": "`.numpy()` makes one of it",
}
_TO_LIST = dict.fromkeys(("generator", "map", "ndarray of object"), "`list` makes one of it")

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
    *cases, last = cases
    expected = [call(exercise.reference, case).value for case in cases]
    first, again = outcomes[: len(cases)], outcomes[len(cases) :]
    findings = _find_faults(exercise, cases, expected, first, reveal)
    if not findings:
        wanted = [*reversed(expected), call(exercise.reference, last).value]
        return _compare_again(exercise, cases, _find_faults(exercise, [*reversed(cases), last], wanted, again, reveal))
    return _report_faults(exercise, cases, expected, first, again[-2::-1], findings)


def _find_faults(exercise, cases, expected, outcomes, reveal):
    """(case, Finding) for each call in which something is wrong, the most basic fault first."""
    found = [(case, examine_call(exercise, case, *result, reveal)) for case, *result in zip(cases, expected, outcomes, strict=True)]
    return sorted(((case, finding) for case, finding in found if finding), key=lambda pair: pair[1].rank)


def _compare_again(exercise, cases, findings):
    """The Report on a function that was right in every case, from what was found when it was asked again."""
    if not findings:
        return Report(exercise.name, True, f"{exercise.name} is right: {len(cases)} cases, all results as the reference's.")
    case, finding = findings[0]
    when = f"it is right when it is first called, not when it is called again with {describe_inputs(case)}"
    return Report(exercise.name, False, f"{exercise.name}: {when}: {finding.text}\n{_KEPT}")


def _report_faults(exercise, cases, expected, outcomes, again, findings):
    """The Report on a function with findings; again are the outcomes of the same cases, asked a second time."""
    case, finding = findings[0]
    hint, mistake = _explain(exercise, cases, expected, outcomes)
    message = f"{exercise.name}: {finding.text}"
    right = right_results(exercise, expected, outcomes)
    if right and finding.fault != "dtype":      # "wrong dtype" beside "right" would be read as a contradiction
        message += f"\nRight in every case: {', '.join(right)}."
    message += f"\nSeen with {describe_inputs(case)}; {len(findings)} of {len(cases)} cases fail."
    if hint:
        message += f"\n{hint[0].upper()}{hint[1:]}{'' if hint.endswith('?') else '.'}"
    if not all(_repeats(exercise, *pair) for pair in zip(outcomes, again, strict=True)):
        message += f"\n{_UNSTEADY}"
    return Report(exercise.name, False, message, mistake)


def _explain(exercise, cases, expected, outcomes):
    """What the results show, in words, and the known mistake in it; what says least is looked at last."""
    values = [outcome.value for outcome in outcomes]
    for roughly in (False, True):
        mistake, where = find_mistake(exercise, cases, expected, outcomes, any_result=roughly)
        if mistake:
            return f"{where}: {mistake}" if where else mistake, mistake
        pattern = describe_pattern(exercise.results, cases, expected, values, roughly)
        if pattern:
            return pattern, None
    return _find_apart(exercise, cases, expected, values)


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
    telling = [i for i in wrong if not all(_is_zero(_part(value, i, len(names))) for value in values)]
    by_part, by_cases = {}, {}
    for mistake in exercise.mistakes if wrong else ():
        rows = _explained_results(exercise, mistake, wrong, cases, values)
        whole = [len(row) == len(names) for row in rows]
        if all(whole):
            return mistake.sentence, None
        parts = [i for i in telling if all(i in row for row in rows)]
        if wrong[0] in parts or (any_result and 2 * len(parts) >= len(wrong)):
            by_part.setdefault(len(set.intersection(*rows)), {}).setdefault(mistake.sentence, f"as for your {names[parts[0]]}")
        elif all(whole[:2]) and telling and not any(map(partial(_same, exercise), values[:2], expected)):
            by_cases.setdefault(sum(whole), set()).add(mistake.sentence)
    best = by_part.get(max(by_part, default=0), {})
    if best:
        return best.popitem() if len(best) == 1 else (None, None)
    most = max(by_cases, default=0)
    if 2 * most > len(cases) and len(by_cases[most]) == 1:
        return by_cases[most].pop(), f"in {most} of {len(cases)} cases"
    return None, None


def _find_apart(exercise, cases, expected, values):
    """Two mistakes at once, each where zeros hide the other: (words, sentence), "with zeros for b: W_h is transposed".

    There all results are those of one known mistake and of no other. Zeros that leave a result the same in every row show nothing.
    """
    found = {}
    for case, wanted, value in zip(cases, expected, values, strict=True) if zeroed_singly(cases) else ():
        zeroed, parts = zeroed_inputs(case), wanted if isinstance(wanted, tuple) else (wanted,)
        if zeroed and not _same(exercise, value, wanted) and not any(map(same_in_every_row, parts)):
            sentences = {mistake.sentence for mistake in exercise.mistakes if _same(exercise, value, call(mistake.wrong, case).value)}
            if len(sentences) == 1:
                found.setdefault(sentences.pop(), []).extend(zeroed)
    if not 0 < len(found) <= 2:
        return None, None
    return "; ".join(f"with zeros for {' or '.join(names)}: {sentence}" for sentence, names in found.items()), next(iter(found))


def _explained_results(exercise, mistake, wrong, cases, values):
    """For each case, which results the mistake gives as the student does; none at all when it gives no wrong one in the first."""
    count = len(exercise.results)
    rows = []
    for case, value in zip(cases, values, strict=True):
        variant = call(mistake.wrong, case).value
        rows.append({i for i in range(count) if _same(exercise, _part(value, i, count), _part(variant, i, count))})
        if rows[0].isdisjoint(wrong):
            return [set()]
    return rows


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
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape or (a.ndim and (a.dtype.kind in "biu") != (b.dtype.kind in "biu")):
        return False        # in an array of integers every mistake becomes another
    return bool(np.all(_is_near(exercise, a, b)))


def _is_near(exercise, got, wanted):
    if np.array_equal(got, wanted):     # an input left as it was, above all: quickly seen
        return np.True_
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
    error = quoted_error(outcome.error.partition("\n")[0], in_words=_error_in_words)
    return Finding("raised", f"it raised {error}{_place_of(outcome.line)}")


def _error_in_words(text):
    """What an error says, in our words where it is NumPy's; else quoted, for it may say anything."""
    for pattern, words in _IN_WORDS:
        if match := re.fullmatch(pattern, text, re.ASCII):
            return words(match) if callable(words) else match.expand(words)
    return quoted(text)


def _place_of(line):
    """ at line 3: `h = x @ W_x`"""
    match = re.fullmatch(r"line (\d{1,6})(?:: (.*))?", line or "", re.ASCII | re.DOTALL)
    return "" if not match else f" at line {match[1]}" + (f": {quoted_code(match[2])}" if match[2] else "")


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
        return [], Finding("type", f"{name} must be a list of {len(wanted)} arrays, not one {_type_of(got)}{_advice(_TO_LIST, got)}.")
    if isinstance(got, tuple) and any(isinstance(part, (tuple, list)) for part in got):
        return [], Finding("type", f"{name} must be returned alone, a list of {len(wanted)} arrays and nothing beside it.")
    if len(got) != len(wanted):
        return [], Finding("type", f"{name} must hold {len(wanted)} arrays, not {len(got)}.")
    return [(f"{name}[{i}]", a, b) for i, (a, b) in enumerate(zip(wanted, got, strict=True))], None


def _check_type(name, wanted, got):
    if not isinstance(got, np.ndarray) and not (np.ndim(wanted) == 0 and type(got) in (int, float)):
        if np.ndim(wanted) == 0:
            return Finding("type", f"{name} must be a number, not {_type_of(got)}.")
        kind = "a NumPy array of numbers" if _type_of(got).startswith("ndarray of") else "a NumPy array"
        joined = f": `np.concatenate` along the last axis makes one of its {len(got)}" if _joins_to(wanted, got) else ""
        return Finding("type", f"{name} must be {kind}, not {_type_of(got)}{joined or _advice(_TO_ARRAY, got)}.")


def _joins_to(wanted, got):
    """Whether got is a list of arrays, such as gates, that stand side by side in wanted."""
    parts = isinstance(got, (tuple, list)) and len(got) > 1 and all(isinstance(part, np.ndarray) and part.ndim == wanted.ndim for part in got)
    return parts and np.shape(wanted) == (*got[0].shape[:-1], sum(part.shape[-1] for part in got))


def _advice(ways, got):
    return f": {ways[_type_of(got)]}" if _type_of(got) in ways else ""


def _check_shape(shapes, name, wanted, got):
    if np.shape(got) != np.shape(wanted):
        letters = f", that is ({shapes[name]})" if shapes.get(name, "...") not in ("", "...") else ""
        return Finding("shape", f"{name} has shape {np.shape(got)}, it must be {np.shape(wanted)}{letters}.")


def _check_dtype(name, wanted, got):
    got, wanted = np.asarray(got), np.asarray(wanted)
    whole = got.dtype.kind == "f" and got.ndim == 0 and got == np.round(got)
    if wanted.dtype.kind in "iu" and not (got.dtype.kind in "iu" or whole):
        help_ = ": `dtype=int` makes an array of them" if got.ndim else ""
        return Finding("dtype", f"{name} must hold integers, not {got.dtype}{help_}.")
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
    shared = [name for name in case if name in outcome.shared]
    if shared and not exercise.may_alias:
        return Finding("view", f"it returned a view of its input {shared[0]}: return a new array, for example a copy.")


def _check_values(exercise, name, wanted, got, reveal):
    got, wanted = np.asarray(got), np.asarray(wanted)
    bad = ~_is_near(exercise, got, wanted)
    if not np.any(bad):
        return None
    gap = np.where(bad, np.abs(got - wanted), 0)
    whole = wanted.dtype.kind in "iu"       # tokens have no distance: the first wrong one is of more use
    place = np.unravel_index(np.argmax(bad if whole else gap), gap.shape)
    label = f"{name}[{', '.join(map(str, place))}]"
    digits = ".12g" if whole else ".6g"
    values = f" (yours {got[place]:{digits}}, expected {wanted[place]:{digits}})" if reveal else ""
    if not place:
        return Finding("values", f"{name} is off by {gap[place]:{digits if whole else '.3g'}}{values}.")
    where = f"the first is {label}" if whole else f"the largest difference is {gap[place]:.3g}, at {label}"
    return Finding("values", f"{name} is wrong {_count_places(bad)}; {where}{values}.")


def _count_places(bad):
    return f"in {int(np.sum(bad))} of {np.size(bad)} places" if np.ndim(bad) else "here"


def _type_of(value):
    if value is None:
        return "None"
    if isinstance(value, np.ndarray) and not value.ndim:
        return "number"
    return quoted_type(value.type_name) if isinstance(value, Opaque) else type(value).__name__


def _repeats(exercise, first, again):
    if bool(first.error) != bool(again.error):
        return False
    pairs, finding = _pair_results(list(exercise.results), first.value, again.value)
    return bool(finding) or all(_same(exercise, a, b) for _, a, b in pairs if _is_numeric(a))


def examine_function(exercise, fn, rng, reveal=True):
    """The Report on fn, run here on cases drawn from rng."""
    cases = exercise.cases(rng)
    return compare(exercise, cases, call_all(fn, cases), reveal)


__all__ = ["EXERCISES", "Finding", "Outcome", "Report", "compare", "examine_call", "examine_function", "find_mistake"]
