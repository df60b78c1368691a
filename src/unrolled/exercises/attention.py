"""Assignment 08-attention: a mean of all that was read, one that is kept up to date, a search for sequences."""

import numpy as np

from unrolled import withheld
from unrolled.exercises.exercise import Exercise, draw_inputs
from unrolled.mistakes import known_mistakes
from unrolled.reference import attention


def _with_queries(sizes):
    """U takes the place of V; T is so long, unless it is 1, that a mask always leaves several steps."""
    T = sizes["T"]
    return sizes | {"U": sizes["V"], "T": T + 6 if T > 1 else 1}


def _draw_mask(rng, T, N):
    """Sequences of different lengths, the first a step shorter than T at least, the last of a batch
    whole, none empty."""
    lengths = rng.integers(1, T + 1, size=N)
    lengths[-1] = T
    lengths[0] = max(1, T - 1)
    return (np.arange(T)[:, None] < lengths) * 1.0


def _draw_attention(rng, sizes):
    """The last query's scores overflow a careless exponential, but for one case; in the first sequence all that count
    are far below 0.

    They are below -20000 there, so that no finite score such as -10000 is low enough; in the others the first step's
    is far above 0. In that one case all scores lie close together, so that one a little below them still has a weight.
    """
    given = _draw_scores(rng, sizes)
    if sizes["case"] == 1:
        given["queries"] *= 0.1
    return given


def _draw_scores(rng, sizes):
    sizes = _with_queries(sizes) | {"O": sizes["O"] + 6}  # no square: its root is never H
    mask = {"mask": _draw_mask(rng, sizes["T"], sizes["N"])}
    given = draw_inputs(rng, sizes, attention.attention_forward, mask)
    queries, keys = given["queries"], given["keys"]
    lengths = np.linalg.norm(queries[-1], axis=-1, keepdims=True)
    directions = queries[-1] / lengths
    keys[-1, 0] = 10 * directions[0]  # the largest, and it is padding
    if sizes["case"] != 1:
        along = keys[:-1, 0] @ directions[0]
        keys[:-1, 0] -= np.outer(along + np.abs(along) + 1, directions[0])
        first = (keys[0, 1:] * directions[1:]).sum(axis=-1, keepdims=True)
        keys[0, 1:] += (np.abs(first) + 1 - first) * directions[1:]
        queries[-1] *= 2e4 * sizes["H"] ** 0.5 / lengths
    return given


def _draw_attention_backward(rng, sizes):
    """Scores of ordinary size: where one weight is 1 and the others are 0, nothing goes back to queries and keys."""
    given = _draw_scores(rng, sizes | {"case": 1})
    contexts, weights = attention.attention_forward(**given)
    return given | {"dcontexts": rng.normal(size=contexts.shape), "weights": weights}


def _draw_rwa_step(rng, sizes, loudest=3000):
    """What T - 1 steps have left behind; somewhere the peak rises, and one sequence of a batch has large scores,
    but for one case."""
    while True:
        given = _draw_any_rwa_step(rng, sizes, loudest)
        if (attention.rwa_step_forward(**given)[-1] > given["peak_prev"]).any():
            return given


def _draw_any_rwa_step(rng, sizes, loudest):
    T, N, H = (sizes[size] for size in "TNH")
    given = draw_inputs(rng, sizes, attention.rwa_forward)
    xs, h_prev = given.pop("xs"), np.tanh(given.pop("h0"))
    nothing = np.zeros((N, H))
    states = [h_prev, nothing, nothing, np.full((N, H), -np.inf)]
    for x in xs[1:]:
        states = attention.rwa_step_forward(x, *states, **given)
    if N > 1 and sizes["case"] != 1:
        xs[0, -1] *= loudest
    return given | {"x": xs[0]} | dict(zip(["h_prev", "num_prev", "den_prev", "peak_prev"], states, strict=True))


def _draw_rwa_step_backward(rng, sizes):
    given = _draw_rwa_step(rng, sizes, loudest=1)
    made = dict(zip(["h", "num", "den", "peak"], attention.rwa_step_forward(**given), strict=True))
    return given | made | {name: rng.normal(size=made["h"].shape) for name in ("dh", "dnum", "dden")}


_ONE_MORE = "one_beginning_too_many_is_kept_after_the_first_step"
_BY_THE_LAST = "sorted_by_the_last_step"
# V, T and the width of each case, and the mistakes for which it is drawn: others always show, these only by chance.
# What most often finds what another does comes first, for it ends a draw. V**T is small, for that many beams there are
# where none is ever cut.
_SEARCHES = (
    (8, 5, 4, (
        "merged", "one_after_the_first_step", "each_by_itself", "none_dropped",
        f"{_BY_THE_LAST}_and_the_best_returned",
    )),
    (6, 6, 2, ("all_first_tokens", "one_first_token", "one_too_many", _ONE_MORE, _BY_THE_LAST, "greedy")),
    (7, 5, 1, (
        "one_too_many", _ONE_MORE, "exhaustive", "no_token_follows_itself", "all_first_tokens",
        "the_least_probable_first_tokens_are_kept", "the_first_tokens_are_not_sorted",
    )),
    (4, 3, 4**3, (
        "greedy", "one_after_the_first_step", "the_beam_with_the_largest_tokens_is_returned",
        "a_beam_is_returned_that_is_not_the_most_probable",
    )),
)  # fmt: skip


def _draw_search(rng, sizes):
    """Probabilities with which each mistake finds a sequence of its own, the first with the first and the
    last token in it.

    One search is greedy, one drops nothing. All tokens are nearly as probable at the start, so that the best sequence
    often starts with one that is not kept.
    """
    V, T, width, names = _SEARCHES[sizes["case"]]
    wrong = {mistake.own_name: mistake.wrong for mistake in known_mistakes(attention.beam_search)}
    searches = [attention.beam_search, *(wrong[name] for name in names)]

    def all_show(log_start, log_next):
        found = (round(search(log_start, log_next, width, T)[1], 6) for search in searches)
        return _differ(found) and not _has_ties(log_start, log_next, width, T)

    while True:
        log_start, log_next = np.log(rng.dirichlet(np.full(V, 100.0))), np.log(rng.dirichlet(np.full(V, 10.0), size=V))
        if not all_show(log_start, log_next):
            continue
        if sizes["case"] == 0:
            tokens = np.unique(attention.beam_search(log_start, log_next, width, T)[0][1:])
            if len(tokens) < 2:
                continue
            order = _with_ends(*rng.permutation(tokens)[:2], V)
            log_start, log_next = log_start[order], log_next[order][:, order]
            if not all_show(log_start, log_next):  # what is largest is another token now
                continue
        return {"log_start": log_start, "log_next": log_next, "width": width, "T": T}


def _with_ends(first, last, V):
    """All tokens in an order in which these two are the first and the last."""
    return np.array([first, *(token for token in range(V) if token not in (first, last)), last])


def _differ(values):
    """Whether no two are equal; most draws fail early, and no search is made after that."""
    found = []
    for value in values:
        if value in found:
            return False
        found.append(value)
    return True


def _has_ties(log_start, log_next, width, T):
    """Whether a choice hangs on rounding: the same pairs of tokens may follow each other in another order."""
    tokens = np.arange(len(log_start))
    last, scores = tokens, log_start
    for kept in [width] * (T - 1) + [1]:
        order = np.argsort(-scores)
        if kept < len(order) and scores[order[kept - 1]] - scores[order[kept]] < 1e-6:
            return True
        best = order[:kept]
        scores = (scores[best, None] + log_next[last[best]]).ravel()
        last = np.tile(tokens, len(best))
    return False


def _draw_additive(rng, sizes):
    """No other size is as large as K. The scores are bounded, so none overflows; in one case they
    lie close together."""
    sizes = _with_queries(sizes)
    sizes["K"] = 1 + max(sizes.values())
    mask = {"mask": _draw_mask(rng, sizes["T"], sizes["N"])}
    given = draw_inputs(rng, sizes, withheld.additive_attention_forward, mask)
    if sizes["case"] == 1:
        given["w"] *= 0.1
    return given


def _draw_additive_backward(rng, sizes):
    given = _draw_additive(rng, sizes | {"case": 0})
    contexts, weights = withheld.additive_attention_forward(**given)
    return given | {"dcontexts": rng.normal(size=contexts.shape), "weights": weights}


EXERCISES = (
    Exercise(attention.attention_forward, _draw_attention),
    Exercise(attention.attention_backward, _draw_attention_backward),
    Exercise(attention.rwa_step_forward, _draw_rwa_step),
    Exercise(attention.rwa_step_backward, _draw_rwa_step_backward),
    Exercise(attention.beam_search, _draw_search),
    Exercise.unprinted("additive_attention_forward", _draw_additive),
    Exercise.unprinted("additive_attention_backward", _draw_additive_backward),
)
