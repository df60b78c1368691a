"""What patterns ask of arrays and of the cases that they come from."""

import numpy as np


def zeroed_inputs(case):
    """Names of the arrays of a case that are all zeros, and hold some."""
    return [name for name, value in case.items() if isinstance(value, np.ndarray) and value.size and not value.any()]


def near(got, wanted):
    if not isinstance(got, (np.ndarray, int, float)) or np.shape(got) != np.shape(wanted):
        return False
    return np.allclose(got, wanted, rtol=1e-6, atol=1e-8, equal_nan=True)


def same_shapes(wanted, got):
    return all(w.shape == g.shape for w, g in zip(wanted, got, strict=True))


def zeroed_singly(cases):
    """Whether each array among the inputs is all zeros by itself in some case."""
    arrays = {name for name, value in cases[0].items() if isinstance(value, np.ndarray)}
    return arrays <= {zeroed[0] for zeroed in map(zeroed_inputs, cases) if len(zeroed) == 1}


def same_in_every_row(array):
    rows = np.atleast_1d(array).reshape(-1, array.shape[-1] if array.ndim else 1)
    return bool(np.all(rows == rows[0]))


def is_wrong_in_most_rows(got, wanted):
    """Whether most rows, those of the last axis, have something wrong in them."""
    if np.shape(got) != np.shape(wanted):
        return True
    wrong = ~np.isclose(got, wanted, rtol=1e-6, atol=1e-8, equal_nan=True)
    return bool(np.mean(wrong.any(axis=-1) if wrong.ndim else wrong) > 0.5)


def are_many(arrays):
    """Whether results are more than a single number each."""
    return all(array.size > 1 for array in arrays)


def listed(names):
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


# Where a size can be read off the inputs, by the notation's names.
_WINDOWS = "(T - k + 1)"
_SIZES = {
    "xs": "TND",
    "hs": "TNH",
    "dhs": "TNH",
    "logits": "TNV",
    "x": "ND",
    "h_prev": "NH",
    "dh": "NH",
    "h0": "NH",
    "h0s": "LNH",
    "queries": "UNH",
    "keys": "TNH",
    "values": "TNO",
    "E": "VD",
    "hiddens": (_WINDOWS, "N", "H"),
    "dwindows": (_WINDOWS, "N", "kD"),
}


def sizes_shared(cases):
    """The sizes that every case shows, as (letter, input name, axis)."""
    found = {}
    for name, letters in _SIZES.items():
        if all(isinstance(case.get(name), np.ndarray) and case[name].ndim == len(letters) for case in cases):
            for axis, letter in enumerate(letters):
                found.setdefault(letter, (letter, name, axis))
    if "H" in found and any(case_size(case, found["H"]) != case["W_h"].shape[-2] for case in cases if "W_h" in case):
        del found["H"]  # the states of two directions are 2H wide
    if "E" in cases[0] and "D" in found:
        found.pop("H", None)  # states that the rows of a table are compared with are as wide as these
    return list(found.values())


def case_size(case, place):
    """The number that a size of sizes_shared has in a case."""
    _, name, axis = place
    return case[name].shape[axis]


def vanishes(wanted, got):
    """Whether a result of floating-point numbers is 0 but for what rounding leaves of numbers of the right size."""
    if got.dtype.kind != "f":
        return not np.any(got)
    return np.abs(got).max(initial=0) <= 100 * np.finfo(got.dtype).eps * np.abs(wanted).max(initial=0)
