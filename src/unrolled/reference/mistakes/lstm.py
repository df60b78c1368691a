"""Known mistakes of assignment 05-lstm on the way forward; `lstm_backward` has those on the way back, `lstm_init` those of the start.

A wrong step is wrong alone and inside the loop, so such a mistake stands once and is made known for both functions.
"""

from itertools import permutations
from types import SimpleNamespace

import numpy as np

from unrolled.reference.lstm import lstm_forward, lstm_step_forward, sigmoid
from unrolled.reference.mistakes import mistake, unroll


@mistake(sigmoid, "your sigmoid overflows: for a large `a`, `exp(a) / (1 + exp(a))` is infinity over infinity; only take `exp` of what is negative")
def sigmoid_overflows(a):
    return np.exp(a) / (1 + np.exp(a))


@mistake(sigmoid, "the sign in the exponent is lost: it is `exp(-a)`, so that a large `a` gives a value near 1")
def sigmoid_falls(a):
    return 1 - sigmoid(a)


@mistake(sigmoid, "the sign in the exponent is lost: it is `exp(-a)` in `1 / (1 + exp(-a))`, or `exp(a)` above and below the line")
def sigmoid_falls_and_overflows(a):
    return np.exp(-a) / (1 + np.exp(-a))


@mistake(sigmoid, "the absolute value of `a` is taken for `a`: where `a` is negative, it is `exp(a) / (1 + exp(a))` that belongs there")
def sigmoid_of_the_absolute_value(a):
    return sigmoid(np.abs(a))


@mistake(sigmoid, "the other branch is missing: `exp(-abs(a)) / (1 + exp(-abs(a)))` is right for a negative `a` alone; else it is `1 / (1 + exp(-a))`")
def sigmoid_of_minus_the_absolute_value(a):
    return sigmoid(-np.abs(a))


@mistake(sigmoid, "this is tanh, from -1 to 1: sigmoid runs from 0 to 1")
def sigmoid_is_tanh(a):
    return np.tanh(a)


@mistake(sigmoid, "this is `sigmoid(2 * a)`: with tanh it is `(1 + tanh(a / 2)) / 2`, half of `a` inside")
def sigmoid_too_steep(a):
    return sigmoid(2 * a)


@mistake(sigmoid, "this is the derivative `s * (1 - s)`: return s itself")
def sigmoid_slope(a):
    return sigmoid(a) * (1 - sigmoid(a))


@mistake(sigmoid, "this is softmax, whose values add up to 1: sigmoid looks at each value alone")
def sigmoid_is_softmax(a):
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@mistake(sigmoid, "this is a hard sigmoid, made of straight lines: use `1 / (1 + exp(-a))`")
def sigmoid_hard(a):
    return np.clip(0.2 * a + 0.5, 0, 1)


@mistake(sigmoid, "`a` is cut off before `exp`, so small values come out too large: only take `exp` of what is negative, and no cut is needed")
def sigmoid_clipped(a):
    return 1 / (1 + np.exp(-np.clip(a, -10, 10)))


# One step, alone and in the loop. A mistake replaces some of these rules; n holds inputs, gates and states by name.

_FORWARD = {
    "order": "ifgo",
    "a": lambda n: n.x @ n.W_x + n.h_prev @ n.W_h + n.b,
    "i": sigmoid,
    "f": sigmoid,
    "g": np.tanh,
    "o": sigmoid,
    "c": lambda n: n.f * n.c_prev + n.i * n.g,
    "h": lambda n: n.o * np.tanh(n.c),
    "gates": lambda n: np.concatenate([n.i, n.f, n.g, n.o], axis=-1),
}

# figo is told by its own words: two gates swapped.
OTHER_ORDERS = sorted({*map("".join, permutations("ifgo"))} - {"ifgo", "figo"})
KNOWN_FROM = {"ifog": ", as in CS231n", "igfo": ", as in TensorFlow 1"}


def _step(x, h_prev, c_prev, W_x, W_h, b, **wrong):
    n, rules = SimpleNamespace(x=x, h_prev=h_prev, c_prev=c_prev, W_x=W_x, W_h=W_h, b=b), _FORWARD | wrong
    n.a = rules["a"](n)
    for name, block in zip(rules["order"], np.split(n.a, 4, axis=-1), strict=True):
        setattr(n, name, rules[name](block))
    n.c = rules["c"](n)
    return rules["h"](n), n.c, rules["gates"](n)


def _every_fourth_column(a):
    """The columns in such an order that the blocks are those of `a.reshape(N, H, 4)`."""
    N, columns = a.shape
    return a.reshape(N, columns // 4, 4).swapaxes(1, 2).reshape(N, columns)


def _rows_taken_for_blocks(a):
    """The columns in such an order that the blocks are those of `a.reshape(4, N, H)`."""
    N, columns = a.shape
    return np.concatenate(a.reshape(4, N, columns // 4), axis=-1)


def _wrong_forward(name, sentence, **wrong):
    """Make a wrong step known, and the sequence function that has it in its loop."""

    def step(x, h_prev, c_prev, W_x, W_h, b):
        return _step(x, h_prev, c_prev, W_x, W_h, b, **wrong)

    def sequence(xs, h0, c0, W_x, W_h, b):
        return unroll(lambda x, h, c: step(x, h, c, W_x, W_h, b), xs, h0, c0)

    step.__name__, sequence.__name__ = name, f"{name}_in_the_loop"
    mistake(lstm_step_forward, sentence)(step)
    mistake(lstm_forward, sentence)(sequence)


_wrong_forward(
    "input_and_forget_swapped",
    "your forget gate and input gate are swapped: `c = f * c_prev + i * g`, and the blocks stand in the order i|f|g|o",
    order="figo",
)
for _order in OTHER_ORDERS:
    _wrong_forward(
        f"order_{_order}",
        f"your gate blocks stand in the order {'|'.join(_order)}{KNOWN_FROM.get(_order, '')}: here it is PyTorch's, i|f|g|o",
        order=_order,
    )
_wrong_forward(
    "candidate_by_sigmoid",
    "the candidate g goes through sigmoid: it is `tanh`, so that it can also take away from the cell",
    g=sigmoid,
)
_wrong_forward(
    "gates_by_tanh",
    "all four blocks go through tanh: the gates i, f and o are sigmoids",
    i=np.tanh, f=np.tanh, o=np.tanh,
)
_wrong_forward(
    "cell_not_squashed",
    "the cell state is shown without tanh: `h = o * tanh(c)`",
    h=lambda n: n.o * n.c,
)
_wrong_forward(
    "output_gate_left_out",
    "the output gate is left out: `h = o * tanh(c)`",
    h=lambda n: np.tanh(n.c),
)
_wrong_forward(
    "output_by_sigmoid",
    "the cell state goes through sigmoid on its way out: `h = o * tanh(c)`",
    h=lambda n: n.o * sigmoid(n.c),
)
_wrong_forward(
    "output_from_old_cell",
    "`h` is made of the old cell state: `h = o * tanh(c)` takes the new one",
    h=lambda n: n.o * np.tanh(n.c_prev),
)
_wrong_forward(
    "forget_gate_left_out",
    "the forget gate is left out: `c = f * c_prev + i * g`",
    c=lambda n: n.c_prev + n.i * n.g,
)
_wrong_forward(
    "input_gate_left_out",
    "the input gate is left out: `c = f * c_prev + i * g`",
    c=lambda n: n.f * n.c_prev + n.g,
)
_wrong_forward(
    "old_cell_left_out",
    "the old cell state is left out: `c = f * c_prev + i * g`",
    c=lambda n: n.i * n.g,
)
_wrong_forward(
    "coupled_gates",
    "your input gate is `1 - f`, a coupled gate as in a GRU: here i is a gate of its own, `c = f * c_prev + i * g`",
    c=lambda n: n.f * n.c_prev + (1 - n.f) * n.g,
)
_wrong_forward(
    "coupled_by_input_gate",
    "your forget gate is `1 - i`, a coupled gate: here f is a gate of its own, `c = f * c_prev + i * g`",
    c=lambda n: (1 - n.i) * n.c_prev + n.i * n.g,
)
_wrong_forward(
    "forget_gate_the_other_way_round",
    "the forget gate is the other way round: it is the share that is kept, `f * c_prev`, not `(1 - f) * c_prev`",
    c=lambda n: (1 - n.f) * n.c_prev + n.i * n.g,
)
_wrong_forward(
    "candidate_and_output_gate_mixed_up",
    "`g` and o have changed places: the third block is the candidate g, which enters c, the fourth is the output gate o, which shows it",
    c=lambda n: n.f * n.c_prev + n.i * n.o,
    h=lambda n: n.g * np.tanh(n.c),
)
_wrong_forward(
    "h_in_place_of_c",
    "the forget gate acts on h_prev: what it keeps is the cell state, `c = f * c_prev + i * g`",
    c=lambda n: n.f * n.h_prev + n.i * n.g,
)
_wrong_forward(
    "c_in_place_of_h",
    "the gates look at c_prev: what they see of the past is `h_prev @ W_h`",
    a=lambda n: n.x @ n.W_x + n.c_prev @ n.W_h + n.b,
)
_wrong_forward(
    "cell_squashed_in_store",
    "tanh is applied to the cell state that is kept: only h takes `tanh(c)`, c itself goes on as it is",
    c=lambda n: np.tanh(n.f * n.c_prev + n.i * n.g),
    h=lambda n: n.o * n.c,
)
_wrong_forward("bias_left_out", "the bias b is left out", a=lambda n: n.x @ n.W_x + n.h_prev @ n.W_h)
_wrong_forward(
    "bias_twice",
    "the bias b is added twice: PyTorch has two biases, here there is one",
    a=lambda n: n.x @ n.W_x + n.b + n.h_prev @ n.W_h + n.b,
)
_wrong_forward(
    "glued_in_another_order",
    "`x` and h_prev are put side by side in another order than the rows of the weights: `[x, h_prev]` goes with W_x above W_h",
    a=lambda n: np.hstack([n.h_prev, n.x]) @ np.vstack([n.W_x, n.W_h]) + n.b,
)
_wrong_forward(
    "forget_bias_in_the_step",
    "1 is added in the forget gate, as in TensorFlow 1: here b holds all of its bias",
    f=lambda a: sigmoid(a + 1),
)
_wrong_forward(
    "every_fourth_column",
    "each gate takes every fourth column: the blocks stand side by side, i is the first H columns, f the next H",
    a=lambda n: _every_fourth_column(n.x @ n.W_x + n.h_prev @ n.W_h + n.b),
)
_wrong_forward(
    "blocks_by_reshape",
    "`a.reshape(4, N, H)` mixes rows and blocks: take the blocks apart along the last axis, with `np.split(a, 4, axis=-1)`",
    a=lambda n: _rows_taken_for_blocks(n.x @ n.W_x + n.h_prev @ n.W_h + n.b),
)
_wrong_forward("state_left_out", "the previous state is not used: add `h_prev @ W_h`", a=lambda n: n.x @ n.W_x + n.b)
_wrong_forward("input_left_out", "the input is not used: add `x @ W_x`", a=lambda n: n.h_prev @ n.W_h + n.b)
_wrong_forward(
    "gates_returned_in_order_figo",
    "`gates` is returned in the order f|i|g|o: it must be i|f|g|o",
    gates=lambda n: np.concatenate([n.f, n.i, n.g, n.o], axis=-1),
)
_wrong_forward(
    "gates_before_activation",
    "`gates` holds the values before sigmoid and tanh: return the activated blocks, the backward pass takes them",
    gates=lambda n: n.a,
)


def _after_the_first(xs, h0, c0, W_x, W_h, b):
    """What the inputs after the first make of the start, and one step more, so that there is always one."""
    return lstm_forward(np.concatenate([xs[1:], xs[:1]]), h0, c0, W_x, W_h, b)


@mistake(lstm_forward, "the cell state starts at zero: the first step's c_prev is the c0 that is given")
def c0_ignored(xs, h0, c0, W_x, W_h, b):
    return lstm_forward(xs, h0, np.zeros_like(c0), W_x, W_h, b)


@mistake(lstm_forward, "two habits of CS231n: there the blocks stand in the order i|f|o|g and the cell starts at zero; here they stand i|f|g|o, and it starts at c0")
def as_in_cs231n(xs, h0, c0, W_x, W_h, b):
    return unroll(lambda x, h, c: _step(x, h, c, W_x, W_h, b, order="ifog"), xs, h0, np.zeros_like(c0))


@mistake(lstm_forward, "`h0` is ignored: the first step's h_prev is the h0 that is given, not zeros")
def h0_ignored(xs, h0, c0, W_x, W_h, b):
    return lstm_forward(xs, np.zeros_like(h0), c0, W_x, W_h, b)


@mistake(lstm_forward, "`h0` and c0 are ignored: the first step starts from what is given, not from zeros")
def both_starts_ignored(xs, h0, c0, W_x, W_h, b):
    return lstm_forward(xs, np.zeros_like(h0), np.zeros_like(c0), W_x, W_h, b)


@mistake(lstm_forward, "`h0` and c0 are swapped at the start")
def starts_swapped(xs, h0, c0, W_x, W_h, b):
    return lstm_forward(xs, c0, h0, W_x, W_h, b)


@mistake(lstm_forward, "the cell state starts as a copy of h0: it starts at c0")
def c0_from_h0(xs, h0, c0, W_x, W_h, b):
    return lstm_forward(xs, h0, h0, W_x, W_h, b)


@mistake(lstm_forward, "the cell state is never carried: every step starts from c0 again; hand c on with h")
def c_never_carried(xs, h0, c0, W_x, W_h, b):
    return unroll(lambda x, h, c: _step(x, h, c0, W_x, W_h, b), xs, h0, c0)


@mistake(lstm_forward, "`h` is never carried: every step starts from h0 again; hand h on with c")
def h_never_carried(xs, h0, c0, W_x, W_h, b):
    return unroll(lambda x, h, c: _step(x, h0, c, W_x, W_h, b), xs, h0, c0)


@mistake(lstm_forward, "nothing is carried: every step starts from h0 and c0 again; hand h and c to the next step")
def nothing_carried(xs, h0, c0, W_x, W_h, b):
    return unroll(lambda x, h, c: _step(x, h0, c0, W_x, W_h, b), xs, h0, c0)


@mistake(lstm_forward, "after the first step h takes the place of c: c has a variable of its own that goes on beside h")
def h_carried_as_c(xs, h0, c0, W_x, W_h, b):
    h, c, kept = h0, c0, []
    for x in xs:
        h, new_c, gates = _step(x, h, c, W_x, W_h, b)
        c = h
        kept.append((h, new_c, gates))
    return tuple(np.stack(arrays) for arrays in zip(*kept, strict=True))


@mistake(lstm_forward, "`h` and c are handed to the step in each other's places: it takes x, h_prev, c_prev")
def states_swapped_at_every_step(xs, h0, c0, W_x, W_h, b):
    return unroll(lambda x, h, c: _step(x, c, h, W_x, W_h, b), xs, h0, c0)


@mistake(lstm_forward, "the step's results are taken in the wrong order: it returns h, c, gates")
def results_swapped_at_every_step(xs, h0, c0, W_x, W_h, b):
    def step(x, h, c):
        h, c, gates = _step(x, h, c, W_x, W_h, b)
        return c, h, gates

    return unroll(step, xs, h0, c0)


@mistake(lstm_forward, "the first input is never read: the loop starts at t = 0")
def first_step_left_out(xs, h0, c0, W_x, W_h, b):
    return tuple(np.concatenate([np.zeros_like(array[:1]), array[:-1]]) for array in _after_the_first(xs, h0, c0, W_x, W_h, b))


@mistake(lstm_forward, "the first input is never read: `hs[0]` and `cs[0]` are not h0 and c0, they follow from these and xs[0]")
def start_in_the_place_of_the_first_step(xs, h0, c0, W_x, W_h, b):
    hs, cs, gates = first_step_left_out(xs, h0, c0, W_x, W_h, b)
    return np.concatenate([h0[None], hs[1:]]), np.concatenate([c0[None], cs[1:]]), gates


@mistake(lstm_forward, "`cs` holds the hidden states: it takes c, not h")
def cs_holds_hs(xs, h0, c0, W_x, W_h, b):
    hs, _, gates = lstm_forward(xs, h0, c0, W_x, W_h, b)
    return hs, hs.copy(), gates


@mistake(lstm_forward, "`hs` and cs are one array under two names, and hold the cell states: `cs = hs` makes no copy, a second `np.zeros` does")
def one_array_for_hs_and_cs(xs, h0, c0, W_x, W_h, b):
    _, cs, gates = lstm_forward(xs, h0, c0, W_x, W_h, b)
    return cs, cs.copy(), gates


@mistake(lstm_forward, "all of cs is the last cell state: the one array was changed in place after it was stored, so store a copy")
def cs_all_last(xs, h0, c0, W_x, W_h, b):
    hs, cs, gates = lstm_forward(xs, h0, c0, W_x, W_h, b)
    return hs, np.broadcast_to(cs[-1], cs.shape).copy(), gates


@mistake(lstm_forward, "`cs` is one step late: cs[0] is the cell state after the first input, not c0")
def cs_one_step_late(xs, h0, c0, W_x, W_h, b):
    hs, cs, gates = lstm_forward(xs, h0, c0, W_x, W_h, b)
    return hs, np.concatenate([c0[None], cs[:-1]]), gates


@mistake(lstm_forward, "`h0` and c0 are returned as if they came after the first step: hs[0] and cs[0] follow the first input")
def shifted_by_the_start(xs, h0, c0, W_x, W_h, b):
    hs, cs, gates = lstm_forward(xs, h0, c0, W_x, W_h, b)
    return np.concatenate([h0[None], hs[:-1]]), np.concatenate([c0[None], cs[:-1]]), gates


@mistake(lstm_forward, "`h0` and c0 stand in front of the states: hs and cs have T entries, the first of them after the first input")
def start_in_front(xs, h0, c0, W_x, W_h, b):
    hs, cs, gates = lstm_forward(xs, h0, c0, W_x, W_h, b)
    return np.concatenate([h0[None], hs]), np.concatenate([c0[None], cs]), gates


@mistake(lstm_forward, "only the last states are returned: hs, cs and gates hold all T steps")
def last_states_only(xs, h0, c0, W_x, W_h, b):
    return tuple(array[-1] for array in lstm_forward(xs, h0, c0, W_x, W_h, b))


@mistake(lstm_forward, "the results come batch first: they are (T, N, ...), time first")
def batch_first(xs, h0, c0, W_x, W_h, b):
    return tuple(array.swapaxes(0, 1) for array in lstm_forward(xs, h0, c0, W_x, W_h, b))


@mistake(lstm_forward, "the sequence is read backwards: start with xs[0]")
def read_backwards(xs, h0, c0, W_x, W_h, b):
    return tuple(array[::-1] for array in lstm_forward(xs[::-1], h0, c0, W_x, W_h, b))
