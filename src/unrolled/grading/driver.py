"""Grading a class: what has to be graded, by whom, and one place that writes.

A driver may be killed at any moment and started again. What is done stands in the gradebook, written in one
transaction a submission; everything else is found out anew from what lies in submitted/.
"""

import fcntl
import hashlib
import inspect
import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from nbgrader.utils import parse_utc

from unrolled.exercises import ASSIGNMENTS
from unrolled.grading.course import CourseError
from unrolled.grading.limits import limits_from
from unrolled.grading.outputs import clean_text
from unrolled.grading.release import write_whole
from unrolled.grading.task import Task, ungraded

LONGEST_NAME = 128      # characters that nbgrader's tables have for a student's id


@dataclass(frozen=True)
class HandedIn:
    """What a student handed in for one notebook; digest changes whenever that changes."""

    content: bytes | None
    timestamp: datetime | None
    digest: str
    remarks: tuple[str, ...] = ()
    unusable: str | None = None     # why there is nothing to grade


@dataclass(frozen=True)
class Plan:
    """What a run has to do: todo holds (student, notebook); stale those whose grade is older than the assignment.

    refused are folders whose names no gradebook can hold.
    """

    todo: list[tuple[str, str]] = field(default_factory=list)
    done: list[tuple[str, str]] = field(default_factory=list)
    stale: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def read_submission(folder, notebook, limit):
    """What lies in a student's folder for a notebook. At most limit bytes and one more are read.

    A browser's "rnn (1).ipynb" is taken when it is the only notebook. Links and special files are not opened, and folders
    that are links are not looked into: another's work, or the solutions, may lie behind them.
    """
    files = sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))
    path, remarks, unusable = folder / f"{notebook}.ipynb", [], None
    others = [other.name for other in files if other != path]
    if folder.is_symlink() or folder.parent.is_symlink():
        unusable = "The submission's folder is a link."
    elif path not in files:
        if len(others) == 1:
            path = folder / others[0]
            remarks.append(f"{others[0]} was taken for {notebook}.ipynb")
        else:
            unusable = f"There is no {notebook}.ipynb" + (f", but {', '.join(others)}: which one counts?" if others else " among the files.")
    elif others:
        remarks.append(f"beside {notebook}.ipynb there is {', '.join(others)}, which was not read")
    content = None
    if not unusable:
        content, unusable = _read_regular(path, limit)
    timestamp, remark = _read_timestamp(folder / "timestamp.txt")
    remarks += [remark] if remark else []
    digest = hashlib.sha256(repr((path.name, unusable, str(timestamp))).encode("utf-8", "surrogatepass") + (content or b"")).hexdigest()
    return HandedIn(content, timestamp, digest, tuple(map(clean_text, remarks)), unusable and clean_text(unusable))


def _read_regular(path, limit):
    """The bytes of an ordinary file, or why not."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None, f"{path.name} is no ordinary file."
            return file.read(limit + 1), None
    except OSError as error:
        reason = "is a link" if path.is_symlink() else f"cannot be read ({error.strerror})"
        return None, f"{path.name} {reason}."


def _read_timestamp(path):
    """When the submission was handed in, in UTC, or None and a remark when the file does not say it."""
    if not path.is_file() or path.is_symlink():
        return None, None
    content, _ = _read_regular(path, 1000)
    try:
        text = content.decode().strip()
        return (parse_utc(text), None) if text else (None, "timestamp.txt is empty")
    except (ValueError, OverflowError, AttributeError):
        return None, "timestamp.txt holds no date, so lateness is not known"


def can_be_kept(name):
    """Whether a folder's name can be a student's id in every gradebook: proper text, and not too long."""
    try:
        return bool(name.encode()) and len(name) <= LONGEST_NAME
    except UnicodeEncodeError:
        return False


def state_of(assignment, release):
    """A digest that changes when the released notebook or a reference function of the assignment does."""
    parts = [release]
    for exercise in ASSIGNMENTS.get(assignment, ()):
        sources = [inspect.getsource(exercise.reference), inspect.getsource(exercise.draw)]
        parts.append(repr((sources, exercise.rtol, exercise.atol, exercise.may_alias)).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


class Run:
    """One class, one assignment: plan() says what is to be done, grade() does it."""

    def __init__(self, course, record, assignment, unsafe_no_sandbox=False):
        self.course, self.record, self.assignment = course, record, assignment
        self.limits = limits_from(course.config)
        self.unsafe_no_sandbox = unsafe_no_sandbox
        self.releases = course.release_notebooks(assignment)
        self.states = {name: state_of(assignment, content) for name, content in self.releases.items()}
        record.register(self.releases)

    def plan(self, students=None, again=False):
        """The Plan for these students (all by default): what is new or changed; with again, everything.

        Raises CourseError when nothing was handed in, or a named student handed nothing in.
        """
        present = self.course.students("submitted", self.assignment)
        missing = sorted(set(students or ()) - set(present))
        if missing or not present:
            who = ", ".join(missing) or "anybody"
            raise CourseError(f"{self.course.directory.submitted_directory}/ holds nothing of {self.assignment} by {who}.")
        entries, plan = self.record.entries(), Plan()
        for student in students or present:
            if not can_be_kept(student):
                plan.refused.append(student)
                continue
            for notebook in self.releases:
                entry, key = entries.get((student, notebook)), (student, notebook)
                if again or entry is None or entry.found is None or self._changed(entry):
                    plan.todo.append(key)
                    continue
                plan.done.append(key)
                if entry.against != self.states[notebook]:
                    plan.stale.append(key)
        return plan

    def grade(self, todo, results, on_result=lambda result: None):
        """Grade the (student, notebook) pairs of todo by `results`, a function from Tasks to Results, and write each."""
        handed_in = {}

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
        return read_submission(self.course.folder("submitted", student, self.assignment), notebook, self.limits.submission_bytes)

    def _changed(self, entry):
        graded = self.course.folder("autograded", entry.student, self.assignment) / f"{entry.notebook}.ipynb"
        return entry.handed_in != self._read(entry.student, entry.notebook).digest or not graded.exists()

    def _task(self, student, notebook, submission):
        return Task(
            self.assignment,
            student,
            notebook,
            self.releases[notebook],
            submission.content,
            self.course.secret,
            self.limits,
            self.unsafe_no_sandbox,
        )

    def _write_notebook(self, result):
        folder = self.course.folder("autograded", result.student, self.assignment)
        write_whole(folder / f"{result.notebook}.ipynb", result.graded, mode=0o444)
        timestamp = self.course.folder("submitted", result.student, self.assignment) / "timestamp.txt"
        content, unreadable = _read_regular(timestamp, 1000)
        if not unreadable:
            write_whole(folder / "timestamp.txt", content, mode=0o444)


@contextmanager
def only_one(course):
    """Hold the course's lock, so that no second driver writes. It goes when this process goes, however it ends."""
    course.private.mkdir(mode=0o700, exist_ok=True)
    with open(course.private / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CourseError("another `unrolled grade` is at work on this course: let it finish, or end it.") from error
        yield
