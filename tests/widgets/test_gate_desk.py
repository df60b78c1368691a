"""The widget "Gate desk": the unit in the browser is the reference's, it learned its task, and a hand on a gate
does what it says."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.widgets.conftest import show
from unrolled.reference import sigmoid
from unrolled.widgets.gate_desk import SEEDS, GateDesk, parse_held, run
from unrolled.widgets.train_gate_desk import load, recall_error

STATES = [
    {}, {"held": "f10:0"}, {"held": "i*:0.5,i3:1,g3:-1,o*:1", "sequence": 2}, {"forget_bias": -1.5, "sequence": 3},
    {"held": "f99:0,q3:1,f3:,f4:nan,g5:-7,o6:1e9,f7"},
]
HELD = {"": {}, "f12:0,g*:-0.5": {("f", 12): 0.0, ("g", "*"): -0.5}, "i3:7,g3:-7,f:1,x2:1,o2:": {("i", 3): 1.0, ("g", 3): -1.0}}


@pytest.mark.parametrize("state", STATES)
def test_the_browser_follows_the_reference(js_module, state):
    widget = GateDesk(**state)
    call = js_module(GateDesk)
    xs = widget.sequences[widget.sequence - 1]
    curves = call("run", widget.network, xs, call("parseHeld", widget.held), widget.forget_bias)
    for name, curve in widget.curves().items():
        np.testing.assert_allclose(curves[name], curve, rtol=1e-6, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("text", HELD)
def test_what_is_held_reads_the_same_here_and_there(js_module, text):
    assert parse_held(text) == HELD[text]
    assert js_module(GateDesk)("parseHeld", text) == {f"{gate}{step}": value for (gate, step), value in HELD[text].items()}


@pytest.mark.parametrize("bias", [-2.0, 0.0, 1.0, 5.6, 8.0])
def test_half_of_a_memory_is_left_after_the_half_life(js_module, bias):
    assert sigmoid(np.array(bias)) ** js_module(GateDesk)("halfLife", bias) == pytest.approx(0.5)


def test_the_committed_unit_recalls_as_well_as_the_page_says():
    assert recall_error(load()) == pytest.approx(0.021, abs=0.002)


@pytest.mark.parametrize("sequence", range(1, len(SEEDS) + 1))
def test_the_unit_says_the_stored_number_at_every_recall_and_nothing_else(js_module, sequence):
    widget = GateDesk(sequence=sequence)
    xs = np.array(widget.sequences[sequence - 1])
    wanted = np.where(xs[:, 2] == 1, js_module(GateDesk)("recalled", xs), 0)
    np.testing.assert_allclose(widget.curves()["y"], wanted, atol=0.08)


def test_a_shut_forget_gate_empties_the_memory_until_the_next_store():
    free, held = GateDesk().curves(), GateDesk(held="f10:0").curves()
    before, emptied, after = slice(0, 9), slice(9, 14), slice(14, None)
    np.testing.assert_array_equal(held["c"][before], free["c"][before])
    assert np.abs(held["c"][emptied]).max() < 0.02 < 0.1 < np.abs(free["c"][emptied]).min()
    np.testing.assert_allclose(held["c"][after], free["c"][after], atol=0.01)


def test_without_a_hand_and_with_its_own_bias_the_unit_is_as_it_was_trained():
    widget = GateDesk()
    assert widget.forget_bias == load()["b"][1]
    held = {(gate, step): curve[step - 1] for gate, curve in widget.curves().items() if gate in "ifgo" for step in (4, 9)}
    same = run(load(), np.array(widget.sequences[0]), held, widget.forget_bias)
    np.testing.assert_allclose(same["y"], widget.curves()["y"], rtol=1e-12)


def test_a_hand_on_a_slider_holds_the_gate_and_the_box_lets_it_go(mounted, unfold):
    page = mounted(GateDesk(step=10))
    unfold()
    page.get_by_label("forget gate", exact=False).and_(page.locator("input[type=range]")).fill("0")
    hold = page.get_by_label("Hold the forget gate")
    expect(hold).to_be_checked()
    page.wait_for_function("document.querySelector('.u-status').textContent.includes('0.15')")
    hold.uncheck()
    page.wait_for_function("document.querySelector('.u-status').textContent.includes('0.01')")


def bar(page, gate, step):
    """The middle of a gate's lane at a step, on the screen, and the lane's upper and lower end."""
    lane = page.locator(f".u-panel [data-grip={gate}] rect").bounding_box()
    drawing = page.locator(".u-panel svg").first
    # the frame of the present step
    left, column = (float(drawing.locator("rect").first.get_attribute(name)) for name in ("x", "width"))
    now = int(page.get_by_label("Step", exact=True).input_value())
    x = drawing.bounding_box()["x"] + left + column * (step - now + 0.5)
    return x, lane["y"] + 4, lane["y"] + lane["height"] - 4


@pytest.mark.parametrize("width", [360, 1000])
def test_a_bar_is_dragged_and_the_gate_is_held_there(mounted, settle, width):
    page = mounted(GateDesk(), width=width)
    x, top, bottom = bar(page, "f", 10)
    page.mouse.move(x, top + 2)
    page.mouse.down()
    settle()
    assert page.get_by_label("Step", exact=True).input_value() == "10"
    assert not page.get_by_label("Hold the forget gate").is_checked(), "a press that does not move holds nothing"
    page.mouse.move(x, (top + bottom) / 2, steps=3)
    settle()
    slider = page.get_by_label("forget gate", exact=False).and_(page.locator("input[type=range]"))
    assert float(slider.input_value()) == pytest.approx(0.5, abs=0.04) and page.get_by_label("Hold the forget gate").is_checked()
    page.mouse.move(x, bottom + 30, steps=3)
    page.mouse.up()
    settle()
    assert float(slider.input_value()) == 0 and page.get_by_label("Step", exact=True).input_value() == "10"
    page.get_by_role("button", name="Let all go").click()
    settle()
    assert not page.get_by_label("Hold the forget gate").is_checked()


def test_a_finger_drags_the_present_steps_bar_and_scrolls_nothing(browser):
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 600})
    page = context.new_page()
    show(page, GateDesk(step=10))
    page.evaluate("document.querySelector('.u-panel svg').scrollIntoView({ block: 'center' })")
    x, top, bottom = bar(page, "o", 10)
    before = page.evaluate("scrollY")
    fingers = context.new_cdp_session(page)
    for kind, y in [("touchStart", bottom), ("touchMove", bottom - 10), ("touchMove", top + 5), ("touchMove", top - 20)]:
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    slider = page.get_by_label("output gate", exact=False).and_(page.locator("input[type=range]"))
    expect(slider).to_have_value("1")
    assert page.evaluate("scrollY") == before
    context.close()


def test_while_it_plays_what_lies_ahead_is_not_told(mounted):
    page = mounted(GateDesk())
    bars = page.locator(".u-panel svg").first.locator("rect[fill='var(--u-c)']")
    assert bars.count() == 24
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("Number(document.querySelector('.u-player input').value) === 3")
    expect(bars).to_have_count(3)
    page.get_by_role("button", name="Pause").click()
    expect(bars).to_have_count(24)
