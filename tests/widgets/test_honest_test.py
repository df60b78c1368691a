"""The widget "Honest test": the browser forecasts as the reference does, a leak gains what the page says, and hands
do what it says."""


import numpy as np
import pytest
from playwright.sync_api import expect

from unrolled.reference import fit_autoregression, standardise
from unrolled.widgets.honest_test import LARGEST, NAMES, PERIOD, HonestTest, best_order, forecasts, rmse
from unrolled.widgets.train_honest_test import LEAKS, SEEDS, SERIES, SPLITS, prepared, series_of, smoothed

SIMPLE = [kind for kind in NAMES if kind != "network"]


@pytest.fixture
def desk(js_module):
    """desk(kind, name, split, leak, order) is what the browser forecasts."""
    call, widget = js_module(HonestTest), HonestTest()
    networks = {name: {leak: call("unpackNetworks", widget.networks[name][leak]) for leak in LEAKS} for name in SERIES}
    return lambda kind, name, split, leak, order: call("forecasts", kind, widget.values[name], split, leak, order, networks[name][leak], widget.splits)


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("kind", NAMES)
def test_the_browser_forecasts_as_the_reference(desk, kind, leak, name):
    for split, order in [(SPLITS[0], LARGEST), (209, 2), (210, 9), (SPLITS[-1], 1)]:
        here = forecasts(kind, name, split, leak, order)
        there = desk(kind, name, split, leak, order)
        assert len(here) == (SEEDS if kind == "network" else 1) and len(here[0]) == len(series_of(name)) - split
        np.testing.assert_allclose(there, here, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("leak", LEAKS)
def test_the_browsers_least_squares_are_the_references(js_module, name, leak):
    call = js_module(HonestTest)
    for split in (SPLITS[0], SPLITS[-1]):
        xs, mean, std = prepared(series_of(name), split, leak)
        theirs = call("prepared", series_of(name), split, leak)
        np.testing.assert_allclose(theirs["xs"], xs, rtol=1e-9, atol=1e-9)
        assert (theirs["mean"], theirs["std"]) == pytest.approx((mean, std))
        for p in (1, 2, 9, LARGEST):
            coefficients, intercept = fit_autoregression(xs[:split], p)
            fitted = call("fitAutoregression", xs[:split], p)
            np.testing.assert_allclose(fitted["coefficients"], coefficients, rtol=1e-6, atol=1e-6)
            assert fitted["intercept"] == pytest.approx(intercept, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("split", [SPLITS[0], 209, SPLITS[-1]])
def test_the_browser_chooses_the_order_that_the_reference_chooses(js_module, name, split):
    call, series = js_module(HonestTest), series_of(name)
    for fitted, judged in [(split * 4 // 5, split), (split, len(series))]:
        assert call("bestOrder", series, fitted, judged) == best_order(series, fitted, judged)


def test_smoothing_lets_each_value_know_a_third_of_the_next_and_scaling_knows_the_whole():
    series = series_of("sunspots")
    later = series.copy()
    later[210] += 3
    np.testing.assert_allclose(smoothed(later)[209] - smoothed(series)[209], 1)
    np.testing.assert_allclose(smoothed(later)[:209], smoothed(series)[:209])
    np.testing.assert_allclose(prepared(series, 210, "none")[0], standardise(series[:210, None], series[:, None])[1][:, 0])
    assert prepared(series, 210, "scale")[1] == pytest.approx(series.mean()) != prepared(series, 210, "none")[1]


@pytest.mark.parametrize("kind", NAMES)
def test_an_honest_forecast_knows_nothing_of_what_comes_after_it(monkeypatch, kind):
    """The future is made another, and a forecast stays; with the leaks it does not, but for what is fitted
    alike in any units."""
    before = {leak: forecasts(kind, "sunspots", 210, leak, 9) for leak in LEAKS}
    changed = series_of("sunspots") + 50 * (np.arange(309) >= 230)
    monkeypatch.setattr("unrolled.widgets.honest_test.series_of", lambda name: changed)
    same = {leak: all(np.allclose(a[:20], b[:20]) for a, b in zip(before[leak], forecasts(kind, "sunspots", 210, leak, 9), strict=True)) for leak in LEAKS}
    assert same["none"]
    assert same["scale"] == (kind != "network")
    assert same["smooth"], "a neighbour is one step away"
    after = forecasts(kind, "sunspots", 210, "smooth", 9)
    assert all(np.isclose(a[20], b[20]) for a, b in zip(before["smooth"], after, strict=True)) == (kind == "seasonal")


@pytest.mark.parametrize(("honest", "leaked", "word"), [
    ([2.0], [1.0], "less"), ([1.0], [2.0], "more"), ([1.0], [1.0 + 1e-12], "nothing"), ([1.0], [1.0 - 1e-12], "nothing"),
    ([2, 3, 4], [1, 1.5, 1.9], "less"), ([2, 3, 4], [1, 2, 3], "nothing"), ([2, 3, 4], [5, 6, 7], "more"),
])
def test_a_gain_is_one_where_no_run_of_the_one_is_among_those_of_the_other(js_module, honest, leaked, word):
    assert js_module(HonestTest)("effect", honest, leaked) == word


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("name", SERIES)
def test_scaling_by_the_whole_series_gains_nothing_where_least_squares_or_a_shift_forecast(name, split):
    for kind in SIMPLE:
        honest, leaked = (forecasts(kind, name, split, leak, 9)[0] for leak in ("none", "scale"))
        np.testing.assert_allclose(leaked, honest, rtol=1e-6, atol=1e-6)


def test_the_committed_networks_are_as_good_as_the_page_says():
    target = series_of("sunspots")[210:]
    errors = [rmse(run, target) for run in forecasts("network", "sunspots", 210, "none", 1)]
    assert np.median(errors) < 0.7 * rmse(series_of("sunspots")[209:-1], target)


def test_the_season_and_the_years_are_the_suns():
    spots = series_of("sunspots")
    assert HonestTest().first["sunspots"] == 1700 and len(spots) == 309
    spectrum = np.abs(np.fft.rfft(spots - spots.mean()))
    assert len(spots) / spectrum.argmax() == pytest.approx(PERIOD, abs=0.5)


@pytest.fixture
def widget(mounted):
    return mounted(HonestTest(), height=1000)


def test_a_drag_on_the_series_moves_the_split_and_stops_where_it_must(widget, status):
    slider = widget.get_by_role("slider", name="Split after")
    box = widget.locator(".u-panel svg").first.bounding_box()
    widget.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    widget.mouse.down()
    for share, split in [(0.6, 186), (0.8, 247), (0.99, SPLITS[-1]), (0.1, SPLITS[0])]:
        widget.mouse.move(box["x"] + share * box["width"], box["y"] + 60)
        status()
        assert int(slider.input_value()) == pytest.approx(split, abs=2)
    widget.mouse.up()
    assert "training from 1700 to 1849, test from 1850" in widget.locator(".u-panel svg").first.get_attribute("aria-label")


def test_the_split_moves_by_keyboard_a_year_at_a_time(widget, settle):
    slider = widget.get_by_role("slider", name="Split after")
    slider.focus()
    widget.keyboard.press("ArrowLeft")
    settle()
    assert slider.input_value() == "209"
    assert "trained to 1889" in widget.locator(".u-panel svg").last.get_attribute("aria-label"), "the networks say until when they were trained"


def test_whoever_is_drawn_is_the_one_that_is_spoken_of(widget, status, unfold):
    unfold()
    for words, said in [("persistence", "persistence errs by 29.8, 1.00"), ("seasonal naive", "seasonal naive errs"), ("recurrent network", "the middle one of 5 networks errs")]:
        widget.get_by_label(words, exact=True).check()
        assert said in status()


def test_who_is_pressed_among_the_errors_is_drawn(widget, status):
    errors = widget.locator(".u-panel svg").last
    for place, said in [(0, "persistence errs"), (3, "the middle one of 5 networks errs"), (2, "an autoregression of order 2 errs")]:
        errors.click(position={"x": 40, "y": 18 + 42 * place + 20})
        assert said in status()


def test_the_honest_figure_stands_there_with_every_leak(widget, status):
    for leak in ("nothing", "scale before splitting", "smooth before splitting", "order by the test"):
        widget.get_by_label(leak).check()
        assert status().startswith("Honest: an autoregression of order 2 errs by 20.4, 0.69 times persistence's.")
        assert status().partition("With the leak ")[2] == {
            "nothing": "", "scale before splitting": "20.4, no gain at all.", "smooth before splitting": "11.5, a false gain of 44%.",
            "order by the test": "17.7, a gain of 13% that no data are left to test.",
        }[leak]


def test_while_the_order_is_chosen_nobody_else_chooses_it(widget, settle):
    slider = widget.get_by_role("slider", name="Order")
    widget.get_by_label("order by the test").check()
    expect(slider).to_be_disabled()
    widget.get_by_label("nothing").check()
    expect(slider).to_be_enabled()


def test_a_season_that_long_ago_is_no_leak(widget, status, unfold):
    unfold()
    widget.get_by_label("seasonal naive", exact=True).check()
    widget.get_by_label("smooth before splitting").check()
    assert status().endswith("With the leak 31.0, a true gain of 6%: 11 back, both neighbours are known.")


@pytest.mark.parametrize("leak", ["none", "order"])
def test_a_drag_is_drawn_once_a_change_at_most(mounted, settle, leak):
    page = mounted(HonestTest(leak=leak))
    page.evaluate("window.drawn = 0; addEventListener('unrolled:drawn', () => drawn++)")
    splits = range(SPLITS[0], SPLITS[-1], 5)
    for split in splits:
        page.get_by_role("slider", name="Split after").fill(str(split))
        settle()
    assert 20 < page.evaluate("drawn") <= len(splits)


def test_the_picture_is_the_state_the_reader_meets_first():
    picture = HonestTest().picture()
    assert "From 1910 on" in picture.alt and "persistence 29.8, seasonal naive 32.8, autoregression 20.4, networks " in picture.alt
    assert "<svg" in picture.svg()
