"""Known mistakes of assignment 06-gru with PyTorch's variant of the step, which resets after the product."""

import numpy as np

from unrolled.reference.gru import gru_reset_after_step_forward, gru_step_forward
from unrolled.reference.lstm import sigmoid
from unrolled.reference.mistakes import mistake
from unrolled.reference.mistakes.gru import join, swap_gates, thirds


def _reset_after(x, h_prev, W_x, W_h, b, candidate, mix=lambda h_prev, z, n: z * h_prev + (1 - z) * n):
    """The variant with its candidate(a, s, r) replaced: a from x and b, s the product h_prev @ W_hn."""
    a_r, a_z, a_n, s_r, s_z, s_n = thirds(x @ W_x + b, h_prev @ W_h)
    r, z = sigmoid(a_r + s_r), sigmoid(a_z + s_z)
    n = candidate(a_n, s_n, r)
    return mix(h_prev, z, n), join(r, z, n)


@mistake(gru_reset_after_step_forward, "`b_hn` is left out: it is added to `h_prev @ W_hn`, and r multiplies both")
def b_hn_left_out(x, h_prev, W_x, W_h, b, b_hn):
    return _reset_after(x, h_prev, W_x, W_h, b, lambda a, s, r: np.tanh(a + r * s))


@mistake(gru_reset_after_step_forward, "`b_hn` stands outside the reset: it is `r * (h_prev @ W_hn + b_hn)`")
def b_hn_outside_the_reset(x, h_prev, W_x, W_h, b, b_hn):
    return _reset_after(x, h_prev, W_x, W_h, b, lambda a, s, r: np.tanh(a + r * s + b_hn))


@mistake(gru_reset_after_step_forward, "`b_n` stands inside the reset: r multiplies `h_prev @ W_hn + b_hn` alone")
def b_n_inside_the_reset(x, h_prev, W_x, W_h, b, b_hn):
    b_n = thirds(b)[2]
    return _reset_after(x, h_prev, W_x, W_h, b, lambda a, s, r: np.tanh(a - b_n + r * (s + b_n + b_hn)))


@mistake(gru_reset_after_step_forward, "`b_n` is left out: the candidate has both biases, b_n outside the reset and b_hn inside")
def b_hn_for_b_n(x, h_prev, W_x, W_h, b, b_hn):
    b_n = thirds(b)[2]
    return _reset_after(x, h_prev, W_x, W_h, b, lambda a, s, r: np.tanh(a - b_n + r * (s + b_hn)))


@mistake(gru_reset_after_step_forward, "the reset comes before the product, as in gru_step_forward: in this variant it is `r * (h_prev @ W_hn + b_hn)`")
def reset_before_the_product(x, h_prev, W_x, W_h, b, b_hn):
    W_hn = thirds(W_h)[2]
    return _reset_after(x, h_prev, W_x, W_h, b, lambda a, s, r: np.tanh(a + (r * h_prev) @ W_hn + b_hn))


@mistake(gru_reset_after_step_forward, "the reset comes before the product and b_hn is left out, as in gru_step_forward: in this variant it is `r * (h_prev @ W_hn + b_hn)`")
def the_step_of_before(x, h_prev, W_x, W_h, b, b_hn):
    return gru_step_forward(x, h_prev, W_x, W_h, b)


@mistake(gru_reset_after_step_forward, "the two biases have changed places: b_n stands outside the reset, b_hn inside, `b_n + r * (h_prev @ W_hn + b_hn)`")
def biases_swapped(x, h_prev, W_x, W_h, b, b_hn):
    b_n = thirds(b)[2]
    return _reset_after(x, h_prev, W_x, W_h, b, lambda a, s, r: np.tanh(a - b_n + b_hn + r * (s + b_n)))


@mistake(gru_reset_after_step_forward, "the reset comes before the product: in this variant it is `r * (h_prev @ W_hn + b_hn)`")
def reset_before_the_product_and_of_the_bias(x, h_prev, W_x, W_h, b, b_hn):
    W_hn = thirds(W_h)[2]
    return _reset_after(x, h_prev, W_x, W_h, b, lambda a, s, r: np.tanh(a + (r * h_prev) @ W_hn + r * b_hn))


@mistake(gru_reset_after_step_forward, "the reset is missing: it is `r * (h_prev @ W_hn + b_hn)`")
def reset_missing(x, h_prev, W_x, W_h, b, b_hn):
    return _reset_after(x, h_prev, W_x, W_h, b, lambda a, s, r: np.tanh(a + s + b_hn))


@mistake(gru_reset_after_step_forward, "the reset multiplies the input's part as well: it multiplies `h_prev @ W_hn + b_hn` alone")
def reset_of_the_inputs_part(x, h_prev, W_x, W_h, b, b_hn):
    return _reset_after(x, h_prev, W_x, W_h, b, lambda a, s, r: np.tanh(r * (a + s + b_hn)))


@mistake(gru_reset_after_step_forward, "the candidate uses the sigmoid: it is a value, so it takes tanh")
def sigmoid_for_this_candidate(x, h_prev, W_x, W_h, b, b_hn):
    return _reset_after(x, h_prev, W_x, W_h, b, lambda a, s, r: sigmoid(a + r * (s + b_hn)))


@mistake(gru_reset_after_step_forward, "`z` is the other way round: PyTorch too keeps the old state when z is near 1, `h = (1 - z) * n + z * h_prev`")
def z_the_other_way_round_after(x, h_prev, W_x, W_h, b, b_hn):
    return _reset_after(
        x, h_prev, W_x, W_h, b, lambda a, s, r: np.tanh(a + r * (s + b_hn)), lambda h_prev, z, n: (1 - z) * h_prev + z * n
    )


@mistake(gru_reset_after_step_forward, "the blocks are taken in the order z|r|n, as in Keras: PyTorch's order is r|z|n")
def blocks_in_keras_order_after(x, h_prev, W_x, W_h, b, b_hn):
    return gru_reset_after_step_forward(x, h_prev, swap_gates(W_x), swap_gates(W_h), swap_gates(b), b_hn)
