"""Right answers to assignment 08-attention, as students write them."""

import heapq
from itertools import product

import numpy as np

from tests.exercises.correct import correct
from unrolled.reference import (
    attention_backward,
    attention_forward,
    beam_search,
    rwa_step_backward,
    rwa_step_forward,
    softmax,
)
from unrolled.withheld import additive_attention_backward, additive_attention_forward


@correct(attention_forward)
def attention_batch_first(queries, keys, values, mask):
    """A large negative number in the place of minus infinity, as most libraries have it."""
    Q, K, V = (np.transpose(array, (1, 0, 2)) for array in (queries, keys, values))
    scores = Q @ np.transpose(K, (0, 2, 1)) / np.sqrt(K.shape[-1])
    scores = np.where(mask.T[:, None, :] == 1, scores, -1e9)
    e = np.exp(scores - scores.max(-1, keepdims=True))
    weights = e / e.sum(-1, keepdims=True)
    return np.transpose(weights @ V, (1, 0, 2)), np.transpose(weights, (1, 0, 2))


@correct(attention_forward)
def attention_in_loops(queries, keys, values, mask):
    (U, N, H), T = queries.shape, len(keys)
    contexts, weights = np.zeros((U, N, values.shape[-1])), np.zeros((U, N, T))
    for n in range(N):
        length = int(mask[:, n].sum())
        for u in range(U):
            scores = np.array([queries[u, n] @ keys[t, n] for t in range(length)]) / H**0.5
            weights[u, n, :length] = softmax(scores)
            for t in range(length):
                contexts[u, n] += weights[u, n, t] * values[t, n]
    return contexts, weights


@correct(attention_forward)
def attention_query_by_query(queries, keys, values, mask):
    contexts, weights = [], []
    for query in queries / np.sqrt(queries.shape[2]):
        scores = (query * keys).sum(axis=2)
        scores[mask == 0] = -np.inf
        w = np.exp(scores - scores.max(axis=0)) / np.exp(scores - scores.max(axis=0)).sum(axis=0)
        contexts.append((w[:, :, None] * values).sum(axis=0))
        weights.append(w.T)
    return np.array(contexts), np.array(weights)


@correct(attention_forward)
def attention_with_a_masked_exponential(queries, keys, values, mask):
    """The mask as a factor of the exponentials, before they are divided by their sum."""
    scores = np.einsum("unh,tnh->unt", queries, keys / np.sqrt(keys.shape[-1]))
    shown = np.where(mask.T.astype(bool), scores, np.finfo(float).min)
    e = np.exp(scores - np.max(shown, axis=2, keepdims=True), where=mask.T.astype(bool), out=np.zeros_like(scores))
    weights = e / np.sum(e, axis=2)[..., np.newaxis]
    return np.einsum("unt,tno->uno", weights, values), weights


@correct(attention_forward)
def attention_with_an_added_mask(queries, keys, values, mask):
    """A penalty that is added, and logarithms to the end."""
    every_pair = np.tensordot(queries, keys, axes=(2, 2)) / np.sqrt(queries.shape[-1])
    scores = every_pair.diagonal(axis1=1, axis2=3).transpose(0, 2, 1) + (1 - mask.T) * -1e30
    weights = np.exp(scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True))
    return np.matmul(weights.swapaxes(0, 1), values.swapaxes(0, 1)).swapaxes(0, 1), weights


@correct(attention_backward)
def attention_backward_batch_first(dcontexts, queries, keys, values, weights):
    dC, Q, K, V, A = (array.transpose(1, 0, 2) for array in (dcontexts, queries, keys, values, weights))
    dV = A.transpose(0, 2, 1) @ dC
    dA = dC @ V.transpose(0, 2, 1)
    dS = A * dA - A * np.sum(A * dA, axis=-1, keepdims=True)
    dS = dS / np.sqrt(Q.shape[-1])
    dQ, dK = dS @ K, dS.transpose(0, 2, 1) @ Q
    return dQ.transpose(1, 0, 2), dK.transpose(1, 0, 2), dV.transpose(1, 0, 2)


@correct(attention_backward)
def attention_backward_by_jacobians(dcontexts, queries, keys, values, weights):
    """The Jacobian of softmax, diag(w) - w w', for every query of every sequence."""
    (U, N, _), scale = queries.shape, np.sqrt(queries.shape[-1])
    dqueries, dkeys, dvalues = np.zeros_like(queries), np.zeros_like(keys), np.zeros_like(values)
    for u, n in product(range(U), range(N)):
        w = weights[u, n]
        dvalues[:, n] += np.outer(w, dcontexts[u, n])
        dscores = (np.diag(w) - np.outer(w, w)) @ (values[:, n] @ dcontexts[u, n])
        dqueries[u, n] = dscores @ keys[:, n] / scale
        dkeys[:, n] += np.outer(dscores, queries[u, n]) / scale
    return dqueries, dkeys, dvalues


@correct(attention_backward)
def attention_backward_through_the_contexts(dcontexts, queries, keys, values, weights):
    """The mean of dweights is the product of the gradient with the context itself."""
    contexts = np.einsum("unt,tno->uno", weights, values)
    centred = np.einsum("uno,utno->unt", dcontexts, values[None] - contexts[:, None])
    dscores = weights * centred * queries.shape[-1] ** -0.5
    dqueries = sum(dscores[:, :, t, None] * keys[t] for t in range(len(keys)))
    dkeys = np.array([(dscores[:, :, [t]] * queries).sum(axis=0) for t in range(len(keys))])
    return [dqueries, dkeys, np.einsum("uno,unt->tno", dcontexts, weights)]


@correct(rwa_step_forward)
def rwa_step_with_weights_taken_apart(x, h_prev, num_prev, den_prev, peak_prev, W_x, W_h, b):
    H = h_prev.shape[1]
    u = x @ W_x[:, :H] + b[:H]
    g = np.tanh(x @ W_x[:, H : 2 * H] + h_prev @ W_h[:, :H] + b[H:])
    a = x @ W_x[:, 2 * H :] + h_prev @ W_h[:, H:]
    peak = np.where(a > peak_prev, a, peak_prev)
    num = np.exp(peak_prev - peak) * num_prev + np.exp(a - peak) * u * g
    den = np.exp(peak_prev - peak) * den_prev + np.exp(a - peak)
    return np.tanh(num / den), num, den, peak


@correct(rwa_step_forward)
def rwa_step_in_loops(x, h_prev, num_prev, den_prev, peak_prev, W_x, W_h, b):
    N, H = h_prev.shape
    h, num, den, peak = (np.zeros((N, H)) for _ in range(4))
    for n, j in product(range(N), range(H)):
        u = x[n] @ W_x[:, j] + b[j]
        g = np.tanh(x[n] @ W_x[:, H + j] + h_prev[n] @ W_h[:, j] + b[H + j])
        a = x[n] @ W_x[:, 2 * H + j] + h_prev[n] @ W_h[:, H + j]
        if a > peak_prev[n, j]:     # one of the two exponentials is 1
            peak[n, j], old, new = a, np.exp(peak_prev[n, j] - a), 1.0
        else:
            peak[n, j], old, new = peak_prev[n, j], 1.0, np.exp(a - peak_prev[n, j])
        num[n, j] = old * num_prev[n, j] + new * u * g
        den[n, j] = old * den_prev[n, j] + new
        h[n, j] = np.tanh(num[n, j] / den[n, j])
    return h, num, den, peak


@correct(rwa_step_forward)
def rwa_step_of_stacked_weights(x, h_prev, num_prev, den_prev, peak_prev, W_x, W_h, b):
    """One product for all, of [x, h_prev] and a matrix with zeros where the value does not see the state."""
    H = h_prev.shape[-1]
    W = np.vstack([W_x, np.hstack([np.zeros((H, H)), W_h])])
    u, g, a = np.split(np.hstack([x, h_prev]) @ W + np.concatenate([b, np.zeros(H)]), 3, axis=1)
    peak = np.fmax(peak_prev, a)
    old, new = np.exp(np.stack([peak_prev, a]) - peak)
    num = num_prev * old + np.tanh(g) * u * new
    den = den_prev * old + new
    mean = num / den
    return (1 - np.exp(-2 * np.abs(mean))) / (1 + np.exp(-2 * np.abs(mean))) * np.sign(mean), num, den, peak


@correct(rwa_step_backward)
def rwa_step_backward_with_weights_taken_apart(dh, dnum, dden, x, h_prev, peak_prev, h, num, den, peak, W_x, W_h, b):
    H = h_prev.shape[1]
    W_xu, W_xg, W_xa = W_x[:, :H], W_x[:, H : 2 * H], W_x[:, 2 * H :]
    W_hg, W_ha = W_h[:, :H], W_h[:, H:]
    u, g = x @ W_xu + b[:H], np.tanh(x @ W_xg + h_prev @ W_hg + b[H:])
    weight = np.exp(x @ W_xa + h_prev @ W_ha - peak)
    q = num / den
    dq = dh * (1 - np.tanh(q) ** 2)
    dN = dnum + dq / den
    dD = dden - dq * q / den
    dz, dweight = dN * weight, dN * u * g + dD
    du, dg, da = dz * g, dz * u * (1 - g * g), dweight * weight
    dx = du @ W_xu.T + dg @ W_xg.T + da @ W_xa.T
    dh_prev = dg @ W_hg.T + da @ W_ha.T
    dW_x = np.hstack([x.T @ du, x.T @ dg, x.T @ da])
    dW_h = np.hstack([h_prev.T @ dg, h_prev.T @ da])
    shrunk = np.exp(peak_prev - peak)
    return dx, dh_prev, dN * shrunk, dD * shrunk, dW_x, dW_h, np.hstack([du.sum(0), dg.sum(0)])


@correct(rwa_step_backward)
def rwa_step_backward_row_by_row(dh, dnum, dden, x, h_prev, peak_prev, h, num, den, peak, W_x, W_h, b):
    H = h.shape[-1]
    dx, dh_prev, dnum_prev, dden_prev = (np.zeros(array.shape) for array in (x, h_prev, h, h))
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros_like(b)
    for n in range(len(x)):
        sums = x[n] @ W_x
        sums[H:] += h_prev[n] @ W_h
        sums[: 2 * H] += b
        u, g, a = sums[:H], np.tanh(sums[H : 2 * H]), sums[2 * H :]
        slope = (1 - h[n] ** 2) / den[n]
        to_num = dnum[n] + dh[n] * slope
        to_den = dden[n] - dh[n] * slope * num[n] / den[n]
        back = np.exp(a - peak[n]) * np.stack([to_num * g, to_num * u * (1 - g**2), to_num * u * g + to_den])
        dx[n] = W_x @ back.ravel()
        dh_prev[n] = W_h @ back[1:].ravel()
        dW_x += np.outer(x[n], back)
        dW_h += np.outer(h_prev[n], back[1:])
        db += back[:2].ravel()
        dnum_prev[n], dden_prev[n] = np.exp(peak_prev[n] - peak[n]) * np.stack([to_num, to_den])
    return dx, dh_prev, dnum_prev, dden_prev, dW_x, dW_h, db


@correct(beam_search)
def search_with_a_list_of_pairs(log_start, log_next, width, T):
    beams = sorted(((log_start[v], [v]) for v in range(len(log_start))), key=lambda beam: -beam[0])[:width]
    for _ in range(1, T):
        grown = [(score + log_next[tokens[-1], v], [*tokens, v]) for score, tokens in beams for v in range(len(log_start))]
        beams = sorted(grown, key=lambda beam: beam[0], reverse=True)[:width]
    score, tokens = beams[0]
    return np.array(tokens), score


@correct(beam_search)
def search_with_a_heap(log_start, log_next, width, T):
    beams = heapq.nlargest(width, ((float(score), (v,)) for v, score in enumerate(log_start)))
    while len(beams[0][1]) < T:
        grown = ((score + more, (*tokens, v)) for score, tokens in beams for v, more in enumerate(log_next[tokens[-1]].tolist()))
        beams = heapq.nlargest(width, grown)
    best = max(beams)
    return np.array(best[1], dtype=np.int32), best[0]


@correct(beam_search)
def search_with_pointers_back(log_start, log_next, width, T):
    """Tokens and the places of their parents, followed from the end."""
    V = len(log_start)
    order = np.argsort(log_start)[::-1][:width]
    scores, steps = log_start[order], [(order, None)]
    for _ in range(T - 1):
        flat = (scores.reshape(-1, 1) + log_next[steps[-1][0], :]).ravel()
        count = min(width, flat.size)
        top = np.argpartition(flat, -count)[-count:]
        top = top[flat[top].argsort()[::-1]]
        scores, steps = flat[top], [*steps, (top % V, top // V)]
    place, tokens = 0, []
    for token, parent in reversed(steps):
        tokens.append(token[place])
        place = parent[place] if parent is not None else place
    return np.array(tokens[::-1]), scores[0]


@correct(beam_search)
def search_with_probabilities(log_start, log_next, width, T):
    """Products of probabilities: right as long as they do not become 0."""
    start, following = np.exp(log_start), np.exp(log_next)
    beams = {(v,): start[v] for v in range(len(start))}
    for step in range(T):
        if step:
            beams = {(*beam, v): p * following[beam[-1]][v] for beam, p in beams.items() for v in range(len(start))}
        beams = dict(sorted(beams.items(), key=lambda item: item[1])[-width:])
    best = max(beams, key=beams.get)
    return np.asarray(best), float(np.log(beams[best]))


@correct(beam_search)
def search_by_recursion(log_start, log_next, width, T):
    def beams_of(length):
        if length == 0:
            return [((), 0.0)]
        grown = []
        for tokens, score in beams_of(length - 1):
            following = log_next[tokens[-1]] if tokens else log_start
            grown += [((*tokens, v), score + following[v]) for v in range(len(following))]
        return sorted(grown, key=lambda beam: beam[1])[::-1][:width]

    tokens, score = beams_of(T)[0]
    return np.array(tokens), np.float64(score)


@correct(additive_attention_forward)
def additive_attention_in_loops(queries, keys, values, mask, W_q, W_k, w):
    (U, N, _), T = queries.shape, len(keys)
    contexts, weights = np.zeros((U, N, values.shape[-1])), np.zeros((U, N, T))
    for u, n in product(range(U), range(N)):
        steps = np.flatnonzero(mask[:, n])
        scores = [w @ np.tanh(W_q.T @ queries[u, n] + W_k.T @ keys[t, n]) for t in steps]
        weights[u, n, steps] = softmax(np.array(scores))
        contexts[u, n] = weights[u, n, steps] @ values[steps, n]
    return contexts, weights


@correct(additive_attention_forward)
def additive_attention_of_stacked_weights(queries, keys, values, mask, W_q, W_k, w):
    """Query and key side by side, and one matrix, as Bahdanau et al. may be read."""
    U, T = len(queries), len(keys)
    pairs = np.concatenate([np.repeat(queries[:, None], T, axis=1), np.repeat(keys[None], U, axis=0)], axis=-1)
    scores = np.tanh(pairs @ np.vstack([W_q, W_k])) @ w + np.where(mask == 1, 0, -1e30)
    weights = np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))
    return (weights[..., None] * values).sum(axis=1), weights.transpose(0, 2, 1)


@correct(additive_attention_forward)
def additive_attention_query_by_query(queries, keys, values, mask, W_q, W_k, w):
    projected, contexts, weights = keys @ W_k, [], []
    for query in queries:
        e = np.exp(np.tanh(query @ W_q + projected) @ w) * mask     # scores no larger than the sum of |w|
        share = e / e.sum(axis=0)
        weights.append(share.T)
        contexts.append(np.einsum("tn,tno->no", share, values))
    return np.array(contexts), np.array(weights)


@correct(additive_attention_backward)
def additive_attention_backward_in_loops(dcontexts, queries, keys, values, weights, W_q, W_k, w):
    dqueries, dkeys, dvalues, dW_q, dW_k, dw = (np.zeros_like(array) for array in (queries, keys, values, W_q, W_k, w))
    for u, n in product(range(len(queries)), range(queries.shape[1])):
        share, slopes = weights[u, n], values[:, n] @ dcontexts[u, n]
        dscores = share * (slopes - share @ slopes)
        for t in range(len(keys)):
            hidden = np.tanh(queries[u, n] @ W_q + keys[t, n] @ W_k)
            da = dscores[t] * w * (1 - hidden**2)
            dqueries[u, n] += W_q @ da
            dkeys[t, n] += W_k @ da
            dvalues[t, n] += share[t] * dcontexts[u, n]
            dW_q += np.outer(queries[u, n], da)
            dW_k += np.outer(keys[t, n], da)
            dw += dscores[t] * hidden
    return dqueries, dkeys, dvalues, dW_q, dW_k, dw


@correct(additive_attention_backward)
def additive_attention_backward_flat(dcontexts, queries, keys, values, weights, W_q, W_k, w):
    """The hidden layers of all pairs as the rows of one matrix."""
    (U, N, H), (T, _, D), K = queries.shape, keys.shape, len(w)
    hidden = np.tanh((queries @ W_q).reshape(U, 1, N, K) + (keys @ W_k).reshape(1, T, N, K))
    dweights = np.einsum("uno,tno->utn", dcontexts, values)
    share = weights.transpose(0, 2, 1)
    dscores = share * dweights - share * (share * dweights).sum(axis=1, keepdims=True)
    da = dscores[..., None] * w * (1 - hidden * hidden)
    dw = hidden.reshape(-1, K).T @ dscores.ravel()
    for_queries, for_keys = np.add.reduce(da, axis=1), np.add.reduce(da, axis=0)
    dW_q = queries.reshape(-1, H).T @ for_queries.reshape(-1, K)
    dW_k = keys.reshape(-1, D).T @ for_keys.reshape(-1, K)
    return for_queries @ W_q.T, for_keys @ W_k.T, (share[..., None] * dcontexts[:, None]).sum(0), dW_q, dW_k, dw
