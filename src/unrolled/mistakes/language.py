"""Known mistakes of assignment 09-language."""

from unrolled.mistakes.edits import edit, variants
from unrolled.reference.language import embedding_backward, embedding_forward, perplexity

variants(embedding_forward, "xs = E[tokens]", {
    "xs = E[tokens - 1]": "the tokens are counted from 1: token 0 is the first row of E",
    "xs = E[(tokens + 1) % len(E)]": "each token takes the row after its own: token 0 is the first row of E, `E[0]`",
    "xs = E[tokens.T]": "the batch comes first: time is axis 0, as in tokens (T, N) and xs (T, N, D)",
    "xs = E[tokens].reshape(-1, E.shape[1])":
        "the steps are laid out in one long list: xs keeps time and batch apart, (T, N, D)",
    "xs = np.eye(len(E))[tokens]":
        "these are one-hot rows: each still has to be multiplied by E, which picks the token's row",
    "xs = E[tokens].sum(axis=0)":
        "the rows of a sequence are added up, which loses their order: every step keeps its own",
    "xs = E[tokens].mean(axis=0)":
        "the rows of a sequence are averaged, which loses their order: every step keeps its own",
    "xs = E[tokens] * np.sqrt(E.shape[1])":
        "the rows are multiplied by the root of D, as in a transformer: here they are taken as they are",
    "xs = E[tokens] / np.linalg.norm(E[tokens], axis=-1, keepdims=True)":
        "the rows are brought to length 1: they are taken as they are",
    "xs = E[tokens] * (tokens > 0)[..., None]":
        "token 0 is taken for padding: it is a symbol like any other, with the first row of E",
    "xs = E[np.repeat(tokens[:, :1], tokens.shape[1], axis=1)]":
        "all sequences have the first one's tokens: row n takes that of `tokens[t, n]`",
    "xs = E[np.repeat(tokens[:, -1:], tokens.shape[1], axis=1)]":
        "all sequences have the last one's rows: is a whole step overwritten by each, `xs[t] = ...`, "
        "where `xs[t, n]` belongs?",
    "xs = E[tokens] * tokens[..., None]":
        "the rows are multiplied by their tokens: a token is a place in the table, not an amount",
    "xs = np.take(E, tokens)": "single numbers of the table are taken, laid out in one row, "
                               "as `np.take` does without an axis: a token stands for a whole row, `axis=0`",
    "xs = E[tokens[:, 0]]":
        "the rows of the first sequence alone are returned: all N of a step have one each, xs (T, N, D)",
    "xs = E[tokens[:, -1]]":
        "the rows of the last sequence alone are returned: all N of a step have one each, xs (T, N, D)",
    "xs = E[tokens[0]]": "the rows of the first step alone are returned: all T steps have theirs, xs (T, N, D)",
    "xs = E[tokens[-1]]": "the rows of the last step alone are returned: all T steps have theirs, xs (T, N, D)",
    "xs = np.broadcast_to(E[np.unique(tokens)].sum(axis=0), (*tokens.shape, E.shape[1])).copy()":
        "every place has the rows of all tokens in it, added up: a one-hot row has its 1 at the place's own token, "
        "`one_hot[t, n, tokens[t, n]]`, where `one_hot[:, :, tokens]` sets all of them",
    "xs = np.tanh(E[tokens])": "tanh is taken of the rows: they are taken as they are",
    "xs = np.repeat(E[tokens[:1]], len(tokens), axis=0)":
        "every step has the first step's tokens: step t takes the rows of `tokens[t]`",
})

TABLE, ADDED = "dE = np.zeros((V, dxs.shape[-1]), dxs.dtype)", "np.add.at(dE, tokens, dxs)"
RETURN = "return dE"

variants(embedding_backward, ADDED, {
    "np.add.at(dE, np.repeat(tokens[:, :1], tokens.shape[1], axis=1), dxs)":
        "the gradients of all sequences go to the rows of the first one's tokens: each goes to that of its own, "
        "`tokens[t, n]`",
    "np.add.at(dE, tokens, dxs.sum(axis=-1, keepdims=True) + np.zeros_like(dxs))":
        "the gradients are added up over D too: each column of dE has its own, so add whole rows, `dxs[t, n]`",
    "dE[tokens] += dxs":
        "a token that comes again keeps its last gradient alone: `=` overwrites a row, "
        "and so does `dE[tokens] += dxs`, where `np.add.at(dE, tokens, dxs)` adds up",
    "dE[tokens[::-1, ::-1]] = dxs[::-1, ::-1]":
        "a token that comes again keeps its first gradient alone: its row is the sum over all places where it stood",
    "for t in range(len(tokens)):\n    dE[tokens[t]] += dxs[t]":
        "two sequences that have a token at the same step keep one gradient: `dE[tokens[t]] += dxs[t]` writes each "
        "row once, so use `np.add.at`",
    "for n in range(tokens.shape[1]):\n    dE[tokens[:, n]] += dxs[:, n]":
        "a token that comes again in its sequence keeps one gradient of it: `+=` with an array of places writes each "
        "row once, so use `np.add.at`",
    "np.add.at(dE, tokens, dxs)\nseen = np.bincount(tokens.ravel(), minlength=V)\n"
    "dE = dE / np.maximum(seen, 1)[:, None]":
        "the gradients of a token are averaged: it moved the loss in every place where it stood, so they add up",
    "np.add.at(dE, tokens, dxs)\ndE = dE / np.bincount(tokens.ravel(), minlength=V)[:, None]":
        "the gradients of a token are averaged, and where it did not come that is 0 / 0: "
        "it moved the loss in every place where it stood, so they add up",
    "np.add.at(dE, tokens, np.repeat(dxs.sum(axis=1, keepdims=True), tokens.shape[1], axis=1))":
        "each token gets the gradients of all sequences of its step: it gets its own, `dxs[t, n]`",
    "np.add.at(dE, tokens, np.repeat(dxs[:, :1], tokens.shape[1], axis=1))":
        "all sequences bring the first one's gradients: each brings its own, `dxs[t, n]`",
    "np.add.at(dE, tokens, dxs * tokens[..., None])":
        "the gradients are multiplied by their tokens: a token is a place in the table, not an amount",
    "np.add.at(dE, tokens, dxs / V)":
        "the gradient is divided by the size of the vocabulary: what dxs brings is added up as it is",
    "np.add.at(dE, tokens, dxs / tokens.shape[1])":
        "the gradient is divided by the batch size: that division belongs to the loss, and dxs carries it already",
    "np.add.at(dE, tokens, dxs / len(tokens))":
        "the gradient is divided by the number of steps: what dxs brings is added up as it is",
    "np.add.at(dE, tokens, dxs / tokens.size)":
        "the gradient is divided by the number of tokens: what dxs brings is added up as it is",
    "np.add.at(dE, tokens.T.ravel(), dxs.reshape(-1, dxs.shape[-1]))":
        "the tokens are read sequence by sequence, the gradients step by step: both are time first",
    "np.add.at(dE, (tokens + 1) % V, dxs)":
        "each gradient goes to the row after its token's: token 0 is the first row",
    "np.add.at(dE, tokens - 1, dxs)": "the tokens are counted from 1: token 0 is the first row of dE",
    "np.add.at(dE, tokens, 1)": "occurrences are counted: what is added up in each row are its gradients, dxs",
    "np.add.at(dE, tokens, dxs)\ndE[0] = 0":
        "token 0 is taken for padding and gets no gradient: it is a symbol like any other",
    "np.subtract.at(dE, tokens, dxs)":
        "the gradient is taken away: dE is the gradient itself, the update takes it away later",
})
# What is left out before, so that it may come together with how the rest is added up.
variants(embedding_backward, TABLE, {
    f"{TABLE}\ntokens, dxs = tokens[-1:], dxs[-1:]": "the last step alone is counted: add up over all T steps",
    f"{TABLE}\ntokens, dxs = tokens[:1], dxs[:1]": "the first step alone is counted: add up over all T steps",
    f"{TABLE}\ntokens, dxs = tokens[:, :1], dxs[:, :1]":
        "the first sequence alone is counted: add up over the whole batch",
    f"{TABLE}\ntokens, dxs = tokens[:, -1:], dxs[:, -1:]":
        "the last sequence alone is counted: add up over the whole batch",
})
variants(embedding_backward, RETURN, {
    "return dE.T": "`dE` is transposed: it has the shape of E, a row for each symbol, (V, D)",
    "return dE[: tokens.max() + 1]":
        "`dE` ends with the largest token that came: it has V rows, of zeros for symbols that did not come",
    "return dE[np.unique(tokens)]":
        "`dE` has rows only for the tokens that came: it has V rows, of zeros for symbols that did not come",
    "return dE[tokens]": "what you return is laid out as the tokens are: dE has the shape of E, (V, D)",
})
edit(
    embedding_backward, TABLE, "dE = np.ones((V, dxs.shape[-1]), dxs.dtype)",
    "`dE` starts from ones: a symbol that did not come has the gradient 0",
)

WEIGHT, TOTAL, MEAN, DOUBT = (
    "weight = mask.astype(losses.dtype)", "total = (weight * losses).sum()", "mean = total / weight.sum()",
    "return np.exp(mean)",
)

variants(perplexity, WEIGHT, {
    "weight = np.ones_like(losses)": "the mask is ignored: what stands in the padding is no loss of the model's",
    "weight = 1 - mask": "the mask is turned round: it is 1 where a step counts, and 0 where it is padding",
})
variants(perplexity, TOTAL, {
    "total = losses.sum()": "the mask counts the steps, and the losses are added up without it: "
                            "what stands in the padding is no loss of the model's",
})
variants(perplexity, MEAN, {
    "mean = total / losses.size":
        "you divide by all steps, padding too: the mean is over those that count, `mask.sum()`",
    "mean = total / losses.shape[1]":
        "you divide by the batch size, as the training loss does: perplexity is that of one step, "
        "so divide by `mask.sum()`",
    "mean = total / len(losses)":
        "you divide by the number of steps T: the mean is over all steps of all sequences that count, `mask.sum()`",
    "mean = total / (weight.sum() - 1)":
        "you divide by one less than there are steps that count: the mean loss is `total / mask.sum()`",
    "mean = total":
        "the sum of the losses goes into the exponential: take their mean first, over the steps that count",
    "mean = ((weight * losses).sum(axis=0) / weight.sum(axis=0)).mean()":
        "each sequence counts the same, however short: the mean is over all steps that count",
    "mean = np.mean([(w * row).sum() / w.sum() for w, row in zip(weight, losses) if w.any()])":
        "each step counts the same, however few sequences go so far: the mean is over all steps of all sequences that "
        "count",
    "mean = np.sqrt((weight * losses**2).sum() / weight.sum())":
        "the root mean square of the losses is taken: it is their plain mean over the steps that count",
    "mean = (losses * mask).max()": "the largest loss is taken: it is the mean over the steps that count",
    "mean = np.median(losses[mask > 0])": "the median loss is taken: it is the mean over the steps that count",
})
edit(
    perplexity, TOTAL, "picked = losses[(mask > 0).astype(int)]\ntotal = picked.sum()", MEAN,
    "mean = total / picked.size",
    "a mask of whole numbers picks rows 0 and 1 of the losses, again and again: truth values pick entries, "
    "`losses[mask > 0]`",
)
variants(perplexity, DOUBT, {
    "return np.exp(weight * losses).sum() / weight.sum()":
        "this is the mean of the exponentials, and each padded step adds exp(0) to their sum: "
        "take the mean of the losses that count first, then its exponential",
    "return np.exp((weight * np.exp(losses)).sum() / weight.sum())":
        "the exponential is taken twice, of each loss and of their mean: take it once, of the mean loss",
    "return np.log(mean)":
        "the logarithm of the mean loss is taken: a loss is a logarithm already, and perplexity is its exponential",
    "return (weight * np.exp(losses)).sum() / weight.sum()":
        "this is the mean of the exponentials: take the mean of the losses first, then its exponential",
    "return np.exp(weight * losses).sum() / weight.size":
        "this is the mean of the exponentials, and padding counts as exp(0): take the mean of the losses that count "
        "first, then its exponential",
    "return np.exp(total) / weight.sum()":
        "the exponential is taken before the mean: divide the sum of the losses first, and take it last",
    "return mean": "this is the mean loss: perplexity is its exponential",
    "return 2**mean": "2 is raised to a loss in nats: nats belong to e, so it is `np.exp`",
    "return 10**mean": "10 is raised to a loss in nats: nats belong to e, so it is `np.exp`",
    "return mean / np.log(2)": "these are bits a step: perplexity is the exponential of the loss in nats",
    "return np.exp(mean / np.log(2))":
        "`np.exp` is taken of bits: it belongs to nats, so take it of the mean loss as it is",
    "return np.exp(-mean)": "this is the mean probability of a step: perplexity is its inverse, `np.exp(mean)`",
    "return ((weight * np.exp(losses)).sum(axis=0) / weight.sum(axis=0)).mean()":
        "this is a mean of exponentials for each sequence, and then over them: take one mean of all losses that count "
        "first, then its exponential",
    "return np.exp((weight * losses).sum(axis=0) / weight.sum(axis=0)).mean()":
        "each sequence has a perplexity of its own, and these are averaged: take one mean of all losses that count "
        "first, then its exponential",
    "return np.exp((weight * losses).sum(axis=0) / weight.sum(axis=0))":
        "there is a perplexity for each sequence: one number is asked for, over all steps that count",
})
