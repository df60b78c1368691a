"""Which cells a function needs, and which may disturb it."""

import pytest
from nbformat import from_dict

from tests.grading.notebooks import answer, code, graded
from unrolled.grading.notebook.needs import Needs

OURS = code("import numpy as np\nfrom unrolled import check")


def own(source):
    return code(source) | {"metadata": {"unrolled": "own"}}


def needs(*cells):
    return Needs([from_dict(cell) for cell in [OURS, *cells]])


A = answer("softmax", "def softmax(a):\n    return helper(np.exp(a))")
CHECK = graded("softmax")


@pytest.mark.parametrize(
    "cells, needed",
    [
        ([A, CHECK], {1}),
        ([own("def helper(e):\n    return e / TOTAL"), own("TOTAL = 1"), own("x = 1"), A, CHECK], {1, 2, 4}),
        ([A, CHECK, own("def helper(e): return e")], {1, 3}),
        ([own("def helper(e): return e"), A, CHECK, own("def helper(e): return 0")], {1, 2}),
        ([answer("helper", "def helper(e): return e"), own("def helper(e): return 0"), A, CHECK], {1, 3}),
        ([own("from mine import *"), own("y = 2"), A, CHECK], {1, 3}),
        ([own("%load_ext mine"), A, CHECK], {1, 2}),
        ([own("def softmax(a): return a"), A, CHECK], {2}),
        ([own("from mine import *"), answer("softmax", "def softmax(a): return np.exp(a)"), CHECK], {2}),
    ],
)
def test_a_function_needs_what_it_uses_and_no_more(cells, needed):
    place = 1 + cells.index(CHECK)
    assert needs(*cells).of(place) == needed


@pytest.mark.parametrize(
    "cells, disturbed",
    [
        ([A, CHECK], False),
        ([own("def helper(e): return e"), A, CHECK], False),
        ([own("def other(e): return e"), A, CHECK], False),
        ([own("np = None"), A, CHECK], True),
        ([own("softmax = None"), A, CHECK], True),
        ([own("print(3)"), A, CHECK], True),
        ([A, CHECK, own("np = None")], False),
    ],
)
def test_what_may_disturb_a_function(cells, disturbed):
    place = 1 + cells.index(CHECK)
    assert needs(*cells).may_be_disturbed(place, spoilt=set()) == disturbed


def test_a_cell_that_was_not_run_disturbs():
    made = needs(own("def helper(e): return e"), own("def other(e): return e"), A, CHECK)
    assert all(made.may_be_disturbed(4, {place}) for place in (1, 2)) and not made.may_be_disturbed(4, {5})
