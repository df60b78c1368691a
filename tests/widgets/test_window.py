"""The widget "Window": its nets in the browser are the reference's, and they do what the page says."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.widgets.conftest import show
from unrolled.reference import echo_error_floor, mlp_forward, window_parameter_count
from unrolled.widgets.train_window import DELAYS, KINDS, WINDOWS, H
from unrolled.widgets.window import Window

STATES = [("window", 3, False), ("window", 0, False), ("bag", 2, True), ("window", 5, True)]


@pytest.mark.parametrize("kind, delay, shuffled", STATES)
def test_the_browser_measures_the_reference_error(js_module, kind, delay, shuffled):
    widget = Window(kind=kind, delay=delay, shuffled=shuffled)
    call = js_module(Window)
    first = WINDOWS[-1] + DELAYS[-1]
    measured = [call("errorOf", widget.state(), k, first) for k in WINDOWS]
    np.testing.assert_allclose(measured, widget.errors(), rtol=1e-6)


def test_the_browser_runs_the_reference_net(js_module, rng):
    x, W1, b1, W2, b2 = rng.normal(size=(1, 5)), rng.normal(size=(5, 4)), rng.normal(size=4), rng.normal(size=(4, 1)), rng.normal(size=1)
    network = {"W1": W1.tolist(), "b1": b1.tolist(), "W2": W2.tolist(), "b2": b2.tolist()}
    y, _ = mlp_forward(x, W1, b1, W2, b2)
    assert js_module(Window)("mlpForward", x[0].tolist(), network) == pytest.approx(y[0, 0], rel=1e-12)


def test_the_browser_counts_as_the_reference_does(js_module):
    call = js_module(Window)
    for k in WINDOWS:
        assert call("parameterCount", "window", k, H) == window_parameter_count(k, 1, H, 1)
        assert call("parameterCount", "bag", k, H) == window_parameter_count(1, 1, H, 1)


@pytest.mark.parametrize("delay", DELAYS)
def test_the_error_falls_exactly_when_the_window_holds_the_echo(delay):
    for k, error in zip(WINDOWS, Window(delay=delay).errors(), strict=True):
        assert error == pytest.approx(echo_error_floor(k, delay, 1.0), abs=0.15), k


@pytest.mark.parametrize("k", WINDOWS[1:])
def test_a_shuffle_leaves_no_place_alone(k):
    order = Window().orders[k - 1]
    assert sorted(order) == list(range(k)) and all(place != value for place, value in enumerate(order))


def test_a_bag_does_not_notice_a_shuffle_and_a_window_does():
    for kind, notices in zip(KINDS, (True, False), strict=True):
        ordered, shuffled = Window(kind=kind).errors(), Window(kind=kind, shuffled=True).errors()
        assert np.allclose(ordered, shuffled) is not notices


@pytest.fixture
def widget(mounted):
    return mounted(Window())


def drag(page, drawing, start, end):
    """Press on a drawing at a share of its width and drag to another; the pointer leaves the drawing on its way."""
    box = page.locator(".u-panel svg").nth(drawing).bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + start * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + end * box["width"], middle + box["height"], steps=4)
    page.mouse.up()


@pytest.mark.parametrize("drawing, label, start, end, first, last", [(0, "Step t", 0.52, 0.9, "14", "25"), (2, "Window k", 0.05, 0.95, "1", "8")])
def test_a_drag_on_a_drawing_moves_its_slider(widget, drawing, label, start, end, first, last):
    slider = widget.get_by_label(label)
    drag(widget, drawing, start, start)
    expect(slider).to_have_value(first)
    drag(widget, drawing, start + 0.1, end)         # beside the knob of a window of 1
    expect(slider).to_have_value(last)


def test_a_step_before_the_first_full_window_is_not_taken(widget):
    drag(widget, 0, 0.9, 0.0)
    expect(widget.get_by_label("Step t")).to_have_value(str(DELAYS[-1]))


@pytest.mark.parametrize("width", [360, 1000])
def test_the_window_itself_is_dragged_and_keeps_its_length_and_its_place_under_the_hand(mounted, width):
    page = mounted(Window(k=5, step=14), width=width)
    box = page.locator(".u-panel svg").first.bounding_box()
    place = lambda step: (box["x"] + 14 + step * (box["width"] - 28) / 27, box["y"] + 100)  # noqa: E731
    page.mouse.move(*place(12))
    page.mouse.down()
    page.mouse.move(*place(18), steps=3)
    page.mouse.up()
    assert [page.get_by_label(name).input_value() for name in ("Step t", "Window k")] == ["20", "5"]


def test_a_finger_drags_the_windows_end_and_scrolls_nothing(browser):
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 500})
    page = context.new_page()
    show(page, Window())
    page.evaluate("document.querySelector('.u-panel svg').scrollIntoView({ block: 'center' })")
    box, before = page.locator("[data-grip=k] circle").bounding_box(), page.evaluate("scrollY")
    fingers = context.new_cdp_session(page)
    for kind, along, down in [("touchStart", 0, 0), ("touchMove", -10, -25), ("touchMove", -30, -50), ("touchMove", -45, -80)]:
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": box["x"] + 7 + along, "y": box["y"] + 7 + down}]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.get_by_label("Window k")).not_to_have_value("1")
    assert int(page.get_by_label("Window k").input_value()) >= 5 and page.evaluate("scrollY") == before
    context.close()


def test_the_first_thing_to_try_stands_above_the_drawing_and_the_others_below(widget):
    first, *others = Window.tries
    expect(widget.locator(".u-lead")).to_have_text(first)
    widget.get_by_text(f"Then try {len(others)} more things").click()
    expect(widget.locator(".u-tries li").first).to_be_visible()
    expect(widget.locator(".u-tries li")).to_have_text(others)
