"""Known mistakes of assignment 05-lstm in the first weights and biases."""

import numpy as np

from unrolled.mistakes.edits import mistake
from unrolled.reference.lstm import init_lstm


def _init(D, H, A, forget_bias, scale=None, block=1):
    W_x, W_h, b = init_lstm(D, H, A, 0.0)
    b[block * H : (block + 1) * H] = forget_bias
    factor = 1 if scale is None else scale * np.sqrt(D + H)
    return factor * W_x, factor * W_h, b


@mistake(init_lstm, "`forget_bias` is ignored: the block f of b, `b[H:2 * H]`, is filled with it")
def forget_bias_ignored(D, H, A, forget_bias):
    return _init(D, H, A, 0.0)


@mistake(init_lstm, "`forget_bias` is always 1: fill the block f of b with the value that is given")
def forget_bias_always_one(D, H, A, forget_bias):
    return _init(D, H, A, 1.0)


@mistake(init_lstm, "`forget_bias` stands in the block of the input gate: the blocks are i|f|g|o, so it fills `b[H:2 * H]`")
def forget_bias_on_input_gate(D, H, A, forget_bias):
    return _init(D, H, A, forget_bias, block=0)


@mistake(init_lstm, "`forget_bias` stands in the block of the candidate: the blocks are i|f|g|o, so it fills `b[H:2 * H]`")
def forget_bias_on_candidate(D, H, A, forget_bias):
    return _init(D, H, A, forget_bias, block=2)


@mistake(init_lstm, "`forget_bias` stands in the block of the output gate: the blocks are i|f|g|o, so it fills `b[H:2 * H]`")
def forget_bias_on_output_gate(D, H, A, forget_bias):
    return _init(D, H, A, forget_bias, block=3)


@mistake(init_lstm, "`forget_bias` fills all of b: only the block f takes it, the others are 0")
def forget_bias_on_all_gates(D, H, A, forget_bias):
    W_x, W_h, b = init_lstm(D, H, A, forget_bias)
    return W_x, W_h, np.full_like(b, forget_bias)


@mistake(init_lstm, "`forget_bias` stands at one place of b: the block f is H numbers long, `b[H:2 * H]`")
def forget_bias_at_one_place(D, H, A, forget_bias):
    W_x, W_h, b = _init(D, H, A, 0.0)
    b[1] = forget_bias
    return W_x, W_h, b


@mistake(init_lstm, "`forget_bias` stands at one place of b: the block f is H numbers long, `b[H:2 * H]`")
def forget_bias_at_the_first_place_of_its_block(D, H, A, forget_bias):
    W_x, W_h, b = _init(D, H, A, 0.0)
    b[H] = forget_bias
    return W_x, W_h, b


@mistake(init_lstm, "the other blocks of b are filled with ones: they are 0")
def other_biases_one(D, H, A, forget_bias):
    W_x, W_h, b = init_lstm(D, H, A, forget_bias)
    return W_x, W_h, np.where(b == 0, 1.0, b)


@mistake(init_lstm, "A is not scaled: divide it by `np.sqrt(D + H)`")
def not_scaled(D, H, A, forget_bias):
    return _init(D, H, A, forget_bias, scale=1)


@mistake(init_lstm, "A is multiplied by 0.01, whatever the sizes: divide it by `np.sqrt(D + H)`")
def scaled_by_a_hundredth(D, H, A, forget_bias):
    return _init(D, H, A, forget_bias, scale=0.01)


@mistake(init_lstm, "this is Glorot's scale, made of fan-in and fan-out: here A is divided by `np.sqrt(D + H)`, the fan-in alone")
def scaled_as_by_glorot(D, H, A, forget_bias):
    return _init(D, H, A, forget_bias, scale=np.sqrt(2 / (D + H + 4 * H)))


@mistake(init_lstm, "this is He's scale, `np.sqrt(2 / (D + H))`, which is made for ReLU: here A is divided by `np.sqrt(D + H)`")
def scaled_as_by_he(D, H, A, forget_bias):
    return _init(D, H, A, forget_bias, scale=np.sqrt(2 / (D + H)))


@mistake(init_lstm, "A is divided by the fan-in itself: divide it by its square root, `np.sqrt(D + H)`")
def scaled_without_root(D, H, A, forget_bias):
    return _init(D, H, A, forget_bias, scale=1 / (D + H))


@mistake(init_lstm, "A is multiplied by the square root of the fan-in: divide by it")
def scaled_up(D, H, A, forget_bias):
    return _init(D, H, A, forget_bias, scale=np.sqrt(D + H))


@mistake(init_lstm, "A is divided by `np.sqrt(H)`: a gate sums D + H products, so divide by `np.sqrt(D + H)`")
def scaled_by_hidden_units_alone(D, H, A, forget_bias):
    return _init(D, H, A, forget_bias, scale=1 / np.sqrt(H))


@mistake(init_lstm, "A is divided by `np.sqrt(D)`: a gate sums D + H products, so divide by `np.sqrt(D + H)`")
def scaled_by_inputs_alone(D, H, A, forget_bias):
    return _init(D, H, A, forget_bias, scale=1 / np.sqrt(D))


@mistake(init_lstm, "A is divided by the square root of the fan-out 4H: what counts is how many products a gate sums, D + H")
def scaled_by_fan_out(D, H, A, forget_bias):
    return _init(D, H, A, forget_bias, scale=1 / np.sqrt(4 * H))


@mistake(init_lstm, "each matrix is scaled by its own rows: a gate sums the products of both, so both are divided by `np.sqrt(D + H)`")
def scaled_each_alone(D, H, A, forget_bias):
    W_x, W_h, b = _init(D, H, A, forget_bias, scale=1)
    return W_x / np.sqrt(D), W_h / np.sqrt(H), b


@mistake(init_lstm, "W_h takes the first rows of A: the first D rows make W_x")
def rows_swapped(D, H, A, forget_bias):
    W_h, W_x, _ = init_lstm(H, D, A, 0.0)
    return W_x, W_h, init_lstm(D, H, A, forget_bias)[2]
