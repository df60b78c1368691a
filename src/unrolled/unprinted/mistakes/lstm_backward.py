"""Known mistakes of assignment 05-lstm on the way back through gates that see the cell, and through one gate for
keeping and writing."""

from unrolled.mistakes.edits import edit, last_line, variants
from unrolled.mistakes.lstm_backward import of_both_parts
from unrolled.unprinted.lstm import coupled_lstm_step_backward, peephole_lstm_step_backward

# Peepholes.

DC = "dc = dc + dh * o * (1 - tanh_c**2) + da_o * p_o"
DC_PREV = "dc_prev = dc * f + da_i * p_i + da_f * p_f"
DP = "dp = np.concatenate([dp_i, dp_f, dp_o])"
DP_I, DP_F, DP_O = (
    "dp_i = (da_i * c_prev).sum(axis=0)", "dp_f = (da_f * c_prev).sum(axis=0)", "dp_o = (da_o * c).sum(axis=0)",
)
PLAIN_DC, PLAIN_DC_PREV = "dc = dc + dh * o * (1 - tanh_c**2)", "dc_prev = dc * f"

edit(
    peephole_lstm_step_backward, DC, PLAIN_DC, DC_PREV, PLAIN_DC_PREV,
    "no gradient goes back through the peepholes: the gates' sums depend on the cell, so `da_o * p_o` belongs to dc, "
    "and `da_i * p_i + da_f * p_f` to dc_prev",
)
edit(
    peephole_lstm_step_backward, DC, PLAIN_DC, DC_PREV, f"{DC_PREV} + da_o * p_o",
    "the output gate's peephole goes back to the old cell: o saw the new one, so `da_o * p_o` belongs to dc, "
    "before f and the others are reached",
)
variants(peephole_lstm_step_backward, DC, {
    PLAIN_DC: "`dc` misses the output gate's peephole: o saw the new cell, so `da_o * p_o` comes back to it",
    "dc = dc + da_o * p_o": "`dc` misses what comes through `h = o * tanh(c)`: add `dh * o * (1 - np.tanh(c)**2)`",
    "dc = dh * o * (1 - tanh_c**2) + da_o * p_o":
        "the gradient dc that comes back from the next step is forgotten: three parts add up in dc",
    "dc = dc + (dh + da_o * p_o) * o * (1 - tanh_c**2)":
        "the peephole's part goes through tanh and o: o saw c itself, so `da_o * p_o` is added as it is",
    f"{PLAIN_DC} + do * p_o": "the peephole's part lacks the slope of the sigmoid: it is `da_o * p_o`, "
                              "with `da_o = dh * np.tanh(c) * o * (1 - o)`",
    f"{PLAIN_DC} + dh * p_o": "the peephole's part takes dh: c entered o's sum, "
                              "so the gradient of that sum comes back, `da_o * p_o`, "
                              "with `da_o = dh * np.tanh(c) * o * (1 - o)`",
    f"{PLAIN_DC} + dc * p_o":
        "the peephole's part takes dc: c entered o's sum, so the gradient of that sum comes back, `da_o * p_o`",
    f"{PLAIN_DC} - da_o * p_o":
        "the peephole's part has the wrong sign: c entered o's sum as `p_o * c`, so `da_o * p_o` is added",
    f"{PLAIN_DC} + da_o * p_o * c":
        "the peephole's part has the cell in it: that is p_o's own gradient; to c goes `da_o * p_o`",
    "dc = dc + dh * o / np.cosh(c) + da_o * p_o":
        "`cosh(c)` lacks its square: the slope of `tanh(c)` is `1 / np.cosh(c)**2`, or `1 - np.tanh(c)**2`",
    "dc = dc + dh * o * (1 - tanh_c) + da_o * p_o":
        "the square is missing: the slope of `tanh(c)` is `1 - np.tanh(c)**2`",
    "dc = dc + dh * o * tanh_c + da_o * p_o": "`tanh(c)` stands where its slope belongs: it is `1 - np.tanh(c)**2`",
    "dc = dc + dh * (1 - tanh_c**2) + da_o * p_o":
        "the output gate is forgotten on the way from h to c: `dh * o * (1 - np.tanh(c)**2)`",
    f"{PLAIN_DC} + da_o":
        "the peephole's part lacks its weight: c entered the sum as `p_o * c`, so `da_o * p_o` comes back",
    "dc = dc + dh * o + da_o * p_o": "the slope of `tanh(c)` is forgotten in dc: it is `dh * o * (1 - np.tanh(c)**2)`",
    "dc = dc + dh * o * (1 - c**2) + da_o * p_o":
        "the slope of tanh is taken as `1 - c**2`: it is `1 - np.tanh(c)**2`, since c is what goes into tanh",
})
edit(
    peephole_lstm_step_backward, DC, f"{PLAIN_DC}\ndc_seen = dc + da_o * p_o", DC_PREV,
    "dc_prev = dc_seen * f + da_i * p_i + da_f * p_f",
    "the output gate's peephole counts on the way to c_prev alone: the whole dc, `da_o * p_o` with it, goes to i, "
    "f and g too",
)
edit(
    peephole_lstm_step_backward, DC, f"dc_given = dc\n{DC}", DC_PREV, DC_PREV.replace("dc * f", "dc_given * f"),
    "`dc_prev` is made of the dc that arrived: the whole dc, with its parts through h and o, is multiplied by f",
)
variants(peephole_lstm_step_backward, DC_PREV, {
    PLAIN_DC_PREV:
        "`dc_prev` misses the peepholes: i and f saw the old cell, so `da_i * p_i + da_f * p_f` comes back to it",
    "dc_prev = dc * f + dc * p_i + dc * p_f":
        "the peepholes' parts of dc_prev take dc: c_prev entered the sums of i and f, so their gradients come back, "
        "`da_i * p_i + da_f * p_f`",
    "dc_prev = dc * f + dh * p_i + dh * p_f":
        "the peepholes' parts of dc_prev take dh: c_prev entered the sums of i and f, so their gradients come back, "
        "`da_i * p_i + da_f * p_f`",
    "dc_prev = dc * f + da_i * c_prev + da_f * c_prev":
        "the peepholes' parts of dc_prev have the cell in them: that is p's own gradient, "
        "and to c_prev goes `da_i * p_i + da_f * p_f`",
    "dc_prev = dc * f + da_i * p_i + da_f * p_f + da_g * p_o":
        "the candidate's gradient comes back by a peephole too: g did not see the cell, "
        "so it is `da_i * p_i + da_f * p_f` alone",
    "dc_prev = dc * f + da_i + da_f":
        "the peepholes' parts of dc_prev lack their weights: they are `da_i * p_i + da_f * p_f`",
    "dc_prev = dc * f + da_i * p_i + da_f * p_f + da_o * p_o":
        "the output gate's peephole goes back to the old cell once more: o saw the new one, "
        "so `da_o * p_o` belongs to dc alone",
    "dc_prev = dc * f - da_i * p_i - da_f * p_f":
        "the peepholes' parts of dc_prev have the wrong sign: they are added, `da_i * p_i + da_f * p_f`",
    "dc_prev = dc * i + da_i * p_i + da_f * p_f":
        "`dc_prev` goes back through the input gate: what c_prev was multiplied by is f, so it is `dc * f`, "
        "and the peepholes' parts",
    "dc_prev = dc * f + da_f * p_f": "`dc_prev` misses the input gate's peephole: add `da_i * p_i`",
    "dc_prev = dc * f + da_i * p_i": "`dc_prev` misses the forget gate's peephole: add `da_f * p_f`",
    "dc_prev = (dc + da_i * p_i + da_f * p_f) * f":
        "the peepholes' part of dc_prev is multiplied by f: i and f saw c_prev itself, "
        "so `da_i * p_i + da_f * p_f` is added as it is",
    "dc_prev = dc + da_i * p_i + da_f * p_f":
        "`dc_prev` goes back without the forget gate: it is `dc * f`, and the peepholes' parts",
    "dc_prev = da_i * p_i + da_f * p_f":
        "`dc_prev` holds the peepholes' parts alone: add `dc * f`, since c holds `f * c_prev`",
    "dc_prev = dc * f + di * p_i + df * p_f":
        "the peepholes' parts of dc_prev lack the slopes of the sigmoids: they are `da_i * p_i` and `da_f * p_f`",
    "dc_prev = dc * f + da_i * p_f + da_f * p_i":
        "the peephole weights of i and f are swapped in dc_prev: it is `da_i * p_i + da_f * p_f`",
})
variants(peephole_lstm_step_backward, DP_O, {
    "dp_o = (da_o * c_prev).sum(axis=0)":
        "`dp` takes the old cell for o: p_o met the new one, so its gradient is `(da_o * c).sum(axis=0)`",
    "dp_o = (da_o * tanh_c).sum(axis=0)": "`dp` takes tanh of the cell for o: p_o met c itself",
})
for _gate, _line in {"i": DP_I, "f": DP_F, "o": DP_O}.items():
    _met = "c" if _gate == "o" else "c_prev"
    for _other in ("g" if _gate == "i" else _gate, "h_prev"):
        edit(
            peephole_lstm_step_backward, _line, f"dp_{_gate} = (da_{_gate} * {_other}).sum(axis=0)",
            f"`dp` takes {_other} for `p_{_gate}`: a weight's gradient takes what the weight was multiplied by, "
            f"here {_met}",
        )
    edit(
        peephole_lstm_step_backward, _line, f"dp_{_gate} = (d{_gate} * {_met}).sum(axis=0)",
        f"`dp` is made with the gradient of {_gate} before its slope: `p_{_gate}` stands inside the sigmoid, "
        f"so it takes da_{_gate}",
    )
    edit(
        peephole_lstm_step_backward, _line, f"dp_{_gate} = da_{_gate}.sum(axis=0)",
        f"`dp` does not see the cell for {_gate}: that is a bias's gradient, and `p_{_gate}` was multiplied by {_met}",
    )
edit(
    peephole_lstm_step_backward, DP_I, "dp_i = (da_i * c).sum(axis=0)",
    "`dp` takes the new cell for i: `p_i` met the old one, c_prev",
)
edit(
    peephole_lstm_step_backward, DP_F, "dp_f = (da_f * c).sum(axis=0)",
    "`dp` takes the new cell for f: `p_f` met the old one, c_prev",
)
edit(
    peephole_lstm_step_backward, DP_I, "dp_i = (da_i * c).sum(axis=0)", DP_F, "dp_f = (da_f * c).sum(axis=0)",
    "`dp` takes the new cell for i and f: p_i and p_f met the old one, c_prev",
)
edit(
    peephole_lstm_step_backward, DP_I, "dp_i = (da_i * h_prev).sum(axis=0)", DP_F,
    "dp_f = (da_f * h_prev).sum(axis=0)", DP_O, "dp_o = (da_o * h_prev).sum(axis=0)",
    "`dp` is made with h_prev: a weight's gradient takes what the weight met, here c_prev, c_prev and c",
)
edit(
    peephole_lstm_step_backward, DP_I, "dp_i = (di * c_prev).sum(axis=0)", DP_F, "dp_f = (df * c_prev).sum(axis=0)",
    DP_O, "dp_o = (do * c).sum(axis=0)",
    "`dp` is made with the gates' gradients before their slopes: p stands inside the sigmoids, so it takes da_i, "
    "da_f and da_o",
)
edit(
    peephole_lstm_step_backward, DP_I, "dp_i = (da_i * p_i).sum(axis=0)", DP_F, "dp_f = (da_f * p_f).sum(axis=0)",
    DP_O, "dp_o = (da_o * p_o).sum(axis=0)",
    "`dp` takes p itself: a weight's gradient takes what the weight met, here c_prev, c_prev and c",
)
edit(
    peephole_lstm_step_backward, DP_I, "dp_i = da_i.sum(axis=0)", DP_F, "dp_f = da_f.sum(axis=0)", DP_O,
    "dp_o = da_o.sum(axis=0)",
    "`dp` does not see the cell: that is a bias's gradient, and p was multiplied by c_prev, c_prev and c",
)
variants(peephole_lstm_step_backward, DP, {
    "dp = np.concatenate([dp_i, dp_f, (da_g * c_prev).sum(axis=0), dp_o])":
        "`dp` has a block for the candidate too: g does not see the cell, so there are three, i|f|o",
    f"{DP} / len(x)": "`dp` is averaged over the batch: the loss has already settled that, here it is a sum",
    "dp = np.concatenate([dp_f, dp_i, dp_o])": "the blocks of dp stand in the order f|i|o: it is i|f|o, as in p",
    "dp = np.concatenate([dp_i, dp_o, dp_f])": "the blocks of dp stand in the order i|o|f: it is i|f|o, as in p",
    "dp = np.concatenate([da_i * c_prev, da_f * c_prev, da_o * c], axis=-1)":
        "`dp` is not summed over the batch: the same p served every sequence, so it has the shape of p",
})
edit(
    peephole_lstm_step_backward, last_line(peephole_lstm_step_backward),
    "return dx, dh_prev, dc_prev, dW_x, dW_h, dp, db",
    "`dp` comes before db: the order of the results is dx, dh_prev, dc_prev, dW_x, dW_h, db, dp",
)

# One gate for two jobs.

DF, DG = "df = dc * (c_prev - g)", "dg = dc * (1 - f)"

variants(coupled_lstm_step_backward, DF, {
    "df = dc * c_prev": "the forget gate's gradient misses the candidate: f also takes from what is written, "
                        "`(1 - f) * g`, so df is `dc * (c_prev - g)`",
    "df = dc * (c_prev + g)": "the candidate's part of df has the wrong sign: where f grows, less of g is written, "
                              "so df is `dc * (c_prev - g)`",
    "df = dc * (g - c_prev)": "`df` has the wrong sign: c grows with f by `c_prev - g`",
    "df = -dc * g":
        "the forget gate's gradient misses the old cell: f keeps `f * c_prev`, so df is `dc * (c_prev - g)`",
    "df = dc * (c_prev - c)": "`df` has a factor 1 - f too many: is the new cell taken for the candidate, "
                              "or dg for dc? It is `dc * (c_prev - g)`",
    "df = dc * (c - g)": "`df` has a factor f too many: is the new cell taken for the old one, or dc_prev for dc? "
                         "It is `dc * (c_prev - g)`",
    "df = dc * f * c_prev - dc * (1 - f) * g":
        "`df` keeps the factors f and 1 - f: each term is left with what its gate was multiplied by, "
        "`dc * (c_prev - g)`",
})
variants(coupled_lstm_step_backward, DF, {
    "df = dc * (c_prev - (1 - f) * g)":
        "`df` keeps the factor 1 - f at the candidate: what f takes from c is g itself, so it is `dc * (c_prev - g)`",
    "df = dc * (f * c_prev - g)":
        "`df` keeps the factor f at the old cell: what f gives to c is c_prev itself, so it is `dc * (c_prev - g)`",
})
for _old, _new in (("dc_given", "dc"), ("dc", "dc_given")):
    edit(
        coupled_lstm_step_backward, PLAIN_DC, f"dc_given = dc\n{PLAIN_DC}", DF, f"df = {_old} * c_prev - {_new} * g",
        f"the part of {'c_prev' if _old == 'dc_given' else 'g'} in df takes the dc that arrived alone: "
        "both take the whole dc, also what came through h",
    )
for _part, _da_f in {"c_prev": "dc * c_prev - dc * g * f * (1 - f)",
    "g": "dc * c_prev * f * (1 - f) - dc * g"}.items():
    edit(
        coupled_lstm_step_backward, "da_f = df * f * (1 - f)", f"da_f = {_da_f}",
        f"the slope of f misses the part of {_part} in df: `f * (1 - f)` multiplies both terms of "
        "`dc * (c_prev - g)`, so brackets belong around them",
    )
variants(coupled_lstm_step_backward, DG, {
    "dg = dc * f": "`dg` takes the share that is kept: g was written with the share `1 - f`",
    "dg = dc": "`dg` misses its share: g was written with the share `1 - f`",
})
edit(
    coupled_lstm_step_backward, DF, "df = dc * (g - c_prev)", DG, "dg = dc * f", "dc_prev = dc * f",
    "dc_prev = dc * (1 - f)",
    "`f` is the other way round: it is the share that is kept, `c = f * c_prev + (1 - f) * g`",
)
variants(coupled_lstm_step_backward, "dc_prev = dc * f", {
    "dc_prev = dc": "`dc_prev` goes back without the forget gate: `dc_prev = dc * f`",
    "dc_prev = dc * f + dc * c_prev":
        "`dc_prev` has the forget gate's own gradient in it: `dc * c_prev` belongs to df, "
        "and c_prev takes `dc * f` alone",
    "dc_prev = dc * f + df": "`df` is added to dc_prev: that is the gradient of the gate, c_prev takes `dc * f` alone",
    "dc_prev = da_f": "`dc_prev` is the gradient of the gate's sum: c_prev was multiplied by f, so it is `dc * f`",
    "dc_prev = dc * (2 * f - 1)": "`dc_prev` has the share of the candidate taken away, `f - (1 - f)`: "
                                  "that multiplied g, and c_prev takes `dc * f` alone",
    "dc_prev = dc * (1 - f)": "`dc_prev` takes the share that is written: c_prev was kept with the share f",
    "dc_prev = dc * f * (1 - f)":
        "`dc_prev` has the slope of the gate: c_prev was multiplied by f alone, so it is `dc * f`",
})
variants(coupled_lstm_step_backward, PLAIN_DC, {
    "": "the cell's gradient through h is missing: `dc = dc + dh * o * (1 - np.tanh(c)**2)`, "
        "before anything is made of dc",
    "dc = dh * o * (1 - tanh_c**2)":
        "the gradient dc that comes back from the next step's cell is forgotten: two parts add up in dc",
    "dc = dc + dh * o / np.cosh(c)":
        "`cosh(c)` lacks its square: the slope of `tanh(c)` is `1 / np.cosh(c)**2`, or `1 - np.tanh(c)**2`",
    "dc = dc + dh * o * (1 - tanh_c)": "the square is missing: the slope of `tanh(c)` is `1 - np.tanh(c)**2`",
    "dc = dc + dh * o * tanh_c": "`tanh(c)` stands where its slope belongs: it is `1 - np.tanh(c)**2`",
    "dc = dc + dh * (1 - tanh_c**2)":
        "the output gate is forgotten on the way from h to c: `dh * o * (1 - np.tanh(c)**2)`",
    "dc = dc + dh * o": "the slope of `tanh(c)` is forgotten: `dc = dc + dh * o * (1 - np.tanh(c)**2)`",
    "dc = dc + dh * o * (1 - c**2)":
        "the slope of tanh is taken as `1 - c**2`: it is `1 - np.tanh(c)**2`, since c is what goes into tanh",
})
edit(
    coupled_lstm_step_backward, PLAIN_DC, f"dc_given = dc\n{PLAIN_DC}", "dc_prev = dc * f", "dc_prev = dc_given * f",
    "`dc_prev` is made of the dc that arrived: it takes the whole dc, with the part that came through h",
)
variants(coupled_lstm_step_backward, "do = dh * tanh_c", {
    "do = dh * c": "the output gate's gradient takes c: o multiplied `tanh(c)`, so it is `dh * np.tanh(c)`",
    "do = dc * tanh_c": "the output gate's gradient takes dc: o acts on h alone, so it is `dh * np.tanh(c)`",
})
edit(
    coupled_lstm_step_backward, "da_f = df * f * (1 - f)", "da_f = df", "da_o = do * o * (1 - o)", "da_o = do",
    "the slopes of the two sigmoids are forgotten: multiply by `s * (1 - s)`, with s the gate",
)
for _step, _gates in {coupled_lstm_step_backward: ("f", "o"), peephole_lstm_step_backward: ("i", "f", "o")}.items():
    for _gate in _gates:
        edit(
            _step, f"da_{_gate} = d{_gate} * {_gate} * (1 - {_gate})", f"da_{_gate} = d{_gate} * (1 - {_gate}**2)",
            f"the slope of the gate {_gate} is that of tanh: that of a sigmoid is `{_gate} * (1 - {_gate})`",
        )
variants(coupled_lstm_step_backward, "f, g, o = np.split(gates, 3, axis=-1)", {
    "f, o, g = np.split(gates, 3, axis=-1)": "`gates` is read in the order f|o|g: here it is f|g|o",
    "g, f, o = np.split(gates, 3, axis=-1)": "`gates` is read in the order g|f|o: here it is f|g|o",
})

# What both have in common with the LSTM's own way back.

for _step in (peephole_lstm_step_backward, coupled_lstm_step_backward):
    variants(_step, "da_g = dg * (1 - g**2)", {
        "da_g = dg": "the slope of the candidate's tanh is forgotten: da_g is `dg * (1 - g**2)`",
        "da_g = dg * g * (1 - g)": "the candidate's slope is that of a sigmoid: g is a tanh, so it is `1 - g**2`",
    })
    variants(_step, "da_g = dg * (1 - g**2)", {
        "da_g = dg * (1 - tanh_c**2)":
            "the candidate takes the slope of `tanh(c)`: its own tanh gave g, so the slope is `1 - g**2`",
    })
    variants(_step, "dh_prev = da @ W_h.T", {
        "dh_prev = da @ W_h.T + dh":
            "`dh` goes straight back to dh_prev too: the gates alone read h_prev, so it is `da @ W_h.T`",
        "dh_prev = da @ W_h.T + dh * o":
            "`dh * o` goes straight back to dh_prev too: the gates alone read h_prev, so it is `da @ W_h.T`",
    })
    edit(_step, "da_f = df * f * (1 - f)", "da_f = df",
        "the slope of the gate f is forgotten: multiply by `f * (1 - f)`")
    edit(_step, "da_o = do * o * (1 - o)", "da_o = do",
        "the slope of the gate o is forgotten: multiply by `o * (1 - o)`")
    edit(
        _step, "dW_x = x.T @ da", "dW_x = x.T @ da / len(x)", "dW_h = h_prev.T @ da", "dW_h = h_prev.T @ da / len(x)",
        "db = da.sum(axis=0)", "db = da.mean(axis=0)",
        "the weights' gradients are divided by the batch size N: the loss has already settled that, "
        "here they are sums",
    )
    edit(_step, "db = da.sum(axis=0)", "db = da.mean(axis=0)",
        "`db` is averaged over the batch: the loss has already settled that, here it is a sum")
    edit(_step, "db = da.sum(axis=0)", "db = da",
        "`db` is not summed over the batch: b was added to every sequence, so it has the shape of b")
    edit(
        _step, "dW_h = h_prev.T @ da", "dW_h = (o * tanh_c).T @ da",
        "`dW_h` is made with the new hidden state: what W_h met is h_prev",
    )
for _step, _dc, _made in [
    (peephole_lstm_step_backward, DC, "di = dc * g"), (peephole_lstm_step_backward, DC, "df = dc * c_prev"),
    (peephole_lstm_step_backward, DC, "dg = dc * i"),
    (coupled_lstm_step_backward, PLAIN_DC, DF), (coupled_lstm_step_backward, PLAIN_DC, DG),
]:
    edit(
        _step, _dc, f"dc_given = dc\n{_dc}", _made, _made.replace("dc *", "dc_given *"),
        f"`{_made[:2]}` is made of the dc that arrived: it takes the whole dc, with the part that came through h",
    )
for _step in (peephole_lstm_step_backward, coupled_lstm_step_backward):
    edit(
        _step, "do = dh * tanh_c", "do = dh * np.tanh(c_prev)",
        "the output gate's gradient takes the old cell: o multiplied `tanh(c)` of the new one, "
        "so it is `dh * np.tanh(c)`",
    )
edit(
    peephole_lstm_step_backward, "da_i = di * i * (1 - i)", "da_i = di", "da_f = df * f * (1 - f)", "da_f = df",
    "da_o = do * o * (1 - o)", "da_o = do",
    "the slopes of the three sigmoids are forgotten: multiply by `s * (1 - s)`, with s the gate",
)
of_both_parts(coupled_lstm_step_backward, PLAIN_DC, (DF, DG, "dc_prev = dc * f"),
    ("da_f = df * f * (1 - f)", "da_g = dg * (1 - g**2)"))
for _made, _line in {
    "dc": "do = dc * tanh_c", "dh_and_dc": "do = (dh + dc) * tanh_c",
}.items():
    edit(
        peephole_lstm_step_backward, "do = dh * tanh_c", _line,
        "the output gate's gradient takes the dc that arrived: o acts on h alone, so it is `dh * np.tanh(c)`",
        name=f"do_made_of_{_made}",
    )
edit(
    coupled_lstm_step_backward, PLAIN_DC, f"dc_given = dc\n{PLAIN_DC}", "do = dh * tanh_c",
    "do = (dh + dc_given) * tanh_c",
    "the output gate's gradient takes the dc that arrived beside dh: o acts on h alone, so it is `dh * np.tanh(c)`",
)
edit(
    peephole_lstm_step_backward, "do = dh * tanh_c", "do = dh * c",
    "the output gate's gradient takes c: o multiplied `tanh(c)`, so it is `dh * np.tanh(c)`",
)
for _step in (peephole_lstm_step_backward, coupled_lstm_step_backward):
    variants(_step, "do = dh * tanh_c", {
        "do = dh": "the output gate's gradient lacks `tanh(c)`, which o multiplied: it is `dh * np.tanh(c)`",
        "do = dh * (1 - tanh_c**2)": "the output gate's gradient takes the slope of tanh: "
                                     "o multiplied `tanh(c)` itself, so it is `dh * np.tanh(c)`",
    })
