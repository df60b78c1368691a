"""Patterns along an axis, of time, a batch, layers or directions: where a result is right, shifted, turned round,
cut short or summed."""

from functools import partial
from itertools import combinations, compress, permutations
from operator import or_

import numpy as np

from unrolled.patterns.arrays import are_many, case_size, listed, near, same_shapes, sizes_shared, zeroed_inputs


def patterns_along(shape, right=()):
    """The patterns that a result of this documented shape may show: what is said of steps holds where the
    first axis is time.

    right are the names of the results that are right.
    """
    axes = [axis.strip() for axis in shape.split(",")]
    directions = (_describe_halves,) if axes[0] in ("T", "L") and axes[-1] == "2H" else ()
    batch = (partial(_describe_batch, axis=axes.index("N")),) if "N" in axes else ()
    time = axes[0] == "..." or axes[:2] == ["T", "N"]
    along = (*_OF_TIME, partial(_describe_time, right=right)) if time else (_describe_first_axis, _describe_turned)
    return _OF_ANY_AXIS + directions + batch + along


def _describe_axes(name, cases, wanted, got):
    if all(w.ndim == g.ndim == 3 and near(g.swapaxes(0, 1), w) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} is batch first: axis 0 is time"
    for order in permutations(range(3)):
        if all(w.ndim == g.ndim == 3 and near(g.transpose(order), w) for w, g in zip(wanted, got, strict=True)):
            return f"the axes of your {name} stand in another order: axis 0 is time, axis 1 the batch"
    return None


def _describe_part(name, cases, wanted, got):
    """Right along the first axis as far as it goes, or from somewhere on; one entry of that axis alone."""
    if any(w.ndim == 0 or g.ndim == 0 or not g.size for w, g in zip(wanted, got, strict=True)):
        return None
    if all(near(g, w[: len(g)]) for w, g in zip(wanted, got, strict=True)):
        why = ": is the `return` inside the loop?" if all(len(g) == 1 for g in got) else ""
        return f"your {name} is right as far as it goes, but ends too early{why}"
    if all(near(g, w[-len(g) :]) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} lacks its beginning, the rest is right"
    for i in (0, -1):
        if all(near(g, w[i]) for w, g in zip(wanted, got, strict=True)):
            return f"what you return as {name} is the right {name}[{i}] alone: all of it belongs there"
    return None


def _describe_sum(name, cases, wanted, got):
    """Added up over an axis that should be kept, or not added up over one that should not."""
    for axis in range(wanted[0].ndim):
        if all(w.ndim > axis and near(g, w.sum(axis=axis)) for w, g in zip(wanted, got, strict=True)):
            where = f"over axis {axis}" if wanted[0].ndim > 1 else "to a single number"
            return f"your {name} is the right one, but added up {where}"
    # nobody forgets more sums, and their choices would be thousands
    axes = range(got[0].ndim if got[0].ndim < 6 else 0)
    for some in (some for count in (1, 2, 3) for some in combinations(axes, count)):
        if all(g.ndim == len(axes) and near(g.sum(axis=some), w) for w, g in zip(wanted, got, strict=True)):
            where = "" if len(some) == len(axes) else f" over axis {listed(list(map(str, some)))}"
            return f"the sum of your {name}{where} would be right: is it not added up?"
    return None


def _describe_piled(name, cases, wanted, got):
    """Each place of the first axis holds all that belongs to it and to those before it, or after it."""
    long = [(w, g) for w, g in zip(wanted, got, strict=True) if w.ndim and len(w) > 1]
    if len(long) < 2 or not same_shapes(wanted, got) or all(near(g, w) for w, g in long):
        return None
    for where, turn in (("before", 1), ("after", -1)):
        if all(near(g, np.cumsum(w[::turn], axis=0)[::turn]) for w, g in long):
            return (
                f"each place of your {name} has what belongs to those {where} it added to its own: "
                "let each hold its own alone"
            )
    return None


def _describe_shifted(name, cases, wanted, got):
    """Each place of the first axis holds what belongs one place before or after it."""
    long = [(w, g) for w, g in zip(wanted, got, strict=True) if w.ndim and len(w) > 2]
    if len(long) < 2 or not same_shapes(wanted, got) or any(near(w[1:], w[:-1]) for w, _ in long):
        return None
    for where, there, other in (("before", slice(1, None), slice(-1)), ("after", slice(-1), slice(1, None))):
        if all(near(g[there], w[other]) for w, g in long):
            return (
                f"each place of your {name} holds what belongs to the one {where} it, "
                f"{name}[i {'-' if where == 'before' else '+'} 1] in {name}[i]"
            )
    return None


def _describe_batch(name, cases, wanted, got, axis):
    """Right for the first example of a batch, wrong for most others."""
    if not same_shapes(wanted, got) or any(w.ndim <= axis for w in wanted):
        return None
    wrong = [
        (np.moveaxis(w, axis, 0), np.moveaxis(g, axis, 0)) for w, g in zip(wanted, got, strict=True) if not near(g, w)
    ]
    others = [near(one, other) for w, g in wrong for one, other in zip(g[1:], w[1:], strict=True)]
    if len(wrong) > 1 and all(near(g[0], w[0]) for w, g in wrong) and 4 * sum(others) < len(others):
        return (
            f"your {name} is right for the first example of the batch and wrong for others: "
            "does something go on from one example to the next, or is something of the first taken for all?"
        )
    return None


def _describe_reversed(name, cases, wanted, got):
    if same_shapes(wanted, got) and all(
        w.ndim in (1, 3) and near(g[::-1], w) for w, g in zip(wanted, got, strict=True)
    ):
        return f"your {name} is in reverse order{' of time' if wanted[0].ndim == 3 else ''}"


_CARRIED = ("h0", "h0s", "y0", "W_h")  # with any of these a step hands something on


def _describe_time(name, cases, wanted, got, right):
    """Right at the first step only, or at the last step only: what passes between steps is wrong."""
    if any(w.ndim != 3 or np.shape(g) != w.shape for w, g in zip(wanted, got, strict=True)):
        return None
    long = [(w, g) for w, g in zip(wanted, got, strict=True) if len(w) > 1]
    if len(long) < 2 or cases[0].keys().isdisjoint(_CARRIED):
        return None  # nothing passes between steps
    if name.startswith("d") and all(near(g[0], w[0]) and not near(g[1], w[1]) for w, g in long):
        return (
            f"your {name} is right at step 0 and wrong from step 1 on: look at what a later step makes of the "
            "gradient that it is given, and at where that is stored"
        )
    if all(near(g[0], w[0]) and not near(g[1], w[1]) for w, g in long):
        return (
            f"your {name} is right at step 0 and wrong from step 1 on: look at what is handed to step 1, "
            "and which input it reads"
        )
    if all(near(g[-1], w[-1]) and not near(g[-2], w[-2]) for w, g in long):
        reached = [other for other in right if other.removeprefix("d") in _CARRIED]
        if reached:  # by what is handed back, which so is right
            return (
                f"your {name} is right at the last step and wrong before it, and what the steps hand back is right, "
                f"since {reached[0]} is: look at how each step's part is put into {name}"
            )
        return (
            f"your {name} is right at the last step and wrong before it: look at what a step hands back to the one "
            "before, and at what is added there"
        )
    return None


def split_at_first_step(results):
    """The names of the results along time that are right at step 0 in every case, and of those that are wrong there in
    every case without zeros.

    results are (name, shape, cases, wanted, got); one of another shape has no steps to be told apart. Both are empty
    where no step hands anything on, or where time runs backwards.
    """
    right, wrong = [], []
    for name, shape, cases, wanted, got in results:
        if not shape.startswith("T, N") or name.startswith("d") or cases[0].keys().isdisjoint(_CARRIED):
            continue
        if not same_shapes(wanted, got):
            continue
        first = [near(g[0], w[0]) for w, g in zip(wanted, got, strict=True)]
        drawn = [not zeroed_inputs(case) for case in cases]  # zeros may hide what is wrong
        right += [name] * all(first)
        wrong += [name] * (not any(compress(first, drawn)))
    return right, wrong


def describe_padding(name, cases, wanted, got):
    """Right wherever the mask is 1, or in each sequence that fills all steps, the batch being axis 1."""
    masks = [case.get("mask") for case in cases]
    if any(
        mask is None or w.shape != g.shape or w.shape[1:2] != mask.shape[1:]
        for mask, w, g in zip(masks, wanted, got, strict=True)
    ):
        return None
    pairs = list(zip(masks, wanted, got, strict=True))
    if all(w.shape[:2] == mask.shape and near(g[mask == 1], w[mask == 1]) for mask, w, g in pairs):
        return f"your {name} is right where the mask is 1, and wrong where there is padding"
    long = [(np.all(mask == 1, axis=0), w, g) for mask, w, g in pairs if len(mask) > 1]
    seen = {(bool(full), near(g[:, n], w[:, n])) for fulls, w, g in long for n, full in enumerate(fulls)}
    if seen == {(True, True), (False, False)} and all(near(g, w) for mask, w, g in pairs if len(mask) == 1):
        return (
            f"your {name} is right for each sequence that fills all steps, and wrong for shorter ones: "
            "look at what becomes of the padding"
        )
    return None


def _describe_first_axis(name, cases, wanted, got):
    """One place of the first axis, a layer or a direction, is right or wrong by itself."""
    pairs = [(w, g) for w, g in zip(wanted, got, strict=True) if w.ndim and len(w) > 1]
    if len(pairs) < 2 or not same_shapes(wanted, got):
        return None
    right = [[near(one, other) for one, other in zip(g, w, strict=True)] for w, g in pairs]
    for i in (0, -1):
        others = [[*row[:i], *row[i:][1:]] for row in right]
        if all(row[i] for row in right) and not any(any(row) for row in others):
            return f"your {name} is right in place [{i}] of its first axis, and wrong in every other"
        if not any(row[i] for row in right) and all(all(row) for row in others):
            return f"your {name} is wrong in place [{i}] of its first axis alone"
    return None


def _describe_turned(name, cases, wanted, got):
    """A vector from its end on, or each matrix of a stack transposed."""
    if not same_shapes(wanted, got):
        return None
    if all(w.ndim == 1 and near(g[::-1], w) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} is in reverse order"
    if all(w.ndim == 3 and near(g.swapaxes(1, 2), w) for w, g in zip(wanted, got, strict=True)):
        return f"each matrix in your {name} is transposed"


def _describe_same_steps(name, cases, wanted, got):
    long = [g for w, g in zip(wanted, got, strict=True) if w.ndim == 3 and len(w) > 1]
    if (
        long
        and same_shapes(wanted, got)
        and all(np.isfinite(g).all() and near(g, np.broadcast_to(g[0], g.shape)) for g in long)
    ):
        return (
            f"your {name} is the same at every step: is one array stored again and again and changed in place, "
            "or is an index without its t?"
        )


def describe_ones(name, cases, wanted, got, whole):
    """Right in every case where some size is 1, and mostly wrong in all others: a few wrong places may be
    missing by chance.

    So may what makes a single number wrong, or what fades or is outweighed where other results are wrong (whole: where
    none is), or where most inputs are very large.
    """
    right = [near(g, w) for w, g in zip(wanted, got, strict=True)]
    if not are_many(wanted) or not all(map(or_, right, map(_is_wrong_mostly, wanted, got))):
        return None
    if not all(compress(whole, right)) or any(map(_is_large, compress(cases, right))):
        return None
    for size, meaning in {"N": "a batch of one", "T": "a sequence of one step", "L": "a stack of one layer"}.items():
        places = [place for place in sizes_shared(cases) if place[0] == size]
        if (
            places
            and right == [case_size(case, places[0]) == 1 for case in cases]
            and any(map(np.any, compress(wanted, right)))
            and not (size == "N" and all(map(_is_padded, compress(cases, right))))
        ):
            return f"your {name} is right for {meaning} and wrong otherwise"
    return None


def _is_padded(case):
    """Whether no sequence fills all steps: then what is right may be so for that, and not since it stands alone."""
    return "mask" in case and not np.all(case["mask"] == 1, axis=0).any()


def _is_large(case):
    """Whether most numbers of an input are so large that a softmax of them is 0 or 1."""
    return any(
        np.median(np.abs(value)) > 1e3 for value in case.values() if isinstance(value, np.ndarray) and value.size
    )


def _is_wrong_mostly(wanted, got):
    return wanted.shape != got.shape or np.mean(~np.isclose(got, wanted, rtol=1e-6, atol=1e-8, equal_nan=True)) > 0.5


def _describe_halves(name, cases, wanted, got):
    """Of two directions that stand side by side, one is right."""
    if not same_shapes(wanted, got):
        return None
    halves = [
        zip(np.split(w, 2, axis=-1), np.split(g, 2, axis=-1), strict=True) for w, g in zip(wanted, got, strict=True)
    ]
    right = np.all([[near(g, w) for w, g in pair] for pair in halves], axis=0)
    if right[0] != right[1]:
        ways = ("forward", "reverse") if right[0] else ("reverse", "forward")
        return (
            f"your {name} is right for the {ways[0]} direction, its {'first' if right[0] else 'second'} half, "
            f"and wrong for the {ways[1]} one"
        )


_OF_ANY_AXIS = (_describe_piled, _describe_shifted, _describe_part, _describe_sum)
_OF_TIME = (_describe_axes, _describe_reversed, _describe_same_steps)
