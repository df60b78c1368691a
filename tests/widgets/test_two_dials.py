"""The widget "Two dials": its networks in the browser are the reference's, and at the dials' ends they are what
they are said to be."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.widgets.conftest import show
from unrolled.reference import gru_step_forward, lstm_step_forward
from unrolled.widgets.train_two_dials import T
from unrolled.widgets.two_dials import SIGNALS, TwoDials, held

STATES = [
    {}, {"by_hand": True, "reset": 0.25, "update": 0.0}, {"by_hand": True, "reset": 1.0, "update": 1.0, "signal": "wave"},
    {"by_hand": True, "hands_on": 0, "reset": 0.5, "signal": "one"}, {"by_hand": True, "hands_on": T - 1},
]
CORNERS = [(1.0, 0.0, "plain"), (0.0, 0.0, "feedforward"), (0.0, 1.0, "copy"), (1.0, 1.0, "copy")]


@pytest.mark.parametrize("state", STATES)
def test_the_browser_follows_the_reference(js_module, state):
    widget = TwoDials(**state)
    in_browser = js_module(TwoDials)("follow", widget.state())
    ys, apart = widget.curves()
    for name, curve in ys.items():
        np.testing.assert_allclose(in_browser["ys"][name], curve, rtol=1e-6, atol=1e-9, err_msg=name)
    assert in_browser["apart"] == pytest.approx(apart, rel=1e-6, abs=1e-12)
    np.testing.assert_allclose(in_browser["updates"], widget.updates(), rtol=1e-6)
    np.testing.assert_allclose(in_browser["zs"], widget.updates().mean(axis=1), rtol=1e-6)


def test_single_steps_in_the_browser_are_the_references(js_module, rng):
    call = js_module(TwoDials)
    H = 3
    for blocks, name in [(3, "gruStep"), (4, "lstmStep")]:
        network = {"W_x": rng.normal(size=(2, blocks * H)), "W_h": rng.normal(size=(H, blocks * H)), "b": rng.normal(size=blocks * H)}
        h, c, x = rng.normal(size=(1, H)), rng.normal(size=(1, H)), rng.normal(size=(1, 2))
        if name == "gruStep":
            expected, _ = gru_step_forward(x, h, **network)
            step = call(name, network, x[0], h[0], None)
        else:
            expected, memory, _ = lstm_step_forward(x, h, c, **network)
            step = call(name, network, x[0], h[0], c[0])
            np.testing.assert_allclose(step["c"], memory[0], rtol=1e-12)
        np.testing.assert_allclose(step["h"], expected[0], rtol=1e-12)


@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize("reset, update, same_as", CORNERS)
def test_at_the_ends_of_the_dials_the_state_is_exactly_another_networks(reset, update, same_as, signal):
    _, apart = TwoDials(by_hand=True, reset=reset, update=update, signal=signal).curves()
    assert apart[same_as] < 1e-12
    assert all(distance > 0.01 for name, distance in apart.items() if name != same_as)


@pytest.mark.parametrize("signal", SIGNALS)
def test_both_networks_learned_to_hold_the_last_number(signal):
    widget = TwoDials(signal=signal)
    ys, _ = widget.curves()
    for name in ("gru", "lstm"):
        np.testing.assert_allclose(ys[name], held(np.array(widget.signals[signal])), atol=0.15, err_msg=name)


def test_both_networks_have_the_number_of_parameters_that_the_page_gives():
    widget = TwoDials()
    for network in (widget.gru, widget.lstm):
        assert sum(np.size(network[name]) for name in ("W_x", "W_h", "b")) == widget.count


@pytest.fixture
def desk(mounted):
    return mounted(TwoDials())


@pytest.mark.parametrize("button, words", [("Plain network", "a plain recurrent network"), ("Feedforward", "a feedforward net"), ("Copy", "a copy of the old state")])
def test_each_preset_says_what_the_network_has_become(desk, button, words):
    desk.get_by_role("button", name=button, exact=True).click()
    desk.get_by_role("status").filter(has_text=f"From step 9 on, the state is exactly that of {words}.").wait_for()


def test_turning_a_dial_by_keyboard_takes_it_out_of_the_networks_hands(desk):
    assert not desk.get_by_label("My hands on the dials").is_checked()
    expect(desk.locator(".u-status")).to_have_text(re.compile("The network sets its own dials"))
    desk.get_by_label("Update z").focus()
    desk.keyboard.press("End")
    assert desk.get_by_label("Update z").input_value() == "1" and desk.get_by_label("My hands on the dials").is_checked()


def test_dragging_on_the_chart_moves_the_step_from_which_the_dials_are_held(desk):
    box = desk.locator(".u-panel svg[role=img]").first.bounding_box()
    desk.mouse.click(box["x"] + box["width"] - 12, box["y"] + 60)
    assert desk.get_by_label("Hands on from step").input_value() == str(T - 1)


def pad(page):
    """The corners of the square of the dials, on the screen: left, top, side."""
    square = page.locator("#two_dials svg[data-grip=dials] rect").bounding_box()
    return square["x"], square["y"], square["width"]


@pytest.mark.parametrize("width", [360, 1000])
@pytest.mark.parametrize("right, up, reset, update", [(0.5, 0.25, 0.5, 0.25), (0.02, 0.99, 0, 1), (1.2, -0.3, 1, 0)])
def test_a_drag_on_the_square_turns_both_dials_and_near_its_sides_to_their_ends(mounted, width, right, up, reset, update):
    page = mounted(TwoDials(), width=width)
    left, top, side = pad(page)
    page.mouse.move(left + 0.7 * side, top + 0.6 * side)
    page.mouse.down()
    page.mouse.move(left + right * side, top + (1 - up) * side, steps=3)
    page.mouse.up()
    dials = [float(page.get_by_label(name).input_value()) for name in ("Reset r", "Update z")]
    assert dials == pytest.approx([reset, update], abs=0.02) and page.get_by_label("My hands on the dials").is_checked()
    if reset in (0, 1):
        assert dials == [reset, update]


def test_a_finger_on_the_square_turns_the_dials_and_scrolls_nothing(browser):
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 600})
    page = context.new_page()
    show(page, TwoDials())
    page.evaluate("document.querySelector('[data-grip=dials]').scrollIntoView({ block: 'center' })")
    left, top, side = pad(page)
    before = page.evaluate("scrollY")
    fingers = context.new_cdp_session(page)
    for kind, up in [("touchStart", 0.1), ("touchMove", 0.3), ("touchMove", 0.6), ("touchMove", 0.8)]:
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": left + side / 2, "y": top + (1 - up) * side}]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.get_by_label("Update z")).to_have_value("0.8")
    assert page.evaluate("scrollY") == before
    context.close()


def test_the_network_it_has_become_lies_under_the_curve_on_demand_alone(desk):
    ghost = desk.locator(".u-panel svg[role=img]").first.locator("path[stroke-opacity]")
    assert ghost.count() == 0
    desk.get_by_role("button", name="Plain network", exact=True).click()
    expect(ghost).to_have_count(1)
    drawn = desk.locator(".u-panel svg[role=img]").first.locator("path[stroke-width='2.5'], path[stroke-opacity]")
    under, over = ([float(y) for y in re.findall(r" ([\d.]+)(?=L|$)", path.get_attribute("d"))] for path in drawn.all())
    assert under == over[-len(under) :], "the same curve"


def test_the_square_shows_where_the_network_itself_has_set_its_dials(desk):
    updates = TwoDials().updates().mean(axis=1)
    _, top, side = pad(desk)
    dots = desk.locator("#two_dials svg[data-grip=dials] circle[r='2.5']")
    boxes = [dot.bounding_box() for dot in dots.all()]
    np.testing.assert_allclose([1 - (box["y"] + box["height"] / 2 - top) / side for box in boxes], updates, atol=0.02)


def test_the_picture_says_what_it_shows():
    widget = TwoDials()
    assert f"to {widget.updates().max():.2f}" in widget.picture().alt and "sets its own dials" in widget.picture().alt
    assert "from step 12 on reset is 0 and update 1" in TwoDials(by_hand=True, hands_on=12, reset=0, update=1).picture().alt
