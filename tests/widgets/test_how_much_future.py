"""The widget "How much future": the browser's networks are the reference's, they learned their task, hands do
what the page says."""


import numpy as np
import pytest

from unrolled.boundaries import boundary_scores
from unrolled.text import unspaced
from unrolled.widgets.how_much_future import HowMuchFuture, depends, read
from unrolled.widgets.train_how_much_future import BOTH, LATEST, cell_of, late_of, load

TEXTS = ["so the values are assigned", "a", "zzzz qqqq zzzz qqqq zzzz qqqq zz", "Re-Use, İt!"]


@pytest.fixture
def desk(js_module):
    """The module's functions, and the networks as the browser unpacks them."""
    call = js_module(HowMuchFuture)
    return call, call("unpackNetworks", HowMuchFuture().networks)


def as_floats(values):
    return [np.nan if value is None else value for value in values]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("place", range(BOTH + 1))
def test_the_browser_reads_as_the_reference(desk, place, text):
    call, networks = desk
    tokens, _ = unspaced(text)
    states, ps = read(place, tokens)
    result = call("read", networks[place], tokens, late_of(place))
    np.testing.assert_allclose(result["hs"], states, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(as_floats(result["ps"]), ps, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("place", [0, 3, LATEST, BOTH])
@pytest.mark.parametrize("letter", [0, 9, 15])
def test_what_an_answer_depends_on_is_the_references(desk, place, letter):
    call, networks = desk
    tokens, _ = unspaced(TEXTS[0])
    shares = depends(place, tokens, letter)
    np.testing.assert_allclose(call("depends", networks[place], tokens, late_of(place), letter), shares, rtol=1e-5, atol=1e-9)
    unseen = shares[letter + late_of(place) + 1 :]
    assert (unseen > 0).any() if place == BOTH else not unseen.any()


def test_nothing_answers_about_the_last_letters_when_it_is_late(desk):
    call, networks = desk
    tokens, _ = unspaced("in the class")
    assert [p is None for p in call("read", networks[3], tokens, 3)["ps"]] == [False] * 7 + [True] * 3
    assert call("depends", networks[3], tokens, 3, 8) is None
    assert call("read", networks[BOTH], [], 0)["ps"] == []


@pytest.mark.parametrize("text", [*TEXTS, "", " 42 ", "in the"])
def test_the_browser_takes_spaces_out_as_python_does(js_module, text):
    tokens, ends = unspaced(text)
    assert js_module(HowMuchFuture)("unspaced", text) == {"tokens": tokens.tolist(), "ends": (ends == 1).tolist()}


def test_the_committed_networks_are_as_good_as_the_page_says():
    networks = load()
    scores = [boundary_scores(cell_of(place), network, late_of(place))[1] for place, network in enumerate(networks)]
    # other Pythons' texts differ a little
    assert scores == pytest.approx([0.72, 0.80, 0.83, 0.85, 0.85, 0.84, 0.83, 0.86], abs=0.03)
    counts = [sum(value.size for value in network.values()) for network in networks]
    assert max(counts) - min(counts) == 8


@pytest.fixture
def widget(mounted):
    return mounted(HowMuchFuture(), height=1000)


def test_what_is_read_is_written_with_its_spaces_and_scored_against_the_readers(widget, settle):
    reading = widget.locator("#how_much_future .u-stage > p")
    settle()
    assert reading.inner_text().startswith("It reads: s othevalue s are as signed (2 of 4 ends found, 3 false)")
    widget.get_by_role("slider", name="Future").fill("1")
    settle()
    assert reading.inner_text().startswith("It reads: so the values are assigned (4 of 4 ends found, 0 false)")
    widget.get_by_role("textbox", name="Text").fill("sothevalue")
    settle()
    assert "found" not in reading.inner_text()


def test_the_letter_stays_within_the_text(widget, status):
    widget.get_by_role("textbox", name="Text").fill("if so")
    assert "letter 4, “o”" in status()
    assert widget.get_by_role("slider", name="Letter").input_value() == "4"
    widget.get_by_role("slider", name="Future").fill("2")
    assert status().startswith("The text ends before a network that is 2 late can answer about letter 4")


@pytest.mark.parametrize("text", ["", "42 ..."])
def test_a_text_without_letters_asks_for_one_and_breaks_nothing(widget, settle, text):
    widget.get_by_role("textbox", name="Text").fill(text)
    settle()
    assert "Type a text" in widget.locator("#how_much_future .u-stage > p").inner_text()
    widget.get_by_role("slider", name="Future").fill("7")
    settle()


def test_the_slider_says_its_place_in_words_and_by_keyboard(widget, settle):
    slider = widget.get_by_role("slider", name="Future")
    slider.focus()
    widget.keyboard.press("End")
    settle()
    assert slider.get_attribute("aria-valuetext") == "both ways"
    widget.keyboard.press("ArrowLeft")
    settle()
    assert slider.get_attribute("aria-valuetext") == f"{LATEST} late"


def test_a_press_picks_the_letter_under_it(widget, status):
    box = widget.locator(".u-panel svg").bounding_box()
    for letter in (1, 12, 22):
        widget.mouse.click(box["x"] + (letter - 0.5) * box["width"] / 22, box["y"] + 90)
        assert f"letter {letter}, " in status()


def test_a_drag_is_drawn_once_a_change_at_most(widget, settle):
    widget.evaluate("window.drawn = 0; addEventListener('unrolled:drawn', () => drawn++)")
    widget.get_by_role("textbox", name="Text").fill("instance" * 4)
    places = 5 * list(range(BOTH + 1))
    for place in places:
        widget.get_by_role("slider", name="Future").fill(str(place))
        settle()
    assert 20 < widget.evaluate("drawn") <= len(places) + 1


def test_the_picture_is_the_state_the_reader_meets_first():
    picture = HowMuchFuture().picture()
    assert "It reads: s othevalue s are as signed." in picture.alt and "<svg" in picture.svg()
