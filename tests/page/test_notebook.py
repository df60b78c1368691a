"""The notebook in and out of the page: nothing of the release changes but what was written, and a file from Jupyter is read again."""

import json

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT, load_module
from unrolled.exercises import ASSIGNMENTS
from unrolled.page import supply

PATHS = {name: next((ROOT / "exercises" / name).glob("*.ipynb")) for name in ASSIGNMENTS}
TEXT = PATHS["05-lstm"].read_text(encoding="utf8")
RELEASE = json.loads(TEXT)
SIGMOID = "def sigmoid(a):\n    return 1 / (1 + np.exp(-a))"


@pytest.fixture
def js(page):
    """js("filledIn", release, work) is what that function of notebook.js returns, arguments and result as JSON values."""
    load_module(page, supply.HERE / "notebook.js")
    page.evaluate("Object.assign(window, loaded)")

    def call(name, *arguments):
        return page.evaluate(f"(given) => ({name})(...given)", list(arguments))

    return call


def work(texts=(), own=()):
    return {"texts": dict(texts), "own": list(own), "passed": {}}


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_with_nothing_written_the_file_is_the_release_to_the_byte(js, name):
    text = PATHS[name].read_text(encoding="utf8")
    assert js("(nb, work) => JSON.stringify(filledIn(nb, work), null, 1) + '\\n'", json.loads(text), work()) == text


def test_only_the_edited_cells_differ_and_own_cells_stand_at_their_places(js):
    own = [{"id": "own-1", "after": "sigmoid", "text": "sigmoid(np.zeros(3))\n"}, {"id": "own-2", "after": "sigmoid", "text": "2"}]
    filled = js("filledIn", RELEASE, work({"sigmoid-code": SIGMOID}, own))
    nbformat.validate(nbformat.from_dict(filled))
    ids = [cell["id"] for cell in filled["cells"]]
    assert ids[ids.index("sigmoid") + 1 :][:2] == ["own-1", "own-2"]
    differ = [cell["id"] for cell in filled["cells"] if cell not in RELEASE["cells"]]
    assert differ == ["sigmoid-code", "own-1", "own-2"]
    edited = filled["cells"][ids.index("sigmoid-code")]
    assert "".join(edited["source"]) == SIGMOID
    assert edited["metadata"]["nbgrader"]["checksum"]
    assert {**edited, "source": 0} == {**next(cell for cell in RELEASE["cells"] if cell["id"] == "sigmoid-code"), "source": 0}


def test_what_was_saved_is_opened_again(js):
    own = [{"id": "own-1", "after": "sigmoid", "text": "1 + 1"}, {"id": "own-2", "after": RELEASE["cells"][-1]["id"], "text": "é = '😀'"}]
    before = work({"sigmoid-code": SIGMOID, "cell-1": "import numpy as np"}, own)
    saved = json.dumps(js("filledIn", RELEASE, before))
    after = js("readWork", RELEASE, saved)
    assert after["texts"] == before["texts"]
    assert [(cell["after"], cell["text"]) for cell in after["own"]] == [(cell["after"], cell["text"]) for cell in own]


def as_jupyter_saves(notebook):
    """The notebook after Restart and Run All in a real kernel: with outputs, counts, and what Jupyter adds."""
    node = nbformat.reads(json.dumps(notebook), as_version=4)
    NotebookClient(node, allow_errors=True, skip_cells_with_tag="skip-execution").execute()
    node.metadata["widgets"] = {}
    return nbformat.writes(node)


def test_a_notebook_from_jupyter_is_opened_with_its_outputs_left_out(js):
    notebook = json.loads(TEXT)
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    cells["sigmoid-code"]["source"] = SIGMOID
    cells["cell-2"]["source"] = "## My own notes"
    notebook["cells"].insert(5, {"cell_type": "code", "execution_count": None, "id": "f00d", "metadata": {}, "outputs": [], "source": "sigmoid(0)"})
    opened = js("readWork", RELEASE, as_jupyter_saves(notebook))
    assert opened["texts"] == {"sigmoid-code": SIGMOID}
    assert [(cell["after"], cell["text"]) for cell in opened["own"]] == [("sigmoid", "sigmoid(0)")]


def test_notes_that_were_written_into_it_in_jupyter_stay_in_it(js):
    notebook = json.loads(TEXT)
    notes = [{"cell_type": kind, "id": f"note-{kind}", "metadata": {}, "source": f"my {kind}\nnotes"} for kind in ("markdown", "raw")]
    notebook["cells"][5:5] = notes
    filled = js("filledIn", RELEASE, js("readWork", RELEASE, json.dumps(notebook)))
    nbformat.validate(nbformat.from_dict(filled))
    assert [(cell["cell_type"], "".join(cell["source"])) for cell in filled["cells"][5:7]] == [(cell["cell_type"], cell["source"]) for cell in notes]
    assert filled["cells"][:5] + filled["cells"][7:] == RELEASE["cells"]


def test_line_ends_of_windows_change_nothing(js):
    notebook = json.loads(TEXT)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    assert js("readWork", RELEASE, json.dumps(notebook)) == work()


def test_an_old_format_without_ids_is_opened_too(js):
    notebook = json.loads(TEXT)
    notebook["nbformat_minor"] = 4
    for cell in notebook["cells"]:
        if cell["id"] == "sigmoid-code":
            cell["source"] = SIGMOID
        del cell["id"]
    opened = js("readWork", RELEASE, json.dumps(notebook))
    assert opened == work({"sigmoid-code": SIGMOID})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("not JSON", "no Jupyter notebook"),
        ("[]", "no Jupyter notebook"),
        ('{"cells": [null]}', "no Jupyter notebook"),
        ('{"cells": [{"cell_type": "code"}]}', "no Jupyter notebook"),
        ('{"cells": [{"cell_type": "code", "source": 7}]}', "no Jupyter notebook"),
        (TEXT[:-100], "not a whole one"),
        ('{"nbformat": 3, "worksheets": [{"cells": []}]}', "save it there"),
        (PATHS["06-gru"].read_text(encoding="utf8"), "another assignment's"),
    ],
)
def test_another_file_is_refused_in_a_sentence(page, js, content, words):
    said = page.evaluate("([release, content]) => { try { readWork(release, content) } catch (error) { return error.message } }", [RELEASE, content])
    assert words in said


def test_of_an_edition_that_has_changed_nothing_is_lost(js):
    newer = {**RELEASE, "cells": [cell for cell in RELEASE["cells"] if cell["id"] not in ("init_lstm-code", "init_lstm")]}
    before = work({"sigmoid-code": SIGMOID, "init_lstm-code": "def init_lstm(): ..."}, [{"id": "own-1", "after": "init_lstm", "text": "1"}])
    carried = js("carriedOver", newer, before)
    assert carried["texts"] == {"sigmoid-code": SIGMOID}
    assert sorted(cell["text"] for cell in carried["own"]) == ["1", "def init_lstm(): ..."]
    assert all(cell["after"] == newer["cells"][-1]["id"] for cell in carried["own"])
