"""Who is in the class: the lists that Canvas and Moodle export, names in the gradebook, sections beside it.

Canvas   the gradebook's export: Student ("Lovelace, Ada"), ID, SIS User ID, SIS Login ID, Section
Moodle   the list of participants, or an assignment's grading worksheet: First name, Last name (or Full name),
         ID number, Email address, Groups; the worksheet's Identifier has the participant's number
"""

import csv
import io
import re
from dataclasses import dataclass, replace
from pathlib import Path

from unrolled.grading.course.course import Course, CourseError
from unrolled.grading.course.gradebook import Record, Student, can_be_kept
from unrolled.grading.course.kept import keep, read_kept

LARGEST = 20_000_000  # bytes
SECTIONS = "sections"
NO_STUDENT = ("points possible", "student, test", "test student")  # rows of Canvas's that are nobody's
LAYOUTS = (
    "It has neither Canvas's columns (Student, ID, SIS Login ID, Section) nor Moodle's (First name, Last name, "
    "ID number, Email address)."
)


@dataclass(frozen=True)
class Person:
    """A line of a roster. ids are all that may be the student's id in this course, the likeliest first."""

    line: int
    first: str
    last: str
    ids: tuple[str, ...]
    email: str = ""
    lms_number: str = ""
    sections: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip()


def read_roster(path: Path) -> list[Person]:
    """The Persons in a CSV file that Canvas or Moodle wrote. Raises CourseError when that is not what it is."""
    header, rows = _read_table(path)
    if "student" in header and "id" in header:
        read = _canvas_person
    elif "email address" in header and ("full name" in header or "first name" in header):
        read = _moodle_person
    else:
        raise CourseError(f"{path} is no roster. {LAYOUTS}")
    people = [person for line, row in rows if (person := read(line, row))]
    if not people:
        raise CourseError(f"{path} names nobody.")
    seen: dict[str, Person] = {}
    for person in people:
        if not person.ids:
            raise CourseError(
                f"{path}, line {person.line}: {person.name or 'somebody'} has neither a number nor a login there."
            )
        if (other := seen.setdefault(person.ids[0], person)) is not person:
            raise CourseError(f"{path}: lines {other.line} and {person.line} are of one student, {person.ids[0]}.")
    return people


def _read_table(path):
    """The columns' names, in small letters, and the other lines as (number, dict)."""
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        if len(data) > LARGEST or "\0" in text:
            raise ValueError
        separator = max(",;\t", key=text.partition("\n")[0].count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        header = [name.strip().lower() for name in next(reader, [])]
        rows = [
            (reader.line_num, dict(zip(header, (cell.strip() for cell in row), strict=False)))
            for row in reader
            if any(row)
        ]
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, csv.Error):
        raise CourseError(
            f"{path} is no CSV file in UTF-8: export it from the LMS again, or save it as “CSV UTF-8”."
        ) from None
    return header, rows


def _canvas_person(line, row):
    name = row.get("student", "")
    if name.lower() in NO_STUDENT or not name and not row.get("id"):
        return None
    if not row.get("id") and not row.get("sis login id"):
        return None if name.startswith(("Manual Posting", "(read only)")) else Person(line, "", name, ())
    if ", " in name:
        last, _, first = name.partition(", ")
    else:
        first, _, last = name.rpartition(" ")
    number, login = row.get("id", ""), row.get("sis login id", "")
    ids = _given(number, login, row.get("sis user id"))
    return Person(
        line,
        first,
        last,
        ids,
        login if "@" in login else "",
        number,
        _given(*re.split(r", and | and |, ", row.get("section", ""))),
    )


def _moodle_person(line, row):
    first, last = row.get("first name", ""), row.get("last name", "") or row.get("surname", "")
    if not (first or last):
        first, _, last = row.get("full name", "").rpartition(" ")
    number, email = row.get("identifier", "").removeprefix("Participant ").strip(), row.get("email address", "")
    ids = _given(number, row.get("id number"), email, email.partition("@")[0])
    return Person(line, first, last, ids, email, number, _given(*re.split(r"[,;] ?", row.get("groups", ""))))


def _given(*values):
    return tuple(dict.fromkeys(value for value in values if value))


def enter(course: Course, record: Record, people: list[Person]) -> dict[str, Person]:
    """Enter people's names and numbers into the gradebook, their sections beside it; returns {student: Person}.

    Somebody is the student who has one of their ids or, when nobody has, the only one of their name. Raises
    CourseError, and enters nothing, when that leaves a doubt.
    """
    known = {student.id: student for student in record.students()}
    by_number = {student.lms_number: student.id for student in known.values() if student.lms_number}
    by_name: dict[str, list[Student]] = {}
    for student in known.values():
        by_name.setdefault(student.name, []).append(student)
    entered: dict[str, Person] = {}
    for person in people:
        student_id = _whose(person, known, by_number, by_name)
        if student_id in entered or not can_be_kept(student_id):
            why = (
                f"is {student_id} too, as line {entered[student_id].line} is"
                if student_id in entered
                else "has an id that no gradebook can hold"
            )
            raise CourseError(f"line {person.line}: {person.name} {why}; nothing was entered.")
        entered[student_id] = person
    sections = read_kept(course, SECTIONS) | {student: person.sections for student, person in entered.items()}
    record.enter_students(
        _updated(known.get(student, Student(student)), person) for student, person in entered.items()
    )
    keep(course, SECTIONS, sections)
    return entered


def _updated(student, person):
    """The Student with what a Person's line says of them; where it says nothing, the student's own stays."""
    return replace(
        student,
        first=person.first or student.first,
        last=person.last or student.last,
        email=person.email or student.email,
        lms_number=person.lms_number or student.lms_number,
    )


def _whose(person, known, by_number, by_name):
    for own in person.ids:
        if own in known or own in by_number:
            return own if own in known else by_number[own]
    namesakes = by_name.get(person.name, []) if person.name else []
    # else two numbers say: not the same
    of_name = [student.id for student in namesakes if not (student.lms_number and person.lms_number)]
    if len(of_name) > 1:
        raise CourseError(
            f"line {person.line}: the gradebook has several called {person.name} ({', '.join(of_name)}); "
            "nothing was entered."
        )
    return of_name[0] if of_name else person.ids[0]


def students_of(course: Course, section: str) -> set[str]:
    """The ids of a section's students. Raises CourseError when there is no such section."""
    sections = read_kept(course, SECTIONS)
    found = {student for student, names in sections.items() if section in names}
    if not found:
        known = ", ".join(sorted({name for names in sections.values() for name in names}))
        raise CourseError(
            f"there is no section {section!r}; "
            + (f"there are {known}." if known else "enter them with `unrolled roster FILE`.")
        )
    return found
