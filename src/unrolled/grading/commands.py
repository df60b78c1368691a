"""The instructor's commands."""

import functools
import json
import os
import signal
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

app = typer.Typer(
    name="unrolled",
    help="The instructor's desk: release an assignment, collect and grade what a class hands in, return feedback, export marks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out, err = Console(), Console(stderr=True)

Assignment = Annotated[str, typer.Argument(help="The assignment's name, such as 02-rnn.")]
Folder = Annotated[Path, typer.Option("--course", help="The folder of the course, where nbgrader_config.py is.")]
HERE = Path(".")
SOME = 10       # names that a sentence lists


class Format(StrEnum):
    """Whose columns `unrolled marks` writes."""

    csv = "csv"
    canvas = "canvas"
    moodle = "moodle"


def command(function):
    """A command that ends with one sentence and exit code 1 where the course itself is at fault."""

    @app.command()
    @functools.wraps(function)
    def run(*args, **kwargs):
        from sqlalchemy.exc import SQLAlchemyError

        from unrolled.grading.course import CourseError
        from unrolled.grading.sandbox import SandboxError

        try:
            function(*args, **kwargs)
        except (CourseError, SandboxError) as error:
            err.print(Text(str(error)), soft_wrap=True)
            sys.exit(1)
        except (OSError, SQLAlchemyError) as error:     # a full disk, a gradebook that went away
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            err.print(Text(f"{reason}. What is done is kept; run the same command again when this is mended."), soft_wrap=True)
            sys.exit(1)

    return run


@command
def release(
    assignment: Annotated[str, typer.Argument(help="One assignment; all of them by default.")] = "",
    course: Folder = HERE,
):
    """Generate the notebook that students receive from its source in solutions/."""
    from unrolled.grading.course import open_course
    from unrolled.grading.release import release, sources

    opened = open_course(course)
    for name in [assignment] if assignment else sources(opened):
        release(opened, name)
        out.print(f"{opened.directory.release_directory}/{name}", highlight=False)


@command
def collect(
    assignment: Assignment,
    archives: Annotated[list[Path], typer.Argument(help="What the LMS gave you: one zip or more.")],
    course: Folder = HERE,
):
    """Put the notebooks of Canvas's or Moodle's zip of downloads into submitted/.

    Canvas names files lovelaceada_12345_67890_rnn.ipynb, Moodle "Ada Lovelace_657737_assignsubmission_file_/rnn.ipynb";
    the student's id in this course is the number, 12345 or 657737. Archives inside the zip are opened too.
    """
    from unrolled.grading.collect import collect, keep_names
    from unrolled.grading.course import open_course
    from unrolled.grading.gradebook import open_record
    from unrolled.grading.summary import show

    opened = open_course(course)
    collected = collect(opened, assignment, archives)
    with open_record(opened, assignment) as record:
        keep_names(record.engine, [*collected.notebooks, *collected.without])
    students = {download.student for download in collected.notebooks}
    where = opened.directory.submitted_directory
    out.print(f"{_counted(len(collected.notebooks), 'notebook')} of {_counted(len(students), 'student')} in {where}/", highlight=False)
    late = dict.fromkeys(show(download.name) for download in collected.notebooks if download.late)
    for line in [
        *collected.warnings,
        *(f"No notebook by {show(download.name)} ({download.student})." for download in collected.without),
        *([f"Marked as late by Canvas: {', '.join(late)}."] if late else []),
    ]:
        err.print(Text(line), soft_wrap=True)


@command
def grade(
    assignment: Assignment,
    jobs: Annotated[int | None, typer.Option(min=1, help="How many processes grade; one a core by default.")] = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be given several times.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Grade what is graded already, too.")] = False,
    scheduler: Annotated[str, typer.Option(help="An existing Dask cluster, such as tcp://host:8786.")] = "",
    json_file: Annotated[Path | None, typer.Option("--json", dir_okay=False, help="Write the summary to this file as JSON, too.")] = None,
    unsafe_no_sandbox: Annotated[
        bool, typer.Option("--unsafe-no-sandbox", help="Run submissions as ordinary processes of yours. Only for code that you trust.")
    ] = False,
    course: Folder = HERE,
):
    """Grade what lies in submitted/. Stopped at any moment, the same command goes on where it was."""
    signal.signal(signal.SIGINT, _stop)
    _one_thread_a_process()
    from unrolled.grading.course import open_course

    summary = _grade(open_course(course), assignment, jobs, student, again, scheduler, unsafe_no_sandbox)
    if json_file:
        from unrolled.grading.release import write_whole

        write_whole(json_file, json.dumps(summary.as_json(), indent=1, ensure_ascii=False).encode() + b"\n")


@command
def feedback(
    assignment: Assignment,
    to_lms: Annotated[
        Path | None, typer.Option("--zip", dir_okay=False, help="Write the pages to this zip, too, named so that Canvas or Moodle hands them out.")
    ] = None,
    course: Folder = HERE,
):
    """Write each student's feedback page into feedback/, from the gradebook as it stands now."""
    from unrolled.grading.course import open_course
    from unrolled.grading.feedback import write_pages, zip_pages
    from unrolled.grading.gradebook import open_record
    from unrolled.grading.summary import show

    opened = open_course(course)
    opened.release_notebooks(assignment)
    with open_record(opened, assignment) as record:
        if not (total := len(record.entries())):
            raise _nothing_graded(assignment)
        with _progress() as progress:
            bar = progress.add_task(assignment, total=total)
            count = write_pages(opened, record, lambda path: progress.advance(bar))
    out.print(f"{_counted(count, 'page')} in {opened.directory.feedback_directory}/", highlight=False)
    if to_lms:
        inside, without = zip_pages(opened, assignment, to_lms)
        out.print(f"{_counted(inside, 'page')} in {to_lms}", highlight=False, markup=False)
        if without:
            err.print(Text(f"Not in it, since they did not come by `unrolled collect`: {', '.join(map(show, without))}."), soft_wrap=True)


@command
def marks(
    assignment: Assignment,
    form: Annotated[Format, typer.Option("--format", help="Whose columns: nbgrader's own, or what Canvas or Moodle imports.")] = Format.csv,
    to: Annotated[Path | None, typer.Option(dir_okay=False, help="The file to write; the terminal by default.")] = None,
    course: Folder = HERE,
):
    """Marks as CSV: for a spreadsheet, or in the columns that Canvas and Moodle import."""
    from unrolled.exercises import ASSIGNMENTS
    from unrolled.grading.course import open_course
    from unrolled.grading.gradebook import open_record
    from unrolled.grading.marks import FORMATS
    from unrolled.grading.release import write_whole

    opened = open_course(course)
    opened.release_notebooks(assignment)
    with open_record(opened, assignment) as record:
        if not record.entries():
            raise _nothing_graded(assignment)
        text = FORMATS[form.value](record, [exercise.name for exercise in ASSIGNMENTS.get(assignment, ())])
    if to:
        write_whole(to, text.encode())
        out.print(Text(str(to)), soft_wrap=True)
    else:
        sys.stdout.write(text.replace("\r\n", "\n"))


@command
def similar(
    assignment: Assignment,
    also: Annotated[list[Path] | None, typer.Option(help="Hand-ins of an earlier term, a folder such as submitted/; may be given several times.")] = None,
    least: Annotated[int, typer.Option("--from", min=1, max=99, help="The score from which a pair is shown.")] = 50,
    course: Folder = HERE,
):
    """Say which hand-ins share what few others have, and show them side by side, as pages in similar/. Nothing is run."""
    from unrolled.grading.course import open_course
    from unrolled.grading.similarity import compare_class, render, write_pages

    opened = open_course(course)
    with _progress() as progress:
        bar = progress.add_task(assignment)
        similarity = compare_class(opened, assignment, also or [], least / 100, lambda total: progress.update(bar, advance=1, total=total))
    page = write_pages(similarity, opened.root / "similar" / assignment)
    out.print(render(similarity))
    out.print(f"Side by side: {page}", highlight=False, markup=False, soft_wrap=True)


@command
def demo(
    assignment: Annotated[str, typer.Argument(help="The assignment of the made-up class.")] = "02-rnn",
    jobs: Annotated[int | None, typer.Option(min=1, help="How many processes grade; one a core by default.")] = None,
    unsafe_no_sandbox: Annotated[bool, typer.Option("--unsafe-no-sandbox", help="Run the made-up cheats without a sandbox.")] = False,
    course: Folder = HERE,
):
    """Make up a small class in _build/demo, cheats and broken files among it, and grade it."""
    signal.signal(signal.SIGINT, _stop)
    _one_thread_a_process()
    from unrolled.grading.course import open_course
    from unrolled.grading.demo import make_class
    from unrolled.grading.feedback import write_pages
    from unrolled.grading.gradebook import open_record

    opened = open_course(course)
    opened.release_notebooks(assignment)
    folder = opened.root / "_build" / "demo"
    make_class(opened, assignment, folder)
    made_up = open_course(folder)
    _grade(made_up, assignment, jobs=jobs, unsafe_no_sandbox=unsafe_no_sandbox)
    with open_record(made_up, assignment) as record:
        write_pages(made_up, record)
    out.print(f"Look at {folder / 'feedback'}, or grade by hand: cd {folder} && jupyter lab, then Nbgrader, Formgrader.", soft_wrap=True)


@command
def doctor(grading: Annotated[bool, typer.Option("--grading", help="Look at what an instructor needs, too.")] = False):
    """Say what is missing on this machine and how to mend it."""
    from unrolled import doctor

    sys.exit(doctor.main(["--grading"] if grading else []))


def _grade(course, assignment, jobs=None, students=None, again=False, scheduler="", unsafe_no_sandbox=False):
    """Grade, show the summary, and return it."""
    from unrolled.grading.driver import Run, only_one
    from unrolled.grading.gradebook import open_record
    from unrolled.grading.sandbox import sandbox_command
    from unrolled.grading.summary import render, summarise

    if unsafe_no_sandbox:
        err.print("Submissions run as ordinary programs of yours, without a sandbox.", style="bold red")
    elif not scheduler:
        sandbox_command()       # refuses before anything is written
    with only_one(course), open_record(course, assignment) as record:
        run = Run(course, record, assignment, unsafe_no_sandbox=unsafe_no_sandbox)
        plan = run.plan(students, again)
        if scheduler:
            from unrolled.grading.cluster import cluster_results

            results = functools.partial(cluster_results, address=scheduler)
        else:
            from unrolled.grading.workers import local_results

            results = functools.partial(local_results, jobs=jobs or cores())
        before = {row.student: row.score for row in summarise(record).rows}
        start = time.perf_counter()
        with _progress() as progress:
            bar = progress.add_task(assignment, total=len(plan.todo), visible=bool(plan.todo))
            run.grade(plan.todo, results, lambda result: progress.advance(bar))
        summary = summarise(record, before)
    out.print(render(summary))
    out.print(_what_was_done(plan, time.perf_counter() - start), highlight=False, soft_wrap=True)
    return summary


def _nothing_graded(assignment):
    from unrolled.grading.course import CourseError

    return CourseError(f"nothing of {assignment} is graded yet: run `unrolled grade {assignment}`.")


def _counted(number, thing):
    return f"{number} {thing}{'' if number == 1 else 's'}"


def cores():
    """How many processes can run at a time on this machine, or in this container."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _one_thread_a_process():
    """A process a core grades already: NumPy's own threads would only get in each other's way."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _what_was_done(plan, seconds):
    from unrolled.grading.summary import show

    lines = [f"Graded {len(plan.todo)} in {seconds:.1f} s; {len(plan.done)} were graded before and have not changed."]
    if plan.stale:
        names = sorted({show(student) for student, _ in plan.stale})
        who = ", ".join(names[:SOME]) + (f" and {len(names) - SOME} more" if len(names) > SOME else "")
        lines.append(f"The assignment has changed since these were graded: {who}. Grade them anew with --again.")
    if plan.refused:
        lines.append(f"Not graded, for their folders' names are too long or no text: {', '.join(map(show, plan.refused))}.")
    return Text("\n".join(lines))


def _stop(*_):
    """Ctrl-C: the workers see this process go, and go too. What is graded is written."""
    print("\nStopped. What is graded stands in the gradebook; the same command goes on from here.", file=sys.stderr)
    os._exit(130)


class _Rate(ProgressColumn):
    """Submissions a second so far."""

    def render(self, task):
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


def _progress():
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=err,
    )
