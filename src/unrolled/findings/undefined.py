"""A name that is not defined: what may be meant by it."""

import difflib
import re

import numpy as np

from unrolled.exercises import EXERCISES
from unrolled.findings.letters import axes_of

PYTORCH = "PyTorch is not used in this course, NumPy is, as `np`."
MODULES = {
    "F": PYTORCH,
    "math": "`import math` is missing; NumPy's functions, `np.exp` for `math.exp`, take whole arrays.",
    "nn": PYTORCH,
    "numpy": "NumPy is imported as `np`.",
    "self": "The function is no method: it has its inputs alone.",
    "tf": "TensorFlow is not used in this course, NumPy is, as `np`.",
    "torch": PYTORCH,
}


def describe_undefined(exercise, case, error):
    """A sentence on what a name that is not defined may stand for, by the error that Python raised; "" where that
    is not known."""
    named = re.match(r"(?:NameError: )?name '(\w{1,40})' is not defined", error, re.ASCII)
    name = named[1] if named else ""
    if name in EXERCISES:
        return f"`{name}` is a function of this course: where it is written, that cell must have been run."
    sizes = [
        f"`{name}` is no input, but a length: it is `{given}.shape[{axes_of(shape).index(name)}]`."
        for given, shape in exercise.inputs.items()
        if name in axes_of(shape) and isinstance(case.get(given), np.ndarray)
    ]
    near = difflib.get_close_matches(name, [*case, *exercise.results], n=1)
    of_numpy = f"NumPy's function is `np.{name}`." if callable(getattr(np, name, None)) else ""
    return MODULES.get(name) or next(iter(sizes), "") or of_numpy or (f"Is `{near[0]}` meant?" if near else "")
