"""What `make experiments` measured, on its way into a page; and the words that the data allow.

runs = measured("where_words_end")                            # a dict a run: its setting and its result
best = chosen(runs, "cell", among="rate", by="validation")    # each cell's own rate, never chosen on what is reported
scores = {cell: [run["test"] for run in group] for cell, group in best.items()}
tell(verdict=compared(scores["lstm"], scores["gru"]))         # "ahead", "behind" or "no difference that we can see"
tell(verdict=against(scores["lstm"], 2.09))                   # the same against something that no chance has a part in
"""

import itertools
import json
import math
from pathlib import Path

import numpy as np

RESULTS = Path(__file__).parents[3] / "experiments" / "results"
SURE = 0.05  # of the splits at most may lie as far apart as what was measured


def measured(name):
    """All runs of an experiment, a dict each: what was set and what came of it.

    Raises FileNotFoundError, with the command that makes them, when there are none.
    """
    path = RESULTS / f"{name}.json"
    if not path.exists():
        raise FileNotFoundError(f"{name} was not measured yet: run `make experiments`")
    return [{**run["setting"], **run["result"]} for run in json.loads(path.read_text(encoding="utf8"))["runs"]]


def chosen(runs, contestant, among, by, seed="seed"):
    """Of each contestant the runs at its best setting of `among` (a name): the one whose median of `by` over the
    seeds is smallest.

    runs  dicts, as from `measured`; contestant  the name, or the names, that tell contestants apart
    ->  a dict from contestant (a value, or a tuple of several) to its runs, in order of their seeds
    """
    contestant = (contestant,) if isinstance(contestant, str) else tuple(contestant)
    groups = {}
    for run in runs:
        name = tuple(run[part] for part in contestant)
        groups.setdefault(name[0] if len(name) == 1 else name, {}).setdefault(run[among], []).append(run)
    return {
        name: sorted(
            min(rates.values(), key=lambda group: np.median([run[by] for run in group])), key=lambda run: run[seed]
        )
        for name, rates in groups.items()
    }


def p_value(first, second):
    """The exact two-sided permutation test of two means: of all ways to deal the values out, the share that
    lie as far apart.

    Five runs against five give 252 ways, so that the smallest value is 2/252.  Fisher 1935.
    """
    values, n = np.concatenate([first, second]).astype(float), len(first)
    deals = np.array([values[list(places)].sum() for places in itertools.combinations(range(len(values)), n)])
    apart = np.abs(deals / n - (values.sum() - deals) / (len(values) - n))
    rounding = 1e-12 * np.abs(values).max()
    return np.mean(apart >= apart[0] - rounding)  # the first way is the one that was measured


def compared(first, second, better=min):
    """What may be said of the first against the second: "ahead", "behind", or "no difference that we can see".

    better  min where less is better (bits, errors), max where more is (shares that are right)
    """
    if p_value(first, second) > SURE:
        return "no difference that we can see"
    means = np.mean(first), np.mean(second)
    return "ahead" if better(means) == means[0] else "behind"


def against(values, fixed, better=min):
    """The same of runs against one number, such as what a table of counts reaches: the exact two-sided sign test.

    Eight runs on one side of the number have the value 2/256, five have 2/32 and prove nothing.
    """
    wins = sum(better(value, fixed) == value != fixed for value in values)
    losses = sum(better(value, fixed) == fixed != value for value in values)
    n = wins + losses
    if 2 * sum(math.comb(n, k) for k in range(max(wins, losses), n + 1)) > SURE * 2**n:
        return "no difference that we can see"
    return "ahead" if wins > losses else "behind"


def paired(first, second, better=min):
    """The same of runs that belong together two by two, as those on the same data: the exact permutation test of
    their differences.

    Of all ways to swap within the pairs, which share has means that lie as far apart? Eight pairs give 256 ways.
    """
    differences = np.subtract(first, second)
    swaps = np.array(list(itertools.product((1, -1), repeat=len(differences))))
    apart = np.abs(swaps @ differences)
    if np.mean(apart >= apart[0] - 1e-12 * np.abs(first).max()) > SURE:  # the first way is the one that was measured
        return "no difference that we can see"
    means = np.mean(first), np.mean(second)
    return "ahead" if better(means) == means[0] else "behind"
