"""A widget's state in the address and in the browser's history: copied, opened again, refused when it is broken,
found again, reset."""

import pytest

from tests.book.pages import WITH_WIDGETS, open_page

START = 1.0     # the widget's recurrent scale, as its class has it


@pytest.fixture
def unroll(lend, site_address):
    """Opens the landing page with a query and returns it; its widget is Unroll."""
    may = ["clipboard-read", "clipboard-write"]
    return lambda query="": open_page(lend, f"{site_address}/chapters/index.html{query}", permissions=may)


def scale(page):
    return float(page.get_by_label("Recurrent scale").input_value())


def test_a_copied_link_opens_the_same_state(unroll):
    page = unroll()
    page.get_by_label("Recurrent scale").fill("0.5")
    page.get_by_text("More: other texts and networks").click()
    page.get_by_label("one to many").check()
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("status").filter(has_text="The link to this state is copied.").wait_for()
    address = page.evaluate("navigator.clipboard.readText()")
    assert address.endswith("#unroll")
    assert "unroll.text" not in address, "what stands at its start value is left out"
    page.goto(address)
    page.locator("[data-mounted='true']").wait_for()
    assert scale(page) == 0.5
    assert page.get_by_label("one to many").is_checked()


@pytest.mark.parametrize(
    "query", ["?unroll.scale=99", "?unroll.scale=much", "?unroll.scale=", "?unroll.mode=sideways", "?unroll.hidden=1", "?unroll.step=1.5"]
)
def test_a_broken_state_falls_back_with_a_note(unroll, query):
    page = unroll(query)
    page.get_by_text("Part of this link could not be read").wait_for()
    assert scale(page) == START
    assert page.get_by_label("many to many").is_checked()


def test_the_readable_part_of_a_broken_link_is_kept(unroll):
    page = unroll("?unroll.scale=0.5&unroll.mode=sideways")
    page.get_by_text("Part of this link could not be read").wait_for()
    assert scale(page) == 0.5


def test_a_step_after_the_last_is_the_last(unroll):
    page = unroll("?unroll.text=ab&unroll.step=39")
    page.wait_for_function("document.querySelector('.u-player output').textContent === '2'")


def test_markup_in_an_address_stays_text(unroll):
    page = unroll("?unroll.text=%3Cimg src=x onerror=alert(1)%3E")
    assert page.locator(".u-panel img").count() == 0


def test_reset_brings_the_start_back_even_after_a_link_and_takes_the_link_with_it(unroll):
    page = unroll("?unroll.scale=0.5&from=slides#unroll")
    page.get_by_role("button", name="Reset").click()
    assert scale(page) == START
    assert page.url.endswith("?from=slides#unroll")
    page.reload()
    assert scale(page) == START


@pytest.mark.parametrize("held", ["f99:0", "q3:1", "f12", "f12:2", "i3:-0.5", "f12:0,,", "f12:0,o*:loud"])
def test_a_hold_that_cannot_be_is_said(lend, site_address, held):
    page = open_page(lend, f"{site_address}/chapters/05-lstm.html?gate_desk.held={held}")
    page.get_by_text("Part of this link could not be read").wait_for()
    assert page.locator("input[aria-label^=Hold]:checked").count() == 0


@pytest.mark.parametrize("held", ["f10:0", "i*:0.5,i3:1,g3:-0.37,o24:.5"])
def test_a_hold_that_can_be_is_held(lend, site_address, held):
    page = open_page(lend, f"{site_address}/chapters/05-lstm.html?gate_desk.held={held}&gate_desk.step=10")
    assert page.locator("input[aria-label^=Hold]:checked").count() == 1
    assert page.get_by_text("could not be read").count() == 0


def controls(page):
    """What every control says, and the number beside every slider."""
    return page.locator(".u-panel").evaluate_all("""panels => panels.flatMap(panel => [...panel.querySelectorAll("input, output, .u-status")].map(
        node => node.type === "checkbox" || node.type === "radio" ? node.checked : node.value || node.textContent))""")


def there_again(page):
    """What the controls say on a page that was come back to."""
    page.locator(".u-widget[data-mounted=true]").first.wait_for()
    # a browser that fills in forms does so late
    page.evaluate("() => new Promise(done => setTimeout(done, 100))")
    return controls(page)


@pytest.mark.parametrize("name", WITH_WIDGETS)
def test_whoever_comes_back_finds_what_was_set_there(lend, site_address, name):
    page = open_page(lend, f"{site_address}/{name}.html")
    page.evaluate("document.querySelectorAll('.u-fold').forEach(fold => (fold.open = true))")
    start = controls(page)
    for slider in page.locator(".u-panel input[type=range]").all():
        slider.press("ArrowRight")
        slider.press("ArrowRight")
    for switch in page.locator(".u-panel input[type=checkbox], .u-panel input[type=radio]").all()[::2]:
        switch.check()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    left = controls(page)
    assert left != start
    page.wait_for_timeout(300)          # the browser's history is told within 200 ms
    page.reload()
    assert there_again(page) == left
    page.goto(f"{site_address}/404.html")
    page.go_back()
    assert there_again(page) == left


def test_other_query_parts_are_left_alone(unroll):
    page = unroll("?from=slides")
    page.get_by_label("Recurrent scale").fill("0.5")
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("status").filter(has_text="copied").wait_for()
    assert "from=slides" in page.evaluate("navigator.clipboard.readText()")
