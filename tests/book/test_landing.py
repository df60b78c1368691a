"""A link into a page lands at its place from a cold start on a slow processor, equations also from another chapter.

Every anchor is tried in `make soak`; otherwise the one in the middle of each page and the last one, for what moves a
page moves all that lies below.
"""

import functools
from urllib.parse import urlsplit

import pytest

from tests.book.pages import PAGES, Page, open_page

SLOWER = 4          # times
NEAR = 3            # pixels
# How far the place is from where it should be, below the bar or as far up as the page's end lets it, once
# all has settled.
MISSED = """async (anchor) => {
  await document.fonts.ready;
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  const root = document.documentElement;
  const off = document.getElementById(anchor).getBoundingClientRect().top - parseFloat(getComputedStyle(root).scrollPaddingTop);
  return off > 0 ? Math.min(off, root.scrollHeight - innerHeight - scrollY) : off;
}"""


@functools.cache
def links_into(site):
    """{page: the anchors that a link of the book leads to}, chapter by chapter."""
    found = {name: set() for name in PAGES}
    for name in PAGES:
        for link in Page(site / f"{name}.html").links:
            parts = urlsplit(link)
            target = f"chapters/{parts.path.removesuffix('.html')}" if parts.path else name
            if not parts.scheme and parts.fragment and target in found:
                found[target].add(parts.fragment)
    return found


@pytest.fixture(scope="module")
def slow(browser):
    """A page whose processor is slow and whose cache is empty at every load."""
    page = browser.new_context().new_page()
    settings = page.context.new_cdp_session(page)
    settings.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    settings.send("Network.setCacheDisabled", {"cacheDisabled": True})
    yield page
    page.context.close()


def missed(page, address):
    page.goto("about:blank")
    page.goto(address)
    return page.evaluate(MISSED, urlsplit(address).fragment)


def misses(page, address, anchors):
    """{anchor: pixels} of those that were not landed at."""
    off = {anchor: missed(page, f"{address}#{anchor}") for anchor in anchors}
    return {anchor: pixels for anchor, pixels in off.items() if abs(pixels) > NEAR}


def in_order(site, name):
    """The anchors that links lead to, from the page's top to its end."""
    anchors = links_into(site)[name] - {"main"}
    return [anchor for anchor in Page(site / f"{name}.html").anchors if anchor in anchors]


@pytest.mark.parametrize("name", PAGES)
def test_links_into_a_page_land_at_their_place(slow, site, site_address, name):
    anchors = in_order(site, name)
    some = {anchors[len(anchors) // 2], anchors[-1]} if anchors else set()
    assert misses(slow, f"{site_address}/{name}.html", sorted(some)) == {}


@pytest.mark.soak
@pytest.mark.parametrize("name", PAGES)
def test_every_link_into_a_page_lands_at_its_place(slow, site, site_address, name):
    assert misses(slow, f"{site_address}/{name}.html", in_order(site, name)) == {}


def test_equations_of_other_chapters_are_landed_at_when_all_is_at_hand(lend, site, site_address):
    wanted = [(name, anchor) for name, anchors in links_into(site).items() for anchor in sorted(anchors) if anchor.startswith("equation-")]
    page = open_page(lend, f"{site_address}/chapters/index.html")
    off = {}
    for name, anchor in wanted:
        page.evaluate("address => { location.href = address }", f"{site_address}/{name}.html#{anchor}")
        page.wait_for_url(f"**/{name}.html#{anchor}", wait_until="load")
        off[anchor] = page.evaluate(MISSED, anchor)
    assert wanted and {anchor: pixels for anchor, pixels in off.items() if abs(pixels) > NEAR} == {}
