"""The pages exercises/NN-topic: each assignment's notebook as a page, at which it is written and checked without
an installation."""

import hashlib
import html
import json
import re
import shutil
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.lexers import PythonLexer

from unrolled.book import run_here
from unrolled.book.assignment import marked_by_person
from unrolled.book.highlighting import FewColours
from unrolled.book.mathml import mathml, side_by_side
from unrolled.exercises import ASSIGNMENTS
from unrolled.page import supply

SCRIPTS = ("python", "desk")
# How long each assignment's last cell trained in the page when it was tried with right answers, in seconds of a
# laptop's core.
TRAINING = {
    "01-feedforward-limits": 26,
    "02-rnn": 45,
    "03-bptt": 1,
    "04-vanishing-gradients": 8,
    "05-lstm": 5,
    "06-gru": 19,
}
NO_LIBRARY = "the page's NumPy has no library for matrix products, and Jupyter's has"
INTRO = """\
<div class="u-desk-press" id="write">
<p>Write the functions on this page and have them checked here: no account, nothing to install. The press loads Python
into the page, {size}, this once. What you type is kept in this browser, and you save it as the file to hand in.</p>
<p><button type="button" class="u-download" hidden>Write it here</button>
<a href="{zip}" download>Or take {zip_name} and work in Jupyter</a></p>
<p class="u-desk-problem" role="alert"></p>
</div>
"""
FOOT = """\
<div class="u-desk-foot" role="region" aria-label="Your work" hidden>
<p class="u-desk-warning" role="alert"></p>
<p class="u-desk-status" role="status"></p>
<p class="u-desk-points"></p>
<progress max="1" value="0" aria-label="Python is loading"></progress>
<div class="u-desk-tools"></div>
<p class="u-desk-keys" id="u-desk-keys">Shift+Enter checks. Tab indents; Escape, then Tab, leaves an editor.</p>
</div>
"""
HOW = """\
<div class="admonition note"><p class="admonition-title">Here, without Jupyter</p>
<p>What follows is the notebook, and some of its words are for Jupyter. Here <em>Check</em>, or Shift+Enter, runs your
function, all that stands above it, and the check below it; the file to hand in comes from
<em>Save as {file}</em>.{figure}</p></div>
"""
FIGURE = (
    " The figure is drawn in Jupyter, since the page has no Matplotlib: save the file when the functions are right, "
    "and go on there."
)


def notebooks(root):
    """Each assignment's name and the path of the notebook that students receive."""
    found = {name: sorted((Path(root) / "exercises" / name).glob("*.ipynb")) for name in ASSIGNMENTS}
    return {name: paths[0] for name, paths in found.items() if paths}


def add_pages(app):
    """For Sphinx's html-collect-pages: a page for each assignment, where the book has them switched on."""
    if not app.config.unrolled_write_here:
        return
    size = supply.python_scripts(code_of(app.srcdir))[0]["size"]
    for name, path in notebooks(app.srcdir).items():
        title, body, toc = page_html(name, path, size)
        description = f"{title}: write the assignment in the page and have it checked, with nothing to install."
        context = {
            "title": title,
            "body": body,
            "toc": toc,
            "display_toc": True,
            "write_here": True,
            "page_description": description,
        }
        yield f"exercises/{name}", context, "page.html"


def code_of(root):
    """All that the page's Python must be able to import: the code of the students' notebooks, and the
    chapters' imports."""
    yield from run_here.imports_of(Path(root))
    for path in notebooks(root).values():
        for cell in json.loads(path.read_text(encoding="utf8"))["cells"]:
            if cell["cell_type"] == "code":
                yield "".join(cell["source"])


def page_html(name, path, size):
    """An assignment's page as its title, its body and its table of contents, both as HTML."""
    text = path.read_text(encoding="utf8")
    cells = json.loads(text)["cells"]
    download = f"../downloads/{name}.zip"
    first, *others = [cell_html(cell, training_note(name)) for cell in cells]
    heading = re.search("<h1>(.*?)</h1>", first)
    intro = INTRO.format(size=size, zip=download, zip_name=f"{name}.zip")
    edition = hashlib.sha256(text.encode()).hexdigest()[:12]
    data = text.replace("<", "\\u003c")  # nothing in it can end the script element
    drawn = any(cell["cell_type"] == "code" for cell in marked_by_person(cells))
    how = HOW.format(file=path.name, figure=FIGURE if drawn else "")
    desk = "".join(
        [
            intro,
            how,
            first.replace(heading[0], "", 1),
            *others,
            FOOT,
            f'<script type="application/json">{data}</script>',
        ]
    )
    attributes = f'data-name="{name}" data-file="{path.name}" data-edition="{edition}" data-zip="{download}"'
    titles = re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', desk)
    toc = (
        "<ul><li><ul>"
        + "".join(f'<li><a href="#{anchor}">{words}</a></li>' for anchor, words in titles)
        + "</ul></li></ul>"
    )
    title = html.unescape(re.sub(r"<[^>]+>", "", heading[1]))
    return title, f'{heading[0]}<div class="u-desk" {attributes}>{desk}</div>', toc


def training_note(name):
    """What to expect of the cell that trains."""
    seconds = TRAINING.get(name)
    if seconds is None:
        return f"In the page this cell may train for minutes: {NO_LIBRARY}. Stop ends it."
    about = f"about {seconds} seconds" if seconds > 1 else "a second or two"
    return f"In the page this cell takes {about} on a laptop, and longer on a phone: {NO_LIBRARY}. Stop ends it."


def cell_html(cell, note):
    """One cell; above one that trains stands the note."""
    source = "".join(cell["source"])
    grades = cell["metadata"].get("nbgrader", {})
    if cell["cell_type"] != "code" and not grades.get("solution"):
        return f'<div class="u-text" data-text="{cell["id"]}">{MARKDOWN.render(source)}</div>'
    kind = "data-check" if grades.get("grade") and not grades.get("solution") else "data-cell"
    written = f"<pre>{html.escape(source)}</pre>"
    code = (
        highlight(source, PythonLexer(), FewColours(cssclass="highlight")) if cell["cell_type"] == "code" else written
    )
    above = f'<p class="u-desk-note">{note}</p>' if "skip-execution" in cell["metadata"].get("tags", ()) else ""
    return f'{above}<div class="u-cell" {kind}="{cell["id"]}">{code}</div>'


def _markdown():
    """Markdown as notebooks have it: with formulae, and headings that can be linked to."""
    parser = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, double_inline=True)

    def formula(block):
        def render(self, tokens, place, options, env):
            tex = tokens[place].content
            if not block:
                return mathml(tex)
            return f'<div class="u-equation">{"".join(mathml(part, block) for part in side_by_side(tex))}</div>\n'

        return render

    def heading(self, tokens, place, options, env):
        words = re.sub(r"[^a-z0-9]+", "-", tokens[place + 1].content.lower()).strip("-")
        return f'<{tokens[place].tag} id="{words}">' if tokens[place].tag != "h1" else "<h1>"

    for kind, block in {
        "math_inline": False,
        "math_inline_double": True,
        "math_block": True,
        "math_block_label": True,
    }.items():
        parser.add_render_rule(kind, formula(block))
    parser.add_render_rule("heading_open", heading)
    parser.add_render_rule("table_open", lambda *_: '<div class="u-table"><table>\n')
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return parser


MARKDOWN = _markdown()


def finish(app, exception):
    """Put the service worker beside the pages that it keeps, for it may answer for no other folder, and drop
    scripts of earlier builds."""
    if exception or app.builder.format != "html" or not app.config.unrolled_write_here:
        return
    folder = Path(app.outdir) / "exercises"
    folder.mkdir(exist_ok=True)
    shutil.copy(supply.HERE / "offline.js", folder)
    wanted = supply.python_scripts(code_of(app.srcdir))[0]["sizes"]
    for path in (Path(app.outdir) / "_static" / "unrolled" / "python").glob("*.js"):
        if path.name not in wanted:
            path.unlink()
