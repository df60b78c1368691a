"""Grading one notebook: bytes in, bytes out, no shared disk and no database.

This is all that a driver calls, on this machine or on another: `Grader` keeps a warm sandbox from one task
to the next, `grade` does a single one.
"""

import hashlib
import hmac
import sys
import time
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from unrolled.comparison import Report
from unrolled.exercises import exercises_of
from unrolled.exercises.recorded import ReferenceMissing
from unrolled.grading.notebook.bubblewrap import SandboxError
from unrolled.grading.notebook.execute import ATTEMPTS, Runner
from unrolled.grading.notebook.handed_in import Unreadable
from unrolled.grading.notebook.limits import Limits
from unrolled.grading.notebook.names import defined_functions
from unrolled.grading.notebook.rebuild import rebuild
from unrolled.grading.notebook.release import is_answer, is_graded, is_own, is_test, read_release, write_notebook
from unrolled.grading.notebook.remarks import Remark, put_right
from unrolled.grading.notebook.sandbox import Sandbox
from unrolled.grading.notebook.verify import add_mend_first, judge, judge_test, write_ungraded, write_verdicts
from unrolled.quoting import one_line, quoted

# What comes of syntax, a module or a function that this Python does not have.
UNKNOWN_TO_PYTHON = ("SyntaxError", "ImportError", "ModuleNotFoundError", "AttributeError", "NameError")

__all__ = ["Grader", "Limits", "Result", "SandboxError", "Task", "grade", "ungraded"]


@dataclass(frozen=True)
class Task:
    """One student's notebook to be graded."""

    assignment: str
    student: str
    notebook: str  # its name without .ipynb
    release: bytes  # the pristine notebook, as students received it
    submission: bytes | None  # as handed in; None when nothing was
    secret: bytes  # the course's; the inputs follow from it, the student and the exercise
    limits: Limits = Limits()
    unsafe_no_sandbox: bool = False  # run student code in an ordinary process of this user
    # whole sources of test cells that hide a part from students, by grade_id
    hidden: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What grading found. marks, messages and mistakes have the grade_id of a graded cell as key."""

    assignment: str
    student: str
    notebook: str
    graded: bytes  # the notebook that nbgrader's autograded/ holds
    marks: dict[str, float] = field(default_factory=dict)  # 0..1; points stand in the notebook
    messages: dict[str, str] = field(default_factory=dict)  # for the student
    mistakes: dict[str, str | None] = field(default_factory=dict)  # the sentence of the known mistake
    remarks: tuple[Remark, ...] = ()  # for the instructor: what was repaired, ignored or attempted
    ungraded: str | None = None  # why nothing could be graded
    seconds: float = 0.0


class Grader:
    """Grades task after task in one process; a context manager that keeps the sandbox warm."""

    def __init__(self) -> None:
        self._sandboxes: dict[bool, Sandbox] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_):
        self.close()

    def close(self) -> None:
        """End the sandbox."""
        for sandbox in self._sandboxes.values():
            sandbox.close()
        self._sandboxes.clear()

    def grade(self, task: Task) -> Result:
        """The Result of a Task. Nothing that a submission holds or does makes this raise.

        Raises SandboxError when this machine cannot run submissions safely, or has no reference to grade them by.
        """
        start = time.perf_counter()
        try:
            result = self._grade(task)
        except SandboxError:
            raise
        except ReferenceMissing as missing:
            raise SandboxError(str(missing)) from None
        except Unreadable as reason:
            result = ungraded(task, str(reason))
        except Exception as error:
            remark = Remark(f"Grading stopped with {type(error).__name__}: {quoted(error)}")
            result = ungraded(task, "This notebook could not be graded; your instructor will look at it.", remark)
        return replace(result, seconds=time.perf_counter() - start)

    def _grade(self, task):
        rebuilt = rebuild(
            task.release,
            task.submission,
            task.limits.submission_bytes,
            task.limits.own_cells,
            task.limits.own_characters,
        )
        notebook, remarks = rebuilt.notebook, rebuilt.remarks
        graded = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in notebook["cells"] if is_graded(cell)}
        names, tests = list(graded), {name for name, cell in graded.items() if is_test(cell)}
        for name in tests & task.hidden.keys():
            graded[name]["source"] = task.hidden[name]
        exercises = {
            exercise.name: exercise for exercise in exercises_of(task.assignment) if exercise.name not in tests
        }
        answers = "\0".join(cell["source"] for cell in notebook["cells"] if is_answer(cell) or is_own(cell))
        cases = {
            name: exercises[name].cases(inputs_generator(task, name, answers)) for name in names if name in exercises
        }
        given = {name: [exercises[name].given(case) for case in cases[name]] for name in cases}
        with Runner(self._sandbox(task.unsafe_no_sandbox), notebook, given, task.limits) as runner:
            execution = runner.run()

            def verdict(name, checked):
                if name in tests:
                    return judge_test(name, checked)
                known = name in cases
                return (
                    judge(exercises[name], cases[name], checked)
                    if known
                    else Report(name, False, f"{name} is no exercise of this assignment.")
                )

            judged = {name: verdict(name, execution.checked[name]) for name in names}
            execution.remarks += [
                Remark(f"There is no exercise {name}: its cell gives no points.")
                for name in names
                if name not in tests | cases.keys()
            ]
            failed = [name for name in names if not judged[name].score and name in tests | cases.keys()]
            judged |= _judge_alone(failed, verdict, runner, execution)
        asked = {name: judged[name] for name in names if name in tests | cases.keys()}  # of others nothing was checked
        reports = judged | add_mend_first(asked, notebook["cells"])
        _add_hints(reports, notebook["cells"], rebuilt.hints)
        for name in cases:
            if stop := None if reports[name].passed else runner.stopped_helper(name):
                reports[name] = reports[name].add(
                    f"A cell of your own that it uses stopped: {stop.text}.", stop.raised
                )
        remarks += _note_other_python(reports, rebuilt.python)
        return Result(
            task.assignment, task.student, task.notebook, write_notebook(write_verdicts(notebook, execution, reports)),
            marks={name: report.score for name, report in reports.items()},
            messages={name: report.message for name, report in reports.items()},
            mistakes={name: report.mistake for name, report in reports.items()},
            remarks=tuple(remarks + execution.remarks + _remarks_on_kills(runner)),
        )  # fmt: skip

    def _sandbox(self, unsafe):
        if unsafe not in self._sandboxes:
            self._sandboxes[unsafe] = Sandbox(unsafe)
        return self._sandboxes[unsafe]


def grade(task: Task) -> Result:
    """The Result of one Task, in a Grader of its own."""
    with Grader() as grader:
        return grader.grade(task)


def _remarks_on_kills(runner):
    killed = runner.disturbed > ATTEMPTS
    text = f"Its kernel was killed {runner.disturbed} times. If the machine was short of memory, grade it again."
    return [Remark(text)] if killed else []


def _judge_alone(names, verdict, runner, execution):
    """Reports on those of the failing functions that are right by themselves, or were not run at all.

    They share one time: a function that takes more than its share takes nobody else's.
    """
    reports, left = {}, runner.limits.seconds
    waiting = runner.by_cost([name for name in names if runner.may_be_disturbed(runner.place_of(name))])
    for count, name in enumerate(waiting):
        start, place = time.monotonic(), runner.place_of(name)
        lacking = runner.lacks(place)
        alone = verdict(name, runner.run_alone(place, left / (len(waiting) - count)))
        left -= time.monotonic() - start
        if alone.passed:
            why = f"{name} is right by itself; another cell of the student's disturbs it or uses up its time."
            execution.remarks.append(put_right(why))
        if alone.passed or lacking:
            reports[name] = alone
    return reports


def inputs_generator(task: Task, name: str, answers: str = "") -> np.random.Generator:
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
                reports[name] = reports[name].add(hint)


def _note_other_python(reports, python, here=sys.version_info[:2]):
    """Where a function stopped at what this Python may not know, tell that it is another than the student's.
    Returns Remarks.

    python is the version with which the notebook was last run, or None where it does not say that.
    """
    if python and python <= here:
        return []
    suspects = ("SyntaxError",) if python is None else UNKNOWN_TO_PYTHON
    names = [
        name for name, report in reports.items() if not report.passed and not set(suspects).isdisjoint(report.raised)
    ]
    ours = "Python {}.{}".format(*here)
    later = python and "Python {}.{}".format(*python)
    note = f"Answers are graded with {ours}: what only a later one allows is an error there."
    if later:
        note = (
            f"Your notebook was run with {later}, and answers are graded with {ours}: "
            "what only the later one knows is an error there."
        )
    for name in names:
        reports[name] = reports[name].add(note)
    remark = (
        f"It was written with {later}, and graded with {ours}: {', '.join(names)} may use what only the later one "
        "knows."
    )
    return [Remark(remark)] if names and later else []


def ungraded(task: Task, why: str, *remarks: Remark) -> Result:
    """The Result of a task that could not be graded: why is for the student, the remarks for the instructor."""
    why = one_line(why, 500)
    graded = write_notebook(write_ungraded(read_release(task.release), why))
    return Result(task.assignment, task.student, task.notebook, graded, remarks=remarks, ungraded=why)
