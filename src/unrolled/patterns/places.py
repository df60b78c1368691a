"""Patterns of a whole result by what stands where: zeros, nan, another shape or order, wrong only with zeros given."""

from itertools import compress, product

import numpy as np

from unrolled.patterns.arrays import near, same_shapes, vanishes, zeroed_inputs


def _zeros_of(cases):
    """The inputs that are zero in all these cases, else those that are in some: "a and b", "W_h or x"."""
    zeros = [set(zeroed_inputs(case)) for case in cases]
    return " and ".join(sorted(set.intersection(*zeros))) or " or ".join(sorted(set.union(*zeros)))


def describe_zeros(name, cases, wanted, got):
    if same_shapes(wanted, got) and all(not np.any(g) for g in got):
        gradient = next((given for given in cases[0] if name.startswith("d") and given.startswith("d")), None)
        return (
            f"your {name} is zero everywhere: "
            f"is it ever filled in{f', and is `{gradient}` used' if gradient else ''}? "
            "What is multiplied by something that starts at zero stays zero"
        )
    if same_shapes(wanted, got) and all(map(vanishes, wanted, got)):
        return f"your {name} is 0 but for rounding: what is added up in it cancels"
    return None


def describe_unfilled(name, cases, wanted, got):
    """Right wherever it is not zero: a loop that stops a step too early, a slice that is not covered."""
    if not same_shapes(wanted, got) or any(g.dtype.kind != "f" for g in got):
        return None
    if not all(near(np.where(g == 0, w, g), w) for w, g in zip(wanted, got, strict=True)):
        return None
    for axis, place in product((0, -1), (-1, 0)):
        if _are_empty_at_one_end(wanted, got, axis, place):
            return (
                f"your {name} is zero in the {'last' if place else 'first'} place of its "
                f"{'last' if axis else 'first'} axis, and right everywhere "
                f"else: does a loop {'end one too early' if place else 'begin one too late'}?"
            )
    return f"your {name} is right except where it is zero: is every part of it filled in, and nothing else set to 0?"


def _are_empty_at_one_end(wanted, got, axis, place):
    """Whether the first place along an axis, or the last, is zero, and no other, wherever there is another."""
    pairs = [(w, g) for w, g in zip(wanted, got, strict=True) if g.ndim and g.shape[axis] > 1]
    for w, g in pairs:
        lies_there = np.moveaxis((g == 0) & (w != 0), axis, 0)
        if (
            np.moveaxis(g, axis, 0)[place].any()
            or not lies_there[place].any()
            or lies_there.sum() > lies_there[place].sum()
        ):
            return False
    return bool(pairs)


def describe_transposed(name, cases, wanted, got):
    if all(w.ndim == 2 and near(g.T, w) for w, g in zip(wanted, got, strict=True)):
        return f"your {name} is transposed"


def describe_stacked(name, cases, wanted, got):
    """Blocks that belong side by side lie along an axis of their own."""
    if all(
        g.ndim == w.ndim + 1 > 1
        and len(g) > 1
        and g.shape[1:-1] == w.shape[:-1]
        and near(np.concatenate([*g], axis=-1), w)
        for w, g in zip(wanted, got, strict=True)
    ):
        return (
            f"the {len(got[0])} blocks of your {name} are stacked along an axis of their own: "
            "they stand side by side, as `np.concatenate` with `axis=-1` puts them"
        )


def describe_reshaped(name, cases, wanted, got):
    right = all(g.size == w.size and near(g.reshape(w.shape), w) for w, g in zip(wanted, got, strict=True))
    if right and not same_shapes(wanted, got):
        end_to_end = all(
            w.ndim == 3 and g.shape == (len(w) * w.shape[1], w.shape[2]) for w, g in zip(wanted, got, strict=True)
        )
        return (
            f"your {name} holds the right values, "
            "in another "
            f"shape{': should its first axis be made by `np.stack`, not by `np.concatenate`?' if end_to_end else ''}"
        )


def describe_nan(name, cases, wanted, got):
    if all(np.isnan(g).any() and np.isfinite(w).all() for w, g in zip(wanted, got, strict=True)):
        return (
            f"your {name} holds nan in every case: is a logarithm or a root taken of a negative number, "
            "0 divided by 0, or infinity subtracted from infinity or multiplied by 0, as in `mask * -np.inf`?"
        )


def describe_at_zeros(name, cases, wanted, got):
    """Wrong, or not finite, only where an input is all zeros."""
    wrong = [not near(g, w) for w, g in zip(wanted, got, strict=True)]
    not_finite = [not np.isfinite(g).all() for g in got]
    if all(map(zeroed_inputs, compress(cases, wrong))):
        return f"your {name} is wrong only with zeros for {_zeros_of(compress(cases, wrong))}"
    if any(not_finite) and all(zeroed_inputs(case) and _are_finite(case) for case in compress(cases, not_finite)):
        return (
            f"your {name} is not finite with zeros for {_zeros_of(compress(cases, not_finite))}: "
            "is something divided by 0, or a root taken of what is below 0?"
        )
    return None


def _are_finite(case):
    """Whether a case has no infinity among its arrays, which may be what makes a result infinite."""
    return all(np.isfinite(value).all() for value in case.values() if isinstance(value, np.ndarray))


def describe_places(name, cases, wanted, got):
    if all(near(np.sort(g, axis=None), np.sort(w, axis=None)) for w, g in zip(wanted, got, strict=True)):
        shape = "" if same_shapes(wanted, got) else "another shape and "
        where = (
            "is it transposed, joined along another axis, or reshaped"
            if shape
            else "are some exchanged or turned round, or is it reshaped"
        )
        return f"your {name} holds the right values, in {shape}other places: {where}?"
