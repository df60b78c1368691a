"""What NumPy and Python say of an error, in words that help: most of it is told in letters that only
their makers use."""

import re

from unrolled.findings.words import indices, names, python, shapes
from unrolled.quoting import quoted


def error_in_words(text, line="", letters=None):
    """What an error at a line says, in our words where it is NumPy's or Python's; else quoted, for it
    may say anything.

    letters are those of the lengths in this case, where they are known.
    """
    for pattern, words in (*shapes.IN_WORDS, *indices.IN_WORDS, *python.IN_WORDS, *names.IN_WORDS):
        if match := re.fullmatch(pattern, text, re.ASCII):
            return words(match, line, letters) if callable(words) else match.expand(words)
    return quoted(text)
