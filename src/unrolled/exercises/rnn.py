"""Assignment 02-rnn: a recurrent network from its step to the text it writes."""

import numpy as np

from unrolled.exercises.exercise import Exercise, draw_array
from unrolled.mistakes import known_mistakes
from unrolled.reference import rnn

EARLY = 20  # tokens of a text in which its start has to show


def _draw_scores(rng, sizes):
    """Scores that overflow a careless exponential, and once none of them."""
    a = rng.normal(size=(sizes["T"], sizes["N"], sizes["V"]))
    a[-1] *= 1 if sizes["case"] == 1 else 1e4
    return {"a": a}


def _draw_losses(rng, sizes):
    """The last symbol is once no target at all: where each is one somewhere, "at a target" is "everywhere"."""
    T, N, V = sizes["T"], sizes["N"], sizes["V"] + 6
    logits = rng.normal(size=(T, N, V))
    logits[0] *= 1 if sizes["case"] == 1 else 1e4
    targets = rng.integers(V - 1 if sizes["case"] == 0 else V, size=(T, N))
    targets[0, -1] = 0  # a symbol like any other, and it counts: who takes it for padding is wrong in every case
    mask = np.ones((T, N))
    mask[-1, : (N + 1) // 2] = 0  # some sequences end a step early, in a batch of one too
    return {"logits": logits, "targets": targets, "mask": mask}


def _draw_sampling(rng, sizes):
    """A start that shows, and first a text in which a token comes that has none before it, also where each
    is one too small."""
    while True:
        case = _draw_text(rng, sizes)
        if _start_is_heard(case) and (sizes["case"] > 0 or _reaches_before_the_first(case)):
            return case


def _reaches_before_the_first(case):
    """Whether who takes one token too small comes to -1, where 0 is another mistake."""
    wrong = {mistake.own_name: mistake.wrong for mistake in known_mistakes(rnn.sample_tokens)}
    return np.any(wrong["the_index_is_one_too_small_and_1_where_it_should_be_0"](**case) < 0)


def _start_is_heard(case):
    """Whether another token, or none, or another state in the start's place would each give a text of its own."""
    case = case | {"u": case["u"][:EARLY]}
    nothing = {"W_x": np.pad(case["W_x"], ((0, 1), (0, 0))), "first": len(case["W_x"])}  # a token whose row is zeros
    starts = ({}, {"first": 0}, nothing, {"h0": 0 * case["h0"]})
    return len({rnn.sample_tokens(**case | start).tobytes() for start in starts}) == len(starts)


def _draw_text(rng, sizes):
    """First there are more tokens than states, so that who takes H for V goes wrong. Once the last draw is 0, which
    must not take a token of probability 0: no sum up to it exceeds that."""
    H = 3 + sizes["H"]
    V = sizes["V"] + (H if sizes["case"] == 0 else 2)
    case = {
        "h0": 2 * rng.normal(size=(1, H)),
        "first": int(rng.integers(1, V)),  # not the token that a forgotten one would be
        # one case that is short: two mistakes at once are tried on it first
        "u": rng.random(100 if sizes["case"] < 3 else EARLY),
        "W_x": rng.normal(size=(V, H)),
        "b": rng.normal(size=H),
        "W_h": 2 * rng.normal(size=(H, H)) / np.sqrt(H),  # strong enough that a wrong start still shows later
        "W_y": rng.normal(size=(H, V)),
        "b_y": rng.normal(size=V),
        "temperature": float(rng.uniform(0.5, 0.8)),
    }
    if sizes["case"] == 2:
        case["b_y"][0] = -1e4
        case["u"][-1] = 0
    return case


def _draw_smoothed(rng, sizes):
    """Sequences of several lengths, none of which is 0; not as many as there are symbols but one, V - 1."""
    T, N = sizes["T"], sizes["N"]
    V = sizes["V"] + (sizes["V"] - 1 == N)
    logits = rng.normal(size=(T, N, V))
    logits[0] *= 1 if sizes["case"] == 1 else 1e4
    lengths = rng.permutation(1 + np.arange(N) % T)
    mask = (np.arange(T)[:, None] < lengths).astype(float)
    targets = rng.integers(V, size=(T, N))
    targets[0, -1] = 0  # as in cross_entropy
    return {"logits": logits, "targets": targets, "mask": mask, "smoothing": float(rng.uniform(0.1, 0.4))}


def _draw_jordan_step(rng, sizes):
    """A step that was really made, so that h is a state."""
    N, D, H, O = (sizes[size] for size in "NDHO")  # noqa: E741
    x, y_prev = rng.normal(size=(N, D)), rng.normal(size=(N, O))
    W_x, W_o, W_y = (draw_array(rng, "W", shape) for shape in ((D, H), (O, H), (H, O)))
    h = np.tanh(x @ W_x + y_prev @ W_o + 0.5 * rng.normal(size=H))
    return {"dy": draw_array(rng, "dys", (N, O)), "x": x, "y_prev": y_prev, "h": h, "W_x": W_x, "W_o": W_o, "W_y": W_y}


EXERCISES = (
    Exercise(rnn.softmax, _draw_scores),
    Exercise(rnn.cross_entropy, _draw_losses),
    Exercise(rnn.rnn_step_forward),
    Exercise(rnn.rnn_forward),
    Exercise(rnn.readout),
    Exercise(rnn.readout_backward),
    Exercise(rnn.sample_tokens, _draw_sampling),
    Exercise.unprinted("smoothed_cross_entropy", _draw_smoothed),
    Exercise.unprinted("jordan_forward"),
    Exercise.unprinted("jordan_step_backward", _draw_jordan_step),
)
