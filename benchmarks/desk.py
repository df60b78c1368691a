"""The desk, "Write it here": from the press to what a check says, and a check beside the same one outside.

A gzip server and headless Chromium. Each first visit is a new reader's; on the second the browser has what it kept.
Checks are of right answers and of a known mistake of each function, by the same runner in the page and outside, with
Python loaded, and of a text that is new each time.
"""

import functools
import http.server
import statistics
import threading
import time
from itertools import islice

from playwright.sync_api import sync_playwright

from benchmarks.report import report
from benchmarks.site import ROOT, GzipHandler
from tests.conftest import CHROMIUM_FLAGS
from unrolled.book.build import build
from unrolled.book.chromium import chromium
from unrolled.exercises import ASSIGNMENTS
from unrolled.grading.run.standalone import standalone
from unrolled.page.runner import Desk

NAME = "02-rnn"
EXERCISE = ASSIGNMENTS[NAME][0]
LIMITS = {"first": 6.0, "second": 4.0, "ratio": 2.5}  # seconds, seconds, times
VISITS = 5
CHECKS = 9
IN_PAGE = """async ([name, source, check]) => {
  const start = performance.now();
  await unrolledPython.run("bench", [[name, source]], check);
  return (performance.now() - start) / 1000;
}"""


def main():
    html = build(ROOT, ROOT / "_build").parent
    handler = functools.partial(GzipHandler, directory=html)
    with http.server.ThreadingHTTPServer(("localhost", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://localhost:{server.server_port}/exercises/{NAME}.html"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
            report("desk", visit_rows(browser, address))
            report("desk-checks", check_rows(browser, address))
            browser.close()
        server.shutdown()


def visit_rows(browser, address):
    """The median seconds of some visits, and of as many that follow them."""
    seconds = {"first": [], "second": []}
    for _ in range(VISITS):
        context = browser.new_context()
        page = context.new_page()
        for visit in seconds.values():
            page.goto(address)
            visit.append(press_and_check(page))
        context.close()
    return [
        {"visit": visit, "seconds": statistics.median(times), "slowest": max(times), "at most": LIMITS[visit]}
        for visit, times in seconds.items()
    ]


def press_and_check(page):
    """Seconds from the press until a check of a right function, pasted and asked for at once, has spoken."""
    start = time.perf_counter()
    page.get_by_role("button", name="Write it here").click()
    page.get_by_role("textbox", name=f"Your code for {EXERCISE.name}", exact=True).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(standalone(EXERCISE.reference, EXERCISE.name))
    page.keyboard.press("Shift+Enter")
    page.locator(".u-outcome-right").wait_for()
    return time.perf_counter() - start


def check_rows(browser, address):
    """For each assignment a check's milliseconds in the page and outside, and their ratio: medians
    over its functions."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.evaluate("unrolledPython.load()")
    rows = []
    for name, exercises in ASSIGNMENTS.items():
        pairs = [
            measure(page, exercise, fn) for exercise in exercises if exercise.printed for fn in examples(exercise)
        ]
        inside, outside = (1000 * statistics.median(times) for times in zip(*pairs, strict=True))
        ratio = statistics.median(there / here for there, here in pairs)
        row = {"assignment": name, "page ms": inside, "outside ms": outside}
        rows.append(row | {"ratio": ratio, "at most": LIMITS["ratio"]})
    context.close()
    return rows


def examples(exercise):
    """The right function, and one as it is done wrong."""
    return [exercise.reference, *(mistake.wrong for mistake in islice(exercise.mistakes, 1))]


def measure(page, exercise, fn):
    """The median seconds of a check in the page, and outside; they take turns, so that whatever else runs is in
    the way of both."""
    name, desk, pairs = exercise.name, Desk(), []
    check = f"from unrolled import check\ncheck({name})"
    for i in range(CHECKS + 1):
        source = f"{standalone(fn, name)}# {i}"
        inside = page.evaluate(IN_PAGE, [name, source, check])
        pairs.append((inside, timed(desk.run, [[name, source]], check, lambda text: None)))
    return [statistics.median(times) for times in zip(*pairs[1:], strict=True)]  # the first one warms up


def timed(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
