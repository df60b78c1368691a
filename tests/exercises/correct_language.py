"""Right answers to assignment 09-language, as students write them."""

import numpy as np

from tests.exercises.correct import correct
from unrolled.reference import embedding_backward, embedding_forward, perplexity
from unrolled.withheld import mixed_bits, tied_embedding_backward


@correct(embedding_forward)
def rows_by_a_product(tokens, E):
    return np.eye(len(E))[tokens] @ E


@correct(embedding_forward)
def rows_by_take(tokens, E):
    return np.take(E, tokens, axis=0)


@correct(embedding_forward)
def rows_in_loops(tokens, E):
    T, N = tokens.shape
    xs = np.zeros((T, N, E.shape[1]))
    for t in range(T):
        for n in range(N):
            xs[t, n] = E[tokens[t, n]]
    return xs


@correct(embedding_forward)
def rows_by_reshaping(tokens, E):
    return E[tokens.reshape(-1)].reshape(*tokens.shape, -1)


@correct(embedding_backward)
def table_by_a_product(dxs, tokens, V):
    one_hot = np.eye(V)[tokens.reshape(-1)]
    return one_hot.T @ dxs.reshape(-1, dxs.shape[-1])


@correct(embedding_backward)
def table_in_loops(dxs, tokens, V):
    T, N, D = dxs.shape
    dE = np.zeros((V, D))
    for t in range(T):
        for n in range(N):
            dE[tokens[t, n]] += dxs[t, n]
    return dE


@correct(embedding_backward)
def table_symbol_by_symbol(dxs, tokens, V):
    return np.array([dxs[tokens == v].sum(axis=0) for v in range(V)])


@correct(embedding_backward)
def table_by_counting(dxs, tokens, V):
    flat = tokens.ravel()
    columns = [np.bincount(flat, weights=column.ravel(), minlength=V) for column in np.moveaxis(dxs, -1, 0)]
    return np.stack(columns, axis=1)


@correct(embedding_backward)
def table_by_einsum(dxs, tokens, V):
    return np.einsum("tnv,tnd->vd", tokens[..., None] == np.arange(V), dxs)


@correct(perplexity)
def doubt_of_chosen_losses(losses, mask):
    return float(np.exp(losses[mask == 1].mean()))


@correct(perplexity)
def doubt_by_average(losses, mask):
    return np.exp(np.average(losses, weights=mask))


@correct(perplexity)
def doubt_as_a_power(losses, mask):
    bits = np.sum(losses * mask) / np.log(2) / np.sum(mask)
    return 2**bits


@correct(perplexity)
def doubt_as_a_geometric_mean(losses, mask):
    inverse = np.where(mask > 0, np.exp(losses), 1.0)
    return np.prod(inverse) ** (1 / mask.sum())


@correct(tied_embedding_backward)
def tied_by_one_hot(dlogits, dxs, hs, tokens, E):
    one_hot = np.eye(len(E))[tokens]
    dE = np.tensordot(one_hot, dxs, axes=([0, 1], [0, 1])) + np.tensordot(dlogits, hs, axes=([0, 1], [0, 1]))
    return dE, np.matmul(dlogits, E)


@correct(tied_embedding_backward)
def tied_in_loops(dlogits, dxs, hs, tokens, E):
    dE, dhs = np.zeros(E.shape), np.zeros(hs.shape)
    T, N = tokens.shape
    for t in range(T):
        for n in range(N):
            dE[tokens[t, n]] += dxs[t, n]
            dE += np.outer(dlogits[t, n], hs[t, n])
            dhs[t, n] = E.T @ dlogits[t, n]
    return dE, dhs


@correct(mixed_bits)
def mixed_by_the_larger(log_p, log_q, share, mask):
    a, b = np.log(share) + log_p, np.log1p(-share) + log_q
    largest = np.maximum(a, b)
    log_mixed = largest + np.log(np.exp(a - largest) + np.exp(b - largest))
    return np.sum(-log_mixed / np.log(2) * mask) / np.sum(mask)


@correct(mixed_bits)
def mixed_step_by_step(log_p, log_q, share, mask):
    bits = [
        -np.logaddexp(np.log(share) + log_p[t, n], np.log(1 - share) + log_q[t, n]) / np.log(2)
        for t, n in zip(*np.nonzero(mask), strict=True)
    ]
    return np.mean(bits)
