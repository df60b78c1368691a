"""Known mistakes of assignment 06-gru on the way back through one step, alone and in the loop."""

import numpy as np

from unrolled.reference.gru import gru_backward, gru_step_backward
from unrolled.reference.lstm import sigmoid
from unrolled.reference.mistakes import mistake
from unrolled.reference.mistakes.gru import join, named, swap_gates, thirds


def _keep(dh, dh_prev):
    return dh_prev


def loop_back(back, dhs, xs, h0, hs, gates, W_x, W_h, carry=_keep, total=sum, h_prevs=None):
    """dhs taken back step by step; carry says what reaches the step before, total makes one gradient of a weight's T, first step first."""
    h_prevs = [h0, *hs[:-1]] if h_prevs is None else h_prevs
    dh, dxs, parts = np.zeros_like(h0), [], []
    for dh_out, x, h_prev, step_gates in reversed(list(zip(dhs, xs, h_prevs, gates, strict=True))):
        dx, dh_prev, *weights = back(dh_out + dh, x, h_prev, step_gates, W_x, W_h)
        dxs.insert(0, dx)
        parts.insert(0, weights)
        dh = carry(dh, dh_prev)
    return np.stack(dxs), dh_prev, *(total(steps) for steps in zip(*parts, strict=True))


def back_mistake(sentence):
    """Decorator: a wrong step back, registered for gru_step_backward and, looped, for gru_backward."""

    def register(back):
        def looped(dhs, xs, h0, hs, gates, W_x, W_h):
            return loop_back(back, dhs, xs, h0, hs, gates, W_x, W_h)

        mistake(gru_step_backward, sentence)(back)
        mistake(gru_backward, sentence)(named(looped, f"{back.__name__}_in_the_loop"))
        return back

    return register


def step_back(dh, x, h_prev, gates, W_x, W_h, **wrong):
    """A step back with one part replaced: a slope, a factor, one of the ways to h_prev, or which blocks dx hears, by name."""
    r, z, n, W_hr, W_hz, W_hn = thirds(gates, W_h)
    part = {
        "dn": dh * (1 - z), "dz": dh * (h_prev - n),
        "slope_n": 1 - n**2, "slope_z": z * (1 - z), "slope_r": r * (1 - r),
        "to_candidate": r * h_prev, "kept": dh * z,
    } | wrong
    da_n, da_z = part["dn"] * part["slope_n"], part["dz"] * part["slope_z"]
    W_hr, W_hz, W_hn = (part.get(name, W) for name, W in {"W_hr": W_hr, "W_hz": W_hz, "W_hn": W_hn}.items())
    d_reset = da_n @ W_hn.T
    da_r = d_reset * part.get("to_r", h_prev) * part["slope_r"]
    da = join(da_r, da_z, da_n)
    through_candidate = part["back_to_h"](da_n, W_hn) if "back_to_h" in part else d_reset * part.get("to_h", r)
    ways = [part["kept"], through_candidate, da_r @ W_hr.T * part.get("by_r", 1), da_z @ W_hz.T * part.get("by_z", 1)]
    state = part.get("state", h_prev)
    dW_h = join(state.T @ da_r, state.T @ da_z, part["to_candidate"].T @ da_n)
    heard = join(*(block * (gate in part.get("heard", "rzn")) for gate, block in zip("rzn", (da_r, da_z, da_n), strict=True)))
    return heard @ W_x.T, sum(ways), x.T @ da, dW_h, da.sum(axis=0)


@back_mistake("`dh_prev` misses the direct way: h keeps `z * h_prev`, so `dh * z` belongs to it")
def direct_way_missing(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, kept=0)


@back_mistake("on the direct way to `dh_prev` stands the candidate's share, 1 - z: h keeps `z * h_prev`, so it is `dh * z`")
def direct_way_by_the_candidates_share(dh, x, h_prev, gates, W_x, W_h):
    z = np.split(gates, 3, axis=-1)[1]
    return step_back(dh, x, h_prev, gates, W_x, W_h, kept=dh * (1 - z))


@back_mistake("`dh_prev` misses the way through the candidate: add `(da_n @ W_hn.T) * r`")
def candidates_way_missing(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, to_h=0)


@back_mistake("`dh_prev` misses the ways through the gates: add `da_r @ W_hr.T + da_z @ W_hz.T`")
def gates_ways_missing(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, by_r=0, by_z=0)


@back_mistake("`dh_prev` misses the way through the reset gate: add `da_r @ W_hr.T`")
def reset_gates_way_missing(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, by_r=0)


@back_mistake("`dh_prev` misses the way through the update gate: add `da_z @ W_hz.T`")
def update_gates_way_missing(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, by_z=0)


@back_mistake("`dh_prev` misses the direct way and the way through the candidate: add up all four, `dh_prev += ...`")
def ways_through_the_gates_only(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, kept=0, to_h=0)


@back_mistake("`dh_prev` is made as in a plain network, `da @ W_h.T`: here `dh * z` comes too, and the candidate's part takes the factor r, `(da_n @ W_hn.T) * r`")
def as_in_a_plain_network(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, kept=0, to_h=1)


def _one_way_only(**others):
    @back_mistake("`dh_prev` holds one of its four ways alone: add them up, `dh_prev += ...`, each new one to those before")
    def one_way_only(dh, x, h_prev, gates, W_x, W_h):
        return step_back(dh, x, h_prev, gates, W_x, W_h, **others)


_WAYS = {"kept": 0, "to_h": 0, "by_r": 0, "by_z": 0}
for _way in _WAYS:
    _one_way_only(**{way: nothing for way, nothing in _WAYS.items() if way != _way})


def _dx_from(heard, sentence):
    @back_mistake(sentence)
    def some_blocks_heard(dh, x, h_prev, gates, W_x, W_h):
        return step_back(dh, x, h_prev, gates, W_x, W_h, heard=heard)


_MISSING = "`dx` misses the part of {}: x went into all three blocks, so add all three"
_ALONE = "`dx` holds the part of {} alone: add up all three, `dx += ...`, each new one to those before"
_dx_from("rz", "`dx` misses the part of the candidate: add all three, `da_r @ W_xr.T + da_z @ W_xz.T + da_n @ W_xn.T` (a sum that runs over two lines needs brackets)")
_dx_from("rn", _MISSING.format("the update gate"))
_dx_from("zn", _MISSING.format("the reset gate"))
for _gate, _words in {"r": "the reset gate", "z": "the update gate", "n": "the candidate"}.items():
    _dx_from(_gate, _ALONE.format(_words))


@back_mistake("on the way through the candidate the factor r is missing: `r * h_prev` went in, so `(da_n @ W_hn.T) * r` comes back")
def reset_forgotten_on_the_way_back(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, to_h=1)


@back_mistake("the reset gate gets no gradient: it scaled h_prev inside the candidate, so dr is `(da_n @ W_hn.T) * h_prev`")
def no_gradient_for_the_reset_gate(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, to_r=0)


@back_mistake("`dr` is not multiplied by h_prev: `r * h_prev` went in, so dr is `(da_n @ W_hn.T) * h_prev`")
def reset_gradient_without_state(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, to_r=1)


@back_mistake("`r` and h_prev are mixed up: in `r * h_prev` each one's gradient takes the other, times h_prev for r and times r for h_prev")
def reset_and_state_mixed_up(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, to_r=thirds(gates)[0], to_h=h_prev)


@back_mistake("on the way through the candidate r comes before the product, as for a reset after it: here it comes behind, `(da_n @ W_hn.T) * r`")
def back_through_reset_after_to_the_state_alone(dh, x, h_prev, gates, W_x, W_h):
    r = thirds(gates)[0]
    return step_back(dh, x, h_prev, gates, W_x, W_h, back_to_h=lambda da_n, W_hn: (da_n * r) @ W_hn.T)


@back_mistake("`dn` is taken for dh in the lines after it, so dz and the direct way lose a factor: they are `dh * (h_prev - n)` and `dh * z`; give dn a name of its own")
def dh_overwritten(dh, x, h_prev, gates, W_x, W_h):
    z, n = thirds(gates)[1:]
    return step_back(dh, x, h_prev, gates, W_x, W_h, dz=dh * (1 - z) * (h_prev - n), kept=dh * (1 - z) * z)


@back_mistake("`da_n` is taken for dh in the lines after it, so dz and the direct way lose two factors: they are `dh * (h_prev - n)` and `dh * z`; give da_n a name of its own")
def dh_overwritten_by_da_n(dh, x, h_prev, gates, W_x, W_h):
    z, n = thirds(gates)[1:]
    da_n = dh * (1 - z) * (1 - n**2)
    return step_back(dh, x, h_prev, gates, W_x, W_h, dz=da_n * (h_prev - n), kept=da_n * z)


@back_mistake("the n block of dW_h is made with h_prev: W_hn met `r * h_prev`, so it is `(r * h_prev).T @ da_n`")
def weights_of_the_candidate_without_reset(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, to_candidate=h_prev)


@back_mistake("`dz` has the wrong sign: h grows with z by `h_prev - n`")
def update_gradients_sign(dh, x, h_prev, gates, W_x, W_h):
    n = thirds(gates)[2]
    return step_back(dh, x, h_prev, gates, W_x, W_h, dz=dh * (n - h_prev))


@back_mistake("`dz` misses the candidate: z takes from n what it gives to h_prev, so dz is `dh * (h_prev - n)`")
def update_gradient_without_candidate(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, dz=dh * h_prev)


@back_mistake("`dz` has a factor 1 - z too many, as with h in the place of n, or dn in that of dh: it is `dh * (h_prev - n)`")
def update_gradient_from_the_new_state(dh, x, h_prev, gates, W_x, W_h):
    z, n = thirds(gates)[1:]
    return step_back(dh, x, h_prev, gates, W_x, W_h, dz=dh * (h_prev - (z * h_prev + (1 - z) * n)))


@back_mistake("`dn` takes the old state's share: n entered h as `(1 - z) * n`, so dn is `dh * (1 - z)`")
def candidates_share_is_the_old_states(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, dn=dh * thirds(gates)[1])


@back_mistake("`z` is the other way round: h is `z * h_prev + (1 - z) * n`, so dn is `dh * (1 - z)` and `dh * z` goes to h_prev")
def z_the_other_way_round_on_the_way_back(dh, x, h_prev, gates, W_x, W_h):
    z, n = thirds(gates)[1:]
    return step_back(dh, x, h_prev, gates, W_x, W_h, dn=dh * z, dz=dh * (n - h_prev), kept=dh * (1 - z))


@back_mistake("`dn` misses its share: n entered h as `(1 - z) * n`, so dn is `dh * (1 - z)`")
def candidates_share_missing(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, dn=dh)


@back_mistake("the slope of tanh is missing: da_n is `dn * (1 - n**2)`")
def tanh_slope_missing(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, slope_n=1)


@back_mistake("the slope of tanh is `1 - n**2`, not `1 - n`")
def tanh_slope_without_square(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, slope_n=1 - thirds(gates)[2])


@back_mistake("the square stands outside the bracket: the slope of tanh is `1 - n**2`, not `(1 - n)**2`")
def tanh_slope_with_the_square_outside(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, slope_n=(1 - thirds(gates)[2]) ** 2)


@back_mistake("the candidate's slope is that of a sigmoid: n is a tanh, so it is `1 - n**2`")
def sigmoid_slope_for_the_candidate(dh, x, h_prev, gates, W_x, W_h):
    n = thirds(gates)[2]
    return step_back(dh, x, h_prev, gates, W_x, W_h, slope_n=n * (1 - n))


@back_mistake("the slope of tanh is taken at n again: n is activated already, so the slope is `1 - n**2`")
def tanh_slope_of_activated(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, slope_n=1 - np.tanh(thirds(gates)[2]) ** 2)


@back_mistake("the slope of the sigmoid is missing: da_z is `dz * z * (1 - z)`, and da_r likewise")
def sigmoid_slopes_missing(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, slope_z=1, slope_r=1)


@back_mistake("the gradients stop at the activated gates: go on through sigmoid and tanh, with `r * (1 - r)`, `z * (1 - z)` and `1 - n**2`")
def all_slopes_missing(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, slope_n=1, slope_z=1, slope_r=1)


@back_mistake("the gates' slope lacks a factor: it is `r * (1 - r)` and `z * (1 - z)`, not `1 - r` and `1 - z`")
def sigmoid_slopes_without_their_first_factor(dh, x, h_prev, gates, W_x, W_h):
    r, z = thirds(gates)[:2]
    return step_back(dh, x, h_prev, gates, W_x, W_h, slope_z=1 - z, slope_r=1 - r)


@back_mistake("the slope of the reset gate is missing: da_r is `dr * r * (1 - r)`")
def reset_gates_slope_missing(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, slope_r=1)


@back_mistake("the slope of the update gate is missing: da_z is `dz * z * (1 - z)`")
def update_gates_slope_missing(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, slope_z=1)


@back_mistake("the gates' slope is tanh's: r and z are sigmoids, so it is `r * (1 - r)` and `z * (1 - z)`")
def tanh_slope_for_the_gates(dh, x, h_prev, gates, W_x, W_h):
    r, z = thirds(gates)[:2]
    return step_back(dh, x, h_prev, gates, W_x, W_h, slope_z=1 - z**2, slope_r=1 - r**2)


@back_mistake("the sigmoid is taken of the gates again: they are activated already, so their slope is `z * (1 - z)`")
def sigmoid_slope_of_activated(dh, x, h_prev, gates, W_x, W_h):
    r, z = map(sigmoid, thirds(gates)[:2])
    return step_back(dh, x, h_prev, gates, W_x, W_h, slope_z=z * (1 - z), slope_r=r * (1 - r))


_AGAIN = "the gates are activated a second time: `gates` already went through sigmoid and tanh, so take r, z and n as they are"


@back_mistake(_AGAIN)
def all_slopes_of_activated(dh, x, h_prev, gates, W_x, W_h):
    r, z, n = thirds(gates)
    slopes = {"slope_r": sigmoid(r) * (1 - sigmoid(r)), "slope_z": sigmoid(z) * (1 - sigmoid(z)), "slope_n": 1 - np.tanh(n) ** 2}
    return step_back(dh, x, h_prev, gates, W_x, W_h, **slopes)


@back_mistake(_AGAIN)
def gates_activated_again_and_used(dh, x, h_prev, gates, W_x, W_h):
    r, z, n = thirds(gates)
    return gru_step_backward(dh, x, h_prev, join(sigmoid(r), sigmoid(z), np.tanh(n)), W_x, W_h)


@back_mistake("the blocks of W_h are not transposed on the way back: it is `da_n @ W_hn.T`, and so for r and z")
def W_h_not_transposed(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, join(*(W.T for W in thirds(W_h))))


@back_mistake("W_hr and W_hz are not transposed on the way back: it is `da_r @ W_hr.T + da_z @ W_hz.T`")
def gates_weights_not_transposed(dh, x, h_prev, gates, W_x, W_h):
    W_hr, W_hz, _ = thirds(W_h)
    return step_back(dh, x, h_prev, gates, W_x, W_h, W_hr=W_hr.T, W_hz=W_hz.T)


@back_mistake("W_hn is not transposed on the way back: it is `da_n @ W_hn.T`")
def W_hn_not_transposed(dh, x, h_prev, gates, W_x, W_h):
    return step_back(dh, x, h_prev, gates, W_x, W_h, W_hn=thirds(W_h)[2].T)


@back_mistake("this is the gradient of a reset after the matrix product: here the reset comes before, so W_hn met `r * h_prev`")
def back_through_reset_after(dh, x, h_prev, gates, W_x, W_h):
    r, z, n, W_hr, W_hz, W_hn = thirds(gates, W_h)
    da_n = dh * (1 - z) * (1 - n**2)
    da_z = dh * (h_prev - n) * z * (1 - z)
    da_r = da_n * (h_prev @ W_hn) * r * (1 - r)
    da = join(da_r, da_z, da_n)
    dh_prev = dh * z + (da_n * r) @ W_hn.T + da_r @ W_hr.T + da_z @ W_hz.T
    dW_h = join(h_prev.T @ da_r, h_prev.T @ da_z, h_prev.T @ (da_n * r))
    return da @ W_x.T, dh_prev, x.T @ da, dW_h, da.sum(axis=0)


@back_mistake("the blocks of the gradients stand in the order z|r|n: here the order is r|z|n, as in the weights")
def gradient_blocks_in_keras_order(dh, x, h_prev, gates, W_x, W_h):
    dx, dh_prev, *weights = gru_step_backward(dh, x, h_prev, gates, W_x, W_h)
    return dx, dh_prev, *map(swap_gates, weights)


@back_mistake("`gates`, W_x and W_h are taken apart, and the gradients put together, in the order z|r|n, as in Keras: here it is r|z|n throughout")
def all_in_keras_order_on_the_way_back(dh, x, h_prev, gates, W_x, W_h):
    swapped = [swap_gates(array) for array in (gates, W_x, W_h)]
    return gradient_blocks_in_keras_order(dh, x, h_prev, *swapped)


@back_mistake("`W_x` and W_h are taken apart in the order z|r|n: here it is r|z|n")
def weights_read_in_keras_order(dh, x, h_prev, gates, W_x, W_h):
    return gru_step_backward(dh, x, h_prev, gates, swap_gates(W_x), swap_gates(W_h))


@back_mistake("`gates` is read in the order z|r|n: here the order is r|z|n")
def gates_read_in_keras_order(dh, x, h_prev, gates, W_x, W_h):
    return gru_step_backward(dh, x, h_prev, swap_gates(gates), W_x, W_h)


@back_mistake("the weights' gradients are divided by the batch size N: they are sums over the batch, the mean is the loss's business")
def divided_by_the_batch(dh, x, h_prev, gates, W_x, W_h):
    dx, dh_prev, *weights = gru_step_backward(dh, x, h_prev, gates, W_x, W_h)
    return dx, dh_prev, *(gradient / len(x) for gradient in weights)


@mistake(gru_step_backward, "`db` is not summed over the batch: every row was moved by the same b, so its gradient is a sum over axis 0")
def db_not_summed(dh, x, h_prev, gates, W_x, W_h):
    *others, _ = gru_step_backward(dh, x, h_prev, gates, W_x, W_h)
    rows = np.split(dh, len(dh)), np.split(x, len(dh)), np.split(h_prev, len(dh)), np.split(gates, len(dh))
    return *others, np.stack([gru_step_backward(*row, W_x, W_h)[-1] for row in zip(*rows, strict=True)])
