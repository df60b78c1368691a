"""What came back of a call, paired with what is wanted: how many results there are, and of which type,
shape and dtype."""

import re

import numpy as np

from unrolled.findings.finding import Finding
from unrolled.findings.letters import axes_of, letters_of, letters_of_shape, listed
from unrolled.quoting import quoted_type
from unrolled.recording import Opaque

# How what is no array, or no list, becomes one, by the name of its type.
_TO_ARRAY = {
    "list": "`np.array` makes one of it",
    "tuple": "one array alone, so take out of it what is meant, as in `np.linalg.lstsq(...)[0]`",
    "int": "where a loop adds nothing to the 0 that it begins with, the 0 remains, so begin with `np.zeros`",
    "dict": "collect its arrays in a list, and `np.array` makes one of it",
    "generator": "collect what it yields in a list, and `np.array` makes one of it",
    "matrix": "`np.asarray` makes one of it",
    "MaskedArray": "`np.asarray` makes one of it",
    "Tensor": "`.numpy()` makes one of it",
}
_UNAWAITED = ("coroutine", "async_generator")
_TO_LIST = dict.fromkeys(("generator", "map", "ndarray of object"), "`list` makes one of it")


def pair_results(names, wanted, got):
    """The results as (name, wanted, got) triples, lists taken apart; or a Finding when they do not pair up."""
    if _type_of(got) in _UNAWAITED:
        return [], Finding(
            "type", "it returned what `async def` makes, which has computed nothing yet: write `def` alone."
        )
    if got is None:
        return [], Finding(
            "type",
            "it returned None: is the `return` missing, or skipped, or does a function stand behind it that "
            "changes an array in place and returns nothing, as `np.fill_diagonal` and `np.add.at` do?",
        )
    if len(names) == 1:
        return _pair_items(names[0], wanted, got)
    listed = ", ".join(names)
    if not isinstance(got, (tuple, list)):
        return [], Finding("type", f"it must return {len(names)} results ({listed}), not one {_type_of(got)}.")
    if len(got) != len(names):
        return [], Finding("type", f"it must return {len(names)} results ({listed}), not {len(got)}.")
    pairs = []
    for name, one, other in zip(names, wanted, got, strict=True):
        items, finding = _pair_items(name, one, other)
        if finding:
            return [], finding
        pairs += items
    return pairs, None


def _pair_items(name, wanted, got):
    if not isinstance(wanted, (tuple, list)):
        return [(name, wanted, got)], None
    if not isinstance(got, (tuple, list)):
        return [], Finding(
            "type", f"{name} must be a list of {len(wanted)} arrays, not one {_type_of(got)}{_advice(_TO_LIST, got)}."
        )
    if isinstance(got, tuple) and any(isinstance(part, (tuple, list)) for part in got):
        return [], Finding(
            "type", f"{name} must be returned alone, a list of {len(wanted)} arrays and nothing beside it."
        )
    if len(got) != len(wanted):
        return [], Finding("type", f"{name} must hold {len(wanted)} arrays, not {len(got)}.")
    return [(f"{name}[{i}]", a, b) for i, (a, b) in enumerate(zip(wanted, got, strict=True))], None


def check_type(name, wanted, got):
    if not isinstance(got, np.ndarray) and not (np.ndim(wanted) == 0 and type(got) in (int, float)):
        if np.ndim(wanted) == 0:
            return Finding("type", f"{name} must be a number, not {_type_of(got)}.")
        kind = "a NumPy array of numbers" if _type_of(got).startswith("ndarray of") else "a NumPy array"
        joined = (
            f": `np.concatenate` along the last axis makes one of its {len(got)}" if _joins_to(wanted, got) else ""
        )
        return Finding("type", f"{name} must be {kind}, not {_type_of(got)}{joined or _advice(_TO_ARRAY, got)}.")


def _joins_to(wanted, got):
    """Whether got is a list of arrays, such as gates, that stand side by side in wanted."""
    parts = (
        isinstance(got, (tuple, list))
        and len(got) > 1
        and all(isinstance(part, np.ndarray) and part.ndim == wanted.ndim for part in got)
    )
    return parts and np.shape(wanted) == (*got[0].shape[:-1], sum(part.shape[-1] for part in got))


def _advice(ways, got):
    return f": {ways[_type_of(got)]}" if _type_of(got) in ways else ""


def check_shape(exercise, case, whole, pairs, name, wanted, got):
    if np.shape(got) != np.shape(wanted):
        documented = exercise.results.get(name, "...")
        letters, own = "", []
        if documented not in ("", "..."):
            letters = f", that is ({listed(axes_of(documented))})"
            own = (
                letters_of_shape(exercise, name, np.shape(got), np.shape(wanted), letters_of(exercise, case, whole))
                if np.ndim(got)
                else []
            )
        letters += f", and not ({listed(own)})" if own else ""
        seen = _exchanged(pairs, name) or (_blocks(own, documented) if own else _beside(case, wanted, got))
        seen = seen or _summed(wanted, got)
        return Finding("shape", f"{name} has shape {np.shape(got)}, it must be {np.shape(wanted)}{letters}{seen}")


def _blocks(own, documented):
    """What it says where as many axes hold another number of blocks."""
    axes = axes_of(documented)
    mine, theirs = (re.fullmatch(r"(\d?)([A-Z])", part[-1]) for part in (own, axes))
    if own[:-1] != axes[:-1] or not (mine and theirs) or mine[2] != theirs[2]:
        return "."
    count, right = (int(match[1] or 1) for match in (mine, theirs))
    side = f"{count} block{'s' * (count > 1)} of {mine[2]} where {right} belong{'s' * (right == 1)}"
    some = "is one" if abs(count - right) == 1 else "are some"
    return f": {side}, so {some} {'too many' if count > right else 'left out'}?"


def _exchanged(pairs, name):
    """What it says when two results have each other's shapes."""
    ((wanted, got),) = ((w, g) for other, w, g in pairs if other == name)
    for other, w, g in pairs:
        if np.shape(got) == np.shape(w) != np.shape(wanted) == np.shape(g):
            order = ", ".join(one for one, _, _ in pairs)
            return f"; it has the shape of {other}, and your {other} that of {name}: are they in the order {order}?"
    return ""


def _beside(case, wanted, got):
    """What it says when a result is longer by just as much as an input has on its last axis: something
    is joined to it."""
    if not np.ndim(wanted):
        return ""
    (*rows, width), (*right_rows, right_width) = (np.shape(array) or (0,) for array in (got, wanted))
    like = [
        name
        for name, value in case.items()
        if rows == right_rows and getattr(value, "shape", ()) == (*rows, width - right_width)
    ]
    return (
        f"; it has {width - right_width} {'columns' if rows else 'entries'} more, as many as {like[0]}: "
        "do two arrays stand side by side?"
        if like
        else ""
    )


def _summed(wanted, got):
    """What it says when one number came for an array, or an array for one number."""
    if np.ndim(wanted) and not np.ndim(got):
        return ": is something summed or averaged over all axes, where `axis=` should name one?"
    if np.ndim(got) and not np.ndim(wanted):
        return ": is something not added up, or over one axis alone?"
    return "."


def check_dtype(name, wanted, got):
    got, wanted = np.asarray(got), np.asarray(wanted)
    whole = got.dtype.kind == "f" and got.ndim == 0 and got == np.round(got)
    if wanted.dtype.kind in "iu" and not (got.dtype.kind in "iu" or whole):
        help_ = ": `dtype=int` makes an array of them" if got.ndim else ""
        return Finding("dtype", f"{name} must hold integers, not {got.dtype}{help_}.")
    # a whole-numbered loss may come as an integer; an array of states may not
    if wanted.dtype.kind == "f" and got.dtype != wanted.dtype and not (got.ndim == 0 and got.dtype.kind in "iuf"):
        return Finding("dtype", f"{name} has dtype {got.dtype}, it must be {wanted.dtype}.")


def _type_of(value):
    if value is None:
        return "None"
    if isinstance(value, np.ndarray) and not value.ndim:
        return "number"
    return quoted_type(value.type_name) if isinstance(value, Opaque) else type(value).__name__
