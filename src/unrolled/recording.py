"""Run a function on given inputs and keep what came back, as plain values.

With `operands` it is the one part of the checker that enters the grading sandbox, so it must not know any answer.
`call` runs, `pack` and `unpack` carry plain values across a process boundary without pickle: nothing that a
student's process sends can do more than be an array, a number, a text or a list. In the sandbox `check` is this
module's: it has nothing to compare with, and only records.
"""

import contextlib
import functools
import json
import struct
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from unrolled.operands import MOST, line_at, operation_at, own_step

MAX_DEPTH = 8
MAX_NODES = 10_000
MAX_TEXT = 500
MAX_BYTES = 256_000_000
MAX_HEADER = 4_000_000
_NUMERIC = "biufc"
_SCALARS = frozenset(kind for kind in np.sctypeDict.values() if np.dtype(kind).kind in _NUMERIC)
Caught = type[BaseException] | tuple[type[BaseException], ...]


@dataclass(frozen=True)
class Opaque:
    """A value that is not plain; only the name of its type is kept."""

    type_name: str


@dataclass(frozen=True)
class Probe:
    """A smooth scalar function of an array, f(x) = sum(sin(a x)) + sin(sum(a x)): an input for
    exercises that take one.

    a has the shape of x. Every entry of x matters to the slope in every other: none can be moved unnoticed.
    """

    a: np.ndarray

    def __call__(self, x: np.ndarray) -> float:
        return float(np.sum(np.sin(self.a * x)) + np.sin(np.sum(self.a * x)))


@dataclass
class Outcome:
    """What one call did: its value or its error, and its inputs as they stood afterwards."""

    value: object = None
    error: str | None = None  # "ValueError: shapes (2,3) and (2,4) not aligned"
    raised: str | None = None  # the error's type, "ValueError"
    line: str | None = None  # the student's own line, "line 3: h = x @ W_x"
    operation: str | None = None  # the part of it that raised, "x @ W_x"
    operands: dict = field(default_factory=dict)  # and what stood in that, {"x": {"shape": (3, 4), "kind": "f"}}
    inputs: dict = field(default_factory=dict)
    shared: tuple[str, ...] = ()  # names of the inputs whose memory a result still uses


def call(fn: Callable, inputs: dict, catch: Caught = (Exception, SystemExit)) -> Outcome:
    """fn(*inputs.values()) on fresh copies of the inputs, as an Outcome. Never raises what fn raises of
    the kinds in catch.

    fn and what it returns or raises may be hostile: nothing here asks an object of theirs for more than its type.
    """
    return _call_with(fn, {name: _copy(value) for name, value in inputs.items()}, catch)


def value_of(fn: Callable, inputs: dict) -> Any:
    """What a function of ours, right or wrong on purpose, gives on fresh copies of the inputs, or None
    where it raises."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return plain(fn(*map(_copy, inputs.values())))
    except Exception:
        return None


def _call_with(fn, given, catch):
    """The Outcome of fn(*given.values()), where given may be written to."""
    outcome = Outcome()
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # a warning in correct code costs nothing
            value = fn(*given.values())
            if type(value) is types.CoroutineType:
                value.close()  # nobody awaits it, and Python would warn of that
        outcome.value = plain(value)
        outcome.shared = tuple(name for name, array in given.items() if _shares(value, array))
    except catch as error:
        outcome.value, outcome.error, outcome.raised = None, _describe_error(error), _name_of(type(error))
        step = own_step(sys.exc_info()[2], fn)
        if step:
            outcome.line, (outcome.operation, outcome.operands) = line_at(step), operation_at(step)
    outcome.inputs = {name: plain(value) for name, value in given.items()}
    return outcome


def plain(value: object) -> Any:
    """value as nested tuples, lists and dicts of copied arrays, numbers and texts; anything else is Opaque."""
    return _plain(value, MAX_DEPTH, [MAX_NODES])


def _plain(value, depth, left):
    kind = type(value)  # never isinstance, which asks the object
    left[0] -= 1
    if type(kind) is not type:  # a metaclass may claim that its types equal any other
        return Opaque(_name_of(kind))
    if value is None or kind in (bool, float, Probe, Opaque):
        return value
    if kind is str:
        return value[:MAX_TEXT]
    if kind is int and value.bit_length() < 64:
        return value
    if kind in _SCALARS:
        return np.array(value)
    if kind is np.ndarray:
        return _plain_array(value)
    if depth and left[0] > 0:
        base = _sequence_of(kind)
        if base and base.__len__(value) <= left[0]:
            return base(_plain(item, depth - 1, left) for item in base.__iter__(value))
        if kind is dict and len(value) <= left[0] and all(type(key) is str for key in value):
            return {key[:MAX_TEXT]: _plain(item, depth - 1, left) for key, item in value.items()}
    return Opaque(_name_of(kind))


def _sequence_of(kind):
    """list or tuple, whose own methods are safe to ask, for a list, a tuple or a named tuple; None
    for any other type."""
    return list if kind is list else tuple if issubclass(kind, tuple) else None


def _plain_array(array):
    if array.dtype.kind not in _NUMERIC:
        return Opaque(f"ndarray of {array.dtype}"[:80])
    if array.nbytes > MAX_BYTES:
        return Opaque(f"ndarray of {array.size} values")
    return array.astype(array.dtype.newbyteorder("="), order="C")  # a copy, in this machine's byte order


def _name_of(kind):
    """A type's own name; its metaclass is not asked."""
    return type.__dict__["__name__"].__get__(kind)[:80]


def _describe_error(error):
    """ValueError: shapes (2,3) and (2,4) not aligned"""
    name = _name_of(type(error))
    if type(error) is SystemExit and error.code is None:
        return name
    try:
        text = str(error)[:MAX_TEXT].strip()
    except BaseException:  # a message that cannot be told is none
        text = ""
    return f"{name}: {text}" if text else name


def pack(value: object) -> bytes:
    """A plain value as bytes: the length of a JSON header, the header, then the arrays' raw bytes."""
    blobs: list[bytes] = []
    header = json.dumps(_encode(plain(value), blobs)).encode()
    return struct.pack("<Q", len(header)) + header + b"".join(blobs)


def unpack(data: bytes) -> Any:
    """The plain value that pack made bytes of. Raises ValueError for bytes that pack cannot have made."""
    try:
        (length,) = struct.unpack_from("<Q", data)
        if length > min(len(data) - 8, MAX_HEADER):
            raise ValueError("the header is longer than the data, or than any header")
        blob = memoryview(data)[8 + length :]
        return _decode(json.loads(data[8 : 8 + length]), blob, [MAX_NODES, len(blob)])
    except ValueError:
        raise
    except Exception as error:
        raise ValueError(f"not a packed value: {type(error).__name__}") from None


def _encode(value, blobs):
    if isinstance(value, np.ndarray):
        array = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("<")).reshape(value.shape)
        offset = sum(map(len, blobs))
        blobs.append(array.tobytes())
        return {"array": [array.dtype.str, list(array.shape), offset]}
    if isinstance(value, (tuple, list)):
        return {type(value).__name__: [_encode(item, blobs) for item in value]}
    if isinstance(value, dict):
        return {"dict": {key: _encode(item, blobs) for key, item in value.items()}}
    if isinstance(value, Probe):
        return {"probe": _encode(plain(value.a), blobs)}
    if isinstance(value, Opaque):
        return {"opaque": value.type_name}
    return {"value": value}


def _decode(node, blob, left, depth=0):
    """The value of a header's node; left counts down the values and the arrays' bytes that may still come."""
    left[0] -= 1
    if left[0] < 0 or depth > MAX_DEPTH + 1:
        raise ValueError("more values than any exercise returns")
    ((kind, body),) = node.items()
    if kind == "array":
        dtype, shape, offset = body
        return _decode_array(dtype, shape, offset, blob, left)
    if kind in ("tuple", "list"):
        items = [_decode(item, blob, left, depth + 1) for item in body]
        return tuple(items) if kind == "tuple" else items
    if kind == "dict":
        return {key: _decode(item, blob, left, depth + 1) for key, item in body.items()}
    if kind == "probe":
        return Probe(_decode(body, blob, left, depth + 1))
    if kind == "opaque":
        return Opaque(str(body)[:80])
    if kind == "value" and (body is None or type(body) in (bool, int, float, str)):
        return body
    raise ValueError(f"unknown kind of value {kind!r}")


def _decode_array(dtype, shape, offset, blob, left):
    dtype = np.dtype(dtype)
    if dtype.kind not in _NUMERIC or any(type(n) is not int or n < 0 for n in [*shape, offset]):
        raise ValueError("not a numeric array")
    size = 1
    for n in shape:  # Python integers: no overflow, however large the claim
        size *= n
    left[1] -= size * dtype.itemsize  # arrays that share bytes would be a bomb
    if left[1] < 0 or offset + size * dtype.itemsize > len(blob):
        raise ValueError("the array is longer than the data")
    return np.frombuffer(blob, dtype, size, offset).reshape(shape).copy()


def numbers_in(value: object) -> int:
    """How many numbers a case, or what a call returned, has in all."""
    if isinstance(value, dict):
        return sum(map(numbers_in, value.values()))
    return sum(map(numbers_in, value)) if isinstance(value, (tuple, list)) else np.asarray(value).size


def _copy(value):
    if isinstance(value, (tuple, list)):
        return type(value)(_copy(item) for item in value)
    return value.copy() if isinstance(value, np.ndarray) else value


def _arrays(value, depth, left):
    kind = type(value)
    left[0] -= 1
    if issubclass(kind, np.ndarray):
        yield value
    elif depth and left[0] > 0 and (base := _sequence_of(kind)):
        for item in base.__iter__(value):
            yield from _arrays(item, depth - 1, left)


def _shares(value, given):
    """Whether an array of value uses the memory of one that was given."""
    mine, theirs = (list(_arrays(one, MAX_DEPTH, [MAX_NODES])) for one in (value, given))
    return any(np.may_share_memory(a, b) for a in mine for b in theirs)


def asked(cases: list[dict]) -> list[dict]:
    """The cases in the order in which a function is asked them: an answer holds each time, whatever was called before.

    All but the last in order, and again from the end to the first. Then the last, which has the shapes of the first.
    """
    *once, last = cases
    return [*once, *reversed(once), last]


def call_all(
    fn: Callable, cases: list[dict], catch: Caught = (Exception, SystemExit), halfway: Callable = lambda: None
) -> list[Outcome]:
    """The Outcomes of fn on the cases as they are asked, the last in the very arrays that held the one before.

    halfway is called when each was asked once. Until then `np.empty` is full of zeros for fn, and afterwards of nan.
    """
    *others, last = asked(cases)
    outcomes, given, filling = [], {}, 0.0
    for place, case in enumerate(others):
        if 2 * place == len(others):
            halfway()
            filling = np.nan
        given = {name: _copy(value) for name, value in case.items()}
        with _empty_filled(filling):
            outcomes.append(_call_with(fn, given, catch))
    with _empty_filled(filling):
        given = {name: _written_into(given.get(name), value) for name, value in last.items()}
        return [*outcomes, _call_with(fn, given, catch)]


@contextlib.contextmanager
def _empty_filled(value: float) -> Iterator[None]:
    """Let `np.empty` and `np.empty_like` make arrays full of value, where they are of floats, and of zeros otherwise.

    The memory that they take may hold a right result of the call before: what a function leaves unfilled would look
    right by chance.
    """
    makers = {name: getattr(np, name) for name in ("empty", "empty_like")}
    try:
        for name, make in makers.items():
            setattr(np, name, _filled(make, value))
        yield
    finally:
        for name, make in makers.items():
            setattr(np, name, make)


def _filled(make, value):
    @functools.wraps(make)
    def made(*args, **kwargs):
        array = make(*args, **kwargs)
        if array.dtype.kind in _NUMERIC:
            array.fill(value if array.dtype.kind in "fc" else 0)
        return array

    return made


def _written_into(array, value):
    """value in the memory of an array, where that still has its shape and type; else a copy."""
    if type(value) is type(array) is list and len(value) == len(array):
        return [_written_into(*pair) for pair in zip(array, value, strict=True)]
    if (
        type(value) is type(array) is np.ndarray
        and array.flags.writeable
        and (array.shape, array.dtype) == (value.shape, value.dtype)
    ):
        array[...] = value
        return array
    return _copy(value)


def record(fn: Callable, cases: list[dict], halfway: Callable = lambda: None) -> bytes:
    """The Outcomes of call_all as packed bytes, whatever fn raises."""
    return pack([vars(outcome) for outcome in call_all(fn, cases, BaseException, halfway)])


def unpack_record(data: bytes) -> list[Outcome]:
    """The Outcomes that `record` made bytes of. Raises ValueError for bytes that it cannot have made."""
    try:
        outcomes = [Outcome(**fields) for fields in unpack(data)]
    except TypeError:
        raise ValueError("not a list of outcomes") from None
    for outcome in outcomes:
        texts = [outcome.error, outcome.raised, outcome.line, outcome.operation]
        if not (
            all(text is None or type(text) is str for text in texts)
            and type(outcome.inputs) is type(outcome.operands) is dict
            and len(outcome.operands) <= MOST
            and type(outcome.shared) is tuple
            and all(type(name) is str for name in outcome.shared)
        ):
            raise ValueError("an outcome whose parts have the wrong types")
    return outcomes


_recorder: Callable | None = None


def expect(recorder: Callable | None) -> None:
    """Let the next `check` hand its function to recorder; None: there is nothing to check now."""
    global _recorder
    _recorder = recorder


def check(fn: Callable) -> None:
    """What `check` is inside the grading sandbox: the function runs on inputs drawn outside, where
    it is also judged."""
    global _recorder
    recorder, _recorder = _recorder, None
    if recorder is None:
        print("Noted: this function is checked in its own cell.")
    else:
        recorder(fn)
