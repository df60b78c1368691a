"""What the search looks in: every section, glossary entry and source of the book, and which words mean the same.

The search itself, `style/search.js` on MiniSearch (`vendor/`), runs in the browser, also in a page
opened from a folder.
"""

import json
import re
from html.entities import html5
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx_design.dropdown import dropdown_title

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
    ("forget bias", "forget gate bias", "bias of the forget gate"),
)
_PIECE = r"(\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|\w)"  # what a TeX command takes: a group, a command, a letter
_FRACTION = re.compile(rf"\\[td]?frac\s*{_PIECE}\s*{_PIECE}")
_ROOT = re.compile(rf"\\sqrt\s*{_PIECE}")
_SUM = re.compile(r"([_^])\{([^{}]*[^\w\\{}][^{}]*)\}")
_MATRIX = ((r"\s*&\s*", ", "), (r"\s*\\\\\s*", "; "), (r"\\begin\{pmatrix\}\s*", "("), (r"\s*\\end\{pmatrix\}", ")"))
_TEX = re.compile(r"\\([A-Za-z]+|.)|[{}]")
_SETTING = {
    None,
    *"mathrm mathbf mathit mathbb operatorname text left right overleftarrow overrightarrow quad".split(),
    *", ; ! bar tilde hat".split(),
}
_SIGNS = {"cdot": "·", "partial": "∂", "top": "ᵀ", "dots": "…", "infty": "∞"} | dict.fromkeys(("lvert", "rvert"), "|")
_ENDS = (".", ",", "!", "?", ":", ";", "…", ".”", ".)", "?”", "!”")


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
    """The places of a page: each its address, its title, its page's title, and the text and the code in it and in
    no place within."""
    chapter = next(doctree.findall(nodes.title)).astext()
    return [
        {"at": f"{page}.html#{anchor}", "title": title, "page": chapter, "text": said(node), "code": code(node)}
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
        return [(node["ids"][0], letters(node[0]))]
    return []


def said(place):
    """What a place says, without the places in it: a line a block, which ends like a sentence."""
    told = dict.fromkeys(
        block for child in place.children for block in blocks(child)
    )  # a source is there twice, once for each resolving
    return "\n".join(block if block.endswith(_ENDS) else f"{block}." for block in told)


def blocks(node):
    """What a node says, block by block, but for what is folded away, in a place of its own or beside code.

    A row of a table is one block, a bar between its cells: a dot would be a product.
    """
    if isinstance(node, (nodes.paragraph, nodes.line, dropdown_title)):
        words = " ".join(letters(node).split())
        return [words] if words else []
    if isinstance(node, (nodes.Text, HideCodeCellNode)) or named(node) or "u-code" in node["classes"]:
        return []
    inner = [block for child in node.children for block in blocks(child)]
    return [" | ".join(inner)] if isinstance(node, nodes.row) and inner else inner


def code(node):
    """The code in a node and in no place within it, its lines as they are."""
    shown = [node.astext()] if isinstance(node, nodes.literal_block) else []
    inner = [code(child) for child in node.children if not (isinstance(child, HideCodeCellNode) or named(child))]
    return "\n".join(filter(None, shown + inner))


def letters(node):
    """The words of a paragraph or a title as they are read; a formula is its letters."""
    if isinstance(node, nodes.math):
        return formula(node.astext())
    if isinstance(node, nodes.Text):
        return node.astext()
    return "".join(letters(child) for child in node.children if not isinstance(child, nodes.raw))


def formula(tex):
    """A formula in a line of plain text: `\\tfrac12 h_{t-1}` is 1/2 h_(t-1)."""
    for there, here in _MATRIX:
        tex = re.sub(there, here, tex)
    tex = _FRACTION.sub(lambda parts: "/".join(map(bracketed, parts.groups())), tex)
    tex = _SUM.sub(r"\1(\2)", _ROOT.sub(lambda root: f"√{bracketed(root[1])}", tex))
    return " ".join(_TEX.sub(lambda match: symbol(match[1]), tex).split())


def bracketed(piece):
    """What stands in a fraction or under a root, without its braces; a sum is in brackets."""
    inner = piece.removeprefix("{").removesuffix("}")
    return f"({inner})" if re.search(r"[-+,]", inner) else inner


def symbol(name):
    """The sign that a TeX command prints; a function's name is itself, and what only sets letters is nothing."""
    return "" if name in _SETTING else _SIGNS.get(name) or html5.get(f"{name};", name)
