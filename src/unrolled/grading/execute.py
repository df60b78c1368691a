"""Running a rebuilt notebook in the sandbox: every cell once, every function's record from its own graded cell.

A cell that ends its kernel loses nothing but itself: a fresh kernel runs what came before and goes on after it. A
function whose check failed is tried once more without the answer cells that it does not need, when one of those may
have disturbed it; each such function has an equal share of the time for that. A cell whose kernel somebody outside
killed is run again, a few times in the whole notebook; after that, it is taken to have seen to that itself.
"""

import builtins
import re
import secrets
import time
from dataclasses import dataclass, field

from unrolled.grading.inside.wire import GONE, LARGE, NONCE, SLOW
from unrolled.grading.limits import in_words
from unrolled.grading.names import bound_names, defined_functions, free_names, may_disturb
from unrolled.grading.outputs import clean_count, outputs_of, without_values
from unrolled.grading.rebuild import is_answer, is_graded
from unrolled.grading.sandbox import Disturbed, Ran
from unrolled.quoting import quoted_error
from unrolled.recording import asked, pack, unpack, unpack_record

ATTEMPTS = 3     # at cells whose kernel is killed from outside
_TOO_LONG = "it took longer than"
_CELL_FILE = re.compile(r"\(\d+\.py, line")     # the file that IPython makes up for a cell
FAULTS = {
    LARGE: "it returned more than can be kept",
    SLOW: "it took longer than {seconds}: is there a loop that never ends?",
    GONE: "it ended its own process before it returned",
}
MISUSED = "the grader's channel was misused while it was checked, so it gets no points"


@dataclass(frozen=True)
class Record:
    """What became of one function's check: its outcomes, or a fault said in words; attack, when the channel was misused.

    missing is the failed import that its cell went on without. In what is said, the student's text is quoted.
    """

    outcomes: list | None = None
    fault: str | None = None
    attack: str | None = None
    missing: str | None = None


@dataclass
class Execution:
    """What running a notebook gave: by place, each cell's outputs and count; by grade_id, each graded cell's Record."""

    outputs: dict[int, list] = field(default_factory=dict)
    counts: dict[int, int | None] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


class Runner:
    """Runs one notebook (rebuilt, so its cells but the answers are ours) in a sandbox, within the limits.

    cases has the inputs of each graded cell by its grade_id.
    """

    def __init__(self, sandbox, notebook, cases, limits):
        self.sandbox, self.cells, self.limits = sandbox, notebook["cells"], limits
        self.inputs = {name: pack(inputs) for name, inputs in cases.items()}
        self.sizes = {name: len(asked(inputs)) for name, inputs in cases.items()}
        self.lost = set()       # places of cells that ended a kernel
        self.errors = {}        # by place, what stopped a cell
        self.tampered = set()   # places of cells that sent records while nothing was checked
        self.skipped = set()    # places of cells for which no time was left
        self.costs = dict.fromkeys(range(len(self.cells)), 0.0)     # by place, the seconds that a cell took, all its runs together
        self.disturbed = 0      # times that a kernel was killed from outside
        self.kernel = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stop()

    def run(self):
        """Run all cells in order and return the Execution."""
        execution = Execution()
        self.kernel = self.sandbox.kernel(self.limits)
        self.deadline = time.monotonic() + self.limits.seconds      # what the sandbox takes to start is nobody's time
        for place, cell in enumerate(self.cells):
            if not _runs(cell):
                continue
            if self._seconds_left() <= 0:
                self._give_up(execution, place)
                break
            ran, nonce = self._run_cell(place, self._places_before(place))
            execution.outputs[place], execution.counts[place] = outputs_of(ran.messages), clean_count(ran.count)
            self._note(execution, place, ran, nonce)
        self._stop()
        return execution

    def by_cost(self, names):
        """Names of functions, the one first whose cells have taken least time; those that ended a kernel last."""
        def cost(name):
            place = self.place_of(name)
            needed = needed_answers(self.cells, place)
            return bool(self.lost & needed), sum(self.costs[p] for p in {*needed, place})

        return sorted(names, key=cost)

    def run_alone(self, place, seconds):
        """The Record of the graded cell at a place, run in a fresh kernel with nothing but the answers that it needs."""
        self._stop()
        self.deadline = time.monotonic() + seconds
        needed = needed_answers(self.cells, place)
        self.lost -= needed     # what ended their kernel may have been another's doing
        self.tampered.clear()
        places = [p for p in self._places_before(place) if not is_answer(self.cells[p]) or p in needed]
        ran, nonce = self._run_cell(place, places)
        self._stop()
        return self._read_record(place, ran, nonce)

    def place_of(self, name):
        """The place of the graded cell of a function."""
        return next(place for place, cell in enumerate(self.cells) if is_graded(cell) and _name(cell) == name)

    def may_be_disturbed(self, place):
        """Whether an answer that the graded cell at a place does not need may have changed something for it, or used up its time."""
        if place in self.skipped:
            return True
        needed, own = needed_answers(self.cells, place), _own_names(self.cells)
        functions = {_name(cell) for cell in self.cells if is_graded(cell)}
        for other, cell in enumerate(self.cells[:place]):
            if is_answer(cell) and _runs(cell) and other not in needed:
                protected = names_of_ours(self.cells) | functions - own[other] | {_name(self.cells[place])}
                if other in self.lost or may_disturb(cell["source"], protected):
                    return True
        return False

    def _run_cell(self, place, before):
        """Run a cell in the current kernel, or in a fresh one that has run the places before it."""
        inputs = self.inputs.get(_name(self.cells[place])) if is_graded(self.cells[place]) else None
        while self._prepare(before):
            nonce = secrets.token_bytes(NONCE)
            ran = self._send(place, extra=self.limits.cell_seconds + 2 if inputs else 0, inputs=inputs and nonce + inputs)
            if ran:
                break
        else:
            ran, nonce = Ran(ended=self._no_time()), None
        return ran, nonce

    def _prepare(self, before):
        """Have a kernel that has run the places before. False when the time is over."""
        while self.kernel is None and self._seconds_left() > 0:
            self.kernel = self.sandbox.kernel(self.limits)
            for earlier in before:
                if earlier in self.lost or is_graded(self.cells[earlier]):
                    continue
                ran = self._send(earlier)
                if ran and (ran.records or ran.attack):
                    self.tampered.add(earlier)
                if self.kernel is None:
                    break
        return self.kernel is not None

    def _send(self, place, extra=0, inputs=None):
        """What running a cell gave, or None when somebody outside ended its kernel: then it may be tried again."""
        start, left = time.monotonic(), max(0.1, self._seconds_left())
        try:
            ran = self.kernel.run(self.cells[place]["source"], min(self.limits.cell_seconds + extra, left), inputs)
        except Disturbed:
            self.kernel = None
            self.disturbed += 1
            if self.disturbed <= ATTEMPTS:
                return None
            ran = Ran(ended="its process was killed")
        self.costs[place] += time.monotonic() - start
        if ran.ended:
            self.kernel = None
            self.lost.add(place)
            if ran.ended.startswith(_TOO_LONG):
                ran.ended = self._no_time() if left < self.limits.cell_seconds else f"{_TOO_LONG} {in_words(self.limits.cell_seconds)}"
        error = _error_of(ran.messages)
        if ran.ended or error:
            self.errors[place] = ran.ended or _told(error)
        return ran

    def _no_time(self):
        return f"no time was left for it: the whole notebook has {in_words(self.limits.seconds)}"

    def _note(self, execution, place, ran, nonce):
        cell = self.cells[place]
        if is_graded(cell):
            record = execution.records[_name(cell)] = self._read_record(place, ran, nonce)
            if record.attack:
                execution.remarks.append(f"While {_name(cell)} was checked, {record.attack}.")
            return
        if ran.records or ran.attack:
            self.tampered.add(place)
            execution.remarks.append(f"Cell {place + 1} wrote on the grader's channel.")
        if ran.ended:
            message = f"This cell was stopped: {ran.ended}."
            execution.remarks.append(f"Cell {place + 1} was stopped: {ran.ended}.")
            execution.outputs[place] += outputs_of([{"msg_type": "stream", "content": {"name": "stderr", "text": message}}])

    def _read_record(self, place, ran, nonce):
        name = _name(self.cells[place])
        if ran.attack or self.tampered & needed_answers(self.cells, place):
            return Record(fault=MISUSED, attack=ran.attack or "its cell had written on the grader's channel")
        if not ran.records:
            return Record(fault=ran.ended or self._why_not_checked(place, ran))
        data = ran.records[0]
        if len(ran.records) > 1 or not secrets.compare_digest(data[:NONCE], nonce):
            return Record(fault=MISUSED, attack="a record came that was not asked for")
        try:
            content = unpack(data[NONCE:])
            if isinstance(content, str) and content in FAULTS:
                return Record(fault=FAULTS[content].format(seconds=in_words(self.limits.cell_seconds)))
            outcomes = unpack_record(data[NONCE:])
        except ValueError:
            return Record(fault=MISUSED, attack="a damaged record came")
        if len(outcomes) != self.sizes[name]:
            return Record(fault=MISUSED, attack="a record of another size came")
        error = self._own_error(place) or ""
        return Record(outcomes, missing=error if error.startswith("ModuleNotFoundError") else None)

    def _why_not_checked(self, place, ran):
        """What kept the function of the graded cell at a place from being checked, in words."""
        name = _name(self.cells[place])
        if error := self._own_error(place):
            return f"its cell stopped: {error}"
        match _error_of(ran.messages):
            case None:
                return "its check did not run: does a cell of yours give the name `check` to something else?"
            case "NameError: name 'check' is not defined":
                return "`check` was gone when it was to be checked: does a cell of yours say `%reset` or `del`?"
            case error:
                return "no function of this name is defined" if error == f"NameError: name '{name}' is not defined" else _told(error)

    def _own_error(self, place):
        """What stopped the answer cell of the graded cell at a place, or None."""
        name, answers = _name(self.cells[place]), [p for p in range(place) if is_answer(self.cells[p])]
        own = [p for p in self.errors if p in answers[-1:] or p in answers and name in defined_functions(self.cells[p]["source"])]
        return self.errors[own[0]] if own else None

    def _give_up(self, execution, place):
        for skipped, cell in enumerate(self.cells[place:], place):
            if is_graded(cell):
                self.skipped.add(skipped)
                execution.records[_name(cell)] = Record(fault=f"the notebook took longer than {in_words(self.limits.seconds)} before it was checked")
        execution.remarks.append(f"The notebook took longer than {in_words(self.limits.seconds)}; the cells from {place + 1} on were not run.")

    def _places_before(self, place):
        return [p for p in range(place) if _runs(self.cells[p])]

    def _seconds_left(self):
        return self.deadline - time.monotonic()

    def _stop(self):
        if self.kernel is not None:
            self.kernel.close()
            self.kernel = None


def needed_answers(cells, place):
    """Places of the answer cells that the graded cell at a place needs: its own, and those whose functions they call."""
    defined = _own_names(cells)
    wanted, needed = {_name(cells[place])}, set()
    while wanted:
        found = {p for p, names in defined.items() if p < place and p not in needed and wanted & names}
        needed |= found
        wanted = set().union(*(free_names(cells[p]["source"]) for p in found)) - names_of_ours(cells)
    return needed


def _own_names(cells):
    """By the place of each answer cell, the names that it is there to define: no function that another is checked for."""
    defined, owners = {}, {}
    for place, cell in enumerate(cells):
        if is_answer(cell) and _runs(cell):
            defined[place] = defined_functions(cell["source"])
        elif is_graded(cell):       # the last cell before its check is the function's own
            owners[_name(cell)] = next((p for p in reversed(defined) if _name(cell) in defined[p]), None)
    return {place: {name for name in names if owners.get(name, place) == place} for place, names in defined.items()}


def names_of_ours(cells):
    """Names that are there without the answers: np, check, and Python's own."""
    return set(dir(builtins)).union(*(bound_names(cell["source"]) for cell in cells if _runs(cell) and not is_answer(cell)))


def _runs(cell):
    return cell["cell_type"] == "code" and "skip-execution" not in cell["metadata"].get("tags", ())


def _name(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def _error_of(messages):
    """The first error among messages, as text: after a failed import, more may follow from it."""
    errors = outputs_of([message for message in messages if isinstance(message, dict) and message.get("msg_type") == "error"])
    return _CELL_FILE.sub("(line", ": ".join(filter(None, [errors[0]["ename"], errors[0]["evalue"]]))[:300]) if errors else None


def _told(error):
    """An error at a cell's outermost level, as it may stand in a sentence of ours."""
    return quoted_error(without_values(error))
