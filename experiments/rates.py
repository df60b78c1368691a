"""Which rates an experiment still needs: who is best at an end of its rates gets the next one there, until the best
lies between others."""

import json
from math import inf, isnan
from statistics import median


def further(runs, by):
    """The settings that the runs ask for; none when no contestant is best at an end, or is so by nothing.

    runs  dicts {"setting": ..., "result": ...}, the settings with a rate and a seed; what else they have tells
          contestants apart
    by    the names of results, the less the better, by each of which a page chooses the rate
    """
    contestants = {}
    for run in runs:
        contestant = {part: value for part, value in run["setting"].items() if part not in {"rate", "seed"}}
        contestants.setdefault(json.dumps(contestant), {}).setdefault(run["setting"]["rate"], []).append(run)
    return [
        run["setting"] | {"rate": rate}
        for rates in contestants.values() for end, rate in sorted(_beyond(rates, by)) for run in rates[end]
    ]


def _beyond(rates, by):
    """Each end that is best by one of the names, and the rate behind it, as far away as its neighbour is."""
    found = set()
    for name in by:
        scores = {rate: _median(run["result"][name] for run in runs) for rate, runs in rates.items()}
        for end, neighbour in (sorted(rates)[:2], sorted(rates)[:-3:-1]):
            if scores[end] == min(scores.values()) < scores[neighbour]:
                found.add((end, float(f"{end**2 / neighbour:.3g}")))
    return found


def _median(values):
    """Of values of which some may be no numbers, where a training ran away."""
    return median(inf if isnan(value) else value for value in values)
