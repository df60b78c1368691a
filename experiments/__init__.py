"""What a page cannot afford in its 90 seconds, computed once: `make experiments` runs what is missing or out of date.

An experiment is a module of this folder with

    SETTINGS = [{"cell": "lstm", "rate": 0.01, "seed": 0}, ...]     # every run there is, in JSON's types
    def measure(cell, rate, seed): ...                              # one run -> {"validation": 2.1, "test": 2.0, ...}

Contestants differ in what else a setting has than "rate" and "seed". One whose best rate is at an end of its rates
gets the next rate there, until the best lies between two others. Best is the least median of "validation", or of the
names in CHOSEN_BY.

Its results are kept in results/<name>.json, a run a line, beside the digest of the sources that made them: when a
source changes, they are out of date and are made anew. A page reads them with `unrolled.book.experiments`.
"""
