"""Which modules the page's Python may be given: those that need NumPy and the library alone."""

import ast

import pytest

from unrolled.page.carries import carries, needs, origin


@pytest.mark.parametrize("name", ["numpy", "itertools", "time", "unrolled", "unrolled.reference", "unrolled.fast.rnn", "unrolled.training", "unrolled.exercises.example", "unrolled.text"])
def test_what_needs_numpy_alone_goes(name):
    assert carries(name)


@pytest.mark.parametrize("name", [
    "matplotlib.pyplot", "sklearn.datasets", "socketserver", "unrolled.plots", "unrolled.diagrams", "unrolled.widgets.unroll",
    "unrolled.book.measured", "unrolled.book.experiments", "unrolled.data", "unrolled.heartbeat_alarms", "unrolled.dates",
])
def test_what_needs_more_or_reads_what_is_not_packed_stays(name):
    assert not carries(name)


def test_what_a_function_imports_when_it_is_called_is_needed_too():
    assert list(needs("import a\ndef f():\n    import b")) == ["a", "b"]


@pytest.mark.parametrize(("line", "module"), [
    ("import numpy as np", "numpy"), ("from unrolled import text", "unrolled.text"), ("from unrolled.text import corpus", "unrolled.text"),
    ("from itertools import count", "itertools"), ("from unrolled.widgets import unroll", "unrolled.widgets.unroll"),
])
def test_a_name_of_an_import_comes_from_its_module(line, module):
    (node,) = ast.parse(line).body
    assert origin(node, node.names[0]) == module
