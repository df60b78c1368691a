"""Submissions whose notebook or file was tampered with or damaged: everything but the code of the answers.

`number` is the one of the catalogue, as in `attack`.
"""

import json
from dataclasses import dataclass

from tests.grading.notebooks import FUNCTIONS, as_bytes, code, right, right_notebook, stub

WRONG_SOFTMAX = "def softmax(a):\n    return a * 1.0"


@dataclass(frozen=True)
class Edit:
    """content is what was handed in. marks says what differs from full marks,
    ungraded is part of why there are none."""

    number: str
    title: str
    content: bytes
    remark: str = ""
    marks: dict | None = None
    ungraded: str = ""

    def __str__(self):
        return f"{self.number} {self.title}"


def edited(change, **answers):
    """A notebook after `change`, a function of its dict that works in place."""
    content = right_notebook(**answers)
    change(content)
    return as_bytes(content)


def cell(content, grade_id):
    return next(c for c in content["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def mark(content, grade_id):
    return cell(content, grade_id)["metadata"]["nbgrader"]


def skip_the_check(content):
    cell(content, "softmax")["metadata"]["tags"] = ["skip-execution"]


def skip_everything(content):
    for one in content["cells"]:
        one["metadata"]["tags"] = ["skip-execution", "hide-input"]


def more_points(content):
    mark(content, "softmax")["points"] = 1000


def own_output(content):
    cell(content, "softmax")["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "4"}, "metadata": {}, "execution_count": 1}]


def easier_check(content):
    cell(content, "softmax")["source"] = "4"


def no_code(kind):
    def change(content):
        changed = cell(content, "softmax")
        changed["cell_type"] = kind
        del changed["outputs"], changed["execution_count"]

    return change


def answer_as_text(content):
    cell(content, "softmax-code")["cell_type"] = "markdown"


def swap_ids(content):
    a, b = mark(content, "softmax-code"), mark(content, "readout-code")
    a["grade_id"], b["grade_id"] = b["grade_id"], a["grade_id"]


def swap_check_ids(content):
    a, b = mark(content, "softmax"), mark(content, "readout")
    a["grade_id"], b["grade_id"] = b["grade_id"], a["grade_id"]


def check_is_answer(content):
    mark(content, "softmax").update(solution=True, grade=False, locked=False)


def answer_is_no_answer(content):
    mark(content, "softmax-code").update(solution=False, grade=True, locked=True, points=100)


def no_metadata(content):
    for one in content["cells"]:
        one["metadata"] = {}


def strange_metadata(content):
    for one, strange in zip(content["cells"], ["text", [1], {"nbgrader": 3}, {"nbgrader": {"grade_id": [1]}}, None], strict=False):
        one["metadata"] = strange


def unknown_id(content):
    mark(content, "softmax-code")["grade_id"] = "softmax-2"


def twice(grade_id):
    def change(content):
        content["cells"].insert(1, json.loads(json.dumps(cell(content, grade_id))))

    return change


def stub_after_answer(content):
    content["cells"].append(json.loads(json.dumps(cell(content, "softmax-code"))) | {"source": stub("softmax")})


def without(*grade_ids):
    def change(content):
        for grade_id in grade_ids:
            content["cells"].remove(cell(content, grade_id))

    return change


def all_in_one_cell(content):
    sources = [cell(content, f"{name}-code")["source"] for name in FUNCTIONS]
    content["cells"] = [content["cells"][0] | {"source": "\n\n".join(sources)}]


def answer_elsewhere(content):
    answer = cell(content, "softmax-code")
    content["cells"].append({"cell_type": "code", "metadata": {}, "outputs": [], "source": answer["source"]})
    answer["source"] = stub("softmax")


def helper_in_own_cell(content):
    cell(content, "softmax-code")["source"] = "def softmax(a):\n    return normalise(np.exp(a - a.max(-1, keepdims=True)))"
    helper = "def normalise(e):\n    return e / e.sum(-1, keepdims=True)"
    content["cells"].insert(1, {"cell_type": "code", "metadata": {}, "outputs": [], "source": helper})


def split_answer(helper_place, marked=True):
    """What an editor leaves that cuts a cell in two: both halves have the cell's mark."""

    def change(content):
        answer = cell(content, "softmax-code")
        helper = json.loads(json.dumps(answer)) | {"source": "def normalise(e):\n    return e / e.sum(-1, keepdims=True)"}
        scratch = json.loads(json.dumps(answer)) | {"source": "print(softmax(np.ones(3)))"}
        answer["source"] = "def softmax(a):\n    return normalise(np.exp(a - a.max(-1, keepdims=True)))"
        if not marked:
            answer["metadata"] = {}
        place = content["cells"].index(answer)
        content["cells"][place + helper_place : place + helper_place] = [helper]
        content["cells"].append(scratch)

    return change


def answer_in_check(content):
    answer, check = cell(content, "softmax-code"), cell(content, "softmax")
    check["source"] = f"{answer['source']}\n\ncheck(softmax)"
    answer["source"] = stub("softmax")


def all_of_numpy(content):
    content["cells"][0]["source"] = "from numpy import *\nfrom unrolled import check"
    cell(content, "softmax-code")["source"] = "def softmax(a):\n    e = exp(a - a.max(-1, keepdims=True))\n    return e / e.sum(-1, keepdims=True)"


def another_assignment(content):
    for one in content["cells"][1:]:
        one["source"] = one["source"].replace("softmax", "relu").replace("rnn_step_forward", "lstm").replace("readout", "head")
        one["metadata"]["nbgrader"]["grade_id"] += "-2"


def other_kernel(content):
    content["metadata"]["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}
    content["metadata"]["language_info"] = {"name": "R"}


def duplicate_cell_ids(content):
    for one in content["cells"]:
        one["id"] = "same"


def source_as_lines(content):
    for one in content["cells"]:
        one["source"] = one["source"].splitlines(keepends=True)


def surrogates(content):
    cell(content, "softmax-code")["source"] += "\n# \ud800 \udfff"


def version_3():
    cells = [
        {"cell_type": "code", "input": one["source"], "language": "python", "metadata": one["metadata"], "outputs": [], "prompt_number": 1}
        for one in right_notebook()["cells"]
    ]
    return as_bytes({"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells, "metadata": {}}]})


def deep_type(content):
    nested = []
    for _ in range(400):
        nested = [nested]
    content["cells"][0]["cell_type"] = nested


def deep_metadata(content):
    deep_type(content)
    nested = content["cells"][0]["cell_type"]
    content["cells"][0]["cell_type"] = "code"
    for one in content["cells"][1:]:
        one["metadata"]["tags"] = one["metadata"]["nbgrader"]["points"] = nested


def missing_keys(content):
    for one in content["cells"]:
        del one["cell_type"], one["outputs"], one["execution_count"]
    content["cells"] += [{}, {"cell_type": "code"}, {"cell_type": "code", "source": {"a": 1}, "metadata": None}, None, 3, [], "def softmax(a): return a"]


def large_parts(content):
    content["cells"].insert(0, {"cell_type": "markdown", "source": "", "metadata": {}, "attachments": {"a.png": {"image/png": "A" * 1_000_000}}})
    content["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["x\n"] * 200_000}]


def ids_of_other_types(content):
    for one, strange in zip(content["cells"], [3, None, {"a": 1}, "a" * 100_000, [[]]], strict=False):
        one["id"] = strange


def id_that_commands_a_terminal(content):
    mark(content, "softmax-code")["grade_id"] = "softmax\x1b[2J\u202e"


def magics(content):
    for name, first in {"softmax": "%%time", "readout": "%matplotlib inline\n!echo hello\n%pip install torch"}.items():
        answer = cell(content, f"{name}-code")
        answer["source"] = f"{first}\n{answer['source']}"


def broken_cells_of_ones_own(content):
    for source in ("1 / 0", "import time; time.sleep(1000)", "n = int(input())", "import pandas, sklearn", "%reset -f", "open('data.csv')", "def f("):
        content["cells"].insert(1, code(source))


HELPED = "def softmax(a):\n    return normalise(np.exp(a - a.max(AXIS, keepdims=True)))"
HELPER = "AXIS = -1\n\ndef normalise(e):\n    return e / e.sum(AXIS, keepdims=True)"


def own_cells(*sources, place=1, softmax=HELPED):
    """Cells of the student's own, on whose definitions softmax relies."""

    def change(content):
        cell(content, "softmax-code")["source"] = softmax
        place_ = len(content["cells"]) if place is None else place
        content["cells"][place_:place_] = map(code, sources)

    return change


def helper_in_import_cell(content):
    cell(content, "softmax-code")["source"] = HELPED
    content["cells"][0]["source"] += "\n" + HELPER


def helper_and_answer_at_the_end(content):
    cell(content, "softmax-code")["source"] = stub("softmax")
    content["cells"] += [code(HELPER), code(HELPED)]


def many_copies(content):
    """Each uses the next, as what is split off uses what it was split from."""
    answer = cell(content, "softmax-code")
    answer["source"] += "\n    step_0"
    content["cells"] += [json.loads(json.dumps(answer)) | {"source": f"def step_{n}():\n    return step_{n + 1}()"} for n in range(1_900)]


def newer_version_below(content):
    content["cells"].append(code(right("softmax")))


def other_line_ends(content):
    for one in content["cells"]:
        one["source"] = one["source"].replace("\n", "\r\n")


def later_versions(content):
    content.update(nbformat=5, nbformat_minor=9)


def backwards(content):
    content["cells"].reverse()


ZERO = {"softmax": 0.0}
WRONG = {"softmax": WRONG_SOFTMAX}
SLOW = code("text = f'" + "{1}" * 16_000 + "'")     # 3.11 reads such a text in quadratic time
RIGHT = as_bytes(right_notebook())

EDITS = [
    Edit("1", "skip-execution on the check", edited(skip_the_check, **WRONG), "came with tags", ZERO),
    Edit("1", "skip-execution everywhere", edited(skip_everything), "came with tags"),
    Edit("23", "points edited", edited(more_points, **WRONG), "other settings (points)", ZERO),
    Edit("23", "an output of full marks handed in", edited(own_output, **WRONG), "", ZERO),
    Edit("24", "check rewritten", edited(easier_check, **WRONG), "softmax was changed", ZERO),
    Edit("24", "check turned into text", edited(no_code("markdown"), **WRONG), "softmax was changed", ZERO),
    Edit("24", "check turned into a raw cell", edited(no_code("raw"), **WRONG), "softmax was changed", ZERO),
    Edit("24", "answer turned into text", edited(answer_as_text), "turned into a “markdown” cell"),
    Edit("25", "ids of answers swapped", edited(swap_ids), "not marked as that cell"),
    Edit("25", "ids of checks swapped", edited(swap_check_ids, **WRONG), "softmax was changed", ZERO),
    Edit("26", "check declared an answer", edited(check_is_answer, **WRONG), "other settings (grade, solution, locked)", ZERO),
    Edit("26", "answer declared a check", edited(answer_is_no_answer), "other settings"),
    Edit("27", "no metadata at all", edited(no_metadata), "without nbgrader's metadata"),
    Edit("27", "metadata of other types", edited(strange_metadata), "not marked as that cell"),
    Edit("27", "an unknown id", edited(unknown_id), "“softmax-2”"),
    Edit("27", "an answer twice", edited(twice("softmax-code")), "there 2 times"),
    Edit("27", "the stub pasted after the answer", edited(stub_after_answer), "there 2 times"),
    Edit("27", "a check twice", edited(twice("softmax")), "there 2 times"),
    Edit("28", "a check deleted", edited(without("softmax"), **WRONG), "softmax was deleted", ZERO),
    Edit("28", "all checks deleted", edited(without(*FUNCTIONS)), "was deleted"),
    Edit("28", "an answer deleted", edited(without("softmax-code")), "missing", ZERO),
    Edit("28", "everything in one cell", edited(all_in_one_cell), "without nbgrader's metadata"),
    Edit("40", "a byte order mark", b"\xef\xbb\xbf" + RIGHT),
    Edit("41", "Latin-1", edited(lambda c: None, softmax=None).replace(b"import numpy", "# für\\nimport numpy".encode("latin-1")), "Latin-1"),
    Edit("41", "UTF-16", RIGHT.decode().encode("utf-16"), "UTF-16"),
    Edit("41", "UTF-16 without a mark", RIGHT.decode().encode("utf-16-le"), "UTF-16"),
    Edit("41", "UTF-32", RIGHT.decode().encode("utf-32"), "UTF-32"),
    Edit("42", "lone surrogates", edited(surrogates), "surrogates"),
    Edit("43", "nbformat 3", version_3(), "old format"),
    Edit("44", "another kernel", edited(other_kernel)),
    Edit("A", "one id for all cells", edited(duplicate_cell_ids)),
    Edit("B", "sources as lines", edited(source_as_lines)),
    Edit("C", "the answer in a cell of the student's own", edited(answer_elsewhere), "not marked as that cell"),
    Edit("D", "a helper in a cell of the student's own", edited(helper_in_own_cell)),
    Edit("I", "all of NumPy imported in a cell of the student's own", edited(all_of_numpy)),
    Edit("G", "an answer split, the helper below", edited(split_answer(1)), "there 3 times"),
    Edit("G", "an answer split, the helper above", edited(split_answer(0)), "there 3 times"),
    Edit("G", "an answer split, one half without its mark", edited(split_answer(1, marked=False)), "there 2 times"),
    Edit("H", "the answer written into its check", edited(answer_in_check), "not marked as that cell"),
    Edit("E", "a cell type of lists within lists", edited(deep_type)),
    Edit("E", "Windows' line ends", edited(other_line_ends)),
    Edit("E", "a later format", edited(later_versions)),
    Edit("E", "the cells backwards", edited(backwards)),
    Edit("J", "keys that are there twice", RIGHT.replace(b'"source": "import', b'"source": "1 / 0", "source": "import', 1)),
    Edit("J", "numbers that are none", RIGHT.replace(b'"points": 4', b'"points": NaN', 1).replace(b": null", b": -Infinity", 1), "other settings (points)"),
    Edit("J", "numbers without end", RIGHT.replace(b": null", b": " + b"9" * 100_000, 1).replace(b": null", b": 0." + b"9" * 1_000_000, 1)),
    Edit("J", "keys that are missing, and cells that are none", edited(missing_keys), "was changed"),
    Edit("J", "lists within lists for metadata", edited(deep_metadata), "other settings (points)"),
    Edit("J", "cells beside worksheets", edited(lambda c: c.update(worksheets=[]))),
    Edit("J", "ids of other types", edited(ids_of_other_types)),
    Edit("J", "an id that commands a terminal", edited(id_that_commands_a_terminal), "softmax\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}"),
    Edit("J", "large attachments and outputs", edited(large_parts)),
    Edit("K", "magics in answers", edited(magics)),
    Edit("K", "broken and endless cells of the student's own", edited(broken_cells_of_ones_own)),
    Edit("L", "a newer version in a cell of the student's own", edited(newer_version_below, **WRONG), "", ZERO),
    Edit("M", "a helper and a constant in the import cell", edited(helper_in_import_cell)),
    Edit("M", "a helper at the end of the notebook", edited(own_cells(HELPER, place=None))),
    Edit("M", "a helper and the answer at the end of the notebook", edited(helper_and_answer_at_the_end), "not marked as that cell"),
    Edit("M", "a helper beside cells that disturb", edited(own_cells(HELPER, "np = None", "softmax = readout = len", "import os; os._exit(1)", "1 / 0")), "disturbs it"),
    Edit("M", "a helper behind cells that take all time", edited(own_cells(*["while True: pass"] * 30, HELPER)), "right by itself"),
    Edit("M", "a helper behind cells that end their kernel", edited(own_cells(*["import os; os._exit(1)"] * 60, HELPER))),
    Edit("M", "a helper that ends its kernel", edited(own_cells(HELPER + "\nimport os; os._exit(1)")), "", ZERO),
    Edit("M", "cells that show more than can be kept", edited(own_cells(*["print('x' * 400_000)"] * 30, HELPER))),
    Edit("M", "a cell that writes on the grader's channel", edited(own_cells("import os\nfor fd in range(3, 50):\n    try: os.write(fd, b'R' * 100)\n    except OSError: pass", HELPER)), "channel"),
    Edit("M", "a helper that a function patches into what is ours", edited(own_cells("np.exp = abs", softmax=right("softmax"))), "disturbs it"),
    Edit("N", "1,900 copies of an answer, each using the next", edited(many_copies), "200 were run"),
    Edit("F", "an answer of 60 thousand characters", edited(lambda c: None, softmax=right("softmax") + "# " + "x" * 60_000), "left out", ZERO),
    Edit("F", "cells that take a parser long", edited(lambda c: c["cells"].extend([SLOW] * 60), softmax="def softmax(a):\n    return mine(a)"), "", ZERO),
    Edit("39", "an empty file", b"", ungraded="is empty"),
    Edit("39", "white space", b"  \n\0\0 ", ungraded="is empty"),
    Edit("39", "cut off", RIGHT[: len(RIGHT) // 2], ungraded="breaks off"),
    Edit("39", "a web page", b"<!DOCTYPE html><html><body>Sign in</body></html>", ungraded="web page"),
    Edit("39", "a text", b"I could not do it, sorry", ungraded="no notebook, though"),
    Edit("39", "a web page with a byte order mark", b"\xef\xbb\xbf<!DOCTYPE html>", ungraded="web page"),
    Edit("39", "a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", ungraded="PDF"),
    Edit("39", "a script", b"import numpy as np\n\ndef softmax(a): return a", ungraded="no notebook, though"),
    Edit("39", "a merge left open", RIGHT.replace(b'"cells": [', b'"cells": [\n<<<<<<< HEAD\n', 1), ungraded="merge"),
    Edit("39", "another assignment's notebook", edited(another_assignment), ungraded="another assignment's"),
    Edit("39", "a new notebook", as_bytes({"cells": [code("")], "nbformat": 4}), ungraded="an empty one"),
    Edit("39", "a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ungraded="no notebook"),
    Edit("39", "an archive", b"PK\x03\x04" + b"0" * 500, ungraded="archive"),
    Edit("39", "JSON, but no notebook", b'{"name": "ada"}', ungraded="no list of cells"),
    Edit("39", "a list", b"[1, 2]", ungraded="no notebook"),
    Edit("39", "a notebook without cells", b'{"cells": [], "nbformat": 4}', ungraded="no cells"),
    Edit("39", "brackets without end", b"[" * 1_000_000, ungraded="cannot be read"),
    Edit("39", "a number without end", b'{"cells": [' + b"9" * 100_000 + b"]}", ungraded="no cells"),
    Edit("53", "200 MB", b'{"cells": [], "x": "' + b"0" * 5_000_000 + b'"}', ungraded="are read"),
]
