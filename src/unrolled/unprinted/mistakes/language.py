"""Known mistakes in what assignment 09-language asks beyond the page."""

from unrolled.mistakes.edits import edit, variants
from unrolled.unprinted.language import mixed_bits, tied_embedding_backward

READ, WRITTEN = "np.add.at(dE_read, tokens, dxs)", 'dE_written = np.einsum("tnv,tnd->vd", dlogits, hs)'
SUM, DHS, RETURN = "dE = dE_read + dE_written", "dhs = dlogits @ E", "return dE, dhs"

variants(tied_embedding_backward, SUM, {
    "dE = dE_read": "the table's second use is forgotten: it made the logits too, so add what comes back from dlogits",
    "dE = dE_written":
        "the table's first use is missing in dE: its rows were read too, so add what comes back from dxs",
    "dE = dE_read - dE_written":
        "the two parts are taken from each other: a table that is used twice gets the sum of both gradients",
    "dE = (dE_read + dE_written) / 2": "the mean of the two parts is taken: a table that is used twice gets their sum",
    "dE = np.zeros_like(E)\nfor t in range(len(tokens)):\n    dE += dlogits[t].T @ hs[t]\n"
    "    for n in range(tokens.shape[1]):\n        dE[tokens[t, n]] = dxs[t, n]":
        "`dE[token] = dxs` wipes out what the row held: add up with `+=`, for a token comes again, "
        "and the logits have their part in every row",
    "dE = dE_written\ndE[tokens] = dxs":
        "`dE[tokens] = dxs` puts dxs in the place of the logits' part: add, and with `np.add.at`, "
        "for a token comes again",
    "dE = np.zeros_like(E)\nfor t in range(len(tokens)):\n    for n in range(tokens.shape[1]):\n"
    "        dE[tokens[t, n]] = dxs[t, n]\n        dE += np.outer(dlogits[t, n], hs[t, n])":
        "`dE[token] = dxs` wipes out in each round what the row held: add up with `+=`, for a token comes again, "
        "and the logits have their part in every row",
    "dE = dE_read * dE_written":
        "the two parts are multiplied: a table that is used twice gets the sum of both gradients",
})
variants(tied_embedding_backward, READ, {
    "dE_read[tokens] += dxs":
        "a token that comes again keeps its last gradient alone: `=` overwrites a row, "
        "and so does `dE[tokens] += dxs`, where `np.add.at(dE, tokens, dxs)` adds up",
    "for t in range(len(tokens)):\n    dE_read[tokens[t]] += dxs[t]":
        "two sequences that have a token at the same step keep one gradient: `dE[tokens[t]] += dxs[t]` writes each "
        "row once, so use `np.add.at`",
    "np.add.at(dE_read, tokens, hs)":
        "`hs` stands in the place of dxs: what goes back into the rows that were read is dxs",
    "np.add.at(dE_read, tokens, dxs * E[tokens])":
        "`dxs` is multiplied by the rows that were read: a row was taken as it is, so its gradient is dxs itself",
    "np.add.at(dE_read, tokens, dxs * np.take_along_axis(dlogits, tokens[..., None], axis=-1))":
        "`dxs` is multiplied by the logit's gradient of its token: the two uses of the table have nothing to do with "
        "each other, so what is added is dxs",
    "np.add.at(dE_read, tokens, dxs + dlogits @ E)":
        "what goes back to the states goes into the rows that were read as well: xs are not hs, they get dxs alone",
    "np.add.at(dE_read, tokens, dlogits @ E)":
        "the rows that were read get what goes back to the states: they get dxs",
    "np.add.at(dE_read, tokens, dxs / tokens.shape[1])":
        "the part of the rows that were read is divided by the batch size: that division belongs to the loss, "
        "and dxs carries it already",
})
variants(tied_embedding_backward, WRITTEN, {
    'dE_written = np.einsum("tnv,tnd->vd", dlogits, E[tokens])':
        "`xs` stand in the place of hs: the logits were made of the states, `hs @ E.T`",
    'dE_written = np.einsum("tnv,tnd->vd", dlogits, hs) / len(hs)':
        "the logits' part is divided by the number of steps: it is a sum over all of them",
    'dE_written = np.einsum("tnv,tnd->vd", dlogits, hs) / hs.shape[1]':
        "the logits' part is divided by the batch size: that division belongs to the loss, "
        "and dlogits carries it already",
    "dE_written = np.zeros_like(E)\nnp.add.at(dE_written, tokens, hs)":
        "the states go into the rows of the tokens that were read: the logits were made with every row, "
        "so each gets the states times its dlogits",
    "dE_written = dlogits[:, -1].T @ hs[:, -1]":
        "the logits' part takes the last sequence of each step alone: is its line inside the loop over the batch? "
        "Every sequence has its part",
    "dE_written = dlogits[:, 0].T @ hs[:, 0]":
        "the logits' part takes the first sequence of each step alone: every sequence has its part",
    "dE_written = dlogits[-1].T @ hs[-1]":
        "the logits' part holds the last step alone: the table made the logits of every step, "
        "so add up over all of them",
    'dE_written = np.einsum("tnv,tnd->vd", dlogits, dxs)':
        "`dxs` stands in the place of hs: what the table was multiplied with are the states, `hs @ E.T`",
})
edit(
    tied_embedding_backward, WRITTEN, "dE_written = np.zeros_like(E)\nnp.add.at(dE_written, tokens, dlogits @ E)",
    "dlogits reach the rows of the tokens that were read alone: the logits were made with every row, "
    "`dlogits.T @ hs` summed over steps and sequences",
)
edit(
    tied_embedding_backward, WRITTEN,
    "dE_written = np.zeros_like(E)\n"
    "np.add.at(dE_written, tokens, np.take_along_axis(dlogits, tokens[..., None], axis=-1) * hs)",
    "each state's gradient reaches the row of its own token alone: the logits were made with every row, "
    "`dlogits.T @ hs` summed over steps and sequences",
)
edit(
    tied_embedding_backward, RETURN, "return dE / tokens.shape[1], dhs",
    "`dE` is divided by the batch size: that division belongs to the loss, and the gradients that arrive carry it "
    "already",
)
edit(
    tied_embedding_backward, DHS, "dhs = dlogits @ E + dxs",
    "`dxs` is added to dhs: it belongs to the inputs, and the states act on the logits alone",
)
edit(
    tied_embedding_backward, DHS, "dhs = E[dlogits.argmax(axis=-1)]",
    "`dhs` is one row of the table for each state: it is `dlogits @ E`, of all rows, each by its gradient",
)
edit(
    tied_embedding_backward, DHS, "dhs = dlogits @ E / len(E)",
    "`dhs` is divided by the size of the vocabulary: it is `dlogits @ E` as it is",
)
edit(
    tied_embedding_backward, DHS, "dhs = E[tokens]",
    "`dhs` are the rows of the tokens that were read: the states made logits with every row, so it is `dlogits @ E`",
)
edit(tied_embedding_backward, RETURN, "return dhs, dE",
    "the two results stand in each other's places: dE comes first, then dhs")

MIXED = "log_mixed = np.logaddexp(np.log(share) + log_p, np.log(1 - share) + log_q)"
WEIGHT, NATS, BITS = (
    "weight = mask.astype(log_p.dtype)", "nats = -(weight * log_mixed).sum() / weight.sum()",
    "bits = nats / np.log(2)",
)

BASE_2 = "log_mixed = np.logaddexp2(np.log2(share) + log_p, np.log2(1 - share) + log_q)"
for _name, _lines in {
    "and_divided": [MIXED, BASE_2], "alone": [MIXED, BASE_2, BITS, "bits = nats"],
    "of_natural_shares": [MIXED, MIXED.replace("logaddexp", "logaddexp2")],
}.items():
    edit(
        mixed_bits, *_lines,
        "`np.logaddexp2` takes logarithms to base 2, and log_p and log_q are natural ones: mix with `np.logaddexp`, "
        "and divide by `np.log(2)` at the end",
        name=f"base_2_{_name}",
    )
variants(mixed_bits, MIXED, {
    "log_mixed = np.logaddexp(share + log_p, 1 - share + log_q)":
        "the shares are added as they are: it is their logarithms that are added, `np.log(share) + log_p`",
    "log_mixed = share * log_p + (1 - share) * log_q":
        "the logarithms are mixed: the probabilities are, `share * p + (1 - share) * q`, "
        "and the logarithm is taken after",
    "log_mixed = np.log(share * np.exp(log_p) + (1 - share) * np.exp(log_q))":
        "your bits become infinite, where both probabilities are too small for the computer: "
        "add the logarithms with `np.logaddexp`",
    "log_mixed = np.logaddexp(np.log(1 - share) + log_p, np.log(share) + log_q)":
        "the shares have changed places: share belongs to p, `1 - share` to q",
    "log_mixed = np.logaddexp(log_p, log_q) - np.log(2)":
        "both models count one half: p has the share that is given, q the rest",
    "log_mixed = np.logaddexp(log_p, log_q)":
        "the shares are left out: p has `share` and q has `1 - share`, so that the mixture adds up to 1",
    "log_mixed = np.logaddexp(share * log_p, (1 - share) * log_q)":
        "the logarithms are multiplied by the shares: a factor of a probability is a term of its logarithm, "
        "`np.log(share) + log_p`",
    "log_mixed = np.logaddexp(np.log(share) + log_p, log_q)": "the share of q is left out: it is `1 - share`",
    "larger = np.maximum(np.log(share) + log_p, np.log(1 - share) + log_q)\n"
    "log_mixed = np.logaddexp(np.log(share) + log_p, np.log(1 - share) + log_q) - larger":
        "the larger logarithm is taken away before `exp` and not added again: after the logarithm of the sum it comes "
        "back",
    "log_mixed = np.log(share) + log_p + np.log(1 - share) + log_q":
        "the two logarithms are added, which multiplies the probabilities: these add up, "
        "and `np.logaddexp` gives the logarithm of that",
    "log_mixed = np.minimum(np.log(share) + log_p, np.log(1 - share) + log_q)":
        "the smaller part alone is left: `high + np.log(np.exp(low - high))` is low again, so write `np.log1p`, "
        "with the 1 that stands for the larger part",
    "log_mixed = np.maximum(np.log(share) + log_p, np.log(1 - share) + log_q)":
        "the larger part alone is taken: the probabilities of both models add up, `np.logaddexp`",
    "log_mixed = np.maximum(log_p, log_q)":
        "the better model is chosen at each step, which needs to know the symbol that comes: mix the probabilities",
    "log_mixed = np.where(share > 0.5, log_p, log_q)":
        "one model alone is used: mix the probabilities, `share * p + (1 - share) * q`",
    "log_mixed = log_q": "the first model is left out: the mixture is `share * p + (1 - share) * q`",
    "log_mixed = np.logaddexp(share * log_p, np.log(1 - share) + log_q)":
        "the logarithm of p is multiplied by its share: a factor of a probability is a term of its logarithm, "
        "`np.log(share) + log_p`",
    "log_mixed = log_p": "the second model is left out: the mixture is `share * p + (1 - share) * q`",
})
edit(
    mixed_bits, MIXED, f"{MIXED} - np.maximum(log_p, log_q)",
    "the larger logarithm is taken away before `exp` and not added again: after the logarithm of the sum it comes "
    "back", name="larger_of_both_not_added_again",
)
for _floor in ("1e-12", "1e-10", "1e-9", "1e-8", "1e-300", "1e-30", "1e-15", "1e-16", "1e-6"):
    edit(
        mixed_bits, MIXED, f"log_mixed = np.log(share * np.exp(log_p) + (1 - share) * np.exp(log_q) + {_floor})",
        "a small number is added to the probability, so a large surprise comes out too small: "
        "add the logarithms with `np.logaddexp`, and none is needed",
        name=f"kept_from_zero_by_{_floor}",
    )
P_LEFT = "log_mixed = log_p + np.log(share + (1 - share) * np.exp(log_q - log_p))"
Q_LEFT = "log_mixed = log_q + np.log(share * np.exp(log_p - log_q) + 1 - share)"
for _name, _line, _difference in [("p", P_LEFT, "log_q - log_p"), ("q", Q_LEFT, "log_p - log_q")]:
    edit(
        mixed_bits, MIXED, _line,
        f"`np.exp({_difference})` overflows where log_{_name} is far below the other: "
        "take the larger of the two out of the sum, as `np.logaddexp` does",
    )
DIRECT = "log_mixed = np.log(share * np.exp(log_p) + (1 - share) * np.exp(log_q))"
for _name, _instead, _what in [
    ("p", "log_p", "log_p alone is taken"), ("q", "log_q", "log_q alone is taken"),
    ("larger", "np.maximum(log_p, log_q)", "the larger logarithm alone is taken"),
    ("mean", "share * log_p + (1 - share) * log_q", "the logarithms are mixed"),
    ("nothing", "0.0", "a step counts as if there were no surprise at all"),
]:
    edit(
        mixed_bits, MIXED, f"{DIRECT}\nlog_mixed = np.where(np.isfinite(log_mixed), log_mixed, {_instead})",
        f"where both probabilities become 0 in the computer {_what}: add the logarithms with `np.logaddexp`, "
        "which needs no such case", name=f"underflow_{_name}",
    )
for _least in (-700, -745, -500, -100, -50):
    edit(
        mixed_bits, MIXED, f"log_p, log_q = np.maximum(log_p, {_least}), np.maximum(log_q, {_least})\n{MIXED}",
        "the logarithms are cut from below, so that no surprise can grow beyond the cut: "
        "`np.logaddexp` takes them as low as they are", name=f"cut_at_minus_{-_least}",
    )
edit(
    mixed_bits, MIXED, MIXED.replace("np.log(", "np.log2("),
    "the shares have logarithms to base 2, which are added to natural ones: it is `np.log(share) + log_p`, "
    "and `np.log(2)` divides at the end",
)
edit(
    mixed_bits, NATS, "nats = -np.mean([(w * row).sum() / w.sum() for w, row in zip(weight, log_mixed) if w.any()])",
    "each step counts the same, however few sequences go so far: the mean is over all steps of all sequences that "
    "count",
)
variants(mixed_bits, WEIGHT, {
    "weight = np.ones_like(log_p)": "the mask is ignored: what stands in the padding is no symbol",
    "weight = 1 - mask": "the mask is turned round: it is 1 where a step counts, and 0 where it is padding",
})
variants(mixed_bits, NATS, {
    "nats = -log_mixed.sum() / weight.sum()":
        "the mask counts the steps, and the logarithms are added up without it: "
        "what stands in the padding is no symbol",
    "nats = -(weight * log_mixed).sum() / log_p.size":
        "you divide by all steps, padding too: the mean is over those that count, `mask.sum()`",
    "nats = -(weight * log_mixed).sum() / log_p.shape[1]":
        "you divide by the batch size: the mean is over all steps that count, `mask.sum()`",
    "nats = -(weight * log_mixed).sum() / len(log_p)":
        "you divide by the number of steps T: the mean is over all steps of all sequences that count, `mask.sum()`",
    "nats = -(weight * np.exp(log_mixed)).sum() / weight.sum()":
        "the probabilities themselves are averaged: it is their logarithms, log_mixed as it is",
    "nats = -(weight * np.log(-log_mixed)).sum() / weight.sum()":
        "a logarithm is taken of each logarithm: to have bits, divide by `np.log(2)`",
    "nats = -(weight * log_mixed).sum()": "the bits are added up: take their mean over the steps that count",
    "nats = -np.log((weight * np.exp(log_mixed)).sum() / weight.sum())":
        "the mean is taken of the probabilities and then the logarithm: take the logarithm of each, and then the mean",
    "nats = (weight * log_mixed).sum() / weight.sum()":
        "the sign is missing: bits are minus the logarithm of the probability",
    "nats = -((weight * log_mixed).sum(axis=0) / weight.sum(axis=0)).mean()":
        "each sequence counts the same, however short: the mean is over all steps that count",
})
variants(mixed_bits, BITS, {
    "bits = nats": "these are nats: divide by `np.log(2)` to have bits",
    "bits = nats * np.log(2)":
        "the nats are multiplied by `np.log(2)`: a bit is less than a nat, so there are more of them, divide",
    "bits = np.exp(nats)": "this is the perplexity: bits are the nats divided by `np.log(2)`",
    "bits = np.log2(nats)": "the logarithm is taken of the nats: they are logarithms already, divide by `np.log(2)`",
    "bits = -np.log2(nats)":
        "the logarithm is taken of the nats once more: they are logarithms already, divide by `np.log(2)`",
    "bits = nats / np.log(10)": "the nats are divided by `np.log(10)`: bits are to base 2",
})
