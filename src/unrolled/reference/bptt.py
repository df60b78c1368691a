"""Back-propagation through time, cut short and put to the test: the functions that chapter 3 adds."""

import numpy as np


def truncated_rnn_backward(dhs, xs, h0, hs, W_x, W_h, k):
    """Back-propagation through time in chunks of k steps, equation (bptt-truncated): no gradient goes back across a cut.

    The forward pass has carried the state from chunk to chunk, so hs is rnn_forward's.  Williams & Peng 1990.

    dhs (T, N, H), xs (T, N, D), h0 (N, H), hs (T, N, H), W_x (D, H), W_h (H, H), integer k >= 1
    ->  dxs (T, N, D), dh0 (N, H), dW_x (D, H), dW_h (H, H), db (H,)
    Chunks are counted from the first step; the last one is shorter where k does not divide T. dh0 is the first chunk's.
    """
    T, N, H = hs.shape
    das = 1 - hs**2
    dh = np.zeros_like(h0)
    for t in reversed(range(T)):
        if (t + 1) % k == 0:
            dh = np.zeros_like(h0)      # a chunk ends here: what comes after it is not heard
        das[t] *= dhs[t] + dh
        dh = das[t] @ W_h.T
    flat = das.reshape(T * N, H)
    h_prevs = np.concatenate([h0[None], hs[:-1]]).reshape(T * N, H)
    return das @ W_x.T, dh, xs.reshape(T * N, -1).T @ flat, h_prevs.T @ flat, flat.sum(axis=0)


def numerical_gradient(f, x, eps):
    """The gradient of a function by central differences, equation (central-difference): two calls of f for each entry of x.

    f takes an array of floats in the shape of x and returns a number; x (...), eps > 0  ->  gradient (...)
    """
    x = x * 1.0         # whole numbers cannot be moved by a little
    gradient = np.empty_like(x)
    for place in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[place] = eps
        gradient[place] = (f(x + step) - f(x - step)) / (2 * eps)
    return gradient


def relative_error(a, b):
    """How far two arrays are apart, equation (relative-error): |a - b| / (|a| + |b|), all entries under one Euclidean norm.

    a (...), b (...)  ->  error ()
    It is 0 for equal arrays, two arrays of zeros included, and never more than 1.
    """
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return np.linalg.norm(a - b) / size if size != 0 else 0.0     # not size > 0: a NaN must not pass for equal
