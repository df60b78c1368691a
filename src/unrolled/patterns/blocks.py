"""Patterns of a last axis on which gates stand side by side."""

from itertools import compress, product

import numpy as np

from unrolled.patterns.arrays import listed, near, same_shapes


def describe_blocks(name, shape, cases, wanted, got):
    """Gate blocks that are right beside others that are wrong, or that stand in each other's places.

    When none is right in every case, a sequence of one step may show which is: nothing wrong has come back to it yet.
    """
    letters = _letters_of(name, shape.rstrip(", ").split(",")[-1].strip(), cases)
    if not letters or not same_shapes(wanted, got):
        return None
    pairs = [
        (np.split(w, len(letters), axis=-1), np.split(g, len(letters), axis=-1))
        for w, g in zip(wanted, got, strict=True)
    ]
    one_step = [len(case.get("xs", ())) == 1 for case in cases]
    for chosen, where in ((pairs, ""), (list(compress(pairs, one_step)), ", even in a sequence of one step")):
        found = [_find_blocks(letters, chosen, i) for i in range(len(letters))] if chosen else [""]
        if "".join(found) == letters:
            return None  # all right, in the sequence of one step alone
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


def _letters_of(name, axis, cases):
    """The blocks that stand side by side on such a last axis, or None; what its inputs are called tells the cell."""
    given = cases[0].keys()
    if "peak_prev" in given:
        return {"3H": "vgs", "2H": "vg" if name == "db" else "gs"}.get(axis)
    if "c_prev" in given:
        return {"4H": "ifgo", "3H": "ifo" if name == "dp" else "fgo"}.get(axis)
    return {"4H": "ifgo", "3H": "rzn", "2H": "fn" if "h_prev" in given else None}.get(axis)


_SQUASH = {
    "": lambda a: a,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "tanh": np.tanh,
    "2 * sigmoid - 1": lambda a: np.tanh(a / 2),  # what it is
}
_UNSQUASH = {"sigmoid": lambda s: np.log(s) - np.log1p(-s), "tanh": np.arctanh}


def _describe_squashed(letters, pairs, right):
    """What is wrong with the gates' blocks that are a gate's sum, its own or another's, squashed in some
    way or not at all."""
    found = {"": []}
    for i, letter in enumerate(letters):
        if letter not in right:
            found.setdefault(_find_squashed(letters, pairs, i), []).append(letter)
    others = found.pop("")
    told = [f"{listed(wrong)} {words[len(wrong) > 1]}" for words, wrong in found.items()]
    if others and told:
        told.append(f"{listed(others)} {'are' if len(others) > 1 else 'is'} wrong too")
    return "; ".join(told)


def _find_squashed(letters, pairs, i):
    """What block i is, in words for one gate and for several; or nothing."""
    belongs = _squashing(letters[i])
    for (j, letter), (function, squash) in product(enumerate(letters), _SQUASH.items()):
        if all(near(g[i], squash(_UNSQUASH[_squashing(letter)](w[j]))) for w, g in pairs):
            if i != j:
                through = (
                    "" if function == belongs else f", through {function}" if function else f", without {belongs}"
                )
                return (f"is made of the columns of {letter}{through}",) * 2
            if function:
                return (
                    f"goes through {function}, where {belongs} belongs",
                    f"go through {function}, where {belongs} belongs",
                )
            return f"is without its {belongs}", f"are without their {belongs}"
    return ""


def _squashing(letter):
    return "tanh" if letter in "gn" else "sigmoid"


def _of_blocks(letters):
    return f"the block{'s' if len(letters) > 1 else ''} of {listed(letters)} {'are' if len(letters) > 1 else 'is'}"


def _find_blocks(letters, pairs, i):
    """The letter of the right block that stands in place i in all pairs, its own if that is one of
    several; or nothing."""
    places = sorted(range(len(letters)), key=lambda j: j != i)
    return next((letters[j] for j in places if all(near(g[i], w[j]) for w, g in pairs)), "")
