"""Which results each line of a function reaches."""

import ast

import pytest

from unrolled.dataflow import reached, values_read

STEP = """
def step(dh, x, h_prev, h, W_h):
    da = dh * (1 - h**2)
    dW = x.T @ da
    db = da.sum(axis=0)
    return da @ W_h.T, dW, db
"""
LOOP = """
def walk(dhs, xs, h0):
    grads = {"b": 0}
    dxs = []
    dh = 0 * h0
    for t in reversed(range(len(dhs))):
        before = xs[t - 1] if t else h0
        da = dhs[t] + dh
        dxs.append(da * 2)
        grads["b"] += da
        grads["W"], dh = before.T @ da, da
    return dxs, grads["W"], grads["b"]
"""
ONE_AFTER_ANOTHER = """
def two(a, b):
    c, d = 0, 0
    for t in range(len(a)):
        c += a[t]
    for t in range(len(b)):
        d += b[t]
    return c, d
"""
INNER = """
def outer(a, b):
    def half(x):
        y = x / 2
        return y
    c = half(a)
    return c, b
"""


@pytest.mark.parametrize(
    "source, line, results",
    [
        (STEP, "da = ", {0, 1, 2}), (STEP, "dW = ", {1}), (STEP, "db = ", {2}),
        (LOOP, "for t", {0, 1, 2}), (LOOP, "da = ", {0, 1, 2}), (LOOP, "before = ", {1}), (LOOP, "dxs.append", {0}),
        (LOOP, "grads['b'] +=", {2}), (LOOP, "dxs = ", {0}),
        (ONE_AFTER_ANOTHER, "for t in range(len(a))", {0}), (ONE_AFTER_ANOTHER, "for t in range(len(b))", {1}),
        (INNER, "y = ", {0}), (INNER, "c = ", {0}),
    ],
)  # fmt: skip
def test_a_line_reaches_the_results_that_are_made_of_what_it_sets(source, line, results):
    (tree,) = ast.parse(source).body
    (statement,) = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and ast.unparse(node).startswith(line)]
    assert reached(tree, len(tree.body[-1].value.elts))[id(statement)] == results


def test_of_what_is_returned_each_place_reaches_its_own_result():
    (tree,) = ast.parse(STEP).body
    found = reached(tree, 3)
    assert [found[id(element)] for element in tree.body[-1].value.elts] == [{0}, {1}, {2}]


def test_nothing_is_said_of_a_function_that_returns_its_results_in_another_way():
    (tree,) = ast.parse("def f(a):\n    b = a, a\n    return b").body
    assert reached(tree, 2) == {}


@pytest.mark.parametrize("size_alone", ["T = len(xs)", "T, N, D = xs.shape", "ys = np.zeros_like(xs)", "for _ in xs:\n        ys = 1", "pass"])
def test_values_that_stand_for_a_size_alone_are_not_read(size_alone):
    (function,) = ast.parse(f"def f(xs, h0):\n    {size_alone}\n    return h0\n").body
    assert "h0" in values_read(function) and "xs" not in values_read(function)


@pytest.mark.parametrize("read", ["a = xs[0]", "for x in xs:\n        a = x", "a = len(xs) * xs", "a = np.zeros(xs)"])
def test_values_that_something_is_made_of_are_read(read):
    (function,) = ast.parse(f"def f(xs, h0):\n    {read}\n    return h0\n").body
    assert "xs" in values_read(function)
