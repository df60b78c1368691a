"""What the layout needs to know of a page, and which scripts and styles the page gets."""

import html
import json
import re
from pathlib import Path

from docutils import nodes
from jinja2 import Environment, FileSystemLoader

from unrolled import palette
from unrolled.book import mathml, write_here
from unrolled.book.address import site_address, source_links
from unrolled.book.edition import edition

THEME = Path(__file__).parent / "theme"
SUBTITLE = "a course on recurrent neural networks"
DESCRIPTION = (
    "A course on recurrent neural networks, from a feedforward network's limits to the LSTM and the GRU: "
    "live widgets, code to write, and a checker that names your mistake."
)


def add_context(app, pagename, templatename, context, doctree):
    """Set what the layout prints, and keep of the scripts and styles only what this page needs."""
    repository, branch = _setting(app, "repository_url", ""), _setting(app, "repository_branch", "main")
    root = pagename == app.config.root_doc
    context["page_title"] = lambda title: f"Unrolled: {SUBTITLE}" if root else f"{plain_title(title)} — Unrolled"
    subject = subject_of(context.get("title", ""))
    context["page_description"] = (
        DESCRIPTION if root else context.get("page_description") or subject + describe(doctree)
    )
    context["site_address"] = _home(app)
    context["source_links"] = source_links(repository, branch, context.get("page_source_suffix", ""), pagename)
    context["pageurl"] = f"{context['site_address']}{pagename}.html" if context["site_address"] else None
    context["author"] = app.config.author
    context["theme_colours"] = {mode: getattr(palette.COLOURS["page"], mode) for mode in ("light", "dark")}
    context["edition"] = edition(app.srcdir)
    context["minutes"] = minutes(doctree) if subject else None
    context["about"] = about(context, root, bool(subject))
    names = app.env.metadata.get(pagename, {}).get("unrolled_widgets", [])
    context[
        "script_files"
    ].clear()  # in place: Sphinx's own scripts, and a manager of kernels' widgets; there is no kernel
    for name in ["host", *(f"widget-{name}" for name in names)] if names else []:
        # awaited: a widget that came later would move what the reader has in sight
        app.add_js_file(f"unrolled/{name}.js")
    if pagename != "search":  # there, search.html names it among its own
        app.add_js_file("unrolled/site.js", loading_method="defer")
    for name in write_here.SCRIPTS if context.get("write_here") else ():
        app.add_js_file(f"unrolled/{name}.js", loading_method="defer")
    sized = with_sizes(context.get("body", ""), Path(app.outdir) / pagename)
    body = context["body"] = mathml.keep_together(lean(sized))
    used = {"unrolled/site.css": True, "sphinx-design": "sd-" in body}
    context["css_files"][:] = [
        css for css in context["css_files"] if any(part in str(css.filename) and use for part, use in used.items())
    ]
    if context.get("write_here"):
        app.add_css_file("unrolled/desk.css")


def subject_of(title):
    """What a chapter is part of, before the question that it asks; nothing for a page that has no number."""
    number = re.match(r"(\d+)\.", plain_title(title))
    return f"Recurrent neural networks, chapter {number[1]}: " if number else ""


def minutes(doctree, words_a_minute=200):
    """How long the prose of a page takes to read, rounded to five minutes; formulae and figures count as the
    words around them."""
    words = sum(len(node.astext().split()) for node in doctree.findall(nodes.paragraph))
    return max(5, 5 * round(words / words_a_minute / 5))


def about(context, root, chapter):
    """What a search engine asks of the course or a chapter, in schema.org's words, as JSON; None for other pages."""
    if not (root or chapter):
        return None
    of = context["edition"]
    course = {"@type": "Course", "name": f"Unrolled: {SUBTITLE}", "description": DESCRIPTION}
    said = (
        course
        if root
        else {
            "@type": "LearningResource",
            "name": plain_title(context["title"]),
            "description": context["page_description"],
            "learningResourceType": "chapter",
            "timeRequired": f"PT{context['minutes']}M",
            "isPartOf": course,
        }
    )
    said |= {
        "@context": "https://schema.org",
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "teaches": "Recurrent neural networks",
    }
    said |= {
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "provider": {"@type": "Organization", "name": context["author"]},
    }
    if of:
        said |= {"version": of.version, "datePublished": of.day.isoformat()}
    if context["pageurl"]:
        said["url"] = context["pageurl"]
    return json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")  # nothing in it can end the script element


def lean(body):
    """A page's HTML without the spans that nothing styles, and without the paragraph that is all of a table's cell."""
    body = re.sub(r'<span class="(?:pasted-text|pre|caption-text)">([^<]*)</span>', r"\1", body)
    return re.sub(r"(?s)(<t[dh]\b[^>]*>)<p>((?:(?!</?p\b|</t[dh]>).)*)</p>\s*(?=</t[dh]>)", r"\1\2", body)


def with_sizes(body, page):
    """A page's HTML in which each button for a download says how large that is."""

    def sized(link):
        path = (page.parent / link[2]).resolve()
        return f"{link[1]} ({path.stat().st_size / 1e6:.1f} MB)</a>" if path.is_file() else link[0]

    return re.sub(r'(<a class="u-download" href="([^"]*)" download>[^<]*)</a>', sized, body)


def _setting(app, name, default):
    """What Jupyter Book made of `repository` in _config.yml; it hands on empty entries."""
    return app.config.html_theme_options.get(name) or default


def _home(app):
    """The site's own address with a slash at its end; empty while it has none."""
    return app.config.html_baseurl or site_address(_setting(app, "repository_url", ""))


def plain_title(title):
    """A title without its markup."""
    return re.sub(r"<[^>]+>", "", title)


def describe(doctree, length=155):
    """The question that a chapter's opening sets in bold, on other pages their first paragraph; cut at a word."""
    if doctree is None:
        return DESCRIPTION
    opening = [node for node in doctree.next_node(nodes.section) or () if isinstance(node, nodes.paragraph)]
    asked = [
        words for paragraph in opening for words in paragraph.findall(nodes.strong) if words.astext().endswith("?")
    ]
    for node in (*asked, *doctree.findall(nodes.paragraph)):
        text = " ".join(node.astext().split())
        if len(text) > 40:
            text = text[0].upper() + text[1:]
            return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
    return DESCRIPTION


def write_root_pages(app, exception):
    """Write index.html, which leads to the first page, and 404.html: both stand alone, outside the layout.

    No server tells 404.html how deep the missing address was, so its link is absolute once the site has an address.
    """
    if exception or app.builder.format != "html":
        return
    templates = Environment(loader=FileSystemLoader(THEME), autoescape=True)
    context = {"site_address": _home(app), "first_page": f"{app.config.root_doc}.html", "description": DESCRIPTION}
    if context["site_address"]:
        pages = [f"{context['site_address']}{name}.html" for name in sorted(app.env.found_docs)]
        (Path(app.outdir) / "sitemap.xml").write_text(sitemap(pages), encoding="utf8")
    for name in ("index.html", "404.html"):
        (Path(app.outdir) / name).write_text(templates.get_template(name).render(context), encoding="utf8")


def sitemap(addresses):
    """The list of the site's pages that search engines read, as XML."""
    entries = "".join(f"<url><loc>{html.escape(address)}</loc></url>\n" for address in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{entries}</urlset>\n"
    )
