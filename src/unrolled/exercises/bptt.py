"""Assignment 03-bptt: gradients through time, their truncation, and the test that they must pass."""

import numpy as np

from unrolled.exercises.exercise import Exercise, draw_array
from unrolled.recording import Probe
from unrolled.reference import bptt, rnn


def _draw_step(rng, sizes):
    N, D, H = (sizes[size] for size in "NDH")
    forward = _draw_net(rng, 1, N, D, H)
    return forward | {"x": forward["xs"][0], "h_prev": forward["h0"], "h": forward["hs"][0]}


def _draw_sequence(rng, sizes):
    """Long enough that a way back which is cut after a few steps shows."""
    T, *others = (sizes[size] for size in "TNDH")
    return _draw_net(rng, T + 6 if T > 1 else 1, *others)


def _draw_chunks(rng, sizes):
    """Two whole chunks and a shorter one, of two steps or three in turn; three chunks of two steps and one;
    or a single step."""
    k = 2 if sizes["case"] == 2 else int(rng.integers(4, 6))
    T = 1 if sizes["T"] == 1 else 7 if k == 2 else 2 * k + 2 + sizes["case"] % 2
    return _draw_net(rng, T, *(sizes[size] for size in "NDH")) | {"k": k}


def _draw_windows(rng, sizes):
    """Windows that overlap by a step or more, of which two once reach back to h0, and a shorter one at the end;
    or a single step."""
    k1, k2 = [(3, 5), (2, 5), (3, 4), (2, 3)][sizes["case"]]
    T = 3 * k1 + 2 if sizes["T"] > 1 else 1
    return _draw_net(rng, T, *(sizes[size] for size in "NDH")) | {"k1": k1, "k2": k2}


def _draw_distances(rng, sizes):
    net = _draw_sequence(rng, sizes)
    return {name: net[name] for name in ("dhs", "h0", "hs", "W_h")}


def _draw_net(rng, T, N, D, H):
    """A forward pass that was really made, so that states are states: inputs, weights and hs."""
    xs, h0 = rng.normal(size=(T, N, D)), np.tanh(rng.normal(size=(N, H)))
    W_x, W_h = draw_array(rng, "W_x", (D, H)), draw_array(rng, "W_h", (H, H))
    hs = rnn.rnn_forward(xs, h0, W_x, W_h, 0.5 * rng.normal(size=H))
    return {"dhs": draw_array(rng, "dhs", (T, N, H)), "xs": xs, "h0": h0, "hs": hs, "W_x": W_x, "W_h": W_h}


def _draw_probe(rng, sizes):
    """Arrays of one, two and three axes; eps is so large that a cruder formula shows."""
    N, D, H = (sizes[size] for size in "NDH")
    shape = [(N, D), (H, D, N), (D, H), (H,)][sizes["case"]]
    return {
        "f": Probe(rng.uniform(0.5, 2, size=shape)),
        "theta": rng.normal(size=shape),
        "eps": float(rng.uniform(0.01, 0.02)),
    }


def _draw_pair(rng, sizes):
    """Two arrays near each other, two whose norms add up to less than 1e-8, two of zeros, and zeros against something.

    They have three axes, two or one.
    """
    N, D, H = (sizes[size] for size in "NDH")
    one, other = rng.normal(size=(2, N, D, H))
    small = 8e-9 / (np.linalg.norm(one) + np.linalg.norm(other) / 3)
    pairs = [(one, one + 0.1 * other), (one * small, other * small / 3), (0 * one, 0 * one), (0 * one, other)]
    shape = ((N, D, H), (N, D * H), (N, D, H), -1)[sizes["case"]]
    return {name: array.reshape(shape) for name, array in zip(("first", "second"), pairs[sizes["case"]], strict=True)}


EXERCISES = (
    Exercise(rnn.rnn_step_backward, _draw_step),
    Exercise(rnn.rnn_backward, _draw_sequence),
    Exercise(bptt.truncated_rnn_backward, _draw_chunks),
    Exercise(bptt.numerical_gradient, _draw_probe),
    # 1e-12, which keeps the sum of norms from 0, is as right as this
    Exercise(bptt.relative_error, _draw_pair, rtol=2e-4),
    Exercise.unprinted("overlapping_rnn_backward", _draw_windows),
    Exercise.unprinted("recurrent_gradient_by_distance", _draw_distances),
)
