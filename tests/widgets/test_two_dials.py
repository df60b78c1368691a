"""The widget "Two dials": its networks in the browser are the reference's, and at the dials' ends they are what they are said to be."""

import numpy as np
import pytest

from unrolled.reference import gru_step_forward, lstm_step_forward
from unrolled.widgets.train_two_dials import T
from unrolled.widgets.two_dials import SIGNALS, TwoDials, held

STATES = [
    {}, {"reset": 0.25, "update": 0.0}, {"reset": 1.0, "update": 1.0, "signal": "wave"}, {"by_hand": False},
    {"hands_on": 0, "reset": 0.5, "signal": "one"}, {"hands_on": T - 1},
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
    _, apart = TwoDials(reset=reset, update=update, signal=signal).curves()
    assert apart[same_as] < 1e-12
    assert all(distance > 0.01 for name, distance in apart.items() if name != same_as)


@pytest.mark.parametrize("signal", SIGNALS)
def test_both_networks_learned_to_hold_the_last_number(signal):
    widget = TwoDials(signal=signal, by_hand=False)
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
    desk.get_by_label("My hands on the dials").uncheck()
    desk.get_by_role("status").filter(has_text="The network sets its own dials").wait_for()
    desk.get_by_label("Update z").focus()
    desk.keyboard.press("End")
    assert desk.get_by_label("Update z").input_value() == "1" and desk.get_by_label("My hands on the dials").is_checked()


def test_dragging_on_the_chart_moves_the_step_from_which_the_dials_are_held(desk):
    box = desk.locator(".u-panel svg[role=img]").first.bounding_box()
    desk.mouse.click(box["x"] + box["width"] - 12, box["y"] + 60)
    assert desk.get_by_label("Hands on from step").input_value() == str(T - 1)
