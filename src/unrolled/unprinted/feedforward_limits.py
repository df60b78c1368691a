"""Of assignment 01-feedforward-limits, what no page prints: what a window sees at best, and ways back through
windows and their table."""

import numpy as np

from unrolled.reference import make_windows


def linear_echo_floor(covariances, k, delay):
    """The least mean squared error of a guess at the input of delay steps ago: a weighted sum of the last k inputs.

    covariances (T,), at place j the mean of x_t x_{t-j}, of a series with mean 0; integers k >= 1, delay >= 0
    ->  floor ()
    This step's input is among the k.
    """
    lags = np.abs(np.arange(k) - np.arange(k)[:, None])
    among = covariances[lags]
    with_echo = covariances[np.abs(delay - np.arange(k))]
    weights = np.linalg.solve(among, with_echo)
    floor = covariances[0] - with_echo @ weights
    return floor


def windows_backward(dwindows, k):
    """Back through make_windows: an input lies in several windows, and the gradients of all of them add up.

    dwindows (T-k+1, N, kD), integer k  ->  dxs (T, N, D)
    """
    count, N, width = dwindows.shape
    D = width // k
    T = count + k - 1
    dxs = np.zeros((T, N, D), dwindows.dtype)
    for i in range(k):
        part = dwindows[..., i * D : (i + 1) * D]
        dxs[i : i + count] += part
    return dxs


def embedded_window_backward(dys, xs, hiddens, E, W1, W2):
    """Gradients of a net that reads windows of xs E, one table for all places: hidden = tanh(w W1 + b1),
    y = hidden W2 + b2.

    dys (T-k+1, N, O), xs (T, N, V), hiddens (T-k+1, N, H), E (V, D), W1 (kD, H), W2 (H, O)
    ->  dxs (T, N, V), dE (V, D), dW1 (kD, H), db1 (H,), dW2 (H, O), db2 (O,)
    Bengio et al. 2003.
    """
    k = len(W1) // E.shape[1]
    embedded = xs @ E
    windows = make_windows(embedded, k)
    dW2 = np.einsum("mnh,mno->ho", hiddens, dys)
    db2 = dys.sum(axis=(0, 1))
    dhiddens = dys @ W2.T
    das = dhiddens * (1 - hiddens**2)
    dW1 = np.einsum("mnw,mnh->wh", windows, das)
    db1 = das.sum(axis=(0, 1))
    dwindows = das @ W1.T
    dembedded = windows_backward(dwindows, k)
    dE = np.einsum("tnv,tnd->vd", xs, dembedded)
    dxs = dembedded @ E.T
    return dxs, dE, dW1, db1, dW2, db2
