"""The Sphinx extension: which scripts and styles a page gets, and the directives of the course."""

import hashlib
import json
from pathlib import Path

from unrolled import widgets
from unrolled.book.assignment import AssignmentCard
from unrolled.widgets import base

STYLE = Path(__file__).parent / "style"


def setup(app):
    app.add_config_value("unrolled_assets", assets_digest(), "html")     # an edited script is copied again
    app.add_directive("assignment", AssignmentCard)
    app.connect("builder-inited", write_assets)
    app.connect("html-page-context", add_page_assets, priority=400)     # before myst-nb adds its own at 500
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def asset_sources():
    """The files that the pages' scripts and styles are made of."""
    folder = Path(widgets.__file__).parent
    return sorted([*folder.glob("*.js"), *folder.glob("*.css"), *STYLE.glob("*.*")])


def assets_digest():
    """A digest that changes whenever a script or a style does."""
    content = b"".join(path.read_bytes() for path in asset_sources())
    return hashlib.sha256(content + base.palette.css().encode()).hexdigest()[:16]


def write_assets(app):
    """Write the site's own scripts and style sheet into a folder that Sphinx copies to _static.

    It is no _static folder of the book: Jupyter Book loads every script of such a folder on every page.
    """
    if app.builder.format != "html":
        return
    folder = Path(app.outdir).parent / "unrolled_assets"
    target = folder / "unrolled"
    target.mkdir(parents=True, exist_ok=True)
    (target / "host.js").write_text(base.read_asset("host.js"), encoding="utf8")
    (target / "site.css").write_text(site_stylesheet(), encoding="utf8")
    for name in module_names():
        (target / f"{name}.js").write_text(module_script(name), encoding="utf8")
    app.config.html_static_path.append(str(folder))
    app.add_css_file("unrolled/site.css", priority=900)


def site_stylesheet():
    """One style sheet: colours, widgets, pages."""
    return base.stylesheet() + "".join(path.read_text(encoding="utf8") for path in sorted(STYLE.glob("*.css")))


def module_names():
    """The widgets that have a front end, by their files' name."""
    return [path.stem for path in asset_sources() if path.suffix == ".js" and path.stem not in ("shared", "host")]


def module_script(name):
    """A classic script that carries a widget's ES module as text: a page opened from a folder cannot fetch."""
    module = json.dumps(base.read_asset("shared.js") + "\n" + base.read_asset(f"{name}.js"))
    return f"(window.unrolledModules ??= {{}})[{json.dumps(name)}] = {module};\nwindow.unrolledMount?.();\n"


def add_page_assets(app, pagename, templatename, context, doctree):
    """Give a page with widgets the host and the modules it needs, and no page the kernel's widget manager."""
    names = app.env.metadata.get(pagename, {}).get("unrolled_widgets", [])
    for name in ["host", *names] if names else []:
        app.add_js_file(f"unrolled/{name}.js", loading_method="async")
