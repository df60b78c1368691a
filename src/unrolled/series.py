"""What chapter 9 forecasts with: a series in windows, a network that reads it, one step ahead and in a closed loop.

A series is standardised and of float32 here; the caller brings forecasts back to the old units. A cell
is one of `cells`.
"""

import numpy as np

from unrolled.cells import every_state_loss
from unrolled.reference import readout
from unrolled.training import train


def series_windows(rng, series, updates, T=44, N=32):
    """`updates` pairs of inputs (T, N, 1) and targets (T, N, 1): random windows of series (n,), each target the
    value that comes next."""
    windows = np.lib.stride_tricks.sliding_window_view(series.astype(np.float32), T + 1)
    for _ in range(updates):
        pieces = windows[rng.integers(len(windows), size=N)].T[..., None]
        yield pieces[:-1], pieces[1:]


def learn_series(cell, parameters, batches, rate):
    """Train in place on such pairs, gradients clipped to norm 1; returns the losses."""
    return train(parameters, every_state_loss(cell, max_norm=1), batches, rate)


def one_step(cell, parameters, series):
    """Forecasts (n,) of every value of series (n,) from those before it; the first is what is read out
    of a zero state."""
    xs = series.astype(np.float32)[:, None, None]
    hs, _ = cell(parameters, xs)
    ys = readout(hs, parameters["W_y"], parameters["b_y"])[:, 0, 0]
    return np.concatenate([parameters["b_y"], ys[:-1]])


def closed_loop(cell, parameters, pasts, horizon):
    """Forecasts (horizon, N) after each of N pasts (T, N), where every forecast is read as if it were a value."""
    xs = pasts.astype(np.float32)[..., None]
    for _ in range(horizon):
        hs, _ = cell(parameters, xs)
        xs = np.concatenate([xs, readout(hs[-1:], parameters["W_y"], parameters["b_y"])])
    return xs[len(pasts) :, :, 0]


def pasts_at(series, origins, T):
    """The T values (T, N) before each of N origins, which are places in series (n,)."""
    return np.stack([series[origin - T : origin] for origin in origins], axis=1)


def rmse(errors, axis=None):
    """The root of the mean squared error."""
    return np.sqrt(np.mean(np.square(errors), axis=axis))
