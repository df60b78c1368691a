"""Known mistakes of assignment 05-lstm on the way back, through one step and through time."""

import numpy as np

from unrolled.mistakes.edits import edit, mistake, variants
from unrolled.mistakes.lstm import KNOWN_FROM, OTHER_ORDERS
from unrolled.reference.lstm import lstm_backward, lstm_step_backward

SPLIT = "i, f, g, o = np.split(gates, 4, axis=-1)"
TANH_C, DC = "tanh_c = np.tanh(c)", "dc = dc + dh * o * (1 - tanh_c**2)"
DA = "da = np.concatenate([da_i, da_f, da_g, da_o], axis=-1)"

EARLIER_GATE = (
    "on its way from step t to t - 1 dc is multiplied by the forget gate of step t - 1: c_t holds f_t times c_(t-1), "
    "so dc_prev is `dc * f` with the f of step t"
)

variants(lstm_step_backward, DC, {
    "": "the cell's gradient through h is missing: `dc = dc + dh * o * (1 - np.tanh(c)**2)`, "
        "before anything is made of dc",
    "dc = dh * o * (1 - tanh_c**2)":
        "the gradient dc that comes back from the next step's cell is forgotten: "
        "`dc = dc + dh * o * (1 - np.tanh(c)**2)`",
    "dc = dc + dh * o * (1 - c**2)":
        "the slope of tanh is taken as `1 - c**2`: it is `1 - np.tanh(c)**2`, since c is what goes into tanh",
    "dc = dc + dh * o": "the slope of `tanh(c)` is forgotten: `dc = dc + dh * o * (1 - np.tanh(c)**2)`",
    "dc = dc + dh * (1 - tanh_c**2)":
        "the output gate is forgotten on the way from h to c: `dc = dc + dh * o * (1 - np.tanh(c)**2)`",
    "dc = dc + dh * o * (1 - tanh_c)": "the square is missing: the slope of `tanh(c)` is `1 - np.tanh(c)**2`",
    "dc = dc + dh * o / np.cosh(c)":
        "`cosh(c)` lacks its square: the slope of `tanh(c)` is `1 / np.cosh(c)**2`, or `1 - np.tanh(c)**2`",
    "dc = dc + dh * o * tanh_c": "`tanh(c)` stands where its slope belongs: it is `1 - np.tanh(c)**2`",
    "dc = dc + dh * tanh_c":
        "`tanh(c)` is the other factor of h, which o's gradient takes: "
        "on the way to c it is `o * (1 - np.tanh(c)**2)`",
    "dc = dc + dh * o * (1 - np.tanh(c**2))":
        "the square stands inside tanh: the slope of `tanh(c)` is `1 - np.tanh(c)**2`",
    "dc = dc + dh * o * (1 - np.tanh(c_prev)**2)":
        "the slope is taken at the old cell state: h shows the new one, so it is `1 - np.tanh(c)**2`",
    "dc = dc + dh * o * (1 - np.tanh(tanh_c)**2)":
        "tanh is taken twice in the slope of `tanh(c)`: it is `1 - np.tanh(c)**2`",
    "dc = dc + dh * o * (1 - tanh_c)**2":
        "the square stands outside the bracket: the slope of `tanh(c)` is `1 - np.tanh(c)**2`, "
        "not `(1 - np.tanh(c))**2`",
})
for _name, _new in {"tanh": "dc = (dc + dh * o) * (1 - tanh_c**2)",
    "output_gate": "dc = (dc + dh) * o * (1 - tanh_c**2)"}.items():
    edit(
        lstm_step_backward, DC, _new,
        "the dc that arrives goes through the step's output too: only dh comes that way, "
        "`dc = dc + dh * o * (1 - np.tanh(c)**2)`",
        name=f"whole_dc_through_{_name}",
    )
edit(
    lstm_step_backward, DC, "dc = dc + dh * o", "do = dh * tanh_c", "do = dh * c",
    "this is the way back of `h = o * c`: here `h = o * tanh(c)`, so dc takes `dh * o * (1 - np.tanh(c)**2)` and the "
    "output gate `dh * np.tanh(c)`",
)
variants(lstm_step_backward, "tanh_c = np.tanh(c)", {
    "tanh_c = c":
        "`c` is taken for `tanh(c)`: the slope on the way from h to c is `1 - np.tanh(c)**2`, "
        "and the output gate's gradient takes `np.tanh(c)`",
    "tanh_c = np.tanh(c_prev)":
        "tanh is taken of the old cell state: h shows the new one, so it is `np.tanh(c)`, not `np.tanh(c_prev)`",
})
variants(lstm_step_backward, "dc_prev = dc * f", {
    "dc_prev = dc * f + dc * c_prev":
        "`dc_prev` has the forget gate's own gradient in it: `dc * c_prev` is df, and c_prev takes `dc * f` alone",
    "dc_prev = dh * f": "`dc_prev` is made of dh: it is the whole dc that is multiplied by f, `dc * f`",
    "dc_prev = da_f":
        "`dc_prev` is the gradient of the forget gate's sum: c_prev was multiplied by f, so it is `dc * f`",
    "dc_prev = dc": "`dc_prev` goes back without the forget gate: `dc_prev = dc * f`",
    "dc_prev = dc * i":
        "`dc_prev` goes back through the input gate: what c_prev was multiplied by is f, so `dc_prev = dc * f`",
})
for _name, _new in {"too_early": "dc_prev = dc", "twice": "dc_prev = dc * f"}.items():
    edit(
        lstm_step_backward, DC, "dc = dc * f + dh * o * (1 - tanh_c**2)",
        *(["dc_prev = dc * f", _new] if _name == "too_early" else []),
        "the dc that arrives is multiplied by this step's f: the step after has done that with its own; "
        "here f comes last, `dc_prev = dc * f`",
        name=f"dc_gated_{_name}", loop=EARLIER_GATE if _name == "too_early" else None,
    )
edit(
    lstm_step_backward, DC, f"dc_given = dc\n{DC}", "dc_prev = dc * f", "dc_prev = dc_given * f",
    "`dc_prev` is made of the dc that arrived: it takes the whole dc, with the part that came through h",
    loop="nothing comes back from cell to cell: is the step's dc_prev handed on to the step before, "
         "and does it hold the part of dc that came through h?",
)
for _gate, _made in {"i": "di = dc * g", "f": "df = dc * c_prev", "g": "dg = dc * i"}.items():
    edit(
        lstm_step_backward, DC, f"dc_given = dc\n{DC}", _made, _made.replace("dc *", "dc_given *"),
        f"`d{_gate}` is made of the dc that arrived: it takes the whole dc, with the part that came through h",
    )
edit(
    lstm_step_backward, "df = dc * c_prev", "df = dc * c",
    "the forget gate's gradient takes the new cell state: f multiplied c_prev, so it is `dc * c_prev`",
)
variants(lstm_step_backward, "do = dh * tanh_c", {
    "do = dh * c": "the output gate's gradient takes c: o multiplied `tanh(c)`, so it is `dh * np.tanh(c)`",
    "do = dh * np.tanh(o * tanh_c)":
        "the output gate's gradient takes `tanh(h)`: o multiplied `tanh(c)`, so it is `dh * np.tanh(c)`",
    "do = dh * o * tanh_c": "the output gate's gradient takes h, or its slope takes o twice: o multiplied `tanh(c)`, "
                            "so it is `dh * np.tanh(c)`, and the slope is `o * (1 - o)`",
    "do = dh * np.tanh(c_prev)": "the output gate's gradient takes the old cell: "
                                 "o multiplied `tanh(c)` of the new one, so it is `dh * np.tanh(c)`",
    "do = dh": "the output gate's gradient lacks `tanh(c)`, which o multiplied: it is `dh * np.tanh(c)`",
    "do = dh * c_prev": "the output gate's gradient takes c_prev: o multiplied `tanh(c)`, so it is `dh * np.tanh(c)`",
    "do = dh * (1 - tanh_c**2)": "the output gate's gradient takes the slope of tanh: o multiplied `tanh(c)` itself, "
                                 "so it is `dh * np.tanh(c)`",
    "do = dc * tanh_c": "the output gate's gradient takes dc: o acts on h alone, so it is `dh * np.tanh(c)`",
})
edit(
    lstm_step_backward, "di = dc * g", "di = dc * i", "dg = dc * i", "dg = dc * g",
    "`i` and g are mixed up: in `i * g` each one's gradient takes the other, `dc * g` for i and `dc * i` for g",
)
edit(
    lstm_step_backward, "di = dc * g", "di = dc * c_prev", "df = dc * c_prev", "df = dc * g",
    "the factors of di and df have changed places: i multiplied g and f multiplied c_prev, "
    "so di is `dc * g` and df is `dc * c_prev`",
)
edit(lstm_step_backward, "di = dc * g", "di = dc * c_prev",
    "`di` takes the old cell: i multiplied the candidate, so it is `dc * g`")
edit(lstm_step_backward, "df = dc * c_prev", "df = dc * g",
    "`df` takes the candidate: f multiplied the old cell, so it is `dc * c_prev`")
edit(
    lstm_step_backward,
    DC, "dc_given = dc\ndc_through_h = dh * o * (1 - tanh_c**2)\ndc = dc_given + dc_through_h",
    "da_i = di * i * (1 - i)", "da_i = dc_given * g + dc_through_h * g * i * (1 - i)",
    "da_f = df * f * (1 - f)", "da_f = dc_given * c_prev + dc_through_h * c_prev * f * (1 - f)",
    "da_g = dg * (1 - g**2)", "da_g = dc_given * i + dc_through_h * i * (1 - g**2)",
    "brackets are missing: `i * (1 - i)` and its like multiply both parts of dc, "
    "so compute `dc + dh * o * (1 - np.tanh(c)**2)` first",
)


def of_both_parts(step, dc, made, slopes):
    """The mistakes of formulas in which each gate's gradient has two parts, of the dc that arrived and of
    what came through h.

    dc is the line that adds them up; made and slopes are the lines of the gates' gradients and what they
    are multiplied by.
    """
    parts = f"dc_given = dc\n{dc}\nthrough = dc - dc_given"
    for line in made:
        name, factor = line.split(" = dc * ")
        factor, kept = factor.partition(" + ")[::2]
        rest = f" + {kept}" if kept else ""
        through_h = "dh * o * (1 - np.tanh(c)**2)"
        for new, sentence in {
            f"{name} = dc_given * {factor} + through{rest}":
                f"`{name}` lacks the factor `{factor}` in what came through h: it multiplies both parts of dc",
            f"{name} = dc_given + through * {factor}{rest}":
                f"`{name}` lacks the factor `{factor}` in what is made of the dc that arrived: "
                "it multiplies both parts of dc",
            f"{name} = dh * {factor} + through * {factor}{rest}":
                f"`{name}` takes dh where the dc that arrived belongs: the two parts are dc as it came, "
                f"and `{through_h}`",
            f"{name} = (dc_given + o * (1 - tanh_c**2)) * {factor}{rest}":
                f"`{name}` lacks dh in what came through h: that is `{through_h}`",
            f"{name} = through * {factor}{rest}":
                f"`{name}` lacks the dc that arrived: it takes both parts of dc, "
                "also what comes back from the next step",
            f"{name} = (dc - dh * o * (1 - tanh_c**2) + dh * o * (1 - c**2)) * {factor}{rest}":
                f"in `{name}` the slope of tanh is taken as `1 - c**2`: what came through h is `{through_h}`, "
                "since c is what goes into tanh",
            f"{name} = (dc - dh * o * (1 - tanh_c**2) + dh * (1 - tanh_c**2)) * {factor}{rest}":
                f"`{name}` lacks the output gate in what came through h: that is `{through_h}`",
        }.items():
            edit(step, dc, parts, line, new, sentence)
    for line in slopes:
        name, slope = line.split(" * ", 1)
        name, gradient = name.split(" = ")
        factor = next(one.split(" = dc * ")[1] for one in made if one.startswith(f"{gradient} ="))
        edit(
            step, dc, parts, line, f"{name} = dc_given * {factor} + through * {factor} * {slope}",
            f"brackets are missing in `{name}`: the slope `{slope}` multiplies both parts of dc, "
            "what arrived and what came through h",
        )


of_both_parts(
    lstm_step_backward, DC, ("di = dc * g", "df = dc * c_prev", "dg = dc * i", "dc_prev = dc * f"),
    ("da_i = di * i * (1 - i)", "da_f = df * f * (1 - f)", "da_g = dg * (1 - g**2)"),
)
for _given, _through in (("c_prev", "c"), ("c", "c_prev")):
    edit(
        lstm_step_backward, DC, f"dc_given = dc\n{DC}\nthrough = dc - dc_given", "df = dc * c_prev",
        f"df = dc_given * {_given} + through * {_through}",
        "the forget gate's gradient takes the new cell state in one of its two parts: f multiplied c_prev, "
        "so both take that",
        name=f"df_takes_{_given}_and_{_through}",
    )

# The slopes: {gate}, one by one or all at once.

SLOPES = {gate: f"da_{gate} = d{gate} * {gate} * (1 - {gate})" for gate in "ifo"} | {"g": "da_g = dg * (1 - g**2)"}


def slopes(gates, new):
    """Old and new line of each of these gates, where new is made of its letter."""
    return [line for gate in gates for line in (SLOPES[gate], f"da_{gate} = d{gate}" + new.format(gate))]


edit(
    lstm_step_backward, *slopes("ifo", ""),
    "the slopes of the three sigmoids are forgotten: multiply by `s * (1 - s)`, with s the gate",
)
edit(
    lstm_step_backward, *slopes("ifo", " * (1 - {0}**2)"),
    "the gates' slopes are those of tanh: i, f and o are sigmoids, so they are `s * (1 - s)`, with s the gate",
)
edit(
    lstm_step_backward, *slopes("ifo", " * (1 - {0})"),
    "the slopes of the three sigmoids lack a factor: they are `s * (1 - s)`, with s the gate, not `1 - s`",
)
for _gate in "ifo":
    edit(
        lstm_step_backward, *slopes(_gate, ""),
        f"the slope of the gate {_gate} is forgotten: multiply by `{_gate} * (1 - {_gate})`",
    )
    edit(
        lstm_step_backward, *slopes(_gate, " * (1 - {0}**2)"),
        f"the slope of the gate {_gate} is that of tanh: {_gate} is a sigmoid, so it is `{_gate} * (1 - {_gate})`",
    )
    for _factor, _missing in {"(1 - {0})": _gate, "{0}": f"1 - {_gate}"}.items():
        edit(
            lstm_step_backward, *slopes(_gate, f" * {_factor}"),
            f"the slope of the gate {_gate} lacks its factor {_missing}: multiply by `{_gate} * (1 - {_gate})`",
        )
for _name, _new in {"without_square": " * (1 - g)", "with_square_outside": " * (1 - g)**2"}.items():
    edit(
        lstm_step_backward, *slopes("g", _new),
        "the slope of the candidate's tanh is `1 - g**2`: the square belongs to g, and nowhere else",
        name=f"candidate_slope_{_name}",
    )
variants(lstm_step_backward, SLOPES["g"], {
    "da_g = dg": "the slope of the candidate's tanh is forgotten: multiply by `1 - g**2`",
    "da_g = dg * (1 - np.tanh(g)**2)":
        "tanh is taken of the candidate again: g went through tanh already, so its slope is `1 - g**2`",
    "da_g = dg * (1 - tanh_c**2)":
        "the candidate takes the slope of `tanh(c)`: its own tanh gave g, so the slope is `1 - g**2`",
    "da_g = dg * g * (1 - g)": "the candidate's slope is that of a sigmoid: g is a tanh, so it is `1 - g**2`",
})
edit(
    lstm_step_backward, *slopes("ifgo", ""),
    "the gradients stop at the activated gates: go on through the activations, `s * (1 - s)` for i, f, "
    "o and `1 - g**2` for g",
)
AGAIN = " * sigmoid({0}) * (1 - sigmoid({0}))"
edit(
    lstm_step_backward, *slopes("ifo", AGAIN), *slopes("g", " * (1 - np.tanh(g)**2)"),
    "the gates are activated a second time: `gates` already went through sigmoid and tanh, "
    "so the slopes are `s * (1 - s)` and `1 - g**2`",
    name="all_activated_again_in_their_slopes",
)
for _name, _lines in {
    "in_their_slopes": slopes("ifo", AGAIN),
    "and_used": [SPLIT, f"{SPLIT}\ni, f, o = sigmoid(i), sigmoid(f), sigmoid(o)"],
    "and_used_with_the_candidate": [SPLIT, f"{SPLIT}\ni, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)"],
}.items():
    edit(
        lstm_step_backward, *_lines,
        "the gates are activated a second time: `gates` already went through sigmoid, so take them as they are, "
        "with the slope `s * (1 - s)`",
        name=f"activated_again_{_name}",
    )

# The order of the blocks.


def apart(order):
    return f"{', '.join(order)} = np.split(gates, 4, axis=-1)"


def together(order):
    return f"da = np.concatenate([{', '.join(f'da_{gate}' for gate in order)}], axis=-1)"


edit(
    lstm_step_backward, SPLIT, apart("figo"), DA, together("figo"),
    "your forget gate and input gate are swapped on the way back: the blocks stand in the order i|f|g|o",
)
for _order in OTHER_ORDERS:
    edit(
        lstm_step_backward, SPLIT, apart(_order), DA, together(_order),
        f"you take the blocks apart in the order {'|'.join(_order)}{KNOWN_FROM.get(_order, '')}: "
        "here `gates` and the weights have PyTorch's, i|f|g|o",
    )
for _order, _from in {"ifog": ", as in CS231n", "figo": ""}.items():
    edit(
        lstm_step_backward, SPLIT, apart(_order),
        f"`gates` is taken apart in the order {'|'.join(_order)}{_from}: its blocks stand i|f|g|o",
    )
    edit(
        lstm_step_backward, DA, together(_order),
        f"the gradients of the gates are put together in the order {'|'.join(_order)}: the columns of W_x, "
        "W_h and b are i|f|g|o",
    )

# What becomes of da.

edit(
    lstm_step_backward, "dh_prev = da @ W_h.T", "dh_prev = da @ W_h.T + dh",
    "`dh` goes straight back to dh_prev too: the gates alone read h_prev, so it is `da @ W_h.T`",
    loop=False,     # there it is the gradient of the step after, which was to be replaced
)
edit(
    lstm_step_backward, "dh_prev = da @ W_h.T", "dh_prev = da @ W_h.T + dh * o",
    "`dh * o` goes straight back to dh_prev too: the gates alone read h_prev, so it is `da @ W_h.T`",
)

variants(lstm_step_backward, "dW_h = h_prev.T @ da", {
    "dW_h = (o * tanh_c).T @ da":
        "`dW_h` takes the state that the step made: W_h multiplied the state before it, so `dW_h = h_prev.T @ da`",
    "dW_h = dh.T @ da": "`dW_h` takes dh, a gradient: it takes what W_h multiplied, `dW_h = h_prev.T @ da`",
    "dW_h = c_prev.T @ da": "`dW_h` takes the cell state: W_h multiplied h_prev, so `dW_h = h_prev.T @ da`",
})
edit(
    lstm_step_backward,
    "dW_x = x.T @ da", "dW_x = x.T @ da / len(x)",
    "dW_h = h_prev.T @ da", "dW_h = h_prev.T @ da / len(x)",
    "db = da.sum(axis=0)", "db = da.mean(axis=0)",
    "the weights' gradients are divided by the batch size N: the loss has already settled that, here they are sums",
)
# Python takes the second for a statement of its own
TWO_LINES = " (a sum that runs over two lines needs brackets)"
for _kept, _which, _why in [
    ("if", "i and f", TWO_LINES), ("fg", "f and g", TWO_LINES), ("i", "i", ""), ("o", "o", ""),
    ("ifg", "i, f and g", ""), ("ifo", "i, f and o", ""),
]:
    _blocks = ", ".join(f"da_{gate}" if gate in _kept else f"0 * da_{gate}" for gate in "ifgo")
    edit(
        lstm_step_backward,
        "dx = da @ W_x.T", f"kept = np.concatenate([{_blocks}], axis=-1)\ndx = kept @ W_x.T",
        "dh_prev = da @ W_h.T", "dh_prev = kept @ W_h.T",
        f"`dx` and dh_prev take {_which} alone: all four gates read x and h_prev, so add all four{_why}",
    )
for _result, _read, _weights in [("dx", "x", "W_x"), ("dh_prev", "h_prev", "W_h")]:
    for _missing, _gate in [("i", "input gate"), ("f", "forget gate"), ("g", "candidate"), ("o", "output gate")]:
        _blocks = ", ".join(f"0 * da_{gate}" if gate == _missing else f"da_{gate}" for gate in "ifgo")
        edit(
            lstm_step_backward,
            f"{_result} = da @ {_weights}.T", f"{_result} = np.concatenate([{_blocks}], axis=-1) @ {_weights}.T",
            f"`{_result}` misses the part of the {_gate}: {_read} went into all four blocks, so add all four",
        )

# Through time. What goes wrong with h alone is every cell's, and stands in `shared`.

edit(
    lstm_backward, "for t in reversed(range(len(xs))):",
    "for t in reversed(range(len(xs))):\n    dh, dc = np.zeros_like(h0), np.zeros_like(c0)",
    "nothing is handed back in time: dh_prev and dc_prev of a step are added to the dh and dc of the step before",
)
edit(
    lstm_step_backward, TANH_C, f"{TANH_C}\ndc_given = dc", "do = dh * tanh_c", "do = dc_given * tanh_c",
    "the output gate's gradient takes the dc that arrived in the place of dh: o acts on h alone, "
    "so it is `dh * np.tanh(c)`",
)
edit(
    lstm_step_backward, TANH_C, f"{TANH_C}\ndc_given = dc", "do = dh * tanh_c", "do = (dh + dc_given) * tanh_c",
    "the output gate's gradient takes the dc that arrived beside dh: o acts on h alone, so it is `dh * np.tanh(c)`",
)
for _name, _dc in {"alone": "dh - dhs[t]", "with_dhs": "dh"}.items():
    edit(
        lstm_backward, "dh = dh + dhs[t]", f"dh = dh + dhs[t]\ndc = dc + {_dc}",
        "the dh that the step after hands back is added to dc too: it arrives at h_t alone, "
        "and the step itself takes it from there to the cell",
        name=f"dh_added_to_dc_{_name}",
    )
edit(
    lstm_backward, "dxs.insert(0, dx)", "dxs.insert(0, dx)\ndh = dh + dc",
    "what goes back to the cell is added to dh too: dh_prev is `da @ W_h.T` alone, and dc goes on by its own name",
)
edit(
    lstm_backward, "dh = dh + dhs[t]",
    "dh = dh + dhs[t]\no_t = np.split(gates[t], 4, axis=-1)[3]\nwhole = dc + dh * o_t * (1 - np.tanh(cs[t])**2)",
    "dxs.insert(0, dx)", "dxs.insert(0, dx)\ndh = dh + whole",
    "`dc` is added to the dh that goes back: dh_prev is `da @ W_h.T` alone, and dc goes on by its own name, "
    "as `dc * f`",
)
edit(
    lstm_backward, "dh = dh + dhs[t]", "dh = dh + dhs[t]\ndc = dc + dhs[t]",
    "`dhs[t]` is added to dc too: it arrives at h_t alone, and the step itself takes it from there to the cell",
)
edit(
    lstm_backward, "dh = dh + dhs[t]", "dh = dh + dhs[t]\npile = dc", "dxs.insert(0, dx)",
    "dxs.insert(0, dx)\ndc = pile + dc",
    "what a step hands back to the cell is piled up: the next dc_prev replaces the old one, so it is `dc = dc_prev`, "
    "not `+=`",
)
variants(lstm_backward, "dc = np.zeros_like(c0)", {
    "dc = c0":
        "`dc` starts as c0, a state and no gradient: nothing comes from beyond the last step, so it starts with zeros",
    "dc = cs[-1]": "`dc` starts as the last cell state, which is no gradient: "
                   "nothing comes from beyond the last step, so it starts with zeros",
    "dc = dhs[-1]": "`dc` starts as dhs[-1], which arrives at h: the step itself takes it from there to the cell, "
                    "and from beyond the last step comes nothing, so dc starts with zeros",
    "dc = np.ones_like(c0)":
        "the loop starts with a dc of ones: nothing comes from beyond the last step, so it starts with zeros",
})
STEP = (
    "dx, dh, dc, dW_x_t, dW_h_t, db_t = lstm_step_backward(dh, dc, xs[t], h_prev, c_prev, cs[t], gates[t], W_x, W_h)"
)
variants(lstm_backward, STEP, {
    STEP.replace("cs[t]", "cs[t - 1]"):
        "the step is given the cell state before it for the new one: c is `cs[t]`, and c_prev `cs[t - 1]`",
    STEP.replace("gates[t]", "gates[0]"): "every step is given the first step's gates: it is `gates[t]`",
    STEP.replace("gates[t]", "gates[-1]"): "every step is given the last step's gates: it is `gates[t]`",
    STEP.replace("xs[t]", "xs[0]"): "every step is given the first input: it is `xs[t]`",
    STEP.replace("cs[t]", "cs[-1]"): "every step is given the last cell state for its own: it is `cs[t]`",
    STEP.replace("(dh, dc,", "(dc, dh,"):
        "`dh` and dc are handed to the step in each other's places: it takes dh, then dc",
    STEP.replace("dx, dh, dc,", "dx, dc, dh,"):
        "`dh` and dc change places on their way back: of the step's results dh_prev comes before dc_prev, "
        "and each goes on by its own name",
})
for _h, _c in (("h0", "c0"), ("hs[-1]", "cs[-1]")):
    edit(
        lstm_backward, "dh = np.zeros_like(h0)", f"dh = {_h}", "dc = np.zeros_like(c0)", f"dc = {_c}",
        f"`dh` and dc start as {_h} and {_c}, states and no gradients: nothing comes from beyond the last step, "
        "so they start with zeros",
        name=f"start_as_{_h}_and_{_c}",
    )
edit(
    lstm_backward, "dxs.insert(0, dx)",
    "dxs.insert(0, dx)\ndc = dc / np.split(gates[t], 4, axis=-1)[1] * np.split(gates[t - 1], 4, axis=-1)[1]",
    EARLIER_GATE, name="the_gate_of_the_step_before_and_at_step_0_the_last",
)
LATE = "dh = dh + dhs[t]\n{}dc0 = dc + dh * np.split(gates[t], 4, axis=-1)[3] * (1 - np.tanh(cs[t])**2)"
edit(
    lstm_backward, "dh = dh + dhs[t]", LATE.format("dh0 = dh\n"), "return np.stack(dxs), dh, dc, dW_x, dW_h, db",
    "return np.stack(dxs), dh0, dc0, dW_x, dW_h, db",
    "`dh0` and dc0 are one step late: these are the gradients at hs[0] and cs[0], "
    "which still have to go back through step 0",
)
edit(
    lstm_backward, "dh = dh + dhs[t]", LATE.format(""), "return np.stack(dxs), dh, dc, dW_x, dW_h, db",
    "return np.stack(dxs), dh, dc0, dW_x, dW_h, db",
    "`dc0` is one step late: this is the gradient at cs[0], which still goes back through the forget gate of step 0",
)
TOO_EARLY = "{0}s[t - 2] if t > 1 else {0}0 if t == 1 else {0}s[-1]"
edit(
    lstm_backward, "h_prev = hs[t - 1] if t > 0 else h0", f"h_prev = {TOO_EARLY.format('h')}",
    "c_prev = cs[t - 1] if t > 0 else c0", f"c_prev = {TOO_EARLY.format('c')}",
    "the states before a step are read one place too early: where hs and cs begin with h0 and c0, "
    "step t's old ones stand at place t",
)
variants(lstm_backward, "c_prev = cs[t - 1] if t > 0 else c0", {
    f"c_prev = {TOO_EARLY.format('c')}":
        "the cell state before a step is read one place too early: where cs begins with c0, "
        "step t's old one stands at place t",
    "c_prev = cs[t] if t > 0 else c0": "`c_prev` is taken from step t itself: the cell state before it is `cs[t - 1]`",
    "c_prev = cs[t - 1]":
        "at the first step c_prev wraps around: cs[t - 1] is cs[-1], the last cell state; it must be c0",
    "c_prev = cs[t - 1] if t > 0 else np.zeros_like(c0)":
        "`c0` is taken for zeros: the first step's c_prev is the c0 that was given",
})
for _h, _c, _sentence in [
    ("hs[t] if t > 0 else h0", "cs[t] if t > 0 else c0",
     "the states of step t are taken for those before it: h_prev is `hs[t - 1]`, and c_prev is `cs[t - 1]`"),
    ("hs[t - 1]", "cs[t - 1]",
     "at the first step h_prev and c_prev wrap around: hs[t - 1] is hs[-1], the last state; it must be h0, "
     "and c0 for the cell"),
    ("hs[t - 1] if t > 0 else np.zeros_like(h0)", "cs[t - 1] if t > 0 else np.zeros_like(c0)",
     "`h0` and c0 are taken for zeros: the first step's h_prev and c_prev are what was given"),
]:
    edit(
        lstm_backward,
        "h_prev = hs[t - 1] if t > 0 else h0", f"h_prev = {_h}",
        "c_prev = cs[t - 1] if t > 0 else c0", f"c_prev = {_c}",
        _sentence,
    )


edit(
    lstm_backward, STEP,
    STEP.replace("(dh, dc,", "(dh, dc - (dh - dhs[t]) * np.split(gates[t], 4, axis=-1)[3] * (1 - np.tanh(cs[t])**2),"),
    "what reaches dc through h is made of dhs[t] alone: it is made of the whole dh, "
    "with what the step after hands back",
)


@mistake(lstm_backward,
    "the output gate's gradient takes dhs[t] alone: it takes the whole dh, with what the step after hands back")
def output_gate_takes_own_output_only(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    dh, dc, das = np.zeros_like(h0), np.zeros_like(c0), np.zeros_like(gates)
    for t in reversed(range(len(xs))):
        c_prev, tanh_c = cs[t - 1] if t else c0, np.tanh(cs[t])
        i, f, g, o = np.split(gates[t], 4, axis=-1)
        dc = dc + (dhs[t] + dh) * o * (1 - tanh_c**2)
        parts = [dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2), dhs[t] * tanh_c * o * (1 - o)]
        das[t] = np.concatenate(parts, axis=-1)
        dh, dc = das[t] @ W_h.T, dc * f
    h_prevs = np.concatenate([h0[None], hs[:-1]])
    dW_x, dW_h = np.einsum("tnd,tnk->dk", xs, das), np.einsum("tnh,tnk->hk", h_prevs, das)
    return das @ W_x.T, dh, dc, dW_x, dW_h, das.sum(axis=(0, 1))
