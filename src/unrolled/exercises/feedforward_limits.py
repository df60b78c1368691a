"""Assignment 01-feedforward-limits: windows, the net that reads them, and what they can see."""

import numpy as np

from unrolled.exercises.exercise import Exercise, draw_array
from unrolled.reference import feedforward_limits as reference


def _draw_windows(rng, sizes):
    k = (2, 3, 4, 1)[sizes["case"]]
    T = k + sizes["T"]  # never k alone, so that there is more than one window
    return {"xs": rng.normal(size=(T, sizes["N"], sizes["D"])), "k": k}


def _draw_backward(rng, sizes):
    N, D, H, O = (sizes[size] for size in "NDHO")  # noqa: E741
    W1, W2 = draw_array(rng, "W1", (D, H)), draw_array(rng, "W2", (H, O))
    x = rng.normal(size=(N, D))
    _, hidden = reference.mlp_forward(x, W1, rng.normal(size=H), W2, np.zeros(O))
    return {"x": x, "hidden": hidden, "W1": W1, "W2": W2}


def _draw_counts(rng, sizes):
    return {"k": sizes["T"], **{size: sizes[size] for size in "DHO"}}


def _draw_echo(rng, sizes):
    """The window just too short, just long enough, far too short, and longer than an echo without delay needs."""
    delay = sizes["D"]
    k, delay = [(delay, delay), (delay + 1, delay), (1, delay), (2, 0)][sizes["case"]]
    return {"k": k, "delay": delay, "variance": float(rng.uniform(2, 5))}


def _draw_covariances(rng, sizes):
    """Of a moving average of noise: an echo far outside the window, just outside, well inside, and a
    window of one input."""
    shorter = sizes["D"]
    k, delay = [(shorter, shorter + 2), (shorter, shorter), (shorter + 2, 1), (1, shorter)][sizes["case"]]
    weights = 0.8 ** np.arange(30) * rng.uniform(0.3, 1.7, size=30)
    covariances = np.correlate(weights, weights, "full")[len(weights) - 1 :]
    return {"covariances": covariances[: k + delay + 2], "k": k, "delay": delay}


def _draw_windows_backward(rng, sizes):
    """Windows of at least two steps, for one of a single step is the step; and once a single window."""
    N, D, T = (sizes[size] for size in "NDT")
    k = (2, 3, 4, 2)[sizes["case"]]
    return {"dwindows": draw_array(rng, "dys", (T + 3 if T > 1 else 1, N, k * D)), "k": k}


def _draw_embedded(rng, sizes):
    """A forward pass that was really made; the table makes D numbers of V."""
    V, D, H, O = (sizes[size] for size in "VDHO")  # noqa: E741
    xs, k = _draw_windows(rng, sizes | {"D": V}).values()
    E, W1, W2 = (draw_array(rng, "W", shape) for shape in ((V, D), (k * D, H), (H, O)))
    hiddens = np.tanh(reference.make_windows(xs @ E, k) @ W1 + 0.5 * rng.normal(size=H))
    return {
        "dys": draw_array(rng, "dys", (*hiddens.shape[:2], O)),
        "xs": xs,
        "hiddens": hiddens,
        "E": E,
        "W1": W1,
        "W2": W2,
    }


EXERCISES = (
    Exercise(reference.make_windows, _draw_windows, may_alias=True),  # a window of one step may be the sequence itself
    Exercise(reference.mlp_forward),
    Exercise(reference.mlp_backward, _draw_backward),
    Exercise.unprinted("linear_echo_floor", _draw_covariances),
    Exercise.unprinted("windows_backward", _draw_windows_backward),
    Exercise.unprinted("embedded_window_backward", _draw_embedded),
)

RETIRED = (Exercise(reference.window_parameter_count, _draw_counts), Exercise(reference.echo_error_floor, _draw_echo))
