"""A call that raised: the error in words, the student's line, and the letters of the lengths that do not fit."""

import re
from dataclasses import replace
from functools import partial

import numpy as np

from unrolled.findings.called import call_in, describe_signature, describe_unfitting
from unrolled.findings.finding import Finding
from unrolled.findings.letters import Letters, axes_of, letters_of
from unrolled.findings.operands import describe_operands, is_time_for_batch, shapes_told
from unrolled.findings.products import describe_product, describe_turned
from unrolled.findings.remarks import describe_remark
from unrolled.findings.undefined import describe_undefined
from unrolled.findings.words import error_in_words
from unrolled.quoting import quoted_code, quoted_error, quoted_type

NO_OPERATION = ("NotImplementedError", "UnboundLocalError", "AssertionError")
# What NumPy says of lengths that do not fit.
_OF_LENGTHS = (
    r"broadcast|out of bounds|not "
    r"aligned|matmul|`left @ right`|`np.dot|`np.einsum`|put into a place|joined along one axis|on the left of|has no "
    r"place|equal parts|`reshape`|a mask|equally|no axis|indices|names stand|each axis"
)
# Where it says them.
_LENGTHS = r"\([\d, ]+\)|its \d+ places|are \d+ long and the columns of right \d+|these have \d+ and \d+"


def describe_raised(exercise, case, wanted, outcome):
    """The Finding of a call of an exercise's function that raised."""
    other = _other_inputs(exercise, case, outcome)
    if other or outcome.raised in NO_OPERATION:
        return other or finding_of_error(outcome)
    if outcome.raised == "NameError":
        finding = finding_of_error(outcome)
        meant = describe_undefined(exercise, case, outcome.error)
        return replace(finding, text=f"{finding.text}\n{meant}") if meant else finding
    letters = Letters(exercise, case, letters_of(exercise, case, wanted))
    called = describe_signature(outcome.operation, outcome.error)
    unfitting = "" if called else describe_unfitting(outcome.operation, outcome.operands)
    finding = finding_of_error(outcome, letters.known, inside=call_in(outcome.operation)[0] if unfitting else None)
    told = [
        *_there(outcome, finding, letters, called or unfitting),
        *_sizes(exercise, case, wanted, outcome, finding, letters),
    ]
    return replace(finding, text="\n".join([finding.text, " ".join(told)])) if told else finding


def _other_inputs(exercise, case, outcome):
    """The Finding of a function that could not be called, since it takes other inputs than the
    assignment's; or None."""
    if outcome.raised == "TypeError" and not outcome.line and re.search(r"\(\) (takes|missing) ", outcome.error):
        given = f"def {exercise.name}({', '.join(case)}):"
        return Finding(
            "raised", f"it does not take the inputs that it is given; its first line is `{given}`.", (outcome.raised,)
        )
    return None


def finding_of_error(outcome, letters=None, inside=None):
    """The Finding of a call that raised, with the letters of lengths, where they are known; of an error inside of a
    function of the course, which is given what it does not take, no words: they would be about its lines."""
    if outcome.raised == "NotImplementedError":
        return Finding("raised", "this function is not written yet.", (outcome.raised,))
    words = partial(error_in_words, line=outcome.line or "", letters=letters)
    error = quoted_error(outcome.error.partition("\n")[0], in_words=words)
    if inside:
        error = f"{quoted_type(outcome.raised)} inside of `{inside}`"
    return Finding("raised", f"it raised {error}{place_of(outcome.line)}", (outcome.raised,))


def _there(outcome, finding, letters, called):
    """Sentences on what stood in the operation that raised, and on the function of the course that is called there."""
    operation, operands = outcome.operation, outcome.operands
    remark = describe_remark(outcome, letters)
    is_product = re.search(r"`left @ right`|`np.dot\(left, right\)`", finding.text) and not remark
    sentences = [
        describe_operands(operands, letters, as_index=outcome.raised == "IndexError"),
        remark,
        describe_product(operation, operands, letters) if is_product else "",
        called,
        describe_turned(operands),
    ]
    return [f"{sentence}{'' if sentence.endswith('?') else '.'}" for sentence in sentences if sentence]


def _sizes(exercise, case, wanted, outcome, finding, letters):
    """A sentence on the lengths of which an error speaks, with the letters of those that are a size in this case and
    not told yet; [] where there is nothing to say."""
    said, line = finding.text.partition(" at line ")[0], outcome.line or ""
    if not re.search(_OF_LENGTHS, said):
        return []
    names, new = {}, set()
    known = shapes_told(outcome.operands, letters)
    lettered = {
        its for shape, axes in known.items() for its, axis in zip(shape, axes, strict=True) if axis != str(its)
    }
    for part in re.finditer(_LENGTHS, said):
        lengths = tuple(map(int, re.findall(r"\d+", part[0])))
        names |= {length: _names_of(length, letters, case, line) for length in lengths}
        new |= {*lengths} - (lettered if "(" not in part[0] or lengths in known else set())
    told = [f"{length} is {' or '.join(its)}" for length, its in names.items() if its and length in new]
    told = [", ".join(told)] if told else []
    confused = {"N", "T"} <= {letter for length in new for letter in names[length]}
    if (confused or is_time_for_batch(outcome.operands, letters)) and _is_sequence(exercise):
        told.append("time is axis 0, the batch axis 1")
    if len(exercise.results) == 1 and isinstance(wanted, np.ndarray) and wanted.ndim:
        ((name, shape),) = exercise.results.items()
        told.append(f"{name} must be {np.shape(wanted)}, that is ({shape})")
    return [f"In this case {'; '.join(told)}."] if told else []


def _names_of(length, letters, case, line):
    """What a length is called in this case: its letters; where arrays are joined, also twice another's; else how many
    places lead up to the largest of the whole numbers that are given."""
    names = [name for name in letters.known.get(length, []) if name in letters.documented or _in(name, line)]
    if re.search(r"stack|concatenate|append|\.[rc]_", line) and length % 2 == 0:
        names += [
            f"2{letter}"
            for letter in letters.known.get(length // 2, [])
            if letter == "N" or letter in letters.in_blocks
        ]
    whole = [name for name, value in case.items() if isinstance(value, np.ndarray) and value.dtype.kind in "iu"]
    return list(dict.fromkeys(names)) or [
        f"1 + the largest of {name}" for name in whole if length == 1 + case[name].max(initial=-1)
    ]


def _in(name, line):
    """Whether a name stands in a line."""
    return re.search(rf"\b{re.escape(name)}\b", line)


def _is_sequence(exercise):
    """Whether a function returns steps of a batch first of all, time on axis 0."""
    return axes_of(next(iter(exercise.results.values()), ""))[:2] == ["T", "N"]


def place_of(line):
    """at line 3, and the line itself on one of its own"""
    match = re.fullmatch(r"line (\d{1,6})(?:: (.*))?", line or "", re.ASCII | re.DOTALL)
    return "" if not match else f" at line {match[1]}" + (f":\n    {quoted_code(match[2])}" if match[2] else "")
