"""Back-propagation through time, cut short and put to the test: the functions that chapter 3 adds."""

import numpy as np

from unrolled.reference.rnn import rnn_step_backward


def truncated_rnn_backward(dhs, xs, h0, hs, W_x, W_h, k):
    """Back-propagation through time in chunks of k steps, equation (bptt-truncated): no gradient goes
    back across a cut.

    The forward pass has carried the state from chunk to chunk, so hs is rnn_forward's.  Williams & Peng 1990.

    dhs (T, N, H), xs (T, N, D), h0 (N, H), hs (T, N, H), W_x (D, H), W_h (H, H), integer k >= 1
    ->  dxs (T, N, D), dh0 (N, H), dW_x (D, H), dW_h (H, H), db (H,)
    Chunks are counted from the first step; the last one is shorter where k does not divide T. dh0 is
    the first chunk's.
    """
    dh = np.zeros_like(h0)
    dxs = []
    dW_x = np.zeros_like(W_x)
    dW_h = np.zeros_like(W_h)
    db = np.zeros_like(W_h[0])
    for t in reversed(range(len(xs))):
        h_prev = hs[t - 1] if t > 0 else h0
        if (t + 1) % k == 0:
            dh = np.zeros_like(dh)      # a chunk ends here: no gradient comes from after it
        dh = dh + dhs[t]        # from the step after, and from this step's output
        dx, dh, dW_x_t, dW_h_t, db_t = rnn_step_backward(dh, xs[t], h_prev, hs[t], W_x, W_h)
        dxs.insert(0, dx)
        dW_x = dW_x + dW_x_t
        dW_h = dW_h + dW_h_t
        db = db + db_t
    return np.stack(dxs), dh, dW_x, dW_h, db


def numerical_gradient(f, theta, eps):
    """The gradient of a function by central differences, equation (central-difference): two calls of f for
    each entry of x.

    f takes an array of floats in the shape of theta and returns a number; theta (...) of floats, eps > 0
    ->  gradient (...)
    """
    theta = theta * 1.0     # whole numbers cannot be moved by a little
    gradient = np.empty_like(theta)
    for place in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[place] = eps
        gain = f(theta + step) - f(theta - step)
        gradient[place] = gain / (2 * eps)
    return gradient


def relative_error(first, second):
    """How far two arrays are apart, equation (relative-error): the norm of their difference, divided by the
    sum of their norms.

    first (...), second (...)  ->  error ()
    A norm is the Euclidean one of all entries. The error is 0 for equal arrays, two arrays of zeros included, and
    never more than 1, however small they are.
    """
    gap = np.linalg.norm(first - second)
    size = np.linalg.norm(first) + np.linalg.norm(second)
    error = gap / size if size != 0 else 0.0    # not size > 0: a NaN must not pass for equal
    return error
