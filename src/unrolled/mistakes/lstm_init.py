"""Known mistakes of assignment 05-lstm in the first weights and biases."""

from unrolled.mistakes.edits import edit, variants
from unrolled.reference.lstm import init_lstm

SCALE = "W = A / np.sqrt(D + H, dtype=A.dtype)"
FORGET = "b[H : 2 * H] = forget_bias"

variants(init_lstm, FORGET, {
    "": "`forget_bias` is ignored: the block f of b, `b[H:2 * H]`, is filled with it",
    "b[H : 2 * H] = 1": "`forget_bias` is always 1: fill the block f of b with the value that is given",
    "b[H : 2 * H] = int(forget_bias)":
        "`forget_bias` is cut to a whole number: is an array of integers filled with it?",
    "b[H : 2 * H] = 1 / (1 + np.exp(-forget_bias))":
        "the block f of b holds `sigmoid(forget_bias)`: that is the gate; its bias is `forget_bias` itself",
    "b[H : 2 * H] = forget_bias + 1":
        "1 is added to `forget_bias`: the block f of b is filled with the value that is given",
    "b[H : 2 * H] = -forget_bias":
        "`forget_bias` has a minus: the block f of b is filled with the value that is given, which opens the gate",
    "b[H : 2 * H] = forget_bias / np.sqrt(D + H)":
        "`forget_bias` is scaled like the weights: it fills the block f of b as it is given",
    "b[:H] = forget_bias":
        "`forget_bias` stands in the block of the input gate: the blocks are i|f|g|o, so it fills `b[H:2 * H]`",
    "b[2 * H : 3 * H] = forget_bias":
        "`forget_bias` stands in the block of the candidate: the blocks are i|f|g|o, so it fills `b[H:2 * H]`",
    "b[3 * H :] = forget_bias":
        "`forget_bias` stands in the block of the output gate: the blocks are i|f|g|o, so it fills `b[H:2 * H]`",
    "b[:] = forget_bias": "`forget_bias` fills all of b: only the block f takes it, the others are 0",
})
edit(
    init_lstm, FORGET, "b[1::4] = forget_bias",
    "`forget_bias` stands at every fourth place of b: the blocks stand side by side, and f is the second of them, "
    "`b[H:2 * H]`",
)
edit(
    init_lstm, FORGET, "b[D : 2 * D] = forget_bias",
    "`forget_bias` stands from D to 2D: the block f of b is counted in hidden units, `b[H:2 * H]`",
)
for _blocks in (2, 3):
    edit(
        init_lstm, "b = np.zeros(4 * H, A.dtype)", f"b = np.zeros({_blocks} * H, A.dtype)",
        f"`b` has {_blocks} blocks of H numbers: there are four, i|f|g|o, and all but f hold zeros",
        name=f"b_has_{_blocks}_blocks",
    )
edit(
    init_lstm, "b = np.zeros(4 * H, A.dtype)", "b = np.zeros(4 * H, int)",
    "`b` is an array of integers, so `forget_bias` is cut to a whole number: it holds floats, "
    "as `np.zeros(4 * H)` does",
)
edit(
    init_lstm, "W_x = W[:D]", "W_x = W[:, :D]", "W_h = W[D:]", "W_h = W[:, D:]",
    "A is cut between columns: its first D rows make W_x, `W[:D]`, and those from row D on W_h, `W[D:]`",
)
edit(
    init_lstm, "W_x = W[:D]", "W_x = W[:H]", "W_h = W[D:]", "W_h = W[H:]",
    "A is cut after H rows: W_x has a row for each of D inputs, so it is `W[:D]`, and W_h is `W[D:]`",
)
for _place in ("1", "H"):
    edit(
        init_lstm, FORGET, f"b[{_place}] = forget_bias",
        "`forget_bias` stands at one place of b: the block f is H numbers long, `b[H:2 * H]`",
        name=f"forget_bias_at_{_place}",
    )
edit(
    init_lstm, "W_x = W[:D]", "W_x = A[:D].copy()",
    "`W_x` is not scaled: both matrices are made of A divided by `np.sqrt(D + H)`",
)
edit(
    init_lstm, "W_x = W[:D]", "W_x = A[:D] / np.sqrt(D)",
    "`W_x` is scaled by a fan-in of its own, D: a gate adds up the products of both, "
    "so W_x and W_h are divided by `np.sqrt(D + H)`",
)
for _number in ("0.1", "0.01"):
    edit(
        init_lstm, "b = np.zeros(4 * H, A.dtype)", f"b = np.full(4 * H, {_number})",
        "the other blocks of b are not 0: only the block f is filled", name=f"the_other_blocks_are_{_number}",
    )
for _gate, _block in {"i": ":H", "g": "2 * H : 3 * H", "o": "3 * H :"}.items():
    edit(
        init_lstm, FORGET, f"{FORGET}\nb[{_block}] = 1",
        f"the block {_gate} of b is filled with ones: only the block f takes a bias, the others are 0",
    )
variants(init_lstm, FORGET, {
    "b[2 * H :] = forget_bias": "`forget_bias` fills the blocks of g and o, and not that of f: this is `b[H:2 * H]`",
    "b[H:] = forget_bias": "`forget_bias` fills the blocks of g and o too: the block f ends at 2H, `b[H:2 * H]`",
    "b[: 2 * H] = forget_bias": "`forget_bias` fills the block of i too: the block f begins at H, `b[H:2 * H]`",
})
edit(init_lstm, "W_x = W[:D]", "W_x = W[-D:]",
    "W_x takes the last rows of A: it is made of the first D, and W_h of the rest")
edit(init_lstm, "W_h = W[D:]", "W_h = W[:H]",
    "W_h takes the first rows of A: these make W_x, and W_h is made of those from row D on",
    name="W_h_alone_takes_the_first_rows")
edit(
    init_lstm, "W_h = W[D:]", "W_h = A[D:].copy()",
    "`W_h` is not scaled: both matrices are made of A divided by `np.sqrt(D + H)`",
)
edit(
    init_lstm, "W_h = W[D:]", "W_h = A[D:] / np.sqrt(H)",
    "`W_h` is scaled by a fan-in of its own, H: a gate adds up the products of both, "
    "so W_x and W_h are divided by `np.sqrt(D + H)`",
)
edit(
    init_lstm, "b = np.zeros(4 * H, A.dtype)", "b = np.ones(4 * H, A.dtype)",
    "the other blocks of b are filled with ones: they are 0",
)
variants(init_lstm, SCALE, {
    "W = A / np.sqrt(D + 4 * H, dtype=A.dtype)":
        "A is divided by the root of D + 4H: a gate adds up D + H products, so divide by `np.sqrt(D + H)`",
    "W = A / D + H**0.5": "brackets are missing: A is divided by the root of the whole sum, `np.sqrt(D + H)`",
    "W = A / np.sqrt(D) + H": "the root ends too early: it is taken of the whole sum, `np.sqrt(D + H)`",
    "W = A / (np.sqrt(D) + np.sqrt(H))": "the roots are added up: the sum comes first, `np.sqrt(D + H)`",
    "W = A / (D + H) / 2": "A is divided by the fan-in and by 2: a power comes before a division, "
                           "so `**1/2` is half of `**1`; the root is `**0.5`, or `np.sqrt(D + H)`",
    "W = A / (D + H) ** 2": "A is divided by the square of the fan-in: divide it by its square root, `np.sqrt(D + H)`",
    "W = A / np.sqrt(4 * (D + H))":
        "the four blocks are counted in: a gate adds up D + H products, so divide by `np.sqrt(D + H)`",
    "W = A / np.sqrt(D * H)":
        "A is divided by the root of D times H: a gate adds up D + H products, so it is `np.sqrt(D + H)`",
    "W = A * np.sqrt(1 / D + 1 / H)":
        "the fan-ins are taken one by one: a gate adds up D + H products, so divide by `np.sqrt(D + H)`",
    "W = A * np.sqrt(6 / (D + H + 4 * H))":
        "this is Glorot's scale for a uniform draw: here A is divided by `np.sqrt(D + H)`, the fan-in alone",
    "W = A.copy()": "A is not scaled: divide it by `np.sqrt(D + H)`",
    "W = 0.01 * A": "A is multiplied by 0.01, whatever the sizes: divide it by `np.sqrt(D + H)`",
    "W = A * np.sqrt(2 / (D + H + 4 * H))":
        "this is Glorot's scale, made of fan-in and fan-out: here A is divided by `np.sqrt(D + H)`, the fan-in alone",
    "W = A * np.sqrt(2 / (D + H))":
        "a 2 stands under the root, as in He's scale for ReLU, or in Glorot's for D and H units: "
        "here A is divided by `np.sqrt(D + H)`",
    "W = A / (D + H)": "A is divided by the fan-in itself: divide it by its square root, `np.sqrt(D + H)`",
    "W = A * np.sqrt(D + H)": "A is multiplied by the square root of the fan-in: divide by it",
    "W = A / np.sqrt(H)": "A is divided by `np.sqrt(H)`: a gate sums D + H products, so divide by `np.sqrt(D + H)`",
    "W = A / np.sqrt(D)": "A is divided by `np.sqrt(D)`: a gate sums D + H products, so divide by `np.sqrt(D + H)`",
    "W = A / np.sqrt(4 * H)":
        "A is divided by the square root of the fan-out 4H: what counts is how many products a gate sums, D + H",
    "W = np.concatenate([A[:D] / np.sqrt(D), A[D:] / np.sqrt(H)])":
        "each matrix is scaled by its own rows: a gate sums the products of both, "
        "so both are divided by `np.sqrt(D + H)`",
})
edit(
    init_lstm, "W_x = W[:D]", "W_x = W[H:]", "W_h = W[D:]", "W_h = W[:H]",
    "W_h takes the first rows of A: the first D rows make W_x",
)
