"""The desk in Firefox: typed key by key, checked, stopped, saved, there again without a network. `make soak` runs this."""

import functools
import http.server
import json
import threading

import nbformat
import pytest

from tests.conftest import QuietHandler
from tests.page.firefox import COMPLAINT, CONTROL, ENTER, REQUEST, SHIFT, Firefox

pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("page_firefox")]

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


@pytest.fixture(params=["server", "folder"])
def desk(request, site, server, tmp_path):
    """Assignment 02-rnn in a new Firefox, pressed, over http and from a folder; it asks nobody else and complains of nothing."""
    home = f"http://localhost:{server.server_port}" if request.param == "server" else f"file://{site}"
    firefox = Firefox(tmp_path)
    firefox.go(f"{home}/exercises/02-rnn.html")
    press(firefox)
    yield firefox
    firefox.close()
    asked = [event["request"]["url"] for event in firefox.told(REQUEST)]
    assert [address for address in asked if not address.startswith((home, "blob:", "data:"))] == []
    assert [event["text"] for event in firefox.told(COMPLAINT) if event["level"] in ("warn", "error")] == []


def press(firefox):
    firefox.click("button", "Write it here")
    firefox.wait("document.querySelector('.u-desk-open')")


def write(firefox, text):
    firefox.click("textbox", "Your code for softmax")
    firefox.type("a", held=CONTROL)
    firefox.type(text.replace("\n", ENTER))


def check(firefox):
    """Press Shift+Enter in the editor, and wait for what comes of it."""
    firefox.type(ENTER, held=SHIFT)
    firefox.wait(CAME)
    return firefox.evaluate(f"{CAME}.innerText")


def text_of(firefox):
    return firefox.evaluate(f"[...{BOX}.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\\n')")


def test_a_mistake_is_named_and_a_right_function_has_its_points(desk):
    write(desk, TOO_WIDE)
    assert "sums over everything" in check(desk)
    write(desk, RIGHT)
    assert "softmax is right" in check(desk)
    assert desk.evaluate("document.querySelector('.u-desk-points').textContent").startswith("3 of")


def test_an_endless_loop_is_stopped_and_python_is_there_again(desk):
    write(desk, "def softmax(a):\nwhile True:\npass")
    desk.type(ENTER, held=SHIFT)
    desk.wait(f"{BOX}.querySelector('[aria-label^=Stop]:not([hidden])')")
    desk.click("button", "Stop softmax")
    desk.wait(CAME)
    assert "Stopped" in desk.evaluate(f"{CAME}.innerText")
    write(desk, RIGHT)
    assert "softmax is right" in check(desk)


def test_what_is_saved_is_the_notebook_and_what_is_typed_stands_there_again(desk):
    write(desk, RIGHT)
    written = text_of(desk)
    assert "\n    return" in written
    desk.click("button", "Save as rnn.ipynb")
    file = desk.downloaded()
    assert file.name == "rnn.ipynb"
    notebook = json.loads(file.read_text(encoding="utf8"))
    nbformat.validate(nbformat.from_dict(notebook))
    assert written in ["".join(cell["source"]) for cell in notebook["cells"]]
    desk.send("browsingContext.reload", context=desk.tab, wait="complete")
    press(desk)
    assert text_of(desk) == written


@pytest.mark.parametrize("desk", ["server"], indirect=True)
def test_a_second_visit_needs_no_network(desk, server):
    write(desk, RIGHT)
    assert "softmax is right" in check(desk)
    desk.wait("caches.open('unrolled-desk').then((store) => store.match(location.href))")
    server.shutdown()
    server.server_close()
    desk.send("browsingContext.reload", context=desk.tab, wait="complete")
    press(desk)
    desk.click("textbox", "Your code for softmax")
    assert "softmax is right" in check(desk), "what was typed is kept too"
