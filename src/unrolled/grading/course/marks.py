"""Marks as CSV: nbgrader's columns and one a function, or those that Canvas and Moodle import.

Written by the standard library's csv, so commas, quotes, newlines and any alphabet in a name come back as they went
in. Only a name that a spreadsheet would run as a formula gets an apostrophe in front.
"""

import csv
import html
import io
from collections.abc import Collection
from pathlib import Path

from nbgrader.plugins import CsvExportPlugin

from unrolled.grading.course.course import Course
from unrolled.grading.course.gradebook import Found, Record
from unrolled.grading.course.kept import keep, read_kept
from unrolled.grading.course.written import written_answers

PLAIN = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip

LONGEST = 30_000  # characters of a text; a spreadsheet's cell has room for 32,767
SHOWN = 2_000  # of one in a comment


def mark_rows(record: Record, everybody: bool = True, only: Collection[str] | None = None) -> list[dict]:
    """One dict a student, in order of name: nbgrader's columns, and `marks` by function.

    With everybody, a student of the course who handed nothing in has 0; else they are left out.
    With only, a set of ids, the others are left out.
    """
    marks: dict[str, dict[str, float]] = {}
    penalties: dict[str, float] = {}
    came = record.timestamps()
    for mark in record.marks():
        marks.setdefault(mark.student, {})[mark.name] = mark.score
    for (student, _), penalty in record.penalties().items():
        penalties[student] = penalties.get(student, 0.0) + penalty
    shared = {"assignment": record.assignment, "duedate": record.due_date(), "max_score": record.full_score()}
    rows = [
        shared
        | {"timestamp": came.get(student.id)}
        | _row(student, marks.get(student.id, {}), penalties.get(student.id, 0.0))
        for student in record.students()
        if (everybody or student.id in came) and (only is None or student.id in only)
    ]
    return sorted(rows, key=lambda row: (row["last_name"] or "", row["first_name"] or "", row["student_id"]))


def _row(student, marks, penalty):
    raw = sum(marks.values())
    return {
        "student_id": student.id,
        "last_name": _no_formula(student.last),
        "first_name": _no_formula(student.first),
        "email": _no_formula(student.email),
        "raw_score": raw,
        "late_submission_penalty": penalty,
        "score": max(0.0, raw - penalty),
        "lms_user_id": student.lms_number,
        "marks": marks,
    }


def _no_formula(text):
    return f"'{text}" if text and text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def as_csv(record: Record, functions: list[str], only: Collection[str] | None = None) -> str:
    """nbgrader's own columns, after them one for each function or question,
    then what was written in answer to those that a person marks, and what the person said of it."""
    rows, texts, comments = mark_rows(record, only=only), written_answers(record), _comments_by_person(record)
    for_person = [name for name in functions if name in {said.name for said in record.comments()}]
    lines = [
        [_plain(row[key]) for key in PLAIN] + [_plain(row["marks"].get(name)) for name in functions] for row in rows
    ]
    for row, line in zip(rows, lines, strict=True):
        line += [
            _no_formula(said.get((row["student_id"], name), "")[:LONGEST])
            for name in for_person
            for said in (texts, comments)
        ]
    return _table(
        [*PLAIN, *functions, *(f"{name}: {what}" for name in for_person for what in ("answer", "comment"))], lines
    )


def as_canvas(
    record: Record, functions: list[str], only: Collection[str] | None = None, column: str | None = None
) -> str:
    """What Canvas's gradebook imports, into its own column.
    The ID is Canvas's number of the student, which collected files carry."""
    rows = mark_rows(record, everybody=False, only=only)
    points = rows[0]["max_score"] if rows else ""
    lines = [["    Points Possible", "", "", "", "", _plain(points)]]
    for row in rows:
        number = _lms_number(row)
        login = "" if number else row["student_id"]
        lines.append([full_name(row, "{last}, {first}"), number, "", login, "", _plain(row["score"])])
    return _table(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column or record.assignment], lines)


def as_moodle(record: Record, functions: list[str], only: Collection[str] | None = None) -> str:
    """Moodle's grading worksheet of an assignment, with feedback. The Identifier is the participant's number there."""
    entries = {student: entry for (student, _), entry in record.entries().items()}
    points, lines = {mark.name: mark.points for mark in record.marks()}, []
    texts, comments = written_answers(record), _comments_by_person(record)
    waiting = {(mark.student, mark.name) for mark in record.marks() if mark.waits}
    for row in mark_rows(record, everybody=False, only=only):
        number = _lms_number(row)
        identifier = f"Participant {number}" if number else ""
        comment = _comment(
            row,
            entries.get(row["student_id"]),
            {name: points.get(name, 0.0) for name in functions},
            waiting,
            texts,
            comments,
        )
        lines.append([
            identifier, full_name(row, "{first} {last}"), "" if number else row["student_id"], row["email"] or "",
            _plain(row["score"]), _plain(row["max_score"]), "Yes", "-", comment,
        ])  # fmt: skip
    header = [
        "Identifier", "Full name", "ID number", "Email address",
        "Grade", "Maximum Grade", "Grade can be changed", "Last modified (grade)", "Feedback comments",
    ]  # fmt: skip
    return _table(header, lines)


FORMATS = {"csv": as_csv, "canvas": as_canvas, "moodle": as_moodle}
COLUMNS = "canvas-columns"  # by assignment: what Canvas calls its column, with the number that it gave it


def canvas_column(course: Course, assignment: str, named: str | None = None) -> str | None:
    """What Canvas calls an assignment's column, where it was said; named is kept for the next time."""
    kept = read_kept(course, COLUMNS)
    if named and kept.get(assignment) != named:
        keep(course, COLUMNS, kept | {assignment: named})
    return named or kept.get(assignment)


def full_name(person: dict, pattern: str) -> str:
    """A student's name, from a row's last_name and first_name; the id where there is none."""
    first, last = person["first_name"] or "", person["last_name"] or ""
    return pattern.format(first=first, last=last).strip(", ") or person["student_id"]


def _lms_number(row):
    """The LMS's own number of a student: as entered in the gradebook, or the id when that is a number."""
    return row["lms_user_id"] or (row["student_id"] if row["student_id"].isdecimal() else "")


def _comment(row, entry, points, waiting, texts, comments):
    """A few lines of HTML, as Moodle shows a comment: each function's mark, what was found or written, and
    what a person said."""
    found = entry.found if entry and entry.found else Found()
    lines = [found.ungraded] if found.ungraded else []
    for name, full in points.items():
        key = (row["student_id"], name)
        mark = (
            f"{name} "
            f"({'not marked yet,' if key in waiting and not found.ungraded else _plain(row['marks'].get(name, 0.0))} "
            f"of {_plain(full)})"
        )
        finding = "" if found.ungraded else found.messages.get(name, "")
        lines.append(
            mark + finding.removeprefix(name)
            if finding.startswith(name)
            else f"{mark}: {finding}"
            if finding
            else mark
        )
        lines += [f"You wrote: {texts[key][:SHOWN]}"] if texts.get(key) else []
        lines += [f"Your instructor: {comments[key]}"] if key in comments else []
    return "<br>".join(html.escape(line).replace("\n", "<br>") for line in lines)


def _comments_by_person(record):
    """What a person wrote under an answer, by student and function."""
    return {(said.student, said.name.removesuffix("-code")): said.text for said in record.comments() if said.by_person}


def _plain(value):
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _table(header, rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([header, *rows])
    return text.getvalue()


class QuotedCsv(CsvExportPlugin):
    """nbgrader's own export, the same columns, quoted where a name needs it."""

    def export(self, gradebook):
        chosen = [str(name) for name in self.assignment] or [assignment.name for assignment in gradebook.assignments]
        course, lines = Course(Path(self.parent.coursedir.root), self.config), []
        for name in chosen:
            rows = mark_rows(Record(gradebook.engine, name, course))
            lines += [
                [_plain(row[key]) for key in PLAIN]
                for row in rows
                if not self.student or row["student_id"] in map(str, self.student)
            ]
        with open(self.to or "grades.csv", "w", encoding="utf-8", newline="") as file:
            file.write(_table(PLAIN, lines))
