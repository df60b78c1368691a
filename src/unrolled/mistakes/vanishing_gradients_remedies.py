"""Known mistakes of assignment 04-vanishing-gradients: what helps, clipping and weights that keep a scale."""

import numpy as np

from unrolled.mistakes.edits import mistake
from unrolled.reference.vanishing_gradients import clip_by_global_norm, clip_by_value, identity_init, orthogonal_init


@mistake(clip_by_value, "entries below -limit are left: clip on both sides")
def clipped_above_only(grads, limit):
    return [np.minimum(g, limit) for g in grads]


@mistake(clip_by_value, "entries above limit are left: clip on both sides")
def clipped_below_only(grads, limit):
    return [np.maximum(g, -limit) for g in grads]


@mistake(clip_by_value, "the signs are lost: an entry below -limit becomes -limit")
def signs_lost(grads, limit):
    return [np.minimum(np.abs(g), limit) for g in grads]


@mistake(clip_by_value, "the signs of large entries are lost: an entry below -limit becomes -limit")
def signs_of_large_entries_lost(grads, limit):
    return [np.where(np.abs(g) > limit, limit, g) for g in grads]


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


@mistake(clip_by_value, "all arrays are scaled by their common norm, as in clip_by_global_norm: here every entry is clipped by itself")
def scaled_by_common_norm(grads, limit):
    return clip_by_global_norm(grads, limit)


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


@mistake(clip_by_global_norm, "small gradients are scaled up: when the norm, the root and not the sum of squares, is at most max_norm already, nothing changes")
def always_scaled_with_epsilon(grads, max_norm):
    return [g * (max_norm / (_norm(grads) + 1e-6)) for g in grads]


@mistake(clip_by_global_norm, "you divide by the norm but do not multiply by max_norm: the result has norm 1")
def scaled_to_one(grads, max_norm):
    norm = _norm(grads)
    return [g / norm if norm > max_norm else g for g in grads]


@mistake(clip_by_global_norm, "you divide by max_norm, not by the norm: the factor is max_norm / norm")
def divided_by_max_norm(grads, max_norm):
    return [g / max_norm if _norm(grads) > max_norm else g for g in grads]


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


@mistake(clip_by_global_norm, "you add the norms of the arrays, and take a root of that: add their squares, then take the root")
def root_of_the_sum_of_norms(grads, max_norm):
    norm = np.sqrt(sum(np.linalg.norm(g) for g in grads))
    return [g * max_norm / norm if norm > max_norm else g for g in grads]


@mistake(clip_by_global_norm, "you take a mean of the arrays' norms: add their squares, then take the root")
def mean_of_norms(grads, max_norm):
    norm = np.mean([np.linalg.norm(g) for g in grads])
    return [g * max_norm / norm if norm > max_norm else g for g in grads]


@mistake(clip_by_global_norm, "you add absolute values: add the squares of all entries, then take the root")
def sum_of_absolute_values(grads, max_norm):
    norm = sum(np.abs(g).sum() for g in grads)
    return [g * max_norm / norm if norm > max_norm else g for g in grads]


def _norm_of_one(which, choose):
    sentence = "the norm is that of one array alone: add up the squares of all arrays, then take the root"

    @mistake(clip_by_global_norm, sentence, f"norm_of_the_{which}_array")
    def norm_of_one_array(grads, max_norm):
        norm = choose([np.linalg.norm(g) for g in grads])
        return [g * max_norm / norm if norm > max_norm else g for g in grads]


for _which, _choose in {"first": lambda norms: norms[0], "last": lambda norms: norms[-1], "longest": max}.items():
    _norm_of_one(_which, _choose)


@mistake(clip_by_global_norm, "each array is scaled by the norm of what has been added up so far: first the norm of all arrays, then the scaling, in a loop of its own")
def norm_of_those_so_far(grads, max_norm):
    norms = np.sqrt(np.cumsum([np.sum(g**2) for g in grads]))
    return [g * max_norm / max(norm, max_norm) for g, norm in zip(grads, norms, strict=True)]


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


@mistake(orthogonal_init, "two things are missing: multiply each column of Q by the sign of R's diagonal, and all of it by the gain")
def neither_signs_nor_gain(shape, gain, A):
    return signs_not_fixed(shape, 1.0, A)


def _other_signs(of, take, sentence):
    @mistake(orthogonal_init, sentence, f"signs_of_{of}")
    def other_signs(shape, gain, A):
        Q, R = np.linalg.qr(A)
        Q = Q * np.sign(np.diag(take(A, Q, R)))
        return gain * (Q if shape[0] >= shape[1] else Q.T)


_other_signs("A", lambda A, Q, R: A, "the signs are those of A's diagonal: take those of R's")
_other_signs("Q", lambda A, Q, R: Q, "the signs are those of Q's diagonal: take those of R's")
_other_signs("minus_R", lambda A, Q, R: -R, "each sign is the opposite: a column whose number on R's diagonal is negative is turned round, the others stay")


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
