"""The desk as a student uses it: press, write, check, save, open, come back."""

import json
import re

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.conftest import ROOT
from tests.grading import classroom
from tests.page.conftest import SHIFTS, check, open_desk, write
from unrolled.exercises import ASSIGNMENTS
from unrolled.grading.notebook.release import read_release
from unrolled.grading.run.demo import fill

pytestmark = pytest.mark.xdist_group("page_desk")

PHONE = {"width": 360, "height": 740}
NAME = "02-rnn"
SOFTMAX = classroom.RIGHT["softmax"]
WRONG = SOFTMAX + "\n# mine"
NO_STORAGE = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } })"
FOOT = "document.querySelector('.u-desk-foot').getBoundingClientRect()"
LISTEN = """() => {
    const status = document.querySelector(".u-desk-status");
    window.said = [];
    window.listener?.disconnect();
    window.listener = new MutationObserver(() => said.push(status.textContent));
    listener.observe(status, { childList: true });
}"""
FULL_STORAGE = """
Storage.prototype.setItem = function (key, text) { if (text.length > 3) throw new DOMException('full', 'QuotaExceededError'); };
"""


@pytest.fixture(scope="module")
def address(site_address):
    return f"{site_address}/exercises/{NAME}.html"


@pytest.fixture
def context(browser):
    """A browser's context of a new reader."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    yield context
    context.close()


@pytest.fixture(scope="module")
def shared(browser, address):
    """A desk that the tests of this module share, for Python takes its time; each test writes what it needs."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = open_desk(context, address)
    yield page
    assert page.complaints == []
    context.close()


def points(page):
    return page.locator(".u-desk-points").inner_text()


def text_of(page, name):
    content = page.locator(f'[data-cell="{name}-code"] .cm-content')
    content.scroll_into_view_if_needed()        # an editor draws what can be seen
    return "\n".join(content.locator(".cm-line").all_text_contents())


def saved(page):
    """The file that Save as gives, as text."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as rnn.ipynb").click()
    assert download.value.suggested_filename == "rnn.ipynb"
    return download.value.path().read_text(encoding="utf8")


def test_nothing_is_loaded_before_the_press_and_the_size_is_said(context, address):
    page = open_desk(context, address, press=False)
    assert not [url for url in page.requests if "/python/" in url]
    said = re.search(r"\d+ to \d+ MB", page.locator(".u-desk-press").inner_text())[0]
    assert said in (ROOT / "chapters" / "teaching.md").read_text(encoding="utf8")
    assert page.locator(".cm-editor").count() == 0 and page.get_by_text("def softmax").is_visible()


@pytest.mark.parametrize("viewport", [{"width": 412, "height": 823}, {"width": 1440, "height": 900}], ids=["phone", "desktop"])
def test_nothing_moves_while_a_desk_appears(browser, address, viewport):
    context = browser.new_context(viewport=viewport)
    page = open_desk(context, address, press=False)
    assert page.get_by_role("button", name="Write it here").is_visible()
    assert sum(page.evaluate(SHIFTS)) < 0.01
    context.close()


def test_a_mistake_is_named_and_a_right_function_has_its_points(shared):
    of, mistake = next((of, mistake) for of, mistake in classroom.MISTAKES.values() if of == "softmax")
    write(shared, "softmax", classroom.standalone(mistake.wrong, "softmax"))
    assert mistake.sentence[1:] in check(shared, "softmax")
    assert points(shared).startswith("0 of")
    write(shared, "softmax", SOFTMAX)
    assert "softmax is right" in check(shared, "softmax")
    assert points(shared).startswith("2 of")
    write(shared, "softmax", SOFTMAX + "\n\n")
    assert points(shared).startswith("0 of"), "a function that has changed is not known to be right"


@pytest.mark.parametrize(
    ("source", "line"), [("def softmax(a):\n    return nothing", "    return nothing"), ("def softmax(a):\n    return (a", "    return (a")]
)
def test_an_error_points_into_the_students_own_line(shared, source, line):
    write(shared, "softmax", source)
    check(shared, "softmax")
    (pointed,) = shared.locator(".cm-pointed").all()
    assert pointed.inner_text() == line
    shared.locator('[data-cell="softmax-code"] .cm-content').press("End")
    shared.keyboard.type(" ")
    expect(shared.locator(".cm-pointed")).to_have_count(0)


def test_an_endless_loop_is_stopped_from_the_keyboard_and_python_is_there_again(shared):
    write(shared, "softmax", "def softmax(a):\n    while True:\n        pass")
    shared.keyboard.press("Shift+Enter")
    stop = shared.get_by_role("button", name="Stop softmax")
    stop.wait_for()
    shared.evaluate(LISTEN)
    stop.press("Enter")
    expect(shared.locator('[data-cell="softmax-code"] .u-outcome')).to_contain_text("Stopped")
    write(shared, "softmax", SOFTMAX)
    assert "softmax is right" in check(shared, "softmax")
    assert shared.evaluate("said") == ["Python is getting ready …", "Python is ready."]


def test_stop_ends_all_of_check_all(shared):
    write(shared, "softmax", "def softmax(a):\n    while True:\n        pass")
    shared.get_by_role("button", name="Check all").click()
    stop = shared.get_by_role("button", name="Stop softmax")
    stop.wait_for()
    shared.evaluate(LISTEN)
    stop.click()
    expect(shared.locator(".u-desk-status")).to_have_text("Python is ready.")
    assert shared.evaluate("said") == ["Python is getting ready …", "Stopped: the functions below were not checked.", "Python is ready."]
    expect(shared.get_by_role("button", name=re.compile("^Stop "))).to_have_count(0)
    write(shared, "softmax", SOFTMAX)
    assert "softmax is right" in check(shared, "softmax")


def test_tab_indents_and_escape_then_tab_leaves(shared):
    write(shared, "softmax", "")
    shared.keyboard.press("Tab")
    assert text_of(shared, "softmax") == "    "
    shared.keyboard.press("Control+z")
    assert text_of(shared, "softmax") == ""
    shared.keyboard.press("Escape")
    shared.keyboard.press("Tab")
    assert shared.evaluate("document.activeElement.getAttribute('aria-label')") == "Check softmax"


def test_own_cells_see_what_stands_above_and_are_taken_away_again(shared):
    write(shared, "softmax", SOFTMAX)
    shared.get_by_role("button", name="Add a cell").nth(1).click()
    shared.keyboard.insert_text("softmax(np.zeros((1, 2)))")
    shared.keyboard.press("Shift+Enter")
    expect(shared.locator(".u-outcome-done")).to_contain_text("array([[0.5, 0.5]])")
    shared.once("dialog", lambda dialog: dialog.accept())
    shared.get_by_role("button", name="Delete this cell").click()
    expect(shared.get_by_role("textbox", name="Code of your own cell 1")).to_have_count(0)


def offer(page, name, content):
    """Choose a file of that name and content, as bytes, for Open."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open …").click()
    chooser.value.set_files({"name": name, "mimeType": "application/x-ipynb+json", "buffer": content})


def places(page):
    return page.locator(".u-desk > :is([data-cell], [data-check], [data-text])").evaluate_all("all => all.map((each) => Object.values(each.dataset)[0])")


def test_what_was_written_in_jupyter_stands_at_the_desk_in_its_order_and_notes_are_not_run(context, address):
    notebook = json.loads(next((ROOT / "exercises" / NAME).glob("*.ipynb")).read_text(encoding="utf8"))
    code = {"cell_type": "code", "id": "code", "metadata": {}, "source": "first = 1", "outputs": [{"output_type": "stream", "name": "stdout", "text": ""}]}
    notebook["cells"].insert(0, code)
    notebook["cells"].insert(2, {"cell_type": "markdown", "id": "note", "metadata": {}, "source": "## my notes"})
    page = open_desk(context, address)
    offer(page, "rnn.ipynb", json.dumps(notebook).encode())
    expect(page.locator(".u-desk-status")).to_have_text("rnn.ipynb is open. Its outputs are left out: run a cell to see them again.")
    assert places(page) == [cell["id"] for cell in notebook["cells"]]
    box = page.locator(".u-cell", has=page.get_by_role("textbox", name="Text of your own cell 2"))
    expect(box.locator(".cm-content")).to_have_text("## my notes")
    assert box.get_by_role("button").all_inner_texts() == ["Delete this cell"]
    assert "softmax" in check(page, "softmax"), "what runs sees no notes"
    notebook["cells"].insert(9, notebook["cells"].pop(0))
    page.once("dialog", lambda dialog: dialog.accept())
    offer(page, "moved.ipynb", json.dumps(notebook).encode())
    expect(page.locator(".u-desk-status")).to_contain_text("moved.ipynb is open.")
    assert places(page) == [cell["id"] for cell in notebook["cells"]]


def test_the_cell_that_trains_says_what_to_expect_and_runs_with_the_reference_texts(shared):
    assert "about 45 seconds" in shared.locator(".u-desk-note").inner_text()
    shared.get_by_role("button", name="Add a cell").last.click()
    shared.keyboard.insert_text("from unrolled.text import corpus\nlen(corpus()) > 100_000")
    shared.keyboard.press("Shift+Enter")
    expect(shared.locator(".u-outcome-done")).to_contain_text("True")
    shared.once("dialog", lambda dialog: dialog.accept())
    shared.get_by_role("button", name="Delete this cell").click()


@pytest.mark.parametrize(("theme", "viewport"), [("light", None), ("dark", PHONE)])
def test_axe_finds_nothing_after_the_press(shared, theme, viewport):
    shared.emulate_media(color_scheme=theme)
    size = shared.viewport_size
    shared.set_viewport_size(viewport or size)
    write(shared, "softmax", "def softmax(a):\n    return nothing  # 'text'")
    check(shared, "softmax")
    found = Axe().run(shared).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert shared.evaluate("document.documentElement.scrollWidth") <= shared.viewport_size["width"]
    shared.emulate_media(color_scheme="light")
    shared.set_viewport_size(size)


def test_on_a_phone_what_came_of_a_check_is_in_sight_and_its_button_keeps_the_focus(shared):
    size = shared.viewport_size
    shared.set_viewport_size(PHONE)
    write(shared, "softmax", "def softmax(a):\n" + "    a = a + 0\n" * 8 + "    return np.exp(a) / np.exp(a).sum()")
    shared.get_by_role("button", name="Check softmax").press("Enter")
    outcome = shared.locator('[data-cell="softmax-code"] .u-outcome-wrong')
    outcome.wait_for()
    place, foot = outcome.bounding_box(), shared.locator(".u-desk-foot").bounding_box()
    assert place["y"] + place["height"] <= foot["y"]
    assert shared.evaluate("document.activeElement.getAttribute('aria-label')") == "Check softmax"
    shared.set_viewport_size(size)


def test_neither_the_cursor_nor_what_has_the_focus_goes_below_the_bar(shared):
    size = shared.viewport_size
    shared.set_viewport_size(PHONE)
    write(shared, "softmax", "def softmax(a):\n")
    for _ in range(30):
        shared.keyboard.type("a = 1\n")
    assert shared.evaluate(f"document.querySelector('.cm-focused .cm-cursor').getBoundingClientRect().bottom <= {FOOT}.top")
    shared.get_by_role("button", name="Check softmax").focus()
    for _ in range(20):
        shared.keyboard.press("Escape")
        shared.keyboard.press("Tab")
        assert shared.evaluate(f"document.activeElement.getBoundingClientRect().top < {FOOT}.top"), "nothing of it is in sight"
    shared.set_viewport_size(size)


def test_what_is_typed_stands_there_again_and_start_over_asks_first(context, address):
    page = open_desk(context, address)
    write(page, "softmax", WRONG)
    page.reload()
    page.get_by_role("button", name="Write it here").click()
    page.locator(".u-desk-open").wait_for()
    assert text_of(page, "softmax") == WRONG
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Start over").click()
    assert text_of(page, "softmax") == WRONG
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Start over").click()
    assert "raise NotImplementedError" in text_of(page, "softmax")
    assert page.evaluate("localStorage.length") == 0


def test_two_tabs_are_one_desk(context, address):
    one, two = (open_desk(context, address) for _ in range(2))
    write(one, "softmax", "# from one")
    expect(two.locator('[data-cell="softmax-code"] .cm-content')).to_have_text("# from one")
    write(two, "readout", "# from two")
    expect(one.locator('[data-cell="readout-code"] .cm-content')).to_have_text("# from two")
    one.bring_to_front()
    one.get_by_role("button", name="Add a cell").first.click()
    one.keyboard.insert_text("'a cell of one'")
    expect(two.get_by_role("textbox", name="Code of your own cell 1")).to_have_text("'a cell of one'")
    sources = ["".join(cell["source"]) for cell in json.loads(saved(two))["cells"]]
    assert {"# from one", "# from two", "'a cell of one'"} <= set(sources)


@pytest.mark.parametrize("script", [NO_STORAGE, FULL_STORAGE], ids=["forbidden", "full"])
def test_a_browser_that_keeps_nothing_says_so_at_once_and_offers_the_file(context, address, script):
    context.add_init_script(script)
    page = open_desk(context, address)
    write(page, "softmax", "# typed")
    expect(page.locator(".u-desk-warning")).to_contain_text("Save it as rnn.ipynb before you leave")
    assert "# typed" in saved(page)


def test_the_notebook_is_graded_with_the_marks_that_jupyter_would_give(context, address, tmp_path):
    page = open_desk(context, address)
    wrong = next(mistake for of, mistake in classroom.MISTAKES.values() if of == "readout")
    typed = classroom.RIGHT | {"readout": classroom.standalone(wrong.wrong, "readout")}
    for name, source in typed.items():
        write(page, name, source)
    page.get_by_role("button", name="Check all").click()
    expect(page.locator(".u-desk-status")).to_contain_text("All are checked")
    file = saved(page)
    nbformat.validate(nbformat.reads(file, as_version=4))
    released = classroom.ROOT / "exercises" / NAME
    release = (released / "rnn.ipynb").read_bytes()
    assert [cell["metadata"] for cell in json.loads(file)["cells"]] == [cell["metadata"] for cell in read_release(release)["cells"]]
    course = classroom.new_course(tmp_path / "course", {"page": file.encode(), "jupyter": fill(release, typed)}, released=released)
    classroom.grade(course)
    scores = classroom.scores(course)
    assert scores["page"] == scores["jupyter"] > 0
    assert points(page).startswith(f"{scores['page']:g} of")
    page.get_by_role("button", name="Start over")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Start over").click()
    offer(page, "rnn.ipynb", file.encode())
    expect(page.locator(".u-desk-status")).to_have_text("rnn.ipynb is open.")
    assert text_of(page, "softmax") == typed["softmax"]


def test_a_file_that_cannot_be_opened_is_refused_and_what_is_written_stays(shared):
    write(shared, "softmax", WRONG)
    other = (classroom.ROOT / "exercises" / "06-gru" / "gru.ipynb").read_bytes()
    for content, words in ((other, "another assignment's"), (b"", "is empty"), (other[:5000], "not whole")):
        offer(shared, "gru.ipynb", content)
        expect(shared.locator(".u-desk-status")).to_contain_text(words)
        assert text_of(shared, "softmax") == WRONG
    assert "# mine" in shared.evaluate("localStorage.getItem('unrolled:desk:02-rnn')")


@pytest.mark.parametrize("lost", ["WebAssembly", "Worker", "DecompressionStream"])
def test_a_browser_that_cannot_is_shown_the_way_to_the_zip(context, address, lost):
    context.add_init_script(f"delete window.{lost}")
    page = open_desk(context, address, press=False)
    assert "cannot run Python in a page" in page.locator(".u-desk-press").inner_text()
    assert page.get_by_role("link", name="Download 02-rnn.zip").get_attribute("href") == "../downloads/02-rnn.zip"
    assert page.get_by_role("button", name="Write it here").count() == 0


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_card_leads_to_the_desk_and_the_chapter_loads_nothing_of_it(context, site_address, name):
    (chapter,) = [path.stem for path in (ROOT / "chapters").glob("*.md") if f"{{assignment}} {name}\n" in path.read_text(encoding="utf8")]
    page = open_desk(context, f"{site_address}/chapters/{chapter}.html", press=False)
    assert not [url for url in page.requests if any(part in url for part in ("/python", "/desk.", "/exercises"))]
    card = page.locator(".u-card", has_text=f"Assignment {name}")
    card.get_by_role("link", name="Write it here").click()
    page.locator(".u-desk-open").wait_for()
    assert page.locator(".cm-editor").count() >= 6
