"""Assignment 04-vanishing-gradients: a thermometer for gradients, clipping, weights that keep a scale, leaky units."""

import numpy as np

from unrolled import withheld
from unrolled.exercises.exercise import Exercise, draw_array, draw_inputs
from unrolled.reference import vanishing_gradients


def _draw_spectrum(rng, sizes):
    H = 3 + sizes["H"]
    while True:
        W = rng.normal(size=(H, H))
        if _largest_is_hidden(np.linalg.eigvals(W), right_first=sizes["case"] % 2):
            return {"W": W}


def _largest_is_hidden(eigenvalues, right_first):
    """The largest is complex, and neither of the two whose real part is most positive or most negative, of which
    one is listed first."""
    size, real = np.abs(eigenvalues), eigenvalues.real
    top, right, left = size.argmax(), real.argmax(), real.argmin()
    others_are_smaller = max(size[right], size[left]) < 0.99 * size[top]
    are_complex = eigenvalues[top].imag and eigenvalues[right].imag
    first = right if right_first else left
    return first == 0 and are_complex and -real[left] > real[right] and others_are_smaller


def _draw_states(rng, sizes):
    T, N, H = sizes["T"], sizes["N"], sizes["H"]
    T += 6 if T > 1 else 0  # long enough for the order of the factors to show
    return {"hs": np.tanh(0.7 * rng.normal(size=(T, N, H))), "W_h": 1.5 * rng.normal(size=(H, H)) / np.sqrt(H)}


def _draw_gradients(rng, sizes):
    D, H = sizes["D"], sizes["H"]
    return [3 * rng.normal(size=shape) for shape in [(D, H), (H, H), (H,)]]


def _draw_clip_by_value(rng, sizes):
    """With T = 1 there is nothing to clip, with N = 1 only below."""
    grads, limit = _draw_gradients(rng, sizes), rng.uniform(0.5, 0.9)
    if sizes["T"] == 1:
        grads = [g / 100 for g in grads]
    elif sizes["N"] == 1:
        grads = [-np.abs(g) for g in grads]
    return {"grads": grads, "limit": float(limit)}


def _draw_clip_by_norm(rng, sizes):
    """First the last gradient alone is large enough to be clipped. With N = 1 there is nearly something to clip: the
    norm is below max_norm, its square above; with T = 1 every gradient is zero."""
    grads, max_norm = _draw_gradients(rng, sizes), rng.uniform(1.5, 2.5)
    if sizes["case"] == 0:
        grads[-1] += np.copysign(3, grads[-1])
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    scale = 0 if sizes["T"] == 1 else 0.9 * max_norm / norm if sizes["N"] == 1 else 1
    return {"grads": [scale * g for g in grads], "max_norm": float(max_norm)}


def _draw_orthogonal(rng, sizes):
    """Tall matrices, then a square one and a wide one."""
    short, long = sorted(3 + np.array([sizes["H"], sizes["V"]]))
    shape = (short, long) if sizes["T"] == 1 else (long, long) if sizes["N"] == 1 else (long, short)
    while True:
        A = rng.normal(size=(max(shape), min(shape)))
        if _signs_tell(A):
            break
    return {"shape": tuple(map(int, shape)), "gain": float(rng.uniform(1.2, 2)), "A": A}


def _signs_tell(A):
    """Whether the diagonal of NumPy's triangle has some of A's signs and some others, and differs so from the sums of
    its columns too."""
    R = np.linalg.qr(A).R
    agree, summed = (R.diagonal() * other > 0 for other in (A.diagonal(), R.sum(axis=0)))
    return agree.any() and not (agree.all() or summed.all())


def _draw_identity(rng, sizes):
    return {"H": sizes["H"], "gain": float(rng.uniform(0.3, 0.9))}


def _draw_leaky(rng, sizes):
    """Shares away from a half, where old and new count alike; steps enough that a way back which is cut shows."""
    T = sizes["T"] + 6 if sizes["T"] > 1 else 1
    z = rng.choice([0.3, 0.75], size=sizes["H"]) + rng.uniform(-0.15, 0.15, size=sizes["H"])
    return draw_inputs(rng, sizes | {"T": T}, withheld.leaky_rnn_forward, {"z": z})


def _draw_leaky_backward(rng, sizes):
    inputs = _draw_leaky(rng, sizes)
    hs = withheld.leaky_rnn_forward(**inputs)
    return inputs | {"hs": hs, "dhs": draw_array(rng, "dhs", hs.shape)}


def _draw_penalty(rng, sizes):
    """Matrices of every shape, whose columns are neither short nor long throughout."""
    m, n = _draw_orthogonal(rng, sizes)["shape"]
    return {"W": 1.2 * rng.normal(size=(m, n)) / np.sqrt(m)}


EXERCISES = (
    Exercise(vanishing_gradients.state_gradient_norms, _draw_states),
    # PyTorch adds 1e-6 to the norm that it divides by: as right as this
    Exercise(vanishing_gradients.clip_by_global_norm, _draw_clip_by_norm, rtol=1e-5, may_alias=True),
    Exercise(vanishing_gradients.orthogonal_init, _draw_orthogonal),
    Exercise.unprinted("leaky_rnn_forward", _draw_leaky),
    Exercise.unprinted("leaky_rnn_backward", _draw_leaky_backward),
    Exercise.unprinted("orthogonality_penalty", _draw_penalty),
)

RETIRED = (
    Exercise(vanishing_gradients.spectral_radius, _draw_spectrum),
    Exercise(vanishing_gradients.clip_by_value, _draw_clip_by_value, may_alias=True),
    Exercise(vanishing_gradients.identity_init, _draw_identity),
)
