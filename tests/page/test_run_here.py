""" "Run it here" in a chapter, as a reader uses it: every button, the editor it opens, and what the page asks for."""

import gzip
import re

import pytest
from myst_nb.core.read import myst_nb_reader_plugin
from playwright.sync_api import expect

from tests.book.pages import complaints, open_page
from tests.conftest import ROOT
from tests.page.conftest import PATIENCE, SHIFTS
from unrolled.book import run_here

pytestmark = pytest.mark.xdist_group("page_run_here")

CHAPTERS = sorted(path.stem for path in (ROOT / "chapters").glob("0*.md"))
PAGE = "chapters/02-rnn.html"
STEP = "rnn_step_forward"
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
NUMBER = re.compile(r"-?\d[\d,]*\.?\d*(?:e[-+]?\d+)?")


def with_button(chapter):
    """What has a button in a chapter: each function that it prints, by its name, and cells, by their places."""
    path, code = ROOT / "chapters" / f"{chapter}.md", run_here.Code()
    notebook = myst_nb_reader_plugin(str(path))
    code.add_cells(notebook, dict.fromkeys(run_here.sources_of(notebook), ""))
    return [*re.findall(r"^```\{reference\} (\w+)$", path.read_text(encoding="utf8"), re.MULTILINE), *code.cells]


def press(page, title):
    page.get_by_role("button", name=f"Run it here: {title}", exact=True).click()
    return opened(page, title)


def opened(page, title):
    """The cell of that title, once it has run."""
    cell = page.locator(".u-ran").filter(has=page.get_by_role("button", name=f"Run {title}", exact=True))
    cell.locator(":is(.u-outcome-done, .u-outcome-wrong)").wait_for()
    return cell


def write(page, title, old, new):
    """Write another line, indented as it is, in the place of one in the editor of that title."""
    editor = page.get_by_role("textbox", name=f"Code of {title}", exact=True)
    editor.scroll_into_view_if_needed()        # an editor draws what can be seen
    line = editor.locator(".cm-line", has_text=old).first
    line.click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.insert_text(new)


@pytest.fixture(scope="module")
def chapter(fresh, site_address):
    """A chapter whose Python the tests of this module share."""
    page = open_page(fresh, f"{site_address}/{PAGE}", viewport={"width": 1440, "height": 900})
    page.set_default_timeout(PATIENCE)
    press(page, STEP)
    yield page
    assert page.complaints == []
    page.context.close()


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_button_of_a_chapter_runs_and_prints_what_the_book_does(lend, site_address, name):
    page = open_page(lend, f"{site_address}/chapters/{name}.html")
    page.set_default_timeout(PATIENCE)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    buttons = page.locator(".u-run button")
    titles = [label.removeprefix("Run it here: ") for label in buttons.evaluate_all("all => all.map((each) => each.ariaLabel)")]
    assert sorted(buttons.evaluate_all("all => all.map((each) => each.value)")) == sorted(f"{name}/{each}" for each in with_button(name))
    for title in titles:
        page.get_by_role("button", name=f"Run it here: {title}", exact=True).click()
    for title in titles:
        cell = opened(page, title)
        assert cell.locator(".u-outcome-wrong").count() == 0, f"{title}: {cell.locator('.u-outcome').inner_text()}"
        said = cell.evaluate("""(cell) => [cell.querySelector(".u-outcome").innerText, cell.querySelector(".u-run-note").innerText,
            [...(cell.closest(".cell") ?? cell).querySelectorAll(".cell_output :is(pre, table)")].map((shown) => shown.innerText).join("\\n"),
            cell.querySelector(".cm-content").innerText]""")
        if not timed(said[3]) and "left out" not in said[1] and said[2]:
            assert nearly(said[0], said[2]), f"{title}: {said[0]!r}, in the book {said[2]!r}"
    assert page.complaints == []


def timed(code):
    return "perf_counter" in code or "tracemalloc" in code or "seconds" in code


def nearly(text, other):
    """Whether two texts say the same in the same words, numbers apart by what another order of
    adding makes of them."""
    text, other = (re.sub(r"\s·\s10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda power: f"e{power[1].translate(RAISED)}", each) for each in (text, other))
    words, others = (NUMBER.sub("#", each).split() for each in (text, other))
    values, other_values = ([float(number.replace(",", "")) for number in NUMBER.findall(each)] for each in (text, other))
    return words == others and all(
        abs(a - b) <= 0.05 * max(abs(a), abs(b)) or max(abs(a), abs(b)) < 1e-5 for a, b in zip(values, other_values, strict=True)
    )


def test_nothing_is_loaded_before_the_press_and_nothing_moves(fresh, site_address):
    page = open_page(fresh, f"{site_address}/{PAGE}", viewport={"width": 1440, "height": 900})
    assert not [url for url in page.requests if any(part in url for part in ("/python", "/desk.", "/run"))]
    assert sum(page.evaluate(SHIFTS)) < 0.01
    buttons = page.locator(".u-run").all()
    assert len(buttons) == len(with_button("02-rnn"))
    weight = "".join(each.evaluate("each => each.outerHTML") for each in buttons)
    assert len(gzip.compress(weight.encode())) < 60 * len(buttons)
    page.context.close()


def test_without_a_script_and_on_paper_there_is_no_button(fresh, site_address):
    page = open_page(fresh, f"{site_address}/{PAGE}", java_script_enabled=False)
    assert not any(each.is_visible() for each in page.locator(".u-run").all())
    page.context.close()
    page = open_page(fresh, f"{site_address}/{PAGE}")
    assert page.locator(".u-run").first.is_visible()
    page.emulate_media(media="print")
    assert not any(each.is_visible() for each in page.locator(".u-run").all())
    page.context.close()


def test_a_press_says_the_size_and_gives_the_focus_to_the_editors_button(fresh, site_address):
    page = open_page(fresh, f"{site_address}/{PAGE}")
    page.set_default_timeout(PATIENCE)
    page.evaluate("""() => { window.said = new Set(); new MutationObserver(() => {
        for (const wait of document.querySelectorAll(".u-run-wait")) said.add(wait.innerText);
    }).observe(document.body, { childList: true, subtree: true, characterData: true }); }""")
    page.get_by_role("button", name=f"Run it here: {STEP}", exact=True).press("Enter")
    opened(page, STEP)
    assert page.evaluate("document.activeElement.ariaLabel") == f"Run {STEP}"
    size = re.search(r"\d+ to \d+ MB", " ".join(page.evaluate("[...said]")))[0]
    assert size in (ROOT / "chapters" / "teaching.md").read_text(encoding="utf8")
    expect(page.locator(".u-run-wait")).to_have_count(0)
    assert page.complaints == []
    page.context.close()


def test_a_line_that_is_changed_runs_is_checked_and_brought_back(chapter):
    cell = opened(chapter, STEP)
    before = cell.locator(".u-outcome").inner_text()
    assert before.startswith("h (2, 5)")
    write(chapter, STEP, "h = np.tanh(a)", "h = a")
    chapter.keyboard.press("Shift+Enter")
    expect(cell.locator(".u-outcome-done")).not_to_have_text(before)
    cell.get_by_role("button", name=f"Check {STEP}", exact=True).click()
    expect(cell.locator(".u-outcome-wrong")).to_contain_text("tanh")
    cell.get_by_role("button", name=f"Original of {STEP}", exact=True).click()
    expect(cell.locator(".u-outcome")).to_be_hidden()
    cell.get_by_role("button", name=f"Check {STEP}", exact=True).click()
    expect(cell.locator(".u-outcome-right")).to_contain_text(f"{STEP} is right")


def test_an_error_points_into_the_readers_line(chapter):
    write(chapter, STEP, "a = x @ W_x", "a = nothing")
    chapter.keyboard.press("Shift+Enter")
    cell = opened(chapter, STEP)
    expect(cell.locator(".u-outcome-wrong")).to_contain_text("name 'nothing' is not defined")
    expect(cell.locator(".cm-pointed")).to_have_text("    a = nothing")
    cell.get_by_role("button", name=f"Original of {STEP}", exact=True).click()


def test_a_cell_runs_after_the_readers_own_text_of_those_above_it(fresh, site_address):
    page = open_page(fresh, f"{site_address}/chapters/03-bptt.html")
    page.set_default_timeout(PATIENCE)
    below = press(page, "through_a_layer")
    before = below.locator(".u-outcome").inner_text()
    press(page, "loss_with")
    write(page, "loss_with", "h0 = np.zeros((1, H))", "h0 = np.ones((1, H))")
    again = below.get_by_role("button", name="Run through_a_layer", exact=True)
    again.click()
    expect(below.locator(".u-outcome-done pre")).not_to_have_text(before.strip())
    page.get_by_role("button", name="Original of loss_with", exact=True).click()
    again.click()
    expect(below.locator(".u-outcome-done pre")).to_have_text(before.strip())
    page.context.close()


def test_an_endless_loop_is_stopped_from_the_keyboard(chapter):
    write(chapter, STEP, "a = x @ W_x", "while True: pass")
    chapter.keyboard.press("Shift+Enter")
    stop = chapter.get_by_role("button", name=f"Stop {STEP}")
    stop.wait_for()
    stop.press("Enter")
    cell = chapter.locator(".u-ran").first
    expect(cell.locator(".u-outcome-stopped")).to_contain_text("Stopped")
    cell.get_by_role("button", name=f"Original of {STEP}", exact=True).click()
    cell.get_by_role("button", name=f"Run {STEP}", exact=True).press("Enter")
    expect(cell.locator(".u-outcome-done")).to_contain_text("h (2, 5)")


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 360)])
def test_axe_finds_nothing_after_the_press(chapter, theme, width):
    chapter.emulate_media(color_scheme=theme)
    chapter.set_viewport_size({"width": width, "height": 740})
    assert complaints(chapter) == []
    assert chapter.evaluate("document.documentElement.scrollWidth") <= width
    chapter.set_viewport_size({"width": 1440, "height": 900})
    chapter.emulate_media(color_scheme="light")


def works(page):
    page.set_default_timeout(PATIENCE)
    assert press(page, STEP).locator(".u-outcome").inner_text().startswith("h (2, 5)")


def test_from_a_folder(fresh, site):
    page = open_page(fresh, f"file://{site}/{PAGE}")
    works(page)
    assert [url for url in page.requests if not url.startswith(("file:", "blob:"))] == []
    assert page.complaints == []
    page.context.close()


def test_a_second_visit_needs_no_network(fresh, site_address):
    page = open_page(fresh, f"{site_address}/{PAGE}")
    works(page)
    page.wait_for_function("caches.open('unrolled-desk').then(store => store.match(location.href))")
    page.context.set_offline(True)
    page.reload()
    works(page)
    page.context.close()


def test_under_a_strict_policy_at_a_sub_path_without_asking_anybody_else(fresh, strict_address):
    page = open_page(fresh, f"{strict_address}/{PAGE}")
    works(page)
    assert [url for url in page.requests if not url.startswith((strict_address, "blob:"))] == []
    assert page.complaints == []
    page.context.close()


def test_when_a_part_does_not_come_the_page_says_so_and_a_second_press_tries_again(browser, site_address):
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    for part in ("**/run_here.js", "**/python/editor-*"):
        context.route(part, lambda route: route.abort())
        page.goto(f"{site_address}/{PAGE}")
        page.get_by_role("button", name=f"Run it here: {STEP}", exact=True).click()
        page.locator(".u-run [role=alert]").filter(has_text="could not be loaded").wait_for()
        context.unroute(part)
        works(page)
    context.close()
