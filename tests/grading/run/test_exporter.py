"""nbgrader's own `autograde` goes through rebuild, sandbox and verdicts, whatever was handed in."""

import os
import subprocess
import sys
from pathlib import Path

from nbgrader.api import Gradebook

from tests.grading.classroom import ASSIGNMENT, NOTEBOOK, RELEASE, answers, hand_in, new_course
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.run.driver import Run

CHEAT = "import numpy as np\nnp.allclose = np.testing.assert_allclose = lambda *a, **k: True\ndef softmax(a):\n    return a * 1.0"

RENAMED = ["rnn (1).ipynb", "ada_02-rnn.ipynb", "rnn.ipynb.txt"]


def autograde(course, step="autograde"):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = ["nbgrader", step, ASSIGNMENT]
    return subprocess.run(command, cwd=course.root, env=os.environ | {"PATH": path}, capture_output=True, text=True, timeout=300)


def test_nbgrader_autograde_is_not_fooled_and_not_stopped(tmp_path):
    course = new_course(tmp_path / "course", {"ada": answers(), "blank": RELEASE, "cheat": answers(softmax=CHEAT)}, "c.Limits.cell_seconds = 3")
    hand_in(course.root, "html", b"<!DOCTYPE html><html></html>")
    hand_in(course.root, "endless", answers(softmax="def softmax(a):\n    while True: pass"))
    for renamed in RENAMED:
        hand_in(course.root, renamed, answers(), renamed)
    link = hand_in(course.root, "link", b"")
    link.unlink()
    link.symlink_to(course.root / "submitted" / "ada" / ASSIGNMENT / f"{NOTEBOOK}.ipynb")
    with open_record(course, ASSIGNMENT) as record:
        Run(course, record, ASSIGNMENT)        # registers the assignment
    ran = autograde(course)
    assert ran.returncode == 0, ran.stderr
    with Gradebook(course.directory.db_url) as gradebook:
        scores = {s.student.id: s.score for s in gradebook.assignment_submissions(ASSIGNMENT)}
        points = {cell.name: cell.max_score for cell in gradebook.find_notebook(NOTEBOOK, ASSIGNMENT).grade_cells}
    full = sum(points.values())
    assert scores == dict.fromkeys(RENAMED, full) | {"ada": full, "blank": 0, "cheat": full - points["softmax"], "endless": full - points["softmax"], "html": 0, "link": 0}
    assert "web page" in ran.stderr and "is a link" in ran.stderr
