"""Known mistakes of assignment 02-rnn."""

import numpy as np

from unrolled.reference.mistakes import mistake
from unrolled.reference.rnn import (
    cross_entropy,
    readout,
    rnn_forward,
    rnn_step_forward,
    sample_tokens,
    softmax,
)


@mistake(softmax, "your softmax overflows: take the largest score away from every score before `exp`")
def softmax_overflows(a):
    e = np.exp(a)
    return e / e.sum(axis=-1, keepdims=True)


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


@mistake(softmax, "your softmax is not normalised: divide by the sum over the last axis")
def softmax_not_normalised(a):
    return np.exp(a - a.max(axis=-1, keepdims=True))


@mistake(softmax, "these are the logarithms of the probabilities: softmax returns the probabilities themselves")
def log_softmax(a):
    shifted = a - a.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _terms(logits, targets):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    one_hot = np.eye(logits.shape[-1])[targets]
    return -(one_hot * log_p).sum(axis=-1), np.exp(log_p) - one_hot


@mistake(cross_entropy, "the mask is ignored: a padded step must add nothing to the loss or to `dlogits`")
def mask_ignored(logits, targets, mask):
    losses, d = _terms(logits, targets)
    N = logits.shape[1]
    return losses.sum() / N, d / N


@mistake(cross_entropy, "the mask is applied to the loss but not to `dlogits`")
def mask_missing_in_gradient(logits, targets, mask):
    losses, d = _terms(logits, targets)
    N = logits.shape[1]
    return (mask * losses).sum() / N, d / N


@mistake(cross_entropy, "you average over time as well: the loss is a sum over time and a mean over the batch, so divide by N alone")
def mean_over_time(logits, targets, mask):
    losses, d = _terms(logits, targets)
    T, N, _ = logits.shape
    return (mask * losses).sum() / (T * N), mask[..., None] * d / (T * N)


@mistake(cross_entropy, "you divide by the number of steps that count: the loss is a sum over time and a mean over the batch, so divide by N alone")
def mean_over_counted_steps(logits, targets, mask):
    losses, d = _terms(logits, targets)
    return (mask * losses).sum() / mask.sum(), mask[..., None] * d / mask.sum()


@mistake(cross_entropy, "you divide by the number of steps T: axis 0 is time and axis 1 is the batch, so N is `logits.shape[1]`")
def time_for_batch(logits, targets, mask):
    losses, d = _terms(logits, targets)
    return (mask * losses).sum() / len(logits), mask[..., None] * d / len(logits)


@mistake(cross_entropy, "the division by the batch size N is missing: the loss is a sum over time and a mean over the batch")
def sum_over_batch(logits, targets, mask):
    losses, d = _terms(logits, targets)
    return (mask * losses).sum(), mask[..., None] * d


@mistake(cross_entropy, "the loss is divided by the batch size N but `dlogits` is not")
def gradient_not_divided(logits, targets, mask):
    losses, d = _terms(logits, targets)
    return (mask * losses).sum() / logits.shape[1], mask[..., None] * d


@mistake(cross_entropy, "`dlogits` has the wrong sign: it is `p - one_hot`, not `one_hot - p`")
def gradient_sign(logits, targets, mask):
    losses, d = _terms(logits, targets)
    N = logits.shape[1]
    return (mask * losses).sum() / N, -mask[..., None] * d / N


@mistake(cross_entropy, "the loss has the wrong sign: it is minus the log-probability of the target")
def loss_sign(logits, targets, mask):
    losses, d = _terms(logits, targets)
    N = logits.shape[1]
    return -(mask * losses).sum() / N, mask[..., None] * d / N


@mistake(cross_entropy, "the loss is in bits: use the natural logarithm `np.log`, so that the loss is in nats")
def loss_in_bits(logits, targets, mask):
    losses, d = _terms(logits, targets)
    N = logits.shape[1]
    return (mask * losses).sum() / N / np.log(2), mask[..., None] * d / N


@mistake(cross_entropy, "`dlogits` is the probabilities alone: subtract 1 at each target")
def gradient_without_target(logits, targets, mask):
    losses, d = _terms(logits, targets)
    N = logits.shape[1]
    p = d + np.eye(logits.shape[-1])[targets]
    return (mask * losses).sum() / N, mask[..., None] * p / N


@mistake(cross_entropy, "your loss overflows: take the largest logit away from every logit, and do not take the logarithm of a probability that has become 0")
def loss_overflows(logits, targets, mask):
    N = logits.shape[1]
    e = np.exp(logits)
    p = e / e.sum(axis=-1, keepdims=True)
    one_hot = np.eye(logits.shape[-1])[targets]
    losses = -np.log(np.take_along_axis(p, targets[..., None], axis=-1)[..., 0])
    return (mask * losses).sum() / N, mask[..., None] * (p - one_hot) / N


@mistake(cross_entropy, "your loss becomes infinite: a probability has become 0 before its logarithm was taken; subtract the log of the sum instead")
def log_of_zero(logits, targets, mask):
    N = logits.shape[1]
    p = softmax(logits)
    one_hot = np.eye(logits.shape[-1])[targets]
    losses = -np.log(np.take_along_axis(p, targets[..., None], axis=-1)[..., 0])
    return (mask * losses).sum() / N, mask[..., None] * (p - one_hot) / N


_KEPT = "a small number keeps the probabilities from 0, so that a loss cannot grow beyond it: subtract the log of the sum, and none is needed"


def _kept_from_zero(logits, targets, mask, floor):
    _, dlogits = cross_entropy(logits, targets, mask)
    p = np.take_along_axis(softmax(logits), targets[..., None], axis=-1)[..., 0]
    return -(mask * np.log(p + floor)).sum() / logits.shape[1], dlogits


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


@mistake(rnn_step_forward, "tanh is left out: h = tanh(x @ W_x + h_prev @ W_h + b)")
def tanh_left_out(x, h_prev, W_x, W_h, b):
    return x @ W_x + h_prev @ W_h + b


@mistake(rnn_step_forward, "this is the logistic sigmoid: the state of a plain recurrent network uses tanh")
def sigmoid_for_tanh(x, h_prev, W_x, W_h, b):
    return 1 / (1 + np.exp(-(x @ W_x + h_prev @ W_h + b)))


@mistake(rnn_step_forward, "this is ReLU: the state of a plain recurrent network uses tanh")
def relu_for_tanh(x, h_prev, W_x, W_h, b):
    return np.maximum(x @ W_x + h_prev @ W_h + b, 0)


@mistake(rnn_step_forward, "the bias b is left out")
def bias_left_out(x, h_prev, W_x, W_h, b):
    return np.tanh(x @ W_x + h_prev @ W_h)


@mistake(rnn_step_forward, "the bias b is added after tanh: it belongs inside")
def bias_outside(x, h_prev, W_x, W_h, b):
    return np.tanh(x @ W_x + h_prev @ W_h) + b


@mistake(rnn_step_forward, "W_h is transposed: with row vectors it is `h_prev @ W_h`")
def W_h_transposed(x, h_prev, W_x, W_h, b):
    return np.tanh(x @ W_x + h_prev @ W_h.T + b)


@mistake(rnn_step_forward, "the previous state is not used: add `h_prev @ W_h` inside tanh")
def state_left_out(x, h_prev, W_x, W_h, b):
    return np.tanh(x @ W_x + b)


@mistake(rnn_step_forward, "the input is not used: add `x @ W_x` inside tanh")
def input_left_out(x, h_prev, W_x, W_h, b):
    return np.tanh(h_prev @ W_h + b)


@mistake(rnn_step_forward, "the previous state is added without its weights: it is `h_prev @ W_h`")
def state_without_weights(x, h_prev, W_x, W_h, b):
    return np.tanh(x @ W_x + h_prev + b)


@mistake(rnn_step_forward, "tanh is taken twice")
def tanh_twice(x, h_prev, W_x, W_h, b):
    return np.tanh(np.tanh(x @ W_x + h_prev @ W_h + b))


@mistake(rnn_step_forward, "tanh is taken of each part alone: add the parts first, then take tanh once")
def tanh_of_each_part(x, h_prev, W_x, W_h, b):
    return np.tanh(x @ W_x) + np.tanh(h_prev @ W_h + b)


def _unroll(xs, h0, step, carry=True):
    hs, h = [], h0
    for x in xs:
        new = step(x, h)
        hs.append(new)
        h = new if carry else h0
    return np.stack(hs)


@mistake(rnn_forward, "the state is never carried: every step starts from h0 again; let h be the next step's h_prev")
def state_never_carried(xs, h0, W_x, W_h, b):
    return _unroll(xs, h0, lambda x, h: np.tanh(x @ W_x + h @ W_h + b), carry=False)


@mistake(rnn_forward, "h0 is ignored: the first step's h_prev is the h0 that is given, not zeros")
def h0_ignored(xs, h0, W_x, W_h, b):
    return rnn_forward(xs, np.zeros_like(h0), W_x, W_h, b)


@mistake(rnn_forward, "only the last state is returned: hs holds the states of all T steps")
def last_state_only(xs, h0, W_x, W_h, b):
    return rnn_forward(xs, h0, W_x, W_h, b)[-1]


@mistake(rnn_forward, "h0 is returned as if it were the first step's state: hs[0] is the state after the first input")
def shifted_by_h0(xs, h0, W_x, W_h, b):
    return np.concatenate([h0[None], rnn_forward(xs, h0, W_x, W_h, b)[:-1]])


@mistake(rnn_forward, "h0 stands in front of the states: hs has T states, the first of them after the first input")
def h0_in_front(xs, h0, W_x, W_h, b):
    return np.concatenate([h0[None], rnn_forward(xs, h0, W_x, W_h, b)])


@mistake(rnn_forward, "hs[0] is h0 and the first input is left out: the loop starts with xs[0], whose state is hs[0]")
def first_input_left_out(xs, h0, W_x, W_h, b):
    return np.concatenate([h0[None], rnn_forward(xs[1:], h0, W_x, W_h, b)])


@mistake(rnn_forward, "the sequence is read backwards: start with xs[0]")
def read_backwards(xs, h0, W_x, W_h, b):
    return rnn_forward(xs[::-1], h0, W_x, W_h, b)[::-1]


@mistake(rnn_forward, "the states come batch first: hs is (T, N, H), time first")
def batch_first(xs, h0, W_x, W_h, b):
    return rnn_forward(xs, h0, W_x, W_h, b).swapaxes(0, 1)


@mistake(rnn_forward, "the sequence is read along the batch: axis 0 of xs is time")
def loop_over_batch_axis(xs, h0, W_x, W_h, b):
    hs = np.zeros((*xs.shape[:2], h0.shape[1]))
    h = h0[0]
    for n in range(xs.shape[1]):
        h = np.tanh(xs[:, n] @ W_x + h @ W_h + b)
        hs[:, n] = h
    return hs


@mistake(rnn_forward, "tanh is left out: h = tanh(x @ W_x + h_prev @ W_h + b)")
def tanh_left_out_of_the_loop(xs, h0, W_x, W_h, b):
    return _unroll(xs, h0, lambda x, h: x @ W_x + h @ W_h + b)


@mistake(rnn_forward, "the bias b is left out")
def bias_left_out_of_the_loop(xs, h0, W_x, W_h, b):
    return rnn_forward(xs, h0, W_x, W_h, 0 * b)


@mistake(rnn_forward, "W_h is transposed: with row vectors it is `h_prev @ W_h`")
def W_h_transposed_in_the_loop(xs, h0, W_x, W_h, b):
    return rnn_forward(xs, h0, W_x, W_h.T, b)


@mistake(readout, "the bias b_y is left out")
def readout_bias_left_out(hs, W_y, b_y):
    return hs @ W_y


@mistake(readout, "these are probabilities: the readout returns the scores, and softmax comes later")
def readout_with_softmax(hs, W_y, b_y):
    return softmax(hs @ W_y + b_y)


@mistake(readout, "tanh does not belong in the readout: the scores may have any size")
def readout_with_tanh(hs, W_y, b_y):
    return np.tanh(hs @ W_y + b_y)


@mistake(readout, "only the last state is read out: every step has its scores")
def readout_of_last_state(hs, W_y, b_y):
    return hs[-1] @ W_y + b_y


def _sample(h0, first, u, W_x, W_h, b, W_y, b_y, scale, feed=True, carry=True, strict=True, pick=None):
    tokens, h, token = [], h0, first
    for draw in u:
        new = np.tanh(W_x[token] + h @ W_h + b)
        h = new if carry else h0
        p = softmax(scale * (new @ W_y + b_y)[0])
        drawn = pick(p, draw) if pick else min(int(np.searchsorted(np.cumsum(p), draw, side="right")), len(p) - 1)
        tokens.append(drawn)
        token = drawn if feed else first
    return np.array(tokens)


@mistake(sample_tokens, "the logits are multiplied by the temperature: divide, so that a low temperature sharpens")
def temperature_multiplied(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, temperature)


@mistake(sample_tokens, "the temperature is ignored: divide the logits by it before softmax")
def temperature_ignored(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1.0)


@mistake(sample_tokens, "the drawn token is not fed back: it must be the next step's input")
def token_not_fed_back(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1 / temperature, feed=False)


@mistake(sample_tokens, "the state is not carried from one token to the next")
def state_not_carried(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1 / temperature, carry=False)


@mistake(sample_tokens, "you take the most probable token each time: take the first whose cumulative probability exceeds u[i]")
def greedy(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1 / temperature, pick=lambda p, draw: int(np.argmax(p)))


@mistake(sample_tokens, "h0 is ignored: sampling starts from the state that is given, not from zeros")
def sampling_from_zeros(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(0 * h0, first, u, W_x, W_h, b, W_y, b_y, 1 / temperature)


@mistake(sample_tokens, "the one-hot input keeps the tokens before: begin each step's input with zeros, so that one entry alone is 1")
def one_hot_not_cleared(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    x, h, tokens = np.eye(len(W_x))[first], h0, []
    for draw in u:
        h = np.tanh(x @ W_x + h @ W_h + b)
        p = softmax((h @ W_y + b_y)[0] / temperature)
        tokens.append(min(int(np.searchsorted(np.cumsum(p), draw, side="right")), len(p) - 1))
        x[tokens[-1]] = 1
    return np.array(tokens)


@mistake(sample_tokens, "the given first token is among the results: return the n drawn tokens only")
def first_token_returned(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    tokens = _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1 / temperature)
    return np.concatenate([[first], tokens])


@mistake(sample_tokens, "the readout's bias b_y is left out")
def sampling_without_b_y(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, first, u, W_x, W_h, b, W_y, 0 * b_y, 1 / temperature)


@mistake(sample_tokens, "the index is one too small: take the first token whose cumulative probability exceeds u[i]")
def one_token_early(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    pick = lambda p, draw: max(int(np.searchsorted(np.cumsum(p), draw, side="right")) - 1, 0)  # noqa: E731
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1 / temperature, pick=pick)
