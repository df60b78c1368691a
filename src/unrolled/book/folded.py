"""Code that is folded away: its summary says what is inside, to everybody in the same words.

myst-nb's own would be called "Toggle hidden content", whatever it hides, and puts paragraphs where HTML has none.
"""

import ast
import html
import re

from docutils import nodes

HEAD = re.compile(r'<th scope="col"[^>]*>(.*?)</th>')
SOME = 3  # heads of a table that name it


def visit_folded(translator, node):
    """Open the box; a click on its summary, or Enter, unfolds it."""
    translator.body.append(f'<details class="hide">\n<summary>{html.escape(summary_of(node))}</summary>\n')


def depart_folded(translator, node):
    translator.body.append("</details>\n")


def summary_of(node):
    """ "The code of smooth, arrives and the figure (24 lines)" for a cell's code; other things by what they are.

    A figure that has no function beside it goes by the first words of its description, a table by its first heads.
    """
    source = next(node.findall(nodes.literal_block), None)
    if source is None or "above-input" not in node["classes"]:
        return "What the code prints"
    code = source.astext()
    made = [f"{part.name}()" for part in ast.parse(code).body if isinstance(part, (ast.FunctionDef, ast.ClassDef))]
    for raw in node.parent.findall(nodes.raw):
        if picture := re.search(r'u-picture.*?aria-label="([^".:,;]*)', raw.astext(), re.DOTALL):
            made.append("the figure" if made else f"the figure “{' '.join(html.unescape(picture[1]).split())}”")
        elif heads := HEAD.findall(raw.astext()):
            made.append("the table" if made else f"the table “{html.unescape(', '.join(heads[:SOME]))}”")
    lines = code.count("\n") + 1
    return f"The code of {listed(made or ['what is measured here'])} ({lines} lines)"


def listed(words):
    """a, b and c."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
