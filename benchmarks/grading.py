"""Grading and feedback against stock nbgrader on the same notebooks, and a thousand submissions in a row.

The class is a made-up one that does honest work: right answers, known mistakes. Both sides start from a course in
which nothing is graded, and end with a gradebook in which everything is; the sandbox is the full one.
"""

import itertools
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import psutil

from benchmarks.report import report
from unrolled.grading.course.course import open_course
from unrolled.grading.course.gradebook import open_record
from unrolled.grading.course.release import release
from unrolled.grading.run.demo import hand_ins
from unrolled.grading.run.driver import Run
from unrolled.grading.run.workers import local_results

ROOT = Path(__file__).parents[1]
ASSIGNMENT, NOTEBOOK = "02-rnn", "rnn"
JOBS = 2
STOCK = 200  # notebooks that both sides grade, their own start included
MANY = 1_000  # and that ours grades in a row
HUNDRED = 100
WORK = {  # what it makes, and the command by which each side makes it
    "marks": ("autograded/*/*/*.ipynb", ["nbgrader", "autograde"], ["unrolled", "grade", f"--jobs={JOBS}"]),
    "feedback": ("feedback/*/*/*.html", ["nbgrader", "generate_feedback"], ["unrolled", "feedback"]),
}
STOCK_SETTINGS = """
c = get_config()
c.CourseDirectory.source_directory, c.CourseDirectory.release_directory = "solutions", "exercises"
c.CourseDirectory.ignore = ["*.py"]
"""


def main():
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with tempfile.TemporaryDirectory() as folder:
        stock, ours = Path(folder, "stock"), Path(folder, "ours")
        make_course(stock, STOCK, STOCK_SETTINGS)
        make_course(ours, STOCK)
        report("grading", [row for work in WORK for row in measure(work, stock, ours)])
    with tempfile.TemporaryDirectory() as folder:
        report("grading-flat", grade_many(Path(folder)))


def honest_class(count):
    """Notebooks by student: a hundred honest ones of the demonstration's class again and again, so that hundreds
    can be compared."""
    content = (ROOT / "exercises" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_bytes()
    made = [
        notebook
        for student, (notebook, _) in hand_ins(ASSIGNMENT, content).items()
        if student.startswith(("right", "wrong"))
    ]
    made = random.Random(0).sample(made, HUNDRED)
    return {f"student-{place:04}": made[place % HUNDRED] for place in range(count)}


def make_course(folder, count, settings=None):
    """A course folder with `count` submissions, nbgrader's own settings or those given, and the
    assignment registered."""
    shutil.copytree(ROOT / "solutions" / ASSIGNMENT, folder / "solutions" / ASSIGNMENT)
    config = (ROOT / "nbgrader_config.py").read_text() if settings is None else settings
    (folder / "nbgrader_config.py").write_text(config)
    course = open_course(folder)
    release(course, ASSIGNMENT)
    for student, content in honest_class(count).items():
        path = folder / "submitted" / student / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    return course


def measure(work, stock, ours):
    """The rows of a piece of work: what each side needs for the class in its folder."""
    made, *commands = WORK[work]
    seconds = [
        timed([*command, ASSIGNMENT], folder, made) for command, folder in zip(commands, (stock, ours), strict=True)
    ]
    return [
        {
            "work": work,
            "by": by,
            "notebooks": STOCK,
            "seconds": spent,
            "a second": STOCK / spent,
            "times stock": seconds[0] / spent,
        }
        for by, spent in zip(("stock", "ours"), seconds, strict=True)
    ]


def timed(command, folder, made):
    """Seconds that a command takes, its start included; it must have made a file a submission."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    seconds = time.perf_counter() - start
    assert len(list(folder.glob(made))) == STOCK
    return seconds


def grade_many(folder):
    """Time a submission and the driver's memory, for each hundred of many submissions."""
    course, me = make_course(folder, MANY), psutil.Process()
    times, memory = [time.perf_counter()], []

    def note(result):
        times.append(time.perf_counter())
        memory.append(me.memory_info().rss / 1e6)

    with open_record(course, ASSIGNMENT) as record:
        run = Run(course, record, ASSIGNMENT)
        run.grade(run.plan().todo, partial(local_results, jobs=JOBS), note)
    gaps = [after - before for before, after in itertools.pairwise(times)]
    hundreds = [slice(start, start + HUNDRED) for start in range(0, MANY, HUNDRED)]
    # medians: the first hundred pays for the start of the workers
    print(
        "last hundred / first hundred: "
        f"{statistics.median(gaps[hundreds[-1]]) / statistics.median(gaps[hundreds[0]]):.2f}"
    )
    return [
        {"submissions": hundred.stop, "seconds each": statistics.mean(gaps[hundred]), "driver MB": memory[hundred][-1]}
        for hundred in hundreds
    ]


if __name__ == "__main__":
    main()
