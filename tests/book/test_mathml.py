"""Formulae in the build: TeX becomes MathML, and the page's font has what it takes."""

import base64
import html
import io
import re
import unicodedata

import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from tests.book.pages import DESKS, PAGES, each_page
from unrolled.book import assets
from unrolled.book.assets import STYLE
from unrolled.book.mathml import LEAN, keep_together, mathml, plain_brackets, side_by_side


def test_a_formula_becomes_mathml():
    assert mathml("h_t") == "<math><msub><mi>h</mi><mi>t</mi></msub></math>"
    assert 'display="block"' in mathml("h_t", block=True)


@pytest.mark.parametrize("environment", ["align", "equation", "gather"])
def test_numbers_are_left_to_sphinx(environment):
    assert "(1)" not in mathml(rf"\begin{{{environment}}} a = b \end{{{environment}}}", block=True)


@pytest.mark.parametrize("tex", [r"\frac{a", r"\nosuchcommand", r"\begin{aligned} a", r"a \allowbreak = b"])
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


LINES = """() => [...document.querySelectorAll("mtr")].filter(row => row.getClientRects().length).map(row => {
    const shown = [...row.querySelectorAll("mi, mn, mo")].filter(sign => sign.getClientRects().length);
    return shown.map(sign => sign.textContent).join("");
})"""


@pytest.mark.parametrize(
    ("tex", "whole", "broken"),
    [
        (r"a &= b \allowbreak + c \\ d &= e", ["a=b+c", "d=e"], ["a=b", "+c", "d=e"]),
        (r"a &= b, \allowbreak \quad t < 1", ["a=b,t<1"], ["a=b,", "t<1"]),
        (r"a + b \allowbreak &= c \\ &= d \allowbreak + e", ["a+b=c", "=d+e"], ["a+b", "=c", "=d", "+e"]),
    ],
)
def test_a_long_row_is_whole_where_there_is_room_and_ends_at_its_marks_on_a_phone(page, tex, whole, broken):
    formula = mathml(rf"\begin{{aligned}}{tex}\end{{aligned}}", block=True)
    page.set_content(f"<style>{assets.stylesheet()}</style>{formula}")
    accessible = page.context.new_cdp_session(page)
    for width, lines in ((1440, whole), (360, broken)):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(LINES) == lines
        heard = [(node["role"]["value"], node["name"]["value"]) for node in accessible.send("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
        assert [role for role, _ in heard].count("MathMLMath") == 1
        signs = "".join(name for role, name in heard if role == "StaticText")
        assert sorted(unicodedata.normalize("NFKC", signs)) == sorted("".join(lines))


@pytest.mark.parametrize(("tex", "parts"), [
    (r"h = z, \qquad t = 1", ["h = z, ", " t = 1"]),
    (r"y = \begin{cases} a \quad b \end{cases} \quad c", [r"y = \begin{cases} a \quad b \end{cases} ", " c"]),
    (r"d\text{a \quad b} \leftarrow \left( c \quad e \right)", [r"d\text{a \quad b} \leftarrow \left( c \quad e \right)"]),
])
def test_formulas_that_a_wide_space_sets_apart_are_each_their_own(tex, parts):
    assert side_by_side(tex) == parts


def test_on_a_phone_a_relation_stands_below_the_one_before_it_and_the_rest_is_set_in(page):
    formula = mathml(r"\begin{aligned} a &= b \allowbreak + c \allowbreak = d \end{aligned}", block=True)
    page.set_viewport_size({"width": 360, "height": 800})
    page.set_content(f"<style>{assets.stylesheet()}</style>{formula}")
    lefts = page.evaluate("""() => [...document.querySelectorAll("mo")].filter(sign => sign.getClientRects().length)
        .map(sign => sign.getBoundingClientRect().left)""")
    assert lefts[0] == lefts[2] < lefts[1]


def test_a_superscript_stands_clear_of_a_letter_that_leans_as_the_font_says(page):
    font = TTFont(STYLE / "fonts" / "maths.woff2")
    said = font["MATH"].table.MathGlyphInfo.MathItalicsCorrectionInfo
    corrections = dict(zip(said.Coverage.glyphs, (value.Value / font["head"].unitsPerEm for value in said.ItalicsCorrection), strict=True))
    italic = {letter: f"MATHEMATICAL ITALIC {'SMALL' if letter.islower() else 'CAPITAL'} {letter.upper()}" for letter in LEAN}
    assert {letter: corrections[font.getBestCmap()[ord(unicodedata.lookup(name))]] for letter, name in italic.items()} == LEAN
    page.set_content(f"<style>{assets.stylesheet()}</style>{mathml('W^2')}{mathml('h^2')}")
    gaps = page.evaluate("""() => [...document.querySelectorAll("msup")].map(power => {
        const [letter, raised] = [...power.children].map(part => part.getBoundingClientRect());
        return (raised.left - letter.right) / parseFloat(getComputedStyle(power).fontSize);
    })""")
    assert gaps == pytest.approx([LEAN["W"], 0], abs=0.02)


def test_a_brace_is_whole_wherever_it_stands(page):
    """Chromium paints a page in tiles, and a stretched sign only into those in which it believes it to be."""
    font = base64.b64encode((STYLE / "fonts" / "maths.woff2").read_bytes()).decode()
    style = assets.stylesheet().replace("maths.woff2", f"data:font/woff2;base64,{font}")
    formula = mathml(r"\underbrace{a + b + c}_{\text{kept}}", block=True)
    places = [(20 * row, 60 * row) for row in range(14)]
    boxes = "".join(f'<div style="position: absolute; left: {x}px; top: {y}px">{formula}</div>' for x, y in places)
    page.set_viewport_size({"width": 600, "height": 900})
    page.set_content(f"<style>{style}</style>{boxes}")
    page.evaluate("async () => { await document.fonts.ready; }")
    shot = Image.open(io.BytesIO(page.screenshot()))
    assert len({hash(shot.crop((x, y, x + 100, y + 60)).tobytes()) for x, y in places}) == 1


WIDE = """() => [...document.querySelectorAll(".u-equation")].filter(box => box.scrollWidth > box.clientWidth + 1).map(
    box => `${box.id} is ${box.scrollWidth - box.clientWidth} pixels too wide`)"""


@each_page([name for name in PAGES if name.startswith("chapters/0")] + DESKS)
def test_no_displayed_formula_is_wider_than_its_page(shown, name):
    page = shown(name, java_script_enabled=False)
    # on a phone some of an assignment's are scrolled
    for width in (768, 1440) if name in DESKS else (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(WIDE) == [], width
