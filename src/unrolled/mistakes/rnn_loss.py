"""Known mistakes of assignment 02-rnn: from scores to probabilities and to the loss."""

import numpy as np

from unrolled.mistakes.edits import edit, mistake, variants
from unrolled.reference.rnn import cross_entropy, softmax

E = "e = np.exp(a - a.max(axis=-1, keepdims=True))"
P = "p = e / e.sum(axis=-1, keepdims=True)"

edit(
    softmax, E, "e = np.exp(a)",
    "your softmax overflows: take the largest score away from every score before `exp`",
)
for _new, _sentence in {
    "p = e / e.sum()":
        "your softmax is made for a single row of small scores: take each row's largest score away before `exp`, "
        "and sum with `axis=-1, keepdims=True`",
    "p = e / e.sum(axis=0)":
        "your softmax sums over the first axis, and overflows: take each row's largest score away before `exp`, "
        "and sum with `axis=-1, keepdims=True`",
    "p = e / e.sum(axis=1, keepdims=True)":
        "your softmax sums over axis 1, the batch, and overflows: take each row's largest score away before `exp`, "
        "and sum with `axis=-1, keepdims=True`",
}.items():
    edit(softmax, E, "e = np.exp(a)", P, _new, _sentence)
variants(softmax, E, {
    "e = np.exp(a / a.max(axis=-1, keepdims=True))":
        "the scores are divided by the largest one: take it away from them, which leaves the probabilities as they "
        "are",
    "e = np.exp2(a - a.max(axis=-1, keepdims=True))": "these are powers of 2: the formula has those of e, `np.exp`",
})
edit(
    softmax, E, "e = np.exp(a) - a.max(axis=-1, keepdims=True)",
    "the largest score is taken away from the exponentials: it is taken away from the scores, inside the bracket, "
    "`np.exp(a - a.max(axis=-1, keepdims=True))`",
)
for _name, _new in {"above": "np.exp(a) / e.sum(axis=-1, keepdims=True)",
    "below": "e / np.exp(a).sum(axis=-1, keepdims=True)"}.items():
    edit(
        softmax, P, f"p = {_new}",
        "the largest score is taken away in one half of the fraction alone: the exponentials above and those in the "
        "sum below must be the same, each of a score less the largest",
        name=f"not_taken_away_{_name}",
    )


def of_cut_scores(least, most):
    """What is right for scores that are cut off at both ends."""

    def of_cut(a):
        e = np.exp(np.clip(a, least, most))
        return e / e.sum(axis=-1, keepdims=True)

    return of_cut


# None of them is told together with another mistake: large scores show that of nearly any two.
for _limit in (50, 100, 500, 700):
    for _name, _least in {"": -_limit, "from_above_": -1e308}.items():
        mistake(
            softmax,
            "the scores are cut off before `exp`, as by `np.clip` or `np.minimum`: "
            "two that lie beyond the limit come out alike, so take each row's largest score away instead",
            name=f"scores_cut_off_{_name}at_{_limit}",
        )(of_cut_scores(_least, _limit))

variants(softmax, P, {
    "p = e / e.sum(axis=0)":
        "your softmax sums over the first axis, as `sum(e)` does too: each row needs its own sum, "
        "`e.sum(axis=-1, keepdims=True)`",
    "p = e / np.sqrt((e**2).sum(axis=-1, keepdims=True))":
        "the exponentials are divided by their Euclidean norm: divide by their sum, so that they add up to 1",
    "p = np.exp(a - a.max(axis=-1, keepdims=True) - e.sum(axis=-1, keepdims=True))":
        "the sum itself is taken away inside `exp`: take its logarithm away there, or divide by the sum outside",
    "p = e": "your softmax is not normalised: divide by the sum over the last axis",
    "p = a - a.max(axis=-1, keepdims=True) - np.log(e.sum(axis=-1, keepdims=True))":
        "these are the logarithms of the probabilities: softmax returns the probabilities themselves",
})
edit(
    softmax, P, "p = e / e.sum()",
    "your softmax sums over everything: each row's largest score is taken away, so each row needs its own sum, "
    "`axis=-1, keepdims=True`",
    name="one_sum",
)
edit(
    softmax, E, "e = np.exp(a - a.max())",
    "you take the largest of all scores away: a row whose scores are much smaller becomes 0 / 0, "
    "so take each row's own largest, `axis=-1, keepdims=True`",
)
edit(
    softmax, E, "e = np.exp(a - a.max())", P, "p = e / e.max(axis=-1, keepdims=True)",
    "you take the largest of all scores away, and divide by the largest exponential: "
    "take each row's own largest score away, and divide by the sum, `axis=-1, keepdims=True`",
)
for _maximum, _sum, _sentence, _name in [
    ("", "", "your softmax sums over everything: it must add up to 1 along the last axis, for each step and row",
        "one_sum_and_one_maximum"),
    ("", "axis=0", "your softmax runs over the first axis, as it does for columns: here the symbols are on the last, "
                   "`axis=-1`", "columns"),
    ("axis=0, keepdims=True", "axis=0, keepdims=True",
        "your softmax runs over the first axis: the symbols are on the last, `axis=-1`", None),
    ("axis=1, keepdims=True", "axis=1, keepdims=True",
        "your softmax runs over axis 1, the batch: the symbols are on the last, `axis=-1`", None),
    ("axis=(1, 2), keepdims=True", "axis=(1, 2), keepdims=True",
     "your softmax sums over each step's whole batch: every row is a distribution of its own, "
     "so take maximum and sum with `axis=-1, keepdims=True`", None),
]:
    edit(softmax, E, f"e = np.exp(a - a.max({_maximum}))", P, f"p = e / e.sum({_sum})", _sentence, name=_name)

# The loss and its gradient, in the order of the lines.

SHIFTED = "shifted = logits - logits.max(axis=-1, keepdims=True)"
LOG_P = "log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))"
WEIGHT = "weight = mask[..., None].astype(logits.dtype) / N"
LOSS = "loss = -(weight * one_hot * log_p).sum()"
DLOGITS = "dlogits = weight * (np.exp(log_p) - one_hot)"

OF_P = "loss = -(weight * np.log(np.take_along_axis(p, targets[..., None], axis=-1))).sum()"
edit(
    cross_entropy, LOG_P, "p = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)\nlog_p = np.log(p)", LOSS,
    OF_P,
    "your loss breaks down for large logits: take each row's own largest logit away from its logits, "
    "and do not take the logarithm of a probability that has become 0",
)
OF_SUMS = (
    "losses = np.log(np.exp(logits).sum(axis=-1, keepdims=True)) - np.take_along_axis(logits, targets[..., None], "
    "axis=-1)\n"
    "loss = (weight * losses).sum()"
)
OF_SUMS_THAT_COUNT = OF_SUMS.replace("weight * losses", "weight * np.where(weight > 0, losses, 0)")
_INFINITE = (
    "your loss becomes infinite: has a probability become 0 before its logarithm was taken, "
    "or a sum of exponentials too large? Take each row's own largest logit away first, "
    "and the log of the sum from what is left of the score"
)
_NOT_BORNE = (
    "your loss does not bear large logits: take each row's own largest logit away from its logits before `exp`"
)
edit(cross_entropy, SHIFTED, "shifted = logits", _NOT_BORNE, name="nothing_taken_away")
for _limit in (100, 500, 700):
    edit(
        cross_entropy, SHIFTED, f"shifted = np.clip(logits, -{_limit}, {_limit})",
        "the logits are cut off before `exp`, as by `np.clip`: two that lie beyond the limit come out alike, "
        "so take each row's largest logit away instead",
        name=f"logits_cut_off_at_{_limit}",
    )
for _name, _factor, _said in [
    ("by_N", "N", "is not divided by the batch size N"),
    ("by_steps_that_count", "N / mask.sum()", "is divided by the number of steps that count, not by N"),
    ("by_N_and_T", "1 / T", "is averaged over time as well"),
]:
    for _way, _infinite in {"of_p": f"p = np.exp(log_p)\n{OF_P}", "of_sums": OF_SUMS,
        "of_sums_that_count": OF_SUMS_THAT_COUNT}.items():
        edit(
            cross_entropy, LOSS, f"{_infinite} * {_factor}",
            f"your loss becomes infinite where logits are large, and {_said}: "
            "take each row's largest logit away first, then the log of the sum of exponentials, "
            "and divide the sum of all losses by N alone",
            name=f"infinite_{_way}_and_{_name}",
        )
edit(
    cross_entropy, LOSS, f"p = np.exp(log_p)\n{OF_P}",
    _INFINITE,
)
for _name, _line in {"": OF_SUMS, "_where_it_counts": OF_SUMS_THAT_COUNT}.items():
    edit(cross_entropy, LOSS, _line, _INFINITE, name=f"your_loss_overflows{_name}")
for _floor in ("1e-5", "1e-6", "1e-7", "1e-8", "1e-9", "1e-10", "1e-12", "1e-15"):
    edit(
        cross_entropy, LOSS, f"loss = -(weight * one_hot * np.log(np.exp(log_p) + {_floor})).sum()",
        "a small number keeps the probabilities from 0, so that a loss cannot grow beyond it: "
        "subtract the log of the sum, and none is needed",
        name=f"kept_from_zero_by_{_floor}",
    )
variants(cross_entropy, LOG_P, {
    "log_p = logits - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))":
        "the largest logit is taken away inside the log of the sum and not put back: take it from the score as well, "
        "or add it to that logarithm",
    "log_p = logits + np.log(np.exp(shifted).sum(axis=-1, keepdims=True))":
        "the log of the sum is added, and the largest logit is not put back: log p is the score, less the largest, "
        "less the log of the sum",
    "log_p = shifted + np.log(np.exp(shifted).sum(axis=-1, keepdims=True))":
        "the log of the sum is added to the score: log p is the score, less the log of the sum",
})
variants(cross_entropy, WEIGHT, {
    "weight = np.ones_like(mask)[..., None] / N":
        "the mask is ignored: a padded step must add nothing to the loss or to `dlogits`",
    "weight = np.ones_like(mask)[..., None] / N / T":
        "the mask is ignored, and you average over time as well: a padded step adds nothing, "
        "and the sum over time is divided by N alone",
    "weight = np.ones_like(mask)[..., None]":
        "the mask is ignored, and the division by the batch size N is missing: the loss is a sum over the steps that "
        "count and a mean over the batch",
    "weight = (1 - mask)[..., None] / N":
        "the mask is turned round: it is 1 where a step counts, and 0 where it is padding",
    "weight = mask[..., None] / N / T":
        "you average over time as well: the loss is a sum over time and a mean over the batch, so divide by N alone",
    "weight = mask[..., None] / mask.sum()":
        "you divide by the number of steps that count: the loss is a sum over time and a mean over the batch, "
        "so divide by N alone",
    "weight = mask[..., None] / T":
        "you divide by the number of steps T: axis 0 is time and axis 1 is the batch, so N is `logits.shape[1]`",
    "weight = (targets != 0)[..., None] / N":
        "the mask is made of the targets: symbol 0 is a symbol like any other, "
        "and the `mask` that is given says which steps count",
    "weight = (mask * (targets != 0))[..., None] / N":
        "a step whose target is 0 does not count: symbol 0 is a symbol like any other, "
        "and the `mask` alone says which steps count",
    "weight = (targets != 0)[..., None] / np.maximum(1, np.sum(targets != 0))":
        "the mask is made of the targets, and you divide by the number of those that are not 0: "
        "`mask` says which steps count, and the batch has N sequences",
    "weight = mask[..., None]":
        "the division by the batch size N is missing: the loss is a sum over time and a mean over the batch",
})
for _name, _lines, _sentence in [
    ("and_the_step", [WEIGHT, "weight = np.ones_like(mask)[..., None] / N"],
        "multiply the step's loss and its `dlogits`"),
    ("and_the_gradient",
        [WEIGHT, "weight = np.ones_like(mask)[..., None] / N", DLOGITS, f"{DLOGITS} * mask[..., None]"],
     "multiply the step's loss"),
]:
    edit(
        cross_entropy, SHIFTED, f"logits = logits * mask[..., None]\n{SHIFTED}", *_lines,
        f"the mask is applied to the logits: a step whose logits are all 0 still costs log V, so {_sentence}",
        name=f"mask_on_the_logits_{_name}",
    )
_NEXT = (
    "step t is compared with the target of step t + 1: `targets[t]` is the one that belongs to step t, "
    "no shift is left to be made"
)
_LATER = "one_hot = np.concatenate([one_hot[1:], 0 * one_hot[:1]])"
for _name, _lines in {
    "none_for_the_last": [WEIGHT, f"{WEIGHT}\n{_LATER}"],
    "the_last_left_out": [WEIGHT, f"{WEIGHT}\n{_LATER}\nweight[-1] = 0"],
    "with_its_mask": [WEIGHT, f"{WEIGHT}\n{_LATER}\nweight = np.concatenate([weight[1:], 0 * weight[:1]])"],
    "round_to_the_first": [WEIGHT, f"{WEIGHT}\none_hot = np.roll(one_hot, -1, axis=0)"],
}.items():
    edit(cross_entropy, *_lines, _NEXT, name=f"targets_of_the_next_step_{_name}")
variants(cross_entropy, LOSS, {
    "loss = -(weight * one_hot * log_p).sum() * N / mask.sum()":
        "the loss is divided by the number of steps that count: it is divided by the batch size N alone, "
        "and so is `dlogits`",
    "loss = -(one_hot * log_p).sum() / N": "the mask is applied to `dlogits` but not to the loss",
    "loss = -(weight * one_hot * log_p).sum() * N": "the loss is not divided: both are divided by the batch size N",
    "loss = -(weight * one_hot * shifted).sum()":
        "the log of the sum is left out: log p is the score, less the log of the sum of all exponentials",
    "loss = -(weight * one_hot * (shifted - np.exp(shifted).sum(axis=-1, keepdims=True))).sum()":
        "the sum of the exponentials is taken away without its logarithm: log p is the score, less the log of the sum",
    "loss = -(weight * one_hot * (logits - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))).sum()":
        "the loss takes the largest logit away inside the log of the sum and does not put it back: "
        "take it from the score as well, or add it to that logarithm",
    "loss = (weight * one_hot * (2 * logits - log_p)).sum()":
        "the target's logit is added to the log of the sum: it is taken away, `lse - logit`, "
        "which is minus its log-probability",
    "loss = -(weight * np.exp(log_p) * log_p).sum()":
        "the loss is the entropy of the probabilities: it is minus the log-probability of the target alone",
    "loss = (weight * one_hot * log_p).sum()":
        "the loss has the wrong sign: it is minus the log-probability of the target",
    "loss = -(weight * one_hot * log_p).sum() / np.log(2)":
        "the loss is in bits: use the natural logarithm `np.log`, so that the loss is in nats",
    "loss = -(weight * one_hot * log_p).sum() / np.log(10)":
        "the loss is taken with `np.log10`: use the natural logarithm `np.log`, so that the loss is in nats",
    "loss = -(weight * one_hot * np.exp(log_p)).sum()":
        "the logarithm is missing: the loss is minus the log-probability of the target, not minus the probability",
})
variants(cross_entropy, DLOGITS, {
    "dlogits = weight * (np.exp(log_p) - 1)":
        "1 is taken away everywhere in `dlogits`: the one-hot row has a 1 at the target alone, `p - one_hot`",
    "dlogits = (np.exp(log_p) - one_hot) / N": "the mask is applied to the loss but not to `dlogits`",
    "dlogits = mask[..., None] * (np.exp(log_p) - one_hot)":
        "`dlogits` is not divided: both are divided by the batch size N",
    "dlogits = mask[..., None] / mask.sum() * (np.exp(log_p) - one_hot)":
        "`dlogits` is divided by the number of steps that count, and the loss by N: "
        "both are divided by the batch size N alone",
    "dlogits = weight * np.exp(log_p) - one_hot":
        "1 is taken away at each target after the mask and the division by N: take it from the probability, "
        "and multiply all of `p - one_hot`",
    "dlogits = weight * np.exp(log_p) - mask[..., None] * one_hot":
        "N divides the probabilities alone: `dlogits` is all of `p - one_hot` divided by N",
    "dlogits = mask[..., None] * np.exp(log_p) - weight * one_hot":
        "N divides the 1 at the target alone: `dlogits` is all of `p - one_hot` divided by N",
    "dlogits = weight * (one_hot - np.exp(log_p))":
        "`dlogits` has the wrong sign: it is `p - one_hot`, not `one_hot - p`",
    "dlogits = weight * np.exp(log_p)": "`dlogits` is the probabilities alone: subtract 1 at each target",
    "dlogits = weight * (logits - one_hot)":
        "`dlogits` takes the logits themselves for the probabilities: it is `softmax(logits) - one_hot`",
    "dlogits = weight * (shifted - one_hot)":
        "`dlogits` takes the logits, less the largest, for the probabilities: it is `softmax(logits) - one_hot`",
    "dlogits = weight * (np.exp(shifted) - one_hot)":
        "`dlogits` takes exponentials that are not divided by their sum: it is `p - one_hot`, and p adds up to 1",
    "dlogits = weight * (np.exp(logits) - one_hot)":
        "`dlogits` takes exponentials as they are for probabilities: they are divided by their sum first, "
        "`p - one_hot`",
    "dlogits = weight * (log_p - one_hot)":
        "`dlogits` takes the logarithms of the probabilities: it is `p - one_hot`, with p itself",
    "dlogits = weight * (np.exp(log_p) + one_hot)":
        "1 is added at each target in `dlogits`: subtract it, `p - one_hot`",
    "dlogits = np.exp(log_p)":
        "what you return as dlogits is the probabilities: subtract 1 at each target, "
        "multiply by the mask and divide by N",
    "dlogits = np.exp(log_p) - one_hot":
        "`dlogits` is `p - one_hot` alone: multiply it by the mask and divide it by N, as the loss",
    "dlogits = weight * np.where(one_hot > 0, -1, np.exp(log_p))":
        "`dlogits` is -1 at each target: there it is p - 1, so subtract 1 from the probability, `-= 1`",
    "dlogits = weight * np.where(one_hot > 0, 0, np.exp(log_p))":
        "`dlogits` is 0 at each target: there it is p - 1, so subtract 1 from the probability, `-= 1`",
    "dlogits = weight * np.abs(np.exp(log_p) - one_hot)":
        "the sign of `dlogits` is turned at the targets, where it is 1 - p: subtract 1 from the probability, `p - 1`",
    "dlogits = weight * np.exp(log_p) * (1 - np.exp(log_p))":
        "`dlogits` is the slope of each probability in its own score: the loss goes through the logarithm as well, "
        "which leaves `p - one_hot`",
    "p = np.exp(log_p)\ndlogits = weight * (p * (1 - p) - one_hot)":
        "`dlogits` has p * (1 - p), the slope of a probability in its own score, where p alone belongs: "
        "it is `p - one_hot`",
    "dlogits = weight * np.exp(log_p) - one_hot / N":
        "the mask multiplies the probabilities alone: it multiplies all of `p - one_hot`",
    "p = np.exp(log_p)\np[:, :, targets] -= 1\ndlogits = weight * p":
        "1 is subtracted at every target in every row: `p[:, :, targets]` picks them all for each, "
        "so subtract a one-hot array, or take each row's own target",
})
