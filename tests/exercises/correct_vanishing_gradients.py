"""Right answers to assignment 04-vanishing-gradients, as students write them."""

import math

import numpy as np

from tests.exercises.correct import correct
from unrolled.reference import (
    clip_by_global_norm,
    clip_by_value,
    identity_init,
    orthogonal_init,
    spectral_radius,
    state_gradient_norms,
)
from unrolled.withheld import leaky_rnn_backward, leaky_rnn_forward, orthogonality_penalty


@correct(spectral_radius)
def radius_by_eig(W):
    values, _ = np.linalg.eig(W)
    return max(abs(values))


@correct(spectral_radius)
def radius_from_real_and_imaginary_parts(W):
    values = np.linalg.eigvals(W)
    return float(np.sqrt(np.max(values.real**2 + values.imag**2)))


@correct(spectral_radius)
def radius_of_the_transpose_sorted(W):
    return np.sort(np.absolute(np.linalg.eigvals(W.T)))[-1]


@correct(spectral_radius)
def radius_by_repeated_squaring(W):
    """Gelfand's formula: the norm of W^k, k-th root, for k = 2^40."""
    log = 0.0
    for k in range(40):
        size = np.linalg.norm(W)
        log += math.log(size) / 2**k
        W = (W / size) @ (W / size)
    return math.exp(log)


@correct(state_gradient_norms)
def norms_over_the_batch_and_time(hs, W_h):
    T, N, H = hs.shape
    norms = np.zeros((T, N))
    for n in range(N):
        P = np.eye(H)
        for t in range(T - 1, -1, -1):
            norms[t, n] = np.linalg.norm(P, 2)
            P = P @ np.diag(1 - hs[t, n] ** 2) @ W_h.T
    return norms


@correct(state_gradient_norms)
def norms_of_the_transposed_product(hs, W_h):
    """Rows for h_t and columns for h_T: the transpose of dh_T/dh_t has the same norm."""
    T, N, H = hs.shape
    norms = []
    for n in range(N):
        M, row = np.eye(H), []
        for t in range(T - 1, -1, -1):
            row.insert(0, np.linalg.svd(M, compute_uv=False)[0])
            M = W_h @ np.diag(1 - hs[t, n] ** 2) @ M
        norms.append(row)
    return np.array(norms).T


@correct(state_gradient_norms)
def norms_by_einsum(hs, W_h):
    steps = np.einsum("ij,tnj->tnij", W_h, 1 - np.square(hs))
    J = np.eye(hs.shape[2])[None].repeat(hs.shape[1], axis=0)
    norms = [np.ones(hs.shape[1])]
    for step in steps[:0:-1]:
        J = np.einsum("nij,njk->nik", step, J)
        norms.append(np.linalg.svd(J)[1].max(axis=1))
    return np.stack(norms[::-1])


@correct(state_gradient_norms)
def norms_by_products_from_scratch(hs, W_h):
    T, N, H = hs.shape
    return np.array([[_norm_between(hs[t + 1 :, n], W_h) for n in range(N)] for t in range(T)])


def _norm_between(states, W_h):
    J = np.identity(len(W_h))
    for h in states:
        J = J @ (W_h * (1 - h * h))
    return math.sqrt(np.linalg.eigvalsh(J.T @ J)[-1])


@correct(clip_by_value)
def value_by_minimum_and_maximum(grads, limit):
    return [np.minimum(np.maximum(g, -limit), limit) for g in grads]


@correct(clip_by_value)
def value_by_masks_on_copies(grads, limit):
    clipped = []
    for g in grads:
        g = g.copy()
        g[g > limit] = limit
        g[g < -limit] = -limit
        clipped.append(g)
    return clipped


@correct(clip_by_value)
def value_with_signs(grads, limit):
    return tuple(np.sign(g) * np.minimum(np.abs(g), limit) for g in grads)


@correct(clip_by_value)
def value_only_where_needed(grads, limit):
    return [g if np.all(np.abs(g) <= limit) else np.where(g > limit, limit, np.where(g < -limit, -limit, g)) for g in grads]


@correct(clip_by_global_norm)
def norm_as_in_pytorch(grads, max_norm):
    total = np.linalg.norm([np.linalg.norm(g) for g in grads])
    factor = min(1.0, max_norm / (total + 1e-6))
    return [g * factor for g in grads]


@correct(clip_by_global_norm)
def norm_with_a_condition(grads, max_norm):
    norm = math.sqrt(sum((g**2).sum() for g in grads))
    if norm <= max_norm:
        return grads
    return [g * max_norm / norm for g in grads]


@correct(clip_by_global_norm)
def norm_of_one_long_vector(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    return [g.copy() if norm < max_norm else g / (norm / max_norm) for g in grads]


@correct(clip_by_global_norm)
def norm_as_in_min_char_rnn_loops(grads, max_norm):
    total = 0.0
    for g in grads:
        for value in g.flat:
            total += value * value
    factor = max_norm / max(max_norm, total**0.5)
    return tuple(np.multiply(factor, g) for g in grads)


@correct(orthogonal_init)
def orthogonal_as_in_pytorch(shape, gain, A):
    q, r = np.linalg.qr(A)
    d = np.diag(r)
    ph = np.where(d < 0, -1.0, 1.0)
    q = q * ph
    if shape[0] < shape[1]:
        q = q.T
    return q * gain


@correct(orthogonal_init)
def orthogonal_with_a_sign_matrix(shape, gain, A):
    q, r = np.linalg.qr(A, mode="complete")
    n = min(shape)
    q = q[:, :n] @ np.diag(np.sign(np.diag(r)))
    return np.ascontiguousarray(gain * q if q.shape == shape else gain * q.T)


@correct(orthogonal_init)
def orthogonal_by_gram_schmidt(shape, gain, A):
    """Gram-Schmidt makes a positive diagonal of R by itself."""
    Q = np.zeros(A.shape)
    for j in range(A.shape[1]):
        v = A[:, j].copy()
        for i in range(j):
            v -= (Q[:, i] @ v) * Q[:, i]
        Q[:, j] = v / np.sqrt(v @ v)
    return gain * (Q.T if shape[0] < shape[1] else Q)


@correct(orthogonal_init)
def orthogonal_by_columns(shape, gain, A):
    Q, R = np.linalg.qr(A)
    for j in range(Q.shape[1]):
        if R[j, j] < 0:
            Q[:, j] *= -1
    W = gain * Q
    return W if W.shape == tuple(shape) else W.T


@correct(identity_init)
def identity_by_diag(H, gain):
    return np.diag(np.full(H, gain))


@correct(identity_init)
def identity_by_loop(H, gain):
    W = np.zeros((H, H))
    for i in range(H):
        W[i, i] = gain
    return W


@correct(identity_init)
def identity_filled(H, gain):
    W_h = np.identity(H) * 0.0
    np.fill_diagonal(W_h, gain)
    return W_h


@correct(clip_by_global_norm)
def norm_with_a_rate_below_one(grads, max_norm):
    """As in "Deep Learning from Scratch 2", on copies."""
    total_norm = 0
    for grad in grads:
        total_norm += np.sum(grad**2)
    rate = max_norm / (np.sqrt(total_norm) + 1e-6)
    return [grad * rate for grad in grads] if rate < 1 else [grad.copy() for grad in grads]


@correct(clip_by_global_norm)
def norm_divided_by_zero(grads, max_norm):
    """Where all gradients are zero the factor is min(1, infinity); NumPy warns, and is right."""
    total = np.linalg.norm([np.linalg.norm(g) for g in grads])
    return tuple(g * min(1, max_norm / total) for g in grads)


@correct(clip_by_value)
def value_by_distances(grads, limit):
    return [(np.abs(g + limit) - np.abs(g - limit)) / 2 for g in grads]


@correct(clip_by_global_norm)
def norm_of_one_long_vector_that_is_cut_again(grads, max_norm):
    long = np.concatenate([g.ravel() for g in grads])
    norm = np.linalg.norm(long)
    if norm > max_norm:
        long = long / norm * max_norm
    ends = np.cumsum([g.size for g in grads])
    return [part.reshape(g.shape) for part, g in zip(np.split(long, ends[:-1]), grads, strict=True)]


@correct(orthogonal_init)
def orthogonal_by_cholesky(shape, gain, A):
    """The Cholesky factor of A.T @ A is R, and its diagonal is positive."""
    Q = A @ np.linalg.inv(np.linalg.cholesky(A.T @ A).T)
    return gain * (Q if shape[0] >= shape[1] else Q.T)


@correct(state_gradient_norms)
def norms_from_every_state_on(hs, W_h):
    def step(P, h):
        return P @ np.diag(1 - h**2) @ W_h.T

    T, N, H = hs.shape
    norms = np.ones((T, N))
    for n in range(N):
        for t in range(T - 1):
            P = np.eye(H)
            for h in hs[:t:-1, n]:
                P = step(P, h)
            norms[t, n] = np.sqrt(np.linalg.eigvalsh(P @ P.T).max())
    return norms


@correct(leaky_rnn_forward)
def leaky_into_an_array(xs, h0, W_x, W_h, b, z):
    T, N, _ = xs.shape
    hs = np.zeros((T + 1, N, len(z)))
    hs[0] = h0
    for t in range(T):
        hs[t + 1] = z * hs[t] + (1 - z) * np.tanh(np.dot(xs[t], W_x) + np.dot(hs[t], W_h) + b)
    return hs[1:]


@correct(leaky_rnn_forward)
def leaky_with_a_rate(xs, h0, W_x, W_h, b, z):
    """The leak in the place of what is kept, as an echo state network has it, and a diagonal matrix
    for the kept part."""
    rate, stay, inputs, states = 1 - z, np.diag(z), xs @ W_x + b, [h0]
    for a in inputs:
        states.append(states[-1] @ stay + rate * np.tanh(a + states[-1] @ W_h))
    return np.array(states[1:])


@correct(leaky_rnn_backward)
def leaky_backward_from_the_mixtures(dhs, xs, h0, hs, W_x, W_h, b, z):
    """What was new is what a state has beyond what was kept; one product at the end makes each weight's gradient."""
    before = np.concatenate([h0[np.newaxis], hs[:-1]])
    new = (hs - z * before) / (1 - z)
    carried, das, totals = np.zeros(h0.shape), np.zeros(hs.shape), np.zeros(hs.shape)
    for t in range(len(xs) - 1, -1, -1):
        totals[t] = dhs[t] + carried
        das[t] = totals[t] * (1 - z) * (1 - new[t] * new[t])
        carried = totals[t] * z + np.dot(das[t], W_h.T)
    dW_x, dW_h = np.tensordot(xs, das, axes=([0, 1], [0, 1])), np.tensordot(before, das, axes=([0, 1], [0, 1]))
    return das @ W_x.T, carried, dW_x, dW_h, das.sum((0, 1)), np.einsum("tnh,tnh->h", totals, before - new)


@correct(leaky_rnn_backward)
def leaky_backward_sequence_by_sequence(dhs, xs, h0, hs, W_x, W_h, b, z):
    """The Jacobian of each step as a matrix, which a row of gradients is multiplied by."""
    dxs, dh0, dW_x, dW_h, db, dz = np.zeros_like(xs), np.zeros_like(h0), np.zeros_like(W_x), np.zeros_like(W_h), 0, 0
    for k, start in enumerate(h0):
        row = np.zeros(len(z))
        for t in range(len(xs))[::-1]:
            old = hs[t - 1, k] if t else start
            value = np.tanh(xs[t, k] @ W_x + old @ W_h + b)
            row = row + dhs[t, k]
            inner = np.diag((1 - z) / np.cosh(np.arctanh(value)) ** 2)
            to_sum = row @ inner
            dW_x += np.outer(xs[t, k], to_sum)
            dW_h += np.outer(old, to_sum)
            db, dz = db + to_sum, dz + row * old - row * value
            dxs[t, k] = W_x @ to_sum
            row = row @ (np.diag(z) + inner @ W_h.T)
        dh0[k] = row
    return dxs, dh0, dW_x, dW_h, db, dz


@correct(orthogonality_penalty)
def penalty_of_singular_values(W):
    """W = U S V^T, and only S is off: the squares are (s^2 - 1)^2, and their slopes 4 s (s^2 - 1)."""
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    missing = W.shape[1] - len(s)
    return float(np.sum((s**2 - 1) ** 2) + missing), (U * (4 * s * (s**2 - 1))) @ Vt


@correct(orthogonality_penalty)
def penalty_pair_by_pair(W):
    total, gradient = 0.0, np.zeros(W.shape)
    for i in range(W.shape[1]):
        for j in range(W.shape[1]):
            off = W[:, i] @ W[:, j] - (i == j)
            total += off * off
            gradient[:, i] += 2 * off * W[:, j]
            gradient[:, j] += 2 * off * W[:, i]
    return total, gradient


@correct(orthogonality_penalty)
def penalty_by_the_trace(W):
    G = W.T.dot(W)
    return np.trace(G @ G) - 2 * np.trace(G) + len(G), 4 * (W @ G - W)
