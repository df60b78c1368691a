"""Known mistakes of assignment 05-lstm in gates that see the cell."""

from itertools import permutations

from unrolled.mistakes.edits import edit, variants
from unrolled.unprinted.lstm import peephole_lstm_step_forward

P_APART = "p_i, p_f, p_o = np.split(p, 3)"
I, F, O = (  # noqa: E741  the notation's letter
    "i = sigmoid(a_i + p_i * c_prev)", "f = sigmoid(a_f + p_f * c_prev)", "o = sigmoid(a_o + p_o * c)",
)
CELL, STATE = "c = f * c_prev + i * g", "h = o * np.tanh(c)"
GATES = "gates = np.concatenate([i, f, g, o], axis=-1)"
SUM = "a = x @ W_x + h_prev @ W_h + b"


def seeing(i="p_i * c_prev", f="p_f * c_prev", o="p_o * c"):
    """Old and new lines of the gates that see something else of the cell."""
    new = {I: f"i = sigmoid(a_i + {i})", F: f"f = sigmoid(a_f + {f})", O: f"o = sigmoid(a_o + {o})"}
    return [line for pair in new.items() if pair[0] != pair[1] for line in pair]


edit(
    peephole_lstm_step_forward, *seeing(o="p_o * c_prev"),
    "the output gate sees the old cell: it decides about the new one, so it sees c, `sigmoid(a_o + p_o * c)`",
)
edit(
    peephole_lstm_step_forward, *seeing("0", "0", "0"),
    "no gate sees the cell: each sum takes one more term, as in `sigmoid(a_i + p_i * c_prev)`",
)
edit(peephole_lstm_step_forward, *seeing(o="0"),
    "the output gate does not see the cell: it is `sigmoid(a_o + p_o * c)`")
edit(peephole_lstm_step_forward, *seeing(i="0"),
    "the input gate does not see the cell: it is `sigmoid(a_i + p_i * c_prev)`")
edit(peephole_lstm_step_forward, *seeing(f="0"),
    "the forget gate does not see the cell: it is `sigmoid(a_f + p_f * c_prev)`")
edit(
    peephole_lstm_step_forward, *seeing("p_i * np.tanh(c_prev)", "p_f * np.tanh(c_prev)", "p_o * np.tanh(c)"),
    "the gates see the cell through tanh: they see c as it is, as in `p_i * c_prev`",
)
edit(peephole_lstm_step_forward, *seeing(o="p_o * np.tanh(c)"),
    "the output gate sees the cell through tanh: it sees c as it is, `p_o * c`")
edit(
    peephole_lstm_step_forward, *seeing("p_i * h_prev", "p_f * h_prev", "p_o * h_prev"),
    "the gates see h_prev once more: what p multiplies is the cell, c_prev for i and f and c for o",
)
edit(
    peephole_lstm_step_forward, *seeing("p_i * h_prev", "p_f * h_prev"),
    "`i` and f see h_prev once more: what p multiplies is the cell, `p_i * c_prev`",
)
for _gate, _seen in {"i": "c_prev", "f": "c_prev", "o": "c"}.items():
    edit(
        peephole_lstm_step_forward, *seeing(**{_gate: f"p_{_gate} * h_prev"}),
        f"`{_gate}` sees h_prev once more: what `p_{_gate}` multiplies is the cell, `p_{_gate} * {_seen}`",
    )
    for _cell in ("c_prev", "np.tanh(c_prev)"):
        edit(
            peephole_lstm_step_forward, "g = np.tanh(a_g)", f"g = np.tanh(a_g + p_{_gate} * {_cell})",
            "the candidate sees the cell too: the gates i, f and o alone have peepholes, and g is `tanh(a_g)`",
            name=f"the_candidate_sees_{_cell}_by_p_{_gate}",
        )
for _gate in "if":
    edit(
        peephole_lstm_step_forward, *seeing(**{_gate: f"p_{_gate} * np.tanh(c_prev)"}),
        f"`{_gate}` sees the cell through tanh: it sees c_prev as it is, `p_{_gate} * c_prev`",
    )
edit(
    peephole_lstm_step_forward, *seeing("p_i * np.tanh(c_prev)", "p_f * np.tanh(c_prev)"),
    "`i` and f see the cell through tanh: they see c_prev as it is, `p_i * c_prev`",
)
edit(
    peephole_lstm_step_forward, *seeing("c_prev", "c_prev", "c"),
    "the weights p are not used: each gate sees the cell by its own, as in `p_i * c_prev`",
)
edit(
    peephole_lstm_step_forward, *seeing("p_i", "p_f", "p_o"),
    "`p` is added as it is, like a bias: each gate sees the cell by it, as in `p_i * c_prev`",
)
edit(
    peephole_lstm_step_forward, *seeing("p_f * c_prev", "p_i * c_prev"), CELL, "c = i * c_prev + f * g", GATES,
    "gates = np.concatenate([f, i, g, o], axis=-1)",
    "the cell is kept by i and written by f: it is `c = f * c_prev + i * g`, "
    "where i is the first block and f the second",
)
for _order in sorted(map("".join, permutations("ifo"))):
    if _order != "ifo":
        edit(
            peephole_lstm_step_forward, P_APART, f"{', '.join(f'p_{gate}' for gate in _order)} = np.split(p, 3)",
            f"the blocks of p are taken in the order {'|'.join(_order)}: here it is i|f|o",
        )
edit(
    peephole_lstm_step_forward, P_APART, "p_i, p_f, p_o = p.reshape(-1, 3).T",
    "each gate takes every third weight of p: the blocks stand side by side, i is the first H, f the next H",
)
edit(
    peephole_lstm_step_forward, I, "i = sigmoid(a_i) + p_i * c_prev", F, "f = sigmoid(a_f) + p_f * c_prev", O,
    "o = sigmoid(a_o) + p_o * c",
    "what a gate sees of the cell is added outside its sigmoid: it belongs in the sum, `sigmoid(a_i + p_i * c_prev)`",
)
variants(peephole_lstm_step_forward, CELL, {
    "c = c_prev + i * g": "the forget gate is left out: `c = f * c_prev + i * g`",
    "c = f * c_prev + g": "the input gate is left out: `c = f * c_prev + i * g`",
    "c = (1 - f) * c_prev + i * g":
        "the forget gate is the other way round: it is the share that is kept, `f * c_prev`, not `(1 - f) * c_prev`",
    "c = f * h_prev + i * g":
        "the forget gate acts on h_prev: what it keeps is the cell state, `c = f * c_prev + i * g`",
    "c = f * c_prev + (1 - f) * g":
        "your input gate is `1 - f`, a coupled gate: here i is a gate of its own, `c = f * c_prev + i * g`",
})
variants(peephole_lstm_step_forward, STATE, {
    "h = o * c": "the cell state is shown without tanh: `h = o * tanh(c)`",
    "h = np.tanh(c)": "the output gate is left out: `h = o * tanh(c)`",
    "h = o * np.tanh(c_prev)": "`h` is made of the old cell state: `h = o * tanh(c)` takes the new one",
})
edit(peephole_lstm_step_forward, SUM, "a = x @ W_x + h_prev @ W_h", "the bias b is left out")
edit(peephole_lstm_step_forward, "g = np.tanh(a_g)", "g = np.maximum(a_g, 0)",
    "the candidate goes through ReLU: it takes tanh")
edit(
    peephole_lstm_step_forward, GATES, "gates = np.concatenate([a_i, a_f, a_g, a_o], axis=-1)",
    "`gates` holds the values before sigmoid and tanh, and before the cell was seen: return the activated blocks",
)
