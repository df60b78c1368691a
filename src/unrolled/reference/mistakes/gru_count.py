"""Known mistakes of assignment 06-gru in counting parameters."""

from unrolled.reference.gru import parameter_count
from unrolled.reference.mistakes import mistake


def _count(cell, D, H, rnn=1, gru=3, lstm=4):
    return {"rnn": rnn, "gru": gru, "lstm": lstm}[cell] * H * (D + H + 1)


@mistake(parameter_count, "the biases are left out: each block has one for each hidden unit")
def biases_left_out(cell, D, H):
    return _count(cell, D - 1, H)


@mistake(parameter_count, "two biases are counted, as PyTorch stores them: here each block has one")
def two_biases(cell, D, H):
    return _count(cell, D + 1, H)


@mistake(parameter_count, "the recurrent weights W_h are left out: each block of W_h has H times H numbers")
def recurrent_weights_left_out(cell, D, H):
    return _count(cell, D - H, H)


@mistake(parameter_count, "the input weights W_x are left out: each block of W_x has D times H numbers")
def input_weights_left_out(cell, D, H):
    return _count(cell, 0, H)


@mistake(parameter_count, "one bias is counted for each block: it has one for each hidden unit, H of them")
def one_number_for_the_bias(cell, D, H):
    return _count(cell, D - 1, H) + _count(cell, -1, 1)     # the second is the number of blocks


@mistake(parameter_count, "one bias is counted in all: a cell has one for each hidden unit of each block, kH of them")
def one_number_for_all_biases(cell, D, H):
    return _count(cell, D - 1, H) + 1


@mistake(parameter_count, "the bias is counted for one block: b is (kH,)")
def bias_of_one_block(cell, D, H):
    return _count(cell, D - 1, H) + H


@mistake(parameter_count, "W_h is counted as (kH, kH): it leads from H units to k blocks, (H, kH)")
def recurrent_weights_squared(cell, D, H):
    k = _count(cell, -1, 1)
    return k * H * D + (k * H) ** 2 + k * H


@mistake(parameter_count, "W_h is counted for one block: it is (H, kH)")
def recurrent_weights_of_one_block(cell, D, H):
    return _count(cell, D - H, H) + H * H


@mistake(parameter_count, "D and H stand in each other's places: W_x is (D, kH), W_h is (H, kH)")
def sizes_swapped(cell, D, H):
    return _count(cell, H, D)


@mistake(parameter_count, "the candidate is not counted: beside its two gates a GRU has a block for n, and beside its three an LSTM has one for g")
def candidate_not_counted(cell, D, H):
    return _count(cell, D, H, gru=2, lstm=3)


@mistake(parameter_count, "the GRU is counted with two blocks: beside r and z it has one for the candidate n")
def gru_with_two_blocks(cell, D, H):
    return _count(cell, D, H, gru=2)


@mistake(parameter_count, "the GRU is counted with four blocks like the LSTM: it has three, r, z and n")
def gru_with_four_blocks(cell, D, H):
    return _count(cell, D, H, gru=4)


@mistake(parameter_count, "the LSTM is counted with three blocks: beside its gates i, f and o it has one for the candidate g")
def lstm_with_three_blocks(cell, D, H):
    return _count(cell, D, H, lstm=3)


@mistake(parameter_count, "every cell is counted as one block: a GRU has three, an LSTM four")
def one_block_for_every_cell(cell, D, H):
    return _count(cell, D, H, gru=1, lstm=1)


@mistake(parameter_count, "PyTorch's b_hn is counted: in this course's GRU each block has one bias")
def pytorchs_bias_counted(cell, D, H):
    return _count(cell, D, H) + (H if cell == "gru" else 0)
