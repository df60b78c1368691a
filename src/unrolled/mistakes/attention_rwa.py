"""Known mistakes of assignment 08-attention in a step of the recurrent weighted average and its way back."""

from unrolled.mistakes.edits import edit, variants
from unrolled.reference.attention import rwa_step_backward, rwa_step_forward

X_BLOCKS = "x_v, x_g, x_s = np.split(x @ W_x, 3, axis=-1)"
H_BLOCKS = "h_g, h_s = np.split(h_prev @ W_h, 2, axis=-1)"
B_BLOCKS = "b_v, b_g = np.split(b, 2)"
GATE = "g = np.tanh(x_g + h_g + b_g)"
PEAK = "peak = np.maximum(peak_prev, s)"
KEEP = "keep = np.exp(peak_prev - peak)"
GAIN = "gain = np.exp(s - peak)"
NUM = "num = num_prev * keep + v * g * gain"
DEN = "den = den_prev * keep + gain"
SHOW = "h = np.tanh(num / den)"

# Value, gate and score: the same on the way forward and where the way back computes them again.
for _step in (rwa_step_forward, rwa_step_backward):
    variants(_step, "v = x_v + b_v", {
        "v = x_v": "the value's bias is left out: `v = x_v + b_v`",
        "v = x_v + h_g + b_v": "the value sees the state: only gate and score do, so `v = x_v + b_v`",
        "v = np.tanh(x_v + b_v)": "the value is squashed: v is the sum itself, only the gate goes through tanh",
        "v = x_v + b_g": "the value has the gate's bias: the blocks of b are v|g",
    })
    variants(_step, GATE, {
        "g = np.tanh(x_g + h_g)": "the gate's bias is left out: `g = np.tanh(x_g + h_g + b_g)`",
        "g = np.tanh(x_g + b_g)": "the gate does not see the state: `g = np.tanh(x_g + h_g + b_g)`",
        "g = np.tanh(h_g + b_g)": "the gate does not see the input: `g = np.tanh(x_g + h_g + b_g)`",
        "g = 1 / (1 + np.exp(-(x_g + h_g + b_g)))":
            "the gate g goes through sigmoid: here it is tanh, so that a value can be taken away too",
        "g = x_g + h_g + b_g": "the gate's tanh is left out: `g = np.tanh(x_g + h_g + b_g)`",
        "g = np.tanh(x_g) + h_g + b_g":
            "the bracket of the gate's tanh closes too early: `g = np.tanh(x_g + h_g + b_g)`",
    })
    variants(_step, "s = x_s + h_s", {
        "s = x_s": "the score does not see the state: `s = x_s + h_s`",
        "s = h_s": "the score does not see the input: `s = x_s + h_s`",
        "s = np.tanh(x_s + h_s)": "the score is squashed: s is the sum itself, and may be large",
        "s = x_s + h_s + b_g":
            "the score has a bias: it would cancel between num and den, so b has the blocks v|g alone",
    })
    variants(_step, H_BLOCKS, {
        "h_s, h_g = np.split(h_prev @ W_h, 2, axis=-1)":
            "the blocks of W_h are taken as s|g: they stand in the order g|s",
    })
    edit(
        _step, "v = x_v + b_v", "v = x_v + h_g + b_v", GATE, GATE.replace("h_g", "h_s"), "s = x_s + h_s", "s = x_s",
        "the state goes into value and gate: W_h has the blocks g|s, so that gate and score see it",
    )
    edit(
        _step, "v = x_v + b_v", "v = x_v", GATE, GATE.replace("b_g", "b_v"), "s = x_s + h_s", "s = x_s + h_s + b_g",
        "the bias goes into gate and score: b has the blocks v|g, so that value and gate have it",
    )
    for _order in ("vsg", "gvs", "sgv", "svg", "gsv"):
        edit(
            _step, X_BLOCKS, f"{', '.join(f'x_{block}' for block in _order)} = np.split(x @ W_x, 3, axis=-1)",
            f"the blocks of W_x are taken as {'|'.join(_order)}: they stand in the order v|g|s",
        )

variants(rwa_step_forward, B_BLOCKS, {
    "b_g, b_v = np.split(b, 2)": "the blocks of b are taken as g|v: they stand in the order v|g",
})

# The running sums and the unit that they are measured in.

variants(rwa_step_forward, PEAK, {
    "peak = s": "the peak is this step's score: it is the largest so far, `np.maximum(peak_prev, s)`, "
                "else an old sum can overflow",
    "peak = np.maximum(s, 0)":
        "the peak forgets the scores before: it is `np.maximum(peak_prev, s)`, the largest of all, "
        "and not the larger of this one and 0",
    "peak = np.maximum(peak_prev, np.abs(s))":
        "the peak is made of scores without their signs: it is the largest so far, `np.maximum(peak_prev, s)`",
    "peak = np.minimum(peak_prev, s)":
        "the peak is the smallest score: it is the largest so far, `np.maximum(peak_prev, s)`",
    "peak = np.full_like(s, np.maximum(peak_prev, s).max())":
        "one peak serves all units and sequences: each has a sum of its own, so each has its own peak, "
        "`np.maximum(peak_prev, s)`",
    "peak = np.broadcast_to(np.maximum(peak_prev, s).max(axis=-1, keepdims=True), s.shape).copy()":
        "one peak serves all units of a sequence: each unit has a sum of its own, so each has its own peak, "
        "`np.maximum(peak_prev, s)`",
})
for _name, _largest, _sentence in [
    ("of_all_scores", "s.max()", "one peak serves all units and sequences: each has a sum of its own, "
                                 "so each has its own peak, `np.maximum(peak_prev, s)`"),
    ("of_a_row", "s.max(axis=-1, keepdims=True)",
        "one peak serves all units of a sequence: each unit has a sum of its own, so each has its own peak, "
        "`np.maximum(peak_prev, s)`"),
]:
    edit(rwa_step_forward, PEAK, f"peak = np.maximum(peak_prev, {_largest})", _sentence, name=f"peak_{_name}")
edit(
    rwa_step_forward, PEAK, "peak = np.maximum(s, 0)", KEEP, "keep = np.exp(-peak)",
    "the old sums shrink anew at each step: they are in units of the old peak, "
    "so they are multiplied by `np.exp(peak_prev - peak)`",
)
edit(
    rwa_step_forward, KEEP, "keep = 1.0", GAIN, "gain = np.exp(s)",
    "the sums are not measured in units of the peak: exp(s) overflows for a large score, "
    "so take `np.exp(s - peak)` and bring the old sums into this unit",
)
variants(rwa_step_forward, KEEP, {
    "keep = 1.0":
        "the old sums stay in the unit of the old peak: multiply num_prev and den_prev by `np.exp(peak_prev - peak)`",
    "keep = np.exp(peak - peak_prev)":
        "the old sums are brought into the new unit the wrong way round: multiply them by `np.exp(peak_prev - peak)`, "
        "at most 1",
    "keep = np.exp(-peak)": "the old sums are measured from 0: they are in units of the old peak, "
                            "so multiply them by `np.exp(peak_prev - peak)`",
    "keep = np.exp(peak_prev - s)":
        "the old sums are brought into the unit of this score: the new unit is the new peak, "
        "`np.exp(peak_prev - peak)`",
    "keep = peak_prev - peak": "`exp` is left out of the factor of the old sums: it is `np.exp(peak_prev - peak)`",
    "keep = 1.0 * (s <= peak_prev)":
        "the old sums are thrown away where the peak rises: they stay, "
        "brought into the new unit by `np.exp(peak_prev - peak)`",
})
variants(rwa_step_forward, GAIN, {
    "gain = np.exp(s)": "this step's weight is not in units of the peak: it is `np.exp(s - peak)`, at most 1",
    "gain = np.exp(s - peak_prev)": "this step's weight is in units of the old peak: it is `np.exp(s - peak)`",
    "gain = s - peak": "`exp` is left out of this step's weight: it is `np.exp(s - peak)`",
})
variants(rwa_step_forward, NUM, {
    "num = num_prev + v * g * gain":
        "the old numerator stays in the unit of the old peak: multiply it by `np.exp(peak_prev - peak)`, "
        "as the denominator",
    "num = num_prev * keep + v * gain":
        "the gate is left out of the numerator: what is added is `v * g` times its weight",
    "num = num_prev * keep + g * gain":
        "the value is left out of the numerator: what is added is `v * g` times its weight",
    "num = num_prev * keep + v * g":
        "the weight is left out of the numerator: what is added is `v * g * np.exp(s - peak)`",
    "num = v * g * gain": "the old numerator is forgotten: add the new part to it",
    "num = num_prev * keep + (v + g) * gain": "value and gate are added: they are multiplied, `v * g`",
    "num = num_prev * keep + v * g * keep":
        "what is added to num is multiplied by the factor of the old sums: it has this step's weight, "
        "`np.exp(s - peak)`",
    "num = num_prev * keep + v * g * np.exp(s)":
        "what is added to num is not in units of the peak: it is `v * g * np.exp(s - peak)`",
    "num = num_prev * keep + v * g * gain * s":
        "the score multiplies what is added to num: it counts through `np.exp(s - peak)` alone",
    "num = num_prev * keep + np.exp(v * g * (s - peak))":
        "a bracket of `np.exp` is in the wrong place: value and gate stand before it, `v * g * np.exp(s - peak)`",
    "num = (num_prev + v * g) * gain":
        "the old numerator is multiplied by this step's weight: only what is new is, `v * g * np.exp(s - peak)`",
})
variants(rwa_step_forward, DEN, {
    "den = den_prev + gain": "the old denominator stays in the unit of the old peak: "
                             "multiply it by `np.exp(peak_prev - peak)`, as the numerator",
    "den = den_prev * gain + gain":
        "the old denominator is multiplied by this step's weight: it is multiplied by `np.exp(peak_prev - peak)`",
    "den = den_prev * keep + keep":
        "what is added to den is the factor of the old sums: it is this step's weight, `np.exp(s - peak)`",
    "den = den_prev * keep + np.exp(s)": "what is added to den is not in units of the peak: it is `np.exp(s - peak)`",
    "den = den_prev * keep + s": "the score itself is added to den: it is this step's weight, `np.exp(s - peak)`",
    "den = den_prev * keep + 1": "the denominator counts the steps: it adds up the weights, `np.exp(s - peak)`",
    "den = gain": "the old denominator is forgotten: add this step's weight to it",
    "den = den_prev * keep + g * gain": "the gate is in the denominator: it adds up the weights alone",
    "den = den_prev * keep + v * g * gain":
        "the denominator adds up what the numerator does: it is the sum of the weights alone",
})
variants(rwa_step_forward, SHOW, {
    "h = num / den": "tanh is left out of the state: `h = np.tanh(num / den)`",
    "h = np.tanh(num)": "the numerator is not divided: the mean is `num / den`",
    "h = np.tanh(num) / den": "tanh comes before the division: `h = np.tanh(num / den)`",
    "h = np.tanh(num / (den + 1))":
        "1 is added to the denominator: it is never below 1, since the largest weight is 1",
    "h = np.tanh(num_prev / den_prev)":
        "the state is read from the old sums: it is made of the new ones, `np.tanh(num / den)`",
    "h = np.tanh(v * g)": "the state is this step's value alone: it is the mean over all steps, `np.tanh(num / den)`",
    "h = h_prev + np.tanh(num / den)":
        "the new state is added to the old one: it takes its place, `h = np.tanh(num / den)`",
})
edit(
    rwa_step_forward, NUM, "num = num_prev * gain + v * g * keep", DEN, "den = den_prev * gain + keep",
    "the factors of old and new are swapped: the old sums are multiplied by `np.exp(peak_prev - peak)`, "
    "what is added by `np.exp(s - peak)`",
)
edit(
    rwa_step_forward, "return h, num, den, peak", "return h, num, den, peak_prev",
    "the old peak is returned: the next step needs the new one, in whose unit the sums now are",
)
edit(
    rwa_step_forward, "return h, num, den, peak", "return h, num, den, s",
    "this step's score is returned as the peak: the next step needs the largest so far",
)
edit(
    rwa_step_forward, SHOW, f"{SHOW}\nnum = num / den",
    "the mean is returned as num: the next step adds to the sum, so return it undivided",
)

# The way back.

DMEAN = "dmean = dh * (1 - h**2)"
DNUM = "dnum = dnum + dmean / den"
DDEN = "dden = dden - dmean * num / den**2"
DV = "dv = dnum * g * gain"
DA_G = "da_g = dnum * v * gain * (1 - g**2)"
DS = "ds = (dnum * v * g + dden) * gain"
DSUMS_X = "dsums_x = np.concatenate([dv, da_g, ds], axis=-1)"
DSUMS_H = "dsums_h = np.concatenate([da_g, ds], axis=-1)"
DB = "db = np.concatenate([dv, da_g], axis=-1).sum(axis=0)"

variants(rwa_step_backward, B_BLOCKS, {
    "b_g, b_v = np.split(b, 2)": "the blocks of b are taken as g|v: they stand in the order v|g",
})
variants(rwa_step_backward, DMEAN, {
    "dmean = dh": "the slope of tanh is left out: h is tanh of the mean, so dh is multiplied by `1 - h**2`",
    "dmean = dh * (1 - h)": "the square of h is missing: the slope of tanh is `1 - h**2`",
    "dmean = dh * (1 - np.tanh(h) ** 2)":
        "tanh is taken of the state again: h went through tanh already, so the slope is `1 - h**2`",
    "dmean = dh * (1 - (num / den) ** 2)": "the mean is taken for its tanh: the slope is `1 - h**2`",
    "dmean = dh * (1 - h**2) * h": "a factor h is too many: the slope of tanh is `1 - h**2`",
    "dmean = dh * h * (1 - h)": "the slope is that of a sigmoid: h is a tanh, so it is `1 - h**2`",
})
variants(rwa_step_backward, DNUM, {
    "dnum = dmean / den": "what comes back to num from the next step is forgotten: add it to what comes through h",
    "": "what comes back to num through h is forgotten: `dnum = dnum + dmean / den`",
    "dnum = dnum + dmean": "the division is forgotten: h is made of `num / den`, so num gets `dmean / den`",
    "dnum = dnum + dh / den": "the slope of tanh is left out on the way to num: h is tanh of the mean, "
                              "so it is `dmean / den`, with `dh * (1 - h**2)` for dmean",
    "dnum = (dnum + dmean) / den":
        "the dnum that arrives is divided too: only what comes through the mean is, `dnum + dmean / den`",
    "dnum = dnum + dmean * den": "num gets dmean times den: it was divided by den, so it is `dmean / den`",
})
variants(rwa_step_backward, DDEN, {
    "dden = -dmean * num / den**2":
        "what comes back to den from the next step is forgotten: add it to what comes through h",
    "": "what comes back to den through h is forgotten: `dden = dden - dmean * num / den**2`",
    "dden = dden + dmean * num / den**2":
        "den's part of the quotient has the wrong sign: a larger den makes the mean smaller, so it is minus",
    "dden = dden - dmean * num / den":
        "the square of den is missing: the slope of `num / den` in den is `-num / den**2`",
    "dden = dden - dh * num / den**2":
        "the slope of tanh is left out on the way to den: h is tanh of the mean, so dh is multiplied by `1 - h**2`",
    "dden = dden - dmean * h / den":
        "the state is taken for the mean: the slope of `num / den` in den is `-num / den**2`, and h is its tanh",
    "dden = dden - dmean / den**2": "`num` is missing: the slope of `num / den` in den is `-num / den**2`",
    "dden = dden + dmean / den": "den is treated as num was: the slope of `num / den` in den is `-num / den**2`",
    "dden = dden - dmean / den":
        "`den` gets what num gets, with a minus: the slope of `num / den` in den is `-num / den**2`",
    "dden = dden - dmean * num / den * den":
        "nothing is left of the division by the square of den: `/ den * den` divides once and multiplies again, "
        "so write `/ den**2`, or `/ (den * den)`",
})
variants(rwa_step_backward, "dnum_prev = dnum * keep", {
    "dnum_prev = dnum": "`dnum_prev` stays in the new unit: num_prev was multiplied by `np.exp(peak_prev - peak)`, "
                        "so multiply its gradient too",
    "dnum_prev = dnum * gain":
        "`dnum_prev` goes back through this step's weight: num_prev was multiplied by `np.exp(peak_prev - peak)`",
    "dnum_prev = dnum / np.maximum(keep, 1e-300)":
        "`dnum_prev` is divided: num_prev was multiplied by `np.exp(peak_prev - peak)`, and so is its gradient",
})
edit(
    rwa_step_backward, "dnum_prev = dnum * keep", "dnum_prev = dnum", "dden_prev = dden * keep", "dden_prev = dden",
    "`dnum_prev` and dden_prev stay in the new unit: the old sums were multiplied by `np.exp(peak_prev - peak)`, "
    "so multiply their gradients too",
)
edit(
    rwa_step_backward, DNUM, f"given = dnum, dden\n{DNUM}", "dnum_prev = dnum * keep", "dnum_prev = given[0] * keep",
    "dden_prev = dden * keep", "dden_prev = given[1] * keep",
    "`dnum_prev` and dden_prev are made of what arrived: what comes through h goes back to the old sums too",
)
variants(rwa_step_backward, "dden_prev = dden * keep", {
    "dden_prev = dden": "`dden_prev` stays in the new unit: den_prev was multiplied by `np.exp(peak_prev - peak)`, "
                        "so multiply its gradient too",
    "dden_prev = dden * gain":
        "`dden_prev` goes back through this step's weight: den_prev was multiplied by `np.exp(peak_prev - peak)`",
})
variants(rwa_step_backward, KEEP, {
    "keep = np.exp(peak - peak_prev)":
        "the gradients of the old sums are brought into the old unit the wrong way round: "
        "multiply by `np.exp(peak_prev - peak)`",
})
variants(rwa_step_backward, GAIN, {
    "gain = np.exp(s)": "this step's weight is not in units of the peak: it was `np.exp(s - peak)`",
    "gain = np.exp(s - peak_prev)": "this step's weight is in units of the old peak: it was `np.exp(s - peak)`",
    "gain = 1.0": "this step's weight is forgotten: `v * g` was multiplied by `np.exp(s - peak)`",
})
variants(rwa_step_backward, DV, {
    "dv = dnum * gain": "the gate is forgotten in the value's gradient: it is dnum times `g * np.exp(s - peak)`",
    "dv = dnum * g": "the weight is forgotten in the value's gradient: it is dnum times `g * np.exp(s - peak)`",
    "dv = dnum * v * gain": "the value's gradient takes v: in `v * g` it takes the other, g",
    "dv = dnum * g * gain * (1 - v**2)": "the value's gradient has a slope: v is a sum, it went through no tanh",
})
variants(rwa_step_backward, DA_G, {
    "da_g = dnum * v * gain": "the slope of the gate's tanh is forgotten: multiply by `1 - g**2`",
    "da_g = dnum * v * gain * (1 - g)": "the square of g is missing: the slope of the gate's tanh is `1 - g**2`",
    "da_g = dnum * v * gain * g * (1 - g)": "the gate's slope is that of a sigmoid: g is a tanh, so it is `1 - g**2`",
    "da_g = dnum * v * gain * (1 - np.tanh(g) ** 2)":
        "tanh is taken of the gate again: g went through it already, so the slope is `1 - g**2`",
    "da_g = dnum * gain * (1 - g**2)": "the value is forgotten in the gate's gradient: in `v * g` it takes v",
    "da_g = dnum * v * (1 - g**2)":
        "the weight is forgotten in the gate's gradient: `v * g` was multiplied by `np.exp(s - peak)`",
})
variants(rwa_step_backward, DS, {
    "ds = dnum * v * g * gain": "the score's gradient comes from the numerator alone: "
                                "its weight was added to den too, so take `dnum * v * g + dden`",
    "ds = dden * gain": "the score's gradient comes from the denominator alone: its weight is in num too, "
                        "so take `dnum * v * g + dden`",
    "ds = dnum * v * g + dden":
        "the weight is missing in the score's gradient: the slope of exp is exp itself, `np.exp(s - peak)`",
    "ds = dnum * v * g * gain + dden":
        "a bracket is missing in the score's gradient: the weight multiplies both parts, "
        "`(dnum * v * g + dden) * np.exp(s - peak)`",
    "ds = (dnum * v * g - dden) * gain":
        "a sign is wrong in the score's gradient: the minus is in dden already, "
        "`(dnum * v * g + dden) * np.exp(s - peak)`",
    "ds = (dnum * v * g + dden) * gain * (1 - np.tanh(s) ** 2)":
        "the score's gradient has the slope of a tanh, `1 - np.tanh(s)**2`: s is a sum, and exp has its own slope, "
        "`np.exp(s - peak)`",
    "ds = (dnum * v * g + dden) * gain * (1 - s**2)":
        "the score's gradient has the slope of a tanh: s is a sum, and exp has its own slope, `np.exp(s - peak)`",
    "ds = (dnum * v * g + dden) * gain - (s == peak) * (dnum * num + dden * den)":
        "a gradient goes through the peak: it is a unit of measure, which cancels in `num / den`, "
        "so take it for a constant",
    "ds = (dmean / den * v * g - dmean * num / den**2) * gain":
        "the score's gradient comes from this step's state alone: take all of dnum and dden, "
        "with what comes back from the next step",
    "ds = (dnum * v * g + dden * v * g) * gain":
        "the denominator has no value and no gate in it: "
        "the score's gradient is `(dnum * v * g + dden) * np.exp(s - peak)`",
    "ds = (s < peak) * (dnum * v * g + dden) * gain":
        "the score that is the peak hands nothing back: only the peak is taken for a constant, "
        "and every score has its weight",
    "ds = (dnum * v + dden) * gain":
        "the gate is forgotten in the score's gradient: `(dnum * v * g + dden) * np.exp(s - peak)`",
    "ds = (s == peak) * (dnum * v * g + dden) * gain":
        "the score's gradient goes through the maximum: the peak is taken for a constant, "
        "and every score has its weight",
})
variants(rwa_step_backward, "dx = dsums_x @ W_x.T", {
    "dx = dv @ W_x[:, : dv.shape[-1]].T": "`dx` takes the value alone: all three blocks read x, so add all three",
    "dx = np.concatenate([0 * dv, da_g, ds], axis=-1) @ W_x.T":
        "`dx` leaves out the value: all three blocks read x, so add all three",
    "dx = np.concatenate([dv, da_g, 0 * ds], axis=-1) @ W_x.T":
        "`dx` leaves out the score: all three blocks read x, so add all three",
    "dx = np.concatenate([dv, 0 * da_g, ds], axis=-1) @ W_x.T":
        "`dx` leaves out the gate: all three blocks read x, so add all three",
})
variants(rwa_step_backward, "dh_prev = dsums_h @ W_h.T", {
    "dh_prev = np.concatenate([da_g, 0 * ds], axis=-1) @ W_h.T":
        "`dh_prev` leaves out the score: gate and score both read h_prev",
    "dh_prev = np.concatenate([0 * da_g, ds], axis=-1) @ W_h.T":
        "`dh_prev` leaves out the gate: gate and score both read h_prev",
    "dh_prev = np.concatenate([dv, da_g], axis=-1) @ W_h.T":
        "`dh_prev` takes the gradients of value and gate: W_h has the blocks g|s, so it takes those of gate and score",
    "dh_prev = dsums_h @ W_h.T + dh":
        "`dh` is handed on to h_prev: the old state goes into the new one through gate and score alone",
})
edit(
    rwa_step_backward, "dW_h = h_prev.T @ dsums_h", "dW_h = h.T @ dsums_h",
    "`dW_h` takes the state that the step made: W_h multiplied the state before it, so `h_prev.T`",
)
edit(
    rwa_step_backward, "dW_h = h_prev.T @ dsums_h", "dW_h = h_prev.T @ np.concatenate([dv, da_g], axis=-1)",
    "`dW_h` takes the gradients of value and gate: W_h has the blocks g|s, so it takes those of gate and score",
)
edit(
    rwa_step_backward, DSUMS_H, "dsums_h = np.concatenate([dv, da_g], axis=-1)",
    "`dh_prev` and dW_h take the gradients of value and gate: W_h has the blocks g|s, "
    "so they take those of gate and score",
)
edit(
    rwa_step_backward, DSUMS_H, "dsums_h = np.concatenate([ds, da_g], axis=-1)",
    "the blocks of W_h are taken as s|g in the gradients: they stand in the order g|s",
)
for _blocks in [("dv", "ds", "da_g"), ("da_g", "dv", "ds"), ("ds", "da_g", "dv"), ("ds", "dv", "da_g"),
    ("da_g", "ds", "dv")]:
    edit(
        rwa_step_backward, DSUMS_X, f"dsums_x = np.concatenate([{', '.join(_blocks)}], axis=-1)",
        f"the gradients of the blocks of W_x are put together as {'|'.join(block[-1] for block in _blocks)}: "
        "they stand in the order v|g|s",
    )
variants(rwa_step_backward, DB, {
    "db = np.concatenate([da_g, dv], axis=-1).sum(axis=0)": "the blocks of db stand as g|v: b has the order v|g",
    "db = np.concatenate([dv, da_g], axis=-1).mean(axis=0)":
        "`db` is averaged over the batch: the loss has already settled that, here it is a sum",
    "db = dsums_h.sum(axis=0)":
        "`db` takes the gate's and the score's gradients: b has the blocks v|g, and the score has no bias",
})
edit(
    rwa_step_backward,
    "dW_x = x.T @ dsums_x", "dW_x = x.T @ dsums_x / len(x)",
    "dW_h = h_prev.T @ dsums_h", "dW_h = h_prev.T @ dsums_h / len(x)",
    DB, "db = np.concatenate([dv, da_g], axis=-1).mean(axis=0)",
    "the weights' gradients are divided by the batch size N: the loss has already settled that, here they are sums",
)
