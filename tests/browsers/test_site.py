"""The book in Firefox and in WebKit: widgets that live, formulas, links that land, the search.
`make browsers` runs this."""

import json

import pytest

from tests.book.pages import ALL_PAGES, PAGES, STANDS, WITH_WIDGETS
from tests.book.test_landing import MISSED, NEAR, in_order

pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("browsers")]

END, HOME = "\ue010", "\ue011"
# The sliders that stand open on a page, each with what its panel shows: numbers, drawings and their words.
SLIDERS = "[...document.querySelectorAll('.u-panel input[type=range]')].filter(slider => slider.checkVisibility() && !slider.disabled)"
SHOWN = f"{SLIDERS}[{{number}}].closest('.u-panel').innerHTML"

PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
INCOMPLETE = f"""() => Object.entries({json.dumps(PARTS)}).flatMap(([tag, parts]) => [...document.querySelectorAll(tag)]
    .filter(node => node.children.length !== parts)).length"""
FLAT = """() => [...document.querySelectorAll("article math")]
    .filter(math => math.checkVisibility() && math.getBoundingClientRect().height < 5).length"""


def stand(visitor, address):
    visitor.go(address)
    visitor.wait(f"({STANDS})()")


def test_widgets_are_drawn_and_their_sliders_change_the_drawing(visitor, home):
    for name in WITH_WIDGETS:
        stand(visitor, f"{home}/{name}.html")
        assert visitor.evaluate("[...document.querySelectorAll('.u-widget > .u-picture')].every(picture => !picture.checkVisibility())")
        sliders = visitor.evaluate(f"{SLIDERS}.length")
        assert sliders > 0, name
        for number in range(sliders):
            shown = SHOWN.format(number=number)
            ends = []
            for key in (HOME, END):
                visitor.evaluate(f"{SLIDERS}[{number}].focus()")
                visitor.type(key)
                visitor.evaluate("new Promise(requestAnimationFrame)")
                ends.append(visitor.evaluate(shown))
            assert ends[0] != ends[1], f"{name}, slider {number + 1}"


def test_formulas_have_all_their_parts_and_are_drawn(visitor, home):
    for name in PAGES:
        stand(visitor, f"{home}/{name}.html")
        assert visitor.evaluate(f"({INCOMPLETE})()") == 0, name
        assert visitor.evaluate(f"({FLAT})()") == 0, name


def test_pages_fit_the_window_and_letters_come_from_the_site(visitor, home):
    for name in ALL_PAGES:
        stand(visitor, f"{home}/{name}.html")
        assert visitor.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        assert visitor.evaluate("document.fonts.ready.then(() => [...document.fonts].every(font => font.status !== 'error'))"), name


@pytest.mark.parametrize("name", ["chapters/02-rnn", "chapters/05-lstm", "chapters/08-attention"])
def test_a_link_into_a_page_lands_at_its_place(visitor, site, home, name):
    for anchor in in_order(site, name)[::7]:
        visitor.go("about:blank")
        stand(visitor, f"{home}/{name}.html#{anchor}")
        assert abs(visitor.evaluate(f"({MISSED})('{anchor}')")) <= NEAR, anchor


def test_the_search_finds_and_opens_a_place(visitor, home):
    visitor.go(f"{home}/search.html?q=forget bias")
    visitor.wait("document.querySelector('#search-results li a')")
    assert "05-lstm" in visitor.evaluate("document.querySelector('#search-results li a').href")
    visitor.go(visitor.evaluate("document.querySelector('#search-results li a').href"))
    visitor.wait(f"({STANDS})()")
    assert visitor.evaluate("location.hash") != ""


def test_the_theme_is_switched_and_kept(visitor, home):
    stand(visitor, f"{home}/chapters/glossary.html")
    ground = "getComputedStyle(document.body).backgroundColor"
    before = visitor.evaluate(ground)
    visitor.click("button", "Switch to the dark theme")
    after = visitor.evaluate(ground)
    assert after != before
    visitor.reload()
    assert visitor.evaluate(ground) == after
