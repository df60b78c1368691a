"""Verdicts on what came out of the sandbox, and the notebook that says them.

Every output under a graded cell is written here: the finding for the student, and the number that nbgrader reads as
the cell's score. Nothing that a student's process printed can stand there.
"""

import html
import itertools
import re
from dataclasses import replace

from nbformat import from_dict

from unrolled.comparison import Report, compare
from unrolled.exercises.exercise import Exercise
from unrolled.exercises.scored import Scored
from unrolled.grading.notebook.execute import Checked, Execution
from unrolled.grading.notebook.names import free_names
from unrolled.grading.notebook.outputs import clean_text, without_values
from unrolled.grading.notebook.release import is_answer, is_graded

# What a student at home cannot know about an error, by its type.
_NOTES = {
    "ModuleNotFoundError": "Where answers are graded, there are NumPy, Matplotlib and the standard library, "
    "nothing else.",
    "StdinNotImplementedError": "Nobody is there to answer `input`, `breakpoint` or a debugger while answers are "
    "graded: take it out.",
    "FileNotFoundError": "Where answers are graded, there is nothing but the notebook: files of yours are not there.",
}
_NOTE_ON_SLOW_CELLS = (
    "All of an answer cell is run when it is graded: try things out in cells of your own, "
    "which have a time of their own."
)
PAIRS = 1000  # of mistakes that are tried together: five times as many tell hardly more and take twice the time
_MARKDOWN = re.compile(r"[\\`*_\[\]<>$!]")  # in the name of a student's file


def judge(exercise: Exercise | Scored, cases: list[dict], checked: Checked) -> Report:
    """The Report on one function from what was Checked.
    It shows no expected value, and no decimal number that could be an input.

    What a function says of its inputs in other ways is worth nothing: another hand-in is given others.
    """
    stop = checked.stop
    if checked.fault:
        return _report_fault(exercise.name, checked)
    for outcome in checked.outcomes or ():
        outcome.error = outcome.error and without_values(outcome.error)
        outcome.line = outcome.line and clean_text(outcome.line, 300)
    try:
        report = compare(exercise, cases, checked.outcomes, reveal=False, max_pairs=PAIRS)
        report = replace(report, message=clean_text(report.message, 4000))
        if stop and not report.passed:
            report = report.add(f"Its cell went on without an import: {stop.text}.", stop.raised)
        return _add_note(report)
    except Exception as error:  # whatever values a process sent, they cost only this function's marks
        return Report(
            exercise.name, False, f"{exercise.name}: its results could not be compared ({type(error).__name__})."
        )


def judge_test(name: str, checked: Checked) -> Report:
    """The Report on what an instructor's own tests gave. It was decided inside the sandbox, so it is
    worth what they are."""
    if checked.fault or checked.share is None:
        return _report_fault(name, checked)
    said = "all tests passed." if checked.share == 1 else f"the tests gave {checked.share:.0%} of the points."
    return Report(name, checked.share == 1, f"{name}: {said}", share=checked.share)


def _report_fault(name, checked):
    """The Report on what did not come to an answer."""
    stop, end = checked.stop, "" if checked.fault.endswith((".", "?", "!")) else "."
    report = Report(
        name, False, f"{name}: {checked.fault}{end}", raised=(stop.raised,) if stop and stop.raised else ()
    )
    return report.add(_NOTE_ON_SLOW_CELLS) if stop and stop.slow else _add_note(report)


def _add_note(report):
    """The same report, with what a student at home cannot know about an error that it tells."""
    note = next((note for raised, note in _NOTES.items() if not report.passed and raised in report.raised), None)
    return report.add(note) if note else report


def add_mend_first(reports: dict[str, Report], cells: list[dict]) -> dict[str, Report]:
    """The same reports, each failing function told which other failing function that it calls is to
    be mended first."""
    calls: dict[str, frozenset[str]] = {}
    for cell in cells:
        if is_answer(cell) and cell["cell_type"] == "code":
            called = free_names(cell["source"])
            calls |= {
                name: called - {name}
                for name in reports
                if re.search(rf"^def\s+{re.escape(name)}\b", cell["source"], re.MULTILINE)
            }
    failing = [name for name, report in reports.items() if not report.passed]
    for name in failing:
        first = next((other for other in failing if other in calls.get(name, ())), None)
        if first:
            reports[name] = reports[name].mend_first(first)
    return reports


def write_verdicts(notebook: dict, execution: Execution, reports: dict[str, Report]) -> dict:
    """Put the outputs into a notebook: the student's own under their cells, ours under the graded ones."""
    numbers = itertools.count(1)
    for place, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        # numbered as they follow one another: how often a kernel had to run one, on a busy machine, is nobody's matter
        count = next(numbers) if execution.counts.get(place) else None
        cell["outputs"], cell["execution_count"] = execution.outputs.get(place, []), count
        for output in cell["outputs"]:
            if output["output_type"] == "execute_result":
                output["execution_count"] = count
        if is_graded(cell):
            meta = cell["metadata"]["nbgrader"]
            report = reports[meta["grade_id"]]
            cell["outputs"] = verdict_outputs(report, float(meta["points"]), cell["execution_count"])
    return notebook


def verdict_outputs(report: Report, points: float, count: int | None = None) -> list[dict]:
    """The outputs of a graded cell: the finding, and the score as the number from which nbgrader reads it."""
    score = report.score * points
    text = clean_text(report.message, 4000)
    data = {"text/plain": text, "text/html": verdict_html(text, report.passed, score, points)}
    return [
        from_dict({"output_type": "display_data", "data": data, "metadata": {}}),
        from_dict(
            {
                "output_type": "execute_result",
                "data": {"text/plain": repr(score)},
                "metadata": {},
                "execution_count": count,
            }
        ),
    ]


def verdict_html(text: str, passed: bool, score: float, points: float) -> str:
    """A finding as HTML: nothing in it is anybody's markup but ours. Of all blocks, formgrader lets only div pass."""
    lines = [re.sub(r"`([^`]*)`", r"<code>\1</code>", line) for line in html.escape(text).split("\n")]
    lines.insert(0, f"<strong>{score:g} of {points:g} points</strong>")
    return (
        '<div class="verdict '
        f'{"passed" if passed else "failed"}">{"".join(f"<div>{line}</div>" for line in lines)}</div>'
    )


def write_ungraded(notebook: dict, why: str) -> dict:
    """A pristine notebook that says on top why it was not graded, and gives no points."""
    source = "**This notebook was not graded.** " + _MARKDOWN.sub(r"\\\g<0>", why)
    top = {"cell_type": "markdown", "id": "ungraded", "metadata": {}, "source": source}
    for cell in notebook["cells"]:
        if is_graded(cell):
            meta = cell["metadata"]["nbgrader"]
            cell["outputs"] = verdict_outputs(Report(meta["grade_id"], False, why), float(meta["points"]))
    notebook["cells"].insert(0, from_dict(top))
    return notebook
