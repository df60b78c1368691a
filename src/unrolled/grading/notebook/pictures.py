"""Pictures that were pasted into a Markdown cell: Jupyter keeps them in the cell itself, as its attachments."""

import base64
import binascii
import re
from collections.abc import Iterator

# by kind, what such a file begins with; SVG is none of them, for it may hold a script
KINDS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}
ROOM = 5_000_000  # characters of base64 that the pictures of one notebook may have, all together
MANY = 20  # pictures of one cell
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def read_pictures(attachments: object, room: int) -> tuple[dict[str, dict[str, str]], int]:
    """Of a cell's attachments, as anybody may have written them, the pictures that are shown, as a notebook holds
    them; and how many others there are.

    The pictures have at most `room` characters of base64, all together.
    """
    found: dict[str, dict[str, str]] = {}
    given = attachments if isinstance(attachments, dict) else {}
    for name, kinds in given.items():
        picture = _read_picture(kinds, room)
        if picture and len(found) < MANY and len(name) <= 200 and name.isprintable():
            found[name] = picture
            room -= sum(map(len, picture.values()))
    return found, len(given) - len(found)


def _read_picture(kinds, room):
    """{kind: base64} of one attachment, or None."""
    for kind, beginning in KINDS.items():
        data = kinds.get(kind) if isinstance(kinds, dict) else None
        data = "".join(data.split()) if isinstance(data, str) and len(data) <= 2 * room else ""
        if data and len(data) <= room and _BASE64.fullmatch(data) and _begins(data, beginning):
            return {kind: data}
    return None


def _begins(data, beginning):
    try:
        return base64.b64decode(data[:12]).startswith(beginning)
    except binascii.Error:
        return False


def addresses(cell: dict) -> Iterator[tuple[str, str]]:
    """The name of each picture of a cell of a rebuilt notebook, and its data: address."""
    for name, kinds in cell.get("attachments", {}).items():
        for kind, data in kinds.items():
            yield name, f"data:{kind};base64,{data}"
