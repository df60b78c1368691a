"""What all tests share: random numbers, a browser, and a widget's maths evaluated in it."""

import json

import numpy as np
import pytest

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium; every test takes its own page from it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    """A fresh page, without cookies or cache."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def js_module(page):
    """js_module(Unroll)("forward", xs, h0) is what the named export of the widget's module returns in the browser.

    Arguments and results are JSON values; arrays go in as lists.
    """

    def load(widget):
        page.goto("about:blank")
        page.evaluate(
            """async (source) => {
                const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
                window.loaded = await import(address);
            }""",
            widget.module(),
        )

        def call(name, *arguments):
            script = "([name, text]) => JSON.stringify(loaded[name](...JSON.parse(text)))"
            return json.loads(page.evaluate(script, [name, json.dumps(arguments, default=_as_list)]))

        return call

    return load


def _as_list(value):
    return value.tolist()
