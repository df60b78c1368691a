"""The recurrent network of chapter 2: a step, the loop over it, the readout, the loss, and sampling."""

import numpy as np


def softmax(a):
    """Scores to probabilities over the last axis, equation (softmax); right for scores of any size.

    a (..., V)  ->  p (..., V)
    """
    e = np.exp(a - a.max(axis=-1, keepdims=True))      # the largest exponent is 0: nothing overflows
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy(logits, targets, mask):
    """Loss in nats and its gradient, equations (cross-entropy) and (dlogits): summed over time, averaged over the batch.

    logits (T, N, V), integer targets (T, N), mask (T, N), 1 where a step counts and 0 where it is padding
    ->  loss (), dlogits (T, N, V)
    """
    T, N, V = logits.shape
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    one_hot = np.eye(V, dtype=logits.dtype)[targets]
    weight = mask[..., None].astype(logits.dtype) / N
    loss = -(weight * one_hot * log_p).sum()
    dlogits = weight * (np.exp(log_p) - one_hot)
    return loss, dlogits


def rnn_step_forward(x, h_prev, W_x, W_h, b):
    """One step, equation (rnn-step): h = tanh(x W_x + h_prev W_h + b).  Elman 1990.

    x (N, D), h_prev (N, H), W_x (D, H), W_h (H, H), b (H,)  ->  h (N, H)
    """
    return np.tanh(x @ W_x + h_prev @ W_h + b)


def rnn_forward(xs, h0, W_x, W_h, b):
    """The step applied to a whole sequence, equation (rnn-unrolled): the same W_x, W_h, b at every step.

    xs (T, N, D), h0 (N, H), W_x (D, H), W_h (H, H), b (H,)  ->  hs (T, N, H)
    """
    hs = xs @ W_x + b       # the inputs do not wait for the state: one product serves all steps
    h = h0
    for t in range(len(xs)):
        hs[t] += h @ W_h
        h = np.tanh(hs[t], out=hs[t])
    return hs


def readout(hs, W_y, b_y):
    """Scores for every symbol from every state, equation (readout).

    hs (T, N, H), W_y (H, V), b_y (V,)  ->  logits (T, N, V)
    """
    return hs @ W_y + b_y


def sample_tokens(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    """Tokens drawn one after another, equation (sampling): each becomes, one-hot, the next step's input.

    h0 (1, H), integer first, u (n,) uniform draws in [0, 1), W_x (V, H), W_h (H, H), b (H,), W_y (H, V), b_y (V,),
    temperature > 0  ->  integer tokens (n,)
    Draw i takes the first token whose cumulative probability exceeds u[i], so the tokens are a function of u.
    """
    tokens = np.empty(len(u), dtype=int)
    h, token = h0, first
    for i, draw in enumerate(u):
        h = np.tanh(W_x[token] + h @ W_h + b)           # a one-hot row times W_x is a row of W_x
        scores = (h @ W_y + b_y)[0] / temperature
        cumulative = np.cumsum(np.exp(scores - scores.max()))
        token = np.searchsorted(cumulative, draw * cumulative[-1], side="right")    # the draw is scaled, not the sums
        tokens[i] = token
    return tokens


def rnn_step_backward(dh, x, h_prev, h, W_x, W_h):
    """Gradients through one step, equations (rnn-da) to (rnn-db); tanh' = 1 - h^2.

    dh (N, H), x (N, D), h_prev (N, H), h (N, H), W_x (D, H), W_h (H, H)
    ->  dx (N, D), dh_prev (N, H), dW_x (D, H), dW_h (H, H), db (H,)
    """
    da = dh * (1 - h**2)
    return da @ W_x.T, da @ W_h.T, x.T @ da, h_prev.T @ da, da.sum(axis=0)


def rnn_backward(dhs, xs, h0, hs, W_x, W_h):
    """Back-propagation through time, equations (bptt-state) and (bptt-weights).  Werbos 1990.

    dhs (T, N, H) arrives at every step's output; xs (T, N, D), h0 (N, H), hs (T, N, H), W_x (D, H), W_h (H, H)
    ->  dxs (T, N, D), dh0 (N, H), dW_x (D, H), dW_h (H, H), db (H,)
    """
    T, N, H = hs.shape
    das = 1 - hs**2
    dh = np.zeros_like(h0)
    for t in reversed(range(T)):
        das[t] *= dhs[t] + dh       # from this step's output, and from the step after
        dh = das[t] @ W_h.T
    flat = das.reshape(T * N, H)    # shared weights: their gradient is one sum over all steps, so one product
    h_prevs = np.concatenate([h0[None], hs[:-1]]).reshape(T * N, H)
    return das @ W_x.T, dh, xs.reshape(T * N, -1).T @ flat, h_prevs.T @ flat, flat.sum(axis=0)
