"""*Run it here*, below a chapter's code: a button for each reference function, and for each cell that runs
with NumPy alone.

A cell with the tag `slow` has none, nor one that needs it: so every machine makes the same page.
What a press needs, the code and what it stands on, is a script of its own, `run/NN-topic.js`; the page has
the buttons alone.
"""

import ast
import functools
import html
import inspect
import json
import shutil
from pathlib import Path

from docutils import nodes
from myst_nb.core.read import myst_nb_reader_plugin

from unrolled import reference
from unrolled.book.folded import listed
from unrolled.book.listed import listed_files
from unrolled.book.slices import is_import, needed, prints, read_notebook
from unrolled.exercises import EXERCISES
from unrolled.exercises.exercise import documented_shapes
from unrolled.page import supply
from unrolled.page.carries import carries

UNSEEN = {"remove-cell", "remove-input"}
SLOW = "slow"  # the tag of a cell that takes minutes in the page's Python, which is slow at large products of matrices
EXAMPLE = "from unrolled.exercises.example import example, show"
LEFT_OUT = "What draws the figure, or hands numbers to the text, is left out here: the page has no Matplotlib."


@functools.cache
def imports_of(root):
    """All that the code with a button may import: what the page's Python must have."""
    return [EXAMPLE, *(line for path in listed_files(root) for line in _imports_of_page(path))]


def _imports_of_page(path):
    if "```{code-cell}" in path.read_text(encoding="utf8"):
        statements = read_notebook(sources_of(myst_nb_reader_plugin(str(path))), carries)
        yield from (statement.text for statement in statements if is_import(statement) and statement.runs)


def sources_of(notebook):
    """The sources of a notebook's code cells by their place."""
    return {place: cell.source for place, cell in enumerate(notebook.cells) if cell.cell_type == "code"}


def tags_of(notebook, place):
    """The tags of a notebook's cell."""
    return set(notebook.cells[place].metadata.get("tags", ()))


def add_buttons(app, doctree):
    """For Sphinx's doctree-read: put the buttons into a page, and keep beside it what they run."""
    if not app.config.unrolled_write_here:
        return
    page = Path(app.env.docname).name
    blocks = [node for node in doctree.findall(nodes.container) if "reference" in node]
    cells = {
        node["cell_index"]: node for node in doctree.findall(nodes.container) if node.get("nb_element") == "cell_code"
    }
    code = Code()
    for node in blocks:
        node += button(page, *code.add_reference(getattr(reference, node["reference"])))
    if cells:
        notebook = myst_nb_reader_plugin(str(app.env.doc2path(app.env.docname)))
        for place in code.add_cells(notebook, {place: section_of(node) for place, node in cells.items()}):
            cells[place][0] += button(page, str(place), code.cells[str(place)]["title"])
    if code.cells:
        app.env.metadata[app.env.docname]["unrolled_run"] = code.told()


def button(page, cell, title):
    """The button below a block, which says what it runs."""
    label = html.escape(f"Run it here: {title}", quote=True)
    return nodes.raw(
        "",
        f'<p class="u-run"><button type="button" value="{page}/{cell}" aria-label="{label}">Run it here</button>'
        '<span role="alert"></span></p>',
        format="html",
    )


def section_of(node):
    """The heading above a node."""
    while not isinstance(node, nodes.section):
        node = node.parent
    return node[0].astext()


class Code:
    """What the buttons of a page run: cells, and the statements that these need, each with its cell."""

    def __init__(self):
        self.cells, self.statements = {}, []

    def told(self):
        return {"cells": self.cells, "statements": self.statements}

    def add_reference(self, function):
        """A reference function with a call that shows what it gives; returns its cell's name and title."""
        name = function.__name__
        self.cells[name] = {"title": name, "text": example_text(function), "above": [len(self.statements)]}
        if name in EXERCISES:
            self.cells[name]["check"] = f"from unrolled import check\ncheck({name})"
        self.statements.append([f"given to {name}", given(function)])
        return name, name

    def add_cells(self, notebook, headings):
        """Add the cells of a notebook that run in the page; returns their places.

        headings  the heading above each cell of which something is seen, by the cell's place
        """
        statements = read_notebook(sources_of(notebook), carries)
        above = {}
        for place in headings:
            own = [statement for statement in statements if statement.cell == place]
            stands_on = needed(statements, place)
            tags = tags_of(notebook, place)
            slow = any(SLOW in tags_of(notebook, cell) for cell in (place, *(statements[i].cell for i in stands_on)))
            if slow or UNSEEN & tags or not is_worth(own):
                continue
            above[place] = stands_on
            text = "\n".join(statement.text for statement in own if statement.runs).strip("\n")
            note = "" if all(statement.runs for statement in own) else LEFT_OUT
            self.cells[str(place)] = {"title": self._free(title_of(own, headings[place])), "text": text, "note": note}
        moved = {i: len(self.statements) + n for n, i in enumerate(sorted(set().union(*above.values())))}
        self.statements += [[str(statements[i].cell), statements[i].text.strip("\n")] for i in moved]
        for place, stands_on in above.items():
            self.cells[str(place)]["above"] = [moved[i] for i in stands_on]
        return list(above)

    def _free(self, title):
        """The title, numbered where an earlier cell has it."""
        same = sum(cell["title"].partition(" (")[0] == title for cell in self.cells.values())
        return f"{title} ({same + 1})" if same else title


def is_worth(own):
    """Whether what runs of a cell is worth a button: the larger part, with all that it prints, or else with its
    last expression."""
    shown = [statement for statement in own if prints(statement)] or [
        statement for statement in own[-1:] if isinstance(statement.node, ast.Expr)
    ]
    return (
        2 * sum(statement.runs for statement in own) > len(own)
        and bool(shown)
        and all(statement.runs for statement in shown)
    )


def title_of(own, heading):
    """A cell by the functions that it makes, or by the heading above it."""
    made = [statement.node.name for statement in own if hasattr(statement.node, "name")]
    return listed(made) if made else f"the code below “{heading}”"


def given(function):
    """The imports that a reference function stands on, and those of the lines that show it."""
    module = inspect.getmodule(function)
    (statement,) = read_notebook({0: inspect.getsource(function)}, carries)
    names = sorted(name for name in statement.reads - {"np", function.__name__} if hasattr(module, name))
    own = [f"from {module.__name__} import {', '.join(names)}"] if names else []
    return "\n".join(["import numpy as np", EXAMPLE, *own])


def example_text(function):
    """A reference function as it stands, and below it a call with made-up arrays."""
    name = function.__name__
    parameters = inspect.signature(function).parameters.values()
    # the function keeps its name
    results = [result if result != name else "result" for result in documented_shapes(function)[1]]
    inputs = ", ".join(parameter.name for parameter in parameters)
    called = ", ".join(
        each.name if each.kind != each.KEYWORD_ONLY else f"{each.name}={each.name}" for each in parameters
    )
    comma = "," if len(parameters) == 1 else ""
    return "\n".join(
        [
            inspect.getsource(function).rstrip(),
            "",
            "",
            "# made-up arrays, and what comes of them",
            f'{inputs}{comma} = example("{name}").values()',
            f"{', '.join(results)} = {name}({called})",
            f"show({', '.join(f'{result}={result}' for result in results)})",
        ]
    )


def write_scripts(app, exception):
    """For Sphinx's build-finished: the script of each page, and none of an earlier build."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static" / "unrolled" / "run"
    shutil.rmtree(folder, ignore_errors=True)
    for docname, told in app.env.metadata.items():
        if "unrolled_run" in told:
            folder.mkdir(parents=True, exist_ok=True)
            page = Path(app.outdir) / docname
            (folder / f"{page.name}.js").write_text(
                f"window.unrolledCode = {json.dumps(told['unrolled_run'])};\n", encoding="utf8"
            )
            shutil.copy(supply.HERE / "offline.js", page.parent)  # it may answer for no other folder
