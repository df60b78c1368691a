"""The commands for the course's administration: who is in it, and by when they hand in."""

from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from unrolled.grading.app import HERE, Assignment, Folder, command, counted, err, out


@command
def roster(
    file: Annotated[
        Path, typer.Argument(help="A CSV file: Canvas's export of its gradebook, or Moodle's list of participants.")
    ],
    course: Folder = HERE,
):
    """Enter the class's names, addresses and sections from the list that Canvas or Moodle exports."""
    from unrolled.grading.course.course import open_course
    from unrolled.grading.course.gradebook import open_record
    from unrolled.grading.course.roster import enter, read_roster

    opened = open_course(course)
    people = read_roster(file)
    with open_record(opened) as record:
        entered = enter(opened, record, people)
    sections = sorted({section for person in entered.values() for section in person.sections})
    text = counted(len(entered), "student") + (
        f", in {counted(len(sections), 'section')}: {', '.join(sections)}" if sections else ""
    )
    out.print(Text(f"{text}."), soft_wrap=True)


@command
def due(
    assignment: Assignment,
    time: Annotated[
        str,
        typer.Argument(
            help='When, such as "2027-03-05 17:00", in this machine\'s zone; "none" takes it back; to be told, '
            "nothing."
        ),
    ] = "",
    course: Folder = HERE,
):
    """Set or say when an assignment is due, and what time zone that is in. What lateness costs follows at once."""
    from unrolled.grading.course.deadlines import read_time, say_time, set_due_date

    when = None if time == "none" else read_time(time) if time else ...
    with _known_record(course, assignment) as record:
        if when is not ...:
            set_due_date(record, when)
        found = record.due_date()
    said = (
        f"{assignment} is due on {say_time(found)} ({found:%Y-%m-%d %H:%M} UTC)."
        if found
        else f"{assignment} has no due date."
    )
    out.print(Text(said), soft_wrap=True)


@command
def extend(
    who: Annotated[
        str,
        typer.Argument(
            help="A student's id, or a CSV file with a column `student` and, where they differ, `days` or `hours`."
        ),
    ],
    assignment: Assignment,
    days: Annotated[float | None, typer.Option(help="So many days more than all have; 0 takes it back.")] = None,
    hours: Annotated[float | None, typer.Option(help="So many hours more.")] = None,
    course: Folder = HERE,
):
    """Give students more time, also before they hand in. What lateness costs follows at once."""
    from unrolled.grading.course.course import CourseError
    from unrolled.grading.course.deadlines import extend, extension, read_extensions, say_time

    longer = None if days is None and hours is None else extension(days or 0, hours or 0)
    if who.lower().endswith(".csv"):
        extensions = read_extensions(Path(who), longer)
    elif longer is None:
        raise CourseError("say how much more: --days 2, or --hours 12.")
    else:
        extensions = {who: longer}
    with _known_record(course, assignment) as record:
        unknown = sorted(
            extensions.keys() - record.names().keys() - set(record.course.students("submitted", assignment))
        )
        extend(record.course, record, extensions)
        due = record.due_date()
    for student, longer in extensions.items():
        until = (
            f"until {say_time(due + longer)}" if due else f"{_long(longer)} longer than others; no due date is set yet"
        )
        out.print(Text(f"{student} may hand in {assignment} {until}."), soft_wrap=True)
    if unknown:
        err.print(
            Text(f"Not known in this course yet: {', '.join(unknown)}. It counts when they hand in under this id."),
            soft_wrap=True,
        )


@command
def history(
    assignment: Assignment,
    student: Annotated[str, typer.Option(help="Only this student.")] = "",
    course: Folder = HERE,
):
    """Say what changed marks and comments since they were first given: whose, when, by whom, and what
    they were before."""
    from unrolled.grading.course.summary import show

    with _known_record(course, assignment) as record:
        changes = record.changes(student)
    for one in changes:
        place = show(f"{one.student}, {one.cell}" if one.cell else one.student)
        values = " -> ".join(show(value or "none") for value in (one.before, one.after))
        when = one.at.replace(tzinfo=UTC).astimezone()
        out.print(
            Text(f"{when:%Y-%m-%d %H:%M:%S}  {place}: {one.what} {values}, by {show(one.by)} ({show(one.way)})"),
            soft_wrap=True,
        )
    if not changes:
        out.print(Text(f"Nothing has changed in {assignment} since it was first graded."), soft_wrap=True)


def _known_record(course, assignment):
    """The Record of a released assignment that the gradebook knows."""
    from unrolled.grading.course.course import open_course
    from unrolled.grading.course.gradebook import open_record

    opened = open_course(course)
    releases = opened.release_notebooks(assignment)
    record = open_record(opened, assignment)
    record.register(releases)
    return record


def _long(time):
    hours = time.total_seconds() / 3600
    return counted(f"{hours / 24:g}", "day") if hours >= 48 else counted(f"{hours:g}", "hour")
