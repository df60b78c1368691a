"""Known mistakes of assignment 04-vanishing-gradients."""

import numpy as np

from unrolled.reference.mistakes import mistake
from unrolled.reference.vanishing_gradients import (
    clip_by_global_norm,
    clip_by_value,
    identity_init,
    orthogonal_init,
    spectral_radius,
    state_gradient_norms,
)


@mistake(spectral_radius, "this is the largest singular value, the spectral norm: the spectral radius is made of eigenvalues")
def spectral_norm(W):
    return np.linalg.norm(W, 2)


@mistake(spectral_radius, "this is the Frobenius norm: the spectral radius is the largest absolute value of an eigenvalue")
def frobenius_norm(W):
    return np.linalg.norm(W)


@mistake(spectral_radius, "the absolute value is missing: an eigenvalue may be negative or complex, and its distance from 0 is what counts")
def absolute_value_missing(W):
    return np.linalg.eigvals(W).max()


@mistake(spectral_radius, "this is the largest real part of an eigenvalue: take the absolute value, which counts the imaginary part and a minus sign too")
def largest_real_part(W):
    return np.linalg.eigvals(W).real.max()


@mistake(spectral_radius, "you take the real part before the absolute value: a complex eigenvalue's absolute value counts its imaginary part too")
def largest_absolute_real_part(W):
    return np.abs(np.linalg.eigvals(W).real).max()


@mistake(spectral_radius, "this is the absolute value of the first eigenvalue: they come in no order, so take the largest")
def first_eigenvalue(W):
    return np.abs(np.linalg.eigvals(W)[0])


@mistake(spectral_radius, "`eigvalsh` and `eigh` are for symmetric matrices, and look at one half of W only: use `np.linalg.eigvals`")
def symmetric_solver(W):
    return np.abs(np.linalg.eigvalsh(W)).max()


@mistake(spectral_radius, "these are the eigenvalues of `W.T @ W`: take those of W itself")
def eigenvalues_of_the_gram_matrix(W):
    return np.abs(np.linalg.eigvals(W.T @ W)).max()


@mistake(spectral_radius, "this is the largest entry of W: it is the largest eigenvalue that is asked for")
def largest_entry(W):
    return np.abs(W).max()


def _norms(hs, W_h, step, measure=lambda P: np.linalg.norm(P, ord=2, axis=(1, 2))):
    """measure(dh_T/dh_t) for every t, where step(t, P) goes from the state at t to the one before."""
    T, N, H = hs.shape
    norms, P = np.empty((T, N)), np.tile(np.eye(H), (N, 1, 1))
    for t in reversed(range(T)):
        norms[t] = measure(P)
        P = step(t, P)
    return norms


def _slopes(hs, t):
    return 1 - hs[t][:, None] ** 2


def _single_steps(hs, W_h):
    """Spectral norms (T, N) of the matrix that each step multiplies by."""
    return np.linalg.norm((1 - hs[..., None] ** 2) * W_h.T, ord=2, axis=(2, 3))


@mistake(state_gradient_norms, "these are Frobenius norms: take the spectral norm, `ord=2`, so that the last is 1")
def frobenius_norms(hs, W_h):
    return _norms(hs, W_h, lambda t, P: (P * _slopes(hs, t)) @ W_h.T, lambda P: np.linalg.norm(P, axis=(1, 2)))


@mistake(state_gradient_norms, "the slope of tanh is left out: each step back goes through `1 - h**2` and then through W_h")
def slope_left_out(hs, W_h):
    return _norms(hs, W_h, lambda t, P: P @ W_h.T)


@mistake(state_gradient_norms, "the slope of tanh is `1 - h**2`, not `1 - h`")
def slope_not_squared(hs, W_h):
    return _norms(hs, W_h, lambda t, P: (P * (1 - hs[t][:, None])) @ W_h.T)


@mistake(state_gradient_norms, "tanh is taken of the states again: hs holds what tanh returned already, so its slope is `1 - hs**2`")
def slope_of_the_state(hs, W_h):
    return state_gradient_norms(np.tanh(hs), W_h)


@mistake(state_gradient_norms, "the slope is that of the earlier state: the step back from h_t goes through `1 - h_t**2`")
def slope_of_the_step_before(hs, W_h):
    return _norms(hs, W_h, lambda t, P: (P * _slopes(hs, t - 1)) @ W_h.T)


@mistake(state_gradient_norms, "W_h is transposed the wrong way: a gradient is a row, and one step back is `(P * slope) @ W_h.T`")
def W_h_not_transposed(hs, W_h):
    return state_gradient_norms(hs, W_h.T)


@mistake(state_gradient_norms, "the slope and W_h are in the wrong order: on the way back the gradient meets tanh first and then W_h")
def slope_after_the_weights(hs, W_h):
    return _norms(hs, W_h, lambda t, P: (P @ W_h.T) * _slopes(hs, t))


@mistake(state_gradient_norms, "the factors are multiplied in the wrong order of time: going back, each earlier step's factor comes on the right")
def factors_in_wrong_order(hs, W_h):
    return _norms(hs, W_h, lambda t, P: ((1 - hs[t][:, :, None] ** 2) * W_h.T) @ P)


@mistake(state_gradient_norms, "you multiply the norms of the single steps: that is only a bound; multiply the matrices, then take the norm")
def product_of_norms(hs, W_h):
    one_step = _single_steps(hs, W_h)
    later = np.concatenate([one_step[1:], np.ones_like(one_step[:1])])
    return np.cumprod(later[::-1], axis=0)[::-1]


@mistake(state_gradient_norms, "these are powers of W_h's norm: multiply each step's matrix, slope included, then take the norm")
def powers_of_the_norm(hs, W_h):
    T, N, _ = hs.shape
    return np.tile(np.linalg.norm(W_h, 2) ** np.arange(T)[::-1, None], (1, N))


@mistake(state_gradient_norms, "these are the norms of single steps: the way from h_T to h_t is the product of all the steps between")
def single_steps(hs, W_h):
    return np.concatenate([_single_steps(hs, W_h)[1:], np.ones((1, hs.shape[1]))])


@mistake(state_gradient_norms, "these are spectral radii: how much a matrix can stretch a gradient is its spectral norm")
def radii_of_the_products(hs, W_h):
    return _norms(hs, W_h, lambda t, P: (P * _slopes(hs, t)) @ W_h.T, lambda P: np.abs(np.linalg.eigvals(P)).max(axis=1))


@mistake(state_gradient_norms, "these are the lengths of one gradient, sent back from a row of ones: the norm of the matrix is the most that any gradient grows")
def a_row_of_ones(hs, W_h):
    return _norms(hs, W_h, lambda t, P: (P * _slopes(hs, t)) @ W_h.T, lambda P: np.linalg.norm(P.sum(axis=1), axis=1))


@mistake(state_gradient_norms, "the norms are in reverse: norms[t] belongs to the state at t, so the last of them is 1")
def listed_backwards(hs, W_h):
    return state_gradient_norms(hs, W_h)[::-1].copy()


@mistake(state_gradient_norms, "you take one step too many: norms[-1] is that of dh_T/dh_T, which is 1, before any step back")
def one_step_too_many(hs, W_h):
    longer = np.concatenate([np.zeros_like(hs[:1]), hs])
    return state_gradient_norms(longer, W_h)[:-1]


@mistake(state_gradient_norms, "you multiply from the first step on: start with the identity at the last state and go backwards through time")
def forwards_in_time(hs, W_h):
    return _norms(hs[::-1], W_h, lambda t, P: (P * _slopes(hs[::-1], t)) @ W_h.T)[::-1].copy()


@mistake(state_gradient_norms, "you average over the batch: every sequence has norms of its own, (T, N)")
def averaged_over_the_batch(hs, W_h):
    return state_gradient_norms(hs, W_h).mean(axis=1)


@mistake(clip_by_value, "entries below -limit are left: clip on both sides")
def clipped_above_only(grads, limit):
    return [np.minimum(g, limit) for g in grads]


@mistake(clip_by_value, "entries above limit are left: clip on both sides")
def clipped_below_only(grads, limit):
    return [np.maximum(g, -limit) for g in grads]


@mistake(clip_by_value, "the signs are lost: an entry below -limit becomes -limit")
def signs_lost(grads, limit):
    return [np.minimum(np.abs(g), limit) for g in grads]


@mistake(clip_by_value, "negative entries become 0: clip from -limit to limit")
def clipped_from_zero(grads, limit):
    return [np.clip(g, 0, limit) for g in grads]


@mistake(clip_by_value, "entries that are too large become 0: they become limit or -limit instead")
def large_entries_dropped(grads, limit):
    return [np.where(np.abs(g) > limit, 0, g) for g in grads]


@mistake(clip_by_value, "you clip to [-1, 1]: use the limit that is given")
def limit_ignored(grads, limit):
    return [np.clip(g, -1, 1) for g in grads]


@mistake(clip_by_value, "you clip to [-5, 5]: use the limit that is given")
def limit_always_five(grads, limit):
    return [np.clip(g, -5, 5) for g in grads]


@mistake(clip_by_value, "each array is scaled by its norm: here every entry is clipped by itself")
def scaled_by_norm(grads, limit):
    return [g * limit / max(np.linalg.norm(g), limit) for g in grads]


@mistake(clip_by_value, "each array is scaled until its largest entry fits: here every entry is clipped by itself, and the others stay")
def scaled_by_largest_entry(grads, limit):
    return [g * limit / max(np.abs(g).max(), limit) for g in grads]


@mistake(clip_by_value, "only the first array is clipped: clip all of them")
def first_array_only(grads, limit):
    return [np.clip(grads[0], -limit, limit), *grads[1:]]


@mistake(clip_by_value, "nothing is clipped: giving the loop's variable a new value does not change the list, so collect the new arrays")
def loop_variable_only(grads, limit):
    for g in grads:
        g = np.clip(g, -limit, limit)
    return grads


def _norm(grads):
    return np.sqrt(sum(np.sum(g**2) for g in grads))


@mistake(clip_by_global_norm, "each array is clipped by a norm of its own: all of them share one norm and one factor, or the direction changes")
def each_array_alone(grads, max_norm):
    return [g * max_norm / max(np.linalg.norm(g), max_norm) for g in grads]


@mistake(clip_by_global_norm, "you always scale to max_norm: when the norm is below it already, nothing changes")
def always_scaled(grads, max_norm):
    return [g * (max_norm / _norm(grads)) for g in grads]


@mistake(clip_by_global_norm, "you always scale to max_norm, small gradients too: when the norm is below it already, nothing changes")
def always_scaled_with_epsilon(grads, max_norm):
    return [g * (max_norm / (_norm(grads) + 1e-6)) for g in grads]


@mistake(clip_by_global_norm, "you divide by the norm but do not multiply by max_norm: the result has norm 1")
def scaled_to_one(grads, max_norm):
    norm = _norm(grads)
    return [g / norm if norm > max_norm else g for g in grads]


@mistake(clip_by_global_norm, "the factor is upside down: it is max_norm / norm")
def factor_upside_down(grads, max_norm):
    norm = _norm(grads)
    return [g * (norm / max_norm) if norm > max_norm else g for g in grads]


@mistake(clip_by_global_norm, "the square root is missing: the norm is the root of the sum of squares")
def root_missing(grads, max_norm):
    norm = sum(np.sum(g**2) for g in grads)
    return [g * max_norm / norm if norm > max_norm else g for g in grads]


@mistake(clip_by_global_norm, "you add the norms of the arrays: add their squares, then take the root")
def sum_of_norms(grads, max_norm):
    norm = sum(np.linalg.norm(g) for g in grads)
    return [g * max_norm / norm if norm > max_norm else g for g in grads]


@mistake(clip_by_global_norm, "you take a mean of squares: the norm is the root of their sum")
def mean_of_squares(grads, max_norm):
    norm = np.sqrt(np.mean(np.concatenate([g.ravel() for g in grads]) ** 2))
    return [g * max_norm / norm if norm > max_norm else g for g in grads]


@mistake(clip_by_global_norm, "the factor comes from the largest entry: it comes from the norm of all entries together")
def largest_entry_as_norm(grads, max_norm):
    norm = max(np.abs(g).max() for g in grads)
    return [g * max_norm / norm if norm > max_norm else g for g in grads]


@mistake(clip_by_global_norm, "the norm is that of a matrix: `np.linalg.norm(g, 2)` is the largest singular value; here it is the root of the sum of squares")
def spectral_norms(grads, max_norm):
    norm = np.sqrt(sum(np.linalg.norm(g, 2) ** 2 for g in grads))
    return [g * max_norm / norm if norm > max_norm else g for g in grads]


@mistake(clip_by_global_norm, "every entry is clipped by itself: scale all of them by one factor, so that the direction stays")
def clipped_by_value(grads, max_norm):
    return [np.clip(g, -max_norm, max_norm) for g in grads]


@mistake(clip_by_global_norm, "the condition is the wrong way round: scale when the norm is larger than max_norm")
def condition_reversed(grads, max_norm):
    norm = _norm(grads)
    return [g * max_norm / norm if norm < max_norm else g for g in grads]


@mistake(clip_by_global_norm, "nothing is clipped: giving the loop's variable a new value does not change the list, so collect the new arrays")
def norm_loop_variable_only(grads, max_norm):
    for g in grads:
        g = g * max_norm / max(_norm(grads), max_norm)
    return grads


@mistake(orthogonal_init, "the signs are not fixed: multiply each column of Q by the sign of R's diagonal")
def signs_not_fixed(shape, gain, A):
    Q, _ = np.linalg.qr(A)
    return gain * (Q if shape[0] >= shape[1] else Q.T)


@mistake(orthogonal_init, "the signs are applied to the rows of Q: each belongs to a column")
def signs_on_rows(shape, gain, A):
    Q, R = np.linalg.qr(A)
    signs = np.ones(len(Q))
    signs[: len(R)] = np.sign(np.diag(R))
    Q = signs[:, None] * Q
    return gain * (Q if shape[0] >= shape[1] else Q.T)


@mistake(orthogonal_init, "Q is multiplied by the diagonal of R itself: only its signs are wanted, or the columns lose their length 1")
def scaled_by_the_diagonal(shape, gain, A):
    Q, R = np.linalg.qr(A)
    Q = Q * np.diag(R)
    return gain * (Q if shape[0] >= shape[1] else Q.T)


@mistake(orthogonal_init, "the gain has no effect: multiply Q by it (multiplying A changes R alone)")
def gain_left_out(shape, gain, A):
    return orthogonal_init(shape, 1.0, A)


@mistake(orthogonal_init, "a wide matrix is not transposed: when there are fewer rows than columns, it is Q.T that has the shape")
def wide_not_transposed(shape, gain, A):
    return orthogonal_init(A.shape, gain, A)


@mistake(orthogonal_init, "a wide matrix is made by `reshape`, which mixes rows and columns: transpose Q instead")
def wide_reshaped(shape, gain, A):
    return orthogonal_init(A.shape, gain, A).reshape(shape)


@mistake(orthogonal_init, "this is R: the orthogonal factor is Q")
def the_other_factor(shape, gain, A):
    Q, R = np.linalg.qr(A)
    return gain * R * np.sign(np.diag(R))[:, None]


@mistake(orthogonal_init, "the columns are scaled to length 1, but they are not at right angles: take the Q of the QR factors")
def normalised_columns(shape, gain, A):
    Q = A / np.linalg.norm(A, axis=0)
    return gain * (Q if shape[0] >= shape[1] else Q.T)


@mistake(orthogonal_init, "this is A times the gain: it is not orthogonal yet, take the Q of its QR factors")
def gaussian_only(shape, gain, A):
    return gain * (A if shape[0] >= shape[1] else A.T)


@mistake(orthogonal_init, "this is orthogonal too, but made from the singular vectors, `U @ Vt`: so that there is one right answer, take the Q of QR with its signs fixed")
def from_singular_vectors(shape, gain, A):
    U, _, Vt = np.linalg.svd(A, full_matrices=False)
    Q = U @ Vt
    return gain * (Q if shape[0] >= shape[1] else Q.T)


@mistake(orthogonal_init, "this is the U of the singular value decomposition: so that there is one right answer, take the Q of QR with its signs fixed")
def left_singular_vectors(shape, gain, A):
    Q, _, _ = np.linalg.svd(A, full_matrices=False)
    return gain * (Q if shape[0] >= shape[1] else Q.T)


@mistake(identity_init, "the gain is left out: multiply the identity by it")
def identity_without_gain(H, gain):
    return np.eye(H)


@mistake(identity_init, "every entry is the gain: only the diagonal is, the rest is 0")
def gain_everywhere(H, gain):
    return np.full((H, H), gain)


@mistake(identity_init, "the gain is added to every entry: multiply, so that off the diagonal there is 0")
def gain_added(H, gain):
    return np.eye(H) + gain


@mistake(identity_init, "this is the diagonal alone: W_h is a matrix, (H, H)")
def diagonal_only(H, gain):
    return np.full(H, gain)


@mistake(identity_init, "the identity is divided by the gain: multiply")
def divided_by_gain(H, gain):
    return np.eye(H) / gain


@mistake(identity_init, "the gain is scaled by the number of units: here it stands on the diagonal as it is")
def scaled_by_units(H, gain):
    return gain * np.eye(H) / np.sqrt(H)
