"""The notebook in and out of the page: nothing of the release changes but what was written, and a file from
Jupyter is read again."""

import json

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT, load_module
from tests.grading import classroom
from unrolled.exercises import ASSIGNMENTS
from unrolled.grading.notebook.task import Task, grade
from unrolled.grading.run.demo import fill
from unrolled.page import supply

PATHS = {name: next((ROOT / "exercises" / name).glob("*.ipynb")) for name in ASSIGNMENTS}
TEXT = PATHS["05-lstm"].read_text(encoding="utf8")
RELEASE = json.loads(TEXT)
SIGMOID = "def sigmoid(a):\n    return 1 / (1 + np.exp(-a))"


@pytest.fixture
def js(page):
    """js("filledIn", release, work) is what that function of notebook.js or opened.js returns, arguments and
    result as JSON values."""
    load_module(page, supply.HERE / "opened.js")
    page.evaluate("async () => Object.assign(window, loaded, await import('http://modules.test/notebook.js'))")

    def call(name, *arguments):
        return page.evaluate(f"(given) => ({name})(...given)", list(arguments))

    return call


def work(texts=(), own=()):
    return {"texts": dict(texts), "own": list(own), "beside": {}, "passed": {}}


def through_the_page(js, notebook, release=RELEASE):
    """The notebook that is saved once this one was opened; as valid as Jupyter wants it."""
    filled = js("filledIn", release, js("readWork", release, json.dumps(notebook))["work"])
    nbformat.validate(nbformat.from_dict(filled))
    return filled


def sources(notebook):
    return [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]


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
    after = js("readWork", RELEASE, saved)["work"]
    assert after["texts"] == before["texts"]
    assert after["own"] == own


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
    assert opened["outputs"] and not opened["older"]
    assert opened["work"]["texts"] == {"sigmoid-code": SIGMOID}
    assert [(cell["after"], cell["text"]) for cell in opened["work"]["own"]] == [("cell-2", "## My own notes"), ("sigmoid", "sigmoid(0)")]


PICTURE = {"note.png": {"image/png": "iVBORw0KGgo="}}


def test_all_that_was_put_into_it_in_jupyter_stays_in_it_and_in_place(js):
    notebook = json.loads(TEXT)
    notes = [{"cell_type": kind, "id": f"note-{kind}", "metadata": {"mine": kind}, "source": f"my {kind}\nnotes"} for kind in ("markdown", "raw")]
    notes[0]["attachments"] = PICTURE
    code = {"cell_type": "code", "execution_count": 3, "id": "code", "metadata": {"tags": ["mine"]}, "outputs": [], "source": "1 + 1"}
    (answer,) = (cell for cell in notebook["cells"] if cell["cell_type"] == "markdown" and "nbgrader" in cell["metadata"])
    answer |= {"source": "![](attachment:note.png)", "attachments": PICTURE}
    notebook["cells"][5:5] = notes
    notebook["cells"][0:0] = [code]
    notebook["metadata"] |= {"authors": [{"name": "Ada"}], "widgets": {}}
    filled = through_the_page(js, notebook)
    assert sources(filled) == sources(notebook)
    assert filled["metadata"] == RELEASE["metadata"] | {"authors": [{"name": "Ada"}]}
    assert filled["cells"][0] == {**code, "source": ["1 + 1"], "execution_count": None}
    assert filled["cells"][6:8] == [note | {"source": [f"my {note['cell_type']}\n", "notes"]} for note in notes]
    assert {cell["id"]: cell for cell in filled["cells"]}[answer["id"]]["attachments"] == PICTURE
    assert through_the_page(js, filled) == filled


def test_what_was_written_into_a_text_of_ours_stands_below_it(js):
    notebook = json.loads(TEXT)
    notebook["cells"][2]["source"] += ["\n\nMind the sign.\n![](attachment:note.png)"]
    notebook["cells"][2]["attachments"] = PICTURE
    filled = through_the_page(js, notebook)
    assert filled["cells"][3]["attachments"] == PICTURE
    assert sources({"cells": filled["cells"][3:4]}) == [("markdown", "Mind the sign.\n![](attachment:note.png)")]
    assert filled["cells"][:3] + filled["cells"][4:] == RELEASE["cells"]


def test_of_an_answer_that_is_there_twice_the_graders_choice_stands_and_the_other_stays_beside_it(js):
    notebook = json.loads(TEXT)
    place = [cell["id"] for cell in notebook["cells"]].index("sigmoid-code")
    written = notebook["cells"][place] | {"source": SIGMOID}
    notebook["cells"][place : place + 1] = [written | {"source": "# a trial"}, written, notebook["cells"][place]]
    opened = js("readWork", RELEASE, json.dumps(notebook))["work"]
    assert opened["texts"] == {"sigmoid-code": SIGMOID}
    assert [(cell["after"], cell["text"]) for cell in opened["own"]][0] == ("cell-2", "# a trial")
    cells = through_the_page(js, notebook)["cells"]
    names = [cell["metadata"]["nbgrader"]["grade_id"] for cell in cells if "nbgrader" in cell["metadata"]]
    assert len(set(names)) == len(names) and len({cell["id"] for cell in cells}) == len(cells)


def test_it_has_the_same_marks_before_and_after(js):
    release = PATHS["02-rnn"].read_bytes()
    shifted = classroom.RIGHT["softmax"].replace("np.exp(", "shifted(")
    notebook = json.loads(fill(release, classroom.RIGHT | {"softmax": shifted, "readout": "def readout(hs, W_y, b_y):\n    return hs @ W_y"}))
    code = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": []}
    places = {cell["id"]: cell for cell in notebook["cells"]}
    notebook["cells"].insert(0, code | {"id": "helper", "source": "import numpy as np\r\nshifted = np.exp\r\n"})
    notebook["cells"].insert(6, places["readout-code"] | {"source": "# a copy of that cell, emptied"})
    notebook["cells"].append(code | {"id": "last", "source": "raise SystemExit"})
    files = [notebook, through_the_page(js, notebook, json.loads(release))]
    before, after = (grade(Task("02-rnn", "ada", "rnn", release, json.dumps(file).encode(), b"secret")).marks for file in files)
    assert before == after and before["softmax"] == 1 and before["readout"] == 0


def test_answers_are_found_by_their_functions_where_nbgraders_names_are_gone(js):
    notebook = json.loads(TEXT)
    for cell in notebook["cells"]:
        if cell["id"] == "sigmoid-code":
            cell["source"] = SIGMOID
        cell["metadata"] = {}
        del cell["id"]
    opened = js("readWork", RELEASE, json.dumps(notebook))["work"]
    assert opened["texts"] == {"sigmoid-code": SIGMOID} and opened["own"] == []


@pytest.mark.parametrize("with_ids", [True, False], ids=["with ids", "without ids"])
@pytest.mark.parametrize("name", ["02-rnn", "04-vanishing-gradients"])
def test_of_the_first_edition_what_was_written_is_taken_over_and_none_of_its_own_texts(js, name, with_ids):
    (path,) = (classroom.RELEASED.parent / name).glob("*.ipynb")
    release, first = json.loads(PATHS[name].read_text(encoding="utf8")), json.loads(path.read_text(encoding="utf8"))
    written = {}
    for cell in first["cells"]:
        if cell["id"].endswith("-code"):
            written[cell["id"]] = cell["source"] = f"def {cell['id'].removesuffix('-code')}():\n    return 1"
        if not with_ids:
            del cell["id"]
    first["cells"].insert(3, {"cell_type": "markdown", "metadata": {}, "source": "My note."})
    opened = js("readWork", release, json.dumps(first))
    known = {cell["id"] for cell in release["cells"]}
    assert opened["older"]
    assert opened["work"]["texts"] == {id_: text for id_, text in written.items() if id_ in known}
    assert [cell["text"] for cell in opened["work"]["own"]] == ["My note.", *(text for id_, text in written.items() if id_ not in known)]
    assert through_the_page(js, first, release)["metadata"] == release["metadata"]


def test_line_ends_of_windows_change_nothing(js):
    notebook = json.loads(TEXT)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    assert js("readWork", RELEASE, json.dumps(notebook))["work"] == work()


def test_an_old_format_without_ids_is_opened_too(js):
    notebook = json.loads(TEXT)
    notebook["nbformat_minor"] = 4
    for cell in notebook["cells"]:
        if cell["id"] == "sigmoid-code":
            cell["source"] = SIGMOID
        del cell["id"]
    opened = js("readWork", RELEASE, json.dumps(notebook))
    assert opened["work"] == work({"sigmoid-code": SIGMOID})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("PK\x03\x04...", "is a zip"),
        ("import numpy as np", "no Jupyter notebook"),
        ("[]", "no Jupyter notebook"),
        ('{"cells": 3}', "no Jupyter notebook"),
        ('{"cells": [null]}', "its cell 1 cannot be read"),
        ('{"cells": [{"cell_type": "code"}]}', "its cell 1 cannot be read"),
        ('{"cells": [{"cell_type": "code", "source": 7}]}', "its cell 1 cannot be read"),
        (TEXT[:-100], "not whole"),
        ("[" * 100_000, "no Jupyter notebook"),
        ('{"cells": ' + "[" * 100_000, "not whole"),
        ('{"nbformat": 3, "worksheets": [{"cells": []}]}', "save it there"),
        (PATHS["06-gru"].read_text(encoding="utf8"), "another assignment's"),
    ],
    ids=lambda text: text[:20],
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
