"""What is drawn for beam search: no choice in it hangs on rounding, where two right answers could differ."""

import numpy as np

from unrolled.exercises import EXERCISES
from unrolled.reference import beam_search


def test_no_search_hangs_on_rounding():
    """The same pairs of tokens in another order are equally probable; such chains are drawn again."""
    rng = np.random.default_rng(0)
    for seed in range(10):
        for case in EXERCISES["beam_search"].cases(np.random.default_rng(seed)):
            tokens, _ = beam_search(**case)
            shaken = {name: case[name] + 1e-9 * rng.normal(size=case[name].shape) for name in ("log_start", "log_next")}
            np.testing.assert_array_equal(beam_search(**case | shaken)[0], tokens)
