"""The Sphinx extension: the theme, formulae, directives, and the site's own files."""

from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from pybtex.plugin import register_plugin
from sphinx.highlighting import PygmentsBridge

from unrolled.book import assets, bibliography, folded, mathml, page, run_here, search, terms, write_here
from unrolled.book.assignment import AssignmentCard
from unrolled.book.code import ReferenceCode
from unrolled.book.digest import package_digest
from unrolled.book.highlighting import FewColours

HERE = Path(__file__).parent


def setup(app):
    """Tell Sphinx of the parts, and when each is called."""
    PygmentsBridge.html_formatter = FewColours
    register_plugin("pybtex.style.formatting", bibliography.NAME, bibliography.Style)
    app.add_html_theme("unrolled", str(HERE / "theme"))
    app.add_html_math_renderer("mathml", (mathml.visit_inline, None), (mathml.visit_block, None))
    app.add_directive("assignment", AssignmentCard)
    app.add_directive("reference", ReferenceCode)
    # What the pages are made of, beside their text: when it changes, Sphinx must not think them up to date.
    app.add_config_value("unrolled_package", package_digest(without=["grading"]), "env")
    app.add_config_value("unrolled_assets", assets.assets_digest(), "html")
    app.add_config_value("unrolled_write_here", True, "env")  # whether Python runs in the page
    app.add_config_value("comments_config", {}, "")  # Jupyter Book sets it, and we do without its extension
    app.connect("builder-inited", assets.write_assets)
    app.connect("builder-inited", search.replace_sphinx_search)
    app.connect("html-collect-pages", search.page)
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))
    app.add_node(HideCodeCellNode, override=True, html=(folded.visit_folded, folded.depart_folded))
    app.connect("doctree-resolved", wrap_tables)
    app.connect("doctree-resolved", terms.link_terms)
    app.connect("html-page-context", page.add_context, priority=900)  # after all extensions have added theirs
    app.connect("html-collect-pages", write_here.add_pages)
    app.connect("doctree-read", run_here.add_buttons)
    app.connect("build-finished", write_here.finish)
    app.connect("build-finished", run_here.write_scripts)
    app.connect("build-finished", search.write_places)
    app.connect("build-finished", page.write_root_pages, priority=900)  # index.html is not left to sphinx-external-toc
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def visit_citation(translator, node):
    """An entry of the references, without docutils' roles: they are out of date, and audits say so."""
    translator.body.append(translator.starttag(node, "div", CLASS="citation"))


def depart_citation(translator, node):
    translator.body.append("</div>\n")


def wrap_tables(app, doctree, docname):
    """Put each table into a box of its own, which a narrow screen can scroll."""
    for table in list(doctree.findall(nodes.table)):
        box = nodes.container(classes=["u-table"])
        table.replace_self(box)
        box += table
