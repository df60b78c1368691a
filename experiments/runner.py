"""Runs the settings of an experiment that have no result yet, and writes each result down as soon as it is there."""

import ast
import hashlib
import io
import json
import multiprocessing
import os
import signal
import time
import tokenize
from concurrent.futures import ProcessPoolExecutor, as_completed
from importlib import import_module
from pathlib import Path

from rich.progress import Progress

from experiments.rates import further

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results"
_OWN = {"__init__", "__main__", "rates", "runner"}


class UnknownExperiment(ValueError):
    """A name that no experiment has."""


def names():
    """The experiments, by name: modules that have settings. What they share is a module without."""
    modules = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in _OWN)
    return [name for name in modules if "\nSETTINGS = " in (FOLDER / f"{name}.py").read_text(encoding="utf8")]


def digest(name):
    """What the results of an experiment depend on: its code, and that of its own kind that it imports."""
    sources, waiting = {}, [name]
    while waiting:
        module = waiting.pop()
        if module in sources:
            continue
        sources[module] = (FOLDER / f"{module}.py").read_text(encoding="utf8")
        waiting += _imported(sources[module])
    return hashlib.sha256("\0".join(_what_runs(sources[module]) for module in sorted(sources)).encode()).hexdigest()


def _what_runs(source):
    """The code without what changes no result: comments, docstrings, blanks, and what says which runs there are."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        settings = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"SETTINGS", "CHOSEN_BY"}
        if docstring or settings:
            lines[node.lineno - 1 : node.end_lineno] = [""] * (node.end_lineno - node.lineno + 1)
    tokens = tokenize.generate_tokens(io.StringIO("\n".join(lines)).readline)
    text = "".join(token.string for token in tokens if token.type != tokenize.COMMENT)
    return "".join(text.split())        # where a line breaks, and how a version of Python cuts a string, is all one


def _imported(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "experiments":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("experiments."):
            yield node.module.split(".")[1]


def run(name, jobs):
    """Run what `name` has no result for; a bar shows how far it is."""
    if name not in names():
        raise UnknownExperiment(f"There is no experiment {name!r}: there are {', '.join(names())}.")
    done = kept(name)
    # Ctrl-C reaches all processes, and is for this one to hear: a process that ends by itself breaks the pool
    deaf = {"initializer": signal.signal, "initargs": (signal.SIGINT, signal.SIG_IGN)}
    with Progress() as progress, ProcessPoolExecutor(jobs, **deaf) as pool:
        bar = progress.add_task(name)
        try:
            while missing := [setting for setting in asked(name, done) if _key(setting) not in done]:
                progress.update(bar, total=len(asked(name, done)), completed=len(asked(name, done)) - len(missing))
                for future in as_completed([pool.submit(_measure, name, setting) for setting in missing]):
                    finished = future.result()
                    done[_key(finished["setting"])] = finished
                    _write(name, [done[key] for key in map(_key, asked(name, done)) if key in done])
                    progress.advance(bar)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():       # in the middle of a run, and deaf
                process.terminate()
            raise


def asked(name, done):
    """The settings of `name`: those that its module lists and, when these are done, the further rates
    that they ask for."""
    experiment = import_module(f"experiments.{name}")
    settings = list(experiment.SETTINGS)
    by = getattr(experiment, "CHOSEN_BY", ("validation",))
    while "rate" in settings[0] and all(_key(setting) in done for setting in settings):
        more = further([done[_key(setting)] for setting in settings], by)
        if not more:
            break
        settings += more
    return settings


def _measure(name, setting):
    start = time.process_time()
    result = import_module(f"experiments.{name}").measure(**setting)
    return {"setting": setting, "result": result, "seconds": round(time.process_time() - start, 1)}


def _key(setting):
    return json.dumps(setting, sort_keys=True)


def kept(name):
    """The runs of this very source, by setting."""
    path = RESULTS / f"{name}.json"
    kept = json.loads(path.read_text(encoding="utf8")) if path.exists() else {"digest": None}
    return {_key(run["setting"]): run for run in kept["runs"]} if kept["digest"] == digest(name) else {}


def _write(name, runs):
    """Whole or not at all: a stopped run leaves what was there."""
    lines = ",\n".join(json.dumps(run) for run in runs)
    part = RESULTS / f".{name}.part"
    part.write_text(f'{{"digest": "{digest(name)}", "runs": [\n{lines}\n]}}\n', encoding="utf8")
    os.replace(part, RESULTS / f"{name}.json")
