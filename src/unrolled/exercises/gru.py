"""Assignment 06-gru: two gates and no second state, from the step to its gradients, and two units like it."""

from unrolled import withheld
from unrolled.exercises.exercise import Exercise, draw_inputs
from unrolled.reference import gru


def _draw_step_backward(rng, sizes):
    """What a forward step saw and left behind, so that whoever computes n again from x finds the same."""
    inputs = draw_inputs(rng, sizes, gru.gru_step_forward)
    _, gates = gru.gru_step_forward(**inputs)
    return inputs | {"gates": gates}


def _draw_backward(rng, sizes):
    inputs = draw_inputs(rng, sizes, gru.gru_forward)
    hs, gates = gru.gru_forward(**inputs)
    return inputs | {"hs": hs, "gates": gates}


def _draw_count(rng, sizes):
    """Every kind of cell, whatever the seed; those of several blocks first, where a miscount of blocks shows."""
    return {
        "cell": ("gru", "lstm", "rnn", "gru")[sizes["case"]],
        "D": int(rng.integers(3, 100)),
        "H": int(rng.integers(100, 300)),
    }


def _draw_reset_after_step_backward(rng, sizes):
    inputs = draw_inputs(rng, sizes, gru.gru_reset_after_step_forward)
    _, gates = gru.gru_reset_after_step_forward(**inputs)
    return inputs | {"gates": gates}


def _draw_mgu_step_backward(rng, sizes):
    inputs = draw_inputs(rng, sizes, withheld.mgu_step_forward)
    _, gates = withheld.mgu_step_forward(**inputs)
    return inputs | {"gates": gates}


EXERCISES = (
    Exercise(gru.gru_step_forward),
    Exercise(gru.gru_forward),
    Exercise(gru.gru_step_backward, _draw_step_backward),
    Exercise(gru.gru_backward, _draw_backward),
    Exercise(gru.gru_reset_after_step_forward),
    Exercise.unprinted("gru_reset_after_step_backward", _draw_reset_after_step_backward),
    Exercise.unprinted("mgu_step_forward"),
    Exercise.unprinted("mgu_step_backward", _draw_mgu_step_backward),
)

RETIRED = (Exercise(gru.parameter_count, _draw_count),)
