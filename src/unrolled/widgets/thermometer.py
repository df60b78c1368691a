"""The widget "Thermometer": how much of a gradient is left, step by step back through a recurrent network."""

import numpy as np
import traitlets

from unrolled import plots
from unrolled.reference import (
    identity_init,
    orthogonal_init,
    relu_rnn_forward,
    rnn_forward,
    spectral_radius,
    state_gradient_norms,
)
from unrolled.widgets.base import Widget, control

H = 16
INPUT = 0.05  # how strongly a number reaches the units


class Thermometer(Widget):
    """Gradient norm by lag, for weights and an activation that the reader picks."""

    title = "Thermometer: how much of a gradient is left"
    tries = (
        "Take the curve by its end and drag it up and down: that sets the spectral radius. "
        "Below 1 the gradient is lost; above, the slopes of tanh hold it back.",
        "Choose no activation and drag again: only in a narrow band near 1, marked below the slider, "
        "is the gradient neither lost nor out of hand. After some steps the measured curve runs beside the spectral "
        "radius.",
        "Choose ReLU, identity weights and radius 1: a flat line. Now move the radius by 0.05.",
        "Choose no activation, Gaussian weights, radius 1.3, and clip. The whole curve sinks and keeps its shape: "
        "now the latest steps count for nothing.",
        "Set 500 steps and radius 0.8, and look where float32 has nothing left.",
    )

    radius = control(traitlets.Float(0.9, min=0.1, max=2))
    length = control(traitlets.Int(300, min=10, max=500))
    activation = control(traitlets.Enum(["tanh", "relu", "none"], "tanh"))
    start = control(traitlets.Enum(["gaussian", "orthogonal", "identity"], "gaussian"))
    clip = control(traitlets.Bool(False))
    seed = control(traitlets.Int(1, min=1, max=99))

    def picture(self):
        hs, W_h = run(self.radius, self.length, self.activation, self.start, self.seed)
        norms = gradient_norms(hs, W_h, self.activation)[::-1]
        lags = np.arange(len(norms))
        figure, ax = plots.new_figure(3.2)
        ax.plot(lags, norms, color=plots.colour("gradient"), lw=2.4, label="measured")
        bound, radius = np.linalg.norm(W_h, 2), spectral_radius(W_h)
        ax.plot(lags, bound**lags, "--", color=plots.colour("muted"), label=f"bound: times {bound:.2f} a step")
        ax.plot(lags, radius**lags, ":", color=plots.colour("h"), label=f"spectral radius: times {radius:.2f}")
        ax.set_yscale("log")
        ax.set_ylim(norms.min() / 100, 1e6)
        ax.legend(loc="lower left")
        plots.label(ax, "steps back from the last state", "gradient norm")
        return plots.Picture(
            figure,
            (
                "Gradient norm against steps back, on a logarithmic axis: "
                f"from 1 the measured curve falls to {norms[-1]:.0e} "
                f"{len(norms) - 1} steps back; the bound made of the largest singular value rises instead."
            ),
        )


def run(radius, length, activation, start, seed):
    """States hs (T, 1, H) of a network that reads T = length + 1 random numbers, and its recurrent
    weights W_h (H, H)."""
    A = normal(seed, H * H).reshape(H, H)
    starts = {
        "gaussian": A / spectral_radius(A),
        "orthogonal": orthogonal_init((H, H), 1.0, A),
        "identity": identity_init(H, 1.0),
    }
    W_x, W_h = INPUT * normal(seed + 1000, H)[None], radius * starts[start]
    xs = uniform(seed + 2000, length + 1)[:, None, None]
    if activation == "none":
        return linear_forward(xs, W_x, W_h), W_h
    forward = {"tanh": rnn_forward, "relu": relu_rnn_forward}[activation]
    return forward(xs, np.zeros((1, H)), W_x, W_h, np.zeros(H)), W_h


def linear_forward(xs, W_x, W_h):
    """h_t = h_{t-1} W_h + x_t W_x from a zero state."""
    hs = xs @ W_x
    for t in range(1, len(hs)):
        hs[t] += hs[t - 1] @ W_h
    return hs


def gradient_norms(hs, W_h, activation="tanh"):
    """state_gradient_norms (T,) of the first sequence, for any activation of this widget.

    That function sees a state only through tanh's slope 1 - h^2, so each state is replaced by one that has, under
    tanh, the slope that the activation has there.
    """
    slopes = {"tanh": 1 - hs**2, "relu": (hs > 0).astype(float), "none": np.ones_like(hs)}[activation]
    return state_gradient_norms(np.sqrt(1 - slopes), W_h)[:, 0]


def uniform(seed, count):
    """Uniform numbers in [0, 1) from a seed, the same that the browser draws (the generator mulberry32)."""
    t = np.uint32(seed) + np.uint32(0x6D2B79F5) * np.arange(1, count + 1, dtype=np.uint32)
    t = (t ^ t >> 15) * (t | 1)
    t ^= t + (t ^ t >> 7) * (t | 61)
    return (t ^ t >> 14) / 2**32


def normal(seed, count):
    """Standard normal numbers from the uniform ones.  Box & Muller 1958."""
    radius, angle = uniform(seed, 2 * count).reshape(count, 2).T
    return np.sqrt(-2 * np.log(1 - radius)) * np.cos(2 * np.pi * angle)
