"""The palette and the figures: hues that stay apart for every reader, pictures that say what they show."""

import itertools
import re

import numpy as np
import pytest

from unrolled import plots
from unrolled.palette import COLOURS, QUANTITIES, css

# Machado, Oliveira & Fernandes 2009: linear RGB as seen without one kind of cone.
VISIONS = {
    "all cones": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
SIDE_BY_SIDE = ["hcifgo", "hrzn"]       # the LSTM's quantities, and the GRU's
APART = 0.08                            # distance in OKLab; 0.02 is what an eye can just tell


def linear(colour):
    """Linear RGB of #rrggbb."""
    v = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def oklab(rgb):
    """Ottosson 2020: a space in which distance is difference as seen."""
    lms = np.array([[0.41222147, 0.53633254, 0.05144599], [0.2119035, 0.6806995, 0.10739696], [0.08830246, 0.28171884, 0.6299787]])
    lab = np.array([[0.21045426, 0.79361779, -0.00407205], [1.9779985, -2.4285922, 0.45059371], [0.02590404, 0.78277177, -0.80867577]])
    return lab @ np.cbrt(lms @ np.clip(rgb, 0, 1))


def contrast(a, b):
    """WCAG's contrast of two colours."""
    low, high = sorted(0.05 + linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (a, b))
    return high / low


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("group", SIDE_BY_SIDE)
def test_hues_that_stand_side_by_side_stay_apart(mode, vision, group):
    seen = {name: oklab(np.array(VISIONS[vision]) @ linear(getattr(COLOURS[name], mode))) for name in group}
    nearest = min(np.linalg.norm(seen[a] - seen[b]) for a, b in itertools.combinations(group, 2))
    assert nearest > APART


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_contrast_with_the_page(mode):
    written = [*QUANTITIES, "ink", "muted", "accent"]       # quantities' names are written in their hue
    for ground in (COLOURS["page"], COLOURS["surface"]):
        assert all(contrast(getattr(COLOURS[name], mode), getattr(ground, mode)) >= 4.5 for name in written)


def test_each_colour_can_be_told_in_a_figures_source():
    assert len({colour.light for colour in COLOURS.values()}) == len(COLOURS)


def test_css_has_both_modes_of_every_colour():
    assert all(f"--u-{name}: {value};" in css() for name, colour in COLOURS.items() for value in (colour.light, colour.dark))


@pytest.fixture
def picture():
    figure, ax = plots.new_figure()
    ax.plot([0, 1, 2], [3, 1, 2], color=plots.colour("loss"))
    plots.label(ax, "step", "loss (nats)")
    return plots.Picture(figure, "The loss falls,\n   then rises.")


def test_picture_says_what_it_shows(picture):
    assert picture.alt == "The loss falls, then rises."
    bundle, metadata = picture._repr_mimebundle_()
    assert bundle["text/plain"] == picture.alt
    assert metadata.keys() < bundle.keys()
    with pytest.raises(ValueError, match="needs a sentence"):
        plots.Picture(picture.figure, "  ")


def test_picture_follows_the_page(picture):
    svg = picture.svg()
    assert "var(--u-loss, #333b45)" in svg
    assert not re.search(r"(?<!, )#[0-9a-f]{6}", svg), "every colour is one of the palette's"
    assert "loss (nats)</text>" in svg, "text stays text"
    assert not re.search(r"<svg[^>]*(width|height)=", svg), "it is as wide as there is room"
    assert picture.svg() == svg


def test_two_pictures_on_a_page_share_no_ids(picture):
    figure, ax = plots.new_figure()
    ax.plot([0, 1])
    ids = [set(re.findall(r' id="([^"]+)"', one.svg())) for one in (picture, plots.Picture(figure, "A line."))]
    assert ids[0] and ids[1] and not ids[0] & ids[1]


def test_png_stands_on_white(picture):
    assert picture.png().startswith(b"\x89PNG")


@pytest.mark.parametrize("signed, low", [(True, -2), (False, 0)])
def test_a_heat_map_leaves_zero_to_the_page_and_shows_its_limits_in_full(signed, low):
    _, ax = plots.new_figure()
    image = plots.heat_map(ax, [[0.5, -0.5]], limit=2, signed=signed)
    assert image.get_clim() == (low, 2)
    assert image.to_rgba(0.0)[3] < 0.01
    assert image.to_rgba(2.0)[3] == 1
    assert image.to_rgba(-2.0)[3] == (1 if signed else 0)


def test_every_run_is_a_dot_and_each_median_a_bar():
    figure, ax = plots.new_figure()
    plots.every_run(ax, {"LSTM": [1, 2, 6], "GRU": [4]}, {"LSTM": "c"})
    assert [list(dots.get_ydata()) for dots in ax.lines] == [[1, 2, 6], [4]]
    assert [bar.get_segments()[0][0][1] for bar in ax.collections] == [2, 4]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["LSTM", "GRU"]
    assert ax.lines[0].get_color() == COLOURS["c"].light
