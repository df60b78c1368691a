"""Patterns of a whole result by its numbers: a factor, a sign, a function too many, something added,
cut off or rounded."""

from itertools import combinations, compress, permutations, product
from math import prod

import numpy as np

from unrolled.patterns.arrays import are_many, case_size, near, same_shapes, sizes_shared, vanishes


def _find_factors(cases, wanted, got):
    """The number of times that each result is the right one, with its case: (cases, factors), both empty where it
    is no such thing."""
    factors = []
    if not same_shapes(wanted, got):
        return [], []
    telling = [bool(np.any(w) or np.any(g)) for w, g in zip(wanted, got, strict=True)]  # any number times 0 is 0
    for w, g in zip(compress(wanted, telling), compress(got, telling), strict=True):
        if np.shape(w) != np.shape(g) or not np.all(np.isfinite(g)) or not np.any(w) or vanishes(w, g):
            return [], []
        factor = np.vdot(w, g) / np.vdot(w, w)
        if not np.allclose(g, factor * w, rtol=1e-6, atol=1e-8):
            return [], []
        factors.append(factor)
    return (list(compress(cases, telling)), factors) if len(factors) > 2 else ([], [])


def describe_factor(name, cases, wanted, got):
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
    twice = [(size, size) for size in sizes]
    for some in (*(some for count in (1, 2, 3) for some in combinations(sizes, count)), *twice):
        numbers = np.array([prod(case_size(case, size) for size in some) for case in cases])
        letters = " * ".join(letter for letter, *_ in some)
        if np.allclose(factors, numbers, rtol=1e-6):
            return (
                f"your {name} is {letters} times too large: is it multiplied by that, "
                "or is there a sum where a mean belongs?"
            )
        if np.allclose(factors, 1 / numbers, rtol=1e-6):
            return (
                f"your {name} is {letters} times too small: is it divided by that, "
                "or is there a mean where a sum belongs?"
            )
        for power, what in ((0.5, "multiplied"), (-0.5, "divided")):
            if np.allclose(factors, numbers**power, rtol=1e-6):
                return f"your {name} is the right one, but {what} by the root of {letters}"
    for one, other in permutations(sizes, 2):
        if np.allclose(factors, [case_size(case, one) / case_size(case, other) for case in cases], rtol=1e-6):
            return (
                f"your {name} is the right one times {one[0]} / {other[0]}: "
                f"does {other[0]} stand where {one[0]} belongs in what it is divided by?"
            )
    given = {size[0]: [case_size(case, size) for case in cases] for size in sizes}
    given |= _numbers_given(cases)
    for letter, numbers in given.items():
        for sign, rest in (("/", np.multiply(factors, numbers)), ("*", np.divide(factors, numbers))):
            if np.allclose(rest, rest[0], rtol=1e-6):
                return f"your {name} is the right one times {rest[0]:.4g} {sign} {letter}"
        for words, power in (("the root of {}", 0.5), ("1 divided by the root of {}", -0.5)):
            if min(numbers) > 0 and np.allclose(factors, np.power(numbers, power), rtol=1e-6):
                return f"your {name} is the right one times {words.format(letter)}"
    lengths = _lengths_given(cases)
    for (letter, numbers), (other, others) in permutations(lengths.items(), 2):
        if min(others) > 0 and np.allclose(factors, np.divide(numbers, others), rtol=1e-6):
            return f"your {name} is the right one times {letter} / {other}: is one taken for the other?"
    return None


def _numbers_given(cases):
    """The numbers that inputs are or have, a value for each case, by what they are called: sizes, how
    often a mask is 1."""
    given = {}
    for name, value in cases[0].items():
        if isinstance(value, (int, float)):
            given[name] = [case[name] for case in cases]
        elif isinstance(value, np.ndarray):
            given[f"{name}.size"] = [case[name].size for case in cases]
            given |= {f"{name}.sum()": [case[name].sum() for case in cases]} if name == "mask" else {}
    return given | {name: lengths for name, lengths in _lengths_given(cases).items() if "-" in name}


def _lengths_given(cases):
    """The lengths of inputs, a value for each case, by how they are written; also less 1, or less a whole
    number that is given."""
    first, given = cases[0], {}
    whole = [name for name, value in first.items() if isinstance(value, int)]
    for name, value in first.items():
        axes = {np.ndim(case[name]) for case in cases} if isinstance(value, np.ndarray) else {0}
        if 0 not in axes:
            lengths = given[f"len({name})"] = [len(case[name]) for case in cases]
            given[f"(len({name}) - 1)"] = [length - 1 for length in lengths]
            given |= {f"{name}.shape[1]": [case[name].shape[1] for case in cases]} if axes == {2} else {}
            for less in whole if axes == {1} else ():
                given[f"(len({name}) - {less})"] = [
                    length - case[less] for length, case in zip(lengths, cases, strict=True)
                ]
    return given


def describe_changing_factor(name, cases, wanted, got):
    _, factors = _find_factors(cases, wanted, got)
    if factors and all(w.size > 1 for w in wanted):
        return (
            f"your {name} is the right one but for a factor, which runs from {min(factors):.4g} to {max(factors):.4g} "
            "in these cases: what is it multiplied by?"
        )


def describe_changing_summand(name, cases, wanted, got):
    """The same number is added in all places of a result, in each case another."""
    if not same_shapes(wanted, got) or any(
        w.size < 3 or g.dtype.kind != "f" for w, g in zip(wanted, got, strict=True)
    ):
        return None
    more = [float(np.mean(g - w)) for w, g in zip(wanted, got, strict=True)]
    if all(np.isfinite(more)) and all(more) and all(near(g - m, w) for w, g, m in zip(wanted, got, more, strict=True)):
        return (
            f"your {name} is the right one but for one number that is added to all of it, "
            f"from {min(more):.4g} to {max(more):.4g} "
            "in these cases: what is added there, or not taken away?"
        )
    return None


def describe_line(name, cases, wanted, got):
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


def describe_signs(name, cases, wanted, got):
    if all(w.ndim and near(np.abs(g), np.abs(w)) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} is right but for the signs of some of its values"


def describe_input(name, cases, wanted, got):
    """An input as it was given, or the right result with some share of an input added; a sequence's first
    or last step too."""
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


def describe_slope(name, cases, wanted, got):
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


def describe_function(name, cases, wanted, got):
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


def describe_large(name, cases, wanted, got):
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
        and (sum(ordinary) > 1 or are_many(wanted) or not all(np.isfinite(g).all() for g in got))
    ):
        return (
            f"your {name} is right for inputs of ordinary size and wrong for very large ones: "
            "does something overflow, or is it cut off?"
        )


def describe_digits(name, cases, wanted, got):
    if not same_shapes(wanted, got):
        return None
    errors = [
        np.abs(g - w).max(initial=0) / max(np.abs(w).max(initial=0), 1e-8) for w, g in zip(wanted, got, strict=True)
    ]
    worst = np.max(errors)  # nan, where a result has one
    if 0 < worst < 1e-3 and all(map(_is_blurred, wanted, got)):
        digits = int(-np.log10(worst))
        return (
            f"your {name} is right to about {digits} digits: is it rounded on the way, held in float32, "
            "or is something small added or not quite left out?"
        )


def _is_blurred(wanted, got):
    """Whether most rows are a little wrong and none is wrong by much, as one that is hidden beside
    large ones may be."""
    w, g = (np.atleast_1d(array).reshape(-1, np.shape(array)[-1] if np.ndim(array) else 1) for array in (wanted, got))
    sizes, errors = np.abs(w).max(axis=1, initial=0), np.abs(g - w).max(axis=1, initial=0)
    seen = sizes > 1e-8
    return 2 * np.sum(errors[seen] > 0) >= np.sum(seen) and bool(np.all(errors[seen] < 0.02 * sizes[seen]))
