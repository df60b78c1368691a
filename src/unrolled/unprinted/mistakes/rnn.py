"""Known mistakes of assignment 02-rnn in what no page prints."""

from unrolled.mistakes.edits import edit, last_line, variants
from unrolled.unprinted.rnn import jordan_forward, jordan_step_backward, smoothed_cross_entropy

# A loss whose targets are not quite certain.

SHIFTED = "shifted = logits - logits.max(axis=-1, keepdims=True)"
LOG_P = "log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))"
WANTED = "wanted = (1 - smoothing) * one_hot + smoothing / V"
WEIGHT = "weight = counted / counted.sum(axis=0) / N"
LOSS = "loss = -(weight[..., None] * wanted * log_p).sum()"
DLOGITS = "dlogits = weight[..., None] * (np.exp(log_p) - wanted)"

variants(smoothed_cross_entropy, LOG_P, {
    "log_p = logits - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))":
        "the largest logit is taken away inside the log of the sum and not put back: take it from the score as well, "
        "or add it to that logarithm",
    "log_p = shifted + np.log(np.exp(shifted).sum(axis=-1, keepdims=True))":
        "the log of the sum is added to the score: log p is the score, less the log of the sum",
})
edit(
    smoothed_cross_entropy, SHIFTED, "shifted = logits",
    "your loss does not bear large logits: take each row's own largest logit away from its logits before `exp`",
)
edit(
    smoothed_cross_entropy, WEIGHT, "weight = counted / np.maximum(counted.sum(axis=1, keepdims=True), 1) / N",
    "each loss is divided by the number of sequences that go so far: it is the length of its own sequence, a sum over "
    "the steps, `axis=0`",
)
edit(
    smoothed_cross_entropy, SHIFTED, "shifted = np.clip(logits, -500, 500)",
    "the logits are cut off before `exp`, as by `np.clip`: two that lie beyond the limit come out alike, "
    "so take each row's largest logit away instead",
)
for _name, _change in {
    "none_for_the_last": "wanted = np.concatenate([wanted[1:], 0 * wanted[:1]])",
    "round_to_the_first": "wanted = np.roll(wanted, -1, axis=0)",
}.items():
    edit(
        smoothed_cross_entropy, WANTED, f"{WANTED}\n{_change}",
        "step t is compared with the target of step t + 1: `targets[t]` is the one that belongs to step t, "
        "no shift is left to be made",
        name=f"targets_of_the_next_step_{_name}",
    )
edit(
    smoothed_cross_entropy, LOSS, LOSS.replace("log_p", "np.log(np.exp(log_p))"),
    "your loss becomes infinite: has a probability become 0 before its logarithm was taken, "
    "or a sum of exponentials too large? Take each row's own largest logit away first, "
    "and the log of the sum from what is left of the score",
)
variants(smoothed_cross_entropy, WANTED, {
    "wanted = (1 - smoothing) * one_hot + smoothing / len(mask)":
        "the share is divided by T, the number of steps: it is spread over the V symbols, `smoothing / V` each",
    "wanted = (1 - smoothing) * one_hot + smoothing / N":
        "the share is divided by N, the number of sequences: it is spread over the V symbols, `smoothing / V` each",
    "wanted = one_hot": "the targets are taken as certain: the right symbol gives up the share `smoothing`",
    "wanted = smoothing * one_hot + smoothing / V":
        "the target keeps `smoothing` of its own: it keeps 1 - smoothing, and its part of what all share is added to "
        "that",
    "wanted = smoothing * one_hot + (1 - smoothing) / V":
        "the shares are exchanged: `smoothing` is what is spread over all symbols, the target keeps the rest",
    "wanted = (1 - smoothing) * one_hot + smoothing":
        "every symbol is given the whole share: it is spread over all V of them, `smoothing / V` each",
    "wanted = (1 - smoothing) * one_hot + smoothing * (1 - one_hot) / (V - 1)":
        "the share is spread over the V - 1 other symbols: it goes to all V, the right one among them",
    "wanted = (1 - smoothing) * one_hot + smoothing / (V - 1)":
        "what is wanted adds up to more than 1: the share goes to all V symbols, the right one among them, "
        "so it is `smoothing / V` each",
    "wanted = np.where(one_hot > 0, 1 - smoothing + smoothing / V, smoothing / (V - 1))":
        "the other symbols share `smoothing` among V - 1, and the target among V: "
        "it is `smoothing / V` for each of them",
    "wanted = np.where(one_hot > 0, 1 - smoothing, smoothing / V)":
        "the target has no part of the share: beside its 1 - smoothing it has `smoothing / V`, as all symbols have",
    "wanted = one_hot + smoothing / V":
        "the target gives up nothing: what is wanted must add up to 1, so the right symbol keeps 1 - smoothing of its "
        "own",
    "wanted = (1 - smoothing) * one_hot":
        "what the target gives up goes nowhere: spread it over all V symbols, so that what is wanted adds up to 1",
})
variants(smoothed_cross_entropy, WEIGHT, {
    "weight = counted / counted.sum(axis=0) / len(mask)":
        "the sum over the sequences is divided by T, the number of steps: the batch has the mean over its N sequences",
    "weight = counted / counted.sum(axis=1, keepdims=True) / N":
        "the steps are counted along axis 1, the batch: the steps of a sequence lie along axis 0, time, "
        "`mask.sum(axis=0)`",
    "weight = counted / N":
        "a sequence has the sum over its steps: it has their mean, so that all sequences count the same",
    "weight = counted / (counted.sum(axis=0) + 1) / N":
        "one step too many is counted in each sequence's mean: divide by the number of its steps, the mask's sum",
    "weight = counted / counted.sum()":
        "the mean is over all steps of the batch: then a long sequence counts more, "
        "so take each sequence's own mean first",
    "weight = counted / len(mask) / N":
        "the mean is over T steps, padded ones too: divide by the number of a sequence's own steps",
    "weight = counted / counted.sum(axis=0)":
        "the batch has the sum over its sequences: it has their mean, so divide by N",
    "weight = np.ones_like(counted) / len(mask) / N":
        "the mask is ignored: a padded step must add nothing to the loss or to `dlogits`",
    "weight = np.ones_like(counted) / counted.sum(axis=0) / N":
        "the mask only counts the steps: a padded step must add nothing to the loss or to `dlogits` either",
})
variants(smoothed_cross_entropy, LOSS, {
    "loss = -(weight[..., None] * one_hot * log_p).sum()":
        "the loss takes the targets as certain, and `dlogits` does not: both are made for what is wanted, "
        "over all V symbols",
    "loss = -(counted[..., None] / N * wanted * log_p).sum()":
        "the loss adds up a sequence's steps: each sequence has the mean over its own steps, as `dlogits` has",
    "loss = -(counted[..., None] / counted.sum() * wanted * log_p).sum()":
        "the loss is one mean over all steps: each sequence has the mean over its own, "
        "and the batch the mean over its sequences, as in `dlogits`",
    "loss = -(counted[..., None] / counted.sum(axis=0)[:, None] * wanted * log_p).sum()":
        "the loss is the sum over the sequences: the batch has their mean, so divide it by N, as `dlogits` is",
    "loss = -(counted[..., None] / len(mask) / N * wanted * log_p).sum()":
        "the loss is a mean over T steps, padded ones too: divide by the number of a sequence's own steps, "
        "as in `dlogits`",
    "loss = 0.0\nfor n in range(N):\n"
    "    loss = loss + (loss - (counted[:, n, None] * wanted[:, n] * log_p[:, n]).sum()) / counted[:, n].sum()\n"
    "loss = loss / N":
        "the sum of a sequence begins with the loss of those before it: begin each one's own sum at 0",
    "loss = -(weight[..., None] * np.exp(log_p) * log_p).sum()":
        "the loss is the entropy of what the network gives: it is minus its logarithms, weighted by what is wanted, "
        "not by its own probabilities",
    "loss = -(weight[..., None] * wanted * shifted).sum()":
        "the log of the sum is left out of the loss: log p is the score, less the log of the sum of all exponentials",
    "loss = (weight[..., None] * wanted * log_p).sum()":
        "the loss has the wrong sign: logarithms of probabilities are negative, and the loss is not",
    "loss = -(weight[..., None] * wanted * log_p).sum() / np.log(2)":
        "the loss is in bits: use the natural logarithm `np.log`, so that the loss is in nats",
    "loss = (weight[..., None] * wanted * (np.log(wanted) - log_p)).sum()":
        "the loss is a Kullback-Leibler divergence: here the entropy of what is wanted is not taken away",
    "loss = (weight[..., None] * (wanted - np.exp(log_p)) ** 2).sum()":
        "the loss is made of squares: it is a cross-entropy, minus the logarithms of what the network gives, "
        "weighted by what is wanted",
})
variants(smoothed_cross_entropy, DLOGITS, {
    "dlogits = weight[..., None] * (np.exp(log_p) - one_hot)":
        "`dlogits` takes the targets as certain, and the loss does not: derive it for what is wanted",
    "dlogits = weight[..., None] * (wanted - np.exp(log_p))":
        "`dlogits` has the wrong sign: where a symbol is too probable, a higher score makes the loss larger",
    "dlogits = weight[..., None] * (1 - smoothing) * (np.exp(log_p) - one_hot)":
        "`dlogits` has the target's part of the loss alone: what is spread over all symbols has a gradient, too",
    "dlogits = weight[..., None] * ((1 - smoothing) * (np.exp(log_p) - one_hot) - smoothing / V)":
        "`dlogits` has the probabilities times 1 - smoothing: what is wanted adds up to 1, so they stand in it whole, "
        "`p - wanted`",
    "dlogits = weight[..., None] * (np.exp(log_p) - one_hot - smoothing / V)":
        "`dlogits` takes all of 1 from the target, and its share beside: what is wanted of it is 1 - smoothing + "
        "smoothing / V, as in the loss",
    "dlogits = weight[..., None] * (np.exp(log_p) - (1 - smoothing) * one_hot)":
        "`dlogits` forgets the share that goes to all symbols: what is wanted is taken from the probabilities, "
        "`smoothing / V` with it",
    "dlogits = weight[..., None] * np.exp(log_p) - wanted":
        "what is wanted is taken away after the division and the mask: take it from the probabilities, "
        "and weigh all of `p - wanted`",
    "dlogits = (np.exp(log_p) - wanted) / counted.sum(axis=0)[:, None] / N":
        "the mask is applied to the loss but not to `dlogits`",
    "dlogits = (np.exp(log_p) - wanted) / N":
        "`dlogits` is averaged over the batch alone: weigh each step as the loss does, "
        "by the mask and by the number of its sequence's steps",
    "dlogits = np.exp(log_p) - wanted": "`dlogits` is that of one step alone: weigh each step as the loss does",
    "dlogits = counted[..., None] * (np.exp(log_p) - wanted)":
        "the loss takes means and `dlogits` does not: each step has the same weight in both",
    "dlogits = counted[..., None] * (np.exp(log_p) - wanted) / N":
        "`dlogits` is not divided by the number of a sequence's own steps: each step has the same weight as in the "
        "loss",
    "dlogits = weight[..., None] * (logits - wanted)":
        "`dlogits` takes the logits themselves for the probabilities: it is softmax of them, less what is wanted",
    "dlogits = weight[..., None] * (np.exp(shifted) - wanted)":
        "`dlogits` takes exponentials that are not divided by their sum: what is wanted is taken from probabilities, "
        "which add up to 1",
    "dlogits = weight[..., None] * np.exp(log_p)": "`dlogits` is the probabilities alone: what is wanted is missing",
    "dlogits = weight[..., None] * wanted * (np.exp(log_p) - 1)":
        "`dlogits` asks of each score what it does to its own symbol alone: a score changes the probability of every "
        "symbol",
})
edit(
    smoothed_cross_entropy, last_line(smoothed_cross_entropy), "return dlogits, loss",
    "the results are swapped: first the loss, then dlogits",
)

# Fed its last output.

SUM, STATE, OUTPUT = "a = x @ W_x + y @ W_o + b", "h = np.tanh(a)", "y = h @ W_y + b_y"
NO_STATE = "it is the last output that is fed back, and no state"

variants(jordan_forward, SUM, {
    "a = x @ W_x + b": "nothing is fed back: the last output goes into the next step, `y @ W_o`",
    "a = y @ W_o + b": "the input is not read: what goes into tanh is `x @ W_x + y @ W_o + b`",
    "a = x @ W_x + y @ W_o": "the bias b is left out",
    "a = x @ W_x + np.tanh(y) @ W_o + b":
        "what is fed back goes through tanh first: the next step reads the output as it is, `y @ W_o`",
    "a = x @ W_x + (np.tanh(y) if ys else y) @ W_o + b":
        "what is carried goes through tanh: the next step reads the output as it is, `y @ W_o`",
    "p = np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True)\na = x @ W_x + (p if ys else y) @ W_o + b":
        "probabilities are carried: the next step reads the output as it is, `y @ W_o`",
    "a = x @ W_x + y @ W_o + b + (hs[-1] if hs else 0)":
        "the last state is added too: between two steps nothing is carried but the output",
    "a = x @ W_x + np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True) @ W_o + b":
        "probabilities are fed back: the next step reads the output as it is, `y @ W_o`",
    "a = x @ W_x + np.eye(len(b_y))[y.argmax(axis=-1)] @ W_o + b":
        "the largest output alone is fed back, as a one-hot row: the next step reads all of the output, `y @ W_o`",
    "a = x @ W_x + (y - b_y if ys else y) @ W_o + b":
        "`b_y` is missing in what is fed back: the next step reads the whole output, `y = h @ W_y + b_y`",
    "a = x @ W_x + (hs[-1] @ W_y @ W_o if hs else 0) + b":
        f"`y0` and `b_y` are missing in what is fed back: {NO_STATE}, so `y @ W_o` with y0 before the first step",
    "a = x @ W_x + (ys[-2] if len(ys) > 1 else y0) @ W_o + b":
        "what is fed back is one step too old: step t reads the output of step t - 1",
    "a = x @ W_x + (np.eye(len(b_y))[y.argmax(axis=-1)] if ys else y) @ W_o + b":
        "the largest output alone is carried, as a one-hot row: the next step reads all of the output, `y @ W_o`",
    "a = x @ W_x + (0 * y if ys else y) @ W_o + b":
        "after the first step nothing is fed back: is `ys[t]` read, whose place is still empty at step t? "
        "It is the output before, `ys[t - 1]`",
    "a = x @ W_x + (y if len(ys) > 1 else y0) @ W_o + b":
        "`y0` is read at the first two steps: from the second on, each reads the output before, `ys[t - 1]`",
})
variants(jordan_forward, STATE, {
    "h = np.tanh(np.tanh(a))": "tanh is taken twice: h = tanh(x @ W_x + y @ W_o + b)",
    "h = a": "tanh is left out: h = tanh(x @ W_x + y @ W_o + b)",
    "h = 1 / (1 + np.exp(-a))": "the state goes through a sigmoid: here it is tanh",
    "h = np.maximum(a, 0)": "the state goes through ReLU: here it is tanh",
})
variants(jordan_forward, OUTPUT, {
    "y = np.tanh(h) @ W_y + b_y":
        "tanh is taken of the state once more before the output: h comes out of tanh already, so y is `h @ W_y + b_y`",
    "y = h @ W_y": "the bias b_y is left out",
    "y = h @ W_o.T + b_y":
        "the output is read through `W_o.T`: W_o brings an output into the state, and the output is made by W_y",
    "y = h @ W_y + y @ W_o @ W_y + b_y":
        "the last output goes into the new one beside the state: it has its part in h already, "
        "so y is `h @ W_y + b_y`",
    "y = y + h @ W_y + b_y":
        "the output before is added to the new one: it goes into the state through W_o, and y is `h @ W_y + b_y`",
    "y = (hs[-1] if hs else 0 * h) @ W_y + b_y":
        "the output is read from the state before: it is read from the new one, `h @ W_y + b_y`",
    "y = np.tanh(h @ W_y + b_y)": "tanh does not belong on the output: `y = h @ W_y + b_y` as it is",
    "y = h @ W_y + b_y\ny = np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True)":
        "the outputs are probabilities: `y = h @ W_y + b_y` as it is",
})
edit(jordan_forward, "y = y0", "y = np.zeros_like(y0)",
    "`y0` is ignored: the first step reads the y0 that is given, not zeros")
edit(jordan_forward, "for x in xs:", "for x in xs:\n    y = y0",
    "the output is never carried: every step reads y0 again; let y be the next step's input")
edit(jordan_forward, "for x in xs:", "for x in xs[::-1]:", "the sequence is read backwards: start with xs[0]")
edit(jordan_forward, "for x in xs:", "for x in [xs[0]] * len(xs):",
    "every step reads the first input: step t reads `xs[t]`")
edit(
    jordan_forward, "for x in xs:", "for x in xs[1:]:", last_line(jordan_forward), "return np.array(ys), np.array(hs)",
    "the first input is never read: the loop starts at t = 0, and there are T outputs and T states",
)
variants(jordan_forward, last_line(jordan_forward), {
    "return np.stack(hs), np.stack(ys)": "the results are swapped: first ys, then hs",
    "return np.stack([y0, *ys[:-1]]), np.stack(hs)":
        "`y0` is returned as if it were the first output: ys[0] is the output after the first input",
    "return np.stack([y0, *ys]), np.stack(hs)":
        "`y0` stands in front of the outputs: ys has T of them, the first after the first input",
    "return np.stack([*ys[:-1], 0 * y]), np.stack([*hs[:-1], 0 * h])":
        "the last step is missing, and its place is empty: the loop runs over all T steps",
    "return np.stack([ys[0]] + [0 * y] * (len(xs) - 1)), np.stack([hs[0]] + [0 * h] * (len(xs) - 1))":
        "only the first step is filled in, and the places of the others are empty: is the `return` inside the loop?",
    "return ys[0], hs[0]":
        "only the first step is returned, and ys and hs hold all T of them: is the `return` inside the loop?",
    "return ys[-1], hs[-1]": "the last step alone is returned: ys and hs hold all T of them",
})

# Back through one such step.

SLOPE, DH_OF_Y = "da = dh * (1 - h**2)", "dh = dy @ W_y.T"
DX = "dx = da @ W_x.T"
DY_PREV, DW_O, DW_Y_STEP = "dy_prev = da @ W_o.T", "dW_o = y_prev.T @ da", "dW_y = h.T @ dy"
DW_X, DB, DB_Y_STEP = "dW_x = x.T @ da", "db = da.sum(axis=0)", "db_y = dy.sum(axis=0)"

variants(jordan_step_backward, SLOPE, {
    "da = dh * h": "`h` itself stands where the slope of tanh belongs: it is 1 - h**2",
    "da = dh": "tanh is left out on the way back: da = dh * (1 - h**2), and all else from da",
    "da = dh * (1 - np.tanh(h)**2)": "`h` is tanh(a) already: its slope is 1 - h**2, not 1 - np.tanh(h)**2",
    "da = dh * (1 - h)": "the square is missing: the slope of tanh is 1 - h**2, not 1 - h",
    "da = dh * h * (1 - h)": "this is the slope of the logistic sigmoid: that of tanh is 1 - h**2",
    "da = dh * (h > 0)": "this is the slope of ReLU: that of tanh is 1 - h**2",
})
variants(jordan_step_backward, DH_OF_Y, {
    "dh = dy @ W_o": "`dh` is taken back through W_o: the output was made with W_y, so it is `dy @ W_y.T`",
    "dh = dy @ W_y.T + dy @ W_o": "`dh` goes back through W_o as well: that matrix brought in the last output, "
                                  "and the new one was made with W_y alone",
})
edit(
    jordan_step_backward, DW_Y_STEP, "", SLOPE, f"{SLOPE}\ndW_y = h.T @ da",
    "`dW_y` is made with da: W_y comes after tanh, so what arrives at it is dy itself, `h.T @ dy`",
)
edit(
    jordan_step_backward, DW_Y_STEP, f"dy = dy * (1 - y_prev**2)\n{DW_Y_STEP}",
    "`dy` is multiplied by a slope of tanh, 1 - y_prev**2: the output has no tanh, it is `h @ W_y + b_y`, "
    "so dy goes on as it is",
)
variants(jordan_step_backward, DY_PREV, {
    "dy_prev = da @ W_y":
        "`dy_prev` is taken back through W_y: the last output came in through W_o, so it is `da @ W_o.T`",
    "dy_prev = dh @ W_o.T": "`dy_prev` is taken from dh: the gradient passes tanh first, so it is `da @ W_o.T`",
    f"{DY_PREV} + dy":
        "`dy` itself is added to dy_prev: the last output reaches this one through W_o, tanh and W_y alone",
    "dy_prev = da @ W_o.T @ W_y.T @ W_y":
        "`dy_prev` goes through W_y once more: what was read is the output itself, so `da @ W_o.T` is its gradient",
})
variants(jordan_step_backward, DW_O, {
    "dW_o = dy.T @ da": "`dW_o` is made with dy, the gradient: what W_o was multiplied by is the last output, y_prev",
    "dW_o = (h @ W_y).T @ da":
        "`dW_o` is made with this step's output: what W_o was multiplied by is the last one, y_prev",
    "dW_o = da.T @ y_prev": "`dW_o` is transposed: it has the shape of W_o, rows for y_prev and columns for da",
    "dW_o = np.tanh(y_prev).T @ da": "`dW_o` is made with tanh of y_prev: the last output was read as it is",
})
variants(jordan_step_backward, DW_Y_STEP, {
    "dW_y = dy.T @ h": "`dW_y` is transposed: it has the shape of W_y, rows for h and columns for dy",
    "dW_y = (1 - h**2).T @ dy": "`dW_y` takes the slope of tanh where it needs the state: W_y was multiplied by h",
    "dW_y = (h * (1 - h**2)).T @ dy":
        "`dW_y` has the slope of tanh in it: the output is `h @ W_y + b_y`, and no tanh stands between",
    "dW_y = np.arctanh(h).T @ dy": "`dW_y` takes what stands before tanh: W_y was multiplied by h",
})
_BOTH = "D = x.shape[1]\nboth = da @ np.concatenate([{}]).T"
for _name, _rows, _cut, _sentence in [
    ("weights", "W_o, W_x", "D",
        "`dx` and dy_prev come from weights that are stacked in another order than x and y_prev: W_x first, then W_o"),
    ("cut", "W_x, W_o", "y_prev.shape[1]",
        "what comes back to x and y_prev side by side is cut at the wrong width: x comes first, "
        "so its part is the first D columns"),
]:
    edit(
        jordan_step_backward, DX, f"{_BOTH.format(_rows)}\ndx = both[:, : {_cut}]", DY_PREV,
        f"dy_prev = both[:, {_cut} :]", _sentence,
        name=f"joined_{_name}",
    )
edit(
    jordan_step_backward, DW_X, "D = x.shape[1]\ndW = np.concatenate([y_prev, x], axis=1).T @ da\ndW_x = dW[:D]", DW_O,
    "dW_o = dW[D:]",
    "`dW_x` and dW_o come from inputs that stand side by side in another order than the rows of the weights: x first, "
    "then y_prev",
)
edit(
    jordan_step_backward, DX, f"{_BOTH.format('W_x, W_o')}\ncut = y_prev.shape[1]\ndx = both[:, :cut]", DY_PREV,
    "dy_prev = both[:, cut:]",
    DW_X, "dW = np.concatenate([x, y_prev], axis=1).T @ da\ndW_x = dW[:cut]", DW_O, "dW_o = dW[cut:]",
    "what belongs to x and y_prev side by side is cut at the wrong width: x comes first, "
    "so its part is the first D columns, or rows",
)
_SPLIT = (
    "what belongs to x and y_prev side by side is taken apart as if y_prev came first: "
    "x comes first where both are joined, so the first D columns, or rows, are its own"
)
_COLUMNS = (
    DX, f"{_BOTH.format('W_x, W_o')}\ncut = y_prev.shape[1]\ndx = both[:, cut:]", DY_PREV, "dy_prev = both[:, :cut]",
)
_ROWS = (
    DW_X, "cut = y_prev.shape[1]\ndW = np.concatenate([x, y_prev], axis=1).T @ da\ndW_x = dW[cut:]",
    DW_O, "dW_o = dW[:cut]",
)
for _name, _changes in {"columns": _COLUMNS, "rows": _ROWS, "both": _COLUMNS + _ROWS}.items():
    edit(jordan_step_backward, *_changes, _SPLIT, name=f"taken_apart_in_the_other_order_{_name}")
edit(jordan_step_backward, DB, "db = da.mean(axis=0)",
    "`db` is averaged over the batch: every row used the same b, so its gradient is their sum")
edit(jordan_step_backward, DB, "db = dh.sum(axis=0)",
    "`db` is taken from dh: b was added before tanh, so its gradient is the sum of da")
edit(jordan_step_backward, DB, "db = da", "`db` is not summed over the batch: it has the shape of b")
edit(jordan_step_backward, DB_Y_STEP, "db_y = dy.mean(axis=0)",
    "`db_y` is averaged over the batch: every row used the same b_y, so its gradient is their sum")
edit(jordan_step_backward, DB_Y_STEP, "db_y = dy", "`db_y` is not summed over the batch: it has the shape of b_y")
edit(
    jordan_step_backward, DW_X, f"{DW_X} / len(x)", DW_O, f"{DW_O} / len(x)", DB, "db = da.mean(axis=0)",
    DW_Y_STEP, f"{DW_Y_STEP} / len(x)", DB_Y_STEP, "db_y = dy.mean(axis=0)",
    "the weights' gradients are divided by the batch size: that division belongs to the loss, "
    "and dy carries it already",
)
edit(
    jordan_step_backward, last_line(jordan_step_backward), "return dx, dy_prev, dW_y, db_y, dW_x, dW_o, db",
    "the readout's gradients come too early: the order is dx, dy_prev, dW_x, dW_o, db, dW_y, db_y",
)
