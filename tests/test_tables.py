"""Results as tables: the same in HTML and in text, and numbers as a person writes them."""

import pytest

from unrolled.tables import Table, power


@pytest.mark.parametrize(
    "value, text",
    [(0.184, "0.18"), (41, "41"), (907.4, "907"), (0, "0"), (1.23e-30, "1.2 · 10⁻³⁰"), (-4e5, "-4.0 · 10⁵")],
)
def test_a_number_is_written_as_it_is_read(value, text):
    assert power(value).replace("\N{NO-BREAK SPACE}", " ") == text


TABLE = Table(["network", "norm", "told of"], [["tanh < LSTM", power(3e-12), "once"], ["GRU", "41", "2 times"]])


def test_without_html_columns_stand_below_each_other_and_numbers_to_the_right():
    assert repr(TABLE).replace("\N{NO-BREAK SPACE}", " ").split("\n") == [
        "network             norm  told of",
        "tanh < LSTM  3.0 · 10⁻¹²  once",
        "GRU                   41  2 times",
    ]


def test_html_says_which_cells_are_heads_and_where_each_column_stands():
    html = TABLE._repr_html_()
    assert html.count('<th scope="col"') == 3 and html.count('<th scope="row"') == 2 and html.count("<td") == 4
    assert html.count("text-align: right") == 3, "a head, and two numbers"
    assert "tanh &lt; LSTM" in html


@pytest.mark.parametrize(("heads", "rows", "said"), [(["network", " "], [], "word"), (["network"], [["GRU", 1]], "1 cells")])
def test_a_table_without_words_above_it_or_with_a_cell_too_many_is_refused(heads, rows, said):
    with pytest.raises(ValueError, match=said):
        Table(heads, rows)
