"""Which Chromium prints the course, and shows its pages to the tests."""

import shutil

# The first is the engine without what a window needs: a page costs it a third of the processor's time.
PROGRAMS = ("chromium-headless-shell", "chromium")


def chromium():
    """The path of the first of these programs that is there; None where none is."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)
