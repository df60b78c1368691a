"""The pictures that stand for the book elsewhere: a card beside a link to it, and the icon on a phone's screen."""

import io

from matplotlib.figure import Figure
from matplotlib.patches import Circle

from unrolled.palette import COLOURS

SIZE = (1200, 630)  # pixels, the size that social networks ask for
STEPS = 6


def card_png():
    """The card as a PNG image."""
    page, ink, accent = (COLOURS[name].dark for name in ("page", "ink", "accent"))
    figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100, facecolor=page)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, SIZE[0]), ylim=(0, SIZE[1]))
    ax.axis("off")
    ax.text(80, 500, "Unrolled", color=ink, fontsize=62, weight="bold", va="center")
    ax.text(
        82,
        405,
        "A course on recurrent neural networks: live widgets,\ncode to write, a checker that names your mistake",
        color=COLOURS["muted"].dark,
        fontsize=22,
        va="center",
        linespacing=1.5,
    )
    arrow = {"arrowstyle": "-|>", "lw": 3, "mutation_scale": 22, "shrinkA": 0, "shrinkB": 0}
    for t in range(STEPS):
        x = 130 + t * 185
        ax.add_patch(Circle((x, 160), 38, edgecolor=accent, facecolor=page, lw=4))
        ax.annotate("", (x, 122), (x, 60), arrowprops=arrow | {"color": COLOURS["x"].dark})
        ax.annotate("", (x, 260), (x, 198), arrowprops=arrow | {"color": COLOURS["c"].dark})
        if t < STEPS - 1:
            ax.annotate("", (x + 143, 160), (x + 42, 160), arrowprops=arrow | {"color": COLOURS["h"].dark})
    return _png(figure)


def touch_icon_png():
    """The book's mark, two units that are joined, as a PNG of 180 pixels."""
    figure = Figure(figsize=(1.8, 1.8), dpi=100, facecolor=COLOURS["accent"].light)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(-2, 34), ylim=(-2, 34))
    ax.axis("off")
    line = {"color": "white", "lw": 7, "solid_capstyle": "round", "solid_joinstyle": "round"}
    for x in (7, 25):
        ax.add_patch(Circle((x, 16), 4, edgecolor="white", facecolor="none", lw=7))
        ax.plot([x, x], [21, 29], **line)
        ax.plot([x, x], [11, 3], **line)
    ax.plot([11, 20.5], [16, 16], **line)
    ax.plot([18, 21, 18], [19, 16, 13], **line)
    return _png(figure)


def _png(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", facecolor=figure.get_facecolor())
    return buffer.getvalue()
