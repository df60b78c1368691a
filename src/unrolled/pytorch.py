"""Weights to and from PyTorch: plain dicts of arrays on both sides, so PyTorch itself is not needed.

PyTorch keeps a weight as (kH, D), the transpose of W_x (D, kH), and has two biases where one is enough: their sum is
b. The blocks stand in the same order, LSTM i|f|g|o and GRU r|z|n. Only the candidate of its GRU, whose reset comes
after the product, needs the second bias by itself: b_hn, as `gru_reset_after_step_forward` takes it.
"""

import numpy as np

BLOCKS = {"rnn": 1, "lstm": 4, "gru": 3}


def from_pytorch(cell, state_dict, layer="l0"):
    """The parameters of "rnn", "lstm" or "gru" from the state_dict of torch.nn.RNN, LSTM or GRU.

    ->  a dict of W_x (D, kH), W_h (H, kH), b (kH,), and b_hn (H,) for the GRU. layer is the end of PyTorch's names:
    "l0", "l1", "l0_reverse". A layer without bias has zeros. Raises ValueError when the state_dict is not that of
    such a layer.
    """
    k = _blocks(cell)
    names = f"weight_ih_{layer}", f"weight_hh_{layer}"
    if missing := [name for name in names if name not in state_dict]:
        raise ValueError(f"the state_dict has no {' and no '.join(missing)}")
    W_x, W_h = (np.asarray(state_dict[name]).T.copy() for name in names)
    H = len(W_h)
    if W_x.shape[1:] != (k * H,) or W_h.shape != (H, k * H):
        raise ValueError(
            f"these are not the weights of {cell}: with {H} hidden units they have {k} blocks, so {k * H} rows"
        )
    nothing = np.zeros(k * H, W_h.dtype)
    b_x, b_h = (np.asarray(state_dict.get(f"bias_{side}_{layer}", nothing)).copy() for side in ("ih", "hh"))
    if cell != "gru":
        return {"W_x": W_x, "W_h": W_h, "b": b_x + b_h}
    own, b_hn = b_h[: 2 * H], b_h[2 * H :]
    return {"W_x": W_x, "W_h": W_h, "b": np.concatenate([b_x[: 2 * H] + own, b_x[2 * H :]]), "b_hn": b_hn}


def to_pytorch(cell, parameters, layer="l0"):
    """The same weights as a state_dict of arrays; bias_hh is zero, but for the GRU's b_hn (zero if it is not given).

    ->  a dict of weight_ih_l0 (kH, D), weight_hh_l0 (kH, H), bias_ih_l0 (kH,), bias_hh_l0 (kH,), where layer is "l0".
    For PyTorch: net.load_state_dict({name: torch.tensor(value) for name, value in to_pytorch(...).items()}).
    Raises ValueError when W_h has not the cell's number of blocks.
    """
    W_x, W_h, b = (np.array(parameters[name]) for name in ("W_x", "W_h", "b"))
    H = len(W_h)
    if W_h.shape[1] != _blocks(cell) * H:
        raise ValueError(
            f"these are not the weights of {cell}: W_h is {W_h.shape}, it must be {(H, BLOCKS[cell] * H)}"
        )
    b_h = np.zeros_like(b)
    if cell == "gru":
        b_h[2 * H :] = parameters.get("b_hn", 0)
    return {f"weight_ih_{layer}": W_x.T, f"weight_hh_{layer}": W_h.T, f"bias_ih_{layer}": b, f"bias_hh_{layer}": b_h}


def _blocks(cell):
    if cell not in BLOCKS:
        raise ValueError(f"no cell is called {cell!r}; there are {', '.join(BLOCKS)}")
    return BLOCKS[cell]
