"""The desk in Firefox and in WebKit: typed, checked, stopped, saved, there again; and a chapter's code. `make soak` runs this."""

import functools
import http.server
import json
import threading
from contextlib import closing

import nbformat
import pytest

from tests.conftest import QuietHandler
from tests.page.firefox import COMPLAINT, CONTROL, ENTER, REQUEST, SHIFT, Firefox
from tests.page.webkit import WebKit

pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("page_browsers")]

BOX = "document.querySelector('[data-cell=\"softmax-code\"]')"
CAME = f"{BOX}.querySelector('.u-outcome-right, .u-outcome-wrong, .u-outcome-stopped')"
RIGHT = """def softmax(a):
e = np.exp(a - a.max(axis=-1, keepdims=True))
return e / e.sum(axis=-1, keepdims=True)"""        # the editor indents
TOO_WIDE = RIGHT.replace("e.sum(axis=-1, keepdims=True)", "e.sum()")


@pytest.fixture
def server(site):
    """The site's own server, so that a test can take it away."""
    handler = functools.partial(QuietHandler, directory=site)
    with http.server.ThreadingHTTPServer(("localhost", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def opened(browser, home):
    """The browser, at assignment 02-rnn below the address home, pressed and with its editors there."""
    browser.go(f"{home}/exercises/02-rnn.html")
    press(browser)
    return browser


@pytest.fixture(params=["server", "folder"])
def home(request, site, server):
    """Where the site is: over http, and in a folder."""
    return f"http://localhost:{server.server_port}" if request.param == "server" else f"file://{site}"


@pytest.fixture
def firefox(home, tmp_path):
    """The desk in Firefox, which asks nobody else and complains of nothing."""
    with closing(Firefox(tmp_path)) as firefox:
        yield opened(firefox, home)
    asked = [event["request"]["url"] for event in firefox.told(REQUEST)]
    assert [address for address in asked if not address.startswith((home, "blob:", "data:"))] == []
    assert [event["text"] for event in firefox.told(COMPLAINT) if event["level"] in ("warn", "error")] == []


@pytest.fixture
def webkit(home, tmp_path):
    """The desk in WebKit."""
    with closing(WebKit(tmp_path)) as webkit:
        yield opened(webkit, home)


@pytest.fixture(params=["firefox", "webkit"])
def desk(request, home):
    """The desk in each of the two, at each home."""
    return request.getfixturevalue(request.param)


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


def test_what_is_saved_is_the_notebook(firefox):
    write(firefox, RIGHT)
    firefox.click("button", "Save as rnn.ipynb")
    file = firefox.downloaded()
    assert file.name == "rnn.ipynb"
    notebook = json.loads(file.read_text(encoding="utf8"))
    nbformat.validate(nbformat.from_dict(notebook))
    assert text_of(firefox) in ["".join(cell["source"]) for cell in notebook["cells"]]


@pytest.mark.parametrize("home", ["server"], indirect=True)
def test_a_second_visit_needs_no_network(firefox, server):
    write(firefox, RIGHT)
    assert "softmax is right" in check(firefox)
    firefox.wait("caches.open('unrolled-desk').then((store) => store.match(location.href))")
    server.shutdown()
    server.server_close()
    firefox.reload()
    press(firefox)
    firefox.click("textbox", "Your code for softmax")
    assert "softmax is right" in check(firefox), "what was typed is kept too"
