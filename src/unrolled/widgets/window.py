"""The widget "Window": a feedforward net echoes what it read, as far back as its window reaches."""

import numpy as np
import traitlets

from unrolled import plots
from unrolled.reference import echo_error_floor, make_windows, mlp_forward
from unrolled.widgets.base import Widget, control, data, numbers
from unrolled.widgets.train_window import DELAYS, FILE, KINDS, WINDOWS

T = 200  # steps of the held-out sequence on which the error is measured


class Window(Widget):
    """Trained nets, one for each kind, delay and window, on a sequence that none of them has seen."""

    title = "Window: how far back can a net hear?"
    tries = (
        "Take the window by its left end and drag it back, step by step. Nothing helps, nothing helps, and then, "
        "one step past the delay, the error is gone.",
        "Now drag the delay up. However long the window, there is a delay that defeats it.",
        "Shuffle the inputs inside each window (under More): the net fails, for it has learned places.",
        "Let the net see only the window's sum, and shuffle again: it does not notice, for it never knew the order.",
    )

    delay = control(traitlets.Int(3, min=DELAYS[0], max=DELAYS[-1]))
    k = control(traitlets.Int(1, min=WINDOWS[0], max=WINDOWS[-1]))
    step = control(traitlets.Int(12, min=DELAYS[-1], max=27))
    kind = control(traitlets.Enum(list(KINDS), "window"))
    shuffled = control(traitlets.Bool(False))
    xs = data(traitlets.List())  # (T,)
    networks = data(traitlets.Dict())  # W1 (kind, delay, k, longest k, H), b1, W2, b2
    orders = data(traitlets.List())  # for each k, the order that shuffling puts a window into

    @traitlets.default("xs")
    def _draw(self):
        return numbers(held_out())

    @traitlets.default("networks")
    def _load(self):
        with np.load(FILE) as stored:
            return {name: numbers(stored[name], digits=4) for name in stored.files}

    @traitlets.default("orders")
    def _shuffle(self):
        return [numbers(moved(k)) for k in WINDOWS]

    def errors(self):
        """Mean squared error on the held-out sequence for every window length, with the delay and kind as they are."""
        return [self._error(k) for k in WINDOWS]

    def _error(self, k):
        xs = np.array(self.xs)
        first = WINDOWS[-1] + DELAYS[-1]  # the same steps are judged for every window and delay
        windows = make_windows(xs[:, None, None], k)[first - k + 1 :, 0]
        if self.shuffled:
            windows = windows[:, self.orders[k - 1]]
        if self.kind == "bag":
            windows = windows.sum(axis=1, keepdims=True)
        place = KINDS.index(self.kind), DELAYS.index(self.delay), WINDOWS.index(k)
        W1, b1, W2, b2 = (np.array(self.networks[name])[place] for name in ("W1", "b1", "W2", "b2"))
        y, _ = mlp_forward(windows, W1[: windows.shape[1]], b1, W2, b2)
        return float(np.mean((y[:, 0] - xs[first - self.delay : T - self.delay]) ** 2))

    def picture(self):
        errors = self.errors()
        figure, ax = plots.new_figure(3.0)
        ax.bar(list(WINDOWS), errors, color=plots.colour("loss"), width=0.6)
        floors = [echo_error_floor(k, self.delay, 1.0) for k in WINDOWS]
        ax.hlines(
            floors, np.array(WINDOWS) - 0.42, np.array(WINDOWS) + 0.42, color=plots.colour("gradient"), label="floor"
        )
        ax.legend()
        plots.label(ax, "window k", "mean squared error", f"Echoing the input of {self.delay} steps ago")
        return plots.Picture(
            figure,
            (
                f"Error of a feedforward net against the length of its window, for an echo of {self.delay} steps: "
                "about "
                f"{np.mean(errors[: self.delay]):.2f} up to k = {self.delay}, and {errors[self.delay]:.3f} from k = "
                f"{self.delay + 1} on."
            ),
        )


def moved(k):
    """An order of k places in which none keeps its own, for k of 2 and more:
    the places stand in a ring, in any order, and each passes its value on."""
    ring = np.random.default_rng(k).permutation(k)
    order = np.empty(k, int)
    order[ring] = np.roll(ring, 1)
    return order


def held_out():
    """A Gaussian sequence (T,) of mean 0 and variance 1, other than those that the nets were trained on."""
    xs = np.random.default_rng(2).normal(size=T)
    return (xs - xs.mean()) / xs.std()
