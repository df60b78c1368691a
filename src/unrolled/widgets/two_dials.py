"""The widget "Two dials": reset and update of a trained GRU in the reader's hands, beside an LSTM of the same size."""

import numpy as np
import traitlets

from unrolled import plots
from unrolled.fast import gru_forward, lstm_forward, rnn_forward
from unrolled.reference import parameter_count, readout
from unrolled.widgets.base import Widget, control, data, numbers
from unrolled.widgets.train_two_dials import FILE, GRU_UNITS, T

SIGNALS = {
    "pulses": {4: 0.8, 14: -0.6, 22: 0.35, 29: -0.9},
    "one": {4: 0.8},
    "wave": {t: 0.8 * np.sin(2 * np.pi * t / 18) for t in range(T)},
}


class TwoDials(Widget):
    """A GRU that learned to hold the last number it was told; from a step on, its gates are set by hand."""

    title = "Two dials: what reset and update do"
    tries = (
        "The network sets its own dials. Now take them into your hands: drag on the square to its upper side. "
        "It keeps what it holds, whatever comes in; every unit of the state is copied.",
        "Press Plain network, reset 1 and update 0: the curve lies exactly on that of a plain recurrent network with "
        "the same weights. Drag away from the corner, and see it part.",
        "Press Feedforward, reset 0 and update 0: the network answers to the input of the moment, "
        "and to nothing else.",
        "Take your hands off the dials, and watch what the network does with its update gate when a number comes in. "
        "Not all units do the same.",
        "Choose the wave, where every step tells a new number. No pair of fixed dials follows it; the network, "
        "left alone, does, and keeps its update gate lower than on the pulses.",
    )

    reset = control(traitlets.Float(1.0, min=0, max=1))
    update = control(traitlets.Float(0.6, min=0, max=1))
    by_hand = control(traitlets.Bool(False))
    hands_on = control(traitlets.Int(9, min=0, max=T - 1))
    signal = control(traitlets.Enum(list(SIGNALS), "pulses"))
    # what is drawn behind, to compare with
    ghost = control(traitlets.Enum(["none", "plain", "feedforward", "copy"], "none"))
    signals = data(traitlets.Dict())  # the inputs xs (T, 2) by name: a number and whether there is one
    gru = data(traitlets.Dict())  # W_x (2, 3H), W_h (H, 3H), b (3H,), W_y (H, 1), b_y (1,)
    lstm = data(traitlets.Dict())  # the same with 4H
    count = data(traitlets.Int(parameter_count("gru", 2, GRU_UNITS)))

    @traitlets.default("signals")
    def _make_signals(self):
        return {
            name: numbers([(values.get(t, 0.0), t in values) for t in range(T)], digits=4)
            for name, values in SIGNALS.items()
        }

    @traitlets.default("gru")
    def _load_gru(self):
        return load("gru")

    @traitlets.default("lstm")
    def _load_lstm(self):
        return load("lstm")

    def curves(self):
        """What each network says (T,), and how far the GRU's state is from the others' once the dials are set
        by hand, by name."""
        W_x, W_h, b, W_y, b_y = map(np.array, self.gru.values())
        xs = np.array(self.signals[self.signal])[:, None]
        start = self.hands_on if self.by_hand else T
        free, gates = gru_forward(xs[:start], np.zeros((1, GRU_UNITS)), W_x, W_h, b)
        h, later = (free[-1] if start else np.zeros((1, GRU_UNITS))), xs[start:]
        n = slice(2 * GRU_UNITS, None)
        tails = {
            "gru": gru_forward(later, h, *set_dials(W_x, W_h, b, self.reset, self.update))[0],
            "plain": rnn_forward(later, h, W_x[:, n], W_h[:, n], b[n]),
            "feedforward": np.tanh(later @ W_x[:, n] + b[n]),
            "copy": np.broadcast_to(h, (len(later), *h.shape)),
        }
        apart = {
            name: float(np.abs(tails["gru"] - tail).max(initial=0)) for name, tail in tails.items() if name != "gru"
        }
        ys = {name: readout(np.concatenate([free, tail]), W_y, b_y)[:, 0, 0] for name, tail in tails.items()}
        W_x, W_h, b, W_y, b_y = map(np.array, self.lstm.values())
        zero = np.zeros((1, len(W_h)))
        return ys | {"lstm": readout(lstm_forward(xs, zero, zero, W_x, W_h, b)[0], W_y, b_y)[:, 0, 0]}, apart

    def updates(self):
        """The update gate of each unit at each step, (T, H)."""
        W_x, W_h, b, _, _ = map(np.array, self.gru.values())
        xs = np.array(self.signals[self.signal])[:, None]
        _, gates = gru_forward(xs, np.zeros((1, GRU_UNITS)), W_x, W_h, b)
        z = gates[:, 0, GRU_UNITS : 2 * GRU_UNITS].copy()
        if self.by_hand:
            z[self.hands_on :] = self.update
        return z

    def picture(self):
        ys, _ = self.curves()
        steps, xs = np.arange(T), np.array(self.signals[self.signal])
        updates = self.updates()
        mean = updates.mean(axis=1)
        figure, (above, below) = plots.new_figure(4.6, rows=2, sharex=True)
        above.bar(steps, xs[:, 0], width=0.25, color=plots.colour("x"))
        above.step(steps, held(xs), where="mid", color=plots.colour("loss"), ls=":", lw=1.2, label="last number told")
        above.plot(steps, ys["gru"], color=plots.colour("h"), label="GRU")
        above.legend(loc="lower left")
        below.plot(steps, updates, color=plots.colour("z"), lw=0.8, alpha=0.4)
        below.plot(steps, mean, color=plots.colour("z"), lw=2.4)
        dials = (
            f"from step {self.hands_on} on reset is {self.reset:g} and update {self.update:g}, by hand"
            if self.by_hand
            else "the network sets its own dials"
        )
        plots.label(above, "", "output", dials.capitalize())
        plots.label(below, "step", "update z", "The update gate of each unit, and their mean")
        return plots.Picture(
            figure,
            (
                f"Inputs are single pulses; the target is the last pulse, held. Above, what a GRU says; {dials}. "
                "Below, its update gates: in the "
                f"mean between {mean.min():.2f} and {mean.max():.2f}, in single units from {updates.min():.2f} to "
                f"{updates.max():.2f}."
            ),
        )


def load(cell):
    """The trained parameters of "gru" or "lstm" by name, as nested lists."""
    with np.load(FILE) as stored:
        return {name: numbers(stored[f"{cell}/{name}"]) for name in ("W_x", "W_h", "b", "W_y", "b_y")}


def set_dials(W_x, W_h, b, reset=None, update=None):
    """The same GRU with its gates held at the dials: they no longer look at anything, and their biases are
    the dials' logits.

    A dial that is None is left to the network.
    """
    H = len(W_h)
    W_x, W_h, b = W_x.copy(), W_h.copy(), b.copy()
    for block, dial in [(slice(H), reset), (slice(H, 2 * H), update)]:
        if dial is not None:
            W_x[:, block] = W_h[:, block] = 0
            with np.errstate(divide="ignore"):  # at 0 and 1 the logit is infinite, which is right
                b[block] = np.log(dial) - np.log1p(-dial)
    return W_x, W_h, b


def held(xs):
    """The last number that was told, at every step of xs (T, 2)."""
    told = np.where(xs[:, 1] == 1, np.arange(len(xs)), 0)
    return xs[np.maximum.accumulate(told), 0]
