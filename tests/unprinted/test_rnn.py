"""The way back through the readout against finite differences."""

import numpy as np
from hypothesis import given, settings

from tests.reference.drawing import seeds, sizes
from tests.reference.finite_differences import assert_gradients
from unrolled.reference import readout
from unrolled.unprinted.rnn import readout_backward


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_readout_backward_equals_central_differences(seed, T, N, H, V):
    rng = np.random.default_rng(seed)
    layer = {"hs": rng.normal(size=(T, N, H)), "W_y": rng.normal(size=(H, V)), "b_y": rng.normal(size=V)}
    dys = rng.normal(size=(T, N, V))
    gradients = dict(zip(layer, readout_backward(dys, layer["hs"], layer["W_y"]), strict=True))
    assert_gradients(lambda: (dys * readout(**layer)).sum(), layer, gradients)
