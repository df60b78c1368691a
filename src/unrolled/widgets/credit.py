"""The widget "Credit": a network of one unit, unrolled, and the gradient on its way back."""

import numpy as np
import traitlets

from unrolled import plots
from unrolled.reference import rnn_forward, truncated_rnn_backward
from unrolled.widgets.base import Widget, control, data

T = 8


class Credit(Widget):
    """Who is to blame for the loss? The gradient goes back from step to step and says so."""

    title = "Credit: the gradient on its way back through time"
    tries = (
        "Press Play. Numbers run forward to the last state, the loss is taken, and the gradient comes back along the "
        "same arrows; each multiplies it by a factor, slope times weight.",
        "Press another step: the loss moves there. The steps after it get no gradient, they came too late to matter.",
        "Let a chunk have 3 steps (under More). At the dashed lines the way back is cut, "
        "and the outlined part of dWₕ is lost.",
        "Set the recurrent weight to 0.3, then to −0.9, then to 2. How far back does the gradient reach, "
        "and why not with 2? Look at the factors.",
        "Now the input weight to 0.1 and the recurrent weight to 1.2: the gradient grows on its way back.",
        "Ask for a loss at every step. Each state now gets two gradients, its own and the one from behind, "
        "and adds them.",
    )

    loss_at = control(traitlets.Int(T, min=1, max=T))
    every = control(traitlets.Bool(False))
    k = control(traitlets.Int(T, min=1, max=T))
    W_h = control(traitlets.Float(0.9, min=-2, max=2))
    W_x = control(traitlets.Float(1.0, min=-2, max=2))
    step = control(traitlets.Int(2 * T + 1, min=0, max=2 * T + 1))
    xs = data(traitlets.List([0.8, -0.3, 0.2, 0.5, -0.7, 0.1, 0.4, -0.2]))
    ys = data(traitlets.List([0.2, 0.6, -0.4, 0.1, 0.5, -0.3, 0.7, 0.9]))  # what the loss wants each state to be

    def picture(self):
        hs, dhs, _ = gradients(self.xs, self.ys, self.loss_at, self.every, self.k, self.W_x, self.W_h)
        steps = np.arange(1, T + 1)
        figure, (above, below) = plots.new_figure(3.7, rows=2, sharex=True, height_ratios=[1, 3])
        plots.heat_map(above, [hs])
        above.images[0].set_extent((0.5, T + 0.5, 0, 1))
        for t, h in zip(steps, hs, strict=True):
            above.text(t, 0.5, f"{h:.2f}", ha="center", va="center")
        above.set_yticks([])
        above.tick_params(bottom=False)
        above.set_title("The states h, computed from left to right")
        below.bar(steps, dhs, width=0.5, color=plots.colour("gradient"))
        below.axhline(0, color=plots.colour("muted"), lw=0.8)
        below.set_xticks(steps)
        plots.label(below, "step", "dh", "The gradient dh, from right to left")
        below.set_xlim(0.4, T + 0.6)
        return plots.Picture(
            figure,
            (
                f"A network of one unit over {T} steps. The loss sits at step {self.loss_at}; "
                "the gradient with respect to the state is "
                f"{dhs[self.loss_at - 1]:.2f} there and {dhs[0]:.2f} at step 1."
            ),
        )


def gradients(xs, ys, loss_at, every, k, W_x, W_h):
    """States hs (T,), the gradients dhs (T,) that reach them, and dW_h, for squared-error losses at one step
    or at every one."""
    xs, ys = np.array(xs)[:, None, None], np.array(ys)
    h0, W_x, W_h = np.zeros((1, 1)), np.array([[W_x]]), np.array([[W_h]])
    hs = rnn_forward(xs, h0, W_x, W_h, np.zeros(1))
    own = np.where(every | (np.arange(1, T + 1) == loss_at), hs[:, 0, 0] - ys, 0)[:, None, None]
    dxs, _, _, dW_h, _ = truncated_rnn_backward(own, xs, h0, hs, np.ones((1, 1)), W_h, k)  # with W_x = 1, dxs is da
    return hs[:, 0, 0], (dxs / (1 - hs**2))[:, 0, 0], dW_h[0, 0]
