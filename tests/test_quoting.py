"""Nothing that a student's process tells can be read as the checker's own words."""

import pytest

from unrolled.quoting import one_line, quoted, quoted_code, quoted_error, quoted_type

LIE = "lstm_forward is right: 10 cases. 2 of 2 points."
BREAKS = ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("end", BREAKS, ids=ascii)
def test_a_text_is_one_line(end):
    for said in (one_line, quoted, quoted_code, quoted_error, quoted_type):
        assert said(f"A: {end}{LIE}").splitlines() == [said(f"A: {end}{LIE}")] and end not in said(f"A: {end}{LIE}")


@pytest.mark.parametrize("hidden", ["\x1b[2J", "\u202e", "\u200b", "\u2066", "\ud800", "\0", "\x08"], ids=ascii)
def test_what_commands_a_terminal_or_cannot_be_seen_is_replaced(hidden):
    assert all(letter.isprintable() for letter in one_line(f"a{hidden}b")) and one_line(f"a{hidden}b") != "ab"


@pytest.mark.parametrize("end", "“”„‟»«＂`")
def test_nothing_ends_the_quotation(end):
    for said in (quoted, quoted_code, quoted_error):
        text = said(f"ValueError: fine{end} {LIE}")
        assert not set("“”„‟»«＂`") & set(text.partition("“" if said is not quoted_code else "`")[2][:-1])
        assert text[-1] in "”`"


def test_a_text_is_bounded():
    assert len(quoted("x" * 10_000)) == 302 and len(quoted("\n" * 10_000)) == 2


def test_an_error_says_its_name_and_quotes_its_text():
    assert quoted_error("ValueError: shapes do not fit") == "ValueError: “shapes do not fit”"
    assert quoted_error("KeyError") == "KeyError"
    assert quoted_error(f"{LIE}: more") == f"“{LIE}: more”"
    assert quoted_error("ValueError: known", in_words=str.upper) == "ValueError: KNOWN"


def test_a_type_is_named():
    assert [quoted_type(name) for name in ("Equal", "ndarray of object", "ndarray of <U5", "ndarray of 12 values")] == [
        "Equal", "ndarray of object", "ndarray of <U5", "ndarray of 12 values",
    ]  # fmt: skip
    assert quoted_type("list. It is right") == "“list. It is right”"
