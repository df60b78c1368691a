"""What the widgets' tests share: a page that holds one widget, as the published book mounts it."""

import pytest

from unrolled.book import assets, renderer
from unrolled.widgets import base


@pytest.fixture
def mounted(page):
    """mounted(Window()) is a page that holds that widget alone, of a phone's width unless another is given."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def mount(widget, width=360, height=1400):
        page.set_viewport_size({"width": width, "height": height})
        return show(page, widget)

    yield mount
    assert errors == []


def show(page, widget):
    """Put the widget on a page that is empty yet, as the published book mounts it."""
    name = widget.module_name()
    bundle, _ = widget._repr_mimebundle_()
    page.set_content(
        f"<meta name=viewport content='width=device-width'><style>{assets.stylesheet()}</style>"
        f"<script>{assets.module_script(name)}</script><script>{base.read_asset('host.js')}</script>"
        f"<main>{renderer.widget_html(bundle[base.MIME], name)}</main>"
    )
    page.wait_for_selector(f"#{name}[data-mounted=true] .u-panel")
    return page


@pytest.fixture
def unfold(page):
    """unfold() opens what the widget has folded away."""

    def press():
        for summary in page.locator(".u-fold > summary").all():
            if not summary.evaluate("node => node.parentElement.open"):
                summary.click()

    return press


@pytest.fixture
def settle(page):
    """settle() waits until what was set has been drawn."""
    return lambda: page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


@pytest.fixture
def status(page, settle):
    """status() is what the widget's status line says, once what was set has been drawn."""

    def read():
        settle()
        return page.locator(".u-status").inner_text()

    return read
