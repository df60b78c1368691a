"""PyTorch as an outside witness.

`vectors/NAME.npz` holds what PyTorch computed on small inputs, and its version. `make oracle` computes it again
with a live PyTorch (tests/oracle/witness.py) and holds the committed vectors to it.
"""

from pathlib import Path

import numpy as np

VECTORS = Path(__file__).parent / "vectors"


def load_cases(name):
    """The committed cases of one witness: a list of dicts of arrays."""
    cases = {}
    with np.load(VECTORS / f"{name}.npz") as stored:
        for key in stored.files:
            if key != "torch_version":
                number, _, array = key.partition("/")
                cases.setdefault(number, {})[array] = stored[key]
    return list(cases.values())


def assert_equals_oracle(name, replay, tolerance=1e-10):
    """replay(case) gives the reference's results by name; each equals PyTorch's, in every case."""
    cases = load_cases(name)
    assert cases, f"no vectors for {name}"
    for case in cases:
        for result, value in replay(case).items():
            np.testing.assert_allclose(value, case[result], rtol=tolerance, atol=tolerance, err_msg=f"{name}: {result}")
