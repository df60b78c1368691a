"""What the search looks in: every section, glossary entry and source of the book, and which words mean the same.

The search itself, `style/search.js` on MiniSearch (`vendor/`), runs in the browser, also in a page opened from a folder.
"""

import json
import re
from html.entities import html5
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode

SAME = (  # whoever looks for one of a line finds the others
    ("back-propagation", "backpropagation", "backprop"),
    ("back-propagation through time", "BPTT"),
    ("truncated back-propagation through time", "truncated BPTT", "TBPTT"),
    ("recurrent neural network", "recurrent network", "RNN"),
    ("long short-term memory", "LSTM"),
    ("gated recurrent unit", "GRU"),
    ("constant error carousel", "CEC"),
    ("feedforward net", "feedforward network", "feed-forward network", "multilayer perceptron", "MLP"),
    ("cross-entropy", "log loss", "negative log-likelihood"),
    ("learning rate", "step size"),
    ("numerical_gradient", "numerical gradient", "gradient check", "gradient checking", "finite differences"),
    ("initialisation", "initialization"),
    ("exploding gradient", "gradient explosion"),
    ("vanishing gradient", "fading gradient"),
)
_TEX = re.compile(r"\\([A-Za-z]+|.)|[{}]")
_SETTING = {None, "mathrm", "mathbf", "text", "left", "right", "frac", "quad", ",", ";", "!", "bar", "tilde", "hat"}
_SIGNS = {"cdot": "·", "partial": "∂", "top": "ᵀ"}


def replace_sphinx_search(app):
    """Sphinx makes neither its search page nor its index."""
    app.builder.search = False


def page(app):
    """The search page, for Sphinx to write."""
    return [("search", {}, "search.html")]


def write_places(app, exception):
    """Write all places of the book as a script, which the search page loads."""
    if exception or app.builder.format != "html":
        return
    env = app.env
    found = [
        place
        for name in sorted(env.found_docs)
        for place in places(name, env.get_and_resolve_doctree(name, app.builder))
    ]
    data = json.dumps({"places": found, "same": SAME}, ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / "_static" / "unrolled" / "places.js").write_text(
        f"window.unrolledSearch = {data};\n", encoding="utf8"
    )


def places(page, doctree):
    """The places of a page: each its address, its title, its page's title, and the text and the code in it and in no place within."""
    chapter = next(doctree.findall(nodes.title)).astext()
    return [
        {
            "at": f"{page}.html#{anchor}",
            "title": title,
            "page": chapter,
            "text": said(node),
            "code": said(node, nodes.literal_block),
        }
        for node in doctree.findall()
        for anchor, title in named(node)
    ]


def named(node):
    """[(anchor, title)] of a node that is a place; else nothing."""
    if isinstance(node, nodes.section):
        return [(node["ids"][0], letters(node[0]))]
    if isinstance(node, nodes.definition_list_item) and node[0]["ids"]:
        return [(node[0]["ids"][0], letters(node[0]))]
    if isinstance(node, nodes.citation):
        return [(node["ids"][0], letters(node[1]).split(". ")[0])]
    return []


def said(place, kind=(nodes.paragraph, nodes.line)):
    """What a place says in nodes of a kind, without the places in it."""
    words = [letters(part) for child in place.children for part in parts(child, kind)]
    return " ".join(" ".join(words).split())


def parts(node, kind):
    """The nodes of a kind in a node, in order, but for what is folded away or in a place of its own."""
    if isinstance(node, kind):
        return [node]
    if isinstance(node, HideCodeCellNode) or named(node):
        return []
    return [part for child in node.children for part in parts(child, kind)]


def letters(node):
    """The words of a paragraph or a title as they are read; a formula is its letters."""
    if isinstance(node, nodes.math):
        return _TEX.sub(lambda match: symbol(match[1]), node.astext())
    if isinstance(node, nodes.Text):
        return node.astext()
    return "".join(letters(child) for child in node.children)


def symbol(name):
    """The sign that a TeX command prints; a function's name is itself, and what only sets letters is nothing."""
    return "" if name in _SETTING else _SIGNS.get(name) or html5.get(f"{name};", name)
