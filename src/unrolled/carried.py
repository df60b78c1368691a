"""A language model whose state is carried from piece to piece, or set back to zero (chapter 9)."""

import numpy as np

from unrolled.fast import lstm_backward, lstm_forward
from unrolled.reference import cross_entropy, readout, readout_backward
from unrolled.training import adam, one_hot


def beside(tokens, N):
    """tokens (T,) as N stretches side by side: inputs (T // N, N) and targets, each the token that comes next."""
    length = (len(tokens) - 1) // N
    return tokens[: N * length].reshape(N, length).T, tokens[1 : N * length + 1].reshape(N, length).T


def pieces_in_order(tokens, T, N, updates):
    """Pieces of T steps of N stretches, in order, and whether a piece begins the stretches anew; after the last
    comes the first."""
    inputs, targets = beside(tokens, N)
    starts = range(0, len(inputs) - T + 1, T)
    for update in range(updates):
        start = starts[update % len(starts)]
        yield inputs[start : start + T], targets[start : start + T], start == 0


def learn_language(parameters, pieces, rate, carried):
    """Train an LSTM in place, one Adam update a piece; the state that a piece ends in is the next one's first
    where it is carried.

    No gradient goes back over the border of a piece: chapter 3's truncation.
    """
    update, state = adam(parameters), None
    for place, (inputs, targets, anew) in enumerate(pieces):
        first = state if carried and not anew else None
        _, gradients, state = carried_loss(parameters, inputs, targets, first)
        update(gradients, rate(place))


def carried_loss(parameters, inputs, targets, state=None):
    """Loss, gradients by name, and the last (h, c), of integer inputs (T, N) and targets (T, N) read from a
    state, or from zeros."""
    W_x, W_h, b, W_y, b_y = (parameters[name] for name in ("W_x", "W_h", "b", "W_y", "b_y"))
    xs = one_hot(inputs, len(W_x), W_x.dtype)
    h0, c0 = state or 2 * (np.zeros((inputs.shape[1], len(W_h)), W_h.dtype),)
    hs, cs, gates = lstm_forward(xs, h0, c0, W_x, W_h, b)
    loss, dlogits = cross_entropy(readout(hs, W_y, b_y), targets, np.ones(targets.shape))
    dhs, dW_y, db_y = readout_backward(dlogits, hs, W_y)
    _, _, _, dW_x, dW_h, db = lstm_backward(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h)
    return loss, {"W_x": dW_x, "W_h": dW_h, "b": db, "W_y": dW_y, "b_y": db_y}, (hs[-1], cs[-1])


def bits_read(parameters, tokens, T, N=16):
    """Bits a token of tokens (n,), by their place in a piece of T: read with the state carried on, and set to zero
    before each piece.

    ->  carried (T,), reset (T,), in N stretches side by side
    """
    inputs, targets = beside(tokens, N)
    whole = len(inputs) // T * T
    inputs, targets = inputs[:whole], targets[:whole]
    carried = _losses(parameters, inputs, targets).reshape(-1, T, N).mean(axis=(0, 2))
    cut = [array.reshape(-1, T, N).swapaxes(0, 1).reshape(T, -1) for array in (inputs, targets)]
    return carried, _losses(parameters, *cut).mean(axis=1)


def _losses(parameters, inputs, targets):
    """Bits (T, N) of every target, from a zero state."""
    W_x, W_h, b, W_y, b_y = (parameters[name] for name in ("W_x", "W_h", "b", "W_y", "b_y"))
    zeros = np.zeros((inputs.shape[1], len(W_h)), W_h.dtype)
    hs, _, _ = lstm_forward(one_hot(inputs, len(W_x), W_x.dtype), zeros, zeros, W_x, W_h, b)
    scores = readout(hs, W_y, b_y).astype(float)
    scores -= scores.max(axis=-1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))
    return -np.take_along_axis(log_p, targets[..., None], axis=-1)[..., 0] / np.log(2)
