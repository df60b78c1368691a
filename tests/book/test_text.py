"""The prose and its sources: spelling, references with an address that stays, terms that link to the glossary."""

import re
import subprocess
import sys

import pytest
from docutils import nodes
from pybtex.database import parse_file, parse_string

from tests.conftest import ROOT
from unrolled.book.bibliography import AuthorYearLabels
from unrolled.book.terms import is_prose, linked, meanings

BIBLIOGRAPHY = parse_file(str(ROOT / "references.bib"))
PROSE = ["README.md", "CONTRIBUTING.md", "chapters", "solutions", "src"]


def spelling(paths):
    """What codespell complains about in the paths."""
    command = [
        sys.executable, "-m", "codespell_lib", "--skip",
        "*.npz,*.woff2,*.svg,*/vendor/*,*/data/*,*/page/packs/*,*/page/recipe/licences/*,package-lock.json",
        "--ignore-words-list", "multline,nd",                   # an environment of LaTeX, the shape of x
        "--ignore-regex", "recurent newral netwrk", *paths,     # a query to be corrected
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout


def test_spelling():
    assert spelling([name for name in PROSE if (ROOT / name).exists()]) == ""


def test_a_wrong_spelling_is_seen(tmp_path):
    (tmp_path / "page.md").write_text("The graident is recieved.")
    assert "recieved ==> received" in spelling([str(tmp_path)])


CHAPTERS = sorted((ROOT / "chapters").glob("0*.md"))
FENCED = re.compile(r"^ *(`{3,})\{?(?:code-cell|math|reference|figure|python|eval-rst).*?^ *\1 *$|^---\n.*?^---$|^\$\$.*?^\$\$", re.MULTILINE | re.DOTALL)
IN_ONE_PIECE = re.compile(r"^ *\d+\.|`[^`]*`|\$[^$]+\$|\[[^]]*\]\([^)]*\)|\bet al\\?\.|\b[A-Z]\.", re.MULTILINE)
SENTENCE_ENDS = re.compile(r"""[^.\s][.!?]["”)*]* +["“(*$]*[A-Z]""")


def lines_of_several_sentences(text):
    """The lines of a page's prose in which a sentence ends and another begins; tables and quotations are none."""
    lines = IN_ONE_PIECE.sub("x", FENCED.sub("", text)).splitlines()
    return [line for line in lines if SENTENCE_ENDS.search(line) and not line.lstrip().startswith(("|", ">", "#", "```{dropdown}"))]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_line_holds_one_sentence(path):
    """So that a change of one sentence is a change of one line."""
    assert lines_of_several_sentences(path.read_text(encoding="utf8")) == []


def test_a_second_sentence_is_seen():
    assert lines_of_several_sentences("One. *Two.*\nThree, e.g. `a. B`.\n") == ["One. *Two.*"]


def complaints(key, entry):
    """What is wrong with the form of an entry of the references."""
    fields = entry.fields
    found = []
    surname = re.sub(r"\W", "", entry.persons["author"][0].last_names[-1]).lower() if entry.persons.get("author") else ""
    if not re.fullmatch(r"[a-z]+\d{4}[a-z]?", key):
        found.append("the key is not author and year")
    elif surname.isascii() and not key.startswith(surname):
        found.append(f"the key does not begin with {surname}")
    elif fields.get("year") != re.search(r"\d{4}", key)[0]:
        found.append("the key's year is not the entry's")
    if not fields.get("title"):
        found.append("there is no title")
    if "doi" in fields and not re.fullmatch(r"10\.\d{4,9}/\S+", fields["doi"]):
        found.append("the DOI is not one")
    if "doi" not in fields and not fields.get("url", "").startswith("https://"):
        found.append("there is neither a DOI nor an https address")
    return found


@pytest.mark.parametrize("key", BIBLIOGRAPHY.entries)
def test_reference_has_form(key):
    assert complaints(key, BIBLIOGRAPHY.entries[key]) == []


@pytest.mark.parametrize(
    "text",
    [
        "@article{elman, author={Elman, J.}, title={T}, year={1990}, doi={10.1207/x}}",
        "@article{elman1991, author={Elman, J.}, title={T}, year={1990}, doi={10.1207/x}}",
        "@article{elman1990, author={Jordan, M.}, title={T}, year={1990}, doi={10.1207/x}}",
        "@article{elman1990, author={Elman, J.}, title={T}, year={1990}, doi={https://doi.org/10.1207/x}}",
        "@article{elman1990, author={Elman, J.}, title={T}, year={1990}}",
        "@article{elman1990, author={Elman, J.}, title={T}, year={1990}, url={http://example.org}}",
    ],
)
def test_a_reference_without_form_is_seen(text):
    ((key, entry),) = parse_string(text, "bibtex").entries.items()
    assert complaints(key, entry)


def test_every_reference_is_cited():
    text = "".join(path.read_text(encoding="utf8") for path in (ROOT / "chapters").glob("*.md"))
    cited = {key.strip() for keys in re.findall(r"\{cite[:\w]*\}`([^`]+)`", text) for key in keys.split(",")}
    assert set(BIBLIOGRAPHY.entries) == cited


def test_the_first_use_of_a_term_is_linked_and_only_that():
    places = {"gate": "term-gate", "forget gate": "term-forget-gate"}
    found = linked("Gates are many; a forget gate is a gate. Delegate nothing.", places, "glossary.html")
    assert [(node.astext(), node["refuri"]) for node in found if isinstance(node, nodes.reference)] == [
        ("Gates", "glossary.html#term-gate"),
        ("forget gate", "glossary.html#term-forget-gate"),
    ]
    assert "".join(node.astext() for node in found) == "Gates are many; a forget gate is a gate. Delegate nothing."
    assert places == {}


def test_a_terms_capital_does_not_matter():
    (link,) = [node for node in linked("Jacobians multiply.", {"jacobian": "term-Jacobian"}, "g.html") if isinstance(node, nodes.reference)]
    assert link["refuri"] == "g.html#term-Jacobian"


def glossary_entry(term, *meaning):
    """A glossary's entry as docutils has it."""
    return nodes.definition_list_item("", nodes.term("", term, ids=[f"term-{term}"]), nodes.definition("", nodes.paragraph("", "", *meaning)))


def test_a_term_says_its_meaning_where_letters_can_say_it():
    glossary = nodes.definition_list(
        "", glossary_entry("gate", nodes.Text("A factor "), nodes.math("", "f"), nodes.Text(",\nfrom 0 to 1.")), glossary_entry("cell", nodes.math("", r"\lambda"))
    )
    said = meanings(glossary)
    assert said == {"term-gate": "A factor f, from 0 to 1."}
    links = [node for node in linked("gate, cell", {"gate": "term-gate", "cell": "term-cell"}, "g.html", said) if isinstance(node, nodes.reference)]
    assert [link.get("reftitle") for link in links] == ["A factor f, from 0 to 1.", None]


def test_code_links_and_headings_are_no_prose():
    paragraph = nodes.paragraph("", "", nodes.Text("gate"), nodes.literal("", "gate"), nodes.reference("", "gate"))
    title = nodes.title("", "gate")
    assert [is_prose(text) for text in [*paragraph.findall(nodes.Text), *title.findall(nodes.Text)]] == [True, False, False, False]


@pytest.mark.parametrize(
    ("authors", "label"),
    [
        ("Elman, Jeffrey", "Elman, 1990"),
        ("Hochreiter, Sepp and Schmidhuber, Jürgen", "Hochreiter and Schmidhuber, 1990"),
        ("Cho, Kyunghyun and van Merriënboer, Bart and Bahdanau, Dzmitry", "Cho et al., 1990"),
        ("van Merriënboer, Bart", "van Merriënboer, 1990"),
        ("{Unicode Consortium}", "Unicode Consortium, 1990"),
    ],
)
def test_a_reference_goes_by_its_authors_and_year(authors, label):
    assert labels(f"@book{{a, author = {{{authors}}}, year = 1990}}") == [label]


def test_two_of_the_same_authors_and_year_are_told_apart():
    assert labels("@book{a, author = {Elman, J}, year = 1990} @book{b, author = {Elman, J}, year = 1990} @book{c, author = {Elman, J}, year = 1991}") == [
        "Elman, 1990a", "Elman, 1990b", "Elman, 1991",
    ]


def labels(text):
    return list(AuthorYearLabels().format_labels(parse_string(text, "bibtex").entries.values()))
