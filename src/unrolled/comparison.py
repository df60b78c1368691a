"""Results held against the reference: a verdict, a finding, a mistake, in words.

Faults are reported most basic first: an exception, the wrong number or type of results, a wrong shape, a
wrong dtype or a value that is not finite, a changed or returned input, and only then wrong values.
"""

import time
from dataclasses import dataclass, replace

import numpy as np

from unrolled.diagnosis import explain
from unrolled.diagnosis.pairs import MAX_PAIRS
from unrolled.diagnosis.wrong import right_results
from unrolled.exercises.ruler import is_numeric
from unrolled.exercises.scored import Scored
from unrolled.findings import examine_call, pair_results
from unrolled.recording import call_all
from unrolled.scoring import score

_UNSTEADY = (
    "Called twice with the same inputs, it gives two different results: does it draw random numbers of its own, "
    "or keep something "
    "from the call before?"
)

_UNFILLED = (
    "Called twice with the same inputs, it gives a number and then nan: is a part of `np.empty` read or returned "
    "before it is filled, "
    "or is something kept from the call before?"
)

_KEPT = (
    "Its results must follow from its inputs alone, whatever was called before: does it count its calls, "
    "or keep something from an earlier "
    "one, in a global variable, a default argument or a cache?"
)

_RARE_OR_KEPT = (
    "Is there a case that is rarely met and goes wrong, or does it keep something from an earlier call, "
    "in a global variable, a default argument "
    "or a cache?"
)


@dataclass(frozen=True)
class Report:
    """The verdict on one function.

    mistakes are the sentences of the mistakes that its results equal: none, one, two at once, or one for each result.
    raised has the types of the errors that its message tells. share is the part of the points of what is not passed.
    """

    name: str
    passed: bool
    message: str
    mistakes: tuple[str, ...] = ()
    raised: tuple[str, ...] = ()
    share: float = 0.0

    @property
    def mistake(self):
        """The sentence of the most basic known mistake, or None."""
        return self.mistakes[0] if self.mistakes else None

    @property
    def score(self):
        return 1.0 if self.passed else self.share

    def add(self, note, *raised):
        """The same report with one more line, and the types of the errors that the line tells."""
        return replace(self, message=f"{self.message}\n{note}", raised=self.raised + raised)

    def mend_first(self, name):
        """The same report, naming another function of the student's that should be mended before this one."""
        return self.add(f"{self.name} calls your {name}, which fails its own check: mend {name} first.")


def compare(exercise, cases, outcomes, reveal=True, max_pairs=MAX_PAIRS, fn=None):
    """The Report on the outcomes of call_all; reveal allows single expected values to stand in the message.

    Where no known mistake explains the results, up to max_pairs of them are tried two at a time. Where fn, which gave
    the outcomes, may run here, changes of its lines are tried too.
    """
    if isinstance(exercise, Scored):
        return _score(exercise, cases, outcomes)
    *cases, last = cases
    expected = [exercise.expected(case) for case in cases]
    first, again = outcomes[: len(cases)], outcomes[len(cases) :]
    findings = _find_faults(exercise, cases, expected, first, reveal)
    if not findings:
        wanted = [*reversed(expected), exercise.expected(last)]
        found = _find_faults(exercise, [*reversed(cases), last], wanted, again, reveal)
        if found and all(case is last for case, _ in found):
            # it has not been asked this before: a mistake that shows with these inputs alone, or one that
            # counts its calls
            every = [*cases, last], [*expected, wanted[-1]], [*first, again[-1]]
            if explain(exercise, *every, 0)[1]:
                return _report_faults(exercise, *every, [*again[-2::-1], again[-1]], found, 0)
        return _compare_again(exercise, cases, last, found, _leaves_unfilled(exercise, first, again[-2::-1]))
    return _report_faults(exercise, cases, expected, first, again[-2::-1], findings, max_pairs, fn)


def _score(task, cases, outcomes):
    """The Report on a task that is scored by what it reaches."""
    share, words = score(task, cases[0], outcomes[0])
    said = f"{task.name}{' is right' if share == 1 else ''}: {words}"
    return Report(task.name, share == 1, said, raised=tuple(filter(None, [outcomes[0].raised])), share=share)


def _find_faults(exercise, cases, expected, outcomes, reveal):
    """(case, Finding) for each call in which something is wrong, the most basic fault first."""
    found = [
        (case, examine_call(exercise, case, *result, reveal))
        for case, *result in zip(cases, expected, outcomes, strict=True)
    ]
    return sorted(((case, finding) for case, finding in found if finding), key=lambda pair: pair[1].rank)


def _compare_again(exercise, cases, last, findings, unfilled):
    """The Report on a function that was right in every case, from what was found when it was asked again,
    and then the last."""
    if not findings:
        return Report(
            exercise.name, True, f"{exercise.name} is right: {len(cases)} cases, all results as the reference's."
        )
    case, finding = findings[0]
    if unfilled:
        seen = f"Seen with {describe_inputs(case)}; it is right when it is first called."
        return Report(exercise.name, False, f"{exercise.name}: {_UNFILLED}\n{seen}")
    if case is last:
        when, why = f"it is right with all other inputs, but not with {describe_inputs(case)}", _RARE_OR_KEPT
    else:
        when, why = (
            f"it is right when it is first called, not when it is called again with {describe_inputs(case)}",
            _KEPT,
        )
    return Report(exercise.name, False, f"{exercise.name}: {when}: {finding.text}\n{why}", raised=finding.raised)


def _report_faults(exercise, cases, expected, outcomes, again, findings, max_pairs, fn=None):
    """The Report on a function with findings; again are the outcomes of the same cases, asked a second time."""
    case, finding = findings[0]
    unfilled = _leaves_unfilled(exercise, outcomes, again)
    steady = unfilled or all(_repeats(exercise, *pair) for pair in zip(outcomes, again, strict=True))
    hint, mistakes = explain(exercise, cases, expected, outcomes, max_pairs if steady else 0, fn)
    told = [finding.text]
    right = right_results(exercise, expected, outcomes)
    if right and finding.fault != "dtype":  # "wrong dtype" beside "right" would be read as a contradiction
        told.append(f"Right in every case: {', '.join(right)}.")
    told.append(f"Seen with {describe_inputs(case)}; {len(findings)} of {len(cases)} cases fail.")
    if hint:  # what to mend comes first, and after it what was seen; but nothing comes before Python's own words
        told.insert(1 if finding.raised else 0, f"{hint[0].upper()}{hint[1:]}{'' if hint.endswith('?') else '.'}")
    message = f"{exercise.name}: " + "\n".join(told)
    if unfilled:
        message += f"\n{_UNFILLED}"
    elif not steady:
        message += f"\n{_UNSTEADY}"
    return Report(exercise.name, False, message, mistakes, finding.raised)


def describe_inputs(case):
    """What the function was given: "xs (5, 3, 4), h0 (3, 6) of zeros, k = 2"."""
    return ", ".join(filter(None, (_describe_input(name, value) for name, value in case.items())))


def _describe_input(name, value):
    if isinstance(value, np.ndarray):
        return f"{name} {value.shape}{'' if value.any() or not value.size else ' of zeros'}"
    if isinstance(value, list):
        return (
            f"{name} {', '.join(str(array.shape) for array in value)}{'' if any(map(np.any, value)) else ' of zeros'}"
        )
    if isinstance(value, (int, float, str, tuple)):
        return f"{name} = {value:.4g}" if isinstance(value, float) else f"{name} = {value}"


def _repeats(exercise, first, again):
    if bool(first.error) != bool(again.error):
        return False
    pairs, finding = pair_results(list(exercise.results), first.value, again.value)
    return bool(finding) or all(exercise.same(a, b) for _, a, b in pairs if is_numeric(a))


def _leaves_unfilled(exercise, outcomes, again):
    """Whether nan comes where a number came while `np.empty` was full of zeros."""
    pairs = [
        pair_results(list(exercise.results), one.value, other.value)
        for one, other in zip(outcomes, again, strict=True)
    ]
    return any(
        np.any(np.isnan(b) & ~np.isnan(a))
        for found, _ in pairs
        for _, a, b in found
        if is_numeric(a) and is_numeric(b) and np.shape(a) == np.shape(b)
    )


def examine_function(exercise, fn, rng, reveal=True):
    """The Report on fn, run here on cases drawn from rng, or on those that were recorded."""
    cases, start = exercise.known_cases(rng), time.process_time()
    outcomes, seconds = call_all(fn, [exercise.given(case) for case in cases]), time.process_time() - start
    report = compare(exercise, cases, outcomes, reveal, fn=fn)
    return _in_time(exercise, report, seconds) if isinstance(exercise, Scored) else report


def _in_time(task, report, seconds):
    """The same report with the time that it took, and without points when that is longer than it has."""
    if not report.score:
        return report
    if seconds <= task.seconds:
        return report.add(f"It took {seconds:.1f} of the {task.seconds:g} seconds that it has.")
    late = f"it took {seconds:.1f} seconds of a processor, and it has {task.seconds:g}: let it stop earlier."
    return replace(report, passed=False, share=0.0, message=f"{task.name}: {late}\nOtherwise: {report.message}")
