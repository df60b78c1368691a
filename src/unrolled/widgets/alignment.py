"""The widget "Alignment": where a network that writes a date looks in the date that it has read."""

import numpy as np
import traitlets

from unrolled import plots
from unrolled.dates import DIGITS, LETTERS, encode
from unrolled.encoder_decoder import has_attention, read, weights_of
from unrolled.reference import attention_forward, gru_step_forward, softmax
from unrolled.training import one_hot
from unrolled.widgets.base import Widget, control, data
from unrolled.widgets.train_alignment import SIZES, load
from unrolled.widgets.unroll import pack, shown

U = len("2033-03-05")
LONGEST = 40
SAMPLES = [  # twelve of unrolled.dates, written down: what draws them is not everybody's
    ["so. 9. märz 2014", "2014-03-09"],
    ["26 oct. 2023", "2023-10-26"],
    ["2021, 11 octubre", "2021-10-11"],
    ["2004, 29 april", "2004-04-29"],
    ["août 12, 2064", "2064-08-12"],
    ["mar. 28. nov. 2006", "2006-11-28"],
    ["mi. 10. okt. 2035", "2035-10-10"],
    ["thu 14. jun 2007", "2007-06-14"],
    ["29 décembre 2014", "2014-12-29"],
    ["sep 29, 2068", "2068-09-29"],
    ["27 de agosto de 1988", "1988-08-27"],
    ["11 de abril de 2033", "2033-04-11"],
]
_ENTRY = r"(?:10|[1-9]):(?:[1-9]|[1-3]\d|40):(?:1(?:\.0*)?|0?\.\d+|0)"
HELD = f"(?:{_ENTRY}(?:,{_ENTRY})*)?"  # what a link may ask to be held


class Alignment(Widget):
    """An encoder reads a date, a decoder writes it as machines want it; the weights of its attention can be moved."""

    title = "Alignment: where the writer looks"
    tries = (
        "Press Play and follow the framed row. For the year it looks at the year, for the month at the month's name, "
        "wherever these stand.",
        "Go to character 10 and drag along the letters: all of the row's weight goes where you point. "
        "Over another number, the digit that is written changes.",
        "Give the writer the last state alone, and press Another date again and again. "
        "It has more weights than the one that looks back, and most of its dates are wrong.",
    )

    text = control(traitlets.Unicode("saturday, 5 march 2033"), max_length=LONGEST)
    step = control(traitlets.Int(3, min=1, max=U))
    at = control(traitlets.Int(21, min=1, max=LONGEST))
    # "10:11:0.9": in row 10, letter 11 has this weight
    held = control(traitlets.Unicode(""), max_length=400, pattern=HELD)
    writer = control(traitlets.Enum(list(SIZES), "attention"))
    letters = data(traitlets.Unicode(LETTERS))
    networks = data(traitlets.Dict())
    samples = data(traitlets.List(SAMPLES))  # [source, target] each

    @traitlets.default("networks")
    def _pack(self):
        return {kind: {name: pack(value) for name, value in load(kind).items()} for kind in SIZES}

    def picture(self):
        tokens = tokens_of(self.text)
        written, _, weights = run(load("attention"), tokens, parse_held(self.held))
        result = "".join(DIGITS[token] for token in written)
        figure, ax = plots.new_figure(3.6)
        plots.heat_map(ax, weights, limit=weights.max(), signed=False)
        ax.set_xticks(range(len(tokens)), [shown(LETTERS[token]) for token in tokens])
        ax.set_yticks(range(U), list(result))
        plots.label(ax, "read", "written", "How much of each letter's state the writer takes")
        return plots.Picture(
            figure,
            (
                f"A matrix of weights. Its columns are the letters of “{self.text}”, "
                f"its rows the characters of {result}. The rows of the year are "
                "dark over the last letters, where the year stands, those of the month over the month's name, "
                "those of the day at the 5."
            ),
        )


def tokens_of(text):
    """The tokens (T,) of a text's letters that are in the alphabet; a blank where there is none."""
    known = "".join(letter for letter in text.lower() if letter in LETTERS) or " "
    return encode([known])[0][:, 0]


def parse_held(text):
    """{row: (column, weight)}, counted from 0, from "10:11:0.9", where both count from 1; what cannot be
    read is left out."""
    held = {}
    for entry in text.split(","):
        try:
            row, column, weight = entry.split(":")
            row, column, weight = int(row), int(column), float(weight)
        except ValueError:
            continue
        if 1 <= row <= U and column >= 1 and np.isfinite(weight):
            held[row - 1] = (column - 1, float(np.clip(weight, 0, 1)))
    return held


def hold(weights, column, weight):
    """weights (T,) with one of them set, the others shrunk or grown alike so that all add up to 1."""
    if column >= len(weights):
        return weights
    others = weights.sum() - weights[column]
    moved = weights * ((1 - weight) / others if others > 0 else 0)
    moved[column] = weight if others > 0 else 1
    return moved


def run(network, tokens, held):
    """The writer over source tokens (T,), with weights {row: (column, weight)} in a reader's hand.

    ->  written tokens (U,), probabilities (U, V), weights (U, T), which is None where the network has no attention
    """
    hs, _, h = read(network, one_hot(tokens, len(LETTERS), float)[:, None], np.ones((len(tokens), 1)))
    token, written, probabilities, rows = len(DIGITS), [], [], []
    for row in range(U):
        h, _ = gru_step_forward(one_hot([token], len(DIGITS) + 1, float), h, *weights_of(network, "dec"))
        seen = h[0]
        if has_attention(network):
            weights = attention_forward(h[None], hs, hs, np.ones((len(tokens), 1)))[1][0, 0]
            rows.append(hold(weights, *held[row]) if row in held else weights)
            seen = np.concatenate([seen, rows[-1] @ hs[:, 0]])
        probabilities.append(softmax(seen @ network["W_y"] + network["b_y"]))
        token = int(probabilities[-1].argmax())
        written.append(token)
    return np.array(written), np.array(probabilities), np.array(rows) if rows else None
