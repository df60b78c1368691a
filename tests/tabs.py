"""A browser's tabs, lent to one test after another: a new one costs a second of a processor, a used one a third of it,
and one that shows the page already nothing.

What a test may leave behind goes when its tab comes back: the document, what was stored, routes, an emulated medium,
another size. What cannot be taken back, as a script for every document or a slower processor, needs a tab of its own.
"""

import json
from itertools import chain
from urllib.parse import urlsplit

DEFAULT_SIZE = {"width": 1280, "height": 720}       # Playwright's


def new_tab(context):
    """A page that lists what it asks for and what it complains of, `page.requests` and `page.complaints`."""
    page = context.new_page()
    page.requests, page.complaints = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


class Tabs:
    """The tabs of a browser that are free, by the options of their contexts."""

    def __init__(self, browser):
        self._browser, self._free, self._lent, self._shown = browser, {}, {}, {}

    def lend(self, **options):
        """An empty page of a context with these options."""
        free = self._free.setdefault(json.dumps(options, sort_keys=True), [])
        page = free.pop() if free else new_tab(self._browser.new_context(**options))
        self._lent[page] = free, options
        return page

    def show(self, address, opened, **options):
        """The page at an address, for tests that only look at it: as it stands already, or after
        opened(lend, address, **options)."""
        kind = json.dumps(options, sort_keys=True)
        if kind not in self._shown:
            self._shown[kind] = new_tab(self._browser.new_context(**options))
        page = self._shown[kind]
        if page.url == address:
            _look_anew(page, options)
        else:
            _clear(page, options)
            opened(lambda **_: page, address, **options)
        return page

    def take_back_all(self):
        """Make what was lent as it was before; a tab that does not bear it is closed."""
        from playwright.sync_api import Error  # `make check` has none, and no browser

        for page, (free, options) in self._lent.items():
            try:
                _clear(page, options)
                free.append(page)
            except Error:
                page.context.close()
        self._lent.clear()

    def close(self):
        """Close all that are free or shown."""
        for page in chain(*self._free.values(), self._shown.values()):
            page.context.close()


def _clear(page, options):
    address = urlsplit(page.url)
    page.unroute_all(behavior="ignoreErrors")
    if address.netloc or address.scheme == "file":
        page.evaluate("() => { try { sessionStorage.clear() } catch { } }")
        session = page.context.new_cdp_session(page)
        origin = f"{address.scheme}://{address.netloc}"
        session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        session.detach()
    page.mouse.move(0, 0)       # before the page is empty: moved after it, the pointer misses what later drags cross
    page.goto("about:blank")
    page.set_default_timeout(30_000)
    _look_anew(page, options)
    page.requests, page.complaints = [], []


def _look_anew(page, options):
    """The page's top, in the medium and the size that its context has by its options."""
    page.evaluate("() => scrollTo({ top: 0, behavior: 'instant' })")
    page.emulate_media(media="null", color_scheme=options.get("color_scheme", "light"), reduced_motion="null")
    size = options.get("viewport", DEFAULT_SIZE)
    if page.viewport_size != size:
        page.set_viewport_size(size)
