"""Known mistakes of assignment 03-bptt: the way back that is cut into chunks."""

import numpy as np

from unrolled.mistakes.bptt import SAME_STEP, through_time, weights_overwritten
from unrolled.mistakes.edits import mistake
from unrolled.reference.bptt import truncated_rnn_backward
from unrolled.reference.rnn import rnn_backward


def _bounds(T, k):
    return [(start, min(start + k, T)) for start in range(0, T, k)]


def _in_chunks(dhs, xs, h0, hs, W_x, W_h, bounds, before=None):
    """Each chunk's own gradients; before(start) is the state that a chunk starts from."""
    before = before or (lambda start: hs[start - 1] if start else h0)
    return [rnn_backward(dhs[i:j], xs[i:j], before(i), hs[i:j], W_x, W_h) for i, j in bounds]


def _join(parts):
    """Chunks' gradients put together as they should be."""
    dxs, dh0s, *weights = zip(*parts, strict=True)
    return np.concatenate(dxs), dh0s[0], *map(sum, weights)


@mistake(truncated_rnn_backward, "nothing is cut: k is not used, and the gradient goes back through the whole sequence")
def not_cut(dhs, xs, h0, hs, W_x, W_h, k):
    return rnn_backward(dhs, xs, h0, hs, W_x, W_h)


@mistake(truncated_rnn_backward, "the chunks are counted from the end: the first chunk starts at step 0, and a shorter one comes last")
def counted_from_the_end(dhs, xs, h0, hs, W_x, W_h, k):
    T = len(xs)
    bounds = [(max(end - k, 0), end) for end in range(T, 0, -k)][::-1]
    return _join(_in_chunks(dhs, xs, h0, hs, W_x, W_h, bounds))


@mistake(truncated_rnn_backward, "the cuts are one step too late: the first chunk is steps 0 to k - 1, so no gradient goes from step k back to step k - 1")
def cut_one_step_late(dhs, xs, h0, hs, W_x, W_h, k):
    bounds = [(max(i, 0), min(i + k, len(xs))) for i in range(1 - k, len(xs), k)]
    return _join(_in_chunks(dhs, xs, h0, hs, W_x, W_h, bounds))


@mistake(truncated_rnn_backward, "the cuts are one step too early: the first chunk is steps 0 to k - 1, so the gradient still goes from step k - 1 back to step k - 2")
def cut_one_step_early(dhs, xs, h0, hs, W_x, W_h, k):
    bounds = [(max(i, 0), min(i + k, len(xs))) for i in range(-1, len(xs), k)]
    return _join(_in_chunks(dhs, xs, h0, hs, W_x, W_h, bounds))


@mistake(truncated_rnn_backward, "the cuts are one step too late: `t % k == 0` is true at a chunk's first step, and the cut lies before its last, where `(t + 1) % k == 0`")
def first_chunk_one_step_too_long(dhs, xs, h0, hs, W_x, W_h, k):
    bounds = [(i and i + 1, min(i + k + 1, len(xs))) for i in range(0, max(len(xs) - 1, 1), k)]
    return _join(_in_chunks(dhs, xs, h0, hs, W_x, W_h, bounds))


@mistake(truncated_rnn_backward, "each chunk is one step too long: a chunk has k steps, and the gradient crosses only k - 1 links")
def chunks_too_long(dhs, xs, h0, hs, W_x, W_h, k):
    return truncated_rnn_backward(dhs, xs, h0, hs, W_x, W_h, k + 1)


@mistake(truncated_rnn_backward, "each chunk is one step too short: a chunk has k steps, and the gradient crosses the k - 1 links between them")
def chunks_too_short(dhs, xs, h0, hs, W_x, W_h, k):
    return truncated_rnn_backward(dhs, xs, h0, hs, W_x, W_h, k - 1)


_NUMBER = "`k` is taken for the number of chunks: it is the number of steps in a chunk"


@mistake(truncated_rnn_backward, _NUMBER)
def split_into_k_chunks(dhs, xs, h0, hs, W_x, W_h, k):
    steps = np.array_split(np.arange(len(xs)), min(k, len(xs)))
    return _join(_in_chunks(dhs, xs, h0, hs, W_x, W_h, [(some[0], some[-1] + 1) for some in steps]))


@mistake(truncated_rnn_backward, _NUMBER)
def chunks_of_a_kth(dhs, xs, h0, hs, W_x, W_h, k):
    return truncated_rnn_backward(dhs, xs, h0, hs, W_x, W_h, max(len(xs) // k, 1))


@mistake(truncated_rnn_backward, "the steps left over after the last whole chunk are dropped: they are a chunk too, a shorter one")
def remainder_dropped(dhs, xs, h0, hs, W_x, W_h, k):
    kept = len(dhs) // k * k
    return truncated_rnn_backward(np.where(np.arange(len(dhs))[:, None, None] < kept, dhs, 0), xs, h0, hs, W_x, W_h, k)


@mistake(truncated_rnn_backward, "the steps left over after the last whole chunk are missing: they are a chunk too, a shorter one")
def remainder_missing(dhs, xs, h0, hs, W_x, W_h, k):
    kept = len(dhs) // k * k
    dxs, *rest = remainder_dropped(dhs, xs, h0, hs, W_x, W_h, k)
    return dxs[:kept], *rest


@mistake(truncated_rnn_backward, "each chunk starts from zeros in dW_h: the state is carried, so a chunk starts from the last state of the chunk before")
def chunk_starts_from_zeros(dhs, xs, h0, hs, W_x, W_h, k):
    before = lambda start: np.zeros_like(h0) if start else h0  # noqa: E731
    return _join(_in_chunks(dhs, xs, h0, hs, W_x, W_h, _bounds(len(xs), k), before))


@mistake(truncated_rnn_backward, "each chunk starts from zeros in dW_h: the first starts from h0, the others from the last state of the chunk before")
def every_chunk_starts_from_zeros(dhs, xs, h0, hs, W_x, W_h, k):
    return _join(_in_chunks(dhs, xs, h0, hs, W_x, W_h, _bounds(len(xs), k), lambda start: np.zeros_like(h0)))


@mistake(truncated_rnn_backward, "each chunk starts from h0 in dW_h: only the first does, the others start from the last state of the chunk before")
def chunk_starts_from_h0(dhs, xs, h0, hs, W_x, W_h, k):
    return _join(_in_chunks(dhs, xs, h0, hs, W_x, W_h, _bounds(len(xs), k), lambda start: h0))


@mistake(truncated_rnn_backward, "each chunk starts from its own first state, hs[start], in dW_h: the state before it is hs[start - 1]")
def chunk_starts_from_its_own_first_state(dhs, xs, h0, hs, W_x, W_h, k):
    return _join(_in_chunks(dhs, xs, h0, hs, W_x, W_h, _bounds(len(xs), k), lambda start: hs[start] if start else h0))


@mistake(truncated_rnn_backward, "at a cut the step's own dhs[t] is dropped too: only what comes from the step after is set to zero")
def own_output_dropped_at_the_cuts(dhs, xs, h0, hs, W_x, W_h, k):
    last = (np.arange(len(dhs)) + 1) % k == 0
    return truncated_rnn_backward(np.where(last[:, None, None], 0, dhs), xs, h0, hs, W_x, W_h, k)


def _window_for_each_loss(dhs, xs, h0, hs, W_x, W_h, k):
    results = []
    for t in range(len(xs)):
        i = max(t + 1 - k, 0)
        only = np.zeros_like(dhs)
        only[t] = dhs[t]
        (part,) = _in_chunks(only, xs, h0, hs, W_x, W_h, [(i, t + 1)])
        dxs = np.zeros_like(xs)
        dxs[i : t + 1] = part[0]
        results.append((dxs, part[1] if i == 0 else np.zeros_like(h0), *part[2:]))
    return tuple(map(sum, zip(*results, strict=True)))


_CHUNKS = "here the sequence is cut into chunks, and a step hears all of its chunk that comes after it, no more"


@mistake(truncated_rnn_backward, f"each loss goes back over k steps of its own: {_CHUNKS}")
def window_for_each_loss(dhs, xs, h0, hs, W_x, W_h, k):
    return _window_for_each_loss(dhs, xs, h0, hs, W_x, W_h, k)


@mistake(truncated_rnn_backward, f"each loss goes back over k + 1 steps of its own, its own and k before: {_CHUNKS}")
def longer_window_for_each_loss(dhs, xs, h0, hs, W_x, W_h, k):
    return _window_for_each_loss(dhs, xs, h0, hs, W_x, W_h, k + 1)


@mistake(truncated_rnn_backward, "only the last k steps are gone through: every chunk has its turn, and their gradients are added")
def last_steps_only(dhs, xs, h0, hs, W_x, W_h, k):
    start = max(len(xs) - k, 0)
    ((part, dh0, *weights),) = _in_chunks(dhs, xs, h0, hs, W_x, W_h, [(start, len(xs))])
    dxs = np.zeros_like(xs)
    dxs[start:] = part
    return dxs, dh0, *weights


@mistake(truncated_rnn_backward, "the weights' gradients are overwritten at each step: the same weights serve all steps, so add up with `+=`")
def weights_overwritten_in_the_chunks(dhs, xs, h0, hs, W_x, W_h, k):
    dxs, dh0, *_ = truncated_rnn_backward(dhs, xs, h0, hs, W_x, W_h, k)
    return dxs, dh0, *weights_overwritten(dhs[:k], xs[:k], h0, hs[:k], W_x, W_h)[2:]


@mistake(truncated_rnn_backward, "each chunk's weight gradients overwrite the ones before: the same weights serve all chunks, so add them up")
def last_chunk_left(dhs, xs, h0, hs, W_x, W_h, k):
    parts = _in_chunks(dhs, xs, h0, hs, W_x, W_h, _bounds(len(xs), k))
    return *_join(parts)[:2], *parts[-1][2:]


@mistake(truncated_rnn_backward, "each chunk's weight gradients overwrite the ones before, the first chunk's stay: the same weights serve all chunks, so add them up")
def first_chunk_left(dhs, xs, h0, hs, W_x, W_h, k):
    parts = _in_chunks(dhs, xs, h0, hs, W_x, W_h, _bounds(len(xs), k))
    return *_join(parts)[:2], *parts[0][2:]


@mistake(truncated_rnn_backward, "the weights' gradients are averaged over the chunks: the same weights serve all chunks, so their gradient is the sum")
def averaged_over_chunks(dhs, xs, h0, hs, W_x, W_h, k):
    dxs, dh0, *weights = truncated_rnn_backward(dhs, xs, h0, hs, W_x, W_h, k)
    return dxs, dh0, *(gradient / len(_bounds(len(xs), k)) for gradient in weights)


@mistake(truncated_rnn_backward, "`dh0` is the last chunk's: only the first chunk starts from h0, so its dh_prev is the one to return")
def dh0_of_last_chunk(dhs, xs, h0, hs, W_x, W_h, k):
    parts = _in_chunks(dhs, xs, h0, hs, W_x, W_h, _bounds(len(xs), k))
    dxs, _, *weights = _join(parts)
    return dxs, parts[-1][1], *weights


@mistake(truncated_rnn_backward, "`dh0` is a sum over the chunks: only the first chunk starts from h0, so its dh_prev is the one to return")
def dh0_of_all_chunks(dhs, xs, h0, hs, W_x, W_h, k):
    parts = _in_chunks(dhs, xs, h0, hs, W_x, W_h, _bounds(len(xs), k))
    dxs, _, *weights = _join(parts)
    return dxs, sum(part[1] for part in parts), *weights


@mistake(truncated_rnn_backward, "`dh0` is cut off too: the first chunk starts from h0, and what its first step hands back is dh0")
def dh0_cut_off(dhs, xs, h0, hs, W_x, W_h, k):
    dxs, _, *weights = truncated_rnn_backward(dhs, xs, h0, hs, W_x, W_h, k)
    return dxs, np.zeros_like(h0), *weights


@mistake(truncated_rnn_backward, "the chunks of dxs are in reverse order of time: the first chunk comes first")
def chunks_reversed(dhs, xs, h0, hs, W_x, W_h, k):
    parts = _in_chunks(dhs, xs, h0, hs, W_x, W_h, _bounds(len(xs), k))
    _, *rest = _join(parts)
    return np.concatenate([part[0] for part in reversed(parts)]), *rest


def _cut(k, t, handed):
    """What step t hands back when the way back is cut before every chunk but the first."""
    return 0 * handed if t and t % k == 0 else handed


@mistake(truncated_rnn_backward, "W_h is not transposed on the way back: forward it was `h @ W_h`, so back it is `da @ W_h.T`")
def W_h_not_transposed_in_the_chunks(dhs, xs, h0, hs, W_x, W_h, k):
    return through_time(dhs, xs, h0, hs, W_x, W_h, hand_back=lambda t, dh, da: _cut(k, t, da @ W_h))


@mistake(truncated_rnn_backward, "tanh is left out on the way back: at each step the gradient is multiplied by 1 - hs[t]**2")
def slope_left_out_of_the_chunks(dhs, xs, h0, hs, W_x, W_h, k):
    hand_back = lambda t, dh, da: _cut(k, t, da @ W_h.T)  # noqa: E731
    return through_time(dhs, xs, h0, hs, W_x, W_h, slope=np.ones_like(hs), hand_back=hand_back)


@mistake(truncated_rnn_backward, "a step hands back `dh @ W_h.T`: the gradient passes tanh first, so it is `da @ W_h.T`")
def handed_back_before_tanh_in_the_chunks(dhs, xs, h0, hs, W_x, W_h, k):
    return through_time(dhs, xs, h0, hs, W_x, W_h, hand_back=lambda t, dh, da: _cut(k, t, dh @ W_h.T))


@mistake(truncated_rnn_backward, SAME_STEP)
def dW_h_from_same_step_in_the_chunks(dhs, xs, h0, hs, W_x, W_h, k):
    return through_time(dhs, xs, h0, hs, W_x, W_h, h_prevs=hs, hand_back=lambda t, dh, da: _cut(k, t, da @ W_h.T))


@mistake(truncated_rnn_backward, SAME_STEP)
def dW_h_from_same_step_after_the_first_in_the_chunks(dhs, xs, h0, hs, W_x, W_h, k):
    h_prevs = np.concatenate([h0[None], hs[1:]])
    return through_time(dhs, xs, h0, hs, W_x, W_h, h_prevs=h_prevs, hand_back=lambda t, dh, da: _cut(k, t, da @ W_h.T))


@mistake(truncated_rnn_backward, "at the first step hs[t - 1] is hs[-1], the last state: the state before step 0 is h0")
def last_state_before_the_first_chunk(dhs, xs, h0, hs, W_x, W_h, k):
    h_prevs = np.roll(hs, 1, axis=0)
    return through_time(dhs, xs, h0, hs, W_x, W_h, h_prevs=h_prevs, hand_back=lambda t, dh, da: _cut(k, t, da @ W_h.T))


@mistake(truncated_rnn_backward, "each chunk wraps round in dW_h: hs[start - 1] is the state before a chunk, not the chunk's own last one")
def last_state_before_each_chunk(dhs, xs, h0, hs, W_x, W_h, k):
    h_prevs = np.concatenate([np.roll(hs[i:j], 1, axis=0) for i, j in _bounds(len(xs), k)])
    return through_time(dhs, xs, h0, hs, W_x, W_h, h_prevs=h_prevs, hand_back=lambda t, dh, da: _cut(k, t, da @ W_h.T))
