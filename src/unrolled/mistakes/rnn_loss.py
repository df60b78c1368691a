"""Known mistakes of assignment 02-rnn: from scores to probabilities and to the loss."""

import numpy as np

from unrolled.mistakes.edits import mistake
from unrolled.reference.rnn import cross_entropy, softmax


@mistake(softmax, "your softmax overflows: take the largest score away from every score before `exp`")
def softmax_overflows(a):
    e = np.exp(a)
    return e / e.sum(axis=-1, keepdims=True)


@mistake(softmax, "your softmax is made for a single row of small scores: take each row's largest score away before `exp`, and sum with `axis=-1, keepdims=True`")
def softmax_of_a_vector(a):
    return np.exp(a) / np.exp(a).sum()


@mistake(softmax, "your softmax sums over the first axis, and overflows: take each row's largest score away before `exp`, and sum with `axis=-1, keepdims=True`")
def softmax_of_small_columns(a):
    return np.exp(a) / np.exp(a).sum(axis=0)


@mistake(softmax, "your softmax sums over axis 1, the batch, and overflows: take each row's largest score away before `exp`, and sum with `axis=-1, keepdims=True`")
def softmax_of_small_scores_over_the_batch(a):
    return np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)


@mistake(softmax, "your softmax sums over the first axis, as `sum(e)` does too: each row needs its own sum, `e.sum(axis=-1, keepdims=True)`")
def softmax_with_sums_over_the_first_axis(a):
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=0)


@mistake(softmax, "your softmax sums over everything: it must add up to 1 along the last axis, for each step and row")
def softmax_over_everything(a):
    e = np.exp(a - a.max())
    return e / e.sum()


@mistake(softmax, "your softmax sums over everything: each row's largest score is taken away, so each row needs its own sum, `axis=-1, keepdims=True`")
def softmax_with_one_sum(a):
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum()


@mistake(softmax, "you take the largest of all scores away: a row whose scores are much smaller becomes 0 / 0, so take each row's own largest, `axis=-1, keepdims=True`")
def softmax_with_one_maximum(a):
    e = np.exp(a - a.max())
    return e / e.sum(axis=-1, keepdims=True)


@mistake(softmax, "your softmax runs over axis 1, the batch: the symbols are on the last, `axis=-1`")
def softmax_over_the_batch(a):
    return np.moveaxis(softmax(np.moveaxis(a, 1, -1)), -1, 1)


@mistake(softmax, "your softmax runs over the first axis: the symbols are on the last, `axis=-1`")
def softmax_over_first_axis(a):
    e = np.exp(a - a.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


@mistake(softmax, "your softmax runs over the first axis, as it does for columns: here the symbols are on the last, `axis=-1`")
def softmax_of_columns(a):
    e = np.exp(a - a.max())
    return e / e.sum(axis=0)


@mistake(softmax, "your softmax sums over each step's whole batch: every row is a distribution of its own, so take maximum and sum with `axis=-1, keepdims=True`")
def softmax_over_batch_and_symbols(a):
    e = np.exp(a - a.max(axis=(1, 2), keepdims=True))
    return e / e.sum(axis=(1, 2), keepdims=True)


@mistake(softmax, "your softmax is not normalised: divide by the sum over the last axis")
def softmax_not_normalised(a):
    return np.exp(a - a.max(axis=-1, keepdims=True))


@mistake(softmax, "these are the logarithms of the probabilities: softmax returns the probabilities themselves")
def log_softmax(a):
    shifted = a - a.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


# Most of these are the right loss and gradient with a factor too many or too few.


@mistake(cross_entropy, "the mask is ignored: a padded step must add nothing to the loss or to `dlogits`")
def mask_ignored(logits, targets, mask):
    return cross_entropy(logits, targets, np.ones_like(mask))


@mistake(cross_entropy, "the mask is applied to the loss but not to `dlogits`")
def mask_missing_in_gradient(logits, targets, mask):
    return cross_entropy(logits, targets, mask)[0], mask_ignored(logits, targets, mask)[1]


@mistake(cross_entropy, "the mask is applied to `dlogits` but not to the loss")
def mask_missing_in_loss(logits, targets, mask):
    return mask_ignored(logits, targets, mask)[0], cross_entropy(logits, targets, mask)[1]


@mistake(cross_entropy, "you average over time as well: the loss is a sum over time and a mean over the batch, so divide by N alone")
def mean_over_time(logits, targets, mask):
    loss, dlogits = cross_entropy(logits, targets, mask)
    return loss / len(mask), dlogits / len(mask)


@mistake(cross_entropy, "you divide by the number of steps that count: the loss is a sum over time and a mean over the batch, so divide by N alone")
def mean_over_counted_steps(logits, targets, mask):
    loss, dlogits = sum_over_batch(logits, targets, mask)
    return loss / mask.sum(), dlogits / mask.sum()


@mistake(cross_entropy, "you divide by the number of steps T: axis 0 is time and axis 1 is the batch, so N is `logits.shape[1]`")
def time_for_batch(logits, targets, mask):
    loss, dlogits = sum_over_batch(logits, targets, mask)
    return loss / len(mask), dlogits / len(mask)


@mistake(cross_entropy, "the division by the batch size N is missing: the loss is a sum over time and a mean over the batch")
def sum_over_batch(logits, targets, mask):
    loss, dlogits = cross_entropy(logits, targets, mask)
    N = mask.shape[1]
    return loss * N, dlogits * N


@mistake(cross_entropy, "the loss is divided by the batch size N but `dlogits` is not")
def gradient_not_divided(logits, targets, mask):
    return cross_entropy(logits, targets, mask)[0], sum_over_batch(logits, targets, mask)[1]


@mistake(cross_entropy, "`dlogits` has the wrong sign: it is `p - one_hot`, not `one_hot - p`")
def gradient_sign(logits, targets, mask):
    loss, dlogits = cross_entropy(logits, targets, mask)
    return loss, -dlogits


@mistake(cross_entropy, "the loss has the wrong sign: it is minus the log-probability of the target")
def loss_sign(logits, targets, mask):
    loss, dlogits = cross_entropy(logits, targets, mask)
    return -loss, dlogits


@mistake(cross_entropy, "the loss is in bits: use the natural logarithm `np.log`, so that the loss is in nats")
def loss_in_bits(logits, targets, mask):
    loss, dlogits = cross_entropy(logits, targets, mask)
    return loss / np.log(2), dlogits


@mistake(cross_entropy, "the loss is taken with `np.log10`: use the natural logarithm `np.log`, so that the loss is in nats")
def loss_in_powers_of_ten(logits, targets, mask):
    loss, dlogits = cross_entropy(logits, targets, mask)
    return loss / np.log(10), dlogits


@mistake(cross_entropy, "the logarithm is missing: the loss is minus the log-probability of the target, not minus the probability")
def loss_without_logarithm(logits, targets, mask):
    p = np.take_along_axis(softmax(logits), targets[..., None], axis=-1)[..., 0]
    return -(mask * p).sum() / mask.shape[1], cross_entropy(logits, targets, mask)[1]


@mistake(cross_entropy, "the mask is turned round: it is 1 where a step counts, and 0 where it is padding")
def mask_turned_round(logits, targets, mask):
    return cross_entropy(logits, targets, 1 - mask)


@mistake(cross_entropy, "`dlogits` is the probabilities alone: subtract 1 at each target")
def gradient_without_target(logits, targets, mask):
    loss, _ = cross_entropy(logits, targets, mask)
    return loss, mask[..., None] * softmax(logits) / mask.shape[1]


@mistake(cross_entropy, "what you return as dlogits is the probabilities: subtract 1 at each target, multiply by the mask and divide by N")
def probabilities_for_the_gradient(logits, targets, mask):
    return cross_entropy(logits, targets, mask)[0], softmax(logits)


@mistake(cross_entropy, "`dlogits` is `p - one_hot` alone: multiply it by the mask and divide it by N, as the loss")
def gradient_without_mask_and_mean(logits, targets, mask):
    return cross_entropy(logits, targets, mask)[0], softmax(logits) - np.eye(logits.shape[-1])[targets]


@mistake(cross_entropy, "1 is subtracted at every target in every row: `p[:, :, targets]` picks them all for each, so subtract a one-hot array, or take each row's own target")
def every_target_in_every_row(logits, targets, mask):
    p = softmax(logits)
    p[:, :, targets] -= 1
    return cross_entropy(logits, targets, mask)[0], p * mask[..., None] / mask.shape[1]


@mistake(cross_entropy, "the mask is applied to the logits: a step whose logits are all 0 still costs log V, so multiply the step's loss and its `dlogits`")
def mask_on_the_logits(logits, targets, mask):
    return cross_entropy(logits * mask[..., None], targets, np.ones_like(mask))


@mistake(cross_entropy, "the mask is applied to the logits: a step whose logits are all 0 still costs log V, so multiply the step's loss")
def mask_on_the_logits_and_the_gradient(logits, targets, mask):
    loss, dlogits = mask_on_the_logits(logits, targets, mask)
    return loss, dlogits * mask[..., None]


def _loss_of(p, targets, mask, floor=0.0):
    """The loss as the logarithm of probabilities that are rounded already."""
    p = np.take_along_axis(p, targets[..., None], axis=-1)[..., 0]
    return -(mask * np.log(p + floor)).sum() / mask.shape[1]


@mistake(cross_entropy, "your loss does not bear large logits: take each row's own largest logit away from its logits, and do not take the logarithm of a probability that has become 0")
def loss_overflows(logits, targets, mask):
    p = softmax_overflows(logits)
    one_hot = np.eye(logits.shape[-1])[targets]
    return _loss_of(p, targets, mask), mask[..., None] * (p - one_hot) / mask.shape[1]


@mistake(cross_entropy, "your loss becomes infinite: a probability has become 0 before its logarithm was taken; subtract the log of the sum instead")
def log_of_zero(logits, targets, mask):
    return _loss_of(softmax(logits), targets, mask), cross_entropy(logits, targets, mask)[1]


_KEPT = "a small number keeps the probabilities from 0, so that a loss cannot grow beyond it: subtract the log of the sum, and none is needed"


def _kept_from_zero(logits, targets, mask, floor):
    return _loss_of(softmax(logits), targets, mask, floor), cross_entropy(logits, targets, mask)[1]


@mistake(cross_entropy, _KEPT)
def kept_from_zero_by_1e_5(logits, targets, mask):
    return _kept_from_zero(logits, targets, mask, 1e-5)


@mistake(cross_entropy, _KEPT)
def kept_from_zero_by_1e_6(logits, targets, mask):
    return _kept_from_zero(logits, targets, mask, 1e-6)


@mistake(cross_entropy, _KEPT)
def kept_from_zero_by_1e_7(logits, targets, mask):
    return _kept_from_zero(logits, targets, mask, 1e-7)


@mistake(cross_entropy, _KEPT)
def kept_from_zero_by_1e_8(logits, targets, mask):
    return _kept_from_zero(logits, targets, mask, 1e-8)


@mistake(cross_entropy, _KEPT)
def kept_from_zero_by_1e_9(logits, targets, mask):
    return _kept_from_zero(logits, targets, mask, 1e-9)


@mistake(cross_entropy, _KEPT)
def kept_from_zero_by_1e_10(logits, targets, mask):
    return _kept_from_zero(logits, targets, mask, 1e-10)


@mistake(cross_entropy, _KEPT)
def kept_from_zero_by_1e_12(logits, targets, mask):
    return _kept_from_zero(logits, targets, mask, 1e-12)


@mistake(cross_entropy, _KEPT)
def kept_from_zero_by_1e_15(logits, targets, mask):
    return _kept_from_zero(logits, targets, mask, 1e-15)
