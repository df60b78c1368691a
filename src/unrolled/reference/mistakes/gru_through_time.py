"""Known mistakes of assignment 06-gru on the way back through time: what is handed on, added up, and where it starts."""

import numpy as np

from unrolled.reference.gru import gru_backward, gru_step_backward
from unrolled.reference.mistakes import mistake
from unrolled.reference.mistakes.gru import thirds
from unrolled.reference.mistakes.gru_backward import loop_back, step_back


@mistake(gru_backward, "the gradient is not carried to the step before: add dh_prev of step t to dhs[t - 1]")
def gradient_not_carried(dhs, xs, h0, hs, gates, W_x, W_h):
    return loop_back(gru_step_backward, dhs, xs, h0, hs, gates, W_x, W_h, carry=lambda dh, dh_prev: 0 * dh_prev)


@mistake(gru_backward, "only the last step's gradient is used: dhs[t] arrives at every step and is added to what comes from the step after")
def last_gradient_only(dhs, xs, h0, hs, gates, W_x, W_h):
    only = np.zeros_like(dhs)
    only[-1] = dhs[-1]
    return gru_backward(only, xs, h0, hs, gates, W_x, W_h)


@mistake(gru_backward, "the last step's gradient is used twice: start the loop with dh zero, and add dhs[t] in each round")
def last_gradient_twice(dhs, xs, h0, hs, gates, W_x, W_h):
    twice = dhs.copy()
    twice[-1] *= 2
    return gru_backward(twice, xs, h0, hs, gates, W_x, W_h)


@mistake(gru_backward, "the loop starts with a dh of ones: nothing comes from beyond the last step, so it starts with zeros")
def started_with_ones(dhs, xs, h0, hs, gates, W_x, W_h):
    moved = dhs.copy()
    moved[-1] += 1
    return gru_backward(moved, xs, h0, hs, gates, W_x, W_h)


@mistake(gru_backward, "step t is given hs[t] as its old state: that is its new one, the old one is hs[t - 1], and h0 at the first step")
def new_state_for_the_old(dhs, xs, h0, hs, gates, W_x, W_h):
    return loop_back(gru_step_backward, dhs, xs, h0, hs, gates, W_x, W_h, h_prevs=hs)


@mistake(gru_backward, "step t is given hs[t] as its old state: that is its new one, the old one is hs[t - 1]")
def new_state_for_the_old_after_the_first_step(dhs, xs, h0, hs, gates, W_x, W_h):
    return loop_back(gru_step_backward, dhs, xs, h0, hs, gates, W_x, W_h, h_prevs=[h0, *hs[1:]])


@mistake(gru_backward, "every step is given h0 as its old state: after the first step it is hs[t - 1]")
def h0_for_every_old_state(dhs, xs, h0, hs, gates, W_x, W_h):
    return loop_back(gru_step_backward, dhs, xs, h0, hs, gates, W_x, W_h, h_prevs=[h0] * len(xs))


@mistake(gru_backward, "`dW_h` is made with the new states: what W_h met at step t is hs[t - 1], and h0 at the first step")
def dW_h_from_new_states(dhs, xs, h0, hs, gates, W_x, W_h):
    def back(dh, x, h_prev, gates, W_x, W_h):
        r, z, n = thirds(gates)
        h = z * h_prev + (1 - z) * n
        return step_back(dh, x, h_prev, gates, W_x, W_h, state=h, to_candidate=r * h)

    return loop_back(back, dhs, xs, h0, hs, gates, W_x, W_h)


@mistake(gru_backward, "what the steps hand back is piled up: the next dh_prev replaces the old one, `dh = dh_prev`, it is not `+=`")
def dh_piled_up(dhs, xs, h0, hs, gates, W_x, W_h):
    piles = []

    def carry(dh, dh_prev):
        piles.append(dh + dh_prev)
        return piles[-1]

    dxs, _, *weights = loop_back(gru_step_backward, dhs, xs, h0, hs, gates, W_x, W_h, carry=carry)
    return dxs, piles[-1], *weights


@mistake(gru_backward, "the loop stops before step 0: it is `range(T - 1, -1, -1)`, or `reversed(range(T))`")
def first_step_left_out_on_the_way_back(dhs, xs, h0, hs, gates, W_x, W_h):
    rest = gru_backward(dhs[1:], xs[1:], hs[0], hs[1:], gates[1:], W_x, W_h) if len(xs) > 1 else _nothing(xs, h0, W_x, W_h)
    return np.concatenate([np.zeros_like(xs[:1]), rest[0]]), *rest[1:]


@mistake(gru_backward, "the last step is left out: the loop starts at T - 1, with `dhs[T - 1]`")
def last_step_left_out_on_the_way_back(dhs, xs, h0, hs, gates, W_x, W_h):
    rest = gru_backward(dhs[:-1], xs[:-1], h0, hs[:-1], gates[:-1], W_x, W_h) if len(xs) > 1 else _nothing(xs, h0, W_x, W_h)
    return np.concatenate([rest[0], np.zeros_like(xs[:1])]), *rest[1:]


def _nothing(xs, h0, W_x, W_h):
    """What a loop without a single round leaves of gradients that start at zero."""
    return xs[:0], *(np.zeros_like(array) for array in (h0, W_x, W_h, W_h[0]))


@mistake(gru_backward, "at the first step hs[t - 1] is hs[-1], the last state: there the old state is h0")
def first_step_takes_the_last_state(dhs, xs, h0, hs, gates, W_x, W_h):
    return loop_back(gru_step_backward, dhs, xs, h0, hs, gates, W_x, W_h, h_prevs=[hs[-1], *hs[:-1]])


@mistake(gru_backward, "`h0` is ignored: the first step's old state is the h0 that is given, not zeros")
def h0_ignored_on_the_way_back(dhs, xs, h0, hs, gates, W_x, W_h):
    return gru_backward(dhs, xs, np.zeros_like(h0), hs, gates, W_x, W_h)


@mistake(gru_backward, "the weights' gradients are overwritten at each step: the weights are shared, so add up all steps, `dW_h += ...`")
def overwritten(dhs, xs, h0, hs, gates, W_x, W_h):
    return loop_back(gru_step_backward, dhs, xs, h0, hs, gates, W_x, W_h, total=lambda steps: steps[0])


@mistake(gru_backward, "the weights' gradients are means over time: the weights are shared, so add up all steps")
def mean_over_time(dhs, xs, h0, hs, gates, W_x, W_h):
    return loop_back(gru_step_backward, dhs, xs, h0, hs, gates, W_x, W_h, total=lambda steps: sum(steps) / len(steps))


@mistake(gru_backward, "the gradients are taken from the first step to the last: go backwards, since step t needs what comes from step t + 1")
def from_first_to_last(dhs, xs, h0, hs, gates, W_x, W_h):
    h_prevs = np.stack([h0, *hs[:-1]])
    turned = [array[::-1] for array in (dhs, xs, gates, h_prevs)]
    dxs, dh0, *weights = loop_back(gru_step_backward, *turned[:2], h0, hs, turned[2], W_x, W_h, h_prevs=turned[3])
    return dxs[::-1], dh0, *weights


@mistake(gru_backward, "`dh0` is the gradient of the first state hs[0]: go one step further, back through the first step")
def one_step_short(dhs, xs, h0, hs, gates, W_x, W_h):
    dxs, _, *weights = gru_backward(dhs, xs, h0, hs, gates, W_x, W_h)
    after = gru_backward(dhs[1:], xs[1:], hs[0], hs[1:], gates[1:], W_x, W_h)[1] if len(xs) > 1 else np.zeros_like(h0)
    return dxs, dhs[0] + after, *weights
