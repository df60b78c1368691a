"""What all tests share: random numbers, a browser, and a widget's maths evaluated in it."""

import fcntl
import functools
import http.server
import json
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from tests.tabs import Tabs, new_tab
from unrolled.book.chromium import chromium
from unrolled.widgets import base

ROOT = Path(__file__).parents[1]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    """One test that has the site built comes first, the others that need it last: so no process waits while it is
    built. Of these, tests that one process must run come before those that every process takes a share of: so none
    is left alone with a long group at the end."""
    needing = [item for item in items if "site" in getattr(item, "fixturenames", ())]
    rest = sorted(needing[1:], key=lambda item: item.get_closest_marker("xdist_group") is None)
    items[:] = needing[:1] + [item for item in items if item not in needing] + rest


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium; every test takes its own page from it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        engine = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield engine
        engine.close()


@pytest.fixture(scope="session")
def tabs(browser):
    """The browser's tabs that are used again."""
    tabs = Tabs(browser)
    yield tabs
    tabs.close()


@pytest.fixture(scope="session")
def fresh(browser):
    """fresh(viewport=...) is a new page of a context with these options, which whoever asks for it closes."""
    return lambda **options: new_tab(browser.new_context(**options))


@pytest.fixture
def lend(tabs):
    """lend(color_scheme="dark") is an empty page, without cookies or anything stored, of a context with these
    options."""
    yield tabs.lend
    tabs.take_back_all()


@pytest.fixture
def page(lend):
    """An empty page, without cookies or anything stored."""
    return lend()


@pytest.fixture
def js_module(page):
    """js_module(Unroll)("forward", xs, h0) is what the named export of the widget's module returns in the browser.

    Arguments and results are JSON values; arrays go in as lists.
    """

    def load(widget):
        load_module(page, base.HERE / f"{widget.module_name()}.js")

        def call(name, *arguments):
            script = "([name, text]) => JSON.stringify(loaded[name](...JSON.parse(text)))"
            return json.loads(page.evaluate(script, [name, json.dumps(arguments, default=_as_list)]))

        return call

    return load


def _as_list(value):
    return value.tolist()


def load_module(page, path):
    """Import the module at path, a file as it is, into an empty page, where its exports are `loaded`."""

    def serve(route):
        name = route.request.url.rpartition("/")[2]
        route.fulfill(path=path.with_name(name), content_type="text/javascript") if name else route.fulfill(content_type="text/html")

    page.route("http://modules.test/*", serve)
    page.goto("http://modules.test/")
    page.evaluate("async (name) => { window.loaded = await import(`http://modules.test/${name}`); }", path.name)


@pytest.fixture(scope="session")
def site(tmp_path_factory, worker_id):
    """The folder of the built site, built once a test run in _build, where the executed notebooks are kept."""
    run = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    with open(run / "site.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)        # one worker builds, the others wait
        if not (run / "site.built").exists():
            result = subprocess.run(
                [sys.executable, "-m", "unrolled.book", "--root", ROOT], capture_output=True, text=True, timeout=1100
            )
            (run / "site.built").write_text("" if result.returncode == 0 else result.stdout + result.stderr)
    problem = (run / "site.built").read_text()
    assert not problem, problem
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def site_address(site):
    """http://localhost:port, where the site is served."""
    handler = functools.partial(QuietHandler, directory=site)
    with http.server.ThreadingHTTPServer(("localhost", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing about it."""

    def log_message(self, *arguments):
        pass
