"""Cells and attention, forward plus backward on one thread in float32: against PyTorch on the CPU and
the textbook way.

The three take turns in every round, and a ratio is the median over the rounds of the quotients within one round. Time
is processor time, which other work on the machine disturbs least. PyTorch's GRU is the reset-after variant.

Two networks of several plain ones follow, against PyTorch alone: both directions over sequences of different lengths,
which PyTorch packs, and three layers.
"""

import functools
import os
import subprocess
import sys
import time
from statistics import median

import numpy as np
import torch

from benchmarks import textbook
from benchmarks.report import report
from unrolled import fast, reference

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
ROUNDS = 15
LIMITS = {  # (N, T, D, H): the largest ratio to PyTorch that we allow ourselves
    (64, 100, 64, 256): 1.2,
    (64, 100, 64, 128): 1.2,
    (32, 100, 32, 64): 2.0,
    (16, 200, 8, 32): 3.0,
}


def rnn(inputs, h0, W_x, W_h, b):
    hs = fast.rnn_forward(inputs["xs"], h0, W_x, W_h, b)
    return hs, *fast.rnn_backward(inputs["dhs"], inputs["xs"], h0, hs, W_x, W_h)


def lstm(inputs, h0, W_x, W_h, b):
    hs, cs, gates = fast.lstm_forward(inputs["xs"], h0, h0, W_x, W_h, b)
    return hs, *fast.lstm_backward(inputs["dhs"], inputs["xs"], h0, h0, hs, cs, gates, W_x, W_h)


def gru(inputs, h0, W_x, W_h, b):
    hs, gates = fast.gru_forward(inputs["xs"], h0, W_x, W_h, b)
    return hs, *fast.gru_backward(inputs["dhs"], inputs["xs"], h0, hs, gates, W_x, W_h)


ATTENTION_LIMITS = {  # (N, T, U, H): the same
    (32, 128, 128, 64): 1.5,
    (64, 32, 12, 64): 1.2,
    (16, 24, 10, 32): 1.2,
}

CELLS = {"rnn": (rnn, 1), "lstm": (lstm, 4), "gru": (gru, 3)}  # and the number of blocks side by side


def draw(blocks, N, T, D, H):
    """The sequence and the gradient that arrives at it; then h0, W_x, W_h, b."""
    inputs = {"xs": normal(T, N, D), "dhs": normal(T, N, H)}
    weights = normal(D, blocks * H, fan_in=D + H), normal(H, blocks * H, fan_in=D + H), normal(blocks * H)
    return inputs, np.zeros((N, H), np.float32), *weights


def normal(*shape, fan_in=1):
    """Numbers in float32, the same for the same shape."""
    return (np.random.default_rng(shape).normal(size=shape) / np.sqrt(fan_in)).astype(np.float32)


def in_pytorch(cell, inputs, h0, W_x, W_h, b):
    """A function that runs PyTorch's cell forward and backward with the same weights and returns its states."""
    net = with_weights(getattr(torch.nn, cell.upper())(W_x.shape[0], h0.shape[1]), [(W_x, W_h, b)])
    return forward_and_backward(net, net, **inputs)


def with_weights(net, layers):
    """PyTorch's network with our weights, (W_x, W_h, b) of each layer or direction; its second bias is zero."""
    values = [value for W_x, W_h, b in layers for value in (W_x.T, W_h.T, b, 0 * b)]
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), values, strict=True):
            parameter.copy_(torch.tensor(value))
    return net


def forward_and_backward(net, call, xs, dhs):
    """A function that calls PyTorch's network, goes back from dhs to every weight and to xs, and
    returns the states."""
    xs, dhs = torch.tensor(xs, requires_grad=True), torch.tensor(dhs)

    def run():
        net.zero_grad()
        xs.grad = None
        hs, _ = call(xs)
        hs.backward(dhs)
        return hs.detach().numpy()

    return run


def bidirectional(N, T, D, H):
    """Ours and PyTorch's as functions that run forward and backward; a quarter of the steps is padding."""
    xs, dhs, lengths = normal(T, N, D), normal(T, N, 2 * H), np.linspace(T, T // 2, N, dtype=int)
    mask = (np.arange(T)[:, None] < lengths).astype(np.float32)
    W_x, W_h, b = normal(2, D, H, fan_in=D + H), normal(2, H, H, fan_in=D + H), normal(2, H)
    net = with_weights(torch.nn.RNN(D, H, bidirectional=True), zip(W_x, W_h, b, strict=True))

    def ours():
        hs = fast.bidirectional_forward(xs, mask, W_x, W_h, b)
        fast.bidirectional_backward(dhs, xs, mask, hs, W_x, W_h)
        return hs

    def packed(xs):
        states, _ = net(torch.nn.utils.rnn.pack_padded_sequence(xs, torch.tensor(lengths)))
        return torch.nn.utils.rnn.pad_packed_sequence(states)

    return ours, forward_and_backward(net, packed, xs, dhs)


def stacked(N, T, D, H, L=3):
    """The same for layers on layers; what both return is the top layer's states."""
    xs, dhs, h0s = normal(T, N, D), normal(T, N, H), np.zeros((L, N, H), np.float32)
    W_in, W_up = normal(D, H, fan_in=D + H), normal(L - 1, H, H, fan_in=2 * H)
    W_h, b = normal(L, H, H, fan_in=2 * H), normal(L, H)
    net = with_weights(torch.nn.RNN(D, H, num_layers=L), zip([W_in, *W_up], W_h, b, strict=True))

    def ours():
        hs = fast.stacked_forward(xs, h0s, W_in, W_up, W_h, b)
        fast.stacked_backward(dhs, xs, h0s, hs, W_in, W_up, W_h)
        return hs[-1]

    return ours, forward_and_backward(net, net, xs, dhs)


def seconds(run):
    start = time.process_time()
    run()
    return time.process_time() - start


def measure(cell, sizes):
    """One row of the table."""
    ours, blocks = CELLS[cell]
    given = draw(blocks, *sizes)
    in_textbook = functools.partial(textbook.run, cell, given[0]["xs"], given[0]["dhs"], given[2:])
    runs = [lambda: ours(*given), in_pytorch(cell, *given), in_textbook, lambda: in_textbook(dtype=np.float32)]
    for own, plain in zip(runs[0](), runs[2](), strict=True):
        np.testing.assert_allclose(own, plain, atol=1e-3 * np.abs(plain).max())
    if cell != "gru":
        np.testing.assert_allclose(runs[0]()[0], runs[1](), atol=1e-4)
    rounds = [[seconds(run) for run in runs] for _ in range(ROUNDS)]
    return {
        "cell": cell,
        "N, T, D, H": ", ".join(map(str, sizes)),
        "ours (ms)": 1e3 * median(own for own, *_ in rounds),
        "ours / PyTorch": median(own / pytorch for own, pytorch, *_ in rounds),
        "at most": LIMITS[sizes],
        "textbook / ours": median(plain / own for own, _, plain, _ in rounds),
        "textbook in float32 / ours": median(plain / own for own, _, _, plain in rounds),
    }


def measure_composed(network, sizes):
    """One row of the second table."""
    ours, pytorch = network(*sizes)
    np.testing.assert_allclose(ours(), pytorch(), atol=1e-3)
    rounds = [(seconds(ours), seconds(pytorch)) for _ in range(ROUNDS)]
    return {
        "network": network.__name__,
        "N, T, D, H": ", ".join(map(str, sizes)),
        "ours (ms)": 1e3 * median(own for own, _ in rounds),
        "ours / PyTorch": median(own / other for own, other in rounds),
        "at most": LIMITS[sizes],
    }


def measure_attention(sizes):
    """One row of attention's table: values as long as keys, sequences of different lengths; the plain way
    is the reference."""
    N, T, U, H = sizes
    rng = np.random.default_rng(0)
    queries, dcontexts = rng.normal(size=(2, U, N, H)).astype(np.float32)
    keys, values = rng.normal(size=(2, T, N, H)).astype(np.float32)
    mask = (np.arange(T)[:, None] < rng.integers(T // 2, T + 1, size=N)).astype(np.float32)

    def in_numpy(module):
        contexts, weights = module.attention_forward(queries, keys, values, mask)
        return contexts, *module.attention_backward(dcontexts, queries, keys, values, weights)

    given = [torch.tensor(array, requires_grad=True) for array in (queries, keys, values)]
    upstream, counts = torch.tensor(dcontexts), torch.tensor(mask.T > 0)[:, None]

    def in_torch():
        for array in given:
            array.grad = None
        batch_first = (array.transpose(0, 1) for array in given)
        contexts = torch.nn.functional.scaled_dot_product_attention(*batch_first, attn_mask=counts).transpose(0, 1)
        contexts.backward(upstream)
        return contexts.detach().numpy(), *(array.grad.numpy() for array in given)

    runs = [lambda: in_numpy(fast), in_torch, lambda: in_numpy(reference)]
    for own, torchs, plain in zip(*(run() for run in runs), strict=True):
        np.testing.assert_allclose(own, torchs, atol=1e-4)
        np.testing.assert_allclose(own, plain, atol=1e-4)
    rounds = [[seconds(run) for run in runs] for _ in range(ROUNDS)]
    return {
        "N, T, U, H": ", ".join(map(str, sizes)),
        "ours (ms)": 1e3 * median(own for own, *_ in rounds),
        "ours / PyTorch": median(own / pytorch for own, pytorch, _ in rounds),
        "at most": ATTENTION_LIMITS[sizes],
        "reference / ours": median(plain / own for own, _, plain in rounds),
    }


def main():
    """Measure in a process of its own: threads are counted when NumPy is loaded."""
    environment = os.environ | dict.fromkeys(THREADS, "1")
    subprocess.run([sys.executable, "-m", "benchmarks.recurrent"], env=environment, check=True)


if __name__ == "__main__":
    torch.set_num_threads(1)
    report("recurrent", [measure(cell, sizes) for cell in CELLS for sizes in LIMITS])
    report("composed", [measure_composed(network, sizes) for network in (bidirectional, stacked) for sizes in LIMITS])
    report("attention", [measure_attention(sizes) for sizes in ATTENTION_LIMITS])
