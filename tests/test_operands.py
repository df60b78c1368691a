"""What is seen of the operation that raised: shapes, whole numbers, lists, kinds; nothing where it is another's."""

import linecache
import sys
import textwrap

import numpy as np
import pytest

from unrolled.operands import MOST, operation_at, own_step
from unrolled.recording import call, pack, record, unpack, unpack_record


def seen(source, **inputs):
    """What operation_at tells of the operands in a function of these inputs whose body is source."""
    return raised_in(f"def f({', '.join(inputs)}):\n" + textwrap.indent(textwrap.dedent(source), "    "), **inputs)[1]


def raised_in(source, **inputs):
    file = f"<operands {hash(source)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    scope = {"np": np}
    exec(compile(source, file, "exec"), scope)
    try:
        scope["f"](**inputs)
    except BaseException:
        return operation_at(own_step(sys.exc_info()[2], scope["f"]))
    raise AssertionError("it did not raise")


def shapes(found):
    """The same with the shape alone of an array."""
    return {source: operand.get("shape", operand) if type(operand) is dict else operand for source, operand in found.items()}


X, W = np.ones((3, 4)), np.ones((5, 6))


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("return x @ W", {"x": (3, 4), "W": (5, 6)}),
        ("return 1 + np.tanh(x @ x.T @ W)", {"x @ x.T": (3, 3), "W": (5, 6)}),
        ("x += W", {"x": (3, 4), "W": (5, 6)}),
        ("h = x * (\n    1 - W ** 2\n)", {"x": (3, 4), "1 - W ** 2": (5, 6)}),
        ("é = 'ü'; return x @ W", {"x": (3, 4), "W": (5, 6)}),
        ("return np.concatenate([x, np.tanh(W)], axis=1)", {"x": (3, 4), "W": (5, 6)}),
        ("return np.split(x[:, 1:], 2, axis=-1)", {"x[:, 1:]": (3, 3)}),
        ("return x.reshape(W.shape)", {"x": (3, 4), "W.shape": {"entries": 2, "kind": "tuple", "numbers": [5, 6]}}),
        ("t = 2; return x[t + 1]", {"x": (3, 4), "t + 1": 3, "t": 2}),
        ("t = 2; hs = [x, x]; return hs[t]", {"hs": {"entries": 2, "kind": "list", "shapes": [(3, 4)]}, "t": 2}),
        ("hs = np.zeros((2, 3, 5)); hs[1] = x", {"hs": (2, 3, 5)}),
        ("t = 1; return x[t - 1] + W[0]", {"x[t - 1]": (4,), "t - 1": 0, "t": 1, "W[0]": (6,)}),
        ("return np.stack([x, x, W, [x]])", {"x": (3, 4), "W": (5, 6)}),
        ("hs = [x, W, 3]; return np.stack(hs)", {"hs": {"entries": 3, "kind": "list"}}),
        ("a, b = x.shape[0], x, W", {"x.shape[0]": 3, "x": (3, 4), "W": (5, 6)}),
        ("a, b = np.split(\n    x, 3, axis=0\n)", {"x": (3, 4)}),
        ("N, T, D = x.shape", {"x": (3, 4)}),
        ("return [a @ W for a in x]", {"a": (4,), "W": (5, 6)}),
        ("s = 2.0; return np.zeros((3, s))", {"s": "float"}),
        ("h = None; return x + h", {"x": (3, 4), "h": "NoneType"}),
    ],
)
def test_an_operation_that_raises_tells_what_its_operands_are(source, told):
    assert shapes(seen(source, x=X, W=W)) == told


def test_of_whole_numbers_the_least_and_the_most_are_seen():
    assert seen("return x[k]", x=X, k=np.array([1, 2, 7]))["k"] == {"shape": (3,), "kind": "i", "least": 1, "most": 7}


@pytest.mark.parametrize(
    "source", ["raise ValueError('x')", "return missing", "for a in 3: pass", "assert x.sum() == 1"]
)
def test_of_what_is_no_operation_nothing_is_seen_that_did_not_stand_in_it(source):
    assert {"a", "b", "c", "missing"}.isdisjoint(seen(source, x=X))


def test_of_a_helper_that_raises_its_own_names_are_seen():
    operation, found = raised_in("def g(a, b):\n    return a @ b\n\ndef f(x, W):\n    return g(x.T, W)\n", x=X, W=W)
    assert operation == "a @ b" and shapes(found) == {"a": (4, 3), "b": (5, 6)}


def test_of_a_function_that_is_not_the_students_what_it_is_given_is_seen():
    assert shapes(seen("return np.linalg.inv(x)", x=X)) == {"x": (3, 4)}


def test_not_more_operands_are_seen_than_are_told():
    names = [f"a{i}" for i in range(2 * MOST)]
    source = f"{' = '.join(names)} = x; return np.concatenate([{', '.join(names)}], axis=9)"
    assert len(seen(source, x=X)) == MOST


HOSTILE = """
class Evil(np.ndarray):
    def __getitem__(self, key):
        raise SystemExit("out")

    __add__ = __getattr__ = __getitem__

def f(x):
    evil = x.view(Evil)
    return (evil + 1) @ evil[0]
"""


def test_what_a_hostile_operand_raises_does_not_come_out():
    raised_in(HOSTILE, x=X)


def test_what_was_seen_goes_through_a_record():
    file = "<record of operands>"
    source = "def f(x, W, k):\n    return x @ W[k]\n"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    scope = {}
    exec(compile(source, file, "exec"), scope)
    case = {"x": X, "W": W[None], "k": np.array([0, 0])}
    outcome, *_ = unpack_record(record(scope["f"], [case, case]))
    assert outcome.operands == call(scope["f"], case).operands
    assert shapes(outcome.operands) == {"x": (3, 4), "W[k]": (2, 5, 6)}


@pytest.mark.parametrize("operands", [[("x", (3, 4))], {f"a{i}": i for i in range(MOST + 1)}])
def test_a_record_with_other_operands_than_a_recorder_makes_is_refused(operands):
    fields = unpack(record(lambda x: x, [{"x": X}, {"x": X}]))
    fields[0]["operands"] = operands
    with pytest.raises(ValueError, match="wrong types"):
        unpack_record(pack(fields))
