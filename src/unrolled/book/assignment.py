"""The directive `{assignment} 02-rnn`: what an assignment asks, its points, and the zip to take home."""

import html
import inspect
import json
import re
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from unrolled.exercises import ASSIGNMENTS, asked_of

_CODE = re.compile(r"`([^`]+)`")
_EQUATIONS = re.compile(r",? equations? \([\w-]+\)(?:(?:,| and| to) \([\w-]+\))*")


@dataclass(frozen=True)
class CardLine:
    """One task of an assignment: what it is for, and its points. A figure and a written question have no function."""

    function: str | None
    sentence: str
    points: float
    kind: str = "function"


# What a person marks, by the kind of its cell: what it is called, and what is done with it.
BY_PERSON = {
    "code": ("figure", "To be drawn, with two sentences; a person looks at it."),
    "markdown": ("question", "To be answered in words; a person reads it."),
}
TO_DO = {"function": "to write", "figure": "to draw", "question": "to answer"}


def read_assignment(name, root):
    """The title of an assignment and the CardLines of its functions, from the notebook that students receive.

    Raises ValueError when there is no such assignment or its notebook does not hold the same functions.
    """
    if name not in ASSIGNMENTS:
        raise ValueError(f"there is no assignment {name!r}; there are {', '.join(ASSIGNMENTS)}")
    path = next(iter(sorted((Path(root) / "exercises" / name).glob("*.ipynb"))), None)
    if path is None:
        raise ValueError(f"exercises/{name} holds no notebook: generate it with `make exercises`")
    cells = json.loads(path.read_text(encoding="utf8"))["cells"]
    by_person = marked_by_person(cells)
    graded = [cell["metadata"].get("nbgrader", {}) for cell in cells if cell not in by_person]
    marks = [mark for mark in graded if mark.get("grade")]
    points = {mark["grade_id"]: mark["points"] for mark in marks}
    functions = {exercise.name: exercise for exercise in asked_of(name)}
    if points.keys() != functions.keys():
        raise ValueError(f"{path.name} grades {sorted(points)}, but the exercises are {sorted(functions)}")
    title = re.search(r"^# (.+)$", "".join(cells[0]["source"]), re.MULTILINE)[1]
    lines = [CardLine(function, summary(functions[function].reference), points[function]) for function in points]
    return title, lines + [_line_by_person(cells, cell) for cell in by_person]


def marked_by_person(cells):
    """The cells of a notebook that a person marks: figures, which are code, and written questions."""
    marks = [(cell, cell["metadata"].get("nbgrader", {})) for cell in cells]
    return [cell for cell, mark in marks if mark.get("grade") and mark.get("solution")]


def _line_by_person(cells, answer):
    """The CardLine of a figure or a written question, by the heading above the cell in which it is answered."""
    kind, how = BY_PERSON[answer["cell_type"]]
    above = "\n".join(
        "".join(cell["source"]) for cell in cells[: cells.index(answer)] if cell["cell_type"] == "markdown"
    )
    heading = re.findall(r"^#+ (?:\d+\. )?(.+)$", above, re.MULTILINE)[-1]
    end = "" if heading.endswith("?") else "."
    return CardLine(None, f"{heading}{end} {how}", answer["metadata"]["nbgrader"]["points"], kind)


def summary(function):
    """The docstring's first sentence, without the labels of equations: they mean nothing outside their chapter."""
    paragraph = inspect.getdoc(function).partition("\n\n")[0].replace("\n", " ")
    return _EQUATIONS.sub("", paragraph).split(".  ")[0].rstrip(".") + "."


def card_html(name, title, tasks, download, desk=None):
    """The card as HTML; desk is the address of the page on which the assignment can be written, where there is one."""
    rows = "".join(
        f'<li>{name_of(task)} <span class="u-points">{counted(task.points, "point")}</span>'
        f"<p>{marked_up(task.sentence)}</p></li>"
        for task in tasks
    )
    kinds = [task.kind for task in tasks]
    *others, last = [f"{counted(kinds.count(kind), kind)} {to_do}" for kind, to_do in TO_DO.items() if kind in kinds]
    asked = f"{', '.join(others)} and {last}" if others else last
    total = sum(task.points for task in tasks)
    here = f'<a class="u-download" href="{desk}#write">Write it here</a> ' if desk else ""
    return (
        f'<div class="u-card"><p class="u-card-title">Assignment {name}: {html.escape(title)}</p>'
        f"<p>{asked}, {counted(total, 'point')}:</p><ul>{rows}</ul>"
        f'<p class="u-ways">{here}<a class="u-download" href="{download}" download>Download {name}.zip</a></p>'
        "<p>In the zip are the notebook, the package that checks it and a one-page how-to. "
        "A machine with Python is all it needs."
        "</p></div>"
    )


def name_of(task):
    """What a task is called, as HTML; a long name may end its line after each part."""
    return f"<code>{task.function.replace('_', '_<wbr>')}</code>" if task.function else f"A {task.kind}"


def marked_up(sentence):
    """A sentence of a docstring as HTML, what stands between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", html.escape(sentence))


def counted(number, noun):
    """1 point, 2.5 points."""
    return f"{number:g} {noun}{'' if number == 1 else 's'}"


class AssignmentCard(SphinxDirective):
    """The card of the assignment that the argument names."""

    required_arguments = 1

    def run(self):
        name = self.arguments[0]
        try:
            title, tasks = read_assignment(name, self.env.srcdir)
        except ValueError as error:
            raise self.error(str(error)) from None
        self.env.note_dependency(str(next((Path(self.env.srcdir) / "exercises" / name).glob("*.ipynb"))))
        up = "../" * self.env.docname.count("/")
        desk = f"{up}exercises/{name}.html" if self.config.unrolled_write_here else None
        return [nodes.raw("", card_html(name, title, tasks, f"{up}downloads/{name}.zip", desk), format="html")]
