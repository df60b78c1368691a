"""The directive `{reference} rnn_forward`: a reference function from its source, each line beside its equation."""

import inspect
import re

from docutils import nodes
from docutils.parsers.rst import Directive

from unrolled import reference

_NOTE = re.compile(r"`([^`]+)`:\s*(.+)")
_CITATION = re.compile(r"equations? [^.:;]*")
_LABEL = re.compile(r"\(([a-z][a-zA-Z0-9_-]*)\)")


class ReferenceCode(Directive):
    """Shows the function that the argument names. Each line of the content is "`piece of code`: what it computes";
    the note stands beside the line of the function that holds the piece, and a piece that no line holds is an error.
    Beside the docstring, the labels that it cites lead to their equations.
    """

    required_arguments = 1
    has_content = True

    def run(self):
        function = getattr(reference, self.arguments[0], None)
        if function is None:
            raise self.error(f"unrolled.reference has no {self.arguments[0]}")
        try:
            notes = dict(_parse_note(line) for line in self.content if line.strip())
            blocks = split_source(inspect.getsource(function), list(notes))
        except ValueError as error:
            raise self.error(f"{function.__name__}: {error}") from None
        shown = nodes.container(classes=["u-code"], reference=function.__name__)
        for piece, code in blocks:
            shown += self._head(code) if piece is None else self._row(code, notes[piece])
        return [shown]

    def _head(self, code):
        row = self._lines(code)
        labels = cited(code)
        if labels:
            row += self._note(", ".join(f"({label}) is {{eq}}`{label}`" for label in labels))
        return row

    def _row(self, code, note):
        row = self._lines(code)
        row += self._note(note)
        return row

    def _lines(self, code):
        block = nodes.literal_block(code, code, language="python", highlight_args={"hanging": True})
        return nodes.container("", block, classes=["u-code-row"])

    def _note(self, text):
        children, messages = self.state.inline_text(text, self.lineno)
        return nodes.paragraph("", "", *children, *messages, classes=["u-code-note"])


def cited(text):
    """The labels of equations that a text cites, as "equations (rnn-step) and (readout)" does, in its order."""
    return list(dict.fromkeys(label for sentence in _CITATION.findall(text) for label in _LABEL.findall(sentence)))


def _parse_note(line):
    match = _NOTE.fullmatch(line.strip())
    if not match:
        raise ValueError(f'a note is written "`piece of code`: words", not {line!r}')
    return match.groups()


def split_source(source, pieces):
    """A function's source as (piece, lines): its head (signature and docstring) with None, then a block from each line
    that holds a piece up to the next such line.

    Raises ValueError when a piece stands in no line of the body, or not after the piece before it.
    """
    lines = source.rstrip().split("\n")
    start = 1 + max(i for i, line in enumerate(lines) if line.rstrip().endswith('"""'))
    places = [start]
    for piece in pieces:
        found = [i for i in range(places[-1], len(lines)) if piece in lines[i]]
        if not found:
            raise ValueError(f"no line, or none after the piece before, holds {piece!r}")
        places.append(found[0])
    first = places[1] if len(places) > 1 else len(lines)
    blocks = [(None, "\n".join(lines[:first]))]
    ends = [*places[2:], len(lines)]
    return blocks + [(piece, "\n".join(lines[a:b])) for piece, a, b in zip(pieces, places[1:], ends, strict=True)]
