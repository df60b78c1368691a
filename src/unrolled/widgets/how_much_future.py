"""The widget "How much future": networks that say where words end, at once, some letters late, or with the
whole text read."""

import numpy as np
import traitlets

from unrolled import plots
from unrolled.boundaries import V
from unrolled.cells import bidirectional_cell, tanh_cell
from unrolled.reference import readout, softmax
from unrolled.text import LETTERS, unspaced
from unrolled.training import one_hot
from unrolled.widgets.base import Widget, control, data, pack
from unrolled.widgets.train_how_much_future import BOTH, late_of, load


class HowMuchFuture(Widget):
    """One text without spaces, and a network of the reader's choice that marks its words."""

    title = "How much future does an answer need?"
    tries = (
        "The network must answer at once, and takes “value” and “as” for words. "
        "Move the slider one place to the right: one letter later it does not.",
        "Press a letter. The grey bars show which letters its answer depends on, "
        "the bracket how far the network had read by then. What lies beyond counts for nothing.",
        "Go to both ways. A second state appears, of a network that reads from the right, "
        "and letters on both sides count.",
        "Type a text of your own, with its spaces. They are taken out before the network reads it, "
        "and drawn as lines, so that you can compare.",
    )

    future = control(traitlets.Int(0, min=0, max=BOTH))  # letters late, and after the latest of these: both ways
    letter = control(traitlets.Int(16, min=1, max=32))
    text = control(traitlets.Unicode("so the values are assigned"), max_length=32)
    networks = data(traitlets.List())

    @traitlets.default("networks")
    def _pack(self):
        return [{name: pack(value) for name, value in network.items()} for network in load()]

    def picture(self):
        tokens, ends = unspaced(self.text)
        states, ps = read(self.future, tokens)
        figure, (above, below) = plots.new_figure(4.2, rows=2)
        above.bar(range(len(ps)), ps, color=plots.colour("positive"))
        for place in np.flatnonzero(ends[:-1]):
            above.axvline(place + 0.5, color=plots.colour("ink"), linewidth=1)
        above.set_xlim(-0.5, len(ps) - 0.5)
        plots.heat_map(below, states[0].T)
        for ax in (above, below):
            ax.set_xticks(range(len(tokens)), [LETTERS[token] for token in tokens])
        plots.label(above, "", "probability", "That a word ends after the letter; lines where one does")
        plots.label(below, "letter", "unit of h", "The state of the network that reads forward")
        said = [LETTERS[token] + (" " if p > 0.5 else "") for token, p in zip(tokens, ps, strict=True)]
        return plots.Picture(
            figure,
            (
                "For each letter of a text without spaces, the probability that a word ends after it, "
                "said by a network that reads forward and "
                f"answers at once. It reads: {''.join(said).strip()}. Below, its {states[0].shape[1]} hidden units "
                "after each letter."
            ),
        )


def read(place, tokens, without=None):
    """What the network at a place of the slider makes of tokens (T,); nothing comes in at the step `without`.

    ->  a list of its directions' states, each (T, H), and the probabilities that a word ends ps (T,),
    nan where the text has ended by then
    """
    network, late = load()[place], late_of(place)
    xs = one_hot(tokens[:, None], V, float)
    if without is not None:
        xs[without] = 0
    hs, _ = (bidirectional_cell if place == BOTH else tanh_cell)(network, xs)
    p = softmax(readout(hs, network["W_y"], network["b_y"]))[:, 0, 1]
    ps = np.concatenate([p[late:], np.full(min(late, len(p)), np.nan)])
    return np.split(hs[:, 0], 2 if place == BOTH else 1, axis=-1), ps


def depends(place, tokens, letter):
    """How much the probability at a letter (counted from 0) changes when each letter is left out: (T,)."""
    _, ps = read(place, tokens)
    return np.array([abs(ps[letter] - read(place, tokens, without)[1][letter]) for without in range(len(tokens))])
