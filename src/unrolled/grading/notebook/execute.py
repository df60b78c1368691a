"""Running a rebuilt notebook in the sandbox: every cell once, every function's record from its own graded cell.

A cell that ends its kernel loses nothing but itself: a fresh kernel runs what came before and goes on after it. A
function whose check failed is tried once more without the student's cells that it does not need, when one of those may
have disturbed it; each such function has an equal share of the time for that. A cell whose kernel somebody outside
killed is run again, a few times in the whole notebook; after that, it is taken to have seen to that itself.
"""

import json
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Self

from unrolled.grading.notebook.inside.wire import GONE, LARGE, NONCE, SLOW
from unrolled.grading.notebook.limits import Limits, in_words
from unrolled.grading.notebook.names import defined_functions
from unrolled.grading.notebook.needs import Needs, name_of, runs
from unrolled.grading.notebook.outputs import clean_count, outputs_of, without_values
from unrolled.grading.notebook.release import is_answer, is_graded, is_own, is_test
from unrolled.grading.notebook.remarks import Remark
from unrolled.grading.notebook.sandbox import Disturbed, Kernel, Ran, Sandbox
from unrolled.quoting import quoted, quoted_code, quoted_error
from unrolled.recording import Outcome, asked, pack, unpack, unpack_record

ATTEMPTS = 3  # at cells whose kernel is killed from outside
_CELL_FILE = re.compile(r"\(\d+\.py, line")  # the file that IPython makes up for a cell
_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")
_COLOUR = re.compile(r"\x1b\[[\d;]*m")
FAULTS = {
    LARGE: "it returned more than can be kept",
    SLOW: "it took longer than {seconds}: is there a loop that never ends?",
    GONE: "it ended its own process before it returned",
}
MISUSED = "the grader's channel was misused while it was checked, so it gets no points"


@dataclass(frozen=True)
class Stop:
    """What stopped a cell: in words, in which the student's text is quoted; the error's type;
    whether it was slower than a cell may be."""

    text: str
    raised: str | None = None
    slow: bool = False


@dataclass(frozen=True)
class Checked:
    """What became of one function's check: its outcomes, or a fault said in words;
    attack, when the channel was misused.

    Of an instructor's own tests there are no outcomes, but the share of the points that they gave.

    stop is what stopped its cell, as the fault tells; beside outcomes, the failed import that its cell
    went on without.
    """

    outcomes: list[Outcome] | None = None
    share: float | None = None
    fault: str | None = None
    attack: str | None = None
    stop: Stop | None = None


@dataclass
class Execution:
    """What running a notebook gave: by place, each cell's outputs and count;
    by grade_id, each graded cell's Checked."""

    outputs: dict[int, list] = field(default_factory=dict)
    counts: dict[int, int | None] = field(default_factory=dict)
    checked: dict[str, Checked] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


class Runner:
    """Runs one notebook (rebuilt, so its cells are ours but for the answers and the
    student's own) in a sandbox, within the limits.

    cases has the inputs of each graded cell by its grade_id.
    """

    def __init__(self, sandbox: Sandbox, notebook: dict, cases: dict[str, list[dict]], limits: Limits) -> None:
        self.sandbox, self.cells, self.limits = sandbox, notebook["cells"], limits
        self.needs = Needs(self.cells)
        # left for the student's own cells together
        self.own_seconds, self.own_bytes = (limits.own_seconds, limits.output_bytes)
        self.inputs = {name: pack(inputs) for name, inputs in cases.items()}
        self.sizes = {name: len(asked(inputs)) for name, inputs in cases.items()}
        self.lost: set[int] = set()  # places of cells that ended a kernel
        self.stops: dict[int, Stop] = {}  # by place, what stopped a cell
        self.tampered: set[int] = set()  # places of cells that sent records while nothing was checked
        self.skipped: set[int] = set()  # places of cells for which no time was left
        # places of the student's own cells that were left out, since others of them had used up their time
        self.dropped: set[int] = set()
        # by place, the seconds that a cell took, all its runs together
        self.costs = dict.fromkeys(range(len(self.cells)), 0.0)
        self.disturbed = 0  # times that a kernel was killed from outside
        self.kernel: Kernel | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_):
        self._stop()

    def run(self) -> Execution:
        """Run all cells in order and return the Execution."""
        execution = Execution()
        self.kernel = self.sandbox.kernel(self.limits)
        self.deadline = time.monotonic() + self.limits.seconds  # what the sandbox takes to start is nobody's time
        for place, cell in enumerate(self.cells):
            if not runs(cell):
                continue
            if self._seconds_left() <= 0:
                self._give_up(execution, place)
                break
            if self._drops(place):
                continue
            ran, nonce = self._run_cell(place, self._places_before(place))
            execution.outputs[place], execution.counts[place] = self._outputs(place, ran), clean_count(ran.count)
            self._note(execution, place, ran, nonce)
        self._stop()
        for place in sorted(self.dropped):
            execution.outputs[place] = _message(
                f"This cell was not run: all cells of your own together have {in_words(self.limits.own_seconds)}."
            )
        return execution

    def _drops(self, place):
        """Whether a cell is one of the student's own and no time is left for it."""
        if is_own(self.cells[place]) and self.own_seconds <= 0:
            self.dropped.add(place)
        return place in self.dropped

    def _outputs(self, place, ran):
        """What a cell showed; the student's own cells together may show as much as one."""
        outputs = outputs_of(ran.messages)
        if is_own(self.cells[place]):
            self.own_bytes -= len(json.dumps(outputs))
            if self.own_bytes < 0:
                return _message("What this cell shows was left out: it was too much.")
        return outputs

    def by_cost(self, names: list[str]) -> list[str]:
        """Names of functions, the one first whose cells have taken least time; those that ended a kernel last."""

        def cost(name):
            place = self.place_of(name)
            needed = self.needs.of(place)
            return bool(self.lost & needed), sum(self.costs[p] for p in {*needed, place})

        return sorted(names, key=cost)

    def run_alone(self, place: int, seconds: float) -> Checked:
        """The Checked of the graded cell at a place, run in a fresh kernel with nothing
        of the student's but what it needs."""
        self._stop()
        self.deadline, self.own_seconds = time.monotonic() + seconds, seconds
        needed, ours = self.needs.of(place), self._ours_before(place)
        self.lost -= needed | ours  # what ended their kernel may have been another's doing
        self.dropped -= needed
        self.stops = {p: stop for p, stop in self.stops.items() if p not in needed}
        self.tampered.clear()
        ran, nonce = self._run_cell(place, sorted(ours | needed))
        self._stop()
        return self._checked(place, ran, nonce)

    def place_of(self, name: str) -> int:
        """The place of the graded cell of a function."""
        return next(place for place, cell in enumerate(self.cells) if is_graded(cell) and name_of(cell) == name)

    def stopped_helper(self, name: str) -> Stop | None:
        """What stopped the first cell of the student's own that a function needs, or None where none was stopped."""
        stopped = sorted(p for p in self.needs.of(self.place_of(name)) if is_own(self.cells[p]) and p in self.stops)
        return self.stops[stopped[0]] if stopped else None

    def may_be_disturbed(self, place: int) -> bool:
        """Whether a cell that the graded cell at a place does not need may have changed
        something for it, or used up its time."""
        spoilt = self.lost | self.dropped
        return (
            self.lacks(place) or bool(spoilt & self._ours_before(place)) or self.needs.may_be_disturbed(place, spoilt)
        )

    def lacks(self, place: int) -> bool:
        """Whether the graded cell at a place was not run, or without a cell of the student's own that it needs."""
        return place in self.skipped or any(p > place or p in self.dropped for p in self.needs.of(place))

    def _run_cell(self, place, before):
        """Run a cell in the current kernel, or in a fresh one that has run the places before it."""
        inputs = self.inputs.get(name_of(self.cells[place])) if is_graded(self.cells[place]) else None
        while kernel := self._prepare(before):
            nonce = secrets.token_bytes(NONCE)
            ran = self._send(
                kernel, place, extra=self.limits.cell_seconds + 2 if inputs else 0, inputs=inputs and nonce + inputs
            )
            if ran:
                break
        else:
            ran, nonce = Ran(ended=self._no_time()), None
        return ran, nonce

    def _prepare(self, before):
        """A kernel that has run the places before. None when the time is over."""
        while self.kernel is None and self._seconds_left() > 0:
            self.kernel = self.sandbox.kernel(self.limits)
            for earlier in before:
                if earlier in self.lost or is_graded(self.cells[earlier]) or self._drops(earlier):
                    continue
                ran = self._send(self.kernel, earlier)
                if ran and (ran.records or ran.attack):
                    self.tampered.add(earlier)
                if self.kernel is None:
                    break
        return self.kernel

    def _send(self, kernel, place, extra=0, inputs=None):
        """What running a cell gave, or None when somebody outside ended its kernel: then it may be tried again."""
        start, own = time.monotonic(), is_own(self.cells[place])
        left = max(0.1, min(self._seconds_left(), self.own_seconds) if own else self._seconds_left())
        try:
            ran = kernel.run(self.cells[place]["source"], min(self.limits.cell_seconds + extra, left), inputs)
        except Disturbed:
            self.kernel = None
            self.disturbed += 1
            if self.disturbed <= ATTEMPTS:
                return None
            ran = Ran(ended="its process was killed")
        self.costs[place] += time.monotonic() - start
        if own:  # and a fresh kernel costs a tenth of their time
            self.own_seconds -= time.monotonic() - start + (self.limits.own_seconds / 10 if ran.ended else 0)
        slow = ran.timed_out and left >= self.limits.cell_seconds
        if ran.ended:
            self.kernel = None
            self.lost.add(place)
            if ran.timed_out:
                ran.ended = f"it took longer than {in_words(self.limits.cell_seconds)}" if slow else self._no_time(own)
        if stop := Stop(ran.ended, slow=slow) if ran.ended else _stop_of(ran.messages):
            self.stops[place] = stop
        return ran

    def _no_time(self, own=False):
        whole, seconds = (
            ("all cells of your own together have", self.limits.own_seconds)
            if own
            else ("the whole notebook has", self.limits.seconds)
        )
        return f"no time was left for it: {whole} {in_words(seconds)}"

    def _note(self, execution, place, ran, nonce):
        cell = self.cells[place]
        if is_graded(cell):
            checked = execution.checked[name_of(cell)] = self._checked(place, ran, nonce)
            if checked.attack:
                execution.remarks.append(Remark(f"While {name_of(cell)} was checked, {checked.attack}."))
            return
        if ran.records or ran.attack:
            self.tampered.add(place)
            execution.remarks.append(Remark(f"Cell {place + 1} wrote on the grader's channel."))
        if ran.ended:
            if place not in self.needs.own:  # cells of the student's own are nobody's business
                execution.remarks.append(Remark(f"Cell {place + 1} was stopped: {ran.ended}."))
            execution.outputs[place] += _message(f"This cell was stopped: {ran.ended}.")

    def _checked(self, place, ran, nonce):
        name = name_of(self.cells[place])
        if ran.attack or self.tampered and self.tampered & self.needs.of(place):
            return Checked(fault=MISUSED, attack=ran.attack or "its cell had written on the grader's channel")
        if is_test(self.cells[place]):
            return self._tested(place, ran)
        if not ran.records:
            return Checked(fault=ran.ended) if ran.ended else self._not_checked(place, ran)
        data = ran.records[0]
        if len(ran.records) > 1 or not secrets.compare_digest(data[:NONCE], nonce):
            return Checked(fault=MISUSED, attack="a record came that was not asked for")
        try:
            content = unpack(data[NONCE:])
            if isinstance(content, str) and content in FAULTS:
                return Checked(fault=FAULTS[content].format(seconds=in_words(self.limits.cell_seconds)))
            outcomes = unpack_record(data[NONCE:])
        except ValueError:
            return Checked(fault=MISUSED, attack="a damaged record came")
        if len(outcomes) != self.sizes[name]:
            return Checked(fault=MISUSED, attack="a record of another size came")
        stop = self._own_stop(place)
        return Checked(outcomes, stop=stop if stop and stop.raised == "ModuleNotFoundError" else None)

    def _tested(self, place, ran):
        """The Checked of tests of the instructor's own, as nbgrader decides: an error gives nothing,
        a number as the last value so many points, all else all of them."""
        if ran.records:
            return Checked(fault=MISUSED, attack="a record came that was not asked for")
        if ran.ended:
            return Checked(fault=ran.ended)
        if not (stop := _stop_of(ran.messages)):
            return Checked(share=_share_of(ran.messages, float(self.cells[place]["metadata"]["nbgrader"]["points"])))
        needed = sorted(p for p in self.needs.of(place) if p in self.stops)
        if needed:
            return Checked(fault=f"its cell stopped: {self.stops[needed[0]].text}", stop=self.stops[needed[0]])
        return Checked(fault=_failed_test(self.cells[place]["source"], ran.messages, stop), stop=stop)

    def _not_checked(self, place, ran):
        """The Checked of the graded cell at a place, whose check sent nothing:
        what kept the function from it, in words."""
        if stop := self._own_stop(place):
            return Checked(fault=f"its cell stopped: {stop.text}", stop=stop)
        stop = _stop_of(ran.messages)
        if stop is None:
            return Checked(
                fault="its check did not run: does a cell of yours give the name `check` to something else?"
            )
        # the cell is ours and uses two names; which of them is missing, only Python's words tell
        match _error_of(ran.messages):
            case "NameError", "name 'check' is not defined":
                return Checked(
                    fault="`check` was gone when it was to be checked: does a cell of yours say `%reset` or `del`?"
                )
            case "NameError", says if says == f"name '{name_of(self.cells[place])}' is not defined":
                return Checked(fault="no function of this name is defined")
        return Checked(fault=stop.text, stop=stop)

    def _own_stop(self, place):
        """What stopped the answer cell of the graded cell at a place, or None."""
        name, answers = name_of(self.cells[place]), [p for p in range(place) if is_answer(self.cells[p])]
        own = [
            p
            for p in self.stops
            if p in answers[-1:] or p in answers and name in defined_functions(self.cells[p]["source"])
        ]
        return self.stops[own[0]] if own else None

    def _give_up(self, execution, place):
        for skipped, cell in enumerate(self.cells[place:], place):
            if is_graded(cell):
                self.skipped.add(skipped)
                execution.checked[name_of(cell)] = Checked(
                    fault=f"the notebook took longer than {in_words(self.limits.seconds)} before it was checked"
                )
        execution.remarks.append(
            Remark(
                f"The notebook took longer than {in_words(self.limits.seconds)}; "
                f"the cells from {place + 1} on were not run."
            )
        )

    def _ours_before(self, place):
        return {
            p
            for p in self._places_before(place)
            if not any(kind(self.cells[p]) for kind in (is_answer, is_own, is_graded))
        }

    def _places_before(self, place):
        return [p for p in range(place) if runs(self.cells[p])]

    def _seconds_left(self):
        return self.deadline - time.monotonic()

    def _stop(self):
        if self.kernel is not None:
            self.kernel.close()
            self.kernel = None


def _message(text):
    """Outputs that say something of ours under a student's cell."""
    return outputs_of([{"msg_type": "stream", "content": {"name": "stderr", "text": text}}])


def _error_of(messages):
    """The first error among messages, its type and what it says, or None:
    after a failed import, more may follow from it."""
    errors = outputs_of(
        [message for message in messages if isinstance(message, dict) and message.get("msg_type") == "error"]
    )
    return (errors[0]["ename"], errors[0]["evalue"]) if errors else None


def _stop_of(messages):
    """The error that stopped a cell at its outermost level, as it may stand in a sentence of ours, or None."""
    error = _error_of(messages)
    if error is None:
        return None
    text = _CELL_FILE.sub("(line", ": ".join(filter(None, error))[:300])
    return Stop(quoted_error(without_values(text)), raised=error[0])


def _share_of(messages, points):
    """The share of a test cell's points that its last value gives, where that is a number; else all of it."""
    values = [
        output["data"]["text/plain"] for output in outputs_of(messages) if output["output_type"] == "execute_result"
    ]
    try:
        value = float(values[-1])
    except (IndexError, ValueError):
        return 1.0
    return min(value / points, 1.0) if points and value >= 0 else 0.0  # what is no number of points gives none


def _failed_test(source, messages, stop):
    """Which test failed, in words: a line that students have is shown, of a hidden one its error's type alone."""
    (error, *_) = [output for output in outputs_of(messages) if output["output_type"] == "error"]
    found = _LINE.search(_COLOUR.sub("", "\n".join(error["traceback"])))
    lines, place = source.split("\n"), int(found[1]) if found else 0
    before = "\n".join(lines[:place])
    if "HIDDEN TESTS" in before and before.rfind("BEGIN HIDDEN TESTS") > before.rfind("END HIDDEN TESTS"):
        return f"a hidden test failed ({quoted(error['ename'], 80)})"
    shown = f"the test {quoted_code(lines[place - 1])}" if 0 < place <= len(lines) else "a test"
    return f"{shown} failed: {stop.text}"
