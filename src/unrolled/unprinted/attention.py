"""Of assignment 08-attention, what no page prints: attention whose scores a small net gives, and its way back."""

import numpy as np

from unrolled.reference import softmax


def additive_attention_forward(queries, keys, values, mask, W_q, W_k, w):
    """Attention with scores from a net with one hidden layer: tanh(query W_q + key W_k) w.  Bahdanau et al. 2015.

    queries (U, N, H), keys (T, N, D), values (T, N, O), mask (T, N), 1 where a step counts and 0 where it is padding,
    W_q (H, K), W_k (D, K), w (K,)  ->  contexts (U, N, O), weights (U, N, T)
    """
    from_queries = queries @ W_q
    from_keys = keys @ W_k
    hidden = np.tanh(from_queries[:, None] + from_keys)     # (U, T, N, K): every query beside every key
    scores = np.einsum("utnk,k->unt", hidden, w)
    scores = np.where(mask.T > 0, scores, -np.inf)
    weights = softmax(scores)
    contexts = np.einsum("unt,tno->uno", weights, values)
    return contexts, weights


def additive_attention_backward(dcontexts, queries, keys, values, weights, W_q, W_k, w):
    """Gradients of all that went into additive_attention_forward; the hidden layer is computed again.

    dcontexts (U, N, O), queries (U, N, H), keys (T, N, D), values (T, N, O), weights (U, N, T), W_q (H, K),
    W_k (D, K), w (K,)
    ->  dqueries (U, N, H), dkeys (T, N, D), dvalues (T, N, O), dW_q (H, K), dW_k (D, K), dw (K,)
    """
    from_queries = queries @ W_q
    from_keys = keys @ W_k
    hidden = np.tanh(from_queries[:, None] + from_keys)
    dvalues = np.einsum("unt,uno->tno", weights, dcontexts)
    dweights = np.einsum("uno,tno->unt", dcontexts, values)
    mean = (weights * dweights).sum(axis=-1, keepdims=True)
    dscores = weights * (dweights - mean)
    dw = np.einsum("unt,utnk->k", dscores, hidden)
    dhidden = np.einsum("unt,k->utnk", dscores, w)
    da = dhidden * (1 - hidden**2)
    to_queries = da.sum(axis=1)     # a query met every key
    to_keys = da.sum(axis=0)        # and a key every query
    dqueries = to_queries @ W_q.T
    dkeys = to_keys @ W_k.T
    dW_q = np.einsum("unh,unk->hk", queries, to_queries)
    dW_k = np.einsum("tnd,tnk->dk", keys, to_keys)
    return dqueries, dkeys, dvalues, dW_q, dW_k, dw
