"""Right answers written in other ways than the reference: none of them may ever be flagged."""

from collections import defaultdict

CORRECT = defaultdict(list)


def correct(function):
    """Decorator: the function below is a right answer to the reference `function`."""

    def register(variant):
        CORRECT[function.__name__].append(variant)
        return variant

    return register
