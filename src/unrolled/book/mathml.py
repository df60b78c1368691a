"""Formulae as MathML, made in the build: the page carries them as text, and runs no script for them.

Sphinx takes this as its maths renderer; numbers and labels are Sphinx's own. A displayed formula that is too long for
a phone has an \\allowbreak in its `aligned` wherever a line may end, as in TeX.
"""

import html
import re
from xml.etree import ElementTree

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

LOGGER = logging.getLogger(__name__)
_TEX = LatexToMathML()
# Sphinx numbers equations: an environment that numbers its own lines becomes the one that does not.
_NUMBERED = re.compile(r"\\(begin|end)\{(align|equation|gather|multline)\}")
_SIZED = re.compile(r"\\left\s*(\(|\[|\||\\\{)((?:(?!\\left|\\right).)*)\\right\s*(\)|\]|\||\\\})", re.DOTALL)
_TALL = re.compile(r"\\(?:[dt]?frac|sum|prod|int|begin|underbrace|overbrace|binom|substack|sqrt|big)|\^\{?[^{}]*\^")
_NESTING = re.compile(r"(\\q?quad(?![A-Za-z])|\\(?:left|right)(?![A-Za-z])|\\(?:begin|end)(?=\{)|(?<!\\)[{}])")
_APART, _OPENS, _CLOSES = (r"\quad", r"\qquad"), (r"\left", r"\begin", "{"), (r"\right", r"\end", "}")
_MARK = "¦"  # where a line may end, in the MathML that is not ready yet; no formula has this sign
# How far the top of a slanted letter reaches over its own width, in em: the font's italic correction, which
# browsers leave out.
LEAN = {
    entry[0]: int(entry[1:]) / 1000
    for entry in "C73 E54 F134 H78 I85 J106 K68 M102 N106 P140 S60 T148 U105 V214 W132 X51 Y209 Z68 f90".split()
}
_LEANING = re.compile(rf"<(msup|msubsup)><mi>([{''.join(LEAN)}])</mi>")
# A function's name stands upright by itself: the converter's wrapping only costs the page elements.
_WRAPPED = re.compile(r"<mrow><mspace/>(<mi>[^<]*</mi>)</mrow>")
_LETTER = re.compile(r"<math>(?:(?!<mo|</math>).)*</math>", re.DOTALL)
_WITH_ITS_STOPS = re.compile(r"(?:[^\s<>]*<math>.*?</math>)+[^\s<>]*", re.DOTALL)


def mathml(tex, block=False):
    """A formula as a <math> element. Raises ValueError, which names the formula, for TeX that it cannot read."""
    read = _NUMBERED.sub(r"\\\1{\2*}", plain_brackets(tex)).replace(r"\allowbreak", rf"\text{{{_MARK}}}")
    try:
        math = _WRAPPED.sub(r"\1", _TEX.convert_with_local_state(read, displaystyle=block))
    except LatexError as error:
        reason = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip()
        raise ValueError(f"cannot read the formula {tex!r}: {reason}") from None
    math = _LEANING.sub(lambda found: f'<{found[1]} style="--lean: {LEAN[found[2]]}em"><mi>{found[2]}</mi>', math)
    math = breakable(math) if _MARK in math and math.startswith('<math display="block"><mtable') else math
    if _MARK in math:
        raise ValueError(
            f"cannot read the formula {tex!r}: an \\allowbreak stands in a row of a displayed `aligned`, "
            "and in no brackets"
        )
    return math


def plain_brackets(tex):
    r"""TeX in which \left and \right are gone where nothing between them is tall: a renderer would draw larger
    brackets than the line's."""
    return _SIZED.sub(lambda found: found[0] if _TALL.search(found[2]) else f"{found[1]}{found[2]}{found[3]}", tex)


def side_by_side(tex):
    """The formulas of a display that a wide space sets apart, so that each may go to a line of its own where
    there is no room."""
    found, depth = [""], 0
    for piece in _NESTING.split(tex):
        if piece in _APART and not depth:
            found.append("")
        else:
            found[-1] += piece
            depth += (piece in _OPENS) - (piece in _CLOSES)
    return found


def breakable(math):
    """A formula in which the lines of its `aligned` end, on a narrow screen, at each mark: what follows goes to
    a row of its own.

    So it stands there twice, once of class u-whole and once of class u-broken, of which the style sheet lets one be,
    seen and heard. A relation stands below the one before it, everything else is set in. Where a mark stands at the
    end of a left-hand side, that has a line of its own, and all that follows is set in.
    """
    root = ElementTree.fromstring(math.replace("&ApplyFunction;", "\N{FUNCTION APPLICATION}"))
    (table,) = root
    hangs = any(_MARK in "".join(row[0].itertext()) for row in table)
    for row in list(table):
        table.remove(row)
        table.extend(_rows(*row, hangs))
    return ElementTree.tostring(root, encoding="unicode")


def _rows(left, right, hangs):
    (named, *_), (first, *later) = _pieces(left), _pieces(right)
    empty, here = _element("mtd", left.attrib), _element("mtd", right.attrib)
    if hangs:
        if named:
            yield _element("mtr", {"class": "u-broken"}, empty, _element("mtd", right.attrib, *named))
        named = [_element("mrow", {"class": "u-whole"}, *named)] if named else []
        here.append(_element("mspace", {"class": "u-broken", "width": "1em"}))
    here.extend(first)
    here.extend(_element("mrow", {"class": "u-whole"}, *piece) for piece in later)
    yield _element("mtr", {}, _element("mtd", left.attrib, *named), here)
    for piece in later:
        goes_on = piece[0].text == "=" or piece[0].tag == "mspace"
        space = _element("mspace", {"width": f"{hangs + (not goes_on)}em"})
        yield _element("mtr", {"class": "u-broken"}, empty, _element("mtd", right.attrib, space, *piece))


def _pieces(cell):
    """The elements of a cell between its marks; an operator that begins a piece has an operand before it."""
    pieces = [[]]
    for element in cell:
        if element.text == _MARK:
            pieces.append([])
        else:
            pieces[-1].append(element)
    for piece in pieces[1:]:
        if piece and piece[0].tag == "mo":
            piece[0].set("form", "infix")
    return pieces


def _element(tag, attributes, *children):
    element = ElementTree.Element(tag, attributes)
    element.extend(children)
    return element


def visit_inline(translator, node):
    """An inline formula."""
    translator.body.append(_mathml_of(node, node.astext()))
    raise nodes.SkipNode


def visit_block(translator, node):
    """A displayed formula, with its number as a link to itself when it has a label."""
    math = _mathml_of(node, node.astext(), block=True)
    if not node["number"]:
        translator.body.append(f'<div class="u-equation">{math}</div>\n')
        raise nodes.SkipNode
    number = get_node_equation_number(translator, node)
    address = html.escape(node["ids"][0], quote=True)
    translator.body.append(
        f'<div class="u-equation" id="{address}">{math}'
        f'<a class="u-number" href="#{address}"><span class="visually-hidden">Equation </span>({number})</a></div>\n'
    )
    raise nodes.SkipNode


def keep_together(body):
    """A page's HTML in which no line ends between an inline formula and the bracket, stop or hyphen that touches it.

    A browser may break a line on either side of a formula, whatever stands there, and no invisible character hinders
    it. A letter that nothing touches needs no holder.
    """
    return _WITH_ITS_STOPS.sub(
        lambda found: found[0] if _LETTER.fullmatch(found[0]) else f'<span class="u-keep">{found[0]}</span>', body
    )


def _mathml_of(node, tex, block=False):
    try:
        return mathml(tex, block)
    except ValueError as error:
        LOGGER.warning(str(error), location=node)  # and warnings are errors
        return f"<code>{html.escape(tex)}</code>"
