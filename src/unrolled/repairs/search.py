"""Changes of a student's function are tried one after another, until one makes everything right, or two do."""

import contextlib
import io
import time
from dataclasses import dataclass
from itertools import combinations, islice, takewhile

from unrolled.dataflow import reached
from unrolled.recording import numbers_in
from unrolled.repairs.answer import NUMBERS, Answer, Seen
from unrolled.repairs.changes import Change, changes

SECONDS = 0.75  # of a processor, which a student waits for
SECONDS_MORE = 0.2  # after a change is found, for one that adds less
SHARE_FOR_TWO = 1 / 3  # of the seconds, once more, for a second change
MOST_HALVES = 4  # changes after which a second one is looked for
MOST_PAIRS = 200  # of changes, each of which makes other results right


@dataclass(frozen=True)
class Repair:
    """One change of a function: the number of a line, the line, what to change in it, and in each row what this
    mistake alone gives.

    Of a mistake that is known by what it gives alone, and not found in a line, there is neither number nor line.
    """

    number: int | None
    line: str | None
    words: str
    alone: tuple


@dataclass(frozen=True)
class Half:
    """A change after which less is wrong, or what a known mistake alone makes wrong: of these results the
    shares, by number.

    It is clear where that is a known mistake, or fewer results are wrong: not only fewer of their places.
    """

    change: Change
    wrong: dict
    is_clear: bool

    @property
    def order(self):
        """By which it comes before others: what is clear first, then where least is left, then what adds least."""
        return not self.is_clear, sum(self.wrong.values()), self.change.longer, self.change.renames_sizes


def find_repairs(fn, rows, count, wrong_in, is_known=None, sentence_of=lambda values: None, seconds=SECONDS):
    """The one Repair of fn, or the two, after which nothing is wrong in any of the rows (case, ...); none where
    they are not found.

    wrong_in(value, row) says of which results, by their numbers of `count`, which share is wrong. Changes are tried in
    the first row first. is_known(value) says whether what is wrong there is what a known mistake gives, and
    sentence_of(values) names it by all rows: a second change is looked for after one that leaves less wrong, or such a
    mistake; without is_known none is. The source of fn must be at hand. What is not found in time is not found.
    """
    answer = Answer.of(fn)
    if not answer:
        return ()
    halves = []
    with contextlib.redirect_stdout(io.StringIO()):
        answer.until = time.process_time() + seconds
        search = _Search(answer, rows, count, wrong_in)
        now = answer.value(rows[0][0])
        before = wrong_in(now, rows[0])

        def look(change, value, wrong):
            is_clear = wrong.keys() < before.keys() or is_known(value)
            better = wrong.keys() <= before.keys() and sum(wrong.values()) < sum(before.values())
            if is_clear or better:
                halves.append(Half(change, wrong, is_clear))

        found = search.first(search.ever_wrong(), look if is_known else None)
        if found:
            return (search.told(found, search.values()),)
        if now is None:  # where it raises, whatever runs is better, and two changes mend by strange ways
            return ()
        halves.sort(key=lambda half: half.order)
        answer.until += seconds * SHARE_FOR_TWO
        pair = search.pair_of(halves) or search.second(halves[:MOST_HALVES])
        if pair:
            return tuple(sorted(pair, key=lambda repair: repair.number))
        fewer = [half for half in halves if half.wrong.keys() < before.keys()]
        return search.half_known(fewer[:MOST_HALVES], sentence_of)


def _best_of(right):
    """Of changes of one kind after which nothing is wrong the one to be told; None of none."""
    best = min(right, key=lambda change: (change.doubt, change.longer, change.renames_sizes), default=None)
    if best and any(change is not best and change.is_alike(best) for change in right):
        return best.in_one_of_several()
    return best


@dataclass
class _Search:
    """An answer, which knows until when changes are tried, rows of (case, ...), and which of its results
    are wrong in them."""

    answer: Answer
    rows: list
    count: int
    wrong_in: object

    def __post_init__(self):
        self.typical = max((case for case, *_ in self.rows), key=numbers_in)  # in which no two sizes are the same
        self.answer.settle(self.typical)

    def first(self, wrong, look=None, apart_from=None):
        """The first Change of the answer as it is now after which nothing is wrong; look sees each other one
        and what it gave.

        What reaches the wrong results alone is changed first. Where one is made already, the change is apart from it.
        Of several of one kind it is the one that adds least: two that cancel, `reversed(range(T))` for
        `hs[T - 1 - t]`, would come out right too, and so would sizes of false names. One of which there is doubt is it
        only where no other is found.
        """
        seen, variables = self.answer.watch(self.typical)
        inputs = {name: Seen.of(value) for name, value in self.typical.items() if isinstance(value, NUMBERS)}
        functions = self.answer.fn.__globals__.keys() - {self.answer.fn.__name__}
        doubtful = []
        for group in changes(self.answer.tree, seen, inputs | variables, functions, self._ranks(wrong)):
            apart = (change for change in group if not (apart_from and change.meets(apart_from)))
            found = _best_of(list(self._right(apart, look)))
            if found and not found.doubt:
                return found
            doubtful += [found] if found else []
        return min(doubtful, key=lambda change: change.doubt, default=None)

    def _right(self, some, look):
        """Those of some changes after which nothing is wrong; once there is one, others are tried for a
        short time only."""
        until = self.answer.until
        for change in some:
            if time.process_time() > until:
                break
            with change.made():
                value = self.answer.value(self.rows[0][0])
                wrong = self.wrong_in(value, self.rows[0])
                right = not wrong and self._is_right_elsewhere()
            if right:
                until = min(until, time.process_time() + SECONDS_MORE)
                yield change
            elif wrong and look and value is not None:  # where nothing is wrong, this case is right by chance
                look(change, value, wrong)

    def pair_of(self, halves):
        """Two Repairs that make right what the other does not."""
        pairs = (
            (a, b)
            for a, b in combinations(halves, 2)
            if not a.wrong.keys() & b.wrong.keys() and not b.change.meets(a.change)
        )
        for one, other in self._in_time(islice(pairs, MOST_PAIRS)):
            with one.change.made(), other.change.made():
                right = (
                    not self.wrong_in(self.answer.value(self.rows[0][0]), self.rows[0]) and self._is_right_elsewhere()
                )
            if right:
                return self._told_both(one.change, other.change)
        return None

    def second(self, halves):
        """Two Repairs, of which the first is one of some halves."""
        for half in halves:
            with half.change.made():
                other = self.first(half.wrong.keys(), apart_from=half.change)
            if other:
                return self._told_both(half.change, other)
        return None

    def half_known(self, halves, sentence_of):
        """Two Repairs, of which one is found, and one is known by what it gives; none where there is no such pair."""
        for half in halves:
            with half.change.made():
                values = self.values()
            sentence = sentence_of(values)
            if sentence:
                return self.told(half.change, ()), Repair(None, None, sentence, values)
        return ()

    def ever_wrong(self):
        """The numbers of the results that are wrong in any row."""
        return frozenset().union(*map(self.wrong_in, self.values(), self.rows))

    def values(self):
        """What the answer as it is now gives in each row."""
        return tuple(self.answer.value(case) for case, *_ in self.rows)

    def told(self, change, alone):
        """The Repair that a change is, told of the answer as it is now."""
        return Repair(change.line, self.answer.line(change.line), change.tell(), alone)

    def _told_both(self, one, other):
        with other.made():
            one_alone = self.values()
        with one.made():
            other_alone = self.values()
        return self.told(one, one_alone), self.told(other, other_alone)

    def _is_right_elsewhere(self):
        """Whether nothing is wrong in any row but the first, and the inputs are as they were."""
        wrong = any(self.wrong_in(self.answer.value(row[0]), row) for row in self.rows[1:])
        return not wrong and self.answer.leaves_alone(self.typical)

    def _in_time(self, some):
        return takewhile(lambda _: time.process_time() < self.answer.until, some)

    def _ranks(self, wrong):
        """Of a node: 0 where all results that it reaches are wrong, 2 where none of them is, else 1; None where it
        reaches none by name."""
        numbers = reached(self.answer.tree, self.count)

        def rank(node):
            its = numbers.get(id(node))
            if not its:
                return None
            return 0 if its <= wrong else 2 - bool(its & wrong)

        return rank
