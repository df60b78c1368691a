"""Code in few colours: what a reader looks for stands out, the rest is plain and costs the page no elements.

The colours themselves are in `style/code.css`.
"""

import re

from pygments.formatters import HtmlFormatter
from pygments.token import Comment, Generic, Keyword, Literal, Name, Operator

COLOURED = {
    Keyword: "k",
    Operator.Word: "k",
    Literal.String: "s",
    Literal.Number: "m",
    Comment: "c",
    Name.Function: "nf",  # where they are defined
    Name.Class: "nf",
    Generic.Error: "gr",
    Generic.Traceback: "gr",
}


class FewColours(HtmlFormatter):
    """Pygments' formatter, but a token that has no colour of its own gets no element.

    With the option `hanging` each line is a block that knows its indentation: where it wraps, it goes on further in.
    """

    def __init__(self, **options):
        super().__init__(**options)
        self.hanging = options.get("hanging", False)

    def _get_css_classes(self, ttype):
        return next((name for kind, name in COLOURED.items() if ttype in kind), "")

    def _wrap_pre(self, inner):
        yield 0, "<pre>"
        yield from map(_hung, inner) if self.hanging else inner
        yield 0, "</pre>"


def _hung(piece):
    is_code, line = piece
    text = re.sub(r"<[^>]*>", "", line)
    indent = len(text) - len(text.lstrip(" "))
    style = f'style="--indent: {indent}ch"'
    if of_a_docstring := re.fullmatch(r'<span class="s">([^<]*)</span>\n', line):  # one element is enough
        return is_code, f'<span class="u-line s" {style}>{of_a_docstring[1]}\n</span>'
    return is_code, f'<span class="u-line" {style}>{line}</span>'
