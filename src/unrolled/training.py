"""The small training loop that the chapters share: initial parameters, minibatches, Adam.

Parameters and gradients are dicts of arrays with the same names. Everything random takes a generator, so that
a chapter's figures are the same every time it is built.
"""

import numpy as np

from unrolled.fast import rnn_backward, rnn_forward
from unrolled.reference import cross_entropy, readout


def initial_parameters(rng, D, H, O, k=1, dtype=np.float32):  # noqa: E741  O is the notation's letter
    """Parameters of a recurrent layer with k gate blocks and its readout: weights normal, scaled by fan-in; biases 0.

    ->  a dict of W_x (D, kH), W_h (H, kH), b (kH,), W_y (H, O), b_y (O,)
    """
    shapes = {"W_x": (D, k * H), "W_h": (H, k * H), "b": (k * H,), "W_y": (H, O), "b_y": (O,)}
    return {
        name: (rng.normal(size=shape) / np.sqrt(shape[0]) if len(shape) == 2 else np.zeros(shape)).astype(dtype)
        for name, shape in shapes.items()
    }


def bidirectional_parameters(rng, D, H, O, joined=2, dtype=np.float32):  # noqa: E741
    """The same for two directions: W_x (2, D, H), W_h (2, H, H), b (2, H), and W_y (joined * H, O).

    joined  2 where their states stand side by side, 1 where they are added
    """
    directions = [initial_parameters(rng, D, H, O, dtype=dtype) for _ in range(2)]
    both = {name: np.stack([direction[name] for direction in directions]) for name in ("W_x", "W_h", "b")}
    return both | _readout(rng, joined * H, O, dtype)


def stacked_parameters(rng, D, H, O, L, dtype=np.float32):  # noqa: E741
    """The same for L layers: W_in (D, H), W_up (L-1, H, H), W_h (L, H, H), b (L, H), and the readout
    of the top layer."""
    W_in = (rng.normal(size=(D, H)) / np.sqrt(D)).astype(dtype)
    W_up, W_h = ((rng.normal(size=(layers, H, H)) / np.sqrt(H)).astype(dtype) for layers in (L - 1, L))
    return {"W_in": W_in, "W_up": W_up, "W_h": W_h, "b": np.zeros((L, H), dtype)} | _readout(rng, H, O, dtype)


def _readout(rng, H, O, dtype):  # noqa: E741
    return {"W_y": (rng.normal(size=(H, O)) / np.sqrt(H)).astype(dtype), "b_y": np.zeros(O, dtype)}


def adam(parameters, betas=(0.9, 0.999), eps=1e-8):
    """Adam, as a function update(gradients, rate) that changes the arrays of parameters in place.
    Kingma & Ba 2015."""
    means = {name: np.zeros_like(value) for name, value in parameters.items()}
    squares = {name: np.zeros_like(value) for name, value in parameters.items()}
    steps = 0

    def update(gradients, rate):
        nonlocal steps
        steps += 1
        for name, gradient in gradients.items():
            means[name] += (1 - betas[0]) * (gradient - means[name])
            squares[name] += (1 - betas[1]) * (gradient**2 - squares[name])
            mean = means[name] / (1 - betas[0] ** steps)  # both averages start at 0: undo that
            square = squares[name] / (1 - betas[1] ** steps)
            parameters[name] -= (rate * mean / (np.sqrt(square) + eps)).astype(parameters[name].dtype)

    return update


def train(parameters, loss_and_gradients, batches, rate):
    """One Adam update a batch, in place; returns the losses, one a batch.

    loss_and_gradients(parameters, *batch) -> loss, gradients; rate is a number, or a function of the batch's place
    (from 0) for a rate that falls.
    """
    update = adam(parameters)
    losses = []
    for place, batch in enumerate(batches):
        loss, gradients = loss_and_gradients(parameters, *batch)
        update(gradients, rate(place) if callable(rate) else rate)
        losses.append(float(loss))
    return losses


def looked_at(batches, places, look):
    """The batches; look() is called when `train` is done with so many of them as a number in places says."""
    for done, batch in enumerate(batches, start=1):
        yield batch
        if done in places:  # asked for the next batch, so the update with this one was made
            look()


def minibatches(rng, size, steps, *arrays, axis=0):
    """`steps` tuples of `size` examples each, drawn anew from the arrays every time; examples lie along `axis`."""
    for _ in range(steps):
        chosen = rng.integers(arrays[0].shape[axis], size=size)
        yield tuple(array.take(chosen, axis=axis) for array in arrays)


def text_windows(rng, tokens, T, N, steps):
    """`steps` pairs of inputs (T, N) and targets (T, N): random pieces of tokens, each target the token
    that comes next."""
    for _ in range(steps):
        starts = rng.integers(len(tokens) - T, size=N)
        pieces = tokens[starts + np.arange(T + 1)[:, None]]
        yield pieces[:-1], pieces[1:]


def one_hot(tokens, V, dtype=np.float32):
    """Integer tokens (...) as rows of zeros with a single one (..., V)."""
    return np.eye(V, dtype=dtype)[tokens]


def next_token_loss(parameters, inputs, targets):
    """Loss of a plain recurrent network that predicts each next token, and its gradients by name.

    parameters as initial_parameters made them with D = O = V; integer inputs (T, N) and targets (T, N).
    """
    W_x, W_h, b, W_y, b_y = parameters.values()
    (V, H), (T, N) = W_x.shape, inputs.shape
    xs, h0 = one_hot(inputs, V, W_x.dtype), np.zeros((N, H), W_x.dtype)

    hs = rnn_forward(xs, h0, W_x, W_h, b)
    loss, dlogits = cross_entropy(readout(hs, W_y, b_y), targets, np.ones((T, N)))

    _, _, dW_x, dW_h, db = rnn_backward(dlogits @ W_y.T, xs, h0, hs, W_x, W_h)
    dW_y = hs.reshape(T * N, H).T @ dlogits.reshape(T * N, V)
    return loss, {"W_x": dW_x, "W_h": dW_h, "b": db, "W_y": dW_y, "b_y": dlogits.sum(axis=(0, 1))}


def next_token_bits(parameters, tokens):
    """Mean bits a token that the network needs for tokens (T,), read from the first to the last from a zero state."""
    W_x, W_h, b, W_y, b_y = parameters.values()
    inputs, targets = tokens[:-1, None], tokens[1:, None]
    hs = rnn_forward(one_hot(inputs, len(W_x), W_x.dtype), np.zeros((1, len(W_h)), W_x.dtype), W_x, W_h, b)
    loss, _ = cross_entropy(readout(hs, W_y, b_y), targets, np.ones(targets.shape))
    return float(loss) / len(targets) / np.log(2)
