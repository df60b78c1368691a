"""The directive `{reference}`: a function from its source, each note beside the line that it speaks of."""

import inspect
import re
import sys
from pathlib import Path

import pytest
from pygments import highlight
from pygments.lexers import PythonLexer

from unrolled import reference
from unrolled.book import assets
from unrolled.book.code import cited, split_source
from unrolled.book.highlighting import FewColours

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
    modules = {getattr(reference, name).__module__ for name in reference.__all__}
    asked = {label for module in modules for label in cited(Path(sys.modules[module].__file__).read_text(encoding="utf8"))}
    assert asked and not asked - labels, f"cited, and in no chapter: {sorted(asked - labels)}"


def test_a_docstring_cites_labels_and_nothing_else_in_brackets():
    text = "One step, equations (rnn-step) and (readout): h (N, H), once (again). By equation (rnn-step), too."
    assert cited(text) == ["rnn-step", "readout"]


def test_labels_in_a_printed_docstring_lead_to_their_equations(site):
    page = (site / "chapters" / "02-rnn.html").read_text(encoding="utf8")
    head = page[page.index(">rnn_step_forward<") :]
    assert re.search(r'\(rnn-step\) is <a [^>]*href="#equation-rnn-step"', head[: head.index("u-code-row")])


SEEN = """() => [...document.querySelectorAll(".u-line")].map(line => {
    const rows = [], walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT), range = document.createRange();
    while (walker.nextNode()) for (let i = 0; i < walker.currentNode.data.length; i++) {
        range.setStart(walker.currentNode, i);
        range.setEnd(walker.currentNode, i + 1);
        const sign = walker.currentNode.data[i], box = range.getBoundingClientRect();
        if (!sign.trim()) continue;
        if (!rows.length || box.top > rows.at(-1).top + 5) rows.push({ top: box.top, left: box.left, text: "" });
        rows.at(-1).text += sign;
    }
    return rows;
})"""
WRAPS = '''
def state(x, h):
    """One step of a network, told in a line that is too long for a phone."""
    for step in range(3):
        h = np.tanh(x @ W_x + h @ W_h + b)      # equation (rnn-step), and a word that is none: recurrentrecurrent
    return h

'''


def test_a_line_that_wraps_goes_on_further_in_and_a_comment_never_leaves_its_sign_behind(page):
    code = highlight(WRAPS, PythonLexer(), FewColours(hanging=True, cssclass="highlight"))
    page.set_content(f'<style>{assets.stylesheet()}</style><div class="u-code"><div class="u-code-row">{code}</div></div>')
    for width in range(260, 400, 7):
        page.set_viewport_size({"width": width, "height": 800})
        lines = page.evaluate(SEEN)
        assert "".join(row["text"] for rows in lines for row in rows) == re.sub(r"\s", "", WRAPS)
        assert any(len(rows) > 1 for rows in lines)
        for rows in lines:
            assert all(row["left"] > rows[0]["left"] + 20 for row in rows[1:] if "#" not in row["text"])
            assert all(row["text"] != "#" and not row["text"].endswith(")#") for row in rows)
