"""What the gradebook holds of one assignment: who handed in and when, what it got, and what lateness cost."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Self

from nbformat.v4 import reads_json
from nbgrader import api, utils
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, selectinload

from unrolled.grading.course.course import Course, CourseError
from unrolled.grading.course.gradebook.cells import RENAME, cells_of, known_cells, save_cells
from unrolled.grading.course.gradebook.changes import Change
from unrolled.grading.course.gradebook.entries import (
    NO_RESPONSE,
    Comment,
    Entry,
    Found,
    Lateness,
    Mark,
    Student,
    read_found,
)
from unrolled.grading.course.gradebook.late_rule import LateRule
from unrolled.grading.course.gradebook.tables import Graded, open_tables
from unrolled.grading.course.kept import extension_of

if TYPE_CHECKING:  # it brings along all that grades, and most commands grade nothing
    from unrolled.grading.notebook.task import Result


def open_record(course: Course, assignment: str = "") -> "Record":
    """The Record of an assignment, or of none in particular, in the course's gradebook.
    Raises CourseError when the gradebook cannot be opened."""
    return Record(open_tables(course), assignment, course)


class Record:
    """What the course's gradebook holds of one assignment."""

    def __init__(self, engine: Engine, assignment: str, course: Course) -> None:
        self.engine, self.assignment, self.course = engine, assignment, course

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_):
        self.engine.dispose()

    def register(self, releases: dict[str, bytes]) -> None:
        """Make the gradebook know the released notebooks (bytes by name), where it does not already.

        Raises CourseError when graded cells came or went although something was already graded.
        """
        if known_cells(self.engine, self.assignment) == cells_of(releases):
            return
        self.refuse_other_cells(releases)
        save_cells(self.course, self.assignment, releases)

    def refuse_other_cells(self, releases: dict[str, bytes]) -> None:
        """Raise CourseError, with their names, when the releases (bytes by name) have
        gained or lost cells since something was graded."""
        known, wanted = known_cells(self.engine, self.assignment).keys(), cells_of(releases).keys()
        changes = {
            "gained": sorted(cell for _, cell in wanted - known),
            "lost": sorted(cell for _, cell in known - wanted),
        }
        said = " and ".join(f"{how} {', '.join(cells)}" for how, cells in changes.items() if cells)
        if said and self.entries():
            raise CourseError(f"{self.assignment} has {said} since it was first graded. {RENAME}")

    def _handed_in(self, *columns):
        """A query for the student, the notebook's name and more columns, a row for each notebook
        that was handed in."""
        return (
            select(api.SubmittedAssignment.student_id, api.Notebook.name, *columns)
            .select_from(api.SubmittedNotebook)
            .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
            .join(api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id)
            .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
            .where(api.Assignment.name == self.assignment)
        )

    def entries(self) -> dict[tuple[str, str], Entry]:
        """An Entry by (student, notebook) for all that was graded."""
        query = self._handed_in(Graded.handed_in, Graded.against, Graded.found)
        query = query.outerjoin(Graded, Graded.notebook_id == api.SubmittedNotebook.id)
        with Session(self.engine) as session:
            return {
                (student, notebook): Entry(student, notebook, handed_in, against, read_found(found))
                for student, notebook, handed_in, against, found in session.execute(query)
            }

    def changes(self, student: str = "") -> list[Change]:
        """What changed marks and comments, the oldest first: everybody's, or one student's."""
        query = select(Change).where(Change.assignment == self.assignment).order_by(Change.id)
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.execute(query.where(Change.student == student) if student else query).scalars())

    def students(self) -> list[Student]:
        """The Students of the course, whether they handed anything in or not."""
        columns = (
            api.Student.id,
            api.Student.first_name,
            api.Student.last_name,
            api.Student.email,
            api.Student.lms_user_id,
        )
        with Session(self.engine) as session:
            return [Student(*row) for row in session.execute(select(*columns))]

    def names(self) -> dict[str, str]:
        """The names of the course's students by id; empty where the gradebook has none."""
        return {student.id: student.name for student in self.students()}

    def enter_students(self, students: Iterable[Student]) -> None:
        """Enter Students as they are given, all or none: those that the gradebook has already, and new ones."""
        with Session(self.engine) as session, session.begin():
            for student in students:
                names = {"first_name": student.first, "last_name": student.last}
                session.merge(api.Student(id=student.id, email=student.email, lms_user_id=student.lms_number, **names))

    def marks(self) -> list[Mark]:
        """A Mark for every graded cell of every student, in order of student and cell."""
        query = self._handed_in(api.BaseCell.name, api.Grade.max_score, api.Grade)
        query = query.join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
        with Session(self.engine) as session:
            found = [
                Mark(
                    student,
                    notebook,
                    name,
                    _score(grade),
                    points,
                    grade.needs_manual_grade,
                    grade.manual_score is not None,
                )
                for student, notebook, name, points, grade in session.execute(
                    query.join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id)
                )
            ]
        return sorted(found, key=lambda mark: (mark.student, mark.notebook, mark.name))

    def comments(self) -> list[Comment]:
        """A Comment for every answer of every student."""
        query = self._handed_in(api.BaseCell.name, api.Comment.comment, api.Comment.manual_comment.is_not(None))
        query = query.join(api.Comment, api.Comment.notebook_id == api.SubmittedNotebook.id)
        with Session(self.engine) as session:
            return [
                Comment(*row)
                for row in session.execute(query.join(api.BaseCell, api.BaseCell.id == api.Comment.cell_id))
            ]

    def penalties(self) -> dict[tuple[str, str], float]:
        """What lateness cost, by (student, notebook), for all that was handed in."""
        with Session(self.engine) as session:
            rows = session.execute(self._handed_in(api.SubmittedNotebook.late_submission_penalty))
            return {(student, notebook): penalty or 0.0 for student, notebook, penalty in rows}

    def timestamps(self) -> dict[str, datetime | None]:
        """When each student handed in, in UTC, or None where that is not known;
        who handed nothing in is not among them."""
        with Session(self.engine) as session:
            return {submission.student_id: submission.timestamp for submission in self._submissions(session)}

    def due_date(self) -> datetime | None:
        """When the assignment is due, in UTC, or None."""
        with Session(self.engine) as session:
            return session.execute(
                select(api.Assignment.duedate).where(api.Assignment.name == self.assignment)
            ).scalar_one_or_none()

    def set_due_date(self, time: datetime | None) -> None:
        """Set when the assignment is due, in UTC without a zone, or with None that it is not.
        Lateness is not reckoned anew yet."""
        with Session(self.engine) as session, session.begin():
            self._own(session).duedate = time

    def full_score(self) -> float:
        """The most points that the assignment gives."""
        with Session(self.engine) as session:
            return self._own(session).max_score

    def _own(self, session):
        return session.execute(select(api.Assignment).where(api.Assignment.name == self.assignment)).scalar_one()

    def lateness(self) -> dict[str, Lateness]:
        """The Lateness of each student who handed in late or lost points for it, by id."""
        whole, part = api.SubmittedAssignment, api.SubmittedNotebook
        query = (
            select(
                whole.student_id,
                whole.timestamp,
                whole.extension,
                api.Assignment.duedate,
                func.sum(part.late_submission_penalty),
            )
            .join(api.Assignment, api.Assignment.id == whole.assignment_id)
            .join(part, part.assignment_id == whole.id)
            .where(api.Assignment.name == self.assignment)
            .group_by(whole.id, api.Assignment.id)
        )
        late = {}
        with Session(self.engine) as session:
            for student, timestamp, extension, due, penalty in session.execute(query):
                seconds = (timestamp - due - (extension or timedelta())).total_seconds() if timestamp and due else 0.0
                if seconds > 0 or penalty:
                    late[student] = Lateness(max(0.0, seconds), penalty or 0.0)
        return late

    def write(self, result: "Result", handed_in: str, against: str, timestamp: datetime | None = None) -> None:
        """Write a Result, in one transaction. A mark or comment that a person gave stays as it is."""
        notebook = reads_json(result.graded.decode())
        cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
        names = self._cell_names
        with Session(self.engine) as session, session.begin():
            submission = self._submission(session, result.student)
            if timestamp is not None:
                submission.timestamp = timestamp
            written = session.execute(
                select(api.SubmittedNotebook).where(
                    api.SubmittedNotebook.assignment_id == submission.id,
                    api.SubmittedNotebook.notebook_id == self._notebooks[result.notebook].id,
                )
            ).scalar_one()
            for grade in written.grades:
                cell = cells.get(names[grade.cell_id])
                # a task has no mark but a person's
                by_itself = cell is not None and not result.ungraded and not utils.is_task(cell)
                grade.auto_score = utils.determine_grade(cell)[0] if by_itself else None
                grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
            for comment in written.comments:
                cell = cells.get(names[comment.cell_id])
                untouched = cell is not None and cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
                comment.auto_comment = NO_RESPONSE if untouched else None
            written.late_submission_penalty = self._penalty(submission, written)
            mistakes = {name: sentence for name, sentence in result.mistakes.items() if sentence}
            found = Found(result.messages, mistakes, result.remarks, result.ungraded, round(result.seconds, 3))
            session.merge(
                Graded(notebook_id=written.id, handed_in=handed_in, against=against, found=json.dumps(asdict(found)))
            )

    @cached_property
    def _notebooks(self):
        """The assignment's notebooks by name, with their cells: they do not change while a class is graded."""
        query = (
            select(api.Notebook)
            .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
            .where(api.Assignment.name == self.assignment)
            .options(selectinload(api.Notebook._base_cells))
        )
        with Session(self.engine) as session:
            return {notebook.name: notebook for notebook in session.execute(query).scalars()}

    @cached_property
    def _cell_names(self):
        return {cell.id: cell.name for notebook in self._notebooks.values() for cell in notebook._base_cells}

    def _submission(self, session, student):
        """The student's submission, made with all its empty parts when there is none yet."""
        notebooks = self._notebooks.values()
        (assignment_id,) = {notebook.assignment_id for notebook in notebooks}
        submission = session.execute(
            select(api.SubmittedAssignment).where(
                api.SubmittedAssignment.assignment_id == assignment_id, api.SubmittedAssignment.student_id == student
            )
        ).scalar_one_or_none()
        if submission is None:
            if session.get(api.Student, student) is None:
                session.add(api.Student(id=student))
            due = session.get(api.Assignment, assignment_id).duedate
            granted = extension_of(self.course, self.assignment, student) if due else None
            submission = api.SubmittedAssignment(assignment_id=assignment_id, student_id=student, extension=granted)
            for notebook in notebooks:
                part = api.SubmittedNotebook(notebook_id=notebook.id, assignment=submission)
                part.grades = [api.Grade(cell_id=cell.id) for cell in [*notebook.grade_cells, *notebook.task_cells]]
                part.comments = [
                    api.Comment(cell_id=cell.id) for cell in [*notebook.solution_cells, *notebook.task_cells]
                ]
            session.add(submission)
            session.flush()
        return submission

    def _submissions(self, session):
        query = select(api.SubmittedAssignment).join(
            api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id
        )
        return session.execute(query.where(api.Assignment.name == self.assignment)).scalars().all()

    def extensions(self) -> dict[str, timedelta]:
        """How much longer than others students who handed in may take, by id, for those who may."""
        with Session(self.engine) as session:
            return {one.student_id: one.extension for one in self._submissions(session) if one.extension}

    def extend(self, extensions: dict[str, timedelta]) -> None:
        """Let students who handed in, {student: timedelta}, take so much longer;
        nbgrader fails over an extension of no due date."""
        with Session(self.engine) as session, session.begin():
            for submission in self._submissions(session):
                if submission.student_id in extensions:
                    longer = extensions[submission.student_id]
                    submission.extension = longer if longer and submission.assignment.duedate else None

    def renew_penalties(self) -> None:
        """What lateness costs, anew for all: after a change of the due date or of an extension."""
        with Session(self.engine) as session, session.begin():
            for submission in self._submissions(session):
                for written in submission.notebooks:
                    written.late_submission_penalty = self._penalty(submission, written)

    def _penalty(self, submission, written):
        """What lateness takes off a notebook's points, or None."""
        late = submission.total_seconds_late
        return (
            self.late_rule.penalty(submission.student_id, sum(map(_score, written.grades)), late) if late > 0 else None
        )

    @cached_property
    def late_rule(self) -> LateRule:
        """The course's rule on late submissions. Raises CourseError where it cannot be used."""
        return LateRule(self.course)


def _score(grade):
    """What a person gave, else what the autograder gave, and extra credit."""
    base = grade.manual_score if grade.manual_score is not None else grade.auto_score
    return 0.0 if base is None else base + (grade.extra_credit or 0.0)
