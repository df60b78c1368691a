"""What students really get wrong: each mistake is a wrong variant and the sentence that names it.

A module here belongs to the assignment whose name its own begins with. Importing it makes its mistakes known.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

_KNOWN: dict[Callable, list["Mistake"]] = {}


@dataclass(frozen=True)
class Mistake:
    """wrong takes what the reference function takes and returns what the mistaken student's function returns."""

    wrong: Callable
    sentence: str

    @property
    def name(self):
        return self.wrong.__name__


def mistake(of, sentence):
    """Decorator: the function below is a known way to get the reference function `of` wrong."""

    def register(wrong):
        _KNOWN.setdefault(of, []).append(Mistake(wrong, sentence))
        return wrong

    return register


def known_mistakes(of):
    """The known mistakes of a reference function, in the order in which they are tried."""
    return tuple(_KNOWN.get(of, ()))


def unroll(step, xs, *state):
    """step(x, *state) -> new state and whatever else it returns, over a sequence; each of its results stacked."""
    kept = []
    for x in xs:
        results = step(x, *state)
        state = results[: len(state)]
        kept.append(results)
    return tuple(np.stack(arrays) for arrays in zip(*kept, strict=True))
