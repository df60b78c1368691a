"""The widget "Unroll": a trained character network reads a text, or writes one, one step at a time."""

import numpy as np
import traitlets

from unrolled import plots
from unrolled.reference import readout, rnn_forward, softmax
from unrolled.text import ALPHABET, character_network, encode
from unrolled.training import one_hot
from unrolled.widgets.base import Widget, control, data, pack

NAMED = (  # units that follow, more closely than all others, something that has a name
    (39, "a word begins", "begins"),
    (62, "a space", "space"),
    (41, "a vowel", "vowel"),
    (11, "deep in a word", "deep"),
)


class Unroll(Widget):
    """One unit, unrolled over the characters of a text."""

    title = "Unroll: one network, one character at a time"
    tries = (
        "Press Play. The state fills from left to right; letters that the network did not expect are shaded.",
        "Set the recurrent scale to 0. Now every t is followed by the same guess: the network has lost its past.",
        "Type your own text. Where the upper row is underlined, the network had guessed the letter that came.",
        "Under More stand the three weights. Play once more: they never change.",
        "Choose one to many there, and draw again at temperature 0.3, then at 1.5.",
    )

    mode = control(traitlets.Enum(["many-to-many", "many-to-one", "one-to-many"], "many-to-many"))
    text = control(traitlets.Unicode("the state of the function"), max_length=40)
    step = control(traitlets.Int(0, min=0, max=40))
    scale = control(traitlets.Float(1.0, min=0, max=2))
    temperature = control(traitlets.Float(1.0, min=0.1, max=2))
    seed = control(traitlets.Int(1, min=1, max=999))
    alphabet = data(traitlets.Unicode(ALPHABET))
    network = data(traitlets.Dict())
    named = data(traitlets.List([{"unit": unit, "name": name, "short": short} for unit, name, short in NAMED]))

    @traitlets.default("network")
    def _pack(self):
        return {name: pack(value) for name, value in character_network().items()}

    def picture(self):
        hs, ps = forward(self.text, self.scale, self.temperature)
        figure, (above, below) = plots.new_figure(4.6, rows=2, height_ratios=[3, 2])
        read = self.text[: self.step] or self.text  # paper cannot play
        plots.heat_map(above, hs[: len(read)].T)
        above.set_xlim(-0.5, len(hs) - 0.5)
        above.set_xticks(range(len(self.text)), [shown(character) for character in self.text])
        plots.label(above, "input", "unit of h", "The hidden state after each character")
        p = ps[len(read) - 1]
        below.bar(range(len(p)), p, color=plots.colour("positive"))
        below.set_xticks(range(len(p)), [shown(character) for character in ALPHABET])
        below.tick_params(axis="x", labelsize=8)
        plots.label(below, "next symbol", "probability", f"Read out after “{read}”")
        likeliest = shown(ALPHABET[int(p.argmax())])
        return plots.Picture(
            figure,
            (
                f"A heat-map of {hs.shape[1]} hidden units, one column a character, filled up to “{read}”; "
                "below it the "
                f"probabilities of the next symbol, the likeliest {likeliest} with {p.max():.0%}."
            ),
        )


def forward(text, scale=1.0, temperature=1.0):
    """States hs (T, H) and the next symbol's probabilities ps (T, V), when the network reads text
    from a zero state."""
    network = character_network()
    xs = one_hot(encode(text), len(ALPHABET), float)[:, None]
    h0 = np.zeros((1, len(network["W_h"])))
    hs = rnn_forward(xs, h0, network["W_x"], scale * network["W_h"], network["b"])
    ps = softmax(readout(hs, network["W_y"], network["b_y"]) / temperature)
    return hs[:, 0], ps[:, 0]


def shown(character):
    """A symbol as it stands under an axis: the space made visible."""
    return "␣" if character == " " else character
