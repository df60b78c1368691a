"""The book: a Sphinx extension that puts live widgets, figures and assignment cards into static pages."""


def setup(app):
    from unrolled.book import extension

    return extension.setup(app)
