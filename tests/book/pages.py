"""What the tests of the built pages share: their names, how one is opened, and what it asks for."""

from html.parser import HTMLParser

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.conftest import ROOT
from unrolled.book.listed import listed_files
from unrolled.exercises import ASSIGNMENTS

PAGES = [f"chapters/{path.stem}" for path in listed_files(ROOT)]
WITH_WIDGETS = [
    name for name in PAGES if "unrolled.widgets" in (ROOT / f"{name}.md").read_text(encoding="utf8")
]
DESKS = [f"exercises/{name}" for name in ASSIGNMENTS]
ALL_PAGES = [*PAGES, *DESKS, "search", "index", "404"]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}

# Asked again in the next document, where one leads to it.
STANDS = """() => document.readyState === "complete" && !document.querySelector("meta[http-equiv=refresh]")
    && [...document.querySelectorAll(".u-widget")].every(holder => holder.dataset.mounted === "true")"""


def each_page(names):
    """Decorator: a test for each page, of which one process runs all, so that it opens the page once."""
    return pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in names])


class Page(HTMLParser):
    """A page's links, anchors, images and metadata, read from its file."""

    def __init__(self, path):
        super().__init__()
        self.links, self.images, self.meta, self.headings, self.language = [], [], {}, [], None
        self.anchors = {}       # in the page's order; the values say nothing
        self.title = ""
        self._in_title = False
        self.feed(path.read_text(encoding="utf8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.anchors.update((values[key], True) for key in ("id", "name") if values.get(key))
        if tag == "html":
            self.language = values.get("lang")
        if tag in ("a", "link") and "href" in values:
            self.links.append(values["href"])
        if tag in ("script", "img") and "src" in values:
            self.links.append(values["src"])
        if tag == "img":
            self.images.append(values)
        if tag == "meta" and "name" in values:
            self.meta[values["name"]] = values["content"]
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
        self._in_title = tag == "title"

    def handle_data(self, data):
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag):
        self._in_title = False


def open_page(lend, address, **options):
    """A page that is lent at the address, or where that leads at once, with its widgets mounted."""
    page = lend(**options)
    page.goto(address)
    if options.get("java_script_enabled", True):
        page.wait_for_function(STANDS)
    return page


def complaints(page, within=None, **options):
    """[(rule, the first element that breaks it)] that axe finds on a page, or within what a selector names there.

    A rule that axe still calls an experiment is asked for too.
    """
    asked = {"rules": {"label-content-name-mismatch": {"enabled": True}}, "resultTypes": ["violations"]}
    found = Axe().run(page, within, options=asked | options).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found]
