"""Known mistakes of assignment 06-gru on the way back through one step, alone and in the loop, which
`shared` goes on with."""

from unrolled.mistakes.edits import edit, variants
from unrolled.reference.gru import gru_backward, gru_step_backward

APART = "r, z, n = np.split(gates, 3, axis=-1)"
W_APART = "W_hr, W_hz, W_hn = np.split(W_h, 3, axis=-1)"
DN, DZ, DR = "dn = dh * (1 - z)", "dz = dh * (h_prev - n)", "dr = d_reset * h_prev"
SLOPE_N, SLOPE_Z, SLOPE_R = "da_n = dn * (1 - n**2)", "da_z = dz * z * (1 - z)", "da_r = dr * r * (1 - r)"
RESET = "d_reset = da_n @ W_hn.T"
DX = "dx = da @ W_x.T"
WAYS = "dh_prev = dh * z + d_reset * r + da_r @ W_hr.T + da_z @ W_hz.T"
DW_HN = "dW_hn = (r * h_prev).T @ da_n"

# Four ways lead back to the old state.

variants(gru_step_backward, WAYS, {
    "dh_prev = d_reset * r + da_r @ W_hr.T + da_z @ W_hz.T":
        "`dh_prev` misses the direct way: h keeps `z * h_prev`, so `dh * z` belongs to it",
    "dh_prev = dh * (1 - z) + d_reset * r + da_r @ W_hr.T + da_z @ W_hz.T":
        "the direct way to `dh_prev` takes the candidate's share, 1 - z: h keeps `z * h_prev`, so it is `dh * z`",
    "dh_prev = dh * z * (1 - z) + d_reset * r + da_r @ W_hr.T + da_z @ W_hz.T":
        "the direct way to `dh_prev` takes the slope of the gate: h keeps `z * h_prev`, so it is `dh * z`",
    "dh_prev = dh * z + da_r @ W_hr.T + da_z @ W_hz.T":
        "`dh_prev` misses the way through the candidate: add `(da_n @ W_hn.T) * r`",
    "dh_prev = dh * z + d_reset * r":
        "`dh_prev` misses the ways through the gates: add `da_r @ W_hr.T + da_z @ W_hz.T`",
    "dh_prev = dh * z + d_reset * r + da_z @ W_hz.T":
        "`dh_prev` misses the way through the reset gate: add `da_r @ W_hr.T`",
    "dh_prev = dh * z + d_reset * r + da_r @ W_hr.T":
        "`dh_prev` misses the way through the update gate: add `da_z @ W_hz.T`",
    "dh_prev = da_r @ W_hr.T + da_z @ W_hz.T":
        "`dh_prev` misses the direct way and the way through the candidate: add up all four, `dh_prev += ...`",
    "dh_prev = d_reset + da_r @ W_hr.T + da_z @ W_hz.T":
        "`dh_prev` is made as in a plain network, `da @ W_h.T`: here `dh * z` comes too, "
        "and the candidate's part takes the factor r, `(da_n @ W_hn.T) * r`",
    "dh_prev = dh * z + d_reset + da_r @ W_hr.T + da_z @ W_hz.T":
        "on the way through the candidate the factor r is missing: `r * h_prev` went in, "
        "so `(da_n @ W_hn.T) * r` comes back",
    "dh_prev = dh * z + (da_n * r) @ W_hn.T + da_r @ W_hr.T + da_z @ W_hz.T":
        "on the way through the candidate r comes before the product, as for a reset after it: here it comes after, "
        "`(da_n @ W_hn.T) * r`",
    "dh_prev = dh * z + d_reset * r + da_r @ W_hr + da_z @ W_hz":
        "W_hr and W_hz are the wrong way round on the way back: "
        "for arrays as they are given it is `da_r @ W_hr.T + da_z @ W_hz.T`",
    "dh_prev = dh * z + d_reset * r + da @ W_h.T":
        "`dh_prev` has the way through the candidate twice, with r and without: `da @ W_h.T` holds it too, "
        "so it takes r's and z's blocks alone",
    "dh_prev = dh * z + d_reset * h_prev + da_r @ W_hr.T + da_z @ W_hz.T":
        "on the way through the candidate h_prev stands in the place of r: in `r * h_prev` what goes back to h_prev "
        "is multiplied by r, `(da_n @ W_hn.T) * r`",
})
for _name, _way in {"direct": "dh * z", "candidate": "d_reset * r", "reset": "da_r @ W_hr.T",
    "update": "da_z @ W_hz.T"}.items():
    edit(
        gru_step_backward, WAYS, f"dh_prev = {_way}",
        "`dh_prev` holds one of its four ways alone: add them up, `dh_prev += ...`, each new one to those before",
        name=f"the_{_name}_way_alone",
    )

# Three blocks lead back to the input.

MISSING = "`dx` misses the part of {}: x went into all three blocks, so add all three"
ALONE = "`dx` holds the part of {} alone: add up all three, `dx += ...`, each new one to those before"
for _heard, _sentence in {
    "rz": "`dx` misses the part of the candidate: add all three, `da_r @ W_xr.T + da_z @ W_xz.T + da_n @ W_xn.T` (a "
          "sum that runs over two lines needs brackets)",
    "rn": MISSING.format("the update gate"),
    "zn": MISSING.format("the reset gate"),
    "r": ALONE.format("the reset gate"),
    "z": ALONE.format("the update gate"),
    "n": ALONE.format("the candidate"),
}.items():
    _blocks = ", ".join(f"da_{gate}" if gate in _heard else f"0 * da_{gate}" for gate in "rzn")
    edit(gru_step_backward, DX, f"dx = np.concatenate([{_blocks}], axis=-1) @ W_x.T", _sentence)

# From h to n, z and r.

variants(gru_step_backward, DR, {
    "dr = 0 * d_reset":
        "the reset gate gets no gradient: it scaled h_prev inside the candidate, so dr is `(da_n @ W_hn.T) * h_prev`",
    "dr = dh * h_prev":
        "`dr` is made of dh: r scaled h_prev inside the candidate, so dr is `(da_n @ W_hn.T) * h_prev`",
    "dr = da_n * h_prev":
        "`dr` is made without W_hn: `r * h_prev` went through it, so dr is `(da_n @ W_hn.T) * h_prev`",
    "dr = da_n * (h_prev @ W_hn)":
        "`dr` is made as for a reset after the matrix product: here it comes before, "
        "so dr is `(da_n @ W_hn.T) * h_prev`",
    "dr = dn @ W_hn.T * h_prev":
        "tanh's slope is skipped on the way to r: it is da_n that goes back there, `(da_n @ W_hn.T) * h_prev`",
    "dr = d_reset * h_prev * r": "`dr` has a factor r too many: in `r * h_prev` each one's gradient takes the other, "
                                 "so it is `(da_n @ W_hn.T) * h_prev`",
    "dr = d_reset * n": "`dr` takes the candidate: r multiplied h_prev, so dr is `(da_n @ W_hn.T) * h_prev`",
    "dr = d_reset": "`dr` is not multiplied by h_prev: `r * h_prev` went in, so dr is `(da_n @ W_hn.T) * h_prev`",
})
edit(
    gru_step_backward, DR, "dr = d_reset * r", WAYS, WAYS.replace("d_reset * r", "d_reset * h_prev"),
    "`r` and h_prev are mixed up: in `r * h_prev` each one's gradient takes the other, "
    "times h_prev for r and times r for h_prev",
)
edit(
    gru_step_backward, DN, f"{DN}\ndh = dn",
    "`dn` stands in the place of dh in dz and on the direct way: "
    "they are `dh * (h_prev - n)` and `dh * z`, so give dn a name of its own",
)
edit(
    gru_step_backward, SLOPE_N, f"{SLOPE_N}\ndh = da_n", DZ, "", SLOPE_Z, f"{DZ}\n{SLOPE_Z}",
    "`da_n` stands in the place of dh in dz and on the direct way: "
    "they are `dh * (h_prev - n)` and `dh * z`, so give da_n a name of its own",
)
variants(gru_step_backward, DZ, {
    "dz = dh * (n - h_prev)": "`dz` has the wrong sign: h grows with z by `h_prev - n`",
    "dz = dh * (h_prev - n) * z":
        "`dz` has a factor z too many, as with h in the place of h_prev: it is `dh * (h_prev - n)`, "
        "and z stands in the slope alone",
    "dz = dh * h_prev":
        "`dz` misses the candidate: z takes from n what it gives to h_prev, so dz is `dh * (h_prev - n)`",
    "dz = dh * (h_prev + n)": "the candidate's part of dz has the wrong sign: where z grows, less of n is taken, "
                              "so dz is `dh * (h_prev - n)`",
    "dz = dh * (h_prev - (1 - z) * n)":
        "`dz` keeps the factor 1 - z at the candidate: what z takes from h is n itself, so it is `dh * (h_prev - n)`",
    "dz = dh * (z * h_prev - n)":
        "`dz` keeps the factor z at the old state: what z gives to h is h_prev itself, so it is `dh * (h_prev - n)`",
    "dz = dh * (z * h_prev - (1 - z) * n)":
        "`dz` keeps the factors z and 1 - z: each term is left with what its share was multiplied by, "
        "`dh * (h_prev - n)`",
    "dz = -dh * n": "`dz` misses the old state: z gives to h_prev what it takes from n, so dz is `dh * (h_prev - n)`",
    "dz = dh * (r * h_prev - n)":
        "`dz` takes the old state after the reset: h keeps `z * h_prev` itself, so dz is `dh * (h_prev - n)`",
    "dz = dh * (1 - z) * (h_prev - n)":
        "`dz` has a factor 1 - z too many, as with h in the place of n, or dn in that of dh: "
        "it is `dh * (h_prev - n)`",
})
variants(gru_step_backward, DN, {
    "dn = dh * z": "`dn` takes the old state's share: n entered h as `(1 - z) * n`, so dn is `dh * (1 - z)`",
    "dn = dh": "`dn` misses its share: n entered h as `(1 - z) * n`, so dn is `dh * (1 - z)`",
})
edit(
    gru_step_backward, DN, "dn = dh * z", DZ, "dz = dh * (n - h_prev)", WAYS, WAYS.replace("dh * z", "dh * (1 - z)"),
    "`z` is the other way round: h is `z * h_prev + (1 - z) * n`, so dn is `dh * (1 - z)` and `dh * z` goes to h_prev",
)

# The slopes.

variants(gru_step_backward, SLOPE_N, {
    "da_n = dn": "the slope of tanh is missing: da_n is `dn * (1 - n**2)`",
    "da_n = dn * (1 - n)": "the slope of tanh is `1 - n**2`, not `1 - n`",
    "da_n = dn * (1 - n)**2":
        "the square stands outside the bracket: the slope of tanh is `1 - n**2`, not `(1 - n)**2`",
    "da_n = dn * n * (1 - n)": "the candidate's slope is that of a sigmoid: n is a tanh, so it is `1 - n**2`",
    "da_n = dn * (1 - np.tanh(n)**2)":
        "the slope of tanh is taken at n again: n is activated already, so the slope is `1 - n**2`",
})
edit(
    gru_step_backward, SLOPE_Z, "da_z = dz", SLOPE_R, "da_r = dr",
    "the slope of the sigmoid is missing: da_z is `dz * z * (1 - z)`, and da_r likewise",
)
edit(
    gru_step_backward, SLOPE_Z, "da_z = dz", SLOPE_R, "da_r = dr", SLOPE_N, "da_n = dn",
    "the gradients stop at the activated gates: go on through sigmoid and tanh, with `r * (1 - r)`, "
    "`z * (1 - z)` and `1 - n**2`",
)
edit(
    gru_step_backward, SLOPE_Z, "da_z = dz * (1 - z)", SLOPE_R, "da_r = dr * (1 - r)",
    "the gates' slope lacks a factor: it is `r * (1 - r)` and `z * (1 - z)`, not `1 - r` and `1 - z`",
)
edit(
    gru_step_backward, SLOPE_R, "da_r = dr",
    "the slope of the reset gate is missing: da_r is `dr * r * (1 - r)`",
)
edit(
    gru_step_backward, SLOPE_Z, "da_z = dz",
    "the slope of the update gate is missing: da_z is `dz * z * (1 - z)`",
)
BRACKETS_Z = "brackets are missing in da_z: the slope `z * (1 - z)` multiplies both terms of `dh * (h_prev - n)`"
variants(gru_step_backward, SLOPE_Z, {
    "da_z = dh * h_prev - dh * n * z * (1 - z)": BRACKETS_Z,
    "da_z = dz * (1 - z**2)": "the slope of the update gate is that of tanh: z is a sigmoid, so it is `z * (1 - z)`",
    "da_z = dz * (1 - z)": "the slope of the update gate lacks its factor z: it is `z * (1 - z)`",
    "da_z = dz * z": "the slope of the update gate lacks its factor 1 - z: it is `z * (1 - z)`",
})
edit(gru_step_backward, SLOPE_Z, "da_z = dh * h_prev * z * (1 - z) - dh * n", BRACKETS_Z,
    name="brackets_around_the_candidate's_part")
variants(gru_step_backward, SLOPE_R, {
    "da_r = dr * (1 - r**2)": "the slope of the reset gate is that of tanh: r is a sigmoid, so it is `r * (1 - r)`",
    "da_r = dr * (1 - r)": "the slope of the reset gate lacks its factor r: it is `r * (1 - r)`",
    "da_r = dr * r": "the slope of the reset gate lacks its factor 1 - r: it is `r * (1 - r)`",
})
edit(
    gru_step_backward, SLOPE_Z, "da_z = dz * (1 - z**2)", SLOPE_R, "da_r = dr * (1 - r**2)",
    "the gates' slope is tanh's: r and z are sigmoids, so it is `r * (1 - r)` and `z * (1 - z)`",
)
AGAIN = [
    SLOPE_Z, "da_z = dz * sigmoid(z) * (1 - sigmoid(z))",
    SLOPE_R, "da_r = dr * sigmoid(r) * (1 - sigmoid(r))",
]
edit(
    gru_step_backward, *AGAIN,
    "the sigmoid is taken of the gates again: they are activated already, so their slope is `z * (1 - z)`",
)
for _name, _lines in {
    "in_the_slopes": [*AGAIN, SLOPE_N, "da_n = dn * (1 - np.tanh(n)**2)"],
    "and_used": [APART, f"{APART}\nr, z, n = sigmoid(r), sigmoid(z), np.tanh(n)"],
}.items():
    edit(
        gru_step_backward, *_lines,
        "the gates are activated a second time: `gates` already went through sigmoid and tanh, so take r, "
        "z and n as they are",
        name=f"activated_again_{_name}",
    )

# The weights, and the order of their blocks.

edit(
    gru_step_backward, RESET, "d_reset = da_n @ W_hn", WAYS, WAYS.replace("W_hr.T", "W_hr").replace("W_hz.T", "W_hz"),
    "the blocks of W_h are the wrong way round on the way back: for arrays as they are given it is `da_n @ W_hn.T`, "
    "and likewise for r and z",
)
edit(
    gru_step_backward, RESET, "d_reset = da_n @ W_hn",
    "W_hn is the wrong way round on the way back: for arrays as they are given it is `da_n @ W_hn.T`",
)
edit(
    gru_step_backward, DW_HN, "dW_hn = h_prev.T @ da_n",
    "the n block of dW_h is made with h_prev: W_hn met `r * h_prev`, so it is `(r * h_prev).T @ da_n`",
)
variants(gru_step_backward, DW_HN, {
    "dW_hn = (r * h_prev).T @ (da_n * r)":
        "the n block of dW_h has the factor r twice: W_hn met `r * h_prev`, so it is `(r * h_prev).T @ da_n`",
    "dW_hn = (r * h_prev).T @ dn":
        "tanh's slope is skipped in the n block of dW_h: it is `(r * h_prev).T @ da_n`, with `da_n = dn * (1 - n**2)`",
    "dW_hn = (z * h_prev).T @ da_n":
        "the n block of dW_h takes the update gate: W_hn met `r * h_prev`, so it is `(r * h_prev).T @ da_n`",
    "dW_hn = ((1 - r) * h_prev).T @ da_n":
        "in the n block of dW_h the reset is the other way round: W_hn met `r * h_prev`, "
        "so it is `(r * h_prev).T @ da_n`",
})
edit(
    gru_step_backward, DW_HN, "dW_hn = h_prev.T @ (da_n * r)",
    "the n block of dW_h is made as for a reset after the product: W_hn met `r * h_prev`, "
    "so it is `(r * h_prev).T @ da_n`",
)
edit(
    gru_step_backward, "dW_hr = h_prev.T @ da_r", "dW_hr = (r * h_prev).T @ da_r", "dW_hz = h_prev.T @ da_z",
    "dW_hz = (r * h_prev).T @ da_z",
    "all blocks of dW_h are made with `r * h_prev`: W_hr and W_hz met h_prev itself, W_hn alone met `r * h_prev`",
)
variants(gru_step_backward, RESET, {
    "d_reset = dn @ W_hn.T": "tanh's slope is skipped on the way through W_hn: it is da_n that goes back there, "
                             "`da_n @ W_hn.T`, with `da_n = dn * (1 - n**2)`",
    "d_reset = (da_n * r) @ W_hn.T":
        "`r` comes before W_hn on the way back: `r * h_prev` went into the product, so it comes last, "
        "`(da_n @ W_hn.T) * r`",
    "d_reset = dh @ W_hn.T": "`dh` goes back through W_hn as it is: it is da_n that does, `da_n @ W_hn.T`, "
                             "with 1 - z and the slope of tanh in it",
    "d_reset = (dn @ W_hn.T) * (1 - n**2)":
        "tanh's slope comes after W_hn: tanh stands outside the product, so its slope comes first, "
        "`(dn * (1 - n**2)) @ W_hn.T`",
})
edit(
    gru_step_backward,
    DR, "dr = da_n * (h_prev @ W_hn)",
    WAYS, WAYS.replace("d_reset * r", "(da_n * r) @ W_hn.T"),
    DW_HN, "dW_hn = h_prev.T @ (da_n * r)",
    "this is the gradient of a reset after the matrix product: here the reset comes before, so W_hn met `r * h_prev`",
)
Z_FIRST = [
    "dW_x = x.T @ da", "dW_x = x.T @ np.concatenate([da_z, da_r, da_n], axis=-1)",
    "dW_h = np.concatenate([dW_hr, dW_hz, dW_hn], axis=-1)", "dW_h = np.concatenate([dW_hz, dW_hr, dW_hn], axis=-1)",
    "db = da.sum(axis=0)", "db = np.concatenate([da_z, da_r, da_n], axis=-1).sum(axis=0)",
]
DA, DA_Z_FIRST = "da = np.concatenate([da_r, da_z, da_n], axis=-1)", "da = np.concatenate([da_z, da_r, da_n], axis=-1)"
GATES_Z_FIRST = [APART, "z, r, n = np.split(gates, 3, axis=-1)"]
W_Z_FIRST = [W_APART, "W_hz, W_hr, W_hn = np.split(W_h, 3, axis=-1)"]
edit(
    gru_step_backward, *Z_FIRST,
    "the blocks of the gradients stand in the order z|r|n: here the order is r|z|n, as in the weights",
)
edit(
    gru_step_backward, *GATES_Z_FIRST, *W_Z_FIRST, DA, DA_Z_FIRST, *Z_FIRST[2:4],
    "`gates`, W_x and W_h are taken apart, and the gradients put together, in the order z|r|n, as in Keras, "
    "or r and z do each other's work: here it is r|z|n throughout",
)
edit(
    gru_step_backward, DX, "dx = np.concatenate([da_z, da_r, da_n], axis=-1) @ W_x.T",
    "the gradients meet the blocks of W_x in the order z|r|n: here it is r|z|n, in the weights and in the gradients",
)
edit(
    gru_step_backward, *W_Z_FIRST,
    "`da_r` meets W_hz, and da_z W_hr: the blocks of W_h stand in the order r|z|n, "
    "so look at where they are taken apart, or at the line of dh_prev",
)
edit(
    gru_step_backward, *W_Z_FIRST, DX, "dx = np.concatenate([da_z, da_r, da_n], axis=-1) @ W_x.T",
    "`W_x` and W_h are taken apart in the order z|r|n: here it is r|z|n",
)
edit(
    gru_step_backward, DA, DA_Z_FIRST,
    "the blocks of `da` stand in the order z|r|n: here it is r|z|n, as in W_x and b",
)
edit(gru_step_backward, *GATES_Z_FIRST, "`gates` is read in the order z|r|n: here the order is r|z|n")
edit(
    gru_step_backward,
    "dW_x = x.T @ da", "dW_x = x.T @ da / len(x)",
    "dW_h = np.concatenate([dW_hr, dW_hz, dW_hn], axis=-1)",
    "dW_h = np.concatenate([dW_hr, dW_hz, dW_hn], axis=-1) / len(x)",
    "db = da.sum(axis=0)", "db = da.mean(axis=0)",
    "the weights' gradients are divided by the batch size N: they are sums over the batch, "
    "and the mean is the loss's business",
)
edit(
    gru_step_backward, "db = da.sum(axis=0)", "db = da",
    "`db` is not summed over the batch: every row was moved by the same b, so its gradient is a sum over axis 0",
    loop=False,
)
edit(
    gru_backward, "h_prev = hs[t - 1] if t > 0 else h0", "h_prev = hs[t]",
    "step t is given hs[t] as its old state: that is its new one, the old one is hs[t - 1], and h0 at the first step",
)
edit(
    gru_backward,
    "dW_hr = h_prev.T @ da_r", "h = z * h_prev + (1 - z) * n\ndW_hr = h.T @ da_r",
    "dW_hz = h_prev.T @ da_z", "dW_hz = h.T @ da_z",
    DW_HN, "dW_hn = (r * h).T @ da_n",
    "`dW_h` is made with the new states: what W_h met at step t is hs[t - 1], and h0 at the first step",
)
edit(
    gru_backward, "dh = dh + dhs[t]", "dh = dh + dhs[t]\nwhole = dh",
    "dxs.insert(0, dx)", "dxs.insert(0, dx)\ndh = dh - (whole - dhs[t]) * np.split(gates[t], 3, axis=-1)[1]",
    "the direct way to `dh_prev` takes dhs[t] alone: z multiplies the whole dh, with what the step after hands back",
)
STEP = "dx, dh, dW_x_t, dW_h_t, db_t = gru_step_backward(dh, xs[t], h_prev, gates[t], W_x, W_h)"
variants(gru_backward, STEP, {
    STEP.replace("gates[t]", "gates[0]"): "every step is given the first step's gates: it is `gates[t]`",
    STEP.replace("gates[t]", "gates[-1]"): "every step is given the last step's gates: it is `gates[t]`",
    STEP.replace("xs[t]", "xs[0]"): "every step is given the first input: it is `xs[t]`",
})
for _blocks, _lines in {
    "n": [DW_HN, "dW_hn = (r * (z * h_prev + (1 - z) * n)).T @ da_n"],
    "r and z": ["dW_hr = h_prev.T @ da_r", "dW_hr = (z * h_prev + (1 - z) * n).T @ da_r", "dW_hz = h_prev.T @ da_z",
        "dW_hz = (z * h_prev + (1 - z) * n).T @ da_z"],
}.items():
    edit(
        gru_backward, *_lines,
        f"`dW_h` is made with the new states in the blocks of {_blocks}: what W_h met at step t is hs[t - 1], "
        "and h0 at the first step",
    )
edit(
    gru_backward, DR, "dr = d_reset * (z * h_prev + (1 - z) * n)",
    "`dr` takes the new state: r multiplied the one before it, so dr is `(da_n @ W_hn.T) * h_prev`",
)
