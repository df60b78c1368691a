"""Outputs are thrown away without being looked into, whatever they hold."""

import json
import time

import pytest

from unrolled.grading.notebook.slim import without_outputs


@pytest.mark.parametrize("output", [{"text": ["a ]\n", '"outputs": [', "\\\\", '\\"']}, {"data": {"application/json": [[1], [{"outputs": [2]}]]}}, [], "]"])
def test_each_list_of_outputs_is_emptied_and_all_else_stays(output):
    cells = [{"source": source, "outputs": [output], "metadata": {"outputs": "x"}} for source in ("x", '"outputs": [1]', "outputs")]
    slim = json.loads(without_outputs(json.dumps({"cells": cells}, indent=1).encode()))
    assert slim == {"cells": [cell | {"outputs": []} for cell in cells]}


@pytest.mark.parametrize("content", [b"", b"{", b'{"outputs": [', b'{"outputs": ["', b'"outputs": [[]', b"\"\\", b"\xff\xfe", b"]"])
def test_what_is_no_json_comes_out_as_it_went_in(content):
    assert without_outputs(content) == content


@pytest.mark.parametrize("piece", [b"[", b'\\"', b'""', b'"outputs":[', b'"', b"\\"])
def test_nothing_takes_long(piece):
    before = time.process_time()
    without_outputs(b'"outputs":[' + piece * (8_000_000 // len(piece)))
    without_outputs(b'"' + piece * (8_000_000 // len(piece)))
    assert time.process_time() - before < 10
