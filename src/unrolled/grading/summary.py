"""What a class did, for its instructor: marks, their spread, the mistakes met most often, who needs a person."""

import math
import statistics
from collections import Counter
from dataclasses import asdict, dataclass, field

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from unrolled.exercises import exercises_of
from unrolled.grading.gradebook import Lateness

BAR = 24    # characters of the longest bar
MOST = 15   # mistakes that the chart shows
MANY = 5    # hand-ins that a remark is on at the least, when it is told once for all of them


@dataclass(frozen=True)
class StudentRow:
    """One student: marks by function, what lateness cost, and why a person should look, if at all."""

    student: str
    name: str       # as the gradebook has it; often empty
    marks: dict[str, float]
    score: float    # the marks less the penalty, as it is exported
    look: tuple[str, ...] = ()
    was: float | None = None    # the score before, where this run changed it
    late_seconds: float = 0.0
    late_penalty: float = 0.0


@dataclass(frozen=True)
class Summary:
    """One assignment of one class. mistakes counts students by (function, sentence), solved those with full marks.

    common counts students by a remark that is on most of the hand-ins: it says more of the release than of a student. refused says by path why
    something that lies among the hand-ins is not graded at all.
    """

    assignment: str
    points: dict[str, float]
    rows: tuple[StudentRow, ...]
    mistakes: Counter
    solved: dict[str, int]
    common: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def scores(self):
        return [row.score for row in self.rows]

    @property
    def mean(self):
        return statistics.fmean(self.scores) if self.rows else 0.0

    @property
    def spread(self):
        """Standard deviation of the scores."""
        return statistics.pstdev(self.scores) if self.rows else 0.0

    @property
    def full(self):
        """The most that anybody can have."""
        return sum(self.points.values())

    @property
    def to_look_at(self):
        return [row for row in self.rows if row.look]

    def as_json(self):
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
            "refused": {show(path): show(why) for path, why in self.refused.items()},
        }


def summarise(record, before=None, refused=None):
    """The Summary of what a Record holds; before has the scores by student as they were before this run, refused what it could not take."""
    entries, points, by_student = record.entries(), {}, {}
    for mark in record.marks():
        points[mark.name] = mark.points
        by_student.setdefault(mark.student, []).append(mark)
    order = [exercise.name for exercise in exercises_of(record.assignment)]
    points = {name: points[name] for name in [*order, *sorted(set(points) - set(order))] if name in points}
    found = {key: entry.found for key, entry in entries.items() if entry.found}
    mistakes = Counter(pair for said in found.values() for pair in said.mistakes.items())
    remarks = Counter(remark for said in found.values() for remark in set(said.remarks))
    common = {remark: count for remark, count in remarks.most_common() if count >= MANY and count > len(entries) / 2}
    rows, names, late = [], record.names(), record.lateness()
    for student, marks in sorted(by_student.items()):
        given = {mark.name: mark.score for mark in marks}
        scores = {name: given[name] for name in points if name in given}
        lateness = late.get(student, Lateness(0.0, 0.0))
        score = max(0.0, sum(scores.values()) - lateness.penalty)
        was = (before or {}).get(student, score)
        said = [found[key] for key in sorted({(student, mark.notebook) for mark in marks}) if key in found]
        rows.append(
            StudentRow(
                student, names.get(student, ""), scores, score, tuple(_reasons(said, marks, common)),
                None if was == score else was, lateness.seconds, lateness.penalty,
            )  # fmt: skip
        )
    solved = {name: sum(row.marks.get(name, 0) >= full for row in rows) for name, full in points.items()}
    return Summary(record.assignment, points, tuple(rows), mistakes, solved, common, refused or {})


def _reasons(found, marks, common):
    """Why a person should look at a student: what could not be graded and has no mark yet, what was remarked, marks to confirm."""
    waiting = ", ".join(mark.name for mark in marks if mark.needs_person and not mark.by_person)
    given = ", ".join(mark.name for mark in marks if mark.needs_person and mark.by_person)
    reasons = [f"ungraded: {said.ungraded}" for said in found if said.ungraded and waiting]
    if waiting and not reasons:
        reasons.append(f"waits for a person's mark: {waiting}")
    if given:
        reasons.append(f"graded again after a person gave the mark, which still counts: {given}")
    return reasons + [remark for said in found for remark in said.remarks if remark not in common]


def render(summary):
    """The summary for a terminal, as a rich renderable. Nothing that a student named is read as markup."""
    parts = [_marks_table(summary), Text(_line_of_numbers(summary)), Text(), _functions_chart(summary)]
    if summary.mistakes:
        parts += [Text(), _mistakes_chart(summary)]
    if summary.common:
        parts += [Text(), _common_table(summary)]
    if summary.to_look_at or summary.refused:
        parts += [Text(), _look_table(summary)]
    return Group(*parts)


def _table(title):
    return Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, show_edge=False, pad_edge=False)


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
        cells = [Text(_label(row) + (" *" if row.look else "")), Text(f"{row.score:g}", style)]
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
    missed = {name: row.marks.get(name, 0.0) for name, points in summary.points.items() if row.marks.get(name, 0.0) < points}
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
        table.add_row(Text(name), f"{points:g}", str(summary.solved[name]), _bar(summary.solved[name], len(summary.rows)))
    return table


def _bar(count, most):
    return Text("\N{FULL BLOCK}" * round(BAR * count / max(most, 1)) or "\N{LEFT ONE EIGHTH BLOCK}", "cyan")


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


def show(text):
    """A text from outside as one printable line: control characters are spelled out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
