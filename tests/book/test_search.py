"""The search: what is looked in, and what a reader finds with it, from a server and from a folder."""

import json
import re

import pytest
from docutils import nodes

from tests.book.pages import PAGES, complaints, open_page
from unrolled.book.search import SAME, formula, places, said


@pytest.fixture
def search(lend, site_address):
    """search("forget bias") is the search page with what it found."""
    return lambda query, home=site_address, **options: open_page(lend, f"{home}/search.html?q={query}", **options)


@pytest.fixture(scope="module")
def typed(fresh, site_address):
    """typed("forget bias") is the search page with what it found when that was typed; the page stays open for
    the next question."""
    page = open_page(fresh, f"{site_address}/search.html")

    def ask(query):
        page.locator(".search-form input").fill(query)
        return page

    yield ask
    page.context.close()


def found(page):
    """[(title, the title of its page)] in the order of the results."""
    return [tuple((words.split("\n") * 2)[:2]) for words in page.locator("#search-results li").all_inner_texts()]


def addresses(page):
    return page.locator("#search-results a").evaluate_all("links => links.map(link => link.getAttribute('href'))")


def bare(address):
    """Without the words to mark."""
    return re.sub(r"\?[^#]*", "", address)


def test_every_section_term_and_source_is_a_place(site):
    data = json.loads((site / "_static/unrolled/places.js").read_text(encoding="utf8").removeprefix("window.unrolledSearch = ").rstrip(";\n"))
    known = {place["at"] for place in data["places"]}
    assert len(known) == len(data["places"])
    for name in PAGES:
        text = (site / f"{name}.html").read_text(encoding="utf8")
        anchors = re.findall(r'<section id="([^"]+)"|<dt id="([^"]+)"|<div class="citation" id="([^"]+)"', text)
        assert {f"{name}.html#{''.join(anchor)}" for anchor in anchors} == {at for at in known if at.startswith(f"{name}.html")}
    assert not any("<" in place["title"] for place in data["places"])


def test_a_place_has_its_own_words_and_not_those_of_a_place_within():
    inner = nodes.section("", nodes.title("", "Inner"), nodes.paragraph("", "deep"), ids=["inner"])
    code = nodes.literal_block("", "h = 1")
    words = nodes.paragraph("", "", nodes.Text("wide "), nodes.math("", r"\mathrm{d}\lambda_i \cdot h"))
    outer = nodes.section("", nodes.title("", "Outer"), words, code, inner, ids=["outer"])
    assert places("page", nodes.document(None, None, "", outer)) == [
        {"at": "page.html#outer", "title": "Outer", "page": "Outer", "text": "wide dλ_i · h.", "code": "h = 1"},
        {"at": "page.html#inner", "title": "Inner", "page": "Outer", "text": "deep.", "code": ""},
    ]


def test_blocks_end_like_sentences_and_cells_stand_apart_with_no_formulas_sign():
    cells = [nodes.entry("", nodes.paragraph("", words)) for words in ("kept", "f · c", "")]
    items = [nodes.list_item("", nodes.paragraph("", words)) for words in ("one", "Two.")]
    place = nodes.section("", nodes.title("", "Title"), nodes.bullet_list("", *items), nodes.row("", *cells))
    assert said(place) == "one.\nTwo.\nkept | f · c."


@pytest.mark.parametrize("tex, printed", [
    (r"\lambda", "λ"), (r"\tanh", "tanh"), (r"\mathrm{d}W_h", "dW_h"), (r"\partial", "∂"), (r"f \odot c", "f ⊙ c"), (r"h_{t-1}", "h_(t-1)"), (r"W_{xn}", "W_xn"),
    (r"\tfrac12", "1/2"), (r"\frac{a+b}{2}", "(a+b)/2"), (r"\frac{1}{\sqrt H}", "1/√H"), (r"\begin{pmatrix} 0 & 1 \\ 0 & 0 \end{pmatrix}", "(0, 1; 0, 0)"),
])
def test_a_formula_is_read_as_it_is_printed(tex, printed):
    assert formula(tex) == printed


@pytest.mark.parametrize("query, title", [
    ("vocabulary", "vocabulary"), ("softmax", "softmax"), ("learning rate", "learning rate"), ("reset gate", "reset gate"),
    ("backpropagation", "back-propagation"), ("BPTT", "back-propagation through time"), ("vanishing gradients", "vanishing gradient"), ("forget gates", "forget gate"), ("Clipping", "Clipping"), ("In code", "In code"),
])
def test_what_is_called_so_comes_first(typed, query, title):
    assert found(typed(query))[0][0] == title


@pytest.mark.parametrize("query, place", [
    # in prose, as “the forget gate's bias”; elsewhere in tables
    ("forget bias", "05-lstm.html#where-to-start"),
    # where it is written out, not in code that has both words
    ("truncated bptt", "03-bptt.html#cutting-it-short"),
    ("adding problem", "04-vanishing-gradients.html#the-adding-problem"),
    ("Elman", "references.html#id2"),
])
def test_where_the_words_stand_together_leads(typed, query, place):
    assert bare(addresses(typed(query))[0]) == f"chapters/{place}"


def test_a_title_with_a_word_between_comes_next_to_what_is_called_so(typed):
    assert [title for title, _ in found(typed("vanshing gradiant"))[:2]] == ["vanishing gradient", "Vanishing and exploding gradients"]


def test_an_excerpt_begins_with_the_sentence_that_has_the_words(typed):
    first = typed("forget bias").locator("#search-results li p").first.inner_text()
    assert first.startswith("… So the forget gate’s bias is set to 1 or more")


def test_few_places_with_all_words_are_followed_by_some_with_some(typed):
    page = typed("orthogonal initialisation")
    page.get_by_text(re.compile(r"Places found: \d; with some of the words: \d+\.")).wait_for()
    assert ("orthogonal matrix", "Glossary") in found(page)[1:]


@pytest.mark.parametrize("query, chapter", [("forget bias", "05-lstm"), ("reset after", "06-gru"), ("truncated", "03-bptt"), ("exploding", "04-vanishing")])
def test_the_chapter_on_it_leads(typed, query, chapter):
    page = typed(query)
    first = [at for at in addresses(page) if "glossary" not in at][0]
    assert first.startswith(f"chapters/{chapter}")


@pytest.mark.parametrize("phrases", SAME)
def test_words_that_mean_the_same_find_the_same(typed, phrases):
    """Each finds a place that has another's words; and what the book says itself comes before its sources."""
    results = [addresses(typed(phrase)) for phrase in phrases]
    ats = [{at.partition("#")[2] + at.partition("?")[0] for at in found} for found in results]
    assert set.intersection(*ats)
    assert not any(at.startswith("chapters/references") for found in results for at in found[:3])


def test_a_misspelt_word_and_a_word_that_is_not_finished_find_it_too(typed):
    assert ("softmax", "Glossary") in found(typed("sofmax")) and ("softmax", "Glossary") in found(typed("softm"))


def test_code_is_found_by_a_functions_name(typed):
    page = typed("lstm_step_backward")
    assert addresses(page)[0].startswith("chapters/05-lstm")
    assert page.locator("#search-results pre").first.inner_text().startswith("def lstm_step_backward(")


@pytest.mark.parametrize("origin", ["server", "folder"])
def test_a_result_opens_at_its_place_with_the_word_marked_and_in_sight(search, site, site_address, origin):
    home = site_address if origin == "server" else f"file://{site}"
    page = search("kettle", home)
    page.locator("#search-results mark").first.wait_for()
    hits = addresses(page)
    assert len(hits) > 4
    for hit in hits[:6]:
        page.goto(f"{home}/{hit}")
        page.evaluate("document.fonts.ready")
        page.wait_for_function("""() => [...CSS.highlights.get("found") ?? []].some(range => {
            const { top, bottom } = range.getBoundingClientRect();
            return range.toString().toLowerCase().startsWith("kettle") && top > 56 && bottom < innerHeight;
        })""")
    assert page.complaints == []


def test_a_word_in_a_fold_opens_it(lend, site_address):
    page = open_page(lend, f"{site_address}/chapters/05-lstm.html")
    section, word = page.locator("section:has(> details.sd-dropdown)").first.evaluate("""section => {
        const open = section.innerText.toLowerCase();         // without what is folded
        return [section.id, section.textContent.match(/[a-z]{6,}/g).find(word => !open.includes(word))];
    }""")
    page.goto(f"{site_address}/chapters/05-lstm.html?find={word}#{section}")
    page.wait_for_function("CSS.highlights.has('found')")
    assert page.locator(f"#{section} details[open]").count() == 1


def test_what_is_typed_is_found_at_once_and_stays_in_the_address(search):
    page = search("zzzz")
    page.get_by_text("Nothing was found").wait_for()
    page.locator(".search-form input").fill("peephole")
    page.locator("#search-results li").first.wait_for()
    assert page.url.endswith("?q=peephole")


def test_a_search_that_finds_nothing_says_so(typed):
    typed("the").get_by_text("The commonest words, such as “the”, are not looked for.").wait_for()


def test_where_no_place_has_all_words_some_will_do_and_it_is_said(typed):
    typed("kettle softmax exchange").get_by_text("No place has all of these words").wait_for()


def test_the_key_and_the_button_at_the_top_lead_to_the_search(lend, site, site_address):
    for home, press in ((site_address, "Enter"), (f"file://{site}", None)):
        page = open_page(lend, f"{home}/chapters/index.html")
        page.keyboard.press("Control+k")
        page.keyboard.type("vocabulary")
        page.keyboard.press(press) if press else page.get_by_role("button", name="Search").click()
        page.locator("#search-results").get_by_role("link", name="vocabulary", exact=True).wait_for()
        assert page.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_among_what_a_search_found(search, theme):
    page = search("gradient", color_scheme=theme)
    page.locator("#search-results mark").first.wait_for()
    assert complaints(page) == []
