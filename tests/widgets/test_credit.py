"""The widget "Credit": the browser's forward and backward pass are the reference's, and the page shows them."""

import numpy as np
import pytest

from unrolled.reference import rnn_forward, truncated_rnn_backward
from unrolled.widgets.credit import Credit, T, gradients


def column(values):
    """Numbers as a batch of one sequence with one feature."""
    return np.array(values, dtype=float)[:, None, None]


@pytest.mark.parametrize("k", [1, 3, 5, T, T + 2])
@pytest.mark.parametrize("W_h", [-2.0, 0.0, 0.9, 2.0])
def test_the_browser_goes_back_as_the_reference_does(js_module, rng, k, W_h):
    call = js_module(Credit)
    xs, dhs = rng.normal(size=(2, T))
    net = {"xs": xs, "h0": 0.4, "W_x": 0.7, "W_h": W_h, "b": -0.2}
    h0, W_x, weight = np.array([[0.4]]), np.array([[0.7]]), np.array([[W_h]])

    hs = call("forward", net)
    expected = rnn_forward(column(xs), h0, W_x, weight, np.array([-0.2]))
    np.testing.assert_allclose(hs, expected[:, 0, 0], rtol=1e-9)

    steps = call("backward", dhs, hs, net, k)
    dxs, dh0, dW_x, dW_h, db = truncated_rnn_backward(column(dhs), column(xs), h0, expected, W_x, weight, k)
    np.testing.assert_allclose([step["dx"] for step in steps], dxs[:, 0, 0], rtol=1e-6, atol=1e-12)
    assert steps[0]["back"] == pytest.approx(dh0[0, 0], rel=1e-6, abs=1e-12)
    for name, whole in {"dW_x": dW_x, "dW_h": dW_h, "db": db}.items():
        assert sum(step[name] for step in steps) == pytest.approx(float(np.squeeze(whole)), rel=1e-6, abs=1e-12)


def test_no_gradient_comes_to_the_steps_after_the_loss():
    widget = Credit()
    _, dhs, _ = gradients(widget.xs, widget.ys, 5, False, T, widget.W_x, widget.W_h)
    assert dhs[:5].all()
    assert not dhs[5:].any()


def test_the_gradient_fades_on_its_way_back_in_the_state_that_the_reader_meets():
    """What the page says of the start state."""
    widget = Credit()
    _, dhs, _ = gradients(widget.xs, widget.ys, T, False, T, widget.W_x, widget.W_h)
    assert (np.diff(np.abs(dhs)) > 0).all()


def test_the_gradient_can_grow_on_its_way_back_and_hardly_moves_where_tanh_is_flat():
    """What the list of things to try promises."""
    widget = Credit()
    _, growing, _ = gradients(widget.xs, widget.ys, T, False, T, W_x=0.1, W_h=1.2)
    _, flat, _ = gradients(widget.xs, widget.ys, T, False, T, W_x=1.0, W_h=2.0)
    assert (np.diff(np.abs(growing)) < 0).all()
    assert abs(flat[0]) < 1e-3 * abs(flat[-1])


def test_the_picture_says_what_it_shows():
    widget = Credit(loss_at=6)
    _, dhs, _ = gradients(widget.xs, widget.ys, 6, False, T, widget.W_x, widget.W_h)
    assert f"{dhs[5]:.2f} there and {dhs[0]:.2f} at step 1" in widget.picture().alt


def test_pressing_a_step_moves_the_loss_there(mounted, page):
    page.emulate_media(reduced_motion="reduce")
    mounted(Credit(), width=1000)
    graph = page.locator(".u-panel svg").first
    graph.get_by_text("4", exact=True).click()
    widget = Credit()
    _, dhs, _ = gradients(widget.xs, widget.ys, 4, False, T, widget.W_x, widget.W_h)
    assert page.get_by_label("Loss at step").input_value() == "4"
    page.wait_for_function("document.querySelector('.u-panel svg').getAttribute('aria-label').includes('step 1')")
    words = graph.get_attribute("aria-label").replace("−", "-")
    assert f"step 4: {dhs[3]:.2f}" in words and f"step 1: {dhs[0]:.2f}" in words
    assert "step 5" not in words


def test_the_sliders_reach_what_the_list_of_things_to_try_asks_for(mounted, unfold):
    page = mounted(Credit())
    unfold()
    for label, values in {"Recurrent weight": ["0.3", "-0.9", "2", "1.2"], "Input weight": ["0.1"]}.items():
        for value in values:
            page.get_by_label(label).fill(value)        # goes to the nearest step
            assert float(page.get_by_label(label).input_value()) == float(value)


def test_the_keyboard_steps_through_the_debugger(mounted):
    page = mounted(Credit())
    step = page.get_by_label("Step", exact=True)
    step.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert step.input_value() == "1"
    page.get_by_text("h₁ = tanh").wait_for()


def test_on_a_phone_the_whole_graph_its_player_and_the_weight_are_seen_at_once(mounted):
    page = mounted(Credit(), width=390)
    top = page.locator(".u-panel svg").first.bounding_box()["y"]
    slider = page.get_by_label("Recurrent weight").bounding_box()
    assert slider["y"] + slider["height"] - top < 844 - 56, "a phone's screen without the page's head"
