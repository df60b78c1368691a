"""The widget "Thermometer": what it computes in the browser is what the reference computes."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.widgets.conftest import show
from unrolled.reference import clip_by_global_norm, orthogonal_init, spectral_radius
from unrolled.widgets import thermometer
from unrolled.widgets.thermometer import H, Thermometer, gradient_norms, normal, run, uniform

SETTINGS = [
    {"radius": 0.9, "length": 100, "activation": "tanh", "start": "gaussian", "seed": 1},
    {"radius": 1.0, "length": 57, "activation": "tanh", "start": "orthogonal", "seed": 2},
    {"radius": 1.5, "length": 30, "activation": "tanh", "start": "gaussian", "seed": 99},
    {"radius": 1.3, "length": 120, "activation": "none", "start": "gaussian", "seed": 3},
    {"radius": 0.5, "length": 200, "activation": "none", "start": "orthogonal", "seed": 4},
    {"radius": 1.0, "length": 500, "activation": "relu", "start": "identity", "seed": 5},
    {"radius": 1.1, "length": 60, "activation": "relu", "start": "gaussian", "seed": 6},
    {"radius": 0.1, "length": 10, "activation": "tanh", "start": "identity", "seed": 7},
]


@pytest.fixture
def js(js_module):
    return js_module(Thermometer)


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda s: f"{s['activation']}-{s['start']}")
def test_the_browser_measures_what_the_reference_measures(js, settings):
    measured = js("measure", settings)
    hs, W_h = run(**settings)
    norms = gradient_norms(hs, W_h, settings["activation"])[::-1][measured["lags"]]
    np.testing.assert_allclose(10 ** np.array(measured["logs"]), norms, rtol=1e-6)
    assert 10 ** measured["bound"] == pytest.approx(np.linalg.norm(W_h, 2), rel=1e-6)
    assert 10 ** measured["rate"] == pytest.approx(spectral_radius(W_h), rel=1e-6)
    assert measured["lags"][0] == 0
    assert measured["lags"][-1] == settings["length"]


def test_the_browser_draws_the_numbers_that_python_draws(js):
    np.testing.assert_array_equal([js("uniform", 7, 50)[str(i)] for i in range(50)], uniform(7, 50))
    np.testing.assert_allclose([js("normal", 7, 50)[str(i)] for i in range(50)], normal(7, 50), rtol=1e-12, atol=1e-14)


def test_the_drawn_numbers_are_standard_normal():
    draws = normal(1, 100_000)
    assert draws.mean() == pytest.approx(0, abs=0.02)
    assert draws.std() == pytest.approx(1, abs=0.02)


def test_orthogonal_weights_are_those_of_orthogonal_init(js):
    A = normal(3, H * H)
    Q = js("startingWeights", "orthogonal", 3)
    np.testing.assert_allclose([Q[str(i)] for i in range(H * H)], orthogonal_init((H, H), 1.0, A.reshape(H, H)).ravel(), atol=1e-10)


def test_clipping_is_the_references(js):
    logs, lags = np.linspace(2, -3, 20), list(range(20))
    (clipped,) = clip_by_global_norm([10**logs], 10.0)
    np.testing.assert_allclose(10 ** (logs + js("clipFactor", logs.tolist(), lags)), clipped, rtol=1e-9)
    assert js("clipFactor", [0.0, -3.0], [0, 1]) == 0


def test_a_lag_that_was_skipped_counts_in_the_clipped_norm(js):
    assert js("clipFactor", [0.0] * 11, list(range(0, 501, 50))) == pytest.approx(1 - np.log10(501) / 2)


@pytest.mark.parametrize("state", [{}, {"activation": "none", "start": "orthogonal"}, {"activation": "relu", "start": "identity", "length": 90}])
def test_where_the_slider_is_marked_the_far_end_is_between_a_tenth_and_ten_times(mounted, page, state):
    widget = Thermometer(**state)
    mounted(widget)
    words = page.locator(".u-controls").first.get_by_text("between a tenth and ten times at the far end")
    words.wait_for()
    (low, high), *others = re.findall(r"(\d\.\d+) to (\d\.\d+)", words.inner_text())
    assert not others

    def end(radius):
        settings = widget.length, widget.activation, widget.start, widget.seed
        return gradient_norms(*run(radius, *settings), widget.activation)[0]

    low, high = float(low), float(high)
    assert end(low) == pytest.approx(0.1, rel=0.5) and end(high) == pytest.approx(10, rel=0.5)
    assert end(low - 0.02) < 0.1 < end((low + high) / 2) < 10 < end(high + 0.02)
    slider, (mark,) = page.get_by_label("Spectral radius").bounding_box(), [box.bounding_box() for box in page.locator("[aria-hidden=true] > div").all()]
    middle = 0.1 + 1.9 * (mark["x"] + mark["width"] / 2 - slider["x"] - 8) / (slider["width"] - 16)
    assert middle == pytest.approx((low + high) / 2, abs=0.03)


def test_bands_are_where_a_power_says(js):
    radii = np.arange(0.1, 2.01, 0.05)
    ((low, high),) = js("flatBands", radii.tolist(), (100 * np.log10(radii)).tolist())
    assert (low, high) == pytest.approx((10**-0.01, 10**0.01))
    assert js("flatBands", [0.5, 1.0, 1.5], [-3.0, -2.0, -1.5]) == []
    assert js("flatBands", [0.5, 1.0, 1.5], [0.5, 0.0, -0.5]) == [[0.5, 1.5]]


@pytest.mark.parametrize("width", [360, 1000])
def test_the_curves_end_is_dragged_to_where_it_is_wanted(mounted, page, status, width):
    mounted(Thermometer(activation="none", start="orthogonal", length=100), width=width)
    grip = page.locator("[data-grip=end] circle").last

    def middle():
        box = grip.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    x, y = middle()
    page.mouse.move(x, y)
    page.mouse.down()
    for pull in (10, -25, -60, -60):
        page.mouse.move(x, y + pull)
        status()
        assert middle()[1] == pytest.approx(y + pull, abs=3)        # a hundredth of the radius is two pixels at most
    page.mouse.up()
    assert float(page.get_by_label("Spectral radius").input_value()) > 1
    page.mouse.click(x - 100, y + 40)       # beside it nothing is taken hold of
    status()
    assert middle()[1] == pytest.approx(y - 60, abs=3)


def test_a_finger_holds_the_curves_end_while_it_is_drawn_anew(browser):
    context = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 600})
    page = context.new_page()
    show(page, Thermometer(activation="none"))
    page.evaluate("document.querySelector('.u-panel svg').scrollIntoView({ block: 'center' })")
    box, before = page.locator("[data-grip=end] circle").last.bounding_box(), page.evaluate("scrollY")
    x, y = box["x"] + 7, box["y"] + 7
    fingers, slider = context.new_cdp_session(page), page.get_by_label("Spectral radius")
    seen = [slider.input_value()]
    for kind, pull in [("touchStart", 0), ("touchMove", -20), ("touchMove", -40), ("touchMove", -60)]:
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y + pull}]})
        if pull:
            expect(slider).not_to_have_value(seen[-1])
            seen.append(slider.input_value())
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert sorted(map(float, seen)) == list(map(float, seen)) and page.evaluate("scrollY") == before
    context.close()


def test_norms_that_no_float_could_hold_are_still_measured(js):
    measured = js("measure", {"radius": 0.1, "length": 500, "activation": "none", "start": "orthogonal", "seed": 1})
    assert measured["logs"][-1] == pytest.approx(-500, rel=1e-6)


def test_a_larger_gradient_stands_higher_whatever_else_is_set(mounted, status):
    """The thermometer has one scale: its mark, the end that is not at 1, says the number that stands above it."""
    page = mounted(Thermometer(activation="none"))
    marks = []
    for steps in ("50", "300", "500"):
        page.get_by_label("Steps", exact=True).fill(steps)
        for radius in ("0.5", "0.8", "0.95", "1.02", "1.1", "1.15", "1.5"):
            page.get_by_label("Spectral radius").fill(radius)
            status()
            rod = page.locator("rect[rx='3']")
            top, height = (float(rod.get_attribute(name)) for name in ("y", "height"))
            marks.append((int(steps) * np.log10(float(radius)), -top if float(radius) > 1 else -top - height))
    heights = [height for _, height in sorted(marks)]
    assert heights == sorted(heights) and len(set(heights)) > 12


def test_a_unit_that_is_off_lets_no_gradient_through():
    hs = np.array([[[1.0, 2.0]], [[0.0, 0.0]], [[3.0, 0.0]]])
    np.testing.assert_array_equal(gradient_norms(hs, np.eye(2), "relu"), [0, 1, 1])


def test_the_picture_says_what_it_shows():
    widget = Thermometer()
    hs, W_h = thermometer.run(widget.radius, widget.length, "tanh", "gaussian", 1)
    assert f"{gradient_norms(hs, W_h)[0]:.0e}" in widget.picture().alt
