"""Of assignment 09-language, a model answer to the task that is scored by what it reaches."""

import numpy as np

from unrolled.fast import rnn_backward, rnn_forward


def train_language_model(tokens, V, seed):
    """Train a recurrent network to predict each next token of a text, within ten seconds.

    integer tokens (T,), integers V and seed
    ->  a dict of W_x (V, kH), W_h (H, kH), b (kH,), W_y (H, V), b_y (V,);
    H up to 256, k = 1 (tanh), 3 (GRU) or 4 (LSTM)
    """
    rng = np.random.default_rng(seed)
    H, T, N, updates, rate = 128, 32, 32, 900, 0.006
    shapes = {"W_x": (V, H), "W_h": (H, H), "b": (H,), "W_y": (H, V), "b_y": (V,)}
    start = lambda shape: (rng.normal(size=shape) * shape[0] ** -0.5 * (len(shape) > 1)).astype(np.float32)
    net = {name: start(shape) for name, shape in shapes.items()}
    means = {name: np.zeros_like(value) for name, value in net.items()}
    squares = {name: np.zeros_like(value) for name, value in net.items()}
    one_hot = np.eye(V, dtype=np.float32)
    h0 = np.zeros((N, H), np.float32)
    for update in range(1, updates + 1):
        pieces = tokens[rng.integers(len(tokens) - T, size=N) + np.arange(T + 1)[:, None]]
        xs, targets = one_hot[pieces[:-1]], one_hot[pieces[1:]]
        hs = rnn_forward(xs, h0, net["W_x"], net["W_h"], net["b"])
        scores = hs @ net["W_y"] + net["b_y"]
        p = np.exp(scores - scores.max(axis=-1, keepdims=True))
        dys = (p / p.sum(axis=-1, keepdims=True) - targets) / N
        _, _, dW_x, dW_h, db = rnn_backward(dys @ net["W_y"].T, xs, h0, hs, net["W_x"], net["W_h"])
        dW_y = np.tensordot(hs, dys, axes=([0, 1], [0, 1]))
        gradients = {"W_x": dW_x, "W_h": dW_h, "b": db, "W_y": dW_y, "b_y": dys.sum(axis=(0, 1))}
        falling = rate * (1.05 - update / updates)
        for name, gradient in gradients.items():
            means[name] += 0.1 * (gradient - means[name])
            squares[name] += 0.001 * (gradient**2 - squares[name])
            size = np.sqrt(squares[name] / (1 - 0.999**update)) + 1e-8
            net[name] -= (falling * means[name] / (1 - 0.9**update) / size).astype(np.float32)
    return net
