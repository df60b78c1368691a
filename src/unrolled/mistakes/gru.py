"""Known mistakes of assignment 06-gru on the way forward; `gru_backward` has those on the way back."""

from unrolled.mistakes.edits import edit, variants
from unrolled.reference.gru import gru_forward, gru_reset_after_step_forward, gru_step_forward

A_R, R = "a_r = x @ W_xr + h_prev @ W_hr + b_r", "r = sigmoid(a_r)"
A_Z, Z = "a_z = x @ W_xz + h_prev @ W_hz + b_z", "z = sigmoid(a_z)"
A_N, N = "a_n = x @ W_xn + (r * h_prev) @ W_hn + b_n", "n = np.tanh(a_n)"
STATE = "h = z * h_prev + (1 - z) * n"
GATES = "gates = np.concatenate([r, z, n], axis=-1)"

# What several mistakes are made of, each as an old and a new line, or more.
Z_TURNED = [STATE, "h = (1 - z) * h_prev + z * n"]
RESET_AFTER = [A_N, "a_n = x @ W_xn + r * (h_prev @ W_hn) + b_n"]
GATES_SWAPPED = [GATES, "gates = np.concatenate([z, r, n], axis=-1)"]
BLOCKS_SWAPPED = [
    "W_xr, W_xz, W_xn = np.split(W_x, 3, axis=-1)", "W_xz, W_xr, W_xn = np.split(W_x, 3, axis=-1)",
    "W_hr, W_hz, W_hn = np.split(W_h, 3, axis=-1)", "W_hz, W_hr, W_hn = np.split(W_h, 3, axis=-1)",
    "b_r, b_z, b_n = np.split(b, 3)", "b_z, b_r, b_n = np.split(b, 3)",
]

edit(
    gru_step_forward, *Z_TURNED,
    "`z` is the other way round: here a z near 1 keeps the old state, `h = z * h_prev + (1 - z) * n`",
)
edit(
    gru_step_forward, *RESET_AFTER,
    "the reset is applied after the matrix product, as in PyTorch: here it comes before, `(r * h_prev) @ W_hn`",
)
edit(
    gru_step_forward, *BLOCKS_SWAPPED,
    "the blocks are taken in the order z|r|n, as in Keras: here the order is r|z|n",
)
edit(gru_step_forward, *GATES_SWAPPED, "`gates` is returned in the order z|r|n: it must be r|z|n")
edit(
    gru_step_forward, *BLOCKS_SWAPPED, *GATES_SWAPPED,
    "the blocks are taken and returned in the order z|r|n, as in Keras, or r and z do each other's work: "
    "here the order is r|z|n, r resets and z keeps",
)
edit(
    gru_step_forward, *BLOCKS_SWAPPED, *Z_TURNED,
    "the blocks are taken in the order z|r|n, and z is the other way round: here the order is r|z|n, "
    "and a z near 1 keeps the old state",
)
edit(
    gru_step_forward, *BLOCKS_SWAPPED, *GATES_SWAPPED, *RESET_AFTER,
    "two habits of Keras: there the blocks stand in the order z|r|n and the reset comes after the matrix product; "
    "here they stand r|z|n, and it is `(r * h_prev) @ W_hn`",
)
edit(
    gru_step_forward, *RESET_AFTER, *Z_TURNED,
    "the reset is applied after the matrix product, and z is the other way round: here it is `(r * h_prev) @ W_hn`, "
    "and a z near 1 keeps the old state",
)
edit(
    gru_step_forward,
    A_R, "both = np.hstack([h_prev, x])\na_r = both @ np.vstack([W_xr, W_hr]) + b_r",
    A_Z, "a_z = both @ np.vstack([W_xz, W_hz]) + b_z",
    A_N, "a_n = np.hstack([r * h_prev, x]) @ np.vstack([W_xn, W_hn]) + b_n",
    "`x` and h_prev are put side by side in another order than the rows of the weights: "
    "`[x, h_prev]` goes with W_x above W_h",
)
variants(gru_step_forward, A_N, {
    "a_n = x @ W_xn + r * (h_prev @ W_hn + b_n)":
        "the reset is applied after the matrix product, and to the bias: here it comes before, "
        "`(r * h_prev) @ W_hn + b_n`",
    "a_n = x @ W_xn + h_prev @ W_hn + b_n":
        "the candidate does not use the reset gate: it is `tanh(x @ W_xn + (r * h_prev) @ W_hn + b_n)`",
    "a_n = x @ W_xn + ((1 - r) * h_prev) @ W_hn + b_n":
        "the reset is the other way round: the candidate sees `r * h_prev`, not `(1 - r) * h_prev`",
    "a_n = x @ W_xn + (z * h_prev) @ W_hn + b_n":
        "the candidate uses the update gate: it is the reset gate that multiplies h_prev inside it",
    "a_n = r * (x @ W_xn + h_prev @ W_hn) + b_n":
        "the reset multiplies both products: it belongs to h_prev alone, `(r * h_prev) @ W_hn`",
    "a_n = r * (x @ W_xn + h_prev @ W_hn + b_n)": "the reset multiplies the input as well: it belongs to h_prev alone",
    "a_n = x @ W_xn + h_prev @ W_hn + (r * h_prev) @ W_hn + b_n":
        "the candidate sees the old state twice, as it is and after the reset: "
        "is `h_prev @ W_h` added to all three blocks? The third takes `(r * h_prev) @ W_hn` alone",
    "a_n = (r * (x @ W_xn)) + h_prev @ W_hn + b_n":
        "the reset multiplies the input's part: it belongs to h_prev, `(r * h_prev) @ W_hn`",
    "a_n = x @ W_xn + b_n": "the candidate does not see the old state: add `(r * h_prev) @ W_hn` inside tanh",
    "a_n = x @ W_xn + (r * h_prev) @ W_hn": "the candidate's part of the bias b is left out",
})
variants(gru_step_forward, N, {
    "n = sigmoid(a_n)": "the candidate uses the sigmoid: it is a value, so it takes tanh",
    "n = np.tanh(sigmoid(a_n))":
        "the candidate goes through the sigmoid first, as where it is taken of all three blocks: n is `np.tanh(a_n)`",
    "n = a_n": "the candidate's tanh is left out",
    "n = np.maximum(a_n, 0)": "the candidate goes through ReLU: it takes tanh",
})
edit(gru_step_forward, A_R, A_R.replace(" + b_r", ""), "the reset gate's part of the bias b is left out")
edit(gru_step_forward, A_Z, A_Z.replace(" + b_z", ""), "the update gate's part of the bias b is left out")
edit(
    gru_step_forward, R, "r = np.tanh(a_r)", Z, "z = np.tanh(a_z)",
    "the gates use tanh: a gate is a share between 0 and 1, so it takes the sigmoid",
)
edit(
    gru_step_forward, A_Z, A_Z.replace("h_prev", "(sigmoid(a_r) * h_prev)"),
    "the update gate sees the old state after the reset: it sees h_prev itself, `h_prev @ W_hz`",
)
edit(
    gru_step_forward, A_N, A_N.replace("W_hn", "W_hz"),
    "the candidate takes the block z of W_h: its own is the third, `(r * h_prev) @ W_hn`",
)
edit(gru_step_forward, R, "r = a_r", Z, "z = a_z",
    "the gates are used without their sigmoid: a gate is a share between 0 and 1, `sigmoid(a_r)` and `sigmoid(a_z)`")
variants(gru_step_forward, STATE, {
    "h = z * (r * h_prev) + (1 - z) * n":
        "the old state is kept after the reset: it is `z * h_prev`, and r works inside the candidate alone",
    "h = h_prev + z * (h_prev - n)":
        "the difference is added to the old state: it is `n + z * (h_prev - n)`, or `h_prev + (1 - z) * (n - h_prev)`",
    "h = h_prev + (1 - z) * n": "the old state is kept whole: its share is `z * h_prev`",
    "h = z * h_prev + (1 - r) * n": "the share of the candidate is made of r: it is what z leaves, `(1 - z) * n`",
    "h = z * (h_prev + (1 - z) * n)":
        "`z` multiplies both terms: it is the share of the old state alone, `z * h_prev + (1 - z) * n`",
    "h = z * h_prev + (1 - n) * z": "`z` and n have changed places in the candidate's part: it is `(1 - z) * n`",
    "h = (n + z) * (h_prev - n)": "brackets stand where none belong: it is `n + z * (h_prev - n)`",
    "h = (1 - z) * h_prev + (1 - z) * n": "the old state has the share of the candidate: it is `z * h_prev`",
    "h = z * h_prev + z * n": "the candidate has the share of the old state: it is `(1 - z) * n`",
    "h = z * h_prev + (1 - z) * a_n":
        "the candidate is mixed in before its tanh: it is `(1 - z) * n`, with `n = tanh(...)`",
    "h = n": "the old state is not kept: h is the candidate alone, where it should be `z * h_prev + (1 - z) * n`",
    "h = z * h_prev + n": "the candidate is added whole: it has the share that the old state leaves, `(1 - z) * n`",
    "h = r * h_prev + (1 - r) * n": "the reset gate mixes old and new: the share of the old state is z",
    "h = np.tanh(z * h_prev + (1 - z) * n)":
        "`h` goes through one more tanh: it is `z * h_prev + (1 - z) * n` as it stands",
})
edit(
    gru_step_forward, STATE, "h = (1 - z) * n", "the old state is not kept: add `z * h_prev` to `(1 - z) * n`",
    name="nothing_is_kept",
)
edit(
    gru_step_forward,
    A_R, "a_r = x @ W_xr + h_prev @ W_hr", A_Z, "a_z = x @ W_xz + h_prev @ W_hz", A_N,
    "a_n = x @ W_xn + (r * h_prev) @ W_hn",
    "the bias b is left out",
)
edit(
    gru_step_forward,
    A_R, "a_r = x @ W_xr + h_prev @ W_hr.T + b_r",
    A_Z, "a_z = x @ W_xz + h_prev @ W_hz.T + b_z",
    A_N, "a_n = x @ W_xn + (r * h_prev) @ W_hn.T + b_n",
    "the blocks of W_h are transposed: with row vectors it is `h_prev @ W_hr`",
)
edit(
    gru_step_forward, GATES, "gates = np.concatenate([a_r, a_z, a_n], axis=-1)",
    "`gates` holds the sums before sigmoid and tanh: the backward pass needs them after",
)

# The loop. What goes wrong in every cell's stands in `shared`.

edit(
    gru_forward, "return np.stack(hs), np.stack(gates)", "return hs[-1], np.stack(gates)",
    "only the last state is returned: hs holds the states of all T steps",
)

STEP = "h, gates_t = gru_step_forward(x, h, W_x, W_h, b)"
_ALL_AGAIN = (
    "a = x @ W_x + b\nH = len(W_h)\nr, z = np.split(sigmoid(a[:, : 2 * H] + {gates} @ W_h[:, : 2 * H]), 2, axis=-1)\n"
)
_ALL_AGAIN += (
    "n = np.tanh(a[:, 2 * H :] + (r * {reset}) @ W_h[:, 2 * H :])\nh = z * {kept} + (1 - z) * n\n"
    "gates_t = np.concatenate([r, z, n], axis=-1)"
)
for _place, _sentence in {
    "kept": "`h0` is mixed in at every step: what is kept is the state before, `z * h_prev`",
    "reset": "the candidate sees `h0` at every step: it sees the state before, `(r * h_prev) @ W_hn`",
    "gates": "the gates see `h0` at every step: they see the state before, `h_prev @ W_h`",
}.items():
    edit(gru_forward, STEP, _ALL_AGAIN.format(**{"gates": "h", "reset": "h", "kept": "h", _place: "h0"}), _sentence)
for _place, _sentence in {
    "kept": "zeros are kept at the first step: the state before it is h0, so `z * h0` is a part of hs[0]; "
            "is `hs[t - 1]` read there, the place that is filled last?",
    "reset": "the candidate sees zeros at the first step: the state before it is h0, `(r * h0) @ W_hn`; "
             "is `hs[t - 1]` read there, the place that is filled last?",
    "gates": "the gates see zeros at the first step: the state before it is h0, `h0 @ W_h`; "
             "is `hs[t - 1]` read there, the place that is filled last?",
}.items():
    edit(gru_forward, STEP,
        _ALL_AGAIN.format(**{"gates": "h", "reset": "h", "kept": "h", _place: "(h if hs else 0 * h0)"}), _sentence)
edit(
    gru_forward, "hs.append(h)", "hs.append(np.split(gates_t, 3, axis=-1)[2])",
    "the candidate is returned in the place of the state: hs holds the mixtures, `z * h_prev + (1 - z) * n`",
)
edit(
    gru_forward, "hs.append(h)", "hs.append(h)\nh = np.split(gates_t, 3, axis=-1)[2]",
    "the candidate goes on to the next step in the place of the state: that is the mixture, "
    "`z * h_prev + (1 - z) * n`",
)

# PyTorch's variant, which resets after the product.

AFTER = "n = np.tanh(x_n + r * (h_n + b_hn))"

variants(gru_reset_after_step_forward, AFTER, {
    "n = np.tanh(x_n + r * h_n)": "`b_hn` is left out: it is added to `h_prev @ W_hn`, and r multiplies both",
    "n = np.tanh(x_n + r * h_n + b_hn)": "`b_hn` stands outside the reset: it is `r * (h_prev @ W_hn + b_hn)`",
    "b_n = np.split(b, 3)[2]\nn = np.tanh(x_n - b_n + r * (h_n + b_n + b_hn))":
        "`b_n` stands inside the reset: r multiplies `h_prev @ W_hn + b_hn` alone",
    "b_n = np.split(b, 3)[2]\nn = np.tanh(x_n - b_n + r * (h_n + b_hn))":
        "`b_n` is left out: the candidate has both biases, b_n outside the reset and b_hn inside",
    "W_hn = np.split(W_h, 3, axis=-1)[2]\nn = np.tanh(x_n + (r * h_prev) @ W_hn + b_hn)":
        "the reset comes before the product, as in gru_step_forward: "
        "in this variant it is `r * (h_prev @ W_hn + b_hn)`",
    "W_hn = np.split(W_h, 3, axis=-1)[2]\nn = np.tanh(x_n + (r * h_prev) @ W_hn)":
        "the reset comes before the product and b_hn is left out, as in gru_step_forward: "
        "in this variant it is `r * (h_prev @ W_hn + b_hn)`",
    "b_n = np.split(b, 3)[2]\nn = np.tanh(x_n - b_n + b_hn + r * (h_n + b_n))":
        "the two biases have changed places: b_n stands outside the reset, b_hn inside, "
        "`b_n + r * (h_prev @ W_hn + b_hn)`",
    "W_hn = np.split(W_h, 3, axis=-1)[2]\nn = np.tanh(x_n + (r * h_prev) @ W_hn + r * b_hn)":
        "the reset comes before the product: in this variant it is `r * (h_prev @ W_hn + b_hn)`",
    "n = np.tanh(x_n + z * (h_n + b_hn))":
        "the candidate uses the update gate: it is the reset gate that multiplies `h_prev @ W_hn + b_hn`",
    "b_n = np.split(b, 3)[2]\nn = np.tanh(r * (x_n - b_n + h_n + b_hn) + b_n)":
        "the reset multiplies the input's product as well: it multiplies `h_prev @ W_hn + b_hn` alone",
    "n = np.maximum(x_n + r * (h_n + b_hn), 0)": "the candidate goes through ReLU: it takes tanh",
    "n = np.tanh(x_n + (1 - r) * (h_n + b_hn))":
        "the reset is the other way round: r itself multiplies `h_prev @ W_hn + b_hn`, "
        "so that an r near 0 leaves it out",
    "n = np.tanh(x_n + h_n + r * (h_n + b_hn))":
        "the candidate sees the state's product twice, as it is and after the reset: "
        "it takes `r * (h_prev @ W_hn + b_hn)` alone",
    "n = np.tanh(r * x_n + h_n + b_hn)": "the reset multiplies the input's part: it multiplies `h_prev @ W_hn + b_hn`",
    "n = x_n + r * (h_n + b_hn)": "the candidate's tanh is left out",
    "n = np.tanh(x_n + h_n + b_hn)": "the reset is missing: it is `r * (h_prev @ W_hn + b_hn)`",
    "n = np.tanh(r * (x_n + h_n + b_hn))":
        "the reset multiplies the input's part as well: it multiplies `h_prev @ W_hn + b_hn` alone",
    "n = sigmoid(x_n + r * (h_n + b_hn))": "the candidate uses the sigmoid: it is a value, so it takes tanh",
})
BOTH_MORE = ["r = sigmoid(x_r + h_r)", "r = sigmoid(x_r + h_r + b_hn)", "z = sigmoid(x_z + h_z)",
    "z = sigmoid(x_z + h_z + b_hn)"]
edit(gru_reset_after_step_forward, *BOTH_MORE,
    "`b_hn` is added in the sums of both gates too: it stands in the candidate alone, `r * (h_prev @ W_hn + b_hn)`")
edit(gru_reset_after_step_forward, *BOTH_MORE[:2],
    "`b_hn` is added in the reset gate's sum too: it stands in the candidate alone, `r * (h_prev @ W_hn + b_hn)`")
edit(gru_reset_after_step_forward, *BOTH_MORE[2:],
    "`b_hn` is added in the update gate's sum too: it stands in the candidate alone, `r * (h_prev @ W_hn + b_hn)`")
variants(gru_reset_after_step_forward, STATE, {
    "h = (1 - z) * h_prev + (1 - z) * n": "the old state has the share of the candidate: it is `z * h_prev`",
    "h = z * h_prev + z * n": "the candidate has the share of the old state: it is `(1 - z) * n`",
    "h = h_prev + z * (h_prev - n)":
        "the difference is added to the old state: it is `n + z * (h_prev - n)`, or `h_prev + (1 - z) * (n - h_prev)`",
    "h = z * h_prev + n": "the candidate is added whole: it has the share that the old state leaves, `(1 - z) * n`",
    "h = h_prev + (1 - z) * n": "the old state is kept whole: its share is `z * h_prev`",
    "h = (1 - z) * n": "the old state is not kept: add `z * h_prev` to `(1 - z) * n`",
    "h = z * (r * h_prev) + (1 - z) * n":
        "the old state is kept after the reset: it is `z * h_prev`, and r works inside the candidate alone",
    "h = n + z * (n - h_prev)":
        "the difference has the wrong sign: it is `n + z * (h_prev - n)`, so that a z near 1 keeps the old state",
})
edit(
    gru_reset_after_step_forward, *Z_TURNED,
    "`z` is the other way round: PyTorch too keeps the old state when z is near 1, `h = (1 - z) * n + z * h_prev`",
)
edit(
    gru_reset_after_step_forward, "h_r, h_z, h_n = np.split(h_prev @ W_h, 3, axis=-1)",
    "h_r, h_z, h_n = np.split(h_prev @ W_h + b, 3, axis=-1)",
    "`b` is added to both products: it belongs to the input's alone, `x @ W_x + b`; "
    "what is added to the state's is b_hn, in the candidate",
)
edit(
    gru_reset_after_step_forward, "h_r, h_z, h_n = np.split(h_prev @ W_h, 3, axis=-1)",
    "h_z, h_r, h_n = np.split(h_prev @ W_h, 3, axis=-1)",
    "the blocks of W_h are taken in the order z|r|n: here it is r|z|n, as in W_x",
)
for _name in ("W_x", "W_h"):
    edit(
        gru_step_forward, f"{_name}r, {_name}z, {_name}n = np.split({_name}, 3, axis=-1)",
        f"{_name}z, {_name}r, {_name}n = np.split({_name}, 3, axis=-1)",
        f"the blocks of {_name} are taken in the order z|r|n, as in Keras: here it is r|z|n",
    )
edit(
    gru_step_forward, "h = z * h_prev + (1 - z) * n", "h = n + z * (n - h_prev)",
    "the difference has the wrong sign: it is `n + z * (h_prev - n)`, so that a z near 1 keeps the old state",
)
edit(
    gru_reset_after_step_forward,
    "x_r, x_z, x_n = np.split(x @ W_x + b, 3, axis=-1)", "x_z, x_r, x_n = np.split(x @ W_x + b, 3, axis=-1)",
    "h_r, h_z, h_n = np.split(h_prev @ W_h, 3, axis=-1)", "h_z, h_r, h_n = np.split(h_prev @ W_h, 3, axis=-1)",
    "the blocks are taken in the order z|r|n, as in Keras: PyTorch's order is r|z|n",
)
