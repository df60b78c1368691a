"""Assignment 05-lstm: a cell with a memory line, from its gates to its gradients, and two cells like it."""

import numpy as np

from unrolled import withheld
from unrolled.exercises.exercise import Exercise, draw_array, draw_inputs
from unrolled.reference import lstm


def _draw_scores(rng, sizes):
    """One axis, two, or three: whoever loops over two of them has not written it for any shape.

    Each case has scores below 0, above 0, and one on neither side, for who asks `a > 0` and `a < 0`; but for one case,
    both ends overflow a careless exponential.
    """
    if sizes["case"] == 1:
        a = 3 * rng.normal(size=sizes["H"] + 2)
        a[:2] = -np.abs(a[0]), np.abs(a[1])
    else:
        a = 3 * rng.normal(size=[sizes[axis] for axis in ("TNH" if sizes["case"] == 2 else "NH")])
        a.reshape(-1, sizes["H"])[0] = rng.permutation(np.linspace(-1e4, 1e4, sizes["H"]))
    a.flat[-1] = 0
    return {"a": a}


def _draw_step_backward(rng, sizes):
    """What a forward step saw and left behind: a student may rebuild one of these arrays from the others."""
    inputs = draw_inputs(rng, sizes, lstm.lstm_step_forward)
    _, c, gates = lstm.lstm_step_forward(**inputs)
    return inputs | {"c": c, "gates": gates}


def _draw_backward(rng, sizes):
    """What arrives is so large that, of the little that gates hand back, a part is clipped at 10."""
    inputs = draw_inputs(rng, sizes, lstm.lstm_forward)
    hs, cs, gates = lstm.lstm_forward(**inputs)
    return inputs | {"hs": hs, "cs": cs, "gates": gates, "dhs": 3 * draw_array(rng, "dhs", hs.shape)}


def _draw_init(rng, sizes):
    D, H = sizes["D"] + 6, sizes["H"]  # of four inputs D H would be 4H, the fan-out
    return {"D": D, "H": H, "A": rng.normal(size=(D + H, 4 * H)), "forget_bias": float(rng.uniform(2.1, 3.9))}


def _draw_peephole_step_backward(rng, sizes):
    inputs = draw_inputs(rng, sizes, withheld.peephole_lstm_step_forward)
    _, c, gates = withheld.peephole_lstm_step_forward(**inputs)
    return inputs | {"c": c, "gates": gates}


def _draw_coupled_step_backward(rng, sizes):
    """What a forward step made, for arrays of other origin are no gates."""
    given = draw_inputs(rng, sizes, withheld.coupled_lstm_step_backward)
    a_f, a_g, a_o = np.split(given["x"] @ given["W_x"] + given["h_prev"] @ given["W_h"], 3, axis=-1)
    f, g, o = lstm.sigmoid(a_f), np.tanh(a_g), lstm.sigmoid(a_o)
    return given | {"c": f * given["c_prev"] + (1 - f) * g, "gates": np.concatenate([f, g, o], axis=-1)}


EXERCISES = (
    Exercise(lstm.sigmoid, _draw_scores),
    Exercise(lstm.lstm_step_forward),
    Exercise(lstm.lstm_forward),
    Exercise(lstm.lstm_step_backward, _draw_step_backward),
    Exercise(lstm.lstm_backward, _draw_backward),
    Exercise(lstm.init_lstm, _draw_init),
    Exercise.unprinted("peephole_lstm_step_forward"),
    Exercise.unprinted("peephole_lstm_step_backward", _draw_peephole_step_backward),
    Exercise.unprinted("coupled_lstm_step_backward", _draw_coupled_step_backward),
)
