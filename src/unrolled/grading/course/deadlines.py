"""Due dates and extensions: said in local time, kept in UTC as nbgrader does, and the price of lateness after them.

An extension may be granted before anything is handed in.
Then it waits in .unrolled/ until the gradebook has a submission.
"""

import csv
import io
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from unrolled.grading.course.course import Course, CourseError
from unrolled.grading.course.gradebook import Record, open_record
from unrolled.grading.course.kept import EXTENSIONS, extension_of, keep, read_kept

LONGEST = timedelta(days=366)
WHEN = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?: ?(\S+))?", re.ASCII)
OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)", re.ASCII)


def read_time(text: str) -> datetime:
    """A point in time, with its zone: "2027-03-05 17:00" is this machine's, "... UTC", "...
    +01:00" and "... Europe/Zurich" say theirs.

    Raises CourseError for anything else, and for a time that a clock passes over in spring.
    """
    found = WHEN.fullmatch(text.strip())
    try:
        if not found:
            raise ValueError
        naive = datetime.fromisoformat(f"{found[1]} {found[2]}")
        zone = _zone(found[3])
        time = naive.replace(tzinfo=zone) if zone else naive.astimezone()
        exists = time.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == naive
    except (KeyError, ValueError, OSError, OverflowError):  # of these, a zone that nobody knows is a KeyError
        raise CourseError(
            f"{text!r} is no time: write it as 2027-03-05 17:00, with a zone after it where it is not this machine's."
        ) from None
    if not exists:
        raise CourseError(f"{text!r} does not exist: the clocks go forward then.")
    return time


def _zone(name):
    if name is None:
        return None
    if offset := OFFSET.fullmatch(name):
        minutes = int(offset[2]) * 60 + int(offset[3])
        return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
    return UTC if name in ("UTC", "Z") else ZoneInfo(name)


def say_time(utc: datetime) -> str:
    """A naive time in UTC, as nbgrader keeps it, in local time: "Friday 5 March 2027, 17:00 CET"."""
    local = utc.replace(tzinfo=UTC).astimezone()
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M %Z}"


def set_due_date(record: Record, time: datetime | None) -> None:
    """Set when an assignment is due, or with None that it is not; what lateness costs follows at once."""
    record.set_due_date(time and time.astimezone(UTC).replace(tzinfo=None))
    extend(record.course, record, record.extensions())  # those of no due date wait for the next


def read_extensions(path: Path, longer: timedelta | None) -> dict[str, timedelta]:
    """{student: timedelta} from a CSV file with a column student and, where they differ, days or hours."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, csv.Error):
        rows = []
    if not rows or "student" not in rows[0]:
        raise CourseError(f"{path} is no CSV file with a column `student`, and `days` or `hours` where they differ.")
    found = {}
    for line, row in enumerate(rows, 2):
        days, hours = ((row.get(unit) or "").strip() for unit in ("days", "hours"))
        try:
            student, longest = (
                (row["student"] or "").strip(),
                extension(float(days or 0), float(hours or 0)) if days or hours else longer,
            )
        except ValueError:
            student, longest = "", None
        if not student or longest is None:
            raise CourseError(
                f"{path}, line {line}: a student and a number of days or hours are needed; nothing was granted."
            )
        found[student] = longest
    return found


def extension(days: float, hours: float) -> timedelta:
    """So much more time, where that makes sense. Raises CourseError."""
    try:
        longer = timedelta(days=days, hours=hours)
    except (ValueError, OverflowError):  # no number, or one without end
        longer = timedelta.max
    if not timedelta() <= longer <= LONGEST:
        raise CourseError(f"an extension is between none and {LONGEST.days} days; nothing was granted.")
    return longer


def extend(course: Course, record: Record, extensions: dict[str, timedelta]) -> None:
    """Grant each student of {student: timedelta} so much time more than all have,
    instead of what they had been granted."""
    kept = read_kept(course, EXTENSIONS)
    of_assignment = kept.get(record.assignment, {}) | {
        student: longer.total_seconds() for student, longer in extensions.items()
    }
    keep(course, EXTENSIONS, kept | {record.assignment: of_assignment})
    # whoever is not among them may have an extension by nbgrader's own means
    record.extend({student: timedelta(seconds=seconds) for student, seconds in of_assignment.items()})
    record.renew_penalties()


def apply_extension(course: Course, assignment: str, student: str) -> None:
    """Enter what was granted into the gradebook, where nbgrader's own command has made the submission."""
    if granted := extension_of(course, assignment, student):
        with open_record(course, assignment) as record:
            record.extend({student: granted})
