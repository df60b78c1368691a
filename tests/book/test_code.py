"""The directive `{reference}`: a function from its source, each note beside the line that it speaks of."""

import inspect
import re
import sys
from pathlib import Path

import pytest

from unrolled import reference
from unrolled.book.code import split_source

CHAPTERS = Path(__file__).parents[2] / "chapters"


def test_the_source_is_split_at_the_pieces_and_nothing_is_lost():
    source = inspect.getsource(reference.rnn_forward)
    blocks = split_source(source, ["h = h0", "h = rnn_step_forward(", "hs.append"])
    assert "\n".join(lines for _, lines in blocks) == source.rstrip()
    assert [lines.strip().split("\n")[0] for _, lines in blocks[2:]] == ["h = rnn_step_forward(x, h, W_x, W_h, b)", "hs.append(h)"]
    assert blocks[0][1].rstrip().endswith('"""')


@pytest.mark.parametrize("pieces", [["sigmoid("], ["hs.append", "h = h0"], ["equation (rnn-unrolled)"]])
def test_a_piece_that_no_line_holds_in_its_turn_is_an_error(pieces):
    with pytest.raises(ValueError, match="holds"):
        split_source(inspect.getsource(reference.rnn_forward), pieces)


def test_equations_that_the_reference_cites_stand_in_the_chapters():
    labels = set(re.findall(r"^:label: (\S+)", "\n".join(path.read_text(encoding="utf8") for path in CHAPTERS.glob("*.md")), re.MULTILINE))
    cited = set()
    for module in {getattr(reference, name).__module__ for name in reference.__all__}:
        text = Path(sys.modules[module].__file__).read_text(encoding="utf8")
        for sentence in re.findall(r"equations? [^.:;]*", text):
            cited |= set(re.findall(r"\(([a-z][a-zA-Z0-9_-]*)\)", sentence))
    assert cited and not cited - labels, f"cited, and in no chapter: {sorted(cited - labels)}"
