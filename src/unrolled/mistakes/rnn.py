"""Known mistakes of assignment 02-rnn: the step, the loop, the readout, its way back, and sampling."""

import numpy as np

from unrolled.mistakes.edits import edit, mistake, variants
from unrolled.reference.rnn import readout, readout_backward, rnn_forward, rnn_step_forward, sample_tokens

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

# Sampling, in the order of its lines.

STEP = "h = np.tanh(W_x[token] + h @ W_h + b)"
LOGITS = "logits = (h @ W_y + b_y)[0]"
SOFTMAX = "p = softmax(logits / temperature)"
DRAWN = 'token = np.searchsorted(cumulative, draw * cumulative[-1], side="right")'
TOKEN = "tokens.append(token)"

edit(
    sample_tokens, "h = h0", "h = 0 * h0",
    "`h0` is ignored: sampling starts from the state that is given, not from zeros",
)
edit(
    sample_tokens, "token = first", "token = 0",
    "`first` is ignored: its row of W_x is the first step's input",
)
edit(
    sample_tokens, "for draw in u:", "for draw in u:\n    h = h0",
    "the state is not carried from one token to the next",
)
variants(sample_tokens, STEP, {
    "h = W_x[token] + h @ W_h + b": "tanh is left out: h = tanh(x @ W_x + h @ W_h + b)",
    "h = np.tanh(W_x[token] + h @ W_h.T + b)": "W_h is transposed: with row vectors it is `h @ W_h`",
    "h = np.tanh(W_x[token] + h @ W_h)": "the bias b is left out",
    "h = np.tanh(W_x[token] + 0 * (h @ W_h) + b)": "the state before is not used: add `h @ W_h` inside tanh",
    "x = W_x[token] if tokens else 0\nh = np.tanh(x + h @ W_h + b)":
        "the first step's input is all zeros: it is the one-hot row of `first`, as later that of the drawn token",
})
edit(
    sample_tokens, "token = first", "x = np.eye(len(W_x))[first]", STEP, "h = np.tanh(x @ W_x + h @ W_h + b)", SOFTMAX,
    f"{SOFTMAX}\nx = p",
    "the probabilities are fed back: the next step's input is the one-hot row of the token that was drawn",
)
edit(
    sample_tokens, STEP, "h = np.tanh(h @ W_h + b)",
    "the tokens are never read: is the one-hot row left at zeros, without its 1?",
)
edit(
    sample_tokens,
    "token = first", "x = np.eye(len(W_x))[first]", STEP, "h = np.tanh(x @ W_x + h @ W_h + b)", TOKEN,
    f"{TOKEN}\nx[token] = 1",
    "the one-hot input keeps the 1s of earlier tokens: begin each step's input with zeros, "
    "so that only one entry is 1",
)
edit(
    sample_tokens, STEP, f"{LOGITS}\n{STEP}", LOGITS, "",
    "the scores are read from the state before: the token goes into the state first, "
    "and then `h @ W_y + b_y` is read from the new one",
)
edit(
    sample_tokens, STEP, "", TOKEN, f"{TOKEN}\n{STEP}",
    "each token is drawn from the state before it was read, the first from h0: read a token, "
    "and draw the next one from the state that follows",
)
edit(
    sample_tokens, LOGITS, "logits = (h @ W_y / temperature + b_y)[0]", SOFTMAX, "p = softmax(logits)",
    "the temperature divides the product alone: it divides the whole score, with the bias b_y",
)
edit(
    sample_tokens, LOGITS, "logits = (h @ W_y + b_y / temperature)[0]", SOFTMAX, "p = softmax(logits)",
    "the temperature divides the bias alone: `/` goes before `+`, and what is divided is the whole score, "
    "`(h @ W_y + b_y) / temperature`",
)
edit(sample_tokens, LOGITS, "logits = (h @ W_y)[0]", "the readout's bias b_y is left out")
variants(sample_tokens, LOGITS, {
    "logits = (np.tanh(h) @ W_y + b_y)[0]":
        "tanh is taken of the state once more before it is read out: h comes out of tanh already, "
        "so it is `h @ W_y + b_y`",
    "logits = np.tanh(h @ W_y + b_y)[0]":
        "tanh is taken of the scores: the readout has none, the scores may have any size",
    "logits = (h @ W_y + b_y)[0]\nlogits = np.maximum(logits, 0)":
        "ReLU is taken of the scores: the readout has none, the scores may have any sign",
})
variants(sample_tokens, SOFTMAX, {
    "p = softmax(logits * temperature)":
        "the logits are multiplied by the temperature: divide, so that a low temperature sharpens",
    "p = softmax(logits / temperature / temperature)":
        "the temperature is divided by twice: divide the logits by it once, before softmax",
    "p = softmax(softmax(logits / temperature))":
        "softmax is taken of probabilities: what it takes are the scores, and once",
    "p = softmax(softmax(logits) / temperature)":
        "the probabilities are divided by the temperature and go through softmax again: divide the scores, "
        "before the only softmax",
    "p = softmax(logits)": "the temperature is ignored: divide the logits by it before softmax",
})
edit(
    sample_tokens, SOFTMAX, "p = softmax(logits) / temperature", DRAWN, "token = np.argmax(cumulative > draw)",
    "the probabilities are divided by the temperature, and no longer add up to 1: divide the logits, before softmax",
)
for _name, _new in {"the_last": "len(p) - 1", "the_first": "0"}.items():
    edit(
        sample_tokens, SOFTMAX, "p = softmax(logits) ** (1 / temperature)", DRAWN,
        f"token = np.argmax(cumulative > draw) if cumulative[-1] > draw else {_new}",
        "`p ** (1 / temperature)` no longer adds up to 1: divide it by its sum, "
        "or divide the logits by the temperature, before softmax",
        name=f"powers_of_probabilities_with_{_name}_when_none_exceeds",
    )
edit(
    sample_tokens, SOFTMAX, "p = np.exp((logits - logits.max()) / temperature)", DRAWN,
    "token = min(np.searchsorted(cumulative, draw, side='right'), len(p) - 1)",
    "the exponentials are not divided by their sum: only probabilities, which add up to 1, can be compared with u[t]",
    name="exponentials_of_what_lies_below_the_largest_are_not_divided",
)
edit(
    sample_tokens, SOFTMAX, "p = np.exp(logits / temperature) / np.exp(logits).sum()", DRAWN,
    "token = min(np.searchsorted(cumulative, draw, side='right'), len(p) - 1)",
    "the temperature divides the scores above the line alone: the sum below is that of the same exponentials, "
    "`np.exp(logits / temperature)`",
)
edit(
    sample_tokens, SOFTMAX, "p = np.exp(logits / temperature)", DRAWN,
    "token = min(np.searchsorted(cumulative, draw, side='right'), len(p) - 1)",
    "the exponentials are not divided by their sum: only probabilities, which add up to 1, can be compared with u[t]",
)
variants(sample_tokens, DRAWN, {
    "token = np.argmax(p)":
        "you take the most probable token each time: take the first whose cumulative probability exceeds u[t]",
    "token = max(np.searchsorted(cumulative, draw, side='right') - 1, 0)":
        "the index is one too small: take the first token whose cumulative probability exceeds u[t]",
    "token = min(np.searchsorted(cumulative, draw, side='right') + 1, len(p) - 1)":
        "the index is one too large: take the first token whose cumulative probability exceeds u[t]",
    'token = np.searchsorted(cumulative, u[0] * cumulative[-1], side="right")':
        "every token is drawn with u[0]: `tokens[t]` is drawn with u[t]",
    'token = min(np.searchsorted(cumulative, 1 - draw, side="right"), len(p) - 1)':
        "you compare with `1 - u[t]`: take the first token whose cumulative probability exceeds u[t] itself",
    "token = min(np.searchsorted(cumulative, draw), len(p) - 1)":
        "a token whose cumulative probability only equals u[t] is taken: it has to exceed u[t], "
        "so it is `u[t] < total`, not `<=`, and `searchsorted` takes the right side",
    "token = np.searchsorted(cumulative, draw, side='right') - 1":
        "the index is one too small, and -1 where it should be 0: take the first token whose cumulative probability "
        "exceeds u[t]",
    "token = min(np.searchsorted(p, draw, side='right'), len(p) - 1)":
        "the draw is looked for among the probabilities themselves: add them up first, with `np.cumsum`",
    "token = np.argmax(p > draw)":
        "you look at each token's own probability: add them up first, and take the first whose cumulative probability "
        "exceeds u[t]",
    "token = np.argmax(p > draw) if (p > draw).any() else len(p) - 1":
        "you compare each token's own probability with u[t]: it is the running sum that has to exceed u[t], "
        "so add them up first",
    "token = 0 if cumulative[0] < draw else len(p) - 1":
        "the comparison with u[t] is turned round: the loop ends at the first token whose cumulative probability "
        "exceeds u[t], `u[t] < total`",
    "token = np.argmin(np.abs(cumulative - draw))":
        "you take the token whose cumulative probability is nearest to u[t]: "
        "take the first whose cumulative probability exceeds it",
})
edit(
    sample_tokens, TOKEN, f"{TOKEN}\ntoken = first",
    "the drawn token is not fed back: it must be the next step's input",
)
edit(
    sample_tokens, TOKEN, "tokens.append(np.argmax(p))",
    "what is kept is the most probable token, and what is drawn goes into the next step: "
    "keep the token that is drawn with u[t]",
)
edit(
    sample_tokens, "return np.array(tokens, dtype=int)", "return np.array(tokens, dtype=int) + 1",
    "what is kept is the token's number plus 1: tokens are counted from 0, as the rows of W_x are",
)
edit(
    sample_tokens, "cumulative = np.cumsum(p)", "cumulative = np.cumsum(p) + p[0]", DRAWN,
    "token = min(np.searchsorted(cumulative, draw, side='right'), len(p) - 1)",
    "the running sum holds p[0] twice: begin it with 0 where the loop adds p[0] itself",
)
edit(
    sample_tokens, "return np.array(tokens, dtype=int)", "return np.roll(np.array(tokens, dtype=int), -1)",
    "each token is put one place too early, and the first of them into `tokens[-1]`: what u[t] draws is `tokens[t]`",
)
edit(
    sample_tokens, "tokens = []", "tokens = [first]",
    "the given first token is among the results: return the T drawn tokens only",
)
edit(
    sample_tokens, "tokens = []", "tokens = [first]", "for draw in u:", "for draw in u[1:]:",
    "the given first token stands in place of the first drawn one: `u[0]` draws tokens[0]",
)
edit(
    sample_tokens, "return np.array(tokens, dtype=int)", "return np.array([first, *tokens[:-1]], dtype=int)",
    "what goes into a step is kept, not what is drawn there: so `first` stands in front, "
    "and the last token drawn is missing",
)
for _order, _places in {"largest": "np.argsort(p)[::-1]", "smallest": "np.argsort(p)"}.items():
    edit(
        sample_tokens, "cumulative = np.cumsum(p)", f"order = {_places}\ncumulative = np.cumsum(p[order])",
        DRAWN, 'token = order[np.searchsorted(cumulative, draw * cumulative[-1], side="right")]',
        f"the tokens are sorted by their probability, the {_order} first, so that a draw stands for another one: "
        "add up p in the order of the vocabulary",
    )
for _order, _sorted in {"largest": "np.sort(p)[::-1]", "smallest": "np.sort(p)"}.items():
    edit(
        sample_tokens, "cumulative = np.cumsum(p)", f"cumulative = np.cumsum({_sorted})",
        f"the probabilities are sorted before they are added up, the {_order} first: "
        "then a place among them no longer stands for a token, so add up p as it is",
    )
edit(
    sample_tokens, "return np.array(tokens, dtype=int)", "return np.zeros(len(u), dtype=int)",
    "every token is 0: is the array ever filled in, or does softmax run over axis 0 of scores (1, V), "
    "which makes every p 1, or is the comparison with u[t] turned round?",
)
edit(
    sample_tokens, "tokens.append(token)", "token = min(token, len(W_y) - 1)\ntokens.append(token)",
    "every token is held below H: it is below V, which is `len(b_y)` or `W_y.shape[1]`, and `len(W_y)` is H",
)
edit(
    sample_tokens, "return np.array(tokens, dtype=int)", "return np.full(len(u), len(b_y) - 1)",
    "every token is V - 1, the last one: does a loop over the tokens go on after the first whose cumulative "
    "probability exceeds u[t], or is the last of these taken?",
)
edit(
    sample_tokens, "return np.array(tokens, dtype=int)", "return np.full(len(u), first)",
    "every token is `first`: is what is drawn kept, or the token that went in, which never changes?",
)
