"""What the tests of the reference draw: sizes, seeds, and a layer with its inputs."""

import numpy as np
from hypothesis import strategies as st

sizes = st.integers(1, 6)
seeds = st.integers(0, 2**32 - 1)


def draw_layer(rng, T, N, D, H, blocks=1, states=("h0",), scale=0.7):
    """A sequence, the states that it starts from and the weights, in the order in which the functions take them."""
    shapes = {"xs": (T, N, D), **dict.fromkeys(states, (N, H)), "W_x": (D, blocks * H), "W_h": (H, blocks * H), "b": (blocks * H,)}
    return {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}


def draw_mask(rng, T, N):
    """Ones and then zeros (T, N): sequences of different lengths, none empty."""
    lengths = rng.integers(1, T + 1, size=N)
    return (np.arange(T)[:, None] < lengths) * 1.0
