"""What the tests of the built pages share."""

import pytest

from tests.book.pages import open_page


@pytest.fixture
def shown(tabs, site_address):
    """shown(name, viewport=...) is a page of the site as it stands when it was opened, for tests that only look at it:
    those of one page, in each_page, look at the same one."""
    return lambda name, **options: tabs.show(f"{site_address}/{name}.html", open_page, **options)
