"""Known mistakes of assignment 06-gru in the way back through PyTorch's variant, and in a unit with one gate."""

from unrolled.mistakes.edits import edit, last_line, variants
from unrolled.unprinted.gru import gru_reset_after_step_backward, mgu_step_backward, mgu_step_forward

# The reset after the product, on the way back.

WEIGHED, DR = "weighed = h_prev @ W_hn + b_hn", "dr = da_n * weighed"
DWEIGHED = "dweighed = da_n * r"
DA_H = "da_h = np.concatenate([da_r, da_z, dweighed], axis=-1)"
WAYS = "dh_prev = dh * z + da_h @ W_h.T"
DW_X, DW_H = "dW_x = x.T @ da", "dW_h = h_prev.T @ da_h"
DX, DB, DB_HN = "dx = da @ W_x.T", "db = da.sum(axis=0)", "db_hn = dweighed.sum(axis=0)"

variants(gru_reset_after_step_backward, WEIGHED, {
    "weighed = h_prev @ W_hn":
        "`dr` misses b_hn: r multiplied `h_prev @ W_hn + b_hn`, so dr is da_n times all of that",
    "weighed = np.arctanh(n)": "`dr` takes the whole sum inside tanh: r multiplied `h_prev @ W_hn + b_hn` alone, "
                               "not what comes from x and b_n",
    "W_xn = np.split(W_x, 3, axis=-1)[2]\nweighed = x @ W_xn + h_prev @ W_hn + b_hn":
        "`dr` takes the input's part too: r multiplied `h_prev @ W_hn + b_hn` alone, `x @ W_xn` stood outside",
    "weighed = (r * h_prev) @ W_hn + b_hn":
        "`dr` takes the product after a reset: r came after it here, so dr is da_n times `h_prev @ W_hn + b_hn`",
    "weighed = n": "`dr` takes the candidate: r multiplied `h_prev @ W_hn + b_hn`, so dr is da_n times that",
    "weighed = b_hn":
        "`dr` misses the state's product: r multiplied `h_prev @ W_hn + b_hn`, so dr is da_n times all of that",
    "weighed = h_prev": "`dr` takes h_prev as it is: r multiplied it after the product, `h_prev @ W_hn + b_hn`",
})
edit(
    gru_reset_after_step_backward,
    DR, "dr = da_n @ W_hn.T * h_prev",
    WAYS, "dh_prev = dh * z + da_n @ W_hn.T * r + da_r @ W_hr.T + da_z @ W_hz.T",
    DW_H, "dW_h = np.concatenate([h_prev.T @ da_r, h_prev.T @ da_z, (r * h_prev).T @ da_n], axis=-1)",
    "this is the way back of a reset before the product, as in gru_step_backward: "
    "here r multiplied `h_prev @ W_hn + b_hn`",
)
variants(gru_reset_after_step_backward, DR, {
    "dr = da_n": "`dr` lacks what r multiplied: it is `da_n * (h_prev @ W_hn + b_hn)`",
    "dr = da_n @ W_hn.T * h_prev":
        "`dr` is made as for a reset before the product: here r multiplied `h_prev @ W_hn + b_hn`, "
        "so dr is da_n times that",
    "dr = dweighed * weighed": "`dr` has a factor r too many: in a product each one's gradient takes the other, "
                               "`da_n * (h_prev @ W_hn + b_hn)`",
    "dr = dn * weighed":
        "the slope of tanh is missing on the way to r: it is da_n that arrives there, `dn * (1 - n**2)`",
})
variants(gru_reset_after_step_backward, DWEIGHED, {
    "dweighed = dn * r": "tanh's slope is skipped on the way to W_hn: it is da_n that goes back there, `da_n * r`, "
                         "with `da_n = dn * (1 - n**2)`",
    "dweighed = dh * r":
        "`dh` goes back to W_hn as it is: it is da_n that does, `da_n * r`, with 1 - z and the slope of tanh in it",
})
edit(
    gru_reset_after_step_backward, DWEIGHED, "dweighed = da_n",
    "the reset is forgotten on the way back: `h_prev @ W_hn + b_hn` was multiplied by r, "
    "so its gradient is `da_n * r`",
)
edit(
    gru_reset_after_step_backward, WAYS, "dh_prev = dh * z + da @ W_h.T", DW_H, "dW_h = h_prev.T @ da",
    "`dh_prev` and dW_h are made without the reset: the state's product was multiplied by r in its third block, "
    "whose gradient is `da_n * r`",
)
variants(gru_reset_after_step_backward, DW_H, {
    "dW_h = h_prev.T @ da": "`dW_h` is made without the reset: in its third block `h_prev @ W_hn` was multiplied by "
                            "r, so its gradient is `da_n * r`",
    "dW_h = np.concatenate([h_prev.T @ da_r, h_prev.T @ da_z, (r * h_prev).T @ da_n], axis=-1)":
        "the n block of dW_h is made as for a reset before the product: W_hn met h_prev itself, and r came after, "
        "`h_prev.T @ (da_n * r)`",
})
variants(gru_reset_after_step_backward, WAYS, {
    "dh_prev = dh * z + da @ W_h.T":
        "`dh_prev` is made without the reset: its way through the candidate is `(da_n * r) @ W_hn.T`",
    "dh_prev = dh * z + da_n @ W_hn.T * r + da_r @ W_hr.T + da_z @ W_hz.T":
        "on the way through the candidate r comes after the product: it was the last on the way forward, "
        "so here it is the first, `(da_n * r) @ W_hn.T`",
    "dh_prev = da_h @ W_h.T": "`dh_prev` misses the direct way: h keeps `z * h_prev`, so `dh * z` belongs to it",
    "dh_prev = dh * (1 - z) + da_h @ W_h.T":
        "the direct way to `dh_prev` takes the candidate's share, 1 - z: h keeps `z * h_prev`, so it is `dh * z`",
    "dh_prev = dh * z + dweighed @ W_hn.T":
        "`dh_prev` misses the ways through the gates: add `da_r @ W_hr.T + da_z @ W_hz.T`",
    "dh_prev = dh * z + da_r @ W_hr.T + da_z @ W_hz.T":
        "`dh_prev` misses the way through the candidate: add `(da_n * r) @ W_hn.T`",
    "dh_prev = dh * z + dweighed @ W_hn.T + da_z @ W_hz.T":
        "`dh_prev` misses the way through the reset gate: add `da_r @ W_hr.T`",
    "dh_prev = dh * z + dweighed @ W_hn.T + da_r @ W_hr.T":
        "`dh_prev` misses the way through the update gate: add `da_z @ W_hz.T`",
})
edit(
    gru_reset_after_step_backward, DW_H,
    "dW_h = np.concatenate([h_prev.T @ da_r, h_prev.T @ da_z, (r * h_prev).T @ dweighed], axis=-1)",
    "the n block of dW_h has the factor r twice: it is `h_prev.T @ (da_n * r)`",
)
edit(
    gru_reset_after_step_backward, DX, "dx = da_h @ W_x.T", DW_X, "dW_x = x.T @ da_h", DB, "db = da_h.sum(axis=0)",
    "the reset is applied to what came from the input as well: x and b stood outside it, so dx, "
    "dW_x and db take da_n as it is",
)
edit(
    gru_reset_after_step_backward, DX, "dx = da_h @ W_x.T", DW_X, "dW_x = x.T @ da_h",
    "the reset stands in dx and dW_x: `x @ W_xn` was added outside it, so they take da_n as it is",
)
edit(gru_reset_after_step_backward, DB, "db = da_h.sum(axis=0)",
    "the reset stands in `db`: b_n was added outside it, so its part is the sum of da_n")
variants(gru_reset_after_step_backward, DB_HN, {
    "db_hn = da_n.sum(axis=0)":
        "`db_hn` is the same as b_n's: b_hn stands inside the reset, so its gradient is the sum of `da_n * r`",
    "db_hn = (dweighed * r).sum(axis=0)": "`db_hn` has the factor r twice: its gradient is the sum of `da_n * r`",
    "db_hn = (dweighed * weighed).sum(axis=0)":
        "`db_hn` takes what b_hn was added to, and r: a sum hands its gradient on as it is, "
        "so it is the sum of `da_n * r` alone",
    "db_hn = (da_n * r * h_prev).sum(axis=0)":
        "`db_hn` takes h_prev: that is what a weight met; a bias is added, so its gradient is the sum of `da_n * r`",
    "db_hn = da_r.sum(axis=0)":
        "`db_hn` is the gradient of the r block's bias: b_hn stands in the candidate, so it is the sum of `da_n * r`",
    "db_hn = (dn * r).sum(axis=0)":
        "tanh's slope is skipped in db_hn: it is the sum of `da_n * r`, with `da_n = dn * (1 - n**2)`",
    "db_hn = dweighed":
        "`db_hn` is not summed over the batch: b_hn was added to every row, so it has the shape of b_hn",
    "db_hn = dweighed.mean(axis=0)":
        "`db_hn` is averaged over the batch: the loss has already settled that, here it is a sum",
    "db_hn = (da_n * weighed).sum(axis=0)":
        "`db_hn` takes what b_hn was added to: a sum hands its gradient on as it is, `da_n * r`",
})
edit(
    gru_reset_after_step_backward, last_line(gru_reset_after_step_backward),
    "return dx, dh_prev, dW_x, dW_h, db_hn, db",
    "`db_hn` comes before db: the order of the results is dx, dh_prev, dW_x, dW_h, db, db_hn",
)
variants(gru_reset_after_step_backward, "dz = dh * (h_prev - n)", {
    "dz = dh * (n - h_prev)": "`dz` has the wrong sign: h grows with z by `h_prev - n`",
    "dz = dh * (h_prev - n) * z":
        "`dz` has a factor z too many, as with h in the place of h_prev: it is `dh * (h_prev - n)`, "
        "and z stands in the slope alone",
    "dz = dh * (h_prev - (1 - z) * n)":
        "`dz` keeps the factor 1 - z at the candidate: what z takes from h is n itself, so it is `dh * (h_prev - n)`",
    "dz = dh * (z * h_prev - n)":
        "`dz` keeps the factor z at the old state: what z gives to h is h_prev itself, so it is `dh * (h_prev - n)`",
    "dz = dh * h_prev":
        "`dz` misses the candidate: z takes from n what it gives to h_prev, so dz is `dh * (h_prev - n)`",
})
variants(gru_reset_after_step_backward, "dn = dh * (1 - z)", {
    "dn = dh * z": "`dn` takes the old state's share: n entered h as `(1 - z) * n`, so dn is `dh * (1 - z)`",
    "dn = dh": "`dn` misses its share: n entered h as `(1 - z) * n`, so dn is `dh * (1 - z)`",
})
edit(
    gru_reset_after_step_backward, "r, z, n = np.split(gates, 3, axis=-1)", "z, r, n = np.split(gates, 3, axis=-1)",
    "`gates` is read in the order z|r|n: here the order is r|z|n",
)
edit(
    gru_reset_after_step_backward, "da_z = dz * z * (1 - z)", "da_z = dz", "da_r = dr * r * (1 - r)", "da_r = dr",
    "the slope of the sigmoid is missing: da_z is `dz * z * (1 - z)`, and da_r likewise",
)
edit(gru_reset_after_step_backward, "da_r = dr * r * (1 - r)", "da_r = dr",
    "the slope of the reset gate is missing: da_r is `dr * r * (1 - r)`")
edit(gru_reset_after_step_backward, "da_z = dz * z * (1 - z)", "da_z = dz",
    "the slope of the update gate is missing: da_z is `dz * z * (1 - z)`")

# A unit with one gate.

A_F, A_N = "a_f = x @ W_xf + h_prev @ W_hf + b_f", "a_n = x @ W_xn + (f * h_prev) @ W_hn + b_n"
STATE, GATES = "h = h_prev + f * (n - h_prev)", "gates = np.concatenate([f, n], axis=-1)"

variants(mgu_step_forward, STATE, {
    "h = f * h_prev + (1 - f) * n":
        "`f` is the other way round: here an f near 1 takes the candidate, `h = (1 - f) * h_prev + f * n`",
    "h = h_prev + f * n":
        "the old state is kept whole: it has the share that the candidate leaves, `(1 - f) * h_prev`",
    "h = (1 - f) * h_prev + n": "the candidate is added whole: its share is f, `f * n`",
    "h = f * h_prev + n": "`f` stands at the old state: it is the candidate's share, `h = (1 - f) * h_prev + f * n`",
    "h = f * h_prev + f * n": "the old state has the share of the candidate: it is `(1 - f) * h_prev`",
    "h = (1 - f) * h_prev + (1 - f) * n": "the candidate has the share of the old state: it is `f * n`",
    "h = f * n": "the old state is not kept: add `(1 - f) * h_prev`",
    "h = n": "`h` is the candidate alone: it is `(1 - f) * h_prev + f * n`",
})
variants(mgu_step_forward, A_N, {
    "a_n = x @ W_xn + h_prev @ W_hn + b_n": "the gate does not reset: the candidate sees `f * h_prev`, not h_prev",
    "a_n = x @ W_xn + (f * h_prev) @ W_hn": "the candidate's bias b_n is left out",
    "a_n = x @ W_xn + f * (h_prev @ W_hn)":
        "the reset comes after the matrix product, and the candidate's bias b_n is left out: "
        "here it is `(f * h_prev) @ W_hn + b_n`",
    "a_n = x @ W_xn + f * (h_prev @ W_hn) + b_n":
        "the reset comes after the matrix product: here it comes before, `(f * h_prev) @ W_hn`",
    "a_n = x @ W_xn + f * (h_prev @ W_hn + b_n)":
        "the reset comes after the matrix product, and multiplies the bias: here it is `(f * h_prev) @ W_hn + b_n`",
    "a_n = x @ W_xn + ((1 - f) * h_prev) @ W_hn + b_n":
        "the candidate sees what is kept, `(1 - f) * h_prev`: here f does both, so it sees `f * h_prev`",
    "a_n = f * (x @ W_xn + h_prev @ W_hn + b_n)":
        "the reset multiplies the input as well: it belongs to h_prev alone, `(f * h_prev) @ W_hn`",
    "a_n = f * (x @ W_xn + h_prev @ W_hn) + b_n":
        "the reset multiplies both products: it belongs to h_prev alone, `(f * h_prev) @ W_hn`",
    "a_n = f * (x @ W_xn) + h_prev @ W_hn + b_n":
        "the reset multiplies the input's part: it belongs to h_prev, `(f * h_prev) @ W_hn`",
    "a_n = x @ W_xn + b_n": "the candidate does not see the old state: add `(f * h_prev) @ W_hn`",
})
edit(mgu_step_forward, A_F, "a_f = x @ W_xf + h_prev @ W_hf", A_N, "a_n = x @ W_xn + (f * h_prev) @ W_hn",
    "the bias b is left out")
edit(mgu_step_forward, "f = sigmoid(a_f)", "f = np.tanh(a_f)",
    "the gate uses tanh: it is a share between 0 and 1, so it takes the sigmoid")
edit(mgu_step_forward, "f = sigmoid(a_f)", "f = a_f",
    "the gate is used without its sigmoid: it is a share between 0 and 1")
edit(mgu_step_forward, "n = np.tanh(a_n)", "n = a_n", "the candidate's tanh is left out")
edit(mgu_step_forward, "n = np.tanh(a_n)", "n = np.maximum(a_n, 0)", "the candidate goes through ReLU: it takes tanh")
edit(mgu_step_forward, "n = np.tanh(a_n)", "n = sigmoid(a_n)",
    "the candidate uses the sigmoid: it is a value, so it takes tanh")
edit(
    mgu_step_forward, "W_xf, W_xn = np.split(W_x, 2, axis=-1)", "W_xn, W_xf = np.split(W_x, 2, axis=-1)",
    "W_hf, W_hn = np.split(W_h, 2, axis=-1)", "W_hn, W_hf = np.split(W_h, 2, axis=-1)", "b_f, b_n = np.split(b, 2)",
    "b_n, b_f = np.split(b, 2)",
    "the blocks are taken in the order n|f: here the order is f|n",
)
variants(mgu_step_forward, GATES, {
    "gates = np.concatenate([f, f, n], axis=-1)":
        "`gates` holds f twice: the one gate does two jobs, and its block is returned once, f|n",
    "gates = np.concatenate([n, f], axis=-1)": "`gates` is returned in the order n|f: it must be f|n",
    "gates = np.concatenate([a_f, a_n], axis=-1)":
        "`gates` holds the sums before sigmoid and tanh: the backward pass needs them after",
})

# And its way back.

DF = "df = dh * (n - h_prev) + dseen * h_prev"
BACK = "dh_prev = dh * (1 - f) + dseen * f + da_f @ W_hf.T"

variants(mgu_step_backward, DF, {
    "df = dh * (n - h_prev)":
        "`df` misses the candidate's part: f also multiplied h_prev inside n, so `(da_n @ W_hn.T) * h_prev` is added",
    "df = dh * (n - (1 - f) * h_prev) + dseen * h_prev":
        "`df` keeps the factor 1 - f at the old state: what f takes from h is h_prev itself, "
        "so the mixture's part is `dh * (n - h_prev)`",
    "df = dh * (f * n - h_prev) + dseen * h_prev":
        "`df` keeps the factor f at the candidate: what f gives to h is n itself, "
        "so the mixture's part is `dh * (n - h_prev)`",
    "df = dseen * h_prev":
        "`df` misses the mixture's part: f also weighs n against h_prev, so `dh * (n - h_prev)` is added",
    "df = dh * f * (n - h_prev) + dseen * h_prev":
        "the mixture's part of df has a factor f too many, as with h in the place of n: it is `dh * (n - h_prev)`",
    "df = dh * (h_prev - n) + dseen * h_prev":
        "the mixture's part of df has the wrong sign: h grows with f by `n - h_prev`",
    "df = dh * n + dseen * h_prev":
        "`df` misses the old state: f takes from h_prev what it gives to n, "
        "so the mixture's part is `dh * (n - h_prev)`",
    "df = dh * (n - h_prev) + dh * h_prev":
        "the candidate's part of df takes dh: f multiplied h_prev inside n, so it is `(da_n @ W_hn.T) * h_prev`, "
        "what came back through tanh and W_hn",
    "df = dh * (n - h_prev) + dseen * f * h_prev":
        "the candidate's part of df keeps the factor f: in `f * h_prev` what goes back to f is multiplied by h_prev "
        "alone",
    "df = dh * (n - h_prev) + dseen * f":
        "`f` and h_prev are mixed up: in `f * h_prev` each one's gradient takes the other",
    "df = dh * (n - h_prev) + dseen":
        "`df` lacks a factor: `f * h_prev` went into the candidate, so `(da_n @ W_hn.T) * h_prev` comes back to f",
    "df = dh * (n - h_prev) + da_n * (h_prev @ W_hn)":
        "`df` is made as for a reset after the product: here f came before it, "
        "so its part is `(da_n @ W_hn.T) * h_prev`",
})
variants(mgu_step_backward, BACK, {
    "dh_prev = dseen * f + da_f @ W_hf.T":
        "`dh_prev` misses the direct way: h keeps `(1 - f) * h_prev`, so `dh * (1 - f)` belongs to it",
    "dh_prev = dh * f + dseen * f + da_f @ W_hf.T":
        "the direct way to `dh_prev` takes the candidate's share, f: it is `dh * (1 - f)`",
    "dh_prev = dh * (1 - f) + da_f @ W_hf.T":
        "`dh_prev` misses the way through the candidate: add `(da_n @ W_hn.T) * f`",
    "dh_prev = dh * (1 - f) + dseen * f": "`dh_prev` misses the way through the gate: add `da_f @ W_hf.T`",
    "dh_prev = dh * (1 - f) + dseen + da_f @ W_hf.T":
        "on the way through the candidate the factor f is missing: `f * h_prev` went in, "
        "so `(da_n @ W_hn.T) * f` comes back",
    "dh_prev = dh * (1 - f) + (da_n * f) @ W_hn.T + da_f @ W_hf.T":
        "on the way through the candidate f comes before the product, as for a reset after it: here it comes after, "
        "`(da_n @ W_hn.T) * f`",
    "dh_prev = da @ W_h.T": "`dh_prev` is made as in a plain network: three ways lead back to h_prev, "
                            "and on two of them stands f or 1 - f",
})
variants(mgu_step_backward, "dn = dh * f", {
    "dn = dh * (1 - f)": "`dn` takes the old state's share: n entered h as `f * n`, so dn is `dh * f`",
    "dn = dh": "`dn` misses its share: n entered h as `f * n`, so dn is `dh * f`",
})
edit(
    mgu_step_backward, "dn = dh * f", "dn = dh * (1 - f)", DF, "df = dh * (h_prev - n) + dseen * h_prev", BACK,
    "dh_prev = dh * f + dseen * f + da_f @ W_hf.T",
    "`f` is the other way round: h is `(1 - f) * h_prev + f * n`, so dn is `dh * f` and `dh * (1 - f)` goes to h_prev",
)
for _name, _da_f in {"mixture": "dh * (n - h_prev) + dseen * h_prev * f * (1 - f)",
    "candidate": "dh * (n - h_prev) * f * (1 - f) + dseen * h_prev"}.items():
    edit(
        mgu_step_backward, "da_f = df * f * (1 - f)", f"da_f = {_da_f}",
        f"the gate's slope misses one part of df, that of the {_name}: `f * (1 - f)` multiplies their sum, "
        "so brackets belong around it",
    )
for _name, _kept in {"candidate": "da_f, 0 * da_n", "gate": "0 * da_f, da_n"}.items():
    edit(
        mgu_step_backward, DX, f"dx = np.concatenate([{_kept}], axis=-1) @ W_x.T",
        f"`dx` misses the part of the {_name}: x went into both blocks, so add both",
    )
variants(mgu_step_backward, "dseen = da_n @ W_hn.T", {
    "dseen = dn @ W_hn.T": "tanh's slope is skipped on the way through W_hn: it is da_n that goes back there, "
                           "`da_n @ W_hn.T`, with `da_n = dn * (1 - n**2)`",
    "dseen = (da_n * f) @ W_hn.T":
        "`f` comes before W_hn on the way back, as for a reset after the product: here it is `da_n @ W_hn.T`, "
        "the gradient of `f * h_prev`",
    "dseen = dh @ W_hn.T": "`dh` goes back through W_hn as it is: it is da_n that does, `da_n @ W_hn.T`, "
                           "with f and the slope of tanh in it",
})
edit(mgu_step_backward, "dW_hf = h_prev.T @ da_f", "dW_hf = (f * h_prev).T @ da_f",
    "the f block of dW_h is made with `f * h_prev`: W_hf met h_prev itself")
edit(mgu_step_backward, "da_f = df * f * (1 - f)", "da_f = df",
    "the slope of the gate is missing: da_f is `df * f * (1 - f)`")
for _step, _gate in ((mgu_step_backward, "f"), (gru_reset_after_step_backward, "r"),
    (gru_reset_after_step_backward, "z")):
    for _slope, _wrong in {"(1 - {0}**2)": "is that of tanh", "(1 - {0})": "lacks its factor {0}",
        "{0}": "lacks its factor 1 - {0}"}.items():
        edit(
            _step, f"da_{_gate} = d{_gate} * {_gate} * (1 - {_gate})",
            f"da_{_gate} = d{_gate} * {_slope.format(_gate)}",
            f"the slope of the gate {_gate} {_wrong.format(_gate)}: that of a sigmoid is `{_gate} * (1 - {_gate})`",
        )
variants(mgu_step_backward, "da_n = dn * (1 - n**2)", {
    "da_n = dn": "the slope of tanh is missing: da_n is `dn * (1 - n**2)`",
    "da_n = dn * n * (1 - n)": "the candidate's slope is that of a sigmoid: n is a tanh, so it is `1 - n**2`",
})
variants(mgu_step_backward, "dW_hn = (f * h_prev).T @ da_n", {
    "dW_hn = h_prev.T @ da_n":
        "the n block of dW_h is made with h_prev: W_hn met `f * h_prev`, so it is `(f * h_prev).T @ da_n`",
    "dW_hn = da_n.T @ (f * h_prev)":
        "the n block of dW_h is transposed: for arrays as they are given it is `(f * h_prev).T @ da_n`",
    "dW_hn = h_prev.T @ (f * da_n)":
        "the n block of dW_h is made as for a reset after the product: W_hn met `f * h_prev`, "
        "so it is `(f * h_prev).T @ da_n`",
})
edit(mgu_step_backward, "f, n = np.split(gates, 2, axis=-1)", "n, f = np.split(gates, 2, axis=-1)",
    "`gates` is read in the order n|f: here the order is f|n")
edit(
    mgu_step_backward, "dseen = da_n @ W_hn.T", "dseen = da_n @ W_hn", BACK,
    "dh_prev = dh * (1 - f) + dseen * f + da_f @ W_hf",
    "the blocks of W_h are the wrong way round on the way back: for arrays as they are given it is `da_n @ W_hn.T`, "
    "and likewise for f",
)

# What both ways back have in common.

for _step, _dW_h in {gru_reset_after_step_backward: DW_H,
    mgu_step_backward: "dW_h = np.concatenate([dW_hf, dW_hn], axis=-1)"}.items():
    edit(
        _step, DW_X, f"{DW_X} / len(x)", _dW_h, f"{_dW_h} / len(x)", DB, "db = da.mean(axis=0)",
        "the weights' gradients are divided by the batch size N: the loss has already settled that, "
        "here they are sums",
    )
    edit(_step, DB, "db = da.mean(axis=0)",
        "`db` is averaged over the batch: the loss has already settled that, here it is a sum")
    edit(_step, DB, "db = da",
        "`db` is not summed over the batch: every row was moved by the same b, so its gradient is a sum over axis 0")
