"""What a class did, for its instructor: marks, their spread, the mistakes met most often, who needs a person."""

import math
import statistics
from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass, field

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from unrolled.exercises import exercises_of
from unrolled.grading.course.gradebook import Lateness, Mark, Record

BAR = 24  # characters of the longest bar
MOST = 15  # mistakes that the chart shows
MANY = 5  # hand-ins that a remark is on at the least, when it is told once for all of them

# How much a student needs a person.
NOTHING, A_LOOK, TO_CONFIRM, A_MARK = range(4)


@dataclass(frozen=True)
class StudentRow:
    """One student: marks by function, what lateness cost, and why a person should look, if at all."""

    student: str
    name: str  # as the gradebook has it; often empty
    marks: dict[str, float]
    score: float  # the marks less the penalty, as it is exported
    look: tuple[str, ...] = ()
    was: float | None = None  # the score before, where this run changed it
    late_seconds: float = 0.0
    late_penalty: float = 0.0
    need: int = NOTHING
    messages: dict[str, str] = field(default_factory=dict)  # what was found, by function


@dataclass(frozen=True)
class Summary:
    """One assignment of one class. mistakes counts students by (function, sentence), solved those with full marks.

    common counts students by a remark that is on most of the hand-ins: it says more of the release than of a student.
    refused says by path why something that lies among the hand-ins is not graded at all.
    inside names what was decided in the sandbox, where a student's code could reach the tests.
    """

    assignment: str
    points: dict[str, float]
    rows: tuple[StudentRow, ...]
    mistakes: Counter[tuple[str, str]]
    solved: dict[str, int]
    common: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    inside: tuple[str, ...] = ()  # tests of the instructor's own

    @property
    def scores(self) -> list[float]:
        return [row.score for row in self.rows]

    @property
    def mean(self) -> float:
        return statistics.fmean(self.scores) if self.rows else 0.0

    @property
    def spread(self) -> float:
        """Standard deviation of the scores."""
        return statistics.pstdev(self.scores) if self.rows else 0.0

    @property
    def full(self) -> float:
        """The most that anybody can have."""
        return sum(self.points.values())

    @property
    def to_look_at(self) -> list[StudentRow]:
        """Those who need a person, who waits for a mark first."""
        return sorted((row for row in self.rows if row.need), key=lambda row: -row.need)

    def as_json(self) -> dict:
        """The same as plain values for `json.dump`."""
        return {
            "assignment": self.assignment,
            "points": self.points,
            "students": [asdict(row) for row in self.rows],
            "mean": self.mean,
            "spread": self.spread,
            "solved": self.solved,
            "mistakes": [
                {"function": name, "sentence": sentence, "students": count}
                for (name, sentence), count in self.mistakes.most_common()
            ],
            "common": self.common,
            "inside": list(self.inside),
            "refused": {show(path): show(why) for path, why in self.refused.items()},
        }


def summarise(
    record: Record, before: dict[str, float] | None = None, refused: dict[str, str] | None = None
) -> Summary:
    """The Summary of what a Record holds; before has the scores by student as they were before this run,
    refused what it could not take."""
    entries, points = record.entries(), {}
    by_student: dict[str, list[Mark]] = {}
    for mark in record.marks():
        points[mark.name] = mark.points
        by_student.setdefault(mark.student, []).append(mark)
    points = {name: points[name] for name in in_order(record.assignment, points)}
    found = {key: entry.found for key, entry in entries.items() if entry.found}
    mistakes = Counter(pair for said in found.values() for pair in said.mistakes.items())
    remarks = Counter(text for said in found.values() for text in {remark.text for remark in said.remarks})
    common = {text: count for text, count in remarks.most_common() if count >= MANY and count > len(entries) / 2}
    rows, names, late = [], record.names(), record.lateness()
    for student, marks in sorted(by_student.items()):
        given = {mark.name: mark.score for mark in marks}
        scores = {name: given[name] for name in points if name in given}
        lateness = late.get(student, Lateness(0.0, 0.0))
        score = max(0.0, sum(scores.values()) - lateness.penalty)
        was = (before or {}).get(student, score)
        said = [found[key] for key in sorted({(student, mark.notebook) for mark in marks}) if key in found]
        reasons = _reasons(said, marks, common)
        lost = score < sum(points.values())
        rows.append(
            StudentRow(
                student,
                names.get(student, ""),
                scores,
                score,
                tuple(text for _, text in reasons),
                None if was == score else was,
                lateness.seconds,
                lateness.penalty,
                max((A_LOOK if need == NOTHING and lost else need for need, _ in reasons), default=NOTHING),
                {name: message for one in said for name, message in one.messages.items()},
            )  # fmt: skip
        )
    solved = {name: sum(row.marks.get(name, 0) >= full for row in rows) for name, full in points.items()}
    judged = {name for said in found.values() for name in said.messages}
    inside = tuple(
        name for name in points if name in judged - {exercise.name for exercise in exercises_of(record.assignment)}
    )
    return Summary(record.assignment, points, tuple(rows), mistakes, solved, common, refused or {}, inside)


def in_order(assignment: str, names: Collection[str]) -> list[str]:
    """Names of graded cells: the assignment's functions as it asks for them, then all others."""
    functions = [exercise.name for exercise in exercises_of(assignment) if exercise.name in names]
    return functions + sorted(set(names) - set(functions))


def _reasons(found, marks, common):
    """What there is to say of a student, each with its need:
    what has no mark yet, marks to confirm, what was remarked."""
    waiting = ", ".join(mark.name for mark in marks if mark.waits)
    given = ", ".join(mark.name for mark in marks if mark.needs_person and mark.by_person)
    reasons = [(A_MARK, f"ungraded: {said.ungraded}") for said in found if said.ungraded and waiting]
    if waiting and not reasons:
        reasons.append((A_MARK, f"waits for a person's mark: {waiting}"))
    if given:
        reasons.append((TO_CONFIRM, f"graded again after a person gave the mark, which still counts: {given}"))
    remarks = [remark for said in found for remark in said.remarks if remark.text not in common]
    return reasons + [(NOTHING if remark.put_right else A_LOOK, remark.text) for remark in remarks]


def render(summary: Summary) -> Group:
    """The summary for a terminal, as a rich renderable. Nothing that a student named is read as markup."""
    parts = [_marks_table(summary), Text(_line_of_numbers(summary)), Text(), _functions_chart(summary)]
    if summary.inside:
        parts.append(
            Text(
                f"By tests of your own, which a student's code can reach where they run: {', '.join(summary.inside)}."
            )
        )
    if summary.mistakes:
        parts += [Text(), _mistakes_chart(summary)]
    if summary.common:
        parts += [Text(), _common_table(summary)]
    if summary.to_look_at or summary.refused:
        parts += [Text(), _look_table(summary)]
    return Group(*parts)


def render_student(summary: Summary, row: StudentRow) -> Group:
    """One student's own result for a terminal: points and finding of each function, lateness, what was remarked."""
    title = f"{_label(row)}: {row.score:g} of {summary.full:g} points in {summary.assignment}"
    table = _table(Text(title))
    table.add_column("function", overflow="fold")
    table.add_column("points", justify="right")
    table.add_column("what was found", overflow="fold")
    for name, points in summary.points.items():
        lines = (show(line) for line in row.messages.get(name, "").split("\n"))
        table.add_row(Text(name), f"{row.marks.get(name, 0.0):g} of {points:g}", Text("\n".join(lines)))
    late = f"Late by {_how_late(row.late_seconds)}, which cost {row.late_penalty:g}." if row.late_seconds else ""
    return Group(Text(), table, *(Text(line) for line in [late, *map(show, row.look)] if line))


def _table(title):
    return Table(
        title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, show_edge=False, pad_edge=False
    )


def _marks_table(summary):
    table = _table(f"{summary.assignment}: {len(summary.rows)} students, {summary.full:g} points")
    table.add_column("student", overflow="fold")
    table.add_column("mark", justify="right")
    changed, late = any(row.was is not None for row in summary.rows), any(row.late_seconds for row in summary.rows)
    if changed:
        table.add_column("before", justify="right")
    if late:
        table.add_column("late", justify="right")
    table.add_column("points lost in", overflow="fold")
    for row in summary.rows:
        style = "green" if row.score >= summary.full else "" if row.score else "red"
        cells = [Text(_label(row) + (" *" if row.need else "")), Text(f"{row.score:g}", style)]
        if changed:
            cells.append("" if row.was is None else f"{row.was:g}")
        if late:
            cells.append(_how_late(row.late_seconds))
        table.add_row(*cells, Text(_lost(row, summary)))
    return table


def _how_late(seconds):
    """How late, rounded up: "1 min", "5 h", "3 d"."""
    unit, name = (86400, "d") if seconds > 2 * 86400 else (3600, "h") if seconds > 2 * 3600 else (60, "min")
    return f"{math.ceil(seconds / unit)} {name}" if seconds else ""


def _label(row):
    return f"{show(row.student)}  {show(row.name)}" if row.name else show(row.student)


def _lost(row, summary):
    """Where a student's points went: "rnn_forward, readout 1 of 2"."""
    missed = {
        name: row.marks.get(name, 0.0) for name, points in summary.points.items() if row.marks.get(name, 0.0) < points
    }
    if len(missed) == len(summary.points) and not any(missed.values()):
        return "everything"
    lost = [f"{name} {score:g} of {summary.points[name]:g}" if score else name for name, score in missed.items()]
    return ", ".join([*lost, *([f"lateness {row.late_penalty:g}"] if row.late_penalty else [])])


def _functions_chart(summary):
    table = _table("Who solved what")
    table.add_column("function")
    table.add_column("points", justify="right")
    table.add_column("students", justify="right")
    table.add_column("")
    for name, points in summary.points.items():
        table.add_row(
            Text(name), f"{points:g}", str(summary.solved[name]), _bar(summary.solved[name], len(summary.rows))
        )
    return table


def _bar(count, most):
    return _Bar(round(BAR * count / max(most, 1)))


@dataclass(frozen=True)
class _Bar:
    """A bar in a table, of signs that the terminal has."""

    length: int

    def _text(self, options):
        full, least = ("#", "|") if options.ascii_only else ("\N{FULL BLOCK}", "\N{LEFT ONE EIGHTH BLOCK}")
        return Text(full * self.length or least, "cyan")

    def __rich_console__(self, console, options):
        yield self._text(options)

    def __rich_measure__(self, console, options):
        return Measurement.get(console, options, self._text(options))


def _line_of_numbers(summary):
    scores = summary.scores
    if not scores:
        return "No marks yet."
    return (
        f"Mean {summary.mean:.2f} of {summary.full:g}, spread (standard deviation) {summary.spread:.2f}, "
        f"lowest {min(scores):g}, median {statistics.median(scores):g}, highest {max(scores):g}."
    )


def _mistakes_chart(summary):
    table = _table("Mistakes met most often")
    table.add_column("students", justify="right")
    table.add_column("")
    table.add_column("function")
    table.add_column("the sentence that was shown", overflow="fold")
    largest = max(summary.mistakes.values())
    for (name, sentence), count in summary.mistakes.most_common(MOST):
        table.add_row(str(count), _bar(count, largest * 2), Text(name), Text(sentence))
    if len(summary.mistakes) > MOST:
        table.caption = f"{len(summary.mistakes) - MOST} more were met less often; --json lists them all."
    return table


def _common_table(summary):
    table = _table("On most hand-ins, as when the release was changed later; not listed below")
    table.add_column("students", justify="right")
    table.add_column("what", overflow="fold")
    for remark, count in summary.common.items():
        table.add_row(str(count), Text(show(remark)))
    return table


def _look_table(summary):
    table = _table("* A person should look at these")
    table.add_column("student", overflow="fold")
    table.add_column("why", overflow="fold")
    for row in summary.to_look_at:
        table.add_row(Text(_label(row)), Text("\n".join(map(show, row.look))))
    for path, why in summary.refused.items():
        table.add_row(Text(show(path)), Text(f"not graded: {show(why)}"))
    return table


def show(text: str) -> str:
    """A text from outside as one printable line: control characters are spelled out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
