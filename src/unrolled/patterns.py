"""What wrong values look like when no listed mistake fits: a sign, a factor, an order, a step that is right.

A pattern is only named when it holds in every case, so it describes what was seen and guesses nothing.
"""

from itertools import combinations, compress, permutations, product
from math import prod

import numpy as np


@np.errstate(all="ignore")      # whatever was returned: nan and infinity too
def describe_pattern(shapes, cases, expected, values, roughly=False):
    """A sentence on the first wrong result that shows a pattern, or None.

    shapes are the results' documented shapes by name; expected and values hold what each case returned. A pattern that is
    looked for roughly says little: only where something is right.
    """
    names = list(shapes)
    if len(names) > 1:
        if any(not isinstance(value, (tuple, list)) or len(value) != len(names) for value in values):
            return None
        order = _describe_order(names, expected, values)
        if order:
            return order
        columns = [(name, [e[i] for e in expected], [v[i] for v in values]) for i, name in enumerate(names)]
    else:
        columns = [(names[0], expected, values)]
    wrong = []
    for name, wanted, got in columns:
        pairs = [_as_arrays(w, g) for w, g in zip(wanted, got, strict=True)]
        if all(pairs) and not all(_near(g, w) for w, g in pairs):
            wrong.append((name, shapes[name], cases, *map(list, zip(*pairs, strict=True))))
    if roughly:
        return next(filter(None, (_describe_roughly(*column) for column in wrong)), None)
    found = [_find_zeroed(*column[2:], alone=len(wrong) == 1) for column in wrong]
    closely = next(filter(None, (_describe_closely(*column, zeroed) for column, zeroed in zip(wrong, found, strict=True))), None)
    return closely or next((f"your {name} is {zeroed}" for (name, *_), zeroed in zip(wrong, found, strict=True) if zeroed), None)


def _describe_closely(name, shape, cases, wanted, got, zeroed):
    drawn = _drawn(cases, wanted, got)
    found = _describe_digits(name, cases, wanted, got) or _describe_at_zeros(name, cases, wanted, got)
    found = found or next(filter(None, (describe(name, *drawn) for describe in _PATTERNS)), None)
    blocks = None if found else _describe_blocks(name, shape, *drawn)
    if blocks and zeroed:
        return f"{blocks}; all of it is {zeroed}"
    return found or blocks or _describe_places(name, *drawn)


def _describe_roughly(name, shape, cases, wanted, got):
    drawn = _drawn(cases, wanted, got)
    return _describe_changing_factor(name, *drawn) or _describe_ones(name, *drawn)


def _drawn(cases, *results):
    """The cases in which no input is zero, and the results that belong to them."""
    full = [not zeroed_inputs(case) for case in cases]
    return [list(compress(rows, full)) for rows in (cases, *results)]


def zeroed_inputs(case):
    """Names of the arrays of a case that are all zeros."""
    return [name for name, value in case.items() if isinstance(value, np.ndarray) and not value.any()]


def _zeros_of(cases):
    """The inputs that are zero in all these cases, else those that are in some: "a and b", "W_h or x"."""
    zeros = [set(zeroed_inputs(case)) for case in cases]
    return " and ".join(sorted(set.intersection(*zeros))) or " or ".join(sorted(set.union(*zeros)))


def _as_arrays(wanted, got):
    """A result and what was returned for it as two arrays of real numbers, a list of arrays end to end.

    None when they are of two kinds: a list and an array, or an array of integers where 0.5 would have become 0.
    """
    if isinstance(wanted, list) != isinstance(got, list | tuple):
        return None
    pair = _one_array(wanted), _one_array(got)
    if any(array is None for array in pair) or (pair[0].ndim and (pair[0].dtype.kind == "f") != (pair[1].dtype.kind == "f")):
        return None
    return pair


def _one_array(value):
    if isinstance(value, list | tuple) and value and all(isinstance(part, np.ndarray) for part in value):
        value = np.concatenate([part.ravel() for part in value])
    array = np.asarray(value) if isinstance(value, np.ndarray | int | float) else None
    return array if array is not None and array.dtype.kind in "iuf" else None


def _near(got, wanted):
    if not isinstance(got, (np.ndarray, int, float)) or np.shape(got) != np.shape(wanted):
        return False
    return np.allclose(got, wanted, rtol=1e-6, atol=1e-8, equal_nan=True)


def _describe_order(names, expected, values):
    """Results that are right but stand in each other's places."""
    for i, name in enumerate(names):
        if all(_near(v[i], e[i]) for v, e in zip(values, expected, strict=True)):
            continue
        for j, other in enumerate(names):
            if i != j and all(_near(v[i], e[j]) for v, e in zip(values, expected, strict=True)):
                again = " once more" if all(_near(v[j], e[j]) for v, e in zip(values, expected, strict=True)) else ""
                return f"what you return as {name} is {other}{again}: the order of the results is {', '.join(names)}"
        return None
    return None


def _describe_zeros(name, cases, wanted, got):
    if _same_shapes(wanted, got) and all(not np.any(g) for g in got):
        return f"your {name} is zero everywhere: is it ever filled in?"


def _describe_unfilled(name, cases, wanted, got):
    """Right wherever it is not zero: a loop that stops a step too early, a slice that is not covered."""
    if not _same_shapes(wanted, got) or any(g.dtype.kind != "f" for g in got):
        return None
    if all(_near(np.where(g == 0, w, g), w) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} is right except where it is zero: is every part of it filled in?"


def _find_factors(cases, wanted, got):
    """The number of times that each result is the right one, with its case: (cases, factors), both empty where it is no such thing."""
    factors = []
    telling = [bool(np.any(w) or np.any(g)) for w, g in zip(wanted, got, strict=True)]      # any number times 0 is 0
    for w, g in zip(compress(wanted, telling), compress(got, telling), strict=True):
        if np.shape(w) != np.shape(g) or not np.all(np.isfinite(g)) or not np.any(w) or not np.any(g):
            return [], []
        factor = np.vdot(w, g) / np.vdot(w, w)
        if not np.allclose(g, factor * w, rtol=1e-6, atol=1e-8):
            return [], []
        factors.append(factor)
    return (list(compress(cases, telling)), factors) if len(factors) > 1 else ([], [])


def _describe_factor(name, cases, wanted, got):
    cases, factors = _find_factors(cases, wanted, got)
    if not factors:
        return None
    if np.allclose(factors, factors[0], rtol=1e-6):
        return f"your {name} has the wrong sign" if np.isclose(factors[0], -1) else f"your {name} is the right one times {factors[0]:.4g}"
    sizes = sizes_shared(cases)
    for some in (some for count in (1, 2, 3) for some in combinations(sizes, count)):
        numbers = np.array([prod(case_size(case, size) for size in some) for case in cases])
        letters = " * ".join(letter for letter, *_ in some)
        if np.allclose(factors, numbers, rtol=1e-6):
            return f"your {name} is {letters} times too large: is there a sum where a mean belongs?"
        if np.allclose(factors, 1 / numbers, rtol=1e-6):
            return f"your {name} is {letters} times too small: is there a mean where a sum belongs?"
    given = {size[0]: [case_size(case, size) for case in cases] for size in sizes}
    given |= {name: [case[name] for case in cases] for name, value in cases[0].items() if isinstance(value, float)}
    for letter, numbers in given.items():
        for sign, rest in (("/", np.multiply(factors, numbers)), ("*", np.divide(factors, numbers))):
            if np.allclose(rest, rest[0], rtol=1e-6):
                return f"your {name} is the right one times {rest[0]:.4g} {sign} {letter}"
    return None


def _describe_changing_factor(name, cases, wanted, got):
    _, factors = _find_factors(cases, wanted, got)
    if factors and all(w.size > 1 for w in wanted):
        return f"your {name} is the right one but for a factor, which runs from {min(factors):.4g} to {max(factors):.4g} in these cases: what is it multiplied by?"


def _describe_line(name, cases, wanted, got):
    """The same number of times the right one, and the same number added, in every case."""
    if not _same_shapes(wanted, got) or any(g.dtype.kind != "f" or not np.isfinite(g).all() for g in got):
        return None
    w, g = (np.concatenate([array.ravel() for array in arrays]) for arrays in (wanted, got))
    if w.size < 4 or np.ptp(w) == 0:
        return None
    apart = w - w.mean()
    factor = apart @ g / (apart @ apart)
    more = g.mean() - factor * w.mean()
    if abs(factor) > 1e-6 and abs(more) > 1e-6 and _near(g, factor * w + more):
        times = "" if np.isclose(factor, 1) else f" times {factor:.4g},"
        return f"your {name} is the right one{times} {'plus' if more > 0 else 'minus'} {abs(more):.4g}"


def _describe_signs(name, cases, wanted, got):
    if all(w.ndim and _near(np.abs(g), np.abs(w)) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} is right but for the signs of some of its values"


def _describe_input(name, cases, wanted, got):
    """An input as it was given, or the right result with some share of an input added; a sequence's first or last step too."""
    parts = [_input_parts(case) for case in cases]
    for given in parts[0]:
        arrays = [part.get(given) for part in parts]
        if not all(np.shape(array) == g.shape for array, g in zip(arrays, got, strict=True)):
            continue
        if all(_near(g, array) for g, array in zip(got, arrays, strict=True)):
            return f"what you return as {name} is {given}, as it was given"
        if not _same_shapes(wanted, got):
            continue
        share = np.vdot(arrays[0], got[0] - wanted[0]) / np.vdot(arrays[0], arrays[0])
        if share and np.isfinite(share) and all(_near(g, w + share * array) for w, g, array in zip(wanted, got, arrays, strict=True)):
            amount = given if np.isclose(share, 1) else f"{share:.4g} times {given}"
            return f"your {name} is the right one plus {amount}: what is added there?"
    return None


def _input_parts(case):
    """The arrays of a case by name, and of those with three axes the first and the last step."""
    arrays = {name: value for name, value in case.items() if isinstance(value, np.ndarray)}
    steps = {f"{name}[{t}]": value[t] for name, value in arrays.items() if value.ndim == 3 for t in (0, -1)}
    return arrays | steps


_FUNCTIONS = {
    "np.tanh": np.tanh, "np.exp": np.exp, "np.log": np.log, "np.sqrt": np.sqrt, "np.square": np.square, "np.abs": np.abs,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)), "np.maximum(0, ...)": lambda a: np.maximum(0, a),
}


def _describe_function(name, cases, wanted, got):
    """The last step is missing, or is taken once too often; or a share is taken from the wrong side."""
    if not _same_shapes(wanted, got) or any(g.dtype.kind != "f" for g in got):
        return None
    if all(_near(1 - g, w) for w, g in zip(wanted, got, strict=True)):
        return f"1 minus your {name} would be right: is a share taken the other way round?"
    if all(_near(1 / g, w) for w, g in zip(wanted, got, strict=True)):
        return f"1 divided by your {name} would be right: is that step missing, or a bracket?"
    for words, function in _FUNCTIONS.items():
        if all(_near(function(g), w) for w, g in zip(wanted, got, strict=True)):
            return f"`{words}` of your {name} would be right: is that step missing?"
        once_more = [function(w) for w in wanted]
        if all(np.isfinite(f).all() and _near(g, f) for f, g in zip(once_more, got, strict=True)):
            return f"your {name} is `{words}` of the right one: is that taken once too often?"
    return None


def _describe_transposed(name, cases, wanted, got):
    if all(w.ndim == 2 and _near(g.T, w) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} is transposed"
    if all(w.ndim == g.ndim == 3 and _near(g.swapaxes(0, 1), w) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} is batch first: axis 0 is time"
    for order in permutations(range(3)):
        if all(w.ndim == g.ndim == 3 and _near(g.transpose(order), w) for w, g in zip(wanted, got, strict=True)):
            return f"the axes of your {name} stand in another order: axis 0 is time, axis 1 the batch"
    return None


def _describe_reshaped(name, cases, wanted, got):
    right = all(g.size == w.size and _near(g.reshape(w.shape), w) for w, g in zip(wanted, got, strict=True))
    if right and not _same_shapes(wanted, got):
        end_to_end = all(w.ndim == 3 and g.shape == (len(w) * w.shape[1], w.shape[2]) for w, g in zip(wanted, got, strict=True))
        return f"your {name} holds the right values, in another shape{': give the steps their axis, with `np.stack` or `.reshape(T, N, -1)`' if end_to_end else ''}"


def _describe_part(name, cases, wanted, got):
    """Right along the first axis as far as it goes, or from somewhere on; one entry of that axis alone."""
    if any(w.ndim == 0 or g.ndim == 0 or not g.size for w, g in zip(wanted, got, strict=True)):
        return None
    if all(_near(g, w[: len(g)]) for w, g in zip(wanted, got, strict=True)):
        why = ": is the `return` inside the loop?" if all(len(g) == 1 for g in got) else ""
        return f"your {name} is right as far as it goes, but ends too early{why}"
    if all(_near(g, w[-len(g) :]) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} lacks its beginning, the rest is right"
    for i in (0, -1):
        if all(_near(g, w[i]) for w, g in zip(wanted, got, strict=True)):
            return f"what you return as {name} is the right {name}[{i}] alone: all of it belongs there"
    return None


def _describe_sum(name, cases, wanted, got):
    """Added up over an axis that should be kept, or not added up over one that should not."""
    for axis in range(wanted[0].ndim):
        if all(w.ndim > axis and _near(g, w.sum(axis=axis)) for w, g in zip(wanted, got, strict=True)):
            where = f"over axis {axis}" if wanted[0].ndim > 1 else "to a single number"
            return f"your {name} is the right one, but added up {where}"
    axes = range(got[0].ndim if got[0].ndim < 6 else 0)       # nobody forgets more sums, and their choices would be thousands
    for some in (some for count in (1, 2, 3) for some in combinations(axes, count)):
        if all(g.ndim == len(axes) and _near(g.sum(axis=some), w) for w, g in zip(wanted, got, strict=True)):
            where = "" if len(some) == len(axes) else f" over axis {_listed(list(map(str, some)))}"
            return f"the sum of your {name}{where} would be right: is it not added up?"
    return None


def _describe_reversed(name, cases, wanted, got):
    if _same_shapes(wanted, got) and all(w.ndim == 3 and _near(g[::-1], w) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} is in reverse order of time"


def _describe_time(name, cases, wanted, got):
    """Right at the first step only, or at the last step only: what passes between steps is wrong."""
    if any(w.ndim != 3 or np.shape(g) != w.shape for w, g in zip(wanted, got, strict=True)):
        return None
    long = [(w, g) for w, g in zip(wanted, got, strict=True) if len(w) > 1]
    if all(_near(g[0], w[0]) and not _near(g[1], w[1]) for w, g in long):
        return f"your {name} is right at step 0 and wrong from step 1 on: look at what is handed to step 1, and which input it reads"
    if all(_near(g[-1], w[-1]) and not _near(g[-2], w[-2]) for w, g in long):
        return f"your {name} is right at the last step and wrong before it: look at what a step hands back to the one before"
    return None


def _describe_nan(name, cases, wanted, got):
    if all(np.isnan(g).any() and np.isfinite(w).all() for w, g in zip(wanted, got, strict=True)):
        return f"your {name} holds nan in every case: is a logarithm taken of a negative number, or 0 divided by 0?"


def _describe_same_steps(name, cases, wanted, got):
    long = [g for w, g in zip(wanted, got, strict=True) if w.ndim == 3 and len(w) > 1]
    if long and _same_shapes(wanted, got) and all(np.isfinite(g).all() and _near(g, np.broadcast_to(g[0], g.shape)) for g in long):
        return f"your {name} is the same at every step: is one array stored again and again and changed in place, or is an index without its t?"


def _describe_cut(name, cases, wanted, got):
    if not _same_shapes(wanted, got) or not any(g.size for g in got):
        return None
    limit = max(float(np.abs(g).max(initial=0)) for g in got)
    often = sum(int(np.sum(np.abs(g) == limit)) for g in got) > 1       # a single largest value is no cut
    below = any(np.any((g != 0) & (np.abs(g) < limit)) for g in got)      # nor is one number for all
    if often and below and 0 < limit < np.inf and all(_near(g, np.clip(w, -limit, limit)) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} is the right one, but cut off at {limit:.4g} and -{limit:.4g}"
    low, high = min(float(g.min()) for g in got if g.size), max(float(g.max()) for g in got if g.size)
    often = all(sum(int(np.sum(g == end)) for g in got) > 1 for end in (low, high))
    inside = any(np.any((low < g) & (g < high)) for g in got)
    if often and inside and all(_near(g, np.clip(w, low, high)) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} is the right one, but cut off at {low:.4g} and {high:.4g}"


def _describe_large(name, cases, wanted, got):
    """Right in every case whose inputs have an ordinary size, wrong only where they are very large."""
    ordinary = [all(np.abs(value).max(initial=0) < 1e3 for value in case.values() if isinstance(value, np.ndarray)) for case in cases]
    right = [_near(g, w) for w, g in zip(wanted, got, strict=True)]
    if any(ordinary) and all(compress(right, ordinary)) and not all(right):
        return f"your {name} is right for inputs of ordinary size and wrong for very large ones: does something overflow, or is it cut off?"


def _describe_digits(name, cases, wanted, got):
    if not _same_shapes(wanted, got):
        return None
    errors = [np.abs(g - w).max(initial=0) / max(np.abs(w).max(initial=0), 1e-8) for w, g in zip(wanted, got, strict=True)]
    if max(errors) < 1e-3:
        digits = int(-np.log10(max(errors)))
        return f"your {name} is right to about {digits} digits: is it rounded on the way, held in float32, or is a small number added?"


def _same_shapes(wanted, got):
    return all(w.shape == g.shape for w, g in zip(wanted, got, strict=True))


def _describe_ones(name, cases, wanted, got):
    """Right in every case where some size is 1, and only there."""
    right = [_near(g, w) for w, g in zip(wanted, got, strict=True)]
    for size, meaning in {"N": "a batch of one", "T": "a sequence of one step"}.items():
        places = [place for place in sizes_shared(cases) if place[0] == size]
        if places and right == [case_size(case, places[0]) == 1 for case in cases] and any(map(np.any, compress(wanted, right))):
            return f"your {name} is right for {meaning} and wrong otherwise"
    return None


def _describe_at_zeros(name, cases, wanted, got):
    """Wrong, or not finite, only where an input is all zeros."""
    wrong = [not _near(g, w) for w, g in zip(wanted, got, strict=True)]
    not_finite = [not np.isfinite(g).all() for g in got]
    if all(map(zeroed_inputs, compress(cases, wrong))):
        return f"your {name} is wrong only with zeros for {_zeros_of(compress(cases, wrong))}"
    if any(not_finite) and all(map(zeroed_inputs, compress(cases, not_finite))):
        return f"your {name} is not finite with zeros for {_zeros_of(compress(cases, not_finite))}: is something divided by 0?"
    return None


def _find_zeroed(cases, wanted, got, alone):
    """Wrong wherever all inputs are drawn, right once one of them is all zeros: it is that input's part that is wrong.

    Only told where each input is zero by itself in some case: two zeros together make too much right. Where other results are
    wrong too, zeros that leave nothing but a bias, the same in every row, hide what is wrong in those.
    """
    if not zeroed_singly(cases):
        return None
    right = {}
    for case, w, g in zip(cases, wanted, got, strict=True):
        zeroed = zeroed_inputs(case)
        if not zeroed and _near(g, w):
            return None
        if zeroed and _near(g, w) and (alone or not same_in_every_row(w)):
            right.update(dict.fromkeys(zeroed))
    if right:
        listed = " or ".join(right)
        return f"right as soon as {listed} is all zeros: look at the part that {listed} plays"
    return None


def zeroed_singly(cases):
    """Whether each array among the inputs is all zeros by itself in some case."""
    arrays = {name for name, value in cases[0].items() if isinstance(value, np.ndarray)}
    return arrays <= {zeroed[0] for zeroed in map(zeroed_inputs, cases) if len(zeroed) == 1}


def same_in_every_row(array):
    rows = np.atleast_1d(array).reshape(-1, array.shape[-1] if array.ndim else 1)
    return bool(np.all(rows == rows[0]))


def _describe_blocks(name, shape, cases, wanted, got):
    """Gate blocks that are right beside others that are wrong, or that stand in each other's places.

    When none is right in every case, a sequence of one step may show which is: nothing wrong has come back to it yet.
    """
    letters = {"4H": "ifgo", "3H": "rzn"}.get(shape.split(",")[-1].strip())
    if not letters or not _same_shapes(wanted, got):
        return None
    pairs = [(np.split(w, len(letters), axis=-1), np.split(g, len(letters), axis=-1)) for w, g in zip(wanted, got, strict=True)]
    one_step = [len(case.get("xs", ())) == 1 for case in cases]
    for chosen, where in ((pairs, ""), (list(compress(pairs, one_step)), ", even in a sequence of one step")):
        found = [_find_blocks(letters, chosen, i) for i in range(len(letters))] if chosen else [""]
        if "".join(found) == letters:
            return None     # all right, in the sequence of one step alone
        if all(found) and len(set(found)) == len(letters):
            return f"the blocks of your {name} stand in the order {'|'.join(found)}: here it is {'|'.join(letters)}"
        right = [letter for letter, blocks in zip(letters, found, strict=False) if letter in blocks]
        squashed = name == "gates" and chosen and _describe_squashed(letters, chosen, right)
        if squashed:
            return f"in your {name}, {squashed}"
        if right:
            wrong = [letter for letter in letters if letter not in right]
            return f"in your {name}, {_of_blocks(right)} right, {_of_blocks(wrong)} wrong{where}"
    return None


def _describe_places(name, cases, wanted, got):
    if all(_near(np.sort(g, axis=None), np.sort(w, axis=None)) for w, g in zip(wanted, got, strict=True)):
        shape, turned = ("", "") if _same_shapes(wanted, got) else ("another shape and ", "transposed, ")
        return f"your {name} holds the right values, in {shape}other places: is it {turned}joined along another axis, or reshaped?"


_SQUASH = {"": lambda a: a, "sigmoid": lambda a: 1 / (1 + np.exp(-a)), "tanh": np.tanh}
_UNSQUASH = {"sigmoid": lambda s: np.log(s) - np.log1p(-s), "tanh": np.arctanh}


def _describe_squashed(letters, pairs, right):
    """What is wrong with the gates' blocks that are a gate's sum, its own or another's, squashed in some way or not at all."""
    found = {"": []}
    for i, letter in enumerate(letters):
        if letter not in right:
            found.setdefault(_find_squashed(letters, pairs, i), []).append(letter)
    others = found.pop("")
    told = [f"{_listed(wrong)} {words[len(wrong) > 1]}" for words, wrong in found.items()]
    if others and told:
        told.append(f"{_listed(others)} {'are' if len(others) > 1 else 'is'} wrong too")
    return "; ".join(told)


def _find_squashed(letters, pairs, i):
    """What block i is, in words for one gate and for several; or nothing."""
    belongs = _squashing(letters[i])
    for (j, letter), (function, squash) in product(enumerate(letters), _SQUASH.items()):
        if all(_near(g[i], squash(_UNSQUASH[_squashing(letter)](w[j]))) for w, g in pairs):
            if i != j:
                through = "" if function == belongs else f", through {function}" if function else f", without {belongs}"
                return (f"is made of the columns of {letter}{through}",) * 2
            if function:
                return f"goes through {function}, where {belongs} belongs", f"go through {function}, where {belongs} belongs"
            return f"is without its {belongs}", f"are without their {belongs}"
    return ""


def _squashing(letter):
    return "tanh" if letter in "gn" else "sigmoid"


def _of_blocks(letters):
    return f"the block{'s' if len(letters) > 1 else ''} of {_listed(letters)} {'are' if len(letters) > 1 else 'is'}"


def _find_blocks(letters, pairs, i):
    """The letter of the right block that stands in place i in all pairs, or nothing."""
    return next((letter for j, letter in enumerate(letters) if all(_near(g[i], w[j]) for w, g in pairs)), "")


def _listed(names):
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


_PATTERNS = (
    _describe_zeros, _describe_large, _describe_function, _describe_unfilled, _describe_factor, _describe_line, _describe_signs,
    _describe_input, _describe_cut, _describe_nan, _describe_transposed, _describe_reshaped, _describe_part, _describe_sum, _describe_reversed,
    _describe_same_steps, _describe_time,
)

# Where a size can be read off the inputs, by the notation's names.
_SIZES = {"xs": "TND", "hs": "TNH", "dhs": "TNH", "logits": "TNV", "x": "ND", "h_prev": "NH", "dh": "NH", "h0": "NH"}


def sizes_shared(cases):
    """The sizes that every case shows, as (letter, input name, axis)."""
    found = {}
    for name, letters in _SIZES.items():
        if all(isinstance(case.get(name), np.ndarray) and case[name].ndim == len(letters) for case in cases):
            for axis, letter in enumerate(letters):
                found.setdefault(letter, (letter, name, axis))
    return list(found.values())


def case_size(case, place):
    """The number that a size of sizes_shared has in a case."""
    _, name, axis = place
    return case[name].shape[axis]
