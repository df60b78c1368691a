"""What the tests of the page's Python share: a bare page that has it, and the desk of an assignment."""

import base64
import functools
import hashlib
import http.server
import re
import threading

import pytest
from playwright.sync_api import expect

from tests.conftest import ROOT, QuietHandler
from tests.tabs import new_tab
from unrolled.book import write_here
from unrolled.page import supply

PATIENCE = 120_000      # milliseconds: Python takes seconds to come, and a busy machine many
expect.set_options(timeout=PATIENCE)
# Of a page's text nothing moves before the press, and what the press itself moves does not count.
SHIFTS = """new Promise((resolve) => new PerformanceObserver((list) => resolve(list.getEntries().filter((each) => !each.hadRecentInput).map((each) => each.value)))
    .observe({ type: "layout-shift", buffered: true }) || setTimeout(() => resolve([]), 500))"""


@pytest.fixture(scope="session")
def bare_site(tmp_path_factory):
    """The folder of a page that has Python and nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    supply.write_scripts(folder, write_here.code_of(ROOT))
    (folder / "index.html").write_text('<!DOCTYPE html><html lang="en"><title>Bare</title><script src="python.js"></script></html>')
    return folder


@pytest.fixture(scope="session")
def bare_address(bare_site):
    """http://localhost:port, where that folder is served."""
    with http.server.ThreadingHTTPServer(("localhost", 0), functools.partial(QuietHandler, directory=bare_site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/index.html"
        server.shutdown()


@pytest.fixture(scope="module")
def python(browser, bare_address):
    """python(*sources, check=None) -> the result and what was printed, of cells that run in the page's Python,
    loaded once a module."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(bare_address)
    page.evaluate("unrolledPython.load()")

    def run(*sources, check=None, desk="test"):
        script = """async ([desk, cells, check]) => {
            let printed = "";
            const result = await unrolledPython.run(desk, cells, check, { onPrint: (text) => (printed += text) });
            return [result, printed];
        }"""
        return page.evaluate(script, [desk, [[f"cell {i}", source] for i, source in enumerate(sources)], check])

    run.page = page
    yield run
    context.close()


class StrictHandler(QuietHandler):
    """Serves the site below /some/where, with the policy that the teaching guide names."""

    def translate_path(self, path):
        return super().translate_path(path.removeprefix("/some/where"))

    def end_headers(self):
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()


@pytest.fixture(scope="session")
def strict_address(site, book_policy):
    handler = functools.partial(type("Handler", (StrictHandler,), {"policy": book_policy}), directory=site)
    with http.server.ThreadingHTTPServer(("localhost", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/some/where"
        server.shutdown()


@pytest.fixture(scope="session")
def book_policy(site):
    """The policy in the teaching guide, held to have the digest of each script that stands in a page
    itself, and no other."""
    guide = (site.parents[1] / "chapters" / "teaching.md").read_text(encoding="utf8")
    (policy,) = re.findall(r"^Content-Security-Policy: (.*)$", guide, re.MULTILINE)
    pages = [path.read_text(encoding="utf8") for path in site.rglob("*.html")]
    inline = {script for page in pages for script in re.findall(r"<script>(.*?)</script>", page, re.DOTALL)}
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline}
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
    return policy


def open_desk(context, address, press=True):
    """An assignment's page in a browser's context, pressed and its editors there; its foreign requests and
    complaints are kept."""
    page = new_tab(context)
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    if press:
        page.get_by_role("button", name="Write it here").click()
        page.locator(".u-desk-open").wait_for()
    return page


def write(page, name, text):
    """Type a text into the editor of the function of that name, in the place of what stands there."""
    editor = page.get_by_role("textbox", name=f"Your code for {name}", exact=True)
    editor.click()
    page.keyboard.press("Control+a")
    # a key is done when it is told, no text is not
    page.keyboard.insert_text(text) if text else page.keyboard.press("Delete")


def check(page, name):
    """Press Check and wait for what comes of it; returns the words."""
    box = page.locator(f'[data-cell="{name}-code"]')
    box.get_by_role("button", name=f"Check {name}", exact=True).click()
    box.locator(":is(.u-outcome-right, .u-outcome-wrong)").wait_for()
    return box.locator(".u-outcome").inner_text()
