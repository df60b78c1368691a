"""Every page of the built site in a real browser: alive, private, accessible, from a server and from a folder."""

import pytest
from playwright.sync_api import expect

from tests.book.pages import ALL_PAGES, DESKS, PAGES, PHONE, WITH_WIDGETS, complaints, each_page, open_page
from unrolled.palette import COLOURS

# A page that a finger took over goes on when the finger has left; `still` is kept when it stands.
AFTER_THE_FLING = """() => {
  const next = (event) => new Promise(done => document.addEventListener(event, done, { once: true }));
  window.still = next("pointercancel").then(() => next("scroll")).then(() => next("scrollend"));
}"""


@each_page(ALL_PAGES)
@pytest.mark.parametrize("origin", ["server", "folder"])
def test_page_lives_without_asking_anybody_else(lend, shown, site, site_address, name, origin):
    home = site_address if origin == "server" else f"file://{site}"
    page = shown(name) if origin == "server" else open_page(lend, f"{home}/{name}.html")
    own = (f"{home}/", "blob:", "data:")
    assert [url for url in page.requests if not url.startswith(own)] == []
    assert page.complaints == []
    assert page.evaluate("[...document.querySelectorAll('.u-widget > .u-picture')].every(figure => !figure.checkVisibility())")


LOOKS = pytest.mark.parametrize(
    "look", [{"color_scheme": "light"}, {"color_scheme": "dark", "viewport": PHONE["viewport"]}], ids=["light", "dark-phone"]
)
# Words of code and letters of formulas are most of a page, and look alike on all: two pages are enough to see them.
IN_ONE_PIECE = "() => document.querySelectorAll('pre, math').forEach(whole => whole.textContent = whole.textContent)"


@LOOKS
@pytest.mark.parametrize("name", [name for name in ALL_PAGES if name not in DESKS[2:]])     # desks are of one kind
def test_axe_finds_nothing(lend, site_address, name, look):
    """All rules once, and again what may differ by theme and width."""
    assert complaints_in(lend, f"{site_address}/{name}.html", look, IN_ONE_PIECE) == []


@LOOKS
@pytest.mark.parametrize("name", ["chapters/05-lstm", "chapters/teaching"])
def test_axe_finds_nothing_in_words_of_code_and_letters_of_formulas(lend, site_address, name, look):
    assert complaints_in(lend, f"{site_address}/{name}.html", look) == []


def complaints_in(lend, address, look, first="() => {}"):
    page = open_page(lend, address, **look)
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    page.evaluate(first)
    only = {"runOnly": ["color-contrast", "scrollable-region-focusable"]} if look["color_scheme"] == "dark" else {}
    found = complaints(page, **only)
    return found


@pytest.mark.parametrize("name", WITH_WIDGETS)
def test_axe_finds_nothing_while_a_widget_plays(lend, site_address, name):
    page = open_page(lend, f"{site_address}/{name}.html", viewport=PHONE["viewport"])
    for player in page.get_by_role("button", name="Play", exact=True).all():
        player.click()
    assert complaints(page, ".u-widget", runOnly=["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]) == []


def test_axe_would_find_something(page):
    page.set_content("<html><body><img src='data:,'><input><button aria-label='Leave'>Stay</button></body></html>")
    assert {"image-alt", "label", "label-content-name-mismatch"} <= {rule for rule, _ in complaints(page)}


@each_page(ALL_PAGES)
def test_forms_have_a_button_and_a_fold_is_named_by_what_is_in_it(shown, name):
    page = shown(name)
    assert page.locator("form:not(:has(button[type=submit]))").count() == 0
    summaries = page.locator("summary")
    assert summaries.locator("p, div").count() == 0, "HTML has no paragraphs there"
    assert summaries.evaluate_all("all => all.filter(summary => summary.ariaLabel)") == []
    names = summaries.all_text_contents()
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("width", [360, 1000])
def test_where_there_is_no_third_column_the_sections_stand_in_the_contents(lend, site_address, width):
    page = open_page(lend, f"{site_address}/chapters/02-rnn.html", viewport={"width": width, "height": 740})
    page.get_by_role("button", name="Contents").click()
    sections = page.get_by_role("navigation", name="The course").locator(".sections")
    sections.get_by_role("link", name="Why tanh").click()
    assert not sections.is_visible(), "it has made room"
    assert page.url.endswith("#why-tanh")
    assert 0 < page.locator("#why-tanh").bounding_box()["y"] < 120


@each_page(PAGES)
def test_page_fits_a_phone(shown, name):
    assert shown(name, **PHONE).evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]


@each_page([name for name in PAGES if name.startswith("chapters/0")])
def test_no_line_of_a_chapters_code_is_cut_off(shown, name):
    page = shown(name)
    page.set_viewport_size({"width": 1100, "height": 740})
    too_wide = "all => all.filter(code => code.checkVisibility() && code.scrollWidth > code.clientWidth).map(code => code.innerText)"
    assert page.locator("article pre").count() > 0
    assert page.locator("article pre").evaluate_all(too_wide) == []


@each_page(WITH_WIDGETS)
def test_without_scripts_the_picture_stands_there(shown, name):
    page = shown(name, java_script_enabled=False)
    pictures = page.locator(".u-widget > .u-picture > svg")
    assert pictures.count() > 0
    assert all(picture.is_visible() and len(picture.get_attribute("aria-label")) > 40 for picture in pictures.all())


@each_page(WITH_WIDGETS)
def test_on_paper_the_picture_stands_there(shown, name):
    page = shown(name)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    page.emulate_media(media="print")
    assert all(picture.is_visible() for picture in page.locator(".u-widget > .u-picture").all())
    assert not any(panel.is_visible() for panel in page.locator(".u-panel").all())
    assert not page.locator(".top").is_visible()
    # the theme's colours are for screens: ink is dark on paper
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 35, 43)"


@each_page(WITH_WIDGETS)
def test_every_control_is_reached_by_keyboard_and_large_enough_to_touch(shown, name):
    page = shown(name, **PHONE)
    controls = page.locator(".u-panel :is(button, input, select)").all()
    assert controls
    for control in controls:
        assert control.evaluate("node => node.tabIndex") >= 0
    for button in page.locator(".u-panel button:visible").all():
        assert button.bounding_box()["height"] >= 24        # WCAG 2.2, target size


@each_page(WITH_WIDGETS)
def test_every_slider_stands_where_its_number_says_and_every_drawing_has_words(shown, name):
    page = shown(name)
    for slider in page.locator(".u-panel input[type=range]").all():
        number = slider.evaluate("input => input.parentElement.querySelector('output').textContent")
        if slider.get_attribute("aria-valuetext") == number and not number[-1].isdigit():
            continue        # it names its places, in words that its widget's own tests hold to them
        assert float(slider.input_value()) == pytest.approx(float(number.replace("−", "-")), abs=0.005)
    drawings = page.locator(".u-panel :is(svg, canvas):not([aria-hidden=true])").all()
    assert drawings
    assert all(drawing.get_attribute("aria-label") for drawing in drawings)


@pytest.mark.parametrize(
    "name, drawing, label", [("index", 0, "Step"), ("01-feedforward-limits", 2, "Window k"), ("05-lstm", 0, "Step"), ("06-gru", 0, "Hands on from step")]
)
def test_a_finger_that_scrolls_over_a_drawing_changes_nothing(lend, site_address, name, drawing, label):
    page = open_page(lend, f"{site_address}/chapters/{name}.html", **PHONE)
    target = page.locator(".u-panel svg[role=img]").nth(drawing)
    slider = page.get_by_label(label, exact=True)
    start = slider.input_value()

    def place(part):
        target.evaluate("node => node.scrollIntoView({ block: 'center', behavior: 'instant' })")
        box = target.bounding_box()
        return box["x"] + part * box["width"], box["y"] + 0.5 * box["height"]

    def swipe(right, down):
        x, y = place(0.35)
        fingers = page.context.new_cdp_session(page)
        fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for part in (0.1, 0.3, 0.6, 1):
            fingers.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + part * right, "y": y + part * down}]})
        fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    page.evaluate(AFTER_THE_FLING)
    swipe(right=3, down=-160)
    page.evaluate("() => still")
    assert slider.input_value() == start
    swipe(right=120, down=4)
    expect(slider).not_to_have_value(start)
    swiped = slider.input_value()
    page.touchscreen.tap(*place(0.9))
    expect(slider).not_to_have_value(swiped)


def test_theme_is_switched_and_kept(lend, site_address):
    page = open_page(lend, f"{site_address}/chapters/index.html", color_scheme="light")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Switch to the dark theme").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    page.goto(f"{site_address}/chapters/notation.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_theme_follows_the_system_and_the_other_tabs(lend, site_address):
    page = open_page(lend, f"{site_address}/chapters/notation.html", color_scheme="light")
    theme = "document.documentElement.dataset.theme"
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{theme} === 'dark'")
    other = page.context.new_page()
    other.goto(f"{site_address}/chapters/index.html")
    other.get_by_role("button", name="Switch to the dark theme").click()
    other.get_by_role("button", name="Switch to the light theme").click()
    page.wait_for_function(f"{theme} === 'light'")
    page.get_by_role("button", name="Switch to the dark theme").wait_for()


def test_where_nothing_may_be_stored_the_theme_is_the_systems(browser, site_address):
    page = browser.new_context(color_scheme="dark").new_page()
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } })")
    page.goto(f"{site_address}/chapters/notation.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.get_by_role("button", name="Switch to the light theme").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.context.close()


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("chosen", ["light", "dark"])
def test_where_the_system_forces_its_colours_drawings_are_seen_on_its_ground(browser, site_address, ground, chosen):
    page = browser.new_context(forced_colors="active", color_scheme=ground).new_page()
    page.add_init_script(f"localStorage.theme = '{chosen}'")
    page.goto(f"{site_address}/chapters/05-lstm.html")
    for name in ("ink", "f"):
        assert page.evaluate(f"getComputedStyle(document.body).getPropertyValue('--u-{name}')") == getattr(COLOURS[name], ground)
    assert not page.locator(".theme-button").is_visible()
    page.context.close()


def test_code_is_selected_where_the_page_may_not_copy(lend, site_address):
    page = open_page(lend, f"{site_address}/chapters/teaching.html")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException('denied', 'NotAllowedError')); }")
    code = page.locator(".highlight:visible").first
    code.hover()
    code.get_by_role("button", name="Copy").click()
    code.get_by_role("button", name="Selected").wait_for()
    assert page.evaluate("getSelection().toString()").strip() == code.locator("pre").inner_text().strip()
    assert page.complaints == []


@pytest.mark.parametrize("name", ["02-rnn", "glossary"])
def test_the_contents_say_which_page_this_is(lend, site_address, name):
    page = open_page(lend, f"{site_address}/chapters/{name}.html")
    (current,) = page.locator(".contents [aria-current=page]").all()
    assert current.inner_text() in page.title()


@pytest.mark.parametrize("name", ["index", "01-feedforward-limits", "05-lstm"])
def test_letters_of_twice_the_size_fit_a_phone(browser, site_address, name):
    page = browser.new_context(viewport=PHONE["viewport"]).new_page()
    browser_settings = page.context.new_cdp_session(page)
    browser_settings.send("Page.enable")
    browser_settings.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.goto(f"{site_address}/chapters/{name}.html")
    page.wait_for_function("document.querySelector('.u-widget').dataset.mounted === 'true'")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    for box in (".top", ".u-panel"):
        assert page.locator(box).evaluate("box => box.scrollWidth <= box.clientWidth"), box
    page.context.close()


def test_contents_open_on_a_phone(lend, site_address):
    page = open_page(lend, f"{site_address}/chapters/index.html", viewport=PHONE["viewport"])
    contents = page.get_by_role("navigation", name="The course")
    assert not contents.is_visible()
    page.get_by_role("button", name="Contents").click()
    contents.get_by_role("link", name="Notation").click()
    page.wait_for_url("**/notation.html")


def test_equations_have_numbers_that_link_to_them(lend, site_address):
    page = open_page(lend, f"{site_address}/chapters/02-rnn.html")
    number = page.locator("#equation-rnn-step .u-number")
    assert number.inner_text().split() == ["Equation", "(2.1)"]      # the word is for who listens
    assert page.locator("a[href='#equation-rnn-step']").count() > 1
