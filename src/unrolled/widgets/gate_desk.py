"""The widget "Gate desk": the four gates of a trained LSTM unit, at every step within the reader's reach."""

import numpy as np
import traitlets

from unrolled import plots
from unrolled.reference import lstm_step_forward
from unrolled.tasks import remember_and_recall
from unrolled.widgets.base import Widget, control, data, numbers
from unrolled.widgets.train_gate_desk import load

T = 24
SEEDS = (1950, 549, 2455)  # sequences with a store and a recall in each third, and one long wait
GATES = {"i": (0, 1), "f": (0, 1), "g": (-1, 1), "o": (0, 1)}  # in the order of the blocks, and what values they take
_STEP, _SHARE = r"(?:\*|[1-9]|1\d|2[0-4])", r"(?:1(?:\.0*)?|0?\.\d+|0)"
_ENTRY = rf"(?:[ifo]{_STEP}:{_SHARE}|g{_STEP}:-?{_SHARE})"
HELD = f"(?:{_ENTRY}(?:,{_ENTRY})*)?"  # what a link may ask to be held


class GateDesk(Widget):
    """One LSTM unit that learned to remember and recall; any gate, at any step, can be overwritten."""

    title = "Gate desk: take hold of a memory"
    tries = (
        "Press Play and watch the gates. When is the input gate open, when is the forget gate shut, "
        "when does the output gate speak?",
        "Go to a step between a store and its recall, and drag the bar of the forget gate f down to shut it. "
        "The memory is gone; the recall says nothing.",
        "Let all go, and drag the input gate i up at a quiet step: a number that nobody marked gets into the memory.",
        "Ask to hold it at every step, and open the output gate o. The cell c does not change; "
        "now it is shown all the time.",
        "Unfold the forget bias and slide it down from 5.6 to 1. Look at the half-life and at the late recalls.",
    )

    step = control(traitlets.Int(1, min=1, max=T))
    sequence = control(traitlets.Int(1, min=1, max=len(SEEDS)))
    # "f12:0,g*:-0.5": gates overwritten at a step, or at every step
    held = control(traitlets.Unicode(""), max_length=800, pattern=HELD)
    every = control(traitlets.Bool(False))  # does the hand hold a gate at every step, or at this one?
    forget_bias = control(traitlets.Float(5.6, min=-2, max=8))
    network = data(traitlets.Dict())  # W_x (3, 4), W_h (1, 4), b (4,), W_y (1, 1), b_y (1,)
    sequences = data(traitlets.List())  # each xs (T, 3): a number, "store", "recall"

    @traitlets.default("network")
    def _load(self):
        return {name: numbers(value) for name, value in load().items()}

    @traitlets.default("sequences")
    def _draw(self):
        drawn = [remember_and_recall(np.random.default_rng(seed), T, 1, store=0.13) for seed in SEEDS]
        return [numbers(xs[:, 0], digits=2) for xs, _ in drawn]

    def curves(self):
        """Gates i, f, g, o, cell c, state h and output y, each (T,), with the reader's hand on the gates."""
        return run(load(), np.array(self.sequences[self.sequence - 1]), parse_held(self.held), self.forget_bias)

    def picture(self):
        curves, (values, store, recall) = self.curves(), np.array(self.sequences[self.sequence - 1]).T
        steps = np.arange(1, T + 1)
        figure, (inputs, gates, cell) = plots.new_figure(5.8, rows=3, sharex=True)
        inputs.bar(steps, values, width=0.3, color=plots.colour("x"))
        for flags, letter in [(store, "S"), (recall, "R")]:
            for t in steps[flags == 1]:
                inputs.text(t, 1.15, letter, ha="center", fontweight="bold")
        inputs.set_ylim(-1.1, 1.6)
        for gate, style in [("i", "-"), ("f", "--"), ("o", ":")]:
            gates.step(steps, curves[gate], style, where="mid", color=plots.colour(gate), label=gate)
        gates.legend(ncols=3, loc="lower right", bbox_to_anchor=(1, 0.95))
        cell.step(steps, curves["c"], where="mid", color=plots.colour("c"), label="cell c")
        cell.bar(steps, curves["y"], width=0.4, color=plots.colour("h"), label="output")
        cell.legend(ncols=2, loc="lower right", bbox_to_anchor=(1, 0.95))
        plots.label(inputs, "", "input", "S stores the number, R asks for it")
        plots.label(gates, "", "gate")
        plots.label(cell, "step", "value")
        stores, asked = steps[store == 1], steps[recall == 1]
        return plots.Picture(
            figure,
            (
                f"Numbers come in at {T} steps; those at steps {listed(stores)} are marked to be stored. "
                "There the input gate opens and the "
                "forget gate shuts; otherwise the forget gate stays near 1 and the cell keeps its value. "
                "The output gate opens at the "
                f"recalls, steps {listed(asked)}, and only there does the output speak."
            ),
        )


def listed(values):
    return ", ".join(map(str, values))


def parse_held(text):
    """{("f", 12): 0.0, ("g", "*"): -0.5} from "f12:0,g*:-0.5"; what cannot be read is left out, values are clipped."""
    held = {}
    for entry in text.split(","):
        place, _, value = entry.partition(":")
        gate, step = place[:1], place[1:]
        try:
            number, step = float(value), step if step == "*" else int(step)
        except ValueError:
            continue
        if gate in GATES and np.isfinite(number):
            held[gate, step] = float(np.clip(number, *GATES[gate]))
    return held


def run(network, xs, held, forget_bias):
    """The unit over xs (T, 3) from a zero state, held {(gate, step): value} in the place of what a gate would say.

    A step of "*" means every step; steps count from 1.  ->  i, f, g, o, c, h, y by name, each (T,)
    """
    W_x, W_h, b, W_y, b_y = (np.array(network[name], float) for name in ("W_x", "W_h", "b", "W_y", "b_y"))
    b[1] = forget_bias
    h, c, kept = np.zeros((1, 1)), np.zeros((1, 1)), []
    for step, x in enumerate(xs, start=1):
        _, _, own = lstm_step_forward(x[None], h, c, W_x, W_h, b)
        i, f, g, o = (
            held.get((gate, step), held.get((gate, "*"), value)) for gate, value in zip(GATES, own[0], strict=True)
        )
        c = f * c + i * g
        h = o * np.tanh(c)
        kept.append([i, f, g, o, c[0, 0], h[0, 0], (h @ W_y + b_y)[0, 0]])
    return dict(zip([*GATES, "c", "h", "y"], np.array(kept).T, strict=True))
