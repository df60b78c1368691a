"""Runs a notebook's cells in the page's Python, and says what came of it in words that a page can show.

`run` is called from worker.js. A cell sees all that stands above it, as after *Restart and run all*: what has run
already and is the same as before is not run again, and any change above starts afresh. So nothing hides that was
deleted. What the last cell did is taken back before it runs anew, where the values that it was given could be copied.
"""

import ast
import builtins
import copy
import json
import linecache
import sys
import time
import traceback
import warnings
from types import FunctionType, ModuleType

MOST = 20_000  # characters of output that a page shows
LAST = 500  # and of its end, where there is more
DEEPEST = (
    4_000  # calls within calls, whatever the code asks for: at 6,000 the browser's stack is gone, and Python with it
)
PAUSE = 0.1  # seconds between two pieces of output that are sent
NO_MODULE = "The page's Python has NumPy, its own library and unrolled, and no {name}: that runs in Jupyter alone."
JUPYTERS_OWN = "Lines that begin with % or ! are Jupyter's own. Take this one out, and the rest runs here too."


CHECK = "check"  # the title of what runs below a cell

_titles = set()  # of all cells that ever ran
_desks = {}


def _nobody(text):
    """Where nobody reads what is printed."""


class Output:
    """What is printed, sent in pieces; where it becomes too long for a page, its beginning and its end."""

    def __init__(self, send):
        self.send, self.pieces, self.left, self.sent_at, self.last = send, [], MOST, time.monotonic(), ""

    def write(self, text):
        shown = text[: self.left]
        self.left -= len(shown)
        if shown:
            self.pieces.append(shown)
        if len(shown) < len(text):
            self.last = (self.last + text[len(shown) :])[-LAST:]
        if self.pieces and time.monotonic() - self.sent_at > PAUSE:
            self.flush()
        return len(text)

    def end(self):
        """Send what is left to send."""
        if len(self.last) == LAST:
            self.pieces.append("\n... more was printed than a page can show; its end is\n")
            self.last = self.last.partition("\n")[2] or self.last
        self.pieces.append(self.last)
        self.flush()

    def flush(self):
        if text := "".join(self.pieces):
            self.send(text)
        self.pieces, self.sent_at = [], time.monotonic()

    def isatty(self):
        return False


def refuse_input(prompt="", /):
    """What `input` is in the page."""
    raise EOFError("input() has nobody to ask here: write the value into the code instead.")


class Desk:
    """One assignment's names, and the cells that they come from."""

    def __init__(self):
        self.start()

    def start(self):
        self.names = {"__name__": "__main__", "__builtins__": builtins}
        self.done = []
        self.failed = {}  # what became of those that failed, by their title
        self.before = None  # copies of the names that the last of those that are done was given

    def run(self, cells, check, send):
        """Run the cells, pairs of title and source, that did not run yet, then the source `check`, where there is
        one, below the last.

        What the last cell and the check print goes to send(text) in pieces. Returns {"error": None or what went
        wrong, "cell": the title of the cell where it did, "line": its line there}. A cell that fails does not
        stop those below it.
        """
        again = check is None and self.done == cells
        if again or self.done != cells[: len(self.done)]:
            self._take_back(cells)
        for place in range(len(self.done), len(cells)):
            last = place == len(cells) - 1
            self.before = _copied(self.names) if last else None
            self._keep(cells[place], send if last else _nobody)
        failed = self.failed.get(cells[-1][0])
        if failed is None and check is not None:
            failed = self._run_cell(CHECK, check, send)
        if failed is None:
            return {"error": None, "cell": None, "line": None}
        above = [
            f"Above, {title} did not run either. {other['error']}"
            for title, other in self.failed.items()
            if title != cells[-1][0]
        ]
        return failed | {"error": "\n\n".join([failed["error"], *above])}

    def _take_back(self, cells):
        """Be where the last of those that are done had not run, if these cells begin with all others;
        else start afresh."""
        *above, last = self.done or [None]
        if self.before is None or above != cells[: len(above)]:
            return self.start()
        self.names.clear()  # the functions that were made look into this dict
        self.names.update(self.before)
        self.done, self.before = above, None
        self.failed.pop(last[0], None)

    def _keep(self, cell, send):
        self.done.append(cell)
        failed = self._run_cell(*cell, send)
        if failed:
            self.failed[cell[0]] = failed

    def _run_cell(self, title, source, send):
        output = Output(send)
        before = sys.stdout, sys.stderr, builtins.input
        sys.stdout, sys.stderr, builtins.input = output, output, refuse_input
        try:
            self._execute(title, source)
        except BaseException as error:
            return describe(error, title)
        finally:
            output.end()
            sys.stdout, sys.stderr, builtins.input = before
        return None

    def _execute(self, title, source):
        _titles.add(title)
        # so that check finds the line
        linecache.cache[title] = (len(source), None, source.splitlines(keepends=True), title)
        tree = ast.parse(source, title)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, title, "exec", dont_inherit=True), self.names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), title, "eval", dont_inherit=True), self.names)
            if value is not None:
                print(repr(value))


def _copied(names):
    """The names, with copies of all values that can change; None where one cannot be copied, as an open file."""
    shared = {name: value for name, value in names.items() if isinstance(value, ModuleType | FunctionType | type)}
    try:
        with warnings.catch_warnings(action="ignore"):
            return shared | copy.deepcopy({name: value for name, value in names.items() if name not in shared})
    except Exception:
        return None


def describe(error, title):
    """What went wrong in the words of the error, and where in the cells: the last line of theirs that was at work."""
    spoken = getattr(error, "_render_traceback_", None)
    if spoken:  # the checker's own words
        return {"error": "\n".join(spoken()), "cell": None, "line": None}
    if isinstance(error, SyntaxError) and error.filename == title:
        jupyters = (error.text or "").lstrip().startswith(("%", "!"))
        words = JUPYTERS_OWN if jupyters else f"{type(error).__name__}: {error.msg}"
        return _located(words, title, error.lineno, error.text or linecache.getline(title, error.lineno or 0))
    if isinstance(error, ModuleNotFoundError) and error.name and not error.name.startswith("unrolled"):
        words = NO_MODULE.format(name=error.name)
    elif isinstance(error, RecursionError):
        words = "RecursionError: a function called itself again and again, and never came to an end."
    elif isinstance(error, MemoryError):
        words = f"MemoryError: {error or 'the page has no room for that much.'}"
    elif isinstance(error, SystemExit):
        words = "SystemExit: the code asked Python to end. In a notebook it need not."
    elif type(error) is KeyboardInterrupt:
        words = "KeyboardInterrupt: the code interrupted itself."
    else:
        words = "".join(traceback.format_exception_only(error)).strip()
    steps = traceback.extract_tb(error.__traceback__, limit=-40)  # enough to reach a cell from within a library
    places = [(step.filename, step.lineno, step.line) for step in steps if step.filename in _titles - {CHECK}]
    return _located(words, *places[-1]) if places else {"error": words, "cell": None, "line": None}


def _located(words, title, line, source):
    place = f"line {line} of {title}: {source.strip()}" if source and source.strip() else f"line {line} of {title}"
    return {"error": f"{words}\n\n{place}", "cell": title, "line": line}


def settle():
    """Once, before anything runs in the page: no code may ask for a depth that takes all of the memory."""
    ask = sys.setrecursionlimit
    sys.setrecursionlimit = lambda limit: ask(min(limit, DEEPEST))


def run(name, cells, check, send):
    """For worker.js: JSON in, JSON out."""
    return json.dumps(_desks.setdefault(name, Desk()).run(json.loads(cells), json.loads(check), send))
