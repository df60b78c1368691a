"""Figures in one size, one palette and one voice, light or dark, legible on a phone.

    figure, ax = new_figure()
    ax.plot(steps, losses, color=colour("loss"))
    label(ax, "step", "loss (nats)")
    Picture(figure, "The loss falls from 3.2 to 1.8 nats within 400 steps.")     # last in its cell

`Picture` carries the figure and what it says in words. In the book it becomes an SVG that follows the page's
theme; in a notebook and in print it is an image on white. Stack panels (`rows=2`) rather than set them side by
side: a phone shows 360 pixels.
"""

import hashlib
import io
import re

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.figure import Figure

from unrolled.palette import COLOURS

WIDTH = 3.9  # inches; the smallest type on it, of 9.5 points, is 11 pixels high where a phone gives it 328 pixels
SHOWN = 510  # pixels that a notebook gives it, as wide as in the book
MIME = "application/vnd.unrolled.picture+json"

STYLE = {
    "font.size": 10.5,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.labelsize": 10.5,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "legend.fontsize": 9.5,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "lines.linewidth": 1.8,
    "axes.edgecolor": COLOURS["muted"].light,
    "axes.labelcolor": COLOURS["ink"].light,
    "axes.titlecolor": COLOURS["ink"].light,
    "text.color": COLOURS["ink"].light,
    "xtick.color": COLOURS["muted"].light,
    "ytick.color": COLOURS["muted"].light,
    "grid.color": COLOURS["line"].light,
    "svg.fonttype": "none",  # text stays text: small, and in the page's own font
    "svg.hashsalt": "unrolled",  # the same figure is the same bytes
    "axes.prop_cycle": mpl.cycler(color=[COLOURS[name].light for name in ("h", "gradient", "c", "g", "o", "x")]),
}
mpl.rcParams.update(STYLE)  # legends and texts that are added later take their size from here


def colour(name):
    """The colour of a quantity ("h", "loss", ...), which the book turns with the theme."""
    return COLOURS[name].light


def new_figure(height=2.7, rows=1, **subplots):
    """A matplotlib figure of the standard width and its axes, rows of them one above the other; height in inches."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, figure.subplots(rows, **subplots)


def label(ax, x, y, title=None):
    """Name both axes, units in brackets, and say in the title what is to be seen."""
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    if title:
        ax.set_title(title)


def _fading(name, *stops):
    return LinearSegmentedColormap.from_list(
        name, [(place, to_rgba(colour(hue), alpha)) for place, hue, alpha in stops]
    )


# Zero is transparent, so that both maps stand on a light and on a dark page.
SIGNED = _fading("signed", (0, "negative", 1), (0.5, "negative", 0), (0.5, "positive", 0), (1, "positive", 1))
POSITIVE = _fading("positive", (0, "positive", 0), (1, "positive", 1))


def heat_map(ax, values, limit=1.0, signed=True):
    """Draw values (rows, columns) as coloured cells from -limit to limit (from 0 when not signed);
    returns the image."""
    low = -limit if signed else 0
    return ax.imshow(
        np.asarray(values),
        cmap=SIGNED if signed else POSITIVE,
        vmin=low,
        vmax=limit,
        aspect="auto",
        interpolation="nearest",
    )


def every_run(ax, groups, colours=None):
    """Draw every run as a dot and each group's median as a bar across them.

    groups  a dict from a name to its values, one a run; colours  a dict from a name to a quantity's name, ink
    where it has none
    """
    for place, (name, values) in enumerate(groups.items()):
        hue = colour((colours or {}).get(name, "ink"))
        aside = np.linspace(-0.15, 0.15, len(values)) if len(values) > 1 else [0]
        ax.plot(place + np.asarray(aside), values, "o", color=hue, markersize=4, alpha=0.8)
        ax.hlines(np.median(values), place - 0.28, place + 0.28, color=hue)
    ax.set_xticks(range(len(groups)), list(groups))
    ax.set_xlim(-0.6, len(groups) - 0.4)


class Picture:
    """A figure and the sentence that says what it shows, for readers who cannot see it."""

    def __init__(self, figure, alt):
        if not alt or not alt.strip():
            raise ValueError("a picture needs a sentence that says what it shows")
        self.figure = figure
        self.alt = " ".join(alt.split())

    def svg(self):
        """The figure as an <svg> element whose colours are the page's CSS variables."""
        text = self._saved("svg", metadata={"Date": None}, transparent=True).decode()
        head, body = text[text.index("<svg") :].split(">", 1)
        head = re.sub(r' (width|height)="[^"]*"', "", head)  # as wide as the page lets it be
        body = re.sub(r"<metadata>.*?</metadata>\s*|<style.*?</style>\s*", "", body, flags=re.DOTALL)
        body = re.sub(r"font-family: [^;\"]*", "font-family: inherit", body)
        text = re.sub(r"<[^>]*>", _shorter, f"{head}>{body}")
        for name, pair in COLOURS.items():
            text = text.replace(pair.light, f"var(--u-{name}, {pair.light})")
        return _lean(_own_ids(text))

    def png(self):
        """The figure as a PNG image on white."""
        return self._saved("png", dpi=160, facecolor="white")

    def _saved(self, kind, **options):
        buffer = io.BytesIO()
        self.figure.savefig(buffer, format=kind, **options)
        return buffer.getvalue()

    def _repr_mimebundle_(self, **kwargs):
        bundle = {"text/plain": self.alt, "image/png": self.png(), MIME: {"svg": self.svg(), "alt": self.alt}}
        return bundle, {"image/png": {"width": SHOWN}}


def _shorter(tag):
    """Places in hundredths of a point, which is enough; what is written between tags stays as it is, a
    number on an axis too."""
    return re.sub(r"(\d\.\d\d)\d+", r"\1", tag[0])


def _own_ids(svg):
    """Drop ids that nothing refers to; make the others the figure's own, since many figures share a page."""
    mark = "u" + hashlib.sha256(svg.encode()).hexdigest()[:8]
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', svg))
    keep = lambda m: f' id="{mark}{m[1]}"' if m[1] in used else ""
    svg = re.sub(r' id="([^"]*)"', keep, svg)
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{mark}", svg)


def _lean(svg):
    """Without groups that say nothing, and without the ground that is not painted: half as many elements."""
    svg = re.sub(r'<path d="[^"]*" style="fill: none"/>|<defs>\s*</defs>', "", svg)
    kept, told = [], []
    for part in re.split(r"(</?g\b[^>]*>)", svg):
        if part.startswith("<g"):
            told.append(part != "<g>")
        if not part.startswith(("<g", "</g")) or told[-1]:
            kept.append(part)
        if part == "</g>":
            told.pop()
    return re.sub(r"\s*\n\s*", "\n", "".join(kept))
