"""Known mistakes of assignment 03-bptt: the functions that take gradients back, through a step and through time.

What goes wrong in every cell's loop stands in `shared`.
"""

import numpy as np

from unrolled.mistakes.edits import edit, mistake, variants
from unrolled.reference.bptt import truncated_rnn_backward
from unrolled.reference.rnn import rnn_backward, rnn_step_backward

DA = "da = dh * (1 - h**2)"
DH_PREV = "dh_prev = da @ W_h.T"
DW_H = "dW_h = h_prev.T @ da"
DB = "db = da.sum(axis=0)"

variants(rnn_step_backward, DA, {
    "da = dh": "tanh is left out on the way back: first da = dh * (1 - h**2), then everything else from da",
    "da = dh * (1 - np.tanh(h)**2)": "`h` is tanh(a) already: its slope is 1 - h**2, not 1 - np.tanh(h)**2",
    "da = dh / (1 - h**2)": "`dh` is divided by tanh's slope: it is multiplied by it, da = dh * (1 - h**2)",
    "da = dh * h * (1 - h)": "this is the slope of the logistic sigmoid, h * (1 - h): that of tanh is 1 - h**2",
    "da = dh * (1 - h)": "the square is missing: the slope of tanh is 1 - h**2, not 1 - h",
    "da = dh * (1 - h)**2": "the square stands outside the bracket: the slope of tanh is 1 - h**2, not (1 - h)**2",
    "da = dh * (1 - h * 2)":
        "`h` is doubled where it should be squared: the slope of tanh is 1 - h**2, with two stars",
    "da = dh * 1 - h**2":
        "brackets are missing: `dh * 1 - h**2` multiplies by 1 and then takes h**2 away, so write `dh * (1 - h**2)`",
    "da = 1 - h**2 * dh":
        "brackets are missing around the slope: `1 - h**2 * dh` multiplies h**2 alone, so write `(1 - h**2) * dh`",
    "da = dh * (1 - h**2)**2": "the slope of tanh is taken twice: once is enough, da = dh * (1 - h**2)",
    "da = dh * (h > 0)": "this is the slope of ReLU: that of tanh is 1 - h**2",
    "da = dh * (1 - h_prev**2)":
        "the slope of tanh is taken at h_prev: it belongs to this step's own state, 1 - h**2",
    "da = dh * (1 - np.tanh(x @ W_x + h_prev @ W_h)**2)":
        "the slope is that of a state made again without its bias: this step's h is given, so take 1 - h**2",
    "da = dh * (1 - np.tanh(h_prev @ W_h)**2)":
        "the slope is that of a state made again without its input: this step's h is given, so take 1 - h**2",
})
edit(rnn_step_backward, DA, "da = dh * h", "`h` itself stands where the slope of tanh belongs: da = dh * (1 - h**2)",
    loop=False)
edit(
    rnn_step_backward, DA, "da = 1 - h**2",
    "`dh` is not used: what goes back through tanh is the gradient that arrives, times the slope, "
    "da = dh * (1 - h**2)",
    loop="`dhs` is not used: what goes back through tanh is the gradient that arrives, times the slope, "
         "da = dh * (1 - hs[t]**2)",
)
variants(rnn_step_backward, DH_PREV, {
    "dh_prev = da @ W_h":
        "W_h is not transposed in dh_prev: forward it was `h_prev @ W_h`, so back it is `da @ W_h.T`",
    "dh_prev = dh @ W_h.T": "`dh_prev` is taken from dh: the gradient passes tanh first, so it is `da @ W_h.T`",
})
edit(
    rnn_step_backward, DH_PREV, "dh_prev = da @ W_h.T + dh",
    "`dh` itself is added to dh_prev: the state before reaches this one through W_h and tanh alone",
    loop=False,     # `shared` has it
)
variants(rnn_step_backward, DW_H, {
    "dW_h = da.T @ h_prev":
        "`dW_h` is transposed: it has the shape of W_h, rows for h_prev and columns for da, so `h_prev.T @ da`",
    "dW_h = dh_prev.T @ da":
        "`dW_h` is made with dh_prev, the gradient: what W_h was multiplied by in the forward pass is the state "
        "h_prev",
})
edit(
    rnn_step_backward, DW_H, "dW_h = h.T @ da",
    "`dW_h` is made with h: what W_h was multiplied by in the forward pass is h_prev",
    loop="`dW_h` is made with hs[t]: what W_h was multiplied by at step t is the state before, hs[t - 1]",
)
edit(
    rnn_step_backward, "dW_x = x.T @ da", "dW_x = x.T @ da / len(x)", DW_H, "dW_h = h_prev.T @ da / len(x)", DB,
    "db = da.mean(axis=0)",
    "the weights' gradients are divided by the batch size: that division belongs to the loss, "
    "and dh carries it already",
)
edit(
    rnn_step_backward, DB, "db = da.mean(axis=0)",
    "`db` is averaged over the batch: every row used the same b, so its gradient is their sum",
)
edit(
    rnn_step_backward, DB, "db = da",
    "`db` is not summed over the batch: every row used the same b, so its gradient is `da.sum(axis=0)`",
    loop=False,
)
edit(
    rnn_step_backward, DB, "db = da.sum(axis=1)",
    "`db` is summed over axis 1, the units: each unit keeps its own, so sum over the batch, `da.sum(axis=0)`",
    loop=False,
)

# Through time.

edit(
    rnn_backward, "dh = dh + dhs[t]", "dh = dhs[t] + dh / (1 - hs[t]**2)",
    "what comes from the step after bypasses tanh: add it to dhs[t] first, then multiply the sum by 1 - hs[t]**2",
)
edit(
    rnn_backward,
    "dx = da @ W_x.T", "dx = dh @ W_x.T",
    "dW_x = x.T @ da", "dW_x = x.T @ dh",
    DW_H, "dW_h = h_prev.T @ dh",
    DB, "db = dh.sum(axis=0)",
    "`dh` stands where da belongs: what goes on to the inputs, the weights and b has passed tanh, "
    "da = dh * (1 - hs[t]**2)",
)
_FROM_DHS = {"dW_x": "xs[t].T @ dhs[t]", "dW_h": "h_prev.T @ dhs[t]", "db": "dhs[t].sum(axis=0)"}
edit(
    rnn_backward, "dh = dh + dhs[t]", "dh = (dh * (1 - hs[t]**2)) @ W_h.T + dhs[t]",
    "dx, dh, dW_x_t, dW_h_t, db_t = rnn_step_backward(dh, xs[t], h_prev, hs[t], W_x, W_h)",
    "dx, dh0, dW_x_t, dW_h_t, db_t = rnn_step_backward(dh, xs[t], h_prev, hs[t], W_x, W_h)",
    "return np.stack(dxs), dh, dW_x, dW_h, db", "return np.stack(dxs), dh0, dW_x, dW_h, db",
    "what comes from the step after is multiplied by this step's slope: it went through the tanh of the step after, "
    "so carry that step's own `da @ W_h.T`",
)
for _loop in (rnn_backward, truncated_rnn_backward):
    for _name, _taken in _FROM_DHS.items():
        edit(
            _loop, f"{_name} = {_name} + {_name}_t", f"{_name} = {_name} + {_taken}",
            f"`{_name}` is taken from dhs alone: what goes on to it has come back from the steps after it and has "
            "passed tanh, da", loop=False,
        )
    edit(
        _loop, *(part for name, taken in _FROM_DHS.items()
            for part in (f"{name} = {name} + {name}_t", f"{name} = {name} + {taken}")),
        "the weights' gradients are taken from dhs alone: what goes on to them has come back from the steps after and "
        "has passed tanh, da", loop=False,
    )
    edit(
        _loop, "dx, dh, dW_x_t, dW_h_t, db_t = rnn_step_backward(dh, xs[t], h_prev, hs[t], W_x, W_h)",
        "dx, dh, dW_x_t, dW_h_t, db_t = rnn_step_backward(dh, xs[t], h_prev, hs[t - 1], W_x, W_h)",
        "the slope of tanh is taken at hs[t - 1], the state before: it belongs to the step's own state, 1 - hs[t]**2",
        loop=False,
    )
    edit(
        _loop, "dh = dh + dhs[t]", "dh0 = dh\ndh = dh + dhs[t]",
        "return np.stack(dxs), dh, dW_x, dW_h, db", "return np.stack(dxs), dh0, dW_x, dW_h, db",
        "`dh0` is what step 1 hands back, the gradient at hs[0] without dhs[0]: "
        "what step 0 hands back is `da @ W_h.T` with its own da",
    )
    edit(
        _loop, "dh = dh + dhs[t]", "dh = dh + dhs[t]\nda = dh * (1 - hs[t]**2)",
        "return np.stack(dxs), dh, dW_x, dW_h, db", "return np.stack(dxs), da, dW_x, dW_h, db",
        "`dh0` is the da of step 0: it still has to go back through W_h, as `da @ W_h.T`",
    )
    edit(
        _loop, "dxs.insert(0, dx)", "dxs.insert(0, dhs[t] @ W_x.T)",
        "`dxs` are taken from dhs alone: what goes on to an input has come back from the steps after it and has "
        "passed tanh, `da @ W_x.T`",
    )


@mistake(rnn_backward,
    "each loss goes back four steps at most, `bptt_truncate = 4`: here the gradient goes all the way back to h0")
def cut_after_four_steps(dhs, xs, h0, hs, W_x, W_h):
    """What one output sends back reaches its own step and four before."""
    das, dh0 = np.zeros_like(hs), np.zeros_like(h0)
    for last in range(len(hs)):
        dh = dhs[last]
        for t in range(last, max(-1, last - 5), -1):
            da = dh * (1 - hs[t] ** 2)
            das[t] += da
            dh = da @ W_h.T
        dh0 += dh if last < 5 else 0
    h_prevs = np.concatenate([h0[None], hs[:-1]])
    dW_x, dW_h = np.einsum("tnd,tnh->dh", xs, das), np.einsum("tng,tnh->gh", h_prevs, das)
    return das @ W_x.T, dh0, dW_x, dW_h, das.sum(axis=(0, 1))
