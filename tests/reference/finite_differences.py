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


def extrapolated_difference(f, x, eps=1e-4):
    """The same from two steps (Richardson): what grows with eps**2, where f is very curved, cancels."""
    return (4 * central_difference(f, x, eps) - central_difference(f, x, 2 * eps)) / 3


def relative_error(a, b):
    return np.linalg.norm(a - b) / max(np.linalg.norm(a) + np.linalg.norm(b), 1e-12)


def assert_gradients(loss, arrays, gradients, tolerance=1e-7):
    """Every gradient equals the central difference of loss() in its array, as nearly as differences of rounded
    numbers can tell."""
    # the last digits of the loss over 2 eps; where all units are flat, it is most of it
    rounding = 1e-10 * max(1, abs(loss()))
    for name, array in arrays.items():
        gradient, difference = gradients[name], central_difference(loss, array)
        if relative_error(gradient, difference) >= tolerance:
            difference = extrapolated_difference(loss, array)
        error = relative_error(gradient, difference)
        assert error < tolerance or np.linalg.norm(gradient - difference) < rounding, f"gradient of {name}: relative error {error:.1e}"
