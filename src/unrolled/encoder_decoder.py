"""A network that reads one sequence and writes another: two GRUs, with attention between them or without.

The encoder reads xs from a zero state. The decoder is given, at every step, the token before. Without attention it
starts in the encoder's last state, which is all that it knows of xs. With attention it starts in a zero state, and
each of its states is a query to all states of the encoder: what it knows of xs it has found by looking back.

Parameters are a dict: W_x_enc (D, 3H), W_h_enc (H, 3H), b_enc (3H,), W_x_dec (V + 1, 3H), W_h_dec (H, 3H), b_dec
(3H,), b_y (V,), and W_y, which is (2H, V) with attention and (H, V) without. The decoder reads one token more than it
writes: V says that nothing was written yet.
"""

import numpy as np

from unrolled.fast import attention_backward, attention_forward, gru_backward, gru_forward
from unrolled.reference import clip_by_global_norm, cross_entropy, gru_step_forward, readout, readout_backward, softmax
from unrolled.training import initial_parameters, one_hot


def initial_pair(rng, D, H, V, attention):
    """Parameters of an untrained encoder and decoder, float32."""
    encoder, decoder = (initial_parameters(rng, size, H, V, k=3) for size in (D, V + 1))
    width = 2 * H if attention else H
    parameters = {
        f"{name}_{part}": drawn[name]
        for part, drawn in (("enc", encoder), ("dec", decoder))
        for name in ("W_x", "W_h", "b")
    }
    return parameters | {
        "W_y": (rng.normal(size=(width, V)) / np.sqrt(width)).astype(np.float32),
        "b_y": np.zeros(V, np.float32),
    }


def has_attention(parameters):
    """Whether the readout sees a context beside the decoder's state."""
    return len(parameters["W_y"]) == 2 * len(parameters["W_h_dec"])


def weights_of(parameters, part):
    """W_x, W_h, b of "enc" or "dec"."""
    return tuple(parameters[f"{name}_{part}"] for name in ("W_x", "W_h", "b"))


def read(parameters, xs, mask):
    """The encoder's states hs (T, N, H), its gates, and the state (N, H) in which the decoder starts."""
    h0 = np.zeros((xs.shape[1], len(parameters["W_h_enc"])), xs.dtype)
    hs, gates = gru_forward(xs, h0, *weights_of(parameters, "enc"))
    return hs, gates, h0 if has_attention(parameters) else hs[_last(mask), np.arange(xs.shape[1])]


def _last(mask):
    return mask.sum(axis=0).astype(int) - 1


def token_loss(parameters, xs, mask, targets, max_norm=1.0):
    """Cross-entropy of targets (U, N) in nats, each token given those before it (teacher forcing), and its
    gradients by name.

    xs (T, N, D), mask (T, N)  ->  loss, gradients, clipped to the global norm max_norm
    """
    logits, back = _scores(parameters, xs, mask, targets)
    loss, dlogits = cross_entropy(logits, targets, np.ones(targets.shape))
    gradients = back(dlogits.astype(xs.dtype))
    return loss, dict(zip(gradients, clip_by_global_norm(list(gradients.values()), max_norm), strict=True))


def forced(parameters, xs, mask, targets):
    """Whether each token (U, N) is the likeliest, given the right ones before it."""
    return _scores(parameters, xs, mask, targets)[0].argmax(axis=-1) == targets


def _scores(parameters, xs, mask, targets):
    """logits (U, N, V) of every token, given those before it, and the way back from their gradient."""
    V, N = len(parameters["b_y"]), xs.shape[1]
    hs, gates_enc, start = read(parameters, xs, mask)
    before = np.concatenate([np.full((1, N), V), targets[:-1]])
    ys = one_hot(before, V + 1, xs.dtype)
    queries, gates_dec = gru_forward(ys, start, *weights_of(parameters, "dec"))
    seen = queries
    if has_attention(parameters):
        contexts, weights = attention_forward(queries, hs, hs, mask)
        seen = np.concatenate([queries, contexts], axis=-1)
    logits = readout(seen, parameters["W_y"], parameters["b_y"])

    def back(dlogits):
        dqueries, dW_y, db_y = readout_backward(dlogits, seen, parameters["W_y"])
        dhs = np.zeros_like(hs)
        if has_attention(parameters):
            dqueries, dcontexts = np.split(dqueries, 2, axis=-1)
            more, dkeys, dvalues = attention_backward(dcontexts, queries, hs, hs, weights)
            dqueries, dhs = dqueries + more, dkeys + dvalues  # a state is both a key and a value
        decoder = gru_backward(dqueries, ys, start, queries, gates_dec, *weights_of(parameters, "dec")[:2])
        if not has_attention(parameters):
            dhs[_last(mask), np.arange(N)] += decoder[1]
        encoder = gru_backward(dhs, xs, np.zeros_like(start), hs, gates_enc, *weights_of(parameters, "enc")[:2])
        named = {
            f"{name}_{part}": g
            for part, made in (("enc", encoder), ("dec", decoder))
            for name, g in zip(("W_x", "W_h", "b"), made[2:], strict=True)
        }
        return named | {"W_y": dW_y, "b_y": db_y}

    return logits, back


def write_step(parameters, tokens, h, hs, mask, occluded=None):
    """One step of the decoder, which has just written tokens (N,): log-probabilities (N, V), its state (N, H), the
    weights (N, T) or None.

    occluded (N, T), 1 where a step of xs is hidden from attention, if any is.
    """
    V = len(parameters["b_y"])
    h, _ = gru_step_forward(one_hot(tokens, V + 1, h.dtype), h, *weights_of(parameters, "dec"))
    seen, weights = h, None
    if has_attention(parameters):
        contexts, weights = attention_forward(h[None], hs, hs, mask if occluded is None else mask * (1 - occluded.T))
        seen, weights = np.concatenate([h, contexts[0]], axis=-1), weights[0]
    logits = seen @ parameters["W_y"] + parameters["b_y"]
    return np.log(softmax(logits) + 1e-12), h, weights


def write_greedily(parameters, xs, mask, U):
    """The tokens (U, N) that are likeliest one by one, each given those that were written before it, and the
    weights (U, N, T) or None."""
    hs, _, h = read(parameters, xs, mask)
    tokens, weights = [np.full(xs.shape[1], len(parameters["b_y"]))], []
    for _ in range(U):
        log_probabilities, h, attended = write_step(parameters, tokens[-1], h, hs, mask)
        tokens.append(log_probabilities.argmax(axis=-1))
        weights.append(attended)
    return np.stack(tokens[1:]), None if weights[0] is None else np.stack(weights)


def write_by_beams(parameters, xs, mask, U, width):
    """The tokens (U, N) of the best of `width` beams a sequence, kept as in equation (beam-search)."""
    V, N, H = len(parameters["b_y"]), xs.shape[1], len(parameters["W_h_dec"])
    hs, _, h = read(parameters, xs, mask)
    hs, mask, h = (np.repeat(array, width, axis=axis) for array, axis in ((hs, 1), (mask, 1), (h, 0)))
    scores = np.where(np.arange(width) == 0, 0.0, -np.inf)[None].repeat(N, axis=0)  # at first there is one beam
    tokens = np.full((N, width, 1), V)
    rows = np.arange(N)[:, None]
    for _ in range(U):
        log_probabilities, h, _ = write_step(parameters, tokens[..., -1].ravel(), h, hs, mask)
        grown = (scores[..., None] + log_probabilities.reshape(N, width, V)).reshape(N, width * V)
        best = np.argsort(-grown, axis=-1, kind="stable")[:, :width]
        beams, scores = best // V, grown[rows, best]
        tokens = np.concatenate([tokens[rows, beams], (best % V)[..., None]], axis=-1)
        h = h.reshape(N, width, H)[rows, beams].reshape(N * width, H)
    return tokens[:, 0, 1:].T
