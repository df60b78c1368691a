"""A call that raised: the error in words, the student's line, and the letters of the lengths that do not fit."""

import re
from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np

from unrolled.findings.finding import Finding
from unrolled.findings.letters import axes_of, letters_of, listed
from unrolled.findings.words import error_in_words
from unrolled.quoting import quoted_code, quoted_error

_PRODUCT = "what goes entry by entry is `*`"
_AXES = "of an array with three axes `.T` turns all round, and `swapaxes(-1, -2)` the last two alone"
MOST_GIVEN = 6  # inputs of which the shapes are told

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
    letters = letters_of(exercise, case, wanted)
    finding = _other_inputs(exercise, case, outcome) or finding_of_error(outcome, case, letters)
    return _with_sizes(exercise, case, wanted, outcome, finding, letters)


def _other_inputs(exercise, case, outcome):
    """The Finding of a function that could not be called, since it takes other inputs than the
    assignment's; or None."""
    if outcome.raised == "TypeError" and not outcome.line and re.search(r"\(\) (takes|missing) ", outcome.error):
        given = f"def {exercise.name}({', '.join(case)}):"
        return Finding(
            "raised", f"it does not take the inputs that it is given; its first line is `{given}`.", (outcome.raised,)
        )
    return None


def finding_of_error(outcome, case=None, letters=None):
    """The Finding of a call that raised, with these inputs, and the letters of lengths, where they are known."""
    if outcome.raised == "NotImplementedError":
        return Finding("raised", "this function is not written yet.", (outcome.raised,))
    error = quoted_error(
        outcome.error.partition("\n")[0], in_words=partial(error_in_words, line=outcome.line or "", letters=letters)
    )
    return Finding(
        "raised", f"it raised {error}{place_of(outcome.line)}{_turned(outcome.line, case or {})}", (outcome.raised,)
    )


def _with_sizes(exercise, case, wanted, outcome, finding, letters):
    """The Finding of an error that is about lengths, with the letters of those that are a size in this case."""
    said = finding.text.partition(" at line ")[0]
    if not re.search(_OF_LENGTHS, said):
        return finding
    lengths = [int(length) for told in re.finditer(_LENGTHS, said) for length in re.findall(r"\d+", told[0])]
    given = _given_in(outcome.line or "", exercise, case)
    names = {length: _names_of(length, letters, case, outcome.line or "") for length in dict.fromkeys(lengths)}
    told = [f"{length} is {' or '.join(its)}" for length, its in names.items() if its]
    told = [", ".join(told)] if told else []
    if {"N", "T"} <= {letter for its in names.values() for letter in its} and _is_sequence(exercise):
        told.append("time is axis 0, the batch axis 1")
    if len(exercise.results) == 1 and isinstance(wanted, np.ndarray) and wanted.ndim:
        ((name, shape),) = exercise.results.items()
        told.append(f"{name} must be {np.shape(wanted)}, that is ({shape})")
    if "`left @ right`" in said and not given:
        told.append(_PRODUCT if ".T" not in (outcome.line or "") else _AXES)
    sentences = [f"In this case {'; '.join(told)}.", *given] if told else given
    return replace(finding, text="\n".join([finding.text, " ".join(sentences)])) if sentences else finding


def _names_of(length, letters, case, line):
    """What a length is called in this case: its letters; where arrays are joined, also twice another's; else how many
    places lead up to the largest of the whole numbers that are given."""
    names = [name for name in letters.get(length, []) if not (_sliced(line) and name in case and not _in(name, line))]
    if re.search(r"stack|concatenate|append|\.[rc]_", line) and length % 2 == 0:
        names += [f"2{letter}" for letter in letters.get(length // 2, []) if letter.isalpha()]
    whole = [name for name, value in case.items() if isinstance(value, np.ndarray) and value.dtype.kind in "iu"]
    return list(dict.fromkeys(names)) or [
        f"1 + the largest of {name}" for name in whole if length == 1 + case[name].max(initial=-1)
    ]


def _in(name, line):
    """Whether a name stands in a line."""
    return re.search(rf"\b{name}\b", line)


def _sliced(line):
    """Whether a slice stands in a line: its length may be an input's number by chance."""
    return re.search(r"\[[^\]]*:", line)


def _is_sequence(exercise):
    """Whether a function returns steps of a batch first of all, time on axis 0."""
    return axes_of(next(iter(exercise.results.values()), ""))[:2] == ["T", "N"]


def _given_in(line, exercise, case):
    """A sentence on the inputs that stand in a line, with their documented shapes, and what is transposed there; []
    where none does."""
    told = []
    for name in dict.fromkeys(re.findall(r"(?<![\w.])[A-Za-z_]\w*", line)):
        axes, array = axes_of(exercise.inputs.get(name, "")), case.get(name)
        if not axes or not isinstance(array, np.ndarray) or array.ndim != len(axes):
            continue
        told.append(f"`{name}` is ({listed(axes)})")
        if re.search(rf"\b{name}\.T\b", line) and len(axes) == 2:
            told[-1] += f" and `{name}.T` ({listed(axes[::-1])})"
    if not told:
        return []
    sentence = f"As {'they are' if len(told) > 1 else 'it is'} given, {', '.join(told[:MOST_GIVEN])}"
    return [f"{sentence}{_fitting_product(line, exercise)}."]


def _fitting_product(line, exercise):
    """Of a product of two inputs whose documented lengths do not fit, the only way in which they do: "; `x @ W_x`
    fits"; else nothing."""
    for left, right in re.findall(r"(?<![\w.@])([A-Za-z_]\w*(?:\.T)?) @ ([A-Za-z_]\w*(?:\.T)?)(?![\w.\[(])", line):
        one, other = (name.removesuffix(".T") for name in (left, right))
        axes = {name: axes_of(exercise.inputs.get(name, "")) for name in (one, other)}
        axes |= {f"{name}.T": shape[::-1] for name, shape in axes.items()}
        if any(len(shape) != 2 for shape in axes.values()) or axes[left][1] == axes[right][0]:
            continue
        turned = [
            (a, b)
            for pair in ((one, other), (other, one))
            for a, b in product(*((name, f"{name}.T") for name in pair))
        ]
        told = [
            f"`{a} @ {b}`"
            for a, b in turned
            if axes[a][1] == axes[b][0] and not (a.endswith(".T") and b.endswith(".T"))
        ]
        if len(told) == 1:
            return f"; {told[0]} fits"
    return ""


def _turned(line, case):
    """What is said of a line that transposes an input of three axes."""
    named = {name: case.get(name) for name in re.findall(r"(\w+)\.T\b", line or "")}
    names = [name for name, value in named.items() if isinstance(value, np.ndarray) and value.ndim == 3]
    return (
        f"\n`{names[0]}` has three axes, and `.T` turns all of them round: take one step at a time, or `np.einsum`."
        if names
        else ""
    )


def place_of(line):
    """at line 3, and the line itself on one of its own"""
    match = re.fullmatch(r"line (\d{1,6})(?:: (.*))?", line or "", re.ASCII | re.DOTALL)
    return "" if not match else f" at line {match[1]}" + (f":\n    {quoted_code(match[2])}" if match[2] else "")
