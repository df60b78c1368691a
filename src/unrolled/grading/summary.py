"""What a class did, for its instructor: marks, their spread, the mistakes met most often, who needs a person."""

import statistics
from collections import Counter
from dataclasses import asdict, dataclass

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from unrolled.exercises import ASSIGNMENTS

BAR = 24    # characters of the longest bar
MOST = 15   # mistakes that the chart shows


@dataclass(frozen=True)
class StudentRow:
    """One student: marks by function, and why a person should look, if at all."""

    student: str
    name: str       # as the gradebook has it; often empty
    marks: dict[str, float]
    score: float
    look: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    """One assignment of one class. mistakes counts students by (function, sentence), solved those with full marks."""

    assignment: str
    points: dict[str, float]
    rows: tuple[StudentRow, ...]
    mistakes: Counter
    solved: dict[str, int]

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
        }


def summarise(record):
    """The Summary of what a Record holds."""
    entries, points, by_student = record.entries(), {}, {}
    for mark in record.marks():
        points[mark.name] = mark.points
        by_student.setdefault(mark.student, []).append(mark)
    mistakes, look = Counter(), {}
    for (student, notebook), entry in entries.items():
        if entry.found:
            mistakes.update(entry.found.mistakes.items())
        look.setdefault(student, []).extend(_reasons(entry))
    rows, names = [], record.names()
    for student, marks in sorted(by_student.items()):
        needing = [mark.name for mark in marks if mark.needs_person]
        reasons = look.get(student, [])
        if needing and not reasons:
            reasons = [f"waits for a person's mark: {', '.join(needing)}"]
        scores = {mark.name: mark.score for mark in marks}
        rows.append(StudentRow(student, names.get(student, ""), scores, sum(scores.values()), tuple(reasons)))
    order = [exercise.name for exercise in ASSIGNMENTS.get(record.assignment, ())]
    points = {name: points[name] for name in [*order, *sorted(set(points) - set(order))] if name in points}
    solved = {name: sum(row.marks.get(name, 0) >= full for row in rows) for name, full in points.items()}
    return Summary(record.assignment, points, tuple(rows), mistakes, solved)


def _reasons(entry):
    found = entry.found
    if found is None:
        return []
    return ([f"ungraded: {found.ungraded}"] if found.ungraded else []) + list(found.remarks)


def render(summary):
    """The summary for a terminal, as a rich renderable. Nothing that a student named is read as markup."""
    parts = [_marks_table(summary), Text(_line_of_numbers(summary)), Text(), _functions_chart(summary)]
    if summary.mistakes:
        parts += [Text(), _mistakes_chart(summary)]
    if summary.to_look_at:
        parts += [Text(), _look_table(summary)]
    return Group(*parts)


def _table(title):
    return Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, show_edge=False, pad_edge=False)


def _marks_table(summary):
    table = _table(f"{summary.assignment}: {len(summary.rows)} students, {summary.full:g} points")
    table.add_column("student", overflow="fold")
    table.add_column("mark", justify="right")
    table.add_column("points lost in", overflow="fold")
    for row in summary.rows:
        style = "green" if row.score >= summary.full else "" if row.score else "red"
        table.add_row(Text(_label(row) + (" *" if row.look else "")), Text(f"{row.score:g}", style), Text(_lost(row, summary)))
    return table


def _label(row):
    return f"{show(row.student)}  {show(row.name)}" if row.name else show(row.student)


def _lost(row, summary):
    """Where a student's points went: "rnn_forward, readout 1 of 2"."""
    missed = {name: row.marks.get(name, 0.0) for name, points in summary.points.items() if row.marks.get(name, 0.0) < points}
    if len(missed) == len(summary.points) and not any(missed.values()):
        return "everything"
    return ", ".join(f"{name} {score:g} of {summary.points[name]:g}" if score else name for name, score in missed.items())


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


def _look_table(summary):
    table = _table("* A person should look at these")
    table.add_column("student", overflow="fold")
    table.add_column("why", overflow="fold")
    for row in summary.to_look_at:
        table.add_row(Text(_label(row)), Text("\n".join(map(show, row.look))))
    return table


def show(text):
    """A text from outside as one printable line: control characters are spelled out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
