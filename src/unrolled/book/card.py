"""The picture that other sites show beside a link to the book: its name over a chain of units."""

import io

from matplotlib.figure import Figure
from matplotlib.patches import Circle

from unrolled.palette import COLOURS

SIZE = (1200, 630)      # pixels, the size that social networks ask for
STEPS = 6


def card_png():
    """The card as a PNG image."""
    page, ink, accent = (COLOURS[name].dark for name in ("page", "ink", "accent"))
    figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100, facecolor=page)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, SIZE[0]), ylim=(0, SIZE[1]))
    ax.axis("off")
    ax.text(80, 500, "Unrolled", color=ink, fontsize=62, weight="bold", va="center")
    ax.text(82, 405, "A course on recurrent neural networks: live widgets,\ncode to write, a checker that names your mistake",
            color=COLOURS["muted"].dark, fontsize=22, va="center", linespacing=1.5)
    arrow = {"arrowstyle": "-|>", "lw": 3, "mutation_scale": 22, "shrinkA": 0, "shrinkB": 0}
    for t in range(STEPS):
        x = 130 + t * 185
        ax.add_patch(Circle((x, 160), 38, edgecolor=accent, facecolor=page, lw=4))
        ax.annotate("", (x, 122), (x, 60), arrowprops=arrow | {"color": COLOURS["x"].dark})
        ax.annotate("", (x, 260), (x, 198), arrowprops=arrow | {"color": COLOURS["c"].dark})
        if t < STEPS - 1:
            ax.annotate("", (x + 143, 160), (x + 42, 160), arrowprops=arrow | {"color": COLOURS["h"].dark})
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", facecolor=page)
    return buffer.getvalue()
