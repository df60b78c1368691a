"""The recurrent network of chapter 2: a step, the loop over it, the readout, the loss, and sampling."""

import numpy as np


def softmax(a):
    """Scores to probabilities over the last axis, equation (softmax); right for scores of any size.

    a (..., V)  ->  p (..., V)
    """
    e = np.exp(a - a.max(axis=-1, keepdims=True))      # the largest exponent is 0: nothing overflows
    p = e / e.sum(axis=-1, keepdims=True)
    return p


def cross_entropy(logits, targets, mask):
    """Loss in nats and its gradient, equations (cross-entropy) and (dlogits): summed over time,
    averaged over the batch.

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
    a = x @ W_x + h_prev @ W_h + b
    h = np.tanh(a)
    return h


def rnn_forward(xs, h0, W_x, W_h, b):
    """The step applied to a whole sequence, equation (rnn-unrolled): the same W_x, W_h, b at every step.

    xs (T, N, D), h0 (N, H), W_x (D, H), W_h (H, H), b (H,)  ->  hs (T, N, H)
    """
    h = h0
    hs = []
    for x in xs:
        h = rnn_step_forward(x, h, W_x, W_h, b)
        hs.append(h)
    return np.stack(hs)


def readout(hs, W_y, b_y):
    """Scores for every symbol from every state, equation (readout).

    hs (T, N, H), W_y (H, V), b_y (V,)  ->  logits (T, N, V)
    """
    logits = hs @ W_y + b_y
    return logits


def readout_backward(dys, hs, W_y):
    """Gradients of what went into the readout, equation (readout): the rules of (mlp-backward), summed over all steps.

    dys (T, N, V) arrives at every step's scores; hs (T, N, H), W_y (H, V)
    ->  dhs (T, N, H), dW_y (H, V), db_y (V,)
    """
    dhs = dys @ W_y.T
    dW_y = np.tensordot(hs, dys, axes=([0, 1], [0, 1]))
    db_y = dys.sum(axis=(0, 1))
    return dhs, dW_y, db_y


def sample_tokens(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    """Tokens drawn one after another, equation (sampling): each becomes, one-hot, the next step's input.

    h0 (1, H), integer first, u (T,) uniform draws in [0, 1), W_x (V, H), W_h (H, H), b (H,), W_y (H, V), b_y (V,),
    temperature > 0  ->  integer tokens (T,)
    Draw t takes the first token whose cumulative probability exceeds u[t], so the tokens are a function of u.
    """
    h = h0
    token = first
    tokens = []
    for draw in u:
        h = np.tanh(W_x[token] + h @ W_h + b)   # a one-hot row times W_x is a row of W_x
        logits = (h @ W_y + b_y)[0]
        p = softmax(logits / temperature)
        cumulative = np.cumsum(p)
        # the last sum may be a little off 1
        token = np.searchsorted(cumulative, draw * cumulative[-1], side="right")
        tokens.append(token)
    return np.array(tokens, dtype=int)


def rnn_step_backward(dh, x, h_prev, h, W_x, W_h):
    """Gradients through one step, equations (rnn-da), (rnn-dx), (rnn-dh-prev), (rnn-dW-x), (rnn-dW-h) and (rnn-db).

    dh (N, H), x (N, D), h_prev (N, H), h (N, H), W_x (D, H), W_h (H, H)
    ->  dx (N, D), dh_prev (N, H), dW_x (D, H), dW_h (H, H), db (H,)
    """
    da = dh * (1 - h**2)
    dx = da @ W_x.T
    dh_prev = da @ W_h.T
    dW_x = x.T @ da
    dW_h = h_prev.T @ da
    db = da.sum(axis=0)
    return dx, dh_prev, dW_x, dW_h, db


def rnn_backward(dhs, xs, h0, hs, W_x, W_h):
    """Back-propagation through time, equations (bptt-state) and (bptt-weights).  Werbos 1990.

    dhs (T, N, H) arrives at every step's output; xs (T, N, D), h0 (N, H), hs (T, N, H), W_x (D, H), W_h (H, H)
    ->  dxs (T, N, D), dh0 (N, H), dW_x (D, H), dW_h (H, H), db (H,)
    """
    dh = np.zeros_like(h0)
    dxs = []
    dW_x = np.zeros_like(W_x)
    dW_h = np.zeros_like(W_h)
    db = np.zeros_like(W_h[0])
    for t in reversed(range(len(xs))):
        h_prev = hs[t - 1] if t > 0 else h0
        dh = dh + dhs[t]        # from the step after, and from this step's output
        dx, dh, dW_x_t, dW_h_t, db_t = rnn_step_backward(dh, xs[t], h_prev, hs[t], W_x, W_h)
        dxs.insert(0, dx)
        dW_x = dW_x + dW_x_t
        dW_h = dW_h + dW_h_t
        db = db + db_t
    return np.stack(dxs), dh, dW_x, dW_h, db
