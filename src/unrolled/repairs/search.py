"""Changes of a student's function are tried one after another, until one makes everything right, or two do."""

import contextlib
import io
import time
from dataclasses import dataclass
from itertools import takewhile

from unrolled.recording import numbers_in
from unrolled.repairs.answer import NUMBERS, Answer, Seen
from unrolled.repairs.changes import changes

SECONDS = 1.0  # of a processor, which a student waits for
MOST_HALVES = 4  # changes after which a second one is looked for


@dataclass(frozen=True)
class Repair:
    """One change of a function: the number of a line, the line, what to change in it, and in each row what this mistake alone gives."""

    number: int
    line: str
    words: str
    alone: tuple


def find_repairs(fn, rows, holds, helps, seconds=SECONDS):
    """The one Repair of fn, or the two, after which holds(value, row) in all rows of (case, ...); none where they are not found.

    Changes are tried in the first row first. helps(value) says of what is not right there whether one change more may do: after
    such a change a second one is looked for. The source of fn must be at hand. What is not found in time is not found.
    """
    answer = Answer.of(fn)
    if not answer:
        return ()
    halves = []
    with contextlib.redirect_stdout(io.StringIO()):
        search = _Search(answer, rows, holds, time.process_time() + seconds)
        found = search.first(lambda change, value: halves.append(change) if helps(value) else None)
        if found:
            return (search.told(found, search.values()),)
        search.until += seconds / 2
        for half in halves[:MOST_HALVES]:
            with half.made():
                other = search.first(apart_from=half)
                alone = other and search.values()
            if other:
                with other.made():
                    half_alone = search.values()
                both = search.told(half, half_alone), search.told(other, alone)
                return tuple(sorted(both, key=lambda repair: repair.number))
    return ()


@dataclass
class _Search:
    """An answer, rows of (case, ...), what must hold in them of what it gives, and the time until which changes are tried."""

    answer: Answer
    rows: list
    holds: object
    until: float

    def __post_init__(self):
        self.typical = max((case for case, *_ in self.rows), key=numbers_in)  # in which no two sizes are the same
        self.answer.settle(self.typical)

    def first(self, look=lambda change, value: None, apart_from=None):
        """The first Change of the answer as it is now after which all holds; look sees each other one and what it gave.

        Where one is made already, the change is apart from it.
        """
        seen, variables = self.answer.watch(self.typical)
        inputs = {name: Seen.of(value) for name, value in self.typical.items() if isinstance(value, NUMBERS)}
        functions = self.answer.fn.__globals__.keys() - {self.answer.fn.__name__}
        in_time = takewhile(
            lambda _: time.process_time() < self.until, changes(self.answer.tree, seen, inputs | variables, functions)
        )
        for change in in_time:
            if apart_from and change.meets(apart_from):
                continue
            with change.made():
                value = self.answer.value(self.rows[0][0])
                if self.holds(value, self.rows[0]) and all(
                    self.holds(self.answer.value(row[0]), row) for row in self.rows[1:]
                ):
                    return change
            if value is not None:
                look(change, value)
        return None

    def values(self):
        """What the answer as it is now gives in each row."""
        return tuple(self.answer.value(case) for case, *_ in self.rows)

    def told(self, change, alone):
        """The Repair that a change is, told of the answer as it is now."""
        return Repair(change.line, self.answer.line(change.line), change.tell(), alone)
