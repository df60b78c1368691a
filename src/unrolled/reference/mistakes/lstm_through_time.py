"""Known mistakes of assignment 05-lstm on the way back through time: what is handed on, added up, and where it starts."""

import numpy as np

from unrolled.reference.lstm import lstm_backward
from unrolled.reference.mistakes import mistake
from unrolled.reference.mistakes.lstm_backward import unroll_back


@mistake(lstm_backward, "the output gate hears dhs[t] alone: its gradient takes the whole dh, with what the step after hands back")
def output_gate_hears_own_output_only(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    dh, dc, das = np.zeros_like(h0), np.zeros_like(c0), np.zeros_like(gates)
    for t in reversed(range(len(xs))):
        c_prev, tanh_c = cs[t - 1] if t else c0, np.tanh(cs[t])
        i, f, g, o = np.split(gates[t], 4, axis=-1)
        dc = dc + (dhs[t] + dh) * o * (1 - tanh_c**2)
        parts = [dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2), dhs[t] * tanh_c * o * (1 - o)]
        das[t] = np.concatenate(parts, axis=-1)
        dh, dc = das[t] @ W_h.T, dc * f
    h_prevs = np.concatenate([h0[None], hs[:-1]])
    dW_x, dW_h = np.einsum("tnd,tnk->dk", xs, das), np.einsum("tnh,tnk->hk", h_prevs, das)
    return das @ W_x.T, dh, dc, dW_x, dW_h, das.sum(axis=(0, 1))


@mistake(lstm_backward, "`dh` is never handed back: what h_prev did to the gates, `da @ W_h.T`, belongs to the dh of the step before")
def dh_never_carried(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, carry=lambda dh, dc: (0 * dh, dc))


@mistake(lstm_backward, "what a step hands back to the cell is piled up: the next dc_prev replaces the old one, `dc = dc_prev`, it is not `+=`")
def dc_piled_up(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    pile = np.zeros_like(c0)

    def carry(dh, dc):
        nonlocal pile
        pile = pile + dc
        return dh, pile

    dxs, dh0, _, *weights = unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, carry=carry)
    return dxs, dh0, pile, *weights


@mistake(lstm_backward, "what the steps hand back to h is piled up: the next dh_prev replaces the old one, `dh = dh_prev`, it is not `+=`")
def dh_piled_up(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    pile = np.zeros_like(h0)

    def carry(dh, dc):
        nonlocal pile
        pile = pile + dh
        return pile, dc

    dxs, _, dc0, *weights = unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, carry=carry)
    return dxs, pile, dc0, *weights


@mistake(lstm_backward, "the loop stops before step 0: it is `range(T - 1, -1, -1)`, or `reversed(range(T))`")
def first_step_left_out_on_the_way_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    rest = unroll_back(dhs[1:], xs[1:], hs[0], cs[0], hs[1:], cs[1:], gates[1:], W_x, W_h) if len(xs) > 1 else _nothing(xs, h0, c0, W_x, W_h)
    return np.concatenate([np.zeros_like(xs[:1]), rest[0]]), *rest[1:]


@mistake(lstm_backward, "the last step is left out: the loop starts at T - 1, with `dhs[T - 1]`")
def last_step_left_out_on_the_way_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    rest = unroll_back(dhs[:-1], xs[:-1], h0, c0, hs[:-1], cs[:-1], gates[:-1], W_x, W_h) if len(xs) > 1 else _nothing(xs, h0, c0, W_x, W_h)
    return np.concatenate([rest[0], np.zeros_like(xs[:1])]), *rest[1:]


def _nothing(xs, h0, c0, W_x, W_h):
    """What a loop without a single round leaves of gradients that start at zero."""
    return xs[:0], *(np.zeros_like(array) for array in (h0, c0, W_x, W_h, W_h[0]))


@mistake(lstm_backward, "nothing is handed back in time: dh_prev and dc_prev of a step are added to the dh and dc of the step before")
def nothing_carried_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, carry=lambda dh, dc: (0 * dh, 0 * dc))


@mistake(lstm_backward, "the loop runs forward in time: start at the last step, whose gradients the step before needs")
def loop_runs_forward(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, order=iter)


@mistake(lstm_backward, "only the last step's gradient is used: dhs[t] arrives at every step")
def last_dh_only(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    last = np.concatenate([0 * dhs[:-1], dhs[-1:]])
    return unroll_back(last, xs, h0, c0, hs, cs, gates, W_x, W_h)


@mistake(lstm_backward, "the last step's gradient counts twice: dh starts at zero when dhs[t] is added in every round of the loop")
def last_dh_twice(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    twice = np.concatenate([dhs[:-1], 2 * dhs[-1:]])
    return unroll_back(twice, xs, h0, c0, hs, cs, gates, W_x, W_h)


@mistake(lstm_backward, "the way back starts with ones: after the last step nothing arrives but dhs[-1], so dh and dc start at zero")
def seeded_with_ones(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    seeded = np.concatenate([dhs[:-1], dhs[-1:] + 1])
    return unroll_back(seeded, xs, h0, c0, hs, cs, gates, W_x, W_h)


@mistake(lstm_backward, "the weights' gradients are overwritten at every step: the weights are shared, so add up over the steps")
def weights_overwritten(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, add=lambda total, part: part)


@mistake(lstm_backward, "the weights' gradients are divided by the number of steps: they are sums over time")
def weights_divided_by_time(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    *states, dW_x, dW_h, db = lstm_backward(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h)
    return *states, dW_x / len(xs), dW_h / len(xs), db / len(xs)


@mistake(lstm_backward, "the states of step t are taken for those before it: h_prev is `hs[t - 1]`, and c_prev is `cs[t - 1]`")
def new_states_for_the_old(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, h_prevs=[h0, *hs[1:]], c_prevs=[c0, *cs[1:]])


@mistake(lstm_backward, "`h_prev` is taken from step t itself: the state before it is `hs[t - 1]`")
def new_state_for_the_old(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, h_prevs=[h0, *hs[1:]])


@mistake(lstm_backward, "`c_prev` is taken from step t itself: the cell state before it is `cs[t - 1]`")
def new_cell_for_the_old(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, c_prevs=[c0, *cs[1:]])


@mistake(lstm_backward, "at the first step h_prev and c_prev wrap around: hs[t - 1] is hs[-1], the last state; it must be h0, and c0 for the cell")
def both_wrap_around(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return unroll_back(dhs, xs, hs[-1], cs[-1], hs, cs, gates, W_x, W_h)


@mistake(lstm_backward, "at the first step c_prev wraps around: cs[t - 1] is cs[-1], the last cell state; it must be c0")
def c_wraps_around(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return unroll_back(dhs, xs, h0, cs[-1], hs, cs, gates, W_x, W_h)


@mistake(lstm_backward, "at the first step h_prev wraps around: hs[t - 1] is hs[-1], the last state; it must be h0")
def h_wraps_around(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return unroll_back(dhs, xs, hs[-1], c0, hs, cs, gates, W_x, W_h)


@mistake(lstm_backward, "`h0` and c0 are taken for zeros: the first step's h_prev and c_prev are what was given")
def starts_taken_for_zeros(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return unroll_back(dhs, xs, 0 * h0, 0 * c0, hs, cs, gates, W_x, W_h)


@mistake(lstm_backward, "`c0` is taken for zeros: the first step's c_prev is the c0 that was given")
def c0_taken_for_zeros(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return unroll_back(dhs, xs, h0, 0 * c0, hs, cs, gates, W_x, W_h)


@mistake(lstm_backward, "`h0` is taken for zeros: the first step's h_prev is the h0 that was given")
def h0_taken_for_zeros(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return unroll_back(dhs, xs, 0 * h0, c0, hs, cs, gates, W_x, W_h)
