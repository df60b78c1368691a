"""Known mistakes of assignment 04-vanishing-gradients: what is measured, radius and norms."""

from unrolled.mistakes.edits import edit, variants
from unrolled.reference.vanishing_gradients import spectral_radius, state_gradient_norms

EIGENVALUES = "eigenvalues = np.linalg.eigvals(W)"
RADIUS = "radius = np.abs(eigenvalues).max()"

variants(spectral_radius, RADIUS, {
    "radius = np.linalg.norm(W, 2)":
        "this is the largest singular value, the spectral norm: the spectral radius is made of eigenvalues",
    "radius = np.linalg.norm(W)":
        "this is the Frobenius norm: the spectral radius is the largest absolute value of an eigenvalue",
    "radius = eigenvalues.max()":
        "the absolute value is missing: an eigenvalue may be negative or complex, "
        "and its distance from 0 is what counts",
    "radius = eigenvalues[np.abs(eigenvalues).argmax()]":
        "this is the eigenvalue itself: the radius is its absolute value, `np.abs` of it",
    "radius = eigenvalues.real.max()":
        "this is the largest real part of an eigenvalue: take the absolute value, "
        "which counts the imaginary part and a minus sign too",
    "radius = np.abs(eigenvalues.real).max()":
        "you take the real part before the absolute value: a complex eigenvalue's absolute value counts its imaginary "
        "part too",
    "radius = np.abs(eigenvalues.max())":
        "you take the largest before the absolute value: complex numbers are put in order by their real parts, "
        "so take absolute values first",
    "radius = np.abs(eigenvalues[0])":
        "this is the absolute value of the first eigenvalue: they come in no order, so take the largest",
    "radius = np.abs(eigenvalues[-1])":
        "this is the absolute value of the last eigenvalue in the list: they come in no order, so take the largest",
    "radius = np.abs(W).max()": "this is the largest entry of W: it is the largest eigenvalue that is asked for",
})
variants(spectral_radius, EIGENVALUES, {
    "eigenvalues = np.linalg.eig(W)[1]":
        "these are the eigenvectors: `np.linalg.eig` returns the eigenvalues first, "
        "and `np.linalg.eigvals` those alone",
    "eigenvalues = np.linalg.eigvalsh(W)":
        "`eigvalsh` and `eigh` are for symmetric matrices, and look at one half of W only: use `np.linalg.eigvals`",
    "eigenvalues = np.linalg.eigvals(W.T @ W)": "these are the eigenvalues of `W.T @ W`: take those of W itself",
})
# Power iteration ends with the length of the last product, or with the quotient.
for _steps in (10, 20, 50, 100, 200, 500, 1000):
    for _name, _products, _radius in [
        ("length", _steps, "np.linalg.norm(v)"), ("length", _steps + 1, "np.linalg.norm(v)"),
        ("quotient", _steps + 1, "abs(last @ v)"),
    ]:
        edit(
            spectral_radius, EIGENVALUES,
            f"v = np.ones(len(W))\nfor _ in range({_products}):\n    last = v / np.linalg.norm(v)\n    v = W @ last",
            RADIUS, f"radius = {_radius}",
            "this is power iteration, which does not settle where the largest eigenvalue is one of a complex pair: "
            "use `np.linalg.eigvals`",
            name=f"{_name}_after_{_products}_products",
        )

START = "P = np.broadcast_to(np.eye(H, dtype=hs.dtype), (N, H, H))"
LOOP = "for t in reversed(range(T)):"
NORM = "norms[t] = np.linalg.norm(P, ord=2, axis=(1, 2))"
SLOPE, WEIGH = "P = P * (1 - hs[t][:, None] ** 2)", "P = P @ W_h.T"
RETURN = "return norms"
# of the matrix that each step multiplies by
SINGLE = "np.linalg.norm((1 - hs[..., None] ** 2) * W_h.T, ord=2, axis=(2, 3))"

variants(state_gradient_norms, NORM, {
    "norms[t] = np.linalg.norm(P, axis=(1, 2))":
        "these are Frobenius norms: take the spectral norm, `ord=2`, so that the last is 1",
    "norms[t] = np.linalg.norm(P, ord=-2, axis=(1, 2))":
        "these are the smallest singular values: the spectral norm is the largest, "
        "the first of those that `np.linalg.svd` returns",
    "norms[t] = np.linalg.norm(P, ord='nuc', axis=(1, 2))":
        "these are sums of the singular values: the spectral norm is the largest of them, `np.linalg.norm(P, 2)`",
    "norms[t] = np.abs(P).max(axis=(1, 2))": "these are the largest entries: take the spectral norm, `ord=2`",
    "norms[t] = np.linalg.norm(P, axis=(1, 2)) if t < T - 1 else 1":
        "these are Frobenius norms, but for the last: take the spectral norm, `ord=2`, at every step",
    "norms[t] = np.linalg.norm(P, axis=2).max(axis=1)":
        "this is the length of the longest row of dh_T/dh_t: the spectral norm, `ord=2`, "
        "is the most that any direction is stretched",
    "norms[t] = np.linalg.norm(P, axis=1).max(axis=1)":
        "this is the length of the longest column of dh_T/dh_t: the spectral norm, `ord=2`, "
        "is the most that any direction is stretched",
    "norms[t] = np.linalg.norm(P, ord=1, axis=(1, 2))":
        "this is the largest sum of absolute values in a column of dh_T/dh_t, its 1-norm: take the spectral norm, "
        "`ord=2`",
    "norms[t] = np.linalg.norm(P, ord=np.inf, axis=(1, 2))":
        "this is the largest sum of absolute values in a row of dh_T/dh_t: take the spectral norm, `ord=2`",
    "norms[t] = np.linalg.norm(P, ord=2, axis=(1, 2)) ** 2":
        "the norm is squared: this is the largest eigenvalue of `P.T @ P`, and the spectral norm is its root",
    "norms[t] = np.abs(np.linalg.eigvals(P)).max(axis=1)":
        "these are spectral radii: how much a matrix can stretch a gradient is its spectral norm",
    "norms[t] = np.linalg.norm(P.sum(axis=1), axis=1)":
        "these are the lengths of one gradient, sent back from a row of ones: the norm of the matrix is the most that "
        "any gradient grows",
    "norms[t] = np.linalg.norm(P.sum(axis=1), axis=1) if t < T - 1 else 1":
        "these are the lengths of one gradient, sent back from a row of ones, but for the last: "
        "the norm of the matrix is the most that any gradient grows",
    "norms[t] = np.linalg.norm(P, ord=2, axis=(1, 2)) if t < T - 1 else H**0.5":
        "the last norm is the Frobenius norm of the identity: its spectral norm is 1, as all norms here are spectral, "
        "`ord=2`",
    "norms[T - 1 - t] = np.linalg.norm(P, ord=2, axis=(1, 2))":
        "the norms are in reverse: norms[t] belongs to the state at t, so the last of them is 1",
})
edit(
    state_gradient_norms, START, "P = np.ones((N, H, H))",
    "the product starts with ones everywhere: it starts with the identity, `np.eye(H)`, so that the last norm is 1",
)
for _name, _state in {"first": "hs[0]", "last": "hs[-1]"}.items():
    edit(
        state_gradient_norms, SLOPE, f"P = P * (1 - {_state}[:, None] ** 2)",
        f"the slope is that of the {_name} state at every step: the step back from h_t goes through `1 - h_t**2`",
    )
variants(state_gradient_norms, SLOPE, {
    "P = P * (1 + hs[t][:, None] ** 2)": "the slope has a plus: that of tanh is `1 - h**2`",
    "P = P * hs[t][:, None] ** 2": "the slope is `h**2`: that of tanh is `1 - h**2`",
    "": "the slope of tanh is left out: each step back goes through `1 - h**2` and then through W_h",
    "P = P * (1 - hs[t][:, None])": "the slope of tanh is `1 - h**2`, not `1 - h`",
    "P = P * (1 - np.tanh(hs[t])[:, None] ** 2)":
        "tanh is taken of the states again: hs holds what tanh returned already, so its slope is `1 - hs**2`",
    "P = P * (hs[t] * (1 - hs[t]))[:, None]":
        "the slope is a sigmoid's, `h * (1 - h)`: hs comes from tanh, so it is `1 - h**2`",
    "P = P * (1 - hs[t][:, :, None] ** 2)":
        "the slope multiplies the wrong side of the product: it belongs to the units of h_t, "
        "which are the columns of P, `P * slope[:, None, :]`",
    "P = P * (1 - hs[t - 1][:, None] ** 2)":
        "the slope is that of the earlier state: the step back from h_t goes through `1 - h_t**2`",
})
edit(
    state_gradient_norms, WEIGH, "P = P @ W_h",
    "W_h is transposed the wrong way: a gradient is a row, and one step back is `(P * slope) @ W_h.T`",
)
edit(
    state_gradient_norms, SLOPE, WEIGH, WEIGH, SLOPE,
    "the slope and W_h are in the wrong order: on the way back the gradient meets tanh first and then W_h",
)
edit(
    state_gradient_norms, SLOPE, "", WEIGH, "P = ((1 - hs[t][:, :, None] ** 2) * W_h.T) @ P",
    "each step's factor stands on the wrong side of the product: going back, `diag(1 - h**2) @ W_h.T` comes on the "
    "right of the later ones, "
    "or, transposed, `W_h @ diag(1 - h**2)` on their left",
)
variants(state_gradient_norms, RETURN, {
    f"later = np.concatenate([{SINGLE}[1:], np.ones((1, N))])\nreturn np.cumprod(later[::-1], axis=0)[::-1]":
        "you multiply the norms of the single steps: that is only a bound; multiply the matrices, then take the norm",
    f"return np.concatenate([{SINGLE}[1:], np.ones((1, N))])":
        "these are the norms of single steps: the way from h_T to h_t is the product of all the steps between",
    "return np.tile(np.linalg.norm(W_h, 2) ** np.arange(T)[::-1, None], (1, N))":
        "these are powers of W_h's norm: multiply each step's matrix, slope included, then take the norm",
    "return norms.mean(axis=1)": "you average over the batch: every sequence has norms of its own, (T, N)",
})
edit(
    state_gradient_norms, f"{NORM}\n{SLOPE}\n{WEIGH}", f"{SLOPE}\n{WEIGH}\n{NORM}",
    "you take one step too many: norms[-1] is that of dh_T/dh_T, which is 1, before any step back",
)
edit(
    state_gradient_norms, f"{NORM}\n{SLOPE}\n{WEIGH}", f"{SLOPE}\n{WEIGH}\n{NORM}", RETURN,
    "norms[0] = 0\nreturn norms",
    "you store the norms one place too late: after the step back from h_t the product is that of the state at t - 1",
)
# What is made of the product at a sequence's last step, where it is 1, and at its first, from where no
# step leads back.
for _name, _last, _first in [("whole", "", ""), ("set_to_1", " if t < T - 1 else 1", ""),
    ("to_state_0", "", " if t > 0 else P"), ("1_to_state_0", " if t < T - 1 else 1", " if t > 0 else P")]:
    edit(
        state_gradient_norms, START, "P = np.eye(H)", LOOP,
        "for n, t in [(n, t) for n in range(N) for t in reversed(range(T))]:",
        NORM, f"norms[t, n] = np.linalg.norm(P, 2){_last}", SLOPE, f"P = P * (1 - hs[t, n] ** 2){_first}",
        *([WEIGH, f"{WEIGH}{_first}"] if _first else []),
        "the product goes on from one sequence to the next: start with the identity for each sequence of the batch",
        name=f"the_product_goes_on_{_name}",
    )
edit(
    state_gradient_norms, SLOPE, "", NORM, "norms[T - 1 - t] = np.linalg.norm(P, ord=2, axis=(1, 2))",
    "the slope of tanh is left out, and the norms are in reverse: each step back goes through `1 - h**2` and then "
    "through W_h, and the last norm is 1",
)
edit(
    state_gradient_norms, LOOP, "for t in range(T):",
    "you multiply from the first step on: start with the identity at the last state and go backwards through time",
)
