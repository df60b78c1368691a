"""Grading one notebook: bytes in, bytes out, no shared disk and no database.

This is all that a driver calls, on this machine or on another: `Grader` keeps a warm sandbox from one task
to the next, `grade` does a single one.
"""

import contextlib
import hashlib
import hmac
import time
from dataclasses import dataclass, field, replace

import numpy as np

from unrolled.comparison import Report
from unrolled.exercises import exercises_of
from unrolled.grading.execute import Runner
from unrolled.grading.limits import Limits
from unrolled.grading.names import defined_functions
from unrolled.grading.outputs import clean_text
from unrolled.grading.rebuild import Unreadable, is_answer, is_graded, read_release, rebuild, write_notebook
from unrolled.grading.sandbox import Disturbed, Sandbox, SandboxError
from unrolled.grading.verify import add_mend_first, judge, write_ungraded, write_verdicts

ATTEMPTS = 3     # at a notebook whose kernel is killed from outside; after that, it is taken to have seen to that itself

__all__ = ["Grader", "Limits", "Result", "SandboxError", "Task", "grade", "ungraded"]


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


class Grader:
    """Grades task after task in one process; a context manager that keeps the sandbox warm."""

    def __init__(self):
        self._sandboxes = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End the sandbox."""
        for sandbox in self._sandboxes.values():
            sandbox.close()
        self._sandboxes.clear()

    def grade(self, task):
        """The Result of a Task. Nothing that a submission holds or does makes this raise.

        Raises SandboxError when this machine cannot run submissions safely.
        """
        start = time.perf_counter()
        try:
            result = self._grade_undisturbed(task)
        except SandboxError:
            raise
        except Unreadable as reason:
            result = ungraded(task, str(reason))
        except Exception as error:
            remark = f"Grading stopped with {type(error).__name__}: {clean_text(error, 300)}"
            result = ungraded(task, "This notebook could not be graded; your instructor will look at it.", remark)
        return replace(result, seconds=time.perf_counter() - start)

    def _grade_undisturbed(self, task):
        for _ in range(ATTEMPTS):
            with contextlib.suppress(Disturbed):
                return self._grade(task)
        result = self._grade(task, blame=True)
        remark = f"Its kernel was killed {ATTEMPTS} times. If the machine was short of memory, grade it again."
        return replace(result, remarks=(*result.remarks, remark))

    def _grade(self, task, blame=False):
        rebuilt = rebuild(task.release, task.submission, task.limits.submission_bytes)
        notebook, remarks = rebuilt.notebook, rebuilt.remarks
        names = [cell["metadata"]["nbgrader"]["grade_id"] for cell in notebook["cells"] if is_graded(cell)]
        exercises = {exercise.name: exercise for exercise in exercises_of(task.assignment)}
        answers = "\0".join(cell["source"] for cell in notebook["cells"] if is_answer(cell))
        cases = {name: exercises[name].cases(inputs_generator(task, name, answers)) for name in names if name in exercises}
        with Runner(self._sandbox(task.unsafe_no_sandbox), notebook, cases, task.limits, blame) as runner:
            execution = runner.run()
            hopeful = sorted(names, key=runner.ended_its_kernel)       # what ends kernels may use up the time for what is run alone
            judged = {name: self._judge(name, exercises, cases, runner, execution) for name in hopeful}
        reports = add_mend_first({name: judged[name] for name in names}, notebook["cells"])
        _add_hints(reports, notebook["cells"], rebuilt.hints)
        return Result(
            task.assignment, task.student, task.notebook, write_notebook(write_verdicts(notebook, execution, reports)),
            marks={name: report.score for name, report in reports.items()},
            messages={name: report.message for name, report in reports.items()},
            mistakes={name: report.mistake for name, report in reports.items()},
            remarks=tuple(remarks + execution.remarks),
        )  # fmt: skip

    def _judge(self, name, exercises, cases, runner, execution):
        if name not in cases:
            execution.remarks.append(f"There is no exercise {name}: its cell gives no points.")
            return Report(name, False, f"{name} is no exercise of this assignment.")
        place = runner.place_of(name)
        report = judge(exercises[name], cases[name], execution.records[name])
        if not report.passed and runner.may_be_disturbed(place):
            alone = judge(exercises[name], cases[name], runner.run_alone(place))
            if alone.passed:
                execution.remarks.append(f"{name} is right by itself; another answer cell disturbs it or uses up its time.")
            if alone.passed or place in runner.skipped:
                return alone
        return report

    def _sandbox(self, unsafe):
        if unsafe not in self._sandboxes:
            self._sandboxes[unsafe] = Sandbox(unsafe)
        return self._sandboxes[unsafe]


def grade(task: Task) -> Result:
    """The Result of one Task, in a Grader of its own."""
    with Grader() as grader:
        return grader.grade(task)


def inputs_generator(task, name, answers=""):
    """The source of randomness for one exercise of one student: the same on a regrade, unrelated to any other.

    It depends on the answers too, so what a function gave away of its inputs is worth nothing to the next hand-in.
    """
    label = "\0".join([task.assignment, task.student, task.notebook, name, answers])
    digest = hmac.digest(task.secret, label.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return np.random.default_rng(int.from_bytes(digest))


def _add_hints(reports, cells, hints):
    """Append to a failing function's report the hint on its answer cell."""
    for cell in cells:
        hint = hints.get(cell["metadata"].get("nbgrader", {}).get("grade_id"))
        for name in defined_functions(cell["source"]) & set(reports) if hint else ():
            if not reports[name].passed:
                reports[name] = replace(reports[name], message=f"{reports[name].message}\n{hint}")


def ungraded(task, why, *remarks):
    """The Result of a task that could not be graded: why is for the student, the remarks for the instructor."""
    graded = write_notebook(write_ungraded(read_release(task.release), why))
    return Result(task.assignment, task.student, task.notebook, graded, remarks=remarks, ungraded=why)
