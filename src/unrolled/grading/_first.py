"""A first engine, without a sandbox; replaced by rebuild, sandbox and verify."""

import contextlib
import io
import multiprocessing
import time

import nbformat

from unrolled.comparison import compare
from unrolled.exercises import EXERCISES
from unrolled.recording import call, pack, unpack


def grade(task, _):
    from unrolled.grading.task import Result, inputs_generator

    start = time.perf_counter()
    who = (task.assignment, task.student, task.notebook)
    try:
        handed_in = nbformat.reads((task.submission or b"").decode("utf-8-sig"), as_version=4)
    except Exception:
        return Result(*who, task.release, ungraded="This file is no notebook.", seconds=time.perf_counter() - start)
    sources = {c.metadata.get("nbgrader", {}).get("grade_id"): c.source for c in handed_in.cells}
    notebook = nbformat.reads(task.release.decode(), as_version=4)
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("solution") and meta.get("grade_id") in sources:
            cell.source = sources[meta["grade_id"]]
    code = [c.source for c in notebook.cells if c.cell_type == "code"]
    names = [c.metadata.nbgrader.grade_id for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]
    cases = {n: EXERCISES[n].cases(inputs_generator(task, n)) for n in names}
    queue = multiprocessing.get_context("spawn").Queue()
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(code, {n: pack(c) for n, c in cases.items()}, queue))
    process.start()
    outcomes = {}
    with contextlib.suppress(Exception):
        outcomes = queue.get(timeout=task.limits.seconds)
    process.kill()
    marks, messages, mistakes = {}, {}, {}
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        if not meta.get("grade"):
            continue
        name = meta["grade_id"]
        if name in outcomes:
            from unrolled.recording import Outcome

            report = compare(EXERCISES[name], cases[name], [Outcome(**o) for o in unpack(outcomes[name])], reveal=False)
            marks[name], messages[name], mistakes[name] = report.score, report.message, report.mistake
        else:
            marks[name], messages[name], mistakes[name] = 0.0, f"{name} could not be called.", None
        cell.outputs = [
            nbformat.v4.new_output("display_data", data={"text/plain": messages[name]}),
            nbformat.v4.new_output("execute_result", data={"text/plain": repr(marks[name] * meta["points"])}, execution_count=1),
        ]
    graded = nbformat.writes(notebook).encode()
    return Result(*who, graded, marks, messages, mistakes, seconds=time.perf_counter() - start)


def _run(code, packed, queue):
    import dataclasses

    records = {}

    def check(fn):
        name = fn.__name__
        records[name] = pack([dataclasses.asdict(call(fn, case)) for case in unpack(packed[name])])

    import unrolled

    unrolled.check = check
    scope = {"check": check}
    for source in code:
        with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
            exec(source, scope)
    queue.put(records)
