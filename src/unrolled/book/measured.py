"""Measured values on their way into a chapter's prose."""

import numpy as np
from myst_nb import glue


def tell(**values):
    """Make measured values known to the prose, under their names: {glue:text}`name:.2f` takes one up."""
    for name, value in values.items():
        glue(name, value.item() if isinstance(value, np.generic) else value, display=False)
