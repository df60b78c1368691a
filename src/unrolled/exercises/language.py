"""Assignment 09-language: a table of tokens and its gradient, and how much a model is in doubt."""

import numpy as np

from unrolled.exercises.exercise import Exercise
from unrolled.reference import language


def _draw_tokens(rng, sizes):
    """Tokens that come again within a step and within a sequence; the last of the vocabulary comes
    in one case alone, and in the first one in the middle does not."""
    T, N, V = (1 if sizes[size] == 1 else 3 + sizes[size] for size in "TNV")
    tokens = rng.integers(V - 1, size=(T, N))
    if sizes["case"] == 1:
        tokens[rng.integers(T), rng.integers(N)] = V - 1
    elif sizes["case"] == 0:
        tokens[tokens == rng.integers(1, V - 3)] = 0
    return {"tokens": tokens, "E": rng.normal(size=(V, sizes["D"]))}


def _draw_table_gradient(rng, sizes):
    drawn = _draw_tokens(rng, sizes)
    tokens, E = drawn["tokens"], drawn["E"]
    return {"dxs": rng.normal(size=(*tokens.shape, sizes["D"])), "tokens": tokens, "V": len(E)}


def _draw_doubt(rng, sizes):
    """Losses of a model that is sometimes sure; sequences of different lengths, and what stands in the
    padding means nothing."""
    T, N = 3 + sizes["T"], sizes["N"]
    lengths = rng.permutation(np.linspace(2, T, N).astype(int)) if N > 1 else np.array([T - 1])
    mask = (np.arange(T)[:, None] < lengths).astype(float)
    return {"losses": rng.exponential(size=(T, N)) + 0.2, "mask": mask}


def _draw_tied(rng, sizes):
    drawn = _draw_tokens(rng, sizes)
    tokens, E = drawn["tokens"], drawn["E"]
    dlogits, dxs, hs = (rng.normal(size=(*tokens.shape, size)) for size in (len(E), sizes["D"], sizes["D"]))
    return {"dlogits": dlogits, "dxs": dxs, "hs": hs, "tokens": tokens, "E": E}


def _draw_two_models(rng, sizes):
    """A share far from a half, once below and once above it; at one step both models are so surprised that their
    probabilities are 0 in the computer.

    At another one model alone is, so that the quotient of the two is 0 or beyond any number.
    """
    drawn = _draw_doubt(rng, sizes)
    log_p, log_q = -drawn["losses"], -rng.permuted(drawn["losses"]) - 0.3
    surprise = 9000.0 if sizes["case"] == 0 else 2000.0  # once beyond any cut
    log_p[0, 0], log_q[0, 0] = (1 - surprise, -surprise) if sizes["case"] % 2 else (-surprise, 1 - surprise)
    (log_q if sizes["case"] % 2 else log_p)[1, -1] = -10000.0
    share = rng.uniform(0.2, 0.4) + 0.4 * (sizes["case"] % 2)
    return {"log_p": log_p, "log_q": log_q, "share": share, "mask": drawn["mask"]}


EXERCISES = (
    Exercise(language.embedding_forward, _draw_tokens),
    Exercise(language.embedding_backward, _draw_table_gradient),
    Exercise(language.perplexity, _draw_doubt),
    Exercise.unprinted("tied_embedding_backward", _draw_tied),
    Exercise.unprinted("mixed_bits", _draw_two_models),
)
