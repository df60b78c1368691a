"""The desk in Firefox and in WebKit: typed, checked, stopped, saved, there again; and a chapter's code.
`make browsers` runs this."""

import json

import nbformat
import pytest

from tests.browsers.firefox import CONTROL, ENTER, SHIFT

pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("browsers")]

BOX = "document.querySelector('[data-cell=\"softmax-code\"]')"
CAME = f"{BOX}.querySelector('.u-outcome-right, .u-outcome-wrong, .u-outcome-stopped')"
RIGHT = """def softmax(a):
e = np.exp(a - a.max(axis=-1, keepdims=True))
return e / e.sum(axis=-1, keepdims=True)"""        # the editor indents
TOO_WIDE = RIGHT.replace("e.sum(axis=-1, keepdims=True)", "e.sum()")


def opened(browser, home):
    """The browser, at assignment 02-rnn below the address home, pressed and with its editors there."""
    browser.go(f"{home}/exercises/02-rnn.html")
    press(browser)
    return browser


@pytest.fixture
def desk(visitor, home):
    """The desk in each browser, at each home."""
    return opened(visitor, home)


@pytest.fixture
def desk_in_firefox(firefox, home):
    """The desk where downloads and what is asked for can be followed."""
    return opened(firefox, home)


def press(desk):
    desk.click("button", "Write it here")
    desk.wait("document.querySelector('.u-desk-open')")


def write(desk, text):
    desk.click("textbox", "Your code for softmax")
    desk.type("a", held=CONTROL)
    desk.type(text.replace("\n", ENTER))


def check(desk):
    """Press Shift+Enter in the editor, and wait for what comes of it."""
    desk.type(ENTER, held=SHIFT)
    desk.wait(CAME)
    return desk.evaluate(f"{CAME}.innerText")


def text_of(desk):
    return desk.evaluate(f"[...{BOX}.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\\n')")


def test_a_mistake_is_named_and_a_right_function_has_its_points(desk):
    write(desk, TOO_WIDE)
    assert "sums over everything" in check(desk)
    write(desk, RIGHT)
    assert "softmax is right" in check(desk)
    assert desk.evaluate("document.querySelector('.u-desk-points').textContent").startswith("2 of")


def test_an_endless_loop_is_stopped_and_python_is_there_again(desk):
    write(desk, "def softmax(a):\nwhile True:\npass")
    desk.type(ENTER, held=SHIFT)
    desk.wait(f"{BOX}.querySelector('[aria-label^=Stop]:not([hidden])')")
    desk.click("button", "Stop softmax")
    desk.wait(CAME)
    assert "Stopped" in desk.evaluate(f"{CAME}.innerText")
    write(desk, RIGHT)
    assert "softmax is right" in check(desk)


def test_what_is_typed_stands_there_again(desk):
    write(desk, RIGHT)
    written = text_of(desk)
    assert "\n    return" in written
    desk.reload()
    press(desk)
    assert text_of(desk) == written


def test_a_chapters_code_becomes_an_editor_runs_and_is_checked(desk, home):
    desk.go(f"{home}/chapters/02-rnn.html")
    desk.click("button", "Run it here: rnn_step_forward")
    desk.wait("document.querySelector('.u-ran .u-outcome-done')")
    assert desk.evaluate("document.querySelector('.u-ran .u-outcome').innerText").startswith("h (2, 5)")
    desk.click("button", "Check rnn_step_forward")
    desk.wait("document.querySelector('.u-ran .u-outcome-right')")


def test_what_is_saved_is_the_notebook(desk_in_firefox):
    write(desk_in_firefox, RIGHT)
    desk_in_firefox.click("button", "Save as rnn.ipynb")
    file = desk_in_firefox.downloaded()
    assert file.name == "rnn.ipynb"
    notebook = json.loads(file.read_text(encoding="utf8"))
    nbformat.validate(nbformat.from_dict(notebook))
    assert text_of(desk_in_firefox) in ["".join(cell["source"]) for cell in notebook["cells"]]


@pytest.mark.parametrize("home", ["server"], indirect=True)
def test_a_second_visit_needs_no_network(desk_in_firefox, server):
    write(desk_in_firefox, RIGHT)
    assert "softmax is right" in check(desk_in_firefox)
    desk_in_firefox.wait("caches.open('unrolled-desk').then((store) => store.match(location.href))")
    server.shutdown()
    server.server_close()
    desk_in_firefox.reload()
    press(desk_in_firefox)
    desk_in_firefox.click("textbox", "Your code for softmax")
    assert "softmax is right" in check(desk_in_firefox), "what was typed is kept too"
