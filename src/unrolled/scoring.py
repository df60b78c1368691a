"""What a task that is scored by what it reaches has reached: which part of the points, and in words
what is missing."""

import numpy as np

from unrolled.findings import finding_of_error
from unrolled.quoting import quoted_type
from unrolled.recording import Opaque


def score(task, case, outcome):
    """The share of the points, from 0 to 1, and the words for it."""
    fault = finding_of_error(outcome).text if outcome.error else fault_of(task, task.given(case), outcome.value)
    if fault:
        return 0.0, fault
    reached = task.measured(outcome.value, case)
    if not np.isfinite(reached):
        return 0.0, "with what it returned, the network computes nan or infinity: its parameters are too large."
    thresholds = case["thresholds"]
    count = sum(reached <= threshold for threshold in thresholds)
    return count / len(thresholds), _in_words(f"{reached:.2f} {task.unit}", reached, thresholds, count)


def fault_of(task, given, parameters):
    """What is wrong with the form of what was returned, or None: names, types, shapes, values that are not finite."""
    names = task.names
    if type(parameters) is not dict:
        return f"it must return a dict of {len(names)} arrays ({', '.join(names)}), not {_type_of(parameters)}."
    if missing := [name for name in names if name not in parameters]:
        return f"its dict lacks {', '.join(missing)}: it must hold {', '.join(names)}."
    if len(parameters) > len(names):
        return f"its dict holds {len(parameters)} values: it must hold {', '.join(names)} and nothing else."
    for name in names:
        if not isinstance(parameters[name], np.ndarray) or parameters[name].dtype.kind != "f":
            return f"{name} must be a NumPy array of floating-point numbers, not {_type_of(parameters[name])}."
    for name, (shape, in_letters) in task.shapes(given, parameters).items():
        if parameters[name].shape != shape:
            return f"{name} has shape {parameters[name].shape}, it must be {shape}, that is {in_letters}."
    for name in names:
        if not np.all(np.isfinite(parameters[name])):
            return f"{name} is nan or infinite in some places: did a step of the training grow too large?"
    return None


def _in_words(quantity, reached, thresholds, count):
    has = f"it reaches {quantity} on data that it has not seen"
    if count == len(thresholds):
        return f"{has}, and {thresholds[-1]:g} gives all points."
    parts = f"{count} of {len(thresholds)} parts of the points" if count else "no points yet"
    missing = f"The next part is given at {thresholds[count]:g}, {max(reached - thresholds[count], 0.01):.2f} less"
    return f"{has}: {parts}. {missing}; all of them at {thresholds[-1]:g}."


def _type_of(value):
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype}"
    return quoted_type(value.type_name) if isinstance(value, Opaque) else type(value).__name__
