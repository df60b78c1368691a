"""Known mistakes of assignment 06-gru in counting parameters."""

from unrolled.mistakes.edits import variants
from unrolled.reference.gru import parameter_count

variants(parameter_count, "count = k * H * (D + H + 1)", {
    "count = k * H * (D + H)": "the biases are left out: each block has one for each hidden unit",
    "count = k * H * (D + H + 2)": "two biases are counted, as PyTorch stores them: here each block has one",
    "count = k * H * (D + 1)": "the recurrent weights W_h are left out: each block of W_h has H times H numbers",
    "count = k * H * (H + 1)": "the input weights W_x are left out: each block of W_x has D times H numbers",
    "count = k * (H * (D + H) + 1)": "one bias is counted for each block: it has one for each hidden unit, H of them",
    "count = k * H * (D + H) + 1":
        "one bias is counted in all: a cell has one for each hidden unit of each block, kH of them",
    "count = k * H * (D + H) + H": "the bias is counted for one block: b is (kH,)",
    "count = k * H * D + (k * H) ** 2 + k * H":
        "W_h is counted as (kH, kH): it leads from H units to k blocks, (H, kH)",
    "count = k * H * (D + 1) + H * H": "W_h is counted for one block: it is (H, kH)",
    "count = k * (D * H + D * D + H)": "W_h is counted with D * D numbers: each of its blocks leads from H units to H",
    "count = k * (D * H + D * H + H)": "W_h is counted with the size of W_x: each of its blocks has H times H numbers",
    "count = k * (D * H + H * H + D)":
        "the bias is counted with D numbers for each block: it has one for each hidden unit, H",
    "count = k * D * (D + H + 1)": "D and H stand in each other's places: W_x is (D, kH), W_h is (H, kH)",
    'count = k * H * (D + H + 1) + (H if cell == "gru" else 0)':
        "PyTorch's b_hn is counted: in this course's GRU each block has one bias",
    'count = k * H * (D + H + 1) + (3 * H if cell == "gru" else 0)':
        "the GRU is counted with two biases a block, as Keras' `reset_after` has them: here each block has one",
    'count = k * H * (D + H + 1) + (3 * H if cell == "lstm" else 0)':
        "the LSTM's peepholes are counted, three weights for each unit: this course's cell has none",
    'count = k * H * (D + H + 1) + (3 * H * H if cell == "lstm" else 0)':
        "the LSTM's peepholes are counted, as whole matrices: this course's cell has none",
    "count = k * H * (D + H + 1) + H":
        "the state is counted, H numbers: what is learned are weights and biases alone",
})
variants(parameter_count, 'blocks = {"rnn": 1, "gru": 3, "lstm": 4}', {
    'blocks = {"rnn": 1, "gru": 2, "lstm": 3}':
        "the candidate is not counted: beside its two gates a GRU has a block for n, "
        "and beside its three an LSTM has one for g",
    'blocks = {"rnn": 1, "gru": 2, "lstm": 4}':
        "the GRU is counted with two blocks: beside r and z it has one for the candidate n",
    'blocks = {"rnn": 1, "gru": 4, "lstm": 4}':
        "the GRU is counted with four blocks like the LSTM: it has three, r, z and n",
    'blocks = {"rnn": 1, "gru": 3, "lstm": 3}':
        "the LSTM is counted with three blocks: beside its gates i, f and o it has one for the candidate g",
    'blocks = {"rnn": 1, "gru": 4, "lstm": 3}':
        "the GRU and the LSTM have each other's number of blocks: a GRU has three, an LSTM four",
    'blocks = {"rnn": 4, "gru": 4, "lstm": 4}':
        "every cell is counted as an LSTM, with four blocks: is a condition always true, as `a or b` "
        "is with a name for b?",
    'blocks = {"rnn": 3, "gru": 3, "lstm": 3}':
        "every cell is counted as a GRU, with three blocks: is a condition always true, as `a or b` "
        "is with a name for b?",
    'blocks = {"rnn": 1, "gru": 1, "lstm": 1}': "every cell is counted as one block: a GRU has three, an LSTM four",
})
