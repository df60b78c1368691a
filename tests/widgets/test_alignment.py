"""The widget "Alignment": the browser's networks are Python's, a held weight stays, and the dates come out
as the page says."""

import datetime

import numpy as np
import pytest
from playwright.sync_api import expect

from unrolled.dates import FORMS, LANGUAGES, LETTERS, write
from unrolled.widgets.alignment import Alignment, hold, parse_held, run, tokens_of
from unrolled.widgets.train_alignment import load, share_right

TEXTS = ["saturday, 5 march 2033", "12 févr. 2069", "x", "", "31.12.1999 und ein Wort mehr als nötig"]
HELD = {
    "": {}, "10:11:0.9": {9: (10, 0.9)}, "1:1:2,3:40:-1": {0: (0, 1.0), 2: (39, 0.0)},
    "11:1:1,0:1:1,2:0:1,2:1,x,4:5:nan,4:5:": {}, "5:6:.5,5:7:1": {4: (6, 1.0)},
}


@pytest.fixture
def alone(js_module):
    """alone("attention", tokens, held) is what the browser's network writes."""
    call = js_module(Alignment)
    networks = {kind: call("unpackNetwork", packed) for kind, packed in Alignment().networks.items()}
    return lambda kind, tokens, held: call("run", networks[kind], tokens, held)


@pytest.mark.parametrize("kind", ["attention", "vector"])
@pytest.mark.parametrize("text", TEXTS)
def test_the_browser_writes_what_python_writes(alone, kind, text):
    held = parse_held("2:3:0.7,9:1:1")
    written, probabilities, weights = run(load(kind), tokens_of(text), held)
    theirs = alone(kind, tokens_of(text), {row: list(place) for row, place in held.items()})
    assert theirs["written"] == written.tolist()
    np.testing.assert_allclose(theirs["probabilities"], probabilities, atol=1e-6)
    if kind == "attention":
        np.testing.assert_allclose(theirs["weights"], weights, atol=1e-6)
        np.testing.assert_allclose(weights.sum(axis=1), 1)
    else:
        assert theirs["weights"] is None and weights is None


@pytest.mark.parametrize("text", HELD)
def test_what_is_held_reads_the_same_here_and_there(js_module, text):
    assert parse_held(text) == HELD[text]
    assert js_module(Alignment)("parseHeld", text) == {str(row): list(place) for row, place in HELD[text].items()}


@pytest.mark.parametrize("text", TEXTS)
def test_tokens_are_the_same_here_and_there(js_module, text):
    assert js_module(Alignment)("tokensOf", text, LETTERS) == tokens_of(text).tolist()


def test_a_weight_in_hand_leaves_the_others_their_shares():
    weights = hold(np.array([0.2, 0.6, 0.2]), 1, 0.2)
    np.testing.assert_allclose(weights, [0.4, 0.2, 0.4])
    np.testing.assert_allclose(hold(np.array([1.0]), 0, 0.3), [1.0])


def test_the_committed_networks_are_as_good_as_the_page_says():
    assert share_right(load("attention")) > 0.99
    assert 0.2 < share_right(load("vector")) < 0.45


def test_it_has_more_weights_than_the_one_that_looks_back():
    attention, vector = (sum(value.size for value in load(kind).values()) for kind in ("attention", "vector"))
    assert vector > attention


def test_letters_that_it_does_not_know_are_left_out(mounted, status):
    page = mounted(Alignment())
    page.get_by_label("Date", exact=True).fill("5 MARCH §2033")
    page.get_by_label("Character", exact=True).fill("10")
    assert "Character 10 is 5" in status()


def test_without_a_text_nothing_breaks(mounted, status):
    page = mounted(Alignment())
    page.get_by_label("Date", exact=True).fill("")
    assert "Character" in status()


def test_a_dragged_weight_is_held_until_it_is_let_go(mounted, status, unfold):
    page = mounted(Alignment())
    unfold()
    before = status()
    page.get_by_label("Its weight").fill("1")
    assert "1.00 on" in status() != before
    page.get_by_role("button", name="Let all go").click()
    assert status() == before
    expect(page.get_by_role("button", name="Let all go")).to_be_hidden()


@pytest.mark.parametrize(("source", "target"), Alignment().samples)
def test_a_sample_is_a_date_as_one_of_the_languages_writes_it(source, target):
    day = datetime.date.fromisoformat(target)
    assert source in {write(day, language, form) for language in LANGUAGES for form in FORMS}
