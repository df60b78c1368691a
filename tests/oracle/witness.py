"""Compute the vectors with a live PyTorch: `python -m tests.oracle.witness` compares, `--write` renews them.

A witness is a function of (rng, sizes) that returns inputs and PyTorch's results by the notation's names.
"""

import sys

import numpy as np
import torch

from tests.oracle import VECTORS, load_cases
from tests.reference.drawing import draw_layer, draw_mask

SIZES = [  # T, N, D, H, V: odd ones, ones, and D both above and below H
    dict(T=5, N=3, D=4, H=6, V=7),
    dict(T=1, N=2, D=5, H=3, V=2),
    dict(T=4, N=1, D=1, H=7, V=3),
    dict(T=7, N=2, D=6, H=1, V=5),
]


def tensor(array):
    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


def numpy(tensors):
    return {name: t.detach().numpy() for name, t in tensors.items()}


def draw(rng, T, N, D, H, blocks=1, states=("h0",)):
    """A layer with its inputs, and the gradient that arrives at its states."""
    return draw_layer(rng, T, N, D, H, blocks, states, scale=1) | {"dhs": rng.normal(size=(T, N, H))}


def with_weights(net, arrays, second_bias=None):
    """PyTorch's layer in float64 with our weights, its second bias zero unless it is given."""
    second_bias = np.zeros_like(arrays["b"]) if second_bias is None else second_bias
    values = arrays["W_x"].T, arrays["W_h"].T, arrays["b"], second_bias
    with torch.no_grad():
        for parameter, value in zip(net.double().parameters(), values, strict=True):
            parameter.copy_(torch.tensor(value))
    return net


def weight_gradients(net):
    """The gradients of a layer's weights by our names, in our layout."""
    return {"dW_x": net.weight_ih_l0.grad.T, "dW_h": net.weight_hh_l0.grad.T, "db": net.bias_ih_l0.grad}


def with_layers(net, W_x, W_h, b):
    """A network of several layers or directions in float64 with our weights: PyTorch keeps four parameters of each."""
    parameters = iter(net.double().parameters())
    with torch.no_grad():
        for W_x_layer, W_h_layer, b_layer in zip(W_x, W_h, b, strict=True):
            for value in (W_x_layer.T, W_h_layer.T, b_layer, 0 * b_layer):
                next(parameters).copy_(torch.tensor(value))
    return net


def layer_gradients(net):
    """The gradients of such a network, a list each for W_x, W_h and b, in our layout."""
    gradients = [parameter.grad for parameter in net.parameters()]
    return [g.T for g in gradients[::4]], [g.T for g in gradients[1::4]], gradients[2::4]


def rnn(rng, T, N, D, H, V, k=None, nonlinearity="tanh"):
    """torch.nn.RNN with its two biases folded into one; where k is given, the state is detached
    after every k steps."""
    arrays = draw(rng, T, N, D, H)
    net = with_weights(torch.nn.RNN(D, H, nonlinearity=nonlinearity), arrays)
    xs, h0 = tensor(arrays["xs"]), tensor(arrays["h0"])
    parts, h = [], h0[None]
    for chunk in xs.split(k or T):
        part, h = net(chunk, h)
        parts.append(part)
        h = h.detach()
    hs = torch.cat(parts)
    hs.backward(torch.tensor(arrays["dhs"]))
    return {**arrays, **numpy({"hs": hs, "dxs": xs.grad, "dh0": h0.grad, **weight_gradients(net)})}


def truncated_rnn(rng, T, N, D, H, V):
    """The same in chunks of two steps."""
    return {"k": np.array(2), **rnn(rng, T, N, D, H, V, k=2)}


def windowed_rnn(rng, T, N, D, H, V):
    """Gradients of a recurrent network with weights of their own at each step: by autograd, by each loss, then
    added by windows."""
    arrays = draw(rng, T, N, D, H)
    xs, h0 = tensor(arrays["xs"]), tensor(arrays["h0"])
    copies = [{name: tensor(arrays[name]) for name in ("W_x", "W_h", "b")} for _ in range(T)]
    hs = []
    for x, own in zip(xs, copies, strict=True):
        h = hs[-1] if hs else h0
        hs.append(torch.tanh(x @ own["W_x"] + h @ own["W_h"] + own["b"]))
    k1, k2 = 2, 3
    by_distance = np.zeros((T, H, H))
    sums = {"dxs": np.zeros((T, N, D)), "dh0": np.zeros((N, H)), "dW_x": 0, "dW_h": 0, "db": 0}
    for s, dh in enumerate(torch.tensor(arrays["dhs"])):
        used = [value for own in copies[: s + 1] for value in own.values()]
        *weights, dxs, dh0 = torch.autograd.grad(hs[s], [*used, xs, h0], dh, retain_graph=True)
        first = max(min((s // k1 + 1) * k1, T) - k2, 0)
        for t in range(s + 1):
            dW_x, dW_h, db = (gradient.numpy() for gradient in weights[3 * t : 3 * t + 3])
            by_distance[s - t] += dW_h
            if t >= first:
                for name, value in {"dW_x": dW_x, "dW_h": dW_h, "db": db}.items():
                    sums[name] = sums[name] + value
                sums["dxs"][t] += dxs[t].numpy()
        sums["dh0"] += dh0.numpy() * (first == 0)
    return {**arrays, **numpy({"hs": torch.stack(hs)}), "k1": np.array(k1), "k2": np.array(k2), **sums, "dW_hs": by_distance}


def cross_entropy(rng, T, N, D, H, V):
    """torch.nn.functional.cross_entropy, masked, summed over time, averaged over the batch; one row
    has scores of 1e4."""
    arrays = {
        "logits": rng.normal(size=(T, N, V)), "targets": rng.integers(V, size=(T, N)),
        "mask": (rng.random((T, N)) < 0.8).astype(float),
    }
    arrays["logits"][0, 0] *= 1e4
    logits = tensor(arrays["logits"])
    losses = torch.nn.functional.cross_entropy(
        logits.reshape(T * N, V), torch.tensor(arrays["targets"]).reshape(-1), reduction="none"
    )
    loss = (losses.reshape(T, N) * torch.tensor(arrays["mask"])).sum() / N
    loss.backward()
    return {**arrays, **numpy({"loss": loss, "dlogits": logits.grad})}


def smoothed_cross_entropy(rng, T, N, D, H, V):
    """torch.nn.functional.cross_entropy with label_smoothing, a mean over each sequence's own steps,
    then over the batch."""
    arrays = {"logits": rng.normal(size=(T, N, V)), "targets": rng.integers(V, size=(T, N)), "smoothing": np.array(rng.uniform(0.1, 0.4))}
    lengths = rng.integers(1, T + 1, size=N)
    arrays["mask"] = (np.arange(T)[:, None] < lengths).astype(float)
    logits = tensor(arrays["logits"])
    losses = [
        torch.nn.functional.cross_entropy(
            logits[:length, n], torch.tensor(arrays["targets"][:length, n]), label_smoothing=float(arrays["smoothing"])
        )
        for n, length in enumerate(lengths)
    ]
    loss = sum(losses) / N
    loss.backward()
    return {**arrays, **numpy({"loss": loss, "dlogits": logits.grad})}


def readout(rng, T, N, D, H, V):
    """torch.nn.Linear on every step's state."""
    arrays = {
        "hs": rng.normal(size=(T, N, H)), "W_y": rng.normal(size=(H, V)), "b_y": rng.normal(size=V),
        "dys": rng.normal(size=(T, N, V)),
    }
    layer = torch.nn.Linear(H, V).double()
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(arrays["W_y"].T))
        layer.bias.copy_(torch.tensor(arrays["b_y"]))
    hs = tensor(arrays["hs"])
    layer(hs).backward(torch.tensor(arrays["dys"]))
    return {**arrays, **numpy({"dhs": hs.grad, "dW_y": layer.weight.grad.T, "db_y": layer.bias.grad})}


def jordan(rng, T, N, D, H, V):
    """A loop over torch.nn.functional.linear in which each step reads the last output; V stands for the outputs."""
    shapes = {"xs": (T, N, D), "y0": (N, V), "W_x": (D, H), "W_o": (V, H), "b": (H,), "W_y": (H, V), "b_y": (V,), "dys": (T, N, V)}
    arrays = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    *given, dys = (tensor(array) for array in arrays.values())
    xs, y, W_x, W_o, b, W_y, b_y = given
    ys = []
    for x in xs:
        h = torch.tanh(torch.nn.functional.linear(torch.cat([x, y], dim=1), torch.cat([W_x, W_o]).T, b))
        y = torch.nn.functional.linear(h, W_y.T, b_y)
        ys.append(y)
    torch.stack(ys).backward(dys.detach())
    gradients = {f"d{name}": value.grad for name, value in zip(list(shapes)[:-1], given, strict=True)}
    return {**arrays, **numpy({"ys": torch.stack(ys), **gradients})}


def mlp(rng, T, N, D, H, V):
    """Two torch.nn.Linear with tanh between them; V stands for the outputs."""
    arrays = {
        "x": rng.normal(size=(N, D)), "W1": rng.normal(size=(D, H)), "b1": rng.normal(size=H),
        "W2": rng.normal(size=(H, V)), "b2": rng.normal(size=V), "dy": rng.normal(size=(N, V)),
    }
    first, second = torch.nn.Linear(D, H).double(), torch.nn.Linear(H, V).double()
    with torch.no_grad():
        for layer, W, b in [(first, arrays["W1"], arrays["b1"]), (second, arrays["W2"], arrays["b2"])]:
            layer.weight.copy_(torch.tensor(W.T))
            layer.bias.copy_(torch.tensor(b))
    x = tensor(arrays["x"])
    y = second(torch.tanh(first(x)))
    y.backward(torch.tensor(arrays["dy"]))
    results = {
        "y": y, "dx": x.grad, "dW1": first.weight.grad.T, "db1": first.bias.grad,
        "dW2": second.weight.grad.T, "db2": second.bias.grad,
    }
    return {**arrays, **numpy(results)}


def embedded_window(rng, T, N, D, H, V):
    """A torch.nn.functional.linear as the table, Tensor.unfold for windows of two steps, and two more; V stands
    for the outputs."""
    k, K = 2, 3
    shapes = {"xs": (T + 1, N, D), "E": (D, K), "W1": (k * K, H), "b1": (H,), "W2": (H, V), "b2": (V,), "dys": (T, N, V)}
    arrays = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    xs, E, W1, b1, W2, b2 = (tensor(arrays[name]) for name in list(shapes)[:-1])
    windows = torch.nn.functional.linear(xs, E.T).unfold(0, k, 1).transpose(2, 3).flatten(2)
    ys = torch.nn.functional.linear(torch.tanh(torch.nn.functional.linear(windows, W1.T, b1)), W2.T, b2)
    ys.backward(torch.tensor(arrays["dys"]))
    gradients = {f"d{name}": value.grad for name, value in zip(list(shapes)[:-1], (xs, E, W1, b1, W2, b2), strict=True)}
    return {**arrays, "k": np.array(k), **numpy({"ys": ys, **gradients})}


def lstm(rng, T, N, D, H, V):
    """torch.nn.LSTM with its two biases folded into one; the loss hears every state and not the last cell state."""
    arrays = draw(rng, T, N, D, H, blocks=4, states=("h0", "c0"))
    net = with_weights(torch.nn.LSTM(D, H), arrays)
    xs, h0, c0 = tensor(arrays["xs"]), tensor(arrays["h0"]), tensor(arrays["c0"])
    hs, (_, cs_last) = net(xs, (h0[None], c0[None]))
    hs.backward(torch.tensor(arrays["dhs"]))
    results = {"hs": hs, "cs_last": cs_last[0], "dxs": xs.grad, "dh0": h0.grad, "dc0": c0.grad, **weight_gradients(net)}
    return {**arrays, **numpy(results)}


def _step(rng, states, blocks, N, D, H, **shapes):
    """One step's inputs and weights, some more of given shapes, and gradients that arrive at its states."""
    before = {f"{state}_prev": (N, H) for state in states}
    weights = {"W_x": (D, blocks * H), "W_h": (H, blocks * H), "b": (blocks * H,)}
    shapes = {"x": (N, D), **before, **weights, **shapes}
    arrays = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    return arrays, {f"d{state}": rng.normal(size=(N, H)) for state in states}


def _through_step(step, given, arriving):
    """A step's results, and by autograd the gradients of all that it was given."""
    tensors = {name: tensor(array) for name, array in given.items()}
    made = step(**tensors)
    states = [made[name.removeprefix("d")] for name in arriving]
    torch.autograd.backward(states, [torch.tensor(gradient) for gradient in arriving.values()])
    return {**given, **arriving, **numpy(made), **numpy({f"d{name}": one.grad for name, one in tensors.items()})}


def peephole_lstm_step(rng, T, N, D, H, V):
    """One step of an LSTM whose gates see the cell."""

    def step(x, h_prev, c_prev, W_x, W_h, b, p):
        linear = torch.nn.functional.linear
        i, f, g, o = (linear(x, W_x.T, b) + linear(h_prev, W_h.T)).split(H, dim=1)
        P = p.split(H)
        i, f, g = torch.sigmoid(i + P[0] * c_prev), torch.sigmoid(f + P[1] * c_prev), torch.tanh(g)
        c = torch.addcmul(f * c_prev, i, g)
        o = torch.sigmoid(torch.addcmul(o, P[2], c))
        return {"h": o * torch.tanh(c), "c": c, "gates": torch.cat([i, f, g, o], dim=1)}

    return _through_step(step, *_step(rng, "hc", 4, N, D, H, p=(3 * H,)))


def coupled_lstm_step(rng, T, N, D, H, V):
    """One step of an LSTM whose input gate is what its forget gate leaves."""

    def step(x, h_prev, c_prev, W_x, W_h, b):
        linear = torch.nn.functional.linear
        f, g, o = (linear(x, W_x.T, b) + linear(h_prev, W_h.T)).split(H, dim=1)
        f, g, o = torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
        c = torch.lerp(g, c_prev, f)
        return {"h": o * torch.tanh(c), "c": c, "gates": torch.cat([f, g, o], dim=1)}

    return _through_step(step, *_step(rng, "hc", 3, N, D, H))


def gru(rng, T, N, D, H, V):
    """The course's GRU, reset before the product, written in PyTorch; its autograd gives the gradients."""
    arrays = draw(rng, T, N, D, H, blocks=3)
    xs, h0, W_x, W_h, b = (tensor(arrays[name]) for name in ["xs", "h0", "W_x", "W_h", "b"])
    W_hr, W_hz, W_hn = W_h.split(H, dim=1)
    h, hs = h0, []
    for x in xs:
        x_r, x_z, x_n = (x @ W_x + b).split(H, dim=1)
        r, z = torch.sigmoid(x_r + h @ W_hr), torch.sigmoid(x_z + h @ W_hz)
        n = torch.tanh(x_n + (r * h) @ W_hn)
        h = z * h + (1 - z) * n
        hs.append(h)
    hs = torch.stack(hs)
    hs.backward(torch.tensor(arrays["dhs"]))
    results = {"hs": hs, "dxs": xs.grad, "dh0": h0.grad, "dW_x": W_x.grad, "dW_h": W_h.grad, "db": b.grad}
    return {**arrays, **numpy(results)}


def gru_reset_after(rng, T, N, D, H, V):
    """torch.nn.GRU; of its two biases, r and z need the sum alone, n needs b_hn apart."""
    arrays = draw_layer(rng, T, N, D, H, blocks=3, scale=1) | {"b_hn": rng.normal(size=H)}
    net = with_weights(torch.nn.GRU(D, H), arrays, np.concatenate([np.zeros(2 * H), arrays["b_hn"]]))
    hs, _ = net(torch.tensor(arrays["xs"]), torch.tensor(arrays["h0"])[None])
    return {**arrays, **numpy({"hs": hs})}


def gru_reset_after_step(rng, T, N, D, H, V):
    """torch.nn.GRUCell, and by its autograd the way back; of its two biases, r and z need the sum alone."""
    arrays, arriving = _step(rng, "h", 3, N, D, H, b_hn=(H,))
    cell = torch.nn.GRUCell(D, H)
    second_bias = np.concatenate([np.zeros(2 * H), arrays["b_hn"]])
    with_weights(cell, arrays, second_bias)
    x, h_prev = tensor(arrays["x"]), tensor(arrays["h_prev"])
    h = cell(x, h_prev)
    h.backward(torch.tensor(arriving["dh"]))
    gradients = {
        "dx": x.grad, "dh_prev": h_prev.grad, "dW_x": cell.weight_ih.grad.T, "dW_h": cell.weight_hh.grad.T,
        "db": cell.bias_ih.grad, "db_hn": cell.bias_hh.grad[2 * H :],
    }
    return {**arrays, **arriving, **numpy({"h": h, **gradients})}


def mgu_step(rng, T, N, D, H, V):
    """One step of a minimal gated unit."""

    def step(x, h_prev, W_x, W_h, b):
        x_f, x_n = torch.nn.functional.linear(x, W_x.T, b).split(H, dim=1)
        f = torch.sigmoid(torch.addmm(x_f, h_prev, W_h[:, :H]))
        n = torch.tanh(torch.addmm(x_n, torch.mul(f, h_prev), W_h[:, H:]))
        return {"h": torch.lerp(h_prev, n, f), "gates": torch.cat([f, n], dim=1)}

    return _through_step(step, *_step(rng, "h", 2, N, D, H))


def attention(rng, T, N, D, H, V):
    """torch's scaled_dot_product_attention, with V queries, values of D numbers, and a mask of padded steps."""
    shapes = {"queries": (V, N, H), "keys": (T, N, H), "values": (T, N, D)}
    arrays = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    arrays |= {"mask": draw_mask(rng, T, N), "dcontexts": rng.normal(size=(V, N, D))}
    given = {name: tensor(arrays[name]) for name in shapes}
    counts = torch.tensor(arrays["mask"].T > 0)[:, None]        # a row for each query
    batch_first = (one.transpose(0, 1) for one in given.values())
    contexts = torch.nn.functional.scaled_dot_product_attention(*batch_first, attn_mask=counts).transpose(0, 1)
    contexts.backward(torch.tensor(arrays["dcontexts"]))
    return {**arrays, **numpy({"contexts": contexts} | {f"d{name}": one.grad for name, one in given.items()})}


def additive_attention(rng, T, N, D, H, V):
    """Scores of a net with H + 1 hidden units; V queries of H numbers, keys and values of D; autograd
    gives the gradients."""
    shapes = {"queries": (V, N, H), "keys": (T, N, D), "values": (T, N, D), "W_q": (H, H + 1), "W_k": (D, H + 1), "w": (H + 1,)}
    arrays = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    fixed = {"mask": draw_mask(rng, T, N), "dcontexts": rng.normal(size=(V, N, D))}
    given = {name: tensor(array) for name, array in arrays.items()}
    queries, keys, values, W_q, W_k, w = given.values()
    linear = torch.nn.functional.linear
    hidden = torch.tanh(linear(queries, W_q.T)[:, None] + linear(keys, W_k.T))
    scores = linear(hidden, w[None])[..., 0].masked_fill(torch.tensor(fixed["mask"] == 0), -torch.inf)
    contexts = (torch.softmax(scores, dim=1)[..., None] * values).sum(dim=1)
    contexts.backward(torch.tensor(fixed["dcontexts"]))
    return {**arrays, **fixed, **numpy({"contexts": contexts} | {f"d{name}": one.grad for name, one in given.items()})}


def rwa(rng, T, N, D, H, V):
    """The weighted average by its definition, softmax over all scores so far at each step; autograd
    gives the gradients."""
    shapes = {"xs": (T, N, D), "h0": (N, H), "W_x": (D, 3 * H), "W_h": (H, 2 * H), "b": (2 * H,)}
    arrays = {name: rng.normal(size=shape) for name, shape in shapes.items()} | {"dhs": rng.normal(size=(T, N, H))}
    given = {name: tensor(arrays[name]) for name in shapes}
    xs, h, W_x, W_h, b = given.values()
    values, scores, hs = [], [], []
    for x in xs:
        x_v, x_g, x_s = (x @ W_x).split(H, dim=1)
        h_g, h_s = (h @ W_h).split(H, dim=1)
        values.append((x_v + b[:H]) * torch.tanh(x_g + h_g + b[H:]))
        scores.append(x_s + h_s)
        h = torch.tanh((torch.softmax(torch.stack(scores), dim=0) * torch.stack(values)).sum(dim=0))
        hs.append(h)
    hs = torch.stack(hs)
    hs.backward(torch.tensor(arrays["dhs"]))
    return {**arrays, **numpy({"hs": hs} | {f"d{name}": one.grad for name, one in given.items()})}


def relu_rnn(rng, T, N, D, H, V):
    """torch.nn.RNN with max(0, a) in the place of tanh."""
    return rnn(rng, T, N, D, H, V, nonlinearity="relu")


def draw_padded(rng, T, N, D):
    """Sequences with their lengths and their mask; PyTorch pads to the longest, so one has all T steps."""
    lengths = rng.integers(1, T + 1, size=N)
    lengths[-1] = T
    return {"xs": rng.normal(size=(T, N, D)), "mask": (np.arange(T)[:, None] < lengths).astype(float)}, torch.tensor(lengths)


def run_packed(net, xs, lengths):
    """The states of a network over packed sequences; what PyTorch pads with is zero."""
    packed = torch.nn.utils.rnn.pack_padded_sequence(xs, lengths, enforce_sorted=False)
    return torch.nn.utils.rnn.pad_packed_sequence(net(packed)[0])[0]


def bidirectional_rnn(rng, T, N, D, H, V):
    """torch.nn.RNN in both directions over packed sequences of different lengths."""
    arrays, lengths = draw_padded(rng, T, N, D)
    shapes = {"W_x": (2, D, H), "W_h": (2, H, H), "b": (2, H), "dhs": (T, N, 2 * H)}
    arrays |= {name: rng.normal(size=shape) for name, shape in shapes.items()}
    net = with_layers(torch.nn.RNN(D, H, bidirectional=True), *(arrays[name] for name in ["W_x", "W_h", "b"]))
    xs = tensor(arrays["xs"])
    hs = run_packed(net, xs, lengths)
    hs.backward(torch.tensor(arrays["dhs"]))
    dW_x, dW_h, db = layer_gradients(net)
    results = {"hs": hs, "dxs": xs.grad, "dW_x": torch.stack(dW_x), "dW_h": torch.stack(dW_h), "db": torch.stack(db)}
    return {**arrays, **numpy(results)}


def deep_bidirectional_rnn(rng, T, N, D, H, V, L=3):
    """The same with three layers, of which PyTorch shows the top one's states."""
    arrays, lengths = draw_padded(rng, T, N, D)
    shapes = {"W_in": (2, D, H), "W_up": (L - 1, 2, 2 * H, H), "W_h": (L, 2, H, H), "b": (L, 2, H)}
    arrays |= {name: rng.normal(size=shape) for name, shape in shapes.items()}
    W_x = [*arrays["W_in"], *arrays["W_up"].reshape(-1, 2 * H, H)]
    net = torch.nn.RNN(D, H, num_layers=L, bidirectional=True)
    with_layers(net, W_x, arrays["W_h"].reshape(-1, H, H), arrays["b"].reshape(-1, H))
    return {**arrays, **numpy({"top": run_packed(net, tensor(arrays["xs"]), lengths)})}


def draw_stack(rng, T, N, D, H, L):
    """Layers with their input, and the gradient that arrives at the top one."""
    shapes = {
        "xs": (T, N, D), "h0s": (L, N, H), "dhs": (T, N, H),
        "W_in": (D, H), "W_up": (L - 1, H, H), "W_h": (L, H, H), "b": (L, H),
    }
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def stacked_rnn(rng, T, N, D, H, V):
    """torch.nn.RNN of three layers, once of one; it returns the top layer's states and every layer's last."""
    L = 1 if T == 1 else 3
    arrays = draw_stack(rng, T, N, D, H, L)
    net = with_layers(torch.nn.RNN(D, H, num_layers=L), [arrays["W_in"], *arrays["W_up"]], arrays["W_h"], arrays["b"])
    xs, h0s = tensor(arrays["xs"]), tensor(arrays["h0s"])
    top, last = net(xs, h0s)
    top.backward(torch.tensor(arrays["dhs"]))
    (dW_in, *dW_up), dW_h, db = layer_gradients(net)
    results = {
        "top": top, "last": last, "dxs": xs.grad, "dh0s": h0s.grad, "dW_in": dW_in,
        "dW_up": torch.stack(dW_up) if dW_up else torch.zeros(0, H, H), "dW_h": torch.stack(dW_h), "db": torch.stack(db),
    }
    return {**arrays, **numpy(results)}


def stacked_dropout_rnn(rng, T, N, D, H, V, L=3):
    """Three torch.nn.RNN on each other, with a given mask between two of them."""
    arrays = draw_stack(rng, T, N, D, H, L) | {"masks": (rng.random((L - 1, T, N, H)) < 0.75) / 0.75}
    weights = zip([arrays["W_in"], *arrays["W_up"]], arrays["W_h"], arrays["b"], strict=True)
    nets = [with_layers(torch.nn.RNN(len(W_x), H), [W_x], [W_h], [b]) for W_x, W_h, b in weights]
    xs, h0s = tensor(arrays["xs"]), tensor(arrays["h0s"])
    hs = [nets[0](xs, h0s[:1])[0]]
    for i in range(1, L):
        hs.append(nets[i](torch.tensor(arrays["masks"][i - 1]) * hs[-1], h0s[i : i + 1])[0])
    hs[-1].backward(torch.tensor(arrays["dhs"]))
    (dW_in, *dW_up), dW_h, db = (sum(parts, []) for parts in zip(*map(layer_gradients, nets), strict=True))
    results = {
        "hs": torch.stack(hs), "dxs": xs.grad, "dh0s": h0s.grad, "dW_in": dW_in,
        "dW_up": torch.stack(dW_up), "dW_h": torch.stack(dW_h), "db": torch.stack(db),
    }
    return {**arrays, **numpy(results)}


def state_gradient_norms(rng, T, N, D, H, V):
    """Spectral norms of the Jacobians that autograd finds from each state to the last."""
    inputs, W_h = rng.normal(size=(T, N, H)), rng.normal(size=(H, H))

    def run_on(h, t):
        for x in torch.tensor(inputs[t + 1 :]):
            h = torch.tanh(x + h @ torch.tensor(W_h))
        return h

    hs = [torch.tanh(torch.tensor(inputs[0]))]
    for x in torch.tensor(inputs[1:]):
        hs.append(torch.tanh(x + hs[-1] @ torch.tensor(W_h)))
    norms = torch.empty(T, N, dtype=torch.float64)
    for t in range(T):
        J = torch.autograd.functional.jacobian(lambda h: run_on(h, t), hs[t])  # noqa: B023  used at once
        for n in range(N):
            norms[t, n] = torch.linalg.matrix_norm(J[n, :, n, :], ord=2)
    return {"W_h": W_h, **numpy({"hs": torch.stack(hs), "norms": norms})}


def leaky_rnn(rng, T, N, D, H, V):
    """Units that keep a share z of their state, by torch.nn.RNNCell; autograd gives the gradients."""
    arrays = draw(rng, T, N, D, H) | {"z": rng.uniform(0.1, 0.9, size=H)}
    cell = with_weights(torch.nn.RNNCell(D, H), arrays)
    xs, h0, z = (tensor(arrays[name]) for name in ("xs", "h0", "z"))
    h, hs = h0, []
    for x in xs:
        h = torch.lerp(cell(x, h), h, z)
        hs.append(h)
    hs = torch.stack(hs)
    hs.backward(torch.tensor(arrays["dhs"]))
    weights = {"dW_x": cell.weight_ih.grad.T, "dW_h": cell.weight_hh.grad.T, "db": cell.bias_ih.grad}
    return {**arrays, **numpy({"hs": hs, "dxs": xs.grad, "dh0": h0.grad, "dz": z.grad, **weights})}


def orthogonality_penalty(rng, T, N, D, H, V):
    """The square of the Frobenius norm of W^T W - I; autograd gives the gradient."""
    W = tensor(rng.normal(size=(D, H)))
    penalty = torch.linalg.matrix_norm(torch.mm(W.T, W) - torch.eye(H)) ** 2
    penalty.backward()
    return numpy({"W": W, "penalty": penalty, "dW": W.grad})


def embedding(rng, T, N, D, H, V):
    """torch.nn.Embedding; where the vocabulary is small, tokens come again."""
    arrays = {"tokens": rng.integers(V, size=(T, N)), "E": rng.normal(size=(V, D)), "dxs": rng.normal(size=(T, N, D))}
    table = torch.nn.Embedding.from_pretrained(torch.tensor(arrays["E"]), freeze=False)
    xs = table(torch.tensor(arrays["tokens"]))
    xs.backward(torch.tensor(arrays["dxs"]))
    return {**arrays, **numpy({"xs": xs, "dE": table.weight.grad})}


def remedies(rng, T, N, D, H, V):
    """clip_grad_value_, clip_grad_norm_ and orthogonal_, whose Gaussian draw is made again from the same seed."""
    arrays = {"g0": rng.normal(size=(D, H)), "g1": rng.normal(size=H)}
    by_value, by_norm = ([tensor(np.zeros_like(g)) for g in arrays.values()] for _ in range(2))
    for parameters in (by_value, by_norm):
        for parameter, gradient in zip(parameters, arrays.values(), strict=True):
            parameter.grad = torch.tensor(gradient)
    torch.nn.utils.clip_grad_value_(by_value, 0.5)
    torch.nn.utils.clip_grad_norm_(by_norm, 0.5)
    torch.manual_seed(0)
    A = torch.empty(D, H, dtype=torch.float64).normal_()
    torch.manual_seed(0)
    W = torch.nn.init.orthogonal_(torch.empty(D, H, dtype=torch.float64), gain=1.5)
    results = {"A": A if D >= H else A.T, "W": W, "value0": by_value[0].grad, "value1": by_value[1].grad}
    return {**arrays, **numpy(results | {"norm0": by_norm[0].grad, "norm1": by_norm[1].grad})}


def _with_own_weights(net, rng, T, N, D):
    """A layer with the weights and the two biases that PyTorch drew: its state_dict, an input, and its states."""
    net = net.double()
    xs = rng.normal(size=(T, N, D))
    hs, _ = net(tensor(xs))
    return {**numpy(net.state_dict()), **numpy({"hs": hs}), "xs": xs}


def state_dict_rnn(rng, T, N, D, H, V):
    torch.manual_seed(0)
    return _with_own_weights(torch.nn.RNN(D, H), rng, T, N, D)


def state_dict_lstm(rng, T, N, D, H, V):
    torch.manual_seed(0)
    return _with_own_weights(torch.nn.LSTM(D, H), rng, T, N, D)


def state_dict_gru(rng, T, N, D, H, V):
    torch.manual_seed(0)
    return _with_own_weights(torch.nn.GRU(D, H), rng, T, N, D)


WITNESSES = {
    fn.__name__: fn
    for fn in (
        mlp, embedded_window, rnn, truncated_rnn, windowed_rnn, readout, jordan, cross_entropy, smoothed_cross_entropy, lstm, gru, gru_reset_after, relu_rnn, state_gradient_norms, embedding,
        peephole_lstm_step, coupled_lstm_step, gru_reset_after_step, mgu_step, leaky_rnn, orthogonality_penalty,
        remedies, bidirectional_rnn, deep_bidirectional_rnn, stacked_rnn, stacked_dropout_rnn,
        attention, additive_attention, rwa, state_dict_rnn, state_dict_lstm, state_dict_gru,
    )
}


def compute(name):
    return [WITNESSES[name](np.random.default_rng(i), **sizes) for i, sizes in enumerate(SIZES)]


def main(write):
    for name in WITNESSES:
        cases = compute(name)
        if write:
            VECTORS.mkdir(exist_ok=True)
            stored = {f"{i}/{key}": value for i, case in enumerate(cases) for key, value in case.items()}
            np.savez_compressed(VECTORS / f"{name}.npz", torch_version=torch.__version__, **stored)
        for case, committed in zip(cases, load_cases(name), strict=True):
            for key, value in case.items():
                np.testing.assert_allclose(committed[key], value, rtol=1e-10, atol=1e-10, err_msg=f"{name}: {key}")
        print(f"{name}: {len(cases)} cases agree with PyTorch {torch.__version__}")


if __name__ == "__main__":
    main("--write" in sys.argv)
