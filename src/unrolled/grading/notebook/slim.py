"""A notebook without its outputs: nobody grades by them, and a figure that was drawn a hundred times fills megabytes.

It is done on the bytes, so that nothing is built of what is thrown away. What comes out is JSON where JSON went in.
"""

import re

LARGEST = 100_000_000  # bytes of a file that are read at all
MANY = 5_000_000  # strings and brackets that are looked at: a second or two
# a text that never closes ends with the file, so that each byte is looked at once
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
_OUTPUTS = re.compile(rb'"outputs"\s*+:\s*+\[|' + _STRING, re.DOTALL)
_INSIDE = re.compile(rb"[\[\]]|" + _STRING, re.DOTALL)


def without_outputs(content: bytes) -> bytes:
    """The bytes of a notebook, each list of outputs emptied; from where too much is in it, they are
    left as they are."""
    kept, start, left = [], 0, MANY
    place = 0
    while left > 0 and (found := _OUTPUTS.search(content, place)):
        left -= 1
        place = found.end()
        if found[0].endswith(b"["):
            kept.append(content[start:place])
            start, left = _end_of_list(content, place, left)
            place = start
    return b"".join([*kept, content[start:]])


def _end_of_list(content, place, left):
    """The place of the bracket that closes the list which is open at a place, or that place where none does; and what
    is left to look at."""
    depth = 1
    for found in _INSIDE.finditer(content, place):
        left -= 1
        depth += {b"[": 1, b"]": -1}.get(found[0], 0)
        if depth == 0:
            return found.start(), left
        if left <= 0:
            break
    return place, left
