"""The colours of the course: one hue a quantity, in light and in dark, for figures, widgets and pages alike.

A quantity keeps its hue from the first chapter to the last. The hues that stand side by side (the cell's
h, c, i, f, g, o; the GRU's h, r, z, n) stay apart for readers with any of the three colour-vision deficiencies:
they differ in lightness too. Style sheets and widgets read them as CSS variables, `var(--u-h)`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Colour:
    """One colour as #rrggbb, on a light and on a dark page."""

    light: str
    dark: str


QUANTITIES = {
    "x": Colour("#5c6672", "#a3adb8"),  # the input
    "h": Colour("#05218a", "#77b4f8"),  # the hidden state
    "c": Colour("#0d765d", "#2ff0bd"),  # the cell state
    "i": Colour("#6c4102", "#ff9820"),  # the input gate
    "f": Colour("#59141c", "#e8604f"),  # the forget gate
    "g": Colour("#7442b1", "#a86fe6"),  # the candidate; the GRU's is called n
    "n": Colour("#7442b2", "#a86fe7"),
    "o": Colour("#7a7300", "#e5f033"),  # the output gate
    "r": Colour("#862950", "#f084a7"),  # the reset gate
    "z": Colour("#087d8c", "#98e7f8"),  # the update gate
    "loss": Colour("#333b45", "#d5dae1"),
    "gradient": Colour("#c2410c", "#fb8b4e"),
}

SURFACES = {
    "ink": Colour("#1d232b", "#e4e8ed"),  # text and axes
    "muted": Colour("#56606c", "#a4aeb9"),  # what stands back: ticks, notes
    "line": Colour("#d4d9df", "#3a424c"),  # rules and borders
    "surface": Colour("#f6f7f9", "#1c2229"),  # a panel on the page
    "page": Colour("#ffffff", "#14181d"),
    "accent": Colour("#0b5cad", "#7cb8f7"),  # links, what can be pressed
    "negative": Colour("#d4711f", "#e58a3c"),  # a signed value below zero ...
    "positive": Colour("#2674b8", "#4f9fe0"),  # ... and above it
}

COLOURS = QUANTITIES | SURFACES


def css_variables(mode):
    """The declarations `--u-h: #...;` of all colours; mode is "light" or "dark"."""
    return " ".join(f"--u-{name}: {getattr(colour, mode)};" for name, colour in COLOURS.items())


def css():
    """The style sheet that makes the colours known to a page, a notebook and a print-out.

    Where the system forces its own colours on pages, as Windows' contrast themes do, drawings follow the system's
    ground and not the page's theme: a dark line on a black ground would not be seen.
    """
    dark_roots = 'html[data-theme="dark"], body[data-jp-theme-light="false"]'
    return (
        f":root {{ {css_variables('light')} }}\n"
        f"@media screen and (forced-colors: none) {{ {dark_roots} {{ {css_variables('dark')} }} }}\n"
        "@media screen and (forced-colors: active) and (prefers-color-scheme: "
        f"dark) {{ :root {{ {css_variables('dark')} }} }}\n"
    )
