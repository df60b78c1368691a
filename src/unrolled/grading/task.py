"""Grading one notebook: bytes in, bytes out, no shared disk and no database.

This is all that a driver calls, on this machine or on another: `Grader` keeps a warm sandbox from one task
to the next, `grade` does a single one.
"""

import hashlib
import hmac
import time
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Limits:
    """What one submission may use. The defaults stand here and nowhere else."""

    submission_bytes: int = 20_000_000  # of the notebook as handed in
    seconds: float = 60                 # for the whole notebook
    cell_seconds: float = 15            # for one cell
    memory_mb: int = 1024               # of all its processes together, files in its work folder included
    processes: int = 32                 # at a time, threads included
    output_bytes: int = 2_000_000       # of each cell, figures included
    record_bytes: int = 64_000_000      # of the results of one function


@dataclass(frozen=True)
class Task:
    """One student's notebook to be graded."""

    assignment: str
    student: str
    notebook: str                       # its name without .ipynb
    release: bytes                      # the pristine notebook, as students received it
    submission: bytes | None            # as handed in; None when nothing was
    secret: bytes                       # the course's; the inputs follow from it, the student and the exercise
    limits: Limits = Limits()
    unsafe_no_sandbox: bool = False     # run student code in an ordinary process of this user


@dataclass(frozen=True)
class Result:
    """What grading found. marks, messages and mistakes have the grade_id of a graded cell as key."""

    assignment: str
    student: str
    notebook: str
    graded: bytes                       # the notebook that nbgrader's autograded/ holds
    marks: dict[str, float] = field(default_factory=dict)           # 0..1; points stand in the notebook
    messages: dict[str, str] = field(default_factory=dict)          # for the student
    mistakes: dict[str, str | None] = field(default_factory=dict)   # the sentence of the known mistake
    remarks: tuple[str, ...] = ()       # for the instructor: what was repaired, ignored or attempted
    ungraded: str | None = None         # why nothing could be graded
    seconds: float = 0.0


def inputs_generator(task, name):
    """The source of randomness for one exercise of one student: the same on a regrade, unrelated to any other."""
    label = "\0".join([task.assignment, task.student, task.notebook, name])
    digest = hmac.digest(task.secret, label.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return np.random.default_rng(int.from_bytes(digest))


class Grader:
    """Grades task after task in one process; a context manager that keeps the sandbox warm."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def grade(self, task):
        """The Result of a Task. Nothing that a submission holds or does makes this raise."""
        start = time.perf_counter()
        from unrolled.grading import _first

        return _first.grade(task, time.perf_counter() - start)


def grade(task: Task) -> Result:
    """The Result of one Task, in a Grader of its own."""
    with Grader() as grader:
        return grader.grade(task)
