"""The widget "Unroll": its network in the browser is the reference's, and a reader's hands do what the page says."""


import numpy as np
import pytest

from unrolled.reference import rnn_forward, sample_tokens
from unrolled.text import ALPHABET, character_network, corpus, encode, split
from unrolled.training import one_hot
from unrolled.widgets.unroll import NAMED, Unroll, forward

STATES = [("the state of the function", 1.0, 1.0), ("zz., zz", 0.0, 0.3), ("a", 2.0, 2.0), (ALPHABET, 1.35, 0.7)]


@pytest.fixture
def network(js_module):
    """The network as the browser unpacks it, and the module's functions."""
    call = js_module(Unroll)
    return call, call("unpackNetwork", Unroll().network)


def test_eight_bits_arrive_as_the_same_numbers(network):
    for name, value in character_network().items():
        np.testing.assert_allclose(network[1][name], value.ravel(), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("text, scale, temperature", STATES)
def test_the_browser_reads_as_the_reference(network, text, scale, temperature):
    call, unpacked = network
    result = call("read", unpacked, call("encode", text, ALPHABET), scale, temperature)
    hs, ps = forward(text, scale, temperature)
    np.testing.assert_allclose(result["hs"], hs, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(result["ps"], ps, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("first, temperature", [("q", 0.3), (" ", 1.0), (",", 2.0)])
def test_the_browser_writes_what_the_reference_writes(network, rng, first, temperature):
    call, unpacked = network
    u, token = rng.random(40), int(encode(first)[0])
    result = call("write", unpacked, token, u, 1.0, temperature)
    W_x, W_h, b, W_y, b_y = character_network().values()
    expected = sample_tokens(np.zeros((1, 64)), token, u, W_x, W_h, b, W_y, b_y, temperature)
    assert result["tokens"] == [token, *expected]


def test_draws_are_uniform_and_depend_on_the_seed(js_module):
    call = js_module(Unroll)
    draws = np.array(call("uniform", 1, 5000))
    assert draws.min() >= 0 and draws.max() < 1 and abs(draws.mean() - 0.5) < 0.02
    assert call("uniform", 1, 5) == draws[:5].tolist() != call("uniform", 2, 5)


def test_other_signs_are_read_as_spaces(js_module):
    assert js_module(Unroll)("encode", "A-é,", ALPHABET) == encode("a  ,").tolist()


@pytest.fixture
def widget(mounted, unfold, settle):
    page = mounted(Unroll(step=18), height=900)
    unfold()
    settle()
    return page


def note(page):
    return page.locator("#unroll .u-stage > p").inner_text()


def test_typing_is_read_to_its_end_and_its_cost_is_the_references(widget, settle):
    widget.get_by_label("Text").fill("it is an int")
    settle()
    _, ps = forward("it is an int")
    tokens = encode("it is an int")
    bits = -np.log2(ps[np.arange(len(tokens) - 1), tokens[1:]]).mean()
    assert f"costs the network {bits:.2f} bits" in note(widget)
    assert widget.get_by_role("slider", name="Step").input_value() == "12"


def test_an_empty_text_asks_for_one_and_breaks_nothing(widget, settle):
    widget.get_by_label("Text").fill("")
    settle()
    assert "Type a text" in note(widget)


def test_signs_that_the_network_does_not_know_are_named(widget, settle):
    widget.get_by_label("Text").fill("Héé, 😀!")
    settle()
    assert note(widget).endswith("Read as spaces: é 😀 !")
    widget.get_by_label("Text").fill("hello, you.")
    settle()
    assert "Read as spaces" not in note(widget)


def test_a_capital_that_is_two_small_letters_is_read_to_its_end(widget, settle):
    widget.get_by_label("many to one").check()
    widget.get_by_label("Text").fill("İstanbul")
    settle()
    assert widget.get_by_role("slider", name="Step").input_value() == "9"
    assert "at the last step" not in note(widget)


def test_the_status_line_is_shown_at_once_and_read_aloud_once_the_reader_pauses(widget, settle):
    line, voice = widget.locator("#unroll .u-status"), widget.locator("#unroll .u-spoken")
    settle()
    assert line.inner_text().startswith("Step 18:")
    assert voice.get_attribute("role") == "status" and voice.inner_text() == ""         # a beginning is not read aloud
    widget.get_by_role("button", name="Back").click()
    settle()
    assert line.inner_text().startswith("Step 17:")
    widget.wait_for_function("document.querySelector('#unroll .u-spoken').textContent.startsWith('Step 17:')")


def test_reset_stops_the_player(widget):
    widget.get_by_role("button", name="Play").click()
    widget.get_by_role("button", name="Reset").click()
    widget.wait_for_timeout(800)        # two steps' time
    assert widget.get_by_role("slider", name="Step").input_value() == "18"
    assert widget.get_by_role("button", name="Play").is_visible()


def test_arrow_keys_step_and_play_runs_to_the_end(widget):
    steps = widget.get_by_role("slider", name="Step")
    steps.focus()
    widget.keyboard.press("ArrowLeft")
    assert steps.input_value() == "17"
    widget.get_by_label("Text").fill("abc")
    widget.get_by_role("button", name="Play").click()
    widget.wait_for_function("document.querySelector('#unroll input[type=range]').value === '3'")


def test_a_finger_on_the_strip_picks_the_step(mounted, settle):
    widget = mounted(Unroll())
    box = widget.locator("#unroll .u-stage canvas").first.bounding_box()
    widget.mouse.move(box["x"] + 3, box["y"] + 50)
    widget.mouse.down()
    settle()
    assert widget.get_by_role("slider", name="Step").input_value() == "1"
    column = box["width"] / (box["width"] // 13)        # as many as there is room for, 13 pixels or more each
    widget.mouse.move(box["x"] + 4.5 * column, box["y"] + 50)
    widget.mouse.up()
    settle()
    assert widget.get_by_role("slider", name="Step").input_value() == "5"


def test_many_to_one_answers_at_the_end_only(widget, settle):
    bars = widget.locator("#unroll svg").last
    widget.get_by_label("many to one").check()
    settle()
    assert "Probabilities" in bars.get_attribute("aria-label")
    widget.get_by_role("button", name="Back").click()
    settle()
    assert bars.get_attribute("aria-label") == "No output is read at this step."


def test_one_to_many_writes_again_from_another_draw(widget, settle):
    widget.get_by_label("one to many").check()
    settle()
    before = note(widget)
    assert before.startswith("Written from “t”: ") and len(before) > 50
    widget.get_by_role("button", name="Draw again").click()
    settle()
    assert note(widget) != before


def test_without_the_recurrent_weights_equal_letters_get_equal_guesses(widget, settle):
    widget.get_by_role("button", name="zzzzzzzz").click()
    widget.get_by_label("Recurrent scale").fill("0")
    settle()
    row = widget.locator("#unroll svg text[text-decoration]").all_inner_texts()
    assert len(row) == 8 and len(set(row)) == 1


def test_a_drag_is_drawn_once_a_change_at_most(widget, settle):
    widget.evaluate("window.drawn = 0; addEventListener('unrolled:drawn', () => drawn++)")
    for value in np.linspace(0, 2, 41):
        widget.get_by_label("Recurrent scale").fill(f"{value:.2f}")
        settle()
    assert 20 < widget.evaluate("drawn") <= 41


def test_the_widget_starts_empty_and_play_tells_it(mounted, settle):
    page = mounted(Unroll())
    settle()
    marks = page.locator("#unroll .u-surprise")
    assert page.locator("#unroll .u-status").inner_text() == "Nothing is read yet. Press Play." and marks.count() == 0
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('#unroll input[type=range]').value === '3'")
    page.get_by_role("button", name="Pause").click()
    assert marks.count() >= 2


def test_a_letter_is_shaded_as_much_as_it_surprises(mounted, js_module):
    text, alphabet = "it is zqk", Unroll().alphabet
    call = js_module(Unroll)
    network, tokens = call("unpackNetwork", Unroll().network), encode(text)
    _, ps = forward(text)
    expected = -np.log2(ps[np.arange(len(tokens) - 1), tokens[1:]])
    np.testing.assert_allclose(call("surprises", tokens.tolist(), call("read", network, call("encode", text, alphabet))["ps"]), expected, rtol=1e-6)
    page = mounted(Unroll(text=text, step=len(text)))
    fills = page.locator("#unroll .u-surprise").evaluate_all("all => all.map(mark => Number(mark.getAttribute('fill').match(/([0-9]+)%/)[1]))")
    np.testing.assert_allclose(fills, 45 * np.clip(expected / 8, 0, 1), atol=0.51)
    assert max(fills) > 30 > 10 > min(fills)


def test_the_named_units_follow_what_they_are_named_after_most_closely():
    tokens = split(encode(corpus()))[0][:20_000]
    network = character_network()
    hs = rnn_forward(one_hot(tokens, len(ALPHABET), float)[:, None], np.zeros((1, 64)), *list(network.values())[:3])[:, 0]
    letter, space = (tokens > 0) & (tokens < 27), tokens == 0
    depth = np.zeros(len(tokens))
    for t in range(1, len(tokens)):
        depth[t] = min(depth[t - 1] + 1, 8) if letter[t] else 0
    follows = {
        "a word begins": letter & (np.roll(tokens, 1) == 0), "a space": space, "a vowel": np.isin(tokens, encode("aeiou")), "deep in a word": depth,
    }
    assert follows.keys() == {name for _, name, _ in NAMED}
    for unit, name, _ in NAMED:
        closeness = [abs(np.corrcoef(values, follows[name])[0, 1]) for values in hs.T]
        assert np.argmax(closeness) == unit and closeness[unit] > 0.5, name


def test_the_other_units_stand_from_the_calm_to_the_restless(js_module):
    call = js_module(Unroll)
    hs, _ = forward("the state of the function")
    change = np.abs(np.diff(hs, axis=0)).sum(axis=0)
    order = call("calmFirst", call("unpackNetwork", Unroll().network), encode("the state of the function").tolist(), [39, 2])
    assert order == [j for j in np.argsort(change).tolist() if j not in (39, 2)]


def test_the_picture_is_the_state_the_reader_meets_first_or_what_play_leads_to():
    assert "filled up to “the state”" in Unroll(step=9).picture().alt
    picture = Unroll().picture()
    assert f"filled up to “{Unroll().text}”" in picture.alt, "nothing is read at first, and paper cannot play"
    assert picture.svg().startswith("<svg")
