"""The directive `{assignment} 02-rnn`: what an assignment asks, its points, and what to download."""

import inspect
import json
import re
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive

from unrolled.exercises import ASSIGNMENTS

ROOT = Path(__file__).parents[3]
_GRADE = re.compile(r"^# %%.*?nbgrader=(\{.*\})\s*$", re.MULTILINE)


def read_points(source):
    """Points by function, {"softmax": 2}, from the nbgrader metadata of a solution's text."""
    cells = [json.loads(text) for text in _GRADE.findall(source)]
    return {cell["grade_id"]: cell["points"] for cell in cells if cell["grade"]}


def assignment_rows(name, root=ROOT):
    """What the card lists, (function, first sentence, points): points are None while the assignment has no source.

    Raises ValueError when there is no such assignment.
    """
    if name not in ASSIGNMENTS:
        raise ValueError(f"there is no assignment {name!r}; there are {', '.join(ASSIGNMENTS)}")
    sources = sorted((root / "solutions" / name).glob("*.py"))
    points = read_points(sources[0].read_text(encoding="utf8")) if sources else {}
    return [
        (exercise.name, inspect.getdoc(exercise.reference).split("\n")[0], points.get(exercise.name))
        for exercise in ASSIGNMENTS[name]
    ]


class AssignmentCard(Directive):
    """The card of the assignment that the argument names."""

    required_arguments = 1

    def run(self):
        name = self.arguments[0]
        try:
            rows = assignment_rows(name)
        except ValueError as error:
            raise self.error(str(error)) from None
        card = nodes.container(classes=["u-card"])
        card += nodes.paragraph("", f"Assignment {name}", classes=["u-card-title"])
        card += nodes.bullet_list("", *(_item(*row) for row in rows))
        return [card]


def _item(function, sentence, points):
    text = f" — {sentence}" + (f" ({points:g} points)" if points is not None else "")
    return nodes.list_item("", nodes.paragraph("", "", nodes.literal("", function), nodes.Text(text)))
