"""Results as a table: HTML in the book and in Jupyter, aligned text wherever no HTML is shown.

Table(["steps", "norm"], [[1, "2.30"], [80, power(3.1e-6)]])     # last in its cell
"""

import re

_NUMBER = re.compile(r"[-−+]?\d")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})  # the page's Python has no html
_TIMES = "\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}"


class Table:
    """Rows of cells below their heads, each cell as str() writes it; a column of numbers stands to the right, one of
    words to the left.

    The first cell of a row names it. Raises ValueError for a head without a word, and for a row that is not as
    long as the heads.
    """

    def __init__(self, heads, rows):
        self.heads, self.rows = list(map(str, heads)), [list(map(str, row)) for row in rows]
        if not all(head.strip() for head in self.heads):
            raise ValueError("each head of a table needs a word")
        if any(len(row) != len(self.heads) for row in self.rows):
            raise ValueError(f"each row of this table needs {len(self.heads)} cells")
        columns = zip(self.heads, *self.rows, strict=True)
        self.sides = ["right" if all(map(_NUMBER.match, cells)) else "left" for _, *cells in columns]

    def _repr_html_(self):
        named = ['th scope="row"', *["td"] * (len(self.heads) - 1)]
        head = self._html(['th scope="col"'] * len(self.heads), self.heads)
        body = "".join(self._html(named, row) for row in self.rows)
        return f'<div class="u-table"><table><thead>{head}</thead><tbody>{body}</tbody></table></div>'

    def _html(self, kinds, cells):
        return f"<tr>{''.join(map(_cell, kinds, cells, self.sides))}</tr>"

    def __repr__(self):
        columns = map(_padded, zip(self.heads, *self.rows, strict=True), self.sides)
        return "\n".join("  ".join(line).rstrip() for line in zip(*columns, strict=True))


def _cell(kind, text, side):
    # each cell says its side, for Jupyter sets all to the right
    return f'<{kind} style="text-align: {side}">{text.translate(_ESCAPED)}</{kind[:2]}>'


def _padded(column, side):
    width = max(map(len, column))
    return [text.rjust(width) if side == "right" else text.ljust(width) for text in column]


def power(value):
    """A number as it is read in a text, with two digits that count: 0.18, 41, or 1.2 · 10⁻³⁰."""
    if 100 <= abs(value) < 1000:
        return f"{value:.0f}"
    if value == 0 or 0.01 <= abs(value) < 100:
        return f"{value:.2g}"
    digits, exponent = f"{value:.1e}".split("e")
    return f"{digits}{_TIMES}10{str(int(exponent)).translate(_RAISED)}"
