"""`python -m tests.oracle.language_model`: with the same weights all three say the same, to 1e-6."""

from importlib.metadata import version

import numpy as np

from tests.oracle.language_model import in_keras, in_pytorch, ours
from tests.oracle.witness import SIZES

TOLERANCE = 1e-6


def main():
    for number, sizes in enumerate(SIZES):
        rng = np.random.default_rng(number)
        T, N, D, H, V = (sizes[letter] for letter in "TNDHV")
        parameters, tokens = ours.initial_parameters(rng, V, D, H), rng.integers(V, size=(T, N))
        logits = ours.with_weights(parameters)(tokens)
        for library in (in_pytorch, in_keras):
            others = library.with_weights(parameters)(tokens)
            np.testing.assert_allclose(others, logits, rtol=TOLERANCE, atol=TOLERANCE, err_msg=f"{library.__name__}, {sizes}")
    print(f"language model: {len(SIZES)} cases agree with PyTorch {version('torch')} and Keras {version('keras')}")


if __name__ == "__main__":
    main()
