"""Central differences, the first witness against a gradient."""

import numpy as np


def central_difference(f, x, eps=1e-5):
    """d f / d x for a scalar function f, entry by entry; x is restored."""
    gradient = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        kept = x[place]
        x[place] = kept + eps
        above = f()
        x[place] = kept - eps
        below = f()
        x[place] = kept
        gradient[place] = (above - below) / (2 * eps)
    return gradient


def relative_error(a, b):
    return np.linalg.norm(a - b) / max(np.linalg.norm(a) + np.linalg.norm(b), 1e-12)


def assert_gradients(loss, arrays, gradients, tolerance=1e-7):
    """Every gradient equals the central difference of loss() in its array."""
    for name, array in arrays.items():
        error = relative_error(gradients[name], central_difference(loss, array))
        assert error < tolerance, f"gradient of {name}: relative error {error:.1e}"
