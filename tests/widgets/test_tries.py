"""What each widget tells its reader to try is tried, with a reader's hands, and what it promises is
read off in numbers."""

import re

import numpy as np
import pytest

from unrolled.text import encode
from unrolled.widgets import alignment, honest_test, unroll
from unrolled.widgets.alignment import Alignment
from unrolled.widgets.credit import Credit, T
from unrolled.widgets.gate_desk import GateDesk
from unrolled.widgets.honest_test import LARGEST, HonestTest
from unrolled.widgets.how_much_future import HowMuchFuture
from unrolled.widgets.thermometer import Thermometer
from unrolled.widgets.train_honest_test import SPLITS
from unrolled.widgets.train_window import DELAYS, WINDOWS
from unrolled.widgets.two_dials import TwoDials, held
from unrolled.widgets.unroll import Unroll
from unrolled.widgets.window import Window

WIDGETS = (Window, Unroll, Credit, Thermometer, GateDesk, TwoDials, HowMuchFuture, Alignment, HonestTest)
TRIED = set()
FLAT = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹\N{NO-BREAK SPACE}", "--0123456789 ")


def tries(widget, beginning):
    """Mark a test as the one of a thing to try, given by its first words; a thing to try that is worded anew
    is looked at anew."""
    (words,) = [words for words in widget.tries if words.startswith(beginning)]
    TRIED.add((widget, words))
    return lambda test: test


def numbers(text):
    """All numbers in a text as a widget writes them: −0.14, 3.1 × 10⁻¹²."""
    found = re.findall(r"(-?\d+(?:\.\d+)?)(?: × 10(-?\d+))?", text.translate(FLAT))
    return [float(digits) * 10.0 ** int(power or 0) for digits, power in found]


def test_everything_to_try_is_tried():
    assert {(widget, words) for widget in WIDGETS for words in widget.tries} == TRIED


# --- Window


@pytest.fixture
def error_at(page, status):
    """error_at(k=3, delay=2) sets these sliders and says what error the widget then states."""
    labels = {"k": "Window k", "delay": "Delay"}

    def read(**sliders):
        for name, value in sliders.items():
            page.get_by_label(labels[name]).fill(str(value))
        return numbers(status().split("error")[1])[0]

    return read


@tries(Window, "Take the window by its left end")
def test_one_step_past_the_delay_the_error_is_gone(mounted, error_at):
    page = mounted(Window())
    assert page.get_by_label("Window k").input_value() == "1"
    delay = int(page.get_by_label("Delay").input_value())
    strip, knob = (page.locator(".u-panel").locator(what).first.bounding_box() for what in ("svg", "[data-grip=k] circle"))
    x, y = knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2
    column = (strip["width"] - 28) / 27
    page.mouse.move(x, y)
    page.mouse.down()
    errors = [error_at()]
    for k in WINDOWS[1:]:
        page.mouse.move(x - (k - 1) * column, y)
        errors.append(error_at())
        assert page.get_by_label("Window k").input_value() == str(k)
    page.mouse.up()
    assert min(errors[:delay]) > 0.8 and max(errors[delay:]) < 0.02


@tries(Window, "Now drag the delay up")
def test_for_every_window_there_is_a_delay_that_defeats_it(mounted, error_at):
    mounted(Window())
    for k in WINDOWS:
        error_at(k=k)
        assert error_at(delay=DELAYS[0]) < 0.02 and error_at(delay=DELAYS[-1]) > 0.8, k


@tries(Window, "Shuffle the inputs")
def test_a_shuffle_inside_the_window_makes_the_net_fail_wherever_it_had_heard_the_echo(mounted, error_at, unfold):
    page = mounted(Window())
    unfold()
    page.get_by_label("Shuffle each window").check()
    for delay in DELAYS:
        error_at(delay=delay)
        for k in range(max(2, delay + 1), len(WINDOWS) + 1):
            assert error_at(k=k) > 1, (k, delay)


@tries(Window, "Let the net see only")
def test_the_sum_does_not_notice_a_shuffle(mounted, error_at, unfold):
    page = mounted(Window())
    unfold()
    page.get_by_label("only its sum").check()
    ordered = [error_at(k=k) for k in WINDOWS]
    page.get_by_label("Shuffle each window").check()
    assert [error_at(k=k) for k in WINDOWS] == ordered


# --- Unroll


@pytest.fixture
def read(page, settle):
    """read() is what stands on the strip: the inputs, and what is expected after each of them or was drawn."""

    def look():
        settle()
        letters = page.locator(".u-panel svg").first.locator("text").evaluate_all("all => all.map(text => [Number(text.getAttribute('y')), text.textContent, text.getAttribute('text-decoration')])")
        rows = {y: [(letter, mark) for at, letter, mark in letters if at == y] for y, *_ in letters}
        return [letter for letter, _ in rows[max(y for y, row in rows.items() if len(row) > 4)]], rows.get(34, [])

    return look


def ink(drawing):
    """All pixels of a canvas."""
    return drawing.evaluate("canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]")


@tries(Unroll, "Press Play")
@tries(Unroll, "Under More stand the three weights")
def test_the_state_fills_from_left_to_right_and_the_weights_stay(mounted, settle, unfold):
    page = mounted(Unroll(step=2), width=1000)
    unfold()
    settle()
    states, *weights = page.locator("#unroll canvas").all()
    before = [ink(weight) for weight in weights]

    def filled():
        alpha = np.array(ink(states)).reshape(int(states.get_attribute("height")), -1, 4)[:, :, 3]
        return alpha.any(axis=0).tolist()

    start = filled()
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('#unroll input[type=range]').value === '6'")
    page.get_by_role("button", name="Pause").click()
    settle()
    now = filled()
    assert start == sorted(start, reverse=True) and now == sorted(now, reverse=True), "from left to right"
    assert sum(start) == 2 and sum(now) >= 6
    assert len(weights) == 3 and [ink(weight) for weight in weights] == before
    assert page.locator("#unroll .u-surprise").count() >= 5, "each letter but the first says what it cost"


@tries(Unroll, "Set the recurrent scale to 0")
def test_without_the_recurrent_weights_every_t_is_followed_by_the_same_guess(mounted, read):
    page = mounted(Unroll(step=25), width=1000)

    def after_t():
        inputs, expected = read()
        return {letter for read, (letter, _) in zip(inputs, expected, strict=True) if read == "t"}

    assert len(after_t()) > 1
    page.get_by_label("Recurrent scale").fill("0")
    assert len(after_t()) == 1


@tries(Unroll, "Type your own text")
def test_underlined_is_what_the_network_had_guessed(mounted, read):
    page = mounted(Unroll(), width=1000)
    page.get_by_label("Text").fill("the value of the")
    tokens = encode("the value of the")
    _, ps = unroll.forward("the value of the", 1.0, 1.0)
    guessed = ps.argmax(axis=1)
    _, expected = read()
    assert [mark == "underline" for _, mark in expected[:-1]] == (guessed[:-1] == tokens[1:]).tolist()
    assert any(mark == "underline" for _, mark in expected)


@tries(Unroll, "Choose one to many")
def test_at_a_low_temperature_it_writes_what_it_thinks_likely(mounted, settle, unfold):
    page = mounted(Unroll(), width=1000)
    unfold()
    page.get_by_label("one to many").check()

    def written(temperature, draws=4):
        page.get_by_label("Temperature").fill(temperature)
        texts = []
        for _ in range(draws):
            page.get_by_role("button", name="Draw again").click()
            settle()
            texts.append(page.locator("#unroll .u-stage > p").inner_text().split("”: ")[1])
        return texts

    def surprise(text):         # bits a character, at temperature 1
        text = "t" + text.ljust(40)
        _, ps = unroll.forward(text, 1.0, 1.0)
        return -np.log2(ps[np.arange(40), encode(text)[1:]]).mean()

    cold, hot = written("0.3"), written("1.5")
    assert len({*cold, *hot}) == 8
    assert max(map(surprise, cold)) < min(map(surprise, hot))


# --- Credit


@pytest.fixture
def gradients(page, settle):
    """gradients() is the gradient with respect to the state, by step, as the drawing's words have it."""

    def read():
        settle()
        words = page.locator(".u-panel svg").first.get_attribute("aria-label").translate(FLAT)
        return {int(step): numbers(value)[0] for step, value in re.findall(r"step (\d+): (.+?)(?:, |\.$)", words)}

    return read


def factors(page):
    """What stands on the arrows from state to state as the factor that the gradient was multiplied
    by, from step 1 on."""
    words = page.locator(".u-panel svg").first.locator("text", has_text="×").evaluate_all(
        "all => all.map(text => [Number(text.getAttribute('x')), Number(text.getAttribute('y')), text.textContent])")
    level = min(y for _, y, words in words if words.startswith("× "))
    return [numbers(text.removeprefix("× "))[0] for _, y, text in sorted(words) if y == level]


def credit(mounted, **state):
    page = mounted(Credit(**state), width=1000)
    page.locator(".u-fold > summary").click()
    page.emulate_media(reduced_motion="reduce")
    return page


@tries(Credit, "Press Play")
def test_numbers_run_forward_then_the_gradient_comes_back(mounted, status, gradients):
    page = credit(mounted, step=0)
    page.get_by_label("Step", exact=True).focus()
    said = []
    for _ in range(2 * T + 1):
        page.keyboard.press("ArrowRight")
        said.append(status())
    assert [words.split()[1] for words in said[:T]] == [str(t) for t in range(1, T + 1)]
    assert said[T].startswith("The loss is measured")
    assert [re.search(r"Back at step (\d+)", words)[1] for words in said[T + 1 :]] == [str(t) for t in range(T, 0, -1)]
    there = gradients()
    assert len(there) == T
    for t, factor in enumerate(factors(page)[1:], start=2):
        assert there[t] * factor == pytest.approx(there[t - 1], abs=0.011), "slope times weight"
    page.get_by_label("Step", exact=True).fill("0")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("Number(document.querySelector('.u-player input').value) >= 2")


@tries(Credit, "Press another step")
def test_the_steps_after_the_loss_get_no_gradient(mounted, settle, gradients):
    page = credit(mounted)
    page.locator(".u-panel svg").first.get_by_text("5", exact=True).click()
    settle()
    page.get_by_label("Step", exact=True).fill("99")
    assert page.get_by_label("Loss at step").input_value() == "5"
    assert set(gradients()) == {1, 2, 3, 4, 5}


@tries(Credit, "Let a chunk have 3 steps")
def test_at_a_cut_the_way_back_ends_and_the_outlined_part_is_lost(mounted, gradients):
    page = credit(mounted)
    whole = gradients()
    page.get_by_label("Steps in a chunk").fill("3")
    cut = gradients()
    assert {t for t in cut if cut[t] != 0} == {7, 8} and all(whole.values())
    sums, *_ = page.locator(".u-panel svg").last.get_attribute("aria-label").split(". By step")
    kept, uncut = numbers(sums)
    assert abs(kept) < abs(uncut)
    assert page.locator(".u-panel svg").first.get_by_text("cut", exact=True).count() == 2
    assert page.locator(".u-panel svg rect[stroke-dasharray]").count() > 0


@tries(Credit, "Set the recurrent weight to 0.3")
def test_a_small_weight_ends_it_a_negative_one_alternates_and_at_2_tanh_is_flat(mounted, gradients):
    page = credit(mounted)

    def with_weight(value):
        page.get_by_label("Recurrent weight").fill(value)
        return gradients()

    start, small, negative, large = (with_weight(value) for value in ("0.9", "0.3", "-0.9", "2"))
    assert abs(small[1]) < 0.01 * abs(small[T]) and abs(small[1]) < abs(start[1])
    assert all(negative[t] * negative[t + 1] < 0 for t in range(1, T))
    assert abs(large[1]) < 1e-3 * abs(large[T])
    assert sum(factor < 0.3 for factor in factors(page)) >= 4, "the slopes are small, though the weight is 2"


@tries(Credit, "Now the input weight")
def test_the_gradient_grows_on_its_way_back(mounted, gradients):
    page = credit(mounted)
    page.get_by_label("Input weight").fill("0.1")
    page.get_by_label("Recurrent weight").fill("1.2")
    sizes = [abs(value) for _, value in sorted(gradients().items())]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] > 2 * sizes[-1]


@tries(Credit, "Ask for a loss at every step")
def test_each_state_adds_its_own_gradient_and_the_one_from_behind(mounted, settle):
    page = credit(mounted)
    page.get_by_label("A loss at every step").check()
    for t in range(1, T):
        page.get_by_label("Step", exact=True).fill(str(2 * T + 2 - t))
        settle()
        line = page.locator(".u-stage p").first.inner_text().translate(FLAT).split("=", 1)[1]
        own, handed, whole = (float(re.search(pattern, line)[1]) for pattern in (r"^ (-?[\d.]+) \(its loss", r"\+ \(?(-?[\d.]+)\)? \(step", r"= (-?[\d.]+)$"))
        assert own + handed == pytest.approx(whole, abs=0.011), t


# --- Thermometer


@pytest.fixture
def left(status):
    """left() is how many times as large the gradient is at the far end."""

    def read():
        words = status()
        return 1.0 if "as large as at the end" in words else numbers(words)[1]

    return read


def curve(page, hue):
    """The points of a drawn line; hue and dashes tell the lines apart."""
    d = page.locator(f".u-svg path.u-curve[style*='{hue}']").last.get_attribute("d")
    return np.array([[float(x), float(y)] for x, y in re.findall(r"[ML]([\d.-]+) ([\d.-]+)", d)])


@tries(Thermometer, "Take the curve by its end")
def test_below_1_the_gradient_is_lost_and_above_tanh_holds_it_back(mounted, left):
    page = mounted(Thermometer())
    radius = page.get_by_label("Spectral radius")
    for pull in (40, -60):
        before = float(radius.input_value())
        grip = page.locator("[data-grip=end] circle").last.bounding_box()
        page.mouse.move(grip["x"] + 7, grip["y"] + 7)
        page.mouse.down()
        page.mouse.move(grip["x"] + 7, grip["y"] + 7 + pull, steps=4)
        page.mouse.up()
        assert (float(radius.input_value()) - before) * -pull > 1
    ends = []
    for value in ("0.5", "0.8", "0.9", "0.95", "1"):
        radius.fill(value)
        ends.append(left())
    assert ends == sorted(ends) and ends[0] < 1e-80 and ends[3] < 1e-5
    radius.fill("1.5")
    held_back = left()
    page.get_by_label("none").check()
    assert held_back < 1e6 and left() > 1e50


@tries(Thermometer, "Choose no activation and drag again")
def test_only_near_1_is_it_neither_lost_nor_out_of_hand_and_the_curve_runs_beside_the_radius(mounted, left):
    page = mounted(Thermometer(), width=800)
    page.get_by_label("none").check()
    radius = page.get_by_label("Spectral radius")
    ends = {}
    for value in ("0.9", "0.95", "1", "1.05", "1.1"):
        radius.fill(value)
        ends[value] = left()
    assert ends["0.95"] < 1e-6 and 0.1 < ends["1"] < 10 and ends["1.05"] > 1e6
    radius.fill("0.9")
    left()
    measured, straight = curve(page, "--u-gradient"), curve(page, "--u-h)")
    slope = (measured[-1, 1] - measured[10, 1]) / (measured[-1, 0] - measured[10, 0])
    assert slope == pytest.approx((straight[1, 1] - straight[0, 1]) / (straight[1, 0] - straight[0, 0]), rel=0.02)


@tries(Thermometer, "Choose ReLU, identity weights")
def test_relu_and_identity_are_flat_at_1_and_at_no_other_radius(mounted, left, unfold):
    page = mounted(Thermometer())
    unfold()
    page.get_by_label("ReLU").check()
    page.get_by_label("identity").check()
    page.get_by_label("Spectral radius").fill("1")
    assert left() == 1 and np.ptp(curve(page, "--u-gradient")[:, 1]) == 0
    page.get_by_label("Spectral radius").fill("0.95")
    assert left() < 1e-6
    page.get_by_label("Spectral radius").fill("1.05")
    assert left() > 1e6


@tries(Thermometer, "Choose no activation, Gaussian weights")
def test_clipping_moves_the_curve_as_it_is_and_the_latest_steps_count_for_nothing(mounted, status, unfold):
    page = mounted(Thermometer(), width=800)
    unfold()
    page.get_by_label("none").check()
    page.get_by_label("Spectral radius").fill("1.3")
    status()
    before = curve(page, "--u-gradient")
    page.get_by_label("Clip to global norm 10").check()
    assert numbers(status().split("Clipping multiplies all of it by ")[1])[0] < 1e-30
    moved = curve(page, "--u-gradient")[:, 1] - before[:, 1]
    assert np.ptp(moved) < 0.2 and moved[0] > 50, "down, as one"


@tries(Thermometer, "Set 500 steps and radius 0.8")
def test_float32_has_nothing_left_far_back(mounted, status):
    page = mounted(Thermometer())
    page.get_by_label("Steps", exact=True).fill("500")
    page.get_by_label("Spectral radius").fill("0.8")
    lag = int(re.search(r"In float32 it is 0 from about (\d+) steps back on", status())[1])
    assert 400 < lag < 500


# --- Gate desk


@pytest.fixture
def at_step(page, settle):
    """at_step(12) goes to a step and says what stands there: i, f, g, o, c and y."""

    def read(step):
        page.get_by_label("Step", exact=True).fill(str(step))
        settle()
        words = page.locator(".u-panel svg").first.get_attribute("aria-label")
        return dict(zip("ifgocy", numbers(words)[1:], strict=True))

    return read


def drag_bar(page, name, down):
    """Drag the bar of a gate at the present step by so many pixels."""
    knob = page.locator(f".u-panel [data-grip={name}] circle").bounding_box()
    page.mouse.move(knob["x"] + 5, knob["y"] + 5)
    page.mouse.down()
    page.mouse.move(knob["x"] + 5, knob["y"] + 5 + down, steps=4)
    page.mouse.up()


def flagged(sequence):
    """The steps that store, and those that recall."""
    _, store, recall = np.array(GateDesk().sequences[sequence - 1]).T
    return [int(t) + 1 for t in np.flatnonzero(store)], [int(t) + 1 for t in np.flatnonzero(recall)]


@tries(GateDesk, "Press Play")
def test_the_input_gate_opens_to_a_store_the_forget_gate_shuts_and_the_output_gate_speaks_at_a_recall(mounted, at_step):
    page = mounted(GateDesk(step=1))
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("Number(document.querySelector('.u-player input').value) >= 2")
    page.get_by_role("button", name="Pause").click()
    stores, recalls = flagged(1)
    for step in range(1, 25):
        values = at_step(step)
        assert (values["i"] > 0.5) is (step in stores), step
        assert (values["f"] < 0.5) is (step in stores), step
        assert (values["o"] > 0.5) is (step in recalls), step


@tries(GateDesk, "Go to a step between a store and its recall")
def test_a_shut_forget_gate_makes_the_recall_say_nothing(mounted, at_step):
    page = mounted(GateDesk(), width=1000)
    stores, recalls = flagged(1)
    recall = next(step for step in recalls if step - max(store for store in stores if store < step) > 1)
    before = at_step(recall)["y"]
    at_step(recall - 1)
    drag_bar(page, "f", 40)
    assert abs(before) > 0.1 > 0.05 > abs(at_step(recall)["y"])


@tries(GateDesk, "Let all go")
def test_an_open_input_gate_at_a_quiet_step_lets_an_unmarked_number_in(mounted, at_step):
    page = mounted(GateDesk())
    quiet = 10
    assert quiet not in sum(flagged(1), [])
    before = at_step(quiet)
    drag_bar(page, "f", 40)
    assert abs(at_step(quiet)["c"]) < 0.02 < abs(before["c"])
    page.get_by_role("button", name="Let all go").click()
    assert at_step(quiet) == before
    drag_bar(page, "i", -40)
    assert at_step(quiet)["c"] == pytest.approx(before["f"] * at_step(quiet - 1)["c"] + before["g"], abs=0.02)
    assert abs(at_step(quiet)["c"] - before["c"]) > 0.05


@tries(GateDesk, "Ask to hold it at every step")
def test_an_output_gate_that_is_always_open_lets_the_cell_be_heard_all_the_time(mounted, at_step):
    page = mounted(GateDesk())
    cells = [at_step(step)["c"] for step in range(1, 25)]
    page.get_by_label("Hold it at every step").check()
    drag_bar(page, "o", -60)
    opened = [at_step(step) for step in range(1, 25)]
    np.testing.assert_allclose([values["c"] for values in opened], cells, atol=0.02)
    W_y, b_y = (np.squeeze(GateDesk().network[name]) for name in ("W_y", "b_y"))
    np.testing.assert_allclose([values["y"] for values in opened], np.tanh(cells) * W_y + b_y, atol=0.1)


@tries(GateDesk, "Unfold the forget bias")
def test_with_a_small_forget_bias_the_half_life_is_short_and_late_recalls_fail(mounted, status):
    page = mounted(GateDesk())
    page.get_by_text("The forget bias, and how long a memory lasts").click()

    def half_life():
        return numbers(page.locator(".u-panel").get_by_text("half of a memory is left").inner_text())[-1]

    off = numbers(status())[-1]
    long = half_life()
    page.get_by_role("slider", name="Forget bias").fill("1")
    assert numbers(status())[-1] > 5 * off
    assert half_life() < 3 < 100 < long


# --- Two dials


@tries(TwoDials, "The network sets its own dials")
def test_on_the_upper_side_of_the_square_every_unit_is_copied(mounted, status):
    page = mounted(TwoDials())
    assert "sets its own dials" in status()
    square = page.locator("#two_dials svg[data-grip=dials] rect").bounding_box()
    page.mouse.move(square["x"] + 0.4 * square["width"], square["y"] + 0.5 * square["height"])
    page.mouse.down()
    page.mouse.move(square["x"] + 0.4 * square["width"], square["y"] + 2)
    page.mouse.up()
    assert "exactly that of a copy of the old state" in status()
    states = page.locator("#two_dials canvas")
    pixels = np.array(ink(states)).reshape(int(states.get_attribute("height")), -1, 4)
    start = int(page.get_by_label("Hands on from step").input_value())
    assert (pixels[:, start:] == pixels[:, start - 1 : start]).all()


@tries(TwoDials, "Press Plain network")
def test_reset_1_and_update_0_is_a_plain_network_and_away_from_the_corner_it_parts(mounted, status):
    page = mounted(TwoDials())
    page.get_by_role("button", name="Plain network", exact=True).click()
    assert [page.get_by_label(dial).input_value() for dial in ("Reset r", "Update z")] == ["1", "0"]
    assert "exactly that of a plain recurrent network" in status()
    page.get_by_label("Update z").fill("0.3")
    assert numbers(status())[0] > 0.5


@tries(TwoDials, "Press Feedforward")
def test_reset_0_and_update_0_is_a_feedforward_net_that_answers_to_the_moment_alone(mounted, status):
    page = mounted(TwoDials())
    page.get_by_role("button", name="Feedforward", exact=True).click()
    assert [page.get_by_label(dial).input_value() for dial in ("Reset r", "Update z")] == ["0", "0"]
    assert "exactly that of a feedforward net" in status()
    states = page.locator("#two_dials canvas")
    pixels = np.array(ink(states)).reshape(int(states.get_attribute("height")), -1, 4)
    xs = np.array(TwoDials().signals["pulses"])
    silent = [t for t in range(int(page.get_by_label("Hands on from step").input_value()), len(xs)) if not xs[t].any()]
    assert (pixels[:, silent] == pixels[:, silent[:1]]).all(), "the same input, the same state, whatever came before"


@tries(TwoDials, "Take your hands off")
def test_left_alone_the_network_lowers_its_update_gate_when_a_number_comes_in(mounted, status, js_module):
    page = mounted(TwoDials(by_hand=True))
    page.get_by_label("My hands on the dials").uncheck()
    assert "opens to a number that comes in" in status()
    low, high, lowest, highest = numbers(page.locator("#two_dials svg[aria-label*='own gates']").get_attribute("aria-label"))
    updates = np.array(js_module(TwoDials)("follow", TwoDials().state())["updates"])
    zs = updates.mean(axis=1)
    assert (low, high, lowest, highest) == pytest.approx((zs.min(), zs.max(), updates.min(), updates.max()), abs=0.006)
    assert lowest < 0.2 < 0.9 < highest, "not all units do the same"
    told = np.flatnonzero(np.array(TwoDials().signals["pulses"])[:, 1])
    assert (zs[told] < zs[told - 1] - 0.05).all() and np.delete(np.diff(zs), told - 1).min() > -0.02, "it dips there, and nowhere else"


@tries(TwoDials, "Choose the wave")
def test_no_fixed_dials_follow_the_wave_and_the_network_does_with_a_lower_update_gate(mounted, status, unfold):
    page = mounted(TwoDials())
    unfold()
    gates = page.locator("#two_dials svg[aria-label*='own gates']")
    status()
    on_pulses = numbers(gates.get_attribute("aria-label"))
    page.get_by_label("a wave").check()
    status()
    assert numbers(gates.get_attribute("aria-label"))[0] < on_pulses[0]
    dials = [{"by_hand": False}, *({"by_hand": True, "reset": r, "update": z} for r in np.linspace(0, 1, 6) for z in np.linspace(0, 1, 6))]
    off = []
    for state in dials:
        widget = TwoDials(signal="wave", **state)
        ys, _ = widget.curves()
        off.append(np.abs(ys["gru"] - held(np.array(widget.signals["wave"])))[widget.hands_on :].max())
    assert off[0] < 0.05 < 0.5 < min(off[1:])


# --- How much future


@pytest.fixture
def answers(page, settle):
    """answers() is the text, the percentage that each letter ends a word, and what the picked letter's
    answer depends on."""

    def read():
        settle()
        said, on = page.locator(".u-panel svg").get_attribute("aria-label").split(" depends on: ")
        said = re.findall(r"([a-z]) (\d+%|unanswered)", said.split(": ")[1])
        percents = [None if p == "unanswered" else int(p[:-1]) for _, p in said]
        return "".join(letter for letter, _ in said), percents, [numbers(share)[0] for share in re.findall(r"[a-z] (\d.*?)[,.](?: |$)", on)]

    return read


@tries(HowMuchFuture, "The network must answer at once")
def test_one_letter_later_the_words_that_are_none_are_gone(mounted, answers):
    page = mounted(HowMuchFuture())
    text, at_once, _ = answers()
    value, as_ = text.index("values") + 4, text.index("assigned") + 1
    assert min(at_once[value], at_once[as_]) > 50
    page.get_by_role("slider", name="Future").focus()
    page.keyboard.press("ArrowRight")
    _, later, _ = answers()
    assert max(later[value], later[as_]) < 50


@tries(HowMuchFuture, "Press a letter")
def test_what_lies_beyond_the_bracket_counts_for_nothing(mounted, answers):
    page = mounted(HowMuchFuture(future=3))
    box = page.locator(".u-panel svg").bounding_box()
    column = box["width"] / 22
    page.mouse.click(box["x"] + 8.5 * column, box["y"] + 60)
    assert page.get_by_role("slider", name="Letter").input_value() == "9"
    _, _, shares = answers()
    assert len(shares) == 22 and max(shares[:12]) > 0 and set(shares[12:]) == {0.0}
    bracket = page.locator(".u-panel svg path[stroke-width='1.5'][stroke*=accent]").bounding_box()
    assert bracket["x"] + bracket["width"] == pytest.approx(box["x"] + 12 * column, abs=3)


@tries(HowMuchFuture, "Go to both ways")
def test_both_ways_letters_on_both_sides_count_and_a_second_state_appears(mounted, answers):
    page = mounted(HowMuchFuture())
    first, second = page.locator("#how_much_future canvas").all()
    assert first.is_visible() and not second.is_visible()
    page.get_by_role("slider", name="Future").focus()
    page.keyboard.press("End")
    _, _, shares = answers()
    assert second.is_visible() and any(ink(second))
    assert max(shares[:15]) > 0.01 and max(shares[16:]) > 0.01


@tries(HowMuchFuture, "Type a text of your own")
def test_the_spaces_are_taken_out_and_drawn(mounted, answers, settle):
    page = mounted(HowMuchFuture(future=7))
    page.get_by_role("textbox", name="Text").fill("in the class")
    assert answers()[0] == "intheclass"
    lines = page.locator(".u-panel svg path[stroke*=ink]")
    assert lines.count() == 3
    page.get_by_role("textbox", name="Text").fill("intheclass")
    settle()
    assert lines.count() == 0
# --- Alignment


@tries(Alignment, "Press Play and follow")
def test_the_framed_row_is_dark_where_the_year_and_the_month_stand():
    """What the status line says of each row, for dates in other orders too: the year's last figures, and
    the month's name."""
    places = {"saturday, 5 march 2033": (slice(18, 22), slice(12, 18)), "2021, 11 octubre": (slice(0, 5), slice(9, 16)), "août 12, 2064": (slice(9, 13), slice(0, 5))}
    for text, (year, month) in places.items():
        _, _, weights = alignment.run(alignment.load("attention"), alignment.tokens_of(text), {})
        assert weights[2, year].sum() > 0.5 and weights[6, month].sum() > 0.4, text


@tries(Alignment, "Go to character 10")
def test_over_another_number_another_digit_is_written(mounted, status, unfold):
    page = mounted(Alignment())
    unfold()
    page.get_by_label("Character", exact=True).fill("10")
    said = set()
    for place in (11, 19, 21):      # the 5, the 2 and the first 3
        page.get_by_label("A letter").fill(str(place))
        page.get_by_label("Its weight").fill("1")
        said.add(status().split(",")[0])
    assert len(said) > 1


@tries(Alignment, "Give the writer the last state alone")
def test_without_looking_back_most_dates_are_wrong(mounted, page, settle):
    mounted(Alignment(step=10))
    right = {}
    for writer in ("has the last state alone", "looks back at every letter"):
        page.get_by_label(writer).check()
        verdicts = []
        for _ in Alignment().samples:
            page.get_by_role("button", name="Another date").click()
            settle()
            verdicts.append("Right." in page.locator(".u-stage").first.inner_text())
        right[writer] = np.mean(verdicts)
    assert right["has the last state alone"] < 0.5 and right["looks back at every letter"] == 1


# --- HonestTest


@pytest.fixture
def contest(page, settle):
    """contest() is what each forecaster errs by, and that in units of persistence's, then both with the leak, by
    its title's first word."""

    def read():
        settle()
        rows = page.locator(".u-panel svg").last.get_attribute("aria-label").translate(FLAT)
        found = re.findall(r"(\w+)[^:.]*: honest ([\d.]+), ([\d.]+) times persistence's(?:; with the leak ([\d.]+), ([\d.]+))?\.(?: |$)", rows)
        return {name: [float(figure) for figure in figures if figure] for name, *figures in found}

    return read


@tries(HonestTest, "Drag the split")
def test_wherever_the_split_stands_two_weights_beat_persistence_and_no_network_halves_it(mounted, contest):
    page = mounted(HonestTest())
    for split in [*range(SPLITS[0], SPLITS[-1], 9), SPLITS[-1]]:
        page.get_by_label("Split after").fill(str(split))
        shares = {name: share for name, (_, share) in contest().items()}
        assert shares.keys() == {"persistence", "seasonal", "autoregression", "middle"}
        assert shares["persistence"] == 1 and shares["autoregression"] <= 0.70, split
        target = honest_test.series_of("sunspots")[split:]
        networks = [honest_test.rmse(run, target) for run in honest_test.forecasts("network", "sunspots", split, "none", 2)]
        assert min(networks) / honest_test.rmse(honest_test.series_of("sunspots")[split - 1 : -1], target) > 0.5


@tries(HonestTest, "Smooth before splitting")
def test_smoothing_forecasts_a_random_walk_that_nobody_can_forecast(mounted, contest, unfold):
    page = mounted(HonestTest())
    unfold()
    page.get_by_label("smooth before splitting").check()
    honest, _, leaked, _ = contest()["autoregression"]
    assert leaked < honest * 2 / 3
    page.get_by_label("random walk").check()
    _, honest, _, leaked = contest()["autoregression"]
    assert honest >= 1 and 0.5 < leaked < 0.6


@tries(HonestTest, "Scale before splitting")
def test_scaling_gains_nothing_but_for_networks_that_leave_what_they_know(mounted, contest, status, unfold):
    page = mounted(HonestTest())
    unfold()
    page.get_by_label("scale before splitting").check()
    assert status().endswith("no gain at all.")
    page.get_by_label("recurrent network").check()
    assert status().endswith("no gain that another seed would not bring.")
    page.get_by_label("random walk").check()
    honest, _, leaked, share = contest()["middle"]
    assert leaked < honest / 2 and share == pytest.approx(5, abs=0.5)
    assert "no gain" not in status()


@tries(HonestTest, "Go back to where nothing leaks")
def test_a_hand_that_looks_at_the_test_part_chooses_as_the_leak_does(mounted, contest, page):
    mounted(HonestTest(leak="smooth"))
    page.get_by_label("nothing", exact=True).check()
    errors = []
    for order in range(1, LARGEST + 1):
        page.get_by_label("Order", exact=True).fill(str(order))
        errors.append(contest()["autoregression"][0])
    found = int(np.argmin(errors)) + 1
    page.get_by_label("order by the test").check()
    honest, _, leaked, _ = contest()["autoregression"]
    titles = page.locator(".u-panel svg").last.text_content()
    assert leaked == min(errors) < honest
    assert f"autoregression of order {1 + errors.index(honest)}, leaked {found}" in titles
