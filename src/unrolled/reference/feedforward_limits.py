"""The feedforward net of chapter 1, and the window that lends it a memory."""

import numpy as np


def make_windows(xs, k):
    """Each stretch of k successive inputs as one long input, oldest first, equation (window).

    xs (T, N, D), integer k from 1 to T  ->  windows (T-k+1, N, kD)
    """
    T = len(xs)
    pieces = [xs[i : T - k + 1 + i] for i in range(k)]
    windows = np.concatenate(pieces, axis=-1)
    return windows


def mlp_forward(x, W1, b1, W2, b2):
    """A net with one hidden layer, equations (mlp-hidden) and (mlp-output).

    x (N, D), W1 (D, H), b1 (H,), W2 (H, O), b2 (O,)  ->  y (N, O), hidden (N, H)
    """
    a = x @ W1 + b1
    hidden = np.tanh(a)
    y = hidden @ W2 + b2
    return y, hidden


def mlp_backward(dy, x, hidden, W1, W2):
    """Gradients of all that went in, equation (mlp-backward); tanh' = 1 - hidden^2.

    dy (N, O), x (N, D), hidden (N, H), W1 (D, H), W2 (H, O)
    ->  dx (N, D), dW1 (D, H), db1 (H,), dW2 (H, O), db2 (O,)
    """
    dW2 = hidden.T @ dy
    db2 = dy.sum(axis=0)
    dhidden = dy @ W2.T
    da = dhidden * (1 - hidden**2)
    dx = da @ W1.T
    dW1 = x.T @ da
    db1 = da.sum(axis=0)
    return dx, dW1, db1, dW2, db2


def window_parameter_count(k, D, H, O):  # noqa: E741  the notation's letter
    """How many numbers a net with one hidden layer learns when its input is a window, equation (window-parameters).

    integers k steps, D features a step, H hidden units, O outputs  ->  count ()
    """
    hidden_layer = k * D * H + H
    output_layer = H * O + O
    count = hidden_layer + output_layer
    return count


def echo_error_floor(k, delay, variance):
    """The least mean squared error any function of the window can reach on the echo task, equation (echo-floor).

    integer k inputs in the window (this step's among them), integer delay >= 0, variance of the independent inputs
    ->  floor ()
    The target at step t is x[t - delay]. Outside the window it is independent of everything inside, and the best
    guess is its mean.
    """
    return 0.0 if k > delay else float(variance)
