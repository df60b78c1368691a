"""The site over http and in a folder, and a Firefox and a WebKit that visit it."""

import functools
import http.server
import threading
from contextlib import closing

import pytest

from tests.browsers.firefox import COMPLAINT, REQUEST, Firefox
from tests.browsers.webkit import WebKit
from tests.conftest import QuietHandler

# Firefox lays out what has arrived so far, and says so where that ends within a formula; test_site counts
# when all is there.
HALF_A_FORMULA = "Invalid markup: Incorrect number of children"


@pytest.fixture
def server(site):
    """The site's own server, so that a test can take it away."""
    handler = functools.partial(QuietHandler, directory=site)
    with http.server.ThreadingHTTPServer(("localhost", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(params=["server", "folder"])
def home(request, site, server):
    """Where the site is: over http, and in a folder."""
    return f"http://localhost:{server.server_port}" if request.param == "server" else f"file://{site}"


@pytest.fixture
def firefox(home, tmp_path):
    """A Firefox, whose pages ask nobody else and complain of nothing."""
    with closing(Firefox(tmp_path)) as firefox:
        yield firefox
    asked = [event["request"]["url"] for event in firefox.told(REQUEST)]
    assert [address for address in asked if not address.startswith((home, "blob:", "data:", "about:"))] == []
    complaints = [event["text"] for event in firefox.told(COMPLAINT) if event["level"] in ("warn", "error")]
    assert [text for text in complaints if not text.startswith(HALF_A_FORMULA)] == []


@pytest.fixture
def webkit(tmp_path):
    """A WebKit. Its driver tells nothing of requests and complaints."""
    with closing(WebKit(tmp_path)) as webkit:
        yield webkit


@pytest.fixture(params=["firefox", "webkit"])
def visitor(request, home):
    """Each of the two, at each home."""
    return request.getfixturevalue(request.param)
