"""Known mistakes of assignment 04-vanishing-gradients in units that keep a share of their state, and in a penalty."""

from unrolled.mistakes.edits import edit, last_line, variants
from unrolled.mistakes.shared import of_backward_loop, of_forward_loop
from unrolled.unprinted.vanishing_gradients import leaky_rnn_backward, leaky_rnn_forward, orthogonality_penalty

NEW, STATE = "n = np.tanh(x @ W_x + h @ W_h + b)", "h = n + z * (h - n)"

variants(leaky_rnn_forward, STATE, {
    "h = h + z * (n - h)": "`z` is the other way round: it is the share of the old state, `z * h_prev + (1 - z) * n`",
    "h = z * h + n": "what is new is added whole: it has the share that is left, `(1 - z) * n`",
    "h = h + (1 - z) * n": "the old state is kept whole: its share is `z * h_prev`",
    "h = (1 - z) * n": "the old state is not kept: add `z * h_prev`",
    "h = (1 - z) * (h + n)": "the old state has the share of what is new: it is `z * h_prev`",
    "h = n + z * ((h if hs else 0 * h0) - n)":
        "zeros are kept at the first step: the state before it is h0, so `z * h0` is a part of hs[0]; "
        "is `hs[t - 1]` read there, the place that is filled last?",
    "h = n": "`z` is not used: the new state is `z * h_prev + (1 - z) * n`",
    "h = z * (h + n)": "`z` is the share of both: what is new has the share that is left, `z * h_prev + (1 - z) * n`",
    "h = (1 - z) * (z * h + n)": "the share 1 - z multiplies the old state too: it is `z * h_prev + (1 - z) * n`",
    "h = h + (1 - z) * (h - n)":
        "the step goes away from what is new: the difference is `n - h_prev`, `h_prev + (1 - z) * (n - h_prev)`",
    "h = z * h + n - z":
        "brackets are missing after the candidate: it has the share that is left, `n * (1 - z)`, not `n * 1 - z`",
    "h = z * h + 1 - z * n": "brackets are missing: what is new has the share that is left, `(1 - z) * n`",
    "h = z * (h + (1 - z) * n)":
        "`z` multiplies both terms: it is the share of the old state alone, `z * h_prev + (1 - z) * n`",
    "h = z * h + (1 + z) * n":
        "the two shares do not add up to 1: what is new has what the old state leaves, `(1 - z) * n`",
    "h = z * h0 + (1 - z) * n": "`h0` is mixed in at every step: what is kept is the state before, `z * h_prev`",
    "h = np.tanh(n + z * (h - n))":
        "the mixture goes through tanh once more: it is `z * h_prev + (1 - z) * n` as it stands",
})
variants(leaky_rnn_forward, NEW, {
    "n = x @ W_x + h @ W_h + b": "tanh is left out: what is new is `tanh(x @ W_x + h_prev @ W_h + b)`",
    "n = np.maximum(x @ W_x + h @ W_h + b, 0)":
        "what is new goes through ReLU: it is `tanh(x @ W_x + h_prev @ W_h + b)`",
    "n = np.tanh(x @ W_x + (h if hs else 0 * h0) @ W_h + b)":
        "what is new sees zeros at the first step: the state before it is h0, `h0 @ W_h`; is `hs[t - 1]` read there, "
        "the place that is filled last?",
    "n = np.tanh(x @ W_x + h @ W_h)": "the bias b is left out",
    "n = np.tanh(x @ W_x + b)": "what is new does not see the old state: add `h_prev @ W_h` inside tanh",
    "n = np.tanh(x @ W_x + (z * h) @ W_h + b)":
        "what is new sees the share that is kept: inside tanh stands the whole old state, `h_prev @ W_h`",
    "n = np.tanh(x @ W_x + h0 @ W_h + b)":
        "what is new sees `h0` at every step: inside tanh stands the state before, `h_prev @ W_h`",
    "n = np.tanh(x @ W_x + ((1 - z) * h) @ W_h + b)":
        "what is new sees a share of the old state: inside tanh stands all of it, `h_prev @ W_h`, and z mixes outside",
    "n = np.tanh(z * (x @ W_x + h @ W_h + b))":
        "the share z stands inside tanh: what is new is `tanh(x @ W_x + h_prev @ W_h + b)`, "
        "and the shares stand outside",
    "n = np.tanh(x @ W_x + h @ W_h.T + b)": "W_h is transposed: with row vectors it is `h_prev @ W_h`",
})
edit(
    leaky_rnn_forward, NEW, "n = np.tanh((1 - z) * (x @ W_x + h @ W_h + b))", STATE, "h = z * h + n",
    "the share `1 - z` stands inside tanh: it multiplies the whole of what is new, `(1 - z) * tanh(...)`",
)
for _share in ("z * (h @ W_h)", "(1 - z) * (h @ W_h)"):
    edit(
        leaky_rnn_forward, NEW, f"n = np.tanh(x @ W_x + {_share} + b)", STATE, "h = n",
        "the share stands inside tanh, at the old state's product: the old state itself is mixed in outside tanh, "
        "`z * h_prev + (1 - z) * tanh(...)`",
        name=f"the_share_inside_tanh_alone_as_{_share}",
    )
    edit(
        leaky_rnn_forward, NEW, f"n = np.tanh(x @ W_x + {_share} + b)",
        "a share multiplies the old state's product inside tanh: there stands `h_prev @ W_h` whole, "
        "and the shares outside, `z * h_prev + (1 - z) * tanh(...)`",
        name=f"the_share_inside_tanh_as_{_share}",
    )
edit(
    leaky_rnn_forward, NEW, "n = np.tanh((1 - z) * (x @ W_x) + h @ W_h + b)", STATE, "h = z * h + n",
    "the share `1 - z` stands inside tanh, at the input's product: it multiplies the whole of what is new, "
    "`(1 - z) * tanh(...)`",
)
edit(
    leaky_rnn_forward, NEW, "n = np.tanh((1 - z) * (x @ W_x + b) + h @ W_h)", STATE, "h = z * h + n",
    "the share `1 - z` stands inside tanh, at what the input gives: it multiplies the whole of what is new, "
    "`(1 - z) * tanh(...)`",
)
variants(leaky_rnn_forward, NEW, {
    "n = np.tanh(x @ W_x + b) + h @ W_h":
        "tanh ends too early: it is taken of the whole sum, `tanh(x @ W_x + h_prev @ W_h + b)`",
    "n = np.tanh(x @ W_x) + h @ W_h + b":
        "tanh is taken of the input's product alone: it is taken of the whole sum, `tanh(x @ W_x + h_prev @ W_h + b)`",
    "n = 1 / (1 + np.exp(-(x @ W_x + h @ W_h + b)))":
        "what is new goes through the sigmoid: it is `tanh(x @ W_x + h_prev @ W_h + b)`",
})
edit(
    leaky_rnn_forward, "h = h0", "h = h0\nz = 1 / (1 + np.exp(-z))",
    "`z` goes through the sigmoid: it is a share between 0 and 1 as it is given",
)
edit(leaky_rnn_forward, "h = h0", "h = h0\nz = z.mean()",
    "`z` is averaged over the units: each unit has a share of its own")
edit(
    leaky_rnn_forward, NEW, NEW.replace("np.tanh", ""), STATE, "h = np.tanh(n + z * (h - n))",
    "tanh is taken of the whole mixture: it belongs to what is new alone, `z * h_prev + (1 - z) * tanh(...)`",
)
edit(
    leaky_rnn_forward, "hs.append(h)", "hs.append(n)",
    "what is new is returned in the place of the state: hs holds the mixtures, `z * h_prev + (1 - z) * n`",
)
edit(
    leaky_rnn_forward, "hs.append(h)", "hs.append(h)\nh = n",
    "what is new goes on to the next step in the place of the state: that is the mixture, `z * h_prev + (1 - z) * n`",
)
edit(
    leaky_rnn_forward, "h = h0", "h = plain = h0", NEW, NEW.replace("h @", "plain @"),
    "hs.append(h)", "hs.append(h)\nplain = n",
    "the plain network runs by itself, and its states are mixed afterwards: "
    "what tanh reads at a step is the mixture of the step before",
)
of_forward_loop(leaky_rnn_forward, {"hs": "h"})

# The way back.

N_AGAIN = "n = np.tanh(xs[t] @ W_x + h_prev @ W_h + b)"
DN, DA = "dn = dh * (1 - z)", "da = dn * (1 - n**2)"
SHARE, DZ = "share = dh * (h_prev - n)", "dz = dz + share.sum(axis=0)"
BACK = "dh = dh * z + da @ W_h.T"
H_PREV = "h_prev = hs[t - 1] if t > 0 else h0"
DX = "dx = da @ W_x.T"
DW_X, DW_H, DB = "dW_x = dW_x + xs[t].T @ da", "dW_h = dW_h + h_prev.T @ da", "db = db + da.sum(axis=0)"
RETURN = last_line(leaky_rnn_backward)

for _name, _n in {
    "whole": "(hs[t] - z * h_prev)", "other_share": "(hs[t] - (1 - z) * h_prev) / z",
}.items():
    edit(
        leaky_rnn_backward, N_AGAIN, f"n = {_n}",
        "tanh's value n is made wrongly from the states: the state is `z * h_prev + (1 - z) * n`, "
        "so `n = (hs[t] - z * h_prev) / (1 - z)`, or tanh of the sum once more",
        name=f"n_from_the_mixture_{_name}",
    )
variants(leaky_rnn_backward, N_AGAIN, {
    "n = np.tanh(xs[t] @ W_x + h_prev @ W_h)":
        "the bias b is left out where n is made again: it is `tanh(x @ W_x + h_prev @ W_h + b)`",
})
edit(
    leaky_rnn_backward, N_AGAIN, "n = hs[t]",
    "the state is taken for tanh's value: hs holds the mixtures, so n is made again, from the sum or from the mixture",
)
variants(leaky_rnn_backward, DA, {
    "da = dn * (1 - hs[t]**2)": "the slope of tanh is taken at the state: that is a mixture here, "
                                "and the slope is `1 - n**2`, with n tanh's own value",
    "da = dn": "the slope of tanh is forgotten: da is `dn * (1 - n**2)`",
    "da = dn * (1 - n)": "the square is missing: the slope of tanh is `1 - n**2`",
    "da = dn * (1 - np.tanh(n)**2)":
        "tanh is taken twice in its slope: n is tanh's value already, so it is `1 - n**2`",
})
variants(leaky_rnn_backward, DN, {
    "dn = dh": "`dn` misses its share: n entered the state as `(1 - z) * n`",
    "dn = dh * z": "`dn` takes the old state's share: n entered the state as `(1 - z) * n`",
})
edit(
    leaky_rnn_backward, DN, "dn = dh * z", SHARE, "share = dh * (n - h_prev)", BACK, "dh = dh * (1 - z) + da @ W_h.T",
    "`z` is the other way round: the state is `z * h_prev + (1 - z) * n`",
)
variants(leaky_rnn_backward, BACK, {
    "dh = dh + z * (da @ W_h.T)": "`z` multiplies the wrong one of the two ways back: the state keeps `z * h_prev`, "
                                  "so it is `dh * z + da @ W_h.T`",
    "dh = da @ W_h.T":
        "the direct way back is missing: the state keeps `z * h_prev`, so `dh * z` goes to the step before",
    "dh = dh * z": "the way back through tanh is missing: add `da @ W_h.T`",
    "dh = dh * (1 - z) + da @ W_h.T":
        "the direct way back has the share of what is new: the state keeps `z * h_prev`, so it is `dh * z`",
    "dh = dh + da @ W_h.T": "the direct way back has no factor: the state keeps `z * h_prev`, so it is `dh * z`",
    "dh = (dh + da @ W_h.T) * z":
        "`z` multiplies the way through tanh as well: h_prev entered that sum whole, so it is `dh * z + da @ W_h.T`",
    "dh = dh * z + da @ W_h":
        "W_h is not transposed on the way back: forward it was `h_prev @ W_h`, so back it is `da @ W_h.T`",
    "dh = dhs[t] * z + da @ W_h.T":
        "only this step's own gradient takes the direct way: z multiplies the whole dh, "
        "with what came from later steps",
    "dh = (dh - dhs[t]) * z + da @ W_h.T":
        "this step's own gradient does not take the direct way: z multiplies the whole dh, `dhs[t]` in it",
})
edit(
    leaky_rnn_backward, H_PREV, "h_prev = hs[t]", N_AGAIN, "n = hs[t]",
    "the new states are taken for the old ones, in n too, which is made of the mixture: "
    "the state before step t is hs[t - 1], and h0 at the first step",
)
edit(
    leaky_rnn_backward, H_PREV, "h_prev = hs[t]",
    "step t is given hs[t] as its old state: that is its new one, the old one is hs[t - 1], and h0 at the first step",
)
variants(leaky_rnn_backward, SHARE, {
    "share = dh * (n - h_prev)": "`dz` has the wrong sign: the state grows with z by `h_prev - n`",
    "share = dh * h_prev":
        "`dz` misses what is new: z takes from n what it gives to h_prev, so it is `dh * (h_prev - n)`",
    "share = -dh * n":
        "`dz` misses the old state: z gives to h_prev what it takes from n, so it is `dh * (h_prev - n)`",
    "share = dh * (hs[t] - n)": "`dz` has a factor z too many: is the new state taken for the old one, "
                                "or dh multiplied by z before? It is `dh * (h_prev - n)`",
    "share = dh * (h_prev - hs[t])":
        "`dz` has a factor 1 - z too many: is the new state taken for n, or dn for dh? It is `dh * (h_prev - n)`",
    "share = dhs[t] * (h_prev - n)":
        "`dz` takes dhs[t] alone: it takes the whole dh, with what comes back from the step after",
})
variants(leaky_rnn_backward, DZ, {
    "dz = share.sum(axis=0)": "`dz` is overwritten at each step: the same z serves all steps, so add up",
    "dz = dz + share.mean(axis=0)":
        "`dz` is averaged over the batch: the loss has already settled that, here it is a sum",
    "dz = dz + share": "`dz` is not summed over the batch: the same z served every sequence, so it has the shape of z",
})
edit(
    leaky_rnn_backward, DW_H, "dW_h = dW_h + hs[t].T @ da",
    "`dW_h` is made with the new states: what W_h met at step t is hs[t - 1], and h0 at the first step",
)
edit(leaky_rnn_backward, DX, "dx = (da * (1 - z)) @ W_x.T",
    "the share 1 - z stands twice in `dxs`: da has it already, so it is `da @ W_x.T`")
edit(leaky_rnn_backward, DX, "dx = dh @ W_x.T",
    "`dxs` is made of dh: x entered inside tanh, so it is `da @ W_x.T`, with 1 - z and the slope of tanh in da")
edit(
    leaky_rnn_backward, DW_X, "dW_x = xs[t].T @ da", DW_H, "dW_h = h_prev.T @ da", DB, "db = da.sum(axis=0)", DZ,
    "dz = share.sum(axis=0)",
    "the gradients of weights and shares are overwritten at each step: the same ones serve all steps, so add up",
)
edit(
    leaky_rnn_backward, RETURN, "return np.stack(dxs), dh, dW_x / len(h0), dW_h / len(h0), db / len(h0), dz / len(h0)",
    "the gradients of weights and shares are divided by the batch size N: the loss has already settled that, "
    "here they are sums",
)
edit(
    leaky_rnn_backward, RETURN, "return np.stack(dxs), dh, dW_x / len(xs), dW_h / len(xs), db / len(xs), dz / len(xs)",
    "the gradients of weights and shares are averaged over time: the same ones serve all steps, "
    "so the gradients of all steps add up",
)
edit(leaky_rnn_backward, RETURN, "return np.stack(dxs), dh, dW_x, dW_h, dz, db",
    "`dz` comes before db: the order of the results is dxs, dh0, dW_x, dW_h, db, dz")
edit(
    leaky_rnn_backward, RETURN, RETURN.replace(" dh,", " da @ W_h.T,"),
    "`dh0` misses the direct way: the state keeps `z * h_prev`, so `dh * z` of the first step is added to "
    "`da @ W_h.T`",
)
of_backward_loop(leaky_rnn_backward, limits=(), other_steps={})

# The penalty.

EXCESS, PENALTY, DW = (
    "excess = W.T @ W - np.eye(W.shape[1], dtype=W.dtype)", "penalty = np.sum(excess**2)", "dW = 4 * W @ excess",
)

variants(orthogonality_penalty, DW, {
    "dW = 2 * W @ excess": "`dW` is half of what it should be: a square has a factor 2, "
                           "and each entry of W stands in both factors of `W.T @ W`, so it is 4",
    "dW = 3 * W @ excess": "`dW` is three quarters of what it should be: of each pair both columns move, "
                           "and each entry of W stands in two factors, so it is 4",
    "dW = 2 * W @ excess / np.linalg.norm(excess)":
        "`dW` is the gradient of the norm: the penalty is its square, so it is `4 * W @ (W.T @ W - I)`",
    "dW = W @ excess": "`dW` lacks the factor 4: 2 from the square, and 2 since W stands twice in `W.T @ W`",
    "dW = 8 * W @ excess":
        "`dW` is twice what it should be: the square gives a factor 2 and the two places of W another 2, so it is 4",
    "dW = -4 * W @ excess":
        "the sign of dW is turned: the gradient shows where the penalty grows, a step goes the other way",
    "dW = 2 * excess": "`dW` stops at `W.T @ W - I`: that is the gradient with respect to the excess, "
                       "and W itself stands in two factors of it, so it is `4 * W @ (W.T @ W - I)`",
    "dW = 4 * W * np.sum(excess)":
        "`dW` takes the entries of the excess added up: it is a matrix product, `4 * W @ (W.T @ W - I)`",
    "dW = 4 * W @ excess / np.sum(excess**2)":
        "`dW` is divided by the penalty: it is `4 * W @ (W.T @ W - I)` as it is",
    "dW = 4 * W @ (W.T @ W)": "the identity is missing in dW: it is `4 * W @ (W.T @ W - I)`",
    "dW = 4 * W":
        "`dW` does not see how far off the columns are: it is W times `W.T @ W - I`, and zero where that is zero",
    "dW = 4 * W @ W.T @ W - W": "brackets are missing: the factor 4 belongs to both terms, `4 * (W @ W.T @ W - W)`",
    "dW = 4 * W @ excess**2": "`W.T @ W - I` is squared once more: the slope of a square is twice what is squared",
    "dW = 4 * W @ np.abs(excess)":
        "`dW` has lost signs: columns that are too short grow, those that are too long shrink",
})
variants(orthogonality_penalty, EXCESS, {
    "excess = W.T @ W": "the identity is missing: this is smallest for a W of zeros; take I away from `W.T @ W`",
    "excess = W.T @ W - 1": "1 is taken from every entry: it is the identity, `np.eye(n)`, whose other entries are 0",
    "excess = W.T @ W - np.eye(W.shape[1], dtype=W.dtype)\nexcess = excess * (1 - np.eye(W.shape[1], dtype=W.dtype))":
        "the diagonal is left out: columns of another length than 1 count too",
    "excess = np.diag(np.diag(W.T @ W) - 1)":
        "the diagonal alone counts: columns that are not at right angles count too",
})
variants(orthogonality_penalty, PENALTY, {
    "penalty = np.sqrt(np.sum(excess**2))": "`penalty` is the norm: it is the norm's square, the sum of the squares",
    "penalty = np.mean(excess**2)": "`penalty` is a mean: the squares are added up",
    "penalty = np.sum(np.abs(excess))": "`penalty` adds up absolute values: it is the sum of the squares",
    "penalty = np.sum(excess)": "`penalty` adds up the entries as they are: it is the sum of their squares",
    "penalty = np.sum(excess)**2":
        "`penalty` is the square of the sum: each entry is squared, then they are added up, `np.sum(...**2)`",
    "penalty = np.sum(excess @ excess)":
        "`penalty` adds up the entries of a matrix product: `@` does not square the entries, `**2` does",
    "penalty = np.sum(excess * 2)": "the entries are doubled, not squared: it is `**2`",
    "penalty = np.sum(np.linalg.svd(excess)[1])":
        "`penalty` is the sum of singular values: it is the sum of all entries' squares",
    "penalty = np.abs(excess).max()": "`penalty` is the largest entry: it is the sum of all entries' squares",
    "penalty = np.sum(excess**2) / 2": "`penalty` is halved: it is the sum of the squares as it is",
    "penalty = np.linalg.norm(excess, 2)**2":
        "`penalty` is the square of the spectral norm: it is the sum of all squares, `np.sum(...**2)`",
    "penalty = np.sum(np.tril(excess, -1)**2)":
        "`penalty` adds up one side of the diagonal alone: the diagonal counts too, and each pair of columns twice, "
        "as in the sum over all of `W.T @ W - I`",
    "penalty = np.sum(np.tril(excess)**2)":
        "`penalty` counts each pair of columns once: in the sum over all of `W.T @ W - I` it stands twice, "
        "on both sides of the diagonal",
    "penalty = np.trace(excess)": "`penalty` is the diagonal's sum: it is the sum of all entries' squares",
    "penalty = np.trace(excess**2)":
        "`penalty` has the squares of the diagonal alone: it is the sum of all entries' squares",
    "penalty = np.trace(excess)**2":
        "`penalty` is the square of the diagonal's sum: it is the sum of all entries' squares",
})
edit(
    orthogonality_penalty, PENALTY, "penalty = np.sum(excess**2) / 2", DW, "dW = 2 * W @ excess",
    "a half stands before the sum: the penalty is the sum of the squares as it is, and its gradient has a factor 4",
)
edit(
    orthogonality_penalty, PENALTY, "penalty = np.sum(np.tril(excess, -1)**2)", DW,
    "dW = 2 * W @ (excess - np.diag(np.diag(excess)))",
    "one side of the diagonal alone is added up: the diagonal counts too, and each pair of columns twice, "
    "as in the sum over all of `W.T @ W - I`",
)
edit(
    orthogonality_penalty, PENALTY, "penalty = np.sum(np.tril(excess)**2)", DW,
    "dW = 2 * W @ (excess + np.diag(np.diag(excess)))",
    "each pair of columns is counted once: in the sum over all of `W.T @ W - I` it stands twice, "
    "on both sides of the diagonal",
)
edit(
    orthogonality_penalty, PENALTY, "penalty = np.mean(excess**2)", DW, "dW = 4 * W @ excess / excess.size",
    "the penalty is a mean: the squares are added up",
)
edit(
    orthogonality_penalty, PENALTY, "penalty = np.sqrt(np.sum(excess**2))", DW, "dW = 2 * W @ excess / penalty",
    "the penalty is the norm, and not its square: it is the sum of the squares, and so smooth at 0",
)
edit(
    orthogonality_penalty, EXCESS, "excess = W @ W.T - np.eye(W.shape[0], dtype=W.dtype)", DW, "dW = 4 * excess @ W",
    "the 1s that are taken away are as many as W has rows, as from `W @ W.T`: it is `W.T @ W`, "
    "whose diagonal has an entry for each column",
)
