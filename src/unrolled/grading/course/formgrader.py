"""nbgrader's formgrader, in which nothing of a submission runs, loads or leads anywhere.

It shows Markdown as HTML with all that stands in it, and sets the names of students into its pages as they are. What
runs there acts in the grader's name: it can give marks, and on a hub do whatever the grader may. nbgrader has no
setting for that, so `protect()` puts this course's own ways in the place of nbgrader's.
"""

import re
from html import escape
from urllib.parse import quote, unquote

import bleach
from jinja2 import pass_context
from mistune import HTMLRenderer, import_plugin
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbgrader.server_extensions.formgrader.base import BaseHandler
from traitlets import Bool

from unrolled.grading.notebook.pictures import addresses

TAGS = {
    "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre",
    "code", "div", "span", "table", "thead", "tbody", "tr", "th", "td", "em", "strong", "b", "i", "u", "s", "del",
    "sub", "sup", "kbd", "img",
}  # fmt: skip
PLUGINS = ("strikethrough", "table", "url", "def_list")
PICTURE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=]+")
COLOURED = re.compile(r"highlight|[a-z][a-z0-9]{0,2}")  # what Pygments calls its pieces
LONGEST = 10_000  # characters of Markdown: some sources take its parser quadratic time
NAMES = ("student", "first_name", "last_name", "notebook_path")
IN_ADDRESS = re.compile(r"[<>\"'&%\\\s]")

render = BaseHandler.render


def protect() -> None:
    """Let formgrader, in this process, show of a submission what is harmless, and names as text."""
    BaseHandler.exporter = property(_exporter)
    BaseHandler.render = _render


class SubmissionPage(HTMLExporter):
    """The page on which a submission is graded by hand."""

    sanitize_html = Bool(True, help="Outputs are cleaned, too, whatever a course sets.")

    def from_filename(self, filename, resources=None, **kwargs):
        return super().from_filename(filename, _with_names_as_text(resources or {}), **kwargs)

    def default_filters(self):
        yield from super().default_filters()
        yield from [("markdown2html", _show_cell), ("clean_html", harmless)]


def harmless_html(markdown: str, pictures: dict[str, str]) -> str:
    """Markdown as harmless HTML: an address is text, and of images those are shown that the cell has with it
    (their data: addresses by name)."""
    if len(markdown) > LONGEST:
        return f"<pre>{escape(markdown)}</pre>"
    plugins = [import_plugin(name) for name in PLUGINS]
    return harmless(MarkdownWithMath(_Renderer(pictures), plugins=plugins).render(markdown))


def harmless(html: str) -> str:
    """HTML that runs, loads and leads to nothing: all other markup is shown as it was typed."""
    return bleach.clean(str(html), tags=TAGS, attributes=_may_stay, protocols={"data"})


class _Renderer(IPythonRenderer):
    """An address leads nowhere: on a hub it could be one that does something in the grader's name."""

    def __init__(self, pictures):
        super().__init__(escape=False, exclude_anchor_links=True)
        self.pictures = pictures

    def link(self, text, url, title=None):
        return text if url in (text, f"mailto:{text}") else f"{text} ({escape(url)})"

    def image(self, text, url, title=None):
        picture = self.pictures.get(unquote(url.removeprefix("attachment:")))
        return HTMLRenderer.image(self, text, picture, title) if picture else f"[{text}] ({escape(url)})"


def _may_stay(tag, name, value):
    """Whether an attribute is harmless."""
    if name == "class":
        return bool(COLOURED.fullmatch(value))
    return tag == "img" and (
        name in ("alt", "title", "width", "height") or name == "src" and bool(PICTURE.fullmatch(value))
    )


@pass_context
def _show_cell(context, source):
    return harmless_html(source, dict(addresses(context["cell"])))


def _exporter(handler):
    """The exporter of a server that was started before these settings were read is nbgrader's own."""
    made = handler.settings["nbgrader_exporter"]
    if not isinstance(made, SubmissionPage):
        made = handler.settings["nbgrader_exporter"] = SubmissionPage(config=made.config)
    return made


def _render(handler, name, **values):
    if "resources" in values:
        values["resources"] = _with_names_as_text(values["resources"])
    if "student_id" in values:  # stands in a script and is put into addresses by it
        values["student_id"] = IN_ADDRESS.sub(lambda found: quote(found[0]), values["student_id"])
    return render(handler, name, **values)


def _with_names_as_text(resources):
    return resources | {name: escape(resources[name]) for name in NAMES if resources.get(name)}
