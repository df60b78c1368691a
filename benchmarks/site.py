"""The built site as a reader meets it: weight, time until a widget is drawn, redraws on a drag, and
Lighthouse's audits.

A gzip server and headless Chromium. "slow" is a processor four times slower and a line of 1.6 Mbit/s with 150 ms
delay. Lighthouse comes from npm, in its mobile profile; without npm that table is left out, and says so. It sees the
pages as they are, and those on which code is written or run also with the button pressed.
"""

import functools
import gzip
import http.server
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.report import report
from tests.conftest import CHROMIUM_FLAGS
from unrolled.book.build import build
from unrolled.book.chromium import chromium
from unrolled.book.listed import listed_files
from unrolled.exercises import ASSIGNMENTS

ROOT = Path(__file__).parents[1]
LIGHTHOUSE = "lighthouse@13"
LIMITS = {"weight": 900_000, "drawn": 1.0, "drawn slow": 2.0, "median": 16, "95th": 33}
SCORES = {"performance": 90, "accessibility": 100, "best-practices": 100, "seo": 95}
SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
DRAGS = 60
TEXT = (".html", ".css", ".js", ".svg", ".json")

PRESSED = "?pressed"  # asks for a chapter that presses its first "Run it here" by itself; a desk knows #write
PRESS = b'<script>addEventListener("load", () => document.querySelector(".u-run button").click());</script>'

# Notes when each widget has first drawn, laid out too, and how long each redraw took.
WATCH = """
window.drawn = {};
window.redraws = [];
document.addEventListener("unrolled:drawn", (event) => {
  document.body.getBoundingClientRect();
  const now = performance.now();
  const holder = event.target.closest(".u-widget").id;
  window.drawn[holder] ??= now;
  window.redraws.push(now - event.detail.start);
}, true);
"""


@functools.cache
def gzipped(path):
    return gzip.compress(path.read_bytes(), 6)


class GzipHandler(http.server.SimpleHTTPRequestHandler):
    """Serves text gzipped, as any web server does; what is compressed once is kept, as on a host of static files."""

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return self.send_error(404)
        content = gzipped(path) if path.suffix in TEXT else path.read_bytes()
        if self.path.endswith(PRESSED):
            content = gzip.compress(gzip.decompress(content).replace(b"</body>", PRESS + b"</body>"))
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in TEXT:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


def main():
    html = build(ROOT, ROOT / "_build").parent
    pages = [f"chapters/{path.stem}.html" for path in listed_files(ROOT)]
    handler = functools.partial(GzipHandler, directory=html)
    with http.server.ThreadingHTTPServer(("localhost", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://localhost:{server.server_port}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
            rows = [measure_page(browser, address, page) for page in pages]
            browser.close()
        report("site", rows)
        if shutil.which("npx"):
            desks = [f"exercises/{name}.html" for name in ASSIGNMENTS]
            runs = [page for page in pages if "u-run" in (html / page).read_text(encoding="utf8")]
            pressed = [f"{page}#write" for page in desks] + [page + PRESSED for page in runs]
            report("lighthouse", [audit(f"{address}/{page}", page) for page in (*pages, *desks)])
            # How fast a page is that loads Python at once is the desk's benchmark.
            beside = {score: least for score, least in SCORES.items() if score != "performance"}
            report("lighthouse-pressed", [audit(f"{address}/{page}", page, beside) for page in pressed])
        else:
            print("Lighthouse needs npm, which is not here: its audits are left out.")
        server.shutdown()


def measure_page(browser, address, name):
    """Bytes and seconds of one page; widgets' columns are empty where there is none."""
    page, weight = open_page(browser, f"{address}/{name}", slow=False)
    row = {"page": name, "KB": weight / 1000, "KB at most": LIMITS["weight"] / 1000}
    drawn = page.evaluate("drawn")
    if drawn:
        redraws = sorted(drag(page))
        row |= {"drawn s": max(drawn.values()) / 1000, "drawn at most": LIMITS["drawn"]}
        row |= {"redraw ms": statistics.median(redraws), "95th ms": redraws[int(0.95 * len(redraws))]}
        page.context.close()
        page, _ = open_page(browser, f"{address}/{name}", slow=True)
        row |= {"slow s": max(page.evaluate("drawn").values()) / 1000, "slow at most": LIMITS["drawn slow"]}
    page.context.close()
    return row


def open_page(browser, address, slow):
    """A fresh page on which all widgets have drawn, and the bytes that came over the line."""
    page = browser.new_context(viewport={"width": 412, "height": 823}).new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    received = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    if slow:
        session.send("Network.emulateNetworkConditions", SLOW_LINE)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load")
    page.wait_for_function("Object.keys(drawn).length === document.querySelectorAll('.u-widget').length")
    page.wait_for_timeout(500)
    return page, sum(received)


def drag(page):
    """Milliseconds of each redraw while every slider is dragged from end to end."""
    page.evaluate("document.querySelectorAll('.u-fold').forEach(fold => (fold.open = true))")
    page.evaluate("redraws.length = 0")
    for slider in page.locator(".u-panel input[type=range]").all():
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        y = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + box["width"] / 2, y)
        page.mouse.down()
        for i in range(DRAGS):
            page.mouse.move(box["x"] + box["width"] * i / (DRAGS - 1), y)
        page.mouse.up()
    return page.evaluate("redraws")


def audit(address, name, scores=SCORES):
    """Lighthouse's scores for a page, of 100, and the audits below full marks that cost a score its limit."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        subprocess.run(
            [
                "npx",
                "--yes",
                LIGHTHOUSE,
                address,
                "--output=json",
                f"--output-path={result}",
                "--quiet",
                f"--only-categories={','.join(scores)}",
                "--chrome-flags=--headless=new --no-sandbox --disable-quic",
            ],
            check=True,
            capture_output=True,
            env=os.environ | {"CHROME_PATH": chromium()},
        )
        found = json.loads(result.read_text(encoding="utf8"))
    row = {"page": name} | {score: 100 * found["categories"][score]["score"] for score in scores}
    failed = {
        reference["id"]
        for score, least in scores.items()
        if row[score] < least
        for reference in found["categories"][score]["auditRefs"]
        if reference["weight"] and found["audits"][reference["id"]]["score"] not in (None, 1)
    }
    return row | {"below": ", ".join(sorted(failed)) or "none"}


if __name__ == "__main__":
    main()
