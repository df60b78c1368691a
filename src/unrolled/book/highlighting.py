"""Code in few colours: what a reader looks for stands out, the rest is plain and costs the page no elements.

The colours themselves are in `style/code.css`.
"""

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
    """Pygments' formatter, but a token that has no colour of its own gets no element."""

    def _get_css_classes(self, ttype):
        return next((name for kind, name in COLOURED.items() if ttype in kind), "")

    def _wrap_pre(self, inner):
        yield 0, "<pre>"
        yield from inner
        yield 0, "</pre>"
