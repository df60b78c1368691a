"""Known mistakes of assignment 03-bptt: the functions that take gradients back, through a step and through time."""

import numpy as np

from unrolled.mistakes.edits import mistake
from unrolled.reference.rnn import rnn_backward, rnn_step_backward


def _step(da, x, h_prev, W_x, W_h):
    return da @ W_x.T, da @ W_h.T, x.T @ da, h_prev.T @ da, da.sum(axis=0)


@mistake(rnn_step_backward, "tanh is left out on the way back: first da = dh * (1 - h**2), then everything else from da")
def slope_left_out(dh, x, h_prev, h, W_x, W_h):
    return _step(dh, x, h_prev, W_x, W_h)


@mistake(rnn_step_backward, "`h` is tanh(a) already: its slope is 1 - h**2, not 1 - np.tanh(h)**2")
def tanh_of_h_again(dh, x, h_prev, h, W_x, W_h):
    return _step(dh * (1 - np.tanh(h) ** 2), x, h_prev, W_x, W_h)


@mistake(rnn_step_backward, "the slope is that of a state made again without its bias: this step's h is given, so take 1 - h**2")
def slope_made_again_without_bias(dh, x, h_prev, h, W_x, W_h):
    return _step(dh * (1 - np.tanh(x @ W_x + h_prev @ W_h) ** 2), x, h_prev, W_x, W_h)


@mistake(rnn_step_backward, "`dh` is not used: what goes back through tanh is the gradient that arrives, times the slope, da = dh * (1 - h**2)")
def slope_alone(dh, x, h_prev, h, W_x, W_h):
    return _step(1 - h**2, x, h_prev, W_x, W_h)


@mistake(rnn_step_backward, "`dh` is divided by tanh's slope: it is multiplied by it, da = dh * (1 - h**2)")
def divided_by_the_slope(dh, x, h_prev, h, W_x, W_h):
    return _step(dh / (1 - h**2), x, h_prev, W_x, W_h)


@mistake(rnn_step_backward, "this is the slope of the logistic sigmoid, h * (1 - h): that of tanh is 1 - h**2")
def slope_of_sigmoid(dh, x, h_prev, h, W_x, W_h):
    return _step(dh * h * (1 - h), x, h_prev, W_x, W_h)


@mistake(rnn_step_backward, "the square is missing: the slope of tanh is 1 - h**2, not 1 - h")
def slope_without_square(dh, x, h_prev, h, W_x, W_h):
    return _step(dh * (1 - h), x, h_prev, W_x, W_h)


@mistake(rnn_step_backward, "the square stands outside the bracket: the slope of tanh is 1 - h**2, not (1 - h)**2")
def slope_with_the_square_outside(dh, x, h_prev, h, W_x, W_h):
    return _step(dh * (1 - h) ** 2, x, h_prev, W_x, W_h)


@mistake(rnn_step_backward, "`h` is doubled where it should be squared: the slope of tanh is 1 - h**2, with two stars")
def slope_with_one_star(dh, x, h_prev, h, W_x, W_h):
    return _step(dh * (1 - h * 2), x, h_prev, W_x, W_h)


@mistake(rnn_step_backward, "brackets are missing: `dh * 1 - h**2` multiplies by 1 and then takes h**2 away, so write `dh * (1 - h**2)`")
def slope_without_brackets(dh, x, h_prev, h, W_x, W_h):
    return _step(dh - h**2, x, h_prev, W_x, W_h)


@mistake(rnn_step_backward, "the slope of tanh is taken twice: once is enough, da = dh * (1 - h**2)")
def slope_twice(dh, x, h_prev, h, W_x, W_h):
    return _step(dh * (1 - h**2) ** 2, x, h_prev, W_x, W_h)


@mistake(rnn_step_backward, "this is the slope of ReLU: that of tanh is 1 - h**2")
def slope_of_relu(dh, x, h_prev, h, W_x, W_h):
    return _step(dh * (h > 0), x, h_prev, W_x, W_h)


@mistake(rnn_step_backward, "the slope of tanh is taken at h_prev: it belongs to this step's own state, 1 - h**2")
def slope_of_state_before(dh, x, h_prev, h, W_x, W_h):
    return _step(dh * (1 - h_prev**2), x, h_prev, W_x, W_h)


@mistake(rnn_step_backward, "W_h is not transposed in dh_prev: forward it was `h_prev @ W_h`, so back it is `da @ W_h.T`")
def W_h_not_transposed(dh, x, h_prev, h, W_x, W_h):
    dx, _, *weights = rnn_step_backward(dh, x, h_prev, h, W_x, W_h)
    return dx, dh * (1 - h**2) @ W_h, *weights


@mistake(rnn_step_backward, "`dW_h` is transposed: it has the shape of W_h, rows for h_prev and columns for da, so `h_prev.T @ da`")
def dW_h_transposed(dh, x, h_prev, h, W_x, W_h):
    dx, dh_prev, dW_x, dW_h, db = rnn_step_backward(dh, x, h_prev, h, W_x, W_h)
    return dx, dh_prev, dW_x, dW_h.T, db


@mistake(rnn_step_backward, "`dW_h` is made with h: what W_h was multiplied with in the forward pass is h_prev")
def dW_h_from_h(dh, x, h_prev, h, W_x, W_h):
    return _step(dh * (1 - h**2), x, h, W_x, W_h)


@mistake(rnn_step_backward, "`dW_h` is made with dh_prev, the gradient: what W_h was multiplied with in the forward pass is the state h_prev")
def dW_h_from_dh_prev(dh, x, h_prev, h, W_x, W_h):
    dx, dh_prev, dW_x, _, db = rnn_step_backward(dh, x, h_prev, h, W_x, W_h)
    return dx, dh_prev, dW_x, dh_prev.T @ (dh * (1 - h**2)), db


@mistake(rnn_step_backward, "`dh_prev` is taken from dh: the gradient passes tanh first, so it is `da @ W_h.T`")
def dh_prev_from_dh(dh, x, h_prev, h, W_x, W_h):
    dx, _, *weights = rnn_step_backward(dh, x, h_prev, h, W_x, W_h)
    return dx, dh @ W_h.T, *weights


@mistake(rnn_step_backward, "`dh` itself is added to dh_prev: the state before reaches this one through W_h and tanh alone")
def dh_added_to_dh_prev(dh, x, h_prev, h, W_x, W_h):
    dx, dh_prev, *weights = rnn_step_backward(dh, x, h_prev, h, W_x, W_h)
    return dx, dh_prev + dh, *weights


@mistake(rnn_step_backward, "the weights' gradients are divided by the batch size: that division belongs to the loss, and dh carries it already")
def step_divided_by_batch(dh, x, h_prev, h, W_x, W_h):
    dx, dh_prev, *weights = rnn_step_backward(dh, x, h_prev, h, W_x, W_h)
    return dx, dh_prev, *(gradient / len(x) for gradient in weights)


@mistake(rnn_step_backward, "`db` is averaged over the batch: every row used the same b, so its gradient is their sum")
def db_averaged(dh, x, h_prev, h, W_x, W_h):
    *rest, db = rnn_step_backward(dh, x, h_prev, h, W_x, W_h)
    return *rest, db / len(x)


@mistake(rnn_step_backward, "`db` is not summed over the batch: every row used the same b, so its gradient is `da.sum(axis=0)`")
def db_not_summed(dh, x, h_prev, h, W_x, W_h):
    *rest, _ = rnn_step_backward(dh, x, h_prev, h, W_x, W_h)
    return *rest, dh * (1 - h**2)


@mistake(rnn_step_backward, "`db` is summed over axis 1, the units: each unit keeps its own, so sum over the batch, `da.sum(axis=0)`")
def db_summed_over_the_units(dh, x, h_prev, h, W_x, W_h):
    *rest, _ = rnn_step_backward(dh, x, h_prev, h, W_x, W_h)
    return *rest, (dh * (1 - h**2)).sum(axis=1)


def through_time(dhs, xs, h0, hs, W_x, W_h, slope=None, h_prevs=None, hand_back=None):
    """The right way with one part exchanged: tanh's slopes, the states before each step, or what step t hands back."""
    slope = 1 - hs**2 if slope is None else slope
    h_prevs = np.concatenate([h0[None], hs[:-1]]) if h_prevs is None else h_prevs
    hand_back = hand_back or (lambda t, dh, da: da @ W_h.T)
    das, carried = np.empty_like(hs), np.zeros_like(h0)
    for t in reversed(range(len(hs))):
        dh = dhs[t] + carried
        das[t] = dh * slope[t]
        carried = hand_back(t, dh, das[t])
    return _collect(das, xs, h_prevs, W_x, carried)


def _collect(das, xs, h_prevs, W_x, dh0):
    dW_x, dW_h = np.einsum("tnd,tnh->dh", xs, das), np.einsum("tng,tnh->gh", h_prevs, das)
    return das @ W_x.T, dh0, dW_x, dW_h, das.sum(axis=(0, 1))


@mistake(rnn_backward, "the gradient is not handed from step to step: add the dh_prev of step t + 1 to dhs[t] before you go through step t")
def gradient_not_carried(dhs, xs, h0, hs, W_x, W_h):
    das = dhs * (1 - hs**2)
    return _collect(das, xs, np.concatenate([h0[None], hs[:-1]]), W_x, das[0] @ W_h.T)


@mistake(rnn_backward, "only the last step's dhs is used: every step has an output of its own, and its dhs[t] is added on the way back")
def last_output_only(dhs, xs, h0, hs, W_x, W_h):
    last = np.zeros_like(dhs)
    last[-1] = dhs[-1]
    return rnn_backward(last, xs, h0, hs, W_x, W_h)


@mistake(rnn_backward, "the last step's gradient counts twice: what comes from the step after starts at zero when dhs[t] is added in every round")
def last_output_twice(dhs, xs, h0, hs, W_x, W_h):
    return rnn_backward(np.concatenate([dhs[:-1], 2 * dhs[-1:]]), xs, h0, hs, W_x, W_h)


@mistake(rnn_backward, "the loop starts with a dh of ones: nothing comes from beyond the last step, so it starts with zeros")
def started_with_ones(dhs, xs, h0, hs, W_x, W_h):
    return rnn_backward(np.concatenate([dhs[:-1], dhs[-1:] + 1]), xs, h0, hs, W_x, W_h)


@mistake(rnn_backward, "what comes from the step after goes round tanh: add it to dhs[t] first, then multiply the sum by 1 - hs[t]**2")
def carried_round_tanh(dhs, xs, h0, hs, W_x, W_h):
    das, carried = np.empty_like(hs), np.zeros_like(h0)
    for t in reversed(range(len(hs))):
        das[t] = dhs[t] * (1 - hs[t] ** 2) + carried
        carried = das[t] @ W_h.T
    return _collect(das, xs, np.concatenate([h0[None], hs[:-1]]), W_x, carried)


@mistake(rnn_backward, "tanh is left out on the way back: at each step the gradient is multiplied by 1 - hs[t]**2")
def slope_left_out_of_the_loop(dhs, xs, h0, hs, W_x, W_h):
    return through_time(dhs, xs, h0, hs, W_x, W_h, slope=np.ones_like(hs))


@mistake(rnn_backward, "`dhs` is not used: what goes back through tanh is the gradient that arrives, times the slope, da = dh * (1 - hs[t]**2)")
def slope_alone_in_the_loop(dhs, xs, h0, hs, W_x, W_h):
    das = 1 - hs**2
    return _collect(das, xs, np.concatenate([h0[None], hs[:-1]]), W_x, das[0] @ W_h.T)


@mistake(rnn_backward, "`hs` is tanh(a) already: its slope is 1 - hs[t]**2, not 1 - np.tanh(hs[t])**2")
def tanh_of_hs_again(dhs, xs, h0, hs, W_x, W_h):
    return through_time(dhs, xs, h0, hs, W_x, W_h, slope=1 - np.tanh(hs) ** 2)


@mistake(rnn_backward, "the slope of tanh is taken at hs[t - 1], one step too early: step t's own state is hs[t], so it is 1 - hs[t]**2")
def slope_of_state_before_in_the_loop(dhs, xs, h0, hs, W_x, W_h):
    return through_time(dhs, xs, h0, hs, W_x, W_h, slope=1 - np.concatenate([h0[None], hs[:-1]]) ** 2)


@mistake(rnn_backward, "this is the slope of the logistic sigmoid, hs[t] * (1 - hs[t]): that of tanh is 1 - hs[t]**2")
def slope_of_sigmoid_in_the_loop(dhs, xs, h0, hs, W_x, W_h):
    return through_time(dhs, xs, h0, hs, W_x, W_h, slope=hs * (1 - hs))


@mistake(rnn_backward, "the square is missing: the slope of tanh is 1 - hs[t]**2, not 1 - hs[t]")
def slope_without_square_in_the_loop(dhs, xs, h0, hs, W_x, W_h):
    return through_time(dhs, xs, h0, hs, W_x, W_h, slope=1 - hs)


@mistake(rnn_backward, "`hs[t]` is doubled where it should be squared: the slope of tanh is 1 - hs[t]**2, with two stars")
def slope_with_one_star_in_the_loop(dhs, xs, h0, hs, W_x, W_h):
    return through_time(dhs, xs, h0, hs, W_x, W_h, slope=1 - hs * 2)


@mistake(rnn_backward, "the slope of tanh is taken twice at each step: once is enough, da = dh * (1 - hs[t]**2)")
def slope_twice_in_the_loop(dhs, xs, h0, hs, W_x, W_h):
    return through_time(dhs, xs, h0, hs, W_x, W_h, slope=(1 - hs**2) ** 2)


@mistake(rnn_backward, "each loss goes back four steps at most, `bptt_truncate = 4`: here the gradient goes all the way back to h0")
def cut_after_four_steps(dhs, xs, h0, hs, W_x, W_h):
    """What one output sends back reaches its own step and four before."""
    das, dh0 = np.zeros_like(hs), np.zeros_like(h0)
    for last in range(len(hs)):
        dh = dhs[last]
        for t in range(last, max(-1, last - 5), -1):
            da = dh * (1 - hs[t] ** 2)
            das[t] += da
            dh = da @ W_h.T
        dh0 += dh if last < 5 else 0
    return _collect(das, xs, np.concatenate([h0[None], hs[:-1]]), W_x, dh0)


@mistake(rnn_backward, "W_h is not transposed on the way back: forward it was `h @ W_h`, so back it is `da @ W_h.T`")
def W_h_not_transposed_in_the_loop(dhs, xs, h0, hs, W_x, W_h):
    return through_time(dhs, xs, h0, hs, W_x, W_h, hand_back=lambda t, dh, da: da @ W_h)


@mistake(rnn_backward, "a step hands back `dh @ W_h.T`: the gradient passes tanh first, so it is `da @ W_h.T`")
def handed_back_before_tanh(dhs, xs, h0, hs, W_x, W_h):
    return through_time(dhs, xs, h0, hs, W_x, W_h, hand_back=lambda t, dh, da: dh @ W_h.T)


@mistake(rnn_backward, "`dh` stands where da must: what goes on to the inputs, the weights and b has passed tanh, da = dh * (1 - hs[t]**2)")
def collected_before_tanh(dhs, xs, h0, hs, W_x, W_h):
    dh_of_steps = np.empty_like(hs)

    def hand_back(t, dh, da):
        dh_of_steps[t] = dh
        return da @ W_h.T

    _, dh0, *_ = through_time(dhs, xs, h0, hs, W_x, W_h, hand_back=hand_back)
    return _collect(dh_of_steps, xs, np.concatenate([h0[None], hs[:-1]]), W_x, dh0)


@mistake(rnn_backward, "what a step hands back is piled on what it was given: the next dh_prev replaces the old one, `dh = da @ W_h.T`")
def old_gradient_kept(dhs, xs, h0, hs, W_x, W_h):
    return through_time(dhs, xs, h0, hs, W_x, W_h, hand_back=lambda t, dh, da: dh + da @ W_h.T)


@mistake(rnn_backward, "what a step hands back is piled up: the next dh_prev replaces the old one, `dh = da @ W_h.T`, it is not `+=`")
def carried_gradient_piled_up(dhs, xs, h0, hs, W_x, W_h):
    return through_time(dhs, xs, h0, hs, W_x, W_h, hand_back=lambda t, dh, da: dh - dhs[t] + da @ W_h.T)


@mistake(rnn_backward, "the loop runs forward in time: start at the last step and go back, `reversed(range(T))`")
def loop_runs_forward(dhs, xs, h0, hs, W_x, W_h):
    das, carried = np.empty_like(hs), np.zeros_like(h0)
    for t in range(len(hs)):
        das[t] = (dhs[t] + carried) * (1 - hs[t] ** 2)
        carried = das[t] @ W_h.T
    return _collect(das, xs, np.concatenate([h0[None], hs[:-1]]), W_x, carried)


SAME_STEP = "`dW_h` is made with hs[t]: what W_h was multiplied with at step t is the state before, hs[t - 1]"


@mistake(rnn_backward, SAME_STEP)
def dW_h_from_same_step(dhs, xs, h0, hs, W_x, W_h):
    return through_time(dhs, xs, h0, hs, W_x, W_h, h_prevs=hs)


@mistake(rnn_backward, SAME_STEP)
def dW_h_from_same_step_after_the_first(dhs, xs, h0, hs, W_x, W_h):
    return through_time(dhs, xs, h0, hs, W_x, W_h, h_prevs=np.concatenate([h0[None], hs[1:]]))


@mistake(rnn_backward, "at the first step hs[t - 1] is hs[-1], the last state: the state before step 0 is h0")
def last_state_before_the_first(dhs, xs, h0, hs, W_x, W_h):
    return through_time(dhs, xs, h0, hs, W_x, W_h, h_prevs=np.roll(hs, 1, axis=0))


@mistake(rnn_backward, "`dW_h` is made with dh_prev, the gradient: what W_h was multiplied with in the forward pass is the state h_prev")
def dW_h_from_dh_prev_in_the_loop(dhs, xs, h0, hs, W_x, W_h):
    handed_back = np.empty_like(hs)

    def hand_back(t, dh, da):
        handed_back[t] = da @ W_h.T
        return handed_back[t]

    through_time(dhs, xs, h0, hs, W_x, W_h, hand_back=hand_back)
    return through_time(dhs, xs, h0, hs, W_x, W_h, h_prevs=handed_back)


@mistake(rnn_backward, "`h0` is taken for zeros in dW_h: the state before step 0 is the h0 that is given")
def h0_left_out_of_dW_h(dhs, xs, h0, hs, W_x, W_h):
    return rnn_backward(dhs, xs, np.zeros_like(h0), hs, W_x, W_h)


@mistake(rnn_backward, "`dW_h` is transposed: it has the shape of W_h, rows for h_prev and columns for da, so `h_prev.T @ da`")
def dW_h_transposed_in_the_loop(dhs, xs, h0, hs, W_x, W_h):
    dxs, dh0, dW_x, dW_h, db = rnn_backward(dhs, xs, h0, hs, W_x, W_h)
    return dxs, dh0, dW_x, dW_h.T, db


def _handed_to_step_0(dhs, xs, hs, W_x, W_h):
    return rnn_backward(dhs[1:], xs[1:], hs[0], hs[1:], W_x, W_h)[1] if len(xs) > 1 else 0


@mistake(rnn_backward, "the weights' gradients are overwritten at each step: the same weights serve all steps, so add up with `+=`")
def weights_overwritten(dhs, xs, h0, hs, W_x, W_h):
    dxs, dh0, *_ = rnn_backward(dhs, xs, h0, hs, W_x, W_h)
    dh = dhs[0] + _handed_to_step_0(dhs, xs, hs, W_x, W_h)
    return dxs, dh0, *rnn_step_backward(dh, xs[0], h0, hs[0], W_x, W_h)[2:]


@mistake(rnn_backward, "the weights' gradients are averaged over time: the same weights serve all steps, so their gradient is the sum")
def averaged_over_time(dhs, xs, h0, hs, W_x, W_h):
    dxs, dh0, *weights = rnn_backward(dhs, xs, h0, hs, W_x, W_h)
    return dxs, dh0, *(gradient / len(xs) for gradient in weights)


@mistake(rnn_backward, "the weights' gradients are divided by the batch size: that division belongs to the loss, and dhs carries it already")
def divided_by_batch(dhs, xs, h0, hs, W_x, W_h):
    dxs, dh0, *weights = rnn_backward(dhs, xs, h0, hs, W_x, W_h)
    return dxs, dh0, *(gradient / len(h0) for gradient in weights)


@mistake(rnn_backward, "`db` is averaged over the batch: every row used the same b, so its gradient is their sum")
def db_averaged_in_the_loop(dhs, xs, h0, hs, W_x, W_h):
    *rest, db = rnn_backward(dhs, xs, h0, hs, W_x, W_h)
    return *rest, db / len(h0)


@mistake(rnn_backward, "`dh0` is one step late: this is the gradient at hs[0]; it still has to go back through step 0")
def dh0_one_step_late(dhs, xs, h0, hs, W_x, W_h):
    dxs, _, *weights = rnn_backward(dhs, xs, h0, hs, W_x, W_h)
    return dxs, dhs[0] + _handed_to_step_0(dhs, xs, hs, W_x, W_h), *weights


@mistake(rnn_backward, "`dh0` is the da of step 0: it still has to go back through W_h, as `da @ W_h.T`")
def dh0_before_W_h(dhs, xs, h0, hs, W_x, W_h):
    dxs, _, *weights = rnn_backward(dhs, xs, h0, hs, W_x, W_h)
    return dxs, (dhs[0] + _handed_to_step_0(dhs, xs, hs, W_x, W_h)) * (1 - hs[0] ** 2), *weights


@mistake(rnn_backward, "`dh0` stays zero: it is what step 0 hands back, the last dh_prev of the loop")
def dh0_zero(dhs, xs, h0, hs, W_x, W_h):
    dxs, _, *weights = rnn_backward(dhs, xs, h0, hs, W_x, W_h)
    return dxs, np.zeros_like(h0), *weights


@mistake(rnn_backward, "`dxs` is in reverse order of time: the loop makes the last step's dx first, so turn the list round")
def dxs_reversed(dhs, xs, h0, hs, W_x, W_h):
    dxs, *rest = rnn_backward(dhs, xs, h0, hs, W_x, W_h)
    return dxs[::-1], *rest
