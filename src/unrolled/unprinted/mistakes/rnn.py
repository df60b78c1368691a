"""Known mistakes of assignment 02-rnn in the way back through the readout."""

from unrolled.mistakes.edits import edit, last_line, variants
from unrolled.unprinted.rnn import readout_backward

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
