"""Weights go to PyTorch's layout and back; what PyTorch computed with its own weights, ours compute too."""

import numpy as np
import pytest

from tests.oracle import assert_equals_oracle
from unrolled.pytorch import BLOCKS, from_pytorch, to_pytorch
from unrolled.reference import gru_reset_after_step_forward, lstm_forward, rnn_forward

cells = pytest.mark.parametrize("cell", BLOCKS)


def draw(rng, cell, D=3, H=4):
    k = BLOCKS[cell]
    parameters = {"W_x": rng.normal(size=(D, k * H)), "W_h": rng.normal(size=(H, k * H)), "b": rng.normal(size=k * H)}
    return parameters | ({"b_hn": rng.normal(size=H)} if cell == "gru" else {})


def states(cell, xs, parameters):
    """hs from zero states."""
    W_x, W_h, b, *b_hn = parameters.values()
    h = np.zeros((xs.shape[1], len(W_h)))
    if cell == "rnn":
        return rnn_forward(xs, h, W_x, W_h, b)
    if cell == "lstm":
        return lstm_forward(xs, h, h, W_x, W_h, b)[0]
    hs = []
    for x in xs:
        h, _ = gru_reset_after_step_forward(x, h, W_x, W_h, b, *b_hn)
        hs.append(h)
    return np.stack(hs)


@cells
def test_pytorchs_own_weights_give_pytorchs_states(cell):
    def replay(case):
        return {"hs": states(cell, case["xs"], from_pytorch(cell, case))}

    assert_equals_oracle(f"state_dict_{cell}", replay)


@cells
@pytest.mark.parametrize("layer", ["l0", "l1", "l0_reverse"])
def test_there_and_back_again(rng, cell, layer):
    parameters = draw(rng, cell)
    again = from_pytorch(cell, to_pytorch(cell, parameters, layer), layer)
    assert again.keys() == parameters.keys()
    for name, value in parameters.items():
        np.testing.assert_array_equal(again[name], value)


@cells
def test_results_are_copies_in_the_same_dtype(rng, cell):
    parameters = {name: value.astype(np.float32) for name, value in draw(rng, cell).items()}
    state = to_pytorch(cell, parameters)
    for array in [*state.values(), *from_pytorch(cell, state).values()]:
        assert array.dtype == np.float32
        assert not any(np.may_share_memory(array, given) for given in parameters.values())


class Tensor:
    """An array as PyTorch hands it to NumPy: it knows nothing of `copy`, and shares its memory."""

    def __init__(self, array):
        self.array = array

    def __array__(self, dtype=None):
        return self.array


@cells
@pytest.mark.filterwarnings("error")
def test_tensors_are_taken_as_they_are_and_their_memory_is_left_to_pytorch(rng, cell):
    state = to_pytorch(cell, draw(rng, cell))
    from_tensors = from_pytorch(cell, {name: Tensor(value) for name, value in state.items()})
    for name, value in from_pytorch(cell, state).items():
        np.testing.assert_array_equal(from_tensors[name], value)
        assert not any(np.may_share_memory(from_tensors[name], given) for given in state.values())


@cells
def test_a_layer_without_bias_has_zeros(rng, cell):
    state = {name: value for name, value in to_pytorch(cell, draw(rng, cell)).items() if "bias" not in name}
    assert not from_pytorch(cell, state)["b"].any()


def test_a_gru_without_a_second_bias_gets_zeros(rng):
    parameters = draw(rng, "gru")
    del parameters["b_hn"]
    assert not to_pytorch("gru", parameters)["bias_hh_l0"].any()


def test_what_does_not_fit_is_refused(rng):
    state = to_pytorch("lstm", draw(rng, "lstm"))
    with pytest.raises(ValueError, match="no cell is called 'elman'"):
        from_pytorch("elman", state)
    with pytest.raises(ValueError, match="not the weights of gru"):
        from_pytorch("gru", state)
    with pytest.raises(ValueError, match="not the weights of rnn"):
        to_pytorch("rnn", draw(rng, "lstm"))
    with pytest.raises(ValueError, match="no weight_ih_l1 and no weight_hh_l1"):
        from_pytorch("lstm", state, "l1")
