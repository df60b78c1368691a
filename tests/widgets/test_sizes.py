"""What a reader changes and what it changes are seen at once, on a laptop and on a phone."""

import pytest

from unrolled.widgets.alignment import Alignment
from unrolled.widgets.credit import Credit
from unrolled.widgets.gate_desk import GateDesk
from unrolled.widgets.honest_test import HonestTest
from unrolled.widgets.how_much_future import HowMuchFuture
from unrolled.widgets.thermometer import Thermometer
from unrolled.widgets.two_dials import TwoDials
from unrolled.widgets.unroll import Unroll
from unrolled.widgets.window import Window

MAIN = {
    Window: "Window k", Unroll: "Step", Credit: "Recurrent weight", Thermometer: "Spectral radius", GateDesk: "Step", TwoDials: "Update z",
    HowMuchFuture: "Future", Alignment: "Character", HonestTest: "Split after",
}
COLUMNS = {1440: 736, 390: 343}         # how wide a chapter's column is, by the width of the window
HEAD = 56                               # what stays on top of a phone's screen


def panel(mounted, widget, window):
    """A page whose column is as wide as a chapter's."""
    page = mounted(widget(), width=window)
    page.add_style_tag(content=f"main {{ width: {COLUMNS[window]}px; margin: 0; padding: 0; }}")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page


@pytest.mark.parametrize("widget", MAIN)
def test_a_panel_fits_a_laptops_screen(mounted, widget):
    page = panel(mounted, widget, 1440)
    assert page.locator(".u-panel").bounding_box()["width"] == COLUMNS[1440]
    assert page.locator(".u-panel").bounding_box()["height"] <= 800


@pytest.mark.parametrize("window, room", [(1440, 900), (390, 844 - HEAD)])
@pytest.mark.parametrize("widget", MAIN)
def test_the_drawing_and_what_changes_it_fit_a_screen_together(mounted, widget, window, room):
    page = panel(mounted, widget, window)
    control = page.get_by_label(MAIN[widget], exact=True)
    assert control.is_visible()
    drawing, slider = page.locator(".u-panel svg[role=img]").first.bounding_box(), control.bounding_box()
    top, bottom = min(drawing["y"], slider["y"]), max(box["y"] + box["height"] for box in (drawing, slider))
    assert bottom - top <= room
    assert slider["y"] - (drawing["y"] + drawing["height"]) < 350, "nothing large stands between"


def test_what_a_link_sets_is_not_folded_away(page, mounted):
    page.route("http://modules.test/*", lambda route: route.fulfill(content_type="text/html"))
    page.goto("http://modules.test/?window.shuffled=1")
    mounted(Window())
    assert page.get_by_label("Shuffle each window").is_visible() and page.get_by_label("Shuffle each window").is_checked()


def test_what_no_link_sets_is(mounted):
    assert not mounted(Window()).get_by_label("Shuffle each window").is_visible()
