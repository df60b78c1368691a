"""The steps of a sequence in pieces that stay in the processor's cache, as the fast LSTM and GRU go back through
them."""

import numpy as np

CHUNK = 2**16  # so many numbers of the gates are worked on together


def from_the_end(states, first, width):
    """Slices of the steps, the last ones first, each with the states before its steps (steps, H, N).

    states (T, H, N) are those after each step, first (H, N) is the one before all; the gates of a step are (width, N).
    """
    T, _, N = states.shape
    steps = max(1, CHUNK // (width * N))
    for end in range(T, 0, -steps):
        start = max(0, end - steps)
        before = states[start - 1 : end - 1] if start else np.concatenate([first[None], states[: end - 1]])
        yield slice(start, end), before
