"""What a student's cell showed, as notebook outputs that are harmless wherever they are read.

The messages come from the student's process, so nothing about them is believed: kinds and sizes are checked, and
markup, which could run in a browser and takes a parser long, is left out for the text beside it. In all else they are
the outputs that nbclient would store.
"""

import re

from nbformat import from_dict

MAX_TEXT = 200_000
MAX_OUTPUTS = 500
MAX_SHOWN = 1000  # times that something is displayed, what is cleared or replaced again included
IMAGES = {"image/png", "image/jpeg"}
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_UNKEPT = r"\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\ud800-\udfff"  # controls but ESC, and lone surrogates
_UNPRINTED = re.compile(f"[{_UNKEPT}]")
# what commands a terminal or turns the text around, too
_UNREAD = re.compile(rf"[{_UNKEPT}\x1b\u202a-\u202e\u2066-\u2069]")

_DECIMALS = re.compile(r"-?\d*\.\d[\d.]*(?:e[+-]?\d+)?", re.IGNORECASE)


def clean_text(text: object, limit: int = MAX_TEXT) -> str:
    """A text that every file, database, page and terminal can hold:
    bounded, without control characters or lone surrogates."""
    return _UNREAD.sub("\N{REPLACEMENT CHARACTER}", str(text)[:limit])


def without_values(text: str, limit: int = 500) -> str:
    """A text of the student's process without decimal numbers: they could be the inputs."""
    return _DECIMALS.sub("…", clean_text(text, limit))


def clean_count(count: object) -> int | None:
    """A cell's number as a notebook can hold it, or None."""
    return count if type(count) is int and 0 <= count < 1_000_000 else None


def outputs_of(messages: list) -> list[dict]:
    """The outputs that Jupyter messages, in order, leave under a cell."""
    outputs: list[dict] = []
    displays: dict[str, int] = {}
    clear, shown = False, 0
    for message in messages:
        kind, content = _parts(message)
        shown += kind in _SHOWN
        if kind == "clear_output":
            clear = True
            if not content.get("wait"):
                outputs, displays, clear = [], {}, False
            continue
        if kind not in _MAKERS or kind in _SHOWN and shown > MAX_SHOWN:
            continue
        output = _MAKERS[kind](content)
        name = _display_id(content)
        if kind == "update_display_data":
            if name in displays:
                place = displays[name]
                outputs[place] = output | {"output_type": outputs[place]["output_type"]}
            continue
        if clear:
            outputs, displays, clear = [], {}, False
        if _continues(outputs, output):
            if len(outputs[-1]["text"]) < MAX_TEXT:
                outputs[-1]["text"] = (outputs[-1]["text"] + output["text"])[:MAX_TEXT]
        elif len(outputs) < MAX_OUTPUTS:
            if name:
                displays[name] = len(outputs)  # the last of a name alone: one update must not become a hundred outputs
            outputs.append(output)
    return [from_dict(output) for output in outputs]


def _parts(message):
    message = message if isinstance(message, dict) else {}
    kind, content = message.get("msg_type"), message.get("content")
    return (kind, content) if isinstance(kind, str) and isinstance(content, dict) else (None, {})


def _display_id(content):
    transient = content.get("transient")
    name = transient.get("display_id") if isinstance(transient, dict) else None
    return name if isinstance(name, str) else None


def _continues(outputs, output):
    return bool(outputs) and output["output_type"] == "stream" and outputs[-1].get("name") == output["name"]


def _printed(text, limit=MAX_TEXT):
    """What a student's process printed, where it is a text; its colours stay."""
    return _UNPRINTED.sub("\N{REPLACEMENT CHARACTER}", text[:limit]) if isinstance(text, str) else ""


def _make_stream(content):
    name = "stderr" if content.get("name") == "stderr" else "stdout"
    return {"output_type": "stream", "name": name, "text": _printed(content.get("text"))}


def _make_error(content):
    lines = content.get("traceback")
    lines = lines[:100] if isinstance(lines, list) else []
    return {
        "output_type": "error",
        "ename": _printed(content.get("ename"), 200),
        "evalue": _printed(content.get("evalue"), 2000),
        "traceback": [_printed(line, 5000) for line in lines],
    }


def _make_display(content):
    return {"output_type": "display_data", "metadata": {}, "data": _make_data(content)}


def _make_result(content):
    count = clean_count(content.get("execution_count"))
    return {"output_type": "execute_result", "metadata": {}, "data": _make_data(content), "execution_count": count}


def _make_data(content):
    given = content.get("data")
    given = given if isinstance(given, dict) else {}
    data = {"text/plain": _printed(given.get("text/plain"))}
    for kind in IMAGES:
        if isinstance(given.get(kind), str) and _BASE64.fullmatch(given[kind]):
            data[kind] = given[kind]
    return data


_SHOWN = {"display_data": _make_display, "update_display_data": _make_display, "execute_result": _make_result}
_MAKERS = {"stream": _make_stream, "error": _make_error} | _SHOWN
