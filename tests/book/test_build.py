"""Building: what is built, when a notebook runs again, and what stops a build."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

import pytest

from tests.conftest import ROOT
from unrolled.book import desk, digest
from unrolled.book.address import site_address, source_links
from unrolled.book.assignment import card_html, read_assignment, summary
from unrolled.book.build import BuildError, build, write_site_zip
from unrolled.book.edition import edition
from unrolled.book.listed import listed_files
from unrolled.book.page import sitemap
from unrolled.book.write_here import page_html
from unrolled.exercises import ASSIGNMENTS, asked_of
from unrolled.reference import rnn_step_forward

TOC = "format: jb-book\nroot: chapters/index\n"
PAGE = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# A page

"""
CELL = "```{code-cell} python3\n%s\n```\n"


@pytest.fixture
def book(tmp_path):
    """A folder with the book's settings and one page, which a test writes: book(text)."""
    for name in ("_config.yml", "references.bib", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "src").symlink_to(ROOT / "src")
    (tmp_path / "_toc.yml").write_text(TOC)
    (tmp_path / "chapters").mkdir()

    def write(text, notebook=True):
        (tmp_path / "chapters" / "index.md").write_text((PAGE if notebook else "# A page\n\n") + text)
        return tmp_path

    return write


def run(root):
    return subprocess.run([sys.executable, "-m", "unrolled.book", "--root", root], capture_output=True, text=True)


def test_a_small_book_is_built_and_said_where(book):
    root = book(CELL % "print('measured: ', 6 * 7)")
    result = run(root)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip().endswith(f"The book is at {root}/_build/html/index.html")
    assert "measured:  42" in (root / "_build/html/chapters/index.html").read_text()
    again = run(root)
    assert "Running" not in again.stdout, "nothing has changed"


@pytest.mark.soak
@pytest.mark.parametrize("kernel", ["Nehalem", "Sandybridge", "Haswell", "SkylakeX"])
def test_what_the_pages_say_holds_in_whatever_order_a_processor_adds(kernel, tmp_path):
    """Each kernel of OpenBLAS rounds in its own way, and long trainings end differently: no page may
    rest on one of them."""
    environment = os.environ | {"OPENBLAS_CORETYPE": kernel}
    asked = "import numpy, threadpoolctl; print(*{part['architecture'] for part in threadpoolctl.threadpool_info()})"
    taken = subprocess.run(
        [sys.executable, "-c", asked], env=environment, capture_output=True, text=True
    ).stdout.strip()
    if taken != kernel:
        pytest.skip(f"this machine's NumPy has no kernel {kernel}, it takes {taken}")
    result = subprocess.run(
        [sys.executable, "-m", "unrolled.book", "--root", ROOT, "--target", tmp_path],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr


AMISS = {
    "[nowhere](no-such-page.md)": "no-such-page",
    "{eq}`no-such-equation`": "no-such-equation",
    "{cite}`nobody1900`": "nobody1900",
    "```{assignment} 99-magic\n```": "there is no assignment '99-magic'",
    "$$ \\nosuchcommand $$": "cannot read the formula",
}


@pytest.mark.parametrize(
    "amiss", [AMISS, {CELL % "raise ValueError('the tank is empty')": "the tank is empty"}], ids=["text", "cell"]
)
def test_what_is_amiss_stops_the_build_and_is_named(book, amiss):
    result = run(book("\n\n".join(amiss)))
    assert result.returncode == 1
    assert [words for words in amiss.values() if words not in result.stderr] == []
    assert "The book was not built" in result.stderr


def test_one_setting_switches_off_all_that_runs_in_the_page(book):
    root = book(CELL % "print('measured: ', 6 * 7)")
    assert run(root).returncode == 0
    page, run_here = root / "_build/html/chapters/index.html", root / "_build/html/_static/unrolled/run"
    assert "Run it here" in page.read_text() and [path.name for path in run_here.iterdir()] == ["index.js"]
    settings = root / "_config.yml"
    settings.write_text(settings.read_text().replace("unrolled_write_here: true", "unrolled_write_here: false"))
    assert run(root).returncode == 0
    assert "Run it here" not in page.read_text() and not run_here.exists()


def test_a_folder_without_settings_is_named(tmp_path):
    with pytest.raises(BuildError, match="there is no _config.yml in"):
        build(tmp_path, tmp_path / "_build")


def test_the_digest_follows_all_that_notebooks_import_and_not_the_rest_of_the_book(tmp_path):
    chapters = "".join(path.read_text(encoding="utf8") for path in listed_files(ROOT))
    assert set(re.findall(r"^(?:from|import) (unrolled\.(?:book|grading)\S*)", chapters, re.MULTILINE)) <= {
        ".".join(["unrolled", *path.with_suffix("").parts]) for path in digest.MEASURED
    }
    for name in ("text.py", "book/page.py", "book/measured.py", "book/experiments.py", "weights.npz"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    before = digest.package_digest(tmp_path)
    pages = digest.package_digest(tmp_path, without=[])
    (tmp_path / "book/page.py").write_text("2")
    assert digest.package_digest(tmp_path) == before
    assert digest.package_digest(tmp_path, without=[]) != pages, "the pages themselves are made by all of it"
    for name in ("text.py", "book/measured.py", "book/experiments.py", "weights.npz"):
        (tmp_path / name).write_text("2")
        after = digest.package_digest(tmp_path)
        assert after != before, name
        before = after


def test_the_digest_follows_what_experiments_found(tmp_path):
    found = tmp_path / "depth.json"
    found.write_text("1")
    before = digest.package_digest(results=tmp_path)
    found.write_text("2")
    assert digest.package_digest(results=tmp_path) != before


def test_only_listed_files_are_built():
    names = {path.stem for path in listed_files(ROOT)}
    assert {"index", "02-rnn", "notation", "glossary"} <= names
    assert not any("solutions" in str(path) for path in listed_files(ROOT))


def test_the_same_site_is_the_same_zip(tmp_path):
    (tmp_path / "index.html").write_text("<p>")
    write_site_zip(tmp_path)
    first = (tmp_path / "downloads/unrolled-book.zip").read_bytes()
    write_site_zip(tmp_path)
    assert (tmp_path / "downloads/unrolled-book.zip").read_bytes() == first


def test_addresses_follow_from_one_setting():
    home = "https://github.com/Owner/unrolled"
    assert site_address("") == "" and source_links("", "main", ".md", "chapters/index") == []
    assert site_address(home) == "https://owner.github.io/unrolled/"
    assert [link["address"] for link in source_links(home, "main", ".md", "chapters/index")] == [
        "https://github.com/Owner/unrolled/blob/main/chapters/index.md",
        "https://mybinder.org/v2/gh/Owner/unrolled/main?urlpath=notebooks/chapters/index.md",
    ]
    with pytest.raises(ValueError, match="must be https://github.com/owner/name"):
        site_address("https://example.org/unrolled")


def test_the_sitemap_lists_each_page_once_and_is_xml():
    addresses = ["https://owner.github.io/unrolled/chapters/02-rnn.html", "https://owner.github.io/a&b.html"]
    places = ElementTree.fromstring(sitemap(addresses).encode())
    assert [place.text for place in places.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")] == addresses


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_card_has_every_function_and_its_points(name):
    title, tasks = read_assignment(name, ROOT)
    assert {task.function for task in tasks} - {None} == {exercise.name for exercise in asked_of(name)}
    card = card_html(name, title, tasks, f"../downloads/{name}.zip")
    assert f"{sum(task.points for task in tasks):g} points" in card
    # the number of a notebook's heading stays there
    assert not any(task.sentence[0].isdigit() for task in tasks)


def test_a_figure_and_a_written_question_stand_on_the_card_by_their_headings():
    title, tasks = read_assignment("07-deep-bidirectional", ROOT)
    assert [task.sentence for task in tasks if not task.function] == [
        "What the middle depends on. To be drawn, with two sentences; a person looks at it.",
        "Side by side, or added? To be answered in words; a person reads it.",
    ]
    card = card_html("07-deep-bidirectional", title, tasks, "07.zip")
    assert "8 functions to write, 1 figure to draw and 1 question to answer, 32 points" in card
    assert "None" not in card


def test_a_figure_stands_on_the_card_too():
    title, tasks = read_assignment("02-rnn", ROOT)
    drawn = [task for task in tasks if task.kind == "figure"]
    assert [task.sentence for task in drawn] == [
        "Two beginnings. To be drawn, with two sentences; a person looks at it."
    ]
    card = card_html("02-rnn", title, tasks, "02.zip")
    functions = sum(task.kind == "function" for task in tasks)
    assert f"{functions} functions to write, 1 figure to draw and 1 question to answer" in card and "A figure" in card


@pytest.mark.parametrize("name, drawn", [("02-rnn", True), ("09-language", False)])
def test_where_a_figure_is_asked_for_the_desk_says_where_it_is_drawn(name, drawn):
    (path,) = (ROOT / "exercises" / name).glob("*.ipynb")
    assert ("since the page has no Matplotlib" in page_html(name, path, "some MB")[1]) is drawn


def test_a_card_whose_notebook_lost_a_function_is_refused(tmp_path):
    source = next((ROOT / "exercises" / "02-rnn").glob("*.ipynb"))
    notebook = json.loads(source.read_text())
    notebook["cells"] = [
        cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") != "readout"
    ]
    folder = tmp_path / "exercises" / "02-rnn"
    folder.mkdir(parents=True)
    (folder / source.name).write_text(json.dumps(notebook))
    with pytest.raises(ValueError, match="grades .* but the exercises are"):
        read_assignment("02-rnn", tmp_path)


def test_a_summary_drops_labels_and_sources():
    assert summary(rnn_step_forward) == "One step: h = tanh(x W_x + h_prev W_h + b)."


def test_a_desk_holds_notebook_wheel_and_how_to(tmp_path):
    zips = desk.write_desks(ROOT, tmp_path)
    names = zipfile.ZipFile(zips[0]).namelist()
    assert {name.rsplit(".", 1)[1] for name in names} == {"ipynb", "whl", "txt", "html"}
    first = zips[0].read_bytes()
    assert desk.write_desks(ROOT, tmp_path)[0].read_bytes() == first, "the same content is the same zip"
    for entry in zipfile.ZipFile(zips[0]).infolist():
        assert entry.date_time[:3] == edition(ROOT).day.timetuple()[:3], "the day of the edition"
        assert entry.external_attr >> 16 == 0o100644, "a plain file that everybody may read"
