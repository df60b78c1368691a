"""Known mistakes of assignment 02-rnn: the step, the loop, the readout and its way back."""

import numpy as np

from unrolled.mistakes.edits import edit, mistake, variants
from unrolled.reference.rnn import readout, readout_backward, rnn_forward, rnn_step_forward

SUM = "a = x @ W_x + h_prev @ W_h + b"
TANH = "h = np.tanh(a)"

variants(rnn_step_forward, TANH, {
    "h = a": "tanh is left out: h = tanh(x @ W_x + h_prev @ W_h + b)",
    "h = 1 / (1 + np.exp(-a))": "this is the logistic sigmoid: the state of a plain recurrent network uses tanh",
    "h = np.maximum(a, 0)": "this is ReLU: the state of a plain recurrent network uses tanh",
    "h = np.arctan(a)": "this is the arc tangent: the state uses the hyperbolic tangent, `np.tanh`",
    "h = np.tanh(a / 2)": "this is tanh of half the sum: tanh(a) is 2 * sigmoid(2 * a) - 1, or simply `np.tanh(a)`",
    "h = np.tanh(np.tanh(a))": "tanh is taken twice",
    "h = np.tanh(x @ W_x) + np.tanh(h_prev @ W_h + b)":
        "tanh is taken of each part alone: add the parts first, then take tanh once",
    "h = h_prev + np.tanh(a)":
        "the new state is added to the old one: it takes the old one's place, h = tanh(x @ W_x + h_prev @ W_h + b)",
})
variants(rnn_step_forward, SUM, {
    "a = x @ W_x + h_prev @ W_h": "the bias b is left out",
    "a = x @ W_x + (h_prev + b) @ W_h":
        "the bias b is multiplied by W_h, together with h_prev: it is added to the products as it is",
    "a = x @ W_x + b + h_prev @ W_h + b": "the bias b is added twice: PyTorch has two biases, here there is one",
    "a = x @ W_x + h_prev @ W_h.T + b": "W_h is transposed: with row vectors it is `h_prev @ W_h`",
    "a = h_prev @ W_h + b": "the input is not used: add `x @ W_x` inside tanh",
    "a = x @ W_x + h_prev + b": "the previous state is added without its weights: it is `h_prev @ W_h`",
    "a = np.hstack([x, h_prev]) @ np.vstack([W_h, W_x]) + b":
        "`W_h` stands above W_x, but x before h_prev: stack the weights in the order of what they multiply, "
        "`[x, h_prev]` with W_x above W_h",
    "a = np.hstack([h_prev, x]) @ np.vstack([W_x, W_h]) + b":
        "`x` and h_prev are put side by side in another order than the rows of the weights: "
        "`[x, h_prev]` goes with W_x above W_h",
})
edit(
    rnn_step_forward, TANH, "h = x @ W_x + b",
    "`h` is the input's part alone, x @ W_x + b: `h_prev @ W_h` belongs in the sum, and tanh is taken of all of it",
    loop="`hs` holds the inputs' part alone, xs[t] @ W_x + b: is that what is stored, where h belongs, "
         "or are `h_prev @ W_h` and tanh left out?",
)
edit(
    rnn_step_forward, SUM, "a = x @ W_x + b",
    "the previous state is not used: add `h_prev @ W_h` inside tanh", loop=False,
)
edit(
    rnn_step_forward, SUM, "a = x @ W_x + h_prev @ W_h", TANH, "h = np.tanh(a) + b",
    "the bias b is added after tanh: it belongs inside",
)
for _name, _new in {"the_input": "h = np.tanh(x @ W_x) + h_prev @ W_h + b",
    "the_input_and_b": "h = np.tanh(x @ W_x + b) + h_prev @ W_h"}.items():
    edit(
        rnn_step_forward, TANH, _new,
        "the bracket of tanh closes too early: `h_prev @ W_h` and b belong inside it, "
        "tanh(x @ W_x + h_prev @ W_h + b)",
        name=f"tanh_of_{_name}_alone",
    )


edit(
    rnn_forward, "h = h0", "h = h0 @ W_h",
    "`h0` goes through W_h before the first step: the step multiplies by W_h for itself, so it is given h0 as it is",
    loop=False,
)
edit(
    rnn_forward, "h = rnn_step_forward(x, h, W_x, W_h, b)", "h = x @ W_x + h @ W_h + b", "hs.append(h)",
    "hs.append(np.tanh(h))",
    "what is handed on is the sum before tanh: the next step's h_prev is the state, tanh of it",
)


edit(
    rnn_forward, SUM, "a = x @ W_x + h_prev @ W_h", "return np.stack(hs)", "return np.stack(hs) + b",
    "the bias b is added to the states when all are made: it belongs inside tanh, at every step",
)


@mistake(rnn_forward, "the sequence is read along the batch: axis 0 of xs is time")
def loop_over_batch_axis(xs, h0, W_x, W_h, b):
    hs = np.zeros((*xs.shape[:2], h0.shape[1]))
    h = h0[0]
    for n in range(xs.shape[1]):
        h = np.tanh(xs[:, n] @ W_x + h @ W_h + b)
        hs[:, n] = h
    return hs


variants(readout, "logits = hs @ W_y + b_y", {
    "logits = hs @ W_y": "the bias b_y is left out",
    "logits = hs @ W_y - b_y": "the bias b_y is taken away: it is added, `hs @ W_y + b_y`",
    "logits = hs @ W_y + b_y\nlogits[-1] = 0":
        "the last step's scores are left empty: a loop over the steps runs over all of them, `range(T)`",
    "logits = hs @ W_y + b_y\nlogits[0] = 0":
        "the first step's scores are left empty: a loop over the steps begins with step 0, `range(T)`",
    "logits = hs @ W_y + b_y\nlogits[1:] = 0":
        "the first step's scores alone are filled in, and all T steps have theirs: is the `return` inside the loop?",
    "logits = softmax(hs @ W_y + b_y)":
        "these are probabilities: the readout returns the scores, and softmax comes later",
    "logits = np.tanh(hs @ W_y + b_y)": "tanh does not belong in the readout: the scores may have any size",
    "logits = np.tanh(hs) @ W_y + b_y":
        "tanh is taken of the states once more: hs holds them as they came out of it, so it is `hs @ W_y`",
    "logits = 1 / (1 + np.exp(-(hs @ W_y + b_y)))":
        "the sigmoid does not belong in the readout: the scores may have any size",
    "logits = np.maximum(hs @ W_y + b_y, 0)": "ReLU does not belong in the readout: the scores may have any sign",
    "logits = np.exp(hs @ W_y + b_y)": "exp is taken of the scores: that is half of softmax, which comes later",
    "logits = np.log(softmax(hs @ W_y + b_y))":
        "these are logarithms of probabilities: the readout returns the scores as they are, and softmax comes later",
    "logits = hs @ W_y + b_y\nlogits = logits - logits.max(axis=-1, keepdims=True)":
        "the largest score is taken away: softmax does that for itself, and the readout returns the scores as they "
        "are",
    "logits = (hs @ W_y + b_y).argmax(axis=-1)":
        "these are the symbols with the highest scores: the readout returns the scores of all V, "
        "and choosing comes later",
    "logits = hs[::-1] @ W_y + b_y":
        "the scores stand in reverse order of time: step t's are read from hs[t], and stand in `logits[t]`",
    "logits = hs @ W_y + np.arange(len(hs))[:, None, None] * b_y":
        "the bias b_y is multiplied by t, or added up from step to step: each step's scores have it once",
    "logits = hs @ W_y + np.arange(1, len(hs) + 1)[:, None, None] * b_y":
        "the bias b_y is added up from step to step: each step's scores have it once",
    "logits = hs @ W_y / len(W_y) + b_y":
        "these are means over the state's units: `hs @ W_y` adds up, over all H of them",
    "logits = hs[-1] @ W_y + b_y": "only the last state is read out: every step has its scores",
    "logits = hs[:, -1] @ W_y + b_y":
        "`hs[:, -1]` is the last sequence of the batch: axis 0 is time, and every step of every sequence has its "
        "scores",
    "logits = hs.mean(axis=0) @ W_y + b_y":
        "the mean of the states over time is read out: every step has its own scores",
    "logits = np.cumsum(hs @ W_y + b_y, axis=0)":
        "each step's scores include those of the steps before it: a score is read from one state, "
        "so nothing adds up over time",
    "logits = (hs @ W_y + b_y).swapaxes(0, 1)":
        "the batch comes first: the scores are (T, N, V), time on axis 0, as the states are",
    "logits = (hs @ W_y + b_y).reshape(-1, len(b_y))":
        "steps and sequences share one axis: the scores are (T, N, V), as many axes as the states have",
})

# Back through the readout.

DHS = "dhs = dys @ W_y.T"
DW_Y = "dW_y = np.tensordot(hs, dys, axes=([0, 1], [0, 1]))"
DB_Y = "db_y = dys.sum(axis=(0, 1))"

edit(
    readout_backward, DW_Y, f"{DW_Y} / hs.shape[1]", DB_Y, f"{DB_Y} / hs.shape[1]",
    "the weights' gradients are divided by the batch size N: the loss has already settled that, here they are sums",
)
edit(
    readout_backward, DW_Y, f"{DW_Y} / len(hs)", DB_Y, f"{DB_Y} / len(hs)",
    "the weights' gradients are averaged over time: W_y and b_y served every step, "
    "so the gradients of all steps add up",
)
edit(
    readout_backward, DW_Y, f"{DW_Y} / hs[..., 0].size", DB_Y, "db_y = dys.mean(axis=(0, 1))",
    "the weights' gradients are means over steps and sequences: the gradients of all of them add up",
)
edit(
    readout_backward, DW_Y, "dW_y = hs[-1].T @ dys[-1]", DB_Y, "db_y = dys[-1].sum(axis=0)",
    "the weights' gradients take the last step alone: are they overwritten in each round, "
    "where they should be added up?",
)
edit(
    readout_backward, DW_Y, "dW_y = hs[0].T @ dys[0]", DB_Y, "db_y = dys[0].sum(axis=0)",
    "the weights' gradients take the first step alone: are they overwritten in each round of a loop that runs "
    "backwards, where they should be added up?",
)
edit(
    readout_backward, DHS, f"{DHS} / hs.shape[1]", DW_Y, f"{DW_Y} / hs.shape[1]", DB_Y, f"{DB_Y} / hs.shape[1]",
    "everything is divided by the batch size N: the loss has already settled that",
)
variants(readout_backward, DHS, {
    f"{DHS} * (1 - hs**2)":
        "`dhs` has the slope of tanh in it: the readout has no tanh, and the slope of the state's own comes later, "
        "on the way back through the step",
    f"{DHS} * hs":
        "`dhs` is multiplied by the states: a score changes with a state as `W_y` says, whatever the state is",
    "dhs = np.cumsum((dys @ W_y.T)[::-1], axis=0)[::-1]":
        "`dhs` carries a gradient from step to step: here every step stands alone, "
        "and gradients are carried in the network's own way back, through time",
    "dhs = np.cumsum(dys @ W_y.T, axis=0)":
        "`dhs` piles up from step to step: here every step stands alone, and its gradient is `dys[t] @ W_y.T`",
    "dhs = (dys @ W_y.T)[::-1]":
        "`dhs` is in the order of a loop that runs backwards: `dhs[0]` belongs to the first step",
    "dhs = np.concatenate([np.zeros_like(hs[:-1]), dys[-1:] @ W_y.T])":
        "`dhs` has nothing but the last step's gradient: every step was read out, so each has its own",
    "dhs = np.ones_like(hs) * (dys @ W_y.T).sum(axis=0)":
        "`dhs` gives every step the sum over time: a state was read out once, at its own step",
    f"{DHS} / hs.shape[1]": "`dhs` is divided by the batch size N: the loss has already settled that",
    f"{DHS} / len(hs)": "`dhs` is divided by the number of steps: each state was read out once, nothing is averaged",
    "dhs = dys - dys.mean(axis=-1, keepdims=True)\ndhs = dhs @ W_y.T":
        "the mean of the scores' gradients is taken away: `dys` has come back through softmax and the loss already, "
        "so take it as it is",
})
variants(readout_backward, DW_Y, {
    'dW_y = np.einsum("tnh,tnv->vh", hs, dys)':
        "`dW_y` is transposed: it has the shape of W_y, one row for each unit of the state",
    'dW_y = np.einsum("tnh,tnv->hv", hs[:-1], dys[1:])':
        "`dW_y` takes the state before each step: a step's scores were read from its own state, after its input",
    'dW_y = np.einsum("tnh,tnv->hv", hs[::-1], dys)':
        "`dW_y` pairs the first state with the last scores: both run in the same order",
    'dW_y = np.einsum("tnh,tnv->hv", np.tanh(hs), dys)':
        "`dW_y` takes tanh of the states once more: hs are the states as they were read out",
    'dW_y = np.einsum("tnh,tnv->hv", 1 - hs**2, dys)':
        "`dW_y` takes the slope of tanh where it needs the states: the readout has no tanh, W_y was multiplied by hs",
    "dW_y = np.ones_like(W_y) * dys.sum(axis=(0, 1))":
        "`dW_y` does not see the states: W_y was multiplied by them, so each row has its unit's part",
    "dW_y = np.outer(hs.sum(axis=(0, 1)), dys.sum(axis=(0, 1)))":
        "`dW_y` is a product of sums: multiply state and gradient of the same step and sequence first, then add up",
    "dW_y = hs.sum(axis=1).T @ dys.sum(axis=1)":
        "`dW_y` mixes the sequences of a batch: multiply each one's state by its own gradient, then add up",
    "dW_y = hs.sum(axis=0).T @ dys.sum(axis=0)":
        "`dW_y` mixes the steps: multiply each one's state by its own gradient, then add up",
    "dW_y = hs[-1].T @ dys[-1]":
        "`dW_y` takes the last step alone: W_y served every step, so the gradients of all steps add up",
    "dW_y = hs[0].T @ dys[0]":
        "`dW_y` takes the first step alone: W_y served every step, so the gradients of all steps add up",
    "dW_y = hs[:, 0].T @ dys[:, 0]":
        "`dW_y` takes the first sequence of the batch alone: W_y served all of them, so their gradients add up",
    f"{DW_Y} / hs.shape[1]": "`dW_y` is averaged over the batch: the loss has already settled that, here it is a sum",
    f"{DW_Y} / len(hs)": "`dW_y` is averaged over time: W_y served every step, so the gradients of all steps add up",
})
variants(readout_backward, DB_Y, {
    "db_y = dys.sum(axis=0)":
        "`db_y` is not summed over the batch: b_y was added to every sequence, so it has the shape of b_y",
    "db_y = dys.sum(axis=1)":
        "`db_y` is not summed over time: b_y was added at every step, so it has the shape of b_y",
    "db_y = dys[-1].sum(axis=0)":
        "`db_y` takes the last step alone: b_y was added at every step, so the gradients of all steps add up",
    "db_y = dys[0].sum(axis=0)":
        "`db_y` takes the first step alone: b_y was added at every step, so the gradients of all steps add up",
    "db_y = dW_y.sum(axis=0)":
        "`db_y` has the states in it: b_y was added without them, so its gradient is that of the scores, summed",
    "db_y = dys.mean(axis=(0, 1))": "`db_y` is a mean over steps and sequences: the gradients of all of them add up",
    f"{DB_Y} / hs.shape[1]": "`db_y` is averaged over the batch: the loss has already settled that, here it is a sum",
    f"{DB_Y} / len(hs)":
        "`db_y` is averaged over time: b_y was added at every step, so the gradients of all steps add up",
})
edit(
    readout_backward, "return dhs, dW_y, db_y", "return dW_y, db_y, dhs",
    "the states' gradient comes last: the order of the results is dhs, dW_y, db_y",
)
