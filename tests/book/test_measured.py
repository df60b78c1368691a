"""Numbers in the prose are written as a person writes them."""

import pytest

from unrolled.book.measured import power


@pytest.mark.parametrize(
    "value, text",
    [(0.184, "0.18"), (41, "41"), (907.4, "907"), (0, "0"), (1.23e-30, "1.2 · 10⁻³⁰"), (-4e5, "-4.0 · 10⁵")],
)
def test_a_number_is_written_as_it_is_read(value, text):
    assert power(value).replace("\N{NO-BREAK SPACE}", " ") == text
