"""The instructor's commands: from release to returned marks.
Those for the course's administration are in `administration`."""

import functools
import json
import os
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

# `app` is what is called
from unrolled.grading.app import HERE, Assignment, Folder, app, command, counted, err, out  # noqa: F401

SOME = 10  # names that a sentence lists


class Format(StrEnum):
    """Whose columns `unrolled marks` writes."""

    csv = "csv"
    canvas = "canvas"
    moodle = "moodle"


@command
def release(
    assignment: Annotated[str, typer.Argument(help="One assignment; all of them by default.")] = "",
    course: Folder = HERE,
):
    """Generate the notebook that students receive from its source in solutions/."""
    from unrolled.grading.course.course import open_course
    from unrolled.grading.course.release import release, sources

    opened = open_course(course)
    for name in [assignment] if assignment else sources(opened):
        release(opened, name)
        out.print(f"{opened.directory.release_directory}/{name}", highlight=False)


@command
def collect(
    assignment: Assignment,
    archives: Annotated[
        list[Path], typer.Argument(help="What the LMS gave you, one zip or more; or a folder of Git clones.")
    ],
    course: Folder = HERE,
):
    """Put the notebooks of an LMS's zip of downloads, or of Git clones, into submitted/.

    Canvas names files lovelaceada_12345_67890_rnn.ipynb, Moodle "Ada
    Lovelace_657737_assignsubmission_file_/rnn.ipynb", Brightspace "12345-67890 - Ada Lovelace - Nov 3, 2026 1105
    AM/rnn.ipynb"; the student's id in this course is the number, 12345 or 657737. At Blackboard,
    "RNN_ada_attempt_2026-11-03-11-05-22_rnn.ipynb", it is all between the first underscore and "_attempt". A clone's
    folder is called by its student's id. Archives inside the zip are opened too.
    """
    from unrolled.grading.course.collect import collect, keep_names
    from unrolled.grading.course.course import open_course
    from unrolled.grading.course.gradebook import open_record
    from unrolled.grading.course.summary import show

    opened = open_course(course)
    collected = collect(opened, assignment, archives)
    with open_record(opened, assignment) as record:
        keep_names(record, [*collected.notebooks, *collected.without])
    students = {download.student for download in collected.notebooks}
    where = opened.directory.submitted_directory
    out.print(
        f"{counted(len(collected.notebooks), 'notebook')} of {counted(len(students), 'student')} in {where}/",
        highlight=False,
    )
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
    json_file: Annotated[
        Path | None, typer.Option("--json", dir_okay=False, help="Write the summary to this file as JSON, too.")
    ] = None,
    unsafe_no_sandbox: Annotated[
        bool,
        typer.Option(
            "--unsafe-no-sandbox", help="Run submissions as ordinary processes of yours. Only for code that you trust."
        ),
    ] = False,
    course: Folder = HERE,
):
    """Grade what lies in submitted/. Stopped at any moment, the same command goes on where it was."""
    _one_thread_a_process()
    from unrolled.grading.course.course import open_course

    summary = _grade(open_course(course), assignment, jobs, student, again, scheduler, unsafe_no_sandbox)
    if json_file:
        from unrolled.grading.course.files import write_whole

        write_whole(json_file, json.dumps(summary.as_json(), indent=1, ensure_ascii=False).encode() + b"\n")


@command
def feedback(
    assignment: Assignment,
    to_lms: Annotated[
        Path | None,
        typer.Option(
            "--zip",
            dir_okay=False,
            help="Write the pages to this zip, too, named so that Canvas or Moodle hands them out.",
        ),
    ] = None,
    course: Folder = HERE,
):
    """Write each student's feedback page into feedback/, from the gradebook as it stands now."""
    from unrolled.grading.course.course import open_course
    from unrolled.grading.course.feedback import write_pages, zip_pages
    from unrolled.grading.course.gradebook import open_record
    from unrolled.grading.course.summary import show
    from unrolled.grading.progress import progress_bar, step

    opened = open_course(course)
    opened.release_notebooks(assignment)
    with open_record(opened, assignment) as record:
        if not (total := len(record.entries())):
            raise _nothing_graded(assignment)
        with progress_bar() as progress:
            bar = progress.add_task(assignment, total=total)
            count = write_pages(opened, record, lambda path: step(progress, bar))
    out.print(f"{counted(count, 'page')} in {opened.directory.feedback_directory}/", highlight=False)
    if to_lms:
        inside, without = zip_pages(opened, assignment, to_lms)
        out.print(f"{counted(inside, 'page')} in {to_lms}", highlight=False, markup=False)
        if without:
            err.print(
                Text(f"Not in it, since they did not come by `unrolled collect`: {', '.join(map(show, without))}."),
                soft_wrap=True,
            )


@command
def marks(
    assignment: Assignment,
    form: Annotated[
        Format, typer.Option("--format", help="Whose columns: nbgrader's own, or what Canvas or Moodle imports.")
    ] = Format.csv,
    to: Annotated[
        Path | None, typer.Option(dir_okay=False, help="The file to write; the terminal by default.")
    ] = None,
    section: Annotated[str, typer.Option(help="Only this section, as the roster calls it.")] = "",
    column: Annotated[
        str, typer.Option(help='What Canvas calls the column, such as "RNN (12345)"; kept for the next time.')
    ] = "",
    anyway: Annotated[bool, typer.Option("--anyway", help="Write marks that are not final, too.")] = False,
    course: Folder = HERE,
):
    """Marks as CSV: for a spreadsheet, or in the columns that Canvas and Moodle import.
    Refused while some are not final."""
    from unrolled.grading.course.course import CourseError, open_course
    from unrolled.grading.course.files import write_whole
    from unrolled.grading.course.gradebook import open_record
    from unrolled.grading.course.marks import FORMATS, canvas_column
    from unrolled.grading.course.roster import students_of
    from unrolled.grading.course.summary import in_order
    from unrolled.grading.run.driver import Run

    opened = open_course(course)
    opened.release_notebooks(assignment)
    more: dict[str, Any] = {"only": students_of(opened, section)} if section else {}
    if form == Format.canvas:
        more["column"] = canvas_column(opened, assignment, column)
    elif column:
        raise CourseError("--column is Canvas's: it goes with --format canvas.")
    with open_record(opened, assignment) as record:
        if not record.entries():
            raise _nothing_graded(assignment)
        if open_ends := Run(opened, record, assignment).not_final():
            said = f"Not all marks of {assignment} are final. {open_ends[0].upper()}{open_ends[1:]}."
            if not anyway:
                raise CourseError(f"{said} Nothing was written; with --anyway it is.")
            err.print(Text(said), soft_wrap=True)
        text = FORMATS[form.value](record, in_order(assignment, {mark.name for mark in record.marks()}), **more)
    if to:
        write_whole(to, text.encode())
        out.print(Text(str(to)), soft_wrap=True)
    else:
        sys.stdout.buffer.write(text.replace("\r\n", "\n").encode())  # as in a file, whatever the terminal can show


@command
def similar(
    assignment: Assignment,
    also: Annotated[
        list[Path] | None,
        typer.Option(help="Hand-ins of an earlier term, a folder such as submitted/; may be given several times."),
    ] = None,
    least: Annotated[int, typer.Option("--from", min=1, max=99, help="The score from which a pair is shown.")] = 50,
    course: Folder = HERE,
):
    """Say which hand-ins share what few others have, and show them side by side, as pages in similar/.
    Nothing is run."""
    from unrolled.grading.course.course import open_course
    from unrolled.grading.course.similarity import compare_class, render, write_pages
    from unrolled.grading.progress import progress_bar

    opened = open_course(course)
    with progress_bar() as progress:
        bar = progress.add_task(assignment)
        similarity = compare_class(
            opened, assignment, also or [], least / 100, lambda total: progress.update(bar, advance=1, total=total)
        )
    page = write_pages(similarity, opened.root / "similar" / assignment)
    out.print(render(similarity))
    out.print(f"Side by side: {page}", highlight=False, markup=False, soft_wrap=True)


@command
def demo(
    assignment: Annotated[str, typer.Argument(help="The assignment of the made-up class.")] = "02-rnn",
    jobs: Annotated[int | None, typer.Option(min=1, help="How many processes grade; one a core by default.")] = None,
    unsafe_no_sandbox: Annotated[
        bool, typer.Option("--unsafe-no-sandbox", help="Run the made-up cheats without a sandbox.")
    ] = False,
    course: Folder = HERE,
):
    """Make up a small class in _build/demo, cheats and broken files among it, and grade it."""
    _one_thread_a_process()
    from unrolled.grading.course.course import open_course
    from unrolled.grading.course.feedback import write_pages
    from unrolled.grading.course.gradebook import open_record
    from unrolled.grading.run.demo import make_class

    opened = open_course(course)
    opened.release_notebooks(assignment)
    folder = opened.root / "_build" / "demo"
    make_class(opened, assignment, folder)
    made_up = open_course(folder)
    _grade(made_up, assignment, jobs=jobs, unsafe_no_sandbox=unsafe_no_sandbox)
    with open_record(made_up, assignment) as record:
        write_pages(made_up, record)
    out.print(
        f"Look at {folder / 'feedback'}, or grade by hand: cd {folder} && jupyter lab, then Nbgrader, Formgrader.",
        soft_wrap=True,
    )


@command
def doctor(grading: Annotated[bool, typer.Option("--grading", help="Look at what an instructor needs, too.")] = False):
    """Say what is missing on this machine and how to mend it."""
    from unrolled import doctor

    sys.exit(doctor.main(["--grading"] if grading else [], _examine_grading))


def _examine_grading():
    """What the doctor adds for an instructor; where a library is missing, it has said so already."""
    try:
        from unrolled.grading.run.machine import examine
    except ImportError:
        return []
    return examine()


def _grade(course, assignment, jobs=None, students=None, again=False, scheduler="", unsafe_no_sandbox=False):
    """Grade, show the summary, and return it."""
    from unrolled.grading.course.gradebook import open_record
    from unrolled.grading.course.hidden import of_unknown_source
    from unrolled.grading.course.summary import render, render_student, summarise
    from unrolled.grading.notebook.bubblewrap import sandbox_command
    from unrolled.grading.progress import progress_bar, step
    from unrolled.grading.run.driver import Run, only_one
    from unrolled.grading.run.machine import refuse_cramped

    refuse_cramped()
    if unsafe_no_sandbox:
        err.print("Submissions run as ordinary programs of yours, without a sandbox.", style="bold red")
    with only_one(course), open_record(course, assignment) as record:
        run = Run(course, record, assignment, unsafe_no_sandbox=unsafe_no_sandbox)
        plan = run.plan(students, again)
        if unknown := of_unknown_source(course, assignment):
            err.print(Text(_what_may_be_hidden(course, assignment, unknown)), soft_wrap=True)
        if plan.todo and not scheduler and not unsafe_no_sandbox:
            sandbox_command()  # refuses before anything is graded
        if scheduler:
            from unrolled.grading.run.cluster import cluster_results

            results = functools.partial(cluster_results, address=scheduler)
        else:
            from unrolled.grading.run.workers import local_results

            results = functools.partial(local_results, jobs=jobs or cores())
        before = {row.student: row.score for row in summarise(record).rows}
        start = time.perf_counter()
        with progress_bar() as progress:
            bar = progress.add_task(assignment, total=len(plan.todo), visible=bool(plan.todo))
            run.grade(plan.todo, results, lambda result: step(progress, bar))
        summary = summarise(record, before, plan.refused)
    for renderable in [render_student(summary, row) for row in summary.rows if row.student in (students or ())] or [
        render(summary)
    ]:
        out.print(renderable)
    out.print(_what_was_done(plan, time.perf_counter() - start), highlight=False, soft_wrap=True)
    return summary


def _what_may_be_hidden(course, assignment, names):
    source = f"{course.directory.source_directory}/{assignment}"
    return (
        f"Neither {source}/ nor what a release kept of it is here, so hidden tests of {', '.join(names)}, "
        "if there are any, "
        "do not count: put the source back and grade with --again."
    )


def _nothing_graded(assignment):
    from unrolled.grading.course.course import CourseError

    return CourseError(f"nothing of {assignment} is graded yet: run `unrolled grade {assignment}`.")


def cores():
    """How many processes can run at a time on this machine, or in this container."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _one_thread_a_process():
    """A process a core grades already: NumPy's own threads would only get in each other's way."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _what_was_done(plan, seconds):
    lines = [f"Graded {len(plan.todo)} in {seconds:.1f} s; {len(plan.done)} were graded before and have not changed."]
    if plan.stale:
        who = _some(sorted({student for student, _ in plan.stale}))
        lines.append(f"The assignment has changed since these were graded: {who}. Grade them anew with --again.")
    if plan.gone:
        lines.append(
            f"Not graded again, for nothing of theirs is left in submitted/; their marks stay: {_some(plan.gone)}."
        )
    return Text("\n".join(lines))


def _some(names):
    """The first of some names, and how many more there are."""
    from unrolled.grading.course.summary import show

    more = f" and {len(names) - SOME} more" if len(names) > SOME else ""
    return ", ".join(map(show, names[:SOME])) + more


from unrolled.grading import administration  # noqa: E402, F401  so that its commands come after these
