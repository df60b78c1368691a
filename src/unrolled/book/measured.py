"""Measured values on their way into a chapter's prose."""

import numpy as np
from myst_nb import glue

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_TIMES = "\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}"


def tell(**values):
    """Make measured values known to the prose, under their names: {glue:text}`name:.2f` takes one up."""
    for name, value in values.items():
        glue(name, value.item() if isinstance(value, np.generic) else value, display=False)


def power(value):
    """A number as it is read in a text, with two digits that count: 0.18, 41, or 1.2 · 10⁻³⁰."""
    if 100 <= abs(value) < 1000:
        return f"{value:.0f}"
    if value == 0 or 0.01 <= abs(value) < 100:
        return f"{value:.2g}"
    digits, exponent = f"{value:.1e}".split("e")
    return f"{digits}{_TIMES}10{str(int(exponent)).translate(_RAISED)}"
