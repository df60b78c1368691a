"""Known mistakes of assignment 05-lstm on the way forward; `lstm_backward` has those on the way back, `lstm_init`
those of the start."""

from itertools import permutations

from unrolled.mistakes.edits import edit, variants
from unrolled.reference.lstm import lstm_forward, lstm_step_forward, sigmoid

variants(sigmoid, "s = np.where(a < 0, e, 1) / (1 + e)", {
    "s = np.exp(a) / (1 + np.exp(a))":
        "your sigmoid overflows: for a large `a`, `exp(a) / (1 + exp(a))` is infinity over infinity; "
        "only take `exp` of what is negative",
    "s = np.where(a < 0, e, np.where(a > 0, 1, 0)) / (1 + e)":
        "where `a` is 0, nothing is computed and 0 is left: it belongs to one of the two sides, as in `a >= 0`, "
        "and gives 0.5",
    "s = np.tanh(a)":
        "this is tanh, from -1 to 1: sigmoid runs from 0 to 1",
    "s = np.exp(a - a.max(axis=-1, keepdims=True))\ns = s / s.sum(axis=-1, keepdims=True)":
        "this is softmax, whose values add up to 1: sigmoid looks at each value alone",
    "s = np.clip(0.2 * a + 0.5, 0, 1)":
        "this is a hard sigmoid, made of straight lines: use `1 / (1 + exp(-a))`",
    "s = 1 / (1 + e)":
        "where `a` is negative, your s is that of `-a`: it is `exp(a) / (1 + exp(a))` that belongs there",
    "s = e / (1 + e)":
        "where `a` is positive, your s is that of `-a`: it is `1 / (1 + exp(-a))` that belongs there; "
        "`exp(-abs(a)) / (1 + exp(-abs(a)))` is right for a negative `a` alone",
    "s = np.where(a < 0, 0, 1) / (1 + e)":
        "where `a` is negative, your s is 0: it is `exp(a) / (1 + exp(a))` that belongs there",
    "s = np.where(a < 0, e, 0) / (1 + e)":
        "where `a` is not negative, your s is 0: it is `1 / (1 + exp(-a))` that belongs there",
    "s = np.where(a < 0, e, 1 / (1 + e))":
        "where `a` is negative, your s is `exp(a)` alone: it is `exp(a) / (1 + exp(a))` that belongs there",
    "s = 1 / 1 + np.exp(-a)":
        "brackets are missing: the whole sum stands below the line, `1 / (1 + exp(-a))`",
    "s = np.exp(a) / 1 + np.exp(a)":
        "brackets are missing below the line: it is `exp(a) / (1 + exp(a))`",
    "s = np.where(a < 0, e / 1 + e, 1 / (1 + e))":
        "brackets are missing where `a` is negative: it is `exp(a) / (1 + exp(a))`",
    "s = np.where(a < 0, e / (1 + e), 1 / 1 + e)":
        "brackets are missing where `a` is positive: it is `1 / (1 + exp(-a))`",
    "s = 1 / (1 - np.exp(-a))":
        "the sign below the line is turned: it is `1 / (1 + exp(-a))`",
    "s = 1 / np.exp(-a)":
        "this is `exp(a)`: below the line stands a sum, `1 / (1 + exp(-a))`",
    "s = np.where(a > 0, 1.0, 0.0)":
        "this is a step, 0 or 1: sigmoid rises smoothly, `1 / (1 + exp(-a))`",
    "s = e / (1 + e) ** 2":
        "this is the derivative `s * (1 - s)`: return s itself",
})
edit(
    sigmoid, "s = np.where(a < 0, e, 1) / (1 + e)", "s = np.where(a < 0, e / (1 - e), 1 / (1 + e))",
    "where `a` is negative, you divide by `1 - exp(a)`: it is `exp(a) / (1 + exp(a))` there, too",
)
edit(
    sigmoid, "s = np.where(a < 0, e, 1) / (1 + e)", "s = np.where(a < 0, 1, e) / (1 + e)",
    "this is the sigmoid of `-a`, or 1 - s: a large `a` must give a value near 1; "
    "is it `exp(-a)` in `1 / (1 + exp(-a))`, and has each branch its own half of the numbers?",
)
edit(
    sigmoid, "s = np.where(a < 0, e, 1) / (1 + e)", "s = np.exp(-a) / (1 + np.exp(-a))",
    "the sign in the exponent is lost: it is `exp(-a)` in `1 / (1 + exp(-a))`, or `exp(a)` above and below the line",
    name="the_sign_is_lost_and_it_overflows",
)
edit(
    sigmoid, "e = np.exp(-np.abs(a))", "e = np.exp(-2 * np.abs(a))",
    "this is `sigmoid(2 * a)`: with tanh it is `(1 + tanh(a / 2)) / 2`, half of `a` inside",
)

for _limit in (5, 10):
    edit(
        sigmoid, "e = np.exp(-np.abs(a))", f"e = np.exp(-np.abs(np.clip(a, -{_limit}, {_limit})))",
        "`a` is cut off before `exp`, so small values come out too large: only take `exp` of what is negative, "
        "and no cut is needed",
        name=f"cut_off_at_{_limit}",
    )
for _name, _largest in {"all": "a.max()", "a_row": "a.max(axis=-1, keepdims=True)"}.items():
    edit(
        sigmoid, "e = np.exp(-np.abs(a))", f"a = a - {_largest}\ne = np.exp(-np.abs(a))",
        "the largest value is taken away from all, as for softmax: sigmoid looks at each value alone, "
        "`1 / (1 + exp(-a))` with `a` as it is",
        name=f"the_largest_of_{_name}_is_taken_away",
    )
variants(sigmoid, "e = np.exp(-np.abs(a))", {
    "e = np.exp(-a)": "where `a` is negative, the exponential is taken of -a, which overflows: it is `exp(a)` there, "
                      "`exp(a) / (1 + exp(a))`",
})

SPLIT = "a_i, a_f, a_g, a_o = np.split(a, 4, axis=-1)"
# f|i|g|o is told by its own words: two gates swapped.
OTHER_ORDERS = sorted({*map("".join, permutations("ifgo"))} - {"ifgo", "figo"})
KNOWN_FROM = {"ifog": ", as in CS231n", "igfo": ", as in TensorFlow 1"}


def split_in(order):
    return f"{', '.join(f'a_{gate}' for gate in order)} = np.split(a, 4, axis=-1)"


edit(
    lstm_step_forward, SPLIT, split_in("figo"),
    "your forget gate and input gate are swapped: `c = f * c_prev + i * g`, and the blocks stand in the order i|f|g|o",
)
for _order in OTHER_ORDERS:
    edit(
        lstm_step_forward, SPLIT, split_in(_order),
        f"your gate blocks stand in the order {'|'.join(_order)}{KNOWN_FROM.get(_order, '')}: here it is PyTorch's, "
        "i|f|g|o",
    )
for _order, _from in KNOWN_FROM.items():
    edit(
        lstm_step_forward, SPLIT, split_in(_order), "gates = np.concatenate([i, f, g, o], axis=-1)",
        f"gates = np.concatenate([{', '.join(_order)}], axis=-1)",
        f"your gate blocks stand in the order {'|'.join(_order)}{_from}, in the weights and in `gates`: "
        "here it is PyTorch's, i|f|g|o",
    )
variants(lstm_step_forward, SPLIT, {
    "a_i, a_f, a_g, a_o = a[:, 0::4], a[:, 1::4], a[:, 2::4], a[:, 3::4]":
        "each gate takes every fourth column: the blocks stand side by side, i is the first H columns, f the next H",
    "a_i, a_f, a_g, a_o = a.reshape(4, *h_prev.shape)":
        "`a.reshape(4, N, H)` mixes rows and blocks: take the blocks apart along the last axis, "
        "with `np.split(a, 4, axis=-1)`",
})
variants(lstm_step_forward, "a = x @ W_x + h_prev @ W_h + b", {
    "a = x @ W_x + c_prev @ W_h + b": "the gates look at c_prev: what they see of the past is `h_prev @ W_h`",
    "a = x @ W_x + h_prev @ W_h": "the bias b is left out",
    "a = x @ W_x + b + h_prev @ W_h + b": "the bias b is added twice: PyTorch has two biases, here there is one",
    "a = h_prev @ W_h + b": "the input is not used: add `x @ W_x`",
    "a = np.hstack([h_prev, x]) @ np.vstack([W_x, W_h]) + b":
        "`x` and h_prev are put side by side in another order than the rows of the weights: "
        "`[x, h_prev]` goes with W_x above W_h",
})
edit(
    lstm_step_forward, "a = x @ W_x + h_prev @ W_h + b", "a = x @ W_x + b",
    "the previous state is not used: add `h_prev @ W_h`",
    loop=False,
)
edit(
    lstm_step_forward, "g = np.tanh(a_g)", "g = np.tanh(sigmoid(a_g))",
    "the candidate goes through the sigmoid first, as where it is taken of all four blocks: g is `np.tanh(a_g)`",
)
edit(
    lstm_step_forward, "g = np.tanh(a_g)", "g = sigmoid(a_g)",
    "the candidate g goes through sigmoid: it is `tanh`, so that it can also take away from the cell",
)
edit(
    lstm_step_forward, "g = np.tanh(a_g)", "g = np.maximum(a_g, 0)",
    "the candidate g goes through ReLU: it is `tanh`, so that it can also take away from the cell",
)
for _gate, _place in {"i": "first", "f": "second", "o": "last"}.items():
    edit(
        lstm_step_forward, "g = np.tanh(a_g)", "g = sigmoid(a_g)", f"{_gate} = sigmoid(a_{_gate})",
        f"{_gate} = np.tanh(a_{_gate})",
        "tanh and sigmoid have changed places: the third block, the candidate g, goes through tanh, "
        f"and the {_place}, the gate {_gate}, through sigmoid",
        name=f"tanh_on_{_gate}_and_sigmoid_on_g",
    )
edit(
    lstm_step_forward,
    "i = sigmoid(a_i)", "i = np.tanh(a_i)",
    "f = sigmoid(a_f)", "f = np.tanh(a_f)",
    "o = sigmoid(a_o)", "o = np.tanh(a_o)",
    "all four blocks go through tanh: the gates i, f and o are sigmoids",
)
edit(
    lstm_step_forward, "f = sigmoid(a_f)", "f = sigmoid(a_f + 1)",
    "1 is added in the forget gate, as in TensorFlow 1: here b holds all of its bias",
)
variants(lstm_step_forward, "c = f * c_prev + i * g", {
    "c = c_prev + i * g": "the forget gate is left out: `c = f * c_prev + i * g`",
    "c = f * c_prev + g": "the input gate is left out: `c = f * c_prev + i * g`",
    "c = i * g": "the old cell state is left out: `c = f * c_prev + i * g`",
    "c = f * c_prev + (1 - f) * g":
        "your input gate is `1 - f`, a coupled gate as in a GRU: here i is a gate of its own, "
        "`c = f * c_prev + i * g`",
    "c = (1 - i) * c_prev + i * g":
        "your forget gate is `1 - i`, a coupled gate: here f is a gate of its own, `c = f * c_prev + i * g`",
    "c = (1 - f) * c_prev + i * g":
        "the forget gate is the other way round: it is the share that is kept, `f * c_prev`, not `(1 - f) * c_prev`",
    "c = i * c_prev + f * g":
        "the cell is kept by i and written by f: it is `c = f * c_prev + i * g`, "
        "where i is the first block and f the second",
    "c = f * (c_prev + g)":
        "the input gate is left out, and the forget gate multiplies what is written: `c = f * c_prev + i * g`",
    "c = f * c_prev + i * h_prev": "what is written is h_prev: it is the candidate, `c = f * c_prev + i * g`",
    "c = f * c_prev + (1 - i) * g":
        "the input gate is the other way round: it is the share that is written, `i * g`, not `(1 - i) * g`",
    "c = f * h_prev + i * g":
        "the forget gate acts on h_prev: what it keeps is the cell state, `c = f * c_prev + i * g`",
})
variants(lstm_step_forward, "h = o * np.tanh(c)", {
    "h = o * c": "the cell state is shown without tanh: `h = o * tanh(c)`",
    "h = np.tanh(c)": "the output gate is left out: `h = o * tanh(c)`",
    "h = o * np.maximum(c, 0)": "the cell state goes through ReLU on its way out: `h = o * tanh(c)`",
    "h = o * sigmoid(c)": "the cell state goes through sigmoid on its way out: `h = o * tanh(c)`",
    "h = (1 - o) * np.tanh(c)": "the output gate is the other way round: it is the share that is shown, `o * tanh(c)`",
    "h = i * np.tanh(c)": "`h` takes the input gate: it is the output gate that shows the cell, `h = o * tanh(c)`",
    "h = f * np.tanh(c)": "`h` takes the forget gate: it is the output gate that shows the cell, `h = o * tanh(c)`",
    "h = o * np.tanh(g)": "`h` is made of the candidate: `h = o * tanh(c)` takes the new cell state",
    "h = o * np.tanh(i * g)":
        "`h` shows only what this step writes: `h = o * tanh(c)` takes the whole cell state, what was kept too",
    "h = o * np.tanh(c_prev)": "`h` is made of the old cell state: `h = o * tanh(c)` takes the new one",
})
edit(
    lstm_step_forward,
    "c = f * c_prev + i * g", "c = f * c_prev + i * o",
    "h = o * np.tanh(c)", "h = g * np.tanh(c)",
    "`g` and o have changed places: the third block is the candidate g, which enters c, "
    "the fourth is the output gate o, which shows it",
)
edit(
    lstm_step_forward,
    "c = f * c_prev + i * g", "c = np.tanh(f * c_prev + i * g)",
    "h = o * np.tanh(c)", "h = o * c",
    "tanh is applied to the cell state that is kept: only h takes `tanh(c)`, c itself goes on as it is",
)
edit(
    lstm_step_forward, "c = f * c_prev + i * g", "c = np.tanh(f * c_prev + i * g)",
    "tanh is applied to the cell state that is kept, and h is made of that: only h takes `tanh(c)`, once, "
    "c itself goes on as it is",
)
variants(lstm_step_forward, "c = f * c_prev + i * g", {
    "c = f * c_prev + i * np.tanh(g)":
        "the candidate goes through tanh once more where it is written: g has been through it already",
    "c = sigmoid(f) * c_prev + i * g":
        "the forget gate goes through the sigmoid once more where it is used: f has been through it already",
    "c = f * c_prev + sigmoid(i) * g":
        "the input gate goes through the sigmoid once more where it is used: i has been through it already",
    "c = sigmoid(f) * c_prev + sigmoid(i) * g":
        "the gates go through the sigmoid once more where they are used: they have been through it already",
})
variants(lstm_step_forward, "gates = np.concatenate([i, f, g, o], axis=-1)", {
    "gates = np.concatenate([f, i, g, o], axis=-1)": "`gates` is returned in the order f|i|g|o: it must be i|f|g|o",
    "gates = a":
        "`gates` holds the values before sigmoid and tanh: return the activated blocks, the backward pass takes them",
})

# The loop. What goes wrong with h alone is every cell's, and stands in `shared`.

STEP = "h, c, gates_t = lstm_step_forward(x, h, c, W_x, W_h, b)"
RETURN = "return np.stack(hs), np.stack(cs), np.stack(gates)"

variants(lstm_forward, "c = c0", {
    "c = np.zeros_like(c0)": "the cell state starts at zero: the first step's c_prev is the c0 that is given",
    "c = h0": "the cell state starts as a copy of h0: it starts at c0",
})
edit(
    lstm_forward, "c = c0", "c = np.zeros_like(c0)", SPLIT, split_in("ifog"),
    "two habits of CS231n: there the blocks stand in the order i|f|o|g and the cell starts at zero; "
    "here they stand i|f|g|o, and it starts at c0",
)
edit(
    lstm_forward, "h = h0", "h = np.zeros_like(h0)", "c = c0", "c = np.zeros_like(c0)",
    "`h0` and c0 are ignored: the first step starts from what is given, not from zeros",
)
edit(lstm_forward, "h = h0", "h = c0", "c = c0", "c = h0", "`h0` and c0 are swapped at the start")
variants(lstm_forward, "for x in xs:", {
    "for x in xs:\n    c = c0": "the cell state is never carried: every step starts from c0 again; hand c on with h",
    "for x in xs:\n    h, c = h0, c0":
        "nothing is carried: every step starts from h0 and c0 again; hand h and c to the next step",
})
edit(
    lstm_forward, "for x in xs:",
    "for x in xs:\n    h, c = (np.zeros_like(h0), np.zeros_like(c0)) if hs else (h0, c0)",
    "from step 1 on the old states are zeros: are they read from places that are still empty, "
    "as `hs[t]` and `cs[t]` are before step t? They are hs[t - 1] and cs[t - 1]",
)
edit(
    lstm_forward, "for x in xs:", "for x in xs:\n    c = np.zeros_like(c0) if cs else c0",
    "from step 1 on the old cell state is zeros: is it read from a place that is still empty, "
    "as `cs[t]` is before step t? It is cs[t - 1]",
)
# In lists that begin with h0 and c0 place t - 1 of the first step is these, in arrays of T + 1 the empty end.
for _name, _first in {"lists": "h0, c0", "arrays": "np.zeros_like(h0), np.zeros_like(c0)"}.items():
    edit(
        lstm_forward, "c = c0", "c = c0\nstates = [(h0, c0)]", "for x in xs:",
        f"for t, x in enumerate(xs):\n    h, c = states[t - 1] if t > 0 else ({_first})",
        "gates.append(gates_t)", "gates.append(gates_t)\nstates.append((h, c))",
        "the states before a step are read one place too early: where hs and cs begin with h0 and c0, "
        "step t goes on from place t, which step t - 1 has filled",
        name=f"states_read_one_place_too_early_in_{_name}",
    )
variants(lstm_forward, STEP, {
    "h, c, gates_t = lstm_step_forward(x, c, h, W_x, W_h, b)":
        "`h` and c are handed to the step in each other's places: it takes x, h_prev, c_prev",
    "c, h, gates_t = lstm_step_forward(x, h, c, W_x, W_h, b)":
        "the step's results are taken in the wrong order: it returns h, c, gates",
})
edit(
    lstm_forward, "gates.append(gates_t)", "gates.append(gates_t)\nc = h",
    "after the first step h takes the place of c: c has a variable of its own that goes on beside h",
)
edit(
    lstm_forward, "gates.append(gates_t)", "gates.append(gates_t)\nh, c = c, h",
    "`h` and c change places on their way to the next step: h belongs in the place of h_prev there, "
    "and c in that of c_prev",
)
edit(
    lstm_forward, "h = h0", "h = c0", "c = c0", "c = h0", RETURN,
    RETURN.replace("hs), np.stack(cs", "cs), np.stack(hs"),
    "`h` and c are exchanged twice: h0 and c0 at the start and hs and cs at the end, "
    "or what the step is given and what it returns; each belongs in its own place",
)
edit(
    lstm_forward, "hs.append(h)", "h = c\nhs.append(h)",
    "`h` is the cell state itself, in hs and on its way to the next step: it is `o * tanh(c)`, "
    "the first of the step's results",
)
edit(lstm_forward, "cs.append(c)", "cs.append(h)", "`cs` holds the hidden states: it takes c, not h")
edit(
    lstm_forward, "hs.append(h)", "hs.append(c)",
    "`hs` holds the cell states: is c kept where h belongs, or are hs and cs one array under two names? "
    "`cs = hs` makes no copy",
)
variants(lstm_forward, RETURN, {
    "return np.stack(hs), np.stack([c] * len(cs)), np.stack(gates)":
        "all of cs is the last cell state: is one array stored at every step and then changed in place, "
        "or does each step write to all of cs? Store a copy, in `cs[t]` alone",
    "return np.stack(hs), np.stack([c0, *cs[:-1]]), np.stack(gates)":
        "`cs` is one step late: cs[0] is the cell state after the first input, not c0",
    "return np.stack([h0, *hs[:-1]]), np.stack([c0, *cs[:-1]]), np.stack(gates)":
        "`h0` and c0 are returned as if they came after the first step: hs[0] and cs[0] follow the first input",
    "return np.stack(hs), np.stack([c0, *cs]), np.stack(gates)":
        "`c0` stands in front of the cell states: cs has T entries, the first of them after the first input",
    "return np.stack([h0, *hs]), np.stack([c0, *cs]), np.stack(gates)":
        "`h0` and c0 stand in front of the states: hs and cs have T entries, the first of them after the first input",
})
