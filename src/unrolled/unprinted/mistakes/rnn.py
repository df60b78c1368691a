"""Known mistakes of assignment 02-rnn in what no page prints."""

from unrolled.mistakes.edits import edit, last_line, variants
from unrolled.unprinted.rnn import jordan_forward, jordan_step_backward, readout_backward

DHS = "dhs = dys @ W_y.T"
DW_Y = 'dW_y = np.einsum("tnh,tnv->hv", hs, dys)'
DB_Y = "db_y = dys.sum(axis=(0, 1))"

edit(
    readout_backward, DW_Y, f"{DW_Y} / hs.shape[1]", DB_Y, f"{DB_Y} / hs.shape[1]",
    "the weights' gradients are divided by the batch size N: the loss has already settled that, here they are sums",
)
edit(
    readout_backward, DW_Y, f"{DW_Y} / len(hs)", DB_Y, f"{DB_Y} / len(hs)",
    "the weights' gradients are averaged over time: W_y and b_y served every step, so what the steps say adds up",
)
edit(
    readout_backward, DW_Y, f"{DW_Y} / hs[..., 0].size", DB_Y, "db_y = dys.mean(axis=(0, 1))",
    "the weights' gradients are means over steps and sequences: what each of them says adds up",
)
edit(
    readout_backward, DW_Y, "dW_y = hs[-1].T @ dys[-1]", DB_Y, "db_y = dys[-1].sum(axis=0)",
    "the weights hear the last step alone: are their gradients overwritten in each round, where they should be added up?",
)
edit(
    readout_backward, DW_Y, "dW_y = hs[0].T @ dys[0]", DB_Y, "db_y = dys[0].sum(axis=0)",
    "the weights hear the first step alone: are their gradients overwritten in each round of a loop that runs backwards?",
)
edit(
    readout_backward, DHS, f"{DHS} / hs.shape[1]", DW_Y, f"{DW_Y} / hs.shape[1]", DB_Y, f"{DB_Y} / hs.shape[1]",
    "everything is divided by the batch size N: the loss has already settled that",
)
variants(readout_backward, DHS, {
    f"{DHS} * (1 - hs**2)":
        "`dhs` has the slope of tanh in it: the readout has no tanh, and the state's own is taken where the step goes back",
    f"{DHS} * hs": "`dhs` is multiplied by the states: a score changes with a state as `W_y` says, whatever the state is",
    "dhs = np.cumsum((dys @ W_y.T)[::-1], axis=0)[::-1]":
        "`dhs` carries a gradient from step to step: here every step stands alone, and carrying it is the network's own way back",
    "dhs = (dys @ W_y.T)[::-1]": "`dhs` is in the order of a loop that runs backwards: `dhs[0]` belongs to the first step",
    "dhs = np.concatenate([np.zeros_like(hs[:-1]), dys[-1:] @ W_y.T])":
        "`dhs` has nothing but the last step's gradient: every step was read out, so each has its own",
    "dhs = np.ones_like(hs) * (dys @ W_y.T).sum(axis=0)":
        "`dhs` gives every step the sum over time: a state was read out once, at its own step",
    f"{DHS} / hs.shape[1]": "`dhs` is divided by the batch size N: the loss has already settled that",
    f"{DHS} / len(hs)": "`dhs` is divided by the number of steps: each state was read out once, nothing is averaged",
    "dhs = dys - dys.mean(axis=-1, keepdims=True)\ndhs = dhs @ W_y.T":
        "the mean of the scores' gradients is taken away, as in the way back through softmax: `dys` has all that behind it",
})
variants(readout_backward, DW_Y, {
    'dW_y = np.einsum("tnh,tnv->vh", hs, dys)': "`dW_y` is transposed: it has the shape of W_y, one row for each unit of the state",
    'dW_y = np.einsum("tnh,tnv->hv", hs[:-1], dys[1:])':
        "`dW_y` takes the state before each step: a step's scores were read from its own state, after its input",
    'dW_y = np.einsum("tnh,tnv->hv", hs[::-1], dys)': "`dW_y` pairs the first state with the last scores: both run in the same order",
    'dW_y = np.einsum("tnh,tnv->hv", np.tanh(hs), dys)': "`dW_y` takes tanh of the states once more: hs are the states as they were read out",
    'dW_y = np.einsum("tnh,tnv->hv", 1 - hs**2, dys)':
        "`dW_y` takes the slope of tanh where it needs the states: the readout has no tanh, W_y was multiplied by hs",
    "dW_y = np.ones_like(W_y) * dys.sum(axis=(0, 1))": "`dW_y` does not see the states: W_y was multiplied by them, so each row has its unit's part",
    "dW_y = np.outer(hs.sum(axis=(0, 1)), dys.sum(axis=(0, 1)))":
        "`dW_y` is a product of sums: multiply state and gradient of the same step and sequence first, then add up",
    "dW_y = hs.sum(axis=1).T @ dys.sum(axis=1)":
        "`dW_y` mixes the sequences of a batch: multiply each one's state by its own gradient, then add up",
    "dW_y = hs.sum(axis=0).T @ dys.sum(axis=0)": "`dW_y` mixes the steps: multiply each one's state by its own gradient, then add up",
    "dW_y = hs[-1].T @ dys[-1]": "`dW_y` hears the last step alone: W_y served every step, so what each says adds up",
    "dW_y = hs[0].T @ dys[0]": "`dW_y` hears the first step alone: W_y served every step, so what each says adds up",
    "dW_y = hs[:, 0].T @ dys[:, 0]": "`dW_y` hears the first sequence of the batch alone: W_y served all of them, so what each says adds up",
    f"{DW_Y} / hs.shape[1]": "`dW_y` is averaged over the batch: the loss has already settled that, here it is a sum",
    f"{DW_Y} / len(hs)": "`dW_y` is averaged over time: W_y served every step, so what each says adds up",
})
variants(readout_backward, DB_Y, {
    "db_y = dys.sum(axis=0)": "`db_y` is not summed over the batch: b_y was added to every sequence, so it has the shape of b_y",
    "db_y = dys.sum(axis=1)": "`db_y` is not summed over time: b_y was added at every step, so it has the shape of b_y",
    "db_y = dys[-1].sum(axis=0)": "`db_y` hears the last step alone: b_y was added at every step, so what each says adds up",
    "db_y = dys[0].sum(axis=0)": "`db_y` hears the first step alone: b_y was added at every step, so what each says adds up",
    "db_y = dW_y.sum(axis=0)": "`db_y` has the states in it: b_y was added without them, so its gradient is that of the scores, summed",
    "db_y = dys.mean(axis=(0, 1))": "`db_y` is a mean over steps and sequences: what each of them says adds up",
    f"{DB_Y} / hs.shape[1]": "`db_y` is averaged over the batch: the loss has already settled that, here it is a sum",
    f"{DB_Y} / len(hs)": "`db_y` is averaged over time: b_y was added at every step, so what each says adds up",
})
edit(
    readout_backward, last_line(readout_backward), "return dW_y, db_y, dhs",
    "the states' gradient comes last: the order of the results is dhs, dW_y, db_y",
)

# Fed its last output.

SUM, STATE, OUTPUT = "a = x @ W_x + y @ W_o + b", "h = np.tanh(a)", "y = h @ W_y + b_y"
NO_STATE = "it is the last output that is fed back, and no state"

variants(jordan_forward, SUM, {
    "a = x @ W_x + b": "nothing is fed back: the last output goes into the next step, `y @ W_o`",
    "a = y @ W_o + b": "the input is not read: what goes into tanh is `x @ W_x + y @ W_o + b`",
    "a = x @ W_x + y @ W_o": "the bias b is left out",
    "a = x @ W_x + np.tanh(y) @ W_o + b": "what is fed back goes through tanh first: the next step reads the output as it is, `y @ W_o`",
    "a = x @ W_x + (np.tanh(y) if ys else y) @ W_o + b": "what is carried goes through tanh: the next step reads the output as it is, `y @ W_o`",
    "p = np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True)\na = x @ W_x + (p if ys else y) @ W_o + b":
        "probabilities are carried: the next step reads the output as it is, `y @ W_o`",
    "a = x @ W_x + y @ W_o + b + (hs[-1] if hs else 0)": "the last state is added too: between two steps nothing is carried but the output",
    "a = x @ W_x + np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True) @ W_o + b":
        "probabilities are fed back: the next step reads the output as it is, `y @ W_o`",
    "a = x @ W_x + np.eye(len(b_y))[y.argmax(axis=-1)] @ W_o + b":
        "the largest output alone is fed back, as a one-hot row: the next step reads all of the output, `y @ W_o`",
    "a = x @ W_x + (y - b_y if ys else y) @ W_o + b": "`b_y` is missing in what is fed back: the next step reads the whole output, `y = h @ W_y + b_y`",
    "a = x @ W_x + (hs[-1] @ W_y @ W_o if hs else 0) + b": f"`y0` and `b_y` are missing in what is fed back: {NO_STATE}, so `y @ W_o` with y0 before the first step",
    "a = x @ W_x + (ys[-2] if len(ys) > 1 else y0) @ W_o + b":
        "what is fed back is one step too old: step t reads the output of step t - 1",
})
variants(jordan_forward, STATE, {
    "h = a": "tanh is left out: h = tanh(x @ W_x + y @ W_o + b)",
    "h = 1 / (1 + np.exp(-a))": "the state goes through a sigmoid: here it is tanh",
    "h = np.maximum(a, 0)": "the state goes through ReLU: here it is tanh",
})
variants(jordan_forward, OUTPUT, {
    "y = h @ W_y": "the bias b_y is left out",
    "y = np.tanh(h @ W_y + b_y)": "tanh does not belong on the output: `y = h @ W_y + b_y` as it is",
    "y = h @ W_y + b_y\ny = np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True)": "the outputs are probabilities: `y = h @ W_y + b_y` as it is",
})
edit(jordan_forward, "y = y0", "y = np.zeros_like(y0)", "`y0` is ignored: the first step reads the y0 that is given, not zeros")
edit(jordan_forward, "for x in xs:", "for x in xs:\n    y = y0", "the output is never carried: every step reads y0 again; let y be the next step's input")
edit(jordan_forward, "for x in xs:", "for x in xs[::-1]:", "the sequence is read backwards: start with xs[0]")
variants(jordan_forward, last_line(jordan_forward), {
    "return np.stack(hs), np.stack(ys)": "the results stand in each other's places: first ys, then hs",
    "return np.stack([y0, *ys[:-1]]), np.stack(hs)": "`y0` is returned as if it were the first output: ys[0] is the output after the first input",
    "return ys[-1], hs[-1]": "the last step alone is returned: ys and hs hold all T of them",
})

# Back through one such step.

SLOPE, DH_OF_Y = "da = dh * (1 - h**2)", "dh = dy @ W_y.T"
DY_PREV, DW_O, DW_Y_STEP = "dy_prev = da @ W_o.T", "dW_o = y_prev.T @ da", "dW_y = h.T @ dy"
DW_X, DB, DB_Y_STEP = "dW_x = x.T @ da", "db = da.sum(axis=0)", "db_y = dy.sum(axis=0)"

variants(jordan_step_backward, SLOPE, {
    "da = dh": "tanh is left out on the way back: da = dh * (1 - h**2), and all else from da",
    "da = dh * (1 - np.tanh(h)**2)": "`h` is tanh(a) already: its slope is 1 - h**2, not 1 - np.tanh(h)**2",
    "da = dh * (1 - h)": "the square is missing: the slope of tanh is 1 - h**2, not 1 - h",
    "da = dh * h * (1 - h)": "this is the slope of the logistic sigmoid: that of tanh is 1 - h**2",
    "da = dh * (h > 0)": "this is the slope of ReLU: that of tanh is 1 - h**2",
})
variants(jordan_step_backward, DH_OF_Y, {
    "dh = dy @ W_o": "`dh` is taken back through W_o: the output was made with W_y, so it is `dy @ W_y.T`",
    "dh = dy @ W_y.T + dy @ W_o": "`dh` goes back through W_o as well: that matrix brought in the output before, this one left through W_y alone",
})
variants(jordan_step_backward, DY_PREV, {
    "dy_prev = da @ W_y": "`dy_prev` is taken back through W_y: the last output came in through W_o, so it is `da @ W_o.T`",
    "dy_prev = dh @ W_o.T": "`dy_prev` is taken from dh: the gradient passes tanh first, so it is `da @ W_o.T`",
    f"{DY_PREV} + dy": "`dy` itself is added to dy_prev: the last output reaches this one through W_o, tanh and W_y alone",
    "dy_prev = da @ W_o.T @ W_y.T @ W_y": "`dy_prev` goes through W_y once more: what was read is the output itself, so `da @ W_o.T` is its gradient",
})
variants(jordan_step_backward, DW_O, {
    "dW_o = dy.T @ da": "`dW_o` is made with dy, the gradient: what W_o was multiplied with is the last output, y_prev",
    "dW_o = (h @ W_y).T @ da": "`dW_o` is made with this step's output: what W_o was multiplied with is the last one, y_prev",
    "dW_o = da.T @ y_prev": "`dW_o` is transposed: it has the shape of W_o, rows for y_prev and columns for da",
    "dW_o = np.tanh(y_prev).T @ da": "`dW_o` is made with tanh of y_prev: the last output was read as it is",
})
variants(jordan_step_backward, DW_Y_STEP, {
    "dW_y = dy.T @ h": "`dW_y` is transposed: it has the shape of W_y, rows for h and columns for dy",
    "dW_y = (1 - h**2).T @ dy": "`dW_y` takes the slope of tanh where it needs the state: W_y was multiplied by h",
    "dW_y = np.arctanh(h).T @ dy": "`dW_y` takes what stands before tanh: W_y was multiplied by h",
})
edit(jordan_step_backward, DB, "db = da.mean(axis=0)", "`db` is averaged over the batch: every row used the same b, so its gradient is their sum")
edit(jordan_step_backward, DB, "db = dh.sum(axis=0)", "`db` is taken from dh: b was added before tanh, so its gradient is the sum of da")
edit(jordan_step_backward, DB, "db = da", "`db` is not summed over the batch: it has the shape of b")
edit(jordan_step_backward, DB_Y_STEP, "db_y = dy.mean(axis=0)", "`db_y` is averaged over the batch: every row used the same b_y, so its gradient is their sum")
edit(jordan_step_backward, DB_Y_STEP, "db_y = dy", "`db_y` is not summed over the batch: it has the shape of b_y")
edit(
    jordan_step_backward, DW_X, f"{DW_X} / len(x)", DW_O, f"{DW_O} / len(x)", DB, "db = da.mean(axis=0)",
    DW_Y_STEP, f"{DW_Y_STEP} / len(x)", DB_Y_STEP, "db_y = dy.mean(axis=0)",
    "the weights' gradients are divided by the batch size: that division belongs to the loss, and dy carries it already",
)
edit(
    jordan_step_backward, last_line(jordan_step_backward), "return dx, dy_prev, dW_y, db_y, dW_x, dW_o, db",
    "the readout's gradients come too early: the order is dx, dy_prev, dW_x, dW_o, db, dW_y, db_y",
)
