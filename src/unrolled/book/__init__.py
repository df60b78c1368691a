"""The book: a Sphinx extension that puts live widgets, figures, formulae and assignment cards into static pages."""


def setup(app):
    """Sphinx calls this; it is imported here, since `unrolled.book.renderer` must load without the rest."""
    from unrolled.book import extension

    return extension.setup(app)
