"""Known mistakes of assignment 06-gru on the way forward, through a step and through the loop.

A step gone wrong goes wrong in the loop too, so a mistake of the step function is registered for both.
"""

import numpy as np

from unrolled.reference.gru import gru_forward, gru_step_forward
from unrolled.reference.lstm import sigmoid
from unrolled.reference.mistakes import mistake, unroll


def thirds(*arrays):
    """The blocks r, z, n of each array."""
    return [block for array in arrays for block in np.split(array, 3, axis=-1)]


def join(*blocks):
    return np.concatenate(blocks, axis=-1)


def swap_gates(array):
    first, second, third = thirds(array)
    return join(second, first, third)


def named(function, name):
    function.__name__ = name
    return function


def step_mistake(sentence):
    """Decorator: a wrong step, registered for gru_step_forward and, looped, for gru_forward."""

    def register(step):
        def looped(xs, h0, W_x, W_h, b):
            return unroll(lambda x, h: step(x, h, W_x, W_h, b), xs, h0)

        mistake(gru_step_forward, sentence)(step)
        mistake(gru_forward, sentence)(named(looped, f"{step.__name__}_in_the_loop"))
        return step

    return register


def _step(x, h_prev, W_x, W_h, b, squash=sigmoid, candidate=None, mix=None):
    """A step with one part replaced: squash of the gates' sums, candidate(a, r, z, h_prev, W_hn), mix(h_prev, r, z, n)."""
    a_r, a_z, a_n, W_hr, W_hz, W_hn = thirds(x @ W_x + b, W_h)
    r, z = squash(a_r + h_prev @ W_hr), squash(a_z + h_prev @ W_hz)
    n = candidate(a_n, r, z, h_prev, W_hn) if candidate else np.tanh(a_n + (r * h_prev) @ W_hn)
    h = mix(h_prev, r, z, n) if mix else z * h_prev + (1 - z) * n
    return h, join(r, z, n)


def _z_the_other_way_round(h_prev, r, z, n):
    return (1 - z) * h_prev + z * n


def _reset_after_product(a, r, z, h_prev, W_hn):
    return np.tanh(a + r * (h_prev @ W_hn))


@step_mistake("`z` is the other way round: here a z near 1 keeps the old state, `h = z * h_prev + (1 - z) * n`")
def z_the_other_way_round(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, mix=_z_the_other_way_round)


@step_mistake("the reset is applied after the matrix product, as in PyTorch: here it comes before, `(r * h_prev) @ W_hn`")
def reset_after_the_product(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, candidate=_reset_after_product)


@step_mistake("the blocks are taken in the order z|r|n, as in Keras: here the order is r|z|n")
def blocks_in_keras_order(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, swap_gates(W_x), swap_gates(W_h), swap_gates(b))


@step_mistake("the blocks are taken and returned in the order z|r|n, as in Keras: here the order is r|z|n")
def all_in_keras_order(x, h_prev, W_x, W_h, b):
    h, gates = blocks_in_keras_order(x, h_prev, W_x, W_h, b)
    return h, swap_gates(gates)


@step_mistake("the blocks are taken in the order z|r|n, and z is the other way round: here the order is r|z|n, and a z near 1 keeps the old state")
def blocks_in_keras_order_and_z_the_other_way_round(x, h_prev, W_x, W_h, b):
    swapped = [swap_gates(array) for array in (W_x, W_h, b)]
    return _step(x, h_prev, *swapped, mix=_z_the_other_way_round)


@step_mistake("two habits of Keras: there the blocks stand in the order z|r|n and the reset comes after the matrix product; here they stand r|z|n, and it is `(r * h_prev) @ W_hn`")
def as_in_keras(x, h_prev, W_x, W_h, b):
    h, gates = _step(x, h_prev, swap_gates(W_x), swap_gates(W_h), swap_gates(b), candidate=_reset_after_product)
    return h, swap_gates(gates)


@step_mistake("the reset is applied after the matrix product, and z is the other way round: here it is `(r * h_prev) @ W_hn`, and a z near 1 keeps the old state")
def reset_after_and_z_the_other_way_round(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, mix=_z_the_other_way_round, candidate=_reset_after_product)


@step_mistake("`gates` is returned in the order z|r|n: it must be r|z|n")
def gates_returned_in_keras_order(x, h_prev, W_x, W_h, b):
    h, gates = _step(x, h_prev, W_x, W_h, b)
    return h, swap_gates(gates)


@step_mistake("`x` and h_prev are put side by side in another order than the rows of the weights: `[x, h_prev]` goes with W_x above W_h")
def glued_in_another_order(x, h_prev, W_x, W_h, b):
    W_r, W_z, W_n, b_r, b_z, b_n = thirds(np.concatenate([W_x, W_h]), b)
    both = join(h_prev, x)
    r, z = sigmoid(both @ W_r + b_r), sigmoid(both @ W_z + b_z)
    n = np.tanh(join(r * h_prev, x) @ W_n + b_n)
    return z * h_prev + (1 - z) * n, join(r, z, n)


@step_mistake("the reset is applied after the matrix product, and to the bias: here it comes before, `(r * h_prev) @ W_hn + b_n`")
def reset_after_the_product_and_the_bias(x, h_prev, W_x, W_h, b):
    b_n = thirds(b)[2]
    return _step(x, h_prev, W_x, W_h, b, candidate=lambda a, r, z, h_prev, W_hn: np.tanh(a - b_n + r * (h_prev @ W_hn + b_n)))


@step_mistake("the candidate does not use the reset gate: it is `tanh(x @ W_xn + (r * h_prev) @ W_hn + b_n)`")
def reset_left_out(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, candidate=lambda a, r, z, h_prev, W_hn: np.tanh(a + h_prev @ W_hn))


@step_mistake("the reset is the other way round: the candidate sees `r * h_prev`, not `(1 - r) * h_prev`")
def reset_the_other_way_round(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, candidate=lambda a, r, z, h_prev, W_hn: np.tanh(a + ((1 - r) * h_prev) @ W_hn))


@step_mistake("the candidate uses the update gate: it is the reset gate that multiplies h_prev inside it")
def update_in_the_candidate(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, candidate=lambda a, r, z, h_prev, W_hn: np.tanh(a + (z * h_prev) @ W_hn))


@step_mistake("the reset multiplies the input as well: it belongs to h_prev alone")
def reset_of_the_input(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, candidate=lambda a, r, z, h_prev, W_hn: np.tanh(r * (a + h_prev @ W_hn)))


@step_mistake("the candidate does not see the old state: add `(r * h_prev) @ W_hn` inside tanh")
def candidate_without_state(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, candidate=lambda a, r, z, h_prev, W_hn: np.tanh(a))


@step_mistake("the candidate uses the sigmoid: it is a value, so it takes tanh")
def sigmoid_for_the_candidate(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, candidate=lambda a, r, z, h_prev, W_hn: sigmoid(a + (r * h_prev) @ W_hn))


@step_mistake("the candidate's tanh is left out")
def candidate_without_tanh(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, candidate=lambda a, r, z, h_prev, W_hn: a + (r * h_prev) @ W_hn)


@step_mistake("the gates use tanh: a gate is a share between 0 and 1, so it takes the sigmoid")
def tanh_for_the_gates(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, squash=np.tanh)


@step_mistake("the gates are used without their sigmoid")
def gates_without_sigmoid(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, squash=lambda a: a)


@step_mistake("the old state is kept after the reset: it is `z * h_prev`, and r works inside the candidate alone")
def reset_state_kept(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, mix=lambda h_prev, r, z, n: z * r * h_prev + (1 - z) * n)


@step_mistake("the old state is not kept: h is the candidate alone, where it should be `z * h_prev + (1 - z) * n`")
def candidate_for_the_state(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, mix=lambda h_prev, r, z, n: n)


@step_mistake("the old state is not kept: add `z * h_prev` to `(1 - z) * n`")
def nothing_kept(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, mix=lambda h_prev, r, z, n: (1 - z) * n)


@step_mistake("the candidate is added whole: it has the share that the old state leaves, `(1 - z) * n`")
def candidate_added_whole(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, mix=lambda h_prev, r, z, n: z * h_prev + n)


@step_mistake("the reset gate mixes old and new: the share of the old state is z")
def reset_mixes(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, mix=lambda h_prev, r, z, n: r * h_prev + (1 - r) * n)


@step_mistake("`h` goes through one more tanh: it is `z * h_prev + (1 - z) * n` as it stands")
def tanh_of_the_state(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, b, mix=lambda h_prev, r, z, n: np.tanh(z * h_prev + (1 - z) * n))


@step_mistake("the bias b is left out")
def bias_left_out(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, W_h, 0 * b)


@step_mistake("the candidate's part of the bias b is left out")
def candidates_bias_left_out(x, h_prev, W_x, W_h, b):
    b_r, b_z, b_n = thirds(b)
    return _step(x, h_prev, W_x, W_h, join(b_r, b_z, 0 * b_n))


@step_mistake("the blocks of W_h are transposed: with row vectors it is `h_prev @ W_hr`")
def blocks_of_W_h_transposed(x, h_prev, W_x, W_h, b):
    return _step(x, h_prev, W_x, join(*(W.T for W in thirds(W_h))), b)


@step_mistake("`gates` holds the sums before sigmoid and tanh: the backward pass needs them after")
def gates_not_activated(x, h_prev, W_x, W_h, b):
    h, gates = _step(x, h_prev, W_x, W_h, b)
    r, z, n = thirds(gates)
    return h, join(np.log(r / (1 - r)), np.log(z / (1 - z)), np.arctanh(n))


@mistake(gru_forward, "the state is never carried: every step starts from h0 again; let h be the next step's h_prev")
def state_never_carried(xs, h0, W_x, W_h, b):
    return unroll(lambda x, h: gru_step_forward(x, h0, W_x, W_h, b), xs, h0)


@mistake(gru_forward, "`h0` is ignored: the first step's h_prev is the h0 that is given, not zeros")
def h0_ignored(xs, h0, W_x, W_h, b):
    return gru_forward(xs, np.zeros_like(h0), W_x, W_h, b)


def _after_the_first(xs, h0, W_x, W_h, b):
    """What the inputs after the first make of h0, behind a step of zeros."""
    arrays = gru_forward(np.concatenate([xs[1:], xs[:1]]), h0, W_x, W_h, b)
    return [np.concatenate([np.zeros_like(array[:1]), array[:-1]]) for array in arrays]


@mistake(gru_forward, "the first input is never read: the loop starts at t = 0")
def first_step_left_out(xs, h0, W_x, W_h, b):
    return tuple(_after_the_first(xs, h0, W_x, W_h, b))


@mistake(gru_forward, "the first input is never read: `hs[0]` is not h0, it follows from h0 and xs[0]")
def h0_in_the_place_of_the_first_step(xs, h0, W_x, W_h, b):
    hs, gates = _after_the_first(xs, h0, W_x, W_h, b)
    return np.concatenate([h0[None], hs[1:]]), gates


@mistake(gru_forward, "only the last step is returned: hs and gates hold all T steps")
def last_step_only(xs, h0, W_x, W_h, b):
    hs, gates = gru_forward(xs, h0, W_x, W_h, b)
    return hs[-1], gates[-1]


@mistake(gru_forward, "only the last state is returned: hs holds the states of all T steps")
def last_state_only(xs, h0, W_x, W_h, b):
    hs, gates = gru_forward(xs, h0, W_x, W_h, b)
    return hs[-1], gates


@mistake(gru_forward, "`h0` is returned as if it were the first step's state: hs[0] is the state after the first input")
def shifted_by_h0(xs, h0, W_x, W_h, b):
    hs, gates = gru_forward(xs, h0, W_x, W_h, b)
    return np.concatenate([h0[None], hs[:-1]]), gates


@mistake(gru_forward, "`h0` stands in front of the states: hs has T states, the first of them after the first input")
def h0_in_front(xs, h0, W_x, W_h, b):
    hs, gates = gru_forward(xs, h0, W_x, W_h, b)
    return np.concatenate([h0[None], hs]), gates


@mistake(gru_forward, "the sequence is read backwards: start with xs[0]")
def read_backwards(xs, h0, W_x, W_h, b):
    hs, gates = gru_forward(xs[::-1], h0, W_x, W_h, b)
    return hs[::-1], gates[::-1]


@mistake(gru_forward, "the results come batch first: hs is (T, N, H), time first")
def batch_first(xs, h0, W_x, W_h, b):
    hs, gates = gru_forward(xs, h0, W_x, W_h, b)
    return hs.swapaxes(0, 1), gates.swapaxes(0, 1)
