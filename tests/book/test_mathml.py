"""Formulae in the build: TeX becomes MathML, and the page's font has what it takes."""

import html
import re

import pytest
from fontTools.ttLib import TTFont

from tests.book.pages import PAGES
from unrolled.book import assets
from unrolled.book.assets import STYLE
from unrolled.book.mathml import keep_together, mathml, plain_brackets


def test_a_formula_becomes_mathml():
    assert mathml("h_t") == "<math><msub><mi>h</mi><mi>t</mi></msub></math>"
    assert 'display="block"' in mathml("h_t", block=True)


@pytest.mark.parametrize("environment", ["align", "equation", "gather"])
def test_numbers_are_left_to_sphinx(environment):
    assert "(1)" not in mathml(rf"\begin{{{environment}}} a = b \end{{{environment}}}", block=True)


@pytest.mark.parametrize("tex", [r"\frac{a", r"\nosuchcommand", r"\begin{aligned} a"])
def test_what_cannot_be_read_is_named(tex):
    with pytest.raises(ValueError, match="cannot read the formula") as error:
        mathml(tex)
    assert tex in str(error.value).replace("\\\\", "\\")
    assert "\x1b" not in str(error.value)


@pytest.mark.parametrize("around", ["({}).", "“{}”,", "{}-th"])
def test_no_line_ends_between_a_formula_and_what_touches_it(page, around):
    text = keep_together(f"<p>some words {around.format(mathml('W = 2'))} and more</p>")
    page.set_content(f"<style>{assets.stylesheet()}</style>{text}")
    lines = page.evaluate(
        """() => Array.from({ length: 100 }, (_, i) => {
            document.querySelector("p").style.width = `${60 + i}px`;
            return document.querySelector(".u-keep").getClientRects().length;
        })"""
    )
    assert set(lines) == {1}
    assert page.locator(".u-keep").inner_text().count("=") == 1


@pytest.mark.parametrize("name", PAGES)
def test_the_sites_font_has_every_sign_of_its_formulae(site, name):
    text = (site / f"{name}.html").read_text(encoding="utf8")
    formulae = "".join(re.findall(r"<math.*?</math>", text, re.DOTALL))
    visible = re.sub(r"<[^>]+>", "", formulae)
    invisible = set(" \n\u2061\u2062\u2063\u2064\u200b")
    known = TTFont(STYLE / "fonts" / "maths.woff2").getBestCmap()
    assert {sign for sign in html.unescape(visible) if ord(sign) not in known} - invisible == set()


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        (r"\tanh\left(x_t W_x + b\right)", r"\tanh(x_t W_x + b)"),
        (r"\left(\frac{1}{2}\right)", r"\left(\frac{1}{2}\right)"),
        (r"\left[ a \left( \sum_t b \right) \right]", r"\left[ a \left( \sum_t b \right) \right]"),
    ],
)
def test_brackets_grow_only_around_what_is_tall(tex, plain):
    assert plain_brackets(tex) == plain
