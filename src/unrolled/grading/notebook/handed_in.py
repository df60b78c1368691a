"""A handed-in file as cells, whatever it is: a student's text, bounded, of which nothing is believed."""

import json
import re
from dataclasses import dataclass

from unrolled.grading.notebook.names import defined_functions
from unrolled.grading.notebook.remarks import Remark, put_right

MAX_CELLS = 2_000
_SURROGATES = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"^[^\S\n]+$", re.MULTILINE)  # who colours code takes quadratic time for spaces in them


class Unreadable(Exception):
    """A submission that is no notebook; the message says why, in one sentence for student and instructor."""


@dataclass(frozen=True)
class HandedInCell:
    """A cell of a submission: its place, kind, source, the id and grade_id that it claims,
    and what its source defines."""

    place: int
    kind: str
    source: str
    grade_id: str | None
    id: object
    meta: dict
    defines: frozenset[str]
    attachments: object = None


def read_cells(data: bytes | None, limit: int) -> tuple[list[HandedInCell], list[Remark], tuple[int, int] | None]:
    """The cells of a handed-in file as HandedInCells, remarks on what had to be overlooked, and its Python.
    Raises Unreadable."""
    if data is None:
        raise Unreadable("No notebook was handed in.")
    if len(data) > limit:
        raise Unreadable(
            f"Without its outputs, the notebook has more than {limit / 1e6:g} MB, and no more are read: "
            "what else is in it?"
        )
    text, remarks = _decode(data)
    content = _parse(text)
    raw = content.get("cells")
    if not isinstance(raw, list):
        remarks.append(put_right("The notebook is in an old format (nbformat 3 or before)."))
        raw = [
            cell for group in content["worksheets"] if isinstance(group, dict) for cell in _list(group.get("cells"))
        ]
    if len(raw) > MAX_CELLS:
        raise Unreadable(f"The notebook has {len(raw)} cells; at most {MAX_CELLS} are read.")
    cells = [_read_cell(place, cell) for place, cell in enumerate(raw) if isinstance(cell, dict)]
    if not cells:
        raise Unreadable("The notebook has no cells.")
    return cells, remarks, _python_of(content)


def _python_of(content):
    """The version of Python that a notebook says it was last run with, or None."""
    for key in ("metadata", "language_info", "version"):
        content = content.get(key) if isinstance(content, dict) else None
    match = re.match(r"(\d)\.(\d{1,2})\b", content, re.ASCII) if isinstance(content, str) else None
    return match and (int(match[1]), int(match[2]))


_FILES = {
    (
        "<!doctype",
        "<html",
        "<?xml",
        "<head",
        "<!--",
    ): "a web page, not a notebook: download the notebook itself, as .ipynb",
    ("pk\x03\x04", "\x1f\x8b", "rar!", "7z"): "an archive, not a notebook: hand in the notebook itself",
    ("%pdf",): "a PDF, not a notebook: hand in the notebook itself, the .ipynb",
}


def _decode(data):
    if not data.strip(b" \t\r\n\0"):
        raise Unreadable("The file is empty.")
    encoding, remarks = json.detect_encoding(data), []
    if encoding.startswith(("utf-16", "utf-32")):
        text, remarks = (
            data.decode(encoding, errors="replace"),
            [put_right(f"The file was in {encoding[:6].upper()} instead of UTF-8.")],
        )
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text, remarks = data.decode("latin-1"), [Remark("The file was not in UTF-8; it was read as Latin-1.")]
    start = text[:1000].lstrip()[:20].lower()
    for beginnings, what in _FILES.items():
        if start.startswith(beginnings):
            raise Unreadable(f"The file is {what}.")
    if not start.startswith(("{", "[")):
        raise Unreadable(
            "The file is no notebook, though its name says so: hand in the one that Jupyter saves, the .ipynb."
        )
    return text, remarks


def _parse(text):
    try:
        content = json.loads(text, parse_int=_small_int)
    except json.JSONDecodeError as error:
        if re.search("^<{7} ", text, re.MULTILINE):
            raise Unreadable(
                "The file holds the marks of a merge that git left open (<<<<<<<): close it, "
                "and look at the notebook in Jupyter."
            ) from None
        raise Unreadable(
            f"The file is no complete notebook: its JSON breaks off or is damaged in line {error.lineno}."
        ) from None
    except (ValueError, RecursionError):
        raise Unreadable("The file is no notebook: its JSON cannot be read.") from None
    if not isinstance(content, dict) or not any(isinstance(content.get(key), list) for key in ("cells", "worksheets")):
        raise Unreadable("The file is JSON, but no notebook: it has no list of cells.")
    return content


def _small_int(digits):
    return int(digits) if len(digits) < 20 else 0


def _list(value):
    return value if isinstance(value, list) else []


def _dict(value):
    return value if isinstance(value, dict) else {}


def _read_cell(place, cell):
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    meta = _dict(cell.get("metadata"))
    ours = _dict(meta.get("nbgrader"))
    grade_id = ours.get("grade_id") if isinstance(ours.get("grade_id"), str) else None
    source = re.sub("\r\n?", "\n", source) if isinstance(source, str) else ""
    kind = cell.get("cell_type")
    return HandedInCell(
        place,
        kind if isinstance(kind, str) else "",
        source,
        grade_id,
        cell.get("id"),
        ours | {"tags": meta.get("tags")},
        defined_functions(source),
        cell.get("attachments"),
    )


def printable(source):
    """A source that every file can hold and that is coloured in no time."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", _BLANK_LINES.sub("", source))
