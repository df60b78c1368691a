"""The course in one PDF: its contents tell the truth, its links land, and nothing in it waits for a hand."""

import re
import shutil
import unicodedata
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from tests.book.pages import PAGES
from tests.conftest import ROOT
from unrolled.book import pdf
from unrolled.book.edition import edition
from unrolled.exercises import ASSIGNMENTS

FOUR = PAGES[: 1 + 4]       # the front page, and four chapters that lead to one another
pytestmark = pytest.mark.xdist_group("pdf")       # one printing serves them all


@pytest.fixture(scope="module", params=[pytest.param(FOUR, id="four"), pytest.param(PAGES, id="all", marks=pytest.mark.soak)])
def pages(site, request):
    return [site / f"{name}.html" for name in request.param]


@pytest.fixture(scope="module")
def printed(pages, tmp_path_factory):
    """The file of the printed course."""
    target = tmp_path_factory.mktemp("pdf") / "unrolled.pdf"
    pdf.print_course(pages, target, edition(ROOT), "")
    return target


@pytest.fixture(scope="module")
def course(printed):
    return PdfReader(printed)


@pytest.fixture(scope="module")
def texts(course):
    """The text of each page, line by line, without its running head and its number."""
    return [lines_of(page) for page in course.pages]


def lines_of(page):
    text = unicodedata.normalize("NFKC", page.extract_text())       # no ligatures
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return [line for line in lines if line and not line.isdigit()]


def squeezed(text):
    """Letters and digits alone: where a line ends is of no account."""
    return re.sub(r"\W", "", text)


def outline(course):
    """[(title, page)] of the outline, pages counted from 1."""
    def entries(parts):
        for part in parts:
            if isinstance(part, list):
                yield from entries(part)
            else:
                yield part.title, course.get_destination_page_number(part) + 1
    return list(entries(course.outline))


def destinations(course):
    numbers = {page.indirect_reference.idnum: number for number, page in enumerate(course.pages, start=1)}
    return {name.removeprefix("/"): numbers[place.page.idnum] for name, place in course.named_destinations.items()}


def links(course):
    """Where each link inside the book leads: (page on which it stands, name)."""
    for number, page in enumerate(course.pages, start=1):
        for annotation in page.get("/Annots", []):
            name = annotation.get_object().get("/Dest")
            if name is not None:
                yield number, str(name).removeprefix("/")


@pytest.fixture(scope="module")
def articles(pages):
    """{name: article} of the built pages that the book has."""
    return {path.stem: BeautifulSoup(path.read_text(encoding="utf8"), "html.parser").article for path in pdf.in_book(pages)}


@pytest.fixture(scope="module")
def headings(articles):
    """[(id, title)] of all that the contents should list, from the built pages."""
    return [
        (f"{name}--{heading.find_parent('section')['id']}", heading.get_text().removesuffix("¶"))
        for name, article in articles.items() for heading in article.select("h1, h2")
    ]


def test_each_chapter_and_section_stands_on_the_page_that_the_contents_say(pages, course, headings, texts):
    places = destinations(course)
    contents = squeezed("".join(line for page in texts[1 : places[headings[0][0]] - 1] for line in page))
    assert len(headings) > 8 * len(pages)
    for name, title in headings:
        words, page = squeezed(title), places[name]
        assert words in squeezed("".join(texts[page - 1])), title
        assert re.search(rf"{re.escape(words)}{page}(?!\d)", contents), f"{title}: {page}"


def test_the_outline_names_each_heading_and_its_page(course, headings, texts):
    entries = outline(course)
    assert {title for _, title in headings} <= {title for title, _ in entries}
    for title, page in entries:
        assert squeezed(title) in squeezed("".join(texts[page - 1])), title


def test_every_link_inside_the_book_lands(pages, course):
    places = destinations(course)
    found = list(links(course))
    assert len(found) > 40 * len(pages)
    assert not {name for _, name in found if name not in places}


def test_a_link_to_another_chapter_lands_in_that_chapter(course):
    places = destinations(course)
    across = {name for page, name in links(course) if name.startswith("03-bptt--equation") and page > places["04-vanishing-gradients"]}
    assert across
    assert all(places["03-bptt"] <= places[name] < places["04-vanishing-gradients"] for name in across)


def test_no_button_and_nothing_folded_is_printed(texts, articles):
    offered = [name for name in ASSIGNMENTS if name in articles]
    assert offered
    text = "\n".join(line for page in texts for line in page)
    for words in ("Write it here", "Copy", "Toggle", "The code of ", "Skip to", "¶"):
        assert not re.search(rf"(?m)^{re.escape(words)}", text), words
    assert not re.search(r"Download [\w-]+\.zip", text)
    for name in offered:
        assert f"{name}.zip" in text


def test_each_answer_stands_at_its_chapters_end_and_leads_back(course, articles):
    places, ways = destinations(course), {name for _, name in links(course)}
    counted = 0
    for stem, article in articles.items():
        if not article.select("details.sd-dropdown"):
            continue
        last = f"{stem}--{article.select('h2')[-1].find_parent('section')['id']}"
        for number in range(1, len(article.select("details.sd-dropdown")) + 1):
            question, answer = (f"{stem}--{kind}-{number}" for kind in ("question", "answer"))
            assert {question, answer} <= ways
            assert places[question] <= places[last] <= places[f"{stem}--answers"] <= places[answer]
            counted += 1
    assert counted > 4 * sum(name[0] == "0" for name in articles)


def test_no_heading_is_the_last_line_of_a_page(course, texts):
    for title, page in outline(course):
        if title != "Contents":
            last = squeezed(texts[page - 1][-1])
            assert not (last and squeezed(title).endswith(last)), f"{title}, page {page}"


def test_the_pdf_says_what_it_is(pages, course, texts):
    root = course.trailer["/Root"]
    assert course.metadata.title.startswith("Unrolled: ") and course.metadata.author
    assert root["/Lang"].startswith("en") and root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert "Version" in "".join(texts[0])
    assert 8 * len(pages) < len(course.pages) < 25 * len(pages)
    assert {round(float(side)) for page in course.pages for side in page.mediabox[2:]} == {595, 842}


def test_all_fonts_are_in_the_file(course):
    for page in course.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            if font["/Subtype"] != "/Type3":        # whose signs are drawings in the file
                assert "/FontFile2" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()


def test_no_page_is_empty(texts):
    assert all(len("".join(page)) > 40 for page in texts)


def test_the_front_page_offers_the_pdf_only_while_it_is_of_its_pages(printed, pages, tmp_path):
    for name in ("chapters", "downloads"):
        (tmp_path / name).mkdir()
    copies = [Path(shutil.copy(path, tmp_path / "chapters")) for path in pages]
    front_page, chapter = copies[0], copies[3]
    pdf.offer(printed, copies)
    assert '<a href="../downloads/unrolled.pdf" download>' in front_page.read_text(encoding="utf8")
    assert (tmp_path / pdf.PLACE).is_file()
    chapter.write_text(chapter.read_text(encoding="utf8") + "\n", encoding="utf8")
    pdf.offer(printed, copies)
    assert "unrolled.pdf" not in front_page.read_text(encoding="utf8")
    assert not (tmp_path / pdf.PLACE).exists()


def test_what_is_missing_is_said_in_a_sentence(pages, tmp_path, monkeypatch):
    with pytest.raises(pdf.PdfError, match="the page nowhere is not built yet"):
        pdf.print_course([tmp_path / "nowhere.html"], tmp_path / "out.pdf", edition(ROOT), "")
    with pytest.raises(pdf.PdfError, match="CITATION.cff is missing"):
        pdf.print_course(pages, tmp_path / "out.pdf", None, "")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pdf.PdfError, match="Chromium is missing"):
        pdf.print_page(tmp_path / "page.html", tmp_path / "out.pdf")
