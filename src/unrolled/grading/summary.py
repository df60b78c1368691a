"""What a class did, for its instructor: marks, their spread, the mistakes met most often, who needs a person."""

import statistics
from collections import Counter
from dataclasses import asdict, dataclass

from rich.console import Group
from rich.table import Table
from rich.text import Text

from unrolled.exercises import ASSIGNMENTS

BAR = 24    # characters of the longest bar


@dataclass(frozen=True)
class StudentRow:
    """One student: marks by function, and why a person should look, if at all."""

    student: str
    marks: dict[str, float]
    score: float
    points: float
    look: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    """One assignment of one class. mistakes and findings count students by (function, sentence)."""

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
    rows = []
    for student, marks in sorted(by_student.items()):
        needing = [mark.name for mark in marks if mark.needs_person]
        reasons = look.get(student, [])
        if needing and not reasons:
            reasons = [f"waits for a person's mark: {', '.join(needing)}"]
        scores = {mark.name: mark.score for mark in marks}
        rows.append(StudentRow(student, scores, sum(scores.values()), sum(m.points for m in marks), tuple(reasons)))
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
    parts = [_marks_table(summary), Text(_line_of_numbers(summary))]
    if summary.mistakes:
        parts += [Text(), _mistakes_chart(summary)]
    if summary.to_look_at:
        parts += [Text(), _look_table(summary)]
    return Group(*parts)


def _marks_table(summary):
    table = Table(title=f"{summary.assignment}: {len(summary.rows)} students", title_justify="left")
    table.add_column("student", overflow="fold")
    for name, points in summary.points.items():
        table.add_column(Text(f"{name}\n/ {points:g}"), justify="right")
    table.add_column(f"mark\n/ {summary.full:g}", justify="right", style="bold")
    for row in summary.rows:
        cells = [_mark(row.marks.get(name, 0.0), points) for name, points in summary.points.items()]
        note = " *" if row.look else ""
        table.add_row(Text(show(row.student) + note), *cells, f"{row.score:g}")
    return table


def _mark(score, points):
    return Text(f"{score:g}", style="green" if score >= points else "red")


def _line_of_numbers(summary):
    scores = summary.scores
    if not scores:
        return "No marks yet."
    return (
        f"Mean {summary.mean:.2f} of {summary.full:g}, spread (standard deviation) {summary.spread:.2f}, "
        f"lowest {min(scores):g}, median {statistics.median(scores):g}, highest {max(scores):g}."
    )


def _mistakes_chart(summary, most=12):
    table = Table(title="Mistakes met most often", title_justify="left", box=None, padding=(0, 1))
    table.add_column("students", justify="right")
    table.add_column("")
    table.add_column("function")
    table.add_column("the sentence that was shown", overflow="fold")
    largest = max(summary.mistakes.values())
    for (name, sentence), count in summary.mistakes.most_common(most):
        table.add_row(str(count), "█" * max(1, round(BAR * count / largest)), Text(name), Text(sentence))
    rest = len(summary.mistakes) - most
    if rest > 0:
        table.add_row("", "", "", f"and {rest} more, met less often")
    return table


def _look_table(summary):
    table = Table(title="* A person should look at", title_justify="left", box=None, padding=(0, 1))
    table.add_column("student", overflow="fold")
    table.add_column("why", overflow="fold")
    for row in summary.to_look_at:
        table.add_row(Text(show(row.student)), Text("\n".join(map(show, row.look))))
    return table


def show(text):
    """A text from outside as one printable line: control characters are spelled out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
