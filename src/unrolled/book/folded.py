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
    summary = summary_of(node, translator.builder.fignumbers.get("figure", {}))
    translator.body.append(f'<details class="hide">\n<summary>{html.escape(summary)}</summary>\n')


def depart_folded(translator, node):
    translator.body.append("</details>\n")


def summary_of(node, numbers):
    """ "The code of smooth(), arrives() and figure 4.3 (24 lines)" for a cell's code; other things by what they are.

    numbers  of the page's figures, by id: (4, 3). A table that has no function beside it goes by its first heads.
    """
    source = next(node.findall(nodes.literal_block), None)
    if source is None or "above-input" not in node["classes"]:
        return "What the code prints"
    code = source.astext()
    made = [f"{part.name}()" for part in ast.parse(code).body if isinstance(part, (ast.FunctionDef, ast.ClassDef))]
    for raw in node.parent.findall(nodes.raw):
        if heads := HEAD.findall(raw.astext()):
            made.append("the table" if made else f"the table “{html.unescape(', '.join(heads[:SOME]))}”")
    shown = [
        numbers[name] for figure in node.parent.findall(nodes.figure) for name in figure["ids"] if name in numbers
    ]
    made += [f"figure {'.'.join(map(str, number))}" for number in shown]
    lines = code.count("\n") + 1
    return f"The code of {listed(made or ['what is measured here'])} ({lines} lines)"


def listed(words):
    """a, b and c."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
