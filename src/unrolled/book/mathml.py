"""Formulae as MathML, made in the build: the page carries them as text, and runs no script for them.

Sphinx takes this as its maths renderer; numbers and labels are Sphinx's own.
"""

import html
import re

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
_WITH_ITS_STOPS = re.compile(r"(?:[^\s<>]*<math>.*?</math>)+[^\s<>]*", re.DOTALL)


def mathml(tex, block=False):
    """A formula as a <math> element. Raises ValueError, which names the formula, for TeX that it cannot read."""
    try:
        return _TEX.convert_with_local_state(_NUMBERED.sub(r"\\\1{\2*}", plain_brackets(tex)), displaystyle=block)
    except LatexError as error:
        reason = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip()
        raise ValueError(f"cannot read the formula {tex!r}: {reason}") from None


def plain_brackets(tex):
    r"""TeX in which \left and \right are gone where nothing between them is tall: a renderer would draw larger brackets than the line's."""
    return _SIZED.sub(lambda found: found[0] if _TALL.search(found[2]) else f"{found[1]}{found[2]}{found[3]}", tex)


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

    A browser may break a line on either side of a formula, whatever stands there, and no invisible character hinders it.
    """
    return _WITH_ITS_STOPS.sub(r'<span class="u-keep">\g<0></span>', body)


def _mathml_of(node, tex, block=False):
    try:
        return mathml(tex, block)
    except ValueError as error:
        LOGGER.warning(str(error), location=node)  # and warnings are errors
        return f"<code>{html.escape(tex)}</code>"
