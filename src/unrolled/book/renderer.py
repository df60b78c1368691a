"""What a notebook's output becomes on the page: widgets with their state, pictures that follow the theme.

myst-nb finds StaticWidgets by its entry point and offers it every output. The HTML carries no identifier of the
run that made it: widgets are numbered per page by name, so that the same book is the same bytes.
"""

import html
import json

from docutils import nodes

from unrolled import plots
from unrolled.widgets import base


class StaticWidgets:
    """The renderer of both of the course's own mime types, for HTML."""

    mime_priority_overrides = [("html", base.MIME, 1), ("html", plots.MIME, 2)]

    @staticmethod
    def handle_mime(renderer, data, inline):
        if inline or data.mime_type not in (base.MIME, plots.MIME):
            return None
        if data.mime_type == plots.MIME:
            return [raw(picture_html(data.content))]
        name = data.content["state"]["about"]["name"]
        document = renderer.renderer.document
        counts = document.attributes.setdefault("unrolled_widgets", {})
        counts[name] = counts.get(name, 0) + 1
        holder = name if counts[name] == 1 else f"{name}-{counts[name]}"
        env = renderer.renderer.sphinx_env
        env.metadata[env.docname]["unrolled_widgets"] = sorted(counts)
        return [raw(widget_html(data.content, holder))]


def raw(text):
    """A docutils node of ready HTML."""
    return nodes.raw("", text, format="html")


def picture_html(picture):
    """A picture {svg, alt} as a drawing that a screen reader announces by its alternative text."""
    attributes = f'<svg role="img" aria-label="{html.escape(picture["alt"], quote=True)}" class="u-picture-svg"'
    return f'<div class="u-picture">{picture["svg"].replace("<svg", attributes, 1)}</div>'


def widget_html(widget, holder):
    """A widget's place on the page: its state for the host, and its picture until, or instead of, the live one."""
    state = json.dumps(widget["state"], separators=(",", ":"), sort_keys=True)
    state = state.replace("<", "\\u003c")  # nothing in it can end the script element
    name = widget["state"]["about"]["name"]
    return (
        f'<div class="u-widget" id="{holder}" data-widget="{name}">'
        f'<script type="application/json">{state}</script>{picture_html(widget)}</div>'
        "<script>window.unrolledMount?.()</script>"
    )
