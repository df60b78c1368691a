"""Patterns of a whole result: a factor, a sign, a function too many, another order, a part that is missing."""

from functools import partial
from itertools import combinations, compress, permutations, product
from math import prod
from operator import or_

import numpy as np

from unrolled.patterns.arrays import case_size, listed, near, same_shapes, sizes_shared, zeroed_inputs


def _zeros_of(cases):
    """The inputs that are zero in all these cases, else those that are in some: "a and b", "W_h or x"."""
    zeros = [set(zeroed_inputs(case)) for case in cases]
    return " and ".join(sorted(set.intersection(*zeros))) or " or ".join(sorted(set.union(*zeros)))


def _vanishes(wanted, got):
    """Whether a result of floating-point numbers is 0 but for what rounding leaves of numbers of the right size."""
    if got.dtype.kind != "f":
        return not np.any(got)
    return np.abs(got).max(initial=0) <= 100 * np.finfo(got.dtype).eps * np.abs(wanted).max(initial=0)


def _describe_zeros(name, cases, wanted, got):
    if same_shapes(wanted, got) and all(not np.any(g) for g in got):
        gradient = next((given for given in cases[0] if name.startswith("d") and given.startswith("d")), None)
        return (
            f"your {name} is zero everywhere: is it ever filled in{f', and is `{gradient}` used' if gradient else ''}? "
            "What is multiplied by something that starts at zero stays zero"
        )
    if same_shapes(wanted, got) and all(map(_vanishes, wanted, got)):
        return f"your {name} is 0 but for rounding: what is added up in it cancels"
    return None


def _describe_unfilled(name, cases, wanted, got):
    """Right wherever it is not zero: a loop that stops a step too early, a slice that is not covered."""
    if not same_shapes(wanted, got) or any(g.dtype.kind != "f" for g in got):
        return None
    if all(near(np.where(g == 0, w, g), w) for w, g in zip(wanted, got, strict=True)):
        return (
            f"your {name} is right except where it is zero: is every part of it filled in, and nothing else set to 0?"
        )


def _find_factors(cases, wanted, got):
    """The number of times that each result is the right one, with its case: (cases, factors), both empty where it is no such thing."""
    factors = []
    if not same_shapes(wanted, got):
        return [], []
    telling = [bool(np.any(w) or np.any(g)) for w, g in zip(wanted, got, strict=True)]  # any number times 0 is 0
    for w, g in zip(compress(wanted, telling), compress(got, telling), strict=True):
        if np.shape(w) != np.shape(g) or not np.all(np.isfinite(g)) or not np.any(w) or _vanishes(w, g):
            return [], []
        factor = np.vdot(w, g) / np.vdot(w, w)
        if not np.allclose(g, factor * w, rtol=1e-6, atol=1e-8):
            return [], []
        factors.append(factor)
    return (list(compress(cases, telling)), factors) if len(factors) > 2 else ([], [])


def _describe_factor(name, cases, wanted, got):
    cases, factors = _find_factors(cases, wanted, got)
    if not factors:
        return None
    if np.allclose(factors, factors[0], rtol=1e-6):
        return (
            f"your {name} has the wrong sign"
            if np.isclose(factors[0], -1)
            else f"your {name} is the right one times {factors[0]:.4g}"
        )
    sizes = sizes_shared(cases)
    for some in (some for count in (1, 2, 3) for some in combinations(sizes, count)):
        numbers = np.array([prod(case_size(case, size) for size in some) for case in cases])
        letters = " * ".join(letter for letter, *_ in some)
        if np.allclose(factors, numbers, rtol=1e-6):
            return f"your {name} is {letters} times too large: is it multiplied by that, or is there a sum where a mean belongs?"
        if np.allclose(factors, 1 / numbers, rtol=1e-6):
            return f"your {name} is {letters} times too small: is it divided by that, or is there a mean where a sum belongs?"
        for power, what in ((0.5, "multiplied"), (-0.5, "divided")):
            if np.allclose(factors, numbers**power, rtol=1e-6):
                return f"your {name} is the right one, but {what} by the root of {letters}"
    given = {size[0]: [case_size(case, size) for case in cases] for size in sizes}
    given |= {name: [case[name] for case in cases] for name, value in cases[0].items() if isinstance(value, float)}
    given |= {
        f"{name}.size": [case[name].size for case in cases]
        for name, value in cases[0].items()
        if isinstance(value, np.ndarray)
    }
    for letter, numbers in given.items():
        for sign, rest in (("/", np.multiply(factors, numbers)), ("*", np.divide(factors, numbers))):
            if np.allclose(rest, rest[0], rtol=1e-6):
                return f"your {name} is the right one times {rest[0]:.4g} {sign} {letter}"
        for words, power in (("the root of {}", 0.5), ("1 divided by the root of {}", -0.5)):
            if min(numbers) > 0 and np.allclose(factors, np.power(numbers, power), rtol=1e-6):
                return f"your {name} is the right one times {words.format(letter)}"
    return None


def describe_changing_factor(name, cases, wanted, got):
    _, factors = _find_factors(cases, wanted, got)
    if factors and all(w.size > 1 for w in wanted):
        return f"your {name} is the right one but for a factor, which runs from {min(factors):.4g} to {max(factors):.4g} in these cases: what is it multiplied by?"


def _describe_line(name, cases, wanted, got):
    """The same number of times the right one, and the same number added, in every case."""
    if not same_shapes(wanted, got) or any(g.dtype.kind != "f" or not np.isfinite(g).all() for g in got):
        return None
    w, g = (np.concatenate([array.ravel() for array in arrays]) for arrays in (wanted, got))
    if w.size < 4 or np.ptp(w) == 0:
        return None
    apart = w - w.mean()
    factor = apart @ g / (apart @ apart)
    more = g.mean() - factor * w.mean()
    if abs(factor) > 1e-6 and abs(more) > 1e-6 and near(g, factor * w + more):
        times = "" if np.isclose(factor, 1) else f" times {factor:.4g},"
        return f"your {name} is the right one{times} {'plus' if more > 0 else 'minus'} {abs(more):.4g}"


def _describe_signs(name, cases, wanted, got):
    if all(w.ndim and near(np.abs(g), np.abs(w)) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} is right but for the signs of some of its values"


def _describe_input(name, cases, wanted, got):
    """An input as it was given, or the right result with some share of an input added; a sequence's first or last step too."""
    parts = [_input_parts(case) for case in cases]
    for given in parts[0]:
        arrays = [part.get(given) for part in parts]
        if not all(np.shape(array) == g.shape for array, g in zip(arrays, got, strict=True)):
            continue
        if all(near(g, array) for g, array in zip(got, arrays, strict=True)):
            return f"what you return as {name} is {given}, as it was given"
        if not same_shapes(wanted, got):
            continue
        share = np.vdot(arrays[0], got[0] - wanted[0]) / np.vdot(arrays[0], arrays[0])
        if (
            share
            and np.isfinite(share)
            and all(near(g, w + share * array) for w, g, array in zip(wanted, got, arrays, strict=True))
        ):
            amount = given if np.isclose(share, 1) else f"{share:.4g} times {given}"
            return f"your {name} is the right one plus {amount}: what is added there?"
    return None


_SLOPES = {
    "{}": lambda v: v,
    "1 - {}": lambda v: 1 - v,
    "1 - {}**2": lambda v: 1 - v**2,
    "{0} * (1 - {0})": lambda v: v * (1 - v),
}


def _describe_slope(name, cases, wanted, got):
    """The right result multiplied, entry by entry, by an input or by a slope made of it."""
    arrays = [given for given, value in cases[0].items() if isinstance(value, np.ndarray)] if wanted[0].ndim else []
    for given, (words, slope) in product(arrays, _SLOPES.items()):
        if all(
            case[given].shape == w.shape and near(g, w * slope(case[given]))
            for case, w, g in zip(cases, wanted, got, strict=True)
        ):
            return f"your {name} is the right one times `{words.format(given)}`: what is multiplied there?"
    return None


def _input_parts(case):
    """The arrays of a case by name, and of those with three axes the first and the last step."""
    arrays = {name: value for name, value in case.items() if isinstance(value, np.ndarray)}
    steps = {
        f"{name}[{t}]": value[t] for name, value in arrays.items() if value.ndim == 3 and len(value) for t in (0, -1)
    }
    return arrays | steps


_FUNCTIONS = {
    "np.tanh": np.tanh,
    "np.exp": np.exp,
    "np.log": np.log,
    "np.sqrt": np.sqrt,
    "np.square": np.square,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
}


def _describe_function(name, cases, wanted, got):
    """The last step is missing, or is taken once too often; or a share is taken from the wrong side."""
    if not same_shapes(wanted, got) or any(g.dtype.kind != "f" for g in got):
        return None
    if all(near(1 - g, w) for w, g in zip(wanted, got, strict=True)):
        return f"1 minus your {name} would be right: is a share taken the other way round?"
    if all(near(1 / g, w) for w, g in zip(wanted, got, strict=True)):
        return f"1 divided by your {name} would be right: is that step missing, or a bracket?"
    for words, function in _FUNCTIONS.items():
        if all(near(function(g), w) for w, g in zip(wanted, got, strict=True)):
            return f"`{words}` of your {name} would be right: is that step missing?"
        once_more = [function(w) for w in wanted]
        if all(np.isfinite(f).all() and near(g, f) for f, g in zip(once_more, got, strict=True)):
            return f"your {name} is `{words}` of the right one: is that taken once too often?"
    return _describe_negative(name, wanted, got)


def _describe_negative(name, wanted, got):
    """What is negative in the right one is 0 or positive here, which has more causes than one."""
    if all(near(g, np.maximum(w, 0)) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} is right except where it must be negative: there it is 0"
    if all(near(g, np.abs(w)) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} is right except where it must be negative: there it has no minus"
    return None


def _describe_transposed(name, cases, wanted, got):
    if all(w.ndim == 2 and near(g.T, w) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} is transposed"


def _describe_axes(name, cases, wanted, got):
    if all(w.ndim == g.ndim == 3 and near(g.swapaxes(0, 1), w) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} is batch first: axis 0 is time"
    for order in permutations(range(3)):
        if all(w.ndim == g.ndim == 3 and near(g.transpose(order), w) for w, g in zip(wanted, got, strict=True)):
            return f"the axes of your {name} stand in another order: axis 0 is time, axis 1 the batch"
    return None


def _describe_reshaped(name, cases, wanted, got):
    right = all(g.size == w.size and near(g.reshape(w.shape), w) for w, g in zip(wanted, got, strict=True))
    if right and not same_shapes(wanted, got):
        end_to_end = all(
            w.ndim == 3 and g.shape == (len(w) * w.shape[1], w.shape[2]) for w, g in zip(wanted, got, strict=True)
        )
        return f"your {name} holds the right values, in another shape{': give the steps their axis, with `np.stack` or `.reshape(T, N, -1)`' if end_to_end else ''}"


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


def _describe_shifted(name, cases, wanted, got):
    """Each place of the first axis holds what belongs one place before or after it."""
    long = [(w, g) for w, g in zip(wanted, got, strict=True) if w.ndim and len(w) > 2]
    if len(long) < 2 or not same_shapes(wanted, got) or any(near(w[1:], w[:-1]) for w, _ in long):
        return None
    for where, there, other in (("before", slice(1, None), slice(-1)), ("after", slice(-1), slice(1, None))):
        if all(near(g[there], w[other]) for w, g in long):
            return f"each place of your {name} holds what belongs to the one {where} it, {name}[i {'-' if where == 'before' else '+'} 1] in {name}[i]"
    return None


def _describe_batch(name, cases, wanted, got, axis):
    """Right for the first example of a batch, wrong for most others."""
    if not same_shapes(wanted, got) or any(w.ndim <= axis for w in wanted):
        return None
    wrong = [
        (np.moveaxis(w, axis, 0), np.moveaxis(g, axis, 0)) for w, g in zip(wanted, got, strict=True) if not near(g, w)
    ]
    others = [near(one, other) for w, g in wrong for one, other in zip(g[1:], w[1:], strict=True)]
    if len(wrong) > 1 and all(near(g[0], w[0]) for w, g in wrong) and 2 * sum(others) < len(others):
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


def _describe_time(name, cases, wanted, got):
    """Right at the first step only, or at the last step only: what passes between steps is wrong."""
    if any(w.ndim != 3 or np.shape(g) != w.shape for w, g in zip(wanted, got, strict=True)):
        return None
    long = [(w, g) for w, g in zip(wanted, got, strict=True) if len(w) > 1]
    if len(long) < 2 or cases[0].keys().isdisjoint(_CARRIED):
        return None  # nothing passes between steps
    if all(near(g[0], w[0]) and not near(g[1], w[1]) for w, g in long):
        return f"your {name} is right at step 0 and wrong from step 1 on: look at what is handed to step 1, and which input it reads"
    if all(near(g[-1], w[-1]) and not near(g[-2], w[-2]) for w, g in long):
        return f"your {name} is right at the last step and wrong before it: look at what a step hands back to the one before, and at what is added there"
    return None


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
        return f"your {name} is right for each sequence that fills all steps, and wrong for shorter ones: look at what becomes of the padding"
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


def _describe_nan(name, cases, wanted, got):
    if all(np.isnan(g).any() and np.isfinite(w).all() for w, g in zip(wanted, got, strict=True)):
        return f"your {name} holds nan in every case: is a logarithm taken of a negative number, or 0 divided by 0?"


def _describe_same_steps(name, cases, wanted, got):
    long = [g for w, g in zip(wanted, got, strict=True) if w.ndim == 3 and len(w) > 1]
    if (
        long
        and same_shapes(wanted, got)
        and all(np.isfinite(g).all() and near(g, np.broadcast_to(g[0], g.shape)) for g in long)
    ):
        return f"your {name} is the same at every step: is one array stored again and again and changed in place, or is an index without its t?"


def describe_cut(name, cases, wanted, got):
    if not same_shapes(wanted, got) or not any(g.size for g in got):
        return None
    limit = max(float(np.abs(g).max(initial=0)) for g in got)
    often = sum(int(np.sum(np.abs(g) == limit)) for g in got) > 1  # a single largest value is no cut
    below = any(np.any((g != 0) & (np.abs(g) < limit)) for g in got)  # nor is one number for all
    if (
        often
        and below
        and 0 < limit < np.inf
        and all(near(g, np.clip(w, -limit, limit)) for w, g in zip(wanted, got, strict=True))
    ):
        return f"your {name} is the right one, but cut off at {limit:.4g} and -{limit:.4g}"
    low, high = min(float(g.min()) for g in got if g.size), max(float(g.max()) for g in got if g.size)
    often = all(sum(int(np.sum(g == end)) for g in got) > 1 for end in (low, high))
    inside = any(np.any((low < g) & (g < high)) for g in got)
    if often and inside and all(near(g, np.clip(w, low, high)) for w, g in zip(wanted, got, strict=True)):
        if any(np.any(w > high) for w in wanted):
            return f"your {name} is the right one, but cut off at {low:.4g} and {high:.4g}"
        return f"your {name} is the right one, but cut off at {low:.4g}: what is smaller becomes that"


def _describe_large(name, cases, wanted, got):
    """Right in every case whose inputs have an ordinary size, wrong only where they are very large.

    One case shows nothing, and of a single number one that is right shows nothing.
    """
    ordinary = [
        all(np.abs(value).max(initial=0) < 1e3 for value in case.values() if isinstance(value, np.ndarray))
        for case in cases
    ]
    right = [near(g, w) for w, g in zip(wanted, got, strict=True)]
    if (
        any(ordinary)
        and all(compress(right, ordinary))
        and not all(right)
        and max(sum(ordinary), right.count(False)) > 1
        and (sum(ordinary) > 1 or _are_many(wanted) or not all(np.isfinite(g).all() for g in got))
    ):
        return f"your {name} is right for inputs of ordinary size and wrong for very large ones: does something overflow, or is it cut off?"


def describe_digits(name, cases, wanted, got):
    if not same_shapes(wanted, got):
        return None
    errors = [
        np.abs(g - w).max(initial=0) / max(np.abs(w).max(initial=0), 1e-8) for w, g in zip(wanted, got, strict=True)
    ]
    worst = np.max(errors)  # nan, where a result has one
    if 0 < worst < 1e-3 and all(map(_is_blurred, wanted, got)):
        digits = int(-np.log10(worst))
        return f"your {name} is right to about {digits} digits: is it rounded on the way, held in float32, or is something small added or not quite left out?"


def _is_blurred(wanted, got):
    """Whether most rows are a little wrong and none is wrong by much, as one that is hidden beside large ones may be."""
    w, g = (np.atleast_1d(array).reshape(-1, np.shape(array)[-1] if np.ndim(array) else 1) for array in (wanted, got))
    sizes, errors = np.abs(w).max(axis=1, initial=0), np.abs(g - w).max(axis=1, initial=0)
    seen = sizes > 1e-8
    return 2 * np.sum(errors[seen] > 0) >= np.sum(seen) and bool(np.all(errors[seen] < 0.02 * sizes[seen]))


def describe_ones(name, cases, wanted, got):
    """Right in every case where some size is 1, and mostly wrong in all others: a few wrong places may be missing by chance.

    So may what makes a single number wrong.
    """
    right = [near(g, w) for w, g in zip(wanted, got, strict=True)]
    if not _are_many(wanted) or not all(map(or_, right, map(_is_wrong_mostly, wanted, got))):
        return None
    for size, meaning in {"N": "a batch of one", "T": "a sequence of one step", "L": "a stack of one layer"}.items():
        places = [place for place in sizes_shared(cases) if place[0] == size]
        if (
            places
            and right == [case_size(case, places[0]) == 1 for case in cases]
            and any(map(np.any, compress(wanted, right)))
        ):
            return f"your {name} is right for {meaning} and wrong otherwise"
    return None


def _are_many(arrays):
    """Whether results are more than a single number each."""
    return all(array.size > 1 for array in arrays)


def _is_wrong_mostly(wanted, got):
    return wanted.shape != got.shape or np.mean(~np.isclose(got, wanted, rtol=1e-6, atol=1e-8, equal_nan=True)) > 0.5


def describe_at_zeros(name, cases, wanted, got):
    """Wrong, or not finite, only where an input is all zeros."""
    wrong = [not near(g, w) for w, g in zip(wanted, got, strict=True)]
    not_finite = [not np.isfinite(g).all() for g in got]
    if all(map(zeroed_inputs, compress(cases, wrong))):
        return f"your {name} is wrong only with zeros for {_zeros_of(compress(cases, wrong))}"
    if any(not_finite) and all(map(zeroed_inputs, compress(cases, not_finite))):
        return f"your {name} is not finite with zeros for {_zeros_of(compress(cases, not_finite))}: is something divided by 0?"
    return None


def describe_places(name, cases, wanted, got):
    if all(near(np.sort(g, axis=None), np.sort(w, axis=None)) for w, g in zip(wanted, got, strict=True)):
        shape, turned = ("", "") if same_shapes(wanted, got) else ("another shape and ", "transposed, ")
        return f"your {name} holds the right values, in {shape}other places: is it {turned}joined along another axis, or reshaped?"


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
        return f"your {name} is right for the {ways[0]} direction, its {'first' if right[0] else 'second'} half, and wrong for the {ways[1]} one"


def patterns_of(shape):
    """The patterns that a result of this documented shape may show: what is said of steps holds where the first axis is time."""
    axes = [axis.strip() for axis in shape.split(",")]
    directions = (_describe_halves,) if axes[0] in ("T", "L") and axes[-1] == "2H" else ()
    batch = (partial(_describe_batch, axis=axes.index("N")),) if "N" in axes else ()
    return (
        _PATTERNS
        + directions
        + batch
        + (_PATTERNS_OF_TIME if axes[0] == "..." or axes[:2] == ["T", "N"] else (_describe_first_axis,))
    )


_PATTERNS = (
    _describe_zeros,
    _describe_large,
    _describe_function,
    _describe_unfilled,
    _describe_factor,
    _describe_line,
    _describe_signs,
    _describe_input,
    _describe_slope,
    _describe_shifted,
    _describe_nan,
    _describe_transposed,
    _describe_reshaped,
    _describe_part,
    _describe_sum,
)
_PATTERNS_OF_TIME = (_describe_axes, _describe_reversed, _describe_same_steps, _describe_time)
