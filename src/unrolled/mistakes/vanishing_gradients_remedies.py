"""Known mistakes of assignment 04-vanishing-gradients: what helps, clipping and weights that keep a scale."""

from unrolled.mistakes.edits import edit, variants
from unrolled.reference.vanishing_gradients import clip_by_global_norm, clip_by_value, identity_init, orthogonal_init

NOTHING = (
    "nothing is clipped: your list holds the arrays that were given; is the new array thrown away, "
    "another list returned, or a condition never true?"
)

variants(clip_by_value, "clipped = [np.clip(g, -limit, limit) for g in grads]", {
    "clipped = [np.minimum(g, limit) for g in grads]": "entries below -limit are left: clip on both sides",
    "clipped = [np.maximum(g, -limit) for g in grads]": "entries above limit are left: clip on both sides",
    "clipped = [np.minimum(np.abs(g), limit) for g in grads]":
        "the signs are lost: each entry keeps its own, and one below -limit becomes -limit",
    "clipped = [np.where(np.abs(g) > limit, limit, g) for g in grads]":
        "the signs of large entries are lost: an entry below -limit becomes -limit",
    "clipped = [np.clip(g, 0, limit) for g in grads]": "negative entries become 0: clip from -limit to limit",
    "clipped = [np.maximum(np.where(g > limit, 0, g), -limit) for g in grads]":
        "entries above limit become 0: they become limit",
    "clipped = [np.minimum(np.where(g < -limit, 0, g), limit) for g in grads]":
        "entries below -limit become 0: they become -limit",
    "clipped = [np.where(np.abs(g) > limit, 0, g) for g in grads]":
        "entries that are too large become 0: they become limit or -limit instead",
    "clipped = [np.clip(g, -1, 1) for g in grads]": "you clip to [-1, 1]: use the limit that is given",
    "clipped = [np.clip(g, -5, 5) for g in grads]": "you clip to [-5, 5]: use the limit that is given",
    "clipped = [g * limit / max(np.linalg.norm(g), limit) for g in grads]":
        "each array is scaled by its norm: here every entry is clipped by itself",
    "clipped = clip_by_global_norm(grads, limit)":
        "all arrays are scaled by their common norm, as in clip_by_global_norm: here every entry is clipped by itself",
    "clipped = [g * limit / max(np.abs(g).max(), limit) for g in grads]":
        "each array is scaled until its largest entry fits: here every entry is clipped by itself, "
        "and the others stay",
    "clipped = [np.clip(grads[0], -limit, limit), *grads[1:]]": "only the first array is clipped: clip all of them",
    "clipped = grads": NOTHING,
})

NORM = "norm = np.sqrt(sum(np.sum(np.square(g, dtype=float)) for g in grads))"
FACTOR = "factor = float(max_norm / max(norm, max_norm))"
CLIPPED = "clipped = [factor * g for g in grads]"

variants(clip_by_global_norm, NORM, {
    "norm = sum(np.sum(g**2) for g in grads)":
        "the square root is missing: the norm is the root of the sum of squares",
    "norm = 0\nfor g in grads:\n    norm = np.sqrt(norm + np.sum(g**2))":
        "a root is taken after each array: add up the squares of all arrays, then take the root, once",
    "norm = sum(np.linalg.norm(g) for g in grads)":
        "you add the norms of the arrays: add their squares, then take the root",
    "norm = np.sqrt(sum(np.linalg.norm(g) for g in grads))":
        "you add the norms of the arrays, and take a root of that: add their squares, then take the root",
    "norm = np.sqrt(sum(np.sum(g) ** 2 for g in grads))":
        "the entries of an array are added up before they are squared: square each entry first",
    "norm = np.mean([np.linalg.norm(g) for g in grads])":
        "you take a mean of the arrays' norms: add their squares, then take the root",
    "norm = np.sqrt(sum(np.sum(g**4) for g in grads))":
        "the squares are squared again: square each entry once, add up, and take the root",
    "norm = sum(np.abs(g).sum() for g in grads)":
        "you add absolute values: add the squares of all entries, then take the root",
    "norm = np.sqrt(np.mean(np.concatenate([g.ravel() for g in grads]) ** 2))":
        "you take a mean of squares: the norm is the root of their sum",
    "norm = np.sqrt(np.mean([np.sum(g**2) for g in grads]))":
        "you take a mean over the arrays: add up the squares of all of them, then take the root",
    "norm = np.sqrt(sum(np.abs(g).max() ** 2 for g in grads))":
        "the norm is made of the largest entry of each array: it is made of the squares of all entries",
    "norm = max(np.abs(g).max() for g in grads)":
        "the factor comes from the largest entry: it comes from the norm of all entries together",
    "norm = np.sqrt(sum(np.linalg.norm(g, 2) ** 2 for g in grads))":
        "the norm is that of a matrix: `np.linalg.norm(g, 2)` is the largest singular value; "
        "here it is the root of the sum of squares",
})
for _which, _norm in {
    "first": "np.linalg.norm(grads[0])", "last": "np.linalg.norm(grads[-1])",
    "longest": "max(np.linalg.norm(g) for g in grads)",
}.items():
    edit(
        clip_by_global_norm, NORM, f"norm = {_norm}",
        "the norm is that of one array alone: add up the squares of all arrays, then take the root",
        name=f"norm_of_the_{_which}_array",
    )
variants(clip_by_global_norm, FACTOR, {
    "factor = max_norm / norm":
        "you always scale to max_norm: when the norm is below it already, nothing changes",
    "factor = max_norm / (norm + 1e-6)":
        "small gradients are scaled up: when the norm, the root of the sum of squares, is at most max_norm already, "
        "nothing changes",
    "factor = 1 / norm if norm > max_norm else 1":
        "you divide by the norm but do not multiply by max_norm: the result has norm 1",
    "factor = 1 / max_norm if norm > max_norm else 1":
        "you divide by max_norm, not by the norm: the factor is max_norm / norm",
    "factor = norm / max_norm if norm > max_norm else 1": "the factor is upside down: it is max_norm / norm",
    "factor = max_norm / norm if norm > max_norm else 0":
        "what is small enough becomes 0: its factor is 1",
    "factor = max_norm / norm**2 if norm > max_norm else 1":
        "the factor is divided by the norm twice: is the sum of squares taken for the norm? It is max_norm / norm",
    "factor = max_norm / (norm + max_norm)":
        "the two norms are added: the factor is max_norm / norm where that is below 1, "
        "`max_norm / max(norm, max_norm)`",
    "factor = 1 / norm": "every gradient is divided by its norm, whatever that is: the factor is max_norm / norm, "
                         "and 1 where the norm is at most max_norm",
    "factor = max_norm if norm > max_norm else 1":
        "the factor is max_norm itself: it is max_norm / norm, so that the norm becomes max_norm",
    "factor = norm - max_norm if norm > max_norm else 1":
        "the factor is a difference: it is max_norm / norm, so that the norm becomes max_norm",
    "factor = min(norm, max_norm)":
        "the smaller of the norm and max_norm is taken for the factor itself: it is max_norm / norm, "
        "where that is below 1",
    "factor = max_norm / norm if norm < max_norm else 1":
        "the condition is the wrong way round: scale when the norm is larger than max_norm",
})
for _more in (1, 0.1, 0.01, 0.001):
    for _name, _factor in {
        "always": "factor = max_norm / (norm + {0})",
        "guarded": "factor = max_norm / (norm + {0}) if norm > max_norm else 1",
        "at_most_1": "factor = min(1, max_norm / (norm + {0}))",
    }.items():
        edit(
            clip_by_global_norm, FACTOR, _factor.format(_more),
            "what is added to the norm, so that nothing is divided by 0, is so large that it shows: 1e-6 is enough, "
            "and where the norm is at most max_norm the factor is 1",
            name=f"{_more}_added_to_the_norm_{_name}",
        )
edit(
    clip_by_global_norm, NORM, "norm = sum(np.sum(g**2) for g in grads)", FACTOR,
    "factor = max_norm / norm if norm < max_norm else 1",
    "the square root is missing, and the condition is the wrong way round: "
    "the norm is the root of the sum of squares, and what is scaled is what has a norm larger than max_norm",
)
edit(
    clip_by_global_norm, FACTOR, "factor = max_norm / norm if 0 < norm < max_norm else 1",
    "the condition is the wrong way round: scale when the norm is larger than max_norm",
    name="the_condition_is_the_wrong_way_round_but_for_zeros",
)
variants(clip_by_global_norm, CLIPPED, {
    "clipped = [g * max_norm / max(np.linalg.norm(g), max_norm) for g in grads]":
        "each array is clipped by a norm of its own: all of them share one norm and one factor, "
        "or the direction changes",
    "norms = np.sqrt(np.cumsum([np.sum(g**2) for g in grads]))\n"
    "clipped = [g * max_norm / max(norm, max_norm) for g, norm in zip(grads, norms)]":
        "each array is scaled by the norm of what has been added up so far: first the norm of all arrays, "
        "then the scaling, in a loop of its own",
    "clipped = [np.clip(g, -max_norm, max_norm) for g in grads]":
        "every entry is clipped by itself: scale all of them by one factor, so that the direction stays",
    "clipped = grads": NOTHING.replace("or a condition never true", "a condition never true, or the factor always 1"),
})

QR, SIGNS, W, RETURN = (
    "Q, R = np.linalg.qr(A)", "Q = Q * np.sign(np.diag(R))", "W = Q if shape[0] >= shape[1] else Q.T",
    "return gain * W",
)

variants(orthogonal_init, SIGNS, {
    "": "the signs are not fixed: multiply each column of Q by the sign of R's diagonal",
    "signs = np.ones(len(Q))\nsigns[: len(R)] = np.sign(np.diag(R))\nQ = signs[:, None] * Q":
        "the signs are applied to the rows of Q: each belongs to a column",
    "Q = Q * np.diag(R)":
        "Q is multiplied by the diagonal of R itself: only its signs are wanted, or the columns lose their length 1",
    "Q = Q * np.sign(R[0])": "the signs are those of R's first row: take those of its diagonal, `np.diag(R)`",
    "Q = Q * np.sign(R[:, -1])": "the signs are those of R's last column: take those of its diagonal, `np.diag(R)`",
    "Q = Q * np.sign(R[:, 0])":
        "the signs are those of R's first column, in which zeros stand: take those of its diagonal, `np.diag(R)`",
    "Q = Q @ np.sign(R)":
        "Q is multiplied by the signs of all of R: those of its diagonal are wanted, one for each column, "
        "`Q * np.sign(np.diag(R))`",
    "Q = Q / np.diag(R)":
        "Q is divided by the diagonal of R itself: only its signs are wanted, or the columns lose their length 1",
    "Q = Q * (np.diag(R) > 0)":
        "a comparison gives 1 and 0, and so columns of zeros: the signs are 1 and -1, `np.sign`",
    "Q = Q * np.sign(R.sum(axis=0))":
        "the signs are those of R's columns added up: take those of its diagonal, `np.diag(R)`",
    "Q = Q * np.abs(np.diag(R))":
        "Q is multiplied by the absolute values of R's diagonal: the signs are wanted, `np.sign`",
    "Q = np.abs(Q)": "Q has lost its signs: each column is multiplied by the sign of R's diagonal, as it stands",
    "Q = Q * np.sign(np.diag(A))": "the signs are those of A's diagonal: take those of R's",
    "Q = Q * np.sign(np.diag(Q))": "the signs are those of Q's diagonal: take those of R's",
    "Q = Q * np.sign(np.diag(-R))":
        "each sign is the opposite: a column whose number on R's diagonal is negative is multiplied by -1, "
        "the others stay",
})
edit(
    orthogonal_init, SIGNS, "", RETURN, "return W.copy()",
    "two things are missing: multiply each column of Q by the sign of R's diagonal, and all of it by the gain",
)
variants(orthogonal_init, RETURN, {
    "return gain * W if shape[0] >= shape[1] else W":
        "a wide matrix is not multiplied by the gain: `gain * Q if ... else Q.T` multiplies the first of the two",
    "return W if shape[0] >= shape[1] else gain * W":
        "only a wide matrix is multiplied by the gain: all others are, too",
    "return W.copy()": "the gain has no effect: multiply Q by it (multiplying A changes R alone)",
    "return gain**2 * W": "the gain is squared: the weights are the gain times Q",
    "return np.sqrt(gain) * W": "the root of the gain is taken: the weights are the gain times Q",
    "return gain * R * np.sign(np.diag(R))[:, None]":
        "this is R, with the signs of its diagonal: the orthogonal factor is Q",
    "return gain * R": "this is R: the orthogonal factor is Q",
    "return gain * (A if shape[0] >= shape[1] else A.T)":
        "this is A times the gain: it is not orthogonal yet, take the Q of its QR factors",
})
edit(
    orthogonal_init, W, "W = Q", RETURN, "return W.copy()",
    "what is returned is Q: a wide matrix is not transposed, and the gain is left out; "
    "return the gain times the matrix that is made of Q at the end",
)
edit(orthogonal_init, QR, "R, Q = np.linalg.qr(A)",
    "Q and R are taken in each other's places: `np.linalg.qr` returns Q first, and then R")
edit(
    orthogonal_init, QR, "Q, R = np.linalg.qr(A.reshape(shape))", W, "W = Q",
    "A is reshaped before QR: it comes with more rows than columns, as QR needs it; "
    "transpose its Q where the matrix is wide",
)
edit(
    orthogonal_init, QR, "Q, R = np.linalg.qr(A.T)",
    "QR is taken of `A.T`: A comes with more rows than columns, as QR needs it", name="qr_of_the_transposed",
)
edit(
    orthogonal_init, QR, "Q, R = np.linalg.qr(A.T if shape[0] < shape[1] else A)", W, "W = Q",
    "A is transposed before QR: it comes with more rows than columns, as QR needs it; "
    "transpose its Q where the matrix is wide",
)
variants(orthogonal_init, W, {
    "W = Q if shape[0] > shape[1] else Q.T":
        "a square matrix is transposed too: Q is transposed only where there are fewer rows than columns",
    "W = Q.T": "every matrix is transposed: transpose Q only where there are fewer rows than columns",
    "W = Q if shape[0] <= shape[1] else Q.T":
        "the condition is the wrong way round: Q is transposed where there are fewer rows than columns",
    "W = Q": "a wide matrix is not transposed: when there are fewer rows than columns, it is Q.T that has the shape",
    "W = Q.reshape(shape)": "a wide matrix is made by `reshape`, which mixes rows and columns: transpose Q instead",
})
variants(orthogonal_init, SIGNS, {
    "Q = A / np.linalg.norm(A, axis=0)":
        "the columns are scaled to length 1, but they are not at right angles: take the Q of the QR factors",
    "U, _, Vt = np.linalg.svd(A, full_matrices=False)\nQ = U @ Vt":
        "this is orthogonal too, but made from the singular vectors, `U @ Vt`: so that there is one right answer, "
        "take the Q of QR with its signs fixed",
    "Q, _, _ = np.linalg.svd(A, full_matrices=False)":
        "this is the U of the singular value decomposition: so that there is one right answer, "
        "take the Q of QR with its signs fixed",
})

variants(identity_init, "W_h = gain * np.eye(H)", {
    "W_h = np.eye(H)": "the gain is left out: multiply the identity by it",
    "W_h = np.full((H, H), gain)": "every entry is the gain: only the diagonal is, the rest is 0",
    "W_h = np.eye(H) + gain": "the gain is added to every entry: multiply, so that off the diagonal there is 0",
    "W_h = np.full(H, gain)": "this is the diagonal alone: W_h is a matrix, (H, H)",
    "W_h = np.eye(H) / gain": "the identity is divided by the gain: multiply",
    "W_h = gain * np.eye(H) / np.sqrt(H)":
        "the gain is scaled by the number of units: here it stands on the diagonal as it is",
})
edit(
    clip_by_global_norm, "norm = np.sqrt(sum(np.sum(np.square(g, dtype=float)) for g in grads))",
    "norm = sum(np.sum(np.square(g, dtype=float)) for g in grads) / 2",
    "the sum of squares is halved: a power comes before a division, so `**1/2` is half of `**1`; "
    "the norm is its root, `**0.5`, or `np.sqrt`",
)
