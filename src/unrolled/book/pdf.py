"""The whole course as one PDF: the built pages become one document, which Chromium prints.

It is printed twice. The first time tells on which page each heading stands, the second has that in its contents. How a
page looks on paper, alone or in this document, is said in style/print.css; what only a book has is made here: a title
page, contents, running heads, links from chapter to chapter, and the answers of "Check yourself" at a chapter's end.
"""

import hashlib
import json
import logging
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader
from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

from unrolled.book.chromium import chromium
from unrolled.book.page import THEME

LEFT_OUT = ("index", "teaching")  # the front page is a site's, and the teaching guide goes with the checkout
PLACE = Path("downloads") / "unrolled.pdf"
STATE = "/UnrolledState"  # where the PDF says of which pages it was made
CHROMIUM_FLAGS = (
    "--headless",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    "--disable-background-networking",
)
REFERENCES = re.compile(r"url\(#([^)]+)\)")
LINKING = ("href", "xlink:href")
LISTING = ("aria-labelledby", "aria-describedby", "headers")  # attributes that hold ids, one or several
OFFER = re.compile(r'(<span class="u-pdf">).*?(</span>)')  # where the front page says that there is a PDF
ANSWERS = "Answers to “Check yourself”"

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of a count that Chromium writes wrong, and mends it


class PdfError(Exception):
    """The PDF cannot be made; the message says why in one sentence."""


def print_course(pages, target, of, site):
    """Print the built pages, a list of paths in the book's order, into the PDF at target.

    `of` is the Edition, and `site` the address that links to what is not in the book begin with, if any.
    Raises PdfError when the edition, a page or Chromium is missing, or Chromium prints nothing.
    """
    if of is None:
        raise PdfError("CITATION.cff is missing, from which the title page is made.")
    chapters = in_book(pages)
    missing = [path.stem for path in chapters if not path.is_file()]
    if missing:
        raise PdfError(f"the page {missing[0]} is not built yet: `make pdf` builds the site first.")
    articles = [read_article(path, [page.stem for page in chapters], site) for path in chapters]
    with tempfile.TemporaryDirectory(prefix="unrolled-pdf-") as folder:
        source, printed = Path(folder) / "course.html", Path(folder) / "course.pdf"
        places = {}
        for what in ("where each heading falls", "the book, with its contents"):
            print(f"Printing {what}", flush=True)
            source.write_text(course_html(articles, places, of, chapters[0].parent), encoding="utf8")
            print_page(source, printed)
            before, places = places, pages_of(printed)
        if any(before[name] != places[name] for name in before):
            raise PdfError("the headings moved when the contents were written.")
        titles = [heading.get_text() for article in articles for heading in article.select("h1, h2, h3, h4, h5, h6")]
        finish(printed, target, of, titles, state_of(pages))


def in_book(pages):
    """Those of the site's pages that the book has."""
    return [path for path in pages if path.stem not in LEFT_OUT]


def state_of(pages):
    """A digest that changes whenever a page of the book does, with it the style sheet that it
    names, or this module."""
    content = b"".join(path.read_bytes() for path in [*in_book(pages), Path(__file__), THEME / "course.html"])
    return hashlib.sha256(content).hexdigest()[:16]


def is_current(pdf, pages):
    """Whether the PDF is there and was made of these pages."""
    return pdf.is_file() and PdfReader(pdf).metadata.get(STATE) == state_of(pages)


def read_article(path, stems, site):
    """A page's article as part of the book: its ids say whose they are, and what needs a screen has become words."""
    article = BeautifulSoup(path.read_text(encoding="utf8"), "html.parser").article
    for gone in article.select("script, .headerlink, details.hide, .copy-button"):
        gone.decompose()
    for card in article.select(".u-card"):
        shorten_card(card)
    collect_answers(article)
    for image in article.select("img[src]"):
        image["src"] = (path.parent / image["src"]).resolve().as_uri()
    article["id"] = ""
    for element in article.find_all(True):
        prefix_ids(element, path.stem)
    for link in article.select("a[href]"):
        lead_inside(link, path.stem, stems, site)
    article["id"], article["style"] = path.stem, f"page: {page_name(path.stem)}"
    return article


def page_name(stem):
    """The name of an article's pages in its style sheet: an identifier of CSS does not begin with a digit."""
    return f"p-{stem}"


def prefix_ids(element, stem):
    """Make the ids of an element, and what refers to them, its page's own."""
    for name, value in element.attrs.items():
        if name == "id" and value:
            element[name] = f"{stem}--{value}"
        elif name in LISTING:
            names = value if isinstance(value, list) else value.split()
            element[name] = " ".join(f"{stem}--{one}" for one in names)
        elif element.name != "a" and name in LINKING and value.startswith("#"):
            element[name] = f"#{stem}--{value[1:]}"
        elif isinstance(value, str) and "url(#" in value:
            element[name] = REFERENCES.sub(rf"url(#{stem}--\1)", value)


def lead_inside(link, stem, stems, site):
    """Let a link lead to its place in the book, or to the site. One to a page that is in neither is words alone."""
    address, _, anchor = link["href"].partition("#")
    if re.match(r"[a-z]+:", address):
        return
    page = Path(address).stem if address else stem
    if page in stems and not address.startswith("../"):
        link["href"] = f"#{page}--{anchor}" if anchor else f"#{page}"
    elif site:
        link["href"] = f"{site}chapters/{link['href']}"
    else:
        link.unwrap()


def shorten_card(card):
    """An assignment as a paragraph: what it asks, and where it is done."""
    title, asked = (part.get_text().rstrip(":") for part in card.find_all("p")[:2])
    tasks = [row.code for row in card.select("li") if row.code]
    download = card.select_one("a[download]")["href"].rpartition("/")[2]
    card.clear()
    card.append(_element(f"<p><strong>{title}.</strong> {asked}</p>"))
    if tasks:
        names = ", ".join(str(task) for task in tasks)
        card.append(_element(f"<p>The functions: {names}.</p>"))
    card.append(
        _element(
            "<p>It is written and checked on this chapter’s page of the site, or in the notebook of "
            f"<code>{download}</code>, which that page offers.</p>"
        )
    )


def collect_answers(article):
    """Move the answers of "Check yourself" to the chapter's end: a link leads there from each question, and back."""
    questions = article.select("details.sd-dropdown")
    if not questions:
        return
    end = _element(f'<section class="u-answers" id="answers"><h2>{ANSWERS}</h2></section>')
    for number, question in enumerate(questions, start=1):
        asked = _element(
            f'<div class="u-asked" id="question-{number}"><p>{number}. '
            f"{question.select_one('.sd-summary-text').decode_contents()} "
            f'<a class="u-to-answer" href="#answer-{number}">Answer {number}</a></p></div>'
        )
        answer = _element(
            f'<div class="u-answer" id="answer-{number}"><p>'
            f'<a href="#question-{number}">Question {number}</a></p></div>'
        )
        answer.extend(list(question.select_one(".sd-summary-content").contents))
        question.replace_with(asked)
        end.append(answer)
    article.select_one("section").append(end)


def _element(markup):
    return BeautifulSoup(markup, "html.parser").contents[0]


def course_html(articles, places, of, folder):
    """The document that is printed; `places` has the page of each heading's id, so far as it is known."""
    heads = [(page_name(article["id"]), json.dumps(article.h1.get_text(), ensure_ascii=False)) for article in articles]
    return (
        Environment(loader=FileSystemLoader(THEME), autoescape=True)
        .get_template("course.html")
        .render(
            edition=of,
            styles=[
                (folder.parent / "_static" / name).resolve().as_uri()
                for name in ("unrolled/site.css", "sphinx-design.min.css")
            ],
            heads=heads,
            contents=[headings(article, places) for article in articles],
            articles=articles,
        )
    )


def headings(article, places):
    """What the contents say of an article's title and of its sections: where a link leads, the words, and the page."""
    ids = [(heading.find_parent("section")["id"], heading) for heading in article.select("h1, h2")]
    return [{"id": name, "words": heading.decode_contents(), "page": places.get(name, "")} for name, heading in ids]


def print_page(source, target):
    """Let Chromium print the document at source, a file, into the PDF at target."""
    program = chromium()
    if program is None:
        raise PdfError("Chromium is missing, which prints the pages: tools/require chromium installs it where it may.")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []  # root has no sandbox in Chromium
    with tempfile.TemporaryDirectory(prefix="unrolled-chromium-") as profile:
        result = subprocess.run(
            [
                program,
                *CHROMIUM_FLAGS,
                *as_root,
                f"--user-data-dir={profile}",
                f"--print-to-pdf={target}",
                source.as_uri(),
            ],
            capture_output=True,
            text=True,
        )
    if result.returncode or not target.is_file():
        raise PdfError(f"Chromium printed nothing: {result.stderr.strip()[-300:]}")


def pages_of(pdf):
    """{id: page} of the places in a PDF that links lead to; pages are counted from 1."""
    reader = PdfReader(pdf)
    numbers = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages, start=1)}
    return {name.removeprefix("/"): numbers[place.page.idnum] for name, place in reader.named_destinations.items()}


def finish(printed, target, of, titles, state):
    """Write the printed PDF to target with what Chromium does not say of it: who wrote it, and that readers open
    with an outline.

    The outline's entries get their titles: Chromium leaves out the space where a heading's line ends.
    """
    writer = PdfWriter(clone_from=printed)
    writer.add_metadata(
        {"/Title": of.title, "/Author": of.authors, "/Subject": of.title.partition(": ")[2], STATE: state}
    )
    for entry, title in zip(outline_entries(writer.root_object["/Outlines"]), ["Contents", *titles], strict=True):
        entry[NameObject("/Title")] = TextStringObject(title)
    writer.page_mode = "/UseOutlines"
    writer.root_object[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    writer.write(target)


def outline_entries(parent):
    """The entries of an outline, each followed by those below it."""
    entry = parent.get("/First")
    while entry is not None:
        entry = entry.get_object()
        yield entry
        yield from outline_entries(entry)
        entry = entry.get("/Next")


def offer(pdf, pages):
    """Put the PDF among the site's downloads and a link to it on the front page, or neither, if it is
    not of these pages."""
    front_page = pages[0]
    offered = front_page.parents[1] / PLACE
    words = ""
    if is_current(pdf, pages):
        shutil.copyfile(pdf, offered)
        size = f"{len(PdfReader(pdf).pages)} pages, {pdf.stat().st_size / 1e6:.0f} MB"
        words = (
            f' To read on paper, take <a href="../{PLACE.as_posix()}" download>the whole course as a PDF</a> ({size}).'
        )
    else:
        offered.unlink(missing_ok=True)
    text = front_page.read_text(encoding="utf8")
    front_page.write_text(OFFER.sub(rf"\g<1>{words}\g<2>", text), encoding="utf8")
