"""A widget's state in the address: copied, opened again, refused when it is broken, and reset."""

import pytest

from tests.book.pages import open_page

START = 1.0     # the widget's recurrent scale, as its class has it


@pytest.fixture
def unroll(browser, site_address):
    """Opens the landing page with a query and returns it; its widget is Unroll."""
    pages = []

    def open_with(query=""):
        pages.append(open_page(browser, f"{site_address}/chapters/index.html{query}", permissions=["clipboard-read", "clipboard-write"]))
        return pages[-1]

    yield open_with
    for page in pages:
        page.context.close()


def scale(page):
    return float(page.get_by_label("Recurrent scale").input_value())


def test_a_copied_link_opens_the_same_state(unroll):
    page = unroll()
    page.get_by_label("Recurrent scale").fill("0.5")
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


def test_reset_brings_the_start_back_even_after_a_link(unroll):
    page = unroll("?unroll.scale=0.5")
    page.get_by_role("button", name="Reset").click()
    assert scale(page) == START


def test_other_query_parts_are_left_alone(unroll):
    page = unroll("?from=slides")
    page.get_by_label("Recurrent scale").fill("0.5")
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("status").filter(has_text="copied").wait_for()
    assert "from=slides" in page.evaluate("navigator.clipboard.readText()")
