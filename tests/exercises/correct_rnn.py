"""Right answers to assignment 02-rnn, as students write them."""

from itertools import accumulate

import numpy as np

from tests.exercises.correct import correct
from unrolled import withheld
from unrolled.reference import (
    cross_entropy,
    mlp_backward,
    mlp_forward,
    readout,
    readout_backward,
    rnn_forward,
    rnn_step_forward,
    sample_tokens,
    softmax,
)


@correct(softmax)
def softmax_by_logsumexp(a):
    top = np.max(a, axis=-1, keepdims=True)
    return np.exp(a - top - np.log(np.sum(np.exp(a - top), axis=-1, keepdims=True)))


@correct(softmax)
def softmax_shifted_by_global_maximum_of_each_row_in_loops(a):
    p = np.zeros(a.shape)
    for place in np.ndindex(a.shape[:-1]):
        e = np.exp(a[place] - max(a[place]))
        p[place] = e / sum(e)
    return p


@correct(softmax)
def softmax_of_columns_turned(a):
    columns = a.reshape(-1, a.shape[-1]).T
    e = np.exp(columns - columns.max(axis=0))
    return (e / e.sum(axis=0)).T.reshape(a.shape)


@correct(softmax)
def softmax_with_a_harmless_floor(a):
    e = np.exp(a - np.amax(a, -1)[..., np.newaxis])
    return e / (e.sum(-1)[..., np.newaxis] + 1e-9)


@correct(softmax)
def softmax_by_pairs(a):
    """One over the sum of what every other score weighs against it."""
    return 1 / np.exp(a[..., None, :] - a[..., :, None]).sum(axis=-1)


@correct(cross_entropy)
def cross_entropy_of_counted_steps_alone(logits, targets, mask):
    counted, N = mask.astype(bool), logits.shape[1]
    top = logits.max(-1, keepdims=True)
    log_p = (logits - top - np.log(np.exp(logits - top).sum(-1, keepdims=True)))[counted]
    rows = np.arange(len(log_p))
    gradient = np.exp(log_p)
    gradient[rows, targets[counted]] -= 1
    dlogits = np.zeros_like(logits)
    dlogits[counted] = gradient / N
    return -log_p[rows, targets[counted]].sum() / N, dlogits


@correct(cross_entropy)
def cross_entropy_in_loops(logits, targets, mask):
    T, N, V = logits.shape
    loss, dlogits = 0.0, np.zeros((T, N, V))
    for t in range(T):
        for n in range(N):
            shifted = logits[t, n] - logits[t, n].max()
            log_p = shifted - np.log(np.exp(shifted).sum())
            loss -= mask[t, n] * log_p[targets[t, n]] / N
            dlogits[t, n] = np.exp(log_p)
            dlogits[t, n, targets[t, n]] -= 1
            dlogits[t, n] *= mask[t, n] / N
    return loss, dlogits


@correct(cross_entropy)
def cross_entropy_flat(logits, targets, mask):
    T, N, V = logits.shape
    flat, y, m = logits.reshape(T * N, V), targets.reshape(-1), mask.reshape(-1)
    top = flat.max(axis=1, keepdims=True)
    lse = np.log(np.exp(flat - top).sum(axis=1, keepdims=True)) + top
    log_p = flat - lse
    rows = np.arange(T * N)
    d = np.exp(log_p)
    d[rows, y] -= 1
    return float(-np.sum(m * log_p[rows, y]) / N), (d * m[:, None] / N).reshape(T, N, V)


@correct(cross_entropy)
def cross_entropy_as_zero_dimensional_array(logits, targets, mask):
    loss, dlogits = cross_entropy_flat(logits, targets, mask)
    return [np.array(loss), dlogits]


@correct(cross_entropy)
def cross_entropy_by_logaddexp(logits, targets, mask):
    log_p = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    picked = np.take_along_axis(log_p, targets[..., None], axis=-1)
    gradient = np.exp(log_p)
    np.put_along_axis(gradient, targets[..., None], np.exp(picked) - 1, axis=-1)
    return -np.where(mask > 0, picked[..., 0], 0).sum(axis=0).mean(), np.where(mask[..., None] == 1, gradient, 0) / mask.shape[1]


@correct(rnn_step_forward)
def step_by_einsum(x, h_prev, W_x, W_h, b):
    return np.tanh(b + np.einsum("nh,hk->nk", h_prev, W_h) + np.einsum("nd,dh->nh", x, W_x))


@correct(rnn_step_forward)
def step_by_concatenated_weights(x, h_prev, W_x, W_h, b):
    return np.tanh(np.hstack([h_prev, x]).dot(np.vstack([W_h, W_x])) + b)


@correct(rnn_step_forward)
def step_over_the_batch(x, h_prev, W_x, W_h, b):
    return np.array([np.tanh(W_x.T @ x[n] + W_h.T @ h_prev[n] + b) for n in range(len(x))])


@correct(rnn_step_forward)
def step_in_columns_with_exponentials(x, h_prev, W_x, W_h, b):
    a = (W_x.T @ x.T + W_h.T @ h_prev.T + b.reshape(-1, 1)).T
    return (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))


@correct(rnn_step_forward)
def step_of_matrices(x, h_prev, W_x, W_h, b):
    return np.asarray(np.tanh(np.matrix(x) * W_x + np.matrix(h_prev) * W_h + b))


@correct(rnn_forward)
def forward_by_stacking(xs, h0, W_x, W_h, b):
    hs, h = [], h0
    for x in xs:
        h = np.tanh(x @ W_x + h @ W_h + b)
        hs.append(h)
    return np.stack(hs)


@correct(rnn_forward)
def forward_by_a_cell(xs, h0, W_x, W_h, b):
    """PyTorch's way: an object keeps the state."""

    class Cell:
        def __init__(self):
            self.h = h0

        def __call__(self, x):
            self.h = np.tanh(x @ W_x + self.h @ W_h + b)
            return self.h

    return np.array(list(map(Cell(), xs)))


@correct(rnn_forward)
def forward_into_zeros(xs, h0, W_x, W_h, b):
    T, N, _ = xs.shape
    hs = np.zeros((T, N, W_h.shape[0]))
    for t in range(T):
        h_prev = h0 if t == 0 else hs[t - 1]
        hs[t] = step_by_concatenated_weights(xs[t], h_prev, W_x, W_h, b)
    return hs


@correct(rnn_forward)
def forward_batch_first_and_back(xs, h0, W_x, W_h, b):
    by_row = xs.transpose(1, 0, 2)
    hs = np.empty((xs.shape[1], xs.shape[0], len(b)))
    for n in range(len(by_row)):
        h = h0[n]
        for t in range(len(xs)):
            h = np.tanh(by_row[n, t] @ W_x + h @ W_h + b)
            hs[n, t] = h
    return hs.transpose(1, 0, 2)


@correct(rnn_forward)
def forward_with_h0_at_index_minus_one(xs, h0, W_x, W_h, b):
    """Karpathy's dict of states has the key -1; in an array that is the last place, cut off at the end."""
    hs = np.zeros((len(xs) + 1, *h0.shape), order="F")
    hs[-1] = h0
    for t, x in enumerate(xs):
        hs[t] = np.tanh(x.dot(W_x) + hs[t - 1].dot(W_h) + b)
    return hs[:-1]


@correct(rnn_forward)
def forward_with_states_in_a_dictionary(xs, h0, W_x, W_h, b):
    """min-char-rnn's way: hs[-1] is a key, no index."""
    hs = {-1: np.copy(h0)}
    for t in range(len(xs)):
        hs[t] = np.tanh(np.dot(xs[t], W_x) + np.dot(hs[t - 1], W_h) + b)
    return np.array([hs[t] for t in range(len(xs))])


@correct(rnn_forward)
def forward_by_accumulate(xs, h0, W_x, W_h, b):
    return np.stack([*accumulate(xs, lambda h, x: np.tanh(x @ W_x + h @ W_h + b), initial=h0)][1:])


@correct(rnn_forward)
def forward_batch_last(xs, h0, W_x, W_h, b):
    """Columns are sequences, and only the result is turned round."""
    H, T = len(W_h), len(xs)
    columns, h = np.zeros((H, T, xs.shape[1]), order="F"), h0.T
    for t in range(T):
        h = np.tanh(W_x.T @ xs[t].T + W_h.T @ h + b.reshape(-1, 1))
        columns[:, t, :] = h
    return columns.transpose(1, 2, 0)


@correct(rnn_forward)
def forward_by_recursion(xs, h0, W_x, W_h, b):
    if len(xs) == 0:
        return np.zeros((0, *h0.shape))
    before = forward_by_recursion(xs[:-1], h0, W_x, W_h, b)
    h = before[-1] if len(before) else h0
    return np.vstack([before, np.tanh(xs[-1] @ W_x + h @ W_h + b)[None]])


@correct(readout)
def readout_by_einsum(hs, W_y, b_y):
    return np.einsum("tnh,hv->tnv", hs, W_y) + b_y


@correct(readout)
def readout_step_by_step(hs, W_y, b_y):
    return np.array([np.dot(h, W_y) + b_y for h in hs])


@correct(readout_backward)
def readout_backward_in_a_loop(dys, hs, W_y):
    dhs, dW_y, db_y = np.zeros_like(hs), np.zeros_like(W_y), np.zeros(W_y.shape[1])
    for t in range(len(hs)):
        dhs[t] = dys[t] @ W_y.T
        dW_y += hs[t].T @ dys[t]
        db_y += dys[t].sum(axis=0)
    return dhs, dW_y, db_y


@correct(readout_backward)
def readout_backward_from_the_last_step_on(dys, hs, W_y):
    dhs, dW_y, db_y = [], 0, 0
    for h, dy in zip(hs[::-1], dys[::-1], strict=True):
        dhs.insert(0, np.dot(W_y, dy.T).T)
        dW_y = dW_y + np.dot(dy.T, h).T
        db_y = db_y + np.ones(len(dy)) @ dy
    return [np.stack(dhs), dW_y, db_y]


@correct(readout_backward)
def readout_backward_flat(dys, hs, W_y):
    """Steps and sequences as the rows of one matrix."""
    (T, N, H), V = hs.shape, W_y.shape[1]
    rows = dys.reshape(T * N, V)
    return (rows @ W_y.T).reshape(T, N, H), hs.reshape(-1, H).T @ rows, rows.sum(axis=0)


@correct(readout_backward)
def readout_backward_by_tensordot(dys, hs, W_y):
    return np.tensordot(dys, W_y, axes=(2, 1)), np.tensordot(hs, dys, axes=([0, 1], [0, 1])), np.einsum("tnv->v", dys)


@correct(readout_backward)
def readout_backward_sequence_by_sequence(dys, hs, W_y):
    N = hs.shape[1]
    dW_y = sum(np.outer(h, dy) for n in range(N) for h, dy in zip(hs[:, n], dys[:, n], strict=True))
    return np.array([dys[:, n] @ W_y.T for n in range(N)]).swapaxes(0, 1), dW_y, dys.sum(1).sum(0)


@correct(sample_tokens)
def sample_by_one_hot(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    V = len(b_y)
    x = np.zeros((1, V))
    x[0, first] = 1
    h, tokens = h0, []
    for draw in u:
        h = np.tanh(x @ W_x + h @ W_h + b)
        p = softmax_by_logsumexp((h @ W_y + b_y) / temperature).ravel()
        token = int(np.argmax(np.cumsum(p) > draw))
        tokens.append(token)
        x = np.eye(V)[[token]]
    return np.array(tokens)


@correct(sample_tokens)
def sample_in_columns(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    """min-char-rnn's way, with a count in the place of a search."""
    V = len(b_y)
    x, h, tokens = np.eye(V)[:, [first]], h0.T, []
    for draw in u:
        h = np.tanh(W_x.T @ x + W_h.T @ h + b.reshape(-1, 1))
        y = np.exp((W_y.T @ h + b_y.reshape(-1, 1)) / temperature)
        tokens.append(min(int(np.sum(np.cumsum(y / np.sum(y)) <= draw)), V - 1))
        x = np.eye(V)[:, [tokens[-1]]]
    return np.array(tokens)


@correct(sample_tokens)
def sample_by_logarithms_of_probabilities(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    """Keras's way: the temperature comes after softmax, on logarithms, and softmax once more."""
    tokens, h, token = [], h0, first
    for draw in u:
        h = np.tanh(W_x[[token]] + h @ W_h + b)
        p = softmax(h @ W_y + b_y).ravel()
        p = np.exp(np.log(p) / temperature)
        p /= p.sum()
        token = int(np.where(np.cumsum(p) > draw)[0][0])
        tokens.append(token)
    return np.asarray(tokens)


@correct(sample_tokens)
def sample_by_running_sum(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    tokens = np.zeros(len(u), dtype=np.int32)
    h, token = h0.copy(), first
    for i in range(len(u)):
        h = np.tanh(W_x[token][None, :] + h @ W_h + b)
        scores = (h @ W_y + b_y) / temperature
        e = np.exp(scores - scores.max())
        p = (e / e.sum())[0]
        total = 0.0
        for token in range(len(p)):
            total += p[token]
            if total > u[i]:
                break
        tokens[i] = token
    return tokens


@correct(withheld.smoothed_cross_entropy)
def smoothed_in_loops(logits, targets, mask, smoothing):
    T, N, V = logits.shape
    loss, dlogits = 0.0, np.zeros((T, N, V))
    for n in range(N):
        length = mask[:, n].sum()
        for t in np.flatnonzero(mask[:, n]):
            log_p = logits[t, n] - np.logaddexp.reduce(logits[t, n])
            q = np.full(V, smoothing / V)
            q[targets[t, n]] += 1 - smoothing
            loss += -(q @ log_p) / length / N
            dlogits[t, n] = (np.exp(log_p) - q) / length / N
    return loss, dlogits


@correct(withheld.smoothed_cross_entropy)
def smoothed_as_two_losses(logits, targets, mask, smoothing):
    """That of the target and that of a guess among all symbols, mixed."""
    log_p = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    certain = np.take_along_axis(log_p, targets[..., None], axis=-1)[..., 0]
    each = -(1 - smoothing) * certain - smoothing * log_p.mean(axis=-1)
    means = np.average(each, axis=0, weights=mask)
    weight = (mask / mask.sum(axis=0) / mask.shape[1])[..., None]
    dlogits = weight * (np.exp(log_p) - smoothing / logits.shape[-1])
    places = np.indices(targets.shape)
    dlogits[places[0], places[1], targets] -= weight[..., 0] * (1 - smoothing)
    return [means.mean(), dlogits]


@correct(withheld.jordan_forward)
def jordan_into_zeros(xs, y0, W_x, W_o, b, W_y, b_y):
    T, N, _ = xs.shape
    ys, hs = np.zeros((T, N, len(b_y))), np.zeros((T, N, len(b)))
    for t in range(T):
        y_prev = y0 if t == 0 else ys[t - 1]
        hs[t] = np.tanh(xs[t] @ W_x + y_prev @ W_o + b)
        ys[t] = hs[t] @ W_y + b_y
    return ys, hs


@correct(withheld.jordan_forward)
def jordan_as_a_net_that_reads_both(xs, y0, W_x, W_o, b, W_y, b_y):
    """Chapter 1's net, whose input is the step's input beside the last output."""
    y, made = y0, []
    for x in xs:
        y, h = mlp_forward(np.hstack([x, y]), np.vstack([W_x, W_o]), b, W_y, b_y)
        made.append((y, h))
    return [np.array(part) for part in zip(*made, strict=True)]


@correct(withheld.jordan_forward)
def jordan_as_an_elman_network(xs, y0, W_x, W_o, b, W_y, b_y):
    """y W_o is h W_y W_o + b_y W_o: from the second step on, a recurrent network with another W_h and b."""
    first = np.tanh(xs[0] @ W_x + y0 @ W_o + b)
    rest = [rnn_forward(xs[1:], first, W_x, W_y @ W_o, b + b_y @ W_o)] if len(xs) > 1 else []
    hs = np.concatenate([first[None], *rest])
    return hs @ W_y + b_y, hs


@correct(withheld.jordan_step_backward)
def jordan_step_backward_as_a_net_that_reads_both(dy, x, y_prev, h, W_x, W_o, W_y):
    D = x.shape[1]
    dboth, dboth_weights, db, dW_y, db_y = mlp_backward(dy, np.hstack([x, y_prev]), h, np.vstack([W_x, W_o]), W_y)
    return dboth[:, :D], dboth[:, D:], dboth_weights[:D], dboth_weights[D:], db, dW_y, db_y


@correct(withheld.jordan_step_backward)
def jordan_step_backward_row_by_row(dy, x, y_prev, h, W_x, W_o, W_y):
    da = np.array([(W_y @ row) * (1 - state * state) for row, state in zip(dy, h, strict=True)])
    dW_x, dW_o, dW_y = (sum(map(np.outer, left, right)) for left, right in ((x, da), (y_prev, da), (h, dy)))
    return [np.dot(da, W_x.T), np.dot(da, W_o.T), dW_x, dW_o, np.sum(da, 0), dW_y, np.sum(dy, 0)]


@correct(withheld.jordan_step_backward)
def jordan_step_backward_by_einsum(dy, x, y_prev, h, W_x, W_o, W_y):
    da = np.einsum("no,ho,nh->nh", dy, W_y, (1 - h) * (1 + h))
    return (
        np.einsum("nh,dh->nd", da, W_x), np.einsum("nh,oh->no", da, W_o), np.einsum("nd,nh->dh", x, da),
        np.einsum("no,nh->oh", y_prev, da), np.einsum("nh->h", da), np.einsum("nh,no->ho", h, dy), np.einsum("no->o", dy),
    )
