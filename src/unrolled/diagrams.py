"""Drawings of networks: the loop, and the same unit at every moment, for the chapters' first pictures."""

import numpy as np
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path

from unrolled.plots import colour, new_figure

STEP, RISE = 1.5, 1.3  # from one moment to the next, and from a state up to its output
HALF = 0.36  # half the side of a state's box
GAP = 0.26  # from the middle of a word to its arrow
WIDE, TALL = 0.52, 0.44  # half the sides of a gate's box
CURVE = [Path.MOVETO] + 3 * [Path.CURVE4]


def draw_window_net(ax, window, units, outputs):
    """A net with one hidden layer over the texts in window: the lines from each place differ, for each has
    weights of its own."""
    middle, styles = (len(window) - 1) * STEP / 2, ["-", "--", ":"]
    spread = lambda count: middle + (np.arange(count) - (count - 1) / 2) * STEP  # noqa: E731
    for place, (x, given) in enumerate(zip(spread(len(window)), window, strict=True)):
        for unit in spread(units):
            _line(ax, (x, -RISE + GAP), (unit, -0.32), "x", styles[place % len(styles)])
        _symbol(ax, x, -RISE, given)
    for x, read in zip(spread(len(outputs)), outputs, strict=True):
        for unit in spread(units):
            _line(ax, (unit, 0.32), (x, RISE - GAP), "muted", "-")
        _symbol(ax, x, RISE, read)
    for unit in spread(units):
        _box(ax, unit, 0, "tanh", "h")
    widest = max(len(window), units, len(outputs)) * STEP / 2
    for y, name in [(-RISE / 2, "$W_1$"), (RISE / 2, "$W_2$")]:
        ax.text(middle + widest, y, name, ha="left", va="center", color=colour("muted"))
    _frame(ax, middle - widest, middle + widest + 0.6)


def draw_unrolled(ax, inputs, outputs, feedback=False, weights=False):
    """The unit at len(inputs) moments, left to right.

    inputs and outputs are texts, one a moment, or None where there is none; feedback makes each output the next
    input; weights names the three weights at every arrow.
    """
    if feedback:
        inputs = [inputs[0], *outputs[:-1]]
    for t, (given, read) in enumerate(zip(inputs, outputs, strict=True)):
        x = t * STEP
        from_before, from_input, to_output = _ways(t)
        _arrow(ax, *from_before, "W_h" if weights else "", over=True)
        _state(ax, x, t + 1)
        if given is not None:
            _arrow(ax, *from_input, "W_x" if weights else "")
            _symbol(ax, x, -RISE, given, "accent" if feedback and t else "ink")
        if read is not None:
            _arrow(ax, *to_output, "W_y" if weights else "")
            _symbol(ax, x, RISE, read)
        if feedback and t + 1 < len(inputs):
            _feed(ax, x)
    _frame_moments(ax, len(inputs))


def draw_backward(ax, inputs, outputs):
    """The same moments with every arrow turned round: the way of the gradient, from right to left."""
    for t, (given, read) in enumerate(zip(inputs, outputs, strict=True)):
        x = t * STEP
        for start, end in _ways(t):
            _arrow(ax, end, start, "", hue="gradient")
        _state(ax, x, t + 1)
        _symbol(ax, x, -RISE, given)
        _symbol(ax, x, RISE, read)
    _frame_moments(ax, len(inputs))


def draw_both_ways(ax, inputs, outputs):
    """Two networks over the same moments: the lower one reads from the left, the upper one from the right; each
    output reads both."""
    for t, (given, read) in enumerate(zip(inputs, outputs, strict=True)):
        x, top = t * STEP, RISE
        left, right = x - STEP + HALF if t else x - 0.85, x + STEP - HALF if t + 1 < len(inputs) else x + 0.85
        _path(
            ax,
            [(x - 0.12, -RISE + GAP), (x - 0.58, -0.55), (x - 0.58, top - 0.75), (x - 0.2, top - HALF)],
            CURVE,
            colour("muted"),
        )
        _path(
            ax,
            [(x + 0.2, HALF), (x + 0.58, 0.75), (x + 0.58, top + 0.55), (x + 0.12, 2 * top - GAP)],
            CURVE,
            colour("muted"),
        )
        _arrow(ax, (left, 0), (x - HALF, 0), "", over=True)
        _arrow(ax, (right, top), (x + HALF, top), "", over=True)
        _arrow(ax, (x, -RISE + GAP), (x, -HALF), "")
        _arrow(ax, (x, top + HALF), (x, 2 * top - GAP), "")
        _state(ax, x, t + 1, letter=r"\overrightarrow{h}")
        _state(ax, x, t + 1, y=top, letter=r"\overleftarrow{h}")
        _symbol(ax, x, -RISE, given)
        _symbol(ax, x, 2 * top, read)
    _frame(ax, -1.0, (len(inputs) - 1) * STEP + 1.0, top=2 * RISE)


def draw_stack(ax, inputs, layers):
    """A stack of networks over the same moments: each reads the states of the one below it."""
    for t, given in enumerate(inputs):
        x = t * STEP
        for layer in range(layers):
            y = layer * RISE
            _arrow(ax, (x - STEP + HALF if t else x - 0.85, y), (x - HALF, y), "", over=True)
            _arrow(ax, (x, y - RISE + (HALF if layer else GAP)), (x, y - HALF), "")
            _state(ax, x, t + 1, y=y, layer=layer)
        _symbol(ax, x, -RISE, given)
    _frame(ax, -1.0, (len(inputs) - 1) * STEP + 0.6, top=(layers - 1) * RISE + 0.1)


def draw_loop(ax):
    """The unit with its loop: the state goes back in at the next moment."""
    _, from_input, to_output = _ways(0)
    _arrow(ax, *from_input, "W_x")
    _arrow(ax, *to_output, "W_y")
    _state(ax, 0)
    _symbol(ax, 0, -RISE, "x")
    _symbol(ax, 0, RISE, "y")
    _path(ax, [(HALF, 0.18), (1.3, 0.75), (1.3, -0.75), (HALF, -0.18)], CURVE, colour("h"))
    ax.text(1.12, 0, "$W_h$", color=colour("h"), ha="left", va="center", fontsize=9.5)
    _frame(ax, -0.6, 1.5)


def loop_and_unrolled(words, predictions):
    """A figure: the loop above, the same network unrolled over words below."""
    figure, (above, below) = new_figure(4.4, rows=2)
    draw_loop(above)
    draw_unrolled(below, words, predictions, weights=True)
    half = np.ptp(below.get_xlim()) / 2
    above.set_xlim(-half, half)  # the same scale for both
    above.set_title("The network: one unit with a loop", loc="left")
    below.set_title("The same unit, unrolled over time", loc="left")
    return figure


def _ways(t):
    """Start and end of the arrows of moment t, from 0: into its state from the one before, from its input,
    and to its output."""
    x = t * STEP
    before = x - STEP + HALF if t else x - 0.85
    return ((before, 0), (x - HALF, 0)), ((x, -RISE + GAP), (x, -HALF)), ((x, HALF), (x, RISE - GAP))


def _state(ax, x, t=None, y=0, layer=None, letter="h"):
    box = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * HALF + [x, y]
    ax.fill(*box.T, facecolor=colour("surface"), edgecolor=colour("h"), lw=1.6, joinstyle="round", zorder=2)
    name = letter + ("" if layer is None else f"^{{{layer}}}") + ("" if t is None else f"_{{{t}}}")
    ax.text(x, y, f"${name}$", color=colour("h"), ha="center", va="center", zorder=3)


def _symbol(ax, x, y, text, hue="ink"):
    ax.text(x, y, text, color=colour(hue), ha="center", va="center", fontsize=9.5)


def _arrow(ax, start, end, name, over=False, hue=None):
    hue = colour(hue or ("h" if over else "muted"))
    ax.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": hue, "shrinkA": 0, "shrinkB": 0, "lw": 1.4})
    if name:
        (x0, y0), (x1, y1) = start, end
        place = {"ha": "center", "va": "bottom"} if over else {"ha": "left", "va": "center"}
        ax.text(
            (x0 + x1) / 2 + (0 if over else 0.07),
            (y0 + y1) / 2 + (0.08 if over else 0),
            f"${name}$",
            color=hue,
            fontsize=9.5,
            **place,
        )


def _line(ax, start, end, hue, style):
    ax.plot(*zip(start, end, strict=True), color=colour(hue), linestyle=style, lw=1.2, zorder=1)


def _feed(ax, x):
    middle = x + STEP / 2
    corners = [(x + 0.2, RISE), (middle, RISE), (middle, -RISE), (x + STEP - 0.2, -RISE)]
    _path(ax, corners, [Path.MOVETO] + 3 * [Path.LINETO], colour("accent"), linestyle=(0, (3, 2)))


def _path(ax, points, codes, hue, **style):
    ax.add_patch(
        FancyArrowPatch(
            path=Path(points, codes), arrowstyle="-|>", mutation_scale=10, color=hue, fill=False, lw=1.4, **style
        )
    )


def _frame_moments(ax, count):
    _frame(ax, -0.95, (count - 1) * STEP + 0.6)


def _frame(ax, left, right, top=RISE):
    ax.set(xlim=(left, right), ylim=(-RISE - 0.35, top + 0.35), aspect="equal")
    ax.axis("off")


def draw_encoder_decoder(ax, given, written, weights=None):
    """An encoder that reads the texts in given and a decoder that writes those in written, each of which
    is its next input.

    weights (U, T), with which each context takes the encoder's states; without them the decoder starts in
    the last of these.
    """
    T, height = len(given), 0 if weights is None else 1.7 * RISE
    places = [t * STEP + (t >= T) * 0.5 for t in range(T + len(written))]
    for t, x in enumerate(places):
        if t != T or weights is None:
            _arrow(ax, (places[t - 1] + WIDE if t else x - 0.95, 0), (x - WIDE, 0), "", over=True)
        _arrow(ax, (x, GAP - RISE), (x, -0.32), "")
        _box(ax, x, 0, f"$h_{{{t + 1}}}$" if t < T else f"$q_{{{t - T + 1}}}$", "h")
        _symbol(ax, x, -RISE, [*given, "start", *written][t], "accent" if t > T else "ink")
    for u, x in enumerate(places[T:]):
        if weights is not None:
            for before, weight in zip(places, weights[u], strict=False):
                _wire(ax, [(before, 0.32), (x - 0.2, height - 0.32)], "positive", head=False, lw=0.3 + 4 * weight)
            _arrow(ax, (x, 0.32), (x, height - 0.32), "")
            _box(ax, x, height, f"$c_{{{u + 1}}}$", "positive")
        _arrow(ax, (x, height + 0.32), (x, height + RISE - GAP), "")
        _symbol(ax, x, height + RISE, written[u])
    ax.set(xlim=(-1, places[-1] + 0.7), ylim=(-RISE - 0.35, height + RISE + 0.35), aspect="equal")
    ax.axis("off")


def draw_lstm(ax, active="cfigohx"):
    """An LSTM's step with its two states: the cell c above, the hidden state h below.

    The parts in active stand in their own colours, the others step back: the line of the cell c, the gates f, i, o,
    the candidate g, what leaves as h, and x, what the gates look at.
    """
    hue = lambda part: part if part in active else "line"  # noqa: E731
    top, row, bus = 3.0, 1.0, 0.0  # heights of the cell's line, of the gates, and of what they look at
    gates = {"f": 1.6, "i": 3.2, "g": 4.6, "o": 6.2}
    join, show, leave, end = 3.9, 7.4, 8.3, 9.2  # where the candidate joins, c is shown, and h leaves twice
    seen = "muted" if "x" in active else "line"
    ax.plot([0, show], [top, top], color=colour(hue("c")), lw=3, zorder=1)
    _wire(ax, [(show, top), (end, top)], hue("c"), lw=3)
    _wire(ax, [(0, bus), (gates["o"], bus)], seen, head=False)
    _wire(ax, [(0.7, -0.8), (0.7, bus)], seen)
    for gate, x in gates.items():
        _wire(ax, [(x, bus), (x, row - TALL)], seen if gate in active else "line")
    ways = {
        "f": [[(gates["f"], row + TALL), (gates["f"], top - 0.24)]],
        "i": [[(gates["i"], row + TALL), (gates["i"], 2), (join - 0.24, 2)]],
        "g": [[(gates["g"], row + TALL), (gates["g"], 2), (join + 0.24, 2)], [(join, 2.24), (join, top - 0.24)]],
        "o": [[(gates["o"] + WIDE, row), (show - 0.24, row)]],
        "h": [
            [(show, top), (show, row + 0.24)],
            [(show + 0.24, row), (leave, row), (leave, 3.8)],
            [(leave, row), (leave, bus), (end, bus)],
        ],
    }
    for part, lines in ways.items():
        for corners in lines:
            _wire(ax, corners, hue(part))
    for gate, x in gates.items():
        _box(ax, x, row, f"${gate}$", hue(gate), "tanh" if gate == "g" else "σ")
    _box(ax, show, 2.03, "tanh", hue("h"))
    for x, y, sign, part in [
        (gates["f"], top, "×", "f"),
        (join, 2, "×", "i"),
        (join, top, "+", "g"),
        (show, row, "×", "o"),
    ]:
        ax.plot(x, y, "o", markersize=13, markerfacecolor=colour("page"), markeredgecolor=colour(hue(part)), zorder=3)
        ax.text(
            x, y - 0.02, sign, ha="center", va="center", color=colour("ink" if part in active else "line"), zorder=4
        )
    for y, name, part in [(top, "c", "c"), (bus, "h", "x")]:
        ax.text(
            -0.1, y, f"${name}_{{t-1}}$", ha="right", va="center", color=colour(name if part in active else "line")
        )
        ax.text(end + 0.1, y, f"${name}_t$", ha="left", va="center", color=colour(hue(name)))
    ax.text(0.7, -0.85, "$x_t$", ha="center", va="top", color=colour(hue("x")))
    ax.text(leave, 3.85, "to the output", ha="center", va="bottom", color=colour(hue("h")), fontsize=9.5)
    ax.set(xlim=(-0.9, 9.9), ylim=(-1.5, 4.3))
    ax.axis("off")


def _wire(ax, corners, hue, head=True, lw=1.5):
    """A line through corners, with an arrow's head at its end."""
    ax.plot(*zip(*corners, strict=True), color=colour(hue), lw=lw, zorder=1, solid_joinstyle="round")
    if head:
        style = {"arrowstyle": "-|>", "color": colour(hue), "shrinkA": 0, "shrinkB": 0, "lw": lw}
        ax.annotate("", corners[-1], corners[-2], arrowprops=style, zorder=1)


def _box(ax, x, y, name, hue, below=None):
    tall = TALL if below else 0.32
    ax.fill(
        x + WIDE * np.array([-1, 1, 1, -1]),
        y + tall * np.array([-1, -1, 1, 1]),
        facecolor=colour("page"),
        edgecolor=colour(hue),
        lw=1.5,
        joinstyle="round",
        zorder=2,
    )
    ax.text(
        x,
        y + (0.16 if below else 0),
        name,
        ha="center",
        va="center",
        color=colour(hue),
        fontsize=10.5 if below else 9.5,
        zorder=3,
    )
    if below:
        ax.text(
            x,
            y - 0.22,
            below,
            ha="center",
            va="center",
            color=colour("line" if hue == "line" else "muted"),
            fontsize=9.5,
            zorder=3,
        )
