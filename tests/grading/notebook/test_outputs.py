"""Messages of a student's kernel become the outputs that nbclient would store, and never more."""

import functools

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbclient import NotebookClient

from unrolled.grading.notebook import outputs
from unrolled.grading.notebook.limits import Limits
from unrolled.grading.notebook.outputs import clean_text, outputs_of
from unrolled.grading.notebook.sandbox import Sandbox

# fmt: skip
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20), lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=10), some, max_size=3), max_leaves=10)
KINDS = ["stream", "error", "display_data", "update_display_data", "execute_result", "clear_output", "status", "comm_open"]


def message(kind, **content):
    return {"msg_type": kind, "content": content}


def test_streams_are_joined_and_kept_apart_by_name():
    messages = [message("stream", name=name, text=text) for name, text in [("stdout", "a"), ("stdout", "b"), ("stderr", "c"), ("stdout", "d")]]
    assert [(output["name"], output["text"]) for output in outputs_of(messages)] == [("stdout", "ab"), ("stderr", "c"), ("stdout", "d")]


def test_a_flood_of_displays_is_looked_at_only_so_far(monkeypatch):
    looked_at = []
    monkeypatch.setattr(outputs, "_make_data", lambda content: looked_at.append(content) or {})
    flood = [message("update_display_data", data={}, transient={"display_id": "x"})] * 20_000
    shown = outputs_of([message("display_data", data={}, transient={"display_id": "x"}), *flood, message("stream", text="end")])
    assert len(looked_at) <= 1000 and [output.output_type for output in shown] == ["display_data", "stream"]


def test_a_text_is_cut_once_it_is_full(monkeypatch):
    monkeypatch.setattr(outputs, "MAX_TEXT", 10)
    assert [output["text"] for output in outputs_of([message("stream", text="abc")] * 20)] == ["abcabcabca"]


def test_an_update_is_shown_once():
    displays = [message("display_data", data={"text/plain": "a"}, transient={"display_id": "x"})] * 400
    shown = outputs_of([*displays, message("update_display_data", data={"text/plain": "b" * 1000}, transient={"display_id": "x"})])
    assert sum(output["data"]["text/plain"].startswith("b") for output in shown) == 1


def test_what_is_no_text_is_none():
    deep = functools.reduce(lambda inner, _: [inner], range(2000), [])      # Python cannot print it
    messages = [message("stream", text=deep), message("error", ename=deep, evalue={}, traceback=[deep, "line"]), message("display_data", data={"text/plain": deep})]
    stream, error, display = outputs_of(messages)
    assert (stream["text"], error["ename"], error["traceback"], display["data"]) == ("", "", ["", "line"], {"text/plain": ""})


def test_colours_stay_in_what_is_printed_and_no_command_is_in_what_is_said():
    text = "\x1b[31mred\x1b[0m"
    (output,) = outputs_of([message("stream", text=text + "\0\x9b2J")])
    assert output["text"] == text + "\N{REPLACEMENT CHARACTER}" * 2 + "2J"
    assert clean_text("a\x1b]0;b\x07\x9b2J\u202ec\n\td") == "a�]0;b��2J�c\n\td"


def test_clear_and_update():
    shown = {"data": {"text/plain": "1"}, "metadata": {}, "transient": {"display_id": "x"}}
    newer = shown | {"data": {"text/plain": "2"}}
    assert outputs_of([message("stream", text="a"), message("clear_output", wait=False)]) == []
    assert outputs_of([message("stream", text="a"), message("clear_output", wait=True), message("stream", text="b")])[0]["text"] == "b"
    updated = outputs_of([message("display_data", **shown), message("update_display_data", **newer)])
    assert [output["data"] for output in updated] == [{"text/plain": "2"}]


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/javascript", "text/latex", "text/markdown", "application/vnd.jupyter.widget-view+json"])
def test_what_could_run_is_left_out(kind):
    (output,) = outputs_of([message("display_data", data={kind: "<svg onload=alert(1)>", "text/plain": "fig"}, metadata={})])
    assert output["data"] == {"text/plain": "fig"}


@settings(deadline=None)
@given(st.lists(JSON | st.fixed_dictionaries({"msg_type": st.sampled_from(KINDS), "content": JSON}), max_size=5))
def test_no_message_breaks_the_notebook(messages):
    cell = nbformat.v4.new_code_cell(outputs=outputs_of(messages))
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


def test_the_outputs_are_those_of_nbclient():
    """The same cells run by nbclient in an ordinary kernel, and in the sandbox's."""
    sources = [
        "print('a', end='')\nprint('b')\n3",
        "import sys\nprint('x', file=sys.stderr)",
        "1 / 0",
        "from IPython.display import display, clear_output\ndisplay('one', 'two')\nclear_output()\ndisplay('three')",
        "import asyncio\nawait asyncio.sleep(0)\n'done'",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "%matplotlib inline\nfigure, axes = plt.subplots()\nplt.show()\nfigure",
        "%%capture\nprint('hidden')",
        "%config InlineBackend.figure_formats = ['png']",
        "get_ipython().run_line_magic('lsmagic', '') and None",
        "assert 1 == 2, 'no'",
        "def f(:",
        "_ + '!'",
        "shown = display('before', display_id=True)\nshown.update('after')",
        "input()",
        "x = 3;",
        "!echo shell",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(book, allow_errors=True, kernel_name="python3", coalesce_streams=True).execute()
    with Sandbox() as sandbox:
        kernel = sandbox.kernel(Limits())
        for source, cell in zip(sources, book.cells, strict=True):
            ran = kernel.run(source, 20)
            assert list(map(essence, outputs_of(ran.messages))) == list(map(essence, cell.outputs)), source
            assert ran.count == cell.execution_count


def essence(output):
    """What an output says, without colours, pixels and what a figure's size depends on."""
    if output["output_type"] == "error":
        return output["ename"], output["evalue"]
    if output["output_type"] == "stream":
        return output["name"], output["text"].replace("\r\n", "\n")
    return output["output_type"], sorted(output["data"]), output["data"].get("text/plain"), output.get("execution_count")
