"""Known mistakes of assignment 04-vanishing-gradients: what is measured, radius and norms."""

import numpy as np

from unrolled.mistakes.edits import mistake
from unrolled.reference.vanishing_gradients import spectral_radius, state_gradient_norms


@mistake(spectral_radius, "this is the largest singular value, the spectral norm: the spectral radius is made of eigenvalues")
def spectral_norm(W):
    return np.linalg.norm(W, 2)


@mistake(spectral_radius, "this is the Frobenius norm: the spectral radius is the largest absolute value of an eigenvalue")
def frobenius_norm(W):
    return np.linalg.norm(W)


@mistake(spectral_radius, "the absolute value is missing: an eigenvalue may be negative or complex, and its distance from 0 is what counts")
def absolute_value_missing(W):
    return np.linalg.eigvals(W).max()


@mistake(spectral_radius, "this is the eigenvalue itself: the radius is its absolute value, `np.abs` of it")
def absolute_value_to_choose_alone(W):
    eigenvalues = np.linalg.eigvals(W)
    return eigenvalues[np.abs(eigenvalues).argmax()]


@mistake(spectral_radius, "this is the largest real part of an eigenvalue: take the absolute value, which counts the imaginary part and a minus sign too")
def largest_real_part(W):
    return np.linalg.eigvals(W).real.max()


@mistake(spectral_radius, "you take the real part before the absolute value: a complex eigenvalue's absolute value counts its imaginary part too")
def largest_absolute_real_part(W):
    return np.abs(np.linalg.eigvals(W).real).max()


@mistake(spectral_radius, "you take the largest before the absolute value: complex numbers are put in order by their real parts, so take absolute values first")
def absolute_value_of_the_largest(W):
    return np.abs(np.linalg.eigvals(W).max())


@mistake(spectral_radius, "this is the absolute value of the first eigenvalue: they come in no order, so take the largest")
def first_eigenvalue(W):
    return np.abs(np.linalg.eigvals(W)[0])


@mistake(spectral_radius, "this is the absolute value of the last eigenvalue in the list: they come in no order, so take the largest")
def last_eigenvalue(W):
    return np.abs(np.linalg.eigvals(W)[-1])


@mistake(spectral_radius, "these are the eigenvectors: `np.linalg.eig` returns the eigenvalues first, and `np.linalg.eigvals` those alone")
def eigenvectors(W):
    return np.abs(np.linalg.eig(W)[1]).max()


@mistake(spectral_radius, "`eigvalsh` and `eigh` are for symmetric matrices, and look at one half of W only: use `np.linalg.eigvals`")
def symmetric_solver(W):
    return np.abs(np.linalg.eigvalsh(W)).max()


@mistake(spectral_radius, "these are the eigenvalues of `W.T @ W`: take those of W itself")
def eigenvalues_of_the_gram_matrix(W):
    return np.abs(np.linalg.eigvals(W.T @ W)).max()


@mistake(spectral_radius, "this is the largest entry of W: it is the largest eigenvalue that is asked for")
def largest_entry(W):
    return np.abs(W).max()


def _iterate(W, steps):
    """The vector of length 1 that power iteration reaches before its last product, and that product."""
    v = np.ones(len(W))
    for _ in range(steps):
        last = v / np.linalg.norm(v)
        v = W @ last
    return last, v


def _power_iteration(steps):
    """The last product's length, as it is after that many steps and after one more, and the quotient."""
    sentence = "this is power iteration, which does not settle where the largest eigenvalue is one of a complex pair: use `np.linalg.eigvals`"

    @mistake(spectral_radius, sentence, f"length_after_{steps}_products")
    def length(W):
        return np.linalg.norm(_iterate(W, steps)[1])

    @mistake(spectral_radius, sentence, f"length_after_{steps + 1}_products")
    def length_after_one_more(W):
        return np.linalg.norm(_iterate(W, steps + 1)[1])

    @mistake(spectral_radius, sentence, f"quotient_after_{steps + 1}_products")
    def quotient(W):
        last, v = _iterate(W, steps + 1)
        return abs(last @ v)


for _steps in (10, 20, 50, 100, 200, 500, 1000):
    _power_iteration(_steps)


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


@mistake(state_gradient_norms, "these are Frobenius norms, but for the last: take the spectral norm, `ord=2`, at every step")
def frobenius_norms_but_for_the_last(hs, W_h):
    norms = frobenius_norms(hs, W_h)
    norms[-1] = 1
    return norms


@mistake(state_gradient_norms, "the slope of tanh is left out: each step back goes through `1 - h**2` and then through W_h")
def slope_left_out(hs, W_h):
    return _norms(hs, W_h, lambda t, P: P @ W_h.T)


@mistake(state_gradient_norms, "the slope of tanh is `1 - h**2`, not `1 - h`")
def slope_not_squared(hs, W_h):
    return _norms(hs, W_h, lambda t, P: (P * (1 - hs[t][:, None])) @ W_h.T)


@mistake(state_gradient_norms, "tanh is taken of the states again: hs holds what tanh returned already, so its slope is `1 - hs**2`")
def slope_of_the_state(hs, W_h):
    return state_gradient_norms(np.tanh(hs), W_h)


@mistake(state_gradient_norms, "the slope is a sigmoid's, `h * (1 - h)`: hs comes from tanh, so it is `1 - h**2`")
def slope_of_a_sigmoid(hs, W_h):
    return _norms(hs, W_h, lambda t, P: (P * (hs[t] * (1 - hs[t]))[:, None]) @ W_h.T)


@mistake(state_gradient_norms, "the slope multiplies the rows of P: each column of P belongs to a unit of h_t, so it is `P * slope[:, None, :]`")
def slope_on_the_rows(hs, W_h):
    return _norms(hs, W_h, lambda t, P: (P * (1 - hs[t][:, :, None] ** 2)) @ W_h.T)


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


@mistake(state_gradient_norms, "you store the norms one place too late: after the step back from h_t the product is that of the state at t - 1")
def stored_one_place_too_late(hs, W_h):
    norms = one_step_too_many(hs, W_h)
    norms[0] = 0
    return norms


@mistake(state_gradient_norms, "the product goes on from one sequence to the next: start with the identity for each sequence of the batch")
def product_never_started_anew(hs, W_h):
    T, N, H = hs.shape
    norms, P = np.empty((T, N)), np.eye(H)
    for n in range(N):
        for t in reversed(range(T)):
            norms[t, n] = np.linalg.norm(P, 2)
            P = (P * (1 - hs[t, n] ** 2)) @ W_h.T
    return norms


@mistake(state_gradient_norms, "you multiply from the first step on: start with the identity at the last state and go backwards through time")
def forwards_in_time(hs, W_h):
    return _norms(hs[::-1], W_h, lambda t, P: (P * _slopes(hs[::-1], t)) @ W_h.T)[::-1].copy()


@mistake(state_gradient_norms, "you average over the batch: every sequence has norms of its own, (T, N)")
def averaged_over_the_batch(hs, W_h):
    return state_gradient_norms(hs, W_h).mean(axis=1)
