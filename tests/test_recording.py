"""Calls of functions that may be hostile, and values that cross a process boundary without pickle."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from unrolled.recording import Opaque, Outcome, Probe, call, call_all, pack, plain, record, unpack, unpack_record

ARRAYS = hnp.arrays(st.sampled_from("float64 float32 int64 int8 bool complex128 >f8 <i2".split()), hnp.array_shapes(min_dims=0, max_side=4))
LEAVES = st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats() | st.text(max_size=10) | ARRAYS
PLAIN = st.recursive(LEAVES, lambda some: st.lists(some, max_size=3) | st.tuples(some, some) | st.dictionaries(st.text(max_size=5), some, max_size=3), max_leaves=8)


def same(a, b):
    if isinstance(a, np.ndarray):
        return type(b) is np.ndarray and a.shape == b.shape and a.dtype.newbyteorder("<") == b.dtype.newbyteorder("<") and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return type(a) is type(b) and (a == b or a != a)


@given(PLAIN)
def test_what_is_packed_comes_back(value):
    assert same(value, unpack(pack(value)))


@given(st.binary(max_size=200))
def test_bytes_from_anywhere_are_a_value_or_a_value_error(data):
    try:
        unpack(data)
    except ValueError:
        pass


@pytest.mark.parametrize("text", [b"[" * 100_000, b'{"array": ["<f8", [1000000000000, 1000000000000], 0]}', b'{"array": ["O", [1], 0]}', b'{"value": {}}', b'{"probe": 3, "x": 1}'])
def test_a_false_header_is_a_value_error(text):
    with pytest.raises(ValueError):
        unpack(len(text).to_bytes(8, "little") + text + b"0" * 100)


@pytest.mark.parametrize("header", [{"list": [{"array": ["<f8", [100], 0]}] * 3}, {"list": [{"value": "x"}] * 500_000}], ids=["shared bytes", "long header"])
def test_a_small_record_cannot_become_large(header):
    text = json.dumps(header).encode()
    with pytest.raises(ValueError):
        unpack(len(text).to_bytes(8, "little") + text + bytes(1000))


def test_what_is_not_plain_is_named():
    class Mine(np.ndarray):
        pass

    values = [np.zeros(2).view(Mine), object(), (n for n in "a"), {1: 2}, np.array(["a"]), np.broadcast_to(0.0, (10**5, 10**5)), 10**100]
    names = ["Mine", "object", "generator", "dict", "ndarray of <U1", "ndarray of 10000000000 values", "int"]
    assert [plain(value) for value in values] == [Opaque(name) for name in names]


def test_a_named_tuple_is_a_tuple_whatever_its_methods_say():
    class Liar(tuple):
        def __iter__(self):
            raise RuntimeError

        __len__ = __getitem__ = __iter__

    assert plain(Liar([1, (2,)])) == (1, (2,))
    given = {"x": np.zeros(2)}
    assert call(lambda x: Liar([x]), given).shared == ("x",)


def test_a_probe_survives():
    probe = unpack(pack(Probe(np.arange(3.0))))
    assert probe(np.ones(3)) == Probe(np.arange(3.0))(np.ones(3))


def test_lists_without_end_are_cut():
    endless = []
    endless += [endless] * 100
    assert pack(endless)


class Unspeakable(Exception):
    def __str__(self):
        raise self

    __traceback__ = property(lambda self: 1 / 0)


@pytest.mark.parametrize("error, text", [(Unspeakable(), "Unspeakable"), (ValueError("x" * 10**6), "ValueError: xxx"), (SystemExit(3), "SystemExit: 3")])
def test_errors_are_told_briefly(error, text):
    def fn(x):
        raise error

    outcome = call(fn, {"x": np.zeros(2)})
    assert outcome.error.startswith(text) and len(outcome.error) < 600 and outcome.value is None
    assert outcome.line.endswith("raise error")


def test_an_interrupt_is_the_persons_at_home_and_an_error_in_the_sandbox():
    def fn(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(fn, {"x": 1})
    (outcome,) = unpack_record(record(fn, [{"x": 1}]))
    assert outcome.error == "KeyboardInterrupt"


def test_inputs_are_copies_and_changes_and_views_are_seen():
    given = {"x": np.zeros(3)}

    def fn(x):
        x += 1
        return x[:2]

    outcome = call(fn, given)
    assert not given["x"].any() and outcome.inputs["x"].all() and outcome.shared == ("x",)


@pytest.mark.parametrize("forged", [3, [3], [{"value": 1, "more": 2}], [{"error": 3}], [{"inputs": []}], [{"shared": [1]}], [{"line": {}}]])
def test_a_forged_record_is_a_value_error(forged):
    with pytest.raises(ValueError):
        unpack_record(pack(forged))


def test_a_record_holds_two_outcomes_for_each_case_and_one_for_the_last():
    cases = [{"x": np.ones(2)}, {"x": np.zeros(1)}, {"x": np.full(2, 3.0)}]
    outcomes = unpack_record(record(lambda x: 2 * x, cases))
    assert [type(outcome) for outcome in outcomes] == [Outcome] * 5
    assert [outcome.value.tolist() for outcome in outcomes] == [[2, 2], [0], [0], [2, 2], [6, 6]]


def test_the_last_case_comes_in_the_arrays_of_the_one_before():
    given = []
    cases = [{"x": [np.ones(2), 1], "k": 1}, {"x": [np.full(2, 3.0), 2], "k": 2}]
    outcomes = call_all(lambda x, k: given.append(x[0]) or k * x[0], cases)
    assert [outcome.value.tolist() for outcome in outcomes] == [[1, 1], [1, 1], [6, 6]]
    assert given[-1] is given[-2] is not given[0]


@pytest.mark.parametrize("spoil", [lambda x: x.setflags(write=False), lambda x: setattr(x, "shape", (2, 1)), lambda x: setattr(x, "dtype", int)])
def test_the_last_case_comes_whole_whatever_was_done_to_the_arrays_before(spoil):
    seen = []

    def fn(x):
        seen.append(x.copy())
        spoil(x)

    call_all(fn, [{"x": np.ones(2)}, {"x": np.full(2, 3.0)}])
    assert seen[-1].tolist() == [3, 3]


def test_what_np_empty_leaves_is_zeros_then_nan_and_never_a_result_of_the_call_before():
    makers = np.empty, np.empty_like
    outcomes = call_all(lambda x: (np.empty(len(x)), np.empty_like(x, int)), [{"x": np.ones(2)}, {"x": np.ones(3)}, {"x": np.full(2, 3.0)}])
    assert not any(outcome.value[0].any() for outcome in outcomes[:2])
    assert all(np.isnan(outcome.value[0]).all() for outcome in outcomes[2:])
    assert not any(outcome.value[1].any() for outcome in outcomes)
    assert (np.empty, np.empty_like) == makers
