"""What several chapters show in the same way: the adding problem in one table, tables that count, and the
kettle's sentence."""

import numpy as np

from unrolled import plots
from unrolled.adding import LIMIT
from unrolled.book.experiments import chosen, measured
from unrolled.text import ngram_ladder

# as experiments/kettle.py reads it
SENTENCE = "nadia filled the kettle, found a clean cup, and while the water heated she looked for the "
KETTLE = SENTENCE.index("kettle")
BACK = len(SENTENCE) - 1 - KETTLE  # characters between its first letter and the last one

LOOKS = {  # a network's colour, its marker and its line: what differs does so in more than its hue
    "tanh, default": ("muted", "v", (0, (1, 3))),
    "tanh, orthogonal": ("x", "^", ":"),
    "ReLU, identity": ("ink", "D", "-."),
    "tanh": ("x", "^", ":"),
    "LSTM": ("c", "s", "--"),
    "GRU": ("z", "o", "-"),
}


def batches_needed():
    """By (network, T) the batches that each seed took to learn the adding problem, at the network's own rate; LIMIT
    where it never did."""
    best = chosen(measured("adding"), ("network", "T"), among="rate", by="validation")
    return {key: [run["test"] for run in runs] for key, runs in best.items()}


def in_words(batches, limit=LIMIT):
    """The median and the range of so many runs, and how many of them learned the task where not all did: "375
    (325–400)", "3 of 5"."""
    learned = [count for count in batches if count < limit]
    if len(learned) < len(batches):
        return f"{len(learned)} of {len(batches)}"
    return f"{np.median(batches):.0f} ({min(batches)}–{max(batches)})"


def adding_in_words():
    """By (network, T) the cell of the table of the adding problem: "375 (325–400), rate 0.01".

    Where not all runs learned at the best rate, that rate says little, and all rates are told: "1 of 20 runs,
    over all rates".
    """
    every = measured("adding")
    words = {}
    for key, runs in chosen(every, ("network", "T"), among="rate", by="validation").items():
        batches = [run["test"] for run in runs]
        tried = [run["test"] < LIMIT for run in every if (run["network"], run["T"]) == key]
        words[key] = (
            f"{in_words(batches)}, rate {runs[0]['rate']}"
            if max(batches) < LIMIT
            else f"{sum(tried) or 'none'} of {len(tried)} runs, over all rates"
        )
    return words


def tables_that_count(learn, validation, test, most=6, trusts=(1, 5, 20, 80)):
    """By n = 1, ..., most the trust of the n-gram model that is best on validation, and its bits a character on
    test: two dicts."""
    tuned = {trust: ngram_ladder(learn, validation, most, trust=trust) for trust in trusts}
    trust_of = {n: min(trusts, key=lambda trust: tuned[trust][n - 1]) for n in range(1, most + 1)}
    ladders = {trust: ngram_ladder(learn, test, most, trust=trust) for trust in set(trust_of.values())}
    return trust_of, {n: ladders[trust][n - 1] for n, trust in trust_of.items()}


def draw_batches(ax, groups, limit=LIMIT):
    """Dots for the batches that every run took, and a bar for their median: {network: {T: batches}}, on a
    logarithmic axis."""
    lengths = list(next(iter(groups.values())))
    for place, (network, by_length) in enumerate(groups.items()):
        hue, marker, _ = LOOKS[network]
        for column, batches in enumerate(by_length.values()):
            middle = column + 0.8 * ((place + 0.5) / len(groups) - 0.5)
            aside = np.linspace(-0.05, 0.05, len(batches))
            ax.plot(
                middle + aside,
                batches,
                marker,
                color=plots.colour(hue),
                markersize=4,
                alpha=0.8,
                label=None if column else network,
            )
            ax.hlines(np.median(batches), middle - 0.08, middle + 0.08, color=plots.colour(hue))
    ax.axhline(limit, color=plots.colour("muted"), lw=1, ls="--")
    ax.set_yscale("log")
    ax.set_xticks(range(len(lengths)), [f"T = {T}" for T in lengths])
    ax.tick_params(axis="x", length=0)


def kettle_runs():
    """By network the runs of the character models, at each network's own rate."""
    return chosen(measured("kettle"), "network", among="rate", by="validation")


def draw_reach(ax, runs):
    """How strongly what comes after the sentence depends on each of its characters: a thin line a run, a thick one
    for their median."""
    for network, group in runs.items():
        hue, _, style = LOOKS[network]
        curves = np.array([run["reach"] for run in group])
        back = np.arange(curves.shape[1] - 1, -1, -1)
        ax.semilogy(back, curves.T, color=plots.colour(hue), lw=0.6, alpha=0.5)
        ax.semilogy(back, np.median(curves, axis=0), linestyle=style, color=plots.colour(hue), label=network)
    ax.axvspan(BACK - len("kettle") + 1, BACK, color=plots.colour("muted"), alpha=0.2, lw=0)
    ax.invert_xaxis()  # the sentence runs from left to right
    ax.legend(loc="upper left")
    plots.label(ax, "characters before the gap; grey: kettle", "gradient, share", "What does the next one depend on?")


def looks_back(runs, share=0.01):
    """How many characters back the median gradient first falls below this share of its value at the last
    one, by network."""
    curves = {network: np.median([run["reach"] for run in group], axis=0)[::-1] for network, group in runs.items()}
    return {network: int(np.argmax(curve < share)) for network, curve in curves.items()}


def at_kettle(runs):
    """What of that gradient is left at the first letter of kettle, by network: a number a run."""
    return {network: [run["reach"][KETTLE] for run in group] for network, group in runs.items()}
