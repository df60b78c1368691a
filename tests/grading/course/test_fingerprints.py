"""Fingerprints stay when an answer is written differently, and go when it computes something else."""

import random

import pytest

from unrolled.grading.course.fingerprints import GRAM, WINDOW, fingerprints, mark
from unrolled.grading.notebook.names import MAX_SOURCE

STEP = """
def step(x, h_prev, W_x, W_h, b):
    a = x @ W_x + np.dot(h_prev, W_h) + b
    e = np.exp(-2 * a)
    return (1 - e) / (1 + e), np.maximum(a, 0.5) ** 2
"""
OTHERWISE = {
    "other names": """
def step(inputs, state, first, second, bias):
    total = inputs @ first + np.dot(state, second) + bias
    power = np.exp(-2 * total)
    return (1 - power) / (1 + power), np.maximum(total, 0.5) ** 2
""",
    "layout, comments, annotations, brackets and spelling of numbers": '''
def step(x: np.ndarray, h_prev, W_x, W_h, b) -> tuple:
    """My own."""
    a: np.ndarray = ((x @ W_x) + np.dot(
        h_prev, W_h,    # the state
    )) + b
    e = np.exp(-2.0*a)
    return ((1. - e) / (1 + e), np.maximum(a, 5e-1)**2)
''',
    "parts with a name of their own": """
def step(x, h_prev, W_x, W_h, b):
    from_input = x @ W_x
    from_state = np.dot(h_prev, W_h)
    both = from_input + from_state
    a = both + b
    e, zero = np.exp(-2 * a), 0
    top = 1 - e
    h = top / (1 + e)
    return h, np.maximum(a, 0.5) ** 2
""",
    "the longer side of a sum first": """
def step(x, h_prev, W_x, W_h, b):
    a = b + (np.dot(h_prev, W_h) + x @ W_x)
    e = np.exp(-2 * a)
    return (1 - e) / (e + 1), np.maximum(a, 0.5) ** 2
""",
}


@pytest.mark.parametrize("otherwise", OTHERWISE)
def test_an_answer_in_another_dress_has_nearly_the_same_fingerprints(otherwise):
    first, second = set(fingerprints(STEP)), set(fingerprints(OTHERWISE[otherwise]))
    assert len(first & second) >= 0.8 * len(first)


def test_other_formulas_share_little():
    other = STEP.replace("np.exp(-2 * a)", "np.tanh(a)").replace("(1 - e) / (1 + e)", "e").replace("np.dot(h_prev, W_h)", "np.outer(W_h, 2)")
    first, second = set(fingerprints(STEP)), set(fingerprints(other))
    assert len(first & second) < 0.4 * len(first)


@pytest.mark.parametrize("one, other", [
    ("a += b * np.exp(c)", "a = a + b * np.exp(c)"),
    ("a = np.dot(b, c + d).sum(axis=0)", "a = np.sum(b @ (c + d), axis=0)"),
    ("a = np.matmul(b, c + d)[0]", "a = b.dot(c + d)[0]"),
    ("a, b = np.exp(c + d), np.tanh(c * d)", "b = np.tanh(c * d)\na = np.exp(c + d)"),
    ("p = np.exp(q)\nr = np.tanh(p * s)", "r = np.tanh(np.exp(q) * s)"),
])  # fmt: skip
def test_statements_that_do_the_same_are_the_same(one, other):
    assert fingerprints(one) and fingerprints(one).keys() == fingerprints(other).keys()


def test_whatever_is_long_enough_and_shared_is_found():
    """Winnowing's promise: GRAM + WINDOW - 1 signs in a row, wherever they stand,
    leave a fingerprint that both keep."""
    rng = random.Random(0)

    def noise():
        return "".join(f".{rng.choice('abcdef')}{rng.randrange(9)}" for _ in range(rng.randrange(20)))

    for _ in range(300):
        shared = "".join(f".{rng.choice('ghijkl')}{rng.randrange(9)}" for _ in range(GRAM + WINDOW - 1))
        first, second = (fingerprints(f"x{noise()}{shared}{noise()}") for _ in range(2))
        assert first.keys() & second.keys(), shared


@pytest.mark.parametrize("source", [
    "def f(:", "%matplotlib inline", "\ud800 = 1", "x = '\0'", "f" + "(" * 5000 + ")" * 5000, "+".join("a" * 20_000), f"x = {'9' * 5000}",
    "#" * (MAX_SOURCE + 1),
])  # fmt: skip
def test_what_cannot_be_read_is_said_to_be_so(source):
    assert fingerprints(source) is None


@pytest.mark.parametrize("source", [
    "a = b + c * d\nb = a\n", "x = x.y + z[x]", f"x = [{'9' * 4000}, 1e999, -1j, True, b'', ...]", "f'{a:{b}}' + f'{c!r}'",
    "match x:\n case {'a': [b, *c]} if b := 1: pass", "match x:\n case {'a': [b, *c]} if (b := 1): pass", "class A(B, c=d): x: int = y",
    "try:\n a()\nexcept* B as c:\n d(e)[f].g = h\nfinally:\n pass", "async def f():\n async with a as b: return [c async for c in d]",
    "lambda *a, b=1, **c: (yield)", "x.\N{LATIN SMALL LIGATURE FI}.naïve = 'é' + ü.é(ö)[ä].ß", "x = (  y  ) . z\\\n. q (w)",
    "\n".join(f"a{n} = a{n - 1} + 1" for n in range(1500)), "a = b = c = " + "[" * 80 + "]" * 80,
])  # fmt: skip
def test_a_marked_source_is_that_source(source):
    found = fingerprints(source)
    if found is not None:
        pieces = mark(source, found, found.keys())
        assert "".join(text for text, _ in pieces) == source
        assert any(marked for _, marked in pieces) == any(found.values())


def test_what_is_shared_is_marked_and_nothing_else():
    first, second = "y = q(7)\nz = np.exp(ä - ä.max(axis=-1))\n", "# ours\nvalue = np.exp(ö - ö.max(axis=-1))\nw = [4]\n"
    shared = fingerprints(first).keys() & fingerprints(second).keys()
    for source, name in ((first, "ä"), (second, "ö")):
        marked = [text for text, is_shared in mark(source, fingerprints(source), shared) if is_shared]
        assert f"np.exp({name} - {name}.max" in "".join(marked) and "7" not in "".join(marked) and "4" not in "".join(marked)
