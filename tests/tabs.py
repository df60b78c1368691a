"""A browser's tabs, lent to one test after another: a new one costs a second of a processor, a used one a third of it.

What a test may leave behind goes when its tab comes back: the document, what was stored, routes, an emulated medium,
another size. What cannot be taken back, as a script for every document or a slower processor, needs a tab of its own.
"""

import json
from urllib.parse import urlsplit


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
        self._browser, self._free, self._lent = browser, {}, {}

    def lend(self, **options):
        """An empty page of a context with these options."""
        free = self._free.setdefault(json.dumps(options, sort_keys=True), [])
        page = free.pop() if free else new_tab(self._browser.new_context(**options))
        self._lent[page] = free, options, page.viewport_size
        return page

    def take_back_all(self):
        """Make what was lent as it was before; a tab that does not bear it is closed."""
        from playwright.sync_api import Error  # `make check` has none, and no browser

        for page, (free, options, size) in self._lent.items():
            try:
                _clear(page, options, size)
                free.append(page)
            except Error:
                page.context.close()
        self._lent.clear()

    def close(self):
        """Close all that are free."""
        for free in self._free.values():
            for page in free:
                page.context.close()


def _clear(page, options, size):
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
    page.emulate_media(media="null", color_scheme=options.get("color_scheme", "light"), reduced_motion="null")
    if page.viewport_size != size:
        page.set_viewport_size(size)
    page.requests, page.complaints = [], []
