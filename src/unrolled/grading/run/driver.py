"""Grading a class: what has to be graded, by whom, and one place that writes.

A driver may be killed at any moment and started again. What is done stands in the gradebook, written in one
transaction a submission; everything else is found out anew from what lies in submitted/.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from unrolled.digest import sources_of
from unrolled.exercises import exercises_of
from unrolled.grading.course.course import Course, CourseError
from unrolled.grading.course.files import listed, write_whole
from unrolled.grading.course.gradebook import Record, can_be_kept
from unrolled.grading.course.hidden import hidden_tests
from unrolled.grading.course.submission import HandedIn, read_submission, take_along
from unrolled.grading.course.summary import show
from unrolled.grading.notebook.limits import limits_from
from unrolled.grading.notebook.release import graded_names

if TYPE_CHECKING:  # it brings along all that grades, and who asks what is final grades nothing
    from unrolled.grading.notebook.task import Result, Task


@dataclass(frozen=True)
class Plan:
    """What a run has to do: todo holds (student, notebook); stale those whose grade is older than the assignment.

    refused says by path why something in submitted/ is not graded at all;
    gone are those whose grade cannot be renewed: nothing of theirs is left.
    """

    todo: list[tuple[str, str]] = field(default_factory=list)
    done: list[tuple[str, str]] = field(default_factory=list)
    stale: list[tuple[str, str]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)


def state_of(assignment: str, release: bytes, hidden: dict[str, str] | None = None) -> str:
    """A digest that changes when the released notebook does, or its hidden tests, or anything that an exercise
    in it stands on.

    That is the reference, how inputs are drawn and results compared, the mistakes and their sentences,
    and whatever these call.
    """
    asked, parts = graded_names(release), []
    for exercise in (exercise for exercise in exercises_of(assignment) if exercise.name in asked):
        values, functions = exercise.verdict_stands_on
        parts += [values, sources_of(*functions)]
    parts += sorted(hidden.items()) if hidden else []
    return hashlib.sha256(release + repr(parts).encode()).hexdigest()


class Run:
    """One class, one assignment: plan() says what is to be done, grade() does it."""

    def __init__(self, course: Course, record: Record, assignment: str, unsafe_no_sandbox: bool = False) -> None:
        self.course, self.record, self.assignment = course, record, assignment
        self.limits = limits_from(course.config)
        self.unsafe_no_sandbox = unsafe_no_sandbox
        self.releases = course.release_notebooks(assignment)
        self.hidden = hidden_tests(course, assignment)
        self.states = {
            name: state_of(assignment, content, self.hidden[name]) for name, content in self.releases.items()
        }
        record.register(self.releases)
        if "plugin_class" in course.config.AssignLatePenalties:
            _ = record.late_rule  # says now, not at the first who is late, what is wrong with it

    def plan(self, students: list[str] | None = None, again: bool = False) -> Plan:
        """The Plan for these students (all by default): what is new or changed; with again, everything.

        Raises CourseError when nothing was handed in, or a named student handed nothing in.
        """
        present, strays = self.course.hand_ins(self.assignment)
        missing, place = sorted(set(students or ()) - set(present)), self.course.directory.submitted_directory
        if missing or not present:
            who = ", ".join(missing) or "anybody"
            others = "".join(f" {show(path)} is not graded: {show(why)}." for path, why in strays.items())
            raise CourseError(f"{place}/ holds nothing of {self.assignment} by {who}.{others}")
        entries, plan = self.record.entries(), Plan(refused={} if students else strays)
        if again and not students:
            plan.gone.extend(sorted({student for student, _ in entries} - set(present)))
        for student in students or present:
            if not can_be_kept(student):
                plan.refused[f"{place}/{student}"] = (
                    "the folder's name is too long or no text, so no gradebook can hold it"
                )
                continue
            for notebook in self.releases:
                entry, key = entries.get((student, notebook)), (student, notebook)
                submission = self._read(student, notebook) if entry else None
                if entry and submission and submission.unreadable:
                    plan.refused[f"{place}/{student}"] = f"{submission.unusable} What was graded before stays."
                elif again or entry is None or entry.found is None or self._changed(entry, submission):
                    plan.todo.append(key)
                    continue
                plan.done.append(key)
                if entry.against != self.states[notebook]:
                    plan.stale.append(key)
        return plan

    def not_final(self) -> str:
        """What may still change a mark: one clause a kind, with the students. Empty where all marks are final."""
        entries = self.record.entries()
        waiting: dict[bool, set[str]] = {}
        for mark in self.record.marks():
            if mark.waits:
                entry = entries.get((mark.student, mark.notebook))
                waiting.setdefault(bool(entry and entry.found and entry.found.ungraded), set()).add(mark.student)
        try:
            plan = self.plan()
        except CourseError:  # what was handed in lies elsewhere by now
            plan = Plan()
        ours = {key for key, entry in entries.items() if entry.found is not None}
        kinds = {
            "could not be graded": waiting.get(True),
            "waiting for a person's mark": waiting.get(False),
            "handed in, but not graded as it is now": {
                key[0] for key in plan.todo if key in ours or key not in entries
            },
            "graded before the assignment changed": {student for student, _ in plan.stale},
        }
        return "; ".join(
            f"{kind}: {listed(map(show, sorted(students)))}" for kind, students in kinds.items() if students
        )

    def grade(
        self,
        todo: list[tuple[str, str]],
        results: Callable[[Iterable["Task"]], Iterable["Result"]],
        on_result: Callable[["Result"], object] = lambda result: None,
    ) -> None:
        """Grade the (student, notebook) pairs of todo by `results`,
        a function from Tasks to Results, and write each."""
        from unrolled.grading.notebook.task import ungraded

        handed_in: dict[tuple[str, str], HandedIn] = {}

        def write(result):
            submission = handed_in.pop((result.student, result.notebook))
            result = replace(result, remarks=submission.remarks + tuple(result.remarks))
            self._write_notebook(result)
            self.record.write(result, submission.digest, self.states[result.notebook], submission.timestamp)
            on_result(result)

        def tasks():
            for student, notebook in todo:
                submission = self._read(student, notebook)
                handed_in[student, notebook] = replace(submission, content=None)
                task = self._task(student, notebook, submission)
                if submission.unusable:
                    write(ungraded(task, submission.unusable))
                else:
                    yield task

        for result in results(tasks()):
            write(result)

    def _read(self, student, notebook):
        return read_submission(
            self.course.folder("submitted", student, self.assignment), notebook, self.limits.submission_bytes
        )

    def _changed(self, entry, submission):
        graded = self.course.folder("autograded", entry.student, self.assignment) / f"{entry.notebook}.ipynb"
        return entry.handed_in != submission.digest or not os.path.exists(graded)

    def _task(self, student, notebook, submission):
        from unrolled.grading.notebook.task import Task

        return Task(
            self.assignment,
            student,
            notebook,
            self.releases[notebook],
            submission.content,
            self.course.secret,
            self.limits,
            self.unsafe_no_sandbox,
            self.hidden[notebook],
        )

    def _write_notebook(self, result):
        folder = self.course.folder("autograded", result.student, self.assignment)
        write_whole(folder / f"{result.notebook}.ipynb", result.graded, mode=0o444)
        take_along(self.course.folder("submitted", result.student, self.assignment), folder)


@contextmanager
def only_one(course: Course) -> Iterator[None]:
    """Hold the course's lock, so that no second driver writes. It goes when this process goes, however it ends."""
    course.private.mkdir(mode=0o700, exist_ok=True)
    with open(course.private / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CourseError(
                "another `unrolled grade` is at work on this course: let it finish, or end it."
            ) from error
        yield
