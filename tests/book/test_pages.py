"""Every page of the built site, read from its file: links, metadata, weight."""

import functools
import gzip
import json
import re
import statistics
from urllib.parse import unquote, urlsplit

import pytest

from tests.book.pages import ALL_PAGES, PAGES, PHONE, Page, each_page
from tests.conftest import ROOT
from unrolled.book.edition import edition
from unrolled.book.page import lean

QUESTION_WORDS = ("Can", "How", "Is", "Must", "What", "When", "Why")
WEIGHT = 900_000        # bytes a page may weigh, gzipped, all that it loads included


@pytest.mark.parametrize("name", ALL_PAGES)
def test_page_has_what_search_engines_and_screen_readers_ask_for(site, name):
    page = Page(site / f"{name}.html")
    assert page.language == "en"
    assert page.title.strip()
    assert len(page.meta["description"]) > 20
    assert page.headings.count(1) == 1
    assert page.headings[0] == 1
    assert all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False)), "a level of headings is left out"
    assert all(image.get("alt") for image in page.images)


def test_titles_and_descriptions_differ_from_page_to_page(site):
    pages = [Page(site / f"{name}.html") for name in PAGES]
    assert len({page.title for page in pages}) == len(pages)
    assert len({page.meta["description"] for page in pages}) == len(pages)


def test_a_chapter_is_described_by_the_question_that_it_asks(site):
    questions = [Page(site / f"{name}.html").meta["description"] for name in PAGES if name.startswith("chapters/0")]
    subject = re.compile(rf"Recurrent neural networks, chapter \d: (?:{'|'.join(QUESTION_WORDS)}) .*[?…]")
    assert questions and all(subject.fullmatch(question) for question in questions)


@pytest.mark.parametrize("name", ALL_PAGES)
def test_every_internal_link_leads_somewhere(site, name):
    assert broken_links(site, name) == []


def test_a_broken_link_is_seen(tmp_path):
    (tmp_path / "page.html").write_text('<p id="here"><a href="#here">1</a><a href="#gone">2</a><a href="gone.html">3</a></p>')
    assert broken_links(tmp_path, "page") == ["#gone", "gone.html"]


@functools.cache
def anchors_of(path):
    """A page's anchors; each page is read once, for many link to it."""
    return Page(path).anchors


def broken_links(site, name):
    """The links of a page that lead to no file, or to no anchor of a page."""
    path = site / f"{name}.html"
    broken = []
    for link in Page(path).links:
        parts = urlsplit(link)
        if parts.scheme:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        target = target / "index.html" if target.is_dir() else target
        anchor_missing = target.suffix == ".html" and parts.fragment and parts.fragment not in anchors_of(target)
        if not target.is_file() or anchor_missing:
            broken.append(link)
    return broken


@pytest.mark.parametrize("name", ALL_PAGES)
def test_no_formula_stands_there_as_it_was_typed(site, name):
    text = (site / f"{name}.html").read_text(encoding="utf8")
    prose = re.sub(r"(?s)<(script|style|pre|code)\b.*?</\1>|<!--.*?-->", "", text)
    assert re.findall(r".*\$.*", prose) == []


@pytest.mark.parametrize("name", ALL_PAGES)
def test_page_weighs_little(site, name):
    page = Page(site / f"{name}.html")
    loaded = {(site / f"{name}.html").parent / unquote(urlsplit(link).path) for link in page.links if "_static" in link}
    files = [site / f"{name}.html", *loaded, site / "_static" / "unrolled" / "maths.woff2"]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < 0.8 * WEIGHT


@pytest.mark.parametrize("name", ALL_PAGES)
def test_no_address_is_made_up(site, name):
    text = (site / f"{name}.html").read_text(encoding="utf8")
    assert "canonical" not in text
    assert "og:url" not in text
    assert "mybinder" not in text


def test_only_the_books_pages_are_published(site):
    published = {str(path.relative_to(site).with_suffix("")) for path in site.rglob("*.html")}
    assert published == set(ALL_PAGES)
    assert not [path for path in site.rglob("*") if "solution" in path.name.lower()]


CHAPTERS = [name for name in PAGES if name.startswith("chapters/0")]


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_figure_has_a_number_a_sentence_and_an_address(site, name):
    text = (site / f"{name}.html").read_text(encoding="utf8")
    drawn = re.sub(r'(?s)<div class="u-widget".*?</svg>', "", text).count('<div class="u-picture">')
    captions = re.findall(r'(?s)<figure class="[^"]*" id="fig-[a-z-]+">.*?<figcaption>(.*?)</figcaption>', text)
    chapter = int(name.removeprefix("chapters/")[:2])
    said = [" ".join(re.sub(r"<[^>]+>", " ", caption).replace("#", "").split()) for caption in captions]
    assert drawn == len(captions) > 0
    for number, sentence in enumerate(said, start=1):
        assert re.fullmatch(rf"Figure {chapter}\.{number} \S.{{25,}}\. ?¶?", sentence), sentence


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_says_whose_it_is_how_long_it_takes_and_how_it_is_cited(site, name):
    text = (site / f"{name}.html").read_text(encoding="utf8")
    assert re.search(rf'<p class="u-byline">By {edition(ROOT).authors} · \d+ minutes to read · version', text)
    assert "How to cite this chapter" in text
    (about,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    assert json.loads(about)["@type"] == "LearningResource"


@each_page(CHAPTERS)
def test_a_chapter_has_no_more_elements_than_a_phone_likes(shown, name):
    assert shown(name, **PHONE).locator("*").count() < 6000, "its widgets among them"


def test_elements_that_say_nothing_are_left_out():
    cell = '<td class="text-right"><p>a <em>b</em> <span class="pasted-text">0.5</span></p></td>'
    assert lean(cell) == '<td class="text-right">a <em>b</em> 0.5</td>'
    two = "<td><p>a</p><p>b</p></td>"
    assert lean(two) == two, "paragraphs that are not alone stay"


# Of paragraphs that are nothing but words; their last line is half full.
LETTERS_A_LINE = """all => all.filter(p => p.textContent.length > 300 && !p.querySelector("math")).map(
    p => p.textContent.length / (p.clientHeight / parseFloat(getComputedStyle(p).lineHeight) - 0.5))"""
LETTERS = """() => [...document.querySelectorAll("figure .u-picture-svg text")].filter(text => text.textContent.trim()).map(text => {
    const own = [...text.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const turned = text.getScreenCTM();         // an axis' name runs upwards
    return parseFloat(getComputedStyle(own ? text : text.querySelector("tspan")).fontSize) * Math.hypot(turned.a, turned.b);
})"""


@each_page(CHAPTERS)
def test_letters_in_figures_can_be_read_on_a_phone(shown, name):
    """All but the small ones below and above another letter."""
    assert min(shown(name, **PHONE).evaluate(LETTERS)) >= 10.99


@each_page(["chapters/02-rnn", "chapters/glossary"])
def test_lines_are_as_long_as_reads_well_and_the_column_never_shrinks_as_the_window_widens(shown, name):
    page, widths = shown(name), []
    for width in range(320, 1700, 20):
        page.set_viewport_size({"width": width, "height": 800})
        widths.append(page.evaluate("document.querySelector('article').clientWidth"))
        if name == "chapters/02-rnn" and width in range(780, 1600, 60):
            assert 62 < statistics.median(page.locator("article p").evaluate_all(LETTERS_A_LINE)) < 76
    assert widths == sorted(widths)
    assert page.evaluate("""() => {
        const widest = Math.max(...[...document.querySelectorAll("article section > p, .citation")].map(p => p.clientWidth));
        const letter = document.createElement("span");
        letter.textContent = "the state that it hands to itself ".repeat(10);
        letter.style.whiteSpace = "nowrap";
        document.querySelector("article section > p").append(letter);
        return widest / (letter.getBoundingClientRect().width / letter.textContent.length);
    }""") <= 80
