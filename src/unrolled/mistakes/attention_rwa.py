"""Known mistakes of assignment 08-attention in a step of the recurrent weighted average and its way back."""

from unrolled.mistakes.edits import edit, variants
from unrolled.reference.attention import rwa_step_backward, rwa_step_forward

X_BLOCKS = "x_u, x_g, x_a = np.split(x @ W_x, 3, axis=-1)"
H_BLOCKS = "h_g, h_a = np.split(h_prev @ W_h, 2, axis=-1)"
B_BLOCKS = "b_u, b_g = np.split(b, 2)"
GATE = "g = np.tanh(x_g + h_g + b_g)"
PEAK = "peak = np.maximum(peak_prev, a)"
KEEP = "keep = np.exp(peak_prev - peak)"
GAIN = "gain = np.exp(a - peak)"
NUM = "num = num_prev * keep + u * g * gain"
DEN = "den = den_prev * keep + gain"
SHOW = "h = np.tanh(num / den)"

# Content, gate and score: the same on the way forward and where the way back computes them again.
for _step in (rwa_step_forward, rwa_step_backward):
    variants(_step, "u = x_u + b_u", {
        "u = x_u": "the content's bias is left out: `u = x_u + b_u`",
        "u = x_u + h_g + b_u": "the content sees the state: gate and score do, `u = x_u + b_u`",
        "u = np.tanh(x_u + b_u)": "the content is squashed: u is the sum itself, only the gate goes through tanh",
        "u = x_u + b_g": "the content has the gate's bias: the blocks of b are u|g",
    })
    variants(_step, GATE, {
        "g = np.tanh(x_g + h_g)": "the gate's bias is left out: `g = np.tanh(x_g + h_g + b_g)`",
        "g = np.tanh(x_g + b_g)": "the gate does not see the state: `g = np.tanh(x_g + h_g + b_g)`",
        "g = np.tanh(h_g + b_g)": "the gate does not see the input: `g = np.tanh(x_g + h_g + b_g)`",
        "g = 1 / (1 + np.exp(-(x_g + h_g + b_g)))": "the gate g goes through sigmoid: here it is tanh, so that a content can be taken away too",
        "g = x_g + h_g + b_g": "the gate's tanh is left out: `g = np.tanh(x_g + h_g + b_g)`",
        "g = np.tanh(x_g) + h_g + b_g": "the bracket of the gate's tanh closes too early: `g = np.tanh(x_g + h_g + b_g)`",
    })
    variants(_step, "a = x_a + h_a", {
        "a = x_a": "the score does not see the state: `a = x_a + h_a`",
        "a = h_a": "the score does not see the input: `a = x_a + h_a`",
        "a = np.tanh(x_a + h_a)": "the score is squashed: a is the sum itself, and may be large",
        "a = x_a + h_a + b_g": "the score has a bias: it would cancel between num and den, so b has the blocks u|g alone",
    })
    variants(_step, H_BLOCKS, {
        "h_a, h_g = np.split(h_prev @ W_h, 2, axis=-1)": "the blocks of W_h are taken as a|g: they stand in the order g|a",
    })
    for _order in ("uag", "gua", "agu"):
        edit(
            _step, X_BLOCKS, f"{', '.join(f'x_{block}' for block in _order)} = np.split(x @ W_x, 3, axis=-1)",
            f"the blocks of W_x are taken as {'|'.join(_order)}: they stand in the order u|g|a",
        )

variants(rwa_step_forward, B_BLOCKS, {
    "b_g, b_u = np.split(b, 2)": "the blocks of b are taken as g|u: they stand in the order u|g",
})

# The running sums and the unit that they are measured in.

variants(rwa_step_forward, PEAK, {
    "peak = a": "the peak is this step's score: it is the largest so far, `np.maximum(peak_prev, a)`, else an old sum can overflow",
    "peak = np.maximum(a, 0)":
        "the peak forgets the scores before: it is `np.maximum(peak_prev, a)`, the largest of all, and not the larger of this one and 0",
    "peak = np.minimum(peak_prev, a)": "the peak is the smallest score: it is the largest so far, `np.maximum(peak_prev, a)`",
    "peak = np.full_like(a, np.maximum(peak_prev, a).max())":
        "one peak serves all units and sequences: each has a sum of its own, so each has its own peak, `np.maximum(peak_prev, a)`",
    "peak = np.broadcast_to(np.maximum(peak_prev, a).max(axis=-1, keepdims=True), a.shape).copy()":
        "one peak serves all units of a sequence: each unit has a sum of its own, so each has its own peak, `np.maximum(peak_prev, a)`",
})
edit(
    rwa_step_forward, PEAK, "peak = np.maximum(a, 0)", KEEP, "keep = np.exp(-peak)",
    "the old sums shrink anew at each step: they are in units of the old peak, so they are multiplied by `np.exp(peak_prev - peak)`",
)
edit(
    rwa_step_forward, KEEP, "keep = 1.0", GAIN, "gain = np.exp(a)",
    "the sums are not measured in units of the peak: exp(a) overflows for a large score, so take `np.exp(a - peak)` and bring the old sums into this unit",
)
variants(rwa_step_forward, KEEP, {
    "keep = 1.0":
        "the old sums stay in the unit of the old peak: multiply num_prev and den_prev by `np.exp(peak_prev - peak)`",
    "keep = np.exp(peak - peak_prev)":
        "the old sums are brought into the new unit the wrong way round: multiply them by `np.exp(peak_prev - peak)`, at most 1",
    "keep = np.exp(-peak)": "the old sums are measured from 0: they are in units of the old peak, so multiply them by `np.exp(peak_prev - peak)`",
    "keep = np.exp(peak_prev - a)":
        "the old sums are brought into the unit of this score: the new unit is the new peak, `np.exp(peak_prev - peak)`",
    "keep = peak_prev - peak": "`exp` is left out: scores subtract, the sums are multiplied by `np.exp(peak_prev - peak)`",
})
variants(rwa_step_forward, GAIN, {
    "gain = np.exp(a)": "this step's weight is not in units of the peak: it is `np.exp(a - peak)`, at most 1",
    "gain = np.exp(a - peak_prev)": "this step's weight is in units of the old peak: it is `np.exp(a - peak)`",
    "gain = a - peak": "`exp` is left out of this step's weight: it is `np.exp(a - peak)`",
})
variants(rwa_step_forward, NUM, {
    "num = num_prev + u * g * gain": "the old numerator stays in the unit of the old peak: multiply it by `np.exp(peak_prev - peak)`, as the denominator",
    "num = num_prev * keep + u * gain": "the gate is left out of the numerator: what is added is `u * g` times its weight",
    "num = num_prev * keep + g * gain": "the content is left out of the numerator: what is added is `u * g` times its weight",
    "num = num_prev * keep + u * g": "the weight is left out of the numerator: what is added is `u * g * np.exp(a - peak)`",
    "num = u * g * gain": "the old numerator is forgotten: add the new part to it",
    "num = num_prev * keep + (u + g) * gain": "content and gate are added: they are multiplied, `u * g`",
    "num = (num_prev + u * g) * gain": "the old numerator is multiplied by this step's weight: only what is new is, `num_prev * keep + u * g * gain`",
})
variants(rwa_step_forward, DEN, {
    "den = den_prev + gain": "the old denominator stays in the unit of the old peak: multiply it by `np.exp(peak_prev - peak)`, as the numerator",
    "den = den_prev * keep + 1": "the denominator counts the steps: it adds up the weights, `np.exp(a - peak)`",
    "den = gain": "the old denominator is forgotten: add this step's weight to it",
    "den = den_prev * keep + g * gain": "the gate is in the denominator: it adds up the weights alone",
    "den = den_prev * keep + u * g * gain": "the denominator adds up what the numerator does: it is the sum of the weights alone",
})
variants(rwa_step_forward, SHOW, {
    "h = num / den": "tanh is left out of the state: `h = np.tanh(num / den)`",
    "h = np.tanh(num)": "the numerator is not divided: the mean is `num / den`",
    "h = np.tanh(num) / den": "tanh comes before the division: `h = np.tanh(num / den)`",
    "h = np.tanh(num / (den + 1))": "1 is added to the denominator: it is never below 1, since the largest weight is 1",
    "h = np.tanh(num_prev / den_prev)": "the state is read from the old sums: it is made of the new ones, `np.tanh(num / den)`",
    "h = np.tanh(u * g)": "the state is this step's content alone: it is the mean over all steps, `np.tanh(num / den)`",
    "h = h_prev + np.tanh(num / den)": "the new state is added to the old one: it takes its place, `h = np.tanh(num / den)`",
})
edit(
    rwa_step_forward, NUM, "num = num_prev * gain + u * g * keep", DEN, "den = den_prev * gain + keep",
    "the factors of old and new are swapped: the old sums are multiplied by `np.exp(peak_prev - peak)`, what is added by `np.exp(a - peak)`",
)
edit(
    rwa_step_forward, "return h, num, den, peak", "return h, num, den, peak_prev",
    "the old peak is returned: the next step needs the new one, in whose unit the sums now are",
)
edit(
    rwa_step_forward, "return h, num, den, peak", "return h, num, den, a",
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
DU = "du = dnum * g * gain"
DA_G = "da_g = dnum * u * gain * (1 - g**2)"
DA = "da = (dnum * u * g + dden) * gain"
DSUMS_X = "dsums_x = np.concatenate([du, da_g, da], axis=-1)"
DSUMS_H = "dsums_h = np.concatenate([da_g, da], axis=-1)"
DB = "db = np.concatenate([du, da_g], axis=-1).sum(axis=0)"

variants(rwa_step_backward, B_BLOCKS, {
    "b_g, b_u = np.split(b, 2)": "the blocks of b are taken as g|u: they stand in the order u|g",
})
variants(rwa_step_backward, DMEAN, {
    "dmean = dh": "the slope of tanh is left out: h is tanh of the mean, so dh is multiplied by `1 - h**2`",
    "dmean = dh * (1 - h)": "the square of h is missing: the slope of tanh is `1 - h**2`",
    "dmean = dh * (1 - np.tanh(h) ** 2)": "tanh is taken of the state again: h went through tanh already, so the slope is `1 - h**2`",
    "dmean = dh * (1 - (num / den) ** 2)": "the mean is taken for its tanh: the slope is `1 - h**2`",
    "dmean = dh * (1 - h**2) * h": "a factor h is too many: the slope of tanh is `1 - h**2`",
    "dmean = dh * h * (1 - h)": "the slope is that of a sigmoid: h is a tanh, so it is `1 - h**2`",
})
variants(rwa_step_backward, DNUM, {
    "dnum = dmean / den": "what comes back to num from the next step is forgotten: add it to what comes through h",
    "": "what comes back to num through h is forgotten: `dnum = dnum + dmean / den`",
    "dnum = dnum + dmean": "the division is forgotten: h is made of `num / den`, so num gets `dmean / den`",
    "dnum = dnum + dh / den": "the slope of tanh is left out on the way to num: h is tanh of the mean, so it is `dmean / den`, with `dh * (1 - h**2)` for dmean",
    "dnum = (dnum + dmean) / den": "the dnum that arrives is divided too: only what comes through the mean is, `dnum + dmean / den`",
    "dnum = dnum + dmean * den": "num gets dmean times den: it was divided by den, so it is `dmean / den`",
})
variants(rwa_step_backward, DDEN, {
    "dden = -dmean * num / den**2": "what comes back to den from the next step is forgotten: add it to what comes through h",
    "": "what comes back to den through h is forgotten: `dden = dden - dmean * num / den**2`",
    "dden = dden + dmean * num / den**2": "den's part of the quotient has the wrong sign: a larger den makes the mean smaller, so it is minus",
    "dden = dden - dmean * num / den": "the square of den is missing: the slope of `num / den` in den is `-num / den**2`",
    "dden = dden - dh * num / den**2":
        "the slope of tanh is left out on the way to den: h is tanh of the mean, so dh is multiplied by `1 - h**2`",
    "dden = dden - dmean * h / den": "the state is taken for the mean: the slope of `num / den` in den is `-num / den**2`, and h is its tanh",
    "dden = dden - dmean / den**2": "`num` is missing: the slope of `num / den` in den is `-num / den**2`",
    "dden = dden + dmean / den": "den is treated as num was: the slope of `num / den` in den is `-num / den**2`",
})
variants(rwa_step_backward, "dnum_prev = dnum * keep", {
    "dnum_prev = dnum": "`dnum_prev` stays in the new unit: num_prev was multiplied by `np.exp(peak_prev - peak)`, so multiply its gradient too",
    "dnum_prev = dnum * gain": "`dnum_prev` goes back through this step's weight: num_prev was multiplied by `np.exp(peak_prev - peak)`",
    "dnum_prev = dnum / np.maximum(keep, 1e-300)": "`dnum_prev` is divided: num_prev was multiplied by `np.exp(peak_prev - peak)`, and so is its gradient",
})
edit(
    rwa_step_backward, "dnum_prev = dnum * keep", "dnum_prev = dnum", "dden_prev = dden * keep", "dden_prev = dden",
    "`dnum_prev` and dden_prev stay in the new unit: the old sums were multiplied by `np.exp(peak_prev - peak)`, so multiply their gradients too",
)
edit(
    rwa_step_backward, DNUM, f"given = dnum, dden\n{DNUM}", "dnum_prev = dnum * keep", "dnum_prev = given[0] * keep",
    "dden_prev = dden * keep", "dden_prev = given[1] * keep",
    "`dnum_prev` and dden_prev are made of what arrived: what comes through h goes back to the old sums too",
)
variants(rwa_step_backward, "dden_prev = dden * keep", {
    "dden_prev = dden": "`dden_prev` stays in the new unit: den_prev was multiplied by `np.exp(peak_prev - peak)`, so multiply its gradient too",
    "dden_prev = dden * gain": "`dden_prev` goes back through this step's weight: den_prev was multiplied by `np.exp(peak_prev - peak)`",
})
variants(rwa_step_backward, KEEP, {
    "keep = np.exp(peak - peak_prev)":
        "the gradients of the old sums are brought into the old unit the wrong way round: multiply by `np.exp(peak_prev - peak)`",
})
variants(rwa_step_backward, GAIN, {
    "gain = np.exp(a)": "this step's weight is not in units of the peak: it was `np.exp(a - peak)`",
    "gain = 1.0": "this step's weight is forgotten: `u * g` was multiplied by `np.exp(a - peak)`",
})
variants(rwa_step_backward, DU, {
    "du = dnum * gain": "the gate is forgotten in the content's gradient: `du = dnum * g * gain`",
    "du = dnum * g": "the weight is forgotten in the content's gradient: `du = dnum * g * gain`",
    "du = dnum * u * gain": "the content's gradient takes u: in `u * g` it takes the other, g",
    "du = dnum * g * gain * (1 - u**2)": "the content's gradient has a slope: u is a sum, it went through no tanh",
})
variants(rwa_step_backward, DA_G, {
    "da_g = dnum * u * gain": "the slope of the gate's tanh is forgotten: multiply by `1 - g**2`",
    "da_g = dnum * u * gain * (1 - g)": "the square of g is missing: the slope of the gate's tanh is `1 - g**2`",
    "da_g = dnum * u * gain * g * (1 - g)": "the gate's slope is that of a sigmoid: g is a tanh, so it is `1 - g**2`",
    "da_g = dnum * u * gain * (1 - np.tanh(g) ** 2)": "tanh is taken of the gate again: g went through it already, so the slope is `1 - g**2`",
    "da_g = dnum * gain * (1 - g**2)": "the content is forgotten in the gate's gradient: in `u * g` it takes u",
    "da_g = dnum * u * (1 - g**2)": "the weight is forgotten in the gate's gradient: `u * g` was multiplied by `np.exp(a - peak)`",
})
variants(rwa_step_backward, DA, {
    "da = dnum * u * g * gain": "the score's gradient comes from the numerator alone: its weight was added to den too, so take `dnum * u * g + dden`",
    "da = dden * gain": "the score's gradient comes from the denominator alone: its weight is in num too, so take `dnum * u * g + dden`",
    "da = dnum * u * g + dden": "the weight is missing in the score's gradient: the slope of exp is exp itself, `np.exp(a - peak)`",
    "da = dnum * u * g * gain + dden": "a bracket is missing in the score's gradient: the weight multiplies both parts, `(dnum * u * g + dden) * gain`",
    "da = (dnum * u * g - dden) * gain": "a sign is wrong in the score's gradient: the minus is in dden already, `(dnum * u * g + dden) * gain`",
    "da = (dnum * u * g + dden) * gain * (1 - a**2)": "the score's gradient has the slope of a tanh: a is a sum, and exp has its own slope, `np.exp(a - peak)`",
    "da = (dnum * u * g + dden) * gain - (a == peak) * (dnum * num + dden * den)":
        "a gradient goes through the peak: it is a unit of measure, which cancels in `num / den`, so take it for a constant",
    "da = (dmean / den * u * g - dmean * num / den**2) * gain":
        "the score's gradient comes from this step's state alone: take all of dnum and dden, with what comes back from the next step",
    "da = (dnum * u * g + dden * u * g) * gain": "the denominator holds no content: the score's gradient is `(dnum * u * g + dden) * gain`",
    "da = (a < peak) * (dnum * u * g + dden) * gain":
        "the score that is the peak hands nothing back: only the peak is taken for a constant, and every score has its weight",
    "da = (dnum * u + dden) * gain": "the gate is forgotten in the score's gradient: `(dnum * u * g + dden) * gain`",
    "da = (a == peak) * (dnum * u * g + dden) * gain":
        "the score's gradient goes through the maximum: the peak is taken for a constant, and every score has its weight",
})
variants(rwa_step_backward, "dx = dsums_x @ W_x.T", {
    "dx = du @ W_x[:, : du.shape[-1]].T": "`dx` takes the content alone: all three blocks read x, so add all three",
    "dx = np.concatenate([0 * du, da_g, da], axis=-1) @ W_x.T": "`dx` leaves out the content: all three blocks read x, so add all three",
    "dx = np.concatenate([du, da_g, 0 * da], axis=-1) @ W_x.T": "`dx` leaves out the score: all three blocks read x, so add all three",
    "dx = np.concatenate([du, 0 * da_g, da], axis=-1) @ W_x.T": "`dx` leaves out the gate: all three blocks read x, so add all three",
})
variants(rwa_step_backward, "dh_prev = dsums_h @ W_h.T", {
    "dh_prev = np.concatenate([da_g, 0 * da], axis=-1) @ W_h.T": "`dh_prev` leaves out the score: gate and score both read h_prev",
    "dh_prev = np.concatenate([0 * da_g, da], axis=-1) @ W_h.T": "`dh_prev` leaves out the gate: gate and score both read h_prev",
    "dh_prev = dsums_h @ W_h.T + dh":
        "`dh` is handed on to h_prev: the old state goes into the new one through gate and score alone",
})
edit(
    rwa_step_backward, "dW_h = h_prev.T @ dsums_h", "dW_h = h.T @ dsums_h",
    "`dW_h` takes the state that the step made: W_h multiplied the state before it, so `h_prev.T`",
)
edit(
    rwa_step_backward, DSUMS_H, "dsums_h = np.concatenate([da, da_g], axis=-1)",
    "the blocks of W_h are taken as a|g in the gradients: they stand in the order g|a",
)
edit(
    rwa_step_backward, DSUMS_X, "dsums_x = np.concatenate([du, da, da_g], axis=-1)",
    "the gradients of the blocks of W_x are put together as u|a|g: they stand in the order u|g|a",
)
edit(
    rwa_step_backward, DSUMS_X, "dsums_x = np.concatenate([da_g, du, da], axis=-1)",
    "the gradients of the blocks of W_x are put together as g|u|a: they stand in the order u|g|a",
)
variants(rwa_step_backward, DB, {
    "db = np.concatenate([da_g, du], axis=-1).sum(axis=0)": "the blocks of db stand as g|u: b has the order u|g",
    "db = np.concatenate([du, da_g], axis=-1).mean(axis=0)": "`db` is averaged over the batch: the loss has already settled that, here it is a sum",
    "db = dsums_h.sum(axis=0)": "`db` takes the gate's and the score's gradients: b has the blocks u|g, and the score has no bias",
})
edit(
    rwa_step_backward,
    "dW_x = x.T @ dsums_x", "dW_x = x.T @ dsums_x / len(x)",
    "dW_h = h_prev.T @ dsums_h", "dW_h = h_prev.T @ dsums_h / len(x)",
    DB, "db = np.concatenate([du, da_g], axis=-1).mean(axis=0)",
    "the weights' gradients are divided by the batch size N: the loss has already settled that, here they are sums",
)
