"""The site's own files: one style sheet, the page's script, the widgets' host and modules, the font, the icon."""

import hashlib
import json
from pathlib import Path

from unrolled import es_modules, page, palette, widgets
from unrolled.book import write_here
from unrolled.book.card import card_png, touch_icon_png
from unrolled.page import supply
from unrolled.widgets import base

STYLE = Path(__file__).parent / "style"
VENDOR = Path(__file__).parent / "vendor"
WIDGETS = Path(widgets.__file__).parent
PAGE = Path(page.__file__).parent
KINDS = (".js", ".css", ".woff2", ".svg")
NO_WIDGETS = ("shared", "host")  # scripts that are no widget


def sources():
    """The files that the pages' scripts and styles are made of."""
    return sorted(
        path for folder in (WIDGETS, STYLE, VENDOR, PAGE) for path in folder.rglob("*.*") if path.suffix in KINDS
    )


def assets_digest():
    """A digest that changes whenever a script or a style does."""
    content = b"".join(path.read_bytes() for path in sources())
    return hashlib.sha256(content + palette.css().encode()).hexdigest()[:16]


def module_names():
    """The widgets that have a front end, by their files' name."""
    return [path.stem for path in sorted(WIDGETS.glob("*.js")) if path.stem not in NO_WIDGETS]


def module_script(name):
    """A widget's ES module as a classic script: it is there when the page is laid out, also in a page
    opened from a folder."""
    return f"(window.unrolledModules ??= {{}})[{json.dumps(name)}] = {es_modules.script(WIDGETS / f'{name}.js')};\n"


def stylesheet():
    """One style sheet: colours, widgets, pages, code."""
    pages = "".join(path.read_text(encoding="utf8") for path in sorted(STYLE.glob("*.css")))
    return base.stylesheet() + pages


def write_assets(app):
    """Write all of them into a folder that Sphinx copies to _static.

    It is no _static folder of the book: Jupyter Book loads every script of such a folder on every page.
    """
    if app.builder.format != "html":
        return
    folder = Path(app.outdir).parent / "unrolled_assets"
    target = folder / "unrolled"
    target.mkdir(parents=True, exist_ok=True)
    texts = {"host.js": base.read_asset("host.js"), "site.css": stylesheet()}
    texts |= {f"widget-{name}.js": module_script(name) for name in module_names()}
    for name, text in texts.items():
        (target / name).write_text(text, encoding="utf8")
    scripts = [STYLE / "site.js", STYLE / "search.js", VENDOR / "minisearch.js", VENDOR / "minisearch.LICENSE"]
    for path in [*scripts, STYLE / "favicon.svg", STYLE / "fonts" / "maths.woff2"]:
        (target / path.name).write_bytes(path.read_bytes())
    (target / "card.png").write_bytes(card_png())
    (target / "touch-icon.png").write_bytes(touch_icon_png())
    if app.config.unrolled_write_here:
        supply.write_scripts(target, list(write_here.code_of(app.srcdir)))
    app.config.html_static_path.append(str(folder))
