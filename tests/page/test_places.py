"""Where the desk works: from a folder, at a sub-path, under a strict policy, and without a network after
the first visit."""

import pytest

from tests.book.pages import ALL_PAGES, open_page
from tests.grading.classroom import RIGHT
from tests.page.conftest import check, open_desk, write

pytestmark = pytest.mark.xdist_group("page_places")


def works(page):
    write(page, "softmax", RIGHT["softmax"])
    assert "softmax is right" in check(page, "softmax")


@pytest.mark.parametrize("press", [True, False], ids=["button", "card"])
def test_under_a_strict_policy_at_a_sub_path_without_asking_anybody_else(browser, strict_address, press):
    context = browser.new_context()
    page = open_desk(context, f"{strict_address}/exercises/02-rnn.html{'' if press else '#write'}", press)
    works(page)
    assert [url for url in page.requests if not url.startswith((strict_address, "blob:"))] == []
    assert page.complaints == []
    context.close()


@pytest.mark.parametrize("name", ALL_PAGES)
def test_every_page_stands_with_its_widgets_under_the_strict_policy(lend, strict_address, name):
    assert open_page(lend, f"{strict_address}/{name}.html").complaints == []


def test_from_a_folder(browser, site):
    context = browser.new_context()
    page = open_desk(context, f"file://{site}/exercises/02-rnn.html")
    works(page)
    assert [url for url in page.requests if not url.startswith(("file:", "blob:"))] == []
    assert page.complaints == []
    context.close()


def test_a_second_visit_needs_no_network(browser, site_address):
    context = browser.new_context()
    page = open_desk(context, f"{site_address}/exercises/02-rnn.html")
    works(page)
    page.wait_for_function("caches.open('unrolled-desk').then(store => store.match(location.href))")
    context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="Write it here").click()
    assert "softmax is right" in check(page, "softmax"), "what was typed is kept too"
    context.close()


def test_when_a_part_does_not_come_the_page_says_so_and_a_second_press_tries_again(browser, site_address):
    context = browser.new_context(service_workers="block")
    context.route("**/python/stdlib-*", lambda route: route.abort())
    page = open_desk(context, f"{site_address}/exercises/02-rnn.html", press=False)
    page.get_by_role("button", name="Write it here").click()
    page.locator(".u-desk-problem").filter(has_text="Python did not start here").wait_for()
    context.unroute("**/python/stdlib-*")
    page.get_by_role("button", name="Write it here").click()
    works(page)
    context.close()
