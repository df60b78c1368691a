"""Small courses for the tests of the desk: a folder with a class that has handed in, and what its gradebook says."""

import atexit
import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from nbgrader import api
from sqlalchemy import select
from sqlalchemy.orm import Session

from unrolled.comparison import Report
from unrolled.exercises import ASSIGNMENTS
from unrolled.grading.course.course import open_course
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.notebook.release import graded_names, read_release, write_notebook
from unrolled.grading.notebook.task import Grader, Result
from unrolled.grading.notebook.verify import verdict_outputs
from unrolled.grading.run.demo import fill
from unrolled.grading.run.driver import Run, only_one
from unrolled.grading.run.standalone import standalone

ROOT = Path(__file__).parents[2]
ASSIGNMENT, NOTEBOOK = "02-rnn", "rnn"
# six functions, twenty points, nothing that waits for a person
RELEASED = Path(__file__).parent / "first_edition" / ASSIGNMENT
RELEASE = (RELEASED / f"{NOTEBOOK}.ipynb").read_bytes()
NAMES = tuple(graded_names(RELEASE))
ASKED = [exercise for exercise in ASSIGNMENTS[ASSIGNMENT] if exercise.name in NAMES]
RIGHT = {exercise.name: standalone(exercise.reference, exercise.name) for exercise in ASKED}
MISTAKES = {mistake.name: (exercise.name, mistake) for exercise in ASKED for mistake in exercise.mistakes}


def new_course(folder, submissions=None, settings="", released=RELEASED):
    """A course folder with one assignment, and submissions (bytes by student); settings are appended to its config."""
    folder.mkdir(parents=True, exist_ok=True)
    config = (ROOT / "nbgrader_config.py").read_text()
    (folder / "nbgrader_config.py").write_text(config.replace("check_settings(c)", f"{settings}\ncheck_settings(c)", 1) if settings else config)
    shutil.copytree(released, folder / "exercises" / ASSIGNMENT)
    for student, content in (submissions or {}).items():
        hand_in(folder, student, content)
    course = open_course(folder)
    if "db_url" not in settings:
        (folder / "gradebook.db").write_bytes(_empty_gradebook())
    return course


@functools.cache
def _empty_gradebook():
    """nbgrader calls another program to make one, which takes seconds: one is enough for the tests of a process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gradebook.db"
        api.Gradebook(f"sqlite:///{path}", "unrolled").close()
        return path.read_bytes()


def hand_in(root, student, content, name=f"{NOTEBOOK}.ipynb"):
    path = Path(root) / "submitted" / student / ASSIGNMENT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def answers(**given):
    """A notebook with right answers but for those given, as bytes;
    a given name of a mistake in that function stands for its code."""
    return fill(RELEASE, RIGHT | {name: _source_of(name, text) for name, text in given.items()})


def _source_of(name, text):
    if not re.fullmatch(r"[\w-]+", text):
        return text
    return standalone(MISTAKES[text if "-" in text else f"{name}-{text}"][1].wrong, name)


def small_class(count=6):
    """A few students: right, blank, each further one with a known mistake."""
    chosen = list(MISTAKES.items())[:: max(1, len(MISTAKES) // count)][: count - 2]
    return {"ada": answers(), "bob": RELEASE} | {f"s{i:02}-{name}": answers(**{of: name}) for i, (name, (of, _)) in enumerate(chosen)}


@functools.cache
def _grader():
    """One warm Grader for all tests of a process."""
    grader = Grader()
    atexit.register(grader.close)
    return grader


def grade(course, students=None, again=False):
    """Grade a course in this process, as `unrolled grade` does it in several; returns how many were graded."""
    with only_one(course), open_record(course, ASSIGNMENT) as record:
        run = Run(course, record, ASSIGNMENT)
        todo = run.plan(students, again).todo
        run.grade(todo, lambda tasks: map(_grader().grade, tasks))
    return len(todo)


def unrolled(root, *arguments, **more):
    """Run the command in a course folder, as a person would."""
    options = {"cwd": root, "capture_output": True, "text": True, "timeout": 600} | more
    return subprocess.run([str(Path(sys.executable).with_name("unrolled")), *arguments], env=environment(), **options)


def start_unrolled(root, *arguments):
    """The same, not waited for, in a process group of its own."""
    command = [str(Path(sys.executable).with_name("unrolled")), *arguments]
    return subprocess.Popen(command, cwd=root, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def bound_by_modes(command):
    """A command that is held to the modes of files, as an ordinary user is, also where root runs the tests."""
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command] if os.geteuid() == 0 else command


def environment():
    return os.environ | {"COLUMNS": "200"}


def result(student, wrong=(), ungraded=None, mistakes=None, remarks=()):
    """A Result as the grader makes it, with the functions in `wrong` failing."""
    notebook = read_release(RELEASE)
    for cell in notebook["cells"]:
        mark = cell["metadata"].get("nbgrader", {})
        if mark.get("grade"):
            report = Report(mark["grade_id"], mark["grade_id"] not in wrong, f"what was found in {mark['grade_id']}")
            cell["outputs"] = verdict_outputs(report, mark["points"])
        elif mark.get("solution"):
            cell["source"] += "\n# a line of the student's"
    marks = {} if ungraded else {name: float(name not in wrong) for name in NAMES}
    messages = {} if ungraded else {name: f"what was found in {name}" for name in NAMES}
    return Result(
        ASSIGNMENT, student, NOTEBOOK, write_notebook(notebook), marks, messages, mistakes or {}, tuple(remarks), ungraded, 0.5
    )


def snapshot(course):
    """All that a gradebook says of the assignment, without the ids and times that differ from run to run."""
    with open_record(course, ASSIGNMENT) as record, Session(record.engine) as session:
        parts = session.execute(
            select(api.SubmittedNotebook).join(api.SubmittedAssignment).where(api.SubmittedAssignment.assignment.has(name=ASSIGNMENT))
        ).scalars()
        said = {
            part.student.id: {
                "grades": sorted((g.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade) for g in part.grades),
                "comments": sorted((c.name, c.auto_comment, c.manual_comment) for c in part.comments),
                "penalty": part.late_submission_penalty,
                "timestamp": part.assignment.timestamp,
            }
            for part in parts
        }
        cells = sorted((c.name, c.checksum, c.locked, c.source) for c in session.execute(select(api.SourceCell)).scalars())
    return {"said": said, "cells": cells}


def findings(course):
    """What was found by student, without the seconds."""
    with open_record(course, ASSIGNMENT) as record:
        entries = record.entries().values()
        return {entry.student: vars(entry.found) | {"seconds": 0, "remarks": [remark.text for remark in entry.found.remarks]} for entry in entries}


def scores(course):
    """The sum of each student's marks."""
    with open_record(course, ASSIGNMENT) as record:
        total = {}
        for mark in record.marks():
            total[mark.student] = total.get(mark.student, 0) + mark.score
    return total
