"""The instructor's commands."""

import functools
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

app = typer.Typer(
    name="unrolled",
    help="The instructor's desk: release an assignment, grade a class, return feedback, export marks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out, err = Console(), Console(stderr=True)

Assignment = Annotated[str, typer.Argument(help="The assignment's name, such as 02-rnn.")]
Folder = Annotated[Path, typer.Option("--course", help="The folder of the course, where nbgrader_config.py is.")]
HERE = Path(".")


def command(function):
    """A command that ends with one sentence and exit code 1 where the course itself is at fault."""

    @app.command()
    @functools.wraps(function)
    def run(*args, **kwargs):
        from unrolled.grading.course import CourseError

        try:
            function(*args, **kwargs)
        except CourseError as error:
            err.print(Text(str(error)), soft_wrap=True)
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
def grade(
    assignment: Assignment,
    jobs: Annotated[int | None, typer.Option(min=1, help="How many processes grade; one a core by default.")] = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be given several times.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Grade what is graded already, too.")] = False,
    scheduler: Annotated[str, typer.Option(help="An existing Dask cluster, such as tcp://host:8786.")] = "",
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the summary to this file as JSON, too.")] = None,
    unsafe_no_sandbox: Annotated[
        bool, typer.Option("--unsafe-no-sandbox", help="Run submissions as ordinary processes of yours. Only for code that you trust.")
    ] = False,
    course: Folder = HERE,
):
    """Grade what lies in submitted/. Stopped at any moment, the same command goes on where it was."""
    signal.signal(signal.SIGINT, _stop)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")        # a process a core already: threads would only get in each other's way
    from unrolled.grading.course import open_course
    from unrolled.grading.driver import Run, local_results, only_one
    from unrolled.grading.gradebook import open_record
    from unrolled.grading.summary import render, summarise

    opened = open_course(course)
    with only_one(opened), open_record(opened, assignment) as record:
        run = Run(opened, record, assignment, unsafe_no_sandbox=unsafe_no_sandbox)
        plan = run.plan(student, again)
        if scheduler:
            from unrolled.grading.cluster import cluster_results

            results = functools.partial(cluster_results, address=scheduler)
        else:
            results = functools.partial(local_results, jobs=jobs or len(os.sched_getaffinity(0)))
        start = time.perf_counter()
        with _progress() as progress:
            bar = progress.add_task(assignment, total=len(plan.todo))
            run.grade(plan.todo, results, lambda result: progress.advance(bar))
        summary = summarise(record)
    out.print(render(summary))
    out.print(_what_was_done(plan, time.perf_counter() - start), highlight=False, soft_wrap=True)
    if json_file:
        from unrolled.grading.release import write_whole

        write_whole(json_file, json.dumps(summary.as_json(), indent=1, ensure_ascii=False).encode() + b"\n")


def _what_was_done(plan, seconds):
    lines = [f"Graded {len(plan.todo)} in {seconds:.1f} s; {len(plan.done)} were graded before and have not changed."]
    if plan.stale:
        names = ", ".join(sorted({student for student, _ in plan.stale}))
        lines.append(f"The assignment has changed since these were graded: {names}. Grade them anew with --again.")
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
