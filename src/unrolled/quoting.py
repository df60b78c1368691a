"""A student's text inside a sentence of ours: one marked, bounded line, and nothing in it ends the mark.

What a student's process tells (an exception's text, the name of a type, a line of source) could else be read as the
checker's own words.
"""

import re

MAX_QUOTED = 300
_QUOTES = str.maketrans(dict.fromkeys("“”„‟❝❞〝〞〟＂«»‹›", '"') | {"`": "'"})
_NAME = re.compile(r"[A-Za-z_]\w{0,59}", re.ASCII)


def one_line(text, limit=MAX_QUOTED):
    """A text on one line, with nothing in it that commands a terminal, turns the text around or cannot be seen."""
    line = " ".join(str(text)[: 4 * limit].split())
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line[:limit])


def quoted(text, limit=MAX_QUOTED):
    """“a student's text”"""
    return f"“{one_line(text, limit).translate(_QUOTES)}”"


def quoted_code(text, limit=MAX_QUOTED):
    """`a student's code`"""
    return f"`{one_line(text, limit).translate(_QUOTES)}`"


def quoted_error(error, limit=MAX_QUOTED, in_words=quoted):
    """ValueError: “what it says”, from "ValueError: what it says"; in_words may know the text, and then says
    it in our words."""
    name, _, text = error.partition(": ")
    if not _NAME.fullmatch(name):
        return quoted(error, limit)
    return f"{name}: {in_words(text[:limit])}" if text.strip() else name


def quoted_type(name):
    """The name of a type as it is, where it is one."""
    return name if re.fullmatch(r"(ndarray of )?[\w.<>|\[\]]{1,60}( values)?", name, re.ASCII) else quoted(name, 60)
